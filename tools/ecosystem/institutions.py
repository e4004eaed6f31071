"""What stands above all brands: accredited laboratories, standards over their baselines, the model."""

from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from ecosystem.cast import LINES, Everybody
from ecosystem.pen import Pen, Person, cite
from ledger.draws import REHEARSAL, public_key_of
from ledger.primitives.strict import format_base64url
from ledger.questions.declared import USUAL_MODEL


@dataclass(frozen=True)
class Aspect:
    """What one standard of a category is about: its code, its method, what it limits.

    ``limits``: (property, unit, direction, the law's limit, the platform's, severity).
    """

    code: str
    method: str
    limits: tuple[tuple[str, str, str, str, str, str], ...]


LIKE = "no difference to the sample that was approved"
UNITS: dict[str, dict[str, Any]] = {
    "colonies": {"n": 5, "c": 2, "M": "100000"},
    "Salmonella": {"n": 5, "c": 0},
}
"""What is asked of several units of a sample at once (GB 29921): n, c, M."""
ASPECTS = (
    Aspect(
        "RESIDUES",
        "GB 23200.121-2021",
        (
            ("chlorpyrifos", "mg/kg", "at-most", "2.0", "0.5", "critical"),
            ("acetamiprid", "mg/kg", "at-most", "10", "5", "major"),
        ),
    ),
    Aspect(
        "HEAVY-METALS",
        "GB 5009.268-2016",
        (
            ("lead", "mg/kg", "at-most", "5.0", "2.0", "critical"),
            ("cadmium", "mg/kg", "at-most", "1.0", "0.3", "critical"),
        ),
    ),
    Aspect(
        "MICROBES",
        "GB 4789.2-2022",
        (
            ("colonies", "CFU/g", "at-most", "10000", "3000", "major"),
            ("Salmonella", "/25g", "absent", "", "", "critical"),
        ),
    ),
    Aspect(
        "MOISTURE",
        "GB 5009.3-2016",
        (("moisture", "g/100g", "at-most", "7.0", "6.5", "minor"),),
    ),
    Aspect(
        "NET-CONTENT",
        "JJF 1070-2005",
        (("net content", "g", "at-least", "495", "499", "major"),),
    ),
    Aspect(
        "MIGRATION",
        "GB 31604.8-2021",
        (("overall migration", "mg/dm2", "at-most", "10", "6", "major"),),
    ),
    Aspect(
        "ADDITIVES",
        "GB 5009.28-2016",
        (
            ("benzoic acid", "g/kg", "at-most", "1.0", "0.2", "major"),
            ("sorbic acid", "g/kg", "at-most", "1.0", "0.2", "major"),
        ),
    ),
    Aspect(
        "STRENGTH",
        "GB/T 3923.1-2013",
        (("breaking force", "N", "at-least", "180", "220", "minor"),),
    ),
    Aspect(
        "COLOUR",
        "GB/T 3920-2008",
        (
            ("fastness", "grade", "at-least", "3", "4", "minor"),
            ("shade", "-", "described", LIKE, LIKE, "minor"),
        ),
    ),
)
ROSTER, PROGRAMME, DRAW = "urn:roster:inspectors", "urn:programme:mystery", "urn:draw:mystery:1"
MOST_ON_ROSTER = 300
FEW = 12  # with fewer laboratories, each is accredited for everything


@dataclass(frozen=True)
class StandardOf:
    """A platform standard as reports and labels cite it."""

    category: str
    aspect: Aspect
    cited: dict[str, str]


@dataclass(frozen=True)
class Institutions:
    """What everybody may cite: standards by category, laboratories by line with their papers."""

    standards: dict[str, list[StandardOf]]
    accredited: dict[str, list[tuple[Person, dict[str, str]]]]
    model: dict[str, str]


def found(everybody: Everybody, standards: int) -> Institutions:
    """Let offices and the operator say what stands above all brands."""
    there = Institutions(_standards(everybody, standards), _accredit(everybody), _model(everybody))
    for laboratory in everybody.laboratories:
        pledge(everybody.pen, laboratory, [], [{"kind": "other", "text": "Reports in ten days."}])
    sample(everybody)
    return there


def sample(everybody: Everybody) -> None:
    """The operator says what will be sampled unannounced, three times as often, and by whom."""
    pen, operator = everybody.pen, everybody.pen.operator
    members = [inspector.id for inspector in everybody.inspectors[:MOST_ON_ROSTER]]
    pen.say("roster", operator, ROSTER, {"role": "inspector", "members": members})
    key = format_base64url(public_key_of(sha256(b"draws of the ecosystem").digest()))
    pen.say("draw-key", operator, operator.id, {"x": key})
    fields = {
        "from": pen.setting.day(0),
        "until": pen.setting.until,
        "category": LINES[0][0],
        "baseline": 10,
        "multiplier": 3,
        "strata": [{"grade": "insufficient", "count": 5, "spares": 5}],
        "rosters": [{"role": "inspector", "roster": ROSTER, "count": 2, "spares": 2}],
        "days": 14,
        "beacon": REHEARSAL.hash.hex(),
    }
    pen.say("sampling-programme", operator, PROGRAMME, fields)


def pledge(
    pen: Pen, party: Person, standards: list[dict[str, str]], conduct: list[dict[str, Any]]
) -> None:
    """A member of the alliance promises to meet standards and to act so."""
    fields = {
        "standards": standards,
        "conduct": conduct,
        "from": pen.setting.day(0),
        "until": pen.setting.until,
    }
    pen.say("alliance-pledge", party, party.id, fields)


def _accredit(everybody: Everybody) -> dict[str, list[tuple[Person, dict[str, str]]]]:
    """Accredit each laboratory for all methods on half of the lines, or all where they are few."""
    pen, lines = everybody.pen, [line for line, *_ in LINES]
    accredited: dict[str, list[tuple[Person, dict[str, str]]]] = {line: [] for line in lines}
    for at, laboratory in enumerate(everybody.laboratories):
        few = len(everybody.laboratories) < FEW
        own = lines if few else [lines[(at + n) % len(lines)] for n in range(len(lines) // 2)]
        number = f"urn:qualification:cnas.cn:L{pen.next()}"
        fields = {
            "kind": "accreditation",
            "scheme": "CNAS",
            "number": number,
            "methods": [{"method": aspect.method, "categories": own} for aspect in ASPECTS],
            "from": pen.setting.from_,
            "until": pen.setting.until,
            "evidence": pen.evidence(),
        }
        id_ = pen.say("qualification", everybody.offices[2], laboratory.id, fields)
        for line in own:
            cited = cite(id_, "qualification-number", number)
            accredited[line].append((laboratory, cited))
    return accredited


def _criteria(aspect: Aspect, column: int) -> list[dict[str, Any]]:
    return [
        {
            "property": row[0],
            "unit": row[1],
            "direction": row[2],
            "severity": row[5],
            **_asked(row[2], row[column]),
            **({"units": UNITS[row[0]]} if row[0] in UNITS else {}),
        }
        for row in aspect.limits
    ]


def _asked(direction: str, said: str) -> dict[str, Any]:
    """Return what stands beside a direction: nothing beside absent."""
    return {"absent": {}, "described": {"words": [said]}}.get(direction, {"limit": said})


def _standards(everybody: Everybody, count: int) -> dict[str, list[StandardOf]]:
    """State so many platform standards, one of each kind of goods and aspect, over baselines of their lines.

    Each asks what all baselines of its line do: none is in force that a standard may be below.
    """
    pen = everybody.pen
    kinds = [(line, f"{line}/{kind}") for line, names, _ in LINES for kind in names]
    stated: dict[str, list[StandardOf]] = {}
    baselines: dict[tuple[str, str], dict[str, str]] = {}
    pairs = [(line, kind, aspect) for aspect in ASPECTS for line, kind in kinds]
    of_line: dict[str, list[Aspect]] = {}
    for line, _, aspect in pairs[:count]:
        if (line, aspect.code) not in baselines:
            of_line.setdefault(line, []).append(aspect)
            name = f"urn:standard:gb.cn:GB-{aspect.code}-{line.partition('/')[2].upper()}"
            fields: dict[str, Any] = {
                "names": {"zh": f"国家标准 {aspect.code}", "en": f"National {aspect.code}"},
                "category": line,
                "from": pen.setting.from_,
                "criteria": _criteria(aspect, 3),
            }
            id_ = pen.say("baseline-standard", everybody.offices[0], name, fields)
            baselines[line, aspect.code] = cite(id_, "standard", name)
    for line, kind, aspect in pairs[:count]:
        others = (row for other in of_line[line] if other is not aspect for row in other.limits)
        whole = replace(aspect, limits=(*aspect.limits, *others))
        name = f"urn:standard:platform.example:Q-{aspect.code}-{kind.replace('/', '-').upper()}"
        fields = {
            "names": {"zh": f"平台标准 {aspect.code}", "en": f"Platform {aspect.code}"},
            "category": kind,
            "from": pen.setting.day(0),
            "baselines": [baselines[line, aspect.code]],
            "criteria": _criteria(whole, 4),
        }
        id_ = pen.say("standard", pen.operator, name, fields)
        own = StandardOf(kind, whole, cite(id_, "standard", name))
        stated.setdefault(kind, []).append(own)
    return stated


def _model(everybody: Everybody) -> dict[str, str]:
    pen = everybody.pen
    fields = {
        "from": pen.setting.day(0),
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
        "prior_good": 90,
        "prior_bad": 10,
        "minimum": 5,
        "grades": {"a": 900, "b": 800, "c": 650},
        "critical_cap": "D",
    }
    id_ = pen.say("quality-model", pen.operator, USUAL_MODEL, fields)
    return cite(id_, "model", USUAL_MODEL)


def measured(aspect: Aspect, pen: Pen, *, fails: bool) -> list[dict[str, Any]]:
    """Return results for each property of an aspect; with ``fails``, the first misses what is asked."""
    return [
        {"property": row[0], "unit": row[1], **_found(row, pen, bad=fails and at == 0)}
        for at, row in enumerate(aspect.limits)
    ]


def _found(row: tuple[str, ...], pen: Pen, *, bad: bool) -> dict[str, Any]:
    """Return what was found of a property, and what follows."""
    name, _, direction, _, said, _ = row
    outcome = {"outcome": "fail" if bad else "pass"}
    if direction == "described":
        return {"words": "as the sample" if not bad else "paler", "against": said} | outcome
    units = UNITS.get(name, {"n": 1, "c": 0})["n"]
    if direction == "absent":
        return {"values": ["absent"] * (units - bad) + ["present"] * bad} | outcome
    worst = (60, 90) if direction == "at-least" else (110, 220)
    usual = (103, 115) if direction == "at-least" else (5, 90)
    values = [
        f"{Decimal(said) * pen.rng.randint(*(worst if bad else usual)) / 100:.4f}"
        for _ in range(units)
    ]
    measured = {"value": values[0]} if units == 1 else {"values": values}
    return measured | {"uncertainty": f"{Decimal(said) / 50:.4f}"} | outcome
