"""Samples on their way: sealed, carried, received, tested, reported; objected to, tested again."""

from dataclasses import dataclass
from typing import Any

from ecosystem.aftermath import report_failed
from ecosystem.cast import Seat
from ecosystem.institutions import StandardOf, measured
from ecosystem.pen import DAY_S, Person, Said, time_of
from ecosystem.share import Share

MAX_FAILING = 0.5
MAX_LABORATORIES = 9  # that a holder names, beside a carrier


@dataclass(eq=False)
class Sample:
    """A sealed sample: of which inspected lot, judged by what, and who has it since when."""

    id: str
    lot: str
    seat: Seat
    standard: StandardOf
    holder: Person
    link: str
    since_s: int


def take_sample(share: Share, standard: StandardOf, inspected: Said, seat: Seat) -> None:
    """An inspector seals a sample of what was inspected; a carrier and a laboratory take it over."""
    inspector = share.rng.choice(share.all.inspectors)
    id_ = f"urn:sample:s{share.pen.next()}"
    taken_s = share.pen.before_s(0.1)
    fields = {
        "lot": inspected.subject,
        "taken": time_of(taken_s),
        "seals": [f"SEAL-{share.pen.next()}"],
        "evidence": share.pen.evidence(),
        "inspection": inspected.cite("inspection"),
    }
    handed_days, carrier = share.rng.uniform(0.2, 1), share.rng.choice(share.all.carriers)
    named = [carrier.id, *(it[0].id for it in _laboratories(share, seat))]
    link = share.say("sample-sealed", inspector, id_, fields | {"to": named})
    share.told["samplings"] += 1
    sample = Sample(id_, inspected.subject, seat, standard, inspector, link, taken_s)
    share.later(handed_days, hand_over, sample, carrier)
    share.later(share.rng.uniform(1.2, 2.5), receive, sample)


def hand_over(share: Share, sample: Sample, taker: Person) -> None:
    """Somebody takes a sample over."""
    at_s = max(sample.since_s, share.pen.before_s(0.05))
    fields = {
        "lot": sample.lot,
        "handed_by": sample.holder.id,
        "previous": sample.link,
        "at": time_of(at_s),
        "seals_intact": True,
        "to": [it[0].id for it in _laboratories(share, sample.seat)],
    }
    sample.link = share.say("custody", taker, sample.id, fields)
    sample.holder, sample.since_s = taker, at_s


def _laboratories(share: Share, seat: Seat) -> list[tuple[Person, dict[str, str]]]:
    """Return laboratories accredited for a seat's goods, each with its paper."""
    assert share.there is not None
    return share.there.accredited[seat.brand.line][:MAX_LABORATORIES]


def _another(share: Share, sample: Sample) -> tuple[Person, dict[str, str]]:
    """Return a laboratory accredited for these goods that does not have the sample."""
    others = [it for it in _laboratories(share, sample.seat) if it[0] is not sample.holder]
    return share.rng.choice(others)


def receive(share: Share, sample: Sample) -> None:
    laboratory, paper = _another(share, sample)
    hand_over(share, sample, laboratory)
    share.later(share.rng.uniform(2, 6), report, sample, paper)


def _tested(
    share: Share, sample: Sample, paper: dict[str, str], *, fails: bool
) -> tuple[dict[str, Any], int]:
    """Return what a laboratory says of a sample it has, and when it signs that."""
    pen, aspect = share.pen, sample.standard.aspect
    issued_s = pen.moment_s()
    began_s = min(sample.since_s + DAY_S // 2, issued_s)
    fields = {
        "lot": sample.lot,
        "number": f"R{pen.next()}",
        "client": pen.operator.id,
        "trader": sample.seat.trader.id,
        "custody": sample.link,
        "method": aspect.method,
        "accreditations": [paper],
        "condition": "Seals intact, 18 degrees.",
        "received": time_of(sample.since_s),
        "tested_from": time_of(began_s),
        "tested_until": time_of((began_s + issued_s) // 2),
        "issued": time_of(issued_s),
        "decision_rule": "simple",
        "standard": sample.standard.cited,
        "results": measured(aspect, pen, fails=fails),
    }
    return fields, issued_s


def report(share: Share, sample: Sample, paper: dict[str, str]) -> None:
    """The laboratory reports; what failed is objected to, or the lot comes back."""
    fails = share.rng.random() < min(MAX_FAILING, 2 * sample.seat.conduct.proneness)
    fields, signed_s = _tested(share, sample, paper, fails=fails)
    said = share.pen.tell("test-report", sample.holder, sample.id, fields, signed_s=signed_s)
    share.told["reports"] += 1
    if not fails:
        share.passed.append((said, sample.standard, sample.seat))
        return
    share.told["reports that failed"] += 1
    if share.rng.random() < 0.35:
        share.later(share.rng.uniform(2, 10), object_to, sample, said)
    else:
        report_failed(share, sample.lot, sample.seat, said)


def _answer(said: Said) -> dict[str, Any]:
    """Return what every answer to a report repeats of it."""
    return {
        "lot": said.fields["lot"],
        "laboratory": said.by.id,
        "month": said.fields["issued"][:7],
    }


def object_to(share: Share, sample: Sample, said: Said) -> None:
    """The trader, or the brand, objects within 15 days; another laboratory tests again."""
    by = sample.seat.trader if share.rng.random() < 0.6 else sample.seat.brand.holder
    fields = _answer(said) | {
        "target": said.cite("sample"),
        "reason": "The sample stood in the sun before it was sealed.",
    }
    objection = share.pen.tell("objection", by, sample.id, fields)
    share.told["objections"] += 1
    if share.rng.random() < 0.15:
        share.later(share.rng.uniform(1, 5), close, sample, said, objection, None)
    else:
        share.later(share.rng.uniform(1, 3), send_on, sample, said, objection)


def send_on(share: Share, sample: Sample, said: Said, objection: Said) -> None:
    laboratory, paper = _another(share, sample)
    hand_over(share, sample, laboratory)
    share.later(share.rng.uniform(2, 5), retest, sample, paper, said, objection)


def retest(
    share: Share, sample: Sample, paper: dict[str, str], said: Said, objection: Said
) -> None:
    """Another laboratory tests again; three times in four it finds the same."""
    confirmed = share.rng.random() < 0.75
    fields, signed_s = _tested(share, sample, paper, fails=confirmed)
    fields |= _answer(said) | {"target": said.cite("sample"), "sample": sample.id}
    again = share.pen.tell("retest-report", sample.holder, sample.id, fields, signed_s=signed_s)
    share.told["retests"] += 1
    share.later(share.rng.uniform(0.5, 2), close, sample, said, objection, (again, confirmed))


def close(
    share: Share, sample: Sample, said: Said, objection: Said, again: tuple[Said, bool] | None
) -> None:
    """The objection is decided by the retest, or withdrawn by who made it."""
    fields = _answer(said) | {"target": objection.cite("sample"), "report": said.id}
    if again is None:
        fields |= {"outcome": "withdrawn", "reason": "The sampling was found in order."}
        share.say("objection-closed", objection.by, sample.id, fields)
    else:
        retested, confirmed = again
        outcome = "confirmed" if confirmed else "overturned"
        fields |= {
            "outcome": outcome,
            "reason": "As the second laboratory found.",
            "retest": retested.cite("sample"),
        }
        share.say("objection-closed", share.pen.operator, sample.id, fields)
        share.told[f"objections {outcome}"] += 1
    if again is None or again[1]:
        report_failed(share, sample.lot, sample.seat, said)
