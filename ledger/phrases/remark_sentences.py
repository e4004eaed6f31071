"""Remarks as sentences: what nobody registered, and what may have been meant."""

from collections.abc import Mapping
from typing import Any

from ledger.rules.remarks import LOT, PARTY, PLACE, PRODUCT, Remark
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
}
MEANT = (": did you mean {near}?", "：是否指 {near}？")


def remark_row(item: Remark) -> dict[str, Any]:
    """Return a remark as JSON."""
    row = {"remark": item.remark, "about": item.about, "near": list(item.near)}
    return row | {"message": remark_sentence(row, "en"), "cites": list(item.cites)}


def remark_sentence(row: Mapping[str, Any], lang: Lang) -> str:
    """Return a remark's row in words."""
    chinese = lang == "zh"
    said = SENTENCES[row["remark"]][chinese].format(about=row["about"])
    meant = ("、" if chinese else " or ").join(row["near"])
    return said + (MEANT[chinese].format(near=meant) if meant else "")
