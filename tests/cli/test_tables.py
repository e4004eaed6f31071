"""Sheets signed with the ledger at hand: the worked examples, names, rows that are right alone."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from cli.test_base_install import SCRIPT
from conftest import ROOT
from tea import GARDEN, GTIN, MARK, TEA
from world import BRAND, OPERATOR, TRADER

from ledger.primitives.strict import parse_base64
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement
from ledger.tables.sheet import read_sheet, write_workbook

PARTS = ("workbook", "worksheets/sheet1")
EXAMPLES = ROOT / "examples" / "tables"


def bodies(path: str) -> list:
    """Return what the signed lines in a file say."""
    rows = map(json.loads, Path(path).read_text().splitlines())
    return [decode_body(parse_statement(parse_base64(row["bytes"]))) for row in rows]


def rename(run: Run, party: str, name: str) -> None:
    """The operator registers another name of a party."""
    fields = {"names": {"zh": name}, "country": "DE", "roles": ["trader"]}
    Path("rename.json").write_text(json.dumps(fields))
    words = ["sign", "party-update", "rename.json", "--subject", party, "-o", "rename.cose"]
    assert run(*words)[0] == 0
    assert run("register", "rename.cose")[0] == 0


def test_the_worked_examples_come_to_receipts(estate: Estate, run: Run):
    """FSMA 204's key data elements as lots, a warehouse's list as inspections."""
    place = {"text": "Longwu"}
    garden = {"names": {"zh": "龙坞茶园"}, "owner": BRAND, "country": "CN", "place": place}
    Path("garden.json").write_text(json.dumps(garden | {"activities": ["growing"]}))
    words = ["sign", "facility", "garden.json", "--key", "keys/brand.pem"]
    assert run(*words, "--subject", GARDEN, "-o", "garden.cose")[0] == 0
    assert run("register", "garden.cose")[0] == 0
    words = ["sign", "lot", "--table", EXAMPLES / "fsma-204.csv"]
    words += ["--mapping", EXAMPLES / "fsma-204.json", "--key", "keys/brand.pem"]
    code, out, err = run(*words, "-o", "lots.jsonl")
    assert (code, out) == (0, "3 statements in lots.jsonl\n"), err
    code, out, err = run("register", "lots.jsonl", "--receipts", "receipts", "--json")
    assert code == 0, out + err
    blended = bodies("lots.jsonl")[2]
    assert blended.inputs == (f"{GTIN}/10/A7-2026", f"{GTIN}/10/B8-2026")
    assert (blended.quantity.amount, blended.quantity.unit) == ("200", "kg")
    assert blended.made == "2026-09-10T05:00:00Z"

    words = ["sign", "inspection", "--table", EXAMPLES / "inspections.csv", "--lang", "zh"]
    words += ["--mapping", EXAMPLES / "inspections.json", "--key", "keys/warehouse.pem"]
    code, out, err = run(*words, "-o", "inspections.jsonl")
    assert code == 1
    assert "第 2 行「商家」列“清河茶铺”：账本中没有这个名称：应为主体：" in err
    rename(run, TRADER, "清河茶铺")
    code, out, err = run(*words, "-o", "inspections.jsonl")
    assert code == 0, err
    code, out, err = run("register", "inspections.jsonl")
    assert code == 0, out + err
    first, second = bodies("inspections.jsonl")
    assert (first.trader, first.on, first.findings) == (TRADER, "2026-09-20T02:30:00Z", ())
    assert (second.decision, second.findings[0].severity) == ("refused", "minor")
    assert estate


def grants(*rows: str) -> None:
    """Write a brand's sheet."""
    titles = "Grantee,Territories,Channels,Shop types,Exclusive,From,Until"
    Path("grants.csv").write_text("\n".join([titles, *rows]) + "\n")


COMMON = {"brand": MARK, "goods": [TEA], "depth": 0}


@pytest.fixture
def words(estate: Estate) -> list[str]:
    """Return a call that signs a brand's sheet."""
    Path("common.json").write_text(json.dumps(COMMON | {"parent": estate.id("mark")}))
    call = ["sign", "authorisation", "common.json", "--table", "grants.csv"]
    return [*call, "--key", "keys/brand.pem", "-o", "out.jsonl"]


GOOD = f"{TRADER},CN-BJ,tmall.example,flagship,no,2026-12-01T00:00:00Z,2027-12-01T00:00:00Z"


def test_all_that_is_wrong_with_a_sheet_is_told_cell_by_cell(words: list[str], run: Run):
    rows = (
        GOOD,
        "Nobody's shop,XX,Mall,flagship;kiosk,maybe,2026-12-01,2027/2/30",
        f"{TRADER},,tmall.example,*,yes,2027-01-01T00:00:00Z,2026-01-01T00:00:00Z",
        GOOD,
        "6901234507028,CN,*,*,no,2026-12-01T00:00:00Z,null",
    )
    grants(*rows)
    code, out, err = run(*words, "--json")
    assert code == 1
    found = json.loads(out)["faults"]
    assert [(item["row"], item["column"]) for item in found] == [
        (3, "Grantee"), (3, "Territories"), (3, "Channels"), (3, "Shop types"), (3, "Exclusive"),
        (3, "From"), (3, "Until"), (4, "Territories"), (4, "Until"),
        (5, ""), (6, "Grantee"),
    ]  # fmt: skip
    said = {(item["row"], item["column"]): item["wrong"] for item in found}
    assert said[3, "Grantee"].startswith("nothing in the ledger has this name: a party: its id")
    assert "(territory 'XX'" in said[3, "Territories"]
    assert said[3, "From"].startswith("a local date or time: say the time zone once")
    assert said[4, "Territories"].startswith("is missing: a territory: CN, CN-ZJ, 浙江, 杭州, or *")
    assert said[5, ""] == "the same as row 2: it would be said twice"
    assert said[6, "Grantee"].endswith("(the check digit is wrong)")
    assert not Path("out.jsonl").exists()
    assert 'row 3, "Territories" has "XX": expected a territory' in err
    code, out, err = run(*words, "--time-zone", "Mars")
    assert (code, "--time-zone: time zone 'Mars': +08:00, UTC, or a name" in err) == (1, True)


@pytest.mark.usefixtures("estate")
def test_a_report_without_results_is_told_which_columns_are_missing(run: Run):
    Path("lims.csv").write_text("样品编号,报告编号\nspring-2,TL-1\n")
    key = ["--key", "keys/brand.pem", "--issuer", TRADER]
    call = ["sign", "test-report", "--table", "lims.csv", *key, "-o", "out.jsonl", "--lang", "zh"]
    code, _, err = run(*call)
    assert code == 1
    for title in ("检测项目", "单位", "单项判定", "检测方法"):
        assert f"第 1 行「{title}」列：缺少此列" in err
    assert "lims.csv：列与所需不符，未签署任何内容" in err
    assert not Path("out.jsonl").exists()
    Path("lims.csv").write_text("样品编号,报告编号,检测项目,测得值\nspring-2,TL-1,铅,很少\n")
    said = "第 2 行「测得值」列“很少”：应为数值，如 0.50、<0.01 或 8×10³；或未检出、检出"
    assert said in run(*call)[2]


def test_a_day_alone_is_said_not_to_count_itself(words: list[str], run: Run):
    grants(f"{TRADER},CN-BJ,tmall.example,flagship,no,2026-12-01,2027-03-31")
    said = "该日不含在内（自该日零时起不再有效）"
    call = [*words, "--time-zone", "+08:00", "--lang", "zh"]
    assert said in run(*call)[2]
    Path("map.json").write_text('{"until_inclusive": true}')
    assert said not in run(*call, "--mapping", "map.json")[2]


def test_titles_and_mappings_that_are_wrong_are_told_with_the_rows(words: list[str], run: Run):
    Path("grants.csv").write_text(
        f"Grantee,Teritories,Channel,Channels,{'x' * 5},Until\n{TRADER},CN,*,*,,\n"
    )
    Path("map.json").write_text('{"columns": {"Until": "untill"}}')
    code, _, err = run(*words, "--mapping", "map.json")
    assert code == 1
    for sentence in (
        'row 1, "Teritories": authorisation has no field that is called so, did you mean territories?',
        'row 1, "Channels": the column "Channel" says the same field channels: keep one of them',
        'row 1, "xxxxx": authorisation has no field that is called so; rename the column',
        'row 1, "Until": the mapping says untill: authorisation has no such field, did you mean until?',
        'row 1, "Exclusive": there is no such column, and every row needs one: yes or no.',
    ):
        assert sentence in err, err
    Path("map.json").write_text('{"together": "Order"}')
    code, _, err = run(*words, "--mapping", "map.json")
    assert 'row 1, "Order": the mapping says that rows belong together by this column' in err
    Path("map.json").write_text('{"together": "Until", "columns": {"Until": null}}')
    assert (
        'row 2, "Until": is missing: what says to which statement'
        in run(*words, "--mapping", "map.json")[2]
    )
    Path("map.json").write_text('{"colums": {}}')
    code, _, err = run(*words, "--mapping", "map.json")
    assert (code, "map.json: no mapping: Object contains unknown field `colums`" in err) == (
        1,
        True,
    )


def test_what_every_row_shares_is_told_once_and_not_of_a_row(words: list[str], run: Run):
    grants(GOOD, GOOD.replace("CN-BJ", "CN-SH"))
    common = json.loads(Path("common.json").read_text())
    Path("common.json").write_text(json.dumps(common | {"brand": "Longwu"}))
    code, out, err = run(*words, "--json")
    (fault,) = json.loads(out)["faults"]
    assert (code, fault["row"], fault["column"]) == (1, 1, "")
    assert fault["wrong"].startswith(
        "in every row, so mend it in FIELDS.json or in the mapping's fields: brand: "
    )
    assert "its columns are not what is wanted; nothing was signed" in err
    shared = {"from": "2026-12-01", "until": None}
    Path("common.json").write_text(json.dumps(common | shared))
    Path("grants.csv").write_text(
        f"Grantee,Territories,Channels,Shop types,Exclusive\n{TRADER},CN,*,*,no\n"
    )
    code, out, err = run(*words, "--time-zone", "+08:00")
    assert code == 0, err
    assert bodies("out.jsonl")[0].from_ == "2026-11-30T16:00:00Z"


def test_rows_that_are_right_are_signed_alone_where_that_is_asked_for(words: list[str], run: Run):
    wrong = GOOD.replace("flagship", "kiosk").replace("CN-BJ", "=CN")
    grants(GOOD, wrong, GOOD.replace("CN-BJ", "CN-SH"))
    code, out, err = run(*words, "--valid-only")
    assert (code, out) == (0, "2 statements in out.jsonl\n"), err
    assert "rows that are wrong and were left out: 1; they are in grants.reasons.csv" in err
    back = Path("grants.reasons.csv").read_text("utf-8-sig").splitlines()
    assert len(back) == 2, "what was signed is not there to be signed again"
    assert ",'=CN," in back[1]
    code, out, err = run("register", "out.jsonl", "--result", "result.csv")
    assert code == 0, out
    assert "grants.csv row 4: registered as entry" in out

    code, out, err = run(*words, "--rows", "4")
    assert (
        code,
        [item["rows"] for item in map(json.loads, Path("out.jsonl").read_text().splitlines())],
    ) == (0, [[4]])
    assert run(*words, "--rows", "9")[2].endswith(
        "--rows 9: row 9 is none behind the titles that has anything in it\n"
    )
    assert run(*words, "--rows", "x")[0] == 1


def test_a_refusal_tells_a_sheets_moments_in_its_time_zone(words: list[str], run: Run):
    grants(
        GOOD.replace("2026-12-01T00:00:00Z", "2026-12-01").replace(
            "2027-12-01T00:00:00Z", "2037/1/1"
        )
    )
    assert run(*words, "--time-zone", "Asia/Shanghai")[0] == 0
    code, out, _ = run("register", "out.jsonl", "--result", "result.csv")
    wanted = "until 2037-01-01T00:00:00+08:00: write 2036-01-01T08:00:00+08:00 or earlier"
    assert (code, wanted in out) == (1, True), out
    assert wanted in Path("result.csv").read_text("utf-8-sig")
    told = json.loads(run("register", "out.jsonl", "--json")[1])[0]
    assert told["time_zone"] == "Asia/Shanghai"
    assert "until 2036-12-31T16:00:00Z" in told["refusals"][0]["message"], (
        "programs get the moment itself"
    )
    line = json.loads(Path("out.jsonl").read_text()) | {"time_zone": "Mars"}
    Path("out.jsonl").write_text(json.dumps(line))
    assert "until 2036-12-31T16:00:00Z" in run("register", "out.jsonl")[1]


def test_a_name_that_several_have_is_told_with_who_they_are(words: list[str], run: Run):
    rename(run, TRADER, "茶铺")
    grants(GOOD.replace(TRADER, "茶铺"))
    assert run(*words)[0] == 0
    assert bodies("out.jsonl")[0].territories == ("CN-BJ",)
    agent = "https://id.gs1.org/417/6901234507041"
    rename(run, agent, "茶 铺")
    code, _, err = run(*words)
    assert code == 1
    both = {f"茶铺 ({TRADER})", f"茶 铺 ({agent})"}
    told = err.partition("2 in the ledger have this name, write which: ")[2].splitlines()[0]
    assert set(told.split(", ")) == both, err


def test_parties_are_registered_in_bulk_with_their_keys(estate: Estate, run: Run):
    rows = ["Party,Name,Country,Roles,Key files"]
    for number in range(2):
        assert run("key", "new", f"shops/{number}.pem")[0] == 0
        rows.append(f"did:web:shop-{number}.example,Shop {number},DE,trader,{number}.pem")
    rows.append("did:web:shop-2.example,Shop 2,DE,trader,none.pem")
    Path("shops/parties.csv").write_text("\n".join(rows))
    words = ["sign", "party", "--table", "shops/parties.csv", "-o", "parties.jsonl"]
    code, _, err = run(*words)
    assert (code, 'row 4, "Key files" has "none.pem": no key file can be read here' in err) == (
        1,
        True,
    )
    Path("shops/parties.csv").write_text("\n".join(rows[:3]))
    assert run(*words)[0] == 0
    code, out, _ = run("register", "parties.jsonl")
    assert code == 0, out
    assert [len(body.keys) for body in bodies("parties.jsonl")] == [1, 1]
    assert estate
    assert OPERATOR


def test_csv_needs_the_base_install_alone(words: list[str], estate: Estate):
    """A workbook says what it needs."""
    grants(GOOD)
    common = COMMON | {
        "parent": {"id": estate.id("mark"), "topic": "qualification-number", "subject": MARK}
    }
    Path("common.json").write_text(json.dumps(common))
    script = SCRIPT.replace('"sqlalchemy",', '"sqlalchemy", "python_calamine", "xlsxwriter",')
    script = script.replace("('sqlalchemy',", "('sqlalchemy', 'python_calamine', 'xlsxwriter',")
    origin = [
        "--issuer",
        BRAND,
        "--origin",
        "ledger.example/world",
        "--server",
        "http://127.0.0.1:9",
    ]
    script = script.replace("sys.addaudithook(no_network)", "")

    def base(*call: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-c", script, *call], capture_output=True, text=True, check=False
        )

    done = base(*words, *origin)
    assert done.returncode == 0, done.stderr
    done = base("sign", "authorisation", "--template", "t.xlsx")
    assert (done.returncode, "pip install 'pinyuan[tables]'" in done.stderr) == (1, True), (
        done.stderr
    )


def test_the_copy_of_a_workbook_keeps_its_name_and_offers_what_the_template_did(
    words: list[str], run: Run
):
    """Mended in the copy, it is signed: the column of reasons and the lists are in nobody's way."""
    titles = ["被授权方", "地域", "渠道", "店铺类型", "是否独家", "开始日期", "截止日期"]
    wrong = GOOD.replace("flagship", "kiosk").split(",")
    Path("grants.xlsx").write_bytes(write_workbook("授权表", [titles, wrong]))
    call = [*("grants.xlsx" if word == "grants.csv" else word for word in words), "--lang", "zh"]
    assert run(*call)[0] == 1
    with zipfile.ZipFile("grants.reasons.xlsx") as parts:
        book, sheet = (parts.read(f"xl/{part}.xml").decode() for part in PARTS)
    assert re.findall(r'<sheet name="(.*?)"', book) == ["授权表", "可选值"]
    assert re.findall(r'sqref="([A-Z]+)2:', sheet) == ["D", "E"]
    assert "'可选值'!$A$2" in sheet
    copy = read_sheet(Path("grants.reasons.xlsx").read_bytes(), "grants.reasons.xlsx")
    assert copy.rows[0].cells[-1].startswith("「店铺类型」应为旗舰店")
    mended = [copy.titles.raw, [*GOOD.split(","), copy.rows[0].raw[-1]]]
    Path("grants.xlsx").write_bytes(write_workbook(copy.read_as, mended))
    code, _, err = run(*call)
    assert code == 0, err


@pytest.mark.usefixtures("estate")
def test_a_mapping_to_a_part_that_is_none_is_told_which_parts_there_are(run: Run):
    Path("in.csv").write_text("批号\nA7\n")
    Path("map.json").write_text('{"columns": {"批号": "subject.code"}}')
    call = ["sign", "inspection", "--table", "in.csv", "--mapping", "map.json"]
    code, _, err = run(*call, "--key", "keys/warehouse.pem", "-o", "out.jsonl", "--lang", "zh")
    assert code == 1
    assert "；subject 下的字段有：subject.product, subject.lot" in err


def test_a_row_that_is_wider_than_its_parent_is_refused_in_the_words_of_its_fields(
    words: list[str], run: Run
):
    common = json.loads(Path("common.json").read_text())
    Path("common.json").write_text(json.dumps(common | {"goods": ["food/rice"]}))
    grants(GOOD)
    code, out, err = run(*words)
    assert code == 0, err
    code, out, err = run("register", "out.jsonl", "--lang", "zh")
    assert (code, "货物：" in out + err, "goods" in out + err) == (1, True, False), out + err
