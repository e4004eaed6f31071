"""Hosts of one ledger: directories with keys and an anchor each, and ``pinyuan serve`` in them, to be killed."""

import contextlib
import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Engine, text

from ledger.cose.keys import PrivateKey, possession_message
from ledger.files.anchor import Anchor
from ledger.primitives.clock import SystemClock
from ledger.primitives.ijson import encode
from ledger.settings import Settings, write_settings
from ledger.signer import KeySigner, write_key
from ledger.statements.envelope import NATIVE, sign_statement
from ledger.statements.fields import KeyBinding, Names
from ledger.store.engine import make_engine
from ledger.writing.log import Registered
from ledger.writing.opening import create_log

ORIGIN = "ledger.example/kill-servers"
OPERATOR = "https://id.gs1.org/417/6901234507003"
BRAND = "https://id.gs1.org/417/6901234507010"
LOG_KEY, OPERATOR_KEY, BRAND_KEY = (PrivateKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))

ANSWER_S = 5.0  # whoever waits longer asks again
START_S = 60.0
FINISH_S = 60.0  # how long what is asked to stop may take
FIRST, WRITER, CHILD, CUT = "first process", "writer", "other child", "connection"
WRONGS = (FIRST, WRITER, CHILD, CUT)
ALL = 0.25  # how often all connections are cut, not one
MARK = "PINYUAN_HOST"  # in the environment of all processes of a host


def statement(number: int) -> bytes:
    """Return one of the brand's readings."""
    return sign_statement(
        BRAND_KEY,
        f"reading {number}".encode(),
        issuer=BRAND,
        subject=f"urn:x:{number % 50}",
        issued_at=int(time.time()),
        audience=None,
        content_type="text/plain",
    )


def _brand() -> bytes:
    message = possession_message(BRAND_KEY.public, origin=ORIGIN, party=BRAND)
    binding = KeyBinding.of(BRAND_KEY.public, BRAND_KEY.sign(message))
    fields = {"v": 1, "type": "party", "names": {"en": "Brand"}, "country": "DE"}
    key = msgspec.to_builtins(binding)
    return sign_statement(
        OPERATOR_KEY,
        encode(fields | {"roles": ["brand"], "keys": [key]}),
        issuer=OPERATOR,
        subject=BRAND,
        issued_at=int(time.time()),
        audience=ORIGIN,
        content_type=NATIVE,
    )


def signer() -> KeySigner:
    return KeySigner(ORIGIN, LOG_KEY, OPERATOR_KEY)


def prepare(url: str, folders: Sequence[Path]) -> None:
    """Make a ledger in a database, with a party that may sign, and the directories of its hosts."""
    first = folders[0]
    for folder in folders:
        folder.mkdir(parents=True)
        write_key(folder / "log.pem", LOG_KEY)
        write_key(folder / "operator.pem", OPERATOR_KEY)
        settings = Settings(
            directory=folder,
            origin=ORIGIN,
            operator=OPERATOR,
            db=url,
            clock="system",
            log_key=folder / "log.pem",
            operator_key=folder / "operator.pem",
            anchor=folder / "anchor",
        )
        write_settings(settings, url)
    log = create_log(
        make_engine(url),
        anchor_path=first / "anchor",
        clock=SystemClock(),
        signer=signer(),
        operator=OPERATOR,
        names=Names(en="Operator"),
    )
    (outcome,) = log.register([_brand()])
    assert isinstance(outcome, Registered), outcome
    log.engine.dispose()
    for folder in folders[1:]:
        shutil.copy(first / "anchor", folder / "anchor")
        Anchor(folder / "anchor", signer().vkey).settle(again=True)


def _free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as found:
        return found.getsockname()[1]


def _family(mark: str) -> list[int]:
    """Return the processes that live and carry a host's mark, but for Python's own accountant."""
    found, wanted = [], f"{MARK}={mark}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            marked = wanted in (entry / "environ").read_bytes().split(b"\0")
            if marked and b"resource_tracker" not in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return sorted(found)


def _writes(pid: int) -> bool:
    """Return whether a process is one that writes."""
    with contextlib.suppress(OSError):
        return b"api.writing.writer" in (Path("/proc") / str(pid) / "cmdline").read_bytes()
    return False


def cut(engine: Engine, moments: random.Random) -> bool:
    """Cut one connection of the hosts to their database, or all; return whether there was one."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        found = sorted(connection.scalars(text(f"SELECT pid {others}")))
        chosen = found if moments.random() < ALL else found and [moments.choice(found)]
        for pid in chosen:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    return bool(chosen)


class Host:
    """One ``pinyuan serve`` in a directory of its own, started again when it was killed."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self.workers, self.port = folder, workers, _free_port()
        self._said = (folder / "stderr").open("ab")
        self.process = self._start()

    def _start(self) -> subprocess.Popen:
        words = ["serve", "--dir", str(self.folder), "--port", str(self.port)]
        words += ["--workers", str(self.workers)]
        return subprocess.Popen(
            [sys.executable, "-m", "ledger.cli.main", *words],
            env=os.environ
            | {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), MARK: str(self.folder)},
            stdout=self._said,
            stderr=self._said,
        )

    def said(self) -> str:
        """Return what it wrote to standard error beside the lines of requests."""
        lines = (self.folder / "stderr").read_text(errors="replace").splitlines()
        return "\n".join(line for line in lines if not line.startswith("{"))

    def wait(self) -> None:
        """Wait until it answers; where the port is still its predecessor's, start it again."""
        deadline = time.monotonic() + START_S
        while self._get("/healthz") != 200:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.folder}: does not start: {self.said()[-2_000:]}")
            if self.process.poll() is not None:
                time.sleep(0.2)
                self.process = self._start()
            time.sleep(0.05)

    def _get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_S)
        with contextlib.closing(connection):
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0

    def kill(self, which: str, moments: random.Random) -> bool:
        """Kill one of its processes; return whether there was such a one."""
        if self.process.poll() is not None:  # a child was killed while it was starting
            self.process = self._start()
            return False
        if which == FIRST:
            self.process.kill()
            self.process.wait()
            self.process = self._start()
            return True
        others = [pid for pid in _family(str(self.folder)) if pid != self.process.pid]
        found = [pid for pid in others if _writes(pid) == (which == WRITER)]
        if not found:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(moments.choice(found), signal.SIGKILL)
        return True

    def stop(self) -> int:
        """Ask it to stop; return its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(FINISH_S)
        finally:
            self.end()

    def end(self) -> None:
        """Leave nothing of it behind."""
        for pid in _family(str(self.folder)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self._said.close()
