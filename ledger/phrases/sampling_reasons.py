"""How much is drawn from a lot, and why, in the words of an inspector."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

SAMPLING_REASONS: Mapping[str, Said] = {
    "plan-whole": Said(
        "The sample would not be smaller than the lot: every item is inspected ({lot_size})"
    ),
    "plan-none-accepted": Said(
        "AQL 0 accepts nothing, of no table: fewer may be drawn, down to one that is bought, and show less"
    ),
    "plan-nonconformities": Said(
        "At AQL {aql} every nonconformity is counted, more than one may be on an item"
    ),
    "plan-not-switched": Said(
        "Always normal inspection for {mode}: only inbound inspection is tightened or reduced"
    ),
    "sampling-begun": Said(
        "Inbound inspection at level {level}, AQL {aql} began as normal inspection, "
        "and nothing has moved it so far"
    ),
    "sampling-restored": Said("Inbound inspection at level {level}, AQL {aql} came back to normal"),
    "sampling-refusal": Said(
        "One of the last lots was refused: another refused among the next {lots} tightens inspection"
    ),
    "sampling-score": Said("The switching score is {score}, reduced inspection needs {needed}"),
    "sampling-score-reached": Said(
        "The switching score is {score}, at least the {needed} that reduced inspection needs",
        "If production is steady, the operator may agree to reduced inspection.",
    ),
    "sampling-tightened": Said(
        "Inbound inspection at level {level}, AQL {aql} is tightened, two of five lots in a row "
        "(or of fewer) having been refused; to be accepted in a row until it is normal again: {left}; "
        "the fifth refused stops it ({refused} so far)"
    ),
    "sampling-resumed": Said(
        "Inbound inspection at level {level}, AQL {aql} was discontinued and goes on as "
        "tightened, the operator having accepted what was done about the cause; to be accepted in a "
        "row until it is normal again: {left}; the fifth refused stops it ({refused} so far)"
    ),
    "sampling-idle": Said(
        "What warehouses tied to the trader or the brand accepted at level {level}, AQL {aql} ends no tightened inspection that others began, and counts for nothing: {count}",
        "A warehouse that is tied to neither has to inspect the next lots.",
    ),
    "sampling-reduced": Said(
        "Inbound inspection at level {level}, AQL {aql} is reduced, as the operator agreed",
        "The first lot refused brings normal inspection back; "
        "a lot inspected before is inspected again under normal inspection.",
    ),
    "sampling-elsewhere": Said(
        "At level {level}, AQL {aql} inbound inspection of these goods is {severity}"
    ),
    "sampling-discontinued": Said(
        "{refused} lots were refused under tightened inspection at level {level}, AQL {aql}",
        "The trader has to mend the cause, and the operator to accept that by a sampling-switch.",
    ),
    "sampling-against": Said(
        "What was let in against the series makes it uncertain how these goods are to be inspected",
        "The operator broke a rule of its ledger: a replay of the log proves it.",
    ),
}
