"""I11, of friends and offices: ways to bend an answer that each once worked, tried on random worlds.

A way has what belongs to the world by right, what somebody bends, and what happens since. The world is
told with what bends it and without; what is asked about has to be no better with it, nor worse
where a rival bends it, nor silent where it is to be told.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from properties.asking import ASKED, Answer, Asked, answers
from properties.course import FIELD, Act, accredited, opened, standards
from properties.telling import HOUR_US, Tale, people
from properties.trials import codes_of
from properties.words import Move, at_of, cites, corrects, day, id_of, says, who
from questions.scenes.label import measured
from questions.scenes.pledges import MENDING
from tea import EVER, GARDEN, GTIN, LOT
from usual import finding

from ledger.sampling.tables import Aql, plan_for

Bends = Callable[[Answer, Answer, frozenset[str]], bool]
"""Whether an answer is bent: as it was, as it is, and by which statements."""
Found = tuple[Asked, str, str]


def better(was: Answer, now: Answer, _: frozenset[str]) -> bool:
    """Return whether an answer is yes now, of a higher score, or covers more."""
    turned = was.verdict != "yes" == now.verdict
    return turned or _score(now) > _score(was) or _covered(now) > _covered(was)


def worse(was: Answer, now: Answer, _: frozenset[str]) -> bool:
    """Return whether an answer is yes no more."""
    return was.verdict == "yes" != now.verdict


def better_in_silence(was: Answer, now: Answer, by: frozenset[str]) -> bool:
    """Return whether an answer is better, and names nobody who made it so."""
    return better(was, now, by) and not _names(now, by)


def untold(_: Answer, now: Answer, by: frozenset[str]) -> bool:
    """Return whether an answer that says no to nothing does not name what was said last."""
    return now.verdict == "yes" and not _names(now, by)


def _names(item: Answer, by: frozenset[str]) -> bool:
    return any(by & set(ids) for _, _, ids in (*item.reasons, *item.notes))


def _score(item: Answer) -> int:
    score = item.value.get("score") if isinstance(item.value, dict) else None
    return -1 if score is None else int(score)


def _covered(item: Answer) -> int:
    return len(item.value.get("covered", ())) if isinstance(item.value, dict) else 0


@dataclass(frozen=True)
class Way:
    """One way to bend an answer; ``asked``: the questions, with what they are about."""

    says: str
    own: Act
    bent: Act
    asked: tuple[Asked, ...] = ()
    is_bent: Bends = better
    since: Act = lambda _: iter(())
    without: tuple[str, ...] = ()

    def fault(self) -> str | None:
        """Return what is bent behind the beginning alone."""
        tale = people(Random(1))
        opened(tale)
        found = self.found(tale)
        return None if found is None else found[2]

    def found(self, tale: Tale) -> Found | None:
        """Return what is bent on a world; None also where the rules let nobody try."""
        straight = tale.copy()
        _play(straight, self.own(straight))
        other, count = straight.copy(), len(straight.said)
        if not _play(other, self.bent(other)):
            return None
        by = frozenset(item.id for item in other.said[count:])
        heard = _play(straight, self.since(straight))
        if heard and not _play(other, self.since(other)):
            refused = ", ".join(sorted(other.refused))
            return ("", ()), f"refused: {self.says}", f"refused since: {refused}"
        at_us = max(straight.now_us, other.now_us) + HOUR_US
        was, now = (answers(one, self.asked, at_us) for one in (straight, other))
        for asked in self.asked:
            if self.is_bent(was[asked], now[asked], by):
                what = f"{codes_of(was[asked])} -> {codes_of(now[asked])}: {self.says}"
                return asked, f"{asked[0]} bent: {self.says}", what
        return None


def _play(tale: Tale, moves: Iterator[Move]) -> bool:
    """Say these; return whether the last was let in, True where there is none."""
    let_in = True
    for move in moves:
        let_in = tale.tell(move)
    return let_in


def _of(question: str, **parameters: str) -> tuple[Asked, ...]:
    """Return what worlds ask of a question about these."""
    wanted = parameters.items()
    found = tuple(one for one in ASKED if one[0] == question and wanted <= dict(one[1]).items())
    assert found, question
    return found


def at_aql(aql: Aql) -> dict[str, Any]:
    """Return a plan of the tables for a lot of 480, just kept."""
    plan = plan_for(480, "II", aql, "normal")
    counts = {"accept": plan.accept, "reject": plan.reject, "nonconforming": plan.accept}
    return {"aql": aql, "sample_size": plan.sample_size, **counts}


def owned(t: Tale, holder: str, above: str) -> Move:
    """An office says that somebody belongs to another, and always did."""
    number = f"urn:qualification:samr.cn:OWNED-{holder.upper()}"
    of = {"kind": "affiliation", "number": number, "categories": [], "relation": "wholly-owned"}
    return says("qualification", subject=who(holder), called=t.name("tie"), of=who(above), **of)


# An index and coverage: by whom and by what goods are looked at.


def offered(t: Tale) -> Iterator[Move]:
    """The trader has an inspector of its own, and lists the tea."""
    yield says("quality-model")
    yield owned(t, "lackey", "trader")
    yield says(
        "qualification",
        called="business",
        kind="business",
        number="urn:qualification:samr.cn:B-1",
        categories=["food"],
    )
    yield says("origin-audit", called=t.name("audit"))
    yield says("listing", called=t.name("listing"))


def praised(t: Tale) -> Iterator[Move]:
    """The trader's own inspector passes its tea."""
    yield says("inspection", by="lackey", called=t.name("praise"), mode="flight", on=day(-0.01))


def looked_at(t: Tale) -> Iterator[Move]:
    """There is a model, and the lot was inspected."""
    yield says("quality-model")
    yield says("inspection", called=t.name("seen"), mode="mystery", on=day(-0.02))


def laxly(t: Tale) -> Iterator[Move]:
    """An inspector passes a lot of which each item is bad ten times over."""
    by = {"by": "second-inspector", "mode": "flight", "on": day(-0.01)}
    yield says("inspection", called=t.name("lax"), **by, **at_aql("1000"))


# Models.


def failed(t: Tale) -> Iterator[Move]:
    """There is a model, and a lot is refused for something critical."""
    yield says("quality-model", called=t.name("model"))
    yield says("origin-audit", called=t.name("audit"), findings=[])
    bad = {"nonconforming": 9, "decision": "refused", "findings": [finding("critical")]}
    yield says("inspection", called=t.name("seen"), mode="flight", on=day(-0.02), **bad)


MILD = {
    "severities": {"critical": 1, "major": 1, "minor": 1},
    "grades": {"a": 3, "b": 2, "c": 1},
    "critical_cap": "A",
}


def milder(t: Tale) -> Iterator[Move]:
    """The operator restates the model: nothing weighs much, nothing caps a grade."""
    yield says("quality-model", called=t.name("model"), **MILD)


def forgetful(t: Tale) -> Iterator[Move]:
    """The operator restates it: what is a month old counts no more."""
    yield says("quality-model", called=t.name("model"), window_days=30, step_days=10)


def a_month_later(t: Tale) -> Iterator[Move]:
    """A month passes, in which the garden is audited and the tea inspected."""
    t.wait(32)
    yield says("origin-audit", called=t.name("audit"))
    yield says("inspection", called=t.name("seen"), mode="mystery", on=day(-1))
    yield says("inspection", called=t.name("seen"), mode="patrol", by="warehouse", on=day(-1))


# Promises.

ANSWERED = {"kind": "complaints-answered", "within_days": 2}


def _pledges(promise: Mapping[str, Any]) -> Move:
    said = {"standards": [], "conduct": [promise], "called": "promise"} | EVER
    return says("alliance-pledge", **said)


def unanswered(t: Tale) -> Iterator[Move]:
    """The brand promised to answer complaints in two days; it did not."""
    yield _pledges(ANSWERED)
    yield says("complaint", called="grievance", shop=...)
    t.wait(4)
    yield says("facility", called="garden again")


ABOUT: dict[str, Any] = {"by": "brand", "subject": who("brand"), "cause": cites("grievance")}


def answered_late(t: Tale) -> Iterator[Move]:
    """It answers now, dated back to the first day."""
    yield says("improvement-plan", called=t.name("plan"), age_s=3 * 86_400, **ABOUT)


def planned(t: Tale) -> Iterator[Move]:
    """The brand promised to do in time what it plans, and plans for the third day."""
    yield _pledges(MENDING)
    yield says("complaint", called="grievance", shop=...)
    actions = [{"text": "order stronger cartons", "due": day(2)}]
    yield says("improvement-plan", called="their way", actions=actions, **ABOUT)


def overdue(t: Tale) -> Iterator[Move]:
    """The brand planned so, and did nothing."""
    yield from planned(t)
    t.wait(4)
    yield says("facility", called="garden again")


STEP: dict[str, Any] = {"action": 1, "target": cites("their way")}


def done_late(t: Tale) -> Iterator[Move]:
    """It does so now, dated back to the first day."""
    yield says("improvement-step", called=t.name("step"), age_s=3 * 86_400, **STEP, **ABOUT)


def judged_early(t: Tale) -> Iterator[Move]:
    """Somebody else's inspector finds on the first day that it has done nothing."""
    found = {"by": "tame", "outcome": "ineffective", "on": day(-0.01), "target": cites("their way")}
    yield says("improvement-verified", called=t.name("verdict"), **ABOUT | found)


def done_in_time(t: Tale) -> Iterator[Move]:
    """It does so on the second day, and days pass."""
    t.wait(1)
    yield says("improvement-step", called=t.name("step"), **STEP, **ABOUT)
    t.wait(4)
    yield says("facility", called="garden again")


# Values that nobody judged.


def of_sample(t: Tale) -> Iterator[Move]:
    """The law has a limit for lead, and the laboratory has a sample of the lot."""
    yield from standards(t)
    yield from accredited("laboratory", "accreditation")
    sample = f"urn:sample:{t.name('unjudged')}".replace(" ", "")
    yield says("sample-sealed", subject=sample, called="its jar")
    took = {"subject": sample, "called": "took it", "previous": id_of("its jar")}
    yield says("custody", by="laboratory", **took)


def unjudged(t: Tale) -> Iterator[Move]:
    """The laboratory measures five times the lead that the law allows, and cites no standard."""
    lead = {"property": "lead", "unit": "mg/kg", "value": "9.9", "outcome": "not-judged"}
    said = {"custody": id_of("took it"), "received": at_of("took it"), "standard": ...}
    number = t.name("U").replace(" ", "-")
    yield says(
        "test-report",
        subject=_sample(t),
        called=t.name("report"),
        number=number,
        results=[lead],
        **said,
    )


def tested(t: Tale) -> Iterator[Move]:
    """A laboratory promised what a standard asks, and finds too much lead in its sample."""
    yield from of_sample(t)
    kept = {"standards": [cites("standard")], "conduct": [], "called": "promise"} | EVER
    yield says("alliance-pledge", by="laboratory", subject=who("laboratory"), **kept)
    yield says("test-report", called="their finding", **_by_standard(t, lead=("2.1", "fail")))


def _by_standard(t: Tale, **changed: tuple[str, str]) -> dict[str, Any]:
    """Return what a report on the sample says, by the standard."""
    received = {"custody": id_of("took it"), "received": at_of("took it")}
    number = t.name("U").replace(" ", "-")
    said = {"subject": _sample(t), "number": number, "standard": cites("standard")}
    return received | said | {"results": measured(**changed)}


def _sample(t: Tale) -> str:
    return t.told.said["took it"][0].subject if "took it" in t.told.said else ""


def retested(t: Tale) -> Iterator[Move]:
    """Another laboratory finds nothing in a retained sample: the report is overturned."""
    month = next(s for topic, s in t.told.subjects_of("their finding") if topic == "reports")
    about = {"subject": _sample(t), "lot": LOT, "laboratory": who("laboratory")}
    about |= {"month": month.rpartition("\n")[2]}
    yield says("objection", called="their objection", target=cites("their finding"), **about)
    yield from accredited("second-laboratory", "second accreditation")
    sample = f"urn:sample:{t.name('retained')}".replace(" ", "")
    yield says("sample-sealed", subject=sample, called="other jar")
    took = {"subject": sample, "called": "took other", "previous": id_of("other jar")}
    yield says("custody", by="second-laboratory", **took)
    found = _by_standard(t) | about | {"sample": sample, "custody": id_of("took other")}
    found |= {"received": at_of("took other"), "accreditations": [cites("second accreditation")]}
    yield says("retest-report", called="their retest", target=cites("their finding"), **found)
    closing = {"target": cites("their objection"), "report": id_of("their finding")}
    closing |= {"outcome": "overturned", "retest": cites("their retest")}
    yield says("objection-closed", called="overturned", **about, **closing)


def known_as_tied(t: Tale) -> Iterator[Move]:
    """An office says that the other laboratory belongs to who made the lot."""
    yield owned(t, "second-laboratory", "brand")


# Deliveries.

HALF = GTIN + "/10/HALF"


def delivered(_: Tale) -> Iterator[Move]:
    """The brand makes a lot of 480 items."""
    yield says("lot", subject=HALF, called="half", serial_range={"first": "5001", "last": "5480"})


INBOUND: dict[str, Any] = {"subject": HALF, "mode": "inbound", "on": day(-0.01), "lot_size": 240}
INBOUND |= {"sample_size": 50, "accept": 1, "reject": 2}


def made_up(t: Tale) -> Iterator[Move]:
    """Another warehouse says that all of it came with deliveries of its own making."""
    for number in (1, 2):
        how = INBOUND | {"delivery": f"theirs {number}"}
        yield says("inspection", by="second-warehouse", called=t.name("made up"), **how)


def received(t: Tale) -> Iterator[Move]:
    """The warehouse accepts what came."""
    how = INBOUND | {"delivery": "half of it"}
    yield says("inspection", by="warehouse", called=t.name("inbound"), **how)


# Corrections.


def mistyped(_: Tale) -> Iterator[Move]:
    """The brand states a lot as made at another of its places."""
    yield says("facility", subject=FIELD, called="field")
    yield says("lot", subject=HALF, called="half", facility=FIELD, serial_range=...)


def passed_by_any(t: Tale) -> Iterator[Move]:
    """A warehouse that never had it says that it passed all of it."""
    how = {"by": "second-warehouse", "subject": HALF, "mode": "inbound", "on": day(-0.01)}
    yield says("inspection", called=t.name("passed"), **how)


def said_right(_: Tale) -> Iterator[Move]:
    """The brand says where it was made."""
    yield corrects("half", "brand", facility=GARDEN)


WAYS: tuple[Way, ...] = (
    Way(
        "the trader's own inspector looks at its goods",
        offered,
        praised,
        _of("coverage"),
        better,
        without=("tied-coverage",),
    ),
    Way(
        "a count of nonconformities at AQL 1000 passes",
        looked_at,
        laxly,
        _of("index", subject=GTIN),
        better,
        without=("lax-passes",),
    ),
    Way(
        "the operator restates its model milder",
        failed,
        milder,
        _of("index", subject=GTIN),
        better_in_silence,
        without=("model-restated",),
    ),
    Way(
        "the operator restates its model to forget sooner",
        failed,
        forgetful,
        _of("index", subject=GTIN),
        better_in_silence,
        a_month_later,
        without=("model-restated", "model-forgets"),
    ),
    Way(
        "a complaint is answered late, dated back",
        unanswered,
        answered_late,
        _of("pledges", party=who("brand")),
        better,
        without=("in-time",),
    ),
    Way(
        "a step is done late, dated back",
        overdue,
        done_late,
        _of("pledges", party=who("brand")),
        better,
        without=("in-time",),
    ),
    Way(
        "somebody judges a plan before it is due",
        planned,
        judged_early,
        _of("pledges", party=who("brand")),
        worse,
        done_in_time,
        without=("judged-early",),
    ),
    Way(
        "a laboratory leaves what misses a limit of the law unjudged",
        of_sample,
        unjudged,
        (*_of("trace", goods=LOT), *_of("trace", goods=GTIN)),
        untold,
        without=("limit-unjudged", "limits-unjudged"),
    ),
    Way(
        "a laboratory's promise is broken by a retest that counts nowhere",
        tested,
        retested,
        _of("pledges", party=who("laboratory")),
        worse,
        known_as_tied,
        without=("tied-retest",),
    ),
    Way(
        "another warehouse says that all of a lot was delivered",
        delivered,
        made_up,
        since=received,
        without=("made-up-deliveries",),
    ),
    Way(
        "another warehouse passes a lot that its maker mistyped",
        mistyped,
        passed_by_any,
        since=said_right,
        without=("passes-bind",),
    ),
)
"""Ways to bend an answer."""

TRIED_WAYS = 3
"""So many are tried on a world."""
