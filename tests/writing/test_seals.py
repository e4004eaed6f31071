"""Seals, their times, checkpoints: what each says follows from the entries before it."""

import contextlib
import time

import pytest
from world import BRAND, MINUTE_US, OPERATOR, ORIGIN, START_US, World, key_of

from ledger.errors import ClockError, LedgerError, ProofError, ReadOnlyError, UsageError
from ledger.histories.history import history_key
from ledger.primitives import clock as clock_module
from ledger.primitives.clock import SimulatedClock, SystemClock
from ledger.signer import KeySigner
from ledger.statements.catalogue import decode_body, histories_of
from ledger.statements.envelope import parse_statement
from ledger.statements.fields import Names
from ledger.statements.log_family import Seal
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.tlog import chain
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.merkle import leaf_hash, prove_consistency, root_hash, verify_consistency
from ledger.tlog.prefix_tree import root_of
from ledger.writing.log import Registered
from ledger.writing.opening import create_log, open_log

SECOND_US = 1_000_000


def tell(world: World) -> None:
    """Let things happen: parties, a long history, many short ones, batches of every size."""
    world.party("brand", BRAND)
    for count in (1, 3, 20, 300, 2, 1):
        world.register(
            *(world.reading(f"{count} {i}", subject=f"urn:x:{i % 40}") for i in range(count))
        )
        world.reopen()
    world.register(*(world.reading(f"long {i}") for i in range(280)))
    world.accept(world.reading("more of it"))


def entries_of(world: World) -> list:
    """Return every entry as (statement, body)."""
    with reading(world.log.engine) as snapshot:
        leaves = snapshot.leaf_range(0, snapshot.head().size)
    statements = [parse_statement(leaf) for leaf in leaves]
    return [(statement, decode_body(statement)) for statement in statements]


def test_a_seal_says_what_follows_from_the_entries_before_it(any_world: World):
    tell(any_world)
    histories: dict[bytes, list[bytes]] = {}
    value, seals, last_us = chain.start(ORIGIN), [], 0
    for index, (statement, body) in enumerate(entries_of(any_world)):
        if isinstance(body, Seal):
            roots = {k: len(v).to_bytes(8) + root_hash(v) for k, v in histories.items()}
            assert body.size == index
            assert body.chain == value.hex()
            assert body.index_root == root_of(roots).hex()
            previous = body.previous and (body.previous.index, body.previous.id)
            assert previous == (seals[-1] if seals else None)
            assert body.time_us > last_us
            assert statement.issued_at == body.time_us // SECOND_US
            assert (statement.issuer, statement.subject) == (OPERATOR, ORIGIN)
            assert histories_of(statement, body) == ()
            seals, last_us = [*seals, (index, statement.id.hex())], body.time_us
        for topic in histories_of(statement, body):
            leaf = index.to_bytes(8) + statement.leaf_hash
            histories.setdefault(history_key(*topic), []).append(leaf_hash(leaf))
        value = chain.extend(value, statement.leaf_hash)
    assert max(map(len, histories.values())) > 2 * 256
    with reading(any_world.log.engine) as snapshot:
        head = snapshot.head()
        assert (head.chain, head.index_root.hex()) == (value, body.index_root)
        assert (head.seal_idx, head.seal_id.hex()) == seals[-1]
    assert any_world.check().seals == len(seals)


def test_every_checkpoint_extends_every_earlier_one(any_world: World):
    tell(any_world)
    with reading(any_world.log.engine) as snapshot:
        sizes = snapshot.checkpoint_sizes()
        notes = [snapshot.checkpoint(size).note.encode() for size in sizes]
        signed = [decode_checkpoint(note, any_world.log.vkey)[1] for note in notes]
        leaves = [leaf_hash(leaf) for leaf in snapshot.leaf_range(0, sizes[-1])]
        for new in signed:
            assert new.root == root_hash(leaves[: new.size])
            read = any_world.log.publisher.tree(snapshot, new.size)
            for old in signed:
                if old.size <= new.size:
                    proof = prove_consistency(old.size, new.size, read)
                    sizes_and_roots = {"old": old.size, "size": new.size, "root": new.root}
                    verify_consistency(**sizes_and_roots, old_root=old.root, proof=proof)
                    if proof:
                        with pytest.raises(ProofError):
                            verify_consistency(**sizes_and_roots, old_root=bytes(32), proof=proof)
    assert [item.size - 1 for item in signed] == [
        i for i, (_, body) in enumerate(entries_of(any_world)) if isinstance(body, Seal)
    ]


def test_only_ten_idle_minutes_are_sealed_without_a_statement(any_world: World):
    log, clock = any_world.log, any_world.clock
    sealed_us = any_world.last_us()
    for idle_us, sealed in ((1, False), (10 * MINUTE_US - 1, False), (10 * MINUTE_US, True)):
        clock.next_us = sealed_us + idle_us
        assert log.heartbeat() is sealed
    assert any_world.last_us() == sealed_us + 10 * MINUTE_US
    assert log.heartbeat() is False
    assert [type(body) is Seal for _, body in entries_of(any_world)] == [False, True, True]
    assert any_world.check().seals == 2


def test_the_time_given_to_a_simulated_clock_is_used_once_then_a_second_later(any_world: World):
    log, clock = any_world.log, any_world.clock
    said = [any_world.reading(f"{i}", by="operator", issuer=OPERATOR) for i in range(3)]
    clock.next_us = at_us = START_US + 7
    for raw in said:
        log.register([raw])
    times = [body.time_us for _, body in entries_of(any_world) if isinstance(body, Seal)]
    assert times == [START_US, at_us, at_us + SECOND_US, at_us + 2 * SECOND_US]


@pytest.mark.parametrize("behind_us", [0, 1, SECOND_US])
def test_a_simulated_time_that_is_not_later_seals_nothing(any_world: World, behind_us):
    said = any_world.reading("x", by="operator", issuer=OPERATOR)
    before = any_world.check()
    any_world.clock.next_us = any_world.last_us() - behind_us
    with pytest.raises(ClockError, match="not later than the last seal"):
        any_world.log.register([said])
    assert any_world.check() == before
    any_world.clock.next_us = None
    assert any_world.accept(said).new


def test_the_kind_of_clock_is_written_in_genesis_and_enforced_when_opened(any_world: World):
    assert entries_of(any_world)[0][1].clock == "simulated"
    assert any_world.reopen(clock=None).clock.kind == "simulated"
    with pytest.raises(UsageError, match="says that its clock is simulated, not system"):
        any_world.reopen(clock=SystemClock())


def test_a_ledger_by_the_machines_clock_is_sealed_at_its_time(database, tmp_path, world: World):
    began_us = time.time_ns() // 1_000
    folder = tmp_path / "real"
    folder.mkdir()
    url = database.replace("ledger.sqlite", "real.sqlite")
    signer, names = world.signer, Names(en="Operator")
    options = {"anchor_path": folder / "anchor", "signer": signer}
    log = create_log(
        make_engine(url), clock=SystemClock(), operator=OPERATOR, names=names, **options
    )
    with reading(log.engine) as snapshot:
        assert began_us <= snapshot.head().seal_time_us <= time.time_ns() // 1_000
    log.engine.dispose()
    world.url, world.folder = url, folder
    assert world.reopen(clock=None).clock.kind == "system"
    with pytest.raises(UsageError, match="says that its clock is system, not simulated"):
        world.reopen(clock=SimulatedClock())


def test_the_log_never_seals_with_a_key_that_has_ended(any_world: World):
    binding = any_world.binding("operator's next", OPERATOR)
    any_world.accept(any_world.statement("key", {"key": binding}, subject=OPERATOR))
    fields = {"kid": any_world.operator_key.public.kid.hex(), "reason": "retired"}
    end = any_world.statement("key-revocation", fields, by="operator's next", subject=OPERATOR)
    with contextlib.suppress(LedgerError):  # or a refusal: but no seal by that key behind it
        any_world.register(end)
    any_world.check()
    rotated = KeySigner(ORIGIN, any_world.log_key, key_of("operator's next"))
    any_world.reopen(signer=rotated)
    assert isinstance(any_world.register(end)[0], Registered)
    any_world.check()
    with contextlib.suppress(LedgerError):
        any_world.reopen()
        any_world.register(any_world.reading("x", by="operator's next", issuer=OPERATOR))
    any_world.check()


def test_a_process_whose_key_another_one_ended_writes_nothing_more(any_world: World):
    """The commands of a rotation, beside a service that was not started again."""
    served, binding = any_world.log, any_world.binding("operator's next", OPERATOR)
    any_world.accept(any_world.statement("key", {"key": binding}, subject=OPERATOR))
    fields = {"kid": any_world.operator_key.public.kid.hex(), "reason": "retired"}
    end = any_world.statement("key-revocation", fields, by="operator's next", subject=OPERATOR)
    rotated = KeySigner(ORIGIN, any_world.log_key, key_of("operator's next"))
    any_world.log = open_log(
        make_engine(any_world.url),
        anchor_path=any_world.folder / "anchor",
        clock=any_world.clock,
        signer=rotated,
    )
    any_world.accept(end)
    size = any_world.check().size
    said = any_world.reading("x", by="operator's next", issuer=OPERATOR)
    for _ in range(2):
        with pytest.raises(ReadOnlyError, match=r"ENDED_KEY: .* start what writes it again"):
            served.register([said])
    assert served.read_only.startswith("ENDED_KEY")
    served.engine.dispose()
    assert any_world.check().size == size
    assert any_world.accept(said).new


class Machine:
    """A machine whose two clocks stand still unless somebody sleeps or moves them."""

    def __init__(self) -> None:
        self.wall_s, self.monotonic_s = 1_790_000_000.0, 5_000.0
        self.slept_s = 0.0

    def time(self) -> float:
        return self.wall_s

    def time_ns(self) -> int:
        return round(self.wall_s * 1e6) * 1_000

    def monotonic(self) -> float:
        return self.monotonic_s

    def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self.wall_s += seconds
        self.monotonic_s += seconds

    @property
    def now_us(self) -> int:
        return self.time_ns() // 1_000


@pytest.fixture
def machine(monkeypatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clock_module, "time", made)
    return made


def test_the_machines_clock_gives_its_microseconds(machine):
    clock = SystemClock()
    assert clock.now_us(0) == machine.now_us == 1_790_000_000_000_000
    machine.sleep(599.5)
    assert clock.now_us(machine.now_us - 1) == machine.now_us
    assert machine.slept_s == 599.5


@pytest.mark.parametrize("behind_us", [0, 1, 1_000, SECOND_US // 2, SECOND_US])
def test_a_clock_up_to_a_second_behind_the_last_seal_is_waited_for(machine, behind_us):
    clock = SystemClock()
    last_us = machine.now_us + behind_us
    assert clock.now_us(last_us) > last_us
    assert machine.slept_s <= 1.1


@pytest.mark.parametrize("behind_s", [1.01, 2, 3_600, 10**9])
def test_a_clock_further_behind_refuses_at_once(machine, behind_s):
    clock = SystemClock()
    with pytest.raises(ClockError, match=f"the clock is {behind_s:.0f} s behind the last seal"):
        clock.now_us(machine.now_us + round(behind_s * SECOND_US))
    assert machine.slept_s == 0


def test_a_clock_that_stands_still_is_waited_for_a_second_and_no_longer(machine):
    def sleep(seconds: float) -> None:
        machine.monotonic_s += seconds
        machine.slept_s += seconds

    clock, machine.sleep = SystemClock(), sleep
    with pytest.raises(ClockError, match="behind the last seal"):
        clock.now_us(machine.now_us + SECOND_US // 2)
    assert 1 <= machine.slept_s <= 2


def test_a_clock_set_forward_by_more_than_verifiers_allow_asks(machine):
    asking, told = SystemClock(), SystemClock(accept_jump=True)
    machine.sleep(86_400)  # a day without a batch is no jump
    machine.wall_s += 240
    assert asking.now_us(0) == machine.now_us
    machine.wall_s += 1
    sentence = "gained 241 s on what it was by the start .* confirm that with pinyuan seal --accept"
    with pytest.raises(ClockError, match=sentence):
        asking.now_us(0)
    assert asking.why_not(0) is not None
    assert told.now_us(0) == machine.now_us
    machine.wall_s += 241
    with pytest.raises(ClockError, match="gained 241 s on what it was by its operator"):
        told.now_us(0)  # one jump was confirmed, not the next
    machine.wall_s -= 482
    assert asking.now_us(0) == machine.now_us, "put right, it heals"


def test_processes_of_a_directory_agree_on_the_time(machine, tmp_path, monkeypatch):
    path = tmp_path / "anchor.clock"
    serving = SystemClock(path)
    assert serving.now_us(0) == machine.now_us
    machine.wall_s += 3_600
    for clock in (serving, SystemClock(path)):  # one that starts behind the jump sees it too
        with pytest.raises(ClockError, match="gained 3600 s"):
            clock.now_us(0)
    SystemClock(path, accept_jump=True).now_us(0)  # confirmed by another process while it serves
    assert serving.now_us(0) == machine.now_us
    machine.wall_s += 3_600
    monkeypatch.setattr(clock_module, "boot", lambda: "the next run of the machine")
    assert SystemClock(path).now_us(0) == machine.now_us
    path.write_bytes(b"\xff torn")
    assert SystemClock(path).now_us(0) == machine.now_us
    assert path.read_text().startswith("the next run")


def test_a_clock_that_nobody_had_set_at_the_start_heals_when_it_is_set(machine):
    last_us = machine.now_us
    machine.wall_s -= 86_400
    clock = SystemClock()
    assert (
        clock.why_not(last_us)
        == "the clock is 86400 s behind the last seal: set it, then try again"
    )
    machine.wall_s += 86_400 + 5_000
    assert clock.why_not(last_us) is None
    assert clock.now_us(last_us) == machine.now_us
    machine.wall_s += 241
    assert clock.why_not(last_us) is not None


def test_a_refusing_clock_leaves_the_log_unharmed(any_world: World, monkeypatch):
    said = any_world.reading("x", by="operator", issuer=OPERATOR)
    before = any_world.check()

    def refuse(_last_us: int) -> int:
        msg = "the clock is 5 s behind the last seal: set it, then try again"
        raise ClockError(msg)

    with monkeypatch.context() as patch:
        patch.setattr(any_world.clock, "now_us", refuse)
        with pytest.raises(ClockError):
            any_world.log.register([said])
        with pytest.raises(ClockError):
            any_world.log.heartbeat()
    assert any_world.check() == before
    assert any_world.accept(said).index == before.size
