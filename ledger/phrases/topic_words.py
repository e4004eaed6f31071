"""What the histories of each topic list."""

from collections.abc import Mapping

from ledger.texts import ENGLISH, Lang, Words

TOPIC_WORDS: Mapping[str, Words] = {
    "admission": Words("admission", "topic"),
    "adverse": Words("adverse findings", "topic"),
    "advice": Words("advice", "topic"),
    "affiliates": Words("who belongs to a party", "topic"),
    "baselines": Words("standards of the law", "topic"),
    "draw": Words("draw", "topic"),
    "draws": Words("draws of an operator", "topic"),
    "event": Words("events of a thing", "topic"),
    "event-by": Words("a party's events of a thing", "topic"),
    "examined": Words("what was examined", "topic"),
    "exclusive": Words("exclusive grants", "topic"),
    "executed": Words("inspections of a draw's picks", "topic"),
    "facility": Words("facility", "topic"),
    "feedback": Words("complaints", "topic"),
    "generic": Words("statements of other software", "topic"),
    "grant": Words("a brand's grants to a party", "topic"),
    "granted": Words("grants below", "topic"),
    "grants": Words("grants to a party", "topic"),
    "identity": Words("a party's registration", "topic"),
    "improvement": Words("improvement", "topic"),
    "index": Words("index", "topic"),
    "inspection": Words("inspections of a lot", "topic"),
    "inspections": Words("inspections of a trader's product", "topic"),
    "issuer": Words("issuer", "topic"),
    "key": Words("key", "topic"),
    "keys": Words("a party's keys", "topic"),
    "label": Words("label", "topic"),
    "listing": Words("listing", "topic"),
    "listings": Words("listings of a shop", "topic"),
    "log": Words("log", "topic"),
    "lot": Words("lot", "topic"),
    "lots": Words("lots of a product", "topic"),
    "lots-by": Words("a party's lots of a product", "topic"),
    "made-at": Words("lots made at a place", "topic"),
    "model": Words("model", "topic"),
    "observer": Words("observer", "topic"),
    "on-sale": Words("on sale in a category", "topic"),
    "papers-ending": Words("papers that end", "topic"),
    "pledge": Words("pledge", "topic"),
    "prefix": Words("GS1 prefix", "topic"),
    "product": Words("product", "topic"),
    "products": Words("products of a brand", "topic"),
    "programme": Words("sampling programme", "topic"),
    "programmes": Words("sampling programmes of a category", "topic"),
    "qualification": Words("qualification", "topic"),
    "qualification-number": Words("number of a paper", "topic"),
    "recall": Words("recall", "topic"),
    "product-recall": Words("recall of a product", "topic"),
    "reports": Words("reports of a laboratory", "topic"),
    "roster": Words("roster", "topic"),
    "sample": Words("sample", "topic"),
    "sanction": Words("sanction", "topic"),
    "shop": Words("shop", "topic"),
    "shops": Words("shops of a trader", "topic"),
    "standard": Words("standard", "topic"),
    "standards": Words("standards of a category", "topic"),
    "statement": Words("statement", "topic"),
    "uscc": Words("unified social credit code", "topic"),
    "visit": Words("visit", "topic"),
}
"""Topic -> what its histories list."""


def topic_word(topic: str, lang: Lang) -> str:
    """Return a topic as people are told it: in English by its code, which is one; else by its word."""
    return topic if lang == ENGLISH or topic not in TOPIC_WORDS else TOPIC_WORDS[topic].to(lang)
