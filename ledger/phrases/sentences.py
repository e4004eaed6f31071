"""Answers in sentences: the verdict, who says so, each reason and note."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ledger.identifiers import ALL
from ledger.phrases.chain_reasons import CHAIN_REASONS
from ledger.phrases.draw_reasons import DRAW_REASONS
from ledger.phrases.goods_reasons import GOODS_REASONS
from ledger.phrases.label_reasons import LABEL_REASONS
from ledger.phrases.party_reasons import PARTY_REASONS
from ledger.phrases.quality_reasons import QUALITY_REASONS
from ledger.phrases.reason_table import Said
from ledger.phrases.report_reasons import REPORT_REASONS
from ledger.phrases.sampling_reasons import SAMPLING_REASONS
from ledger.phrases.topic_words import topic_word
from ledger.phrases.type_words import type_word
from ledger.phrases.value_words import VALUE_FACTS, word_of
from ledger.phrases.verdict_sentences import HEADINGS, LIMITS, VERDICTS, counts, filled
from ledger.rules.codes import (
    BEGUN,
    CODES,
    HAVE,
    LACKING,
    LIST_FACTS,
    PLANNED,
    RECALLED,
    SHORTER,
    SINCE,
    UNTIL,
)
from ledger.rules.found import RANK
from ledger.texts import Lang, Words
from ledger.texts.joints import ASIDE, chosen, following, listed, parts, width

REASONS: Mapping[str, Said] = {
    **CHAIN_REASONS,
    **GOODS_REASONS,
    **SAMPLING_REASONS,
    **PARTY_REASONS,
    **QUALITY_REASONS,
    **DRAW_REASONS,
    **REPORT_REASONS,
    **LABEL_REASONS,
}
"""Every code's words."""

TYPE_FACT = "what"
"""The fact whose value is the name of a type."""

_LINKS = {
    "trademark": Words("the trademark is held by {holder}"),
    "affiliation": Words("{holder} counts as its holder"),
    "grant": Words("{issuer} authorised {holder}"),
}


_WHO = Words("Who says so: {0}.")
_SENTENCE = Words("{0}. {1}", "sentences")
_ANY = Words("any")
_ENTRY, _ENTRIES = Words("entry {0}"), Words("entries {0}")
_SINCE, _UNTIL = Words("since {0}"), Words("until {0}")
_BOTH = Words(
    "There is: the recall (entry {recalled}) and an improvement plan found effective (entry {planned}). Still lacking: a lot made after what was found and the recall that passes."
)
_CALLED_BACK = Words(
    "There is: the recall (entry {recalled}). Still lacking: an improvement plan found effective, and a lot made after the recall that passes."
)
_IMPROVED = Words(
    "There is: an improvement plan found effective (entry {planned}). Still lacking, unless the lot itself passes: its recall, and a lot made after that which passes."
)
_CALLED_BACK_AND_BEGUN = Words(
    "There is: the recall (entry {recalled}), and an improvement plan that nobody verified yet (entry {begun}). Still lacking: that it is found effective, and a lot made after the recall that passes."
)
_BEGUN = Words(
    "There is: an improvement plan that nobody verified yet (entry {begun}). Still lacking, unless the lot itself passes: that it is found effective, the recall, and a lot made after that which passes."
)
_TOGETHER = {
    (True, True, False): _BOTH,
    (True, False, False): _CALLED_BACK,
    (True, False, True): _CALLED_BACK_AND_BEGUN,
    (False, True, False): _IMPROVED,
    (False, False, True): _BEGUN,
}
"""What is there of a lot's remedy: recall, plan found effective, plan that nobody verified."""
_COMING = Words("There is: one of these authorisations, which begins later (entry {0}).")
_NEEDED = Words("For what is asked, {0}.")
_STILL = Words(
    "There is: the right of {0} to grant it (entry {1}). Still lacking: for what is asked, {2}."
)
_ON = Words("{0} has to authorise {1} (to be granted on, depth {2} or more)")
_LAST = Words("{0} has to authorise {1}")
_THEN = Words(", then ")
_SHORTER = Words("Shorter: {0}, who holds the brand, authorises {1} directly.")
_AS_ABOVE = Words("The same would mend it.")
_MORE = Words("And {0} more of this kind.")
_FOLDED = Words("All notes, and what would mend each: --notes.")
SHOWN = 3
"""How many notes of one kind are told where they are told short."""
SHORT_COLUMNS = 100
"""What would mend a note is told with it up to this length, a line of a terminal."""


def value_word(value: str, lang: Lang) -> str:
    """Return a word of ours in a language; any other text as it is."""
    found = word_of(value)
    return value if found is None else found.to(lang)


def entries_of(entries: Sequence[int], lang: Lang) -> str:
    """Return entries in words: entry 5, entries 5, 7."""
    word = _ENTRY if len(entries) == 1 else _ENTRIES
    return word.fill(lang, listed(map(str, entries), lang))


def reason_sentence(reason: Mapping[str, Any], lang: Lang) -> str:
    """Return a reason or note: what holds, since when, the entries it rests on, what would mend it."""
    return _told(*_reason(reason, lang), lang)


def in_full(reasons: Iterable[Mapping[str, Any]], lang: Lang) -> list[str]:
    """Return reasons or notes, a line each; those that the same would mend stand together, and say it once."""
    groups: dict[str, list[str]] = {}
    for item in reasons:
        clause, mending = _reason(item, lang)
        groups.setdefault(mending, []).append(clause)
    lines = []
    for mending, (first, *others) in groups.items():
        again = _AS_ABOVE.to(lang) if mending else ""
        lines.append(_told(first, mending, lang))
        lines += (_told(clause, again, lang) for clause in others)
    return lines


def in_short(notes: Iterable[Mapping[str, Any]], lang: Lang) -> list[str]:
    """Return notes, a line each: ``SHOWN`` of one code at most, without what would mend them where that is long.

    The last line says where the rest is told.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in notes:
        groups.setdefault(item["code"], []).append(_reason(item, lang))
    lines, folded = [], False
    for group in groups.values():
        said = ""
        for clause, mending in group[:SHOWN]:
            long = width(mending) > SHORT_COLUMNS
            folded |= long
            again = _AS_ABOVE.to(lang) if mending and mending == said else mending
            lines.append(_told(clause, "" if long else again, lang))
            said = mending
        if len(group) > SHOWN:
            lines.append(_MORE.fill(lang, len(group) - SHOWN))
            folded = True
    return [*lines, _FOLDED.to(lang)] if folded else lines


def _told(clause: str, mending: str, lang: Lang) -> str:
    return _SENTENCE.fill(lang, clause, mending).rstrip()


def reason_clause(reason: Mapping[str, Any], lang: Lang) -> str:
    """Return a reason or note without what would mend it, and without its full stop."""
    return _reason(reason, lang)[0]


def _reason(reason: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    """Return what holds, since when, with the entries it rests on; and what would mend it."""
    said = REASONS[reason["code"]]
    facts = {name: _word(name, str(value), lang) for name, value in reason["facts"].items()}
    facts |= _again(str(reason["facts"].get("mode")), lang)
    beside = []
    if SINCE in facts:
        beside.append(_SINCE.fill(lang, facts[SINCE]))
    if UNTIL in facts and UNTIL not in CODES[reason["code"]]:
        beside.append(_UNTIL.fill(lang, facts[UNTIL]))
    if reason["entries"]:
        beside.append(entries_of(reason["entries"], lang))
    aside = ASIDE.fill(lang, parts(beside, lang)) if beside else ""
    mending = said.mending(lang)
    if LACKING in facts:
        mending = _granting(said, reason["facts"], lang)
    elif partly := _partly(said, facts, lang):
        mending = following([mending, partly], lang)
    return said.clause(lang).format_map(facts) + aside, mending.format_map(facts)


def _partly(said: Said, facts: Mapping[str, str], lang: Lang) -> str:
    """Return what is there already of what would mend, and what is still lacking; empty where nothing is."""
    if HAVE in facts and said.had is not None:
        return said.had.to(lang)
    if BEGUN in facts and said.begun is not None:
        return said.begun.to(lang)
    found = _TOGETHER.get((RECALLED in facts, PLANNED in facts, BEGUN in facts))
    return "" if found is None else found.to(lang)


def _granting(said: Said, facts: Mapping[str, Any], lang: Lang) -> str:
    """Return what is there already and who has to authorise whom still, each by its id; and shorter ways."""
    way = str(facts[LACKING]).split(" ")
    left = len(way) - 2
    steps = [
        _ON.fill(lang, giver, to, left - at) if at < left else _LAST.fill(lang, giver, to)
        for at, (giver, to) in enumerate(pairwise(way))
    ]
    first, other = said.beside(lang)
    found = [first] if HAVE not in facts and first else []
    there = (way[0], facts[HAVE]) if HAVE in facts else ()
    words = _STILL if there else _NEEDED
    found.append(words.fill(lang, *there, _THEN.to(lang).join(steps)))
    if BEGUN in facts:
        found.append(_COMING.fill(lang, facts[BEGUN]))
    if SHORTER in facts:
        found.append(_SHORTER.fill(lang, facts[SHORTER], way[-1]))
    return following([*found, *([other] if other else [])], lang)


def _again(mode: str, lang: Lang) -> dict[str, str]:
    """Return the modes of inspection that are as independent as one, as sentences name them."""
    if mode not in RANK:
        return {}
    modes = [value_word(name, lang) for name, rank in RANK.items() if rank >= RANK[mode]]
    return {"again": chosen(modes, lang)}


def _word(name: str, value: str, lang: Lang) -> str:
    """Return a fact's value as sentences have it: words of ours in their language."""
    if name == TYPE_FACT:
        return type_word(value, lang)
    if name in LIST_FACTS:
        return listed(value.split(" "), lang)
    return value_word(value, lang) if name in VALUE_FACTS else value


def _chain(rows: Sequence[Mapping[str, Any]], lang: Lang) -> Iterator[str]:
    """Yield who says so: the chain from the trademark down."""
    links = []
    for row in rows:
        text = _LINKS[row["kind"]].to(lang).format_map(row)
        links.append(text + ASIDE.fill(lang, entries_of((row["entry"],), lang)))
    if links:
        yield _WHO.fill(lang, parts(links, lang))


def _types(names: Sequence[str], lang: Lang) -> str:
    return listed((value_word(name, lang) for name in names), lang)


def _drawn(plan: Mapping[str, Any] | None, lang: Lang) -> dict[str, str]:
    """Return the words of a sampling plan."""
    found = (plan or {}).items()
    return {name: value_word(str(v), lang) for name, v in found if v is not None}


def _asked_type(parameters: Mapping[str, str], lang: Lang) -> str:
    name = parameters.get("shop_type", "*")
    return _ANY.to(lang) if name == "*" else value_word(name, lang)


def sentences(question: str, parameters: Mapping[str, str], answer: Any, lang: Lang) -> list[str]:
    """Return an answer in words: the verdict, who says so, then each reason and each note.

    Args:
        question: its name.
        parameters: as they were asked.
        answer: the JSON value of a bundle.
        lang: ``zh`` or ``en``.

    """
    said = _verdict(question, parameters, answer, lang)
    return [*said, *(line for _, lines in _because_of(answer, lang) for line in lines)]


def paragraphs(
    question: str,
    parameters: Mapping[str, str],
    answer: Any,
    lang: Lang,
    *,
    whole: bool = False,
) -> list[str]:
    """Return an answer in lines for people: its sentences, reasons and notes each under a heading.

    Reasons are told in full, notes short unless ``whole``: what decides nothing must not hide what does.
    """
    found = _verdict(question, parameters, answer, lang)
    if isinstance(answer, list):
        return found
    for name, heading in HEADINGS.items():
        tell = in_full if whole or name != "notes" else in_short
        lines = tell(answer[name], lang)
        if lines:
            found += [heading.to(lang), *(f"  - {line}" for line in lines)]
    return found


def _because_of(answer: Any, lang: Lang) -> list[tuple[str, list[str]]]:
    """Return the sentences of an answer's reasons, then of its notes."""
    if isinstance(answer, list):
        return []
    return [(name, [reason_sentence(item, lang) for item in answer[name]]) for name in HEADINGS]


def _verdict(question: str, parameters: Mapping[str, str], answer: Any, lang: Lang) -> list[str]:
    """Return what an answer says, and of a yes who says so."""
    if isinstance(answer, list):
        key = (question, "some" if answer else "none")
        text = VERDICTS[key].to(lang)
        topic = topic_word(parameters["topic"], lang)
        return [filled(text, {**parameters, "topic": topic, "entries": str(len(answer))})]
    words = {
        **parameters,
        **counts(answer),
        "asked_type": _asked_type(parameters, lang),
        "shop_types": _types(answer.get("shop_types", ()), lang),
        **_drawn(answer.get("plan"), lang),
    }
    to = parameters.get("to")
    words |= {"anybody": ""} if to == ALL else {} if to is None else {"other": to}
    verdict = answer["verdict"]
    said = [filled(VERDICTS[question, verdict].to(lang), words)]
    if verdict == "yes":
        said.extend(_chain(answer.get("chain", ()), lang))
    return said


def limits(lang: Lang) -> list[str]:
    """Return what a verified answer proves, and what it does not."""
    return [words.to(lang) for words in LIMITS]
