"""Asking: answers with what they read traced, and every statement they rest on reviewed again.

A question is a pure function of a ``View``: what it reads is what an evidence bundle
must hold. Admission is no evidence, so every statement in a history that was read is
reviewed again as of its own index, by the rules marked ``rechecked``.

An entry and the ledger before it never change: a long-lived log remembers what the recheck
of an entry read, and does not repeat it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import AdmissionError, ParameterError, UsageError
from ledger.histories.history import Entry, History, View
from ledger.histories.views import AsOfView, TracingView
from ledger.questions.answers import ANSWERS
from ledger.questions.book import REGISTRY, Case, review
from ledger.questions.declared import QUESTIONS, Question
from ledger.questions.forms import wrong_parameters
from ledger.questions.grounds import with_grounds
from ledger.questions.names import names_of, texts_in
from ledger.questions.registered import with_unregistered
from ledger.questions.verdict import Asked, Verdict
from ledger.statements.amendment_family import Supersede
from ledger.statements.catalogue import corrected, type_name
from ledger.statements.envelope import Topic
from ledger.statements.fields import Body
from ledger.texts import saying
from ledger.texts.joints import NONE

Answer = Any
"""A verdict's value, or a JSON value of integers, texts and lists; compared whole."""


def completed(name: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return parameters with what a question takes where nothing is given; others as they are."""
    found = QUESTIONS.get(name)
    usual = () if found is None else found.parameters
    given = {item.name: item.default for item in usual if item.default is not None}
    given |= parameters
    order = {item.name: number for number, item in enumerate(usual)}
    return dict(sorted(given.items(), key=lambda pair: order.get(pair[0], len(order))))


def find_question(name: str, parameters: Mapping[str, str]) -> Question:
    """Return a question whose parameters are exactly these, once what is usual is added.

    Raises:
        UsageError: no such question, or others of its parameters.

    """
    found, parameters = QUESTIONS.get(name), completed(name, parameters)
    names = [] if found is None else [item.name for item in found.parameters]
    if found is None or set(parameters) != set(names):
        wanted = "" if found is None else saying(": it takes {names}", names=", ".join(names))
        raise UsageError(
            "no question {name!r} with parameters {parameters}{wanted}",
            name=name,
            parameters=", ".join(parameters) or NONE,
            wanted=wanted,
        )
    check_parameters(found, parameters)
    return found


def check_parameters(asked: Question, parameters: Mapping[str, str]) -> None:
    """Refuse a parameter that would ask about nothing: in another form, or not with the others.

    Raises:
        ParameterError: names the parameter.

    """
    wrong = next(wrong_parameters(asked, parameters), None)
    if wrong is not None:
        raise ParameterError(wrong)


def replay_only_rules(bodies: Iterable[Body | None]) -> tuple[str, ...]:
    """Return the ids of the replay-only rules that apply to statements with these payloads."""
    found = set()
    for body in bodies:
        rules = REGISTRY.for_type(type_name(body), native=body is not None)
        if isinstance(body, Supersede):
            rules += REGISTRY.of_type(type_name(corrected(body)))
        found |= {item.id for item in rules if item.bite == "replay-only"}
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A recheck that passed: of which leaf, and what it read."""

    leaf_hash: bytes
    histories: tuple[Topic, ...]
    times: tuple[int, ...]


class RecheckMemory:
    """The rechecks that passed, by leaf index of one log."""

    LIMIT = 50_000

    def __init__(self) -> None:
        """Begin empty."""
        self._passed: dict[int, Rechecked] = {}

    def get(self, index: int) -> Rechecked | None:
        """Return what an entry's recheck read, None if it was not made."""
        return self._passed.get(index)

    def put(self, index: int, passed: Rechecked) -> None:
        """Remember a recheck."""
        if len(self._passed) >= self.LIMIT:
            self._passed.clear()
        self._passed[index] = passed


def recheck(entry: Entry, trace: TracingView, origin: str) -> None:
    """Review one entry as of its index, by the rules marked ``rechecked``.

    Raises:
        AdmissionError: it was admitted against one.

    """
    case = Case(
        statement=entry.statement,
        body=entry.body,
        view=AsOfView(trace, entry.index),
        origin=origin,
        index=entry.index,
        now_us=0,
    )
    refusals = review(case, rechecked_only=True)
    if refusals:
        why = "; ".join(f"{item.rule}: {item.message}" for item in refusals)
        rules = tuple(dict.fromkeys(item.rule for item in refusals))
        raise AdmissionError(entry.index, rules, why)


def _issuers(view: View, topic: str, subject: str) -> Iterator[str]:
    """Yield who said what a history lists."""
    for entry in view.history(topic, subject).entries():
        yield entry.statement.issuer


class Inquiry:
    """One question asked of a view: the answer, what it read, and that all of it was rechecked.

    ``names``: what the things in the answer are called (``names_of``), of ``history`` who spoke;
    ``recalled``: the rechecks taken from memory; whoever reads those entries' leaves holds
    them against its leaf hashes.
    """

    def __init__(self, view: View, origin: str, memory: RecheckMemory | None = None) -> None:
        """Ask of a view; ``memory`` is of the same log and nobody else's."""
        self.trace = TracingView(view)
        self.checked: set[int] = set()
        self.names: dict[str, dict[str, str]] = {}
        self.recalled: dict[int, Rechecked] = {}
        self._memory = memory
        self._origin = origin
        self._done: set[Topic] = set()

    def ask(
        self,
        asked: Question,
        parameters: Mapping[str, str],
        *,
        known_at: int,
        valid_at_us: int | None = None,
    ) -> Answer:
        """Answer as of ``known_at`` entries, about ``valid_at_us``: the newest seal's time by default.

        Raises:
            AdmissionError: a statement it read was admitted against a rechecked rule.

        """
        self.trace.history("log", self._origin)
        newest_us = self.trace.registered_us(known_at - 1)
        at_us = newest_us if valid_at_us is None else valid_at_us
        view = AsOfView(self.trace, known_at)
        inquiry = Asked(view, self._origin, at_us, known_at, newest_us)
        answer = ANSWERS[asked.name](inquiry, **completed(asked.name, parameters))
        if isinstance(answer, Verdict):
            answer = with_unregistered(inquiry, answer, parameters.values())
            answer = with_grounds(inquiry, answer, tuple(self.trace.histories))
        value = answer.value() if isinstance(answer, Verdict) else answer
        said = texts_in(value) if isinstance(answer, Verdict) else _issuers(view, **parameters)
        self.names = names_of(view, (*parameters.values(), *said), at_us)
        self.recheck(())
        return value

    def recheck(self, entries: Iterable[Entry]) -> None:
        """Review entries, and all of every history read so far or on the way, as of their index.

        Raises:
            AdmissionError: one was admitted against a rechecked rule.

        """
        for entry in entries:
            if not self._recall(entry.index):
                self._review(entry)
        while pending := [topic for topic in self.trace.histories if topic not in self._done]:
            for topic in pending:
                self._done.add(topic)
                self._history(self.trace.histories[topic])

    def _history(self, history: History) -> None:
        """Review a history's entries; those that are remembered are not even read."""
        unknown = {index for index in history.indices() if not self._recall(index)}
        if unknown:
            for entry in history.entries():
                if entry.index in unknown:
                    self._review(entry)

    def _recall(self, index: int) -> bool:
        """Return whether an entry is checked, now or before; its reads are traced again."""
        if index in self.checked:
            return True
        passed = None if self._memory is None else self._memory.get(index)
        if passed is None:
            return False
        self.checked.add(index)
        self.recalled[index] = passed
        for topic in passed.histories:
            self.trace.history(*topic)
        self.trace.times.update(passed.times)
        return True

    def _review(self, entry: Entry) -> None:
        self.checked.add(entry.index)
        own = TracingView(self.trace)
        recheck(entry, own, self._origin)
        if self._memory is not None:
            leaf_hash = entry.statement.leaf_hash
            passed = Rechecked(leaf_hash, tuple(own.histories), tuple(own.times))
            self._memory.put(entry.index, passed)
