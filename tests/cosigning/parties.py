"""Witnesses to ask and logs to be witnessed: honest ones in processes, and ones that misbehave."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

from conftest import ROOT
from world import cosigner, key_of

from ledger.cosigning.cosigner import Cosigner
from ledger.signer import log_vkey, write_key
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.merkle import leaf_hash, prove_consistency, root_hash
from ledger.tlog.note import Note, parse_vkey
from ledger.tlog.witness import AddCheckpoint

LOG = log_vkey("log.example/one", key_of("some log"))


def start(*words: object, stderr: int | IO[bytes] = subprocess.PIPE) -> subprocess.Popen:
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ledger.cli.main", *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def end(process: subprocess.Popen, *, kill: bool = True) -> tuple[str, str]:
    """End a process; return what it said."""
    if process.poll() is None:
        process.kill() if kill else process.terminate()
    return process.communicate(timeout=20)


class Witness:
    """``pinyuan witness`` in a process of its own."""

    def __init__(self, folder: Path, name: str, *logs: object) -> None:
        self.folder, self.name, self.logs = folder / f"witness {name}", name, logs
        self.folder.mkdir()
        write_key(self.folder / "key.pem", key_of(name))
        self.port = 0
        self.start()

    def start(self) -> None:
        words = ["witness", "--key", self.folder / "key.pem", "--name", cosigner(self.name).name]
        words += ["--state", self.folder / "state", "--port", self.port]
        for log in self.logs:
            words += ["--log", log]
        self.process = start(*words)
        said = self.process.stderr.readline().split()
        assert said[:1] == ["witness"], said
        assert parse_vkey(said[1]) == cosigner(self.name)
        self.url = said[-1]
        self.port = int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        end(self.process)


Reply = tuple[int, str, bytes]


class Odd:
    """A witness that answers with whatever ``reply(request, number)`` returns."""

    def __init__(self, reply: Callable[[AddCheckpoint | bytes, int], Reply]) -> None:
        self.requests: list[bytes] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                outer.requests.append(raw)
                status, kind, body = reply(raw, len(outer.requests))
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


@contextlib.contextmanager
def odd(reply: Callable[[bytes, int], Reply]) -> Iterator[Odd]:
    """Run a witness of one's own making for a while."""
    made = Odd(reply)
    try:
        yield made
    finally:
        made.close()


class Tree:
    """A log's leaves, its checkpoints and proofs; ``branch`` is a second history."""

    def __init__(self, *leaves: str) -> None:
        self.hashes = [leaf_hash(leaf.encode()) for leaf in leaves]

    def note(self, size: int | None = None) -> Note:
        hashes = self.hashes[:size]
        checkpoint = Checkpoint(LOG.name, len(hashes), root_hash(hashes))
        return sign_checkpoint(checkpoint, LOG, key_of("some log").sign)

    def request(self, old: int, size: int | None = None) -> AddCheckpoint:
        size = len(self.hashes) if size is None else size
        read = lambda level, i: root_hash(self.hashes[i << level : (i + 1) << level])  # noqa: E731
        proof = prove_consistency(old, size, read) if 0 < old < size else []
        return AddCheckpoint(old, tuple(proof), self.note(size))


def honest(
    folder: Path, name: str = "w", now_s: Callable[[], int] = lambda: 1_790_000_000
) -> Cosigner:
    """Return a cosigner in this process."""
    return Cosigner(folder, cosigner(name), key_of(name).sign, now_s)


def until(met: Callable[[], object], *, seconds: float = 15) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.02)
