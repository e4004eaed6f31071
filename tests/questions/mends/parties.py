"""What mends papers, decisions, sanctions and plans."""

from collections.abc import Iterator
from typing import Any

from questions.mends.goods import INSPECTOR, inspectors
from questions.mends.telling import Mend, Wrong, says
from questions.scene import audit, wait
from questions.scenes.grounds import BY_THE_NEW, reset
from questions.scenes.mending import APPEAL, decides, final
from questions.scenes.overviews import UNKNOWN_MARK
from rules.telling import Step, party, update
from rules.words import grant, revoke
from rules.words import says as told
from tea import MARK, OBSERVER, OFFICE, SHOP
from usual import LICENCE, SECOND_LABORATORY, citing, day, evidence, id_of
from world import BRAND, OPERATOR, TRADER

from ledger.questions.papers import paper_failure
from ledger.questions.verdict import Asked
from ledger.rules.improvements import plans
from ledger.rules.standing import Standing
from ledger.statements.brand_family import Qualification
from ledger.statements.improvement_family import Advice, ImprovementPlan
from ledger.statements.member_family import ObserverApplication
from ledger.statements.trade_family import Admission

RENEWED = told("qualification", called="renewed", number=LICENCE + "-9")
MARKED = told(
    "qualification",
    subject=BRAND,
    kind="trademark-registered",
    number=UNKNOWN_MARK,
    categories=["food/tea"],
    called="their mark",
)
LONGER = told("qualification", kind="production", number=LICENCE + "-3", called="longer")


def paper(w: Wrong) -> Iterator[Step]:
    """An office issues a paper of that kind, for all such goods, to whoever lacks it."""
    holder = w.facts.get("party") or next(
        (w.paper.entry(index).statement.subject for index in w.entries), TRADER
    )
    called, kind = w.fresh("paper"), str(w.facts["kind"])
    number = f"urn:qualification:samr.cn:{called.upper().replace(' ', '-')}"
    goods = str(w.facts.get("category", "food")).partition("/")[0]
    fields = {"kind": kind, "number": number, "categories": [goods]}
    yield says("qualification", by=OFFICE, subject=str(holder), called=called, **fields)


def admitted(w: Wrong) -> Iterator[Step]:
    """The operator decides anew, on the papers that the trader holds now."""
    trader = str(w.facts.get("trader") or w.asks["trader"])
    found = [item for item in w.standing("qualification", trader) if _holds(w, item)]
    if not found:
        number = LICENCE + "-8"
        yield says("qualification", by=OFFICE, subject=trader, called="first paper", number=number)
        cited = [citing("first paper")]
    else:
        cited = [w.cites(item) for item in found]
    refused = [w.cites(item) for item in w.standing("admission", trader) if _refuses(item)]
    said = {"reasons": ["all papers are here"]} if refused else {}
    called = w.fresh("admitted")
    yield says("admission", subject=trader, called=called, evidence=[*cited, *refused], **said)


def _refuses(item: Standing) -> bool:
    return isinstance(item.body, Admission) and item.body.decision == "refused"


def _holds(w: Wrong, item: Standing) -> bool:
    now = max(w.paper.now_us, w.paper.last_us())
    asked = Asked(w.paper.view, "", now, w.paper.size, now)
    return isinstance(item.body, Qualification) and paper_failure(asked, item) is None


def lifted(w: Wrong) -> Iterator[Step]:
    """The operator lifts the measure."""
    for name in list(w.said("sanction")):
        fields = w.told.fields_of(name)
        named = {item: fields[item] for item in ("shops", "products", "lots") if item in fields}
        said = {"target": citing(name)} | named
        subject = w.told.said[name][0].subject
        yield says(
            "sanction-lifted", by=OPERATOR, subject=subject, called=w.fresh("lifted"), **said
        )


def shop(w: Wrong) -> Iterator[Step]:
    """The operator registers the shop."""
    yield says("shop", subject=str(w.facts["shop"]), called=w.fresh("opened"))


def registered(w: Wrong) -> Iterator[Step]:
    """The operator registers the party."""
    called = w.fresh("entered")
    yield party(called, str(w.facts["party"]))


def place(w: Wrong) -> Iterator[Step]:
    """A brand registers the place."""
    yield says("facility", by=BRAND, subject=str(w.facts["facility"]), called=w.fresh("place"))


def sealed(w: Wrong) -> Iterator[Step]:
    """An inspector seals the sample."""
    yield says("sample-sealed", subject=str(w.facts["sample"]), called=w.fresh("sealed"))


def visited(w: Wrong) -> Iterator[Step]:
    """An observer is invited, and visits."""
    called, about = w.fresh("visited"), str(w.facts["about"])
    subject = f"urn:visit:{called.replace(' ', '-')}"
    invited = w.fresh("invited")
    yield says("invitation", called=invited, to=about)
    yield says(
        "visit",
        by=OBSERVER,
        subject=subject,
        called=called,
        about=about,
        invitation=citing(invited),
    )


def appointed(w: Wrong) -> Iterator[Step]:
    """The operator declines who waits, and says why."""
    waiting = next(
        name
        for name, (statement, body) in w.told.said.items()
        if isinstance(body, ObserverApplication) and statement.subject == w.facts["party"]
    )
    yield says("observer-declined", subject=str(w.facts["party"]), application=citing(waiting))


def drawn(w: Wrong) -> Iterator[Step]:
    """The operator invites the observer that was drawn."""
    to = {"subject": str(w.facts["party"]), "to": str(w.facts["draw"])}
    yield says("invitation", called=w.fresh("drawn"), pick=citing("draw-result"), **to)


def planned(w: Wrong, trader: str, cause: Any) -> tuple[str, Step]:
    """A trader plans how to mend something; return what the plan is called."""
    called = w.fresh("planned")
    step = says("improvement-plan", by=trader, subject=trader, called=called, cause=cause)
    return called, step


def first_plan(w: Wrong) -> Iterator[Step]:
    """Something is found at the trader, and it plans."""
    trader, called = str(w.facts["trader"]), w.fresh("found")
    yield from inspectors(w)
    bad = {"nonconforming": 2, "decision": "refused", "mode": "flight", "on": day(0)}
    lot = {"subject": f"{w.product}/10/P-{w.paper.size}", "trader": trader}
    yield says("inspection", by=INSPECTOR, called=called, **lot, **bad)
    yield planned(w, trader, citing(called))[1]


def done(w: Wrong) -> Iterator[Step]:
    """Whoever planned does all that is left."""
    for name in list(w.said("improvement-plan")):
        statement, body = w.told.said[name]
        assert isinstance(body, ImprovementPlan)
        cause = w.told.fields_of(name)["cause"]
        of = {"subject": statement.issuer, "target": citing(name), "cause": cause}
        plan = w.paper.view.fold(plans, cause["topic"], cause["subject"])[statement.id.hex()]
        left = [n for n in range(1, len(body.actions) + 1) if plan.step(n) is None]
        for action in left:
            did = {"action": action, "evidence": evidence(), "called": w.fresh("did")}
            yield says("improvement-step", by=statement.issuer, **of, **did)


def better(w: Wrong) -> Iterator[Step]:
    """Days later a lot of the product is found in order."""
    yield wait(2)
    subject = f"{w.facts['product']}/10/BETTER"
    yield says("inspection", subject=subject, on=day(-0.1), called=w.fresh("better"))


def verified(w: Wrong) -> Iterator[Step]:
    """The operator verifies the plan."""
    for name in list(w.said("improvement-plan")):
        cause, subject = w.told.fields_of(name)["cause"], w.told.said[name][0].subject
        said = {"target": citing(name), "cause": cause, "on": day(0), "called": w.fresh("verified")}
        yield says("improvement-verified", by=OPERATOR, subject=subject, **said)


def another_plan(w: Wrong) -> Iterator[Step]:
    """Whoever planned plans again about the same cause."""
    for name in list(w.said("improvement-plan")):
        cause = w.told.fields_of(name)["cause"]
        yield planned(w, w.told.said[name][0].issuer, cause)[1]


def advised(w: Wrong) -> Iterator[Step]:
    """Who was advised plans about one of the grounds."""
    for name in list(w.said("advice")):
        statement, body = w.told.said[name]
        assert isinstance(body, Advice)
        yield planned(w, statement.subject, w.told.fields_of(name)["grounds"][0])[1]


MENDS = (
    Mend("party-unknown", registered, question="expiring"),
    Mend("place-unknown", place),
    Mend("sample-unknown", sealed),
    Mend("shop-unknown", shop),
    Mend("paper-missing", paper),
    Mend("paper-goods", paper),
    Mend("paper-goods", paper, "with one for other toys"),
    Mend("paper-foreign", paper),
    Mend("shop-otherwise", asks={"shop_type": "multi-brand"}, scene="a shop is of its own type"),
    Mend("grant-shops", asks={"shop": SHOP}),
    Mend("grant-notice", (grant("distributor", "rival", "distributor", depth=0, called="anew"),)),
    Mend(
        "grant-notice",
        (grant("distributor", "rival", "distributor", depth=0, called="anew"),),
        "what was revoked, and carries on by its terms, expires",
    ),
    Mend("paper-not-yet", later=8),
    Mend("paper-expired", paper),
    Mend("paper-withdrawn", paper),
    Mend("paper-ending", (LONGER,)),
    Mend("grant-ending", (grant("distributor", "rival", "distributor", depth=0, called="anew"),)),
    Mend("grant-unknown", asks={"grantee": TRADER, "brand": MARK, "grant": id_of("trader")}),
    Mend("brand-unknown", (MARKED,)),
    Mend("brand-ungranted", (grant("brand", "agent", "mark", called="anew"),)),
    Mend("nothing-granted", (grant("brand", "trader", "mark", called="anew"),)),
    Mend("nothing-listed", (told("listing", called="again"),), "what it listed, it took off"),
    Mend("invitation-open", (told("visit"),)),
    Mend("trader-not-decided", admitted),
    Mend("trader-refused", admitted),
    Mend("decision-due", admitted, "a licence reviewed expired, and another covers as much"),
    Mend("decision-due", admitted, "a paper reviewed was withdrawn, and another says the same"),
    Mend("evidence-absent", admitted),
    Mend("evidence-corrected", admitted),
    Mend(
        "key-suspected",
        (
            reset(),
            revoke("trader", "trader", "distributor", how=BY_THE_NEW),
            grant("distributor", "trader", "distributor", called="anew", how=BY_THE_NEW),
        ),
    ),
    Mend("paper-by-operator", (told("qualification", number=LICENCE + "-9", called="own"),)),
    Mend(
        "tied-later",
        (
            update(SECOND_LABORATORY, roles=["laboratory", "inspector"]),
            audit("anew", by="second-laboratory"),
        ),
        "an auditor whose tie to the owner is on record only behind the audit",
    ),
    Mend("sanctioned", lifted),
    Mend("owner-sanctioned", lifted),
    Mend("sanction-interim", (told("recall"), final())),
    Mend("sanction-mended", lifted),
    Mend("sanction-unfounded", lifted),
    Mend("sanction-weakened", lifted),
    Mend("appeal-possible", (APPEAL,)),
    Mend("appeal-open", (decides("upheld"),)),
    Mend("visits-absent", visited),
    Mend("observers-absent", later=400),
    Mend("drawn-uninvited", drawn),
    Mend(
        "observation-unanswered",
        (told("advice", called="advised", subject=BRAND, grounds=[citing("observation")]),),
    ),
    Mend("application-unanswered", appointed),
    Mend("improvement-absent", first_plan),
    Mend("action-overdue", done),
    Mend("measure-worse", better),
    Mend("plan-open", done, question="improvement"),
    Mend("plan-unverified", verified),
    Mend("plan-ineffective", another_plan),
    Mend("advice-waiting", advised),
    Mend("advice-unanswered", advised),
)
