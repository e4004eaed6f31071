"""The Merkle tree against the recursive definitions of RFC 9162, at every size to 64."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.errors import ProofError
from ledger.tlog.merkle import (
    EMPTY_ROOT,
    Frontier,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_from_path,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

MAX_SIZE = 64
SIZES = range(1, MAX_SIZE + 1)
ENTRIES = tuple(f"statement {i}".encode() for i in range(MAX_SIZE))
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


# RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1, word for word.


@cache
def k(n: int) -> int:
    """Return the largest power of two smaller than n."""
    return max(2**i for i in range(n) if 2**i < n)


@cache
def mth(d: tuple[bytes, ...]) -> bytes:
    if len(d) == 0:
        return sha256().digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    return sha256(b"\x01" + mth(d[: k(len(d))]) + mth(d[k(len(d)) :])).digest()


def path(m: int, d: tuple[bytes, ...]) -> list[bytes]:
    if len(d) == 1:
        return []
    if m < k(len(d)):
        return [*path(m, d[: k(len(d))]), mth(d[k(len(d)) :])]
    return [*path(m - k(len(d)), d[k(len(d)) :]), mth(d[: k(len(d))])]


def subproof(m: int, d: tuple[bytes, ...], *, b: bool) -> list[bytes]:
    if m == len(d):
        return [] if b else [mth(d)]
    if m <= k(len(d)):
        return [*subproof(m, d[: k(len(d))], b=b), mth(d[k(len(d)) :])]
    return [*subproof(m - k(len(d)), d[k(len(d)) :], b=False), mth(d[: k(len(d))])]


ROOTS = [mth(ENTRIES[:size]) for size in range(MAX_SIZE + 1)]


def read(level: int, index: int) -> bytes:
    stop = (index + 1) << level
    assert stop <= MAX_SIZE, "a prover asked for a subtree that is not complete"
    return mth(ENTRIES[index << level : stop])


@cache
def turns(index: int, size: int) -> str:
    """Say on which side each hash of a path stands: what it says of its leaf's place."""
    if size == 1:
        return ""
    half = k(size)
    return turns(index, half) + "R" if index < half else turns(index - half, size - half) + "L"


@cache
def old_turns(old: int, size: int, *, b: bool = True) -> str:
    """Say the same of a consistency proof, which starts from the old root or from a hash."""
    if old == size:
        return "root" if b else "hash"
    half = k(size)
    if old <= half:
        return old_turns(old, half, b=b) + "R"
    return old_turns(old - half, size - half, b=False) + "L"


SMALL_PLACES = [(index, size) for size in range(1, 17) for index in range(size)]


def altered(hashes: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Yield every proof that differs by one hash flipped, dropped, added or swapped."""
    for i, item in enumerate(hashes):
        byte = i % len(item)
        flipped = item[:byte] + bytes([item[byte] ^ 1 << i % 8]) + item[byte + 1 :]
        yield f"hash {i} flipped", [*hashes[:i], flipped, *hashes[i + 1 :]]
        yield f"hash {i} dropped", [*hashes[:i], *hashes[i + 1 :]]
        yield f"hash {i} cut short", [*hashes[:i], item[:-1], *hashes[i + 1 :]]
        if hashes[i + 1 : i + 2] not in ([], [item]):
            yield f"hash {i} swapped", [*hashes[:i], hashes[i + 1], item, *hashes[i + 2 :]]
    for i in range(len(hashes) + 1):
        for name, extra in ("zeroes", bytes(32)), ("a root", ROOTS[1]), ("nothing", b""):
            yield f"{name} added at {i}", [*hashes[:i], extra, *hashes[i:]]


def is_refused(verify: Callable[..., None], **claim: object) -> bool:
    try:
        verify(**claim)
    except ProofError:
        return True
    return False


@pytest.mark.parametrize("size", range(MAX_SIZE + 1))
def test_the_root_is_the_one_of_the_definition(size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    assert frontier.root() == root_hash(LEAVES[:size]) == ROOTS[size]
    assert (frontier.size, len(frontier.hashes)) == (size, size.bit_count())


@pytest.mark.parametrize("size", range(MAX_SIZE))
def test_a_frontier_that_was_stored_goes_on_as_if_it_had_not_been(size):
    stored = Frontier()
    for leaf in LEAVES[:size]:
        stored.append(leaf)
    reopened, copied = Frontier(stored.size, stored.hashes), stored.copy()
    for leaf in LEAVES[size:]:
        reopened.append(leaf)
        copied.append(leaf)
    assert reopened.root() == copied.root() == ROOTS[MAX_SIZE]
    assert stored.root() == ROOTS[size]


def test_a_frontier_of_another_size_is_refused():
    with pytest.raises(ValueError, match="3 leaves has 2 hashes"):
        Frontier(3, [bytes(32)])


@pytest.mark.parametrize("size", SIZES)
def test_every_inclusion_proof_is_the_one_of_the_definition_and_verifies(size):
    for index in range(size):
        proof = prove_inclusion(index, size, read)
        assert proof == path(index, ENTRIES[:size])
        claim = {"index": index, "size": size, "leaf": LEAVES[index], "path": proof}
        assert root_from_path(**claim) == ROOTS[size]
        verify_inclusion(**claim, root=ROOTS[size])


@pytest.mark.parametrize("size", SIZES)
def test_no_inclusion_proof_verifies_with_a_hash_altered(size):
    for index in range(size):
        claim = {"index": index, "size": size, "leaf": LEAVES[index], "root": ROOTS[size]}
        proof = path(index, ENTRIES[:size])
        for name, wrong in altered(proof):
            assert is_refused(verify_inclusion, **claim, path=wrong), f"leaf {index}: {name}"
        for name in ("leaf", "root"):
            for wrong in (ROOTS[0], claim[name][:-1], b""):
                changed = claim | {name: wrong}
                assert is_refused(verify_inclusion, **changed, path=proof), f"leaf {index}: {name}"


@pytest.mark.parametrize("size", SIZES)
def test_an_inclusion_proof_shows_no_other_index_and_no_other_tree(size):
    for index in range(size):
        claim = {"leaf": LEAVES[index], "path": path(index, ENTRIES[:size])}
        for other in range(-1, size + 2):
            if other != index:
                wrong = claim | {"index": other, "size": size, "root": ROOTS[size]}
                assert is_refused(verify_inclusion, **wrong), f"leaf {index} as {other}"
        for other in range(MAX_SIZE + 1):
            if other != size:
                wrong = claim | {"index": index, "size": other, "root": ROOTS[other]}
                assert is_refused(verify_inclusion, **wrong), f"leaf {index} in {other}"


@pytest.mark.parametrize("size", SIZES)
def test_a_path_verifies_at_another_place_only_where_it_turns_the_same_way(size):
    # A root says nothing of its size, so sizes are taken from signed text alone.
    for index in range(size):
        claim = {"leaf": LEAVES[index], "path": path(index, ENTRIES[:size])}
        places = [*SMALL_PLACES, *((index, other) for other in range(index + 1, MAX_SIZE + 1))]
        for place in places:
            refused = is_refused(
                verify_inclusion, **claim, root=ROOTS[size], index=place[0], size=place[1]
            )
            assert refused == (turns(*place) != turns(index, size)), f"leaf {index} as {place}"


def test_one_path_fits_two_sizes():
    claim = {"index": 0, "leaf": LEAVES[0], "path": path(0, ENTRIES[:3]), "root": ROOTS[3]}
    verify_inclusion(**claim, size=3)
    verify_inclusion(**claim, size=4)


@pytest.mark.parametrize("cut", [0, 1, 31, 33, 63, 64])
def test_two_hashes_are_not_cut_elsewhere(cut):
    pair = LEAVES[0] + LEAVES[1]
    claim = {"index": 0, "size": 2, "leaf": pair[:cut], "path": [pair[cut:]]}
    assert is_refused(verify_inclusion, **claim, root=ROOTS[2])


@pytest.mark.parametrize("size", SIZES)
def test_every_consistency_proof_is_the_one_of_the_definition_and_verifies(size):
    for old in range(1, size + 1):
        proof = prove_consistency(old, size, read)
        assert proof == subproof(old, ENTRIES[:size], b=True)
        verify_consistency(old=old, size=size, old_root=ROOTS[old], root=ROOTS[size], proof=proof)


@pytest.mark.parametrize("size", SIZES)
def test_no_consistency_proof_verifies_with_a_hash_altered(size):
    for old in range(1, size + 1):
        claim = {"old": old, "size": size, "old_root": ROOTS[old], "root": ROOTS[size]}
        proof = subproof(old, ENTRIES[:size], b=True)
        for name, wrong in altered(proof):
            assert is_refused(verify_consistency, **claim, proof=wrong), f"from {old}: {name}"
        for name in ("old_root", "root"):
            for wrong in (ROOTS[0], claim[name][:-1], b""):
                changed = claim | {name: wrong}
                assert is_refused(verify_consistency, **changed, proof=proof), f"{old}: {name}"


@pytest.mark.parametrize("size", SIZES)
def test_a_consistency_proof_shows_no_other_pair_of_trees(size):
    for old in range(1, size + 1):
        proof = subproof(old, ENTRIES[:size], b=True)
        pairs = [(other, size) for other in range(size + 2) if other != old]
        pairs += [(old, other) for other in range(MAX_SIZE + 1) if other != size]
        for wrong_old, wrong_size in pairs:
            claim = {"old": wrong_old, "old_root": ROOTS[min(wrong_old, MAX_SIZE)]}
            claim |= {"size": wrong_size, "root": ROOTS[wrong_size]}
            assert is_refused(verify_consistency, **claim, proof=proof), f"from {old} as {claim}"


@pytest.mark.parametrize("size", range(1, 33))
def test_a_consistency_proof_verifies_at_other_sizes_only_where_it_turns_the_same_way(size):
    for old in range(1, size + 1):
        claim = {"old_root": ROOTS[old], "root": ROOTS[size]}
        claim["proof"] = subproof(old, ENTRIES[:size], b=True)
        for index, other in SMALL_PLACES:
            refused = is_refused(verify_consistency, **claim, old=index + 1, size=other)
            alike = old_turns(index + 1, other) == old_turns(old, size)
            assert refused != alike, f"from {old} as from {index + 1} to {other}"


def test_no_tree_is_shown_consistent_with_the_empty_one():
    for size in range(3):
        claim = {"old": 0, "old_root": EMPTY_ROOT, "size": size, "root": ROOTS[size]}
        assert is_refused(verify_consistency, **claim, proof=[])


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (0, 0), (1, 1), (5, 4)])
def test_no_path_is_made_for_a_leaf_outside_the_tree(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        prove_inclusion(index, size, read)


@pytest.mark.parametrize(("old", "size"), [(0, 1), (-1, 1), (0, 0), (5, 4)])
def test_no_consistency_proof_is_made_for_sizes_out_of_order(old, size):
    with pytest.raises(ValueError, match="no consistency proof"):
        prove_consistency(old, size, read)


def test_the_reference_tree_of_rfc6962_has_its_published_hashes(vectors):
    tree = json.loads((vectors / "merkle/rfc6962_reference_tree.json").read_text())
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in tree["leaf_inputs_hex"]]
    assert EMPTY_ROOT.hex() == root_hash([]).hex() == tree["empty_root_hex"]
    roots = [root_hash(leaves[:size]).hex() for size in range(1, len(leaves) + 1)]
    assert roots == tree["root_hashes_hex_by_size_from_1"]
    level = leaves
    for published in tree["node_hashes_hex_by_level"]:
        assert [node.hex() for node in level] == published
        level = [node_hash(*level[i : i + 2]) for i in range(0, len(level), 2) if level[i + 1 :]]


def cases(folder: Path) -> Iterator[tuple[str, dict]]:
    found = sorted(folder.glob("*/*.json"))
    assert found, f"no vectors in {folder}"
    for file in found:
        yield f"{file.parent.name}/{file.name}", json.loads(file.read_text())


def test_the_published_inclusion_cases_come_out_as_they_say(vectors):
    for name, case in cases(vectors / "merkle/inclusion"):
        refused = is_refused(
            verify_inclusion,
            index=case["leafIdx"],
            size=case["treeSize"],
            leaf=b64decode(case["leafHash"]),
            path=[b64decode(item) for item in case["proof"] or []],
            root=b64decode(case["root"]),
        )
        assert refused == case["wantErr"], name


def test_the_published_consistency_cases_come_out_as_they_say(vectors):
    for name, case in cases(vectors / "merkle/consistency"):
        refused = is_refused(
            verify_consistency,
            old=case["size1"],
            size=case["size2"],
            old_root=b64decode(case["root1"]),
            root=b64decode(case["root2"]),
            proof=[b64decode(item) for item in case["proof"] or []],
        )
        assert refused == case["wantErr"], name
