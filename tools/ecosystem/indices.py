"""Stated quality indices: computed by the rules' own functions over what a share said.

An index is of a size of the log, which no share knows while it tells: the shares' lengths are
only known when all are told. So what is stated waits as a ``Found``, and is signed at the end.
"""

from dataclasses import dataclass

from ecosystem.pen import time_of
from ecosystem.share import Share
from ledger.questions.declared import USUAL_MODEL
from ledger.rules.outcomes import goods_of
from ledger.rules.scoring import index_at, model_in_force, model_of


@dataclass(frozen=True)
class Found:
    """An index that will be stated behind a round: what it is of, at what time, what it is."""

    round: int
    subject: str
    at: str
    outcomes: int
    inputs: str
    score: int | None
    grade: str


def find_index(share: Share, subject: str, number: int) -> Found:
    """Return the index of a product, trader or brand by all that was said up to a round."""
    view, at_s = share.pen.view, share.pen.now_s
    at_us = at_s * 1_000_000
    model = model_in_force(view, USUAL_MODEL, at_us)
    assert model is not None
    found = index_at(view, goods_of(view, subject), model_of(model), at_us)
    share.told[f"indices of grade {found.grade}"] += 1
    return Found(
        number,
        subject,
        time_of(at_s),
        len(found.counted),
        found.inputs,
        found.score,
        found.grade,
    )
