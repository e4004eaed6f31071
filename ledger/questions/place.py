"""``place``: whose a place is, who audited it and when, and what is open against it."""

from typing import Any

from ledger.questions.claims import place_doubts
from ledger.questions.open import of_places
from ledger.questions.pages import of_page, pages
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.audits import audit_failures, audits
from ledger.rules.claims import claims_of, holding
from ledger.rules.standing import Standing
from ledger.statements.origin_family import Facility, OriginAudit

PAGE = 50
"""Audits listed on one page, the newest first."""


def _place(item: Standing) -> Facility:
    assert isinstance(item.body, Facility)  # noqa: S101 - claims on places are facilities
    return item.body


def _audit(item: Standing, body: OriginAudit) -> dict[str, Any]:
    return {
        "entry": item.index,
        "auditor": item.issuer,
        "on": str(body.on),
        "next_due": str(body.next_due),
        "findings": [
            {"point": str(one.point), "severity": one.severity, "text": str(one.text)}
            for one in body.findings
        ],
    }


def place(asked: Asked, *, place: str, page: str) -> Verdict:
    """Return yes if a place is audited in time and nothing is open against it, with whose it is."""
    held = claims_of(holding(asked.view, "facility", place))
    made = audits(asked, place)[::-1]
    overdue, absent = audit_failures(asked, place)
    opened = of_places(asked, {place: 0})
    shown = of_page(made, page, PAGE)
    return settle(
        no=once((*opened.no, *overdue)),
        unknown=once((*opened.unknown, *absent, *place_doubts(asked.view, place))),
        notes=once(opened.notes),
        rests_on=[item.index for item in (*(one.item for one in held), *(i for i, _ in shown))],
        detail={
            "page": int(page),
            "pages": pages(len(made), PAGE),
            "audited": len(made),
            "open": len(opened.no),
            "owners": [
                {
                    "party": one.maker,
                    "entry": one.item.index,
                    "country": str(_place(one.item).country),
                    "activities": list(map(str, _place(one.item).activities)),
                }
                for one in held
            ],
            "audits": [_audit(*one) for one in shown],
        },
    )
