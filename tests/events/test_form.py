"""An event's form: GS1's schema and ours refuse the same, and the field is named."""

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from events.vectors import events_of
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormError
from ledger.events.checks import time_us
from ledger.events.event import MAX_EVENT_SIZE, MAX_THINGS, parse_event
from ledger.events.form import MAX_FAULTS, faults

VALID = ("gs1", "openepcis-valid")
NAMED = {
    "Combination_of_events_with_missing_mandatory_fields.json": (
        ["action"],
        ["eventTimeZoneOffset", "action"],
    ),
    "Combination_of_non_standard_bizStep_and_disposition.json": (["bizStep"], ["disposition"]),
    "ObjectEvent_with_ilmd_field_without_namespace.json": (["ilmd.materialType"],),
    "ObjectEvent_with_invalid_certificationInfo.json": (
        ["certificationInfo[0]", "certificationInfo[1]"],
    ),
    "ObjectEvent_with_non_standard_bizStep.json": (["bizStep"],),
    "ObjectEvent_with_non_standard_disposition.json": (["disposition"],),
    "ObjectEvent_with_unknown_field_in_quantityList.json": (["quantityList[0].weight"],),
    "ObjectEvent_without_identifier_list.json": (["epcList"],),
}


@pytest.fixture(scope="module")
def schema(vectors: Path) -> jsonschema_rs.Draft7Validator:
    text = (vectors / "epcis" / "EPCIS-JSON-Schema.json").read_text()
    return jsonschema_rs.Draft7Validator(json.loads(text), validate_formats=True)


@pytest.fixture(scope="module")
def valid(vectors: Path) -> list[dict[str, Any]]:
    paths = [path for name in VALID for path in sorted((vectors / "epcis" / name).iterdir())]
    return [event for path in paths for event in events_of(path)]


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=float))


def test_the_examples_of_gs1_and_openepcis_keep_the_form(valid: list[dict[str, Any]]):
    assert len(valid) > 50
    assert [faults(event) for event in valid] == [[]] * len(valid)


@pytest.mark.parametrize("name", NAMED)
def test_what_breaks_the_form_is_named_by_its_field(vectors: Path, name: str):
    events = list(events_of(vectors / "epcis" / "openepcis-invalid" / name))
    assert tuple([fault.field for fault in faults(event)] for event in events) == NAMED[name]
    for event in events:
        for fault in faults(event):
            assert fault.field.partition("[")[0] in fault.says


def test_every_invalid_example_is_known_by_name(vectors: Path):
    assert {path.name for path in (vectors / "epcis" / "openepcis-invalid").iterdir()} == set(NAMED)


OTHERS = [
    None, True, 0, Decimal("1.5"), "", "x", [], {}, [[]], [None], "urn:x:y", "no uri", "ADD", "2026-05-01T08:00:00Z",
    "2026-02-30T08:00:00Z", "+15:00", "https://ns.gs1.org/cbv/BizStep-shipping", {"id": "x"}, {"id": "urn:a:b"},
    ["urn:a:b", "urn:a:b"], [{"epcClass": "urn:a:b", "uom": "kg"}], "urn:epcglobal:cbv:bizstep:shipping",
    "https://gs1.org/voc/Temperature", {"set": []}, {"set": ["active"]}, "http://[::1]/x", "a b:c", "http://x/[y]",
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in an event."""
    yield path
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in items:
        yield from places(one, (*path, key))


def changed(events: list[dict[str, Any]], rng: Random) -> dict[str, Any]:
    """Return an example of which one value is dropped or made another, or beside which one is added."""
    event = deepcopy(rng.choice(events))
    *above, last = rng.choice([path for path in places(event) if path])
    inside: Any = event
    for key in above:
        inside = inside[key]
    match rng.choice(("drop", "change", "add")):
        case "drop":
            del inside[last]
        case "change":
            inside[last] = deepcopy(rng.choice(OTHERS))
        case _ if isinstance(inside, dict):
            name = rng.choice(("colour", "ex:colour", "ilmd", "readPoint", "childEPCs"))
            inside[name] = deepcopy(rng.choice(OTHERS))
        case _:
            inside.append(deepcopy(inside[0]))
    return event


def test_a_changed_example_is_refused_by_both_or_by_neither(
    schema: jsonschema_rs.Draft7Validator, valid: list[dict[str, Any]]
):
    refused = 0
    for seed in range(3_000):
        event = changed(valid, Random(seed))
        found = faults(event)
        refused += bool(found)
        assert bool(found) is not schema.is_valid(plain(event)), (seed, found, event)
    assert 500 < refused < 2_500


@given(st.recursive(st.sampled_from(OTHERS), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(("type", "epcList", "readPoint", "ilmd", "action", "bizStep", "sensorElementList", "x")), inner
)))  # fmt: skip
def test_whatever_is_no_event_is_refused_and_read_all_the_same(value: Any):
    assert faults(value)
    try:
        event = parse_event(json.dumps(value, default=float))
    except FormError:
        return
    assert event.id
    assert event.things() is not None


EVENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
    "type": "ObjectEvent",
    "eventTime": "2026-05-01T08:00:00Z",
    "eventTimeZoneOffset": "+08:00",
    "epcList": ["urn:epc:id:sgtin:4012345.012345.1"],
    "action": "OBSERVE",
}


def test_a_type_of_somebodys_own_has_the_common_fields():
    assert faults(EVENT | {"type": "https://example.com/BlendingEvent", "blend": 3}) == []
    assert [one.field for one in faults(EVENT | {"type": "BlendingEvent"})] == ["type"]
    assert [one.field for one in faults({**EVENT, "type": "ex:B", "eventTime": "now"})] == [
        "eventTime"
    ]


def test_many_faults_are_named_and_no_more():
    assert len(faults(EVENT | {"epcList": ["x"] * 500})) == MAX_FAULTS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Expecting value"),
        ("[]", "no JSON object"),
        ('{"a": 1, "a": 2}', "duplicate key"),
        ('{"a": NaN}', "no number of JSON"),
        ('{"a": 1' + "0" * 50 + "}", "a number of 51 characters, at most 40"),
        ('{"a": ' + "[" * 20 + "]" * 20 + "}", "nested deeper than"),
        ('"' + "x" * MAX_EVENT_SIZE + '"', "at most 50000"),
        ('{"a": "\\ud800"}', "a lone surrogate"),
    ],
)
def test_what_can_be_no_event_says_why(text: str, why: str):
    with pytest.raises(FormError, match=why):
        parse_event(text)


def test_an_event_names_no_more_things_than_it_may():
    def names(count: int) -> str:
        epcs = [f"urn:epc:id:sgtin:4012345.012345.{at}" for at in range(count)]
        return json.dumps(EVENT | {"epcList": epcs})

    assert len(parse_event(names(MAX_THINGS)).things()) == MAX_THINGS
    with pytest.raises(FormError, match="make several events of it"):
        parse_event(names(MAX_THINGS + 1))


@given(st.datetimes(), st.integers(-23 * 60, 23 * 60))
def test_a_time_is_the_moment_it_names(at: Any, minutes: int):
    from datetime import UTC, timedelta, timezone

    zone = timezone(timedelta(minutes=minutes))
    moment = at.replace(tzinfo=zone)
    first = at.replace(
        year=1970, month=1, day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC
    )
    assert time_us(moment.isoformat()) == (moment - first) // timedelta(microseconds=1)
