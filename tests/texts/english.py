"""English words in what is told in another language: ids, codes and what somebody typed apart."""

import re
from functools import cache
from typing import Any, get_args

from msgspec import inspect as shapes
from typer.main import get_command

from ledger.cli.main import app
from ledger.printing.words import CHECKED
from ledger.questions.declared import QUESTIONS
from ledger.rules.codes import CODES
from ledger.rules.registry import Registry
from ledger.statements.catalogue import CATALOGUE, GENERIC
from ledger.statements.described import owner_name, part_of, shape
from ledger.statements.results import PRESENT
from ledger.statements.statement_type import Issuer
from ledger.statements.topics import KEPT_BY

APART = re.compile(
    r"“[^”]*”|\{[^{}]*\}|`[^`]*`|<[^<>]*>|'[^']*'|\"[^\"]*\"|(?:https?|urn|did|socket|sqlite|postgresql):\S*"
    r"|(?<![A-Za-z0-9])--?[a-z][a-z-]*|pip install \S+|[A-Za-z0-9_.@=%+-]*[/\\][^\s，。；：（）、]*|\[[A-Za-z. ]+\]"
)
"""Facts, what is typed, ids, options, paths."""
TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_.+-]*[A-Za-z0-9]|[A-Za-z]")
WORD = re.compile(r"[A-Za-z][a-z]+(?:-[a-z]+)*")
NAMED = frozenset(
    [
        "Ac",
        "colour",
        "example",
        "ilmd",
        "Asia",
        "Bundle",
        "Content-Type",
        "Host",
        "Re",
        "Schema",
        "Shanghai",
        "Operator",
        "Parquet",
        "add-checkpoint",
        "agent",
        "alg",
        "all",
        "asc",
        "aud",
        "bag",
        "base",
        "base64url",
        "checkpoint",
        "claim",
        "claims",
        "columns",
        "cose",
        "cosignatures",
        "crit",
        "csv",
        "cursor",
        "desc",
        "disclosures",
        "distributor",
        "en",
        "false",
        "fr",
        "genesis",
        "hex",
        "html",
        "http",
        "https",
        "iat",
        "json",
        "jsonl",
        "keys",
        "kg",
        "kid",
        "lang",
        "max-age",
        "no-cosigner",
        "no-replay",
        "no-unasked",
        "none",
        "nowhere",
        "null",
        "old",
        "operator",
        "order",
        "pdf",
        "pdfdetach",
        "pem",
        "png",
        "published",
        "quorum",
        "reads",
        "replay-quorum",
        "replayer",
        "root",
        "rows",
        "salt",
        "sample",
        "saveall",
        "sensitive",
        "sha",
        "shell",
        "sig",
        "simulated",
        "since",
        "size",
        "sqlite",
        "statement",
        "sun",
        "system",
        "systemd",
        "tables",
        "time",
        "timestamps",
        "tlog-witness",
        "together",
        "toml",
        "true",
        "txt",
        "type",
        "values",
        "witness",
        "xlsx",
        "zh",
    ]
)
"""Names of formats, keys, headers and fields that all languages spell so, and names in the story."""


def _literals(found: Any) -> set[str]:
    match found:
        case shapes.LiteralType(values=values):
            return set(map(str, values))
        case shapes.VarTupleType(item_type=item):
            return _literals(item)
        case shapes.UnionType(types=types):
            return set().union(*map(_literals, types))
        case _:
            return set()


def _of(owner: Any) -> set[str]:
    found = {owner_name(owner)}
    for item in owner.fields:
        found |= {item.encode_name, *_literals(item.type)}
        part = part_of(item.type)
        found |= set() if part is None else _of(part)
    return found


def _commands(command: Any) -> set[str]:
    found = {command.name, *(item.name for item in command.params)}
    return found.union(*map(_commands, getattr(command, "commands", {}).values()))


@cache
def codes() -> frozenset[str]:
    """Return what is a code, and no word: types, fields, values, commands, parameters, topics, rules."""
    from ledger.questions.book import REGISTRY

    assert isinstance(REGISTRY, Registry)
    found = {
        *CHECKED,
        GENERIC,
        PRESENT,
        *CATALOGUE,
        *get_args(Issuer),
        *KEPT_BY,
        *REGISTRY.rules,
        *CODES,
        *QUESTIONS,
    }
    found |= {item.name for asked in QUESTIONS.values() for item in asked.parameters}
    for row in CATALOGUE.values():
        found |= _of(shape(row.body))
    return frozenset(found | _commands(get_command(app)) | NAMED)


def english(text: str) -> list[str]:
    """Return the English words of a text."""
    whole = re.sub(r"(?<=[_/-])\n\s+", "", text)  # of a code that a line broke
    tokens = TOKEN.findall(APART.sub(" ", whole))
    return [one for one in tokens if WORD.fullmatch(one) and one not in codes()]


NAMED_FIRST = re.compile(r"[A-Za-z][A-Za-z /]*(?=（(?:[^（）]{1,4}，)?(?:https?|urn|did):)")
"""A name before its id, and the kind of what has it."""
AS_CODE = re.compile(
    r"（[a-z_-]+）|历史（[a-z-]+，|（[a-z-]+，[^（）]*）|pinyuan(?: [a-z-]+)+|[a-z_-]+\([^()]*\)|[a-z_]+=\S*|(?<=：)[a-z_]+$|^pinyuan：",
    re.MULTILINE,
)
"""Codes that stand as such: behind their word, the topic of a history, a command, a question with its parameters."""


def bare(text: str) -> list[str]:
    """Return the English words of a line for people, codes among them that stand for words.

    Stricter than ``english``: a rule, a type, a value of ours is a code only where it is to be typed.
    """
    names = sorted({name.strip() for name in NAMED_FIRST.findall(text)}, key=len, reverse=True)
    left = AS_CODE.sub(" ", APART.sub(" ", NAMED_FIRST.sub(" ", text)))
    for name in names:  # said again without its id
        left = re.sub(rf"(?<![A-Za-z-]){re.escape(name)}(?![A-Za-z-])", " ", left)
    return [one for one in TOKEN.findall(left) if WORD.fullmatch(one) and one not in NAMED]
