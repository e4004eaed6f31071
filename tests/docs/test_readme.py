"""README's commands run, then the reference's, in order, in an empty directory; every command is in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from docs.forked import run_as_written
from typer.main import get_command

from ledger.cli.main import app
from ledger.statements.catalogue import CATALOGUE

README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "REFERENCE.md").read_text(encoding="utf-8")
MAX_INTRODUCTION = 20
"""Lines before the picture that say what it is for."""


def test_the_commands_run_as_written(tmp_path: Path):
    done = run_as_written(README + REFERENCE, tmp_path)
    assert done.stdout.count("verified:") == 10


@pytest.fixture(scope="module")
def first_minutes(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess:
    """Type README's first block and the one behind it, then what the demo ends with, into a new shell.

    The shell knows nothing of this environment; make finds it where it would have made it.
    """
    home = tmp_path_factory.mktemp("clone")
    for name in ("requirements.lock", "pyproject.toml", "Makefile"):
        (home / name).symlink_to(ROOT / name)
    (home / ".venv").mkdir()
    (home / ".venv" / "bin").symlink_to(Path(sys.prefix) / "bin")
    for name in (".installed", ".ready"):  # in the order in which make made them
        (home / ".venv" / name).touch()
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "TMPDIR": str(home)}
    would = subprocess.run(
        ["make", "-n", "demo"], cwd=home, env=plain, capture_output=True, text=True, check=True
    )
    assert would.stdout == ".venv/bin/pinyuan demo var/demo\n", "nothing is installed by a test"
    first = re.search(r"## Try it.*?```console\n(.*?)```", README, re.DOTALL)
    second = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert first is not None
    assert second is not None
    typed = first[1].replace("make demo ", "make demo | tee told ")
    again = f"cd {home}\nsed -n '/^First,/,$p' told | grep '^  ' > try\n. ./try\n"
    script = f"set -eu\n{typed}\n{second[1]}\nPATH=/usr/bin:/bin\n{again}"
    return subprocess.run(
        ["sh", "-c", script], cwd=home, env=plain, capture_output=True, text=True, check=False
    )


def test_the_first_block_and_what_the_demo_ends_with_work_as_typed_in_a_new_shell(
    first_minutes: subprocess.CompletedProcess,
):
    assert first_minutes.returncode == 0, first_minutes.stderr[-2000:]
    told = first_minutes.stdout
    assert told.count("registered as entry") >= 3, "the ledger of one's own"
    assert "可以：清河茶铺" in told.rsplit("Now try:", 1)[1], "the demo's, asked by name"
    assert told.count("verified: ") >= 2


def test_a_newcomer_reads_what_it_is_for_and_sees_a_picture_first():
    before, picture, _ = README.partition("```mermaid")
    assert picture
    assert len(before.splitlines()) <= MAX_INTRODUCTION
    assert "](REFERENCE.md)" in README
    for name in re.findall(r"\]\(([A-Z]+\.md)", README):
        assert (ROOT / name).is_file(), name
    for anchor in re.findall(r"\]\(REFERENCE\.md#([a-z-]+)\)", README):
        titles = re.findall(r"^##+ (.*)$", REFERENCE, re.MULTILINE)
        assert anchor in [title.lower().replace(" ", "-") for title in titles]


def commands() -> set[str]:
    """Return every command as one types it."""
    names: set[str] = set()
    for name, command in get_command(app).commands.items():
        inner = getattr(command, "commands", None)
        one_for_each = inner is None or name in ("bundle", "pdf", "sign")  # questions, types
        names |= (
            {name}
            if one_for_each
            else {name if item == name else f"{name} {item}" for item in inner}
        )
    return names


def test_every_command_is_in_the_reference():
    written = set(re.findall(r"`([a-z-]+(?: [a-z-]+)?)`", REFERENCE.split("## Commands")[1]))
    assert commands() - written == set()


def test_every_environment_variable_is_in_the_reference():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "ledger").rglob("*.py"))
    for name in set(re.findall(r"PINYUAN_[A-Z_]+[A-Z]", source)):
        assert name in REFERENCE, name


def test_every_floor_is_drawn():
    drawn = REFERENCE.split("## Floors")[1].split("```")[1]
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
