"""I11: what protects people is not undone in silence.

Adding a recall, a refusal, a failed report, a critical finding, a sanction, a revocation or a
withdrawal never turns a no or an unknown into a yes. What undoes one is named by a note in every
answer that it changes for the better.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from properties.asking import ASKED, Answer, Asked, about_grants, answers, shown
from properties.bent import Way
from properties.course import FIELD, HIDDEN, LEASED, accredited, grant
from properties.restating import inputs_on_record, restatings
from properties.telling import HOUR_US, Said, Tale, read, retold
from properties.trials import BEGIN, Tally, Violation, codes_of, least, world
from properties.ways import TRIED, WAYS
from properties.words import (
    KEYS,
    Move,
    amends,
    at_of,
    binds,
    cites,
    corrects,
    day,
    id_of,
    loses,
    resets,
    revokes,
    says,
    takes_back,
    who,
)
from questions.scenes.label import measured
from tea import GTIN, LOT, MARK
from usual import finding

from ledger.identifiers import product_of
from ledger.rules.claims import ever_stated, held, rejected
from ledger.statements.origin_family import Lot

GOOD = {
    "may_sell", "listable", "trace", "admission", "label", "index", "pledges", "report", "trader", "quality_centre", "place",
}  # fmt: skip
"""Where yes is good for who sells. The others' yes says that something is on record."""
ON_RECORD = "report"
"""Its yes says that a report is its laboratory's own and stands, whatever it found."""
TESTING = "pledges"
"""Who promises to test, or to report, has kept that whatever was found: a note tells what failed."""
TWO_CLASSES = {
    "nonconforming": 2,
    "plans": [
        {
            "aql": "4.0",
            "sample_size": 50,
            "accept": 5,
            "reject": 6,
            "nonconforming": 6,
            "decision": "refused",
        }
    ],
    "decision": "refused",
    "findings": [finding("critical")],
}
"""A lot is refused in two classes of nonconformity."""
LOTS = (LOT, GTIN + "/10/B1", HIDDEN)


def protections(t: Tale) -> Iterator[tuple[str, Move]]:
    """Yield what protects people and may be said now, each under its kind."""
    lot = t.rng.choice((*LOTS, *t.subjects("lot")))
    bad = {"nonconforming": 9, "decision": "refused", "findings": [finding("critical")]}
    mode = t.rng.choice(("flight", "mystery"))
    yield (
        "recall",
        says("recall", called="guard", subject=lot, by=t.rng.choice(("brand", "operator"))),
    )
    by = t.rng.choice(("brand", "operator"))
    yield "product recall", says("product-recall", called="guard", by=by)
    yield "refusal", says("inspection", called="guard", subject=lot, mode=mode, **bad)
    yield (
        "refusal",
        says("inspection", called="guard", by="warehouse", mode="inbound", subject=lot, **bad),
    )
    yield "audit", says("origin-audit", called="guard", findings=[finding("critical")])
    by = t.rng.choice(("inspector", "tame"))
    leased = {"subject": LEASED, "by": by, "findings": [finding("critical")]}
    yield "leased", says("origin-audit", called="guard", **leased)
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
    for name in dict.fromkeys((t.one("qualification"), "mark")):
        if name not in t.told.said:
            continue
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
                prefix=body.prefix if isinstance(body.prefix, str) else ...,
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
    yield "classes", says("inspection", called="guard", subject=lot, mode=mode, **TWO_CLASSES)
    yield "admission", says("admission", called="guard", decision="refused", reasons=["papers"])
    pointed = {
        t.told.said[name][0].id.hex()
        for name in t.named("invitation")
        if "checklist" in t.told.fields_of(name)
    }  # whose points the guard would have to answer
    visits = [
        name
        for name in t.named("visit")
        if t.told.fields_of(name).get("invitation", {"id": ""})["id"] not in {"", *pointed}
    ]
    if visits:  # who was not invited opens nothing
        visit = t.rng.choice(visits)
        statement, body = t.told.said[visit]
        seen = {"about": str(body.about), "visit": cites(visit), "findings": [finding("critical")]}
        yield "observed", says("observation", called="guard", subject=statement.subject, **seen)
    labels = t.named("label")
    if labels:
        yield "label", amends("label-withdrawn", labels[-1], "operator", called="guard")


def inputs_found_bad(t: Tale) -> Iterator[tuple[str, Move]]:
    """Yield that something is found of what lots were made of: by its maker, or somebody else."""
    used = inputs_on_record(t)
    for source, maker in t.rng.sample(used, min(INPUTS, len(used))):
        by = t.rng.choice((maker, maker, "operator"))
        yield INPUT, says("recall", called="guard", subject=source, by=by)


INPUT, INPUTS = "input", 2
"""What is found of so many inputs is asked of traces alone, and how lots might be stated out of it."""
Undoing = tuple[Move, ...]


def forbidden(t: Tale, kind: str, guard: Move) -> Iterator[Undoing]:
    """Yield how somebody who may not would undo it."""
    statement, _ = t.told.said["guard"]
    if kind in {"recall", "refusal", "classes", "audit", "report", "observed"}:
        gaining = ("rival", "trader", "brand") if kind != "audit" else ("rival", "brand")
        for by in gaining:
            yield (takes_back("guard", by, called="their word"),)
    yield from _evasions(t, kind, guard)
    match kind:
        case "refusal" if guard.by != "warehouse":
            again = {"subject": statement.subject, "answers": [cites("guard")]}
            again |= {"mode": "flight", "called": "their word"}
            tie, dated = _hired(t, "trader")
            yield tie, says("inspection", by="tame", **again, **dated)
            inbound = again | {"mode": "inbound", "on": day(0)}
            yield (says("inspection", by="warehouse", **inbound),)
        case "classes":
            again = {"subject": statement.subject, "answers": [cites("guard")], "on": day(0)}
            yield (says("inspection", mode="flight", called="their word", **again),)
        case "audit":
            tie, dated = _hired(t, "brand")
            clean = {"findings": [], "called": "their word"} | dated
            yield tie, says("origin-audit", by="tame", **clean)
            of_fire = {"checklist": "fire safety 2", "findings": [], "on": day(0)}
            yield (says("origin-audit", by="second-inspector", called="their word", **of_fire),)
            yield says("facility", subject=FIELD), says("lot", facility=FIELD, called="their word")
        case "leased":
            tie, dated = _hired(t, "brand")
            clean = {"subject": LEASED, "findings": [], "called": "their word"} | dated
            yield tie, says("origin-audit", by="tame", **clean)
            if guard.by == "tame":
                yield tied("tame", "brand"), takes_back("guard", "tame", called="their word")
        case "admission":
            theirs = [cites(name) for name in ("mark", "guard", *_refusals(t))]
            on = {"called": "their word", "evidence": theirs, "reasons": ["reviewed"]}
            yield (says("admission", **on),)
        case "sanction":
            for by in ("trader", "rival"):
                yield (amends("sanction-lifted", "guard", by, called="their word"),)
        case "revocation":
            yield from _granted_below(t, guard)
        case "withdrawal":
            name = _withdrawn(t)
            fields = {} if name is None else t.told.fields_of(name)
            if str(fields.get("kind", "")).startswith("trademark"):
                kept = {k: v for k, v in fields.items() if k not in ("v", "type")}
                how = {"subject": statement.subject, "called": "their word"} | kept
                holder = "brand" if statement.subject == who("brand") else "rival"
                below = grant(holder, "trader", "their word", called="their grant")
                yield says("qualification", by="operator", **how), below
        case _:
            return


def _evasions(t: Tale, kind: str, guard: Move) -> Iterator[Undoing]:
    """Yield by which ways around it somebody once tried: a lot of bad goods, a stranger's plan, a stolen key."""
    statement, body = t.told.said["guard"]
    lot = str(getattr(body, "lot", statement.subject))
    stolen = (binds("brand", f"brand key {KEYS}"), loses("brand", "brand", suspected_days=800))
    clean = {"by": "tame", "on": day(0), "called": "their word"}
    match kind:
        case "recall":
            yield tuple(_mended(lot, LOT_MADE_LATER, inputs=[lot]))
            if _holds(t, lot, "001"):
                same = {"first": "001", "last": "480"}
                yield tuple(_mended(lot, LOT_MADE_LATER, serial_range=same))
            if guard.by == "brand":
                yield (*stolen, takes_back("guard", "brand", called="their word"))
        case "refusal" if guard.by != "warehouse":
            if not t.named("improvement-verified"):  # else a plan of its own may have mended it
                yield tuple(_mended(lot, LOT_MADE_LATER, by="rival"))
            again = clean | {"subject": lot, "mode": "flight", "answers": [cites("guard")]}
            yield tied("tame", "brand"), *_without_mark(t), says("inspection", **again)
            if lot.startswith(GTIN):  # what was made of it is in doubt with who made it
                yield tied("tame", "brand"), *stolen, says("inspection", **again)
        case "audit":
            yield tied("tame", "brand"), *stolen, says("origin-audit", **clean, findings=[])
        case _:
            pass
    if kind in {INPUT, "recall", "refusal", "classes", "report"}:
        yield from restatings(t, lot)


def _holds(t: Tale, lot: str, serial: str) -> bool:
    """Return whether a lot is on record with a serial number now, by who holds its name."""
    stated = held(t.paper.view, "lot", lot)
    return any(isinstance(item.body, Lot) and item.body.holds(serial) for item in stated)


def _without_mark(t: Tale) -> Iterator[Move]:
    """Yield that an office withdraws the brand's mark."""
    if "mark" in t.told.said:
        of = {"subject": who("brand"), "target": cites("mark"), "number": MARK}
        yield says("qualification-withdrawal", called=END_OF_MARK, **of)


def _granted_below(t: Tale, guard: Move) -> Iterator[Undoing]:
    """Yield that a grant revoked from above is made again by who made it."""
    id_ = t.told.said["guard"][1].target.id
    name = next(item.move.called for item in t.said if item.id == id_)
    statement, _ = t.told.said[name]
    giver = next((one for one in ("agent", "distributor") if who(one) == statement.issuer), None)
    if giver is not None and giver != guard.by:
        to = next((one for one in ("trader", "distributor") if who(one) == statement.subject), None)
        if to is not None:
            yield (grant(giver, to, giver, called="their word"),)


END_OF_MARK = "end of mark"
"""A promise is measured by the goods of the marks that are held now: without one nobody can say."""
TIE, PLAN = "their tie", "plan for it"
UNDUE = {TIE, PLAN}
"""What makes an undoing undue: without it somebody independent spoke."""


def tied(holder: str, above: str, **changes: Any) -> Move:
    """An office says that somebody belongs to another."""
    return says(
        "qualification",
        subject=who(holder),
        called=TIE,
        kind="affiliation",
        number=f"urn:qualification:samr.cn:TIE-{holder.upper()}",
        categories=[],
        of=who(above),
        relation="wholly-owned",
        **changes,
    )


def _hired(t: Tale, above: str) -> tuple[Move, dict[str, Any]]:
    """Return that an inspector belongs to somebody, and how it dates its pass.

    It belonged to that one all along, or it was hired since what was found, and its word is signed
    as before that.
    """
    if t.rng.random() < 0.5:
        return tied("tame", above), {"on": day(0)}
    hours = t.rng.choice((1, 3, 12))
    since = tied("tame", above, from_=day(-0.05))
    return since, {"on": day(-0.5 if hours < 12 else -1), "age_s": hours * 3_600}


def undoings(t: Tale, kind: str, guard: Move) -> Iterator[Undoing]:
    """Yield what may undo it, in order."""
    if kind in {"recall", "refusal", "audit", "report", "observed"}:
        for by in (guard.by, "operator"):
            yield (takes_back("guard", by, called="undoing"),)
    for move in _said_again(t, kind, guard):
        yield (move,)
    yield from _at_length(t, kind, guard)


def _at_length(t: Tale, kind: str, guard: Move) -> Iterator[Undoing]:
    """Yield what takes several statements: appeals, retests, improvements, new keys."""
    match kind:
        case "sanction":
            appeal = amends("appeal", "guard", "trader", called="their appeal")
            for outcome in ("annulled", "varied"):
                terms = {"terms": {"step": "interview", "until": "2036-01-01T00:00:00Z"}}
                how = terms if outcome == "varied" else {}
                called = {"called": "undoing", "outcome": outcome}
                yield appeal, amends("appeal-decision", "guard", "operator", **called, **how)
        case "report":
            yield tuple(_retested(t))
            lot = str(t.told.said["guard"][1].lot)
            yield (*_mended(lot, LOT_MADE_LATER), *_tested_later())
        case "recall" | "refusal":
            yield tuple(_mended(t.told.said["guard"][0].subject, LOT_MADE_LATER))
        case "revocation":
            yield loses(guard.by, "operator"), resets(guard.by, f"{guard.by} key {KEYS}")
        case _:
            return


LOT_MADE_LATER = GTIN + "/10/LATER"


def _mended(lot: str, later: str, *, by: str = "brand", **made_of: Any) -> Iterator[Move]:
    """Yield that a lot is recalled, the cause mended by somebody, and that a lot made later passes."""
    yield says("recall", called="called back", subject=lot)
    of = {"by": by, "subject": who(by), "cause": cites("called back")}
    yield says("improvement-plan", called=PLAN, **of)
    for action in (1, 2):
        done = {"called": f"did {action}", "action": action, "target": cites(PLAN)}
        yield says("improvement-step", **of, **done)
    found = of | {"by": "operator", "target": cites(PLAN), "on": day(0)}
    yield says("improvement-verified", called="verified", **found)
    made = {"subject": later, "made": day(0), "serial_range": ...}
    yield says("lot", called="later lot", **made | made_of)
    yield says("inspection", called="undoing", by="second-inspector", subject=later, on=day(0))


def _sampled(laboratory: str, sample: str, lot: str) -> Iterator[Move]:
    """Yield that a laboratory has a sample of a lot."""
    yield from accredited(laboratory, f"{laboratory} accreditation")
    yield says("sample-sealed", subject=sample, called="its sample", lot=lot)
    received = {"called": "its receipt", "lot": lot, "previous": id_of("its sample")}
    yield says("custody", by=laboratory, subject=sample, **received)


def _report_of(laboratory: str, number: str) -> dict[str, object]:
    return {
        "number": number,
        "custody": id_of("its receipt"),
        "received": at_of("its receipt"),
        "standard": cites("standard"),
        "results": measured(),
        "accreditations": [cites(f"{laboratory} accreditation")],
    }


def _tested_later() -> Iterator[Move]:
    """Yield that the lot made later is tested, and passes."""
    sample = "urn:sample:later"
    yield from _sampled("laboratory", sample, LOT_MADE_LATER)
    said = _report_of("laboratory", "R-later") | {"lot": LOT_MADE_LATER}
    yield says("test-report", called="undoing", subject=sample, **said)


def _retested(t: Tale) -> Iterator[Move]:
    """Yield that a report is objected to, tested again, and overturned."""
    body, of = t.told.said["guard"][1], _answering(t)
    yield objection(t)
    yield from _sampled("second-laboratory", "urn:sample:again", str(body.lot))
    again = of | _report_of("second-laboratory", "R-again") | {"sample": "urn:sample:again"}
    yield says("retest-report", called="their retest", target=cites("guard"), **again)
    closing = {"target": cites("their objection"), "report": id_of("guard")}
    closing |= {"outcome": "overturned", "retest": cites("their retest")}
    yield says("objection-closed", called="undoing", **of, **closing)


def _answering(t: Tale) -> dict[str, str]:
    """Return what every answer to the report says of it."""
    statement, body = t.told.said["guard"]
    month = next(s for topic, s in t.told.subjects_of("guard") if topic == "reports")
    return {
        "subject": statement.subject,
        "lot": str(body.lot),
        "laboratory": statement.issuer,
        "month": month.rpartition("\n")[2],
    }


def _said_again(t: Tale, kind: str, guard: Move) -> Iterator[Move]:
    """Yield the single statements that may undo it."""
    match kind:
        case "recall":
            yield corrects("guard", guard.by, **{"from": "2099-01-01T00:00:00Z"})
            yield corrects("guard", guard.by, reason="a weaker reason")
        case "observed":
            yield corrects("guard", "observer", findings=[])
            about = str(t.told.said["guard"][1].about)
            again = {"called": "undoing", "subject": about, "on": day(0)}
            for by in ("inspector", "second-inspector"):
                yield says("origin-audit" if "/414/" in about else "inspection", by=by, **again)
        case "label":
            reports = t.named("test-report")
            yield says("label", called="undoing", evidence=[cites(name) for name in reports])
        case "withdrawal":
            name = _withdrawn(t)
            if name is not None:
                fields = t.told.fields_of(name)
                subject = t.told.said[name][0].subject
                kept = {k: v for k, v in fields.items() if k not in ("v", "type")}
                for by in ("office", "registrar", "operator"):
                    yield says("qualification", by=by, subject=subject, called="undoing", **kept)
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
        case "leased":
            clean = {"subject": LEASED, "on": day(0), "findings": [], "called": "undoing"}
            yield says("origin-audit", by="second-inspector", **clean)
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
        case "admission":
            yield says("admission", called="undoing")
            overruling = [cites("licence"), cites("guard"), *map(cites, _refusals(t))]
            yield says("admission", called="undoing", evidence=overruling, reasons=["reviewed"])
        case _:
            return


def _refusals(t: Tale) -> list[str]:
    """Return the earlier refusals of the trader by name."""
    known = [name for name in t.named("admission") if name != "guard"]
    return [name for name in known if t.told.fields_of(name)["decision"] == "refused"]


def _withdrawn(t: Tale) -> str | None:
    """Return the name of the paper that the guard withdrew."""
    id_ = t.told.said["guard"][1].target.id
    return next((item.move.called for item in t.said if item.id == id_), None)


BY_THE_NEWEST = {"criterion-failed"}
"""The newest report decides how a criterion is met; the lot that failed stays open beside it."""
NOBODYS = {"product-unknown", "product-contested", "lot-unknown", "lot-contested"}
"""Goods that nobody holds are not sold: what was found of them waits for who does."""
OBJECTED = "turned by an objection"
"""What an objection alone must do to no answer."""
GUARDS = 4
"""So many protections are tried on a world."""


def safety(seed: int, tally: Tally) -> Violation | None:
    """I11: protections never turn an answer to yes, and nobody undoes one in silence."""
    tale = world(seed, tally)
    questions = tuple(item for item in ASKED + about_grants(tale) if item[0] in GOOD)
    at_us = tale.now_us + 30 * HOUR_US
    before = answers(tale, questions, at_us)
    tally.of_answers(before)
    tale.rng = Random(seed)
    found = praised(tale, at_us)
    if found is not None:
        return Violation(
            "I11", seed, *found[:1], found[2], tuple(str(i.move) for i in tale.said), found[1]
        )
    for way in tale.rng.sample(WAYS, TRIED):
        found = way.found(tale)
        if found is not None:
            return _of_way(seed, tale, way, found)
    guards, traced = list(protections(tale)), tuple(one for one in questions if one[0] == "trace")
    guards = [*tale.rng.sample(guards, min(GUARDS, len(guards))), *inputs_found_bad(tale)]
    for kind, guard in guards:
        guarded = tale.copy()
        if not guarded.tell(guard):
            continue
        tally.statements[guard.type_] += 1
        after = answers(guarded, traced if kind == INPUT else questions, at_us)
        found = turned({asked: before[asked] for asked in after}, after)
        moves: tuple[Move, ...] = (guard,)
        found = found or unfelt(guarded, after)
        if found is None and kind in FORWARD:
            found = earlier(tale, guarded, questions)
        if found is None and kind == "report":
            moves = (guard, objection(guarded))
            found = objected(guarded, after, moves[1], at_us, tally)
        tried = ((undoing, silently) for undoing in undoings(guarded, kind, guard))
        barred = ((undoing, unduly) for undoing in forbidden(guarded, kind, guard))
        for undoing, wrong in () if found is not None else (*tried, *barred):
            moves = (guard, *undoing)
            found = wrong(guarded, undoing, after, at_us, tally)
            if found is not None:
                break
        if found is not None:
            return _violation(seed, tale, moves, found, at_us)
    return None


def _of_way(seed: int, tale: Tale, way: Way, found: "Found") -> Violation:
    """Return what a way bends, on the least world."""

    def again(kept: list[Said]) -> "Found | None":
        begun, lost = retold(kept, [], tale.rng)
        begun.now_us = tale.now_us
        return None if lost else way.found(begun)

    kept = least(list(tale.said), lambda kept: again(kept) is not None)
    asked, kind, what = again(kept) or found
    story = [str(item.move) for item in kept[BEGIN:]]
    return Violation("I11", seed, shown(asked), what, tuple(story), kind)


def objection(t: Tale) -> Move:
    """Return that whose report a laboratory made objects to it."""
    of = _answering(t)
    return says("objection", called="their objection", target=cites("guard"), **of)


def objected(
    guarded: Tale, before: dict[Asked, Answer], move: Move, at_us: int, tally: Tally
) -> "Found | None":
    """Return an answer that an objection alone turned to yes."""
    tale = guarded.copy()
    if not tale.tell(move):
        return None
    tally.statements[move.type_] += 1
    changed = tuple(item for item, was in before.items() if was.verdict != "yes")
    for asked, now in answers(tale, changed, at_us).items():
        if now.verdict == "yes":
            what = f"{codes_of(before[asked])} -> {codes_of(now)} by an objection alone"
            return asked, f"{asked[0]} {OBJECTED}", what
    return None


def praised(tale: Tale, at_us: int) -> tuple[str, str, str] | None:
    """Return the index that the passes of an inspector belonging to the trader make better.

    They may make it worse: a lot that was at the trader is one of its goods from then on.
    """
    asked = tuple(item for item in ASKED if item[0] == "index")
    belongs = tale.copy()
    if not belongs.tell(tied("lackey", "trader")):
        return None
    by = belongs.copy()
    for mode in ("mystery", "flight"):
        lot = tale.rng.choice(LOTS)
        by.tell(says("inspection", by="lackey", called=f"praise {mode}", mode=mode, subject=lot))
    was, now = answers(belongs, asked, at_us), answers(by, asked, at_us)
    for one, item in was.items():
        if _score(now[one]) > _score(item):
            return shown(one), "index praised", f"{codes_of(item)} -> {codes_of(now[one])}"
    return None


def _score(item: Answer) -> int:
    score = item.value.get("score") if isinstance(item.value, dict) else None
    return -1 if score is None else int(score)


Found = tuple[Asked, str, str]


def turned(before: dict[Asked, Answer], after: dict[Asked, Answer]) -> Found | None:
    """Return an answer that a protection turned to yes."""
    contested = any(code in CONTESTED for item in before.values() for code, _, _ in item.reasons)
    for asked, was in before.items():
        codes = {code for code, _, _ in was.reasons}
        if asked[0] == ON_RECORD or (was.reasons and codes <= CONTESTED):
            continue
        if asked[0] == TESTING and codes <= UNPROVEN and contested:
            continue
        now = after[asked]
        if was.verdict != "yes" and now.verdict == "yes" and not _tested(asked, was, now):
            what = f"{codes_of(was)} -> {codes_of(now)} by adding a protection"
            return asked, f"{asked[0]} turned", what
    return None


def _tested(asked: Asked, was: Answer, now: Answer) -> bool:
    """Return whether a promise to test is kept by a test that failed, and says so; or a laboratory's."""
    failed = {code for code, _, _ in now.notes - was.notes}
    of_laboratory = dict(asked[1]).get("party") == who("laboratory")
    return asked[0] == TESTING and ("report-failed" in failed or of_laboratory)


def unfelt(guarded: Tale, after: dict[Asked, Answer]) -> Found | None:
    """Return the trace of goods that something new was found against, and that says nothing of it."""
    guard = guarded.said[-1]
    statement, body = guarded.told.said["guard"]
    lot = str(getattr(body, "lot", None) or getattr(body, "about", None) or statement.subject)
    if guard.move.type_ not in FOUND or "/10/" not in lot:
        return None
    for asked, item in after.items():
        about = dict(asked[1]).get("goods")
        if about in (lot, lot.partition("/10/")[0]):
            named = any(guard.id in ids for _, _, ids in item.reasons)
            if item.verdict != "no" or not named:
                what = f"{codes_of(item)} although {guard.move.type_} speaks against {lot}"
                return asked, f"{asked[0]} without {guard.move.type_}", what
    return None


CONTESTED = {"product-contested", "lot-contested", "place-contested", "serial-contested"}
"""Whose paper is withdrawn contests no name any more: that frees no goods from anything found."""
UNPROVEN = {"standard-unproven", "conduct-unproven"}
"""What a promise about contested goods says of them."""
FOUND = ("recall", "inspection", "test-report", "observation")
"""What speaks against a lot."""
FORWARD = ("sanction", "revocation", "admission")
"""What bites from its registration on, whatever beginning it names."""


def earlier(tale: Tale, guarded: Tale, questions: tuple[Asked, ...]) -> Found | None:
    """Return an answer about the time before a protection that it turned to no."""
    at_us = tale.now_us
    was, now = answers(tale, questions, at_us), answers(guarded, questions, at_us)
    for asked, item in was.items():
        if (item.verdict, now[asked].verdict) == ("yes", "no"):
            what = f"{codes_of(item)} -> {codes_of(now[asked])} before it was said"
            return asked, f"{asked[0]} turned before", what
    return None


def unduly(
    guarded: Tale, undoing: Undoing, before: dict[Asked, Answer], at_us: int, tally: Tally
) -> Found | None:
    """Return an answer in which somebody who may not undid what its reason rested on."""
    tale, guard = guarded.copy(), guarded.said[-1].id
    let_in = [tale.tell(move) for move in undoing]
    measured_by = {move.called for move in undoing} & {END_OF_MARK}
    # What makes it undue was refused: what is left is what anybody may say.
    undue = all(done for move, done in zip(undoing, let_in, strict=True) if move.called in UNDUE)
    if not let_in[-1] or not undue or _freed(guarded, undoing[-1], tale):
        return None
    tally.statements.update(move.type_ for move in undoing)
    for asked, was in before.items():
        if any(guard in ids for _, _, ids in was.reasons):
            now = answers(tale, (asked,), at_us)[asked]
            still = {code for code, _, ids in now.reasons if guard in ids}
            gone = {code for code, _, ids in was.reasons if guard in ids} - still
            if {code for code, _, _ in now.reasons} & NOBODYS or (
                asked[0] == TESTING and measured_by
            ):
                continue
            if _lapsed(guarded, asked, now):
                continue
            if gone - (BY_THE_NEWEST if still else set()):
                what = f"{sorted(gone)} undone by {undoing[-1].by}, which may not"
                return (
                    asked,
                    f"{asked[0]} {sorted(gone)} undone unduly by {undoing[-1].type_}",
                    what,
                )
    return None


def _freed(guarded: Tale, last: Move, tale: Tale) -> bool:
    """Return whether who states a lot last was bound by nobody: a decision had rejected who claimed its product by then.

    Who holds nothing binds nobody, or a squatter's lots would bind who was right.
    """
    if last.type_ != "lot":
        return False
    view, statement = guarded.paper.view, read(tale.said[-1].raw)[0]
    product = product_of(statement.subject)
    claims = [
        one
        for one in ever_stated(view, "product", product)
        if one.issuer not in (statement.issuer, who("operator"))
    ]
    return bool(claims) and all(rejected(view, "product", one) for one in claims)


def _lapsed(guarded: Tale, asked: Asked, now: Answer) -> bool:
    """Return whether other goods took the number of what a mere grantee called back, and the answer says so.

    Not of what was made of it: that is of the goods that were.
    """
    if guarded.said[-1].move.by not in GRANTEES:
        return False
    lot = guarded.told.said["guard"][0].subject
    goods = dict(asked[1]).get("goods", lot).partition("/21/")[0]
    made_of_it = "/10/" in goods and goods != lot
    lapsed = {dict(facts)["lot"] for code, facts, _ in now.notes if code == "recall-lapsed"}
    return lot in lapsed and not made_of_it


GRANTEES = {"agent", "distributor", "trader", "coseller"}
"""Whose recall of its own lot lapses once its right-holder makes other goods of that number."""


def silently(
    guarded: Tale, undoing: Undoing, before: dict[Asked, Answer], at_us: int, tally: Tally
) -> Found | None:
    """Return an answer in which nothing names who undid what its reason rested on.

    Of several statements any one has to be named; what the rules refuse of them is left out.
    """
    tale, count = guarded.copy(), len(guarded.said)
    tale.tell(*undoing)
    by = {item.id for item in tale.said[count:]}
    if not by:
        return None
    tally.statements.update(item.move.type_ for item in tale.said[count:])
    guard = guarded.said[-1].id
    changed = tuple(item for item in before if before[item].reasons)
    for asked, now in answers(tale, changed, at_us).items():
        was = before[asked]
        still = {code for code, _, ids in now.reasons if guard in ids}
        gone = {code for code, _, ids in was.reasons if guard in ids} - still
        if still:
            gone -= BY_THE_NEWEST
        named = any(by & set(ids) for _, _, ids in (*now.notes, *now.reasons))
        if gone and not named:
            what = f"{codes_of(was)} -> {codes_of(now)}: {sorted(gone)} undone without a note"
            return asked, f"{asked[0]} {sorted(gone)} undone by {undoing[-1].type_}", what
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
        if kind.endswith(OBJECTED):
            return objected(guarded, after, moves[1], at_us, Tally())
        if len(moves) == 1:
            was = answers(begun, (asked,), at_us)
            return turned(was, after) or unfelt(guarded, after) or earlier(begun, guarded, (asked,))
        undoing = moves[1:]
        return silently(guarded, undoing, after, at_us, Tally()) or unduly(
            guarded, undoing, after, at_us, Tally()
        )

    def still(kept: list[Said]) -> bool:
        fault = again(kept)
        return fault is not None and fault[1] == kind

    kept = least(list(tale.said), still)
    what = (again(kept) or found)[2]
    story = [str(item.move) for item in kept[BEGIN:]] + [f"* {move}" for move in moves]
    return Violation("I11", seed, shown(asked), what, tuple(story), kind)
