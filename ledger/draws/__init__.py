"""Draws that nobody bends or foresees: a verifiable random function, a public beacon, tickets.

Pure: bytes and keys in, tickets out. What is drawn, by whom and when, is the ledger's.
"""

from ledger.draws.beacon import QUICKNET, Chain, randomness_of
from ledger.draws.tickets import Picks, alpha_of, parts, pick, ticket_of
from ledger.draws.vrf import beta_of, prove, public_key_of, verify

__all__ = [
    "QUICKNET",
    "Chain",
    "Picks",
    "alpha_of",
    "beta_of",
    "parts",
    "pick",
    "prove",
    "public_key_of",
    "randomness_of",
    "ticket_of",
    "verify",
]
