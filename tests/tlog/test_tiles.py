"""Tiles, entry bundles and their paths (C2SP tlog-tiles)."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedError
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.merkle import leaf_hash, root_hash
from ledger.tlog.note import parse_vkey
from ledger.tlog.tiles import (
    MAX_ENTRY_SIZE,
    MAX_LEVEL,
    WIDTH,
    decode_bundle,
    encode_bundle,
    interior,
    parse_tile_path,
    split_hashes,
    tile_path,
    widths,
)

levels = st.none() | st.integers(0, MAX_LEVEL)
numbers = st.integers(0, 2**56 - 1)
entries = st.lists(st.binary(max_size=300), max_size=12)


@pytest.fixture(scope="session")
def tessera(vectors):
    """Return the folder of a small log that Tessera wrote, its verifier key and entries."""
    folder = vectors / "tiles/tessera-log"
    keys = json.loads((folder / "KEYS.json").read_text())
    return folder, parse_vkey(keys["vkey"]), [entry.encode() for entry in keys["entries"]]


@pytest.mark.parametrize("width", range(1, 16))
def test_the_tiles_and_bundles_of_tessera_are_ours(tessera, width):
    folder, _, logged = tessera
    tile = (folder / tile_path(0, 0, width)).read_bytes()
    bundle = (folder / tile_path(None, 0, width)).read_bytes()
    assert bundle == encode_bundle(logged[:width])
    assert decode_bundle(bundle, width, "bundle") == logged[:width]
    assert split_hashes(tile, width, "tile") == [leaf_hash(entry) for entry in logged[:width]]


@pytest.mark.parametrize("size", [*range(16), None])
def test_the_checkpoints_of_tessera_verify_and_have_the_root_of_their_entries(tessera, size):
    folder, vkey, logged = tessera
    raw = (folder / ("checkpoint" if size is None else f"checkpoint.{size}")).read_bytes()
    note, checkpoint = decode_checkpoint(raw, vkey)
    assert str(note).encode() == raw
    assert checkpoint.size == (len(logged) if size is None else size)
    assert checkpoint.root == root_hash(leaf_hash(entry) for entry in logged[: checkpoint.size])


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 1_234_067, WIDTH, "tile/0/x001/x234/067"),  # the specification's example
        (0, 0, 1, "tile/0/000.p/1"),
        (None, 0, WIDTH, "tile/entries/000"),
        (None, 273, 112, "tile/entries/273.p/112"),
        (7, 1000, 255, "tile/7/x001/000.p/255"),
    ],
)
def test_a_tile_has_one_path(level, number, width, path):
    assert tile_path(level, number, width) == path
    assert parse_tile_path(path) == (level, number, width)


@given(levels, numbers, st.integers(1, WIDTH))
def test_a_path_leads_back_to_its_tile(level, number, width):
    assert parse_tile_path(tile_path(level, number, width)) == (level, number, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        " tile/0/000",
        "tile/00/000",
        "tile/01/000",
        "tile/8/000",  # 256**8 leaves are more than a size can say
        "tile/-1/000",
        "tile/+1/000",
        "tile/Entries/000",
        "tile/data/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/1000",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/0/X001/002",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/999",
        "tile/0/000.p/1000",
        "tile/0/000.p/-1",
        "tile/0/000.p/\u0661",
        "tile/0/000.P/1",
        "tile/0/../0/000",
        "tile/0/x001/x001/x001/x001/x001/x001/x001/x001/001",
    ],
)
def test_a_path_of_another_spelling_is_refused(path):
    with pytest.raises(MalformedError, match="not a tile path"):
        parse_tile_path(path)


@given(
    st.text(max_size=40)
    | st.from_regex(r"tile/(entries|\d)/(x\d{3}/){0,2}\d{1,3}(\.p/\d{1,3})?", fullmatch=True)
)
def test_any_text_is_a_canonical_path_or_refused(text):
    try:
        level, number, width = parse_tile_path(text)
    except MalformedError:
        return
    assert tile_path(level, number, width) == text


def test_a_tree_of_70000_has_the_tiles_the_specification_counts():
    found = list(widths(70_000))
    assert found[:273] == [(0, number, WIDTH) for number in range(273)]
    assert found[273:] == [(0, 273, 112), (1, 0, WIDTH), (1, 1, 17), (2, 0, 1)]


@pytest.mark.parametrize(
    ("size", "tiles"),
    [
        (0, []),
        (1, [(0, 0, 1)]),
        (255, [(0, 0, 255)]),
        (256, [(0, 0, WIDTH), (1, 0, 1)]),
        (257, [(0, 0, WIDTH), (0, 1, 1), (1, 0, 1)]),
    ],
)
def test_a_tree_has_no_empty_tile(size, tiles):
    assert list(widths(size)) == tiles


@given(st.integers(0, 300_000))
def test_the_tiles_of_a_level_hold_its_complete_subtrees_in_order(size):
    held: dict[int, int] = {}
    for level, number, width in widths(size):
        assert held.get(level, 0) == number * WIDTH
        held[level] = number * WIDTH + width
    assert held == {level: size >> 8 * level for level in range(8) if size >> 8 * level}


@pytest.mark.parametrize("width", [*range(1, 34), 255, 256])
def test_the_levels_within_a_tile_are_the_roots_of_its_complete_subtrees(width):
    hashes = [leaf_hash(bytes([i])) for i in range(width)]
    above = interior(hashes)
    assert [len(level) for level in above] == [width >> i for i in range(width.bit_length())]
    for height, level in enumerate(above):
        span = 1 << height
        assert level == [root_hash(hashes[i * span : (i + 1) * span]) for i in range(len(level))]


@pytest.mark.parametrize("length", [0, 31, 32, 63, 65, 96])
def test_a_tile_of_another_length_is_refused(length):
    with pytest.raises(MalformedError, match=f"the tile: {length} bytes, 64 expected"):
        split_hashes(bytes(length), 2, "the tile")


@given(entries)
def test_a_bundle_decodes_to_the_entries_it_was_made_of(logged):
    assert decode_bundle(encode_bundle(logged), len(logged), "bundle") == logged


@given(entries)
def test_a_bundle_that_is_cut_short_or_too_long_is_refused(logged):
    bundle = encode_bundle(logged)
    wrong = [bundle[:end] for end in range(len(bundle))]
    wrong += [bundle + b"\x00", bundle + b"\x00\x00", bundle + b"\x00\x01"]
    for altered in wrong:
        with pytest.raises(MalformedError, match="the bundle: "):
            decode_bundle(altered, len(logged), "the bundle")


@given(entries, st.integers(0, 13))
def test_a_bundle_of_another_number_of_entries_is_refused(logged, count):
    if count != len(logged):
        message = re.escape(f"{len(logged)} entries, {count} expected")
        with pytest.raises(MalformedError, match=message):
            decode_bundle(encode_bundle(logged), count, "bundle")


@given(st.binary(max_size=60), st.integers(0, 5))
def test_any_bytes_are_a_canonical_bundle_or_refused(raw, count):
    try:
        logged = decode_bundle(raw, count, "bundle")
    except MalformedError:
        return
    assert encode_bundle(logged) == raw


def test_an_entry_fills_its_16_bit_length_and_no_more():
    longest = bytes(MAX_ENTRY_SIZE)
    assert decode_bundle(encode_bundle([longest]), 1, "bundle") == [longest]
    with pytest.raises(ValueError, match="65536 bytes is longer"):
        encode_bundle([longest + b"\x00"])
