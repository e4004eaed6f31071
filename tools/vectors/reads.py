"""Which histories a rule or a question reads, subjects included: traced, then put into words.

A read's subject is named by what it equals: something of the statement under review or a parameter of
the question, else something of a statement that was read before. Of the names that explain all reads
of a topic the fewest are told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from ledger.errors import MalformedError
from ledger.histories.history import Entry
from ledger.histories.views import TracingView
from ledger.identifiers import product_of
from ledger.primitives import ijson
from ledger.statements.catalogue import type_name
from ledger.statements.envelope import SignedStatement

Names = frozenset[str]
BETWEEN = "\n"


def values_in(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of a payload, each with the path of its field."""
    match value:
        case str():
            yield path, value
        case dict():
            for name, inner in value.items():
                yield from values_in(inner, f"{path}.{name}" if path else name)
        case list():
            for inner in value:
                yield from values_in(inner, path)


def values_of(statement: SignedStatement) -> Iterator[tuple[str, str]]:
    """Yield what a statement names, and by which name."""
    yield "issuer", statement.issuer
    yield "subject", statement.subject
    yield "kid", statement.kid.hex()
    yield "id", statement.id.hex()
    found = [("subject", statement.subject)]
    if statement.native:
        try:
            found += values_in(ijson.decode(statement.payload))
        except MalformedError:
            return
    for name, value in found:
        if name != "subject":
            yield name, value
        if value.startswith("https://id.gs1.org/01/") and "/10/" in value:
            try:
                yield f"product of {name}", product_of(value)
            except MalformedError:
                continue


class Reads:
    """What was read for each rule or question, topic by topic, with the names each subject has."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, set[Names]]] = defaultdict(lambda: defaultdict(set))

    def note(self, who: str, trace: TracingView, origin: str, known: Mapping[str, str]) -> None:
        """Take in what one trace read; ``known``: value -> its name, before anything was read."""
        names: dict[str, set[str]] = defaultdict(set)
        names[origin].add("the log's name")
        for value, name in known.items():
            names[value].add(name)
        for (topic, subject), history in trace.histories.items():
            found = self._names(names, subject)
            self._found[who][topic].add(frozenset(found))
            for entry in history.entries():
                self._learn(names, entry)

    @staticmethod
    def _learn(names: dict[str, set[str]], entry: Entry) -> None:
        for name, value in values_of(entry.statement):
            if not any(known.startswith("its ") for known in names[value]):
                names[value].add(f"{name} of a {type_name(entry.body)}")

    @staticmethod
    def _names(names: Mapping[str, set[str]], subject: str) -> set[str]:
        own = {name for name in names.get(subject, ()) if name.startswith(("its ", "the log"))}
        if own or names.get(subject):
            return own or set(names[subject])
        parts = subject.split(BETWEEN)
        if len(parts) > 1:
            told = [sorted(names.get(part) or {"another's"}) for part in parts]
            return {" + ".join(part[0] for part in told)}
        return {"what follows from these"}

    def table(self) -> dict[str, dict[str, list[str]]]:
        """Return the fewest names that explain all reads, by rule or question and topic."""
        return {
            who: {topic: fewest(topics[topic]) for topic in sorted(topics)}
            for who, topics in self._found.items()
        }


def fewest(reads: set[Names]) -> list[str]:
    """Return few names of which each read has one; those that explain most first taken."""
    left, told = set(reads), []
    while left:
        counts = Counter(name for names in left for name in names)
        best = min(counts, key=lambda name: (-counts[name], name))
        told.append(best)
        left = {names for names in left if best not in names}
    return sorted(told)
