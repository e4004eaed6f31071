"""Identifiers in their one canonical form; a second spelling would hide a history.

Parties: ``https://id.gs1.org/417/<GLN>``, ``urn:uscc:<18>``, ``did:web:<host>``,
``urn:pinyuan:person:<32 hex>`` (natural persons, under a pseudonym).
"""

import re

from stdnum import ean
from stdnum.cn import uscc

from ledger.errors import MalformedError
from ledger.tlog.note import check_key_name

MAX_ORIGIN_SIZE = 200  # a name for people; every statement to the log carries it

_GLN = re.compile(r"https://id\.gs1\.org/417/([0-9]{13})")
_USCC = re.compile(r"urn:uscc:([0-9A-Z]{18})")
_WEB = re.compile(
    r"did:web:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
MAX_WEB_SIZE = len("did:web:") + 253  # the longest host name
_PERSON = re.compile(r"urn:pinyuan:person:[0-9a-f]{32}")
PERSON_PREFIX = "urn:pinyuan:person:"
USCC_PREFIX = "urn:uscc:"


def check_uscc(number: str) -> None:
    """Refuse anything but a 统一社会信用代码 (GB 32100-2015) with its check character."""
    if len(number) != 18 or uscc.compact(number) != number or not uscc.is_valid(number):  # noqa: PLR2004
        msg = f"not a unified social credit code in canonical form: {number[:40]!r}"
        raise MalformedError(msg)


def check_party(party: str) -> None:
    """Refuse anything but a party id in canonical form.

    Raises:
        MalformedError: names the forms, or the wrong check digit.

    """
    if match := _GLN.fullmatch(party):
        if not ean.is_valid(match[1]):
            msg = f"party {party}: the check digit of the GLN is wrong"
            raise MalformedError(msg)
        return
    if match := _USCC.fullmatch(party):
        check_uscc(match[1])
        return
    if _PERSON.fullmatch(party) or (len(party) <= MAX_WEB_SIZE and _WEB.fullmatch(party)):
        return
    msg = (
        f"not a party id: {party[:100]!r} (https://id.gs1.org/417/<GLN>, urn:uscc:<18>, "
        "did:web:<host>, urn:pinyuan:person:<32 hex>)"
    )
    raise MalformedError(msg)


def check_origin(origin: str) -> None:
    """Refuse a log name that cannot stand in a checkpoint, a vkey and a receipt."""
    check_key_name(origin)
    if len(origin.encode()) > MAX_ORIGIN_SIZE or "#" in origin or "\x7f" in origin:
        msg = f"log name: at most {MAX_ORIGIN_SIZE} bytes and no '#': {origin[:100]!r}"
        raise MalformedError(msg)
