"""``grants``: what a party holds of brands and may pass on, and what it granted."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from msgspec import UNSET

from ledger.primitives.instant import format_us
from ledger.questions.grants import any_point, given, granted, lost, marks
from ledger.questions.pages import of_page, pages
from ledger.questions.papers import paper, papers
from ledger.questions.times import dated, registered_by
from ledger.questions.verdict import Asked, Verdict, settle, told
from ledger.rules.chains import (
    ENDED,
    NOT_YET,
    Chain,
    Failure,
    chain_failure,
    grant,
    read_chain,
    trademark_failure,
)
from ledger.rules.codes import SINCE
from ledger.rules.ends import until_us
from ledger.rules.standing import Standing, standing, with_amendments
from ledger.statements.brand_family import Authorisation

PAGE = 200
"""Grants listed on one page."""
MAX_GIVEN = 10_000
"""Grants of a party's own making that are looked at in one answer."""
STATES = ("stands", "coming", "over", "broken")
"""What a grant or mark is at a time: in the order in which they are listed."""


def state_of(failure: Failure | None) -> str:
    """Return what a grant or mark is that fails for this reason, or does not."""
    if failure is None:
        return "stands"
    if failure.code in NOT_YET:
        return "coming"
    return "over" if failure.code in ENDED else "broken"


@dataclass(frozen=True)
class Right:
    """A grant at the time asked about, with the chain above it."""

    asked: Asked
    item: Standing

    @cached_property
    def chain(self) -> Chain:
        """Return the grants above it, itself included."""
        return read_chain(self.asked.view, self.item)

    @cached_property
    def failure(self) -> Failure | None:
        """Return why it carries nothing: itself, or what is above it."""
        found = chain_failure(self.asked.view, self.chain, any_point(self.asked))
        return None if found is None else dated(self.asked, found)

    @property
    def state(self) -> str:
        """Return what it is now."""
        return state_of(self.failure)

    @property
    def depth(self) -> int:
        """Return how many grants may still stand below it: no link of its chain allows more."""
        links = self.chain.links
        left = min(grant(link).depth - below for below, link in enumerate(reversed(links)))
        return max(0, left)

    @property
    def ends(self) -> str | None:
        """Return when it ended by another entry; else when it ends, itself or what is above it; None for never."""
        since = None if self.failure is None else self.failure.facts.get(SINCE)
        if isinstance(since, str):
            return since
        above = () if self.chain.root is None else (self.chain.root,)
        told = (until_us(self.asked.view, link) for link in (*above, *self.chain.links))
        ends = [time_us for time_us in told if time_us is not None]
        return format_us(min(ends)) if ends else None

    def row(self) -> dict[str, Any]:
        """Return it as JSON: as it was granted, ``depth`` what is left of it."""
        body, links, root = grant(self.item), self.chain.links, self.chain.root
        above = links[-2] if len(links) > 1 else root
        return {
            "entry": self.item.index,
            "id": self.item.id,
            "parent": None if above is None else above.index,
            "issuer": self.item.issuer,
            "grantee": self.item.subject,
            "brand": str(body.brand),
            "goods": sorted(map(str, body.goods)),
            "territories": sorted(map(str, body.territories)),
            "channels": sorted(map(str, body.channels)),
            "shop_types": sorted(map(str, body.shop_types)),
            "shops": sorted(body.named_shops),
            "exclusive": body.exclusive,
            "platform_exclusive": body.platform_exclusive,
            "notice_days": None if body.notice_days is UNSET else body.notice_days,
            "irrevocable_until": None
            if body.irrevocable_until is UNSET
            else str(body.irrevocable_until),
            "depth": self.depth,
            "from": str(body.from_),
            "until": None if body.until is None else str(body.until),
            "ends": self.ends,
            "state": self.state,
            "why": told(() if self.failure is None else (self.failure,)),
        }


@dataclass(frozen=True)
class Mark:
    """A trademark's paper at the time asked about."""

    asked: Asked
    item: Standing

    @cached_property
    def failure(self) -> Failure | None:
        """Return why it carries nothing."""
        found = trademark_failure(self.asked.view, self.item, any_point(self.asked))
        return None if found is None else dated(self.asked, found)

    @property
    def state(self) -> str:
        """Return what it is now."""
        return state_of(self.failure)

    def row(self) -> dict[str, Any]:
        """Return it as JSON."""
        body = paper(self.item)
        return {
            "entry": self.item.index,
            "id": self.item.id,
            "kind": body.kind,
            "brand": str(body.number),
            "issuer": self.item.issuer,
            "holder": self.item.subject,
            "goods": sorted(map(str, body.categories)),
            "from": str(body.from_),
            "until": None if body.until is None else str(body.until),
            "state": self.state,
            "why": told(() if self.failure is None else (self.failure,)),
        }


def in_order(rights: Iterable[Right]) -> list[Right]:
    """Return grants as they are listed: what stands first, each state as it was registered."""
    return sorted(rights, key=lambda one: (STATES.index(one.state), one.item.index))


def _marks(asked: Asked, party: str, brand: str) -> list[Mark]:
    """Return the trademarks of a party, of one brand or of all."""
    return [
        Mark(asked, with_amendments(asked.view, item))
        for item in papers(asked.view, party)
        if marks(item, brand) and registered_by(asked, item.index)
    ]


def _held(asked: Asked, party: str, brand: str) -> list[Right]:
    """Return the grants to a party, of one brand or of all."""
    return in_order(
        Right(asked, item)
        for item in granted(asked.view, party, brand)
        if registered_by(asked, item.index)
    )


def _given(asked: Asked, party: str, brand: str) -> list[Standing]:
    """Return the grants that a party made, of one brand or of all, one more than are looked at."""
    made = (item for item in given(asked, party, brand) if registered_by(asked, item.index))
    return list(islice(made, MAX_GIVEN + 1))


def _below(asked: Asked, item: Standing) -> int:
    """Return how many grants were made directly below one, by whatever became of them."""
    found = asked.view.fold(standing, "granted", item.id).values()
    return sum(isinstance(one.body, Authorisation) for one in found)


def grants(asked: Asked, *, party: str, brand: str, page: str) -> Verdict:
    """Return yes if a party holds a mark or grant that stands, with what it holds and what it granted."""
    own, held = _marks(asked, party, brand), _held(asked, party, brand)
    made = _given(asked, party, brand)
    notes = []
    if len(made) > MAX_GIVEN:
        made = made[:MAX_GIVEN]
        notes.append(Failure("walk-limit", (), {"limit": MAX_GIVEN}))
    shown, rows = of_page(held, page, PAGE), of_page(made, page, PAGE)
    states = [one.state for one in own] + [one.state for one in held]
    standing_now = states.count("stands")
    nothing = (
        []
        if standing_now
        else [
            Failure("nothing-granted", (), {"party": party}),
            *lost(asked, party, brand, [one.item for one in held]),
        ]
    )
    listed = [mark.item.index for mark in own] + [right.item.index for right in shown]
    known = asked.view.history("identity", party).count
    return settle(
        no=nothing if known else (),
        unknown=() if known else (Failure("party-unknown", (), {"party": party}),),
        notes=notes,
        rests_on=(*listed, *(item.index for item in rows)),
        detail={
            "page": int(page),
            "pages": pages(max(len(held), len(made)), PAGE),
            "holds": standing_now,
            "granted": len(made),
            "marks": [one.row() for one in own],
            "held": [one.row() for one in shown],
            "given": [Right(asked, item).row() | {"below": _below(asked, item)} for item in rows],
        },
    )
