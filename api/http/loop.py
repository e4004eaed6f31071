"""The loop of a serving process: a TLS handshake takes no longer than a request's head may.

Until it is done nobody counts whose connection it is; the loop itself would wait for a minute.
"""

from typing import Any

import uvloop

from api.http.heads import HEAD_S


class Loop(uvloop.Loop):
    """uvloop's, with a bound on TLS handshakes."""

    async def create_server(self, *args: Any, ssl: Any = None, **options: Any) -> Any:
        """Listen; with ``ssl`` each handshake, and each goodbye, is bounded in time."""
        if ssl is not None:
            bounds = dict.fromkeys(("ssl_handshake_timeout", "ssl_shutdown_timeout"), HEAD_S)
            options = bounds | options
        return await super().create_server(*args, ssl=ssl, **options)
