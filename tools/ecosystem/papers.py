"""Papers and grants: trademarks, licences, admissions, authorisations, keys, and their ends."""

from typing import Any

from ecosystem.cast import LINES, MALLS, Brand, Grant, Papers
from ecosystem.pen import Person, cite
from ecosystem.share import Share
from ledger.questions.requirements import trader_papers


def trademark(share: Share, number: int) -> Brand:
    """Let a right-holder enter; its mark is registered when its brand opens."""
    line, kinds, nice = LINES[number % len(LINES)]
    holder = share.pen.enter("brand", "牌")
    return Brand(holder, f"urn:trademark:cn:{share.pen.next()}:{nice}", line, kinds)


def register_mark(share: Share, brand: Brand) -> None:
    fields = {
        "kind": "trademark-registered",
        "number": brand.mark,
        "categories": [brand.line],
        "mark": f"品{brand.mark[17:25]}",
        "from": share.setting.from_,
        "until": share.setting.mark_until,
    }
    brand.mark_id = share.say("qualification", share.all.offices[0], brand.holder.id, fields)


def licence(share: Share, trader: Person, line: str) -> None:
    """A trader brings the papers that its goods need, and is admitted on them."""
    papers = Papers(trader, {})
    for kind in trader_papers(line):
        issue(share, papers, kind)
    share.papers.append(papers)
    admit(share, papers)


def issue(share: Share, papers: Papers, kind: str) -> None:
    number = f"urn:qualification:samr.cn:{share.pen.next()}"
    fields = {
        "kind": kind,
        "number": number,
        "categories": ["*"] if kind == "business" else ["food"],
        "from": share.setting.from_,
        "until": share.setting.until,
        "evidence": share.pen.evidence(),
    }
    id_ = share.say("qualification", share.all.offices[1], papers.trader.id, fields)
    papers.held[kind] = cite(id_, "qualification-number", number)


def admit(share: Share, papers: Papers) -> None:
    fields = {
        "decision": "admitted",
        "evidence": list(papers.held.values()),
        "reasons": [f"Papers complete; review {share.pen.next()}."],
    }
    share.say("admission", share.pen.operator, papers.trader.id, fields)


def review(share: Share) -> None:
    """The platform looks again at a trader's papers."""
    if share.papers:
        admit(share, share.recent(share.papers))


def withdraw(share: Share) -> None:
    """A paper is replaced by a new one, and the trader admitted on that."""
    if not share.papers:
        return
    papers = share.rng.choice(share.papers)
    kind = share.rng.choice(list(papers.held))
    old = papers.held[kind]
    fields = {"target": old, "number": old["subject"], "reason": "Replaced by a new paper."}
    share.say("qualification-withdrawal", share.all.offices[1], papers.trader.id, fields)
    issue(share, papers, kind)
    admit(share, papers)


def grant(
    share: Share, brand: Brand, above: Grant | None, to: Person, *, depth: int, **changes: Any
) -> Grant:
    by = brand.holder if above is None else above.to
    fields = {
        "parent": brand.grant_cite(above),
        "brand": brand.mark,
        "goods": [brand.line],
        "territories": ["CN"],
        "channels": list(MALLS),
        "shop_types": ["*"],
        "exclusive": False,
        "depth": depth,
        "from": share.setting.from_,
        "until": share.setting.until,
    } | changes
    id_ = share.say("authorisation", by, to.id, fields)
    return Grant(id_, to, above, depth, territories=tuple(fields["territories"]))


def granting(share: Share) -> None:
    """A brand or one of its agents takes on somebody who may grant on."""
    brand = share.a_brand()
    above = share.rng.choice([None, *(g for g in brand.granting if not g.dead and g.depth > 1)])
    to = share.pen.enter("trader", "销")
    depth = 3 if above is None else above.depth - 1
    brand.granting.append(grant(share, brand, above, to, depth=depth))


def revoke(share: Share) -> None:
    """Mostly a shop's grant ends; sometimes that of an agent or distributor."""
    seat = share.a_seat()
    if seat is None or len(share.seats) < share.few:
        return
    brand, ended = seat.brand, seat.grant
    if share.rng.random() < 0.1 and ended.above is not None and ended.above.links > 1:
        ended = ended.above
    above: list[Grant] = []
    while (up := above[-1].above if above else ended.above) is not None:
        above.append(up)
    by = share.rng.choice([brand.holder, *(item.to for item in above)])
    ended.revoked = True
    if above and by is not above[0].to:
        brand.barred.add(ended.to.id)
    brand.granting = [item for item in brand.granting if not item.dead]
    fields = {
        "target": brand.grant_cite(ended),
        "brand": brand.mark,
        "parent": brand.mark_id if ended.above is None else ended.above.id,
        "exclusive": ended.shop_type == "flagship",
        "reason": "Contract ended.",
    }
    share.say("authorisation-revocation", by, ended.to.id, fields)


def new_key(share: Share) -> None:
    """A trader introduces its next key, and signs with it from then on."""
    next_key(share, share.rng.choice(share.seats).trader)


def next_key(share: Share, trader: Person) -> Person:
    """Return the trader as it signed before."""
    old = Person(trader.id, trader.number, trader.keys)
    trader.keys += 1
    share.say("key", old, trader.id, {"key": share.pen.binding(trader)})
    return old


def renew_key(share: Share) -> None:
    """A trader introduces its next key, and retires the one before."""
    trader = share.rng.choice(share.seats).trader
    old = next_key(share, trader)
    fields = {"kid": old.key.public.kid.hex(), "reason": "retired"}
    share.say("key-revocation", trader, trader.id, fields)


def rename(share: Share) -> None:
    """A trader has another name from now on."""
    trader = share.rng.choice(share.seats).trader
    names = {"zh": f"新店{trader.number}", "en": f"Renamed trader {trader.number}"}
    fields = trader.entered | {"names": names, "keys": []}
    share.say("party-update", share.pen.operator, trader.id, fields)
