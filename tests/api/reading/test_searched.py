"""Things by name: the same, such as have it in theirs, such as are near, here and behind a server."""

import json
import sys
from pathlib import Path

import pytest
from serving import Service, problem
from tea import AGENT, GTIN, MARK, TRADER, Tea
from world import BRAND

from api.http.schemas import Things
from ledger.answering import searched_here
from ledger.cli import main as cli

FIRM = "https://id.gs1.org/417/6901234507157"
NAMES = {"zh": "杭州龙坞茶叶有限公司", "en": "Hangzhou Longwu Tea Co., Ltd."}
RENAMED = {"zh": "杭州龙坞茶业集团", "en": "Longwu Tea Group"}


@pytest.fixture(scope="module")
def firm(service: Service) -> str:
    """Register a firm, and its new name."""
    service.world.now_us = service.world.last_us()
    service.world.party("firm", FIRM, names=NAMES)
    fields = {"names": RENAMED, "country": "DE", "roles": ["brand"]}
    how = {"by": "operator", "subject": FIRM}
    service.world.accept(service.world.statement("party-update", fields, **how))
    Tea(service.world).lot(f"{GTIN}/10/A77")
    return FIRM


def found(service: Service, name: str) -> dict:
    answer = service.client.get("/v1/names", params={"name": name})
    assert answer.status_code == 200, answer.content
    Things.model_validate(answer.json())
    return answer.json()


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("longwu tea group", "same"),
        ("龙坞", "part"),
        ("Longvu Tea Group", "near"),
        (FIRM, "same"),
        (FIRM.rpartition(":")[2].rpartition("/")[2], "same"),
        (FIRM[:-2] + "67", "near"),
    ],
)
def test_a_party_is_found_by_what_it_is_called_now(
    service: Service, firm: str, name: str, match: str
):
    rows = [row for row in found(service, name)["things"] if row["id"] == firm]
    assert [(row["names"], row["match"]) for row in rows] == [(RENAMED, match)]


@pytest.mark.usefixtures("firm")
def test_who_bears_the_very_name_comes_first(service: Service):
    rows = found(service, "trader")["things"]
    assert (rows[0]["id"], rows[0]["match"]) == (TRADER, "same")
    nobody = found(service, "xylophone makers")
    assert (nobody["things"], nobody["total"], nobody["complete"]) == ([], 0, True)
    assert nobody["compared"] > 5


@pytest.mark.usefixtures("firm")
def test_goods_marks_and_places_are_found_by_their_names_and_lots_by_their_numbers(
    service: Service,
):
    for name, kind, id_ in (
        ("绿茶", "product", GTIN),
        ("green tee", "product", GTIN),
        ("龙井", "trademark", MARK),
        ("A77", "lot", f"{GTIN}/10/A77"),
        (GTIN[-14:], "product", GTIN),
    ):
        rows = [(row["kind"], row["id"]) for row in found(service, name)["things"]]
        assert (kind, id_) in rows, (name, rows)


def test_a_search_for_no_name_is_refused(service: Service):
    for name in ("%20", "a" * 301):
        answer = service.client.get(f"/v1/names?name={name}")
        assert (answer.status_code, problem(answer)[1]) == (400, "name: 1 to 300 characters")
    assert service.client.get("/v1/names").status_code == 400


def test_that_not_all_were_compared_is_said(service: Service, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(searched_here, "COMPARED", {"party": 2})
    assert not searched_here.find_named(service.world.log, "trader").complete


@pytest.mark.usefixtures("firm")
def test_the_command_finds_the_same_here_and_there_where_each_is_proven(
    service: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
):
    def run(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["pinyuan", "search", *map(str, words)])
        cli.main()
        return capsys.readouterr().out

    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    trust = tmp_path / "trust.txt"
    trust.write_text(f"log {service.world.log.vkey}\nquorum none\nmax-age 3153600000\n")
    here = ("--dir", service.world.folder)
    there = ("--server", service.url, "--trust", trust)
    for name in ("龙坞", "agent", "Longvu Tea Group", "绿茶", "龙井", "A77"):
        assert json.loads(run(name, *here, "--json")) == json.loads(run(name, *there, "--json"))
    lines = run("agent", *there, "--lang", "zh").splitlines()
    assert lines[0].startswith(f"agent（主体，{AGENT}；商家；相同；条目 ")
    assert lines[-1] == f"所示各项的内容已经证明；此外别无所指则仅为 {service.url} 的说法"
    assert (
        run("agent", *here, "--lang", "en")
        .splitlines()[-1]
        .startswith("things that may be meant: ")
    )
    assert (
        run("xylophone", *here, "--lang", "en")
        == "nothing of that or a similar name is on record\n"
    )
    assert BRAND in run("brand", *here)
