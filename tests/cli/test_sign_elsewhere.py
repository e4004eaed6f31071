"""Who is not the operator signs with what a server shows, on the base install, in another directory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from cli.test_base_install import SCRIPT
from client.serving import Service
from tea import MARK, TEA, Tea
from world import BRAND, ORIGIN, TRADER, key_of

from ledger.primitives.strict import parse_base64
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement
from ledger.tlog.note import TYPE_ED25519, VerifierKey


@pytest.fixture
def away(served: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Service:
    """Return a server of the log that is asked from a directory without a ledger."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("PINYUAN_SERVER", served.url)
    monkeypatch.chdir(tmp_path / "elsewhere")
    return served


def base(*words: object) -> str:
    """Run a command on the base install."""
    script = SCRIPT.replace("sys.addaudithook(no_network)", "")
    call = [sys.executable, "-c", script, *map(str, words)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


BRAND_KEY = "../keys/brand.pem"


@pytest.mark.usefixtures("away")
def test_a_brand_revokes_from_elsewhere(estate: Estate, story: Tea):
    """Issuer, origin, time and the grant's fields are found, not typed."""
    base(
        *("sign", "authorisation-revocation", "--target", estate.id("agent")),
        *("--reason", "contract ended", "--key", BRAND_KEY, "--trust", "../trust.txt"),
        *("-o", "end.cose"),
    )
    statement = parse_statement(Path("end.cose").read_bytes())
    body = decode_body(statement)
    assert (statement.issuer, statement.audience) == (BRAND, (ORIGIN,))
    assert body.target.id == estate.id("agent")
    assert json.loads(base("register", "end.cose", "--json"))[0]["refusals"] == []
    del story


@pytest.mark.usefixtures("away")
def test_a_correction_repeats_what_the_server_proves(estate: Estate, run: Run):
    assert run("cite", estate.id("mark"), "--trust", "../trust.txt")[0] == 0
    Path("name.json").write_text('{"statement": {"names": {"zh": "明前龙井"}}}')
    code, _, err = run(
        *("sign", "supersede", "name.json", "--target", estate.id("product"), "--reason", "name"),
        *("--key", BRAND_KEY, "-o", "name.cose"),
    )
    assert code == 0, err
    body = decode_body(parse_statement(Path("name.cose").read_bytes()))
    assert body.statement["names"] == {"zh": "明前龙井"}
    assert body.statement["brand"] == MARK
    assert run("register", "name.cose")[0] == 0


@pytest.mark.usefixtures("away")
def test_a_citation_is_the_servers_as_the_ledgers(estate: Estate, run: Run):
    there = run("cite", estate.id("mark"), "--trust", "../trust.txt")
    assert there == run("cite", estate.id("mark"), "--dir", "../pinyuan-ledger")
    code, _, err = run("cite", "ab" * 32)
    assert (code, "no entry with id" in err) == (1, True)


@pytest.mark.usefixtures("away")
def test_lines_are_signed_with_what_a_server_shows(estate: Estate, run: Run):
    assert run("cite", estate.id("mark"), "--trust", "../trust.txt")[0] == 0
    Path("keys.json").write_text(json.dumps({BRAND: BRAND_KEY}))
    fields = {
        "parent": estate.id("mark"), "brand": MARK, "goods": ["food/tea/green"], "territories": ["CN"],
        "channels": ["tmall.example"], "shop_types": ["multi-brand"], "exclusive": False, "depth": 0,
        "from": "2026-01-01T00:00:00Z", "until": "2035-01-01T00:00:00Z",
    }  # fmt: skip
    line = {"type": "authorisation", "issuer": BRAND, "subject": TRADER, "fields": fields}
    Path("lines.jsonl").write_text(json.dumps(line))
    code, _, err = run(
        "sign", "--jsonl", "lines.jsonl", "--key-map", "keys.json", "-o", "signed.jsonl"
    )
    assert code == 0, err
    code, out, err = run("register", "--jsonl", "signed.jsonl")
    assert code == 0, out + err


@pytest.mark.usefixtures("away")
def test_a_key_that_the_log_does_not_know_has_no_owner(run: Run):
    assert run("key", "new", "new.pem")[0] == 0
    code, _, err = run(
        *("sign", "generic", "new.pem", "--subject", "urn:x:1", "--key", "new.pem"),
        *("--trust", "../trust.txt", "-o", "x.cose"),
    )
    assert (code, "whose key is new.pem? no ledger at hand knows it" in err) == (1, True), err
    code, _, err = run("sign", "generic", "new.pem", "--subject", "urn:x:1", "-o", "x.cose")
    assert (code, "--key: whose key signs?" in err) == (2, True)


def test_offline_whoever_gives_all_signs(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A server that is away is not needed where nothing is looked up in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    assert run("key", "new", "new.pem")[0] == 0
    code, _, err = run(
        *("sign", "generic", "new.pem", "--subject", "urn:x:1", "--key", "new.pem"),
        *("--issuer", TRADER, "--origin", ORIGIN, "--server", "http://127.0.0.1:9", "-o", "x.cose"),
    )
    assert (code, err) == (0, ""), err


@pytest.mark.parametrize("said", [(), ("--issuer", TRADER), ("--origin", ORIGIN)])
def test_a_server_that_is_away_is_why_nobody_knows_a_key(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: tuple[str, ...]
):
    """Not that the ledger does not know it: what mends that would be another key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    assert run("key", "new", "new.pem")[0] == 0
    code, _, err = run(
        *("sign", "generic", "new.pem", "--subject", "urn:x:1", "--key", "new.pem", *said),
        *("--server", "http://127.0.0.1:9", "-o", "x.cose"),
    )
    assert (code, "nobody could be asked" in err, "no ledger at hand" in err) == (1, True, False)
    assert "127.0.0.1:9" in err
    assert "--issuer PARTY --origin LOG" in err


@pytest.mark.usefixtures("away")
def test_a_key_is_bound_for_the_log_that_a_server_shows(run: Run):
    assert run("key", "new", "new.pem")[0] == 0
    there = run("key", "bind", "new.pem", "--party", TRADER, "--trust", "../trust.txt")
    assert there[0] == 0, there
    typed = run("key", "bind", "new.pem", "--party", TRADER, "--origin", ORIGIN)
    assert json.loads(there[1]) == json.loads(typed[1])


@pytest.fixture
def copy(estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Return an export of the ledger, seen from a directory that has nothing else."""
    assert run("export", "copy")[0] == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with estate.tea() as tea:
        Path("../trust.txt").write_text(
            f"log {tea.world.log.vkey}\nquorum none\nmax-age 3153600000\n"
        )
    return "../copy"


def test_a_brand_signs_from_an_export(copy: str, estate: Estate, run: Run):
    """On the base install, without a network: issuer, origin and the grant's fields are found there."""
    Path("name.json").write_text('{"statement": {"names": {"zh": "明前龙井"}}}')
    base(
        *("sign", "supersede", "name.json", "--target", estate.id("product"), "--reason", "name"),
        *("--key", BRAND_KEY, "--dir", copy, "--trust", "../trust.txt", "-o", "name.cose"),
    )
    statement = parse_statement(Path("name.cose").read_bytes())
    assert (statement.issuer, statement.audience) == (BRAND, (ORIGIN,))
    body = decode_body(statement)
    assert (body.statement["names"], body.statement["brand"]) == ({"zh": "明前龙井"}, MARK)
    assert run("register", "name.cose", "--dir", "../pinyuan-ledger")[0] == 0


def test_a_citation_is_the_exports_as_the_ledgers(copy: str, estate: Estate, run: Run):
    cited = base("cite", estate.id("mark"), "--dir", copy)
    assert run("cite", estate.id("mark"), "--dir", "../pinyuan-ledger") == (0, cited, "")


def test_a_sheet_is_signed_with_names_from_an_export(copy: str, estate: Estate):
    Path("grants.csv").write_text(
        "Grantee,Parent,Territories,Channels,Shop types,Exclusive,From,Until\n"
        f"trader,{estate.id('mark')},CN,tmall.example,multi-brand,no,2026-10-01,2027-10-01\n"
    )
    Path("common.json").write_text(json.dumps({"brand": MARK, "goods": [TEA], "depth": 0}))
    base(
        *("sign", "authorisation", "common.json", "--table", "grants.csv", "--time-zone", "UTC"),
        *("--key", BRAND_KEY, "--dir", copy, "-o", "grants.jsonl"),
    )
    (line,) = map(json.loads, Path("grants.jsonl").read_text().splitlines())
    statement = parse_statement(parse_base64(line["bytes"]))
    assert (statement.subject, decode_body(statement).parent.id) == (TRADER, estate.id("mark"))


def test_an_export_that_is_not_the_logs_signs_nothing(copy: str, estate: Estate, run: Run):
    """Neither another log's than the trust file names, nor one that was edited."""
    words = ("cite", estate.id("mark"), "--dir", copy)
    other = VerifierKey(ORIGIN, TYPE_ED25519, key_of("brand").public.x)
    Path("other.txt").write_text(f"log {other}\nquorum none\n")
    assert run(*words, "--trust", "other.txt")[0] == 3
    tile = next(item for item in Path(copy, "tile", "entries").rglob("*") if item.is_file())
    raw = bytearray(tile.read_bytes())
    raw[len(raw) // 2] ^= 1
    tile.write_bytes(raw)
    assert run(*words)[0] == 3


def test_an_auditor_searches_an_export_by_name(copy: str, run: Run):
    """On the base install, and finds what the operator finds."""
    for name in ("tea", "龙井", "A7"):
        found = base(
            "search", name, "--export", copy, "--trust", "../trust.txt", "--lang", "en", "--json"
        )
        code, here, _ = run("search", name, "--dir", "../pinyuan-ledger", "--json")
        assert code == 0
        assert json.loads(found) == json.loads(here)
        assert json.loads(found)["complete"]
    assert json.loads(base("search", "tea", "--dir", copy, "--json"))["things"]
