"""``pinyuan capture``: EPCIS capture and query for one party's own systems, beside them."""

import threading
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.common import PassphraseOption, note, passphrase
from ledger.cli.server import FirstUseOption, ServerTrustOption
from ledger.errors import ParameterError, UsageError

if TYPE_CHECKING:
    from ledger.cli.at_hand import Served

SECOND_US = 1_000_000


def capture(
    key: Annotated[Path, typer.Option(help="The key of the party that captures (PEM).")],
    server: Annotated[
        str,
        typer.Option("--server", envvar="PINYUAN_SERVER", help="The ledger's server: https://..."),
    ],
    state: Annotated[
        Path, typer.Option(help="The directory with the capture jobs; it outlives a restart.")
    ],
    issuer: Annotated[
        str | None, typer.Option(help="The party's id (else the key's owner in the ledger).")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on: of this machine alone.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65_535)] = 7390,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,  # noqa: FBT002 - typer calls by keyword
    passphrase_file: PassphraseOption = None,
) -> None:
    """Take EPCIS 2.0 events from a party's own systems: sign each, register it, verify its receipt."""
    from api.capturing.app import create_capture  # noqa: PLC0415
    from api.http.alone import serve_alone  # noqa: PLC0415
    from ledger.cli.at_hand import Served  # noqa: PLC0415
    from ledger.client.capture import Capturer, Jobs  # noqa: PLC0415
    from ledger.client.submit import Submission  # noqa: PLC0415
    from ledger.client.transport import Server  # noqa: PLC0415
    from ledger.primitives.durable import make_folder, storage  # noqa: PLC0415
    from ledger.signer import read_key  # noqa: PLC0415

    _check_loopback(host)
    private = read_key(key, passphrase(passphrase_file))
    at_hand = Served(server, trust, first_use=first_use)
    owner, ended = at_hand.key(private.public.kid, None)
    party = issuer or owner
    if party is None or ended is not None:
        raise UsageError(
            "--key {key}: it is no live key of a party in this ledger; the operator registers a party with its key (sign party --bind)",
            key=key,
        ) from at_hand.away
    with storage(state):
        make_folder(state, mode=0o700)
    capturer = Capturer(
        private,
        party,
        at_hand.origin(),
        lambda: Submission(at_hand.client),
        _clock(Served(server, trust, first_use=first_use)),
        Jobs(state),
    )
    app = create_capture(capturer, Server(server), note)
    serve_alone(app, host, port, lambda where: note(f"capture for {party} at {where}"))


def _clock(served: "Served") -> Callable[[], int]:
    """Return the clock to sign by, in microseconds: this machine's, or the simulated one of genesis."""
    from ledger.statements.catalogue import decode_body  # noqa: PLC0415
    from ledger.statements.envelope import parse_statement  # noqa: PLC0415
    from ledger.statements.log_family import Genesis  # noqa: PLC0415

    tree, turn = served.client.tree(served.client.newest()), threading.Lock()
    genesis = decode_body(parse_statement(tree.entry(0)))

    def simulated() -> int:
        with turn:
            return served.now_s() * SECOND_US

    if isinstance(genesis, Genesis) and genesis.clock == "simulated":
        return simulated
    return lambda: time.time_ns() // 1_000


def _check_loopback(host: str) -> None:
    """Refuse an address that others reach: whoever reaches it signs with the key.

    Raises:
        ParameterError: as said.

    """
    try:
        alone = ip_address(host).is_loopback
    except ValueError:
        alone = False
    if not alone:
        raise ParameterError(
            "--host {host}: only addresses of this machine (127.0.0.1, ::1): whoever reaches it signs with the key",
            host=host,
        )
