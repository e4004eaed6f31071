"""What a command refers to is named, and can be typed back."""

import io
import json
import re
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from serving import Server

from api.app import create_app

SHORT = re.compile(r"（声明 ([0-9a-f]+)）")


@pytest.mark.usefixtures("estate")
def test_what_show_refers_to_is_named_and_can_be_typed_back(run: Run):
    """Every entry, under zh: no line feed as letters, each statement it cites is shown by the digits it prints."""
    cited = 0
    for index in range(32):
        _, out, _ = run("show", index, "--lang", "zh")
        lines = [line for line in out.splitlines() if not line.startswith("{")]
        assert [line for line in lines if "\\n" in line] == []
        for digits in SHORT.findall("\n".join(lines)):
            code, shown, _ = run("show", digits, "--json")
            assert (code, json.loads(shown)["id"][: len(digits)]) == (0, digits)
            assert json.loads(run("cite", digits)[1])["id"] == json.loads(shown)["id"]
            cited += 1
    assert cited > 3


def test_the_beginning_of_an_id_is_understood_wherever_the_ledger_is(
    run: Run, estate: Estate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    Path("trust.txt").write_text(run("trust")[1])
    assert run("export", "copy")[0] == 0
    server = Server(create_app(estate.folder, log_to=io.BytesIO(), ask_witnesses=False))
    there = ("--server", f"http://127.0.0.1:{server.port}", "--trust", "trust.txt")
    wanted = estate.id("agent")
    try:
        for where in ((), there, ("--export", "copy")):
            code, out, err = run("show", wanted[:12], "--json", *where)
            assert (code, (err and json.loads(err)) or json.loads(out)["id"]) == (0, wanted)
            assert run("impact", wanted[:12], *where)[0] == 0
    finally:
        server.stop()


@pytest.mark.usefixtures("estate")
def test_a_type_stands_by_its_word_beside_its_name(run: Run, estate: Estate):
    index = estate.said["agent"].index
    assert "声明类型：授权（authorisation）\n" in run("show", index, "--lang", "zh")[1]


@pytest.mark.usefixtures("estate")
def test_of_several_statements_that_begin_so_more_digits_are_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ledger.identifiers.statement_ids.NAMED", re.compile("[0-9a-f]{1,64}"))
    said = [run("show", digit) for digit in "abcdef"]
    assert [err for code, _, err in said if code and "several entries have ids that begin" in err]
