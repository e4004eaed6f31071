"""What a signed statement must carry to be registered, as data: the envelope's side of the rules.

Published with the rules, so that it binds, and served as the registration policy, so that who
writes other software need not read FORMATS first.
"""

from typing import Any

from ledger.cose.keys import ALG_NAMES, ALGORITHMS, SIGNATURE_SIZES
from ledger.cose.sign1 import (
    ALG,
    CONTENT_TYPE,
    CWT_CLAIMS,
    KID,
    MAX_SIZE,
    PAYLOAD_HASH_ALG,
    PAYLOAD_LOCATION,
    PREIMAGE_CONTENT_TYPE,
    RECEIPTS,
    UNDERSTOOD,
    VDP,
    VDS,
)
from ledger.identifiers import PARTY_FORM
from ledger.statements.envelope import (
    AUD,
    HASHES,
    IAT,
    ISS,
    KID_SIZE,
    MAX_AUDIENCE,
    MAX_CLAIM_SIZE,
    MAX_RECEIPTS,
    NATIVE,
    SUB,
)

_KEYS = {"EdDSA": "Ed25519", "ES256": "P-256", "ES384": "P-384"}
_TEXT = f"text of 1 to {MAX_CLAIM_SIZE} characters, no control characters"
_TYPE = f"{_TEXT}, or a number below 65536"


def carries() -> dict[str, Any]:
    """Return it as a JSON value."""
    return {
        "message": "COSE_Sign1 (RFC 9052), tag 18, payload attached, external_aad empty, "
        "lengths and numbers in their shortest form",
        "most_bytes": MAX_SIZE,
        "algorithms": [
            {
                "alg": number,
                "key": _KEYS[ALG_NAMES[alg]],
                "binding": ALG_NAMES[alg],
                "signature_bytes": SIGNATURE_SIZES[alg],
            }
            for number, alg in ALGORITHMS.items()
        ],
        "protected": [
            _header(ALG, "alg", "one of the algorithms, that of the key", required=True),
            _header(
                KID, "kid", f"{KID_SIZE} bytes: the key's thumbprint (RFC 9679)", required=True
            ),
            _header(CWT_CLAIMS, "CWT claims", "a map, below", required=True),
            _header(CONTENT_TYPE, "content type", f"{_TYPE}; not beside 258", required=False),
            _header(PAYLOAD_HASH_ALG, "payload hash", "one of the hashes", required=False),
            _header(PREIMAGE_CONTENT_TYPE, "of what is hashed", _TYPE, required=False),
            _header(PAYLOAD_LOCATION, "where that is", _TEXT, required=False),
        ],
        "either": [CONTENT_TYPE, PAYLOAD_HASH_ALG],
        "critical": sorted(UNDERSTOOD),
        "claims": [
            _header(ISS, "iss", f"the party that the key is of: {PARTY_FORM}", required=True),
            _header(SUB, "sub", _TEXT, required=True),
            _header(
                AUD,
                "aud",
                f"text, or an array of 1 to {MAX_AUDIENCE}, this log's name in it; "
                "only what is not native may leave it out",
                required=False,
            ),
            _header(IAT, "iat", "POSIX seconds, at most 5 minutes ahead of the log", required=True),
        ],
        "hashes": [
            {"alg": number, "name": name, "bytes": size} for number, (name, size) in HASHES.items()
        ],
        "unprotected": [
            _header(
                RECEIPTS,
                "receipts of other logs",
                f"an array of 1 to {MAX_RECEIPTS} byte strings, kept beside the leaf",
                required=False,
            )
        ],
        "refused": {
            "protected": [RECEIPTS, VDS, VDP],
            "unprotected": [PAYLOAD_HASH_ALG, PREIMAGE_CONTENT_TYPE, PAYLOAD_LOCATION, VDS, VDP],
        },
        "native": NATIVE,
    }


def _header(label: int, name: str, form: str, *, required: bool) -> dict[str, Any]:
    return {"label": label, "name": name, "form": form, "required": required}
