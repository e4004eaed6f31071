"""Statements said otherwise than they may be: names respelled, keys and times swapped, order changed.

Whoever signs is in league with the operator. What breaks no rule is no cheat.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any
from unicodedata import normalize

from cheats.falsehoods import ANY, Cheat, Falsehood, names_of
from cheats.written import Batch, Script, leaf_of, read_or_not
from properties.strangers import tries
from properties.telling import Tale
from properties.trials import Tally, world
from properties.words import EVERYBODY
from world import DAY_S, key_of

from ledger.cose.keys import PrivateKey
from ledger.cose.sign1 import decode_sign1, encode_sign1, sign
from ledger.statements.envelope import SignedStatement

ACTS = 6
MICROSECONDS = 1_000_000
Place = tuple[int, int]
"""A batch, and an entry in it."""


def tale_of(rng: Random) -> Tale:
    """Return a random world."""
    return world(rng.randrange(10**9), Tally(), ACTS)


@cache
def keys() -> dict[bytes, PrivateKey]:
    """Return the keys of everybody by their kid."""
    names = [*EVERYBODY, *(f"{name} key" for name in EVERYBODY), "stolen", "second", "pen"]
    return {key_of(name).public.kid: key_of(name) for name in names}


def places(script: Script) -> list[Place]:
    """Return where entries are, genesis left aside."""
    return [
        (number, at)
        for number, batch in enumerate(script.batches)
        for at in range(len(batch.leaves))
        if number
    ]


def with_leaf(script: Script, place: Place, leaf: bytes) -> Script:
    """Return a script with another entry at a place."""
    number, at = place
    leaves = list(script.batches[number].leaves)
    leaves[at] = leaf
    return script.with_batch(number, leaves=tuple(leaves))


def leaf_at(script: Script, place: Place) -> bytes:
    """Return an entry."""
    return script.batches[place[0]].leaves[place[1]]


def strangers(_: Random, tale: Tale, cheat: Cheat) -> Cheat | None:
    """Strangers say what they may not, and are let in."""
    at_us = cheat.script.batches[-1].time_us + 60 * MICROSECONDS
    raws = [leaf_of(raw) for move in tries(tale, 2) if (raw := tale.write(move, at_us))]
    if not raws:
        return None
    said = Batch(at_us, tuple(raws))
    return with_script(cheat, replace(cheat.script, batches=(*cheat.script.batches, said)))


def with_script(cheat: Cheat, script: Script, *false: Falsehood, **more: Any) -> Cheat:
    """Return a cheat with a further lie in its script."""
    return replace(cheat, script=script, false=(*cheat.false, *false), **more)


# Words.


RESPELLED: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.lower,
    str.title,
    lambda text: text + " ",
    lambda text: " " + text,
    lambda text: text + "/",
    lambda text: text + "\u200b",
    lambda text: "\ufeff" + text,
    lambda text: normalize("NFD", text + "é"),
    lambda text: text.replace("0", "\uff10", 1),
    lambda text: text.replace("a", "\u0430", 1),
    lambda text: text.replace("/", "%2F", 1),
    lambda text: text.replace("/", "//", 1),
    lambda text: text.replace("https://", "http://"),
    lambda text: text.replace("id.gs1.org", "id.gs1.org."),
    lambda text: text.replace("id.gs1.org", "ID.GS1.ORG"),
    lambda text: text.replace("-", "\u2010", 1),
    lambda text: text + "\n",
    lambda text: "\u202e" + text,
    lambda text: text[:-1],
    lambda text: text[:-1] + ("0" if text[-1:] != "0" else "1"),
    lambda _: "",
)
"""Other spellings of a name, most of which look like it."""


def respelled(text: str, rng: Random) -> str:
    """Return a name otherwise."""
    return rng.choice(RESPELLED)(text)


def texts_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of the texts in a payload."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from texts_in(value[name], (*path, name))


def put(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> None:
    """Change what stands at a path."""
    for name in path[:-1]:
        value = value[name]
    value[path[-1]] = change(value[path[-1]])


def signed_again(
    statement: SignedStatement, key: PrivateKey, payload: bytes | None = None, **claims: Any
) -> bytes:
    """Return a statement with other words or claims (by label: ``c2`` the subject), signed anew."""
    headers = dict(decode_sign1(statement.leaf).headers)
    headers[1], headers[4] = key.public.alg, key.public.kid
    headers[15] = headers[15] | {int(name[1:]): value for name, value in claims.items()}
    return sign(headers, statement.payload if payload is None else payload, key.sign)


def names(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A name in somebody's statement, or of its subject or issuer, is spelled otherwise."""
    script = cheat.script
    for place in rng.sample(places(script), 8):
        parsed = read_or_not(leaf_at(script, place))
        key = None if parsed is None else keys().get(parsed[0].kid)
        if parsed is None or key is None:
            continue
        statement = parsed[0]
        claims: dict[str, Any] = {}
        payload = None
        if rng.random() < 0.4 or not statement.native:
            label = rng.choice(("c1", "c2", "c3"))
            old = {"c1": statement.issuer, "c2": statement.subject, "c3": statement.audience}[label]
            claims[label] = respelled(str(old), rng)
        else:
            value = json.loads(statement.payload)
            put(value, rng.choice(list(texts_in(value))), lambda text: respelled(text, rng))
            payload = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        raw = signed_again(statement, key, payload, **claims)
        return with_script(cheat, with_leaf(script, place, raw))
    return None


def swapped_keys(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """Somebody's statement is signed by another, or with a signature of something else."""
    script = cheat.script
    one, other = rng.sample(places(script), 2)
    first, second = read_or_not(leaf_at(script, one)), read_or_not(leaf_at(script, other))
    if first is None or second is None:
        return None
    mine = decode_sign1(first[0].leaf)
    how = rng.randrange(5)
    key = keys().get(second[0].kid)
    if how == 0 and key is not None:
        raw = signed_again(first[0], key)
    elif how == 1 and key is not None:  # its own kid above another's signature
        raw = encode_sign1(mine.protected, mine.payload, key.sign(first[0].message))
    elif how == 2:
        raw = encode_sign1(mine.protected, mine.payload, decode_sign1(second[0].leaf).signature)
    elif how == 3:
        raw = signed_again(first[0], rng.choice([key_of("nobody"), key_of("log"), key_of("w1")]))
    else:
        flipped = bytearray(mine.signature)
        flipped[rng.randrange(64)] ^= 1 << rng.randrange(8)
        raw = encode_sign1(mine.protected, mine.payload, bytes(flipped))
    return with_script(cheat, with_leaf(script, one, raw))


# Times.


def moved_times(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A statement says another time than it was signed at, or a batch is dated otherwise."""
    script = cheat.script
    place = rng.choice(places(script))
    by_s = rng.choice((-1, 1)) * rng.choice((1, 301, 3_600, 8 * DAY_S, 31 * DAY_S, 400 * DAY_S))
    parsed = read_or_not(leaf_at(script, place))
    if parsed is None:
        return None
    key = keys().get(parsed[0].kid)
    if key is None:
        return None
    issued = parsed[0].issued_at + by_s
    if issued < 0:
        return None
    return with_script(cheat, with_leaf(script, place, signed_again(parsed[0], key, c6=issued)))


def moved_entries(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A statement stands in an earlier or later batch than it was registered in."""
    script = cheat.script
    (one, at), (other, _) = sorted(rng.sample(places(script), 2))
    if rng.random() < 0.5:
        one, other, at = other, one, 0
    leaves = list(script.batches[one].leaves)
    leaf = leaves.pop(at)
    moved = script.with_batch(one, leaves=tuple(leaves))
    moved = moved.with_batch(other, leaves=(*moved.batches[other].leaves, leaf))
    moved = replace(moved, batches=tuple(batch for batch in moved.batches if batch.leaves))
    return with_script(cheat, moved)


def left_out(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """What others rest on is not in the log."""
    script = cheat.script
    number, at = rng.choice(places(script))
    leaves = list(script.batches[number].leaves)
    del leaves[at]
    less = script.with_batch(number, leaves=tuple(leaves))
    return with_script(cheat, replace(less, batches=tuple(b for b in less.batches if b.leaves)))


def repeated(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A statement is registered twice, perhaps with another unprotected header or signature."""
    script = cheat.script
    number, at = rng.choice(places(script))
    leaf = script.batches[number].leaves[at]
    behind = rng.randrange(number, len(script.batches))
    batch = script.batches[behind]
    twice = script.with_batch(behind, leaves=(*batch.leaves, leaf))
    pair = frozenset({script.first_of(number) + at, twice.seal_of(behind) - 1})
    false = Falsehood("repeated", f"entries {sorted(pair)}", (pair,))
    return with_script(cheat, twice, false, names=(*cheat.names, *names_of(twice, pair)))


def dressed(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A leaf is a statement with something in its unprotected header: once, or a second time."""
    script = cheat.script
    place = rng.choice(places(script))
    leaf = leaf_at(script, place)
    tag, protected, _unprotected, rest = leaf[:1], *split_header(leaf)
    more = tag + b"\x84" + protected + rng.choice((b"\xa1\x18\x63\x41x", b"\xa1\x04\x41k")) + rest
    if rng.random() < 0.5:
        return with_script(cheat, with_leaf(script, place, more))
    number, at = place
    batch = script.batches[number]
    twice = script.with_batch(number, leaves=(*batch.leaves, more))
    pair = frozenset({script.first_of(number) + at, twice.seal_of(number) - 1})
    false = Falsehood("repeated", f"entries {sorted(pair)}", (pair,))
    return with_script(cheat, twice, false, names=(*cheat.names, *names_of(twice, pair)))


def split_header(leaf: bytes) -> tuple[bytes, bytes, bytes]:
    """Return a leaf's protected header, its empty unprotected one, and what is behind."""
    sign1 = decode_sign1(leaf)
    start = leaf.index(sign1.protected)
    stop = start + len(sign1.protected)
    assert leaf[stop : stop + 1] == b"\xa0"
    return leaf[2:stop], leaf[stop : stop + 1], leaf[stop + 1 :]


def genesis(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """The log begins with another's genesis, or is signed by another key than genesis names."""
    script = cheat.script
    lie = replace(script, log=rng.choice(("another log", "brand", "w1")))
    return with_script(cheat, lie, Falsehood("log-key", "another log key", (ANY,)))
