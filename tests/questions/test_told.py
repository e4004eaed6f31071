"""What people are told names who and which, in both languages: a sentence of each kind, word for word."""

from typing import NamedTuple

import pytest
from paper import copy_of
from questions.scene import Scene, answered
from questions.test_scenes import SCENES
from tea import MARK, OFFICE
from usual import LICENCE, Told
from world import BRAND, TRADER

from ledger.phrases.sentences import reason_sentence
from ledger.rules.codes import CODES


class Tells(NamedTuple):
    """A code's sentence begins so, behind a scene, or the first that tells it; all is said of the usual names."""

    code: str
    en: str
    zh: str
    scene: str = ""
    question: str = ""


PAPERS = (
    Tells(
        "paper-withdrawn",
        f"The food licence {LICENCE} of {TRADER}, issued by {OFFICE}, was withdrawn",
        f"{TRADER} 的食品经营许可证 {LICENCE}（由 {OFFICE} 签发）已被撤回",
        "a licence that the operator withdrew",
    ),
    Tells(
        "trademark-expired",
        f"The trademark {MARK} of {BRAND}, registered by {OFFICE}, expired at ",
        f"{BRAND} 的商标 {MARK}（由 {OFFICE} 登记）已于 ",
    ),
)
TELLS = (*PAPERS,)


def scene_of(tells: Tells) -> Scene:
    found = [
        scene
        for scene in SCENES
        if tells.scene in ("", scene.says)
        and tells.code in (*scene.codes, *scene.note)
        and tells.question in ("", scene.question)
    ]
    assert found, f"no scene tells {tells.code}: {tells.scene}"
    return found[0]


@pytest.mark.parametrize("tells", TELLS, ids=lambda tells: f"{tells.code}: {tells.scene}")
def test_a_sentence_names_who_and_which(beginning: Told, tells: Tells):
    answer = answered(copy_of(beginning.world, beginning), scene_of(tells))
    said = [item for item in (*answer["reasons"], *answer["notes"]) if item["code"] == tells.code]
    assert [item for item in said if reason_sentence(item, "en").startswith(tells.en)], said
    assert [item for item in said if reason_sentence(item, "zh").startswith(tells.zh)], said


def test_a_reason_about_a_paper_names_its_holder_and_its_issuer():
    """Whoever has to mend it asks one of them."""
    of_papers = {code for code in CODES if code.startswith(("paper-", "trademark-"))}
    silent = {code for code in of_papers if not {"holder", "issuer"} <= {*CODES[code]}}
    assert silent == {"paper-missing"}  # nobody holds or issued what is missing
    of_grants = {code for code in CODES if code.startswith(("parent-", "grant-"))}
    silent = {code for code in of_grants if not {"grantee", "issuer"} <= {*CODES[code]}}
    assert silent == {"grant-unknown"}
