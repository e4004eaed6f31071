"""The hash by which an event is known that has no id: the EPCIS event hash of CBV 2.0, section 8.9.

What an event says is written in one order, each value in one spelling, and hashed with SHA-256; its
``eventID``, ``recordTime``, ``errorDeclaration`` and certificates are no part of it, so that an error
is declared under the id of the event. Order and spellings are those of the reference implementation
(RalphTro/epcis-event-hash-generator, what it expects for CBV 2.0).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from ledger.events.checks import time_us
from ledger.identifiers.gs1_uris import thing_of

_CBV, _VOC = "https://ref.gs1.org/cbv/", "https://ref.gs1.org/voc/"
_NAMESPACES = {
    "cbvmda": "urn:epcglobal:cbv:mda",
    "gs1": "https://gs1.org/voc/",
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": _CBV,
}
"""Prefixes that GS1's own context has."""
_NO_PART = ("@context", "type", "eventID", "recordTime", "errorDeclaration", "certificationInfo")
_QUANTITY = ("epcClass", "quantity", "uom")
_METADATA = (
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
)  # fmt: skip
_REPORT = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time",
    "microorganism", "chemicalSubstance", "value", "component", "stringValue", "booleanValue",
    "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev", "percRank",
    "percValue", "uom", "coordinateReferenceSystem",
)  # fmt: skip
_TIMES = ("eventTime", "time", "startTime", "endTime")
_WORDS = {
    "bizStep": f"{_CBV}BizStep-",
    "disposition": f"{_CBV}Disp-",
    "set": f"{_CBV}Disp-",
    "unset": f"{_CBV}Disp-",
    "component": f"{_CBV}Comp-",
    "exception": _VOC,
}
_BEFORE = (
    "eventTime", "eventTimeZoneOffset", "epcList", "parentID", "inputEPCList", "childEPCs",
    "quantityList", "childQuantityList", "inputQuantityList", "outputEPCList", "outputQuantityList",
    "action", "transformationID", "bizStep", "disposition", "persistentDisposition", "readPoint",
    "bizLocation", "bizTransactionList", "sourceList", "destinationList", "sensorElementList", "ilmd",
)  # fmt: skip
_TYPED = {
    "bizTransactionList": ("bizTransaction", f"{_CBV}BTT-"),
    "sourceList": ("source", f"{_CBV}SDT-"),
    "destinationList": ("destination", f"{_CBV}SDT-"),
}


def _moment(text: str) -> str:
    """Return a time in UTC with milliseconds, rounded half up."""
    us = time_us(text)
    if us is None:
        return text
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=(us + 500) // 1000)
    except OverflowError:
        return text
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(value: object) -> str:
    """Return a value in its one spelling: a number without zeroes at its end, a Digital Link for a URN."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        return thing_of(text)
    if not number.is_finite() or abs(number.adjusted()) > 40:  # noqa: PLR2004 - no number, but a text
        return text
    return f"{number.normalize():f}" if number else "0"


def _spelled(name: str, value: object, words: str = "") -> str:
    """Return ``name=value``, a word of the vocabulary as its URI."""
    if name in _TIMES and isinstance(value, str):
        return f"{name}={_moment(value)}"
    words = words or _WORDS.get(name, "")
    if words and isinstance(value, str) and ":" not in value:
        return f"{name}={words}{value}"
    return f"{name}={_value(value)}"


def _all(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Writer:
    """What an event says, written in the order of the standard."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.event = event
        self.namespaces = dict(_NAMESPACES)
        for context in _all(event.get("@context")):
            if isinstance(context, dict):
                told = {key: uri for key, uri in context.items() if isinstance(uri, str)}
                self.namespaces |= told

    def own(self, fields: Iterable[tuple[str, object]]) -> str:
        """Return fields of somebody's own, each ``{namespace}name``, sorted."""
        found = []
        for name, value in fields:
            prefix, colon, local = name.partition(":")
            space = self.namespaces.get(prefix)
            spelled = f"{{{space}}}{local}" if colon and space is not None else name
            for one in _all(value):
                inner = self.own(one.items()) if isinstance(one, dict) else f"={_value(one)}"
                found.append(spelled + inner)
        return "".join(sorted(found))

    def beside(self, value: object, known: Iterable[str]) -> str:
        """Return what somebody added to an object of the standard."""
        if not isinstance(value, dict):
            return ""
        return self.own((name, one) for name, one in value.items() if name not in known)

    def field(self, name: str, value: object) -> str:  # noqa: PLR0911 - one for each kind of field
        """Return a field of the standard."""
        match name, value:
            case (("epcList" | "inputEPCList" | "outputEPCList" | "childEPCs"), list()):
                return name + "".join(sorted(_spelled("epc", one) for one in value)) * bool(value)
            case (
                ("quantityList" | "childQuantityList" | "inputQuantityList" | "outputQuantityList"),
                list(),
            ):
                items = (_of(one, _QUANTITY) for one in value)
                return self._listed(name, (f"quantityElement{one}" for one in items))
            case (("bizTransactionList" | "sourceList" | "destinationList"), list()):
                what, words = _TYPED[name]
                return self._listed(
                    name, (_of(one, ("type", what), {"type": words}) for one in value)
                )
            case "persistentDisposition", dict():
                states = (
                    "".join(sorted(_spelled(key, one) for one in _all(value[key])))
                    for key in ("set", "unset")
                    if key in value
                )
                return name + "".join(states)
            case (("readPoint" | "bizLocation"), dict()):
                return f"{name}{_spelled('id', value['id'])}" if "id" in value else ""
            case "sensorElementList", list():
                return "".join(sorted(map(_sensed, value)))
            case "ilmd", dict():
                return name + self.own(value.items())
            case _:
                return _spelled(name, value)

    @staticmethod
    def _listed(name: str, items: Iterable[str]) -> str:
        found = sorted(items)
        return name + "".join(found) if found else ""

    def added(self) -> str:
        """Return what somebody added within the standard's own objects."""
        found = ""
        for name in ("readPoint", "bizLocation"):
            own = self.beside(self.event.get(name), ("id",))
            found += f"{name}{own}" if own else ""
        elements = []
        for one in _all(self.event.get("sensorElementList", [])):
            if not isinstance(one, dict):
                continue
            own = self.beside(one.get("sensorMetadata"), _METADATA)
            told = f"sensorMetadata{own}" if own else ""
            reports = (self.beside(item, _REPORT) for item in _all(one.get("sensorReport")))
            told += "".join(sorted(f"sensorReport{own}" for own in reports if own))
            told += self.beside(one, ("sensorMetadata", "sensorReport"))
            elements += [f"sensorElement{told}"] if told else []
        return found + "".join(sorted(elements))

    def whole(self) -> str:
        """Return all of it."""
        known = (*_BEFORE, *_NO_PART)
        told = "".join(self.field(name, self.event[name]) for name in _BEFORE if name in self.event)
        return f"eventType={self.event.get('type', '')}{told}{self.added()}{self.beside(self.event, known)}"


def _of(value: object, names: Iterable[str], words: Mapping[str, str] | None = None) -> str:
    """Return some fields of an object, in their order."""
    if not isinstance(value, dict):
        return ""
    told = (words or {}).get
    return "".join(_spelled(name, value[name], told(name, "")) for name in names if name in value)


def _sensed(value: object) -> str:
    """Return what a sensor element says, of the standard's own fields."""
    if not isinstance(value, dict):
        return ""
    metadata = _of(value.get("sensorMetadata"), _METADATA)
    reports = (_of(one, _REPORT, {"type": _VOC}) for one in _all(value.get("sensorReport", [])))
    told = f"sensorMetadata{metadata}" if metadata else ""
    return f"sensorElement{told}" + "".join(sorted(f"sensorReport{one}" for one in reports))


def pre_hash(event: Mapping[str, Any]) -> str:
    """Return the text whose SHA-256 an event's hash is."""
    return _Writer(event).whole()


def event_hash(event: Mapping[str, Any]) -> str:
    """Return an event's hash as a URI (RFC 6920)."""
    digest = sha256(pre_hash(event).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"
