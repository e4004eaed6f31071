"""Identifiers in another case: which is meant is said where a form has one, and only there."""

import pytest

from ledger import identifiers
from ledger.errors import MalformedError
from ledger.identifiers.other_case import in_other_case
from ledger.questions.forms import FORMS

GTIN = "https://id.gs1.org/01/06901234500004"


@pytest.mark.parametrize(
    ("form", "text", "meant"),
    [
        ("party", "did:web:Brand.Example:Tea", "did:web:brand.example:Tea"),
        ("party", "HTTPS://ID.GS1.ORG/417/6901234507027", "https://id.gs1.org/417/6901234507027"),
        ("party", "URN:USCC:91330000ma27u00j0x", None),  # no check character of any case fits
        ("party", "did:web:brand", None),
        ("product", GTIN.upper(), GTIN),
        ("goods", GTIN.upper() + "/10/aB%2F7", GTIN + "/10/aB%2F7"),
        ("goods", GTIN.replace("GS1", "gs1").replace("01/", "01/x"), None),
        ("trademark", "urn:Trademark:CN:g123:30", "urn:trademark:cn:G123:30"),
        ("territory", "cn-zj", "CN-ZJ"),
        ("category", "Food/Tea", "food/tea"),
        ("channel", "Mall.Example", "mall.example"),
        ("shop-type", "Flagship", "flagship"),
        ("level", "s-3", "S-3"),
    ],
)
def test_a_text_that_is_none_for_its_case_alone(form, text: str, meant: str | None):
    with pytest.raises(MalformedError):
        FORMS[form](text)
    assert in_other_case(text, FORMS[form]) == meant


def test_what_case_tells_apart_is_left_as_it_is():
    for text in (GTIN + "/10/a7", "did:web:brand.example:Tea"):
        check = identifiers.check_lot if "/10/" in text else identifiers.check_party
        check(text)
        assert in_other_case(text, check) is None
