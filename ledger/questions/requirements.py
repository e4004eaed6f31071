"""Which papers goods of a category need before they may be listed.

The published rules name no requirement of this kind yet, so this table is the code's own and
part of what an answer means. It follows what the platform reviews on admission: a business
licence for any goods, a food licence for food. No category is listed as needing a compulsory
certificate: which ones do is the regulator's list, and is not on record here.
"""

from ledger.identifiers import ancestors

TRADER_PAPERS: tuple[tuple[str, str], ...] = (("business", "*"), ("food-licence", "food"))
"""(Kind of paper the trader needs, category whose goods need it; ``*`` for all)."""

CERTIFIED_CATEGORIES: tuple[str, ...] = ()
"""Categories whose goods need a compulsory certificate of the brand's holder or the trader."""


def trader_papers(category: str) -> list[str]:
    """Return the kinds of paper a trader needs for a category."""
    within = {"*", *ancestors(category)}
    return [kind for kind, named in TRADER_PAPERS if named in within]


def needs_certificate(category: str) -> bool:
    """Return whether goods of a category need a compulsory certificate."""
    return any(named in CERTIFIED_CATEGORIES for named in ancestors(category))
