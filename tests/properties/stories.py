"""Stories that broke a property once: told again as they were found, they break none any more.

Each names the rules without which it breaks its property again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from properties.asking import ASKED, about_grants, answers
from properties.course import RIVAL_MARK, RIVALS, business, clean_audit, model, opened
from properties.rights import Added, Base, Fault, WithStrangers
from properties.safety import GOOD, silently, turned
from properties.telling import HOUR_US, Said, Tale, people
from properties.trials import BEGIN, Tally
from properties.words import (
    Move,
    amends,
    at_of,
    cites,
    corrects,
    day,
    id_of,
    revokes,
    says,
    who,
)
from questions.scenes.label import measured
from rules.laboratory_words import method
from tea import GARDEN, GTIN, LOT
from usual import SAMPLE, finding

Own = Callable[[Tale], Iterator[Move]]
SAFE = tuple(asked for asked in ASKED if asked[0] in GOOD)
FIRST, LAST, BEFORE_LAST = "first", "last", "before the last"


def told(own: Own) -> Tale:
    """Return the beginning, and what belongs to the world behind it."""
    tale = people(Random(1))
    opened(tale)
    for move in own(tale):
        assert tale.tell(move), f"{move}: {dict(tale.refused)}"
    return tale


@dataclass(frozen=True)
class Intrusion:
    """I9: a sentence, what belongs to the world behind its beginning, what strangers add.

    ``place``: before anything of the world's own was said, behind it, or before its last word.
    ``without``: the rules that keep them out; ``needs``: the rule or type by which it holds.
    """

    says: str
    own: Own
    theirs: tuple[Move, ...]
    place: str = LAST
    without: tuple[str, ...] = ()
    needs: str = ""

    def fault(self) -> Fault | None:
        """Return what strangers change."""
        tale = told(self.own)
        at_us = tale.now_us + HOUR_US
        questions = ASKED + about_grants(tale)
        trial = WithStrangers(Random(1), at_us, questions, Tally())
        own: list[Said] = list(tale.said)
        place = {FIRST: BEGIN, LAST: len(own), BEFORE_LAST: len(own) - 1}[self.place]
        added: Added = [(place, move) for move in self.theirs]
        return trial.wrong(own, added, Base(tale, answers(tale, questions, at_us, reads=True)))


@dataclass(frozen=True)
class Undoing:
    """I11: a sentence, the world, what protects people in it, and what undoes that.

    ``without``: the rules that refuse the undoing, without any it is noted; ``needs``: by which
    rule or type it holds.
    """

    says: str
    own: Own
    guard: Move
    undoing: Move
    without: tuple[str, ...] = ()
    needs: str = ""

    def fault(self) -> str | None:
        """Return what is undone in silence."""
        tale = told(self.own)
        at_us = tale.now_us + 10 * HOUR_US
        before = answers(tale, SAFE, at_us)
        assert tale.tell(self.guard), f"{self.guard}: {dict(tale.refused)}"
        after = answers(tale, SAFE, at_us)
        found = turned(before, after) or silently(tale, (self.undoing,), after, at_us, Tally())
        return None if found is None else found[2]


def nothing(_: Tale) -> Iterator[Move]:
    """Nothing happens behind the beginning."""
    yield from ()


def listed(t: Tale) -> Iterator[Move]:
    """The lot was inspected, its garden audited, the trader lists the tea."""
    yield from model(t)
    yield from business(t)
    yield from clean_audit(t)
    yield says("inspection")
    yield says("listing")


def sealed(_: Tale) -> Iterator[Move]:
    """An inspector seals a sample, and the laboratory takes it over."""
    yield says("baseline-standard")
    yield says("standard")
    yield says(
        "qualification",
        subject=who("laboratory"),
        called="accreditation",
        kind="accreditation",
        number="urn:qualification:cnas.org.cn:L1",
        categories=...,
        scheme="CNAS",
        methods=[method()],
    )
    yield says("sample-sealed", called="sample")
    yield says(
        "custody", by="laboratory", subject=SAMPLE, called="received", previous=id_of("sample")
    )


def reported(t: Tale) -> Iterator[Move]:
    """The laboratory reports on the sample; all is well, and the tea is labelled."""
    yield from listed(t)
    yield from sealed(t)
    yield tested("report")
    yield says("label")


def tested(called: str, **changed: tuple[str, str]) -> Move:
    """The laboratory reports on the sample."""
    return says(
        "test-report",
        called=called,
        number=called,
        custody=id_of("received"),
        received=at_of("received"),
        standard=cites("standard"),
        results=measured(**changed),
    )


def claim(subject: str = GTIN) -> Move:
    """The rival declares the brand's product under its own mark."""
    return says(
        "product",
        by="rival",
        subject=subject,
        called="their claim",
        brand=RIVAL_MARK,
        under=cites("rival mark"),
    )


def their_lot(subject: str, by: str = "coseller", **changes: object) -> Move:
    """A reseller states a lot."""
    return says("lot", by=by, subject=subject, called=f"their {subject[-2:]}", **changes)


ZZ = GTIN + "/10/ZZ"
BAD = {"nonconforming": 9, "decision": "refused", "findings": [finding("critical")]}
GOOD = {"nonconforming": 0, "decision": "accepted", "findings": ...}
INTRUSIONS: tuple[Intrusion, ...] = (
    Intrusion(
        "a rival recalls the brand's lot",
        listed,
        (says("recall", by="rival"),),
        without=("recall-right",),
    ),
    Intrusion(
        "a rival declares the brand's product under its own mark",
        listed,
        (claim(),),
        needs="claim-decided",
    ),
    Intrusion(
        "a rival declares the product, recalls its lot and states others",
        listed,
        (
            claim(),
            says("recall", by="rival", called="their recall"),
            their_lot(GTIN + "/10/FAKE1", by="rival", made=day(-1)),
            their_lot(LOT, by="rival", quantity={"amount": "1", "unit": "kg"}),
        ),
        needs="claim-decided",
    ),
    Intrusion(
        "a reseller beside states the brand's lot otherwise",
        listed,
        (their_lot(LOT, quantity={"amount": "1", "unit": "kg"}),),
        needs="claim-decided",
    ),
    Intrusion(
        "a rival states the brand's place first, as the inspector's",
        listed,
        tuple(
            says("facility", by="rival", subject=GARDEN, called=f"of {name}", owner=who(name))
            for name in ("rival", "inspector")
        ),
        place=FIRST,
        needs="claim-decided",
    ),
    Intrusion(
        "a carrier takes a sample that nobody gave to it",
        sealed,
        (
            says(
                "custody",
                by="second-carrier",
                subject=SAMPLE,
                called="their custody",
                previous=id_of("sample"),
            ),
        ),
        place=BEFORE_LAST,
        needs="claim-decided",
    ),
    Intrusion(
        "a rival objects to the brand's report",
        lambda t: (*sealed(t), tested("report", lead=("2.1", "fail"))),
        (
            says(
                "objection",
                by="rival",
                lot=LOT,
                laboratory=who("laboratory"),
                target=cites("report"),
            ),
        ),
        without=("objection-party",),
    ),
    Intrusion(
        "a rival ends the trader's grant",
        listed,
        (revokes("trader", "rival"),),
        without=("target-issuer",),
    ),
    Intrusion(
        "a rival ends the trader's listing",
        reported,
        (amends("listing-ended", "listing", "coseller"),),
        without=("target-issuer",),
    ),
    Intrusion(
        "a rival audits the brand's garden, and finds it foul",
        listed,
        (
            says(
                "origin-audit",
                by="rival",
                called="their word",
                findings=[finding("critical")],
            ),
        ),
        without=("role",),
    ),
    Intrusion(
        "the trader is sanctioned for what a rival recalled of its own",
        listed,
        (
            says("recall", by="rival", subject=RIVALS + "/10/R1", called="their recall"),
            says(
                "sanction",
                step="end-cooperation",
                severity_ground="critical",
                triggers=[cites("their recall")],
            ),
        ),
        without=("sanction-triggers",),
        needs="supersede-loosens",
    ),
)
UNDOINGS: tuple[Undoing, ...] = (
    Undoing(
        "a recall is corrected to begin in 2099",
        listed,
        says("recall", called="guard"),
        corrects("guard", "brand", **{"from": "2099-01-01T00:00:00Z"}),
        without=("supersede-loosens",),
        needs="supersede-loosens",
    ),
    Undoing(
        "a refusal is corrected to an acceptance",
        listed,
        says("inspection", called="guard", mode="flight", **BAD),
        corrects("guard", "inspector", **GOOD),
        without=("supersede-loosens",),
        needs="supersede-loosens",
    ),
    Undoing(
        "a failed report is corrected to a passed one",
        reported,
        tested("guard", lead=("2.1", "fail")),
        corrects("guard", "laboratory", results=measured()),
        without=("supersede-loosens",),
        needs="supersede-loosens",
    ),
    Undoing(
        "an audit's finding is taken back",
        listed,
        says("origin-audit", called="guard", findings=[finding("critical")]),
        corrects("guard", "inspector", findings=[]),
        without=("supersede-loosens",),
        needs="supersede-loosens",
    ),
)
