"""The codes of reasons: each with the facts its sentence needs. No other can be produced.

A code is stable: answers are compared by it, never by prose. ``since`` says from when on and
``until`` up to when, where a reason adds it.
"""

from collections.abc import Mapping

SINCE = "since"
"""What every reason may add: the time from which on it holds."""

UNTIL = "until"
"""What a reason may add: the time at which it ends by itself."""

LACKING = "lacking"
"""What a reason of a chain of grants may add: who has to authorise whom until it is gone, one behind the other."""

HAVE = "have"
"""What may be there already of what would mend: the entry. Of a chain of grants that the first of these may grant under."""

SHORTER = "shorter"
"""What it may add: who holds the brand, and may authorise the last of these directly."""

RECALLED = "recalled"
"""What was found of a lot may add: the entry that called the lot back."""

PLANNED = "planned"
"""What it may add: the entry that found an improvement plan about it effective."""

BEGUN = "begun"
"""What of a remedy is on record and does not do yet: the entry of a plan that nobody verified, a lot that has not passed, a grant that begins later."""

ADDED = (SINCE, UNTIL, LACKING, HAVE, SHORTER, RECALLED, PLANNED, BEGUN)
"""Facts that are there where they apply."""

ENTRY_FACTS = (HAVE, RECALLED, PLANNED, BEGUN)
"""Facts that are entries."""

MAX_REASON = 200
"""Characters of somebody's reason that a note repeats."""

LIST_FACTS = ("claimants", LACKING, "shops")
"""Facts that are several ids, blanks between them."""

_LINK = ("issuer", "grantee")
_PAPER = ("kind", "number", "holder", "issuer")
_MARK = ("brand", "holder", "issuer")

CHAIN_CODES: Mapping[str, tuple[str, ...]] = {
    "no-grant": ("party", "brand"),
    "parent-absent": (*_LINK, "parent"),
    "parent-other-brand": _LINK,
    "parent-not-issuers": _LINK,
    "parent-no-grant": _LINK,
    "chain-endless": _LINK,
    "not-right-holder": ("issuer", "holder"),
    "trademark-withdrawn": _MARK,
    "trademark-not-yet": (*_MARK, "from"),
    "trademark-expired": (*_MARK, "until"),
    "trademark-goods": (*_MARK, "category"),
    "trademark-pending": _MARK,
    "grant-revoked": (*_LINK, "by"),
    "grant-not-yet": (*_LINK, "from"),
    "grant-expired": (*_LINK, "until"),
    "grant-depth": (*_LINK, "depth"),
    "grant-goods": (*_LINK, "goods"),
    "grant-territory": (*_LINK, "territory"),
    "grant-channel": (*_LINK, "channel"),
    "grant-shop-type": (*_LINK, "shop_type"),
    "grant-shop": (*_LINK, "shop"),
    "flagship-needs-exclusive": (),
    "specialty-needs-direct": (),
    "specialty-needs-country": ("territory",),
    "multi-brand-too-long": ("links",),
}
"""Why a chain of grants does not carry what is asked."""

GOODS_CODES: Mapping[str, tuple[str, ...]] = {
    "product-unknown": ("product",),
    "product-contested": ("product", "claimants"),
    "lot-unknown": ("lot",),
    "lot-contested": ("lot", "claimants"),
    "place-contested": ("facility", "claimants"),
    "place-unconfirmed": ("facility", "owner", "maker"),
    "claim-in-doubt": ("subject", "holder", "by"),
    "claim-decided": ("subject", "by", "holder", "why"),
    "claim-rejected": ("subject", "by", "claimants", "why"),
    "decision-annulled": ("subject", "by", "why"),
    "claim-licensed": ("subject", "holder", "number", "issuer"),
    "licence-contested": ("subject", "holder", "number", "issuer"),
    "claim-assigned": ("subject", "holder", "by"),
    "lots-absent": ("product",),
    "lot-recalled": ("lot",),
    "product-recalled": ("product", "by", "before"),
    "lot-refused": ("lot", "mode"),
    "lot-answered": ("lot", "later"),
    "input-unknown": ("lot", "input"),
    "serial-unknown": ("item",),
    "serial-contested": ("item",),
    "audit-absent": ("facility",),
    "audit-overdue": ("facility",),
    "lot-critical": ("lot", "point", "by"),
    "place-critical": ("facility", "point", "by"),
    "draw-critical": ("draw", "point", "by"),
    "finding-closed": ("about", "by"),
    "finding-uninvited": ("about", "count"),
    "recall-lapsed": ("lot", "party", "on", "why", "by"),
    "recalls-above": ("product", "count", "party"),
    "recalls-elsewhere": ("product", "count"),
    "notes-left-out": ("count",),
    "reasons-left-out": ("count",),
    "walk-limit": ("limit",),
    "unit-unknown": ("unit",),
    "shipment-unconfirmed": ("lot", "party", "to", "on"),
    "receipt-differs": ("lot", "party", "to", "sent", "received", "unit"),
    "balance-open": ("lot", "party", "amount", "unit"),
    "quantity-unsaid": ("lot", "count"),
}
"""What stands against goods, or is not known about them."""

_SERIES = ("level", "aql")

SAMPLING_CODES: Mapping[str, tuple[str, ...]] = {
    "plan-whole": ("lot_size",),
    "plan-none-accepted": (),
    "plan-nonconformities": ("aql",),
    "plan-not-switched": ("mode",),
    "sampling-begun": _SERIES,
    "sampling-restored": _SERIES,
    "sampling-refusal": ("lots",),
    "sampling-score": ("score", "needed"),
    "sampling-score-reached": ("score", "needed"),
    "sampling-tightened": (*_SERIES, "left", "refused"),
    "sampling-resumed": (*_SERIES, "left", "refused"),
    "sampling-idle": (*_SERIES, "count"),
    "sampling-reduced": _SERIES,
    "sampling-elsewhere": (*_SERIES, "severity"),
    "sampling-discontinued": (*_SERIES, "refused"),
    "sampling-against": (),
}
"""How much is drawn from a lot, and why, or why nothing is."""

PARTY_CODES: Mapping[str, tuple[str, ...]] = {
    "party-unknown": ("party",),
    "shop-unknown": ("shop",),
    "shop-otherwise": ("shop", "shop_type", "trader"),
    "grant-shops": (*_LINK, "shops"),
    "place-unknown": ("facility",),
    "sample-unknown": ("sample",),
    "paper-missing": ("kind", "party", "category"),
    "paper-goods": (*_PAPER, "category"),
    "paper-foreign": (*_PAPER, "country", "category"),
    "seller-abroad": (*_PAPER, "country"),
    "paper-not-yet": (*_PAPER, "from"),
    "paper-expired": (*_PAPER, "until"),
    "paper-withdrawn": _PAPER,
    "paper-ending": (*_PAPER, "until"),
    "paper-ended-later": _PAPER,
    "paper-again": _PAPER,
    "grant-ending": (*_LINK, "until"),
    "grant-ended-later": _LINK,
    "grant-again": _LINK,
    "grant-notice": (*_LINK, "by", "until"),
    "grant-at-once": (*_LINK, "by", "why"),
    "brand-unknown": ("brand",),
    "brand-ungranted": ("brand",),
    "nothing-granted": ("party",),
    "nothing-listed": ("trader",),
    "invitation-open": ("about",),
    "invitation-coming": ("about", "from"),
    "certificate-not-asked": ("category",),
    "trader-not-decided": ("trader",),
    "trader-refused": ("trader",),
    "refusal-overruled": ("trader", "by", "why"),
    "decision-due": ("trader", "what", "reviewed", "issuer"),
    "evidence-absent": ("evidence",),
    "evidence-corrected": ("evidence",),
    "grant-unknown": ("grant",),
    "key-suspected": ("issuer", "by"),
    "key-reset": ("issuer",),
    "possession-unproven": ("issuer",),
    "paper-by-operator": _PAPER,
    "paper-withdrawn-by": (*_PAPER, "by"),
    "tied-later": ("issuer", "party", "what", "by"),
    "undone": ("what", "said", "about", "issuer", "by", "why"),
    "country-changed": ("party", "was", "now"),
    "sanctioned": ("step", "subject", "by", "why"),
    "owner-sanctioned": ("party", "step", "subject", "by", "why"),
    "sanction-plans": ("step", "subject", "open", "effective", "ineffective"),
    "sanction-coming": ("step", "subject", "from"),
    "sanction-over": ("step", "subject", "until"),
    "sanction-lifted": ("step", "subject", "by", "why"),
    "sanction-annulled": ("step", "subject", "by", "why"),
    "sanction-ending": ("step", "subject", "until"),
    "sanction-interim": ("step", "subject", "until"),
    "sanction-confirmed": ("step", "subject"),
    "sanction-lapsed": ("step", "subject", "until"),
    "sanction-mended": ("step", "subject"),
    "sanction-unfounded": ("step", "subject"),
    "sanction-weakened": ("step", "subject"),
    "appeal-possible": ("step", "subject", "until"),
    "appeal-open": ("step", "subject"),
    "appeal-upheld": ("step", "subject"),
    "appeal-varied": ("step", "subject", "before", "by", "why"),
    "observers-absent": (),
    "application-unanswered": ("party", "days"),
    "observation-unanswered": ("observer", "about"),
    "observation-late": ("observer", "about", "due"),
    "drawn-uninvited": ("party", "draw"),
    "visits-absent": ("about",),
    "visit-tied": ("observer", "tie"),
    "visit-tie-undeclared": ("observer", "party"),
    "observer-out-of-period": ("observer",),
    "improvement-absent": ("trader",),
    "action-overdue": ("action", "due"),
    "action-late": ("action", "due"),
    "plan-open": ("due",),
    "plan-unverified": (),
    "plan-effective": ("verifier",),
    "plan-ineffective": ("verifier",),
    "plan-moot": (),
    "advice-waiting": ("due",),
    "advice-unanswered": ("due",),
}
"""What stands against parties, shops and papers, or is not known about them."""

QUALITY_CODES: Mapping[str, tuple[str, ...]] = {
    "model-absent": ("model",),
    "index-insufficient": ("subject", "count", "minimum"),
    "index-low": ("subject", "score", "limit"),
    "index-tied": ("subject", "count"),
    "model-restated": ("model", "on", "grade"),
    "complaints-on-record": ("subject", "count"),
    "feedback-missing": ("product", "from", "before"),
    "feedback-absent": ("product",),
    "measure-proven": ("product", "property", "unit", "value", "target"),
    "measure-unproven": ("product", "property", "unit", "target"),
    "measure-worse": ("product", "property", "unit", "value", "target"),
    "measure-already": ("product", "property", "unit", "value", "target"),
    "never-inspected": ("count", "total", "category"),
    "nothing-on-sale": ("category",),
    "period-open": ("until",),
}
"""What the quality index and coverage of inspections say, or do not know."""
DRAW_CODES: Mapping[str, tuple[str, ...]] = {
    "draw-absent": ("draw",),
    "draw-failed": ("draw", "until"),
    "draw-waits": ("draw", "until"),
    "draw-unwitnessed": ("draw", "quorum"),
    "pick-late": ("product", "draw", "until"),
    "pick-failed": ("product", "draw", "until"),
    "pick-unsealed": ("product", "draw", "lot"),
    "pick-tested-elsewhere": ("product", "draw", "laboratory"),
    "pick-substituted": ("product", "draw", "reason"),
    "drawn-substituted": ("party", "draw", "reason"),
    "drawn-alone": ("party", "draw"),
    "draws-failed": ("draw", "count"),
    "programme-absent": ("programme",),
    "programmes-beside": ("programme", "count"),
    "picks-missed": ("programme", "count"),
    "picks-substituted": ("programme", "count"),
    "multiplier-missed": ("quarter", "count", "expected"),
    "multiplier-unshown": ("quarter", "count", "expected"),
    "quarter-open": ("programme",),
}
"""What is said of draws, their picks and how much is sampled."""
_LIMIT = ("laboratory", "lot", "property", "value", "unit", "baseline", "direction", "limit")
REPORT_CODES: Mapping[str, tuple[str, ...]] = {
    "report-absent": ("about", "report"),
    "report-overturned": ("laboratory", "property"),
    "retest-resampled": ("lot", "laboratory", "party", "sample", "by"),
    "limit-unjudged": _LIMIT,
    "limit-unshown": _LIMIT,
    "limits-unjudged": ("product", "count"),
    "limits-unshown": ("product", "count"),
    "report-objected": ("laboratory", "lot", "party", "due"),
    "results-corrected": ("laboratory", "lot", "why"),
    "objection-withdrawn": ("lot", "by", "why"),
    "report-corrected": ("laboratory",),
    "report-objectionable": ("laboratory", "until"),
    "report-failed": ("laboratory", "lot", "property"),
    "objection-overdue": ("party",),
    "objection-closed-late": ("party",),
    "report-parts": ("laboratory", "number", "lot", "count", "total"),
    "reports-contradict": ("lot", "property", "passed", "failed"),
}
"""What stands against laboratories' reports, or should be known of them."""

LABEL_CODES: Mapping[str, tuple[str, ...]] = {
    "label-absent": ("product",),
    "label-withdrawn": ("product",),
    "label-expired": ("product", "until"),
    "label-again": ("product",),
    "label-index-low": ("product", "score", "limit"),
    "not-on-sale": ("product",),
    "critical-since": ("about",),
    "standard-absent": ("standard",),
    "standard-other-goods": ("standard", "category"),
    "standard-outdated": ("standard", "baseline", "property"),
    "standard-restated": ("standard",),
    "criterion-failed": ("property", "value", "direction", "limit", "unit", "lot"),
    "criterion-inconclusive": ("property", "lot"),
    "criterion-untested": ("property",),
    "report-expired": ("property", "until"),
    "criterion-objected": ("property", "lot", "due"),
}
"""What stands against a quality label and its standard, or is not known about them."""

PLEDGE_CODES: Mapping[str, tuple[str, ...]] = {
    "pledge-absent": ("party",),
    "pledge-not-yet": ("party", "from"),
    "standard-broken": ("standard", "count"),
    "standard-unproven": ("standard",),
    "conduct-broken": ("conduct", "count"),
    "conduct-unproven": ("conduct",),
    "conduct-in-words": ("text",),
}
"""What a member of the alliance promised and broke, or what nobody can say of it."""

MENDING: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(CHAIN_CODES, (LACKING, HAVE, SHORTER, BEGUN)),
    **dict.fromkeys(("lot-refused", "lot-critical", "report-failed"), (RECALLED, PLANNED, BEGUN)),
    **dict.fromkeys(("lot-recalled", "sanctioned"), (HAVE, BEGUN)),
}
"""What reasons may add of how far they are mended."""

NOT_FOR_SALE = ("lot-recalled", "product-recalled", "lot-answered")
"""Notes that something must not be sold: they are told before all others, above all beside a yes."""

CODES: Mapping[str, tuple[str, ...]] = {
    **CHAIN_CODES,
    **GOODS_CODES,
    **SAMPLING_CODES,
    **PARTY_CODES,
    **QUALITY_CODES,
    **DRAW_CODES,
    **REPORT_CODES,
    **LABEL_CODES,
    **PLEDGE_CODES,
}
"""Every code with its facts."""


def repeated(reason: object) -> str:
    """Return somebody's reason as far as a note repeats it."""
    return str(reason)[:MAX_REASON]
