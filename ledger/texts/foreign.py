"""What kept libraries say: their English sentences recognised, so that they can be said in other languages."""

import re
from collections.abc import Sequence
from functools import cache

from ledger.texts import Sentence, Words

_NAME = re.compile(r"\\\{([a-z_]+)\\\}")


@cache
def _form(en: str) -> re.Pattern[str]:
    """Return what a sentence looks like with any facts."""
    return re.compile(_NAME.sub(r"(?P<\1>.*)", re.escape(en)), re.DOTALL)


def recognised(text: str, known: Sequence[Words]) -> Sentence:
    """Return a library's sentence with its facts apart; one that is not known as it is.

    A fact may be such a sentence itself.
    """
    for words in known:
        found = _form(words.en).fullmatch(text)
        if found is not None:
            facts = {name: recognised(one or "", known) for name, one in found.groupdict().items()}
            return Sentence(words.en, facts)
    return Sentence(text)
