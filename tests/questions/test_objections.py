"""I11: an objection alone turns no answer to yes, whoever makes it, to whichever report."""

from collections.abc import Iterator

import pytest
from paper import Paper, copy_of
from questions.scene import Scene, performed
from questions.scenes import label, laboratories, listing, mending, pledges, remedies
from rules.words import says
from usual import Told, citing
from world import DAY_S

from ledger.rules.reports import OBJECTION_DAYS
from ledger.statements.catalogue import histories_of
from ledger.statements.laboratory_family import TestReport
from ledger.writing.submission import Registered

SCENES = [
    scene
    for family in (label, pledges, listing, laboratories, mending, remedies)
    for scene in family.SCENES
]
OBJECTORS = ("brand", "trader")
DECIDED = DAY_S * OBJECTION_DAYS * 1_000_000 + 1


def objected(paper: Paper) -> Iterator[tuple[Paper, int]]:
    """Yield the ledger with an objection to each report that may be objected to, and its entry."""
    for name, (statement, body) in list(paper.told.said.items()):
        if not isinstance(body, TestReport):
            continue
        month = next(s for topic, s in histories_of(statement, body) if topic == "reports")
        of = {"lot": str(body.lot), "laboratory": statement.issuer}
        of |= {"month": month.rpartition("\n")[2], "subject": statement.subject}
        for by in OBJECTORS:
            told = copy_of(paper, paper.told)
            step = says("objection", by=by, called="theirs", target=citing(name), **of)
            told.world.told = told
            (outcome,) = told.world.register(step(told.world))
            if isinstance(outcome, Registered):
                yield told.world, outcome.index


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.question}: {scene.says}")
def test_an_objection_alone_turns_no_answer_to_yes(beginning: Told, scene: Scene):
    paper, asks, at_us, forged = performed(copy_of(beginning.world, beginning), scene)
    if forged:
        return
    for after, entry in objected(paper):
        at = after.now_us if at_us is None else at_us
        was, now = (one.fold(scene.question, asks, valid_at_us=at)[0] for one in (paper, after))
        assert was["verdict"] == "yes" or now["verdict"] != "yes", f"entry {entry}"
        if (was["verdict"], now["verdict"]) == ("no", "unknown"):
            told = [one for one in now["reasons"] if entry in one["entries"]]
            assert told, "what is in suspense says by what"
            later = after.fold(scene.question, asks, valid_at_us=at + DECIDED)[0]
            assert later["verdict"] != "yes", "undecided, it counts again"
