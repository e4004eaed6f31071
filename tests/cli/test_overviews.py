"""Overviews and filled templates: what those who sit elsewhere ask, read, complete and sign."""

import json
import re
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from client.serving import Service
from tea import AGENT, EVER, GARDEN, GTIN, INSPECTOR, LABORATORY, LOT, MARK, TEA, TRADER, Tea, cite
from world import BRAND, OPERATOR

ASKED = (
    (("brand", MARK), f"brand brand={MARK}", "authorisations for", "授权：有效 3 份"),
    (("grants", AGENT), f"grants party={AGENT}", "may act for brands", "作出的授权 1 份"),
    (("trader", TRADER), f"trader trader={TRADER}", "0 of its 0 listings", "没有现行的上架商品"),
    (
        ("quality-centre", TRADER),
        f"quality_centre trader={TRADER}",
        "does not reach to say",
        "现有记录不足以说明",
    ),
    (
        ("market-feedback", GTIN),
        f"market_feedback product={GTIN}",
        "does not reach to say what comes back",
        "现有记录不足以说明",
    ),
    (("place", GARDEN), f"place place={GARDEN}", "no audit of", "作出的产地审核记录"),
    (("invitations", TRADER), f"invitations observer={TRADER}", "no invitation", "没有可应邀前往"),
    (("observers",), "observers", "nobody was called for", "没有观察员招募的记录"),
    (("ties", TRADER), f"ties party={TRADER}", "nothing on record ties", "现有记录中没有"),
)


@pytest.mark.parametrize(
    ("words", "expect", "en", "zh"), ASKED, ids=[words[0] for words, *_ in ASKED]
)
def test_an_overview_is_said_in_both_languages_and_verified_offline(
    estate: Estate, run: Run, words: tuple[str, ...], expect: str, en: str, zh: str
):
    with estate.tea() as tea:
        tea.lot()
    said = run(*words, "--bundle", "b.json")
    assert said[0] == 0, said
    assert en.lower() in said[1].lower()
    assert zh in run(*words, "--lang", "zh")[1]
    Path("trust.txt").write_text(run("trust")[1])
    soon = ("--now", "2026-09-22T00:00:00Z")
    verified = run("verify", "bundle", "b.json", "--trust", "trust.txt", *soon, "--expect", expect)
    assert verified[0] == 0, verified
    assert en.lower() in verified[1].lower()
    assert run("export", "copy")[0] == 0
    assert run(*words, "--export", "copy", "--json") == run(*words, "--json")


def test_who_gave_what_on_and_who_took_it_back_is_told(estate: Estate, run: Run):
    with estate.tea() as tea:
        fields = {"target": tea.grant_cite(estate.said["agent"], "agent"), "brand": MARK}
        parent = {"parent": estate.id("mark"), "exclusive": False, "reason": "contract ended"}
        tea.say("authorisation-revocation", "brand", AGENT, fields | parent)
    code, out, _ = run("brand", MARK)
    assert code == 0
    assert out.startswith(f"No authorisation for 龙井 ({MARK}) stands (begin later 0, over 3;")
    revoked = r"The authorisation of agent(?: \S+)? by brand(?: \S+)? was revoked"
    assert len(re.findall(revoked, out)) == 3, "it and what lay below it"
    below = json.loads(run("brand", MARK, "--under", estate.id("agent"), "--json")[1])["answer"]
    assert [row["parent"] for row in below["given"]] == [24, 26]
    assert [row["why"][0]["facts"]["by"] for row in below["given"]] == [BRAND, BRAND]
    held = json.loads(run("grants", TRADER, "--brand", MARK, "--json")[1])["answer"]
    assert (held["verdict"], held["held"][0]["state"], held["given"]) == ("no", "over", [])


def test_an_inspection_is_filled_in_by_its_plan_completed_signed_and_registered(
    estate: Estate, run: Run
):
    with estate.tea() as tea:
        tea.lot()
        now = tea.time(-0.01)
    plan = ("--trader", TRADER, "--aql", "1.0", "--lot-size", "480", "--mode", "inbound")
    code, out, err = run("fill", "inspection", LOT, *plan, "-o", "seen it.json", "--lang", "zh")
    assert (code, out) == (0, "")
    assert "从 480 件中随机抽取 50 件" in err
    key = "--key '密钥.pem' -o inspection.cose"
    assert f"pinyuan sign inspection 'seen it.json' --subject {LOT} {key}" in err
    placed = run("fill", "inspection", LOT, *plan, "-o", "x.json", "--dir", "pinyuan-ledger")[2]
    assert "--key KEY.pem --dir pinyuan-ledger -o inspection.cose" in placed
    signing = ("sign", "inspection", "seen it.json", "--subject", LOT)
    signing += ("--key", "keys/warehouse.pem")
    code, _, err = run(*signing, "-o", "seen.cose")
    assert code == 1
    assert "on, nonconforming, decision: still the template's blank" in err
    fields = json.loads(Path("seen it.json").read_text())
    assert (fields["sample_size"], fields["accept"], fields["severity"]) == (50, 1, "normal")
    found = {"on": now, "nonconforming": 0, "decision": "accepted"}
    Path("seen it.json").write_text(json.dumps(fields | found))
    assert run(*signing, "-o", "seen.cose")[0] == 0
    code, out, _ = run("register", "seen.cose")
    assert code == 0, out


def test_no_more_is_inspected_than_was_made(estate: Estate, run: Run):
    with estate.tea() as tea:
        made = {"quantity": {"amount": "400", "unit": "个"}, "made": tea.time(-30)}
        tea.lot()
        tea.say("lot", "brand", f"{GTIN}/10/A8", made | {"facility": GARDEN})
    plan = ("--trader", TRADER, "--aql", "1.0", "--lot-size")
    code, out, err = run("fill", "inspection", f"{GTIN}/10/A8", *plan, "401", "--lang", "zh")
    assert (code, out) == (1, "")
    assert f"--lot-size 401：{GTIN}/10/A8 共生产 400 件（条目 " in err
    assert run("fill", "inspection", f"{GTIN}/10/A8", *plan, "400")[0] == 0


@pytest.mark.usefixtures("estate")
def test_what_cannot_be_planned_says_why(run: Run):
    plan = ("--trader", TRADER, "--aql", "1.0", "--lot-size", "480")
    code, out, err = run("fill", "inspection", GTIN.replace("0004", "0011") + "/10/A", *plan)
    assert (code, out) == (1, "")
    assert "is not on record" in err
    assert run("fill", "inspection", GTIN, *plan)[2].startswith("pinyuan: LOT: ")
    code, out, err = run("fill", "inspection", LOT + "9", *plan)
    assert (code, out) == (1, "")
    assert f"{LOT}9 is not on record: whoever made it registers it first" in err
    code, _, err = run("fill", "test-report", "urn:sample:s1", "--laboratory", LABORATORY)
    assert code == 1
    assert "has not taken urn:sample:s1 over: register its custody first" in err


SAMPLE = "urn:sample:s1"


GERMS = {"property": "Salmonella", "unit": "/25g", "direction": "absent", "severity": "critical"}
GERMS |= {"units": {"n": 5, "c": 0}}
LOOK = {"property": "look", "unit": "-", "direction": "described", "severity": "minor"}
LOOK |= {"words": ["无杂质"]}


def sampled(tea: Tea) -> tuple[str, str]:
    """Tell that a laboratory has a sample; return the standard's id, and when it took it over."""
    tea.lot()
    paper = {"kind": "accreditation", "number": "urn:qualification:cnas.org.cn:L-1"}
    paper |= {"scheme": "CNAS", "categories": []}
    paper["methods"] = [{"method": "GB 5009.12", "categories": [TEA]}]
    tea.say("qualification", "office", LABORATORY, EVER | paper)
    criterion = {"property": "lead", "unit": "mg/kg", "direction": "at-most"}
    criterion |= {"limit": "5.0", "severity": "critical"}
    baseline = {"names": {"zh": "污染物限量"}, "category": TEA}
    baseline |= {"from": "2026-01-01T00:00:00Z", "criteria": [criterion, GERMS, LOOK]}
    standard = tea.say("baseline-standard", "office", "urn:standard:samr.cn:GB2762", baseline)
    drawn = {"mode": "mystery", "trader": TRADER, "lot_size": 480, "level": "II", "aql": "1.0"}
    drawn |= {"severity": "normal", "sample_size": 50, "accept": 1, "reject": 2}
    drawn |= {"nonconforming": 0, "decision": "accepted", "on": tea.time()}
    drawn = cite(tea.say("inspection", "inspector", LOT, drawn), "inspection", LOT)
    taken = {"lot": LOT, "taken": tea.time(), "seals": ["S-1"], "to": [LABORATORY]}
    sealed = tea.say("sample-sealed", "inspector", SAMPLE, taken | {"inspection": drawn})
    at = tea.time()
    received = {"lot": LOT, "handed_by": INSPECTOR, "previous": sealed.id.hex(), "at": at}
    tea.say("custody", "laboratory", SAMPLE, received | {"seals_intact": True})
    return standard.id.hex(), at


@pytest.mark.parametrize("there", [False, True], ids=["here", "there"])
def test_a_report_is_filled_in_by_its_sample_and_its_standard(
    served: Service, story: Tea, run: Run, *, there: bool
):
    standard, at = sampled(story)
    where = ("--server", served.url, "--trust", "trust.txt") if there else ()
    code, out, err = run(
        *("fill", "test-report", SAMPLE, "--laboratory", LABORATORY, "--standard", standard),
        *(*where, "-o", "r.json"),
    )
    assert (code, out) == (0, ""), err
    fields = json.loads(Path("r.json").read_text())
    assert (fields["lot"], fields["received"], fields["method"]) == (LOT, at, "GB 5009.12")
    assert fields["standard"]["id"] == standard
    assert fields["trader"] == TRADER, "whose goods were sampled"
    asked = [(row["property"], row["unit"]) for row in fields["results"]]
    assert asked == [("lead", "mg/kg"), ("Salmonella", "/25g"), ("look", "-")]
    lead, germs, look = fields["results"]
    assert ("value" in lead, len(germs["values"]), look["against"]) == (True, 5, "无杂质")
    found = [{"value": "0.4"}, {"values": ["absent"] * 5}, {"words": "洁净", "against": "无杂质"}]
    fields |= {"number": "R-1", "client": OPERATOR, "condition": "dry, 250 g"}
    fields |= {"tested_from": at, "tested_until": at, "issued": at, "decision_rule": "simple"}
    fields["results"] = [
        {"property": row["property"], "unit": row["unit"], "outcome": "pass"} | said
        for row, said in zip(fields["results"], found, strict=True)
    ]
    Path("r.json").write_text(json.dumps(fields))
    signing = ("sign", "test-report", "r.json", "--subject", SAMPLE, "-o", "r.cose")
    code, _, err = run(*signing, "--key", "keys/laboratory.pem", *where)
    assert code == 0, err
    code, out, _ = run("register", "r.cose", *where)
    assert code == 0, out
    code, _, err = run("report", "r-1", *where)
    assert (
        code,
        "r-1 is the number of a report, not a sample: write the sample of entry " in err,
    ) == (2, True), err
    assert SAMPLE in err
