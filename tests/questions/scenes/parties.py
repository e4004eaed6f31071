"""Admission, expiry, impact, sanctions and visits."""

from questions.scene import (
    REFUSED,
    Forged,
    Scene,
    audit,
    inspection,
    observation_of,
    refusal,
    sanction,
    visit_to,
    visit_unasked,
    wait,
)
from rules.words import affiliation, amends, becomes, corrects, grant, mark, revoke, says
from tea import AGENT, GARDEN, GTIN, LOT, MARK, SHOP
from usual import LICENCE, RIVAL, citing, day, finding, id_of, who
from world import TRADER

ADMIT = {"trader": TRADER}
NOTHING = {"id": "0" * 64, "topic": "qualification", "subject": TRADER}
REVIEW_AUDIT = (
    audit(),
    says("admission", evidence=[citing("trader"), citing("audit")], called="again"),
)

ADMISSION = (
    Scene("an admitted trader", (), "admission", ADMIT, "yes"),
    Scene(
        "a trader nobody decided on",
        (),
        "admission",
        {"trader": AGENT},
        "unknown",
        ("trader-not-decided",),
    ),
    Scene(
        "the newest decision counts",
        (says("admission", decision="refused", called="refused", reasons=["no licence"]),),
        "admission",
        ADMIT,
        "no",
        ("trader-refused",),
    ),
    Scene(
        "cooperation with whom the trader belongs to has ended",
        (
            affiliation("distributor", "trader"),
            *sanction("end-cooperation", subject=who("distributor")),
        ),
        "admission",
        ADMIT,
        "yes",
        note=("owner-sanctioned",),
    ),
    Scene(
        "a licence reviewed was withdrawn",
        (says("qualification-withdrawal"),),
        "admission",
        ADMIT,
        "no",
        ("paper-withdrawn",),
    ),
    Scene(
        "a licence reviewed expired, and another covers as much",
        (
            says("qualification", number=LICENCE + "-2", until=day(10), called="short"),
            says("admission", evidence=[citing("short")], called="again"),
        ),
        "admission",
        ADMIT,
        "yes",
        note=("decision-due",),
        at=10,
    ),
    Scene(
        "a grant reviewed fell with one above it",
        (revoke("agent", "agent", "brand"),),
        "admission",
        ADMIT,
        "no",
        ("grant-revoked",),
    ),
    Scene(
        "an audit reviewed is overdue",
        REVIEW_AUDIT,
        "admission",
        ADMIT,
        "no",
        ("audit-overdue",),
        at=180,
    ),
    Scene(
        "an audit reviewed was corrected",
        (*REVIEW_AUDIT, corrects("audit", "inspector", km=213)),
        "admission",
        ADMIT,
        "yes",
        note=("evidence-corrected",),
    ),
    Scene(
        "evidence that is not there",
        (Forged(says("admission", evidence=[NOTHING], called="again")),),
        "admission",
        ADMIT,
        "no",
        ("evidence-absent",),
    ),
    Scene(
        "a refusal does not rest on what lapsed since",
        (
            REFUSED,
            says("qualification-withdrawal"),
        ),
        "admission",
        ADMIT,
        "no",
        ("trader-refused",),
        ("paper-withdrawn",),
    ),
)


def soon(days: str = "30", **who_: str) -> dict[str, str]:
    return {"party": TRADER, "days": days} | who_


OTHER_BRAND = "urn:trademark:cn:99999999:30"
SHORT = {"until": day(10)}
TO_RIVAL = {"by": "distributor", "to": "rival", "under": "distributor", "depth": 0}
EXPIRING = (
    Scene("nothing expires", (), "expiring", soon(), "no"),
    Scene(
        "a licence does",
        (says("qualification", kind="production", number=LICENCE + "-2", **SHORT),),
        "expiring",
        soon(),
        "yes",
        note=("paper-ending",),
    ),
    Scene(
        "not within fewer days",
        (says("qualification", kind="production", number=LICENCE + "-2", **SHORT),),
        "expiring",
        soon("9"),
        "no",
    ),
    Scene(
        "a grant that was revoked is told, whatever other brand's is held",
        (
            mark("rival", number=OTHER_BRAND, called="rival's mark"),
            grant("rival", "trader", "rival's mark", brand=OTHER_BRAND, called="of another"),
            revoke("trader", "trader", "distributor"),
        ),
        "expiring",
        soon(),
        "no",
        note=("grant-revoked",),
    ),
    Scene(
        "a licence does that is renewed already",
        (
            says("qualification", kind="business", number=LICENCE + "-2", **SHORT),
            says("qualification", kind="business", number=LICENCE + "-3"),
        ),
        "expiring",
        soon(),
        "no",
    ),
    Scene(
        "a licence did, and was not renewed",
        (says("qualification", kind="business", number=LICENCE + "-2", **SHORT),),
        "expiring",
        soon(),
        "no",
        note=("paper-expired",),
        at=11,
    ),
    Scene(
        "a licence that an authority issued to somebody else does",
        (says("qualification", kind="business", number=LICENCE + "-2", **SHORT),),
        "expiring",
        soon(party=who("office")),
        "yes",
        note=("paper-ending",),
    ),
    Scene(
        "a licence that somebody issued while it was an authority",
        (
            says("qualification", kind="business", number=LICENCE + "-2", **SHORT),
            becomes("office", "brand"),
        ),
        "expiring",
        soon(party=who("office")),
        "yes",
        note=("paper-ending",),
    ),
    Scene(
        "a licence that an authority issued, and withdrew again",
        (
            says("qualification", kind="business", number=LICENCE + "-2", called="short", **SHORT),
            amends("qualification-withdrawal", "short", by="office"),
        ),
        "expiring",
        soon(party=who("office")),
        "no",
    ),
    Scene(
        "one that another authority issued",
        (says("qualification", by="registrar", kind="business", number=LICENCE + "-2", **SHORT),),
        "expiring",
        soon(party=who("office")),
        "no",
    ),
    Scene(
        "more months of an authority's papers than are looked at",
        (says("qualification", kind="business", number=LICENCE + "-2", **SHORT),),
        "expiring",
        soon("4000", party=who("office")),
        "unknown",
        ("walk-limit",),
        note=("paper-ending",),
    ),
    Scene(
        "a grant does",
        (grant(**TO_RIVAL, **SHORT),),
        "expiring",
        soon(party=RIVAL),
        "yes",
        note=("grant-ending",),
    ),
    Scene(
        "a grant does that is renewed already",
        (grant(**TO_RIVAL, **SHORT), grant(**TO_RIVAL, called="renewal")),
        "expiring",
        soon(party=RIVAL),
        "no",
    ),
    Scene(
        "a narrower grant renews nothing",
        (grant(**TO_RIVAL, **SHORT), grant(**TO_RIVAL, territories=["CN-ZJ"])),
        "expiring",
        soon(party=RIVAL),
        "yes",
        note=("grant-ending",),
    ),
    Scene(
        "a grant that the party gave and that has not begun",
        (grant(**TO_RIVAL, **{"from": day(5)}, **SHORT),),
        "expiring",
        soon(party=who("distributor")),
        "yes",
        note=("grant-ending",),
    ),
    Scene(
        "a grant that the party has and that has not begun",
        (grant(**TO_RIVAL, **{"from": day(5)}, **SHORT),),
        "expiring",
        soon(party=RIVAL),
        "yes",
        note=("grant-ending",),
    ),
    Scene(
        "a grant did, and was not renewed",
        (grant(**TO_RIVAL, **SHORT),),
        "expiring",
        soon(party=RIVAL),
        "no",
        note=("grant-expired",),
        at=11,
    ),
    Scene(
        "one of another brand is not asked about",
        (grant(**TO_RIVAL, **SHORT),),
        "expiring",
        soon(party=RIVAL, brand=OTHER_BRAND),
        "no",
    ),
    Scene(
        "one of the brand that is asked about",
        (grant(**TO_RIVAL, **SHORT),),
        "expiring",
        soon(party=RIVAL, brand=MARK),
        "yes",
        note=("grant-ending",),
    ),
    Scene(
        "a revoked grant ends no more",
        (
            grant(**TO_RIVAL, **SHORT),
            revoke("distributor to rival", "rival", "distributor"),
        ),
        "expiring",
        soon(party=RIVAL),
        "no",
        note=("grant-revoked",),
    ),
    Scene(
        "nor does one below a revoked one",
        (grant(**TO_RIVAL, **SHORT), revoke("agent", "agent", "brand")),
        "expiring",
        soon(party=RIVAL),
        "no",
        note=("grant-revoked",),
    ),
    Scene(
        "a stranger is unknown",
        (),
        "expiring",
        soon(party="did:web:nobody.example"),
        "unknown",
        ("party-unknown",),
    ),
)


def falls(name: str, grantee: str) -> dict[str, object]:
    return {"brand": MARK, "grantee": who(grantee), "grant": id_of(name)}


IMPACT = (
    Scene("a grant falls with all below it", (), "impact", falls("agent", "agent"), "yes"),
    Scene(
        "with what is listed under it",
        (says("listing"),),
        "impact",
        falls("agent", "agent"),
        "yes",
    ),
    Scene(
        "a grant that is dead already",
        (revoke("agent", "agent", "brand"),),
        "impact",
        falls("distributor", "distributor"),
        "no",
        ("grant-revoked",),
    ),
    Scene(
        "a grant between others is unknown",
        (),
        "impact",
        falls("agent", "distributor"),
        "unknown",
        ("grant-unknown",),
    ),
)

AGAINST = {"subject": TRADER}
STANDS = ("sanctioned", "sanction-ending", "appeal-possible")
INTERVIEW = sanction("interview")
SANCTIONS = (
    Scene("none", (), "sanctions", AGAINST, "no"),
    Scene("one stands", INTERVIEW, "sanctions", AGAINST, "yes", note=STANDS),
    Scene(
        "one stands against a product it names",
        sanction(products=[GTIN]),
        "sanctions",
        {"subject": GTIN},
        "yes",
        note=STANDS,
    ),
    Scene(
        "one stands against a lot it names",
        sanction(lots=[LOT]),
        "sanctions",
        {"subject": LOT},
        "yes",
        note=STANDS,
    ),
    Scene(
        "one stands against a shop it names",
        sanction("close-shop", shops=[SHOP]),
        "sanctions",
        {"subject": SHOP},
        "yes",
        note=STANDS,
    ),
    Scene(
        "one of its trader hits a shop too",
        sanction("end-cooperation"),
        "sanctions",
        {"subject": SHOP},
        "yes",
        note=STANDS,
    ),
    Scene(
        "one limited to a product does not",
        sanction(products=[GTIN]),
        "sanctions",
        {"subject": SHOP},
        "no",
    ),
    Scene(
        "one begins later",
        sanction("interview", **{"from": day(3)}),
        "sanctions",
        AGAINST,
        "no",
        note=("sanction-coming", "appeal-possible"),
    ),
    Scene(
        "one is over",
        sanction("interview", until=day(3)),
        "sanctions",
        AGAINST,
        "no",
        note=("sanction-over",),
        at=3,
    ),
    Scene(
        "one was lifted",
        (*INTERVIEW, amends("sanction-lifted", "sanction")),
        "sanctions",
        AGAINST,
        "no",
        note=("sanction-lifted",),
    ),
    Scene(
        "it stood until it was",
        (*INTERVIEW, amends("sanction-lifted", "sanction")),
        "sanctions",
        AGAINST,
        "yes",
        note=STANDS,
        at=-1.5 / 1440,
    ),
    Scene(
        "a party nobody knows",
        (),
        "sanctions",
        {"subject": "did:web:nobody.example"},
        "unknown",
        ("party-unknown",),
    ),
    Scene(
        "a shop nobody knows",
        (),
        "sanctions",
        {"subject": SHOP + "-2"},
        "unknown",
        ("shop-unknown",),
    ),
    Scene(
        "a product nobody knows",
        (),
        "sanctions",
        {"subject": "https://id.gs1.org/01/06901234500028"},
        "unknown",
        ("product-unknown",),
    ),
    Scene(
        "a lot nobody knows",
        (),
        "sanctions",
        {"subject": LOT + "0"},
        "unknown",
        ("lot-unknown",),
    ),
)

AT_GARDEN = {"about": GARDEN}
NOWHERE = "https://id.gs1.org/414/6901234507997"
DRAW = "urn:draw:tea:1"
VISIT = says("visit")
CRITICAL = says("observation", findings=[finding("critical")])
VISITS = (
    Scene("nobody came", (), "visits", AT_GARDEN, "unknown", ("visits-absent",)),
    Scene(
        "nobody came to a place that nobody registered",
        (),
        "visits",
        {"about": NOWHERE},
        "unknown",
        ("place-unknown", "visits-absent"),
    ),
    Scene("an observer came", (VISIT,), "visits", AT_GARDEN, "yes"),
    Scene(
        "and found nothing critical",
        (VISIT, says("observation", findings=[finding("major")])),
        "visits",
        AT_GARDEN,
        "yes",
        note=("observation-unanswered",),
    ),
    Scene(
        "and found something critical",
        (VISIT, CRITICAL),
        "visits",
        AT_GARDEN,
        "no",
        ("place-critical",),
        ("observation-unanswered",),
    ),
    Scene(
        "which an audit found mended",
        (VISIT, CRITICAL, wait(5), audit()),
        "visits",
        AT_GARDEN,
        "yes",
        note=("finding-closed",),
    ),
    Scene(
        "an observer came to the lot",
        (visit_to(LOT),),
        "visits",
        {"about": LOT},
        "yes",
    ),
    Scene(
        "one whom nobody invited found something critical about it",
        (visit_unasked(LOT), observation_of(LOT)),
        "visits",
        {"about": LOT},
        "unknown",
        ("visits-absent",),
        note=("finding-uninvited",),
    ),
    Scene(
        "and found something critical about it",
        (visit_to(LOT), observation_of(LOT)),
        "visits",
        {"about": LOT},
        "no",
        ("lot-critical",),
        ("observation-unanswered",),
    ),
    Scene(
        "which a later inspection found mended",
        (visit_to(LOT), observation_of(LOT), wait(5), inspection()),
        "visits",
        {"about": LOT},
        "yes",
        note=("finding-closed",),
    ),
    Scene(
        "an inspection that refused it mends nothing",
        (visit_to(LOT), observation_of(LOT), wait(5), refusal()),
        "visits",
        {"about": LOT},
        "no",
        ("lot-critical",),
        ("observation-unanswered",),
    ),
    Scene(
        "what was found of a draw stays open",
        (visit_to(DRAW), observation_of(DRAW), wait(5), audit(), inspection()),
        "visits",
        {"about": DRAW},
        "no",
        ("draw-critical",),
    ),
    Scene(
        "nobody had come before",
        (VISIT,),
        "visits",
        AT_GARDEN,
        "unknown",
        ("visits-absent",),
        at=-2,
    ),
    Scene(
        "an observer with a tie it declared",
        (says("visit", tie="my cousin picks there"),),
        "visits",
        AT_GARDEN,
        "unknown",
        ("visits-absent",),
        ("visit-tied",),
    ),
    Scene(
        "beside one without",
        (says("visit", tie="my cousin picks there"), visit_to(GARDEN)),
        "visits",
        AT_GARDEN,
        "yes",
        note=("visit-tied",),
    ),
    Scene(
        "an observer whose tie is said only in a later application",
        (
            VISIT,
            says("observer-call", called="next call"),
            says(
                "observer-application",
                called="next",
                call=citing("next call"),
                ties=[{"to": who("brand"), "text": "my cousin picks there"}],
            ),
        ),
        "visits",
        AT_GARDEN,
        "unknown",
        ("visits-absent",),
        ("visit-tie-undeclared",),
    ),
    Scene(
        "an observer with a tie that came to light later",
        (VISIT, affiliation("brand", "observer", relation="tied")),
        "visits",
        AT_GARDEN,
        "unknown",
        ("visits-absent",),
        ("visit-tie-undeclared",),
    ),
    Scene(
        "of an uninvited one with a tie nothing is told: it shows nothing",
        (says("visit", invitation=...), affiliation("brand", "observer", relation="tied")),
        "visits",
        AT_GARDEN,
        "unknown",
        ("visits-absent",),
    ),
    Scene(
        "nor of an uninvited one out of its term",
        (says("visit", invitation=...), corrects("term", "operator", **{"from": day(5)})),
        "visits",
        AT_GARDEN,
        "unknown",
        ("visits-absent",),
    ),
    Scene(
        "an observer whose term was corrected",
        (VISIT, corrects("term", "operator", **{"from": day(5)})),
        "visits",
        AT_GARDEN,
        "unknown",
        ("visits-absent",),
        ("observer-out-of-period",),
    ),
)

SCENES = (*ADMISSION, *EXPIRING, *IMPACT, *SANCTIONS, *VISITS)
