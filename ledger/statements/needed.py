"""Fields that may be left out, but that a rule asks for in some cases: when, in words.

A form alone cannot say it: what a paper needs depends on its kind. The help of a type and its
template are made of this and of the classes; a test holds it against the rules.
"""

from collections.abc import Mapping

from ledger.texts import Words

_OF_KIND = {
    "accreditation": Words("where kind is accreditation"),
    "affiliation": Words("where kind is affiliation"),
    "gs1-prefix": Words("where kind is gs1-prefix"),
}
_CHINESE = Words("where country is CN and the party is no natural person")

NEEDED: Mapping[str, Words] = {
    "party.uscc": _CHINESE,
    "party-update.uscc": _CHINESE,
    "Names.zh": Words("where en is left out"),
    "Names.en": Words("where zh is left out"),
    "qualification.categories": Words("but where kind is accreditation, affiliation or gs1-prefix"),
    "qualification.methods": _OF_KIND["accreditation"],
    "qualification.scheme": _OF_KIND["accreditation"],
    "qualification.of": _OF_KIND["affiliation"],
    "qualification.relation": _OF_KIND["affiliation"],
    "qualification.prefix": _OF_KIND["gs1-prefix"],
    "claim-decided.rejected": Words("where nothing is upheld"),
    "inspection.lot_size": Words("but where every aql is 0"),
    "sampling-switch.evidence": Words("where to is reduced or tightened and action is left out"),
    "objection-closed.retest": Words("where outcome is confirmed or overturned"),
    "sanction.damages": Words("where step is damages"),
    "sanction.interim": Words("where step is delist, severity_ground critical and until a time"),
    "sanction.severity_ground": Words("where interim is true"),
    "appeal-decision.terms": Words("where outcome is varied"),
    "Conduct.within_days": Words("where kind is reports-for-lots or complaints-answered"),
    "Conduct.text": Words("where kind is other"),
    "Terms.damages": Words("where step is damages"),
    "test-report.standard": Words("where an outcome is pass or fail"),
    "retest-report.standard": Words("where an outcome is pass or fail"),
    "Result.uncertainty": Words("where decision_rule is guarded"),
}
"""``type.field`` or ``part.field`` -> when a rule asks for it; elsewhere it may be left out."""
