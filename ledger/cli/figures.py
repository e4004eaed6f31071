"""Headline figures for people: each sum, what it is made of, and the statements that it adds."""

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.cli.common import say
from ledger.cli.finding import AtHand
from ledger.phrases.called import Names, with_names
from ledger.phrases.type_words import type_word
from ledger.phrases.value_words import word_of
from ledger.primitives.instant import format_us
from ledger.questions.addends import FIGURES, NO_CATEGORY, Addend
from ledger.questions.headline import Tally
from ledger.questions.names import names_of
from ledger.statements.catalogue import CATALOGUE, type_name
from ledger.tables.answered import row_line
from ledger.texts import Lang, Words
from ledger.texts.joints import COLON, PARTS

CALLED = {
    "sampled": Words("items sampled"),
    "batches": Words("batches inspected in warehouses"),
    "refused": Words("refused on inspection"),
    "km": Words("kilometres travelled"),
    "products-removed": Words("products removed"),
    "shops-closed": Words("shops closed"),
    "lots-recalled": Words("lots recalled"),
}
WORDS = {
    "head": Words("from {start} until before {until}, by the log of size {size}"),
    "none": Words("none of what is counted is on record in this period"),
    "elsewhere": Words("no category"),
    "undone": Words("left out, because withdrawn or annulled since: {count} (entries {entries})"),
    "doubt": Words("left out, because their keys were suspected: {count} (entries {entries})"),
}  # fmt: skip
FIRST = 20
"""Entries that are named of those left out; the JSON has all."""
COLUMNS = (
    "figure", "part", "category", "value", "entry", "id", "type", "issuer", "subject", "on",
)  # fmt: skip


def listing(found: Iterable[Addend]) -> Iterator[dict[str, Any]]:
    """Yield what each statement adds, as a row."""
    for one in found:
        statement = one.entry.statement
        yield {
            "figure": one.figure,
            "part": one.part,
            "category": one.category,
            "value": one.value,
            "entry": one.entry.index,
            "id": statement.id.hex(),
            "type": type_name(one.entry.body),
            "issuer": statement.issuer,
            "subject": statement.subject,
            "on": format_us(one.done_us),
        }


def names_in(there: AtHand, listed: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Return what those are called whom addends name."""
    ids = dict.fromkeys(row[field] for row in listed for field in ("issuer", "subject"))
    with there.reading() as view:
        return names_of(view, ids, None)


def say_addends(listed: list[dict[str, Any]], names: Names, lang: Lang) -> None:
    """Print the addends, names before ids."""
    for line in with_names((row_line("addends", one, lang) for one in listed), names, lang):
        say(line)


def lines(row: dict[str, Any], told: Tally, lang: Lang) -> Iterator[str]:
    """Yield what the figures are: each with what it is made of, then what was left out."""
    yield WORDS["head"].fill(lang, start=row["from"], until=row["until"], size=row["size"])
    for figure in FIGURES:
        parts = told.parts(figure)
        if not parts:
            continue
        yield f"{CALLED[figure].to(lang)}{COLON.to(lang)}{sum(parts.values()):,}"
        yield f"  {_summed(parts, lang)}"
        categories = told.categories(figure)
        if list(categories) != [NO_CATEGORY]:
            yield f"  {_summed(categories, lang)}"
    if not told.sums:
        yield WORDS["none"].to(lang)
    for why, entries in told.left_out.items():
        if entries:
            named = [*map(str, entries[:FIRST]), *(["…"] if len(entries) > FIRST else [])]
            yield WORDS[why].fill(lang, count=len(entries), entries=PARTS.to(lang).join(named))


def _summed(sums: dict[str, int], lang: Lang) -> str:
    def called(name: str) -> str:
        if name in CATALOGUE:
            return type_word(name, lang)
        words = WORDS["elsewhere"] if name == NO_CATEGORY else word_of(name)
        return name if words is None else words.to(lang)

    return PARTS.to(lang).join(
        f"{called(name)}{COLON.to(lang)}{value:,}" for name, value in sums.items()
    )
