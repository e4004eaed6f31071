"""Fields that may be left out, but that a rule asks for in some cases: when, in words.

A form alone cannot say it: what a paper needs depends on its kind. The help of a type and its
template are made of this and of the classes; a test holds it against the rules.
"""

from collections.abc import Mapping

from ledger.statements.words import Words

_OF_KIND = {
    "accreditation": Words("where kind is accreditation", "kind 为 accreditation 时"),
    "affiliation": Words("where kind is affiliation", "kind 为 affiliation 时"),
    "gs1-prefix": Words("where kind is gs1-prefix", "kind 为 gs1-prefix 时"),
}
_CHINESE = Words(
    "where country is CN and the party is no natural person", "country 为 CN 且主体不是自然人时"
)

NEEDED: Mapping[str, Words] = {
    "party.uscc": _CHINESE,
    "party-update.uscc": _CHINESE,
    "Names.zh": Words("where en is left out", "没有 en 时"),
    "Names.en": Words("where zh is left out", "没有 zh 时"),
    "qualification.categories": Words(
        "but where kind is accreditation, affiliation or gs1-prefix",
        "kind 不是 accreditation、affiliation、gs1-prefix 时",
    ),
    "qualification.methods": _OF_KIND["accreditation"],
    "qualification.scheme": _OF_KIND["accreditation"],
    "qualification.of": _OF_KIND["affiliation"],
    "qualification.relation": _OF_KIND["affiliation"],
    "qualification.prefix": _OF_KIND["gs1-prefix"],
    "claim-decided.rejected": Words("where nothing is upheld", "没有 upheld 时"),
    "inspection.lot_size": Words("but where every aql is 0", "aql 不全为 0 时"),
    "sampling-switch.evidence": Words(
        "where to is reduced or tightened and action is left out",
        "to 为 reduced 或 tightened 且未填 action 时",
    ),
    "objection-closed.retest": Words(
        "where outcome is confirmed or overturned", "outcome 为 confirmed 或 overturned 时"
    ),
    "sanction.damages": Words("where step is damages", "step 为 damages 时"),
    "sanction.interim": Words(
        "where step is delist, severity_ground critical and until a time",
        "step 为 delist、severity_ground 为 critical 且 until 为时间时",
    ),
    "sanction.severity_ground": Words("where interim is true", "interim 为 true 时"),
    "appeal-decision.terms": Words("where outcome is varied", "outcome 为 varied 时"),
    "Conduct.within_days": Words(
        "where kind is reports-for-lots or complaints-answered",
        "kind 为 reports-for-lots 或 complaints-answered 时",
    ),
    "Conduct.text": Words("where kind is other", "kind 为 other 时"),
    "Terms.damages": Words("where step is damages", "step 为 damages 时"),
    "test-report.standard": Words(
        "where an outcome is pass or fail", "有结果的 outcome 为 pass 或 fail 时"
    ),
    "retest-report.standard": Words(
        "where an outcome is pass or fail", "有结果的 outcome 为 pass 或 fail 时"
    ),
    "Result.uncertainty": Words("where decision_rule is guarded", "decision_rule 为 guarded 时"),
}
"""``type.field`` or ``part.field`` -> when a rule asks for it; elsewhere it may be left out."""
