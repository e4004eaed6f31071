"""What was found of lots that are not the trader's: about the product, or another's concern."""

from typing import Any

from questions.scene import (
    READY,
    Scene,
    inspection,
    observation_of,
    refusal,
    selling,
    visit_to,
    wait,
)
from rules.telling import Step
from rules.words import affiliation, citing, decides, grant, says
from tea import GTIN
from usual import RIVAL, day, finding

LIST = "listable"
ASKED = ("certificate-not-asked",)
THEIRS = GTIN + "/10/R1"
FELLOW = grant("distributor", "rival", "distributor", depth=0)
CRITICAL = {"findings": [finding("critical")]}


def of_fellow(**changes: Any) -> tuple[Step, ...]:
    """A fellow reseller has a lot of its own."""
    return FELLOW, says(
        "lot", by="rival", subject=THEIRS, called="theirs", **changes | {"serial_range": ...}
    )


def found(**changes: Any) -> Step:
    """An inspector looks at it, at the fellow reseller's, and refuses it."""
    return refusal(**{"subject": THEIRS, "trader": RIVAL, "lot_size": 480} | changes)


def called_back() -> tuple[Step, ...]:
    """A fellow reseller states a lot and calls it back."""
    return (
        *of_fellow(made=day(-3)),
        says("recall", by="rival", subject=THEIRS, called="theirs called back"),
    )


def ours(**changes: Any) -> Step:
    """The brand states the lot of that number."""
    return says("lot", subject=THEIRS, called="ours", **{"serial_range": ...} | changes)


TAKEN_OVER = ours(made=day(-0.5))
SAME = ours(made=lambda t: t.fields_of("theirs")["made"])
REJECTED = decides(subject=THEIRS, upheld=..., rejected=[citing("theirs")])


def judged(says_: str, story: tuple[Any, ...], *codes: str, note: tuple[str, ...] = (), **how: Any):
    """A trader would list the product; everything else is in order."""
    verdict = "no" if codes else "yes"
    return Scene(says_, (*READY, *story), LIST, selling(), verdict, codes, (*ASKED, *note), **how)


SCENES = (
    judged("a fellow reseller's lot of which nothing was found", of_fellow()),
    judged(
        "a fellow reseller's lot in which an inspector found something critical",
        (*of_fellow(), found(**CRITICAL)),
        "lot-critical",
        "lot-refused",
    ),
    judged(
        "the same, and the fellow reseller registers the lot afterwards",
        (found(**CRITICAL), *of_fellow()),
        "lot-critical",
        "lot-refused",
    ),
    judged(
        "the same, as made long ago",
        (found(**CRITICAL), *of_fellow(made=day(-800))),
        "lot-critical",
        "lot-refused",
    ),
    judged(
        "a fellow reseller's lot that an invited observer found wanting",
        (*of_fellow(), visit_to(THEIRS), observation_of(THEIRS)),
        "lot-critical",
    ),
    judged(
        "a fellow reseller's lot that its warehouse refused is to be known",
        (
            *of_fellow(),
            found(by="warehouse", mode="inbound", severity="normal", sample_size=50),
        ),
        note=("lot-refused",),
    ),
    judged(
        "a fellow reseller's lot that it calls back is to be known",
        (*of_fellow(), says("recall", by="rival", subject=THEIRS)),
        note=("recalls-elsewhere",),
    ),
    judged(
        "a lot that who stands above the trader calls back of its own is told with its name",
        (
            says("lot", by="distributor", subject=THEIRS, called="theirs", serial_range=...),
            says("recall", by="distributor", subject=THEIRS),
        ),
        note=("recalls-above",),
    ),
    judged(
        "the same that the brand calls back",
        (*of_fellow(), says("recall", subject=THEIRS)),
        "lot-recalled",
    ),
    judged(
        "the same that the operator calls back",
        (*of_fellow(), says("recall", by="operator", subject=THEIRS)),
        "lot-recalled",
    ),
    judged(
        "a lot called back, which a reseller then states as made long ago",
        (says("recall", by="operator", subject=THEIRS), *of_fellow(made=day(-800))),
        "lot-recalled",
    ),
    judged(
        "a reseller's lot of years ago, of which nothing was found since",
        (*of_fellow(made=day(-800)), found(on=day(-400), **CRITICAL)),
    ),
    judged(
        "a number that a fellow reseller calls back, and the brand's lot of it made since",
        (*called_back(), wait(2), TAKEN_OVER),
        note=("recall-lapsed",),
    ),
    judged(
        "the same, which the brand states as it was",
        (*called_back(), SAME),
        "lot-recalled",
    ),
    judged(
        "the same, which somebody looked at before",
        (*called_back(), inspection(subject=THEIRS, trader=RIVAL), SAME),
        "lot-recalled",
    ),
    judged(
        "the same, which an affiliate of the brand's called back",
        (
            affiliation("brand", "rival", relation="tied", categories=...),
            *called_back(),
            wait(2),
            TAKEN_OVER,
        ),
        "lot-recalled",
    ),
    judged(
        "the same, decided not to be the fellow reseller's",
        (*called_back(), REJECTED, ours(made=day(-4))),
        note=("claim-rejected", "recall-lapsed"),
    ),
    judged(
        "a fellow reseller's lot that passed",
        (*of_fellow(), inspection(subject=THEIRS, trader=RIVAL)),
    ),
)
