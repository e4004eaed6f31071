"""Signed bytes: strict CBOR, keys, COSE_Sign1, receipts. Knows no domain."""
