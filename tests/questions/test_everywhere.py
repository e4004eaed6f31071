"""One answer everywhere: the database, a bundle verified offline, an import of an export."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from audit.ledgers import export_of
from evidence.bundles import verified
from questions.everywhere import LATER, SECOND, STORY, asks
from questions.scene import selling
from tea import AGENT, GTIN, LOT, MARK
from usual import Told
from world import ORIGIN, World

from ledger.answering.prover import prove
from ledger.errors import VerificationError
from ledger.evidence.bundle import Bundle, decode_bundle, encode_bundle
from ledger.files.archive import DirectoryReader
from ledger.questions.declared import QUESTIONS
from ledger.store.engine import make_engine
from ledger.writing.log import Log
from ledger.writing.opening import open_log
from ledger.writing.restore import restore


class Copies(NamedTuple):
    """A ledger, how large it was halfway, and the same ledger out of its export."""

    world: World
    halfway: int
    imported: Log


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    folder = tmp_path_factory.mktemp("everywhere")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.told = Told(world)
    world.told.begin()
    for step in STORY:
        found = world.accept(step(world))
    halfway = found.index + 2  # the entry and its seal
    for step in LATER:
        world.accept(step(world))
    reader = DirectoryReader(export_of(world.url, folder / "export"))
    engine = make_engine(f"sqlite:///{folder / 'imported.sqlite'}")
    restore(engine, reader, ORIGIN)
    again = {"clock": world.clock, "signer": world.signer}
    imported = open_log(engine, anchor_path=folder / "imported-anchor", **again)
    yield Copies(world, halfway, imported)
    world.log.engine.dispose()
    engine.dispose()


def times(copies: Copies, question: str) -> list[dict[str, Any]]:
    """Return the times a question is asked about: now, and as then known, about now and then."""
    then = {"known_at": copies.halfway}
    if not QUESTIONS[question].timed:
        return [{}, then]
    past_us = copies.world.now_us - 20 * 60_000_000
    return [{}, then, {"valid_at_us": past_us}, then | {"valid_at_us": past_us}]


def bundle(log: Log, question: str, asked: dict[str, str], at: dict[str, Any]) -> Bundle:
    return prove(log, question, asked, **at)


ASKED = 49


@pytest.mark.parametrize("number", range(ASKED))
def test_an_answer_is_the_same_everywhere(copies: Copies, number: int):
    question, asked = asks(copies.world.told)[number]
    answers = []
    for at in times(copies, question):
        made = bundle(copies.world.log, question, asked, at)
        raw = encode_bundle(made)
        asked_at = {"at_us": at.get("valid_at_us"), "known_at": at.get("known_at")}
        offline = verified(raw, copies.world, expect=(question, asked), **asked_at)
        again = bundle(copies.imported, question, asked, at)
        assert offline.answer == made.answer == again.answer
        assert offline.known_at == made.known_at
        assert encode_bundle(again) == raw, "and so is its bundle, to the last byte"
        answers.append(made.answer)
    assert len(answers) == (4 if QUESTIONS[question].timed else 2)


def test_every_question_is_asked(copies: Copies):
    assert {question for question, _ in asks(copies.world.told)} == set(QUESTIONS)
    assert len(asks(copies.world.told)) == ASKED


def test_the_answers_differ_where_the_story_does(copies: Copies):
    """Authorised as then known; recalled since."""
    log = copies.world.log

    def verdict(question: str, asked: dict[str, str], **at: Any) -> str:
        return prove(log, question, asked, **at).answer["verdict"]

    second = {"goods": SECOND}
    assert verdict("label", {"product": GTIN}, known_at=copies.halfway) == "yes"
    assert verdict("label", {"product": GTIN}) == "no"
    assert verdict("trace", second, known_at=copies.halfway) == "yes"
    assert verdict("trace", second) == "no"
    agents = {"brand": MARK, "grantee": AGENT}
    agents |= {"grant": copies.world.told.said["agent"][0].id.hex()}
    then = prove(log, "impact", agents, known_at=copies.halfway).answer
    now = prove(log, "impact", agents).answer
    assert len(now["grants"]) < len(then["grants"])
    assert verdict("listable", selling(), known_at=copies.halfway) == "yes"
    assert verdict("listable", selling()) == "no"


def test_a_bundle_without_one_of_its_histories_is_refused(copies: Copies):
    """The traced reads are the bundle: leave any of them out and nothing follows any more."""
    raw = encode_bundle(prove(copies.world.log, "trace", {"goods": LOT}))
    made = decode_bundle(raw)
    for left_out in made.histories:
        rest = tuple(item for item in made.histories if item != left_out)
        forged = encode_bundle(
            Bundle(**{n: getattr(made, n) for n in made.__struct_fields__} | {"histories": rest})
        )
        with pytest.raises(VerificationError, match="does not prove the history"):
            verified(forged, copies.world)


def test_a_verdict_of_four_links_is_a_small_bundle(copies: Copies):
    at = {"known_at": copies.halfway}
    assert len(encode_bundle(prove(copies.world.log, "may_sell", selling(), **at))) < 120_000


def test_the_whole_story_keeps_the_rules(copies: Copies):
    copies.world.check()
