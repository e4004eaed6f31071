"""Where goods went, as people ask: from signing a shipment to a bundle that is verified offline."""

import json
from pathlib import Path

from cli.conftest import Estate, Run
from tea import DISTRIBUTOR, LOT, TRADER
from world import BRAND

PALLET = "https://id.gs1.org/00/006141411234567890"


def kg(amount: str) -> dict[str, str]:
    """Return so many kilograms."""
    return {"amount": amount, "unit": "kg"}


def _sent(estate: Estate) -> None:
    """The brand packs a pallet and sends it to the trader, who receives less and sends some on."""
    with estate.tea() as tea:
        tea.lot()
        at = tea.time(-0.01)
        packed = {"kind": "pack", "at": at, "quantity": kg("20"), "unit": PALLET}
        tea.say("movement", "brand", LOT, packed)
        sent = {"kind": "ship", "at": at, "quantity": kg("20"), "to": TRADER, "units": [PALLET]}
        found = tea.say("movement", "brand", LOT, sent)
        cited = {"id": found.id.hex(), "topic": "movement", "subject": LOT}
        got = {"kind": "receive", "at": at, "quantity": kg("19.5"), "shipment": cited}
        tea.say("movement", "trader", LOT, got)
        on = {"kind": "ship", "at": at, "quantity": kg("4"), "to": DISTRIBUTOR}
        tea.say("movement", "trader", LOT, on)


def test_where_a_lot_went_is_told_party_by_party_and_verified_offline(estate: Estate, run: Run):
    _sent(estate)
    code, out, err = run("where-used", LOT, "--bundle", "b.json")
    assert code == 0, err
    assert "movements 4" in out
    assert "19.5 kg" in out
    assert "does not say that it arrived" in out
    said = json.loads(run("where-used", LOT, "--json")[1])["answer"]
    assert [(row["kind"], row["receiver"]) for row in said["went"]] == [
        ("pack", None),
        ("ship", TRADER),
        ("receive", None),
        ("ship", DISTRIBUTOR),
    ]
    left = {row["party"]: row["left_amount"] for row in said["balance"]}
    assert left == {BRAND: "100.5", TRADER: "15.5", DISTRIBUTOR: None}
    steps = {row["party"]: (row["came_from"], row["went_to"]) for row in said["balance"]}
    assert steps[TRADER] == ([BRAND], [DISTRIBUTOR])
    assert [row["confirmed_by"] is None for row in said["went"]] == [True, False, True, True]
    Path("trust.txt").write_text(run("trust")[1])
    how = ("--trust", "trust.txt", "--now", "2026-09-22T00:00:00Z")
    expect = ("--expect", f"where-used goods={LOT}")
    assert run("verify", "bundle", "b.json", *how, *expect)[0] == 0
    assert run("export", "copy")[0] == 0
    assert run("where-used", LOT, "--export", "copy", "--json") == run("where-used", LOT, "--json")


def test_what_is_in_a_pallet_is_followed_and_said_in_chinese(estate: Estate, run: Run):
    _sent(estate)
    code, out, err = run("where-used", PALLET, "--lang", "zh")
    assert code == 0, err
    assert "流转共 3" in out
    assert "发货" in out
    assert "结存量" in out
    code, out, _ = run("where-used", PALLET[:-1] + "1")
    assert code != 0
    with estate.tea() as tea:
        tea.say("recall", "brand", LOT, {"reason": "leaking", "from": tea.time(0)})
    traced = json.loads(run("trace", LOT, "--json")[1])["answer"]
    assert traced["verdict"] == "no"
    assert [row["receiver"] for row in traced["went"]] == [None, TRADER, None, DISTRIBUTOR]
