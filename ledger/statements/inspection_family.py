"""Statements about goods looked at: inspection, sampling-switch, sample-sealed, custody."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, Literal

import msgspec

from ledger.errors import FormError
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
from ledger.statements.meant import EVIDENCE, FINDINGS, KM, LOT, NOTE, REASON, SEALED, TRADER, Meant
from ledger.statements.statement_type import StatementType, found_of
from ledger.texts import Words

Mode = Literal["inbound", "patrol", "flight", "mystery"]
"""入库, 在库巡检, 飞行检查, 神秘抽检."""
Positive = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Decision = Literal["accepted", "refused"]
NONE_ACCEPTED: Final = "0"
"""AQL 0: Ac 0, Re 1, as many drawn as were, down to one that was bought; no plan of a table."""
MOST_PERCENT = 10
"""The greatest AQL that is a percentage of items; those above count nonconformities of 100 items."""
AqlOrNone = Aql | Literal["0"]
ClassKey = tuple[str, str]
"""(level, AQL) of a plan; AQL 0 is of no level: ("", "0")."""


class ClassPlan(Part, frozen=True):
    """A further plan of an inspection: another class of nonconformity, or another AQL.

    ``level``, ``severity``: the statement's, where they are not said.
    """

    aql: Annotated[AqlOrNone, Meant("Its acceptance quality limit.", "Plan: AQL")]
    sample_size: Annotated[Positive, Meant("Items inspected.", "Plan: sample size")]
    accept: Annotated[Unsigned, Meant("Acceptance number Ac.", "Plan: Ac")]
    reject: Annotated[Positive, Meant("Rejection number Re.", "Plan: Re")]
    nonconforming: Annotated[Unsigned, Meant("Nonconforming items found.", "Plan: nonconforming")]
    decision: Annotated[Decision, Meant("What follows by this plan.", "Plan: decision")]
    class_: Annotated[
        ClassOfNonconformity | msgspec.UnsetType,
        Meant("The class of nonconformity it judges.", "Plan: class"),
    ] = msgspec.field(name="class", default=msgspec.UNSET)
    level: Annotated[
        Level | msgspec.UnsetType, Meant("Inspection level, if not the same.", "Plan: level")
    ] = msgspec.UNSET
    severity: Annotated[
        Severity | msgspec.UnsetType, Meant("Severity, if not the same.", "Plan: severity")
    ] = msgspec.UNSET


class Inspection(Body, frozen=True, tag="inspection"):
    """A lot inspected by sample: the plans, what was found, and the decision.

    The flat fields are the first plan, ``plans`` the others; ``decision`` is that of all. At
    AQL 0, which accepts nothing, ``level`` says nothing. ``lot_size``: how many units of
    product are inspected, whatever a unit is; absent where nobody knows, at AQL 0 alone.
    ``lot_quantity``: what they measure together. ``delivery``: the number of the paper they
    came with, where they are a part of what was made. ``answers``: the refusals of the lot
    that this inspects it again for.
    """

    mode: Annotated[
        Mode, Meant("Inbound acceptance, patrol, flight inspection or mystery sampling.", "Mode")
    ]
    trader: Annotated[PartyId, Meant("Whose goods.", "Trader", context="inspection.trader")]
    on: Annotated[Time, Meant("When.", "Inspected on", context="inspection.on")]
    level: Annotated[
        Level,
        Meant("Inspection level (GB/T 2828.1); at AQL 0 it says nothing.", "Inspection level"),
    ]
    aql: Annotated[
        AqlOrNone,
        Meant(
            "Acceptance quality limit; 0: nothing is accepted, however many were drawn or bought.",
            "AQL",
        ),
    ]
    severity: Annotated[Severity, Meant("Severity of the plan.", "Severity")]
    sample_size: Annotated[Positive, Meant("Items inspected.", "Sample size")]
    accept: Annotated[Unsigned, Meant("Acceptance number Ac.", "Acceptance number|Ac")]
    reject: Annotated[Positive, Meant("Rejection number Re.", "Rejection number|Re")]
    nonconforming: Annotated[Unsigned, Meant("Nonconforming items found.", "Nonconforming items")]
    decision: Annotated[
        Decision,
        Meant(
            "The decision on the lot: accepted if every plan accepts it.",
            "Decision",
            context="inspection.decision",
        ),
    ]
    lot_size: Annotated[
        Positive | msgspec.UnsetType,
        Meant(
            "Units of product inspected (bottles, bags, 0.5 kg each); left out where unknown, at AQL 0.",
            "Lot size",
            needed="but where every aql is 0",
        ),
    ] = msgspec.UNSET
    class_: Annotated[
        ClassOfNonconformity | msgspec.UnsetType,
        Meant("The class of nonconformity that the first plan judges.", "Class of nonconformity"),
    ] = msgspec.field(name="class", default=msgspec.UNSET)
    plans: Annotated[
        tuple[ClassPlan, ...],
        msgspec.Meta(max_length=9),
        Meant("Further plans: other classes of nonconformity, other AQLs.", "Further plans"),
    ] = ()
    answers: Annotated[
        tuple[Citation, ...],
        msgspec.Meta(max_length=20),
        Meant("The refusals that the lot is inspected again for.", "Inspected again for"),
    ] = ()
    pick: Annotated[
        Citation | msgspec.UnsetType,
        Meant("The result of the draw whose pick is executed, in mystery sampling.", "Pick of"),
    ] = msgspec.UNSET
    lot_quantity: Annotated[
        Quantity | msgspec.UnsetType,
        Meant("What they measure together, where goods go by weight or volume.", "Lot quantity"),
    ] = msgspec.UNSET
    delivery: Annotated[
        Text | msgspec.UnsetType,
        Meant(
            "Where they are a part of what was made: the number of the paper they came with.",
            "Delivery note",
        ),
    ] = msgspec.UNSET
    findings: Annotated[Findings, FINDINGS] = ()
    facility: Annotated[
        FacilityId | msgspec.UnsetType, Meant("Where it was inspected.", "Inspected at")
    ] = msgspec.UNSET
    km: Annotated[Unsigned, KM] = 0
    evidence: Annotated[Evidences, EVIDENCE] = ()
    sealed: Annotated[Commitments, SEALED] = ()

    def __post_init__(self) -> None:
        """Refuse a plan of the tables for a lot of nobody knows how many."""
        aqls = {self.aql, *(plan.aql for plan in self.plans)}
        if self.lot_size is msgspec.UNSET and aqls != {NONE_ACCEPTED}:
            raise FormError("lot_size: say it, or accept nothing: aql 0, Ac 0, Re 1")


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
    def counts_items(self) -> bool:
        """Return whether it counts nonconforming items: by an AQL above 10 an item may have many faults."""
        return Decimal(self.aql) <= MOST_PERCENT

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


def judges_items(body: Inspection) -> bool:
    """Return whether one plan of an inspection at least counts nonconforming items."""
    return any(plan.counts_items for plan in plans_of(body))


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

    trader: Annotated[PartyId, TRADER]
    level: Annotated[
        Level, Meant("Inspection level of the series (GB/T 2828.1).", "Inspection level")
    ]
    aql: Annotated[Aql, Meant("Acceptance quality limit of the series.", "AQL")]
    to: Annotated[
        Severity,
        Meant(
            "reduced: the score is 30, production steady; normal: reduced ends; tightened: it goes on where it was discontinued, the cause having been acted on.",
            "Severity to",
        ),
    ]
    reason: Annotated[LongText, REASON]
    evidence: Annotated[
        Evidences,
        Meant(
            "Documents and photos that lie elsewhere.",
            "Evidence",
            needed="where to is reduced or tightened and action is left out",
        ),
    ] = ()
    action: Annotated[
        Citation | msgspec.UnsetType,
        Meant(
            "What shows that the cause was acted on: an audit or inspection.",
            "Action",
            context="sampling-switch.action",
        ),
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse to loosen inspection (to anything but normal) on neither evidence nor an action."""
        if self.to != "normal" and not self.evidence and self.action is msgspec.UNSET:
            raise FormError("to {to}: give evidence, or cite the action", to=self.to)


Takers = Annotated[tuple[PartyId, ...], msgspec.Meta(max_length=10)]
"""Whom a sample's holder will hand it to: any of them takes it over, and nobody else."""


class SampleSealed(Body, frozen=True, tag="sample-sealed"):
    """A sample is taken from a lot and sealed."""

    lot: Annotated[LotId, LOT]
    taken: Annotated[Time, Meant("When it was taken.", "Taken on")]
    seals: Annotated[
        tuple[Text, ...],
        msgspec.Meta(min_length=1, max_length=20),
        Meant("The numbers of its seals.", "Seal numbers"),
    ]
    inspection: Annotated[
        Citation | msgspec.UnsetType, Meant("The inspection it belongs to.", "Inspection")
    ] = msgspec.UNSET
    evidence: Annotated[Evidences, EVIDENCE] = ()
    to: Annotated[
        Takers,
        Meant(
            "To whom it will be handed: any of these takes it over, nobody else.",
            "To",
            context="sample-sealed.to",
        ),
    ] = ()


class Custody(Body, frozen=True, tag="custody"):
    """The issuer takes a sealed sample over from who had it, or names anew whom it will hand it to."""

    lot: Annotated[LotId, LOT]
    handed_by: Annotated[PartyId, Meant("Who handed it over.", "Handed over by")]
    previous: Annotated[
        Digest, Meant("The id of the hand-over (or sealing) before.", "Previous hand-over")
    ]
    at: Annotated[Time, Meant("When.", "Handed over on", context="custody.at")]
    seals_intact: Annotated[bool, Meant("Whether the seals were whole.", "Seals intact")]
    note: Annotated[LongText | msgspec.UnsetType, NOTE] = msgspec.UNSET
    to: Annotated[
        Takers,
        Meant(
            "To whom it will be handed next: any of these takes it over, nobody else.",
            "To",
            context="custody.to",
        ),
    ] = ()


def inspections_of(trader: str, product: str) -> str:
    """Return the subject of the history (``inspections``, trader + product)."""
    return f"{trader}\n{product}"


def inspection_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``inspection``, lot), (``inspections``, trader + product), and ``found_of`` the lot.

    Of one that executes a pick also (``executed``, draw).
    """
    assert isinstance(body, Inspection)  # noqa: S101 - the catalogue pairs them
    product = product_of(statement.subject)
    pair = inspections_of(body.trader, product)
    found = found_of(statement.subject, amiss=amiss(body))
    of = body.pick.subject if isinstance(body.pick, Citation) else None
    executed = () if of is None else (("executed", str(of)),)
    return (("inspection", statement.subject), ("inspections", pair), *found, *executed)


def switch_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``inspections``, trader + product)."""
    assert isinstance(body, SamplingSwitch)  # noqa: S101 - the catalogue pairs them
    return (("inspections", inspections_of(body.trader, statement.subject)),)


def sample_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return (``sample``, sample), (``inspection``, lot)."""
    assert isinstance(body, SampleSealed | Custody)  # noqa: S101 - the catalogue pairs them
    return (("sample", statement.subject), ("inspection", str(body.lot)))


ACTIONS = ("origin-audit", "inspection")
"""What shows that the cause of refusals was acted on."""


def inspection_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what these statements cite, with the types that may be cited."""
    if isinstance(body, SamplingSwitch) and body.action is not msgspec.UNSET:
        return ((body.action, ACTIONS),)
    if isinstance(body, Inspection):
        again = tuple((citation, ("inspection",)) for citation in body.answers)
        pick = () if body.pick is msgspec.UNSET else ((body.pick, ("draw-result",)),)
        return (*again, *pick)
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
        called=Words("inspection"),
        says=Words("A lot inspected by sample: plan, findings, decision."),
    ),
    StatementType(
        "sampling-switch",
        SamplingSwitch,
        ("operator",),
        switch_histories,
        "product",
        cites=inspection_citations,
        cited_from=("inspections",),
        called=Words("switch of inspection severity"),
        says=Words("Inbound inspection of a product goes over to another severity."),
    ),
    StatementType(
        "sample-sealed",
        SampleSealed,
        ("inspector",),
        sample_histories,
        "sample",
        cites=inspection_citations,
        cited_from=("sample",),
        called=Words("sample sealed"),
        says=Words("A sample is taken from a lot and sealed."),
    ),
    StatementType(
        "custody",
        Custody,
        ("inspector", "carrier", "laboratory"),
        sample_histories,
        "sample",
        cited_from=("sample",),
        called=Words("custody"),
        says=Words("The issuer takes over a sealed sample."),
    ),
)
"""Their rows of the catalogue."""
