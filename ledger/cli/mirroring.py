"""Where a log is mirrored from, and into which directory: what the commands for it share."""

import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.audit_group import hold_genesis, log_key_of
from ledger.cli.common import note, open_engine, opened, read_trust
from ledger.primitives.durable import make_folder, storage
from ledger.texts import saying

if TYPE_CHECKING:
    from ledger.files.reader import LedgerReader
    from ledger.settings import Settings
    from ledger.tlog.note import VerifierKey
    from ledger.writing.mirror import Source

DATABASE = "mirror.sqlite"
MANY = 20_000
"""So many entries of an export take seconds to verify: worth a mirror to whoever asks again."""

_made: dict[Path, "Settings"] = {}
"""Exports that this command mirrored."""


def named(text: str) -> str:
    """Return what is mirrored as settings say it: a URL, or an export's whole path."""
    return text if "://" in text else str(Path(text).absolute())


def source_of(text: str, trust: Path | None, *, first_use: bool = False) -> "Source":
    """Return where a log is followed from: a server, or an export's directory.

    Raises:
        CannotVerifyError: the log was never met, and nothing says which key it has.
        VerificationError: it shows another key, or another log than before.

    """
    from ledger.client.tree import Fetch, Tree
    from ledger.primitives.strict import parse_base64
    from ledger.tlog.checkpoint import open_checkpoint
    from ledger.tlog.note import parse_note
    from ledger.writing.mirror import Source

    reader: LedgerReader
    fetch: Fetch
    if "://" in text:
        from ledger.cli.remote import connect
        from ledger.client.reader import ServerReader

        client = connect(text, trust, first_use=first_use)
        reader, key, fetch = ServerReader(client), client.vkey, client.fetch
    else:
        from ledger.files.archive import DirectoryReader, read_tile

        reader = DirectoryReader(Path(text))
        key, fetch = key_of(reader, trust), partial(read_tile, Path(text))
    source = Source(reader, key, lambda size: parse_base64(tree.root_at(size).root))
    tree = Tree(fetch, open_checkpoint(parse_note(source.newest().note), key))
    return source


def key_of(reader: "LedgerReader", trust: Path | None = None) -> "VerifierKey":
    """Return the log key that the genesis of an export names, held to a trust file if there is one.

    Raises:
        AuditError: entry 0 is no genesis, or of a log with another key.
        VerificationError: the trust file names another genesis.

    """
    from ledger.audit.batches import check_genesis, genesis_of
    from ledger.tlog.note import parse_vkey

    statement, genesis = genesis_of(reader)
    policy = None if trust is None else read_trust(trust)
    if policy is not None:
        check_genesis(statement, genesis, log_key_of(policy, lambda: reader))
        hold_genesis(statement.id, policy)
    return parse_vkey(genesis.log_key)


def follow_into(
    folder: Path, source: "Source", text: str, db: str | None = None, *, replay: bool = False
) -> int:
    """Bring the mirror in a directory up to what its source shows now; return its size.

    Args:
        folder: the mirror's; it is made, and says that it is one once it is whole.
        source: the log.
        text: how the mirror says where it is from.
        db: the database of a new mirror; a file in the directory without it.
        replay: also review what is new by the registration rules.

    """
    from ledger.settings import FILE, read_settings, write_settings
    from ledger.writing.mirror import follow

    def progress(size: int) -> None:
        if sys.stderr.isatty():
            note(saying("{size} entries", size=size))

    with storage(folder):
        make_folder(folder)
    made = (folder / FILE).exists()
    settings = read_settings(folder) if made else _settings(folder, source, text, db or DATABASE)
    size = follow(open_engine(settings.database_url), source, replay=replay, progress=progress)
    if not made:
        write_settings(settings, settings.db)
    return size


def _settings(folder: Path, source: "Source", text: str, db: str) -> "Settings":
    from ledger.audit.batches import genesis_of
    from ledger.settings import Settings

    statement, genesis = genesis_of(source.reader)
    keys = folder / "keys"  # of which there are none
    return Settings(
        directory=folder,
        origin=source.log_key.name,
        operator=statement.issuer,
        db=db,
        clock=genesis.clock,
        log_key=keys,
        operator_key=keys,
        anchor=folder / "anchor",
        mirror=text,
    )


def mirrored_export(folder: Path) -> "Settings":
    """Return the settings of a mirror of an export, made and verified now, gone when the command ends.

    Raises:
        VerificationError: the export is not what its log signed.

    """
    from ledger.settings import read_settings

    if folder in _made:
        return _made[folder]
    temporary = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="pinyuan-")))
    size = follow_into(temporary, source_of(str(folder), None), str(folder))
    if size > MANY:
        note(
            saying(
                "{size} entries verified for one command: pinyuan mirror DIR --from {folder} keeps them",
                size=size,
                folder=folder,
            )
        )
    _made[folder] = read_settings(temporary)
    opened.callback(_made.pop, folder)
    return _made[folder]
