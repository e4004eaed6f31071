"""The form of an EPCIS 2.0 event in JSON, as GS1's schema has it: every field that breaks it, at once.

Written from the standard (ISO/IEC 19987:2024, EPCIS 2.0, sections 7 and 9.5): GS1's schema file is
no part of this program. The tests hold one against the other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.events.checks import (
    Check,
    Fault,
    choice,
    either_of,
    like,
    list_of,
    number,
    parts,
    text,
    time,
    truth,
    uri,
    with_id,
    word,
)
from ledger.events.words import (
    ALERTS,
    BIZ_STEPS,
    COMPONENTS,
    DISPOSITIONS,
    ERROR_REASONS,
    MEASUREMENTS,
    PARTY_TYPES,
    TRANSACTION_TYPES,
)
from ledger.texts import Words, saying
from ledger.texts.joints import either

OBJECT, AGGREGATION, TRANSACTION, TRANSFORMATION, ASSOCIATION = (
    "ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent",
)  # fmt: skip
TYPES = (OBJECT, AGGREGATION, TRANSACTION, TRANSFORMATION, ASSOCIATION)
ACTIONS = ("OBSERVE", "ADD", "DELETE")
MAX_FAULTS = 20
"""Faults that are named of one event; what mends them lets the next be seen."""

_CBV = r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/"
_VOC = r"https?://(?:www\.)?gs1\.org/voc/"
_AN_OFFSET = Words("an offset from UTC like +08:00, at most 14 hours")
_A_UNIT = Words("a unit's code of two or three characters (UN/ECE Recommendation 20)")
_HEX = Words("hexadecimal digits")

_QUANTITIES = list_of(
    parts(
        {"epcClass": uri, "quantity": number, "uom": like(r"[A-Z0-9]{2,3}", _A_UNIT)},
        needed=("epcClass",),
        own=False,
    )
)
_EPCS, _URIS = list_of(uri, unique=True), list_of(uri)
_DISPOSITION = word(DISPOSITIONS, not_at=_CBV)
_SOME = list_of(_DISPOSITION, unique=True, least=1)


def _typed(name: str, words: tuple[str, ...], *needed: str, least: int = 0) -> Check:
    """Return the check of a list of things with their types: transactions, sources, destinations."""
    fields = {"type": word(words, not_at=_CBV), name: uri}
    return list_of(parts(fields, needed=(*needed, name), own=False), least=least)


_DEVICE: dict[str, Check] = {
    "deviceID": uri, "deviceMetadata": uri, "rawData": uri, "dataProcessingMethod": uri,
    "bizRules": uri, "time": time,
}  # fmt: skip
_NUMBERS = (
    "value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue",
)  # fmt: skip
_SENSOR_REPORT = parts(
    {
        "type": word(MEASUREMENTS, not_at=_VOC),
        "exception": word(ALERTS, not_at=_VOC),
        **_DEVICE,
        "microorganism": uri,
        "chemicalSubstance": uri,
        "coordinateReferenceSystem": uri,
        "component": word(COMPONENTS, not_at=_CBV),
        "stringValue": text,
        "booleanValue": truth,
        "hexBinaryValue": like("[A-Fa-f0-9]+", _HEX),
        "uriValue": uri,
        "uom": text,
        **dict.fromkeys(_NUMBERS, number),
    },
    needed=("type",),
    own=True,
)
_SENSORS = list_of(
    parts(
        {
            "sensorMetadata": parts({**_DEVICE, "startTime": time, "endTime": time}, own=True),
            "sensorReport": list_of(_SENSOR_REPORT, least=1),
        },
        needed=("sensorReport",),
        own=True,
    )
)


def _context(value: Any, path: str) -> Iterator[Fault]:
    """Check a JSON-LD context: a URI, an object, or several of them."""

    def one(inner: Any, where: str) -> Iterator[Fault]:
        if not isinstance(inner, dict):
            yield from uri(inner, where)

    yield from either_of(list_of(one, unique=True), one)(value, path)


def _persistent(value: Any, path: str) -> Iterator[Fault]:
    """Check states that last: set, unset, or both."""
    yield from parts({"set": _SOME, "unset": _SOME}, own=False)(value, path)
    if isinstance(value, dict) and not {"set", "unset"} & set(value):
        yield _one_of(f"{path}.set", (f"{path}.set", f"{path}.unset"))


_COMMON: dict[str, Check] = {
    "@context": _context,
    "type": text,
    "eventTime": time,
    "recordTime": time,
    "eventTimeZoneOffset": like(r"[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)", _AN_OFFSET),
    "eventID": uri,
    "certificationInfo": either_of(_URIS, uri),
    "errorDeclaration": parts(
        {
            "declarationTime": time,
            "reason": word(ERROR_REASONS, not_at=_CBV),
            "correctiveEventIDs": _URIS,
        },
        needed=("declarationTime",),
        own=True,
    ),
}
_NEEDED = ("@context", "type", "eventTime", "eventTimeZoneOffset")
_USUAL: dict[str, Check] = _COMMON | {
    "bizStep": word(BIZ_STEPS, not_at=_CBV),
    "disposition": _DISPOSITION,
    "readPoint": with_id,
    "bizLocation": with_id,
    "bizTransactionList": _typed("bizTransaction", TRANSACTION_TYPES),
    "sourceList": _typed("source", PARTY_TYPES, "type"),
    "destinationList": _typed("destination", PARTY_TYPES, "type"),
    "sensorElementList": _SENSORS,
}
_ILMD: dict[str, Check] = {"ilmd": parts({}, own=True), "persistentDisposition": _persistent}
_GROUPED: dict[str, Check] = {
    "action": choice(ACTIONS), "parentID": uri, "childEPCs": _URIS, "childQuantityList": _QUANTITIES,
}  # fmt: skip
_LISTED: dict[str, Check] = {"action": choice(ACTIONS), "quantityList": _QUANTITIES}
_FIELDS: dict[str, tuple[dict[str, Check], tuple[str, ...]]] = {
    OBJECT: (_LISTED | {"epcList": _EPCS} | _ILMD, ("action",)),
    AGGREGATION: (_GROUPED, ("action",)),
    TRANSACTION: (
        _LISTED
        | {"parentID": uri, "epcList": _URIS}
        | {"bizTransactionList": _typed("bizTransaction", TRANSACTION_TYPES, least=1)},
        ("action", "bizTransactionList"),
    ),
    TRANSFORMATION: (
        {
            "inputEPCList": _EPCS,
            "inputQuantityList": _QUANTITIES,
            "outputEPCList": _EPCS,
            "outputQuantityList": _QUANTITIES,
            "transformationID": uri,
        }
        | _ILMD,
        (),
    ),
    ASSOCIATION: (_GROUPED, ("action", "parentID")),
}


def _one_of(field: str, names: tuple[str, ...]) -> Fault:
    return Fault(field, saying("{names}: one of them is needed", names=either(names)))


def _any(value: Mapping[str, Any], *names: str) -> bool:
    """Return whether one of these lists is there and has something in it."""
    return any(isinstance(value.get(name), list) and value[name] for name in names)


def _about_something(value: Mapping[str, Any]) -> Iterator[Fault]:
    """Check that an event is about something: which lists it must have is its type's."""
    delete = value.get("action") == "DELETE"
    match value["type"]:
        case "ObjectEvent":
            sensed = _any(value, "sensorElementList") and "readPoint" in value
            if not ("epcList" in value or _any(value, "quantityList") or sensed):
                yield _one_of(
                    "epcList", ("epcList", "quantityList", "sensorElementList, readPoint")
                )
        case "TransactionEvent":
            if not ("epcList" in value or _any(value, "quantityList") or delete):
                yield _one_of("epcList", ("epcList", "quantityList"))
        case "AggregationEvent" | "AssociationEvent":
            if not (_any(value, "childEPCs", "childQuantityList") or delete):
                yield _one_of("childEPCs", ("childEPCs", "childQuantityList"))
        case _:
            into = _any(value, "inputEPCList", "inputQuantityList")
            out = _any(value, "outputEPCList", "outputQuantityList")
            several = "transformationID" in value
            if not into and not (several and out):
                yield _one_of("inputEPCList", ("inputEPCList", "inputQuantityList"))
            if not out and not (several and into):
                yield _one_of("outputEPCList", ("outputEPCList", "outputQuantityList"))


def faults(value: Any) -> list[Fault]:
    """Return what breaks the form of one event that stands for itself, the first ``MAX_FAULTS``."""
    found = list[Fault]()
    for one in _faults(value):
        found.append(one)
        if len(found) == MAX_FAULTS:
            break
    return found


def _faults(value: Any) -> Iterator[Fault]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in TYPES:
        yield from _of_their_own(value, kind)
        return
    own, needed = _FIELDS[kind]
    yield from parts(_USUAL | own, needed=(*_NEEDED, *needed), own=True)(value, "")
    yield from _about_something(value)
    if kind == OBJECT and "ilmd" in value and value.get("action") != "ADD":
        yield Fault("ilmd", saying("ilmd: only where action is ADD"))


def _of_their_own(value: Any, kind: Any) -> Iterator[Fault]:
    """Check an event of somebody's own type, a URI: of it the common fields are known."""
    if not isinstance(value, dict):
        yield from parts({}, own=True)(value, "event")
        return
    if kind is not None and not is_their_type(kind):
        yield from choice(TYPES)(kind, "type")
    yield from parts(_COMMON, needed=_NEEDED, own=True)(
        {name: one for name, one in value.items() if name in _COMMON}, ""
    )


def is_their_type(kind: object) -> bool:
    """Return whether an event is of a type of somebody's own."""
    return not any(True for _ in uri(kind, "type"))
