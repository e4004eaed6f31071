"""The linear hash chain: c_0 = SHA-256(origin), c_{i+1} = SHA-256(c_i || leaf_hash_i).

The value c_i of an entry stands for everything before it; whole-ledger
verification is its only reader.
"""

from hashlib import sha256


def start(origin: str) -> bytes:
    """Return c_0 of the log named ``origin``."""
    return sha256(origin.encode()).digest()


def extend(value: bytes, leaf_hash: bytes) -> bytes:
    """Return c_{i+1} from c_i and the leaf hash of entry i."""
    return sha256(value + leaf_hash).digest()
