"""README's commands run, in order, in an empty directory, and every command is in it."""

import re
from pathlib import Path

from conftest import ROOT
from docs.forked import run_as_written
from typer.main import get_command

from ledger.cli.main import app
from ledger.statements.catalogue import CATALOGUE

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_run_as_written(tmp_path: Path):
    done = run_as_written(README, tmp_path)
    assert done.stdout.count("verified:") == 9


def commands() -> set[str]:
    """Return every command as one types it."""
    names: set[str] = set()
    for name, command in get_command(app).commands.items():
        inner = getattr(command, "commands", None)
        one_for_each = inner is None or name in ("bundle", "pdf", "sign")  # questions, types
        names |= {name} if one_for_each else {f"{name} {item}" for item in inner}
    return names


def test_every_command_is_in_the_readme():
    written = set(re.findall(r"`([a-z-]+(?: [a-z-]+)?)`", README.split("## Commands")[1]))
    assert commands() - written == set()


def test_every_environment_variable_is_in_the_readme():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "ledger").rglob("*.py"))
    for name in set(re.findall(r"PINYUAN_[A-Z_]+[A-Z]", source)):
        assert name in README, name


def test_every_floor_is_drawn():
    drawn = README.split("## Floors")[1].split("```")[1]
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    floors = re.search(r"layers = \[(.*?)\]", pyproject, re.DOTALL).group(1)
    named = {name for row in re.findall(r'"([a-z0-9 |]+)"', floors) for name in row.split(" | ")}
    unnamed = named - set(re.findall(r"[a-z]+", drawn))
    assert unnamed <= {
        "settings",
        "reader",
        "identifiers",
        "ed",
        "ijson",
        "ed25519",
        "strict",
        "cycles",
        "errors",
    }


def test_contributing_names_what_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:ledger|tools|migrations)/[a-z_/0-9]+\.py)`", text):
        assert (ROOT / path).is_file(), path
    assert "key-revocation" in CATALOGUE
