"""Who answers a question: a server, a ledger at hand, an export read into memory."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.cli.common import parse_now, present_us, read_trust
from ledger.errors import UsageError
from ledger.questions.declared import QUESTIONS, Question

if TYPE_CHECKING:
    from ledger.answering.then import Then
    from ledger.cli.exported import Exported
    from ledger.client.session import Told
    from ledger.evidence.bundle import Bundle, Verified
    from ledger.histories.history import Entry
    from ledger.tlog.note import VerifierKey
    from ledger.writing.log import Log

LOOKED_UP = {"impact": ("grant", ("brand", "grantee"))}
"""Question -> the parameter that is enough, and those that its entry says."""

NO_LIMIT_S = 1 << 40
"""Older than any log: who asks a ledger at hand asks for no freshness."""


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


Answer = tuple[bytes, "Bundle", "Verified"]
"""A bundle as bytes, read, and verified as its reader will."""


class Answerer(ABC):
    """Whoever answers, and what they say beside the answer."""

    @abstractmethod
    def answer(self, asked: Question, parameters: dict[str, str], times: Times) -> Answer:
        """Answer a question, verified.

        Raises:
            PinyuanError: it cannot be answered, or does not verify.

        """

    @abstractmethod
    def meant(self, verified: "Verified") -> list[dict[str, Any]]:
        """Return what may be meant by names nobody registered, with what it is called."""

    @abstractmethod
    def then(self, bundle: "Bundle") -> "Then | None":
        """Return what was known at the past time that an answer is about, if that was otherwise."""


class OfServer(Answerer):
    """A ledger that somebody else serves; what may be meant is that one's word alone, the names are proven."""

    def __init__(self, url: str, place: Place) -> None:
        """Take its address and why its key is believed."""
        self._url, self._place = url, place
        self._told: Told | None = None

    def answer(self, asked: Question, parameters: dict[str, str], times: Times) -> Answer:
        """Fetch the evidence, and verify it here."""
        from ledger.cli.remote import ask

        said = (LOOKED_UP[asked.name][0], said_by) if asked.name in LOOKED_UP else None
        self._told = told = ask(
            self._url,
            self._place.trust,
            asked,
            parameters,
            (times.at, times.known_at, times.since),
            said_by=said,
            first_use=self._place.first_use,
        )
        return told.raw, told.bundle, told.verified

    def meant(self, verified: "Verified") -> list[dict[str, Any]]:
        """Return what it says may be meant."""
        from ledger.answering.named import name_near
        from ledger.cli.at_hand import Served

        del verified  # its server was asked with it
        assert self._told is not None  # noqa: S101 - it answered
        there = Served(self._url, self._place.trust, first_use=self._place.first_use)
        return name_near([dict(row) for row in self._told.meant], there.reading)

    def then(self, bundle: "Bundle") -> "Then | None":
        """Ask for the past time."""
        from ledger.cli.remote import then_there

        del bundle  # it is the one that was told
        assert self._told is not None  # noqa: S101 - it answered
        place = self._place
        return then_there(self._url, place.trust, self._told, first_use=place.first_use)


class OfLedger(Answerer):
    """A ledger in a database: one's own, or a mirror."""

    def __init__(self, log: "Log", place: Place) -> None:
        """Take it, opened."""
        self._log, self._place = log, place

    def answer(self, asked: Question, parameters: dict[str, str], times: Times) -> Answer:
        """Prove the answer; wait for cosignatures where they are asked for."""
        from ledger.answering.prover import prove, with_cosignatures
        from ledger.cli.entries import find_entry
        from ledger.cli.times import known_here
        from ledger.evidence.bundle import encode_bundle
        from ledger.store.reads import reading

        log = self._log
        if asked.name in LOOKED_UP:
            with reading(log.engine) as snapshot:
                found = find_entry(log, snapshot, parameters[LOOKED_UP[asked.name][0]])
            parameters = parameters | said_by(found, asked)
        proven = prove(
            log,
            asked.name,
            in_order(asked, parameters),
            known_at=known_here(log, times.known_at),
            valid_at_us=parse_now(times.at, "--at"),
            since=times.since,
        )
        if self._place.wait_s is not None:
            proven = with_cosignatures(log, proven, self._place.wait_s)
        raw = encode_bundle(proven)
        return raw, proven, _verified(raw, self._place.trust, log.vkey, present_us(log))

    def meant(self, verified: "Verified") -> list[dict[str, Any]]:
        """Look for what is near by search."""
        from ledger.answering.meant_here import meant_here
        from ledger.answering.named import name_near
        from ledger.cli.opening import reading_now

        near = [one.row() for one in meant_here(self._log, verified.parameters)]
        return name_near(near, lambda: reading_now(self._log))

    def then(self, bundle: "Bundle") -> "Then | None":
        """Answer for the past time."""
        from ledger.answering.then_here import then_here

        return then_here(self._log, bundle)


class OfExport(Answerer):
    """An export, verified and read into memory: no database is needed."""

    def __init__(self, export: "Exported", trust: Path | None) -> None:
        """Take it; nothing is read yet."""
        self._export, self._trust = export, trust

    def answer(self, asked: Question, parameters: dict[str, str], times: Times) -> Answer:
        """Prove the answer."""
        from ledger.answering.proving import Proof
        from ledger.cli.times import known_size
        from ledger.evidence.bundle import encode_bundle
        from ledger.histories.seals import sealed
        from ledger.questions.registry import find_question

        read = self._export.read
        if asked.name in LOOKED_UP:
            found = self._export.entry(parameters[LOOKED_UP[asked.name][0]])
            parameters = parameters | said_by(found, asked)
        ordered = in_order(asked, parameters)
        proven = Proof(read).bundle(
            find_question(asked.name, ordered),
            ordered,
            known_at=known_size(times.known_at, lambda: (read.size, partial(sealed, read))),
            valid_at_us=parse_now(times.at, "--at"),
            since=times.since,
        )
        raw = encode_bundle(proven)
        return raw, proven, _verified(raw, self._trust, read.vkey, self._export.now_us())

    def meant(self, verified: "Verified") -> list[dict[str, Any]]:
        """Look for what is near in all of it."""
        from ledger.answering.meant import meant
        from ledger.answering.named import name_near

        read = self._export.read
        near = [one.row() for one in meant(read.view, read.registered, verified.parameters)]
        return name_near(near, self._export.reading)

    def then(self, bundle: "Bundle") -> "Then | None":
        """Answer for the past time."""
        from ledger.answering.proving import Proof
        from ledger.answering.then import known_then
        from ledger.histories.seals import sealed

        read, asked = self._export.read, QUESTIONS[bundle.question]

        def answer_at(size: int) -> Any:
            return (
                Proof(read)
                .bundle(
                    asked,
                    bundle.parameters,
                    known_at=size,
                    valid_at_us=bundle.valid_at_us,
                    since=None,
                )
                .answer
            )

        return known_then(bundle, partial(sealed, read), answer_at)


def answerer(place: Place) -> Answerer:
    """Return whoever answers at a place."""
    if place.url is not None:
        return OfServer(place.url, place)
    from ledger.cli.exported import in_memory
    from ledger.cli.opening import open_ledger

    export = in_memory(place.directory, place.trust)
    if export is not None:
        return OfExport(export, place.trust)
    return OfLedger(open_ledger(place.directory), place)


def in_order(asked: Question, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return a question's parameters in its own order, the one that led to others left out."""
    return {item.name: parameters[item.name] for item in asked.parameters}


def said_by(entry: "Entry", asked: Question) -> dict[str, str]:
    """Return the parameters of a question that an entry says.

    Raises:
        UsageError: it says none of them.

    """
    from ledger.statements.catalogue import called, type_name

    name, wanted = LOOKED_UP[asked.name]
    said = {"grantee": entry.statement.subject, "brand": getattr(entry.body, "brand", None)}
    if type_name(entry.body) != "authorisation":
        raise UsageError(
            "{name}: entry {index} is a {body}: name an authorisation",
            name=name,
            index=entry.index,
            body=called(type_name(entry.body)),
        )
    return {name: entry.statement.id.hex()} | {item: str(said[item]) for item in wanted}


def _verified(raw: bytes, trust: Path | None, own: "VerifierKey", now_us: int) -> "Verified":
    """Verify a bundle as its reader will: by a trust file, or by this ledger's own log key.

    By a trust file at the time that ``verify bundle`` takes, so that it says of the answer what
    this does; else at ``now_us``, the ledger's own.

    Raises:
        CannotVerifyError: asked about a time the log has not seen, or the trust file wants more.

    """
    from ledger.evidence.bundle import verify_bundle
    from ledger.evidence.fresh import reader_us
    from ledger.tlog.trust import TrustPolicy

    policy = TrustPolicy(logs=(own,), witnesses={}, groups={}, quorum=None, max_age_s=NO_LIMIT_S)
    if trust is not None:
        policy, now_us = read_trust(trust), reader_us()
    return verify_bundle(raw, policy, now_us=now_us)
