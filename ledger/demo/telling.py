"""How the story is told: in one language, a paragraph at a time."""

import re
import textwrap
from collections.abc import Callable

from ledger.texts import ENGLISH, Lang, Words, told

WIDTH = 92
_NUMBERED = re.compile(r"[0-9]+\. ")


class Say:
    """Says lines and paragraphs in a language."""

    def __init__(self, lang: Lang, write: Callable[[str], None]) -> None:
        """Write each line with ``write``."""
        self.lang = lang
        self._write = write
        self._begun = False

    def __call__(self, said: object = "", indent: int = 3, deeper: int = 0) -> None:
        """Say something, wrapped where words stand apart; what begins a part stands at the margin, behind a blank line."""
        text = str(told(said, self.lang))
        part = _NUMBERED.match(text)
        if part is not None:
            if self._begun:
                self._write("")
            indent, deeper = 0, len(part[0])
        self._begun = True
        before = " " * indent
        if self.lang != ENGLISH or len(text) <= WIDTH:
            self._write(before + text if text else "")
            return
        behind = " " * (indent + deeper)
        for line in textwrap.wrap(
            text, WIDTH + indent, initial_indent=before, subsequent_indent=behind
        ):
            self._write(line)

    def as_it_is(self, line: str, indent: int = 3) -> None:
        """Say a line that is to be copied: a key, a root, a command."""
        self._write(" " * indent + line)

    def word(self, said: Words) -> str:
        """Return a text that somebody of the story signs."""
        return said.to(self.lang)
