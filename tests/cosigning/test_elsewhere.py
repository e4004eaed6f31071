"""What others saw of a log: a word is enough to stop, a signature is proof, silence stops nobody."""

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from socket import create_server

import pytest
from cosigning.parties import honest, odd
from serving import settle
from world import BRAND, ORIGIN, World, cosigner, key_of

from api.readiness import Readiness
from api.reading.reads import Reads
from api.witnessing.witness import answer
from ledger.cosigning import asking
from ledger.cosigning.asking import Follower, Place
from ledger.cosigning.elsewhere import ContradictedError, go_on, hold
from ledger.cosigning.opening import open_to_write
from ledger.cosigning.world_time import WorldTime
from ledger.errors import CheckpointError, ReadOnlyError, SignatureError
from ledger.primitives.clock import SystemClock
from ledger.settings import Witness, read_settings
from ledger.signer import log_vkey
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.note import Note, parse_note
from ledger.tlog.witness import SIZE_TYPE

NOW_S = 1_790_000_000


@pytest.fixture
def told(world: World) -> World:
    world.party("brand", BRAND)
    return world


def signed(size: int, root: bytes, *, key: str = "log") -> Note:
    """Return a checkpoint that a copy of the log could have signed."""
    key_ = key_of(key)
    return sign_checkpoint(Checkpoint(ORIGIN, size, root), log_vkey(ORIGIN, key_), key_.sign)


def newest(world: World) -> Note:
    with reading(world.log.engine) as snapshot:
        return parse_note(snapshot.newest_checkpoint().note)


def root(world: World, size: int) -> bytes:
    with reading(world.log.engine) as snapshot:
        return world.log.publisher.tree(snapshot, size).root()


def follower(world: World, url: str) -> Follower:
    return Follower(world.log, Witness(cosigner("w"), url), now_s=lambda: NOW_S, timeout_s=2.0)


WORDS = {
    "more than there is": (409, SIZE_TYPE, b"99\n"),
    "another root of this size": (409, "text/plain", b"split view\n"),
    "another root, with the size": (409, SIZE_TYPE, b"4\n"),
    "no extension of what it holds": (422, "text/plain", b"proof\n"),
}


@pytest.mark.parametrize("word", WORDS)
def test_a_witness_that_saw_what_is_not_here_stops_registration_and_readiness_at_once(
    told: World, tmp_path: Path, word: str
):
    with odd(lambda raw, _n: (200, "text/plain", cosigned(tmp_path, told, raw))) as first:
        follower(told, first.url).round()
    told.accept(told.reading("one more"))
    old = 4 if word == "no extension of what it holds" else 6
    reply = WORDS[word] if word != "another root, with the size" else (409, SIZE_TYPE, b"6\n")
    with odd(
        lambda _raw, number: reply if number > 1 or old == 4 else (409, SIZE_TYPE, b"6\n")
    ) as w:
        asking_it = follower(told, w.url)
        asking_it.round()
    assert asking_it.status.contradicts
    kind = "BEHIND_PUBLISHED: " if word == "more than there is" else "SPLIT_VIEW: "
    assert asking_it.status.error.startswith(f"{kind}witness {cosigner('w').name}")
    assert "take it out of pinyuan.toml" in asking_it.status.error
    assert Readiness(told.folder, told.log).checks()[2].why_not == asking_it.status.error
    for attempt in (lambda: told.register(told.reading("x")), told.log.heartbeat):
        with pytest.raises(ReadOnlyError, match=kind):
            attempt()
    assert told.reopen().read_only == asking_it.status.error
    go_on(told.log)
    told.reopen()
    told.accept(told.reading("the witness was wrong"))


def cosigned(folder: Path, world: World, raw: bytes) -> bytes:
    found = answer(honest(folder / "state"), {ORIGIN: world.log.vkey}, raw)
    assert found.status_code == 200
    return bytes(found.body)


def test_where_it_is_published_is_looked_at(told: World, tmp_path: Path):
    published = tmp_path / "published"
    looking = Place(told.log, str(published))
    assert looking.round() == 1.0
    assert looking.status.error == "No such file or directory"
    published.mkdir()
    (published / "checkpoint").write_text(str(newest(told)))
    told.accept(told.reading("more here than there"))
    assert looking.round() == asking.LOOK_S
    assert (looking.status.size, looking.status.error) == (4, None)
    (published / "checkpoint").write_text(str(signed(4, bytes(32), key="another log")))
    looking.round()
    assert "signature" in looking.status.error
    assert told.log.read_only is None, "what this log did not sign says nothing"
    with odd(lambda _r, _n: (404, "text/plain", b"")) as web:
        over_http = Place(told.log, web.url)
        over_http.round()
        assert "501" in over_http.status.error
    (published / "checkpoint").write_text(str(signed(8, bytes(32))))
    looking.round()
    assert looking.status.error.startswith("BEHIND_PUBLISHED: ")
    with pytest.raises(ReadOnlyError, match="has seen size 8 of this log, here are 6"):
        told.register(told.reading("x"))
    assert told.log.anchor.read()[0].size == 8, "it is signed: the anchor remembers it as its own"
    assert told.reopen().read_only.startswith("BEHIND_PUBLISHED: the database has 6 entries, 8")


def test_a_signed_checkpoint_of_another_history_stops_whoever_hands_it_in(told: World):
    told.accept(told.reading("6"))
    reads = Reads(settle(told))
    try:
        reads_taken = reads.cosigned.take
        for note, word in (
            (signed(6, bytes(32)), "SPLIT_VIEW"),
            (signed(5, bytes(32)), "SPLIT_VIEW"),
            (signed(7, bytes(32)), "BEHIND_PUBLISHED"),
        ):
            with pytest.raises(CheckpointError, match=word):
                reads_taken(note)
            assert told.log.read_only.startswith(word)
            told.log.anchor.go_on()
        with pytest.raises(CheckpointError, match="split view"):
            reads_taken(signed(6, bytes(32), key="another log"))
        assert told.log.read_only is None
    finally:
        reads.engine.dispose()


def test_a_checkpoint_of_this_history_is_none_of_another(told: World):
    told.accept(told.reading("6"))
    for size in (2, 4, 5, 6):
        assert hold(told.log, signed(size, root(told, size)), "x").size == size
    with pytest.raises(SignatureError):
        hold(told.log, signed(4, root(told, 4), key="another log"), "x")
    with pytest.raises(ContradictedError, match=r"SPLIT_VIEW: x has seen another .* of size 4"):
        hold(told.log, signed(4, bytes(32)), "x")


def test_opening_for_writing_asks_and_whoever_is_silent_stops_nobody(
    told: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(asking, "ASK_S", 0.5)
    folder = settle(told)
    told.log.engine.dispose()
    said: list[str] = []

    def opened(*urls: str, published: tuple[str, ...] = ()) -> str | None:
        settings = replace(
            read_settings(folder, {}),
            witnesses=tuple(Witness(cosigner(f"w{i}"), url) for i, url in enumerate(urls)),
            published=published,
        )
        engine = make_engine(settings.database_url)
        options = {"clock": told.clock, "signer": told.signer, "report": said.append}
        try:
            return open_to_write(settings, engine, **options).read_only
        finally:
            engine.dispose()

    with closing(create_server(("127.0.0.1", 0))) as mute:  # it takes connections, and that is all
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        began = time.monotonic()
        assert opened(url, "http://127.0.0.1:9", published=(str(tmp_path / "nowhere"),)) is None
        assert time.monotonic() - began < 2
    assert len(said) == 3
    with odd(lambda _r, _n: (409, SIZE_TYPE, b"99\n")) as ahead:
        assert opened("http://127.0.0.1:9", ahead.url).startswith("BEHIND_PUBLISHED: witness")
    assert len(said) == 4
    assert opened().startswith("BEHIND_PUBLISHED: witness"), "it is not forgotten"


def test_of_several_witnesses_the_clock_that_is_ahead_most_counts(monkeypatch):
    set_by, frozen = [0.0], [0.0]
    begin_us = SystemClock.begin_us
    ahead_us = lambda: round((set_by[0] + frozen[0]) * 1e6)  # noqa: E731
    monkeypatch.setattr(SystemClock, "begin_us", staticmethod(lambda: begin_us() + ahead_us()))
    clock = SystemClock()
    sight = WorldTime(clock)
    world_s = lambda: round(time.time() + frozen[0])  # noqa: E731
    sight.saw("slow", world_s() - 5_000)
    assert "by slow" in clock.why_not(0), "the only one there is says that this clock is ahead"
    sight.saw("right", world_s())
    assert clock.why_not(0) is None, "another says that it is right"
    sight.saw("slow", world_s() - 5_000)
    assert clock.why_not(0) is None
    set_by[0] = 900  # somebody sets it wrong: what was seen before that confirms nothing
    for name, behind_s in (("slow", 5_000), ("right", 0), ("slow", 5_000)):
        sight.saw(name, world_s() - behind_s)
        assert "gained 900 s" in clock.why_not(0)
    set_by[0], frozen[0] = 0, 3_600  # the machine and its clocks stood still for an hour
    assert "gained 3600 s" in clock.why_not(0)
    sight.saw("slow", world_s() - 5_000)
    assert clock.why_not(0) is not None
    sight.saw("right", world_s())
    assert clock.why_not(0) is None, "time only went on"


def test_a_person_overrules_a_witness_and_no_witness_a_person(monkeypatch):
    set_by = [0.0]
    begin_us = SystemClock.begin_us
    ahead = staticmethod(lambda: begin_us() + round(set_by[0] * 1e6))
    monkeypatch.setattr(SystemClock, "begin_us", ahead)
    clock = SystemClock()
    sight = WorldTime(clock)
    sight.saw("slow", round(time.time()) - 5_000)
    assert "by slow" in clock.why_not(0)
    clock.agree(clock.begin_us(), "its operator")
    sight.saw("slow", round(time.time()) - 5_000)
    assert clock.why_not(0) is None
    set_by[0] = 700
    clock.agree(clock.begin_us(), "its operator")  # wrongly, and put right
    set_by[0] = 0
    sight.saw("right", round(time.time()))
    set_by[0] = 241
    assert "by right" in clock.why_not(0), "the wrong word allows nothing any more"


def test_time_that_the_machine_slept_went_on(monkeypatch):
    clock = SystemClock()
    begin_ns = time.time_ns()
    asleep_ns = 8 * 3_600 * 10**9
    elapsed = time.clock_gettime_ns
    monkeypatch.setattr(time, "time_ns", lambda: begin_ns + asleep_ns)
    assert clock.why_not(0) is not None, "it was set"
    monkeypatch.setattr(time, "clock_gettime_ns", lambda which: elapsed(which) + asleep_ns)
    assert clock.why_not(0) is None, "it slept"
