"""Ed25519 by one written rule: libsodium's.

A signature (R, s) by key A over M is valid iff A and R are canonical encodings,
neither is of small order, s < L, and the cofactorless [s]B = R + [k]A holds.
Other libraries accept more; nothing here asks them.
"""

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError

from ledger.errors import SignatureError

KEY_SIZE = 32
SIGNATURE_SIZE = 64


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Check one signature.

    Raises:
        SignatureError: it does not verify.

    """
    if len(public_key) != KEY_SIZE or len(signature) != SIGNATURE_SIZE:
        raise SignatureError("an Ed25519 key has 32 bytes and a signature 64")
    try:
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError as error:
        raise SignatureError("the Ed25519 signature does not verify") from error


def check_sound(public_key: bytes) -> None:
    """Refuse a key that is not a canonical point of the prime-order subgroup.

    With a key of small order one signature fits every message.

    Raises:
        SignatureError: the key is unsound.

    """
    if len(public_key) != KEY_SIZE or not crypto_core_ed25519_is_valid_point(public_key):
        raise SignatureError(
            "unsound Ed25519 key: not a canonical point of the prime-order subgroup"
        )
