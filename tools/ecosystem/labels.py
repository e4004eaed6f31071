"""Pledges of the alliance, labels on what passed, and their withdrawal."""

from ecosystem.institutions import StandardOf, pledge
from ecosystem.pen import DAY_S, Person, Said, time_of
from ecosystem.share import Share

CONDUCT = (
    {"kind": "reports-for-lots", "within_days": 30},
    {"kind": "complaints-answered", "within_days": 15},
    {"kind": "no-critical-failure"},
    {"kind": "improvement-in-time"},
)
LABEL_DAYS = 300


def join(share: Share, member: Person, categories: list[str]) -> None:
    """A brand or trader joins the alliance: it pledges what there is for its goods."""
    assert share.there is not None
    own = [item.cited for name in categories for item in share.there.standards.get(name, ())]
    pledge(share.pen, member, own[:10], [dict(item) for item in CONDUCT])


def label(share: Share, said: Said, standard: StandardOf) -> bool:
    """Label a product on a report that passed every criterion of a standard, if the rules let it."""
    product = said.fields["lot"].partition("/10/")[0]
    fields = {
        "standard": standard.cited,
        "evidence": [said.cite("sample")],
        "until": time_of(share.pen.now_s + LABEL_DAYS * DAY_S),
    }
    if share.pen.refusals("label", share.pen.operator, product, fields):
        return False
    told = share.pen.tell("label", share.pen.operator, product, fields)
    share.labels[product, standard.cited["id"]] = told
    share.told["labels"] += 1
    return True


def withdraw_label(share: Share) -> None:
    """The oldest label is withdrawn."""
    if share.labels:
        told = share.labels.pop(next(iter(share.labels)))
        fields = {"target": told.cite("label"), "reason": "The recipe was changed."}
        share.say("label-withdrawn", share.pen.operator, told.subject, fields)
