"""Every field of every type has a column: its titles in both languages mean it, and no other."""

import re

import pytest
from msgspec import inspect as shapes

from ledger.draws import CHAINS
from ledger.phrases.value_words import CHOICES
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.described import own_fields, part_of, shape
from ledger.statements.meant import meant_in
from ledger.tables.cells import words_for
from ledger.tables.columns import read_columns
from ledger.tables.copies import template, template_columns
from ledger.tables.mapping import Layout
from ledger.tables.sheet import read_sheet
from ledger.tables.wanted import choice

SUBMITTED = [row for row in CATALOGUE.values() if row.submitted]


def owners(found):
    """Yield a payload and every part below it."""
    yield found
    for item in found.fields:
        part = part_of(item.type)
        if part is not None:
            yield from owners(part)


@pytest.mark.parametrize("row", SUBMITTED, ids=lambda row: row.name)
def test_a_template_s_titles_are_understood_in_both_languages(row):
    wanted = [place.path for place in template_columns(row)]
    assert wanted[0].startswith(("subject", "target")) or row.subject == "log"
    for lang in ("zh", "en"):
        for name in ("t.csv", "t.xlsx"):
            sheet = read_sheet(template(row, name, lang), name)
            columns, faults = read_columns(row, sheet, Layout(), lang)
            assert faults == []
            assert [column.place.path for column in columns] == wanted
    every = {item.encode_name for item in own_fields(shape(row.body))} - {"sealed"}
    assert every == {path.partition(".")[0] for path in wanted} - {"subject"}


CODES = {
    *CHAINS,
    "EdDSA",
    "ES256",
    "ES384",
    "CMA",
    "CNAS",
    "ILAC-MRA",
    "I",
    "II",
    "III",
    "A",
    "B",
    "C",
    "D",
    "*",
}
"""Values that are the same in every language, as numbers and levels like S-1 are."""


def test_every_value_that_a_cell_chooses_has_words_in_both_languages():
    chosen = {
        value
        for row in SUBMITTED
        for place in template_columns(row)
        for value in values(place.shape)
    }
    for value in chosen - CODES:
        if not re.fullmatch(r"S-[1-4]|[0-9.]+", value):
            _, *words = words_for(value)
            assert any(not word.isascii() for word in words), value
            assert not choice(value, "zh").isascii(), value
    assert set(CHOICES) <= chosen


def values(found) -> list[str]:
    """Return the values between which a field chooses."""
    match found:
        case shapes.LiteralType(values=own):
            return list(map(str, own))
        case shapes.VarTupleType(item_type=item):
            return values(item)
        case shapes.UnionType(types=types):
            return [value for item in types for value in values(item)]
        case _:
            return []


def test_every_field_has_its_title():
    known = [
        meant_in(owner.cls)[item.encode_name].titles
        for row in SUBMITTED
        for owner in owners(shape(row.body))
        for item in own_fields(owner)
    ]
    for words in known:
        assert words.en.isascii()
        assert not words.to("zh").isascii() or words.en == "x"
