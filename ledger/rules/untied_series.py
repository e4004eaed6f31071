"""Series as the ledger knows them: what the tied accept ends no tightened inspection that others began.

Which warehouse a trader delivers to is its own choice: by five lots accepted at its own, or its
brand's, what others found would be looked at less closely everywhere.
"""

from ledger.histories.history import Entry, View
from ledger.rules.favour import holders
from ledger.rules.independence import Independence
from ledger.rules.series import Inspections, inspections
from ledger.rules.state import Signed
from ledger.statements.inspection_family import Inspection, inspections_of


def series_of(view: View, trader: str, product: str) -> Inspections:
    """Return all that was inspected of a trader's product, by what is known of ties.

    Only where a series was ever tightened is it asked who is tied to the trader, or to who ever held
    the product's brand. What was due as the ledger was known then was let in by right.
    """
    pair = inspections_of(trader, product)
    found = view.fold(inspections, "inspections", pair)
    if not found.tightened:
        return found
    independence, parties = Independence(view), frozenset((trader, *holders(view, product)))
    above = frozenset().union(*(independence.above(party) for party in sorted(parties)))
    near = {one for one in sorted(found.issuers) if not above.isdisjoint(independence.above(one))}
    if not near:
        return found

    def tied(entry: Entry) -> bool:
        body, issuer = entry.body, entry.statement.issuer
        if issuer not in near or not isinstance(body, Inspection):
            return False
        times = (body.on.us, Signed.of(entry.statement, entry.index))
        return independence.tied(issuer, parties, *times)

    anew = Inspections(tied)
    for entry in view.history("inspections", pair).entries():
        anew.take(entry)
    anew.against = tuple(index for index in anew.against if index in found.against)
    return anew
