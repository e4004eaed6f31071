"""Stories that broke a property once: told again as they were found, they break none any more.

Each names the rules without which it breaks its property again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from properties.asking import ASKED, about_grants, answers
from properties.course import (
    FIELD,
    HIDDEN,
    LEAVES,
    RIVAL_MARK,
    RIVALS,
    SHED,
    SPRING,
    THEIR_SHOP,
    WATER,
    business,
    clean_audit,
    dispute,
    grant,
    model,
    objection,
    opened,
    passed_to_rival,
)
from properties.remedies import contradictions, stays, unheard
from properties.rights import Added, Fault, WithStrangers
from properties.safety import GOOD, TWO_CLASSES, earlier, silently, tied, turned, unduly, unfelt
from properties.telling import HOUR_US, Said, Tale, people
from properties.trials import BEGIN, Tally
from properties.words import (
    Later,
    Move,
    amends,
    at_of,
    cites,
    corrects,
    day,
    id_of,
    loses,
    revokes,
    says,
    takes_back,
    who,
)
from questions.scenes.label import measured
from rules.laboratory_words import method
from tea import GARDEN, GTIN, LOT, MARK
from usual import SAMPLE, Told, finding

from ledger.primitives.instant import format_us

Own = Callable[[Tale], Iterator[Move]]
SAFE = tuple(asked for asked in ASKED if asked[0] in GOOD)
FIRST, LAST, BEFORE_LAST, BEFORE_TWO = "first", "last", "before the last", "before the last two"


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

    ``place``: before anything of the world's own was said, behind it, or before its last word or two.
    ``asked``: the questions that it is about, all where none is named. ``without``: the mutations
    by which it breaks I9 again.
    """

    says: str
    own: Own
    theirs: tuple[Move, ...]
    place: str = LAST
    asked: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def fault(self) -> Fault | None:
        """Return what strangers change."""
        tale = told(self.own)
        at_us = tale.now_us + HOUR_US
        known = ASKED + about_grants(tale)
        questions = tuple(one for one in known if not self.asked or one[0] in self.asked)
        trial = WithStrangers(Random(1), at_us, questions, Tally())
        own: list[Said] = list(tale.said)
        end = len(own)
        place = {FIRST: BEGIN, LAST: end, BEFORE_LAST: end - 1, BEFORE_TWO: end - 2}[self.place]
        added: Added = [(place, move) for move in self.theirs]
        return trial.wrong(own, added, trial.base(tale))


@dataclass(frozen=True)
class Undoing:
    """I11: a sentence, the world, what protects people in it, and what undoes that.

    ``without``: the mutations by which it breaks I11 again; ``unduly``: who undoes it may not.
    """

    says: str
    own: Own
    guard: Move
    undoing: tuple[Move, ...]
    without: tuple[str, ...] = ()
    unduly: bool = False

    def fault(self) -> str | None:
        """Return what is undone in silence."""
        tale = told(self.own)
        at_us, begun = tale.now_us + 10 * HOUR_US, tale.copy()
        before = answers(tale, SAFE, at_us)
        assert tale.tell(self.guard), f"{self.guard}: {dict(tale.refused)}"
        after = answers(tale, SAFE, at_us)
        wrong = unduly if self.unduly else silently
        found = turned(before, after) or unfelt(tale, after)
        found = found or earlier(begun, tale, SAFE if self.guard.type_ in FORWARD_TYPES else ())
        found = found or wrong(tale, self.undoing, after, at_us, Tally())
        return None if found is None else found[2]


FORWARD_TYPES = ("sanction", "authorisation-revocation", "admission")


@dataclass(frozen=True)
class Remedy:
    """I12: a sentence, the world, and a reason in one of its answers that its remedy mends.

    ``code``: "" where two answers would contradict each other. ``without``: the mutations by which
    it breaks I12 again.
    """

    says: str
    own: Own
    question: str = ""
    code: str = ""
    without: tuple[str, ...] = ()

    def fault(self) -> str | None:
        """Return the reason that stays, or what answers say against each other."""
        tale = told(self.own)
        at_us = tale.now_us + 30 * HOUR_US
        found = answers(tale, ASKED, at_us)
        for kind, what in (*contradictions(found), *unheard(found)):
            return f"{kind}: {what}"
        if not self.code:
            return None
        asked, reason = next(
            (asked, reason)
            for asked, item in found.items()
            for reason in sorted(item.reasons)
            if asked[0] == self.question and reason[0] == self.code
        )
        return None if stays(tale, asked, reason, at_us, Tally()) is None else f"{self.code} stays"


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


def in_doubt(t: Tale) -> Iterator[Move]:
    """The operator says that the brand's key was in other hands all the time."""
    yield from listed(t)
    yield loses("brand", "operator", suspected_days=400)


def sealed(_: Tale, lot: str = LOT) -> Iterator[Move]:
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
    yield says("sample-sealed", called="sample", lot=lot)
    yield says(
        "custody",
        by="laboratory",
        subject=SAMPLE,
        called="received",
        lot=lot,
        previous=id_of("sample"),
    )


def reported(t: Tale) -> Iterator[Move]:
    """The laboratory reports on the sample; all is well, and the tea is labelled."""
    yield from listed(t)
    yield from sealed(t)
    yield tested("report")
    yield says("label")


def recalled(t: Tale) -> Iterator[Move]:
    """The brand recalls its lot; goods of a lot that nobody registered pass an inspection since."""
    yield from listed(t)
    yield says("recall")
    yield says("inspection", subject=HIDDEN, called="passed", mode="flight", on=day(-0.01))


def hidden_failure(t: Tale) -> Iterator[Move]:
    """The laboratory finds too much lead in goods of a lot that nobody registered."""
    yield from listed(t)
    yield from sealed(t, HIDDEN)
    yield result("report", HIDDEN, lead=("2.1", "fail"))


def failed_for_good(t: Tale) -> Iterator[Move]:
    """A later sample fails; who made the lot objects, and it is confirmed: that is final."""
    yield from reported(t)
    yield tested("failed", lead=("2.1", "fail"))
    t.rng = Confirms(1)
    yield from objection(t, ["failed"])


class Confirms(Random):
    """What is drawn by chance comes out as a retest that confirms a failure."""

    def random(self) -> float:
        return 0.4

    def choice(self, seq: Any) -> Any:
        return seq[0]


def tested(called: str, **changed: tuple[str, str]) -> Move:
    """The laboratory reports on the sample of the brand's lot."""
    return result(called, LOT, **changed)


def result(called: str, lot: str, **changed: tuple[str, str]) -> Move:
    """The laboratory reports on the sample."""
    return says(
        "test-report",
        lot=lot,
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
DRIED = GTIN + "/10/B1"


def between(t: Told) -> str:
    """Return when strangers who say two things before this one have said the first."""
    last = max(statement.issued_at for statement, _ in t.said.values())
    return format_us((last + 2) * 1_000_000)


BETWEEN = Later("between the two", between)


def made_by_agent(t: Tale) -> Iterator[Move]:
    """The brand's agent dried the brand's leaves."""
    yield from listed(t)
    yield says("lot", subject=LEAVES, called="leaves", serial_range=...)
    yield says("lot", by="agent", subject=DRIED, called="dried", inputs=[LEAVES], serial_range=...)


LICENCE = "urn:qualification:gs1cn.org:690123450"


def made_of_own(t: Tale) -> Iterator[Move]:
    """The brand dried its own leaves."""
    yield from listed(t)
    yield says("lot", subject=LEAVES, called="leaves", serial_range=...)
    yield says("lot", subject=DRIED, called="dried", inputs=[LEAVES], serial_range=...)


def made_of_agents(t: Tale) -> Iterator[Move]:
    """The agent has water of its own, and made a lot with it."""
    yield from listed(t)
    yield says("product", subject=WATER, called="water")
    yield says("lot", by="agent", subject=SPRING, called="spring", serial_range=..., made=day(-1))
    dried = {"inputs": [SPRING], "serial_range": ..., "made": day(-0.5)}
    yield says("lot", by="agent", subject=DRIED, called="dried", **dried)


LEAF = RIVALS + "/10/R1"


def leases(t: Tale) -> Iterator[Move]:
    """The brand makes tea in the rival's shed."""
    yield from listed(t)
    yield says("lot", subject=LEAVES, called="leased lot", facility=SHED, serial_range=...)


def made_of_leaf(t: Tale) -> Iterator[Move]:
    """The brand makes tea of the rival's leaf."""
    yield from listed(t)
    yield says("lot", subject=DRIED, called="dried", inputs=[LEAF], serial_range=...)


ONE_CONSUMER = {"kind": "consumer", "count": 1}


def applies(name: str, call: str, *, called: str = "theirs", **changes: Any) -> Move:
    """Somebody applies by a call, itself."""
    own = {"by": name, "subject": who(name), "call": cites(call)}
    return says("observer-application", called=called, **own | changes)


def uninvited(about: str) -> tuple[Move, ...]:
    """An observer whom nobody invited visits something, and finds fault with it."""
    seen = {"by": "bystander", "subject": "urn:visit:theirs", "about": about}
    return (
        says("visit", called="their visit", invitation=..., **seen),
        says(
            "observation",
            called="their word",
            visit=cites("their visit"),
            findings=[finding("critical")],
            **seen,
        ),
    )


BAD = {"nonconforming": 9, "decision": "refused", "findings": [finding("critical")]}
PASSED = {"nonconforming": 0, "decision": "accepted", "findings": ...}
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
        without=("claim-taken",),
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
        without=("claim-taken",),
    ),
    Intrusion(
        "a rival declares the product and the place of a brand whose key is suspected since before",
        in_doubt,
        (claim(), says("facility", by="rival", called="their place", owner=who("rival"))),
        without=("names-in-doubt",),
    ),
    Intrusion(
        "a reseller beside states the brand's lot otherwise",
        listed,
        (their_lot(LOT, quantity={"amount": "1", "unit": "kg"}),),
    ),
    Intrusion(
        "a reseller calls back the number of the brand's next lot before that is made",
        lambda t: (
            *listed(t),
            says("lot", subject=DRIED, called="next", serial_range=..., made=day(0)),
        ),
        (
            their_lot(DRIED, made=day(-1), serial_range=...),
            says("recall", by="coseller", subject=DRIED, called="their recall"),
        ),
        place=BEFORE_LAST,
        without=("recall-lapsed",),
    ),
    Intrusion(
        "a reseller stated a lot first and calls it back when the brand has made its own, which it states then",
        lambda t: (
            *listed(t),
            says("lot", subject=DRIED, called="next", serial_range=..., made=BETWEEN),
        ),
        (
            their_lot(DRIED, made=day(-1), serial_range=...),
            says("recall", by="coseller", subject=DRIED, called="their recall"),
        ),
        place=BEFORE_LAST,
    ),
    Intrusion(
        "a reseller stated the brand's lot before, of a product that an office says is nobody's",
        lambda t: (
            *listed(t),
            says("lot", subject=DRIED, called="next", serial_range=...),
            says("claim-decided", by="registrar", upheld=..., rejected=[cites("product")]),
        ),
        (their_lot(DRIED, facility=SHED, serial_range=...),),
        place=BEFORE_TWO,
        without=("named-ever",),
    ),
    Intrusion(
        "a rival states the brand's place first, as the inspector's",
        listed,
        tuple(
            says("facility", by="rival", subject=GARDEN, called=f"of {name}", owner=who(name))
            for name in ("rival", "inspector")
        ),
        place=FIRST,
        without=("gs1-prefix",),
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
        without=("custody-named",),
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
    ),
    Intrusion(
        "the trader is sanctioned for what a fellow reseller recalled of its own",
        listed,
        (
            their_lot(ZZ, serial_range=...),
            says("recall", by="coseller", subject=ZZ, called="their recall"),
            says(
                "sanction",
                step="end-cooperation",
                severity_ground="critical",
                triggers=[cites("their recall")],
            ),
        ),
        without=("fellow-lots",),
    ),
    Intrusion(
        "another trader is sanctioned, with the product named",
        listed,
        (
            their_lot(ZZ, serial_range=...),
            says("recall", by="coseller", subject=ZZ, called="their recall"),
            says(
                "sanction",
                subject=who("coseller"),
                step="delist",
                severity_ground="critical",
                products=[GTIN],
                triggers=[cites("their recall")],
            ),
        ),
        asked=("trace",),
    ),
    Intrusion(
        "the trader is sanctioned for what an inspector found at a rival's place",
        listed,
        (
            says("origin-audit", subject=SHED, called="theirs", findings=[finding("critical")]),
            says(
                "sanction",
                step="end-cooperation",
                severity_ground="critical",
                triggers=[cites("theirs")],
            ),
        ),
        without=("sanction-triggers",),
    ),
    Intrusion(
        "a reseller beside states a lot of a place that nobody audited",
        lambda t: (*listed(t), says("facility", subject=FIELD, called="field")),
        (their_lot(ZZ, facility=FIELD, serial_range=...),),
        asked=("may_sell", "listable"),
        without=("own-lots",),
    ),
    Intrusion(
        "the operator ends the office's word for the brand's mark",
        listed,
        (
            says(
                "qualification-withdrawal",
                by="operator",
                subject=who("brand"),
                target=cites("mark"),
                number=MARK,
            ),
        ),
        without=("withdrawal-authority",),
    ),
    Intrusion(
        "an inspector that belongs to the trader passes its lots before anybody else",
        lambda t: (*listed(t), tied("lackey", "trader")),
        (says("inspection", by="lackey", called="praise", mode="flight", subject=ZZ),),
        asked=("index",),
        without=("tied-passes",),
    ),
    Intrusion(
        "a fellow reseller's lot answers no recall of the brand's",
        recalled,
        (their_lot(HIDDEN, made=day(-1), serial_range=...),),
    ),
    Intrusion(
        "a fellow reseller's lot keeps no sale on that the brand's recall stops",
        lambda t: (*listed(t), says("recall")),
        (their_lot(ZZ, serial_range=...),),
    ),
    Intrusion(
        "a fellow reseller's lot takes no serial numbers of the brand's",
        listed,
        (their_lot(ZZ),),
    ),
    Intrusion(
        "a fellow reseller states and recalls what was inspected at the trader before",
        lambda t: (*listed(t), says("inspection", subject=HIDDEN, called="another")),
        (
            their_lot(HIDDEN, facility=SHED, serial_range=...),
            says("recall", by="coseller", subject=HIDDEN, called="their recall"),
        ),
    ),
    Intrusion(
        "a fellow reseller states that the lot of a failed report was made at a foul place",
        hidden_failure,
        (
            says("origin-audit", subject=SHED, called="theirs", findings=[finding("critical")]),
            their_lot(HIDDEN, facility=SHED, serial_range=...),
        ),
        asked=("index", "label"),
        without=("lots-on-record",),
    ),
    Intrusion(
        "a fellow reseller states that what was inspected at the trader was made at a foul place",
        lambda t: (*listed(t), says("inspection", subject=HIDDEN, called="another")),
        (
            says("origin-audit", subject=SHED, called="theirs", findings=[finding("critical")]),
            their_lot(HIDDEN, facility=SHED, serial_range=...),
        ),
        asked=("index", "pledges"),
        without=("lots-on-record",),
    ),
    Intrusion(
        "an observer whom nobody invited finds fault with a lot that the brand mistyped",
        lambda t: (
            *listed(t),
            says("facility", subject=FIELD, called="field"),
            says("lot", subject=DRIED, called="mistyped", facility=FIELD, serial_range=...),
            corrects("mistyped", "brand", facility=GARDEN),
        ),
        uninvited(DRIED),
        place=BEFORE_LAST,
        without=("uninvited",),
    ),
    Intrusion(
        "an observer whom nobody invited goes to the garden",
        listed,
        uninvited(GARDEN),
        asked=("visits",),
        without=("visits-uninvited",),
    ),
    Intrusion(
        "a rival applies for a group that nobody is called for",
        lambda _: iter((says("observer-call", called="small", seats=[ONE_CONSUMER]),)),
        (applies("rival", "small", kind="media"),),
        asked=("observers",),
        without=("application-call",),
    ),
    Intrusion(
        "an observer applies again and again by one call",
        lambda _: iter(()),
        tuple(applies("bystander", "observer-call", called=f"again {n}") for n in range(3)),
        asked=("observers",),
        without=("application-once",),
    ),
    Intrusion(
        "a fellow reseller listed the tea in a shop whose id is the trader's now",
        lambda t: (
            *listed(t),
            amends("shop-ended", "their shop", "operator"),
            says("shop", subject=THEIR_SHOP, called="shop of both"),
        ),
        (says("listing", by="coseller", called="their listing", shop=THEIR_SHOP),),
        place=BEFORE_TWO,
        asked=("trader", "impact", "index", "pledges"),
        without=("shop-passed-on",),
    ),
    Intrusion(
        "a fellow reseller said that leaves are made of the tea, and was rejected",
        made_of_own,
        (
            their_lot(LEAVES, inputs=[DRIED], serial_range=...),
            says(
                "claim-decided",
                by="registrar",
                subject=LEAVES,
                called="their decision",
                upheld=...,
                rejected=[cites("their F1")],
            ),
        ),
        place=BEFORE_TWO,
        without=("rejected-inputs",),
    ),
    Intrusion(
        "a fellow reseller states the lot of a failed report, and objects to the report",
        hidden_failure,
        (
            their_lot(HIDDEN, serial_range=...),
            says(
                "objection",
                by="coseller",
                lot=HIDDEN,
                laboratory=who("laboratory"),
                target=cites("report"),
            ),
        ),
        without=("objection-party",),
    ),
)
UNDOINGS: tuple[Undoing, ...] = (
    Undoing(
        "a recall is corrected to begin in 2099",
        listed,
        says("recall", called="guard"),
        (corrects("guard", "brand", **{"from": "2099-01-01T00:00:00Z"}),),
        without=("supersede-loosens",),
    ),
    Undoing(
        "a refusal is corrected to an acceptance",
        listed,
        says("inspection", called="guard", mode="flight", **BAD),
        (corrects("guard", "inspector", **PASSED),),
        without=("supersede-loosens",),
    ),
    Undoing(
        "a failed report is corrected to a passed one",
        reported,
        tested("guard", lead=("2.1", "fail")),
        (corrects("guard", "laboratory", results=measured()),),
    ),
    Undoing(
        "an audit's finding is taken back",
        listed,
        says("origin-audit", called="guard", findings=[finding("critical")]),
        (corrects("guard", "inspector", findings=[]),),
        without=("supersede-loosens",),
    ),
    Undoing(
        "a lot is said to be of another place after a critical finding at its own",
        listed,
        says("origin-audit", called="guard", findings=[finding("critical")]),
        (says("facility", subject=FIELD), says("lot", facility=FIELD, called="their word")),
        unduly=True,
    ),
    Undoing(
        "a brand leaves out what its lot was made of",
        made_of_own,
        says("recall", called="guard", by="operator", subject=LEAVES),
        (says("lot", subject=DRIED, called="their word", serial_range=...),),
        without=("restated-loosens",),
        unduly=True,
    ),
    Undoing(
        "who claims the number next leaves out what the brand's lot was made of",
        made_of_own,
        says("recall", called="guard", by="operator", subject=LEAVES),
        (
            *(
                says(
                    "qualification-withdrawal", subject=who("brand"), target=cites(name), **repeated
                )
                for name, repeated in (
                    ("mark", {"number": MARK}),
                    ("prefix", {"number": LICENCE, "prefix": "690123450"}),
                )
            ),
            claim(),
            says("lot", by="rival", subject=DRIED, called="their word", serial_range=...),
        ),
        without=("passed-on",),
        unduly=True,
    ),
    Undoing(
        "who claims the number next makes other goods of the number of a lot that the brand called back",
        lambda t: (*listed(t), says("lot", subject=LEAVES, called="leaves", serial_range=...)),
        says("recall", called="guard", subject=LEAVES),
        (
            *passed_to_rival(people(Random(1))),
            says("lot", by="rival", subject=LEAVES, called="their word", made=day(0)),
        ),
        without=("recalled-before",),
        unduly=True,
    ),
    Undoing(
        "a right-holder leaves out what its agent's lot was made of",
        made_by_agent,
        says("recall", called="guard", by="operator", subject=LEAVES),
        (says("lot", subject=DRIED, called="their word", serial_range=...),),
        without=("taken-over",),
        unduly=True,
    ),
    Undoing(
        "a right-holder makes a lot of the number that its agent called back, of which something was made",
        made_of_agents,
        says("recall", called="guard", by="agent", subject=SPRING),
        (says("lot", subject=SPRING, called="their word", serial_range=..., made=day(0)),),
        without=("went-into",),
        unduly=True,
    ),
    Undoing(
        "a delisting that names a beginning months ago",
        lambda t: (*listed(t), says("inspection", called="failure", mode="flight", **BAD)),
        says(
            "sanction",
            called="guard",
            step="delist",
            severity_ground="critical",
            triggers=[cites("failure")],
        ),
        (amends("sanction-lifted", "guard", "operator"),),
        without=("sanction-from-registration",),
    ),
    Undoing(
        "a refusal is answered by an inspector that belongs to the trader",
        listed,
        says("inspection", called="guard", mode="flight", **BAD),
        (
            tied("tame", "trader"),
            says("inspection", by="tame", mode="flight", answers=[cites("guard")], on=day(0)),
        ),
        without=("closer-untied",),
        unduly=True,
    ),
    Undoing(
        "a refusal is answered by an inspector that the trader hired since, with a date before that",
        listed,
        says("inspection", called="guard", mode="flight", **BAD),
        (
            tied("tame", "trader", from_=day(-0.05)),
            says(
                "inspection",
                by="tame",
                mode="flight",
                answers=[cites("guard")],
                on=day(-0.5),
                age_s=3 * 3_600,
            ),
        ),
        without=("closer-untied", "dated-back"),
        unduly=True,
    ),
    Undoing(
        "a place that is leased is audited by an inspector that belongs to who makes tea there",
        leases,
        says("origin-audit", called="guard", subject=SHED, findings=[finding("critical")]),
        (
            tied("tame", "brand"),
            says("origin-audit", by="tame", subject=SHED, findings=[], on=day(0)),
        ),
        without=("users", "closer-untied"),
        unduly=True,
    ),
    Undoing(
        "an inspector that belongs to who makes tea there takes back what it found",
        leases,
        says(
            "origin-audit", by="tame", called="guard", subject=SHED, findings=[finding("critical")]
        ),
        (tied("tame", "brand"), takes_back("guard", "tame", called="their word")),
        without=("users", "withdrawn-freely"),
        unduly=True,
    ),
    Undoing(
        "leaves are passed by an inspector that belongs to who makes tea of them",
        made_of_leaf,
        says("inspection", called="guard", subject=LEAF, trader=who("rival"), **BAD),
        (
            tied("tame", "brand"),
            says(
                "inspection",
                by="tame",
                subject=LEAF,
                trader=who("rival"),
                answers=[cites("guard")],
                on=day(0),
            ),
        ),
        without=("users", "closer-untied"),
        unduly=True,
    ),
    Undoing(
        "a refusal in two classes is answered in one",
        listed,
        says("inspection", called="guard", mode="flight", **TWO_CLASSES),
        (says("inspection", mode="flight", answers=[cites("guard")], on=day(0)),),
        without=("closer-classes",),
        unduly=True,
    ),
    Undoing(
        "a laboratory's final failure of the only lot",
        reported,
        tested("guard", lead=("2.1", "fail")),
        (takes_back("guard", "brand", called="their word"),),
        without=("failed-reports",),
        unduly=True,
    ),
    Undoing(
        "a refusal of a lot that nobody registered",
        reported,
        says("inspection", called="guard", subject=HIDDEN, mode="flight", **BAD),
        (takes_back("guard", "trader", called="their word"),),
        without=("examined",),
        unduly=True,
    ),
    Undoing(
        "a recall is taken back by the brand that makes the lot",
        listed,
        says("recall", called="guard"),
        (takes_back("guard", "brand", called="their word"),),
        without=("error-gains",),
        unduly=True,
    ),
    Undoing(
        "a grant that the brand revoked is made again by its distributor",
        listed,
        revokes("trader", "brand", called="guard"),
        (grant("distributor", "trader", "distributor", called="their word"),),
        without=("grant-barred",),
        unduly=True,
    ),
    Undoing(
        "a mark that the office withdrew is issued anew by the operator",
        listed,
        says(
            "qualification-withdrawal",
            called="guard",
            subject=who("brand"),
            target=cites("mark"),
            number=MARK,
        ),
        (
            says(
                "qualification",
                by="operator",
                subject=who("brand"),
                called="their word",
                kind="trademark-registered",
                number=MARK,
                categories=["food/tea"],
            ),
            grant("brand", "trader", "their word", called="their grant"),
        ),
        without=("trademark-authority",),
        unduly=True,
    ),
    Undoing(
        "a critical finding is answered by an audit of the fire extinguishers",
        listed,
        says("origin-audit", called="guard", findings=[finding("critical")]),
        (
            says(
                "origin-audit",
                by="second-inspector",
                checklist="fire safety 2",
                findings=[],
                on=day(0),
            ),
        ),
        without=("other-checklist",),
        unduly=True,
    ),
    Undoing(
        "a trader that was refused is admitted on papers of others",
        listed,
        says("admission", called="guard", decision="refused", reasons=["papers"]),
        (
            says(
                "admission",
                called="again",
                evidence=[cites("mark"), cites("guard")],
                reasons=["reviewed"],
            ),
        ),
        without=("admitted-on-own",),
        unduly=True,
    ),
    Undoing(
        "a trader that was refused is admitted",
        listed,
        says("admission", called="guard", decision="refused", reasons=["papers"]),
        (
            says(
                "admission",
                called="again",
                evidence=[cites("licence"), cites("guard")],
                reasons=["all papers are here"],
            ),
        ),
        without=("refusal-overruled",),
    ),
)
REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        "a rival claimed the product while the brand had neither mark nor licence",
        lambda t: (*listed(t), *dispute(t)),
        "may_sell",
        "product-contested",
        without=("claim-decided",),
    ),
    Remedy(
        "two decisions of an authority contradict each other",
        lambda t: (
            *listed(t),
            says(
                "claim-decided", by="registrar", called="one", upheld=cites("product"), rejected=[]
            ),
            says("claim-decided", by="registrar", upheld=..., rejected=[cites("product")]),
        ),
        "may_sell",
        "product-contested",
    ),
    Remedy(
        "a lot that failed finally is recalled, the cause mended, a lot made later passes",
        failed_for_good,
        "trace",
        "report-failed",
        without=("lot-answered",),
    ),
    Remedy(
        "a licence that was reviewed is withdrawn",
        lambda t: (*listed(t), says("qualification-withdrawal")),
        "admission",
        "paper-withdrawn",
        without=("renewal",),
    ),
    Remedy(
        "a lot was made of a recalled one",
        lambda t: (
            *listed(t),
            says("lot", subject=GTIN + "/10/B1", called="of it", inputs=[LOT], serial_range=...),
            says("recall"),
        ),
        without=("inputs",),
    ),
    Remedy(
        "an observer found something where a lot was made",
        lambda t: (
            *listed(t),
            says("invitation"),
            says("visit"),
            says("observation", findings=[finding("critical")]),
        ),
        without=("place-while-made",),
    ),
)
CASES: dict[str, str] = {
    "trust/squat_product": "a rival declares the brand's product under its own mark",
    "trust/coreseller": "a reseller beside states a lot of a place that nobody audited",
    "trust/facility_squat": "a rival states the brand's place first, as the inspector's",
    "trust/first_inspection": "an inspector that belongs to the trader passes its lots before anybody else",
    "trust/sanction_trigger": "the trader is sanctioned for what a rival recalled of its own",
    "trust/operator_takes_brand": "the operator ends the office's word for the brand's mark",
    "trust/unregistered_lot": "a refusal of a lot that nobody registered",
    "field/03-laboratory-failed-listable": "a laboratory's final failure of the only lot",
    "field/09-gtin-claimed": "a rival claimed the product while the brand had neither mark nor licence",
    "field/10-recall-corrected-away": "a recall is corrected to begin in 2099",
    "field/14-index-order": "a refusal in two classes is answered in one",
    "reach/04-critical-finding-never-closes": "a lot that failed finally is recalled, the cause mended, a lot made later passes",
    "reach/05-admission-renewal": "a licence that was reviewed is withdrawn",
}
"""A case that failed once -> the story that breaks its property when its mend is taken out."""
HELD_CASES: dict[str, tuple[str, str]] = {
    "trust/many_listings": ("questions/test_label.py", "listed over and over"),
    "reach/06-impact-future-grants": ("questions/scenes/remedies.py", "impact"),
    "reach/11-listing-refusal-code": ("api", "reasons"),
    "reach/12-overturned-trigger": ("questions/scenes/remedies.py", "sanction-unfounded"),
}
"""A case of time or of words, which no property bounds -> where told tests hold it."""
