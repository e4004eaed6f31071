"""A public beacon: drand's quicknet, a BLS12-381 signature each three seconds that nobody foresees.

A round's signature proves itself against the chain's key, so it may come from anywhere, as a file
too. Scheme ``bls-unchained-g1-rfc9380``: the message is SHA-256 of the round as u64be, the signature
a point of G1 in 48 bytes, the randomness SHA-256 of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import CannotVerifyError, ParameterError, SignatureError
from ledger.texts import saying

SIGNATURE_SIZE = 48
MAX_ROUND = (1 << 53) - 1  # as integers of statements
NEEDS_DRAWS = saying("the beacon of a draw needs the extra draws: pip install 'pinyuan[draws]'")
_TAG = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"  # RFC 9380, section 8.8.1


@dataclass(frozen=True, slots=True)
class Chain:
    """A beacon's chain: its key in G2 (96 bytes), the time of round 1, seconds between rounds."""

    name: str
    key: bytes
    genesis_s: int
    period_s: int
    group: bytes
    """SHA-256 of the group that began it."""

    @property
    def hash(self) -> bytes:
        """Return what drand knows the chain by: 32 bytes over all of this."""
        head = self.period_s.to_bytes(4) + self.genesis_s.to_bytes(8)
        return sha256(head + self.key + self.group + self.name.encode()).digest()

    def time_of(self, number: int) -> int:
        """Return when a round is due, in seconds since 1970.

        Raises:
            ParameterError: no round has that number: they count from 1.

        """
        if not 1 <= number <= MAX_ROUND:
            raise ParameterError("rounds count from 1: {number}", number=number)
        return self.genesis_s + (number - 1) * self.period_s

    def round_from(self, time_s: int) -> int:
        """Return the first round that is due at this time or later."""
        return max(1, 1 - (self.genesis_s - time_s) // self.period_s)


QUICKNET = Chain(
    "quicknet",
    bytes.fromhex(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    1_692_803_367,
    3,
    bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"),
)

REHEARSAL_SECRET = 7
REHEARSAL = Chain(
    "pinyuan-rehearsal",
    bytes.fromhex(
        "8d0273f6bf31ed37c3b8d68083ec3d8e20b5f2cc170fa24b9b5be35b34ed013f9a921f1cad1644d4bdb14674247234c8"
        "049cd1dbb2d2c3581e54c088135fef36505a6823d61b859437bfc79b617030dc8b40e32bad1fa85b9c0f368af6d38d3c"
    ),
    QUICKNET.genesis_s,
    QUICKNET.period_s,
    bytes(32),
)
"""Rounds at times that never were, for logs whose clock is simulated: its secret is known to all."""
CHAINS: Mapping[str, Chain] = {chain.hash.hex(): chain for chain in (QUICKNET, REHEARSAL)}
"""By what programmes name them."""


def rehearsed(number: int) -> bytes:
    """Return the signature of a round of the rehearsal's chain, which anybody can make.

    Raises:
        CannotVerifyError: the extra ``draws`` is not installed.

    """
    try:
        from py_arkworks_bls12381 import G1Point, Scalar  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise CannotVerifyError(NEEDS_DRAWS) from error
    REHEARSAL.time_of(number)
    said = G1Point.hash_to_curve(sha256(number.to_bytes(8)).digest(), _TAG)
    return bytes((said * Scalar(REHEARSAL_SECRET)).to_compressed_bytes())


def randomness_of(chain: Chain, number: int, signature: bytes) -> bytes:
    """Return a round's randomness, 32 bytes, after verifying its signature.

    Raises:
        ParameterError: no round has that number.
        SignatureError: the signature is not this chain's of this round, or spelt otherwise: of
            another spelling another randomness would come.
        CannotVerifyError: the extra ``draws`` is not installed.

    """
    try:
        from py_arkworks_bls12381 import GT, G1Point, G2Point  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise CannotVerifyError(NEEDS_DRAWS) from error
    chain.time_of(number)
    wrong = SignatureError(
        "no signature of round {number} of {chain}", number=number, chain=chain.name
    )
    try:
        point = G1Point.from_compressed_bytes(signature)
    except ValueError as error:
        raise wrong from error
    # The library reads the point at infinity with anything behind its mark.
    if bytes(point.to_compressed_bytes()) != signature:
        raise wrong
    said = G1Point.hash_to_curve(sha256(number.to_bytes(8)).digest(), _TAG)
    key = G2Point.from_compressed_bytes(chain.key)
    if not GT.pairing_check([point, -said], [G2Point(), key]):
        raise wrong
    return sha256(signature).digest()
