"""Draws, what became of their picks, and how much is sampled."""

from collections.abc import Callable
from typing import Any

from questions.scene import Scene, wait
from rules.laboratory_words import accredited
from rules.scenarios.draws import (
    BESIDE,
    COMMITTED,
    KEY,
    LISTED,
    READY,
    ROSTERED,
    SEALED,
    again,
    gone,
    tie_of_drawn,
    tied_since,
)
from rules.telling import Step
from rules.words import WHITE, affiliation, citing, says
from rules.words import told as says_of
from sampled import DRAW, PROGRAMME, ROSTER, SECOND_DRAW, bought, drawn_inspector, witnessed
from tea import GTIN, LABORATORY, LOT
from usual import Told, day, id_of, who
from world import World

OF_DRAW = {"draw": DRAW}
OF_PROGRAMME = {"programme": PROGRAMME}
RESULT = says("draw-result")
SHOWN = says("draw-result", witnessed=witnessed)
COMMIT, SEAL = says("draw"), says("draw-sealed")
ONCE = says("sampling-programme", multiplier=1)
"""A programme of one pick a quarter."""
TAKEN = ("draw-unwitnessed",)


def buys(subject: str = DRAW, *, taken: float = 0) -> Step:
    """What is drawn is bought, and sealed: the operator registers the digests alone.

    ``taken``: so many days from when its beacon is known.
    """

    def write(w: World) -> bytes:
        told = says_of(w)
        w.sealing = bought(told, subject, taken=taken)  # type: ignore[attr-defined]
        digest = told.said[f"bought {subject}"][0].id.hex()
        return told.write("draw-sealed", subject=subject, digests=[digest, "f" * 64])

    return write


def reveals(shown: Callable[[Told], Any] | None = None) -> Step:
    """The operator reveals what was drawn, with the sealing statement of what was bought."""

    def write(w: World) -> bytes:
        told = says_of(w)
        digest = told.said[f"bought {DRAW}"][0].id.hex()
        more = {} if shown is None else {"witnessed": shown}
        sealings = [{"product": GTIN, "statement": digest}]
        return told.write("draw-result", sealings=sealings, **more)

    return write


def opens(w: World) -> bytes:
    """The inspector registers the sealing statement."""
    raw = w.sealing  # type: ignore[attr-defined]
    assert isinstance(raw, bytes)
    return raw


def executes(w: World, **how: Any) -> bytes:
    """The inspector who was drawn inspects the lot that was bought."""
    told = says_of(w)
    fields = {
        "on": told.time(0),
        "aql": "0",
        "lot_size": ...,
        "sample_size": 1,
        "accept": 0,
        "reject": 1,
        "pick": citing("draw-result"),
        "called": "executed",
    }
    return told.write("inspection", by=drawn_inspector(told), **fields | how)


BOUGHT = (*READY, COMMIT, buys())
HONEST = (*BOUGHT, reveals(witnessed))
EXECUTED = (*HONEST, opens, executes)
OCTOBER = (LISTED, KEY, ROSTERED, ONCE, wait(20), LISTED, COMMIT, buys())


def away(told: Told) -> list[dict[str, str]]:
    """Return a substitution of the inspector who is drawn: not available."""
    return [one | {"reason": "unavailable"} for one in tied_since(told)]


def late(told: Told) -> dict[str, Any]:
    """Return a checkpoint that the witness cosigned nine minutes before the beacon."""
    return witnessed(told, before_s=540)


LABORATORIES = "urn:roster:laboratories"
WITH_LABORATORY = (
    LISTED,
    KEY,
    ROSTERED,
    says("roster", subject=LABORATORIES, role="laboratory", members=[LABORATORY], called="of them"),
    says(
        "sampling-programme",
        rosters=[
            {"role": "inspector", "roster": ROSTER, "count": 1, "spares": 1},
            {"role": "laboratory", "roster": LABORATORIES, "count": 1, "spares": 0},
        ],
    ),
)
"""A programme that draws a laboratory, too."""


def tested_elsewhere(w: World) -> None:
    """A laboratory that was not drawn tests the sample."""
    told = says_of(w)
    other = "second-laboratory"
    of = {"subject": "urn:sample:tea-1", "lot": LOT}
    for step in (
        accredited(other, "second accreditation"),
        says(
            "custody",
            by=other,
            called="other received",
            previous=id_of(f"bought {DRAW}"),
            handed_by=who(drawn_inspector(told)),
            at=day(0),
            **of,
        ),
        says(
            "test-report",
            by=other,
            custody=id_of("other received"),
            received=lambda t: str(t.said["other received"][1].at),
            tested_from=day(0),
            tested_until=day(0),
            issued=day(0),
            accreditations=[citing("second accreditation")],
            **of,
        ),
    ):
        raw = step(w)
        assert isinstance(raw, bytes)
        w.accept(raw)


SCENES = (
    Scene(
        "a pick whose sample another laboratory tested than was drawn",
        (*WITH_LABORATORY, COMMIT, buys(), reveals(witnessed), opens, executes, tested_elsewhere),
        "draw",
        OF_DRAW,
        "yes",
        (),
        ("drawn-alone", "pick-tested-elsewhere"),
    ),
    Scene("no draw", (), "draw", OF_DRAW, "unknown", ("draw-absent",)),
    Scene(
        "a draw that waits",
        COMMITTED,
        "draw",
        OF_DRAW | {"product": GTIN},
        "unknown",
        ("draw-waits",),
    ),
    Scene(
        "a draw whose result is withheld",
        (*COMMITTED, wait(2), ROSTERED),
        "draw",
        OF_DRAW,
        "no",
        ("draw-failed",),
    ),
    Scene("a draw that no witness saw", (*SEALED, RESULT), "draw", OF_DRAW, "unknown", TAKEN),
    Scene(
        "a draw committed to late, by its witness",
        (*SEALED, says("draw-result", witnessed=late)),
        "draw",
        OF_DRAW,
        "unknown",
        TAKEN,
    ),
    Scene("a draw seen in time", (*SEALED, SHOWN), "draw", OF_DRAW | {"product": GTIN}, "yes"),
    Scene(
        "a product that was in no frame",
        (*SEALED, SHOWN),
        "draw",
        OF_DRAW | {"product": WHITE},
        "yes",
    ),
    Scene(
        "a product that could not be bought, an inspector who is tied",
        (
            affiliation("brand", "inspector"),
            *SEALED,
            says("draw-result", substitutions=gone(), sealings=[], witnessed=witnessed),
        ),
        "draw",
        OF_DRAW,
        "yes",
        (),
        ("pick-substituted", "drawn-alone"),
    ),
    Scene(
        "an inspector of whom a tie is put on record since",
        (*SEALED, SHOWN, tie_of_drawn),
        "draw",
        OF_DRAW,
        "yes",
        (),
        ("tied-later",),
    ),
    Scene(
        "an inspector who was not available",
        (*SEALED, says("draw-result", substitutions=away, witnessed=witnessed)),
        "draw",
        OF_DRAW,
        "yes",
        (),
        ("drawn-substituted",),
    ),
    Scene(
        "a draw behind one that was withheld",
        (*COMMITTED, wait(2), ROSTERED, again()),
        "draw",
        {"draw": SECOND_DRAW},
        "unknown",
        ("draw-waits",),
        ("draws-failed",),
    ),
    Scene("a draw whose pick was executed", EXECUTED, "draw", OF_DRAW, "yes"),
    Scene(
        "a pick executed behind its days",
        (*HONEST, opens, wait(15), executes),
        "draw",
        OF_DRAW,
        "yes",
        (),
        ("pick-late",),
    ),
    Scene(
        "a pick that nobody executed",
        (*HONEST, opens, wait(15), ROSTERED),
        "draw",
        OF_DRAW,
        "yes",
        (),
        ("pick-failed",),
    ),
    Scene(
        "a pick of which another sample was inspected",
        (*HONEST, executes),
        "draw",
        OF_DRAW,
        "yes",
        (),
        ("pick-unsealed",),
    ),
    Scene("no programme", (), "programme", OF_PROGRAMME, "unknown", ("programme-absent",)),
    Scene("a programme of today", READY, "programme", OF_PROGRAMME, "unknown", ("quarter-open",)),
    Scene(
        "a programme nothing was drawn for",
        (*READY, wait(120), ROSTERED),
        "programme",
        OF_PROGRAMME,
        "no",
        ("multiplier-missed",),
    ),
    Scene(
        "a programme whose draws are withheld",
        (*COMMITTED, wait(2), ROSTERED),
        "programme",
        OF_PROGRAMME,
        "unknown",
        ("quarter-open",),
        ("draw-failed",),
    ),
    Scene(
        "a programme beside another one of the same goods",
        (*READY, says("sampling-programme", subject=BESIDE, called="beside")),
        "programme",
        OF_PROGRAMME,
        "unknown",
        ("quarter-open",),
        ("programmes-beside",),
    ),
    Scene(
        "a programme of which nothing could be bought",
        (*SEALED, says("draw-result", substitutions=gone(), sealings=[])),
        "programme",
        OF_PROGRAMME,
        "unknown",
        ("quarter-open",),
        ("picks-substituted",),
    ),
    Scene(
        "a programme of which a pick was not executed",
        (*HONEST, opens, wait(15), ROSTERED),
        "programme",
        OF_PROGRAMME,
        "unknown",
        ("quarter-open",),
        ("picks-missed",),
    ),
    Scene(
        "a quarter of a draw that no witness saw",
        (*OCTOBER, reveals(), opens, executes, wait(100), ROSTERED),
        "programme",
        OF_PROGRAMME,
        "unknown",
        ("multiplier-unshown",),
    ),
    Scene(
        "a quarter whose pick was executed",
        (*OCTOBER, reveals(witnessed), opens, executes, wait(100), ROSTERED),
        "programme",
        OF_PROGRAMME,
        "yes",
    ),
)
