"""Goods, places, brands, papers, shops, territories: one spelling each, all others refused."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean

from ledger import identifiers as ids
from ledger.errors import CheckDigitError, MalformedError

GTIN = "https://id.gs1.org/01/06901234500004"
LOT = GTIN + "/10/A7"
PLACE = "https://id.gs1.org/414/6901234500103"

Check = Callable[[str], object]
FORMS: dict[str, tuple[Check, list[str], list[str]]] = {
    "a product": (
        ids.check_product,
        [GTIN, "https://id.gs1.org/01/16901234500001"],
        [
            GTIN[:-1] + "5",
            GTIN.replace("/069", "/69"),
            GTIN + "/",
            GTIN + "?17=270101",
            GTIN.replace("https", "http"),
            GTIN.replace("id.gs1.org", "ID.GS1.ORG"),
            GTIN.replace("id.gs1.org", "brand.example"),
            GTIN.replace("/01/", "/gtin/"),
            GTIN.replace("/01/", "/1/"),
            LOT,
            GTIN + "/21/7",
            GTIN + "/22/2A",
        ],
    ),
    "what claims are decided on": (
        ids.check_claimed,
        [GTIN, LOT, "https://id.gs1.org/414/6901234500103", "urn:standard:samr.cn:GB2762"],
        [GTIN[:-1] + "5", GTIN + "/21/7", "urn:shop:mall.example:tea-1", "urn:sample:s1"],
    ),
    "a lot": (
        ids.check_lot,
        [
            LOT,
            GTIN + "/10/a7",
            GTIN + "/10/7%2F3",
            GTIN + "/10/" + "%25" * 20,
            "urn:lot:06901234500004:20260501早班A",
            "urn:lot:06901234500004:" + "A" * 21,
            "urn:lot:06901234500004:" + "早" * 90,
            "urn:lot:06901234500004:20260501-早班-(2)/3号",
        ],
        [
            GTIN,
            LOT + "/21/7",
            GTIN + "/10/",
            GTIN + "/10/7%2f3",
            GTIN + "/10/%417",
            GTIN + "/10/A+B",
            GTIN + "/10/A B",
            GTIN + "/10/A%20B",
            GTIN + "/10/%E6%98%A5",
            GTIN + "/10/%",
            GTIN + "/10/%2",
            GTIN + "/10/" + "A" * 21,
            GTIN + "/10/" + "%25" * 21,
            GTIN + "/10/A7/",
            GTIN + "/10/A7/10/B8",
            "urn:lot:06901234500004:A7",
            "urn:lot:06901234500004:" + "A" * 20,
            "urn:lot:06901234500005:20260501早班A",
            "urn:lot:06901234500004:20260501 早班",
            "urn:lot:06901234500004:２０２６早班",
            "urn:lot:06901234500004:早班[2]",
            "urn:lot:06901234500004:早" + "é",
            "urn:lot:06901234500004:" + "早" * 91,
            "urn:lot:06901234500004:",
            "urn:lot:6901234500004:早班",
            "urn:lot:06901234500004:早班/21/7\n",
        ],
    ),
    "an item": (
        ids.check_item,
        [GTIN + "/21/0001", LOT + "/21/0001"],
        [GTIN, LOT, GTIN + "/21/0001/10/A7", GTIN + "/21/"],
    ),
    "a facility": (
        ids.check_facility,
        [PLACE],
        [PLACE[:-1] + "4", PLACE.replace("/414/", "/417/"), PLACE + "/254/1", PLACE + "0"],
    ),
    "a trademark": (
        ids.check_trademark,
        ["urn:trademark:cn:12345678:30", "urn:trademark:eu:W01234567:1", "urn:trademark:cn:1:45"],
        [
            "urn:trademark:cn:012345678:30",
            "urn:trademark:CN:12345678:30",
            "urn:trademark:cn:12345678:030",
            "urn:trademark:cn:12345678:46",
            "urn:trademark:cn:12345678:0",
            "urn:trademark:cn:12345678",
            "urn:trademark:cn:w1:30",
            "urn:trademark:cn:123-45:30",
            "urn:Trademark:cn:12345678:30",
        ],
    ),
    "the number of a paper": (
        ids.check_number,
        [
            "urn:qualification:samr.cn:SP-2026-0007",
            "urn:qualification:nmpa.cn:津药监械经营许20210123号",
            "urn:qualification:samr.cn:京食药监(2021)12/3号",
            "urn:qualification:samr.cn:(2021)国认监认字(123)号",
            "urn:trademark:cn:12345678:30",
        ],
        [
            "urn:qualification:samr.cn:sp-1",
            "urn:qualification:SAMR:SP-1",
            "urn:qualification:samr.cn.:SP-1",
            "urn:qualification:samr..cn:SP-1",
            "urn:qualification:samr.cn:",
            "urn:qualification:samr.cn:-1",
            "urn:qualification:samr.cn:京食药监（2021）12号",
            "urn:qualification:samr.cn:京食药监〔2021〕12号",  # noqa: RUF001 - as printed
            "urn:qualification:samr.cn:京食药监[2021]12号",
            "urn:qualification:samr.cn:京食药监(2021) 12号",
            "urn:qualification:samr.cn:京食药监(2021)１２号",
            "urn:qualification:samr.cn:京食药监(2021)12—3号",
            "urn:qualification:samr.cn:京食药监(2021",
            "urn:qualification:samr.cn:2021)12",
            "urn:qualification:samr.cn:()12",
            "urn:qualification:samr.cn:((1)2)",
            "urn:qualification:samr.cn:%E6%B4%A5",
            "urn:qualification:samr.cn:\ufa0e1",
            "SP-1",
        ],
    ),
    "a shop": (
        ids.check_shop,
        ["urn:shop:mall.example:tea-1", "urn:shop:m:1", f"urn:shop:{'a' * 63}:1"],
        [
            "urn:shop:mall.example:Tea",
            "urn:shop:Mall.example:tea",
            "urn:shop:mall.example.:tea",
            "urn:shop:mall..example:tea",
            "urn:shop:.mall:tea",
            "urn:shop:mall-:tea",
            "urn:shop:mall.example:-tea",
            "urn:shop:mall.example:tea:1",
            "urn:shop:mall.example:",
            f"urn:shop:{'a' * 64}:1",
            "urn:shop:*:tea",
        ],
    ),
    "a standard": (
        ids.check_standard,
        ["urn:standard:samr.cn:GB2762-2022", "urn:standard:mall.example:TEA_1.0"],
        [
            "urn:standard:samr.cn:gb2762",
            "urn:standard:SAMR:GB2762",
            "urn:standard:samr.cn:",
            "urn:standard:samr.cn:GB 2762",
            "urn:standard:samr.cn:-GB",
            "urn:standard:samr.cn:GB:1",
            "urn:qualification:samr.cn:GB2762",
        ],
    ),
    "a channel": (
        ids.check_channel,
        ["mall.example", "m", "*", "mini-app.mall.example"],
        ["mall.example.", "MALL.example", "mall example", "mall/example", "", "**", "a..b", "-a"],
    ),
    "a quality model": (
        ids.check_model,
        ["urn:model:quality", "urn:model:tea-2"],
        ["urn:model:Tea", "urn:model:", "urn:model:-a", "urn:model:a:b", "quality"],
    ),
    "what has a quality index": (
        ids.check_indexed,
        [GTIN, "did:web:tea.example", "urn:trademark:cn:12345678:30", "food/tea", "food"],
        [
            LOT,
            PLACE,
            GTIN + "/21/7",
            "urn:shop:mall.example:tea",
            "urn:model:quality",
            "urn:trademark:CN:1:30",
            "food/",
            "Food",
            "*",
            "",
        ],
    ),
    "a territory": (
        ids.check_territory,
        ["CN", "CN-ZJ", "GB-LND", "HK", "MO", "TW", "PR", "GB", "*"],
        [
            "cn",
            "CHN",
            "CN-",
            "CN-zj",
            "CN-HANG",
            "CN-HK",
            "CN-TW",
            "CN-91",
            "CN-33",
            "CN-QQ",
            "ZZ",
            "US-PR",
            "UK",
            "156",
            "CN/ZJ",
            "",
        ],
    ),
    "a logistic unit": (
        ids.check_unit,
        ["https://id.gs1.org/00/006141411234567890", "https://id.gs1.org/00/106141411234567897"],
        [
            "https://id.gs1.org/00/006141411234567891",
            "https://id.gs1.org/00/06141411234567890",
            "urn:epc:id:sscc:0614141.1234567890",
            "(00)006141411234567890",
            "006141411234567890",
        ],
    ),
    "a CAS number": (
        ids.check_cas,
        ["7439-92-1", "7440-43-9", "50-00-0"],
        ["7439-92-2", "07439-92-1", "7439921", "7439-92", "Pb", ""],
    ),
    "a category": (
        ids.check_category,
        ["food", "food/tea/green", "toys/0-3"],
        ["Food", "food/", "/food", "food//tea", "food/tea green", "食品", "*", "a/" * 8 + "a", ""],
    ),
    "goods of a grant": (
        ids.check_goods,
        ["*", "food/tea", GTIN],
        [LOT, "https:", GTIN[:-1] + "5", "**"],
    ),
    "a sample": (ids.check_sample, ["urn:sample:s-1"], ["urn:sample:S1", "urn:sample:", "s1"]),
    "a visit": (
        ids.check_visit,
        ["urn:visit:v1"],
        ["urn:visit:v 1", "urn:visits:v1", "urn:visit:"],
    ),
    "a programme": (
        ids.check_programme,
        ["urn:programme:spring"],
        ["urn:programme:", "urn:programme:Spring", "urn:programme:spring:1", "urn:programmes:a"],
    ),
    "a roster": (
        ids.check_roster,
        ["urn:roster:inspectors-1"],
        ["urn:roster:", "urn:roster:in spectors", "urn:rosters:a", "inspectors"],
    ),
    "a checklist": (
        ids.check_checklist,
        ["urn:checklist:garden-1"],
        ["urn:checklist:", "urn:checklist:a b", "urn:checklists:a", "garden"],
    ),
    "a draw": (
        ids.check_draw,
        ["urn:draw:spring:1", "urn:draw:spring:999999999"],
        [
            "urn:draw:spring:0",
            "urn:draw:spring:01",
            "urn:draw:spring",
            "urn:draw:spring:1000000000",
        ],
    ),
}
TAKEN = [
    pytest.param(check, text, id=f"{name}: {text}")
    for name, (check, taken, _) in FORMS.items()
    for text in taken
]
OTHERS = [
    pytest.param(check, text, id=f"{name}: {text}")
    for name, (check, _, refused) in FORMS.items()
    for text in refused
]


@pytest.mark.parametrize(("check", "text"), TAKEN)
def test_the_canonical_spelling_is_taken(check: Check, text: str):
    check(text)


@pytest.mark.parametrize(("check", "text"), OTHERS)
def test_another_spelling_is_refused(check: Check, text: str):
    with pytest.raises(MalformedError):
        check(text)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("stray", [" ", "\n", "\0", "\u200b", "\u202e", "#", "\uff10", "\u0660"])
def test_a_stray_character_around_an_id_is_refused(name: str, stray: str):
    check, taken, _ = FORMS[name]
    for text in taken:
        for other in (text + stray, stray + text):
            with pytest.raises(MalformedError):
                check(other)


@settings(deadline=None)
@given(text=st.text(max_size=60), name=st.sampled_from(sorted(FORMS)))
def test_any_text_is_an_id_or_malformed(text: str, name: str):
    try:
        FORMS[name][0](text)
    except MalformedError as error:
        assert "\n" not in str(error)  # noqa: PT017 - one line, whatever the text was


def test_every_form_of_ids_is_tested_here():
    public = {name for name in vars(ids) if name.startswith("check_")}
    elsewhere = {"check_key_name", "check_origin", "check_party", "check_uscc", "check_serial"}
    elsewhere |= {"check_country"}
    assert {check.__name__ for check, _, _ in FORMS.values()} == public - elsewhere


@settings(deadline=None)
@given(
    lot=st.from_regex(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}", fullmatch=True),
    serial=st.from_regex(r"[0-9A-Z]{1,20}", fullmatch=True),
)
def test_a_lot_of_gs1_characters_has_one_spelling_and_comes_apart_again(lot: str, serial: str):
    spelled = "".join(c if re.fullmatch(r"[A-Za-z0-9_.-]", c) else f"%{ord(c):02X}" for c in lot)
    goods = f"{GTIN}/10/{spelled}"
    ids.check_lot(goods)
    assert ids.lot_of(f"{goods}/21/{serial}") == goods
    assert ids.product_of(f"{goods}/21/{serial}") == GTIN
    escaped = "".join(f"%{ord(c):02X}" for c in lot)
    if escaped != spelled:
        with pytest.raises(MalformedError):
            ids.check_lot(f"{GTIN}/10/{escaped}")


def test_the_topic_of_a_visit_is_that_of_what_it_is_about():
    found = {text: ids.about_topic(text) for text in (PLACE, LOT, "urn:draw:spring:1")}
    assert list(found.values()) == ["facility", "inspection", "draw"]
    for other in (GTIN, "urn:shop:mall.example:tea", "urn:visit:v1", ""):
        with pytest.raises(MalformedError):
            ids.about_topic(other)


def test_a_category_and_its_ancestors_come_from_itself_upwards():
    assert [*ids.ancestors("food/tea/green")] == ["food/tea/green", "food/tea", "food"]


# GS1's own vectors.


def loaded(vectors: Path, name: str) -> list[dict[str, Any]]:
    return json.loads((vectors / "gs1" / name).read_bytes())["vectors"]


def takes(check: Check, text: str) -> bool:
    try:
        check(text)
    except MalformedError:
        return False
    return True


def test_check_digits_are_those_of_gs1(vectors: Path):
    looked_at = 0
    for item in loaded(vectors, "mod10-check-digit-vectors.json"):
        digits = item["digits"]
        if 8 <= len(digits) <= 14:  # the shorter keys are GTIN-14s behind zeroes
            looked_at += 1
            padded = digits.rjust(14, "0")
            assert takes(ids.check_product, f"https://id.gs1.org/01/{padded}") is item["valid"]
        if len(digits) == 13:
            for check, ai in ((ids.check_facility, 414), (ids.check_party, 417)):
                assert takes(check, f"https://id.gs1.org/{ai}/{digits}") is item["valid"]
    assert looked_at == 8


CANONICAL = re.compile(r"https://id\.gs1\.org/01/[0-9]{14}(/10/[A-Za-z0-9]+)?(/21/[A-Za-z0-9]+)?")
GOODS_AIS = re.compile(
    r"\^01(?P<gtin>[0-9]{14})(?:10(?P<lot>[A-Z]{1,9}))?(?:21(?P<serial>\w{1,9}))?"
)


def test_of_the_digital_links_of_gs1_only_the_canonical_ones_are_taken(vectors: Path):
    taken, spelled_again = 0, 0
    for item in loaded(vectors, "digital-link-parse-vectors.json"):
        uri = item["uri"]
        canonical = item["valid"] and CANONICAL.fullmatch(uri) is not None
        assert takes(ids.split_goods, uri) is canonical, uri
        taken += canonical
        found = GOODS_AIS.fullmatch(item["unbracketedAI"] or "")
        if found is not None and ean.is_valid(found["gtin"]):
            parts = [f"https://id.gs1.org/01/{found['gtin']}"]
            parts += [f"/10/{found['lot']}"] if found["lot"] else []
            parts += [f"/21/{found['serial']}"] if found["serial"] else []
            gtin, lot, serial = ids.split_goods("".join(parts))
            assert (gtin, lot, serial) == (found["gtin"], found["lot"], found["serial"])
            spelled_again += 1
    assert taken >= 1
    assert spelled_again >= 5


@pytest.mark.parametrize("check", [ids.about_topic, ids.check_claimed])
@pytest.mark.parametrize(
    "text", ["https://id.gs1.org/414/6901234500104", "https://id.gs1.org/01/06901234500005/10/A"]
)
def test_what_may_be_one_of_several_things_says_that_the_check_digit_is_wrong(check, text: str):
    with pytest.raises(CheckDigitError, match="check digit"):
        check(text)


MEANT = {
    GTIN + "/10/20260501%E6%97%A9%E7%8F%ADA": "urn:lot:06901234500004:20260501早班A",
    GTIN + "/10/" + "A" * 21: "urn:lot:06901234500004:" + "A" * 21,
    "urn:lot:06901234500004:A7": GTIN + "/10/A7",
    "urn:lot:06901234500004:A/7": GTIN + "/10/A%2F7",
    "urn:lot:06901234500004:20260501 早班A": "urn:lot:06901234500004:20260501早班A",
}


@pytest.mark.parametrize(("text", "meant"), MEANT.items())
def test_a_lot_in_another_spelling_is_refused_with_its_one(text: str, meant: str):
    with pytest.raises(MalformedError, match="did you mean") as error:
        ids.check_lot(text)
    assert f"did you mean {meant}?" in str(error.value)
    ids.check_lot(meant)


@pytest.mark.parametrize("number", ["A7", "A/7", "A" * 20, "A" * 21, "20260501早班A", "早班（2）"])
def test_a_lot_is_named_by_its_product_and_its_printed_number(number: str):
    lot = ids.lot_id(GTIN, number)
    ids.check_lot(lot)
    assert ids.product_of(lot) == GTIN
    assert ids.lot_of(lot) == lot
    assert ids.lot_id(GTIN, ids.lot_number(lot) or "") == lot
