"""Asking witnesses: honest ones follow, the others are found out, and nobody waits for them."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cosigning.parties import Witness as Process
from cosigning.parties import honest, odd, until
from world import BRAND, World, cosigner, key_of

from api.witnessing.witness import answer
from ledger.cosigning import asking as witnesses
from ledger.cosigning.asking import MAX_BACKOFF_S, Follower, Target, run, run_alone
from ledger.errors import UsageError
from ledger.settings import Settings, Witness, parse_witness, read_settings, write_settings
from ledger.store.cosignatures import lines_of, newest_by
from ledger.store.reads import reading
from ledger.tlog.checkpoint import cosign
from ledger.tlog.witness import MAX_ANSWER, SIZE_TYPE, parse_add_checkpoint

NOW_S = 1_790_000_000


@pytest.fixture
def told(world: World) -> World:
    world.party("brand", BRAND)
    return world


def stored(world: World) -> list[str]:
    with reading(world.log.engine) as snapshot:
        return lines_of(snapshot, snapshot.newest_checkpoint().size)


def follower(world: World, url: str, **more: object) -> Follower:
    options = {"now_s": lambda: NOW_S, "timeout_s": 1.0} | more
    return Follower(world.log, Witness(cosigner("w"), url), **options)


def honestly(folder: Path, world: World) -> Callable:
    """Return the replies of an honest witness."""
    witness, logs = honest(folder), {world.log.origin: world.log.vkey}

    def reply(raw: bytes, _number: int) -> tuple[int, str, bytes]:
        found = answer(witness, logs, raw)
        return found.status_code, found.headers["content-type"], bytes(found.body)

    return reply


def test_an_honest_witness_is_brought_up_round_after_round(told: World, tmp_path: Path):
    with odd(honestly(tmp_path / "state", told)) as witness:
        asking = follower(told, witness.url)
        for number in range(3):
            asking.round()
            assert len(stored(told)) == 1
            assert asking.status.error is None
            assert asking.status.size == 4 + 2 * number
            told.accept(told.reading(f"{number}"))
        assert [parse_add_checkpoint(raw).old for raw in witness.requests] == [0, 4, 6]


def test_witnesses_of_a_busy_log_meet_at_one_size(told: World, tmp_path: Path):
    """Between any two questions the log grows."""
    target = Target(told.log, hold_s=3600)
    size = target.get().size
    for name in ("w1", "w2"):
        told.accept(told.reading(f"before {name}"))
        replies = honest(tmp_path / name, name)
        logs = {told.log.origin: told.log.vkey}

        def reply(raw: bytes, _number: int, replies=replies, logs=logs) -> tuple[int, str, bytes]:
            found = answer(replies, logs, raw)
            return found.status_code, found.headers["content-type"], bytes(found.body)

        with odd(reply) as witness:
            asking = Follower(told.log, Witness(cosigner(name), witness.url), target=target)
            asking.round()
            assert (asking.status.size, asking.status.error) == (size, None)
    with reading(told.log.engine) as snapshot:
        assert len(lines_of(snapshot, size)) == 2
    target._hold_s = 0
    assert target.get().size == told.check().size


def test_a_witness_that_another_host_has_asked_for_more_is_no_liar(told: World, tmp_path: Path):
    with odd(honestly(tmp_path / "state", told)) as witness:
        held = Target(told.log, hold_s=3600)
        held.get()
        behind = follower(told, witness.url, target=held)
        told.accept(told.reading("more"))
        follower(told, witness.url).round()
        behind.round()
        assert behind.status.error is None
        behind._size = 0  # it learns from the witness itself how far that is
        behind.round()
        assert behind.status.error is None


def test_what_is_cosigned_is_not_asked_for_again_before_it_is_old(told: World, tmp_path: Path):
    with odd(honestly(tmp_path / "state", told)) as witness:
        follower(told, witness.url).round()
        follower(told, witness.url, now_s=lambda: NOW_S + 299).round()
        assert len(witness.requests) == 1
        follower(told, witness.url, now_s=lambda: NOW_S + 300).round()
        assert len(witness.requests) == 2
    assert len(stored(told)) == 1


def test_a_witness_whose_size_is_not_known_says_it(told: World, tmp_path: Path):
    """The ledger lost its cosignatures: 409 names the size, the second request fits."""
    reply = honestly(tmp_path / "state", told)
    with odd(reply) as witness:
        follower(told, witness.url).round()
        told.accept(told.reading("more"))
        engine = told.log.engine
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM cosignatures")
        asking = follower(told, witness.url)
        asking.round()
        assert [parse_add_checkpoint(raw).old for raw in witness.requests] == [0, 0, 4]
    assert len(stored(told)) == 1


def other_line(raw: bytes, *, key: str = "w", text: str | None = None) -> bytes:
    body = parse_add_checkpoint(raw).note.text if text is None else text
    return cosign(body, cosigner("w"), key_of(key).sign, time_s=NOW_S).line().encode()


LIES = {
    "a cosignature by another key": (
        lambda raw: (200, other_line(raw, key="x")),
        "does not verify",
    ),
    "a cosignature of something else": (
        lambda raw: (200, other_line(raw, text="log\n1\n" + "A" * 43 + "=\n")),
        "does not verify",
    ),
    "200 without a cosignature": (lambda _: (200, b""), "200 without"),
    "200 and a novel": (lambda _: (200, b"x" * (MAX_ANSWER + 1)), "more than"),
    "200 and no UTF-8": (lambda _: (200, b"\xff\n"), "200 without"),
    "another note altogether": (
        lambda raw: (200, str(parse_add_checkpoint(raw).note).encode()),
        "200 without",
    ),
    "403": (lambda _: (403, b"who are you\n"), "answers 403: 'who are you'"),
    "404": (lambda _: (404, b"no such log\n"), "answers 404"),
    "422": (lambda _: (422, b"proof\n"), "answers 422"),
    "500": (lambda _: (500, b""), "answers 500"),
    "a redirect": (lambda _: (302, b""), "answers 302"),
    "409 with words": (lambda _: (409, b"split view\n"), "answers 409"),
    "the size it was asked from": (lambda _: (409, b"0\n", SIZE_TYPE), "where the request starts"),
    "a size that is none": (lambda _: (409, b"many\n", SIZE_TYPE), "409 without a size"),
    "a size ahead of the log": (lambda _: (409, b"99\n", SIZE_TYPE), "has seen size 99"),
    "a size below zero": (lambda _: (409, b"-1\n", SIZE_TYPE), "409 without a size"),
}


@pytest.mark.parametrize("sentence", LIES)
def test_what_it_says_is_believed_only_as_far_as_it_verifies(told: World, sentence: str):
    lie, found = LIES[sentence]

    def reply(raw: bytes, _number: int) -> tuple[int, str, bytes]:
        status, body, *kind = lie(raw)
        return status, kind[0] if kind else "text/plain", body

    said: list[str] = []
    with odd(reply) as witness:
        asking = follower(told, witness.url, report=said.append)
        waits = [asking.round() for _ in range(3)]
        assert len(witness.requests) <= 6
    assert found in asking.status.error
    assert waits == [1.0, 2.0, 4.0]
    assert len(said) == 1, "the same trouble is reported once"
    assert stored(told) == []
    assert asking.status.failures == 3


@pytest.mark.parametrize(("ahead_s", "kept"), [(299, 1), (301, 0)])
def test_a_cosignature_dated_ahead_is_not_kept(
    told: World, tmp_path: Path, ahead_s: int, kept: int
):
    """What is sealed behind it would look dated back."""
    with odd(honestly(tmp_path / "state", told)) as witness:
        asking = follower(told, witness.url, now_s=lambda: NOW_S - ahead_s)
        asking.round()
    assert len(stored(told)) == kept
    said = "set the one that is wrong" in str(asking.status.error)
    assert said == (not kept)


def test_a_witness_that_names_another_size_each_time_is_left_after_three_tries(told: World):
    told.accept(told.reading("more"))
    with odd(lambda _, number: (409, SIZE_TYPE, f"{1 + number % 2}\n".encode())) as witness:
        asking = follower(told, witness.url)
        asking.round()
        assert len(witness.requests) == 3
    assert "another size 3 times" in asking.status.error


def test_backing_off_has_an_end_and_is_forgotten_when_it_cosigns(told: World, tmp_path: Path):
    reply = honestly(tmp_path / "state", told)
    sick = [True]
    said: list[str] = []
    with odd(lambda raw, n: (503, "text/plain", b"") if sick[0] else reply(raw, n)) as witness:
        asking = follower(told, witness.url, report=said.append)
        assert [asking.round() for _ in range(20)][-1] == MAX_BACKOFF_S
        sick[0] = False
        assert asking.round() == witnesses.POLL_S
    assert asking.status.failures == 0
    assert said[-1].endswith("cosigns again, size 4")


def trickling(part: bytes, every_s: float = 0.1) -> tuple[socket.socket, Callable[[], None]]:
    """Return a server that sends a little for ever, and what ends it."""
    listening = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    while not stop.wait(every_s):
                        connection.sendall(part)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()

    return listening, end


@pytest.mark.parametrize(
    "part",
    [b"", b"H", b"HTTP/1.1 200 OK\r\nX: y\r\n"],
    ids=["nothing", "a header byte by byte", "headers without end"],
)
def test_a_slow_witness_is_left_at_the_deadline(told: World, part: bytes):
    listening, end = trickling(part)
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        asking = follower(told, url, timeout_s=0.5)
        began = time.monotonic()
        asking.round()
        assert time.monotonic() - began < 2
    finally:
        end()
    assert "within 0.5 s" in asking.status.error or "answer" in asking.status.error


def test_nobody_at_home_is_an_error_like_any_other(told: World):
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    asking = follower(told, f"http://127.0.0.1:{port}")
    assert asking.round() == 1.0
    assert "refused" in asking.status.error


def test_registration_never_waits_for_a_witness(told: World, monkeypatch: pytest.MonkeyPatch):
    """A witness that never answers and one that lies: statements are registered meanwhile."""
    listening, end = trickling(b"")
    stop = threading.Event()
    urls = [f"http://127.0.0.1:{listening.getsockname()[1]}"]
    monkeypatch.setattr(witnesses, "POLL_S", 0.01)
    with odd(lambda _raw, _n: (200, "text/plain", b"lies")) as liar:
        chosen = [Witness(cosigner(f"w{i}"), url) for i, url in enumerate([*urls, liar.url])]
        asking = threading.Thread(target=run, args=(told.log, chosen, stop))
        asking.start()
        began = time.monotonic()
        for number in range(20):
            told.accept(told.reading(f"{number}"))
        assert time.monotonic() - began < 4
        stop.set()
        asking.join(3)
        assert not asking.is_alive()
        end()
    assert stored(told) == []


def test_two_witnesses_in_processes_of_their_own_and_one_of_them_dies(told: World, tmp_path: Path):
    running = [Process(tmp_path, name, told.log.vkey) for name in ("w1", "w2")]
    chosen = [Witness(cosigner(item.name), item.url) for item in running]
    stop = threading.Event()
    asking = threading.Thread(target=run, args=(told.log, chosen, stop))
    try:
        asking.start()
        until(lambda: len(stored(told)) == 2)
        running[0].kill()
        told.accept(told.reading("with one"))
        until(lambda: len(stored(told)) == 1)
        running[0].start()  # at the same port, with its state
        until(lambda: len(stored(told)) == 2)
    finally:
        stop.set()
        asking.join()
        for item in running:
            item.kill()
    with reading(told.log.engine) as snapshot:
        size = snapshot.head().size
        assert newest_by(snapshot, cosigner("w1"))[0] == size == 6


def test_a_restored_backup_is_seen_by_its_witness(told: World, tmp_path: Path):
    """The witness knows more than the database: it is not cosigned, and said aloud."""
    with odd(honestly(tmp_path / "state", told)) as witness:
        told.log.engine.dispose()
        older = (tmp_path / "ledger.sqlite").read_bytes()
        told.accept(told.reading("lost with the disk"))
        follower(told, witness.url).round()
        told.log.engine.dispose()
        for path in tmp_path.glob("ledger.sqlite*"):
            path.unlink()
        (tmp_path / "ledger.sqlite").write_bytes(older)
        asking = follower(told, witness.url)
        asking.round()
    assert "an older backup" in asking.status.error


def test_only_one_process_of_a_directory_asks(told: World, settings: Settings):
    begun = []
    stops = [threading.Event(), threading.Event()]
    threads = []
    with odd(lambda _r, _n: (404, "text/plain", b"")) as nobody:
        chosen = replace(settings, witnesses=(Witness(cosigner("w"), nobody.url),), published=())
        for stop in stops:
            options = (told.log, chosen, stop, begun.append)
            threads.append(threading.Thread(target=run_alone, args=options))
            threads[-1].start()
            time.sleep(0.2)
        assert len(begun) == 1
        for stop, thread in zip(stops, threads, strict=True):
            stop.set()
            thread.join()


# Settings.


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        directory=tmp_path,
        origin="log.example",
        operator="did:web:x",
        db="ledger.sqlite",
        clock="system",
        log_key=tmp_path / "keys" / "log.pem",
        operator_key=tmp_path / "keys" / "operator.pem",
        anchor=tmp_path / "anchor",
        witnesses=(
            Witness(cosigner("w1"), "https://w1.example"),
            Witness(cosigner("w2"), "http://127.0.0.1:7380/x"),
        ),
        replayers=(cosigner("r1"),),
        published=("https://tiles.example/log", str(tmp_path / "export")),
    )


def test_witnesses_and_replayers_stand_in_the_settings(settings: Settings):
    write_settings(settings, settings.db)
    assert read_settings(settings.directory, {}) == settings


MISSPELLED = {
    "a key of the log type": "[[replayer]]\nvkey = 'x+1+AA=='",
    "a witness without a url": f"[[witness]]\nvkey = '{cosigner('w')}'",
    "no table": "witness = 'somebody'",
    "a witness twice": f"[[witness]]\nvkey = '{cosigner('w')}'\nurl = 'http://a'\n" * 2,
    "another field": f"[[replayer]]\nvkey = '{cosigner('w')}'\nname = 'r'",
    "a url of a file": f"[[witness]]\nvkey = '{cosigner('w')}'\nurl = 'file:///etc/passwd'",
}


@pytest.mark.parametrize("sentence", MISSPELLED)
def test_misspelled_settings_are_refused(settings: Settings, sentence: str):
    write_settings(settings, settings.db)
    path = settings.directory / "pinyuan.toml"
    text = path.read_text().partition("\n[[")[0]
    path.write_text(f"{text}\n{MISSPELLED[sentence]}\n")
    with pytest.raises(UsageError):
        read_settings(settings.directory, {})


@pytest.mark.parametrize(
    "url", ["ftp://w", "w.example", "https://", "http://w/?a=b", "http://w/#x"]
)
def test_a_witness_is_at_an_http_url(url: str):
    with pytest.raises(UsageError):
        parse_witness(str(cosigner("w")), url)
