"""The log key in another process: it signs one history, dies, comes back, refuses a second one."""

import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from cosigning.parties import end
from cosigning.parties import start as begun
from world import BRAND, ORIGIN, World, key_of

from ledger.cose import cbor
from ledger.errors import CheckpointError, ClockError, ReadOnlyError, StorageError, UsageError
from ledger.primitives.clock import AHEAD_S, MICROSECONDS
from ledger.signer import KeySigner, write_key
from ledger.signer.client import SocketSigner
from ledger.signer.process import Last, guarding
from ledger.signer.wire import MAX_FRAME, SignRequest
from ledger.store.reads import reading
from ledger.tlog.checkpoint import Checkpoint
from ledger.writing.log import Registered


def last(signer) -> Last:
    return Last.decode(signer.state.read_bytes())


def stored_sizes(world: World) -> list[int]:
    with reading(world.log.engine) as snapshot:
        return [r[0] for r in snapshot.driver.rows("SELECT size FROM checkpoints ORDER BY size")]


def test_a_ledger_lives_with_its_key_in_another_process(guarded: World, signer):
    guarded.party("brand", BRAND)
    outcome = guarded.accept(guarded.reading("first"))
    assert guarded.check().size == 6
    assert last(signer).checkpoint.size == 6
    guarded.log.receipt(outcome.index)
    guarded.reopen()
    assert guarded.log.read_only is None


def test_its_signatures_are_those_of_the_same_key_in_memory(guarded: World):
    guarded.party("brand", BRAND)
    with reading(guarded.log.engine) as snapshot:
        stored, head = snapshot.newest_checkpoint(), snapshot.head()
    same = KeySigner(ORIGIN, key_of("log"), key_of("operator")).sign_checkpoint(
        Checkpoint(ORIGIN, head.size, head.tree().root()),
        time_us=head.seal_time_us,
        prove=lambda _: [],
    )
    assert stored.receipt_signature == same.receipts
    assert stored.note.encode().endswith(b"\n")


def test_a_dead_signer_refuses_before_anything_is_written_and_heals(guarded: World, signer):
    guarded.party("brand", BRAND)
    signer.kill()
    reading_ = guarded.reading("late")
    with pytest.raises(StorageError, match="is pinyuan signer running"):
        guarded.register(reading_)
    assert guarded.log.state().operator  # reads live
    with reading(guarded.log.engine) as snapshot:
        assert snapshot.head().size == 4  # nothing is committed that nobody could sign
    signer.start()
    assert isinstance(guarded.accept(reading_), Registered)
    assert guarded.check().size == 6


def test_a_signer_killed_between_commit_and_signature_leaves_a_batch_that_is_signed_later(
    guarded: World, signer, monkeypatch: pytest.MonkeyPatch
):
    guarded.party("brand", BRAND)
    ask = guarded.signer._ask

    def killed(message: list) -> list:
        if message[0] == "sign":
            signer.kill()
        return ask(message)

    monkeypatch.setattr(guarded.signer, "_ask", killed)
    late = guarded.reading("late")
    with pytest.raises(StorageError):
        guarded.register(late)
    monkeypatch.undo()
    signer.start()
    assert stored_sizes(guarded) == [2, 4]
    guarded.accept(guarded.reading("later"))
    assert stored_sizes(guarded) == [2, 4, 6, 8]  # in order: the one before was signed first
    (again,) = guarded.register(late)
    assert again == Registered(again.id, 4, new=False)
    assert guarded.check().size == 8


def test_another_process_that_was_quicker_is_no_fault(guarded: World, signer):
    """Two ledger processes share a signer: each is told where it stands and proves from there."""
    guarded.party("brand", BRAND)
    stale = guarded.signer._size
    guarded.accept(guarded.reading("first"))
    guarded.signer._size = stale
    checkpoint = last(signer).checkpoint
    signed = guarded.signer.sign_checkpoint(
        checkpoint, time_us=last(signer).time_us, prove=lambda _: [b"\0" * 32]
    )
    assert len(signed.checkpoint) == 64


def test_it_refuses_a_second_history_however_it_is_asked(guarded: World, signer):
    guarded.party("brand", BRAND)
    held = last(signer)
    size, root, time_us = held.checkpoint.size, held.checkpoint.root, held.time_us
    other = bytes(32)
    cases = {
        "another root of the same size": (size, other, time_us, []),
        "another time of the same size": (size, root, time_us + 1, []),
        "an older size": (size - 2, root, time_us, []),
        "an extension without a proof": (size + 2, other, time_us + 1, []),
        "an extension with a false proof": (size + 2, other, time_us + 1, [other, other]),
    }
    client = signer.client()
    for sentence, (asked, hashed, at_us, proof) in cases.items():
        with pytest.raises(ReadOnlyError):
            client.sign_checkpoint(
                Checkpoint(ORIGIN, asked, hashed), time_us=at_us, prove=lambda _, p=proof: p
            )
        assert last(signer) == held, sentence


def test_what_another_process_of_it_left_is_written_again_before_it_is_signed_again(tmp_path: Path):
    state = tmp_path / "signed"
    request = SignRequest(1, bytes(32), 1, 0, ())
    with guarding(key_of("log"), state, new=ORIGIN) as guard:
        guard.begin()
        first = guard.sign(request, 1)
        inode = state.stat().st_ino
        guard.sign(request, 1)
        assert state.stat().st_ino == inode
    before = state.read_bytes()
    with guarding(key_of("log"), state) as guard:
        assert guard.sign(request, 1) == first
    assert state.stat().st_ino != inode, "its flush may have failed: readable, and not durable"
    assert state.read_bytes() == before


def asked_for_more(guarded: World, signer, held: Last, time_us: int) -> None:
    """Ask a signer that holds this for the ledger's newest tree as of a time."""
    signer.kill()
    signer.state.write_bytes(held.encode())
    signer.start()
    with reading(guarded.log.engine) as snapshot:
        head = snapshot.head()
    signer.client().sign_checkpoint(
        Checkpoint(ORIGIN, head.size, head.tree().root()),
        time_us=time_us,
        prove=lambda old: guarded.log.publisher._consistency(old, head.size),
    )


def test_it_refuses_a_later_tree_with_an_earlier_time(guarded: World, signer):
    guarded.party("brand", BRAND)
    held = last(signer)
    guarded.accept(guarded.reading("more"))
    newest_us = last(signer).time_us
    with pytest.raises(ReadOnlyError, match="not later"):
        asked_for_more(guarded, signer, Last(held.checkpoint, newest_us), newest_us)


def test_it_signs_nothing_that_is_dated_ahead_of_its_clock(tmp_path: Path):
    """Nothing may be dated before what is signed: a seal of the year 2100 would end the log."""
    now_us = 1_790_000_000_000_000
    latest_us = now_us + AHEAD_S * MICROSECONDS
    with guarding(key_of("log"), tmp_path / "signed", new=ORIGIN) as guard:
        guard.begin()
        for time_us in (latest_us + 1, 4_102_444_800_000_000):
            with pytest.raises(CheckpointError, match="ahead of the signer's clock: at most 300"):
                guard.sign(SignRequest(1, bytes(32), time_us, 0, ()), now_us)
        assert guard.last.checkpoint.size == 0
        guard.sign(SignRequest(1, bytes(32), latest_us, 0, ()), now_us)


def test_nothing_is_committed_that_it_would_refuse_for_its_time(guarded: World):
    guarded.party("brand", BRAND)
    ahead_us = (int(time.time()) + AHEAD_S + 60) * MICROSECONDS
    guarded.now_us = ahead_us
    with pytest.raises(ClockError, match="ahead of this machine's clock"):
        guarded.register(guarded.reading("of the year to come"))
    assert guarded.log.read_only is None
    with reading(guarded.log.engine) as snapshot:
        assert snapshot.head().size == 4


def test_its_clock_is_the_machines(guarded: World, signer):
    guarded.party("brand", BRAND)
    held = last(signer)
    guarded.accept(guarded.reading("more"))
    ahead_us = (int(time.time()) + AHEAD_S + 60) * MICROSECONDS
    with pytest.raises(ReadOnlyError, match="ahead of the signer's clock"):
        asked_for_more(guarded, signer, held, ahead_us)
    assert last(signer) == held


def test_a_ledger_behind_its_signer_is_read_only(guarded: World, tmp_path: Path):
    guarded.party("brand", BRAND)
    guarded.log.engine.dispose()
    backup = (tmp_path / "ledger.sqlite").read_bytes()
    guarded.accept(guarded.reading("after the backup"))
    guarded.log.engine.dispose()
    for path in tmp_path.glob("ledger.sqlite*"):
        path.unlink()
    (tmp_path / "ledger.sqlite").write_bytes(backup)
    (tmp_path / "anchor").unlink()  # the administrator removes the anchor too
    guarded.reopen()
    assert "BEHIND_PUBLISHED" in guarded.log.read_only or "anchor" in guarded.log.read_only
    guarded.log.anchor.advance(4, str(note_of(guarded)))
    guarded.reopen()
    assert "the signer signed 6" in guarded.log.read_only


def note_of(world: World) -> str:
    with reading(world.log.engine) as snapshot:
        return snapshot.newest_checkpoint().note


def test_killed_at_any_moment_it_never_signs_two_histories(guarded: World, signer):
    """SIGKILL at random while a ledger writes: everything signed is one history, all heals."""
    guarded.party("brand", BRAND)
    for round_ in range(6):
        killer = threading.Timer(0.002 * round_, signer.process.kill)
        killer.start()
        for at in range(4):
            try:
                guarded.register(guarded.reading(f"{round_} {at}"))
            except StorageError:
                break
        killer.join()
        signer.kill()
        guarded.clock.next_us = None
        signer.start()
    guarded.accept(guarded.reading("the end"))
    report = guarded.check()
    assert report.seals == report.checkpoints
    assert last(signer).checkpoint.size == report.size


def test_the_socket_and_the_state_are_the_owners_alone(signer):
    assert stat.S_IMODE(signer.socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(signer.state.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("sentence", "raw"),
    [
        ("a frame longer than any message", (MAX_FRAME + 1).to_bytes(4)),
        ("an empty frame", bytes(4)),
        ("no CBOR", b"\0\0\0\1\xff"),
        ("another type", b"\0\0\0\1\x01"),
        ("a word it does not know", b"\0\0\0\5\x81\x63die"),
    ],
)
def test_what_is_no_question_ends_or_is_refused(signer, sentence: str, raw: bytes):
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(5)
        asking.connect(str(signer.socket))
        asking.sendall(raw)
        answered = asking.recv(4096)
    assert answered == b"" or cbor.decode(answered[4:], "answer")[0] == "refused", sentence
    assert signer.client().newest() == 0


def test_a_client_that_says_half_a_question_does_not_hold_up_another(signer):
    with socket.socket(socket.AF_UNIX) as slow:
        slow.connect(str(signer.socket))
        slow.sendall(b"\0\0")
        assert signer.client().newest() == 0


def start(*words: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "ledger.cli.main", "signer", *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_a_second_signer_on_the_same_state_or_socket_does_not_start(signer, tmp_path: Path):
    words = ["--key", signer.key, "--state", signer.state, "--socket"]
    assert "another signer is running" in start(*words, tmp_path / "t").stderr
    words = ["--key", signer.key, "--state", tmp_path / "other", "--new", ORIGIN, "--socket"]
    assert "another process listens" in start(*words, signer.socket).stderr


def test_a_lost_state_is_never_made_anew_by_itself(signer):
    signer.kill()
    signer.state.unlink()
    words = ["--key", signer.key, "--state", signer.state, "--socket", signer.socket]
    done = start(*words)
    assert done.returncode == 1
    assert "could sign a second history" in done.stderr


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("a signature of nothing", ["signed", bytes(64), bytes(64)]),
        ("no signature", ["signed", b"", b""]),
        ("another word", ["thanks"]),
        ("moving about for ever", ["moved", 3]),
    ],
)
def test_a_lying_signer_is_not_believed(
    guarded: World, monkeypatch: pytest.MonkeyPatch, sentence: str, answer: list
):
    guarded.party("brand", BRAND)
    ask = guarded.signer._ask
    monkeypatch.setattr(guarded.signer, "_ask", lambda m: answer if m[0] == "sign" else ask(m))
    with pytest.raises(StorageError):
        guarded.register(guarded.reading("first"))
    monkeypatch.undo()
    guarded.accept(guarded.reading("second"))
    assert guarded.check().checkpoints == 4, sentence


def test_init_and_serve_with_the_key_elsewhere(signer, tmp_path: Path):
    from ledger.cli.common import opened
    from ledger.cli.opening import open_ledger
    from ledger.settings import read_settings

    folder = tmp_path / "ledger"
    operator = "https://id.gs1.org/417/6901234507003"
    words = ["init", "--operator", operator, "--dir", folder, "--origin", ORIGIN]
    run: Callable = lambda *more: subprocess.run(  # noqa: E731
        [sys.executable, "-m", "ledger.cli.main", *map(str, [*words, *more])],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    done = run("--log-key", f"socket:{signer.socket}")
    assert done.returncode == 0, done.stderr
    assert not (folder / "keys" / "log.pem").exists()
    assert read_settings(folder, {}).log_socket
    with opened:
        assert open_ledger(folder, write=True).signer.newest() == 2
    signer.kill()
    with pytest.raises(StorageError):
        open_ledger(folder, write=True)
    with opened:
        assert open_ledger(folder).signer is None  # without its signer it can be read
    with pytest.raises(UsageError):
        read_settings(tmp_path / "nowhere", {})


class HandedOver:
    """A signer started as systemd starts one with a socket unit."""

    def __init__(self, folder: Path, *more: object) -> None:
        self.path = folder / "handed"
        words = ["signer", "--key", folder / "log.pem", "--socket", self.path]
        words += ["--state", folder / "second", "--new", ORIGIN, *more]
        call = [sys.executable, "-m", "ledger.cli.main", *map(str, words)]
        program = f"import os; os.dup2(int(os.environ['AT']), 3); os.environ['LISTEN_PID'] = str(os.getpid()); os.execv({call[0]!r}, {call!r})"
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self.path))
            self.path.chmod(0o600)
            listening.listen()
            self.process = subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env=os.environ
                | {"PYTHONPATH": str(ROOT), "LISTEN_FDS": "1", "AT": str(listening.fileno())},
                pass_fds=[listening.fileno(), 3],
                stderr=subprocess.PIPE,
                text=True,
            )

    def end(self) -> str:
        self.process.terminate()
        return self.process.communicate(timeout=20)[1]


def test_it_answers_at_a_socket_that_systemd_hands_over_and_leaves_it_there(signer, tmp_path: Path):
    signer.kill()
    handed = HandedOver(tmp_path, "--uid", "root" if os.geteuid() == 0 else os.geteuid())
    try:
        client = SocketSigner(handed.path, key_of("operator"), timeout_s=20)
        assert client.vkey.name == ORIGIN
        client.close()
    finally:
        handed.end()
    assert handed.process.returncode == 0
    assert handed.path.is_socket(), "it is systemd's to remove"


def test_another_socket_than_the_one_named_is_refused(tmp_path: Path):
    write_key(tmp_path / "log.pem", key_of("log"))
    handed = HandedOver(tmp_path, "--socket", tmp_path / "elsewhere")
    said = handed.process.communicate(timeout=20)[1]
    assert handed.process.returncode == 1
    assert "exactly this socket is expected from systemd" in said


def test_nothing_is_written_before_it_listens(tmp_path: Path):
    write_key(tmp_path / "log.pem", key_of("log"))
    words = ["signer", "--key", tmp_path / "log.pem", "--state", tmp_path / "signed"]
    words += ["--socket", tmp_path / "nowhere" / "socket"]
    for more in (["--new", ORIGIN], ["--new", ORIGIN]):
        process = begun(*words, *more)
        said = process.communicate(timeout=20)[1]
        assert process.returncode == 1
        assert said == f"pinyuan: signer {tmp_path}/nowhere/socket: No such file or directory\n"
        assert not (tmp_path / "signed").exists()
    (tmp_path / "nowhere").mkdir()
    process = begun(*words, "--new", ORIGIN)
    try:
        assert process.stderr.readline().startswith(f"signs for {ORIGIN}, newest size 0, at ")
        assert (tmp_path / "signed").exists()
    finally:
        end(process)


def test_a_user_that_is_not_there_is_named(tmp_path: Path):
    write_key(tmp_path / "log.pem", key_of("log"))
    handed = HandedOver(tmp_path, "--uid", "nobody-of-this-name")
    assert "--uid nobody-of-this-name: no such user" in handed.process.communicate(timeout=20)[1]
    assert handed.process.returncode == 2
