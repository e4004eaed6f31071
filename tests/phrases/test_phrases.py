"""Sentences: every code, rule and verdict has words in both languages that say all its facts."""

import re
from importlib import import_module
from string import Formatter
from typing import get_args

import pytest

from ledger.phrases import details, limits, paragraphs, refusal, refusal_of, refusal_row, sentences
from ledger.phrases.refusal_sentences import rule_sentence
from ledger.phrases.rule_sentences import BESIDE
from ledger.phrases.sentences import (
    REASONS,
    in_full,
    in_short,
    reason_clause,
    reason_sentence,
)
from ledger.phrases.type_words import type_word
from ledger.phrases.value_words import VALUES
from ledger.phrases.verdict_sentences import VERDICTS
from ledger.questions.book import MALFORMED, REGISTRY
from ledger.questions.declared import QUESTIONS
from ledger.questions.measured import Proof
from ledger.questions.rights import STATES as RIGHTS
from ledger.questions.verdict import reason_value
from ledger.rules.chains import Failure
from ledger.rules.codes import CODES
from ledger.rules.outcomes import Source
from ledger.rules.registry import Refusal
from ledger.rules.reports import State
from ledger.sampling import Stage
from ledger.statements.brand_family import Kind
from ledger.statements.catalogue import CATALOGUE, GENERIC
from ledger.statements.criteria import Direction
from ledger.statements.draw_family import ObjectReason, RoleReason
from ledger.statements.fields import SEVERITIES, ShopType
from ledger.statements.improvement_family import Stage as LifeStage
from ledger.statements.inspection_family import Decision
from ledger.statements.market_family import ReturnReason
from ledger.statements.movement_family import Kind as MovementKind
from ledger.statements.results import Outcome
from ledger.statements.sanction_family import STEPS
from ledger.statements.standard_family import ConductKind
from ledger.writing.log import OTHER_SIGNATURE, SEALING_KEY

LANGS = ("zh", "en")
RULES = sorted({MALFORMED, *BESIDE, *REGISTRY.rules})
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ASCII_STOPS = re.compile(r"[\u4e00-\u9fff][,;:?!.()]|[,;:?!()][\u4e00-\u9fff]")


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_sentence_leaves_open_how_independent_somebody_has_to_be():
    """It says to whom one must not be tied, and which inspections count."""
    told = [
        text
        for said in REASONS.values()
        for lang in LANGS
        for text in (said.clause(lang), said.mending(lang))
    ]
    told += [rule_sentence(rule, lang) for rule in REGISTRY.rules for lang in ("en", "zh")]
    assert [text for text in told if re.search("independen|独立", text)] == []


def test_a_lot_that_replaces_another_is_said_to_be_made_after_what_is_against_that():
    """One that was made before it was called back replaces nothing, whenever it is registered."""
    told = [said for said in REASONS.values() if "a lot made" in said.mend]
    assert len(told) >= 4
    for said in told:
        assert re.search(r"a lot made after (\S+ ){1,5}?(the )?recall\b", said.mend)
        assert re.search("召回之后生产的?批次", said.mending("zh"))
    assert [said for said in REASONS.values() if "made later" in said.mend] == []


def test_every_code_has_words_and_no_other():
    assert list(REASONS) == list(CODES)


def test_what_is_refused_beside_the_rules_has_a_sentence():
    assert set(BESIDE) == {OTHER_SIGNATURE, SEALING_KEY}
    assert all(rule_sentence(rule, lang) for rule in RULES for lang in LANGS)


def test_every_verdict_of_every_question_has_a_sentence():
    words = {(name, verdict) for name in QUESTIONS for verdict in ("yes", "no", "unknown")}
    words = {item for item in words if item[0] != "history"}
    assert set(VERDICTS) == words | {("history", "some"), ("history", "none")}


@pytest.mark.parametrize("code", CODES)
def test_a_reason_says_its_facts_in_both_languages(code: str):
    said, facts = REASONS[code], set(CODES[code])
    for lang, stop in STOPS.items():
        clause, mend = said.clause(lang), said.mending(lang)
        assert names_in(clause) == facts
        # Beside them stands which modes are as independent.
        assert names_in(mend) <= facts | ({"again"} if "mode" in facts else set())
        assert not clause.endswith(stop)
        assert mend.endswith(stop if said.mend else "")


STOPS = {"en": ".", "zh": "。"}
CHINESE_TEXTS = [
    *(
        text
        for said in REASONS.values()
        for text in (said.clause("zh"), said.mending("zh"))
        if text
    ),
    *(rule_sentence(rule, "zh") for rule in RULES),
    *(words.to("zh") for words in VERDICTS.values()),
    *(limits("zh")),
    *(question.words.to("zh") for question in QUESTIONS.values()),
    *(item.words.to("zh") for question in QUESTIONS.values() for item in question.parameters),
]


@pytest.mark.parametrize("text", CHINESE_TEXTS)
def test_chinese_has_its_own_punctuation(text: str):
    assert CHINESE.search(text)
    assert not ASCII_STOPS.search(text)


def test_no_english_sentence_holds_chinese():
    texts = [text for said in REASONS.values() for text in (said.en, said.mend)]
    texts += [words.en for words in VERDICTS.values()]
    assert not [text for text in texts if CHINESE.search(text)]


ONE_THING = {
    "lots-absent": "whose lots would count: one list of parties",
    "plan-not-switched": "names both severities there are besides normal",
    "sampling-tightened": "how many lots in a row, as the standard counts them",
    "sampling-idle": "warehouses tied to either of the two: what counts for nothing is all of it",
    "sampling-against": "Chinese alone: inspections and switches, whichever was let in",
    ("expiring", "no"): "what is held and what was given",
}
"""Sentences with an "or" that is no choice of causes, each with what it is."""


def test_a_sentence_tells_one_cause():
    """Who reads "this or that" does not know what to mend: a code, and a verdict, says one thing."""
    told = {code: (said.en, said.clause("zh")) for code, said in REASONS.items()}
    told |= {
        key: (words.en, words.to("zh"))
        for key, words in VERDICTS.items()
        if key[1] in ("no", "unknown")
    }
    offered = {key for key, (en, zh) in told.items() if " or " in en or "或" in zh}
    assert offered - ONE_THING.keys() == set()
    assert ONE_THING.keys() - offered == set()


def test_the_words_of_the_statements_are_translated():
    kinds = {*Kind.__args__, *ShopType.__args__, *STEPS, *Stage.__args__}
    kinds |= {*Source.__args__, *SEVERITIES, *Outcome.__args__, *State.__args__}
    kinds |= {*Direction.__args__, *ConductKind.__args__, *Decision.__args__}
    kinds |= {*RIGHTS, "open", "visited"}
    kinds |= {"renewed"}  # what an admission rests on
    kinds |= {"paper", "grant"}  # what ends
    kinds |= {*get_args(ObjectReason), *get_args(RoleReason)}
    kinds |= {"executed", "late", "failed", "unsealed", "drawn", "spare", "substituted"}
    kinds |= {"passed-over", "revealed"}  # what became of picks and draws
    kinds |= {"recalled", "complained", "returned", "no-findings"}  # what came of what was undone
    kinds |= {*get_args(ReturnReason), *get_args(LifeStage), *get_args(Proof)}
    kinds |= {"waiting", "unanswered", "declined", "appointed", "left"}  # of who applied to observe
    kinds |= {"invited"}  # what became of an observer that was drawn
    kinds |= {"parent", "subsidiary", "beside", "same-code", "same-party"}  # how two are tied
    kinds |= {*get_args(MovementKind)}
    assert set(VALUES) == kinds


def test_every_type_of_statement_has_a_name_in_both_languages():
    for name in (*CATALOGUE, GENERIC):
        assert CHINESE.search(type_word(name, "zh"))
        assert not CHINESE.search(type_word(name, "en"))


def test_what_was_said_is_a_line_each():
    row = {"entry": 7, "type": "recall", "issuer": "A", "subject": "L", "about": "L"}
    answer = {"entries": [row | {"issued_at": "2026-05-01T08:00:00Z"}]}
    en, zh = "What was said, in the order of registration:", "所有声明（按登记先后）："
    assert list(details(answer, "en")) == [en, "2026-05-01T08:00:00Z A: recall (L; entry 7)"]
    assert list(details(answer, "zh")) == [zh, "2026-05-01T08:00:00Z A：召回（L；条目 7）"]
    answer["entries"][0] |= {"type": "inspection", "decided": "refused"}
    assert list(details(answer, "en")) == [
        en,
        "2026-05-01T08:00:00Z A: inspection, refused (L; entry 7)",
    ]
    assert list(details(answer, "zh")) == [zh, "2026-05-01T08:00:00Z A：检验，拒收（L；条目 7）"]


def test_what_falls_is_a_line_each():
    listing = {"entry": 9, "product": "P", "shop": "S", "territories": ["CN", "DE"]}
    answer = {
        "grants": [{"entry": 5, "id": "aa", "grantee": "{0}"}],
        "traders": ["{type}"],
        "shops": ["S"],
        "listings": [listing],
    }
    assert list(details(answer, "en")) == [
        "grant to {0} (entry 5)",
        "trader {type}",
        "shop S",
        "listing of P in S for CN, DE (entry 9)",
    ]
    assert list(details(answer, "zh"))[3] == "S 在 CN、DE 上架的 P（条目 9）"
    assert list(details([], "zh")) == []


def test_what_moved_a_series_is_a_line_each():
    answer = {"moves": [{"entry": 9, "to": "tightened", "by": [7, 9]}]}
    assert list(details(answer, "en")) == ["entry 9: tightened, following from 7, 9"]
    assert list(details(answer, "zh")) == ["条目 9：转为加严检验，依据条目 7、9"]


def test_a_verdict_in_words():
    asked = {
        "trader": "did:web:shop.example",
        "product": "P",
        "territory": "CN",
        "channel": "mall.example",
        "shop_type": "flagship",
    }
    facts = {"issuer": "A", "grantee": "B", "by": "C", "since": "2026-05-01T08:00:00Z"}
    answer = {
        "verdict": "no",
        "reasons": [
            {"code": "grant-revoked", "entries": [5, 9], "facts": facts},
            {"code": "grant-shop-type", "entries": [7], "facts": facts | {"shop_type": "flagship"}},
        ],
        "notes": [],
        "shop_types": [],
        "chain": [],
    }
    assert sentences("may_sell", asked, answer, "en") == [
        "No: did:web:shop.example may not sell P in CN on mall.example (type of shop: flagship).",
        (
            "The authorisation of B by A was revoked by C (since 2026-05-01T08:00:00Z; entries 5, 9). "
            "C, or who stands above it in the chain, has to authorise B anew; "
            "everything below it needs new grants too."
        ),
        (
            "The authorisation of B by A is not for a flagship shop "
            "(since 2026-05-01T08:00:00Z; entry 7). A has to authorise this type of shop."
        ),
    ]
    assert sentences("may_sell", asked, answer, "zh") == [
        "不可以：did:web:shop.example 不可以在 CN 经渠道 mall.example 销售 P（店铺类型：旗舰店）。",
        (
            "A 对 B 的授权已被 C 撤销（自 2026-05-01T08:00:00Z 起；条目 5、9）。"
            "须由 C 或其上级重新授权 B，其下各级授权也须重新签发。"
        ),
        (
            "A 对 B 的授权不适用于旗舰店（自 2026-05-01T08:00:00Z 起；条目 7）。"
            "须由 A 就该店铺类型授权。"
        ),
    ]


def test_notes_are_told_short_and_reasons_in_full_the_same_remedy_once():
    found = [
        {
            "code": "lot-critical",
            "entries": [at],
            "facts": {"by": "I", "point": "P", "lot": f"L{at}"},
        }
        for at in range(5)
    ]
    whole, short = in_full(found, "en"), in_short(found, "en")
    mends = reason_sentence(found[0], "en").removeprefix(reason_clause(found[0], "en") + ". ")
    assert len(mends) > 100
    assert len(whole) == 5
    assert whole[0].endswith(mends)
    assert all(line.endswith(". The same would mend it.") for line in whole[1:])
    assert short[:3] == [f"{reason_clause(item, 'en')}." for item in found[:3]]
    assert short[3:] == [
        "And 2 more of this kind.",
        "All notes, and what would mend each: --notes.",
    ]


@pytest.mark.parametrize(
    ("lang", "why", "beside"),
    [
        ("en", "Why:", "Also to be known, which does not change the answer:"),
        ("zh", "原因：", "另须知悉（不改变结论）："),
    ],
)
def test_people_see_reasons_and_notes_under_headings(lang: str, why: str, beside: str):
    asked = {"product": "P"}
    reason = {"code": "label-absent", "entries": [], "facts": {"product": "P"}}
    note = {"code": "label-again", "entries": [1, 2, 3], "facts": {"product": "P"}}
    answer = {"verdict": "no", "reasons": [reason], "notes": [note, note], "lapses": None}
    answer |= {"label": None, "since": None}
    said = sentences("label", asked, answer, lang)
    told = paragraphs("label", asked, answer, lang)
    listed = [f"  - {line}" for line in said[1:]]
    assert told == [said[0], why, listed[0], beside, *listed[1:]]
    for left_out, heading in (("reasons", why), ("notes", beside)):
        assert heading not in paragraphs("label", asked, answer | {left_out: []}, lang)


LABEL = {"verdict": "yes", "reasons": [], "notes": [], "since": "2026-05-01T08:00:00Z"}
LABEL |= {"label": {"standard": "S"}}


@pytest.mark.parametrize(
    ("lang", "lapses", "said"),
    [
        ("en", None, "Yes: the quality label of P by S holds."),
        ("zh", None, "有效：商品 P 依据 S 的品质认证标签有效。"),
        (
            "en",
            {"at": "2027-05-01T08:00:00Z"},
            "Yes: the quality label of P by S holds; if nothing more is said it lapses at 2027-05-01T08:00:00Z.",
        ),
        (
            "zh",
            {"at": "2027-05-01T08:00:00Z"},
            "有效：商品 P 依据 S 的品质认证标签有效；若无新的记录，将于 2027-05-01T08:00:00Z 自行失效。",
        ),
    ],
)
def test_a_label_s_sentence_says_no_time_that_is_not_known(lang: str, lapses: object, said: str):
    """Of the past no lapse is computed; and since when a label holds, its newest grounds do not say."""
    assert sentences("label", {"product": "P"}, LABEL | {"lapses": lapses}, lang) == [said]


def test_brackets_in_what_is_asked_are_no_part_to_leave_out():
    asked = {"topic": "lot", "subject": "[{entries}] [x]"}
    assert sentences("history", asked, ["aa"], "en") == [
        "Registered under (lot, [{entries}] [x]): entries 1, and no others."
    ]


def test_braces_in_what_is_signed_are_no_placeholders():
    """Facts are foreign texts: they are put in, never read as templates."""
    facts = {"lot": "X", "by": "Y", "point": "{issuer} {0}"}
    reason = {"code": "lot-critical", "entries": [], "facts": facts}
    for lang in LANGS:
        assert "{issuer} {0}" in reason_sentence(reason, lang)


def test_a_history_in_words():
    asked = {"topic": "lot", "subject": "urn:x"}
    assert sentences("history", asked, ["aa", "bb"], "en") == [
        "Registered under (lot, urn:x): entries 2, and no others."
    ]
    assert sentences("history", asked, [], "zh") == ["（批次，urn:x）之下从未登记过任何内容。"]


@pytest.mark.parametrize("rule", RULES)
def test_a_refusal_says_the_law_and_the_details(rule: str):
    assert (
        refusal(rule, "entry 7 <ended>", "zh")
        == f"{rule_sentence(rule, 'zh')}详情：entry 7 <ended>"
    )
    english = refusal(rule, "entry 7 <ended>", "en")
    assert english.startswith(rule_sentence(rule, "en"))
    assert english.endswith("entry 7 <ended>")


def test_a_reason_of_no_code_cannot_be_made():
    with pytest.raises(ValueError, match="not in the table of codes"):
        Failure("sold-out")


@pytest.mark.parametrize("facts", [{}, {"party": "A"}, {"party": "A", "brand": "B", "x": 1}])
def test_a_reason_without_its_facts_cannot_be_made(facts: dict):
    with pytest.raises(ValueError, match="not in the table of codes"):
        Failure("no-grant", (), facts)


@pytest.mark.parametrize(
    ("module", "suffix", "whole"),
    [("ledger.rules.codes", "_CODES", CODES), ("ledger.phrases.sentences", "_REASONS", REASONS)],
)
def test_no_two_tables_have_the_same_code(module: str, suffix: str, whole: dict):
    found = vars(import_module(module))
    tables = [table for name, table in found.items() if name.endswith(suffix)]
    assert len(tables) > 5
    assert sum(map(len, tables)) == len(whole)


def test_no_english_sentence_counts_ones_in_the_plural():
    counted = "count|entries|outcomes|promises|ending|covered|uncovered|kept|broken|left|depth"
    plural = re.compile(rf"\{{({counted})\}} (more|\w+s)\b")
    texts = [said.en for said in REASONS.values()] + [words.en for words in VERDICTS.values()]
    assert not [text for text in texts if plural.search(text)]


GOODS = Failure("grant-goods", (7,), {"issuer": "A", "grantee": "B", "goods": "P"})


def test_a_refusal_that_rests_on_a_question_says_its_reasons_in_both_languages():
    row = refusal_row(Refusal("listing-may-sell", "B may not sell it in CN", (7,), (GOODS,)))
    assert row["reasons"] == [reason_value(GOODS)]
    english = refusal(row["rule"], row["message"], "en", row["reasons"])
    assert english.endswith(
        "Details: B may not sell it in CN\n  - The authorisation of B by A does not cover P (entry 7). "
        "A has to authorise these goods."
    )
    chinese = refusal(row["rule"], row["message"], "zh", row["reasons"])
    assert chinese.endswith(
        "详情：B may not sell it in CN\n  - A 对 B 的授权不包括商品 P（条目 7）。须由 A 就该商品授权。"
    )


def test_a_refusal_is_read_back_from_its_json():
    for item in (
        Refusal("role", "A is no brand", (3,)),
        Refusal("listing-may-sell", "not in CN", (7,), (GOODS,)),
    ):
        assert refusal_of(refusal_row(item)) == item


@pytest.mark.parametrize(
    "reasons",
    [[{"code": "sold-out", "entries": [], "facts": {}}], [{"code": "no-grant"}], "none", [7]],
)
def test_reasons_without_words_stay_what_the_message_says(reasons: object):
    row = {"rule": "listing-may-sell", "message": "not in CN: sold out", "cites": [7]}
    found = refusal_of(row | {"reasons": reasons})
    assert found == Refusal("listing-may-sell", "not in CN: sold out", (7,))


@pytest.mark.parametrize("row", [{}, {"rule": "role"}, {"rule": 7, "message": "x"}])
def test_a_row_without_rule_or_message_is_no_refusal(row: dict):
    assert refusal_of(row) is None
