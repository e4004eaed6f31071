"""What a reason says, and what would mend it."""

from dataclasses import dataclass

from ledger.texts import Lang, translated


@dataclass(frozen=True, slots=True)
class Said:
    """A reason without its full stop: facts stand in braces.

    ``mend``: whole sentences that say what would mend it, empty where nothing would or need be.
    """

    en: str
    mend: str = ""

    def clause(self, lang: Lang) -> str:
        """Return what holds, in a language."""
        return translated(self.en, lang)

    def mending(self, lang: Lang) -> str:
        """Return what would mend it, in a language."""
        return translated(self.mend, lang)
