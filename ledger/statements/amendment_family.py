"""Statements about statements: supersede corrects one, erasure says that values are destroyed."""

from typing import Annotated, Any

import msgspec

from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation, HistorySubject, LongText, Text, TopicName
from ledger.statements.meant import REASON, TARGET, Meant


class Supersede(Body, frozen=True, tag="supersede"):
    """The whole corrected payload of an earlier statement, in its histories."""

    target: Annotated[Citation, TARGET]
    statement: Annotated[
        dict[str, Any],
        Meant(
            "The corrected payload, whole; with --target what is left out stays.",
            "Corrected fields",
        ),
    ]
    reason: Annotated[LongText, REASON]


class Erasure(Body, frozen=True, tag="erasure"):
    """Salted values behind a statement's commitments are destroyed; the log stays whole."""

    target: Annotated[Citation, TARGET]
    subjects: Annotated[
        tuple[tuple[TopicName, HistorySubject], ...],
        msgspec.Meta(min_length=1, max_length=200),
        Meant("The histories of the target.", "Histories"),
    ]
    fields: Annotated[
        tuple[Text, ...],
        msgspec.Meta(min_length=1, max_length=20),
        Meant("The names of the destroyed values.", "Destroyed values"),
    ]
    reason: Annotated[LongText, REASON]


class WithdrawnInError(Body, frozen=True, tag="withdrawn-in-error"):
    """What was said of the wrong lot, party or place is taken back: whole, a recall lot by lot.

    ``subjects``: the histories it is taken out of, those of the target; of a recall those of
    the lots that are not called back any more.
    """

    target: Annotated[Citation, TARGET]
    subjects: Annotated[
        tuple[tuple[TopicName, HistorySubject], ...],
        msgspec.Meta(min_length=1, max_length=200),
        Meant(
            "The histories of the target, pairs of topic and subject; of a recall those of the lots it names in error: "
            '["inspection", lot] of each, and ["recall", product] of the product of each.',
            "Histories",
        ),
    ]
    reason: Annotated[LongText, REASON]

    @property
    def lots(self) -> tuple[str, ...]:
        """Return the lots among its subjects."""
        return tuple(str(subject) for topic, subject in self.subjects if topic == "inspection")


def error_histories(_statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return the target's histories as the payload repeats them, and (``statement``, its id)."""
    assert isinstance(body, WithdrawnInError)  # noqa: S101 - the catalogue pairs them
    return (*body.subjects, ("statement", body.target.id))


def erasure_histories(_statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return the target's histories as the payload repeats them, and (``statement``, its id)."""
    assert isinstance(body, Erasure)  # noqa: S101 - the catalogue pairs them
    own = ((str(topic), str(subject)) for topic, subject in body.subjects)
    return (*own, ("statement", body.target.id))
