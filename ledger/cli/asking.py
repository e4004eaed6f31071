"""Answers as commands get them: of the ledger at hand or of a server, always verified evidence."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.cli.common import parse_now, present_us, read_trust
from ledger.cli.opening import open_ledger
from ledger.cli.server import chosen_server
from ledger.errors import UsageError
from ledger.questions.declared import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.answering.then import Then
    from ledger.client.session import Told
    from ledger.evidence.bundle import Bundle, Verified
    from ledger.histories.history import Entry
    from ledger.writing.log import Log

LOOKED_UP = {"impact": ("grant", ("brand", "grantee"))}
"""Question -> the parameter that is enough, and those that its entry says."""

NO_LIMIT_S = 1 << 40
WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Times:
    """About when, as of which size or time, since which size: as a person says it."""

    at: str | None = None
    known_at: str | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where to ask: a server's address, else the directory; by which trust file.

    ``wait_s``: how long the witnesses that genesis names are waited for, None: they are not asked.
    """

    directory: Path | None = None
    url: str | None = None
    trust: Path | None = None
    first_use: bool = False
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A verified answer with its evidence.

    ``by``: the server that gave it, None for the ledger at hand.
    """

    raw: bytes
    bundle: "Bundle"
    verified: "Verified"
    by: str | None
    _from: "Log | Told"

    def meant(self, place: Place) -> list[dict[str, Any]]:
        """Return what may be meant by names nobody registered, with what it is called.

        Behind a server it is that one's word alone; the names are proven.
        """
        from ledger.answering.named import name_near
        from ledger.cli.opening import reading_now
        from ledger.client.session import Told

        log = self._from
        if isinstance(log, Told):
            from ledger.cli.at_hand import Served

            assert place.url is not None  # noqa: S101 - it was told there
            there = Served(place.url, place.trust, first_use=place.first_use)
            return name_near([dict(row) for row in log.meant], there.reading)
        from ledger.answering.meant import meant

        near = [one.row() for one in meant(log, self.verified.parameters)]
        return name_near(near, lambda: reading_now(log))

    def then(self, place: Place) -> "Then | None":
        """Return what was known at the past time that the answer is about, if that was otherwise."""
        from ledger.client.session import Told

        if isinstance(self._from, Told):
            from ledger.cli.remote import then_there

            assert place.url is not None  # noqa: S101 - it was told there
            return then_there(place.url, place.trust, self._from, first_use=place.first_use)
        from ledger.answering.then_here import then_here

        return then_here(self._from, self.bundle)


def give(asked: Question, parameters: dict[str, str], times: Times, place: Place) -> Given:
    """Return the answer to a question, verified as its reader will.

    Raises:
        PinyuanError: it cannot be answered, or does not verify.

    """
    if place.url is not None:
        from ledger.cli.remote import ask

        told = ask(
            place.url,
            place.trust,
            asked,
            parameters,
            (times.at, times.known_at, times.since),
            said_by=_look_up(asked),
            first_use=place.first_use,
        )
        return Given(told.raw, told.bundle, told.verified, place.url, told)
    from ledger.answering.prover import with_cosignatures
    from ledger.evidence.bundle import encode_bundle

    log = open_ledger(place.directory)
    proven = _prove(log, asked, parameters, times)
    if place.wait_s is not None:
        proven = with_cosignatures(log, proven, place.wait_s)
    raw = encode_bundle(proven)
    return Given(raw, proven, _verified(log, raw, place.trust), None, log)


def ask_verified(
    asked: Question,
    parameters: dict[str, str],
    directory: Path | None,
    server: str | None,
    trust: Path | None,
    first_use: bool,
) -> "Verified":
    """Return a verified answer about now, from the ledger or server that the options name."""
    url = chosen_server(server, directory, first_use=first_use)
    place = Place(directory, url, trust, first_use)
    return give(asked, parameters, Times(), place).verified


def _prove(log: "Log", asked: Question, parameters: dict[str, str], times: Times) -> "Bundle":
    from ledger.answering.prover import prove
    from ledger.cli.times import known_here

    complete = parameters | looked_up(log, asked, parameters)
    ordered = {item.name: complete[item.name] for item in asked.parameters}
    at_us = parse_now(times.at, "--at")
    size = known_here(log, times.known_at)
    return prove(log, asked.name, ordered, known_at=size, valid_at_us=at_us, since=times.since)


def looked_up(log: "Log", asked: Question, parameters: dict[str, str]) -> dict[str, str]:
    """Return the parameters that the entry named by another one says.

    Raises:
        UsageError: no such entry, or one that says none of it.

    """
    from ledger.cli.entries import find_entry
    from ledger.store.reads import reading

    if asked.name not in LOOKED_UP:
        return {}
    with reading(log.engine) as snapshot:
        entry = find_entry(log, snapshot, parameters[LOOKED_UP[asked.name][0]])
    return said_by(entry, asked)


def _look_up(asked: Question) -> "tuple[str, Callable[[Entry, Question], dict[str, str]]] | None":
    return (LOOKED_UP[asked.name][0], said_by) if asked.name in LOOKED_UP else None


def said_by(entry: "Entry", asked: Question) -> dict[str, str]:
    """Return the parameters of a question that an entry says.

    Raises:
        UsageError: it says none of them.

    """
    from ledger.statements.catalogue import type_name

    name, wanted = LOOKED_UP[asked.name]
    said = {"grantee": entry.statement.subject, "brand": getattr(entry.body, "brand", None)}
    if type_name(entry.body) != "authorisation":
        raise UsageError(
            "{name}: entry {index} is a {body}: name an authorisation",
            name=name,
            index=entry.index,
            body=type_name(entry.body),
        )
    return {name: entry.statement.id.hex()} | {item: str(said[item]) for item in wanted}


def _verified(log: "Log", raw: bytes, trust: Path | None) -> "Verified":
    """Verify a bundle as its reader will: by a trust file, or by this ledger's own log key.

    Raises:
        CannotVerifyError: asked about a time the log has not seen, or the trust file wants more.

    """
    from ledger.evidence.bundle import verify_bundle
    from ledger.tlog.trust import TrustPolicy

    policy = TrustPolicy(
        logs=(log.vkey,), witnesses={}, groups={}, quorum=None, max_age_s=NO_LIMIT_S
    )
    if trust is not None:
        policy = read_trust(trust)
    return verify_bundle(raw, policy, now_us=present_us(log))
