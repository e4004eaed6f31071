"""What mends what is said of draws and programmes."""

from questions.mends.telling import Mend
from questions.scenes.draws import COMMIT, READY, RESULT, SEAL, opens

MENDS = (
    Mend("draw-absent", (*READY, COMMIT)),
    Mend("draw-waits", (SEAL, RESULT)),
    Mend("pick-unsealed", (opens,)),
    Mend("programme-absent", READY),
)
