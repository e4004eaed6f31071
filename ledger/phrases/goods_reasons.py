"""What stands against goods, or is not known about them, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said
from ledger.texts import Words

GOODS_REASONS: Mapping[str, Said] = {
    "product-unknown": Said(
        "The product {product} is not on record", "Its brand has to register it."
    ),
    "product-contested": Said(
        "The product {product} is contested: {claimants} claim it by the same right and say different things of it",
        "An authority or the operator has to decide on the claims (claim-decided). Decisions that say otherwise have to be overruled in it (overrules), those of an authority by an authority.",
    ),
    "lot-unknown": Said("The lot {lot} is not on record", "Whoever made it has to register it."),
    "lot-contested": Said(
        "The lot {lot} is claimed by more than one party of the same right: {claimants}",
        "An authority or the operator has to decide on the claims (claim-decided). Decisions that say otherwise have to be overruled in it (overrules), those of an authority by an authority.",
    ),
    "place-contested": Said(
        "The place {facility} is claimed by more than one party of the same right: {claimants}",
        "An authority or the operator has to decide on the claims (claim-decided). Decisions that say otherwise have to be overruled in it (overrules), those of an authority by an authority.",
    ),
    "place-unconfirmed": Said(
        "{maker} says that it makes lots at the place {facility} of {owner}, who says nothing of it",
        "If they belong together, an authority or the operator puts that on record (qualification of kind affiliation); if not, {maker} corrects where they were made.",
    ),
    "claim-in-doubt": Said(
        "What {subject} is was stated by {holder} with a key that {by} said later may have been in "
        "other hands at that time: it does not count, and the name is kept for {holder}",
        "{holder} should state it again with a key that nobody suspects.",
    ),
    "claim-decided": Said("{by} decided that {holder} holds {subject}, because: {why}"),
    "claim-rejected": Said(
        "{by} decided that what {claimants} claimed of {subject} falls, because: {why}"
    ),
    "decision-annulled": Said(
        "A decision on who holds the claim on {subject} was annulled on appeal by {by}, because: {why}"
    ),
    "claim-licensed": Said(
        "{holder} holds {subject} by the GS1 licence {number}, issued by {issuer}, before an earlier claim"
    ),
    "licence-contested": Said(
        "{holder} claims {subject} by the GS1 licence {number}, issued by {issuer}, and others claim it, too",
        "Ask {issuer} whether that licence covers the number: an authority or the operator decides by it who holds {subject} (claim-decided).",
    ),
    "claim-assigned": Said("{by} stated {subject} for {holder}, before another claim"),
    "lots-absent": Said(
        "No lot of {product} is on record by its right-holder, the trader or who granted to it: "
        "nothing says where it was made",
        "Its right-holder has to register its lots; a trader registers those of its own making.",
    ),
    "lot-recalled": Said(
        "The lot {lot} was recalled: it must not be sold",
        "Nothing mends this lot: what was made of it is recalled too, and a lot made after the recall has to be "
        "registered and pass an inspection, in a plan of AQL 10 or less, by somebody tied to nobody who ever made it, owned its place or "
        "held its brand, nor to who uses or sells such goods. Said of the wrong lot, it is withdrawn in error by "
        "an authority or the operator tied to none of these, whoever withdrew it before (withdrawn-in-error).",
        had=Words(
            "There is: a lot made after the recall that passed (entry {have}). Still lacking: where something was made of this lot, its recall."
        ),
        begun=Words(
            "There is: a lot made later (entry {begun}). Still lacking: that it passes such an inspection, and where something was made of this lot, its recall."
        ),
    ),
    "product-recalled": Said(
        "{by} called back goods of {product} that were made before {before}",
        "What was called back stays so; a lot made after the recall may be sold, once it is on record.",
    ),
    "lot-refused": Said(
        "An inspection of the lot {lot} ({mode}) refused it, and no inspection that answers it passed it",
        "It has to pass an inspection that cites the refusal, at the same trader, in every class refused: {again}, by somebody tied to nobody who ever made the lot, owned its place or held its brand, nor to who makes something of it or sells it, that trader too; or it is recalled, an improvement plan whose cause is the recall or this refusal is found effective by an inspector or the operator without such ties, and a lot made after the refusal and the recall passes in these classes. Said of the wrong lot, whoever inspected withdraws it in error (withdrawn-in-error).",
    ),
    "lot-answered": Said(
        "What was open against the lot {lot} is answered by a lot made later that passed: {later}",
        "The lot {lot} itself must not be sold.",
    ),
    "input-unknown": Said(
        "The lot {lot} was made of {input}, which is not on record",
        "Whoever made that input has to register it.",
    ),
    "serial-unknown": Said(
        "No lot on record holds the item {item}",
        "Whoever registered the lot has to say which serial numbers it holds.",
    ),
    "serial-contested": Said(
        "More than one lot claims the item {item}",
        "Whoever registered the serial number wrongly has to correct its lot. A lot that something was found of keeps its numbers: trace the lot that is printed on the package.",
    ),
    "audit-absent": Said(
        "No audit of the place {facility} is on record by an inspector tied to nobody who makes goods there, nor to who sells them",
        "It has to be audited by an inspector tied to nobody who ever owned it, makes goods there or sells them.",
    ),
    "audit-overdue": Said(
        "The audit of the place {facility} is overdue",
        "It has to be audited again, by an inspector tied to nobody who ever owned it, makes goods there or sells them.",
    ),
    "lot-critical": Said(
        "{by} found something critical of the lot {lot}, and it is open: {point}",
        "It has to pass an inspection that cites the one that found it, in a plan of AQL 10 or less, by somebody tied to nobody who ever made the lot, owned its place or held its brand, nor to who makes something of it or sells it, the trader it is at too: a flight inspection or mystery sampling where one of these or an observer found it, else any; or it is recalled, an improvement plan whose cause is the recall or what found it is found effective by an inspector or the operator without such ties, and a lot made after the finding and the recall passes, where an inspection found it in the classes of such an AQL that it judged, in one at least. Said of the wrong lot, {by} withdraws it in error (withdrawn-in-error).",
    ),
    "place-critical": Said(
        "{by} found something critical at the place {facility}, and it is open: {point}",
        "A later audit by an inspector tied to nobody who ever owned it, makes goods there or sells them has to find nothing critical: where an audit found it, by the same checklist, or with that point among its findings, as less severe. Said of the wrong place, {by} withdraws it in error (withdrawn-in-error).",
    ),
    "draw-critical": Said(
        "{by} found something critical of what was drawn in {draw}: {point}",
        "Nothing closes it: what was drawn stays as it was found. Said of the wrong draw, {by} withdraws it in error (withdrawn-in-error).",
    ),
    "finding-closed": Said("What was found against {about} was closed by {by}"),
    "finding-uninvited": Said(
        "Observers whom nobody had invited found something critical about {about}, which opens nothing (observations: {count})"
    ),
    "recall-lapsed": Said(
        "What {party} called back as the lot {lot} from {on} on ({why}) does not count any more: by what {by} said of that number since, it is not its own",
        "Are its goods dangerous all the same, who holds the lot, an authority or the operator has to call them back.",
    ),
    "recalls-above": Said(
        "{party}, who stands above the seller, called back lots of {product} that are its own (lots: {count})",
        "Goods of these lots must not be sold: compare the lot on the package, and trace it.",
    ),
    "recalls-elsewhere": Said(
        "Other resellers called back lots of {product} that are their own, none that counts here (lots: {count})"
    ),
    "notes-left-out": Said(
        "More of this kind is on record, left out here: {count}",
        "Ask about a single lot, or the history of what it rests on, for all of it.",
    ),
    "reasons-left-out": Said(
        "More reasons of a kind that is told here are left out: {count}",
        "Mend what is told here, or ask about a single lot or place for all of it.",
    ),
    "walk-limit": Said(
        "There is more than is looked at in one answer: {limit}", "Ask about a part of it."
    ),
    "unit-unknown": Said(
        "The logistic unit {unit} is not on record: nothing says what is in it",
        "Who packed it has to say so (movement of kind pack).",
    ),
    "shipment-unconfirmed": Said(
        "{party} says that it sent the lot {lot} to {to} ({on}), and {to} does not say that it arrived",
        "{to} has to say so (movement of kind receive that cites it); where it was never sent, {party} takes it back (withdrawn-in-error).",
    ),
    "receipt-differs": Said(
        "{party} says that it sent {sent} {unit} of the lot {lot} to {to}, who received {received} {unit}",
        "Whoever is mistaken corrects it (supersede); what arrives later is received later, citing the same shipment.",
    ),
    "balance-open": Said(
        "By its own word {party} gave away {amount} {unit} more of the lot {lot} than it had",
        "{party} has to say what else it received (movement of kind receive), or to correct what it sent, used or destroyed (supersede).",
    ),
    "quantity-unsaid": Said(
        "Movements of the lot {lot} that do not say how much: {count}; what is left of it is not told",
        "Who moved it says how much, in a correction (supersede).",
    ),
}
