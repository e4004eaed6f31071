"""Names that are one, and near ones."""

# ruff: noqa: RUF001 - look-alikes are what it is about

import pytest

from ledger.primitives.near import did_you_mean, near, near_ids, normal_name, normal_unit

ONE = [
    ("铅\uff08Pb\uff09", "铅 (pb)"),
    ("GB 5009.12", "gb5009．12"),
    ("Lead", "lead"),
    ("α\u2013BHC", "α-BHC"),
    ("a\u3000b", "a b"),
]
UNITS = [
    ("\u00b5g/kg", "\u03bcg/kg"),
    ("ug/kg", "\u03bcg/kg"),
    ("MPN/100mL", "MPN/100 ml"),
    ("\u2103", "°C"),
    ("％", "%"),
    ("mg\uff0fkg", "mg/kg"),
]
OTHER_UNITS = [("mg/kg", "Mg/kg"), ("mPa", "MPa"), ("mg/kg", "g/kg"), ("L", "lm")]
NEAR = [
    ("residu", "residue"),
    ("identty", "identity"),
    ("nitrate", "nitrite"),
    ("cadmuim", "cadmium"),
    ("tetracyclin e", "tetracycline"),
]
FAR = [
    ("2,4-D", "2,5-D"),
    ("pesticide 1", "pesticide 2"),
    ("六价铬", "三价铬"),
    ("镉", "铬"),
    ("DDT", "DDE and DDT"),
    ("pH", "Pb"),
    ("", "a"),
]


@pytest.mark.parametrize(("left", "right"), ONE)
def test_two_spellings_of_a_name_are_one(left: str, right: str):
    assert normal_name(left) == normal_name(right)


@pytest.mark.parametrize(("left", "right"), UNITS)
def test_two_spellings_of_a_unit_are_one(left: str, right: str):
    assert normal_unit(left) == normal_unit(right)


@pytest.mark.parametrize(("left", "right"), OTHER_UNITS)
def test_another_unit_is_another(left: str, right: str):
    assert normal_unit(left) != normal_unit(right)


@pytest.mark.parametrize(("text", "word"), NEAR)
def test_a_slip_is_near(text: str, word: str):
    assert near(text, [word, "quite another"]) == [word]
    assert near(word, [text]) == [text]


@pytest.mark.parametrize(("text", "word"), FAR)
def test_another_name_is_not_near(text: str, word: str):
    assert near(text, [word]) == []


def test_the_nearest_are_named_first_and_three_at_most():
    assert near("lot", ["lots", "lot", "slot", "lo", "lt"]) == ["lo", "lots", "lt"]
    assert did_you_mean(["lot", "lots"]) == ": did you mean lot or lots?"
    assert did_you_mean([]) == ""


@pytest.mark.parametrize(
    ("id_", "meant"),
    [
        ("https://id.gs1.org/417/6901334507026", ["https://id.gs1.org/417/6901234507027"]),
        ("https://id.gs1.org/417/6901234507072", ["https://id.gs1.org/417/6901234507027"]),
        ("did:web:brand.exmaple", ["did:web:brand.example"]),
        ("did:web:brand.example", []),
        ("urn:shop:mall.example:TEA-HOUSE", ["urn:shop:mall.example:tea-house"]),
        ("did:web:other.example", []),
    ],
)
def test_an_id_stands_for_one_with_a_digit_mistaken_and_its_check_digit(id_: str, meant: list[str]):
    known = ["https://id.gs1.org/417/6901234507027", "did:web:brand.example"]
    known.append("urn:shop:mall.example:tea-house")
    assert near_ids(id_, known) == meant
