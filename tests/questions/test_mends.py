"""Every reason's remedy mends: what its sentence says is done, and the reason is gone."""

import pytest
from paper import Paper, copy_of
from questions.mends import chains, goods, laboratories, parties, quality
from questions.mends.telling import Mend
from questions.mends.unmended import UNMENDED
from questions.scene import Forged, Scene, performed
from questions.test_scenes import SCENES
from usual import Told
from world import DAY_S

from ledger.phrases.sentences import REASONS
from ledger.rules.codes import CODES

MENDS = [
    item for family in (chains, goods, parties, quality, laboratories) for item in family.MENDS
]
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

    def found(at_us: int | None, asks: dict) -> tuple[set[str], set[str]]:
        answer = (
            paper.fold(scene.question, asks, valid_at_us=at_us)[0]
            if forged
            else paper.ask(scene.question, asks, valid_at_us=at_us)
        )
        reasons, notes = ({item["code"] for item in answer[of]} for of in ("reasons", "notes"))
        return reasons, notes

    reasons, notes = found(at_us, asks)
    assert mend.code in reasons | notes
    was_reason = mend.code in reasons
    for step in mend.then:
        raw = step(paper)
        if raw is not None:
            paper.accept(raw)
    at_us = max(at_us or 0, paper.last_us()) + int(mend.later * DAY_US)
    asks = asks | {name: v(told) if callable(v) else v for name, v in mend.asks.items()}
    reasons, notes = found(at_us, asks)
    assert mend.code not in (reasons if was_reason else notes)


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
    assert [mend.code for mend in MENDS if not REASONS[mend.code].mend_en] == []
