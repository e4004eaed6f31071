"""Grants as such, whatever they are for: dead or alive, one covering another."""

from ledger.questions.times import dated
from ledger.questions.verdict import Asked
from ledger.rules import scope
from ledger.rules.chains import Failure, Point, category_of, chain_failure, grant, read_chain
from ledger.rules.standing import Standing


def any_point(asked: Asked) -> Point:
    """Return a point that asks of a chain only whether it stands, not for what."""
    return Point(None, None, asked.valid_at_us, asked.newest_us)


def grant_failure(asked: Asked, item: Standing) -> Failure | None:
    """Return why a grant is dead at the time asked about: itself, or a link above it."""
    failure = chain_failure(asked.view, read_chain(asked.view, item), any_point(asked))
    return None if failure is None else dated(asked, failure)


def renews(asked: Asked, later: Standing, earlier: Standing) -> bool:
    """Return whether a grant covers all that another does, and ends after it."""
    new, old = grant(later), grant(earlier)
    if old.until is None or (new.until is not None and new.until <= old.until):
        return False
    outside = [
        *scope.goods_outside(new.goods, old.goods, lambda p: category_of(asked.view, p)),
        *scope.values_outside(new.territories, old.territories, scope.covers_territory),
        *scope.values_outside(new.channels, old.channels, scope.covers_name),
        *scope.values_outside(new.shop_types, old.shop_types, scope.covers_name),
    ]
    return new.brand == old.brand and not outside and grant_failure(asked, later) is None
