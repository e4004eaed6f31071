"""What mends the index and the coverage of inspections."""

from questions.mends.telling import Mend
from questions.scene import audit, inspection, wait
from questions.scenes.quality import LISTED, MODEL_SAYS, NOW, flight, lot
from tea import GTIN
from usual import day

BETTER = tuple(
    step
    for number in range(9)
    for step in (
        lot(f"{GTIN}/10/N{number}", f"N{number}"),
        inspection(f"of N{number}", subject=f"{GTIN}/10/N{number}"),
    )
)
"""Nine more lots are registered, and pass."""

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
