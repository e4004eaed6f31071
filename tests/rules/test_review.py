"""Review answers: whatever is submitted breaks some rules or none, and never the reviewer."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from statements.bodies import BODIES, subject_of
from tea import GTIN, SHOP
from usual import MORE, Told, citing, day, finding, who
from world import OPERATOR, ORIGIN, TRADER, World, key_of

from ledger.answering.prover import prove
from ledger.questions.book import REGISTRY, Case, Refusal, review
from ledger.statements.catalogue import CATALOGUE, decode_body, encode_body
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.fields import Body
from ledger.store.reads import reading

SPEAKERS = ["operator", "brand", "trader", "inspector", "observer", *MORE]


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Return the tea brand's world behind its usual beginning."""
    folder = tmp_path_factory.mktemp("tea")
    made = Told(World(folder, f"sqlite:///{folder / 'ledger.sqlite'}"))
    made.begin()
    yield made
    made.world.log.engine.dispose()


def reviewed(tea: Told, payload: bytes, by: str, subject: str) -> list[Refusal]:
    """Return what a statement breaks at the end of this world."""
    raw = sign_statement(
        key_of(by),
        payload,
        issuer=OPERATOR if by == "operator" else who(by),
        subject=subject,
        issued_at=tea.world.now_s,
        audience=ORIGIN,
    )
    statement = parse_statement(raw)
    with reading(tea.world.log.engine) as snapshot:
        head = snapshot.head()
        view = tea.world.log.view(snapshot, head.size)
        case = Case(statement, decode_body(statement), view, ORIGIN, head.size, tea.world.now_us)
        return review(case)


def check(refusals: list[Refusal]) -> None:
    for refusal in refusals:
        assert refusal.rule in REGISTRY.rules
        assert refusal.message
        assert "\n" not in refusal.message.replace("\\n", "")


odd = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@pytest.mark.parametrize("name", CATALOGUE)
def test_any_payload_about_anything_breaks_some_rules_or_none(tea: Told, name: str):
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(body=BODIES[name], by=st.sampled_from(SPEAKERS), data=st.data())
    def answered(body: Body, by: str, data: st.DataObject) -> None:
        subject = data.draw(subject_of(name, body) | odd)
        check(reviewed(tea, encode_body(body), by, subject))

    answered()


any_of = st.integers(0, 2**16)


def picked(options: list[Any], number: int) -> Any:
    """Return the option that a number stands for."""
    return options[number % len(options)]


def test_what_was_said_with_parts_of_what_else_was_said_is_answered(tea: Told):
    """Citations, subjects and parties of this world in the wrong places: nothing is missing."""
    payloads = [tea.fields_of(name) for name in tea.said]
    subjects = [statement.subject for statement, _ in tea.said.values()]
    pool = [value for other in payloads for value in other.values()]
    citations = [value for value in pool if isinstance(value, dict) and "topic" in value]

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        first=any_of,
        replaced=st.lists(st.tuples(any_of, any_of), max_size=3),
        about=any_of,
        by=st.sampled_from(SPEAKERS),
    )
    def answered(first: int, replaced: list[tuple[int, int]], about: int, by: str) -> None:
        fields: dict[str, Any] = dict(picked(payloads, first))
        for which, value in replaced:
            name = picked(sorted(fields), which)
            same = [other[name] for other in payloads if name in other]
            others = citations if isinstance(fields[name], dict) else pool
            fields[name] = picked([*same, *others], value)
        check(reviewed(tea, msgspec.json.encode(fields), by, picked(subjects, about)))

    answered()


READS = {
    "log", "product", "qualification-number", "grant", "statement", "identity", "key",
    "qualification", "exclusive", "sanction", "recall", "adverse", "inspection", "lot", "facility",
    "shop", "product-recall",
}  # fmt: skip
"""What may_sell reads, the trader's past and its shops apart: none of it grows with strangers."""


def test_a_verdict_rechecks_the_chain_and_nothing_of_what_was_weighed(tea: Told):
    tea.tell(
        "inspection",
        called="failure",
        nonconforming=5,
        decision="refused",
        findings=[finding("critical")],
    )
    tea.tell("sanction", products=[GTIN], shops=[SHOP])
    tea.tell("inspection", called="again", on=day(-0.5), answers=[citing("failure")])
    tea.tell("listing")
    asked = {"trader": TRADER, "product": GTIN, "territory": "CN", "channel": "mall.example"}
    bundle = prove(tea.world.log, "may_sell", asked | {"shop_type": "*"})
    assert bundle.answer["verdict"] == "yes"
    assert {item.topic for item in bundle.histories} == READS
