"""What is said of draws, their picks and how much is sampled, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

DRAW_REASONS: Mapping[str, Said] = {
    "draw-absent": Said("No draw {draw} is on record", "The operator has to commit to it (draw)."),
    "draw-failed": Said(
        "No result of {draw} was registered by {until}: it has failed",
        "Nothing mends it; the operator may commit to the next draw of its programme.",
    ),
    "draw-waits": Said(
        "{draw} waits for its result, until {until}",
        "The operator has to register it by then (draw-result).",
    ),
    "draw-unwitnessed": Said(
        "Nothing shows that the log's witnesses (quorum: {quorum}) had seen {draw} ten minutes before its beacon",
        "Nothing mends it; the operator shows with the next result a checkpoint that they cosigned in time.",
    ),
    "pick-late": Said("The pick of {product} in {draw} was executed after {until}"),
    "pick-failed": Said(
        "The pick of {product} in {draw} was not executed by {until}",
        "Nothing mends it; it does not count.",
    ),
    "pick-unsealed": Said(
        "What was inspected of {product} for {draw}, lot {lot}, is not shown to be what was sealed before the reveal",
        "The inspector has to register the sealing statement that the result names.",
    ),
    "pick-tested-elsewhere": Said(
        "{laboratory}, which was not drawn, tested the sample of {product} for {draw}"
    ),
    "pick-substituted": Said(
        "{product}, drawn in {draw}, fell out: {reason}",
    ),
    "drawn-substituted": Said("{party}, drawn in {draw}, fell out: {reason}"),
    "drawn-alone": Said("Nobody but {party} could be drawn in {draw} in that role"),
    "draws-failed": Said("Draws of the same goods failed before {draw}: {count}"),
    "programme-absent": Said(
        "No programme {programme} is on record", "The operator has to register it."
    ),
    "programmes-beside": Said("Other programmes sample the same goods as {programme}: {count}"),
    "picks-missed": Said("Picks of {programme} that were not executed as they should be: {count}"),
    "picks-substituted": Said("Who and what was drawn for {programme} and fell out: {count}"),
    "multiplier-missed": Said(
        "In {quarter} picks were executed: {count}; the programme says {expected}",
        "Nothing mends a quarter that is over.",
    ),
    "multiplier-unshown": Said(
        "In {quarter} picks of draws that are shown to be honest were executed: {count}; the programme says {expected}",
        "Nothing mends a quarter that is over; witnesses have to cosign each draw in time.",
    ),
    "quarter-open": Said(
        "No whole quarter of {programme} is over yet", "Ask again when one is over."
    ),
}
"""Code -> words."""
