"""Local dates in a statement's JSON: understood with a time zone, else refused with what to write."""

import json
from pathlib import Path

import pytest
from cli.conftest import Run
from world import BRAND, ORIGIN

from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement

FIELDS = {
    "kind": "business",
    "number": "urn:qualification:samr.gov.cn:1",
    "categories": ["food"],
    "from": "2026-05-01",
    "until": "2027年5月1日",
}


@pytest.fixture
def signing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Run, tuple[str, ...]]:
    """Return how a qualification is signed without a ledger."""
    monkeypatch.chdir(tmp_path)
    Path("fields.json").write_text(json.dumps(FIELDS))
    assert run("key", "new", "a.pem")[0] == 0
    call = ("sign", "qualification", "fields.json", "--key", "a.pem", "--subject", BRAND)
    return run, (*call, "--issuer", BRAND, "--origin", ORIGIN, "-o", "a.cose")


def test_a_local_date_is_taken_in_the_zone_that_is_said(signing: tuple[Run, tuple[str, ...]]):
    run, call = signing
    code, _, err = run(*call, "--time-zone", "+08:00")
    assert code == 0, err
    assert "from 2026-05-01: taken as 2026-04-30T16:00:00Z\n" in err
    body = decode_body(parse_statement(Path("a.cose").read_bytes()))
    assert (body.from_, body.until) == ("2026-04-30T16:00:00Z", "2027-04-30T16:00:00Z")


def test_without_a_zone_it_is_told_what_to_write(signing: tuple[Run, tuple[str, ...]]):
    run, call = signing
    code, _, err = run(*call)
    assert code == 1
    assert "from: a local date or time: say of which time zone, --time-zone +08:00" in err
    assert "or write it in UTC: 2026-05-01T00:00:00Z" in err
    assert "until: a local date or time" in err
    assert not Path("a.cose").exists()


def test_no_date_stays_none(signing: tuple[Run, tuple[str, ...]]):
    run, call = signing
    Path("fields.json").write_text(json.dumps(FIELDS | {"from": "2026-13-01", "until": None}))
    code, _, err = run(*call, "--time-zone", "+08:00")
    assert (code, "from: not a time like 2026-05-01T08:00:00Z" in err) == (1, True), err
    code, _, err = run(*call, "--time-zone", "Beijing")
    assert (code, "--time-zone" in err) == (2, True), err
