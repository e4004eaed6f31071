"""Published rules: each version's document and its SHA-256, which genesis and ``rules`` name.

A document lists the catalogue and the rules of one version; releases keep every old one.
"""

from hashlib import sha256
from importlib.resources import files

from ledger.errors import CannotVerifyError

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


def is_published(version: int, digest: str) -> bool:
    """Return whether this release knows a version of the rules, by the digest that is named for it."""
    return PUBLISHED.get(version) == digest


def check_published(version: int, digest: str, where: str = "") -> None:
    """Refuse to judge by rules that this release does not know.

    Raises:
        CannotVerifyError: names the version; ``where`` stands before it.

    """
    if not is_published(version, digest):
        raise CannotVerifyError(
            "{where}rules version {version} is not known to this release: use a newer one",
            where=where,
            version=version,
        )
