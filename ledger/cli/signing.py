"""Signing one statement: its payload, subject, keys to bind and values to seal."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.cli.common import read_file
from ledger.cli.compose import compose
from ledger.cli.finding import AtHand
from ledger.cli.moments import Moments
from ledger.cose.keys import PrivateKey, possession_message
from ledger.errors import MalformedError, ParameterError, UsageError
from ledger.identifiers.other_case import in_other_case
from ledger.primitives import ijson
from ledger.rules.common import SUBJECT_CHECKS
from ledger.statements.catalogue import encode_body
from ledger.statements.disclosure import (
    SALT_SIZE,
    Disclosure,
    Value,
    commitments,
)
from ledger.statements.envelope import NATIVE, SignedStatement, parse_statement, sign_statement
from ledger.statements.epcis_family import Epcis
from ledger.statements.fields import Body, KeyBinding
from ledger.statements.statement_type import StatementType
from ledger.statements.typed import Typed
from ledger.statements.words import SUBJECTS
from ledger.texts import Lang, saying

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs, with which key, for which log."""

    issuer: str
    key: PrivateKey
    origin: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed statement, and the values that open its commitments."""

    raw: bytes
    statement: SignedStatement
    body: Body | None = None
    disclosure: Disclosure | None = None


def sign_payload(
    author: Author, payload: bytes, content_type: str, *, subject: str | None, issued_at: int
) -> Signed:
    """Sign a generic statement."""
    if content_type == NATIVE:
        raise ParameterError("a generic statement has another content type than ours")
    if subject is None:
        raise ParameterError("--subject: what is the generic statement about?")
    raw = sign_statement(
        author.key,
        payload,
        issuer=author.issuer,
        subject=subject,
        issued_at=issued_at,
        audience=author.origin,
        content_type=content_type,
    )
    return Signed(raw, parse_statement(raw))


def sign_fields(
    row: StatementType,
    fields: dict[str, Any],
    author: Author,
    at_hand: AtHand,
    *,
    subject: str | None,
    issued_at: int,
    where: str,
    lang: Lang,
    moments: Moments | None = None,
    bind: tuple[Path, ...] = (),
    secret: bytes | None = None,
    sensitive: dict[str, Any] | None = None,
) -> Signed:
    """Sign a statement of a type from its fields as a person writes them.

    Raises:
        UsageError: a citation, subject or value that does not fit, named with ``where``.
        MalformedError: names the field that is missing, unknown or in another form.

    """
    values: dict[str, Value] = {}
    try:
        values = {name: _value(name, item) for name, item in (sensitive or {}).items()}
        if not row.submitted:
            raise UsageError("a {name} is the log's own: the log writes it", name=Typed(row.name))
        fields = fields | _bound(row, bind, subject or author.issuer, author.origin, secret)
        if values:
            if "sealed" in fields:
                raise UsageError(
                    "sealed: given, and made anew from the sensitive values: leave it out"
                )
            fields = fields | {"sealed": msgspec.to_builtins(commitments(values))}
        body, own = compose(row, fields, at_hand, lang=lang, moments=moments)
        if isinstance(body, Epcis):
            own = body.event.event.id
        about = _subject(row, subject, author, own)
    except (UsageError, MalformedError) as error:
        raise type(error)("{where}{why}", where=where, why=error) from error
    raw = sign_statement(
        author.key,
        encode_body(body),
        issuer=author.issuer,
        subject=about,
        issued_at=issued_at,
        audience=author.origin,
    )
    statement = parse_statement(raw)
    return Signed(raw, statement, body, Disclosure(statement.id, values) if values else None)


def _value(name: str, item: Any) -> Value:
    if type(item) is not str:
        raise UsageError("sensitive value {name}: a text is expected", name=name)
    return Value(secrets.token_bytes(SALT_SIZE), item)


def _subject(row: StatementType, given: str | None, author: Author, own: str | None) -> str:
    """Return the subject: as given, or the only one the statement can have."""
    subject = given or own
    if subject is None and row.subject == "log":
        subject = author.origin
    if subject is None and row.name in ("key", "key-revocation"):
        subject = author.issuer
    if subject is None:
        raise ParameterError(
            "--subject: what is the {name} about? expected: {subject}",
            name=Typed(row.name),
            subject=SUBJECTS[row.subject],
        )
    check = SUBJECT_CHECKS.get(row.subject)
    if check is not None:
        try:
            check(subject)
        except MalformedError as error:
            meant = in_other_case(subject, check)
            hint = "" if meant is None else saying(", did you mean {meant}?", meant=meant)
            raise ParameterError("--subject: {why}{hint}", why=error, hint=hint) from error
    return subject


def _bound(
    row: StatementType, files: "Iterable[Path]", party: str, origin: str, secret: bytes | None
) -> dict[str, Any]:
    """Return the field with the keys to bind: bindings as printed, or made with private keys."""
    bindings = []
    for path in files:
        raw = read_file(path, limit=1 << 16)
        try:
            if b"PRIVATE KEY" in raw:
                key = PrivateKey.from_pem(raw, secret)
                message = possession_message(key.public, origin=origin, party=party)
                bindings.append(msgspec.to_builtins(KeyBinding.of(key.public, key.sign(message))))
            else:
                bindings.append(ijson.decode(raw))
        except MalformedError as error:
            raise MalformedError("{path}: {why}", path=path, why=error) from error
    if not bindings:
        return {}
    return {"key": bindings[0]} if row.name == "key" else {"keys": bindings}
