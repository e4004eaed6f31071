"""What was signed, in words: every field of every type has a title and its value, in each language."""

import json
import re
from typing import Any

import pytest
from questions.attacks.means import ready
from tea import GTIN, LOT
from usual import SAMPLE, USUAL, Told, who
from world import TRADER

from ledger.phrases.payload_words import in_words
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement
from ledger.statements.fields import Body

BY_FIELD: dict[str, Any] = {
    "cause": {"id": "ab" * 32, "topic": "inspection", "subject": LOT},
    "rejected": {"id": "ab" * 32, "topic": "product", "subject": GTIN},
    "upheld": {"id": "ab" * 32, "topic": "product", "subject": GTIN},
    "size": 1,
    "candidates": 2,
    "root": "ab" * 32,
    "signature": "ab" * 48,
    "proof": "ab" * 80,
    "picks": [{"role": "inspector", "drawn": [], "spares": []}],
    "substitutions": [],
    "sealings": [],
    "previous": "ab" * 32,
    "custody": "ab" * 32,
    "report": "ab" * 32,
    "received": "2026-09-01T00:00:00Z",
}
"""What stands for something that was not told, where not any citation may."""
CITED = {"id": "ab" * 32, "topic": "sample", "subject": SAMPLE}


def written(told: Told, value: Any, field: str = "") -> Any:
    """Return a value of the usual words; what cites something that was not told cites anything."""
    match value:
        case dict():
            return {name: written(told, item, name) for name, item in value.items()}
        case list() | tuple():
            return [written(told, item, field) for item in value]
        case _ if callable(value):
            try:
                return told._now(value)
            except KeyError:
                return BY_FIELD.get(field, CITED)
        case _:
            return value


@pytest.fixture(scope="module")
def told() -> Told:
    """Return the usual beginning."""
    return ready()


def said(told: Told, type_: str) -> tuple[Body, Any]:
    """Return a payload of a type in the usual words, and as JSON."""
    by, subject, fields = USUAL[type_]
    raw = told.world.statement(
        type_, written(told, fields), by=by, issuer=who(by), subject=subject or TRADER
    )
    statement = parse_statement(raw)
    body = decode_body(statement)
    assert isinstance(body, Body), body
    return body, json.loads(statement.payload)


def scalars(value: Any) -> list[Any]:
    """Return what a payload says, without the structure."""
    if isinstance(value, dict):
        return [one for name, item in value.items() if name not in "vtype" for one in scalars(item)]
    if isinstance(value, list):
        return [one for item in value for one in scalars(item)]
    return [value]


@pytest.mark.parametrize("type_", sorted(USUAL))
def test_every_field_is_told_with_its_title(told: Told, type_: str):
    body, payload = said(told, type_)
    rows = in_words(body, {}, "en")
    text = "\n".join(value for _, value in rows)
    for value in scalars(payload):
        if isinstance(value, int) and not isinstance(value, bool):
            assert str(value) in text
        elif isinstance(value, str) and re.fullmatch(r"[A-Z0-9].{3,}|(https|urn):.*", value):
            assert value[:12] in text, value
    for title, _ in in_words(body, {}, "zh"):
        assert not re.search(r"[A-Za-z]{4,}", title), title
    assert [value for _, value in rows if value in ("True", "False", "None")] == []


def test_words_of_ours_and_names_are_told_in_the_readers_language(told: Told):
    names = {TRADER: {"zh": "清河茶铺"}, GTIN: {"zh": "绿茶"}}
    rows = dict(in_words(said(told, "inspection")[0], names, "zh"))
    assert rows["商家"] == f"清河茶铺（{TRADER}）"
    assert rows["检验方式"] == "神秘抽检"
    grant = dict(in_words(said(told, "authorisation")[0], {}, "zh"))
    assert (grant["独占"], grant["渠道"]) == ("否", "不限")
    assert grant["上级授权"].endswith("）")


def test_of_what_is_not_ours_nothing_is_said():
    assert in_words(None, {}, "zh") == []
