"""Flip bits in every file that something is kept in; see that each flip is named, or harmless.

    python tools/bit_flips.py [--flips 200] [--seed 0]

Of each kind of file single bits are flipped at random, and the file is read by whose job it is, in
this order: opening (a ledger with its keys, a witness's or a signer's state), then full
verification (``pinyuan verify ledger`` with replay). Two of the ledgers were left by a process that
was killed, with what was committed in SQLite's WAL: there SQLite ends at the first frame whose
checksum is wrong, without a word, and what was acknowledged behind it is missed by the anchor. A flip that neither names is harmless if
everything that is read back is what it was: all rows of all tables, all receipts, the state.
What is left over, changed and not named, is printed with its place and makes the exit status 1.
"""

import argparse
import contextlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from crashes.ledger import (  # noqa: E402
    LOG_KEY,
    OPERATOR,
    OPERATOR_KEY,
    ORIGIN,
    VKEY,
    grown,
    made,
    opened,
    statement,
)  # fmt: skip
from crashes.life import Place  # noqa: E402
from crashes.lives import LIVES  # noqa: E402

from ledger.audit import verify_ledger  # noqa: E402
from ledger.cosigning.cosigner import Cosigner  # noqa: E402
from ledger.cosigning.opening import open_to_write  # noqa: E402
from ledger.errors import PinyuanError, ReadOnlyError  # noqa: E402
from ledger.files.anchor import Anchor  # noqa: E402
from ledger.files.archive import DirectoryReader, export  # noqa: E402
from ledger.settings import Settings, open_signer, read_settings, write_settings  # noqa: E402
from ledger.signer import write_key  # noqa: E402
from ledger.signer.process import guarding  # noqa: E402
from ledger.store.engine import make_engine  # noqa: E402
from ledger.store.ledger_reader import DatabaseReader  # noqa: E402
from ledger.store.reads import reading  # noqa: E402
from ledger.store.tables import metadata  # noqa: E402
from ledger.writing.opening import clock_of  # noqa: E402

LIVE, NEW = "live", "new"
OPENING, VERIFYING, HARMLESS, CHANGED = "at opening", "by verification", "harmless", "NOT NAMED"
Reader = Callable[[Path], Any]


@dataclass(slots=True)
class Figures:
    """What became of the flips in one kind of file."""

    found: Counter[str] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)

    def line(self, kind: str) -> str:
        words = ", ".join(
            f"{self.found[word]} {word}" for word in (OPENING, VERIFYING, HARMLESS, CHANGED)
        )
        return f"{kind:18} {self.found.total():6} flips: {words}"


def _ledger(folder: Path) -> Any:
    """Open a ledger's directory with its keys; return all that it answers."""
    settings = read_settings(folder, {})
    engine = make_engine(settings.database_url)
    signer = open_signer(settings, None)
    try:
        clock = clock_of(settings.clock, settings.anchor)
        log = open_to_write(settings, engine, clock=clock, signer=signer)
        if log.read_only is not None:
            raise ReadOnlyError(log.read_only)
        with reading(engine) as snapshot:
            rows = {
                table.name: snapshot.driver.rows(f"SELECT * FROM {table.name}")  # noqa: S608 - ours
                for table in metadata.sorted_tables
            }
        anchored = log.anchor.read()
        settings = read_settings(folder, {})
        return (
            rows,
            log.receipts(range(len(rows["entries"]))),
            anchored,
            settings,
            signer.operator_key().pem(None),
        )
    finally:
        signer.close()
        engine.dispose()


def _verify_ledger(folder: Path) -> None:
    with contextlib.closing(DatabaseReader(read_settings(folder, {}).database_url)) as reader:
        verify_ledger(reader, replay=True, workers=1, log_key=VKEY)


def _witness(folder: Path) -> Any:
    cosigner = LIVES["witness"]._cosigner(Place(folder, folder))  # noqa: SLF001 - one of ours
    assert isinstance(cosigner, Cosigner)
    return cosigner.held(ORIGIN)


def _signer(folder: Path) -> Any:
    with guarding(LOG_KEY, folder / "state") as guard:
        return guard.last


def _export(folder: Path) -> Any:
    return {path: path.read_bytes() for path in (folder / "exported").rglob("*") if path.is_file()}


def _verify_export(folder: Path) -> None:
    verify_ledger(DirectoryReader(folder / "exported"), replay=True, workers=1, log_key=VKEY)


def _settle(folder: Path) -> None:
    """Give a ledger its keys and its settings."""
    write_key(folder / "log.pem", LOG_KEY)
    write_key(folder / "operator.pem", OPERATOR_KEY)
    write_settings(
        Settings(
            directory=folder, origin=ORIGIN, operator=OPERATOR, db="ledger.sqlite", clock="simulated",
            log_key=folder / "log.pem", operator_key=folder / "operator.pem", anchor=folder / "anchor",
        ),
        "ledger.sqlite",
    )  # fmt: skip


def _left(place: Place, folder: Path) -> None:
    """Copy a ledger that is open as a process leaves it that is killed, its WAL full of what was committed."""
    shutil.copytree(place.folder, folder)
    (folder / "ledger.sqlite-shm").unlink()
    Anchor(folder / "anchor", VKEY).settle(again=True)
    _settle(folder)


def prepare(folder: Path) -> None:
    """Make one of each: ledgers' directories, an export, a witness's and a signer's state."""
    place = Place(folder / "open", folder)
    place.folder.mkdir()
    log = made(place)
    log.register([statement(number) for number in range(3)])
    _left(place, folder / NEW)  # nothing of it is in the database file yet
    log.engine.dispose()
    with opened(place) as log:
        for number in range(3, 12):
            log.register([statement(number)])
        _left(place, folder / LIVE)
    shutil.rmtree(place.folder)
    place = Place(folder, folder)
    made(place).engine.dispose()
    grown(place, range(12))
    _settle(folder)
    with contextlib.closing(DatabaseReader(place.database)) as reader:
        export(reader, folder / "exported")
    for name in ("witness", "signer"):
        LIVES[name].run(place, lambda *_: None)


KINDS: dict[str, tuple[str, Reader, Callable[[Path], None]]] = {
    "database": ("ledger.sqlite", _ledger, _verify_ledger),
    "live WAL": (f"{LIVE}/ledger.sqlite-wal", _ledger, _verify_ledger),
    "new ledger's WAL": (f"{NEW}/ledger.sqlite-wal", _ledger, _verify_ledger),
    "anchor": ("anchor", _ledger, _verify_ledger),
    "log key": ("log.pem", _ledger, _verify_ledger),
    "operator key": ("operator.pem", _ledger, _verify_ledger),
    "settings": ("pinyuan.toml", _ledger, _verify_ledger),
    "checkpoint": ("exported/checkpoint", _export, _verify_export),
    "checkpoints": ("exported/checkpoints", _export, _verify_export),
    "hash tile": ("exported/tile/0/*/*", _export, _verify_export),
    "entry bundle": ("exported/tile/entries/*/*", _export, _verify_export),
    "witness's state": ("seen/state/*.held", _witness, lambda _: None),
    "signer's state": ("state", _signer, lambda _: None),
}


def flip(folder: Path, kind: str, flips: int, dice: random.Random) -> Figures:
    """Flip single bits of one kind of file in place, one after the other."""
    pattern, read, verify = KINDS[kind]
    (path,) = folder.glob(pattern)
    home = path.parent if path.parent.name in (LIVE, NEW) else folder
    changing = (path, home / "anchor", *home.glob("ledger.sqlite*"))
    kept, figures = {item: item.read_bytes() for item in changing}, Figures()
    raw, before = kept[path], read(home)
    for _ in range(flips):
        bit = dice.randrange(8 * len(raw))
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        _put_back(home, kept | {path: bytes(flipped)})
        word, why = _judge(home, read, verify, before)
        figures.found[word] += 1
        if word == CHANGED:
            figures.changed.append(f"{path.name}, byte {bit // 8}, bit {bit % 8}: {why}")
    _put_back(home, kept)
    return figures


def _put_back(home: Path, files: dict[Path, bytes]) -> None:
    """Give a ledger its files again; each stays the file it was, if it is there."""
    for left in home.glob("ledger.sqlite-*"):
        left.unlink()
    for item, raw in files.items():
        item.write_bytes(raw)


def _judge(
    folder: Path, read: Reader, verify: Callable[[Path], None], before: Any
) -> tuple[str, str]:
    try:
        after = read(folder)
    except PinyuanError:
        return OPENING, ""
    except Exception as error:  # noqa: BLE001 - a fault without a sentence is one that is not named
        return CHANGED, f"{type(error).__name__}: {error}"
    try:
        verify(folder)
    except PinyuanError:
        return VERIFYING, ""
    except Exception as error:  # noqa: BLE001 - the same
        return CHANGED, f"{type(error).__name__}: {error}"
    return (HARMLESS, "") if after == before else (CHANGED, "another answer")


def main() -> int:
    """Flip and print the figures; exit 1 where an answer changed and nobody said so."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flips", type=int, default=200, help="of each kind of file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", choices=KINDS)
    options = parser.parse_args()
    began, bad = time.perf_counter(), 0
    with tempfile.TemporaryDirectory(prefix="bit-flips-") as made_at:
        folder = Path(made_at)
        prepare(folder)
        for kind in options.kind or KINDS:
            figures = flip(folder, kind, options.flips, random.Random(options.seed))
            print(figures.line(kind), flush=True)
            for said in figures.changed[:5]:
                print(f"    {said[:300]}")
            bad += len(figures.changed)
    print(f"in {time.perf_counter() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
