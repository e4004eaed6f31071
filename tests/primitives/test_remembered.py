"""What strangers send fills no cache: of long texts nothing is kept, of short ones so many."""

import ast
import sys

from conftest import ROOT

from ledger.primitives.remembered import LONGEST, remembered

# Keys that cannot be long: they parse, and what parses is short; or they are of our own making.
SHORT = {
    "ledger/cose/keys.py",
    "ledger/statements/fields.py",
    "ledger/sampling/tables.py",
    "ledger/primitives/remembered.py",
    "ledger/statements/epcis_family.py",  # sixteen events of 50,000 bytes
}


def test_short_texts_are_remembered_and_long_ones_are_not():
    asked: list[str] = []

    @remembered(2)
    def size(text: str, other: str = "") -> int:
        asked.append(text)
        return len(text + other)

    long = "x" * (LONGEST + 1)
    assert [size("a"), size("a"), size(long), size(long), size("a", long), size("a", long)] == [
        1,
        1,
        201,
        201,
        202,
        202,
    ]
    assert asked == ["a", long, long, "a", "a"]
    size("b")
    size("c")
    size("a")
    assert asked[-1] == "a", "two are kept"


def test_every_cache_of_texts_is_bounded_in_bytes():
    """A bare lru_cache stands only where keys are short: anywhere else it is a stranger's to fill."""
    found = set()
    for folder in ("ledger", "api"):
        for path in (ROOT / folder).rglob("*.py"):
            names = {
                node.id
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Name)
            }
            if "lru_cache" in names:
                found.add(str(path.relative_to(ROOT)))
    assert found == SHORT


def test_a_flood_of_long_searches_leaves_no_memory_behind():
    from ledger.histories.terms import term

    before = sys.getallocatedblocks()
    for number in range(3_000):
        term("subject", f"{number:08}" + "龙" * 8_000)
    assert sys.getallocatedblocks() - before < 1_000
