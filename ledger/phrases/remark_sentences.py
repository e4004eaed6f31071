"""Remarks as sentences: what nobody registered, and what may have been meant; what was said before."""

from collections.abc import Mapping
from typing import Any

from ledger.phrases.sentences import entries_of
from ledger.rules.remarks import LOT, LOW, NUMBER, PARTY, PLACE, PRODUCT, REPEATED, STATED, Remark
from ledger.texts import Lang, Words

SENTENCES: Mapping[str, Words] = {
    LOT: Words("nobody registered the lot {about}; registered all the same"),
    PRODUCT: Words("nobody registered the product {about}; registered all the same"),
    PARTY: Words("nobody registered the party {about}; registered all the same"),
    PLACE: Words("nobody registered the place {about}; registered all the same"),
    REPEATED: Words(
        "the same authorisation of {about} stands already, by {entries}; registered all the same, and each has to be revoked for itself"
    ),
    STATED: Words(
        "the same issuer stated the lot {about} before, by {entries}; registered all the same, and both stand: what was said wrong is corrected by supersede"
    ),
    NUMBER: Words(
        "the same holder has a paper of this kind whose number differs from {about} by signs alone, by {entries}; registered all the same, and both stand"
    ),
    LOW: Words(
        "the quality index of {about} is below what a label asks for (by the model of {entries}): registered all the same, and the label does not hold until it is"
    ),
}
NEAR = Words(" or ", "names")
MEANT = Words(": did you mean {near}?")


def remark_row(item: Remark) -> dict[str, Any]:
    """Return a remark as JSON."""
    row = {"remark": item.remark, "about": item.about, "near": list(item.near)}
    cited = row | {"cites": list(item.cites)}
    return row | {"message": remark_sentence(cited, "en"), "cites": list(item.cites)}


def remark_sentence(row: Mapping[str, Any], lang: Lang) -> str:
    """Return a remark's row in words."""
    cites = [
        item for item in row.get("cites", ()) if type(item) is int
    ]  # a server may say anything
    facts = {"about": row["about"], "entries": entries_of(cites, lang)}
    said = SENTENCES[row["remark"]].to(lang).format_map(facts)
    meant = NEAR.to(lang).join(row["near"])
    return said + (MEANT.fill(lang, near=meant) if meant else "")
