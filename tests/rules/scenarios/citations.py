"""The rules for citations: what a statement rests on is there, fits and stands."""

from rules.words import (
    amends,
    breaks,
    citing,
    corrects,
    grant,
    keeps,
    product,
    revoke,
    says,
    withdraw_mark,
)
from tea import LOT, MARK
from usual import VISIT, finding, who

NOBODY = {"id": "0" * 64, "topic": "grant", "subject": f"{MARK}\n{who('distributor')}"}
FAILED = {"nonconforming": 5, "decision": "refused", "findings": [finding("critical")]}
LISTED = says("listing")
VISITED = says("visit", sealed=[{"name": "phone", "digest": "7" * 64}])
INSPECTED = says("inspection", called="mystery")

NOTICED = (
    grant("distributor", "rival", "distributor", depth=1, notice_days=30),
    revoke("distributor to rival", "rival", "distributor"),
)

SCENARIOS = (
    breaks(
        "cited-ended",
        "a grant is revoked twice by its own terms",
        *NOTICED,
        revoke("distributor to rival", "rival", "agent"),
    ),
    keeps(
        "cited-ended",
        "a grant is revoked for cause while its notice runs",
        *NOTICED,
        revoke("distributor to rival", "rival", "distributor", for_cause=True),
    ),
    breaks(
        "cited-ended",
        "a grant is revoked for cause twice",
        *NOTICED,
        revoke("distributor to rival", "rival", "distributor", for_cause=True),
        revoke("distributor to rival", "rival", "agent", for_cause=True),
    ),
    breaks(
        "cited-ended",
        "who was given notice grants on",
        *NOTICED,
        grant("rival", "warehouse", "distributor to rival"),
    ),
    breaks(
        "cited-absent",
        "a grant rests on one that nobody registered",
        grant("distributor", "trader", parent=NOBODY),
    ),
    breaks(
        "cited-absent",
        "a grant cites its parent in a history of somebody else's grants",
        grant(
            "distributor",
            "trader",
            parent=citing("distributor", subject=f"{MARK}\n{who('agent')}"),
        ),
    ),
    breaks(
        "cited-absent",
        "a grant cites its parent in a history that another brand's grants are in",
        grant("distributor", "trader", parent=citing("distributor", subject="urn:x:1")),
    ),
    breaks(
        "cited-absent",
        "a grant cites its parent from the sanctions, where it is not",
        grant("distributor", "trader", parent=citing("distributor", topic="sanction")),
    ),
    breaks(
        "cited-absent",
        "a revocation of a grant that nobody registered",
        revoke("trader", "trader", "distributor", target=NOBODY),
    ),
    breaks(
        "cited-absent",
        "a sample cites an inspection of its lot from another lot",
        INSPECTED,
        says("sample-sealed", inspection=citing("mystery", subject=LOT + "9")),
        refused=("cited-absent", "sample-inspection"),
    ),
    keeps(
        "cited-absent",
        "a grant rests on one registered before it in the same batch",
        (grant("brand", "rival", depth=1), grant("rival", "trader", "brand to rival")),
    ),
    breaks(
        "cited-type",
        "a product is declared under an admission",
        product(under=citing("admission")),
        refused=("cited-type", "product-right"),
    ),
    breaks(
        "cited-type",
        "an observation cites an observation for its visit",
        VISITED,
        says("observation"),
        says("observation", visit=citing("observation"), text="again"),
    ),
    breaks(
        "cited-type",
        "a revocation ends a qualification",
        revoke("trader", "trader", "distributor", target=citing("licence")),
        refused=("cited-type", "target-subjects", "target-issuer"),
    ),
    breaks(
        "cited-type",
        "a withdrawal ends a grant",
        says("qualification-withdrawal", target=citing("trader")),
        refused=("cited-type", "target-subjects", "target-issuer"),
    ),
    keeps("cited-type", "an observation cites its visit", VISITED, says("observation")),
    breaks(
        "cited-topic",
        "a grant cites its parent among all the grantee's grants",
        grant("distributor", "trader", parent=citing("distributor", topic="grants")),
    ),
    breaks(
        "cited-topic",
        "a grant cites its parent among all that was granted below the parent's parent",
        grant("distributor", "trader", parent=citing("distributor", topic="granted")),
    ),
    breaks(
        "cited-topic",
        "an observation cites its visit from the visited garden's history",
        VISITED,
        says("observation", visit=citing("visit", topic="facility")),
    ),
    keeps(
        "cited-topic",
        "a grant cites its trademark among the right-holder's papers",
        grant("brand", "trader", parent=citing("mark", topic="qualification")),
    ),
    breaks(
        "cited-ended",
        "a grant rests on a revoked one",
        revoke("distributor", "distributor", "agent"),
        grant("distributor", "trader", "distributor"),
    ),
    breaks(
        "cited-ended",
        "a grant rests on one revoked in the same batch",
        (
            revoke("distributor", "distributor", "agent"),
            grant("distributor", "trader", "distributor"),
        ),
    ),
    breaks(
        "cited-ended",
        "a grant rests on a withdrawn trademark",
        withdraw_mark(),
        grant("brand", "trader"),
    ),
    breaks(
        "cited-ended",
        "an observation cites a corrected visit by its old id",
        VISITED,
        corrects("visit", "observer", place={"text": "in the hall"}),
        says("observation"),
    ),
    breaks(
        "cited-ended",
        "an observation cites a visit by the first of two corrections",
        VISITED,
        corrects("visit", "observer", called="first", place={"text": "in the hall"}),
        corrects("visit", "observer", called="second", place={"text": "in the yard"}),
        says("observation", visit=citing("first", topic="visit", subject=VISIT)),
    ),
    keeps(
        "cited-ended",
        "an observation cites a corrected visit by the correction's id",
        VISITED,
        corrects("visit", "observer", called="corrected", place={"text": "in the hall"}),
        says("observation", visit=citing("corrected", topic="visit", subject=VISIT)),
    ),
    breaks(
        "cited-ended",
        "a second revocation of the same grant",
        revoke("trader", "trader", "distributor"),
        revoke("trader", "trader", "agent"),
    ),
    breaks(
        "cited-ended",
        "a second end of the same shop",
        amends("shop-ended", "shop"),
        amends("shop-ended", "shop", changes={"reason": "again"}),
    ),
    breaks(
        "cited-ended",
        "a correction of a listing that ended",
        LISTED,
        amends("listing-ended", "listing"),
        corrects("listing", "trader", territories=["CN-ZJ"]),
    ),
    keeps(
        "cited-ended",
        "a second correction of the same inspection",
        INSPECTED,
        corrects("mystery", "inspector", km=1),
        corrects("mystery", "inspector", km=2),
    ),
    breaks(
        "fields",
        "a citation from a history whose name would write on the reader's screen",
        grant("distributor", "trader", parent=NOBODY | {"subject": "urn:x:1\x1b[2J"}),
    ),
    breaks(
        "fields",
        "a citation from a history whose name runs from right to left",
        grant("distributor", "trader", parent=NOBODY | {"subject": "urn:x:\u202e1"}),
    ),
)
