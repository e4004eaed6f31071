"""Draws that nobody bends or foresees: a verifiable random function, a public beacon, tickets.

Pure: bytes and keys in, tickets out. What is drawn, by whom and when, is the ledger's.
"""

from ledger.draws.beacon import CHAINS, QUICKNET, REHEARSAL, Chain, randomness_of, rehearsed
from ledger.draws.tickets import Picks, alpha_of, parts, pick, ticket_of
from ledger.draws.vrf import beta_of, prove, public_key_of, verify

__all__ = [
    "CHAINS",
    "QUICKNET",
    "REHEARSAL",
    "Chain",
    "Picks",
    "alpha_of",
    "beta_of",
    "parts",
    "pick",
    "prove",
    "public_key_of",
    "randomness_of",
    "rehearsed",
    "ticket_of",
    "verify",
]
