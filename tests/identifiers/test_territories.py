"""Territories: ISO 3166 by its list, held against the list that pycountry carries."""

import json
from hashlib import sha256

import pycountry
import pytest
from conftest import ROOT

from ledger.errors import MalformedError
from ledger.identifiers.territories import (
    check_country,
    check_territory,
    codes,
    listed_twice,
    within,
)
from ledger.rules.scope import covers_territory, territories_meet

LISTED = {item.code for item in pycountry.subdivisions} | {
    item.alpha_2 for item in pycountry.countries
}


def test_the_codes_are_those_of_the_list_but_for_second_ones_of_one_place():
    assert set(codes()) == LISTED - set(listed_twice())
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
    "CN-330100": "the province CN-ZJ",
    "CN-3301": "the province CN-ZJ",
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


def test_a_grant_for_a_region_carries_a_sale_in_its_parts():
    for granted in ("FR-67", "FR-6AE", "FR-GES", "FR", "*"):
        assert covers_territory((granted,), "FR-67")
        assert territories_meet((granted,), ("FR-67",))
    for granted in ("FR-68", "FR-IDF", "F", "FR-6", "DE"):
        assert not covers_territory((granted,), "FR-67")
    assert not covers_territory(("FR-67",), "FR-GES")
    assert not covers_territory(("CN",), "HK")
