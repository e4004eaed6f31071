"""The topics of histories: all there are, so that a misspelt one is no empty history."""

from ledger.errors import MalformedError
from ledger.primitives.near import did_you_mean, near

TOPICS = (
    "admission", "adverse", "advice", "draw", "examined", "exclusive", "facility", "feedback", "generic",
    "grant", "granted", "grants", "identity", "improvement", "index", "inspection", "inspections",
    "issuer", "key", "keys", "label", "listing", "listings", "log", "lot", "lots", "lots-by",
    "model", "observer", "on-sale", "papers-ending", "pledge", "prefix", "product", "products",
    "qualification", "qualification-number", "recall", "reports", "sample", "sanction", "shop",
    "shops", "standard", "standards", "statement", "uscc", "visit",
)  # fmt: skip


def check_topic(text: str) -> None:
    """Refuse a text that names no topic.

    Raises:
        MalformedError: says which one is meant, or which there are.

    """
    if text not in TOPICS:
        meant = did_you_mean(near(text[:40], TOPICS)) or f" ({', '.join(TOPICS)})"
        msg = f"no topic {text[:40]}{meant}"
        raise MalformedError(msg)
