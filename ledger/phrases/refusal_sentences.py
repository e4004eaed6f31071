"""Refusals in words: the rule's sentence, the details, the reasons of a question that the rule asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.phrases.rule_sentences import BESIDE
from ledger.phrases.sentences import reason_sentence
from ledger.questions.book import MALFORMED, MALFORMED_SENTENCE, REGISTRY
from ledger.questions.verdict import reason_value
from ledger.rules.chains import Failure
from ledger.rules.registry import Refusal
from ledger.texts import Lang, Sentence, Words, languages, saying, translated
from ledger.texts.joints import COLON, following

_DETAILS = Words("{0} Details: {1}")


def rule_sentence(rule_id: str, lang: Lang) -> str:
    """Return a registration rule's sentence; empty for an id that is no rule."""
    if rule_id in BESIDE:
        return BESIDE[rule_id].to(lang)
    if rule_id == MALFORMED:
        return translated(MALFORMED_SENTENCE, lang)
    rule = REGISTRY.rules.get(rule_id)
    return "" if rule is None else translated(rule.sentence, lang)


def _because(reasons: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """Return the sentences of a refusal's reasons, as they follow its message."""
    said = [reason_sentence(item, lang) for item in reasons]
    if not said:
        return ""
    return COLON.to(lang) + following(said, lang)


@dataclass(frozen=True, slots=True)
class _Because:
    """The sentences of a refusal's reasons."""

    reasons: Sequence[Mapping[str, Any]]

    def to(self, lang: Lang) -> str:
        """Return them in a language."""
        return _because(self.reasons, lang)


def refusal_row(item: Refusal) -> dict[str, Any]:
    """Return a refusal as JSON; its message ends with the sentences of its reasons."""
    reasons = [reason_value(reason) for reason in item.reasons]
    message = item.message
    if reasons:
        message = saying("{message}{because}", message=message, because=_Because(reasons))
    row: dict[str, Any] = {"rule": item.rule, "message": message, "cites": list(item.cites)}
    return row | ({"reasons": reasons} if reasons else {})


def refusal_of(row: Mapping[str, Any]) -> Refusal | None:
    """Return the refusal that a row of JSON is, its reasons apart; None for what is none.

    Reasons that this code has no words for stay what the message says of them.
    """
    match row:
        case {"rule": str(rule_id), "message": str(message)}:
            cites, listed = row.get("cites"), row.get("reasons")
        case _:
            return None
    indices = tuple(i for i in (cites if isinstance(cites, list) else ()) if type(i) is int)
    try:
        reasons = tuple(
            Failure(item["code"], tuple(item["entries"]), dict(item["facts"]))
            for item in (listed or ())
        )
        values = [reason_value(item) for item in reasons]
        told = [_because(values, lang) for lang in languages()]
    except (ValueError, TypeError, KeyError):
        return Refusal(rule_id, message, indices)
    for ending in told:  # in whichever language a server says it
        message = message.removesuffix(ending)
    return Refusal(rule_id, message, indices, reasons)


def refusal(
    rule_id: str, message: str, lang: Lang, reasons: Sequence[Mapping[str, Any]] = ()
) -> str:
    """Return a refusal in words: the rule's sentence, then the details, each reason of a question on a line.

    Details that a server told are in its language, but for the reasons of a question that the rule asks.
    """
    law = rule_sentence(rule_id, lang)
    message = message.to(lang) if isinstance(message, Sentence) else message
    for told in languages():
        message = message.removesuffix(_because(reasons, told))
    head = _DETAILS.fill(lang, law, message) if law else message
    return "\n  - ".join((head, *(reason_sentence(item, lang) for item in reasons)))
