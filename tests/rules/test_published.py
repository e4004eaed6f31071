"""The published rules: what genesis names is what the code does."""

import re
from hashlib import sha256
from importlib.resources import files
from inspect import cleandoc

import pytest
from world import World

from ledger.questions.book import MALFORMED, REGISTRY
from ledger.questions.document import bound_by, document
from ledger.questions.numbers import numbers
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.rules.registry import Rule
from ledger.statements.catalogue import CATALOGUE

DOCUMENTS = files("ledger.rules") / "documents"
RULES = [pytest.param(rule, id=id_) for id_, rule in REGISTRY.rules.items()]


def test_the_document_of_the_current_version_is_the_one_this_code_writes():
    raw = (DOCUMENTS / f"{CURRENT}.json").read_bytes()
    assert raw == document(*bound_by(raw)), "run `make rules`"


UNITS_S = {"minutes": 60, "days": 86_400}


@pytest.mark.parametrize("rule", RULES)
def test_the_ages_in_a_rules_sentence_are_numbers_that_the_document_binds(rule: Rule):
    bound = {name.rpartition("-")[2]: set() for found in numbers().values() for name in found} | {
        "s": set(),
        "us": set(),
        "days": set(),
    }
    for found in numbers().values():
        for name, value in found.items():
            bound[name.rpartition("-")[2]].add(value)
    seconds = bound["s"] | {us // 1_000_000 for us in bound["us"]}
    seconds |= {days * 86_400 for days in bound["days"]}
    for number, unit in re.findall(r"(\d+) (minutes|days)", rule.sentence):
        assert int(number) * UNITS_S[unit] in seconds


def test_every_version_is_kept_and_published_under_its_digest():
    kept = {f"{version}.json" for version in range(1, CURRENT + 1)}
    assert {file.name for file in DOCUMENTS.iterdir()} == kept
    assert {
        version: sha256((DOCUMENTS / f"{version}.json").read_bytes()).hexdigest()
        for version in range(1, CURRENT + 1)
    } == PUBLISHED


def test_genesis_names_the_current_version_and_its_digest(world: World):
    rules = world.log.state().genesis.rules
    assert (rules.version, rules.digest) == (CURRENT, PUBLISHED[CURRENT])


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_reads_like_its_law(rule: Rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    sentence, _, steps = cleandoc(rule.check.__doc__).partition("\n\n")
    assert sentence == rule.sentence  # one line; then its steps
    assert " ".join(steps.split()) == rule.steps
    assert re.fullmatch(r"[A-Z].{20,110}\.", rule.sentence)
    assert rule.bite in ("rechecked", "replay-only")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_types_of_the_catalogue(rule: Rule):
    assert rule.types in (("all",), ("native",)) or set(rule.types) <= set(CATALOGUE)
    assert rule.types


def test_no_rule_says_what_another_says():
    sentences = [rule.sentence for rule in REGISTRY.rules.values()]
    assert len(set(sentences)) == len(sentences)
    assert MALFORMED not in REGISTRY.rules


def test_a_rule_is_registered_once():
    (first, *_) = REGISTRY.rules.values()
    with pytest.raises(ValueError, match="registered twice"):
        REGISTRY.rule(first.id, "all")(first.check)
