"""How the parameters of a question are given on the command line: what it is about, and all else."""

from ledger.cli.asking import LOOKED_UP
from ledger.questions.declared import Form, Parameter, Question

SUBJECTS: tuple[Form, ...] = (
    "party", "product", "goods", "trademark", "statement", "about", "subject", "category",
    "indexed", "sample", "facility", "draw", "programme",
)  # fmt: skip
"""Forms of what a question can be about."""


def given_parameters(asked: Question) -> tuple[Parameter, ...]:
    """Return the parameters a person gives: without those that an entry says."""
    found = LOOKED_UP.get(asked.name)
    return tuple(p for p in asked.parameters if found is None or p.name not in found[1])


def subject_of(asked: Question) -> Parameter | None:
    """Return the one thing that a question is about, which is given as an argument; None of several.

    What says how, when or how much is asked is an option.
    """
    about = [item for item in given_parameters(asked) if item.form in SUBJECTS and not item.narrows]
    required = [item for item in about if item.default is None]
    return required[0] if len(required) == 1 else None


def flag_of(asked: Question, item: Parameter) -> str:
    """Return how a parameter is given on the command line."""
    argued = asked.name == "history" or item == subject_of(asked)
    return item.name.upper() if argued else f"--{item.name.replace('_', '-')}"
