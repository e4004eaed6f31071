"""``quality_centre``: what a trader's quality people look at: index, findings, papers, listings, what first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ledger.identifiers import ALL
from ledger.primitives.instant import DAY_US
from ledger.questions.expiring import expiring
from ledger.questions.first_things import Judged, first_things
from ledger.questions.improvement import mending
from ledger.questions.listable import Listables
from ledger.questions.market import complaint_row
from ledger.questions.on_sale import at, ground, listed_by
from ledger.questions.pages import of_page, pages
from ledger.questions.quality import (
    Indexed,
    complaints_of,
    index_failures,
    index_notes,
    index_of,
    trend,
)
from ledger.questions.trader import listing_row
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.outcomes import Outcome
from ledger.rules.severity import inspection_failure
from ledger.statements.fields import SEVERITIES, Severity
from ledger.statements.inspection_family import Inspection, plans_of
from ledger.statements.observer_family import Observation
from ledger.statements.origin_family import OriginAudit

PAGE = 20
"""Listings judged in one answer, now and for the days ahead; of most else so many on a page, too."""
FIRST = 20
"""Things to do told in one answer."""
ENDED = ("effective", "ineffective", "moot")
"""What became of plans on which nothing is left to do."""
LATELY = 20
"""Entries told of one kind of finding, the newest first."""


def _classes(outcome: Outcome) -> set[Severity]:
    """Return the classes of what was found, in an outcome that passed, too."""
    body = outcome.item.body
    match body:
        case Inspection(findings=findings):
            refused = {plan.class_ for plan in plans_of(body) if plan.refused}
            found = {one.severity for one in findings}
            failure = inspection_failure(body)
            classes = {one for one in SEVERITIES if one in refused}
            return found | classes | (set() if failure is None else {failure})
        case OriginAudit(findings=findings) | Observation(findings=findings):
            return {one.severity for one in findings}
        case _:
            return set()


def _found(indexed: Indexed) -> Iterator[dict[str, Any]]:
    """Yield how many outcomes found something of a class in a mode, worst classes first."""
    kinds: dict[tuple[str, Severity], list[int]] = defaultdict(list)
    for outcome, mark in indexed.index.counted:
        for severity in _classes(outcome):
            kinds[mark.source, severity].append(outcome.item.index)

    def worst(kind: tuple[str, Severity]) -> tuple[int, str]:
        return -SEVERITIES.index(kind[1]), kind[0]

    for kind in sorted(kinds, key=worst):
        source, severity = kind
        entries = sorted(kinds[kind], reverse=True)
        yield {
            "mode": source,
            "severity": severity,
            "count": len(entries),
            "entries": entries[:LATELY],
        }


def _indexed(asked: Asked, subject: str) -> Indexed | None:
    found = index_of(asked, subject)
    return None if isinstance(found, Failure) else found


def _products(asked: Asked, judged: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    """Yield the index of each product, against that of the category it is listed in."""
    categories: dict[str, Indexed | None] = {}
    sold = {(one.found.item.subject, str(one.found.listing.category)): None for one in judged}
    for product, category in sold:
        if category not in categories:
            categories[category] = _indexed(asked, category)
        own, others = _indexed(asked, product), categories[category]
        score = None if own is None else own.index.score
        usual = None if others is None else others.index.score
        yield {
            "product": product,
            "category": category,
            "score": score,
            "grade": "insufficient" if own is None else own.index.grade,
            "outcomes": 0 if own is None else len(own.index.counted),
            "usual": usual,
            "apart": None if score is None or usual is None else score - usual,
        }


def _judged(asked: Asked, trader: str, page: str, days: int) -> tuple[list[Judged], int]:
    """Return the listings of a page, judged now and behind so many days, and how many there are."""
    listed, ahead = listed_by(asked, trader), at(asked, asked.valid_at_us + days * DAY_US)
    now, then = Listables(asked), Listables(ahead)
    shown = of_page(listed, page, PAGE)
    judged = [Judged(one, ground(asked, one, now), ground(ahead, one, then)) for one in shown]
    return judged, len(listed)


def _reasons(judged: Iterable[Judged], verdict: str) -> list[Failure]:
    return [reason for one in judged if one.now.verdict == verdict for reason in one.now.reasons]


def quality_centre(asked: Asked, *, trader: str, days: str, page: str) -> Verdict:
    """Return yes if all that is listed here may be on sale and nothing is left to mend, with what to do first."""
    judged, total = _judged(asked, trader, page, int(days))
    index = index_of(asked, trader)
    indexed = None if isinstance(index, Failure) else index
    bad, unsure = ([], [index]) if isinstance(index, Failure) else index_failures(index, trader)
    mended = mending(asked, trader)
    ends = expiring(asked, party=trader, days=days, brand=ALL)
    coming = [note for note in ends.notes if "ending" in note.code or note.code == "grant-notice"]
    left = once((*([] if indexed is None else indexed.index.capped), *mended.no, *mended.unknown))
    counted = [] if indexed is None else index_notes(asked, indexed, trader)
    measured = None if indexed is None else (indexed, asked.valid_at_us)
    first = first_things(judged, coming, left, mended.causes, measured)
    complaints = [] if indexed is None else complaints_of(asked, indexed)
    complaints.sort(key=lambda item: -item.index)
    lists: dict[str, list[Any]] = {
        "found": [] if indexed is None else list(_found(indexed)),
        "complaints": [complaint_row(item) for item in complaints],
        "advice": mended.advice[::-1],
        "plans": [row for row in mended.plans if row["state"] not in ENDED],
        "ending": list(ends.detail["ending"]),
    }
    longest = max(total, *map(len, lists.values()))
    shown = {name: of_page(rows, page, PAGE) for name, rows in lists.items()}
    no = once((*_reasons(judged, "no"), *bad, *mended.no))
    unknown = once((*_reasons(judged, "unknown"), *unsure, *mended.unknown))
    absent = [] if total else [Failure("nothing-listed", (), {"trader": trader})]
    return settle(
        no=no,
        unknown=[*absent, *(one for one in unknown if one not in no)],
        notes=once(
            (
                *(note for one in judged for note in one.now.notes),
                *counted,
                *mended.notes,
                *ends.notes,
            )
        ),
        rests_on=(
            *(entry for one in judged for entry in one.now.rests_on),
            *(() if indexed is None else (indexed.model.index,)),
            *(
                row["entry"]
                for name in ("complaints", "advice", "plans", "ending")
                for row in shown[name]
            ),
        ),
        counts_by=() if indexed is None else indexed.goods.stated,
        detail={
            "page": int(page),
            "pages": pages(longest, PAGE),
            "total": total,
            "on_sale": sum(one.now.verdict == "yes" for one in judged),
            "score": None if indexed is None else indexed.index.score,
            "grade": "insufficient" if indexed is None else indexed.index.grade,
            "outcomes": 0 if indexed is None else len(indexed.index.counted),
            "to_do": len(first),
            "counts": {name: len(rows) for name, rows in lists.items()},
            "first": first[:FIRST],
            "products": list(_products(asked, judged)),
            "trend": [] if indexed is None else trend(asked, indexed),
            **shown,
            "listed": [listing_row(one.found, one.now) for one in judged],
        },
    )
