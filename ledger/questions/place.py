"""``place``: whose a place is, who audited it and when, what is open against it, what was made there."""

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.identifiers import ALL
from ledger.questions.claims import place_doubts
from ledger.questions.lots import lot_body
from ledger.questions.open import Places
from ledger.questions.pages import of_page, pages
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.audits import audit_failures, audits
from ledger.rules.claims import claims_of, holding
from ledger.rules.standing import Standing, standing_of
from ledger.statements.fields import Findings
from ledger.statements.origin_family import Facility, Lot, OriginAudit, made_at

PAGE = 50
"""Audits listed on one page, the newest first, and lots, as they were stated."""


def _place(item: Standing) -> Facility:
    assert isinstance(item.body, Facility)  # noqa: S101 - claims on places are facilities
    return item.body


def finding_rows(findings: Findings) -> list[dict[str, Any]]:
    """Return findings as JSON."""
    return [
        {"point": str(one.point), "severity": one.severity, "text": str(one.text)}
        for one in findings
    ]


def _audit(item: Standing, body: OriginAudit) -> dict[str, Any]:
    return {
        "entry": item.index,
        "auditor": item.issuer,
        "on": str(body.on),
        "next_due": str(body.next_due),
        "findings": finding_rows(body.findings),
    }


def _lots(asked: Asked, place: str, makers: Iterable[str]) -> list[tuple[str, str]]:
    """Return the lots that parties stated as made at a place, each with who did, as they came."""
    return [
        (entry.statement.subject, maker)
        for maker in makers
        for entry in asked.view.history("made-at", made_at(place, maker)).entries()
        if registered_by(asked, entry.index)
    ]


def _made(asked: Asked, place: str, lots: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Yield what stands of lots, where they were made there by what is said now."""
    for lot, maker in lots:
        for item in standing_of(asked.view, "lot", lot, Lot):
            body = lot_body(item)
            if item.issuer == maker and body.facility == place and registered_by(asked, item.index):
                yield {
                    "entry": item.index,
                    "lot": lot,
                    "maker": maker,
                    "made": str(body.made),
                    "amount": str(body.quantity.amount),
                    "unit": str(body.quantity.unit),
                }


def place(asked: Asked, *, place: str, maker: str, page: str) -> Verdict:
    """Return yes if a place is audited in time and nothing is open against it, with whose it is."""
    held = claims_of(holding(asked.view, "facility", place))
    made = audits(asked, place)[::-1]
    overdue, absent = audit_failures(asked, place)
    opened = Places({place: 0}).opened(asked)
    shown = of_page(made, page, PAGE)
    makers = [one.maker for one in held] if maker == ALL else [maker]
    lots = list(dict.fromkeys(_lots(asked, place, makers)))
    rows = list(_made(asked, place, of_page(lots, page, PAGE)))
    return settle(
        no=once((*opened.no, *overdue)),
        unknown=once((*opened.unknown, *absent, *place_doubts(asked.view, place))),
        notes=once(opened.notes),
        rests_on=(
            *(one.item.index for one in held),
            *(item.index for item, _ in shown),
            *(row["entry"] for row in rows),
        ),
        detail={
            "page": int(page),
            "pages": pages(max(len(made), len(lots)), PAGE),
            "audited": len(made),
            "open": len(opened.no),
            "lots": len(lots),
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
            "made_there": rows,
        },
    )
