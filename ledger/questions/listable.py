"""``listable``: whether all conditions for listing a product hold at once."""

from dataclasses import dataclass, field

from ledger.questions.claims import claimed, place_doubts
from ledger.questions.decisions import admission_of, decision
from ledger.questions.decisive import decisive_lots
from ledger.questions.lots import MAX_LOTS, lot_body, recalled
from ledger.questions.may_sell import Sale, sale
from ledger.questions.papers import held_paper
from ledger.questions.renewals import papers_reviewed
from ledger.questions.requirements import needs_certificate, trader_papers
from ledger.questions.undone import ended_later, said_again
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.findings import audit_failures, audits, made_inspections, open_critical
from ledger.rules.standing import Standing, standing_in


@dataclass(slots=True)
class _Weighed:
    """What was found under each condition so far."""

    asked: Asked
    no: list[Failure] = field(default_factory=list)
    unknown: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)
    rests_on: list[int] = field(default_factory=list)


def _admitted(weighed: _Weighed, trader: str) -> None:
    """The trader is admitted by the newest decision, and the papers it rests on hold or were renewed."""
    found = decision(weighed.asked, trader)
    facts: dict[str, str | int] = {"trader": trader}
    if found is None:
        weighed.unknown.append(Failure("trader-not-decided", (), facts))
    elif admission_of(found).decision == "refused":
        weighed.no.append(Failure("trader-refused", (found.index,), facts))
    else:
        weighed.rests_on.append(found.index)
        lapses, renewed = papers_reviewed(weighed.asked, trader, admission_of(found))
        weighed.no += lapses
        weighed.notes += renewed


def _papers(weighed: _Weighed, found: Sale, trader: str, product: str) -> None:
    """The trader holds the papers that the category needs, the goods a certificate if they need one."""
    assert found.claim is not None  # noqa: S101 - asked of known products
    category, chain = str(claimed(found.claim).category), found.path.chain
    wanted = [(kind, [trader]) for kind in trader_papers(category)]
    if needs_certificate(category):
        root = None if chain is None else chain.root
        holders = [trader] if root is None else [trader, root.subject]
        wanted.append(("compulsory-certification", holders))
    else:
        weighed.notes.append(Failure("certificate-not-asked", (), {"category": category}))
    for kind, parties in wanted:
        held = held_paper(weighed.asked, parties, kind, product, category)
        if isinstance(held, Failure):
            weighed.no += [held] if held not in weighed.no else []
        else:
            weighed.rests_on.append(held.index)
            weighed.notes += [
                *ended_later(weighed.asked, [held]),
                *said_again(weighed.asked, [held]),
            ]


def _lots(weighed: _Weighed, lots: list[Standing], trader: str, product: str) -> None:
    """No lot is recalled, nor refused at its newest inspection with this trader, unless answered.

    A recall or refusal is answered by a lot registered after it that passed its inspection.
    """
    asked = weighed.asked
    recalls = list(standing_in(asked.view, "recall", product))
    looked_at = made_inspections(
        asked, standing_in(asked.view, "inspections", f"{trader}\n{product}")
    )
    newest = {item.subject: (item, body) for item, body in looked_at}
    bad: list[Failure] = []
    passed = -1
    for lot in lots:
        id_ = lot.subject
        found = recalled(asked, recalls, id_)
        inspected = newest.get(id_)
        if inspected is not None and inspected[1].decision == "refused":
            body = inspected[1]
            facts: dict[str, str | int] = {"lot": id_, "mode": body.mode, "since": str(body.on)}
            found.append(Failure("lot-refused", (inspected[0].index,), facts))
        elif inspected is not None and not found:
            passed = max(passed, lot.index)
            weighed.rests_on.append(inspected[0].index)
        bad += found
    for failure in bad:
        if failure.entries[0] < passed:
            facts = {"lot": failure.facts["lot"]}
            weighed.notes.append(Failure("lot-answered", (*failure.entries, passed), facts))
        else:
            weighed.no.append(failure)


def _origin(weighed: _Weighed, found: Sale, product: str, trader: str) -> list[str]:
    """Each place where lots that count were made is audited, in time and without open critical findings."""
    lots = decisive_lots(weighed.asked, product, trader, found)
    if not lots:
        weighed.unknown.append(Failure("lots-absent", (), {"product": product}))
    if len(lots) > MAX_LOTS:
        weighed.unknown.append(Failure("walk-limit", (), {"limit": MAX_LOTS}))
        lots = lots[-MAX_LOTS:]
    _lots(weighed, lots, trader, product)
    places = list(dict.fromkeys(str(lot_body(item).facility) for item in lots))
    for place in places:
        overdue, absent = audit_failures(weighed.asked, place)
        weighed.no += [*overdue, *open_critical(weighed.asked, place)]
        weighed.unknown += [*absent, *place_doubts(weighed.asked.view, place)]
        weighed.rests_on += [item.index for item, _ in audits(weighed.asked, place)[-1:]]
    weighed.rests_on += [item.index for item in lots]
    return places


def listable(
    asked: Asked, *, trader: str, product: str, territory: str, channel: str, shop_type: str
) -> Verdict:
    """Return whether a product may be listed, with every condition that fails."""
    found = sale(asked, trader, product, territory, channel, shop_type)
    weighed = _Weighed(
        asked,
        no=list(found.stops),
        unknown=list(found.missing),
        notes=list(found.notes),
        rests_on=list(found.rests_on),
    )
    _admitted(weighed, trader)
    if found.claim is not None:
        _papers(weighed, found, trader, product)
    places = _origin(weighed, found, product, trader)
    return settle(
        no=weighed.no,
        unknown=weighed.unknown,
        notes=weighed.notes,
        rests_on=weighed.rests_on,
        detail=found.detail(asked.view) | {"facilities": places},
    )
