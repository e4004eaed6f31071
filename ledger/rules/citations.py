"""Rules for statements that rest on others: what they cite, and what they amend."""

from collections.abc import Iterator

from ledger.rules.chains import read_chain
from ledger.rules.common import operator_of
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, resolve
from ledger.statements.amendment_family import Supersede
from ledger.statements.brand_family import Authorisation
from ledger.statements.catalogue import (
    CATALOGUE,
    InvalidBody,
    citations_of,
    corrected,
    histories_of,
    type_name,
)
from ledger.statements.fields import Body, Citation

AMENDING = tuple(row.name for row in CATALOGUE.values() if row.amends)


def _body(case: Case) -> Body | None:
    return None if isinstance(case.body, InvalidBody) else case.body


def _cited(case: Case) -> Iterator[tuple[Citation, tuple[str, ...], Standing | None]]:
    body = _body(case)
    if body is None:
        return
    for citation, types in citations_of(body):
        yield citation, types, resolve(case.view, citation)
    if isinstance(body, Supersede):
        for citation, types in CATALOGUE[type_name(inner := corrected(body))].cites(inner):
            yield citation, types, resolve(case.view, citation)


@rule("cited-absent", "native")
def cited_is_there(case: Case) -> Iterator[Refusal]:
    """Each cited statement is in the history it is cited from."""
    for citation, _, found in _cited(case):
        if found is None:
            where = f"({citation.topic}, {citation.subject!r})"
            yield Refusal("cited-absent", f"{citation.id} is not in the history {where}")


@rule("cited-type", "native")
def cited_is_of_its_type(case: Case) -> Iterator[Refusal]:
    """Each cited statement is of a type that may be cited there."""
    for citation, types, found in _cited(case):
        if found is not None and type_name(found.body) not in types:
            why = f"{citation.id} is a {type_name(found.body)}: cite a {' or '.join(types)}"
            yield Refusal("cited-type", why, (found.index,))


@rule("cited-ended", "native")
def cited_stands(case: Case) -> Iterator[Refusal]:
    """Each cited statement has neither ended nor been corrected by another one."""
    amended = target_of(case)
    for citation, _, found in _cited(case):
        if found is None:
            continue
        if found.ended is not None:
            why = f"{citation.id} ended with entry {found.ended}: cite one that stands"
            yield Refusal("cited-ended", why, (found.index, found.ended))
        elif found.version != citation.id and citation is not amended:
            why = f"{citation.id} was corrected by entry {found.replaced}: cite {found.version}"
            yield Refusal("cited-ended", why, (found.index,))


def target_of(case: Case) -> Citation | None:
    """Return what a statement amends, None for one that amends nothing."""
    return getattr(case.body, "target", None)


def _target(case: Case) -> Standing | None:
    citation = target_of(case)
    return None if citation is None else resolve(case.view, citation)


@rule("target-subjects", *AMENDING)
def target_subjects_repeated(case: Case) -> Iterator[Refusal]:
    """An amending statement repeats the subjects of its target, so it joins the same histories."""
    target, body = _target(case), _body(case)
    if target is None or body is None:
        return
    own = set(histories_of(case.statement, body)) - {("statement", target.id)}
    theirs = set(histories_of(target.entry.statement, target.entry.body))
    if own != theirs:
        names = sorted(f"({topic}, {subject!r})" for topic, subject in own ^ theirs)
        why = f"other subjects than its target: {', '.join(names)[:400]}"
        yield Refusal("target-subjects", why, (target.index,))


@rule("target-issuer", *AMENDING)
def target_amended_by_its_own(case: Case) -> Iterator[Refusal]:
    """Only who may do so amends a statement: its issuer, the operator for papers, who granted above."""
    target, issuer = _target(case), case.statement.issuer
    if target is None or issuer == target.issuer:
        return
    name = "" if (body := _body(case)) is None else type_name(body)
    if (
        name != "supersede"
        and "operator" in CATALOGUE[name].issuers
        and issuer == operator_of(case)
    ):
        return
    if isinstance(target.body, Authorisation) and issuer in read_chain(case.view, target).issuers:
        return
    who = (
        "its issuer or who granted above it" if name == "authorisation-revocation" else "its issuer"
    )
    why = f"entry {target.index} was issued by {target.issuer}: only {who} may say this"
    yield Refusal("target-issuer", why, (target.index,))
