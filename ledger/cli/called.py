"""Outcomes of a registration, and what the things in a command's lines are called now, where no answer says it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ledger.answering.named import MAX_ASKED, names_for, names_in
from ledger.errors import PinyuanError, VerificationError

if TYPE_CHECKING:
    from ledger.cli.finding import AtHand
    from ledger.histories.history import View
    from ledger.rules.registry import Refusal


def texts_of(row: dict[str, Any]) -> Iterator[str]:
    """Yield what an outcome of a registration says: its refusals and remarks."""
    for item in row["refusals"]:
        yield item["message"]
    for item in row["remarks"]:
        yield from (item["about"], *item["near"])


def outcome_row(
    where: str,
    id_: bytes | None,
    index: int | None = None,
    *,
    new: bool = False,
    remarks: Iterable[Mapping[str, Any]] = (),
    refusals: "Iterable[Refusal]" = (),
) -> dict[str, Any]:
    """Return an outcome of a registration as JSON, the same here and behind a server."""
    from ledger.phrases import refusal_row

    return {
        "file": where,
        "id": None if id_ is None else id_.hex(),
        "index": index,
        "new": new,
        "remarks": list(remarks),
        "refusals": [refusal_row(item) for item in refusals],
    }


def name_outcomes(rows: list[dict[str, Any]], view: "View", most: int | None = None) -> None:
    """Put beside each outcome what the things in its refusals and remarks are called."""
    from ledger.phrases import ids_in

    names = names_in(view, (text for row in rows for text in texts_of(row)), most)
    for row in rows:
        told = names_for((id_ for text in texts_of(row) for id_ in ids_in(text)), names)
        if told:
            row["names"] = told


def name_outcomes_there(rows: list[dict[str, Any]], there: "AtHand") -> VerificationError | None:
    """Name what outcomes speak of by what a server proves; return what it proves falsely.

    What was registered is told whether or not names can be had beside it.
    """
    try:
        if any(row["refusals"] or row["remarks"] for row in rows):
            with there.reading() as view:
                name_outcomes(rows, view, MAX_ASKED)
    except VerificationError as error:
        return error
    except PinyuanError:
        pass
    return None
