"""Published rules: each version's document and its SHA-256, which genesis and ``rules`` name.

A document lists the catalogue and the rules of one version; releases keep every old one.
"""

from hashlib import sha256
from importlib.resources import files

CURRENT = 1

PUBLISHED: dict[int, str] = {
    version: sha256((files(__package__) / f"documents/{version}.json").read_bytes()).hexdigest()
    for version in range(1, CURRENT + 1)
}
"""Version -> digest of its document in lower-case hexadecimal."""
