"""Commands against the real service: one story from first contact to an audit."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.conftest import Estate, Run, estate, run, told
from serving import Server
from tea import GTIN, Tea
from world import BRAND, TRADER

from api.app import create_app

__all__ = ["estate", "run", "told"]  # fixtures of the commands' tests

SALE = ["--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "tmall.example"]


@pytest.fixture
def tea(estate: Estate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Tea]:
    """Serve the tea brand's ledger; return the story, to sign more of it."""
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    with estate.tea() as story:
        server = Server(create_app(estate.folder))
        monkeypatch.setenv("PINYUAN_SERVER", f"http://127.0.0.1:{server.port}")
        try:
            yield story
        finally:
            server.stop()


@pytest.mark.usefixtures("tea")
def test_a_name_that_may_be_meant_is_told_as_the_servers_word(run: Run):
    Path("trust.txt").write_text(run("trust")[1])
    slip = TRADER.replace("6901234507027", "6901334507026")
    code, out, _ = run("sanctions", slip, "--trust", "trust.txt", "--bundle", "b.json")
    assert code == 0
    last = out.splitlines()[-1]
    assert "says, and nothing proves it: " in last
    assert f"did you mean trader ({TRADER})" in last
    found = json.loads(run("sanctions", slip, "--json")[1])
    assert found["meant"][0]["near"][0] == TRADER
    local = json.loads(run("sanctions", slip, "--json", "--dir", "pinyuan-ledger")[1])
    assert found == local
    assert TRADER not in Path("b.json").read_text(), "it is in no bundle"


def test_from_first_contact_to_an_audit(tea: Tea, run: Run, estate: Estate):
    code, out, err = run("trust")
    assert (code, "compare the log key" in err) == (0, True)
    Path("trust.txt").write_text(out)

    code, out, err = run("may-sell", *SALE, "--trust", "trust.txt", "--json")
    assert (code, err) == (0, "")
    local = run("may-sell", *SALE, "--json", "--dir", "pinyuan-ledger")[1]
    assert json.loads(out) == json.loads(local)

    tea.world.now_us = tea.world.last_us()
    raws = [tea.world.reading(str(n), subject=f"urn:x:{n}") for n in range(3)]
    raws.append(tea.world.reading("?", by="nobody"))
    for number, raw in enumerate(raws):
        Path(f"{number}.cose").write_bytes(raw)
    code, out, err = run("register", "0.cose", "--receipts", "receipts")
    assert (code, "1 receipts verified; 2 of 2 histories" in err) == (0, True), err
    names = [f"{number}.cose" for number in range(4)]
    code, out, err = run("register", *names, "--receipts", "receipts", "--json")
    rows = json.loads(out)
    assert code == 1
    assert [row["new"] for row in rows] == [False, True, True, False]
    assert [item["rule"] for item in rows[3]["refusals"]] == ["key-unknown"]
    assert "3 receipts verified; 4 of 4 histories" in err
    code, out, err = run("register", "3.cose")
    assert (code, "refused, key-unknown: " in out) == (1, True)

    for name in ("0", "1"):
        id_ = next(row["id"] for row in rows if row["file"] == f"{name}.cose")
        kept = f"receipts/{id_}.receipt.cbor"
        assert run("verify", "receipt", kept, f"{name}.cose", "--trust", "trust.txt")[0] == 0
        assert run("receipt", id_, "-o", "again.cbor")[0] == 0
        assert Path("again.cbor").read_bytes() == Path(kept).read_bytes()

    word = str(estate.said["agent"].index)
    there = json.loads(run("show", word, "--json")[1])
    here = json.loads(run("show", word, "--json", "--dir", "pinyuan-ledger")[1])
    assert there == here | {"attached": None}, "what lies beside it is not asked for"
    code, out, _ = run("impact", estate.id("agent"), "--known-at", "25", "--json")
    assert code == 0
    assert json.loads(out)["known_at"] <= 25
    code, out, _ = run("may-sell", *SALE, "--at", "2026-09-21T14:00:00.5Z", "--json")
    assert (code, json.loads(out)["valid_at"]) == (0, "2026-09-21T14:00:00.500000Z")
    code, _, err = run("history", "identity", BRAND, "--since", "9999")
    assert (code, "9999" in err) == (4, True)

    assert run("bundle", "trace", GTIN, "-o", "trace.json", "--since", "2")[0] == 0
    assert run("export", "copy")[0] == 0
    code, out, _ = run("verify", "export", "copy", "--replay", "--trust", "trust.txt")
    assert code == 0
