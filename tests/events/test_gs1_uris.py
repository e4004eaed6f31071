"""EPC URNs and GS1 Digital Links are spellings of one id."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from ledger.identifiers import split_goods
from ledger.identifiers.gs1_uris import class_of, thing_of, things_named

GS1 = "https://id.gs1.org"

SPELLINGS = [
    ("an item", "urn:epc:id:sgtin:0614141.107346.2017", "/01/10614141073464/21/2017"),
    ("a serial number with a slash", "urn:epc:id:sgtin:0614141.107346.32a%2Fb", "/01/10614141073464/21/32a%2Fb"),
    ("a serial number with dots", "urn:epc:id:sgtin:0614141.107346.a.b", "/01/10614141073464/21/a.b"),
    ("a short prefix", "urn:epc:id:sgtin:952001.1012345.2", "/01/19520010123455/21/2"),
    ("a lot", "urn:epc:class:lgtin:4012345.012345.998877", "/01/04012345123456/10/998877"),
    ("all of a product", "urn:epc:idpat:sgtin:4012345.066666.*", "/01/04012345666663"),
    ("a pallet", "urn:epc:id:sscc:4012345.0000000333", "/00/040123450000003338"),
    ("a place", "urn:epc:id:sgln:4012345.00005.0", "/414/4012345000054"),
    ("a part of a place", "urn:epc:id:sgln:4012345.00005.dock-1", "/414/4012345000054/254/dock-1"),
    ("a party", "urn:epc:id:pgln:4012345.00225", "/417/4012345002256"),
    ("a crate", "urn:epc:id:grai:4012345.66666.87", "/8003/0401234566666387"),
    ("crates of a kind", "urn:epc:idpat:grai:4012345.66666.*", "/8003/04012345666663"),
    ("an asset", "urn:epc:id:giai:4000001.111", "/8004/4000001111"),
    ("a service relation", "urn:epc:id:gsrn:4012345.9876540000", "/8018/401234598765400000"),
    ("a provider", "urn:epc:id:gsrnp:4012345.0000098765", "/8017/401234500000987658"),
    ("a document", "urn:epc:id:gdti:4012345.55555.98", "/253/401234555555498"),
    ("documents of a kind", "urn:epc:idpat:gdti:4012345.55555.*", "/253/4012345555554"),
    ("a part", "urn:epc:id:cpi:4012345.ABC.123", "/8010/4012345ABC/8011/123"),
    ("parts of a kind", "urn:epc:idpat:cpi:4012345.ABC.*", "/8010/4012345ABC"),
    ("a coupon", "urn:epc:id:sgcn:4012345.99999.44", "/255/401234599999044"),
    ("a consignment", "urn:epc:id:ginc:4012345.333", "/401/4012345333"),
    ("a shipment", "urn:epc:id:gsin:4012345.999987654", "/402/40123459999876541"),
    ("a piece", "urn:epc:id:itip:4012345.012345.01.02.999", "/8006/040123451234560102/21/999"),
    ("tobacco", "urn:epc:id:upui:4012345.012345.AB12", "/01/04012345123456/235/AB12"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("urn", "path"), [row[1:] for row in SPELLINGS], ids=[row[0] for row in SPELLINGS]
)
def test_a_urn_and_a_digital_link_are_one_thing(urn: str, path: str):
    assert thing_of(urn) == GS1 + path
    assert thing_of(GS1 + path) == GS1 + path


@pytest.mark.parametrize(
    "uri",
    [
        "https://id.example.com/01/4012345123456/10/998877",
        "HTTPS://ID.GS1.ORG/01/04012345123456/10/998877?17=301231",
        "http://shop.example/tea/01/04012345123456/10/99887%37#top",
        "https://id.gs1.org/01/04012345123456/22/2A/10/998877/",
    ],
)
def test_any_spelling_of_a_digital_link_is_the_same(uri: str):
    assert things_named(uri) == (f"{GS1}/01/04012345123456/10/998877",)


def test_an_item_that_names_its_lot_is_the_item_of_its_urn_and_of_that_lot():
    assert things_named(f"{GS1}/01/04012345123456/10/A7/21/2017") == (
        thing_of("urn:epc:id:sgtin:4012345.012345.2017"),
        f"{GS1}/01/04012345123456/10/A7",
    )


@pytest.mark.parametrize(
    "uri",
    [
        "https://id.gs1.org/01/04012345123457/21/1",  # another check digit
        "https://id.gs1.org/01/04012345123456/21/1/10/A",  # in no order
        "https://id.gs1.org/01/04012345123456/99/1",
        "https://example.com/00/17",
        "urn:epc:id:sgtin:4012345.12345.1",  # a digit too few
        "urn:epc:id:sgtin:40123456789012.0.1",
        "urn:epc:id:sgtin:4012345.01234x.1",
        "urn:epc:id:sgtin:4012345.012345",
        "urn:epc:idpat:sgtin:4012345.*.*",
        "urn:epc:id:gid:1.2.3",
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "geo:42.698334,23.319941",
        "http://transaction.acme.com/po/12345678",
        "urn:lot:06901234500004:龙井",
    ],
)
def test_what_is_no_key_of_gs1_is_its_own_id(uri: str):
    assert things_named(uri) == (uri,)


CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz"


@given(
    gcp=st.integers(6, 12), digits=st.text("0123456789", min_size=13, max_size=13),
    serial=st.text(CHARACTERS, min_size=1, max_size=20),
)  # fmt: skip
def test_the_lot_and_item_of_a_urn_are_ids_of_this_ledger(gcp: int, digits: str, serial: str):
    """Whatever the prefix's length: its id is canonical here, and its own id."""
    indicator, rest = digits[0], digits[1:]
    reference = indicator + rest[gcp:]
    gtin = digits + ean.calc_check_digit(digits)
    quoted = quote(serial, safe="!'()*+,-.:;=_")
    item = thing_of(f"urn:epc:id:sgtin:{rest[:gcp]}.{reference}.{quoted}")
    lot = thing_of(f"urn:epc:class:lgtin:{rest[:gcp]}.{reference}.{quoted}")
    if serial != "*":
        assert split_goods(item) == (gtin, None, quote(serial, safe=""))
    assert split_goods(lot) == (gtin, quote(serial, safe=""), None)
    assert thing_of(item) == item
    assert thing_of(lot) == lot
    assert class_of(lot) == f"{GS1}/01/{gtin}"


@given(st.text(max_size=80) | st.sampled_from([row[1] for row in SPELLINGS]).map(json.dumps))
def test_an_id_is_its_own_id_whatever_it_is(text: str):
    for thing in things_named(text):
        assert thing_of(thing) == thing
