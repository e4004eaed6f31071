"""The steps of FORMATS, by which a second implementation answers: they name what answers tell."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest
from conftest import ROOT
from questions.test_scenes import SCENES

from ledger.questions.declared import QUESTIONS
from ledger.rules.codes import CODES


def sections(chapter: str = "Questions") -> Iterator[tuple[str, str]]:
    """Yield each heading of a chapter of FORMATS, with its text."""
    text = (ROOT / "FORMATS.md").read_text(encoding="utf-8")
    behind = text.split(f"\n## {chapter}\n", 1)[1].split("\n## ", 1)[0]
    for section in behind.split("\n### ")[1:]:
        heading, _, steps = section.partition("\n")
        yield heading.strip("`"), " ".join(steps.split())


STEPS = dict(sections())
OWN = {name: set(re.findall("`([a-z-]+)`", text)) & CODES.keys() for name, text in STEPS.items()}
"""The codes that each section names itself."""


def italics(text: str) -> set[str]:
    """Return what stands in italics, without the marks of code."""
    return set(re.findall(r"(?<!\*)\*`?([^*`]+)`?\*(?!\*)", text))


def parts_of(name: str, steps: Mapping[str, str]) -> set[str]:
    """Return a section and those that it names in italics, to any depth."""
    found = [name]
    for one in found:  # grows on the way
        named = italics(steps[one])
        found += [other for other in steps if other in named and other not in found]
    return set(found)


PARTS = {name: parts_of(name, STEPS) for name in QUESTIONS}


def told() -> Mapping[str, set[str]]:
    """Return the codes that each question's answers tell in the tests' scenes."""
    found: dict[str, set[str]] = defaultdict(set)
    for scene in SCENES:
        found[scene.question] |= {*scene.codes, *scene.note}
    return found


TOLD = told()


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_steps_of_a_question_name_every_code_that_its_answers_tell(question: str):
    named = {code for part in PARTS[question] for code in OWN[part]}
    assert sorted(TOLD[question] - named) == []


LIMIT = "walk-limit"
"""No scene is ten thousand lots long: the limits have tests of their own."""


@pytest.mark.parametrize("section", STEPS)
def test_steps_name_no_code_that_no_answer_by_them_tells(section: str):
    by_them = (TOLD[question] for question in QUESTIONS if section in PARTS[question])
    assert sorted(OWN[section] - {LIMIT} - {code for codes in by_them for code in codes}) == []


def test_every_section_of_steps_belongs_to_a_question():
    assert {*QUESTIONS} <= STEPS.keys()
    general = {"Words of the steps", "What became of a statement", "What things are called"}
    assert STEPS.keys() - general == {part for parts in PARTS.values() for part in parts}
