"""The only list of statement types; each family states its own rows beside what they say.

A type's histories are a pure function of a statement's bytes and never change; other
histories need a new version of the type.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, Union

import msgspec

from ledger.errors import MalformedError
from ledger.primitives import ijson
from ledger.statements import amendment_family as amendment
from ledger.statements import brand_family as brand
from ledger.statements import checklist_family as checklist
from ledger.statements import claim_family as claim
from ledger.statements import draw_family as draw
from ledger.statements import epcis_family as epcis
from ledger.statements import identity_family as identity
from ledger.statements import improvement_family as improvement
from ledger.statements import inspection_family as inspection
from ledger.statements import label_family as label
from ledger.statements import laboratory_family as laboratory
from ledger.statements import log_family as log
from ledger.statements import market_family as market
from ledger.statements import member_family as member
from ledger.statements import movement_family as movement
from ledger.statements import observer_family as observer
from ledger.statements import origin_family as origin
from ledger.statements import quality_family as quality
from ledger.statements import recall_family as recall
from ledger.statements import sanction_family as sanction
from ledger.statements import standard_family as standard
from ledger.statements import trade_family as trade
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fault_words import fault
from ledger.statements.fields import Body, decode_field
from ledger.statements.statement_type import EVERYBODY, Citations, StatementType
from ledger.texts import Words, saying, sentence_of

GENERIC = "generic"
GENERIC_CALLED = Words("generic")
GENERIC_SAYS = Words("Any payload of any content type, kept byte for byte, no effect in any rule.")
REPLACEABLE = (
    "admission", "facility", "origin-audit", "product", "lot", "shop", "listing", "inspection",
    "test-report", "recall", "complaint", "feedback", "advice", "observer-application", "observer",
    "invitation", "visit", "observation", "movement",
)  # fmt: skip
"""What ``supersede`` may correct: no identity, paper, grant or sanction, no link of a sample's
custody, and no amendment."""

TAKEN_BACK = (
    "recall", "inspection", "origin-audit", "test-report", "retest-report", "observation",
    "complaint", "feedback", "movement",
)  # fmt: skip
"""What ``withdrawn-in-error`` may take back."""


def body_of(value: Any) -> Body:
    """Return the typed payload of a JSON value.

    Raises:
        MalformedError: no type of the catalogue, or other fields than it has.

    """
    name = str(value.get("type")) if type(value) is dict else "that is no JSON object"
    row = CATALOGUE.get(name)
    if row is None:
        raise MalformedError("no statement type {name}", name=name[:60])
    try:
        return msgspec.convert(value, row.body, dec_hook=decode_field)
    except msgspec.ValidationError as error:
        raise MalformedError("{name}: {why}", name=row.name, why=fault(error)) from error


def corrected(body: amendment.Supersede) -> Body:
    """Return the corrected payload that a ``supersede`` carries.

    Raises:
        MalformedError: it is none, or of a type that cannot be superseded.

    """
    name = body.statement.get("type")
    if name not in REPLACEABLE:
        raise MalformedError(
            "supersede: statement: a {name} cannot be superseded", name=str(name)[:60]
        )
    return body_of(body.statement)


_Payload = TypeVar("_Payload", bound=Body | None)


def said_by(body: _Payload) -> _Payload | Body:
    """Return what a payload says of its thing: of a ``supersede`` the corrected one it carries."""
    return corrected(body) if isinstance(body, amendment.Supersede) else body


def supersede_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return the histories that the corrected payload has, and (``statement``, target id)."""
    assert isinstance(body, amendment.Supersede)  # noqa: S101 - the catalogue pairs them
    inner = corrected(body)
    topics = CATALOGUE[type_name(inner)].histories(statement, inner)
    return (*topics, ("statement", body.target.id))


AMENDMENTS = (
    StatementType(
        "supersede",
        amendment.Supersede,
        EVERYBODY,
        supersede_histories,
        "target",
        amends=REPLACEABLE,
        effect="replaces",
        called=Words("correction"),
        says=Words("The corrected payload of an earlier statement."),
    ),
    StatementType(
        "erasure",
        amendment.Erasure,
        ("operator",),
        amendment.erasure_histories,
        "target",
        amends=("inspection", "complaint", "observer-application", "visit", "observation"),
        effect="erases",
        called=Words("erasure of sealed values"),
        says=Words("Sensitive values behind a statement's commitments are destroyed."),
    ),
    StatementType(
        "withdrawn-in-error",
        amendment.WithdrawnInError,
        EVERYBODY,
        amendment.error_histories,
        "target",
        amends=TAKEN_BACK,
        effect="withdraws",
        called=Words("withdrawal in error"),
        says=Words(
            "A recall, finding or complaint about the wrong lot, party or place is taken back."
        ),
    ),
)

CATALOGUE: Mapping[str, StatementType] = {
    row.name: row
    for row in (
        *log.ROWS,
        *identity.ROWS,
        *brand.ROWS,
        *claim.ROWS,
        *trade.ROWS,
        *origin.ROWS,
        *standard.ROWS,
        *inspection.ROWS,
        *recall.ROWS,
        *market.ROWS,
        *movement.ROWS,
        *laboratory.ROWS,
        *sanction.ROWS,
        *improvement.ROWS,
        *label.ROWS,
        *member.ROWS,
        *checklist.ROWS,
        *observer.ROWS,
        *quality.ROWS,
        *draw.ROWS,
        *epcis.ROWS,
        *AMENDMENTS,
    )
}


@dataclass(frozen=True, slots=True)
class InvalidBody:
    """What cannot be read, bytes or a native payload: the rule it breaks and why."""

    rule: Literal["malformed", "type-unknown", "fields"]
    message: str


SAYS: Mapping[str, Words] = {
    **{row.name: row.says for row in CATALOGUE.values() if row.says is not None},
    GENERIC: GENERIC_SAYS,
}
"""Type that somebody may submit -> what a statement of it says."""


def called(name: str) -> Words:
    """Return what a type is called.

    Raises:
        KeyError: there is none.

    """
    return GENERIC_CALLED if name == GENERIC else CATALOGUE[name].called


def decode_body(statement: SignedStatement) -> Body | InvalidBody | None:
    """Return the typed payload; None for a generic statement."""
    return read_payload(statement)[0]


def read_payload(
    statement: SignedStatement,
) -> tuple[Body | InvalidBody | None, tuple[Topic, ...]]:
    """Return the typed payload, None for a generic statement, and its histories."""
    if not statement.native:
        return None, histories_of(statement, None)
    body = _typed(statement)
    if isinstance(body, InvalidBody):
        return body, ()
    try:
        return body, histories_of(statement, body)
    except MalformedError as error:
        return InvalidBody("fields", sentence_of(error)), ()


def _typed(  # noqa: PLR0911 - each way to be unreadable says so
    statement: SignedStatement,
) -> Body | InvalidBody:
    try:
        value = ijson.decode(statement.payload)
    except MalformedError as error:
        return InvalidBody("fields", sentence_of(error))
    if type(value) is not dict or type(value.get("type")) is not str:
        return InvalidBody("fields", saying("the payload is not an object with a type"))
    row = CATALOGUE.get(value["type"])
    if row is None:
        return InvalidBody(
            "type-unknown", saying("unknown statement type {value!r}", value=value["type"][:60])
        )
    if "v" not in value:
        return InvalidBody("fields", saying("{name}: missing field v", name=row.name))
    if value["v"] != row.version or type(value.get("v")) is not int:
        return InvalidBody(
            "type-unknown",
            saying(
                "unknown version of {name}: {dumps:.40}",
                name=row.name,
                dumps=json.dumps(value["v"]),
            ),
        )
    try:
        return body_of(value)
    except MalformedError as error:
        return InvalidBody("fields", sentence_of(error))


def read_again(statement: SignedStatement) -> Body | None:
    """Return the typed payload of a statement that was read before: its form is not in question."""
    return _READER.decode(statement.payload) if statement.native else None


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


def citations_of(body: Body) -> Citations:
    """Return what a payload cites, its target first, with the types each may have."""
    row = CATALOGUE[type_name(body)]
    cited = row.cites(body)
    target = getattr(body, "target", None)
    return cited if target is None else ((target, row.amends), *cited)


def encode_body(body: Body) -> bytes:
    """Return a payload's JSON: ``v`` and ``type`` first."""
    built = msgspec.to_builtins(body, enc_hook=str)
    return ijson.encode({"v": built.pop("v"), "type": built.pop("type"), **built})


_READER: msgspec.json.Decoder[Body] = msgspec.json.Decoder(
    Union[tuple(row.body for row in CATALOGUE.values())],  # noqa: UP007 - of a sequence
    dec_hook=decode_field,
)
