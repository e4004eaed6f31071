"""Whether a party may act for a brand: as its right-holder, or by one of the chains that end at it.

One chain that carries a point is enough. Where none does, each is told, the nearest first.
"""

from dataclasses import dataclass

from ledger.histories.history import View
from ledger.rules.chains import (
    ENDED,
    NO_CHAIN,
    NOT_YET,
    Chain,
    Failure,
    Point,
    chain_failures,
    granted_by,
    holds_for,
    read_chain,
    trademark_failure,
    trademarks,
)
from ledger.rules.ends import notice_us
from ledger.rules.standing import Standing, standing, with_amendments
from ledger.statements.brand_family import Authorisation, grant_subject
from ledger.statements.fields import Citation


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A chain that does not carry a point: what is told of it, and how much it lacks."""

    chain: Chain
    failures: tuple[Failure, ...]

    @property
    def ended(self) -> bool:
        """Return whether it is over: what it lacks, a new grant alone mends."""
        return any(item.code in ENDED for item in self.failures)

    @property
    def far(self) -> tuple[bool, bool, bool, int]:
        """Return how far it is from a yes: what only has to begin comes first, it mends itself."""
        waits = all(item.code in NOT_YET for item in self.failures)
        broken = any(item.code in NO_CHAIN for item in self.failures)
        return not waits, broken, self.ended, len(self.failures)

    @property
    def giver(self) -> str:
        """Return who granted at its end."""
        return self.chain.links[-1].issuer


def _nearest(lacking: list[_Lacking]) -> list[_Lacking]:
    """Return chains that do not carry, the nearest first.

    Of one giver those that are over only where all are: in whatever order they were registered.
    """
    going = {one.giver for one in lacking if not one.ended}
    told = (one for one in lacking if not one.ended or one.giver not in going)
    return sorted(told, key=lambda one: one.far)


@dataclass(frozen=True, slots=True)
class Authority:
    """Whether a party may act for a brand at a point.

    ``chain``: the one that carries it, or the nearest that does not (None: nothing was granted);
    ``failures``: why each does not, empty when one does, ``chains``: of which each is, None where
    of no grant. ``affiliation``: by which a party counts as the right-holder.
    """

    chain: Chain | None
    failures: tuple[Failure, ...] = ()
    affiliation: Standing | None = None
    chains: tuple[Chain | None, ...] = ()

    @property
    def granted(self) -> bool:
        """Return whether it may."""
        return not self.failures


def _as_holder(
    view: View, brand: str, party: str, point: Point, cited: Citation | None
) -> Authority | list[Failure]:
    """Return by which of its trademarks a party may act, as its holder or who counts as it; else why by none."""
    failures: list[Failure] = []
    for root in trademarks(view, brand):
        if cited is not None and root.id != cited.id:
            continue
        own = root.subject == party
        affiliation = (
            None if own else holds_for(view, party, root.subject, point.at_us, point.newest_us)
        )
        if not own and affiliation is None:
            continue
        failure = trademark_failure(view, root, point)
        if failure is None:
            return Authority(Chain((), root), affiliation=affiliation)
        failures.append(failure)
    return failures


def authority(
    view: View,
    brand: str,
    party: str,
    point: Point,
    *,
    without: frozenset[str] = frozenset(),
    cited: Citation | None = None,
) -> Authority:
    """Return whether a party may act for a brand: as its right-holder, or under a grant.

    Args:
        view: the ledger.
        brand: the trademark.
        party: who acts.
        point: for what, where, when.
        without: ids of grants taken as revoked, to see what would fall.
        cited: only this trademark or grant counts.

    """
    own = _as_holder(view, brand, party, point, cited)
    if isinstance(own, Authority):
        return own
    failures: list[tuple[Failure, Chain | None]] = [(one, None) for one in own]
    lacking: list[_Lacking] = []
    noticed: Authority | None = None  # one that carries until a revocation takes effect
    for item in view.fold(standing, "grant", grant_subject(brand, party)).values():
        if not isinstance(item.body, Authorisation) or (cited is not None and item.id != cited.id):
            continue
        chain = read_chain(view, with_amendments(view, item))
        revoked = next((link for link in chain.links if link.id in without), None)
        found = (
            [
                Failure(
                    "grant-revoked", (revoked.index,), granted_by(revoked) | {"by": revoked.issuer}
                )
            ]
            if revoked is not None
            else list(chain_failures(view, chain, point))
        )
        if not found and not any(notice_us(view, link) is not None for link in chain.links):
            return Authority(chain)
        if not found:
            noticed = noticed or Authority(chain)
            continue
        lacking.append(_Lacking(chain, tuple(found)))
    if noticed is not None:
        return noticed
    lacking = _nearest(lacking)
    failures += [(one.failures[0], one.chain) for one in lacking]
    if not failures:
        failures.append((Failure("no-grant", (), {"party": party, "brand": brand}), None))
    failures.sort(key=lambda item: item[0].code not in NOT_YET)
    return Authority(
        lacking[0].chain if lacking else None,
        tuple(failure for failure, _ in failures),
        chains=tuple(chain for _, chain in failures),
    )
