"""``pinyuan witness``, ``replayer``, ``follow-witnesses``: cosigning for others, and asking them to."""

import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import DirOption, PassphraseOption, note, passphrase
from ledger.errors import ParameterError, ServerError, StorageError, UsageError

if TYPE_CHECKING:
    from ledger.cosigning.cosigner import Cosigner
    from ledger.cosigning.replayer import Replayer, Source
    from ledger.primitives.exchange import Answer
    from ledger.tlog.note import Note

POLL_S = 2.0
MAX_BACKOFF_S = 60.0
TIMEOUT_S = 30.0
MAX_FILE = 256 * 65_537  # a bundle of the longest entries

KeyOption = Annotated[Path, typer.Option(help="The cosigner's key (Ed25519, PEM).")]
NameOption = Annotated[str, typer.Option(help="Its key name, like witness.example/w1.")]
StateOption = Annotated[
    Path, typer.Option(help="The directory with what it cosigned; it lives as long as the key.")
]


def _cosigner(key: Path, name: str, state: Path, secret: bytes | None) -> "Cosigner":
    from ledger.cose.keys import EDDSA  # noqa: PLC0415
    from ledger.cosigning.cosigner import Cosigner  # noqa: PLC0415
    from ledger.signer import read_key  # noqa: PLC0415
    from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey, check_key_name  # noqa: PLC0415

    private = read_key(key, secret)
    check_key_name(name)
    if private.public.alg != EDDSA:
        raise UsageError("a cosigner's key is Ed25519")
    vkey = VerifierKey(name, TYPE_COSIGNATURE, private.public.x)
    return Cosigner(state, vkey, private.sign, lambda: int(time.time()))


def witness(
    key: KeyOption,
    name: NameOption,
    state: StateOption,
    log: Annotated[list[str], typer.Option(help="The verifier key of a log to witness.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65_535)] = 7380,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Cosign other people's logs while they only grow (C2SP tlog-witness)."""
    from api.http.alone import serve_alone  # noqa: PLC0415
    from api.witnessing.witness import create_witness  # noqa: PLC0415
    from ledger.tlog.note import TYPE_ED25519, parse_vkey  # noqa: PLC0415

    keys = [parse_vkey(text) for text in log]
    if any(item.type != TYPE_ED25519 for item in keys) or len({k.name for k in keys}) != len(keys):
        raise ParameterError("--log: verifier keys of logs (type 01), one for each origin")
    cosigner = _cosigner(key, name, state, passphrase(passphrase_file))
    app = create_witness(cosigner, {item.name: item for item in keys})
    serve_alone(app, host, port, lambda where: note(f"witness {cosigner.vkey} at {where}"))


def _stopping() -> threading.Event:
    """Return what SIGINT and SIGTERM set."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop


def follow_witnesses(directory: DirOption = None) -> None:
    """Ask the witnesses in pinyuan.toml to cosign each checkpoint, until stopped; look where it is published."""
    from ledger.cli.common import open_engine, settings_of  # noqa: PLC0415
    from ledger.cosigning.asking import run_alone  # noqa: PLC0415
    from ledger.writing.opening import open_to_read  # noqa: PLC0415

    settings = settings_of(directory)
    if not settings.witnesses and not settings.published:
        raise UsageError(
            "{directory}: no [[witness]] in pinyuan.toml, and no [[published]]",
            directory=settings.directory,
        )
    log = open_to_read(settings, open_engine(settings.database_url))
    run_alone(log, settings, _stopping(), note)


def _fetch(method: str, url: str, **how: Any) -> "Answer":
    """Exchange one request with a log.

    Raises:
        StorageError: it is away.

    """
    from ledger.primitives.exchange import fetch  # noqa: PLC0415

    try:
        return fetch(method, url, timeout_s=TIMEOUT_S, **how)
    except ServerError as error:
        raise StorageError(error) from error


class HttpSource:
    """A log over HTTP."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def get(self, path: str) -> bytes | None:
        """Return a file, None where the log has none."""
        found = _fetch("GET", f"{self._url}/{path}", limit=MAX_FILE)
        if found.status == 404:  # noqa: PLR2004
            return None
        if found.status != 200:  # noqa: PLR2004
            raise StorageError(
                "{url}/{path}: answers {status}", url=self._url, path=path, status=found.status
            )
        return found.body

    def hand_over(self, found: "Note") -> None:
        """Give the log a cosigned checkpoint.

        Raises:
            StorageError: it did not take it.

        """
        answer = _fetch(
            "POST",
            f"{self._url}/cosignatures",
            body=str(found).encode(),
            headers={"Content-Type": "text/plain; charset=utf-8"},
            limit=65_536,
        )
        if answer.status != 204:  # noqa: PLR2004
            said = answer.body[:300].decode(errors="replace")
            raise StorageError(
                "{url}/cosignatures: answers {status}: {said}",
                url=self._url,
                status=answer.status,
                said=said,
            )


def replayer(
    key: KeyOption,
    name: NameOption,
    state: StateOption,
    source: Annotated[str, typer.Option(help="The log: a URL, or a directory of tiles.")],
    trust: Annotated[Path, typer.Option(help="The trust file: the log key, genesis.")],
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,  # noqa: FBT002 - typer's
    passphrase_file: PassphraseOption = None,
) -> None:
    """Re-derive a log's index, seals and rules as it grows, and cosign what could be derived."""
    from ledger.cli.common import read_trust  # noqa: PLC0415
    from ledger.cosigning.replayer import DirectorySource, Replayer  # noqa: PLC0415

    policy = read_trust(trust)
    if len(policy.logs) != 1:
        raise UsageError(
            "{trust}: a replayer follows the one log its trust file names", trust=trust
        )
    cosigner = _cosigner(key, name, state, passphrase(passphrase_file))
    web = source.startswith(("http://", "https://"))
    found: Source = HttpSource(source) if web else DirectorySource(Path(source))
    log_key = policy.logs[0]
    replaying = Replayer(found, state, cosigner, log_key, genesis=policy.genesis)
    handing = _Handing(found, state / "cosigned")
    if once:
        _round(replaying, handing)
        return
    stop, wait_s = _stopping(), 0.0
    while not stop.wait(wait_s):
        try:
            _round(replaying, handing)
            wait_s = POLL_S
        except StorageError as error:
            note(str(error))
            wait_s = min(MAX_BACKOFF_S, max(POLL_S, wait_s * 2))


class _Handing:
    """The newest cosigned checkpoint: in a file, and with the log when it takes it."""

    def __init__(self, source: "Source", path: Path) -> None:
        self._source = source
        self._path = path
        self._waiting: Note | None = None

    def give(self, found: "Note | None") -> None:
        """Hand over a new one, or the last that the log did not take.

        Raises:
            StorageError: the log did not take it; the file is written.

        """
        from ledger.primitives.durable import replace_file  # noqa: PLC0415

        if found is not None:
            replace_file(self._path, str(found).encode())
            self._waiting = found
        if self._waiting is not None and isinstance(self._source, HttpSource):
            self._source.hand_over(self._waiting)
        self._waiting = None


def _round(replaying: "Replayer", handing: _Handing) -> None:
    outcome = replaying.round(int(time.time()))
    if outcome.note is not None:
        note(f"replayed and cosigned size {outcome.size}")
    handing.give(outcome.note)
