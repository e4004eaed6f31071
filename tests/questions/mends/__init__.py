"""What mends each reason: one table, for the scenes of every question and for random worlds."""

from questions.mends import chains, draws, goods, laboratories, moving, parties, quality

MENDS = tuple(
    mend
    for family in (chains, goods, moving, parties, quality, draws, laboratories)
    for mend in family.MENDS
)
