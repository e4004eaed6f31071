"""One part of the platform: its brands and what is remembered of what happened to them."""

from collections import Counter, defaultdict
from collections.abc import Callable
from heapq import heappush
from typing import Any

from ecosystem.cast import Brand, Conduct, Everybody, Papers, Seat
from ecosystem.institutions import Institutions, StandardOf
from ecosystem.pen import DAY_S, Pen, Person, Said

RECENT = 400  # lots, inspections and seats that are still talked about
PRONENESS = ((0.8, 0.008), (0.15, 0.04), (0.05, 0.15))
"""Most traders' lots are good: which share of them has which chance that a lot is refused."""

NOTORIOUS = 0.4
"""The first trader's lots: somebody goes all the way at any scale."""


class Share:
    """What one process tells; the modules above this one tell it, each its part.

    ``few``: with no more shops than that, none closes and no grant is revoked. ``agenda``:
    what follows later from what was told, by time. ``told``: sums over what was told, as the
    announcement counts it; ``km``: how far an audit is, about.
    """

    def __init__(
        self,
        number: int,
        everybody: Everybody,
        there: Institutions | None = None,
        *,
        few: int = 100,
    ) -> None:
        self.pen = Pen(number, everybody.pen.setting, everybody.pen)
        self.setting, self.rng, self.say = self.pen.setting, self.pen.rng, self.pen.say
        self.all = everybody
        self.there = there
        self.few = few
        self.brands: list[Brand] = []
        self.lots: list[tuple[str, Brand]] = []
        self.lots_of: dict[str, list[str]] = defaultdict(list)
        self.sizes: dict[str, int] = {}
        self.seats: list[Seat] = []
        self.conducts: dict[str, Conduct] = {}
        self.inspections: list[tuple[Said, Seat]] = []
        self.refused: list[tuple[Said, Seat]] = []
        self.listings: list[tuple[Said, Seat]] = []
        self.sanctions: list[tuple[Said, Seat]] = []
        self.appealed: set[str] = set()
        self.complaints: list[Said] = []
        self.labels: dict[tuple[str, str], Said] = {}
        self.categories: dict[str, str] = {}
        self.passed: list[tuple[Said, StandardOf, Seat]] = []
        self.call: dict[str, str] | None = None
        self.observers: list[tuple[Person, str | None, str]] = []
        self.papers: list[Papers] = []
        self.agenda: list[tuple[float, int, Callable[[], object]]] = []
        self.told: Counter[str] = Counter()
        self.km = 1_000

    def later(self, days: float, follow: Callable[..., object], *given: Any) -> None:
        """Let something follow, so many days from now."""
        due_s = self.pen.now_s + days * DAY_S
        heappush(self.agenda, (due_s, self.pen.next(), lambda: follow(self, *given)))

    def conduct(self, trader: Person) -> Conduct:
        """Return how a trader behaves, the same in all its shops."""
        found = self.conducts.get(trader.id)
        if found is None:
            shares, chances = zip(*PRONENESS, strict=True)
            chance = self.rng.choices(chances, shares)[0] if self.conducts else NOTORIOUS
            found = Conduct(chance)
            self.conducts[trader.id] = found
        return found

    def seats_of(self, trader: Person) -> list[Seat]:
        return [seat for seat in self.seats if seat.trader is trader]

    # Choosing: some brands are large, what is recent is talked about most.

    def a_brand(self) -> Brand:
        return self.brands[int(len(self.brands) * self.rng.random() ** 2)]

    def recent(self, items: list[Any]) -> Any:
        return items[-1 - int(min(len(items), RECENT) * self.rng.random() ** 2)]

    def a_seat(self) -> Seat | None:
        """Return one that may put goods on sale."""
        for _ in range(20):
            seat = self.rng.choice(self.seats)
            if seat.sells:
                return seat
        return None
