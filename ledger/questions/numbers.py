"""The numbers that rules, questions and statements go by: their limits, ages and counts.

Collected from the modules themselves, so that none is forgotten: every constant there that is
a whole number, but for what says how a value is computed or kept and not what is allowed.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import ledger.questions
import ledger.rules
import ledger.sampling
import ledger.statements
from ledger import identifiers
from ledger.cose import cbor, sign1
from ledger.primitives import ijson

PACKAGES = (ledger.statements, ledger.sampling, ledger.rules, ledger.questions)
INWARD = frozenset(
    {
        "MICROSECONDS",
        "MICRODEGREES",
        "CHUNK",
        "LARGEST",
        "THOUSAND",
        "CURRENT",
        "ONE_BYTE",
    }
)
"""Units, sizes of steps that no answer depends on, and the version whose document this is."""


def _modules() -> Iterator[tuple[str, ModuleType]]:
    for module in (sign1, cbor, ijson, identifiers):
        yield module.__name__, module
    for package in PACKAGES:
        yield package.__name__, package
        for item in iter_modules(package.__path__):
            name = f"{package.__name__}.{item.name}"
            yield name, import_module(name)


def _stated_in(module: ModuleType) -> Iterator[str]:
    """Yield the names of a module's own constants: what it imports is another's."""
    for node in ast.parse(inspect.getsource(module)).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        yield from (item.id for item in targets if isinstance(item, ast.Name))


def numbers() -> Mapping[str, Mapping[str, int]]:
    """Return every module's numbers by name."""
    found: dict[str, dict[str, int]] = {}
    for name, module in _modules():
        own = {}
        for constant in _stated_in(module):
            value = vars(module)[constant]
            if (
                constant.isupper()
                and constant[0] != "_"
                and constant not in INWARD
                and type(value) is int
            ):
                own[constant.lower().replace("_", "-")] = value
        if own:
            found[name.removeprefix("ledger.")] = own
    return found
