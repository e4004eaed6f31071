"""Backups: taken while the ledger is written, killed, bent, put back on either database."""

import json
import random
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, new_database
from cosigning.parties import start, until
from serving import settle
from world import BRAND, World, cosigner
from writing.test_foreign import RECEIPTS, foreign

from ledger.audit.backups import verify_backup
from ledger.cose.cbor import encode
from ledger.errors import AuditError, ReadOnlyError, StorageError, UsageError
from ledger.files.backup import BackupReader
from ledger.files.sums import SUMS, write_sums
from ledger.settings import read_settings
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.store.tables import metadata
from ledger.writing import backup as backing
from ledger.writing import restore as restoring
from ledger.writing.backup import BackedUp, back_up
from ledger.writing.opening import open_log
from ledger.writing.put_back import MARK, put_back, settings_in

NOW_US = 1_800_000_000_000_000


def backed_up(world: World, folder: Path, **options: object) -> BackedUp:
    home = world.folder if (world.folder / "pinyuan.toml").exists() else settle(world)
    settings = read_settings(home, {})
    return back_up(world.log, settings, folder, now_us=NOW_US, workers=1, **options)


def put(backup: Path, home: Path, url: str) -> str | None:
    """Put a backup back into a database, beside a directory of its own."""
    engine = make_engine(url)
    try:
        settings = settings_in(backup, home)
        return put_back(backup, settings, engine, db=url)
    finally:
        engine.dispose()


@pytest.fixture
def other(request: pytest.FixtureRequest, told: World, tmp_path: Path) -> str:
    """Return an empty database of the kind that the ledger is not in."""
    if told.url.startswith("sqlite"):
        return new_database(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / 'other.sqlite'}"


def rows_of(url: str) -> dict[str, list[tuple]]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [
                tuple(row)
                for row in connection.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for table in metadata.tables.values()
        }
    engine.dispose()
    return found


@pytest.fixture
def filled(told: World) -> World:
    """Return the ledger with receipts of other logs, and cosignatures of two sizes."""
    told.accept(foreign(told, unprotected={394: RECEIPTS}))
    told.cosign("r1", "w1")
    told.accept(told.reading("later"))
    told.cosign("r1")
    return told


def test_every_row_comes_back_on_the_other_database(filled: World, other: str, tmp_path: Path):
    settings = read_settings(settle(filled, replayers=(cosigner("r1"), cosigner("w1"))), {})
    back_up(filled.log, settings, tmp_path / "backup", now_us=NOW_US, workers=1)
    why = put(tmp_path / "backup", tmp_path / "home", other)
    assert why is not None
    assert why.startswith("COPIED: ")
    before, after = rows_of(filled.url), rows_of(other)
    for rows in (before, after):
        rows.pop("search")  # written behind the commits
    assert len(before["cosignatures"]) == 3
    assert len(before["attached"]) == 1
    assert after == before


def test_it_is_taken_while_the_ledger_is_written(told: World, other: str, tmp_path: Path):
    folder = settle(told)
    told.log.engine.dispose()
    said = tmp_path / "said"
    with said.open("wb") as out:
        words = [told.url, folder / "anchor", "w", "0", "3"]
        writer = subprocess.Popen(
            [sys.executable, ROOT / "tests/writing/appender.py", *words],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": ""},
            stdin=subprocess.DEVNULL,
            stdout=out,
        )

    def acknowledged() -> int:
        lines = said.read_text().splitlines()[:-1]  # the last may be half
        return int(lines[-1].split()[0]) if len(lines) > 1 else 0

    sizes, before = [], 0
    try:
        for number in range(6):
            until(lambda: acknowledged() > before + 30)  # noqa: B023 - asked at once
            before = acknowledged()
            made = backed_up(told, tmp_path / f"{number}")
            assert verify_backup(tmp_path / f"{number}", workers=1) == made.report
            assert made.report.size > before, "what was acknowledged before is in it"
            sizes.append(made.report.size)
    finally:
        writer.kill()
        writer.wait(20)
    assert sizes == sorted(set(sizes))
    put(tmp_path / "5", tmp_path / "home", other)
    engines = [make_engine(url) for url in (told.url, other)]
    leaves = []
    for engine in engines:
        with reading(engine) as snapshot:
            leaves.append(snapshot.leaf_range(0, sizes[-1]))
        engine.dispose()
    assert leaves[0] == leaves[1]
    assert len(leaves[1]) == sizes[-1]


def test_a_batch_that_is_committed_and_not_signed_yet_is_left_to_the_next(
    told: World, tmp_path: Path, crash_at: Callable[[World, str], list[bytes]]
):
    crash_at(told, "store")
    assert told.length() == 9
    assert backed_up(told, tmp_path / "backup").report.size == 6


def killed(words: list[object], dice: random.Random, longest_s: float) -> bool:
    """Run a command and kill it at some moment; return whether it ended before that."""
    process = start(*words)
    try:
        process.wait(dice.uniform(0.3, longest_s))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate(timeout=20)
        return False
    assert process.returncode == 0, process.communicate()
    process.communicate()
    return True


def test_a_backup_that_is_killed_leaves_nothing_that_passes_for_one(told: World, tmp_path: Path):
    home = settle(told)
    told.register(*(told.reading(f"{number}") for number in range(600)))
    dice, within_s, broken_off = random.Random(), 2.5, 0
    for number in range(12):
        folder = tmp_path / "made" / f"{number}"
        folder.parent.mkdir(exist_ok=True)
        if killed(["backup", folder, "--dir", home], dice, within_s) or folder.exists():
            verify_backup(folder, workers=1)
            within_s /= 2  # a quick machine is met earlier
            continue
        left = folder.with_name(f".{number}.partial")
        if left.exists() and not (left / SUMS).exists():  # else only its name is missing
            with pytest.raises(AuditError, match="SHA256SUMS: file: it is missing"):
                verify_backup(left, workers=1)
        assert backed_up(told, folder).report.size == told.length()
        assert not left.exists()
        broken_off += 1
        if broken_off == 3:
            return
    assert broken_off, "none was killed"


def test_a_restore_that_is_killed_is_done_again_and_nothing_is_written_meanwhile(
    told: World, tmp_path: Path, other: str, monkeypatch: pytest.MonkeyPatch
):
    told.register(*(told.reading(f"{number}") for number in range(300)))
    told.register(*(told.reading(f"again {number}") for number in range(300)))
    backed_up(told, tmp_path / "backup", with_keys=True)
    home = tmp_path / "home"
    monkeypatch.setattr(restoring, "CHUNK", 64)

    class Pulled(Exception):  # noqa: N818 - the plug is
        pass

    def pulled(done: int) -> None:
        assert done
        raise Pulled

    engine = make_engine(other)
    settings = settings_in(tmp_path / "backup", home)
    with pytest.raises(Pulled):
        put_back(tmp_path / "backup", settings, engine, db=other, progress=pulled)
    assert not (home / "pinyuan.toml").exists()
    half = open_log(engine, anchor_path=settings.anchor, clock=told.clock, signer=told.signer)
    with pytest.raises(ReadOnlyError, match="BEHIND_PUBLISHED"):
        half.register([told.reading("a fork")])
    assert put_back(tmp_path / "backup", settings, engine, db=other).startswith("COPIED")
    assert not (home / MARK).exists()
    with reading(engine) as snapshot:
        assert snapshot.head().size == told.length()
    with pytest.raises(
        UsageError, match=r"there is a ledger of 6.. entries in .*: nothing was changed"
    ):
        put_back(tmp_path / "backup", settings, engine, db=other)
    engine.dispose()


def test_what_the_directory_has_already_stays(told: World, other: str, tmp_path: Path):
    """The database alone is lost: the anchor that is there knows what was published since."""
    backed_up(told, tmp_path / "backup", with_keys=True)
    told.accept(told.reading("since"))
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy2(told.anchor().path, home / "anchor")
    (home / "log.pem").write_text("its own")
    assert put(tmp_path / "backup", home, other).startswith("BEHIND_PUBLISHED: the database has 6")
    assert (home / "log.pem").read_text() == "its own"
    assert (home / "operator.pem").read_bytes() == (told.folder / "operator.pem").read_bytes()


def test_keys_are_in_it_only_where_they_are_asked_for(told: World, tmp_path: Path):
    backed_up(told, tmp_path / "without")
    backed_up(told, tmp_path / "with", with_keys=True)
    found = {path.name for path in (tmp_path / "without").rglob("*.pem")}
    assert found == set()
    for name in ("log.pem", "operator.pem"):
        kept = tmp_path / "with" / "keys" / name
        assert kept.read_bytes() == (told.folder / name).read_bytes()
        assert kept.stat().st_mode & 0o777 == 0o600
    secret = (told.folder / "log.pem").read_bytes().splitlines()[1]
    assert not any(
        secret in path.read_bytes() for path in (tmp_path / "without").rglob("*") if path.is_file()
    )
    assert (tmp_path / "with").stat().st_mode & 0o777 == 0o700


def test_a_ledger_that_is_not_the_published_one_is_not_backed_up(
    told: World, backup: Callable[[World], str], tmp_path: Path
):
    old = backup(told)
    told.accept(told.reading("published"))
    told.url = old
    told.reopen()
    with pytest.raises(ReadOnlyError, match="BEHIND_PUBLISHED"):
        backed_up(told, tmp_path / "backup")
    assert list(tmp_path.glob("*backup*.partial")) == []


def test_a_disk_that_refuses_leaves_nothing(
    told: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backing, "write_sums", full)
    with pytest.raises(StorageError, match=r"backup .*: No space left on device"):
        backed_up(told, tmp_path / "backup")
    assert [path.name for path in tmp_path.glob("*backup*")] == []


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup with every kind of file in it."""
    folder = tmp_path_factory.mktemp("sound")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.party("brand", BRAND)
    world.register(*(world.reading(f"{number}") for number in range(280)))
    world.accept(foreign(world, unprotected={394: RECEIPTS}))
    world.cosign("r1")
    world.accept(world.reading("later"))
    backed_up(
        world, folder / "backup", with_keys=True, trust=f"log {world.log.vkey}\nquorum none\n"
    )
    world.log.engine.dispose()
    return folder / "backup"


def names_of(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_every_kind_of_file_is_in_a_backup(sound: Path):
    assert {name.partition("/")[0] for name in names_of(sound)} == {
        SUMS,
        "attached",
        "backup.json",
        "cosigned",
        "keys",
        "log",
        "pinyuan.toml",
        "trust.txt",
    }
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", SUMS],
        cwd=sound,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_flipped_bit_anywhere_is_refused_and_named(sound: Path, tmp_path: Path):
    folder, dice = Path(shutil.copytree(sound, tmp_path / "bent")), random.Random(12)
    for name in names_of(folder):
        path, raw = folder / name, (folder / name).read_bytes()
        for _ in range(4):
            bent = bytearray(raw)
            bent[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
            path.write_bytes(bent)
            with pytest.raises(AuditError) as said:
                verify_backup(folder, workers=1)
            if name != SUMS:
                assert str(said.value).startswith(f"{name}: "), said.value
        path.write_bytes(raw)
    verify_backup(folder, workers=1)


def test_a_flipped_bit_in_the_sums_is_found_wherever_it_is(sound: Path, tmp_path: Path):
    folder = Path(shutil.copytree(sound, tmp_path / "bent"))
    raw = (folder / SUMS).read_bytes()
    for at in range(0, 8 * len(raw), 7):
        bent = bytearray(raw)
        bent[at // 8] ^= 1 << at % 8
        (folder / SUMS).write_bytes(bent)
        with pytest.raises(AuditError):
            verify_backup(folder, workers=1)


def test_a_file_too_many_or_too_few_is_named(sound: Path, tmp_path: Path):
    folder = Path(shutil.copytree(sound, tmp_path / "bent"))
    (folder / "log" / "tile" / "more").write_text("x")
    with pytest.raises(AuditError, match=r"log/tile/more: file: it is not in SHA256SUMS"):
        verify_backup(folder)
    (folder / "log" / "tile" / "more").unlink()
    (folder / "log" / "tile" / "more").symlink_to(folder / SUMS)
    with pytest.raises(AuditError, match=r"log/tile/more: file: neither a file nor a directory"):
        verify_backup(folder)
    (folder / "log" / "tile" / "more").unlink()
    (folder / "attached").unlink()
    with pytest.raises(AuditError, match=r"attached: file: it is missing"):
        verify_backup(folder)
    with pytest.raises(StorageError, match="no such directory"):
        verify_backup(tmp_path / "nowhere")


def test_sums_made_anew_over_an_edited_log_hide_nothing(sound: Path, tmp_path: Path):
    """Whoever can write sums cannot sign: the log in it is held against its key."""
    folder = Path(shutil.copytree(sound, tmp_path / "bent"))
    path = folder / "log" / "tile" / "entries" / "001.p"
    (bundle,) = path.iterdir()
    raw = bytearray(bundle.read_bytes())
    raw[20] ^= 1
    bundle.write_bytes(raw)
    backing.write_sums(folder)
    with pytest.raises(AuditError, match=r"entry \d+|entries"):
        verify_backup(folder, workers=1)
    assert BackupReader(folder).size() > 256


def resummed(folder: Path, name: str, raw: bytes) -> None:
    """Replace a file's bytes, and make the sums anew, as whoever bends a backup would."""
    (folder / name).write_bytes(raw)
    (folder / SUMS).unlink()
    write_sums(folder)


def line(index: object, receipts: bytes) -> bytes:
    row = {"index": index, "receipts": b64encode(receipts).decode()}
    return json.dumps(row).encode() + b"\n"


BENT = {
    "attached": (
        b"{}\n",
        line(5, b"\xff"),
        line(5, encode(7)),
        line(5, encode(["a text"])),
        line(5, encode([b"whole"]) + b"\x00"),
        line("5", encode([b"whole"])),
        line(5, encode([b"twice"])) * 2,
        line(1_000_000, encode([b"nowhere"])),
    ),
    "cosigned": (b"\x00", b"\x00\x01x"),
    "backup.json": (b"[]", b"{}"),
    "pinyuan.toml": (b"origin = 7\n", b""),
    "trust.txt": (b"log nobody\n", b"quorum none\n"),
    "keys/log.pem": (b"", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"),
    "keys/operator.pem": (
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    ),
}
"""File of a backup -> bytes that are none of its form, beside those that no file may be."""


def test_every_kind_of_content_is_read_as_it_is_read_back_later(filled: World, tmp_path: Path):
    """Sums that were made anew prove nothing: what is malformed is refused by name."""
    trust = f"log {filled.log.vkey}\nquorum none\n"
    backed_up(filled, tmp_path / "sound", with_keys=True, trust=trust)
    names = [name for name in names_of(tmp_path / "sound") if name != SUMS]
    assert BENT.keys() <= set(names)
    for name in names:
        for number, raw in enumerate((b"\xff\x00 no form has this", *BENT.get(name, ()))):
            bent = tmp_path / "bent"
            shutil.copytree(tmp_path / "sound", bent)
            resummed(bent, name, raw)
            with pytest.raises(AuditError) as error:
                verify_backup(bent, workers=1)
            assert error.value.where in name.removeprefix("log/"), (name, number, error.value)
            shutil.rmtree(bent)


@pytest.mark.parametrize(
    ("field", "value"),
    [("last_seal", "2001-01-01T00:00:00Z"), ("keys", True), ("made", 7), ("size", "9")],
)
def test_what_a_backup_says_of_itself_is_held_against_what_is_in_it(
    filled: World, tmp_path: Path, field: str, value: object
):
    backed_up(filled, tmp_path / "backup")
    about = json.loads((tmp_path / "backup" / "backup.json").read_text())
    resummed(tmp_path / "backup", "backup.json", json.dumps(about | {field: value}).encode())
    with pytest.raises(AuditError, match=rf"^backup\.json: {field}: "):
        verify_backup(tmp_path / "backup", workers=1)
