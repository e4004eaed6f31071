"""Under zh nothing is English: the catalogue, help, answers, refusals, errors, steps, problems."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from cli.conftest import estate, run, told
from cli.test_exit_codes import ANYWHERE, CALLS, Call
from tea import BRAND, GTIN, TRADER
from texts.english import english
from typer.main import get_command

from ledger.cli.main import app
from ledger.cli.sign_group import type_command
from ledger.cli.spoken import speak
from ledger.statements.catalogue import SAYS
from ledger.texts import LOCALES

__all__ = ["estate", "run", "told"]
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


def test_help_is_all_in_one_language(monkeypatch):
    monkeypatch.setenv("PINYUAN_LANG", "zh")
    command = speak(get_command(app), "zh")
    context = command.make_context("pinyuan", ["--help"], resilient_parsing=True)
    told = dict(helps(command, context))
    for name in SAYS:
        one = type_command(name, "zh")
        told[f"sign {name}"] = one.get_help(type(context)(one, info_name=name))
    speak(command, "en")
    assert len(told) > 100
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
    assert english(outside_json(out)) == []
    assert english(outside_json(err)) == []


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
        assert english(out + err) == [], (words, out + err)


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
    assert english(out + err) == [], out + err


def test_a_call_in_english_after_one_in_chinese_is_in_english(run):
    assert "选项" in _in(run, ("show", "--help"))[1]
    assert "Options" in run("show", "--help")[1]
    assert sys.argv[1:] == ["show", "--help"]
