"""The only list of statement types: body, issuers, subject, histories, what it cites and ends.

A type's histories are a pure function of a statement's bytes and never change; other
histories need a new version of the type.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union

import msgspec

from ledger import ijson
from ledger.errors import MalformedError
from ledger.statements import amendment_family as amendment
from ledger.statements import brand_family as brand
from ledger.statements import identity_family as identity
from ledger.statements import improvement_family as improvement
from ledger.statements import inspection_family as inspection
from ledger.statements import label_family as label
from ledger.statements import laboratory_family as laboratory
from ledger.statements import log_family as log
from ledger.statements import observer_family as observer
from ledger.statements import origin_family as origin
from ledger.statements import quality_family as quality
from ledger.statements import sanction_family as sanction
from ledger.statements import standard_family as standard
from ledger.statements import trade_family as trade
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation, decode_field

Issuer = Literal[
    "operator", "party", "authority", "brand", "trader", "warehouse", "carrier", "laboratory",
    "inspector", "observer",
]  # fmt: skip
"""Who may sign a type: the operator, the subject itself, or a party with this role."""

EVERYBODY: tuple[Issuer, ...] = (
    "operator", "authority", "brand", "trader", "warehouse", "carrier", "laboratory", "inspector",
    "observer",
)  # fmt: skip
"""The operator and every role."""

SubjectForm = Literal[
    "log",
    "party",
    "product",
    "lot",
    "facility",
    "shop",
    "sample",
    "visit",
    "model",
    "indexed",
    "standard",
    "target",
]
Citations = tuple[tuple[Citation, tuple[str, ...]], ...]
Effect = Literal["ends", "replaces", "erases", "answers", "decides"]
"""What an amendment does to its target; an answer leaves it as it is, and stands for itself; a
decision ends it, varies it or lets it stand, as it says itself."""


def _cites_nothing(_body: Body) -> Citations:
    return ()


@dataclass(frozen=True, slots=True)
class StatementType:
    """One row of the catalogue.

    ``issuers``: who may sign it. ``subject``: the form of ``sub``, the subject of its first
    history. ``submitted``: whether it comes from outside (genesis and seals are the log's
    own). ``cited_from``: the topics of its histories that citations of it name: such as do
    not grow with strangers, because a verdict reads them whole. ``cites``: the statements it
    rests on, and of which types they may be. ``amends``:
    the types its ``target`` may have; ``effect``: what it does to it; ``ends``: what else
    it ends.
    """

    name: str
    body: type[Body]
    issuers: tuple[Issuer, ...]
    histories: Callable[[SignedStatement, Body], tuple[Topic, ...]]
    subject: SubjectForm
    submitted: bool = True
    cited_from: tuple[str, ...] = ()
    cites: Callable[[Body], Citations] = _cites_nothing
    amends: tuple[str, ...] = ()
    effect: Effect = "ends"
    ends: str | None = None
    version: int = 1

    @property
    def rests(self) -> bool:
        """Return whether statements of this type cite others, their target apart."""
        return self.cites is not _cites_nothing


GENERIC = "generic"
REPLACEABLE = (
    "admission", "facility", "origin-audit", "product", "lot", "shop", "listing", "inspection",
    "test-report", "recall", "complaint", "advice", "observer-application", "observer",
    "invitation", "visit", "observation",
)  # fmt: skip
"""What ``supersede`` may correct: no identity, paper, grant or sanction, no link of a sample's
custody, and no amendment."""


def body_of(value: Any) -> Body:
    """Return the typed payload of a JSON value.

    Raises:
        MalformedError: no type of the catalogue, or other fields than it has.

    """
    name = str(value.get("type")) if type(value) is dict else "that is no JSON object"
    row = CATALOGUE.get(name)
    if row is None:
        msg = f"no statement type {name[:60]}"
        raise MalformedError(msg)
    try:
        return msgspec.convert(value, row.body, dec_hook=decode_field)
    except msgspec.ValidationError as error:
        msg = f"{row.name}: {error}"
        raise MalformedError(msg) from error


def corrected(body: amendment.Supersede) -> Body:
    """Return the corrected payload that a ``supersede`` carries.

    Raises:
        MalformedError: it is none, or of a type that cannot be superseded.

    """
    name = body.statement.get("type")
    if name not in REPLACEABLE:
        msg = f"supersede: statement: a {str(name)[:60]} cannot be superseded"
        raise MalformedError(msg)
    return body_of(body.statement)


def supersede_histories(statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return the histories that the corrected payload has, and (``statement``, target id)."""
    assert isinstance(body, amendment.Supersede)  # noqa: S101 - the catalogue pairs them
    inner = corrected(body)
    topics = CATALOGUE[type_name(inner)].histories(statement, inner)
    return (*topics, ("statement", body.target.id))


CATALOGUE: Mapping[str, StatementType] = {
    row.name: row
    for row in (
        StatementType(
            "genesis", log.Genesis, ("operator",), log.genesis_histories, "log", submitted=False
        ),
        StatementType("rules", log.Rules, ("operator",), log.log_history, "log"),
        StatementType("log-end", log.LogEnd, ("operator",), log.log_history, "log", ends="the log"),
        StatementType("seal", log.Seal, ("operator",), log.no_history, "log", submitted=False),
        StatementType("party", identity.Party, ("operator",), identity.party_histories, "party"),
        StatementType(
            "party-update", identity.PartyUpdate, ("operator",), identity.party_histories, "party"
        ),
        StatementType("key", identity.Key, ("party",), identity.key_histories, "party"),
        StatementType(
            "key-revocation",
            identity.KeyRevocation,
            ("party", "operator"),
            identity.key_histories,
            "party",
            ends="the key",
        ),
        StatementType(
            "qualification",
            brand.Qualification,
            ("authority", "operator"),
            brand.qualification_histories,
            "party",
            cited_from=("qualification-number", "qualification"),
        ),
        StatementType(
            "qualification-withdrawal",
            brand.QualificationWithdrawal,
            ("authority", "operator"),
            brand.qualification_histories,
            "party",
            amends=("qualification",),
        ),
        StatementType(
            "authorisation",
            brand.Authorisation,
            ("brand", "trader"),
            brand.grant_histories,
            "party",
            cites=brand.brand_citations,
            cited_from=("grant",),
        ),
        StatementType(
            "authorisation-revocation",
            brand.AuthorisationRevocation,
            ("brand", "trader"),
            brand.grant_histories,
            "party",
            amends=("authorisation",),
        ),
        StatementType(
            "product",
            brand.Product,
            ("brand", "trader"),
            brand.product_histories,
            "product",
            cites=brand.brand_citations,
            cited_from=("product",),
        ),
        StatementType(
            "admission",
            trade.Admission,
            ("operator",),
            trade.admission_histories,
            "party",
            cites=trade.trade_citations,
            cited_from=("admission",),
        ),
        StatementType(
            "shop",
            trade.Shop,
            ("operator",),
            trade.shop_histories,
            "shop",
            cited_from=("shop",),
        ),
        StatementType(
            "shop-ended",
            trade.ShopEnded,
            ("operator",),
            trade.shop_histories,
            "shop",
            amends=("shop",),
        ),
        StatementType(
            "listing",
            trade.Listing,
            ("trader", "operator"),
            trade.listing_histories,
            "product",
            cited_from=("listing", "listings"),
        ),
        StatementType(
            "listing-ended",
            trade.ListingEnded,
            ("trader", "operator"),
            trade.listing_histories,
            "product",
            amends=("listing",),
        ),
        StatementType(
            "facility",
            origin.Facility,
            ("operator", "brand"),
            origin.facility_histories,
            "facility",
            cited_from=("facility",),
        ),
        StatementType(
            "origin-audit",
            origin.OriginAudit,
            ("inspector",),
            origin.facility_histories,
            "facility",
            cited_from=("facility",),
        ),
        StatementType(
            "lot",
            origin.Lot,
            ("brand", "trader"),
            origin.lot_histories,
            "lot",
            cited_from=("lot",),
        ),
        StatementType(
            "baseline-standard",
            standard.BaselineStandard,
            ("authority",),
            standard.standard_histories,
            "standard",
            cited_from=("standard",),
        ),
        StatementType(
            "standard",
            standard.Standard,
            ("operator",),
            standard.standard_histories,
            "standard",
            cites=standard.standard_citations,
            cited_from=("standard",),
        ),
        StatementType(
            "alliance-pledge",
            standard.AlliancePledge,
            ("brand", "trader", "laboratory"),
            standard.pledge_histories,
            "party",
            cites=standard.standard_citations,
            cited_from=("pledge",),
        ),
        StatementType(
            "inspection",
            inspection.Inspection,
            ("warehouse", "inspector"),
            inspection.inspection_histories,
            "lot",
            cited_from=("inspection",),
        ),
        StatementType(
            "sampling-switch",
            inspection.SamplingSwitch,
            ("operator",),
            inspection.switch_histories,
            "product",
            cites=inspection.inspection_citations,
            cited_from=("inspections",),
        ),
        StatementType(
            "sample-sealed",
            inspection.SampleSealed,
            ("inspector",),
            inspection.sample_histories,
            "sample",
            cites=inspection.inspection_citations,
            cited_from=("sample",),
        ),
        StatementType(
            "custody",
            inspection.Custody,
            ("inspector", "carrier", "laboratory"),
            inspection.sample_histories,
            "sample",
            cited_from=("sample",),
        ),
        StatementType(
            "test-report",
            laboratory.TestReport,
            ("laboratory",),
            laboratory.report_histories,
            "sample",
            cites=laboratory.laboratory_citations,
            cited_from=("sample",),
        ),
        StatementType(
            "objection",
            laboratory.Objection,
            ("brand", "trader"),
            laboratory.answer_histories,
            "sample",
            cited_from=("sample",),
            amends=("test-report",),
            effect="answers",
        ),
        StatementType(
            "retest-report",
            laboratory.RetestReport,
            ("laboratory",),
            laboratory.answer_histories,
            "sample",
            cites=laboratory.laboratory_citations,
            cited_from=("sample",),
            amends=("test-report",),
            effect="answers",
        ),
        StatementType(
            "objection-closed",
            laboratory.ObjectionClosed,
            ("operator", "brand", "trader"),
            laboratory.answer_histories,
            "sample",
            cites=laboratory.laboratory_citations,
            amends=("objection",),
        ),
        StatementType(
            "recall",
            inspection.Recall,
            ("brand", "trader", "operator"),
            inspection.recall_histories,
            "lot",
            cited_from=("inspection",),
        ),
        StatementType(
            "sanction",
            sanction.Sanction,
            ("operator",),
            sanction.sanction_histories,
            "party",
            cites=sanction.sanction_citations,
            cited_from=("sanction",),
        ),
        StatementType(
            "sanction-lifted",
            sanction.SanctionLifted,
            ("operator",),
            sanction.sanction_histories,
            "party",
            amends=("sanction",),
        ),
        StatementType(
            "label",
            label.Label,
            ("operator",),
            label.label_histories,
            "product",
            cites=label.label_citations,
            cited_from=("label",),
        ),
        StatementType(
            "label-withdrawn",
            label.LabelWithdrawn,
            ("operator",),
            label.label_histories,
            "product",
            amends=("label",),
        ),
        StatementType(
            "appeal",
            sanction.Appeal,
            ("party",),
            sanction.sanction_histories,
            "party",
            amends=("sanction",),
            effect="answers",
        ),
        StatementType(
            "appeal-decision",
            sanction.AppealDecision,
            ("operator",),
            sanction.sanction_histories,
            "party",
            amends=("sanction",),
            effect="decides",
        ),
        StatementType(
            "complaint",
            sanction.Complaint,
            ("operator",),
            sanction.complaint_histories,
            "product",
            cited_from=("feedback",),
        ),
        StatementType(
            "advice",
            improvement.Advice,
            ("operator",),
            improvement.advice_histories,
            "party",
            cites=improvement.improvement_citations,
            cited_from=("advice",),
        ),
        StatementType(
            "improvement-plan",
            improvement.ImprovementPlan,
            ("party",),
            improvement.improvement_histories,
            "party",
            cites=improvement.improvement_citations,
            cited_from=improvement.CAUSE_TOPICS,
        ),
        StatementType(
            "improvement-step",
            improvement.ImprovementStep,
            ("party",),
            improvement.improvement_histories,
            "party",
            amends=("improvement-plan",),
            effect="answers",
        ),
        StatementType(
            "improvement-verified",
            improvement.ImprovementVerified,
            ("operator", "inspector"),
            improvement.improvement_histories,
            "party",
            amends=("improvement-plan",),
            effect="answers",
        ),
        StatementType(
            "observer-application",
            observer.ObserverApplication,
            ("operator",),
            observer.observer_histories,
            "party",
            cited_from=("observer",),
        ),
        StatementType(
            "observer",
            observer.Observer,
            ("operator",),
            observer.observer_histories,
            "party",
            cites=observer.observer_citations,
            cited_from=("observer",),
        ),
        StatementType(
            "invitation",
            observer.Invitation,
            ("operator",),
            observer.observer_histories,
            "party",
            cited_from=("observer",),
        ),
        StatementType(
            "visit",
            observer.Visit,
            ("observer",),
            observer.visit_histories,
            "visit",
            cites=observer.observer_citations,
            cited_from=("visit",),
        ),
        StatementType(
            "observation",
            observer.Observation,
            ("observer",),
            observer.visit_histories,
            "visit",
            cites=observer.observer_citations,
            cited_from=("visit",),
        ),
        StatementType(
            "quality-model",
            quality.QualityModel,
            ("operator",),
            quality.model_histories,
            "model",
            cited_from=("model",),
        ),
        StatementType(
            "quality-index",
            quality.QualityIndex,
            ("operator",),
            quality.index_histories,
            "indexed",
            cites=quality.quality_citations,
            cited_from=("index",),
        ),
        StatementType(
            "supersede",
            amendment.Supersede,
            EVERYBODY,
            supersede_histories,
            "target",
            amends=REPLACEABLE,
            effect="replaces",
        ),
        StatementType(
            "erasure",
            amendment.Erasure,
            ("operator",),
            amendment.erasure_histories,
            "target",
            amends=("inspection", "complaint", "observer-application", "visit", "observation"),
            effect="erases",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class InvalidBody:
    """A native payload that cannot be read: the rule it breaks and why."""

    rule: Literal["type-unknown", "fields"]
    message: str


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
        return InvalidBody("fields", str(error)), ()


def _typed(  # noqa: PLR0911 - each way to be unreadable says so
    statement: SignedStatement,
) -> Body | InvalidBody:
    try:
        value = ijson.decode(statement.payload)
    except MalformedError as error:
        return InvalidBody("fields", str(error))
    if type(value) is not dict or type(value.get("type")) is not str:
        return InvalidBody("fields", "the payload is not an object with a type")
    row = CATALOGUE.get(value["type"])
    if row is None:
        return InvalidBody("type-unknown", f"unknown statement type {value['type'][:60]!r}")
    if "v" not in value:
        return InvalidBody("fields", f"{row.name}: missing field v")
    if value["v"] != row.version or type(value.get("v")) is not int:
        return InvalidBody("type-unknown", f"unknown version of {row.name}: {value.get('v')!r:.40}")
    try:
        return body_of(value)
    except MalformedError as error:
        return InvalidBody("fields", str(error))


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
