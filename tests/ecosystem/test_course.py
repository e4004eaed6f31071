"""The announced ecosystem at a hundredth: deterministic, accepted whole, with every cause there."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit import verify_ledger
from ledger.primitives import ijson
from ledger.questions.declared import QUESTIONS
from ledger.statements import laboratory_family as laboratory
from ledger.statements.catalogue import CATALOGUE, citations_of, decode_body, type_name
from ledger.statements.envelope import SignedStatement, parse_statement
from ledger.statements.fields import Body
from ledger.statements.inspection_family import Inspection
from ledger.statements.label_family import Label
from ledger.statements.sanction_family import STEPS, Sanction
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.writing.opening import open_log

SCALE = 0.01
SEED = 1
NEVER_TOLD = {
    "rules",  # there is one version
    "claim-decided",  # nothing is contested where all claim their own
    "log-end",  # the log goes on
    "draw",  # of a ledger as it is when it is drawn, which nobody tells beforehand
    "draw-sealed",
    "draw-result",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list:
    from ecosystem.telling import tell_all

    return tell_all(tmp_path_factory.mktemp("told"), SEED, SCALE, processes=False)


Statements = list[tuple[SignedStatement, Body]]


@pytest.fixture(scope="module")
def said(told: list) -> Statements:
    found = []
    for item in told:
        for raw in (raw for statements in item.rounds() for raw in statements):
            statement = parse_statement(raw)
            found.append((statement, decode_body(statement)))
    return found


@pytest.fixture(scope="module")
def ledger(told: list, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    from ecosystem import loading
    from ecosystem.telling import in_rounds

    folder = tmp_path_factory.mktemp("ledger")
    url, anchor = f"sqlite:///{folder / 'ledger.sqlite'}", folder / "anchor"
    loading.create(url, anchor)
    clock = loading.RoundClock()
    engine = make_engine(url)
    log = open_log(engine, anchor_path=anchor, signer=loading.signer(), clock=clock)
    for number, files in in_rounds(told):
        for statements in files:
            assert loading.register(log, clock, number, statements) == []
    yield url, anchor
    engine.dispose()


def test_the_same_seed_says_the_same_and_another_seed_something_else(tmp_path: Path):
    from ecosystem.telling import tell_share

    paths = [str(tmp_path / name) for name in ("one", "again", "other")]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        tell_share(2, seed, 0.0005, path)
    one, again, other = (Path(path).read_bytes() for path in paths)
    assert one == again
    assert one != other


def test_every_type_that_comes_from_outside_is_told(said: Statements):
    kinds = Counter(type_name(body) for _, body in said)
    outside = {name for name, row in CATALOGUE.items() if row.submitted}
    assert outside - kinds.keys() == NEVER_TOLD


def test_the_proportions_are_those_announced(told: list, said: Statements):
    from ecosystem.telling import sums

    found = sums(told)
    assert found["batches"] == 6_000
    assert found["samplings"] == 2_000
    assert found["km"] == pytest.approx(15_000, rel=0.02)
    kinds = Counter(type_name(body) for _, body in said)
    assert 0.005 < found["refused"] / kinds["inspection"] < 0.05


def test_everything_cited_was_told_before_by_name(said: Statements):
    place = {statement.id.hex(): at for at, (statement, _) in enumerate(said)}
    cited = 0
    for at, (statement, body) in enumerate(said):
        for citation, types in citations_of(body):
            there = place[citation.id]
            assert there < at, f"{type_name(body)} of {statement.subject}"
            assert type_name(said[there][1]) in types
            cited += 1
    assert cited > 1_000


def failed(body: Body) -> bool:
    if isinstance(body, laboratory.Tested):
        return any(result.outcome == "fail" for result in body.results)
    return isinstance(body, Inspection) and body.decision == "refused"


def test_sanctions_rise_on_what_failed_from_the_first_step_to_the_last(said: Statements):
    by_id = {statement.id.hex(): body for statement, body in said}
    sanctions = [body for _, body in said if isinstance(body, Sanction)]
    for body in sanctions:
        assert all(failed(by_id[trigger.id]) for trigger in body.triggers)
    assert {body.step for body in sanctions} == set(STEPS)
    assert any(body.interim for body in sanctions)


def test_labels_rest_on_reports_that_passed_and_retests_are_of_another_laboratory(said: Statements):
    by_id = {statement.id.hex(): (statement, body) for statement, body in said}
    labels = [body for _, body in said if isinstance(body, Label)]
    for body in labels:
        for citation in body.evidence:
            report = by_id[citation.id][1]
            assert isinstance(report, laboratory.Tested)
            assert {result.outcome for result in report.results} == {"pass"}
    retests = [item for item in said if isinstance(item[1], laboratory.RetestReport)]
    for statement, body in retests:
        assert isinstance(body, laboratory.RetestReport)
        assert by_id[body.target.id][0].issuer != statement.issuer
    assert labels
    assert retests


def test_a_ledger_of_it_verifies_whole_and_replays(ledger: tuple[str, Path], said: Statements):
    with closing(DatabaseReader(ledger[0])) as reader:
        report = verify_ledger(reader, replay=True, workers=1)
    assert report.size > len(said)


def test_its_headline_is_what_was_told(ledger: tuple[str, Path], told: list):
    from ecosystem.loading import settings_at
    from make_ecosystem import equals_headline

    assert equals_headline(settings_at(*ledger).directory, told)


def test_every_question_can_be_asked_of_it(ledger: tuple[str, Path], told: list):
    from bench_questions import ask
    from ecosystem.examples import parameters_of

    url, anchor = ledger
    log = open_log(make_engine(url), anchor_path=anchor)
    for name in QUESTIONS:
        ask(log, name, parameters_of(name, told[-1].examples[0]))
    log.engine.dispose()


def test_an_entry_of_every_type_is_shown_over_http(ledger: tuple[str, Path]):
    from ecosystem.loading import settings_at

    from api.http.json_text import json_of
    from api.reading.entries import whole_entry
    from api.reading.reads import Reads

    reads = Reads(settings_at(*ledger).directory)
    with closing(DatabaseReader(ledger[0])) as reader:
        leaves = reader.entries(0, reader.size()).leaves
    first: dict[str, int] = {}
    for index, leaf in enumerate(leaves):
        first.setdefault(type_name(decode_body(parse_statement(leaf))), index)
    shown = {name: ijson.decode(json_of(whole_entry(reads, at))) for name, at in first.items()}
    reads.close()
    assert {name: row["type"] for name, row in shown.items()} == {name: name for name in shown}
    assert CATALOGUE.keys() - shown.keys() == NEVER_TOLD
