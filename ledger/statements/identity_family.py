"""Statements about parties and their keys: party, party-update, key, key-revocation."""

from typing import Annotated, Literal

import msgspec

from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Country,
    Digest,
    KeyBinding,
    LongText,
    Names,
    Role,
    Time,
)
from ledger.statements.meant import COUNTRY, KEYS, NAMES, NOTE, REASON, ROLES, USCC, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

Uscc = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{18}\Z")]


class Party(Body, frozen=True, tag="party"):
    """A party enters: names, country, roles, identifiers and its first keys, if it has one yet."""

    names: Annotated[Names, NAMES]
    country: Annotated[Country, COUNTRY]
    roles: Annotated[tuple[Role, ...], msgspec.Meta(min_length=1, max_length=9), ROLES]
    keys: Annotated[tuple[KeyBinding, ...], msgspec.Meta(max_length=16), KEYS] = ()
    uscc: Annotated[Uscc | msgspec.UnsetType, USCC] = msgspec.UNSET


class PartyUpdate(Body, frozen=True, tag="party-update"):
    """New names and roles of a party, and keys the operator binds to it anew."""

    names: Annotated[Names, NAMES]
    country: Annotated[Country, COUNTRY]
    roles: Annotated[tuple[Role, ...], msgspec.Meta(min_length=1, max_length=9), ROLES]
    keys: Annotated[tuple[KeyBinding, ...], msgspec.Meta(max_length=16), KEYS] = ()
    uscc: Annotated[Uscc | msgspec.UnsetType, USCC] = msgspec.UNSET


class Key(Body, frozen=True, tag="key"):
    """A party's further key, introduced under one that is live."""

    key: Annotated[KeyBinding, Meant("The new key; --bind FILE puts it in.", "New key")]


class KeyRevocation(Body, frozen=True, tag="key-revocation"):
    """A key ends here; ``suspected_since`` puts what it signed since then at risk."""

    kid: Annotated[Digest, Meant("The key that ends.", "Key", context="key-revocation.kid")]
    reason: Annotated[Literal["retired", "lost", "compromised"], REASON]
    suspected_since: Annotated[
        Time | msgspec.UnsetType, Meant("What it signed since then is at risk.", "Suspected since")
    ] = msgspec.UNSET
    note: Annotated[LongText | msgspec.UnsetType, NOTE] = msgspec.UNSET


def party_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``identity``, party), (``key``, kid) of each key, (``uscc``, number)."""
    assert isinstance(body, Party | PartyUpdate)  # noqa: S101 - the catalogue pairs them
    uscc = () if body.uscc is msgspec.UNSET else (("uscc", body.uscc),)
    return (
        ("identity", statement.subject),
        *(("key", binding.public_key().kid.hex()) for binding in body.keys),
        *uscc,
    )


def key_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``keys``, party) and (``key``, kid): a party's own, as many as it likes.

    Not (``identity``, party), which is read of everybody who signed something.
    """
    assert isinstance(body, Key | KeyRevocation)  # noqa: S101 - the catalogue pairs them
    kid = body.kid if isinstance(body, KeyRevocation) else body.key.public_key().kid.hex()
    return (("keys", statement.subject), ("key", kid))


ROWS = (
    StatementType(
        "party",
        Party,
        ("operator",),
        party_histories,
        "party",
        called=Words("party"),
        says=Words("A party enters: names, country, roles and first keys."),
    ),
    StatementType(
        "party-update",
        PartyUpdate,
        ("operator",),
        party_histories,
        "party",
        called=Words("party update"),
        says=Words("New names and roles of a party, and keys bound to it anew."),
    ),
    StatementType(
        "key",
        Key,
        ("party",),
        key_histories,
        "party",
        called=Words("key"),
        says=Words("A party's further key, signed with one that is live."),
    ),
    StatementType(
        "key-revocation",
        KeyRevocation,
        ("party", "operator"),
        key_histories,
        "party",
        ends="the key",
        called=Words("key revocation"),
        says=Words("A key ends here."),
    ),
)
"""Their rows of the catalogue."""
