"""What commands do against a server: submit, ask, show; everything is verified on this side."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.answering.shown import Row, whole
from ledger.answering.then import Then, known_then
from ledger.cli.called import outcome_row
from ledger.cli.common import note, opened, parse_now, read_file, spoken_to, write_file
from ledger.cli.times import known_there
from ledger.client import entries
from ledger.client.contact import meet, offered_trust
from ledger.client.keep import TRUST, Memory, state_directory
from ledger.client.reader import ServerReader
from ledger.client.session import Asked, Client, Told
from ledger.client.submit import Accepted, Check, Outcome, Submission
from ledger.client.transport import Server
from ledger.errors import ParameterError, PinyuanError
from ledger.questions.declared import QUESTIONS
from ledger.rules.state import key_state
from ledger.texts import saying

if TYPE_CHECKING:
    from ledger.histories.history import Entry
    from ledger.questions.declared import Question

CHECKS: tuple[Check, ...] = ("all", "sample", "none")
MAX_TRUST_SIZE = 1 << 20


def connect(url: str, trust: Path | None, *, first_use: bool) -> Client:
    """Return a client of the log behind a server, closed when the command ends."""
    server = Server(url)
    opened.callback(server.close)
    text = None
    if trust is not None:
        from ledger.cli.common import read_trust

        read_trust(trust)  # says in which file something is wrong
        text = read_file(trust, limit=MAX_TRUST_SIZE).decode()
    return meet(
        server,
        state_directory(),
        trust=text,
        first_use=first_use,
        say=note,
        lang=spoken_to(sys.argv),
    )


def trust_lines(url: str) -> list[str]:
    """Return the trust file a log was met with; of one that was not, what its server shows."""
    server = Server(url)
    opened.callback(server.close)
    if server.warning is not None:
        note(server.warning)
    origin, text = offered_trust(server, spoken_to(sys.argv))
    kept = Memory(state_directory(), origin).read(TRUST)
    if kept is None:
        note(
            saying(
                "{url} says so itself: compare the log key with what {origin} publishes elsewhere",
                url=url,
                origin=origin,
            )
        )
    return (kept or text).splitlines()


def ask(
    url: str,
    trust: Path | None,
    asked: "Question",
    parameters: dict[str, str],
    times: tuple[str | None, str | None, int | None],
    *,
    said_by: "tuple[str, Callable[[Entry, Question], dict[str, str]]] | None" = None,
    first_use: bool,
) -> Told:
    """Return the verified answer to a question.

    Args:
        url: the server.
        trust: a trust file, if the log was not met before or it is to be another one.
        asked: the question.
        parameters: those that a person gives.
        times: about when, as of which size, since which size.
        said_by: the parameter that names an entry, and what reads others from that.
        first_use: trust the key of a log that was never met.

    """
    at, known_at, since = times
    at_us = parse_now(at, "--at")
    client = connect(url, trust, first_use=first_use)
    if said_by is not None:
        found = entries.find(client, parameters[said_by[0]])
        parameters = parameters | said_by[1](found.entry, asked)
    ordered = {item.name: parameters[item.name] for item in asked.parameters}
    return client.ask(Asked(asked, ordered, at_us, known_there(client, known_at), since))


def then_there(url: str, trust: Path | None, told: Told, *, first_use: bool) -> "Then | None":
    """Return what was known at the past time that an answer is about, if that was another verdict."""
    now, asked = told.bundle, QUESTIONS[told.bundle.question]
    client = connect(url, trust, first_use=first_use)

    def answer_at(size: int) -> Any:
        return client.ask(Asked(asked, now.parameters, now.valid_at_us, size)).verified.answer

    return known_then(now, entries.seals_there(client), answer_at)


def show_entry(url: str, trust: Path | None, text: str, *, first_use: bool) -> "tuple[Entry, Row]":
    """Return an entry, and it whole as JSON; receipts of other logs beside it are not asked for."""
    client = connect(url, trust, first_use=first_use)
    found = entries.find(client, text)
    entry = found.entry
    own = entries.own_history(client, found)
    key = None if own is None else key_state(own, entry.statement.kid)
    target = getattr(entry.body, "target", None)
    amends = None if target is None else entries.index_of(client, bytes.fromhex(target.id))
    return entry, whole(entry, found.placed, entries.Asking(client), key, amends, None)


def receipt_bytes(url: str, trust: Path | None, text: str, *, first_use: bool) -> bytes:
    """Return the verified receipt of an entry."""
    return entries.find(connect(url, trust, first_use=first_use), text).receipt


def reader_of(url: str, trust: Path | None, *, first_use: bool) -> ServerReader:
    """Return a reader of the whole log."""
    return ServerReader(connect(url, trust, first_use=first_use))


def register_there(
    url: str,
    trust: Path | None,
    submitted: Sequence[tuple[str, bytes]],
    receipts: Path | None,
    check: str | None,
    *,
    first_use: bool,
) -> tuple[list[dict[str, Any]], PinyuanError | None]:
    """Submit statements and verify what came of them.

    Returns:
        A row for each whose outcome is known, in order; what ended it before its end.

    """
    how = next((item for item in CHECKS if item == check), None)
    if check is not None and how is None:
        raise ParameterError("--check {check}: {checks}", check=check, checks=", ".join(CHECKS))
    client = connect(url, trust, first_use=first_use)
    before = client.remembered()
    size = 0 if before is None else before[1].size
    submission = Submission(client)
    rows: list[dict[str, Any]] = []
    try:
        for outcome in submission.register(raw for _, raw in submitted):
            rows.append(_row(submitted[len(rows)][0], outcome, size))
            if receipts is not None and isinstance(outcome, Accepted):
                name = f"{outcome.statement.id.hex()}.receipt.cbor"
                write_file(receipts / name, outcome.receipt)
            if len(rows) % 1_000 == 0 and sys.stderr.isatty():
                note(saying("{count} of {count_2}", count=len(rows), count_2=len(submitted)))
        submission.check_receipts()
        checked = submission.check_histories(how)
    except PinyuanError as error:
        if len(rows) < len(submitted):
            note(
                saying(
                    "{count} of {count_2} have an outcome: run it again for the others, nothing is registered twice",
                    count=len(rows),
                    count_2=len(submitted),
                )
            )
        return rows, error
    if submission.accepted:
        what = saying(
            "{fetched} of {histories} histories they belong to fetched",
            fetched=checked.fetched,
            histories=checked.histories,
        )
        note(
            saying(
                "{count} receipts verified; {what}, each complete and with them",
                count=len(submission.accepted),
                what=what,
            )
        )
    return rows, None


def _row(where: str, outcome: Outcome, size: int) -> dict[str, Any]:
    if isinstance(outcome, Accepted):
        id_, new = outcome.statement.id, outcome.index >= size
        return outcome_row(where, id_, outcome.index, new=new, remarks=outcome.remarks)
    return outcome_row(where, outcome.id, refusals=outcome.refusals)
