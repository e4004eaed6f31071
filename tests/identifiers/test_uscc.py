"""Unified social credit codes: who registers, what sort of body, where; no resident's number."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from ledger.errors import MalformedError
from ledger.identifiers.uscc import check_character, check_uscc, is_resident

SORTS = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "12349",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "1239",
    "A": "19",
    "N": "1239",
    "Y": "1",
}
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(head: str, rest: str = "330110MF1234567") -> str:
    return head + rest + check_character(head + rest)


@pytest.mark.parametrize(
    "number",
    [
        "91110000600037341L",
        "N2330110MF1234567D",
        "N1330110MF1234567G",
        "Y1330110MF12345678",
        "A1100000MB12345676",
    ],
)
def test_a_firm_a_village_and_a_barracks_have_their_code(number: str):
    check_uscc(number)


@pytest.mark.parametrize("first", CHARACTERS)
@pytest.mark.parametrize("second", CHARACTERS)
def test_of_all_beginnings_those_pass_that_the_standard_lists(first: str, second: str):
    number = code(first + second)
    if second in SORTS.get(first, ""):
        check_uscc(number)
    else:
        with pytest.raises(MalformedError, match=f"no body begins with {first}{second}"):
            check_uscc(number)


@pytest.mark.parametrize("province", ["00", "01", "20", "38", "70", "90"])
def test_a_place_in_no_province_is_refused(province: str):
    with pytest.raises(MalformedError, match="no province"):
        check_uscc(code("91", f"{province}0100MF1234567"))


def test_the_check_character_is_the_one_that_others_compute():
    for head in ("91", "12", "51"):
        body = head + "330110MF1234567"
        assert check_character(body) == uscc.calc_check_digit(body)


def resident(body: str) -> str:
    return body + ric.calc_check_digit(body + "0")


@settings(deadline=None, max_examples=300)
@given(
    place=st.sampled_from(["110101", "321182", "311100", "511101", "341102", "530113", "513322"]),
    born=st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    turn=st.integers(0, 999),
)
def test_no_residents_number_is_a_code(place, born, turn):
    number = resident(f"{place}{born:%Y%m%d}{turn:03d}")
    assert is_resident(number)
    with pytest.raises(MalformedError, match="not repeated") as refused:
        check_uscc(number)
    assert number not in str(refused.value)


def test_a_residents_number_with_the_check_character_of_a_code_is_refused_too():
    both = [
        number
        for turn in range(1000)
        for place in ("321119", "311120", "511119", "341120", "531119")
        if (number := resident(f"{place[:2]}11{place[4:]}19850312{turn:03d}"))[17]
        == check_character(number[:17])
        and uscc.is_valid(number)
    ]
    assert both
    for number in both:
        with pytest.raises(MalformedError):
            check_uscc(number)


def test_a_firm_whose_code_is_all_digits_is_none():
    check_uscc("91310000132212317W")
    assert not is_resident("913100001322123170")
