"""What a broken chain lacks is told at once, by name; it grows shorter as it is followed, and mends."""

import pytest
from paper import Paper, copy_of
from questions.mends.chains import listed, remarked, shorter
from questions.mends.telling import Wrong
from questions.scene import Forged, Scene, performed, selling
from questions.test_scenes import SCENES
from rules.telling import Step
from rules.words import grant, revoke
from tea import AGENT, DISTRIBUTOR, MARK
from usual import Told
from world import BRAND, TRADER

from ledger.phrases.sentences import reason_sentence
from ledger.rules.codes import CHAIN_CODES

ONCE_MORE = {"flagship-needs-exclusive", "specialty-needs-country"}
"""Their lists want more of a grant than who makes it: see the mends of their codes."""


def broken(scene: Scene) -> bool:
    """Return whether a scene of now has a chain that carries nothing."""
    codes = {*scene.codes} & CHAIN_CODES.keys()
    honest = not any(isinstance(step, Forged) for step in scene.story)
    if scene.question == "impact":  # it is about one grant, which stays dead
        return False
    return bool(codes) and not codes & ONCE_MORE and scene.at is None and honest


class Ask:
    """A scene told, and asked again as something is done about it."""

    def __init__(self, beginning: Told, scene: Scene) -> None:
        self.told = copy_of(beginning.world, beginning)
        self.scene = scene
        self.paper, self.asks, _, _ = performed(self.told, scene)

    def lacking(self) -> list[Wrong]:
        """Return the reasons of the chain, each with what it lacks."""
        assert isinstance(self.paper, Paper)
        answer = self.paper.ask(self.scene.question, self.asks)
        return [
            Wrong(
                self.told,
                item["code"],
                item["facts"],
                sorted(item["entries"]),
                self.scene.question,
                self.asks,
            )
            for item in answer["reasons"]
            if "lacking" in item["facts"]
        ]

    def do(self, *steps: Step) -> None:
        """Register what is done, by whom it is said to be lacking."""
        for step in steps:
            raw = step(self.paper)
            assert raw is not None
            self.paper.accept(raw)


def marked(beginning: Told, scene: Scene) -> tuple[Ask, Wrong]:
    """Tell a scene, with a mark where that is lacking; return the nearest chain's reason."""
    ask = Ask(beginning, scene)
    wrongs = ask.lacking()
    if not wrongs:
        pytest.skip("nothing that a grant made now would mend")
    if "have" not in wrongs[0].facts:
        ask.do(next(iter(remarked(wrongs[0]))))
        wrongs = [one for one in ask.lacking() if "have" in one.facts]
    return ask, wrongs[0]


@pytest.mark.parametrize("scene", [*filter(broken, SCENES)], ids=lambda scene: scene.says)
def test_the_list_mends_when_it_is_followed_wholly_and_says_what_is_left_before(
    beginning: Told, scene: Scene
):
    ask, first = marked(beginning, scene)
    way = str(first.facts["lacking"]).split(" ")
    if "shorter" in first.facts:
        at_once, same = marked(beginning, scene)
        at_once.do(*shorter(same))
        assert at_once.lacking() == []
    if len(way) > 2:
        (done,) = listed(first, steps=1)
        ask.do(done)
        left = next(one for one in ask.lacking() if one.facts["lacking"].split(" ") == way[1:])
        assert left.facts["have"] == ask.paper.size - 2  # the seal is behind it
        first = left
    ask.do(*listed(first))
    assert ask.lacking() == []


def test_a_dead_grant_whose_impact_is_asked_lists_the_same(beginning: Told):
    story = (revoke("distributor", "distributor", "agent"),)
    told = copy_of(beginning.world, beginning)
    asks = {
        "brand": MARK,
        "grantee": TRADER,
        "grant": told.said["trader"][0].id.hex(),
    }
    dead, sale = (
        Ask(beginning, Scene("", story, question, asked, "no")).lacking()[0].facts["lacking"]
        for question, asked in (("impact", asks), ("may_sell", selling()))
    )
    assert dead == sale == f"{AGENT} {DISTRIBUTOR} {TRADER}"


def told_now(ask: Ask) -> dict[str, str]:
    """Return the one reason's sentences, by language."""
    answer = ask.paper.ask(ask.scene.question, ask.asks)
    (reason,) = answer["reasons"]
    return {lang: reason_sentence(reason, lang) for lang in ("en", "zh")}


def test_what_was_done_is_told_and_what_is_still_lacking(beginning: Told):
    """A middle link was revoked: two have to grant, the right-holder's own grant is shorter."""
    story = (revoke("distributor", "distributor", "agent"),)
    ask = Ask(beginning, Scene("", story, "may_sell", selling(), "no"))
    agent = ask.told.said["agent"][0]
    before = told_now(ask)
    assert (
        f"has to authorise {DISTRIBUTOR} (to be granted on, depth 1 or more), then {DISTRIBUTOR} "
        f"has to authorise {TRADER}. Shorter: {BRAND}, who holds the brand, authorises {TRADER} directly."
    ) in before["en"]
    assert f"还缺：由{AGENT}授权{DISTRIBUTOR}".replace(" ", "") in before["zh"].replace(" ", "")
    assert agent
    ask.do(grant("agent", "distributor", "agent", called="anew", depth=1))
    after = told_now(ask)
    assert f"There is: the right of {DISTRIBUTOR} to grant it" in after["en"]
    assert (
        f"Still lacking: for what is asked, {DISTRIBUTOR} has to authorise {TRADER}." in after["en"]
    )
    assert "Shorter" not in after["en"]
    assert after["zh"] != before["zh"]
