"""A signer in a process of its own, and worlds whose log key it holds."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from world import ORIGIN, World, key_of

from ledger.cose.keys import PrivateKey
from ledger.signer import write_key
from ledger.signer.client import SocketSigner


class SignerProcess:
    """``pinyuan signer`` with the world's log key."""

    def __init__(self, folder: Path, key: PrivateKey) -> None:
        self.socket, self.state = folder / "s", folder / "signed"
        self.key = folder / "log.pem"
        write_key(self.key, key)
        self.process: subprocess.Popen | None = None
        self.clients: list[SocketSigner] = []
        self.start("--new", ORIGIN)

    def start(self, *more: str) -> None:
        words = ["signer", "--key", self.key, "--socket", self.socket, "--state", self.state]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ledger.cli.main", *words, *more],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 20
        while not self.answers():
            assert self.process.poll() is None, self.process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def answers(self) -> bool:
        import socket

        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
        return True

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def client(self) -> SocketSigner:
        self.clients.append(SocketSigner(self.socket, key_of("operator")))
        return self.clients[-1]


@pytest.fixture
def signer(tmp_path: Path) -> Iterator[SignerProcess]:
    """Return a running signer; it has ended behind the test."""
    made = SignerProcess(tmp_path, key_of("log"))
    yield made
    if made.process.poll() is None:
        made.kill()
    for client in made.clients:
        client.close()


@pytest.fixture
def guarded(signer: SignerProcess, tmp_path: Path) -> Iterator[World]:
    """Return a world whose log key is in the signer's process."""
    made = World(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite'}", signer=signer.client())
    yield made
    made.log.engine.dispose()
