"""Keys of issuers: Ed25519 (COSE alg -8) and ECDSA P-256 with SHA-256 (-7).

A ``kid`` is the COSE key thumbprint (RFC 9679): SHA-256 over the deterministic
COSE_Key of the required members only, for EC2 with y as a byte string, alg left out.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric import ed25519 as openssl_ed25519

from ledger.cose.cbor import bstr, encode
from ledger.errors import MalformedError, SignatureError
from ledger.primitives import ed25519

EDDSA = -8
ES256 = -7
ALG_NAMES = {EDDSA: "EdDSA", ES256: "ES256"}
SIGNATURE_SIZE = 64  # both algorithms
COORDINATE_SIZE = 32
MAX_PEM_SIZE = 16_384

_P256 = ec.SECP256R1()
_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_ECDSA = ec.ECDSA(hashes.SHA256())


@lru_cache(maxsize=4096)
def _p256(x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    """Return the point as a key; ValueError off the curve or in a second spelling."""
    if max(int.from_bytes(x), int.from_bytes(y)) >= _PRIME:
        msg = "a coordinate not below the field's prime"
        raise ValueError(msg)
    return ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), _P256).public_key()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: ``x`` (and for P-256 ``y``) of 32 bytes, big-endian for P-256."""

    alg: int
    x: bytes
    y: bytes = b""

    def __post_init__(self) -> None:
        """Refuse another algorithm or other lengths."""
        if self.alg not in ALG_NAMES:
            msg = f"algorithm {self.alg}: only EdDSA (-8) and ES256 (-7) are known"
            raise MalformedError(msg)
        sizes = (COORDINATE_SIZE, COORDINATE_SIZE if self.alg == ES256 else 0)
        if (len(self.x), len(self.y)) != sizes:
            msg = "a key has an x of 32 bytes, and a y of 32 bytes if and only if it is P-256"
            raise MalformedError(msg)

    @property
    def kid(self) -> bytes:
        """Return the thumbprint, 32 bytes."""
        if self.alg == EDDSA:
            cose_key = b"\xa3\x01\x01\x20\x06\x21" + bstr(self.x)
        else:
            cose_key = b"\xa4\x01\x02\x20\x01\x21" + bstr(self.x) + b"\x22" + bstr(self.y)
        return sha256(cose_key).digest()

    def check_sound(self) -> None:
        """Refuse a key on which a signature would prove nothing.

        Raises:
            SignatureError: small or mixed order, not canonical, or not on the curve.

        """
        if self.alg == EDDSA:
            ed25519.check_sound(self.x)
            return
        try:
            _p256(self.x, self.y)
        except ValueError as error:
            msg = "unsound P-256 key: not a point on the curve"
            raise SignatureError(msg) from error

    def verify(self, message: bytes, signature: bytes) -> None:
        """Check a signature of 64 bytes (for ES256 r || s).

        Raises:
            SignatureError: it does not verify.

        """
        if self.alg == EDDSA:
            ed25519.verify(self.x, message, signature)
            return
        if len(signature) != SIGNATURE_SIZE:
            msg = "an ES256 signature has 64 bytes"
            raise SignatureError(msg)
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        try:
            _p256(self.x, self.y).verify(utils.encode_dss_signature(r, s), message, _ECDSA)
        except (InvalidSignature, ValueError) as error:
            msg = "the ES256 signature does not verify"
            raise SignatureError(msg) from error


class PrivateKey:
    """A private key in memory; its public half and ``sign``. Never printed."""

    __slots__ = ("_key", "public")

    def __init__(self, key: openssl_ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.public = _public(key.public_key())

    @classmethod
    def generate(cls, alg: int = EDDSA) -> "PrivateKey":
        """Return a new key from the operating system's randomness."""
        if alg not in ALG_NAMES:
            msg = f"algorithm {alg}: only EdDSA (-8) and ES256 (-7) are known"
            raise ValueError(msg)
        if alg == EDDSA:
            return cls(openssl_ed25519.Ed25519PrivateKey.generate())
        return cls(ec.generate_private_key(_P256))

    @classmethod
    def from_seed(cls, seed: bytes, alg: int = EDDSA) -> "PrivateKey":
        """Return the key of a 32-byte seed (Ed25519) or scalar (P-256)."""
        if alg == EDDSA:
            return cls(openssl_ed25519.Ed25519PrivateKey.from_private_bytes(seed))
        return cls(ec.derive_private_key(int.from_bytes(seed), _P256))

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes | None = None) -> "PrivateKey":
        """Read PKCS#8 PEM, encrypted or not."""
        try:
            key = serialization.load_pem_private_key(pem[:MAX_PEM_SIZE], passphrase)
        except TypeError as error:
            msg = "private key: " + (
                "it is encrypted and no passphrase was given"
                if passphrase is None
                else "a passphrase was given and it is not encrypted"
            )
            raise MalformedError(msg) from error
        except (ValueError, UnsupportedAlgorithm) as error:
            msg = "private key: not a PEM private key, or the passphrase is wrong"
            raise MalformedError(msg) from error
        if not isinstance(key, openssl_ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey):
            msg = "private key: only Ed25519 and P-256 keys are known"
            raise MalformedError(msg)
        return cls(key)

    def pem(self, passphrase: bytes | None = None) -> bytes:
        """Return PKCS#8 PEM, encrypted when a passphrase is given."""
        if passphrase is not None and not passphrase:
            msg = "the passphrase is empty: it would encrypt nothing"
            raise MalformedError(msg)
        encryption = (
            serialization.BestAvailableEncryption(passphrase)
            if passphrase
            else serialization.NoEncryption()
        )
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        )

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        if isinstance(self._key, openssl_ed25519.Ed25519PrivateKey):
            return self._key.sign(message)
        r, s = utils.decode_dss_signature(self._key.sign(message, _ECDSA))
        return r.to_bytes(32) + s.to_bytes(32)


def _public(key: object) -> PublicKey:
    if isinstance(key, openssl_ed25519.Ed25519PublicKey):
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return PublicKey(EDDSA, raw)
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        numbers = key.public_numbers()
        return PublicKey(ES256, numbers.x.to_bytes(32), numbers.y.to_bytes(32))
    msg = "key: only Ed25519 and P-256 keys are known"
    raise MalformedError(msg)


def public_from_pem(pem: bytes) -> PublicKey:
    """Read a public key from SubjectPublicKeyInfo PEM."""
    try:
        key = serialization.load_pem_public_key(pem[:MAX_PEM_SIZE])
    except (ValueError, UnsupportedAlgorithm) as error:
        msg = "public key: not a PEM public key"
        raise MalformedError(msg) from error
    return _public(key)


def public_to_pem(key: PublicKey) -> bytes:
    """Write a public key as SubjectPublicKeyInfo PEM."""
    if key.alg == EDDSA:
        foreign = openssl_ed25519.Ed25519PublicKey.from_public_bytes(key.x)
        return foreign.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    return _p256(key.x, key.y).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def cose_key(key: PublicKey) -> bytes:
    """Return the key as a COSE_Key (RFC 9052 section 7) with kid and alg."""
    members = {1: 1, 2: key.kid, 3: key.alg, -1: 6, -2: key.x}
    if key.alg == ES256:
        members = {1: 2, 2: key.kid, 3: key.alg, -1: 1, -2: key.x, -3: key.y}
    return encode(members)


_BINDING_CONTEXT = b"pinyuan/key-binding/v1"


def possession_message(key: PublicKey, *, origin: str, party: str) -> bytes:
    """Return what a new key signs to prove that its party holds it.

    ["Signature1", << {1: alg} >>, 'pinyuan/key-binding/v1', << [origin, party, kid, alg] >>]
    """
    return encode(
        [
            "Signature1",
            encode({1: key.alg}),
            _BINDING_CONTEXT,
            encode([origin, party, key.kid, key.alg]),
        ]
    )
