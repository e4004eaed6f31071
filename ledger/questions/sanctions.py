"""``sanctions``: which stand against a trader, shop, product or lot, and which did."""

from typing import Any

from ledger.questions.measures import all_sanctions, lifted, measure, sanctioned, unlimited
from ledger.questions.times import since
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.standing import Standing, standing
from ledger.statements.trade_family import Shop


def _on_record(asked: Asked, subject: str) -> Failure | None:
    """Return that nothing is on record of a subject, None if something is."""
    name, topic = "party", "identity"
    if subject.startswith("urn:shop:"):
        name = topic = "shop"
    elif subject.startswith("https://id.gs1.org/01/"):
        name = topic = "lot" if "/10/" in subject else "product"
    if asked.view.history(topic, subject).count:
        return None
    return Failure(f"{name}-unknown", (), {name: subject})


def _against(asked: Asked, subject: str) -> list[Standing]:
    """Return the sanctions that name a subject; of a shop, also those that hit all of its trader's."""
    found = {item.id: item for item in all_sanctions(asked, subject)}
    if subject.startswith("urn:shop:"):
        for shop in asked.view.fold(standing, "shop", subject).values():
            if isinstance(shop.body, Shop) and shop.ended is None:
                of_trader = all_sanctions(asked, str(shop.body.trader))
                found |= {item.id: item for item in of_trader if unlimited(item)}
    return sorted(found.values(), key=lambda item: item.index)


def _row(item: Standing) -> dict[str, Any]:
    body = measure(item)
    return {
        "entry": item.index,
        "step": body.step,
        "trader": item.subject,
        "from": str(body.from_),
        "until": None if body.until is None else str(body.until),
        "appeal_by": str(body.appeal_by),
        "grounds": str(body.grounds),
        "shops": list(map(str, body.shops)),
        "products": list(map(str, body.products)),
        "lots": list(map(str, body.lots)),
        "lifted_by": None,
    }


def sanctions(asked: Asked, *, subject: str) -> Verdict:
    """Return yes if a sanction stands, with those that do, will, did and were lifted."""
    at_us = asked.valid_at_us
    rows: dict[str, list[dict[str, Any]]] = {"live": [], "coming": [], "past": [], "lifted": []}
    notes: list[Failure] = []
    for item in _against(asked, subject):
        body, row = measure(item), _row(item)
        facts: dict[str, str | int] = {"step": body.step, "subject": item.subject}
        if item.ended is not None and lifted(asked, item):
            group, row["lifted_by"] = "lifted", item.ended
            facts["since"] = since(asked, item.ended)
            notes.append(Failure("sanction-lifted", (item.index, item.ended), facts))
        elif at_us < body.from_.us:
            group = "coming"
            facts["from"] = str(body.from_)
            notes.append(Failure("sanction-coming", (item.index,), facts))
        elif body.covers(at_us):
            group = "live"
            notes.append(sanctioned(item))
        else:
            group = "past"
            facts["until"] = str(body.until)
            notes.append(Failure("sanction-over", (item.index,), facts))
        rows[group].append(row)
    missing = None if any(rows.values()) else _on_record(asked, subject)
    entries = [row["entry"] for group in rows.values() for row in group]
    if missing is not None:
        return settle(unknown=[missing], detail=rows)
    return Verdict("yes" if rows["live"] else "no", (), tuple(notes), tuple(entries), rows)
