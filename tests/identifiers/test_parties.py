"""Identifiers: one spelling each, all others refused."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean

from ledger.errors import MalformedError
from ledger.identifiers import MAX_ORIGIN_SIZE, check_origin, check_party, check_uscc
from ledger.identifiers.uscc import check_character

GLN = "https://id.gs1.org/417/6901234507010"
FIRM = "urn:uscc:91110000600037341L"
WEB = "did:web:brand.example"
PERSON = "urn:pinyuan:person:0123456789abcdef0123456789abcdef"
LABEL = "a" * 63


@pytest.mark.parametrize(
    "party",
    [
        GLN,
        "https://id.gs1.org/417/0614141000005",
        FIRM,
        WEB,
        "did:web:a.b.c.example",
        "did:web:brand-2.example",
        "did:web:7.example",
        "did:web:xn--fiq228c.example",
        f"did:web:{LABEL}.{LABEL}.{LABEL}.example",
        PERSON,
    ],
)
def test_a_canonical_party_id_is_taken(party: str):
    check_party(party)


OTHER_SPELLINGS = {
    "the check digit is wrong": GLN[:-1] + "1",
    "twelve digits": GLN[:-1],
    "fourteen digits": GLN + "0",
    "another scheme": GLN.replace("https", "http"),
    "a host in another case": GLN.replace("id.gs1.org", "ID.GS1.ORG"),
    "another resolver": GLN.replace("id.gs1.org", "brand.example"),
    "a facility's key": GLN.replace("/417/", "/414/"),
    "a slash behind it": GLN + "/",
    "an empty query": GLN + "?",
    "an Arabic digit": GLN[:-1] + "\u0660",
    "a full-width digit": GLN[:-1] + "\uff10",
    "the check character is wrong": FIRM[:-1] + "K",
    "lower case": FIRM.lower(),
    "a hyphen": FIRM.replace("9111", "9111-"),
    "seventeen characters": FIRM[:-1],
    "a scheme in another case": "URN:uscc:91110000600037341L",
    "a did:web host in another case": "did:web:Brand.example",
    "the root's dot": "did:web:brand.example.",
    "a host without a domain": "did:web:brand",
    "no host": "did:web:",
    "an address": "did:web:192.0.2.1",
    "a path": "did:web:brand.example:shop",
    "a port": "did:web:brand.example%3A443",
    "an empty label": "did:web:brand..example",
    "a label that begins with a hyphen": "did:web:-brand.example",
    "a label that ends with a hyphen": "did:web:brand-.example",
    "a last label that ends with a hyphen": "did:web:brand.example-",
    "an underscore": "did:web:brand_2.example",
    "a label that is not punycode": "did:web:品源.example",
    "a label of 64": f"did:web:{LABEL}a.example",
    "a host of more than 253": f"did:web:{LABEL}.{LABEL}.{LABEL}.{LABEL}.example",
    "another method": "did:key:z6Mk",
    "upper case": PERSON.upper(),
    "upper-case digits": PERSON.replace("abcdef", "ABCDEF"),
    "31 digits": PERSON[:-1],
    "33 digits": PERSON + "0",
    "nothing": "",
    "a bare word": "brand",
}


@pytest.mark.parametrize("party", OTHER_SPELLINGS.values(), ids=OTHER_SPELLINGS)
def test_another_spelling_of_a_party_id_is_refused(party: str):
    with pytest.raises(MalformedError):
        check_party(party)


@pytest.mark.parametrize("party", [GLN, FIRM, WEB, PERSON])
@pytest.mark.parametrize("stray", [" ", "\n", "\0", "\u200b", "\u202e", "#", "?"])
def test_a_stray_character_around_a_party_id_is_refused(party: str, stray: str):
    for other in (party + stray, stray + party, party[:12] + stray + party[12:]):
        with pytest.raises(MalformedError):
            check_party(other)


@settings(deadline=None)
@given(digits=st.text("0123456789", min_size=12, max_size=12))
def test_of_the_ten_last_digits_one_makes_a_gln(digits: str):
    right = digits + ean.calc_check_digit(digits)
    for last in "0123456789":
        party = f"https://id.gs1.org/417/{digits}{last}"
        if party.endswith(right):
            check_party(party)
        else:
            with pytest.raises(MalformedError, match="check digit"):
                check_party(party)


CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z


def test_a_code_with_one_character_changed_is_refused():
    code = FIRM[-18:]
    check_uscc(code)
    for at in range(18):
        for other in set(CODE_CHARACTERS + "IOSVZ") - {code[at]}:
            with pytest.raises(MalformedError):
                check_uscc(code[:at] + other + code[at + 1 :])


@settings(deadline=None)
@given(
    head=st.sampled_from(["91", "92", "93", "51", "12", "N2", "Y1", "A1"]),
    region=st.sampled_from(["100000", "110000", "330106", "320594", "659001"]),
    tail=st.text(CODE_CHARACTERS, min_size=9, max_size=9),
)
def test_a_code_of_the_standards_characters_has_one_check_character(head, region, tail):
    body = head + region + tail
    right = check_character(body)
    accepted = []
    for last in CODE_CHARACTERS:
        try:
            check_uscc(body + last)
        except MalformedError:
            continue
        accepted.append(last)
    assert accepted == [right]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_party_id_or_malformed(text: str):
    for check in (check_party, check_uscc, check_origin):
        with suppress(MalformedError):
            check(text)


@pytest.mark.parametrize("origin", ["ledger.example/main", "品源.example/1", "a", "x" * 200])
def test_a_log_name_that_can_stand_everywhere_is_taken(origin: str):
    check_origin(origin)


@pytest.mark.parametrize(
    "origin", ["", "a b", "a+b", "a#1", "a\n", "a\u00a0b", "x" * 201, "品" * 67, "\x7f"]
)
def test_a_log_name_that_could_not_is_refused(origin: str):
    assert MAX_ORIGIN_SIZE == 200
    with pytest.raises(MalformedError):
        check_origin(origin)
