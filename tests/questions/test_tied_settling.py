"""Who gains settles nothing: withdrawn, decided, annulled or declared by who is tied, it bends no verdict."""

from typing import Any

import pytest
from questions.scene import say
from questions.test_attacks import BAD, LATER, OF_SHED, SHED, Told, answer, begun, leased
from rules.words import corrects, withdraws
from tea import GTIN, LOT
from usual import MODEL, citing, day, finding

INDEX = {"subject": GTIN, "model": MODEL}


@pytest.fixture
def told() -> Told:
    """Return the usual beginning, with a licence and an audit: the tea may be listed."""
    story = begun()
    licence = {"kind": "business", "number": "urn:qualification:samr.cn:B-1"}
    story.tell("qualification", called="business", categories=["food"], **licence)
    story.tell("origin-audit", called="audit", on=day(-0.9))
    return story


def index(t: Told) -> tuple[str, Any]:
    """Return the verdict of the tea's index, and its score."""
    found = t.world.ask("index", INDEX)
    return found["verdict"], found["score"]


@pytest.mark.parametrize(
    "bad", [BAD, BAD | {"findings": [], "class": "critical"}], ids=["finding", "refusal"]
)
def test_an_index_forgets_no_refusal_that_the_places_owners_inspector_took_back(
    told: Told, bad: dict[str, Any]
):
    told.tell("quality-model")
    leased(told, tied="rival")
    told.tell("origin-audit", subject=SHED, called="free", findings=[], on=day(-0.9))
    for lot in (LOT, OF_SHED):
        told.tell("inspection", subject=lot, called=f"pass of {lot}", on=day(-0.9))
    bad |= {"by": "second-inspector", "subject": OF_SHED, "on": day(-0.5)}
    told.tell("inspection", called="own", **bad)
    before = index(told)
    assert before[0] == "no"
    say(told, withdraws("own", by="second-inspector"))
    assert index(told) == before
    assert answer(told, "trace", goods=OF_SHED, page="1")[0] == "no"


def test_an_index_forgets_no_finding_of_an_observer_that_declares_a_tie_since(told: Told):
    told.tell("quality-model")
    told.tell("lot", subject=LATER, called="later", serial_range=..., made=day(-3))
    for lot in (LOT, LATER):
        passes = {"mode": "patrol", "on": day(-0.9), "called": f"pass of {lot}"}
        told.tell("inspection", by="warehouse", subject=lot, **passes)
    assert index(told)[0] == "yes"
    told.tell("visit", called="seen")
    told.tell("observation", visit=citing("seen"), findings=[finding("critical")])
    told.tell("origin-audit", called="free", findings=[], on=day(0))
    before = index(told)
    assert before[0] == "no"
    say(told, corrects("seen", "observer", tie="the owner is my cousin"))
    assert index(told) == before


def test_an_index_rises_by_no_visit_that_declares_a_tie(told: Told):
    told.tell("quality-model")
    told.tell("inspection", called="seen")
    before = index(told)
    told.tell("visit", called="friendly", tie="the owner is my cousin")
    told.tell("observation", visit=citing("friendly"), findings=[])
    assert index(told) == before
    assert [note["code"] for note in told.world.ask("index", INDEX)["notes"]] == ["index-tied"]
