"""What stands against laboratories' reports, or should be known of them, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

REPORT_REASONS: Mapping[str, Said] = {
    "report-absent": Said(
        "No report on record for {about} is the one asked for: {report} (*: any)",
        "Ask the laboratory to register it; check the sample, or the laboratory and the month.",
    ),
    "report-overturned": Said(
        "A retest overturned the result of {laboratory} for {property}",
        "The retest report counts in its place.",
    ),
    "retest-resampled": Said(
        "The retest by {party} that overturned a result of {laboratory} for the lot {lot} tested the sample {sample}, which {by} sealed after that result was reported",
        "It may have been other goods of the lot: a sample that was sealed before says more, if there is one.",
    ),
    "limit-unjudged": Said(
        "{laboratory} measured {property} of the lot {lot} as {value} {unit} and failed it by no standard; allowed by {baseline} is {direction} {limit}"
    ),
    "limit-unshown": Said(
        "{laboratory} measured {property} of the lot {lot} as {value} {unit}, which does not show whether {baseline} is kept, which asks for {direction} {limit}"
    ),
    "limits-unjudged": Said(
        "Of lots of {product} laboratories measured what misses a limit of a baseline standard, and failed it by no standard (reports: {count})"
    ),
    "limits-unshown": Said(
        "Of lots of {product} laboratories measured what does not show whether a limit of a baseline standard is kept (reports: {count})"
    ),
    "report-objected": Said(
        "{party} objected to the report of {laboratory} on the lot {lot}: what it found is in "
        "suspense until {due}, unless it is decided before",
        "Let another laboratory test again; the operator decides by its report. Undecided by then, "
        "the result counts again.",
    ),
    "results-corrected": Said(
        "{laboratory} says otherwise now what it measured of the lot {lot}, because: {why}"
    ),
    "objection-withdrawn": Said(
        "{by} took back its objection to a failed result of the lot {lot}, because: {why}"
    ),
    "report-corrected": Said("{laboratory} corrected this report", "Ask for the corrected one."),
    "report-objectionable": Said("The report of {laboratory} may be objected to until {until}"),
    "report-failed": Said(
        "The report of {laboratory} on the lot {lot} failed it for {property}",
        "Only a retest after an objection can overturn it, by a laboratory tied to nobody who ever made the lot, owned its place or held its brand, nor to who makes something of it or sells it; else the lot is recalled, an improvement plan whose cause is the recall or this report is found effective by an inspector or the operator without such ties, and a lot made after the report and the recall passes a test for {property} by such a laboratory.",
    ),
    "objection-overdue": Said(
        "The objection of {party} was left undecided for more than 15 days: the result counts again",
        "The operator has to decide by a retest.",
    ),
    "objection-closed-late": Said(
        "The objection of {party} was decided more than 15 days after it was made"
    ),
    "report-parts": Said(
        "Of report {number} of {laboratory} on the lot {lot} {count} of {total} parts are on record: what the others say is not known here"
    ),
    "reports-contradict": Said(
        "Two laboratories contradict each other on {property} of the lot {lot}: "
        "{passed} passed it, {failed} failed it",
        "The lot's maker, brand or trader has to object to the failure, and a retest to decide.",
    ),
}
