"""Statements about goods looked at: inspection, sampling-switch, sample-sealed, custody, recall."""

from typing import Annotated, Literal

import msgspec

from ledger.identifiers import product_of
from ledger.sampling import Aql, Level, Severity
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import (
    Body,
    Citation,
    Commitments,
    Digest,
    Evidences,
    FacilityId,
    Findings,
    LongText,
    LotId,
    PartyId,
    Text,
    Time,
    Unsigned,
)
from ledger.statements.statement_type import StatementType, examined

Mode = Literal["inbound", "patrol", "flight", "mystery"]
"""入库, 在库巡检, 飞行检查, 神秘抽检."""
Positive = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class Inspection(Body, frozen=True, tag="inspection"):
    """A lot inspected by sample: the plan, what was found, and the decision."""

    mode: Mode
    trader: PartyId
    on: Time
    lot_size: Positive
    level: Level
    aql: Aql
    severity: Severity
    sample_size: Positive
    accept: Unsigned
    reject: Positive
    nonconforming: Unsigned
    decision: Literal["accepted", "refused"]
    findings: Findings = ()
    facility: FacilityId | msgspec.UnsetType = msgspec.UNSET
    km: Unsigned = 0
    evidence: Evidences = ()
    sealed: Commitments = ()


class SamplingSwitch(Body, frozen=True, tag="sampling-switch"):
    """The operator switches how severely a trader's product is inspected inbound.

    To reduced inspection; from it back to normal; to tightened where it was discontinued, the
    cause having been acted on. What loosens inspection rests on evidence.
    """

    trader: PartyId
    level: Level
    aql: Aql
    to: Severity
    reason: LongText
    evidence: Evidences = ()
    action: Citation | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse to loosen inspection (to anything but normal) on neither evidence nor an action."""
        if self.to != "normal" and not self.evidence and self.action is msgspec.UNSET:
            msg = f"to {self.to}: give evidence, or cite the action"
            raise ValueError(msg)


class SampleSealed(Body, frozen=True, tag="sample-sealed"):
    """A sample is taken from a lot and sealed."""

    lot: LotId
    taken: Time
    seals: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=20)]
    inspection: Citation | msgspec.UnsetType = msgspec.UNSET
    evidence: Evidences = ()


class Custody(Body, frozen=True, tag="custody"):
    """The issuer takes a sealed sample over from who had it."""

    lot: LotId
    handed_by: PartyId
    previous: Digest
    at: Time
    seals_intact: bool
    note: LongText | msgspec.UnsetType = msgspec.UNSET


class Recall(Body, frozen=True, tag="recall"):
    """Lots are called back: the subject, and others."""

    reason: LongText
    from_: Time = msgspec.field(name="from")
    other_lots: Annotated[tuple[LotId, ...], msgspec.Meta(max_length=100)] = ()


def inspections_of(trader: str, product: str) -> str:
    """Return the subject of the history (``inspections``, trader + product)."""
    return f"{trader}\n{product}"


def inspection_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``inspection``, lot), (``inspections``, trader + product), (``examined``, product)."""
    assert isinstance(body, Inspection)  # noqa: S101 - the catalogue pairs them
    product = product_of(statement.subject)
    pair = inspections_of(body.trader, product)
    return (("inspection", statement.subject), ("inspections", pair), examined(product))


def switch_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``inspections``, trader + product)."""
    assert isinstance(body, SamplingSwitch)  # noqa: S101 - the catalogue pairs them
    return (("inspections", inspections_of(body.trader, statement.subject)),)


def sample_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``sample``, sample), (``inspection``, lot)."""
    assert isinstance(body, SampleSealed | Custody)  # noqa: S101 - the catalogue pairs them
    return (("sample", statement.subject), ("inspection", str(body.lot)))


def recall_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``inspection``, lot) of each lot, (``recall``, product) of each product."""
    assert isinstance(body, Recall)  # noqa: S101 - the catalogue pairs them
    lots = (statement.subject, *map(str, body.other_lots))
    return (
        *(("inspection", lot) for lot in lots),
        *(("recall", product_of(lot)) for lot in lots),
    )


ACTIONS = ("origin-audit", "inspection")
"""What shows that the cause of refusals was acted on."""


def inspection_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    if isinstance(body, SamplingSwitch) and body.action is not msgspec.UNSET:
        return ((body.action, ACTIONS),)
    if isinstance(body, SampleSealed) and body.inspection is not msgspec.UNSET:
        return ((body.inspection, ("inspection",)),)
    return ()


ROWS = (
    StatementType(
        "inspection",
        Inspection,
        ("warehouse", "inspector"),
        inspection_histories,
        "lot",
        cited_from=("inspection",),
    ),
    StatementType(
        "sampling-switch",
        SamplingSwitch,
        ("operator",),
        switch_histories,
        "product",
        cites=inspection_citations,
        cited_from=("inspections",),
    ),
    StatementType(
        "sample-sealed",
        SampleSealed,
        ("inspector",),
        sample_histories,
        "sample",
        cites=inspection_citations,
        cited_from=("sample",),
    ),
    StatementType(
        "custody",
        Custody,
        ("inspector", "carrier", "laboratory"),
        sample_histories,
        "sample",
        cited_from=("sample",),
    ),
    StatementType(
        "recall",
        Recall,
        ("brand", "trader", "operator"),
        recall_histories,
        "lot",
        cited_from=("inspection",),
    ),
)
"""Their rows of the catalogue."""
