"""What each type of statement is called, for lists of what was said."""

from ledger.statements.catalogue import CATALOGUE, GENERIC, called
from ledger.texts import Lang


def type_word(name: str, lang: Lang) -> str:
    """Return what a type is called; any other text as it is."""
    return called(name).to(lang) if name in CATALOGUE or name == GENERIC else name
