"""Rules for statements that rest on others: what they cite, and what they amend."""

from collections.abc import Iterable, Iterator

from ledger.rules.brands import proposed
from ledger.rules.chains import read_chain
from ledger.rules.common import operator_of, pairs
from ledger.rules.offices import by_office
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.reports import report_of
from ledger.rules.standing import Standing, answers, may_be_hastened, resolve, standing
from ledger.rules.trade import open_shop
from ledger.statements.amendment_family import Erasure, Supersede, WithdrawnInError
from ledger.statements.brand_family import (
    Authorisation,
    QualificationWithdrawal,
    revokes_for_cause,
)
from ledger.statements.catalogue import (
    CATALOGUE,
    InvalidBody,
    citations_of,
    corrected,
    histories_of,
    type_name,
)
from ledger.statements.envelope import Topic
from ledger.statements.fields import Body, Citation
from ledger.statements.laboratory_family import ObjectionClosed, Tested
from ledger.statements.member_family import ObserverEnded
from ledger.statements.recall_family import Recall, recall_topics
from ledger.statements.trade_family import Listing, ListingEnded, Shop
from ledger.statements.typed import Typed
from ledger.texts import saying
from ledger.texts.joints import Parts, either

AMENDING = tuple(row.name for row in CATALOGUE.values() if row.amends)
EVIDENCE = ("admission", "sanction", "advice")
"""These cite what was weighed, anywhere in the ledger: their own rules look at it."""
UNREPEATED = ("affiliates", "papers-ending")
"""What no amendment joins: they list what was said, not what became of it."""
AS_SAID = ("adverse", "made-at", "made-of")
"""What an amendment joins by what it says itself; by repeating its target's, only one that undoes it."""
RESTING = tuple(
    row.name for row in CATALOGUE.values() if row.name not in EVIDENCE and (row.amends or row.rests)
)


def _body(case: Case) -> Body | None:
    return None if isinstance(case.body, InvalidBody) else case.body


def cited(case: Case) -> Iterator[tuple[Citation, tuple[str, ...], Standing | None]]:
    """Yield what a statement cites: the citation, the types it may have, what it names."""
    body = _body(case)
    if body is None:
        return
    for citation, types in citations_of(body):
        yield citation, types, resolve(case.view, citation)


def absence(citation: Citation, found: Standing | None) -> str | None:
    """Return that a cited statement is not where the citation says."""
    if found is not None:
        return None
    return saying(
        "{id} is not in the history ({topic}, {subject!r})",
        id=citation.id,
        topic=citation.topic,
        subject=citation.subject,
    )


def misfit(types: tuple[str, ...], citation: Citation, found: Standing) -> str | None:
    """Return that a cited statement is not of a type that may be cited there."""
    name = type_name(found.body)
    return (
        None
        if name in types
        else saying(
            "{id} is of type {name}: cite one of {types}",
            id=citation.id,
            name=name,
            types=", ".join(types),
        )
    )


def roundabout(citation: Citation, found: Standing) -> str | None:
    """Return that a statement is cited from another of its histories than its type is."""
    name = type_name(found.body)
    topics = CATALOGUE[name].cited_from
    return (
        None
        if citation.topic in topics
        else saying(
            "{id}: type {name} is cited from {topics}",
            id=citation.id,
            name=name,
            topics=either(topics),
        )
    )


def overtaken(citation: Citation, found: Standing) -> str | None:
    """Return that a cited statement has ended, or that another one corrects it."""
    if found.ended is not None:
        return saying(
            "{type} {id} ended with entry {ended}: cite one that stands",
            type=Typed(type_name(found.body)),
            id=citation.id,
            ended=found.ended,
        )
    if found.version != citation.id:
        return saying(
            "{type} {id} was corrected by entry {replaced}: cite {version}",
            type=Typed(type_name(found.body)),
            id=citation.id,
            replaced=found.replaced,
            version=found.version,
        )
    return None


@rule("cited-absent", *RESTING)
def cited_is_there(case: Case) -> Iterator[Refusal]:
    """Each cited statement is in the history it is cited from.

    *What is cited*: each that is not found.
    """
    for citation, _, found in cited(case):
        if why := absence(citation, found):
            yield Refusal("cited-absent", why)


@rule("cited-type", *RESTING)
def cited_is_of_its_type(case: Case) -> Iterator[Refusal]:
    """Each cited statement is of a type that may be cited there.

    *What is cited*: each found that is, as corrected, of no type that the table of citations has
    for that field [it].
    """
    for citation, types, found in cited(case):
        if found is not None and (why := misfit(types, citation, found)):
            yield Refusal("cited-type", why, (found.index,))


@rule("cited-topic", *RESTING)
def cited_from_its_topic(case: Case) -> Iterator[Refusal]:
    """Each cited statement is cited from the history that its type is cited from.

    *What is cited*: each found, of such a type, whose citation has a topic that its type is not
    cited from [it].
    """
    for citation, types, found in cited(case):
        if found is None or misfit(types, citation, found):
            continue
        if why := roundabout(citation, found):
            yield Refusal("cited-topic", why, (found.index,))


@rule("cited-ended", *RESTING)
def cited_stands(case: Case) -> Iterator[Refusal]:
    """Each cited statement has neither ended nor been corrected by another one.

    *What is cited*: each found that had ended [it, its end]; else that is cited by another id than
    its newest correction's, or than its own without one [it], but for the `target`; nor is that
    asked of a recall that is withdrawn in error: who is tied to nobody does so after who was; nor
    of a grant that is revoked `for_cause` and was not before, nor of an objection that is closed, and open by the report that `report` names (*Answers to a report*).
    """
    amended, body = target_of(case), _body(case)
    for citation, _, found in cited(case):
        if found is None or (citation is amended and found.ended is None):
            continue
        if isinstance(body, WithdrawnInError) and isinstance(found.body, Recall):
            continue
        if citation is amended and (_open_again(case, found) or _hastens(case, found)):
            continue
        if why := overtaken(citation, found):
            ends = () if found.ended is None else (found.ended,)
            yield Refusal("cited-ended", why, (found.index, *ends))


def _hastens(case: Case, target: Standing) -> bool:
    """Return whether a grant that was given notice is revoked for cause."""
    return revokes_for_cause(_body(case)) and may_be_hastened(target)


def _open_again(case: Case, target: Standing) -> bool:
    """Return whether an objection was closed by a retest that its laboratory took back."""
    body = _body(case)
    if not isinstance(body, ObjectionClosed):
        return False
    report = case.view.fold(standing, "sample", case.statement.subject).get(body.report)
    return (
        report is not None
        and isinstance(report.body, Tested)
        and any(one.id == target.id for one in report_of(case.view, report).open_objections)
    )


def target_of(case: Case) -> Citation | None:
    """Return what a statement amends, None for one that amends nothing."""
    return getattr(case.body, "target", None)


def _target(case: Case) -> Standing | None:
    citation = target_of(case)
    return None if citation is None else resolve(case.view, citation)


@rule("target-subjects", *AMENDING)
def target_subjects_repeated(case: Case) -> Iterator[Refusal]:
    """An amending statement repeats the subjects of its target, so it joins the same histories.

    *What is cited*: the `target`. It is cited by a correction's id [it]. Else its own histories,
    without (`statement`, target's id), are not the target's as first said, without those of the
    topics `affiliates` and `papers-ending`, nor, but for `erasure` and `withdrawn-in-error`, of `adverse`,
    `made-at` and `made-of`, on either side; of a type that answers, they lack one of these. Of a `withdrawn-in-error` of a
    recall that names lots (`inspection` in `subjects`) the target's are only those of these lots
    and their products [it].
    """
    citation, target, body = target_of(case), _target(case), _body(case)
    if citation is None or target is None or body is None:
        return
    if citation.id != target.id:
        why = saying(
            "{id} is a correction: amend {id_2}, which it corrects", id=citation.id, id_2=target.id
        )
        yield Refusal("target-subjects", why, (target.index,))
        return
    left_out = UNREPEATED if isinstance(body, WithdrawnInError | Erasure) else UNREPEATED + AS_SAID

    def compared(topics: Iterable[Topic]) -> set[Topic]:
        return {topic for topic in topics if topic[0] not in left_out}

    own = compared(histories_of(case.statement, body)) - {("statement", target.id)}
    theirs = compared(histories_of(target.entry.statement, target.entry.body))
    if isinstance(body, WithdrawnInError) and isinstance(target.body, Recall) and body.lots:
        theirs &= set(recall_topics(body.lots))  # lot by lot
    if own != theirs and not (answers(body) and own > theirs):  # an answer has its own beside
        lacking, foreign = theirs - own, set() if answers(body) else own - theirs
        wrong = []
        if lacking:
            wrong.append(saying("{pairs} is its target's: name it, too", pairs=pairs(lacking)))
        if foreign:
            wrong.append(saying("{pairs} is not its target's: leave it out", pairs=pairs(foreign)))
        why = saying("subjects: {wrong}", wrong=Parts(tuple(wrong)))
        yield Refusal("target-subjects", why, (target.index,))


def _sells_there(case: Case, target: Standing) -> bool:
    """Return whether the issuer is the trader of the shop that a listing is in."""
    if not isinstance(target.body, Listing):
        return False
    shop = open_shop(case.view, target.body.shop)
    return (
        shop is not None
        and isinstance(shop.body, Shop)
        and shop.body.trader == case.statement.issuer
    )


def _ends_its_own(case: Case, body: Body, target: Standing) -> bool:
    """Return whether a shop's trader ends a listing in it, or an observer its term."""
    if isinstance(body, ObserverEnded):
        return case.statement.issuer == target.subject
    return isinstance(body, ListingEnded) and _sells_there(case, target)


def _operators(name: str) -> bool:
    """Return whether the operator may end what others said: by a type of its own, never a correction."""
    return name not in ("supersede", "withdrawn-in-error") and "operator" in CATALOGUE[name].issuers


def _any_office(case: Case, body: Body, target: Standing) -> bool:
    """Return whether any office may end it: a recall in error, a paper of which the operator wrote."""
    if isinstance(body, QualificationWithdrawal):
        return target.issuer == operator_of(case)
    return isinstance(body, WithdrawnInError) and isinstance(target.body, Recall)


@rule("target-issuer", *AMENDING)
def target_amended_by_its_own(case: Case) -> Iterator[Refusal]:
    """Its issuer alone corrects a statement; operator, authority, a grantor above, a shop's trader may end some.

    *What is cited*: the `target`, where its type does not answer. `iss` is another than the
    target's issuer [it], but for these. Of a recall withdrawn in error, or a paper of the
    operator's: an office (`identity`, `iss`) (*Keys and parties*). Else the operator, by (`log`,
    origin), where its row has operator, for no `supersede` or `withdrawn-in-error`. Who decides on
    an appeal, whoever it is. Of a term that is ended: `sub` of the target. Of a listing that is ended: the `trader` of its shop (*Shops and
    measures*). Of a grant: an issuer of its chain, or its mark's holder (*A chain of grants*, 2).
    """
    target, body, issuer = _target(case), _body(case), case.statement.issuer
    if target is None or body is None or answers(body) or issuer == target.issuer:
        return
    name, who = type_name(body), saying("its issuer")
    if _any_office(case, body, target):
        if by_office(case.view, proposed(case)):
            return
        who = saying("its issuer, an authority or the operator")
    elif _operators(name):
        if issuer == operator_of(case):
            return
        who = saying("its issuer or the operator")
    if CATALOGUE[name].effect == "decides" or (_ends_its_own(case, body, target)):
        return  # who decides is told by rules of its own
    if isinstance(target.body, Authorisation):
        if issuer in read_chain(case.view, target).issuers:
            return
        who = saying("its issuer or who granted above it")
    why = saying(
        "entry {index} was issued by {issuer}: only {who} may say this",
        index=target.index,
        issuer=target.issuer,
        who=who,
    )
    yield Refusal("target-issuer", why, (target.index,))


@rule("correction-type", "supersede")
def correction_of_its_type(case: Case) -> Iterator[Refusal]:
    """A correction is of the type of what it corrects.

    *What is cited*: the `target` as first said is of another type than `statement` [it].
    """
    target, body = _target(case), case.body
    if target is None or not isinstance(body, Supersede):
        return
    was, is_ = type_name(target.entry.body), type_name(corrected(body))
    if was != is_:
        why = saying(
            "entry {index} is of type {was}: a {is_} does not correct it",
            index=target.index,
            was=was,
            is_=is_,
        )
        yield Refusal("correction-type", why, (target.index,))


@rule("erasure-fields", "erasure")
def erasure_of_sealed_fields(case: Case) -> Iterator[Refusal]:
    """An erasure names fields that its target, or a correction of it, seals.

    *What is cited*: the `target`. A name in `fields` is that of no commitment in `sealed` of the
    target as first said, or of a `supersede` in (`statement`, its id) [it].
    """
    target, body = _target(case), case.body
    if target is None or not isinstance(body, Erasure):
        return
    versions = [target.entry.body] + [
        corrected(entry.body)
        for entry in case.view.history("statement", target.id).entries()
        if isinstance(entry.body, Supersede)
    ]
    sealed = {item.name for version in versions for item in getattr(version, "sealed", ())}
    missing = [name for name in body.fields if name not in sealed]
    if missing:
        why = saying(
            "entry {index} does not seal {missing}",
            index=target.index,
            missing=", ".join(missing)[:300],
        )
        yield Refusal("erasure-fields", why, (target.index,))
