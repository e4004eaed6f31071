"""Fraud proofs: files that show anybody, offline, what an operator did and must not.

Six kinds, each a JSON file of one spelling. All that is trusted is the log key of the
trust file: what it signed is what the operator answers for. No quorum is asked for; when a
checkpoint was seen, a cosigner of the trust file says.

::

    fork    two checkpoints that cannot be of one log
    index   a seal's index that contradicts an entry before it: left out, or put in
    rule    an entry that was admitted against a rule every verifier asks again
    seal    a seal that contradicts its place, an earlier seal, or the chain between
    backdated  a seal dated before a smaller checkpoint was cosigned
    duplicate  a statement that was registered twice
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ledger.errors import (
    AdmissionError,
    CannotVerifyError,
    MalformedError,
    ProofError,
)
from ledger.evidence.bundle import Bundle, open_evidence
from ledger.evidence.proven import (
    Consistency,
    Index,
    Part,
    ProvenHistory,
    ProvenStatement,
    check_consistency,
    check_order,
    decode_file,
    decode_value,
    encode_file,
    id_in,
    open_statement,
)
from ledger.evidence.seal_fraud import (
    Backdated,
    SealFraud,
    verify_backdated,
    verify_seal,
)
from ledger.evidence.shown import (
    ProvenLeaf,
    check_leaf,
    leaf_of,
    nothing,
    readable,
    seal_of,
    signed,
    statement_of,
)
from ledger.histories.history import Entry, verify_history
from ledger.histories.views import TracingView
from ledger.primitives.strict import parse_base64
from ledger.questions.registry import recheck
from ledger.statements.catalogue import histories_of
from ledger.statements.topics import TOPICS
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.trust import TrustPolicy


class ListedEntry(Part, frozen=True):
    """One leaf of a history's own tree: a log index and that entry's leaf hash."""

    index: Index
    hash: str


class Fork(Part, frozen=True, kw_only=True):
    """Two checkpoints, the smaller first, and what shows that they contradict each other.

    Of one size: nothing more. Of two: the root that the larger tree has at the smaller size,
    or two leaves at one index.
    """

    v: Literal[1] = 1
    fraud: Literal["fork"] = "fork"
    checkpoints: tuple[str, str]
    consistency: Consistency | None = None
    leaves: tuple[ProvenLeaf, ProvenLeaf] | None = None


class IndexFraud(Part, frozen=True, kw_only=True):
    """An entry, a seal behind it, and what the seal's index has as one history."""

    v: Literal[1] = 1
    fraud: Literal["index"] = "index"
    checkpoint: str
    entry: ProvenStatement
    seal: ProvenStatement
    topic: str
    subject: str
    listed: tuple[ListedEntry, ...]
    proof: str


class RuleFraud(Part, frozen=True, kw_only=True):
    """An entry, and the complete histories by which it should have been refused."""

    v: Literal[1] = 1
    fraud: Literal["rule"] = "rule"
    checkpoint: str
    entry: Index
    histories: tuple[ProvenHistory, ...]
    statements: tuple[ProvenStatement, ...]


class Duplicate(Part, frozen=True, kw_only=True):
    """Two entries that are one statement."""

    v: Literal[1] = 1
    fraud: Literal["duplicate"] = "duplicate"
    checkpoint: str
    entries: tuple[ProvenStatement, ProvenStatement]


Fraud = Fork | IndexFraud | RuleFraud | SealFraud | Backdated | Duplicate
KINDS: Mapping[str, type[Fraud]] = {
    "fork": Fork,
    "index": IndexFraud,
    "rule": RuleFraud,
    "seal": SealFraud,
    "backdated": Backdated,
    "duplicate": Duplicate,
}


@dataclass(frozen=True, slots=True)
class Proven:
    """What a file proves, of which log, in a sentence."""

    kind: str
    origin: str
    says: str


def encode_fraud(fraud: Fraud) -> bytes:
    """Return a fraud proof's bytes."""
    return encode_file(fraud)


def decode_fraud(raw: bytes) -> Fraud:
    """Return a fraud proof; its bytes must be the canonical ones.

    Raises:
        MalformedError: no JSON, no kind of fraud, other fields, or another spelling.

    """
    what = "fraud proof"
    value = decode_value(raw, what)
    kind = KINDS.get(str(value.get("fraud"))) if isinstance(value, dict) else None
    if kind is None:
        raise MalformedError(
            "{what}: not of a kind that is known ({kinds})", what=what, kinds=", ".join(KINDS)
        )
    found = decode_file(raw, kind, what)
    if isinstance(found, RuleFraud):
        check_order(found.histories, found.statements, what)
    return found


# Two checkpoints.


def _verify_fork(fraud: Fork, trust: TrustPolicy) -> tuple[Checkpoint, str]:
    old, new = (signed(text, trust) for text in fraud.checkpoints)
    if old.origin != new.origin:
        raise nothing(f"checkpoints of two logs, {old.origin} and {new.origin}")
    if old.size > new.size:
        raise nothing("the smaller checkpoint comes first")
    shown = [item for item in (fraud.consistency, fraud.leaves) if item is not None]
    if len(shown) != (old.size != new.size):
        raise nothing("two sizes need a consistency proof or two leaves, one size neither")
    if old.size == new.size:
        if old.root == new.root:
            raise nothing("both checkpoints have the same size and root")
        return old, f"it signed two checkpoints of size {old.size} with different roots"
    sizes = f"it signed checkpoints of size {old.size} and {new.size} that are not of one log"
    if fraud.consistency is not None:
        check_consistency(fraud.consistency, new)
        if fraud.consistency.size != old.size:
            raise nothing(f"the consistency proof is not from size {old.size}")
        if parse_base64(fraud.consistency.root) == old.root:
            raise nothing("the larger checkpoint extends the smaller one")
        return old, f"{sizes}: the larger had another root at size {old.size}"
    assert fraud.leaves is not None  # noqa: S101 - one of the two is there
    one, other = fraud.leaves
    hashes = check_leaf(one, old), check_leaf(other, new)
    if one.index != other.index or hashes[0] == hashes[1]:
        raise nothing("not two different leaves at one index")
    return old, f"{sizes}: entry {one.index} is not the same in both"


def _size(note: str) -> int:
    return parse_checkpoint(parse_note(note).text).size


def prove_fork(one: str, other: str, consistency: Consistency | None = None) -> Fork:
    """Return the proof that two signed notes contradict each other.

    Args:
        one: a checkpoint's note.
        other: another one of the same log.
        consistency: of two sizes, from the larger tree at the smaller size.

    """
    old, new = sorted((one, other), key=_size)
    return Fork(
        checkpoints=(old, new), consistency=None if _size(old) == _size(new) else consistency
    )


def prove_fork_by_leaves(one: Bundle, other: Bundle) -> Fork | None:
    """Return the proof that two bundles are of two logs under one name, if their entries show it."""
    old, new = sorted((one, other), key=lambda bundle: _size(bundle.checkpoint))
    if _size(old.checkpoint) == _size(new.checkpoint):
        roots = {parse_note(bundle.checkpoint).text for bundle in (old, new)}
        return prove_fork(old.checkpoint, new.checkpoint) if len(roots) > 1 else None
    known = {item.index: item for item in old.statements}
    for item in new.statements:
        twin = known.get(item.index)
        if twin is not None and twin.bytes != item.bytes:
            checkpoints = (old.checkpoint, new.checkpoint)
            return Fork(checkpoints=checkpoints, leaves=(leaf_of(twin), leaf_of(item)))
    return None


# The index.


def _verify_index(fraud: IndexFraud, trust: TrustPolicy) -> tuple[Checkpoint, str]:
    checkpoint = signed(fraud.checkpoint, trust)
    entry = readable(fraud.entry, checkpoint)
    sealing, seal = seal_of(fraud.seal, checkpoint)
    if not entry.index < sealing.index == seal.size:
        raise nothing(f"entry {entry.index} is not before the seal at entry {sealing.index}")
    if fraud.topic not in TOPICS:
        raise CannotVerifyError(
            "topic {topic}: a later release may know it", topic=fraud.topic[:40]
        )
    listed = {item.index: parse_base64(item.hash) for item in fraud.listed}
    verify_history(
        root=bytes.fromhex(seal.index_root),
        topic=fraud.topic,
        subject=fraud.subject,
        leaves=[(item.index, parse_base64(item.hash)) for item in fraud.listed],
        proof=parse_base64(fraud.proof),
    )
    belongs = (fraud.topic, fraud.subject) in histories_of(entry.statement, entry.body)
    found = listed.get(entry.index)
    where = f"the index of the seal at entry {sealing.index}"
    history = f"the history ({fraud.topic}, {fraud.subject})"
    if found is not None and found != entry.statement.leaf_hash:
        return checkpoint, f"{where} has another statement as entry {entry.index} in {history}"
    if belongs and found is None:
        return checkpoint, f"{where} leaves entry {entry.index} out of {history}"
    if found is not None and not belongs:
        return checkpoint, f"{where} has entry {entry.index} in {history}, where it does not belong"
    raise nothing(f"{where} is right about entry {entry.index} and {history}")


def prove_index(bundle: Bundle, entry: ProvenStatement) -> IndexFraud | None:
    """Return the proof that a bundle's seal has a false index, if an entry shows it.

    Args:
        bundle: an answer of the operator, its histories as the seal's index has them.
        entry: a statement before that seal, with its path in the bundle's checkpoint.

    Raises:
        ProofError: it is not in the bundle's tree.

    """
    checkpoint = parse_checkpoint(parse_note(bundle.checkpoint).text)
    opened = open_statement(entry, checkpoint)
    by_index = {item.index: item for item in bundle.statements}
    seal = by_index.get(checkpoint.size - 1)
    if seal is None or not isinstance(opened, Entry) or entry.index >= seal.index:
        return None
    topics = histories_of(opened.statement, opened.body)
    for item in bundle.histories:
        false = ((item.topic, item.subject) in topics) != (entry.index in item.entries)
        if false and by_index.keys() >= set(item.entries):
            listed = (ListedEntry(index=i, hash=leaf_of(by_index[i]).hash) for i in item.entries)
            return IndexFraud(
                checkpoint=bundle.checkpoint,
                entry=entry,
                seal=seal,
                topic=item.topic,
                subject=item.subject,
                listed=tuple(listed),
                proof=item.proof,
            )
    return None


# A rule.


def _verify_rule(fraud: RuleFraud, trust: TrustPolicy) -> tuple[Checkpoint, str]:
    checkpoint = signed(fraud.checkpoint, trust)
    opened, view = open_evidence(fraud.histories, fraud.statements, checkpoint, fraud.entry)
    unread = opened.unread.get(fraud.entry)
    if unread is not None:
        why = f"{unread.rule}: {unread.message}"
        return checkpoint, f"entry {fraud.entry} was admitted against the rules: {why}"
    entry = opened.entries.get(fraud.entry)
    if entry is None:
        raise ProofError("entry {entry} is not in the file", entry=fraud.entry)
    try:
        recheck(entry, TracingView(view), checkpoint.origin)
    except AdmissionError as error:
        return checkpoint, str(error)
    raise nothing(f"entry {fraud.entry} keeps every rule that is asked again")


def prove_rule(bundle: Bundle, index: int) -> RuleFraud | None:
    """Return the proof that an entry of a bundle was admitted against a rule, if it was.

    Raises:
        ProofError: the bundle does not hold what its rules read.

    """
    checkpoint = parse_checkpoint(parse_note(bundle.checkpoint).text)
    opened, view = open_evidence(bundle.histories, bundle.statements, checkpoint, index)
    trace = TracingView(view)
    trace.history("log", checkpoint.origin)
    entry = opened.entries.get(index)
    if entry is not None:
        try:
            recheck(entry, trace, checkpoint.origin)
        except AdmissionError:
            pass
        else:
            return None
    elif index not in opened.unread:
        return None
    seals = {opened.seal_index(at) for at in trace.times} | {index, checkpoint.size - 1}
    histories = tuple(h for h in bundle.histories if (h.topic, h.subject) in trace.histories)
    wanted = seals.union(*(item.entries for item in histories))
    return RuleFraud(
        checkpoint=bundle.checkpoint,
        entry=index,
        histories=histories,
        statements=tuple(item for item in bundle.statements if item.index in wanted),
    )


# A repetition.


def _verify_duplicate(fraud: Duplicate, trust: TrustPolicy) -> tuple[Checkpoint, str]:
    checkpoint = signed(fraud.checkpoint, trust)
    one, other = (statement_of(item, checkpoint) for item in fraud.entries)
    first, second = (item.index for item in fraud.entries)
    if first >= second or one.id != other.id:
        raise nothing("not one statement at two places, the earlier first")
    return checkpoint, f"entry {second} is the statement of entry {first}, registered again"


def prove_duplicate(bundle: Bundle) -> Duplicate | None:
    """Return the proof that a bundle holds one statement twice, if it does."""
    known: dict[bytes, ProvenStatement] = {}
    for item in bundle.statements:
        id_ = id_in(item)
        one = item if id_ is None else known.setdefault(id_, item)
        if one is not item:
            return Duplicate(checkpoint=bundle.checkpoint, entries=(one, item))
    return None


_VERIFY: Mapping[type, Callable[[Any, TrustPolicy], tuple[Checkpoint, str]]] = {
    Fork: _verify_fork,
    IndexFraud: _verify_index,
    RuleFraud: _verify_rule,
    SealFraud: verify_seal,
    Backdated: verify_backdated,
    Duplicate: _verify_duplicate,
}


def verify_fraud(raw: bytes, trust: TrustPolicy) -> Proven:
    """Verify a fraud proof offline, by the log key of the trust file alone.

    Raises:
        VerificationError, MalformedError: the file proves nothing.
        CannotVerifyError: another log's, or of rules or types of a later release.

    """
    fraud = decode_fraud(raw)
    checkpoint, says = _VERIFY[type(fraud)](fraud, trust)
    return Proven(fraud.fraud, checkpoint.origin, f"the log {checkpoint.origin}: {says}")
