"""The real service over a real ledger: ``pinyuan serve``, its memory and its log."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from fuzzing.pools import get

ROOT = Path(__file__).parents[2]
START_S = 120.0


class Served:
    """One service in processes; its log goes to a file."""

    def __init__(self, directory: Path, log: Path) -> None:
        self.directory = directory
        self.log = log
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as found:
            self.port: int = found.getsockname()[1]
        self._file = log.open("wb")
        program = "from api.cli import serve; import typer; typer.run(serve)"
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                program,
                "--dir",
                directory,
                "--port",
                str(self.port),
                "--proxy",
                "127.0.0.1",
            ],
            cwd=ROOT,
            stderr=self._file,
            stdout=self._file,
        )
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert self._process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "the service does not start"
            time.sleep(0.1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _answers(self) -> bool:
        try:
            get(self.url, "/healthz")
        except OSError:
            return False
        return True

    def memory(self) -> dict[str, int]:
        """Return MiB in memory (RSS) of each process of the service, by what it does."""
        found: dict[str, int] = {}
        for pid, role in self._family():
            with contextlib.suppress(OSError, StopIteration):
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
                kib = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
                found[f"{role} {pid}"] = kib // 1024
        return found

    def _family(self) -> list[tuple[int, str]]:
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    parents[int(entry.name)] = int(
                        (entry / "stat").read_text().rpartition(")")[2].split()[1]
                    )
        wanted, found = [self._process.pid], [(self._process.pid, "serve")]
        while wanted:
            parent = wanted.pop()
            for pid, its in parents.items():
                if its == parent:
                    wanted.append(pid)
                    found.append((pid, self._role(pid)))
        return found

    @staticmethod
    def _role(pid: int) -> str:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"writer" in words:
                return "writer"
            return "tracker" if b"resource_tracker" in words else "child"
        return "gone"

    def stop(self) -> int:
        """Stop it in order; return its exit code."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(60)
        self._file.close()
        return code

    def bad_lines(self) -> list[bytes]:
        """Return the lines of the log that are no JSON object."""
        found = []
        with self.log.open("rb") as file:
            for line in file:
                try:
                    if not isinstance(json.loads(line), dict):
                        found.append(line)
                except ValueError:
                    found.append(line)
        return found


def secrets_of(directory: Path) -> tuple[bytes, ...]:
    """Return what no answer may carry."""
    home = Path.home()
    names = [
        str(directory),
        str(ROOT),
        sys.prefix,
        str(home),
        os.uname().nodename,
    ]
    # A name as short as "vm" stands in base64 by chance.
    return tuple(name.encode() for name in names if len(name) >= 6)
