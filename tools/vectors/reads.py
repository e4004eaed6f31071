"""Which histories a rule or a question reads, and which entries a reason names: traced, then put into words.

A read's subject is named by what it equals: something of the statement under review or a parameter of
the question, else something of a statement that was read before. Of the names that explain all reads
of a topic the fewest are told.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from ledger.cose.keys import EDDSA, PublicKey
from ledger.errors import MalformedError, PinyuanError
from ledger.histories.history import Entry
from ledger.histories.views import TracingView
from ledger.identifiers import lot_of, product_of
from ledger.primitives import ijson
from ledger.questions.declared import USUAL_MODEL
from ledger.statements.catalogue import citations_of, type_name
from ledger.statements.envelope import SignedStatement
from ledger.statements.fields import Body, KeyBinding
from ledger.tlog.note import parse_vkey

Names = frozenset[str]
BETWEEN = "\n"
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")


def values_in(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of a payload, each with the path of its field, and the kids of its keys."""
    match value:
        case str():
            yield path, value
        case dict():
            if {"alg", "x", "possession"} <= value.keys():
                with suppress(PinyuanError, msgspec.ValidationError):
                    key = msgspec.convert(value, KeyBinding).public_key()
                    yield f"kid of {path}", key.kid.hex()
            for name, inner in value.items():
                yield from values_in(inner, f"{path}.{name}" if path else name)
        case list():
            for inner in value:
                yield from values_in(inner, path)


def derived(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield a value, and what is read off it: the product of goods, a month, a verifier key's kid."""
    yield name, value
    if value.startswith("https://id.gs1.org/01/"):
        with suppress(MalformedError):
            if (product := product_of(value)) != value:
                yield f"product of {name}", product
            if (lot := lot_of(value)) not in (None, value):
                yield f"lot of {name}", str(lot)
    if TIME.fullmatch(value):
        yield f"month of {name}", value[:7]
    if value.count("+") > 1:
        with suppress(MalformedError):
            yield f"kid of {name}", PublicKey(EDDSA, parse_vkey(value).key).kid.hex()


def values_of(statement: SignedStatement) -> Iterator[tuple[str, str]]:
    """Yield what a statement names, and by which name."""
    found = [("subject", statement.subject), ("issuer", statement.issuer)]
    found += [("kid", statement.kid.hex()), ("id", statement.id.hex())]
    if statement.native:
        with suppress(MalformedError):
            found += values_in(ijson.decode(statement.payload))
    for name, value in found:
        yield from derived(name, value)


class Reads:
    """What was read for each rule or question, topic by topic, with the names each subject has."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, set[Names]]] = defaultdict(lambda: defaultdict(set))

    def note(
        self, who: str, trace: TracingView, origin: str, known: Iterable[tuple[str, str]]
    ) -> None:
        """Take in what one trace read; ``known``: names and values before anything was read."""
        names: dict[str, set[str]] = defaultdict(set)
        names[origin].add("the log's name")
        names[USUAL_MODEL].add(f"`{USUAL_MODEL}`")
        for name, value in known:
            names[value].add(f"its {name}")
        for (topic, subject), history in trace.histories.items():
            found = self._names(names, subject)
            self._found[who][topic].add(frozenset(found))
            for entry in history.entries():
                self._learn(names, entry)

    @staticmethod
    def _learn(names: dict[str, set[str]], entry: Entry) -> None:
        for name, value in values_of(entry.statement):
            if not any(known.startswith("its ") for known in names[value]):
                names[value].add(f"{name} of `{type_name(entry.body)}`")

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
        best = min(counts, key=lambda name: (-counts[name], name != "its subject", name))
        told.append(best)
        left = {names for names in left if best not in names}
    return sorted(told)


class Cites:
    """Which fields of a type are citations that rules follow, and of which types they may be."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, list[str]]] = defaultdict(dict)

    def note(self, body: Body) -> None:
        """Take in what a payload cites."""
        for citation, types in citations_of(body):
            for name in body.__struct_fields__:
                value = getattr(body, name)
                if value is citation or (isinstance(value, tuple) and citation in value):
                    self._found[type_name(body)][name] = list(types)

    def table(self) -> dict[str, dict[str, list[str]]]:
        """Return the types that may be cited, by type and field."""
        return {name: dict(sorted(fields.items())) for name, fields in self._found.items()}


class Entries:
    """Of which types the entries are that reasons and notes name, by code."""

    def __init__(self) -> None:
        self._found: dict[str, list[list[str]]] = defaultdict(list)

    def note(self, answer: Mapping[str, Any], trace: TracingView) -> None:
        """Take in an answer and what it read."""
        types = {
            entry.index: type_name(entry.body)
            for history in trace.histories.values()
            for entry in history.entries()
        }
        for item in (*answer["reasons"], *answer["notes"]):
            self._found[item["code"]].append([types[index] for index in item["entries"]])

    def table(self) -> dict[str, dict[str, list[str]]]:
        """Return the types at each place, by code; ``...`` where there may be more of the last."""
        return {code: {"entries": by_place(rows)} for code, rows in self._found.items()}


def by_place(rows: list[list[str]]) -> list[str]:
    """Return which types stand at each place of lists; what not all have is one last place."""
    least, most = min(map(len, rows)), max(map(len, rows))
    places = [sorted({row[at] for row in rows}) for at in range(least)]
    told = [" or ".join(f"`{name}`" for name in names) for names in places]
    if most > least:
        more = sorted({name for row in rows for name in row[least:]})
        told.append(" or ".join(f"`{name}`" for name in more) + " ...")
    return told
