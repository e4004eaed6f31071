"""Registering on SQLite and PostgreSQL."""

import pytest
from world import BRAND, OPERATOR, ORIGIN, TRADER, World

from ledger.cose import cbor
from ledger.cose.keys import ES256
from ledger.cose.sign1 import MAX_SIZE
from ledger.errors import UsageError
from ledger.primitives import ijson
from ledger.statements.envelope import parse_statement
from ledger.store.reads import reading
from ledger.writing import log as log_module
from ledger.writing.log import OTHER_SIGNATURE, Refused, Registered


def altered(raw: bytes) -> bytes:
    """Return a statement with another last byte of its signature."""
    return raw[:-1] + bytes([raw[-1] ^ 1])


def size_of(world: World) -> int:
    with reading(world.log.engine) as snapshot:
        return snapshot.head().size


def test_a_party_and_its_statements_are_registered_in_order(any_world: World):
    any_world.party("brand", BRAND)
    outcomes = any_world.register(
        *(any_world.reading(f"r{i}", subject=f"urn:x:{i % 7}") for i in range(600))
    )
    assert [o.index for o in outcomes] == list(range(4, 604))
    assert all(isinstance(o, Registered) and o.new for o in outcomes)
    report = any_world.check()
    assert report.size == 605
    any_world.reopen()
    assert any_world.check() == report


def test_every_receipt_verifies_here_and_elsewhere(any_world: World, verified):
    any_world.party("brand", BRAND)
    for count in (1, 2, 5, 40):
        raws = [any_world.reading(f"{count} {i}") for i in range(count)]
        for outcome, raw in zip(any_world.register(*raws), raws, strict=True):
            receipt = verified(any_world, outcome.index, raw)
            assert receipt.claims.size == size_of(any_world)
            assert receipt.claims.time_s == any_world.last_us() // 1_000_000
    with reading(any_world.log.engine) as snapshot:
        leaves = snapshot.leaf_range(0, size_of(any_world))
    for index, leaf in enumerate(leaves):
        verified(any_world, index, leaf)


@pytest.mark.parametrize("index", [-1, 2, 2**63 - 1, 2**63])
def test_there_is_no_receipt_of_an_entry_that_is_not_there(any_world: World, index):
    with pytest.raises(UsageError, match=f"no entry {index}"):
        any_world.log.receipt(index)


def test_the_same_bytes_again_are_the_same_entry_and_receipt(any_world: World):
    any_world.party("brand", BRAND)
    raw = any_world.reading("once")
    first = any_world.accept(raw)
    receipt, size = any_world.log.receipt(first.index), size_of(any_world)
    again = Registered(first.id, first.index, new=False)
    assert any_world.register(raw) == [again]
    assert any_world.register(raw, raw) == [again, again]
    any_world.reopen()
    assert any_world.register(raw) == [again]
    assert size_of(any_world) == size
    other = any_world.accept(any_world.reading("another"))
    assert any_world.register(any_world.reading("a third"), raw)[1] == again
    assert any_world.log.receipt(first.index) == receipt
    assert other.index == size
    any_world.check()


def test_the_same_bytes_twice_in_one_batch_are_one_entry(any_world: World):
    any_world.party("brand", BRAND)
    one, two = any_world.reading("one"), any_world.reading("two")
    outcomes = any_world.register(one, two, one, two, one)
    assert [(o.index, o.new) for o in outcomes] == [
        (4, True),
        (5, True),
        (4, False),
        (5, False),
        (4, False),
    ]
    assert any_world.check().size == 7


def test_what_stands_in_the_unprotected_header_is_neither_kept_nor_told_apart(any_world: World):
    any_world.party("brand", BRAND)
    raw = any_world.reading("once")
    carrying = raw.replace(b"\xa0", cbor.encode({"note": "not signed"}), 1)
    first = any_world.accept(carrying)
    assert any_world.register(raw) == [Registered(first.id, first.index, new=False)]
    with reading(any_world.log.engine) as snapshot:
        assert snapshot.leaf_range(first.index, first.index + 1) == [raw]


def test_another_valid_signature_over_the_same_bytes_is_refused_citing_the_entry(any_world: World):
    keys = [any_world.binding("brand", BRAND, alg=ES256)]
    any_world.party("brand", BRAND, keys=keys)
    # ES256 is randomised: signing twice gives two signatures and one statement id.
    one, two = (any_world.reading("same", alg=ES256) for _ in range(2))
    assert one != two
    first = any_world.accept(one)
    for sent in ([two], [any_world.reading("new", alg=ES256), two]):
        refused = any_world.register(*sent)[-1]
        assert isinstance(refused, Refused)
        assert refused.id == first.id
        assert [(r.rule, r.cites) for r in refused.refusals] == [(OTHER_SIGNATURE, (first.index,))]
    three, four = (any_world.reading("in one batch", alg=ES256) for _ in range(2))
    taken, refused = any_world.register(three, four)
    assert [(r.rule, r.cites) for r in refused.refusals] == [(OTHER_SIGNATURE, (taken.index,))]
    assert any_world.register(one)[0].index == first.index
    any_world.check()


@pytest.mark.parametrize("alg", [-8, -7])
def test_an_invalid_signature_over_registered_bytes_is_refused_as_one(any_world: World, alg):
    any_world.party("brand", BRAND, keys=[any_world.binding("brand", BRAND, alg=alg)])
    raw = any_world.reading("once", alg=alg)
    assert any_world.refuse(altered(raw)) == ["signature"]
    any_world.accept(raw)
    assert any_world.refuse(altered(raw)) == ["signature"]


def test_one_bad_statement_does_not_sink_the_rest(any_world: World, verified):
    any_world.party("brand", BRAND)
    good = [any_world.reading(f"good {i}") for i in range(3)]
    bad = [
        b"",
        altered(any_world.reading("altered")),
        any_world.reading("whose?", by="stranger"),
        any_world.reading("for another", issuer=TRADER),
        any_world.statement("party", {"names": {"en": "Trader"}}, subject=TRADER),
    ]
    sent = [good[0], *bad[:2], good[1], *bad[2:], good[2]]
    outcomes = any_world.register(*sent)
    refused = [o.refusals[0].rule for o in outcomes if isinstance(o, Refused)]
    assert refused == ["malformed", "signature", "key-unknown", "issuer-not-owner", "fields"]
    taken = {raw: o.index for raw, o in zip(sent, outcomes, strict=True) if raw in good}
    assert list(taken.values()) == [4, 5, 6]
    for raw, index in taken.items():
        verified(any_world, index, raw)
    assert any_world.check().size == 8


def test_a_statement_may_lean_on_one_before_it_in_the_same_batch(any_world: World):
    introduction = any_world.statement(
        "party", any_world.party_fields("brand", BRAND), subject=BRAND
    )
    said = any_world.reading("said")
    early, party, late = any_world.register(said, introduction, any_world.reading("late"))
    assert [r.rule for r in early.refusals] == ["key-unknown"]
    assert (party.index, late.index) == (2, 3)
    assert any_world.accept(said).new
    any_world.check()


def test_genesis_and_seals_are_the_logs_own_to_write(any_world: World):
    with reading(any_world.log.engine) as snapshot:
        genesis, seal = map(parse_statement, snapshot.leaf_range(0, 2))
    for own, changed in (
        ("genesis", {"clock": "system"}),
        ("seal", {"size": 2, "time_us": any_world.now_us}),
    ):
        payload = {"genesis": genesis, "seal": seal}[own].payload
        fields = ijson.decode(payload) | changed
        del fields["type"], fields["v"]
        assert "role" in any_world.refuse(any_world.statement(own, fields))
    assert any_world.register(genesis.leaf, seal.leaf) == [
        Registered(genesis.id, 0, new=False),
        Registered(seal.id, 1, new=False),
    ]


def test_malformed_bytes_are_refused_each_with_a_reason(any_world: World):
    raw = any_world.reading("whole", by="operator", issuer=OPERATOR)
    malformed = {
        "nothing": b"",
        "a tag alone": raw[:1],
        "no tag": raw[1:],
        "cut short": raw[:-1],
        "a byte behind": raw + b"\x00",
        "two at once": raw * 2,
        "too long": raw.ljust(MAX_SIZE + 1, b"\0"),
        "no CBOR": b"\xff" * 1_000,
        "open arrays": b"\xd2" + b"\x9f" * 1_000,
        "a receipt in it": raw.replace(b"\xa0", b"\xa1\x19\x01\x8a\x80", 1),
    }
    before = any_world.check()
    for name, outcome in zip(malformed, any_world.register(*malformed.values()), strict=True):
        assert isinstance(outcome, Refused), name
        assert [r.rule for r in outcome.refusals] == ["malformed"], name
        assert outcome.refusals[0].message, name
        assert outcome.id is None, name
    assert any_world.check() == before


def test_a_statement_of_65535_bytes_is_taken_and_one_byte_more_is_not(any_world: World, verified):
    def of_size(size: int) -> bytes:
        spare = len(any_world.reading("x" * 60_000)) - 60_000
        raw = any_world.reading("x" * (size - spare))
        assert len(raw) == size
        return raw

    any_world.party("brand", BRAND)
    assert any_world.refuse(of_size(MAX_SIZE + 1)) == ["malformed"]
    raw = of_size(MAX_SIZE)
    taken = any_world.accept(raw)
    verified(any_world, taken.index, raw)
    with reading(any_world.log.engine) as snapshot:
        assert snapshot.leaf_range(taken.index, taken.index + 1) == [raw]
    any_world.check()


def test_more_statements_than_a_batch_holds_make_several_batches(any_world: World, monkeypatch):
    any_world.party("brand", BRAND)
    monkeypatch.setattr(log_module, "MAX_BATCH", 4)
    sent = [any_world.reading(f"r{i}") for i in range(9)]
    outcomes = any_world.register(*sent[:5], b"", *sent[5:])
    assert isinstance(outcomes.pop(5), Refused)
    # A seal follows the first four, then three and what is malformed, then the last two.
    assert [o.index for o in outcomes] == [4, 5, 6, 7, 9, 10, 11, 13, 14]
    assert any_world.check().seals == 5


def test_a_call_without_statements_changes_nothing(any_world: World):
    size = size_of(any_world)
    assert any_world.log.register([]) == []
    assert size_of(any_world) == size


def test_a_batch_of_which_all_is_refused_leaves_the_log_as_it_is(any_world: World):
    before = any_world.check()
    outcomes = any_world.register(b"", any_world.reading("whose?"), any_world.reading("no one's"))
    assert all(isinstance(o, Refused) for o in outcomes)
    assert any_world.check() == before
    assert any_world.accept(any_world.reading("at last", by="operator", issuer=OPERATOR)).index == 2


def test_a_statement_for_another_log_is_refused(any_world: World):
    said = any_world.reading("x", by="operator", issuer=OPERATOR, audience=f"{ORIGIN}/other")
    assert any_world.refuse(said) == ["audience"]
