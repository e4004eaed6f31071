"""Which papers goods of a category need before they may be listed, and of which country.

The published document names all of it. It follows what the platform reviews on admission: a business
licence for any goods, a food licence for food. A seller from abroad may show its own country's in
their place where FOREIGN_PAPERS says so (跨境电商零售进口). Which goods need a compulsory certificate is
the regulator's catalogue (强制性产品认证目录, CCC), by category paths.
"""

from ledger.identifiers import ALL, ancestors, within

TRADER_PAPERS: tuple[tuple[str, str], ...] = (("business", "*"), ("food-licence", "food"))
"""(Kind of paper the trader needs, category whose goods need it; ``*`` for all)."""

FOREIGN_PAPERS: tuple[tuple[str, str], ...] = (("business", "*"), ("food-licence", "food"))
"""The same, of papers in whose place a seller from abroad may show one of its own country."""

CERTIFIED_CATEGORIES: tuple[str, ...] = (
    "appliances", "baby/car-seats", "baby/strollers", "building/glass", "building/paint",
    "electrical", "electronics/audio-video", "electronics/computers", "electronics/lithium-batteries",
    "electronics/phones", "electronics/power-banks", "fire-safety", "gas-appliances", "lighting",
    "power-tools", "toys", "vehicles/cars", "vehicles/e-bikes", "vehicles/helmets",
    "vehicles/motorcycles", "vehicles/parts", "vehicles/tyres",
)  # fmt: skip
"""Categories whose goods need a compulsory certificate of the seller, or of who stands above it."""

CERTIFIED_IN = "CN"
"""Where the catalogue is the law: Hong Kong, Macao and Taiwan have their own."""


def _named(rows: tuple[tuple[str, str], ...], category: str) -> list[str]:
    around = {ALL, *ancestors(category)}
    return [kind for kind, named in rows if named in around]


def trader_papers(category: str) -> list[str]:
    """Return the kinds of paper a trader needs for a category."""
    return _named(TRADER_PAPERS, category)


def foreign_counts(kind: str, category: str) -> bool:
    """Return whether a seller from abroad may show its own country's paper of a kind for a category."""
    return kind in _named(FOREIGN_PAPERS, category)


def needs_certificate(category: str, territory: str) -> bool:
    """Return whether goods of a category need a compulsory certificate where they are to be sold."""
    there = territory == ALL or CERTIFIED_IN in within(territory)
    return there and any(named in CERTIFIED_CATEGORIES for named in ancestors(category))
