"""What mends a chain of grants."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from questions.mends.telling import Mend, Wrong, says
from rules.telling import Step
from rules.words import OTHER_MARK, affiliation, grant, mark, revoke
from tea import EVER, OFFICE
from usual import citing
from world import TRADER

from ledger.rules.chains import read_chain
from ledger.rules.standing import Standing, standing, with_amendments
from ledger.statements.brand_family import Authorisation, grant_subject
from ledger.statements.trade_family import Listing, Shop

WIDE = {"goods": ["food/tea"], "territories": ["*"], "channels": ["*"], "shop_types": ["*"]}
LONG = {"until": "2046-01-01T00:00:00Z"}


def anew(by: str = "distributor", under: str = "distributor", **axes: object) -> Step:
    """Who granted to the rival grants to it again."""
    fields = {"depth": 0, "called": "anew"} | axes
    return grant(by, "rival", under, **fields)


def seller(w: Wrong) -> str:
    """Return who needs the right: the seller, or whose grant is asked about, or who lists the product."""
    asked = w.asks.get("trader") or w.asks.get("grantee") or w.facts.get("party")
    shops = (
        shop.body.trader
        for item in w.standing("listing", w.product)
        if isinstance(item.body, Listing)
        for shop in w.standing("shop", str(item.body.shop))
        if isinstance(shop.body, Shop)
    )
    return str(asked or next(shops, TRADER))


def granted(w: Wrong, by: str, to: str, parent: Any, **axes: Any) -> tuple[str, Step]:
    """One party authorises another for all that may be asked; return what the grant is called."""
    called = w.fresh("anew")
    fields = WIDE | {"brand": w.brand, "parent": parent, "depth": 0} | axes
    return called, says("authorisation", by=by, subject=to, called=called, **fields)


def listed(w: Wrong, steps: int | None = None) -> Iterator[Step]:
    """Everybody whom the reason names as lacking authorises the next, from the right that is there on.

    ``steps``: so many of them alone.
    """
    way = str(w.facts["lacking"]).split(" ")
    item = _standing(w, int(w.facts["have"]))
    parent, axes = w.cites(item), _axes(item)
    for at, (giver, to) in list(enumerate(pairwise(way)))[:steps]:
        called, step = granted(w, giver, to, parent, depth=len(way) - 2 - at, **axes)
        yield step
        parent = citing(called)


def shorter(w: Wrong) -> Iterator[Step]:
    """The right-holder authorises the seller itself, as the reason says it may."""
    root = w.mark(w.brand)
    assert root is not None
    seller = str(w.facts["lacking"]).split(" ")[-1]
    yield granted(w, str(w.facts["shorter"]), seller, w.cites(root))[1]


def _standing(w: Wrong, index: int) -> Standing:
    """Return a grant or mark by its entry, as it stands now."""
    entry = w.paper.entry(index)
    subjects = {
        "qualification-number": w.brand,
        "grant": grant_subject(w.brand, entry.statement.subject),
    }
    found = (
        item
        for topic, subject in subjects.items()
        for item in w.paper.view.fold(standing, topic, subject).values()
        if item.index == index
    )
    return with_amendments(w.paper.view, next(found))


def direct(w: Wrong) -> Iterator[Step]:
    """The right-holder authorises the seller itself, under its newest mark."""
    root = w.mark(w.brand)
    if root is not None and root.subject != seller(w):
        yield granted(w, root.subject, seller(w), w.cites(root))[1]


def _broken(w: Wrong) -> tuple[list[Standing], int] | None:
    """Return the seller's chain that a reason is about, topmost first, and its dead link."""
    view, wanted = w.paper.view, set(w.entries[:1])
    for item in w.paper.view.fold(standing, "grant", grant_subject(w.brand, seller(w))).values():
        if isinstance(item.body, Authorisation):
            links = list(read_chain(view, with_amendments(view, item)).links)
            at = next((n for n, link in enumerate(links) if link.index in wanted), None)
            if at is not None:
                return links, at
    return None


def downwards(w: Wrong) -> Iterator[Step]:
    """Who revoked a grant, or whose it was, authorises anew; so does everybody below."""
    found = _broken(w)
    if found is None:
        return
    links, at = found
    by = str(w.facts.get("by", links[at].issuer))
    top = next((link for link in links[: at + 1] if link.issuer == by), None)
    if top is None:
        yield from direct(w)
        return
    above = w.cited(_parent(top))
    if above is None:
        return
    parent, axes, giver = w.cites(above), _axes(above), by
    for number, link in enumerate(links[at:], 1):
        depth = len(links) - at - number
        called, step = granted(w, giver, link.subject, parent, depth=depth, **axes)
        yield step
        giver, parent = link.subject, citing(called)


def _parent(link: Standing) -> dict[str, str]:
    assert isinstance(link.body, Authorisation)
    parent = link.body.parent
    return {"id": parent.id, "topic": parent.topic, "subject": parent.subject}


def _axes(above: Standing) -> dict[str, Any]:
    """Return all that may be granted under a grant; under a mark nothing bounds it."""
    body = above.body
    if not isinstance(body, Authorisation):
        return {}
    return {axis: list(map(str, getattr(body, axis))) for axis in WIDE}


def remarked(w: Wrong) -> Iterator[Step]:
    """The office registers the mark anew, for all goods, and its holder authorises the seller."""
    known = list(w.paper.view.fold(standing, "qualification-number", w.brand).values())
    if not known:
        return
    holder, called = known[-1].subject, w.fresh("new mark")
    fields = {"kind": "trademark-registered", "number": w.brand, "categories": ["*"]}
    period = EVER | LONG
    yield says("qualification", by=OFFICE, subject=holder, called=called, **fields, **period)
    if holder != seller(w):
        yield granted(w, holder, seller(w), citing(called), **LONG)[1]


def as_told(otherwise: Callable[[Wrong], Iterator[Step]]) -> Callable[[Wrong], Iterator[Step]]:
    """What a reason lists is done, word for word; of a past time, or without a mark, something else."""

    def steps(w: Wrong) -> Iterator[Step]:
        return listed(w) if "have" in w.facts else otherwise(w)

    return steps


AFFILIATED = affiliation(
    "brand", "subsidiary", **EVER, number="urn:qualification:samr.cn:S-2", called="again"
)

MENDS = (
    Mend("no-grant", as_told(direct)),
    Mend("no-grant", as_told(direct), "a stranger may not"),
    Mend("parent-absent", (anew(),)),
    Mend("parent-other-brand", (anew(),)),
    Mend("parent-not-issuers", (anew(),)),
    Mend("parent-no-grant", (anew(),)),
    Mend("chain-endless", as_told(direct)),
    Mend("not-right-holder", as_told(direct)),
    Mend(
        "not-right-holder", (AFFILIATED,), "what the subsidiary granted ends with its affiliation"
    ),
    Mend("trademark-withdrawn", remarked),
    Mend("trademark-not-yet", later=400),
    Mend("trademark-expired", remarked),
    Mend("trademark-goods", remarked),
    Mend("trademark-pending", (mark(number=OTHER_MARK, called="registered"),)),
    Mend("grant-revoked", as_told(downwards)),
    Mend("grant-not-yet", later=1),
    Mend("grant-expired", as_told(downwards)),
    Mend("grant-depth", as_told(direct)),
    Mend("grant-goods", as_told(downwards)),
    Mend("grant-territory", as_told(downwards)),
    Mend("grant-channel", as_told(downwards)),
    Mend("grant-shop-type", as_told(downwards)),
    Mend("grant-shop", as_told(downwards)),
    Mend(
        "flagship-needs-exclusive",
        (revoke("agent", "agent", "brand"), grant("brand", "rival", exclusive=True, depth=0)),
    ),
    Mend("specialty-needs-direct", as_told(direct)),
    Mend("specialty-needs-country", as_told(direct)),
    Mend("multi-brand-too-long", as_told(direct)),
)
