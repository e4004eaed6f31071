"""The topics of histories: all there are, so that a misspelt one is no empty history."""

TOPICS = (
    "admission", "advice", "draw", "examined", "exclusive", "facility", "feedback", "generic",
    "grant", "granted", "grants", "identity", "improvement", "index", "inspection",
    "inspections", "issuer", "key", "label", "listing", "listings", "log", "lot", "lots",
    "lots-by", "model", "observer", "on-sale", "pledge", "prefix", "product", "products",
    "qualification", "qualification-number", "recall", "reports", "sample", "sanction", "shop",
    "shops", "standard", "standards", "statement", "uscc", "visit",
)  # fmt: skip
