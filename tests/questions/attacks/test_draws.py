"""An operator who wants another pick, and a merchant who wants to know it."""

from functools import partial
from typing import Any

import pytest
from paper import Paper
from questions.attacks.means import ready
from questions.scene import wait
from questions.scenes.draws import (
    COMMIT,
    EXECUTED,
    OF_DRAW,
    OF_PROGRAMME,
    buys,
    executes,
    late,
    opens,
    reveals,
)
from rules.scenarios.draws import (
    BESIDE,
    COMMITTED,
    KEY,
    LISTED,
    PLANNED,
    READY,
    ROSTERED,
    SEALED,
    again,
    beside,
    gone,
    result,
    swapped,
    without_first,
)
from rules.telling import Step
from rules.words import WHITE, affiliation, lost, product, says
from sampled import (
    DIGESTS,
    DRAW,
    SECOND_DRAW,
    drawn_inspector,
    frame,
    revealed,
    round_in,
    view_of,
    witnessed,
)
from tea import GTIN, INSPECTOR
from usual import Told, who
from world import DAY_S, ORIGIN, key_of

from ledger.draws import REHEARSAL, alpha_of, public_key_of, randomness_of, rehearsed
from ledger.errors import AdmissionError
from ledger.primitives.strict import format_base64url
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.rules.standing import standing
from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey

RESULT = says("draw-result")
SHOWN = says("draw-result", witnessed=witnessed)


def tells(told: Told, *steps: Any) -> Paper:
    """Tell what the rules let in; return the ledger."""
    paper = told.world
    assert isinstance(paper, Paper)
    for step in steps:
        raw = step(paper)
        if raw is not None:
            paper.accept(raw)
    return paper


def refused(told: Told, step: Step) -> list[str]:
    """Return the rules that a statement breaks."""
    raw = step(told.world)
    assert isinstance(raw, bytes)
    return told.world.refuse(raw)


def lets_in(told: Told, step: Step) -> Paper:
    """Let the operator register something against the rules."""
    paper = told.world
    assert isinstance(paper, Paper)
    raw = step(paper)
    assert isinstance(raw, bytes)
    paper.admit(raw)
    return paper


def found_out(told: Told, rule: str) -> None:
    """Assert that an answer about the draw names the rule that something was let in against."""
    with pytest.raises(AdmissionError) as caught:
        told.world.ask("draw", OF_DRAW | {"product": "*"})
    assert caught.value.rules == (rule,)


def codes(answer: dict[str, Any], among: str = "reasons") -> list[str]:
    """Return the codes of an answer's reasons or notes."""
    return [item["code"] for item in answer[among]]


def test_who_grinds_knows_the_beacon_and_comes_too_late(told: Told):
    tells(told, *READY)
    for number in range(5):  # each deadline is another leaf, and another pick
        grinds = says("draw", round=round_in(-60), deadline=lambda t, n=number: t.time(1 + n))
        assert refused(told, grinds) == ["draw-time"]
    lets_in(told, says("draw", round=round_in(-60)))
    found_out(told, "draw-time")


def test_who_commits_late_has_no_witness(told: Told):
    paper = tells(told, *SEALED, says("draw-result", witnessed=late))
    assert codes(paper.ask("draw", OF_DRAW)) == ["draw-unwitnessed"]


def test_who_shows_what_witnesses_saw_of_another_draw_is_refused(told: Told):
    tells(told, *SEALED, SHOWN)
    others = sorted(digest[::-1] for digest in DIGESTS)
    tells(told, again(), says("draw-sealed", subject=SECOND_DRAW, digests=others))
    other = says(
        "draw-result",
        subject=SECOND_DRAW,
        draw=lambda t: {
            "id": t.said["second"][0].id.hex(),
            "topic": "draw",
            "subject": SECOND_DRAW,
        },
        **{
            name: lambda t, n=name: revealed(t, SECOND_DRAW)[n]
            for name in ("signature", "proof", "picks", "substitutions")
        },
        sealings=[{"product": GTIN, "statement": others[0]}],
        witnessed=lambda t: witnessed(t, DRAW),
    )
    assert refused(told, other) == ["result-witnessed"]


def test_who_withholds_has_failed_whatever_comes_later(told: Told):
    paper = tells(told, *SEALED, wait(2), ROSTERED)
    assert paper.ask("draw", OF_DRAW)["verdict"] == "no"
    assert refused(told, RESULT) == ["result-late"]
    lets_in(told, SHOWN)
    answer = paper.fold("draw", OF_DRAW)[0]
    assert (answer["verdict"], codes(answer)) == ("no", ["draw-failed"])
    assert answer["picks"] == []
    found_out(told, "result-late")


def test_who_redraws_until_it_likes_the_pick_is_seen_to(told: Told):
    tells(told, *COMMITTED)
    assert refused(told, again()) == ["draw-open"]
    assert refused(told, says("draw", called="same number")) == ["draw-open", "draw-number"]
    paper = tells(told, wait(2), ROSTERED, again())
    answer = paper.ask("programme", OF_PROGRAMME)
    assert codes(answer, "notes") == ["draw-failed"]
    assert [row["state"] for row in answer["draws"]] == ["failed", "open"]


def test_who_commits_to_many_at_once_and_reveals_the_best_is_found_out(told: Told):
    tells(told, *SEALED)
    lets_in(told, again())
    tells(told, SHOWN)
    found_out(told, "draw-open")


def test_another_key_while_a_draw_waits_is_refused_and_changes_nothing(told: Told):
    tells(told, *SEALED)
    other = says("draw-key", x=format_base64url(public_key_of(b"another".ljust(32, b"."))))
    assert refused(told, other) == ["draw-open"]
    lets_in(told, other)
    tells(told, SHOWN)  # by the key that was there before the draw
    found_out(told, "draw-open")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"picks": swapped}, "result-drawn"),
        ({"picks": without_first, "sealings": []}, "result-drawn"),
        ({"substitutions": gone("not-on-sale"), "sealings": []}, "result-drawn"),
        ({"sealings": [{"product": GTIN, "statement": "3" * 64}]}, "result-sealed"),
    ],
    ids=["a friend's inspector", "a product left out", "a product on sale", "a bag bought later"],
)
def test_who_swaps_a_pick_is_found_out_by_whoever_asks(
    told: Told, changes: dict[str, Any], rule: str
):
    tells(told, *SEALED)
    assert refused(told, result(**changes)) == [rule]
    lets_in(told, result(**changes))
    found_out(told, rule)


def test_another_bag_than_was_sealed_counts_for_nothing(told: Told):
    steps = (*READY, COMMIT, buys(), reveals(witnessed))
    later = says("sample-sealed", subject="urn:sample:later", by="inspector")
    paper = tells(told, *steps, later, executes)
    assert codes(paper.ask("draw", OF_DRAW), "notes") == ["pick-unsealed"]
    assert paper.ask("programme", OF_PROGRAMME)["draws"][0]["executed"] == 0
    tells(told, opens)
    assert paper.ask("programme", OF_PROGRAMME)["draws"][0]["executed"] == 1


def test_a_friends_inspector_is_passed_over_by_name(told: Told):
    tells(told, affiliation("brand", "inspector"), *SEALED)
    people = revealed(told)["picks"][1]
    assert list(people["passed_over"]) == [INSPECTOR]
    honest = [item["key"] for item in (*people["drawn"], *people["spares"])]
    assert INSPECTOR not in honest
    friend = people | {
        "drawn": [{"key": INSPECTOR, "ticket": "0" * 64}],
        "passed_over": [],
    }
    tame = result(picks=lambda t: [revealed(t)["picks"][0], friend])
    assert refused(told, tame) == ["result-drawn"]
    lets_in(told, tame)
    found_out(told, "result-drawn")


def test_who_leaves_a_friends_product_out_of_the_frame_is_found_out(told: Told):
    own = (product(), says("listing", subject=WHITE, called="white listing"))
    tells(told, *own, *READY)
    assert frame(told)[1] == 4

    bent = says("draw", candidates=3, root="0" * 64)
    assert refused(told, bent) == ["draw-frame"]
    lets_in(told, bent)
    found_out(told, "draw-frame")


def test_what_is_listed_behind_the_frame_is_not_in_it_and_what_ended_is(told: Told):
    own = (product(), says("listing", subject=WHITE, called="white listing"))
    paper = tells(told, *COMMITTED, *own)
    asked = paper.ask("draw", OF_DRAW | {"product": WHITE})
    assert asked["product"]["in_frame"] == "no"
    assert paper.ask("draw", OF_DRAW | {"product": GTIN})["product"]["in_frame"] == "yes"


def test_a_frame_of_long_ago_is_refused(told: Told):
    tells(told, KEY, ROSTERED, PLANNED, wait(2), LISTED)
    old = says("draw", size=lambda t: view_of(t)[1] - 2, candidates=2)
    assert set(refused(told, old)) == {"draw-frame"}


def test_the_merchant_learns_nothing_before_the_reveal(told: Told):
    """Whatever was bought, sealings are of one size, and every answer is the same."""
    paper = tells(told, *READY, COMMIT, buys())
    some = paper.ask("draw", OF_DRAW | {"product": GTIN})
    (entry,) = [
        item.entry
        for item in paper.view.fold(standing, "draw", DRAW).values()
        if type(item.body).__name__ == "DrawSealed"
    ]
    assert len(entry.body.digests) == 2  # type: ignore[union-attr]
    sizes = {len(says("draw-sealed")(paper)), len(entry.statement.leaf)}  # type: ignore[arg-type]
    assert len(sizes) == 1
    assert some["picks"] == []
    assert (some["product"]["ticket"], some["product"]["rank"]) == (None, None)
    assert some["product"]["in_frame"] == "yes"
    told_of = str(some) + str(paper.ask("programme", OF_PROGRAMME))
    assert drawn_inspector(told) not in told_of
    assert told.said[f"bought {DRAW}"][0].id.hex() not in told_of


def test_the_merchant_who_knows_beacon_and_commitment_knows_no_ticket(told: Told):
    """All that is public makes the input of the function, and its output is as long as a secret."""
    paper = tells(told, *COMMITTED)
    item = next(iter(paper.view.fold(standing, "draw", DRAW).values()))
    number = item.body.round  # type: ignore[attr-defined]
    randomness = randomness_of(REHEARSAL, number, rehearsed(number))
    alpha = alpha_of(item.entry.statement.leaf_hash, number, randomness)
    tickets = {
        one["ticket"]
        for picks in revealed(told)["picks"]
        for one in (*picks["drawn"], *picks["spares"])
    }
    from ledger.draws import ticket_of

    guessed = ticket_of("object/insufficient", alpha[:64], GTIN).hex()
    assert guessed not in tickets


def test_what_was_executed_is_shown_with_its_ticket(told: Told):
    paper = tells(told, *EXECUTED)
    answer = paper.ask("draw", OF_DRAW | {"product": GTIN})
    assert answer["verdict"] == "yes"
    assert answer["product"]["rank"] == 1
    (row,) = [one for one in answer["picks"] if one["key"] == GTIN]
    assert row["state"] == "executed"
    assert row["ticket"] == answer["product"]["ticket"]
    assert paper.now_us < paper.registered_us(row["entry"]) + 14 * DAY_S * 1_000_000


def test_who_says_that_everything_is_sold_out_is_told_of(told: Told):
    fell = says("draw-result", substitutions=gone(), sealings=[], witnessed=witnessed)
    paper = tells(told, *SEALED, fell)
    answer = paper.ask("draw", OF_DRAW)
    assert (answer["verdict"], codes(answer, "notes")) == ("yes", ["pick-substituted"])
    (note,) = answer["notes"]
    assert note["facts"] == {"draw": DRAW, "product": GTIN, "reason": "sold-out"}
    assert codes(paper.ask("programme", OF_PROGRAMME), "notes") == ["picks-substituted"]


def test_what_is_taken_off_sale_once_it_is_drawn_is_told(told: Told):
    fell = says("draw-result", substitutions=gone("not-on-sale"), sealings=[], witnessed=witnessed)
    paper = tells(told, *SEALED, says("listing-ended"), fell)
    assert codes(paper.ask("draw", OF_DRAW), "notes") == ["pick-substituted"]


def test_who_executes_what_it_likes_of_what_was_drawn_is_told_of(told: Told):
    paper = tells(told, *SEALED, SHOWN, wait(15), ROSTERED)
    assert codes(paper.ask("programme", OF_PROGRAMME), "notes") == ["picks-missed"]


def test_a_tie_that_the_ledger_learns_of_later_is_told(told: Told):
    paper = tells(told, *SEALED, SHOWN)
    assert codes(paper.ask("draw", OF_DRAW), "notes") == []
    tells(told, affiliation("brand", drawn_inspector(told)))
    assert codes(paper.ask("draw", OF_DRAW), "notes") == ["tied-later"]


def test_a_roster_of_a_friend_is_told(told: Told):
    alone = says("roster", members=[INSPECTOR], called="alone")
    paper = tells(told, LISTED, KEY, ROSTERED, PLANNED, alone, COMMIT, says("draw-sealed"), SHOWN)
    assert codes(paper.ask("draw", OF_DRAW), "notes") == ["drawn-alone"]


def test_a_draw_behind_one_that_was_withheld_says_so(told: Told):
    paper = tells(told, *COMMITTED, wait(2), ROSTERED, again())
    found = paper.ask("draw", {"draw": SECOND_DRAW})
    assert codes(found, "notes") == ["draws-failed"]


def test_one_programme_withholds_nothing_that_another_reveals(told: Told):
    paper = tells(told, *COMMITTED, wait(2), *beside())
    assert codes(paper.ask("draw", {"draw": "urn:draw:other:1"}), "notes") == ["draws-failed"]
    found = paper.ask("programme", {"programme": BESIDE})
    assert codes(found, "notes") == ["programmes-beside"]


def test_a_witness_that_is_named_behind_a_draw_has_not_seen_it(told: Told):
    """The operator names a friend, who signs whatever time it is told."""
    friend = VerifierKey("friend.example/1", TYPE_COSIGNATURE, key_of("friend").public.x)
    version = {"version": CURRENT, "digest": PUBLISHED[CURRENT]}
    named = says("rules", subject=ORIGIN, by="operator", rules=version, witnesses=[str(friend)])
    shown = says("draw-result", witnessed=lambda t: witnessed(t, by="friend"))
    for steps, verdict in (
        ((*READY, named, COMMIT, says("draw-sealed"), shown), "yes"),
        ((*SEALED, named, shown), "unknown"),
    ):
        told = ready()
        for step in steps:
            lets_in(told, step)
        paper = told.world
        assert isinstance(paper, Paper)
        assert paper.fold("draw", OF_DRAW | {"product": "*"})[0]["verdict"] == verdict


def test_a_sample_that_was_taken_before_anybody_knew_executes_nothing(told: Told):
    paper = tells(told, *READY, COMMIT, buys(taken=-0.5), reveals(witnessed), opens, executes)
    assert codes(paper.ask("draw", OF_DRAW), "notes") == ["pick-unsealed"]


def test_a_pick_that_a_key_of_the_operators_making_executed_is_told(told: Told):
    paper = tells(told, *READY, COMMIT, buys(), reveals(witnessed), opens)
    name = drawn_inspector(told)
    tells(told, lost(name, "inspector")[1])
    reset = {"how": {"by": f"{name}-2", "issuer": who(name)}}
    tells(told, partial(executes, **reset))
    for question, asked in (("draw", OF_DRAW), ("programme", OF_PROGRAMME)):
        assert codes(paper.ask(question, asked), "notes") == ["key-reset"]
