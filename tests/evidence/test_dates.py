"""When a log was alive: frozen logs, seals that are dated back, statements that are told twice."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from evidence.bundles import Cosigner, cosigned, tell, trust, verified
from evidence.cheating import SELL
from hypothesis import given
from hypothesis import strategies as st
from tea import BRAND, MARK, TRADER, Tea, cite
from world import DAY_S, World, cosigner

from ledger.answering.accuser import accuse
from ledger.answering.fraud_finder import WholeLedger, find_backdated, find_duplicate
from ledger.answering.prover import prove
from ledger.audit import verify_ledger
from ledger.errors import AuditError, CannotVerifyError, VerificationError
from ledger.evidence.bundle import decode_bundle, encode_bundle
from ledger.evidence.fraud import (
    Duplicate,
    Fraud,
    encode_fraud,
    prove_duplicate,
    verify_fraud,
)
from ledger.evidence.proven import SKEW_S, is_backdated
from ledger.evidence.seal_fraud import Backdated, prove_backdated
from ledger.store.ledger_reader import DatabaseReader
from ledger.tlog.note import Note, parse_note

Again = Callable[[bytes], int]
WITNESS, REPLAYER = Cosigner("wit"), Cosigner("r")
TRUSTED = (WITNESS.line("witness"), REPLAYER.line("replayer"))


@pytest.fixture
def story(world: World) -> Tea:
    """Tell who holds the mark, and of its product; nobody was granted anything."""
    tea = Tea(world)
    tea.enter()
    root = tea.trademark()
    tea.product(cite(root, "qualification-number", MARK))
    return tea


def granted(tea: Tea) -> None:
    """The brand lets the trader sell, in the same words whenever it does."""
    root = next(iter(marks_of(tea)))
    tea.grant("brand", "trader", root, depth=0)


def marks_of(tea: Tea) -> Iterator[dict[str, str]]:
    answer = decode_bundle(
        encode_bundle(
            prove(tea.world.log, "history", {"topic": "qualification-number", "subject": MARK})
        )
    ).answer
    for id_ in answer:
        yield {"id": id_, "topic": "qualification-number", "subject": MARK}


@pytest.fixture
def again(world: World, monkeypatch: pytest.MonkeyPatch) -> Again:
    """Return what registers a statement's bytes once more, as an operator may who wants to."""

    def repeat(raw: bytes) -> int:
        from ledger.store.append import Writer
        from ledger.writing.batch import Growth

        honest = Growth.append

        def append(self: Growth, *what: Any) -> None:
            honest(self, *what)
            row = self.rows[-1]
            self.rows[-1] = (row[0], os.urandom(32), *row[2:])  # its table has no unique ids

        with monkeypatch.context() as cheating:
            cheating.setattr(Writer, "by_id", lambda _self, _ids: {})
            cheating.setattr(Growth, "append", append)
            cheating.setattr("ledger.writing.log.review", lambda _: [])
            return world.accept(raw).index

    return repeat


def ledger_of(world: World) -> WholeLedger:
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        return WholeLedger(reader)


def audited(world: World) -> AuditError:
    """Return what an audit of a ledger finds first."""
    with (
        contextlib.closing(DatabaseReader(world.url)) as reader,
        pytest.raises(AuditError) as found,
    ):
        verify_ledger(reader, replay=True)
    return found.value


def proven(fraud: Fraud | None, *lines: str, quorum: str = "none") -> str:
    """Return what a proof says to who trusts the log key and these cosigners."""
    assert fraud is not None
    return verify_fraud(encode_fraud(fraud), trust(*lines, quorum=quorum)).says


@pytest.mark.parametrize("days", [1, 29, 31, 60])
def test_a_log_that_seals_nothing_says_nothing_of_now_whoever_cosigns_it(story: Tea, days: int):
    granted(story)
    now_s = story.world.now_s + days * DAY_S
    raw = cosigned(
        encode_bundle(prove(story.world.log, "may_sell", SELL)),
        [(WITNESS, now_s), (REPLAYER, now_s)],
    )
    with pytest.raises(CannotVerifyError, match="stale: the log was last sealed"):
        verified(
            raw,
            story.world,
            *TRUSTED,
            "max-age 3600",
            quorum="wit",
            now_us=now_s * 10**6,
            expect=("may_sell", SELL),
        )


def test_a_log_that_seals_in_time_is_fresh(story: Tea):
    granted(story)
    now_s = story.world.now_s + 60
    raw = cosigned(encode_bundle(prove(story.world.log, "may_sell", SELL)), [(WITNESS, now_s)])
    lines = (WITNESS.line("witness"), "max-age 3600")
    found = verified(raw, story.world, *lines, quorum="wit", now_us=now_s * 10**6)
    assert found.fresh_by == "witnesses"


def seen_note(world: World, *cosigners: tuple[Cosigner, int]) -> Note:
    """Return the newest checkpoint, cosigned: what somebody keeps who looked at it then."""
    raw = cosigned(
        encode_bundle(prove(world.log, "history", {"topic": "key", "subject": "0" * 64})), cosigners
    )
    return parse_note(decode_bundle(raw).checkpoint)


def test_a_seal_dated_before_the_log_was_seen_without_it_is_false_and_a_proof(story: Tea):
    world = story.world
    late_s = world.now_s + 20 * DAY_S
    seen = seen_note(world, (WITNESS, late_s))
    granted(story)  # dated 20 days before that
    raw = encode_bundle(prove(world.log, "may_sell", SELL))
    policy = trust(WITNESS.line("witness"), quorum="none")
    sightings = policy.last_sighting(seen)
    with pytest.raises(VerificationError, match=r"is dated before size \d+ was cosigned"):
        verified(raw, world, WITNESS.line("witness"), sightings=sightings)
    proof = prove_backdated(decode_bundle(raw), (seen,))
    assert isinstance(proof, Backdated)
    assert "is dated before cosigner.example/wit cosigned size" in proven(
        proof, WITNESS.line("witness")
    )
    with pytest.raises(VerificationError, match="proves nothing: nobody trusted here cosigned"):
        proven(proof, Cosigner("another").line("witness"))
    found = find_backdated(ledger_of(world), proof.seal.index, [str(seen)])
    assert found == proof


def test_a_seal_that_cites_what_was_cosigned_later_than_it_says_is_false(tmp_path: Path):
    """The operator goes on, in its own time, from a checkpoint that its witnesses saw a day later."""
    world = World(
        tmp_path,
        f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        witnesses=(str(cosigner("wit")),),
        quorum=1,
    )
    world.party("brand", BRAND)
    size = world.cosign("wit", time_s=world.now_s + DAY_S)
    first = world.accept(world.reading("dated before it was seen")).index + 1
    world.accept(world.reading("dated before it was seen, too"))
    raw = encode_bundle(prove(world.log, "history", {"topic": "generic", "subject": "urn:x:1"}))
    with pytest.raises(VerificationError, match=f"is dated before size {size} was cosigned"):
        verified(raw, world)
    error = audited(world)
    assert (error.where, error.field) == (f"entry {first}", "seal.time_us")
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        proof = accuse(reader, error)
    assert f"the seal at entry {first}" in proven(proof, WITNESS.line("witness"))
    world.log.engine.dispose()


@given(st.integers(0, 2**40), st.integers(-SKEW_S, 10**6))
def test_clocks_and_requests_may_differ_by_the_skew_and_no_more(seal_s: int, later_s: int):
    assert is_backdated(seal_s * 10**6, seal_s + later_s) == (later_s > SKEW_S)


def test_a_statement_told_twice_is_false_in_a_bundle_in_a_log_and_a_proof(story: Tea, again: Again):
    world = story.world
    raw = story.sign(
        "qualification",
        "office",
        TRADER,
        {
            "from": "2026-01-01T00:00:00Z",
            "until": None,
            "kind": "business",
            "number": "urn:qualification:samr.cn:BL-1",
            "categories": ["*"],
        },
    )
    first = world.accept(raw).index
    second = again(raw)
    asked = {"topic": "qualification", "subject": TRADER}
    bundle = encode_bundle(prove(world.log, "history", asked))
    with pytest.raises(
        VerificationError, match=f"entry {second} is the statement of entry {first}"
    ):
        verified(bundle, world)
    says = f"entry {second} is the statement of entry {first}, registered again"
    assert says in proven(prove_duplicate(decode_bundle(bundle)))
    error = audited(world)
    assert (error.where, error.field) == (f"entry {second}", "id")
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        assert says in proven(accuse(reader, error))


def test_two_statements_are_no_duplicate(world: World):
    tell(world)
    ledger = ledger_of(world)
    assert find_duplicate(ledger, 5) is None
    note, size = ledger.note(5)
    other = Duplicate(
        checkpoint=note, entries=(ledger.statement(4, size), ledger.statement(5, size))
    )
    same = Duplicate(
        checkpoint=note, entries=(ledger.statement(5, size), ledger.statement(5, size))
    )
    for fraud in (other, same):
        with pytest.raises(VerificationError, match="proves nothing"):
            proven(fraud)


def test_an_honest_log_is_never_said_to_be_dated_back(world: World):
    """It is cosigned at every size, and goes on while it is."""
    world.party("brand", BRAND)
    seen = []
    for number in range(5):
        world.accept(world.reading(f"{number}", by="brand"))
        seen.append(seen_note(world, (WITNESS, world.now_s + 30), (REPLAYER, world.now_s)))
    ledger = ledger_of(world)
    notes = [str(note) for note in seen]
    for seal in ledger.seals(len(ledger.leaves)):
        assert find_backdated(ledger, seal.index, notes) is None
    raw = encode_bundle(prove(world.log, "history", {"topic": "identity", "subject": BRAND}))
    policy = trust(*TRUSTED, quorum="none")
    for note in seen:
        verified(raw, world, *TRUSTED, sightings=policy.last_sighting(note))
