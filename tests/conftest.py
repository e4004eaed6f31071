"""Where data from outside lies, and what every test shares."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PINYUAN_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Return the folder of conformance vectors, or say that it is not here."""
    folder = SHARED / "vectors"
    if not folder.is_dir():
        pytest.skip(f"no conformance vectors at {folder}")
    return folder
