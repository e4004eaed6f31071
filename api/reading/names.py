"""Things by name as JSON."""

from api.http.caching import Tagged, tagged
from api.http.json_text import json_of
from api.reading.reads import Reads
from ledger.answering.searched_here import find_named


def named(reads: Reads, name: str) -> Tagged:
    """Return what a name may stand for, as a body."""
    return tagged(json_of(find_named(reads.log, name).value()))
