"""The platform that the benchmark tells: every statement keeps the rules, in either order of shares."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from ledger.histories.history import Entry
from ledger.histories.views import MemoryView
from ledger.primitives.clock import SimulatedClock
from ledger.rules.standing import standing, standing_in, standing_of
from ledger.statements.catalogue import decode_body, histories_of, read_again, type_name
from ledger.statements.envelope import parse_statement
from ledger.statements.fields import Names
from ledger.store.engine import make_engine
from ledger.writing.log import Registered
from ledger.writing.opening import create_log

BRANDS = 3
TOLD = 800


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_what_the_shares_tell_is_registered_whichever_comes_first(
    order: tuple[int, int], tmp_path: Path
):
    import bench_common
    from ecosystem import mix

    statements, asked = mix.base(2, BRANDS)
    for number in order:
        statements += islice(mix.mix(number, BRANDS), TOLD)
    log = create_log(
        make_engine(f"sqlite:///{tmp_path / 'ledger.sqlite'}"),
        anchor_path=tmp_path / "anchor",
        clock=SimulatedClock(mix.START_S * 1_000_000),
        signer=bench_common.signer(),
        operator=bench_common.OPERATOR,
        names=Names(en="Benchmark"),
    )
    outcomes = log.register(statements)
    log.engine.dispose()
    assert [item for item in outcomes if not isinstance(item, Registered)] == []
    told = Counter(type_name(decode_body(parse_statement(raw))) for raw in statements[-2 * TOLD :])
    assert 0.4 < told["inspection"] / (2 * TOLD) < 0.6
    assert len(told) > 20
    subjects = Counter(parse_statement(raw).subject for raw in statements)
    assert {asked.trader, asked.product, asked.lot} <= subjects.keys()


def test_the_same_seed_tells_the_same():
    from ecosystem import mix

    told, again = (list(islice(mix.mix(1, BRANDS), 300)) for _ in range(2))
    assert told == again


def test_what_stands_of_one_type_is_what_stands_filtered():
    from ecosystem import mix

    view, topics, kinds = MemoryView(lambda _: 0), set(), set()
    statements, _ = mix.base(1, BRANDS)
    statements += islice(mix.mix(1, BRANDS), 4 * TOLD)
    for index, raw in enumerate(statements):
        statement = parse_statement(raw)
        body = decode_body(statement)
        own = histories_of(statement, body)
        for topic in own[:1]:
            view.fold(standing, *topic)  # so that it goes on from here
        view.add(Entry(index, statement, body), own)
        topics |= set(own)
        kinds.add(type(body))
    amended = 0
    for topic in topics:
        every = list(standing_in(view, *topic))
        amended += len(view.fold(standing, *topic)) - len(every)
        amended += sum(item.replaced is not None for item in every)
        for kind in kinds:
            wanted = [item for item in every if type(item.body) is kind]
            assert list(standing_of(view, *topic, kind)) == wanted
        assert standing(view.history(*topic).entries()) == view.fold(standing, *topic)
    assert amended > 20


def test_what_was_read_before_is_read_again_alike():
    from ecosystem import mix

    for raw in islice(mix.mix(1, BRANDS), 600):
        statement = parse_statement(raw)
        assert read_again(statement) == decode_body(statement)
