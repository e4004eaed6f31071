"""Requests by a number: the same seed and number make the same bytes, whatever came before.

They are made from the application's own route table, so a new route is asked by itself: its path,
the parameters and bodies it documents; in their forms, nearly, and broken.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fuzzing.bodies import body_of
from fuzzing.pools import NUMBERS, TEXTS, Pool, spelled

METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "X",
)
_HOLE = re.compile(r"\{([a-z_]+)(:path)?\}")
CHEAP = 24  # of so many requests to a question one is asked in earnest: it costs milliseconds
DIGITS = {
    "gtin": "https://id.gs1.org/01/", "gln": "https://id.gs1.org/4", "sscc": "https://id.gs1.org/00/"
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A route and method: its path's template, the parameters and the body it documents."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    media_types: tuple[str, ...] = ()

    @property
    def costly(self) -> bool:
        """Return whether a good request to it takes long."""
        return self.path.startswith("/v1/") and bool(self.query)


@dataclass(frozen=True)
class Made:
    """A request: its bytes, and whether the client ends its side behind them."""

    number: int
    method: str
    raw: bytes
    framed: bool = True
    """The body is as long as the head says: the connection goes on behind the answer."""


def _routes(given: Iterable[Any]) -> Iterator[Any]:
    """Give the routes of a table and of the routers that it includes."""
    for item in given:
        inner = getattr(item, "original_router", item)
        if hasattr(inner, "routes"):
            yield from _routes(inner.routes)
        else:
            yield item


def targets(app: Any) -> list[Target]:
    """Return every route of an application with each of its methods; none is named here."""
    described = app.openapi()["paths"]
    found = []
    for route in _routes(app.routes):
        path = route.path
        for method in sorted(getattr(route, "methods", None) or {"GET"}):
            spelled_out = re.sub(r":path\}", "}", path)
            said = described.get(spelled_out, {}).get(method.lower(), {})
            query = [item for item in said.get("parameters", ()) if item["in"] == "query"]
            body = said.get("requestBody", {}).get("content", {})
            found.append(
                Target(
                    method,
                    path,
                    {item["name"]: str(item.get("example", "x")) for item in query},
                    frozenset(item["name"] for item in query if item.get("required")),
                    tuple(body),
                )
            )
    return found


class Maker:
    """Makes requests of one seed."""

    def __init__(
        self, seed: int, wanted: Iterable[Target], pool: Pool, sign: Callable[[Random], bytes]
    ) -> None:
        """Args: ``sign`` returns a statement that the ledger takes."""
        self.seed = seed
        self.targets = list(wanted)
        self.pool = pool
        self._sign = sign

    def make(self, number: int) -> Made:
        """Return the request of a number."""
        random = Random(f"{self.seed}/{number}")
        target = random.choice(self.targets)
        earnest = random.random() < (1 / CHEAP if target.costly else 0.4)
        method = target.method if random.random() < 0.9 else random.choice(METHODS)
        line = self._path(target, random, earnest=earnest) + self._query(
            target, random, earnest=earnest
        )
        headers = self._headers(random)
        body = b""
        if target.media_types or random.random() < 0.03:
            media_type, body = body_of(random, target.media_types, self.pool, self._sign)
            if media_type is not None:
                headers.append(("Content-Type", media_type))
        return self._framed(number, method, line, headers, body, random)

    def _path(self, target: Target, random: Random, *, earnest: bool) -> str:
        def fill(hole: re.Match[str]) -> str:
            if not earnest and random.random() < 0.5:
                return self._junk(random)
            return self._value(hole[1], target.path, random)

        found = _HOLE.sub(fill, target.path)
        if random.random() < 0.02:
            found += random.choice(
                ("/", "//", "/.", "/%2e%2e", "%00", ";x=1", "/" + self._junk(random))
            )
        return found

    def _value(self, name: str, path: str, random: Random) -> str:  # noqa: PLR0911 - one for each kind
        pool = self.pool
        if name in ("id", "id_"):
            return random.choice(pool.ids)
        if name == "key":
            return random.choice((random.choice(pool.ids), str(random.randrange(pool.size + 2))))
        if name == "kid":
            return random.choice(pool.kids)
        if name in ("index", "size", "old", "version"):
            return str(random.randrange(pool.size + 2))
        if path.startswith("/tile/"):
            return self._tile(random)
        if name in DIGITS:
            return (
                pool.like(DIGITS[name], random)
                .removeprefix("https://id.gs1.org/")
                .split("/")[-1][:20]
                or "0"
            )
        return random.choice(("A7", "L10001", "x%2Fy", spelled(random.choice(pool.names))))

    def _tile(self, random: Random) -> str:
        if random.random() < 0.5:
            return random.choice(list(self.pool.tiles)).removeprefix("/tile/")
        level = random.choice(("0", "1", "2", "63", "64", "entries", "-1", "x", "00"))
        number = random.choice(
            ("000", "001", "x001/000", "x999/x999/999", "1", "0000", "x1/001", self._junk(random))
        )
        return f"{level}/{number}" + random.choice(
            ("", ".p/1", f".p/{random.randrange(300)}", ".p/256", ".p/", ".p")
        )

    def _junk(self, random: Random) -> str:
        kind = random.randrange(5)
        if kind == 0:
            return random.choice(NUMBERS).replace(" ", "%20") if random.random() < 0.9 else "%31"
        if kind == 1:
            return random.choice(TEXTS)
        if kind == 2:
            return spelled(random.choice(self.pool.names))
        if kind == 3:
            return "".join(f"%{random.randrange(256):02x}" for _ in range(random.randrange(12)))
        text = random.choice(
            (random.choice(self.pool.ids), random.choice(self.pool.cursors or ["x"]))
        )
        at = random.randrange(len(text))
        return text[:at] + random.choice("0aZ-_=%.") + text[at + random.randrange(2) :]

    def _query(self, target: Target, random: Random, *, earnest: bool) -> str:
        parts = []
        for name, example in target.query.items():
            if earnest:
                if name in target.required or random.random() < 0.2:
                    parts.append(f"{name}={spelled(self._asked(name, example, random))}")
            elif random.random() < (0.7 if name in target.required else 0.15):
                good = random.random() < 0.4
                value = spelled(self._asked(name, example, random)) if good else self._junk(random)
                parts.append(f"{name}={value}")
        if not earnest and random.random() < 0.3:
            parts.append(random.choice((
                self._junk(random), f"{self._junk(random)}={self._junk(random)}", "&&", "=", "=x", "passed-on=1",
                "linkType=" + random.choice(("linkset", "all", "gs1:pip", "x", "")), f"lang={self._junk(random)}",
                *parts[:1], "cursor=" + self._cursor(random), "x" * random.choice((100, 8_190, 8_300)),
            )))  # fmt: skip
            random.shuffle(parts)
        return "?" + "&".join(parts) if parts else random.choice(("", "", "", "?", "??", "?&"))

    def _asked(self, name: str, example: str, random: Random) -> str:
        if name == "cursor":
            return self._cursor(random)
        if name in ("known_at", "since", "limit"):
            return str(random.randrange(1, self.pool.size + 2))
        if name == "type":
            return random.choice(self.pool.types)
        return self.pool.like(example, random)

    def _cursor(self, random: Random) -> str:
        if not self.pool.cursors or random.random() < 0.3:
            return self._junk(random)
        return random.choice(self.pool.cursors)

    def _headers(self, random: Random) -> list[tuple[str, str]]:
        # A proxy that is trusted names made-up clients: quotas have many to count.
        net = random.randrange(1 << 20)
        client = (
            f"2001:db8:{net >> 16:x}:{net & 0xFFFF:x}::{random.randrange(99)}"
            if net & 1
            else f"10.{net >> 16}.{(net >> 8) & 255}.{net & 255}"
        )
        found = [("Host", "fuzz.example"), ("X-Forwarded-For", client)]
        while random.random() < 0.25:
            found.append(random.choice(HEADERS)(random, self))
        return found

    def _framed(
        self,
        number: int,
        method: str,
        line: str,
        headers: list[tuple[str, str]],
        body: bytes,
        random: Random,
    ) -> Made:
        """Return the bytes, with a length that is true, chunks, or a lie about either."""
        version, framed = "HTTP/1.1", True
        lie = random.random()
        if lie < 0.004:
            length = random.choice(
                ("-1", "abc", "1, 2", "99999999999999999999", str(len(body) + 9), "0x5", " 3 ", "")
            )
            headers.append(("Content-Length", length))
            framed = False
        elif lie < 0.006:
            headers += [
                ("Content-Length", str(len(body))),
                ("Transfer-Encoding", random.choice(("chunked", "gzip", "x"))),
            ]
            framed = False
        elif body and lie < 0.05:
            headers.append(("Transfer-Encoding", "chunked"))
            cut = random.randrange(1, len(body) + 1)
            body = (
                b"".join(b"%x\r\n%b\r\n" % (len(it), it) for it in (body[:cut], body[cut:]) if it)
                + b"0\r\n\r\n"
            )
            if random.random() < 0.1:
                body, framed = body[: random.randrange(len(body))], False
        elif body or method in ("POST", "PUT", "PATCH"):
            headers.append(("Content-Length", str(len(body))))
        if random.random() < 0.004:
            version, framed = (
                random.choice(("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTX/1.1", "")),
                False,
            )
        if method in ("CONNECT", "get", "X", "PROPFIND", "TRACE"):
            framed = False
        head = f"{method} {line} {version}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers)
        raw = head.encode("utf-8", "surrogateescape") + b"\r\n" + body
        if random.random() < 0.003:
            at = random.randrange(len(raw))
            raw, framed = raw[:at] + random.randbytes(random.randrange(4)) + raw[at + 1 :], False
        if any(key in ("Connection", "Expect", "Upgrade") for key, _ in headers):
            framed = False
        return Made(number, method, raw, framed)


def _of(name: str, *values: str) -> Callable[[Random, Maker], tuple[str, str]]:
    return lambda random, _maker: (name, random.choice(values))


HEADERS: tuple[Callable[[Random, Maker], tuple[str, str]], ...] = (
    _of(
        "Accept",
        "*/*",
        "application/json",
        "application/vnd.pinyuan.evidence+json",
        "application/linkset+json",
        "text/html",
        "*/*;q=0",
        "application/json;q=2",
        ";;;,,,",
        "a/b;q=" + "9" * 40,
        "龙",
        "x" * 4000,
    ),
    _of("Accept-Encoding", "gzip", "gzip;q=0", "br", "*", "identity;q=0", "gzip, gzip, gzip", ""),
    _of("Accept-Language", "zh", "zh-CN,en;q=0.1", "en", "xx", "zh;q=zz", ",,,"),
    _of("If-None-Match", "*", '"x"', 'W/"x"', '"' + "0" * 32 + '"', ",", '"' + "a" * 2000),
    _of("Range", "bytes=0-1", "bytes=5-", "bytes=-1", "bytes=9-1", "bytes=0-" + "9" * 30, "x=1"),
    _of("If-Modified-Since", "Mon, 30 Nov 2026 00:00:00 GMT", "x"),
    _of("Content-Encoding", "gzip", "identity", "deflate, gzip", "x"),
    _of(
        "Content-Type",
        "application/cose",
        "text/plain;charset=x",
        "",
        "multipart/form-data",
        "a" * 500,
    ),
    _of("Origin", "https://evil.example", "null", ""),
    _of("Access-Control-Request-Method", "GET", "POST", "X"),
    _of("X-Forwarded-For", "127.0.0.1", "x", "::1, 10.0.0.1", "1" * 300, ""),
    _of("X-Forwarded-Proto", "https", "x", "javascript"),
    _of("Host", "", "evil.example:99999", "[::1]:1", "a b", "<x>"),
    _of("Cookie", "a=b", "x" * 2000),
    _of("Authorization", "Bearer x", "Basic ???"),
    _of("Connection", "close", "keep-alive", "upgrade", "x, y"),
    _of("Upgrade", "websocket", "h2c", "x"),
    _of("Expect", "100-continue", "x"),
    _of("X-Odd", "\x01", "a\tb", "\xff", "龙井茶", ""),
    _of("X-Long", "x" * 9_000, "y" * 33_000),
)
