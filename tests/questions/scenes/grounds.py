"""Who stands behind what an answer rests on: keys, papers, ties that came to light later."""

from questions.scene import BUSINESS, READY, Scene, audit, inspection, selling
from rules.telling import Step, key, party, update
from rules.words import affiliation, amends, grant, says
from tea import DISTRIBUTOR, LOT, TRADER
from usual import citing, who

SELL = "may_sell"
TO_RIVAL = {"by": "distributor", "to": "rival", "under": "distributor", "depth": 0}
LATE = "did:web:late.example"
BY_THE_NEW = {"by": "distributor second"}


def reset(*, proven: bool = True) -> Step:
    """The operator binds another key to the distributor."""
    return lambda w: update(
        DISTRIBUTOR,
        roles=["trader"],
        keys=[w.binding("distributor second", DISTRIBUTOR, proven=proven)],
    )(w)


def licences(count: int) -> tuple[Step, ...]:
    """The operator itself says that the trader has so many licences."""
    return tuple(
        says(
            "qualification",
            by="operator",
            number=f"urn:qualification:samr.cn:SP-{number}",
            called=f"licence {number}",
        )
        for number in range(2, count + 2)
    )


def admitted_on(count: int) -> Step:
    """The trader is admitted on these."""
    cited = [citing(f"licence {number}") for number in range(2, count + 2)]
    return says("admission", evidence=cited, called="admitted anew")


SCENES = (
    Scene(
        "a grant by a key of whose possession nobody has proof",
        (reset(proven=False), grant(**TO_RIVAL, how=BY_THE_NEW)),
        SELL,
        selling(trader=who("rival")),
        "yes",
        note=("key-reset", "possession-unproven"),
    ),
    Scene(
        "a grant by a key that one the operator reset introduced",
        (
            reset(),
            key("distributor third", by="distributor second", of=DISTRIBUTOR),
            grant(**TO_RIVAL, how={"by": "distributor third"}),
        ),
        SELL,
        selling(trader=who("rival")),
        "yes",
        note=("key-reset",),
    ),
    Scene(
        "a grant by a party that entered before it had a key is noted of no reset",
        (
            party("late", LATE, roles=["trader"], keys=[]),
            says(
                "authorisation",
                by="brand",
                subject=LATE,
                parent=citing("mark"),
                depth=1,
                called="late's",
            ),
            lambda w: update(LATE, roles=["trader"], keys=[w.binding("late", LATE)])(w),
            grant("brand", "rival", "late's", depth=0, how={"by": "late", "issuer": LATE}),
        ),
        SELL,
        selling(trader=who("rival")),
        "yes",
    ),
    Scene(
        "a refusal by a key that the operator reset is noted too",
        (reset(), grant(**TO_RIVAL, how=BY_THE_NEW)),
        SELL,
        selling(trader=who("rival"), territory="DE"),
        "no",
        ("grant-territory",),
        ("key-reset",),
    ),
    Scene(
        "a licence that the operator itself issued",
        (*READY, *licences(1), amends("qualification-withdrawal", "licence", by="office")),
        "listable",
        selling(),
        "yes",
        note=("certificate-not-asked", "decision-due", "paper-by-operator"),
    ),
    Scene(
        "a licence that the operator withdrew",
        (BUSINESS, audit(), amends("qualification-withdrawal", "licence", by="operator")),
        "listable",
        selling(),
        "no",
        ("paper-withdrawn",),
        ("certificate-not-asked", "paper-withdrawn-by"),
    ),
    Scene(
        "an admission on more such papers than are told one by one",
        (*licences(21), admitted_on(21)),
        "admission",
        {"trader": TRADER},
        "yes",
        note=("notes-left-out", "paper-by-operator"),
    ),
    Scene(
        "an auditor whose tie to the owner is on record only behind the audit",
        (*READY, affiliation("brand", "inspector")),
        "listable",
        selling(),
        "yes",
        note=("certificate-not-asked", "tied-later"),
    ),
    Scene(
        "an inspector whose tie to the trader came to light later",
        (*READY, inspection(), affiliation("trader", "inspector")),
        "trace",
        {"goods": LOT},
        "yes",
        note=("tied-later",),
    ),
    Scene(
        "an auditor who was tied to the owner only afterwards",
        (
            audit(on=lambda told: told.time(-2)),
            affiliation("brand", "inspector", **{"from": lambda told: told.time(-1)}),
        ),
        "trace",
        {"goods": LOT},
        "yes",
    ),
)
