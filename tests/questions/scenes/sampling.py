"""What to draw from a lot, told lot by lot: of 2,000 items, level II, AQL 1.0."""

from questions.scene import Forged, Scene
from rules.scenarios.sampling import inbound, row, switch
from rules.telling import update
from rules.words import WHITE, affiliation
from tea import GTIN
from usual import who
from world import TRADER


def planning(**changes: str) -> dict[str, str]:
    """Return which lot an inspector asks about."""
    return {
        "trader": TRADER,
        "product": GTIN,
        "lot_size": "2000",
        "aql": "1.0",
        "level": "II",
        "mode": "inbound",
    } | changes


def scene(
    says: str,
    story: tuple,
    verdict: str,
    codes: tuple[str, ...] = (),
    note: tuple[str, ...] = (),
    **changes: str,
) -> Scene:
    return Scene(says, story, "plan", planning(**changes), verdict, codes, note)


NORMAL = ("sampling-begun", "sampling-score")
TIGHTENED = row("RR")
OWN = "second-inspector"
STOPPED = (*TIGHTENED, *row("RRRRR", "tightened", 3))
REDUCED = (*row("+" * 10), switch("reduced"))

SCENES = (
    scene("nothing was inspected yet", (), "yes", note=NORMAL),
    scene("four lots were accepted", row("++++"), "yes", note=NORMAL),
    scene(
        "one of the last lots was refused",
        row("++R+"),
        "yes",
        note=(*NORMAL, "sampling-refusal"),
    ),
    scene("a refusal is too long ago to count", row("R++++"), "yes", note=NORMAL),
    scene("two lots were refused", TIGHTENED, "yes", note=("sampling-tightened",)),
    scene(
        "the trader's own warehouse accepted five more",
        (
            update(who(OWN), roles=["inspector", "warehouse"]),
            affiliation("trader", OWN, relation="tied", categories=...),
            *TIGHTENED,
            *row("+++++", "tightened", 3, by=OWN),
        ),
        "yes",
        note=("sampling-tightened", "sampling-idle"),
    ),
    scene(
        "of a special level",
        (),
        "yes",
        note=NORMAL,
        level="S-3",
    ),
    scene(
        "five were accepted under tightened inspection",
        (*TIGHTENED, *row("+++++", "tightened", 3)),
        "yes",
        note=("sampling-restored", "sampling-score"),
    ),
    scene(
        "the score is reached and nobody agreed yet",
        row("+" * 10),
        "yes",
        note=("sampling-begun", "sampling-score-reached"),
    ),
    scene("reduced inspection is agreed", REDUCED, "yes", note=("sampling-reduced",)),
    scene(
        "a lot was refused under reduced inspection",
        (*REDUCED, *row("+R", "reduced", 11)),
        "yes",
        note=("sampling-restored", "sampling-score"),
    ),
    scene(
        "five were refused under tightened inspection", STOPPED, "no", ("sampling-discontinued",)
    ),
    scene(
        "another AQL is asked about while these goods are discontinued",
        STOPPED,
        "no",
        ("sampling-discontinued",),
        aql="4.0",
    ),
    scene(
        "another lot is drawn by mystery while inbound is discontinued",
        STOPPED,
        "yes",
        note=("plan-not-switched",),
        mode="mystery",
    ),
    scene(
        "of another trader nothing is discontinued",
        STOPPED,
        "yes",
        note=NORMAL,
        trader="https://id.gs1.org/417/6901234507058",
    ),
    scene(
        "what was done about it was accepted",
        (*STOPPED, switch("tightened")),
        "yes",
        note=("sampling-resumed",),
    ),
    scene(
        "another AQL of the goods is tightened",
        TIGHTENED,
        "yes",
        note=(*NORMAL, "sampling-elsewhere"),
        aql="4.0",
    ),
    scene("at AQL 0 nothing is accepted", TIGHTENED, "yes", note=("plan-none-accepted",), aql="0"),
    scene(
        "at AQL 0 while they are discontinued", STOPPED, "no", ("sampling-discontinued",), aql="0"
    ),
    scene(
        "one unit is bought by mystery while they are discontinued",
        STOPPED,
        "yes",
        note=("plan-none-accepted",),
        aql="0",
        mode="mystery",
        lot_size="1",
    ),
    scene("a small lot is inspected whole", (), "yes", note=(*NORMAL, "plan-whole"), lot_size="10"),
    scene(
        "above AQL 10 nonconformities are counted",
        (),
        "yes",
        note=(*NORMAL, "plan-nonconformities"),
        aql="40",
    ),
    scene("a product nobody registered", (), "unknown", ("product-unknown",), product=WHITE),
    scene(
        "a trader nobody registered",
        (),
        "unknown",
        ("party-unknown",),
        trader="did:web:nobody.example",
    ),
    scene(
        "an inspection was let in that was not due",
        (*TIGHTENED, Forged(inbound(3))),
        "unknown",
        ("sampling-against",),
    ),
    scene(
        "reduced inspection was let in at a score of 6",
        (*row("++"), Forged(switch("reduced"))),
        "unknown",
        ("sampling-against",),
    ),
)
