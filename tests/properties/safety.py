"""I11: what protects people is not undone in silence.

Adding a recall, a refusal, a failed report, a critical finding, a sanction, a revocation or a
withdrawal never turns a no or an unknown into a yes. What undoes one is named by a note in every
answer that it changes for the better.
"""

from collections.abc import Iterator
from random import Random

from properties.asking import ASKED, Answer, Asked, about_grants, answers, shown
from properties.course import HIDDEN, grant
from properties.telling import HOUR_US, Said, Tale, retold
from properties.trials import BEGIN, Tally, Violation, codes_of, least, world
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
    takes_back,
)
from questions.scenes.label import measured
from tea import GTIN, LOT
from usual import finding, who

GOOD = {"may_sell", "listable", "trace", "admission", "label", "index", "pledges", "report"}
"""Where yes is good for who sells. The others' yes says that something is on record."""
LOTS = (LOT, GTIN + "/10/B1", HIDDEN)


def protections(t: Tale) -> Iterator[tuple[str, Move]]:
    """Yield what protects people and may be said now, each under its kind."""
    lot = t.rng.choice(LOTS)
    bad = {"nonconforming": 9, "decision": "refused", "findings": [finding("critical")]}
    mode = t.rng.choice(("flight", "mystery"))
    yield (
        "recall",
        says("recall", called="guard", subject=lot, by=t.rng.choice(("brand", "operator"))),
    )
    yield "refusal", says("inspection", called="guard", subject=lot, mode=mode, **bad)
    yield (
        "refusal",
        says("inspection", called="guard", by="warehouse", mode="inbound", subject=lot, **bad),
    )
    yield "audit", says("origin-audit", called="guard", findings=[finding("critical")])
    if t.named("recall", "test-report", "inspection"):
        for scope in ({}, {"products": [GTIN]}, {"lots": [LOT]}):
            yield (
                "sanction",
                says(
                    "sanction",
                    called="guard",
                    step="delist",
                    severity_ground="critical",
                    triggers=[cites(t.one("recall", "inspection", "test-report", "sanction"))],
                    until=day(90),
                    **scope,
                ),
            )
    yield (
        "revocation",
        revokes(t.one("authorisation"), t.rng.choice(("brand", "agent")), called="guard"),
    )
    name = t.one("qualification")
    if name in t.told.said:
        statement, body = t.told.said[name]
        yield (
            "withdrawal",
            says(
                "qualification-withdrawal",
                by=t.rng.choice(("office", "registrar")),
                subject=statement.subject,
                called="guard",
                target=cites(name),
                number=str(body.number),
            ),
        )
    receipts = [item for item in t.named("custody") if item.endswith("received")]
    if receipts:
        received = t.rng.choice(receipts)
        statement, body = t.told.said[received]
        yield (
            "report",
            says(
                "test-report",
                subject=statement.subject,
                called="guard",
                lot=str(body.lot),
                number="R-guard",
                custody=id_of(received),
                received=at_of(received),
                standard=cites("standard"),
                results=measured(lead=("2.1", "fail")),
            ),
        )
    yield "admission", says("admission", called="guard", decision="refused", reasons=["papers"])


def undoings(t: Tale, kind: str, guard: Move) -> Iterator[Move]:
    """Yield what may undo it."""
    if kind in {"recall", "refusal", "audit", "report"}:
        for by in (guard.by, "operator"):
            yield takes_back("guard", by, called="undoing")
    match kind:
        case "recall":
            yield corrects("guard", guard.by, **{"from": "2099-01-01T00:00:00Z"})
            yield corrects("guard", guard.by, reason="a weaker reason")
        case "refusal":
            good = {"nonconforming": 0, "decision": "accepted", "findings": ...}
            yield corrects("guard", guard.by, **good)
            lot = t.told.said["guard"][0].subject
            for by, mode in (
                ("inspector", "mystery"),
                ("warehouse", "inbound"),
                ("warehouse", "patrol"),
            ):
                again = {"by": by, "mode": mode, "subject": lot, "called": "undoing"}
                yield says("inspection", **again)
                yield says("inspection", **again, answers=[cites("guard")])
        case "audit":
            yield corrects("guard", "inspector", findings=[])
            yield says("origin-audit", called="undoing", on=day(0), findings=[])
            yield says(
                "origin-audit", called="undoing", by="second-inspector", on=day(0), findings=[]
            )
        case "report":
            yield corrects("guard", "laboratory", results=measured())
        case "sanction":
            yield amends("sanction-lifted", "guard", "operator", called="undoing")
        case "revocation":
            statement, _ = t.told.said["guard"]
            for giver in ("distributor", "agent", "brand"):
                under = {"brand": "mark"}.get(giver, giver)
                for to in ("trader", "distributor", "agent"):
                    if who(to) == statement.subject:
                        yield grant(giver, to, under, called="undoing")
        case _:
            yield says("admission", called="undoing")


GUARDS = 4
"""So many protections are tried on a world."""


def safety(seed: int, tally: Tally) -> Violation | None:
    """I11: protections never turn an answer to yes, and nobody undoes one in silence."""
    tale = world(seed, tally)
    questions = tuple(item for item in ASKED + about_grants(tale) if item[0] in GOOD)
    at_us = tale.now_us + 10 * HOUR_US
    before = answers(tale, questions, at_us)
    tally.of_answers(before)
    tale.rng = Random(seed)
    guards = list(protections(tale))
    for kind, guard in tale.rng.sample(guards, min(GUARDS, len(guards))):
        guarded = tale.copy()
        if not guarded.tell(guard):
            continue
        tally.statements[guard.type_] += 1
        after = answers(guarded, questions, at_us)
        found = turned(before, after)
        moves: tuple[Move, ...] = (guard,)
        if found is None:
            for undoing in undoings(guarded, kind, guard):
                moves = (guard, undoing)
                found = silently(guarded, undoing, after, at_us, tally)
                if found is not None:
                    break
        if found is not None:
            return _violation(seed, tale, moves, found, at_us)
    return None


Found = tuple[Asked, str, str]


def turned(before: dict[Asked, Answer], after: dict[Asked, Answer]) -> Found | None:
    """Return an answer that a protection turned to yes."""
    for asked, was in before.items():
        if was.verdict != "yes" and after[asked].verdict == "yes":
            what = f"{codes_of(was)} -> {codes_of(after[asked])} by adding a protection"
            return asked, f"{asked[0]} turned", what
    return None


def silently(
    guarded: Tale, undoing: Move, before: dict[Asked, Answer], at_us: int, tally: Tally
) -> Found | None:
    """Return an answer in which nothing names who undid what its reason rested on."""
    tale = guarded.copy()
    if not tale.tell(undoing):
        return None
    tally.statements[undoing.type_] += 1
    guard, undone_by = tale.said[-2].id, tale.said[-1].id
    changed = tuple(item for item in before if before[item].reasons)
    for asked, now in answers(tale, changed, at_us).items():
        was = before[asked]
        still = {code for code, _, ids in now.reasons if guard in ids}
        gone = {code for code, _, ids in was.reasons if guard in ids} - still
        named = any(undone_by in ids for _, _, ids in (*now.notes, *now.reasons))
        if gone and not named:
            what = f"{codes_of(was)} -> {codes_of(now)}: {sorted(gone)} undone without a note"
            return asked, f"{asked[0]} {sorted(gone)} undone by {undoing.type_}", what
    return None


def _violation(
    seed: int, tale: Tale, moves: tuple[Move, ...], found: Found, at_us: int
) -> Violation:
    asked, kind, what = found

    def again(kept: list[Said]) -> Found | None:
        begun, lost = retold(kept, [], tale.rng)
        guarded = begun.copy()
        begun.now_us = guarded.now_us = tale.now_us
        if lost or not guarded.tell(moves[0]):
            return None
        after = answers(guarded, (asked,), at_us)
        if len(moves) == 1:
            return turned(answers(begun, (asked,), at_us), after)
        return silently(guarded, moves[1], after, at_us, Tally())

    def still(kept: list[Said]) -> bool:
        fault = again(kept)
        return fault is not None and fault[1] == kind

    kept = least(list(tale.said), still)
    what = (again(kept) or found)[2]
    story = [str(item.move) for item in kept[BEGIN:]] + [f"* {move}" for move in moves]
    return Violation("I11", seed, shown(asked), what, tuple(story), kind)
