"""What the fields of a type mean; of a target also which types it may have."""

from dataclasses import dataclass
from typing import Any

from ledger.statements.catalogue import CATALOGUE, called
from ledger.statements.described import owner_name
from ledger.statements.meant import meant_in
from ledger.statements.statement_type import StatementType
from ledger.statements.words import TARGETS
from ledger.texts import ENGLISH, Lang, Told
from ledger.texts.joints import ASIDE, listed


@dataclass(frozen=True, slots=True)
class OfTarget:
    """What the target of a type is: what it does to which types."""

    row: StatementType

    def to(self, lang: Lang) -> str:
        """Return it in a language; in others than English each type has its name."""
        said = self.row.target or TARGETS[self.row.effect]
        names = (
            name if lang == ENGLISH else called(name).to(lang) + ASIDE.fill(lang, name)
            for name in self.row.amends
        )
        return said.fill(lang, listed(names, lang))


def field_meaning(owner: Any, field: str) -> Told:
    """Return what a field of a type or part means.

    Raises:
        KeyError: the table lacks it.

    """
    row = CATALOGUE.get(owner_name(owner))
    if field == "target" and row is not None and row.amends:
        return OfTarget(row)
    return meant_in(owner.cls)[field].meaning
