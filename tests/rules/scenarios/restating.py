"""Who states its own lot, product or place again takes it out of nothing."""

from questions.scene import observation_of, visit_to
from rules.scenarios.goods import FIELD
from rules.words import (
    BLACK,
    OTHER_MARK,
    WHITE,
    affiliation,
    breaks,
    citing,
    corrects,
    decides,
    keeps,
    mark,
    prefixed,
    rivals,
    says,
    withdraw_mark,
)
from tea import AGENT, GARDEN, GTIN, LOT, MARK
from usual import RIVAL, SUBSIDIARY, day, finding

RULE = "restated-loosens"
LEAVES, DRIED = f"{GTIN}/10/L1", f"{GTIN}/10/D1"
NEW_FIELD = says("facility", subject=FIELD, called="field")
RECALL = says("recall")
PASSED = says("inspection")
REFUSED = says("inspection", called="failure", nonconforming=2, decision="refused")
BAD_AUDIT = says("origin-audit", called="bad audit", findings=[finding("critical")])
MADE_OF = (
    says("lot", subject=LEAVES, called="leaves", serial_range=...),
    says("lot", subject=DRIED, called="dried", serial_range=..., inputs=[LEAVES]),
)


def again(**changes):
    """The brand states its lot again."""
    as_it_was = {"made": lambda told: told.fields_of("lot")["made"]}
    return says("lot", called="again", **as_it_was | changes)


def product(**changes):
    """The brand states its product again."""
    return says("product", called="again", **changes)


def place(**changes):
    """The brand states its garden again."""
    return says("facility", subject=GARDEN, called="again", **changes)


DRIED_BY = (
    MADE_OF[0],
    says(
        "lot",
        by="agent",
        subject=DRIED,
        called="dried",
        serial_range=...,
        inputs=[LEAVES],
        made=day(-2),
    ),
)
"""An agent dried the brand's leaves."""


def taken_over(by="brand", **changes):
    """The brand states that lot, as its agent did but for what is given."""
    as_it_was = {"made": lambda told: told.fields_of("dried")["made"], "inputs": [LEAVES]}
    return says("lot", by=by, subject=DRIED, called="ours", serial_range=..., **as_it_was | changes)


CALLED_BACK = says("recall", by="agent", subject=DRIED, called="theirs")
SEEN = says("inspection", subject=DRIED, called="seen")

SCENARIOS = (
    breaks(RULE, "a right-holder leaves out what its agent's lot was made of", *DRIED_BY,
           taken_over(inputs=...)),
    breaks(RULE, "and where it was made, once somebody looked at it", *DRIED_BY, NEW_FIELD, SEEN,
           taken_over(facility=FIELD)),
    breaks(RULE, "and when", *DRIED_BY, SEEN, taken_over(made=day(-800))),
    breaks(RULE, "and when, by its agent's recall alone, said to be made before that", *DRIED_BY,
           CALLED_BACK, taken_over(made=day(-800))),
    breaks(RULE, "though the grant has ended since", *DRIED_BY,
           says("authorisation-revocation", by="brand", subject=AGENT, target=citing("agent"),
                brand=MARK, parent=lambda t: t.fields_of("agent")["parent"]["id"],
                exclusive=False),
           taken_over(inputs=...)),
    breaks(RULE, "another of its chain's lot, two grants below",
           DRIED_BY[0], says("lot", by="distributor", subject=DRIED, called="dried",
                             serial_range=..., inputs=[LEAVES], made=day(-2)),
           taken_over(inputs=...)),
    keeps(RULE, "a right-holder says the same of its agent's lot", *DRIED_BY, SEEN, taken_over()),
    keeps(RULE, "a number that nobody but its agent spoke of is a lot made since", *DRIED_BY,
          CALLED_BACK, NEW_FIELD, taken_over(made=day(0), facility=FIELD)),
    keeps(RULE, "what an office decided not to be the lot's", *DRIED_BY, SEEN,
          decides(subject=DRIED, upheld=..., rejected=[citing("dried")]), taken_over(inputs=...)),
    breaks(RULE, "a place with a critical finding that its owner's parent stated",
           affiliation("brand", "subsidiary", categories=...), BAD_AUDIT,
           says("qualification", by="registrar", subject=SUBSIDIARY, called="prefix",
                kind="gs1-prefix", number="urn:qualification:gs1cn.org:690123450",
                prefix="690123450", categories=[]),
           says("facility", by="subsidiary", subject=GARDEN, called="ours", owner=SUBSIDIARY)),
    keeps(RULE, "a product that a rival claimed for its own brand", withdraw_mark(),
          mark(number=OTHER_MARK), rivals(WHITE),
          says("recall", by="rival", subject=WHITE + "/10/W1", called="their recall"),
          mark("brand", "office", called="mark again"), prefixed(),
          says("product", subject=WHITE, called="white tea", under=citing("mark again"))),
    breaks(RULE, "a recalled lot was made elsewhere", NEW_FIELD, RECALL, again(facility=FIELD)),
    breaks(RULE, "a recalled lot was made two years ago", RECALL, again(made=day(-800))),
    breaks(RULE, "a lot that passed was made elsewhere", NEW_FIELD, PASSED, again(facility=FIELD)),
    breaks(
        RULE,
        "a lot leaves a garden in which something critical was found",
        NEW_FIELD,
        BAD_AUDIT,
        again(facility=FIELD),
    ),
    breaks(
        RULE,
        "a lot was made of less than it was said to be",
        *MADE_OF,
        says("lot", subject=DRIED, called="again", serial_range=...,
             made=lambda told: told.fields_of("dried")["made"]),
    ),
    breaks(
        RULE,
        "in two steps: first as it was, then elsewhere",
        NEW_FIELD,
        RECALL,
        again(),
        again(facility=FIELD),
    ),
    keeps(RULE, "a lot nobody looked at was made elsewhere", NEW_FIELD, again(facility=FIELD)),
    keeps(RULE, "a recalled lot, said as it was, was more", RECALL,
          again(quantity={"amount": "130", "unit": "kg"})),
    keeps(RULE, "a recalled lot was made of more", *MADE_OF, RECALL, again(inputs=[LEAVES])),
    breaks(RULE, "a product of which a lot was refused is black tea", REFUSED,
           product(category=BLACK)),
    breaks(RULE, "a product of which a lot was recalled is black tea", RECALL,
           product(category=BLACK)),
    breaks(
        RULE,
        "a product that an observer found wanting is of another brand",
        mark("brand", "office", number=OTHER_MARK),
        visit_to(LOT),
        observation_of(LOT),
        product(brand=OTHER_MARK, under=citing("second mark")),
    ),
    keeps(RULE, "a product that passed is black tea", PASSED, product(category=BLACK)),
    keeps(RULE, "a recalled product has another name", RECALL,
          product(names={"en": "Green tea, spring"})),
    breaks(RULE, "a garden with a critical finding is another's", BAD_AUDIT, place(owner=RIVAL)),
    keeps(RULE, "a garden audited well is another's",
          says("origin-audit", called="audit"), place(owner=RIVAL)),
    keeps(RULE, "a garden with a critical finding has another name", BAD_AUDIT,
          place(names={"en": "Longwu"})),
    breaks("supersede-loosens", "a product of which a lot was recalled, corrected to black tea",
           RECALL, corrects("product", "brand", category=BLACK)),
    breaks("supersede-loosens", "a garden with a critical finding, corrected to be another's",
           BAD_AUDIT, corrects("garden", "brand", owner=RIVAL)),
)  # fmt: skip
