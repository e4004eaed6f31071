"""Who is there: everybody's people, brands, grants, shops; and what they deal in."""

from dataclasses import dataclass, field

from ecosystem.pen import Pen, Person, Said, Setting, cite

LINES = (
    ("food/tea", ("green", "black", "oolong", "puer"), 30),
    ("food/wine", ("red", "white", "rice"), 33),
    ("food/dairy", ("milk", "cheese", "yoghurt"), 29),
    ("beauty/skin", ("cream", "mask", "serum"), 3),
    ("mother-baby/care", ("nappy", "bottle", "wipes"), 5),
    ("home/kitchen", ("pan", "knife", "kettle"), 21),
    ("digital/phone", ("handset", "charger", "cable"), 9),
    ("apparel/outdoor", ("jacket", "shoe", "pack"), 25),
)
"""Categories, the kinds of goods in them, the Nice class of their trademarks."""
PROVINCES = (
    "CN-AH", "CN-BJ", "CN-CQ", "CN-FJ", "CN-GD", "CN-GS", "CN-GX", "CN-GZ", "CN-HA", "CN-HB",
    "CN-HE", "CN-HI", "CN-HL", "CN-HN", "CN-JL", "CN-JS", "CN-JX", "CN-LN", "CN-NM", "CN-NX",
    "CN-QH", "CN-SC", "CN-SD", "CN-SH", "CN-SN", "CN-SX", "CN-TJ", "CN-XJ", "CN-XZ", "CN-YN",
    "CN-ZJ",
)  # fmt: skip
MALLS = ("mall.example", "live.example")
FLAGSHIPS = "flagship.example"


@dataclass
class Grant:
    """A grant, from whom to whom, under which other one."""

    id: str
    to: Person
    above: "Grant | None"
    depth: int
    shop_type: str | None = None
    territories: tuple[str, ...] = ("CN",)
    products: tuple[tuple[str, str], ...] = ()
    """What it is limited to; none: everything of the brand."""
    revoked: bool = False

    @property
    def dead(self) -> bool:
        return self.revoked or (self.above is not None and self.above.dead)

    @property
    def links(self) -> int:
        return 1 + (0 if self.above is None else self.above.links)


@dataclass
class Brand:
    """A right-holder with one trademark, and what came of it."""

    holder: Person
    mark: str
    line: str
    kinds: tuple[str, ...]
    mark_id: str = ""
    facilities: list[str] = field(default_factory=list)
    products: list[tuple[str, str]] = field(default_factory=list)
    granting: list[Grant] = field(default_factory=list)
    exclusive: int = 0
    barred: set[str] = field(default_factory=set)
    """Whose grant ended by another than its issuer: the holder alone grants it anew for certain."""

    def grant_cite(self, grant: Grant | None) -> dict[str, str]:
        if grant is None:
            return cite(self.mark_id, "qualification-number", self.mark)
        return cite(grant.id, "grant", f"{self.mark}\n{grant.to.id}")


@dataclass(eq=False)
class Papers:
    """The papers a trader was admitted on: citations by kind."""

    trader: Person
    held: dict[str, dict[str, str]]


@dataclass
class Conduct:
    """How a trader behaves, and what follows for it.

    ``proneness``: the chance that a lot it delivers is refused; ``barred``: from delisting on,
    until that is lifted; ``gone``: there is no cooperation any more; ``watched``: it will be
    acted upon soon; ``punished``: it was sanctioned once; ``refused``: its refused lots that no
    sanction names yet.
    """

    proneness: float
    barred: bool = False
    gone: bool = False
    watched: bool = False
    punished: bool = False
    refused: list[Said] = field(default_factory=list)


@dataclass
class Seat:
    """A trader's shop under one grant of one brand."""

    trader: Person
    brand: Brand
    grant: Grant
    shop: str
    shop_id: str
    conduct: Conduct
    closed: bool = False

    @property
    def trades(self) -> bool:
        """Return whether goods are still delivered to it."""
        return not (self.closed or self.conduct.gone or self.grant.dead)

    @property
    def sells(self) -> bool:
        """Return whether it may put goods on sale."""
        return self.trades and not self.conduct.barred


@dataclass(frozen=True)
class Numbers:
    """How many work for all brands."""

    offices: int = 3
    warehouses: int = 20
    inspectors: int = 30
    carriers: int = 10
    laboratories: int = 35


class Everybody:
    """Who works for all brands: the same people, with the same ids, in every process."""

    def __init__(self, setting: Setting, numbers: Numbers) -> None:
        pen = self.pen = Pen(0, setting)
        self.offices = [pen.enter("authority", "局") for _ in range(numbers.offices)]
        self.warehouses = [pen.enter("warehouse", "仓") for _ in range(numbers.warehouses)]
        self.inspectors = [pen.enter("inspector", "检") for _ in range(numbers.inspectors)]
        self.carriers = [pen.enter("carrier", "运") for _ in range(numbers.carriers)]
        self.laboratories = [pen.enter("laboratory", "室") for _ in range(numbers.laboratories)]
