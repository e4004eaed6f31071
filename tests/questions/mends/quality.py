"""What mends the index and the coverage of inspections."""

from collections.abc import Iterator

from questions.mends.goods import INSPECTOR, SECOND, inspectors
from questions.mends.laboratories import listed
from questions.mends.telling import Mend, Wrong, says
from questions.scene import inspection, wait
from questions.scenes.quality import LISTED, NOW, lot
from rules.telling import Step
from tea import GTIN
from usual import day

from ledger.primitives.instant import DAY_US, format_us, parse_us
from ledger.statements.market_family import MAX_DAYS


def quarter(first: int) -> tuple[Step, ...]:
    """Three months later nine more lots pass."""
    names = [f"N{number}" for number in range(first, first + 9)]
    passes = [
        step
        for name in names
        for step in (
            lot(f"{GTIN}/10/{name}", name),
            inspection(f"of {name}", subject=f"{GTIN}/10/{name}"),
        )
    ]
    return (wait(91), *passes)


BETTER = (*quarter(0), *quarter(9))
"""Of one inspector only so much counts in a quarter."""


def weighing(w: Wrong) -> Iterator[Step]:
    """The platform says how it weighs."""
    yield says("quality-model", subject=str(w.facts["model"]), called=w.fresh("weighing"))


def outcomes(w: Wrong) -> Iterator[Step]:
    """What is asked about is listed, and more of it is inspected, by more than one inspector."""
    yield from inspectors(w)
    yield from listed(w)
    trader = str(w.facts["subject"])
    at = {"trader": trader} if "/417/" in trader else {}
    lot = f"{w.product}/10/I-{w.paper.size}"
    for by in (INSPECTOR, SECOND):
        for mode in ("mystery", "flight"):
            said = {"subject": lot, "mode": mode, "on": day(0), "called": w.fresh("more")}
            yield says("inspection", by=by, **said, **at)


def figures(w: Wrong) -> Iterator[Step]:
    """The platform states what it left out, a month at a time, and what is due tomorrow."""
    at_us, until_us = (parse_us(str(w.facts[name])) for name in ("from", "before"))
    until_us += DAY_US
    while at_us < until_us:
        to_us = min(at_us + MAX_DAYS * DAY_US, until_us)
        time = {"from": format_us(at_us), "until": format_us(to_us)}
        yield says("feedback", called=w.fresh("figures"), **time)
        at_us = to_us


MENDS = (
    Mend("feedback-missing", figures),
    Mend("feedback-absent", (says("feedback", called="figures"),), "nothing is due yet"),
    Mend("label-index-low", BETTER),
    Mend("model-absent", weighing, "without a model"),
    Mend("index-insufficient", outcomes, "of one outcome"),
    Mend("index-low", BETTER),
    Mend("never-inspected", (inspection(),), asks={"until": NOW}),
    Mend("nothing-on-sale", (LISTED, wait(1), inspection()), asks={"until": NOW}),
    Mend("period-open", (wait(2), inspection("more"))),
)
