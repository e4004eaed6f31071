"""Overviews: pages that are all of it together, and what nobody makes longer or slower unasked."""

from typing import Any

import pytest
from paper import Paper
from questions.scene import READY, say
from questions.scenes.observing import (
    ADVISED,
    AMISS,
    ASKED,
    VISITED,
    applies,
    declined,
    ended,
    seated,
)
from rules.words import affiliation, corrects, grant, mark, revoke, says
from tea import AGENT, GARDEN, GTIN, LOT, MARK, OBSERVER
from usual import RIVAL, Told, citing, evidence
from world import BRAND, TRADER

from ledger.primitives.instant import DAY_US
from ledger.questions import brand, observers, place, rights, trader

THEIR_MARK = "urn:trademark:cn:99999999:30"


def paged(told: Told, question: str, field: str, **asks: str) -> list[Any]:
    """Return what the pages of an answer list, together."""
    first = told.world.ask(question, {**asks, "page": "1"})
    found = list(first[field])
    for page in range(2, first["pages"] + 1):
        more = told.world.ask(question, {**asks, "page": str(page)})
        assert 0 < len(more[field]) <= len(first[field])
        found += more[field]
    behind = told.world.ask(question, {**asks, "page": str(first["pages"] + 1)})
    assert behind[field] == []
    return found


def test_the_pages_of_an_answer_are_all_of_it(told: Told, monkeypatch: pytest.MonkeyPatch):
    products = [f"https://id.gs1.org/01/0690123450{n}" for n in ("0011", "0028", "0035")]
    say(told, *READY, says("listing"))
    for number, product in enumerate(products):
        say(told, says("product", subject=product, called=f"product {number}"))
        say(told, says("listing", subject=product, called=f"listing {number}"))
    say(told, *(grant("brand", to, depth=0) for to in ("rival", "subsidiary", "parent")))
    asks = {
        ("trader", "listed"): {"trader": TRADER},
        ("brand", "given"): {"brand": MARK, "under": "*"},
        ("grants", "given"): {"party": BRAND, "brand": "*"},
    }
    whole = {key: paged(told, *key, **how) for key, how in asks.items()}
    assert [len(rows) for rows in whole.values()] == [4, 6, 4]
    for module in (trader, brand, rights):
        monkeypatch.setattr(module, "PAGE", 2)
    assert {key: paged(told, *key, **how) for key, how in asks.items()} == whole


def read(told: Told, question: str, **asks: str) -> tuple[dict[str, Any], int]:
    """Return an answer, and how many entries were read for it."""
    paper = told.world
    assert isinstance(paper, Paper)
    answer, trace = paper.fold(question, asks)
    histories = trace.histories.values()
    return answer, len({index for history in histories for index in history.indices()})


def test_what_others_grant_unasked_makes_no_answer_about_a_brand_longer(told: Told):
    """Ten a year by each of another brand: they are listed where all brands are asked about."""
    say(told, mark(holder="rival", number=THEIR_MARK))
    asked = {
        "grants": {"party": TRADER, "brand": MARK, "page": "1"},
        "expiring": {"party": TRADER, "days": "30", "brand": MARK},
        "brand": {"brand": MARK, "under": "*", "page": "1"},
    }
    before = {question: read(told, question, **how) for question, how in asked.items()}
    theirs = {"brand": THEIR_MARK, "until": told.time(20)}
    say(
        told,
        *(grant("rival", "trader", "second mark", called=f"g{n}", **theirs) for n in range(10)),
    )
    assert {question: read(told, question, **how) for question, how in asked.items()} == before
    every = told.world.ask("grants", asked["grants"] | {"brand": "*"})
    assert (every["holds"], len(every["held"])) == (11, 11)
    again = grant("rival", "trader", "second mark", called="g11", **theirs)
    refused = told.world.register(again(told.world))[0]
    assert [item.rule for item in refused.refusals] == ["too-often"]


def test_a_grantee_that_makes_more_than_are_looked_at_hides_no_yes(
    told: Told, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(brand, "MAX_GRANTS", 2)
    asks = {"brand": MARK, "under": "*", "page": "1"}
    found = told.world.ask("brand", asks)
    assert (found["verdict"], len(found["given"])) == ("yes", 2)
    assert [note["code"] for note in found["notes"]] == ["walk-limit"]
    rest = told.world.ask("brand", asks | {"under": told.said["distributor"][0].id.hex()})
    assert [row["grantee"] for row in rest["given"]] == [TRADER], "asked for below a grant"
    say(told, revoke("agent", "agent", "brand"))
    found = told.world.ask("brand", asks)
    assert (found["verdict"], [one["code"] for one in found["reasons"]]) == (
        "unknown",
        ["walk-limit"],
    )


def test_what_is_left_to_pass_on_is_the_least_of_the_chain(told: Told):
    held = told.world.ask("grants", {"party": AGENT, "brand": MARK, "page": "1"})["held"]
    assert [(row["depth"], row["state"], row["parent"]) for row in held] == [
        (3, "stands", told.world.ask("brand", {"brand": MARK})["marks"][0]["entry"])
    ]
    (below,) = told.world.ask("grants", {"party": TRADER, "brand": MARK, "page": "1"})["held"]
    assert below["depth"] == 0


def test_a_place_lists_its_owners_lots_and_another_makers_where_that_is_named(told: Told):
    say(told, affiliation("brand", "subsidiary"), grant("brand", "rival", depth=0))
    theirs = {"by": "rival", "subject": f"{GTIN}/10/R1", "serial_range": ...}
    say(told, says("lot", called="theirs", **theirs))
    asks = {"place": GARDEN, "page": "1"}
    assert [row["lot"] for row in told.world.ask("place", asks)["made_there"]] == [LOT]
    named = told.world.ask("place", asks | {"maker": RIVAL})
    assert [(row["lot"], row["maker"]) for row in named["made_there"]] == [(f"{GTIN}/10/R1", RIVAL)]


def test_a_lot_corrected_to_another_place_is_listed_there(told: Told):
    shed = "https://id.gs1.org/414/6901234500110"
    say(told, says("facility", subject=shed, called="shed"))
    say(told, corrects("lot", "brand", facility=shed))
    here, there = (told.world.ask("place", {"place": at}) for at in (GARDEN, shed))
    assert (here["lots"], here["made_there"]) == (1, [])
    assert [row["lot"] for row in there["made_there"]] == [LOT]


def test_the_page_sizes_are_what_the_words_say():
    """The commands name them in words."""
    pages = (trader.PAGE, rights.PAGE, brand.PAGE, place.PAGE, observers.PAGE)
    assert pages == (20, 200, 200, 50, 50)


def test_the_group_is_told_with_its_calls_and_what_became_of_each(told: Told):
    tie = [{"to": BRAND, "text": "my cousin picks there"}]
    say(
        told,
        says("observer-call", called="small", seats=[{"kind": "media", "count": 1}]),
        applies(call=citing("small"), kind="media", ties=tie),
        seated(kind="media"),
        applies("observer", call=citing("small"), kind="media"),
        declined("observer", reason="full"),
        ended("observer"),
    )
    found = told.world.ask(
        "observers", {"kind": "*", "page": "1"}, valid_at_us=told.world.now_us + 3 * DAY_US
    )
    assert [row["seats"] for row in found["calls"]][1:] == [
        [
            {
                "kind": "media",
                "count": 1,
                "applied": 2,
                "appointed": 1,
                "declined": 1,
                "unanswered": 0,
            }
        ]
    ]
    assert [
        (row["state"], row["reason"], row["ties"], row["invited"]) for row in found["members"]
    ] == [
        ("left", "moved abroad", [], 1),
        ("appointed", None, [BRAND], 0),
        ("declined", "full", [], 1),
    ]
    assert found["members"][0]["ended_by"] == OBSERVER


def test_what_was_seen_by_point_is_told_with_who_replied(told: Told):
    say(told, *ASKED, VISITED, AMISS, ADVISED)
    found = told.world.ask("visits", {"about": GARDEN})
    (observed,) = found["visits"][0]["observations"]
    assert [(row["point"], row["told"]) for row in observed["seen"]] == [
        ("open", "no"),
        ("heat", "62 °C"),
        ("gate", evidence()[0]["digest"]),
    ]
    assert [row["type"] for row in observed["replies"]] == ["advice"]
    assert [(row["observer"], row["state"], row["published"]) for row in found["invited"]] == [
        (OBSERVER, "open", None),
        (OBSERVER, "visited", observed["published"]),
    ]


def test_who_was_invited_twice_sees_both(told: Told):
    say(told, says("visit"), says("invitation", called="again", to=LOT))
    found = told.world.ask("invitations", {"observer": citing("term")(told)["subject"]})
    assert [(row["to"], row["state"], len(row["visits"])) for row in found["invitations"]] == [
        (GARDEN, "visited", 1),
        (LOT, "open", 0),
    ]
