"""Who signs: party ids in their one canonical form.

- ``https://id.gs1.org/417/<GLN>``, ``urn:uscc:<18>``, ``urn:pinyuan:person:<32 hex>``.
- ``did:web:<host>[%3A<port>][:<segment>...]``: the host in lower case; segments of the characters
  that a DID has, others percent-encoded in capitals.
- ``https://<host>[:<port>][/<segment>...]``: no user, query, fragment, nor a slash at the end; at
  no host of GS1's, and with no GS1 key in it, which is spelled with id.gs1.org alone.
- ``did:jwk:<base64url of a JWK>``: a public key on a curve that is known here.

Where several spellings name the same place on the web, one is taken and the others are refused:
what was registered of one would be hidden under another.
"""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from stdnum import ean

from ledger.errors import CheckDigitError, MalformedError
from ledger.identifiers.uscc import check_uscc
from ledger.primitives import ijson
from ledger.primitives.remembered import remembered
from ledger.primitives.strict import parse_base64url

PARTY_FORM = (
    "https://id.gs1.org/417/<GLN>, urn:uscc:<18>, did:web:<host>[:<path>], did:jwk:<key>, "
    "https://<host>[/<path>], urn:pinyuan:person:<32 hex>"
)
MAX_SIZE = 300
MAX_HOST_SIZE = 253
MAX_PORT = 65_535

_GLN = re.compile(r"https://id\.gs1\.org/417/([0-9]{13})")
_USCC = re.compile(r"urn:uscc:([0-9A-Z]{18})")
_PERSON = re.compile(r"urn:pinyuan:person:[0-9a-f]{32}")
_HOST = r"((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)"
_PORT = r"([1-9][0-9]{1,4})"
_WEB = re.compile(rf"did:web:{_HOST}(?:%3A{_PORT})?((?::[A-Za-z0-9._%-]+)*)")
_HTTPS = re.compile(rf"https://{_HOST}(?::{_PORT})?((?:/[A-Za-z0-9._~%-]+)*)")
_JWK = re.compile(r"did:jwk:([A-Za-z0-9_-]+)")
_CURVES = {"Ed25519": "OKP", "P-256": "EC", "P-384": "EC"}
_GS1 = "gs1.org"
_GS1_KEY = re.compile(r"/(?:00|01|414|417)/[0-9]+")
HTTPS_PORT = "443"


def _in_path(segment: str) -> str:
    """Return the one spelling of a URL's path segment."""
    return quote(unquote(segment, errors="replace"), safe="")


def _in_did(segment: str) -> str:
    """Return the one spelling of a DID's segment, in which a tilde may not stand."""
    return _in_path(segment).replace("~", "%7E")


def _on_the_web(match: re.Match[str], separator: str, spelled: Callable[[str], str]) -> bool:
    host, port, path = match.groups()
    segments = path.split(separator)[1:]
    return (
        len(host) <= MAX_HOST_SIZE
        and (port is None or (port != HTTPS_PORT and int(port) <= MAX_PORT))
        and all(spelled(item) == item and item not in (".", "..") for item in segments)
    )


def _is_key(encoded: str) -> bool:
    """Return whether this spells a public JWK on a known curve."""
    try:
        jwk = ijson.decode(parse_base64url(encoded))
    except MalformedError:
        return False
    return (
        type(jwk) is dict
        and "d" not in jwk
        and type(jwk.get("crv")) is str
        and jwk.get("kty") is not None
        and _CURVES.get(jwk["crv"]) == jwk["kty"]
    )


def looks_like_party(text: str) -> bool:
    """Return whether a text begins as party ids do and as ids of things do not."""
    return text.startswith(
        ("https://id.gs1.org/417/", "urn:uscc:", "urn:pinyuan:person:", "did:")
    ) or (text.startswith("https://") and not _of_gs1(text))


def _of_gs1(text: str) -> bool:
    host = text.removeprefix("https://").partition("/")[0].partition(":")[0]
    return host == _GS1 or host.endswith(f".{_GS1}")


@remembered()
def check_party(party: str) -> None:
    """Refuse anything but a party id in canonical form.

    Raises:
        MalformedError: names the forms, or the wrong check digit.

    """
    if match := _GLN.fullmatch(party):
        if not ean.is_valid(match[1]):
            raise CheckDigitError("party {party}: the check digit of the GLN is wrong", party=party)
        return
    if match := _USCC.fullmatch(party):
        check_uscc(match[1])
        return
    if _PERSON.fullmatch(party):
        return
    if len(party) <= MAX_SIZE:
        if (match := _WEB.fullmatch(party)) and _on_the_web(match, ":", _in_did):
            return
        match = None if _of_gs1(party) else _HTTPS.fullmatch(party)
        if match and not _GS1_KEY.search(match[3]) and _on_the_web(match, "/", _in_path):
            return
        if (match := _JWK.fullmatch(party)) and _is_key(match[1]):
            return
    raise MalformedError(
        "not a party id: {party!r} ({party_form})", party=party[:100], party_form=PARTY_FORM
    )
