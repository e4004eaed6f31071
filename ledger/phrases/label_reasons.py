"""What stands against labels, standards and pledges, or is not known of them, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

LABEL_REASONS: Mapping[str, Said] = {
    "label-absent": Said(
        "No quality label of {product} is on record",
        "Once it is on sale in a shop where it may be listed, the operator gives one on reports that "
        "cover every criterion.",
    ),
    "label-withdrawn": Said(
        "The quality label of {product} was withdrawn", "The operator has to give a new one."
    ),
    "label-expired": Said(
        "The quality label of {product} ended at {until}", "The operator has to give a new one."
    ),
    "label-again": Said("The quality label of {product} was given anew after one was withdrawn"),
    "label-index-low": Said(
        "The quality index of {product} is {score}, a label asks for {limit}",
        "Later outcomes have to be better.",
    ),
    "not-on-sale": Said("{product} is on sale in no shop", "It has to be listed."),
    "critical-since": Said(
        "Something critical was found of {about} since the label was given",
        "It has to be closed as what was found is: by a later pass, an audit, a retest, or recall, an improvement of either, and a lot made after what was found and the recall that passes; or the operator gives a new label.",
    ),
    "standard-absent": Said(
        "The standard {standard} that the label cites is not on record",
        "The operator has to give a new label by one that is.",
    ),
    "standard-other-goods": Said(
        "The standard {standard} is not for goods of the category {category}",
        "The label has to cite a standard for these goods.",
    ),
    "standard-outdated": Said(
        "{baseline} now asks more than {standard} does: {property}",
        "The operator has to restate its standard; a label has to be given anew by it, a pledge made anew.",
    ),
    "standard-restated": Said(
        "A newer version of {standard} is in force than the one that the label cites"
    ),
    "criterion-failed": Said(
        "{property} of {lot} is {value} {unit}, allowed is {direction} {limit}",
        "A later lot has to pass, tested by an accredited laboratory.",
    ),
    "criterion-inconclusive": Said(
        "Whether {property} of {lot} meets its limit is within the uncertainty of the test",
        "It has to be tested more closely.",
    ),
    "criterion-untested": Said(
        "No report that stands covers {property}", "An accredited laboratory has to test it."
    ),
    "report-expired": Said(
        "The newest passing report on {property} spoke for the goods until {until}",
        "It has to be tested again.",
    ),
    "criterion-objected": Said(
        "The result for {property} of {lot} is objected to: it is in suspense until {due}, unless "
        "it is decided before",
        "Let another laboratory test again; the operator decides by its report. Undecided by then, "
        "the result counts again.",
    ),
    "pledge-absent": Said("No pledge of {party} is on record for that time", "It has to sign one."),
    "pledge-not-yet": Said("A pledge of {party} counts from {from}"),
    "standard-broken": Said(
        "The promise to keep {standard} was broken (reports: {count})",
        "What failed has to be mended; the pledge stays broken for its time.",
    ),
    "standard-unproven": Said(
        "Nothing on record shows that {standard} is kept throughout",
        "Reports have to cover every criterion for each product of the category.",
    ),
    "conduct-broken": Said(
        "A promise was broken: {conduct} (cases: {count})",
        "What was missed has to be made good; the pledge stays broken for its time.",
    ),
    "conduct-unproven": Said(
        "Nothing on record shows yet whether a promise is kept: {conduct}",
        "It is measured when there is occasion.",
    ),
    "conduct-in-words": Said(
        "A promise in words cannot be computed: {text}", "Ask who promised what came of it."
    ),
}
"""Code -> words."""
