"""A cheating operator admits what the rules forbid, or seals what is not true: he is found out."""

import random
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from audit.ledgers import Paper, idle, source_of, verified
from world import BRAND, DAY_S, MINUTE_US, ORIGIN, TRADER, World, key_of

from ledger.audit import Report, verify_ledger
from ledger.cose.cbor import bstr
from ledger.cose.keys import ES256
from ledger.cose.sign1 import decode_sign1
from ledger.errors import AuditError, CannotVerifyError
from ledger.files.reader import LedgerReader
from ledger.histories.history import history_key
from ledger.rules.registry import REGISTRY
from ledger.signer import log_vkey
from ledger.statements.envelope import parse_statement
from ledger.statements.log_family import Previous
from ledger.store.append import writing
from ledger.store.engine import make_engine
from ledger.store.reads import Head, reading
from ledger.store.schema import upgrade
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.prefix_tree import PrefixTree
from ledger.writing.batch import Growth
from ledger.writing.log import Log, Refused, Registered
from ledger.writing.mirror import follow


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "mirror.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(autouse=True)
def _mirrored(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Have a mirror follow whatever is audited here: it takes and refuses the same, at the same place."""

    def audited(reader: LedgerReader, *, replay: bool = False, **options: Any) -> Report:
        path = shutil.copy(empty, tmp_path / f"{secrets.token_hex(4)}.sqlite")
        said = outcome(lambda: verify_ledger(reader, replay=replay, **options).size)
        engine = make_engine(f"sqlite:///{path}")
        source = source_of(reader, log_vkey(ORIGIN, key_of("log")))
        mirrored = outcome(lambda: follow(engine, source, replay=replay))
        engine.dispose()
        assert mirrored == said or (said, mirrored) in ELSEWHERE
        return verify_ledger(reader, replay=replay, **options)

    monkeypatch.setattr("audit.ledgers.verify_ledger", audited)


def outcome(check: Callable[[], int]) -> Any:
    """Return what a check comes to: a size, the place that is wrong, or why nobody can tell."""
    try:
        return check()
    except AuditError as error:
        return error.where
    except CannotVerifyError as error:
        return str(error)


ELSEWHERE = {
    # A mirror asks for the newest checkpoint first, an audit last.
    ("entry 10", "checkpoint 11"),
    ("checkpoint 11", "entry 10"),
    ("entry 0", "checkpoint 9"),
    ("entries", 4),  # rows that no seal covers are not the log's: nobody mirrors them
}


def error_of(check: Callable[..., Any], **options: Any) -> tuple[str, str]:
    """Return the place and field that a verification names."""
    with pytest.raises(AuditError) as caught:
        check(**options)
    return caught.value.where, caught.value.field


# Rules.


def party(world: World, name: str, subject: str, **changes: Any) -> bytes:
    fields = world.party_fields(name, subject, **changes)
    return world.statement("party", fields, subject=subject)


def revocation(world: World, name: str) -> bytes:
    fields = {"kid": key_of(name).public.kid.hex(), "reason": "retired"}
    return world.statement("key-revocation", fields, by="brand", issuer=BRAND, subject=BRAND)


def new_key(world: World, name: str) -> bytes:
    key = {"key": world.binding(name, BRAND)}
    return world.statement("key", key, by="brand", issuer=BRAND, subject=BRAND)


ADMITTED: dict[str, tuple[str, Callable[[World], bytes]]] = {
    "a party that was signed eight days ago": (
        "issued-too-old",
        lambda w: w.statement(
            "party", w.party_fields("trader", TRADER), subject=TRADER, age_s=8 * DAY_S
        ),
    ),
    "a reading from ten minutes ahead": (
        "issued-ahead",
        lambda w: w.reading("tomorrow", age_s=-600),
    ),
    "a reading in somebody else's name": (
        "issuer-not-owner",
        lambda w: w.reading("forged", issuer=TRADER),
    ),
    "a reading under a key that was revoked": (
        "key-not-live",
        lambda w: w.reading("late", by="ended"),
    ),
    "a party that is there already": (
        "party-exists",
        lambda w: party(w, "brand-again", BRAND),
    ),
    "a party that registers itself": (
        "role",
        lambda w: w.statement(
            "party", w.party_fields("self", TRADER), by="brand", issuer=BRAND, subject=TRADER
        ),
    ),
    "a statement to another log": (
        "audience",
        lambda w: w.reading("elsewhere", audience="ledger.example/other"),
    ),
    "another party's key": (
        "key-taken",
        lambda w: party(w, "brand", TRADER, keys=[w.binding("brand", TRADER)]),
    ),
    "the log's key as a party's": (
        "key-reserved",
        lambda w: party(w, "log", TRADER),
    ),
    "a key without a proof of possession": (
        "possession",
        lambda w: party(w, "trader", TRADER, keys=[w.binding("trader", BRAND)]),
    ),
    "an update of a party nobody registered": (
        "party-unknown",
        lambda w: w.statement("party-update", w.party_fields("trader", TRADER), subject=TRADER),
    ),
    "a revocation of a key that is nobody's": (
        "revocation-target",
        lambda w: revocation(w, "nobody"),
    ),
    "a Chinese firm without its code": (
        "uscc",
        lambda w: party(w, "trader", TRADER, country="CN"),
    ),
    "a party without a name": (
        "names",
        lambda w: party(w, "trader", TRADER, names={}),
    ),
    "a party in a second spelling": (
        "subject",
        lambda w: party(w, "trader", TRADER + "/"),
    ),
}


@pytest.fixture
def lenient(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Return a world whose log admits whatever is submitted, and whose auditors do not."""
    world.party("brand", BRAND)
    world.accept(new_key(world, "ended"))
    world.accept(revocation(world, "ended"))
    assert world.check().size == 8
    monkeypatch.setattr("ledger.writing.log.review", lambda _: [])
    return world


@pytest.mark.parametrize("case", ADMITTED)
def test_what_was_admitted_against_a_rule_is_found_by_replay(lenient: World, case: str):
    rule, statement = ADMITTED[case]
    honest = [lenient.reading(f"{i}") for i in range(3)]
    cheat = statement(lenient)
    lenient.register(*honest, cheat, lenient.reading("after"))
    where, field = error_of(verified, url=lenient.url, replay=True)
    assert (where, field) == ("entry 11", f"rule {rule}")
    assert verified(lenient.url).size == 14, "the rules are not looked at without a replay"


def test_rules_of_a_later_release_are_not_called_false(lenient: World):
    version = {"version": 2, "digest": "ab" * 32}
    lenient.accept(lenient.statement("rules", {"rules": version, "witnesses": []}))
    with pytest.raises(CannotVerifyError, match="entry 8: rules version 2 is not known"):
        verified(lenient.url, replay=True)
    assert verified(lenient.url).size == 10


def test_every_case_breaks_a_rule_that_exists():
    assert {rule for rule, _ in ADMITTED.values()} <= REGISTRY.rules.keys()


def test_a_statement_behind_the_logs_end_is_found_by_replay(lenient: World):
    lenient.accept(lenient.statement("log-end", {"reason": "done", "successor": None}))
    lenient.accept(lenient.reading("too late"))
    assert error_of(verified, url=lenient.url, replay=True) == ("entry 10", "rule log-ended")


@pytest.mark.parametrize("replay", [False, True])
def test_a_statement_of_an_unknown_key_is_found(lenient: World, replay: bool):
    lenient.accept(lenient.reading("who", by="nobody"))
    assert error_of(verified, url=lenient.url, replay=replay) == ("entry 8", "kid")


@pytest.mark.parametrize("replay", [False, True])
def test_a_key_used_before_it_is_introduced_is_found(lenient: World, replay: bool):
    lenient.register(
        lenient.reading("early", by="trader", issuer=TRADER), party(lenient, "trader", TRADER)
    )
    assert error_of(verified, url=lenient.url, replay=replay) == ("entry 8", "kid")


@pytest.mark.parametrize("replay", [False, True])
def test_a_signature_that_does_not_verify_is_found(lenient: World, replay: bool):
    forged = bytearray(lenient.reading("said"))
    forged[-1] ^= 1
    lenient.accept(bytes(forged))
    assert error_of(verified, url=lenient.url, replay=replay) == ("entry 8", "signature")


@pytest.mark.parametrize("replay", [False, True])
def test_another_algorithm_than_the_keys_is_found(lenient: World, replay: bool):
    """The header says ES256, the key is Ed25519: nobody asks the header."""
    raw = lenient.reading("said")
    lenient.accept(raw.replace(b"\xa4\x01\x27", b"\xa4\x01\x26", 1))
    assert error_of(verified, url=lenient.url, replay=replay) == ("entry 8", "alg")


# Seals, on a ledger written by hand.


@pytest.fixture(scope="module")
def pen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a world that signs what is written on paper."""
    folder = tmp_path_factory.mktemp("pen")
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    yield made
    made.log.engine.dispose()


@pytest.fixture
def paper(pen: World) -> Paper:
    """Return a ledger on paper: genesis, a party, its readings; ten entries under three seals."""
    made = Paper(pen).write(party(pen, "brand", BRAND)).seal()
    return made.write(*(pen.reading(f"{i}", subject=f"urn:x:{i % 2}") for i in range(5))).seal()


def test_an_honest_paper_verifies(paper: Paper):
    assert paper.verified().size == 10
    assert paper.write(paper.world.reading("more")).seal().verified().seals == 4


LIES: dict[str, tuple[str, Callable[[Paper], dict[str, Any]]]] = {
    "a size too large": ("size", lambda p: {"size": len(p.leaves) + 2}),
    "a size too small": ("size", lambda p: {"size": len(p.leaves)}),
    "another chain value": ("chain", lambda _: {"chain": "00" * 32}),
    "the chain value of the batch before": (
        "chain",
        lambda p: {"chain": Paper(p.world, p.leaves[:-2]).chain().hex()},
    ),
    "another index root": ("index_root", lambda _: {"index_root": "00" * 32}),
    "no seal before it": ("previous", lambda _: {"previous": None}),
    "an older seal before it": ("previous", lambda p: {"previous": first_seal(p)}),
    "the time of the seal before": ("time_us", lambda p: {"time_us": p.newest[2]}),
    "a time before the seal before": ("time_us", lambda p: {"time_us": p.newest[2] - MINUTE_US}),
    "signed at another time than sealed": ("iat", lambda p: {"iat": p.world.now_s}),
    "sealed by a party": ("issuer", lambda _: {"by": "brand", "issuer": BRAND}),
    "sealed for another log": ("issuer", lambda _: {"subject": "ledger.example/other"}),
    "a checkpoint that is none": ("cosigned", lambda _: {"cosigned": "no note"}),
    "a checkpoint of somebody else's": ("cosigned", lambda p: {"cosigned": stranger(p)}),
    "a checkpoint of another root": ("cosigned", lambda p: {"cosigned": split_view(p)}),
}


def first_seal(paper: Paper) -> Previous:
    return Previous(index=1, id=parse_statement(paper.leaves[1]).id.hex())


def stranger(paper: Paper) -> str:
    """Return a note of this log's text with a signature that the log did not make."""
    note = parse_note(paper.signed[-1].note)
    (line,) = note.signatures
    forged = replace(line, signature=line.signature[:-1] + bytes([line.signature[-1] ^ 1]))
    return str(replace(note, signatures=(forged,)))


def split_view(paper: Paper) -> str:
    """Return a checkpoint the log signed over entries that are not these."""
    other = Checkpoint(ORIGIN, paper.signed[-1].size, bytes(32))
    return str(sign_checkpoint(other, paper.world.log.vkey, paper.world.signer.sign_log))


@pytest.mark.parametrize("replay", [False, True])
@pytest.mark.parametrize("case", LIES)
def test_a_seal_that_lies_is_found(paper: Paper, case: str, replay: bool):
    field, lies = LIES[case]
    said = lies(paper)
    paper.write(paper.world.reading("more")).seal(**said)
    paper.write(paper.world.reading("and more")).seal()
    assert error_of(paper.verified, replay=replay) == ("entry 11", f"seal.{field}")


def test_a_cosigned_checkpoint_of_this_log_is_no_lie(paper: Paper):
    paper.write(paper.world.reading("more")).seal(cosigned=paper.signed[-1].note)
    assert paper.verified().seals == 4


@pytest.mark.parametrize(
    "hidden", [("generic", "urn:x:0"), ("issuer", BRAND), ("log", ORIGIN), ("identity", BRAND)]
)
def test_a_history_left_out_of_the_index_is_found(pen: World, hidden: tuple[str, str]):
    paper = Paper(pen, hidden={hidden} - {("log", ORIGIN)})
    paper.write(party(pen, "brand", BRAND), pen.reading("0", subject="urn:x:0"))
    paper.hidden.add(hidden)
    where, field = error_of(paper.seal().verified)
    assert (where, field) == ("entry 4", "seal.index_root")


@pytest.mark.parametrize("replay", [False, True])
def test_two_statements_with_one_id_are_found(pen: World, replay: bool):
    """ECDSA gives each signature another form: the signed bytes are the same statement."""
    fields = pen.party_fields("p256", BRAND, keys=[pen.binding("p256", BRAND, alg=ES256)])
    twice = {pen.reading("once", by="p256", alg=ES256) for _ in range(2)}
    assert len(twice) == 2
    assert len({parse_statement(raw).id for raw in twice}) == 1
    paper = Paper(pen).write(pen.statement("party", fields, subject=BRAND), *twice).seal()
    assert error_of(paper.verified, replay=replay) == ("entry 4", "id")


def test_one_statement_twice_is_found(paper: Paper):
    paper.leaves.append(paper.leaves[5])
    assert error_of(paper.seal().verified) == ("entry 10", "id")


def test_an_entry_behind_the_last_seal_is_found(paper: Paper):
    paper.write(paper.world.reading("unsealed"))
    assert error_of(paper.verified) == ("entry 10", "type")
    assert error_of(paper.sign().verified) == ("checkpoint 11", "size")


def test_a_seal_without_its_checkpoint_is_found(paper: Paper):
    del paper.signed[-1]
    assert error_of(paper.verified) == ("checkpoint 10", "note")


def test_a_second_genesis_is_found_by_replay(pen: World, tmp_path: Path):
    other = World(
        tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite'}", now_us=pen.now_us + MINUTE_US
    )
    genesis = Paper(other).leaves[0]
    other.log.engine.dispose()
    paper = Paper(pen).write(genesis).seal()
    assert error_of(paper.verified) == ("entry 2", "rule genesis-first")


def test_a_ledger_without_genesis_is_none(paper: Paper):
    del paper.leaves[0]
    assert error_of(paper.verified)[0] == "entry 0"


def test_a_leaf_with_an_unprotected_header_is_found(paper: Paper):
    """What is logged is the emptied statement: two forms would be two entries."""
    said = decode_sign1(paper.world.reading("more"))
    signed, payload, signature = map(bstr, (said.protected, said.payload, said.signature))
    paper.leaves.append(b"\xd2\x84" + signed + b"\xa1\x18\x63\x01" + payload + signature)
    assert error_of(paper.verified) == ("entry 10", "leaf")


def test_an_empty_batch_needs_ten_idle_minutes(paper: Paper):
    assert paper.newest is not None
    idle_us = 600 * 1_000_000
    honest = Paper(paper.world, list(paper.leaves[:0]))
    honest.seal(time_us=honest.newest[2] + idle_us)
    assert honest.verified().seals == 2
    paper.seal(time_us=paper.newest[2] + idle_us - 1)
    assert error_of(paper.verified) == ("entry 10", "seal.size")


def test_a_heartbeat_of_the_log_itself_always_verifies(world: World):
    for after_s, beats in ((1, False), (599, False), (600, True), (86_400, True)):
        world.clock.next_us = world.last_us() + after_s * 1_000_000
        assert world.log.heartbeat() is beats
        world.clock.next_us = None
    assert world.check().seals == 3


# The same on a database, with everything in it made to fit.


def lying_index(monkeypatch: pytest.MonkeyPatch, lie: Callable[[dict[bytes, Any]], None]) -> None:
    """Let the log lie about histories from now on; pages and seals agree with each other."""
    honest = Growth.index_into

    def index_into(growth: Growth, tree: PrefixTree) -> bytes:
        lie(growth.histories)
        return honest(growth, tree)

    monkeypatch.setattr(Growth, "index_into", index_into)


GENERIC = history_key("generic", "urn:x:1")

INDEXED: dict[str, Callable[[dict[bytes, Any]], None]] = {
    "an entry is left out": lambda found: found[GENERIC].pop(1),
    "a history is left out": lambda found: found.pop(GENERIC),
    "a history is filed under another key": lambda found: found.update(
        {history_key("generic", "urn:x:2"): found.pop(GENERIC)}
    ),
    "an entry is listed twice": lambda found: found[GENERIC].append(found[GENERIC][-1]),
    "two entries are swapped": lambda found: found[GENERIC].reverse(),
    "an entry is listed at another index": lambda found: found[GENERIC].append((99, bytes(32))),
    "a stranger's history is added": lambda found: found.update(
        {history_key("sanction", BRAND): [(4, bytes(32))]}
    ),
}


@pytest.mark.parametrize("case", INDEXED)
def test_an_index_that_lies_is_found(world: World, monkeypatch: pytest.MonkeyPatch, case: str):
    world.party("brand", BRAND)
    with monkeypatch.context() as cheating:
        lying_index(cheating, INDEXED[case])
        world.register(*(world.reading(f"{i}") for i in range(3)))
    for replay in (False, True):
        assert error_of(verified, url=world.url, replay=replay) == ("entry 7", "seal.index_root")


def test_a_seal_that_lies_in_a_database_is_found(world: World, monkeypatch: pytest.MonkeyPatch):
    world.party("brand", BRAND)
    honest = Log._seal_statement

    def lie(log: Log, head: Head, now_us: int, growth: Growth, *rest: Any) -> Any:
        growth.chain, kept = bytes(32), growth.chain
        try:
            return honest(log, head, now_us, growth, *rest)
        finally:
            growth.chain = kept

    with monkeypatch.context() as cheating:
        cheating.setattr(Log, "_seal_statement", lie)
        world.register(world.reading("1"))
    assert error_of(verified, url=world.url) == ("entry 5", "seal.chain")


def test_entries_without_a_seal_in_a_database_are_found(world: World):
    world.party("brand", BRAND)
    with writing(world.log.engine) as writer:
        growth = Growth.onto(writer.locked_head(), ORIGIN)
        growth.append(parse_statement(world.reading("unsealed")), ())
        writer.append_entries(growth.rows)
    assert error_of(verified, url=world.url) == ("entries", "rows")


# Honest logs raise no alarm.


def live(world: World, chance: random.Random) -> None:
    """Let a little of everything happen, some of it refused."""
    parties = {"brand": BRAND}
    world.party("brand", BRAND)
    keys = ["brand"]
    for step in range(12):
        match chance.randrange(8):
            case 0 if "trader" not in parties:
                world.register(party(world, "trader", TRADER), party(world, "trader", TRADER))
                parties["trader"] = TRADER
            case 1:
                world.accept(new_key(world, f"key {step}"))
                keys.append(f"key {step}")
            case 2 if len(keys) > 1:
                world.accept(revocation(world, keys.pop()))
            case 3:
                idle(world)
            case 4:
                assert world.refuse(world.reading("forged", issuer=TRADER))
            case 5:
                world.wait(seconds=chance.randrange(DAY_S))
            case _:
                readings = [
                    world.reading(f"{step} {i}", by=chance.choice(keys), subject=f"urn:x:{i % 3}")
                    for i in range(chance.randrange(1, 60))
                ]
                outcomes = world.register(*readings, readings[0], readings[0][:-1])
                assert isinstance(outcomes[0], Registered)
                assert not outcomes[-2].new
                assert isinstance(outcomes[-1], Refused)
    if chance.randrange(2):
        world.reopen()
        world.accept(world.reading("the last"))


@pytest.mark.parametrize("seed", range(6))
def test_an_honest_log_raises_no_alarm(world: World, seed: int):
    live(world, random.Random(seed))  # the same stories each time
    report = world.check()
    assert report.replayed
    with reading(world.log.engine) as snapshot:
        assert report.size == snapshot.head().size
        assert report.seals == report.checkpoints == len(snapshot.checkpoint_sizes())
