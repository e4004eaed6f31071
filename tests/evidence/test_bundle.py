"""A bundle proves its answer and nothing else; whatever is altered in it is found."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from evidence.bundles import (
    FEW,
    KEY,
    MANY,
    MANY_COUNT,
    NONE,
    STEPS,
    admitted,
    bundle_of,
    changed,
    dishonestly,
    error_of,
    history_in,
    topics_of,
    trust,
    verified,
    with_history,
)
from hypothesis import given
from hypothesis import strategies as st
from world import BRAND, ORIGIN, START_US, TRADER, World, key_of

from ledger.answering.prover import prove
from ledger.cose import cbor
from ledger.cose.receipt import decode_receipt, verify_receipt
from ledger.errors import (
    MalformedError,
    PinyuanError,
    ProofError,
    SignatureError,
    UsageError,
    VerificationError,
)
from ledger.evidence.bundle import Bundle, Step, decode_bundle, encode_bundle, verify_bundle
from ledger.histories.history import HistoryState, history_key
from ledger.primitives import ijson
from ledger.primitives.strict import format_base64, parse_base64
from ledger.questions.answers import ANSWERS
from ledger.questions.declared import QUESTIONS
from ledger.questions.verdict import Asked
from ledger.signer import log_public_key
from ledger.tlog.merkle import leaf_hash

SIZE = 2 + 2 + 3 + 3 * (MANY_COUNT // 3 + 3)


# What verifies.


def test_every_history_is_proven_whole(either: World):
    """Present ones, the one past 256 entries, and absent ones."""
    said = topics_of(either)
    assert len(said["generic", MANY]) == MANY_COUNT
    for topic, subject in [*said, ("generic", NONE), ("sanction", BRAND)]:
        found = verified(bundle_of(either, subject, topic=topic), either)
        assert found.answer == said.get((topic, subject), [])
        assert (found.question, found.parameters) == (
            "history",
            {"topic": topic, "subject": subject},
        )
        assert found.known_at == found.checkpoint.size == SIZE


@pytest.mark.parametrize("subject", [FEW, MANY, NONE])
def test_both_databases_give_the_same_bytes(either: World, told: World, subject: str):
    assert bundle_of(either, subject) == bundle_of(told, subject)


def test_what_was_verified_is_said_step_by_step(told: World):
    heard: list[Step] = []
    found = verified(bundle_of(told, FEW), told, report=heard.append)
    assert tuple(heard) == found.steps
    assert tuple(step.name for step in heard) == STEPS
    assert found.completeness == "asserted by the operator"
    assert found.clock == "simulated"
    assert found.fresh_us == told.last_us(), "without witnesses, the newest seal's time"


def test_what_was_known_earlier_leaves_later_entries_out(either: World):
    said = topics_of(either)["generic", MANY]
    for known_at, size, count in ((SIZE, SIZE, 300), (SIZE - 1, 213, 200), (213, 213, 200)):
        raw = bundle_of(either, MANY, known_at=known_at)
        found = verified(raw, either)
        assert (found.known_at, found.checkpoint.size) == (size, SIZE)
        assert found.answer == said[:count]
    assert verified(bundle_of(either, MANY, known_at=2), either).answer == []


@pytest.mark.parametrize("known_at", [0, 1, -1, SIZE + 1])
def test_what_the_log_never_was_is_not_asked(told: World, known_at: int):
    with pytest.raises(UsageError, match="size"):
        bundle_of(told, FEW, known_at=known_at)


@pytest.mark.parametrize("since", [0, -1, SIZE + 1])
def test_no_consistency_is_proven_with_what_never_was(told: World, since: int):
    with pytest.raises(UsageError, match="since"):
        bundle_of(told, FEW, since=since)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("histories", {"topic": "generic", "subject": FEW}),
        ("history", {"topic": "generic"}),
        ("history", {"topic": "generic", "subject": FEW, "at": "now"}),
    ],
)
def test_another_question_is_no_question(told: World, name: str, parameters: dict[str, str]):
    with pytest.raises(UsageError, match="no question"):
        prove(told.log, name, parameters)


# Every byte.


def outcomes(raw: bytes, world: World, places: Sequence[int]) -> dict[int, PinyuanError | None]:
    """Return what verification says with each of these bytes altered, one bit at a time."""
    found = {}
    for at in places:
        altered = raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]
        found[at] = error_of(altered, world)
    return found


def sample(raw: bytes, subject: str) -> Sequence[int]:
    """Return all bytes of the smallest bundle, some of the others."""
    return range(0, len(raw), {NONE: 1, FEW: 7, MANY: 2_003}[subject])


@pytest.fixture(scope="module", params=[NONE, FEW, MANY])
def altered(request: pytest.FixtureRequest, told: World) -> dict[int, PinyuanError | None]:
    raw = bundle_of(told, request.param)
    assert error_of(raw, told) is None
    return outcomes(raw, told, sample(raw, request.param))


def test_no_altered_byte_passes(altered: dict[int, PinyuanError | None]):
    assert len(altered) > 100
    assert [at for at, error in altered.items() if error is None] == []


def test_an_altered_byte_is_false_and_not_merely_unknown(
    altered: dict[int, PinyuanError | None],
):
    others = {
        f"{type(error).__name__}: {error}"
        for error in altered.values()
        if not isinstance(error, MalformedError | VerificationError)
    }
    assert sorted(others) == []


def test_a_byte_more_or_less_is_malformed(told: World):
    raw = bundle_of(told, NONE)
    for other in (raw[:-1], raw[1:], raw + b"\n", raw + b" ", b" " + raw, b"", raw * 2):
        assert isinstance(error_of(other, told), MalformedError)


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,1en\\ ', max_size=100).map(str.encode))
def test_arbitrary_bytes_are_malformed(raw: bytes):
    with pytest.raises(MalformedError):
        verify_bundle(raw, trust(), now_us=START_US)


SPELLINGS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another version": lambda b: b | {"v": 2},
    "a version that is no number": lambda b: b | {"v": "1"},
    "a field more": lambda b: b | {"note": ""},
    "a field less": lambda b: {name: b[name] for name in b if name != "consistency"},
    "fields in another order": lambda b: dict(reversed(b.items())),
    "a parameter that is no text": lambda b: b | {"parameters": {"topic": 1}},
    "known_at zero": lambda b: b | {"known_at": 0},
    "known_at as text": lambda b: b | {"known_at": str(b["known_at"])},
    "an index below zero": lambda b: (
        b | {"statements": [b["statements"][0] | {"index": -1}, *b["statements"][1:]]}
    ),
    "a proof in another alphabet": lambda b: (
        b | {"histories": [b["histories"][0] | {"proof": "_-=="}, *b["histories"][1:]]}
    ),
    "a statement twice": lambda b: b | {"statements": [*b["statements"], b["statements"][0]]},
    "a history twice": lambda b: b | {"histories": [*b["histories"], b["histories"][0]]},
    "a statement that is none": lambda b: (
        b | {"checkpoint": b["checkpoint"].replace("\n\n", "\n \n")}
    ),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_another_form_is_malformed(told: World, case: str):
    parts = ijson.decode(bundle_of(told, FEW))
    raw = ijson.encode(SPELLINGS[case](parts)) + b"\n"
    assert isinstance(error_of(raw, told), MalformedError)


def test_a_bundle_has_one_spelling(told: World):
    raw = bundle_of(told, FEW)
    assert encode_bundle(decode_bundle(raw)) == raw
    assert isinstance(error_of(raw.replace(b'"v":1', b'"v": 1'), told), MalformedError)
    assert isinstance(error_of(raw.replace(b"generic", b"\\u0067eneric"), told), MalformedError)


# Attacks on one history.


def proof_of(world: World, subject: str) -> str:
    return history_in(decode_bundle(bundle_of(world, subject)), subject).proof


def statement_at(bundle: Bundle, index: int) -> Any:
    return next(item for item in bundle.statements if item.index == index)


def without_statement(bundle: Bundle, index: int) -> dict[str, Any]:
    return {"statements": tuple(item for item in bundle.statements if item.index != index)}


def with_statement(bundle: Bundle, at: int, **parts: Any) -> dict[str, Any]:
    return {
        "statements": tuple(
            msgspec.structs.replace(item, **parts) if item.index == at else item
            for item in bundle.statements
        )
    }


def few(bundle: Bundle) -> tuple[int, ...]:
    return history_in(bundle, FEW).entries


ATTACKS: dict[str, tuple[str, Callable[[Bundle, World], dict[str, Any]]]] = {
    "a statement dropped": (
        "entry 107 is not in the bundle",
        lambda b, _: without_statement(b, few(b)[0]),
    ),
    "the newest entry dropped from the list": (
        "not the complete one",
        lambda b, _: with_history(b, FEW, entries=few(b)[:-1]),
    ),
    "an entry and its statement dropped": (
        "not the complete one",
        lambda b, _: with_history(b, FEW, entries=few(b)[1:]) | without_statement(b, few(b)[0]),
    ),
    "every entry dropped": (
        "not the complete one",
        lambda b, _: with_history(b, FEW, entries=()),
    ),
    "every entry dropped, with a proof that another is absent": (
        "not the complete one",
        lambda b, w: with_history(b, FEW, entries=(), proof=proof_of(w, NONE)),
    ),
    "a stranger's entry added": (
        r"entry 0 does not belong to it",
        lambda b, _: with_history(b, FEW, entries=(0, *few(b))),
    ),
    "an entry listed twice": (
        "out of order",
        lambda b, _: with_history(b, FEW, entries=(few(b)[0], *few(b))),
    ),
    "two entries swapped": (
        "out of order",
        lambda b, _: with_history(b, FEW, entries=tuple(reversed(few(b)))),
    ),
    "an entry that is nowhere": (
        "entry 7 is not in the bundle",
        lambda b, _: with_history(b, FEW, entries=(7, *few(b))),
    ),
    "another history's proof": (
        "not the complete one",
        lambda b, w: with_history(b, FEW, proof=proof_of(w, MANY)),
    ),
    "no proof": ("not the complete one", lambda b, _: with_history(b, FEW, proof="")),
    "a proof with a byte more": (
        "not the complete one",
        lambda b, _: with_history(
            b, FEW, proof=format_base64(parse_base64(history_in(b, FEW).proof) + b"\0")
        ),
    ),
    "the history itself left out": (
        r"does not prove the history \(generic, urn:x:few\) that the answer needs",
        lambda b, _: {"histories": tuple(item for item in b.histories if item.subject != FEW)},
    ),
    "the history of the signing key left out": (
        r"does not prove the history \(key, ",
        lambda b, _: {"histories": tuple(item for item in b.histories if item.topic != "key")},
    ),
    "the log's own history left out": (
        r"does not (prove|hold) the history \(log, ",
        lambda b, _: {"histories": tuple(item for item in b.histories if item.topic != "log")},
    ),
    "the history under another topic": (
        "entry 107 does not belong to it",
        lambda b, _: with_history(b, FEW, topic="grant"),
    ),
    "a statement at another's index": (
        "inclusion proof",
        lambda b, _: with_statement(b, few(b)[0], index=few(b)[0] + 1),
    ),
    "a statement's bytes altered": (
        "inclusion proof",
        lambda b, _: with_statement(
            b,
            few(b)[0],
            bytes=format_base64(parse_base64(statement_at(b, few(b)[0]).bytes) + b"\0"),
        ),
    ),
    "a statement under another's path": (
        "inclusion proof",
        lambda b, _: with_statement(b, few(b)[0], path=statement_at(b, few(b)[1]).path),
    ),
    "a path with a hash more": (
        "too many",
        lambda b, _: with_statement(
            b, few(b)[0], path=(*statement_at(b, few(b)[0]).path, format_base64(bytes(32)))
        ),
    ),
    "a path with a hash less": (
        "too few",
        lambda b, _: with_statement(b, few(b)[0], path=statement_at(b, few(b)[0]).path[:-1]),
    ),
    "the newest seal left out": (
        f"checkpoint {SIZE}: the entry before it is not shown to be a seal",
        lambda b, _: without_statement(b, SIZE - 1),
    ),
    "an answer with an entry less": ("answer", lambda b, _: {"answer": b.answer[:-1]}),
    "an answer in another order": ("answer", lambda b, _: {"answer": b.answer[::-1]}),
    "no for an answer": ("answer", lambda *_: {"answer": "no"}),
    "null for an answer": ("answer", lambda *_: {"answer": None}),
    "an empty answer": ("answer", lambda *_: {"answer": []}),
    "known as of a size beyond the checkpoint": (
        f"known_at {SIZE + 1} beyond",
        lambda *_: {"known_at": SIZE + 1},
    ),
    "known as of the middle of a batch": (
        "known_at 111: the entry before it is not shown to be a seal",
        lambda *_: {"known_at": 111},
    ),
    "known as of a seal the bundle does not hold": (
        "known_at 2: the entry before it is not shown to be a seal",
        lambda *_: {"known_at": 2},
    ),
}


@pytest.mark.parametrize("case", ATTACKS)
def test_an_attack_is_refused(either: World, case: str):
    why, attack = ATTACKS[case]
    raw = bundle_of(either, FEW)
    forged = changed(raw, **attack(decode_bundle(raw), either))
    assert forged != raw
    with pytest.raises(VerificationError, match=why):
        verified(forged, either)


def test_an_earlier_answer_is_not_passed_off_as_todays(told: World):
    """All seals are there; the answer as of an earlier one is not the answer as of this one."""
    raw = bundle_of(told, FEW, known_at=120)
    bundle = decode_bundle(raw)
    assert bundle.known_at < SIZE
    with pytest.raises(VerificationError, match="answer"):
        verified(changed(raw, known_at=SIZE), told)


def test_present_is_not_shown_as_absent(told: World):
    """A presence proof told as the absence proof of the same key names that key itself."""
    raw = bundle_of(told, FEW)
    bundle, state = decode_bundle(raw), HistoryState.empty()
    for index in few(bundle):
        state.append(index, leaf_hash(parse_base64(statement_at(bundle, index).bytes)))
    key, value = history_key("generic", FEW), state.value()
    absence = bytes([32]) + key + bytes([40]) + value + parse_base64(history_in(bundle, FEW).proof)
    forged = with_history(bundle, FEW, entries=(), proof=format_base64(absence))
    with pytest.raises(ProofError, match="names another key"):
        verified(changed(raw, **forged, answer=[]), told)


def test_absent_is_not_shown_as_present(told: World):
    raw = bundle_of(told, NONE)
    bundle = decode_bundle(raw)
    for index in (0, SIZE - 1):
        forged = with_history(bundle, NONE, entries=(index,))
        with pytest.raises(ProofError, match="does not belong"):
            verified(changed(raw, **forged), told)


@pytest.mark.parametrize("dropped", [0, 255, 256, MANY_COUNT - 1])
def test_one_of_many_is_missed(either: World, dropped: int):
    raw = bundle_of(either, MANY)
    bundle = decode_bundle(raw)
    entries = list(history_in(bundle, MANY).entries)
    index = entries.pop(dropped)
    answer = bundle.answer[:dropped] + bundle.answer[dropped + 1 :]
    parts = with_history(bundle, MANY, entries=tuple(entries)) | without_statement(bundle, index)
    with pytest.raises(ProofError, match="not the complete one"):
        verified(changed(raw, **parts, answer=answer), either)


# The question that was asked.


EXPECTED = ("history", {"topic": "generic", "subject": FEW})


def test_the_answer_is_to_the_question_that_was_asked(told: World):
    assert verified(bundle_of(told, FEW), told, expect=EXPECTED).answer
    for name, parameters in (
        ("history", {"topic": "generic", "subject": MANY}),
        ("history", {"topic": "issuer", "subject": FEW}),
        ("history", {"topic": "generic"}),
        ("may-sell", {"topic": "generic", "subject": FEW}),
    ):
        with pytest.raises(VerificationError, match="the bundle answers"):
            verified(bundle_of(told, FEW), told, expect=(name, parameters))


@pytest.mark.parametrize(
    "parts",
    [
        {"question": "may-sell"},
        {"parameters": {"topic": "generic"}},
        {"parameters": {"topic": "generic", "subject": FEW, "more": ""}},
        {"parameters": {}},
    ],
    ids=str,
)
def test_a_question_that_is_none_is_a_false_bundle(told: World, parts: dict[str, Any]):
    """Whoever verifies made no mistake: the file is wrong (exit 3, not a wrong command line)."""
    with pytest.raises((VerificationError, MalformedError)):
        verified(changed(bundle_of(told, FEW), **parts), told)


def count(asked: Asked, *, topic: str, subject: str) -> int:
    return asked.view.history(topic, subject).count


@pytest.mark.parametrize(
    ("subject", "answer", "other"), [(FEW, 3, 2), ("urn:x:0", 1, True), (NONE, 0, False)]
)
def test_an_answer_is_compared_whole(
    told: World, monkeypatch: pytest.MonkeyPatch, subject: str, answer: int, other: object
):
    """True is not the number one, whatever Python says."""
    asked = {"topic": "generic", "subject": subject}
    monkeypatch.setitem(QUESTIONS, "count", replace(QUESTIONS["history"], name="count"))
    monkeypatch.setitem(ANSWERS, "count", count)
    raw = encode_bundle(prove(told.log, "count", asked))
    assert verified(raw, told).answer == answer
    with pytest.raises(VerificationError, match="answer"):
        verified(changed(raw, answer=other), told)


# An operator who admitted what he must not.


def forged(world: World, **said: Any) -> bytes:
    raw = bytearray(world.reading("never said", subject=FEW, **said))
    raw[-1] ^= 1
    return bytes(raw)


ADMITTED: dict[str, tuple[str, Callable[[World], bytes]]] = {
    "a forged signature": ("signature", forged),
    "a stranger's name": (
        "issuer-not-owner",
        lambda w: w.reading("not mine", subject=FEW, issuer=TRADER),
    ),
    "a key nobody introduced": ("key-unknown", lambda w: w.reading("who", by="who", subject=FEW)),
    "a key that has ended": ("key-not-live", lambda w: w.reading("late", by=KEY, subject=FEW)),
    "another log's audience": (
        "audience",
        lambda w: w.reading("elsewhere", subject=FEW, audience="ledger.example/other"),
    ),
}


@pytest.mark.parametrize("case", ADMITTED)
def test_what_was_admitted_against_a_rule_is_no_evidence(
    world: World, monkeypatch: pytest.MonkeyPatch, case: str
):
    rule, statement = ADMITTED[case]
    world.party("brand", BRAND)
    key = {"key": world.binding(KEY, BRAND)}
    world.accept(world.statement("key", key, by="brand", issuer=BRAND, subject=BRAND))
    ended = {"kid": key_of(KEY).public.kid.hex(), "reason": "retired"}
    world.accept(world.statement("key-revocation", ended, by="brand", issuer=BRAND, subject=BRAND))
    honest, cheat = world.reading("honest", subject=FEW), statement(world)
    admitted(world, monkeypatch, honest, cheat)
    with pytest.raises(VerificationError, match=f"entry 9 was admitted against the rules: {rule}"):
        verified(dishonestly(world, monkeypatch, subject=FEW), world)
    with pytest.raises(VerificationError, match="entry 9"):
        bundle_of(world, FEW)
    assert verified(bundle_of(world, NONE), world).answer == [], "other answers do not rest on it"


def test_a_seal_by_somebody_else_is_no_evidence(world: World, monkeypatch: pytest.MonkeyPatch):
    """Whoever holds the log key alone cannot seal: the newest seal is rechecked too."""
    world.party("brand", BRAND)
    with monkeypatch.context() as cheating:
        cheating.setattr(world.log, "operator", BRAND)
        cheating.setattr(world.signer, "_operator_key", key_of("brand"))
        world.register(world.reading("1", subject=FEW))
    with pytest.raises(VerificationError, match="entry 5 was admitted against the rules: role"):
        verified(dishonestly(world, monkeypatch, subject=FEW), world)


def test_what_only_a_replay_finds_is_left_to_replayers(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    world.party("brand", BRAND)
    admitted(world, monkeypatch, world.reading("from tomorrow", subject=FEW, age_s=-86_400))
    found = verified(bundle_of(world, FEW), world)
    assert len(found.answer) == 1
    assert found.completeness == "asserted by the operator"
    with pytest.raises(VerificationError, match="rule issued-ahead"):
        world.check()


# Receipts.


def test_a_receipt_is_good_for_its_size_alone(told: World):
    """The path of entry 4 in size 7 fits other pairs of index and size: the size is signed."""
    key = log_public_key(told.log.vkey)
    leaves = decode_bundle(bundle_of(told, BRAND, topic="keys")).statements
    leaf = parse_base64(next(item.bytes for item in leaves if item.index == 4))
    raw = told.log.receipt(4)
    receipt = decode_receipt(raw)
    assert verify_receipt(raw, leaf, key, ORIGIN) == receipt
    path = list(receipt.path)
    proof = cbor.encode([7, 4, path])
    assert raw.count(proof) == 1
    for size, index in ((6, 4), (8, 4), (23, 4)):
        with pytest.raises(MalformedError, match=f"size {size} in the proof, 7 in the signed"):
            verify_receipt(raw.replace(proof, cbor.encode([size, index, path])), leaf, key, ORIGIN)
    for index in (0, 2, 5, 6):
        with pytest.raises((ProofError, SignatureError)):
            verify_receipt(raw.replace(proof, cbor.encode([7, index, path])), leaf, key, ORIGIN)
    with pytest.raises(SignatureError):
        verify_receipt(told.log.receipt(2), leaf, key, ORIGIN)


def test_the_receipts_of_a_batch_share_one_signature(told: World):
    signatures = Counter(decode_receipt(told.log.receipt(i)).signature for i in range(SIZE))
    assert sorted(signatures.values()) == sorted([2, 2, 3, 103, 103, 103])
