"""What a broken chain of grants lacks: who has to authorise whom, all of it at once, by name.

A chain that is dead at one link is mended from there down: whoever still has the right to grant
there authorises the next below it, that one the next, and so on to who asks. What was granted
anew meanwhile is taken into account, so that the list grows shorter as it is followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from ledger.histories.history import View
from ledger.rules.authority import Authority, authority
from ledger.rules.chains import (
    MULTI_BRAND_LINKS,
    NOT_YET,
    Chain,
    Failure,
    Point,
    chain_failure,
    holds_for,
    link_failures,
    read_chain,
    trademark_failure,
    trademarks,
)
from ledger.rules.codes import BEGUN, HAVE, LACKING, SHORTER
from ledger.rules.standing import Standing, standing, with_amendments
from ledger.statements.brand_family import Authorisation, grant_subject

DIRECT = ("flagship", "specialty")
"""Types of shop that only the right-holder's own grant is for."""
ENDLESS = "chain-endless"


@dataclass(frozen=True)
class _Brand:
    """A brand at a point: whose marks carry it, and who may grant there."""

    view: View
    brand: str
    point: Point

    @cached_property
    def marks(self) -> list[Standing]:
        """Return its trademarks, by id: in whatever order they were registered."""
        return sorted(trademarks(self.view, self.brand), key=lambda item: item.id)

    @cached_property
    def live(self) -> list[Standing]:
        """Return those that carry the point."""
        return [
            root for root in self.marks if trademark_failure(self.view, root, self.point) is None
        ]

    def holder(self, root: Standing | None) -> Standing | None:
        """Return the mark whose holder grants: a chain's own where it is live, else the first that is."""
        if root is not None and any(one.index == root.index for one in self.live):
            return root
        return next(iter(self.live or self.marks), None)

    def of_holder(self, root: Standing) -> int | None:
        """Return the mark that its holder may grant under, None where it carries nothing."""
        return root.index if self.live else None

    def mark_of(self, party: str, roots: Sequence[Standing]) -> Standing | None:
        """Return the mark that a party holds, or counts as the holder of."""
        at_us, newest_us = self.point.at_us, self.point.newest_us
        for root in roots:
            if root.subject == party:
                return root
        for root in roots:
            if holds_for(self.view, party, root.subject, at_us, newest_us) is not None:
                return root
        return None

    def right(self, party: str, below: int) -> Chain | None:
        """Return the chain by which a party may grant on, with so many links below it.

        Of several the first by id: in whatever order they were registered.
        """
        made = self.view.fold(standing, "grant", grant_subject(self.brand, party))
        for _, known in sorted(made.items()):
            if not isinstance(known.body, Authorisation):
                continue
            item = with_amendments(self.view, known)
            if next(link_failures(self.view, item, below, self.point), None) is not None:
                continue
            chain = read_chain(self.view, item)
            if chain_failure(self.view, chain, self.point, below) is None:
                return chain
        return None


@dataclass(frozen=True, slots=True)
class _Way:
    """Who has to authorise whom, one behind the other: from the first to who asks.

    ``holder``: who holds the brand; ``have``: the grant, or mark, that the first may grant under,
    None where no mark carries what is asked.
    """

    holder: str
    parties: tuple[str, ...]
    have: int | None = None


def _way(brand: _Brand, chain: Chain | None, seller: str) -> _Way | None:
    """Return what a chain lacks; None where nobody else is known to hold the brand."""
    root = brand.holder(None if chain is None else chain.root)
    if root is None or root.subject == seller:
        return None
    if chain is None or brand.point.shop_type in DIRECT:
        found = None
    else:
        found = _from_below(brand, chain, root) or _from_above(brand, chain, root)
    if found is None or _too_long(brand, chain, found):
        return _Way(root.subject, (root.subject, seller), brand.of_holder(root))
    return found


def _parties(chain: Chain) -> tuple[str, ...]:
    """Return who granted at the top of a chain, and to whom, down to its end."""
    return (chain.links[0].issuer, *(link.subject for link in chain.links))


def _from_below(brand: _Brand, chain: Chain, root: Standing) -> _Way | None:
    """Return what is lacking below the lowest that has a grant of its own to grant under."""
    parties = _parties(chain)
    last = len(parties) - 1
    for at in range(last - 1, 0, -1):
        right = brand.right(parties[at], last - at)
        if right is not None:
            return _Way(root.subject, parties[at:], right.links[-1].index)
    return None


def _from_above(brand: _Brand, chain: Chain, root: Standing) -> _Way:
    """Return what is lacking of a whole chain, by who may grant at its top."""
    parties = _parties(chain)
    top = brand.mark_of(parties[0], brand.live or [root])
    if top is not None:
        return _Way(root.subject, parties, brand.of_holder(top))
    right = None if chain.root is not None else brand.right(parties[0], len(parties) - 1)
    if right is not None:
        return _Way(root.subject, parties, right.links[-1].index)
    # Who granted at the top had no right to: the holder grants to the next below, or to that one.
    below = parties if chain.root is None else parties[1:]
    return _Way(root.subject, (root.subject, *below), brand.of_holder(root))


def _begun(brand: _Brand, way: _Way) -> int | None:
    """Return the first grant among those that are lacking that is made and has only to begin; of several by id."""
    for at, (giver, to) in enumerate(pairwise(way.parties)):
        made = brand.view.fold(standing, "grant", grant_subject(brand.brand, to))
        for _, known in sorted(made.items()):
            if not isinstance(known.body, Authorisation) or known.issuer != giver:
                continue
            item = with_amendments(brand.view, known)
            left = len(way.parties) - 2 - at
            against = [one.code for one in link_failures(brand.view, item, left, brand.point)]
            if against and not {*against} - {*NOT_YET}:
                return item.index
    return None


def _too_long(brand: _Brand, chain: Chain | None, way: _Way) -> bool:
    """Return whether what is granted so would be further from the holder than is let."""
    if chain is None:
        return False
    if brand.point.channel is None:
        return chain.broken is not None and chain.broken.code == ENDLESS
    return len(chain.links) > MULTI_BRAND_LINKS or len(way.parties) > MULTI_BRAND_LINKS + 1


def may_act(view: View, brand: str, party: str, point: Point) -> Authority:
    """Return whether a party may act for a brand; if not, each reason with all that its chain lacks.

    Of now: what was to be had at a past time nobody can grant any more. Nothing is lacking where
    all has only to begin.
    """
    return with_lacking(view, brand, party, point, authority(view, brand, party, point))


def with_lacking(view: View, brand: str, party: str, point: Point, found: Authority) -> Authority:
    """Return what was found of a party's authority, each reason with all that its chain lacks."""
    of_brand = _Brand(view, brand, point)
    failures = (
        _lacking(of_brand, failure, chain, party)
        for failure, chain in zip(found.failures, found.chains, strict=True)
    )
    return replace(found, failures=tuple(failures))


def chain_lacks(view: View, brand: str, party: str, point: Point, chain: Chain) -> Failure | None:
    """Return why one chain does not carry a point, with all that it lacks; None where it does."""
    failure = chain_failure(view, chain, point)
    return None if failure is None else _lacking(_Brand(view, brand, point), failure, chain, party)


def _lacking(brand: _Brand, failure: Failure, chain: Chain | None, party: str) -> Failure:
    """Return a reason with who has to authorise whom until it is gone."""
    if brand.point.at_us < brand.point.newest_us or failure.code in NOT_YET:
        return failure
    if chain is None and failure.code != "no-grant":
        return failure
    way = _way(brand, chain, party)
    if way is None:
        return failure
    facts = {**failure.facts, LACKING: " ".join(way.parties)}
    if way.have is not None:
        facts[HAVE] = way.have
    begun = _begun(brand, way)
    if begun is not None:
        facts[BEGUN] = begun
    if len(way.parties) > 2:  # noqa: PLR2004 - two make one grant
        facts[SHORTER] = way.holder
    return replace(failure, facts=facts)
