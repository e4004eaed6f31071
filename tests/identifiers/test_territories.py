"""Territories: ISO 3166 by its list, held against the list that pycountry carries."""

import json
import re
from hashlib import sha256
from importlib.resources import files

import pycountry
import pytest
from conftest import ROOT

from ledger.errors import MalformedError
from ledger.identifiers.territories import (
    check_country,
    check_territory,
    codes,
    divisions,
    listed_twice,
    within,
)
from ledger.phrases.territory_words import territory_called
from ledger.rules.scope import covers_territory, territories_meet

LISTED = {item.code for item in pycountry.subdivisions} | {
    item.alpha_2 for item in pycountry.countries
}


def test_the_codes_are_those_of_the_list_but_for_second_ones_of_one_place():
    assert set(codes()) - set(divisions()) == LISTED - set(listed_twice())
    for code in codes():
        check_territory(code)


def test_the_published_rules_bind_the_list():
    parent = {code: [*within(code)][1:2] for code in codes()}
    lines = [" ".join((code, *above)) for code, above in sorted(parent.items())]
    bound = json.loads((ROOT / "ledger/rules/documents/1.json").read_bytes())["territories"]
    digest = sha256(("\n".join(lines) + "\n").encode()).hexdigest()
    assert bound == {"codes": len(lines), "sha256": digest}


def test_what_names_no_place_any_more_names_the_code_that_does():
    for code, now in listed_twice().items():
        assert set(now) <= set(codes()), code
        with pytest.raises(MalformedError, match=f"did you mean {now[0]}"):
            check_territory(code)


def test_parts_lie_where_the_list_says():
    for item in pycountry.subdivisions:
        if item.code in listed_twice():
            continue
        above = list(within(item.code))
        assert above[0] == item.code
        assert above[-1] == item.country_code
        if item.parent_code:
            assert above[1] in (item.parent_code, *listed_twice().get(item.parent_code, ()))


MEANT = {
    "CN-33": "CN-ZJ",
    "CN-11": "CN-BJ",
    "CN-15": "CN-NM",
    "CN-HK": "HK",
    "CN-71": "TW",
    "CN-330100": "CN-ZJ-330100",
    "CN-3301": "CN-ZJ-330100",
    "CN-33-0100": "CN-ZJ-330100",
    "CN-JS-330100": "CN-ZJ-330100",
    "CN-ZJ-330199": "CN-ZJ-330100",
    "CN-330106000000": "CN-ZJ-330106",
    "CN-ZJ-339900": "mean CN-ZJ",
    "CN-110100": "mean CN-BJ",
    "CN-HB-429000": "mean CN-HB",
    "CN-CQ-500105": "CN-CQ-500157",
    "cn-zj-330100": "CN-ZJ-330100",
    "CN-HANG": "mean CN",
    "CN-GDD": "CN-GD",
    "cn-zj": "CN-ZJ",
    "cn": "CN",
    "UK": "GB",
    "EL": "GR",
    "SU": "RU",
    "FR-75": "FR-75C",
    "ES-M": "ES-MD",
    "NL-BQ1": "BQ-BO",
    "MX-DIF": "MX-CMX",
    "IN-OR": "IN-OD",
}


@pytest.mark.parametrize(("text", "meant"), MEANT.items())
def test_a_code_that_is_none_is_refused_with_the_one_meant(text: str, meant: str):
    with pytest.raises(MalformedError, match=meant):
        check_territory(text)


@pytest.mark.parametrize("text", ["ZZ", "CN-QQ", "XX-YY", "", "156", "CHN", "CN-"])
def test_what_iso_does_not_list_is_refused(text: str):
    with pytest.raises(MalformedError, match="not listed by ISO 3166"):
        check_territory(text)


@pytest.mark.parametrize("text", ["CN-ZJ", "*", "ZZ", "UK", "cn"])
def test_a_country_is_two_letters_of_the_list(text: str):
    check_country("CN")
    with pytest.raises(MalformedError):
        check_country(text)


def test_each_city_and_county_lies_in_one_province_that_its_digits_name():
    provinces = {now[0]: old[-2:] for old, now in listed_twice().items() if old[3:].isdigit()}
    cities = [code for code in divisions() if code.endswith("00")]
    assert (len(cities), len(divisions()) - len(cities)) == (333, 2845)
    for code, (above, name) in divisions().items():
        province, digits = code[:5], code[6:]
        assert digits[:2] == provinces[province]
        assert above in (province, f"{code[:-2]}00")
        assert len(name) > 1
        assert [*within(code)][-2:] == [province, "CN"]


def test_the_list_is_that_of_another_source_but_for_what_that_has_not_yet():
    path = files("stdnum.cn") / "loc.dat"
    there, province = set(), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([0-9]{2}) province=", line):
            province = match[1]
        elif match := re.match(r'  ([0-9]{4}) county="(.*)"', line):
            names = re.findall(r"(?:\[[0-9]*-([0-9]*)\])?([^\[\]]+)", match[2])
            there |= {province + match[1] for until, _ in names if not until}
    own = {code[6:] for code in divisions()}
    assert own - there == {"330113", "330114"}  # Hangzhou's districts of 2021


def test_a_grant_for_a_city_carries_a_sale_in_its_counties_and_no_other():
    for granted in ("CN-ZJ-330106", "CN-ZJ-330100", "CN-ZJ", "CN", "*"):
        assert covers_territory((granted,), "CN-ZJ-330106")
    for granted in ("CN-ZJ-330200", "CN-ZJ-330108", "CN-JS", "HK"):
        assert not covers_territory((granted,), "CN-ZJ-330106")
    assert not covers_territory(("CN-ZJ-330100",), "CN-ZJ")
    assert territories_meet(("CN-ZJ",), ("CN-ZJ-330106",))
    assert not territories_meet(("CN-ZJ-330100",), ("CN-ZJ-330200",))


CALLED = {
    "杭州": "CN-ZJ-330100",
    "杭州市": "CN-ZJ-330100",
    "浙江省杭州市": "CN-ZJ-330100",
    "浙江杭州西湖区": "CN-ZJ-330106",
    "杭州市西湖区": "CN-ZJ-330106",
    "仙桃市": "CN-HB-429004",
    "北京海淀区": "CN-BJ-110108",
    "浙江": "CN-ZJ",
    "吉林": "CN-JL",
    "吉林市": "CN-JL-220200",
    "鼓楼区": None,
    "西湖区": None,
}


@pytest.mark.parametrize(("name", "code"), CALLED.items())
def test_a_place_is_known_by_its_name_where_it_is_the_only_one(name: str, code: str | None):
    assert territory_called(name) == code


def test_a_grant_for_a_region_carries_a_sale_in_its_parts():
    for granted in ("FR-67", "FR-6AE", "FR-GES", "FR", "*"):
        assert covers_territory((granted,), "FR-67")
        assert territories_meet((granted,), ("FR-67",))
    for granted in ("FR-68", "FR-IDF", "F", "FR-6", "DE"):
        assert not covers_territory((granted,), "FR-67")
    assert not covers_territory(("FR-67",), "FR-GES")
    assert not covers_territory(("CN",), "HK")
