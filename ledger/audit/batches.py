"""What a batch must be: a genesis first, statements that keep the rules, the seal that follows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ledger.errors import AuditError, MalformedError, VerificationError
from ledger.files.reader import LedgerReader
from ledger.histories.history import Entry, View
from ledger.phrases import refusal_row
from ledger.questions.book import Case, Refusal, review
from ledger.rules.published import check_published
from ledger.rules.state import verifier_keys
from ledger.statements.catalogue import decode_body, histories_of
from ledger.statements.draw_family import Draw
from ledger.statements.envelope import SignedStatement, Topic, parse_statement
from ledger.statements.fields import Body
from ledger.statements.log_family import Genesis, Rules, Seal
from ledger.texts import saying
from ledger.tlog.checkpoint import open_checkpoint, verify_cosignature
from ledger.tlog.note import VerifierKey, parse_note, parse_vkey

IDLE_S = 600  # only a heartbeat after so long a silence may seal nothing
IDLE_US = IDLE_S * 1_000_000


class GrowingView(View, Protocol):
    """A view that later statements of a batch see earlier ones in."""

    def add(self, entry: Entry, topics: Sequence[Topic]) -> None:
        """Add a statement that keeps the rules."""
        ...


@dataclass(frozen=True, slots=True)
class Before:
    """What follows from the entries before a seal; ``previous``: (index, id, time) of the last one."""

    origin: str
    operator: str
    chain: bytes
    index_root: bytes
    previous: tuple[int, bytes, int] | None


def check_genesis(statement: SignedStatement, body: Any, log_key: VerifierKey | None) -> Genesis:
    """Return the genesis that entry 0 is.

    Raises:
        AuditError: it is none, or not of the log with this key.

    """
    if not isinstance(body, Genesis):
        raise AuditError(saying("entry 0"), "payload", saying("it is no genesis"))
    try:
        key = parse_vkey(body.log_key)
    except MalformedError as error:
        raise AuditError(saying("entry 0"), "log_key", error) from error
    if log_key is not None and key != log_key:
        raise AuditError(saying("entry 0"), "log_key", saying("not the log key of the trust file"))
    if key.name != statement.subject:
        raise AuditError(
            saying("entry 0"),
            "log_key",
            saying(
                "it is named {name!r}, the log {subject!r}",
                name=key.name,
                subject=statement.subject,
            ),
        )
    return body


def genesis_of(reader: LedgerReader) -> tuple[SignedStatement, Genesis]:
    """Return the statement that a log begins with, and what it says; by which key is not asked.

    Raises:
        AuditError: entry 0 is no genesis, or of a log with another name than its key's.

    """
    statement = parse_statement(reader.entries(0, 1).leaves[0])
    return statement, check_genesis(statement, decode_body(statement), None)


def check_seal(index: int, statement: SignedStatement, body: Seal, before: Before) -> None:
    """Recompute what a seal says, ``cosigned`` apart; time is only checked for order.

    Raises:
        AuditError: names the first field that is not what follows.

    """
    previous = None if body.previous is None else (body.previous.index, body.previous.id)
    last = before.previous
    wanted = None if last is None else (last[0], last[1].hex())
    idle_us = 0 if last is None else body.time_us - last[2]
    for name, wrong in (
        ("issuer", statement.issuer != before.operator or statement.subject != before.origin),
        ("size", body.size != index),
        ("chain", bytes.fromhex(body.chain) != before.chain),
        ("previous", previous != wanted),
        ("time_us", last is not None and idle_us <= 0),
        ("iat", statement.issued_at != body.time_us // 1_000_000),
        ("size", last is not None and last[0] == index - 1 and idle_us < IDLE_US),
        ("index_root", bytes.fromhex(body.index_root) != before.index_root),
    ):
        if wrong:
            raise AuditError(
                saying("entry {index}", index=index),
                f"seal.{name}",
                saying("not the one that follows from the entries before it"),
            )


def check_cosigned(
    index: int,
    text: str,
    log_key: VerifierKey,
    genesis: Genesis,
    root_of: Callable[[int], bytes | None],
) -> Iterator[tuple[int, int]]:
    """Yield (size, POSIX seconds) of the cosignatures that a seal cites, all verified.

    Raises:
        AuditError: no quorum, or not a checkpoint of this log.

    """
    try:
        note = parse_note(text)
        found = open_checkpoint(note, log_key)
        keys = set(verifier_keys(genesis.witnesses))
        times = [verify_cosignature(note, key) for key in keys]
    except (MalformedError, VerificationError) as error:
        raise AuditError(saying("entry {index}", index=index), "seal.cosigned", error) from error
    seen = [time_s for time_s in times if time_s is not None]
    if len(seen) < genesis.quorum or root_of(found.size) != found.root:
        raise AuditError(
            saying("entry {index}", index=index),
            "seal.cosigned",
            saying("no quorum, or not a checkpoint of this log"),
        )
    return ((found.size, time_s) for time_s in seen)


def check_rules(
    view: GrowingView,
    batch: Iterable[tuple[int, SignedStatement, Body | None]],
    origin: str,
    now_us: int,
) -> None:
    """Review the statements of a batch, its seal the last, and add each to the view.

    Raises:
        AuditError: the first that was admitted against a rule.
        CannotVerifyError: it leans on rules that this release does not know.

    """
    for index, statement, body in batch:
        topics = histories_of(statement, body)
        case = Case(
            statement, body, view, origin, index, now_us, signature_checked=True, topics=topics
        )
        refusals = review(case)
        if refusals:
            _check_known(index, body, refusals)
            why = "; ".join(
                f"{row['rule']}: {row['message']}" for row in map(refusal_row, refusals)
            )
            raise AuditError(
                saying("entry {index}", index=index),
                f"rule {refusals[0].rule}",
                saying("admitted against it: {why}", why=why),
            )
        if body is not None:
            # What is drawn follows from the leaf of its commitment; of others none is asked for.
            kept = statement if isinstance(body, Draw) else statement.read()
            view.add(Entry(index, kept, body), topics)


def _check_known(index: int, body: Body | None, refusals: Sequence[Refusal]) -> None:
    """Leave it open whether rules that this release does not know are a later one's.

    Raises:
        CannotVerifyError: that, and nothing else, speaks against the statement.

    """
    if isinstance(body, Genesis | Rules) and {item.rule for item in refusals} == {"rules-version"}:
        check_published(body.rules.version, body.rules.digest, f"entry {index}: ")
