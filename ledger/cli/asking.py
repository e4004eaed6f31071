"""Answers as commands get them: always verified evidence, and what is told beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.cli.answerers import LOOKED_UP, Answerer, Place, Times, answerer
from ledger.cli.server import chosen_server
from ledger.questions.declared import Question

if TYPE_CHECKING:
    from ledger.answering.then import Then
    from ledger.evidence.bundle import Bundle, Verified

__all__ = ["LOOKED_UP", "WAIT_S", "Given", "Place", "Times", "ask_verified", "give"]

WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Given:
    """A verified answer with its evidence.

    ``by``: the server that gave it, None for the ledger at hand.
    """

    raw: bytes
    bundle: "Bundle"
    verified: "Verified"
    by: str | None
    _answerer: Answerer

    def meant(self) -> list[dict[str, Any]]:
        """Return what may be meant by names nobody registered, with what it is called."""
        return self._answerer.meant(self.verified)

    def then(self) -> "Then | None":
        """Return what was known at the past time that the answer is about, if that was otherwise."""
        return self._answerer.then(self.bundle)


def give(asked: Question, parameters: dict[str, str], times: Times, place: Place) -> Given:
    """Return the answer to a question, verified as its reader will.

    Raises:
        PinyuanError: it cannot be answered, or does not verify.

    """
    there = answerer(place)
    return Given(*there.answer(asked, parameters, times), place.url, there)


def ask_verified(
    asked: Question,
    parameters: dict[str, str],
    directory: Path | None,
    server: str | None,
    trust: Path | None,
    first_use: bool,
) -> "Verified":
    """Return a verified answer about now, from the ledger or server that the options name."""
    url = chosen_server(server, directory, first_use=first_use)
    place = Place(directory, url, trust, first_use)
    return give(asked, parameters, Times(), place).verified
