"""The history index against a recursive definition over a mapping, and every altered proof."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LogCorruptError, ProofError
from ledger.tlog.prefix_tree import (
    BUCKET_LEAVES,
    EMPTY_ROOT,
    MAX_DEPTH,
    PrefixTree,
    absence_proof,
    inner_node,
    leaf_node,
    root_of,
    verify_absence,
    verify_presence,
)

# torchwood's mpt, by its definition: the first bit on which the keys differ parts them.


def uvarint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + uvarint(value >> 7)


def prefixed(text: bytes) -> bytes:
    return uvarint(len(text)) + text


def mpt(leaves: Mapping[bytes, bytes], bit: int = 0) -> bytes:
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        ((key, value),) = leaves.items()
        return sha256(b"\x00" + prefixed(key) + prefixed(value)).digest()
    sides: tuple[dict, dict] = ({}, {})
    for key, value in leaves.items():
        sides[key[bit // 8] >> (7 - bit % 8) & 1][key] = value
    left, right = sides
    if not left or not right:
        return mpt(leaves, bit + 1)
    children = mpt(left, bit + 1) + mpt(right, bit + 1)
    return sha256(b"\x01" + uvarint(bit) + children).digest()


class Pages(dict):
    """Pages as a store keeps them; a tree opened on it knows what was saved, nothing else."""

    reads = 0

    def __call__(self, prefixes):
        self.reads += 1
        return {prefix: self[prefix] for prefix in prefixes if prefix in self}

    def save(self, tree: PrefixTree) -> bytes:
        root, changed = tree.commit()
        self.update({prefix: tree.page(prefix) for prefix in changed})
        return root


def stored(*commits: Mapping[bytes, bytes]) -> Pages:
    pages = Pages()
    for leaves in commits:
        tree = PrefixTree(pages)
        tree.load(leaves)
        for key, value in leaves.items():
            tree.put(key, value, b"beside " + value)
        pages.save(tree)
    return pages


def check_whole(pages: Pages, leaves: Mapping[bytes, bytes], absent: set[bytes]) -> None:
    """Re-open a stored tree and check its root, every key in it, and keys that are not."""
    tree = PrefixTree(pages)
    root = tree.root()
    assert root == mpt(leaves) == root_of(leaves)
    for key, value in leaves.items():
        found = tree.find(key)
        assert (found.key, found.value, found.attachment) == (key, value, b"beside " + value)
        assert tree.get(key) == (value, b"beside " + value)
        verify_presence(root=root, key=key, value=value, proof=found.proof)
        with pytest.raises(ProofError):
            verify_absence(root=root, key=key, proof=absence_proof(found))
    for key in absent - leaves.keys():
        found = tree.find(key)
        assert found is None or found.key != key
        assert tree.get(key) is None
        verify_absence(root=root, key=key, proof=absence_proof(found))
        if found is not None:
            with pytest.raises(ProofError):
                verify_presence(root=root, key=key, value=found.value, proof=found.proof)
    tree.load([*leaves, *absent])
    assert dict(tree.pages()) == pages


def sample(count: int) -> dict[bytes, bytes]:
    """Return keys spread as ours are, with values of our size."""
    pairs = ((sha256(b"key %d" % i).digest(), sha256(b"%d" % i).digest()) for i in range(count))
    return {key: value + b"8 bytes." for key, value in pairs}


def toggled(key: bytes, bit: int) -> bytes:
    return (int.from_bytes(key) ^ 1 << (255 - bit)).to_bytes(32)


keys = st.builds(  # alike for long, so that buckets split deep, or in the first digits
    lambda base, tail, at: (base[:at] + tail + base)[:32],
    st.sampled_from([bytes(32), b"\xff" * 32, b"\xaa" * 32]),
    st.binary(max_size=3),
    st.sampled_from([0, 0, 1, 15, 29, 30, 31]),
)
commits = st.lists(st.dictionaries(keys, st.binary(max_size=200), max_size=40), max_size=4)


@settings(deadline=None)
@given(commits, st.sets(keys, max_size=10))
def test_the_tree_is_that_of_its_keys_whatever_the_commits(batches, absent):
    leaves: dict[bytes, bytes] = {}
    for batch in batches:
        leaves |= batch
    check_whole(stored(*batches), leaves, absent)


@pytest.mark.parametrize("count", [0, 1, 2, BUCKET_LEAVES, BUCKET_LEAVES + 1, 300, 3000])
def test_keys_spread_evenly_make_the_tree_of_the_definition(count):
    leaves = sample(count)
    third = list(leaves)[::3]
    old = dict.fromkeys(third, b"superseded")
    check_whole(stored(old, leaves), leaves, set(sample(count + 40)))


@pytest.mark.parametrize(
    "base", [bytes(32), b"\xff" * 32, sha256(b"key").digest()], ids=["zeroes", "ones", "mixed"]
)
@pytest.mark.parametrize("shared_bits", [251, 250, 247, 128, 3])
def test_keys_that_differ_late_make_the_tree_of_the_definition(base, shared_bits):
    low = (1 << (256 - shared_bits)) - 1
    start = int.from_bytes(base) & ~low
    spread = {(start + (sha256(b"%d" % i).digest()[0] & low)).to_bytes(32) for i in range(0, 80, 2)}
    dense = {(start + i).to_bytes(32) for i in range(min(low, 64) + 1)}
    leaves = {key: key[-2:] for key in dense | spread}
    present = dict(sorted(leaves.items())[::2])  # an absent key stands between each two
    far = {toggled(base, bit) for bit in range(0, 256, 5)}
    check_whole(stored(present), present, set(leaves) | far)
    check_whole(stored(present, leaves), leaves, far)


def test_keys_that_differ_at_every_bit_make_the_deepest_tree():
    leaves = {toggled(bytes(32), bit): b"v" for bit in range(256)} | {bytes(32): b"v"}
    check_whole(stored(leaves), leaves, {toggled(b"\xff" * 32, bit) for bit in range(256)})


def test_keys_that_share_60_bits_stay_one_bucket_however_many():
    leaves = {i.to_bytes(32): b"v" for i in range(10 * BUCKET_LEAVES)}
    pages = stored(leaves)
    assert sorted(pages) == ["0" * depth for depth in range(MAX_DEPTH + 1)]
    check_whole(pages, leaves, {i.to_bytes(32) for i in range(160, 200)})


def test_a_tree_reads_from_elsewhere_once_it_is_told_to():
    leaves = sample(300)
    pages = stored(leaves)
    tree = PrefixTree(pages)
    tree.load([bytes(32)])
    held, pages.reads = len(tree), 0
    other = Pages(pages)
    tree.rebind(other)
    tree.load([bytes(32)])
    assert (len(tree), other.reads) == (held, 0)
    tree.load(leaves)
    assert pages.reads == 0
    assert all(tree.get(key)[0] == value for key, value in leaves.items())


def test_one_commit_or_one_for_each_key_leave_the_same_pages():
    leaves = sample(120)
    assert stored(leaves) == stored(*({key: value} for key, value in leaves.items()))


def test_a_tree_reads_once_for_each_digit_of_depth():
    pages = stored(sample(3000))
    depth = max(len(prefix) for prefix in pages)
    pages.reads = 0
    tree = PrefixTree(pages)
    tree.load(sample(3000))
    assert pages.reads == depth + 1
    assert len(tree) == len(pages)
    tree.load(sample(3000))
    assert pages.reads == depth + 1


def test_a_commit_hands_out_only_the_pages_on_the_way_to_what_changed():
    pages = stored(sample(3000))
    tree = PrefixTree(pages)
    key = next(iter(sample(1)))
    tree.put(key, b"another")
    _, changed = tree.commit()
    assert changed == {key.hex()[:length] for length in range(len(changed))}
    assert tree.commit() == (tree.root(), set())


@pytest.mark.parametrize("count", [0, 3, 300])
def test_the_root_is_the_committed_one_until_the_next_commit(count):
    leaves = sample(count)
    tree = PrefixTree(stored(leaves))
    tree.put(b"k" * 32, b"v")
    assert tree.root() == mpt(leaves)
    assert tree.commit()[0] == tree.root() == mpt(leaves | {b"k" * 32: b"v"})


def test_what_was_put_is_seen_before_it_is_committed():
    tree = PrefixTree(Pages())
    assert tree.get(b"k" * 32) is None
    tree.put(b"k" * 32, b"v", b"attachment")
    assert tree.get(b"k" * 32) == (b"v", b"attachment")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_size_is_not_put(size):
    with pytest.raises(ValueError, match="32 bytes"):
        PrefixTree(Pages()).put(bytes(size), b"v")


def test_the_empty_tree_shows_every_key_absent_by_an_empty_proof():
    tree = PrefixTree(Pages())
    assert tree.root() == EMPTY_ROOT == mpt({}) == root_of({})
    assert tree.find(bytes(32)) is None
    verify_absence(root=EMPTY_ROOT, key=bytes(32), proof=absence_proof(None))
    for proof in (b"\x00", prefixed(b"k" * 32) + prefixed(b"v")):
        with pytest.raises(ProofError, match="only the empty tree"):
            verify_absence(root=EMPTY_ROOT, key=bytes(32), proof=proof)
    with pytest.raises(ProofError):
        verify_presence(root=EMPTY_ROOT, key=bytes(32), value=b"", proof=b"")
    with pytest.raises(ProofError, match="only the empty tree"):
        verify_absence(root=mpt(sample(1)), key=bytes(32), proof=b"")


# Altered proofs.

LEAVES = sample(60)
ROOT = mpt(LEAVES)
TREE = PrefixTree(stored(LEAVES))
PRESENT = list(LEAVES)[:4]
ABSENT = [key for key in sample(70) if key not in LEAVES][:4]


def steps(proof: bytes) -> list[bytes]:
    """Cut a presence proof into its (bit, sibling) steps; here every bit is below 128."""
    return [proof[at : at + 33] for at in range(0, len(proof), 33)]


def altered(proof: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a proof with every bit flipped, cut at every byte, and with bytes added."""
    for at in range(8 * len(proof)):
        raw = bytearray(proof)
        raw[at >> 3] ^= 1 << (at & 7)
        yield f"bit {at} flipped", bytes(raw)
    for end in range(len(proof)):
        yield f"cut to {end} bytes", proof[:end]
    for extra in (b"\x00", b"\x80", b"\xff", bytes(32), bytes(33), proof[-33:], bytes(10_000)):
        yield f"{len(extra)} bytes added behind", proof + extra
        yield f"{len(extra)} bytes added before", extra + proof


@pytest.mark.parametrize("key", PRESENT, ids=lambda key: key.hex()[:6])
def test_no_altered_presence_proof_verifies(key):
    found = TREE.find(key)
    claim = {"root": ROOT, "key": key, "value": found.value}
    verify_presence(**claim, proof=found.proof)
    for name, proof in altered(found.proof):
        try:
            verify_presence(**claim, proof=proof)
        except ProofError:
            continue
        pytest.fail(name)


@pytest.mark.parametrize("key", ABSENT, ids=lambda key: key.hex()[:6])
def test_no_altered_absence_proof_verifies(key):
    good = absence_proof(TREE.find(key))
    verify_absence(root=ROOT, key=key, proof=good)
    for name, proof in altered(good):
        try:
            verify_absence(root=ROOT, key=key, proof=proof)
        except ProofError:
            continue
        pytest.fail(name)


@pytest.mark.parametrize("key", PRESENT, ids=lambda key: key.hex()[:6])
def test_a_presence_proof_shows_no_other_value_key_or_root(key):
    found = TREE.find(key)
    claim = {"root": ROOT, "key": key, "value": found.value, "proof": found.proof}
    wrong = [
        {"value": found.value[:-1]},
        {"value": found.value + b"\x00"},
        {"value": b""},
        {"value": bytes(70_000)},
        {"root": EMPTY_ROOT},
        {"root": ROOT[:-1]},
        {"key": key[:-1]},
        {"key": key + b"\x00"},
        *({"key": toggled(key, bit)} for bit in range(256)),
    ]
    for change in wrong:
        with pytest.raises(ProofError):
            verify_presence(**claim | change)


@pytest.mark.parametrize("key", ABSENT, ids=lambda key: key.hex()[:6])
def test_absence_is_shown_by_the_leaf_its_search_ends_at_and_by_no_other(key):
    nearest = TREE.find(key).key
    for other in LEAVES:
        if other != nearest:
            with pytest.raises(ProofError, match="leaves the absent key's path"):
                verify_absence(root=ROOT, key=key, proof=absence_proof(TREE.find(other)))


def test_the_key_itself_does_not_show_its_absence():
    for key in PRESENT:
        with pytest.raises(ProofError, match="another key"):
            verify_absence(root=ROOT, key=key, proof=absence_proof(TREE.find(key)))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_keys_of_another_size_are_neither_present_nor_absent(size):
    # A forged tree may hold such a leaf; its hash must not be taken for one of ours.
    forged = sha256(b"\x00" + prefixed(bytes(size)) + prefixed(b"v")).digest()
    with pytest.raises(ProofError):
        verify_presence(root=forged, key=bytes(size), value=b"v", proof=b"")
    proof = prefixed(bytes(size)) + prefixed(b"v")
    with pytest.raises(ProofError, match="another key of 32 bytes"):
        verify_absence(root=forged, key=b"\xff" * 32, proof=proof)
    with pytest.raises(ProofError):
        verify_absence(root=ROOT, key=bytes(size), proof=absence_proof(TREE.find(ABSENT[0])))


def test_bits_that_do_not_decrease_are_refused():
    key, value = bytes(32), b"v"
    for bits in ([5, 5], [0, 5], [9, 5, 5], [9, 3, 5], [200, 201]):
        node, proof = leaf_node(key, value), b""
        for bit in bits:
            node = inner_node(bit, node, ROOT)
            proof += uvarint(bit) + ROOT
        with pytest.raises(ProofError, match="not strictly decreasing"):
            verify_presence(root=node, key=key, value=value, proof=proof)
    found = TREE.find(PRESENT[0])
    first, second, *rest = steps(found.proof)
    for wrong in ([second, first, *rest], [first, first, second, *rest]):
        with pytest.raises(ProofError, match="not strictly decreasing"):
            verify_presence(root=ROOT, key=found.key, value=found.value, proof=b"".join(wrong))


@pytest.mark.parametrize("bit", [256, 257, 300, 16_383, 16_384, 2_097_151])
def test_a_bit_that_no_key_has_is_refused(bit):
    key, value = bytes(32), b"v"
    node = sha256(b"\x01" + uvarint(bit) + leaf_node(key, value) + ROOT).digest()
    with pytest.raises(ProofError, match="below 256"):
        verify_presence(root=node, key=key, value=value, proof=uvarint(bit) + ROOT)


@pytest.mark.parametrize("bit", [0, 1, 127, 128, 255])
def test_every_bit_that_a_key_has_may_part_it_from_another(bit):
    leaves = {bytes(32): b"v", toggled(bytes(32), bit): b"w"}
    found = PrefixTree(stored(leaves)).find(bytes(32))
    assert found.proof == uvarint(bit) + leaf_node(toggled(bytes(32), bit), b"w")
    verify_presence(root=mpt(leaves), key=bytes(32), value=b"v", proof=found.proof)


@pytest.mark.parametrize("padding", [b"\x00", b"\x80\x00"])
def test_a_number_that_is_not_minimal_is_refused(padding):
    def longer(number: bytes) -> bytes:
        return number[:-1] + bytes([number[-1] | 0x80]) + padding

    present = TREE.find(PRESENT[0])
    last = len(steps(present.proof)) * 33 - 33
    assert present.proof[last : last + 1] == b"\x00"
    for at in (0, last):
        proof = present.proof[:at] + longer(present.proof[at : at + 1]) + present.proof[at + 1 :]
        with pytest.raises(ProofError, match=r"not minimal|too long"):
            verify_presence(root=ROOT, key=present.key, value=present.value, proof=proof)
    proof = absence_proof(TREE.find(ABSENT[0]))
    for at in (0, 33):
        wrong = proof[:at] + longer(proof[at : at + 1]) + proof[at + 1 :]
        with pytest.raises(ProofError, match=r"not minimal|too long"):
            verify_absence(root=ROOT, key=ABSENT[0], proof=wrong)


def test_a_number_without_end_is_refused():
    for proof in (b"\x80", b"\xff" * 3, b"\xff" * 40, b"\x80" * 9000):
        with pytest.raises(ProofError):
            verify_presence(root=ROOT, key=PRESENT[0], value=b"v", proof=proof)
        with pytest.raises(ProofError):
            verify_absence(root=ROOT, key=ABSENT[0], proof=proof)


def test_a_leaf_on_the_wrong_side_is_not_present():
    left, right = bytes(32), b"\xff" * 32
    nodes = {key: leaf_node(key, b"v") for key in (left, right)}
    forged = inner_node(0, nodes[right], nodes[left])
    for key, sibling in ((left, nodes[right]), (right, nodes[left])):
        with pytest.raises(ProofError, match="another root"):
            verify_presence(root=forged, key=key, value=b"v", proof=b"\x00" + sibling)


def test_a_node_is_not_taken_for_a_leaf():
    # A leaf's hash starts from 00 and an inner node's from 01.
    key = PRESENT[0]
    with pytest.raises(ProofError):
        verify_presence(root=ROOT, key=key, value=b"", proof=b"")
    with pytest.raises(ProofError):
        verify_presence(root=leaf_node(key, b"v"), key=key, value=b"", proof=b"\x00" + ROOT)


@given(st.binary(max_size=120), st.binary(min_size=30, max_size=34))
def test_arbitrary_bytes_prove_nothing(proof, key):
    with pytest.raises(ProofError):
        verify_presence(root=ROOT, key=key, value=b"v", proof=proof)
    with pytest.raises(ProofError):
        verify_absence(root=ROOT, key=key, proof=proof)


# Pages as they come back from a store.

BUCKET = stored(sample(3))[""]
BRANCH = stored(sample(40))[""]
LEAF_BYTES = 32 + 2 + 40 + 4 + len(b"beside ") + 40  # key, value and attachment with lengths


def opened(page: bytes) -> PrefixTree:
    tree = PrefixTree(Pages({"": page}))
    tree.load([bytes(32)])
    return tree


@pytest.mark.parametrize("end", range(len(BUCKET)))
def test_a_bucket_that_is_cut_short_is_refused(end):
    if end % LEAF_BYTES != 1:  # a whole leaf less is a bucket too: its hash is another
        with pytest.raises(LogCorruptError, match="index page"):
            opened(BUCKET[:end])


def test_a_bucket_with_leaves_out_of_order_or_twice_is_refused():
    leaves = [BUCKET[at : at + LEAF_BYTES] for at in range(1, len(BUCKET), LEAF_BYTES)]
    assert opened(b"\x00" + b"".join(leaves)).page("") == BUCKET
    for wrong in (leaves[::-1], [leaves[0], *leaves], [*leaves, leaves[2]]):
        with pytest.raises(LogCorruptError, match="out of order"):
            opened(b"\x00" + b"".join(wrong))


@pytest.mark.parametrize("page", [b"", b"\x02", b"\xff" + BUCKET[1:], BUCKET + b"\x00"])
def test_a_page_that_is_neither_bucket_nor_branch_is_refused(page):
    with pytest.raises(LogCorruptError, match="index page"):
        opened(page)


@pytest.mark.parametrize("page", [BRANCH[:1], BRANCH[:-1], BRANCH[:-32], BRANCH + bytes(32)])
def test_a_branch_of_another_size_is_refused(page):
    with pytest.raises(LogCorruptError, match="a branch of another size"):
        opened(page)


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda raw: b"\x00" + raw))
def test_any_bytes_are_a_page_or_refused(raw):
    try:
        tree = opened(raw)
    except LogCorruptError:
        return
    assert tree.page("") == raw


@pytest.mark.parametrize("damage", ["lost", "emptied", "of another time", "with another value"])
def test_a_page_that_its_branch_does_not_vouch_for_is_refused(damage):
    # Believed, it starts histories anew at the next put, and the tree forgets them.
    leaves = sample(300)
    pages = stored(leaves)
    key = next(iter(leaves))
    prefix = max((p for p in pages if key.hex().startswith(p)), key=len)
    page = pages.pop(prefix)
    if damage == "emptied":
        pages[prefix] = b"\x00"
    elif damage == "of another time":
        older = {k: b"older" if k == key else value for k, value in leaves.items()}
        pages[prefix] = stored(older)[prefix]
    elif damage == "with another value":
        at = page.index(leaves[key])
        pages[prefix] = page[:at] + b"\xff" + page[at + 1 :]
    assert pages.get(prefix) != page
    with pytest.raises((LogCorruptError, LogCorruptError)):
        PrefixTree(pages).get(key)


def test_a_branch_whose_hashes_do_not_add_up_is_refused():
    # Believed, the next put beside the damage makes a root over hashes of nothing.
    whole = stored(sample(300))
    for node in range(1, 32):
        page = bytearray(whole[""])
        page[32 * node] ^= 1
        with pytest.raises(LogCorruptError):
            PrefixTree(Pages(whole | {"": bytes(page)})).load([bytes(32)])


# Published vectors.


def test_the_tree_hashes_of_torchwood_are_ours(vectors):
    leaves: dict[bytes, bytes] = {}
    checked = 0
    for line in (vectors / "mpt/treehash.txt").read_text().splitlines():
        match line.split():
            case ["kv", key, value]:
                leaves[bytes.fromhex(key)] = bytes.fromhex(value)
            case ["hash", root]:
                assert root_of(leaves).hex() == mpt(leaves).hex() == root
                check_whole(stored(leaves), leaves, {bytes(32), b"\xff" * 32})
                leaves, checked = {}, checked + 1
    assert checked


def test_the_proofs_of_torchwood_come_out_as_they_say(vectors):
    root = key = value = proof = b""
    checked = 0
    for line in (vectors / "mpt/verify.txt").read_text().splitlines():
        match line.split():
            case ["snap", text]:
                root = bytes.fromhex(text)
            case ["key", text]:
                key = bytes.fromhex(text)
            case ["val", text]:
                value = None if text == "-" else bytes.fromhex(text)
            case ["proof", text]:
                proof = bytes.fromhex(text.strip("'"))
            case ["verify", expected]:
                verdict = "true"
                try:
                    if value is None:
                        verify_absence(root=root, key=key, proof=proof)
                    else:
                        verify_presence(root=root, key=key, value=value, proof=proof)
                except ProofError:
                    verdict = "false"
                assert verdict == expected, f"case {checked}"
                checked += 1
    assert checked


def test_the_published_history_index_has_our_root_and_proofs(vectors):
    index = json.loads((vectors / "pinyuan/formats.json").read_text())["history_index"]
    root = bytes.fromhex(index["root"])
    histories = {bytes.fromhex(h["key"]): h for h in index["histories"]}
    leaves = {key: bytes.fromhex(h["value"]) for key, h in histories.items()}
    assert mpt(leaves) == root
    tree = PrefixTree(stored(leaves))
    for key, history in histories.items():
        assert tree.find(key).proof.hex() == history["proof"]
        verify_presence(
            root=root, key=key, value=leaves[key], proof=bytes.fromhex(history["proof"])
        )
    for history in index["absent"]:
        key = bytes.fromhex(history["key"])
        assert absence_proof(tree.find(key)).hex() == history["proof"]
        verify_absence(root=root, key=key, proof=bytes.fromhex(history["proof"]))
    for history in (*index["histories"], *index["absent"]):
        named = f"{history['topic']}\n{history['subject']}"
        assert sha256(named.encode()).hexdigest() == history["key"]


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
def test_a_root_is_of_keys_of_32_bytes(key: bytes):
    with pytest.raises(ValueError, match="32 bytes"):
        root_of({bytes(32): b"v", key: b"v"})
