"""``show`` has words for whatever may become of an entry, and says all of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import inspect
from paper import Paper, copy_of
from questions.scene import inspection, refusal, say
from rules.laboratory_words import RETESTED
from rules.words import revoke, says
from usual import Told, citing

from ledger.answering.shown import amendment_rows
from ledger.cli.show_group import WORDS
from ledger.rules.became import DOES, RESTS, SETTLES, became, fallen_grounds
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.fields import Citation


def test_every_effect_of_a_later_entry_has_its_words():
    effects = {row.effect for row in CATALOGUE.values() if row.effect} | {SETTLES}
    assert (effects | {effect for effect, _ in DOES.values()}) - WORDS.keys() == set()


def cites(found: Any) -> bool:
    match found:
        case inspect.StructType(cls=cls):
            return cls is Citation
        case inspect.VarTupleType(item_type=item):
            return cites(item)
        case inspect.UnionType(types=types):
            return any(map(cites, types))
    return False


def citing_fields() -> Iterator[str]:
    for name, row in CATALOGUE.items():
        for field in inspect.type_info(row.body).fields:
            if cites(field.type) and field.encode_name != "target":
                yield f"{name}.{field.encode_name}"


def test_of_every_field_that_cites_it_is_said_whether_it_does_something_to_what_it_cites():
    """Another field that cites statements has to be told apart: show says what was done to one."""
    assert sorted(citing_fields()) == sorted((*DOES, *RESTS))


WITH_ADMISSION = says(
    "admission", evidence=[citing("licence"), citing("refused")], reasons=["all is here"]
)
STORIES: dict[str, tuple[tuple[Any, ...], str, list[tuple[str, str | None]]]] = {
    "a report whose objection a retest closed": (
        (*RETESTED, says("objection-closed", outcome="confirmed", retest=citing("retest"))),
        "report",
        [("answers", None), ("answers", None), ("settles", "confirmed")],
    ),
    "a refusal that a re-inspection answers": (
        (refusal(), inspection("again", answers=[citing("failure")])),
        "failure",
        [("reinspects", "accepted")],
    ),
    "a decision that refuses, overruled by one that admits": (
        (
            says("admission", called="refused", decision="refused", reasons=["too little"]),
            WITH_ADMISSION,
        ),
        "refused",
        [("overrules", "admitted")],
    ),
}


@pytest.fixture(scope="module")
def beginning() -> Told:
    made = Told(Paper(None, ""))  # type: ignore[arg-type]
    made.begin()
    return made


@pytest.fixture
def told(beginning: Told) -> Told:
    made = copy_of(beginning.world, beginning)
    made.world.told = made
    return made


def entry_of(told: Told, name: str) -> Any:
    wanted = told.said[name][0].id
    size = told.world.size
    found = told.world.view._entries.values()
    return next(e for es in found for e in es if e.statement.id == wanted and e.index < size)


@pytest.mark.parametrize("name", STORIES)
def test_what_others_say_of_a_statement_is_shown(told: Told, name: str):
    story, about, expected = STORIES[name]
    say(told, *story)
    rows = amendment_rows(became(told.world.view, entry_of(told, about)))
    assert [(row["effect"], row["outcome"]) for row in rows] == expected


def test_a_claim_that_was_decided_against_says_so(told: Told):
    say(told, says("claim-decided", rejected=[citing("product")]))
    (row,) = amendment_rows(became(told.world.view, entry_of(told, "product")))
    assert (row["effect"], row["type"]) == ("rejects", "claim-decided")


def test_a_grant_whose_parent_was_revoked_says_so(told: Told):
    say(told, revoke("agent", "agent", "brand"))
    ((above, ended),) = fallen_grounds(told.world.view, entry_of(told, "distributor"))
    assert above == entry_of(told, "agent").index
    assert ended == told.world.size - 2
