"""Every question told as scenes; every reason code comes up in at least one."""

import re
from collections import Counter

import pytest
from conftest import ROOT
from paper import copy_of
from questions.scene import Scene, answered, topics_read
from questions.scenes import (
    grounds,
    label,
    laboratories,
    listing,
    mending,
    parties,
    pledges,
    quality,
    sampling,
    selling,
    tracing,
)
from usual import Told

from ledger.phrases import sentences
from ledger.rules.codes import CODES

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
)
SCENES = [scene for family in FAMILIES for scene in family.SCENES]


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


def test_every_code_comes_up_in_a_scene():
    told = {code for scene in SCENES for code in (*scene.codes, *scene.note)}
    assert sorted(set(CODES) - told) == []


def test_the_questions_read_what_formats_lists(beginning: Told):
    read: dict[str, set[str]] = {"history": set()}
    for scene in SCENES:
        topics = topics_read(copy_of(beginning.world, beginning), scene)
        read.setdefault(scene.question, set()).update(topics)
    section = (ROOT / "FORMATS.md").read_text(encoding="utf-8").split("\n## Questions\n", 1)[1]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    listed = {row[0].strip("|` "): set(re.findall("`([^`]+)`", row[5])) for row in rows if row[5:]}
    assert listed == read


def test_no_two_scenes_say_the_same():
    said = Counter((scene.question, scene.says) for scene in SCENES)
    assert [item for item, times in said.items() if times > 1] == []
