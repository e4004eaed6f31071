"""The properties by their names."""

from collections.abc import Callable, Mapping

from properties.order import order
from properties.remedies import remedies
from properties.rights import strangers
from properties.safety import safety
from properties.trials import Tally, Violation

PROPERTIES: Mapping[str, Callable[[int, Tally], Violation | None]] = {
    "I9": strangers,
    "I10": order,
    "I11": safety,
    "I12": remedies,
}
"""Name -> a trial of a seed's world."""
