"""Remarks: a statement about a lot nobody registered names the lot that may have been meant."""

from pathlib import Path

import pytest
from paper import Paper
from questions.scenes.label import CLOSED, MODEL, READY, elsewhere, report
from rules.words import grant, revoke, says
from stdnum import ean
from tea import CARRIER, GARDEN, GTIN
from usual import RIVAL, Told, finding
from world import ORIGIN

from ledger.phrases import remark_row, remark_sentence
from ledger.questions.book import Case, review
from ledger.rules.remarks import (
    LOT,
    LOW,
    NUMBER,
    PARTY,
    PLACE,
    REPEATED,
    STATED,
    Known,
    Remark,
    near_lots,
    nobody,
    remarks,
)
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement

PERSON = "urn:pinyuan:person:" + "0b" * 16


@pytest.fixture
def told() -> Told:
    world = Paper(Path(), "")
    told = Told(world)
    told.begin()
    world.told = told
    return told


def remarked(told: Told, step, known: Known = nobody) -> list[Remark]:
    world = told.world
    statement = parse_statement(step(world))
    case = Case(statement, decode_body(statement), world.view, ORIGIN, world.size, world.now_us)
    assert review(case) == []
    return remarks(case, known)


def lot(code: str) -> str:
    return f"{GTIN}/10/{code}"


def registered(told: Told, code: str) -> int:
    (outcome,) = told.world.register(
        says("lot", subject=lot(code), called=code, serial_range=...)(told.world)
    )
    return outcome.index


@pytest.mark.parametrize("slip", ["C-3", "c3", "C03", "C_3"])
def test_a_recall_of_a_lot_spelled_otherwise_is_taken_and_names_the_lot(told: Told, slip: str):
    index = registered(told, "C3")
    found = remarked(told, says("recall", subject=lot(slip)))
    assert found == [Remark(LOT, lot(slip), (lot("C3"),), (index,))]
    row = remark_row(found[0])
    assert row["message"].endswith(f"did you mean {lot('C3')}?")
    assert lot("C3") in remark_sentence(row, "zh")


def test_a_grant_that_stands_already_is_taken_and_names_the_first(told: Told):
    again = grant("distributor", "rival", "distributor", depth=0, called="again")
    said = grant("distributor", "rival", "distributor", depth=0, called="first")
    first = told.world.accept(said(told.world)).index
    told.world.wait(seconds=60)
    (found,) = remarked(told, again)
    assert (found.remark, found.about, found.cites) == (REPEATED, RIVAL, (first,))
    assert f"相同授权已在有效记录中（条目 {first}）" in remark_sentence(remark_row(found), "zh")
    assert f"stands already, by entry {first}; " in remark_row(found)["message"]
    other = grant(
        "distributor", "rival", "distributor", depth=0, called="other", territories=["CN-ZJ"]
    )
    assert remarked(told, other) == []
    told.world.accept(revoke("first", "rival", "distributor")(told.world))
    assert remarked(told, again) == [], "what was revoked is granted anew"


def test_a_paper_whose_number_differs_by_signs_alone_is_taken_and_names_the_other(told: Told):
    paper = {"kind": "business", "categories": ["food"]}
    number = "urn:qualification:samr.cn:京监(2021)12号"
    first = told.world.accept(says("qualification", number=number, **paper)(told.world)).index
    told.world.wait(seconds=60)
    slip = "urn:qualification:samr.cn:京监2021-12号"
    (found,) = remarked(told, says("qualification", number=slip, called="slip", **paper))
    assert (found.remark, found.about, found.near, found.cites) == (
        NUMBER,
        slip,
        (number,),
        (first,),
    )
    assert number in remark_sentence(remark_row(found), "zh")
    other = "urn:qualification:samr.cn:京监(2021)13号"
    assert remarked(told, says("qualification", number=other, called="other", **paper)) == []


def test_a_lot_that_its_issuer_states_again_is_taken_and_names_what_it_said_before(told: Told):
    first = registered(told, "C3")
    told.world.wait(seconds=60)
    again = says("lot", subject=lot("C3"), called="again", serial_range=...)
    (found,) = remarked(told, again)
    assert (found.remark, found.about, found.cites) == (STATED, lot("C3"), (first,))
    row = remark_row(found)
    assert f"before, by entry {first}; " in row["message"]
    assert "请用 supersede" in remark_sentence(row, "zh")
    other = says("lot", subject=lot("C4"), called="other", serial_range=...)
    assert remarked(told, other) == []


def test_a_label_of_a_product_below_its_index_is_taken_and_says_so(told: Told):
    label = says("label")
    accepted = [told.world.accept(step(told.world)) for step in (*READY, report())]
    assert remarked(told, label) == []
    for step in (elsewhere(findings=[finding("major")]), CLOSED):
        told.world.accept(step(told.world))
    (found,) = remarked(told, label)
    model = accepted[READY.index(MODEL)].index
    assert (found.remark, found.about, found.cites) == (LOW, GTIN, (model,))
    row = remark_row(found)
    assert "below what a label asks for" in row["message"]
    assert "在指数达标之前标签不生效" in remark_sentence(row, "zh")


def test_a_recall_of_a_registered_lot_says_nothing_more(told: Told):
    registered(told, "C3")
    assert remarked(told, says("recall", subject=lot("C3"))) == []


def test_of_several_lots_each_that_nobody_registered_is_named(told: Told):
    registered(told, "C3")
    step = says("recall", subject=lot("C3"), other_lots=[lot("C-3"), lot("Z99")])
    assert [(item.about, item.near) for item in remarked(told, step)] == [
        (lot("C-3"), (lot("C3"),)),
        (lot("Z99"), ()),
    ]


def test_who_registers_a_lot_is_not_told_that_nobody_did(told: Told):
    assert remarked(told, says("lot", subject=lot("C3"), serial_range=...)) == []


def test_another_number_is_another_lot():
    assert near_lots(lot("C4"), [lot("C3"), lot("C44")]) == []
    assert near_lots(lot("2026-05-01A"), [lot("20260501A"), lot("20260502A")]) == [lot("20260501A")]


def known(type_: str) -> dict[str, int]:
    """Return what a search finds: the carrier and the garden."""
    return {"party": {CARRIER: 7}, "facility": {GARDEN: 9}}[type_]


def test_a_party_that_nobody_registered_is_named_with_the_one_that_may_be_meant(told: Told):
    slip = swapped(CARRIER)
    step = says("sample-sealed", to=[slip, CARRIER, PERSON])
    assert remarked(told, step, known) == [Remark(PARTY, slip, (CARRIER,), (7,))]
    assert remarked(told, step) == [Remark(PARTY, slip)]
    row = remark_row(Remark(PARTY, slip, (CARRIER,), (7,)))
    assert row["message"].endswith(f"did you mean {CARRIER}?")
    assert "主体" in remark_sentence(row, "zh")


def test_a_place_that_nobody_registered_is_named_with_the_one_that_may_be_meant(told: Told):
    slip = swapped(GARDEN)
    step = says("invitation", to=slip)
    assert remarked(told, step, known) == [Remark(PLACE, slip, (GARDEN,), (9,))]
    assert "场所" in remark_sentence(remark_row(Remark(PLACE, slip)), "zh")


def test_of_what_is_registered_nothing_is_remarked(told: Told):
    assert remarked(told, says("sample-sealed"), known) == []
    assert remarked(told, says("invitation", to=GARDEN), known) == []


def swapped(id_: str) -> str:
    """Return a GLN with one digit mistaken, and its check digit."""
    head, gln = id_.rsplit("/", 1)
    digits = f"{gln[:5]}{(int(gln[5]) + 1) % 10}{gln[6:12]}"
    return f"{head}/{digits}{ean.calc_check_digit(digits)}"


def test_a_lot_that_is_named_in_any_field_is_looked_up(told: Told):
    """What was complained of, what a lot was made of: not what a statement is about alone."""
    index = registered(told, "SPRING-1")
    complained = says("complaint", subject=GTIN, lot=lot("SPRING-I"))
    made = says("lot", subject=lot("BLEND-1"), inputs=[lot("SPRING-l")], serial_range=...)
    for step, named in ((complained, "SPRING-I"), (made, "SPRING-l")):
        assert remarked(told, step) == [Remark(LOT, lot(named), (lot("SPRING-1"),), (index,))]
