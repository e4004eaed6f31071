"""What an answer found besides its reasons, a line each: what was said, what falls, what moved."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger.identifiers import ALL
from ledger.phrases.sentences import reason_clause, value_word
from ledger.phrases.type_words import type_word
from ledger.phrases.verdict_sentences import filled
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
        "{month}: [score {score}, ]grade {grade}, outcomes {outcomes}",
        "{month}：[得分 {score}，]等级 {grade}，结果 {outcomes} 项",
    ),
    "invitations": (
        "{to}, {from} to {until}: {state}{visits} (entry {entry})",
        "{to}，{from} 至 {until}：{state}{visits}（条目 {entry}）",
    ),
    "owners": (
        "place of {party} in {country}: {activities} (entry {entry})",
        "{party} 位于 {country} 的场所：{activities}（条目 {entry}）",
    ),
    "marks": (
        "{kind} of {holder}: {brand} for {goods}, {from} to {until}: {state}{why} (entry {entry})",
        "{holder} 的{kind}：{brand}，用于 {goods}，{from} 至 {until}：{state}{why}（条目 {entry}）",
    ),
    "held": (
        "held from {issuer}: {goods} of {brand} in {territories} on {channels} ({shop_types}), {from} to {ends}, may be granted on {depth} levels: {state}{why} (entry {entry})",
        "由 {issuer} 授权：{brand} 的 {goods}，地域 {territories}，渠道 {channels}（{shop_types}），{from} 至 {ends}，还可转授 {depth} 层：{state}{why}（条目 {entry}）",
    ),
    "given": (
        "{issuer} to {grantee}: {goods} of {brand} in {territories} on {channels} ({shop_types}), {from} to {ends}, may be granted on {depth} levels: {state}{why}{below} (entry {entry})",
        "{issuer} 授权 {grantee}：{brand} 的 {goods}，地域 {territories}，渠道 {channels}（{shop_types}），{from} 至 {ends}，还可转授 {depth} 层：{state}{why}{below}（条目 {entry}）",
    ),
    "listed": (
        "{product} in {shop} for {territories}: {verdict}{why} (entry {entry})",
        "{shop} 在 {territories} 上架的 {product}：{verdict}{why}（条目 {entry}）",
    ),
    "audits": (
        "audit by {auditor} on {on}, due again {next_due}: {findings} (entry {entry})",
        "{auditor} 于 {on} 审核，下次应于 {next_due} 前：{findings}（条目 {entry}）",
    ),
    "made_there": (
        "{lot} of {maker}, made {made}: {amount} {unit} (entry {entry})",
        "{maker} 于 {made} 生产的 {lot}：{amount} {unit}（条目 {entry}）",
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


_ANY = ("any", "任一")
_FOR_EVER = ("no end", "无期限")
_BELOW = ("; below it {0}", "；其下 {0} 份")
_FOLLOWED = (", visits {0}", "，到访条目 {0}")
_NO_FINDINGS = ("no findings", "无问题")
_VERDICTS = {"yes": ("yes", "可以"), "no": ("no", "不可"), "unknown": ("unknown", "无法确定")}


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
    row = {name: str(item) for name, item in value.items() if item is not None}
    if "type" in row:
        row["type"] = type_word(row["type"], lang)
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
    row |= _of_rights(value, lang)
    if "score" in value and value["score"] is None:
        row["grade"] = _INSUFFICIENT[lang == "zh"]
    if "shops" in value:
        row["shops"] = _listed(value["shops"], lang)
    return row


LISTS = ("goods", "territories", "channels", "activities")
"""Facts of a line that are lists of names."""


def _any(items: Sequence[str], lang: Lang) -> str:
    """Return a list of names, ``*`` as the word for any."""
    return _listed([_ANY[lang == "zh"] if one == ALL else one for one in items], lang)


def _of_rights(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what lines say of rights, listings, invitations and places."""
    zh = lang == "zh"
    row = {name: _any(value[name], lang) for name in LISTS if isinstance(value.get(name), list)}
    row |= {
        name: _FOR_EVER[zh] for name in ("until", "ends") if name in value and value[name] is None
    }
    if isinstance(value.get("shop_types"), list):
        row["shop_types"] = _any([value_word(one, lang) for one in value["shop_types"]], lang)
    if "kind" in value:
        row["kind"] = value_word(str(value["kind"]), lang)
    if "why" in value:
        said = [reason_clause(one, lang) for one in value["why"]]
        row["why"] = f"{'：' if zh else ': '}{('；' if zh else '; ').join(said)}" if said else ""
    below = value.get("below", 0)
    row["below"] = _BELOW[zh].format(below) if below else ""
    if isinstance(value.get("visits"), list):
        visits = _listed(list(map(str, value["visits"])), lang)
        row["visits"] = _FOLLOWED[zh].format(visits) if visits else ""
    if "verdict" in value:
        row["verdict"] = _VERDICTS[value["verdict"]][zh]
    if "findings" in value:
        found = [f"{value_word(one['severity'], lang)} {one['point']}" for one in value["findings"]]
        row["findings"] = _listed(found, lang) or _NO_FINDINGS[zh]
    return row


def details(answer: Any, lang: Lang) -> Iterator[str]:
    """Yield a line for each statement of a trace, thing that falls with a grant, or move of a series."""
    if not isinstance(answer, dict):
        return
    for name, (en, zh) in _LINES.items():
        line = zh if lang == "zh" else en
        for value in answer.get(name, ()):
            if isinstance(value, dict):
                yield filled(line, _row(value, lang))
            else:
                yield line.format(value)
