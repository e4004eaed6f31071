"""Sheets from the job to receipts, by commands against the real service, elsewhere, in Chinese."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import xlsxwriter
from cli.conftest import Estate, Run
from python_calamine import CalamineWorkbook
from tea import INSPECTOR, LABORATORY, LOT, MARK, Tea
from world import BRAND, OPERATOR

from ledger.identifiers.uscc import check_character
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement

COUNT, SHOPS = 2_000, 500
PLACES = ("浙江;上海", "江苏", "广东、福建", "CN-BJ")


def code_of(number: int) -> str:
    """Return the unified social credit code of a shop."""
    body = f"913301{number:011d}"
    return body + check_character(body)


def name_of(number: int) -> str:
    return f"清河茶铺{number}店"


def rows_of(path: str) -> list[list[str]]:
    """Return the cells of a csv as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(Path(path).read_text("utf-8-sig"), newline="")))


def sheet(path: str, rows: list[list]) -> None:
    """Write a workbook as a spreadsheet would."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        first = book.add_worksheet("授权")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    first.write_datetime(at, column, cell, day)
                else:
                    first.write(at, column, cell)


TITLES = [
    "授权编号",
    "被授权方",
    "统一社会信用代码",
    "商品",
    "地域",
    "渠道",
    "店铺类型",
    "独家",
    "开始日期",
    "截止日期",
]
MAPPING = {
    "columns": {"授权编号": None},
    "values": {"商品": {"绿茶": "food/tea/green"}, "渠道": {"天猫": "tmall.example", "京东": "jd.example"}},
    "time_zone": "+08:00",
    "until_inclusive": True,
}  # fmt: skip


def test_a_brand_goes_from_2000_rows_to_receipts(estate: Estate, tea: Tea, zh: Run, at_home: Run):
    # The operator names the shops: none of them has a key yet.
    shops = [["名称", "国家", "角色", "统一社会信用代码"]]
    shops += [[name_of(n), "中国", "商家", code_of(n)] for n in range(SHOPS)]
    Path("shops.csv").write_bytes(
        "".join(",".join(row) + "\r\n" for row in shops).encode("gb18030")
    )
    code, out, err = at_home("sign", "party", "--table", "shops.csv", "-o", "shops.jsonl")
    assert code == 0, err
    assert "按 gb18030 读取" in err
    code, out, err = zh("register", "shops.jsonl", "--trust-on-first-use", "--check", "none")
    assert code == 0, out[:2000] + err

    # The brand's own workbook: by code, a few by name; three rows are wrong, in six cells.
    rows = [TITLES]
    for number in range(COUNT):
        place, shop = divmod(number, SHOPS)
        row = [f"SQ{number:05d}", name_of(shop), "" if shop == 7 else code_of(shop), "绿茶"]
        row += [PLACES[place], "天猫;京东", "专营店", "否", date(2026, 12, 1), date(2027, 10, 31)]
        rows.append(row)
    rows[10][2] = code_of(9)[:-1] + ("0" if code_of(9)[-1] != "0" else "1")
    rows[10][4] = "浙江;火星"
    rows[77][1], rows[77][2] = "没有的店", ""
    rows[1999][6], rows[1999][9] = "=专营", date(2026, 11, 30)
    sheet("授权.xlsx", rows)
    Path("mapping.json").write_text(json.dumps(MAPPING))
    common = {"parent": estate.id("mark"), "brand": MARK, "depth": 0}
    Path("common.json").write_text(json.dumps(common))
    words = ["sign", "authorisation", "common.json", "--mapping", "mapping.json"]
    words += ["--key", "../keys/brand.pem", "-o", "signed.jsonl"]
    code, out, err = zh(*words, "--table", "授权.xlsx")
    assert (code, out) == (1, "")
    told = err.splitlines()
    assert told[0] == "授权.xlsx：按 授权 读取，共 2000 行"
    assert told[1].startswith("第 11 行「统一社会信用代码」列“9133010000000000")
    assert told[1].endswith("（校验码不符）")
    assert (
        told[2]
        == "第 11 行「地域」列“浙江;火星”：应为地域：CN、CN-ZJ、浙江、杭州或 *；多项以；分隔（地域 '火星'：ISO 3166 未列（CN、CN-ZJ 或 *））"
    )
    assert told[3].startswith("第 78 行「被授权方」列“没有的店”：账本中没有这个名称：应为主体：")
    assert told[4] == "第 2000 行「店铺类型」列“=专营”：应为旗舰店、专营店、专卖店、不限"
    assert told[5] == "第 2000 行「截止日期」列“2026-11-30”：不晚于「开始日期」（2026-12-01）"
    assert told[6].startswith("pinyuan：授权.xlsx：3 行有误，未签署任何内容。授权.reasons.xlsx 是")
    assert len(told) == 7
    assert not Path("signed.jsonl").exists()

    # The sheet comes back with what is wrong beside each row, is mended there, and signed.
    back = CalamineWorkbook.from_path("授权.reasons.xlsx").get_sheet_by_index(0).to_python()
    assert back[0] == [*TITLES, "品源：问题"]
    assert [at for at, row in enumerate(back, 1) if row[-1]] == [1, 11, 78, 2000]
    assert back[1999][6] == "=专营", "no formula came of it"
    assert "「店铺类型」应为旗舰店、专营店、专卖店、不限" in back[1999][-1]
    assert "不晚于「开始日期」（2026-12-01）" in back[1999][-1]
    back[10][2], back[10][4] = code_of(9), "浙江"
    back[77][2] = code_of(76)
    back[1999][6] = "专营店"
    back[1999][9] = date(2027, 10, 31)
    sheet("改好.xlsx", back)
    code, out, err = zh(*words, "--table", "改好.xlsx", "--json")
    assert code == 0, err
    became = json.loads(out)
    assert len(became) == COUNT
    assert [item["subject"] for item in became] == [
        f"urn:uscc:{code_of(n % SHOPS)}" for n in range(COUNT)
    ]
    cells = {one["column"]: one["value"] for one in became[9]["cells"]}
    assert cells["店铺类型"] == ["multi-brand"]
    assert cells["截止日期"] == "2027-10-31T16:00:00Z", "the last day belongs to it"

    words = ["register", "signed.jsonl", "--receipts", "receipts", "--result", "result.csv"]
    code, out, err = zh(*words, "--check", "sample", "--json")
    assert code == 0, out[:2000] + err
    assert "已验证 2000 份回执" in err
    titles, *result = rows_of("result.csv")
    assert titles[:7] == ["表格", "行", "所涉对象", "声明标识", "条目", "回执", "结果"]
    assert [row[1] for row in result] == [str(n) for n in range(2, COUNT + 2)]
    assert [row[3] for row in result] == [item["id"] for item in became]
    assert {row[6] for row in result} == {"已登记"}
    assert all(Path(row[5]).is_file() for row in result)
    assert json.loads(result[9][7])["territories"] == ["CN-ZJ"]

    # A shop joins later: its first key is bound with the proof that it holds it.
    late = f"urn:uscc:{code_of(5)}"
    assert zh("key", "new", "shop.pem")[0] == 0
    fields = {"names": {"zh": name_of(5)}, "country": "CN", "roles": ["trader"], "uscc": code_of(5)}
    origin = ("--origin", tea.world.log.origin)
    for how, refused in ((("--unproven",), True), ((), False)):
        code, bound, err = zh("key", "bind", "shop.pem", "--party", late, *origin, *how)
        assert code == 0, err
        Path("update.json").write_text(json.dumps(fields | {"keys": [json.loads(bound)]}))
        words = ["sign", "party-update", "update.json", "--subject", late, "-o", "update.cose"]
        assert at_home(*words)[0] == 0
        code, out, _ = zh("register", "update.cose")
        assert (code, "被拒绝（possession）" in out) == (int(refused), refused), out
    del tea


def test_a_laboratory_goes_from_its_lims_to_receipts(estate: Estate, tea: Tea, zh: Run):
    tea.lot()
    number = "urn:qualification:cma.example:2026-1"
    methods = [{"method": "GB 5009.12", "categories": ["food/tea"]}]
    accreditation = {"kind": "accreditation", "scheme": "CMA", "number": number, "methods": methods}
    paper = {"from": "2025-01-01T00:00:00Z", "until": "2031-01-01T00:00:00Z"} | accreditation
    accredited = tea.say("qualification", "office", LABORATORY, paper)
    sealed = {"lot": LOT, "taken": tea.time(-0.02), "seals": ["M-1"], "to": [LABORATORY]}
    samples = {
        name: tea.say("sample-sealed", "inspector", f"urn:sample:{name}", sealed)
        for name in ("y2026-01", "y2026-02")
    }
    first = {"--trust-on-first-use"}
    at = tea.time(-0.01).replace("T", " ").removesuffix("Z")

    # What came in, in the encoding of an older system: codes and numbers, times of its own clock.
    lines = [["样品编号", "商品条码", "批号", "移交方", "上次交接标识", "交接时间", "封签完好"]]
    lines += [
        [name, "6901234500004", "A7", INSPECTOR, found.id.hex(), at, "是"]
        for name, found in samples.items()
    ]
    Path("收样.csv").write_bytes("".join(",".join(row) + "\n" for row in lines).encode("gb18030"))
    key = ("--key", "../keys/laboratory.pem", "--time-zone", "UTC")
    code, out, err = zh("sign", "custody", "--table", "收样.csv", *key, "-o", "in.jsonl", *first)
    assert code == 0, err
    code, out, err = zh("register", "in.jsonl", "--result", "in.csv")
    assert code == 0, out + err
    handed = {row[2]: row[3] for row in rows_of("in.csv")[1:]}

    # Its reports: one row for each property, UTF-8 with the mark that Excel writes.
    titles = [
        "报告编号",
        "样品编号",
        "商品条码",
        "批号",
        "交接标识",
        "收样日期",
        "检测开始",
        "检测结束",
        "签发日期",
    ]
    titles += ["检测项目", "单位", "检测结果", "单项判定"]
    lines = [titles]
    for count, name in enumerate(samples):
        of_report = [
            f"2026-{count}",
            name.upper(),
            "6901234500004",
            "A7",
            handed[f"urn:sample:{name}"],
            at,
            at,
            at,
            at,
        ]
        lines.append([*of_report, "铅", "mg/kg", "0.31", "不作判定"])
        lines.append([*of_report, "水分", "%", "六点五" if count else "6.5", "不作判定"])
        lines.append([*of_report, "镉", "mg/kg", "未检出(<0.01)", "不作判定"])
        lines.append([*of_report, "汞", "mg/kg", "＜0.003", "不作判定"])
        lines.append([*of_report, "沙门氏菌", "/25g", "未检出", "不作判定"])
        lines.append([*of_report, "菌落总数", "CFU/g", "8.5×10³", "不作判定"])
    lines[8][8] = "2026年9月31日"
    Path("报告.csv").write_text("".join(",".join(row) + "\n" for row in lines), "utf-8-sig")
    mapping = {
        "time_zone": "UTC",
        "together": "报告编号",
        "columns": {"检测开始": "tested_from", "检测结束": "tested_until"},
        "fields": {
            "client": OPERATOR, "method": "GB 5009.12", "accreditations": [accredited.id.hex()],
            "condition": "密封、干燥", "decision_rule": "simple",
        },
    }  # fmt: skip
    Path("lims.json").write_text(json.dumps(mapping))
    words = ["sign", "test-report", "--table", "报告.csv", "--mapping", "lims.json", *key[:2]]
    words += ["-o", "reports.jsonl"]
    code, out, err = zh(*words)
    assert code == 1
    assert err.splitlines()[1:3] == [
        "第 9 行「签发日期」列“2026年9月31日”：没有这个日期",
        "第 9 行「检测结果」列“六点五”：应为数值，如 0.50、<0.01 或 8×10³；或未检出、检出（每个样品单元各有一个值的，填「各单元测得值」列；结果为文字的，填「文字结果」列）",
    ]
    fixed = rows_of("报告.reasons.csv")
    assert fixed[0] == [*titles, "品源：问题"]
    fixed[8][8], fixed[8][11] = at, "6.5"
    with Path("报告2.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(fixed)
    words[3] = "报告2.csv"
    code, out, err = zh(*words)
    assert code == 0, err
    assert out == "已签署 2 条声明，写入 reports.jsonl\n"
    code, out, err = zh("register", "reports.jsonl", "--receipts", "receipts", "--json")
    assert code == 0, out + err
    assert [row["rows"] for row in json.loads(out)] == [[2, 3, 4, 5, 6, 7], [8, 9, 10, 11, 12, 13]]
    assert all(Path(row["receipt"]).is_file() for row in json.loads(out))
    found = json.loads(Path("reports.jsonl").read_text().splitlines()[1])["bytes"]
    from ledger.primitives.strict import parse_base64

    body = decode_body(parse_statement(parse_base64(found)))
    assert [(item.property, item.value, item.below_detection) for item in body.results] == [
        ("铅", "0.31", False), ("水分", "6.5", False), ("镉", "0.01", True),
        ("汞", "<0.003", False), ("沙门氏菌", "absent", False), ("菌落总数", "8500", False),
    ]  # fmt: skip
    del estate
    assert BRAND
