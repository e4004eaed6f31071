"""A verifiable random function: ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381, on libsodium's group.

Whoever has the secret key makes of an input one output and a proof of it; whoever has the public key
checks that no other output was possible. Keys and proofs are judged more strictly than section 5.3
asks, as Ed25519 keys are here: each point is a canonical one of the prime-order subgroup. The output
of what is refused for that would have been the same, so nothing is gained by another spelling.
"""

from hashlib import sha512

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_is_valid_point,
    crypto_core_ed25519_scalar_add,
    crypto_core_ed25519_scalar_mul,
    crypto_core_ed25519_scalar_reduce,
    crypto_core_ed25519_sub,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_scalarmult_ed25519_noclamp,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import RuntimeError as SodiumError

from ledger.errors import MalformedError, SignatureError
from ledger.primitives.ed25519 import KEY_SIZE, check_sound

PROOF_SIZE = 80  # Gamma 32, c 16, s 32
OUTPUT_SIZE = 64

_SUITE = b"\x03"
_CURVE, _CHALLENGE, _HASH, _END = b"\x01", b"\x02", b"\x03", b"\x00"
_POINT, _C = 32, 16
_Q = (1 << 252) + 27742317777372353535851937790883648493  # the subgroup's order
_P = (1 << 255) - 19  # the field's
_SIGN = (1 << 255) - 1
_IDENTITY = (1).to_bytes(_POINT, "little")
_TRIES = 256


def public_key_of(seed: bytes) -> bytes:
    """Return the public key, 32 bytes, of a secret seed of 32 bytes: an Ed25519 key.

    Raises:
        MalformedError: it has another length.

    """
    if len(seed) != KEY_SIZE:
        raise MalformedError("the secret of a draw has 32 bytes")
    return crypto_sign_seed_keypair(seed)[0]


def prove(seed: bytes, alpha: bytes) -> bytes:
    """Return the proof, 80 bytes, of the output of ``alpha`` under a secret seed (section 5.1).

    Raises:
        MalformedError: the seed has no 32 bytes.

    """
    key, expanded = public_key_of(seed), sha512(seed).digest()
    secret = _clamped(expanded[:32])
    point = _curve_point(key, alpha)
    gamma = crypto_scalarmult_ed25519_noclamp(secret, point)
    nonce = crypto_core_ed25519_scalar_reduce(sha512(expanded[32:] + point).digest())
    challenge = _challenge(
        key,
        point,
        gamma,
        crypto_scalarmult_ed25519_base_noclamp(nonce),
        crypto_scalarmult_ed25519_noclamp(nonce, point),
    )
    s = crypto_core_ed25519_scalar_add(
        nonce, crypto_core_ed25519_scalar_mul(_scalar(challenge), _reduced(secret))
    )
    return gamma + challenge + s


def verify(key: bytes, alpha: bytes, proof: bytes) -> bytes:
    """Return the output, 64 bytes, that a proof shows of ``alpha`` under a public key (section 5.3).

    Raises:
        SignatureError: the key is unsound (section 5.4.5), or the proof is none of this input.

    """
    check_sound(key)
    gamma, challenge, s = _split(proof)
    point = _curve_point(key, alpha)
    try:
        u = crypto_core_ed25519_sub(
            crypto_scalarmult_ed25519_base_noclamp(s),
            crypto_scalarmult_ed25519_noclamp(_scalar(challenge), key),
        )
        v = crypto_core_ed25519_sub(
            crypto_scalarmult_ed25519_noclamp(s, point),
            crypto_scalarmult_ed25519_noclamp(_scalar(challenge), gamma),
        )
    except SodiumError as error:  # a scalar of zero, which no honest proof has
        raise SignatureError("the proof of a draw does not verify") from error
    if _challenge(key, point, gamma, u, v) != challenge:
        raise SignatureError("the proof of a draw does not verify")
    return beta_of(proof)


def beta_of(proof: bytes) -> bytes:
    """Return the output, 64 bytes, that belongs to a proof, which is not verified (section 5.2).

    Raises:
        SignatureError: it has not the form of one.

    """
    gamma, _, _ = _split(proof)
    return sha512(_SUITE + _HASH + _times_cofactor(gamma) + _END).digest()


def _split(proof: bytes) -> tuple[bytes, bytes, bytes]:
    """Return Gamma, c and s of a proof (section 5.4.4)."""
    if len(proof) != PROOF_SIZE:
        raise SignatureError("the proof of a draw has 80 bytes")
    gamma, challenge, s = proof[:_POINT], proof[_POINT : _POINT + _C], proof[_POINT + _C :]
    if not crypto_core_ed25519_is_valid_point(gamma) or int.from_bytes(s, "little") >= _Q:
        raise SignatureError("the proof of a draw does not verify")
    return gamma, challenge, s


def _curve_point(key: bytes, alpha: bytes) -> bytes:
    """Return the point of an input: try and increment (section 5.4.1.1)."""
    for count in range(_TRIES):
        tried = sha512(_SUITE + _CURVE + key + alpha + bytes([count]) + _END).digest()[:_POINT]
        if int.from_bytes(tried, "little") & _SIGN >= _P:
            continue
        try:
            point = _times_cofactor(tried)
        except SodiumError:  # not on the curve
            continue
        if point != _IDENTITY:
            return point
    raise SignatureError("no point of the curve belongs to this input")  # once in 2^256


def _challenge(*points: bytes) -> bytes:
    """Return c of key, input, Gamma, U and V (section 5.4.3)."""
    return sha512(_SUITE + _CHALLENGE + b"".join(points) + _END).digest()[:_C]


def _times_cofactor(point: bytes) -> bytes:
    for _ in range(3):
        point = crypto_core_ed25519_add(point, point)
    return point


def _clamped(raw: bytes) -> bytes:
    """Return the secret scalar of RFC 8032 section 5.1.5."""
    return bytes([raw[0] & 0xF8]) + raw[1:31] + bytes([raw[31] & 0x7F | 0x40])


def _scalar(challenge: bytes) -> bytes:
    return challenge.ljust(32, b"\0")


def _reduced(scalar: bytes) -> bytes:
    return crypto_core_ed25519_scalar_reduce(scalar.ljust(64, b"\0"))
