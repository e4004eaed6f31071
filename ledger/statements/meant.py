"""What a field means and is called, said where the field is: ``Annotated[LongText, Meant(...)]``.

Help, templates and sheets are made of it; msgspec passes it over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from ledger.texts import Words


@dataclass(frozen=True, slots=True)
class Meant:
    """What a field means, and what it is called at the head of a column.

    ``says``: a sentence, empty for a target, whose type says it. ``title``: behind ``|`` stand
    further titles that are understood; the first is the one that is written. ``context``: of both,
    where another field has the same English and is called otherwise in another language.
    ``needed``: when a rule asks for a field that may be left out, in words: a form alone cannot
    say it, since what a paper needs depends on its kind; a test holds it against the rules.
    """

    says: str
    title: str
    context: str = ""
    needed: str = ""

    @property
    def meaning(self) -> Words:
        """Return what the field means."""
        return Words.again(self.says, self.context)

    @property
    def titles(self) -> Words:
        """Return what it is called."""
        return Words.again(self.title, self.context)

    @property
    def when(self) -> Words | None:
        """Return when a rule asks for it, None where none does or it is always there."""
        return Words.again(self.needed) if self.needed else None


def held(hint: Any) -> Any:
    """Return what a field holds, by its annotation: without what it means."""
    base, *rest = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    kept = [item for item in rest if not isinstance(item, Meant)]
    return Annotated[(base, *kept)] if kept else base


@cache
def meant_in(cls: Any) -> Mapping[str, Meant]:
    """Return what the fields of a payload or part mean, by their names in JSON."""
    names = dict(zip(cls.__struct_fields__, cls.__struct_encode_fields__, strict=True))
    found = {}
    for base in reversed(cls.__mro__):
        for attribute, hint in vars(base).get("__annotations__", {}).items():
            said = [item for item in get_args(hint)[1:] if isinstance(item, Meant)]
            if said:
                found[names[attribute]] = said[0]
    return found


# Fields that several types have.
ABOUT = Meant("What it is about.", "About", context="about")
BRAND = Meant("The brand, by its trademark.", "Brand|Trademark")
CATEGORY = Meant("The category it belongs to.", "Category")
CAUSE = Meant("The statement that says what has to be mended.", "Cause")
COUNTRY = Meant("Its country.", "Country")
CRITERIA = Meant("What each property must meet.", "Criteria")
EVIDENCE = Meant("Documents and photos that lie elsewhere.", "Evidence")
FINDINGS = Meant("What was found.", "Findings", context="findings")
FROM = Meant("From when it holds.", "From|Start date")
KEYS = Meant("Keys bound to it; --bind FILE puts them in.", "Key files|Keys")
KM = Meant("Kilometres travelled for it.", "Kilometres")
LABORATORY = Meant("Whose report it is about.", "Laboratory")
LOT = Meant("The lot.", "Lot")
LOTS = Meant("Limited to these lots.", "Lots", context="lots")
MONTH = Meant("The month in which that report was issued: 2026-05.", "Month")
NAMES = Meant("Its names.", "Name", context="names")
NOTE = Meant("A remark.", "Note|Remark")
PRODUCTS = Meant("Limited to these products.", "Products", context="products")
REASON = Meant("Why.", "Reason", context="reason")
ROLES = Meant("What it does here.", "Roles|Role")
SEALED = Meant("Commitments to sensitive values; --sensitive FILE makes them.", "Commitments")
SHOP = Meant("The shop.", "Shop")
SHOPS = Meant("Limited to these shops of the trader.", "Shops", context="shops")
TARGET = Meant("", "Target|Amended statement")
TRADER = Meant("The trader.", "Trader", context="trader")
USCC = Meant(
    "Its unified social credit code (GB 32100); a Chinese firm must carry one.",
    "Unified social credit code|USCC",
    needed="where country is CN and the party is no natural person",
)
