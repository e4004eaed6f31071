"""What strangers are told of the inside of a service: the sentence without its paths, URLs and names."""

import re
from dataclasses import dataclass

from ledger.texts import ENGLISH, Lang, Told, saying

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s,;)\"']+")
_PATH = re.compile(r"(?<![\w/.:<])~?/(?:[^\s/,;:)\"']+/?)+")
_QUOTED = re.compile(r"\"[^\"]*\"")
_ADDRESS = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?|\b[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}\b"
)
HIDDEN = "…"
STORAGE = saying("the ledger's storage refuses or is away; its operator's log says more")


def outside(text: str) -> str:
    """Return a sentence for strangers: no URL, path, address, and nothing a driver quotes."""
    for pattern in (_URL, _PATH, _QUOTED, _ADDRESS):
        text = pattern.sub(HIDDEN, text)
    return text


@dataclass(frozen=True, slots=True)
class Outside:
    """A sentence of the inside, as strangers are told it in any language."""

    sentence: Told

    def to(self, lang: Lang) -> str:
        """Return it in a language."""
        return outside(self.sentence.to(lang))

    def __str__(self) -> str:
        """Return it in English."""
        return self.to(ENGLISH)
