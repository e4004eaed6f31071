"""All of it in processes: a ledger that serves, witnesses and replayers of others, a relying party."""

import http.client
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import create_server

import pytest
from cosigning.parties import Witness, end, start, until
from world import cosigner, key_of

from ledger.cose.keys import PrivateKey
from ledger.signer import log_vkey, read_key, write_key
from ledger.store.cosignatures import lines_of
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.tlog.checkpoint import cosign
from ledger.tlog.note import decode_note, parse_note
from ledger.writing.opening import open_log

OPERATOR = "https://id.gs1.org/417/6901234507003"
ORIGIN = "ledger.example/together"


def free_port() -> int:
    with closing(create_server(("127.0.0.1", 0))) as found:
        return found.getsockname()[1]


def run(*words: object, code: int = 0) -> str:
    process = start(*words)
    out, said = process.communicate(timeout=60)
    assert process.returncode == code, said
    return out + said


class Ledger:
    """A directory made by init, served by a process."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "ledger", free_port()
        self.log_key = PrivateKey.generate()
        write_key(self.folder / "keys" / "log.pem", self.log_key)
        self.vkey = log_vkey(ORIGIN, self.log_key)
        self.url = f"http://127.0.0.1:{self.port}"

    def init(self, witnesses: list[Witness]) -> None:
        words = ["init", "--operator", OPERATOR, "--dir", self.folder, "--origin", ORIGIN]
        for item in witnesses:
            words += ["--witness", f"{cosigner(item.name)} {item.url}"]
        for name in ("r1", "r2"):
            words += ["--replayer", cosigner(name)]
        run(*words, "--quorum", len(witnesses))
        assert read_key(self.folder / "keys" / "log.pem").public == self.log_key.public

    @contextmanager
    def served(self) -> Iterator[None]:
        process = start("serve", "--dir", self.folder, "--port", self.port)
        try:
            until(lambda: process.poll() is not None or self.answers(), seconds=30)
            assert process.poll() is None, process.communicate()[1]
            yield
        finally:
            _, said = end(process, kill=False)
        assert "Traceback" not in said, said

    def answers(self) -> bool:
        try:
            return self.get("/checkpoint")[0] == 200
        except OSError:
            return False

    def get(self, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as asking:
            kind = {} if body is None else {"Content-Type": "text/plain"}
            asking.request("GET" if body is None else "POST", path, body, kind)
            found = asking.getresponse()
            return found.status, found.read()

    def cosigners(self, path: str = "/checkpoint") -> list[str]:
        status, raw = self.get(path)
        if status != 200:
            return []
        names = [line.name for line in decode_note(raw).signatures]
        assert names[0] == ORIGIN
        return [name.rpartition("/")[2] for name in names[1:]]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[tuple[Ledger, list[Witness]]]:
    made = Ledger(tmp_path)
    witnesses = [Witness(tmp_path, name, made.vkey) for name in ("w1", "w2")]
    made.init(witnesses)
    yield made, witnesses
    for item in witnesses:
        item.kill()


def trust_file(path: Path, ledger: Ledger, replayers: int, witnesses: str = "all") -> Path:
    lines = [
        f"log {ledger.vkey}",
        *(f"witness {name} {cosigner(name)}" for name in ("w1", "w2", "w3")),
        *(f"replayer {name} {cosigner(name)}" for name in ("r1", "r2")),
        f"group few {witnesses} w1 w2" if witnesses == "all" else "group few all w1 w2 w3",
        "quorum few",
        f"replay-quorum {replayers}",
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_from_genesis_to_a_verdict_that_others_vouch_for(
    ledger: tuple[Ledger, list[Witness]], tmp_path: Path
):
    """Witnesses cosign while it serves; a replayer follows over HTTP and hands in its cosignature."""
    made, _ = ledger
    trust = trust_file(tmp_path / "trust", made, 1)
    write_key(tmp_path / "r1.pem", key_of("r1"))
    state = tmp_path / "replayer"
    replay = ["replayer", "--key", tmp_path / "r1.pem", "--name", cosigner("r1").name]
    replay += ["--state", state, "--trust", trust, "--once", "--source", made.url]
    with made.served():
        until(lambda: made.cosigners() == ["w1", "w2"])
        assert made.cosigners("/checkpoint/cosigned") == ["w1", "w2"]
        assert "replayed and cosigned size 2" in run(*replay)
        assert made.cosigners() == ["r1", "w1", "w2"]
        bundle = tmp_path / "bundle.json"
        run("history", "log", ORIGIN, "--bundle", bundle, "--dir", made.folder)
        run("export", tmp_path / "export", "--dir", made.folder)
        check_hands(made, state)
    assert "replayed 1/2 as of size 2" in run("verify", "bundle", bundle, "--trust", trust)
    two = trust_file(tmp_path / "two", made, 2)
    assert "replay quorum" in run("verify", "bundle", bundle, "--trust", two, code=4)
    three = trust_file(tmp_path / "three", made, 1, "three")
    assert "witness quorum" in run("verify", "bundle", bundle, "--trust", three, code=4)
    verify = ["verify", "checkpoint", tmp_path / "export" / "checkpoint", "--trust"]
    run(*verify, trust)
    run(*verify, two, code=4)
    suggested = run("trust", "--dir", made.folder)
    assert f"witness w2 {cosigner('w2')}" in suggested
    assert "group witnesses 2 w1 w2" in suggested


def check_hands(made: Ledger, state: Path) -> None:
    """Hand in what nobody may."""
    whole = decode_note((state / "cosigned").read_bytes())
    log_line = whole.signatures[0]

    def handed(text: str, name: str, key: str) -> tuple[int, str]:
        line = cosign(text, cosigner(name), key_of(key).sign, time_s=1_790_000_000)
        status, raw = made.get("/cosignatures", str(type(whole)(text, (log_line, line))).encode())
        return status, json.loads(raw)["title"] if raw else ""

    origin, size, root, _ = whole.text.split("\n")
    other = f"{origin}\n{size}\n{root[::-1].lstrip('=')}=\n"
    assert handed(whole.text, "r2", "r2") == (204, "")
    assert handed(whole.text, "stranger", "stranger")[0] == 403
    assert handed(whole.text, "r1", "r2")[0] == 403  # another key in its name
    assert handed(f"{origin}\n99\n{root}\n", "r1", "r1")[0] == 404
    assert handed(other, "r1", "r1")[0] in (400, 409)
    assert handed("no checkpoint\n", "r1", "r1")[0] == 400
    assert made.get("/cosignatures", b"\xff")[0] == 400
    assert made.get("/cosignatures", b"x" * 70_000)[0] == 413
    status, raw = made.get("/checkpoint")
    assert status == 200
    assert [line.name for line in parse_note(raw.decode()).signatures].count(
        cosigner("r2").name
    ) == 1


def test_a_ledger_that_does_not_serve_asks_its_witnesses_too(
    ledger: tuple[Ledger, list[Witness]],
):
    made, _ = ledger
    log = open_log(
        make_engine(f"sqlite:///{made.folder / 'ledger.sqlite'}"),
        anchor_path=made.folder / "anchor",
    )

    def cosigned() -> int:
        with reading(log.engine) as snapshot:
            return len(lines_of(snapshot, 2))

    process = start("follow-witnesses", "--dir", made.folder)
    try:
        until(lambda: cosigned() == 2)
    finally:
        process.terminate()
        assert "Traceback" not in process.communicate(timeout=20)[1]
        log.engine.dispose()
    assert process.returncode == 0
    (made.folder / "pinyuan.toml").write_text(
        (made.folder / "pinyuan.toml").read_text().partition("\n[[")[0]
    )
    assert "no [[witness]]" in run("follow-witnesses", "--dir", made.folder, code=1)
