"""What each type of statement is called, for lists of what was said."""

from collections.abc import Mapping

from ledger.texts import Lang, Words

TYPES: Mapping[str, Words] = {
    "genesis": Words("genesis"),
    "rules": Words("rules"),
    "log-end": Words("end of the log"),
    "seal": Words("seal"),
    "party": Words("party"),
    "party-update": Words("party update"),
    "key": Words("key"),
    "key-revocation": Words("key revocation"),
    "qualification": Words("qualification"),
    "qualification-withdrawal": Words("withdrawal of a qualification"),
    "authorisation": Words("authorisation"),
    "authorisation-revocation": Words("revocation of an authorisation"),
    "product": Words("product"),
    "claim-decided": Words("decision on claims"),
    "admission": Words("admission"),
    "shop": Words("shop"),
    "shop-ended": Words("end of a shop"),
    "listing": Words("listing"),
    "listing-ended": Words("end of a listing"),
    "facility": Words("facility"),
    "origin-audit": Words("origin audit"),
    "lot": Words("lot"),
    "baseline-standard": Words("baseline standard"),
    "standard": Words("platform standard"),
    "alliance-pledge": Words("alliance pledge"),
    "inspection": Words("inspection"),
    "sampling-switch": Words("switch of inspection severity"),
    "sample-sealed": Words("sample sealed"),
    "custody": Words("custody"),
    "test-report": Words("test report"),
    "objection": Words("objection"),
    "retest-report": Words("retest report"),
    "objection-closed": Words("end of an objection"),
    "recall": Words("recall"),
    "sanction": Words("sanction"),
    "sanction-lifted": Words("sanction lifted"),
    "label": Words("quality label"),
    "label-withdrawn": Words("quality label withdrawn"),
    "appeal": Words("appeal"),
    "appeal-decision": Words("decision on an appeal"),
    "complaint": Words("complaint"),
    "advice": Words("advice"),
    "improvement-plan": Words("improvement plan"),
    "improvement-step": Words("improvement step"),
    "improvement-verified": Words("verification of an improvement"),
    "observer-application": Words("observer's application"),
    "observer": Words("observer appointed"),
    "invitation": Words("invitation"),
    "visit": Words("visit"),
    "observation": Words("observation"),
    "quality-model": Words("model of the quality index"),
    "quality-index": Words("quality index"),
    "supersede": Words("correction"),
    "erasure": Words("erasure of sealed values"),
    "withdrawn-in-error": Words("withdrawal in error"),
    "generic": Words("other statement"),
}
"""Type -> English, Chinese."""


def type_word(name: str, lang: Lang) -> str:
    """Return what a type is called in a language; one that this release does not know, as it is."""
    found = TYPES.get(name)
    return name if found is None else found.to(lang)
