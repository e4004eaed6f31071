"""Who was tied to whom it spoke of, though the ledger said so only afterwards."""

from collections.abc import Iterable, Iterator

from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.gains import spoken_of
from ledger.rules.standing import Standing
from ledger.rules.ties import tied_later
from ledger.statements.catalogue import type_name


def independence_notes(
    asked: Asked, item: Standing, favoured: Iterable[str] | None = None
) -> Iterator[Failure]:
    """Yield that who said something was tied to whom it spoke of, and that this was said later.

    ``favoured``: whom to look at; left out: whom statements of its type speak of.
    """
    parties, times = spoken_of(asked.view, item)
    for party in parties if favoured is None else favoured:
        found = tied_later(asked.view, item.issuer, party, times, before=item.index)
        if found is not None:
            facts: dict[str, str | int] = {
                "issuer": item.issuer,
                "party": party,
                "what": type_name(found.said.body),
                "by": found.said.statement.issuer,
            }
            yield Failure("tied-later", (item.index, *found.entries), facts)
