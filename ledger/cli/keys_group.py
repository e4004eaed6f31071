"""key new, show, bind, and sign: what a party does with its key."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.cli.common import (
    DirOption,
    JsonOption,
    PassphraseOption,
    emit,
    parse_now,
    passphrase,
    read_file,
    settings_of,
    write_file,
)
from ledger.errors import MalformedError, UsageError

key_app = typer.Typer(
    help="Keys of a party, the log, the operator.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(sign)


@key_app.command("new")
def key_new(
    path: Annotated[Path, typer.Argument(help="Where to write the private key (PEM, 0600).")],
    alg: Annotated[str, typer.Option(help="EdDSA or ES256.")] = "EdDSA",
    passphrase_file: PassphraseOption = None,
) -> None:
    """Make a key."""
    from ledger.cose.keys import ALG_NAMES, PrivateKey
    from ledger.signer import write_key

    algs = {name: number for number, name in ALG_NAMES.items()}
    if alg not in algs:
        msg = f"--alg {alg}: EdDSA or ES256"
        raise UsageError(msg)
    key = PrivateKey.generate(algs[alg])
    write_key(path, key, passphrase(passphrase_file))
    print(key.public.kid.hex())  # noqa: T201


@key_app.command("show")
def key_show(
    path: Annotated[Path, typer.Argument(help="A private or public key in PEM.")],
    pem: Annotated[bool, typer.Option("--pem", help="Print the public key in PEM.")] = False,
    vkey: Annotated[
        str | None,
        typer.Option(help="Print a verifier key under this name (a witness's, with --cosigner)."),
    ] = None,
    cosigner: Annotated[bool, typer.Option(help="Of the cosignature type.")] = False,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a key's public half and its kid."""
    from ledger.cose.keys import ALG_NAMES, EDDSA, public_to_pem
    from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, VerifierKey, check_key_name

    key = _public(path, passphrase_file)
    if pem:
        print(public_to_pem(key).decode(), end="")  # noqa: T201
        return
    if vkey is not None:
        check_key_name(vkey)
        if key.alg != EDDSA:
            msg = "verifier keys are Ed25519"
            raise UsageError(msg)
        print(VerifierKey(vkey, TYPE_COSIGNATURE if cosigner else TYPE_ED25519, key.x))  # noqa: T201
        return
    row = {"alg": ALG_NAMES[key.alg], "kid": key.kid.hex(), "x": key.x.hex(), "y": key.y.hex()}
    emit(as_json, row, [f"{name}: {value}" for name, value in row.items() if value])


def _public(path: Path, passphrase_file: Path | None) -> Any:
    from ledger.cose.keys import PrivateKey, public_from_pem

    raw = read_file(path, limit=1 << 16)
    try:
        if b"PRIVATE KEY" in raw:
            return PrivateKey.from_pem(raw, passphrase(passphrase_file)).public
        return public_from_pem(raw)
    except MalformedError as error:
        msg = f"{path}: {error}"
        raise MalformedError(msg) from error


@key_app.command("bind")
def key_bind(
    path: Annotated[
        Path, typer.Argument(help="The new key (PEM); a public one can only be unproven.")
    ],
    party: Annotated[str, typer.Option(help="The party it is for.")],
    origin: Annotated[str | None, typer.Option(help="The log's name (else that of --dir).")] = None,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Without a proof of possession.")
    ] = False,
    directory: DirOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Print a key binding, for the keys of a party or a key statement."""
    import msgspec

    from ledger.cose.keys import possession_message
    from ledger.identifiers import check_party
    from ledger.signer import read_key
    from ledger.statements.fields import KeyBinding

    check_party(party)
    if unproven:
        binding = KeyBinding.of(_public(path, passphrase_file), None)
    else:
        key = read_key(path, passphrase(passphrase_file))
        name = origin or settings_of(directory).origin
        message = possession_message(key.public, origin=name, party=party)
        binding = KeyBinding.of(key.public, key.sign(message))
    emit(True, msgspec.to_builtins(binding), ())


def sign(
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="A statement type, or generic.")],
    fields: Annotated[
        Path, typer.Argument(help="Its fields in JSON; for generic the payload itself.")
    ],
    output: Annotated[Path, typer.Option("-o", help="Where to write the signed statement.")],
    key: Annotated[
        Path | None, typer.Option(help="The issuer's key (else the operator's of --dir).")
    ] = None,
    issuer: Annotated[str | None, typer.Option(help="The issuer's party id.")] = None,
    subject: Annotated[str | None, typer.Option(help="What it is about.")] = None,
    origin: Annotated[str | None, typer.Option(help="The log's name (else that of --dir).")] = None,
    content_type: Annotated[
        str, typer.Option(help="Of a generic payload.")
    ] = "application/octet-stream",
    issued_at: Annotated[
        str | None, typer.Option(help="When, 2026-05-01T08:00:00Z; now by default.")
    ] = None,
    directory: DirOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Sign a statement; print its id."""
    from ledger.signer import read_key
    from ledger.statements.envelope import NATIVE, parse_statement, sign_statement

    settings = settings_of(directory) if key is None or origin is None else None
    if key is None:
        assert settings is not None  # noqa: S101 - read above
        key, issuer = settings.operator_key, issuer or settings.operator
    name = origin or (settings.origin if settings else "")
    if issuer is None:
        msg = "--issuer: whose key is it?"
        raise UsageError(msg)
    raw = read_file(fields, limit=65_535)
    now_us = parse_now(issued_at)
    common = {
        "issuer": issuer,
        "subject": _subject(type_, subject, issuer, name),
        "issued_at": int(time.time()) if now_us is None else now_us // 1_000_000,
        "audience": name,
    }
    private = read_key(key, passphrase(passphrase_file))
    if type_ == "generic":
        if content_type == NATIVE:
            msg = "a generic statement has another content type than ours"
            raise UsageError(msg)
        signed = sign_statement(private, raw, **common, content_type=content_type)  # type: ignore[arg-type]
    else:
        signed = sign_statement(private, _body(type_, raw, fields), **common)  # type: ignore[arg-type]
    write_file(output, signed)
    print(parse_statement(signed).id.hex())  # noqa: T201


def _subject(type_: str, subject: str | None, issuer: str, origin: str) -> str:
    """Return the subject: as given, or the only one the type can have."""
    if subject is not None:
        return subject
    if type_ in ("rules", "log-end"):
        return origin
    if type_ in ("key", "key-revocation"):
        return issuer
    msg = f"--subject: what is the {type_} statement about?"
    raise UsageError(msg)


def _body(type_: str, raw: bytes, path: Path) -> bytes:
    """Return the payload of a native type from its fields."""
    import msgspec

    from ledger import ijson
    from ledger.statements.catalogue import CATALOGUE, encode_body

    row = CATALOGUE.get(type_)
    if row is None or not row.submitted:
        names = ", ".join(item.name for item in CATALOGUE.values() if item.submitted)
        msg = f"no statement type {type_!r} to sign: {names}, generic"
        raise UsageError(msg)
    try:
        fields = ijson.decode(raw)
        if type(fields) is not dict:
            msg = "not a JSON object"
            raise MalformedError(msg)
        body = msgspec.convert({"v": row.version, "type": type_, **fields}, row.body)
    except (MalformedError, msgspec.ValidationError) as error:
        msg = f"{path}: {error}"
        raise MalformedError(msg) from error
    return encode_body(body)
