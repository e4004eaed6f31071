"""What people type is understood, in every question, and what it became is said."""

import json
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from client.serving import Service
from tea import EVER, GARDEN, GTIN, LOT, MARK, SHOP, Tea, cite
from typer.core import TyperGroup
from typer.main import get_command
from usual import USUAL
from world import BRAND, TRADER

from ledger.cli.completing import KINDS
from ledger.cli.main import app
from ledger.cli.parameters import given_parameters, subject_of
from ledger.cli.understood import typed_at
from ledger.errors import ParameterError
from ledger.questions.declared import QUESTIONS


def wide(digits: str) -> str:
    """Return digits as a Chinese keyboard may write them."""
    return "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in digits)


SALE = {
    "--trader": TRADER,
    "--product": GTIN,
    "--territory": "CN-ZJ",
    "--channel": "mall.example",
    "--shop-type": "flagship",
}
TYPED = {
    "--trader": ("商家", "6901234507027", "69012345 07027"),
    "--product": (
        "6901234500004",
        "06901234500004",
        wide("6901234500004"),
        "绿茶",
        "green TEA",
    ),
    "--territory": ("浙江", "cn-zj"),
    "--channel": (),
    "--shop-type": ("旗舰店", "Flagship"),
}


def sale(**other: str) -> list[str]:
    given = SALE | {f"--{name.replace('_', '-')}": value for name, value in other.items()}
    return [word for pair in given.items() for word in pair]


def told(run: Run, *words: object) -> tuple[dict, str]:
    code, out, err = run(*words, "--json")
    assert code == 0, err
    return json.loads(out), err


@pytest.fixture
def named(story: Tea) -> Tea:
    """Register a lot, and parties under Chinese names."""
    story.lot(LOT)
    fields = {"names": {"zh": "商家", "en": "Trader"}, "country": "DE", "roles": ["trader"]}
    story.world.accept(story.sign("party-update", "operator", TRADER, fields))
    return story


@pytest.mark.parametrize(
    ("flag", "text"), [(flag, text) for flag, texts in TYPED.items() for text in texts]
)
@pytest.mark.usefixtures("named")
def test_a_name_a_bare_number_a_word_is_understood_and_what_it_became_is_said(
    run: Run, flag: str, text: str
):
    wanted, _ = told(run, "may-sell", *sale())
    name = flag[2:].replace("-", "_")
    if text == "69012345 07027":
        code, _, err = run("may-sell", *sale(**{name: text}))
        assert (code, "nothing in the ledger has this name" in err) == (2, True), err
        return
    found, err = told(run, "may-sell", *sale(**{name: text}))
    assert found.pop("understood") == {name: text}
    assert found == wanted
    assert err.splitlines() == [f"{flag} {text}: taken as {SALE[flag]}"]
    found, err = told(run, "may-sell", *sale(**{name: text}), "--lang", "zh")
    assert err.splitlines() == [f"{flag} {text}：理解为 {SALE[flag]}"]


ASKED = (
    (("trace", "6901234500004"), ("trace", GTIN)),
    (("trace", "6901234500004 A7"), ("trace", LOT)),
    (("trace", "绿茶 A7"), ("trace", LOT)),
    (("label", "绿茶"), ("label", GTIN)),
    (("brand", "龙井"), ("brand", MARK)),
    (("place", "6901234500103"), ("place", GARDEN)),
    (("sanctions", "商家"), ("sanctions", TRADER)),
    (("sanctions", "6901234500004"), ("sanctions", GTIN)),
    (("index", "6901234507027"), ("index", TRADER)),
    (("expiring", "商家", "--days", "1,0"), None),
    (("expiring", "商家", "--days", wide("30")), ("expiring", TRADER, "--days", "30")),
    (("expiring", "商家", "--days", "30", "--brand", "全部"), ("expiring", TRADER, "--days", "30")),
    (("history", "商品登记", "绿茶"), ("history", "product", GTIN)),
    (("history", "identity", "商家"), ("history", "identity", TRADER)),
    (("history", "issuer", "brand"), ("history", "issuer", BRAND)),
    (("history", "lot", "6901234500004 A7"), ("history", "lot", LOT)),
    (("history", "投诉", "6901234500004"), ("history", "feedback", GTIN)),
    (("history", "grant", "龙井 and 商家"), ("history", "grant", f"{MARK}\n{TRADER}")),
    (("history", "papers-ending", "商家 和 2030-01"), ("history", "papers-ending", f"{TRADER}\n2030-01")),
    (
        ("plan", "--trader", "商家", "--product", "绿茶", "--lot-size", "2,000", "--aql", "1"),
        ("plan", "--trader", TRADER, "--product", GTIN, "--lot-size", "2000", "--aql", "1.0"),
    ),
    (  # what to draw from a lot goes by its product
        ("plan", "--trader", TRADER, "--product", LOT, "--lot-size", "2000", "--aql", "1.0"),
        ("plan", "--trader", TRADER, "--product", GTIN, "--lot-size", "2000", "--aql", "1.0"),
    ),
    (
        ("coverage", "food/tea", "--start", "2026年9月1日", "--until", "2026/10/1", "--time-zone", "+08:00"),
        ("coverage", "food/tea", "--start", "2026-08-31T16:00:00Z", "--until", "2026-09-30T16:00:00Z"),
    ),
    (("reports", "商家", "--month", "2026年9月"), ("reports", TRADER, "--month", "2026-09")),
    (("trace", GTIN, "--at", "2026-09-21T12:00:00+08:00"), ("trace", GTIN, "--at", "2026-09-21T04:00:00Z")),
    (
        ("trace", GTIN, "--at", "2026-09-21 22:15", "--time-zone", "Asia/Shanghai"),
        ("trace", GTIN, "--at", "2026-09-21T14:15:00Z"),
    ),
)  # fmt: skip


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(("typed", "meant"), ASKED, ids=lambda words: " ".join(words or ()))
def test_every_question_understands_what_it_is_about(
    run: Run, typed: tuple[str, ...], meant: tuple[str, ...] | None
):
    if meant is None:
        assert run(*typed)[0] == 2
        return
    found, err = told(run, *typed)
    assert found.pop("understood")
    assert len(err.splitlines()) >= 1
    assert found == told(run, *meant)[0]


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "typed",
    [
        ("visits", "6901234500104"),
        ("visits", "https://id.gs1.org/414/6901234500104"),
        ("visits", "06901234500005 A7"),
        ("place", "6901234500104"),
        ("sanctions", "https://id.gs1.org/01/06901234500005"),
    ],
)
def test_a_wrong_check_digit_is_said_as_such(run: Run, typed: tuple[str, ...], lang: str):
    """Also of what may be one of several things: no other of them is spelled like that."""
    code, _, err = run(*typed, "--lang", lang)
    assert (code, {"en": "the check digit", "zh": "校验码"}[lang] in err) == (2, True), err


@pytest.mark.usefixtures("named")
def test_a_local_date_is_this_machine_s_where_no_zone_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    import time

    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        found, err = told(run, "trace", GTIN, "--at", "2026-09-21")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (found["valid_at"], found["understood"]) == (
        "2026-09-20T16:00:00Z",
        {"at": "2026-09-21"},
    )
    assert err == "--at 2026-09-21: taken as 2026-09-20T16:00:00Z\n"


def test_what_a_question_is_about_is_its_argument_and_the_option_of_before_is_taken(
    estate: Estate, run: Run
):
    commands = get_command(app).commands
    for asked in QUESTIONS.values():
        about = subject_of(asked)
        named = commands[asked.name.replace("_", "-")]
        if isinstance(named, TyperGroup):  # `draw`: a question with commands beside it
            named = named.commands[asked.name]
        kinds = {p.name: type(p).__name__ for p in named.params}
        for item in given_parameters(asked):
            is_argument = asked.name == "history" or item == about
            assert ("Argument" in kinds[item.name]) == is_argument, (asked.name, item.name)
    assert {q.name for q in QUESTIONS.values() if subject_of(q) is None} == {
        "history", "may_sell", "listable", "plan", "observers",
    }  # fmt: skip
    del estate
    assert run("expiring", "--party", TRADER, "--days", "9") == run(
        "expiring", TRADER, "--days", "9"
    )
    code, _, err = run("expiring", "--days", "9")
    assert (code, err.startswith("pinyuan: PARTY: missing")) == (2, True)
    assert run("expiring", TRADER, "--party", BRAND, "--days", "9")[0] == 2


@pytest.mark.usefixtures("named")
def test_what_cannot_be_read_says_what_is_wanted_in_the_reader_s_language(run: Run):
    for lang, said in (
        ("en", "--trader: nothing in the ledger has this name: a party: its id, unified social"),
        ("zh", "--trader：账本中没有这个名称：应为主体：其标识、统一社会信用代码（18 位）"),
    ):
        code, _, err = run("may-sell", *sale(trader="别的什么人"), "--lang", lang)
        assert (code, said in err) == (2, True), err
    code, _, err = run("label", "6901234500005", "--lang", "zh")
    assert (code, "校验码不符" in err) == (2, True), err
    code, _, err = run("trace", GTIN, "--at", "昨天", "--lang", "zh")
    assert (code, "--at：不是时间：'昨天'" in err) == (2, True), err


def test_a_name_that_two_have_is_asked_back_with_what_tells_them_apart(named: Tea, run: Run):
    fields = {"names": {"zh": "商家", "en": "Brand"}, "country": "DE", "roles": ["brand"]}
    named.world.accept(named.sign("party-update", "operator", BRAND, fields))
    code, _, err = run("admission", "商家", "--lang", "zh")
    both = f"商家 / Brand（{BRAND}）、商家 / Trader（{TRADER}）"
    assert (code, f"账本中有 2 个同名者，请写明是哪一个：{both}" in err) == (2, True), err


def opened(tea: Tea) -> None:
    """Admit the trader, and open its shop."""
    kind = {"kind": "business", "number": "urn:qualification:cn:B1", "categories": ["food"]}
    paper = tea.say("qualification", "office", TRADER, EVER | kind)
    evidence = [cite(paper, "qualification", TRADER)]
    tea.say("admission", "operator", TRADER, {"decision": "admitted", "evidence": evidence})
    tea.say("shop", "operator", SHOP, USUAL["shop"][2])


def test_a_name_that_things_of_two_kinds_have_is_asked_back_with_their_kinds(named: Tea, run: Run):
    opened(named)
    fields = {"names": {"zh": "清河茶铺"}, "country": "DE", "roles": ["trader"]}
    named.world.accept(named.sign("party-update", "operator", TRADER, fields))
    code, _, err = run("sanctions", "清河茶铺", "--lang", "zh")
    both = f"清河茶铺（主体，{TRADER}）、清河茶铺（店铺，{SHOP}）"
    assert (code, both in err) == (2, True), err
    assert run("sanctions", SHOP)[0] == 0


@pytest.mark.parametrize(
    ("words", "said", "then"),
    [
        (("expiring", "龙井", "--days", "9"), f"龙井（商标，{MARK}）不是主体：是否指", BRAND),
        (("label", "龙井"), f"龙井（商标，{MARK}）不是商品：是否指", GTIN),
        (("label", "brand"), f"（主体，{BRAND}）不是商品：是否指", GTIN),
        (("brand", "绿茶"), f"（商品，{GTIN}）不是商标：是否指", MARK),
        (("brand", "brand"), f"（主体，{BRAND}）不是商标：是否指", MARK),
    ],
)
@pytest.mark.usefixtures("named")
def test_a_name_of_another_kind_is_said_to_be_so_and_what_goes_with_it_is_offered(
    run: Run, words: tuple[str, ...], said: str, then: str
):
    code, _, err = run(*words, "--lang", "zh")
    assert (code, said in err, f"（{then}）？" in err) == (2, True, True), err
    assert run(words[0], then, *words[2:])[0] == 0


@pytest.mark.usefixtures("named")
def test_a_name_of_another_kind_that_nothing_goes_with_says_what_may_be_typed(run: Run):
    code, _, err = run("place", "商家", "--lang", "zh")
    said = f"（主体，{TRADER}）不是场所：应为场所：GLN（13 位）、标识，或账本中的名称"
    assert (code, said in err) == (2, True), err


MISSPELT = {
    "party": ("Tradre", TRADER),
    "product": ("grean tea", GTIN),
    "trademark": ("龙井牌", MARK),
    "facility": ("龙坞茶圆", GARDEN),
    "shop": ("清和茶铺", SHOP),
}


def test_a_misspelt_name_is_answered_with_the_near_one_in_every_question(
    named: Tea, estate: Estate
):
    opened(named)
    tried = 0
    for asked in QUESTIONS.values():
        for item in given_parameters(asked):
            for kind in set(KINDS.get(item.form, ())) & MISSPELT.keys():
                text, meant = MISSPELT[kind]
                typed = typed_at(estate.folder, None, None, first_use=False, zone=None, lang="zh")
                with pytest.raises(ParameterError) as wrong:
                    typed.parameters(asked, {item.name: text})
                assert meant in wrong.value.to("zh"), (asked.name, item.name, kind)
                assert meant in wrong.value.to("en"), (asked.name, item.name, kind)
                tried += 1
    assert tried > 25


def test_a_server_and_a_bundle_understand_the_same(named: Tea, served: Service, run: Run):
    del named
    met = ("--server", served.url, "--trust-on-first-use")
    found, _ = told(run, "label", "绿茶", *met)
    assert found["parameters"] == {"product": GTIN}
    assert found["understood"] == {"product": "绿茶"}
    code, out, err = run(
        "bundle", "label", "6901234500004", "-o", "b.json", "--dir", "pinyuan-ledger"
    )
    assert (code, f"PRODUCT 6901234500004: taken as {GTIN}" in err) == (0, True), (out, err)


@pytest.mark.usefixtures("named")
def test_who_signs_about_what_is_named_the_same_way(run: Run, tmp_path: Path):
    (tmp_path / "e.json").write_text(
        json.dumps({"names": {"zh": "商家"}, "country": "DE", "roles": ["trader"]})
    )
    code, out, err = run(
        "sign", "party-update", "e.json", "--subject", "商家", "-o", "u.cose", "--json"
    )
    assert (code, json.loads(out)["subject"]) == (0, TRADER), err
    assert f"--subject 商家: taken as {TRADER}" in err
    key = ("--key", "keys/brand.pem")
    lot = ("sign", "lot", "--template")
    fields = json.loads(run(*lot)[1])
    (tmp_path / "lot.json").write_text(json.dumps(fields))
    code, _, err = run(
        "sign", "lot", "lot.json", "--subject", "绿茶 B8", "--issuer", "brand", *key, "-o", "l.cose"
    )
    assert f"--subject 绿茶 B8: taken as {GTIN}/10/B8" in err
    assert f"--issuer brand: taken as {BRAND}" in err
    code, out, err = run("key", "bind", "keys/trader.pem", "--party", "商家")
    assert (code, f"--party 商家: taken as {TRADER}" in err) == (0, True), err
    code, _, err = run(
        "sign", "shop", "lot.json", "--subject", "无", "-o", "x.cose", "--lang", "zh"
    )
    assert (code, "--subject：账本中没有这个名称" in err) == (2, True), err


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("topic", ["statement", "granted"])
def test_a_history_kept_by_a_statement_takes_its_index_or_the_beginning_of_its_id(
    run: Run, topic: str
):
    id_ = told(run, "show", "5")[0]["id"]
    wanted, _ = told(run, "history", topic, id_)
    for text in ("5", id_[:12]):
        found, _ = told(run, "history", topic, text)
        assert found.pop("understood") == {"subject": text}
        assert found == wanted


@pytest.mark.usefixtures("named")
def test_a_history_that_does_not_fit_what_is_named_is_told_with_the_one_that_does(run: Run):
    code, _, err = run("history", "grant", "商家")
    assert (code, f"did you mean history grants {TRADER}?" in err) == (2, True), err
    assert "(write both: 'A and B')" in err
    code, _, err = run("history", "授权", "商家")
    assert (code, "no topic 授权: did you mean history grants or history grant" in err) == (2, True)
    assert "category" not in run("history", "lot", "16")[2]


@pytest.mark.usefixtures("named")
def test_a_category_is_offered_for_the_name_of_goods_in_it(run: Run):
    times = ("--start", "2026-09-01T00:00:00Z", "--until", "2026-10-01T00:00:00Z")
    code, _, err = run("coverage", "绿茶", *times)
    assert code == 2
    assert "no category 绿茶: did you mean food/tea/green (Green tea / 绿茶)?" in err
