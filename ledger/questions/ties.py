"""``ties``: who is tied to a party at a time, and by what papers; or whether another is."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from ledger.identifiers import ALL
from ledger.questions.pages import of_page, pages
from ledger.questions.papers import paper, papers
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing
from ledger.rules.ties import CODE, Group, below, coded, group, meeting

PAGE = 50
"""Parties listed in one answer."""
MAX_TIED = 10_000
"""Parties looked at in one answer; a note says that there are more."""


def _tied(asked: Asked, party: str, ours: Group) -> list[str]:
    """Return who is tied to a party: all above it, and whoever belongs to one of these, nearest first.

    One more than are looked at, where there are more.
    """
    found, todo = dict.fromkeys((party,)), list(ours)
    seen = set(todo)
    for above in todo:  # grows on the way
        if not above.startswith(CODE):
            found.setdefault(above)
        for one in below(asked.view, above, asked.valid_at_us):
            found.setdefault(one)
            if one not in seen:
                seen.add(one)
                todo.append(one)
        if len(found) > MAX_TIED + 1:
            break
    return list(islice(found, 1, MAX_TIED + 2))


def _how(party: str, other: str, through: str) -> str:
    """Return how another stands to a party, given where their groups meet."""
    if party == other:
        return "same-party"
    if through.startswith(CODE):
        return "same-code"
    return {other: "parent", party: "subsidiary"}.get(through, "beside")


def _paper(item: Standing) -> dict[str, Any]:
    body = paper(item)
    return {
        "entry": item.index,
        "id": item.id,
        "holder": str(item.subject),
        "of": str(body.of),
        "relation": body.relation,
        "number": str(body.number),
        "issuer": item.issuer,
        "from": str(body.from_),
        "until": None if body.until is None else str(body.until),
    }


class _Rows:
    """The rows of a page, and the papers that they name."""

    def __init__(self, asked: Asked, party: str, ours: Group) -> None:
        self._asked, self._party, self._ours = asked, party, ours
        self.rows: list[dict[str, Any]] = []
        self._known: dict[int, Standing] = {}
        self._codes: list[int] = []

    def add(self, others: Iterable[str]) -> None:
        """Add a row for each that is tied."""
        for other in others:
            theirs = group(self._asked.view, other, self._asked.valid_at_us)
            found = meeting(self._ours, theirs)
            if found is not None:
                self._add(other, theirs, *found)

    def _add(self, other: str, theirs: Group, through: str, entries: tuple[int, ...]) -> None:
        view, by_code = self._asked.view, through.startswith(CODE)
        on_the_way = [one for one in (*self._ours, *theirs) if not one.startswith(CODE)]
        self._known |= {item.index: item for one in on_the_way for item in papers(view, one)}
        if by_code:
            self._codes += [index for one in on_the_way for index in coded(view, one, (through,))]
        self.rows.append(
            {
                "party": str(other),
                "how": _how(self._party, other, through),
                "through": None if by_code else str(through),
                "uscc": through.removeprefix(CODE) if by_code else None,
                "papers": list(entries),
            }
        )

    @property
    def papers(self) -> list[Standing]:
        """Return the papers that rows name, oldest first."""
        named = sorted({index for row in self.rows for index in row["papers"]})
        return [self._known[index] for index in named]

    @property
    def rests_on(self) -> tuple[int, ...]:
        """Return what rows rest on: papers, and what gave a code."""
        return (*(item.index for item in self.papers), *self._codes)


def _detail(found: _Rows, page: str, total: int | None) -> Mapping[str, Any]:
    return {
        "page": int(page),
        "pages": pages(total or 0, PAGE),
        "total": total,
        "parties": found.rows,
        "papers": [_paper(item) for item in found.papers],
    }


def ties(asked: Asked, *, party: str, to: str, page: str) -> Verdict:
    """Return yes if somebody, or the one that is named, is tied to a party, with the papers that say so."""
    ours = group(asked.view, party, asked.valid_at_us)
    tied = _tied(asked, party, ours) if to == ALL else [to]
    notes = [] if len(tied) <= MAX_TIED else [Failure("walk-limit", (), {"limit": MAX_TIED})]
    found = _Rows(asked, party, ours)
    found.add(of_page(tied[:MAX_TIED], page, PAGE) if to == ALL else tied)
    detail = _detail(found, page, min(len(tied), MAX_TIED) if to == ALL else None)
    is_tied = bool(tied if to == ALL else found.rows)
    named = (party,) if to == ALL else (party, to)
    absent = [one for one in named if not asked.view.history("identity", one).count]
    if absent and not is_tied:
        unknown = [Failure("party-unknown", (), {"party": one}) for one in absent]
        return settle(unknown=unknown, detail=detail)
    return Verdict("yes" if is_tied else "no", (), tuple(notes), found.rests_on, detail)
