"""What may be meant by names that nobody registered, by search in a ledger's database."""

from collections.abc import Mapping

from ledger.answering.meant import Meant, meant
from ledger.store.names import registered
from ledger.store.reads import reading
from ledger.writing.log import Log
from ledger.writing.publisher import require_head


def meant_here(log: Log, parameters: Mapping[str, str]) -> list[Meant]:
    """Return what may be meant by names among parameters that nobody registered; see ``meant``."""
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        view = log.view(snapshot, size)
        return meant(
            view, lambda kind: (about for about, _ in registered(snapshot, kind, size)), parameters
        )
