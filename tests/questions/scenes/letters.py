"""Letters as people have them: notice, irrevocable until, for cause, and who would bend that."""

from questions.scene import Forged, Scene, sanction, selling
from questions.scenes.parties import falls, soon
from rules.words import WHITE, citing, corrects, grant, product, revoke, says, withdraw_mark
from tea import GARDEN, GTIN
from usual import day, who

SELL = "may_sell"
ELSEWHERE = "https://id.gs1.org/414/6901234500110"
TO_RIVAL = "distributor to rival"


def letter(**terms: object) -> object:
    """The distributor authorises the rival by a letter with terms of its own."""
    return grant("distributor", "rival", "distributor", **{"depth": 0} | terms)


def rival(**changes: str) -> dict[str, str]:
    return selling(trader=who("rival"), **changes)


REVOKED = revoke(TO_RIVAL, "rival", "distributor", called="end")
FOR_CAUSE = revoke(TO_RIVAL, "rival", "distributor", for_cause=True, called="end for cause")
WITH_NOTICE = (letter(notice_days=30), REVOKED)
FIRM = (letter(irrevocable_until=day(60)), REVOKED)

SHIFT = "urn:lot:06901234500004:20260501早班A-二号灶"
"""A lot as its maker numbers it: GS1 has no room for that."""
OF_SHIFT = says("lot", subject=SHIFT, called="shift", made=day(-1), serial_range=...)

BAD_DAYS = {"made_from": day(-3), "made_until": day(0)}
LATER_LOT = says("lot", subject=GTIN + "/10/B8", made=day(0), called="later", serial_range=...)
MADE_BEFORE = says("lot", subject=GTIN + "/10/B7", made=day(-2), called="before", serial_range=...)
OLDER_GOODS = {"subject": GTIN + "/10/B6", "made": day(-9), "serial_range": ...}
OLDER = says("lot", called="older", **OLDER_GOODS)
OLDER_SAYS_TRADER = says("lot", by="trader", called="older", **OLDER_GOODS)


def product_recall(by: str = "brand", **changes: object):
    """Who holds the brand calls back what was made in some days."""
    return says("product-recall", by=by, **{"called": "product recall"} | BAD_DAYS | changes)


RECALLED = (
    Scene(
        "a lot made in the days that are called back",
        (MADE_BEFORE, product_recall()),
        "trace",
        {"goods": GTIN + "/10/B7"},
        "no",
        ("lot-recalled",),
        ("audit-absent", "product-recalled"),
    ),
    Scene(
        "one made before those days is not",
        (OLDER, product_recall()),
        "trace",
        {"goods": GTIN + "/10/B6"},
        "yes",
        note=("audit-absent", "product-recalled"),
    ),
    Scene(
        "one that was registered after the recall is",
        (product_recall(), MADE_BEFORE),
        "trace",
        {"goods": GTIN + "/10/B7"},
        "no",
        ("lot-recalled",),
        ("audit-absent", "product-recalled"),
    ),
    Scene(
        "its maker dates it out of nothing",
        (MADE_BEFORE, product_recall(), Forged(corrects("before", "brand", made=day(-9)))),
        "trace",
        {"goods": GTIN + "/10/B7"},
        "no",
        ("lot-recalled",),
        ("audit-absent", "product-recalled"),
    ),
    Scene(
        "a trader that states old goods late takes them out of nothing",
        (product_recall(), OLDER_SAYS_TRADER),
        "trace",
        {"goods": GTIN + "/10/B6"},
        "no",
        ("lot-recalled",),
        ("audit-absent", "place-unconfirmed", "product-recalled"),
    ),
    Scene(
        "nor does a trader's word before the recall that a decision rejects",
        (
            OLDER_SAYS_TRADER,
            product_recall(),
            says(
                "claim-decided",
                subject=GTIN + "/10/B6",
                upheld=...,
                rejected=[citing("older")],
            ),
        ),
        "trace",
        {"goods": GTIN + "/10/B6"},
        "no",
        ("lot-recalled", "lot-unknown"),
        ("claim-rejected", "product-recalled"),
    ),
    Scene(
        "its right-holder says how old they are",
        (product_recall(), OLDER),
        "trace",
        {"goods": GTIN + "/10/B6"},
        "yes",
        note=("audit-absent", "product-recalled"),
    ),
    Scene(
        "what was made at another place is not meant",
        (MADE_BEFORE, product_recall(facility=ELSEWHERE)),
        "trace",
        {"goods": GTIN + "/10/B7"},
        "yes",
        note=("audit-absent", "product-recalled"),
    ),
    Scene(
        "what was made there is",
        (MADE_BEFORE, product_recall(facility=GARDEN)),
        "trace",
        {"goods": GTIN + "/10/B7"},
        "no",
        ("lot-recalled",),
        ("audit-absent", "product-recalled"),
    ),
    Scene(
        "the product says so itself",
        (product_recall(),),
        "trace",
        {"goods": GTIN},
        "no",
        ("product-recalled",),
        ("audit-absent",),
    ),
    Scene(
        "nothing of it is left to sell",
        (product_recall(made_from=...),),
        SELL,
        selling(),
        "no",
        ("lot-recalled",),
        ("product-recalled",),
    ),
    Scene(
        "a lot made later is",
        (product_recall(made_from=...), LATER_LOT),
        SELL,
        selling(),
        "yes",
        note=("lot-recalled", "product-recalled"),
    ),
    Scene(
        "of goods without a lot on record nobody says when they were made",
        (product(), product_recall(subject=WHITE, made_from=...)),
        SELL,
        selling(product=WHITE),
        "no",
        ("product-recalled",),
    ),
    Scene(
        "a rival calls back nothing of the brand's",
        (MADE_BEFORE, Forged(product_recall("rival"))),
        "trace",
        {"goods": GTIN + "/10/B7"},
        "yes",
        note=("audit-absent",),
    ),
)

SCENES = (
    *RECALLED,
    Scene(
        "a lot numbered in Chinese is traced",
        (OF_SHIFT,),
        "trace",
        {"goods": SHIFT},
        "yes",
        note=("audit-absent",),
    ),
    Scene(
        "and, called back, is so in every answer about its goods",
        (OF_SHIFT, says("recall", subject=SHIFT, called="recall of it")),
        "trace",
        {"goods": GTIN},
        "no",
        ("lot-recalled",),
        ("audit-absent",),
    ),
    Scene(
        "and about what was made of it",
        (
            OF_SHIFT,
            says("lot", subject=GTIN + "/10/B8", inputs=[SHIFT], called="of it", serial_range=...),
            says("recall", subject=SHIFT, called="recall of it"),
        ),
        "trace",
        {"goods": GTIN + "/10/B8"},
        "no",
        ("lot-recalled",),
        note=("audit-absent",),
    ),
    Scene(
        "a letter with notice carries on while that runs",
        WITH_NOTICE,
        SELL,
        rival(),
        "yes",
        note=("grant-notice",),
    ),
    Scene(
        "to its last day",
        WITH_NOTICE,
        SELL,
        rival(),
        "yes",
        note=("grant-notice",),
        at=29.9,
    ),
    Scene("and then no more", WITH_NOTICE, SELL, rival(), "no", ("grant-revoked",), at=30.1),
    Scene(
        "a letter that is irrevocable carries on until then",
        FIRM,
        SELL,
        rival(),
        "yes",
        note=("grant-notice",),
        at=59,
    ),
    Scene("and no longer", FIRM, SELL, rival(), "no", ("grant-revoked",), at=61),
    Scene(
        "of notice and a firm term the later counts",
        (letter(irrevocable_until=day(10), notice_days=30), REVOKED),
        SELL,
        rival(),
        "yes",
        note=("grant-notice",),
        at=20,
    ),
    Scene(
        "nor does a letter hold beyond its own end",
        (letter(notice_days=30, until=day(10)), REVOKED),
        SELL,
        rival(),
        "no",
        ("grant-expired",),
        at=11,
    ),
    Scene(
        "a revocation for cause is not held up",
        (letter(notice_days=30, irrevocable_until=day(60)), FOR_CAUSE),
        SELL,
        rival(),
        "no",
        ("grant-revoked",),
        note=("grant-at-once",),
    ),
    Scene(
        "nor is one behind a notice that runs",
        (*WITH_NOTICE, FOR_CAUSE),
        SELL,
        rival(),
        "no",
        ("grant-revoked",),
        note=("grant-at-once",),
    ),
    Scene(
        "who stands above revokes by the letter's terms, too",
        (letter(notice_days=30), revoke(TO_RIVAL, "rival", "agent")),
        SELL,
        rival(),
        "yes",
        note=("grant-notice",),
    ),
    Scene(
        "a letter promises nothing that its giver has not: what ends above ends it",
        (letter(irrevocable_until=day(60)), revoke("distributor", "distributor", "agent")),
        SELL,
        rival(),
        "no",
        ("grant-revoked",),
    ),
    Scene(
        "nor against the trademark's end",
        (letter(irrevocable_until=day(60)), withdraw_mark()),
        SELL,
        rival(),
        "no",
        ("trademark-withdrawn",),
    ),
    Scene(
        "no term holds up a sanction",
        (
            revoke("trader", "trader", "distributor"),
            grant("distributor", "trader", "distributor", depth=0, irrevocable_until=day(60)),
            *sanction(),
        ),
        SELL,
        selling(),
        "no",
        ("sanctioned",),
        note=("grant-again", "lot-recalled"),
    ),
    Scene(
        "a grant made below one that was given notice carries nothing where an operator lets it in",
        (
            letter(notice_days=30, depth=1),
            REVOKED,
            Forged(grant("rival", "warehouse", TO_RIVAL, depth=0)),
        ),
        SELL,
        selling(trader=who("warehouse")),
        "no",
        ("grant-revoked",),
        at=31,
    ),
    Scene(
        "what was revoked, and carries on by its terms, expires",
        WITH_NOTICE,
        "expiring",
        soon(party=who("rival"), days="40"),
        "yes",
        note=("grant-notice",),
    ),
    Scene(
        "and not within fewer days",
        WITH_NOTICE,
        "expiring",
        soon(party=who("rival"), days="20"),
        "no",
    ),
    Scene(
        "its giver is told, too",
        WITH_NOTICE,
        "expiring",
        soon(party=who("distributor"), days="40"),
        "yes",
        note=("grant-notice",),
    ),
    Scene(
        "a letter with notice falls",
        (letter(notice_days=30),),
        "impact",
        falls(TO_RIVAL, "rival"),
        "yes",
    ),
    Scene("and while that runs", WITH_NOTICE, "impact", falls(TO_RIVAL, "rival"), "yes"),
    Scene(
        "and not once it has run",
        WITH_NOTICE,
        "impact",
        falls(TO_RIVAL, "rival"),
        "no",
        ("grant-revoked",),
        at=31,
    ),
)
