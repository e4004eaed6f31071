"""Payloads of every native type, made from the types' own declarations.

What a declaration does not say is said here: how the texts of each class are spelled, and
which fields must fit each other. A type that is new to the catalogue is made without more.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec
from hypothesis import strategies as st
from msgspec import inspect
from stdnum import ean
from world import key_of

from ledger.cose.keys import EDDSA, ES256
from ledger.errors import MalformedError
from ledger.primitives.instant import DAY_US, format_us, parse_us
from ledger.primitives.legible import check_legible
from ledger.statements import fields
from ledger.statements.amendment_family import Supersede
from ledger.statements.catalogue import CATALOGUE, REPLACEABLE, encode_body
from ledger.statements.checklist_family import Checklist
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.criteria import (
    LIMITED,
    WORDED,
    Criterion,
    UnitsPlan,
    contradictions,
)
from ledger.statements.draw_family import (
    MAX_DRAWN,
    DrawSealed,
    Roster,
    RosterPlan,
    SamplingProgramme,
    StratumPlan,
    Substitution,
)
from ledger.statements.epcis_family import EventText
from ledger.statements.fields import Body, Citation, KeyBinding, PeriodBody
from ledger.statements.improvement_family import CAUSE_TOPICS, Measure
from ledger.statements.inspection_family import Inspection, SamplingSwitch
from ledger.statements.label_family import Label
from ledger.statements.laboratory_family import ReportPart
from ledger.statements.market_family import MAX_DAYS, Feedback
from ledger.statements.member_family import ObserverCall
from ledger.statements.movement_family import CameOut, Moved, Movement
from ledger.statements.origin_family import AUDIT_US, OriginAudit, SerialRange
from ledger.statements.points import Point, Seen
from ledger.statements.quality_family import GradeLimits, QualityIndex, QualityModel
from ledger.statements.results import Result
from ledger.statements.sanction_family import AppealDecision, Damages, Sanction, Terms
from ledger.statements.standard_family import TIMED_CONDUCT, AlliancePledge, Conduct
from ledger.statements.topics import TOPICS

MAX_ITEMS = 3
REFUSED_CHARACTERS = ["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]


def legible(text: str) -> bool:
    try:
        check_legible(text)
    except MalformedError:
        return False
    return True


plain = st.text(
    st.characters(exclude_categories=REFUSED_CHARACTERS), min_size=1, max_size=20
).filter(legible)
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
times = st.datetimes().map(lambda time: f"{time:%Y-%m-%dT%H:%M:%SZ}".zfill(20))
glns = st.integers(0, 10**12 - 1).map(lambda n: f"{n:012d}{ean.calc_check_digit(f'{n:012d}')}")
gtins = st.integers(0, 10**13 - 1).map(lambda n: f"{n:013d}{ean.calc_check_digit(f'{n:013d}')}")
products = gtins.map("https://id.gs1.org/01/{}".format)
serials = st.from_regex(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}", fullmatch=True).map(
    lambda text: quote(text, safe="")
)
lots = st.builds("{}/10/{}".format, products, serials)
facilities = glns.map("https://id.gs1.org/414/{}".format)
trademarks = st.from_regex(r"urn:trademark:cn:[1-9][0-9]{0,8}:[1-9]", fullmatch=True)
categories = st.lists(names, min_size=1, max_size=3).map("/".join)
hosts = st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True)  # a label ends in no hyphen
shops = st.builds("urn:shop:{}.example:{}".format, hosts, names)
visits = names.map("urn:visit:{}".format)
parties = st.one_of(
    glns.map("https://id.gs1.org/417/{}".format),
    st.just("urn:uscc:91110000600037341L"),
    st.from_regex(r"did:web:[a-z]{1,9}\.example", fullmatch=True),
    st.from_regex(r"urn:pinyuan:person:[0-9a-f]{32}", fullmatch=True),
)
everything = st.just("*")

SPELLED: Mapping[type[Any], st.SearchStrategy[str]] = {
    fields.TopicName: st.sampled_from(TOPICS),
    fields.Text: plain,
    fields.LongText: plain,
    fields.HistorySubject: plain,
    fields.Time: times,
    fields.LocalTime: st.sampled_from(["2026-05-01T08:00:00Z", "2026-11-01T07:30:00+08:00"]),
    fields.PartyId: parties,
    fields.ProductId: products,
    fields.LotId: lots,
    fields.Serial: serials,
    fields.FacilityId: facilities,
    fields.UnitId: st.just("https://id.gs1.org/00/006141411234567890"),
    fields.TrademarkId: trademarks,
    fields.NumberId: trademarks
    | st.from_regex(r"urn:qualification:[a-z]{1,9}\.cn:[0-9A-Z京食药监]{1,20}", fullmatch=True),
    fields.ShopId: shops,
    fields.RosterId: names.map("urn:roster:{}".format),
    fields.SampleId: names.map("urn:sample:{}".format),
    fields.Category: categories,
    fields.Goods: products | categories | everything,
    fields.Cas: st.sampled_from(["7439-92-1", "7440-43-9"]),
    fields.Country: st.sampled_from(["CN", "DE", "HK"]),
    fields.Territory: st.sampled_from(
        ["CN", "CN-ZJ", "CN-ZJ-330106", "GB-LND", "HK", "US-CA", "*"]
    ),
    fields.Channel: st.from_regex(r"[a-z]{1,9}\.example", fullmatch=True) | everything,
    EventText: st.builds(
        '{{"type":"ObjectEvent","eventID":"urn:x:{}","epcList":["{}/21/{}"],"quantity":0.5}}'.format,
        names,
        products,
        names,
    ),
    fields.AboutId: facilities | lots | names.map("urn:draw:{}:1".format),
}
"""How each class of text is spelled."""

SUBJECTS: Mapping[str, st.SearchStrategy[str]] = {
    "log": st.just("ledger.example/log"),
    "event": names.map("urn:x:{}".format),
    "party": parties,
    "product": products,
    "lot": lots,
    "facility": facilities,
    "shop": shops,
    "sample": names.map("urn:sample:{}".format),
    "visit": visits,
    "checklist": names.map("urn:checklist:{}".format),
    "roster": names.map("urn:roster:{}".format),
    "programme": names.map("urn:programme:{}".format),
    "draw": names.map("urn:draw:{}:1".format),
    "model": names.map("urn:model:{}".format),
    "indexed": products | parties | trademarks | categories,
    "claimed": products | lots | facilities,
    "standard": st.from_regex(r"urn:standard:[a-z]{1,9}\.cn:[0-9A-Z]{1,20}", fullmatch=True),
}
"""What statements of each form are about."""

bindings = st.builds(
    lambda name, alg, proof: KeyBinding.of(key_of(name, alg).public, proof),
    st.sampled_from(["one", "two", "three"]),
    st.sampled_from([EDDSA, ES256]),
    st.none() | st.binary(min_size=64, max_size=64),
)
ranges = st.integers(1, 20).flatmap(
    lambda size: (
        st.lists(st.text("0123456789", min_size=size, max_size=size), min_size=2, max_size=2)
        .map(sorted)
        .map(lambda ends: SerialRange(first=ends[0], last=ends[1]))
    )
)


def _texts(kind: inspect.StrType) -> st.SearchStrategy[str]:
    if kind.pattern is None:
        return plain
    return st.from_regex(kind.pattern.replace(r"\Z", ""), fullmatch=True).filter(
        lambda text: len(text) <= (kind.max_length or len(text))
    )


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one line for each kind
    """Return values of a declared type."""
    match kind:
        case inspect.CustomType(cls=cls):
            return SPELLED[cls].map(cls)
        case inspect.StructType(cls=cls):
            return MADE[cls] if cls in MADE else structs(cls)
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            ends = {"min_size": least or 0, "max_size": min(most or MAX_ITEMS, MAX_ITEMS)}
            return st.lists(values(item), **ends).map(tuple)
        case inspect.TupleType(item_types=items):
            return st.tuples(*map(values, items))
        case inspect.UnionType(types=kinds):
            return st.one_of(*map(values, kinds))
        case inspect.LiteralType(values=told):
            return st.sampled_from(told)
        case inspect.StrType():
            return _texts(kind)
        case inspect.IntType(ge=least, le=most):
            return st.integers(least, most)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
    msg = f"no values of {kind}"
    raise TypeError(msg)


def structs(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Return payloads, or parts of them, with and without what may be left out."""
    declared = inspect.type_info(cls)
    assert isinstance(declared, inspect.StructType)
    required = {item.name: values(item.type) for item in declared.fields if item.required}
    optional = {item.name: values(item.type) for item in declared.fields if not item.required}
    return st.fixed_dictionaries(required, optional=optional).map(
        lambda given: cls(**fitted(cls, given))
    )


def fitted(cls: type[Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return fields that fit each other where a type asks for it."""
    if issubclass(cls, PeriodBody) and given["until"] is not None:
        first, last = sorted((given["from_"], given["until"]))
        given |= {"from_": first, "until": last if first < last else None}
    firm, until = given.get("irrevocable_until"), given.get("until")
    if firm is not None and (firm <= given["from_"] or (until is not None and firm > until)):
        del given["irrevocable_until"]
    if cls is Measure:
        low, high = sorted((given["baseline"], given["goal"]), key=Decimal)
        if Decimal(low) == Decimal(high):
            low, high = "0", "1"
        better = {"at-most": (high, low), "at-least": (low, high)}[given["direction"]]
        given |= {"baseline": better[0], "goal": better[1]}
    if cls is Feedback:
        days = 1 + given["from_"].us // DAY_US % MAX_DAYS
        from_us = min(given["from_"].us, given["until"].us, parse_us("9999-11-01T00:00:00Z"))
        given |= {"from_": fields.Time(format_us(from_us).zfill(20))}
        given |= {"until": fields.Time(format_us(from_us + days * DAY_US).zfill(20))}
        by_reason = {one.reason: one for one in given.get("returned", ())}
        given |= {"returned": tuple(by_reason.values())} if "returned" in given else {}
    if "made_from" in given and given["made_until"] <= given["made_from"]:
        del given["made_from"]
    if cls is OriginAudit:
        team = tuple(dict.fromkeys((*given["team"], *TEAM)))
        early, late = sorted((given["on"], given["next_due"]))
        due_us = early.us + AUDIT_US
        if not early < late or late.us > due_us:
            end = fields.Time("9999-12-31T23:59:59Z")
            late = fields.Time(format_us(due_us).zfill(20)) if due_us < end.us else end
        given |= {"team": team, "on": early, "next_due": late}
    if cls is Inspection and {given["aql"], *(plan.aql for plan in given.get("plans", ()))} != {
        "0"
    }:
        given.setdefault("lot_size", 1)
    if cls is SamplingSwitch and not given.get("evidence") and "action" not in given:
        given["to"] = "normal"
    if cls is Movement:
        given = moved(given)
    if cls is GradeLimits:
        given = dict(zip("abc", (given["a"] % 300 + 700, 500, given["c"] % 500), strict=True))
    if cls is QualityModel and given["prior_good"] == 0:
        given["prior_bad"] = max(1, given["prior_bad"])
    if cls is QualityIndex and (given["score"] is None) != (given["grade"] == "insufficient"):
        given |= {"score": None, "grade": "insufficient"}
    if "criteria" in given and [*contradictions(given["criteria"])]:
        given["criteria"] = given["criteria"][:1]
    if cls is ObserverCall:
        given["seats"] = tuple({seat.kind: seat for seat in given["seats"]}.values())
    if cls is Checklist:
        given["kinds"] = tuple(dict.fromkeys(given["kinds"]))
        given["points"] = tuple({point.id: point for point in given["points"]}.values())
    if cls is Point and given["kind"] != "yes-no":
        given.pop("wanted", None)
    if cls is Seen:
        told = [name for name in ("yes", "value", "photo", "unseen") if name in given][:1]
        given = {"point": given["point"]} | {name: given[name] for name in told}
        given.setdefault("yes", True) if not told else None
    if cls is Label:
        given["evidence"] = tuple(dict.fromkeys(given["evidence"]))
    if cls is Conduct:
        given.pop("within_days", None)
        if given["kind"] in TIMED_CONDUCT:
            given["within_days"] = 30
        given.setdefault("text", fields.Text("as agreed"))
    if cls is AlliancePledge:
        kinds = {item.kind: item for item in given["conduct"]}
        given["conduct"] = (Conduct(kind="other", text="as agreed"), *kinds.values())
        given["standards"] = tuple(dict.fromkeys(given["standards"]))
    if cls in (Sanction, Terms):
        given |= {"damages": msgspec.UNSET, "interim": False}
        if given["step"] == "damages":
            given["damages"] = Damages(amount=1, currency="CNY")
        if given["step"] in ("close-shop", "end-cooperation"):
            given |= {"products": (), "lots": ()}
        if given["step"] == "end-cooperation":
            given["shops"] = ()
        if cls is Sanction and given["step"] == "delist" and given["until"] is not None:
            given["interim"] = given.get("severity_ground") == "critical"
        if cls is Terms:
            del given["interim"]
    if cls is Criterion:
        given |= {"units": msgspec.UNSET, "words": (), "limit": "1"}
        if given["direction"] not in LIMITED:
            del given["limit"]
        if given["direction"] in WORDED:
            given["words"] = (fields.Text("green"),)
    if cls is UnitsPlan:
        given |= {"n": given["c"] + 1} if given["c"] >= given["n"] else {}
    if cls is Result:
        for name in ("values", "words", "uncertainty", "below_detection", "traces"):
            given.pop(name, None)
        given.setdefault("value", "0.5")
    if cls is ReportPart:
        given["number"] = min(given["number"], given["of"])
    if cls is Roster:
        given["members"] = tuple(dict.fromkeys(given["members"]))
    if cls is SamplingProgramme:
        own = RosterPlan(role="inspector", roster=ROSTER, count=1, spares=0)
        given |= {"strata": given["strata"][:1], "rosters": (own,)}
        if given["strata"][0].count + given["strata"][0].spares >= MAX_DRAWN:
            given["strata"] = (StratumPlan(grade="A", count=1, spares=1),)
    if cls is DrawSealed:
        given["digests"] = tuple(dict.fromkeys(given["digests"]))
    if cls is Substitution:
        given |= {"role": fields.Text("object/A"), "reason": "sold-out"}
    if cls is ClaimDecided:
        claim = Citation(id="0" * 64, topic="product", subject=LOT[:-6])
        given = {"v": given["v"], "grounds": given["grounds"], "rejected": (claim,)}
    if cls is AppealDecision:
        given["outcome"] = "varied" if "terms" in given else "upheld"
    if "cause" in given:
        topic = CAUSE_TOPICS[len(given["cause"].subject) % len(CAUSE_TOPICS)]
        subject = LOT if topic == "inspection" else given["cause"].subject
        given["cause"] = msgspec.structs.replace(given["cause"], topic=topic, subject=subject)
    return given


def moved(given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a movement that its kind has."""
    kind, one = given["kind"], CameOut(lot=fields.LotId(LOT))
    other = CameOut(lot=fields.LotId(LOT + "7"))
    of_kind: dict[str, dict[str, Any]] = {
        "pack": {"unit": fields.UnitId("https://id.gs1.org/00/006141411234567890")},
        "ship": {"to": TEAM[0]},
        "return": {"to": TEAM[0], "reason": fields.LongText("wet")},
        "receive": {"shipment": Citation(id="0" * 64, topic="movement", subject=LOT)},
        "destroy": {"reason": fields.LongText("burnt")},
        "split": {"others": (), "made": (one, other)},
        "merge": {"others": (Moved(lot=fields.LotId(LOT)),), "made": (other,)},
        "repack": {"made": (one,)},
    }
    kept = {name: value for name, value in given.items() if name not in OF_KINDS}
    return {**kept, "others": (), **of_kind[kind]}


OF_KINDS = ("to", "to_place", "shipment", "made", "lost", "unit", "units")
"""Fields of a movement that some kinds alone have."""
LOT = "https://id.gs1.org/01/06901234500004/10/A7"
ROSTER = fields.RosterId("urn:roster:r1")
TEAM = tuple(fields.PartyId("urn:pinyuan:person:" + digit * 32) for digit in "01")
MADE: dict[type[Any], st.SearchStrategy[Any]] = {KeyBinding: bindings, SerialRange: ranges}
"""Parts whose fields depend on each other."""

BODIES: dict[str, st.SearchStrategy[Body]] = {
    name: structs(row.body) for name, row in CATALOGUE.items() if row.body is not Supersede
}


def _corrections() -> st.SearchStrategy[Body]:
    """Return corrections, each with a whole payload of a type that may be corrected."""
    inner = st.sampled_from(REPLACEABLE).flatmap(lambda name: BODIES[name])
    target = values(inspect.type_info(fields.Citation))
    return st.builds(
        lambda about, body, reason: Supersede(
            v=1, target=about, statement=msgspec.json.decode(encode_body(body)), reason=reason
        ),
        target,
        inner,
        plain,
    )


BODIES["supersede"] = _corrections()


def subject_of(name: str, body: Body) -> st.SearchStrategy[str]:
    """Return what a payload of this type can be about."""
    form = CATALOGUE[name].subject
    if form == "target":
        inner = body.statement["type"] if isinstance(body, Supersede) else "visit"
        form = CATALOGUE[str(inner)].subject
    return SUBJECTS[form]
