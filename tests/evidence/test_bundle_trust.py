"""What a trust file asks for: who cosigned, how fresh, whose keys, which log, what was seen before."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from evidence.bundles import (
    FEW,
    KEY,
    LOG_KEY,
    NONE,
    Cosigner,
    bundle_of,
    changed,
    checkpoint_of,
    cosigned,
    tell,
    trust,
    verified,
)
from world import BRAND, DAY_S, OPERATOR, ORIGIN, START_US, TRADER, World, key_of

from ledger.errors import (
    CannotVerifyError,
    CheckpointError,
    MalformedError,
    SignatureError,
    VerificationError,
)
from ledger.evidence.bundle import decode_bundle, verify_bundle
from ledger.primitives.clock import MICROSECONDS
from ledger.primitives.strict import format_base64, parse_base64
from ledger.rules.published import PUBLISHED
from ledger.store.reads import reading
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from ledger.tlog.note import TYPE_ED25519, NoteSignature, VerifierKey, parse_note
from ledger.tlog.trust import parse_trust

W1, W2, W3 = witnesses = [Cosigner(name) for name in ("w1", "w2", "w3")]
R1, R2 = replayers = [Cosigner(name) for name in ("r1", "r2")]
TWO_OF_THREE = [*(who.line("witness") for who in witnesses), "group two 2 w1 w2 w3"]
REPLAYED = [who.line("replayer") for who in replayers]


@pytest.fixture(scope="module")
def raw(told: World) -> bytes:
    """Return the bundle of a history with three entries."""
    return bundle_of(told, FEW)


@pytest.fixture
def now_s(told: World) -> int:
    return told.now_s


# Freshness.


def test_an_answer_about_now_is_as_fresh_as_the_trust_file_asks(told: World, raw: bytes):
    newest_us = told.last_us()
    policy = trust("max-age 3600")
    fresh = verify_bundle(raw, policy, now_us=newest_us + 3600 * MICROSECONDS)
    assert fresh.fresh_us == newest_us
    assert fresh.steps[-1].says == "within the trust file's max-age"
    with pytest.raises(CannotVerifyError, match="stale: the log was last seen 1 hour ago"):
        verify_bundle(raw, policy, now_us=newest_us + 3600 * MICROSECONDS + 1)


def test_without_a_line_an_answer_is_good_for_a_day(told: World, raw: bytes):
    newest_us = told.last_us()
    assert verified(raw, told, now_us=newest_us + DAY_S * MICROSECONDS)
    with pytest.raises(CannotVerifyError, match="stale"):
        verified(raw, told, now_us=newest_us + DAY_S * MICROSECONDS + 1)


def test_an_answer_about_then_does_not_age(told: World):
    raw = bundle_of(told, FEW, known_at=7)
    found = verified(raw, told, now_us=told.now_us + 1_000 * DAY_S * MICROSECONDS)
    assert (found.known_at, found.answer) == (7, [])
    assert found.steps[-1].says == "as of then"


# Witnesses.


def test_a_quorum_of_witnesses_gives_the_time(told: World, raw: bytes, now_s: int):
    """Two of three: the second newest time is when two of them had seen this."""
    for times, fresh_s in (
        ({W1: 10, W2: 20}, 10),
        ({W2: 20, W3: 5}, 5),
        ({W1: 10, W2: 20, W3: 30}, 20),
        ({W3: 30, W2: 20, W1: 30}, 30),
    ):
        found = verified(
            cosigned(raw, [(who, now_s + at_s) for who, at_s in times.items()]),
            told,
            *TWO_OF_THREE,
            quorum="two",
        )
        assert found.fresh_us == (now_s + fresh_s) * MICROSECONDS
        (quorum,) = [step.says for step in found.steps if step.name == "quorum"]
        assert quorum == f"witness quorum two reached ({len(times)} cosigned)"


@pytest.mark.parametrize("who", [[], [W1], [W3], [R1, R2], [W1, R1]], ids=str)
def test_no_quorum_is_no_answer(told: World, raw: bytes, now_s: int, who: list[Cosigner]):
    few = cosigned(raw, [(one, now_s) for one in who])
    with pytest.raises(CannotVerifyError, match="no witness quorum"):
        verified(few, told, *TWO_OF_THREE, *REPLAYED, quorum="two")


def test_the_quorums_time_is_what_grows_stale(told: World, raw: bytes, now_s: int):
    """One witness that is ahead does not make two old ones young."""
    old = cosigned(raw, [(W1, now_s - 100), (W2, now_s - 90), (W3, now_s + 500)])
    lines = [*TWO_OF_THREE, "max-age 80"]
    with pytest.raises(CannotVerifyError, match="last seen 1 minute 30 seconds ago"):
        verified(old, told, *lines, quorum="two")
    lines[-1] = "max-age 91"
    assert verified(old, told, *lines, quorum="two").fresh_us == (now_s - 90) * MICROSECONDS


def altered_line(line: NoteSignature) -> NoteSignature:
    return replace(line, signature=line.signature[:-1] + bytes([line.signature[-1] ^ 1]))


def another_time(line: NoteSignature) -> NoteSignature:
    return replace(line, signature=bytes(8) + line.signature[8:])


@pytest.mark.parametrize("lie", [altered_line, another_time])
@pytest.mark.parametrize("role", ["witness", "replayer"])
def test_a_lying_cosignature_is_false(
    told: World, raw: bytes, now_s: int, lie: Callable[[NoteSignature], NoteSignature], role: str
):
    """Even where enough others cosigned, or nobody was asked for."""
    lines = [W1.line(role)]
    assert verified(cosigned(raw, [(W1, now_s)]), told, *lines)
    with pytest.raises(VerificationError, match=r"the cosignature of cosigner\.example/w1"):
        verified(cosigned(raw, [(W1, now_s)], lie=lie), told, *lines)


def test_a_cosignature_of_another_checkpoint_is_false(told: World, raw: bytes, now_s: int):
    older = replace(checkpoint_of(raw), size=315)
    moved = W1.sign(older.text(), now_s)
    with pytest.raises(SignatureError):
        verified(cosigned(raw, [(W1, now_s)], lie=lambda _: moved), told, *TWO_OF_THREE)


def test_two_cosignatures_of_one_witness_are_malformed(told: World, raw: bytes, now_s: int):
    twice = cosigned(raw, [(W1, now_s), (W1, now_s + 1)])
    with pytest.raises(MalformedError, match="2 signatures by"):
        verified(twice, told, *TWO_OF_THREE, quorum="two")


def test_a_stranger_may_cosign_and_counts_for_nothing(told: World, raw: bytes, now_s: int):
    strange = cosigned(raw, [(Cosigner("stranger"), now_s)])
    assert verified(strange, told).fresh_us == told.last_us()
    with pytest.raises(CannotVerifyError):
        verified(strange, told, *TWO_OF_THREE, quorum="two")


# Replayers.


def test_replayers_say_how_complete_the_index_is(told: World, raw: bytes, now_s: int):
    size = checkpoint_of(raw).size
    for who, says in (
        ([], "asserted by the operator"),
        ([R1], f"replayed 1/2 as of size {size}"),
        ([R1, R2], f"replayed 2/2 as of size {size}"),
        ([W1, W2], "asserted by the operator"),
    ):
        found = verified(
            cosigned(raw, [(one, now_s) for one in who]), told, *TWO_OF_THREE, *REPLAYED
        )
        assert found.completeness == says


def test_a_replay_quorum_is_asked_for(told: World, raw: bytes, now_s: int):
    lines = [*TWO_OF_THREE, *REPLAYED, "replay-quorum 2"]
    both = cosigned(raw, [(R1, now_s), (R2, now_s)])
    assert verified(both, told, *lines).completeness.startswith("replayed 2/2")
    for who in ([], [R1], [W1, W2, W3]):
        with pytest.raises(CannotVerifyError, match=r"no replay quorum: \d of 2"):
            verified(cosigned(raw, [(one, now_s) for one in who]), told, *lines)


# Which log.


def test_the_log_key_is_the_trust_files(told: World, raw: bytes):
    other = VerifierKey(ORIGIN, TYPE_ED25519, key_of("other").public.x)
    with pytest.raises(SignatureError, match="no signature by"):
        verify_bundle(raw, parse_trust(f"log {other}\nquorum none\n"), now_us=told.now_us)


def test_a_log_the_trust_file_does_not_name_is_not_judged(told: World, raw: bytes):
    other = VerifierKey("ledger.example/other", TYPE_ED25519, key_of("other").public.x)
    with pytest.raises(CannotVerifyError, match=r"names no log 'ledger\.example/world'"):
        verify_bundle(raw, parse_trust(f"log {other}\nquorum none\n"), now_us=told.now_us)


def test_the_genesis_is_the_pinned_one(told: World, raw: bytes):
    pinned = told.log.state().genesis_id.hex()
    assert verified(raw, told, f"genesis {pinned}")
    with pytest.raises(VerificationError, match="genesis is not the one of the trust file"):
        verified(raw, told, f"genesis {'00' * 32}")


def test_rules_of_a_later_release_are_not_judged(world: World, monkeypatch: pytest.MonkeyPatch):
    """A later release knows version 2 and makes the bundle; this one cannot tell."""
    digest = sha256(b"version 2").hexdigest()
    world.party("brand", BRAND)
    with monkeypatch.context() as later:
        later.setitem(PUBLISHED, 2, digest)
        rules = {"rules": {"version": 2, "digest": digest}}
        world.accept(world.statement("rules", rules))
        raw = bundle_of(world, FEW)
        assert verified(raw, world).answer == []
    with pytest.raises(CannotVerifyError, match="rules version 2 is not known to this release"):
        verified(raw, world)
    with monkeypatch.context() as forked:
        forked.setitem(PUBLISHED, 2, "00" * 32)
        with pytest.raises(CannotVerifyError, match="rules version 2"):
            verified(raw, world)


# Pinned keys of parties.


def pin(party: str, *names: str) -> list[str]:
    return [f"party-key {party} {key_of(name).public.kid.hex()}" for name in names]


def test_a_partys_pinned_key_vouches_for_what_it_introduced(told: World, raw: bytes):
    """The readings are under the brand's second key, which its first one introduced."""
    assert verified(raw, told, *pin(BRAND, "brand"))
    assert verified(raw, told, *pin(BRAND, "brand", KEY))
    assert verified(raw, told, *pin(OPERATOR, "operator"), *pin(BRAND, "brand", "another"))
    assert verified(raw, told, *pin(TRADER, "another")), "the trader said nothing here"


@pytest.mark.parametrize(
    ("party", "name"),
    [(BRAND, "another"), (BRAND, "trader"), (BRAND, KEY), (OPERATOR, "another")],
)
def test_another_key_than_the_pinned_is_refused(told: World, raw: bytes, party: str, name: str):
    """A pinned second key does not vouch for the first, which introduced it."""
    with pytest.raises(SignatureError, match=f"{party} signed with a key the trust file does not"):
        verified(raw, told, *pin(party, name))


def test_a_key_the_operator_bound_anew_is_not_the_pinned_partys(world: World):
    """The operator can give a party another key; who pinned the party's own sees through it."""
    world.party("brand", BRAND)
    world.accept(world.reading("mine", subject=FEW))
    before = bundle_of(world, FEW)
    rebound = world.party_fields("stolen", BRAND)
    world.accept(world.statement("party-update", rebound, subject=BRAND))
    world.accept(world.reading("not mine", by="stolen", subject=FEW))
    after = bundle_of(world, FEW)
    assert verified(before, world, *pin(BRAND, "brand"))
    assert len(verified(after, world).answer) == 2
    with pytest.raises(SignatureError, match=f"entry 8: {BRAND} signed with a key"):
        verified(after, world, *pin(BRAND, "brand"))


# What was seen before.


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the same log as it was shown to somebody else: same keys, same size, other words."""
    folder = tmp_path_factory.mktemp("fork")
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}", now_us=START_US + 1)
    tell(made)
    made.log.engine.dispose()
    return made


def seen(world: World, size: int) -> Checkpoint:
    """Return the checkpoint of an earlier size."""
    with reading(world.log.engine) as snapshot:
        return open_checkpoint(parse_note(snapshot.checkpoint(size).note), LOG_KEY)


def test_the_checkpoint_seen_last_may_be_this_one(told: World, raw: bytes):
    found = verified(raw, told, seen=checkpoint_of(raw))
    assert found.steps[3].says == "the checkpoint seen last, size 316"


def test_two_checkpoints_of_one_size_are_a_split_view(told: World, raw: bytes, fork: World):
    other = checkpoint_of(bundle_of(fork, FEW))
    assert other.size == checkpoint_of(raw).size
    with pytest.raises(CheckpointError, match="split view: two signed checkpoints of size 316"):
        verified(raw, told, seen=other)


@pytest.mark.parametrize("size", [2, 4, 7, 110, 213])
def test_a_log_that_grew_shows_that_it_only_grew(told: World, size: int):
    raw = bundle_of(told, FEW, since=size)
    found = verified(raw, told, seen=seen(told, size))
    assert found.steps[3].says == f"an extension of the log seen at size {size}"


def test_growth_that_is_not_shown_is_not_believed(told: World, raw: bytes):
    for without in (raw, bundle_of(told, FEW, since=4)):
        with pytest.raises(CannotVerifyError, match="no consistency proof from size 7"):
            verified(without, told, seen=seen(told, 7))


@pytest.mark.parametrize("size", [2, 7, 213])
def test_a_log_that_was_rewritten_is_found(told: World, fork: World, size: int):
    raw = bundle_of(told, FEW, since=size)
    with pytest.raises(CheckpointError, match=f"not an extension of the one seen at size {size}"):
        verified(raw, told, seen=seen(fork, size))


def test_a_log_shown_older_than_it_was_seen_is_not_believed(told: World, world: World):
    world.party("brand", BRAND)
    with pytest.raises(CannotVerifyError, match=r"\(4\) is older than the one seen last \(316\)"):
        verified(bundle_of(world, FEW), told, seen=checkpoint_of(bundle_of(told, FEW)))


def test_a_checkpoint_of_another_log_is_no_earlier_one(told: World, raw: bytes):
    other = replace(checkpoint_of(raw), origin="ledger.example/other")
    with pytest.raises(CheckpointError, match="checkpoints of two logs"):
        verified(raw, told, seen=other)


def test_every_byte_of_a_consistency_proof_counts(told: World):
    raw = bundle_of(told, NONE, since=7)
    proof = decode_bundle(raw).consistency
    for at, part in enumerate(proof.path):
        hashed = parse_base64(part)
        for byte in range(32):
            other = hashed[:byte] + bytes([hashed[byte] ^ 4]) + hashed[byte + 1 :]
            path = (*proof.path[:at], format_base64(other), *proof.path[at + 1 :])
            altered = changed(raw, consistency=msgspec.structs.replace(proof, path=path))
            with pytest.raises(CheckpointError):
                verified(altered, told, seen=seen(told, 7))


PATHS: dict[str, Callable[[tuple[str, ...]], Any]] = {
    "a hash less": lambda path: path[:-1],
    "a hash more": lambda path: (*path, path[0]),
    "two swapped": lambda path: (path[1], path[0], *path[2:]),
    "none": lambda _: (),
}


@pytest.mark.parametrize("case", PATHS)
def test_another_consistency_proof_is_refused(told: World, case: str):
    raw = bundle_of(told, NONE, since=7)
    proof = decode_bundle(raw).consistency
    other = msgspec.structs.replace(proof, path=PATHS[case](proof.path))
    with pytest.raises(CheckpointError, match="not an extension"):
        verified(changed(raw, consistency=other), told, seen=seen(told, 7))


@pytest.mark.parametrize(
    "parts",
    [
        {"path": ("no base64",)},
        {"path": ("AAAA",)},
        {"size": 10**9},
        {"size": 6},
        {"root": format_base64(bytes(32))},
    ],
    ids=str,
)
def test_a_consistency_proof_that_is_none_is_false_to_whoever_saw_nothing_too(
    told: World, parts: dict[str, Any]
):
    """Nothing stands in a bundle that nobody looks at."""
    raw = bundle_of(told, NONE, since=7)
    other = msgspec.structs.replace(decode_bundle(raw).consistency, **parts)
    with pytest.raises((VerificationError, MalformedError)):
        verified(changed(raw, consistency=other), told)
