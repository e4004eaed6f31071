"""Settings: one file in the ledger's directory, and the environment over it.

::

    <directory>/pinyuan.toml    written by init
    PINYUAN_DIR                 the directory, instead of ./pinyuan-ledger
    PINYUAN_DB                  the database URL, instead of the file's
    PINYUAN_DB_FILE             the file that holds it, where the environment is no place for it
    PINYUAN_PASSPHRASE          opens encrypted key files
    PINYUAN_PASSPHRASE_FILE     the file that holds it

    log_key = "keys/log.pem"    or "socket:<path>": the key is in a process of pinyuan signer

    [[witness]]                 asked to cosign every checkpoint
    vkey = "witness.example/w+..."
    url = "https://witness.example"

    [[replayer]]                may hand cosignatures in
    vkey = "replayer.example/r+..."

    mirror = "https://..."      instead of the two keys: a mirror of the log served there, or of an
                                export; it can be read, and followed, never written

    [[published]]               where the log is published: asked before and while it is written
    at = "https://tiles.example"    or a directory, such as an export that is renewed

    [reads]                     what takes long to answer; whole numbers
    processes = 2               that answer it, for each serving process
    client_per_minute_s = 15    seconds of processor time that a client may use
    client_burst_s = 20         and at once, after it was quiet
"""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ledger.errors import MalformedError, ReadOnlyError, StorageError, UsageError
from ledger.files.archive import CHECKPOINT
from ledger.files.backup import ABOUT, LOG
from ledger.primitives.durable import replace_file
from ledger.signer import KeySigner, Signer, read_key
from ledger.signer.client import SocketSigner
from ledger.texts import cause, saying
from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey, parse_vkey

FILE = "pinyuan.toml"
DEFAULT_DIRECTORY = "pinyuan-ledger"
KEYS = ("log_key", "operator_key")
FIELDS = ("origin", "operator", "db", "clock", *KEYS, "anchor")
MIRROR_FIELDS = (*(name for name in FIELDS if name not in KEYS), "mirror")
SOCKET = "socket:"
MAX_COSIGNERS = 32  # of each kind; a note carries at most a hundred signatures
MAX_SECRET = 4_096
MAX_SECONDS = 1_000_000
MAX_READERS = 64
_TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f"\\]')
MAX_LOOKED_AT = 1_000
"""Directories in one without a ledger that are looked at for one."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its key, and the URL prefix it takes submissions at."""

    vkey: VerifierKey
    url: str


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What reads that take long may use, each at least 1.

    ``processes`` of a serving process answer them; a client (an address, of IPv6 a /64) has
    ``client_per_minute_s`` seconds of their processor time a minute, and ``client_burst_s``
    where it asked for nothing before.
    """

    processes: int = 2
    client_per_minute_s: int = 15
    client_burst_s: int = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """Where one ledger keeps what; paths are absolute or relative to its directory.

    ``log_key`` is a key file or, with ``log_socket``, the socket of the process that has the key.
    ``mirror``: of what this is a mirror, a URL or an export's directory; its key files do not exist.
    """

    directory: Path
    origin: str
    operator: str
    db: str
    clock: str
    log_key: Path
    operator_key: Path
    anchor: Path
    log_socket: bool = False
    witnesses: tuple[Witness, ...] = ()
    replayers: tuple[VerifierKey, ...] = ()
    published: tuple[str, ...] = ()
    mirror: str = ""
    reads: ReadLimits = ReadLimits()

    @property
    def database_url(self) -> str:
        """Return the database URL, a SQLite path resolved against the directory."""
        if "://" in self.db:
            return self.db
        return f"sqlite:///{(self.directory / self.db).resolve()}"


def secret_from(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return a variable, else the text of the file that ``<name>_FILE`` names, None without.

    Raises:
        StorageError: the file cannot be read.
        UsageError: it holds more than a line of text.

    """
    found = environment.get(name)
    if found:
        return found
    path = environment.get(f"{name}_FILE")
    return read_secret(Path(path)) if path else None


def read_secret(path: Path) -> str:
    """Return the one line in a file; never a part of it in an error.

    Raises:
        StorageError: it cannot be read.
        UsageError: it holds more than a line of text.

    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_SECRET + 1)
    except OSError as error:
        raise StorageError("{path}: {why}", path=path, why=cause(error)) from error
    text = raw.rstrip(b"\r\n").decode(errors="replace")
    if len(raw) > MAX_SECRET or not text or "\n" in text or "\ufffd" in text:
        raise UsageError(
            "{path}: one line of UTF-8 is expected, at most {max_secret} bytes",
            path=path,
            max_secret=MAX_SECRET,
        )
    return text


def directory_of(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the ledger's directory: as given, from PINYUAN_DIR, or the default."""
    return given or Path(environment.get("PINYUAN_DIR", DEFAULT_DIRECTORY))


def _nothing_in(directory: Path) -> str:
    """Return why there is no ledger in a directory: what was looked for, and what is near instead."""
    if (directory / CHECKPOINT).is_file():
        return saying(
            "{directory} is an export of a log, without keys or a database of its own: it can be "
            "read (--export), and kept as a mirror (pinyuan mirror DIR --from EXPORT)",
            directory=directory,
        )
    if not directory.is_dir():
        looked = saying("there is no such directory")
    else:
        looked = saying(
            "neither {file} (a ledger or a mirror) nor {checkpoint} (an export) is there",
            file=FILE,
            checkpoint=CHECKPOINT,
        )
    beside = [directory.parent, *sorted(directory.glob("*/"))[:MAX_LOOKED_AT]]
    near = [item for item in beside if (item / FILE).is_file() or (item / CHECKPOINT).is_file()]
    meant = saying(". Did you mean {near}?", near=near[0]) if near else ""
    return saying(
        "no ledger in {directory}: {looked}: run pinyuan init, or name its directory with --dir (a ledger that is served elsewhere: --server){meant}",
        directory=directory,
        looked=looked,
        meant=meant,
    )


def read_settings(directory: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of the ledger in a directory.

    Raises:
        UsageError: no ledger there but a backup, an export or nothing, or a file with other fields.
        StorageError: it cannot be read.

    """
    path = directory / FILE
    if (directory / ABOUT).is_file():
        raise UsageError(
            "{directory} is a backup: bring it back with pinyuan restore {directory}, or ask the export in it: --export {directory_2}",
            directory=directory,
            directory_2=directory / LOG,
        )
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(_nothing_in(directory)) from error
    except OSError as error:
        raise StorageError("{path}: {why}", path=path, why=cause(error)) from error
    except UnicodeDecodeError as error:
        raise UsageError("{path}: {why}", path=path, why=error) from error
    return parse_settings(text, directory, str(path), environment)


def parse_settings(
    text: str, directory: Path, path: str, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Return the settings that a file's text says, for a directory.

    Raises:
        UsageError: begins with ``path``; other fields than the documented.

    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("{path}: {why}", path=path, why=error) from error
    witnesses, replayers = found.pop("witness", []), found.pop("replayer", [])
    published, reads = found.pop("published", []), found.pop("reads", {})
    fields = MIRROR_FIELDS if "mirror" in found else FIELDS
    if sorted(found) != sorted(fields) or not all(isinstance(v, str) for v in found.values()):
        raise UsageError(
            "{path}: exactly the text fields {fields} are expected, and tables [[witness]], [[replayer]], [[published]] and [reads]",
            path=path,
            fields=", ".join(fields),
        )
    found = {name: f"keys/{name}" for name in KEYS} | found
    log_socket = found["log_key"].startswith(SOCKET)
    return Settings(
        directory=directory,
        origin=found["origin"],
        operator=found["operator"],
        db=secret_from("PINYUAN_DB", environment) or found["db"],
        clock=found["clock"],
        log_key=directory / found["log_key"].removeprefix(SOCKET),
        operator_key=directory / found["operator_key"],
        anchor=directory / found["anchor"],
        log_socket=log_socket,
        witnesses=tuple(
            parse_witness(row["vkey"], row["url"])
            for row in _rows(witnesses, ("vkey", "url"), f"{path}: [[witness]]")
        ),
        replayers=tuple(
            parse_cosigner(row["vkey"])
            for row in _rows(replayers, ("vkey",), f"{path}: [[replayer]]")
        ),
        published=tuple(
            parse_place(row["at"], directory)
            for row in _rows(published, ("at",), f"{path}: [[published]]")
        ),
        mirror=found.get("mirror", ""),
        reads=_limits(reads, f"{path}: [reads]"),
    )


def _limits(found: Any, where: str) -> ReadLimits:
    """Return what reads may use: whole numbers, the usual one where none is given."""
    names = [item.name for item in fields(ReadLimits)]
    most = dict.fromkeys(names, MAX_SECONDS) | {"processes": MAX_READERS}
    known = isinstance(found, dict) and found.keys() <= most.keys()
    if not known or not all(type(v) is int and 1 <= v <= most[k] for k, v in found.items()):
        ranges = ", ".join(f"{name} (1 to {limit})" for name, limit in most.items())
        raise UsageError(
            "{where}: whole numbers are expected, of {ranges}", where=where, ranges=ranges
        )
    return ReadLimits(**found)


def _rows(found: Any, fields: Sequence[str], where: str) -> list[dict[str, str]]:
    """Return a list of tables that have exactly these text fields, each key once."""
    rows: list[dict[str, str]] = found if isinstance(found, list) else [{}]
    for row in rows:
        known = isinstance(row, dict) and row.keys() == set(fields)
        if not known or not all(isinstance(v, str) for v in row.values()):
            raise UsageError(
                "{where}: exactly the text fields {fields} are expected",
                where=where,
                fields=", ".join(fields),
            )
    if len(rows) > MAX_COSIGNERS or len({row[fields[0]] for row in rows}) != len(rows):
        raise UsageError(
            "{where}: at most {max_cosigners}, each {fields} once",
            where=where,
            max_cosigners=MAX_COSIGNERS,
            fields=fields[0],
        )
    return rows


def parse_cosigner(text: str) -> VerifierKey:
    """Parse the verifier key of a witness or replayer.

    Raises:
        UsageError: it is none.

    """
    try:
        vkey = parse_vkey(text)
    except MalformedError as error:
        raise UsageError(error) from error
    if vkey.type != TYPE_COSIGNATURE:
        raise UsageError(
            "key {name}: type {type:02x}, a cosigner's is {type_cosignature:02x}",
            name=vkey.name,
            type=vkey.type,
            type_cosignature=TYPE_COSIGNATURE,
        )
    return vkey


def parse_witness(vkey: str, url: str) -> Witness:
    """Parse a witness's key and URL prefix.

    Raises:
        UsageError: no key of a cosigner, or no http(s) URL.

    """
    if not _is_prefix(url):
        raise UsageError(
            "witness {vkey}: {url!r} is no http or https URL", vkey=vkey[:60], url=url[:100]
        )
    return Witness(parse_cosigner(vkey), url.rstrip("/"))


def _is_url(text: str) -> bool:
    """Return whether a text is meant as a URL, be it one or not."""
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return True


def _is_prefix(url: str) -> bool:
    """Return whether this is an http(s) URL that paths can be put behind."""
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # brackets, a port that is none
        return False
    return whole and parts.scheme in ("http", "https") and not (parts.query or parts.fragment)


def parse_place(text: str, directory: Path) -> str:
    """Return where a log is published: an http(s) URL prefix, or a directory beside the ledger's.

    Raises:
        UsageError: another kind of URL, or one with a query.

    """
    if not _is_url(text):
        return str(directory / text)
    if not _is_prefix(text):
        raise UsageError(
            "published at {text!r}: neither an http or https URL nor a directory", text=text[:100]
        )
    return text.rstrip("/")


def open_signer(settings: Settings, passphrase: bytes | None) -> Signer:
    """Return who signs for a ledger: its key files, or the process at its socket.

    Raises:
        ReadOnlyError: it is a mirror.
        StorageError: a key cannot be read, or nobody answers at the socket.
        MalformedError: a file is no key, or the passphrase is wrong.

    """
    if why := why_mirror(settings):
        raise ReadOnlyError(why)
    operator_key = read_key(settings.operator_key, passphrase)
    if settings.log_socket:
        return SocketSigner(settings.log_key, operator_key)
    return KeySigner(settings.origin, read_key(settings.log_key, passphrase), operator_key)


def why_mirror(settings: Settings) -> str:
    """Return why nothing is registered in a mirror, and where instead; nothing of a ledger with keys.

    Anybody may be told.
    """
    if not settings.mirror:
        return ""
    where = settings.mirror if "://" in settings.mirror else "URL"
    return saying(
        "MIRROR: this is a mirror of {origin}, without its keys, to be read: register with the log "
        "itself (--server {where})",
        origin=settings.origin,
        where=where,
    )


def write_settings(settings: Settings, db: str) -> None:
    """Write the settings file, whole or not at all, for its owner alone: a URL may hold a password."""
    text = format_settings(settings, db)
    replace_file(settings.directory / FILE, text.encode(), mode=0o600)


def format_settings(settings: Settings, db: str) -> str:
    """Return the text of a settings file; paths within the directory are relative to it."""
    values = {
        "origin": settings.origin,
        "operator": settings.operator,
        "db": db,
        "clock": settings.clock,
        "log_key": (SOCKET if settings.log_socket else "") + _inside(settings, settings.log_key),
        "operator_key": _inside(settings, settings.operator_key),
        "anchor": _inside(settings, settings.anchor),
    }
    if settings.mirror:
        values = {name: value for name, value in values.items() if name not in KEYS}
        values["mirror"] = settings.mirror
    text = "".join(f"{name} = {_quote(value)}\n" for name, value in values.items())
    for witness in settings.witnesses:
        text += f"\n[[witness]]\nvkey = {_quote(str(witness.vkey))}\nurl = {_quote(witness.url)}\n"
    for replayer in settings.replayers:
        text += f"\n[[replayer]]\nvkey = {_quote(str(replayer))}\n"
    for place in settings.published:
        at = place if _is_url(place) else _inside(settings, Path(place))
        text += f"\n[[published]]\nat = {_quote(at)}\n"
    if settings.reads != ReadLimits():
        text += "\n[reads]\n"
        text += "".join(f"{name} = {value}\n" for name, value in asdict(settings.reads).items())
    return text


def _inside(settings: Settings, path: Path) -> str:
    """Return a path relative to the directory where it lies in it."""
    inside = path.is_relative_to(settings.directory)
    return str(path.relative_to(settings.directory) if inside else path)


def _quote(text: str) -> str:
    """Return a basic string of TOML; a path may have any character but U+0000 in it."""
    return '"' + _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + '"'
