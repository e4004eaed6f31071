"""Broken input and broken machines: one sentence, the documented exit code, nothing half-written."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from world import BRAND, OPERATOR, key_of

from ledger.cli.keep_group import NOBODY_ASKED
from ledger.cose.cbor import encode
from ledger.cose.sign1 import encode_sign1, sign
from ledger.statements.envelope import sign_statement

ORIGIN = "errors.example/ledger"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory with a ledger, a registered brand with key brand.pem, and a trust file."""
    monkeypatch.chdir(tmp_path)
    assert run("init", "--operator", OPERATOR, "--origin", ORIGIN)[0] == 0
    (tmp_path / "brand.pem").write_bytes(key_of("brand").pem())
    _, binding, _ = run("key", "bind", "brand.pem", "--party", BRAND)
    fields = {
        "names": {"en": "Brand"},
        "country": "DE",
        "roles": ["brand"],
        "keys": [json.loads(binding)],
    }
    (tmp_path / "party.json").write_text(json.dumps(fields))
    assert run("sign", "party", "party.json", "--subject", BRAND, "-o", "party.cose")[0] == 0
    assert run("register", "party.cose")[0] == 0
    (tmp_path / "trust.txt").write_text(run("trust")[1])
    return tmp_path


def reading(**changes: object) -> bytes:
    options = {
        "issuer": BRAND,
        "subject": "urn:x:1",
        "issued_at": 1_790_000_000,
        "audience": ORIGIN,
        "content_type": "text/plain",
    } | changes
    return sign_statement(
        key_of(options.pop("by", "brand")), options.pop("payload", b"4.5"), **options
    )


def with_protected(protected: bytes) -> bytes:
    return encode_sign1(protected, b"4.5", bytes(64))


def twice_the_same_header() -> bytes:
    headers = encode({1: -8, 3: "text/plain", 4: key_of("brand").public.kid, 15: {1: "a"}})
    return with_protected(b"\xa5" + headers[1:] + b"\x01\x27")


def too_long() -> bytes:
    empty = len(reading(payload=b"x" * 60_000)) - 60_000
    return reading(payload=b"x" * (65_536 - empty))


STATEMENTS = {
    "a file that is no statement": (lambda: b"hello", "malformed", "does not begin with tag 18"),
    "an empty file": (lambda: b"", "malformed", "does not begin with tag 18"),
    "a statement cut by a byte": (lambda: reading()[:-1], "malformed", "not CBOR"),
    "a statement and a byte": (lambda: reading() + b"\0", "malformed", "bytes behind the value"),
    "a duplicate header key": (twice_the_same_header, "malformed", "Duplicate map key"),
    "65,536 bytes": (too_long, "malformed", "65536 bytes, at most 65535"),
    "an unknown key": (lambda: reading(by="stranger"), "key-unknown", "is not registered"),
    "another log's audience": (
        lambda: reading(audience="other.example/log"),
        "audience",
        "'other.example/log'",
    ),
    "an altered payload": (
        lambda: reading(payload=b"4.50").replace(b"4.50", b"9.50"),
        "signature",
        "does not verify",
    ),
    "a header that belongs to receipts": (
        lambda: sign({1: -8, 394: [b"x"]}, b"", key_of("brand").sign),
        "malformed",
        "header label 394",
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_broken_statement_is_refused_in_one_sentence_beside_good_ones(
    home: Path, run: Run, name: str
):
    make, rule, words = STATEMENTS[name]
    (home / "good.cose").write_bytes(reading(payload=b"good"))
    (home / "bad.cose").write_bytes(make())
    code, out, err = run("register", "bad.cose", "good.cose", "--receipts", "receipts")
    assert code == 1
    refused, registered = out.splitlines()
    assert refused.startswith(f"bad.cose: refused, {rule}: ")
    assert words in refused
    assert registered.startswith("good.cose: registered as entry 4")
    assert err == ""
    assert len(list((home / "receipts").iterdir())) == 1
    assert run("verify", "ledger", "--replay")[0] == 0


def test_a_key_of_small_order_cannot_be_registered(home: Path, run: Run):
    fields = json.loads((home / "party.json").read_text())
    fields["keys"] = [
        {
            "alg": "EdDSA",
            "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "possession": "unproven",
        }
    ]
    (home / "unsound.json").write_text(json.dumps(fields))
    assert (
        run(
            "sign",
            "party",
            "unsound.json",
            "--subject",
            "did:web:evil.example",
            "-o",
            "unsound.cose",
        )[0]
        == 0
    )
    code, out, _ = run("register", "unsound.cose")
    assert code == 1
    assert "refused, key-unsound: Each new key is canonical" in out


USAGE = {
    "a missing file": (["register", "nowhere.cose"], 1, "nowhere.cose: No such file or directory"),
    "no ledger": (
        ["show", "0", "--dir", "elsewhere"],
        1,
        "no ledger in elsewhere: there is no such directory: run pinyuan init",
    ),
    "a second init": (
        ["init", "--operator", OPERATOR],
        1,
        "there is a ledger in pinyuan-ledger already",
    ),
    "an operator that is no party": (
        ["init", "--operator", "me", "--dir", "new"],
        2,
        "--operator: not a party id: 'me'",
    ),
    "an entry that is not there": (["show", "99"], 1, "no entry 99: the ledger has 4"),
    "an id that is not there": (["show", "ab" * 32], 1, f"no entry with id {'ab' * 32}"),
    "a type nobody knows": (
        ["sign", "wish", "party.json", "-o", "x.cose", "--subject", "a"],
        2,
        "no statement type 'wish' to sign",
    ),
    "a missing option": (["init"], 2, "Missing option '--operator'"),
    "a key over another": (
        ["key", "new", "brand.pem"],
        1,
        "exists already and is never overwritten",
    ),
    "an export over another": (["export", "."], 1, "exists already"),
    "a simulated time for a real clock": (
        ["register", "party.cose", "--now", "2026-05-01T08:00:00Z"],
        1,
        "--now is for ledgers made with --clock simulated",
    ),
    "a database of another kind": (
        ["verify", "ledger", "--db", "mysql://x/y"],
        1,
        "a ledger lives in SQLite or PostgreSQL, not in mysql",
    ),
    "a bundle that is no bundle": (
        ["verify", "bundle", "party.json", "--trust", "trust.txt"],
        1,
        "party.json is no evidence bundle",
    ),
    "a trust file that is none": (
        ["verify", "bundle", "party.json", "--trust", "party.json"],
        1,
        "trust file line 1: not understood",
    ),
    "a receipt that is none": (
        ["verify", "receipt", "party.cose", "party.cose", "--trust", "trust.txt"],
        2,
        "party.cose is a signed statement, not a receipt: pinyuan register FILE reads it",
    ),
    "a trust file for a bundle": (
        ["verify", "bundle", "trust.txt", "--trust", "trust.txt"],
        2,
        "trust.txt is a trust file, not an evidence bundle: --trust FILE reads it",
    ),
    "a statement for a fraud proof": (
        ["verify", "fraud", "party.cose", "--trust", "trust.txt"],
        2,
        "party.cose is a signed statement, not a fraud proof",
    ),
    "an export that is none": (
        ["verify", "export", "receipts"],
        1,
        "export receipts: no such directory",
    ),
}


def files(home: Path) -> list[Path]:
    """Return every file but the ones SQLite keeps while a database is open."""
    return sorted(path for path in home.rglob("*") if not path.name.endswith(("-wal", "-shm")))


@pytest.mark.parametrize("name", USAGE)
def test_a_call_that_cannot_be_answered_says_why(home: Path, run: Run, name: str):
    words, expected, sentence = USAGE[name]
    before = files(home)
    code, out, err = run(*words)
    assert code == expected
    assert sentence in err
    assert out == ""
    assert len(err.splitlines()) == 1
    assert files(home) == before


def test_a_bundle_of_a_log_the_trust_file_does_not_name_cannot_be_verified(home: Path, run: Run):
    assert run("history", "log", ORIGIN, "--bundle", "b.json")[0] == 0
    trust = (home / "trust.txt").read_text().splitlines()
    (home / "other.txt").write_text(
        "\n".join(line for line in trust if not line.startswith("log "))
    )
    code, _, err = run("verify", "bundle", "b.json", "--trust", "other.txt")
    assert (code, f"pinyuan: the trust file names no log '{ORIGIN}': get its log key" in err) == (
        4,
        True,
    ), err


def test_what_has_grown_stale_is_not_verified_and_says_what_to_do(home: Path, run: Run):
    del home
    assert run("history", "log", ORIGIN, "--bundle", "b.json")[0] == 0
    check = ("verify", "bundle", "b.json", "--trust", "trust.txt")
    code, _, err = run(*check, "--now", "2099-01-01T00:00:00Z")
    assert (code, "pinyuan: stale: the log was last seen" in err) == (4, True), err
    as_of_then = re.search(r"as of then \(verify bundle FILE (--now) (\S+)\)", err).groups()
    assert run(*check, *as_of_then)[0] == 0
    code, _, err = run(*check, "--now", "2099-01-01T00:00:00Z", "--lang", "zh")
    assert (code, "已过时" in err, " ".join(as_of_then) in err) == (4, True, True), err
    Path("patient.txt").write_text(
        Path("trust.txt").read_text().replace("max-age 86400", "max-age 9999999999")
    )
    patient = ("verify", "bundle", "b.json", "--trust", "patient.txt")
    assert run(*patient, "--now", "2099-01-01T00:00:00Z")[0] == 0


@pytest.mark.usefixtures("home")
def test_two_checkpoints_of_one_size_are_a_split_view(run: Run):
    assert run("export", "one")[0] == 0
    shutil.copytree("pinyuan-ledger", "fork")
    assert (
        run("db", "anchor", "--dir", "fork")[1] == f"anchored at size 4; {NOBODY_ASKED}\n"
    )  # somebody says so
    for folder, text in (("pinyuan-ledger", b"one"), ("fork", b"two")):
        Path("r.cose").write_bytes(reading(payload=text))
        assert run("register", "r.cose", "--dir", folder)[0] == 0
        assert run("export", f"{folder}.export", "--dir", folder)[0] == 0
    code, _, err = run(
        "verify",
        "checkpoint",
        "pinyuan-ledger.export/checkpoint",
        "fork.export/checkpoint",
        "--trust",
        "trust.txt",
    )
    assert code == 3
    assert err == "pinyuan: split view: two signed checkpoints of size 6 with different roots\n"
    code, _, err = run(
        "verify",
        "checkpoint",
        "one/checkpoint",
        "fork.export/checkpoint",
        "--trust",
        "trust.txt",
        "--export",
        "pinyuan-ledger.export",
    )
    assert code == 3
    assert "the export's first 6 entries have another root" in err


def shell(script: str, folder: Path) -> subprocess.CompletedProcess:
    """Run a script as root of its own mounts, or say that this machine does not allow it."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("needs unshare to mount a small or read-only file system")
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no user namespaces")
    pinyuan = f'"{sys.executable}" -m ledger.cli.main'
    return subprocess.run(
        ["unshare", "-Urm", "sh", "-c", f'set -e\npinyuan() {{ {pinyuan} "$@"; }}\n{script}'],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_full_disk_loses_nothing_and_heals(home: Path):
    for number in range(40):
        (home / f"big{number}.cose").write_bytes(reading(payload=bytes([number]) * 60_000))
    done = shell(
        """
        mkdir small; mount -t tmpfs -o size=1500k tmpfs small
        cp -r pinyuan-ledger small/ledger; pinyuan db anchor --dir small/ledger >out
        if pinyuan register big*.cose --dir small/ledger >out 2>err; then echo registered; fi
        cat err; echo ---
        pinyuan verify ledger --replay --dir small/ledger | head -1
        mount -o remount,size=20m small
        pinyuan register big*.cose --dir small/ledger | tail -1
        pinyuan verify ledger --replay --dir small/ledger | head -1
        """,
        home,
    )
    assert done.returncode == 0, done.stderr
    said, after = done.stdout.split("---\n")
    assert said.startswith("pinyuan: database sqlite:///")
    assert said.rstrip().endswith("database or disk is full")
    first, last, healed = after.splitlines()
    assert "4 entries" in first
    assert "registered as entry 43" in last
    assert "45 entries" in healed


def test_a_read_only_directory_is_named_and_left_as_it_was(home: Path):
    (home / "new.cose").write_bytes(reading())
    done = shell(
        """
        mkdir ro; cp -r pinyuan-ledger ro/ledger; mount --bind ro ro; mount -o remount,bind,ro ro
        pinyuan register new.cose --dir ro/ledger 2>&1 || echo "exit $?"
        pinyuan init --operator did:web:a.example.com --dir ro/new 2>&1 || echo "exit $?"
        pinyuan history log errors.example/ledger --bundle ro/b.json 2>&1 || echo "exit $?"
        ls ro
        """,
        home,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("pinyuan: database sqlite:///")
    assert lines[1] == "exit 1"
    assert lines[2] == "pinyuan: key ro/new/keys/log.pem: Read-only file system"
    assert lines[3] == "exit 1"
    assert lines[4] == "pinyuan: ro/b.json: Read-only file system"
    assert lines[5:] == ["exit 1", "ledger"]


NO_TEXT = os.fsdecode(b"urn:x:\xff")


@pytest.mark.parametrize(
    "words",
    [
        ("history", "generic", NO_TEXT),
        ("sign", "generic", "r.txt", "--content-type", NO_TEXT, "--subject", "urn:x:1", "-o", "o"),
        (
            "sign",
            "generic",
            "r.txt",
            "--content-type",
            "text/plain",
            "--subject",
            NO_TEXT,
            "-o",
            "o",
        ),
        ("init", "--dir", NO_TEXT, "--operator", OPERATOR, "--origin", ORIGIN),
        ("mirror", "m", "--from", NO_TEXT),
    ],
    ids=lambda words: words[0],
)
def test_bytes_that_are_no_text_are_wrong_usage(home: Path, run: Run, words: tuple[str, ...]):
    (home / "r.txt").write_text("4.5")
    assert run("export", NO_TEXT)[0] == 0
    code, out, err = run(*words, *(["--key", "brand.pem"] if words[0] == "sign" else []))
    assert (code, out) == (2, "")
    assert err.endswith("pinyuan: urn:x:\\u{dcff}: not UTF-8, where a text is needed\n")


def test_a_file_may_be_called_by_bytes_that_are_no_text(home: Path, run: Run):
    named = os.fsdecode(b"\xb2\xe8.cose")  # as an archive made elsewhere names it, in GBK
    (home / "party.cose").rename(home / named)
    code, out, _ = run("register", named)
    assert (code, "registered before" in out) == (0, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "words",
    ["search Brand", "search Brand --json", "schema may-sell", "--help", "search --help", "trust"],
)
def test_an_output_that_cannot_be_written_is_told(home: Path, words: str):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ledger.cli.main", *words.split()],
            cwd=home,
            stdout=full,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PINYUAN_LANG": "en"},
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "pinyuan: standard output: No space left on device\n"


@pytest.mark.parametrize(
    ("lang", "called"), [("en", "NAME: empty"), ("zh", "名称：为空")], ids=["en", "zh"]
)
def test_an_error_calls_an_argument_by_its_word(run: Run, lang: str, called: str):
    code, _, err = run("search", " ", "--lang", lang)
    assert (code, called in err) == (1, True), err
