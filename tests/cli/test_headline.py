"""headline: the same figures of a ledger, its export, its mirror and its server, in both languages and as a sheet."""

import json
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from client.serving import Service
from tea import LOT, TRADER, Tea

from ledger.tables.sheet import read_sheet

YEAR = ("--from", "2026-01-01T00:00:00Z", "--until", "2027-01-01T00:00:00Z")


def inspected(story: Tea) -> None:
    story.lot()
    fields = {
        "mode": "inbound", "trader": TRADER, "on": story.time(-0.01), "lot_size": 200, "level": "II",
        "aql": "1.0", "severity": "normal", "sample_size": 50, "accept": 1, "reject": 2,
        "nonconforming": 0, "decision": "accepted", "km": 4,
    }  # fmt: skip
    story.say("inspection", "warehouse", LOT, fields)


def test_figures_are_the_same_wherever_the_ledger_is(story: Tea, served: Service, run: Run):
    inspected(story)
    code, out, err = run("headline", *YEAR, "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["figures"] == [
        {"figure": "batches", "part": "inbound", "category": "food/tea/green", "value": 1},
        {"figure": "km", "part": "inbound", "category": "food/tea/green", "value": 4},
    ]
    assert run("export", "copy")[0] == 0
    assert run("headline", *YEAR, "--json", "--export", "copy", "--trust", "trust.txt")[1] == out
    assert run("mirror", "mine", "--from", "copy", "--trust", "trust.txt")[0] == 0
    assert run("headline", *YEAR, "--json", "--dir", "mine")[1] == out
    there = ("--server", served.url, "--trust", "trust.txt")
    assert run("headline", *YEAR, "--json", *there)[1] == out


def test_figures_are_words_and_each_addend_a_statement_with_names(story: Tea, run: Run):
    inspected(story)
    said = run("headline", *YEAR, "--addends", "--csv", "addends.csv")
    assert said[0] == 0
    assert "batches inspected in warehouses: 1\n  inbound inspection: 1" in said[1]
    assert "Issued by: warehouse (https://id.gs1.org/417/6901234507065)" in said[1]
    assert said[2] == "addends.csv: 2 rows\n"
    rows = read_sheet(Path("addends.csv").read_bytes(), "addends.csv").rows
    assert [row.cells[:4] for row in rows] == [
        ("batches", "inbound inspection", "food/tea/green", "1"),
        ("km", "inbound inspection", "food/tea/green", "4"),
    ]
    chinese = run("headline", *YEAR, "--lang", "zh")[1]
    assert "仓内检验批次：1\n  入库检验：1" in chinese


def test_a_period_is_local_dates_and_ends_after_it_begins(estate: Estate, run: Run):
    del estate
    asked = ("headline", "--from", "2026-09-21", "--until", "2026-09-22", "--time-zone", "+08:00")
    code, out, err = run(*asked)
    assert (code, out.splitlines()[1]) == (0, "none of what is counted is on record in this period")
    assert "--from 2026-09-21: taken as 2026-09-20T16:00:00Z" in err
    code, _, err = run("headline", "--from", "2026-09-22", "--until", "2026-09-22")
    assert (code, "--until 2026-09-22: not after --from 2026-09-22" in err) == (2, True)


@pytest.mark.usefixtures("estate")
def test_a_ledger_is_one_parquet_file_that_is_verified(run: Run):
    assert run("export", "leaves.parquet", "--parquet")[0] == 0
    Path("trust.txt").write_text(run("trust")[1])
    code, out, _ = run("verify", "export", "leaves.parquet", "--trust", "trust.txt", "--replay")
    assert code == 0
    assert out.startswith("verified: file leaves.parquet: ")
    assert run("export", "copy")[0] == 0
    assert run("export", "again.parquet", "--parquet", "--export", "copy")[0] == 0
    assert Path("again.parquet").read_bytes() == Path("leaves.parquet").read_bytes()
