"""Names before ids, and words before codes: what each command tells whoever does not know either."""

import json
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from client.serving import Service
from tea import AGENT, LOT, MARK, TRADER, Tea
from world import OPERATOR

from ledger.phrases.topic_words import TOPIC_WORDS
from ledger.statements.topics import TOPICS
from ledger.tables.topic_words import topics_called
from ledger.texts import languages

ZH = ("--lang", "zh")


def test_the_heading_of_impact_names_the_brand_and_whose_grant_it_is(estate: Estate, run: Run):
    said = run("impact", estate.id("agent"), *ZH)[1]
    assert said.startswith(f"若撤销就龙井（{MARK}）对 agent（{AGENT}）的这份授权")


def test_a_trust_file_names_the_operator_in_the_language_that_is_asked_for(
    estate: Estate, run: Run
):
    for lang, first in (("zh", "# 账本 "), ("en", "# the log ")):
        lines = run("--lang", lang, "trust")[1].splitlines()
        assert lines[0].startswith(first)
        assert f"{OPERATOR}" in lines[0].partition(": ")[0]
        assert not lines[0].endswith(f" {OPERATOR}"), "behind its name"
        assert run("--lang", lang, "backup", f"backup-{lang}")[0] == 0
        assert (Path(f"backup-{lang}") / "trust.txt").read_text().splitlines() == lines
    assert estate.folder.exists()


def test_a_trust_file_of_first_meeting_is_in_the_language_of_who_meets(served: Service, run: Run):
    met = ("--server", served.url, "--trust-on-first-use", *ZH)
    assert run("admission", TRADER, *met)[0] == 0
    (kept,) = Path("state").rglob("trust*")
    comments = [one for one in kept.read_text().splitlines() if one.startswith("#")]
    assert comments[0].startswith("# 账本 ")
    assert all(not one[2:].isascii() for one in comments)


def test_a_lot_that_is_found_is_called_as_its_product(story: Tea, run: Run):
    story.lot(LOT)
    (row,) = json.loads(run("search", LOT, "--json")[1])["things"]
    assert (row["kind"], row["names"]) == ("lot", {"zh": "绿茶", "en": "Green tea"})
    assert run("search", LOT, *ZH)[1].startswith("绿茶 / Green tea（批次，")


def test_a_topic_is_told_by_its_word_and_its_code_is_in_the_json(estate: Estate, run: Run):
    said = run("show", estate.id("distributor"), *ZH)[1]
    (granted,) = [line for line in said.splitlines() if line.startswith("历史（下级授权，")]
    assert f"龙井（{MARK}）" in granted, "the statement it is below, by what that is about"
    assert "历史（所获授权，" in said
    row = json.loads(run("show", estate.id("distributor"), *ZH, "--json")[1])
    assert [one["topic"] for one in row["histories"]] == ["grants", "grant", "granted"]
    assert "history (grants, " in run("show", estate.id("distributor"))[1]
    assert run("bundle", "history", "grants", TRADER, "-o", "b.json")[0] == 0
    Path("trust.txt").write_text(run("trust")[1])
    verified = run("verify", "bundle", "b.json", "--trust", "trust.txt", *ZH)
    assert "所获授权" in verified[1]


@pytest.mark.parametrize("topic", TOPICS)
def test_what_a_topic_is_told_by_may_be_typed_for_it(topic: str):
    for lang in languages():
        assert topics_called(TOPIC_WORDS[topic].to(lang)) == ((topic,), True)


def test_an_argument_is_called_by_its_word(story: Tea, run: Run):
    fields = {"names": {"zh": "商家", "en": "Trader"}, "country": "DE", "roles": ["trader"]}
    story.world.accept(story.sign("party-update", "operator", TRADER, fields))
    assert run("ties", "商家", *ZH)[2] == f"主体 商家：理解为 {TRADER}\n"
    assert run("ties", "商家")[2] == f"PARTY 商家: taken as {TRADER}\n"
    said = run("ties", "没有这个主体", *ZH)
    assert (said[0], said[2].startswith("pinyuan：主体：")) == (2, True), said
