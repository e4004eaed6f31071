"""What is asked about and nobody registered: said first, since no other mend can be followed before it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ledger.histories.history import View
from ledger.identifiers import lot_of, product_of
from ledger.identifiers.kinds import kind_of
from ledger.questions.verdict import Asked, Verdict, once
from ledger.rules.chains import Failure
from ledger.statements.topics import REGISTERED_IN

_CODES = {"facility": "place-unknown"}


def _things(name: str) -> Iterator[tuple[str, str]]:
    """Yield the things that an id names and that are registered, the whole before its part."""
    kind = kind_of(name)
    if kind in ("lot", "item"):
        yield "product", product_of(name)
    if kind == "item" and (lot := lot_of(name)) is not None:
        yield "lot", lot
    if kind in REGISTERED_IN:
        yield kind, name


def unregistered(view: View, name: str) -> list[Failure]:
    """Return that nobody registered what an id names, the whole before its part; empty for what is no such id."""
    return [
        Failure(_CODES.get(kind, f"{kind}-unknown"), (), {kind: thing})
        for kind, thing in _things(name)
        if not view.history(REGISTERED_IN[kind], thing).count
    ]


def with_unregistered(asked: Asked, found: Verdict, names: Iterable[str]) -> Verdict:
    """Return a verdict that says first which of the names that it was asked about nobody registered.

    Of a yes nothing has to be mended, and nothing more is read.
    """
    if found.verdict == "yes":
        return found
    first = once(item for name in names for item in unregistered(asked.view, name))
    return replace(found, reasons=tuple(once((*first, *found.reasons)))) if first else found
