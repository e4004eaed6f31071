"""Rules for grants and products: attenuation on every axis, depth, exclusivity, cycles."""

from collections.abc import Iterable, Iterator

from ledger.histories.history import Entry
from ledger.identifiers import channel_of
from ledger.rules import scope
from ledger.rules.authority import authority
from ledger.rules.chains import Chain, Failure, Point, holds_for, read_chain
from ledger.rules.claims import category_of
from ledger.rules.ends import over_by
from ledger.rules.registry import Case, Refusal, resting, rule
from ledger.rules.standing import Standing, standing, with_amendments
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import (
    Authorisation,
    Product,
    Qualification,
    grant_subject,
)
from ledger.statements.fields import Body
from ledger.texts import saying


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
    """A grant rests on its issuer's own grant of the brand, or on its trademark; up to the right-holder.

    Its chain, itself at the bottom (*A chain of grants*, 2), is not read up to its mark: for any
    reason there but that a parent is not there [both entries]; or the topmost grant's issuer
    neither is the mark's holder nor counts as it, T and N both `iat` [the mark].
    """
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
        why = saying(
            "{issuer} is neither the right-holder {holder} nor affiliated with it",
            issuer=top.issuer,
            holder=holder,
        )
        yield Refusal("grant-parent", why, (chain.root.index,))


def _parent_words(failure: Failure) -> str:
    return {
        "parent-other-brand": saying("what is cited as parent is of another brand"),
        "parent-not-issuers": saying("the parent was granted to somebody else"),
        "parent-no-grant": saying("the parent is neither a grant nor a trademark"),
        "chain-endless": saying("the chain above is longer than 20 links"),
    }[failure.code]


@rule("grant-dead", "authorisation")
def grant_above_stands(case: Case) -> Iterator[Refusal]:
    """No link above a grant's parent has ended: a dead link ends everything below it.

    Its chain (*A chain of grants*, 2): each of what is above its parent, the mark too, that had
    ended [it, its end].
    """
    chain = _chain(case)
    if chain is None:
        return
    above = (*((chain.root,) if chain.root else ()), *chain.links[:-1])
    for link in above[:-1]:  # the last is the parent, which it cites
        if link.ended is not None:
            why = saying(
                "entry {index} above it ended with entry {ended}",
                index=link.index,
                ended=link.ended,
            )
            yield Refusal("grant-dead", why, (link.index, link.ended))


@rule("grant-wider", "authorisation")
def grant_not_wider(case: Case) -> Iterator[Refusal]:
    """A grant is nowhere wider than its parent: goods, territories, channels, shop types, shops, end.

    Its parent in its chain (*A chain of grants*, 2). Under a grant each of `goods`, `territories`,
    `channels`, `shop_types`, `shops` with a value that the parent's does not cover; under a mark
    `goods` by its `categories` (*What covers what*) [the parent]. The parent has `until`, and it has a later
    one or null [the parent].
    """
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
            saying("goods"): scope.goods_outside(above.goods, body.goods, category),
            saying("territories"): scope.values_outside(
                above.territories, body.territories, scope.covers_territory
            ),
            saying("channels"): scope.values_outside(
                above.channels, body.channels, scope.covers_name
            ),
            saying("shop types"): scope.values_outside(
                above.shop_types, body.shop_types, scope.covers_name
            ),
            saying("shops"): scope.values_outside(
                above.named_shops, body.named_shops, scope.covers_name
            ),
        }
    elif isinstance(above, Qualification):
        outside = {saying("goods"): scope.goods_outside(above.categories, body.goods, category)}
    for axis, values in outside.items():
        if values:
            why = saying(
                "{axis}: {values} not granted by entry {index}",
                axis=axis,
                values=", ".join(values)[:300],
                index=parent.index,
            )
            yield Refusal("grant-wider", why, (parent.index,))
    until = above.until if isinstance(above, Authorisation | Qualification) else None
    if until is not None and (body.until is None or body.until > until):
        why = saying(
            "until {until}: write {until_2} or earlier, entry {index} ends then",
            until=body.until or saying("null (no end)"),
            until_2=until,
            index=parent.index,
        )
        yield Refusal("grant-wider", why, (parent.index,))


@rule("grant-shops", "authorisation")
def grant_shops_on_its_channels(case: Case) -> Iterator[Refusal]:
    """A grant for named shops is for their channels, and for no other.

    It has `shops`: each of `channels` that is the channel of none of them, and each channel of one of
    them that is not in `channels`.
    """
    body = case.body
    if not isinstance(body, Authorisation) or not isinstance(body.shops, tuple):
        return
    of_shops = {channel_of(shop): str(shop) for shop in body.shops}
    for channel in dict.fromkeys(map(str, body.channels)):
        if channel not in of_shops:
            why = saying(
                "channel {channel}: none of the shops is on it: write {channels}",
                channel=channel,
                channels=", ".join(of_shops),
            )
            yield Refusal("grant-shops", why)
    for channel, shop in of_shops.items():
        if channel not in body.channels:
            why = saying(
                "shop {shop}: its channel {channel} is not granted", shop=shop, channel=channel
            )
            yield Refusal("grant-shops", why)


@rule("grant-depth", "authorisation")
def grant_depth_left(case: Case) -> Iterator[Refusal]:
    """A grant's depth is at most its parent's less one; a depth of 0 grants nothing on.

    Its parent in its chain (*A chain of grants*, 2) is a grant whose `depth` is not above its own
    [the parent].
    """
    chain, body = _chain(case), case.body
    parent = None if chain is None else _above(chain)
    if parent is None or not isinstance(body, Authorisation):
        return
    if isinstance(parent.body, Authorisation) and body.depth >= parent.body.depth:
        allowed = parent.body.depth - 1
        why = (
            saying(
                "depth {depth}: entry {index} allows {allowed}",
                depth=body.depth,
                index=parent.index,
                allowed=allowed,
            )
            if allowed >= 0
            else saying("entry {index} may not be granted on (depth 0)", index=parent.index)
        )
        yield Refusal("grant-depth", why, (parent.index,))


@rule("grant-cycle", "authorisation")
def grant_not_in_a_circle(case: Case) -> Iterator[Refusal]:
    """A grant does not go to its issuer, nor back to anybody above it.

    `sub` is `iss`, or an issuer, a grantee or the mark's holder in its chain (*A chain of grants*,
    2).
    """
    chain = _chain(case)
    if chain is None:
        return
    above = {*chain.issuers, *(link.subject for link in chain.links[:-1])}
    if case.statement.subject in above:
        yield Refusal(
            "grant-cycle",
            saying("{subject} stands above in this very chain", subject=case.statement.subject),
        )


def _root(case: Case, item: Authorisation) -> Standing | None:
    """Return the trademark that a grant comes from directly, None for one below another grant."""
    marks = case.view.fold(standing, "qualification-number", item.brand)
    return marks.get(item.parent.id)


def _one_granter(case: Case, mine: Standing, other: Standing) -> bool:
    """Return whether one party grants both: the same issuer, or whoever signs for the right-holder.

    A right-holder's affiliates grant in its stead, so all that is granted from the trademark
    itself is granted by one. What came from a trademark that has ended is dead.
    """
    left, right = mine.body, other.body
    assert isinstance(left, Authorisation)  # noqa: S101 - conflicts asks about grants
    assert isinstance(right, Authorisation)  # noqa: S101
    above = _root(case, right)
    if above is not None and above.ended is not None:
        return False
    return mine.issuer == other.issuer or (above is not None and _root(case, left) is not None)


def conflicts(case: Case, mine: Standing, other: Standing) -> bool:
    """Return whether two grants of one granter cannot stand together."""
    left, right = mine.body, other.body
    if not (isinstance(left, Authorisation) and isinstance(right, Authorisation)):
        return False
    begins_us = max(case.statement.issued_at * MICROSECONDS, left.from_.us)
    if other.index >= mine.index or over_by(case.view, other, begins_us):
        return False
    if left.brand != right.brand or not _reserved(mine, other):
        return False
    if mine.subject == other.issuer or other.subject == mine.issuer:
        return False  # one of the two below the other
    return (
        left.meets(right)
        and _one_granter(case, mine, other)
        and scope.territories_meet(left.territories, right.territories)
        and scope.goods_meet(left.goods, right.goods, lambda p: category_of(case.view, p))
        and _may_grant(case, other)
    )


def _reserved(mine: Standing, other: Standing) -> bool:
    """Return whether one of two grants keeps the other out.

    An exclusive one keeps others from the same channels, types of shop and shops; a platform
    exclusive one the goods from every channel but its own, whoever would sell them there.
    """
    left, right = mine.body, other.body
    assert isinstance(left, Authorisation)  # noqa: S101 - conflicts asks about grants
    assert isinstance(right, Authorisation)  # noqa: S101
    if (left.exclusive or right.exclusive) and mine.subject != other.subject:
        same = (
            scope.names_meet(left.channels, right.channels)
            and scope.names_meet(left.shop_types, right.shop_types)
            and scope.names_meet(left.named_shops, right.named_shops)
        )
        if same:
            return True
    return any(
        one.platform_exclusive
        and scope.values_outside(one.channels, another.channels, scope.covers_name)
        for one, another in ((left, right), (right, left))
    )


NOT_YET = frozenset({"grant-not-yet", "trademark-not-yet"})


def _may_grant(case: Case, item: Standing) -> bool:
    """Return whether who made a grant may act for its brand, now or later: else it bars nothing."""
    assert isinstance(item.body, Authorisation)  # noqa: S101 - callers asked for grants
    at_us = case.statement.issued_at * MICROSECONDS
    found = authority(case.view, item.body.brand, item.issuer, Point(None, None, at_us, at_us))
    return found.granted or any(one.code in NOT_YET for one in found.failures)


def _conflict(other: Standing, id_: str) -> Refusal:
    word = saying("an exclusive grant") if getattr(other.body, "reserves", False) else "a grant"
    why = saying(
        "{word} of the same granter to {subject} (entry {index}) stands in the way",
        word=word,
        subject=other.subject,
        index=other.index,
    )
    return Refusal(id_, why, (other.index,))


def _barring(case: Case, body: Authorisation) -> Iterator[tuple[Standing, Chain]]:
    """Yield the grants of a brand to whom one is proposed that were revoked above their issuer.

    Each with its chain. One is lifted by a grant that its revoker, or who stands above, gave since.
    """
    subject = grant_subject(body.brand, case.statement.subject)
    granted = [
        with_amendments(case.view, item)
        for item in case.view.fold(standing, "grant", subject).values()
        if isinstance(item.body, Authorisation)
    ]
    for item in granted:
        if item.ended is None or item.ended_by == item.issuer:
            continue
        chain = read_chain(case.view, item)
        lifting = _from(chain, item.ended_by)
        if not any(
            other.index > item.ended and other.ended is None and other.issuer in lifting
            for other in granted
        ):
            yield item, chain


def _from(chain: Chain, revoker: str) -> tuple[str, ...]:
    """Return who granted in a chain down to who revoked a grant of it, topmost first."""
    issuers = chain.issuers
    return issuers[: issuers.index(revoker) + 1] if revoker in issuers else (revoker,)


@rule("grant-barred", "authorisation")
def grant_not_barred_above(case: Case) -> Iterator[Refusal]:
    """What was revoked above its issuer is not granted again below who revoked it, until that grants it anew.

    Each grant in (`grant`, `brand` LF `sub`) that ended by another than its issuer, the *revoker*:
    with its chain (*A chain of grants*, 2), by the mark's holder and issuers from the top. Lifted
    by a grant there that stands, registered behind that end, whose issuer is the revoker or above
    it in that chain. Else refused [the grant, its end] where its `goods` meet (*What covers what*),
    `iss` is neither the revoker nor above it in that chain, and either the revoker is in its own
    chain, or `iss` is in that one.
    """
    body, chain = case.body, _chain(case)
    if not isinstance(body, Authorisation) or chain is None:
        return

    def category(product: str) -> str | None:
        return category_of(case.view, product)

    for item, before in _barring(case, body):
        revoker, issuer = item.ended_by, case.statement.issuer
        below = revoker in chain.issuers or issuer in (item.issuer, *before.issuers)
        if issuer in _from(before, revoker) or not below:
            continue
        revoked = item.body
        if isinstance(revoked, Authorisation) and scope.goods_meet(
            revoked.goods, body.goods, category
        ):
            why = saying(
                "{revoker} revoked what {issuer} granted to {subject} (entry {index}): {revoker}, or who stands above it, has to grant it anew",
                revoker=revoker,
                issuer=item.issuer,
                subject=item.subject,
                index=item.index,
            )
            ends = () if item.ended is None else (item.ended,)
            yield Refusal("grant-barred", why, (item.index, *ends))


def _parents(case: Case, body: Authorisation) -> Iterable[str]:
    """Return what all that an issuer granted of a brand lies below: its own grants of it, its trademark."""
    own = case.view.fold(standing, "grant", grant_subject(body.brand, case.statement.issuer))
    marks = case.view.fold(standing, "qualification-number", body.brand)
    return dict.fromkeys((body.parent.id, *own, *marks))


@rule("grant-exclusive", "authorisation")
def grant_keeps_exclusives(case: Case) -> Iterator[Refusal]:
    """No grant meets a standing exclusive grant of the same granter and brand to somebody else, or on another channel.

    Each `exclusive` or `platform_exclusive` grant in (`exclusive`, p) in conflict with it (*Grants in conflict*) [that]; p
    is its `parent.id`, then every id in (`grant`, `brand` LF `iss`), then in
    (`qualification-number`, `brand`).
    """
    body = case.body
    if not isinstance(body, Authorisation):
        return
    mine = proposed(case)
    for parent in _parents(case, body):
        for other in case.view.fold(standing, "exclusive", parent).values():
            if conflicts(case, mine, other):
                yield _conflict(other, "grant-exclusive")


@rule("grant-exclusive-late", "authorisation", bite="replay-only")
def grant_exclusive_not_late(case: Case) -> Iterator[Refusal]:
    """No exclusive grant meets a standing grant of the same granter and brand to somebody else, or on another channel.

    It is `exclusive` or `platform_exclusive`: each grant that is neither, in (`granted`, p), p as in `grant-exclusive` by
    (`grant`, `brand` LF `iss`) and (`qualification-number`, `brand`), in conflict with it (*Grants
    in conflict*) [that].
    """
    body = case.body
    if not isinstance(body, Authorisation) or not body.reserves:
        return
    mine = proposed(case)
    for parent in _parents(case, body):
        for other in case.view.fold(standing, "granted", parent).values():
            if not getattr(other.body, "reserves", True) and conflicts(case, mine, other):
                yield _conflict(other, "grant-exclusive-late")


@rule("product-right", "product")
def product_declared_by_right(case: Case) -> Iterator[Refusal]:
    """A product is declared by its brand's right-holder, or under a live grant that covers it.

    `iss` may not act for `brand` for `sub` and `category`, T and N both `iat`, by the mark or grant
    with the id in `under` alone (*A chain of grants*); `reasons` are those there.
    """
    body, product = case.body, case.statement.subject
    if not isinstance(body, Product):
        return
    at_us = case.statement.issued_at * MICROSECONDS
    point = Point(product, body.category, at_us, at_us)
    found = authority(case.view, body.brand, case.statement.issuer, point, cited=body.under)
    if not found.granted:
        why = saying(
            "{issuer} may not declare goods of {brand} under it",
            issuer=case.statement.issuer,
            brand=body.brand,
        )
        yield resting("product-right", why, found.failures)
