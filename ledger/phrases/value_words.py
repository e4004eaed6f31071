"""Values of facts that are words of ours: steps, kinds, modes, types of shop."""

from collections.abc import Mapping

from ledger.statements.results import ABSENT, PRESENT
from ledger.texts import Lang, Words
from ledger.texts.joints import listed

VALUES: Mapping[str, Words] = {
    "flagship": Words("flagship"),
    "specialty": Words("specialty"),
    "multi-brand": Words("multi-brand"),
    "interview": Words("interview"),
    "damages": Words("liquidated damages"),
    "delist": Words("delisting"),
    "close-shop": Words("closing the shop"),
    "end-cooperation": Words("end of cooperation"),
    "inbound": Words("inbound inspection"),
    "patrol": Words("warehouse patrol"),
    "flight": Words("flight inspection"),
    "mystery": Words("mystery sampling"),
    "normal": Words("normal"),
    "tightened": Words("tightened"),
    "reduced": Words("reduced"),
    "discontinued": Words("discontinued"),
    "accepted": Words("accepted"),
    "refused": Words("refused"),
    "origin": Words("origin audit"),
    "observer": Words("observers' visit"),
    "pack": Words("packed", "movement"),
    "ship": Words("sent", "movement"),
    "receive": Words("received", "movement"),
    "return": Words("returned", "movement"),
    "split": Words("split", "movement"),
    "merge": Words("merged", "movement"),
    "repack": Words("repacked", "movement"),
    "destroy": Words("destroyed", "movement"),
    "critical": Words("critical"),
    "major": Words("major"),
    "minor": Words("minor"),
    "reports-for-lots": Words("a report for every lot in time"),
    "complaints-answered": Words("every complaint answered in time"),
    "no-critical-failure": Words("no critical failure"),
    "improvement-in-time": Words("improvement in time"),
    "other": Words("something else"),
    "design": Words("design"),
    "sourcing": Words("sourcing"),
    "making": Words("making"),
    "storing": Words("storing"),
    "selling": Words("selling"),
    "proven": Words("proven by later results"),
    "not-yet": Words("not shown yet"),
    "worse": Words("worse than before"),
    "already": Words("reached before the plan"),
    "quality": Words("poor quality"),
    "not-as-described": Words("not as described"),
    "counterfeit": Words("suspected counterfeit"),
    "expired": Words("expired, or soon"),
    "foreign-matter": Words("foreign matter"),
    "unwell": Words("unwell after use"),
    "damaged": Words("damaged in transit"),
    "packaging": Words("packaging"),
    "wrong-goods": Words("wrong goods sent"),
    "incomplete": Words("something missing"),
    "no-reason": Words("no reason given"),
    "at-most": Words("at most"),
    "at-least": Words("at least"),
    "below": Words("less than"),
    "above": Words("more than"),
    "absent": Words("none found in"),
    "one-of": Words("one of"),
    "described": Words("as described:"),
    "business": Words("business licence"),
    "production": Words("production licence"),
    "food-licence": Words("food licence"),
    "gs1-prefix": Words("GS1 company prefix"),
    "compulsory-certification": Words("compulsory certificate"),
    "trademark-registered": Words("trademark registration"),
    "trademark-pending": Words("trademark application"),
    "affiliation": Words("affiliation"),
    "accreditation": Words("accreditation"),
    "pass": Words("pass"),
    "fail": Words("fail"),
    "inconclusive": Words("inconclusive"),
    "not-judged": Words("not judged"),
    "final": Words("final"),
    "objected": Words("objected to"),
    "stands": Words("stands"),
    "coming": Words("begins later"),
    "over": Words("over"),
    "broken": Words("carries nothing"),
    "open": Words("open"),
    "visited": Words("visited"),
    "waiting": Words("waits for an answer", "application"),
    "unanswered": Words("not answered in time"),
    "appointed": Words("is an observer"),
    "declined": Words("declined"),
    "left": Words("left early"),
    "invited": Words("drawn and invited"),
    "executed": Words("executed"),
    "late": Words("executed late"),
    "failed": Words("failed"),
    "unsealed": Words("not shown to be what was sealed"),
    "drawn": Words("drawn"),
    "spare": Words("stands by"),
    "substituted": Words("substituted"),
    "passed-over": Words("passed over for a tie"),
    "revealed": Words("revealed"),
    "not-on-sale": Words("not on sale any more"),
    "sold-out": Words("sold out, as the operator says"),
    "not-delivered": Words("bought and not delivered, as the operator says"),
    "unavailable": Words("not available, as the operator says"),
    "tied-since": Words("tied since then"),
    "outside-scope": Words("outside its scope, as the operator says"),
    "overturned": Words("overturned"),
    "recalled": Words("called back"),
    "complained": Words("complained of"),
    "returned": Words("returns"),
    "no-findings": Words("no findings"),
    "renewed": Words("renewed"),
    "parent": Words("above it"),
    "subsidiary": Words("below it"),
    "beside": Words("both belong to the same"),
    "same-code": Words("both carry one unified social credit code"),
    "same-party": Words("the same party"),
    "paper": Words("paper", "what ends"),
    "grant": Words("authorisation", "what ends"),
}
"""Value -> English, Chinese."""

VALUE_FACTS = (
    "shop_type", "step", "before", "mode", "kind", "severity", "direction", "conduct", "said", "reason",
)  # fmt: skip
"""Facts whose values are among them."""

CHOICES: Mapping[str, Words] = {
    "confirmed": Words("confirmed"),
    "withdrawn": Words("withdrawn"),
    "wholly-owned": Words("wholly owned"),
    "sole-agent": Words("sole agent"),
    "tied": Words("tied"),
    "admitted": Words("admitted"),
    "simple": Words("simple"),
    "guarded": Words("guarded"),
    "upheld": Words("upheld"),
    "varied": Words("varied"),
    "annulled": Words("annulled"),
    "effective": Words("effective"),
    "ineffective": Words("ineffective"),
    "consumer": Words("consumer"),
    "media": Words("media"),
    "association": Words("association"),
    "full": Words("no seat left"),
    "incomplete": Words("incomplete"),
    "unfit": Words("unfit"),
    "compromised": Words("compromised"),
    "lost": Words("lost"),
    "retired": Words("retired"),
    "insufficient": Words("insufficient"),
    "facility": Words("place", "value"),
    "lot": Words("lot", "value"),
    "draw": Words("draw", "value"),
    "yes-no": Words("yes or no"),
    "value": Words("value that is read off"),
    "photo": Words("photo"),
    "yes": Words("yes", "value"),
    "no": Words("no", "value"),
}
"""Further values of fields, which no fact has: what a cell of a sheet may choose."""


ACTIVITIES: Mapping[str, Words] = {
    "growing": Words("growing", "activity"),
    "making": Words("making", "activity"),
    "processing": Words("processing", "activity"),
    "drying": Words("drying", "activity"),
    "roasting": Words("roasting", "activity"),
    "blending": Words("blending", "activity"),
    "packing": Words("packing", "activity"),
    "storing": Words("storing", "activity"),
}
"""What is often done at a place; whoever registers one writes what they like."""


MEASURED: Mapping[str, Words] = {
    ABSENT: Words("not found", "measured"),
    PRESENT: Words("found", "measured"),
}
"""What was looked for and not measured: another word than that of the criterion it is held against."""


def measured_words(value: str, lang: Lang) -> str:
    """Return the readings of a result, as reports write them in a row, each word in a language."""
    readings = value.split(", ")
    if MEASURED.keys().isdisjoint(readings):
        return value
    return listed((MEASURED[x].to(lang) if x in MEASURED else x for x in readings), lang)


def word_of(value: str) -> Words | None:
    """Return what a value of a field is called, None for what is no word of ours."""
    return VALUES.get(value) or CHOICES.get(value)
