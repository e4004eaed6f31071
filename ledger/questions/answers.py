"""The function that answers each declared question."""

from collections.abc import Callable, Mapping
from typing import Any

from ledger.questions.admission import admission
from ledger.questions.brand import brand
from ledger.questions.centre import quality_centre
from ledger.questions.coverage import coverage
from ledger.questions.draw import draw
from ledger.questions.expiring import expiring
from ledger.questions.history_question import history
from ledger.questions.impact import impact
from ledger.questions.improvement import improvement
from ledger.questions.invitations import invitations
from ledger.questions.label import label
from ledger.questions.listable import listable
from ledger.questions.market import market_feedback
from ledger.questions.may_sell import may_sell
from ledger.questions.observers import observers
from ledger.questions.place import place
from ledger.questions.plan import plan
from ledger.questions.pledges import pledges
from ledger.questions.programme import programme
from ledger.questions.quality import index
from ledger.questions.reports import report, reports
from ledger.questions.rights import grants
from ledger.questions.sanctions import sanctions
from ledger.questions.ties import ties
from ledger.questions.trace import trace
from ledger.questions.trader import trader
from ledger.questions.visits import visits
from ledger.questions.where_used import where_used

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "history": history,
    "may_sell": may_sell,
    "trace": trace,
    "where_used": where_used,
    "listable": listable,
    "impact": impact,
    "expiring": expiring,
    "admission": admission,
    "sanctions": sanctions,
    "visits": visits,
    "plan": plan,
    "label": label,
    "pledges": pledges,
    "index": index,
    "coverage": coverage,
    "draw": draw,
    "programme": programme,
    "report": report,
    "reports": reports,
    "improvement": improvement,
    "invitations": invitations,
    "observers": observers,
    "grants": grants,
    "brand": brand,
    "trader": trader,
    "place": place,
    "ties": ties,
    "quality_centre": quality_centre,
    "market_feedback": market_feedback,
}
"""Question -> answer(asked, **parameters)."""
