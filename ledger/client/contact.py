"""Meeting a log: why its key is believed, and what is remembered of that."""

from collections.abc import Callable
from pathlib import Path

from ledger.client.keep import TRUST, Memory, seen_at
from ledger.client.session import MAX_RECEIPT_SIZE, Client, checkpoint_text
from ledger.client.transport import Server
from ledger.cose import cbor
from ledger.cose.keys import EDDSA, PublicKey
from ledger.errors import CannotVerifyError, MalformedError, StorageError, VerificationError
from ledger.evidence.trust_text import offered, text_of
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement
from ledger.statements.log_family import Genesis
from ledger.texts import ENGLISH, Lang, saying
from ledger.tlog.checkpoint import open_checkpoint, parse_checkpoint
from ledger.tlog.note import TYPE_ED25519, VerifierKey, check_key_name, parse_note
from ledger.tlog.trust import TrustPolicy, parse_trust


def offered_trust(server: Server, lang: Lang) -> tuple[str, str]:
    """Return the origin that a server shows, and a trust file that takes its word for the key, comments in a language.

    Raises:
        VerificationError: key, checkpoint and genesis do not belong together.

    """
    text = checkpoint_text(server)
    try:
        checkpoint = parse_checkpoint(parse_note(text).text)
        keys = server.require("/.well-known/scitt-keys", limit=MAX_RECEIPT_SIZE)
        vkey = _log_key(keys, checkpoint.origin)
        open_checkpoint(parse_note(text), vkey)
        client = Client(server, TrustPolicy((vkey,), {}, {}, None), Memory(Path(), ""), vkey.name)
        genesis = parse_statement(client.tree(checkpoint).entry(0))
        body = decode_body(genesis)
    except MalformedError as error:
        raise VerificationError("{url}: {why}", url=server.url, why=error) from error
    if not isinstance(body, Genesis) or body.log_key != str(vkey):
        raise VerificationError(
            "{url}: entry 0 is not the genesis of a log with this key", url=server.url
        )
    lines = offered(str(vkey), genesis.id, body, genesis.issuer, shown_by=server.url)
    return vkey.name, text_of(lines, lang)


def _log_key(raw: bytes, origin: str) -> VerifierKey:
    match cbor.decode(raw, "COSE key set"):
        case [{1: 1, -1: 6, -2: bytes(x)}]:
            check_key_name(origin)
            return VerifierKey(origin, TYPE_ED25519, PublicKey(EDDSA, x).x)
    raise MalformedError("COSE key set: not one Ed25519 key")


def meet(
    server: Server,
    state: Path,
    *,
    trust: str | None,
    first_use: bool,
    say: Callable[[str], None],
    lang: Lang = ENGLISH,
) -> Client:
    """Return a client of the log behind a server, once there is a reason to trust its key.

    Args:
        server: where it is.
        state: where clients remember.
        trust: a trust file's text.
        first_use: take the key that the server shows, if the log was never met.
        say: told what a person should know.
        lang: of the comments in the trust file that is remembered.

    Raises:
        CannotVerifyError: the log was never met, and neither is given.
        VerificationError: another key than the log had, or another log than this server had.

    """
    if server.warning is not None:
        say(server.warning)
    origin = checkpoint_text(server).partition("\n")[0]
    memory = Memory(state, origin)
    pinned = memory.read(TRUST)
    text = trust or pinned
    if trust is None and server.url not in memory.servers():
        others = list(seen_at(state, server.url))
        if others:
            raise VerificationError(
                "{url}: shows the log {origin}, and showed another before ({others})",
                url=server.url,
                origin=origin,
                others=others[0],
            )
    if text is None:
        shown, text = offered_trust(server, lang)
        if not first_use or shown != origin:
            raise CannotVerifyError(
                "{url}: the log {origin} was never met: give --trust FILE, or check its log key elsewhere ({splitlines}) and say --trust-on-first-use",
                url=server.url,
                origin=origin,
                splitlines=text.splitlines()[1],
            )
        say(
            saying(
                "met {origin} and trusted its word; compare this key with what it publishes elsewhere",
                origin=origin,
            )
        )
        say(text.splitlines()[1])
    client = Client(server, _policy(text, memory), memory, origin)
    if pinned is not None and _policy(pinned, memory).log_key(origin) != client.vkey:
        raise VerificationError(
            "the trust file's log key is not the one {origin} was met with ({folder})",
            origin=origin,
            folder=memory.folder,
        )
    client.newest()
    if text != pinned:
        memory.write(TRUST, text)
    memory.add_server(server.url)
    return client


def _policy(text: str, memory: Memory) -> TrustPolicy:
    try:
        return parse_trust(text)
    except MalformedError as error:
        raise StorageError("{folder}: {why}", folder=memory.folder / TRUST, why=error) from error
