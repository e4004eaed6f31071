"""Asking: answers with what they read traced, and every statement they rest on reviewed again.

A question is a pure function of a ``View``: what it reads is what an evidence bundle
must hold. Admission is no evidence, so every statement in a history that was read is
reviewed again as of its own index, by the rules marked ``rechecked``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.errors import MalformedError, UsageError, VerificationError
from ledger.history import Entry, View
from ledger.questions.answers import ANSWERS
from ledger.questions.declared import QUESTIONS, Question
from ledger.questions.forms import FORMS
from ledger.questions.verdict import Asked, Verdict
from ledger.rules.book import Case, review
from ledger.statements.envelope import Topic
from ledger.views import AsOfView, TracingView

Answer = Any
"""A verdict's value, or a JSON value of integers, texts and lists; compared whole."""


def find_question(name: str, parameters: Mapping[str, str]) -> Question:
    """Return a question whose parameters are exactly these.

    Raises:
        UsageError: no such question, or others of its parameters.

    """
    found = QUESTIONS.get(name)
    names = [] if found is None else [item.name for item in found.parameters]
    if found is None or set(parameters) != set(names):
        wanted = "" if found is None else f": it takes {', '.join(names)}"
        msg = f"no question {name!r} with parameters {', '.join(parameters) or 'none'}{wanted}"
        raise UsageError(msg)
    check_parameters(found, parameters)
    return found


def check_parameters(asked: Question, parameters: Mapping[str, str]) -> None:
    """Refuse a parameter that is not in its canonical form: it would ask about nothing.

    Raises:
        UsageError: names the parameter.

    """
    for item in asked.parameters:
        try:
            FORMS[item.form](parameters[item.name])
        except MalformedError as error:
            msg = f"{item.name}: {error}"
            raise UsageError(msg) from error


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
            VerificationError: a statement it read was admitted against a rechecked rule.

        """
        self.trace.history("log", self._origin)
        newest_us = self.trace.registered_us(known_at - 1)
        at_us = newest_us if valid_at_us is None else valid_at_us
        view = AsOfView(self.trace, known_at)
        answer = ANSWERS[asked.name](
            Asked(view, self._origin, at_us, known_at, newest_us), **parameters
        )
        self.recheck(())
        return answer.value() if isinstance(answer, Verdict) else answer

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
