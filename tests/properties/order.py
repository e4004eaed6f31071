"""I10: statements that do not cite each other may be registered in any order.

The last statements of a world are registered in one batch, as they were said and shuffled: what
cites stays behind what it cites, and what one party says again about one thing stays in the
order in which it said it. Where the rules refuse one in the other order, there is nothing to
compare.
"""

from collections.abc import Sequence
from random import Random

from properties.asking import ASKED, Asked, about_grants, answers, shown
from properties.telling import HOUR_US, Said, Tale, read, retold
from properties.trials import BEGIN, Tally, Violation, least, told_otherwise, world

from ledger.statements.amendment_family import Supersede
from ledger.statements.envelope import parse_statement

SHUFFLED = 16
"""So many statements at the end of a world are told in another order."""
ORDERED = {"plan"}
"""Consecutive lots are those inspected one behind the other: a series has an order."""
RESTATED = ("product", "lot", "facility", "shop", "standard", "baseline-standard", "admission")
"""Who says one of these again means the newest, as who corrects a statement again does."""
BY_PLACE = (
    "authorisation-revocation",
    "qualification-withdrawal",
    "key-revocation",
    "party-update",
    "key",
    "log-end",
    "rules",
    "sampling-switch",
    "quality-index",
    "listing-ended",
    "shop-ended",
    "label",
    "label-withdrawn",
    "roster",
    "draw-key",
    "sampling-programme",
    "draw",
    "draw-sealed",
    "draw-result",
)
"""What bites by its place in the log: it stays where it is, and nothing is moved past it. A label
holds while nothing critical came to light since it was given."""
OLDEST_US = 6 * 24 * HOUR_US
"""What was signed so long ago is registered no more a week after."""


def reordered(tail: Sequence[Said], rng: Random) -> list[Said]:
    """Return statements in another order that the citations among them allow."""
    behind: dict[str, set[str]] = {item.id: set() for item in tail}
    for number, item in enumerate(tail):
        text = parse_statement(item.raw).payload.decode()
        own, stays = _key(item), item.move.type_ in BY_PLACE
        for before in tail[:number]:
            bites = stays or before.move.type_ in BY_PLACE
            if bites or before.id in text or own == _key(before):
                behind[item.id].add(before.id)
    rest, found, placed = list(tail), [], set()
    while rest:
        free = [item for item in rest if behind[item.id] <= placed]
        chosen = rng.choice(free)
        rest.remove(chosen)
        found.append(chosen)
        placed.add(chosen.id)
    return found


def _key(item: Said) -> tuple[str, str, str]:
    statement, body, _ = read(item.raw)
    if isinstance(body, Supersede):
        return statement.issuer, item.move.type_, body.target.id
    alone = item.move.type_ not in RESTATED
    return statement.issuer, item.move.type_, item.id if alone else statement.subject


def in_one_batch(begun: Tale, tail: Sequence[Said], at_us: int) -> Tale | None:
    """Return the tale with these registered in one batch, None where one is refused."""
    tale = begun.copy()
    tale.paper.now_us = at_us
    outcomes = tale.paper.register(*[item.raw for item in tail])
    for item, outcome in zip(tail, outcomes, strict=True):
        index = getattr(outcome, "index", None)
        if index is None:
            return None
        tale.ids[index] = item.id
    return tale


def order(seed: int, tally: Tally) -> Violation | None:
    """I10: in another order the answers are the same."""
    tale = world(seed, tally)
    rng = Random(seed)
    moved = [item for item in tale.said[-SHUFFLED:] if item.at_us > tale.now_us - OLDEST_US]
    if len(moved) < 2:
        return None
    begun, lost = retold(tale.said[: len(tale.said) - len(moved)], [], rng)
    if lost:
        return None
    moved, other = _in_both(begun, moved, reordered(moved, rng), tale.now_us + HOUR_US)
    questions = tuple(item for item in ASKED if item[0] not in ORDERED) + about_grants(tale)
    at_us = tale.now_us + HOUR_US
    found = compared(begun, moved, other, at_us, questions, tally)
    if found is None:
        return None
    asked, kind, _ = found
    moved, other = _shrunk(begun, moved, other, at_us, asked, kind)

    def still(kept: list[Said]) -> bool:
        tale, gone = retold(kept, [], rng)
        fault = None if gone else compared(tale, moved, other, at_us, (asked,), Tally())
        return fault is not None and fault[1] == kind

    begun, _ = retold(least(list(begun.said), still), [], rng)
    again = compared(begun, moved, other, at_us, (asked,), Tally())
    said = [str(item.move) for item in begun.said[BEGIN:]]
    story = (*said, "in this order:", *(str(item.move) for item in moved))
    story = (*story, "or in this:", *(str(item.move) for item in other))
    return Violation("I10", seed, shown(asked), (again or found)[2], story, kind)


def _in_both(
    begun: Tale, moved: list[Said], other: list[Said], at_us: int
) -> tuple[list[Said], list[Said]]:
    """Return both orders without what the rules refuse in either, and what cites that."""
    for _ in range(TIMES):
        refused = _refused(begun, moved, at_us) | _refused(begun, other, at_us)
        if not refused:
            break
        moved = [item for item in moved if item.id not in refused]
        other = [item for item in other if item.id not in refused]
    return moved, other


TIMES = 3
"""So often what is refused is left out of both orders."""


def _refused(begun: Tale, tail: Sequence[Said], at_us: int) -> set[str]:
    tale = begun.copy()
    tale.paper.now_us = at_us
    outcomes = tale.paper.register(*[item.raw for item in tail])
    found = zip(tail, outcomes, strict=True)
    return {item.id for item, outcome in found if not hasattr(outcome, "index")}


def compared(
    begun: Tale,
    moved: Sequence[Said],
    other: Sequence[Said],
    at_us: int,
    questions: tuple[Asked, ...],
    tally: Tally,
) -> tuple[Asked, str, str] | None:
    """Return a question that the two orders answer otherwise."""
    first, second = in_one_batch(begun, moved, at_us), in_one_batch(begun, other, at_us)
    if first is None or second is None:
        tally.over["a rule refuses one of the orders"] += 1
        return None
    before = answers(first, questions, at_us + HOUR_US)
    after = answers(second, questions, at_us + HOUR_US)
    tally.of_answers(before)
    return next(told_otherwise(before, after), None)


def _shrunk(
    begun: Tale,
    moved: list[Said],
    other: list[Said],
    at_us: int,
    asked: Asked,
    kind: str,
) -> tuple[list[Said], list[Said]]:
    for item in list(moved):
        fewer = [kept for kept in moved if kept is not item]
        others = [kept for kept in other if kept is not item]
        found = compared(begun, fewer, others, at_us, (asked,), Tally())
        if found is not None and found[1] == kind:
            moved, other = fewer, others
    return moved, other
