"""Overviews: invitations, what a party holds and granted, a brand, a trader's listings, a place."""

from questions.scene import (
    BUSINESS,
    READY,
    REFUSED,
    Scene,
    audit,
    garden,
    observation_of,
    sanction,
    visit_to,
)
from rules.words import affiliation, amends, revoke, says
from tea import GARDEN, GTIN, MARK, OBSERVER
from usual import RIVAL, citing, day, id_of, who
from world import TRADER

UNKNOWN_MARK = "urn:trademark:cn:99999999:30"
NOBODY = "did:web:nobody.example"
INVITED = {"observer": OBSERVER}
OTHER_PLACE = "https://id.gs1.org/414/6901234509991"


def party(name: str, **more: str) -> dict[str, str]:
    """Return who asks what it may do with brands."""
    return {"party": who(name), "brand": "*", "page": "1"} | more


def of_brand(**more: object) -> dict[str, object]:
    """Return what asks about the tea's brand."""
    return {"brand": MARK, "under": "*", "page": "1"} | more


INVITATIONS = (
    Scene(
        "invited for good, and not there yet",
        (),
        "invitations",
        INVITED,
        "yes",
        note=("invitation-open",),
    ),
    Scene("one that was followed", (says("visit"),), "invitations", INVITED, "no"),
    Scene(
        "one that begins later",
        (
            says("visit"),
            says("invitation", called="next", **{"from": day(3), "until": day(9)}),
        ),
        "invitations",
        INVITED,
        "no",
        note=("invitation-coming",),
    ),
    Scene(
        "the same when it has begun",
        (
            says("visit"),
            says("invitation", called="next", **{"from": day(3), "until": day(9)}),
        ),
        "invitations",
        INVITED,
        "yes",
        note=("invitation-open",),
        at=4,
    ),
    Scene(
        "the same when it is over",
        (
            says("visit"),
            says("invitation", called="next", **{"from": day(3), "until": day(9)}),
        ),
        "invitations",
        INVITED,
        "no",
        at=10,
    ),
    Scene("nobody invited it", (), "invitations", {"observer": TRADER}, "no"),
    Scene(
        "an observer nobody knows",
        (),
        "invitations",
        {"observer": NOBODY},
        "unknown",
        ("party-unknown",),
    ),
)

GRANTS = (
    Scene("a trader with a grant that stands", (), "grants", party("trader"), "yes"),
    Scene("a brand with a mark of its own", (), "grants", party("brand"), "yes"),
    Scene(
        "a trader whose grant was revoked",
        (revoke("trader", "trader", "distributor"),),
        "grants",
        party("trader"),
        "no",
        ("nothing-granted", "grant-revoked"),
    ),
    Scene(
        "a trader whose grant fell with one above it",
        (revoke("agent", "agent", "brand"),),
        "grants",
        party("trader"),
        "no",
        ("nothing-granted", "grant-revoked"),
    ),
    Scene(
        "of another brand",
        (),
        "grants",
        party("trader", brand=UNKNOWN_MARK),
        "no",
        ("nothing-granted", "no-grant"),
    ),
    Scene(
        "a party nobody knows",
        (),
        "grants",
        {"party": NOBODY, "brand": "*", "page": "1"},
        "unknown",
        ("party-unknown",),
    ),
)

BRAND_SCENES = (
    Scene("three grants below one another", (), "brand", of_brand(), "yes"),
    Scene("below one of them", (), "brand", of_brand(under=id_of("agent")), "yes"),
    Scene(
        "all fell with the topmost",
        (revoke("agent", "agent", "brand"),),
        "brand",
        of_brand(),
        "no",
        ("brand-ungranted",),
    ),
    Scene(
        "the mark was withdrawn",
        (amends("qualification-withdrawal", "mark", by="office"),),
        "brand",
        of_brand(),
        "no",
        ("trademark-withdrawn",),
    ),
    Scene(
        "a mark nobody registered",
        (),
        "brand",
        of_brand(brand=UNKNOWN_MARK),
        "unknown",
        ("brand-unknown",),
    ),
)

ON_SALE = {"trader": TRADER, "page": "1"}
TRADERS = (
    Scene(
        "everything in order",
        (*READY, says("listing")),
        "trader",
        ON_SALE,
        "yes",
        note=("certificate-not-asked",),
    ),
    Scene(
        "without a licence to trade, and no audit of the garden",
        (says("listing"),),
        "trader",
        ON_SALE,
        "no",
        ("audit-absent", "paper-missing"),
        note=("certificate-not-asked",),
    ),
    Scene(
        "without an audit of the garden",
        (BUSINESS, says("listing")),
        "trader",
        ON_SALE,
        "unknown",
        ("audit-absent",),
        note=("certificate-not-asked",),
    ),
    Scene(
        "refused since",
        (*READY, says("listing"), REFUSED),
        "trader",
        ON_SALE,
        "no",
        ("trader-refused",),
        note=("certificate-not-asked",),
    ),
    Scene(
        "delisted by a measure that names the product",
        (*READY, says("listing"), *sanction(products=[GTIN])),
        "trader",
        ON_SALE,
        "no",
        ("lot-recalled", "sanctioned"),
        note=("certificate-not-asked",),
    ),
    Scene(
        "a trader that listed nothing",
        (),
        "trader",
        {"trader": RIVAL, "page": "1"},
        "unknown",
        ("nothing-listed",),
    ),
    Scene(
        "what it listed, it took off",
        (*READY, says("listing"), says("listing-ended")),
        "trader",
        ON_SALE,
        "unknown",
        ("nothing-listed",),
    ),
    Scene(
        "a trader nobody knows",
        (),
        "trader",
        {"trader": NOBODY, "page": "1"},
        "unknown",
        ("party-unknown", "nothing-listed"),
    ),
)

AT = {"place": GARDEN, "maker": "*", "page": "1"}
PLACES = (
    Scene("audited in time", (audit(),), "place", AT, "yes"),
    Scene("never audited", (), "place", AT, "unknown", ("audit-absent",)),
    Scene("its audit is overdue", (audit(),), "place", AT, "no", ("audit-overdue",), at=800),
    Scene(
        "something critical was found",
        (audit(**garden("critical")),),
        "place",
        AT,
        "no",
        ("place-critical",),
    ),
    Scene(
        "the same, and found mended by another audit",
        (audit(**garden("critical")), audit("again", by="second-inspector")),
        "place",
        AT,
        "yes",
        note=("finding-closed",),
    ),
    Scene(
        "an observer found something critical",
        (audit(), visit_to(GARDEN), observation_of(GARDEN)),
        "place",
        AT,
        "no",
        ("place-critical",),
    ),
    Scene(
        "a place nobody knows",
        (),
        "place",
        {"place": OTHER_PLACE, "maker": "*", "page": "1"},
        "unknown",
        ("place-unknown", "audit-absent"),
    ),
)


def tied(name: str, to: str = "*", **more: str) -> dict[str, str]:
    """Return who asks who is tied to a party."""
    return {"party": who(name), "to": to, "page": "1"} | more


WITHDRAWN = says(
    "qualification-withdrawal",
    subject=who("inspector"),
    target=citing("inspector of brand"),
    number="urn:qualification:samr.cn:INSPECTOR-BRAND",
)
TIES = (
    Scene("nobody says anything of ties", (), "ties", tied("brand"), "no"),
    Scene("a firm above", (affiliation("brand", "inspector"),), "ties", tied("inspector"), "yes"),
    Scene(
        "the same from above", (affiliation("brand", "inspector"),), "ties", tied("brand"), "yes"
    ),
    Scene(
        "the paper was withdrawn",
        (affiliation("brand", "inspector"), WITHDRAWN),
        "ties",
        tied("brand"),
        "no",
    ),
    Scene(
        "sisters of one firm",
        (affiliation("parent", "brand"), affiliation("parent", "inspector")),
        "ties",
        tied("brand", to=who("inspector")),
        "yes",
    ),
    Scene(
        "two who are not tied",
        (affiliation("brand", "inspector"),),
        "ties",
        tied("brand", to=TRADER),
        "no",
    ),
    Scene(
        "one whom nobody knows",
        (),
        "ties",
        tied("brand", to=NOBODY),
        "unknown",
        ("party-unknown",),
    ),
    Scene(
        "a tie that begins later",
        (affiliation("brand", "inspector", **{"from": day(3)}),),
        "ties",
        tied("brand"),
        "no",
    ),
    Scene(
        "the same when it has begun",
        (affiliation("brand", "inspector", **{"from": day(3)}),),
        "ties",
        tied("brand"),
        "yes",
        at=4,
    ),
)

SCENES = (*INVITATIONS, *GRANTS, *BRAND_SCENES, *TRADERS, *PLACES, *TIES)
