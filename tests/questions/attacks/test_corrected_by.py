"""By whose key, and when, something was corrected, revoked or withdrawn: it counts as what is new does."""

from collections.abc import Callable
from typing import Any

import pytest
from questions.attacks.means import BAD, SHED, answer, begun, belongs, second_key, suspected
from questions.scene import say, selling
from rules.laboratory_words import OBJECTED
from rules.words import corrects, revoke, says, withdraw_mark
from tea import DISTRIBUTOR, GARDEN, GTIN, LABORATORY, LOT, OFFICE
from usual import MODEL, MORE, RIVAL, SAMPLE, Told, citing, day, finding, who
from world import BRAND, DAY_S

from ledger.statements.catalogue import type_name

INSPECTOR = MORE["second-inspector"][0]
OTHER, GOODS = f"{GTIN}/10/C1", {"goods": LOT, "page": "1"}
TEA = {"goods": OTHER, "page": "1"}


def notes(t: Told, question: str, **asks: Any) -> dict[str, list[int]]:
    """Return the entries of the notes of an answer by their codes."""
    found = t.world.ask(question, asks or selling())
    return {note["code"]: note["entries"] for note in found["notes"]}


def of_lot_and_sale(t: Told, goods: dict[str, str] = GOODS) -> list[str]:
    """Return the verdicts about a lot and the sale of its product."""
    return [answer(t, "trace", **goods)[0], answer(t, "listable")[0]]


def hired(t: Told) -> None:
    """Let an inspector belong to the brand from now on."""
    tie = {"kind": "affiliation", "of": BRAND, "relation": "tied", "categories": []}
    number = "urn:qualification:samr.cn:H-1"
    paper = says(
        "qualification",
        subject=who("second-inspector"),
        called="hired",
        number=number,
        from_=t.time(-0.5),
        **tie,
    )
    t.world.accept(paper(t.world))


def passed_then_refused(t: Told) -> dict[str, Any]:
    """Let one inspector pass a lot and another refuse it; return what would make the pass its answer."""
    t.tell("inspection", by="second-inspector", called="old", on=day(-0.5))
    t.world.wait(seconds=DAY_S)
    t.tell("inspection", called="bad", on=day(-0.5), **BAD)
    changes = {"on": t.time(-0.4), "answers": [citing("bad")(t)]}
    t.world.wait(seconds=DAY_S)
    return changes


def cleared_then_found(t: Told) -> dict[str, Any]:
    """Let one inspector find nothing at a place, another something; return what would make the first later."""
    t.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    t.tell("lot", subject=OTHER, called="c1", facility=SHED, made=day(-5), serial_range=...)
    fine: dict[str, Any] = {"subject": SHED, "findings": []}
    t.tell("origin-audit", by="second-inspector", called="old", on=day(-0.5), **fine)
    t.world.wait(seconds=DAY_S)
    bad = [finding("critical")]
    t.tell("origin-audit", subject=SHED, called="bad", findings=bad, on=day(-0.5))
    changes = {"on": t.time(-0.4)}
    t.world.wait(seconds=DAY_S)
    return changes


@pytest.mark.parametrize(
    ("found", "goods"), [(passed_then_refused, GOODS), (cleared_then_found, TEA)]
)
def test_who_is_hired_since_closes_nothing_by_correcting_what_it_passed(
    told: Told, found: Callable[[Told], dict[str, Any]], goods: dict[str, str]
):
    changes = found(told)
    assert of_lot_and_sale(told, goods) == ["no", "no"]
    hired(told)
    told.world.accept(corrects("old", "second-inspector", **changes)(told.world))
    assert of_lot_and_sale(told, goods) == ["no", "no"]


@pytest.mark.parametrize(
    ("found", "goods"), [(passed_then_refused, GOODS), (cleared_then_found, TEA)]
)
def test_what_is_closed_by_a_correction_names_it(
    told: Told, found: Callable[[Told], dict[str, Any]], goods: dict[str, str]
):
    changes = found(told)
    by = told.world.accept(corrects("old", "second-inspector", **changes)(told.world))
    for question, asks in (("trace", goods), ("listable", selling())):
        assert notes(told, question, **asks)["finding-closed"][-1] == by.index


def test_an_index_rises_by_no_correction_of_who_was_hired_since(told: Told):
    told.tell("quality-model")
    on, failing = told.time(-0.2), {"decision": "refused", "nonconforming": 2}
    told.tell("inspection", called="seen", by="second-inspector", on=day(-0.9))
    told.tell("inspection", called="bad", mode="mystery", on=day(-0.5), **failing)
    asked = {"subject": GTIN, "model": MODEL}
    before = told.world.ask("index", asked)
    told.world.wait(seconds=DAY_S)
    hired(told)
    told.world.accept(corrects("seen", "second-inspector", on=on)(told.world))
    after = told.world.ask("index", asked)
    assert "index-tied" in [note["code"] for note in after["notes"]]
    assert after["score"] <= before["score"]


def test_a_pass_that_a_stolen_key_made_the_answer_says_so(told: Told):
    """What was inspected counts until somebody says it anew; whose key it was is told beside it."""
    changes = passed_then_refused(told)
    since = second_key(told, "second-inspector", INSPECTOR)
    by = told.world.accept(corrects("old", "second-inspector", **changes)(told.world))
    suspected(told, "second-inspector", INSPECTOR, since)
    for question, asks in (("trace", GOODS), ("listable", selling())):
        assert by.index in notes(told, question, **asks)["key-suspected"]


def stated_again(t: Told, name: str, **changes: Any) -> bytes:
    """Return what was called so, stated anew with changes."""
    statement, body = t.said[name]
    how = changes.pop("how", {"by": "brand"})
    fields = {k: v for k, v in t.fields_of(name).items() if k not in ("v", "type")} | changes
    return t.world.statement(
        type_name(body), fields, by=how["by"], issuer=BRAND, subject=statement.subject
    )


def said_otherwise(t: Told, name: str, way: str, **changes: Any) -> None:
    """Let the brand correct what was called so, or state it anew, with changes."""
    if way == "corrected":
        t.world.accept(corrects(name, "brand", **changes)(t.world))
    else:
        t.world.accept(stated_again(t, name, **changes))


def stolen(t: Told, name: str, how: str = "corrected", **changes: Any) -> Callable[[], None]:
    """Let a thief of the brand's key say something again with changes; return what has that key revoked."""
    since = second_key(t, "brand", BRAND)
    said_otherwise(t, name, how, **changes)
    return lambda: suspected(t, "brand", BRAND, since)


def elsewhere(t: Told) -> None:
    """Let the brand state a lot, and something critical be found at a place that is not its own."""
    t.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    bad = {"findings": [finding("critical")], "on": day(-0.9)}
    t.tell("origin-audit", subject=SHED, called="bad", **bad)
    t.tell("lot", subject=OTHER, called="c1", serial_range=..., made=day(-3))


def bought(t: Told) -> None:
    """Let the brand state a lot, and another one be called back."""
    t.tell("lot", subject=OTHER, called="c1", serial_range=..., made=day(-0.1))
    t.tell("recall", by="operator")


THEFTS: list[tuple[Callable[[Told], None], dict[str, Any]]] = [
    (elsewhere, {"facility": SHED}),
    (bought, {"inputs": [LOT]}),
]


@pytest.mark.parametrize("how", ["corrected", "stated"])
@pytest.mark.parametrize(("story", "changes"), THEFTS)
def test_what_a_thief_made_of_a_lot_falls_with_the_key(
    told: Told, story: Callable[[Told], None], changes: dict[str, Any], how: str
):
    story(told)
    before = answer(told, "trace", **TEA), answer(told, "listable")
    revoked = stolen(told, "c1", how, **changes)
    assert answer(told, "trace", **TEA)[0] == "no"
    revoked()
    assert (answer(told, "trace", **TEA), answer(told, "listable")) == before
    for question, asks in (("trace", TEA), ("listable", selling())):
        assert "key-suspected" in notes(told, question, **asks)


@pytest.mark.parametrize("again", ["corrected", "stated"])
@pytest.mark.parametrize("how", ["corrected", "stated"])
@pytest.mark.parametrize(("story", "changes"), THEFTS)
def test_the_owner_says_a_lot_right_again(
    told: Told, story: Callable[[Told], None], changes: dict[str, Any], how: str, again: str
):
    story(told)
    before = answer(told, "trace", **TEA), answer(told, "listable")
    stolen(told, "c1", how, **changes)()
    said_otherwise(told, "c1", again, how={"by": "brand2", "issuer": BRAND})
    assert (answer(told, "trace", **TEA), answer(told, "listable")) == before
    for question, asks in (("trace", TEA), ("listable", selling())):
        assert "key-suspected" in notes(told, question, **asks), "else it shed them in silence"


@pytest.mark.parametrize("how", ["corrected", "stated"])
def test_a_doubt_goes_with_what_is_said_again_where_the_doubted_word_named_no_more(
    told: Told, how: str
):
    told.tell("lot", subject=OTHER, called="c1", serial_range=..., made=day(-3))
    stolen(told, "c1", how, quantity={"amount": "700", "unit": "kg"})()
    assert "key-suspected" in notes(told, "trace", **TEA)
    two = {"by": "brand2", "issuer": BRAND}
    told.world.accept(stated_again(told, "c1", how=two))
    for question, asks in (("trace", TEA), ("listable", selling())):
        assert "key-suspected" not in notes(told, question, **asks)


@pytest.mark.parametrize("again", ["corrected", "stated"])
def test_who_doubts_its_own_key_sheds_no_place_in_silence(told: Told, again: str):
    """The place was named first, and goods from another one with a sound key: then it was found."""
    told.tell("quality-model")
    told.tell("facility", subject=SHED, called="shed")
    told.tell("lot", subject=OTHER, called="c1", serial_range=..., made=day(-3))
    since = second_key(told, "brand", BRAND)
    told.world.accept(corrects("c1", "brand", facility=SHED)(told.world))
    said_otherwise(told, "c1", again, how={"by": "brand2", "issuer": BRAND})
    bad = {"findings": [finding("critical")], "on": day(-0.01)}
    told.tell("origin-audit", subject=SHED, called="bad", **bad)
    assert of_lot_and_sale(told, TEA) == ["no", "no"]
    suspected(told, "brand", BRAND, since)
    assert of_lot_and_sale(told, TEA) == ["yes", "yes"]
    index = {"subject": GTIN, "model": MODEL}
    for question, asks in (("trace", TEA), ("listable", selling()), ("index", index)):
        assert "key-suspected" in notes(told, question, **asks), question


def test_a_revoked_key_takes_back_no_correction_of_a_lot_that_it_stated(told: Told):
    """All of what that key said is in doubt alike: what the lot was made of counts."""
    since = second_key(told, "brand", BRAND)
    bought(told)
    told.world.accept(corrects("c1", "brand", inputs=[LOT])(told.world))
    suspected(told, "brand", BRAND, since)
    assert "lot-recalled" in answer(told, "trace", **TEA)[1]


def test_no_doubt_about_a_correction_frees_serial_numbers_of_a_recalled_lot(told: Told):
    later, range_ = f"{GTIN}/10/A8", {"first": "001", "last": "480"}
    told.tell("lot", subject=OTHER, called="c1", made=day(-0.5), serial_range=...)
    revoked = stolen(told, "c1", serial_range=range_)
    ours: dict[str, Any] = {"how": {"by": "brand2", "issuer": BRAND}}
    told.tell("recall", subject=OTHER, called="recalled", **ours)
    told.world.wait(seconds=10 * DAY_S)
    told.tell("lot", subject=later, called="later", made=day(-1), serial_range=range_, **ours)
    told.tell("inspection", subject=later, called="pass", on=day(-0.1))
    assert answer(told, "listable")[0] == "no"
    revoked()
    assert "lot-recalled" in answer(told, "listable")[1]


@pytest.mark.parametrize("how", ["corrected", "stated"])
def test_an_item_leaves_a_recalled_lot_by_no_doubt_about_its_own_key(told: Told, how: str):
    later, item = f"{GTIN}/10/D1", {"goods": f"{GTIN}/21/902", "page": "1"}
    told.tell("lot", subject=OTHER, called="c1", serials=["901"], serial_range=..., made=day(-3))
    revoked = stolen(told, "c1", how, serials=["901", "902"])
    told.tell("recall", by="operator", subject=OTHER, called="recalled")
    assert answer(told, "trace", **item)[0] == "no"
    revoked()
    two: dict[str, Any] = {"how": {"by": "brand2", "issuer": BRAND}}
    if how == "stated":
        told.world.accept(stated_again(told, "c1", **two))
    own: dict[str, Any] = {"serials": ["902"], "serial_range": ...}
    told.tell("lot", subject=later, called="d1", made=day(-1), **own, **two)
    assert answer(told, "trace", **item) == ("unknown", ["serial-contested"])
    assert "key-suspected" in notes(told, "trace", **item)
    named = {"goods": f"{later}/21/902", "page": "1"}
    assert answer(told, "trace", **named) == ("yes", []), (
        "who has it in hand reads of which lot it is"
    )


@pytest.mark.parametrize("how", ["corrected", "stated"])
def test_a_product_stays_in_its_category_when_a_thief_says_another(told: Told, how: str):
    revoked = stolen(told, "product", how, category="food/tea/black")
    assert answer(told, "may_sell") == ("no", ["grant-goods"])
    revoked()
    assert answer(told, "may_sell") == ("yes", [])
    assert "key-suspected" in notes(told, "may_sell")
    two = {"by": "brand2", "issuer": BRAND}
    told.world.accept(stated_again(told, "product", how=two))
    assert answer(told, "may_sell") == ("yes", [])
    assert "key-suspected" in notes(told, "may_sell")


def test_a_report_corrected_by_a_stolen_key_is_at_risk():
    told = begun()
    say(told, *OBJECTED[:-1])
    since = second_key(told, "laboratory", LABORATORY)
    told.world.accept(corrects("report", "laboratory", note="misprint")(told.world))
    suspected(told, "laboratory", LABORATORY, since)
    found = answer(told, "report", sample=SAMPLE, report="*")
    assert "key-suspected" in found[1]


def test_a_grant_revoked_by_a_stolen_key_says_so_and_may_be_made_anew(told: Told):
    since = second_key(told, "distributor", DISTRIBUTOR)
    end = told.world.accept(revoke("trader", "trader", "distributor")(told.world))
    suspected(told, "distributor", DISTRIBUTOR, since)
    assert answer(told, "may_sell") == ("no", ["grant-revoked"])
    assert end.index in notes(told, "may_sell")["key-suspected"]
    own = {"how": {"by": "distributor2", "issuer": DISTRIBUTOR}}
    told.tell("authorisation", called="anew", **own)
    assert answer(told, "may_sell")[0] == "yes"
    assert list(notes(told, "may_sell")) == ["grant-again"]


def test_a_mark_withdrawn_by_a_stolen_key_says_so(told: Told):
    since = second_key(told, "office", OFFICE)
    end = told.world.accept(withdraw_mark()(told.world))
    suspected(told, "office", OFFICE, since)
    for question in ("may_sell", "listable"):
        assert "trademark-withdrawn" in answer(told, question)[1]
        assert end.index in notes(told, question)["key-suspected"]


@pytest.mark.parametrize("how", ["corrected", "stated"])
def test_who_said_goods_were_made_elsewhere_closes_nothing_there(told: Told, how: str):
    """Of a place that a maker named before its own inspector finds nothing any more."""
    told.tell("facility", by="rival", subject=SHED, called="shed", owner=RIVAL)
    made = {"serial_range": ..., "made": day(-3), "facility": SHED}
    told.tell("lot", subject=OTHER, called="c1", **made)
    told.world.wait(seconds=DAY_S)
    told.world.accept(
        corrects("c1", "brand", facility=GARDEN)(told.world)
        if how == "corrected"
        else stated_again(told, "c1", facility=GARDEN)
    )
    audit: dict[str, Any] = {"subject": SHED, "findings": []}
    told.tell("origin-audit", called="bad", **audit | {"findings": [finding("critical")]})
    before = answer(told, "trace", **TEA), answer(told, "listable")
    assert [verdict for verdict, _ in before] == ["no", "no"]
    belongs(told, "brand")
    told.tell("origin-audit", called="tame", by="second-inspector", on=told.time(-0.5), **audit)
    assert (answer(told, "trace", **TEA), answer(told, "listable")) == before
    told.tell("origin-audit", called="free", on=told.time(-0.4), **audit)
    assert of_lot_and_sale(told, TEA) == ["yes", "yes"]
