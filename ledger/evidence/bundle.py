"""Evidence bundles and their offline verifier: an answer, and why it is the only one.

One JSON file, compact, its bytes canonical: question and parameters, answer, the two times,
one checkpoint with its cosignatures, the histories that were read with their index
proofs, the statements with their inclusion paths. ``verify_bundle`` asks the question
again over nothing but the bundle; a read that the bundle does not prove fails.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ledger.errors import (
    CannotVerifyError,
    CheckpointError,
    MalformedError,
    ProofError,
    SignatureError,
    UsageError,
    VerificationError,
)
from ledger.evidence.fresh import by_seal, check_dates, check_fresh, check_stamps, fresh_us
from ledger.evidence.proven import (
    Consistency,
    Index,
    Later,
    Opened,
    Part,
    ProvenHistory,
    ProvenStatement,
    ProvenView,
    Size,
    check_consistency,
    check_order,
    decode_file,
    encode_file,
    open_later,
    open_statements,
    topics_of,
)
from ledger.primitives import ijson
from ledger.primitives.instant import format_us
from ledger.primitives.strict import parse_base64
from ledger.questions.declared import Question
from ledger.questions.registry import Inquiry, completed, find_question, replay_only_rules
from ledger.rules.published import check_published
from ledger.rules.state import KeyState, LogState, key_state, log_state
from ledger.statements.catalogue import InvalidBody, decode_body
from ledger.statements.envelope import parse_statement
from ledger.texts import saying
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.tlog.note import VerifierKey, parse_note
from ledger.tlog.trust import Cosigned, TrustPolicy, check_same_log

__all__ = [
    "ASSERTED", "Bundle", "Consistency", "Later", "ProvenHistory", "ProvenStatement", "Step", "Verified",
    "decode_bundle", "encode_bundle", "leans_on", "open_evidence", "verify_bundle",
]  # fmt: skip

ASSERTED = "asserted by the operator"
"""Completeness, where no replayer that is trusted vouches for it."""


class Bundle(Part, frozen=True):
    """The whole file."""

    v: Literal[1]
    question: str
    parameters: dict[str, str]
    answer: Any
    names: dict[str, dict[str, str]]
    valid_at_us: Index | None
    known_at: Size
    checkpoint: str
    histories: tuple[ProvenHistory, ...]
    statements: tuple[ProvenStatement, ...]
    consistency: Consistency | None
    later: tuple[Later, ...]


def encode_bundle(bundle: Bundle) -> bytes:
    """Return a bundle's bytes."""
    return encode_file(bundle)


def decode_bundle(raw: bytes) -> Bundle:
    """Return a bundle; its bytes must be the canonical ones.

    Raises:
        MalformedError: too large, no JSON, other fields, or another spelling.

    """
    bundle = decode_file(raw, Bundle, "bundle")
    check_order(bundle.histories, bundle.statements, "bundle")
    return bundle


def leans_on(bundle: Bundle) -> tuple[str, ...]:
    """Return the replay-only rules an answer leans on, for whoever made its bundle."""
    found = (decode_body(parse_statement(parse_base64(s.bytes))) for s in bundle.statements)
    return replay_only_rules(body for body in found if not isinstance(body, InvalidBody))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was verified, in a sentence."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle that verified: its question, its answer, and how much that is worth.

    ``fresh_us``: when the log was last seen, by ``fresh_by``. ``replay_only``: the rules that
    the statements it rests on must keep as well, and that only a replay of the log asks.
    ``opened``: the proven statements, ``view``: what is proven, to be read, ``histories``: how many
    complete ones were proven.
    ``log_key``, ``cosigned``: whose word all of it is under.
    """

    question: str
    parameters: dict[str, str]
    answer: Any
    names: dict[str, dict[str, str]]
    valid_at_us: int | None
    known_at: int
    checkpoint: Checkpoint
    fresh_us: int
    fresh_by: Literal["witnesses", "the newest seal"]
    completeness: str
    replay_only: tuple[str, ...]
    clock: str
    steps: tuple[Step, ...]
    opened: Opened
    view: ProvenView
    histories: int
    log_key: VerifierKey
    cosigned: Cosigned


class _Steps(list[Step]):
    """What passed so far; each is reported."""

    def __init__(self, report: Callable[[Step], None]) -> None:
        super().__init__()
        self._report = report

    def passed(self, name: str, says: str) -> None:
        step = Step(name, says)
        self.append(step)
        self._report(step)


def open_evidence(
    histories: Sequence[ProvenHistory],
    statements: Sequence[ProvenStatement],
    checkpoint: Checkpoint,
    accused: int | None = None,
) -> tuple[Opened, ProvenView]:
    """Return statements and histories, each proven under a checkpoint; the log's own is needed.

    The statement at ``accused`` alone may be one that no rule admits.

    Raises:
        VerificationError, MalformedError: something is not.
        CannotVerifyError: the log's rules are of a version that this release does not know.

    """
    log = ("log", checkpoint.origin)
    if log not in topics_of(histories):
        raise VerificationError(
            "the bundle does not prove the history {log} of its own checkpoint", log=log
        )
    opened = open_statements(statements, checkpoint)
    seal = opened.seal_before(checkpoint.size, "checkpoint")
    view = ProvenView(opened, bytes.fromhex(seal.index_root))
    # The log's own history first: it says by which rules the others are to be read.
    for item in sorted(histories, key=lambda item: (item.topic, item.subject) != log):
        view.prove(item)
        if (item.topic, item.subject) == log:
            state = log_state(view, checkpoint.origin)
            check_published(state.rules_version, state.rules_digest)
            opened.check_readable(accused)
    view.check_nothing_left_out()
    return opened, view


def _check_log(state: LogState, checkpoint: Checkpoint, trust: TrustPolicy) -> None:
    """Hold the genesis against the trust file."""
    if trust.genesis is not None and state.genesis_id != trust.genesis:
        raise VerificationError("the log's genesis is not the one of the trust file")
    if state.genesis.log_key != str(trust.log_key(checkpoint.origin)):
        raise VerificationError(
            "the log's genesis names another log key than the one that signed the checkpoint"
        )


def _check_pins(view: ProvenView, opened: Opened, trust: TrustPolicy) -> None:
    """Hold the statements of parties whose keys are known from elsewhere against those keys."""
    for entry in opened.entries.values():
        pins = trust.party_keys.get(entry.statement.issuer)
        if pins is None:
            continue
        kid: bytes = entry.statement.kid
        while kid not in pins:
            state: KeyState | None = key_state(view, kid)
            if state is None or state.bound_by != "owner":
                raise SignatureError(
                    "entry {index}: {issuer} signed with a key the trust file does not know",
                    index=entry.index,
                    issuer=entry.statement.issuer,
                )
            kid = state.introduced_by


def _check_origin(bundle: Bundle, origin: str) -> None:
    """Refuse a bundle that says itself that its checkpoint is of another log."""
    if ("log", origin) not in topics_of(bundle.histories):
        raise VerificationError(
            "the bundle does not prove the history (log, {origin}) of its own checkpoint",
            origin=origin,
        )


def _find_question(bundle: Bundle) -> Question:
    try:
        asked = find_question(bundle.question, bundle.parameters)
    except UsageError as error:
        raise VerificationError("the bundle answers no question: {why}", why=error) from error
    if list(bundle.parameters) != [item.name for item in asked.parameters]:
        raise MalformedError("bundle: its parameters are not in the question's order")
    if asked.timed != (bundle.valid_at_us is not None):
        raise VerificationError("valid_at: given for a question about a time, and for no other")
    return asked


def _check_consistency(proof: Consistency | None, checkpoint: Checkpoint) -> None:
    if proof is None:
        return
    try:
        check_consistency(proof, checkpoint)
    except ProofError as error:
        raise CheckpointError(
            "the log is not an extension of the one at size {size}: {why}",
            size=proof.size,
            why=error,
        ) from error


def _check_seen(bundle: Bundle, checkpoint: Checkpoint, seen: Checkpoint) -> str:
    """Hold the checkpoint against the one seen last; the proof between was verified."""
    check_same_log(seen, checkpoint)
    if seen.size == checkpoint.size:
        return saying("the checkpoint seen last, size {size}", size=seen.size)
    if seen.size > checkpoint.size:
        raise CannotVerifyError(
            "the bundle's checkpoint ({size}) is older than the one seen last ({size_2})",
            size=checkpoint.size,
            size_2=seen.size,
        )
    proof = bundle.consistency
    if proof is None or proof.size != seen.size:
        raise CannotVerifyError(
            "no consistency proof from size {size} in the bundle: ask for one made --since it",
            size=seen.size,
        )
    if parse_base64(proof.root) != seen.root:
        raise CheckpointError(
            "the log is not an extension of the one seen at size {size}: it had another root",
            size=seen.size,
        )
    return saying("an extension of the log seen at size {size}", size=seen.size)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the caller asked; None: not said."""

    question: tuple[str, dict[str, str]] | None
    at_us: int | None
    known_at: int | None

    def check_question(self, bundle: Bundle) -> None:
        """Refuse the answer to another question."""
        asked = (bundle.question, bundle.parameters)
        if self.question is None:
            return
        wanted = (self.question[0], completed(*self.question))
        if asked != wanted:
            raise VerificationError(
                "the bundle answers {words}, not {words_2}",
                words=_words(*asked),
                words_2=_words(*wanted),
            )

    def check_times(self, bundle: Bundle, size: int, newest_us: int) -> None:
        """Refuse an answer about other times; a question without times is about now."""
        about_now = self.question is not None
        known_at = size if self.known_at is None and about_now else self.known_at
        if known_at is not None and bundle.known_at != known_at:
            raise VerificationError(
                "the bundle answers as of size {known_at}, not as of size {known_at_2}",
                known_at=bundle.known_at,
                known_at_2=known_at,
            )
        at_us = newest_us if self.at_us is None and about_now else self.at_us
        if at_us is not None and bundle.valid_at_us not in (None, at_us):
            raise VerificationError(
                "the bundle answers about another time, {answered}, than was asked, {asked}: ask for one about {asked}; if {answered} was meant, say so with --at",
                answered=format_us(bundle.valid_at_us),
                asked=format_us(at_us),
            )


def _completeness(cosigned: Cosigned, trust: TrustPolicy, size: int) -> str:
    if cosigned.replayers:
        return f"replayed {len(cosigned.replayers)}/{len(trust.replayers)} as of size {size}"
    return ASSERTED


def _open_checkpoint(
    bundle: Bundle, trust: TrustPolicy, seen: Checkpoint | None, steps: _Steps
) -> tuple[Checkpoint, Cosigned]:
    """Return the checkpoint: signed by the log, cosigned as asked, extending what was seen."""
    note = parse_note(bundle.checkpoint)
    _check_origin(bundle, parse_checkpoint(note.text).origin)
    log_key = trust.log_key(parse_checkpoint(note.text).origin)
    checkpoint = open_checkpoint(note, log_key)
    later = open_later(bundle.later, checkpoint, log_key)
    steps.passed(
        "checkpoint",
        saying(
            "size {size}, signed by the log {origin}",
            size=checkpoint.size,
            origin=checkpoint.origin,
        ),
    )
    cosigned = trust.check_cosignatures(note, later)
    steps.passed("quorum", _quorum_words(trust, cosigned))
    for stamp in cosigned.stamps:
        steps.passed("timestamp", stamp.sentence)
    _check_consistency(bundle.consistency, checkpoint)
    if seen is not None:
        steps.passed("consistency", _check_seen(bundle, checkpoint, seen))
    return checkpoint, cosigned


def _ask_again(bundle: Bundle, opened: Opened, view: ProvenView, origin: str) -> Inquiry:
    """Ask the bundle's question over nothing but the bundle; the answer must be the same.

    Raises:
        VerificationError: another answer, a read that is not proven, or a broken rule.

    """
    inquiry = Inquiry(view, origin)
    answer = inquiry.ask(
        _find_question(bundle),
        bundle.parameters,
        known_at=bundle.known_at,
        valid_at_us=bundle.valid_at_us,
    )
    inquiry.recheck(opened.entries.values())
    if ijson.encode(answer) != ijson.encode(bundle.answer):  # True is not 1
        raise VerificationError("the answer does not follow from the evidence")
    if ijson.encode(inquiry.names) != ijson.encode(bundle.names):
        raise VerificationError(
            "the names of what is in the answer do not follow from the evidence"
        )
    return inquiry


def verify_bundle(
    raw: bytes,
    trust: TrustPolicy,
    *,
    now_us: int,
    expect: tuple[str, dict[str, str]] | None = None,
    at_us: int | None = None,
    known_at: int | None = None,
    seen: Checkpoint | None = None,
    sightings: Mapping[int, int] | None = None,
    report: Callable[[Step], None] = lambda _: None,
) -> Verified:
    """Verify a bundle offline, step by step.

    Args:
        raw: the file.
        trust: log key, witnesses, replayers, quorums, max age, pins.
        now_us: the verifier's time, microseconds since 1970.
        expect: the question and parameters that were asked, if the caller has its own.
        at_us: the time that was asked about; with ``expect``, the newest seal's if not given.
        known_at: the size asked about; with ``expect``, the checkpoint's if not given.
        seen: the newest checkpoint of this log the caller trusts already.
        sightings: when cosigners saw checkpoints of this log: POSIX seconds by size.
        report: called with each step that passed.

    Raises:
        VerificationError, MalformedError: something is false.
        CannotVerifyError: a quorum, a fresh time, or a rules version is missing.

    """
    steps = _Steps(report)
    bundle, wanted = decode_bundle(raw), _Wanted(expect, at_us, known_at)
    wanted.check_question(bundle)
    # Nothing is repeated from a file before it is verified.
    asked = saying("taken from the bundle") if expect is None else saying("the one that was asked")
    steps.passed("question", asked)
    checkpoint, cosigned = _open_checkpoint(bundle, trust, seen, steps)
    opened, view = open_evidence(bundle.histories, bundle.statements, checkpoint)
    steps.passed(
        "inclusion", saying("{count} statements are in the log's tree", count=len(opened.entries))
    )
    if not 1 <= bundle.known_at <= checkpoint.size:
        raise VerificationError(
            "known_at {known_at} beyond the checkpoint's size {size}",
            known_at=bundle.known_at,
            size=checkpoint.size,
        )
    newest = opened.seal_before(bundle.known_at, "known_at")
    wanted.check_times(bundle, checkpoint.size, newest.time_us)
    steps.passed(
        "histories",
        saying(
            "{count} histories, each the complete one under the newest seal",
            count=len(bundle.histories),
        ),
    )
    state = log_state(view, checkpoint.origin)
    _check_log(state, checkpoint, trust)
    check_dates(opened, state, trust, sightings or {})
    check_stamps(opened, state, checkpoint, cosigned)
    inquiry = _ask_again(bundle, opened, view, checkpoint.origin)
    _check_pins(view, opened, trust)
    steps.passed(
        "rules",
        saying(
            "{count} statements: signature, issuer, key and role checked again",
            count=len(inquiry.checked),
        ),
    )
    answered = _words(bundle.question, bundle.parameters)
    steps.passed(
        "answer", saying("the same answer follows from the evidence: {answered}", answered=answered)
    )
    seal = opened.seal_before(checkpoint.size, "checkpoint")
    seen_us = fresh_us(cosigned, seal)
    fresh = check_fresh(
        seal,
        about_now=bundle.known_at == checkpoint.size,
        valid_at_us=bundle.valid_at_us,
        fresh_us=seen_us,
        now_us=now_us,
        max_age_s=trust.max_age_s,
    )
    steps.passed("freshness", fresh)
    return Verified(
        question=bundle.question,
        parameters=bundle.parameters,
        answer=bundle.answer,
        names=bundle.names,
        valid_at_us=bundle.valid_at_us,
        known_at=bundle.known_at,
        checkpoint=checkpoint,
        fresh_us=seen_us,
        fresh_by="the newest seal" if by_seal(cosigned) else "witnesses",
        completeness=_completeness(cosigned, trust, checkpoint.size),
        replay_only=replay_only_rules(entry.body for entry in opened.entries.values()),
        clock=state.genesis.clock,
        steps=tuple(steps),
        opened=opened,
        view=view,
        histories=len(bundle.histories),
        log_key=trust.log_key(checkpoint.origin),
        cosigned=cosigned,
    )


def _words(question: str, parameters: dict[str, str]) -> str:
    return f"{question}({', '.join(f'{name}={value}' for name, value in parameters.items())})"


def _quorum_words(trust: TrustPolicy, cosigned: Cosigned) -> str:
    witnesses = (
        saying("no witness quorum asked for")
        if trust.quorum is None
        else saying(
            "witness quorum {quorum} reached ({count} cosigned)",
            quorum=trust.quorum,
            count=len(cosigned.witnesses),
        )
    )
    if trust.replay_quorum is None:
        return witnesses
    return saying(
        "{witnesses}; {count} replayers cosigned",
        witnesses=witnesses,
        count=len(cosigned.replayers),
    )
