"""Making fraud proofs out of a whole ledger: what a replaying auditor hands on.

Everything is read into memory and nothing is believed but its bytes. A false index root alone
shows nothing to others, since only the operator has the tree below it: hold one of his
evidence bundles against the ledger with ``find_index_fraud``.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress

from ledger.errors import (
    AdmissionError,
    CannotVerifyError,
    CheckpointError,
    MalformedError,
    VerificationError,
)
from ledger.evidence.bundle import Bundle
from ledger.evidence.fraud import (
    Duplicate,
    Fork,
    IndexFraud,
    RuleFraud,
    prove_fork,
    prove_index,
)
from ledger.evidence.proven import (
    Consistency,
    ProvenHistory,
    ProvenStatement,
    is_backdated,
    open_leaf,
    seal_fault,
)
from ledger.evidence.seal_fraud import Backdated, SealFraud, prove_seal
from ledger.evidence.shown import ProvenLeaf
from ledger.files.reader import LedgerReader, ranges
from ledger.histories.history import Entry, HistoryState, history_key, history_proof
from ledger.histories.views import MemoryView, TracingView
from ledger.primitives.strict import format_base64
from ledger.questions.book import MALFORMED
from ledger.questions.registry import recheck
from ledger.statements.catalogue import InvalidBody, decode_body, histories_of
from ledger.statements.envelope import Topic, parse_statement
from ledger.statements.log_family import Seal
from ledger.texts import sentence_of
from ledger.tlog import chain
from ledger.tlog.checkpoint import cosigned_times, parse_checkpoint
from ledger.tlog.merkle import (
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    subtree_root,
)
from ledger.tlog.note import parse_note
from ledger.tlog.prefix_tree import PrefixTree
from ledger.tlog.trust import TrustPolicy

WIDTH = 1 << 13


class WholeLedger:
    """A ledger's leaves in memory, and the proofs of any of them."""

    def __init__(self, reader: LedgerReader) -> None:
        """Read all of it."""
        size = reader.size()
        self.leaves: list[bytes] = []
        for start, stop in ranges(size, WIDTH):
            self.leaves += reader.entries(start, stop).leaves
        self.signed = list(reader.checkpoints(0, size))
        self._seals: list[Entry] | None = None
        self._levels = [[leaf_hash(leaf) for leaf in self.leaves]]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)  # an odd one waits for its sibling
            self._levels.append([node_hash(left, right) for left, right in pairs])

    def _node(self, level: int, index: int) -> bytes:
        return self._levels[level][index]

    def root(self, size: int) -> bytes:
        """Return the root of the first ``size`` entries."""
        return subtree_root(0, size, self._node)

    def note(self, index: int) -> tuple[str, int]:
        """Return the newest checkpoint and its size.

        Raises:
            VerificationError: there is none that covers an entry.

        """
        found = self.signed[-1] if self.signed else None
        if found is None or not index < found.size <= len(self.leaves):
            raise VerificationError("no signed checkpoint covers entry {index}", index=index)
        return found.note, found.size

    def path(self, index: int, size: int) -> tuple[str, ...]:
        """Return an entry's audit path in the tree of ``size``."""
        return tuple(format_base64(item) for item in prove_inclusion(index, size, self._node))

    def statement(self, index: int, size: int) -> ProvenStatement:
        """Return an entry with its path in the tree of ``size``."""
        leaf = format_base64(self.leaves[index])
        return ProvenStatement(index=index, bytes=leaf, path=self.path(index, size))

    def leaf(self, index: int, size: int) -> ProvenLeaf:
        """Return an entry's hash with its path in the tree of ``size``."""
        hashed = format_base64(self._node(0, index))
        return ProvenLeaf(index=index, hash=hashed, path=self.path(index, size))

    def consistency(self, old: int, size: int) -> Consistency:
        """Return the root at ``old``, and the proof that the tree of ``size`` has it there."""
        return Consistency(
            size=old,
            root=format_base64(self.root(old)),
            path=tuple(format_base64(p) for p in prove_consistency(old, size, self._node)),
        )

    def entry(self, index: int) -> Entry | InvalidBody:
        """Return an entry; of what cannot be read, why."""
        try:
            statement = open_leaf(self.leaves[index])
        except MalformedError as error:
            return InvalidBody(MALFORMED, sentence_of(error))
        body = decode_body(statement)
        return body if isinstance(body, InvalidBody) else Entry(index, statement, body)

    def id(self, index: int) -> bytes | None:
        """Return an entry's id, whatever else it carries; None where its bytes are no statement."""
        try:
            return parse_statement(self.leaves[index]).id
        except MalformedError:
            return None

    def entries(self, stop: int) -> Iterator[Entry]:
        """Yield the readable entries before ``stop``."""
        for index in range(stop):
            found = self.entry(index)
            if isinstance(found, Entry):
                yield found

    def seals(self, stop: int) -> list[Entry]:
        """Return the seals before ``stop``."""
        if self._seals is None:
            entries = self.entries(len(self.leaves))
            self._seals = [entry for entry in entries if isinstance(entry.body, Seal)]
        return self._seals[: bisect_left(self._seals, stop, key=lambda entry: entry.index)]


class TrueIndex:
    """The history index over the entries before ``stop``, as it should be."""

    def __init__(self, ledger: WholeLedger, seals: Sequence[Entry], stop: int) -> None:
        """Take every entry into its histories; ``seals``: of the whole ledger."""
        self._times = [(e.index, e.body.time_us) for e in seals if isinstance(e.body, Seal)]
        self.view = MemoryView(self._registered_us)
        self._tree = PrefixTree(lambda _: {})
        states: dict[Topic, HistoryState] = {}
        for entry in ledger.entries(stop):
            topics = histories_of(entry.statement, entry.body)
            self.view.add(entry, topics)
            for topic in topics:
                state = states.setdefault(topic, HistoryState.empty())
                state.append(entry.index, entry.statement.leaf_hash)
        for topic, state in states.items():
            self._tree.put(history_key(*topic), state.value())
        self.root = self._tree.commit()[0]

    def seal_behind(self, index: int) -> int:
        """Return the index of the seal that registered an entry."""
        return next(at for at, _ in self._times if at >= index)

    def _registered_us(self, index: int) -> int:
        return next(time_us for at, time_us in self._times if at >= index)

    def history(self, topic: str, subject: str) -> ProvenHistory:
        """Return a history with the proof that it is complete, an empty one too."""
        return ProvenHistory(
            topic=topic,
            subject=subject,
            entries=tuple(self.view.history(topic, subject).indices()),
            proof=format_base64(history_proof(self._tree, topic, subject)),
        )


def find_fork(ledger: WholeLedger, note: str) -> Fork | None:
    """Return the proof that the log signed a checkpoint that contradicts this ledger, if it did."""
    seen = parse_checkpoint(parse_note(note).text)
    newest, size = ledger.note(0)
    if seen.size > size:
        return None
    if ledger.root(seen.size) == seen.root:
        return None
    twin = next((item.note for item in ledger.signed if item.size == seen.size), None)
    if twin is not None:
        return prove_fork(note, twin)
    return prove_fork(note, newest, ledger.consistency(seen.size, size))


def find_index_fraud(ledger: WholeLedger, bundle: Bundle) -> IndexFraud | None:
    """Return the proof that a bundle's index contradicts an entry of the ledger, if it does."""
    size = parse_checkpoint(parse_note(bundle.checkpoint).text).size
    if size > len(ledger.leaves):
        return None
    proven = {(item.topic, item.subject): frozenset(item.entries) for item in bundle.histories}
    for entry in ledger.entries(size - 1):
        topics = set(histories_of(entry.statement, entry.body))
        if any((topic in topics) != (entry.index in listed) for topic, listed in proven.items()):
            return prove_index(bundle, ledger.statement(entry.index, size))
    return None


def check_against(reader: LedgerReader, bundle: Bundle) -> None:
    """Hold a bundle that verified against a ledger that has all of its entries.

    Raises:
        CheckpointError: they are not of one log.
        VerificationError: the bundle's index contradicts an entry of the ledger.
        CannotVerifyError: the ledger ends before the bundle's checkpoint.

    """
    ledger = WholeLedger(reader)
    size = parse_checkpoint(parse_note(bundle.checkpoint).text).size
    if size > len(ledger.leaves):
        raise CannotVerifyError(
            "{name} has {count} entries, the bundle is of size {size}",
            name=reader.name(),
            count=len(ledger.leaves),
            size=size,
        )
    if find_fork(ledger, bundle.checkpoint) is not None:
        raise CheckpointError(
            "the bundle's checkpoint of size {size} is not of the log in {name}",
            size=size,
            name=reader.name(),
        )
    found = find_index_fraud(ledger, bundle)
    if found is not None:
        raise VerificationError(
            "entry {index} contradicts the bundle's history ({topic}, {subject}): the operator's index is false",
            index=found.entry.index,
            topic=found.topic,
            subject=found.subject,
        )


def find_seal_fraud(ledger: WholeLedger, index: int) -> SealFraud | None:
    """Return the proof that the seal at an index is false, if the bytes before it show so."""
    note, size = ledger.note(index)
    seals = ledger.seals(index + 1)
    if not seals or seals[-1].index != index:
        return None
    *before, seal = seals
    proven = ledger.statement(index, size)
    for earlier in (None, *before[-1:]):  # who contradicts an earlier one contradicts one between
        if seal_fault(seal, earlier) is not None:
            item = None if earlier is None else ledger.statement(earlier.index, size)
            return prove_seal(note, proven, item, ())
    value, start, first = chain.start(parse_checkpoint(parse_note(note).text).origin), 0, 0
    if before and isinstance(body := before[-1].body, Seal):
        value, start = bytes.fromhex(body.chain), before[-1].index
        first = start + 1
    for at in range(start, index):
        value = chain.extend(value, leaf_hash(ledger.leaves[at]))
    if isinstance(seal.body, Seal) and value.hex() != seal.body.chain:
        item = ledger.statement(start, size) if before else None
        return prove_seal(note, proven, item, (ledger.leaf(at, size) for at in range(first, index)))
    return None


def true_index(ledger: WholeLedger) -> TrueIndex | None:
    """Return the index under the newest checkpoint, None where its seal names another.

    The proofs of another would lead nowhere.
    """
    _, size = ledger.note(0)
    seals = ledger.seals(size)
    newest = seals[-1].body if seals else None
    whole = TrueIndex(ledger, seals, size - 1)
    same = isinstance(newest, Seal) and newest.index_root == whole.root.hex()
    return whole if same else None


def find_rule_fraud(
    ledger: WholeLedger, index: int, whole: TrueIndex | None = None
) -> RuleFraud | None:
    """Return the proof that an entry was admitted against a rechecked rule, if it was.

    ``whole``: the ledger's true index, if it was made. None as well where the newest seal names another.
    """
    note, size = ledger.note(index)
    origin = parse_checkpoint(parse_note(note).text).origin
    whole = whole or true_index(ledger)
    if whole is None:
        return None
    trace = TracingView(whole.view)
    trace.history("log", origin)
    entry = ledger.entry(index)
    if isinstance(entry, Entry):
        try:
            recheck(entry, trace, origin)
        except AdmissionError:
            pass
        else:
            return None
    histories = tuple(whole.history(*topic) for topic in sorted(trace.histories))
    wanted = {index, size - 1, *(whole.seal_behind(at) for at in trace.times)}
    wanted.update(*(item.entries for item in histories))
    return RuleFraud(
        checkpoint=note,
        entry=index,
        histories=histories,
        statements=tuple(ledger.statement(at, size) for at in sorted(wanted)),
    )


def find_duplicate(ledger: WholeLedger, index: int) -> Duplicate | None:
    """Return the proof that an entry is a statement registered before, if it is."""
    note, size = ledger.note(index)
    id_ = ledger.id(index)
    first = next((at for at in range(index) if ledger.id(at) == id_), None)
    if id_ is None or first is None:
        return None
    return Duplicate(
        checkpoint=note, entries=(ledger.statement(first, size), ledger.statement(index, size))
    )


def find_backdated(ledger: WholeLedger, index: int, seen: Sequence[str] = ()) -> Backdated | None:
    """Return the proof that a seal was dated before an earlier checkpoint was cosigned, if it was.

    Args:
        ledger: all entries.
        index: the seal's.
        seen: cosigned notes beside those that the ledger holds.

    """
    note, size = ledger.note(index)
    sealing = ledger.entry(index)
    if not isinstance(sealing, Entry) or not isinstance(sealing.body, Seal):
        return None
    cited = (e.body.cosigned for e in ledger.seals(size) if isinstance(e.body, Seal))
    for text in (*seen, *(item.note for item in ledger.signed), *filter(None, cited)):
        known = parse_note(text)
        early = any(is_backdated(sealing.body.time_us, at_s) for at_s in cosigned_times(known))
        if early and parse_checkpoint(known.text).size <= index:
            return Backdated(cosigned=text, checkpoint=note, seal=ledger.statement(index, size))
    return None


def find_any_backdated(ledger: WholeLedger, trust: TrustPolicy) -> Backdated | None:
    """Return the proof that some seal was dated before what seals cite was cosigned, if one was.

    ``trust``: whose cosignatures count.
    """
    note, size = ledger.note(0)
    seals = [(entry.index, entry.body) for entry in ledger.seals(size)]
    cited: list[tuple[int, int, str]] = []
    for _, seal in seals:
        if isinstance(seal, Seal) and seal.cosigned is not None:
            with suppress(MalformedError, VerificationError):
                seen = trust.last_sighting(parse_note(seal.cosigned))
                cited += [(at, time_s, seal.cosigned) for at, time_s in seen.items()]
    cited.sort()
    latest, next_at = (0, ""), 0
    for index, seal in seals:
        while next_at < len(cited) and cited[next_at][0] <= index:
            latest = max(latest, cited[next_at][1:])
            next_at += 1
        if isinstance(seal, Seal) and is_backdated(seal.time_us, latest[0]):
            proven = ledger.statement(index, size)
            return Backdated(cosigned=latest[1], checkpoint=note, seal=proven)
    return None


def find_cited_fork(ledger: WholeLedger, index: int) -> Fork | None:
    """Return the proof that a seal cites a checkpoint of another history, if it does."""
    match ledger.entry(index):
        case Entry(body=Seal(cosigned=str(note))):
            return find_fork(ledger, note)
        case _:
            return None
