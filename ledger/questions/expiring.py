"""``expiring``: which papers and grants of a party end within so many days, soonest first."""

from collections.abc import Callable, Sequence
from typing import Any

from ledger.questions.grants import given, grant_failure, live_from, renews
from ledger.questions.papers import covers_paper, paper, papers
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure, grant
from ledger.rules.standing import Standing, standing, standing_in
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import Authorisation, grant_subject
from ledger.statements.fields import PeriodBody

MAX_GIVEN = 10_000
"""Grants of a party's own making looked at in one answer; with more it is ``unknown``."""
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
    if later.ended is not None or old.until is None:
        return False
    longer = new.until is None or new.until > old.until
    return longer and covers_paper(asked, later, earlier)


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


def _given(asked: Asked, party: str, end_us: int) -> tuple[list[tuple[Standing, int | None]], bool]:
    """Return the live grants that a party made and that end before a time, and whether there are too many."""
    found: list[tuple[Standing, int | None]] = []
    for at, item in enumerate(given(asked, party)):
        if at == MAX_GIVEN:
            return found, True
        until_us = _until_us(item)
        if until_us is None or not asked.valid_at_us < until_us <= end_us:
            continue
        if grant_failure(asked, item) is None:
            subject = grant_subject(grant(item).brand, item.subject)
            known = asked.view.fold(standing, "grant", subject).values()
            others = (one for one in known if isinstance(one.body, Authorisation))
            renewal = next((one.index for one in others if renews(asked, one, item)), None)
            found.append((item, renewal))
    return found, False


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
        "holder": item.subject,
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
    alive = [pair for pair in grants_ending if live_from(asked, pair[0]) is not None]
    made, more = _given(asked, party, end_us)
    rows = [_row(*pair) for pair in (*papers_ending, *alive, *made)]
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
    if more:
        limit = Failure("walk-limit", (), {"limit": MAX_GIVEN})
        return settle(unknown=[limit], notes=notes, rests_on=entries, detail={"ending": rows})
    return Verdict("yes" if rows else "no", (), tuple(notes), entries, {"ending": rows})
