"""A world on paper: the same people and rules, but its ledger lies in memory; it is quick.

Entries and seals have the indices and times they would have in a ledger on disk.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from usual import Told
from world import MINUTE_US, ORIGIN, START_US, World, key_of

from ledger.cose.keys import possession_message
from ledger.histories.history import Entry
from ledger.histories.views import AsOfView, MemoryView, TracingView
from ledger.questions.answers import ANSWERS
from ledger.questions.book import Case, review
from ledger.questions.declared import QUESTIONS
from ledger.questions.grounds import with_grounds
from ledger.questions.registered import with_unregistered
from ledger.questions.registry import Inquiry, completed, find_question
from ledger.questions.verdict import Asked, Verdict
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.statements.catalogue import InvalidBody, decode_body, encode_body, histories_of
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.fields import KeyBinding, Names
from ledger.statements.log_family import Genesis, RulesVersion
from ledger.statements.topics import check_subject
from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, VerifierKey
from ledger.writing.log import Outcome, Refused, Registered

WITNESS = VerifierKey("witness.example/1", TYPE_COSIGNATURE, key_of("witness").public.x)
"""Who cosigns what is shown to have been seen."""


def genesis(operator: str) -> bytes:
    """Return the statement that begins every world."""
    key = key_of("operator")
    possession = key.sign(possession_message(key.public, origin=ORIGIN, party=operator))
    body = Genesis(
        v=1,
        names=Names(en="Operator", zh="平台"),
        keys=(KeyBinding.of(key.public, possession),),
        log_key=str(VerifierKey(ORIGIN, TYPE_ED25519, key_of("log").public.x)),
        clock="simulated",
        rules=RulesVersion(version=CURRENT, digest=PUBLISHED[CURRENT]),
        witnesses=(str(WITNESS),),
        quorum=1,
    )
    said = {"issuer": operator, "subject": ORIGIN, "audience": ORIGIN}
    return sign_statement(key, encode_body(body), issued_at=START_US // 1_000_000, **said)


@dataclass
class Paper(World):
    """A world whose ledger is a ``MemoryView``."""

    seals: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        from world import OPERATOR

        self.size = 0
        self.view = MemoryView(self.registered_us)
        self.admit(genesis(OPERATOR))
        self.now_us = START_US + MINUTE_US

    def registered_us(self, index: int) -> int:
        """Return the time of an entry's seal; of the batch under way, the time it will have."""
        place = bisect_left(self.seals, (index, 0))
        return self.seals[place][1] if place < len(self.seals) else self.now_us

    def length(self) -> int:
        return self.size

    def entry(self, index: int) -> Entry:
        """Return what was registered at an index."""
        among = (entry for found in self.view._entries.values() for entry in found)
        return next(entry for entry in among if entry.index == index)

    def everything(self) -> list[Entry]:
        """Return all that was registered, in the log's order; seals are not held."""
        found = (entry for entries in self.view._entries.values() for entry in entries)
        return list({entry.index: entry for entry in sorted(found, key=lambda e: e.index)}.values())

    def last_us(self) -> int:
        return self.seals[-1][1]

    def register(self, *statements: bytes) -> list[Outcome]:
        """Register what the rules let in, in one batch."""
        outcomes = [self._one(raw, honest=True) for raw in statements]
        self._seal()
        return outcomes

    def admit(self, *statements: bytes) -> list[Registered]:
        """Register statements whatever the rules say: a dishonest operator's batch."""
        outcomes = [self._one(raw, honest=False) for raw in statements]
        self._seal()
        return [outcome for outcome in outcomes if isinstance(outcome, Registered)]

    def _one(self, raw: bytes, *, honest: bool) -> Outcome:
        statement = parse_statement(raw)
        body = decode_body(statement)
        case = Case(statement, body, self.view, ORIGIN, self.size, self.now_us)
        refusals = review(case) if honest else []
        if refusals or isinstance(body, InvalidBody):
            return Refused(tuple(refusals), statement.id)
        joined = histories_of(statement, body)
        for topic in joined if honest else ():
            check_subject(*topic)  # each is one that may be asked for
        self.view.add(Entry(self.size, statement, body), joined)
        self.size += 1
        return Registered(statement.id, self.size - 1)

    def _seal(self) -> None:
        self.seals.append((self.size, self.now_us))
        self.size += 1
        self.now_us += MINUTE_US

    def ask(
        self,
        question: str,
        parameters: Mapping[str, str],
        *,
        known_at: int | None = None,
        valid_at_us: int | None = None,
    ) -> Any:
        """Ask as a prover does: all that was read is reviewed again."""
        asked = find_question(question, parameters)
        inquiry = Inquiry(self.view, ORIGIN)
        at = {"known_at": known_at or self.size, "valid_at_us": valid_at_us}
        return inquiry.ask(asked, parameters, **at)

    def fold(
        self, question: str, parameters: Mapping[str, str], *, valid_at_us: int | None = None
    ) -> tuple[Any, TracingView]:
        """Answer without reviewing anything again; return the answer and what it read."""
        assert question in QUESTIONS
        trace = TracingView(self.view)
        newest_us = self.last_us()
        at_us = newest_us if valid_at_us is None else valid_at_us
        view = AsOfView(trace, self.size)
        given = completed(question, parameters)
        asked = Asked(view, ORIGIN, at_us, self.size, newest_us)
        answer = ANSWERS[question](asked, **given)
        if isinstance(answer, Verdict):
            answer = with_unregistered(asked, answer, given.values())
            answer = with_grounds(asked, answer, tuple(trace.histories)).value()
        return answer, trace


def copy_of(paper: Paper, told: Told) -> Told:
    """Return the same story, to be told on otherwise."""
    made = object.__new__(type(paper))
    made.__dict__ |= paper.__dict__
    made.seals = list(paper.seals)
    made.view = MemoryView(made.registered_us)
    made.view._entries = {topic: list(found) for topic, found in paper.view._entries.items()}
    return Told(made, said=dict(told.said))
