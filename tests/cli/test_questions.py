"""Questions on the command line: generated from the registry, answered, bundled, verified."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT
from tea import BRAND, GTIN, LOT, MARK, TRADER, cite
from typer.main import get_command

from ledger.cli.answer import found_lines
from ledger.cli.asking import LOOKED_UP
from ledger.cli.main import app
from ledger.cli.registering import _say_sum
from ledger.phrases import limits
from ledger.questions.declared import QUESTIONS

SALE = ("--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "mall.example")
EXPECTED = f"may-sell trader={TRADER} product={GTIN} territory=CN channel=mall.example"
SOON = ("--now", "2026-09-22T00:00:00Z")
YEAR = ("--start", "2026-01-01T00:00:00Z", "--until", "2027-01-01T00:00:00Z")
LIMIT = "what nobody submitted, no ledger can show"


def trusted(run) -> str:
    Path("trust.txt").write_text(run("trust")[1])
    return "trust.txt"


def test_every_question_has_a_command_and_a_bundle_with_its_parameters():
    commands = get_command(app).commands
    bundled = commands["bundle"].commands
    for asked in QUESTIONS.values():
        name = asked.name.replace("_", "-")
        wanted = {item.name for item in asked.parameters}
        wanted -= set(LOOKED_UP.get(asked.name, ("", ()))[1])
        # The group that makes draws answers about one, too.
        own = getattr(commands[name], "commands", {}).get(name, commands[name])
        for command in (own, bundled[name]):
            given = {item.name for item in command.params}
            assert wanted <= given, name
            assert ("at" in given) == asked.timed, name


def test_help_is_quick_and_imports_nothing_heavy():
    started = time.perf_counter()
    code = "import sys; from ledger.cli.main import main\ntry: main()\nfinally: print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    taken_s = time.perf_counter() - started
    assert "may-sell" in done.stdout
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded.isdisjoint({"msgspec", "cryptography", "cbor2", "nacl", "sqlalchemy", "stdnum"})
    assert taken_s < 3  # 0.1 s on an idle machine; the imports above are what makes it so


@pytest.mark.usefixtures("estate")
def test_a_verdict_names_both_times_and_what_it_is_worth(run):
    code, out, err = run("may-sell", *SALE)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[-2] == (
        "valid at 2026-09-21T14:27:20.000001Z, known at size 32; "
        "last seen at 2026-09-21T14:27:20.000001Z by the newest seal (simulated clock)"
    )
    worth = r"completeness: asserted by the operator; also leans on [0-9]+ rules that only a replay of .* \(--json: leans_on\); (.*)"
    assert re.fullmatch(worth, lines[-1])[1] == LIMIT
    assert run("may-sell", *SALE, "--lang", "zh")[1].endswith("无人提交的事，任何账本都无法显示\n")


def test_what_an_answer_lists_is_said_once_and_in_words():
    report = {"entry": 7, "id": "aa", "state": "final"}
    row = {"entry": 9, "interim": False, "appeal": {"entry": 11, "outcome": "upheld"}}
    rows = {"reports": [report], "results": [], "live": [row | {"lots": ["A", "B"]}]}
    assert found_lines(rows, "en") == [
        "  live: entry 9 interim=no appeal=(entry 11 outcome=upheld) lots=A, B"
    ]
    assert found_lines(rows, "zh") == [
        "  现行——条目：9；是否临时措施：否；申诉：（条目：11，结论：维持）；批次：A；B"
    ]


@pytest.mark.usefixtures("estate")
def test_json_holds_the_whole_answer(run):
    found = json.loads(run("may-sell", *SALE, "--json")[1])
    assert (found["question"], found["answer"]["verdict"]) == ("may_sell", "yes")
    assert found["parameters"]["shop_type"] == "*"
    assert (found["known_at"], found["size"], found["clock"]) == (32, 32, "simulated")
    before = json.loads(run("may-sell", *SALE, "--known-at", "29", "--json")[1])
    assert (before["known_at"], before["answer"]["verdict"]) == (28, "unknown")


@pytest.mark.usefixtures("estate")
def test_a_no_is_an_answer_too(run):
    code, out, _ = run("may-sell", *SALE, "--territory", "US", "--json")
    assert (code, json.loads(out)["answer"]["verdict"]) == (0, "no")


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize("words", [("may-sell",), ("bundle", "may-sell", "-o", "b.json")])
def test_a_time_the_log_has_not_seen_is_unknown(
    run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    code, out, err = run(*words, *SALE, "--at", "2026-09-22T00:00:00Z")
    assert (code, out) == (4, "")
    assert err == (
        "pinyuan: asked about 2026-09-22T00:00:00Z, 9 hours 32 minutes later than the log was last "
        "seen (2026-09-21T14:27:20.000001Z): unknown yet. If that time is to come, ask again then; if it has "
        "passed, a copy must be brought up to date first (a mirror by pinyuan mirror, an export by a newer "
        "export), and the log itself be sealed again\n"
    )
    monkeypatch.setenv("PINYUAN_LANG", "zh")
    assert "晚 9 小时 32 分钟：尚无法得知" in run(*words, *SALE, "--at", "2026-09-22T00:00:00Z")[2]
    assert not Path("b.json").exists()


@pytest.mark.usefixtures("estate")
def test_a_trust_file_can_ask_for_more_than_the_ledger_has(run):
    policy = Path(trusted(run)).read_text()
    replayer = run("key", "new", "r.pem") and run(
        "key", "show", "r.pem", "--vkey", "r", "--cosigner"
    )
    Path("strict.txt").write_text(f"{policy}replayer r {replayer[1]}replay-quorum 1\n")
    assert run("may-sell", *SALE, "--trust", "trust.txt")[0] == 0
    code, _, err = run("may-sell", *SALE, "--trust", "strict.txt")
    assert (code, "no replay quorum: 0 of 1 replayers cosigned: ask again" in err) == (4, True)


@pytest.mark.usefixtures("estate")
def test_a_bundle_says_the_same_as_the_ledger(run):
    answer = run("may-sell", *SALE)[1].splitlines()
    code, out, _ = run("bundle", "may-sell", *SALE, "-o", "b.json", "--since", "20")
    assert (code, out[:31]) == (0, "b.json: may_sell as of size 32,")
    words = ("verify", "bundle", "b.json", "--trust", trusted(run), *SOON)
    code, out, _ = run(*words, "--expect", EXPECTED)
    assert code == 0
    lines = out.splitlines()
    assert lines[lines.index("verified: may_sell") + 1 :] == [*answer, *limits("en")]
    said = run(*words, "--lang", "zh")[1].splitlines()
    assert said[said.index("已验证：may_sell") + 1 :] == [
        *run("may-sell", *SALE, "--lang", "zh")[1].splitlines(),
        *limits("zh"),
    ]
    row = json.loads(run(*words, "--json")[1])
    assert row == json.loads(run("may-sell", *SALE, "--json")[1])


EXPECTATIONS = {
    "another product's": (EXPECTED.replace("=CN", "=US"), 3, "the bundle answers may_sell("),
    "a parameter missing": (
        EXPECTED.replace(" channel=mall.example", ""),
        2,
        (
            "does not say: channel. Write 'may_sell trader=... product=... territory=... "
            "channel=... [shop_type=...] [shop=...]'"
        ),
    ),
    "a parameter twice": (f"{EXPECTED} shop_type=* channel=x", 2, "names other parameters"),
    "no question": ("may_buy trader=x", 2, "no question 'may_buy': history, may-sell,"),
    "another's name": (
        EXPECTED.replace(f"trader={TRADER}", "trader=商家"),
        3,
        f"--expect trader=商家: the bundle is about another, trader ({TRADER})",
    ),
    "another question": ("sanctions subject=商家", 3, "answers may_sell, not sanctions"),
    "a territory that is none": (
        EXPECTED.replace("=CN", "=CN-XX"),
        2,
        "--expect territory=CN-XX: write it as",
    ),
}


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize(
    "text",
    [
        EXPECTED.replace("may_sell", "may-sell"),
        EXPECTED.replace(GTIN, GTIN[-14:]),
        EXPECTED.replace(GTIN, GTIN[-13:]).replace(TRADER, TRADER[-13:]),
        EXPECTED.replace("=CN", "=中国"),
        EXPECTED.replace(TRADER, "Trader").replace(GTIN, "绿茶"),
        f"{EXPECTED} shop-type=*",
        f"{EXPECTED} shop_type=不限",
        f"may_sell({EXPECTED.partition(' ')[2].replace(' ', ', ')}, shop_type=*)",
        f"may-sell {TRADER} {GTIN} CN mall.example",
    ],
)
def test_an_expectation_is_understood_as_the_question_is(run, text: str):
    run("bundle", "may-sell", *SALE, "-o", "b.json")
    words = ("verify", "bundle", "b.json", "--trust", trusted(run), *SOON)
    assert run(*words, "--expect", text)[0] == 0, run(*words, "--expect", text)[2]


@pytest.mark.usefixtures("estate")
def test_a_question_is_called_as_its_command_or_as_in_its_bundle(run):
    for words in (("may-sell",), ("bundle", "may-sell", "-o", "b.json"), ("schema", "may-sell")):
        given = () if words[0] == "schema" else SALE
        low = [word.replace("may-sell", "may_sell") for word in words]
        assert run(*low, *given) == run(*words, *given)
        assert run(*low, *given)[0] == 0
    assert run("pdf", "may_sell", "--help")[0] == 0


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize("name", EXPECTATIONS)
def test_an_expectation_that_is_not_met_or_not_understood_says_so(run, name: str):
    text, expected, sentence = EXPECTATIONS[name]
    run("bundle", "may-sell", *SALE, "-o", "b.json")
    words = ("verify", "bundle", "b.json", "--trust", trusted(run), *SOON)
    code, _, err = run(*words, "--expect", text)
    assert code == expected
    assert sentence in err
    assert len(err.splitlines()) == 1


CALLS = {
    "a parameter missing": (
        ("may-sell", "--trader", TRADER),
        2,
        "pinyuan: Missing option '--product': see pinyuan may-sell --help",
    ),
    "a time that ends before it begins": (
        (
            "coverage",
            "food/tea",
            "--start",
            "2026-04-14T00:00:00Z",
            "--until",
            "2026-04-01T00:00:00Z",
        ),
        2,
        "pinyuan: --until: has to be later than start: 2026-04-14T00:00:00Z",
    ),
    "a product that is none": (
        ("may-sell", *SALE, "--product", "tea"),
        2,
        (
            'pinyuan: --product: no product in the ledger is called "tea": did you mean '
            f"Green tea / 绿茶 ({GTIN})?"
        ),
    ),
    "a language that is none": (
        ("may-sell", *SALE, "--lang", "fr"),
        2,
        "pinyuan: --lang fr: en or zh",
    ),
    "a command that is none": (
        ("bundel",),
        2,
        "pinyuan: No such command 'bundel'. Did you mean 'bundle'?: see pinyuan --help",
    ),
    "impact of what is no grant": (
        ("impact", "22"),
        1,
        "pinyuan: grant: entry 22 is a qualification: name an authorisation",
    ),
    "impact of an id that is malformed": (
        ("impact", "a1"),
        2,
        "pinyuan: 'a1' is neither a statement id (64 hexadecimal digits, or the first 12 or more of them) nor an index",
    ),
}


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_cannot_be_answered_says_why_in_one_sentence(run, name: str):
    words, expected, sentence = CALLS[name]
    assert run(*words) == (expected, "", f"{sentence}\n")


def test_what_falls_with_a_grant_is_listed_and_proven(run, estate):
    lines = run("impact", estate.id("agent"))[1].splitlines()
    assert f"  grant to trader ({TRADER}) (entry 28)" in lines
    assert f"  trader trader ({TRADER})" in lines
    assert run("impact", "24")[1].splitlines() == lines
    assert run("bundle", "impact", estate.id("agent"), "-o", "b.json")[0] == 0
    words = ("verify", "bundle", "b.json", "--trust", trusted(run), *SOON, "--expect")
    code, out, _ = run(*words, f"impact grant={estate.id('agent')}")
    assert code == 0
    assert set(lines) <= set(out.splitlines())
    assert run(*words, f"impact grant={estate.id('trader')}")[0] == 3


@pytest.mark.usefixtures("estate")
def test_one_parameter_is_an_argument_more_are_options(run):
    said = f"  2026-09-21T14:27:20Z brand ({BRAND}): product (Green tea ({GTIN}); entry 30)"
    assert said in run("trace", GTIN)[1]
    ending = run("expiring", "--party", TRADER, "--days", "5000")[1]
    assert "  What ends, the soonest first:" in ending
    assert "  authorisation 龙井 (urn:trademark:cn:12345678:30) of trader" in ending
    for words in (
        ("admission", TRADER),
        ("sanctions", TRADER),
        ("visits", LOT),
        ("improvement", TRADER),
        ("listable", *SALE),
        ("expiring", "--party", TRADER, "--days", "30"),
    ):
        code, out, err = run(*words)
        assert (code, err) == (0, "")
        assert out.endswith(f"{LIMIT}\n")


LANGUAGES = [
    ("zh", "en_GB.UTF-8", "可以："),
    ("en", "zh_CN.UTF-8", "Yes: "),
    (None, "zh_CN.UTF-8", "可以："),
    (None, "C.UTF-8", "Yes: "),
    ("fr", "C.UTF-8", "pinyuan: PINYUAN_LANG fr: en or zh"),
]


@pytest.mark.usefixtures("estate")
@pytest.mark.parametrize(("named", "locale", "begins"), LANGUAGES)
def test_sentences_are_in_the_language_named_else_the_locale_s(
    run, monkeypatch: pytest.MonkeyPatch, named: str | None, locale: str, begins: str
):
    monkeypatch.delenv("PINYUAN_LANG")
    if named is not None:
        monkeypatch.setenv("PINYUAN_LANG", named)
    monkeypatch.setenv("LC_ALL", locale)
    _, out, err = run("may-sell", *SALE)
    assert (out or err).startswith(begins)


@pytest.mark.usefixtures("estate")
def test_a_refusal_is_said_in_the_language_asked_for(run):
    Path("bad.cose").write_bytes(b"hello")
    assert (
        "bad.cose：被拒绝（malformed）：字节须为" in run("register", "bad.cose", "--lang", "zh")[1]
    )
    assert "bad.cose: refused, malformed: The bytes" in run("register", "bad.cose")[1]


def test_what_may_be_meant_by_an_unknown_name_is_said_beside_the_answer(run, estate):
    slip = TRADER.replace("6901234507027", "6901334507026")
    code, out, _ = run("sanctions", slip)
    assert code == 0
    assert out.splitlines()[-1].startswith(
        f"{slip} is not on record: did you mean trader ({TRADER})"
    )
    found = json.loads(run("sanctions", slip, "--json")[1])
    assert found["answer"]["verdict"] == "unknown"
    assert found["meant"][0]["near"][0] == TRADER
    with estate.tea() as tea:
        tea.lot(f"{GTIN}/10/C3")
    out = run("trace", f"{GTIN}/10/c-03")[1]
    assert f"did you mean Green tea ({GTIN}/10/C3)?" in out


def test_a_recall_of_a_lot_spelled_otherwise_is_registered_with_a_remark(run, estate):
    with estate.tea() as tea:
        tea.lot(f"{GTIN}/10/C3")
        Path("recall.cose").write_bytes(tea.recall(f"{GTIN}/10/C-3"))
    code, out, _ = run("register", "recall.cose", *SOON)
    assert code == 0
    assert f"did you mean Green tea ({GTIN}/10/C3)?" in out
    (row,) = json.loads(run("register", "recall.cose", "--json")[1])
    assert row["new"] is False, "it stands"


def test_case_is_told_where_it_is_what_is_wrong(run, story):
    """A lot in another case is another lot: answered as unknown, with the one on record beside it."""
    story.lot(LOT)
    slip = LOT.replace("/10/A7", "/10/a7")
    for words in (("trace", slip), ("history", "lot", slip)):
        code, out, _ = run(*words)
        assert code == 0
        assert f"Green tea ({slip}) is not on record: did you mean Green tea ({LOT})?" in out
        (row,) = json.loads(run(*words, "--json")[1])["meant"]
        assert (row["about"], row["near"], [*row["names"]]) == (slip, [LOT], [GTIN])
        assert "是否指" in run(*words, "--lang", "zh")[1]
    assert "did you mean" not in run("history", "lot", LOT)[1]
    host = LOT.replace("https://id.gs1.org", "HTTPS://ID.GS1.org")
    for words, meant in (
        (("trace", host), LOT),
        (("coverage", "--category", "Food/Tea", *YEAR), "food/tea"),
    ):
        code, _, err = run(*words)
        assert (code, f"did you mean {meant}" in err) == (2, True), err
        assert err.count("did you mean") == 1
    told = run("trace", "--help")[1]
    assert "/10/a7 is another lot than /10/A7" in " ".join(told.split())


def test_a_party_misspelt_in_a_statement_is_remarked_on_with_the_one_meant(run, estate):
    slip = TRADER.replace("6901234507027", "6901334507026")
    with estate.tea() as tea:
        tea.lot()
        fields = {"lot": LOT, "taken": tea.time(), "seals": ["S-1"], "to": [slip]}
        raw = tea.sign("sample-sealed", "inspector", "urn:sample:s-1", fields)
        Path("sealed.cose").write_bytes(raw)
    code, out, _ = run("register", "sealed.cose", *SOON)
    assert code == 0, out
    assert f"nobody registered the party {slip}" in out
    assert f"did you mean trader ({TRADER})" in out


def test_a_refusal_names_whom_it_speaks_of(run, estate):
    with estate.tea() as tea:
        under = cite(estate.said["mark"], "qualification-number", MARK)
        fields = {"names": {"en": "Mine"}, "brand": MARK, "category": "food/tea", "under": under}
        Path("theirs.cose").write_bytes(tea.sign("product", "trader", GTIN, fields))
    code, out, _ = run("register", "theirs.cose", *SOON)
    assert code == 1
    assert f"trader ({TRADER})" in out
    (row,) = json.loads(run("register", "theirs.cose", *SOON, "--json")[1])
    assert row["names"][TRADER] == {"en": "trader"}


@pytest.mark.usefixtures("estate")
def test_things_are_named_in_what_is_shown_and_in_what_was_signed(run):
    found = json.loads(run("show", "28", "--json")[1])
    told = run("show", "28", "--lang", "zh")[1].splitlines()
    assert f"对象：trader（{TRADER}）" in told
    assert f"历史（品牌与主体的授权，龙井（{MARK}）、trader（{TRADER}））" in told
    assert found["names"][MARK] == {"mark": "龙井"}
    (signed,) = (line for line in told if line.startswith("{"))
    assert json.loads(signed) == found["payload"], "what was signed stays as it is"


@pytest.mark.usefixtures("estate")
def test_what_is_told_of_an_entry_is_in_one_language(run):
    """But for the names of fields, histories and what somebody signed."""
    told = run("show", "22", "--lang", "zh")[1]
    for line in (
        "（绑定方：平台运营方；持有证明：登记时已证明）",
        "历史（资质, ",
        "包含于规模 32 的树",
    ):
        assert line.replace(", ", "，") in told, told
    assert not any(word in told for word in ("issued at", "bound by", "history (", "included in"))


@pytest.mark.usefixtures("estate")
def test_an_answer_has_its_times_in_the_zone_that_is_said(run):
    """Of a fraction of a second, too: nobody reads two zones in one answer."""
    code, out, _ = run("grants", SALE[1], "--time-zone", "+08:00")
    assert code == 0
    assert "valid at 2026-09-21T22:27:20+08:00" in out
    assert re.findall(r"[0-9]Z\b", out) == []


def test_of_more_than_a_screen_it_is_told_how_many(capsys):
    row = {"refusals": [], "new": True}
    rows = [*[row] * 23, row | {"new": False}, row | {"new": False, "refusals": [{}]}]
    _say_sum(rows, "en")
    assert capsys.readouterr().err == "23 registered, 1 registered before, 1 refused\n"
    _say_sum(rows[:24], "en")
    assert capsys.readouterr().err == ""
