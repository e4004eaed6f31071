"""The registry of questions, their answers, and rechecking what an answer rests on.

A question is a pure function of a ``View``: what it reads is what an evidence bundle
must hold. Admission is no evidence, so every statement in a history that was read is
reviewed again as of its own index, by the rules marked ``rechecked``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import UsageError, VerificationError
from ledger.history import Entry, View
from ledger.rules.book import Case, review
from ledger.statements.envelope import Topic
from ledger.views import AsOfView, TracingView

Answer = Any
"""yes, no, unknown as text, or a JSON value of integers, texts and lists; compared whole."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name, its parameters in order, its answer."""

    name: str
    parameters: tuple[str, ...]
    answer: Callable[..., Answer]


QUESTIONS: dict[str, Question] = {}


def question(
    name: str, *parameters: str
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Register a question's function under its name."""

    def add(answer: Callable[..., Answer]) -> Callable[..., Answer]:
        QUESTIONS[name] = Question(name, parameters, answer)
        return answer

    return add


def find_question(name: str, parameters: Mapping[str, str]) -> Question:
    """Return a question whose parameters are exactly these.

    Raises:
        UsageError: no such question, or others of its parameters.

    """
    found = QUESTIONS.get(name)
    if found is None or set(parameters) != set(found.parameters):
        wanted = "" if found is None else f": it takes {', '.join(found.parameters)}"
        msg = f"no question {name!r} with parameters {', '.join(parameters) or 'none'}{wanted}"
        raise UsageError(msg)
    return found


def _recheck(entry: Entry, trace: TracingView, origin: str) -> None:
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
        msg = f"entry {entry.index} was admitted against the rules: {why}"
        raise VerificationError(msg)


class Inquiry:
    """One question asked of a view: the answer, what it read, and that all of it was rechecked."""

    def __init__(self, view: View, origin: str) -> None:
        self.trace = TracingView(view)
        self.checked: set[int] = set()
        self._origin = origin
        self._done: set[Topic] = set()

    def ask(self, asked: Question, parameters: Mapping[str, str], *, known_at: int) -> Answer:
        """Answer as of ``known_at`` entries.

        Raises:
            VerificationError: a statement it read was admitted against a rechecked rule.

        """
        self.trace.history("log", self._origin)
        answer = asked.answer(AsOfView(self.trace, known_at), **parameters)
        self.recheck(())
        return answer

    def recheck(self, entries: Iterable[Entry]) -> None:
        """Review entries, and all of every history read so far or on the way, as of their index.

        Raises:
            VerificationError: one was admitted against a rechecked rule.

        """
        for entry in entries:
            self._once(entry)
        while pending := [topic for topic in self.trace.histories if topic not in self._done]:
            for topic in pending:
                self._done.add(topic)
                for entry in self.trace.histories[topic].entries():
                    self._once(entry)

    def _once(self, entry: Entry) -> None:
        if entry.index not in self.checked:
            self.checked.add(entry.index)
            _recheck(entry, self.trace, self._origin)
