"""An answer in words: what it is, about when, and how much it is worth."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ledger.primitives.instant import format_us
from ledger.texts import ENGLISH, Lang, Words
from ledger.texts.joints import WITHIN, parts

if TYPE_CHECKING:
    from ledger.answering.then import Then
    from ledger.evidence.bundle import Verified

WORDS: dict[str, Words] = {
    "valid_at": Words("valid at {0}"),
    "known_at": Words("known at size {0}"),
    "asserted": Words("completeness: asserted by the operator"),
    "replayed": Words("completeness: replayed {0} as of size {1}"),
    "fresh": Words("last seen at {0} by {2} ({1} clock)"),
    "replay_only": Words(
        "also leans on {0} rules that only a replay of the whole log checks (--json: leans_on)"
    ),
    "limit": Words("what nobody submitted, no ledger can show"),
}
WORDS |= {
    "registered": Words("registered as entry {0}, id {1}"),
    "registered_before": Words("registered before as entry {0}, id {1}"),
    "of_rows": Words("{0}, {1} row {2}"),
    "remark": Words("remark: {0}"),
    "meant": Words("{0} is not on record: did you mean {1}?"),
    "said_by": Words("{0} says, and nothing proves it: {1}"),
    "refused": Words("refused, {0}: {1}"),
}
WORDS |= {
    "known_then": Words("with what was known at {0} (size {1}) the answer was: {2}"),
    "known_since": Words("as above it is answered from size {0} on"),
}
VERDICTS = {"yes": Words("yes"), "no": Words("no"), "unknown": Words("unknown")}
SEEN_BY = {"the newest seal": Words("the newest seal"), "witnesses": Words("witnesses")}
CLOCKS = {"system": Words("system"), "simulated": Words("simulated")}
NAMES = Words(" or ", "ids")


def words(lang: Lang, name: str, *values: object) -> str:
    """Return one of the lines beside an answer."""
    return WORDS[name].fill(lang, *values)


def said_lines(found: "Verified", lang: Lang, *, whole: bool) -> list[str]:
    """Return what a verified answer says in sentences, with all that it lists; ``whole``: notes in full."""
    from ledger.phrases import details, paragraphs, with_names

    lines = paragraphs(found.question, found.parameters, found.answer, lang, whole=whole)
    lines += [f"  {line}" for line in details(found.answer, lang)]
    return with_names([*lines, *found_lines(found.answer, lang)], found.names, lang)


def answer_lines(
    found: "Verified", lang: Lang, *, whole: bool, then: Sequence[str] = ()
) -> list[str]:
    """Return a verified answer in sentences, ``then`` beside it, and in two lines how much it is worth.

    ``whole``: notes in full.
    """
    return [*said_lines(found, lang, whole=whole), *then, *worth_lines(found, lang)]


def in_zone_of(lines: Sequence[str], zone: str | None) -> list[str]:
    """Return lines with their moments in the time zone that was said, with its offset; else as they are."""
    if zone is None:
        return list(lines)
    from ledger.tables.zone import in_zone

    return [in_zone(line, zone) for line in lines]


def worth_lines(found: "Verified", lang: Lang) -> list[str]:
    """Return about when an answer is and when the log was seen; and what it leans on."""
    at_us, fresh = found.valid_at_us, format_us(found.fresh_us)
    times = [] if at_us is None else [words(lang, "valid_at", format_us(at_us))]
    times.append(words(lang, "known_at", found.known_at))
    seen = words(
        lang, "fresh", fresh, CLOCKS[found.clock].to(lang), SEEN_BY[found.fresh_by].to(lang)
    )
    leaning = [completeness_line(found.completeness, lang)]
    if found.replay_only:
        leaning.append(words(lang, "replay_only", len(found.replay_only)))
    leaning.append(words(lang, "limit"))
    return [parts([WITHIN.to(lang).join(times), seen], lang), parts(leaning, lang)]


def meant_lines(near: list[dict[str, Any]], lang: Lang, by: str | None = None) -> list[str]:
    """Return what may be meant by names nobody registered; ``by`` a server, what is its word alone."""
    from ledger.phrases import with_names

    between = NAMES.to(lang)
    lines = [
        line
        for row in near
        for line in with_names(
            [words(lang, "meant", row["about"], between.join(row["near"]))], row["names"], lang
        )
    ]
    return lines if by is None else [words(lang, "said_by", by, line) for line in lines]


SAID = (
    *("reasons", "notes", "rests_on", "chain", "shop_types"),
    *("entries", "grants", "traders", "shops", "listings", "moves"),
    *("ending", "uncovered", "moved", "trend"),
    *("reports", "results", "promises"),
    *("invitations", "owners", "marks", "held", "given", "listed", "audits", "made_there"),
    *("parties", "papers"),
    *("first", "products", "found", "complaints"),
    *("returned", "times", "missing", "observed"),
    "draws",
)
"""Lists of an answer that its sentences or details say already."""


def found_lines(answer: Any, lang: Lang) -> list[str]:
    """Return what else an answer lists, a line for each row: in English by the names its JSON has."""
    if not isinstance(answer, dict):
        return []
    if lang != ENGLISH:
        from ledger.tables.answered import row_line

        return [
            f"  {row_line(name, item, lang)}"
            for name, listed in answer.items()
            if isinstance(listed, list) and name not in SAID
            for item in listed
        ]
    return [
        f"  {name}: {_row(item)}"
        for name, listed in answer.items()
        if isinstance(listed, list) and name not in SAID
        for item in listed
    ]


def _value(item: Any) -> str:
    """Return a value within a row: what has names of its own stands in brackets."""
    if isinstance(item, list):
        return ", ".join(map(_value, item))
    return f"({_row(item)})" if isinstance(item, dict) else _row(item)


def _row(item: Any) -> str:
    if isinstance(item, bool):
        return "yes" if item else "no"
    if not isinstance(item, dict):
        return str(item)
    said = {name: value for name, value in item.items() if value not in (None, [])}
    if said.get("subject") == said.get("about"):
        said.pop("about", None)
    first = f"entry {said.pop('entry')} " if "entry" in said else ""
    return first + " ".join(f"{name}={_value(value)}" for name, value in said.items())


def completeness_line(completeness: str, lang: Lang) -> str:
    """Return who vouches for completeness."""
    if not completeness.startswith("replayed "):
        return words(lang, "asserted")
    _, share, *_, size = completeness.split(" ")
    return words(lang, "replayed", share, size)


def then_lines(then: "Then | None", at: str | None, lang: Lang) -> list[str]:
    """Return what was answered about a past time with what was known then, if that was otherwise."""
    if then is None:
        return []
    verdict = VERDICTS[then.verdict].to(lang)
    lines = [words(lang, "known_then", at, then.size, verdict)]
    if then.since is not None:
        lines.append(words(lang, "known_since", then.since))
    return lines


def limit_lines(lang: Lang) -> list[str]:
    """Return what a verified answer proves, and what it does not."""
    from ledger.phrases import limits

    return limits(lang)


def refusal_words(row: dict[str, Any], lang: Lang) -> str:
    """Return a refusal in words: the rule's sentence, and what broke it."""
    from ledger.phrases import refusal

    return refusal(row["rule"], row["message"], lang, row.get("reasons", ()))
