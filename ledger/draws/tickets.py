"""Tickets: who is drawn, in an order that one number decides and anybody recomputes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter

from ledger.draws.vrf import OUTPUT_SIZE
from ledger.errors import ParameterError

DRAW, TICKET = b"pinyuan/draw/v1", b"pinyuan/ticket/v1"
HASH_SIZE = 32


def parts(*each: bytes) -> bytes:
    """Return parts behind each other, each with its length (u64be) before it: one reading alone."""
    return b"".join(len(part).to_bytes(8) + part for part in each)


def alpha_of(commitment: bytes, number: int, randomness: bytes) -> bytes:
    """Return what the verifiable random function is asked of a draw.

    ``commitment`` is the leaf hash of the draw's statement, ``number`` the beacon's round and
    ``randomness`` that round's: nobody knew it when the commitment was sealed, and whoever knows
    both without the secret key knows no ticket.
    """
    if len(commitment) != HASH_SIZE or len(randomness) != HASH_SIZE:
        raise ParameterError("a leaf hash and a round's randomness have 32 bytes")
    return parts(DRAW, commitment, number.to_bytes(8), randomness)


def ticket_of(role: str, beta: bytes, key: str) -> bytes:
    """Return the ticket, 32 bytes, of a candidate in a role: ``object/<stratum>``, ``inspector``, ..."""
    if len(beta) != OUTPUT_SIZE:
        raise ParameterError("the output of a draw has 64 bytes")
    return sha256(parts(TICKET, role.encode(), beta, key.encode())).digest()


@dataclass(frozen=True, slots=True)
class Picks:
    """Who is drawn in a role, who takes a place that falls free, in their order, and who is passed over."""

    drawn: tuple[str, ...]
    spares: tuple[str, ...]
    passed_over: tuple[str, ...]
    tickets: Mapping[str, bytes]
    """Of all who were not passed over, lowest first."""


def pick(
    role: str,
    beta: bytes,
    candidates: Collection[str],
    *,
    count: int,
    spares: int = 0,
    excluded: Collection[str] = (),
) -> Picks:
    """Return who is drawn of the candidates: the lowest tickets, then the next lowest as spares.

    Ties, which nobody will see, go by key. Who is excluded, for a tie to what is drawn, has no
    ticket and is named. Where too few are left all are drawn: fewer than asked for is for the asker
    to see.
    """
    if count < 0 or spares < 0:
        raise ParameterError("so many cannot be drawn: {count}", count=min(count, spares))
    barred = set(candidates) & set(excluded)
    order = sorted(
        ((ticket_of(role, beta, key), key) for key in set(candidates) - barred),
        key=itemgetter(0, 1),
    )
    keys = tuple(key for _, key in order)
    return Picks(
        keys[:count],
        keys[count : count + spares],
        tuple(sorted(barred)),
        {key: ticket for ticket, key in order},
    )
