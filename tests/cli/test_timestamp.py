"""Checkpoints with timestamps of an authority: asked for, kept, carried along, verified, told."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tsa
from cli.conftest import Estate, Run
from client.serving import Service
from pypdf import PdfReader
from tea import GTIN, TRADER

SALE = ("--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "mall.example")
SOON = ("--now", "2026-09-22T00:00:00Z")
NOW = datetime(2026, 10, 1, 8, 30, tzinfo=UTC)
SAYS = "was there at 2026-10-01T08:30:00Z"


@pytest.fixture(scope="module")
def authority() -> tsa.Authority:
    return tsa.Authority.made(now=NOW)


@pytest.fixture
def url(authority: tsa.Authority, estate: Estate) -> Iterator[str]:
    """Serve the authority; its root is in tsa.pem."""
    del estate
    Path("tsa.pem").write_bytes(authority.pem())
    with tsa.served(authority) as found:
        yield found


def asked(url: str, *more: object) -> tuple[object, ...]:
    return ("timestamp", "--authority", "tsa.example", "--url", url, "--anchor", "tsa.pem", *more)


def test_the_newest_checkpoint_carries_it_wherever_it_goes(url: str, run: Run):
    Path("plain.txt").write_text(run("trust")[1])
    Path("trust.txt").write_text(run("trust", "--timestamps", "tsa.example=tsa.pem")[1])
    assert run("bundle", "may-sell", *SALE, "-o", "before.json")[0] == 0
    code, out, err = run(*asked(url))
    assert (code, err, SAYS in out) == (0, "", True)
    again = json.loads(run(*asked("http://127.0.0.1:9", "--json"))[1])
    assert again["time"] == "2026-10-01T08:30:00Z", "what is there is not asked for again"
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    check = ("verify", "bundle", "b.json", *SOON)
    code, out, _ = run(*check, "--trust", "trust.txt")
    assert (code, f"ok  timestamp: tsa.example says that size {again['size']} {SAYS}" in out) == (
        0,
        True,
    )
    assert json.loads(run(*check, "--trust", "trust.txt", "--json")[1])["timestamps"] == [again]
    code, out, _ = run(*check, "--trust", "plain.txt")
    assert (code, "timestamp" in out) == (0, False), "of no interest to who names no authority"
    code, out, _ = run("verify", "bundle", "before.json", *SOON, "--trust", "trust.txt")
    assert (code, "timestamp" in out) == (0, False), "an absent one changes nothing"
    assert run("export", "copy")[0] == 0
    assert run("verify", "export", "copy", "--replay", "--trust", "trust.txt")[0] == 0
    code, out, _ = run("verify", "checkpoint", "copy/checkpoint", "--trust", "trust.txt")
    assert (code, SAYS in out) == (0, True)
    assert run("import", "copy", "--db", "again.sqlite")[0] == 0
    assert run("verify", "ledger", "--db", "again.sqlite")[0] == 0
    assert run("mirror", "mine", "--from", "copy", "--trust", "plain.txt")[0] == 0
    assert run("bundle", "may-sell", *SALE, "--dir", "mine", "-o", "m.json")[0] == 0
    assert Path("m.json").read_bytes() == Path("b.json").read_bytes()
    assert run("backup", "kept")[0] == 0
    assert run("verify", "backup", "kept", "--trust", "trust.txt")[0] == 0


def test_a_server_passes_it_on(url: str, served: Service, run: Run):
    assert run(*asked(url))[0] == 0
    trust = Path("trust.txt").read_text() + run("trust", "--timestamps", "tsa.example=tsa.pem")[1]
    authority = next(line for line in trust.splitlines() if "timestamp-authority" in line)
    Path("trust.txt").write_text(Path("trust.txt").read_text() + authority + "\n")
    met = ("--server", served.url, "--trust", "trust.txt")
    assert run("bundle", "may-sell", *SALE, *met, "-o", "b.json")[0] == 0
    assert SAYS in run("verify", "bundle", "b.json", "--trust", "trust.txt", *SOON)[1]


def test_anybody_may_have_a_bundle_stamped_and_print_it(url: str, run: Run):
    Path("trust.txt").write_text(run("trust", "--timestamps", "tsa.example=tsa.pem")[1])
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    code, out, err = run(*asked(url, "--bundle", "b.json", "-o", "stamped.json"))
    assert (code, SAYS in out) == (0, True), err
    code, out, _ = run("verify", "bundle", "stamped.json", "--trust", "trust.txt", *SOON)
    assert (code, SAYS in out) == (0, True)
    for name, sure in (("b", False), ("stamped", True)):
        words = ("pdf", "bundle", f"{name}.json", "--trust", "trust.txt", *SOON)
        assert run(*words, "-o", f"{name}.pdf")[0] == 0
        pages = PdfReader(io.BytesIO(Path(f"{name}.pdf").read_bytes())).pages
        said = "".join("".join(page.extract_text().split()) for page in pages)
        assert ("Thetimestampauthoritytsa.example" in said) == sure
        assert ("noauthorityfortimestampshasconfirmed" in said) != sure


def test_a_foreign_or_moved_timestamp_is_false(url: str, run: Run):
    other = tsa.Authority.made(now=NOW)
    Path("other.pem").write_bytes(other.pem())
    Path("trust.txt").write_text(run("trust", "--timestamps", "tsa.example=other.pem")[1])
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    assert run(*asked(url, "--bundle", "b.json", "-o", "s.json"))[0] == 0
    code, _, err = run("verify", "bundle", "s.json", "--trust", "trust.txt", *SOON)
    assert (code, "none of the trust file's certificates for this authority" in err) == (3, True)
    Path("tsa.pem").write_bytes(other.pem())
    code, _, err = run(*asked(url))
    assert (code, "none of the trust file's certificates" in err) == (3, True), "nor is it kept"
    assert "timestamp" not in run("export", "copy")[1]
    assert "rfc3161" not in Path("copy/checkpoint").read_text()


def test_a_false_one_that_came_along_is_replaced(url: str, run: Run):
    other = tsa.Authority.made(now=NOW)
    Path("other.pem").write_bytes(other.pem())
    with tsa.served(other) as elsewhere:
        words = ("--url", elsewhere, "--anchor", "other.pem")
        assert run("timestamp", "--authority", "tsa.example", *words)[0] == 0
    Path("trust.txt").write_text(run("trust", "--timestamps", "tsa.example=tsa.pem")[1])
    check = ("verify", "bundle", "b.json", "--trust", "trust.txt", *SOON)
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    assert run(*check)[0] == 3
    assert run(*asked(url))[0] == 0
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    assert run(*check)[0] == 0


def test_who_is_no_authority_or_nobody_is_told(url: str, run: Run, served: Service):
    code, _, err = run(*asked(f"{served.url}/checkpoint"))
    assert (code, "no timestamp authority" in err) == (1, True), err
    code, _, err = run(*asked("http://127.0.0.1:9"))
    assert (code, "127.0.0.1:9: no answer" in err) == (1, True), err
    assert run(*asked("ftp://x"))[0] == 2
    Path("tsa.pem").write_text("nothing")
    code, _, err = run(*asked(url))
    assert (code, "--anchor: no certificates in PEM" in err) == (2, True), err
    assert run("trust", "--timestamps", "tsa.example")[0] == 2


def test_a_seal_dated_later_than_it_was_seen_is_false(
    authority: tsa.Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
):
    """A ledger on the world's clock, and an authority that saw it a year before that."""
    monkeypatch.chdir(tmp_path)
    Path("tsa.pem").write_bytes(authority.pem())
    init = ("init", "--operator", "https://id.gs1.org/417/6901234507003")
    assert run(*init, "--origin", "ledger.example/now")[0] == 0
    early = authority.at(datetime(2026, 1, 2, tzinfo=UTC))
    with tsa.served(early) as url:
        assert run(*asked(url))[0] == 0
    Path("trust.txt").write_text(run("trust", "--timestamps", "tsa.example=tsa.pem")[1])
    asks = ("history", "log", "ledger.example/now")
    assert run(*asks, "--bundle", "b.json")[0] == 0
    code, _, err = run("verify", "bundle", "b.json", "--trust", "trust.txt")
    assert (code, "the newest seal is dated" in err) == (3, True), err
