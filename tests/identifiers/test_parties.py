"""Identifiers: one spelling each, all others refused."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean

from ledger.errors import MalformedError
from ledger.identifiers import MAX_ORIGIN_SIZE, check_origin, check_party, check_uscc
from ledger.identifiers.uscc import check_character
from ledger.primitives.strict import format_base64url

GLN = "https://id.gs1.org/417/6901234507010"
FIRM = "urn:uscc:91110000600037341L"
WEB = "did:web:brand.example"
PERSON = "urn:pinyuan:person:0123456789abcdef0123456789abcdef"
LABEL = "a" * 63


def jwk(text: str) -> str:
    return f"did:jwk:{format_base64url(text.encode())}"


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
        "did:web:brand.example:shop",
        "did:web:brand.example:issuers:7Up_a-b.c",
        "did:web:brand.example%3A8443",
        "did:web:brand.example%3A8443:shop",
        "did:web:brand.example:a%7Eb:%E5%93%81",
        "https://brand.example",
        "https://brand.example/issuers/7Up",
        "https://brand.example:8443/a~b/%E5%93%81",
        jwk('{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'),
        jwk('{"crv":"P-256","kty":"EC","x":"x","y":"y","use":"sig","kid":"one"}'),
        jwk('{"crv":"P-384","kty":"EC","x":"x","y":"y"}'),
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
    "an empty segment": "did:web:brand.example:",
    "an empty segment within": "did:web:brand.example::shop",
    "a path as in a URL": "did:web:brand.example/shop",
    "a segment that leads up": "did:web:brand.example:..",
    "a letter percent-encoded": "did:web:brand.example:%73hop",
    "percent-encoded in lower case": "did:web:brand.example:%e5%93%81",
    "a tilde, which no DID has": "did:web:brand.example:a~b",
    "half a percent code": "did:web:brand.example:%E",
    "no UTF-8 percent-encoded": "did:web:brand.example:%FF",
    "the port of https": "did:web:brand.example%3A443",
    "a port with a zero in front": "did:web:brand.example%3A08443",
    "a port beyond the last": "did:web:brand.example%3A65536",
    "a port's colon in lower case": "did:web:brand.example%3a8443",
    "a fragment": "did:web:brand.example#key-1",
    "a path of more than 300": "did:web:brand.example:" + "x" * 300,
    "https with a slash at the end": "https://brand.example/",
    "https with a slash behind its path": "https://brand.example/shop/",
    "https with an empty segment": "https://brand.example//shop",
    "https to an address": "https://192.0.2.1/shop",
    "https with its port": "https://brand.example:443",
    "https with a user": "https://me@brand.example",
    "https with a query": "https://brand.example?x=1",
    "https with a host in capitals": "https://Brand.example",
    "https that leads up": "https://brand.example/a/../b",
    "https with a letter percent-encoded": "https://brand.example/%73hop",
    "http": "http://brand.example",
    "a product at another host": "https://brand.example/01/06901234500004",
    "a thing of GS1's": "https://id.gs1.org/01/06901234500004",
    "another host of GS1's": "https://www.gs1.org/parties/1",
    "a key of another curve": jwk('{"crv":"secp256k1","kty":"EC","x":"x","y":"y"}'),
    "a curve of another kind of key": jwk('{"crv":"P-256","kty":"OKP","x":"x"}'),
    "a private key": jwk('{"crv":"Ed25519","kty":"OKP","x":"x","d":"d"}'),
    "a key that is a list": jwk("[]"),
    "a key twice in it": jwk('{"crv":"P-256","crv":"P-256","kty":"EC","x":"x","y":"y"}'),
    "no key": "did:jwk:",
    "base64url with spare bits": jwk('{"crv":"P-256","kty":"EC","x":"x","y":"y" }')[:-1] + "R",
    "a key's fragment": jwk('{"crv":"P-256","kty":"EC","x":"x","y":"y"}') + "#0",
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
