"""``expiring``: which papers and grants that a party has or gave end within so many days, soonest first."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from ledger.identifiers import ALL
from ledger.primitives.instant import DAY_US, format_us
from ledger.questions.grants import MAX_BRANDS, given, granted, live_from, lost, marks, renews
from ledger.questions.papers import covers_paper, paper, papers
from ledger.questions.times import began_us
from ledger.questions.undone import named
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import ENDED, Failure, grant
from ledger.rules.codes import SINCE
from ledger.rules.ends import end_of, notice_us, until_us
from ledger.rules.offices import ever_office
from ledger.rules.standing import Standing, standing
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import (
    Authorisation,
    grant_subject,
    papers_ending,
)
from ledger.statements.fields import PeriodBody

MAX_GIVEN = 10_000
"""Grants, and papers, of a party's own making looked at in one answer; with more it is ``unknown``."""
MAX_MONTHS = 120
"""Months looked at for what an authority issued; with more days to look ahead it is ``unknown``."""
MONTHS = 12


def _until_us(asked: Asked, item: Standing) -> int | None:
    """Return when a paper or grant ends, by its terms where it was revoked; None for one that never does or was ended already."""
    ended = item.ended is not None and notice_us(asked.view, item) is None
    return None if ended else until_us(asked.view, item)


def _stands(asked: Asked, item: Standing) -> bool:
    """Return whether a grant was not revoked, or has terms by which that takes effect yet."""
    end = end_of(asked.view, item)
    return end is None or (end.notice_us is not None and asked.valid_at_us < end.notice_us)


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
        until_us = _until_us(asked, item)
        if until_us is None or until_us > end_us:
            continue
        renewal = next((other.index for other in items if renewing(asked, other, item)), None)
        if until_us > asked.valid_at_us:
            ending.append((item, renewal))
        elif renewal is None:
            lapsed.append(item)
    return ending, lapsed


def _given(
    asked: Asked, party: str, brand: str, end_us: int
) -> tuple[list[tuple[Standing, int | None]], bool]:
    """Return the grants that a party made and that end before a time, and whether there are too many.

    Those that have only to begin, too; none that is dead already.
    """
    found: list[tuple[Standing, int | None]] = []
    for at, item in enumerate(given(asked, party, brand)):
        if at == MAX_GIVEN:
            return found, True
        until_us = _until_us(asked, item)
        if until_us is None or not asked.valid_at_us < until_us <= end_us:
            continue
        if live_from(asked, item) is not None:
            subject = grant_subject(grant(item).brand, item.subject)
            known = asked.view.fold(standing, "grant", subject).values()
            others = (one for one in known if isinstance(one.body, Authorisation))
            renewal = next((one.index for one in others if renews(asked, one, item)), None)
            found.append((item, renewal))
    return found, False


def _months(start_us: int, end_us: int) -> Iterator[str]:
    """Yield the months from one time to another, as 2026-05."""
    now = datetime.fromtimestamp(start_us // MICROSECONDS, UTC)
    last = format_us(end_us)[:7]
    year, month = now.year, now.month
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < MONTHS else (year + 1, 1)


def _issued(
    asked: Asked, party: str, end_us: int
) -> tuple[list[tuple[Standing, int | None]], bool]:
    """Return the papers of others that a party issued and that end before a time, and whether there are too many.

    Only authorities and the operator issue papers: of others nothing is read.
    """
    found: list[tuple[Standing, int | None]] = []
    if not ever_office(asked.view, party):
        return found, False
    seen = 0
    for at, month in enumerate(_months(asked.valid_at_us, end_us)):
        issued = asked.view.fold(standing, "papers-ending", papers_ending(party, month))
        seen += len(issued)
        if at == MAX_MONTHS or seen > MAX_GIVEN:
            return found, True
        for id_, said in issued.items():
            of_holder = papers(asked.view, said.subject) if said.subject != party else []
            item = next((one for one in of_holder if one.id == id_), None)
            until_us = None if item is None else _until_us(asked, item)
            if item is None or until_us is None or not asked.valid_at_us < until_us <= end_us:
                continue
            renewal = next((i.index for i in of_holder if _paper_renews(asked, i, item)), None)
            found.append((item, renewal))
    return found, False


def _facts(asked: Asked, item: Standing) -> tuple[str, dict[str, str | int]]:
    """Return "paper" or "grant", and the facts of its reasons."""
    what, facts = named(item)
    until_us = _until_us(asked, item)
    assert until_us is not None  # noqa: S101 - told of what ends
    return what, facts | {"until": format_us(until_us)}


def _ending(asked: Asked, item: Standing) -> Failure:
    """Return that a paper or grant ends: by itself, or because it was revoked, by its own terms."""
    what, facts = _facts(asked, item)
    end = end_of(asked.view, item)
    if end is not None and _until_us(asked, item) == end.notice_us:
        facts |= {"by": end.entry.statement.issuer}
        return Failure("grant-notice", (item.index, end.entry.index), facts)
    return Failure(f"{what}-ending", (item.index,), facts)


def _row(asked: Asked, item: Standing, renewal: int | None) -> dict[str, Any]:
    what, facts = _facts(asked, item)
    body = item.body
    assert isinstance(body, PeriodBody)  # noqa: S101 - what ends has a period
    name = grant(item).brand if isinstance(body, Authorisation) else paper(item).number
    return {
        "what": what,
        "entry": item.index,
        "kind": facts.get("kind"),
        "name": str(name),
        "issuer": item.issuer,
        "holder": item.subject,
        "begins": str(body.from_) if body.from_.us > asked.valid_at_us else None,
        "until": facts["until"],
        "renewed": renewal,
    }


def _papers(asked: Asked, party: str, brand: str) -> list[Standing]:
    """Return the papers of a party, of one brand its trademark's."""
    found = papers(asked.view, party)
    return found if brand == ALL else [item for item in found if marks(item, brand)]


def _ended_last(asked: Asked, party: str, brand: str, told: Sequence[Failure]) -> Iterator[Failure]:
    """Yield of each brand the grant to a party that ended last, where none of it is left that may end yet."""
    of_brand = dict[str, list[Standing]]()
    for item in islice(granted(asked.view, party, brand), MAX_GIVEN):
        of_brand.setdefault(str(grant(item).brand), []).append(item)
    over = (
        name
        for name, known in of_brand.items()
        if all(live_from(asked, item) is None for item in known)
    )
    said = {index for note in told for index in note.entries}
    for name in islice(over, MAX_BRANDS):
        ended = [one for one in lost(asked, party, name, of_brand[name]) if one.code in ENDED]
        if ended:
            last = max(ended, key=lambda one: began_us(asked, one) or 0)
            if said.isdisjoint(last.entries):
                yield last


def expiring(asked: Asked, *, party: str, days: str, brand: str) -> Verdict:
    """Return yes if something ends within so many days and nothing renews it, with what has ended so."""
    view = asked.view
    if not view.history("identity", party).count:
        missing = Failure("party-unknown", (), {"party": party})
        return settle(unknown=[missing], detail={"ending": []})
    end_us = asked.valid_at_us + int(days) * DAY_US
    held = [item for item in granted(view, party, brand) if _stands(asked, item)]
    own_ending, papers_lapsed = _split(asked, _papers(asked, party, brand), end_us, _paper_renews)
    grants_ending, grants_lapsed = _split(asked, held, end_us, renews)
    # A grant that is dead already through a link above it ends nothing any more.
    alive = [pair for pair in grants_ending if live_from(asked, pair[0]) is not None]
    made, more = _given(asked, party, brand, end_us)
    issued, more_issued = _issued(asked, party, end_us) if brand == ALL else ([], False)
    ending = (*own_ending, *alive, *made, *issued)
    rows = [_row(asked, *pair) for pair in ending]
    rows.sort(key=lambda row: (row["until"], row["entry"]))
    notes = []
    for item, renewal in ending:
        if renewal is None:
            notes.append(_ending(asked, item))
    for item in (*papers_lapsed, *grants_lapsed):
        what, facts = _facts(asked, item)
        notes.append(Failure(f"{what}-expired", (item.index,), facts))
    notes += _ended_last(asked, party, brand, notes)
    notes.sort(key=lambda note: (str(note.facts.get("until", note.facts.get(SINCE))), note.entries))
    entries = (*(row["entry"] for row in rows), *(i for note in notes for i in note.entries))
    if more or more_issued:
        limit = Failure("walk-limit", (), {"limit": MAX_GIVEN})
        return settle(unknown=[limit], notes=notes, rests_on=entries, detail={"ending": rows})
    unrenewed = any(row["renewed"] is None for row in rows)
    return Verdict("yes" if unrenewed else "no", (), tuple(notes), entries, {"ending": rows})
