"""Statements about laboratories' results: test-report, objection, retest-report, objection-closed.

The content of a report is that of ISO/IEC 17025:2017 7.8.2 and 7.8.3; nobody's name is in it.
"""

from typing import Annotated, Literal

import msgspec

from ledger.errors import FormError
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Citation,
    Digest,
    Evidences,
    LocalTime,
    LongText,
    LotId,
    Part,
    PartyId,
    SampleId,
    Text,
    Time,
)
from ledger.statements.meant import (
    EVIDENCE,
    LABORATORY,
    LOT,
    MONTH,
    NOTE,
    REASON,
    TARGET,
    TRADER,
    Meant,
)
from ledger.statements.results import Result
from ledger.statements.statement_type import StatementType, found_of
from ledger.texts import Words

DecisionRule = Literal["simple", "guarded"]
"""Without regard to the uncertainty, or outside of it alone (ILAC-G8:09/2019)."""
Closing = Literal["confirmed", "overturned", "withdrawn"]
Month = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])\Z")]
Properties = Annotated[tuple[Text, ...], msgspec.Meta(max_length=500)]


class ReportPart(Part, frozen=True):
    """Which part of a printed report a statement holds: a long one is said in several."""

    number: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=20)], Meant("Which part it is.", "Part: number")
    ]
    of: Annotated[
        Annotated[int, msgspec.Meta(ge=2, le=20)], Meant("Of how many parts.", "Part: of")
    ]

    def __post_init__(self) -> None:
        """Refuse a part behind the last.

        number is at most of.
        """
        if self.number > self.of:
            raise FormError("part: number is above of")


class Tested(Body, frozen=True, kw_only=True):
    """What a laboratory reports of a sample.

    ``number``: the report's, as printed; ``client``: who commissioned it; ``trader``: whose
    goods were sampled; ``custody``: the id of the link by which the laboratory received the
    sample; ``issued``: when it was issued, by the laboratory's own clock, which says the month.
    """

    lot: Annotated[LotId, LOT]
    number: Annotated[Text, Meant("The report's number as printed.", "Report number")]
    client: Annotated[PartyId, Meant("Who commissioned it.", "Client")]
    custody: Annotated[
        Digest,
        Meant("The id of the hand-over by which the laboratory received the sample.", "Hand-over"),
    ]
    method: Annotated[
        Text,
        Meant("The method (standard) by which it was tested.", "Method", context="Tested.method"),
    ]
    accreditations: Annotated[
        tuple[Citation, ...],
        msgspec.Meta(min_length=1, max_length=5),
        Meant(
            "The laboratory's accreditations that cover these methods on these goods.",
            "Accreditations",
        ),
    ]
    condition: Annotated[
        LongText, Meant("The sample's condition when received.", "Sample condition")
    ]
    received: Annotated[
        Time, Meant("When the laboratory received the sample, as its custody says.", "Received on")
    ]
    tested_from: Annotated[Time, Meant("When testing began.", "Tested from")]
    tested_until: Annotated[Time, Meant("When testing ended.", "Tested until")]
    issued: Annotated[
        LocalTime, Meant("The report's date of issue, in the month of its signature.", "Issued on")
    ]
    decision_rule: Annotated[
        DecisionRule,
        Meant("simple: by the value alone; guarded: outside the uncertainty.", "Decision rule"),
    ]
    results: Annotated[
        tuple[Result, ...],
        msgspec.Meta(min_length=1, max_length=500),
        Meant("One result for each property.", "Results"),
    ]
    standard: Annotated[
        Citation | msgspec.UnsetType,
        Meant(
            "The standard whose criteria the results are judged by.",
            "Standard",
            context="Tested.standard",
            needed="where an outcome is pass or fail",
        ),
    ] = msgspec.UNSET
    trader: Annotated[PartyId | msgspec.UnsetType, TRADER] = msgspec.UNSET
    part: Annotated[
        ReportPart | msgspec.UnsetType,
        Meant(
            "Which part of the printed report this is, where one statement does not hold it.",
            "Part",
        ),
    ] = msgspec.UNSET
    note: Annotated[LongText | msgspec.UnsetType, NOTE] = msgspec.UNSET
    evidence: Annotated[Evidences, EVIDENCE] = ()

    @property
    def issued_in(self) -> str:
        """Return the month it is listed in: 2026-05."""
        return self.issued.month

    @property
    def failed(self) -> bool:
        """Return whether any result failed."""
        return any(result.outcome == "fail" for result in self.results)


class TestReport(Tested, frozen=True, kw_only=True, tag="test-report"):
    """A laboratory's report about a sample (the subject)."""

    __test__ = False  # the name is the domain's, no test case


class Objection(Body, frozen=True, tag="objection"):
    """A trader or brand objects to a report; ``properties``: to these results, else to all failed."""

    target: Annotated[Citation, TARGET]
    lot: Annotated[LotId, LOT]
    laboratory: Annotated[PartyId, LABORATORY]
    month: Annotated[Month, MONTH]
    reason: Annotated[LongText, REASON]
    properties: Annotated[
        Properties, Meant("The properties objected to; left out: all that failed.", "Properties")
    ] = ()
    evidence: Annotated[Evidences, EVIDENCE] = ()


class RetestReport(Tested, frozen=True, kw_only=True, tag="retest-report"):
    """Another laboratory's report that answers objections to the target, on ``sample``."""

    target: Annotated[Citation, TARGET]
    laboratory: Annotated[PartyId, LABORATORY]
    month: Annotated[Month, MONTH]
    sample: Annotated[
        SampleId,
        Meant(
            "The sample that was tested: a retained one, or a new one of the same lot.",
            "Tested sample",
        ),
    ]


class ObjectionClosed(Body, frozen=True, tag="objection-closed"):
    """An objection (the target) is decided after the retest, or withdrawn by who made it."""

    target: Annotated[Citation, TARGET]
    report: Annotated[
        Digest, Meant("The id of the report.", "Report", context="objection-closed.report")
    ]
    lot: Annotated[LotId, LOT]
    laboratory: Annotated[PartyId, LABORATORY]
    month: Annotated[Month, MONTH]
    outcome: Annotated[
        Closing,
        Meant(
            "What the retest says of the report, or that the objection was withdrawn.",
            "Outcome",
            context="objection-closed.outcome",
        ),
    ]
    reason: Annotated[LongText, REASON]
    retest: Annotated[
        Citation | msgspec.UnsetType,
        Meant(
            "The retest report it follows from.",
            "Retest report",
            needed="where outcome is confirmed or overturned",
        ),
    ] = msgspec.UNSET


def _month_of(laboratory: str, month: str) -> Topic:
    return ("reports", f"{laboratory}\n{month}")


def report_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``sample``, sample), (``inspection``, lot), (``reports``, ...), and ``found_of`` the lot."""
    assert isinstance(body, Tested)  # noqa: S101 - the catalogue pairs them
    return (
        ("sample", statement.subject),
        ("inspection", str(body.lot)),
        _month_of(statement.issuer, body.issued_in),
        *found_of(str(body.lot), amiss=body.failed),
    )


def answer_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return those of the report that is answered, and of a retest its own sample and month."""
    assert isinstance(body, Objection | RetestReport | ObjectionClosed)  # noqa: S101 - the catalogue pairs them
    theirs = (
        ("sample", statement.subject),
        ("inspection", str(body.lot)),
        _month_of(body.laboratory, body.month),
        *found_of(str(body.lot), amiss=isinstance(body, RetestReport) and body.failed),
    )
    match body:
        case ObjectionClosed(report=report):
            return (*theirs, ("statement", report), ("statement", body.target.id))
        case RetestReport(sample=sample):
            own = (("sample", str(sample)), _month_of(statement.issuer, body.issued_in))
            return (*theirs, ("statement", body.target.id), *own)
        case _:
            return (*theirs, ("statement", body.target.id))


STANDARDS = ("standard", "baseline-standard")


def laboratory_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite beside their target, with the types that may be cited."""
    match body:
        case Tested():
            papers = tuple((item, ("qualification",)) for item in body.accreditations)
            standard = body.standard
            return papers if standard is msgspec.UNSET else (*papers, (standard, STANDARDS))
        case ObjectionClosed(retest=Citation() as retest):
            return ((retest, ("retest-report",)),)
        case _:
            return ()


ROWS = (
    StatementType(
        "test-report",
        TestReport,
        ("laboratory",),
        report_histories,
        "sample",
        cites=laboratory_citations,
        cited_from=("sample",),
        called=Words("test report"),
        says=Words(
            "A laboratory's report about a sample: methods, condition, dates, results, what follows."
        ),
    ),
    StatementType(
        "objection",
        Objection,
        ("brand", "trader"),
        answer_histories,
        "sample",
        cited_from=("sample",),
        amends=("test-report",),
        effect="answers",
        called=Words("objection"),
        says=Words("A trader or brand objects to a report within 15 days of its registration."),
        target=Words("What is objected to: {0}."),
    ),
    StatementType(
        "retest-report",
        RetestReport,
        ("laboratory",),
        answer_histories,
        "sample",
        cites=laboratory_citations,
        cited_from=("sample",),
        amends=("test-report",),
        effect="answers",
        called=Words("retest report"),
        says=Words("Another laboratory's report that answers objections to a report."),
        target=Words("The report that was objected to, not the objection: {0}."),
    ),
    StatementType(
        "objection-closed",
        ObjectionClosed,
        ("operator", "brand", "trader"),
        answer_histories,
        "sample",
        cites=laboratory_citations,
        amends=("objection",),
        called=Words("end of an objection"),
        says=Words("An objection is decided after the retest, or was withdrawn."),
    ),
)
"""Their rows of the catalogue."""
