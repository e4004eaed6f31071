"""Rules for papers: what each kind has to say, whose a number is, who ends it."""

from collections.abc import Iterator

import msgspec

from ledger.identifiers import is_trademark
from ledger.rules.chains import HOME
from ledger.rules.common import operator_of
from ledger.rules.offices import country_at
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import resolve, standing, standing_in
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import (
    TRADEMARK_KINDS,
    Qualification,
    QualificationWithdrawal,
)
from ledger.texts import saying

CATEGORY_KINDS = (
    "business",
    "production",
    "food-licence",
    "compulsory-certification",
    *TRADEMARK_KINDS,
)
ELSEWHERE = saying("does not belong there")
SETTLING = (*TRADEMARK_KINDS, "affiliation", "gs1-prefix")
"""Kinds by which answers about others change, which rest on no such paper once it has ended."""


@rule("qualification-scope", "qualification")
def qualification_has_scope(case: Case) -> Iterator[Refusal]:
    """A paper has the scope of its kind: goods, methods, a prefix, or whom it affiliates with; no other.

    What its `kind` asks for is left out, or there where it does not: `categories` (business,
    production, food-licence, compulsory-certification, trademark-registered, trademark-pending),
    `methods` and `scheme` (accreditation), `prefix` (gs1-prefix), `of` and `relation`
    (affiliation). An empty list is left out. Or `of` is `sub`.
    """
    body = case.body
    if not isinstance(body, Qualification):
        return
    given = {
        "categories": bool(body.categories),
        "methods": bool(body.methods),
        "of": body.of is not msgspec.UNSET,
        "relation": body.relation is not msgspec.UNSET,
        "scheme": body.scheme is not msgspec.UNSET,
        "prefix": body.prefix is not msgspec.UNSET,
    }
    wanted = {"categories"} if body.kind in CATEGORY_KINDS else {"methods", "scheme"}
    if body.kind == "gs1-prefix":
        wanted = {"prefix"}
    if body.kind == "affiliation":
        wanted = {"of", "relation"}
    for name, there in given.items():
        if there != (name in wanted):
            word = "missing" if name in wanted else ELSEWHERE
            yield Refusal("qualification-scope", f"{body.kind}: {name} {word}")
    if body.of == case.statement.subject:
        yield Refusal("qualification-scope", saying("a party is not affiliated with itself"))


@rule("qualification-number", "qualification")
def qualification_number_fits(case: Case) -> Iterator[Refusal]:
    """A trademark is numbered as a trademark, any other paper as a paper.

    `number` is a trademark-id, and `kind` neither trademark-registered nor trademark-pending; or
    the other way round.
    """
    body = case.body
    if isinstance(body, Qualification) and is_trademark(body.number) != (
        body.kind in TRADEMARK_KINDS
    ):
        yield Refusal(
            "qualification-number",
            saying("{kind} cannot have the number {number}", kind=body.kind, number=body.number),
        )


LICENCES = ("business", "production", "food-licence")
"""Kinds of which every country has its own."""


@rule("qualification-country", "qualification")
def licence_of_the_holders_country(case: Case) -> Iterator[Refusal]:
    """A licence of another country is one of its holder's own.

    It has `country`: `kind` is none of business, production and food-licence; or it is `CN`, which is
    left out; or `sub` is not of that country at `iat` (*Roles*).
    """
    body = case.body
    if not isinstance(body, Qualification) or body.country is msgspec.UNSET:
        return
    if body.kind not in LICENCES:
        why = saying("{kind}: {name} {word}", kind=body.kind, name="country", word=ELSEWHERE)
        yield Refusal("qualification-country", why)
        return
    own = country_at(case.view, case.statement.subject, case.statement.issued_at * MICROSECONDS)
    if body.country in (HOME, "") or body.country != own:
        why = saying(
            "country {country}: left out of a Chinese licence, else that of its holder ({own})",
            country=body.country,
            own=own or saying("not on record"),
        )
        yield Refusal("qualification-country", why)


@rule("qualification-expired", "qualification")
def qualification_not_expired(case: Case) -> Iterator[Refusal]:
    """A paper has not expired when it is issued.

    `until` is `iat` or earlier.
    """
    body = case.body
    if (
        isinstance(body, Qualification)
        and body.until is not None
        and body.until.us <= case.statement.issued_at * MICROSECONDS
    ):
        yield Refusal(
            "qualification-expired",
            saying("expired at {until}: register its renewal", until=body.until),
        )


def _same_number(case: Case) -> Iterator[Refusal]:
    """Yield a refusal for each other holder of a paper's number, at a time that meets the paper's."""
    body = case.body
    if not isinstance(body, Qualification):
        return
    name = "trademark-taken" if body.kind in TRADEMARK_KINDS else "number-taken"
    for other in standing_in(case.view, "qualification-number", str(body.number)):
        if (
            isinstance(other.body, Qualification)
            and other.subject != case.statement.subject
            and body.meets(other.body)
        ):
            why = saying(
                "{number} is held by {subject}: have that withdrawn first",
                number=body.number,
                subject=other.subject,
            )
            yield Refusal(name, why, (other.index,))


@rule("trademark-taken", "qualification")
def trademark_of_one_holder(case: Case) -> Iterator[Refusal]:
    """A trademark has one holder at a time.

    Of a trademark: each paper of another holder that stands in (`qualification-number`, `number`)
    and whose period meets its own, by a moment in both [it].
    """
    if isinstance(case.body, Qualification) and case.body.kind in TRADEMARK_KINDS:
        yield from _same_number(case)


@rule("number-taken", "qualification", bite="replay-only")
def paper_of_one_holder(case: Case) -> Iterator[Refusal]:
    """A paper's number has one holder at a time.

    As `trademark-taken`, of every other kind, by (`qualification-number`, `number`) [it].
    """
    if isinstance(case.body, Qualification) and case.body.kind not in TRADEMARK_KINDS:
        yield from _same_number(case)


@rule("trademark-authority", "qualification")
def trademark_of_an_authority(case: Case) -> Iterator[Refusal]:
    """The operator issues no paper for a trademark of which an authority ever issued one.

    Of a trademark, said by the operator (`log`, origin): (`qualification-number`, `number`) has a
    paper of another issuer, whatever became of it [the first].
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Qualification) or issuer != operator_of(case):
        return
    if body.kind not in TRADEMARK_KINDS:
        return
    for other in case.view.fold(standing, "qualification-number", str(body.number)).values():
        if isinstance(other.body, Qualification) and other.issuer != issuer:
            why = saying(
                "{number} was issued by {issuer}: have that, or another authority, say so",
                number=body.number,
                issuer=other.issuer,
            )
            yield Refusal("trademark-authority", why, (other.index,))
            return


@rule("withdrawal-authority", "qualification-withdrawal")
def settling_ended_by_its_authority(case: Case) -> Iterator[Refusal]:
    """An authority's paper of a trademark, a tie or a GS1 prefix is withdrawn by it, never by the operator.

    *What is cited*: the `target` is a paper of a trademark, of kind affiliation or gs1-prefix, of
    another than the operator (`log`, origin), and `iss` is the operator [it].
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, QualificationWithdrawal) or issuer != operator_of(case):
        return
    found = resolve(case.view, body.target)
    if (
        found is not None
        and isinstance(found.body, Qualification)
        and found.body.kind in SETTLING
        and found.issuer != issuer
    ):
        why = saying(
            "entry {index} is of {issuer}: have that withdraw it",
            index=found.index,
            issuer=found.issuer,
        )
        yield Refusal("withdrawal-authority", why, (found.index,))
