"""Submitting statements, and checking that they were registered where they belong.

What became of a statement whose answer was lost is asked by its id, and the same bytes are
submitted again: the id makes that safe. No receipt is believed that does not verify.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ledger.client.beside import rows_of
from ledger.client.session import MAX_RECEIPT_SIZE, Asked, Client, Told
from ledger.client.transport import BATCH_EXCHANGE_S, NOT_NOW, Patience, problem
from ledger.cose.receipt import Receipt, verify_receipt
from ledger.cose.sign1 import MAX_SIZE
from ledger.errors import MalformedError, ServerError, VerificationError
from ledger.evidence.fraud import encode_fraud, prove_index
from ledger.evidence.proven import ProvenStatement
from ledger.phrases import refusal_of
from ledger.primitives import ijson
from ledger.primitives.exchange import Answer, LostError
from ledger.primitives.strict import format_base64, parse_base64
from ledger.questions.book import MALFORMED
from ledger.questions.declared import QUESTIONS
from ledger.rules.registry import Refusal
from ledger.rules.remarks import REMARKS
from ledger.statements.catalogue import InvalidBody, decode_body, histories_of
from ledger.statements.envelope import SignedStatement, Topic, parse_statement
from ledger.texts import sentence_of
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.merkle import leaf_hash, root_from_path
from ledger.tlog.note import parse_note

MAX_BATCH = 10_000
MAX_BATCH_SIZE = 16 * 1024 * 1024
MAX_ANSWER_SIZE = 64 * 1024 * 1024  # 10,000 receipts of the longest path in base64
COSE, SEQUENCE = "application/cose", "application/cbor-seq"
RUNNING = 204
MAX_RUNNING = 3  # so often told that it runs, a client submits again: whoever ran it may be gone
CHECK_ALL_BELOW = 100  # histories that are all fetched unless something else is said
SAMPLE = 20

Check = Literal["all", "sample", "none"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A statement with the verified receipt for it; ``remarks``: what the server says beside it."""

    statement: SignedStatement
    receipt: bytes
    opened: Receipt
    remarks: tuple[Mapping[str, Any], ...] = ()

    @property
    def index(self) -> int:
        """Return its leaf index."""
        return self.opened.index


@dataclass(frozen=True, slots=True)
class Rejected:
    """A statement that was not registered, with every rule it breaks."""

    id: bytes | None
    refusals: tuple[Refusal, ...]


Outcome = Accepted | Rejected


@dataclass(frozen=True, slots=True)
class Checked:
    """How many histories were fetched and verified, of how many that the statements are in."""

    fetched: int
    histories: int


@dataclass(slots=True)
class _Item:
    """One statement on its way."""

    raw: bytes
    statement: SignedStatement | None
    outcome: Outcome | None = None


def _remarks(told: object) -> tuple[Mapping[str, Any], ...]:
    """Return the remarks of an answer that are of the form; others are left out."""
    found = rows_of(told, {"remark": str, "about": str, "near": list})
    return tuple(row for row in found if row["remark"] in REMARKS)


@dataclass(slots=True)
class Submission:
    """Statements for one log, in their order."""

    client: Client
    accepted: list[Accepted] = field(default_factory=list)

    def register(self, statements: Iterable[bytes]) -> Iterator[Outcome]:
        """Yield what became of each statement, in order, batch by batch.

        Raises:
            ServerError: the server gave no answer in time; what was yielded is registered.
            VerificationError: a receipt that is none.

        """
        for batch in _batches(statements):
            sent = [item for item in batch if item.outcome is None]
            if len(sent) == 1:
                sent[0].outcome = self._one(sent[0])
            elif sent:
                self._many(sent)
            for item in batch:
                assert item.outcome is not None  # noqa: S101 - each has one now
                if isinstance(item.outcome, Accepted):
                    self.accepted.append(item.outcome)
                yield item.outcome

    def _accept(self, statement: SignedStatement, receipt: bytes, told: object = ()) -> Accepted:
        """Take a receipt.

        Raises:
            VerificationError: it is not one of this statement by the pinned log key.

        """
        try:
            opened = verify_receipt(
                receipt, statement.leaf, self.client.receipt_key, self.client.origin
            )
        except (MalformedError, VerificationError) as error:
            raise VerificationError(
                "{url}: statement {id}: {why}",
                url=self.client.server.url,
                id=statement.id.hex(),
                why=error,
            ) from error
        return Accepted(statement, receipt, opened, _remarks(told))

    def _settled(self, statement: SignedStatement, patience: Patience, what: str) -> Answer:
        """Return what a server says of a statement: 200, 404, a refusal; 204 if it says so for long.

        Raises:
            ServerError: the server is still away when patience ends.

        """
        path = f"/entries/{statement.id.hex()}"
        running = 0
        while True:
            try:
                answer = self.client.server.once("GET", path, limit=MAX_RECEIPT_SIZE)
            except LostError as error:
                patience.wait(None, f"{what} ({error})")
                continue
            running += answer.status == RUNNING
            if answer.status not in (RUNNING, *NOT_NOW) or running > MAX_RUNNING:
                return answer
            patience.wait(answer, what)

    def _one(self, item: _Item) -> Outcome:
        """Register one statement; ask by its id wherever the answer does not say it."""
        statement = item.statement
        assert statement is not None  # noqa: S101 - what is malformed was not sent
        server = self.client.server
        patience = Patience(server.patience_s)
        what = f"{server.url}: no outcome for statement {statement.id.hex()}"
        posted = False
        while True:
            if posted:
                answer = self._settled(statement, patience, what)
                if answer.status == 200:  # noqa: PLR2004
                    return self._accept(statement, answer.body)
                if answer.status not in (RUNNING, 404):
                    return _rejected(statement, answer, server.unexpected("/entries", answer))
            try:
                answer = server.once(
                    "POST",
                    "/entries",
                    limit=MAX_RECEIPT_SIZE,
                    body=item.raw,
                    headers={"Content-Type": COSE},
                )
            except LostError as error:
                posted = True
                patience.wait(None, f"{what} ({error})")
                continue
            if answer.status in (200, 201):
                told = answer.headers.get("pinyuan-remarks", "")
                return self._accept(statement, answer.body, told)
            posted = answer.status == 202 or answer.status in NOT_NOW  # noqa: PLR2004
            if not posted:
                return _rejected(statement, answer, server.unexpected("/entries", answer))
            patience.wait(answer, f"{what} ({answer.status}, {problem(answer)})")

    def _many(self, items: Sequence[_Item]) -> None:
        """Register a batch; a lost one is submitted again, and so is what found no room."""
        server = self.client.server
        patience = Patience(server.patience_s)
        pending = list(items)
        while pending:
            what = f"{server.url}: no outcome for {len(pending)} statements"
            try:
                answer = server.once(
                    "POST",
                    "/entries/batch",
                    limit=MAX_ANSWER_SIZE,
                    body=b"".join(item.raw for item in pending),
                    headers={"Content-Type": SEQUENCE, "Accept": "application/json"},
                    exchange_s=BATCH_EXCHANGE_S,
                )
            except LostError as error:
                patience.wait(None, f"{what} ({error})")
                first = pending[0].statement
                assert first is not None  # noqa: S101 - what is malformed was not sent
                self._settled(first, patience, what)
                continue
            if answer.status in NOT_NOW:
                patience.wait(answer, f"{what} ({answer.status}, {problem(answer)})")
                continue
            if answer.status not in (200, 201):
                raise server.unexpected("/entries/batch", answer)
            rows = _rows(answer, len(pending), server.url)
            for item, row in zip(pending, rows, strict=True):
                assert item.statement is not None  # noqa: S101 - what is malformed was not sent
                item.outcome = self._row(item.statement, row)
            later = [item for item in pending if item.outcome is None]
            if later:
                patience.wait(answer, f"{server.url}: no outcome for {len(later)} statements")
            pending = later

    def _row(self, statement: SignedStatement, row: Mapping[str, Any]) -> Outcome | None:
        """Return what a row says; None: not now."""
        match row:
            case {"id": str(id_), "index": int(index), "receipt": str(receipt)}:
                found = self._accept(statement, _base64(receipt), row.get("remarks"))
                if id_ != statement.id.hex() or index != found.index:
                    raise VerificationError(
                        "statement {id}: answered as {id_2}, entry {index}",
                        id=statement.id.hex(),
                        id_2=id_[:64],
                        index=index,
                    )
                return found
            case {"refusals": [*refusals]} if refusals:
                return Rejected(statement.id, tuple(_refusal(item) for item in refusals))
            case {"problem": {"status": 429 | 503}}:
                return None
        raise ServerError(
            "{url}: a batch's row is neither a receipt nor refusals", url=self.client.server.url
        )

    def check_receipts(self) -> None:
        """Hold the roots that receipts are for against the newest checkpoint.

        Raises:
            VerificationError: one is of another tree, or the server hides the newest entries.

        """
        roots = {item.opened.claims.size: _root(item) for item in self.accepted}
        if not roots:
            return
        newest = self.client.newest(at_least=max(roots))
        tree = self.client.tree(newest)
        for item in self.accepted:
            size = item.opened.claims.size
            if roots[size] != _root(item):
                raise VerificationError(
                    "receipts of two logs: the tree of {size} entries has two signed roots",
                    size=size,
                )
        for size, root in sorted(roots.items()):
            if parse_base64(tree.root_at(size).root) != root:
                raise VerificationError(
                    "receipts for size {size} are of another log than the checkpoint of size {size_2}",
                    size=size,
                    size_2=newest.size,
                )

    def check_histories(self, how: Check | None) -> Checked:
        """Fetch the histories that the registered statements belong to; each must be in them.

        Args:
            how: all of them, a sample, or none; by default a sample if they are many.

        Raises:
            VerificationError: one is not there; where others can be shown, the proof is in a file.

        """
        belongs: dict[Topic, dict[int, Accepted]] = {}
        for item in self.accepted:
            body = decode_body(item.statement)
            assert not isinstance(body, InvalidBody)  # noqa: S101 - it was registered
            for topic in histories_of(item.statement, body):
                belongs.setdefault(topic, {})[item.index] = item
        topics = sorted(belongs)
        if how == "none":
            return Checked(0, len(topics))
        if len(topics) > (CHECK_ALL_BELOW if how is None else SAMPLE) and how != "all":
            topics = secrets.SystemRandom().sample(topics, SAMPLE)
        for topic in topics:
            self._check_history(topic, belongs[topic])
        return Checked(len(topics), len(belongs))

    def _check_history(self, topic: Topic, wanted: Mapping[int, Accepted]) -> None:
        named = {"topic": topic[0], "subject": topic[1]}
        least = max(item.opened.claims.size for item in wanted.values())
        asked = Asked(QUESTIONS["history"], named)
        told = self.client.ask_operator(asked, at_least=least)
        listed = set(told.verified.answer)
        for index, item in wanted.items():
            if item.statement.id.hex() not in listed:
                msg = f"entry {index}, whose receipt is here, is not in its history {topic}"
                raise VerificationError("{msg}{accuse}", msg=msg, accuse=self._accuse(told, item))

    def _accuse(self, told: Told, item: Accepted) -> str:
        """Write the proof that the index leaves an entry out; say where."""
        checkpoint = parse_checkpoint(parse_note(told.bundle.checkpoint).text)
        path = self.client.tree(checkpoint).path(item.index, item.statement.leaf)
        proven = ProvenStatement(
            index=item.index,
            bytes=format_base64(item.statement.leaf),
            path=tuple(format_base64(part) for part in path),
        )
        fraud = prove_index(told.bundle, proven)
        if fraud is None:
            return ""
        name = f"fraud-index-{item.index}-{checkpoint.size}.json"
        where = self.client.memory.write(name, encode_fraud(fraud).decode())
        return f"; the proof for others is in {where}"


def _batches(statements: Iterable[bytes]) -> Iterator[list[_Item]]:
    """Yield statements in batches that a server takes; what is malformed is not sent."""
    batch: list[_Item] = []
    size = 0
    for raw in statements:
        item = _Item(raw, None)
        try:
            item.statement = parse_statement(raw)
        except MalformedError as error:
            item.outcome = Rejected(None, (Refusal(MALFORMED, sentence_of(error)),))
        if len(batch) == MAX_BATCH or size + min(len(raw), MAX_SIZE) > MAX_BATCH_SIZE:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += 0 if item.statement is None else len(raw)
    if batch:
        yield batch


def _rows(answer: Answer, count: int, url: str) -> list[Mapping[str, Any]]:
    try:
        value = ijson.decode(answer.body, limit=MAX_ANSWER_SIZE)
    except MalformedError as error:
        raise ServerError("{url}: the answer to a batch: {why}", url=url, why=error) from error
    rows = value.get("statements") if isinstance(value, dict) else None
    if type(rows) is not list or len(rows) != count or not all(type(r) is dict for r in rows):
        raise ServerError(
            "{url}: the answer to a batch has not one row for each of {count} statements",
            url=url,
            count=count,
        )
    return rows


def _base64(text: str) -> bytes:
    try:
        return parse_base64(text)
    except MalformedError as error:
        raise VerificationError("receipt: {why}", why=error) from error


def _refusal(item: object) -> Refusal:
    found = refusal_of(item) if isinstance(item, dict) else None
    return found or Refusal("unknown", str(item)[:1_000])


_RULE = re.compile(r"(?:^|; )([a-z]+(?:-[a-z]+)*): ")


def _rejected(statement: SignedStatement, answer: Answer, error: ServerError) -> Rejected:
    """Return the refusals of one statement; concise problem details name them in their text.

    Raises:
        ServerError: it was not refused: the server failed, or wants something else.

    """
    if answer.status not in (400, 409, 422):
        raise error
    parts = _RULE.split(problem(answer))
    found = tuple(Refusal(parts[i], parts[i + 1]) for i in range(1, len(parts) - 1, 2))
    return Rejected(statement.id, found or (Refusal("refused", parts[0]),))


def _root(item: Accepted) -> bytes:
    opened = item.opened
    leaf = leaf_hash(item.statement.leaf)
    return root_from_path(index=opened.index, size=opened.claims.size, leaf=leaf, path=opened.path)
