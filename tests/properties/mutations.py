"""What a property must notice when it is left out: a rule, or a mechanism of the questions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any
from unittest.mock import patch

from ledger.questions.book import REGISTRY


@dataclass(frozen=True)
class Mutation:
    """What is left out, and which property breaks without it.

    ``place``: "" for the rule of this name; else a module's function that is replaced by one
    that returns ``value``.
    """

    name: str
    property: str
    place: str = ""
    value: Any = None


MUTATIONS: tuple[Mutation, ...] = (
    Mutation("recall-right", "I9"),
    Mutation("lot-right", "I9"),
    Mutation("product-right", "I9"),
    Mutation("target-issuer", "I9"),
    Mutation("custody-sequence", "I9"),
    Mutation("improvement-cause", "I9"),
    Mutation("objection-party", "I9"),
    Mutation("listing-issuer", "I9"),
    Mutation("role", "I9"),
)
"""What random worlds find out, each left out in turn."""


def mutation(name: str) -> Mutation:
    """Return the mutation of this name; any other rule is left out against I9."""
    known = {item.name: item for item in MUTATIONS}
    return known.get(name) or Mutation(name, "I9")


@contextmanager
def mutated(item: Mutation | None) -> Iterator[None]:
    """Leave this out."""
    if item is None:
        yield
    elif item.place:
        module, _, function = item.place.rpartition(".")
        with patch.object(import_module(module), function, lambda *_, **__: item.value):
            yield
    else:
        rule = REGISTRY.rules[item.name]
        REGISTRY.rules[item.name] = replace(rule, check=lambda _: iter(()))
        REGISTRY._by_type.clear()
        try:
            yield
        finally:
            REGISTRY.rules[item.name] = rule
            REGISTRY._by_type.clear()
