"""The language in which a request is answered: what it asks for, else what it accepts."""

import re
from urllib.parse import unquote_plus

from starlette.requests import Request

from ledger.texts import ENGLISH, Lang, languages

_WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")


def weights(header: str) -> dict[str, float]:
    """Return what an Accept-like header names, with its weights (RFC 9110 section 12.4.2)."""
    found: dict[str, float] = {}
    for part in header.split(","):
        name, *parameters = (item.strip().lower() for item in part.split(";"))
        weight = next((item[2:] for item in parameters if item.startswith("q=")), "1")
        if name:
            found[name] = float(weight) if _WEIGHT.fullmatch(weight) else 0.0
    return found


def accepted(header: str) -> Lang:
    """Return the language that an Accept-Language header wants most of those there are, else English."""
    best, most = ENGLISH, 0.0
    for name, weight in weights(header).items():
        primary = name.partition("-")[0]
        if primary in languages() and weight > most:
            best, most = primary, weight
    return best


def spoken(request: Request) -> Lang:
    """Return the language of a problem: ``lang`` of the query where it is one, else what is accepted.

    Whatever is wrong with the rest of the query.
    """
    raw: bytes = request.scope.get("query_string", b"")
    for part in raw.decode("latin-1").split("&"):
        name, _, value = part.partition("=")
        if name == "lang" and unquote_plus(value) in languages():
            return unquote_plus(value)
    return accepted(request.headers.get("accept-language", ""))
