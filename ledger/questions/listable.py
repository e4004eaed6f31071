"""``listable``: whether all conditions for listing a product hold at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.questions.claims import claimed, lots_absent, place_doubts, places_unconfirmed
from ledger.questions.decisions import admission_of, decision, overruled_notes
from ledger.questions.decisive import own_lots, said_by_makers
from ledger.questions.lots import lot_body
from ledger.questions.open import (
    Opened,
    ProductOpen,
    against_lots,
    counted,
    counting_lots,
    inputs_of_lots,
    sold_by,
)
from ledger.questions.papers import from_abroad, held_paper
from ledger.questions.renewals import papers_reviewed
from ledger.questions.requirements import needs_certificate, trader_papers
from ledger.questions.sale import Sale, sale
from ledger.questions.undone import ended_later, said_again
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.audits import audit_failures, audited
from ledger.rules.chains import Failure
from ledger.rules.claims import ever_held_brand_of
from ledger.rules.favour import Uses
from ledger.rules.standing import Standing


@dataclass(slots=True)
class _Weighed:
    """What was found under each condition so far."""

    asked: Asked
    no: list[Failure] = field(default_factory=list)
    unknown: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)
    rests_on: list[int] = field(default_factory=list)
    open: list[Failure] = field(default_factory=list)


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
        weighed.notes += overruled_notes(weighed.asked, found)
        lapses, renewed = papers_reviewed(weighed.asked, trader, admission_of(found))
        weighed.no += lapses
        weighed.notes += renewed


def _papers(weighed: _Weighed, found: Sale, trader: str, product: str, territory: str) -> None:
    """The trader holds the papers that the category needs, the goods a certificate if they need one there."""
    assert found.claim is not None  # noqa: S101 - asked of known products
    category = str(claimed(found.claim).category)
    wanted = [(kind, [trader]) for kind in trader_papers(category)]
    if needs_certificate(category, territory):
        wanted.append(("compulsory-certification", [trader, *reversed(found.path.above)]))
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
                *from_abroad(held),
            ]


def _open(
    asked: Asked, product: str, found: Sale, trader: str, own: Sequence[Standing]
) -> tuple[Opened, Asked]:
    """Return what speaks against a product's lots, what they were made of, and where.

    And what is asked, for all who use what they were made of. ``own``: those that are the trader's
    concern. Of one that counted by what was said of it before, what it was made of counts still, and
    what was found by then where.
    """
    above, lots = found.path.above, counting_lots(asked, own)
    of_brand = [item for item in own if ever_held_brand_of(asked.view, product, item.issuer)]
    uses, earlier = Uses(asked.view), said_by_makers(asked, product, (*lots, *of_brand))
    before = {item.id: counted(asked, earlier(item)) for item in own if item not in lots}
    once_counted = [item for item in own if before.get(item.id)]
    for item in (*lots, *once_counted):
        uses.take(item, earlier=earlier(item))
    opened = ProductOpen(sold_by(asked, trader, above, uses), product)
    of_sale = opened.of_own(trader, above, lambda: lots)
    # What an off-sale lot was made of was recalled with it.
    kept = [item for item in (*lots, *once_counted) if not opened.off_sale(item.subject)]
    made_of, places, used = inputs_of_lots(asked, kept, uses)
    asked, inputs = sold_by(asked, trader, above, uses), Opened()
    for _, against in against_lots(asked, made_of, used):
        inputs.add(against)
    places.take(lots, earlier)
    for item in once_counted:
        places.leave(before[item.id])
    there = places.opened(asked)
    speaks = Opened(
        once((*of_sale.no, *inputs.no, *there.no)),
        once((*of_sale.unknown, *inputs.unknown, *there.unknown)),
        once((*of_sale.notes, *inputs.notes, *there.notes)),
    )
    return speaks, asked


def _origin(asked: Asked, found: Sale, product: str, trader: str) -> tuple[_Weighed, list[str]]:
    """Nothing is open against the lots that count, what they were made of, nor where.

    Each place where they were made is audited, in time.
    """
    weighed = _Weighed(asked)
    own = own_lots(asked, product, trader, found)
    lots = counting_lots(asked, own)
    if not lots:
        weighed.unknown += lots_absent(asked.view, product)
    places = dict.fromkeys(str(lot_body(item).facility) for item in lots)
    opened, asked = _open(asked, product, found, trader, own)
    weighed.open = [*opened.no, *opened.unknown]
    weighed.no += opened.no
    weighed.unknown += opened.unknown
    weighed.notes += opened.notes
    for place in places:
        overdue, absent = audit_failures(asked, place)
        weighed.no += overdue
        weighed.unknown += [*absent, *place_doubts(asked.view, place)]
        newest = audited(asked, place)
        weighed.rests_on += [] if newest is None else [newest[0].index]
    weighed.notes += places_unconfirmed(asked, lots)
    weighed.rests_on += [item.index for item in lots]
    return weighed, list(places)


class Listables:
    """``listable``, asked many times about one moment: what several sales share is weighed once."""

    def __init__(self, asked: Asked) -> None:
        """Begin with nothing weighed."""
        self._asked = asked
        self._origins: dict[tuple[str, ...], tuple[_Weighed, list[str]]] = {}
        self._answers: dict[tuple[str, ...], Verdict] = {}

    def ask(
        self, *, trader: str, product: str, territory: str, channel: str, shop_type: str, shop: str
    ) -> Verdict:
        """Return whether a product may be listed, with every condition that fails."""
        key = (trader, product, territory, channel, shop_type, shop)
        if key not in self._answers:
            self._answers[key] = self._judged(*key)
        return self._answers[key]

    def _judged(
        self, trader: str, product: str, territory: str, channel: str, shop_type: str, shop: str
    ) -> Verdict:
        asked = self._asked
        found = sale(asked, trader, product, territory, channel, shop_type, shop)
        weighed = _Weighed(
            asked,
            no=list(found.stops),
            unknown=list(found.missing),
            notes=list(found.notes),
            rests_on=list(found.rests_on),
        )
        _admitted(weighed, trader)
        if found.claim is not None:
            _papers(weighed, found, trader, product, territory)
        origin, places = self._origin(found, product, trader)
        return settle(
            no=(*weighed.no, *origin.no),
            unknown=(*weighed.unknown, *origin.unknown),
            notes=(*weighed.notes, *origin.notes),
            rests_on=(*weighed.rests_on, *origin.rests_on),
            detail=found.detail(asked.view) | {"facilities": places},
        )

    def open(
        self, trader: str, product: str, territory: str, channel: str, shop_type: str, shop: str
    ) -> list[Failure]:
        """Return what is open, or in suspense, against a product that a trader would put on sale."""
        found = sale(self._asked, trader, product, territory, channel, shop_type, shop)
        return self._origin(found, product, trader)[0].open

    def _origin(self, found: Sale, product: str, trader: str) -> tuple[_Weighed, list[str]]:
        """Return what is known of the lots that count for a sale: by whom a right came decides which."""
        path = found.path
        affiliate = "" if path.affiliation is None else path.affiliation.subject
        key = (trader, product, affiliate, *path.above)
        if key not in self._origins:
            self._origins[key] = _origin(self._asked, found, product, trader)
        return self._origins[key]


def listable(
    asked: Asked,
    *,
    trader: str,
    product: str,
    territory: str,
    channel: str,
    shop_type: str,
    shop: str,
) -> Verdict:
    """Return whether a product may be listed, with every condition that fails."""
    return Listables(asked).ask(
        trader=trader,
        product=product,
        territory=territory,
        channel=channel,
        shop_type=shop_type,
        shop=shop,
    )
