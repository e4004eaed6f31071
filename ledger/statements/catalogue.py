"""The only list of statement types: body, issuers, histories, and what reviewing one reads.

A type's histories are a pure function of a statement's bytes and never change; other
histories need a new version of the type.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from ledger import ijson
from ledger.errors import MalformedError
from ledger.statements import identity_family as identity
from ledger.statements import log_family as log
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body

Issuers = Literal["operator", "party", "party-or-operator"]


@dataclass(frozen=True, slots=True)
class StatementType:
    """One row of the catalogue.

    ``issuers``: who may sign it (a party: for itself). ``submitted``: whether it comes
    from outside (genesis and seals are the log's own). ``effect``: what it ends, if anything.
    """

    name: str
    body: type[Body]
    issuers: Issuers
    histories: Callable[[SignedStatement, Body], tuple[Topic, ...]]
    submitted: bool = True
    ends: str | None = None
    version: int = 1


GENERIC = "generic"

CATALOGUE: Mapping[str, StatementType] = {
    row.name: row
    for row in (
        StatementType("genesis", log.Genesis, "operator", log.genesis_histories, submitted=False),
        StatementType("rules", log.Rules, "operator", log.log_history),
        StatementType("log-end", log.LogEnd, "operator", log.log_history, ends="the log"),
        StatementType("seal", log.Seal, "operator", log.no_history, submitted=False),
        StatementType("party", identity.Party, "operator", identity.party_histories),
        StatementType("party-update", identity.PartyUpdate, "operator", identity.party_histories),
        StatementType("key", identity.Key, "party", identity.key_histories),
        StatementType(
            "key-revocation",
            identity.KeyRevocation,
            "party-or-operator",
            identity.key_histories,
            ends="the key",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class InvalidBody:
    """A native payload that cannot be read: the rule it breaks and why."""

    rule: Literal["type-unknown", "fields"]
    message: str


def decode_body(  # noqa: PLR0911 - each way to be unreadable says so
    statement: SignedStatement,
) -> Body | InvalidBody | None:
    """Return the typed payload; None for a generic statement."""
    if not statement.native:
        return None
    try:
        value = ijson.decode(statement.payload)
    except MalformedError as error:
        return InvalidBody("fields", str(error))
    if type(value) is not dict or type(value.get("type")) is not str:
        return InvalidBody("fields", "the payload is not an object with a type")
    row = CATALOGUE.get(value["type"])
    if row is None:
        return InvalidBody("type-unknown", f"unknown statement type {value['type'][:60]!r}")
    if "v" not in value:
        return InvalidBody("fields", f"{row.name}: missing field v")
    if value["v"] != row.version or type(value.get("v")) is not int:
        return InvalidBody("type-unknown", f"unknown version of {row.name}: {value.get('v')!r:.40}")
    try:
        body: Body = msgspec.convert(value, row.body)
        row.histories(statement, body)
    except (msgspec.ValidationError, MalformedError) as error:
        return InvalidBody("fields", f"{row.name}: {error}")
    return body


def type_name(body: Body | None) -> str:
    """Return the type's name as payloads spell it, ``generic`` for none."""
    return GENERIC if body is None else str(type(body).__struct_config__.tag)


def histories_of(statement: SignedStatement, body: Body | InvalidBody | None) -> tuple[Topic, ...]:
    """Return the histories a statement belongs to, the one of its subject first, no repeats."""
    if body is None:
        return ((GENERIC, statement.subject), ("issuer", statement.issuer))
    if isinstance(body, InvalidBody):
        return ()
    topics = CATALOGUE[type_name(body)].histories(statement, body)
    return tuple(dict.fromkeys(topics))


def encode_body(body: Body) -> bytes:
    """Return a payload's JSON: ``v`` and ``type`` first."""
    built = msgspec.to_builtins(body)
    return ijson.encode({"v": built.pop("v"), "type": built.pop("type"), **built})
