"""The certificate that is shown to clients: read again when its files change, connections kept.

A new pair of files is tried in a context of its own. It is handed to each handshake from then on; a
pair that does not load changes nothing, and is told once.
"""

import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.x509 import InvalidVersion, load_pem_x509_certificates

from ledger.errors import UsageError
from ledger.primitives.instant import format_us

LOOK_S = 2.0
Seen = tuple[tuple[int, int, int], ...]


class Certificate:
    """A certificate chain and its key, in files that may be replaced."""

    def __init__(self, chain: Path, key: Path) -> None:
        """Load them.

        Raises:
            UsageError: they are none, or not of each other, or the key is encrypted.

        """
        self._chain, self._key = chain, key
        self._looking = threading.RLock()  # a thread looks, and a signal's handler
        self._seen = self._files()
        self._pending = self._seen
        self._current, self.ends_s = self._load()
        self.refused: str | None = None
        """Why what is in the files now is not shown, None where it is."""
        self.context = self._current
        """What connections are accepted with; each handshake takes the newest certificate."""
        self.context.sni_callback = self._choose

    def _files(self) -> Seen:
        """Return what tells one state of the files from another."""
        found = []
        for path in (self._chain, self._key):
            try:
                stat = path.stat()
            except OSError:
                found.append((0, 0, 0))
            else:
                found.append((stat.st_mtime_ns, stat.st_size, stat.st_ino))
        return tuple(found)

    def _load(self) -> tuple[ssl.SSLContext, float]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(self._chain, self._key, password=lambda: "")
            first = load_pem_x509_certificates(self._chain.read_bytes())[0]
        except (OSError, ValueError, InvalidVersion) as error:
            raise UsageError(
                "--tls-cert {chain}, --tls-key {key}: not a certificate in PEM with its key, unencrypted",
                chain=self._chain,
                key=self._key,
            ) from error
        return context, first.not_valid_after_utc.timestamp()

    def _choose(self, connection: ssl.SSLObject, _name: object, _context: object) -> None:
        connection.context = self._current

    def look(self, *, at_once: bool = False) -> str | None:
        """Take new files where there are any; return what is to be told of it, None of nothing.

        Files are written one after the other, so they are taken when they have not changed
        between two looks, unless ``at_once``.
        """
        with self._looking:
            return self._look(at_once=at_once)

    def _look(self, *, at_once: bool) -> str | None:
        found = self._files()
        settled, self._pending = found == self._pending, found
        if found == self._seen or not (settled or at_once):
            return None
        self._seen = found
        try:
            self._current, self.ends_s = self._load()
        except UsageError as error:
            self.refused = str(error)
            return f"{error}: the one before is shown on, until {self.ends()}"
        self.refused = None
        return f"a new certificate is shown, until {self.ends()}"

    def ends(self) -> str:
        """Return when the certificate shown ends, RFC 3339."""
        return format_us(round(self.ends_s * 1_000_000))

    def why_not(self) -> str | None:
        """Return why no client takes it, None where its time is not over."""
        return None if time.time() < self.ends_s else f"the certificate ended at {self.ends()}"

    def watch(self, stop: threading.Event, report: Callable[[str], None]) -> None:
        """Look for new files until told to stop."""
        while not stop.wait(LOOK_S):
            said = self.look()
            if said is not None:
                report(said)
