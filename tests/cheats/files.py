"""Bundles of an honest ledger that somebody altered: cut, padded, respelled, moved in time, swapped.

Whoever alters one has the log's key at hand as far as it signed already: other checkpoints, another
history of the same name, other bundles. An altered bundle that is true after all is no cheat.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from cheats.against_words import places, respelled, signed_again, tale_of, with_leaf
from cheats.asking import (
    TRUST,
    Answered,
    answer,
    answered_by,
    answers,
    bundle_of,
    later_of,
    why_refused,
)
from cheats.written import Script, Written, cosigned_note
from msgspec.structs import replace as altered
from properties.asking import Asked
from world import ORIGIN, key_of

from ledger.errors import PinyuanError
from ledger.evidence.bundle import (
    Bundle,
    ProvenHistory,
    ProvenStatement,
    decode_bundle,
    encode_bundle,
)
from ledger.primitives import ijson
from ledger.questions.declared import QUESTIONS
from ledger.questions.registry import completed
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement
from ledger.statements.log_family import Seal
from ledger.statements.topics import TOPICS
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note

SECOND, DAY = 1_000_000, 86_400_000_000
WITNESSED = replace(TRUST, quorum="w1")
"""Who asks for a witness."""


@dataclass(frozen=True)
class Desk:
    """An honest ledger, an earlier state of it and another history of its name, and all answers."""

    ledger: Written
    earlier: Written
    fork: Written
    told: Sequence[Answered]
    bundles: Sequence[Bundle]
    now_us: int

    @classmethod
    def of(cls, rng: Random) -> "Desk":
        """Write a ledger down, and ask it everything."""
        script = Script.of(tale_of(rng).paper)
        count = len(script.batches)
        earlier = replace(script, batches=script.batches[: rng.randrange(count // 2, count)])
        fork = script
        for place in rng.sample(places(script), 2):
            # Entries and seals stand where they stood: each proof of one fits the other's shape.
            number, at = place
            other = rng.choice(places(script))
            fork = with_leaf(fork, (number, at), script.batches[other[0]].leaves[other[1]])
        ledger = Written(script)
        told = list(answers(ledger))
        time_s = ledger.seals[-1][1] // SECOND
        bundles = []
        for item in told:
            made = bundle_of(ledger, item)
            note = cosigned_note(made.checkpoint, "w1", "r1", time_s=time_s)
            bundles.append(altered(made, checkpoint=note))
        return cls(ledger, Written(earlier), Written(fork), told, bundles, (time_s + 60) * SECOND)

    def true(self, bundle: Bundle) -> bool:
        """Return whether all that a bundle says is so: its answer and entries, of this log as it stood."""
        asked: Asked = (bundle.question, tuple(bundle.parameters.items()))
        if bundle.question not in QUESTIONS:
            return False
        found = answer(self.ledger, asked, bundle.known_at, bundle.valid_at_us)
        own = parse_checkpoint(parse_note(self.ledger.note()).text)
        said = parse_checkpoint(parse_note(bundle.checkpoint).text)
        leaves = self.ledger.leaves
        return (
            said == own
            and all(b64decode(item.bytes) == leaves[item.index] for item in bundle.statements)
            and found is not None
            and ijson.encode(found.value) == ijson.encode(bundle.answer)
        )


Edit = Callable[[Bundle, Desk, Random], Bundle]


def _one(items: Sequence[Any], rng: Random) -> int:
    return rng.randrange(len(items))


def _with(items: Sequence[Any], at: int, *instead: Any) -> tuple[Any, ...]:
    return (*items[:at], *instead, *items[at + 1 :])


def _history(bundle: Bundle, rng: Random) -> tuple[int, ProvenHistory]:
    at = _one(bundle.histories, rng)
    return at, bundle.histories[at]


def _histories(bundle: Bundle, at: int, *instead: ProvenHistory) -> Bundle:
    return altered(bundle, histories=_with(bundle.histories, at, *instead))


# Cut and padded.


def cut_history(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A history lacks an entry, and perhaps the statement is gone too."""
    at, item = _history(bundle, rng)
    if not item.entries:
        return _histories(bundle, at)
    gone = rng.choice(item.entries)
    less = altered(item, entries=tuple(i for i in item.entries if i != gone))
    made = _histories(bundle, at, less)
    if rng.random() < 0.5:
        kept = tuple(s for s in bundle.statements if s.index != gone)
        made = altered(made, statements=kept)
    return made


def cut_entry(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """An entry is in no history any more, nor its statement: as if it had never been said."""
    gone = rng.choice(sorted({at for item in bundle.histories for at in item.entries}))
    histories = (
        altered(item, entries=tuple(at for at in item.entries if at != gone))
        for item in bundle.histories
    )
    kept = tuple(item for item in bundle.statements if item.index != gone)
    return answered_by(altered(bundle, histories=tuple(histories), statements=kept))


def drop_history(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A history is not there."""
    return _histories(bundle, _one(bundle.histories, rng))


def empty_history(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A history is said to be empty, by its own proof or another's."""
    at, item = _history(bundle, rng)
    proof = rng.choice([one.proof for one in bundle.histories])
    return _histories(bundle, at, altered(item, entries=(), proof=proof))


def drop_statement(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A statement is not there."""
    at = _one(bundle.statements, rng)
    return altered(bundle, statements=_with(bundle.statements, at))


def pad_history(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """A history has one entry more, whose statement is there as well."""
    at, item = _history(bundle, rng)
    more = rng.randrange(len(desk.ledger.leaves))
    made = _histories(bundle, at, altered(item, entries=tuple(sorted({*item.entries, more}))))
    return pad(made, desk, more)


def pad(bundle: Bundle, desk: Desk, more: int) -> Bundle:
    """Add a statement of the log."""
    known = {item.index: item for item in bundle.statements}
    known.setdefault(more, desk.ledger.whole.statement(more, len(desk.ledger.leaves)))
    return altered(bundle, statements=tuple(known[i] for i in sorted(known)))


def pad_statement(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """A statement of the log is there that nothing asked for."""
    return pad(bundle, desk, rng.randrange(len(desk.ledger.leaves)))


# Times.


def move_time(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """The time asked about is another."""
    if bundle.valid_at_us is None:
        return altered(bundle, valid_at_us=rng.randrange(10**16))
    by = rng.choice((-1, 1)) * rng.choice((1, SECOND, DAY, 30 * DAY, 400 * DAY))
    return altered(bundle, valid_at_us=max(0, bundle.valid_at_us + by))


def move_size(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """The answer is said to be as of another size."""
    size = len(desk.ledger.leaves)
    seals = [index + 1 for index, _ in desk.ledger.seals]
    return altered(bundle, known_at=rng.choice((*seals, rng.randint(1, size + 3))))


# Names.


def respell_history(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A history has another name."""
    at, item = _history(bundle, rng)
    if rng.random() < 0.5:
        return _histories(bundle, at, altered(item, subject=respelled(item.subject, rng)))
    topic = rng.choice((respelled(item.topic, rng), rng.choice(TOPICS)))
    return _histories(bundle, at, altered(item, topic=topic))


def respell_parameter(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """A parameter is another, or spelled otherwise."""
    if not bundle.parameters:
        return altered(bundle, question=respelled(bundle.question, rng))
    name = rng.choice(list(bundle.parameters))
    theirs = rng.choice(desk.bundles).parameters.get(name)
    value = theirs or respelled(bundle.parameters[name], rng)
    return altered(bundle, parameters=bundle.parameters | {name: value})


def respell_question(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """The question is another, with its own parameters or these."""
    other = rng.choice(desk.bundles)
    if rng.random() < 0.5:
        return altered(bundle, question=other.question, parameters=other.parameters)
    return altered(bundle, question=rng.choice((other.question, respelled(bundle.question, rng))))


# Answers.


def alter_answer(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """The answer says something else somewhere."""
    value = {"answer": deepcopy(bundle.answer)}
    path = rng.choice(list(_paths(value["answer"], ("answer",))))
    at: Any = value
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = _other(at[path[-1]], rng)
    return altered(bundle, answer=value["answer"])


def _paths(value: Any, path: tuple[Any, ...]) -> Any:
    yield path
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from _paths(value[name], (*path, name))


def _other(value: Any, rng: Random) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return max(0, value + rng.choice((-1, 1, 10)))
        case "yes" | "no" | "unknown":
            return rng.choice(sorted({"yes", "no", "unknown"} - {value}))
        case str():
            return respelled(value, rng)
        case list():
            value = rng.choice((value[1:], value[::-1], [*value, *value[:1]]))
        case dict():
            names = list(value)
            rng.shuffle(names)
            value = {name: value[name] for name in names[rng.randrange(2) :]}
        case _:
            value = 0
    return value


def another_answer(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """The answer is that of another question."""
    return altered(bundle, answer=rng.choice(desk.bundles).answer)


# Repeated and reordered.


def repeat(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A history or statement is there twice."""
    name = rng.choice(("histories", "statements"))
    items = getattr(bundle, name)
    at = _one(items, rng)
    return altered(bundle, **{name: _with(items, at, items[at], items[at])})


def reorder(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """Histories, statements, entries or parameters stand in another order."""
    name = rng.choice(("histories", "statements", "entries", "parameters"))
    if name == "entries":
        at, item = _history(bundle, rng)
        return _histories(bundle, at, altered(item, entries=item.entries[::-1]))
    if name == "parameters":
        return altered(bundle, parameters=dict(reversed(bundle.parameters.items())))
    items = list(getattr(bundle, name))
    rng.shuffle(items)
    return altered(bundle, **{name: tuple(items)})


# Swapped.


def swap_statements(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """Of two statements bytes, paths or places are swapped, or one comes from elsewhere."""
    one, other = _one(bundle.statements, rng), _one(bundle.statements, rng)
    first, second = bundle.statements[one], bundle.statements[other]
    part = rng.choice(("bytes", "path", "index", "elsewhere"))
    if part == "elsewhere":
        there = rng.choice((desk.fork, desk.earlier))
        if first.index >= len(there.leaves):
            return altered(bundle, statements=_with(bundle.statements, one))
        taken = there.whole.statement(first.index, len(there.leaves))
        return altered(bundle, statements=_with(bundle.statements, one, taken))
    made = _with(bundle.statements, one, altered(first, **{part: getattr(second, part)}))
    made = _with(made, other, altered(second, **{part: getattr(first, part)}))
    by_index: Callable[[ProvenStatement], int] = lambda item: item.index  # noqa: E731
    return altered(bundle, statements=tuple(sorted(made, key=by_index)))


def forge_seal(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A seal is another than the log's, and the operator signed that too."""
    found = [(at, parse_statement(b64decode(s.bytes))) for at, s in enumerate(bundle.statements)]
    seals = [(at, one) for at, one in found if isinstance(decode_body(one), Seal)]
    at, seal = rng.choice(seals)
    value = ijson.decode(seal.payload)
    assert isinstance(value, dict)
    moved_us = value["time_us"] + rng.choice((-1, 1)) * rng.choice((SECOND, 60 * SECOND, DAY))
    value |= rng.choice(({"time_us": moved_us}, {"index_root": "ab" * 32}, {"chain": "ab" * 32}))
    raw = signed_again(seal, key_of("operator"), ijson.encode(value), c6=value["time_us"] // SECOND)
    other = altered(bundle.statements[at], bytes=b64encode(raw).decode())
    return answered_by(altered(bundle, statements=_with(bundle.statements, at, other)))


def swap_proofs(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """A history has the proof or the entries of another, or of another ledger."""
    at, item = _history(bundle, rng)
    other = rng.choice(
        (
            rng.choice(bundle.histories),
            desk.fork.history(item.topic, item.subject),
            desk.earlier.history(item.topic, item.subject),
        )
    )
    parts = {"proof": other.proof}
    if rng.random() < 0.5:
        parts |= {"entries": other.entries}  # type: ignore[dict-item]
    return _histories(bundle, at, altered(item, **parts))


def swap_notes(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """The checkpoint is another: an earlier one, a fork's, one with other lines or other words."""
    own = parse_note(bundle.checkpoint)
    notes = [item.note for item in (*desk.ledger.signed, *desk.earlier.signed, *desk.fork.signed)]
    other = parse_note(rng.choice(notes))
    choices = (
        str(other),
        str(replace(own, signatures=other.signatures)),
        str(replace(other, signatures=own.signatures)),
        str(replace(own, signatures=own.signatures[1:])),
        str(replace(own, signatures=tuple(reversed(own.signatures)))),
        bundle.checkpoint.replace(ORIGIN, respelled(ORIGIN, rng), 1),
        bundle.checkpoint.replace("\n\n", "\nextension\n\n", 1),
        bundle.checkpoint.replace(
            f"\n{len(desk.ledger.leaves)}\n", f"\n{len(desk.ledger.leaves) + 1}\n", 1
        ),
        cosigned_note(desk.fork.note(), "w1", "r1", time_s=desk.now_us // SECOND),
    )
    return altered(bundle, checkpoint=rng.choice(choices))


def swap_cosigners(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A cosigner's line has another name, or another time."""
    own = parse_note(bundle.checkpoint)
    if len(own.signatures) < 2:
        return altered(bundle, checkpoint=cosigned_note(bundle.checkpoint, "nobody", time_s=1))
    at = rng.randrange(1, len(own.signatures))
    line = own.signatures[at]
    raw = bytearray(line.signature)
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    others: list[Any] = [replace(line, signature=bytes(raw))]
    others += [replace(line, name=item.name) for item in own.signatures if item is not line]
    others += [
        replace(line, signature=item.signature) for item in own.signatures if item is not line
    ]
    made = _with(own.signatures, at, rng.choice(others))
    return altered(bundle, checkpoint=str(replace(own, signatures=made)))


def add_later(bundle: Bundle, desk: Desk, rng: Random) -> Bundle:
    """A later checkpoint or an earlier one is shown that is of another history, or none."""
    fork, size = desk.fork, len(desk.ledger.leaves)
    if rng.random() < 0.5:
        there = rng.choice((fork, desk.earlier))
        old = rng.randrange(1, len(there.leaves) + 1)
        return altered(bundle, consistency=there.whole.consistency(old, len(there.leaves)))
    note = rng.choice((fork.note(), desk.ledger.note(), desk.earlier.note()))
    item = later_of(fork, rng.randint(1, size), note)
    return altered(bundle, later=(item,))


# Bytes.


def flip(bundle: Bundle, _: Desk, rng: Random) -> Bundle:
    """A bit is another: of a statement, of a path, of a proof."""
    if rng.random() < 0.3:
        at, item = _history(bundle, rng)
        return _histories(bundle, at, altered(item, proof=_flipped(item.proof, rng)))
    at = _one(bundle.statements, rng)
    found = bundle.statements[at]
    if found.path and rng.random() < 0.5:
        step = _one(found.path, rng)
        path = _with(found.path, step, _flipped(found.path[step], rng))
        made = altered(found, path=path)
    else:
        made = altered(found, bytes=_flipped(found.bytes, rng))
    return altered(bundle, statements=_with(bundle.statements, at, made))


def _flipped(text: str, rng: Random) -> str:
    raw = bytearray(b64decode(text))
    if not raw:
        return "AA=="
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return b64encode(bytes(raw)).decode()


EDITS: Mapping[str, tuple[Edit, ...]] = {
    "a bundle is cut": (
        *(cut_entry, cut_entry, cut_history, cut_history),
        *(drop_history, empty_history, drop_statement),
    ),
    "a bundle is padded": (pad_history, pad_history, pad_statement),
    "a bundle's times are moved": (move_time, move_size),
    "a bundle's names are respelled": (respell_history, respell_parameter, respell_question),
    "a bundle answers otherwise": (alter_answer, alter_answer, another_answer),
    "a bundle is repeated or reordered": (repeat, reorder),
    "a bundle's parts are swapped": (swap_statements, swap_proofs, forge_seal),
    "a bundle's notes are swapped": (swap_notes, swap_cosigners, add_later),
    "a bundle's bits are flipped": (flip,),
}
ALL = tuple(edit for edits in EDITS.values() for edit in edits)
AS_IT_WAS = {"a bundle answers otherwise"}
"""Of the others every second one answers what follows from what is left of it."""
MIXED = "a bundle is altered in several ways"
FILES = (*EDITS, MIXED)


@dataclass(frozen=True)
class Shown:
    """What becomes of an altered bundle: refused by whom, or why it is no cheat."""

    kind: str
    how: str
    refused: str | None
    true: bool = False


def altered_once(kind: str, desk: Desk, rng: Random) -> Shown | None:
    """Alter a bundle in one of a kind's ways and show it to two readers; None where nothing changed.

    One asked the question that the bundle answered first and wants a witness; one asks nothing.
    """
    number = _one(desk.bundles, rng)
    bundle = before = desk.bundles[number]
    edits = rng.choices(ALL, k=rng.randint(2, 3)) if kind == MIXED else (rng.choice(EDITS[kind]),)
    try:
        for edit in edits:
            bundle = edit(bundle, desk, rng)
        if kind not in AS_IT_WAS and rng.random() < 0.5:
            bundle = answered_by(bundle)
        raw = encode_bundle(bundle)
    except (PinyuanError, LookupError, ValueError):
        return None  # nothing left to alter, or nothing that can be written
    how = " + ".join(edit.__name__ for edit in edits)
    if raw == encode_bundle(before):
        return None
    asked = desk.told[number].asked
    refused = [
        why_refused(raw, desk.now_us, trust=WITNESSED, expect=asked),
        why_refused(raw, desk.now_us),
    ]
    believed = decode_bundle(raw) if None in refused else None
    if believed is not None and desk.true(believed):
        wanted = completed(asked[0], dict(asked[1]))
        same = (bundle.question, bundle.parameters) == (asked[0], wanted)
        if refused[0] is not None or (same and _witnessed(believed, before)):
            return Shown(kind, how, None, true=True)
    return Shown(kind, how, None if None in refused else refused[0])


def _witnessed(bundle: Bundle, before: Bundle) -> bool:
    """Return whether the witness cosigned this, as it cosigned what there was before."""
    line = parse_note(before.checkpoint).signatures[1]
    return line in parse_note(bundle.checkpoint).signatures
