"""What is wrong with a cell, a row or a column, in English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.statements.words import Lang, Words

MAX_SHOWN = 60
"""Characters of a cell that a sentence repeats."""

SENTENCES: Mapping[str, Words] = {
    "unknown": Words(
        "{type} has no field that is called so{hint}; rename the column, take it out, or map it to "
        "null to pass it over",
        "{type}没有叫这个名字的字段{hint}；请改列名、删去此列，或在对应文件中写为 null 以忽略",
    ),
    "several": Words(
        "{paths} are called so: say which in the mapping",
        "这个名字对应 {paths}：请在对应文件中指明",
    ),
    "twice": Words(
        'the column "{other}" says the same field {path}: keep one of them',
        "与「{other}」列是同一字段 {path}：请只保留一列",
    ),
    "no-path": Words(
        "the mapping says {path}: {type} has no such field{hint}",
        "对应文件写为 {path}：{type}没有这个字段{hint}",
    ),
    "no-title": Words(
        "a column without a title has content: give it one; where the titles stand in a later row, "
        "say which in the mapping (titles_in_row)",
        "此列有内容但没有列名：请填写列名；若列名不在第一行，请在对应文件中写明是第几行（titles_in_row）",
    ),
    "not-detected": Words(
        "write < and the limit of detection, like <0.01", "未检出请写 < 加检出限，如 <0.01"
    ),
    "no-column": Words(
        "there is no such column, and every row needs one: {wanted}. {meaning}",
        "缺少此列，而每一行都需要它：{wanted}。{meaning}",
    ),
    "no-together": Words(
        "the mapping says that rows belong together by this column: there is none",
        "对应文件说按此列归并各行，但没有这一列",
    ),
    "together": Words("what says to which statement the row belongs", "说明该行属于哪条声明的内容"),
    "missing": Words("is missing: {wanted}", "未填写：应为{wanted}"),
    "wanted": Words("expected {wanted}{detail}", "应为{wanted}{detail}"),
    "rounded": Words(
        "a spreadsheet has rounded this number: format the column as text and enter it again",
        "此数已被表格软件舍入：请把该列设为文本格式后重新输入",
    ),
    "error-value": Words("a formula gives an error here: {wanted}", "此处公式出错：应为{wanted}"),
    "zone": Words(
        "a local date or time: say the time zone once, --time-zone +08:00 (or time_zone in the mapping)",
        "这是当地日期或时间：请说明一次时区，--time-zone +08:00（或对应文件中的 time_zone）",
    ),
    "no-date": Words("there is no such date", "没有这个日期"),
    "order": Words('is not after "{other}" ({value})', "不晚于「{other}」（{value}）"),
    "name-unknown": Words(
        "nothing in the ledger has this name: {wanted}", "账本中没有这个名称：应为{wanted}"
    ),
    "name-ambiguous": Words(
        "{count} in the ledger have this name, write which: {ids}",
        "账本中有 {count} 个同名者，请写明是哪一个：{ids}",
    ),
    "several-read": Words("may stand for {ids}: write which", "可能指 {ids}：请写明是哪一个"),
    "name-nowhere": Words(
        "no ledger is at hand to look the name up in ({why}): {wanted}",
        "没有可供查名称的账本（{why}）：应为{wanted}",
    ),
    "cite": Words("{why}", "{why}"),
    "differs": Words(
        'row {row} of the same "{key}" says "{value}": one statement has one',
        "同一「{key}」的第 {row} 行为「{value}」：一条声明只能有一个",
    ),
    "same": Words("the same as row {row}: it would be said twice", "与第 {row} 行相同：会重复声明"),
    "no-file": Words("no key file can be read here: {why}", "无法读取密钥文件：{why}"),
    "composed": Words("{why}", "{why}"),
    "check-digit": Words(" (the check digit is wrong)", "（校验码不符）"),
    "meant": Words(", did you mean {meant}?", "，是否指「{meant}」？"),
    "or-words": Words("; or {words}, as the mapping has it", "；或对应文件中的 {words}"),
    "because": Words(" ({why})", "（{why}）"),
}
"""Code -> sentence."""


def say(code: str, lang: Lang, **facts: object) -> str:
    """Return a sentence of the table."""
    words = SENTENCES[code]
    return (words.zh if lang == "zh" else words.en).format_map(facts)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which row and column of the user's sheet, with what, and what is wanted.

    ``column``, ``cell``: empty where it is about the whole row, or where nothing is there.
    """

    row: int
    column: str
    cell: str
    text: str

    def sentence(self, lang: Lang) -> str:
        """Return it in one line."""
        shown = self.cell if len(self.cell) <= MAX_SHOWN else f"{self.cell[:MAX_SHOWN]}…"
        if lang == "zh":
            column = f"「{self.column}」列" if self.column else ""
            cell = f"“{shown}”" if self.cell else ""
            return f"第 {self.row} 行{column}{cell}：{self.text}"
        column = f', "{self.column}"' if self.column else ""
        cell = f' has "{shown}"' if self.cell else ""
        return f"row {self.row}{column}{cell}: {self.text}"

    def beside(self, lang: Lang) -> str:
        """Return it for the row it is about: column, and what is wanted."""
        if not self.column:
            return self.text
        return f"「{self.column}」{self.text}" if lang == "zh" else f'"{self.column}": {self.text}'


class Wrong(Exception):  # noqa: N818 - no error of the program: what a cell's reader says of it
    """A cell that cannot be read, and what is wanted."""
