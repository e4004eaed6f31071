"""What is wrong with a cell, a row or a column, in English and Chinese."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.texts import Lang, Words, told

MAX_SHOWN = 60
"""Characters of a cell that a sentence repeats."""

SENTENCES: Mapping[str, Words] = {
    "unknown": Words(
        "{type} has no field that is called so{hint}; rename the column, take it out, or map it to "
        "null to pass it over"
    ),
    "several": Words("{paths} are called so: say which in the mapping"),
    "twice": Words('the column "{other}" says the same field {path}: keep one of them'),
    "no-path": Words("the mapping says {path}: {type} has no such field{hint}"),
    "no-title": Words(
        "a column without a title has content: give it one; where the titles stand in a later row, "
        "say which in the mapping (titles_in_row)"
    ),
    "no-column": Words("there is no such column, and every row needs one: {wanted}. {meaning}"),
    "no-together": Words(
        "the mapping says that rows belong together by this column: there is none"
    ),
    "together": Words("what says to which statement the row belongs"),
    "missing": Words("is missing: {wanted}"),
    "wanted": Words("expected {wanted}{detail}"),
    "rounded": Words(
        "a spreadsheet has rounded this number: format the column as text and enter it again"
    ),
    "error-value": Words("a formula gives an error here: {wanted}"),
    "zone": Words(
        "a local date or time: say the time zone once, --time-zone +08:00 (or time_zone in the mapping)"
    ),
    "no-date": Words("there is no such date"),
    "order": Words('is not after "{other}" ({value})'),
    "name-unknown": Words("nothing in the ledger has this name: {wanted}"),
    "name-near": Words('no {kinds} in the ledger is called "{name}"'),
    "name-other": Words("{things} is no {kinds}"),
    "offered": Words(": did you mean {things}?"),
    "name-ambiguous": Words("{count} in the ledger have this name, write which: {ids}"),
    "several-read": Words("may stand for {ids}: write which"),
    "name-nowhere": Words("no ledger is at hand to look the name up in ({why}): {wanted}"),
    "cite": Words("{why}"),
    "differs": Words(
        'row {row} of the same "{key}" says "{value}": one statement has one; if these are several statements, the mapping lists this column under together, too'
    ),
    "elsewhere": Words(
        ' (a value for each unit of the sample: column "{values}"; a result in words: "{words}")'
    ),
    "same": Words("the same as row {row}: it would be said twice"),
    "no-file": Words("no key file can be read here: {why}"),
    "composed": Words("{why}"),
    "shared": Words("in every row, so mend it in FIELDS.json or in the mapping's fields: {why}"),
    "check-digit": Words(" (the check digit is wrong)"),
    "parts": Words("; {above} has the fields {paths}"),
    "meant": Words(", did you mean {meant}?"),
    "or-words": Words("; or {words}, as the mapping has it"),
    "no-category": Words("no category {text}"),
    "no-topic": Words("no topic {text}"),
    "because": Words(" ({why})"),
}
"""Code -> sentence."""


_IN_COLUMN = Words(', "{0}"', "column of a sheet")
_HAS = Words(' has "{0}"', "cell of a sheet")
_AT_ROW = Words("row {0}{1}{2}: {3}")
_AGAIN = Words("; the same in {0} more rows")
_BESIDE = Words('"{0}": {1}', "column of a sheet")


def say(code: str, lang: Lang, **facts: object) -> str:
    """Return a sentence of the table; facts that have words say themselves in the same language."""
    said = {name: told(one, lang) for name, one in facts.items()}
    return SENTENCES[code].to(lang).format_map(said)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which row and column of the user's sheet, with what, and what is wanted.

    ``column``, ``cell``: empty where it is about the whole row, or where nothing is there.
    """

    row: int
    column: str
    cell: str
    text: str

    def sentence(self, lang: Lang) -> str:
        """Return it in one line."""
        shown = self.cell if len(self.cell) <= MAX_SHOWN else f"{self.cell[:MAX_SHOWN]}…"
        column = _IN_COLUMN.fill(lang, self.column) if self.column else ""
        cell = _HAS.fill(lang, shown) if self.cell else ""
        return _AT_ROW.fill(lang, self.row, column, cell, self.text)

    def beside(self, lang: Lang) -> str:
        """Return it for the row it is about: column, and what is wanted."""
        if not self.column:
            return self.text
        return _BESIDE.fill(lang, self.column, self.text)


def told_once(faults: Iterable[Fault], lang: Lang) -> list[str]:
    """Return each thing that is wrong with a column in one line, by its first row and how many more have it."""
    alike: dict[tuple[str, str], list[Fault]] = {}
    for one in faults:
        alike.setdefault((one.column, one.text), []).append(one)
    return [
        first.sentence(lang) + (_AGAIN.fill(lang, len(more)) if more else "")
        for first, *more in alike.values()
    ]


class Wrong(Exception):  # noqa: N818 - no error of the program: what a cell's reader says of it
    """A cell that cannot be read, and what is wanted."""


class Unnamed(Wrong):
    """A name that nothing of a kind has."""

    def __init__(self, kind: str, said: str) -> None:
        """Take the kind that is wanted, and the sentence."""
        super().__init__(said)
        self.kind = kind


class Mistyped(Wrong):
    """A number of the right form, but for its check digit: it stands for nothing else."""
