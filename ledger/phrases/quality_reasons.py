"""What the quality index and coverage of inspections say, or do not know, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

QUALITY_REASONS: Mapping[str, Said] = {
    "model-absent": Said(
        "No quality model {model} is in force at that time",
        "The operator has to register one, or another model has to be named.",
    ),
    "index-insufficient": Said(
        "Outcomes of {subject} beside inbound passes: {count}; the model asks for {minimum}",
        "More inspections (in a plan of AQL 10 or less), audits or visits of its goods have to be made; a trader's or a category's "
        "goods are those that were ever listed there.",
    ),
    "index-low": Said(
        "The score of {subject} is {score}, grade C begins at {limit}",
        "Later outcomes have to be better: those named first weigh most.",
    ),
    "index-tied": Said(
        "Passes of {subject} by who is tied to whom they favour, which count for nothing: {count}"
    ),
    "model-restated": Said(
        "The operator restated the model {model} on {on}; by a version before the grade would be {grade}"
    ),
    "complaints-on-record": Said(
        "Complaints about {subject} are on record: {count}; they do not move the index"
    ),
    "feedback-missing": Said(
        "No figures say what was sold and what came back of {product} from {from} until {before}, while it was on sale",
        "The operator has to state them (feedback); they are due fifteen days behind the time, of 31 days at most, that they are about.",
    ),
    "feedback-absent": Said(
        "No figures say what was sold and what came back of {product}, and none are due yet",
        "The operator states them (feedback) when a time in which it was on sale is over.",
    ),
    "measure-proven": Said(
        "A plan's measure is reached: {property} of {product} is {value} in the newest result, the target is {target} {unit}"
    ),
    "measure-unproven": Said(
        "No results show yet that a plan's measure is reached: {property} of {product}, target {target} {unit}"
    ),
    "measure-worse": Said(
        "A plan made it worse: {property} of {product} is {value}, and no later result answers that; the target is {target} {unit}",
        "A later result by somebody without ties has to be no worse than before the plan; where a flight or mystery inspection found it, one of another such.",
    ),
    "measure-already": Said(
        "A plan's measure was reached before the plan: {property} of {product} was {value}, the target is {target} {unit}: it shows nothing"
    ),
    "never-inspected": Said(
        "Pairs of product and trader on sale in {category} that were not inspected in that time: {count} of {total}",
        "What is named has to be inspected, by somebody tied to nobody who ever made the lot, owned its place or held its brand, nor to the trader.",
    ),
    "nothing-on-sale": Said(
        "Nothing in {category} was on sale in that time", "Check the category and the time."
    ),
    "period-open": Said(
        "The time asked about lasts until {until}, later than what is known",
        "Ask again when it is over.",
    ),
}
"""Code -> words."""
