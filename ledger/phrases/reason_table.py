"""What a reason says in each language, and what would mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in both languages, without its full stop: facts stand in braces.

    ``mend_en``, ``mend_zh``: whole sentences that say what would mend it, empty where nothing
    would or need be.
    """

    en: str
    zh: str
    mend_en: str = ""
    mend_zh: str = ""
