"""Remarks as sentences: what nobody registered, and what may have been meant; what was said before."""

from collections.abc import Mapping
from typing import Any

from ledger.phrases.sentences import entries_of
from ledger.rules.remarks import LOT, LOW, PARTY, PLACE, PRODUCT, REPEATED, STATED, Remark
from ledger.statements.words import Lang

SENTENCES: Mapping[str, tuple[str, str]] = {
    LOT: (
        "nobody registered the lot {about}; registered all the same",
        "无人登记过批次 {about}；声明仍已登记",
    ),
    PRODUCT: (
        "nobody registered the product {about}; registered all the same",
        "无人登记过商品 {about}；声明仍已登记",
    ),
    PARTY: (
        "nobody registered the party {about}; registered all the same",
        "无人登记过主体 {about}；声明仍已登记",
    ),
    PLACE: (
        "nobody registered the place {about}; registered all the same",
        "无人登记过场所 {about}；声明仍已登记",
    ),
    REPEATED: (
        "the same authorisation of {about} stands already, by {entries}; registered all the same, and each has to be revoked for itself",
        "对 {about} 的相同授权已在有效记录中（{entries}）；声明仍已登记，撤销时须逐份撤销",
    ),
    STATED: (
        "the same issuer stated the lot {about} before, by {entries}; registered all the same, and both stand: what was said wrong is corrected by supersede",
        "同一签发方此前已登记过批次 {about}（{entries}）；声明仍已登记，两份均有效：如需更正内容，请用 supersede",
    ),
    LOW: (
        "the quality index of {about} is below what a label asks for (by the model of {entries}): registered all the same, and the label does not hold until it is",
        "{about} 的质量指数低于认证标签的要求（依{entries}的模型）：声明仍已登记，但在指数达标之前标签不生效",
    ),
}
MEANT = (": did you mean {near}?", "：是否指 {near}？")


def remark_row(item: Remark) -> dict[str, Any]:
    """Return a remark as JSON."""
    row = {"remark": item.remark, "about": item.about, "near": list(item.near)}
    cited = row | {"cites": list(item.cites)}
    return row | {"message": remark_sentence(cited, "en"), "cites": list(item.cites)}


def remark_sentence(row: Mapping[str, Any], lang: Lang) -> str:
    """Return a remark's row in words."""
    chinese = lang == "zh"
    cites = [
        item for item in row.get("cites", ()) if type(item) is int
    ]  # a server may say anything
    facts = {"about": row["about"], "entries": entries_of(cites, lang)}
    said = SENTENCES[row["remark"]][chinese].format_map(facts)
    meant = ("、" if chinese else " or ").join(row["near"])
    return said + (MEANT[chinese].format(near=meant) if meant else "")
