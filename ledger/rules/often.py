"""How often one party may say one thing: what somebody says of others' things, they answer with.

Who has a right or an office beside (a fellow reseller, the maker of an input, an inspector, a
warehouse, a laboratory, an observer, a consumer) joins histories that answers about others read
whole. It may do so as often as anybody has reason to; not so often that an answer grows with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledger.histories.history import Entry, Fold
from ledger.identifiers import product_of
from ledger.identifiers.kinds import AND, PAIR
from ledger.rules.brand_rights import brand_standing
from ledger.rules.brands import proposed
from ledger.rules.claims import products
from ledger.rules.offices import by_office
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import Product
from ledger.statements.catalogue import histories_of, said_by, type_name
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body
from ledger.statements.inspection_family import Inspection
from ledger.statements.sanction_family import Complaint
from ledger.statements.trade_family import Listing
from ledger.texts import saying

DAY_S = 86_400
MONTH_DAYS, YEAR_DAYS = 30, 365
FEW, SOME, MORE, MANY = 5, 10, 20, 50
DRAWN, DELIVERED = 100, 500
"""So much of one product is looked at in a month: by an inspector who travels, and by a laboratory
or a warehouse through whose doors all of it comes."""


def _complainant(_statement: SignedStatement, body: Body) -> str:
    return str(body.complainant) if isinstance(body, Complaint) else ""


def _shop(statement: SignedStatement, body: Body) -> str:
    return str(body.shop) if isinstance(body, Listing) else statement.issuer


MODES: Mapping[str, tuple[str, ...]] = {
    "inspector": ("flight", "mystery"),
    "warehouse": ("inbound", "patrol"),
}
"""Who inspects in which mode."""


def _inspecting(role: str) -> Callable[[SignedStatement, Body], str]:
    """Return how to count who inspects in the modes of a role."""

    def by(statement: SignedStatement, body: Body) -> str:
        inspects = isinstance(body, Inspection) and body.mode in MODES[role]
        return statement.issuer if inspects else ""

    return by


COUNTED: Mapping[str, Callable[[SignedStatement, Body], str]] = {
    "issuer": lambda statement, _: statement.issuer,
    **{role: _inspecting(role) for role in MODES},
    "complainant": _complainant,
    "shop, else issuer": _shop,
}
"""Whose statements are counted together; "" counts nobody's."""


def _office(case: Case) -> bool:
    return by_office(case.view, proposed(case))


def _for_brand(case: Case, brands: Iterable[str]) -> bool:
    at_us = case.statement.issued_at * MICROSECONDS
    return any(brand_standing(case.view, one, case.statement.issuer, at_us) for one in brands)


def _right_holder(case: Case) -> bool:
    return isinstance(case.body, Product) and _for_brand(case, [str(case.body.brand)])


def _calls_back(case: Case) -> bool:
    stated = products(case.view, product_of(case.statement.subject), reserved=True)
    return _office(case) or _for_brand(case, (str(item.brand) for item in stated))


FREE: Mapping[str, Callable[[Case], bool]] = {
    "": lambda _: False,
    "operator, authorities": _office,
    "right-holder": _right_holder,
    "operator, authorities, right-holder": _calls_back,
}
"""Who says it as often as there is reason to: who holds the brand, or counts as it, among them."""


@dataclass(frozen=True, slots=True)
class Most:
    """How often something is said in a history within some days.

    ``topics``: the first of these that a statement joins, its first history without any; ``by``:
    whose are counted together; ``free``: who is not counted.
    """

    topics: tuple[str, ...]
    count: int
    days: int
    by: str = "issuer"
    free: str = ""


_TESTED = (Most(("sample",), SOME, YEAR_DAYS), Most(("examined",), DELIVERED, MONTH_DAYS))
_VISITED = ("examined", "facility", "draw")
MOST: Mapping[str, tuple[Most, ...]] = {
    "key-revocation": (Most(("key",), FEW, YEAR_DAYS, free="operator, authorities"),),
    "authorisation": (Most(("grant",), SOME, YEAR_DAYS),),
    "product": (
        Most(("product",), SOME, YEAR_DAYS),
        Most(("products",), MANY, YEAR_DAYS, free="right-holder"),
    ),
    "facility": (Most(("facility",), SOME, YEAR_DAYS, free="operator, authorities"),),
    "lot": (Most(("lot",), SOME, YEAR_DAYS),),
    "recall": (Most(("recall",), FEW, MONTH_DAYS, free="operator, authorities, right-holder"),),
    "listing": (Most(("listing",), SOME, YEAR_DAYS, by="shop, else issuer"),),
    "inspection": (
        Most(("inspection",), MANY, MONTH_DAYS, free="operator, authorities"),
        Most(("examined",), DRAWN, MONTH_DAYS, by="inspector", free="operator, authorities"),
        Most(("examined",), DELIVERED, MONTH_DAYS, by="warehouse", free="operator, authorities"),
    ),
    "origin-audit": (Most(("facility",), MORE, MONTH_DAYS, free="operator, authorities"),),
    "sample-sealed": (Most(("inspection",), MANY, MONTH_DAYS, free="operator, authorities"),),
    "custody": (Most(("sample",), SOME, YEAR_DAYS),),
    "test-report": _TESTED,
    "retest-report": _TESTED,
    "complaint": (Most(("feedback",), FEW, MONTH_DAYS, by="complainant"),),
    "visit": (Most(_VISITED, SOME, MONTH_DAYS),),
    "observation": (Most(_VISITED, MORE, MONTH_DAYS),),
    "supersede": (Most((), SOME, YEAR_DAYS, by="shop, else issuer", free="operator, authorities"),),
}
"""By type; a correction is counted where what it corrects is."""


class Said(NamedTuple):
    """When something was signed, and its entry."""

    issued_at: int
    entry: int


Tally = dict[tuple[str, int, str], tuple[Said, ...]]
"""By type, which of its limits and who is counted: the last of what was said, by signature."""


def _limits(
    statement: SignedStatement, body: Body, topics: Sequence[Topic]
) -> Iterator[tuple[tuple[str, int, str], Most, Topic]]:
    """Yield the limits of a statement, each with what is counted and in which history."""
    said = said_by(body)
    name = type_name(body)
    for number, most in enumerate(MOST.get(name, ())):
        inner = MOST.get(type_name(said), ())
        wanted = most.topics or (inner[0].topics if inner else (topics[0][0],))
        topic = next((item for item in topics if item[0] in wanted), None)
        who = COUNTED[most.by](statement, said)
        if topic is not None and who:
            yield (name, number, who), most, topic


def _count(found: Tally, entries: Sequence[Entry]) -> Tally:
    for entry in entries:
        if entry.body is None or type_name(entry.body) not in MOST:
            continue
        topics = histories_of(entry.statement, entry.body)
        for key, most, _ in _limits(entry.statement, entry.body, topics):
            said = (*found.get(key, ()), Said(entry.statement.issued_at, entry.index))
            found[key] = tuple(sorted(said)[-most.count :])
    return found


tally: Fold[Tally] = Fold(dict, _count, dict)
"""What was said last in a history, of each type by each party, as many as are allowed."""


@rule("too-often", *MOST, bite="replay-only")
def said_with_reason(case: Case) -> Iterator[Refusal]:
    """One party says no more of a type in one history, within a time, than the table of limits has.

    Each row of the table of limits, of the statement's own type: in the first of its histories that
    has a topic of the row; of a correction in that of the first row of what it corrects, else in
    its first. Counted are the statements of that type, by the party in the row's column (`shop` of
    a listing; of a correction of what it says). There are so many of them, and the last so many, by
    `iat`, then entry, all have an `iat` later than so many days of 24 hours before its own [the
    first of these]. Not asked of what the last column has: an office, by (`identity`, `iss`); a
    right-holder: `iss` holds, or counts as the holder of, a mark that has not ended and covers
    `iat` of the product's `brand`, of a recall of a brand that the product of `sub` is held for
    (*Who holds a name*; *A chain of grants*, T and N both `iat`).
    """
    body, statement = case.body, case.statement
    if not isinstance(body, Body) or case.corrects is not None:
        return
    topics = case.topics or histories_of(statement, body)
    for key, most, topic in _limits(statement, body, topics):
        last = case.view.fold(tally, *topic).get(key, ())
        since = statement.issued_at - most.days * DAY_S
        if len(last) < most.count or last[0].issued_at <= since or FREE[most.free](case):
            continue
        days = -(-(last[0].issued_at - since) // DAY_S)
        why = saying(
            "{key} has {count} statements of type {key_2} in the history {topic} of {replace} within {days} days: wait {days_2} days",
            key=key[2],
            count=most.count,
            key_2=key[0],
            topic=topic[0],
            replace=topic[1].replace(PAIR, AND),
            days=most.days,
            days_2=days,
        )
        yield Refusal("too-often", why, (last[0].entry,))
