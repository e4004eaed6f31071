"""What became of a statement: all that later ones say of it, whichever field names it.

What amends a statement joins (``statement``, its id). What decides on a claim, answers a refusal
or overrules a decision cites it, and joins the history that it is cited from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.histories.history import Entry, View
from ledger.rules.standing import Standing, corrections, standing
from ledger.statements.amendment_family import Supersede
from ledger.statements.catalogue import CATALOGUE, histories_of, type_name
from ledger.statements.catalogue import citations_of as cited_by
from ledger.statements.claim_family import CLAIMING
from ledger.statements.fields import Body, Citation
from ledger.statements.sanction_family import Sanction
from ledger.statements.trade_family import Admission

DOES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "claim-decided.rejected": ("rejects", CLAIMING),
    "claim-decided.upheld": ("upholds", CLAIMING),
    "claim-decided.overrules": ("overrules", ("claim-decided",)),
    "inspection.answers": ("reinspects", ("inspection",)),
    "admission.evidence": ("overrules", ("admission",)),
    "sanction.triggers": ("confirms", ("sanction",)),
    "movement.shipment": ("receives", ("movement",)),
}
"""``type.field`` -> what a statement does to others of some types that it cites there.

An admission overrules a refusal, a sanction confirms an interim one, a receipt a shipment; of other types both only
rest on what they cite.
"""
RESTS = (
    "authorisation.parent", "product.under", "standard.baselines",
    "alliance-pledge.standards", "sampling-switch.action", "sample-sealed.inspection",
    "test-report.accreditations", "test-report.standard", "retest-report.accreditations",
    "retest-report.standard", "objection-closed.retest", "advice.grounds",
    "improvement-plan.cause", "improvement-step.cause", "improvement-verified.cause",
    "label.standard", "label.evidence", "observer.application", "visit.invitation", "observer-application.call",
    "observer-declined.application", "invitation.checklist", "invitation.pick",
    "observation.visit", "quality-index.model",
    "draw.programme", "draw-result.draw", "inspection.pick",
)  # fmt: skip
"""Fields in which a statement cites what it only rests on."""

SETTLES = "settles"
"""Closes what was said against it: an objection to a report."""


@dataclass(frozen=True, slots=True)
class Later:
    """A later entry and what it does: an effect of the catalogue, or one of those above."""

    entry: Entry
    effect: str


def _citing(body: Body) -> Iterator[tuple[str, str]]:
    """Yield the fields in which a payload cites others that it does something to, with their ids."""
    name = type_name(body)
    for key in DOES:
        type_, _, field = key.partition(".")
        if type_ == name:
            value: Any = getattr(body, field)
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Citation):
                    yield key, one.id


def _does(key: str, about: Body) -> bool:
    """Return whether what cites a statement in this field does something to it."""
    if type_name(about) not in DOES[key][1]:
        return False
    match key:
        case "admission.evidence":
            return isinstance(about, Admission) and about.decision == "refused"
        case "sanction.triggers":
            return isinstance(about, Sanction) and about.interim
        case _:
            return True


def _joining(view: View, entry: Entry, name: str) -> Iterator[Later]:
    """Yield what joined (``statement``, an entry's id): its amendments, but for ends behind the first."""
    topic = ("statement", entry.statement.id.hex())
    ended = False
    for later in view.history(*topic).entries():
        if later.body is None:
            continue
        row = CATALOGUE[type_name(later.body)]
        effect: str = row.effect if name in row.amends else SETTLES
        if effect != "ends" or not ended:
            yield Later(later, effect)
        ended = ended or effect == "ends"


def became(view: View, entry: Entry) -> list[Later]:
    """Return what later entries say of one, oldest first: the first end of it, and all else.

    Args:
        view: where histories are read.
        entry: the entry.

    """
    body = entry.body
    if body is None:
        return []
    name = type_name(body)
    found = {later.entry.index: later for later in _joining(view, entry, name)}
    corrected = (it.entry for it in found.values() if isinstance(it.entry.body, Supersede))
    own = {entry.statement.id.hex(), *(one.statement.id.hex() for one in corrected)}
    citing = [key for key in DOES if _does(key, body)]
    cited_from = CATALOGUE[name].cited_from if citing else ()
    for topic in histories_of(entry.statement, body):
        if topic[0] in cited_from:
            for item in view.fold(standing, *topic).values():
                for key, cited in _citing(item.body):
                    if cited in own and key in citing and item.index > entry.index:
                        found.setdefault(item.index, Later(item.entry, DOES[key][0]))
    return [found[index] for index in sorted(found)]


def _cited(view: View, citation: Citation) -> Standing | None:
    """Return what is cited, amended; each history is asked for by itself."""
    topic = (citation.topic, citation.subject)
    known = view.fold(standing, *topic)
    target = view.fold(corrections, *topic).get(citation.id, citation.id)
    item = known.get(target)
    if item is None:
        return None
    own = ("statement", item.id)
    for later in view.history(*own).entries():
        if later.body and type_name(item.entry.body) in CATALOGUE[type_name(later.body)].amends:
            item = item.amended(later)
    return item


_MAX_CITED = 20
"""Statements that one rests on that are looked at; none has reason to rest on more."""


def fallen_grounds(view: View, entry: Entry) -> list[tuple[int, int]]:
    """Return what an entry rests on that has ended, each with the entry that ended it."""
    if entry.body is None:
        return []
    target = getattr(entry.body, "target", None)
    cited = [one for one, _ in cited_by(entry.body) if one is not target][:_MAX_CITED]
    items = (_cited(view, one) for one in cited)
    return [(item.index, item.ended) for item in items if item and item.ended is not None]
