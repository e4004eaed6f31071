"""What an answer may be: nothing of the server's fault, no error without its form, nothing of the inside."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field

import cbor2

PROBLEM, CONCISE = b"application/problem+json", b"application/concise-problem-details+cbor"
# 501: a method or a coding that the server does not know at all (RFC 9110, 15.6.2).
NAMED = {503: "not now, with Retry-After", 501: "not implemented"}
BODILESS = (204, 304)


@dataclass(frozen=True)
class Answered:
    """One answer as it came."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


@dataclass
class Judge:
    """Holds answers against what was promised; what breaks it is counted by kind."""

    secrets: tuple[bytes, ...]
    """What no answer may carry: paths, users, hosts of the machine."""
    statuses: Counter[int] = field(default_factory=Counter)
    unavailable: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        inside = [re.escape(item) for item in self.secrets if item]
        inside += [
            rb"Traceback",
            rb'File "',
            rb"site-packages",
            rb"postgresql(\+psycopg)?://",
            rb"sqlite://",
        ]
        self._inside = re.compile(b"|".join(inside))

    def wrong(self, method: str, answer: Answered) -> str | None:
        """Return what is wrong with an answer, None if nothing is."""
        status = answer.status
        self.statuses[status] += 1
        if status < 400:
            return None
        if status >= 500:
            found = self._fault(answer)
            if found is not None:
                return found
        if method == "HEAD":
            return None
        return self._form(answer)

    def _fault(self, answer: Answered) -> str | None:
        if answer.status not in NAMED:
            return f"{answer.status}: {_shown(answer.body)}"
        if answer.status == 503:
            if not answer.headers.get(b"retry-after", b"").isdigit():
                return f"503 without Retry-After: {_shown(answer.body)}"
            self.unavailable[_shown(answer.body)[:120]] += 1
        return None

    def _form(self, answer: Answered) -> str | None:
        kind = answer.headers.get(b"content-type", b"").partition(b";")[0]
        leak = self._inside.search(answer.body)
        if leak is not None:
            return f"{answer.status} tells of the inside: {leak[0]!r}"
        if answer.status == 429 and not answer.headers.get(b"retry-after", b"").isdigit():
            return "429 without Retry-After"
        try:
            if kind == PROBLEM:
                said = json.loads(answer.body)
                whole = said["status"] == answer.status and said["title"] and said["detail"]
            elif kind == CONCISE:
                said = cbor2.loads(answer.body)
                whole = said[-1] and said[-2]
            else:
                return f"{answer.status} as {kind.decode('latin-1') or 'nothing'}: {_shown(answer.body)[:80]}"
        except (ValueError, KeyError, TypeError, cbor2.CBORDecodeError) as error:
            return f"{answer.status}: a problem that is none: {error}"
        return None if whole else f"{answer.status}: a problem without title or detail"


def _shown(body: bytes) -> str:
    try:
        said = json.loads(body)
        return f"{said.get('title')}: {said.get('detail')}"
    except (ValueError, AttributeError):
        if body[:1] != b"\xa2":
            return repr(body[:200])
        said = cbor2.loads(body)
        return f"{said[-1]}: {said[-2]}"
