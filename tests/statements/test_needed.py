"""Help and templates call optional what no rule asks for, and say of all else when it is asked for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paper import Paper
from rules.laboratory_words import OBJECTED
from rules.scenarios.draws import COMMITTED
from rules.words import says
from tea import LOT
from usual import USUAL, Told, citing, day, result
from world import BRAND, ORIGIN, TRADER

from ledger.cli.forms import template, type_help
from ledger.primitives import ijson
from ledger.questions.book import Case, review
from ledger.statements.catalogue import CATALOGUE, decode_body
from ledger.statements.described import own_fields, owner_name, part_of, shape
from ledger.statements.envelope import parse_statement
from ledger.statements.meant import meant_in
from ledger.statements.standard_family import TIMED_CONDUCT

PAPER = "urn:qualification:cnas.cn:L-77"
SALE = {"step": "delist", "until": day(30), "damages": ...}
TERMS = {"step": "damages", "until": day(30), "damages": {"amount": 1, "currency": "CNY"}}
ACCREDITED = {
    "kind": "accreditation",
    "number": PAPER,
    "categories": ...,
    "methods": [{"method": "GB 5009.12", "categories": ["food"]}],
    "scheme": "CNAS",
}
LEAD = {"property": "lead", "unit": "mg/kg", "direction": "at-most", "limit": "5"}
LEAD |= {"severity": "major"}
LOOKS = {"property": "look", "unit": "-", "direction": "described", "words": ["green"]}
LOOKS |= {"severity": "minor"}
SEEN = {"property": "look", "unit": "-", "words": "green", "against": "green", "outcome": "pass"}
ASKED = {"names": {"en": "Looks"}, "category": "food/tea", "from": "2026-01-01T00:00:00Z"}
VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    *((name, {}) for name in USUAL),
    ("party", {"subject": "did:web:new.example", "names": {"en": "A"}, "country": "CN"}
     | {"roles": ["brand"], "uscc": "91330106MA27XL5T8J"}
     | {"keys": lambda told: told.world.party_fields("new", "did:web:new.example")["keys"]}),
    ("party-update", {"names": {"en": "A"}, "country": "CN", "roles": ["trader"], "subject": TRADER}
     | {"uscc": "91330106MA27XL5T8J"}),
    ("qualification", ACCREDITED),
    ("qualification", {"kind": "affiliation", "number": PAPER, "categories": ..., "of": BRAND}
     | {"relation": "tied"}),
    ("qualification", {"kind": "gs1-prefix", "number": PAPER, "categories": ..., "prefix": "6901234"}),
    ("movement", {"kind": "return", "to": BRAND, "reason": "wet"}),
    ("movement", {"kind": "destroy", "to": ..., "reason": "burnt"}),
    ("movement", {"kind": "receive", "to": ..., "shipment": citing("lot")}),
    ("movement", {"kind": "pack", "to": ..., "unit": "https://id.gs1.org/00/006141411234567890"}),
    ("movement", {"kind": "repack", "to": ..., "made": [{"lot": LOT}]}),
    ("sanction", TERMS),
    ("sanction", SALE | {"interim": True, "severity_ground": "critical"}),
    ("appeal-decision", {"outcome": "varied", "terms": TERMS}),
    ("alliance-pledge", {"conduct": [{"kind": TIMED_CONDUCT[0], "within_days": 30}]}),
    ("alliance-pledge", {"conduct": [{"kind": "other", "text": "kindness"}]}),
    ("test-report", {"standard": citing("limits"), "results": [result("0.01", "pass")]}),
    ("test-report", {"standard": citing("limits"), "decision_rule": "guarded"}
     | {"results": [result("0.01", "pass", uncertainty="0.001")]}),
    ("test-report", {"standard": citing("looks"), "results": [SEEN]}),
    *(("baseline-standard", {"criteria": [one]}) for one in (LEAD, LOOKS)),
    ("retest-report", {"standard": citing("limits"), "results": [result("0.01", "pass")]}),
)  # fmt: skip


class Said(dict[str, Any]):
    """What was said by name; what was not is the product: no form or rule here looks at it."""

    def __missing__(self, name: str) -> Any:
        return self["received" if "received" in name else "product"]


def owners(found: Any) -> Iterator[Any]:
    """Yield a payload and every part below it."""
    yield found
    for item in found.fields:
        part = part_of(item.type)
        if part is not None:
            yield from owners(part)


NEEDED = {
    f"{owner_name(owner)}.{item.encode_name}": when
    for row in CATALOGUE.values()
    if row.submitted
    for owner in owners(shape(row.body))
    for item in own_fields(owner)
    if not item.required and (when := meant_in(owner.cls)[item.encode_name].when) is not None
}
"""Fields that may be left out, and when a rule asks for them."""


@pytest.fixture(scope="module")
def told() -> Told:
    """Return the tea brand's world with a sample at a laboratory, and a report objected to."""
    made = Told(Paper(Path(), ""))
    made.world.told = made
    made.begin()
    looks = says(
        "baseline-standard",
        by="office",
        called="looks",
        subject="urn:standard:sac.gov.cn:LOOKS",
        criteria=[LOOKS],
        **ASKED,
    )
    for step in (*OBJECTED, looks, *COMMITTED[1:]):  # nothing can be listed now
        raw = step(made.world)
        if raw is not None:
            made.world.accept(raw)
    made.said = Said(made.said)
    return made


def broken(told: Told, type_: str, changes: dict[str, Any]) -> tuple[set[str], dict[str, Any]]:
    """Return the rules that a statement breaks, and its payload."""
    paper, fields = told.world, dict(changes)
    subject = fields.pop("subject", "")
    statement = parse_statement(told.write(type_, subject=subject, called="tried", **fields))
    case = Case(statement, decode_body(statement), paper.view, ORIGIN, paper.size, paper.now_us)
    return {item.rule for item in review(case)}, ijson.decode(statement.payload)


def without(type_: str, said: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each field given that may be left out, by owner, with the change that leaves it out."""
    for item in own_fields(shape(CATALOGUE[type_].body)):
        value = said.get(item.encode_name)
        if value is not None and not item.required:
            yield f"{type_}.{item.encode_name}", {item.encode_name: ...}
        part, first = part_of(item.type), value[0] if isinstance(value, list) and value else value
        for inner in own_fields(part) if part is not None and isinstance(first, dict) else ():
            if not inner.required and inner.encode_name in first:
                less = {name: one for name, one in first.items() if name != inner.encode_name}
                change = {item.encode_name: [less] if isinstance(value, list) else less}
                yield f"{owner_name(part)}.{inner.encode_name}", change


def test_what_a_rule_asks_for_in_some_cases_is_no_optional_field(told: Told):
    """Each field that may be left out is left out: where that breaks a rule, the table says when."""
    asked: dict[str, set[str]] = {}
    for type_, changes in VARIANTS:
        before, said = broken(told, type_, changes)
        for name, less in without(type_, said):
            if more := broken(told, type_, changes | less)[0] - before:
                asked.setdefault(name, set()).update(more)
    assert asked.keys() - NEEDED.keys() == set(), asked
    assert NEEDED.keys() - asked.keys() == set(), "no rule asks for these"


@pytest.mark.parametrize("name", NEEDED)
def test_help_and_template_say_when_a_field_is_asked_for(name: str):
    owner, field = name.split(".")
    types = [owner] if owner in CATALOGUE else HAVING[owner]
    when = NEEDED[name]
    for type_ in types:
        assert f"{field} (required {when.en}): " in type_help(type_, "en")
        assert f"{field}（{when.to('zh')}必填）：" in type_help(type_, "zh")
        assert owner == "Terms" or f"{when.to('zh')}必填，否则删去>" in json.dumps(
            template(type_, "zh", everything=False), ensure_ascii=False
        )


HAVING = {
    "Names": [name for name in CATALOGUE if name in ("party", "product", "facility", "shop")],
    "Conduct": ["alliance-pledge"],
    "Terms": ["appeal-decision"],
    "Criterion": ["baseline-standard", "standard"],
    "Result": ["test-report", "retest-report"],
}
"""Types that have a part; terms are themselves asked for in one case, and a blank is one text."""
