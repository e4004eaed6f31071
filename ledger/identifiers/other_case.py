"""An identifier that is none for its case alone: which one it is in the case that its form has.

Only what has one case by its form is changed: a scheme, a host, a GS1 key's words, an office, the
letters of a number or code. What tells one thing from another by case (a lot's code, a serial
number, the path of a did:web) is left as it is written.
"""

import re
from collections.abc import Callable, Iterator

from ledger.errors import MalformedError

_GS1 = re.compile(r"(https://id\.gs1\.org/[0-9]{2,3}/[^/]*)(.*)", re.IGNORECASE)
_WEB = re.compile(r"(did:web:[^:]*|https://[^/]*)(.*)", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(urn:(?:uscc|trademark:[^:]*|qualification:[^:]*|standard:[^:]*):)(.*)", re.IGNORECASE
)
_QUALIFIER = re.compile(r"/(?:10|21)/|urn:lot:", re.IGNORECASE)


def _cased(text: str) -> Iterator[str]:
    """Yield what a text may be, the parts of one case in that."""
    for pattern in (_GS1, _WEB):
        if found := pattern.fullmatch(text):
            yield found[1].lower() + found[2]
            return
    if found := _NUMBERED.fullmatch(text):
        yield found[1].lower() + found[2].upper()
        return
    if not _QUALIFIER.search(text):
        yield text.lower()
        yield text.upper()


def in_other_case(text: str, check: Callable[[str], object]) -> str | None:
    """Return the text that a malformed one is in the case of its form, None where that is not it.

    Args:
        text: what was refused.
        check: what refuses it, by ``MalformedError``.

    """
    for other in _cased(text):
        try:
            check(other)
        except MalformedError:
            continue
        return None if other == text else other
    return None
