"""The function that answers each declared question."""

from collections.abc import Callable, Mapping
from typing import Any

from ledger.questions.history_question import history
from ledger.questions.may_sell import may_sell

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "history": history,
    "may_sell": may_sell,
}
"""Question -> answer(asked, **parameters)."""
