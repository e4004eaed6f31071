"""What was undone is told in every answer it changes: by whom, and why."""

from questions.scene import READY, Scene, refusal, selling
from rules.laboratory_words import accredited, judging, limits, received, sealed
from rules.words import says, withdraws
from tea import GTIN, LOT
from usual import finding, result

OTHER = f"{GTIN}/10/Z1"
RECALL = says("recall", other_lots=[OTHER])
UNREGISTERED = f"{GTIN}/10/H1"
AT_A_LABORATORY = (
    accredited(),
    sealed(lot=UNREGISTERED),
    received(lot=UNREGISTERED),
    limits(),
    judging(result("0.2", "fail"), lot=UNREGISTERED),
)
NOT_ASKED = "certificate-not-asked"

SCENES = (
    Scene(
        "a lot that was called back in error",
        (*READY, RECALL, withdraws("recall", LOT, by="operator")),
        "trace",
        {"goods": LOT},
        "yes",
        note=("undone",),
    ),
    Scene(
        "goods of which one lot was called back in error, and another was not",
        (*READY, RECALL, withdraws("recall", LOT, by="operator")),
        "trace",
        {"goods": OTHER},
        "no",
        ("lot-recalled", "lot-unknown"),
    ),
    Scene(
        "goods all of whose lots were called back in error",
        (*READY, says("recall"), withdraws("recall", LOT, by="office")),
        "listable",
        selling(),
        "yes",
        note=(NOT_ASKED, "undone"),
    ),
    Scene(
        "a lot that nobody registered, whose failed report was withdrawn in error",
        (*AT_A_LABORATORY, withdraws("report", by="laboratory")),
        "trace",
        {"goods": UNREGISTERED},
        "unknown",
        ("lot-unknown",),
        ("undone",),
    ),
    Scene(
        "a refusal that was withdrawn in error",
        (*READY, refusal(findings=[finding("critical")]), withdraws("failure", by="inspector")),
        "listable",
        selling(),
        "yes",
        note=(NOT_ASKED, "undone"),
    ),
)
