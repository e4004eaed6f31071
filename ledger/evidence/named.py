"""What parties are called, by the proven statements of a bundle."""

from ledger.evidence.proven import Opened
from ledger.statements.identity_family import Party, PartyUpdate
from ledger.statements.log_family import Genesis
from ledger.statements.words import Lang


def party_names(opened: Opened, known_at: int, lang: Lang) -> dict[str, str]:
    """Return the names of parties by id, as the operator registered them last; an id is no name.

    Args:
        opened: the proven statements.
        known_at: how many entries are known.
        lang: whose name is wanted first.

    """
    names: dict[str, str] = {}
    for index, entry in sorted(opened.entries.items()):
        body, statement = entry.body, entry.statement
        if index < known_at and isinstance(body, Genesis | Party | PartyUpdate):
            id_ = statement.issuer if isinstance(body, Genesis) else statement.subject
            given = body.names.given
            names[id_] = given.get(lang) or next(iter(given.values()), "")
    return {id_: name for id_, name in names.items() if name not in ("", id_)}
