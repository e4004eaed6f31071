"""I12: a remedy mends, and two answers about one thing do not contradict each other.

For a reason whose remedy can be said in a few moves: they are said, by whom its sentence names,
and the reason is gone. Where the rules refuse them, something else is in the way and has a
reason of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from properties.asking import ASKED, Answer, Asked, Reason, about_grants, answers, shown
from properties.course import grant
from properties.telling import HOUR_US, Said, Tale, retold
from properties.trials import BEGIN, Tally, Violation, least, world
from properties.words import EVERYBODY, Later, Move, amends, cites, day, says, who
from questions.scenes.pledges import CLEAN
from tea import GTIN
from usual import finding

Facts = dict[str, Any]
Mend = Callable[[Tale, Facts, list[str]], Iterator[Move]]
"""Of a world, a reason's facts and the names of what it rests on."""


def _name_of(party: str) -> str:
    return next((name for name, (id_, _) in EVERYBODY.items() if id_ == party), "nobody")


def _paper(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """An office issues the paper that is missing."""
    party = str(facts.get("party", who("trader")))
    number = str(facts.get("number", f"urn:qualification:samr.cn:{t.name('M').replace(' ', '')}"))
    if str(facts["kind"]) in {"business", "food-licence"}:
        yield says(
            "qualification",
            subject=party,
            called=t.name("remedy"),
            kind=str(facts["kind"]),
            number=number,
            categories=["food"],
        )


def _audit(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """An independent inspector audits the place, and finds it in order."""
    place = str(facts.get("facility", facts.get("about")))
    if "/414/" in place:
        yield says(
            "origin-audit",
            by="second-inspector",
            subject=place,
            called=t.name("remedy"),
            findings=[finding("minor")],
            on=day(0),
        )


def _again(t: Tale, facts: Facts, names: list[str]) -> Iterator[Move]:
    """What was refused is inspected again in the same class, and accepted."""
    for name in names:
        if t.told.said[name][1].__struct_config__.tag != "inspection":
            continue
        fields = t.told.fields_of(name)
        kept = ("mode", "trader", "level", "aql", "sample_size", "accept", "reject", "lot_size")
        said = {item: fields[item] for item in kept if item in fields}
        by = "warehouse" if fields["mode"] in {"patrol", "inbound"} else "second-inspector"
        yield says(
            "inspection",
            by=by,
            subject=str(facts["lot"]),
            called=t.name("remedy"),
            on=day(0),
            answers=[cites(name)],
            **said,
        )


def _lot(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """The brand states the lot."""
    lot = str(facts.get("lot", f"{facts.get('product')}/10/NEW"))
    if lot.startswith(GTIN):
        yield says("lot", subject=lot, called=t.name("remedy"), serial_range=...)


def _product(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """The brand declares the product."""
    if facts["product"] == GTIN:
        yield says("product", called=t.name("remedy"))


def _grant(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """The right-holder authorises the party itself."""
    to = _name_of(str(facts.get("party", facts.get("grantee"))))
    if to not in {"nobody", "brand"} and "mark" in t.told.said:
        yield grant("brand", to, "mark", called=t.name("remedy"), depth=3)


def _admission(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """The platform reviews the trader's papers and admits it."""
    if facts["trader"] == who("trader"):
        refusals = [
            cites(name)
            for name in t.named("admission")
            if t.told.fields_of(name)["decision"] == "refused"
        ]
        evidence = [cites("licence"), *refusals]
        yield says(
            "admission", called=t.name("remedy"), evidence=evidence, reasons=["all papers are here"]
        )


def _lifted(t: Tale, _: Facts, names: list[str]) -> Iterator[Move]:
    """The platform lifts the measure."""
    for name in names:
        if t.told.said[name][1].__struct_config__.tag == "sanction":
            yield amends("sanction-lifted", name, "operator", called=t.name("remedy"))


def _model(_: Tale, __: Facts, ___: list[str]) -> Iterator[Move]:
    """The platform says how it weighs."""
    yield says("quality-model")


def _pledge(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """The member promises."""
    by = _name_of(str(facts["party"]))
    yield says(
        "alliance-pledge",
        by=by,
        subject=str(facts["party"]),
        called=t.name("remedy"),
        standards=[],
        conduct=[CLEAN],
    )


def _visit(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """An observer visits."""
    name = t.name("remedy")
    subject = f"urn:visit:{name.replace(' ', '-')}"
    yield says("visit", subject=subject, called=name, about=str(facts["about"]))
    yield says(
        "observation",
        subject=subject,
        called=t.name("remedy"),
        about=str(facts["about"]),
        visit=cites(name),
    )


def _listing(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """The trader lists the product."""
    if facts["product"] == GTIN:
        yield says("listing", called=t.name("remedy"))


def _label(t: Tale, facts: Facts, _: list[str]) -> Iterator[Move]:
    """The platform labels the product."""
    reports = t.named("test-report")
    if facts["product"] == GTIN and reports:
        yield says("label", called=t.name("remedy"), evidence=[cites(name) for name in reports])


def _done(t: Tale, _: Facts, names: list[str]) -> Iterator[Move]:
    """Whoever planned does what it planned."""
    for name in names:
        if t.told.said[name][1].__struct_config__.tag != "improvement-plan":
            continue
        issuer = t.told.said[name][0].issuer
        cause = Later(f"cause of <{name}>", lambda tale, plan=name: tale.fields_of(plan)["cause"])
        for action in (1, 2):
            yield says(
                "improvement-step",
                by=_name_of(issuer),
                subject=issuer,
                called=t.name("remedy"),
                target=cites(name),
                cause=cause,
                action=action,
            )


def _verified(t: Tale, _: Facts, names: list[str]) -> Iterator[Move]:
    """The platform verifies the plan."""
    for name in names:
        if t.told.said[name][1].__struct_config__.tag == "improvement-plan":
            cause = Later(
                f"cause of <{name}>", lambda tale, plan=name: tale.fields_of(plan)["cause"]
            )
            yield says(
                "improvement-verified",
                subject=t.told.said[name][0].subject,
                called=t.name("remedy"),
                target=cites(name),
                cause=cause,
            )


MENDS: Mapping[str, Mend] = {
    "paper-missing": _paper,
    "paper-withdrawn": _paper,
    "paper-expired": _paper,
    "audit-absent": _audit,
    "audit-overdue": _audit,
    "finding-critical": _audit,
    "lot-refused": _again,
    "lot-unknown": _lot,
    "lots-absent": _lot,
    "product-unknown": _product,
    "no-grant": _grant,
    "grant-revoked": _grant,
    "grant-expired": _grant,
    "trader-not-decided": _admission,
    "trader-refused": _admission,
    "sanctioned": _lifted,
    "model-absent": _model,
    "pledge-absent": _pledge,
    "visits-absent": _visit,
    "not-on-sale": _listing,
    "label-absent": _label,
    "label-withdrawn": _label,
    "plan-open": _done,
    "plan-unverified": _verified,
}
"""Code of a reason -> what its sentence says."""
UNTOLD = frozenset({"since", "count", "total"})
"""Facts that tell when and how many: they may change while the reason stays."""


def _same(reason: Reason) -> tuple[str, tuple[tuple[str, Any], ...]]:
    code, facts, _ = reason
    return code, tuple(item for item in facts if item[0] not in UNTOLD)


def remedies(seed: int, tally: Tally) -> Violation | None:
    """I12: what a reason says would mend it, mends it; answers do not contradict each other."""
    tale = world(seed, tally)
    at_us = tale.now_us + 30 * HOUR_US
    questions = ASKED + about_grants(tale)
    found = answers(tale, questions, at_us)
    tally.of_answers(found)
    for kind, what in contradictions(found):
        return Violation("I12", seed, kind, what, _story(tale.said, ()), kind)
    tried: set[tuple[str, str]] = set()
    for asked, item in found.items():
        for reason in sorted(item.reasons):
            if reason[0] in MENDS and (asked[0], reason[0]) not in tried:
                tried.add((asked[0], reason[0]))
                moves = tuple(MENDS[reason[0]](tale, dict(reason[1]), _names(tale, reason)))
                if _stays(tale, moves, asked, reason, at_us, tally):
                    return _violation(seed, tale, moves, asked, reason, at_us)
    return None


def _names(tale: Tale, reason: Reason) -> list[str]:
    ids = set(reason[2])
    return [item.move.called for item in tale.said if item.id in ids]


def _stays(
    tale: Tale, moves: tuple[Move, ...], asked: Asked, reason: Reason, at_us: int, tally: Tally
) -> bool:
    """Return whether a reason stays although all that would mend it was registered."""
    mended = tale.copy()
    if not moves or not all(mended.tell(move) for move in moves):
        tally.over[f"{reason[0]} not mended: {', '.join(sorted(mended.refused)) or 'no move'}"] += 1
        return False
    tally.over[f"{reason[0]} mended"] += 1
    now = answers(mended, (asked,), at_us)[asked]
    return _same(reason) in {_same(item) for item in now.reasons}


def _violation(
    seed: int, tale: Tale, moves: tuple[Move, ...], asked: Asked, reason: Reason, at_us: int
) -> Violation:
    def still(kept: list[Said]) -> bool:
        begun, lost = retold(kept, [], tale.rng)
        begun.now_us = tale.now_us
        if lost or _same(reason) not in map(_same, answers(begun, (asked,), at_us)[asked].reasons):
            return False
        return _stays(begun, moves, asked, reason, at_us, Tally())

    kept = least(list(tale.said), still)
    kind = f"{asked[0]} {reason[0]} stays"
    what = f"{reason[0]} {dict(reason[1])} stays after its remedy"
    return Violation("I12", seed, shown(asked), what, _story(kept, moves), kind)


def _story(own: list[Said], moves: tuple[Move, ...]) -> tuple[str, ...]:
    return (*(str(item.move) for item in own[BEGIN:]), *(f"* {move}" for move in moves))


def contradictions(found: Mapping[Asked, Answer]) -> Iterator[tuple[str, str]]:
    """Yield what two answers about one thing say against each other."""
    by_name = {(asked[0], *(value for _, value in asked[1])): item for asked, item in found.items()}
    trader = who("trader")
    selling = (trader, GTIN, "CN", "mall.example", "*")
    listable, may_sell = by_name["listable", *selling], by_name["may_sell", *selling]
    admission = by_name["admission", trader]
    if listable.verdict == "yes":
        for name, other in (("may_sell", may_sell), ("admission", admission)):
            if other.verdict != "yes":
                yield f"listable yes, {name} {other.verdict}", str(sorted(_codes(other)))
    product = {(code, facts) for code, facts, _ in by_name["trace", GTIN].reasons}
    for asked, item in found.items():
        goods = dict(asked[1]).get("goods", "")
        if asked[0] != "trace" or "/10/" not in goods or "/21/" in goods:
            continue
        for code, facts, _ in item.reasons:
            about = dict(facts)
            own = goods in {about.get("lot"), about.get("about")}
            if own and code in OPEN and (code, facts) not in product:
                yield f"{code} in the trace of a lot, not of its product", str(about)


OPEN = {"lot-recalled", "lot-refused", "finding-critical", "report-failed"}
"""What is open against a lot."""


def _codes(item: Answer) -> set[str]:
    return {code for code, _, _ in item.reasons}
