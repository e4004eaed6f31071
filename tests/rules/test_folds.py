"""What histories say, folded: over a prefix, over all, and in any order within a batch."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from world import BRAND, MINUTE_US, OPERATOR, ORIGIN, START_US, TRADER, World, key_of

from ledger.errors import PinyuanError
from ledger.histories.history import Entry
from ledger.histories.views import AsOfView, MemoryView
from ledger.questions.book import Case, review
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.rules.standing import corrections, standing
from ledger.rules.state import ended_at, fold_keys, fold_log, fold_party, key_state
from ledger.statements.catalogue import InvalidBody, decode_body, histories_of
from ledger.statements.envelope import Topic, parse_statement
from ledger.store.reads import reading
from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey
from ledger.writing.log import Registered

FOLDS = (fold_log, fold_keys, fold_party)
PARTIES = {"operator": OPERATOR, "brand": BRAND, "trader": TRADER}
NEWEST_RULES = CURRENT + 3
BEGINNING = datetime.fromtimestamp(START_US // 1_000_000, UTC)


@pytest.fixture(scope="module", autouse=True)
def versions_to_come() -> Iterator[None]:
    """Publish more versions of the rules, as later releases do."""
    with pytest.MonkeyPatch.context() as patch:
        for version in range(CURRENT + 1, NEWEST_RULES + 1):
            patch.setitem(PUBLISHED, version, f"{version:064x}")
        yield


@pytest.fixture(scope="module")
def pen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a world whose people write; what they write goes into ledgers in memory."""
    folder = tmp_path_factory.mktemp("pen")
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    yield made
    made.log.engine.dispose()


# Stories: each move is a statement and a batch; a party called p has keys p0 to p3.

party_names, key_numbers = st.sampled_from(sorted(PARTIES)), st.integers(0, 3)
moves = st.one_of(
    st.tuples(st.just("party"), party_names, key_numbers),
    st.tuples(st.just("party-update"), party_names, st.none() | key_numbers),
    st.tuples(st.just("key"), party_names, key_numbers, key_numbers),
    st.tuples(
        st.just("key-revocation"),
        party_names,
        key_numbers,
        key_numbers,
        st.none() | st.integers(0, 9),
    ),
    st.tuples(st.just("key-revocation"), party_names, key_numbers, st.none(), st.none()),
    st.tuples(st.just("rules"), st.integers(1, NEWEST_RULES)),
    st.tuples(st.just("reading"), party_names, key_numbers),
)
stories = st.lists(moves, min_size=6, max_size=20).map(lambda told: [("party", "trader", 0), *told])

# Two levels below brand0 and what the operator's key registered late end by suspicion.
SUSPECTED = [
    ("key", "operator", 1, 0),
    ("party", "trader", 0),
    ("key", "brand", 1, 0),
    ("key", "brand", 2, 1),
    ("reading", "brand", 2),
    ("key-revocation", "brand", 0, 0, 4),
    ("key-revocation", "operator", 0, 1, 3),
    ("reading", "brand", 2),
    ("party-update", "brand", 3),
    ("end", "operator", 1),
]
ENDS = {"operator": 8, "operator1": None, "brand0": 7, "brand1": 7, "brand2": 7, "trader0": 8}


def key_name(name: str, number: int) -> str:
    return f"{name}{number}" if name != "operator" or number else name


def write(pen: World, move: tuple) -> bytes:
    """Return the statement of a move; without a signing key it is the operator's."""
    kind, name, *numbers = move
    if kind == "rules":
        witness = VerifierKey(
            f"witness.example/{name}", TYPE_COSIGNATURE, key_of(f"witness{name}").public.x
        )
        version = {"version": name, "digest": PUBLISHED[name]}
        return pen.statement("rules", {"rules": version, "witnesses": [str(witness)]})
    party, keys = PARTIES[name], [key_name(name, n) for n in numbers[:2] if n is not None]
    if kind == "end":
        return pen.statement("log-end", {"reason": "moved", "successor": None}, by=keys[0])
    if kind == "reading":
        return pen.reading("x", by=keys[0], issuer=party)
    bindings = [pen.binding(key, party) for key in keys[:1]]
    by, issuer = (keys[1], party) if len(keys) == 2 else ("operator", OPERATOR)
    match kind:
        case "party" | "party-update":
            fields = pen.party_fields(name, party, keys=bindings)
        case "key":
            fields = {"key": bindings[0]}
        case "key-revocation":
            fields = {"kid": key_of(keys[0]).public.kid.hex(), "reason": "lost"}
            if numbers[2] is not None:
                since = BEGINNING + timedelta(minutes=numbers[2])
                fields["suspected_since"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
    return pen.statement(kind, fields, by=by, issuer=issuer, subject=party)


class Story:
    """A ledger in memory that registers what no rule objects to, a minute apart."""

    def __init__(self, pen: World, moves: list[tuple]) -> None:
        self.size = 0
        self.topics: set[Topic] = set()
        self.view = MemoryView(lambda index: START_US + index * MINUTE_US)
        with reading(pen.log.engine) as snapshot:
            self.add(snapshot.leaf_range(0, 1)[0])
        for move in [("party", "brand", 0), *moves]:
            self.add(write(pen, move))

    def add(self, raw: bytes) -> None:
        statement = parse_statement(raw)
        body = decode_body(statement)
        now_us = START_US + self.size * MINUTE_US
        if review(Case(statement, body, self.view, ORIGIN, self.size, now_us)):
            return
        topics = histories_of(statement, body)
        self.view.add(Entry(self.size, statement, body), topics)
        self.topics |= set(topics)
        self.size += 1


@settings(max_examples=50, deadline=None)
@given(moves=stories)
@example(moves=SUSPECTED)
def test_what_a_history_said_at_an_index_is_the_fold_of_what_came_before(pen, moves):
    story = Story(pen, moves)
    for topic in sorted(story.topics):
        entries = story.view.history(*topic).entries()
        for index in range(story.size + 1):
            then = AsOfView(story.view, index)
            before = [entry for entry in entries if entry.index < index]
            for fold in FOLDS:
                assert then.fold(fold, *topic) == fold(before)
        for fold in FOLDS:
            assert story.view.fold(fold, *topic) == fold(entries)


@settings(max_examples=50, deadline=None)
@given(moves=stories)
@example(moves=SUSPECTED)
def test_a_key_ends_once_and_is_never_said_to_have_ended_otherwise(pen, moves):
    story = Story(pen, moves)
    for topic, subject in sorted(story.topics):
        if topic != "key":
            continue
        kid = bytes.fromhex(subject)
        end = ended_at(story.view, key_state(story.view, kid))
        for index in range(story.size + 1):
            then = AsOfView(story.view, index)
            state = key_state(then, kid)
            if state is not None:
                assert ended_at(then, state) == (end if end is not None and end < index else None)


@settings(max_examples=50, deadline=None)
@given(moves=stories)
@example(moves=SUSPECTED)
def test_a_partys_history_and_its_keys_histories_say_the_same(pen, moves):
    story = Story(pen, moves)
    of_parties = {}
    for party in PARTIES.values():
        said = [story.view.history(topic, party).entries() for topic in ("identity", "keys")]
        of_parties |= fold_keys(sorted((*said[0], *said[1]), key=lambda entry: entry.index))
    of_keys = {}
    for topic, subject in story.topics:
        if topic == "key":
            of_keys[subject] = key_state(story.view, bytes.fromhex(subject))
    assert of_keys == of_parties


def test_the_suspected_story_ends_the_keys_it_is_told_for(pen):
    story = Story(pen, SUSPECTED)
    kids = {name: key_of(name).public.kid for name in ENDS}
    states = {name: key_state(story.view, kid) for name, kid in kids.items()}
    assert {name: ended_at(story.view, state) for name, state in states.items()} == ENDS
    assert story.size == 10  # genesis and the brand; not what two ended keys said


@pytest.mark.parametrize("date", ["2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z"])
def test_a_date_that_never_was_breaks_no_fold(pen, date):
    """A dishonest operator may have admitted it: replay refuses, a verdict must not crash."""
    kid = key_of("brand0").public.kid.hex()
    fields = {"kid": kid, "reason": "lost", "suspected_since": date}
    entries = []
    for raw in (
        write(pen, ("party", "brand", 0)),
        pen.statement("key-revocation", fields, subject=BRAND),
    ):
        statement = parse_statement(raw)
        body = decode_body(statement)
        if isinstance(body, InvalidBody):
            return
        entries.append(Entry(len(entries), statement, body))
    try:
        fold_keys(entries)
    except PinyuanError:
        return


@settings(max_examples=50, deadline=None)
@given(moves=stories, cut=st.integers(0, 20))
@example(moves=SUSPECTED, cut=5)
def test_a_fold_over_a_prefix_then_over_the_rest_is_the_fold_over_all(pen, moves, cut):
    story = Story(pen, moves)
    for topic in sorted(story.topics):
        entries = story.view.history(*topic).entries()
        for fold in (*FOLDS, standing, corrections):
            prefix = fold(entries[:cut])
            before = fold.copy(prefix)
            assert fold.step(fold.copy(prefix), entries[cut:]) == fold(entries)
            assert prefix == before  # a copy's steps are its own


# Within one batch.


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_order_of_independent_statements_in_a_batch_decides_nothing(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("order")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    try:
        world.party("brand0", BRAND)
        world.accept(write(world, ("key", "brand", 1, 0)))
        expected = {
            write(world, ("party", "trader", 0)): (),
            write(world, ("key", "operator", 1, 0)): (),
            write(world, ("key-revocation", "brand", 1, None, None)): (),
            write(world, ("party-update", "brand", 2)): (),
            write(world, ("reading", "brand", 0)): (),
            world.reading("y", by="brand0"): (),
            world.reading("z", by="brand0")[:-1] + b"\0": ("signature",),
            world.reading("x", by="stranger"): ("key-unknown",),
            write(world, ("rules", CURRENT)): ("rules-version",),
            write(world, ("rules", CURRENT + 1)): (),
            b"\xd2": ("malformed",),
        }
        batch = data.draw(st.permutations(list(expected)))
        outcomes = world.register(*batch)
        for raw, outcome in zip(batch, outcomes, strict=True):
            refusals = () if isinstance(outcome, Registered) else outcome.refusals
            assert tuple(refusal.rule for refusal in refusals) == expected[raw]
        assert world.check().size == 6 + 7 + 1
    finally:
        world.log.engine.dispose()
