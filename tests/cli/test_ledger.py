"""The command line on both databases, with encrypted keys, a simulated clock, JSON and bulk."""

import json
import shutil
from base64 import b64encode
from pathlib import Path

import pytest
from world import BRAND, OPERATOR, cosigner, key_of

from ledger.cli.keep_group import NOBODY_ASKED
from ledger.files.archive import DirectoryReader
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement, sign_statement

ORIGIN = "cli.example/ledger"


def reading(number: int) -> bytes:
    return sign_statement(
        key_of("brand"),
        b"%d" % number,
        issuer=BRAND,
        subject=f"urn:x:{number % 3}",
        issued_at=1_790_000_000,
        audience=None,
        content_type="text/plain",
    )


@pytest.fixture
def begun(tmp_path: Path, run, database: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory with a ledger under encrypted keys and a simulated clock, a brand in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINYUAN_PASSPHRASE", "open sesame")
    code, out, err = run(
        "init", "--operator", OPERATOR, "--name", "Platform", "--name-zh", "平台", "--origin", ORIGIN,
        "--db", database, "--clock", "simulated", "--now", "2026-10-01T08:00:00Z", "--json",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert json.loads(out)["origin"] == ORIGIN
    Path("brand.pem").write_bytes(key_of("brand").pem(b"open sesame"))
    binding = json.loads(run("key", "bind", "brand.pem", "--party", BRAND)[1])
    fields = {"names": {"zh": "品牌"}, "country": "DE", "roles": ["brand"], "keys": [binding]}
    Path("party.json").write_text(json.dumps(fields), encoding="utf-8")
    signed = ["--issued-at", "2026-10-01T09:00:00Z", "-o", "party.cose"]
    assert run("sign", "party", "party.json", "--subject", BRAND, *signed)[0] == 0
    assert run("register", "party.cose", "--now", "2026-10-01T09:00:00Z")[0] == 0
    return tmp_path


@pytest.mark.usefixtures("begun")
def test_a_ledger_is_begun_filled_in_bulk_and_verified(run):
    lines = [json.dumps({"bytes": b64encode(reading(number)).decode()}) for number in range(300)]
    Path("bulk.jsonl").write_text("\n".join(lines))
    code, out, _ = run(
        "register", "--jsonl", "bulk.jsonl", "--json", "--now", "2026-10-01T10:00:00Z"
    )
    assert code == 0
    assert [row["index"] for row in json.loads(out)] == list(range(4, 304))
    shown = json.loads(run("show", "4", "--json")[1])
    assert (shown["type"], shown["registered_at"]) == ("generic", "2026-10-01T10:00:00Z")
    told = [(row["topic"], row["subject"]) for row in shown["histories"]]
    assert told == [("generic", "urn:x:0"), ("issuer", BRAND)]
    found = json.loads(run("history", "generic", "urn:x:1", "--json")[1])
    assert [row["index"] for row in found["entries"]] == list(range(5, 304, 3))
    before = json.loads(run("history", "generic", "urn:x:1", "--known-at", "200", "--json")[1])
    assert (before["known_at"], before["entries"]) == (4, [])
    code, out, _ = run("verify", "ledger", "--replay", "--json")
    assert code == 0
    assert json.loads(out)["size"] == 305
    assert run("db", "check")[:2] == (0, "ok\n")
    assert run("db", "rebuild")[0] == 0
    assert json.loads(run("verify", "ledger", "--replay", "--json")[1]) == json.loads(out)


@pytest.mark.usefixtures("begun")
def test_a_heartbeat_is_sealed_after_ten_idle_minutes(run):
    assert (
        run("seal", "--now", "2026-10-01T09:09:59Z")[1]
        == "the newest seal is younger than ten minutes\n"
    )
    assert run("seal", "--now", "2026-10-01T09:10:00Z")[1] == "sealed\n"
    assert run("verify", "ledger", "--replay")[0] == 0


@pytest.mark.usefixtures("begun")
def test_without_the_passphrase_the_ledger_is_read_not_written(
    run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PINYUAN_PASSPHRASE")
    assert run("show", "0")[0] == 0
    Path("r.cose").write_bytes(reading(1))
    code, _, err = run("register", "r.cose")
    assert code == 1
    assert err.endswith("it is encrypted and no passphrase was given\n")
    assert all(
        path.stat().st_mode & 0o777 == 0o600 for path in Path("pinyuan-ledger/keys").iterdir()
    )


@pytest.mark.usefixtures("begun")
def test_a_lost_anchor_makes_the_ledger_read_only_until_it_is_set(run):
    Path("pinyuan-ledger/anchor").unlink()
    Path("r.cose").write_bytes(reading(1))
    code, _, err = run("register", "r.cose")
    assert code == 1
    assert "no anchor file" in err
    assert "run pinyuan db anchor" in err
    assert run("db", "anchor")[1] == f"anchored at size 4; {NOBODY_ASKED}\n"
    assert run("db", "anchor")[1] == "the anchor is of size 4, the database of 4: nothing to do\n"
    assert run("register", "r.cose", "--now", "2026-10-01T11:00:00Z")[0] == 0


@pytest.mark.usefixtures("begun")
def test_an_export_brings_a_database_that_fell_behind_forward(run, database: str):
    if not database.startswith("sqlite"):
        pytest.skip("a PostgreSQL database is not copied as a file")
    assert run("seal", "--now", "2026-10-01T09:30:00Z")[0] == 0
    Path("old").write_bytes(Path("ledger.sqlite").read_bytes())
    Path("r.cose").write_bytes(reading(1))
    assert run("register", "r.cose", "--now", "2026-10-01T11:00:00Z")[0] == 0
    assert run("export", "published")[0] == 0
    for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        Path(name).unlink(missing_ok=True)
    Path("ledger.sqlite").write_bytes(Path("old").read_bytes())
    code, _, err = run("register", "r.cose")
    assert code == 1
    assert "BEHIND_PUBLISHED: the database has 5 entries, 7 were published" in err
    code, out, err = run("db", "anchor")
    assert (code, out) == (1, "")
    assert "the anchor is of size 7, the database of 5" in err
    assert "pinyuan import DIR" in err
    assert run("import", "published")[0] == 0
    assert "registered before as entry 5" in run("register", "r.cose")[1]
    assert run("verify", "ledger", "--replay")[0] == 0


@pytest.mark.usefixtures("begun")
def test_a_log_is_ended_and_its_successor_cites_it(run, monkeypatch):
    Path("end.json").write_text('{"reason": "Its tail is lost.", "successor": null}')
    signed = ["--issued-at", "2026-10-01T09:30:00Z", "-o", "end.cose"]
    assert run("sign", "log-end", "end.json", *signed)[0] == 0
    assert run("register", "end.cose", "--now", "2026-10-01T10:00:00Z")[0] == 0
    Path("r.cose").write_bytes(reading(1))
    code, out, _ = run("register", "r.cose")
    assert code == 1
    assert "log-ended" in out
    assert run("export", "published")[0] == 0
    monkeypatch.delenv("PINYUAN_PASSPHRASE")
    made = ["init", "--dir", "next", "--operator", OPERATOR, "--db", "next.sqlite"]
    made += ["--clock", "simulated", "--now", "2026-10-01T12:00:00Z"]
    cited = "published/checkpoint"
    code, _, err = run(*made, "--origin", ORIGIN, "--predecessor", cited)
    assert (code, "predecessor: a checkpoint of this very log" in err) == (1, True), err
    shutil.rmtree("next")
    assert run(*made, "--origin", "ledger.example/next", "--predecessor", cited)[0] == 0
    assert run("export", "after", "--dir", "next")[0] == 0
    genesis = DirectoryReader(Path("after")).entries(0, 1).leaves[0]
    assert decode_body(parse_statement(genesis)).predecessor == Path(cited).read_text()


@pytest.mark.usefixtures("begun")
def test_a_copy_goes_on_when_somebody_says_so_and_nobody_objects(run):
    shutil.copytree("pinyuan-ledger", "copy")
    Path("r.cose").write_bytes(reading(1))
    here = ["--dir", "copy"]
    code, _, err = run("register", "r.cose", *here)
    assert code == 1
    assert "COPIED: the anchor copy/anchor was made as another file" in err
    assert run("db", "check", *here)[0] == 1
    settings = Path("copy/pinyuan.toml")
    toml = settings.read_text()
    settings.write_text(
        f"{toml}\n[[witness]]\nvkey = '{cosigner('w')}'\nurl = 'http://127.0.0.1:9'\n"
    )
    code, out, err = run("db", "anchor", *here)
    assert (code, out) == (1, "")
    assert f"{cosigner('w').name}: " in err
    assert "1 of the 1 who see this log did not answer" in err
    assert "nothing was changed" in err
    assert run("register", "r.cose", *here)[0] == 1
    code, out, _ = run("db", "anchor", "--unasked", *here)
    assert (code, out) == (0, "anchored at size 4; 0 of 1 who see this log agree\n")
    assert run("db", "anchor", *here)[1].endswith("of 4: nothing to do\n")
    code, _, err = run("register", "r.cose", "--now", "2026-10-01T11:00:00Z", *here)
    assert code == 0
    assert "refused" in err, "it is said that the witness was not asked"
