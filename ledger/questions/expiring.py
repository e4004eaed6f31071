"""``expiring``: which papers and grants of a party end within so many days, soonest first."""

from collections.abc import Callable, Sequence
from typing import Any

from ledger.questions.grants import grant_failure, renews
from ledger.questions.papers import paper, papers
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules import scope
from ledger.rules.chains import Failure, category_of, grant
from ledger.rules.standing import Standing, standing_in
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import Authorisation
from ledger.statements.fields import PeriodBody

DAY_US = 86_400 * MICROSECONDS


def _until_us(item: Standing) -> int | None:
    """Return when a paper or grant ends, None for one that never does or was ended already."""
    body = item.body
    if item.ended is not None or not isinstance(body, PeriodBody) or body.until is None:
        return None
    return body.until.us


def _paper_renews(asked: Asked, later: Standing, earlier: Standing) -> bool:
    """Return whether a paper is of the same kind and for all that another is, and ends after it."""
    new, old = paper(later), paper(earlier)
    if later.ended is not None or new.kind != old.kind or old.until is None:
        return False
    if new.until is not None and new.until <= old.until:
        return False
    outside = scope.goods_outside(
        new.categories, old.categories, lambda p: category_of(asked.view, p)
    )
    same = new.of == old.of and new.relation == old.relation
    return same and not outside and {*old.methods} <= {*new.methods}


def _split(
    asked: Asked,
    items: Sequence[Standing],
    end_us: int,
    renewing: Callable[[Asked, Standing, Standing], bool],
) -> tuple[list[tuple[Standing, int | None]], list[Standing]]:
    """Return those that end before a time, each with its renewal, and those expired without one."""
    ending: list[tuple[Standing, int | None]] = []
    lapsed: list[Standing] = []
    for item in items:
        until_us = _until_us(item)
        if until_us is None or until_us > end_us:
            continue
        renewal = next((other.index for other in items if renewing(asked, other, item)), None)
        if until_us > asked.valid_at_us:
            ending.append((item, renewal))
        elif renewal is None:
            lapsed.append(item)
    return ending, lapsed


def _facts(item: Standing) -> tuple[str, dict[str, str | int]]:
    """Return "paper" or "grant", and the facts of its reasons."""
    body = item.body
    assert isinstance(body, PeriodBody)  # noqa: S101 - what ends has a period
    until: dict[str, str | int] = {"until": str(body.until)}
    if isinstance(body, Authorisation):
        return "grant", {"issuer": item.issuer, "grantee": item.subject} | until
    found = paper(item)
    return "paper", {"kind": found.kind, "number": str(found.number)} | until


def _row(item: Standing, renewal: int | None) -> dict[str, Any]:
    what, facts = _facts(item)
    body = item.body
    name = grant(item).brand if isinstance(body, Authorisation) else paper(item).number
    return {
        "what": what,
        "entry": item.index,
        "kind": facts.get("kind"),
        "name": str(name),
        "issuer": item.issuer,
        "until": facts["until"],
        "renewed": renewal,
    }


def expiring(asked: Asked, *, party: str, days: str) -> Verdict:
    """Return yes if something ends within so many days, with what has ended and was not renewed."""
    view = asked.view
    if not view.history("identity", party).count:
        missing = Failure("party-unknown", (), {"party": party})
        return settle(unknown=[missing], detail={"ending": []})
    end_us = asked.valid_at_us + int(days) * DAY_US
    granted = [i for i in standing_in(view, "grants", party) if isinstance(i.body, Authorisation)]
    papers_ending, papers_lapsed = _split(asked, papers(view, party), end_us, _paper_renews)
    grants_ending, grants_lapsed = _split(asked, granted, end_us, renews)
    # A grant that is dead already through a link above it ends nothing any more.
    alive = [pair for pair in grants_ending if grant_failure(asked, pair[0]) is None]
    rows = [_row(*pair) for pair in (*papers_ending, *alive)]
    rows.sort(key=lambda row: (row["until"], row["entry"]))
    notes = []
    for item, renewal in (*papers_ending, *alive):
        if renewal is None:
            what, facts = _facts(item)
            notes.append(Failure(f"{what}-ending", (item.index,), facts))
    for item in (*papers_lapsed, *grants_lapsed):
        what, facts = _facts(item)
        notes.append(Failure(f"{what}-expired", (item.index,), facts))
    notes.sort(key=lambda note: (str(note.facts["until"]), note.entries))
    entries = (*(row["entry"] for row in rows), *(i for note in notes for i in note.entries))
    return Verdict("yes" if rows else "no", (), tuple(notes), entries, {"ending": rows})
