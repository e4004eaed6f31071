"""Under --json an error is one JSON object on standard output, of every command."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Run
from cli.test_exit_codes import ANYWHERE, CALLS, Call, lay_out
from typer.main import get_command

from ledger.cli.main import EXITS, app
from ledger.cli.problems import TITLES, wants_json
from ledger.statements.catalogue import SAYS
from ledger.texts import languages

FIELDS = ["type", "title", "detail", "exit"]


def commands(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command that there is, as it is typed."""
    if not hasattr(found, "list_commands"):
        yield path
        return
    for name in found.list_commands(None):
        yield from commands(found.get_command(None, name), (*path, name))


EVERY = sorted(commands(get_command(app)))


def problem(code: int, out: str) -> dict[str, Any]:
    found = json.loads(out)
    assert [*found][:4] == FIELDS, found
    assert (found["type"], found["exit"]) == ("about:blank", code)
    assert found["title"] in {TITLES[code].to(lang) for lang in languages()}
    assert found["detail"]
    assert "\n" not in found["detail"] or code == 2
    return found


def test_every_command_is_walked():
    assert len(EVERY) > 80
    assert {path[1] for path in EVERY if path[0] == "sign"} == set(SAYS)
    assert TITLES.keys() == {code for _, code in EXITS}


def test_every_command_is_added_once():
    names = [item.name or item.callback.__name__ for item in app.registered_commands]
    assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_a_wrong_call_is_a_problem(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*command, "--json", "--no-such-option")
    assert (code, problem(code, out)["exit"]) == (2, 2)
    assert "--no-such-option" in err, "people are told as before"
    code, out, _ = run(*command, "--help", "--json")
    assert (code, "--json" in out) == (0, True)


@pytest.mark.parametrize("call", [*CALLS, *ANYWHERE], ids=lambda call: " ".join(call.words)[:60])
@pytest.mark.usefixtures("estate")
def test_what_ends_a_command_is_told_as_it_ends(run: Run, call: Call):
    lay_out(run)
    code, out, err = run(*call.words, "--json")
    assert code == call.code
    if code:
        found = problem(code, out)
        assert call.said in err
        assert found["detail"].split(": see ")[0] in err
    else:
        assert json.loads(out)["answer"]


@pytest.mark.usefixtures("estate")
def test_a_problem_speaks_the_language_asked_for_and_has_both(run: Run):
    code, out, _ = run("label", "无此商品", "--json", "--lang", "zh")
    found = problem(code, out)
    assert (found["title"], code) == ("用法有误", 2)
    assert found["detail"] == found["sentences"]["zh"]
    assert found["detail"].startswith("商品：账本中没有这个名称")
    again = json.loads(run("label", "无此商品", "--json", "--lang", "en")[1])
    assert again["detail"] == again["sentences"]["en"] != found["detail"]
    assert again["sentences"] == found["sentences"]


@pytest.mark.usefixtures("estate")
def test_what_verifies_falsely_is_a_problem_of_its_own_kind(run: Run):
    Path("trust.txt").write_text(run("trust")[1])
    Path("b.json").write_text('{"question":"trace"}')
    code, out, _ = run("verify", "bundle", "b.json", "--trust", "trust.txt", "--json")
    assert (code, problem(code, out)["title"]) == (3, "Verification failed")


def test_json_is_asked_for_by_the_option_alone():
    assert wants_json(["pinyuan", "show", "--json", "0"])
    assert not wants_json(["pinyuan", "search", "--", "--json"])
    assert not wants_json(["pinyuan", "sign", "--jsonl", "x"])
