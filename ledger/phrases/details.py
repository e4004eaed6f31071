"""What an answer found besides its reasons, a line each: what was said, what falls, what moved."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger.phrases.sentences import value_word
from ledger.phrases.type_words import TYPES
from ledger.statements.words import Lang

_LINES: Mapping[str, tuple[str, str]] = {
    "entries": (
        "{issued_at} {issuer}: {type}{decided} ({about}; entry {entry})",
        "{issued_at} {issuer}：{type}{decided}（{about}；条目 {entry}）",
    ),
    "grants": (
        "grant to {grantee}{begins} (entry {entry})",
        "对 {grantee} 的授权{begins}（条目 {entry}）",
    ),
    "reports": (
        "{type} {number} by {laboratory} of {issued}: sample {sample}, lot {lot}, {state} (entry {entry})",
        "{laboratory} 于 {issued} 签发的{type} {number}：样品 {sample}，批次 {lot}，{state}（条目 {entry}）",
    ),
    "results": (
        "{property}: {value} {unit}, {outcome}, {state} (entry {entry})",
        "{property}：{value} {unit}，{outcome}，{state}（条目 {entry}）",
    ),
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
    "uncovered": (
        "not inspected: {product} of {trader}, on sale in {shops}",
        "未经检验：{trader} 在 {shops} 销售的 {product}",
    ),
    "moved": (
        "{points} points: {source} of {about} at {on}, {failure} (entry {entry}){mended}",
        "{points} 分：{on} 对 {about} 的{source}，{failure}（条目 {entry}）{mended}",
    ),
    "trend": (
        "{month}: score {score}, grade {grade}, outcomes {outcomes}",
        "{month}：得分 {score}，等级 {grade}，结果 {outcomes} 项",
    ),
    "promises": (
        "{promise}, from {from}: {kept} (entry {pledge})",
        "{promise}，自 {from} 起：{kept}（条目 {pledge}）",
    ),
}
_KEPT = {
    "yes": ("kept", "已遵守"),
    "no": ("broken", "已违反"),
    "unknown": ("nobody can say", "无法确定"),
}
_PASSED = ("passed", "合格")
_FAILED = ("failed, {0}", "不合格（{0}）")
_MENDED = ("; found mended (entry {0})", "；已查验整改有效（条目 {0}）")
_BEGINS = (", from {0}", "，自 {0} 起")
_INSUFFICIENT = ("insufficient", "结果不足")


def _listed(items: Sequence[str], lang: Lang) -> str:
    return ("、" if lang == "zh" else ", ").join(items)


WORDS = {"outcome", "state"}
"""Facts of a line that are words of ours."""


def _promise(value: Mapping[str, Any], lang: Lang) -> str:
    """Return what was promised: a standard, conduct of a kind, or something in words."""
    days = value["within_days"]
    told = value["standard"] or value["text"] or value_word(value["promise"], lang)
    return told if days is None else f"{told} ({days})"


def _decided(decision: str | None, lang: Lang) -> str:
    """Return what an inspection decided, behind its type."""
    if decision is None:
        return ""
    word = value_word(decision, lang)
    return f"，{word}" if lang == "zh" else f", {word}"


def _row(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    row = {name: str(item) for name, item in value.items()}
    if "type" in row:
        en, zh = TYPES.get(row["type"], (row["type"], row["type"]))
        row["type"] = zh if lang == "zh" else en
    row["decided"] = _decided(value.get("decided"), lang)
    for name in WORDS.intersection(row):
        row[name] = value_word(row[name], lang)
    if "kept" in value:
        row["promise"] = _promise(value, lang)
        row["kept"] = _KEPT[value["kept"]][lang == "zh"]
    if "territories" in value:
        row["territories"] = _listed(value["territories"], lang)
    if "by" in value:
        row["to"] = value_word(row["to"], lang)
        row["by"] = _listed(list(map(str, value["by"])), lang)
    if "points" in value:
        row["points"] = f"{value['points']:+}"
        row["source"] = value_word(value["source"], lang)
        failed = _FAILED[lang == "zh"].format(value_word(str(value["failure"]), lang))
        row["failure"] = _PASSED[lang == "zh"] if value["failure"] is None else failed
        mended = value.get("mended_by")
        row["mended"] = "" if mended is None else _MENDED[lang == "zh"].format(mended)
    if "grantee" in value:
        begins = value.get("begins")
        row["begins"] = "" if begins is None else _BEGINS[lang == "zh"].format(begins)
    if "score" in value and value["score"] is None:
        row |= {"score": "-", "grade": _INSUFFICIENT[lang == "zh"]}
    if "shops" in value:
        row["shops"] = _listed(value["shops"], lang)
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
