"""Restore and copy ledgers at random, on disk, and see that none of them forks and each goes on.

Each round makes a ledger in a directory, with a witness (over HTTP) that saw all of it, takes a
backup somewhere in its life, and then does to it what operators do: everything restored to
where it was, the database alone, a copy served beside the original, an older copy elsewhere, files
written over in place (as the image of a disk leaves them), another machine. Opening it for
writing must refuse; the documented way (``pinyuan import``, ``pinyuan db anchor``) must bring it
back, with every acknowledged statement at its place. Every signature of the log key is
noted: two roots of one size are a fork.

    python tools/restores.py --rounds 1000
    python tools/restores.py --rounds 100 --postgres
"""

import argparse
import contextlib
import io
import os
import random
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[1]))

from api.witnessing.witness import answer
from ledger.audit import verify_ledger
from ledger.cli.backup_group import backup_command, restore_command
from ledger.cli.common import opened
from ledger.cli.keep_group import db_anchor, import_command
from ledger.cose.keys import PrivateKey
from ledger.cosigning.asking import ask_once
from ledger.cosigning.cosigner import Cosigner
from ledger.cosigning.opening import open_to_write
from ledger.errors import LedgerError, PinyuanError, ReadOnlyError
from ledger.files.archive import export
from ledger.primitives.clock import SimulatedClock
from ledger.settings import Settings, Witness, read_settings, write_settings
from ledger.signer import KeySigner, log_vkey, write_key
from ledger.statements.envelope import sign_statement
from ledger.statements.fields import Names, Text
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey
from ledger.writing.log import Log, Registered
from ledger.writing.opening import create_log
from ledger.writing.publisher import require_head

START_S = 1_790_000_000
OPERATOR = "https://id.gs1.org/417/6901234507003"
LOG_KEY, OPERATOR_KEY, WITNESS_KEY = (PrivateKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))


class NotingSigner(KeySigner):
    """A signer that notes every checkpoint it signs, in whatever copy."""

    signed: list[bytes]

    def sign_log(self, message: bytes) -> bytes:
        """Note, then sign."""
        self.signed.append(message)
        return super().sign_log(message)


@dataclass
class Life:
    """One ledger, its copies, and what was said of it."""

    folder: Path
    origin: str
    witness_url: str
    dice: random.Random
    signed: list[bytes] = field(default_factory=list)
    acknowledged: dict[bytes, int] = field(default_factory=dict)
    said: int = 0
    emptied: str | None = None
    """An empty database for what is restored, on PostgreSQL."""

    @property
    def live(self) -> Path:
        """Return the directory that is served."""
        return self.folder / "live"

    def signer(self) -> NotingSigner:
        """Return the keys; whatever any copy signs is noted in one place."""
        made = NotingSigner(self.origin, LOG_KEY, OPERATOR_KEY)
        made.signed = self.signed
        return made

    def create(self, url: str | None) -> None:
        """Make the ledger's directory and database."""
        self.live.mkdir(parents=True)
        settings = self.settings(self.live, url or "ledger.sqlite")
        write_key(settings.log_key, LOG_KEY)
        write_key(settings.operator_key, OPERATOR_KEY)
        write_settings(settings, settings.db)
        log = create_log(
            make_engine(settings.database_url),
            anchor_path=settings.anchor,
            clock=SimulatedClock(START_S * 1_000_000),
            signer=self.signer(),
            operator=OPERATOR,
            names=Names(en=Text("Operator")),
        )
        log.engine.dispose()

    def settings(self, folder: Path, db: str) -> Settings:
        """Return the settings of a directory."""
        vkey = VerifierKey("restores.example/w", TYPE_COSIGNATURE, WITNESS_KEY.public.x)
        return Settings(
            directory=folder,
            origin=self.origin,
            operator=OPERATOR,
            db=db,
            clock="simulated",
            log_key=folder / "log.pem",
            operator_key=folder / "operator.pem",
            anchor=folder / "anchor",
            witnesses=(Witness(vkey, self.witness_url),),
            published=(str(self.folder / "published"),),
        )

    @contextlib.contextmanager
    def opened(self, folder: Path) -> Iterator[Log]:
        """Open a directory for writing, as a service or a command does."""
        settings = read_settings(folder, {})
        engine = make_engine(settings.database_url)
        try:
            yield open_to_write(settings, engine, clock=SimulatedClock(), signer=self.signer())
        finally:
            engine.dispose()

    def statement(self) -> bytes:
        """Return a statement nobody made before."""
        self.said += 1
        return sign_statement(
            OPERATOR_KEY,
            f"reading {self.said}".encode(),
            issuer=OPERATOR,
            subject="urn:x:1",
            issued_at=START_S,
            audience=self.origin,
            content_type="text/plain",
        )

    def register(self, log: Log, batches: int) -> None:
        """Register some statements, and remember what was acknowledged."""
        for _ in range(batches):
            raws = [self.statement() for _ in range(self.dice.randint(1, 3))]
            for raw, outcome in zip(raws, log.register(raws), strict=True):
                assert isinstance(outcome, Registered), outcome
                self.acknowledged[raw] = outcome.index

    def grow(self) -> None:
        """Go on in the live directory; now and then all that see it are told, in the end always."""
        with self.opened(self.live) as log:
            assert log.read_only is None, log.read_only
            self.register(log, self.dice.randint(1, 4))
            settings = read_settings(self.live, {})
            found = ask_once(log, settings.witnesses, ())
            assert [item.error for item in found] == [None], found
            with reading(log.engine) as snapshot:
                stored = snapshot.newest_checkpoint()
            assert stored is not None
        published = self.folder / "published"
        published.mkdir(exist_ok=True)
        (published / "checkpoint").write_text(stored.note, encoding="utf-8")

    def behind(self, folder: Path) -> bool:
        """Return whether a directory's database lacks what was acknowledged."""
        engine = make_engine(read_settings(folder, {}).database_url)
        try:
            with reading(engine) as snapshot:
                return require_head(snapshot).size <= max(self.acknowledged.values())
        finally:
            engine.dispose()

    def fork(self) -> int | None:
        """Return a size that was signed with two roots, None without."""
        roots: dict[int, bytes] = {}
        for raw in self.signed:
            with contextlib.suppress(PinyuanError, UnicodeDecodeError):
                found = parse_checkpoint(raw.decode())
                if roots.setdefault(found.size, found.root) != found.root:
                    return found.size
        return None


def over(source: Path, target: Path) -> None:
    """Write files over those that are there: the same files to the system, as an image leaves them."""
    for path in source.rglob("*"):
        if path.is_file():
            (target / path.relative_to(source)).write_bytes(path.read_bytes())
    for path in target.glob("ledger.sqlite-*"):
        if not (source / path.name).exists():
            path.unlink()


def rebuilt(life: Life, backup: Path) -> Path:
    """Restore everything to where it was."""
    shutil.rmtree(life.live)
    shutil.copytree(backup, life.live)
    return life.live


def database_only(life: Life, backup: Path) -> Path:
    """Restore the database; the anchor stays."""
    for path in life.live.glob("ledger.sqlite*"):
        path.unlink()
    for path in backup.glob("ledger.sqlite*"):
        shutil.copy2(path, life.live / path.name)
    return life.live


def image(life: Life, backup: Path) -> Path:
    """Restore a disk to an older image: nothing on it tells; those who saw the log do."""
    over(backup, life.live)
    return life.live


def image_unwitnessed(life: Life, backup: Path) -> Path:
    """Restore an image and lose the witness: the place where the log is published tells."""
    over(backup, life.live)
    text = (life.live / "pinyuan.toml").read_text()
    (life.live / "pinyuan.toml").write_text(text.replace(life.witness_url, "http://127.0.0.1:9"))
    return life.live


def from_backup(life: Life, backup: Path) -> Path:
    """Lose directory and database, and restore what pinyuan backup made, the database with it."""
    del backup
    settings = read_settings(life.live, {})
    shutil.rmtree(life.live)
    to = None if life.emptied is None else life.emptied
    said = _silently(
        lambda: restore_command(life.folder / "made", directory=life.live, to=to, workers=1)
    )
    assert read_settings(life.live, {}).witnesses == settings.witnesses, said
    return life.live


def older_elsewhere(life: Life, backup: Path) -> Path:
    """Serve a backup in another place, or on another host, while the original is there."""
    return Path(shutil.copytree(backup, life.folder / "other"))


def newest_elsewhere(life: Life, backup: Path) -> Path:
    """Serve a copy of what is served."""
    del backup
    return Path(shutil.copytree(life.live, life.folder / "other"))


def moved(life: Life, backup: Path) -> Path:
    """Move the directory to another disk: nothing is lost, and nobody but a person can know."""
    del backup
    shutil.copytree(life.live, life.folder / "moved")
    shutil.rmtree(life.live)
    return life.folder / "moved"


def another_machine(life: Life, backup: Path) -> Path:
    """Start the whole disk's copy on another machine."""
    del backup
    return life.live


Way = Callable[[Life, Path], Path]
OLDER: tuple[Way, ...] = (rebuilt, database_only, image, image_unwitnessed, older_elsewhere)
WAYS: tuple[Way, ...] = (*OLDER, newest_elsewhere, moved, another_machine, from_backup)


def _silently(function: Callable[[], object]) -> str:
    """Run a command; return what it printed, and the sentence it ended with."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            with opened:
                function()
        except LedgerError as error:
            return f"{said.getvalue()}{error}"
    return said.getvalue()


def _refused(life: Life, folder: Path) -> str | None:
    """Open what was restored and try to write; return the word it is refused with, None if not."""
    with life.opened(folder) as log:
        with reading(log.engine) as snapshot:
            before = require_head(snapshot).size
        try:
            log.register([life.statement()])
        except ReadOnlyError as error:
            word = str(error).partition(":")[0]
        else:
            return None
        with reading(log.engine) as snapshot:
            return word if require_head(snapshot).size == before else None


def _recovered(life: Life, folder: Path, exported: Path, word: str) -> str | None:
    """Bring it back as the documents say; return what went wrong, None if it goes on."""
    said = ""
    if life.behind(folder):
        said = _silently(lambda: import_command(exported, directory=folder))
    said += _silently(lambda: db_anchor(directory=folder, unasked=True))
    with life.opened(folder) as log:
        if log.read_only is not None:
            return f"{word}: {log.read_only}; {said}"
        again = log.register(list(life.acknowledged))
        places = [item.index if isinstance(item, Registered) else None for item in again]
        if places != list(life.acknowledged.values()):
            return f"{word}: a statement has another place"
        life.register(log, 1)
    with contextlib.closing(DatabaseReader(read_settings(folder, {}).database_url)) as reader:
        verify_ledger(reader, replay=True, workers=1)
    return None


@contextlib.contextmanager
def _on(machine: str | None) -> Iterator[None]:
    """Be on another machine for a while."""
    if machine is None:
        yield
        return
    with patch("ledger.files.anchor.machine", lambda: machine):
        yield


def _database(server: str, template: str | None = None) -> str:
    """Make a database, as a copy of another one; return its URL."""
    import psycopg

    name = f"restores_{secrets.token_hex(6)}"
    copy = "" if template is None else f" TEMPLATE {_name(template)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{copy}".encode())
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def _drop(server: str, url: str) -> None:
    """Drop a database."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {_name(url)} WITH (FORCE)".encode())


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def back_up(life: Life, server: str | None) -> None:
    """Take a backup with the command, and make an empty database for what it will be restored to."""
    made = life.folder / "made"
    said = _silently(lambda: backup_command(made, directory=life.live, with_keys=True, workers=1))
    assert made.is_dir(), said
    life.emptied = None if server is None else _database(server)


def live_through(
    root: Path, seed: int, way: Way, witness_url: str, server: str | None
) -> tuple[str, str | None]:
    """Live one ledger through; return the word that refused it, and what went wrong, None if nothing."""
    folder = root / f"{seed}"
    life = Life(folder, f"restores.example/{seed}", witness_url, random.Random(seed))
    url = None if server is None else _database(server)
    life.create(url)
    for _ in range(life.dice.randint(1, 2)):
        life.grow()
    backup = Path(shutil.copytree(life.live, folder / "backup"))
    if way is from_backup:
        back_up(life, server)
    older = None if server is None else _database(server, url)
    for _ in range(life.dice.randint(1, 2)):
        life.grow()
    with contextlib.closing(DatabaseReader(read_settings(life.live, {}).database_url)) as reader:
        export(reader, folder / "exported")
    restored = way(life, backup)
    if older is not None and way in OLDER:
        write_settings(replace(read_settings(restored, {}), db=older), older)
    with _on("another" if way is another_machine else None):
        word = _refused(life, restored)
        if word is None:
            return "", "it went on"
        wrong = _recovered(life, restored, folder / "exported", word)
    if wrong is None and server is None and way in (older_elsewhere, newest_elsewhere):
        with life.opened(restored):
            pass  # all who see it are told
        if _refused(life, life.live) is None:
            wrong = "the original went on beside its copy"
    if (size := life.fork()) is not None:
        wrong = f"two roots of size {size} were signed"
    shutil.rmtree(folder)
    for made in filter(None, (url, older, life.emptied)):
        _drop(server or "", made)
    return word, wrong


class Logs(dict[str, VerifierKey]):
    """Every log that is named has the one key."""

    def get(self, origin: str, default: object = None) -> VerifierKey:
        """Return the key."""
        del default
        return log_vkey(origin, LOG_KEY)


@contextlib.contextmanager
def witnessed(folder: Path) -> Iterator[str]:
    """Run a witness; give its URL."""
    vkey = VerifierKey("restores.example/w", TYPE_COSIGNATURE, WITNESS_KEY.public.x)
    cosigner = Cosigner(folder, vkey, WITNESS_KEY.sign, lambda: int(time.time()))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            found = answer(cosigner, Logs(), raw)
            self.send_response(found.status_code)
            self.send_header("Content-Type", found.headers["content-type"])
            self.end_headers()
            self.wfile.write(bytes(found.body))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def live_many(seeds: list[int], server: str | None) -> Counter[tuple[str, str, str | None]]:
    """Live many through; count them by way, word and what went wrong."""
    found: Counter[tuple[str, str, str | None]] = Counter()
    with (
        tempfile.TemporaryDirectory(prefix="restores-") as root,
        witnessed(Path(root) / "witness") as url,
    ):
        for seed in seeds:
            way = WAYS[seed % len(WAYS)]
            try:
                word, wrong = live_through(Path(root), seed, way, url, server)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                word, wrong = "", f"seed {seed}: {type(error).__name__}: {error}"
            found[way.__name__, word, wrong] += 1
    return found


def main() -> int:
    """Run and print the figures; exit 1 where one went on or did not come back."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--postgres", nargs="?", const="", help="on PostgreSQL: a server's URL, else one from PyPI"
    )
    options = parser.parse_args()
    began = time.perf_counter()
    seeds = range(options.seed, options.seed + options.rounds)
    shares = [list(seeds[part :: options.processes]) for part in range(options.processes)]
    found: Counter[tuple[str, str, str | None]] = Counter()
    with contextlib.ExitStack() as stack:
        server = None
        if options.postgres is not None:
            from bench_common import postgres

            server = stack.enter_context(postgres(options.postgres or None))
        pool = stack.enter_context(ProcessPoolExecutor(options.processes))
        for part in pool.map(live_many, shares, [server] * len(shares)):
            found += part
        for (way, word, wrong), count in sorted(found.items(), key=str):
            print(f"{count:6d} {way:18} {word or 'NOT REFUSED':18} {wrong or 'recovered'}")
        bad = sum(count for (_, word, wrong), count in found.items() if not word or wrong)
        print(
            f"{found.total()} restored or copied, {bad} of them wrong, {time.perf_counter() - began:.0f} s"
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
