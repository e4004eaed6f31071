"""Statements submitted to a server: registered exactly once, each receipt and history verified."""

import json
import time
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from client.serving import CUT, Reply, Request, Service, concise, split
from evidence.cheating import Cheat
from world import BRAND, World, key_of

from ledger.client import submit
from ledger.client.session import BehindError, Client
from ledger.client.submit import Accepted, Rejected, Submission
from ledger.cose.receipt import BatchClaims, decode_receipt
from ledger.errors import ServerError, VerificationError
from ledger.evidence.fraud import decode_fraud, verify_fraud
from ledger.statements.envelope import parse_statement
from ledger.tlog.merkle import root_hash
from ledger.writing.log import Registered


def registered(client: Client, *statements: bytes, check: str = "all") -> list:
    """Submit statements and check everything that came of it."""
    submission = Submission(client)
    outcomes = list(submission.register(statements))
    submission.check_receipts()
    submission.check_histories(check)
    return outcomes


def entries_of(world: World, raw: bytes) -> int:
    """Return how many entries a statement has."""
    from ledger.store.reads import reading

    with reading(world.log.engine) as snapshot:
        size = snapshot.head().size
        leaves = snapshot.leaf_range(0, size)
    return leaves.count(parse_statement(raw).leaf)


def test_a_statement_gets_its_receipt_and_is_in_its_histories(service: Service, client: Client):
    raw = service.world.reading("4.5")
    submission = Submission(client)
    (found,) = submission.register([raw])
    submission.check_receipts()
    assert isinstance(found, Accepted)
    assert decode_receipt(found.receipt).index == found.index
    checked = submission.check_histories(None)
    assert (checked.fetched, checked.histories) == (2, 2)
    asked = [item.query["topic"] for item in service.seen if item.path == "/v1/history"]
    assert asked == ["generic", "issuer"]
    assert client.remembered()[1].size > found.index
    service.world.check()


def test_one_bad_statement_does_not_sink_the_rest(service: Service, client: Client):
    world = service.world
    stranger = world.reading("?", by="nobody")
    said = [world.reading("1"), stranger, b"\x80", world.reading("2")]
    outcomes = registered(client, *said)
    assert [type(item) for item in outcomes] == [Accepted, Rejected, Rejected, Accepted]
    assert [item.rule for item in outcomes[1].refusals] == ["key-unknown"]
    assert [item.rule for item in outcomes[2].refusals] == ["malformed"]
    assert split(service.posts()[0].body) == [said[0], said[1], said[3]]


def test_a_single_refusal_names_its_rules(service: Service, client: Client):
    (found,) = registered(client, service.world.reading("?", by="nobody"))
    assert [item.rule for item in found.refusals] == ["key-unknown"]


def test_registering_again_gives_the_same_receipt(service: Service, client: Client):
    raw = service.world.reading("4.5")
    (first,), (second,) = registered(client, raw), registered(client, raw)
    assert first.receipt == second.receipt
    assert entries_of(service.world, raw) == 1


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_BATCH", 2), ("MAX_BATCH_SIZE", 700)], ids=["count", "bytes"]
)
def test_batches_stay_within_what_a_server_takes(
    service: Service, client: Client, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
):
    monkeypatch.setattr(submit, limit, value)
    said = [service.world.reading(str(n)) for n in range(5)]
    assert all(isinstance(item, Accepted) for item in registered(client, *said, check="none"))
    batches = [len(split(item.body)) for item in service.posts()]
    assert len(batches) >= 2
    assert sum(batches) == 5
    assert all(count <= 2 for count in batches) or limit == "MAX_BATCH_SIZE"
    assert all(len(item.body) <= 700 for item in service.posts()) or limit == "MAX_BATCH"


@pytest.mark.parametrize("count", [1, 3], ids=["one", "a batch"])
@pytest.mark.parametrize("registers", [True, False], ids=["after it was registered", "before"])
def test_a_connection_cut_during_post_ends_in_exactly_one_entry(
    service: Service, client: Client, count: int, *, registers: bool
):
    cuts = iter([True, True])

    def cut(request: Request) -> Reply | None:
        if request.method == "POST" and next(cuts, False):
            if registers:
                service.honest(request)
            return CUT
        return None

    service.before.append(cut)
    said = [service.world.reading(str(n)) for n in range(count)]
    outcomes = registered(client, *said)
    assert all(isinstance(item, Accepted) for item in outcomes)
    assert [entries_of(service.world, raw) for raw in said] == [1] * count
    posts = service.posts()
    assert {item.body for item in posts} == {b"".join(said)}, "the same bytes"
    # A single one that got through is found by its id; a batch is submitted again.
    assert len(posts) == (1 if registers and count == 1 else 3)
    service.world.check()


@pytest.mark.parametrize("count", [1, 3], ids=["one", "a batch"])
def test_a_server_that_restarts_meanwhile_is_waited_for(
    service: Service, client: Client, count: int
):
    client.server.patience_s = 30
    down = iter([CUT] * 6)

    def restart(_: Request) -> Reply | None:
        return next(down, None) if service.posts() else None

    said = [service.world.reading(str(n)) for n in range(count)]
    service.before.append(restart)
    outcomes = registered(client, *said, check="none")
    assert all(isinstance(item, Accepted) for item in outcomes)
    assert [entries_of(service.world, raw) for raw in said] == [1] * count


def test_not_now_is_asked_again_after_the_time_it_says(service: Service, client: Client):
    answers = iter([concise(429, "too many", Retry_After="1"), concise(503, "later")])
    service.before.append(lambda r: next(answers, None) if r.method == "POST" else None)
    started = time.monotonic()
    (found,) = registered(client, service.world.reading("4.5"))
    assert isinstance(found, Accepted)
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("count", [1, 2], ids=["one", "a batch"])
def test_not_now_for_ever_ends(service: Service, client: Client, count: int):
    service.before.append(lambda r: concise(503, "no disk") if r.method == "POST" else None)
    started = time.monotonic()
    with pytest.raises(ServerError, match=r"no outcome for .* \(503, no disk\), tried for 1.5 s"):
        registered(client, *(service.world.reading(str(n)) for n in range(count)))
    assert 1 < time.monotonic() - started < 4


def test_a_long_registration_is_waited_for(service: Service, client: Client):
    running = iter([Reply(204), Reply(204)])

    def slow(request: Request) -> Reply | None:
        if request.method == "POST":
            service.honest(request)
            return Reply(202, headers={"Retry-After": "0", "Location": "https://elsewhere.example"})
        return next(running, None) if request.path.startswith("/entries/") else None

    service.before.append(slow)
    (found,) = registered(client, service.world.reading("4.5"))
    assert isinstance(found, Accepted)
    assert len(service.posts()) == 1


@pytest.mark.parametrize("count", [1, 2], ids=["one", "a batch"])
def test_what_runs_for_ever_is_submitted_again(service: Service, client: Client, count: int):
    """Committed and left unsigned by a process that is gone, it has nobody who finishes it."""
    lost = iter([CUT])

    def unsigned(request: Request) -> Reply | None:
        if request.method == "POST":
            return next(lost, None)
        return (
            Reply(204, headers={"Retry-After": "0"})
            if request.path.startswith("/entries/")
            else None
        )

    service.before.append(unsigned)
    raws = [service.world.reading(f"{n}") for n in range(count)]
    assert all(isinstance(item, Accepted) for item in registered(client, *raws))
    assert [entries_of(service.world, raw) for raw in raws] == [1] * count
    assert len(service.posts()) == 2


def test_only_what_found_no_room_is_submitted_again(service: Service, client: Client):
    full = iter([True])

    def half(request: Request, reply: Reply) -> Reply:
        if request.method == "POST" and next(full, False):
            rows = json.loads(reply.body)["statements"]
            rows[1:] = [{"problem": {"status": 503, "detail": "full"}}] * (len(rows) - 1)
            return replace(reply, body=json.dumps({"statements": rows}).encode())
        return reply

    service.lies.append(half)
    said = [service.world.reading(str(n)) for n in range(3)]
    assert all(isinstance(item, Accepted) for item in registered(client, *said))
    assert [len(split(item.body)) for item in service.posts()] == [3, 2]


# Receipts that are none.


def other_receipt(_receipt: bytes, other: bytes) -> bytes:
    """The receipt of another statement."""
    return other


def other_size(receipt: bytes, _other: bytes) -> bytes:
    """A receipt whose proof is for one size and whose signature for another."""
    opened = decode_receipt(receipt)
    claims = replace(opened.claims, size=opened.claims.size + 1)
    return replace(opened, claims=claims).encode()


def other_index(receipt: bytes, _other: bytes) -> bytes:
    """A receipt for another place."""
    opened = decode_receipt(receipt)
    return replace(opened, index=opened.index + 1).encode()


def other_signer(receipt: bytes, _other: bytes) -> bytes:
    """A receipt that somebody else signed."""
    opened = decode_receipt(receipt)
    return replace(opened, signature=key_of("mallory").sign(b"")).encode()


def other_log(receipt: bytes, _other: bytes) -> bytes:
    """A receipt of another log by the same key."""
    opened = decode_receipt(receipt)
    claims = BatchClaims(opened.claims.kid, "other.example", opened.claims.size, 1)
    return replace(opened, claims=claims).encode()


def no_receipt(receipt: bytes, _other: bytes) -> bytes:
    """Bytes that are none."""
    return receipt[:-1]


@pytest.mark.parametrize("count", [1, 2], ids=["one", "in a batch"])
@pytest.mark.parametrize(
    "lie",
    [other_receipt, other_size, other_index, other_signer, other_log, no_receipt],
    ids=lambda lie: lie.__doc__,
)
def test_a_receipt_that_is_none_is_refused(service: Service, client: Client, lie, count: int):
    def change(request: Request, reply: Reply) -> Reply:
        if request.path == "/entries":
            return replace(reply, body=lie(reply.body, service.world.log.receipt(2)))
        if request.path == "/entries/batch":
            rows = json.loads(reply.body)["statements"]
            receipt = service.world.log.receipt(rows[1]["index"])
            rows[1]["receipt"] = b64encode(lie(receipt, service.world.log.receipt(2))).decode()
            return replace(reply, body=json.dumps({"statements": rows}).encode())
        return reply

    service.lies.append(change)
    with pytest.raises(VerificationError, match=r"receipt|inclusion proof"):
        registered(client, *(service.world.reading(str(n)) for n in range(count)))


def test_a_receipt_of_a_log_that_nobody_else_sees_is_refused(
    service: Service, client: Client, tmp_path: Path
):
    """The log key signs a second tree just for this receipt."""
    (tmp_path / "apart").mkdir()
    apart = World(tmp_path / "apart", f"sqlite:///{tmp_path / 'apart.sqlite'}")
    apart.party("brand", BRAND)
    apart.reading("x")

    def register_apart(request: Request) -> Reply | None:
        if request.method != "POST":
            return None
        service.world.register(service.world.reading("what the others see"))
        (outcome,) = apart.register(request.body)
        assert isinstance(outcome, Registered)
        return Reply(201, apart.log.receipt(outcome.index))

    service.before.append(register_apart)
    try:
        with pytest.raises(VerificationError, match="of another log than the checkpoint"):
            registered(client, service.world.reading("4.5"))
    finally:
        apart.log.engine.dispose()


# Histories without the statement.


def test_a_history_from_before_it_is_refused(service: Service, client: Client):
    world = service.world
    world.accept(world.reading("1"))
    asked = Request(
        "GET", "/v1/history", {"topic": "generic", "subject": "urn:x:1", "bundle": "1"}, b"", ""
    )
    old = service.honest(asked)
    service.lies.append(lambda r, reply: old if r.path == "/v1/history" else reply)
    with pytest.raises(BehindError, match="went backwards"):
        registered(client, world.reading("2"))
    kept = list(client.memory.folder.glob("older-*"))
    assert [path.name for path in kept] == ["older-6-than-8"]


def test_a_history_cut_short_is_refused(service: Service, client: Client):
    def cut(request: Request, reply: Reply) -> Reply:
        if request.path != "/v1/history":
            return reply
        bundle = json.loads(reply.body)
        for item in bundle["histories"]:
            if item["topic"] == "generic":
                item["entries"].pop()
        bundle["answer"].pop()
        body = json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        return replace(reply, body=body)

    service.lies.append(cut)
    with pytest.raises(VerificationError):
        registered(client, service.world.reading("1"), service.world.reading("2"))


def test_an_index_that_leaves_it_out_is_proven_to_others(
    service: Service, client: Client, monkeypatch: pytest.MonkeyPatch
):
    cheat, raw = Cheat(service.world, monkeypatch), service.world.reading("4.5")

    def hide(request: Request) -> Reply | None:
        if request.method != "POST":
            return None
        found = cheat.leave_out(request.body, ("generic", "urn:x:1"))
        return Reply(201, service.world.log.receipt(found.index))

    service.before.append(hide)
    with pytest.raises(VerificationError, match="is not in its history") as caught:
        registered(client, raw)
    (proof,) = client.memory.folder.glob("fraud-index-*.json")
    assert str(proof) in str(caught.value)
    assert "leaves entry" in verify_fraud(proof.read_bytes(), client.trust).says
    assert decode_fraud(proof.read_bytes()).topic == "generic"


def test_many_histories_are_sampled_and_the_count_is_said(service: Service, client: Client):
    said = [service.world.reading("x", subject=f"urn:x:{n}") for n in range(120)]
    submission = Submission(client)
    list(submission.register(said))
    checked = submission.check_histories(None)
    assert (checked.fetched, checked.histories) == (submit.SAMPLE, 121)
    assert [item.path for item in service.seen].count("/v1/history") == submit.SAMPLE
    assert submission.check_histories("none").fetched == 0


def test_the_receipt_names_the_root_of_the_whole_tree(service: Service, client: Client):
    """An oracle beside tiles: the root over all leaf hashes."""
    (found,) = registered(client, service.world.reading("4.5"))
    from ledger.store.reads import reading
    from ledger.tlog.merkle import leaf_hash

    with reading(service.world.log.engine) as snapshot:
        leaves = snapshot.leaf_range(0, found.opened.claims.size)
    assert submit._root(found) == root_hash(map(leaf_hash, leaves))
