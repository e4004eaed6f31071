"""What an answer found besides its reasons, a line each: what was said, what falls, what moved."""

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.phrases.sentences import Lang, value_word
from ledger.phrases.type_words import TYPES

_LINES: Mapping[str, tuple[str, str]] = {
    "entries": (
        "{issued_at} {issuer}: {type} ({about}; entry {entry})",
        "{issued_at} {issuer}：{type}（{about}；条目 {entry}）",
    ),
    "grants": ("grant to {grantee} (entry {entry})", "对 {grantee} 的授权（条目 {entry}）"),
    "traders": ("trader {0}", "商家 {0}"),
    "shops": ("shop {0}", "店铺 {0}"),
    "moves": (
        "entry {entry}: {to}, following from {by}",
        "条目 {entry}：转为{to}，依据条目 {by}",
    ),
    "listings": (
        "listing of {product} in {shop} for {territories} (entry {entry})",
        "{shop} 在 {territories} 上架的 {product}（条目 {entry}）",
    ),
}


def _row(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    row = {name: str(item) for name, item in value.items()}
    if "type" in row:
        en, zh = TYPES.get(row["type"], (row["type"], row["type"]))
        row["type"] = zh if lang == "zh" else en
    if "territories" in value:
        row["territories"] = ("、" if lang == "zh" else ", ").join(value["territories"])
    if "by" in value:
        row["to"] = value_word(row["to"], lang)
        row["by"] = ("、" if lang == "zh" else ", ").join(map(str, value["by"]))
    return row


def details(answer: Any, lang: Lang) -> Iterator[str]:
    """Yield a line for each statement of a trace, thing that falls with a grant, or move of a series."""
    if not isinstance(answer, dict):
        return
    for name, (en, zh) in _LINES.items():
        line = zh if lang == "zh" else en
        for value in answer.get(name, ()):
            if isinstance(value, dict):
                yield line.format_map(_row(value, lang))
            else:
                yield line.format(value)
