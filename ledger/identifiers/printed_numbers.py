"""Numbers as people print them: of papers, and of lots that GS1 has no room for; one spelling of each.

Of papers as offices print them: 津药监械经营许20210123号, 京食药监（2021）12/3号.

A number is capitals, digits and Chinese characters, with the signs ``( ) / . _ -``. Printed
brackets of every kind are round ones, dashes of every kind ``-``; full-width forms are their
plain selves, small letters capitals, blanks nothing.
"""

import re

from ledger.primitives.near import plain_name

MOST = 64
_FIRST = r"0-9A-Z\u3007\u4e00-\u9fff("
NUMBER = rf"[{_FIRST}][{_FIRST})/._-]{{0,{MOST - 1}}}"
"""The pattern of a number in its one spelling, but for pairs of brackets and what they hold."""
_OPENING = str.maketrans("[{【〔［｛「『〖〈《", "(" * 11)  # noqa: RUF001 - as printed
_CLOSING = str.maketrans("]}】〕］｝」』〗〉》", ")" * 11)  # noqa: RUF001 - as printed
_OFFICE = re.compile(r"(urn:qualification:[^:]*:)(.*)", re.DOTALL | re.IGNORECASE)


def canonical_lot_number(text: str) -> str:
    """Return the one spelling of the number of a lot, in which case tells one from another."""
    return plain_name(text.translate(_OPENING).translate(_CLOSING))


def canonical_number(text: str) -> str:
    """Return the one spelling of a paper's number, whatever it is."""
    plain = canonical_lot_number(text)
    return re.sub("[a-z]+", lambda found: found[0].upper(), plain)


def canonical_paper(text: str) -> str:
    """Return the id of a paper with its number in its one spelling; another text as it is."""
    match = _OFFICE.fullmatch(text)
    return text if match is None else match[1].lower() + canonical_number(match[2])


def balanced(number: str) -> bool:
    """Return whether each bracket of a number is closed, and holds something."""
    depth = 0
    for sign in number:
        depth += (sign == "(") - (sign == ")")
        if depth not in (0, 1):
            return False
    return depth == 0 and "()" not in number
