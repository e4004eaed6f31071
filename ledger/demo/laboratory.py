"""The laboratory's part of the demonstration: sealed samples, their reports, and whose they are."""

from typing import Any

from ledger.demo import audit
from ledger.demo.cast import BAD_LOT, PARTIES, Stage, text_of
from ledger.demo.telling import Say
from ledger.texts import Words, saying

SAMPLE = "urn:sample:spring-2"
GB2763 = "urn:standard:sac.example:GB2763"
METHOD = "GB 23200.113"
PRINTED = "0d6e0b5c1f5a4f3a9c6f1de2a0f6f0b7c3a95d1f4f2b7f0e6c8d9a1b2c3d4e5f"
LICENSED = {"from": "2025-01-01T00:00:00Z", "until": "2031-01-01T00:00:00Z"}
RESIDUE = Words("bifenthrin")


def limit(say: Say, most: str) -> dict[str, Any]:
    """Return the most of a pesticide's residue that tea may have."""
    named = {"property": say.word(RESIDUE), "unit": "mg/kg"}
    return named | {"direction": "at-most", "limit": most, "severity": "critical"}


def set_limits(stage: Stage, say: Say) -> None:
    """The regulator says what tea may hold, and what the laboratory may test."""
    limits = {
        "names": {"zh": "茶叶中农药最大残留限量", "en": "Pesticide limits in tea"},
        "category": "food/tea",
        "from": "2021-09-03T00:00:00Z",
        "criteria": [limit(say, "5")],
    }
    stage.say("limits", "baseline-standard", "regulator", GB2763, limits)
    accredited = LICENSED | {
        "kind": "accreditation",
        "scheme": "CMA",
        "number": "urn:qualification:cma.example:2025-0117",
        "methods": [{"method": METHOD, "categories": ["food/tea"]}],
    }
    laboratory = PARTIES["laboratory"][0]
    stage.say("accredited", "qualification", "regulator", laboratory, accredited)


def _received(stage: Stage, sample: str, lot: str, inspection: str) -> tuple[str, str]:
    """The inspector's sealed sample arrives; return the custody's id, and when."""
    sealed = {
        "lot": lot,
        "taken": text_of(stage.now),
        "seals": ["M-0031"],
        "inspection": stage.cite(inspection, "inspection", lot),
        "to": [PARTIES["laboratory"][0]],
    }
    stage.say(f"sealed {sample}", "sample-sealed", "inspector", sample, sealed)
    stage.wait(hours=4)
    at = text_of(stage.now)
    custody = {
        "lot": lot,
        "handed_by": PARTIES["inspector"][0],
        "previous": stage.said[f"sealed {sample}"].id.hex(),
        "at": at,
        "seals_intact": True,
    }
    stage.say(f"received {sample}", "custody", "laboratory", sample, custody)
    return stage.said[f"received {sample}"].id.hex(), at


def report(
    stage: Stage,
    say: Say,
    name: str,
    *,
    sample: str,
    lot: str,
    inspection: str,
    standard: dict[str, str],
    value: str,
    outcome: str,
    **more: Any,
) -> None:
    """The sealed sample of an inspection is tested, and the laboratory reports; it is called so."""
    custody, received = _received(stage, sample, lot, inspection)
    begun = text_of(stage.now)
    stage.wait(hours=15)
    named = {"property": say.word(RESIDUE), "unit": "mg/kg"}
    result = named | {"value": value, "uncertainty": "0.6"}
    said = {
        "lot": lot,
        "client": PARTIES["operator"][0],
        "trader": PARTIES["shop"][0],
        "custody": custody,
        "method": METHOD,
        "accreditations": [stage.cite("accredited", "qualification", PARTIES["laboratory"][0])],
        "condition": say.word(Words("sealed, dry, 250 g")),
        "received": received,
        "tested_from": begun,
        "tested_until": text_of(stage.now),
        "issued": text_of(stage.now),
        "decision_rule": "guarded",
        "standard": standard,
        "results": [result | {"outcome": outcome}],
    }
    stage.say(name, "test-report", "laboratory", sample, said | more)


def report_on(stage: Stage, say: Say) -> None:
    """The mystery sampling's sample is tested, and the paper report is held against the ledger."""
    report(
        stage,
        say,
        "report",
        sample=SAMPLE,
        lot=BAD_LOT,
        inspection="mystery",
        standard=stage.cite("limits", "standard", GB2763),
        value="7.9",
        outcome="fail",
        number="2026-CX-0412",
        evidence=[{"digest": PRINTED, "size": 183_204, "media_type": "application/pdf"}],
    )
    say(
        saying(
            "Its sealed sample goes to an accredited laboratory, which is tied to nobody here and signs what it found: bifenthrin 7.9 ± 0.6 mg/kg, where GB 2763 allows 5. Somebody is shown the paper report. Is it the laboratory's own? The SHA-256 of the file says:"
        )
    )
    audit.own_report(stage, say, SAMPLE, PRINTED)
