"""Whether what a sanction rests on still stands, or was overturned or taken back since.

A sanction does not fall by itself with its grounds: what protects people is not undone in
silence. The answer says that they fell, and who has to lift it.
"""

from collections import Counter
from collections.abc import Iterator

from ledger.histories.history import Entry
from ledger.questions.times import registered_by, since
from ledger.questions.verdict import Asked
from ledger.rules.appeals import annulled_by
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
from ledger.rules.improvements import plans_about
from ledger.rules.reports import report_of
from ledger.rules.sanctions import critical, no_trigger
from ledger.rules.standing import Standing, resolve
from ledger.rules.taken_over import lapsed_by
from ledger.statements.laboratory_family import Tested
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import Sanction

STATES = ("open", "effective", "ineffective")
"""What may have become of a plan of improvement."""


def _overturned_by(asked: Asked, found: Standing, trader: str) -> int | None:
    """Return the entry by which a trigger became none, None while it is one.

    A recall that lapsed is one still for who called back its own.
    """
    body, by = found.body, found.replaced
    if isinstance(body, Sanction):
        by = annulled_by(asked.view, found)
    elif found.ended is not None:
        by = found.ended
    elif isinstance(body, Recall) and found.issuer != trader:
        by = lapsed_by(asked.view, found)
    elif no_trigger(asked.view, found) is None:
        return None
    elif isinstance(body, Tested):
        closed = (item.closed for item in report_of(asked.view, found).objections)
        ends = [entry.index for entry in closed if entry is not None]
        by = max([*ends, *(() if by is None else (by,))], default=None)
    return by if by is not None and registered_by(asked, by) else None


def _plans(asked: Asked, item: Standing, body: Sanction) -> Iterator[tuple[str, Entry]]:
    """Yield the plans of who is sanctioned about a sanction or a trigger of it: how each stands, by which entry."""
    triggers = (resolve(asked.view, citation) for citation in body.triggers)
    for cause in (item, *(found for found in triggers if found is not None)):
        for plan in plans_about(asked.view, cause):
            if plan.trader != item.subject or not registered_by(asked, plan.entry.index):
                continue
            if plan.closed is None or not registered_by(asked, plan.closed.index):
                yield "open", plan.entry
            else:
                yield str(plan.outcome), plan.closed


def plan_counts(asked: Asked, item: Standing, body: Sanction) -> Counter[str]:
    """Return how many plans of who is sanctioned are about a sanction or a trigger of it: open, or as found."""
    return Counter(state for state, _ in _plans(asked, item, body))


def mended_by_plan(asked: Asked, item: Standing, body: Sanction) -> int | None:
    """Return an entry that found such a plan effective, None while none was."""
    return _first(asked, item, body, "effective")


def begun_by_plan(asked: Asked, item: Standing, body: Sanction) -> int | None:
    """Return the entry of such a plan that nobody verified yet, None where there is none."""
    return _first(asked, item, body, "open")


def _first(asked: Asked, item: Standing, body: Sanction, wanted: str) -> int | None:
    found = [entry for state, entry in _plans(asked, item, body) if state == wanted]
    return min(found, key=lambda entry: entry.statement.id).index if found else None


def plan_notes(counts: Counter[str], item: Standing, body: Sanction) -> Iterator[Failure]:
    """Yield how many plans there are, if there is any."""
    if counts:
        facts: dict[str, str | int] = {"step": body.step, "subject": item.subject}
        yield Failure(
            "sanction-plans", (item.index,), facts | {name: counts[name] for name in STATES}
        )


def ground_notes(asked: Asked, item: Standing, body: Sanction) -> Iterator[Failure]:
    """Yield that a sanction's grounds, or some of them, were overturned or taken back."""
    stands: list[Standing] = []
    overturned: list[int] = []
    for citation in body.triggers:
        found = resolve(asked.view, citation)
        if found is None:
            continue
        by = _overturned_by(asked, found, item.subject)
        if by is None:
            stands.append(found)
        else:
            overturned += (found.index, by)
    if not overturned:
        return
    severe = body.severity_ground == "critical"
    carried = any(critical(asked.view, found) for found in stands) if severe else bool(stands)
    facts: dict[str, str | int] = {"step": body.step, "subject": item.subject}
    facts[SINCE] = since(asked, max(overturned))
    code = "sanction-weakened" if carried else "sanction-unfounded"
    yield Failure(code, (item.index, *dict.fromkeys(overturned)), facts)
