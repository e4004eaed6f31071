"""Statements about goods looked at: inspection, sampling-switch, sample-sealed, custody, recall."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

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
    Part,
    PartyId,
    Quantity,
    Text,
    Time,
    Unsigned,
    critical_in,
)
from ledger.statements.fields import Severity as ClassOfNonconformity
from ledger.statements.statement_type import StatementType, found_of

Mode = Literal["inbound", "patrol", "flight", "mystery"]
"""入库, 在库巡检, 飞行检查, 神秘抽检."""
MAX_RECALLED = 1_000
"""Lots one recall names beside its subject: a statement has at most 65,535 bytes."""
Positive = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Decision = Literal["accepted", "refused"]
NONE_ACCEPTED: Final = "0"
"""AQL 0: Ac 0, Re 1, as many drawn as were, down to one that was bought; no plan of a table."""
AqlOrNone = Aql | Literal["0"]
ClassKey = tuple[str, str]
"""(level, AQL) of a plan; AQL 0 is of no level: ("", "0")."""


class ClassPlan(Part, frozen=True):
    """A further plan of an inspection: another class of nonconformity, or another AQL.

    ``level``, ``severity``: the statement's, where they are not said.
    """

    aql: AqlOrNone
    sample_size: Positive
    accept: Unsigned
    reject: Positive
    nonconforming: Unsigned
    decision: Decision
    class_: ClassOfNonconformity | msgspec.UnsetType = msgspec.field(
        name="class", default=msgspec.UNSET
    )
    level: Level | msgspec.UnsetType = msgspec.UNSET
    severity: Severity | msgspec.UnsetType = msgspec.UNSET


class Inspection(Body, frozen=True, tag="inspection"):
    """A lot inspected by sample: the plans, what was found, and the decision.

    The flat fields are the first plan, ``plans`` the others; ``decision`` is that of all. At
    AQL 0, which accepts nothing, ``level`` says nothing. ``lot_size``: how many units of
    product are inspected, whatever a unit is; absent where nobody knows, at AQL 0 alone.
    ``lot_quantity``: what they measure together. ``delivery``: the number of the paper they
    came with, where they are a part of what was made. ``answers``: the refusals of the lot
    that this inspects it again for.
    """

    mode: Mode
    trader: PartyId
    on: Time
    level: Level
    aql: AqlOrNone
    severity: Severity
    sample_size: Positive
    accept: Unsigned
    reject: Positive
    nonconforming: Unsigned
    decision: Decision
    lot_size: Positive | msgspec.UnsetType = msgspec.UNSET
    class_: ClassOfNonconformity | msgspec.UnsetType = msgspec.field(
        name="class", default=msgspec.UNSET
    )
    plans: Annotated[tuple[ClassPlan, ...], msgspec.Meta(max_length=9)] = ()
    answers: Annotated[tuple[Citation, ...], msgspec.Meta(max_length=20)] = ()
    lot_quantity: Quantity | msgspec.UnsetType = msgspec.UNSET
    delivery: Text | msgspec.UnsetType = msgspec.UNSET
    findings: Findings = ()
    facility: FacilityId | msgspec.UnsetType = msgspec.UNSET
    km: Unsigned = 0
    evidence: Evidences = ()
    sealed: Commitments = ()

    def __post_init__(self) -> None:
        """Refuse a plan of the tables for a lot of nobody knows how many."""
        aqls = {self.aql, *(plan.aql for plan in self.plans)}
        if self.lot_size is msgspec.UNSET and aqls != {NONE_ACCEPTED}:
            msg = "lot_size: say it, or accept nothing: aql 0, Ac 0, Re 1"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Judged:
    """One plan of an inspection with what was found by it; ``lot_size``: None where unknown."""

    lot_size: int | None
    level: Level
    aql: AqlOrNone
    severity: Severity
    sample_size: int
    accept: int
    reject: int
    nonconforming: int
    said: Decision | None
    class_: ClassOfNonconformity | None = None

    @property
    def key(self) -> ClassKey:
        """Return the class it judges: inspections of one class answer each other."""
        return ("", self.aql) if self.aql == NONE_ACCEPTED else (self.level, self.aql)

    @property
    def follows(self) -> Decision:
        """Return what follows from what was found, whatever is said."""
        return "accepted" if self.nonconforming <= self.accept else "refused"

    @property
    def refused(self) -> bool:
        """Return whether the lot was refused by it: as found, or as said."""
        return "refused" in (self.said, self.follows)


def plans_of(body: Inspection) -> tuple[Judged, ...]:
    """Return all plans of an inspection, the one of its flat fields first."""
    size = None if body.lot_size is msgspec.UNSET else body.lot_size
    first = Judged(
        size,
        body.level,
        body.aql,
        body.severity,
        body.sample_size,
        body.accept,
        body.reject,
        body.nonconforming,
        None if body.plans else body.decision,
        _class(body),
    )
    if not body.plans:
        return (first,)
    return (
        first,
        *(
            Judged(
                size,
                body.level if item.level is msgspec.UNSET else item.level,
                item.aql,
                body.severity if item.severity is msgspec.UNSET else item.severity,
                item.sample_size,
                item.accept,
                item.reject,
                item.nonconforming,
                item.decision,
                _class(item),
            )
            for item in body.plans
        ),
    )


def _class(said: Inspection | ClassPlan) -> ClassOfNonconformity | None:
    return None if said.class_ is msgspec.UNSET else said.class_


def refused_classes(body: Inspection) -> frozenset[ClassKey]:
    """Return the classes that an inspection refused its lot in."""
    return frozenset(plan.key for plan in plans_of(body) if plan.refused)


def amiss(body: Inspection) -> bool:
    """Return whether an inspection refuses its lot, in any plan, or finds something critical."""
    refused = body.decision == "refused" or bool(refused_classes(body))
    return refused or critical_in(body.findings)


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


Takers = Annotated[tuple[PartyId, ...], msgspec.Meta(max_length=10)]
"""Whom a sample's holder will hand it to: any of them takes it over, and nobody else."""


class SampleSealed(Body, frozen=True, tag="sample-sealed"):
    """A sample is taken from a lot and sealed."""

    lot: LotId
    taken: Time
    seals: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=20)]
    inspection: Citation | msgspec.UnsetType = msgspec.UNSET
    evidence: Evidences = ()
    to: Takers = ()


class Custody(Body, frozen=True, tag="custody"):
    """The issuer takes a sealed sample over from who had it, or names anew whom it will hand it to."""

    lot: LotId
    handed_by: PartyId
    previous: Digest
    at: Time
    seals_intact: bool
    note: LongText | msgspec.UnsetType = msgspec.UNSET
    to: Takers = ()


class Recall(Body, frozen=True, tag="recall"):
    """Lots are called back: the subject, and others."""

    reason: LongText
    from_: Time = msgspec.field(name="from")
    other_lots: Annotated[tuple[LotId, ...], msgspec.Meta(max_length=MAX_RECALLED)] = ()


def inspections_of(trader: str, product: str) -> str:
    """Return the subject of the history (``inspections``, trader + product)."""
    return f"{trader}\n{product}"


def inspection_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``inspection``, lot), (``inspections``, trader + product), and ``found_of`` the lot."""
    assert isinstance(body, Inspection)  # noqa: S101 - the catalogue pairs them
    product = product_of(statement.subject)
    pair = inspections_of(body.trader, product)
    found = found_of(statement.subject, amiss=amiss(body))
    return (("inspection", statement.subject), ("inspections", pair), *found)


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
    return recall_topics((statement.subject, *map(str, body.other_lots)))


def recall_topics(lots: Sequence[str]) -> tuple[Topic, ...]:
    """Return the histories of a recall of these lots."""
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
    if isinstance(body, Inspection):
        return tuple((citation, ("inspection",)) for citation in body.answers)
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
        cites=inspection_citations,
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
