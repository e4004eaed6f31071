"""What a reason says, and what would mend it."""

from dataclasses import dataclass

from ledger.texts import Lang, Words, translated


@dataclass(frozen=True, slots=True)
class Said:
    """A reason without its full stop: facts stand in braces.

    ``mend``: whole sentences that say what would mend it, empty where nothing would or need be.
    Where it is told who has to authorise whom, that stands in their place: behind ``first``, what
    has to come before where nobody has the right to; before ``other``, what else has to be or may.
    ``had``: what is told besides where part of it is there; ``begun``: where it is on record and does not do yet.
    """

    en: str
    mend: str = ""
    first: Words | None = None
    other: Words | None = None
    had: Words | None = None
    begun: Words | None = None

    def clause(self, lang: Lang) -> str:
        """Return what holds, in a language."""
        return translated(self.en, lang)

    def mending(self, lang: Lang) -> str:
        """Return what would mend it, in a language."""
        return translated(self.mend, lang)

    def beside(self, lang: Lang) -> tuple[str, str]:
        """Return what stands before and behind who has to authorise whom, in a language."""
        first, other = (None if one is None else one.to(lang) for one in (self.first, self.other))
        return first or "", other or ""
