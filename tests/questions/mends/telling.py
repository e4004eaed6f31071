"""A mend: what a reason's sentence says has to be done, told behind a scene in which it comes up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Mend:
    """A code, and what has to be done until it is gone.

    ``then``: what is said, in order. ``scene``: the sentence of the scene it is told behind, by
    default the first in which the code comes up; of ``question``, where that is not unique.
    ``later``: days to ask later. ``asks``: what to ask otherwise.
    """

    code: str
    then: tuple[Any, ...] = ()
    scene: str = ""
    question: str = ""
    later: float = 0
    asks: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return what the test is called."""
        return f"{self.code} {self.scene}".strip()
