"""Which lots of a product count for a trader: what others state of theirs is not its concern."""

from collections.abc import Callable, Iterable, Iterator

from ledger.questions.claims import claimed
from ledger.questions.open import counting_lots
from ledger.questions.sale import Sale
from ledger.questions.verdict import Asked
from ledger.rules.chains import trademarks
from ledger.rules.claims import Claim, holding
from ledger.rules.earlier import Earlier, restated_before
from ledger.rules.standing import Standing, standing_of
from ledger.statements.inspection_family import Inspection, inspections_of
from ledger.statements.origin_family import Lot, lots_by


def own_lots(asked: Asked, product: str, trader: str, found: Sale) -> list[Standing]:
    """Return the lots of a product that are a trader's concern, those that count no more too.

    Those stated by whoever ever was the brand's right-holder, or counts as it in the trader's chain,
    and by the trader itself; those inspected at this trader that were on record at their first
    inspection there, or, if its suppliers stated them, at any. Where the right-holder states none that
    counts, those of the others in its chain, too: no lot of a trader's own, nor one inspected at it,
    takes its suppliers' goods out of its sale. What a grantee beside them states makes no difference
    to it.
    """
    of_brand = list[str]()
    if found.claim is not None:
        marks = trademarks(asked.view, str(claimed(found.claim).brand))
        of_brand += [mark.subject for mark in marks]
    if found.path.affiliation is not None:
        of_brand.append(found.path.affiliation.subject)
    brand_lots = _stated(asked, product, of_brand)
    lots = {item.subject: item for item in (*_stated(asked, product, [trader]), *brand_lots)}
    for lot, first_us, last_us in _inspected(asked, product, trader):
        claim = None if lot in lots else holding(asked.view, "lot", lot, reserved=True)
        if isinstance(claim, Claim):
            supplied = claim.maker in found.path.above
            if asked.view.registered_us(claim.first.index) <= (last_us if supplied else first_us):
                lots[lot] = claim.item
    if not counting_lots(asked, (item for item in brand_lots if item.issuer != trader)):
        theirs = _stated(asked, product, found.path.above)
        lots = {item.subject: item for item in theirs} | lots
    return list(lots.values())


def said_by_makers(
    asked: Asked, product: str, lots: Iterable[Standing]
) -> Callable[[Standing], Earlier]:
    """Return what finds what was said of a lot before: of these lots, by all that their makers state.

    Of any other what its statement said before it was corrected: nothing more is read for it.
    """
    versions: dict[tuple[str, str], list[Standing]] = {}
    for item in _stated(asked, product, (item.issuer for item in lots)):
        versions.setdefault((item.issuer, item.subject), []).append(item)

    def earlier(item: Standing) -> Earlier:
        return restated_before(asked.view, versions.get((item.issuer, item.subject), (item,)))

    return earlier


def _inspected(asked: Asked, product: str, trader: str) -> Iterator[tuple[str, int, int]]:
    """Yield the lots inspected at a trader, each with when it was first and last, in whatever order that was registered.

    One that was on record at the first is the trader's: nobody makes a trader's goods its own.
    """
    times: dict[str, list[int]] = {}
    pair = inspections_of(trader, product)
    for item in standing_of(asked.view, "inspections", pair, Inspection):
        assert isinstance(item.body, Inspection)  # noqa: S101 - asked for such
        times.setdefault(item.subject, []).append(item.body.on.us)
    for lot, on_us in times.items():
        yield lot, min(on_us), max(on_us)


def _stated(asked: Asked, product: str, parties: Iterable[str]) -> list[Standing]:
    """Return what these parties state of lots of a product.

    By keys in doubt, too: else who revokes its own key takes its lots out of what they were made of.
    """
    return [
        item
        for party in dict.fromkeys(parties)
        for item in standing_of(asked.view, "lots-by", lots_by(product, party), Lot)
    ]
