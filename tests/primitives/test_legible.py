"""Texts that people read: what is not seen is refused, by its name and place, where no language needs it."""

# ruff: noqa: RUF001 - Persian is written in letters that look like Latin ones

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedError
from ledger.primitives.legible import check_legible, shown, shown_json

TAKEN = {
    "Persian, letters kept apart": "می\u200cخواهم",
    "Persian, a plural": "کتاب\u200cها",
    "Sinhala, a joined cluster": "ශ්\u200dරී ලංකා",
    "Hindi, a half letter kept": "क्\u200dष",
    "Hindi, a virama shown": "क्\u200cष",
    "Malayalam, a letter alone": "ന്\u200d",
    "Mongolian, a form chosen": "ᠮᠣᠩ\u180bᠭᠣᠯ",
    "Chinese, extension B": "𠮷野家",
    "Chinese, extension G": "𰻝𰻝面",
    "Chinese, extension H, newer than Python": "\U00031350",
    "an ideographic blank": "张\u3000三",
    "signs": "Tea — “green”, 5 ℃, µg/kg ©",
    "Vietnamese, marks apart": "Trà Thái Nguye\u0302n",
    "an emoji": "茶🍵",
}
REFUSED = {
    "a byte order mark": ("\ufeff茶", "character 1 is U\\+FEFF"),
    "a word joiner": ("茶\u2060叶", "character 2 is U\\+2060 \\(WORD JOINER\\)"),
    "a tag": ("茶\U000e0041", "U\\+E0041"),
    "a soft hyphen": ("茶\u00ad叶", "SOFT HYPHEN"),
    "a Hangul filler": ("\u115f\u1160", "HANGUL CHOSEONG FILLER"),
    "a half-width filler": ("茶\uffa0", "U\\+FFA0"),
    "a grapheme joiner": ("a\u034fb", "U\\+034F"),
    "a variation selector": ("葛\U000e0100", "U\\+E0100"),
    "an emoji's selector": ("茶\ufe0f", "U\\+FE0F"),
    "an override": ("x\u202ey", "RIGHT-TO-LEFT OVERRIDE"),
    "a mark of direction": ("x\u200e", "U\\+200E"),
    "a control": ("a\tb", "U\\+0009"),
    "a line feed": ("a\nb", "U\\+000A"),
    "private use": ("\ue000", "U\\+E000"),
    "a noncharacter": ("\U0001fffe", "U\\+1FFFE"),
    "a replacement": ("\ufffd", "U\\+FFFD"),
    "a surrogate": ("\ud800", "U\\+D800"),
    "a blank behind": ("茶 ", "character 2 is a blank at the end"),
    "a blank before": ("\u3000茶", "character 1 is a blank at the beginning"),
    "blanks alone": (" \u3000", "nothing to read"),
    "a blank that looks like another": ("a\u00a0b", "write a plain blank"),
    "an empty Braille cell": ("a\u2800b", "U\\+2800"),
    "a joiner between Latin letters": ("a\u200db", "character 2 is U\\+200D"),
    "a non-joiner between Latin letters": ("a\u200cb", "character 2 is U\\+200C"),
    "a non-joiner where nothing joins": ("ر\u200cا", "U\\+200C"),
    "a non-joiner between two scripts": ("ب\u200cܒ", "U\\+200C"),
    "a non-joiner at the end": ("می\u200c", "U\\+200C"),
    "a joiner before a vowel": ("क्\u200dा", "U\\+200D"),
    "a joiner in a family": ("👨\u200d👩", "U\\+200D"),
    "two joiners": ("ක්\u200d\u200dෂ", "character 4"),
    "a Mongolian selector elsewhere": ("茶\u180b", "U\\+180B"),
    "a mark on no letter": ("\u0301a", "a mark on no letter"),
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_a_name_as_its_language_writes_it_is_taken(text: str):
    check_legible(text)


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED)
def test_what_nobody_sees_is_refused_by_its_place(text: str, says: str):
    with pytest.raises(MalformedError, match=says):
        check_legible(text)


UNSEEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
SEEN = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2}
"""Format characters that enclose numbers: they are seen."""


def test_no_character_of_a_kind_that_is_not_seen_is_taken_alone():
    taken = []
    for code in range(0x110000):
        one = chr(code)
        if unicodedata.category(one) in UNSEEN and code not in SEEN:
            try:
                check_legible(f"a{one}a")
            except MalformedError:
                continue
            taken.append(f"U+{code:04X}")
    assert taken == []


@given(st.text())
def test_any_text_is_legible_or_malformed_and_says_no_pattern(text: str):
    try:
        check_legible(text)
    except MalformedError as error:
        assert "[" not in str(error)  # noqa: PT017 - nothing of how it is told


def unseen(text: str) -> list[str]:
    """Return the characters of a text that no terminal should be sent."""
    return [
        f"U+{ord(one):04X}"
        for one in text
        if unicodedata.category(one) in UNSEEN
        and ord(one) not in SEEN
        and one not in "\u200c\u200d\u180b\u180c\u180d\u180e"  # which letters need
    ]


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_a_legible_text_is_shown_as_it_is(text: str):
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "as_shown"),
    [
        ("a\nok  answer: yes", "a\\nok  answer: yes"),
        ("x\u202egnp.exe", "x\\u{202e}gnp.exe"),
        ("\x1b[2J\x9b31m", "\\u{1b}[2J\\u{9b}31m"),
        ("茶\U000e0041", "茶\\u{e0041}"),
        ("a\u200db", "a\\u{200d}b"),
        ("\ud800", "\\u{d800}"),
    ],
)
def test_what_nobody_sees_is_spelled_out(text: str, as_shown: str):
    assert shown(text) == as_shown


@given(st.text(st.characters()))
def test_nothing_that_is_printed_moves_a_terminal(text: str):
    assert unseen(shown(text)) == []
    assert shown(shown(text)) == shown(text)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_that_is_printed_is_of_the_same_value(value: object):
    printed = shown_json(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(printed) == value
    assert unseen(printed.replace("\n", "")) == []
