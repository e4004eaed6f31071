"""Creating and upgrading the schema with Alembic, and checking that it is the newest."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from ledger.errors import StorageError, UsageError
from ledger.store.tables import metadata
from ledger.texts import cause

REVISION = "0004"
"""The newest migration."""


def migrations_folder() -> Path:
    """Return the migrations: inside an installed package, else those of the checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_migrations"
    return shipped if shipped.is_dir() else package.parent / "migrations"


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, needed once
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    folder = migrations_folder()
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except OSError as error:
        raise StorageError(
            "migration {filename}: {why}", filename=error.filename or folder, why=cause(error)
        ) from error
    except CommandError as error:  # it passes over files that it may not open
        raise StorageError("migrations {folder}: {why}", folder=folder, why=error) from error


def upgrade(engine: Engine) -> None:
    """Create the tables, or bring older ones up to date, in one transaction.

    Raises:
        UsageError: a later release made them.
        StorageError: the database refused, or the migrations cannot be read.

    """
    try:
        with engine.begin() as connection:
            _refuse_newer(engine, _revision(connection))
            _upgrade(connection)
    except DBAPIError as error:
        raise StorageError(
            "database {url}: {split}",
            url=engine.url,
            split=str(error.orig).strip().split(chr(10))[0],
        ) from error


def _revision(connection: Connection) -> str | None:
    """Return the migration that made the tables, None of an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def has_ledger(engine: Engine) -> bool:
    """Return whether a database has a ledger's tables.

    Raises:
        StorageError: it does not answer.

    """
    try:
        with engine.connect() as connection:
            return _revision(connection) is not None
    except DBAPIError as error:
        raise StorageError(
            "database {url}: {split}",
            url=engine.url,
            split=str(error.orig).strip().split(chr(10))[0],
        ) from error


def _refuse_newer(engine: Engine, found: str | None) -> None:
    """Refuse tables that a later release made: migrations are numbered, and lead forward only."""
    if found is not None and found > REVISION:
        raise UsageError(
            "database {url}: schema {found}, this release has {revision}: use a newer release",
            url=engine.url,
            found=found,
            revision=REVISION,
        )


def check_revision(engine: Engine) -> None:
    """Refuse a database without a ledger, or with another schema than this release's.

    Raises:
        UsageError: says which command would mend it.

    """
    try:
        with engine.connect() as connection:
            found = _revision(connection)
    except (DBAPIError, UnicodeDecodeError) as error:
        # What a driver cannot say is text that its file no longer has: a bit of the schema flipped.
        said = str(getattr(error, "orig", error)).strip().split(chr(10))[0]
        raise StorageError("database {url}: {said}", url=engine.url, said=said) from error
    if found is None:
        raise UsageError(
            "no ledger in database {url}: run pinyuan init; if there was one, bring it back with pinyuan import",
            url=engine.url,
        )
    _refuse_newer(engine, found)
    if found != REVISION:
        raise UsageError(
            "database {url}: schema {found}, this release has {revision}: run pinyuan db upgrade",
            url=engine.url,
            found=found,
            revision=REVISION,
        )


def differences(engine: Engine) -> list[str]:
    """Return how the database's schema differs from the tables in code, empty if it does not."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [repr(item) for item in compare_metadata(context, metadata)]
