"""What things are called in answers: everywhere before their ids, as they were named at the time."""

import re
from collections import Counter
from pathlib import Path

import pytest
from paper import Paper, copy_of
from questions.scene import Scene, performed, selling
from questions.test_scenes import SCENES
from rules.words import says
from tea import DISTRIBUTOR, GARDEN, GTIN, LOT, MARK, SHOP
from usual import RIVAL, Told
from world import BRAND, ORIGIN, TRADER

from ledger.cli.answer import found_lines
from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.identifiers.kinds import kind_of
from ledger.phrases import details, paragraphs, with_names
from ledger.questions.names import names_at, names_of
from ledger.questions.registry import Inquiry, find_question
from ledger.rules.claims import held
from ledger.texts import Lang

IDS = re.compile(r"(?:https://|urn:|did:)[A-Za-z0-9:/._~%-]*[A-Za-z0-9_~%]")
CLAIMED = {"product": "product", "lot": "product", "item": "product", "facility": "facility"}
CLAIMED |= {"shop": "shop", "standard": "standard"}
NAMES = {"en": "Green tea", "zh": "绿茶"}


def is_named(view: View, id_: str) -> bool:
    """Return whether one alone says what a thing is called, and may."""
    kind = kind_of(id_)
    if kind == "party":
        return view.history("identity", id_).count > 0
    if kind == "trademark":
        papers = view.history("qualification-number", id_).entries()
        return any(isinstance(getattr(paper.body, "mark", None), str) for paper in papers)
    if kind not in CLAIMED:
        return False
    return (
        len(held(view, CLAIMED[kind], product_of(id_) if CLAIMED[kind] == "product" else id_)) == 1
    )


def asked(told: Told, scene: Scene) -> tuple[View, Inquiry, dict[str, str], object]:
    """Tell a scene; return the ledger, what was asked, of what, and the answer."""
    paper, asks, at_us, forged = performed(told, scene)
    asks = {name: str(value) for name, value in asks.items()}
    inquiry = (Unchecked if forged else Inquiry)(paper.view, ORIGIN)
    question = find_question(scene.question, asks)
    answer = inquiry.ask(question, asks, known_at=paper.size, valid_at_us=at_us)
    return paper.view, inquiry, asks, answer


class Unchecked(Inquiry):
    """What was let in against the rules is not reviewed again."""

    def recheck(self, entries: object) -> None:
        """Review nothing."""


def bare(line: str, lang: Lang) -> list[str]:
    """Return the ids in a line that stand in no brackets behind a name."""
    bracket = "（" if lang == "zh" else " ("
    places = [found for found in IDS.finditer(line) if line.count("`", 0, found.start()) % 2 == 0]
    return [found[0] for found in places if not line.endswith(bracket, 0, found.start())]


def test_no_line_of_any_answer_has_an_id_without_the_name_that_is_known(beginning: Told):
    seen = Counter[str]()
    for scene in SCENES:
        view, inquiry, asks, answer = asked(copy_of(beginning.world, beginning), scene)
        for lang in ("zh", "en"):
            lines = paragraphs(scene.question, asks, answer, lang)
            lines += [*details(answer, lang), *found_lines(answer, lang)]
            for line in with_names(lines, inquiry.names, lang):
                wrong = [id_ for id_ in bare(line, lang) if is_named(view, id_)]
                assert wrong == [], (scene.says, line)
                seen.update(str(kind_of(id_)) for id_ in IDS.findall(line))
    assert {"party", *CLAIMED, "trademark"} <= {*seen}
    assert seen["party"] > 1_000


def restated(**changes: object):
    return says("product", called="renamed", names={"zh": "老绿茶", "en": "Old tea"}, **changes)


def renames(party: str, name: str):
    fields = {"names": {"en": name}, "country": "DE", "roles": ["trader"], "keys": []}
    return says("party-update", by="operator", subject=party, called=f"now {name}", **fields)


def names_now(told: Told, *ids: str, at_us: int | None = None) -> dict[str, dict[str, str]]:
    at_us = told.world.last_us() if at_us is None else at_us
    return names_of(told.world.view, ids, at_us)


def test_things_are_called_as_they_were_registered_at_the_time_asked_about(told: Told):
    before_us, size = told.world.last_us(), told.world.size
    told.world.accept(restated()(told.world))
    told.world.accept(renames(TRADER, "Second Hill")(told.world))
    first = {"en": "trader"}
    assert names_now(told, TRADER, LOT) == {
        GTIN: {"zh": "老绿茶", "en": "Old tea"},
        TRADER: {"en": "Second Hill"},
    }
    assert names_now(told, TRADER, GTIN, at_us=before_us) == {GTIN: NAMES, TRADER: first}
    assert names_now(told, TRADER, at_us=0) == {TRADER: first}, (
        "before it entered, by its first name"
    )
    then = Inquiry(told.world.view, ORIGIN)
    then.ask(find_question("may_sell", selling()), selling(), known_at=size)
    assert then.names[GTIN] == NAMES, "as was known then"
    assert then.names[TRADER] == first


def test_every_kind_of_thing_has_its_name(told: Told):
    found = names_now(told, LOT + "/21/7", GARDEN, SHOP, MARK, BRAND, "urn:trademark:cn:1:30", TEXT)
    assert [*found] == sorted(found)
    assert found[GTIN] == NAMES
    assert found[GARDEN] == {"zh": "龙坞茶园"}
    assert found[MARK] == {"mark": "龙井"}
    assert found[BRAND] == {"en": "brand"}
    assert found.keys() == {GTIN, GARDEN, SHOP, MARK, BRAND}


TEXT = f"see {TRADER}"
"""What only speaks of an id names nothing."""


def test_a_stranger_names_nothing_and_what_is_contested_has_no_name(told: Told):
    theirs = says("product", by="rival", names={"en": "Mine"}, brand=MARK)
    told.world.admit(theirs(told.world))
    assert names_now(told, GTIN)[GTIN] == NAMES
    place = says("facility", by="rival", subject=GARDEN, owner=RIVAL, names={"en": "Their garden"})
    told.world.admit(place(told.world))
    found = names_at(told.world.view, "facility", GARDEN, told.world.last_us())
    assert found in ({"zh": "龙坞茶园"}, {}), "the owner's, or nobody's: never the stranger's"


def test_the_names_are_read_as_evidence(told: Told):
    """Whoever has the histories that were read, and no others, finds the same names."""
    inquiry = Inquiry(told.world.view, ORIGIN)
    inquiry.ask(find_question("may_sell", selling()), selling(), known_at=told.world.size)
    assert {("identity", TRADER), ("product", GTIN)} <= inquiry.trace.histories.keys()
    assert inquiry.names.keys() >= {TRADER, GTIN, BRAND}


LINES = f"{TRADER} and {DISTRIBUTOR}, then {TRADER}. `may-sell --trader {TRADER}` {LOT}: {LOT}."
TWO = f"批次 {LOT} 由 {TRADER} 收，{TRADER} 发。"


def test_two_of_one_name_stay_two():
    one = {TRADER: {"en": "Tea Hill", "zh": "茶山"}, DISTRIBUTOR: {"en": "Hill"}, GTIN: NAMES}
    (line,) = with_names([LINES], one, "en")
    assert line == (
        f"Tea Hill ({TRADER}) and Hill ({DISTRIBUTOR}), then Tea Hill ({TRADER}). `may-sell --trader {TRADER}` "
        f"Green tea ({LOT}): Green tea ({LOT})."
    )
    for name in ("Tea Hill", "Tea  Hill", "Ｔea Hill", "Теа Hill"):  # noqa: RUF001 - they look alike
        (line,) = with_names([LINES], one | {DISTRIBUTOR: {"zh": "茶行", "en": name}}, "en")
        assert line.startswith(
            f"Tea Hill ({TRADER}) and {name} ({DISTRIBUTOR}), then Tea Hill ({TRADER})."
        )
    (line,) = with_names([f"{TRADER}, {BRAND}, {TRADER}"], one, "en")
    assert line == f"Tea Hill ({TRADER}), {BRAND}, Tea Hill", "it names one thing alone"
    assert with_names([TWO], one, "zh") == [
        f"批次绿茶（{LOT}）由茶山（{TRADER}）收，茶山（{TRADER}）发。"
    ]
    assert with_names([TWO], {TRADER: {"en": "Hill"}}, "zh") == [
        f"批次 {LOT} 由 Hill（{TRADER}）收，Hill 发。"
    ]


AS_IDS = (
    f"Tea Hill ({DISTRIBUTOR})", "did:web:brand.example", DISTRIBUTOR,
    "Green tea (id.gs1.org/01/06901234500004)", "Green tea (GS1.ORG)", "Green tea (\u0456d.g\u04551。\u043erg)",
    "Green tea (https\u2236//brand.example)", "Green tea\uff08\uff28\uff34\uff34\uff30\uff33\uff1a\uff0f\uff0fbrand.example\uff09",
    "HTTPS://brand.example", "URN:SHOP:A:1", "d\u200did:web:x", "d\u00edd:web:x",
    "Green tea 06901234500004", "tea \uff10\uff16\uff19\uff10\uff11\uff12\uff13\uff14\uff15\uff10\uff10\uff10\uff10\uff14", "tea 0690 1234 5000 04", "tea " + "5f" * 8,
)  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Tea 2026", "Why did: a novel", "茶山", "Grüner Tee", "Чай", "7-11"]
)
def test_a_name_that_is_none_is_told(name: str):
    (line,) = with_names([f"{TRADER} sells"], {TRADER: {"en": name}}, "en")
    assert line == f"{name} ({TRADER}) sells"


@pytest.mark.parametrize("name", AS_IDS)
def test_a_name_that_would_pass_for_an_id_is_not_told(name: str):
    assert with_names([f"{TRADER} sells"], {TRADER: {"en": name}}, "en") == [f"{TRADER} sells"]


def test_a_long_name_is_cut_and_what_is_not_named_stays():
    (line,) = with_names([f"{TRADER}, {BRAND}"], {TRADER: {"en": "a" * 300}}, "en")
    assert line == f"{'a' * 100}… ({TRADER}), {BRAND}"
    assert with_names(["x"], {}, "en") == ["x"]


def test_each_of_many_things_has_its_own_name():
    ids = [f"urn:shop:mall.example:s-{number}" for number in range(5_000)]
    told = with_names(ids, {id_: {"en": f"Shop {id_[-4:]}"} for id_ in ids}, "en")
    assert all(line.endswith(f"({id_})") for line, id_ in zip(told, ids, strict=True))


def test_a_world_without_names_has_none():
    assert names_of(Paper(Path(), "").view, (TRADER, GTIN, MARK, GARDEN, SHOP), 0) == {}
