"""The steps of rules, by which a second implementation rechecks and replays: what they name is read.

Every scenario of the rules is told on paper, and what each rule reads and tells there is held against
its steps, with the sections of FORMATS that these name in italics.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module

import paper
import pytest
from conftest import ROOT
from docs.test_steps import italics, parts_of, sections

from ledger.questions.book import REGISTRY, Case, Refusal, review
from ledger.rules.codes import CODES
from ledger.rules.often import MOST
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.topics import TOPICS

SECTIONS = dict(sections()) | dict(sections("Rules"))
RULES = {name: row.steps for name, row in REGISTRY.rules.items()}
PARTS = {name: parts_of(name, SECTIONS | {name: steps}) - {name} for name, steps in RULES.items()}
EVERYWHERE = ("Words of the rules", "Words of the steps", "What became of a statement")
"""What belongs to every step, named or not."""
AS_CITED, AS_LIMITED = "(its `topic`, its `subject`)", "in the first of its histories"
"""How steps name a history that a citation names, and one that a row of limits does."""
CITED = {topic for row in CATALOGUE.values() for topic in row.cited_from} | {"granted", "grants"}
"""The topics that statements are cited from, and those that scenarios cite grants from, wrongly."""
LIMITED = {topic for rows in MOST.values() for row in rows for topic in row.topics}
DOCUMENT = json.loads((ROOT / "ledger/rules/documents/1.json").read_bytes())


def topics_in(text: str) -> set[str]:
    """Return the topics of the histories that steps name."""
    return set(re.findall(r"\(`([a-z-]+)`, ", text)) & {*TOPICS}


def codes_in(text: str) -> set[str]:
    """Return the codes of reasons that steps name; perhaps ids of rules or types."""
    return set(re.findall("`([a-z-]+)`", text)) & CODES.keys()


@pytest.fixture(scope="module")
def traced() -> Iterator[tuple[dict[str, set[str]], dict[str, set[str]], set[str]]]:
    """Return by rule, of all scenarios, the topics read and the codes told; and which rules cite."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        from vectors import stories
        from vectors.reads import Cites, Reads

        codes: dict[str, set[str]] = defaultdict(set)
        citing: set[str] = set()

        def noting(case: Case) -> list[Refusal]:
            refusals = review(case)
            for refusal in refusals:
                codes[refusal.rule].update(one.code for one in refusal.reasons)
                if refusal.cites and not refusal.reasons:
                    citing.add(refusal.rule)
            return refusals

        reads = Reads()
        patch.setattr(stories, "READS", (reads, Cites()))
        patch.setattr(paper, "review", noting)
        modules = sorted(path.stem for path in stories.SCENARIOS.glob("[a-z]*.py"))
        rows = [
            row for name in modules for row in import_module(f"rules.scenarios.{name}").SCENARIOS
        ]
        with stories.placeholders():
            begun = stories.beginnings()
            for row in rows:
                stories.told_on(begun[row.world], row)
        yield {who: set(topics) for who, topics in reads._found.items()}, codes, citing


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_steps(rule: str):
    assert RULES[rule], f"{rule}: behind the sentence of its docstring, say what breaks it"


@pytest.mark.parametrize("rule", RULES)
def test_steps_name_in_italics_what_is_explained(rule: str):
    unknown = {name for name in italics(RULES[rule]) - SECTIONS.keys() if not name.islower()}
    assert sorted(unknown) == []


@pytest.mark.parametrize("rule", RULES)
def test_steps_name_every_history_that_the_rule_reads(rule: str, traced):
    texts = [RULES[rule], *(SECTIONS[one] for one in (*PARTS[rule], *EVERYWHERE))]
    named = topics_in(" ".join(texts))
    for words, topics in ((AS_CITED, CITED), (AS_LIMITED, LIMITED)):
        if any(words in text for text in texts):
            named |= topics
    assert sorted(traced[0].get(rule, set()) - named) == []


@pytest.mark.parametrize("rule", RULES)
def test_steps_name_no_history_that_the_rule_does_not_read(rule: str, traced):
    assert sorted(topics_in(RULES[rule]) - traced[0].get(rule, set())) == []


@pytest.mark.parametrize("rule", RULES)
def test_steps_name_every_code_that_refusals_tell(rule: str, traced):
    named = codes_in(" ".join(SECTIONS[one] for one in PARTS[rule]))
    assert sorted(traced[1].get(rule, set()) - named) == []


@pytest.mark.parametrize("rule", RULES)
def test_only_steps_of_rules_that_tell_reasons_speak_of_them(rule: str, traced):
    assert ("`reasons`" in RULES[rule] and rule != "admission-again") == bool(traced[1].get(rule))
    assert codes_in(RULES[rule]) <= RULES.keys() | CATALOGUE.keys()


@pytest.mark.parametrize("rule", RULES)
def test_steps_say_in_brackets_which_entries_refusals_rest_on(rule: str, traced):
    assert (rule in traced[2]) == ("[" in RULES[rule])


def test_every_number_that_steps_name_is_a_number_of_the_document():
    numbers = {name for module in DOCUMENT["numbers"].values() for name in module}
    told = {name for steps in RULES.values() for name in re.findall("`([a-z-]+)`", steps)}
    shaped = {name for name in told if re.search(r"^max-|-(s|us|days|needed)$", name)}
    assert shaped <= numbers


def test_every_section_on_rules_belongs_to_a_rule():
    named = {part for parts in PARTS.values() for part in parts}
    assert dict(sections("Rules")).keys() - named == {"Words of the rules", "Steps of the rules"}
