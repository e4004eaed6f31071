"""An event's hash is that of CBV 2.0.

Constants retyped from the reference implementation (RalphTro/epcis-event-hash-generator, tests/examples/expected/CBV2.0).
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from events.vectors import events_of

from ledger.events.hashed import event_hash, pre_hash

REFERENCE: dict[str, Any] = {
    "@context": [
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        {"example": "https://ns.example.com/epcis/"},
    ],
    "type": "ObjectEvent",
    "eventTime": "2020-03-04T11:00:30+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sgtin:0614141.011111.987"],
    "action": "OBSERVE",
    "bizStep": "departing",
    "disposition": "in_transit",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.0", "example:myField1": "AB-12"},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:4012345.11111.123"}],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
    "destinationList": [{"type": "owning_party", "destination": "urn:epc:id:pgln:0614141.00000"}],
    "example:userExt": "CD-34",
}
ITS_HASH = (
    "ni:///sha-256;3ae14c02c4bdc220cc31942cf804f6845eb8dec96ba6483391c92a9b165f9329?ver=CBV2.0"
)
ALL_FIELDS = (
    "ni:///sha-256;9811bfb2672e9c3a0f6151be339d22b60db375c8b23d2740f6137cc6539f0639?ver=CBV2.0"
)


def test_the_reference_event_has_its_hash():
    assert event_hash(REFERENCE) == ITS_HASH


def test_an_event_with_all_fields_has_its_hash(vectors: Path):
    folder = vectors / "epcis" / "openepcis-valid"
    (event,) = events_of(folder / "Documents-ObjectEvent_all_possible_fields.json")
    assert event_hash(event) == ALL_FIELDS


@pytest.mark.parametrize(
    "changed",
    [
        {"eventTime": "2020-03-04T10:00:30.0000Z"},
        {"epcList": ["https://id.gs1.org/01/00614141111114/10/A/21/987"]},
        {"recordTime": "2026-05-01T08:00:00Z", "eventID": "urn:uuid:1"},
        {"errorDeclaration": {"declarationTime": "2026-05-01T08:00:00Z"}},
        {"certificationInfo": "https://example.com/1"},
        {"@context": [{"own": "https://ns.example.com/epcis/"}], "own:userExt": " CD-34 "},
    ],
    ids=["time", "digital link", "ids", "error", "certificates", "another prefix"],
)
def test_other_spellings_have_the_same_hash(changed: dict[str, Any]):
    event = REFERENCE | changed
    if "own:userExt" in changed:
        del event["example:userExt"]
        event["readPoint"] = {"id": event["readPoint"]["id"], "own:myField1": "AB-12"}
    assert event_hash(dict(reversed(event.items()))) == ITS_HASH


@pytest.mark.parametrize("name", [name for name in REFERENCE if name != "@context"])
def test_whatever_is_left_out_changes_the_hash(name: str):
    assert event_hash({key: one for key, one in REFERENCE.items() if key != name}) != ITS_HASH


def test_numbers_are_written_without_zeroes_at_their_end():
    quantities = [
        {"epcClass": "urn:x:y", "quantity": one} for one in (Decimal("10.50"), 100, Decimal("1E+2"))
    ]
    told = pre_hash({"type": "ObjectEvent", "quantityList": quantities})
    assert told.count("quantity=100") == 2
    assert "quantity=10.5quantity" in told.replace("Element", "")


def test_the_order_of_a_list_is_no_part_of_it():
    epcs = [f"urn:epc:id:sscc:4012345.000000{at:04}" for at in range(5)]
    hashes = {event_hash({"type": "ObjectEvent", "epcList": one}) for one in (epcs, epcs[::-1])}
    assert len(hashes) == 1
    assert event_hash(json.loads(json.dumps(REFERENCE))) == ITS_HASH
