"""The loop of a serving process: a TLS handshake takes no longer than a request's head may.

Until it is done nobody counts whose connection it is; the loop itself would wait for a minute.
"""

from typing import Any

import uvloop

from api.http.heads import HEAD_S


class Loop(uvloop.Loop):
    """As uvicorn runs it."""

    async def create_server(self, *args: Any, ssl: Any = None, **options: Any) -> Any:
        """Listen; with ``ssl`` each handshake is bounded in time."""
        if ssl is not None:
            options = {"ssl_handshake_timeout": HEAD_S} | options
        return await super().create_server(*args, ssl=ssl, **options)
