"""Territories as people in China write them: the country and its divisions by name."""

from collections.abc import Iterator, Mapping
from functools import cache

from ledger.identifiers.territories import divisions

_DIVISIONS = {
    "北京市": "BJ", "天津市": "TJ", "河北省": "HE", "山西省": "SX", "内蒙古自治区": "NM", "辽宁省": "LN",
    "吉林省": "JL", "黑龙江省": "HL", "上海市": "SH", "江苏省": "JS", "浙江省": "ZJ", "安徽省": "AH",
    "福建省": "FJ", "江西省": "JX", "山东省": "SD", "河南省": "HA", "湖北省": "HB", "湖南省": "HN",
    "广东省": "GD", "广西壮族自治区": "GX", "海南省": "HI", "重庆市": "CQ", "四川省": "SC", "贵州省": "GZ",
    "云南省": "YN", "西藏自治区": "XZ", "陕西省": "SN", "甘肃省": "GS", "青海省": "QH", "宁夏回族自治区": "NX",
    "新疆维吾尔自治区": "XJ",
}  # fmt: skip
_SHORT = {"内蒙古": "NM", "广西": "GX", "西藏": "XZ", "宁夏": "NX", "新疆": "XJ"}
_OTHERS = {
    "中国": "CN", "全国": "CN", "中国大陆": "CN", "香港": "HK", "中国香港": "HK", "澳门": "MO",
    "中国澳门": "MO", "台湾": "TW", "中国台湾": "TW",
}  # fmt: skip

TERRITORIES: Mapping[str, str] = {
    **{name: f"CN-{code}" for name, code in _DIVISIONS.items()},
    **{name[:-1]: f"CN-{code}" for name, code in _DIVISIONS.items() if name[-1] in "省市"},
    **{name: f"CN-{code}" for name, code in _SHORT.items()},
    **_OTHERS,
}
"""Name -> ISO 3166."""


def _names(code: str) -> Iterator[str]:
    """Yield what a city or county of China is called: alone, and behind what it lies in."""
    above, name = divisions()[code]
    own = (name, name[:-1]) if name[-1] == "市" else (name,)
    around = _names(above) if above in divisions() else _OF_PROVINCE[above]
    for outer in ("", *around):
        yield from (outer + one for one in own)


_OF_PROVINCE: Mapping[str, tuple[str, ...]] = {
    province: tuple(name for name, code in TERRITORIES.items() if code == province)
    for province in dict.fromkeys(TERRITORIES.values())
}


@cache
def places() -> Mapping[str, str]:
    """Return the code of each city and county of China by what it alone is called; a city's comes before a county's."""
    found: dict[str, str | None] = {}
    for cities in (True, False):
        new: dict[str, str | None] = {}
        for code in divisions():
            if code.endswith("00") == cities:
                for name in _names(code):
                    new[name] = None if new.get(name, code) != code else code
        found = new | found
    return {name: code for name, code in found.items() if code is not None}


def territory_called(name: str) -> str | None:
    """Return the territory that has a name in Chinese; None where none has, or several do."""
    return TERRITORIES.get(name) or places().get(name)
