"""Mystery sampling in the tea brand's world: its roster, key, programme, draw, sealing and result.

A draw's candidates and what follows from it are computed of the ledger as it is when the
statement is written; a change of theirs is what a test is about.
"""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tea import INSPECTOR, TEA
from world import OPERATOR, ORIGIN, key_of

from ledger.draws import REHEARSAL, alpha_of, prove, public_key_of, randomness_of, rehearsed, verify
from ledger.histories.history import View
from ledger.primitives.strict import format_base64url
from ledger.rules.drawing import acting_in, frame_at, picks_of, places_of
from ledger.rules.standing import Standing, standing
from ledger.statements.draw_family import OBJECT, Draw, DrawResult, SamplingProgramme
from ledger.tlog.checkpoint import Checkpoint, cosign
from ledger.tlog.merkle import prove_inclusion, root_hash
from ledger.tlog.note import (
    TYPE_COSIGNATURE,
    TYPE_ED25519,
    Note,
    VerifierKey,
    sign_note,
)

if TYPE_CHECKING:
    from usual import Told

ROSTER, PROGRAMME, DRAW = "urn:roster:inspectors", "urn:programme:tea", "urn:draw:tea:1"
SECOND_DRAW = "urn:draw:tea:2"
SECOND_INSPECTOR = "did:web:second-inspector.example"
SEED = b"the secret of draws".ljust(32, b".")
DIGESTS = sorted(sha256(b"sealed %d" % n).hexdigest() for n in range(2))
BEACON_S = 660


def view_of(told: "Told") -> tuple[View, int]:
    """Return the ledger as it is, and its size; of a world on paper what was told so far."""
    world: Any = told.world
    if hasattr(world, "view"):
        return world.view, world.size
    from ledger.store.reads import reading

    with reading(world.log.engine) as snapshot:
        size = snapshot.head().size
        return world.log.view(snapshot, size), size


def _said(told: "Told", subject: str) -> tuple[View, Standing, SamplingProgramme]:
    """Return the ledger, a draw in it and its programme."""
    view, _ = view_of(told)
    found = view.fold(standing, "draw", subject).values()
    committed = next((item for item in found if isinstance(item.body, Draw)), None)
    if committed is None:
        raise KeyError(subject)
    body = committed.body
    assert isinstance(body, Draw)
    named = view.fold(standing, "programme", body.programme.subject)[body.programme.id]
    assert isinstance(named.body, SamplingProgramme)
    return view, committed, named.body


def frame(told: "Told", programme: str = "sampling-programme") -> tuple[int, int, str]:
    """Return the size of the ledger, how many candidates there are, and their root."""
    body = told.said[programme][1]
    if not isinstance(body, SamplingProgramme):
        raise KeyError(programme)
    view, size = view_of(told)
    found = frame_at(view, body, size)
    return size, found.count, found.root.hex()


def round_in(seconds: int) -> Any:
    """Return the round of the rehearsal's beacon that is due so many seconds from when it is written."""
    return lambda told: REHEARSAL.round_from(told.world.now_s + seconds)


def revealed(
    told: "Told", subject: str = DRAW, *, out: tuple[dict[str, str], ...] = ()
) -> dict[str, Any]:
    """Return what follows from a draw, with these substitutions, as the fields of its result."""
    import msgspec

    view, committed, programme = _said(told, subject)
    body = committed.body
    assert isinstance(body, Draw)
    signature = rehearsed(body.round)
    randomness = randomness_of(REHEARSAL, body.round, signature)
    alpha = alpha_of(committed.entry.statement.leaf_hash, body.round, randomness)
    proof = prove(SEED, alpha)
    beta = verify(public_key_of(SEED), alpha, proof)
    picks = msgspec.to_builtins(picks_of(view, programme, body.size, beta), enc_hook=str)
    for item in picks:
        if not item["passed_over"]:
            del item["passed_over"]
    fields = {
        "signature": signature.hex(),
        "proof": proof.hex(),
        "picks": picks,
        "substitutions": list(out),
    }
    made = msgspec.convert(
        {"v": 1, "type": "draw-result", "draw": _citation(committed)} | fields,
        DrawResult,
        dec_hook=lambda kind, value: kind(value),
    )
    places = places_of(programme, made.picks)
    bought = [{"product": p, "statement": DIGESTS[places[p]]} for p in acting_in(made, OBJECT)]
    return fields | {"sealings": bought}


def _citation(item: Standing) -> dict[str, str]:
    return {"id": item.id, "topic": "draw", "subject": item.subject}


def witnessed(
    told: "Told", subject: str = DRAW, *, before_s: int = 630, by: str = "witness"
) -> dict[str, Any]:
    """Return a checkpoint that a witness cosigned so long before the beacon, and the draw's path in it."""
    _, committed, _ = _said(told, subject)
    assert isinstance(committed.body, Draw)
    size = committed.index + 1
    leaves = [bytes(32)] * committed.index + [committed.entry.statement.leaf_hash]

    def read(level: int, index: int) -> bytes:
        return root_hash(leaves[index << level : (index + 1) << level])

    text = Checkpoint(ORIGIN, size, root_hash(leaves)).text()
    log_key = VerifierKey(ORIGIN, TYPE_ED25519, key_of("log").public.x)
    at_s = REHEARSAL.time_of(committed.body.round) - before_s
    vkey = VerifierKey(f"{by}.example/1", TYPE_COSIGNATURE, key_of(by).public.x)
    lines = (
        sign_note(text, log_key, key_of("log").sign),
        cosign(text, vkey, key_of(by).sign, time_s=at_s),
    )
    path = prove_inclusion(committed.index, size, read)
    return {"checkpoint": str(Note(text, lines)), "path": [part.hex() for part in path]}


def drawn_inspector(told: "Told", subject: str = DRAW) -> str:
    """Return the name of the key of the inspector who is drawn."""
    (item,) = revealed(told, subject)["picks"][1]["drawn"]
    return "inspector" if item["key"] == INSPECTOR else "second-inspector"


def bought(told: "Told", subject: str = DRAW, *, taken: float = 0) -> bytes:
    """Return the sealing statement of the lot that was bought: signed now, shown behind the reveal."""
    name = f"bought {subject}"
    fields = {"subject": f"urn:sample:{subject[9:].replace(':', '-')}", "called": name}
    told.world.wait(seconds=BEACON_S + 60)  # what is drawn is known when its beacon is
    fields["taken"] = told.time(taken)
    return told.write("sample-sealed", by=drawn_inspector(told, subject), **fields)


def follows(name: str) -> Any:
    """Return one field of what follows from the draw."""
    return lambda told: revealed(told)[name]


OBSERVERS = "urn:roster:observers"


WITH_OBSERVERS: list[dict[str, Any]] = [
    {"role": "inspector", "roster": ROSTER, "count": 1, "spares": 1},
    {"role": "observer", "roster": OBSERVERS, "count": 1, "spares": 0},
]
"""The rosters of a programme that draws an observer, too."""


USUAL_DRAWS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "roster": ("operator", ROSTER, {"role": "inspector", "members": [INSPECTOR, SECOND_INSPECTOR]}),
    "draw-key": ("operator", OPERATOR, {"x": format_base64url(public_key_of(SEED))}),
    "sampling-programme": (
        "operator",
        PROGRAMME,
        {
            "from": "2026-01-01T00:00:00Z",
            "until": "2036-01-01T00:00:00Z",
            "category": TEA,
            "baseline": 1,
            "multiplier": 3,
            "strata": [{"grade": "insufficient", "count": 1, "spares": 1}],
            "rosters": [{"role": "inspector", "roster": ROSTER, "count": 1, "spares": 1}],
            "days": 14,
            "beacon": REHEARSAL.hash.hex(),
        },
    ),
    "draw": (
        "operator",
        DRAW,
        {
            "programme": lambda told: {
                "id": told.said["sampling-programme"][0].id.hex(),
                "topic": "programme",
                "subject": PROGRAMME,
            },
            "size": lambda told: frame(told)[0],
            "candidates": lambda told: frame(told)[1],
            "root": lambda told: frame(told)[2],
            "round": round_in(BEACON_S),
            "deadline": lambda told: told.time(1),
        },
    ),
    "draw-sealed": ("operator", DRAW, {"digests": DIGESTS}),
    "draw-result": (
        "operator",
        DRAW,
        {
            "draw": lambda told: {
                "id": told.said["draw"][0].id.hex(),
                "topic": "draw",
                "subject": DRAW,
            },
            **{
                name: follows(name)
                for name in ("signature", "proof", "picks", "substitutions", "sealings")
            },
        },
    ),
}
"""What each type of a draw says unless a test says otherwise."""
