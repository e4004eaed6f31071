"""What nobody registered stands first among the reasons of every question that is asked about it."""

from typing import Any

import pytest
from usual import Told

from ledger.phrases import sentences
from ledger.questions.declared import QUESTIONS, Form, Question

PARTY, SHOP = "did:web:nobody.example", "urn:shop:mall.example:nobodys"
PRODUCT = "https://id.gs1.org/01/06901234500998"
LOT, PLACE = f"{PRODUCT}/10/Z9", "https://id.gs1.org/414/6901234507997"
ITEM, SAMPLE = f"{LOT}/21/7", "urn:sample:nobodys"
UNIT = "https://id.gs1.org/00/006141411234567890"

UNREGISTERED: dict[Form, tuple[str, ...]] = {
    "party": (PARTY,),
    "product": (PRODUCT,),
    "goods": (PRODUCT, LOT, ITEM),
    "followed": (LOT, ITEM, UNIT),
    "about": (PLACE, LOT),
    "subject": (PARTY, SHOP, PRODUCT, LOT),
    "indexed": (PRODUCT, PARTY),
    "sample": (SAMPLE,),
    "facility": (PLACE,),
}
"""What parameters of these forms name, registered by nobody."""
OTHERS: dict[Form, str] = {
    "text": "x",
    "topic": "generic",
    "trademark": "urn:trademark:cn:99999999:30",
    "any-trademark": "*",
    "any-statement": "*",
    "any-party": "*",
    "any-observer": "*",
    "territory": "CN",
    "channel": "mall.example",
    "shop-type": "*",
    "statement": "ab" * 32,
    "days": "30",
    "count": "100",
    "level": "II",
    "aql": "1.0",
    "mode": "inbound",
    "time": "2026-05-01T08:00:00Z",
    "category": "food/fish",
    "model": "urn:model:quality",
    "month": "2026-05",
    "report": "*",
    "draw": "urn:draw:tea:1",
    "programme": "urn:programme:tea",
    "any-product": "*",
    "any-shop": "*",
}
EXPECTED = {
    PARTY: ["party-unknown"],
    SHOP: ["shop-unknown"],
    PRODUCT: ["product-unknown"],
    LOT: ["product-unknown", "lot-unknown"],
    ITEM: ["product-unknown", "lot-unknown"],
    PLACE: ["place-unknown"],
    SAMPLE: ["sample-unknown"],
    UNIT: ["unit-unknown"],
}


def asked() -> list[Any]:
    """Return each question with each thing of which nobody registered any."""
    found = []
    for question in QUESTIONS.values():
        named = [item for item in question.parameters if item.form in UNREGISTERED]
        for turn in range(max((len(UNREGISTERED[item.form]) for item in named), default=0)):
            asks = {
                item.name: item.default or OTHERS.get(item.form) for item in question.parameters
            }
            for item in named:
                options = UNREGISTERED[item.form]
                asks[item.name] = options[min(turn, len(options) - 1)]
            found.append(pytest.param(question, asks, id=f"{question.name} {turn}"))
    return found


@pytest.mark.parametrize(("question", "asks"), asked())
def test_what_nobody_registered_is_said_before_whatever_else_is_missing(
    told: Told, question: Question, asks: dict[str, str]
):
    answer = told.world.ask(question.name, asks)
    first = [code for item in question.parameters for code in EXPECTED.get(asks[item.name], ())]
    assert answer["verdict"] != "yes"
    assert [reason["code"] for reason in answer["reasons"]][: len(first)] == first
    for lang in ("en", "zh"):
        line = sentences(question.name, asks, answer, lang)[1]
        assert ("is not on record" if lang == "en" else "没有记录在案") in line


def test_every_form_that_names_something_is_tried():
    forms = {item.form for asked in QUESTIONS.values() for item in asked.parameters}
    assert forms == {*UNREGISTERED, *OTHERS}
