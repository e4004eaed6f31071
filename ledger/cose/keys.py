"""Keys of issuers: Ed25519, ECDSA on P-256 with SHA-256, ECDSA on P-384 with SHA-384.

In headers each has two numbers (``ALGORITHMS``); a key has one, and verifies whichever of its
two a header says. A ``kid`` is the COSE key thumbprint (RFC 9679): SHA-256 over the deterministic
COSE_Key of the required members only, for EC2 with y as a byte string, alg left out.
"""

import re
from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric import ed25519 as openssl_ed25519

from ledger.cose.cbor import bstr, encode
from ledger.errors import FormError, MalformedError, SignatureError
from ledger.primitives import ed25519
from ledger.texts import saying

EDDSA = -8
ES256 = -7
ES384 = -35
ALG_NAMES = {EDDSA: "EdDSA", ES256: "ES256", ES384: "ES384"}
ALGORITHMS = {EDDSA: EDDSA, -19: EDDSA, ES256: ES256, -9: ES256, ES384: ES384, -51: ES384}
"""What a header's alg says: by the older number, here with one curve only, or by the one that
RFC 9864 gives to the algorithm together with its curve (Ed25519, ESP256, ESP384)."""
SIGNATURE_SIZES = {EDDSA: 64, ES256: 64, ES384: 96}
MAX_PEM_SIZE = 16_384
_UNREADABLE = (ValueError, UnsupportedAlgorithm, InternalError)
"""What the library raises for a file that holds no key it knows: which one depends on the bit."""
_ENCRYPTED = re.compile(
    rb"-----BEGIN ENCRYPTED PRIVATE KEY-----(.*?)-----END ENCRYPTED PRIVATE KEY-----", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _Curve:
    """A curve of ECDSA: its number in COSE keys, its field, and the hash that goes with it."""

    number: int
    name: str
    size: int
    prime: int
    curve: ec.EllipticCurve
    ecdsa: ec.ECDSA


_CURVES = {
    ES256: _Curve(
        1,
        "P-256",
        32,
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        ec.SECP256R1(),
        ec.ECDSA(hashes.SHA256()),
    ),
    ES384: _Curve(
        2,
        "P-384",
        48,
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        ec.SECP384R1(),
        ec.ECDSA(hashes.SHA384()),
    ),
}
_OF_CURVE = {item.curve.name: alg for alg, item in _CURVES.items()}
_KNOWN = "only EdDSA (-8, -19), ES256 (-7, -9) and ES384 (-35, -51) are known"


@lru_cache(maxsize=4096)
def _point(alg: int, x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    """Return the point as a key; ValueError off the curve or in a second spelling."""
    curve = _CURVES[alg]
    if max(int.from_bytes(x), int.from_bytes(y)) >= curve.prime:
        raise FormError("a coordinate not below the field's prime")
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), curve.curve)
    return numbers.public_key()


def algorithm(value: object) -> int:
    """Return the algorithm that a header's alg says.

    Raises:
        MalformedError: none that is known.

    """
    found = ALGORITHMS.get(value) if type(value) is int else None
    if found is None:
        raise MalformedError("algorithm {value!r:.40}: {known}", value=value, known=_KNOWN)
    return found


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: ``x`` of 32 bytes, or ``x`` and ``y`` big-endian, of 32 (P-256) or 48 (P-384)."""

    alg: int
    x: bytes
    y: bytes = b""

    def __post_init__(self) -> None:
        """Refuse another algorithm or other lengths."""
        if self.alg not in ALG_NAMES:
            raise MalformedError("algorithm {alg}: {known}", alg=self.alg, known=_KNOWN)
        curve = _CURVES.get(self.alg)
        sizes = (ed25519.KEY_SIZE, 0) if curve is None else (curve.size, curve.size)
        if (len(self.x), len(self.y)) != sizes:
            raise MalformedError(
                "key: x and y of {count} and {count_2} bytes, {sizes} expected",
                count=len(self.x),
                count_2=len(self.y),
                sizes=sizes,
            )

    @property
    def kid(self) -> bytes:
        """Return the thumbprint, 32 bytes."""
        if self.alg == EDDSA:
            cose_key = b"\xa3\x01\x01\x20\x06\x21" + bstr(self.x)
        else:
            begin = b"\xa4\x01\x02\x20" + bytes([_CURVES[self.alg].number]) + b"\x21"
            cose_key = begin + bstr(self.x) + b"\x22" + bstr(self.y)
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
            _point(self.alg, self.x, self.y)
        except ValueError as error:
            raise SignatureError(
                "unsound {name} key: not a point on the curve", name=_CURVES[self.alg].name
            ) from error

    def verify(self, message: bytes, signature: bytes) -> None:
        """Check a signature: 64 bytes, for ES256 r || s; 96 for ES384.

        Raises:
            SignatureError: it does not verify.

        """
        if self.alg == EDDSA:
            ed25519.verify(self.x, message, signature)
            return
        curve, name = _CURVES[self.alg], ALG_NAMES[self.alg]
        if len(signature) != SIGNATURE_SIZES[self.alg]:
            raise SignatureError(
                "an {name} signature has {signature_sizes} bytes",
                name=name,
                signature_sizes=SIGNATURE_SIZES[self.alg],
            )
        r, s = int.from_bytes(signature[: curve.size]), int.from_bytes(signature[curve.size :])
        try:
            point = _point(self.alg, self.x, self.y)
            point.verify(utils.encode_dss_signature(r, s), message, curve.ecdsa)
        except (InvalidSignature, ValueError) as error:
            raise SignatureError("the {name} signature does not verify", name=name) from error


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
            raise FormError("algorithm {alg}: {known}", alg=alg, known=_KNOWN)
        if alg == EDDSA:
            return cls(openssl_ed25519.Ed25519PrivateKey.generate())
        return cls(ec.generate_private_key(_CURVES[alg].curve))

    @classmethod
    def from_seed(cls, seed: bytes, alg: int = EDDSA) -> "PrivateKey":
        """Return the key of a 32-byte seed (Ed25519) or a scalar (ECDSA)."""
        if alg == EDDSA:
            return cls(openssl_ed25519.Ed25519PrivateKey.from_private_bytes(seed))
        return cls(ec.derive_private_key(int.from_bytes(seed), _CURVES[alg].curve))

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes | None = None) -> "PrivateKey":
        """Read PKCS#8 PEM, encrypted or not."""
        try:
            key = serialization.load_pem_private_key(pem[:MAX_PEM_SIZE], passphrase)
        except TypeError as error:
            raise MalformedError(
                saying("private key: it is encrypted and no passphrase was given")
                if passphrase is None
                else saying("private key: a passphrase was given and it is not encrypted")
            ) from error
        except _UNREADABLE as error:
            raise MalformedError(
                "private key: not a PEM private key, or the passphrase is wrong"
            ) from error
        if not isinstance(key, openssl_ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey):
            raise MalformedError("private key: only Ed25519, P-256 and P-384 keys are known")
        return cls(key)

    def pem(self, passphrase: bytes | None = None) -> bytes:
        """Return PKCS#8 PEM, encrypted when a passphrase is given."""
        if passphrase is not None and not passphrase:
            raise MalformedError("the passphrase is empty: it would encrypt nothing")
        encryption = (
            serialization.BestAvailableEncryption(passphrase)
            if passphrase
            else serialization.NoEncryption()
        )
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        )

    def prove(self, alpha: bytes) -> bytes:
        """Return the proof, 80 bytes, of what a draw's function makes of an input (RFC 9381)."""
        from ledger.draws import prove  # noqa: PLC0415 - who draws needs libsodium's group

        if not isinstance(self._key, openssl_ed25519.Ed25519PrivateKey):
            raise MalformedError("draws are proven by a key of Ed25519")
        raw = serialization.Encoding.Raw, serialization.PrivateFormat.Raw
        return prove(self._key.private_bytes(*raw, serialization.NoEncryption()), alpha)

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes, or 96 with P-384."""
        if isinstance(self._key, openssl_ed25519.Ed25519PrivateKey):
            return self._key.sign(message)
        curve = _CURVES[self.public.alg]
        r, s = utils.decode_dss_signature(self._key.sign(message, curve.ecdsa))
        return r.to_bytes(curve.size) + s.to_bytes(curve.size)


def _public(key: object) -> PublicKey:
    if isinstance(key, openssl_ed25519.Ed25519PublicKey):
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return PublicKey(EDDSA, raw)
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _OF_CURVE:
        alg, numbers = _OF_CURVE[key.curve.name], key.public_numbers()
        size = _CURVES[alg].size
        return PublicKey(alg, numbers.x.to_bytes(size), numbers.y.to_bytes(size))
    raise MalformedError("key: only Ed25519, P-256 and P-384 keys are known")


def public_from_pem(pem: bytes) -> PublicKey:
    """Read a public key from SubjectPublicKeyInfo PEM."""
    try:
        key = serialization.load_pem_public_key(pem[:MAX_PEM_SIZE])
    except _UNREADABLE as error:
        raise MalformedError("public key: not a PEM public key") from error
    return _public(key)


def check_private_pem(pem: bytes) -> None:
    """Check that bytes are a private key in PEM; one that is encrypted is not opened.

    Raises:
        MalformedError: they are none.

    """
    found = _ENCRYPTED.search(pem[:MAX_PEM_SIZE])
    if found is None:
        PrivateKey.from_pem(pem)
        return
    try:
        der = b64decode(b"".join(found[1].split()), validate=True)
    except ValueError:
        der = b""
    if not der.startswith(b"\x30"):  # PKCS#8's sequence; what is in it needs the passphrase
        raise MalformedError("private key: not a PEM private key")


def public_to_pem(key: PublicKey) -> bytes:
    """Write a public key as SubjectPublicKeyInfo PEM."""
    if key.alg == EDDSA:
        foreign = openssl_ed25519.Ed25519PublicKey.from_public_bytes(key.x)
        return foreign.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    return _point(key.alg, key.x, key.y).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def cose_key(key: PublicKey) -> bytes:
    """Return the key as a COSE_Key (RFC 9052 section 7) with kid and alg."""
    curve = _CURVES.get(key.alg)
    if curve is None:
        return encode({1: 1, 2: key.kid, 3: key.alg, -1: 6, -2: key.x})
    return encode({1: 2, 2: key.kid, 3: key.alg, -1: curve.number, -2: key.x, -3: key.y})


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
