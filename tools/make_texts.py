"""Bring the catalogues up to date with the source: what is said there, and nothing else.

What is new is added without a translation, what is said no more falls out. Prints what is left to
translate; then compiles.
"""

import ast
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from build_texts import LOCALES, ROOT, compile_texts

from ledger import errors

HEADER = """# Pinyuan in {name}.
msgid ""
msgstr ""
"Language: {lang}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
PAIRS = {"Said": 2, "Meant": 2}
"""What makes texts besides ``Words``, and how many of its arguments they are."""


CAUSES = (
    "ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "EEXIST", "ENOSPC", "EROFS", "EDQUOT", "EIO", "EMFILE",
    "ENAMETOOLONG", "ENOTEMPTY", "ELOOP", "EXDEV", "EBUSY", "EINVAL", "ECONNREFUSED",
)  # fmt: skip
"""Why the system refuses, as it says itself."""
PAIRED = ("ledger/phrases/", "ledger/statements/")
ERRORS = {name for name, found in vars(errors).items() if isinstance(found, type)}
"""Errors: the first argument is a sentence."""


class Text(NamedTuple):
    """Something that is said: what tells it apart, the English, the file it stands in."""

    context: str
    en: str
    file: str


def texts() -> Iterator[Text]:
    """Yield everything that is said."""
    for root in ("ledger", "api"):
        for path in sorted((ROOT / root).rglob("*.py")):
            yield from texts_in(ast.parse(path.read_text()), str(path.relative_to(ROOT)))
    yield from of_rules()
    yield from of_commands()
    yield from of_system()


def texts_in(tree: ast.AST, file: str) -> Iterator[Text]:
    """Yield what a file says, by its calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            yield from _texts_of(node, file)


def _texts_of(node: ast.Call, file: str) -> Iterator[Text]:
    match node.func:
        case ast.Name(id="Words"):
            context = node.args[1:] or [one.value for one in node.keywords]
            named = _literal(context[0], file) if context else ""
            yield Text(named, _literal(node.args[0], file), file)
        case ast.Name(id="saying"):
            yield Text("", _literal(node.args[0], file), file)
        case ast.Name(id=name) if name in ERRORS:
            yield from _of_error(node.args[0], file)
        case ast.Call(func=ast.Name(id="type")):
            yield from _of_error(node.args[0], file)
        case ast.Name(id=name) if name in PAIRS and file.startswith(PAIRED):
            yield from _of_pair(node, PAIRS[name], file)


def _of_pair(node: ast.Call, count: int, file: str) -> Iterator[Text]:
    named = {
        one.arg: _literal(one.value, file)
        for one in node.keywords
        if not isinstance(one.value, ast.Call)  # texts of their own
    }
    for one in node.args[:count]:
        if text := _literal(one, file):  # a target's type says what it is
            yield Text(named.get("context", ""), text, file)
    if "needed" in named:
        yield Text("", named["needed"], file)


def _literal(node: ast.AST, file: str) -> str:
    """Return a text that stands in the source as it is."""
    match node:
        case ast.Constant(value=str(text)):
            return text
    sys.exit(f"{file}:{getattr(node, 'lineno', 0)}: a text is no literal: no catalogue can have it")


def _of_error(node: ast.AST, file: str) -> Iterator[Text]:
    """Yield the sentence of an error; what it takes over from others is said where that is."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield Text("", _literal(node, file), file)


def of_commands() -> Iterator[Text]:
    """Yield the help of all commands; what a type's fields mean stands beside them."""
    os.environ["PINYUAN_LANG"] = "en"
    from typer.main import get_command

    from ledger.cli.main import app
    from ledger.cli.sign_group import type_command
    from ledger.statements.catalogue import SAYS

    yield from _helped(get_command(app))
    for name in SAYS:
        yield from (Text("", item.help, "ledger/cli") for item in type_command(name, "en").params)


def _helped(command: Any) -> Iterator[Text]:
    found = [command.help, command.short_help, *(getattr(i, "help", None) for i in command.params)]
    yield from (Text("", text, "ledger/cli") for text in found if text)
    for below in getattr(command, "commands", {}).values():
        yield from _helped(below)


def of_system() -> Iterator[Text]:
    """Yield why systems refuse to read and write files."""
    for name in CAUSES:
        yield Text("", os.strerror(getattr(errno, name)), "ledger/texts/__init__.py")


def of_rules() -> Iterator[Text]:
    """Yield the sentences of the rules, which are their docstrings."""
    from ledger.questions.book import MALFORMED_SENTENCE, REGISTRY

    for rule in REGISTRY.rules.values():
        yield Text("", rule.sentence, "ledger/rules")
    yield Text("", MALFORMED_SENTENCE, "ledger/questions/book.py")


def updated(lang: str, old: Catalog | None) -> Catalog:
    """Return a catalogue with all that is said, translated where the old one has it."""
    new = Catalog(locale=lang)
    for context, en, file in dict.fromkeys(texts()):
        before = None if old is None else old.get(en, context or None)
        known = "" if before is None else before.string
        new.add(en, known, locations=[(file, None)], context=context or None)
    return new


def written(lang: str, catalogue: Catalog, path: Path) -> None:
    """Write a catalogue as a translator edits it."""
    name = catalogue.locale.english_name if catalogue.locale else lang
    with path.open("wb") as file:
        file.write(HEADER.format(lang=lang, name=name).encode())
        write_po(file, catalogue, omit_header=True, include_lineno=False, width=100)


def main() -> None:
    """Update all catalogues."""
    for path in sorted((ROOT / LOCALES).glob("*/LC_MESSAGES/*.po")):
        lang = path.parent.parent.name
        with path.open("rb") as file:
            catalogue = updated(lang, read_po(file, locale=lang))
        written(lang, catalogue, path)
        left = [item.id for item in catalogue if item.id and not item.string]
        print(f"{lang}: {len(catalogue)} texts, {len(left)} to translate")
        for one in left:
            print(f"  {one}")
    compile_texts()


if __name__ == "__main__":
    main()
