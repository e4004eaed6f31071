"""Published rules: each version's document and its SHA-256, which genesis and ``rules`` name.

A document lists the catalogue and the rules of one version; releases keep every old one.
"""

from hashlib import sha256
from importlib.resources import files

CURRENT = 1


def document_of(version: int) -> bytes | None:
    """Return the document of a version as published, None of one that there is not."""
    if not 1 <= version <= CURRENT:
        return None
    return (files(__package__) / f"documents/{version}.json").read_bytes()


PUBLISHED: dict[int, str] = {
    version: sha256(document_of(version) or b"").hexdigest() for version in range(1, CURRENT + 1)
}
"""Version -> digest of its document in lower-case hexadecimal."""
