"""The rules for mystery sampling: an operator who grinds, redraws, swaps, comes late, draws a friend."""

from collections.abc import Mapping
from typing import Any

from rules.words import affiliation, breaks, citing, keeps, says
from sampled import (
    DIGESTS,
    ROSTER,
    SECOND_DRAW,
    drawn_inspector,
    frame,
    revealed,
    round_in,
    view_of,
)
from tea import DISTRIBUTOR, GTIN, INSPECTOR, LABORATORY, LOT
from usual import Told, day
from world import BRAND, World

from ledger.draws import QUICKNET
from ledger.primitives.strict import format_base64url

DAY_S = 86_400
LISTED = says("listing")
KEY, ROSTERED, PLANNED = says("draw-key"), says("roster"), says("sampling-programme")
READY = (LISTED, KEY, ROSTERED, PLANNED)
COMMITTED = (*READY, says("draw"))
SEALED = (*COMMITTED, says("draw-sealed"))
REVEALED = (*SEALED, says("draw-result"))


def wait(seconds: int):
    """Let time pass."""
    return lambda w: w.wait(seconds=seconds)


def again(**changes: Any):
    """The programme's second draw."""
    return says("draw", subject=SECOND_DRAW, called="second", **changes)


def result(**changes: Any):
    """The result with something other than follows, which is asked for when it is told."""
    return says("draw-result", **changes)


def without_first(told: Told) -> list[Mapping[str, Any]]:
    """Return picks in which nothing is drawn."""
    objects, *others = revealed(told)["picks"]
    return [objects | {"drawn": []}, *others]


def swapped(told: Told) -> list[Mapping[str, Any]]:
    """Return picks in which the inspector who stands by is the one that is drawn."""
    objects, people = revealed(told)["picks"]
    return [objects, people | {"drawn": people["spares"], "spares": people["drawn"]}]


def gone(reason: str = "sold-out", key: str = GTIN) -> list[dict[str, str]]:
    """Return a substitution of the product."""
    return [{"role": "object/insufficient", "key": key, "reason": reason}]


def tied_since(told: Told) -> list[dict[str, str]]:
    """Return a substitution of the inspector who is drawn."""
    (item,) = revealed(told)["picks"][1]["drawn"]
    return [{"role": "inspector", "key": item["key"], "reason": "tied-since"}]


def tie_of_drawn(w: World) -> bytes:
    """An office says that the inspector who is drawn belongs to the brand."""
    raw = affiliation("brand", drawn_inspector(w.told))(w)  # type: ignore[attr-defined]
    assert isinstance(raw, bytes)
    return raw


BESIDE = "urn:programme:other"


def beside(**changes: Any):
    """Another programme, and its first draw."""
    of = {"subject": "urn:draw:other:1", "programme": citing("beside"), "called": "other"}
    framed = {
        name: lambda told, at=at: frame(told, "beside")[at]
        for at, name in enumerate(("size", "candidates", "root"))
    }
    return (
        says("sampling-programme", subject=BESIDE, called="beside", **changes),
        says("draw", **of | framed),
    )


def of_second(**changes: Any):
    """The result of the second draw, as it follows."""
    fields = {name: lambda told, n=name: revealed(told, SECOND_DRAW)[n] for name in FOLLOWS}
    return says("draw-result", subject=SECOND_DRAW, draw=citing("second"), **fields | changes)


FOLLOWS = ("signature", "proof", "picks", "substitutions", "sealings")


def executes(*, drawn: bool = True, **changes: Any):
    """An inspector executes the pick: who was drawn, or the other one."""

    def write(w: World) -> bytes:
        told = w.told  # type: ignore[attr-defined]
        name = drawn_inspector(told)
        other = "inspector" if name == "second-inspector" else "second-inspector"
        w.wait(seconds=15 * 60)  # what is drawn is known when its beacon is
        fields = {
            "mode": "mystery",
            "on": day(0),
            "aql": "0",
            "lot_size": ...,
            "sample_size": 1,
            "accept": 0,
            "reject": 1,
            "nonconforming": 0,
            "decision": "accepted",
            "pick": citing("draw-result"),
        }
        return told.write("inspection", by=name if drawn else other, **fields | changes)

    return write


SCENARIOS = (
    breaks("roster-role", "a brand on a roster of inspectors", says("roster", members=[BRAND])),
    breaks(
        "roster-role",
        "a roster of inspectors that becomes one of laboratories",
        ROSTERED,
        says("roster", role="laboratory", members=[LABORATORY]),
    ),
    keeps(
        "roster-role",
        "a roster with one inspector less",
        ROSTERED,
        says("roster", members=[INSPECTOR]),
    ),
    breaks(
        "draw-key-sound",
        "a key by which one proof fits everything",
        says("draw-key", x=format_base64url((1).to_bytes(32, "little"))),
    ),
    breaks("draw-key-sound", "a key of half the length", says("draw-key", x="AAAA")),
    breaks("draw-key-sound", "a key of the brand's", says("draw-key", subject=BRAND)),
    keeps("draw-key-sound", "the operator's key", KEY),
    breaks(
        "draw-open",
        "a second draw while the first waits: redrawn in silence",
        *COMMITTED,
        again(),
    ),
    breaks("draw-open", "another key while a draw waits", *COMMITTED, says("draw-key")),
    keeps(
        "draw-open",
        "a second draw behind the deadline of the first",
        *COMMITTED,
        wait(2 * DAY_S),
        ROSTERED,
        again(),
    ),
    keeps("draw-open", "a second draw behind the first one's result", *REVEALED, again()),
    breaks(
        "draw-open",
        "a draw of another programme of the same goods: one of the two would be revealed",
        *COMMITTED,
        *beside(),
    ),
    keeps(
        "draw-open",
        "a draw of another programme, of goods of another grade",
        *COMMITTED,
        *beside(strata=[{"grade": "A", "count": 1, "spares": 1}]),
    ),
    keeps("draw-open", "another key behind a result", *REVEALED, says("draw-key")),
    breaks("programme-ready", "a programme under an id that is taken", *READY, PLANNED),
    breaks("programme-ready", "a programme before there is a key", ROSTERED, PLANNED),
    breaks("programme-ready", "a programme before there is a roster", KEY, PLANNED),
    breaks(
        "programme-ready",
        "a programme that draws laboratories of a roster of inspectors",
        KEY,
        ROSTERED,
        says(
            "sampling-programme",
            rosters=[
                {"role": "inspector", "roster": ROSTER, "count": 1, "spares": 0},
                {"role": "laboratory", "roster": ROSTER, "count": 1, "spares": 0},
            ],
        ),
    ),
    keeps("programme-ready", "a programme with its key and its roster", KEY, ROSTERED, PLANNED),
    keeps(
        "programme-ready",
        "a programme by a real beacon",
        KEY,
        ROSTERED,
        says("sampling-programme", beacon=QUICKNET.hash.hex()),
    ),
    breaks(
        "draw-number", "a draw that leaves out a number", *READY, says("draw", subject=SECOND_DRAW)
    ),
    breaks(
        "draw-number",
        "a draw of another programme than it cites",
        *READY,
        says("draw", subject="urn:draw:milk:1"),
    ),
    breaks(
        "draw-number",
        "a draw committed to again under the number of one that failed",
        *COMMITTED,
        wait(2 * DAY_S),
        says("draw", called="again"),
    ),
    keeps("draw-number", "the first draw of a programme", *READY, says("draw")),
    breaks(
        "draw-time",
        "a draw committed to nine minutes before its beacon: the operator waits, and grinds",
        *READY,
        says("draw", round=round_in(540)),
    ),
    breaks(
        "draw-time", "a draw by a beacon of yesterday", *READY, says("draw", round=round_in(-DAY_S))
    ),
    breaks(
        "draw-time",
        "a deadline before the beacon",
        *READY,
        says("draw", deadline=day(0.005)),
    ),
    breaks(
        "draw-time",
        "a deadline in 15 days: withheld for ever",
        *READY,
        says("draw", deadline=day(15)),
    ),
    breaks(
        "draw-time",
        "a draw behind the programme's end",
        LISTED,
        KEY,
        ROSTERED,
        says("sampling-programme", until=day(0.0007)),
        says("draw"),
    ),
    keeps(
        "draw-time",
        "a draw ten minutes before its beacon",
        *READY,
        says("draw", round=round_in(603)),
    ),
    breaks("draw-frame", "a frame that leaves out a product", *READY, says("draw", root="0" * 64)),
    breaks("draw-frame", "a frame with one candidate more", *READY, says("draw", candidates=9)),
    breaks(
        "draw-frame",
        "a frame of a ledger that is not there yet",
        *READY,
        says("draw", size=lambda told: frame(told)[0] + 9),
    ),
    breaks(
        "draw-frame",
        "a frame of the day before yesterday, before the friend's product was listed",
        KEY,
        ROSTERED,
        PLANNED,
        wait(2 * DAY_S),
        LISTED,
        says("draw", size=lambda told: view_of(told)[1] - 2, candidates=2),
    ),
    breaks(
        "draw-frame",
        "a frame of five days ago, by a signature dated back",
        LISTED,
        KEY,
        ROSTERED,
        PLANNED,
        wait(5 * DAY_S),
        ROSTERED,
        says("draw", size=lambda told: view_of(told)[1] - 2, how={"age_s": 5 * DAY_S}),
    ),
    keeps("draw-frame", "a frame of all that is there", *READY, says("draw")),
    breaks("sealed-count", "what is sealed of no draw", *READY, says("draw-sealed")),
    breaks(
        "sealed-count",
        "as many digests as were bought: the count tells",
        *COMMITTED,
        says("draw-sealed", digests=DIGESTS[:1]),
    ),
    breaks(
        "sealed-count",
        "a second sealing",
        *SEALED,
        says("draw-sealed", digests=["1" * 64, "2" * 64]),
    ),
    breaks(
        "sealed-count",
        "a sealing behind the reveal",
        *COMMITTED,
        says("draw-result", substitutions=gone(), sealings=[]),
        says("draw-sealed"),
    ),
    keeps(
        "sealed-count", "as many digests as are drawn or stand by", *COMMITTED, says("draw-sealed")
    ),
    breaks("result-once", "a second result", *REVEALED, result()),
    keeps("result-once", "a result", *SEALED, result()),
    breaks("result-late", "a result behind the deadline", *SEALED, wait(2 * DAY_S), result()),
    keeps("result-late", "a result on the last day", *SEALED, wait(DAY_S - 3600), result()),
    breaks("result-sealed", "a product that nothing was sealed of", *COMMITTED, result()),
    breaks(
        "result-sealed",
        "a sealing statement made behind the reveal: the pick is swapped",
        *SEALED,
        result(sealings=[{"product": GTIN, "statement": "3" * 64}]),
    ),
    breaks(
        "result-sealed",
        "of two samples of a product that were sealed the better one, in another's place",
        *SEALED,
        result(sealings=[{"product": GTIN, "statement": DIGESTS[1]}]),
    ),
    breaks("result-sealed", "a pick without its sealing statement", *SEALED, result(sealings=[])),
    breaks(
        "result-sealed",
        "the sample that executes another draw's pick",
        *REVEALED,
        again(),
        says("draw-sealed", subject=SECOND_DRAW, called="second sealing"),
        of_second(),
    ),
    keeps(
        "result-sealed",
        "a product that could not be bought, without one",
        *SEALED,
        result(substitutions=gone(), sealings=[]),
    ),
    breaks(
        "result-drawn",
        "a product that is left out",
        *SEALED,
        result(picks=without_first, sealings=[]),
    ),
    breaks(
        "result-drawn",
        "a friend who stands by, drawn in place of who is",
        *SEALED,
        result(picks=swapped),
    ),
    breaks(
        "result-drawn",
        "a proof by another key",
        *SEALED,
        result(proof=lambda told: "00" * 16 + revealed(told)["proof"][32:]),
    ),
    breaks(
        "result-drawn",
        "a signature of another round",
        *SEALED,
        result(signature=lambda told: revealed(told)["signature"][:-2] + "00"),
    ),
    breaks(
        "result-drawn",
        "a substitution of who was not drawn",
        *SEALED,
        result(substitutions=gone(key=LOT), sealings=[]),
    ),
    breaks(
        "result-drawn",
        "a friend's product that is said to be on sale no more, and is",
        *SEALED,
        result(substitutions=gone("not-on-sale"), sealings=[]),
    ),
    breaks(
        "result-drawn",
        "an inspector who is said to be tied since, and is not",
        *SEALED,
        result(substitutions=tied_since),
    ),
    keeps(
        "result-drawn",
        "an inspector who is tied since",
        *SEALED,
        tie_of_drawn,
        result(substitutions=tied_since),
    ),
    breaks(
        "result-drawn",
        "a substitution in a role in which nobody is drawn",
        *SEALED,
        result(substitutions=[{"role": "observer", "key": INSPECTOR, "reason": "unavailable"}]),
    ),
    keeps("result-drawn", "what follows", *SEALED, result()),
    keeps(
        "result-drawn",
        "what follows where an inspector is tied to the brand, and passed over by name",
        affiliation("brand", "inspector"),
        *SEALED,
        result(),
    ),
    breaks(
        "result-witnessed",
        "a checkpoint of nobody",
        *SEALED,
        result(witnessed={"checkpoint": "x\n1\n" + "A" * 43 + "=\n", "path": []}),
    ),
    keeps("result-witnessed", "a result without a checkpoint", *SEALED, result()),
    breaks("pick-drawn", "a pick executed by another inspector", *REVEALED, executes(drawn=False)),
    breaks(
        "pick-drawn", "a pick executed by a flight inspection", *REVEALED, executes(mode="flight")
    ),
    breaks(
        "pick-drawn",
        "a pick of a product that fell out",
        *SEALED,
        result(substitutions=gone(), sealings=[]),
        executes(),
    ),
    keeps("pick-drawn", "a pick executed by who was drawn", *REVEALED, executes()),
    breaks(
        "pick-early",
        "a pick executed by what was inspected long before",
        *REVEALED,
        executes(on=day(-300)),
    ),
    breaks(
        "pick-early",
        "a pick executed a minute before its beacon",
        *REVEALED,
        executes(on=lambda told: told.time(-15 * 60 / DAY_S)),
    ),
    keeps("pick-early", "a pick executed behind its beacon", *REVEALED, executes()),
    breaks(
        "pick-seller",
        "a pick executed at a trader that never had it on sale",
        *REVEALED,
        executes(trader=DISTRIBUTOR),
    ),
    keeps("pick-seller", "a pick executed where it was on sale", *REVEALED, executes()),
    keeps(
        "pick-seller",
        "a pick executed at whom it is on sale no more",
        *REVEALED,
        says("listing-ended"),
        executes(),
    ),
)
