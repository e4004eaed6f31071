"""All that is wrong with what a person wrote for a payload, at once: field by field."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import structs

from ledger.statements.fault_words import AT, apart, fault, placed
from ledger.statements.fields import decode_field
from ledger.statements.meant import held
from ledger.texts import saying

OWN = {"v", "type"}


def faults(cls: type[msgspec.Struct], value: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield what is wrong with the fields of a part, as msgspec words it, each with its path.

    Where a field is a part of its own, so is each of its fields; of anything else the first fault.
    What only all fields together break, a payload's own check says behind these.
    """
    known = {item.encode_name: item for item in structs.fields(cls)}
    holds = {name: held(item.type) for name, item in known.items()}
    for name, given in value.items():  # in the order in which somebody wrote them
        here, item = f"{path}.{name}", known.get(name)
        if name in OWN:
            continue
        if item is None:
            yield placed(saying("Object contains unknown field `{field}`", field=name), path)
        elif isinstance(given, dict) and isinstance(holds[name], type) and _is_part(holds[name]):
            yield from faults(holds[name], given, here)
        else:
            yield from _fault(item.type, given, here)
    for name, item in known.items():
        if item.required and name not in value and name not in OWN:
            yield placed(saying("Object missing required field `{field}`", field=name), path)


def _is_part(found: type) -> bool:
    return issubclass(found, msgspec.Struct)


def _fault(wanted: Any, value: Any, path: str) -> Iterator[str]:
    try:
        msgspec.convert(value, wanted, dec_hook=decode_field)
    except msgspec.ValidationError as error:
        found = fault(error)
        below = str(error).partition(f"{AT}$")[2].removesuffix("`")
        yield placed(apart(found), path + below)
