"""What mends papers, decisions, sanctions and plans."""

from questions.mends.telling import Mend
from questions.scene import audit, refusal, visit_to
from questions.scenes.grounds import BY_THE_NEW, reset
from questions.scenes.mending import APPEAL, FIRST, PLAN, SECOND, VERIFIED, decides, final
from rules.telling import update
from rules.words import amends, grant, revoke, says
from tea import GARDEN, MARK
from usual import LICENCE, SECOND_LABORATORY, citing, id_of, who
from world import TRADER

BUSINESS = {"kind": "business", "number": "urn:qualification:samr.cn:B-9", "called": "new"}
LICENSED = says("qualification", **BUSINESS, categories=["food"])
RENEWED = says("qualification", called="renewed", number=LICENCE + "-9")
LONGER = says("qualification", kind="production", number=LICENCE + "-3", called="longer")
TO_DISTRIBUTOR = {"subject": who("distributor"), "number": LICENCE + "-8", "called": "its"}
LIFTED = amends("sanction-lifted", "sanction")


def admits(*cited: str, topic: str = "", **changes: object):
    """The operator decides anew."""
    evidence = [citing(name, topic=topic) for name in cited]
    return says("admission", evidence=evidence, called="anew", **changes)


MENDS = (
    Mend("party-unknown", asks={"party": TRADER}, question="expiring"),
    Mend("shop-unknown", (says("shop", called="second shop"),)),
    Mend(
        "paper-missing",
        (
            says("qualification", subject=who("distributor"), **BUSINESS, categories=["food"]),
            says("qualification", **TO_DISTRIBUTOR),
        ),
    ),
    Mend("paper-goods", (LICENSED,)),
    Mend("paper-not-yet", later=8),
    Mend("paper-expired", (LICENSED,)),
    Mend("paper-withdrawn", (RENEWED,)),
    Mend("paper-ending", (LONGER,)),
    Mend("grant-ending", (grant("distributor", "rival", "distributor", depth=0, called="anew"),)),
    Mend("grant-unknown", asks={"grantee": TRADER, "brand": MARK, "grant": id_of("trader")}),
    Mend(
        "trader-not-decided",
        (says("qualification", **TO_DISTRIBUTOR), admits("its", subject=who("distributor"))),
    ),
    Mend("trader-refused", (admits("licence", "refused", reasons=["it was ours after all"]),)),
    Mend(
        "decision-due",
        (admits("licence"),),
        "a licence reviewed expired, and another covers as much",
    ),
    Mend(
        "decision-due",
        (admits("renewed"),),
        "a paper reviewed was withdrawn, and another says the same",
    ),
    Mend("evidence-absent", (admits("licence"),)),
    Mend("evidence-corrected", (admits("correction", topic="facility"),)),
    Mend(
        "key-suspected",
        (
            reset(),
            revoke("trader", "trader", "distributor", how=BY_THE_NEW),
            grant("distributor", "trader", "distributor", called="anew", how=BY_THE_NEW),
        ),
    ),
    Mend("paper-by-operator", (says("qualification", number=LICENCE + "-9", called="own"),)),
    Mend(
        "tied-later",
        (
            update(SECOND_LABORATORY, roles=["laboratory", "inspector"]),
            audit("anew", by="second-laboratory"),
        ),
        "an auditor whose tie to the owner is on record only behind the audit",
    ),
    Mend("sanctioned", (LIFTED,)),
    Mend("sanction-interim", (says("recall"), final())),
    Mend("sanction-mended", (LIFTED,)),
    Mend("sanction-unfounded", (LIFTED,)),
    Mend("sanction-weakened", (LIFTED,)),
    Mend("appeal-possible", (APPEAL,)),
    Mend("appeal-open", (decides("upheld"),)),
    Mend("visits-absent", (visit_to(GARDEN),)),
    Mend("improvement-absent", (refusal(), PLAN)),
    Mend("action-overdue", (FIRST,)),
    Mend("plan-open", (FIRST, SECOND), question="improvement"),
    Mend("plan-unverified", (VERIFIED,)),
    Mend("plan-ineffective", (says("improvement-plan", called="next plan"),)),
    Mend("advice-waiting", (PLAN,)),
    Mend("advice-unanswered", (PLAN,)),
)
