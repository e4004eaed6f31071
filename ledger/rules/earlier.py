"""What was said of a lot before: corrected since, or stated anew by the same party.

Where it was made, when and of what counts still for what was found by the time it was said
otherwise. What those said whose goods somebody took over is told by ``taken_over``.
"""

from collections.abc import Iterable

from ledger.histories.history import View
from ledger.rules.standing import Standing, sound
from ledger.statements.origin_family import Lot

Earlier = Iterable[tuple[Lot, int]]
"""What was said of a lot before, each with when it was said otherwise on record."""


def places_of(item: Standing) -> dict[str, None]:
    """Return where a lot was made, as a statement says and ever said, in doubt or not."""
    bodies = (item.body, *(body for _, body in item.before))
    return {str(body.facility): None for body in bodies if isinstance(body, Lot)}


def corrected_before(view: View, item: Standing) -> Earlier:
    """Yield what a lot's statement said before it was corrected."""
    for entry, body in sound(view, item).before:
        if isinstance(body, Lot):
            yield body, view.registered_us(entry.index)


def restated_before(view: View, versions: Iterable[Standing]) -> Earlier:
    """Yield what one party said of a lot before the last of these: stated anew, or corrected."""
    stated = list(versions)
    for one, after in zip(stated, (*stated[1:], None), strict=False):
        yield from corrected_before(view, one)
        if after is not None and isinstance(one.body, Lot):
            yield one.body, view.registered_us(after.index)
