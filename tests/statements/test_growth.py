"""Who may grow which history, and what bounds it: no stranger makes an answer large.

An answer reads histories whole. So of each history this says, type by type, why it does not grow
with those whose business it is not; a new topic, or a type that joins one, has to be put in.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from ledger.questions.book import REGISTRY
from ledger.rules.often import MODES, MOST
from ledger.statements.catalogue import AMENDMENTS, CATALOGUE, REPLACEABLE
from ledger.statements.inspection_family import Mode
from ledger.statements.topics import TOPICS

ROOT = Path(__file__).parents[2]
DOCUMENT = json.loads((ROOT / "ledger" / "rules" / "documents" / "1.json").read_text())
OFFICES = {"operator", "authority"}
"""Who answers for the ledger, or for the law: as often as there is reason to. Nobody else."""


@dataclass(frozen=True)
class Office:
    """Only the operator or an authority says it."""


@dataclass(frozen=True)
class Often:
    """One party says it so often in this history, and no more."""


@dataclass(frozen=True)
class Within:
    """It is said of something of which one party says it so often, and no more: in that history."""

    topic: str


@dataclass(frozen=True)
class Ruled:
    """A rule lets only who holds the thing say it, or each only once."""

    rule: str


@dataclass(frozen=True)
class Unread:
    """Whoever likes says it: no question reads the history, nor does a rule that is rechecked."""


@dataclass(frozen=True)
class Read:
    """Whoever has a right says it; only these questions and rechecked rules read the history."""

    by: tuple[str, ...]


Bound = Office | Often | Within | Ruled | Unread | Read
OFFICE, OFTEN, UNREAD = Office(), Often(), Unread()
ENDED, ONCE_A_CAUSE, ONCE_AN_ACTION = Ruled("cited-ended"), Ruled("improvement-twice"), Ruled("improvement-action")  # fmt: skip
OF_A_PRODUCT, ONCE_A_PLAN = Within("examined"), Ruled("improvement-closed")
IMPROVED: dict[str, Bound] = {
    "improvement-plan": ONCE_A_CAUSE,
    "improvement-step": ONCE_AN_ACTION,
    "improvement-verified": ONCE_A_PLAN,
}
DECIDED: dict[str, Bound] = {
    "claim-decided": OFFICE,
    "appeal": Ruled("appeal-twice"),
    "appeal-decision": OFFICE,
}
OBJECTED: dict[str, Bound] = {
    "objection": Ruled("objection-again"),
    "objection-closed": ENDED,
}
TESTED = OBJECTED | {"test-report": Within("sample"), "retest-report": Within("sample")}
PAPERS: dict[str, Bound] = {"qualification": OFFICE, "qualification-withdrawal": OFFICE}
BELOW: dict[str, Bound] = {
    "authorisation": Ruled("grant-parent"),
    "authorisation-revocation": ENDED,
}
PARTIES: dict[str, Bound] = {"party": OFFICE, "party-update": OFFICE}
LISTED: dict[str, Bound] = {"listing": OFTEN, "listing-ended": ENDED}

MEMBERS: dict[str, Bound] = {
    "observer-application": Ruled("application-once"),
    "observer": OFFICE,
    "observer-declined": OFFICE,
    "observer-ended": ENDED,
}

GROWN: dict[str, dict[str, Bound]] = {
    "admission": {"admission": OFFICE},
    "adverse": {
        "inspection": OF_A_PRODUCT,
        "observation": Within("examined"),
        "test-report": Within("sample"),
        "retest-report": Within("sample"),
    },
    "advice": {"advice": OFFICE},
    "draw": {"visit": OFTEN, "observation": OFTEN}
    | {"draw": OFFICE, "draw-sealed": OFFICE, "draw-result": OFFICE},
    "draws": {"draw-key": OFFICE, "draw": OFFICE, "draw-result": OFFICE},
    "event": {"epcis": UNREAD},
    "event-by": {"epcis": Ruled("issuer-not-owner")},
    "examined": {"inspection": OFTEN, "visit": OFTEN, "observation": OFTEN}
    | OBJECTED
    | {"test-report": OFTEN, "retest-report": OFTEN}
    | IMPROVED,
    "exclusive": BELOW,
    "checklist": {"checklist": Ruled("checklist-version")},
    "executed": {"inspection": Ruled("pick-drawn"), "invitation": OFFICE},
    "facility": {"facility": OFTEN, "origin-audit": OFTEN, "visit": OFTEN, "observation": OFTEN}
    | DECIDED
    | IMPROVED,
    "feedback": {"complaint": OFTEN} | IMPROVED,
    "generic": {"generic": UNREAD},
    "grant": {"authorisation": OFTEN, "authorisation-revocation": ENDED},
    "granted": BELOW,
    "grants": {"authorisation": Within("grant"), "authorisation-revocation": ENDED},
    "identity": PARTIES | {"genesis": OFFICE},
    "improvement": IMPROVED,
    "index": {"quality-index": OFFICE},
    "inspection": {
        "inspection": OFTEN,
        "sample-sealed": OFTEN,
        "custody": Within("sample"),
        "recall": Within("recall"),
        "visit": Within("examined"),
        "observation": Within("examined"),
    }
    | TESTED
    | IMPROVED,
    "invited": {"invitation": OFFICE},
    "inspections": {"inspection": OF_A_PRODUCT, "sampling-switch": OFFICE},
    "issuer": {"generic": UNREAD},
    "key": PARTIES | {"genesis": OFFICE, "key": Ruled("key-taken"), "key-revocation": OFTEN},
    "keys": {"key": UNREAD, "key-revocation": UNREAD},
    "label": {"label": OFFICE, "label-withdrawn": OFFICE},
    "listing": LISTED,
    "listings": {"listing": Ruled("listing-issuer"), "listing-ended": ENDED},
    "log": {"genesis": OFFICE, "rules": OFFICE, "log-end": OFFICE},
    "lot": {"lot": OFTEN} | DECIDED,
    "lots": {"lot": Read(("index", "label", "pledges", "trace", "where_used"))},
    "lots-by": {"lot": Ruled("issuer-not-owner")},
    "made-at": {"lot": Ruled("issuer-not-owner")},
    "market": {"feedback": OFFICE},
    "made-of": {"lot": Ruled("issuer-not-owner")},
    "model": {"quality-model": OFFICE},
    "movement": {"movement": Ruled("movement-held")},
    "observer": MEMBERS | {"invitation": OFFICE},
    "observers": MEMBERS | {"observer-call": OFFICE, "invitation": OFFICE, "draw-result": OFFICE},
    "on-sale": {"listing": Within("listing"), "listing-ended": ENDED},
    "affiliates": {"qualification": OFFICE},
    "papers-ending": {"qualification": OFFICE},
    "pledge": {"alliance-pledge": Ruled("pledge-own")},
    "prefix": PAPERS,
    "product": {"product": OFTEN} | DECIDED,
    "products": {"product": OFTEN},
    "programme": {"sampling-programme": OFFICE, "draw": OFFICE, "draw-result": OFFICE},
    "programmes": {"sampling-programme": OFFICE},
    "qualification": PAPERS,
    "qualification-number": PAPERS,
    "product-recall": {"product-recall": Ruled("product-recall-right")},
    "recall": {"recall": OFTEN},
    "reports": TESTED,
    "roster": {"roster": OFFICE},
    "sample": {"sample-sealed": Ruled("claim-taken"), "custody": OFTEN, "test-report": OFTEN}
    | {"retest-report": OFTEN}
    | OBJECTED
    | IMPROVED,
    "sanction": {"sanction": OFFICE, "sanction-lifted": OFFICE, "appeal": Ruled("appeal-twice")}
    | {"appeal-decision": OFFICE}
    | IMPROVED,
    "shop": {"shop": OFFICE, "shop-ended": OFFICE},
    "shops": {"shop": OFFICE, "shop-ended": OFFICE},
    "baselines": {"baseline-standard": OFFICE},
    "standard": {"baseline-standard": OFFICE, "standard": OFFICE} | DECIDED,
    "standards": {"baseline-standard": OFFICE, "standard": OFFICE},
    "statement": {
        "qualification-withdrawal": OFFICE,
        "authorisation-revocation": ENDED,
        "shop-ended": OFFICE,
        "listing-ended": ENDED,
        "objection": Ruled("objection-again"),
        "retest-report": Within("sample"),
        "objection-closed": ENDED,
        "sanction-lifted": OFFICE,
        "appeal": Ruled("appeal-twice"),
        "appeal-decision": OFFICE,
        "improvement-step": ONCE_AN_ACTION,
        "improvement-verified": ONCE_A_PLAN,
        "label-withdrawn": OFFICE,
        "observer-ended": ENDED,
        "supersede": OFTEN,
        "erasure": OFFICE,
        "withdrawn-in-error": ENDED,
    },
    "unit": {"movement": Ruled("unit-contents")},
    "uscc": PARTIES,
    "visit": {"visit": Ruled("visit-taken"), "observation": Ruled("observation-visit")} | IMPROVED,
}
"""Topic -> type that joins it -> why it does not grow with those whose business it is not.

What amends a statement joins the histories of its target, too: a correction counts as what it
corrects does, and nothing else amends a statement twice.
"""


def joined() -> dict[str, set[str]]:
    """Return the types that join each topic, by the table of FORMATS: tests hold it to the catalogue."""
    text = (ROOT / "FORMATS.md").read_text(encoding="utf-8")
    table = text[text.index("| type | issued by |") :].partition("\n\n")[0]
    found: dict[str, set[str]] = {topic: set() for topic in TOPICS}
    for line in table.splitlines()[2:]:
        cells = [cell.strip() for cell in line.split(" | ")]
        for topic in re.findall(r"\(`([a-z-]+)`, ", cells[-1]):
            found[topic].add(cells[0].strip("|` "))
    return found


def readers(topic: str) -> set[str]:
    """Return the questions and the rechecked rules that read a topic, as published."""
    asked = {row["question"] for row in DOCUMENT["questions"] if topic in row["reads"]}
    rules = (row for row in DOCUMENT["rules"] if row["bite"] == "rechecked")
    return asked | {row["id"] for row in rules if topic in row["reads"]}


def unbounded(topic: str, type_: str, bound: Bound) -> str | None:
    """Return why a bound is none."""
    counted = {name for most in MOST.get(type_, ()) for name in most.topics}
    match bound:
        case Office():
            free = set(CATALOGUE[type_].issuers) - OFFICES
            return f"{sorted(free)} say it, too" if free else None
        case Often():
            counts = topic in counted or type_ == "supersede"
            return None if counts and type_ in MOST else "it is not counted there"
        case Within(topic=other):
            return None if other in counted else f"it is not counted in {other}"
        case Ruled(rule=rule):
            fits = {type_, "native", "all"} & set(REGISTRY.rules[rule].types)
            return None if fits or type_ in MOST else f"{rule} does not bind it"
        case Unread():
            return None if not readers(topic) else f"read by {sorted(readers(topic))}"
        case Read(by=by):
            more = readers(topic) - set(by)
            return f"read by {sorted(more)}" if more else None


def rows() -> Iterator[tuple[str, str, Bound]]:
    for topic, types in GROWN.items():
        for type_, bound in types.items():
            yield topic, type_, bound


def test_every_type_that_joins_a_history_is_in_the_table():
    assert {topic: set(types) for topic, types in GROWN.items()} == joined()


@pytest.mark.parametrize(("topic", "type_", "bound"), list(rows()))
def test_no_history_grows_with_those_whose_business_it_is_not(topic: str, type_: str, bound: Bound):
    assert unbounded(topic, type_, bound) is None


def test_what_amends_anything_is_in_the_table():
    """Each joins the histories of what it amends: by its own bound, wherever that is."""
    assert {row.name for row in AMENDMENTS} <= GROWN["statement"].keys()
    assert "supersede" in MOST
    assert set(CATALOGUE["supersede"].amends) == set(REPLACEABLE)


def test_inspections_are_counted_in_whatever_mode():
    assert sorted(mode for modes in MODES.values() for mode in modes) == sorted(get_args(Mode))


@pytest.mark.parametrize(
    ("topic", "type_", "bound"),
    [
        ("lots", "lot", OFTEN),
        ("facility", "visit", OFFICE),
        ("examined", "inspection", OFFICE),
        ("facility", "origin-audit", Within("inspection")),
        ("lot", "lot", UNREAD),
        ("recall", "recall", Read(("trace",))),
        ("identity", "key", Ruled("key-unknown-rule")),
        ("inspection", "recall", Within("lot")),
    ],
)
def test_a_bound_that_does_not_hold_is_found(topic: str, type_: str, bound: Bound):
    if isinstance(bound, Ruled):
        with pytest.raises(KeyError):
            unbounded(topic, type_, bound)
    else:
        assert unbounded(topic, type_, bound)
