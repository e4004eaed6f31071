"""The log: register, seal, publish. All that a ledger registers is written here.

A batch is one transaction under the lock of the head row: review each statement against
the histories and the batch so far, append entries, index, tiles and the seal, COMMIT.
Only then are its leaves read back and hashed again, the checkpoint and the receipts'
signature made, stored, and the anchor advanced. A crash before COMMIT leaves nothing; one
behind it a committed head without a checkpoint, which opening the log signs.
"""

import threading
import time
from collections.abc import Sequence
from functools import cache

from sqlalchemy import Engine

from ledger.audit.batches import IDLE_S
from ledger.cose.keys import PublicKey
from ledger.errors import (
    ClockError,
    LogCorruptError,
    ReadOnlyError,
    UsageError,
)
from ledger.files.anchor import Anchor
from ledger.histories.history import Entry, history_key
from ledger.primitives.clock import AHEAD_S, MICROSECONDS, Clock, too_far_ahead_s
from ledger.primitives.cycles import uncollected
from ledger.questions.book import Case, Refusal, review
from ledger.questions.registry import RecheckMemory
from ledger.rules.remarks import remarks
from ledger.rules.state import LogState, fold_log, key_state, log_state
from ledger.signer import Signer
from ledger.statements.catalogue import InvalidBody, decode_body, encode_body, histories_of
from ledger.statements.envelope import SignedStatement, parse_statement, sign_statement
from ledger.statements.identity_family import KeyRevocation
from ledger.statements.log_family import Genesis, Seal
from ledger.store.append import Writer, writing
from ledger.store.names import registered
from ledger.store.reads import Head, Snapshot, reading
from ledger.store.turn import turn
from ledger.store.view import FoldCache, StoreView
from ledger.texts import saying, sentence_of
from ledger.tlog.note import VerifierKey
from ledger.tlog.prefix_tree import PageCache, PrefixTree
from ledger.writing.batch import Growth
from ledger.writing.publisher import Publisher, require_head
from ledger.writing.sealing import QuorumNotes, check_sealing_key, seal_statement
from ledger.writing.submission import (
    OTHER_SIGNATURE,
    Outcome,
    Refused,
    Registered,
    Submission,
    registered_again,
    verifies,
)

__all__ = [
    "OTHER_SIGNATURE", "Log", "Outcome", "Refused", "Registered", "check_sealing_key",

]  # fmt: skip

MAX_BATCH = 10_000  # statements under one seal; a larger one would hold the head too long
CACHED_PAGES = 50_000  # index pages kept between batches, about 1.5 KiB each
SEALING_KEY = "sealing-key"


def _check_ahead(now_us: int) -> None:
    """Refuse a time that is further ahead of this machine's clock than the signer allows."""
    ahead_s = too_far_ahead_s(now_us, time.time_ns() // 1_000)
    if ahead_s:
        raise ClockError(
            "the time is {ahead_s} s ahead of this machine's clock: the process that holds the log key signs at most {most_s} s ahead, so give an earlier time (--now)",
            ahead_s=ahead_s,
            most_s=AHEAD_S,
        )


class Log:
    """One ledger in one database, opened for reading and, with a signer, for writing."""

    def __init__(
        self,
        engine: Engine,
        vkey: VerifierKey,
        operator: str,
        *,
        anchor: Anchor,
        clock: Clock,
        signer: Signer | None,
    ) -> None:
        """Use ``open_log`` or ``create_log``."""
        self.engine = engine
        self.vkey = vkey
        self.operator = operator
        self.origin = vkey.name
        self.anchor = anchor
        self.clock = clock
        self.signer = signer
        self.publisher = Publisher(engine, vkey, anchor, signer)
        self.mirror = False
        """Whether this is a mirror: read-only for good, and nothing is wrong with it."""
        self.rechecked = RecheckMemory()
        self._folds = FoldCache()
        self._quorum = QuorumNotes(vkey)
        self._pages = PageCache()
        self._keys: dict[bytes, PublicKey] = {}
        self._known: tuple[Head, PrefixTree] | None = None
        self._queue: list[Submission] = []
        self._queue_lock = threading.Lock()
        self._writer_lock = threading.Lock()

    @property
    def read_only(self) -> str | None:
        """Return why this ledger must not be written, None if it may be."""
        return self.publisher.why_read_only()

    def view(self, snapshot: Snapshot, size: int) -> StoreView:
        """Return the ledger of ``size`` entries as rules and questions see it."""
        tree = PrefixTree(snapshot.pages, self._pages)
        return StoreView(snapshot, tree, size=size, now_us=0, cache=self._folds)

    def state(self) -> LogState:
        """Return what genesis and ``rules`` say."""
        with reading(self.engine) as snapshot:
            head = require_head(snapshot)
            return log_state(self.view(snapshot, head.size), self.origin)

    def receipt(self, index: int) -> bytes:
        """Return the receipt of an entry, the same bytes each time.

        Raises:
            UsageError: no such entry.

        """
        return self.receipts([index])[index]

    def receipts(self, indices: Sequence[int]) -> dict[int, bytes]:
        """Return the receipts of entries by index.

        Raises:
            UsageError: no such entry.

        """
        return self.publisher.receipts(indices)

    def register(self, statements: Sequence[bytes]) -> list[Outcome]:
        """Register statements, in order, in as few batches as possible.

        Each gets its outcome: one bad statement does not sink the rest. Calls from
        several threads share batches. When this returns, what it calls registered is
        durable, under a signed checkpoint.

        Raises:
            ReadOnlyError: this ledger must not be written now, or there is no signer.
            ClockError, LogCorruptError: the batch was not acknowledged.
            StorageError: unknown whether the batch is in the log: submit it again, the same
                statements get the same places.

        """
        with uncollected():
            submissions = self._receive(statements)
            with self._queue_lock:
                self._queue += submissions
            while any(item.outcome is None and item.error is None for item in submissions):
                with self._writer_lock:
                    with self._queue_lock:
                        batch, self._queue = self._queue[:MAX_BATCH], self._queue[MAX_BATCH:]
                    self._write_shared(batch)
        for item in submissions:
            if item.error is not None:
                raise item.error
        return [item.outcome for item in submissions if item.outcome is not None]

    def _write_shared(self, batch: list[Submission]) -> None:
        """Write a batch of several callers; each of them gets an error that befell it."""
        try:
            with turn(self.engine):
                self._write(batch)
        except BaseException as error:
            for item in batch:
                if item.outcome is None:
                    item.error = error
            if not isinstance(error, Exception):
                raise

    def heartbeat(self) -> bool:
        """Seal an empty batch if the newest seal is ten minutes old; return whether it did.

        Else sign the newest batch if that was left undone: its database went away behind COMMIT.
        """
        with self._writer_lock, turn(self.engine):
            grew = self._write([], idle_us=IDLE_S * MICROSECONDS)
            if not grew:
                self.publisher.catch_up()
        return grew

    def begin(self, genesis: Genesis) -> None:
        """Write entry 0 and its seal into an empty database.

        Raises:
            UsageError: there is a ledger already, or genesis breaks a rule.

        """
        signer = self.publisher.require_writable()
        with writing(self.engine) as writer:
            if writer.locked_head() is not None:
                raise UsageError("there is a ledger in this database already")
            now_us = self.clock.now_us(0)
            raw = sign_statement(
                signer.operator_key(),
                encode_body(genesis),
                issuer=self.operator,
                subject=self.origin,
                issued_at=now_us // MICROSECONDS,
                audience=self.origin,
            )
            statement = parse_statement(raw)
            body = decode_body(statement)
            tree = PrefixTree(writer.pages)
            view = StoreView(writer, tree, size=0, now_us=now_us, cache=self._folds)
            case = Case(statement, body, view, self.origin, 0, now_us)
            refusals = review(case)
            if refusals:
                raise UsageError("genesis: {why}", why="; ".join(item.message for item in refusals))
            growth = Growth.onto(None, self.origin)
            growth.append(statement, histories_of(statement, body))
            new = self._seal(writer, tree, None, now_us, growth, signer)
        self.publisher.publish(None, new)

    def _receive(self, raws: Sequence[bytes]) -> list[Submission]:
        """Parse and verify, outside the critical section; what cannot be yet is left to review."""
        submissions = [Submission(raw) for raw in raws]
        for item in submissions:
            item.read()
        kids = {item.statement.kid for item in submissions if item.statement} - self._keys.keys()
        if kids:
            with reading(self.engine) as snapshot:
                view = self.view(snapshot, require_head(snapshot).size)
                for kid in kids:
                    state = key_state(view, kid)
                    if state is not None:
                        self._keys[kid] = state.key
        for item in submissions:
            key = None if item.statement is None else self._keys.get(item.statement.kid)
            if item.statement is not None and key is not None:
                item.verified = verifies(item.statement, key)
        return submissions

    def _write(self, batch: list[Submission], *, idle_us: int | None = None) -> bool:
        """Write one batch; return whether the log grew. With ``idle_us``, an empty heartbeat."""
        signer = self.publisher.require_writable()
        live = [item for item in batch if item.outcome is None]
        if not live and idle_us is None:
            return False
        outcomes: list[tuple[Submission, Outcome]] = []
        try:
            with writing(self.engine) as writer:
                head = writer.locked_head()
                if head is None:
                    raise LogCorruptError("the database has no head row")
                now_us = self.clock.now_us(head.seal_time_us)
                tree = self._index(writer, head)
                growth = Growth.onto(head, self.origin)
                view = self._review(writer, tree, head, now_us, live, growth, outcomes)
                if growth.rows or (idle_us is not None and now_us - head.seal_time_us >= idle_us):
                    self._check_not_ended(view, signer)
                    new = self._seal(writer, tree, head, now_us, growth, signer)
                else:
                    new = head
        except BaseException:
            self._known = None  # the pages in memory may hold what was rolled back
            raise
        self._known = (new, tree)
        view.remember()
        grew = new.size != head.size
        if grew:
            self.publisher.publish(head, new)
        elif any(isinstance(outcome, Registered) for _, outcome in outcomes):
            self.publisher.catch_up()  # acknowledged again: under a signed checkpoint
        for item, outcome in outcomes:
            item.outcome = outcome
        return grew

    def _index(self, writer: Writer, head: Head) -> PrefixTree:
        """Return the index pages in memory if the head is the one this process left.

        Raises:
            LogCorruptError: another head, and it contradicts what is stored.

        """
        if self._known is not None:
            known, tree = self._known
            if known == head and len(tree) < CACHED_PAGES:
                tree.rebind(writer.pages)
                return tree
        self.publisher.check_head(writer, head)
        return PrefixTree(writer.pages)

    def _review(
        self,
        writer: Writer,
        tree: PrefixTree,
        head: Head,
        now_us: int,
        batch: list[Submission],
        growth: Growth,
        outcomes: list[tuple[Submission, Outcome]],
    ) -> StoreView:
        """Decide each statement of a batch in order, and append those that keep the rules."""
        statements = [item.statement for item in batch if item.statement is not None]
        known = writer.by_id([statement.id for statement in statements])
        topics = {topic for item in batch for topic in item.topics}
        tree.load(history_key(*topic) for topic in topics)
        view = StoreView(writer, tree, size=head.size, now_us=now_us, cache=self._folds)
        view.prepare({(fold_log, "log", self.origin), *(read for i in batch for read in i.reads)})
        named = cache(lambda type_: dict(registered(writer, type_, head.size)))
        for item in batch:
            statement = item.statement
            assert statement is not None  # noqa: S101 - malformed ones have their outcome already
            case = Case(
                statement=statement,
                body=item.body,
                view=view,
                origin=self.origin,
                index=growth.tree.size,
                now_us=now_us,
                signature_checked=item.verified,
                topics=item.topics,
            )
            found = known.get(statement.id)
            if found is not None:
                outcomes.append((item, registered_again(case, *found)))
                continue
            refusals = review(case)
            if isinstance(item.body, Seal | Genesis) and not any(
                r.rule == "role" for r in refusals
            ):
                refusals.append(
                    Refusal("role", saying("the log itself writes its genesis and seals"))
                )
            if not refusals and isinstance(item.body, KeyRevocation):
                refusals = self._sealing_key_stays(view, case, item)
            if refusals or isinstance(item.body, InvalidBody):
                outcomes.append((item, Refused(tuple(refusals), statement.id)))
                continue
            told = tuple(remarks(case, named))
            index = growth.tree.size
            known[statement.id] = (index, statement.leaf)
            growth.append(statement, item.topics)
            view.add(Entry(index, statement, item.body), item.topics)
            outcomes.append((item, Registered(statement.id, index, remarks=told)))
        return view

    def _sealing_key_stays(self, view: StoreView, case: Case, item: Submission) -> list[Refusal]:
        """Refuse a revocation that would end the key this process seals with, now or by suspicion."""
        assert not isinstance(item.body, InvalidBody)  # noqa: S101 - review refused it
        view.add(Entry(case.index, case.statement, item.body), item.topics)
        try:
            check_sealing_key(view, self.publisher.require_writable(), self.operator)
        except UsageError as error:
            return [Refusal(SEALING_KEY, sentence_of(error))]
        finally:
            view.take_back(item.topics)
        return []

    def _check_not_ended(self, view: StoreView, signer: Signer) -> None:
        """Refuse to seal with a key that another process has ended meanwhile: from then on nothing is written.

        Raises:
            ReadOnlyError: says what to do.

        """
        try:
            check_sealing_key(view, signer, self.operator)
        except UsageError as error:
            self.publisher.read_only = saying(
                "ENDED_KEY: {why}, and start what writes it again: another process ended the key that this one was started with",
                why=error,
            )
            raise ReadOnlyError(self.publisher.read_only) from error

    def _seal(
        self,
        writer: Writer,
        tree: PrefixTree,
        head: Head | None,
        now_us: int,
        growth: Growth,
        signer: Signer,
    ) -> Head:
        """Write a batch: its rows, its histories, its seal, the new head.

        Raises:
            ClockError: it would be dated further ahead than a process that holds the log key signs.

        """
        if signer.in_order:
            _check_ahead(now_us)  # nothing is committed that nobody could sign
        index_root = growth.index_into(tree)
        cosigned = None if head is None else self._quorum.newest(writer)
        statement = self._seal_statement(
            head, now_us, growth, index_root, signer, cosigned and cosigned[1]
        )
        growth.append_seal(statement, now_us)
        return growth.write(writer, tree, index_root)

    def _seal_statement(
        self,
        head: Head | None,
        now_us: int,
        growth: Growth,
        index_root: bytes,
        signer: Signer,
        cosigned: str | None,
    ) -> SignedStatement:
        return seal_statement(
            head,
            growth,
            index_root=index_root,
            now_us=now_us,
            cosigned=cosigned,
            signer=signer,
            operator=self.operator,
        )
