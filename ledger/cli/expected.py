"""What ``verify bundle --expect`` names: a question and its parameters, as commands understand them."""

import re
from collections.abc import Mapping
from dataclasses import replace

from ledger.cli.parameters import given_parameters
from ledger.cli.understood import Typed
from ledger.errors import ParameterError, UsageError
from ledger.questions.declared import QUESTIONS, Parameter, Question, called_question
from ledger.texts import Lang

_ASKED = re.compile(r"([A-Za-z_-]+)\((.*)\)", re.DOTALL)
"""A question as answers name it: may_sell(trader=..., product=...)."""


def expected(text: str, raw: bytes, lang: Lang) -> tuple[str, dict[str, str]]:
    """Return the question and parameters that ``--expect`` names, as commands understand them.

    What an entry says (the brand of a grant) need not be named: it is taken from the bundle,
    whose answer follows only if it fits the entry. A name is refused: whose it is, only a ledger tells.

    Raises:
        ParameterError: what is wrong, and what to write.

    """
    from ledger.evidence.bundle import decode_bundle

    told = _ASKED.fullmatch(text.strip())
    name, _, rest = (told[1], "", told[2]) if told else text.strip().partition(" ")
    asked = called_question(name)
    if asked is None:
        raise ParameterError(
            "--expect {text!r}: no question {name!r}: {questions}",
            text=text,
            name=name,
            questions=", ".join(one.replace("_", "-") for one in QUESTIONS),
        )
    given = _given(asked, rest, "," if told else "")
    there = decode_bundle(raw).parameters
    said = {item.name for item in asked.parameters} - {p.name for p in given_parameters(asked)}
    if given is not None:
        given = {k: v for k, v in there.items() if k in said} | given
        given = {p.name: p.default for p in asked.parameters if p.default is not None} | given
    if given is None or given.keys() != {item.name for item in asked.parameters}:
        wanted = " ".join(_wanted(item) for item in given_parameters(asked))
        raise ParameterError(
            "--expect {text!r} names other parameters: write '{name} {wanted}'",
            text=text,
            name=asked.name,
            wanted=wanted,
        )
    return asked.name, _understood(asked, given, there, lang)


def _given(asked: Question, rest: str, between: str) -> dict[str, str] | None:
    """Return the parameters that stand behind a question, by name or in order; None for others."""
    names = [item.name for item in asked.parameters]
    required = [item.name for item in asked.parameters if item.default is None]
    beginning = rf"(?:^|{between}\s+)({'|'.join(names).replace('_', '[_-]')})="
    found = [one for one in re.split(beginning, rest.strip()) if one != ""]
    if re.match(beginning, rest.strip()):
        keys = [key.replace("-", "_") for key in found[::2]]
        strange = re.search(r"\s[A-Za-z_]+=", " ".join(found[1::2]))
        return (
            None
            if strange or len(set(keys)) < len(keys)
            else dict(zip(keys, found[1::2], strict=False))
        )
    values = rest.split(" ")
    if len(values) not in (len(names), len(required)):
        return None
    return dict(zip(names if len(values) == len(names) else required, values, strict=True))


def _understood(
    asked: Question, given: dict[str, str], there: Mapping[str, str], lang: Lang
) -> dict[str, str]:
    """Return parameters in their one form, in the question's order."""
    found: dict[str, str] = {}
    for item in asked.parameters:
        # One by one, so that it is told which is wrong; what a subject is only its topic says.
        alone = asked if asked.name == "history" else replace(asked, parameters=(item,))
        try:
            found |= Typed(None, None, lang).parameters(alone, given)
        except UsageError as error:
            raise ParameterError(
                "--expect {name}={value}: write it as the question has it, names by their ids; this bundle has {there} ({why})",
                name=item.name,
                value=given[item.name],
                there=there.get(item.name, "-"),
                why=error.sentence,
            ) from error
    return {item.name: found[item.name] for item in asked.parameters}


def _wanted(item: Parameter) -> str:
    word = f"{item.name}=..."
    return word if item.default is None else f"[{word}]"
