"""Under zh nothing is English: the catalogue, help, answers, refusals, errors, steps, problems."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from babel.messages.pofile import read_po
from cli.conftest import estate, run, story, told
from cli.test_exit_codes import ANYWHERE, CALLS, Call
from conftest import ROOT
from tea import BRAND, GARDEN, GTIN, MARK, TRADER, Tea
from texts.english import bare, english
from typer.main import get_command

from ledger.cli.main import app
from ledger.cli.parameters import flag_of, given_parameters
from ledger.cli.sign_group import type_command
from ledger.cli.spoken import call_words, speak
from ledger.cli.verify_group import STEPS
from ledger.questions.declared import QUESTIONS
from ledger.statements.catalogue import SAYS
from ledger.texts import LOCALES

__all__ = ["estate", "run", "story", "told"]
LOT = f"{GTIN}/10/A7"
SALE = ("--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "mall.example")
ANSWERS = (
    ("may-sell", *SALE),
    ("listable", *SALE),
    ("trace", GTIN),
    ("history", "product", GTIN),
    ("grants", BRAND),
    ("brand", "urn:trademark:cn:1:30"),
    ("admission", TRADER),
    ("sanctions", TRADER),
    ("label", GTIN),
    ("trader", TRADER),
    ("expiring", "--party", TRADER, "--days", "4000"),
    ("search", "tea"),
    ("labels",),
    ("show", "0"),
    ("show", "5"),
    ("db", "check"),
    ("verify", "db"),
)


def test_a_translation_has_no_english_word():
    with (LOCALES / "zh" / "LC_MESSAGES" / "pinyuan.po").open("rb") as file:
        found = {item.string: english(item.string) for item in read_po(file) if item.id}
    assert {text: words for text, words in found.items() if words} == {}


def helps(command: Any, ctx: Any) -> Iterator[tuple[str, str]]:
    yield ctx.command_path, command.get_help(ctx)
    for name, below in getattr(command, "commands", {}).items():
        yield from helps(below, type(ctx)(below, info_name=name, parent=ctx))


VALUE = re.compile(r"(?:--[a-z-]+|^ +[A-Z_]+) <([^<>]*)>", re.MULTILINE)
"""What an option or argument is said to take."""


NAMED = re.compile(r"[{\[][A-Za-z_.]+[\]}]|[{\[][A-Za-z_]+\.[a-z]+|\b[A-Z]{2,}\b")
"""What usage calls an argument, in English."""


def test_help_is_all_in_one_language(monkeypatch):
    monkeypatch.setenv("PINYUAN_LANG", "zh")
    command = speak(get_command(app), "zh")
    context = command.make_context("pinyuan", ["--help"], resilient_parsing=True)
    context.terminal_width = 1_000  # no line breaks a word
    told = dict(helps(command, context))
    for name in SAYS:
        one = type_command(name, "zh")
        told[f"sign {name}"] = one.get_help(
            type(context)(one, info_name=name, terminal_width=1_000)
        )
    assert "类型 [字段.json]" in told["pinyuan sign"]
    speak(command, "en")
    assert len(told) > 100
    kinds = {one for text in told.values() for one in VALUE.findall(text)}
    assert {one for one in kinds if one.isascii()} == set()
    usages = [text.splitlines()[0] for text in told.values()]
    assert [one for one in usages if NAMED.search(one)] == []
    found = {name: english(text) for name, text in told.items()}
    assert {name: words for name, words in found.items() if words} == {}


NAMED_SO = "Green tea"
"""The product's other name in the story."""


def outside_json(text: str) -> str:
    """Return what is told beside payloads, which are as they were signed, and names."""
    lines = (line for line in text.splitlines() if not line.startswith("{"))
    return "\n".join(lines).replace(NAMED_SO, "")


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
@pytest.mark.usefixtures("estate")
def test_answers_are_all_in_one_language(run, words: tuple[str, ...]):
    _, out, err = (
        run(*words, "--lang", "zh") if words[0] not in ("db", "verify") else _in(run, words)
    )
    assert bare(outside_json(out)) == [], out
    assert bare(outside_json(err)) == [], err


LAST = "2026-10-01T00:00:00Z"
GIVEN = {
    "party": TRADER,
    "product": GTIN,
    "goods": LOT,
    "followed": LOT,
    "trademark": MARK,
    "territory": "CN",
    "channel": "mall.example",
    "days": "4000",
    "about": GARDEN,
    "subject": TRADER,
    "count": "500",
    "aql": "1.0",
    "time": "2026-09-01T00:00:00Z",
    "category": "food/tea",
    "indexed": GTIN,
    "sample": "urn:sample:a",
    "month": "2026-09",
    "facility": GARDEN,
    "draw": "urn:draw:tea:1",
    "programme": "urn:programme:tea",
    "statement": "24",
    "topic": "product",
    "text": GTIN,
}
"""Form of a parameter -> what is asked about in the story."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_in_one_language(run, story: Tea, name: str):
    """The codes of what is told have words; a code stands only where it is to be typed."""
    story.lot()
    asked, words = QUESTIONS[name], []
    for item in given_parameters(asked):
        if item.default is None:
            flag = flag_of(asked, item)
            given = LAST if item.name == "until" else GIVEN[item.form]
            words += [flag, given] if flag.startswith("--") else [given]
    code, out, err = run(name.replace("_", "-"), *words, "--lang", "zh")
    assert code in (0, 1), err
    assert bare(outside_json(out) + err) == [], out + err


SAYING = {
    "BadParameter",
    "UsageError",
    "NoSuchOption",
    "BadOptionUsage",
    "BadArgumentUsage",
    "fail",
}
HIDDEN = re.compile(r"X|X X (?:is|does) .*|Missing XX\..*|Option X requires X|Value X is .*")
"""What is put together of others: paths (``Path``), what is missing, what an option requires."""


def sayings() -> set[str]:
    """Return what the command-line library says of a call, X for what it puts in, read off its source."""
    found = set()
    for path in Path(typer.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                texts = [one for one in node.args if isinstance(one, ast.JoinedStr | ast.Constant)]
                found |= {_plain(one) for one in texts if name in SAYING}
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.JoinedStr):
                text = _plain(node.value)
                found |= {text} if path.name == "exceptions.py" else set()
    return {one for one in found if " " in one}


def _plain(node: ast.JoinedStr | ast.Constant) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in parts)


def test_whatever_the_library_says_of_a_call_is_said_in_chinese():
    """Whatever release of it is installed: its sentences are read off its source."""
    wanted = {one for one in sayings() if not HIDDEN.fullmatch(one)}
    assert len(wanted) > 8, wanted
    assert {one for one in wanted if english(call_words(one).to("zh").replace("X", ""))} == set()


@pytest.mark.parametrize(
    "words",
    [
        ("show", "1", "2"),
        ("show", "1", "2", "3"),
        ("show",),
        ("show", "--dir"),
        ("show", "1", "--what"),
        ("show", "1", "--json=1"),
        ("shwo",),
        ("nonsense",),
        ("db",),
        ("db", "nonsense"),
        ("may-sell", "--since", "x"),
        ("bundle", "trace", GTIN, "-o", "b.json", "--wait", "x"),
        ("bundle", "trace", GTIN, "-o", "b.json", "--wait", "9999"),
        ("sign", "nonsense"),
        ("sign", "authorisatoin"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("estate")
def test_every_wrong_use_is_told_in_one_language(run, words: tuple[str, ...]):
    code, out, err = _in(run, words)
    assert code in (0, 1, 2)
    assert english(out + err) == [], out + err


def test_every_step_of_a_verification_has_a_word():
    said = {
        node.args[0].value
        for folder in ("ledger/evidence", "ledger/cli")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("passed", "Step")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert said == set(STEPS)
    assert [one for one in STEPS.values() if english(one.to("zh"))] == []


@pytest.mark.usefixtures("estate")
def test_the_language_may_stand_before_a_command_or_alone(run):
    for words in (
        ("--help", "--lang", "zh"),
        ("--lang", "zh", "--help"),
        ("--lang", "zh", "show", "5"),
    ):
        code, out, _ = run(*words)
        assert (code, bare(outside_json(out)) if "show" in words else english(out)) == (0, [])
    assert run("--lang", "xx", "show", "5")[0] == 2


def _in(run: Any, words: tuple[str, ...]) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        call = run
        patch.setenv("PINYUAN_LANG", "zh")
        return call(*words)


@pytest.mark.parametrize("call", [*CALLS, *ANYWHERE], ids=lambda call: " ".join(call.words))
@pytest.mark.usefixtures("estate")
def test_errors_are_all_in_one_language(run, call: Call):
    code, out, err = _in(run, call.words)
    assert code in (call.code, 1)  # what is asked of files that are not here
    assert english(outside_json(out)) == []
    assert english(outside_json(err)) == []


@pytest.mark.usefixtures("estate")
def test_what_is_verified_is_told_in_one_language(run, tmp_path: Path):
    (tmp_path / "trust.txt").write_text(run("trust")[1])
    assert _in(run, ("bundle", "trace", GTIN, "-o", "b.json"))[0] == 0
    assert _in(run, ("export", "出口"))[0] == 0
    assert _in(run, ("receipt", "5", "-o", "r.cbor"))[0] == 0
    for words in (
        ("verify", "bundle", "b.json", "--trust", "trust.txt", "--now", "2026-09-21T15:00:00Z"),
        ("verify", "export", "出口"),
        ("verify", "export", "出口", "--trust", "trust.txt", "--replay"),
        ("verify", "bundle", "r.cbor", "--trust", "trust.txt"),
        ("backup", "备份"),
        ("verify", "backup", "备份"),
    ):
        _, out, err = _in(run, words)
        told = bare if "r.cbor" not in words else english  # a bundle that is none
        assert told(out + err) == [], (words, out + err)


@pytest.mark.usefixtures("estate")
def test_refusals_are_told_in_one_language(run):
    """A rule's sentence and what broke it."""
    Path("shop.json").write_text(
        json.dumps({"shop_type": "flagship", "trader": BRAND, "names": {"zh": "店"}})
    )
    made = (
        "sign",
        "shop",
        "shop.json",
        "--subject",
        "urn:shop:mall.example:x",
        "--key",
        "keys/trader.pem",
    )
    assert run(*made, "--issuer", TRADER, "-o", "s.cose")[0] == 0
    code, out, err = _in(run, ("register", "s.cose"))
    assert code == 1
    assert "被拒绝" in out
    assert bare(outside_json(out + err)) == [], out + err
    code, out, err = _in(run, ("register", "shop.json"))
    assert (code, "请先签署" in out) == (1, True), out
    assert bare(out + err) == [], out + err


def test_a_call_in_english_after_one_in_chinese_is_in_english(run):
    assert "选项" in _in(run, ("show", "--help"))[1]
    assert "Options" in run("show", "--help")[1]
    assert sys.argv[1:] == ["show", "--help"]
