"""What is to be known of a draw beside whether it was honest: what fell out, who had no choice, what failed before."""

from collections.abc import Callable, Collection, Iterable, Iterator

from ledger.histories.history import View
from ledger.primitives.instant import format_us
from ledger.questions.executed import Found, Pick, found_draw, uninvited_of, until_us
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.drawing import (
    Frame,
    acting_in,
    draws_by,
    groups_of,
    left_of,
    overlap,
    parties_of,
)
from ledger.rules.found import NAMED
from ledger.rules.reports import reports_in
from ledger.rules.standing import Standing
from ledger.rules.ties import group, tied_later
from ledger.statements.catalogue import type_name
from ledger.statements.draw_family import OBJECT, DrawResult

Facts = dict[str, str | int]


def draw_notes(
    asked: Asked, found: Found, framed: Callable[[], Frame], left: Collection[Pick]
) -> Iterator[Failure]:
    """Yield what is to be known of a draw: of its picks, of who was drawn, of the draws before it.

    ``framed``: returns its frame, which nothing is read for unless there is a result.
    """
    yield from _became(asked, found, left)
    if found.result is not None and found.answer is not None:
        frame = framed()
        yield from _tested_elsewhere(asked, found, found.result, left)
        yield from _fell_out(found, found.result, found.answer.index)
        yield from _without_choice(found, frame, found.result, found.answer.index)
        yield from uninvited(asked.view, found.answer)
        yield from _tied_later(asked, found, frame, found.result, found.answer.index)
    yield from failed_before(asked, found)


def _became(asked: Asked, found: Found, left: Iterable[Pick]) -> Iterator[Failure]:
    """Yield what became of picks but to be executed in time."""
    for pick in left:
        facts: Facts = {"product": pick.product, "draw": found.item.subject}
        entries = () if pick.inspection is None else (pick.inspection.index,)
        until = format_us(until_us(asked.view, found))
        if pick.state in {"late", "failed"}:
            yield Failure(f"pick-{pick.state}", entries, facts | {"until": until})
        elif pick.state == "unsealed":
            assert pick.inspection is not None  # noqa: S101 - of one that was tried
            yield Failure("pick-unsealed", entries, facts | {"lot": pick.inspection.subject})


def _tested_elsewhere(
    asked: Asked, found: Found, result: DrawResult, left: Iterable[Pick]
) -> Iterator[Failure]:
    """Yield what laboratories tested of picks that were not drawn, where laboratories are."""
    if all(plan.role != "laboratory" for plan in found.programme.rosters):
        return
    drawn = acting_in(result, "laboratory")
    for pick in left:
        if pick.sample is None:
            continue
        for report in reports_in(asked.view, "sample", pick.sample):
            if report.item.issuer not in drawn:
                facts: Facts = {"product": pick.product, "draw": found.item.subject}
                facts |= {"laboratory": report.item.issuer}
                yield Failure("pick-tested-elsewhere", (report.item.index,), facts)


def _fell_out(found: Found, result: DrawResult, index: int) -> Iterator[Failure]:
    """Yield who and what fell out, and why: but for who is tied and what is not on sale the operator's word alone."""
    for item in result.substitutions:
        facts: Facts = {"draw": found.item.subject, "reason": item.reason}
        if item.role.startswith(OBJECT):
            yield Failure("pick-substituted", (index,), facts | {"product": str(item.key)})
        else:
            yield Failure("drawn-substituted", (index,), facts | {"party": str(item.key)})


def uninvited(view: View, answer: Standing) -> Iterator[Failure]:
    """Yield which observers were drawn and are not invited: whom an operator does not like is still drawn."""
    for party in uninvited_of(view, answer):
        yield Failure("drawn-uninvited", (answer.index,), {"party": party, "draw": answer.subject})


def _without_choice(
    found: Found, frame: Frame, result: DrawResult, index: int
) -> Iterator[Failure]:
    """Yield who was drawn where nobody else could have been."""
    for picks in result.picks:
        eligible = len(frame.candidates.get(picks.role, ())) - len(picks.passed_over)
        if not picks.role.startswith(OBJECT) and eligible <= len(picks.drawn):
            for item in picks.drawn:
                facts: Facts = {"draw": found.item.subject, "party": str(item.key)}
                yield Failure("drawn-alone", (index,), facts)


def _tied_later(
    asked: Asked, found: Found, frame: Frame, result: DrawResult, index: int
) -> Iterator[Failure]:
    """Yield who acts and was tied to a party of what is drawn, though the ledger said so only afterwards."""
    view, size = asked.view, found.body.size
    at_us = view.registered_us(size - 1)
    parties = parties_of(view, frame, result.picks)
    theirs = groups_of(view, parties, at_us)
    for picks in result.picks:
        acting = () if picks.role.startswith(OBJECT) else left_of(picks, result.substitutions)
        for member in acting or ():
            if theirs.isdisjoint(group(view, member, at_us)):
                continue
            for party in parties:
                tie = tied_later(view, member, party, (at_us,), before=size)
                if tie is not None:
                    facts: Facts = {"issuer": member, "party": party}
                    facts |= {"what": type_name(tie.said.body), "by": tie.said.statement.issuer}
                    yield Failure("tied-later", (index, *tie.entries), facts)


def failed_before(asked: Asked, found: Found) -> Iterator[Failure]:
    """Yield that draws of the same goods failed before this one: who withholds what displeases draws again."""
    failed = [
        one.item.index
        for item, result in draws_by(asked.view, found.item.issuer).values()
        if item.index < found.item.index
        and (one := found_draw(asked.view, item, result)) is not None
        and one.failed(asked.newest_us)
        and (one.plan.id == found.plan.id or overlap(one.programme, found.programme))
    ]
    if failed:
        facts: Facts = {"draw": found.item.subject, "count": len(failed)}
        yield Failure("draws-failed", tuple(failed[-NAMED:]), facts)
