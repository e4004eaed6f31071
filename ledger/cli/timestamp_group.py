"""timestamp: an authority's word, by RFC 3161, of when a ledger's state was there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import DirOption, JsonOption, emit, option, read_file, write_file
from ledger.errors import MalformedError, ParameterError, SignatureError, StorageError

if TYPE_CHECKING:
    from ledger.cosigning.stamping import Authority
    from ledger.tlog.timestamp import Stamp

MAX_PEM = 1 << 20


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(timestamp)


def timestamp(
    name: Annotated[str, typer.Option("--authority", help="What trust files call it.")],
    url: Annotated[str, typer.Option("--url", help="Where it is asked, https://...")],
    anchor: Annotated[
        Path, typer.Option("--anchor", help="Its certificates in PEM: root and intermediate ones.")
    ],
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", help="Of this evidence bundle's checkpoint; the newest else."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", help="Where to write the bundle with its timestamp.")
    ] = None,
    directory: DirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have an authority say when the newest checkpoint was there, and keep that beside it.

    Bundles, exports and backups carry it from then on. With --bundle it is added to that file alone:
    anybody may.
    """
    from ledger.cosigning.stamping import Authority
    from ledger.tlog.timestamp import read_anchors

    if (bundle is None) != (output is None):
        raise ParameterError("--bundle and -o go together")
    if not url.startswith(("https://", "http://")):
        raise ParameterError("--url {url}: https://...", url=url)
    with option("--anchor"):
        anchors = read_anchors(read_file(anchor, limit=MAX_PEM))
    authority = Authority(name, url, anchors)
    if bundle is not None and output is not None:
        stamp = _of_bundle(authority, bundle, output)
    else:
        stamp = _of_newest(authority, directory)
    emit(as_json, stamp_row(stamp), [stamp.sentence])


def authority_lines(text: str) -> list[str]:
    """Return the lines of a trust file that an authority's certificates make.

    Raises:
        ParameterError: not NAME=FILE.pem, or there are no certificates in it.

    """
    from ledger.primitives.strict import format_base64
    from ledger.tlog.note import check_key_name
    from ledger.tlog.timestamp import read_anchors

    name, mark, path = text.partition("=")
    if not mark:
        raise ParameterError("--timestamps {text}: NAME=FILE.pem", text=text)
    with option("--timestamps"):
        check_key_name(name)
        anchors = read_anchors(read_file(Path(path), limit=MAX_PEM))
    return [f"timestamp-authority {name} {format_base64(anchor)}" for anchor in anchors]


def stamp_row(stamp: "Stamp") -> dict[str, Any]:
    """Return a timestamp as JSON values."""
    from ledger.primitives.instant import format_us

    return {
        "authority": stamp.authority,
        "size": stamp.size,
        "time": format_us(stamp.time_us),
        "accuracy_us": stamp.accuracy_us,
    }


def _of_newest(authority: "Authority", directory: Path | None) -> "Stamp":
    """Have the newest checkpoint stamped, once."""
    from ledger.cli.opening import open_ledger
    from ledger.cosigning.stamping import ask_for_timestamp
    from ledger.store.cosignatures import cosigned_note, store_timestamp
    from ledger.store.reads import reading
    from ledger.tlog.note import parse_note
    from ledger.tlog.timestamp import stamp_in

    log = open_ledger(directory)
    with reading(log.engine) as snapshot:
        stored = snapshot.newest_checkpoint()
        if stored is None:
            raise StorageError("no checkpoint is stored: open the ledger with its keys first")
        note = parse_note(cosigned_note(snapshot, stored))
    instead = False
    try:
        known = stamp_in(note, authority.name, authority.anchors)
    except (SignatureError, MalformedError):
        # Whoever brought it did not verify it: a true one takes its place.
        known, instead = None, True
    if known is not None:
        return known
    line, stamp = ask_for_timestamp(authority, note.text)
    store_timestamp(log.engine, stored.size, line, instead=instead)
    return stamp


def _of_bundle(authority: "Authority", source: Path, target: Path) -> "Stamp":
    """Have a bundle's checkpoint stamped, and write the bundle with that."""
    from dataclasses import replace

    from msgspec import structs

    from ledger.cosigning.stamping import ask_for_timestamp
    from ledger.evidence.bundle import decode_bundle, encode_bundle
    from ledger.tlog.note import parse_note
    from ledger.tlog.timestamp import stamp_in

    found = decode_bundle(read_file(source))
    note = parse_note(found.checkpoint)
    stamp = stamp_in(note, authority.name, authority.anchors)
    if stamp is None:
        line, stamp = ask_for_timestamp(authority, note.text)
        note = replace(note, signatures=(*note.signatures, line))
    stamped = structs.replace(found, checkpoint=str(parse_note(str(note))))
    write_file(target, encode_bundle(stamped))
    return stamp
