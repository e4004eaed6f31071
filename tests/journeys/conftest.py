"""People who are not the operator: the base install, another directory, the real service, in Chinese."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli.conftest import Estate, Run, estate, run, told
from cli.test_base_install import SCRIPT
from serving import Server
from tea import Tea

from api.app import create_app

__all__ = ["estate", "run", "told"]  # fixtures of the commands' tests

NETWORK = "sys.addaudithook(no_network)"


def on_base_install(*, network: bool) -> Run:
    """Return what runs the command as an install without the service has it, in Chinese."""
    script = SCRIPT.replace(NETWORK, "") if network else SCRIPT
    assert (NETWORK in script) != network

    def call(*words: object) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, words)],
            env=os.environ | {"PINYUAN_LANG": "zh"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return call


@pytest.fixture
def tea(estate: Estate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Tea]:
    """Serve the tea brand's ledger; whoever asks it is in an empty directory of their own."""
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with estate.tea() as story:
        server = Server(create_app(estate.folder, log_to=io.BytesIO()))
        monkeypatch.setenv("PINYUAN_SERVER", f"http://127.0.0.1:{server.port}")
        try:
            yield story
        finally:
            server.stop()


@pytest.fixture
def zh(tea: Tea) -> Run:
    """Return what runs a command that asks the service."""
    assert tea
    return on_base_install(network=True)


@pytest.fixture
def at_home(tea: Tea, estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command of the operator's, beside the ledger."""
    assert tea

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setenv("PINYUAN_LANG", "zh")
        return run(*words, "--dir", estate.folder)

    return call


Key = Callable[[str], tuple[str, str]]


@pytest.fixture
def key() -> Key:
    """Return the option that names somebody's key."""
    return lambda name: ("--key", f"../keys/{name}.pem")
