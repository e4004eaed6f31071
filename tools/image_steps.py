"""Carry out tools/deploy/Containerfile step by step where no builder of images is at hand.

    sudo python tools/image_steps.py

In a mount namespace of its own, over an overlay of this machine's files that is gone afterwards:
COPY takes what it names and nothing else, RUN runs as written, packages come as built wheels
alone (the base image has no compiler), and USER, ENTRYPOINT, CMD and HEALTHCHECK are started as the
image starts them, in a network of their own. The check must pass while the service runs, and fail when
it does not. What this cannot tell is whether the base image itself has what the steps ask
for: it takes Debian's Python 3.11 in the place of the image's.
"""

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONTAINERFILE = ROOT / "tools" / "deploy" / "Containerfile"
PYTHON = "/usr/bin/python3.11"
IMAGE_PYTHON = "/image"
PASSED = re.compile(
    r"(PIP_(?!FIND_LINKS)|HTTPS?_PROXY|NO_PROXY|SSL_CERT|REQUESTS_CA)", re.IGNORECASE
)
LOOPBACK = (
    "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, "
    "struct.pack('16sh22x', b'lo', 0x41))"  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
)


def instructions() -> list[tuple[str, str]]:
    """Return the file's instructions: (verb, what follows)."""
    joined = CONTAINERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    found = [line.strip().partition(" ") for line in lines]
    return [(verb, rest.strip()) for verb, _, rest in found]


@dataclass
class Image:
    """What the steps have made so far."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    last: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin a stage: nothing of the one before but its files counts."""
        kept = {name: value for name, value in os.environ.items() if PASSED.match(name)}
        path = f"{IMAGE_PYTHON}/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
        self.env = {"PATH": path, "PIP_ONLY_BINARY": ":all:", "LANG": "C.UTF-8"} | kept
        self.folder, self.user, self.last = "/", "root", {}

    def words(self, words: list[str]) -> list[str]:
        """Return what starts a program in the image as the user of the moment."""
        inner = ["/usr/sbin/chroot", f"--userspec={self.user}:{self.user}", str(self.root)]
        return [*inner, "/bin/sh", "-c", f'cd {self.folder} && exec "$@"', "sh", *words]

    def run(self, words: list[str]) -> int:
        """Run a program to its end; return its exit code."""
        return subprocess.run(self.words(words), env=self.env, check=False).returncode

    def copy(self, rest: str) -> None:
        """Copy what is named into the image."""
        *sources, target = rest.split()
        if sources[0].startswith("--from="):
            return  # stages share their files here
        for name in sources:
            source, to = ROOT / name, self.root / self.folder.strip("/") / target / Path(name).name
            if source.is_dir():
                into = self.root / self.folder.strip("/") / target
                shutil.copytree(source, into, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, to)

    def step(self, verb: str, rest: str) -> None:
        """Carry out one instruction."""
        match verb:
            case "FROM":
                self.begin()
            case "ENV":
                for name, value in re.findall(r"(\w+)=(\S+)", rest):
                    self.env[name] = value.replace("$PATH", self.env["PATH"])
            case "WORKDIR":
                self.folder = rest
                (self.root / rest.strip("/")).mkdir(parents=True, exist_ok=True)
            case "COPY":
                self.copy(rest)
            case "RUN":
                print(f"RUN {rest[:90]}", flush=True)
                if code := self.run(["/bin/sh", "-c", rest]):
                    msg = f"exit code {code}: RUN {rest}"
                    raise SystemExit(msg)
            case "USER":
                self.user = rest
            case _:
                self.last[verb] = rest


def exec_form(text: str) -> list[str]:
    """Return the words of an instruction in exec form."""
    words: list[str] = json.loads(text[text.index("[") :])
    return words


def try_out(image: Image) -> None:
    """Start what the image starts, and ask its check, in a network of their own."""
    entry, command = exec_form(image.last["ENTRYPOINT"]), exec_form(image.last["CMD"])
    check = exec_form(image.last["HEALTHCHECK"])
    made = ["init", "--operator", "did:web:op.example", "--origin", "example.com/image"]
    assert image.run([*entry, *made]) == 0, "init"
    subprocess.run([sys.executable, "-c", LOOPBACK], check=True)
    assert image.run(check) != 0, "the check passes although nothing runs"
    process = subprocess.Popen(
        image.words([*entry, *command]), env=image.env, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = json.loads(process.stderr.readline())
    print(said["said"])
    codes = [image.run(check) for _ in range(3)]
    print(f"HEALTHCHECK while it serves: {codes}")
    process.send_signal(getattr(signal, image.last["STOPSIGNAL"]))
    began = time.perf_counter()
    code = process.wait(35)
    print(f"STOPSIGNAL: exit code {code} after {time.perf_counter() - began:.1f} s")
    after = image.run(check)
    print(f"HEALTHCHECK behind it: {after}")
    assert (set(codes), code) == ({0}, 0)
    assert after != 0


def inside(work: Path) -> None:
    """Do all of it within the namespaces made for it."""
    root = work / "root"
    for name in ("upper", "work", "root"):
        (work / name).mkdir()
    layers = f"lowerdir=/,upperdir={work / 'upper'},workdir={work / 'work'}"
    mount = "/usr/bin/mount"
    subprocess.run([mount, "-t", "overlay", "overlay", "-o", layers, root], check=True)
    for name in ("proc", "dev"):
        subprocess.run([mount, "--rbind", f"/{name}", root / name], check=True)
    for name in ("resolv.conf", "hosts"):
        if Path("/etc", name).exists():
            shutil.copy(Path("/etc", name), root / "etc" / name)
    subprocess.run(["/usr/sbin/chroot", root, PYTHON, "-m", "venv", IMAGE_PYTHON], check=True)
    image = Image(root)
    for verb, rest in instructions():
        if verb != "ARG":
            image.step(verb, rest)
    size = sum(p.lstat().st_size for p in (root / "opt/pinyuan").rglob("*") if p.is_file())
    print(f"/opt/pinyuan: {size / 2**20:.0f} MiB")
    if os.fork() == 0:  # the network is left behind with this process alone
        leave_network()
        try_out(image)
        os._exit(0)
    _, status = os.wait()
    if status:
        msg = "what the image starts does not do what it should"
        raise SystemExit(msg)
    print("every step was carried out")


def leave_network() -> None:
    """Leave the machine's network."""
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000):  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "unshare")


def main() -> int:
    """Make the namespace, and what is carried out in it."""
    if len(sys.argv) > 1:
        inside(Path(sys.argv[1]))
        return 0
    if os.geteuid() != 0 or not Path(PYTHON).exists():
        print(f"this needs root, Linux with overlay file systems, and {PYTHON}")
        return 2
    with tempfile.TemporaryDirectory(prefix="image-") as work:
        words = ["unshare", "--mount", "--", sys.executable, __file__, work]
        return subprocess.run(words, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
