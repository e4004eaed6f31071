"""Every reason's remedy mends: what its sentence says is done, and the reason is gone."""

import pytest
from paper import Paper, copy_of
from questions.mends import MENDS
from questions.mends.telling import Mend, Wrong
from questions.mends.unmended import UNMENDED
from questions.scene import Forged, Scene, performed
from questions.test_scenes import SCENES
from usual import Told
from world import DAY_S

from ledger.phrases.sentences import REASONS
from ledger.rules.codes import CODES

DAY_US = DAY_S * 1_000_000


def scene_of(mend: Mend) -> Scene:
    """Return the scene that a mend is told behind: one without forgeries, if there is one."""
    found = [
        scene
        for scene in SCENES
        if mend.code in (*scene.codes, *scene.note)
        and mend.scene in ("", scene.says)
        and mend.question in ("", scene.question)
    ]
    assert found, f"{mend.code}: no scene in which it comes up"
    forged = [any(isinstance(step, Forged) for step in scene.story) for scene in found]
    return found[forged.index(False)] if False in forged else found[0]


@pytest.mark.parametrize("mend", MENDS, ids=str)
def test_what_a_reason_says_mends_it(beginning: Told, mend: Mend):
    scene = scene_of(mend)
    told = copy_of(beginning.world, beginning)
    paper, asks, at_us, forged = performed(told, scene)
    assert isinstance(paper, Paper)

    def answered(at_us: int | None, asks: dict) -> dict:
        if forged:
            return paper.fold(scene.question, asks, valid_at_us=at_us)[0]
        return paper.ask(scene.question, asks, valid_at_us=at_us)

    def found(answer: dict, among: str) -> list[dict]:
        return [item for item in answer[among] if item["code"] == mend.code]

    answer = answered(at_us, asks)
    among = "reasons" if found(answer, "reasons") else "notes"
    wrongs = found(answer, among)
    assert wrongs
    if callable(mend.then):  # what is wrong at a time is mended then
        paper.now_us = max(paper.now_us, at_us or 0)
    for item in wrongs if callable(mend.then) else wrongs[:1]:
        wrong = Wrong(told, mend.code, item["facts"], sorted(item["entries"]), scene.question, asks)
        for step in mend.steps(wrong):
            raw = step(paper)
            if raw is not None:
                paper.accept(raw)
    at_us = max(at_us or 0, paper.last_us()) + int(mend.later * DAY_US)
    asks = asks | {name: v(told) if callable(v) else v for name, v in mend.asks.items()}
    assert not found(answered(at_us, asks), among)


def test_every_reason_is_mended_or_it_is_said_why_not():
    mended = {mend.code for mend in MENDS}
    unsaid = sorted(CODES.keys() - mended - UNMENDED.keys())
    assert unsaid == [], (
        "codes without a mend: tell what their sentence asks for in tests/questions/mends, "
        "or say in unmended.py why nothing makes them go"
    )
    assert sorted(mended & UNMENDED.keys()) == []
    assert sorted(UNMENDED.keys() - CODES.keys()) == []


def test_what_is_mended_says_how():
    assert [mend.code for mend in MENDS if not REASONS[mend.code].mend] == []
