"""Whether a database can be written now, asked without writing anything."""

from sqlalchemy import Engine

from ledger.errors import StorageError
from ledger.store.driver import transaction
from ledger.store.engine import BUSY_TIMEOUT_MS

PATIENCE_MS = 500
# It changes no row, and asks the database for everything that moving the head needs.
_NOTHING = "UPDATE head SET size = size WHERE one = 0"


def why_not_writable(engine: Engine) -> str | None:
    """Return why the database cannot be written, None if it can.

    One that another transaction is writing right now can be.
    """
    sqlite = engine.dialect.name == "sqlite"
    try:
        if sqlite:
            _probe_sqlite(engine)
        else:
            with transaction(engine, write=True, durable=False) as driver:
                driver.execute(_NOTHING)
    except StorageError as error:
        busy = "locked" in str(error) or "busy" in str(error)
        return None if sqlite and busy else str(error)
    return None


def _probe_sqlite(engine: Engine) -> None:
    """Ask for SQLite's lock, but only for a moment; give the connection back as it was."""
    with transaction(engine, write=False) as driver:
        driver.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            driver.execute(_NOTHING)
        finally:
            driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
