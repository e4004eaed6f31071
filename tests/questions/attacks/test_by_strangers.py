"""Who has nothing to do with goods settles nothing about them; and who is barred does not go on in silence under another name."""

from typing import Any

import pytest
from questions.attacks.means import LATER, SHED, answer, belongs
from questions.scene import inspection, sanction, say, selling, visit_unasked
from questions.scenes.sampling import planning
from rules.scenarios.sampling import row
from rules.telling import update
from rules.words import WHITE, affiliation, corrects, says
from tea import DISTRIBUTOR, GARDEN, GTIN, LOT
from usual import Told, citing, day, finding, who
from world import DAY_S, TRADER

BY_WAREHOUSE: dict[str, Any] = {"by": "warehouse", "on": day(-0.1)}
"""Any warehouse may say of anybody's goods that it passed them."""


def corrected(t: Told, *, bound: bool) -> None:
    """Let a correction of a lot be refused where somebody is heard, and let in where nobody is."""
    move = corrects("a8", "brand", facility=GARDEN)
    if bound:
        assert t.world.refuse(move(t.world)) == ["supersede-loosens"]
    else:
        say(t, move)


def mistyped(t: Told) -> None:
    """Let the brand state a lot as made at a place of which it is not."""
    t.tell("facility", subject=SHED, called="shed")
    t.tell("lot", subject=LATER, called="a8", facility=SHED, made=day(-5), serial_range=...)


@pytest.mark.parametrize(
    ("how", "bound"),
    [
        ({"mode": "inbound"}, False),
        ({"mode": "patrol"}, False),
        ({"mode": "inbound", "findings": [finding("minor")]}, True),
        ({"mode": "inbound", "nonconforming": 2, "decision": "refused"}, True),
        ({"mode": "flight", "by": "inspector"}, True),
    ],
)
def test_no_pass_of_a_warehouse_keeps_a_lot_uncorrectable(
    told: Told, how: dict[str, Any], *, bound: bool
):
    mistyped(told)
    say(told, inspection("seen", subject=LATER, **BY_WAREHOUSE | how))
    corrected(told, bound=bound)


def test_nor_what_a_warehouse_says_again_or_takes_back(told: Told):
    mistyped(told)
    say(told, inspection("seen", subject=LATER, mode="inbound", **BY_WAREHOUSE))
    say(told, corrects("seen", "warehouse", km=12))
    corrected(told, bound=False)


def test_what_a_warehouse_corrects_to_a_refusal_binds(told: Told):
    mistyped(told)
    say(told, inspection("seen", subject=LATER, mode="inbound", **BY_WAREHOUSE))
    bad = {"nonconforming": 2, "decision": "refused"}
    say(told, corrects("seen", "warehouse", **bad))
    corrected(told, bound=True)


def test_no_pass_of_a_warehouse_makes_a_resellers_recall_stand(told: Told):
    """The brand's lot of that number is made since: other goods, in which nobody found anything."""
    lot = f"{GTIN}/10/N1"
    told.tell("lot", by="agent", subject=lot, called="early", serial_range=..., made=day(-1))
    say(told, inspection("seen", subject=lot, mode="inbound", **BY_WAREHOUSE))
    told.tell("recall", by="agent", subject=lot, called="theirs")
    told.world.wait(seconds=5 * DAY_S)
    told.tell("lot", made=day(-1), subject=lot, called="ours", serial_range=...)
    assert answer(told, "listable") == ("yes", [])


# visits: that somebody came is shown by who was asked to.


def test_a_place_is_visited_by_nobody_whom_nobody_invited(told: Told):
    asks = {"about": LOT}
    say(told, visit_unasked(LOT))
    assert answer(told, "visits", **asks) == ("unknown", ["visits-absent"])
    told.tell("invitation", to=LOT, called="asked")
    say(told, says("visit", subject="urn:visit:asked", called="came", about=LOT))
    assert answer(told, "visits", **asks) == ("yes", [])
    assert len(told.world.ask("visits", asks)["visits"]) == 2


# DECISIONS 161: a measure is its trader's; whose firm goes on is told.


def asked_of_trader(t: Told) -> list[tuple[list[str], list[dict[str, Any]]]]:
    """Return why each answer about the trader's sale and admission is no, with its notes of barred owners."""
    found = []
    for question, asks in (
        ("may_sell", selling()),
        ("listable", selling()),
        ("admission", {"trader": TRADER}),
    ):
        value = t.world.ask(question, asks)
        notes = [note for note in value["notes"] if note["code"] == "owner-sanctioned"]
        found.append(([reason["code"] for reason in value["reasons"]], notes))
    return found


def ends_cooperation(t: Told, subject: str) -> None:
    """Let the operator end cooperation with a party over a lot that was called back."""
    say(t, *sanction("end-cooperation", subject=subject))


@pytest.mark.parametrize("how", ["wholly-owned", "tied"])
@pytest.mark.parametrize("through", [False, True])
def test_a_subsidiary_of_who_is_barred_sells_with_a_note(told: Told, how: str, *, through: bool):
    """Any number of firms down; by itself it is no reason to say no."""
    say(told, *(affiliation("parent", "trader", relation=how),) * through)
    below = "parent" if through else "trader"
    say(told, affiliation("distributor", below, relation=how))
    ends_cooperation(told, DISTRIBUTOR)
    for reasons, notes in asked_of_trader(told):
        assert set(reasons) <= {"lot-recalled"}
        (note,) = notes
        assert (note["facts"]["subject"], note["facts"]["party"]) == (DISTRIBUTOR, TRADER)
        ties = [told.world.entry(index).statement.subject for index in note["entries"][1:]]
        assert ties == [TRADER, who("parent")] if through else [TRADER]


def test_nor_does_it_leave_its_owner_in_silence(told: Told):
    """What is sold off once the measure began was its owner's then."""
    say(told, affiliation("distributor", "trader"))
    ends_cooperation(told, DISTRIBUTOR)
    of = {"target": citing("trader of distributor"), "subject": TRADER}
    number = told.fields_of("trader of distributor")["number"]
    told.world.wait(seconds=DAY_S)
    told.tell("qualification-withdrawal", number=number, **of)
    told.world.wait(seconds=DAY_S)
    told.tell("facility", called="garden again")
    assert [len(notes) for _, notes in asked_of_trader(told)] == [1, 1, 1]


def test_who_is_barred_elsewhere_or_for_other_goods_is_told_of_nobody(told: Told):
    say(told, affiliation("distributor", "trader"))
    say(told, *sanction(subject=DISTRIBUTOR, products=[f"{WHITE}"]))
    assert [len(notes) for _, notes in asked_of_trader(told)] == [0, 0, 0]
    assert answer(told, "may_sell", **selling(trader=DISTRIBUTOR))[0] == "yes"


def test_an_owner_of_a_trader_that_is_barred_is_not_barred_itself(told: Told):
    """Whom a firm belongs to is told below it: above, nobody knows whose it was."""
    say(told, affiliation("distributor", "trader"), *sanction())
    value = told.world.ask("may_sell", selling(trader=DISTRIBUTOR))
    assert "owner-sanctioned" not in [note["code"] for note in value["notes"]]


# Switching rules: what others found is looked at less closely by nobody whom that favours.

OWN = "second-inspector"


def second_warehouse(t: Told, above: str | None) -> None:
    """Let there be a second warehouse; perhaps it belongs to a party."""
    say(t, update(who(OWN), roles=["inspector", "warehouse"]))
    if above is not None:
        belongs(t, above)


def accepted_by(name: str, first: int) -> tuple[Any, ...]:
    """A warehouse accepts five lots one behind the other, under tightened inspection."""
    return row("+++++", "tightened", first, by=name)


def severity(t: Told) -> str:
    """Return how severely the next lot is inspected inbound."""
    return str(t.world.ask("plan", planning())["plan"]["severity"])


@pytest.mark.parametrize(
    ("above", "ended"), [("trader", False), ("brand", False), ("rival", True), (None, True)]
)
def test_what_others_refused_no_tied_warehouse_accepts_away(
    told: Told, above: str | None, *, ended: bool
):
    second_warehouse(told, above)
    say(told, *row("RR"))
    assert severity(told) == "tightened"
    say(told, *accepted_by(OWN, 3))
    assert severity(told) == ("normal" if ended else "tightened")
    notes = {note["code"]: note["facts"] for note in told.world.ask("plan", planning())["notes"]}
    assert ("sampling-idle" in notes) is not ended
    if not ended:
        assert notes["sampling-idle"]["count"] == 5
        say(told, *accepted_by("warehouse", 8))
        assert severity(told) == "normal"


def test_what_it_refused_itself_it_ends_itself(told: Told):
    """A trader that inspects at its own warehouse alone, and honestly, is not tightened for good."""
    second_warehouse(told, "trader")
    say(told, *row("RR", by=OWN))
    assert severity(told) == "tightened"
    say(told, *accepted_by(OWN, 3))
    assert severity(told) == "normal"


def test_a_tie_that_is_known_later_makes_nothing_undue_that_was_let_in(told: Told):
    second_warehouse(told, None)
    say(told, *row("RR"), *accepted_by(OWN, 3), *row("+", first=8))
    belongs(told, "trader")
    assert answer(told, "plan", **planning()) == ("yes", [])
    assert severity(told) == "tightened"
    (again,) = row("+", first=9)
    assert told.world.refuse(again(told.world)) == ["inspection-severity"]
