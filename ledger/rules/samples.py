"""Samples that nobody sealed: which may have been meant, of those sealed of the same lot."""

from collections.abc import Iterator

from ledger.histories.history import View
from ledger.primitives.near import near_ids
from ledger.rules.registry import Refusal
from ledger.rules.standing import standing_of
from ledger.statements.inspection_family import SampleSealed
from ledger.texts import saying
from ledger.texts.joints import either


def never_sealed(view: View, rule: str, sample: str, lot: str) -> Iterator[Refusal]:
    """Yield that a sample was never sealed, with the names near its own that were of this lot."""
    sealed = {
        item.subject: item.index for item in standing_of(view, "inspection", lot, SampleSealed)
    }
    meant = near_ids(sample, sealed)
    why = saying("{sample} was never sealed", sample=sample)
    if meant:
        why = saying(
            "{sample} was never sealed: did you mean {meant}?", sample=sample, meant=either(meant)
        )
    yield Refusal(rule, why, tuple(sealed[one] for one in meant))
