"""A small service of one process: few connections, one address, no proxy before it."""

import socket
from collections.abc import Callable
from typing import Any

from ledger.errors import StorageError
from ledger.texts import cause

MAX_CONNECTIONS = 256


def serve_alone(app: Any, host: str, port: int, up: Callable[[str], None]) -> None:
    """Serve an application until it is told to stop.

    Args:
        app: an ASGI application.
        host: the address to listen on.
        port: the port; 0 for any that is free.
        up: told where it listens, as ``http://host:port``.

    Raises:
        StorageError: nobody can listen there.

    """
    import uvicorn  # noqa: PLC0415 - only who serves needs it

    from api.http.heads import BoundedProtocol  # noqa: PLC0415

    try:
        listening = socket.create_server((host, port), backlog=MAX_CONNECTIONS)
    except OSError as error:
        raise StorageError(
            "{host}:{port}: {why}", host=host, port=port, why=cause(error)
        ) from error
    up(f"http://{host}:{listening.getsockname()[1]}")
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=10,
    )
    with listening:
        uvicorn.Server(config).run(sockets=[listening])
