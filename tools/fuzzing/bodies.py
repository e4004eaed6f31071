"""Bodies: statements, batches and notes, as they should be, nearly, and not at all."""

import gzip
from collections.abc import Callable
from random import Random

import cbor2

from fuzzing.pools import Pool

HEADS = (
    b"",
    b"\xd2",
    b"\xd2\x84",
    b"\x84\x40\xa0\x40\x40",
    b"\x9f",
    b"\xbf\xff",
    b"\x5f\x40",
    b"\xfb",
    b"\xff",
)
Sign = Callable[[Random], bytes]


def body_of(
    random: Random, media_types: tuple[str, ...], pool: Pool, sign: Sign
) -> tuple[str | None, bytes]:
    """Return a media type, None for none, and a body."""
    media_type = random.choice(media_types) if media_types else "text/plain"
    makers = {"application/cbor-seq": _sequence, "application/cbor": _array, "text/plain": _note}
    raw = makers.get(media_type, _statement)(random, pool, sign)
    if random.random() < 0.15:
        raw = gzip.compress(raw, mtime=0) if random.random() < 0.3 else _broken(raw, random)
    if random.random() < 0.05:
        return random.choice(
            (None, "application/json", "text/plain", "x/y;q", "application/cose;a=b")
        ), raw
    return media_type, raw


def _statement(random: Random, pool: Pool, sign: Sign) -> bytes:
    kind = random.random()
    if kind < 0.04:
        return sign(random)
    leaf = random.choice(pool.leaves)
    if kind < 0.1:
        return leaf
    if kind < 0.6:
        return _broken(leaf, random)
    if kind < 0.8:
        return _rebuilt(leaf, random)
    return _any(random)


def _broken(raw: bytes, random: Random) -> bytes:
    """Return bytes with a few of them flipped, cut, doubled or put in between."""
    made = bytearray(raw)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        at = random.randrange(len(made) + 1)
        match random.randrange(5):
            case 0 if at < len(made):
                made[at] ^= 1 << random.randrange(8)
            case 1:
                del made[at:]
            case 2:
                made[at:at] = random.randbytes(random.randrange(1, 5))
            case 3:
                del made[at : at + random.randrange(1, 9)]
            case _:
                made += made[: random.randrange(64)]
    return bytes(made)


def _rebuilt(leaf: bytes, random: Random) -> bytes:
    """Return a statement of which one part is another value, well formed otherwise."""
    message = cbor2.loads(leaf)
    parts = list(message.value)
    header = dict(cbor2.loads(parts[0]))
    match random.randrange(4):
        case 0:
            key = random.choice([*header, 1, 2, 3, 15, 16, 99, -70_000])
            header[key] = _value(random)
        case 1:
            header.pop(random.choice(list(header)), None)
        case 2:
            parts[2] = random.choice(
                (b"{}", b"null", b"[" * 5_000, b'{"v":1}', b"\xff", b'{"v":1,"v":1}', None)
            )
        case _:
            parts[1] = {random.choice((1, "x", 394, 395, 396)): _value(random)}
    parts[0] = cbor2.dumps(header)
    return cbor2.dumps(cbor2.CBORTag(18, parts))


def _value(random: Random) -> object:
    return random.choice((
        None, True, 0, -1, 2**64 - 1, -(2**64), 2**70, 1.5, float("nan"), "", "x" * 3000, b"", b"\0" * 40, [], [[]],
        {}, {1: 2}, {15: {}}, {"a": [1] * 50}, cbor2.CBORTag(18, b"x"), cbor2.CBORSimpleValue(99), "龙", "\u202e",
    ))  # fmt: skip


def _any(random: Random) -> bytes:
    match random.randrange(4):
        case 0:
            return random.choice(HEADS) + random.randbytes(random.randrange(60))
        case 1:
            return cbor2.dumps(_value(random))
        case 2:
            return random.choice((b"\x81", b"\xa1\x00", b"\xd2", b"\xc0")) * random.choice(
                (20, 400, 60_000)
            )
        case _:
            length = random.choice((1, 4, 8))
            head = bytes([random.choice((0x40, 0x60, 0x80, 0xA0)) | {1: 24, 4: 26, 8: 27}[length]])
            return head + random.randbytes(length) + random.randbytes(random.randrange(20))


def _few(random: Random, pool: Pool, sign: Sign) -> list[bytes]:
    count = random.choice((0, 1, 2, 2, 3, 5)) if random.random() < 0.99 else 300
    return [_statement(random, pool, sign) for _ in range(count)]


def _sequence(random: Random, pool: Pool, sign: Sign) -> bytes:
    return b"".join(_few(random, pool, sign))


def _array(random: Random, pool: Pool, sign: Sign) -> bytes:
    items: list[object] = list(_few(random, pool, sign))
    if random.random() < 0.2:
        items.append(_value(random))
    return cbor2.dumps(items)


def _note(random: Random, pool: Pool, _sign: Sign) -> bytes:
    note = random.choice(pool.notes)
    if random.random() < 0.3:
        size, root = random.randrange(1 << 40), note.split(b"\n")[2]
        return b"%b\n%d\n%b\n\n" % (note.split(b"\n")[0], size, root) + note.split(b"\n\n")[1]
    return _broken(note, random) if random.random() < 0.8 else note
