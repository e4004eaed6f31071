"""Rules for inspections that execute a pick: by whom, when and at whom, of what was drawn."""

from collections.abc import Iterator
from typing import NamedTuple

from ledger.identifiers import product_of
from ledger.primitives.instant import format_us
from ledger.rules.drawing import acting_in, due_us, sellers_at
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve, resolve_as
from ledger.statements.draw_family import OBJECT, Draw, DrawResult, SamplingProgramme
from ledger.statements.fields import Citation
from ledger.statements.inspection_family import Inspection
from ledger.texts import saying


class _Cited(NamedTuple):
    """What an inspection that executes a pick cites: the result, and what it says."""

    body: Inspection
    item: Standing
    result: DrawResult


def _cited(case: Case) -> _Cited | None:
    body = case.body
    if not isinstance(body, Inspection) or not isinstance(body.pick, Citation):
        return None
    found = resolve_as(case.view, body.pick, DrawResult)
    return None if found is None else _Cited(body, *found)


@rule("pick-drawn", "inspection")
def pick_executed_by_whom_was_drawn(case: Case) -> Iterator[Refusal]:
    """A pick is executed by mystery sampling of a lot of a product that is left, by an inspector that is.

    *What is cited*: `mode` is not mystery, `sub` is of no product left in the roles `object/...`, or
    `iss` is not left in the role `inspector` (*Picks of a draw*) [the result].
    """
    cited = _cited(case)
    if cited is None:
        return
    found, product = cited.item, product_of(case.statement.subject)
    if cited.body.mode != "mystery":
        yield Refusal("pick-drawn", saying("mode: mystery executes a pick"), (found.index,))
    if product not in acting_in(cited.result, OBJECT):
        why = saying("{product} was not drawn in {draw}", product=product, draw=found.subject)
        yield Refusal("pick-drawn", why, (found.index,))
    if case.statement.issuer not in acting_in(cited.result, "inspector"):
        why = saying(
            "{party} was not drawn in {draw}", party=case.statement.issuer, draw=found.subject
        )
        yield Refusal("pick-drawn", why, (found.index,))


@rule("pick-early", "inspection")
def pick_executed_behind_the_beacon(case: Case) -> Iterator[Refusal]:
    """A pick is executed when it may be known: not before its beacon is due.

    *What is cited*: `on` is before the `round` of the draw that the result cites is due, by the beacon of its programme
    (Tickets of a draw) [the draw].
    """
    cited = _cited(case)
    drawn = None if cited is None else resolve_as(case.view, cited.result.draw, Draw)
    programme = None if drawn is None else resolve(case.view, drawn[1].programme)
    if cited is None or drawn is None or programme is None:
        return
    if isinstance(programme.body, SamplingProgramme):
        known_us = due_us(programme.body, drawn[1])
        if cited.body.on.us < known_us:
            why = saying(
                "inspected on {on}: what was drawn in {draw} is known from {due} on",
                on=cited.body.on,
                draw=drawn[0].subject,
                due=format_us(known_us),
            )
            yield Refusal("pick-early", why, (drawn[0].index,))


@rule("pick-seller", "inspection")
def pick_executed_where_it_was_on_sale(case: Case) -> Iterator[Refusal]:
    """A pick is executed at a trader that had the product on sale when it was drawn.

    *What is cited*: `trader` is of no shop in which, as of `size` of the draw that the result cites, a `listing` of the
    product stands in (`listing`, product), by (`shop`, its shop) [the draw].
    """
    cited = _cited(case)
    drawn = None if cited is None else resolve_as(case.view, cited.result.draw, Draw)
    if cited is None or drawn is None:
        return
    product, trader = product_of(case.statement.subject), str(cited.body.trader)
    if trader not in sellers_at(case.view, product, drawn[1].size):
        why = saying(
            "{trader} had {product} in no shop of its own as of {draw}: buy it where it was on sale",
            trader=trader,
            product=product,
            draw=drawn[0].subject,
        )
        yield Refusal("pick-seller", why, (drawn[0].index,))
