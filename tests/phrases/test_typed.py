"""Types and values as words where another language tells of them."""

import pytest

from ledger.errors import MalformedError
from ledger.primitives.ijson import decode
from ledger.statements.typed import Typed
from ledger.tables.answered import row_line


def test_a_type_is_a_word_with_what_is_typed_behind_it():
    assert (Typed("authorisation").to("en"), Typed("authorisation").to("zh")) == (
        "authorisation",
        "授权（authorisation）",
    )


def test_a_review_that_is_due_reads_as_words():
    line = row_line("reviewed", {"entry": 5, "type": "qualification", "stands": "renewed"}, "zh")
    assert (line.count("已续期"), "renewed" in line) == (1, False)


@pytest.mark.parametrize(
    "text",
    ["x", "[1 2]", '{"a" 1}', "{1}", "1 2", '"a', '"\n"', '"\\q"', '"\\u12"', "1.5", '{"a":1,"a":2}', "[" * 40],
)  # fmt: skip
def test_why_a_text_is_no_json_is_told_in_chinese(text: str):
    with pytest.raises(MalformedError) as caught:
        decode(text.encode())
    told = caught.value.to("zh").replace("JSON", "")
    assert not any(word.isascii() and word.isalpha() and len(word) > 2 for word in told.split()), (
        told
    )
    assert any("\u4e00" <= one <= "\u9fff" for one in told)
