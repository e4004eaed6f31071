"""What the published documents say of who finds what: the table of FORMATS, and the rules."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ledger.rules.published import CURRENT

ROOT = Path(__file__).resolve().parents[2]
HEADING = "## What is rechecked, and what only a replay finds"
ROW = re.compile(r"\| `([a-z-]+)` \| (.*) \|")


@dataclass(frozen=True)
class Row:
    """Who finds one kind of falsehood out; ``proof``: the kinds of proofs that may show it."""

    kind: str
    bundle: bool
    export: bool
    proof: str


@cache
def rows() -> dict[str, Row]:
    """Return the rows of FORMATS by their kinds."""
    text = (ROOT / "FORMATS.md").read_text().partition(HEADING)[2].partition("\n## ")[0]
    found = {}
    for line in text.splitlines():
        match = ROW.fullmatch(line)
        if match:
            _, bundle, export, proof = match[2].split(" | ")
            named = re.match("`([a-z]+)`$", proof)
            found[match[1]] = Row(
                match[1],
                bundle.startswith("refused"),
                export == "refused",
                named[1] if named else "",
            )
    return found


@cache
def bites() -> dict[str, str]:
    """Return of every published rule whether it is rechecked or replay-only."""
    raw = (ROOT / f"ledger/rules/documents/{CURRENT}.json").read_bytes()
    return {row["id"]: row["bite"] for row in json.loads(raw)["rules"]}
