"""Bundles to verify: made, taken apart, put together otherwise, and cosigned."""

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pytest
from world import BRAND, ORIGIN, TRADER, World, key_of

from ledger.answering.prover import prove
from ledger.errors import PinyuanError
from ledger.evidence.bundle import (
    Bundle,
    ProvenHistory,
    Verified,
    decode_bundle,
    encode_bundle,
    verify_bundle,
)
from ledger.primitives import ijson
from ledger.questions.book import review
from ledger.questions.registry import RecheckMemory
from ledger.statements.catalogue import decode_body, histories_of
from ledger.statements.envelope import Topic, parse_statement
from ledger.store.reads import reading
from ledger.tlog.checkpoint import Checkpoint, cosign, open_checkpoint
from ledger.tlog.note import (
    TYPE_COSIGNATURE,
    TYPE_ED25519,
    NoteSignature,
    VerifierKey,
    parse_note,
)
from ledger.tlog.trust import TrustPolicy, parse_trust

LOG_KEY = VerifierKey(ORIGIN, TYPE_ED25519, key_of("log").public.x)
FEW, MANY, NONE = "urn:x:few", "urn:x:many", "urn:x:none"
MANY_COUNT = 300  # more than a group of 256 indices
KEY = "brand second"  # the brand's second key, introduced under its first
STEPS = (
    "question",
    "checkpoint",
    "quorum",
    "inclusion",
    "histories",
    "rules",
    "answer",
    "freshness",
)
"""Of a verification, as FORMATS has them under Transcript, but for what was seen before: nothing."""


def tell(world: World) -> World:
    """Tell a story of four batches: one thing was read three times, another 300 times."""
    world.party("brand", BRAND)
    key = {"key": world.binding(KEY, BRAND)}
    world.register(
        world.statement("key", key, by="brand", issuer=BRAND, subject=BRAND),
        world.statement("party", world.party_fields("trader", TRADER), subject=TRADER),
    )
    for batch in range(3):
        readings = (world.reading(f"{batch} {i}", subject=MANY) for i in range(MANY_COUNT // 3))
        few = world.reading(f"few {batch}", by=KEY, subject=FEW)
        world.register(*readings, few, world.reading(f"{batch}", subject=f"urn:x:{batch}"))
    return world


def bundle_of(world: World, subject: str, *, topic: str = "generic", **options: Any) -> bytes:
    """Return the bundle that answers a question about a history."""
    asked = {"topic": topic, "subject": subject}
    return encode_bundle(prove(world.log, "history", asked, **options))


def admitted(world: World, monkeypatch: pytest.MonkeyPatch, *statements: bytes) -> list[int]:
    """Register statements whatever the rules say; return their indices."""
    with monkeypatch.context() as cheating:
        cheating.setattr("ledger.writing.log.review", lambda _: [])
        return [found.index for found in world.register(*statements)]


def dishonestly(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    name: str = "history",
    parameters: dict[str, str] | None = None,
    *,
    subject: str = FEW,
    **options: Any,
) -> bytes:
    """Return a bundle as an operator makes it who sees every refusal and looks away."""
    asked = parameters or {"topic": "generic", "subject": subject}
    with monkeypatch.context() as cheating:
        cheating.setattr("ledger.questions.registry.review", lambda *a, **k: review(*a, **k) and [])
        cheating.setattr(world.log, "rechecked", RecheckMemory())
        return encode_bundle(prove(world.log, name, asked, **options))


def changed(raw: bytes, **parts: Any) -> bytes:
    """Return a bundle with other parts, spelled as bundles are."""
    return encode_bundle(msgspec.structs.replace(decode_bundle(raw), **parts))


def with_history(bundle: Bundle, subject: str, **parts: Any) -> dict[str, Any]:
    """Return the histories of a bundle, one of them changed."""
    return {
        "histories": tuple(
            msgspec.structs.replace(item, **parts) if item.subject == subject else item
            for item in bundle.histories
        )
    }


def history_in(bundle: Bundle, subject: str) -> ProvenHistory:
    """Return a bundle's history of a subject."""
    return next(item for item in bundle.histories if item.subject == subject)


def trust(*lines: str, quorum: str = "none") -> TrustPolicy:
    """Return a trust file's policy: the log key, more lines, the quorum."""
    return parse_trust("\n".join([f"log {LOG_KEY}", *lines, f"quorum {quorum}"]))


def verified(raw: bytes, world: World, *lines: str, quorum: str = "none", **more: Any) -> Verified:
    """Verify a bundle at the world's present time."""
    policy = trust(*lines, quorum=quorum)
    return verify_bundle(raw, policy, **{"now_us": world.now_us} | more)


def error_of(raw: bytes, world: World) -> PinyuanError | None:
    """Return what is wrong with a bundle, None if it verifies."""
    try:
        verified(raw, world)
    except PinyuanError as error:
        return error
    return None


def checkpoint_of(raw: bytes) -> Checkpoint:
    """Return a bundle's checkpoint."""
    return open_checkpoint(parse_note(decode_bundle(raw).checkpoint), LOG_KEY)


def topics_of(world: World) -> dict[Topic, list[str]]:
    """Return the statement ids of every history there is, by reading all entries."""
    found: dict[Topic, list[str]] = {}
    with reading(world.log.engine) as snapshot:
        leaves = snapshot.leaf_range(0, snapshot.head().size)
    for leaf in leaves:
        statement = parse_statement(leaf)
        for topic in histories_of(statement, decode_body(statement)):
            found.setdefault(topic, []).append(statement.id.hex())
    return found


@dataclass(frozen=True)
class Cosigner:
    """A witness or a replayer."""

    name: str

    @property
    def vkey(self) -> VerifierKey:
        return VerifierKey(
            f"cosigner.example/{self.name}", TYPE_COSIGNATURE, key_of(self.name).public.x
        )

    def line(self, role: str) -> str:
        """Return the trust file's line for it."""
        return f"{role} {self.name} {self.vkey}"

    def sign(self, text: str, time_s: int) -> NoteSignature:
        return cosign(text, self.vkey, key_of(self.name).sign, time_s=time_s)


def cosigned(
    raw: bytes,
    times: Iterable[tuple[Cosigner, int]],
    *,
    lie: Callable[[NoteSignature], NoteSignature] = lambda line: line,
) -> bytes:
    """Return a bundle whose checkpoint these cosigned at these times; ``lie`` alters their lines."""
    note = parse_note(decode_bundle(raw).checkpoint)
    lines = [lie(who.sign(note.text, time_s)) for who, time_s in times]
    return changed(raw, checkpoint=str(replace(note, signatures=(*note.signatures, *lines))))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a JSON value."""
    yield path
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[name], (*path, name))


def variants(value: Any) -> Iterator[Any]:
    """Yield other values for one value."""
    match value:
        case bool() | None:
            yield 0
        case int():
            yield from (value + 1, max(value - 1, 0), str(value))
        case str():
            flipped = "B" if value[:1] == "A" else "A"
            yield from (flipped + value[1:], value[:-1], value + "A", "")
        case list():
            yield from (value[1:], value[:-1], value[:1] + value, value[::-1], [])
        case dict():
            yield {name: value[name] for name in list(value)[1:]}
            yield value | {"more": 1}


def mutations(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file's other contents, each with one value altered, and where."""
    content = ijson.decode(raw)
    for path in list(places(content))[1:]:
        at = content
        for name in path[:-1]:
            at = at[name]
        original = copy.deepcopy(at[path[-1]])
        for other in variants(original):
            if other != original:
                at[path[-1]] = other
                yield "/".join(map(str, path)), ijson.encode(content) + b"\n"
        at[path[-1]] = original
