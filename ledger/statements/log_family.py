"""Statements about the log itself: genesis, rules, seal, log-end. The operator's."""

from typing import Annotated, Literal

import msgspec

from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Digest, KeyBinding, LongText, Names, Part, Text, Unsigned
from ledger.statements.meant import KEYS, NAMES, REASON, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

Clock = Literal["system", "simulated"]
VkeyText = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
NoteText = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class RulesVersion(Part, frozen=True):
    """A version of the registration rules and the SHA-256 of their published document."""

    version: Annotated[int, msgspec.Meta(ge=1, le=1_000_000), Meant("The version.", "Version")]
    digest: Annotated[
        Digest, Meant("SHA-256 of the published document.", "Digest", context="RulesVersion.digest")
    ]


class Previous(Part, frozen=True):
    """The seal before: its leaf index and statement id."""

    index: Unsigned
    id: Digest


class Successor(Part, frozen=True):
    """The log that goes on where this one ends."""

    origin: Annotated[Text, Meant("Its name.", "Name", context="Successor.origin")]
    log_key: Annotated[VkeyText, Meant("Its verifier key.", "Log key")]


class Genesis(Body, frozen=True, tag="genesis"):
    """Entry 0: what the log is, who operates it, with which keys and clock."""

    names: Annotated[Names, NAMES]
    keys: Annotated[tuple[KeyBinding, ...], msgspec.Meta(min_length=1, max_length=16), KEYS]
    log_key: VkeyText
    clock: Clock
    rules: RulesVersion
    witnesses: Annotated[tuple[VkeyText, ...], msgspec.Meta(max_length=32)] = ()
    quorum: Annotated[int, msgspec.Meta(ge=0, le=32)] = 0
    predecessor: NoteText | msgspec.UnsetType = msgspec.UNSET


class Rules(Body, frozen=True, tag="rules"):
    """Other registration rules from the next batch on."""

    rules: Annotated[RulesVersion, Meant("The version and its document's digest.", "Rules")]
    witnesses: Annotated[
        tuple[VkeyText, ...],
        msgspec.Meta(max_length=32),
        Meant("Further known witnesses.", "Witnesses"),
    ] = ()
    reason: Annotated[LongText | msgspec.UnsetType, REASON] = msgspec.UNSET


class Seal(Body, frozen=True, tag="seal"):
    """The last entry of each batch: time, chain value and index root over what came before."""

    size: Unsigned
    time_us: Unsigned
    chain: Digest
    index_root: Digest
    previous: Previous | None
    cosigned: NoteText | None


class LogEnd(Body, frozen=True, tag="log-end"):
    """The last statement of a log; only its own seal may follow."""

    reason: Annotated[LongText, REASON]
    successor: Annotated[Successor | None, Meant("The log that goes on; null: none.", "Successor")]


def log_history(statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return (``log``, origin)."""
    return (("log", statement.subject),)


def no_history(_statement: SignedStatement, _body: Body) -> tuple[Topic, ...]:
    """Return nothing: a seal is found by its place."""
    return ()


def genesis_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``log``, origin), (``identity``, operator) and (``key``, kid) of each key."""
    assert isinstance(body, Genesis)  # noqa: S101 - the catalogue pairs them
    return (
        ("log", statement.subject),
        ("identity", statement.issuer),
        *(("key", binding.public_key().kid.hex()) for binding in body.keys),
    )


ROWS = (
    StatementType(
        "genesis",
        Genesis,
        ("operator",),
        genesis_histories,
        "log",
        submitted=False,
        called=Words("genesis"),
    ),
    StatementType(
        "rules",
        Rules,
        ("operator",),
        log_history,
        "log",
        called=Words("rules"),
        says=Words("Other registration rules from the next batch on."),
    ),
    StatementType(
        "log-end",
        LogEnd,
        ("operator",),
        log_history,
        "log",
        ends="the log",
        called=Words("end of the log"),
        says=Words("The last statement of a log; a successor may go on."),
    ),
    StatementType(
        "seal", Seal, ("operator",), no_history, "log", submitted=False, called=Words("seal")
    ),
)
"""Their rows of the catalogue."""
