"""Types of statements as facts of what is told."""

from dataclasses import dataclass

from ledger.statements.catalogue import called
from ledger.texts import ENGLISH, Lang
from ledger.texts.joints import ASIDE


@dataclass(frozen=True, slots=True)
class Typed:
    """A type of statement: in English the code that is typed, in other languages its word, the code behind it."""

    name: str

    def to(self, lang: Lang) -> str:
        """Return it in a language."""
        if lang == ENGLISH:
            return self.name
        return called(self.name).to(lang) + ASIDE.fill(lang, self.name)
