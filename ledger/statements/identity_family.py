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
from ledger.statements.statement_type import StatementType

Uscc = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{18}\Z")]


class Party(Body, frozen=True, tag="party"):
    """A party enters: names, country, roles, identifiers and its first keys, if it has one yet."""

    names: Names
    country: Country
    roles: Annotated[tuple[Role, ...], msgspec.Meta(min_length=1, max_length=9)]
    keys: Annotated[tuple[KeyBinding, ...], msgspec.Meta(max_length=16)] = ()
    uscc: Uscc | msgspec.UnsetType = msgspec.UNSET


class PartyUpdate(Body, frozen=True, tag="party-update"):
    """New names and roles of a party, and keys the operator binds to it anew."""

    names: Names
    country: Country
    roles: Annotated[tuple[Role, ...], msgspec.Meta(min_length=1, max_length=9)]
    keys: Annotated[tuple[KeyBinding, ...], msgspec.Meta(max_length=16)] = ()
    uscc: Uscc | msgspec.UnsetType = msgspec.UNSET


class Key(Body, frozen=True, tag="key"):
    """A party's further key, introduced under one that is live."""

    key: KeyBinding


class KeyRevocation(Body, frozen=True, tag="key-revocation"):
    """A key ends here; ``suspected_since`` puts what it signed since then at risk."""

    kid: Digest
    reason: Literal["retired", "lost", "compromised"]
    suspected_since: Time | msgspec.UnsetType = msgspec.UNSET
    note: LongText | msgspec.UnsetType = msgspec.UNSET


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
    StatementType("party", Party, ("operator",), party_histories, "party"),
    StatementType("party-update", PartyUpdate, ("operator",), party_histories, "party"),
    StatementType("key", Key, ("party",), key_histories, "party"),
    StatementType(
        "key-revocation",
        KeyRevocation,
        ("party", "operator"),
        key_histories,
        "party",
        ends="the key",
    ),
)
"""Their rows of the catalogue."""
