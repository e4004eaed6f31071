"""One answer everywhere: the database, a bundle verified offline, an import of an export."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from audit.ledgers import export_of
from evidence.bundles import verified
from questions.scene import BUSINESS, audit, inspection, refusal, sanction, selling, visit_to
from questions.scenes.label import STANDARDS, again, measured
from questions.scenes.pledges import pledge
from questions.scenes.sampling import planning
from rules.laboratory_words import accredited, judging, limits, received
from rules.scenarios.sampling import inbound, row
from rules.words import affiliation, amends, grant, revoke, says
from tea import AGENT, DISTRIBUTOR, GARDEN, GTIN, LABORATORY, LOT, MARK, OBSERVER, SHOP, TEA
from usual import MODEL, RIVAL, SAMPLE, Told, citing, day, finding, id_of, result, who
from world import BRAND, OPERATOR, ORIGIN, TRADER, World

from ledger.answering.prover import prove
from ledger.errors import VerificationError
from ledger.evidence.bundle import Bundle, decode_bundle, encode_bundle
from ledger.files.archive import DirectoryReader
from ledger.questions.declared import QUESTIONS
from ledger.store.engine import make_engine
from ledger.writing.log import Log
from ledger.writing.opening import open_log
from ledger.writing.restore import restore

SECOND = GTIN + "/10/B8"
STORY = (
    BUSINESS,
    says("quality-model"),
    audit(),
    says("listing"),
    inspection(),
    says("lot", subject=SECOND, called="second", serial_range=..., inputs=[LOT]),
    grant("agent", "trader", "agent", depth=0, until=day(20)),
    affiliation("brand", "subsidiary"),
    grant("subsidiary", "rival", depth=0),
    says("visit"),
    says("observation", findings=[finding("minor")]),
    says("sample-sealed", called="sample"),
    says("custody"),
    says("complaint"),
    accredited(),
    limits(),
    received(handed_by=who("carrier"), previous=id_of("custody")),
    judging(result("0.05", "pass"), number="R-0", called="passed"),
    *STANDARDS,
    *again(measured()),
    says("label", evidence=[citing("again")]),
    pledge({"kind": "no-critical-failure"}, standards=[citing("standard")]),
)
LATER = (
    refusal(subject=SECOND),
    *sanction(products=[GTIN]),
    revoke("distributor", "distributor", "agent"),
    *row("RR"),
    inbound(3, severity="tightened"),
    visit_to(SECOND),
    judging(result("0.2", "fail")),
    says("objection"),
    amends("appeal", "sanction", by="trader"),
    says("improvement-plan", called="plan"),
    says("improvement-step", called="step"),
    says("advice"),
    amends("appeal-decision", "sanction", changes={"outcome": "annulled"}),
    says("recall", subject=SECOND, called="second recall"),
)


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


def asks(told: Told) -> list[tuple[str, dict[str, str]]]:
    """Return every question, asked in several ways."""
    grants = {name: told.said[name][0].id.hex() for name in ("agent", "trader")}
    return [
        ("history", {"topic": "inspection", "subject": LOT}),
        ("may_sell", selling()),
        ("may_sell", selling(shop_type="multi-brand", territory="CN-ZJ")),
        ("may_sell", selling(trader=RIVAL, shop_type="specialty")),
        ("may_sell", selling(trader=OPERATOR)),
        ("trace", {"goods": GTIN}),
        ("trace", {"goods": LOT}),
        ("trace", {"goods": SECOND}),
        ("trace", {"goods": LOT + "/21/007"}),
        ("trace", {"goods": GTIN + "/21/999"}),
        ("listable", selling()),
        ("listable", selling(trader=DISTRIBUTOR)),
        ("impact", {"brand": MARK, "grantee": AGENT, "grant": grants["agent"]}),
        ("impact", {"brand": MARK, "grantee": TRADER, "grant": grants["trader"]}),
        ("expiring", {"party": TRADER, "days": "30"}),
        ("admission", {"trader": TRADER}),
        ("sanctions", {"subject": TRADER}),
        ("sanctions", {"subject": SHOP}),
        ("visits", {"about": GARDEN}),
        ("visits", {"about": SECOND}),
        ("plan", planning()),
        ("plan", planning(mode="mystery", lot_size="10")),
        *(("index", {"subject": subject, "model": MODEL}) for subject in (GTIN, TRADER, MARK, TEA)),
        ("coverage", {"category": TEA} | SEPTEMBER),
        ("report", {"sample": SAMPLE, "report": "*"}),
        ("report", {"sample": SAMPLE, "report": "0" * 64}),
        ("reports", {"laboratory": LABORATORY, "month": "2026-09", "report": "*"}),
        ("improvement", {"trader": TRADER}),
        ("label", {"product": GTIN}),
        ("pledges", {"party": BRAND}),
        ("pledges", {"party": LABORATORY}),
        ("invitations", {"observer": OBSERVER}),
        ("grants", {"party": AGENT, "brand": "*", "page": "1"}),
        ("grants", {"party": TRADER, "brand": MARK, "page": "1"}),
        ("brand", {"brand": MARK, "under": "*", "page": "1"}),
        ("trader", {"trader": TRADER, "page": "1"}),
        ("place", {"place": GARDEN, "maker": "*", "page": "1"}),
    ]


SEPTEMBER = {"start": "2026-09-01T00:00:00Z", "until": "2026-10-01T00:00:00Z"}


def times(copies: Copies, question: str) -> list[dict[str, Any]]:
    """Return the times a question is asked about: now, and as then known, about now and then."""
    then = {"known_at": copies.halfway}
    if not QUESTIONS[question].timed:
        return [{}, then]
    past_us = copies.world.now_us - 20 * 60_000_000
    return [{}, then, {"valid_at_us": past_us}, then | {"valid_at_us": past_us}]


def bundle(log: Log, question: str, asked: dict[str, str], at: dict[str, Any]) -> Bundle:
    return prove(log, question, asked, **at)


ASKED = 40


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
