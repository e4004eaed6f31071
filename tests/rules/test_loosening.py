"""Every type that may be corrected, and every field of those that protect, is classified."""

import pytest

from ledger.rules.loosening import AFTERWARDS, COMPARED, PEACEFUL
from ledger.statements.catalogue import CATALOGUE, REPLACEABLE
from ledger.statements.fields import Body

TAGS = {type_.__struct_config__.tag: type_ for type_ in COMPARED}


def test_every_replaceable_type_is_classified_once():
    assert sorted([*TAGS, *PEACEFUL]) == sorted(REPLACEABLE)
    assert all(CATALOGUE[str(tag)].body is type_ for tag, type_ in TAGS.items())


@pytest.mark.parametrize("type_", COMPARED, ids=lambda type_: str(type_.__struct_config__.tag))
def test_every_field_of_what_protects_says_what_less_of_it_is(type_: type[Body]):
    own = set(type_.__struct_fields__)
    assert own - AFTERWARDS.keys() == set(COMPARED[type_]) - AFTERWARDS.keys()
    assert set(COMPARED[type_]) <= own
