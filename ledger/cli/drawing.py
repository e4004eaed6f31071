"""What the operator draws with: the fields of a draw, its sealing and its result, from its own ledger."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from ledger.cli.common import read_file
from ledger.cli.parameters import Argument
from ledger.cose.keys import PrivateKey
from ledger.draws import CHAINS, REHEARSAL, alpha_of, randomness_of, rehearsed, verify
from ledger.errors import MalformedError, ParameterError, SignatureError, UsageError
from ledger.identifiers import product_of, programme_of
from ledger.primitives import ijson
from ledger.primitives.instant import format_us
from ledger.primitives.strict import parse_base64url
from ledger.questions.executed import seen_in_time, witnesses_of
from ledger.rules.drawing import draws_of, due_us, frame_at, key_of_draws, picks_of, places_of
from ledger.rules.draws import BEACON_US
from ledger.rules.standing import Standing, resolve, standing_of
from ledger.rules.state import MICROSECONDS
from ledger.statements.catalogue import decode_body
from ledger.statements.draw_family import OBJECT, Draw, DrawKey, RolePicks, SamplingProgramme
from ledger.statements.envelope import parse_statement
from ledger.statements.fields import decode_field
from ledger.statements.inspection_family import SampleSealed
from ledger.tlog.merkle import prove_inclusion
from ledger.tlog.note import parse_note

if TYPE_CHECKING:
    from ledger.histories.history import View
    from ledger.store.reads import Snapshot
    from ledger.writing.log import Log

MAX_BEACON = 4_096
ROUND_BYTES = 48


@dataclass(frozen=True, slots=True)
class Desk:
    """The operator's ledger as it is read now."""

    log: "Log"
    snapshot: "Snapshot"
    view: "View"
    size: int

    def programme(self, name: str) -> tuple[Standing, SamplingProgramme]:
        """Return a programme.

        Raises:
            ParameterError: none of that id is on record.

        """
        for item in standing_of(self.view, "programme", name, SamplingProgramme):
            if isinstance(item.body, SamplingProgramme):
                return item, item.body
        raise ParameterError(
            "{flag}: {name} is not on record", flag=Argument("programme"), name=name
        )

    def draw(self, name: str) -> tuple[Standing, Draw, SamplingProgramme]:
        """Return a draw and its programme.

        Raises:
            ParameterError: none of that id is on record.

        """
        item, _ = draws_of(self.view, programme_of(name)).get(name, (None, None))
        if item is None or not isinstance(item.body, Draw):
            raise ParameterError(
                "{flag}: {name} is not on record", flag=Argument("draw"), name=name
            )
        plan = resolve(self.view, item.body.programme)
        assert plan is not None  # noqa: S101 - the rules let no draw in without
        assert isinstance(plan.body, SamplingProgramme)  # noqa: S101 - as above
        return item, item.body, plan.body


@contextmanager
def desk(directory: Path | None) -> Iterator[Desk]:
    """Show the operator's ledger for as long as it is read."""
    from ledger.cli.opening import open_ledger
    from ledger.store.reads import reading
    from ledger.writing.publisher import require_head

    log = open_ledger(directory)
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        yield Desk(log, snapshot, log.view(snapshot, size), size)


class Commitment(NamedTuple):
    """A draw to be committed to: its id and fields, when its beacon is due, and of which roles there are too few.

    ``short``: role, how many are to be drawn, how many the frame has.
    """

    name: str
    fields: dict[str, Any]
    due: str
    short: list[tuple[str, int, int]]


def committed(at: Desk, name: str, *, now_us: int, minutes: int, deadline: str) -> Commitment:
    """Return the next draw of a programme: of all that is on record now, by a beacon to come."""
    item, programme = at.programme(name)
    frame = frame_at(at.view, programme, at.size)
    chain = CHAINS[programme.beacon]
    least_us = now_us + max(minutes * 60 * MICROSECONDS, BEACON_US)
    round_ = chain.round_from(-(-least_us // MICROSECONDS))
    number = len(draws_of(at.view, name)) + 1
    wanted = {f"{OBJECT}{plan.grade}": plan.count for plan in programme.strata}
    wanted |= {plan.role: plan.count for plan in programme.rosters}
    there = {role: len(keys) for role, keys in frame.candidates.items()}
    return Commitment(
        f"urn:draw:{name.removeprefix('urn:programme:')}:{number}",
        {
            "programme": {"id": item.id, "topic": "programme", "subject": name},
            "size": at.size,
            "candidates": frame.count,
            "root": frame.root.hex(),
            "round": round_,
            "deadline": deadline,
        },
        format_us(chain.time_of(round_) * MICROSECONDS),
        [(role, count, there[role]) for role, count in wanted.items() if there[role] < count],
    )


def sealing(at: Desk, name: str, picks: Path | None, files: Iterable[Path]) -> dict[str, Any]:
    """Return the digests to seal: of each place that of its sealing statement, of others something random.

    Raises:
        UsageError: a statement is of a product that has no place among the picks, or of one that has another.

    """
    _, _, programme = at.draw(name)
    places = {} if picks is None else places_of(programme, picks_in(picks))
    digests = [secrets.token_hex(32) for _ in range(programme.sealings)]
    taken: dict[int, Path] = {}
    for path in files:
        id_, product = sealed_in(path)
        if product not in places:
            raise UsageError("{path}: its product is not among --picks", path=path)
        place = places[product]
        if place in taken:
            raise UsageError("{path}: of the product of {other}", path=path, other=taken[place])
        taken[place], digests[place] = path, id_
    return {"digests": digests}


def picks_in(path: Path) -> list[RolePicks]:
    """Return the picks in a file that ``draw reveal`` wrote.

    Raises:
        UsageError: it is none.

    """
    try:
        found = ijson.decode(read_file(path, limit=1 << 20))["picks"]
        return msgspec.convert(found, list[RolePicks], dec_hook=decode_field)
    except (MalformedError, KeyError, TypeError, msgspec.ValidationError) as error:
        raise UsageError("--picks {path}: not what draw reveal wrote", path=path) from error


def sealed_in(path: Path) -> tuple[str, str]:
    """Return the id of a sealing statement in a file, and its product.

    Raises:
        UsageError: it is another statement, or none.

    """
    try:
        statement = parse_statement(read_file(path, limit=1 << 17))
    except MalformedError as error:
        raise UsageError("{path}: {why}", path=path, why=error) from error
    body = decode_body(statement)
    if not isinstance(body, SampleSealed):
        raise UsageError("{path}: no statement that a sample was sealed", path=path)
    return statement.id.hex(), product_of(body.lot)


def beacon_in(path: Path | None, programme: SamplingProgramme, number: int) -> bytes:
    """Return the beacon's signature of a round: as drand has it in JSON, in hexadecimal, or its 48 bytes.

    Raises:
        UsageError: it is of another round, or no signature; none is given, and it is no rehearsal.

    """
    if path is None:
        if programme.beacon != REHEARSAL.hash.hex():
            raise ParameterError("--beacon FILE: where is round {number}?", number=number)
        return rehearsed(number)
    raw = read_file(path, limit=MAX_BEACON)
    if len(raw) == ROUND_BYTES:
        return raw
    try:
        text = raw.decode().strip()
        if text.startswith("{"):
            found = {name.lower(): value for name, value in ijson.decode(raw).items()}
            if found.get("round") != number:
                raise UsageError(
                    "{path}: of round {other}, not {number}",
                    path=path,
                    other=found.get("round"),
                    number=number,
                )
            text = str(found.get("signature", found.get("sig")))
        return bytes.fromhex(text)
    except (ValueError, TypeError, MalformedError) as error:
        raise UsageError("{path}: no signature of a beacon", path=path) from error


def revealed(at: Desk, name: str, key: PrivateKey, beacon: Path | None) -> dict[str, Any]:
    """Return what follows from a draw, its beacon and the key: signature, proof and picks.

    Raises:
        UsageError: the key is another than the one that is registered, or the beacon's is no signature.

    """
    item, body, programme = at.draw(name)
    known = key_of_draws(at.view, item.issuer, item.index)
    assert known is not None  # noqa: S101 - the rules let no programme in without
    assert isinstance(known.body, DrawKey)  # noqa: S101 - as above
    public = parse_base64url(known.body.x)
    if key.public.x != public:
        raise UsageError("--key: another key of draws is registered")
    signature = beacon_in(beacon, programme, body.round)
    try:
        randomness = randomness_of(CHAINS[programme.beacon], body.round, signature)
    except SignatureError as error:
        raise UsageError("--beacon: {why}", why=error) from error
    alpha = alpha_of(item.entry.statement.leaf_hash, body.round, randomness)
    proof = key.prove(alpha)
    picks = picks_of(at.view, programme, body.size, verify(public, alpha, proof))
    return {"signature": signature.hex(), "proof": proof.hex(), "picks": told(picks)}


def told(picks: Iterable[RolePicks]) -> list[dict[str, Any]]:
    """Return picks as JSON values."""
    return [msgspec.to_builtins(item, enc_hook=str) for item in picks]


def result(
    at: Desk,
    name: str,
    found: dict[str, Any],
    *,
    out: Iterable[str],
    sealings: Iterable[Path],
) -> dict[str, Any]:
    """Return the fields of a draw's result: what follows, what fell out, what was sealed, who saw the draw."""
    item, body, programme = at.draw(name)
    named = [sealed_in(path) for path in sealings]
    fields = {
        "draw": {"id": item.id, "topic": "draw", "subject": name},
        **found,
        "substitutions": [_fell_out(one) for one in out],
        "sealings": [{"product": product, "statement": id_} for id_, product in named],
    }
    seen = witnessed(at, item, due_us(programme, body))
    return fields if seen is None else fields | {"witnessed": seen}


def _fell_out(text: str) -> dict[str, str]:
    parts = text.split()
    if len(parts) != 3:  # noqa: PLR2004 - the three of them
        raise ParameterError("--out {text!r}: ROLE ID REASON, a blank between", text=text)
    return dict(zip(("role", "key", "reason"), parts, strict=True))


def witnessed(at: Desk, item: Standing, known_us: int) -> dict[str, Any] | None:
    """Return the checkpoint that most witnesses cosigned ten minutes before a beacon, None without any."""
    from ledger.store.cosignatures import cosigned_note, cosigned_soonest

    vkeys = witnesses_of(at.view, at.log.origin, before=item.index)
    best: tuple[int, int, str] | None = None
    for size in cosigned_soonest(at.snapshot, item.index):
        stored = at.snapshot.checkpoint(size)
        if stored is None:
            continue
        text = cosigned_note(at.snapshot, stored)
        count = len(seen_in_time(parse_note(text), vkeys, known_us))
        if count and (best is None or count > best[0]):
            best = (count, size, text)
    if best is None:
        return None
    tree = at.log.publisher.tree(at.snapshot, best[1])
    path = prove_inclusion(item.index, best[1], tree)
    return {"checkpoint": best[2], "path": [part.hex() for part in path]}
