"""C2SP tlog-tiles: paths, tiles of 256 hashes, bundles of 256 entries.

- ``tile/<L>/<N>[.p/<W>]``: W (1..255) or 256 hashes of subtrees of 256**L leaves, 32 bytes each.
- ``tile/entries/<N>[.p/<W>]``: W or 256 entries, each ``u16be length || bytes``.

N is written in groups of three digits, all but the last with an ``x``: 1234067 is
``x001/x234/067``.
"""

import re
from collections.abc import Iterable

from ledger.errors import FormError, MalformedError
from ledger.tlog.merkle import HASH_SIZE, node_hash

WIDTH = 256
HEIGHT = 8
MAX_LEVEL = 7  # 256**8 leaves are 2**64
MAX_ENTRY_SIZE = 65_535  # the length prefix has 16 bits
MAX_FRAME_SIZE = 2 + MAX_ENTRY_SIZE  # of an entry in its bundle

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-7])/(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


def format_number(number: int) -> str:
    """Return the path form of a tile number, ``x001/x234/067``."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def tile_path(level: int | None, number: int, width: int = WIDTH) -> str:
    """Return the path of a tile, or of an entry bundle when ``level`` is None."""
    name = "entries" if level is None else str(level)
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{name}/{format_number(number)}{partial}"


def parse_tile_path(path: str) -> tuple[int | None, int, int]:
    """Return (level or None for entries, number, width) of a canonical tile path.

    Raises:
        MalformedError: another spelling, or no tile path at all.

    """
    match = _PATH.fullmatch(path)
    if match is not None:
        level = None if match["level"] == "entries" else int(match["level"])
        number = int(match["n"].replace("/", "").replace("x", ""))
        width = int(match["width"] or WIDTH)
        if tile_path(level, number, width) == path and width <= WIDTH:
            return level, number, width
    raise MalformedError("not a tile path: {path!r}", path=path[:100])


def widths(size: int) -> Iterable[tuple[int, int, int]]:
    """Yield (level, number, width) of every hash tile of a tree of ``size`` leaves."""
    level, count = 0, size
    while count:
        full, rest = divmod(count, WIDTH)
        for number in range(full):
            yield level, number, WIDTH
        if rest:
            yield level, full, rest
        level, count = level + 1, full


def split_hashes(tile: bytes, width: int, what: str) -> list[bytes]:
    """Return the ``width`` hashes of a tile's bytes."""
    if len(tile) != width * HASH_SIZE:
        raise MalformedError(
            "{what}: {count} bytes, {width} expected",
            what=what,
            count=len(tile),
            width=width * HASH_SIZE,
        )
    return [tile[at : at + HASH_SIZE] for at in range(0, len(tile), HASH_SIZE)]


def interior(hashes: list[bytes]) -> list[list[bytes]]:
    """Return every complete level above the hashes of one tile, the hashes first."""
    levels = [hashes]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return levels


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries as a bundle: each ``u16be length || bytes``."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_SIZE:
            raise FormError(
                "an entry of {count} bytes is longer than {max_entry_size}",
                count=len(entry),
                max_entry_size=MAX_ENTRY_SIZE,
            )
        parts += (len(entry).to_bytes(2), entry)
    return b"".join(parts)


def decode_bundle(bundle: bytes, count: int, what: str) -> list[bytes]:
    """Return exactly ``count`` entries of a bundle, no byte left over."""
    entries: list[bytes] = []
    at, end = 0, len(bundle)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(bundle[at:start])
        if start > end or at > end:
            raise MalformedError(
                "{what}: entry {count} of the bundle is cut short", what=what, count=len(entries)
            )
        entries.append(bundle[start:at])
    if len(entries) != count:
        raise MalformedError(
            "{what}: {count} entries, {count_2} expected",
            what=what,
            count=len(entries),
            count_2=count,
        )
    return entries
