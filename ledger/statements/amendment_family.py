"""Statements about statements: supersede corrects one, erasure says that values are destroyed."""

from typing import Annotated, Any

import msgspec

from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation, HistorySubject, LongText, Text, TopicName


class Supersede(Body, frozen=True, tag="supersede"):
    """The whole corrected payload of an earlier statement, in its histories."""

    target: Citation
    statement: dict[str, Any]
    reason: LongText


class Erasure(Body, frozen=True, tag="erasure"):
    """Salted values behind a statement's commitments are destroyed; the log stays whole."""

    target: Citation
    subjects: Annotated[
        tuple[tuple[TopicName, HistorySubject], ...],
        msgspec.Meta(min_length=1, max_length=200),
    ]
    fields: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=20)]
    reason: LongText


class WithdrawnInError(Body, frozen=True, tag="withdrawn-in-error"):
    """What was said of the wrong lot, party or place is taken back: whole, a recall lot by lot.

    ``subjects``: the histories it is taken out of, those of the target; of a recall those of
    the lots that are not called back any more.
    """

    target: Citation
    subjects: Annotated[
        tuple[tuple[TopicName, HistorySubject], ...],
        msgspec.Meta(min_length=1, max_length=200),
    ]
    reason: LongText

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
