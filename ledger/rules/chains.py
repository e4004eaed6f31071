"""Authorisation chains: from a trademark's right-holder down to who sells.

A chain is read upwards, link by link, through citations: a grant cites its parent grant or
the trademark it comes from. It answers *pointwise*: yes only if every link covers the
product, territory, channel, shop type, shop and time, and stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.errors import FormError
from ledger.histories.history import View
from ledger.primitives.instant import format_us
from ledger.rules.codes import ADDED, CODES, SINCE
from ledger.rules.ends import end_of
from ledger.rules.offices import country_at
from ledger.rules.scope import covers_name, covers_product, covers_territory
from ledger.rules.standing import Standing, resolve, standing, with_amendments
from ledger.statements.brand_family import (
    MAX_DEPTH,
    TRADEMARK_KINDS,
    Authorisation,
    Qualification,
)

AFFILIATED = ("wholly-owned", "sole-agent")
HOME = "CN"  # a right-holder of another country is a foreign one
MULTI_BRAND_LINKS = 4  # 专营店: one to four levels

NOT_YET = ("grant-not-yet", "trademark-not-yet")
"""Why a chain that is whole carries nothing before its time."""
ENDED = ("grant-revoked", "grant-expired", "trademark-withdrawn", "trademark-expired")
"""Why a chain carries nothing any more."""
NO_CHAIN = (
    "parent-absent", "parent-other-brand", "parent-not-issuers", "parent-no-grant",
    "chain-endless", "not-right-holder",
)  # fmt: skip
"""Why what was granted never was a chain."""

Fact = str | int
Facts = dict[str, Fact]
"""What a sentence about a reason names, by the names of the table of codes."""


@dataclass(frozen=True, slots=True)
class Point:
    """What is asked of every link; None: not asked.

    ``at_us``: the time asked about. ``newest_us``: the newest seal's; what it sealed is
    registered by then, and no older seal is needed to know so.
    """

    product: str | None
    category: str | None
    at_us: int
    newest_us: int
    territory: str | None = None
    channel: str | None = None
    shop_type: str | None = None
    shop: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something does not hold: a stable code, the entries it rests on, facts for a sentence."""

    code: str
    entries: tuple[int, ...] = ()
    facts: Facts = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a code without sentences, and other facts than its sentences need."""
        needed = set(CODES.get(self.code, ("no code",)))
        if self.facts.keys() - needed - {*ADDED} or needed - self.facts.keys():
            raise FormError(
                "reason {code!r} with facts {facts}: not in the table of codes",
                code=self.code,
                facts=", ".join(self.facts),
            )


@dataclass(frozen=True, slots=True)
class Chain:
    """Grants from the topmost to the seller's, and the trademark they come from.

    ``broken``: why the chain could not be read to its end.
    """

    links: tuple[Standing, ...]
    root: Standing | None
    broken: Failure | None = None

    @property
    def entries(self) -> tuple[int, ...]:
        """Return the indices of the trademark and of every link, topmost first."""
        root = () if self.root is None else (self.root.index,)
        return root + tuple(link.index for link in self.links)

    @property
    def issuers(self) -> tuple[str, ...]:
        """Return who granted, topmost first, behind the trademark's holder."""
        holder = () if self.root is None else (self.root.subject,)
        return holder + tuple(link.issuer for link in self.links)


def grant(item: Standing) -> Authorisation:
    """Return the body of a grant."""
    assert isinstance(item.body, Authorisation)  # noqa: S101 - callers asked for grants
    return item.body


def read_chain(view: View, bottom: Standing) -> Chain:
    """Return the chain above a grant, itself included."""
    links = [bottom]
    while True:
        link = links[0]
        body = grant(link)
        found = resolve(view, body.parent)
        if found is None:
            return Chain(tuple(links), None, _absent(link))
        match found.body:
            case Qualification(kind=kind, number=number):
                code = "" if str(number) == str(body.brand) else "parent-other-brand"
                code = code if kind in TRADEMARK_KINDS else "parent-no-grant"
                if not code:
                    return Chain(tuple(links), found)
            case Authorisation(brand=brand):
                code = "" if brand == body.brand else "parent-other-brand"
                code = code or ("" if found.subject == link.issuer else "parent-not-issuers")
                if found.index >= link.index:
                    return Chain(tuple(links), None, _absent(link))
                code = code or ("chain-endless" if len(links) > MAX_DEPTH else "")
            case _:
                code = "parent-no-grant"
        if code:
            return Chain(
                tuple(links), None, Failure(code, (link.index, found.index), granted_by(link))
            )
        links.insert(0, found)


def _absent(link: Standing) -> Failure:
    return Failure(
        "parent-absent", (link.index,), granted_by(link) | {"parent": grant(link).parent.id}
    )


def holds_for(
    view: View, party: str, holder: str, at_us: int, newest_us: int = 0
) -> Standing | None:
    """Return the affiliation by which a party counts as a right-holder, None if it does not.

    A foreign holder's wholly owned subsidiary or sole general agent counts as the holder;
    a domestic holder grants for itself. ``newest_us``: the newest seal's; left out, an
    affiliation that has ended counts for no time.
    """
    point = Point(None, None, at_us, newest_us)
    if country_at(view, holder, at_us) in ("", HOME):
        return None
    for item in view.fold(standing, "qualification", party).values():
        body = item.body
        if (
            isinstance(body, Qualification)
            and body.kind == "affiliation"
            and body.of == holder
            and body.relation in AFFILIATED
            and body.covers(at_us)
            and not has_ended(view, item, point)
        ):
            return item
    return None


def affiliation_of(view: View, chain: Chain, point: Point) -> Standing | None:
    """Return the affiliation by which the topmost grant's issuer counts as the right-holder."""
    if chain.root is None or not chain.links or chain.links[0].issuer == chain.root.subject:
        return None
    issuer, holder = chain.links[0].issuer, chain.root.subject
    return holds_for(view, issuer, holder, point.at_us, point.newest_us)


def _holder_failure(view: View, chain: Chain, point: Point) -> Failure | None:
    """Return why the topmost grant's issuer is not the right-holder."""
    assert chain.root is not None  # noqa: S101 - asked of whole chains
    top = chain.links[0]
    if top.issuer == chain.root.subject or affiliation_of(view, chain, point) is not None:
        return None
    facts: Facts = {"issuer": top.issuer, "holder": chain.root.subject}
    return Failure("not-right-holder", (top.index, chain.root.index), facts)


def _covers_goods(granted: tuple[str, ...], point: Point) -> bool:
    """Return whether goods are granted, or not asked for."""
    if point.product is None:
        return True
    return covers_product(granted, point.product, point.category or "")


def has_ended(view: View, item: Standing, point: Point) -> bool:
    """Return whether a paper or grant had ended at a point.

    Its end bites by its place in the log, of a grant that has terms of its own by these.
    """
    end = end_of(view, item)
    if end is None:
        return item.ended is not None
    if end.notice_us is not None:
        return end.notice_us <= point.at_us
    return point.at_us >= point.newest_us or view.registered_us(end.entry.index) <= point.at_us


def _begins_us(view: View, link: Standing, point: Point) -> int:
    """Return from when on a grant bites: it may name an earlier start than its registration."""
    from_us = grant(link).from_.us
    if point.at_us >= point.newest_us:
        return from_us
    return max(from_us, view.registered_us(link.index))


def trademarks(view: View, brand: str) -> Iterator[Standing]:
    """Yield the trademark qualifications of a brand, amended, oldest first."""
    for item in view.fold(standing, "qualification-number", brand).values():
        if isinstance(item.body, Qualification) and item.body.kind in TRADEMARK_KINDS:
            yield with_amendments(view, item)


def trademark_failure(view: View, root: Standing, point: Point) -> Failure | None:
    """Return why a trademark does not carry a point."""
    body = root.body
    assert isinstance(body, Qualification)  # noqa: S101 - roots are trademarks
    brand: Facts = {
        "brand": str(body.number),
        "holder": root.subject,
        "issuer": root.issuer,
    }
    if root.ended is not None and has_ended(view, root, point):
        return Failure("trademark-withdrawn", (root.index, root.ended), brand)
    if point.at_us < body.from_.us:
        return Failure("trademark-not-yet", (root.index,), brand | {"from": str(body.from_)})
    if not body.covers(point.at_us):
        return Failure("trademark-expired", (root.index,), brand | {"until": str(body.until)})
    if not _covers_goods(body.categories, point):
        return Failure("trademark-goods", (root.index,), brand | {"category": str(point.category)})
    if body.kind == "trademark-pending" and point.shop_type == "flagship":
        return Failure("trademark-pending", (root.index,), brand)
    return None


def granted_by(link: Standing) -> Facts:
    """Return by whom a link was granted, and to whom, as facts."""
    return {"issuer": link.issuer, "grantee": link.subject}


def _revoked(view: View, link: Standing) -> Failure:
    """Return that a grant was revoked; since when, where its own terms say so."""
    end = end_of(view, link)
    assert end is not None  # noqa: S101 - asked of what ended
    facts = granted_by(link) | {"by": end.entry.statement.issuer}
    if end.notice_us is not None:
        facts[SINCE] = format_us(end.notice_us)
    return Failure("grant-revoked", (link.index, end.entry.index), facts)


def link_failures(view: View, link: Standing, below: int, point: Point) -> Iterator[Failure]:
    """Yield why one link does not carry a point; ``below``: how many links follow it."""
    body, at, who = grant(link), (link.index,), granted_by(link)
    if has_ended(view, link, point):
        yield _revoked(view, link)
        return
    begins_us = _begins_us(view, link, point)
    territory, channel, shop_type = point.territory, point.channel, point.shop_type
    axes: tuple[tuple[str, str, bool, Fact], ...] = (
        ("not-yet", "from", begins_us <= point.at_us, format_us(begins_us)),
        ("expired", "until", body.until is None or point.at_us < body.until.us, str(body.until)),
        ("depth", "depth", body.depth >= below, body.depth),
        ("goods", "goods", _covers_goods(body.goods, point), point.product or ""),
        (
            "territory",
            "territory",
            territory is None or covers_territory(body.territories, territory),
            territory or "",
        ),
        (
            "channel",
            "channel",
            channel is None or covers_name(body.channels, channel),
            channel or "",
        ),
        (
            "shop-type",
            "shop_type",
            shop_type is None or covers_name(body.shop_types, shop_type),
            shop_type or "",
        ),
        (
            "shop",
            "shop",
            point.shop is None or covers_name(body.named_shops, point.shop),
            point.shop or "",
        ),
    )
    for axis, name, covered, fact in axes:
        if not covered:
            yield Failure(f"grant-{axis}", at, who | {name: fact})


def shop_failure(chain: Chain, point: Point) -> Failure | None:
    """Return why a chain does not carry a type of shop.

    旗舰店 needs an exclusive authorisation from the right-holder, 专卖店 a direct one for the
    whole country, 专营店 one to four levels.
    """
    last = grant(chain.links[-1])
    at = (chain.links[-1].index,)
    direct = len(chain.links) == 1
    match point.shop_type:
        case "flagship" if not (direct and last.exclusive):
            return Failure("flagship-needs-exclusive", at)
        case "specialty" if not direct:
            return Failure("specialty-needs-direct", at)
        case "specialty" if point.territory is not None and not covers_name(
            last.territories, point.territory.partition("-")[0]
        ):
            return Failure("specialty-needs-country", at, {"territory": point.territory})
        case "multi-brand" if len(chain.links) > MULTI_BRAND_LINKS:
            return Failure("multi-brand-too-long", at, {"links": len(chain.links)})
        case _:
            return None


def chain_failures(view: View, chain: Chain, point: Point, below: int = 0) -> Iterator[Failure]:
    """Yield why a chain does not carry a point, from the trademark down.

    ``below``: how many links more are to follow it; which shop it is for is then theirs to say.
    """
    if chain.root is None:
        assert chain.broken is not None  # noqa: S101 - it was read to its end otherwise
        yield chain.broken
        return
    above = (trademark_failure(view, chain.root, point), _holder_failure(view, chain, point))
    yield from (failure for failure in above if failure is not None)
    count = len(chain.links) + below
    for at, link in enumerate(chain.links):
        yield from link_failures(view, link, count - 1 - at, point)
    last = None if below else shop_failure(chain, point)
    if last is not None:
        yield last


def chain_failure(view: View, chain: Chain, point: Point, below: int = 0) -> Failure | None:
    """Return the first reason, from the trademark down, why a chain does not carry a point."""
    return next(chain_failures(view, chain, point, below), None)
