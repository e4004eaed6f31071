"""What a reader of FORMATS once read otherwise: each kind as it is, and as somebody would have it.

A bundle that says what does not follow fails at the step that FORMATS names for it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from evidence.bundles import STEPS, changed, trust
from evidence.cheating import SELL
from tea import GTIN, Tea, party_of
from world import BRAND, World

from ledger.answering.prover import prove
from ledger.errors import PinyuanError
from ledger.evidence.bundle import decode_bundle, encode_bundle, verify_bundle

INCLUSION, ANSWER = "inclusion", "rules"
"""4 and 5, and 7 to 10: there an answer that does not follow fails."""


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tea]:
    """Tell the usual beginning."""
    folder = tmp_path_factory.mktemp("tea")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    found = Tea(world)
    found.chain()
    yield found
    world.log.engine.dispose()


def asked(tea: Tea, *, days: float = 0, known_at: int | None = None, **changes: str) -> bytes:
    """Return the bundle of a sale, about so many days before the newest seal."""
    log = tea.world.log
    at_us = tea.world.last_us() - int(days * 86_400_000_000)
    known_us = None if known_at is not None else at_us
    return encode_bundle(
        prove(log, "may_sell", SELL | changes, valid_at_us=known_us, known_at=known_at)
    )


def answer_of(raw: bytes) -> dict[str, Any]:
    """Return a bundle's answer."""
    return decode_bundle(raw).answer


def fails_at(raw: bytes, tea: Tea) -> str | None:
    """Return the first step that a bundle does not pass; None for one that is true."""
    passed: list[str] = []
    try:
        verify_bundle(
            raw, trust(), now_us=tea.world.now_us, report=lambda step: passed.append(step.name)
        )
    except PinyuanError:
        assert passed == list(STEPS[: len(passed)])
        return STEPS[len(passed)]
    return None


def restated(raw: bytes, **said: Any) -> bytes:
    """Return a bundle whose answer says something else."""
    return changed(raw, answer=answer_of(raw) | said)


def test_a_grant_dated_back_carries_nothing_before_its_registration(tea: Tea):
    raw = asked(tea, days=1 / 24)
    answer = answer_of(raw)
    assert (answer["verdict"], [item["code"] for item in answer["reasons"]]) == (
        "no",
        ["grant-not-yet"],
    )
    assert answer["chain"][1]["from"] < answer["reasons"][0]["facts"]["from"]
    assert fails_at(raw, tea) is None
    assert fails_at(restated(raw, verdict="yes", reasons=[]), tea) == ANSWER
    now = answer_of(asked(tea))
    assert now["verdict"] == "yes"
    assert fails_at(changed(raw, answer=now), tea) == ANSWER


def test_each_history_of_a_bundle_is_needed(tea: Tea):
    raw = asked(tea)
    histories = decode_bundle(raw).histories
    found = {
        (item.topic, item.subject): fails_at(
            changed(raw, histories=tuple(one for one in histories if one is not item)), tea
        )
        for item in histories
    }
    log = found.pop(("log", tea.world.log.origin))
    assert log == "checkpoint"
    assert len(found) > 20
    assert {*found.values()} == {ANSWER}


def test_an_answer_as_of_an_earlier_size_shows_its_histories_up_to_the_checkpoint(tea: Tea):
    size = decode_bundle(asked(tea)).known_at
    earlier = (asked(tea, known_at=known) for known in range(size, 0, -2))
    raw = next(found for found in earlier if answer_of(found)["brand"] is None)
    assert answer_of(raw)["reasons"] == [
        {"code": "product-unknown", "entries": [], "facts": {"product": GTIN}}
    ]
    bundle = decode_bundle(raw)
    at = bundle.known_at
    assert at < size
    (product,) = (item for item in bundle.histories if item.topic == "product")
    assert [index for index in product.entries if index >= at]
    assert fails_at(raw, tea) is None
    cut = tuple(
        type(item)(
            topic=item.topic,
            subject=item.subject,
            entries=tuple(index for index in item.entries if index < at),
            proof=item.proof,
        )
        for item in bundle.histories
    )
    assert fails_at(changed(raw, histories=cut), tea) == INCLUSION
    assert fails_at(changed(raw, answer=answer_of(asked(tea))), tea) == ANSWER


def test_the_right_holder_sells_by_its_mark_alone(tea: Tea):
    raw = asked(tea, trader=BRAND, shop_type="*")
    answer = answer_of(raw)
    assert answer["verdict"] == "yes"
    assert answer["shop_types"] == ["flagship", "multi-brand", "specialty"]
    assert [row["kind"] for row in answer["chain"]] == ["trademark"]
    assert answer["chain"][0]["holder"] == party_of("brand")
    assert fails_at(raw, tea) is None
    reason = {
        "code": "no-grant",
        "entries": [],
        "facts": {"party": BRAND, "brand": answer["brand"]},
    }
    lie = restated(raw, verdict="no", reasons=[reason], shop_types=[], chain=[])
    assert fails_at(lie, tea) == ANSWER
