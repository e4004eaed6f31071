"""EPCIS queries: every valid example is registered and found by each of its ids, no invalid one is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from events.vectors import events_of
from serving import COSE, Service, problem
from world import BRAND

from api.http.json_text import json_with_decimals
from ledger.events.event import CLASS_LISTS, EPC_LISTS, Event
from ledger.identifiers.gs1_uris import thing_of

VALID = ("gs1", "openepcis-valid")


def submit(service: Service, event: dict[str, Any], by: str = "brand", issuer: str = BRAND) -> Any:
    """Submit an event, signed; return the answer."""
    service.world.now_us = service.world.last_us()
    fields = {"event": json_with_decimals(event).decode()}
    raw = service.world.statement("epcis", fields, by=by, issuer=issuer, subject=Event(event).id)
    return service.client.post("/entries", content=raw, headers=COSE)


def names(event: dict[str, Any]) -> Iterator[str]:
    """Yield the ids of things in an event, as they are spelled there."""
    if "parentID" in event:
        yield event["parentID"]
    for name in EPC_LISTS:
        yield from event.get(name, ())
    for name in CLASS_LISTS:
        yield from (item["epcClass"] for item in event.get(name, ()))


@pytest.fixture(scope="module")
def captured(service: Service, vectors: Path) -> list[dict[str, Any]]:
    """Return the valid examples, each registered once; of one id the first."""
    paths = [path for name in VALID for path in sorted((vectors / "epcis" / name).iterdir())]
    known: dict[str, dict[str, Any]] = {}
    for event in (event for path in paths for event in events_of(path)):
        if Event(event).id in known:
            continue
        answer = submit(service, event)
        assert answer.status_code == 201, (event, answer.content)
        known[Event(event).id] = event
    service.indexed()
    return list(known.values())


def page(service: Service, path: str = "/events", **asked: str) -> list[dict[str, Any]]:
    """Return the events of all pages."""
    answer, found = service.client.get(path, params=asked or None), []
    while True:
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["type"] == "EPCISQueryDocument"
        found += told["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        if "link" not in answer.headers:
            return found
        following = answer.headers["link"].partition("<")[2].partition(">")[0]
        answer = service.client.get(following)


def without_time(event: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json_with_decimals({k: v for k, v in event.items() if k != "recordTime"}))


def test_every_valid_example_is_found_by_each_of_its_ids(
    service: Service, captured: list[dict[str, Any]]
):
    assert len(captured) > 40
    for event in captured:
        for name in {one for uri in names(event) for one in (uri, thing_of(uri))}:
            found = page(service, f"/epcs/{quote(name, safe='')}/events", perPage="100")
            assert without_time(event) in map(without_time, found), name
        (only,) = page(service, EQ_eventID=Event(event).id)
        assert without_time(only) == without_time(event)


def test_decimals_come_back_as_they_were_written(service: Service, captured: list[dict[str, Any]]):
    (event,) = [e for e in captured if "sensor" in str(e) and "26.1" in str(e)][:1]
    raw = service.client.get("/events", params={"EQ_eventID": Event(event).id}).content
    assert b"26.1" in raw


def test_no_invalid_example_is_registered_and_the_field_is_named(service: Service, vectors: Path):
    refused = 0
    for path in sorted((vectors / "epcis" / "openepcis-invalid").iterdir()):
        for event in events_of(path):
            answer = submit(service, event)
            if answer.status_code != 201:
                _, detail = problem(answer)
                assert "event-form: " in detail, (path.name, detail)
                refused += 1
    assert refused == 10


QUERIES = [
    {"eventType": "TransformationEvent"},
    {"eventType": "ObjectEvent|AssociationEvent", "EQ_action": "ADD"},
    {"EQ_bizStep": "urn:epcglobal:cbv:bizstep:shipping"},
    {"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-receiving", "EQ_disposition": "in_progress"},
    {"GE_eventTime": "2013-06-08T00:00:00Z", "LT_eventTime": "2019-01-01T00:00:00+01:00"},
    {"MATCH_epc": "https://id.gs1.org/01/10614141073464/21/2018"},
    {"MATCH_anyEPC": "urn:epc:id:sscc:0614141.1234567890"},
    {"MATCH_epc": "urn:epc:idpat:sgtin:0614141.107346.*"},
    {"MATCH_parentID": "urn:epc:id:sscc:0614141.1234567890"},
    {"MATCH_anyEPCClass": "urn:epc:class:lgtin:4012345.012345.998877"},
    {"EQ_readPoint": "https://id.gs1.org/414/4012345000054"},
    {"EQ_bizLocation": "urn:epc:id:sgln:0614141.00888.0"},
    {"EQ_bizTransaction_po": "http://transaction.acme.com/po/12345678"},
    {"EQ_source_possessing_party": "https://id.gs1.org/417/4012345002256"},
    {"EXISTS_errorDeclaration": "true"},
]


@pytest.mark.parametrize("asked", QUERIES, ids=" ".join)
def test_a_query_finds_what_it_asks_for_and_nothing_else(
    service: Service, captured: list[dict[str, Any]], asked: dict[str, str]
):
    """Some are found and some are not; a word, place or time is compared by what it means."""
    found = page(service, **asked)
    assert 0 < len(found) < len(captured)
    assert page(service, **asked, perPage="2") == found
    for event in found:
        match asked:
            case {"EQ_bizStep": step}:
                assert step.endswith(event["bizStep"])
            case {"eventType": kinds}:
                assert event["type"] in kinds.split("|")
            case {"EXISTS_errorDeclaration": _}:
                assert "errorDeclaration" in event
            case {"MATCH_epc": _} | {"MATCH_anyEPC": _}:
                assert "0614141" in str(list(names(event)))


def test_pages_are_as_of_one_size(service: Service, captured: list[dict[str, Any]]):
    first = service.client.get("/events", params={"perPage": "5"})
    link = first.headers["link"].partition("<")[2].partition(">")[0]
    late = {**captured[0], "eventID": "urn:x:late"}
    assert submit(service, late).status_code == 201
    service.indexed()
    rest = page(service, link)
    ids = [event.get("eventID") for event in rest]
    assert "urn:x:late" not in ids
    assert page(service, EQ_eventID="urn:x:late")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"EQ_colour": "red"}, "EQ_colour"),
        ({"GE_eventTime": "yesterday"}, "GE_eventTime"),
        ({"EQ_action": "MOVE"}, "EQ_action"),
        ({"eventType": "OddEvent"}, "eventType"),
        ({"perPage": "0"}, "perPage"),
        ({"nextPageToken": "abc"}, "nextPageToken"),
        ({"MATCH_epc": "|"}, "MATCH_epc"),
    ],
)
def test_what_is_not_understood_is_refused_by_its_name(
    service: Service, asked: dict[str, str], named: str
):
    answer = service.client.get("/events", params=asked)
    assert answer.status_code == 400
    assert named in problem(answer)[1]


@pytest.mark.parametrize("path", ["/capture", "/events"])
def test_what_nobody_signed_is_refused_with_what_to_do(service: Service, path: str):
    answer = service.client.post(path, json={"type": "EPCISDocument"})
    assert answer.status_code == 403
    assert "pinyuan capture" in problem(answer)[1]
    chinese = service.client.post(path, json={}, headers={"accept-language": "zh"}).json()
    assert "pinyuan capture" in chinese["detail"]
