"""What the answer of ``plan`` says beside its verdict, and that the ledger then takes that plan."""

from typing import Any

from questions.scene import say
from questions.scenes.sampling import REDUCED, STOPPED, TIGHTENED, planning
from rules.scenarios.sampling import inbound, row, switch
from rules.words import withdraws
from usual import Told

from ledger.phrases import details, sentences
from ledger.writing.log import Refused, Registered


def ask(told: Told, **changes: Any) -> dict[str, Any]:
    known_at = changes.pop("known_at", None)
    return told.world.ask("plan", planning(**changes), known_at=known_at)


def drawn(answer: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(answer["plan"].values())


def test_it_says_what_to_draw_in_every_severity(told: Told):
    assert drawn(ask(told)) == ("K", "normal", 125, 3, 4)
    say(told, *row("RR"))
    assert drawn(ask(told)) == ("K", "tightened", 125, 2, 3)
    say(told, *row("+++++", "tightened", 3), *row("+" * 10, first=8), switch("reduced"))
    assert drawn(ask(told)) == ("K", "reduced", 50, 2, 3)


def test_it_names_what_moved_the_series_and_what_it_rests_on(told: Told):
    first, second = say(told, *TIGHTENED)
    accepted = say(told, *row("+++++", "tightened", 3))
    scored = say(told, *row("+" * 10, first=8))
    (agreed,) = say(told, switch("reduced"))
    ended, *_ = say(told, *row("R", "reduced", 18))
    answer = ask(told)
    assert answer["moves"] == [
        {"entry": second, "to": "tightened", "by": [first, second]},
        {"entry": accepted[-1], "to": "normal", "by": accepted},
        {"entry": agreed, "to": "reduced", "by": [agreed]},
        {"entry": ended, "to": "normal", "by": [ended]},
    ]
    assert ended in answer["rests_on"]
    assert not set(scored) & set(answer["rests_on"]), "what is over decides nothing"
    assert len(list(details(answer, "zh"))) == 4
    assert "转为加严检验" in next(iter(details(answer, "zh")))


def test_it_says_what_would_move_it_next(told: Told):
    say(told, *row("++R+"))
    facts = {note["code"]: note["facts"] for note in ask(told)["notes"]}
    assert facts["sampling-refusal"] == {"lots": 3}
    assert facts["sampling-score"] == {"score": 3, "needed": 30}
    say(told, inbound(5, found=4), *row("+++", "tightened", 6), *row("R", "tightened", 9))
    (note,) = ask(told)["notes"]
    assert note["facts"] | {"left": 5, "refused": 1} == note["facts"]


def test_an_inspector_understands_it(told: Told):
    zh = sentences("plan", planning(), ask(told), "zh")
    assert zh[0] == (
        "从 2000 件中随机抽取 125 件（样本量字码 K，正常检验）：不合格不超过 3 则接收该批，达到 4 则拒收。"
    )
    say(told, *STOPPED)
    answer = ask(told)
    assert answer["plan"] is None
    assert sentences("plan", planning(), answer, "en")[0].startswith("Accept nothing:")
    assert len(answer["reasons"][0]["entries"]) == 5


def test_what_it_says_is_registered_and_what_was_due_before_is_not(told: Told):
    """And the refusal names the plan."""
    outcomes = {}
    say(told, *TIGHTENED)
    for severity in ("normal", "tightened"):
        (outcomes[severity],) = told.world.register(inbound(3, severity=severity)(told.world))
    assert isinstance(outcomes["tightened"], Registered)
    assert isinstance(outcomes["normal"], Refused)
    (refusal,) = outcomes["normal"].refusals
    assert refusal.message == "N=2000, II, AQL 1.0, tightened: draw 125, Ac 2, Re 3"
    assert len(refusal.cites) == 2
    (other,) = told.world.register(inbound(4, sample_size=80, mode="patrol")(told.world))
    assert isinstance(other, Refused)
    (refusal,) = other.refusals
    assert refusal.message == "N=2000, II, AQL 1.0, normal: draw 125, Ac 3, Re 4"


def test_a_discontinuation_says_what_it_takes_to_go_on(told: Told):
    say(told, *STOPPED)
    (outcome,) = told.world.register(inbound(8, severity="tightened")(told.world))
    assert isinstance(outcome, Refused)
    assert "sampling-switch to tightened" in outcome.refusals[0].message


def test_it_answers_as_was_then_known(told: Told):
    say(told, *row("R"))
    before = told.world.size
    say(told, inbound(2, found=4))
    assert ask(told)["plan"]["severity"] == "tightened"
    assert ask(told, known_at=before)["plan"]["severity"] == "normal"
    say(told, withdraws("S2", by="warehouse"))
    assert ask(told)["plan"]["severity"] == "normal"


def test_a_score_of_reduced_is_not_carried_on(told: Told):
    say(told, *REDUCED)
    assert ask(told)["score"] == 0


def test_what_it_says_at_aql_0_is_registered_and_so_is_less(told: Told):
    answer = ask(told, aql="0")
    assert drawn(answer) == (None, "normal", 2000, 0, 1)
    plan = {name: value for name, value in answer["plan"].items() if name != "letter"}
    say(told, inbound(1, aql="0", **plan), inbound(2, aql="0", **plan | {"sample_size": 1}))
    told_in_words = sentences("plan", planning(aql="0"), answer, "en")[0]
    assert "Draw 2000 of the 2000 items at random (normal" in told_in_words
