"""What the shell completes: topics, values, and what is registered in the ledger of the directory.

Asked while somebody types: nothing is fetched from a server, nothing is verified, and where anything
is wrong nothing is offered. What is offered is what the command then understands: names, bare numbers.

A shell puts what is offered into the line as it stands, and zsh evaluates it while it does: names are
strangers' text, so one with a character that a shell acts on is not offered. Its id completes.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ledger.errors import PinyuanError
from ledger.primitives.legible import shown

if TYPE_CHECKING:
    from ledger.questions.declared import Form

Offer = tuple[str, str]
"""A value, and what it is."""
Completion = Callable[..., list[Offer]]

MAX_OFFERED = 200
_ACTED_ON = re.compile(r"""[$`\\"';&|<>(){}\[\]*?!#^\t\r\n]|^[-~=]""")
"""What bash, zsh, fish or PowerShell expands, runs, ends a word at, or takes for an option."""
KINDS: dict[str, tuple[str, ...]] = {
    "party": ("party",),
    "any-party": ("party",),
    "product": ("product",),
    "any-product": ("product",),
    "goods": ("product", "lot"),
    "followed": ("lot",),
    "trademark": ("trademark",),
    "any-trademark": ("trademark",),
    "facility": ("facility",),
    "about": ("facility", "lot"),
    "subject": ("party", "shop", "product", "lot"),
    "indexed": ("product", "party", "trademark"),
}
"""Form of a parameter -> the kinds of what is offered for it."""


def completed(form: "Form") -> Completion:
    """Return what completes a parameter of a form."""

    def complete(ctx: typer.Context, incomplete: str) -> list[Offer]:
        return _offered(incomplete, lambda: _of_form(ctx, form))

    return complete


def completed_kind(kind: str) -> Completion:
    """Return what completes an option that names a thing of one kind."""

    def complete(ctx: typer.Context, incomplete: str) -> list[Offer]:
        return _offered(incomplete, lambda: _things(ctx, (kind,)))

    return complete


def completed_words(*words: str) -> Completion:
    """Return what completes an option that takes one of some words."""

    def complete(incomplete: str) -> list[Offer]:
        return _offered(incomplete, lambda: ((word, "") for word in words))

    return complete


def completed_subject(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Complete what a statement of the type that is signed is about."""

    def found() -> Iterator[Offer]:
        from ledger.statements.catalogue import CATALOGUE

        row = CATALOGUE.get(ctx.info_name or "")
        return _things(ctx, () if row is None else (row.subject,))

    return _offered(incomplete, found)


def _offered(incomplete: str, find: Callable[[], Any]) -> list[Offer]:
    found: dict[str, str] = {}
    try:
        for value, what in find():
            if _harmless(value) and value.casefold().startswith(incomplete.casefold()):
                found.setdefault(value, what if _harmless(what) else "")
            if len(found) == MAX_OFFERED:
                break
    except (PinyuanError, ModuleNotFoundError):
        return []  # no ledger, or none that can be read here
    return [*found.items()]


def _harmless(text: str) -> bool:
    """Return whether a text may go to a shell as it stands."""
    return _ACTED_ON.search(text) is None and shown(text) == text


def _of_form(ctx: typer.Context, form: "Form") -> Iterator[Offer]:
    from ledger.cli.common import help_language

    if form == "topic":
        from ledger.phrases.topic_words import topic_word
        from ledger.statements.topics import TOPICS

        yield from ((topic, topic_word(topic, help_language())) for topic in TOPICS)
    elif form == "text":  # the subject of a history
        from ledger.statements.topics import KEPT_BY

        yield from _things(ctx, KEPT_BY.get(str(ctx.params.get("topic")), ()))
    elif form == "territory":
        from ledger.identifiers.territories import divisions
        from ledger.phrases.territory_words import TERRITORIES

        yield from ((code, name) for name, code in TERRITORIES.items())
        yield from TERRITORIES.items()
        yield from ((name, code) for code, (_, name) in divisions().items() if code.endswith("00"))
    elif form in KINDS:
        yield from _things(ctx, KINDS[form])
    else:
        yield from _choices(form)


def _choices(form: "Form") -> Iterator[Offer]:
    """Yield the words that a form chooses between, each with what it is in the reader's language."""
    from msgspec import inspect as shapes

    from ledger.cli.common import help_language
    from ledger.statements.described import in_order, shape
    from ledger.tables.arguments import TYPES
    from ledger.tables.wanted import choice

    for held in TYPES.get(form, ()):
        found = shape(held)
        if isinstance(found, shapes.LiteralType):
            yield from (
                (str(value), choice(str(value), help_language()))
                for value in in_order(found.values)
            )


def _things(ctx: typer.Context, kinds: tuple[str, ...]) -> Iterator[Offer]:
    """Yield the names and ids of what was registered last; of a GS1 id its digits, too."""
    from ledger.cli.common import open_engine, settings_of
    from ledger.statements.catalogue import type_name
    from ledger.store.names import newest
    from ledger.store.reads import reading
    from ledger.tables.names import KINDS as NAMING
    from ledger.tables.names import named_by
    from ledger.writing.opening import open_to_read
    from ledger.writing.publisher import require_head

    unnamed = {"lot": "lot", "sample-sealed": "sample"}
    types = [name for name, kind in ({**NAMING, **unnamed}).items() if kind in kinds]
    directory = ctx.params.get("directory")
    settings = settings_of(None if directory is None else Path(directory))
    log = open_to_read(settings, open_engine(settings.database_url))
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        entries = [one for name in types for one in newest(snapshot, name, size, MAX_OFFERED)]
    for entry in entries:
        if entry.body is not None and type_name(entry.body) in unnamed:
            yield entry.statement.subject, ""
        thing = named_by(entry)
        if thing is not None and thing.kind in kinds:
            yield from _called(thing.id, tuple(thing.names.values()))


def _called(id_: str, names: tuple[str, ...]) -> Iterator[Offer]:
    """Yield what names a thing: its names, of a GS1 id its digits, the id."""
    what = " / ".join(names)
    yield from ((name, id_) for name in names)
    digits = id_.partition("https://id.gs1.org/")[2].split("/")
    if len(digits) == 2:  # noqa: PLR2004 - a key and its value
        yield digits[1], what
    yield id_, what
