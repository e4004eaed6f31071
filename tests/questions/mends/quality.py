"""What mends the index and the coverage of inspections."""

from questions.mends.telling import Mend
from questions.scene import audit, inspection, wait
from questions.scenes.quality import LISTED, MODEL_SAYS, NOW, flight, lot
from rules.telling import Step
from tea import GTIN
from usual import day


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

MENDS = (
    Mend("label-index-low", BETTER),
    Mend("model-absent", (MODEL_SAYS,)),
    Mend(
        "index-insufficient", (inspection("more"), flight(), audit("more audit")), "of one outcome"
    ),
    Mend("index-low", BETTER),
    Mend("never-inspected", (inspection(),), asks={"until": NOW}),
    Mend("nothing-on-sale", (LISTED, wait(1), inspection()), asks={"until": NOW}),
    Mend("period-open", (wait(2), inspection("more"))),
    Mend("period-empty", asks={"start": day(-30), "until": NOW}),
)
