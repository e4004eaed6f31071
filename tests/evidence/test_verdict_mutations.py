"""A verdict's bundle with anything in it altered: it never verifies with another answer.

Every timed question that is answered takes part; ``may_sell`` is swept densely.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from evidence.bundles import mutations, trust
from evidence.cheating import SELL, Cheat, revocation
from tea import GARDEN, GTIN, LABORATORY, LOT, MARK, OBSERVER, TRADER
from usual import MODEL, USUAL
from world import World

from ledger.answering.prover import prove
from ledger.errors import CannotVerifyError, MalformedError, PinyuanError, VerificationError
from ledger.evidence.bundle import decode_bundle, encode_bundle, verify_bundle
from ledger.primitives import ijson
from ledger.questions.answers import ANSWERS
from ledger.questions.declared import QUESTIONS


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """Tell the usual beginning, a complaint, a revocation, a model of the index; return the grant's id too."""
    folder = tmp_path_factory.mktemp("mutations")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    cheat = Cheat(world, pytest.MonkeyPatch())
    said = cheat.tea.chain()
    cheat.complaint()
    raw = revocation(cheat.tea, said["trader"], "trader", said["distributor"], "distributor")
    world.accept(raw)
    model = USUAL["quality-model"][2] | {"from": cheat.tea.time()}
    world.accept(world.statement("quality-model", model, subject=MODEL))
    yield world, said["agent"].id.hex()
    world.log.engine.dispose()


def parameters(name: str, grant: str) -> dict[str, str]:
    """Return what a question is asked with here."""
    known = SELL | {
        "goods": GTIN,
        "brand": MARK,
        "grantee": "https://id.gs1.org/417/6901234507041",
        "grant": grant,
        "party": TRADER,
        "days": "3650",
        "subject": TRADER,
        "about": GARDEN,
        "model": MODEL,
        "sample": "urn:sample:s1",
        "laboratory": LABORATORY,
        "month": "2026-09",
        "report": "*",
        "observer": OBSERVER,
        "place": GARDEN,
    }
    known |= {"subject": GTIN} if name == "index" else {}
    known |= {"goods": LOT} if name == "where_used" else {}
    return {item.name: known.get(item.name, item.default) for item in QUESTIONS[name].parameters}


TIMED = [name for name in ANSWERS if QUESTIONS[name].timed]
QUESTIONS_KNOWN = [(name, known_at) for name in TIMED for known_at in (None, 34)]
"""As of now, and as of the complaint, before the revocation."""


def bundle(story: tuple[World, str], name: str, known_at: int | None) -> bytes:
    world, grant = story
    return encode_bundle(prove(world.log, name, parameters(name, grant), known_at=known_at))


def outcome(raw: bytes, altered: bytes, world: World) -> PinyuanError | Any:
    """Return the error, or the answer, that whoever asked for ``raw`` gets from ``altered``."""
    asked = decode_bundle(raw)
    try:
        return verify_bundle(
            altered,
            trust(),
            now_us=world.now_us,
            expect=(asked.question, asked.parameters),
            at_us=asked.valid_at_us,
            known_at=asked.known_at,
        ).answer
    except (VerificationError, MalformedError, CannotVerifyError) as error:
        return error


SAMPLED = 40  # of the other questions' values


@pytest.mark.parametrize(("name", "known_at"), QUESTIONS_KNOWN)
def test_no_altered_value_gives_another_answer(
    story: tuple[World, str], name: str, known_at: int | None
):
    world = story[0]
    raw = bundle(story, name, known_at)
    answer = decode_bundle(raw).answer
    assert outcome(raw, raw, world) == answer
    step = 5 if (name, known_at) == ("may_sell", None) else SAMPLED
    passed = [
        where
        for number, (where, altered) in enumerate(mutations(raw))
        if number % step == 0 and not isinstance(outcome(raw, altered, world), PinyuanError)
    ]
    # Nothing stands in a bundle that nobody looks at.
    assert passed == []


@pytest.mark.parametrize(("name", "known_at"), QUESTIONS_KNOWN)
def test_no_altered_byte_passes(story: tuple[World, str], name: str, known_at: int | None):
    world = story[0]
    raw = bundle(story, name, known_at)
    step = 59 if name == "may_sell" else 211
    passed = [
        at
        for at in range(0, len(raw), step)
        if not isinstance(
            outcome(raw, raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :], world),
            PinyuanError,
        )
    ]
    assert passed == []


@pytest.mark.parametrize("name", TIMED)
def test_every_history_and_statement_is_needed(story: tuple[World, str], name: str):
    """Without any one of them nothing is proven; each alone is a read of the answer or its rules."""
    world = story[0]
    raw = bundle(story, name, None)
    content = ijson.decode(raw)
    for part in ("histories", "statements"):
        for at in range(len(content[part])):
            fewer = content | {part: content[part][:at] + content[part][at + 1 :]}
            found = outcome(raw, ijson.encode(fewer) + b"\n", world)
            assert isinstance(found, VerificationError), (part, content[part][at])
