"""How the parameters of a question are given on the command line: what it is about, and all else."""

from typing import Self

from ledger.cli.asking import LOOKED_UP
from ledger.questions.declared import Form, Parameter, Question
from ledger.texts import ENGLISH, Lang

SUBJECTS: tuple[Form, ...] = (
    "party", "product", "goods", "trademark", "statement", "about", "subject", "category",
    "indexed", "sample", "facility", "draw", "programme", "followed",
)  # fmt: skip
"""Forms of what a question can be about."""


class Argument(str):
    """What an argument is called: in English as usage has it, PARTY; else by the word of its parameter."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str) -> Self:
        """Take a parameter's name."""
        self = super().__new__(cls, name.upper())
        self.name = name
        return self

    def to(self, lang: Lang) -> str:
        """Return it in a language."""
        if lang == ENGLISH:
            return str(self)  # so that help in English imports no words
        from ledger.phrases.column_titles import COLUMNS, column_title

        name = "facility" if self.name == "place" else self.name
        return column_title(name, lang) if name in COLUMNS else str(self)


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
    return Argument(item.name) if argued else f"--{item.name.replace('_', '-')}"
