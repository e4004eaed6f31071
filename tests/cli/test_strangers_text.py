"""What strangers wrote is shown, and does nothing: on a terminal and in JSON."""

import json
import re
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from tea import CARRIER

from ledger.statements.envelope import parse_statement

NASTY = "urn:x:\u009b31mred\u202egnp.exe\u200b\u2028ok  answer: yes"
DOES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e]")
"""What moves a terminal or turns a line around."""
PRINTERS = ("common.py",)
"""Every other module prints by the first; the second counts on one line of a terminal."""


@pytest.fixture
def spoken(estate: Estate) -> str:
    """Register a stranger's statement about a nasty name; return its id."""
    with estate.tea() as tea:
        world = tea.world
        raw = world.reading("\u202ehi\u009b", by="carrier", issuer=CARRIER, subject=NASTY)
        world.accept(raw)
    return parse_statement(raw).id.hex()


def test_commands_show_what_strangers_wrote_and_nothing_happens(run: Run, spoken: str):
    Path("trust.txt").write_text(run("trust")[1])
    asked = ("history", "generic", NASTY)
    assert run("bundle", *asked, "-o", "b.json")[0] == 0
    now = ("--now", "2026-05-30T00:00:00Z")
    for words in (
        ("show", spoken),
        ("show", spoken, "--json"),
        asked,
        (*asked, "--json"),
        ("search", "--subject", NASTY),
        ("search", "--subject", NASTY, "--json"),
        ("verify", "bundle", "b.json", "--trust", "trust.txt", *now),
        ("verify", "bundle", "b.json", "--trust", "trust.txt", "--expect", "may_sell", *now),
        ("show", NASTY),
        ("history", NASTY, NASTY),
    ):
        code, out, err = run(*words)
        assert DOES.search(out + err) is None, (words, code, out, err)
        if words[-1] == "--json" and words[0] == "show":
            assert json.loads(out)["subject"] == NASTY


@pytest.mark.usefixtures("spoken")
def test_nothing_of_a_file_is_repeated_before_it_is_verified(run: Run):
    Path("trust.txt").write_text(run("trust")[1])
    run("bundle", "history", "generic", "urn:x:a", "-o", "b.json")
    bundle = json.loads(Path("b.json").read_text())
    bundle["parameters"]["subject"] = "urn:x:a\nok  answer: the same answer follows"
    text = json.dumps(bundle, ensure_ascii=False, separators=(",", ":")) + "\n"
    Path("b.json").write_text(text)
    code, out, err = run("verify", "bundle", "b.json", "--trust", "trust.txt")
    assert code == 3
    assert "urn:x:a" not in out
    assert [line for line in (out + err).splitlines() if line.startswith("ok  answer")] == []


def test_every_module_of_the_command_prints_by_one():
    folder = Path(__file__).parents[2] / "ledger" / "cli"
    found = {path.name for path in folder.glob("*.py") if "print(" in path.read_text()}
    assert found == set(PRINTERS)
