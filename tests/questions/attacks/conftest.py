"""What every attack begins with."""

import pytest
from questions.attacks.means import ready
from usual import Told


@pytest.fixture
def told() -> Told:
    """Return the usual beginning: the tea may be listed."""
    return ready()
