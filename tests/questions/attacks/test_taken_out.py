"""What takes a bad lot, place or item out of an answer once did so in silence: told again, nothing does."""

import pytest
from questions.attacks.means import (
    CAKE,
    INPUT,
    LATER,
    SHED,
    answer,
    failing,
    refused,
    untold,
)
from questions.scene import say
from rules.words import (
    OTHER_MARK,
    anew,
    corrects,
    grant,
    lost,
    mark,
    prefixed,
    rivals,
    says,
    withdraw_mark,
)
from tea import AGENT, GARDEN, GTIN, LOT, MARK
from usual import (
    MODEL,
    RIVAL,
    Told,
    citing,
    day,
    finding,
)
from world import DAY_S


def found_bad(t: Told) -> None:
    """Let the brand make tea at a shed where something critical is found."""
    t.tell("facility", subject=SHED, called="shed")
    t.tell("lot", subject=LATER, called="a8", facility=SHED, made=day(-5), serial_range=...)
    bad = {"subject": SHED, "called": "bad", "on": day(-1)}
    t.tell("origin-audit", findings=[finding("critical")], **bad)


def test_no_mark_that_ends_takes_what_was_found_out_of_an_index(told: Told):
    told.tell("quality-model")
    found_bad(told)
    told.tell("inspection", called="seen")
    asked = {"subject": GTIN, "model": MODEL}
    before = told.world.ask("index", asked)
    assert "place-critical" in [reason["code"] for reason in before["reasons"]]
    say(told, withdraw_mark())
    assert told.world.ask("index", asked)["reasons"] == before["reasons"]


def test_no_mark_that_passes_on_takes_what_was_found_out_of_a_sale(told: Told):
    found_bad(told)
    assert "place-critical" in answer(told, "listable")[1]
    say(told, withdraw_mark(), mark(holder="rival", by="office"))
    under = {"brand": MARK, "under": citing("second mark")}
    told.tell("product", by="rival", called="again", **under)
    told.tell("lot", by="rival", subject=f"{GTIN}/10/R1", made=day(-3), serial_range=...)
    say(told, grant("rival", "trader", under="second mark"))
    assert "place-critical" in answer(told, "listable")[1]


@pytest.mark.parametrize("how", ["corrected", "stated anew"])
@pytest.mark.parametrize("audited", ["first", "registered late"])
def test_no_place_is_changed_before_its_audit_comes(told: Told, how: str, audited: str):
    """What was found by then at the place that a lot named before is open against it, in any order."""
    told.tell("quality-model")
    told.tell("facility", subject=SHED, called="shed")
    made = {"facility": SHED, "made": day(-5), "serial_range": ...}
    told.tell("lot", subject=LATER, called="a8", **made)
    bad = {"subject": SHED, "called": "bad", "on": day(-1), "findings": [finding("critical")]}
    moved = {"subject": LATER, "made": lambda t: t.fields_of("a8")["made"], "serial_range": ...}
    if audited == "first":
        told.tell("origin-audit", **bad)
    if how == "corrected":
        move = corrects("a8", "brand", facility=GARDEN)
    else:
        move = says("lot", called="moved", **moved)
    if audited == "first":
        assert set(told.world.refuse(move(told.world))) & {"supersede-loosens", "restated-loosens"}
    else:
        say(told, move)
        told.tell("origin-audit", **bad)
    assert "place-critical" in answer(told, "trace", goods=LATER, page="1")[1]
    assert "place-critical" in answer(told, "listable")[1]
    index = told.world.ask("index", {"subject": GTIN, "model": MODEL})
    assert "place-critical" in [reason["code"] for reason in index["reasons"]]


def test_what_is_found_later_where_a_lot_was_not_made_is_not_its(told: Told):
    told.tell("facility", subject=SHED, called="shed")
    made = {"facility": SHED, "made": day(-5), "serial_range": ...}
    told.tell("lot", subject=LATER, called="a8", **made)
    say(told, corrects("a8", "brand", facility=GARDEN))
    told.world.wait(seconds=2 * DAY_S)
    bad = {"subject": SHED, "called": "bad", "on": day(-1), "findings": [finding("critical")]}
    told.tell("origin-audit", **bad)
    assert "lot-critical" not in answer(told, "trace", goods=LATER, page="1")[1]


@pytest.mark.parametrize("what", ["input", "place"])
def test_no_number_that_passes_on_makes_a_good_lot_of_a_bad_one(told: Told, what: str):
    """Who claims the number next says of the brand's lot what the brand said, whatever it was made of."""
    told.tell("product", subject=INPUT[: -len("/10/X1")], called="leaf")
    told.tell("lot", subject=INPUT, called="leaves", serial_range=..., made=day(-9))
    told.tell("facility", subject=SHED, called="shed")
    made = {"facility": SHED, "made": day(-5), "serial_range": ..., "inputs": [INPUT]}
    told.tell("lot", subject=LATER, called="a8", **made)
    if what == "input":
        told.tell("recall", by="operator", subject=INPUT)
    else:
        told.tell("origin-audit", subject=SHED, called="bad", findings=[finding("critical")])
    say(told, withdraw_mark(), mark(number=OTHER_MARK), rivals())
    washed = {"subject": LATER, "made": told.fields_of("a8")["made"], "serial_range": ...}
    assert refused(told, "lot", by="rival", **washed) == ["restated-loosens"]
    assert answer(told, "trace", goods=LATER, page="1")[0] == "no"


def test_no_lot_takes_an_item_out_of_a_recalled_one(told: Told):
    item, numbers = f"{GTIN}/21/550", {"first": "500", "last": "600"}
    told.tell("lot", by="agent", subject=f"{GTIN}/10/N1", made=day(-6), serial_range=numbers)
    told.tell("recall", by="operator", subject=f"{GTIN}/10/N1")
    told.tell("lot", subject=LATER, called="a8", made=day(-0.2), serial_range=numbers)
    verdict, reasons = answer(told, "trace", goods=item, page="1")
    assert (verdict, reasons) == ("unknown", ["serial-contested"])


def test_nor_out_of_one_of_a_right_holders(told: Told):
    told.tell("recall", by="operator")
    say(told, withdraw_mark(), mark(number=OTHER_MARK), rivals())
    numbers = {"first": "001", "last": "480"}
    told.tell("lot", by="rival", subject=f"{GTIN}/10/Q1", made=day(-1), serial_range=numbers)
    verdict, reasons = answer(told, "trace", goods=f"{GTIN}/21/007", page="1")
    assert (verdict, set(reasons)) == ("no", {"lot-recalled", "serial-contested"})


def test_no_later_lot_makes_the_brands_items_bad(told: Told):
    """What an agent states of numbers that are the brand's, and lets be recalled, is its own."""
    told.tell("lot", by="agent", subject=f"{GTIN}/10/N1", made=day(-6), called="theirs")
    told.tell("recall", by="operator", subject=f"{GTIN}/10/N1")
    assert answer(told, "trace", goods=f"{GTIN}/21/007", page="1") == ("yes", [])


def test_a_product_is_no_better_than_the_brands_lot_of_it(told: Told):
    lot = f"{GTIN}/10/N1"
    told.tell("lot", by="agent", subject=lot, called="n1", serial_range=..., made=day(-6))
    told.tell("lot", subject=LATER, called="a8", serial_range=..., made=day(-3), inputs=[lot])
    told.tell("recall", by="agent", subject=lot)
    told.world.wait(seconds=2 * DAY_S)
    told.tell("lot", subject=lot, called="ours", serial_range=..., made=day(-0.5))
    for goods in (LATER, GTIN):
        assert answer(told, "trace", goods=goods, page="1")[0] == "no"


def supplied_badly() -> Told:
    """Return a story in which the brand states no lot, and what a trader's supplier made is bad."""
    t = untold()
    t.begin(without="lot")
    t.tell("facility", subject=SHED, called="shed")
    made = {"facility": SHED, "made": day(-5), "serial_range": ...}
    t.tell("lot", by="distributor", subject=f"{GTIN}/10/D1", called="d1", **made)
    t.tell("origin-audit", subject=SHED, called="bad", findings=[finding("critical")])
    assert "place-critical" in answer(t, "listable")[1]
    return t


def test_no_lot_of_a_traders_own_takes_its_suppliers_out_of_its_sale():
    t = supplied_badly()
    t.tell("lot", by="trader", subject=f"{GTIN}/10/T1", called="t1", made=day(-4))
    assert "place-critical" in answer(t, "listable")[1]


def test_what_a_thief_objected_to_is_not_its_owners_only_objection(told: Told):
    say(told, *failing(LOT))
    told.tell("objection", called="thief's")
    say(told, *lost("brand"))
    told.tell("objection", called="own", how=anew("brand"))
    assert refused(told, "objection", called="more", how=anew("brand")) == ["objection-again"]


def test_nobody_who_was_granted_the_brand_washes_a_lot_when_the_number_passes_on(told: Told):
    told.tell("product", subject=INPUT[: -len("/10/X1")], called="leaf")
    told.tell("lot", subject=INPUT, called="leaves", serial_range=..., made=day(-9))
    made = {"made": day(-5), "serial_range": ..., "inputs": [INPUT]}
    told.tell("lot", subject=LATER, called="a8", **made)
    told.tell("recall", by="operator", subject=INPUT)
    say(told, grant("brand", "rival"), withdraw_mark(), mark(number=OTHER_MARK), rivals())
    washed = {"subject": LATER, "made": told.fields_of("a8")["made"], "serial_range": ...}
    assert refused(told, "lot", by="rival", **washed) == ["restated-loosens"]


@pytest.mark.parametrize("bad", ["recall", "audit"])
def test_who_squats_a_licensed_number_spoils_nothing_of_its_licensee(told: Told, bad: str):
    """The licence came to the log behind the squatter's claim: it says whose number it was then, too."""
    product, squatted = CAKE, f"{CAKE}/10/L1"
    say(told, mark(number=OTHER_MARK), rivals(product))
    told.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    theirs = {"facility": SHED, "made": day(-9), "serial_range": ..., "called": "squatted"}
    told.tell("lot", by="rival", subject=squatted, **theirs)
    if bad == "recall":
        told.tell("recall", by="rival", subject=squatted)
    else:
        told.tell("origin-audit", subject=SHED, called="bad", findings=[finding("critical")])
    say(told, prefixed())
    told.tell("product", subject=product, called="cake")
    told.tell("lot", subject=squatted, called="own", made=day(-3), serial_range=...)
    for goods in (product, squatted):
        assert answer(told, "trace", goods=goods, page="1")[0] == "yes"


def test_no_lot_of_a_fellow_reseller_takes_suppliers_out_of_a_sale():
    t = supplied_badly()
    say(t, grant("brand", "subsidiary"))
    clean = f"{GTIN}/10/K1"
    t.tell("lot", by="subsidiary", subject=clean, called="k1", made=day(-4), serial_range=...)
    t.tell("inspection", subject=clean, called="passed", on=day(-0.1))
    assert "place-critical" in answer(t, "listable")[1]


def test_a_resellers_bad_lot_puts_the_brands_items_in_question_until_it_is_decided_on(told: Told):
    item, theirs = f"{GTIN}/21/550", f"{GTIN}/10/N1"
    numbers = {"first": "500", "last": "979"}
    told.tell("lot", by="agent", subject=theirs, called="n1", made=day(-6), serial_range=numbers)
    told.tell("lot", subject=LATER, called="a8", made=day(-4), serial_range=numbers)
    assert answer(told, "trace", goods=item, page="1") == ("yes", [])
    refusal = {"subject": theirs, "nonconforming": 2, "decision": "refused", "on": day(-0.2)}
    told.tell("inspection", called="bad", trader=AGENT, **refusal)
    assert answer(told, "trace", goods=item, page="1") == ("unknown", ["serial-contested"])
    told.tell("claim-decided", by="registrar", subject=theirs, rejected=[citing("n1")])
    assert answer(told, "trace", goods=item, page="1") == ("yes", [])
