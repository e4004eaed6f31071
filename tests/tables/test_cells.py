"""What people write in cells is what a payload has, or it is said what is wanted."""

import pytest

from ledger.errors import UsageError
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.described import shape
from ledger.statements.fields import AboutId
from ledger.tables.cells import read_cell, read_value
from ledger.tables.columns import find_place
from ledger.tables.reading import Reading
from ledger.tables.said import Wrong
from ledger.tables.zone import parse_zone

GTIN = "https://id.gs1.org/01/06901234500004"


def names(kind: str, name: str) -> list[str]:
    """Return what is called so in a ledger of three things."""
    found = {("party", "清河茶铺"): ["did:web:a.example"], ("product", "绿茶"): [GTIN]}
    return found.get((kind, name), [])


def cite(text: str) -> None:
    if text != "a" * 64:
        msg = f"no entry with id {text}"
        raise UsageError(msg)


def read(path: str, text: str, lang: str = "zh", **how: object) -> object:
    """Return what a cell says; the path begins with the type."""
    type_, _, field = path.partition(".")
    place = find_place(CATALOGUE[type_], field)
    assert place is not None
    return read_cell(text, place, Reading(lang, names, cite, **how))


WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in "6901234507027")
CHINA = {"zone": parse_zone("+08:00")}
SAID = [
    ("authorisation.subject", "清河茶铺", {}, "did:web:a.example"),
    ("authorisation.subject", WIDE, {}, "https://id.gs1.org/417/6901234507027"),
    ("authorisation.goods", "绿茶", {}, [GTIN]),
    ("authorisation.goods", "food/tea、6901234500004", {}, ["food/tea", GTIN]),
    ("authorisation.goods", "全部", {}, ["*"]),
    ("authorisation.territories", "浙江省，香港;全国", {}, ["CN-ZJ", "HK", "CN"]),
    ("authorisation.shop_types", "旗舰店;multi-brand", {}, ["flagship", "multi-brand"]),
    ("authorisation.exclusive", "是", {}, True),
    ("authorisation.depth", "1.0", {}, 1),
    ("authorisation.until", "长期", {}, None),
    ("authorisation.parent", "a" * 64, {}, "a" * 64),
    ("authorisation.from", "2026年12月1日", CHINA, "2026-11-30T16:00:00Z"),
    ("authorisation.from", "2026/12/1 8:30", CHINA, "2026-12-01T00:30:00Z"),
    ("authorisation.from", "2026-12-01T08:30:00Z", {}, "2026-12-01T08:30:00Z"),
    ("authorisation.until", "20261231", CHINA | {"day_after": True}, "2026-12-31T16:00:00Z"),
    ("authorisation.until", "2026-12-31 12:00", CHINA | {"day_after": True}, "2026-12-31T04:00:00Z"),
    ("test-report.issued", "2026.5.1 16:00", CHINA, "2026-05-01T16:00:00+08:00"),
    ("test-report.lot", "6901234500004 A7/1", {}, f"{GTIN}/10/A7%2F1"),
    ("test-report.results.value", "1,200.5", {}, "1200.5"),
    ("test-report.results.value", "8×10³", {}, "8000"),
    ("test-report.results.value", "8.5 x 10^-2", {}, "0.085"),
    ("test-report.results.value", "＜1,000", {}, "<1000"),
    ("test-report.results.value", "> 2419.6", {}, ">2419.6"),
    ("test-report.results.value", "阴性", {}, "absent"),
    ("test-report.results.value", "检出", {}, "present"),
    ("test-report.results.values", "120;9000;＜10", {}, ["120", "9000", "<10"]),
    ("test-report.results.outcome", "合格", {}, "pass"),
    ("inspection.aql", "1", {}, "1.0"),
    ("lot.quantity", "1,200 袋", {}, {"amount": "1200", "unit": "袋"}),
    ("product.names", "龙井", {}, {"zh": "龙井"}),
    ("product.names", "Longjing", {}, {"en": "Longjing"}),
    ("party.roles", "商家;品牌", {}, ["trader", "brand"]),
    ("party.country", "中国", {}, "CN"),
    ("objection.month", "2026年5月", {}, "2026-05"),
    ("authorisation.channels", "天猫", {"words": {"天猫": "mall.example"}}, ["mall.example"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "how", "value"), SAID)
def test_a_cell_says(path: str, text: str, how: dict, value: object):
    assert read(path, text, **how) == value


WRONG = [
    ("authorisation.subject", "无名店", {}, "账本中没有这个名称：应为主体：其标识"),
    ("authorisation.subject", "91330100MA27XQ1B8X", {}, "（校验码不符）"),
    ("product.subject", "6901234500005", {}, "（校验码不符）"),
    ("authorisation.territories", "浙江;火星", {}, "多项以；分隔（地域 '火星'：ISO 3166 未列"),
    ("party.roles", "商家;店主", {}, "（店主）"),
    ("authorisation.from", "1/12/2026", CHINA, "应为日期如 2026-05-01"),
    ("authorisation.from", "2026-12-01", {}, "请说明一次时区"),
    ("authorisation.from", "2026-02-30", CHINA, "没有这个日期"),
    ("authorisation.depth", "-1", {}, "应为整数"),
    ("authorisation.depth", "1.5", {}, "应为整数"),
    ("authorisation.exclusive", "也许", {}, "应为是 或 否"),
    ("authorisation.goods", "#N/A", {}, "此处公式出错"),
    ("authorisation.parent", "b" * 64, {}, f"no entry with id {'b' * 64}"),
    ("authorisation.channels", "猫", {"words": {"天猫": "mall.example"}}, "或对应文件中的 天猫"),
    ("test-report.results.value", "很少", {}, "应为数值，如 0.50、<0.01 或 8×10³；或未检出、检出"),
    ("lot.quantity", "很多", {}, "应为数值与单位"),
]


@pytest.mark.parametrize(("path", "text", "how", "said"), WRONG)
def test_a_cell_that_cannot_be_read_says_what_is_wanted(path: str, text: str, how: dict, said: str):
    with pytest.raises(Wrong, match=r"(?s).") as found:
        read(path, text, **how)
    assert said in str(found.value)
    with pytest.raises(Wrong) as found:
        read(path, text, "en", **how)
    assert str(found.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("龙坞茶园", "https://id.gs1.org/414/6901234500103"),
        ("6901234500103", "https://id.gs1.org/414/6901234500103"),
        ("6901234500004 A7", "https://id.gs1.org/01/06901234500004/10/A7"),
        ("urn:draw:tea:1", "urn:draw:tea:1"),
    ],
)
def test_what_a_visit_is_about_is_said_as_a_place_or_lot_is(text: str, found: str):
    how = Reading(
        "zh", lambda kind, _: ("https://id.gs1.org/414/6901234500103",) * (kind == "facility"), _no
    )
    assert read_value(text, shape(AboutId), AboutId, how) == found


def _no(_text: str) -> None:
    """Cite nothing."""
