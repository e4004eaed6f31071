"""What answers say beyond their verdict: who, since when, which; both times; nothing left out."""

from typing import Any

import pytest
from questions.scene import audit, inspection, refusal, sanction, say, selling, visit_to
from rules.words import WHITE, amends, corrects, disputed, erases, grant, product, revoke, says
from tea import AGENT, DISTRIBUTOR, GARDEN, GTIN, LOT, MARK, OBSERVER, OFFICE, SHOP
from usual import LICENCE, RIVAL, USUAL, VISIT, Told, citing, day, finding
from world import BRAND, MINUTE_US, OPERATOR, TRADER

from ledger.errors import UsageError, VerificationError
from ledger.histories.history import Entry
from ledger.phrases import limits, sentences
from ledger.primitives.instant import format_us, parse_us
from ledger.statements.fields import parse_time_us, second_from

SECOND = GTIN + "/10/B8"


def index_of(told: Told, name: str) -> int:
    """Return the entry of what was called so."""
    id_ = told.said[name][0].id
    entries = [e for topic in told.world.view._entries.values() for e in topic]
    return next(e.index for e in entries if isinstance(e, Entry) and e.statement.id == id_)


def id_of(told: Told, name: str) -> str:
    return told.said[name][0].id.hex()


# Times.


def test_a_revocation_bites_from_its_place_in_the_log(told: Told):
    """Authorised as then known: the answer as of before the revocation stays what it was."""
    before = told.world.size
    (revoked,) = say(told, revoke("distributor", "distributor", "agent"))
    found = told.world.ask("may_sell", selling())
    assert found["verdict"] == "no"
    (reason,) = found["reasons"]
    assert reason["entries"] == [index_of(told, "distributor"), revoked]
    assert reason["facts"] == {
        "issuer": AGENT,
        "grantee": DISTRIBUTOR,
        "by": AGENT,
        "since": format_us(told.world.registered_us(revoked)),
        "lacking": f"{AGENT} {DISTRIBUTOR} {TRADER}",
        "have": index_of(told, "agent"),
        "shorter": BRAND,
    }
    then = told.world.ask("may_sell", selling(), known_at=before)
    assert then["verdict"] == "yes"
    # Asked today about that time, the link carried it, and what came of it is noted.
    revoked_us = told.world.registered_us(revoked)
    past = told.world.ask("may_sell", selling(), valid_at_us=revoked_us - 1)
    assert past["verdict"] == "yes"
    (note,) = past["notes"]
    assert (note["code"], note["entries"]) == ("grant-ended-later", reason["entries"])
    assert note["facts"]["since"] == format_us(revoked_us)
    assert told.world.ask("may_sell", selling(), valid_at_us=revoked_us)["verdict"] == "no"


def test_a_sale_is_answered_by_the_second(told: Told):
    say(told, grant("distributor", "rival", "distributor", depth=0, **{"from": day(2)}))
    begins = parse_time_us(told.fields_of("distributor to rival")["from"])
    asked = selling(trader=RIVAL)
    for at_us, verdict in ((begins - 1, "no"), (begins, "yes")):
        assert told.world.ask("may_sell", asked, valid_at_us=at_us)["verdict"] == verdict


def test_a_grant_says_from_when_it_bites(told: Told):
    """It names the beginning of the year, and was registered in September."""
    index = index_of(told, "agent")
    registered_us = told.world.registered_us(index)
    found = told.world.ask("may_sell", selling(), valid_at_us=registered_us - 1)
    (reason,) = found["reasons"]
    assert reason["facts"]["from"] == format_us(registered_us)
    assert reason["entries"] == [index]


@pytest.mark.parametrize("at_us", [0, 999_999, 1_000_001, 1_790_000_000_000_000])
def test_a_time_is_told_as_it_is_and_written_as_the_first_second_not_before_it(at_us: int):
    assert parse_us(format_us(at_us)) == at_us
    assert 0 <= parse_time_us(second_from(at_us)) - at_us < 1_000_000


# Who says so.


def test_the_chain_is_named_from_the_trademark_down(told: Told):
    found = told.world.ask("may_sell", selling())
    names = ("mark", "agent", "distributor", "trader")
    rows = [(row["kind"], row["entry"], row["issuer"], row["holder"]) for row in found["chain"]]
    assert rows == [
        ("trademark", index_of(told, "mark"), OFFICE, BRAND),
        ("grant", index_of(told, "agent"), BRAND, AGENT),
        ("grant", index_of(told, "distributor"), AGENT, DISTRIBUTOR),
        ("grant", index_of(told, "trader"), DISTRIBUTOR, TRADER),
    ]
    product_entry = index_of(told, "product")
    assert found["rests_on"] == sorted([product_entry, *(index_of(told, n) for n in names)])
    said = sentences("may_sell", selling(), found, "zh")
    assert said[0].startswith("可以：")
    assert f"{DISTRIBUTOR} 授权 {TRADER}（条目 {index_of(told, 'trader')}）" in said[1]


def test_the_chain_nearest_to_a_yes_is_said_first(told: Told):
    """One that is over is another giver's here, else it would not be told at all."""
    far = {"territories": ["CN-ZJ"], "channels": ["other.example"]}
    say(
        told,
        revoke("trader", "trader", "distributor"),
        grant("agent", "trader", "agent", depth=0, called="far", **far),
        grant("brand", "trader", "mark", depth=0, called="near", territories=["CN-ZJ"]),
    )
    found = told.world.ask("may_sell", selling())
    assert [(one["code"], one["entries"][0]) for one in found["reasons"]] == [
        ("grant-territory", index_of(told, "near")),
        ("grant-territory", index_of(told, "far")),
        ("grant-revoked", index_of(told, "trader")),
    ]
    assert found["chain"][-1]["entry"] == index_of(told, "near")


def test_an_affiliation_is_named_and_rested_on(told: Told):
    from rules.words import affiliation

    say(told, affiliation("brand", "subsidiary"), grant("subsidiary", "rival", depth=0))
    found = told.world.ask("may_sell", selling(trader=RIVAL))
    assert [row["kind"] for row in found["chain"]] == ["trademark", "affiliation", "grant"]
    assert index_of(told, "subsidiary of brand") in found["rests_on"]


def test_a_delisting_names_its_step_and_its_beginning(told: Told):
    *_, imposed = say(told, *sanction())
    (reason,) = told.world.ask("may_sell", selling())["reasons"]
    registered = format_us(told.world.registered_us(imposed))
    assert reason["facts"] == {
        "step": "delist",
        "subject": TRADER,
        "by": OPERATOR,
        "why": "sold a lot that failed",
        "since": registered,
        "until": "2036-01-01T00:00:00Z",
    }
    said = sentences(
        "may_sell", selling(), {"verdict": "no", "reasons": [reason], "notes": []}, "zh"
    )
    assert "下架" in said[1]
    assert f"自 {registered} 起；至 2036-01-01T00:00:00Z 止" in said[1]


# Trace.


def rows(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["type"], row["about"]) for row in answer["entries"]]


def test_a_trace_is_all_that_was_said_oldest_first(told: Told):
    told.begun = told.world.size
    entries = say(
        told,
        audit(),
        inspection(),
        says("sample-sealed", called="sample"),
        says("custody"),
        says("complaint"),
        says("visit"),
        says("observation"),
        says("recall"),
        *sanction(lots=[LOT]),
    )
    w = told.world
    say(
        told,
        lambda _: w.reading("24 degrees", by="carrier", issuer=PARTIES["carrier"], subject=LOT),
    )
    found = w.ask("trace", {"goods": LOT})
    assert rows(found) == [
        ("product", GTIN),
        ("facility", GARDEN),
        ("lot", LOT),
        ("origin-audit", GARDEN),
        ("inspection", LOT),
        ("sample-sealed", LOT),
        ("custody", LOT),
        ("complaint", GTIN),
        ("visit", GARDEN),
        ("observation", GARDEN),
        ("recall", LOT),
        ("sanction", LOT),
    ]
    indices = [row["entry"] for row in found["entries"]]
    assert indices == sorted(indices)
    assert set(entries[:8]) < set(indices)
    by = {row["type"]: row["issuer"] for row in found["entries"]}
    assert by["complaint"] == OPERATOR
    assert by["observation"] == OBSERVER
    custody = next(row for row in found["entries"] if row["type"] == "custody")
    assert custody["subject"] == "urn:sample:s1"
    assert custody["issued_at"] == format_us(told.said["custody"][0].issued_at * 1_000_000)


PARTIES = {"carrier": "https://id.gs1.org/417/6901234507089"}


def test_complaints_of_other_lots_are_left_out_of_a_lots_trace(told: Told):
    say(
        told,
        says("complaint", called="own"),
        says("complaint", lot=SECOND, called="other"),
        says("complaint", lot=..., called="any"),
        corrects("own", "operator", text="the box was torn"),
        corrects("other", "operator", text="the box was torn"),
        erases("own", "phone"),
    )
    feedback = [
        row["entry"]
        for row in told.world.ask("trace", {"goods": LOT})["entries"]
        if row["about"] == GTIN and row["type"] != "product"
    ]
    kept = told.world.view.history("feedback", GTIN).entries()
    assert feedback == [kept[i].index for i in (0, 2, 3, 5)]
    whole = told.world.ask("trace", {"goods": GTIN})["entries"]
    assert {entry.index for entry in kept} < {row["entry"] for row in whole}


def test_what_is_contested_or_not_on_record_is_listed_as_it_was_said(told: Told):
    other = say(told, *disputed(GTIN, says("lot", by="rival")))[3]
    found = told.world.ask("trace", {"goods": LOT})
    assert found["lots"] == []
    listed = [row["entry"] for row in found["entries"] if row["type"] == "lot"]
    assert listed == found["reasons"][0]["entries"]
    assert listed[1:] == [other]


def test_a_trace_goes_to_the_inputs_of_inputs(told: Told):
    leaf, deeper = WHITE + "/10/L1", WHITE + "/10/L0"

    def lot(about: str, *inputs: str):
        return says("lot", subject=about, called=about, inputs=list(inputs), serial_range=...)

    say(told, product(), lot(deeper), lot(leaf, deeper), corrects("lot", "brand", inputs=[leaf]))
    found = told.world.ask("trace", {"goods": LOT})
    made_of = [(row["lot"], row["inputs"]) for row in found["lots"]]
    assert made_of == [(LOT, [leaf]), (leaf, [deeper]), (deeper, [])]
    assert ("lot", deeper) in rows(found)
    assert ("product", WHITE) in rows(found)


def test_what_was_admitted_against_the_rules_gives_no_answer(told: Told):
    told.world.admit(says("inspection", sample_size=600)(told.world))
    with pytest.raises(VerificationError, match="inspection-plan"):
        told.world.ask("trace", {"goods": LOT})


# Impact.


def impact(told: Told, name: str, grantee: str, **how: Any) -> dict[str, Any]:
    asked = {"brand": MARK, "grantee": grantee, "grant": id_of(told, name)}
    return told.world.ask("impact", asked, **how)


def test_what_a_grant_carries_falls_with_it(told: Told):
    say(told, says("listing", territories=["CN", "CN-ZJ"]))
    found = impact(told, "agent", AGENT)
    assert found["verdict"] == "yes"
    assert [row["grantee"] for row in found["grants"]] == [DISTRIBUTOR, TRADER]
    assert found["traders"] == [AGENT, DISTRIBUTOR, TRADER]
    assert found["shops"] == [SHOP]
    listing = {"entry": index_of(told, "listing"), "product": GTIN, "shop": SHOP}
    assert found["listings"] == [listing | {"territories": ["CN", "CN-ZJ"]}]


def test_a_second_chain_keeps_the_listing(told: Told):
    say(told, says("listing"), grant("agent", "trader", "agent", depth=0))
    found = impact(told, "distributor", DISTRIBUTOR)
    assert [row["grantee"] for row in found["grants"]] == [TRADER]
    assert found["traders"] == [DISTRIBUTOR]
    assert found["shops"] == found["listings"] == []


def test_a_narrower_second_chain_keeps_a_part(told: Told):
    say(
        told,
        says("listing", territories=["CN-ZJ", "CN-BJ"]),
        grant("agent", "trader", "agent", depth=0, territories=["CN-ZJ"]),
    )
    found = impact(told, "distributor", DISTRIBUTOR)
    assert [row["territories"] for row in found["listings"]] == [["CN-BJ"]]
    assert found["shops"] == []


def test_what_is_dead_already_is_not_listed(told: Told):
    say(
        told,
        says("listing"),
        grant("distributor", "rival", "distributor", depth=0),
        revoke("distributor to rival", "rival", "distributor"),
        grant("agent", "subsidiary", "agent", depth=0, until=day(1)),
        *sanction(),
    )
    at_us = told.world.now_us + 2 * 86_400 * 1_000_000
    found = impact(told, "agent", AGENT, valid_at_us=at_us)
    assert [row["grantee"] for row in found["grants"]] == [DISTRIBUTOR, TRADER]
    assert RIVAL not in found["traders"]
    assert found["listings"] == [], "the trader is delisted: nothing of it is on sale"


def test_an_ended_listing_does_not_fall(told: Told):
    say(told, says("listing"), amends("listing-ended", "listing", "trader"))
    assert impact(told, "trader", TRADER)["listings"] == []


def test_a_listing_of_another_brand_keeps_the_shop(told: Told):
    from rules.words import OTHER_MARK, mark

    say(
        told,
        says("listing"),
        mark(number=OTHER_MARK),
        product(by="rival", brand=OTHER_MARK, under=citing("second mark")),
        says(
            "authorisation",
            by="rival",
            brand=OTHER_MARK,
            parent=citing("second mark"),
            called="other",
            goods=["food/tea"],
        ),
        says("listing", subject=WHITE, called="white listing"),
    )
    found = impact(told, "trader", TRADER)
    assert [row["product"] for row in found["listings"]] == [GTIN]
    assert found["shops"] == []


# Papers, decisions, sanctions, visits.


def test_what_expires_stands_soonest_first(told: Told):
    def paper(number: str, days: float, kind: str):
        return says("qualification", number=f"{LICENCE}-{number}", until=day(days), kind=kind)

    say(told, paper("2", 20, "production"), paper("3", 5, "business"))
    found = told.world.ask("expiring", {"party": TRADER, "days": "30"})
    assert [row["name"] for row in found["ending"]] == [f"{LICENCE}-3", f"{LICENCE}-2"]
    assert [note["code"] for note in found["notes"]] == ["paper-ending", "paper-ending"]
    said = sentences("expiring", {"party": TRADER, "days": "30"}, found, "en")
    assert f"not renewed: 2, the first at {found['ending'][0]['until']} (renewed" in said[0]


def test_a_renewal_is_named(told: Told):
    say(told, says("qualification", number=LICENCE + "-2", until=day(5)))
    found = told.world.ask("expiring", {"party": TRADER, "days": "30"})
    (row,) = found["ending"]
    assert row["renewed"] == index_of(told, "licence")
    assert (found["verdict"], found["notes"]) == ("no", []), "nothing is left to do"
    said = sentences("expiring", {"party": TRADER, "days": "30"}, found, "zh")
    assert "已续期 1 份" in said[0]


def test_who_gave_what_ends_is_told_so(told: Told):
    """A distributor's grant to another ends: a sentence names it, as for whoever holds it."""
    say(told, grant("distributor", "rival", "distributor", depth=0, until=day(5)))
    for party in (RIVAL, DISTRIBUTOR):
        found = told.world.ask("expiring", {"party": party, "days": "30"})
        (note,) = [note for note in found["notes"] if note["facts"].get("grantee") == RIVAL]
        assert (note["code"], note["facts"]["issuer"]) == ("grant-ending", DISTRIBUTOR)


def test_what_ends_soon_and_has_not_begun_says_when_it_begins(told: Told):
    begins = told.time(2)
    changes = {"from": begins, "depth": 0, "until": day(5)}
    say(told, grant("distributor", "rival", "distributor", **changes))
    for party in (RIVAL, DISTRIBUTOR):
        found = told.world.ask("expiring", {"party": party, "days": "30"})
        assert [row["begins"] for row in found["ending"]] == [begins]
    say(told, revoke("distributor", "distributor", "agent"))
    for party in (RIVAL, DISTRIBUTOR):
        found = told.world.ask("expiring", {"party": party, "days": "30"})
        assert found["ending"] == [], "what is dead before it begins does not end"


def test_an_admission_says_what_was_reviewed(told: Told):
    say(told, says("qualification-withdrawal"))
    found = told.world.ask("admission", {"trader": TRADER})
    assert found["decision"] == "admitted"
    assert [(row["type"], row["stands"]) for row in found["reviewed"]] == [
        ("qualification", "no"),
        ("authorisation", "yes"),
    ]
    assert "since" in found["reasons"][0]["facts"]


def test_a_refusal_says_its_grounds(told: Told):
    say(told, says("admission", decision="refused", called="no", reasons=["no food licence"]))
    assert told.world.ask("admission", {"trader": TRADER})["grounds"] == ["no food licence"]


def test_an_admission_is_of_its_time(told: Told):
    """Asked about a time before the newest decision was registered, the one before counts."""
    (index,) = say(told, says("admission", decision="refused", called="no"))
    at_us = told.world.registered_us(index) - MINUTE_US
    found = told.world.ask("admission", {"trader": TRADER}, valid_at_us=at_us)
    assert found["decision"] == "admitted"


def test_a_lifted_sanction_names_what_lifted_it(told: Told):
    *_, lifting = say(told, *sanction("interview"), amends("sanction-lifted", "sanction"))
    found = told.world.ask("sanctions", {"subject": TRADER})
    (row,) = found["lifted"]
    assert row["lifted_by"] == lifting
    assert row["step"] == "interview"
    assert found["notes"][0]["entries"] == [row["entry"], lifting]


def test_a_visit_says_who_came_and_what_was_found(told: Told):
    say(
        told,
        says("invitation", **{"from": day(-10)}),
        says("visit", invitation=citing("invitation")),
        says("observation", findings=[finding("major")]),
    )
    (row,) = told.world.ask("visits", {"about": GARDEN})["visits"]
    assert (row["visit"], row["observer"], row["kind"]) == (VISIT, OBSERVER, "consumer")
    assert row["in_period"] == "yes"
    assert row["invitation"] == index_of(told, "invitation")
    assert row["tie"] is None
    (observation,) = row["observations"]
    assert [item["severity"] for item in observation["findings"]] == ["major"]


def test_a_refused_lot_names_mode_and_date(told: Told):
    say(told, refusal())
    (reason,) = told.world.ask("trace", {"goods": LOT})["reasons"]
    fields = told.fields_of("failure")
    assert reason["facts"] == {"lot": LOT, "mode": "mystery", "since": fields["on"]}


# What may be asked.


def test_no_item_can_be_sanctioned(told: Told):
    for subject in (LOT + "/21/7", GTIN + "/21/7", "urn:shop:x", MARK):
        with pytest.raises(UsageError, match="subject"):
            told.world.ask("sanctions", {"subject": subject})


def test_limits_are_said_in_both_languages():
    for lang in ("zh", "en"):
        proven, unproven = limits(lang)
        assert proven != unproven


def test_a_visit_to_the_lot_is_part_of_its_trace(told: Told):
    say(told, visit_to(LOT))
    assert ("visit", LOT) in rows(told.world.ask("trace", {"goods": LOT}))
    assert USUAL["visit"][1] == VISIT
