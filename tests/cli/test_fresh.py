"""One rule of freshness: what `verify bundle` calls stale, whoever asks by the same trust file is told."""

from pathlib import Path

import pytest
from cli.conftest import Run
from client.serving import Service
from tea import GTIN, Tea
from world import TRADER

SALE = ("--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "mall.example")
SHORT, OFFERED = "short.txt", "offered.txt"
HERE = ("--dir", "pinyuan-ledger")


@pytest.fixture
def places(story: Tea, served: Service, run: Run) -> dict[str, tuple[str, ...]]:
    """Return where one may ask: the ledger, a mirror, an export, a server; with two trust files.

    One allows a minute, the other is as the ledger offers it: its clock tells a story of 2026.
    """
    key = f"log {story.world.log.vkey}\nquorum none\n"
    Path(SHORT).write_text(f"{key}max-age 60\n")
    Path(OFFERED).write_text(run("trust", *HERE)[1])
    assert run("export", "copy", *HERE)[0] == 0
    assert run("mirror", "mine", "--from", "copy", "--trust", OFFERED)[0] == 0
    return {
        "ledger": HERE,
        "mirror": ("--dir", "mine"),
        "export": ("--export", "copy"),
        "server": ("--server", served.url),
    }


@pytest.mark.parametrize("where", ["ledger", "mirror", "export", "server"])
def test_who_asks_is_told_what_who_verifies_is_told(places: dict, where: str, run: Run):
    there = places[where]
    assert run("may-sell", *SALE, *there, "--trust", OFFERED, "--bundle", "now.json")[0] == 0
    code, _, said = run("verify", "bundle", "now.json", "--trust", SHORT)
    assert (code, "pinyuan: stale: the log was last seen" in said) == (4, True), said
    code, out, err = run("may-sell", *SALE, *there, "--trust", SHORT)
    assert (code, out, "pinyuan: stale: the log was last seen" in err) == (4, "", True), err
    assert run("verify", "bundle", "now.json", "--trust", OFFERED)[0] == 0
    then = run("may-sell", *SALE, *there, "--trust", SHORT, "--known-at", "12")
    assert then[0] == 0, then[2]  # what was known then does not grow stale


def test_a_story_offers_a_trust_file_that_its_answers_meet(story: Tea, served: Service, run: Run):
    """By its own word and by its server's alike."""
    del story
    here = run("trust", *HERE)[1].splitlines()
    there = run("trust", "--server", served.url)[1].splitlines()
    assert here[-2:] == there[-2:]
    assert here[-1] == f"max-age {100 * 365 * 86_400}"
    assert run("may-sell", *SALE, "--trust-on-first-use", "--server", served.url)[0] == 0


@pytest.mark.parametrize("where", ["mirror", "export"])
def test_a_copy_asked_about_a_later_time_says_that_it_is_to_be_brought_up_to_date(
    places: dict, where: str, run: Run, monkeypatch: pytest.MonkeyPatch
):
    """That time may have passed in the world: waiting for it would mend nothing then."""
    monkeypatch.setenv("PINYUAN_LANG", "zh")
    at = ("--at", "2026-10-01T00:00:00Z")
    code, out, err = run("may-sell", *SALE, *places[where], "--trust", OFFERED, *at)
    assert (code, out) == (4, "")
    assert "若该时间已过，须先更新副本（镜像：运行 pinyuan mirror；导出：取得更新的导出）" in err
