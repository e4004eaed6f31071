"""Auditor, merchant, warehouse inspector and observer: what each types, from the question to the proof."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Estate, Run
from journeys.conftest import Key, on_base_install
from tea import EVER, GARDEN, GTIN, LOT, OBSERVER, SHOP, TEA, TRADER, WAREHOUSE, Tea, cite
from world import OPERATOR

FIRST = "--trust-on-first-use"
SALE = ("--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "mall.example")


LICENCE = {
    "kind": "food-licence",
    "number": "urn:qualification:samr.cn:SP-1",
    "categories": ["food/tea"],
    "from": "2026-01-01T00:00:00Z",
    "until": "2030-01-01T00:00:00Z",
}
APPLIED = EVER | {"kind": "consumer", "motive": "常喝这款茶"}


def done_aloud(found: tuple[int, str, str]) -> str:
    """Return what a command that did what it should said to the person, all of it."""
    return done(found) + found[2]


def written(name: str, fields: dict[str, Any]) -> str:
    """Write a statement's fields; return the file's name."""
    Path(name).write_text(json.dumps(fields, ensure_ascii=False))
    return name


def done(found: tuple[int, str, str]) -> str:
    """Return what a command printed that did what it should."""
    code, out, err = found
    assert code == 0, out + err
    return out


def registered(zh: Run, key: tuple[str, str], type_: str, fields: dict[str, Any], *how: str) -> str:
    """Have somebody sign and register a statement; return its id."""
    call = ("sign", type_, written(f"{type_}.json", fields), *key, *how, "-o", f"{type_}.cose")
    id_ = done(zh(*call)).strip()
    assert f"标识 {id_}" in done(zh("register", f"{type_}.cose", "--receipts", "receipts"))
    return id_


def test_an_auditor_with_an_export_and_no_network(
    estate: Estate, tea: Tea, at_home: Run, monkeypatch: pytest.MonkeyPatch
):
    tea.lot()
    done(at_home("export", "copy"))
    Path("trust.txt").write_text(done(at_home("trust")))
    monkeypatch.delenv("PINYUAN_SERVER")
    alone = on_base_install(network=False)
    copy = ("--export", "copy", "--trust", "trust.txt")

    out = done(alone("verify", "export", "copy", "--replay", "--trust", "trust.txt"))
    assert "规则" in out, out
    assert "可以：trader" in done(alone("may-sell", *SALE, *copy))
    assert f"{GTIN}/10/A7" in done(alone("trace", LOT, *copy))
    agent = estate.said["agent"]
    shown = done(alone("show", agent.index, *copy))
    assert "授权" in shown
    assert agent.id.hex() in shown
    fallen = json.loads(done(alone("impact", agent.id.hex(), *copy, "--json")))
    assert len(fallen["answer"]["grants"]) == 2, "the distributor's and the trader's rest on it"

    # What the auditor takes home proves itself; whoever alters it is found out.
    done(alone("bundle", "may-sell", *SALE, *copy, "-o", "proof.json"))
    now = ("--now", json.loads(done(alone("may-sell", *SALE, *copy, "--json")))["fresh_at"])
    checked = ("verify", "bundle", "proof.json", "--trust", "trust.txt", *now)
    assert "可以：trader" in done(alone(*checked))
    text = Path("proof.json").read_text()
    Path("proof.json").write_text(text.replace('"verdict":"yes"', '"verdict":"no"'))
    code, out, err = alone(*checked)
    assert (code, "可以" in out) == (3, False)
    assert "答案不能由证据得出" in err

    # Nor is an export that somebody edited believed: it names where.
    tile = next(path for path in sorted(Path("copy").rglob("tile/entries/**/*")) if path.is_file())
    raw = bytearray(tile.read_bytes())
    raw[len(raw) // 2] ^= 1
    tile.write_bytes(raw)
    code, _, err = alone("verify", "export", "copy", "--trust", "trust.txt")
    assert code == 3
    assert "条目" in err


def test_a_merchant_is_refused_and_mends_it(estate: Estate, tea: Tea, zh: Run, key: Key):
    goods = ("--subject", GTIN)
    listing = {"shop": SHOP, "category": TEA, "territories": ["*"]}
    call = ("sign", "listing", written("l.json", listing), *key("trader"), *goods, "-o", "l.cose")
    done(zh(*call, FIRST))
    code, out, _ = zh("register", "l.cose")
    assert code == 1
    assert "shop-unknown" in out
    assert "须由平台运营方先登记该店铺" in out

    # The platform looks at its papers, admits it and registers the shop.
    office = tea.say("qualification", "office", TRADER, LICENCE)
    grant = tea.grant_cite(estate.said["trader"], "trader")
    papers = [cite(office, "qualification-number", LICENCE["number"]), grant]
    tea.say("admission", "operator", TRADER, {"decision": "admitted", "evidence": papers})
    opened = {"shop_type": "multi-brand", "trader": TRADER, "names": {"zh": "清河茶铺"}}
    tea.say("shop", "operator", SHOP, opened)

    # Refused once more, by every rule that is broken; what the grant covers is accepted.
    code, out, _ = zh("register", "l.cose")
    assert code == 1
    assert "listing-may-sell" in out
    assert "不包括地域 *" in out
    assert "CN" in done(zh("grants", TRADER))
    registered(zh, key("trader"), "listing", listing | {"territories": ["CN"]}, *goods)

    out = done(zh("trader", TRADER))
    assert "清河茶铺" in out
    assert "须由" in out, "each reason says who mends it"


def test_a_warehouse_inspector_goes_by_the_plan(tea: Tea, zh: Run, key: Key):
    tea.lot()
    told = done_aloud(zh("fill", "inspection", "6901234500004 A7", "--trader", TRADER, FIRST,
                         "--lot-size", "1200", "--aql", "1", "-o", "plan.json"))  # fmt: skip
    assert "从 1200 件中随机抽取 80 件" in told
    assert "不合格不超过 2 则接收该批，达到 3 则拒收" in told
    fields = json.loads(Path("plan.json").read_text())
    to_fill = {name for name, value in fields.items() if str(value).startswith("<")}
    assert to_fill == {"on", "nonconforming", "decision"}

    # Three are bad and the inspector is friendly: the plan is not.
    by = ("sign", "inspection", "plan.json", "--subject", LOT, *key("warehouse"), "-o", "i.cose")
    fields |= {"on": tea.time(-0.01), "nonconforming": 3, "decision": "accepted"}
    written("plan.json", fields)
    done(zh(*by))
    code, out, _ = zh("register", "i.cose")
    assert code == 1
    assert "inspection-counts" in out
    assert "不合格 3 件，Ac 为 2" in out
    written("plan.json", fields | {"decision": "refused"})
    id_ = done(zh(*by)).strip()
    told = done_aloud(zh("register", "i.cose", "--receipts", "receipts"))
    assert "已验证 1 份回执" in told
    assert "均完整并包含它们" in told
    receipt = f"receipts/{id_}.receipt.cbor"
    Path("trust.txt").write_text(done(zh("trust")))
    done(zh("verify", "receipt", receipt, "i.cose", "--trust", "trust.txt"))

    out = done(zh("trace", LOT))
    assert "存在未关闭的问题" in out
    assert "判定拒收" in out
    assert WAREHOUSE in out
    assert "须由" in out, "it says who may inspect it again"

    # Whoever inspects it again is told of that, and cites what is to be answered.
    fill = ("fill", "inspection", LOT, "--trader", TRADER, "--lot-size", "1200", "--aql", "1")
    told = done_aloud(zh(*fill, "--mode", "飞行检查", "-o", "again.json"))
    assert "判定拒收" in told
    again = json.loads(Path("again.json").read_text())
    assert again["answers"] == [id_]
    written(
        "again.json", again | {"on": tea.time(-0.001), "nonconforming": 0, "decision": "accepted"}
    )
    done(
        zh("sign", "inspection", "again.json", "--subject", LOT, *key("inspector"), "-o", "a.cose")
    )
    done(zh("register", "a.cose"))
    assert "判定拒收，且没有" not in done(zh("trace", LOT))


def test_an_observer_signs_without_a_network_and_loses_nothing(
    tea: Tea, zh: Run, key: Key, monkeypatch: pytest.MonkeyPatch
):
    tea.lot()
    call = EVER | {"seats": [{"kind": "consumer", "count": 2}], "terms": "你应邀前往"}
    called = cite(tea.say("observer-call", "operator", OPERATOR, call), "observers", OPERATOR)
    tied = {"call": called, "ties": []}
    applied = tea.say("observer-application", "operator", OBSERVER, APPLIED | tied)
    told = cite(applied, "observer", OBSERVER)
    tea.say("observer", "operator", OBSERVER, EVER | {"kind": "consumer", "application": told})
    tea.say("invitation", "operator", OBSERVER, EVER | {"to": GARDEN})
    out = done(zh("invitations", OBSERVER, FIRST))
    assert "龙坞茶园" in out
    done(zh("invitations", OBSERVER, "--csv", "invited.csv"))
    assert "受邀对象" in Path("invited.csv").read_text("utf-8-sig")
    invited = json.loads(done(zh("invitations", OBSERVER, "--json")))["answer"]["invitations"]
    (entry,) = [row["entry"] for row in invited]
    invitation = json.loads(done(zh("cite", entry)))
    origin = tea.world.log.origin

    # At the garden there is no network: whoever says all of it signs.
    server = ("--server", "http://127.0.0.1:9")
    service = os.environ["PINYUAN_SERVER"]
    monkeypatch.delenv("PINYUAN_SERVER")
    alone = on_base_install(network=False)
    mine = (*key("observer"), "--issuer", OBSERVER, "--origin", origin)
    then = ("--issued-at", tea.time(0.001))
    arrived = {"about": GARDEN, "arrived": tea.time(-0.01), "place": {"text": "茶园门口"}}
    visit = written("visit.json", arrived | {"tie": None, "invitation": invitation})
    subject = ("--subject", "urn:visit:2026-1")
    call = ("sign", "visit", visit, *subject, *mine, *then, "-o", "visit.cose")
    done(alone(*call))
    found = {"point": "标签", "severity": "minor", "text": "茶园门口的名牌已褪色"}
    seen = {
        "about": GARDEN,
        "visit": "@visit.cose",
        "findings": [found],
        "text": "茶行与厂房与所述相符",
    }
    call = ("sign", "observation", written("seen.json", seen), *subject, *mine, *then)
    done(alone(*call, "-o", "seen.cose"))
    code, _, err = zh("register", "visit.cose", "seen.cose", *server)
    assert (code, Path("receipts").exists()) == (1, False), "no answer is no receipt"
    assert "127.0.0.1" in err

    # Back online, twice: the second time the same receipts.
    monkeypatch.setenv("PINYUAN_SERVER", service)
    for _ in range(2):
        told = done_aloud(zh("register", "visit.cose", "seen.cose", "--receipts", "receipts"))
        assert "已验证 2 份回执" in told
    assert "茶园门口" in done(zh("visits", GARDEN))
