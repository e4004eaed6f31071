"""Events in a trace: what those who had the goods say of them, in whatever spelling, packed or not."""

from typing import Any

import pytest
from questions.scene import say
from rules.scenarios.events import WRONG
from rules.words import says
from tea import CARRIER, GTIN, LOT, WAREHOUSE
from usual import Told, event, who
from world import TRADER

from ledger.questions import events as walked

LOT_URN = "urn:epc:class:lgtin:6901234.050000.A7"
ITEM, ITEM_URN = f"{GTIN}/21/1001", "urn:epc:id:sgtin:6901234.050000.1001"
PALLET, PALLET_LINK = (
    "urn:epc:id:sscc:6901234.0000000333",
    "https://id.gs1.org/00/069012340000003338",
)
OF_LOT = [{"epcClass": LOT_URN}]
PACKED: dict[str, Any] = {
    "type": "AggregationEvent",
    "quantityList": ...,
    "parentID": PALLET,
    "childQuantityList": OF_LOT,
    "action": "ADD",
    "bizStep": "packing",
}


def to(party: str, kind: str = "possessing_party") -> list[dict[str, str]]:
    return [{"type": kind, "destination": party}]


def tells(name: str, days: float, by: str = "brand", **changes: Any):
    """Somebody says an event, called so."""
    id_ = f"urn:x:{name}"
    return says("epcis", by=by, subject=id_, called=name, event=event(days, eventID=id_, **changes))


def heard(told: Told, goods: str = LOT) -> dict[str, dict[str, Any]]:
    """Return the events that a trace tells, by name."""
    rows = told.world.ask("trace", {"goods": goods, "page": "1"})["entries"]
    return {row["subject"].removeprefix("urn:x:"): row for row in rows if row["type"] == "epcis"}


def test_the_makers_events_of_a_lot_are_told_in_whatever_spelling(told: Told):
    before = told.world.ask("trace", {"goods": LOT, "page": "1"})
    say(told, tells("urn", -3, quantityList=OF_LOT), tells("link", -2))
    found = heard(told)
    assert {name: (row["about"], row["issuer"]) for name, row in found.items()} == {
        "urn": (LOT, who("brand")),
        "link": (LOT, who("brand")),
    }
    after = told.world.ask("trace", {"goods": LOT, "page": "1"})
    assert {**after, "entries": []} == {**before, "entries": []}


def test_what_strangers_say_of_goods_makes_no_trace_longer(told: Told):
    say(told, tells("shipped", -2), tells("theirs", -1, by="carrier"))
    assert set(heard(told)) == {"shipped"}


def test_whom_the_maker_hands_goods_to_is_heard_and_so_on(told: Told):
    say(
        told,
        tells("shipped", -3, destinationList=to(CARRIER)),
        tells("carried", -2, by="carrier", destinationList=to(TRADER, "owning_party")),
        tells("received", -1, by="trader", bizStep="receiving"),
        tells("stored", -1, by="warehouse", bizStep="storing"),
    )
    assert set(heard(told)) == {"shipped", "carried", "received"}


def test_who_is_named_by_its_urn_is_the_same_party(told: Told):
    urn = f"urn:epc:id:pgln:6901234.{CARRIER[-6:-1]}"
    say(told, tells("shipped", -3, destinationList=to(urn)), tells("carried", -2, by="carrier"))
    assert set(heard(told)) == {"shipped", "carried"}


def test_what_happens_to_a_pallet_happened_to_what_was_in_it_then(told: Told):
    moved = {"quantityList": ..., "epcList": [PALLET_LINK]}
    say(
        told,
        tells("early", -6, **moved),
        tells("packed", -5, **PACKED),
        tells("moved", -4, destinationList=to(CARRIER), **moved),
        tells("carried", -3, by="carrier", **moved),
        tells("unpacked", -2, by="carrier", **PACKED | {"action": "DELETE"}),
        tells("late", -1, by="carrier", **moved),
    )
    found = heard(told)
    assert set(found) == {"packed", "moved", "carried", "unpacked"}
    assert (found["moved"]["about"], found["packed"]["about"]) == (PALLET_LINK, LOT)


def test_the_order_in_which_it_is_said_does_not_decide(told: Told):
    moved = {"quantityList": ..., "epcList": [PALLET]}
    say(
        told,
        tells("carried", -3, by="carrier", **moved),
        tells("moved", -4, destinationList=to(CARRIER), **moved),
        tells("packed", -5, **PACKED),
    )
    assert set(heard(told)) == {"packed", "moved", "carried"}


def test_an_item_is_found_by_its_number_and_its_lot(told: Told):
    made = {
        "quantityList": ...,
        "epcList": [ITEM_URN],
        "action": "ADD",
        "ilmd": {"cbvmda:lotNumber": "A7"},
    }
    say(
        told,
        tells("made", -4, **made),
        tells("sold", -3, quantityList=..., epcList=[f"{LOT}/21/1001"]),
    )
    say(told, tells("other", -2, quantityList=..., epcList=[f"{GTIN}/21/1002"]))
    assert set(heard(told, f"{LOT}/21/1001")) == {"made", "sold"}
    assert set(heard(told)) == {"made", "sold"}


def test_an_event_in_error_is_told_undone_and_leads_nowhere(told: Told):
    then = "2026-09-01T08:00:00Z"
    shipped = {"eventTime": then, "destinationList": to(CARRIER)}
    say(told, tells("shipped", 0, **shipped), tells("carried", -1, by="carrier"))
    assert set(heard(told)) == {"shipped", "carried"}
    (index,) = say(told, tells("shipped", 0, **shipped, **WRONG))
    rows = [
        row
        for row in told.world.ask("trace", {"goods": LOT, "page": "1"})["entries"]
        if row["type"] == "epcis"
    ]
    assert {row["subject"] for row in rows} == {"urn:x:shipped"}
    assert [row["undone"] for row in rows] == [{"entry": index, "issuer": who("brand")}] * 2


def test_events_beyond_the_limit_are_told_of(told: Told, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(walked, "MAX_HISTORIES", 1)
    say(told, tells("shipped", -1, destinationList=to(CARRIER)), tells("carried", -1, by="carrier"))
    answer = told.world.ask("trace", {"goods": LOT, "page": "1"})
    assert answer["verdict"] == "yes"
    assert "walk-limit" in [note["code"] for note in answer["notes"]]


def test_where_goods_went_is_said_for_others_to_join(told: Told):
    say(
        told,
        tells(
            "shipped",
            -1,
            destinationList=[
                *to(WAREHOUSE),
                {"type": "location", "destination": "urn:epc:id:sgln:6901234.50011.0"},
            ],
        ),
    )
    found = walked.follow(told.world.view, [LOT], [who("brand")])
    ((_, move),) = found.moves()
    assert (move.things, move.receiver) == ((LOT,), (("possessing_party", WAREHOUSE),))
    assert move.end == ("https://id.gs1.org/414/6901234500110",)


def test_where_goods_went_by_events_is_where_they_are_sold(told: Told):
    carried = {"destinationList": to(TRADER, "owning_party"), "eventTime": "2026-09-01T08:00:00Z"}
    say(
        told,
        says("listing"),
        tells("shipped", -3, destinationList=to(CARRIER)),
        tells("carried", 0, by="carrier", **carried),
        tells("theirs", -1, by="warehouse", destinationList=to(WAREHOUSE)),
    )
    before = told.world.ask("where_used", {"goods": LOT, "page": "1"})
    assert [(row["event"], row["receivers"]) for row in before["events"]] == [
        ("urn:x:shipped", [CARRIER]),
        ("urn:x:carried", [TRADER]),
    ]
    assert [row["trader"] for row in before["sellers"]] == [TRADER]
    say(told, tells("carried", 0, by="carrier", **carried, **WRONG))
    after = told.world.ask("where_used", {"goods": LOT, "page": "1"})
    assert [row["event"] for row in after["events"]] == ["urn:x:shipped"]
    assert after["sellers"] == []


def test_a_pallet_is_followed_by_its_own_events(told: Told):
    say(told, tells("packed", -3, **PACKED), tells("left", -2, epcList=[PALLET], quantityList=...))
    found = told.world.ask("where_used", {"goods": LOT, "page": "1"})
    assert {row["event"] for row in found["events"]} == {"urn:x:packed", "urn:x:left"}
