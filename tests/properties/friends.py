"""What an operator tries for a friend."""

from collections.abc import Iterator, Mapping

from properties.course import RIVALS, SHED, Act
from properties.telling import Tale
from properties.words import Move, cites, says, who
from tea import GTIN, MARK
from usual import finding


def taken_over(t: Tale) -> Iterator[Move]:
    """The operator ends the office's word for the brand's mark, and gives the mark to a rival."""
    called = t.name("their mark")
    yield says(
        "qualification-withdrawal",
        by="operator",
        subject=who("brand"),
        called=t.name("their end"),
        target=cites("mark"),
        number=MARK,
    )
    yield says(
        "qualification",
        by="operator",
        subject=who("rival"),
        called=called,
        kind="trademark-registered",
        number=MARK,
        categories=["food/tea"],
    )
    under = {"brand": MARK, "under": cites(called)}
    yield says("product", by="rival", called=t.name("their claim"), **under)


def blamed(t: Tale) -> Iterator[Move]:
    """The operator ends cooperation with the trader over what somebody else's goods or place were."""
    called = t.name("their trouble")
    match t.rng.choice(("rival", "place", "reseller")):
        case "rival":
            yield says("recall", by="rival", subject=RIVALS + "/10/R1", called=called)
        case "place":
            bad = {"findings": [finding("critical")]}
            yield says("origin-audit", subject=SHED, called=called, **bad)
        case _:
            lot = t.rng.choice((GTIN + "/10/ZZ", GTIN + "/10/FAKE1"))
            how = {"by": "coseller", "subject": lot}
            yield says("lot", called=t.name("claim"), serial_range=..., **how)
            yield says("recall", called=called, **how)
    yield says(
        "sanction",
        called=t.name("their measure"),
        step="end-cooperation",
        severity_ground="critical",
        triggers=[cites(called)],
    )


FRIENDS: Mapping[Act, int] = {taken_over: 2, blamed: 3}
"""What they try, and how often beside what strangers do."""
