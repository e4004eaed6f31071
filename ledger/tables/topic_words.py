"""Which history is meant by a word for what its statements say, and by two things with a word between."""

import re
from collections.abc import Mapping

from ledger.identifiers.kinds import AND, PAIR
from ledger.phrases import type_word
from ledger.phrases.topic_words import TOPIC_WORDS
from ledger.primitives.near import normal_name
from ledger.statements.topics import TOPICS
from ledger.texts import Words, languages

KEPT_IN: Mapping[str, tuple[str, ...]] = {
    "epcis": ("event", "event-by"),
    "genesis": ("log",),
    "rules": ("log",),
    "log-end": ("log",),
    "seal": (),
    "party": ("identity",),
    "party-update": ("identity",),
    "key-revocation": ("keys", "key"),
    "qualification-withdrawal": ("qualification",),
    "authorisation": ("grants", "grant", "granted"),
    "authorisation-revocation": ("grants", "grant", "granted"),
    "claim-decided": ("product", "lot", "facility", "shop"),
    "shop-ended": ("shop", "shops"),
    "listing-ended": ("listing", "listings"),
    "origin-audit": ("facility",),
    "baseline-standard": ("baselines", "standard", "standards"),
    "alliance-pledge": ("pledge",),
    "sampling-switch": ("inspections",),
    "sample-sealed": ("sample", "inspection"),
    "custody": ("sample", "inspection"),
    "test-report": ("sample", "reports", "inspection"),
    "objection": ("sample", "reports"),
    "retest-report": ("sample", "reports"),
    "objection-closed": ("sample", "reports"),
    "sanction-lifted": ("sanction",),
    "appeal": ("sanction",),
    "appeal-decision": ("sanction",),
    "complaint": ("feedback",),
    "improvement-plan": ("improvement",),
    "improvement-step": ("improvement",),
    "improvement-verified": ("improvement",),
    "label-withdrawn": ("label",),
    "observer-call": ("observers",),
    "observer-application": ("observer", "observers"),
    "observer-declined": ("observer", "observers"),
    "observer-ended": ("observer", "observers"),
    "invitation": ("observer", "invited"),
    "observation": ("visit", "facility", "inspection"),
    "quality-model": ("model",),
    "quality-index": ("index",),
    "draw-key": ("draws",),
    "sampling-programme": ("programme", "programmes"),
    "draw-sealed": ("draw",),
    "draw-result": ("draw", "programme"),
    "supersede": ("statement",),
    "erasure": ("statement",),
    "withdrawn-in-error": ("statement",),
}
"""Type that no topic is called as -> topics of the histories that it is looked for in, the usual one first."""
MAX_OFFERED = 5
MIN_PART = 2
"""Characters of a part of a name that is looked for."""
BETWEEN = Words("and", "between two things that are typed")
"""What stands between two things that are typed for one subject."""


def _as_told(topic: str) -> set[str]:
    """Return the words by which answers tell a topic, in any language."""
    return {normal_name(TOPIC_WORDS[topic].to(lang)) for lang in languages()}


def topics_called(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the topics that a word in a language stands for, and whether a type is called exactly so."""
    word = normal_name(text)
    said = [
        (normal_name(type_word(name, lang)), topics)
        for name, topics in [*((one, (one,)) for one in TOPICS), *KEPT_IN.items()]
        for lang in languages()
    ]
    if listed := [one for one in TOPICS if word in _as_told(one)]:
        return tuple(listed), True
    same = [topics for called, topics in said if called == word]
    within = [topics for called, topics in said if len(word) >= MIN_PART and word in called]
    found = dict.fromkeys(one for topics in same or within for one in topics)
    return tuple(found)[:MAX_OFFERED], bool(same)


def two_of(text: str, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the two parts of a text with the kinds of the pair that a topic is kept by; none where it is no pair."""
    pair = next((kind.split(AND) for kind in kinds if AND in kind), [])
    between = "|".join(BETWEEN.to(lang) for lang in languages())
    parts = re.split(rf"\s*{PAIR}\s*|\s+(?:{between})\s+", text.strip())
    return list(zip(parts, pair, strict=True)) if len(parts) == len(pair) else []
