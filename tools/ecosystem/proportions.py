"""How much of everything: the announced ecosystem at scale 1.0, and what it takes besides.

Announced in September 2021: an alliance of 100+ brands and 35 testing bodies, 200+ category
standards; from January to mid-September 200,000 items sampled, 600,000 warehouse batches
tested, 1.5 million km travelled for factory visits. The rest is assumed so that these hang
together: some eight listings a shop pair, five inspections a lot.
"""

from dataclasses import dataclass

DAYS = 258
"""From 1 January to 15 September."""
ROUND_DAYS = 6
"""What is told of so many days is registered at once; statements are at most a week old then."""
ROUNDS = DAYS // ROUND_DAYS
SHARES = 2
KM = 1_500_000
"""Of origin audits and flight inspections together."""


@dataclass(frozen=True)
class Row:
    """How many at scale 1.0, how many at least of each share, how many of them at the start."""

    at_one: int
    at_least: int = 1
    at_start: float = 0.0


EVERYBODY = {
    "laboratories": Row(35, 4),
    "warehouses": Row(40, 3),
    "inspectors": Row(240, 8),
    "carriers": Row(24, 2),
    "standards": Row(210, 8),
}
"""Who and what is there for all shares: at least so many in all."""

ACTS = {
    "brands": Row(120, 2, 1.0),
    "observers": Row(200, 3, 1.0),
    "products": Row(6_000, 12, 0.5),
    "shops": Row(3_000, 12, 0.6),
    "listings": Row(12_000, 40, 0.5),
    "lots": Row(120_000, 100, 0.05),
    "inbound": Row(450_000),
    "patrol": Row(150_000),
    "flight": Row(20_000),
    "mystery": Row(90_000),
    "samples": Row(90_000),
    "audits": Row(1_600, 8),
    "visits": Row(2_000, 4),
    "invitations": Row(600, 2),
    "complaints": Row(6_000, 6),
    "pledges": Row(600, 2),
    "labels": Row(2_400, 6),
    "labels withdrawn": Row(120, 1),
    "indices": Row(4_000, 16),
    "listings ended": Row(1_500, 4),
    "reviews": Row(1_500, 3),
    "corrections": Row(2_000, 3),
    "erasures": Row(200, 1),
    "errors": Row(60, 1),
    "agents": Row(240, 1),
    "revocations": Row(200, 2),
    "withdrawals": Row(150, 2),
    "keys": Row(200, 2),
    "names": Row(100, 1),
    "closures": Row(100, 1),
}
"""What happens, as often in all; each share tells its part of it."""


@dataclass(frozen=True)
class Scale:
    """The proportions at one scale; 1.0 is what was announced."""

    scale: float

    def everybody(self, name: str) -> int:
        row = EVERYBODY[name]
        return max(row.at_least, round(row.at_one * self.scale))

    def of_share(self, name: str, number: int) -> int:
        """Return how many of these the share of this number (from 1) tells."""
        row = ACTS[name]
        total = round(row.at_one * self.scale)
        own = total // SHARES + (number <= total % SHARES)
        return max(row.at_least, own)

    def due(self, name: str, number: int, rounds: int) -> int:
        """Return how many a share has told by the end of so many rounds, 0 for the start alone."""
        row, total = ACTS[name], self.of_share(name, number)
        start = round(total * row.at_start)
        return start + (total - start) * rounds // ROUNDS
