"""What a trader's quality people look at: its listings, its index, what is left to mend, what first."""

from questions.scene import BUSINESS, READY, Scene, audit, refusal
from questions.scenes.mending import PROVING, WORSE
from questions.scenes.overviews import NOBODY
from rules.words import says
from usual import RIVAL
from world import TRADER

CENTRE = {"trader": TRADER, "days": "30", "page": "1"}
ASKED = ("certificate-not-asked",)
MODEL = says("quality-model")
SCENES = (
    Scene(
        "in order, and inspected by too few",
        (MODEL, *READY, says("listing")),
        "quality_centre",
        CENTRE,
        "unknown",
        ("index-insufficient",),
        note=ASKED,
    ),
    Scene(
        "without a licence to trade, and no audit of the garden",
        (MODEL, says("listing")),
        "quality_centre",
        CENTRE,
        "no",
        ("audit-absent", "index-insufficient", "paper-missing"),
        note=ASKED,
    ),
    Scene(
        "a licence that ends soon",
        (MODEL, BUSINESS, audit(), says("listing")),
        "quality_centre",
        CENTRE | {"days": "3650"},
        "unknown",
        ("index-insufficient",),
        note=(*ASKED, "grant-ending", "paper-ending"),
    ),
    Scene(
        "a lot was refused, and a plan is open",
        (MODEL, *READY, says("listing"), refusal(), says("improvement-plan")),
        "quality_centre",
        CENTRE,
        "no",
        ("index-low", "lot-refused", "plan-open"),
        note=ASKED,
    ),
    Scene(
        "nothing shows yet what a plan is to reach",
        (MODEL, BUSINESS, audit(), says("listing"), *PROVING),
        "quality_centre",
        CENTRE,
        "no",
        ("index-low", "lot-refused"),
        note=(*ASKED, "measure-unproven", "plan-effective"),
    ),
    Scene(
        "a later lot is worse than before the plan",
        (MODEL, BUSINESS, audit(), says("listing"), *PROVING, WORSE),
        "quality_centre",
        CENTRE,
        "no",
        ("index-low", "lot-refused", "measure-worse"),
        note=(*ASKED, "plan-effective"),
    ),
    Scene(
        "a trader that listed nothing",
        (MODEL,),
        "quality_centre",
        CENTRE | {"trader": RIVAL},
        "unknown",
        ("nothing-listed", "index-insufficient"),
    ),
    Scene(
        "a trader nobody knows",
        (),
        "quality_centre",
        CENTRE | {"trader": NOBODY},
        "unknown",
        ("nothing-listed", "model-absent", "party-unknown"),
    ),
)
