"""Papers: whether a party holds one of a kind that covers goods, and why not."""

from collections.abc import Iterator, Sequence

from msgspec import UNSET

from ledger.histories.history import View
from ledger.primitives.near import normal_name
from ledger.questions.requirements import foreign_counts
from ledger.questions.times import dated, registered_by
from ledger.questions.verdict import Asked
from ledger.rules import scope
from ledger.rules.chains import Failure
from ledger.rules.claims import category_of
from ledger.rules.offices import country_at
from ledger.rules.scope import covers_product
from ledger.rules.standing import Standing, standing
from ledger.statements.brand_family import Qualification


def papers(view: View, party: str) -> list[Standing]:
    """Return all qualifications of a party, ended ones too, oldest first."""
    return [
        item
        for item in view.fold(standing, "qualification", party).values()
        if isinstance(item.body, Qualification)
    ]


def paper(item: Standing) -> Qualification:
    """Return the body of a qualification."""
    assert isinstance(item.body, Qualification)  # noqa: S101 - callers asked for papers
    return item.body


def paper_facts(item: Standing) -> dict[str, str | int]:
    """Return what every reason about a paper says: which it is, whose, and by whom."""
    body = paper(item)
    return {
        "kind": body.kind,
        "number": str(body.number),
        "holder": item.subject,
        "issuer": item.issuer,
    }


def paper_failure(asked: Asked, item: Standing) -> Failure | None:
    """Return why a paper does not hold at the time asked about."""
    body, facts = paper(item), paper_facts(item)
    if item.ended is not None and registered_by(asked, item.ended):
        return dated(asked, Failure("paper-withdrawn", (item.index, item.ended), facts))
    if asked.valid_at_us < body.from_.us:
        return Failure("paper-not-yet", (item.index,), facts | {"from": str(body.from_)})
    if not body.covers(asked.valid_at_us):
        return Failure("paper-expired", (item.index,), facts | {"until": str(body.until)})
    return None


def _methods(body: Qualification) -> set[tuple[str, frozenset[str], frozenset[str]]]:
    """Return what an accreditation is for, its names in their normal form."""
    return {
        (
            normal_name(item.method),
            frozenset(map(str, item.categories)),
            frozenset(map(normal_name, item.properties)),
        )
        for item in body.methods
    }


def covers_paper(asked: Asked, later: Standing, earlier: Standing) -> bool:
    """Return whether a paper is of the same kind and for all that another is, whenever."""
    new, old = paper(later), paper(earlier)
    outside = scope.goods_outside(
        new.categories, old.categories, lambda p: category_of(asked.view, p)
    )
    same = (
        new.kind == old.kind
        and new.country == old.country
        and new.of == old.of
        and new.relation == old.relation
    )
    return same and not outside and _methods(old) <= _methods(new)


def _foreign(asked: Asked, item: Standing, category: str) -> Failure | None:
    """Return why a licence of another country does not count: of a holder that is not there, or of such goods."""
    body = paper(item)
    if body.country is UNSET:
        return None
    own = country_at(asked.view, item.subject, asked.valid_at_us)
    if body.country == own and foreign_counts(body.kind, category):
        return None
    facts = paper_facts(item) | {"country": str(body.country), "category": category}
    return Failure("paper-foreign", (item.index,), facts)


def from_abroad(item: Standing) -> Iterator[Failure]:
    """Yield that a licence which an answer rests on is one of another country."""
    body = paper(item)
    if body.country is not UNSET:
        facts = paper_facts(item) | {"country": str(body.country)}
        yield Failure("seller-abroad", (item.index,), facts)


def held_paper(
    asked: Asked, parties: Sequence[str], kind: str, product: str, category: str
) -> Standing | Failure:
    """Return a paper of a kind that covers a product now, held by the first party that does.

    If none holds one: why the newest of the kind does not do, or that there is none.
    """
    failure: Failure | None = None
    for party in parties:
        for item in reversed(papers(asked.view, party)):
            body = paper(item)
            if body.kind != kind:
                continue
            why = paper_failure(asked, item) or _foreign(asked, item, category)
            if why is None and covers_product(body.categories, product, category):
                return item
            if why is None:
                facts = paper_facts(item) | {"category": category}
                why = Failure("paper-goods", (item.index,), facts)
            failure = failure or why
    missing: dict[str, str | int] = {"kind": kind, "party": parties[0], "category": category}
    return failure or Failure("paper-missing", (), missing)
