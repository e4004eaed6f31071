"""What is open against goods and places: one answer to it, whoever asks.

Against a lot: recalls in force, refusals that nothing answers, final results that failed,
critical findings (``lot_open``). Against a product: against any of its lots, on record or not
(``adverse``). Against a place: critical findings of audits and observers, each closed by a later
audit that finds nothing critical by the same checklist, or of that point.
"""

from ledger.identifiers import about_topic, product_of
from ledger.rules.adverse import Adverse
from ledger.rules.audits import freely
from ledger.rules.chains import Failure
from ledger.rules.favour import favoured_there
from ledger.rules.found import (
    INSPECTOR,
    OBSERVER,
    Against,
    Closing,
    Moment,
    Trouble,
    critical,
    invited,
    observed,
    said_at,
    uninvited,
)
from ledger.rules.naming import same_name
from ledger.rules.standing import standing_in
from ledger.statements.fields import critical_in
from ledger.statements.origin_family import OriginAudit


def against_lot(at: Moment, lot: str, used_us: int | None = None) -> Against:
    """Return what is open against a lot, by its own history: as ``Adverse.against`` does."""
    return Adverse(at, product_of(lot)).against(lot, used_us)


def against_place(
    at: Moment, facility: str, since_us: int | None = None, until_us: int | None = None
) -> Against:
    """Return what is open against a place.

    Args:
        at: the ledger, and the time asked about.
        facility: the place.
        since_us: from when on it matters, when a lot was made there for instance; what was
            closed before is no note.
        until_us: up to when, where the lot was said to be made elsewhere since; None: whenever.

    """
    parties = favoured_there(at.view, facility, at.users)
    said = said_at(at.view, facility, parties)
    by_visit = (at, facility, said, invited(said))
    found = Against(idle=[] if until_us is not None else uninvited(*by_visit))
    audited = [
        (item, item.body)
        for item in said
        if isinstance(item.body, OriginAudit) and item.body.on.us <= at.valid_at_us
    ]
    troubles = [
        Trouble("finding", reason, item, facility, body.on.us, INSPECTOR)
        for item, body in audited
        for reason in critical(item, facility, body.findings)
    ]
    troubles += observed(*by_visit)
    clean = sorted(
        ((item, body) for item, body in audited if not critical_in(body.findings)),
        key=lambda pair: (pair[1].on.us, pair[0].id),
    )
    for trouble in troubles:
        if until_us is not None and trouble.at_us > until_us:
            continue
        closing = next(
            (
                (item, body)
                for item, body in clean
                if body.on.us >= trouble.at_us
                and (body.on.us > trouble.at_us or trouble.rank == OBSERVER)
                and _speaks_of(body, trouble)
                and freely(at, item, body, parties)
            ),
            None,
        )
        if closing is None:
            found.open.append(trouble)
        elif since_us is None or closing[1].on.us >= since_us:
            facts: dict[str, str | int] = {"about": facility, "by": closing[0].issuer}
            note = Failure("finding-closed", (trouble.item.index, *closing[0].cites), facts)
            found.closed.append(Closing(trouble, note))
    return found


def _speaks_of(audit: OriginAudit, trouble: Trouble) -> bool:
    """Return whether an audit looked at what was found: by its checklist, or by naming that point; by none it is at all."""
    found = trouble.item.body
    if not isinstance(found, OriginAudit) or same_name(audit.checklist, found.checklist):
        return True
    point = str(trouble.reason.facts["point"])
    return any(same_name(one.point, point) for one in audit.findings)


def against(at: Moment, about: str) -> Against:
    """Return what is open against a place, lot or draw; nothing closes what was found of a draw."""
    match about_topic(about):
        case "facility":
            return against_place(at, about)
        case "inspection":
            return against_lot(at, about)
        case topic:
            items = list(standing_in(at.view, topic, about))
            by_visit = (at, about, items, invited(items))
            return Against(open=list(observed(*by_visit)), idle=uninvited(*by_visit))
