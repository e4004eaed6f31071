"""A ``pinyuan`` on the PATH that is forked from a process with everything imported.

Python and its libraries start once instead of for each command of a long script; each command
still is a process of its own, with the caller's directory, environment and streams.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLIENT = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    call = json.dumps({{"argv": sys.argv, "cwd": os.getcwd(), "env": dict(os.environ)}}).encode()
    socket.send_fds(server, [len(call).to_bytes(4)], [0, 1, 2])
    server.sendall(call)
    code = server.recv(1)
sys.exit(code[0] if code else 70)
"""


@contextmanager
def forked_command(folder: Path) -> Iterator[None]:
    """Put ``pinyuan`` into a folder, and serve it until the end."""
    address = str(folder / "socket")
    command = folder / "pinyuan"
    command.write_text(CLIENT.format(python=sys.executable, address=address))
    command.chmod(0o755)
    server = subprocess.Popen([sys.executable, __file__, address])
    try:
        while not Path(address).exists():
            assert server.poll() is None
            time.sleep(0.01)
        yield
    finally:
        server.terminate()
        server.wait()


def run_as_written(document: str, folder: Path) -> subprocess.CompletedProcess:
    """Run the shell blocks of a document, in order, in a directory; nothing of them may fail."""
    blocks = re.findall(r"```sh\n(.*?)```", document, re.DOTALL)
    script = folder / "as-written.sh"
    script.write_text("set -eu\n" + "\n".join(blocks))
    (folder / "bin").mkdir()
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    with forked_command(folder / "bin"):
        done = subprocess.run(
            ["sh", "-x", script],
            cwd=folder,
            env=os.environ | {"PATH": path, "PINYUAN_LANG": "en"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def serve(address: str) -> None:
    """Fork a child for each call, one after the other; answer with its exit code."""
    import ledger.answering.prover
    import ledger.audit
    import ledger.cli.bulk
    import ledger.files.archive
    import ledger.writing.restore  # noqa: F401 - imported once for all children
    from ledger.cli.main import main

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{address}.new")
        server.listen()
        Path(f"{address}.new").rename(address)
        while True:
            client, _ = server.accept()
            size, streams, _, _ = socket.recv_fds(client, 4, 3)
            call = json.loads(client.recv(int.from_bytes(size), socket.MSG_WAITALL))
            child = os.fork()
            if not child:
                for number, stream in enumerate(streams):
                    os.dup2(stream, number)
                os.chdir(call["cwd"])
                os.environ.clear()
                os.environ.update(call["env"])
                sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
                sys.argv = call["argv"]
                main()
                sys.exit(0)
            _, status = os.waitpid(child, 0)
            client.sendall(bytes([os.waitstatus_to_exitcode(status) & 0xFF]))
            client.close()
            for stream in streams:
                os.close(stream)


if __name__ == "__main__":
    serve(sys.argv[1])
