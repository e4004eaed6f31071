"""``pinyuan serve`` in processes: it stops as it should, and takes nobody down or leaves anybody behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import ROOT

ORPHAN = """
import multiprocessing, signal, sys, time
from api.serving import _end_with_parent

def serve(path):
    def stopped(*_):
        open(path, "w").write("drained")
        sys.exit(0)
    signal.signal(signal.SIGTERM, stopped)
    _end_with_parent()
    print("serving", flush=True)
    time.sleep(60)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=serve, args=sys.argv[1:])
    process.start()
    process.join()
"""


def test_a_worker_whose_parent_was_killed_drains_and_ends(tmp_path: Path):
    program, drained = tmp_path / "parent.py", tmp_path / "drained"
    program.write_text(ORPHAN)
    with subprocess.Popen(
        [sys.executable, program, drained],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout.readline() == "serving\n"
        parent.send_signal(signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not drained.exists():
            assert time.monotonic() < deadline, "it serves on"
            time.sleep(0.02)
