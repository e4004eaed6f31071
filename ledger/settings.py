"""Settings: one file in the ledger's directory, and the environment over it.

::

    <directory>/pinyuan.toml    written by init
    PINYUAN_DIR                 the directory, instead of ./pinyuan-ledger
    PINYUAN_DB                  the database URL, instead of the file's
    PINYUAN_PASSPHRASE          opens encrypted key files
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import StorageError, UsageError

FILE = "pinyuan.toml"
DEFAULT_DIRECTORY = "pinyuan-ledger"
FIELDS = ("origin", "operator", "db", "clock", "log_key", "operator_key", "anchor")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where one ledger keeps what; paths are absolute or relative to its directory."""

    directory: Path
    origin: str
    operator: str
    db: str
    clock: str
    log_key: Path
    operator_key: Path
    anchor: Path

    @property
    def database_url(self) -> str:
        """Return the database URL, a SQLite path resolved against the directory."""
        if "://" in self.db:
            return self.db
        return f"sqlite:///{(self.directory / self.db).resolve()}"


def directory_of(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the ledger's directory: as given, from PINYUAN_DIR, or the default."""
    return given or Path(environment.get("PINYUAN_DIR", DEFAULT_DIRECTORY))


def read_settings(directory: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of the ledger in a directory.

    Raises:
        UsageError: no ledger there, or a file with other fields.
        StorageError: it cannot be read.

    """
    path = directory / FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        msg = f"no ledger in {directory}: run pinyuan init, or name its directory with --dir"
        raise UsageError(msg) from error
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise StorageError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path}: {error}"
        raise UsageError(msg) from error
    if sorted(found) != sorted(FIELDS) or not all(isinstance(v, str) for v in found.values()):
        msg = f"{path}: exactly the text fields {', '.join(FIELDS)} are expected"
        raise UsageError(msg)
    return Settings(
        directory=directory,
        origin=found["origin"],
        operator=found["operator"],
        db=environment.get("PINYUAN_DB", found["db"]),
        clock=found["clock"],
        log_key=directory / found["log_key"],
        operator_key=directory / found["operator_key"],
        anchor=directory / found["anchor"],
    )


def write_settings(settings: Settings, db: str) -> None:
    """Write the settings file, whole or not at all."""
    values = {
        "origin": settings.origin,
        "operator": settings.operator,
        "db": db,
        "clock": settings.clock,
        "log_key": str(settings.log_key.relative_to(settings.directory)),
        "operator_key": str(settings.operator_key.relative_to(settings.directory)),
        "anchor": str(settings.anchor.relative_to(settings.directory)),
    }
    text = "".join(f"{name} = {_quote(value)}\n" for name, value in values.items())
    path = settings.directory / FILE
    partial = path.with_suffix(".partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise StorageError(msg) from error


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
