"""Every question about the tea brand's things, and answers as they can be compared.

Entries are named by the ids of their statements: an index is no part of what is said.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from properties.course import HIDDEN, PALLET, WHITE
from properties.telling import Tale
from properties.words import who
from questions.scene import selling
from questions.scenes.sampling import planning
from sampled import DRAW, PROGRAMME
from tea import GARDEN, GTIN, LOT, MARK, SHOP, TEA
from usual import MODEL, SAMPLE
from world import ORIGIN

from ledger.errors import PinyuanError
from ledger.histories.history import Entry
from ledger.histories.views import TracingView
from ledger.questions.declared import QUESTIONS
from ledger.questions.registry import Inquiry
from ledger.rules.codes import ENTRY_FACTS

SEPTEMBER = {"start": "2026-09-01T00:00:00Z", "until": "2026-10-01T00:00:00Z"}
Asked = tuple[str, tuple[tuple[str, str], ...]]
Reason = tuple[str, tuple[tuple[str, Any], ...], tuple[str, ...]]
"""Its code, its facts, the ids of the statements it rests on."""


FIGURES = ("score", "grade", "sample_size", "accept")
"""What some answers say in numbers."""


def _ask(question: str, **parameters: str) -> Asked:
    return question, tuple(parameters.items())


OF_ONE: tuple[Asked, ...] = (
    _ask("may_sell", **selling()),
    _ask("may_sell", **selling(shop_type="multi-brand", territory="CN-ZJ")),
    _ask("may_sell", **selling(trader=who("distributor"))),
    _ask("may_sell", **selling(trader=who("agent"))),
    _ask("listable", **selling()),
    _ask("trace", goods=LOT),
    _ask("trace", goods=GTIN + "/10/B1"),
    _ask("trace", goods=GTIN + "/10/F1"),
    _ask("trace", goods=HIDDEN),
    _ask("trace", goods=LOT + "/21/007"),
    *(_ask("where_used", goods=one, page="1") for one in (LOT, GTIN + "/10/B1", LOT + "/21/007")),
    _ask("where_used", goods=PALLET, page="1"),
    _ask("expiring", party=who("trader"), days="30"),
    _ask("admission", trader=who("trader")),
    *(_ask("sanctions", subject=subject) for subject in (who("trader"), SHOP, GTIN, LOT)),
    *(_ask("visits", about=about) for about in (GARDEN, LOT)),
    _ask("plan", **planning()),
    _ask("plan", **planning(mode="mystery", lot_size="480")),
    _ask("label", product=GTIN),
    *(_ask("pledges", party=who(name)) for name in ("brand", "trader", "laboratory")),
    *(_ask("index", subject=subject, model=MODEL) for subject in (GTIN, who("trader"))),
    _ask("report", sample=SAMPLE, report="*"),
    _ask("reports", laboratory=who("laboratory"), month="2026-09", report="*"),
    _ask("improvement", trader=who("trader")),
    _ask("improvement", trader=who("brand")),
    _ask("history", topic="admission", subject=who("trader")),
    _ask("may_sell", **selling(product=WHITE)),
    _ask("invitations", observer=who("observer")),
    _ask("observers", kind="*", page="1"),
    _ask("trader", trader=who("trader"), page="1"),
    _ask("quality_centre", trader=who("trader"), days="30", page="1"),
    _ask("place", place=GARDEN, maker="*", page="1"),
    *(_ask("ties", party=who(name), to="*", page="1") for name in ("brand", "inspector")),
    _ask("ties", party=who("inspector"), to=who("trader"), page="1"),
)
"""About one thing each."""
OF_MANY: tuple[Asked, ...] = (
    _ask("trace", goods=GTIN),
    _ask("market_feedback", product=GTIN, page="1"),
    *(_ask("index", subject=subject, model=MODEL) for subject in (MARK, TEA)),
    _ask("coverage", category=TEA, **SEPTEMBER),
    *(_ask("grants", party=who(name), brand="*", page="1") for name in ("trader", "distributor")),
    _ask("grants", party=who("trader"), brand=MARK, page="1"),
    _ask("brand", brand=MARK, under="*", page="1"),
    _ask("draw", draw=DRAW, product=GTIN),
    _ask("programme", programme=PROGRAMME),
)
"""About many lots, products, sales or grants: there a party moves its own goods' share."""


ASKED = OF_ONE + OF_MANY


def about_grants(tale: Tale) -> tuple[Asked, ...]:
    """Return what is asked about the grants of the chain."""
    found = []
    for name, to in (("distributor", "distributor"), ("trader", "trader")):
        if name in tale.told.said:
            id_ = tale.told.said[name][0].id.hex()
            found.append(_ask("impact", brand=MARK, grantee=who(to), grant=id_))
    return tuple(found)


@dataclass(frozen=True)
class Answer:
    """An answer as it is compared, and what was read for it: entries by id, with their bytes."""

    verdict: str
    reasons: frozenset[Reason]
    notes: frozenset[Reason]
    value: Any
    read: dict[str, int]
    topics: dict[str, Counter[str]]

    figures: tuple[Any, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()
    """What else it says, each field by its name."""

    @property
    def told(self) -> tuple[Any, ...]:
        """Return the verdict, its reasons, and what figures it names."""
        return self.verdict, self.reasons, self.figures


class Unchecked(Inquiry):
    """An inquiry that reviews nothing again: the rules let in what it reads a moment ago."""

    def recheck(self, entries: Iterable[Entry]) -> None:
        """Review nothing."""


def _reasons(tale: Tale, found: list[dict[str, Any]]) -> frozenset[Reason]:
    return frozenset(
        (
            item["code"],
            tuple(
                (name, tale.ids.get(v, str(v)) if name in ENTRY_FACTS else v)
                for name, v in sorted(item["facts"].items())
            ),
            tuple(sorted(tale.ids.get(index, str(index)) for index in item["entries"])),
        )
        for item in found
    )


def answer(tale: Tale, asked: Asked, at_us: int, *, reads: bool = False) -> Answer:
    """Return what a question answers about a time."""
    question, parameters = asked
    inquiry = Unchecked(tale.paper.view, ORIGIN)
    try:
        value = inquiry.ask(
            QUESTIONS[question], dict(parameters), known_at=tale.paper.size, valid_at_us=at_us
        )
    except PinyuanError as error:
        return Answer(type(error).__name__, frozenset(), frozenset(), str(error), {}, {})
    if "verdict" not in value:
        return Answer("", frozenset(), frozenset(), len(str(value)), {}, {})
    read, topics = _read(inquiry.trace) if reads else ({}, {})
    why, notes = _reasons(tale, value["reasons"]), _reasons(tale, value["notes"])
    figures = tuple(value[name] for name in FIGURES if name in value)
    fields = tuple((name, _named(tale, name, value[name])) for name in value if name not in BOUND)
    fields += (("names", _named(tale, "names", inquiry.names)),)
    return Answer(value["verdict"], why, notes, value, read, topics, figures, fields)


BOUND = {"verdict", "reasons", "notes", "rests_on"}
"""What every answer has."""
INDICES = {
    "before", "by", "breaks", "closed", "confirmed_by", "decision", "done_by", "entries", "entry",
    "inspections", "invitation", "lifted_by", "listings", "mended_by", "pledge", "renewed",
    "report", "retest", "shows", "verified_by", "version", "answered_by", "parent", "visits",
    "papers", "answer", "call", "checklist",
}  # fmt: skip
"""Fields of answers in which a number is the index of an entry."""


def _named(tale: Tale, name: str, value: Any) -> Any:
    """Return part of an answer, hashable, its entries by the ids of their statements."""
    match value:
        case list() if name == "why":
            return _reasons(tale, value)  # in whatever order
        case dict():
            return tuple((key, _named(tale, key, item)) for key, item in value.items())
        case list():
            return tuple(_named(tale, name, item) for item in value)
        case int() if name in INDICES and not isinstance(value, bool):
            return tale.ids.get(value, str(value))
        case _:
            return value


def _read(trace: TracingView) -> tuple[dict[str, int], dict[str, Counter[str]]]:
    read: dict[str, int] = {}
    topics: dict[str, Counter[str]] = {}
    for (topic, _), history in trace.histories.items():
        for entry in history.entries():
            id_ = entry.statement.id.hex()
            read[id_] = len(entry.statement.message)
            topics.setdefault(id_, Counter())[topic] += 1
    return read, topics


def answers(
    tale: Tale, questions: tuple[Asked, ...], at_us: int, *, reads: bool = False
) -> dict[Asked, Answer]:
    """Return what every question answers about a time."""
    return {asked: answer(tale, asked, at_us, reads=reads) for asked in questions}


def shown(asked: Asked) -> str:
    """Return a question in one line."""
    question, parameters = asked
    said = " ".join(f"{name}={value}" for name, value in parameters)
    return f"{question} {said}".replace("https://id.gs1.org/", "")
