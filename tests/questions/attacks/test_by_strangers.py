"""Who has nothing to do with goods settles nothing about them: a stranger's warehouse, observer or inspector."""

from typing import Any

import pytest
from questions.attacks.means import LATER, SHED, answer
from questions.scene import inspection, say, visit_unasked
from rules.words import corrects, says
from tea import GARDEN, GTIN, LOT
from usual import Told, day, finding
from world import DAY_S

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


