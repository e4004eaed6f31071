"""Templates filled from what is on record: an inspection's from its plan, a report's from its sample.

What only whoever signs can know stays the template's blank, which ``sign`` asks for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import UNSET

from ledger.cli.compose import citation_of
from ledger.cli.forms import template
from ledger.errors import UsageError
from ledger.histories.history import View
from ledger.questions.papers import paper
from ledger.rules.lot_sizes import made_of
from ledger.rules.reports import inspected_trader
from ledger.rules.standing import Standing, standing_in, with_amendments
from ledger.statements.brand_family import Qualification
from ledger.statements.criteria import WORDED, Criterion
from ledger.statements.envelope import SignedStatement
from ledger.statements.fields import Body
from ledger.statements.inspection_family import Custody, Inspection
from ledger.statements.standard_family import BaselineStandard, Standard
from ledger.texts import Lang, Words

DRAWN = ("severity", "sample_size", "accept", "reject")
"""Fields of an inspection that a plan says."""


WORDS = {
    "unknown": Words(
        "{lot} is not on record: whoever made it registers it first (pinyuan sign lot)"
    ),
    "more": Words("--lot-size {size}: {items} items of {lot} were made, by entry {entry}"),
}


def check_made(view: View, lot: str, size: int, *, lang: Lang) -> None:
    """Refuse to fill in what no inspection may say: of a lot nobody registered, of more than was made.

    Raises:
        UsageError: says which.

    """
    made = made_of(view, lot)
    if made is None:
        raise UsageError(WORDS["unknown"].fill(lang, lot=lot))
    if made.items is not None and size > made.items:
        told = {"lot": lot, "size": size, "items": made.items, "entry": made.item.index}
        raise UsageError(WORDS["more"].to(lang).format_map(told))


def answered(
    statement: Callable[[str], tuple[SignedStatement, Body | None]],
    reasons: Iterable[Mapping[str, Any]],
    trader: str,
) -> list[str]:
    """Return the inspections at a trader that reasons of a lot rest on, by id: another one has to cite them.

    Args:
        statement: returns what an index stands for.
        reasons: what is open against the lot, as an answer of ``trace`` has it.
        trader: with whom the lot is inspected again.

    """
    found: dict[str, None] = {}
    for reason in reasons:
        for entry in reason["entries"]:
            signed, body = statement(str(entry))
            if isinstance(body, Inspection) and body.trader == trader:
                found[signed.id.hex()] = None
    return [*found]


def inspection(
    plan: Mapping[str, Any], parameters: Mapping[str, str], again: Sequence[str], *, lang: Lang
) -> dict[str, Any]:
    """Return an inspection's fields as a plan has them; what was found is left to fill in.

    Args:
        plan: what an answer of ``plan`` says is to be drawn.
        parameters: of that question.
        again: the inspections that it is to answer, by id.
        lang: of the blanks.

    """
    blank = template("inspection", lang, everything=False)
    asked = {name: parameters[name] for name in ("mode", "trader", "level", "aql")}
    drawn = {name: plan[name] for name in DRAWN}
    cited = {"answers": [*again]} if again else {}
    return blank | asked | {"lot_size": int(parameters["lot_size"])} | drawn | cited


def test_report(
    view: View,
    sample: str,
    laboratory: str,
    standard: tuple[SignedStatement, Body | None] | None,
    *,
    lang: Lang,
) -> dict[str, Any]:
    """Return a report's fields as its sample's custody, the laboratory's papers and a standard have them.

    Raises:
        UsageError: the laboratory has not taken the sample over, or the standard is none.

    """
    received = _received(view, sample, laboratory)
    body = received.body
    assert isinstance(body, Custody)  # noqa: S101 - chosen as such
    known = {"lot": str(body.lot), "custody": received.id, "received": str(body.at)}
    if (sampled := inspected_trader(view, sample)) is not None:
        known["trader"] = sampled[0]
    blank = template("test-report", lang, everything=False)
    papers = list(_accreditations(view, laboratory))
    if papers:
        known["accreditations"] = [  # type: ignore[assignment]  # a list among texts
            citation_of(item.entry.statement, item.entry.body) for item in papers
        ]
    methods = {str(one.method) for item in papers for one in paper(item).methods}
    if len(methods) == 1:
        known["method"] = methods.pop()
    said = {} if standard is None else _judged_by(*standard, blank["results"][0])
    return blank | known | said


def _received(view: View, sample: str, laboratory: str) -> Standing:
    """Return the newest link by which a laboratory has a sample."""
    found = [
        item
        for item in standing_in(view, "sample", sample)
        if isinstance(item.body, Custody) and item.issuer == laboratory
    ]
    if not found:
        raise UsageError(
            "{laboratory} has not taken {sample} over: register its custody first (pinyuan sign custody)",
            laboratory=laboratory,
            sample=sample,
        )
    return found[-1]


def _accreditations(view: View, laboratory: str) -> Iterator[Standing]:
    """Yield the accreditations of a laboratory that have not ended, but for those renewed, newest first."""
    for item in standing_in(view, "qualification", laboratory):
        body = item.body
        if isinstance(body, Qualification) and body.kind == "accreditation":
            amended = with_amendments(view, item)
            if amended.ended is None:
                yield amended


def _judged_by(
    statement: SignedStatement, body: Body | None, blank: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the standard's citation, and a result to fill in for each property it has a limit for."""
    if not isinstance(body, Standard | BaselineStandard):
        raise UsageError("--standard: {id} is no standard", id=statement.id.hex())
    return {"standard": citation_of(statement, body), "results": _rows(body.criteria, blank)}


def _rows(criteria: Iterable[Criterion], blank: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for one in criteria:
        named = {"property": str(one.property), "unit": str(one.unit)}
        code = {} if one.cas is UNSET else {"cas": str(one.cas)}
        rows.setdefault(str(one.property), {**_to_fill_in(one, blank), **named, **code})
    return list(rows.values())


def _to_fill_in(criterion: Criterion, blank: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result to fill in as a criterion asks: a value, one for each unit, or words."""
    rest = {name: said for name, said in blank.items() if name not in ("value", "words", "against")}
    plan = criterion.plan()
    if criterion.direction in WORDED:
        described = criterion.direction == "described"
        against = {"against": criterion.asks()} if described else {}
        return rest | {"words": blank["against"]} | against
    return rest | (
        {"value": blank["value"]} if plan is None else {"values": [blank["value"]] * plan.n}
    )
