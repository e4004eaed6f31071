"""Twenty levels, circles, a brand with 100,000 grants: a verdict reads its own path alone."""

import pytest
from questions.unsigned import HOLDER, PRODUCT, TEA, Ledger, id_of, party, under, under_mark
from tea import MARK

from ledger.histories.views import TracingView
from ledger.questions.answers import ANSWERS
from ledger.questions.impact import MAX_GRANTS
from ledger.questions.verdict import Asked, Verdict
from ledger.rules.authority import authority
from ledger.rules.chains import Point
from ledger.statements.brand_family import MAX_DEPTH

MANY = 100_000
SELLING = {
    "product": PRODUCT,
    "territory": "CN",
    "channel": "mall.example",
    "shop_type": "*",
    "shop": "*",
}


def ask(ledger: Ledger, question: str, **asks: str) -> tuple[Verdict, TracingView]:
    trace = TracingView(ledger.view)
    at_us = ledger.now_us
    return ANSWERS[question](Asked(trace, "log", at_us, ledger.size, at_us), **asks), trace


def levels(count: int) -> Ledger:
    """Return a chain of so many grants: party 0 holds the mark, party ``count`` is the last."""
    ledger = Ledger()
    ledger.mark()
    ledger.product()
    for level in range(1, count + 1):
        above = under_mark() if level == 1 else under(f"{level - 1}", party(level - 1))
        ledger.grant(
            f"{level}", party(level - 1), party(level), above, depth=max(0, MAX_DEPTH + 1 - level)
        )
    return ledger


def anywhere(ledger: Ledger) -> Point:
    return Point(PRODUCT, TEA, ledger.now_us, ledger.now_us)


@pytest.mark.parametrize("count", [1, 4, 20, MAX_DEPTH + 1])
def test_a_chain_carries_at_any_level(count: int):
    ledger = levels(count)
    found = authority(ledger.view, MARK, party(count), anywhere(ledger))
    assert found.granted
    assert [link.subject for link in found.chain.links] == [party(n) for n in range(1, count + 1)]


def test_a_chain_ends_at_the_deepest_level_there_is():
    ledger = levels(MAX_DEPTH + 2)
    (failure,) = authority(ledger.view, MARK, party(MAX_DEPTH + 2), anywhere(ledger)).failures
    assert failure.code == "chain-endless"


def test_a_dead_link_at_any_level_ends_all_below_it_and_nothing_above():
    for dead in (1, 10, 20):
        ledger = levels(20)
        above = "mark" if dead == 1 else f"{dead - 1}"
        ledger.revoke(f"{dead}", party(dead), id_of(above))
        for level in range(1, 21):
            found = authority(ledger.view, MARK, party(level), anywhere(ledger))
            assert found.granted == (level < dead)
            if level >= dead:
                assert [item.code for item in found.failures] == ["grant-revoked"]
                assert found.failures[0].facts["grantee"] == party(dead)


def test_twenty_levels_are_too_many_for_a_shop():
    verdict, _ = ask(levels(20), "may_sell", trader=party(20), **SELLING)
    assert [item.code for item in verdict.reasons] == [
        "multi-brand-too-long",
        "specialty-needs-direct",
        "flagship-needs-exclusive",
    ]


def test_a_circle_of_grants_carries_nothing_and_comes_to_an_end():
    """Each rests on the other; only a dishonest operator lets that in."""
    ledger = Ledger()
    ledger.mark()
    ledger.product()
    ledger.grant("a", party(2), party(1), under("b", party(2)))
    ledger.grant("b", party(1), party(2), under("a", party(1)))
    ledger.grant("self", party(3), party(3), under("self", party(3)))
    for seller, grant in ((1, "a"), (2, "b"), (3, "self")):
        verdict, _ = ask(ledger, "may_sell", trader=party(seller), **SELLING)
        assert verdict.verdict == "no"
        assert [item.code for item in verdict.reasons] == ["parent-absent"]
        asks = {"brand": MARK, "grantee": party(seller), "grant": id_of(grant)}
        assert ask(ledger, "impact", **asks)[0].verdict == "no"


@pytest.fixture(scope="module")
def large() -> Ledger:
    """Return a brand with 100,000 grants, one of them with three more below it."""
    ledger = Ledger()
    ledger.mark()
    ledger.product()
    for number in range(1, MANY + 1):
        ledger.grant(f"{number}", HOLDER, party(number), under_mark(), depth=3)
    for level in range(3):
        below = MANY + level + 1
        above = 50_000 if level == 0 else below - 1
        ledger.grant(
            f"{below}",
            party(above),
            party(below),
            under(f"{above}", party(above)),
            depth=2 - level,
        )
    return ledger


@pytest.mark.parametrize("seller", [1, MANY, MANY + 3])
def test_a_verdict_reads_its_own_path_alone(large: Ledger, seller: int):
    verdict, trace = ask(large, "may_sell", trader=party(seller), **SELLING)
    assert verdict.verdict == "yes"
    read = {topic: history.count for topic, history in trace.histories.items()}
    assert max(read.values()) == 1
    path = [seller] if seller <= MANY else [50_000, MANY + 1, MANY + 2, MANY + 3]
    granted = {subject for topic, subject in read if topic == "grant"}
    assert granted == {f"{MARK}\n{party(number)}" for number in path}
    assert {topic for topic, _ in read} == {
        "adverse",
        "grant",
        "identity",
        "key",
        "product",
        "product-recall",
        "qualification",
        "qualification-number",
        "recall",
        "sanction",
        "statement",
    }


def test_a_strangers_verdict_reads_no_grant(large: Ledger):
    verdict, trace = ask(large, "may_sell", trader=party(MANY + 9), **SELLING)
    assert [item.code for item in verdict.reasons] == ["no-grant"]
    assert sum(history.count for history in trace.histories.values()) == 2  # product and mark


def test_an_impact_stops_at_its_limit(large: Ledger):
    """Only what lies below the grant is walked, and no more than is said."""
    asks = {"brand": MARK, "grantee": party(50_000), "grant": id_of("50000")}
    verdict, trace = ask(large, "impact", **asks)
    assert [row["grantee"] for row in verdict.detail["grants"]] == [
        party(number) for number in (MANY + 1, MANY + 2, MANY + 3)
    ]
    assert sum(history.count for history in trace.histories.values()) < 50
    for number in range(MAX_GRANTS):
        name = f"below {number}"
        large.grant(name, party(1), party(1), under("1", party(1)), depth=0)
    asks = {"brand": MARK, "grantee": party(1), "grant": id_of("1")}
    verdict, _ = ask(large, "impact", **asks)
    assert verdict.verdict == "unknown"
    assert [item.code for item in verdict.reasons] == ["walk-limit"]
    assert len(verdict.detail["grants"]) == MAX_GRANTS - 1
