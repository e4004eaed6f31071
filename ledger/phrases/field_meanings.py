"""What the fields of a type mean; of a target also which types it may have."""

from ledger.phrases.type_words import TYPES
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.field_words import field_words
from ledger.statements.statement_type import StatementType
from ledger.statements.words import TARGETS, Words


def target_words(row: StatementType) -> Words:
    """Return what the target of a type is: what it does to which types."""
    said = TARGETS.get(row.name) or TARGETS[row.effect]
    zh = "、".join(f"{TYPES[name][1]}（{name}）" for name in row.amends)
    return Words(said.en.format(", ".join(row.amends)), said.zh.format(zh))


def field_meaning(owner: str, field: str) -> Words:
    """Return what a field of a type or part means.

    Raises:
        KeyError: the table lacks it.

    """
    row = CATALOGUE.get(owner)
    if field == "target" and row is not None and row.amends:
        return target_words(row)
    return field_words(owner, field)
