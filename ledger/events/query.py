"""The simple event query of EPCIS 2.0 (section 8.2.7.1): which events it asks for.

Of its parameters those that a reader needs who looks for things, steps, places, partners and times.
Values are divided by ``|``; words of the vocabulary may be given as URIs, things in any spelling.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ledger.errors import MalformedError
from ledger.events.checks import time_us
from ledger.events.event import Event, as_word
from ledger.events.form import ACTIONS, TYPES
from ledger.events.words import PARTY_TYPES, TRANSACTION_TYPES
from ledger.identifiers.gs1_uris import thing_of
from ledger.texts import saying
from ledger.texts.joints import either

NAMED = ""
"""No parameter's name: of what asks for all events that name a thing, wherever they do."""
MAX_VALUES = 100
"""Values of one parameter."""
Test = Callable[[Event, int], bool]
"""Whether an event that was registered at a time, in microseconds, is asked for."""

_EPCS = {
    "MATCH_epc": ("epcList", "childEPCs"),
    "MATCH_inputEPC": ("inputEPCList",),
    "MATCH_outputEPC": ("outputEPCList",),
    "MATCH_anyEPC": ("epcList", "childEPCs", "inputEPCList", "outputEPCList"),
}
_CLASSES = {
    "MATCH_epcClass": ("quantityList", "childQuantityList"),
    "MATCH_inputEPCClass": ("inputQuantityList",),
    "MATCH_outputEPCClass": ("outputQuantityList",),
    "MATCH_anyEPCClass": (
        "quantityList",
        "childQuantityList",
        "inputQuantityList",
        "outputQuantityList",
    ),
}
_TIMES = ("GE_eventTime", "LT_eventTime", "GE_recordTime", "LT_recordTime")
_TYPED = {
    **{f"EQ_bizTransaction_{kind}": ("bizTransaction", kind) for kind in TRANSACTION_TYPES},
    **{
        f"EQ_{end}_{kind}": (end, kind) for end in ("source", "destination") for kind in PARTY_TYPES
    },
}
_WORDS = {"EQ_bizStep": "step", "EQ_disposition": "disposition"}
_PLACES = {"EQ_readPoint": "readPoint", "EQ_bizLocation": "bizLocation"}
PARAMETERS = (
    "eventType", *_TIMES, "EQ_action", *_WORDS, *_PLACES, *_EPCS, "MATCH_parentID", *_CLASSES,
    "EQ_transformationID", "EQ_eventID", "EXISTS_errorDeclaration", *_TYPED,
)  # fmt: skip
"""Parameters that are understood; any other one is refused by its name."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: all of ``tests`` hold.

    ``about``: the ids of which an event names one at least, None where no parameter says so.
    """

    tests: tuple[Test, ...]
    about: frozenset[str] | None = field(default=None)

    def wants(self, event: Event, registered_us: int) -> bool:
        """Return whether an event that was registered then is asked for."""
        return all(test(event, registered_us) for test in self.tests)


def _values(name: str, text: str) -> tuple[str, ...]:
    found = tuple(text.split("|"))
    if len(found) > MAX_VALUES or not all(found):
        raise MalformedError(
            "{name}: 1 to {most} values, | between them", name=name, most=MAX_VALUES
        )
    return found


def _naming(thing: str) -> Test:
    return lambda event, _us: thing in event.things()


def _one_of(name: str, values: Iterable[str], known: tuple[str, ...]) -> frozenset[str]:
    wrong = next((one for one in values if one not in known), None)
    if wrong is not None:
        raise MalformedError(
            "{name}: {values} is expected, not {shown}",
            name=name,
            values=either(known),
            shown=wrong[:60],
        )
    return frozenset(values)


def _time(name: str, text: str) -> Test:
    bound = time_us(text)
    if bound is None:
        raise MalformedError(
            "{name}: a time with its offset is expected, not {shown}", name=name, shown=text[:60]
        )
    least, of_event = name.startswith("GE_"), name.endswith("eventTime")

    def test(event: Event, registered_us: int) -> bool:
        us = event.us if of_event else registered_us
        return us is not None and (us >= bound if least else us < bound)

    return test


def _named(name: str) -> Callable[[Event], Iterable[str]]:
    """Return what a parameter that matches things compares of an event."""
    if name in _CLASSES:
        return lambda event: event.classes(*_CLASSES[name])
    if name == "MATCH_parentID":
        return lambda event: () if event.parent is None else (event.parent,)
    if name == "MATCH_anyEPC":
        lists = _EPCS[name]
        return lambda event: (
            *event.epcs(*lists),
            *(() if event.parent is None else (event.parent,)),
        )
    return lambda event: event.epcs(*_EPCS[name])


def _matching(name: str, values: tuple[str, ...]) -> tuple[Test, frozenset[str] | None]:
    """Return the test of a parameter that matches things, and the ids it asks for; None for patterns."""
    found = _named(name)
    ids = frozenset(map(thing_of, values))
    kinds = () if name in _CLASSES else tuple(
        f"{thing_of(one)}/" for one in values if one.startswith("urn:epc:idpat:")
    )  # fmt: skip

    def test(event: Event, _us: int) -> bool:
        return any(one in ids or (kinds and one.startswith(kinds)) for one in found(event))

    return test, None if kinds else ids


def _compared(name: str, values: tuple[str, ...]) -> Test:  # noqa: PLR0911 - one for each field
    """Return the test of a parameter that compares one field."""
    match name:
        case "eventType":
            kinds = (
                frozenset(values)
                if all(":" in one for one in values)
                else _one_of(name, values, TYPES)
            )
            return lambda event, _us: event.kind in kinds
        case "EQ_action":
            actions = _one_of(name, values, ACTIONS)
            return lambda event, _us: event.action in actions
        case "EQ_bizStep" | "EQ_disposition":
            words = frozenset(map(as_word, values))
            return lambda event, _us: getattr(event, _WORDS[name]) in words
        case "EQ_readPoint" | "EQ_bizLocation":
            places = frozenset(map(thing_of, values))
            return lambda event, _us: event.place(_PLACES[name]) in places
        case "EQ_eventID":
            return lambda event, _us: event.id in values
        case "EQ_transformationID":
            return lambda event, _us: event.value.get("transformationID") in values
        case "EXISTS_errorDeclaration":
            wanted = _one_of(name, values, ("true", "false")) == {"true"}
            return lambda event, _us: event.in_error is wanted
        case _:
            what, kind = _TYPED[name]
            ids = frozenset(map(thing_of, values))
            return lambda event, _us: any(
                as_kind == kind and one in ids for as_kind, one in event.ends(what)
            )


def parse_query(given: Mapping[str, str]) -> Query:
    """Return the query that parameters are.

    Raises:
        MalformedError: names the parameter that is unknown, or whose value is in another form.

    """
    tests, about = list[Test](), None
    for name, text in given.items():
        if name == NAMED:
            about = frozenset((thing_of(text),))
            tests.append(_naming(thing_of(text)))
            continue
        if name not in PARAMETERS:
            raise MalformedError(
                "unknown parameter {name}: {why}",
                name=name[:60],
                why=saying("no parameter of the simple event query that is answered here"),
            )
        if name in _TIMES:
            tests.append(_time(name, text))
            continue
        values = _values(name, text)
        if name in _EPCS or name in _CLASSES or name == "MATCH_parentID":
            test, ids = _matching(name, values)
        else:
            test = _compared(name, values)
            ids = frozenset(values) if name == "EQ_eventID" else None
        tests.append(test)
        about = about or ids
    return Query(tuple(tests), about)
