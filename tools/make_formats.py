"""Write what can be made from the code: the published document, and the tables of FORMATS.md.

A table stands between ``<!-- made: NAME -->`` and ``<!-- end -->``; the rest of FORMATS is
written by people.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from textwrap import fill
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ROOT / "FORMATS.md"
DOCUMENT = ROOT / "ledger" / "rules" / "documents" / "1.json"
MADE = re.compile(r"(<!-- made: ([a-z-]+) -->\n)(.*?)(<!-- end -->\n)", re.DOTALL)
WHOLE = {"break_long_words": False, "break_on_hyphens": False}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of Markdown."""
    names = list(head)
    lines = [f"| {' | '.join(row)} |\n" for row in (names, *rows)]
    return lines[0].replace("|  |", "| |") + "|" + "---|" * len(names) + "\n" + "".join(lines[1:])


def code(text: str) -> str:
    """Return a text as code inside a table."""
    return "`" + text.replace("|", "\\|") + "`"


def fields_of(shape: Mapping[str, Any]) -> str:
    """Return fields in words, and what their class refuses beside."""
    told = []
    for item in shape["fields"]:
        name = f"`{item['name']}`" + ("?" if item.get("optional") else "")
        default = f" (left out: {json.dumps(item['default'])})" if "default" in item else ""
        told.append(f"{name} {item['form'].replace('|', chr(92) + '|')}{default}")
    refused = "".join(f" Refused: {text}" for text in shape.get("refuses", ()))
    return "; ".join(told) + "." + refused


def forms(content: Mapping[str, Any]) -> str:
    """Return the table of named texts."""
    rows = []
    for name, row in content["texts"].items():
        least, most = row.get("least"), row.get("most")
        length = "" if most is None else f"{least or 0} to {most:,}"
        if least is not None and least == most:
            length = f"{least}"
        says = row.get("says") or (code(row["pattern"]) if "pattern" in row else "any text")
        rows.append([name, length, says])
    return table(("form", "code points", "content"), rows)


def fields(content: Mapping[str, Any]) -> str:
    """Return the table of the fields of every part and type."""
    told = [[f"*{name}*", fields_of(shape)] for name, shape in content["parts"].items()]
    told += [[f"`{row['type']}`", fields_of(row)] for row in content["types"] if "fields" in row]
    return table(("of", "fields"), told)


def amends(content: Mapping[str, Any]) -> str:
    """Return the table of what amends what."""
    return table(
        ("type", "its target may be", "what it does to it"),
        (
            [f"`{row['type']}`", ", ".join(f"`{name}`" for name in row["amends"]), row["effect"]]
            for row in content["types"]
            if row["amends"]
        ),
    )


def cites(content: Mapping[str, Any]) -> str:
    """Return the table of what is cited where."""
    rows = []
    for row in content["types"]:
        told = [
            f"`{name}` {', '.join(f'`{item}`' for item in types)}"
            for name, types in row["cites"].items()
        ]
        topics = ", ".join(f"`{topic}`" for topic in row["cited_from"])
        if told or topics:
            rows.append([f"`{row['type']}`", topics, "; ".join(told)])
    return table(("type", "cited from", "its citations, and what they may be of"), rows)


def rules(content: Mapping[str, Any]) -> str:
    """Return the table of rules."""
    return table(
        ("id", "types", "", "says"),
        (
            [f"`{row['id']}`", ", ".join(row["types"]), _when(row), row["says"]]
            for row in content["rules"]
        ),
    )


def _when(row: Mapping[str, Any]) -> str:
    return row["bite"] if row["turn"] == "then" else f"{row['bite']}, {row['turn']}"


def numbers(content: Mapping[str, Any]) -> str:
    """Return the table of numbers."""
    return table(
        ("stated in", "numbers"),
        (
            [f"`{module}`", ", ".join(f"{name} {value:,}" for name, value in found.items())]
            for module, found in content["numbers"].items()
        ),
    )


def topics(content: Mapping[str, Any]) -> str:
    """Return the table of by what the histories of each topic are kept."""
    rows = [[code(topic), " or ".join(by) or "any text"] for topic, by in content["topics"].items()]
    return table(("topic", "kept by"), rows)


def limits(content: Mapping[str, Any]) -> str:
    """Return the table of how often one thing is said."""
    return table(
        ("type", "in", "of one", "at most", "within days", "not counted"),
        (
            [
                f"`{row['type']}`",
                " or ".join(f"`{topic}`" for topic in row["histories"]) or "its target's",
                row["by"],
                f"{row['count']}",
                f"{row['days']}",
                row["free"],
            ]
            for row in content["limits"]
        ),
    )


def parameters(content: Mapping[str, Any]) -> str:
    """Return the table of the questions' parameters."""
    return table(
        ("question", "parameters", "about a time"),
        (
            [
                f"`{row['question']}`",
                ", ".join(
                    f"`{item['name']}` {item['form']}"
                    + (f" (usually `{item['default']}`)" if "default" in item else "")
                    for item in row["parameters"]
                ),
                "yes" if row["timed"] else "no",
            ]
            for row in content["questions"]
        ),
    )


def answers(content: Mapping[str, Any]) -> str:
    """Return the table of what answers have of their own."""
    return table(
        ("question", "fields of its answer"),
        ([f"`{row['question']}`", row["answer"]] for row in content["questions"]),
    )


def reads_of(row: Mapping[str, Any]) -> str:
    """Return which histories are read: topics, each with its subjects."""
    return "; ".join(f"`{topic}`: {', '.join(of)}" for topic, of in row["reads"].items())


def rule_steps(content: Mapping[str, Any]) -> str:
    """Return the steps of every rule, as its docstring has them."""
    from ledger.questions.book import MALFORMED, MALFORMED_STEPS, REGISTRY

    steps = {MALFORMED: MALFORMED_STEPS} | {name: row.steps for name, row in REGISTRY.rules.items()}
    items = (f"- `{row['id']}`: {steps[row['id']]}" for row in content["rules"])
    return "".join(fill(item, 110, subsequent_indent="  ", **WHOLE) + "\n" for item in items)


def loosens(_: Mapping[str, Any]) -> str:
    """Return the table of what a correction loosens, field by field."""
    from ledger.rules.loosening import ALWAYS, COMPARED, free
    from ledger.statements.catalogue import CATALOGUE

    def told(fields: Mapping[str, Any], *, always: bool) -> str:
        rows = (
            f"`{name.rstrip('_')}`: {way.__doc__.removeprefix('Return whether ').rstrip('.')}"
            for name, way in fields.items()
            if way is not free and (way in ALWAYS) == always
        )
        return "; ".join(rows)

    return table(
        ("of", "always", "of what speaks against somebody"),
        (
            [f"`{row.name}`", told(fields, always=True), told(fields, always=False)]
            for row in CATALOGUE.values()
            if (fields := COMPARED.get(row.body)) is not None
        ),
    )


def rule_reads(content: Mapping[str, Any]) -> str:
    """Return the table of what rules read."""
    rows = [[f"`{row['id']}`", reads_of(row)] for row in content["rules"] if row["reads"]]
    return table(("rule", "histories that it reads"), rows)


def question_reads(content: Mapping[str, Any]) -> str:
    """Return the table of what questions read."""
    rows = [[f"`{row['question']}`", reads_of(row)] for row in content["questions"]]
    return table(("question", "histories that it reads"), rows)


def reasons(content: Mapping[str, Any]) -> str:
    """Return the table of reasons and notes."""
    from ledger.phrases.sentences import REASONS
    from ledger.rules.codes import CODES

    entries = {row["code"]: row["entries"] for row in content["reasons"]}
    return table(
        ("code", "entries", "facts", "says", "what would mend it"),
        (
            [
                f"`{name}`",
                ", ".join(entries[name]) or "none",
                ", ".join(f"`{fact}`" for fact in facts) or "none",
                REASONS[name].en,
                REASONS[name].mend or "nothing need be",
            ]
            for name, facts in CODES.items()
        ),
    )


TABLES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "forms": forms,
    "fields": fields,
    "amends": amends,
    "cites": cites,
    "rules": rules,
    "numbers": numbers,
    "topics": topics,
    "limits": limits,
    "parameters": parameters,
    "answers": answers,
    "rule-reads": rule_reads,
    "loosens": loosens,
    "rule-steps": rule_steps,
    "question-reads": question_reads,
    "reasons": reasons,
}


def digest_line(raw: bytes) -> str:
    """Return the line that names the document's digest."""
    return f"`{sha256(raw).hexdigest()}`\n"


def written(text: str, raw: bytes) -> str:
    """Return FORMATS with every made part as this document has it."""
    content = json.loads(raw)

    def one(found: re.Match[str]) -> str:
        name = found[2]
        made = digest_line(raw) if name == "digest" else TABLES[name](content)
        return found[1] + made + found[4]

    return MADE.sub(one, text)


def main() -> None:
    sys.path.insert(0, str(ROOT))
    import make_vectors

    from ledger.questions.document import document

    raw = document(make_vectors.digest(), make_vectors.reads())
    DOCUMENT.write_bytes(raw)
    FORMATS.write_text(written(FORMATS.read_text(encoding="utf-8"), raw), encoding="utf-8")


if __name__ == "__main__":
    main()
