"""Every type, field, form, issuer and subject of the catalogue has words in both languages."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from msgspec import inspect as shapes

from ledger.statements import fields, meant
from ledger.statements.catalogue import CATALOGUE, GENERIC, SAYS
from ledger.statements.described import own_fields, owner_name, part_of, shape
from ledger.statements.meant import meant_in
from ledger.statements.words import FORMS, ISSUERS, SUBJECT_TITLES, SUBJECTS, TARGETS
from ledger.texts import Words

SUBMITTED = [row for row in CATALOGUE.values() if row.submitted]


def owners(found: Any) -> Iterator[Any]:
    """Yield a payload and every part below it."""
    yield found
    for item in found.fields:
        part = part_of(item.type)
        if part is not None:
            yield from owners(part)


def all_fields() -> dict[tuple[str, str], type]:
    """Return the class of each field, by what it is of and its name; a target's type says what it is."""
    return {
        (owner_name(owner), item.encode_name): owner.cls
        for row in SUBMITTED
        for owner in owners(shape(row.body))
        for item in own_fields(owner)
        if item.encode_name != "target"
    }


@pytest.mark.parametrize("row", SUBMITTED, ids=lambda row: row.name)
def test_each_field_of_a_type_has_words(row):
    for owner in owners(shape(row.body)):
        for item in own_fields(owner):
            said = meant_in(owner.cls)[item.encode_name]
            assert bool(said.says) != (item.encode_name == "target")
            assert said.title


def test_shared_words_are_of_several_fields():
    """What one field alone means stands beside it."""
    shared = [item for item in vars(meant).values() if isinstance(item, meant.Meant)]
    classes = {
        cls
        for row in CATALOGUE.values()
        for owner in owners(shape(row.body))
        for cls in owner.cls.__mro__
    }
    hints = [hint for cls in classes for hint in vars(cls).get("__annotations__", {}).values()]
    used = [item for hint in hints for item in get_args(hint)[1:]]
    assert [item for item in shared if sum(one is item for one in used) < 2] == []


def test_a_target_s_words_say_what_is_done_to_which_types():
    effects = {row.effect for row in SUBMITTED if row.amends and row.target is None}
    assert set(TARGETS) == effects | {"answers"}
    assert all(row.amends for row in CATALOGUE.values() if row.target is not None)


def test_types_issuers_and_subjects_are_the_catalogue_s():
    assert set(SAYS) == {row.name for row in SUBMITTED} | {GENERIC}
    assert set(SUBJECT_TITLES) == {row.subject for row in CATALOGUE.values()}
    assert set(ISSUERS) == {item for row in SUBMITTED for item in row.issuers}
    assert set(SUBJECTS) == {row.subject for row in SUBMITTED}


def test_every_checked_text_has_its_form():
    classes = {name for name, item in vars(fields).items() if isinstance(item, type)
               and issubclass(item, fields.Checked)} - {"Checked"}  # fmt: skip
    assert classes <= set(FORMS)


def test_both_languages_are_filled_and_are_two():
    fields_ = {key: meant_in(cls)[key[1]].meaning for key, cls in all_fields().items()}
    for table in (SAYS, fields_, FORMS, ISSUERS, SUBJECTS):
        for key, words in table.items():
            assert isinstance(words, Words)
            assert (
                words.en.replace("…", "").isascii() or "旗舰店" in words.en or "约谈" in words.en
            ), key
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
