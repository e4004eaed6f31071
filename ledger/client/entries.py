"""Entries of a log behind a server: by id or index, each with its receipt, proven here."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ledger.answering.shown import Placed
from ledger.answering.then import SealBehind
from ledger.client.session import MAX_RECEIPT_SIZE, Asked, Client, Told
from ledger.client.tree import Tree
from ledger.cose.receipt import Receipt, decode_receipt, verify_receipt
from ledger.errors import (
    MalformedError,
    ServerError,
    VerificationError,
)
from ledger.evidence.bundle import open_evidence
from ledger.evidence.proven import ProvenView
from ledger.histories.history import Entry, History, View
from ledger.identifiers.statement_ids import id_in, index_in
from ledger.questions.declared import QUESTIONS
from ledger.statements.catalogue import InvalidBody, decode_body, histories_of
from ledger.statements.envelope import Topic, parse_statement
from ledger.statements.log_family import Seal
from ledger.tlog.checkpoint import Checkpoint

MAX_ENTRY_SIZE = 1 << 24
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that is in the tree of a checkpoint, and the log's receipt for it."""

    entry: Entry
    receipt: bytes
    opened: Receipt
    placed: Placed


def receipt_of(client: Client, id_: bytes) -> bytes | None:
    """Return the receipt of a statement, not verified yet; None where it is not registered."""
    path = f"/entries/{id_.hex()}"
    answer = client.server.get(path, limit=MAX_RECEIPT_SIZE)
    if answer.status in (204, 404):
        return None
    if answer.status != 200:  # noqa: PLR2004
        raise client.server.unexpected(path, answer)
    return answer.body


def index_of(client: Client, id_: bytes) -> int | None:
    """Return the index that the receipt of a statement names, None where it is not registered.

    Raises:
        VerificationError: it is no receipt.

    """
    receipt = receipt_of(client, id_)
    if receipt is None:
        return None
    try:
        return decode_receipt(receipt).index
    except MalformedError as error:
        raise VerificationError(error) from error


def beginning_with(client: Client, text: str) -> list[int]:
    """Return the index of the statement that a server says has an id that begins so; that there is one alone is its word.

    Raises:
        ServerError: it has several, or answers in another form.

    """
    path = f"/v1/entries/{text}"
    answer = client.server.get(path, limit=MAX_ENTRY_SIZE)
    if answer.status == 404:  # noqa: PLR2004
        return []
    if answer.status != 200:  # noqa: PLR2004
        raise client.server.unexpected(path, answer)
    try:
        return [int(json.loads(answer.body)["index"])]
    except (ValueError, TypeError, KeyError) as error:
        raise ServerError(
            "GET {path}: the server answers in another form than it describes", path=path
        ) from error


def find(client: Client, text: str) -> Found:
    """Return the entry that an id, the beginning of one, or an index names.

    Raises:
        UsageError: neither, or no such entry.
        VerificationError: entry, receipt and checkpoint do not belong together.

    """
    note, checkpoint = client.newest_signed()
    index = index_in(
        text,
        checkpoint.size,
        lambda id_: index_of(client, id_),
        lambda digits: beginning_with(client, digits),
    )
    return _proven(client, (note, checkpoint), index, id_in(text))


def _proven(client: Client, signed: tuple[str, Checkpoint], index: int, wanted: str) -> Found:
    note, checkpoint = signed
    tree = client.tree(checkpoint)
    leaf = tree.entry(index)
    try:
        statement = parse_statement(leaf)
        body = decode_body(statement)
        receipt = receipt_of(client, statement.id)
        named = statement.id.hex().startswith(wanted)
        if not named or receipt is None or isinstance(body, InvalidBody):
            raise VerificationError(
                "entry {index}: its bytes, its id and its receipt do not belong together",
                index=index,
            )
        opened = verify_receipt(receipt, leaf, client.receipt_key, client.origin)
    except MalformedError as error:
        raise VerificationError("entry {index}: {why}", index=index, why=error) from error
    if opened.index != index or opened.claims.size > checkpoint.size:
        raise VerificationError(
            "entry {index}: its receipt is for entry {index_2} of {size}",
            index=index,
            index_2=opened.index,
            size=opened.claims.size,
        )
    time_us = _sealed_us(tree, opened.claims.size - 1)
    placed = Placed(time_us, tree.path(index, leaf), checkpoint.size, checkpoint.root, note)
    return Found(Entry(index, statement, body), receipt, opened, placed)


def _sealed_us(tree: Tree, index: int) -> int:
    """Return the time of the seal that a receipt says a batch ended with."""
    try:
        seal = decode_body(parse_statement(tree.entry(index)))
    except MalformedError as error:
        raise VerificationError("entry {index}: {why}", index=index, why=error) from error
    if not isinstance(seal, Seal) or seal.size != index:
        raise VerificationError(
            "entry {index} is not the seal that a receipt says it is", index=index
        )
    return seal.time_us


def seals_there(client: Client) -> SealBehind:
    """Return where the seals of a log behind a server are; each is proven."""
    newest = client.newest()
    tree = client.tree(newest)

    def behind(index: int) -> tuple[int, int]:
        for at, leaf in enumerate(tree.entries(index, newest.size), index):
            body = decode_body(parse_statement(leaf))
            if isinstance(body, Seal):
                return at, body.time_us
        raise VerificationError("entry {size}: the newest entry is no seal", size=newest.size - 1)

    return behind


def history(client: Client, topic: Topic) -> tuple[Told, ProvenView]:
    """Return a complete history as its bundle proves it, and everything read on the way."""
    told = client.ask(Asked(QUESTIONS["history"], {"topic": topic[0], "subject": topic[1]}))
    bundle, checkpoint = told.bundle, told.verified.checkpoint
    return told, open_evidence(bundle.histories, bundle.statements, checkpoint)[1]


def own_history(client: Client, found: Found) -> ProvenView | None:
    """Return what an entry's first history proves, the state of its key among it; None for seals."""
    topics = histories_of(found.entry.statement, found.entry.body)
    return history(client, topics[0])[1] if topics else None


class Asking:
    """A ``View`` of a log behind a server: each history is fetched, and proven, when it is read."""

    def __init__(self, client: Client) -> None:
        """Take a client of the log."""
        self._client = client
        self._views: dict[Topic, View] = {}

    def _of(self, topic: str, subject: str) -> View:
        if (topic, subject) not in self._views:
            self._views[topic, subject] = history(self._client, (topic, subject))[1]
        return self._views[topic, subject]

    def history(self, topic: str, subject: str) -> History:
        """Return one complete history."""
        return self._of(topic, subject).history(topic, subject)

    def fold(self, function: Callable[[Sequence[Entry]], T], topic: str, subject: str) -> T:
        """Return a function of a history's entries."""
        return self._of(topic, subject).fold(function, topic, subject)

    def registered_us(self, index: int) -> int:
        """Return the time of an entry's seal."""
        return seals_there(self._client)(index)[1]
