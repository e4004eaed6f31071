"""What was undone, renewed or overturned since, and what an answer says of it."""

from typing import Any

from questions.scene import (
    IN_SPITE,
    READY,
    REFUSED,
    Scene,
    audit,
    inspection,
    sanction,
    selling,
    wait,
)
from questions.scenes.parties import AGAINST
from rules.laboratory_words import FAILED as TESTED
from rules.laboratory_words import RETAINED_THERE, retest
from rules.words import (
    affiliation,
    amends,
    grant,
    mark,
    revoke,
    says,
    withdraw_mark,
    withdraws,
)
from tea import DISTRIBUTOR, EVER, MARK
from usual import LICENCE, citing, day, finding, id_of, result, who
from world import BRAND, TRADER

SELL, LIST = "may_sell", "listable"
ADMIT = {"trader": TRADER}
ASKED = ("certificate-not-asked",)
REVOKED = revoke("trader", "trader", "distributor")
GRANTED_AGAIN = grant("distributor", "trader", "distributor", depth=0, called="trader again")
ELSEWHERE = grant("distributor", "trader", "distributor", depth=0, territories=["CN-ZJ"])
ENDED = says("qualification-withdrawal")
RENEWED = says("qualification", called="renewed")
JUST_BEFORE = -1.5 / 1440
REVIEWED_SHORT = (
    says("qualification", kind="production", number=LICENCE + "-2", until=day(10), called="short"),
    says("admission", evidence=[citing("short"), citing("licence")], called="again"),
)
LONGER = says("qualification", kind="production", number=LICENCE + "-2", called="longer")
REVIEWED_AUDIT = (
    audit(),
    says("admission", evidence=[citing("trader"), citing("audit")], called="again"),
)

PAST = (
    Scene(
        "before the grant was revoked the sale was authorised, as then known",
        (REVOKED,),
        SELL,
        selling(),
        "yes",
        note=("grant-ended-later",),
        at=JUST_BEFORE,
    ),
    Scene(
        "before a grant above it was revoked too",
        (revoke("agent", "agent", "brand"),),
        SELL,
        selling(),
        "yes",
        note=("grant-ended-later",),
        at=JUST_BEFORE,
    ),
    Scene(
        "before the trademark was withdrawn too",
        (withdraw_mark(),),
        SELL,
        selling(),
        "yes",
        note=("paper-ended-later",),
        at=JUST_BEFORE,
    ),
    Scene(
        "before a grant that was revoked was made nothing is told of its end",
        (
            grant("distributor", "rival", "distributor", depth=0, called="short"),
            wait(1),
            revoke("short", "rival", "distributor"),
        ),
        SELL,
        selling(trader=who("rival")),
        "no",
        ("grant-not-yet",),
        at=-1 - 3 / 1440,
    ),
    Scene(
        "before a grant begins that was revoked before",
        (
            grant("distributor", "rival", "distributor", depth=0, called="short", from_=day(2)),
            wait(3),
            revoke("short", "rival", "distributor"),
        ),
        SELL,
        selling(trader=who("rival")),
        "no",
        ("grant-not-yet",),
        at=-2,
    ),
    Scene(
        "before a trademark begins that was withdrawn later",
        (withdraw_mark(),),
        SELL,
        selling(),
        "no",
        ("trademark-not-yet",),
        at=-300,
    ),
    Scene(
        "before an affiliation ended, what it carried",
        (
            affiliation("brand", "subsidiary"),
            grant("subsidiary", "rival", depth=0),
            amends("qualification-withdrawal", "subsidiary of brand", by="office"),
        ),
        SELL,
        selling(trader=who("rival")),
        "yes",
        note=("paper-ended-later",),
        at=JUST_BEFORE,
    ),
    Scene(
        "before its licence was withdrawn it could be listed",
        (*READY, ENDED),
        LIST,
        selling(),
        "yes",
        note=(*ASKED, "paper-ended-later"),
        at=JUST_BEFORE,
    ),
    Scene(
        "before a grant that was reviewed was revoked it was admitted",
        (says("admission", evidence=[citing("trader")], called="again"), REVOKED),
        "admission",
        ADMIT,
        "yes",
        note=("grant-ended-later",),
        at=JUST_BEFORE,
    ),
    Scene(
        "before its licence was withdrawn it was admitted",
        (ENDED,),
        "admission",
        ADMIT,
        "yes",
        note=("paper-ended-later",),
        at=JUST_BEFORE,
    ),
    Scene(
        "an older grant that expired and one by the same giver that begins later",
        (
            grant("distributor", "rival", "distributor", depth=0, until=day(1), called="old"),
            grant("distributor", "rival", "distributor", depth=0, **{"from": day(30)}),
        ),
        SELL,
        selling(trader=who("rival")),
        "no",
        ("grant-not-yet",),
        at=2,
    ),
    Scene(
        "a grant that was revoked, and one by the same giver for elsewhere",
        (REVOKED, ELSEWHERE),
        SELL,
        selling(),
        "no",
        ("grant-territory",),
        ("grant-again",),
    ),
)

AGAIN = (
    Scene(
        "a grant given anew after one was revoked",
        (REVOKED, GRANTED_AGAIN),
        SELL,
        selling(),
        "yes",
        note=("grant-again",),
    ),
    Scene(
        "a grant beside one that was revoked since",
        (GRANTED_AGAIN, REVOKED),
        SELL,
        selling(),
        "yes",
    ),
    Scene(
        "a trademark registered anew after it was withdrawn",
        (
            withdraw_mark(),
            mark("brand", "office", called="new mark", **EVER),
            grant("brand", "trader", "new mark", depth=0),
        ),
        SELL,
        selling(),
        "yes",
        note=("paper-again",),
    ),
)

ADMISSION = (
    Scene(
        "a paper reviewed expired, and was renewed",
        (*REVIEWED_SHORT, LONGER),
        "admission",
        ADMIT,
        "yes",
        note=("decision-due",),
        at=10,
    ),
    Scene(
        "a paper reviewed expired, and nothing renews it",
        REVIEWED_SHORT,
        "admission",
        ADMIT,
        "no",
        ("paper-expired",),
        at=10,
    ),
    Scene(
        "a trader that was admitted on a paper that expired",
        (*READY, *REVIEWED_SHORT),
        LIST,
        selling(),
        "no",
        ("paper-expired",),
        ASKED,
        at=10,
    ),
    Scene(
        "a paper reviewed was withdrawn, and another says the same",
        (ENDED, RENEWED),
        "admission",
        ADMIT,
        "yes",
        note=("decision-due",),
    ),
    Scene(
        "a paper reviewed was withdrawn, and another is for less",
        (ENDED, says("qualification", called="narrow", categories=["food/tea/black"])),
        "admission",
        ADMIT,
        "no",
        ("paper-withdrawn",),
    ),
    Scene(
        "a paper that was renewed, and a decision on the renewal",
        (ENDED, RENEWED, says("admission", evidence=[citing("renewed")], called="anew")),
        "admission",
        ADMIT,
        "yes",
    ),
    Scene(
        "a grant reviewed was revoked, and given anew",
        (REVOKED, GRANTED_AGAIN),
        "admission",
        ADMIT,
        "yes",
        note=("decision-due",),
    ),
    Scene(
        "an audit reviewed is overdue, and another was made",
        (*REVIEWED_AUDIT, audit("second", next_due=day(400))),
        "admission",
        ADMIT,
        "yes",
        note=("decision-due",),
        at=200,
    ),
)

OVERRULED = (
    Scene(
        "refused, and admitted in spite of that",
        (
            REFUSED,
            IN_SPITE,
        ),
        "admission",
        ADMIT,
        "yes",
        note=("refusal-overruled",),
    ),
    Scene(
        "refused, admitted in spite of that, and decided once more",
        (
            REFUSED,
            IN_SPITE,
            says("admission", called="third"),
        ),
        "admission",
        ADMIT,
        "yes",
        note=("refusal-overruled",),
    ),
    Scene(
        "refused after all",
        (
            says("admission", called="again"),
            REFUSED,
        ),
        "admission",
        ADMIT,
        "no",
        ("trader-refused",),
    ),
)

OVERTURNED = (
    *RETAINED_THERE,
    retest(result("0.05", "pass")),
    says("objection-closed", outcome="overturned"),
)


def measure(*triggers: str, **changes: Any):
    """The operator delists on these, in the interim."""
    interim = {"interim": True, "until": day(20), "severity_ground": "critical"}
    return says(
        "sanction", step="delist", triggers=[citing(name) for name in triggers], **interim | changes
    )


FOUND = inspection("found", nonconforming=2, decision="refused", findings=[finding("critical")])
UNFOUNDED = (*TESTED, measure("report"), says("objection"), *OVERTURNED)
WEAKENED = (*TESTED, FOUND, measure("report", "found"), says("objection"), *OVERTURNED)

GROUNDS = (
    Scene(
        "what an interim one rests on was overturned",
        UNFOUNDED,
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-unfounded", "sanction-ending", "appeal-possible"),
    ),
    Scene(
        "a delisting that rests on nothing any more still stops the sale, and says so",
        UNFOUNDED,
        SELL,
        selling(),
        "no",
        ("sanctioned",),
        ("finding-closed", "retest-resampled", "sanction-unfounded"),
    ),
    Scene(
        "lifted when its ground was overturned",
        (*UNFOUNDED, amends("sanction-lifted", "sanction")),
        SELL,
        selling(),
        "yes",
        note=("finding-closed", "retest-resampled", "sanction-lifted"),
    ),
    Scene(
        "before its ground was overturned",
        UNFOUNDED,
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-interim", "appeal-possible", "report-overturned"),
        at=JUST_BEFORE,
    ),
    Scene(
        "while an objection to its ground is open",
        (*TESTED, measure("report"), says("objection"), *RETAINED_THERE, retest(result("0.05", "pass"))),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-interim", "appeal-possible", "report-objected"),
    ),
    Scene(
        "part of what one rests on was overturned",
        WEAKENED,
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-weakened", "sanction-interim", "appeal-possible"),
    ),
    Scene(
        "what one rests on was withdrawn in error",
        (
            FOUND,
            measure("found"),
            withdraws("found", by="inspector"),
        ),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-unfounded", "sanction-ending", "appeal-possible", "undone"),
    ),
    Scene(
        "the sanction that one follows was annulled",
        (
            *sanction("interview"),
            says("sanction", called="next", step="damages", triggers=[citing("sanction")],
                 damages={"amount": 1, "currency": "CNY"}),
            amends("appeal", "sanction", by="trader"),
            amends("appeal-decision", "sanction", changes={"outcome": "annulled"}),
        ),
        "sanctions",
        AGAINST,
        "yes",
        note=("sanctioned", "sanction-unfounded", "sanction-ending", "appeal-possible", "sanction-annulled"),
    ),
)  # fmt: skip

FROM_NEXT_MONTH = {"from": day(30)}
FALLS = {"brand": MARK, "grantee": DISTRIBUTOR, "grant": id_of("distributor")}

LATER = (
    Scene(
        "a grant that begins later falls too",
        (grant("distributor", "rival", "distributor", depth=0, **FROM_NEXT_MONTH),),
        "impact",
        FALLS,
        "yes",
    ),
    Scene(
        "a grant that itself begins later",
        (grant("distributor", "rival", "distributor", depth=0, **FROM_NEXT_MONTH),),
        "impact",
        {"brand": MARK, "grantee": who("rival"), "grant": id_of("distributor to rival")},
        "yes",
    ),
    Scene(
        "a grant that its maker let end soon is the maker's concern too",
        (grant("brand", "rival", depth=0, until=day(9)),),
        "expiring",
        {"party": BRAND, "days": "10"},
        "yes",
        note=("grant-ending",),
    ),
    Scene(
        "a grant that its maker revoked is nobody's",
        (
            grant("brand", "rival", depth=0, until=day(9)),
            revoke("brand to rival", "rival", "brand"),
        ),
        "expiring",
        {"party": BRAND, "days": "10"},
        "no",
    ),
)

SCENES = (*PAST, *AGAIN, *ADMISSION, *OVERRULED, *GROUNDS, *LATER)
