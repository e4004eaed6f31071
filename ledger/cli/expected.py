"""What ``verify bundle --expect`` names: a question and its parameters, as commands understand them."""

import re
from typing import TYPE_CHECKING

from ledger.cli.common import BECAME, note
from ledger.cli.parameters import given_parameters
from ledger.cli.understood import Typed
from ledger.errors import ParameterError, UsageError, VerificationError
from ledger.questions.declared import QUESTIONS, Parameter, Question, called_question
from ledger.texts import Lang

if TYPE_CHECKING:
    from ledger.evidence.bundle import Bundle

_ASKED = re.compile(r"([A-Za-z_-]+)\((.*)\)", re.DOTALL)
"""A question as answers name it: may_sell(trader=..., product=...)."""


def expected(text: str, raw: bytes, lang: Lang) -> tuple[str, dict[str, str]]:
    """Return the question and parameters that ``--expect`` names, as commands understand them.

    What an entry says (the brand of a grant) need not be named: it is taken from the bundle,
    whose answer follows only if it fits the entry. A name is held against what the bundle calls the
    thing it is about, which is proven with the answer: elsewhere only a ledger tells whose it is.

    Raises:
        ParameterError: what is wrong, and what to write.
        VerificationError: the bundle answers another question, or is about what is called otherwise.

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
    bundle = decode_bundle(raw)
    there = bundle.parameters
    said = {item.name for item in asked.parameters} - {p.name for p in given_parameters(asked)}
    if given is not None:
        given = {k: v for k, v in there.items() if k in said} | given
        given = {p.name: p.default for p in asked.parameters if p.default is not None} | given
    names = [item.name for item in given_parameters(asked)]
    missing = [] if given is None else [name for name in names if name not in given]
    if given is None or missing:
        wanted = " ".join(_wanted(item) for item in given_parameters(asked))
        if missing:
            raise ParameterError(
                "--expect {text!r} does not say: {missing}. Write '{name} {wanted}'",
                text=text,
                missing=", ".join(missing),
                name=asked.name,
                wanted=wanted,
            )
        raise ParameterError(
            "--expect {text!r} names other parameters: write '{name} {wanted}'",
            text=text,
            name=asked.name,
            wanted=wanted,
        )
    if bundle.question != asked.name:
        raise VerificationError(
            "the bundle answers {words}, not {words_2}", words=bundle.question, words_2=asked.name
        )
    return asked.name, _understood(asked, given, bundle, lang)


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
    values = rest.split(" ") if rest or required else []
    if len(values) == len(required):
        return dict(zip(required, values, strict=True))
    # What has a default is said in its order, or left out from the end.
    named = names[: len(values)]
    fits = len(values) == len(named) and set(required) < set(named)
    return dict(zip(named, values, strict=True)) if fits else None


def _understood(
    asked: Question, given: dict[str, str], bundle: "Bundle", lang: Lang
) -> dict[str, str]:
    """Return parameters in their one form, in the question's order."""
    found: dict[str, str] = {}
    for item in asked.parameters:
        # One by one, so that it is told which is wrong; what a subject is only its topic says.
        alone = {name: found[name] for name in ("topic",) if name in found}
        alone[item.name] = given[item.name]
        try:
            found |= Typed(None, None, lang).parameters(asked, alone)
        except UsageError as error:
            found[item.name] = _named(item, given[item.name], bundle, lang, error)
    return {item.name: found[item.name] for item in asked.parameters}


def _named(item: Parameter, text: str, bundle: "Bundle", lang: Lang, unread: UsageError) -> str:
    """Return the id in the bundle of what a text calls as the bundle does.

    Raises:
        VerificationError: what the bundle is about has names, and none is this.
        ParameterError: the text is no name, or what the bundle is about has none.

    """
    from ledger.primitives.near import normal_name
    from ledger.questions.names import named_thing
    from ledger.tables.names import Thing
    from ledger.tables.things import looks_like_code

    there = bundle.parameters.get(item.name, "")
    kind, thing = named_thing(there) or ("", there)
    names = {} if ":" in text or looks_like_code(text) else bundle.names.get(thing, {})
    if not names:
        raise ParameterError(
            "--expect {name}={value}: write it as the question has it, names by their ids; this bundle has {there} ({why})",
            name=item.name,
            value=text,
            there=there or "-",
            why=unread.sentence,
        ) from unread
    if normal_name(text) not in map(normal_name, names.values()):
        raise VerificationError(
            "--expect {name}={value}: the bundle is about another, {thing}",
            name=item.name,
            value=text,
            thing=Thing(kind, there, names),
        )
    note(BECAME.fill(lang, item.name, text, there))
    return there


def _wanted(item: Parameter) -> str:
    word = f"{item.name}=..."
    return word if item.default is None else f"[{word}]"
