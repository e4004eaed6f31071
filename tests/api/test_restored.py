"""Services over ledgers that were restored, copied or seen by others: nothing forks, reading goes on.

And over a clock that jumps. All in processes of their own.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from conftest import ROOT
from cosigning.parties import Witness as Party
from cosigning.parties import until
from serving import COSE, free_port
from world import cosigner

from ledger.settings import Witness, read_settings, write_settings
from ledger.signer import log_vkey, read_key
from ledger.statements.envelope import parse_statement, sign_statement

OPERATOR, ORIGIN = "did:web:op.example", "ledger.example/restored"
CLOCK = """
import os, time
_time, _ns, _path = time.time, time.time_ns, os.environ["TEST_CLOCK"]
def _ahead():
    with open(_path) as file:
        return int(file.read() or 0)
time.time = lambda: _time() + _ahead()
time.time_ns = lambda: _ns() + _ahead() * 10**9
"""


class Hosts:
    """A ledger in a directory, its copies, and who serves them."""

    def __init__(self, folder: Path, stack: ExitStack, *, ahead_s: int = 0) -> None:
        self.folder, self._stack = folder, stack
        (folder / "clock").mkdir()
        (folder / "clock" / "sitecustomize.py").write_text(CLOCK)
        self.set_clock(ahead_s)
        self.run("init", "--dir", folder / "a", "--operator", OPERATOR, "--origin", ORIGIN)
        self.settings = read_settings(folder / "a", {})
        self.vkey = log_vkey(ORIGIN, read_key(self.settings.log_key, None))

    def set_clock(self, ahead_s: int) -> None:
        """Set the clocks of all processes."""
        path = self.folder / "ahead"
        (self.folder / "ahead.new").write_text(str(ahead_s))
        (self.folder / "ahead.new").replace(path)

    def start(self, *words: object) -> subprocess.Popen:
        """Start a command under the clock that can be set."""
        path = os.pathsep.join([str(self.folder / "clock"), str(ROOT)])
        process = subprocess.Popen(
            [sys.executable, "-m", "ledger.cli.main", *map(str, words)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": path, "TEST_CLOCK": str(self.folder / "ahead")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._stack.callback(self.stop, process)
        return process

    def stop(self, process: subprocess.Popen) -> str:
        """End a process as systemd does."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        return process.communicate(timeout=60)[0] or "" if not process.stdout.closed else ""

    def run(self, *words: object, code: int = 0) -> str:
        """Run a command; return what it said."""
        process = self.start(*words)
        said = process.communicate(timeout=120)[0]
        assert process.returncode == code, said
        return said

    def witness(self) -> Party:
        """Start a witness and name it in the settings."""
        made = Party(self.folder, "w", self.vkey)
        self._stack.callback(made.kill)
        chosen = (Witness(cosigner("w"), made.url),)
        self.settings = replace(self.settings, witnesses=chosen)
        write_settings(self.settings, self.settings.db)
        return made

    def serve(self, name: str = "a") -> "Service":
        """Serve a directory."""
        port = free_port()
        process = self.start("serve", "--dir", self.folder / name, "--port", port)
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)
        self._stack.callback(client.close)
        made = Service(process, client)
        until(made.answers, seconds=60)
        return made

    def statement(self, text: str) -> bytes:
        """Return a statement of the operator's, dated an hour ago."""
        return sign_statement(
            read_key(self.settings.operator_key, None),
            text.encode(),
            issuer=OPERATOR,
            subject="urn:x:1",
            issued_at=int(time.time()) - 3_600,
            audience=None,
            content_type="text/plain",
        )


class Service:
    """One service."""

    def __init__(self, process: subprocess.Popen, client: httpx.Client) -> None:
        self.process, self.client = process, client

    def answers(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()
        try:
            return self.client.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def why_not(self) -> dict[str, str]:
        """Return what is not ready, and why."""
        checks = self.client.get("/readyz").json()["checks"]
        return {name: why for name, why in checks.items() if why != "ok"}

    def post(self, raw: bytes) -> httpx.Response:
        return self.client.post("/entries", content=raw, headers=COSE)

    def size(self) -> int:
        return int(self.client.get("/checkpoint").text.split("\n")[1])

    def cosigned(self) -> bool:
        """Return whether a witness cosigned the newest checkpoint."""
        return "cosigner.example/w" in self.client.get("/checkpoint").text


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    with ExitStack() as stack:
        yield Hosts(tmp_path, stack)


def test_a_restored_directory_serves_reading_until_it_is_brought_forward(hosts: Hosts):
    hosts.witness()
    live, backup = hosts.folder / "a", hosts.folder / "backup"
    first = hosts.serve()
    assert first.post(hosts.statement("before the backup")).status_code == 201
    until(first.cosigned)
    hosts.stop(first.process)
    shutil.copytree(live, backup)
    second = hosts.serve()
    lost = hosts.statement("behind the backup")
    assert second.post(lost).status_code == 201
    until(second.cosigned)
    published = second.size()
    hosts.stop(second.process)
    hosts.run("export", hosts.folder / "published", "--dir", live)
    shutil.rmtree(live)  # the disk died
    shutil.copytree(backup, live)

    restored = hosts.serve()
    why = restored.why_not()["writer"]
    assert why.startswith("COPIED: ")
    assert "run pinyuan db anchor" in why
    assert restored.size() < published
    answer = restored.post(hosts.statement("a fork"))
    assert answer.status_code == 503
    assert b"read-only now (COPIED)" in answer.content
    assert str(hosts.folder).encode() not in answer.content, "strangers are told no paths"
    said = hosts.run("db", "anchor", "--dir", live, code=1)
    assert f"BEHIND_PUBLISHED: witness cosigner.example/w has seen size {published}" in said
    until(lambda: restored.why_not().get("anchor", "").startswith("BEHIND_PUBLISHED"))

    hosts.run("import", hosts.folder / "published", "--dir", live)
    until(lambda: not restored.why_not(), seconds=60)  # it looks again by itself
    assert restored.client.get(f"/entries/{parse_statement(lost).id.hex()}").status_code == 200
    assert restored.post(lost).status_code == 201, "acknowledged once is acknowledged again"
    assert restored.size() == published
    assert restored.post(hosts.statement("and on")).status_code == 201
    until(restored.cosigned)


def test_of_two_servers_of_one_directory_one_writes(hosts: Hosts):
    witness = hosts.witness()
    first = hosts.serve()
    assert first.post(hosts.statement("of both")).status_code == 201
    until(first.cosigned)
    shutil.copytree(
        hosts.folder / "a",
        hosts.folder / "b",
        ignore=shutil.ignore_patterns("*.sock", "*.lock"),
    )
    second = hosts.serve("b")
    assert second.why_not()["writer"].startswith("COPIED: ")
    assert not first.why_not()
    # Somebody believes that the first one is gone. Whoever is seen first goes on.
    said = hosts.run("db", "anchor", "--dir", hosts.folder / "b")
    assert said == f"anchored at size {first.size()}; 1 of 1 who see this log agree\n"
    until(lambda: not second.why_not(), seconds=60)
    assert second.post(hosts.statement("of the second")).status_code == 201
    until(second.cosigned)
    assert first.post(hosts.statement("of the first")).status_code == 201  # nobody has told it yet
    until(first.why_not)
    why = first.why_not()["anchor"]
    assert why.startswith(("SPLIT_VIEW: witness", "BEHIND_PUBLISHED: witness"))
    size = first.size()
    answer = first.post(hosts.statement("too much"))
    assert (answer.status_code, first.size()) == (503, size)
    assert not second.why_not()
    hosts.stop(first.process)
    witness.kill()  # what it said is not forgotten with it
    again = hosts.serve()
    assert again.why_not()["anchor"] == why
    assert again.post(hosts.statement("still")).status_code == 503


def test_a_clock_that_jumps_is_told_and_confirmed_while_it_serves(hosts: Hosts):
    service = hosts.serve()
    assert service.post(hosts.statement("1")).status_code == 201
    hosts.set_clock(299)
    answer = service.post(hosts.statement("2"))
    assert answer.status_code == 503
    why = service.why_not()["clock"]
    assert "the clock gained 299 s" in why
    assert "confirm that with pinyuan seal --accept-clock-jump" in why
    hosts.set_clock(0)
    until(lambda: not service.why_not())
    assert service.post(hosts.statement("2")).status_code == 201, "put right, it heals"

    hosts.set_clock(-3_600)
    until(service.why_not)
    assert "s behind the last seal: set it" in service.why_not()["clock"]
    assert service.post(hosts.statement("3")).status_code == 503
    hosts.set_clock(0)
    until(lambda: not service.why_not())

    hosts.set_clock(700)
    until(service.why_not)
    said = hosts.run("seal", "--dir", hosts.folder / "a", code=1)
    assert "the clock gained 70" in said, "a process that starts behind the jump sees it too"
    hosts.run("seal", "--dir", hosts.folder / "a", "--accept-clock-jump")
    until(lambda: not service.why_not())
    assert service.post(hosts.statement("3")).status_code == 201


def test_a_jump_to_the_right_time_heals_by_a_witness(tmp_path: Path):
    """The machine stood still and its own clocks with it: a witness says what time it is, signed."""
    with ExitStack() as stack:
        hosts = Hosts(tmp_path, stack, ahead_s=-3_000)
        hosts.witness()
        service = hosts.serve()
        assert service.post(hosts.statement("1")).status_code == 201
        assert not service.why_not()
        hosts.set_clock(0)
        raw = hosts.statement("2")
        until(lambda: service.post(raw).status_code == 201, seconds=60)
        assert not service.why_not()
        assert (tmp_path / "a" / "anchor.clock").read_text().endswith("\ncosigner.example/w\n")


def test_a_clock_that_was_wrong_from_the_start_is_found_by_a_witness(tmp_path: Path):
    with ExitStack() as stack:
        hosts = Hosts(tmp_path, stack)
        hosts.witness()
        (tmp_path / "a" / "anchor.clock").unlink()  # as behind a new start of the machine
        hosts.set_clock(1_000)
        service = hosts.serve()
        assert "on what it was by cosigner.example/w" in service.why_not()["clock"]
        raw = hosts.statement("from the future")
        assert service.post(raw).status_code == 503
        hosts.set_clock(0)
        assert service.post(raw).status_code == 201
