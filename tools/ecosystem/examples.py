"""What can be asked of a share that was told: a value for each parameter of each question."""

from collections.abc import Mapping

from ecosystem.institutions import DRAW, PROGRAMME
from ecosystem.share import Share
from ledger.identifiers import channel_of
from ledger.questions.declared import QUESTIONS, USUAL_MODEL
from ledger.statements.inspection_family import inspections_of

Example = dict[str, str]
"""Values by parameter, or by question and parameter where it means something else there."""


def examples(share: Share, count: int) -> list[Example]:
    """Return what can be asked about so many things on sale, spread over the share.

    One of them is about a trader that was sanctioned, where there is one that still sells; half
    are about products that bear a label.
    """
    there = [item for item in share.listings if item[1].trades and share.lots_of[item[0].subject]]
    punished = [item for item in there if item[1].conduct.punished]
    labelled = {product for product, _ in share.labels}
    marked = [item for item in there if item[0].subject in labelled] or there
    chosen = [
        among[len(among) * n // count] for n in range(count) for among in [(there, marked)[n % 2]]
    ]
    found = []
    for number, (said, seat) in enumerate([*punished[:1], *chosen][:count]):
        reported, _, _ = share.passed[len(share.passed) * number // count]
        product, grant = said.subject, seat.grant
        lot = share.lots_of[product][-1]
        found.append(
            {
                "trader": seat.trader.id,
                "product": product,
                "territory": grant.territories[0],
                "channel": channel_of(seat.shop),
                "shop_type": "*",
                "goods": lot,
                "brand": seat.brand.mark,
                "grantee": grant.to.id,
                "grant": grant.id,
                "party": seat.trader.id,
                "days": "365",
                "about": seat.brand.facilities[0],
                "subject": seat.trader.id,
                "sample": reported.subject,
                "report": reported.id,
                "laboratory": reported.by.id,
                "month": reported.fields["issued"][:7],
                "pledges.party": seat.brand.holder.id,
                "history.topic": "inspections",
                "history.subject": inspections_of(seat.trader.id, product),
                "lot_size": "2000",
                "category": said.fields["category"],
                "observer": share.observers[0][0].id,
                "place": seat.brand.facilities[0],
                "aql": "1.0",
                "level": "II",
                "mode": "inbound",
                "index.subject": product,
                "model": USUAL_MODEL,
                "draw": DRAW,
                "programme": PROGRAMME,
                "start": share.setting.day(0),
                "until": share.setting.day(90),
            }
        )
    return found


def parameters_of(question: str, example: Mapping[str, str]) -> dict[str, str]:
    """Return a question's parameters out of an example.

    Raises:
        KeyError: an example says nothing of one of them.

    """
    return {
        item.name: example.get(f"{question}.{item.name}") or item.default or example[item.name]
        for item in QUESTIONS[question].parameters
    }
