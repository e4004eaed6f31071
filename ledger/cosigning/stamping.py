"""Asking an authority for a timestamp of a checkpoint (RFC 3161 over HTTP, section 3.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import ServerError
from ledger.primitives.exchange import fetch
from ledger.tlog.note import NoteSignature
from ledger.tlog.timestamp import MAX_REPLY, QUERY, REPLY, Stamp, line_of, query

TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority: what it is called, where it is asked, its certificates in DER."""

    name: str
    url: str
    anchors: Sequence[bytes]


def ask_for_timestamp(authority: Authority, text: str) -> tuple[NoteSignature, Stamp]:
    """Return an authority's timestamp of a note's text, verified.

    Raises:
        ServerError: no answer, or none of a timestamp authority.
        MalformedError, SignatureError: what it answers is no timestamp of this text by it.
        CannotVerifyError: the extra ``timestamps`` is not installed.

    """
    request, nonce = query(text)
    headers = {"Content-Type": QUERY, "Accept": REPLY}
    answer = fetch(
        "POST",
        authority.url,
        body=request,
        headers=headers,
        limit=MAX_REPLY,
        timeout_s=TIMEOUT_S,
    )
    if answer.status != 200 or answer.media_type != REPLY:  # noqa: PLR2004
        raise ServerError(
            "{url}: answers {status} {media_type}: no timestamp authority (200 {reply})",
            url=authority.url,
            status=answer.status,
            media_type=answer.media_type or "without a media type",
            reply=REPLY,
        )
    return line_of(authority.name, text, answer.body, nonce, authority.anchors)
