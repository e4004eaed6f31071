"""Query strings and preferences, read strictly: what is not declared is refused, not ignored."""

from collections.abc import Iterable, Mapping
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from api.http.problems import Problem
from api.http.spoken import accepted, weights
from ledger.errors import MalformedError
from ledger.primitives.instant import given_us
from ledger.primitives.strict import parse_decimal
from ledger.texts import Lang, languages, saying
from ledger.texts.joints import NONE, either

MAX_QUERY = 8_192
PASSED_ON = "passed-on"
"""The parameter behind which the query of a scanned code stands: passed on as it was, not read."""


def _plain(text: str) -> str:
    """Return a percent-encoded part of a query, ``+`` a blank as forms write it."""
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeDecodeError as error:
        raise Problem(400, saying("the query string is not UTF-8")) from error


def read_query(request: Request, known: Iterable[str]) -> dict[str, str]:
    """Return the query's parameters, those before ``passed-on``.

    Raises:
        Problem: 400, one that is not known, given twice, or without a value.

    """
    raw: bytes = request.scope.get("query_string", b"")
    if len(raw) > MAX_QUERY:
        raise Problem(
            400,
            saying(
                "a query string of {count} bytes, at most {max_query}",
                count=len(raw),
                max_query=MAX_QUERY,
            ),
        )
    names = set(known)
    found: dict[str, str] = {}
    for part in raw.decode("latin-1").split("&"):
        if not part:
            continue
        name, mark, value = (_plain(item) for item in part.partition("="))
        if name == PASSED_ON:
            break
        if name not in names:
            wanted = ", ".join(sorted(names)) or NONE
            raise Problem(
                400,
                saying(
                    "unknown parameter {name!r}; there are: {wanted}", name=name[:40], wanted=wanted
                ),
            )
        if name in found:
            raise Problem(400, saying("{name}: given twice", name=name))
        if not mark or not value:
            raise Problem(400, saying("{name}: no value", name=name))
        found[name] = value
    return found


def whole(name: str, text: str, *, least: int = 0, most: int = (1 << 63) - 1) -> int:
    """Return a parameter's whole number.

    Raises:
        Problem: 400, none, or outside the range.

    """
    try:
        value = parse_decimal(text)
    except MalformedError as error:
        raise Problem(400, saying("{name}: {why}", name=name, why=error)) from error
    if not least <= value <= most:
        raise Problem(
            400,
            saying(
                "{name}: {value} is not from {least} to {most}",
                name=name,
                value=value,
                least=least,
                most=most,
            ),
        )
    return value


def instant_us(name: str, text: str) -> int:
    """Return a parameter's RFC 3339 time in UTC as microseconds since 1970.

    Raises:
        Problem: 400, another form, or no such date.

    """
    try:
        return given_us(text)
    except ValueError as error:
        raise Problem(400, saying("{name}: {why}", name=name, why=error)) from error


def flag(query: Mapping[str, str], name: str) -> bool:
    """Return whether a parameter is 1; 0 and its absence say no.

    Raises:
        Problem: 400, anything else.

    """
    value = query.get(name, "0")
    if value not in ("0", "1"):
        raise Problem(400, saying("{name}: 0 or 1", name=name))
    return value == "1"


def accepts(request: Request, media_type: str) -> float:
    """Return how much a client wants a media type, from 0 (not at all) to 1."""
    header = request.headers.get("accept")
    if header is None or not header.strip():
        return 1.0
    wanted = weights(header)
    kind = media_type.partition("/")[0]
    for name in (media_type, f"{kind}/*", "*/*"):
        if name in wanted:
            return wanted[name]
    return 0.0


def encodes(request: Request, coding: str) -> float:
    """Return how much a client wants a content coding (RFC 9110 section 12.5.3), from 0 to 1.

    Who names none gets none: many a client that says nothing cannot unpack.
    """
    wanted = weights(request.headers.get("accept-encoding", ""))
    return wanted.get(coding, wanted.get("*", 0.0))


def language(request: Request, query: Mapping[str, str]) -> Lang:
    """Return the language to answer in: ``lang``, else Accept-Language, else English.

    Raises:
        Problem: 400, a ``lang`` we do not speak.

    """
    asked = query.get("lang")
    if asked is not None:
        if asked not in languages():
            raise Problem(400, saying("lang: {languages}", languages=either(languages())))
        return asked
    return accepted(request.headers.get("accept-language", ""))
