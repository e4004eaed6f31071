"""key new, show, bind: a party's keys."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.cli.common import (
    DirOption,
    JsonOption,
    PassphraseOption,
    emit,
    help_language,
    option,
    passphrase,
    read_file,
    say,
)
from ledger.cli.completing import completed, completed_words
from ledger.cli.opening import settings_to_read
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.cli.sign_one import OriginOption
from ledger.errors import MalformedError, ParameterError, UsageError

key_app = typer.Typer(
    help="Keys of a party, the log, the operator.", no_args_is_help=True, rich_markup_mode=None
)


@key_app.command("new")
def key_new(
    path: Annotated[Path, typer.Argument(help="Where to write the private key (PEM, 0600).")],
    alg: Annotated[
        str,
        typer.Option(
            help="EdDSA, ES256 or ES384.", autocompletion=completed_words("EdDSA", "ES256", "ES384")
        ),
    ] = "EdDSA",
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key."""
    from ledger.cose.keys import ALG_NAMES, PrivateKey
    from ledger.signer import write_key

    algs = {name: number for number, name in ALG_NAMES.items()}
    if alg not in algs:
        raise ParameterError("--alg {alg}: {algs}", alg=alg, algs=", ".join(algs))
    key = PrivateKey.generate(algs[alg])
    write_key(path, key, passphrase(passphrase_file))
    kid = key.public.kid.hex()
    emit(as_json, {"kid": kid, "file": str(path)}, [kid])


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
    import msgspec

    from ledger.cose.keys import EDDSA, public_to_pem
    from ledger.statements.fields import KeyBinding
    from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, VerifierKey, check_key_name

    key = _public(path, passphrase_file)
    if pem:
        for line in public_to_pem(key).decode().splitlines():
            say(line)
        return
    if vkey is not None:
        with option("--vkey"):
            check_key_name(vkey)
        if key.alg != EDDSA:
            raise UsageError("verifier keys are Ed25519")
        say(str(VerifierKey(vkey, TYPE_COSIGNATURE if cosigner else TYPE_ED25519, key.x)))
        return
    # As a binding has it, and every statement.
    row = {"kid": key.kid.hex()} | msgspec.to_builtins(KeyBinding.of(key, None))
    emit(as_json, row, [f"{name}: {value}" for name, value in row.items()])


def _public(path: Path, passphrase_file: Path | None) -> Any:
    from ledger.cose.keys import PrivateKey, public_from_pem

    raw = read_file(path, limit=1 << 16)
    try:
        if b"PRIVATE KEY" in raw:
            return PrivateKey.from_pem(raw, passphrase(passphrase_file)).public
        return public_from_pem(raw)
    except MalformedError as error:
        raise MalformedError("{path}: {why}", path=path, why=error) from error


@key_app.command("bind")
def key_bind(
    path: Annotated[
        Path, typer.Argument(help="The new key (PEM); a public one can only be unproven.")
    ],
    party: Annotated[
        str, typer.Option(help="The party it is for.", autocompletion=completed("party"))
    ],
    origin: OriginOption = None,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Without a proof of possession.")
    ] = False,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Print a key binding, for the keys of a party or a key statement."""
    import msgspec

    from ledger.cli.at_hand import at_hand
    from ledger.cli.understood import Typed
    from ledger.cose.keys import possession_message
    from ledger.identifiers import check_party
    from ledger.signer import read_key
    from ledger.statements.fields import KeyBinding, PartyId

    url = chosen_server(server, directory, trust, first_use=first_use, exports=True)
    there = at_hand(directory, url, trust, first_use=first_use)
    party = Typed(lambda: there, None, help_language()).one("--party", (PartyId,), party)
    with option("--party"):
        check_party(party)
    if unproven:
        binding = KeyBinding.of(_public(path, passphrase_file), None)
    else:
        key = read_key(path, passphrase(passphrase_file))
        name = origin or (settings_to_read(directory).origin if url is None else there.origin())
        message = possession_message(key.public, origin=name, party=party)
        binding = KeyBinding.of(key.public, key.sign(message))
    emit(True, msgspec.to_builtins(binding), ())
