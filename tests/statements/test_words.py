"""Every type, field, form, issuer and subject of the catalogue has words in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import inspect as shapes

from ledger.statements import fields
from ledger.statements.catalogue import CATALOGUE, GENERIC
from ledger.statements.described import own_fields, owner_name, part_of, shape
from ledger.statements.field_words import FIELDS, field_words
from ledger.statements.words import FORMS, ISSUERS, SUBJECTS, TARGETS, TYPES
from ledger.texts import Words

SUBMITTED = [row for row in CATALOGUE.values() if row.submitted]


def owners(found: Any) -> Iterator[Any]:
    """Yield a payload and every part below it."""
    yield found
    for item in found.fields:
        part = part_of(item.type)
        if part is not None:
            yield from owners(part)


def all_fields() -> set[tuple[str, str]]:
    return {
        (owner_name(owner), item.encode_name)
        for row in SUBMITTED
        for owner in owners(shape(row.body))
        for item in own_fields(owner)
    }


@pytest.mark.parametrize("row", SUBMITTED, ids=lambda row: row.name)
def test_each_field_of_a_type_has_words(row):
    for owner in owners(shape(row.body)):
        for item in own_fields(owner):
            if row.amends and item.encode_name == "target":
                words = TARGETS[row.name if row.name in TARGETS else row.effect]
            else:
                words = field_words(owner_name(owner), item.encode_name)
            assert words.en, item.encode_name


def test_no_words_are_of_what_is_not_there():
    known = all_fields()
    names = {name for _, name in known}
    for key in FIELDS:
        owner, dot, name = key.rpartition(".")
        assert (owner, name) in known if dot else key in names, key


def test_a_target_s_words_say_what_is_done_to_which_types():
    effects = {row.effect for row in SUBMITTED if row.amends and row.name not in TARGETS}
    assert {name for name in TARGETS if name not in TYPES} == effects | {"answers"}
    assert all(CATALOGUE[name].amends for name in TARGETS if name in TYPES)


def test_types_issuers_and_subjects_are_the_catalogue_s():
    assert set(TYPES) == {row.name for row in SUBMITTED} | {GENERIC}
    assert set(ISSUERS) == {item for row in SUBMITTED for item in row.issuers}
    assert set(SUBJECTS) == {row.subject for row in SUBMITTED}


def test_every_checked_text_has_its_form():
    classes = {name for name, item in vars(fields).items() if isinstance(item, type)
               and issubclass(item, fields.Checked)} - {"Checked"}  # fmt: skip
    assert classes <= set(FORMS)


def test_both_languages_are_filled_and_are_two():
    for table in (TYPES, FIELDS, FORMS, ISSUERS, SUBJECTS):
        for key, words in table.items():
            assert isinstance(words, Words)
            assert words.en.isascii() or "旗舰店" in words.en or "约谈" in words.en, key
            assert not words.to("zh").isascii() or key == "null", key


def test_every_form_of_a_field_can_be_said():
    from ledger.cli.forms import template
    from ledger.statements.described import form

    for row in SUBMITTED:
        for lang in ("zh", "en"):
            assert template(row.name, lang, everything=True) or row.name == "key"
            for owner in owners(shape(row.body)):
                assert all(form(item.type, lang) for item in owner.fields)
    assert form(shapes.type_info(fields.Digest), "en") == "64 hexadecimal digits"
