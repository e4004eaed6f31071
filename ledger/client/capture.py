"""Capturing EPCIS events beside a party's own system: each is signed with its key, registered, proven.

A capture job outlives this process: what was signed is on disk before it is sent, and a job that was
cut off is gone on with by sending the same bytes, which the ledger registers once. Nothing is called
captured before its receipt verifies. A log takes nothing back, so a job that is to be rolled back
declares the events in error that were registered before one was refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import msgspec

from ledger.client.submit import Accepted, Rejected, Submission
from ledger.cose.keys import PrivateKey
from ledger.errors import FormError, MalformedError
from ledger.events.event import Event, parse_event
from ledger.events.form import faults
from ledger.primitives import ijson
from ledger.primitives.durable import create_file, replace_file
from ledger.primitives.instant import format_us
from ledger.primitives.strict import format_base64, parse_base64
from ledger.statements.catalogue import encode_body
from ledger.statements.envelope import sign_statement
from ledger.statements.epcis_family import Epcis, EventText
from ledger.texts import saying, sentence_of

Behaviour = Literal["rollback", "proceed"]
MAX_DOCUMENT_SIZE = 16 * 1024 * 1024
"""Bytes of a document, as a batch of statements has them."""
MAX_EVENTS = 1_000
"""Events of a document."""
MAX_JOB_SIZE = 4 * MAX_DOCUMENT_SIZE
KNOWN = "event-known"
_SECOND_US = 1_000_000
_encoder = msgspec.json.Encoder(decimal_format="number")


class Fault(msgspec.Struct, frozen=True):
    """Why an event, or a document, was not captured; ``status`` as HTTP has it for one event."""

    status: int
    title: str
    detail: str
    event: int | None = None


class Captured(msgspec.Struct, frozen=True):
    """An event with the statement that says it, and the receipt once it is registered.

    ``undone``: the statement that declares it in error, of a job that was rolled back.
    """

    id: str
    text: str
    statement: str
    receipt: str | None = None
    undone: str | None = None


class Job(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A capture job as it lies on disk: what a system asked for, and how far it is."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f-]{36}\Z")]
    created: str
    behaviour: Behaviour
    events: tuple[Captured, ...]
    finished: str | None = None
    errors: tuple[Fault, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return it as EPCIS 2.0 has a capture job (section 12)."""
        return {
            "captureID": self.id,
            "createdAt": self.created,
            **({} if self.finished is None else {"finishedAt": self.finished}),
            "running": self.finished is None,
            "success": self.finished is not None and not self.errors,
            "captureErrorBehaviour": self.behaviour,
            "errors": [
                {
                    "type": "epcisException:ValidationException",
                    **{
                        name: one
                        for name, one in msgspec.to_builtins(item).items()
                        if one is not None
                    },
                }
                for item in self.errors
            ],
        }


def _contexts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def events_in(document: Any) -> list[dict[str, Any]]:
    """Return the events of a document, each with the document's context before its own.

    Raises:
        MalformedError: no EPCISDocument of 2.0 with events, or too many.

    """
    if not isinstance(document, dict) or document.get("type") != "EPCISDocument":
        raise MalformedError("type: an EPCISDocument is expected")
    if str(document.get("schemaVersion", "")).partition(".")[0] != "2":
        raise MalformedError("schemaVersion: 2.0 is expected")
    body = document.get("epcisBody")
    found = body.get("eventList") if isinstance(body, dict) else None
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise MalformedError("epcisBody.eventList: a list of events is expected")
    if len(found) > MAX_EVENTS:
        raise MalformedError(
            "epcisBody.eventList: {count} events, at most {most}",
            count=len(found),
            most=MAX_EVENTS,
        )
    above = _contexts(document.get("@context"))
    return [
        {"@context": above + [one for one in _contexts(event.get("@context")) if one not in above]}
        | {name: one for name, one in event.items() if name != "@context"}
        for event in found
    ]


def read_json(raw: bytes) -> Any:
    """Return a JSON document, its decimals as they are written.

    Raises:
        MalformedError: it is none, or too large.

    """
    return ijson.decode_decimals(raw, limit=MAX_DOCUMENT_SIZE)


@dataclass(slots=True)
class Jobs:
    """The capture jobs of a directory."""

    folder: Path

    def _path(self, id_: str) -> Path:
        return self.folder / f"{UUID(id_)}.json"

    def put(self, job: Job, *, new: bool = False) -> None:
        """Write a job; when this returns, it outlives a power cut."""
        raw = msgspec.json.encode(job)
        (create_file if new else replace_file)(self._path(job.id), raw, mode=0o600)

    def get(self, id_: str) -> Job | None:
        """Return a job, None where there is none of that id."""
        try:
            raw = self._path(id_).read_bytes()
        except (FileNotFoundError, ValueError):
            return None
        return msgspec.json.decode(raw, type=Job)

    def all(self) -> Iterator[Job]:
        """Yield all jobs, the oldest first."""
        found = [self.get(path.stem) for path in self.folder.glob("*.json")]
        yield from sorted((job for job in found if job is not None), key=lambda job: job.created)


@dataclass(slots=True)
class Capturer:
    """Who captures: a party's key, the log it is registered in, and the clock it signs by.

    ``submission``: makes what submits and verifies, once for each job. ``said``: the ids of events that
    jobs of this directory have said: the same bytes signed in the same second would be no second
    statement to the ledger, which would not refuse them.
    """

    key: PrivateKey
    issuer: str
    origin: str
    submission: Callable[[], Submission]
    now_us: Callable[[], int]
    jobs: Jobs
    said: set[str] = field(default_factory=set)
    _turn: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Remember what the jobs of this directory said."""
        for job in self.jobs.all():
            self.said |= {one.id for one in job.events if job.finished is None or one.receipt}

    def _check(self, events: list[dict[str, Any]]) -> list[Fault]:
        """Return what breaks the form of events, and which are known already, each with its place."""
        found, ids = list[Fault](), set[str]()
        for at, value in enumerate(events):
            try:
                parse_event(_text_of(value))
                wrong = [fault.says for fault in faults(value)]
            except FormError as error:
                wrong = [sentence_of(error)]
            found += [_fault(400, says, at) for says in wrong]
            event = Event(value)
            if not wrong and event.id in (self.said | ids) and not event.in_error:
                says = saying("{id} was captured already ({rule})", id=event.id, rule=KNOWN)
                found.append(_fault(409, says, at))
            ids.add(event.id)
        return found

    def begin(self, events: list[dict[str, Any]], behaviour: Behaviour) -> Job:
        """Sign what can be captured of events, and write the job; nothing is sent yet."""
        with self._turn:
            job = self._begun(events, behaviour)
            self.said |= {one.id for one in job.events}
        self.jobs.put(job, new=True)
        return job

    def _begun(self, events: list[dict[str, Any]], behaviour: Behaviour) -> Job:
        errors = self._check(events)
        wrong = {fault.event for fault in errors}
        good = [] if errors and behaviour == "rollback" else [
            value for at, value in enumerate(events) if at not in wrong
        ]  # fmt: skip
        now = self.now_us()
        return Job(
            id=str(uuid4()),
            created=format_us(now),
            behaviour=behaviour,
            events=tuple(self._signed(value, now) for value in good),
            finished=None if good else format_us(now),
            errors=tuple(errors),
        )

    def _signed(self, value: Mapping[str, Any], now_us: int) -> Captured:
        text = _text_of(value)
        id_ = Event(value).id
        return Captured(id_, text, format_base64(self._statement(text, id_, now_us)))

    def _statement(self, text: str, id_: str, now_us: int) -> bytes:
        return sign_statement(
            self.key,
            encode_body(Epcis(v=1, event=EventText(text))),
            issuer=self.issuer,
            subject=id_,
            issued_at=now_us // _SECOND_US,
            audience=self.origin,
        )

    def run(self, job: Job) -> Job:
        """Register a job's events, and write what became of it; the same again after any crash.

        Raises:
            PinyuanError: the server is away, or a receipt is none: the job is gone on with later.

        """
        events, errors = list(job.events), list(job.errors)
        submission = self.submission()
        outcomes = submission.register(parse_base64(one.statement) for one in events)
        for at, outcome in enumerate(outcomes):
            if isinstance(outcome, Accepted):
                receipt = format_base64(outcome.receipt)
                events[at] = msgspec.structs.replace(events[at], receipt=receipt)
            else:
                errors += [_refused(outcome, events[at].id)]
                self.said.discard(events[at].id)
        submission.check_receipts()
        errors = list(dict.fromkeys(errors))
        undone = any(one.undone is not None for one in events)
        if (errors or undone) and job.behaviour == "rollback":
            events = self._roll_back(job, events, errors)
        done = msgspec.structs.replace(
            job, events=tuple(events), errors=tuple(errors), finished=format_us(self.now_us())
        )
        self.jobs.put(done)
        return done

    def _roll_back(self, job: Job, events: list[Captured], errors: list[Fault]) -> list[Captured]:
        """Declare what was registered in error; signed and on disk before it is sent."""
        now = self.now_us()
        for at, one in enumerate(events):
            if one.receipt is None or one.undone is not None:
                continue
            value = dict(ijson.decode_decimals(one.text.encode()))
            if "errorDeclaration" in value:
                continue
            value["errorDeclaration"] = {
                "declarationTime": format_us(now),
                "reason": "did_not_occur",
            }
            undone = format_base64(self._statement(_text_of(value), one.id, now))
            events[at] = msgspec.structs.replace(one, undone=undone)
        # With why: what is declared in error stays so, even where the ledger would take all of it later.
        self.jobs.put(msgspec.structs.replace(job, events=tuple(events), errors=tuple(errors)))
        statements = [parse_base64(one.undone) for one in events if one.undone is not None]
        submission = self.submission()
        for outcome in submission.register(statements):
            if isinstance(outcome, Rejected):
                raise MalformedError(
                    "an event could not be declared in error: {why}",
                    why=outcome.refusals[0].message,
                )
        submission.check_receipts()
        return events

    def unfinished(self) -> list[Job]:
        """Return the jobs that are to be gone on with."""
        return [job for job in self.jobs.all() if job.finished is None]


def _text_of(value: Mapping[str, Any]) -> str:
    return _encoder.encode(value).decode()


def _fault(status: int, detail: object, event: int | None = None) -> Fault:
    title = saying("not valid") if status == 400 else saying("known already")  # noqa: PLR2004
    return Fault(status, str(title), str(detail), event)


def _refused(outcome: Rejected, id_: str) -> Fault:
    rules = {item.rule for item in outcome.refusals}
    said = "; ".join(f"{item.rule}: {item.message}" for item in outcome.refusals)
    return _fault(409 if rules == {KNOWN} else 400, f"{id_}: {said}")
