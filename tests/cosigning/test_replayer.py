"""A replayer: re-derives what is new, cosigns it, catches the operator, and blames nobody else."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from audit.ledgers import export_of
from cosigning.parties import honest
from evidence.bundles import admitted
from world import BRAND, ORIGIN, TRADER, World, key_of

from ledger.cosigning.replayer import REFRESH_S, DirectorySource, FraudError, Replayer
from ledger.errors import CannotVerifyError, MalformedError, StorageError, VerificationError
from ledger.evidence.fraud import verify_fraud
from ledger.histories.history import history_key
from ledger.primitives import ijson
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.signer import log_vkey
from ledger.tlog.checkpoint import verify_cosignature
from ledger.tlog.tiles import tile_path
from ledger.tlog.trust import parse_trust
from ledger.writing.batch import Growth

LOG_KEY = log_vkey(ORIGIN, key_of("log"))
NOW_S = 1_790_000_000
TRUST = parse_trust(f"log {LOG_KEY}\nquorum none")


class Published:
    """What a world published last, as a source that counts what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        self.asked: list[str] = []
        self.at = folder

    def publish(self, world: World) -> "Published":
        self.number += 1
        self.at = export_of(world.url, self.folder / f"export {self.number}")
        return self

    def get(self, path: str) -> bytes | None:
        self.asked.append(path)
        return DirectorySource(self.at).get(path)


@pytest.fixture
def published(tmp_path: Path) -> Published:
    return Published(tmp_path)


@pytest.fixture
def told(world: World) -> World:
    world.party("brand", BRAND)
    world.register(*(world.reading(f"{i}") for i in range(300)))
    return world


def replayer(tmp_path: Path, source: object, **more: object) -> Replayer:
    state = tmp_path / "replayer"
    cosigner = honest(state, "r", more.pop("now_s", lambda: NOW_S))
    return Replayer(source, state, cosigner, LOG_KEY, **more)


def cosigner_of(note) -> int | None:
    from world import cosigner

    return verify_cosignature(note, cosigner("r"))


def test_it_cosigns_what_it_re_derived_and_asks_only_for_what_is_new(
    told: World, published: Published, tmp_path: Path
):
    replaying = replayer(tmp_path, published.publish(told))
    first = replaying.round(NOW_S)
    assert first.size == 305
    assert cosigner_of(first.note) == NOW_S
    assert published.asked == ["checkpoint", tile_path(None, 0), tile_path(None, 1, 49)]
    for number in range(3):
        told.register(*(told.reading(f"more {number} {i}") for i in range(10)))
        published.publish(told).asked.clear()
        again = replaying.round(NOW_S)
        assert again.size == 305 + 11 * (number + 1)
        assert cosigner_of(again.note) == NOW_S
        assert published.asked == ["checkpoint", tile_path(None, 1, again.size - 256)]
    mirrored = sorted(p.name for p in tmp_path.rglob("replayer/*/tile/entries/*") if p.is_file())
    assert mirrored == ["000"]
    assert len(list(tmp_path.rglob("replayer/*/tile/entries/001.p/*"))) == 1


def test_nothing_new_is_not_cosigned_again_before_it_is_old(
    told: World, published: Published, tmp_path: Path
):
    clock = [NOW_S]
    replaying = replayer(tmp_path, published.publish(told), now_s=lambda: clock[0])
    assert replaying.round(NOW_S).note is not None
    assert replaying.round(NOW_S + REFRESH_S - 1).note is None
    clock[0] += REFRESH_S
    renewed = replaying.round(clock[0]).note
    assert cosigner_of(renewed) == NOW_S + REFRESH_S


def test_started_again_it_derives_from_its_mirror(
    told: World, published: Published, tmp_path: Path
):
    replayer(tmp_path, published.publish(told)).round(NOW_S)
    published.asked.clear()
    replaying = replayer(tmp_path, published)
    assert published.asked == []
    assert replaying.mirror.size() == 305
    told.accept(told.reading("more"))
    assert replaying.round(NOW_S).size == 305
    published.publish(told).asked.clear()
    assert replaying.round(NOW_S).size == 307
    assert published.asked == ["checkpoint", tile_path(None, 1, 51)]


@pytest.mark.parametrize("what", ["a bundle is gone", "a bundle is altered", "the note is gone"])
def test_a_damaged_mirror_is_fetched_again(
    told: World, published: Published, tmp_path: Path, what: str
):
    replayer(tmp_path, published.publish(told)).round(NOW_S)
    (mirror,) = (path for path in (tmp_path / "replayer").iterdir() if path.is_dir())
    bundle = mirror / tile_path(None, 0)
    if what == "a bundle is gone":
        bundle.unlink()
    elif what == "a bundle is altered":
        raw = bundle.read_bytes()
        bundle.write_bytes(raw[:100] + bytes([raw[100] ^ 1]) + raw[101:])
    else:
        (mirror / "checkpoint").unlink()
    replaying = replayer(tmp_path, published)
    assert replaying.mirror.size() == 0
    assert replaying.round(NOW_S).size == 305


def damaged(change: Callable[[Path], None]) -> Callable[[Published], None]:
    def apply(published: Published) -> None:
        copy = published.at.with_name("damaged")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(published.at, copy)
        change(copy)
        published.at = copy

    return apply


def flip(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        raw = (folder / name).read_bytes()
        at = len(raw) - 10
        (folder / name).write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])

    return change


NEWEST = tile_path(None, 1, 51)
FAULTS = {
    "an entry is altered": flip(NEWEST),
    "the bundle is missing": lambda folder: (folder / NEWEST).unlink(),
    "the bundle is cut short": lambda folder: (folder / NEWEST).write_bytes(b"\0\5abc"),
    "the checkpoint is missing": lambda folder: (folder / "checkpoint").unlink(),
    "the checkpoint's signature is altered": flip("checkpoint"),
    "the checkpoint is no note": lambda folder: (folder / "checkpoint").write_bytes(b"\xff"),
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_source_that_has_not_what_the_log_signed_is_nobodys_fraud(
    told: World, published: Published, tmp_path: Path, sentence: str
):
    replaying = replayer(tmp_path, published.publish(told))
    replaying.round(NOW_S)
    told.accept(told.reading("more"))
    published.publish(told)
    whole = published.at
    damaged(FAULTS[sentence])(published)
    with pytest.raises(StorageError):
        replaying.round(NOW_S)
    assert not replaying.fraud.exists()
    published.at = whole
    assert replaying.round(NOW_S).size == 307


def test_a_source_that_is_behind_is_waited_for(told: World, published: Published, tmp_path: Path):
    older = published.publish(told).at
    told.accept(told.reading("more"))
    replaying = replayer(tmp_path, published.publish(told))
    replaying.round(NOW_S)
    published.at = older
    with pytest.raises(StorageError, match="older"):
        replaying.round(NOW_S)


def caught(replaying: Replayer, tmp_path: Path, published: Published) -> bytes:
    """Let a replayer catch the operator; it never cosigns again. Return what it wrote."""
    before = replaying._cosigner.held(ORIGIN)
    with pytest.raises(FraudError) as first:
        replaying.round(NOW_S)
    assert first.value.path == replaying.fraud
    assert replaying._cosigner.held(ORIGIN) == before
    with pytest.raises(FraudError, match="never cosigned again"):
        replayer(tmp_path, published)
    return replaying.fraud.read_bytes()


def test_a_statement_admitted_against_the_rules_is_proven_to_anybody(
    told: World, published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    replaying = replayer(tmp_path, published.publish(told))
    replaying.round(NOW_S)
    admitted(told, monkeypatch, told.reading("by a stranger", issuer=TRADER))
    raw = caught(replaying, tmp_path, published.publish(told))
    proven = verify_fraud(raw, TRUST)
    assert proven.kind == "rule"
    assert "issuer-not-owner" in proven.says


@pytest.fixture
def forked(tmp_path: Path) -> Iterator[World]:
    """Return a second history under the same key."""
    (tmp_path / "fork").mkdir()
    made = World(tmp_path / "fork", f"sqlite:///{tmp_path / 'fork' / 'ledger.sqlite'}")
    made.party("brand", BRAND)
    yield made
    made.log.engine.dispose()


@pytest.mark.parametrize("more", [0, 10])
def test_a_second_history_is_proven_to_anybody(
    told: World, forked: World, published: Published, tmp_path: Path, more: int
):
    replaying = replayer(tmp_path, published.publish(told))
    replaying.round(NOW_S)
    forked.register(*(forked.reading(f"other {i}") for i in range(300 + more)))
    raw = caught(replaying, tmp_path, published.publish(forked))
    assert verify_fraud(raw, TRUST).kind == "fork"


@pytest.mark.parametrize("more", [0, 10])
def test_a_replayer_that_lost_its_mirror_still_knows_what_it_cosigned(
    told: World, forked: World, published: Published, tmp_path: Path, more: int
):
    """The operator damages nothing here: the disk does, just before a second history comes."""
    replayer(tmp_path, published.publish(told)).round(NOW_S)
    for path in (tmp_path / "replayer").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    forked.register(*(forked.reading(f"other {i}") for i in range(300 + more)))
    replaying = replayer(tmp_path, published.publish(forked))
    raw = caught(replaying, tmp_path, published)
    assert verify_fraud(raw, TRUST).kind == "fork"


def test_a_replayer_that_lost_its_mirror_does_not_go_back(
    told: World, published: Published, tmp_path: Path
):
    older = published.publish(told).at
    told.accept(told.reading("more"))
    replayer(tmp_path, published.publish(told)).round(NOW_S)
    for path in (tmp_path / "replayer").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    published.at = older
    with pytest.raises(StorageError, match="307 was cosigned before"):
        replayer(tmp_path, published).round(NOW_S)


def test_what_only_a_replay_finds_is_the_replayers_word(
    told: World, published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    replaying = replayer(tmp_path, published.publish(told))
    replaying.round(NOW_S)
    admitted(told, monkeypatch, told.reading("much too early", age_s=-86_400))
    word = ijson.decode(caught(replaying, tmp_path, published.publish(told)).rstrip())
    assert "issued-ahead" in word["replay"]
    assert word["where"] == "entry 305"
    with pytest.raises(MalformedError, match="not of a kind"):
        verify_fraud(replaying.fraud.read_bytes(), TRUST)


def test_an_entry_left_out_of_the_index_is_found(
    told: World, published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    replaying = replayer(tmp_path, published.publish(told))
    replaying.round(NOW_S)
    index_into = Growth.index_into

    def without(growth: Growth, tree: object) -> bytes:
        growth.histories.pop(history_key("generic", "urn:x:hidden"), None)
        return index_into(growth, tree)

    with monkeypatch.context() as lying:
        lying.setattr(Growth, "index_into", without)
        told.accept(told.reading("nobody shall see this", subject="urn:x:hidden"))
    word = ijson.decode(caught(replaying, tmp_path, published.publish(told)).rstrip())
    assert (word["where"], word["field"]) == ("entry 306", "seal.index_root")


def test_rules_of_a_later_release_are_no_fraud(
    told: World, published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    replaying = replayer(tmp_path, published.publish(told))
    replaying.round(NOW_S)
    later = {"version": 2, "digest": "ab" * 32}
    with monkeypatch.context() as newer:
        newer.setitem(PUBLISHED, 2, "ab" * 32)
        told.accept(told.statement("rules", {"rules": later, "witnesses": []}))
    published.publish(told)
    with pytest.raises(CannotVerifyError, match="use a newer one"):
        replaying.round(NOW_S)
    assert not replaying.fraud.exists()


def test_rules_that_are_in_force_already_are_no_later_releases(
    told: World, published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    replaying = replayer(tmp_path, published.publish(told))
    replaying.round(NOW_S)
    again = {"version": CURRENT, "digest": PUBLISHED[CURRENT]}
    admitted(told, monkeypatch, told.statement("rules", {"rules": again, "witnesses": []}))
    raw = caught(replaying, tmp_path, published.publish(told))
    assert "rules-version" in verify_fraud(raw, TRUST).says


def test_another_genesis_than_the_trust_files_is_not_cosigned(
    told: World, published: Published, tmp_path: Path
):
    replaying = replayer(tmp_path, published.publish(told), genesis=bytes(32))
    with pytest.raises(VerificationError, match="genesis"):
        replaying.round(NOW_S)
    assert replaying._cosigner.held(ORIGIN) is None


def test_who_dates_a_seal_back_is_caught_by_whoever_saw_the_log_without_it(
    told: World, published: Published, tmp_path: Path
):
    late_s = told.now_s + 20 * 86_400
    replaying = replayer(tmp_path, published.publish(told), now_s=lambda: late_s)
    replaying.round(late_s)
    told.accept(told.reading("behind everybody's back"))
    published.publish(told)
    with pytest.raises(FraudError, match="dated before size 305 was cosigned") as caught:
        replaying.round(late_s + 600)
    from world import cosigner

    trust = parse_trust(f"log {LOG_KEY}\nquorum none\nreplayer r {cosigner('r')}\n")
    found = verify_fraud(caught.value.path.read_bytes(), trust)
    assert found.kind == "backdated"


def test_what_is_sealed_while_it_replays_is_not_dated_back(
    told: World, published: Published, tmp_path: Path
):
    """A cosignature says when the checkpoint was seen, not when its replay was done."""
    clock = [told.now_s]
    replaying = replayer(tmp_path, published.publish(told), now_s=lambda: clock[0] + 7200)
    assert cosigner_of(replaying.round(clock[0]).note) == clock[0]
    told.accept(told.reading("meanwhile"))
    published.publish(told)
    assert replaying.round(clock[0] + 7300).size == 307
