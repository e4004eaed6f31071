"""What each type says in the tea brand's world unless a test says otherwise.

A value that is a function is asked for when the statement is written: a citation of what
was said before, or a time counted from then.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sampled import USUAL_DRAWS
from tea import (
    AGENT,
    CARRIER,
    DISTRIBUTOR,
    EVER,
    GARDEN,
    GTIN,
    INSPECTOR,
    LABORATORY,
    LOT,
    MARK,
    OBSERVER,
    SHOP,
    TEA,
    Tea,
    party_of,
)
from world import BRAND, OPERATOR, TRADER

from ledger.primitives import ijson
from ledger.statements.catalogue import CATALOGUE, decode_body, histories_of, type_name
from ledger.statements.envelope import SignedStatement, parse_statement
from ledger.statements.fields import Body, parse_time_us
from ledger.statements.observer_family import Invitation
from ledger.writing.log import Registered

RIVAL = "https://id.gs1.org/417/6901234507102"
SUBSIDIARY = "https://id.gs1.org/417/6901234507119"
PARENT = "https://id.gs1.org/417/6901234507126"
REGISTRAR = "https://id.gs1.org/417/6901234507133"
SECOND_LABORATORY = "https://id.gs1.org/417/6901234507140"
MORE = {
    "rival": (RIVAL, "brand"),
    "subsidiary": (SUBSIDIARY, "brand"),
    "parent": (PARENT, "brand"),
    "registrar": (REGISTRAR, "authority"),
    "second-laboratory": (SECOND_LABORATORY, "laboratory"),
    "second-inspector": ("did:web:second-inspector.example", "inspector"),
    "another": ("urn:pinyuan:person:" + "0e" * 16, "observer"),
}
"""Who else lives in this world: name of the key -> party id, role."""

TAKERS = [CARRIER, LABORATORY, SECOND_LABORATORY]
"""Whom a sample is handed to, by whoever has it."""

LICENCE = "urn:qualification:samr.cn:SP-1"
SAMPLE, RETAINED = "urn:sample:s1", "urn:sample:s1-b"
VISIT = "urn:visit:v1"
CHECKLIST = "urn:checklist:garden"
MODEL = "urn:model:quality"
PERSON = "urn:pinyuan:person:" + "0c" * 16

BASELINE = "urn:standard:samr.cn:GB2762"
STANDARD = "urn:standard:mall.example:TEA-1"
LEAD: dict[str, Any] = {
    "property": "lead",
    "unit": "mg/kg",
    "direction": "at-most",
    "limit": "5.0",
    "severity": "critical",
}
WATER: dict[str, Any] = {
    "property": "water",
    "unit": "%",
    "direction": "at-most",
    "limit": "7",
    "severity": "minor",
}
PURITY: dict[str, Any] = {
    "property": "polyphenols",
    "unit": "%",
    "direction": "at-least",
    "limit": "16.0",
    "severity": "major",
}

Usual = tuple[str, str, dict[str, Any]]
"""Who says it, about what, in which fields."""
Later = Callable[["Told"], Any]
"""A value that is known when the statement is written."""


def citing(name: str, *, topic: str = "", subject: str = "") -> Later:
    """Return a citation of what was called so, from the history that its type is cited from."""

    def cite(told: "Told") -> dict[str, str]:
        statement, body = told.said[name]
        topics = histories_of(statement, body)
        among = (item for item in CATALOGUE[type_name(body)].cited_from if item in dict(topics))
        wanted = topic or next(among)
        found = (item for item in topics if item[0] == wanted)
        return {
            "id": statement.id.hex(),
            "topic": wanted,
            "subject": subject or next(found, (wanted, statement.subject))[1],
        }

    return cite


def id_of(name: str) -> Later:
    """Return the id of what was called so."""
    return lambda told: told.said[name][0].id.hex()


def day(days: float) -> Later:
    """Return the time so many days from when the statement is written."""
    return lambda told: told.time(days)


EVENT = "urn:uuid:0191e0c4-6f2e-7cc3-a1b2-0a0b0c0d0e0f"
EVENT_CONTEXT = ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"]


def event(days: float = 0, **changes: Any) -> Later:
    """Return the text of an EPCIS event so many days from when it is written; ``...`` leaves a field out.

    Unless a test says otherwise the lot is shipped, known by ``EVENT``.
    """
    usual = {
        "@context": EVENT_CONTEXT,
        "type": "ObjectEvent",
        "eventID": EVENT,
        "eventTimeZoneOffset": "+08:00",
        "quantityList": [{"epcClass": LOT, "quantity": 200, "uom": "KGM"}],
        "action": "OBSERVE",
        "bizStep": "shipping",
    }

    def write(told: "Told") -> str:
        fields = {"eventTime": told.time(days)} | usual | changes
        return json.dumps({name: told._now(one) for name, one in fields.items() if one is not ...})

    return write


def evidence() -> list[dict[str, Any]]:
    """Return one photo that lies elsewhere."""
    return [{"digest": "5" * 64, "size": 482_113, "media_type": "image/jpeg"}]


def result(value: str = "0.05", outcome: str = "not-judged", **changes: Any) -> dict[str, Any]:
    """Return one result of a test: a residue in milligrams per kilogram."""
    return {"property": "residue", "unit": "mg/kg", "value": value, "outcome": outcome} | changes


def finding(severity: str) -> dict[str, str]:
    """Return a finding of this severity."""
    return {"point": "GB 2763", "severity": severity, "text": "residue above the limit"}


GRANT: dict[str, Any] = EVER | {
    "parent": citing("distributor"),
    "brand": MARK,
    "goods": [TEA],
    "territories": ["CN"],
    "channels": ["*"],
    "shop_types": ["*"],
    "exclusive": False,
    "depth": 0,
}
TESTED: dict[str, Any] = {
    "lot": LOT,
    "number": "R-1",
    "client": OPERATOR,
    "custody": id_of("received"),
    "method": "GB 23200.113",
    "accreditations": [citing("accreditation")],
    "condition": "dry, 250 g",
    "received": lambda told: str(told.said["received"][1].at),
    "tested_from": day(-0.5),
    "tested_until": day(-0.25),
    "issued": day(0),
    "decision_rule": "simple",
    "results": [result()],
}
OF_REPORT = {"lot": LOT, "laboratory": LABORATORY, "month": lambda told: told.time()[:7]}
"""What reports say, and what answers repeat of the report that is called ``report``."""
USUAL: dict[str, Usual] = {
    "qualification": (
        "office",
        TRADER,
        EVER
        | {"kind": "food-licence", "number": LICENCE, "categories": ["food"]}
        | {"evidence": evidence()},
    ),
    "qualification-withdrawal": (
        "office",
        TRADER,
        {"target": citing("licence"), "number": LICENCE, "reason": "expired early"},
    ),
    "authorisation": ("distributor", TRADER, GRANT),
    "authorisation-revocation": (
        "distributor",
        TRADER,
        {
            "target": citing("trader"),
            "brand": MARK,
            "parent": id_of("distributor"),
            "exclusive": False,
            "reason": "sold outside its province",
        },
    ),
    "product": (
        "brand",
        GTIN,
        {
            "names": {"zh": "绿茶", "en": "Green tea"},
            "brand": MARK,
            "category": TEA,
            "under": citing("mark"),
        },
    ),
    "claim-decided": (
        "registrar",
        GTIN,
        {"rejected": [citing("theirs")], "grounds": "the number is licensed to the brand"},
    ),
    "admission": (
        "operator",
        TRADER,
        {"decision": "admitted", "evidence": [citing("licence"), citing("trader")]},
    ),
    "shop": (
        "operator",
        SHOP,
        {"shop_type": "multi-brand", "trader": TRADER, "names": {"zh": "清河茶铺"}},
    ),
    "shop-ended": (
        "operator",
        SHOP,
        {"target": citing("shop"), "trader": TRADER, "reason": "the trader asked"},
    ),
    "listing": ("trader", GTIN, {"shop": SHOP, "category": TEA, "territories": ["CN"]}),
    "listing-ended": (
        "trader",
        GTIN,
        {"target": citing("listing"), "shop": SHOP, "category": TEA, "reason": "sold out"},
    ),
    "facility": (
        "brand",
        GARDEN,
        {
            "names": {"zh": "龙坞茶园"},
            "owner": BRAND,
            "country": "CN",
            "place": {"text": "Longwu", "latitude_e6": 30_190_000, "longitude_e6": 120_050_000},
            "activities": ["growing"],
        },
    ),
    "origin-audit": (
        "inspector",
        GARDEN,
        {
            "checklist": "tea-garden 3",
            "on": day(-1),
            "findings": [finding("minor")],
            "team": ["urn:pinyuan:person:" + digit * 32 for digit in "12"],
            "km": 212,
            "next_due": day(180),
        },
    ),
    "lot": (
        "brand",
        LOT,
        {
            "quantity": {"amount": "120.5", "unit": "kg"},
            "facility": GARDEN,
            "made": day(-30),
            "serial_range": {"first": "001", "last": "480"},
        },
    ),
    "inspection": (
        "inspector",
        LOT,
        {
            "mode": "mystery",
            "trader": TRADER,
            "on": day(-1),
            "lot_size": 480,
            "level": "II",
            "aql": "1.0",
            "severity": "normal",
            "sample_size": 50,
            "accept": 1,
            "reject": 2,
            "nonconforming": 0,
            "decision": "accepted",
        },
    ),
    "sampling-switch": (
        "operator",
        GTIN,
        {
            "trader": TRADER,
            "level": "II",
            "aql": "1.0",
            "to": "reduced",
            "reason": "steady production, the plan for the season attached",
            "evidence": evidence(),
        },
    ),
    "sample-sealed": (
        "inspector",
        SAMPLE,
        {"lot": LOT, "taken": day(-2), "seals": ["S-1"], "evidence": evidence(), "to": TAKERS},
    ),
    "custody": (
        "carrier",
        SAMPLE,
        {
            "lot": LOT,
            "handed_by": INSPECTOR,
            "previous": id_of("sample"),
            "at": day(-1),
            "seals_intact": True,
            "to": TAKERS,
        },
    ),
    "label": (
        "operator",
        GTIN,
        {"standard": citing("standard"), "evidence": [citing("report")], "until": day(300)},
    ),
    "label-withdrawn": (
        "operator",
        GTIN,
        {"target": citing("label"), "reason": "the brand asked"},
    ),
    "test-report": ("laboratory", SAMPLE, TESTED),
    "objection": (
        "brand",
        SAMPLE,
        OF_REPORT | {"target": citing("report"), "reason": "our own test found less"},
    ),
    "retest-report": (
        "second-laboratory",
        SAMPLE,
        TESTED
        | OF_REPORT
        | {
            "target": citing("report"),
            "sample": RETAINED,
            "custody": id_of("retained received"),
            "received": lambda told: str(told.said["retained received"][1].at),
            "accreditations": [citing("second accreditation")],
        },
    ),
    "objection-closed": (
        "operator",
        SAMPLE,
        OF_REPORT
        | {
            "target": citing("objection"),
            "report": id_of("report"),
            "outcome": "confirmed",
            "retest": citing("retest"),
            "reason": "the second laboratory found as much",
        },
    ),
    "baseline-standard": (
        "office",
        BASELINE,
        {
            "names": {"zh": "食品安全国家标准 食品中污染物限量"},
            "category": "food/tea",
            "from": "2026-01-01T00:00:00Z",
            "criteria": [LEAD, WATER],
        },
    ),
    "standard": (
        "operator",
        STANDARD,
        {
            "names": {"zh": "平台茶叶标准", "en": "Platform standard for tea"},
            "category": TEA,
            "from": "2026-02-01T00:00:00Z",
            "baselines": [citing("baseline-standard")],
            "criteria": [LEAD | {"limit": "2.0"}, WATER, PURITY],
        },
    ),
    "alliance-pledge": (
        "brand",
        BRAND,
        EVER
        | {
            "standards": [citing("standard")],
            "conduct": [{"kind": "other", "text": "we welcome visitors"}],
        },
    ),
    "movement": (
        "brand",
        LOT,
        {
            "kind": "ship",
            "at": day(-1),
            "quantity": {"amount": "20", "unit": "kg"},
            "to": TRADER,
            "place": GARDEN,
            "delivery": "D-1",
        },
    ),
    "product-recall": (
        "brand",
        GTIN,
        {"reason": "residue above the limit", "from": day(0), "made_until": day(0)},
    ),
    "epcis": ("brand", EVENT, {"event": event()}),
    "recall": ("brand", LOT, {"reason": "residue above the limit", "from": day(0)}),
    "sanction": (
        "operator",
        TRADER,
        EVER
        | {
            "step": "interview",
            "grounds": "sold a lot that failed",
            "triggers": [citing("failure")],
            "rules_version": 1,
            "appeal_by": day(15),
        },
    ),
    "sanction-lifted": (
        "operator",
        TRADER,
        {"target": citing("sanction"), "reason": "mended and verified"},
    ),
    "appeal": (
        "trader",
        TRADER,
        {"target": citing("sanction"), "reason": "the sample was not ours", "evidence": evidence()},
    ),
    "appeal-decision": (
        "operator",
        TRADER,
        {"target": citing("sanction"), "outcome": "upheld", "reason": "the seals were whole"},
    ),
    "complaint": (
        "operator",
        GTIN,
        {
            "complainant": PERSON,
            "text": "the box was open",
            "lot": LOT,
            "sealed": [{"name": "phone", "digest": "6" * 64}],
        },
    ),
    "feedback": (
        "operator",
        GTIN,
        {
            "from": day(-31),
            "until": day(-1),
            "sold": 1200,
            "returned": [{"reason": "quality", "count": 6}, {"reason": "no-reason", "count": 30}],
        },
    ),
    "advice": (
        "operator",
        TRADER,
        {"grounds": [citing("failure")], "text": "test before you ship", "answer_by": day(15)},
    ),
    "improvement-plan": (
        "trader",
        TRADER,
        {
            "cause": citing("failure"),
            "root_cause": "the drying hall was sprayed too late",
            "actions": [
                {"text": "test each lot before it is packed", "due": day(10)},
                {"text": "train the drying hall", "due": day(20)},
            ],
        },
    ),
    "improvement-step": (
        "trader",
        TRADER,
        {
            "target": citing("plan"),
            "cause": citing("failure"),
            "action": 1,
            "text": "each lot is tested since Monday",
            "evidence": evidence(),
        },
    ),
    "improvement-verified": (
        "operator",
        TRADER,
        {
            "target": citing("plan"),
            "cause": citing("failure"),
            "on": day(-0.5),
            "outcome": "effective",
            "reason": "three lots in a row are below the limit",
            "evidence": evidence(),
        },
    ),
    "observer-call": (
        "operator",
        OPERATOR,
        EVER
        | {
            "seats": [
                {"kind": "consumer", "count": 3},
                {"kind": "media", "count": 1},
                {"kind": "association", "count": 1},
            ],
            "terms": "Observers see what they ask to see, and what they find is published.",
        },
    ),
    "observer-application": (
        "operator",
        OBSERVER,
        EVER
        | {
            "kind": "consumer",
            "motive": "I drink this tea.",
            "call": citing("observer-call"),
            "ties": [],
        },
    ),
    "checklist": (
        "operator",
        CHECKLIST,
        {
            "version": 1,
            "names": {"zh": "茶园走访", "en": "Visit to a garden"},
            "kinds": ["facility"],
            "points": [
                {
                    "id": "open",
                    "zh": "所有的门都为您打开了吗？",
                    "en": "Were all doors open to you?",
                    "kind": "yes-no",
                    "wanted": "yes",
                },
                {
                    "id": "heat",
                    "zh": "烘房温度",
                    "en": "Heat of the drying hall",
                    "kind": "value",
                },
                {"id": "gate", "zh": "大门照片", "en": "The gate", "kind": "photo"},
            ],
        },
    ),
    "observer-declined": (
        "operator",
        OBSERVER,
        {"application": citing("application"), "reason": "unfit", "text": "no answer by telephone"},
    ),
    "observer-ended": (
        "operator",
        OBSERVER,
        {
            "target": citing("term"),
            "operator": OPERATOR,
            "from": day(0.01),
            "reason": "has moved abroad",
        },
    ),
    "observer": (
        "operator",
        OBSERVER,
        EVER | {"kind": "consumer", "application": citing("application")},
    ),
    "invitation": ("operator", OBSERVER, EVER | {"to": GARDEN}),
    "visit": (
        "observer",
        VISIT,
        {"about": GARDEN, "arrived": day(-1), "place": {"text": "at the gate"}, "tie": None},
    ),
    "observation": (
        "observer",
        VISIT,
        {
            "about": GARDEN,
            "visit": citing("visit"),
            "findings": [],
            "text": "rows and hall are as declared",
        },
    ),
    "quality-model": (
        "operator",
        MODEL,
        {
            "from": day(0),
            "sources": {
                "mystery": 5,
                "flight": 4,
                "origin": 3,
                "observer": 2,
                "patrol": 2,
                "inbound": 1,
            },
            "severities": {"critical": 10, "major": 3, "minor": 1},
            "fails_from": "major",
            "window_days": 365,
            "step_days": 90,
            "doublings": 3,
            "inbound_part": 3,
            "prior_good": 80,
            "prior_bad": 20,
            "minimum": 2,
            "grades": {"a": 900, "b": 800, "c": 650},
            "critical_cap": "D",
        },
    ),
    "quality-index": (
        "operator",
        GTIN,
        {
            "model": citing("quality-model"),
            "at": day(0),
            "size": 1,
            "outcomes": 0,
            "inputs": sha256().hexdigest(),
            "score": None,
            "grade": "insufficient",
        },
    ),
    **USUAL_DRAWS,
}
"""A type's usual words. The trader's grant is called ``trader``, its failed lot's inspection
``failure``, its plan ``plan``; other names are those of the types, or of parties for their grants."""


def who(name: str) -> str:
    """Return a party's id by the name of its key."""
    return MORE[name][0] if name in MORE else party_of(name)


@dataclass(repr=False)
class Told(Tea):
    """The tea brand's world told in usual words, and what was said in it by name."""

    said: dict[str, tuple[SignedStatement, Body]] = field(default_factory=dict, repr=False)

    def write(
        self,
        type_: str,
        *,
        by: str = "",
        subject: str = "",
        called: str = "",
        how: dict[str, Any] | None = None,
        **changes: Any,
    ) -> bytes:
        """Return what somebody says, signed, and what to cite it by; ``...`` leaves a field out."""
        usual_by, usual_subject, fields = USUAL.get(type_, ("operator", "", {}))
        fields = {
            {"from_": "from"}.get(name, name): value for name, value in (fields | changes).items()
        }
        written = {name: self._now(value) for name, value in fields.items() if value is not ...}
        by = by or usual_by
        if type_ == "visit" and "invitation" not in changes:
            written |= self._invited(who(by), written)
        said = {"by": by, "issuer": who(by), "subject": subject or usual_subject} | (how or {})
        raw = self.world.statement(type_, written, **said)
        self.call(called or type_, raw)
        return raw

    def _invited(self, party: str, visit: dict[str, Any]) -> dict[str, Any]:
        """Return the invitation that a visit cites unless a test says otherwise, if there is one."""
        for name, (statement, body) in reversed(self.said.items()):
            if (
                isinstance(body, Invitation)
                and (statement.subject, body.to) == (party, visit["about"])
                and body.covers(parse_time_us(visit["arrived"]))
            ):
                return {"invitation": citing(name)(self)}
        return {}

    def call(self, name: str, raw: bytes) -> None:
        """Let a statement be cited by a name."""
        statement = parse_statement(raw)
        body = decode_body(statement)
        if isinstance(body, Body):
            self.said[name] = (statement, body)

    def _now(self, value: Any) -> Any:
        """Return a value with all in it asked for that is known only now."""
        if callable(value):
            return self._now(value(self))
        if isinstance(value, list):
            return [self._now(item) for item in value]
        if isinstance(value, dict):
            return {name: self._now(item) for name, item in value.items()}
        return value

    def fields_of(self, name: str) -> dict[str, Any]:
        """Return the payload of what was called so."""
        found = ijson.decode(self.said[name][0].payload)
        assert isinstance(found, dict)
        return found

    def subjects_of(self, name: str) -> list[list[str]]:
        """Return the histories of what was called so."""
        return [list(topic) for topic in histories_of(*self.said[name])]

    def tell(self, type_: str, **how: Any) -> Registered:
        """Register what somebody says; it must be accepted."""
        return self.world.accept(self.write(type_, **how))

    def begin(self, *, without: str = "") -> None:
        """Tell the usual beginning: chain, garden, lot, the trader's papers and shop, an observer; ``without`` one."""
        self.enter()
        for name, (id_, role) in MORE.items():
            self.world.party(name, id_, roles=[role])
        fields = {"kind": "trademark-registered", "number": MARK, "categories": ["food/tea"]}
        self.tell("qualification", subject=BRAND, called="mark", mark="龙井", **fields)
        self.tell("authorisation", by="brand", subject=AGENT, called="agent", **FROM_MARK)
        self.tell("authorisation", by="agent", subject=DISTRIBUTOR, called="distributor", **BELOW)
        self.tell("authorisation", called="trader")
        for type_, name in (
            ("product", "product"),
            ("facility", "garden"),
            ("lot", "lot"),
            ("qualification", "licence"),
            ("admission", "admission"),
            ("shop", "shop"),
            ("observer-call", "observer-call"),
            ("observer-application", "application"),
            ("observer", "term"),
            ("invitation", "invitation"),
        ):
            if name != without:
                self.tell(type_, called=name)


FROM_MARK = {"parent": citing("mark"), "depth": 3}
BELOW = {"parent": citing("agent"), "depth": 2}
