"""What people write of a measured value: 未检出(<0.05), ND, 8×10³."""

import re
from decimal import Decimal

from ledger.primitives.near import normal_name
from ledger.statements.results import ABSENT, PRESENT

NOT_DETECTED = frozenset(
    {"未检出", "不得检出", "阴性", "nd", "n.d.", "notdetected", "negative", ABSENT}
)
DETECTED = frozenset({"检出", "阳性", "detected", "positive", PRESENT})
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_NONE_BELOW = re.compile(
    rf"(?:未检出|nd|n\.d\.|notdetected)[(:,;]*(?:<|检出限|lod|dl)*[:=<]?({_NUMBER})\)?"
)
_POWER = re.compile(rf"([<>]?)(-?{_NUMBER})(?:[x×*]10\^?|e)\(?([+-]?[1-9])\)?")
_GROUPED = re.compile(r"([<>]?-?[0-9]{1,3})((?:,[0-9]{3})+)(\.[0-9]+)?")


def none_below(text: str) -> str | None:
    """Return the value below which nothing was found, where a text says so: 未检出(<0.05)."""
    found = _NONE_BELOW.fullmatch(normal_name(text))
    return None if found is None else found[1]


def measured(text: str) -> str:
    """Return a measured value as statements have it; a text that is none as it is."""
    plain = normal_name(text)
    if plain in NOT_DETECTED:
        return ABSENT
    if plain in DETECTED:
        return PRESENT
    power = _POWER.fullmatch(plain)
    if power is not None:
        return f"{power[1]}{Decimal(power[2]).scaleb(int(power[3])):f}"
    if _GROUPED.fullmatch(plain):
        return plain.replace(",", "")
    return plain
