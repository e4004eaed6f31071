"""What the payload classes say of their own fields: names, forms, lengths, ranges.

The published rules bind it and FORMATS shows it; both are made from the classes that decode.
A form is a text: a named form, ``integer 1 to 20``, ``one of a, b``, ``array of 1 to 50 time``,
with ``or null`` behind it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
import msgspec.inspect as look

from ledger import sampling
from ledger.statements import (
    amendment_family,
    brand_family,
    criteria,
    draw_family,
    fields,
    identity_family,
    improvement_family,
    inspection_family,
    label_family,
    laboratory_family,
    log_family,
    observer_family,
    origin_family,
    quality_family,
    results,
    sanction_family,
    standard_family,
    statement_type,
    trade_family,
)
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.fields import Checked

MODULES: tuple[ModuleType, ...] = (
    fields, criteria, results, log_family, identity_family, brand_family, trade_family, origin_family,
    inspection_family, laboratory_family, standard_family, sanction_family, improvement_family,
    label_family, observer_family, quality_family, draw_family, amendment_family, statement_type, sampling,
)  # fmt: skip
"""Where forms have their names; of two names for one form the first counts."""
LARGEST = 2**53 - 1


def _dashed(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def _text_key(form: look.StrType) -> tuple[int | None, int | None, str | None]:
    return form.min_length, form.max_length, form.pattern


def _texts() -> dict[tuple[int | None, int | None, str | None], str]:
    """Return the names of texts with limits of their own, as the modules name them."""
    found: dict[tuple[int | None, int | None, str | None], str] = {}
    for module in MODULES:
        for name, value in vars(module).items():
            if get_origin(value) is Annotated and get_args(value)[0] is str:
                form = look.type_info(value)
                assert isinstance(form, look.StrType)  # noqa: S101 - of a text
                found.setdefault(_text_key(form), _dashed(name.strip("_")))
    return found


def _words() -> dict[frozenset[Any], tuple[Any, ...]]:
    """Return the sets of words that may be written, each in the order it is stated in."""
    found: dict[frozenset[Any], tuple[Any, ...]] = {}
    for module in MODULES:
        for value in vars(module).values():
            if get_origin(value) is Literal:
                found.setdefault(frozenset(get_args(value)), get_args(value))
    return found


TEXTS = _texts()
WORDS = _words()


def _one_of(values: Sequence[Any]) -> str:
    ordered = WORDS.get(frozenset(values), tuple(values))
    return f"one of {', '.join(map(str, ordered))}"


def _union(form: look.UnionType) -> str:
    """Return the form of what has one of several, literals told together."""
    words = [
        word for item in form.types if isinstance(item, look.LiteralType) for word in item.values
    ]
    others = (look.LiteralType, look.NoneType)
    told = [form_of(item) for item in form.types if not isinstance(item, others)]
    if words:
        told.append(_one_of(words))
    if any(isinstance(item, look.NoneType) for item in form.types):
        told.append("null")
    return " or ".join(told)


def _integer(form: look.IntType) -> str:
    most = "2^53-1" if form.le == LARGEST else str(form.le)
    return f"integer {form.ge} to {most}"


def _array(item: str, least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return f"array of {item}"
    return f"array of {least or 0} to {most} {item}"


def _made_of(form: look.Type) -> str | None:
    """Return the form of what is made of other forms, None for what is not."""
    match form:
        case look.VarTupleType():
            return _array(form_of(form.item_type), form.min_length, form.max_length)
        case look.TupleType():
            return f"[{', '.join(map(form_of, form.item_types))}]"
        case look.UnionType():
            return _union(form)
    return None


def form_of(form: look.Type) -> str:
    """Return a field's form as a text."""
    match form:
        case look.CustomType() | look.StructType():
            found: str | None = _dashed(form.cls.__name__)
        case look.StrType():
            found = TEXTS.get(_text_key(form), f"text that matches {form.pattern}")
        case look.IntType():
            found = _integer(form)
        case look.LiteralType():
            found = _one_of(form.values)
        case look.BoolType():
            found = "true or false"
        case look.DictType():
            found = "object"
        case _:
            found = _made_of(form)
    if found is None:
        msg = f"no word for the form {form!r}"
        raise TypeError(msg)
    return found


def _refuses(cls: type) -> list[str]:
    """Return what a class refuses beside the forms of its fields, its own last."""
    found = [vars(base).get("__post_init__") for base in reversed(cls.__mro__)]
    told = (check.__doc__ or "" for check in found if check is not None)
    return [" ".join(text.removeprefix("Refuse ").split()) for text in told]


def shape_of(cls: type) -> dict[str, Any]:
    """Return a class's fields in the order they are told, and what else it refuses."""
    info = look.type_info(cls)
    assert isinstance(info, look.StructType)  # noqa: S101 - payloads and their parts are
    rows: list[dict[str, Any]] = []
    for item in info.fields:
        if item.encode_name == "v":
            continue
        row: dict[str, Any] = {"name": item.encode_name, "form": form_of(item.type)}
        if not item.required:
            row["optional"] = True
            if item.default not in (msgspec.NODEFAULT, msgspec.UNSET):
                row["default"] = msgspec.to_builtins(item.default)
        rows.append(row)
    shape: dict[str, Any] = {"fields": rows}
    if refuses := _refuses(cls):
        shape["refuses"] = refuses
    return shape


def _inside(form: look.Type) -> Iterator[look.Type]:
    """Yield a form and all it is made of."""
    yield form
    match form:
        case look.StructType():
            for item in form.fields:
                yield from _inside(item.type)
        case look.UnionType():
            for kind in form.types:
                yield from _inside(kind)
        case look.VarTupleType():
            yield from _inside(form.item_type)
        case look.TupleType():
            for kind in form.item_types:
                yield from _inside(kind)


def _all_forms() -> Iterator[look.Type]:
    for row in CATALOGUE.values():
        yield from _inside(look.type_info(row.body))


def parts() -> Mapping[str, dict[str, Any]]:
    """Return what several payloads have as a part, by name, with its fields."""
    bodies = {row.body for row in CATALOGUE.values()}
    found = {
        form.cls: _dashed(form.cls.__name__)
        for form in _all_forms()
        if isinstance(form, look.StructType) and form.cls not in bodies
    }
    return {name: shape_of(cls) for cls, name in sorted(found.items(), key=lambda item: item[1])}


def texts() -> Mapping[str, dict[str, Any]]:
    """Return the named forms of texts: lengths in code points, a pattern, or an identifier's words."""
    found: dict[str, dict[str, Any]] = {}
    for form in _all_forms():
        match form:
            case look.StrType() if _text_key(form) in TEXTS:
                limits = {"least": form.min_length, "most": form.max_length}
                row = {name: size for name, size in limits.items() if size is not None}
                found[form_of(form)] = row | ({"pattern": form.pattern} if form.pattern else {})
            case look.CustomType() if issubclass(form.cls, Checked):
                found[form_of(form)] = {"says": (form.cls.__doc__ or "").replace("``", "`")}
    return dict(sorted(found.items()))
