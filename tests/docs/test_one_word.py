"""One word for one thing: what sentences, forms, commands and documents call it, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from conftest import ROOT

ONE_WORD = {
    "产地审核": "源头审核|源头审查|产地审查",
    "整改": "改进",
    "查验有效": "核实有效",
    "检测机构": "实验室",
    "检测报告": "检验报告",
    "检验方": "检验员|检查员",
    "平台运营方": "(?<!平台)运营方|运营商",
    "主管机关": "主管方|主管部门",
    "见证方": "见证者|见证人",
    "签发方": "签署方|签发人",
    "品牌权利人": "品牌持有人",
    "商家": "贸易商|卖家",
    "入库检验": "入库验收",
    "拒收": "不接收",
    "处罚": "处置|惩罚",
    "独占": "独家(?!总代理)",
    "转授": "再授",
    "认可证书": "资质认可",
    "复检": "复测|重测",
}
"""What something is called here, and what else it might be: 再次检验 inspects a lot again, 复检
tests a report's sample again. The sole general agent of a holder is called so by law (独家总代理)."""


def spoken(path: Path) -> str:
    """Return what a catalogue says, a line each, without further titles that are understood."""
    with path.open("rb") as file:
        return "\n".join(re.sub(r"\|.*", "", str(item.string)) for item in read_po(file))


def texts() -> Iterator[tuple[str, str]]:
    """Yield what people read: the texts in the code, and the documents; not what they may write in sheets."""
    for folder in ("ledger", "api"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = "" if path.name == "cells.py" else path.read_text()
            yield str(path.relative_to(ROOT)), re.sub(r"\|[^\"\n]+\"", '"', text)
    for path in sorted((ROOT / "ledger" / "texts" / "locale").rglob("*.po")):
        yield str(path.relative_to(ROOT)), spoken(path)
    for path in sorted(ROOT.glob("*.md")):
        yield path.name, path.read_text()


@pytest.mark.parametrize("word", ONE_WORD)
def test_one_thing_has_one_word(word: str):
    found = dict(texts())
    assert any(word in text for text in found.values())
    other = re.compile(ONE_WORD[word])
    assert {name: other.findall(text) for name, text in found.items() if other.search(text)} == {}


def test_one_word_names_one_thing():
    """A lot is inspected again; only a report is tested again."""
    again = {
        line
        for name, text in texts()
        if name.startswith("ledger")
        for line in text.splitlines()
        if "复检" in line and re.search("飞行检查|神秘抽检|拒收|批次的检验", line)
    }
    assert again == set()
