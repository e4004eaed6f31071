"""Grants as such, whatever they are for: dead or alive, one covering another."""

from collections.abc import Iterable, Iterator

from msgspec import UNSET

from ledger.histories.history import View
from ledger.identifiers import ALL
from ledger.questions.papers import paper, papers
from ledger.questions.times import dated
from ledger.questions.verdict import Asked
from ledger.rules import scope
from ledger.rules.chains import (
    NOT_YET,
    Failure,
    Point,
    chain_failure,
    grant,
    read_chain,
)
from ledger.rules.claims import category_of
from ledger.rules.ends import until_us
from ledger.rules.regrants import may_act
from ledger.rules.standing import Standing, standing
from ledger.statements.brand_family import TRADEMARK_KINDS, Authorisation, grant_subject
from ledger.statements.fields import PeriodBody

MAX_BRANDS = 8
"""Brands of which it is told what is lacking, where nothing stands."""


def any_point(asked: Asked) -> Point:
    """Return a point that asks of a chain only whether it stands, not for what."""
    return Point(None, None, asked.valid_at_us, asked.newest_us)


def grant_failure(asked: Asked, item: Standing) -> Failure | None:
    """Return why a grant is dead at the time asked about: itself, or a link above it."""
    failure = chain_failure(asked.view, read_chain(asked.view, item), any_point(asked))
    return None if failure is None else dated(asked, failure)


def covers_grant(asked: Asked, later: Standing, earlier: Standing) -> bool:
    """Return whether a grant covers all that another does, whenever."""
    new, old = grant(later), grant(earlier)
    outside = [
        *scope.goods_outside(new.goods, old.goods, lambda p: category_of(asked.view, p)),
        *scope.values_outside(new.territories, old.territories, scope.covers_territory),
        *scope.values_outside(new.channels, old.channels, scope.covers_name),
        *scope.values_outside(new.shop_types, old.shop_types, scope.covers_name),
        *scope.values_outside(new.named_shops, old.named_shops, scope.covers_name),
    ]
    return new.brand == old.brand and not outside


def renews(asked: Asked, later: Standing, earlier: Standing) -> bool:
    """Return whether a grant covers all that another does, and ends after it."""
    old_us, new_us = (until_us(asked.view, one) for one in (earlier, later))
    if old_us is None or (new_us is not None and new_us <= old_us):
        return False
    if not covers_grant(asked, later, earlier):
        return False
    failure = grant_failure(asked, later)
    return failure is None or failure.code in NOT_YET


def live_from(asked: Asked, item: Standing) -> int | None:
    """Return from when on a grant is live, at the time asked about or later; None if it never is."""
    chain = read_chain(asked.view, item)
    if chain.root is None:
        return None
    at_us = asked.valid_at_us
    for link in (chain.root, *chain.links):
        body = link.body
        assert isinstance(body, PeriodBody)  # noqa: S101 - papers and grants hold for a time
        at_us = max(at_us, body.from_.us)
        if asked.valid_at_us < asked.newest_us:
            at_us = max(at_us, asked.view.registered_us(link.index))
    point = Point(None, None, at_us, asked.newest_us)
    return at_us if chain_failure(asked.view, chain, point) is None else None


def lost(asked: Asked, party: str, brand: str, known: Iterable[Standing]) -> list[Failure]:
    """Return why a party may act for no brand any more, of all or of one, with what is lacking.

    ``known``: the grants to it, of which the brands are taken.
    """
    brands = dict.fromkeys(str(grant(item).brand) for item in known)
    wanted = list(brands)[:MAX_BRANDS] if brand == ALL else [brand]
    return [
        dated(asked, failure)
        for one in wanted
        for failure in may_act(asked.view, one, party, any_point(asked)).failures
    ]


def marks(item: Standing, brand: str) -> bool:
    """Return whether a paper is of a trademark: that of a brand, or any."""
    body = paper(item)
    return body.kind in TRADEMARK_KINDS and brand in (ALL, str(body.number))


def granted(view: View, party: str, brand: str) -> Iterator[Standing]:
    """Yield the grants to a party, whatever became of them, of a brand or (``*``) of all.

    Those of one brand stand in a history of their own: whoever holds another brand, and grants what
    nobody asked for, makes no answer about this one longer.
    """
    topic = ("grants", party) if brand == ALL else ("grant", grant_subject(brand, party))
    for item in view.fold(standing, *topic).values():
        if isinstance(item.body, Authorisation):
            yield item


def given(asked: Asked, party: str, brand: str) -> Iterator[Standing]:
    """Yield the grants that a party made, of a brand or of all.

    Below its own grants, its marks and those it counts as holder of.
    """
    view = asked.view
    above = (paper(item).of for item in papers(view, party))
    holders = [party, *(str(of) for of in above if of is not UNSET)]
    parents = [item.id for item in granted(view, party, brand)]
    for holder in dict.fromkeys(holders):
        parents += [i.id for i in papers(view, holder) if marks(i, brand)]
    for parent in dict.fromkeys(parents):
        for item in view.fold(standing, "granted", parent).values():
            if isinstance(item.body, Authorisation) and item.issuer == party:
                yield item
