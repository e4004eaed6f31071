"""What once stood against an answer and was undone: said again, granted again, lifted.

Whoever may undo it may; but no answer turns back to yes without saying so.
"""

from collections.abc import Iterable, Iterator

from ledger.questions.times import registered_by, since
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure, trademarks
from ledger.rules.codes import SINCE
from ledger.rules.standing import Standing, standing
from ledger.statements.brand_family import Authorisation, Qualification, grant_subject

Facts = dict[str, str | int]
MAX_REASON = 200
"""Characters of somebody's reason that a note repeats."""


def by_whom(asked: Asked, item: Standing, topic: str, index: int) -> Facts:
    """Return who ended or changed a statement by an entry of its history, and the reason given."""
    entries = asked.view.history(topic, item.subject).entries()
    entry = next(entry for entry in entries if entry.index == index)
    why = getattr(entry.body, "reason", "")
    return {"by": entry.statement.issuer, "why": str(why)[:MAX_REASON]}


def _facts(item: Standing) -> tuple[str, Facts]:
    """Return "grant" or "paper", and the facts of its notes."""
    body = item.body
    if isinstance(body, Qualification):
        return "paper", {"kind": body.kind, "number": str(body.number)}
    return "grant", {"issuer": item.issuer, "grantee": item.subject}


def ended_later(asked: Asked, items: Iterable[Standing]) -> Iterator[Failure]:
    """Yield which papers and grants ended after the time asked about: they carried it then."""
    for item in items:
        if item.ended is not None and not registered_by(asked, item.ended):
            what, facts = _facts(item)
            facts[SINCE] = since(asked, item.ended)
            yield Failure(f"{what}-ended-later", (item.index, item.ended), facts)


def _before(asked: Asked, item: Standing) -> Iterable[Standing]:
    """Return what is on record of the same grantee and brand, or of the same trademark or holder."""
    view, body = asked.view, item.body
    match body:
        case Authorisation(brand=brand):
            return view.fold(standing, "grant", grant_subject(brand, item.subject)).values()
        case Qualification(kind=kind, number=number) if kind.startswith("trademark"):
            return trademarks(view, str(number))
        case Qualification(kind=kind):
            known = view.fold(standing, "qualification", item.subject).values()
            return [one for one in known if getattr(one.body, "kind", "") == kind]
        case _:
            return ()


def said_again(asked: Asked, items: Iterable[Standing]) -> Iterator[Failure]:
    """Yield which papers and grants follow one that was revoked or withdrawn: the newest of each."""
    for item in items:
        ended = [
            (one.ended, one.index)
            for one in _before(asked, item)
            if one.ended is not None and one.ended < item.index and registered_by(asked, one.ended)
        ]
        if ended:
            end, index = max(ended)
            what, facts = _facts(item)
            if what == "paper":
                facts["by"] = item.issuer
            facts[SINCE] = since(asked, item.index)
            yield Failure(f"{what}-again", (index, end, item.index), facts)
