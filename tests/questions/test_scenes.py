"""Every question told as scenes; every reason code comes up in at least one."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from paper import copy_of
from questions.scene import Scene, answered, performed
from questions.scenes import (
    barred,
    centre,
    claims,
    draws,
    grounds,
    label,
    laboratories,
    letters,
    listing,
    market,
    mending,
    moving,
    observing,
    others,
    overviews,
    parties,
    pledges,
    quality,
    remedies,
    sampling,
    selling,
    tracing,
    undoing,
)
from usual import Told

from ledger.phrases import details, sentences
from ledger.questions.shapes import SHAPES, in_words
from ledger.rules.codes import ADDED, CODES, SINCE
from ledger.statements.catalogue import CATALOGUE, type_name
from ledger.tables.answered import Writing, listings_of, table_of

FAMILIES = (
    label,
    pledges,
    selling,
    tracing,
    listing,
    parties,
    sampling,
    quality,
    laboratories,
    mending,
    grounds,
    barred,
    centre,
    remedies,
    claims,
    undoing,
    others,
    overviews,
    observing,
    draws,
    letters,
    market,
    moving,
)
SCENES = [scene for family in FAMILIES for scene in family.SCENES]


NOT_KNOWN = re.compile(r"(?<![^\s：，（])(-|\?|None|null)(?![^\s.,;:)。，；：）])|\[|\]")
"""What stands where nothing is known, or a part of a sentence that was to be left out."""


def codes(reasons: list[dict]) -> list[str]:
    return sorted({reason["code"] for reason in reasons})


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.question}: {scene.says}")
def test_a_scene_has_its_answer(beginning: Told, scene: Scene):
    answer = answered(copy_of(beginning.world, beginning), scene)
    found = (answer["verdict"], codes(answer["reasons"]), codes(answer["notes"]))
    assert found == (scene.verdict, sorted(scene.codes), sorted(scene.note))
    asked = {name: str(value) for name, value in scene.asks.items()}
    for lang in ("zh", "en"):
        said = sentences(scene.question, asked, answer, lang)
        assert len(said) >= 1 + len(answer["reasons"]) + len(answer["notes"])
        assert all(said)
        assert not [text for text in said if "{" in text]
        assert not [text for text in (*said, *details(answer, lang)) if NOT_KNOWN.search(text)]


def test_every_code_comes_up_in_a_scene():
    told = {code for scene in SCENES for code in (*scene.codes, *scene.note)}
    assert sorted(set(CODES) - told) == []


def misfits(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Yield where a value has not the shape that is declared for it."""
    kind = KINDS[type(value)]
    match shape:
        case (inner, None):
            if value is not None:
                yield from misfits(inner, value, path)
        case [inner] if kind == "array":
            for item in value:
                yield from misfits(inner, item, f"{path}[]")
        case dict() if kind == "object":
            names = [name.rstrip("?") for name in shape]
            needed = {name for name in shape if not name.endswith("?")}
            if [*value] != [name for name in names if name in value] or needed - {*value}:
                yield f"{path}: {', '.join(value)} (declared: {', '.join(shape)})"
            for name, inner in shape.items():
                if name.rstrip("?") in value:
                    yield from misfits(inner, value[name.rstrip("?")], f"{path}.{name}")
        case "the facts of its code" if kind == "object":
            pass
        case str() if kind in shape.split(" or ") or kind == shape:
            pass
        case _:
            yield f"{path}: {kind} (declared: {in_words(shape)})"


KINDS = {dict: "object", list: "array", str: "text", bool: "true or false", int: "integer"}
KINDS[type(None)] = "null"


@pytest.mark.parametrize("question", sorted({scene.question for scene in SCENES}))
def test_answers_have_the_shape_that_is_declared_for_them(beginning: Told, question: str):
    for scene in SCENES:
        if scene.question != question:
            continue
        paper, asks, at_us, _ = performed(copy_of(beginning.world, beginning), scene)
        answer, _ = paper.fold(question, asks, valid_at_us=at_us)
        head = ["verdict", "reasons", "notes", "rests_on"]
        assert [*answer][: len(head)] == head
        own = {name: value for name, value in answer.items() if name not in head}
        assert [*misfits(SHAPES[question], own, question)] == [], scene.says
        for lang in ("zh", "en"):
            titles, *rows = table_of(listings_of(question, [answer]), Writing(lang)) or [[]]
            assert {len(row) for row in rows} <= {len(titles)}
            assert len(rows) == sum(len(v) for v in own.values() if isinstance(v, list))
        for item in (*answer["reasons"], *answer["notes"]):
            order = dict.fromkeys((*CODES[item["code"]], *ADDED))
            assert [*item["facts"]] == [name for name in order if name in item["facts"]]


def ends(types: Mapping[int, str], entries: Sequence[int]) -> bool:
    """Return whether the second of entries ended the first."""
    first, second = ([types[index] for index in entries] + ["", ""])[:2]
    row = CATALOGUE.get(second)
    return row is not None and first in row.amends and row.effect == "ends"


def test_a_reason_that_something_ended_says_since_when(beginning: Told):
    told = set()
    for scene in SCENES:
        paper, asks, at_us, _ = performed(copy_of(beginning.world, beginning), scene)
        answer, trace = paper.fold(scene.question, asks, valid_at_us=at_us)
        read = (entry for history in trace.histories.values() for entry in history.entries())
        types = {entry.index: type_name(entry.body) for entry in read}
        for reason in answer["reasons"]:
            if ends(types, reason["entries"]):
                told.add(reason["code"])
                assert SINCE in reason["facts"], (scene.says, reason["code"])
    assert {"grant-revoked", "trademark-withdrawn", "paper-withdrawn", "label-withdrawn"} <= told


def test_no_two_scenes_say_the_same():
    said = Counter((scene.question, scene.says) for scene in SCENES)
    assert [item for item, times in said.items() if times > 1] == []
