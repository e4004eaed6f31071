"""The tea brand's usual beginning, told once for a file, and a copy of it for each test."""

from pathlib import Path

import pytest
from paper import Paper, copy_of
from usual import Told


@pytest.fixture(scope="module")
def beginning() -> Told:
    """Return the tea brand's world behind its usual beginning, on paper."""
    told = Told(Paper(Path(), ""))
    told.begin()
    return told


@pytest.fixture
def told(beginning: Told) -> Told:
    """Return who tells the tea brand's world, on paper, behind its usual beginning."""
    made = copy_of(beginning.world, beginning)
    made.world.told = made
    return made
