"""Whether who found something was tied to whom it favours, asked of thousands of findings at once.

The papers of a party are read once; only where two parties have somebody in common at any
time is the tie asked for at the time of the finding.
"""

from dataclasses import dataclass, field

from ledger.histories.history import View
from ledger.rules.standing import standing
from ledger.rules.state import fold_party
from ledger.rules.ties import ties


@dataclass(slots=True)
class Independence:
    """Who may be tied to whom, as the ledger is known."""

    view: View
    _above: dict[str, frozenset[str]] = field(default_factory=dict)

    def tied(self, party: str, favoured: frozenset[str], *at_us: int) -> bool:
        """Return whether a party was tied to any of others at one of these times."""
        if party in favoured:
            return True
        own = self.above(party)
        # In one order, so that every verifier reads the same histories until a tie is found.
        return any(
            ties(self.view, party, other, *at_us) is not None
            for other in sorted(favoured)
            if not own.isdisjoint(self.above(other))
        )

    def above(self, party: str) -> frozenset[str]:
        """Return a party, its credit code, and all that papers of any time put above it."""
        found = self._above.get(party)
        if found is None:
            found = self._above[party] = frozenset(self._walk(party))
        return found

    def _walk(self, party: str) -> set[str]:
        found, todo = {party}, [party]
        for below in todo:  # grows on the way
            known = self.view.fold(fold_party, "identity", below)
            if known is not None and known.uscc is not None:
                found.add(f"uscc {known.uscc}")
            for item in self.view.fold(standing, "qualification", below).values():
                above = getattr(item.body, "of", None)
                if isinstance(above, str) and above not in found:
                    found.add(above)
                    todo.append(above)
        return found
