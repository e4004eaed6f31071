"""Somebody else's ledger: what a cosigner remembers, what a replayer re-derives."""
