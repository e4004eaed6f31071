"""``pinyuan serve``: the command's own entry point, so that the ledger never imports the service."""

import os
from pathlib import Path
from typing import Annotated

import typer

DRAIN_S = 10
PORT = 8080
MAX_CONNECTIONS = 4_096  # beyond it a client is told 503 before anything is read
KEEP_ALIVE_S = 20
LOOP = "api.http.loop:Loop"  # by its name: uvicorn imports it in each serving process


def serve(
    directory: Annotated[
        Path | None,
        typer.Option("--dir", help="The ledger's directory (PINYUAN_DIR; ./pinyuan-ledger)."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65_535)] = PORT,
    workers: Annotated[
        int, typer.Option(help="Processes; more than one needs PostgreSQL.", min=1, max=64)
    ] = 1,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain in PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key in PEM.")] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            help="Address or network of a proxy whose X-Forwarded-For names the client, as quotas "
            "count (FORWARDED_ALLOW_IPS, with commas); without it nobody's does."
        ),
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(
            help="A file with the key files' passphrase (PINYUAN_PASSPHRASE_FILE; "
            "PINYUAN_PASSPHRASE)."
        ),
    ] = None,
) -> None:
    """Serve a ledger over HTTP: registration, tiles, questions."""
    import uvicorn  # noqa: PLC0415 - only who serves needs it

    from api.http.door import DoorProtocol  # noqa: PLC0415
    from api.http.logs import Log, take_over  # noqa: PLC0415
    from api.serving import (  # noqa: PLC0415
        certificate,
        check_address,
        check_ledger,
        room_for,
        run,
        stop_is_success,
        tls_context,
    )
    from ledger.cli.common import passphrase  # noqa: PLC0415
    from ledger.errors import ParameterError, UsageError  # noqa: PLC0415
    from ledger.settings import directory_of, read_settings  # noqa: PLC0415

    folder = directory_of(directory).resolve()
    settings = read_settings(folder)
    if (tls_cert is None) != (tls_key is None):
        raise ParameterError("--tls-cert and --tls-key go together")
    for path in (tls_cert, tls_key):
        if path is not None and not path.is_file():
            raise UsageError("{path}: no such file", path=path)
    if workers > 1 and settings.database_url.startswith("sqlite"):
        raise UsageError(
            "--workers: several processes that serve need PostgreSQL (pinyuan init --db URL)"
        )
    # For the serving processes, which look at the files by themselves.
    for name, path in (("PINYUAN_TLS_CERT", tls_cert), ("PINYUAN_TLS_KEY", tls_key)):
        os.environ.pop(name, None)
        if path is not None:
            os.environ[name] = str(path.absolute())
    certificate()
    looked = check_ledger(settings, passphrase(passphrase_file))
    check_address(host, port)
    trusted = proxy or [it for it in os.environ.get("FORWARDED_ALLOW_IPS", "").split(",") if it]
    os.environ["PINYUAN_DIR"] = str(folder)
    if passphrase_file is not None:  # its name, so that no process carries what is in it
        os.environ["PINYUAN_PASSPHRASE_FILE"] = str(passphrase_file.resolve())
        os.environ.pop("PINYUAN_PASSPHRASE", None)
    stop_is_success()
    take_over(Log())
    config = uvicorn.Config(
        "api.serving:app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        ssl_context_factory=None if tls_cert is None else tls_context,
        http=DoorProtocol,
        loop=LOOP,
        log_config=None,
        ws="none",
        access_log=False,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        limit_concurrency=room_for(MAX_CONNECTIONS),
    )
    run(config, looked)
