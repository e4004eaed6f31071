"""Bundles of a busy log: nobody has cosigned their checkpoint, some have cosigned later ones."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import new_database
from evidence.bundles import Cosigner, changed, checkpoint_of, trust
from world import BRAND, World, key_of

from ledger.answering.prover import later_checkpoints, prove, with_cosignatures
from ledger.errors import (
    CannotVerifyError,
    MalformedError,
    PinyuanError,
    ProofError,
    QuorumError,
    SignatureError,
    UsageError,
    VerificationError,
)
from ledger.evidence.bundle import Later, Verified, decode_bundle, encode_bundle, verify_bundle
from ledger.evidence.proven import MAX_LATER
from ledger.primitives.clock import MICROSECONDS
from ledger.primitives.strict import format_base64
from ledger.signer import KeySigner
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.tlog.note import Note, parse_note

WITNESSES = [Cosigner(name) for name in ("w1", "w2", "w3")]
REPLAYER = Cosigner("r1")
TWO = [*(who.line("witness") for who in WITNESSES), "group two 2 w1 w2 w3"]
REPLAYED = [REPLAYER.line("replayer"), "replay-quorum 1"]
LATE_S = 7_200  # how much later than the bundle's seal the last of them cosigned


class Busy:
    """A bundle, and a log that went on: w1 cosigned its next size, r1 the one after, w2 the last."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.party("brand", BRAND)
        world.accept(world.reading("asked about"))
        bundle = prove(world.log, "history", {"topic": "generic", "subject": "urn:x:1"})
        self.bare = encode_bundle(bundle)
        self.size, self.sealed_us = checkpoint_of(self.bare).size, world.last_us()
        self.sizes = []
        for name, wait_s in (("w1", 0), ("r1", 60), ("w2", LATE_S)):
            world.wait(seconds=wait_s)
            world.accept(world.reading(f"before {name}", subject="urn:x:2"))
            self.sizes.append(world.cosign(name))
        world.accept(world.reading("nobody cosigned this"))
        self.whole = encode_bundle(with_cosignatures(world.log, bundle, 0))

    @property
    def later(self) -> tuple[Later, ...]:
        return decode_bundle(self.whole).later

    def verified(self, raw: bytes, *lines: str, quorum: str = "two", **more: Any) -> Verified:
        policy = trust(*TWO, *(lines or REPLAYED), quorum=quorum)
        return verify_bundle(raw, policy, **{"now_us": self.world.now_us} | more)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def either(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Busy]:
    folder = tmp_path_factory.mktemp("busy")
    url = f"sqlite:///{folder / 'ledger.sqlite'}"
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres"))
    made = Busy(World(folder, url))
    yield made
    made.world.log.engine.dispose()


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    folder = tmp_path_factory.mktemp("busy")
    made = Busy(World(folder, f"sqlite:///{folder / 'ledger.sqlite'}"))
    yield made
    made.world.log.engine.dispose()


def test_who_cosigned_later_vouches_for_what_was_before(either: Busy):
    with pytest.raises(QuorumError, match="no witness quorum"):
        either.verified(either.bare)
    found = either.verified(either.whole)
    assert found.checkpoint.size == found.known_at == either.size
    assert found.completeness == f"replayed 1/1 as of size {either.size}"
    (quorum,) = [step.says for step in found.steps if step.name == "quorum"]
    assert quorum == "witness quorum two reached (2 cosigned); 1 replayers cosigned"


def test_each_cosigner_s_newest_is_there_with_its_proof(either: Busy):
    sizes = [
        open_checkpoint(parse_note(item.checkpoint), either.world.log.vkey).size
        for item in either.later
    ]
    assert sizes == either.sizes
    assert later_checkpoints(either.world.log, either.sizes[1]) != ()
    assert later_checkpoints(either.world.log, either.sizes[2]) == ()
    for size in (0, either.sizes[2] + 100):
        with pytest.raises(UsageError, match=f"no size {size}"):
            later_checkpoints(either.world.log, size)


def test_it_is_as_fresh_as_its_own_seal(busy: Busy):
    """New cosignatures do not make an old answer young."""
    age_s = (busy.world.now_us - busy.sealed_us) // MICROSECONDS
    assert age_s > LATE_S
    found = busy.verified(busy.whole, *REPLAYED, f"max-age {age_s + 1}")
    assert (found.fresh_us, found.fresh_by) == (busy.sealed_us, "the newest seal")
    with pytest.raises(CannotVerifyError, match="stale: the log was last seen"):
        busy.verified(busy.whole, *REPLAYED, f"max-age {LATE_S}")


def test_it_is_no_fresher_than_its_quorum(busy: Busy):
    """A seal dated ahead of what the witnesses saw is not believed."""
    late = lines_at(busy, {"w1": -90, "w2": -100})
    found = busy.verified(late, quorum="two")
    second = busy.sealed_us // MICROSECONDS - 100
    assert found.fresh_us == second * MICROSECONDS


def lines_at(busy: Busy, ages: dict[str, int]) -> bytes:
    """Return the bundle with other times on its witnesses' cosignatures, relative to its seal."""
    changed_: list[Later] = []
    for item in busy.later:
        note = parse_note(item.checkpoint)
        lines = [
            who.sign(note.text, busy.sealed_us // MICROSECONDS + ages[who.name])
            if (who := next((w for w in WITNESSES if w.vkey.name == line.name), None))
            else line
            for line in note.signatures
        ]
        changed_.append(
            msgspec.structs.replace(item, checkpoint=str(replace(note, signatures=tuple(lines))))
        )
    return changed(busy.bare, later=tuple(changed_))


def test_a_cosignature_of_the_seal_s_own_second_is_no_older_than_it(busy: Busy):
    """Its time is a whole second; the seal was in the middle of it."""
    note = parse_note(decode_bundle(busy.bare).checkpoint)
    second = busy.sealed_us // MICROSECONDS
    lines = tuple(who.sign(note.text, second) for who in WITNESSES[:2])
    raw = changed(busy.bare, checkpoint=str(replace(note, signatures=(*note.signatures, *lines))))
    found = busy.verified(raw, "max-age 86400")
    assert (found.fresh_us, found.fresh_by) == (busy.sealed_us, "witnesses")


@pytest.mark.parametrize("kept", [[0], [1], [2], [0, 1], [1, 2]], ids=str)
def test_too_few_of_them_are_no_quorum(busy: Busy, kept: list[int]):
    few = changed(busy.bare, later=tuple(busy.later[at] for at in kept))
    with pytest.raises(QuorumError):
        busy.verified(few)


def test_a_witness_that_cosigned_twice_counts_once(busy: Busy):
    w1 = WITNESSES[0]
    twice = []
    for item in busy.later:
        note = parse_note(item.checkpoint)
        line = w1.sign(note.text, busy.world.now_s)
        bare = replace(note, signatures=(note.signatures[0], line))
        twice.append(msgspec.structs.replace(item, checkpoint=str(bare)))
    with pytest.raises(QuorumError, match="with 1 of 3 witnesses"):
        busy.verified(changed(busy.bare, later=tuple(twice)), "max-age 86400")


# Forged ones


def resigned(busy: Busy, at: int, key: str = "log", **parts: Any) -> Later:
    """Return a later checkpoint that says something else, signed and cosigned again."""
    item = busy.later[at]
    said = open_checkpoint(parse_note(item.checkpoint), busy.world.log.vkey)
    other = Checkpoint(**{"origin": said.origin, "size": said.size, "root": said.root} | parts)
    vkey = KeySigner(other.origin, key_of(key), key_of("operator")).vkey
    note = sign_checkpoint(other, vkey, key_of(key).sign)
    lines = tuple(who.sign(note.text, busy.world.now_s) for who in (*WITNESSES, REPLAYER))
    return msgspec.structs.replace(
        item, checkpoint=str(Note(note.text, (*note.signatures, *lines)))
    )


def line_altered(busy: Busy) -> Later:
    note = parse_note(busy.later[0].checkpoint)
    line = note.signatures[1]
    flipped = bytes([*line.signature[:-1], line.signature[-1] ^ 1])
    signatures = (note.signatures[0], replace(line, signature=flipped))
    return msgspec.structs.replace(
        busy.later[0], checkpoint=str(replace(note, signatures=signatures))
    )


FORGED: dict[str, tuple[Callable[[Busy], list[Later]], type[PinyuanError]]] = {
    "of a rewritten log, signed and cosigned": (
        lambda busy: [resigned(busy, 0, root=bytes(32))],
        ProofError,
    ),
    "signed by another key": (lambda busy: [resigned(busy, 0, key="operator2")], VerificationError),
    "of another log": (
        lambda busy: [resigned(busy, 0, origin="ledger.example/x")],
        VerificationError,
    ),
    "of the same size": (lambda busy: [resigned(busy, 0, size=busy.size)], MalformedError),
    "of an older size": (lambda busy: [resigned(busy, 0, size=busy.size - 1)], MalformedError),
    "larger than its tree": (
        lambda busy: [resigned(busy, 0, size=busy.sizes[0] + 1)],
        ProofError,
    ),
    "with the path of another size": (
        lambda busy: [msgspec.structs.replace(busy.later[0], path=busy.later[2].path)],
        ProofError,
    ),
    "without a path": (lambda busy: [msgspec.structs.replace(busy.later[2], path=())], ProofError),
    "with a cosignature altered": (lambda busy: [line_altered(busy)], SignatureError),
    "out of order": (lambda busy: list(busy.later[::-1]), MalformedError),
    "twice": (lambda busy: [busy.later[0], *busy.later], MalformedError),
    "too many": (lambda busy: [busy.later[0]] * (MAX_LATER + 1), MalformedError),
    "no note": (
        lambda busy: [msgspec.structs.replace(busy.later[0], checkpoint="x")],
        MalformedError,
    ),
    "a path that is no base64": (
        lambda busy: [msgspec.structs.replace(busy.later[0], path=("!",))],
        MalformedError,
    ),
}


@pytest.mark.parametrize("case", FORGED)
@pytest.mark.parametrize("quorum", ["two", "none"])
def test_a_forged_one_is_refused_whatever_is_asked_for(busy: Busy, case: str, quorum: str):
    make, kind = FORGED[case]
    with pytest.raises((VerificationError, MalformedError)) as refused:
        busy.verified(changed(busy.bare, later=tuple(make(busy))), quorum=quorum)
    assert isinstance(refused.value, kind), refused.value


def test_any_hash_of_a_path_that_is_altered_is_found(busy: Busy):
    for at, item in enumerate(busy.later):
        for place in range(len(item.path)):
            path = (*item.path[:place], format_base64(bytes(32)), *item.path[place + 1 :])
            later = list(busy.later)
            later[at] = msgspec.structs.replace(item, path=path)
            with pytest.raises(ProofError):
                busy.verified(changed(busy.bare, later=tuple(later)))


# Waiting for them


def test_a_bundle_waits_for_the_quorum_that_genesis_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    names = [str(who.vkey) for who in WITNESSES[:2]]
    world = World(tmp_path, f"sqlite:///{tmp_path / 'l'}", witnesses=tuple(names), quorum=2)
    world.party("brand", BRAND)
    bundle = prove(world.log, "history", {"topic": "generic", "subject": "urn:x:1"})
    cosigning = iter([("w1",), (), ("w2",)])

    def meanwhile(_: float) -> None:
        world.accept(world.reading(f"{world.now_us}"))
        world.cosign(*next(cosigning))

    monkeypatch.setattr("ledger.answering.prover.time.sleep", meanwhile)
    found = with_cosignatures(world.log, bundle, 30)
    assert next(cosigning, None) is None
    assert len(found.later) == 2
    monkeypatch.setattr(
        "ledger.answering.prover.time.sleep", lambda _: pytest.fail("it has the quorum")
    )
    assert with_cosignatures(world.log, bundle, 30) == found
    monkeypatch.undo()
    world.accept(world.reading("nobody cosigns any more"))
    late = prove(world.log, "history", {"topic": "generic", "subject": "urn:x:1"})
    assert with_cosignatures(world.log, late, 0.3).later == ()
    world.log.engine.dispose()
