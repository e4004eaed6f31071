"""What the fields of native payloads have in common: texts, times, digests, keys."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

from ledger.cose.keys import ALG_NAMES, COORDINATE_SIZE, EDDSA, ES256, PublicKey
from ledger.errors import MalformedError
from ledger.strict import format_base64url, parse_base64url

# Control characters and bidirectional overrides would let a text look like another.
_PLAIN = r"^(?=.*\S)[^\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]+\Z"

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=_PLAIN)]
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=_PLAIN)]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z", min_length=64, max_length=64)]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}\Z")]
Time = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
]
Unsigned = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Base64Url = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+\Z", max_length=1000)]
Role = Literal[
    "authority",
    "brand",
    "trader",
    "warehouse",
    "carrier",
    "laboratory",
    "inspector",
    "observer",
]
UNPROVEN = "unproven"


def parse_time_us(text: str) -> int:
    """Return an RFC 3339 UTC time of whole seconds in microseconds since 1970.

    Raises:
        ValueError: no such date.

    """
    found = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return int(found.timestamp()) * 1_000_000


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    """The payload of a native statement, version 1 of its type."""

    v: Literal[1]


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A name in Chinese, in English, or both."""

    zh: Text | msgspec.UnsetType = msgspec.UNSET
    en: Text | msgspec.UnsetType = msgspec.UNSET


class KeyBinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A public key and the proof that its party holds it (or the word ``unproven``)."""

    alg: Literal["EdDSA", "ES256"]
    x: Base64Url
    possession: Base64Url
    y: Base64Url | msgspec.UnsetType = msgspec.UNSET

    def public_key(self) -> PublicKey:
        """Return the key.

        Raises:
            MalformedError: other lengths than the algorithm has.

        """
        alg = EDDSA if self.alg == "EdDSA" else ES256
        y = b"" if self.y is msgspec.UNSET else parse_base64url(self.y)
        x = parse_base64url(self.x)
        if len(x) != COORDINATE_SIZE:
            msg = f"key: x has {len(x)} bytes, 32 expected"
            raise MalformedError(msg)
        return PublicKey(alg, x, y)

    @classmethod
    def of(cls, key: PublicKey, possession: bytes | None) -> "KeyBinding":
        """Return the binding of a key, with its possession signature or without."""
        proof = UNPROVEN if possession is None else format_base64url(possession)
        y = format_base64url(key.y) if key.y else msgspec.UNSET
        name: Literal["EdDSA", "ES256"] = "EdDSA" if ALG_NAMES[key.alg] == "EdDSA" else "ES256"
        return cls(alg=name, x=format_base64url(key.x), y=y, possession=proof)
