"""Statements about the quality label: label, label-withdrawn."""

from typing import Annotated

import msgspec

from ledger.errors import FormError
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation, LongText, Time
from ledger.statements.meant import REASON, TARGET, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words


class Label(Body, frozen=True, tag="label"):
    """A product (the subject) bears the quality label, on these reports; whether it holds is computed."""

    standard: Annotated[
        Citation,
        Meant("The version of the platform's standard.", "Standard", context="label.standard"),
    ]
    evidence: Annotated[
        tuple[Citation, ...],
        msgspec.Meta(min_length=1, max_length=50),
        Meant("Test reports that cover every criterion.", "Test reports"),
    ]
    until: Annotated[Time, Meant("It ends before this time at the latest.", "Until|End date")]

    def __post_init__(self) -> None:
        """Refuse a report that is counted twice."""
        if len(set(self.evidence)) != len(self.evidence):
            raise FormError("evidence: a report is cited twice")


class LabelWithdrawn(Body, frozen=True, tag="label-withdrawn"):
    """A label ends here."""

    target: Annotated[Citation, TARGET]
    reason: Annotated[LongText, REASON]


def label_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``label``, product)."""
    assert isinstance(body, Label | LabelWithdrawn)  # noqa: S101 - the catalogue pairs them
    own = (("label", statement.subject),)
    return (*own, ("statement", body.target.id)) if isinstance(body, LabelWithdrawn) else own


def label_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    if not isinstance(body, Label):
        return ()
    reports = tuple((item, ("test-report", "retest-report")) for item in body.evidence)
    return ((body.standard, ("standard",)), *reports)


ROWS = (
    StatementType(
        "label",
        Label,
        ("operator",),
        label_histories,
        "product",
        cites=label_citations,
        cited_from=("label",),
        called=Words("quality label"),
        says=Words("A product bears the quality label; whether it holds is computed."),
    ),
    StatementType(
        "label-withdrawn",
        LabelWithdrawn,
        ("operator",),
        label_histories,
        "product",
        amends=("label",),
        called=Words("quality label withdrawn"),
        says=Words("A quality label ends here."),
    ),
)
"""Their rows of the catalogue."""
