"""I12: a remedy mends, and two answers about one thing do not contradict each other.

What mends a reason is told once, for the scenes of every question and for random worlds
(``tests/questions/mends``): where it is told of any reason of its code it is tried here. It is
registered, by whom its sentence names, and the reason is gone. Where the rules refuse it,
something else is in the way and has a reason of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from properties.asking import ASKED, Answer, Asked, Reason, about_grants, answers, shown
from properties.telling import HOUR_US, Said, Tale, retold
from properties.trials import BEGIN, Tally, Violation, least, world
from properties.words import Move, who
from questions.mends import MENDS
from questions.mends.telling import Mend, Wrong
from rules.telling import Step
from tea import GTIN

from ledger.primitives import ijson
from ledger.rules.codes import ENTRY_FACTS
from ledger.statements.envelope import parse_statement

GENERAL: Mapping[str, Mend] = {mend.code: mend for mend in MENDS if callable(mend.then)}
"""Code of a reason -> what mends any of its kind."""
DONE = frozenset({"lacking", "have", "shorter", "recalled", "planned"})
"""Facts that tell what is done of a remedy, and what is left to do."""
UNTOLD = DONE | {"since", "count", "total", "until"}
"""Facts that tell when, how many, and how far it is mended: they may change while the reason stays."""
ELSEWHERE = "impact"
"""It is about one grant: what mends a dead one is another grant, asked about by its own id."""


Facts = tuple[tuple[str, Any], ...]

UNHELD = {"product-unknown"}
"""Lots of a product that nobody declared count for nobody: that is mended first, as it is said first."""


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
    for kind, what in (*contradictions(found), *unheard(found)):
        return Violation("I12", seed, kind, what, _story(tale.said), kind)
    tried: set[tuple[str, str]] = set()
    for asked, item in found.items():
        for reason in sorted(item.reasons):
            key = asked[0], reason[0]
            if reason[0] in GENERAL and key not in tried and asked[0] != ELSEWHERE:
                tried.add(key)
                if reason[0] == "lots-absent" and _codes(item) & UNHELD:
                    continue
                if stays(tale, asked, reason, at_us, tally) is not None:
                    return _violation(seed, tale, asked, reason, at_us)
    return None


def stays(tale: Tale, asked: Asked, reason: Reason, at_us: int, tally: Tally) -> list[Said] | None:
    """Return what was done about a reason that stays, None where it is gone.

    Where an answer gives it more than once, for another refusal of the same lot, each is mended.
    """
    mended, count = tale.copy(), len(tale.said)
    alike = [
        one for one in answers(tale, (asked,), at_us)[asked].reasons if _same(one) == _same(reason)
    ]
    places = {id_: index for index, id_ in tale.ids.items()}
    for code, facts, ids in sorted(alike):
        entries = sorted(places[id_] for id_ in ids if id_ in places)
        there = {name: places[v] if name in ENTRY_FACTS else v for name, v in facts}
        wrong = Wrong(mended.told, code, there, entries, asked[0], dict(asked[1]))
        for step in GENERAL[code].steps(wrong):
            if not mended.tell(_move(step)):
                tally.over[f"{code} not mended: {', '.join(sorted(mended.refused))}"] += 1
                return None
    if len(mended.said) == count:
        tally.over[f"{reason[0]} not mended: no move"] += 1
        return None
    tally.over[f"{reason[0]} mended"] += 1
    now = answers(mended, (asked,), max(at_us, mended.now_us + HOUR_US))[asked]
    left = {_same(item) for item in now.reasons}
    return mended.said[count:] if _same(reason) in left else None


def _move(step: Step) -> Move:
    """Return what is done about a reason as a move."""
    return Move("remedy", "", "remedy", "", step)


def _violation(seed: int, tale: Tale, asked: Asked, reason: Reason, at_us: int) -> Violation:
    def left(kept: list[Said]) -> list[Said] | None:
        begun, lost = retold(kept, [], tale.rng)
        begun.now_us = tale.now_us
        if lost:
            return None
        found = [
            one
            for one in answers(begun, (asked,), at_us)[asked].reasons
            if _same(one) == _same(reason)
        ]
        return stays(begun, asked, found[0], at_us, Tally()) if found else None

    kept = least(list(tale.said), lambda kept: left(kept) is not None)
    kind = f"{asked[0]} {reason[0]} stays"
    what = f"{reason[0]} {dict(reason[1])} stays after its remedy"
    story = _story(kept, left(kept) or [])
    return Violation("I12", seed, shown(asked), what, story, kind)


def _story(own: Sequence[Said], done: Sequence[Said] = ()) -> tuple[str, ...]:
    return (*(str(item.move) for item in own[BEGIN:]), *(f"* {_written(item)}" for item in done))


def _written(item: Said) -> str:
    statement = parse_statement(item.raw)
    said = ijson.decode(statement.payload)
    fields = ", ".join(f"{k}={v}" for k, v in said.items() if k not in ("v", "type", "evidence"))
    text = f"{statement.issuer}: {said['type']} about {statement.subject} {fields}"
    return text.replace("https://id.gs1.org/", "")


def _plain(facts: Facts) -> Facts:
    """Return facts without what is done of a remedy: who uses the goods decides whose plan counts."""
    return tuple(item for item in facts if item[0] not in DONE)


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
    of_product = by_name["trace", GTIN]
    product = {(code, _plain(facts)) for code, facts, _ in of_product.reasons}
    called_back = "product-recalled" in {
        *_codes(of_product),
        *(code for code, _, _ in of_product.notes),
    }
    for asked, item in found.items():
        goods = dict(asked[1]).get("goods", "")
        if asked[0] != "trace" or "/10/" not in goods or "/21/" in goods:
            continue
        # By when it was made a lot is called back that nobody stated: the product's own trace names none.
        unstated = called_back and UNSTATED in _codes(item)
        for code, facts, _ in item.reasons:
            about = dict(facts)
            own = goods == about.get("lot") and not (unstated and code == "lot-recalled")
            if own and code in OPEN and (code, _plain(facts)) not in product:
                yield f"{code} in the trace of a lot, not of its product", str(about)


def unheard(found: Mapping[Asked, Answer]) -> Iterator[tuple[str, str]]:
    """Yield what is open against what a lot was made of, or its place, and not in its own trace."""
    traces = {
        dict(asked[1]).get("goods", ""): item
        for asked, item in found.items()
        if asked[0] == "trace"
    }
    places = {
        dict(asked[1])["about"]: item for asked, item in found.items() if asked[0] == "visits"
    }
    for goods, item in traces.items():
        if "/10/" not in goods or "/21/" in goods or not isinstance(item.value, dict):
            continue
        rows = item.value["lots"]
        of = {row["lot"] for row in rows} | {one for row in rows for one in row["inputs"]}
        own = {(code, _plain(facts)) for code, facts, _ in item.reasons}
        for lot in sorted(of & traces.keys()):
            for code, facts, _ in traces[lot].reasons:
                if (
                    code in OPEN
                    and lot in dict(facts).values()
                    and (code, _plain(facts)) not in own
                ):
                    yield f"{code} of what a lot was made of, not in its trace", f"{goods} {facts}"
        for place in sorted({row["facility"] for row in rows} & places.keys()):
            for code, facts, _ in places[place].reasons:
                if code in OPEN and (code, _plain(facts)) not in own:
                    yield f"{code} of where a lot was made, not in its trace", f"{goods} {facts}"


UNSTATED = "lot-unknown"
OPEN = {"lot-recalled", "lot-refused", "lot-critical", "place-critical", "report-failed"}
"""What is open against a lot."""


def _codes(item: Answer) -> set[str]:
    return {code for code, _, _ in item.reasons}
