"""Rules for papers, grants and products: attenuation on every axis, depth, exclusivity, cycles."""

from collections.abc import Iterator

import msgspec

from ledger.history import Entry
from ledger.identifiers import is_trademark
from ledger.rules import scope
from ledger.rules.chains import (
    Chain,
    Failure,
    Point,
    authority,
    category_of,
    holds_for,
    read_chain,
)
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, standing
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import (
    TRADEMARK_KINDS,
    Authorisation,
    Product,
    Qualification,
    grant_subject,
)
from ledger.statements.fields import Body

CATEGORY_KINDS = (
    "business",
    "production",
    "food-licence",
    "compulsory-certification",
    *TRADEMARK_KINDS,
)


@rule("qualification-scope", "qualification")
def qualification_has_scope(case: Case) -> Iterator[Refusal]:
    """A paper has the scope of its kind: goods, methods, or whom it affiliates with; no other."""
    body = case.body
    if not isinstance(body, Qualification):
        return
    given = {
        "categories": bool(body.categories),
        "methods": bool(body.methods),
        "of": body.of is not msgspec.UNSET,
        "relation": body.relation is not msgspec.UNSET,
    }
    wanted = {"categories"} if body.kind in CATEGORY_KINDS else {"methods"}
    if body.kind == "affiliation":
        wanted = {"of", "relation"}
    for name, there in given.items():
        if there != (name in wanted):
            word = "missing" if name in wanted else "does not belong there"
            yield Refusal("qualification-scope", f"{body.kind}: {name} {word}")
    if body.of == case.statement.subject:
        yield Refusal("qualification-scope", "a party is not affiliated with itself")


@rule("qualification-number", "qualification")
def qualification_number_fits(case: Case) -> Iterator[Refusal]:
    """A trademark is numbered as a trademark, any other paper as a paper."""
    body = case.body
    if isinstance(body, Qualification) and is_trademark(body.number) != (
        body.kind in TRADEMARK_KINDS
    ):
        yield Refusal("qualification-number", f"{body.kind} cannot have the number {body.number}")


@rule("qualification-expired", "qualification")
def qualification_not_expired(case: Case) -> Iterator[Refusal]:
    """A paper has not expired when it is issued."""
    body = case.body
    if (
        isinstance(body, Qualification)
        and body.until is not None
        and body.until.us <= case.statement.issued_at * MICROSECONDS
    ):
        yield Refusal("qualification-expired", f"expired at {body.until}: register its renewal")


def _chain(case: Case) -> Chain | None:
    """Return the chain a grant would have, None for what is no grant."""
    if not isinstance(case.body, Authorisation):
        return None
    return read_chain(case.view, proposed(case))


def proposed(case: Case) -> Standing:
    """Return the statement under review as if it were registered."""
    assert isinstance(case.body, Body)  # noqa: S101 - rules ask for types they name
    entry = Entry(case.index, case.statement, case.body)
    return Standing(entry, case.body, case.statement.id.hex())


def _above(chain: Chain) -> Standing | None:
    """Return the parent: the grant above, or the trademark."""
    return chain.links[-2] if len(chain.links) > 1 else chain.root


@rule("grant-parent", "authorisation")
def grant_has_its_parent(case: Case) -> Iterator[Refusal]:
    """A grant rests on its issuer's own grant of the brand, or on its trademark; up to the right-holder."""
    chain = _chain(case)
    if chain is None:
        return
    if chain.broken is not None:
        if chain.broken.code != "parent-absent":
            yield Refusal("grant-parent", _parent_words(chain.broken), chain.broken.entries)
        return
    assert chain.root is not None  # noqa: S101 - an unbroken chain has one
    top, at_us = chain.links[0], case.statement.issued_at * MICROSECONDS
    holder = chain.root.subject
    if top.issuer != holder and holds_for(case.view, top.issuer, holder, at_us) is None:
        why = f"{top.issuer} is neither the right-holder {holder} nor affiliated with it"
        yield Refusal("grant-parent", why, (chain.root.index,))


def _parent_words(failure: Failure) -> str:
    return {
        "parent-other-brand": "the trademark cited is not the one of this brand",
        "parent-not-issuers": "the parent was granted to somebody else, or for another brand",
        "parent-no-grant": "the parent is neither a grant nor a trademark",
        "chain-endless": "the chain above is longer than 20 links",
    }[failure.code]


@rule("grant-dead", "authorisation")
def grant_above_stands(case: Case) -> Iterator[Refusal]:
    """No link above a grant has ended: a dead link ends everything below it."""
    chain = _chain(case)
    if chain is None:
        return
    for link in (*((chain.root,) if chain.root else ()), *chain.links[:-2]):
        if link.ended is not None:
            why = f"entry {link.index} above it ended with entry {link.ended}"
            yield Refusal("grant-dead", why, (link.index, link.ended))


@rule("grant-wider", "authorisation")
def grant_not_wider(case: Case) -> Iterator[Refusal]:
    """A grant is nowhere wider than its parent: goods, territories, channels, shop types, end."""
    chain, body = _chain(case), case.body
    parent = None if chain is None else _above(chain)
    if parent is None or not isinstance(body, Authorisation):
        return
    outside: dict[str, list[str]] = {}

    def category(product: str) -> str | None:
        return category_of(case.view, product)

    above = parent.body
    if isinstance(above, Authorisation):
        outside = {
            "goods": scope.goods_outside(above.goods, body.goods, category),
            "territories": scope.values_outside(
                above.territories, body.territories, scope.covers_territory
            ),
            "channels": scope.values_outside(above.channels, body.channels, scope.covers_name),
            "shop types": scope.values_outside(
                above.shop_types, body.shop_types, scope.covers_name
            ),
        }
    elif isinstance(above, Qualification):
        outside = {"goods": scope.goods_outside(above.categories, body.goods, category)}
    for axis, values in outside.items():
        if values:
            why = f"{axis}: {', '.join(values)[:300]} not granted by entry {parent.index}"
            yield Refusal("grant-wider", why, (parent.index,))
    until = above.until if isinstance(above, Authorisation | Qualification) else None
    if until is not None and (body.until is None or body.until > until):
        why = f"until {body.until or 'ever'}: entry {parent.index} ends {until}"
        yield Refusal("grant-wider", why, (parent.index,))


@rule("grant-depth", "authorisation")
def grant_depth_left(case: Case) -> Iterator[Refusal]:
    """A grant's depth is at most its parent's less one; a depth of 0 grants nothing on."""
    chain, body = _chain(case), case.body
    parent = None if chain is None else _above(chain)
    if parent is None or not isinstance(body, Authorisation):
        return
    if isinstance(parent.body, Authorisation) and body.depth >= parent.body.depth:
        allowed = parent.body.depth - 1
        why = (
            f"depth {body.depth}: entry {parent.index} allows {allowed}"
            if allowed >= 0
            else f"entry {parent.index} may not be granted on (depth 0)"
        )
        yield Refusal("grant-depth", why, (parent.index,))


@rule("grant-cycle", "authorisation")
def grant_not_in_a_circle(case: Case) -> Iterator[Refusal]:
    """A grant does not go to its issuer, nor back to anybody above it."""
    chain = _chain(case)
    if chain is None:
        return
    above = {*chain.issuers, *(link.subject for link in chain.links[:-1])}
    if case.statement.subject in above:
        yield Refusal("grant-cycle", f"{case.statement.subject} stands above in this very chain")


def conflicts(case: Case, mine: Standing, other: Standing) -> bool:
    """Return whether two grants of one issuer cannot stand together."""
    left, right = mine.body, other.body
    if not (isinstance(left, Authorisation) and isinstance(right, Authorisation)):
        return False
    if other.ended is not None or other.index >= mine.index:
        return False
    if (
        mine.issuer != other.issuer
        or left.brand != right.brand
        or mine.subject == other.subject
        or not (left.exclusive or right.exclusive)
    ):
        return False
    if (left.until is not None and left.until <= right.from_) or (
        right.until is not None and right.until <= left.from_
    ):
        return False
    return (
        scope.territories_meet(left.territories, right.territories)
        and scope.names_meet(left.channels, right.channels)
        and scope.names_meet(left.shop_types, right.shop_types)
        and scope.goods_meet(left.goods, right.goods, lambda p: category_of(case.view, p))
    )


def _conflict(other: Standing, id_: str) -> Refusal:
    word = "an exclusive grant" if getattr(other.body, "exclusive", False) else "a grant"
    why = f"{word} of the same issuer to {other.subject} (entry {other.index}) stands in the way"
    return Refusal(id_, why, (other.index,))


@rule("grant-exclusive", "authorisation")
def grant_keeps_exclusives(case: Case) -> Iterator[Refusal]:
    """No grant meets a standing exclusive grant of the same issuer and brand to somebody else."""
    body = case.body
    if not isinstance(body, Authorisation):
        return
    mine = proposed(case)
    for other in case.view.fold(standing, "exclusive", body.brand).values():
        if conflicts(case, mine, other):
            yield _conflict(other, "grant-exclusive")


@rule("grant-exclusive-late", "authorisation", bite="replay-only")
def grant_exclusive_not_late(case: Case) -> Iterator[Refusal]:
    """No exclusive grant meets a standing grant of the same issuer and brand to somebody else."""
    body = case.body
    if not isinstance(body, Authorisation) or not body.exclusive:
        return
    mine = proposed(case)
    # All an issuer granted of a brand lies below its own grants of it, and the trademark.
    own = case.view.fold(standing, "grant", grant_subject(body.brand, mine.issuer))
    marks = case.view.fold(standing, "qualification-number", body.brand)
    parents = dict.fromkeys((body.parent.id, *own, *marks))
    for parent in parents:
        for other in case.view.fold(standing, "granted", parent).values():
            if not getattr(other.body, "exclusive", True) and conflicts(case, mine, other):
                yield _conflict(other, "grant-exclusive-late")


@rule("product-right", "product")
def product_declared_by_right(case: Case) -> Iterator[Refusal]:
    """A product is declared by its brand's right-holder, or under a live grant that covers it."""
    body, product = case.body, case.statement.subject
    if not isinstance(body, Product):
        return
    at_us = case.statement.issued_at * MICROSECONDS
    point = Point(product, body.category, at_us, at_us)
    found = authority(case.view, body.brand, case.statement.issuer, point, cited=body.under)
    if not found.granted:
        codes = ", ".join(dict.fromkeys(item.code for item in found.failures))
        why = f"{case.statement.issuer} may not declare goods of {body.brand} under it: {codes}"
        entries = tuple(dict.fromkeys(i for item in found.failures for i in item.entries))
        yield Refusal("product-right", why, entries)
