"""Evidence bundles and their offline verifier: an answer, and why it is the only one.

One JSON file, compact, its bytes canonical: question and parameters, answer, known_at,
one checkpoint with its cosignatures, the histories that were read with their index
proofs, the statements with their inclusion paths. ``verify_bundle`` asks the question
again over nothing but the bundle; a read that the bundle does not prove fails.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from ledger import ijson
from ledger.errors import (
    CannotVerifyError,
    CheckpointError,
    MalformedError,
    ProofError,
    SignatureError,
    UsageError,
    VerificationError,
)
from ledger.history import Entry, verify_history
from ledger.questions.declared import Question
from ledger.questions.registry import Inquiry, find_question
from ledger.rules.published import PUBLISHED
from ledger.rules.state import MICROSECONDS, KeyState, LogState, key_state, log_state
from ledger.statements.catalogue import InvalidBody, decode_body, histories_of
from ledger.statements.envelope import Topic, parse_statement
from ledger.statements.log_family import Seal
from ledger.strict import parse_base64
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from ledger.tlog.note import parse_note
from ledger.tlog.trust import Cosigned, TrustPolicy, check_same_log
from ledger.views import MemoryView

MAX_BUNDLE_SIZE = 64 * 1024 * 1024  # a hundred thousand statements

Size = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Index = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every part of a bundle has in common: no field but its own."""


class ProvenHistory(_Part, frozen=True):
    """A history's complete list of leaf indices and its index proof."""

    topic: str
    subject: str
    entries: tuple[Index, ...]
    proof: str


class ProvenStatement(_Part, frozen=True):
    """A leaf at its index with its audit path in the checkpoint's tree."""

    index: Index
    bytes: str
    path: tuple[str, ...]


class Consistency(_Part, frozen=True):
    """A proof that the checkpoint extends an older one."""

    size: Size
    root: str
    path: tuple[str, ...]


class Bundle(_Part, frozen=True):
    """The whole file."""

    v: Literal[1]
    question: str
    parameters: dict[str, str]
    answer: Any
    valid_at_us: Index | None
    known_at: Size
    checkpoint: str
    histories: tuple[ProvenHistory, ...]
    statements: tuple[ProvenStatement, ...]
    consistency: Consistency | None


def encode_bundle(bundle: Bundle) -> bytes:
    """Return a bundle's bytes."""
    return ijson.encode(msgspec.to_builtins(bundle, enc_hook=str)) + b"\n"


def decode_bundle(raw: bytes) -> Bundle:
    """Return a bundle; its bytes must be the canonical ones.

    Raises:
        MalformedError: too large, no JSON, other fields, or another spelling.

    """
    if len(raw) > MAX_BUNDLE_SIZE:
        msg = f"bundle: more than {MAX_BUNDLE_SIZE} bytes"
        raise MalformedError(msg)
    try:
        bundle = msgspec.convert(ijson.decode(raw, limit=MAX_BUNDLE_SIZE), Bundle)
    except (MalformedError, msgspec.ValidationError) as error:
        msg = f"bundle: {error}"
        raise MalformedError(msg) from error
    if encode_bundle(bundle) != raw:
        msg = "bundle: not in its canonical spelling (compact JSON, fields in order)"
        raise MalformedError(msg)
    return bundle


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was verified, in a sentence."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle that verified: its question, its answer, and how much that is worth."""

    question: str
    parameters: dict[str, str]
    answer: Any
    valid_at_us: int | None
    known_at: int
    checkpoint: Checkpoint
    fresh_us: int
    completeness: str
    clock: str
    steps: tuple[Step, ...]


@dataclass(slots=True)
class _Opened:
    """The bundle's statements, every one of them proven to be in the checkpoint's tree."""

    entries: dict[int, Entry]
    seals: list[tuple[int, Seal]]

    def registered_us(self, index: int) -> int:
        """Return an entry's registration time by the seal behind it.

        Raises:
            ProofError: the bundle does not hold that seal.

        """
        at = bisect_left(self.seals, index, key=lambda item: item[0])
        if at < len(self.seals):
            seal_index, seal = self.seals[at]
            after = -1 if seal.previous is None else seal.previous.index
            if after < index <= seal_index:
                return seal.time_us
        msg = f"entry {index}: the bundle does not hold the seal that registered it"
        raise ProofError(msg)


class _BundleView(MemoryView):
    """Only what the bundle proves can be read."""

    def __init__(self, opened: _Opened, proven: set[Topic]) -> None:
        super().__init__(opened.registered_us)
        self._proven = proven

    def history(self, topic: str, subject: str) -> Any:
        """Return a proven history.

        Raises:
            ProofError: the bundle does not prove it.

        """
        if (topic, subject) not in self._proven:
            msg = (
                f"the bundle does not prove the history ({topic}, {subject}) that the answer needs"
            )
            raise ProofError(msg)
        return super().history(topic, subject)


def _open_statements(bundle: Bundle, checkpoint: Checkpoint) -> _Opened:
    entries: dict[int, Entry] = {}
    for item in bundle.statements:
        leaf = parse_base64(item.bytes)
        verify_inclusion(
            index=item.index,
            size=checkpoint.size,
            leaf=leaf_hash(leaf),
            path=[parse_base64(part) for part in item.path],
            root=checkpoint.root,
        )
        statement = parse_statement(leaf)
        body = decode_body(statement)
        if isinstance(body, InvalidBody):
            msg = f"entry {item.index}: {body.message}"
            raise VerificationError(msg)
        entries[item.index] = Entry(item.index, statement, body)
    if len(entries) != len(bundle.statements):
        msg = "bundle: a statement is listed twice"
        raise MalformedError(msg)
    seals = sorted(
        ((i, e.body) for i, e in entries.items() if isinstance(e.body, Seal)),
        key=lambda item: item[0],
    )
    for index, seal in seals:
        if seal.size != index:
            msg = f"entry {index}: a seal of size {seal.size}"
            raise VerificationError(msg)
    return _Opened(entries, seals)


def _seal_before(opened: _Opened, size: int, what: str) -> Seal:
    entry = opened.entries.get(size - 1)
    if entry is None or not isinstance(entry.body, Seal):
        msg = f"{what} {size}: the entry before it is not shown to be a seal"
        raise ProofError(msg)
    return entry.body


def _open_histories(bundle: Bundle, opened: _Opened, root: bytes) -> _BundleView:
    proven: set[Topic] = set()
    view = _BundleView(opened, proven)
    for item in bundle.histories:
        topic = (item.topic, item.subject)
        if topic in proven:
            msg = f"bundle: history {topic} is listed twice"
            raise MalformedError(msg)
        leaves = []
        for index in item.entries:
            entry = opened.entries.get(index)
            if entry is None:
                msg = f"history ({item.topic}, {item.subject}): entry {index} is not in the bundle"
                raise ProofError(msg)
            if topic not in histories_of(entry.statement, entry.body):
                msg = f"history ({item.topic}, {item.subject}): entry {index} does not belong to it"
                raise ProofError(msg)
            leaves.append((index, entry.statement.leaf_hash))
        verify_history(
            root=root,
            topic=item.topic,
            subject=item.subject,
            leaves=leaves,
            proof=parse_base64(item.proof),
        )
        proven.add(topic)
        for index in item.entries:
            view.add(opened.entries[index], [topic])
    return view


def _check_pins(view: _BundleView, opened: _Opened, trust: TrustPolicy) -> None:
    """Hold the statements of parties whose keys are known from elsewhere against those keys."""
    for entry in opened.entries.values():
        pins = trust.party_keys.get(entry.statement.issuer)
        if pins is None:
            continue
        kid: bytes = entry.statement.kid
        while kid not in pins:
            state: KeyState | None = key_state(view, kid)
            if state is None or state.bound_by != "owner":
                msg = f"entry {entry.index}: {entry.statement.issuer} signed with a key the trust file does not know"
                raise SignatureError(msg)
            kid = state.introduced_by


def _check_origin(bundle: Bundle, origin: str) -> None:
    """Refuse a bundle that says itself that its checkpoint is of another log."""
    if not any((item.topic, item.subject) == ("log", origin) for item in bundle.histories):
        msg = f"the bundle does not prove the history (log, {origin}) of its own checkpoint"
        raise VerificationError(msg)


def _find_question(bundle: Bundle) -> Question:
    try:
        return find_question(bundle.question, bundle.parameters)
    except UsageError as error:
        msg = f"the bundle answers no question: {error}"
        raise VerificationError(msg) from error


def _check_consistency(proof: Consistency | None, checkpoint: Checkpoint) -> None:
    if proof is None:
        return
    try:
        verify_consistency(
            old=proof.size,
            size=checkpoint.size,
            old_root=parse_base64(proof.root),
            root=checkpoint.root,
            proof=[parse_base64(part) for part in proof.path],
        )
    except ProofError as error:
        msg = f"the log is not an extension of the one at size {proof.size}: {error}"
        raise CheckpointError(msg) from error


def _check_seen(bundle: Bundle, checkpoint: Checkpoint, seen: Checkpoint) -> str:
    """Hold the checkpoint against the one seen last; the proof between was verified."""
    check_same_log(seen, checkpoint)
    if seen.size == checkpoint.size:
        return f"the checkpoint seen last, size {seen.size}"
    if seen.size > checkpoint.size:
        msg = f"the bundle's checkpoint ({checkpoint.size}) is older than the one seen last ({seen.size})"
        raise CannotVerifyError(msg)
    proof = bundle.consistency
    if proof is None or proof.size != seen.size:
        msg = (
            f"no consistency proof from size {seen.size} in the bundle: ask for one made --since it"
        )
        raise CannotVerifyError(msg)
    if parse_base64(proof.root) != seen.root:
        msg = (
            f"the log is not an extension of the one seen at size {seen.size}: it had another root"
        )
        raise CheckpointError(msg)
    return f"an extension of the log seen at size {seen.size}"


def _completeness(cosigned: Cosigned, trust: TrustPolicy, size: int) -> str:
    if cosigned.replayers:
        return f"replayed {len(cosigned.replayers)}/{len(trust.replayers)} as of size {size}"
    return "asserted by the operator"


def _fresh_us(cosigned: Cosigned, seal: Seal) -> int:
    """Return F: the quorum's time, or without witnesses the newest seal's."""
    time_s = cosigned.quorum_time_s
    return seal.time_us if time_s is None else time_s * MICROSECONDS


def _check_fresh(bundle: Bundle, size: int, fresh_us: int, now_us: int, trust: TrustPolicy) -> str:
    """Refuse a stale answer about now, and one about a time that nobody has seen yet."""
    about_now = bundle.known_at == size
    if about_now and fresh_us < now_us - trust.max_age_s * MICROSECONDS:
        age_s = (now_us - fresh_us) // MICROSECONDS
        msg = (
            f"stale: the log was last seen {age_s} s ago, the trust file allows {trust.max_age_s} s"
        )
        raise CannotVerifyError(msg)
    if bundle.valid_at_us is not None and bundle.valid_at_us > fresh_us:
        ahead_s = -(-(bundle.valid_at_us - fresh_us) // MICROSECONDS)
        msg = f"asked about a time {ahead_s} s later than the log was last seen: unknown yet"
        raise CannotVerifyError(msg)
    return "within the trust file's max-age" if about_now else "as of then"


def verify_bundle(
    raw: bytes,
    trust: TrustPolicy,
    *,
    now_us: int,
    expect: tuple[str, dict[str, str]] | None = None,
    seen: Checkpoint | None = None,
    report: Callable[[Step], None] = lambda _: None,
) -> Verified:
    """Verify a bundle offline, step by step.

    Args:
        raw: the file.
        trust: log key, witnesses, replayers, quorums, max age, pins.
        now_us: the verifier's time, microseconds since 1970.
        expect: the question and parameters that were asked, if the caller has its own.
        seen: the newest checkpoint of this log the caller trusts already.
        report: called with each step that passed.

    Raises:
        VerificationError, MalformedError: something is false.
        CannotVerifyError: a quorum, a fresh time, or a rules version is missing.

    """
    steps: list[Step] = []

    def passed(name: str, says: str) -> None:
        steps.append(Step(name, says))
        report(steps[-1])

    bundle = decode_bundle(raw)
    asked = (bundle.question, bundle.parameters)
    if expect is not None and asked != expect:
        msg = f"the bundle answers {_words(*asked)}, not {_words(*expect)}"
        raise VerificationError(msg)
    passed("question", _words(*asked))
    note = parse_note(bundle.checkpoint)
    _check_origin(bundle, parse_checkpoint(note.text).origin)
    checkpoint, cosigned = trust.open(note)
    passed("checkpoint", f"size {checkpoint.size}, signed by the log {checkpoint.origin}")
    passed("quorum", _quorum_words(trust, cosigned))
    _check_consistency(bundle.consistency, checkpoint)
    if seen is not None:
        passed("consistency", _check_seen(bundle, checkpoint, seen))
    opened = _open_statements(bundle, checkpoint)
    passed("inclusion", f"{len(opened.entries)} statements are in the log's tree")
    seal = _seal_before(opened, checkpoint.size, "checkpoint")
    if not 1 <= bundle.known_at <= checkpoint.size:
        msg = f"known_at {bundle.known_at} beyond the checkpoint's size {checkpoint.size}"
        raise VerificationError(msg)
    _seal_before(opened, bundle.known_at, "known_at")
    view = _open_histories(bundle, opened, bytes.fromhex(seal.index_root))
    passed(
        "histories",
        f"{len(bundle.histories)} histories, each the complete one under the newest seal",
    )
    state = log_state(view, checkpoint.origin)
    _check_log(state, trust)
    inquiry = Inquiry(view, checkpoint.origin)
    asked_again = _find_question(bundle)
    if asked_again.timed != (bundle.valid_at_us is not None):
        msg = "valid_at: given for a question about a time, and for no other"
        raise VerificationError(msg)
    answer = inquiry.ask(
        asked_again,
        bundle.parameters,
        known_at=bundle.known_at,
        valid_at_us=bundle.valid_at_us,
    )
    inquiry.recheck(opened.entries.values())
    _check_pins(view, opened, trust)
    passed(
        "rules", f"{len(inquiry.checked)} statements: signature, issuer, key and role checked again"
    )
    if ijson.encode(answer) != ijson.encode(bundle.answer):  # True is not 1
        msg = "the answer does not follow from the evidence"
        raise VerificationError(msg)
    passed("answer", "the same answer follows from the evidence")
    fresh_us = _fresh_us(cosigned, seal)
    passed("freshness", _check_fresh(bundle, checkpoint.size, fresh_us, now_us, trust))
    return Verified(
        question=bundle.question,
        parameters=bundle.parameters,
        answer=bundle.answer,
        valid_at_us=bundle.valid_at_us,
        known_at=bundle.known_at,
        checkpoint=checkpoint,
        fresh_us=fresh_us,
        completeness=_completeness(cosigned, trust, checkpoint.size),
        clock=state.genesis.clock,
        steps=tuple(steps),
    )


def _check_log(state: LogState, trust: TrustPolicy) -> None:
    if trust.genesis is not None and state.genesis_id != trust.genesis:
        msg = "the log's genesis is not the one of the trust file"
        raise VerificationError(msg)
    if PUBLISHED.get(state.rules_version) != state.rules_digest:
        msg = f"rules version {state.rules_version} is not known to this release: use a newer one"
        raise CannotVerifyError(msg)


def _words(question: str, parameters: dict[str, str]) -> str:
    return f"{question}({', '.join(f'{name}={value}' for name, value in parameters.items())})"


def _quorum_words(trust: TrustPolicy, cosigned: Cosigned) -> str:
    witnesses = (
        "no witness quorum asked for"
        if trust.quorum is None
        else f"witness quorum {trust.quorum} reached ({len(cosigned.witnesses)} cosigned)"
    )
    if trust.replay_quorum is None:
        return witnesses
    return f"{witnesses}; {len(cosigned.replayers)} replayers cosigned"
