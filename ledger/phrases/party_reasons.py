"""What stands against parties, shops and papers, or is not known about them, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said
from ledger.texts import Words

PARTY_REASONS: Mapping[str, Said] = {
    "party-unknown": Said("{party} is not on record", "The operator has to register it."),
    "shop-unknown": Said("The shop {shop} is not on record", "The operator has to register it."),
    "shop-otherwise": Said(
        "{shop} is a {shop_type} shop of {trader}",
        "Ask about one of the seller's own shops, and in its type.",
    ),
    "grant-shops": Said(
        "The authorisation of {grantee} by {issuer} is for these shops alone: {shops}",
        "Ask about the shop that is meant.",
    ),
    "place-unknown": Said(
        "The place {facility} is not on record",
        "The operator or its owner, a brand, has to register it.",
    ),
    "sample-unknown": Said(
        "The sample {sample} is not on record: nobody sealed it",
        "An inspector has to seal it before a laboratory reports on it.",
    ),
    "paper-missing": Said(
        "{party} has no {kind} on record, needed for the category {category}",
        "The authority or the operator has to register it.",
    ),
    "paper-goods": Said(
        "The {kind} {number} of {holder}, issued by {issuer}, does not cover the category {category}",
        "An authority or the operator has to register one that covers it.",
    ),
    "paper-foreign": Said(
        "The {kind} {number} of {holder}, issued by {issuer}, is one of {country} and does not stand for a Chinese one for goods of the category {category}",
        "Its holder has to be established there and the rules of this ledger accept such a paper for these goods; else a Chinese one has to be registered.",
    ),
    "seller-abroad": Said(
        "{holder} sells from abroad: the {kind} {number}, issued by {issuer}, is one of {country}"
    ),
    "paper-not-yet": Said(
        "The {kind} {number} of {holder}, issued by {issuer}, holds only from {from}",
        "Ask about a later time.",
    ),
    "paper-expired": Said(
        "The {kind} {number} of {holder}, issued by {issuer}, expired at {until}",
        "{issuer}, or another office, has to register its renewal.",
    ),
    "paper-withdrawn": Said(
        "The {kind} {number} of {holder}, issued by {issuer}, was withdrawn",
        "{issuer}, or another office, has to register a new one.",
    ),
    "paper-ending": Said(
        "The {kind} {number} of {holder}, issued by {issuer}, ends at {until}",
        "{holder} should have {issuer}, or another office, register its renewal before.",
    ),
    "paper-ended-later": Said(
        "The {kind} {number} of {holder}, issued by {issuer}, held at the time asked about, and was withdrawn later",
        "It carries nothing that is done after its withdrawal.",
    ),
    "paper-again": Said(
        "{issuer} issued the {kind} {number} of {holder} after another of its kind was withdrawn"
    ),
    "grant-ending": Said(
        "The authorisation of {grantee} by {issuer} ends at {until}",
        "{issuer} should renew it before.",
    ),
    "grant-ended-later": Said(
        "The authorisation of {grantee} by {issuer} held at the time asked about, and was revoked later",
        "It carries no sale that is made after its revocation.",
    ),
    "grant-again": Said("{issuer} authorised {grantee} after an authorisation of it was revoked"),
    "grant-notice": Said(
        "{by} revoked the authorisation of {grantee} by {issuer}, which by its own terms ends at {until}",
        "{by}, or who stands above it in the chain, has to authorise {grantee} anew for the time after.",
    ),
    "grant-at-once": Said(
        "{by} revoked the authorisation of {grantee} by {issuer} for cause, at once, whatever it says of notice: {why}",
    ),
    "brand-unknown": Said(
        "No trademark {brand} is on record",
        "The authority has to register the paper of its holder.",
    ),
    "brand-ungranted": Said(
        "No authorisation for {brand} stands", "Its holder has to authorise somebody."
    ),
    "nothing-granted": Said(
        "{party} holds no trademark and no authorisation that stands",
        "Who holds a brand, or may grant it on, has to authorise it: of each brand that it was granted before, or that is asked about, who that is stands beside.",
    ),
    "nothing-listed": Said(
        "{trader} has listed nothing that stands in a shop that is open",
        "{trader} has to list a product in a shop of its own.",
    ),
    "invitation-open": Said(
        "The invitation to {about} can be followed",
        "Visit it in that time, and register the visit, which cites the invitation, within 30 days.",
    ),
    "invitation-coming": Said(
        "The invitation to {about} can be followed from {from}", "Nothing is to be done before."
    ),
    "certificate-not-asked": Said(
        "By the rules of this ledger goods of the category {category} need no compulsory certificate there"
    ),
    "trader-not-decided": Said(
        "No decision on the admission of {trader} is on record", "The operator has to decide."
    ),
    "trader-refused": Said(
        "The newest decision refuses {trader}",
        "The operator has to admit it by a new decision, which cites the refusal and says why.",
    ),
    "refusal-overruled": Said(
        "{trader} was refused before; {by} admitted it in spite of that, because: {why}"
    ),
    "decision-due": Said(
        "The {what} by {issuer} ({reviewed}), reviewed for the admission of {trader}, has lapsed; "
        "what renews it is on record",
        "A new decision is due: the operator should admit {trader} again, citing what is on record now.",
    ),
    "evidence-absent": Said(
        "The evidence {evidence} that was reviewed is not where it is cited from",
        "The operator has to decide anew on evidence on record.",
    ),
    "evidence-corrected": Said(
        "The evidence {evidence} was corrected after it was reviewed",
        "The operator should decide anew, by an admission that cites the correction.",
    ),
    "grant-unknown": Said(
        "The grant {grant} is not on record between these two",
        "Check the brand, the grantee and the statement id.",
    ),
    "key-suspected": Said(
        "Statements of {issuer} are at risk: {by} said later that the key that signed them may have been in other hands at that time",
        "{issuer} should say it again with a key that is not suspected: of lots, products and places that is enough, a grant is revoked and made anew; a recall, and what else speaks against goods, an authority or the operator without ties withdraws in error. What it ended in error is to be said anew. Where it named other inputs, serial numbers, places or times of goods than are said now, this stays to be known.",
    ),
    "key-reset": Said(
        "Statements of {issuer} are at risk: their key was bound by the operator, not by an older key of its own",
        "Ask {issuer} to confirm its key.",
    ),
    "possession-unproven": Said(
        "Statements of {issuer} are at risk: nobody proved that {issuer} holds the key they hang on, the operator says so alone",
        "Ask {issuer} to confirm its key: whatever that key introduces hangs on it too.",
    ),
    "paper-by-operator": Said(
        "The {kind} {number} of {holder} was issued by the operator itself, {issuer}, by no authority",
        "Ask for the authority's own statement of it.",
    ),
    "paper-withdrawn-by": Said(
        "The {kind} {number} of {holder}, issued by {issuer}, was withdrawn by another: {by}",
        "Ask {issuer} whether it still holds.",
    ),
    "tied-later": Said(
        "{issuer} was tied to {party} when it spoke of it; {by} put that on record only afterwards ({what})",
        "Somebody without ties has to do it again.",
    ),
    "undone": Said(
        "{by} took back what {issuer} had said of {about} ({what}: {said}): it does not count any more, because: {why}"
    ),
    "country-changed": Said(
        "The operator said that {party} is of {was}, and later that it is of {now}: only who holds a trademark abroad is acted for by its affiliates"
    ),
    "sanctioned": Said(
        "A sanction of {by} stands against {subject}: {step}, because: {why}",
        "It ends with its time, if it has one; else the operator has to lift it: once an improvement plan whose cause is the sanction, or something that it rests on, was found effective, or because what it rests on does not stand any more.",
        had=Words(
            "There is: such a plan, found effective (entry {have}). Still lacking: that the operator lifts it."
        ),
        begun=Words(
            "There is: such a plan, which nobody verified yet (entry {begun}). Still lacking: that it is found effective, and that the operator lifts it."
        ),
    ),
    "owner-sanctioned": Said(
        "A sanction of {by} stands against {subject}, to whom {party} belongs: {step}, because: {why}",
        "It stops {subject} alone; it ends as that sanction does.",
    ),
    "sanction-plans": Said(
        "Plans of improvement about the sanction against {subject} ({step}) and what it follows from: open {open}, found effective {effective}, found ineffective {ineffective}"
    ),
    "sanction-coming": Said("A sanction against {subject} begins at {from}: {step}"),
    "sanction-over": Said("A sanction against {subject} ended at {until}: {step}"),
    "sanction-lifted": Said(
        "A sanction against {subject} was lifted ({step}) by {by}, because: {why}"
    ),
    "sanction-annulled": Said(
        "A sanction against {subject} was annulled on appeal ({step}) by {by}, because: {why}"
    ),
    "sanction-ending": Said("The sanction against {subject} ({step}) ends at {until}"),
    "sanction-interim": Said(
        "The sanction against {subject} ({step}) is interim: it lapses at {until} "
        "unless one on a final result follows",
        "A sanction on a final result has to cite it before that; where the result refutes it, the "
        "operator has to lift it.",
    ),
    "sanction-confirmed": Said(
        "An interim sanction against {subject} ({step}) was followed by one on a final result"
    ),
    "sanction-lapsed": Said(
        "An interim sanction against {subject} ({step}) lapsed at {until}: no final result confirmed it"
    ),
    "sanction-mended": Said(
        "What the sanction against {subject} ({step}) asks for was verified as mended",
        "The operator may lift it.",
    ),
    "sanction-unfounded": Said(
        "What the sanction against {subject} ({step}) rests on does not stand any more",
        "The operator has to lift it; it stands until then, or until its end.",
    ),
    "sanction-weakened": Said(
        "Part of what the sanction against {subject} ({step}) rests on does not stand any more; "
        "the rest carries it",
        "The operator may lift it, or vary it on appeal.",
    ),
    "appeal-possible": Said(
        "The sanction against {subject} ({step}) can be appealed until {until}",
        "{subject} has to register an appeal before; the sanction stands until it is decided.",
    ),
    "appeal-open": Said(
        "The sanction against {subject} ({step}) is under appeal",
        "The operator has to decide; the sanction stands until then.",
    ),
    "appeal-upheld": Said("The sanction against {subject} ({step}) was upheld on appeal"),
    "appeal-varied": Said(
        "The sanction against {subject} was varied on appeal ({step}, before {before}) by {by}, because: {why}"
    ),
    "observers-absent": Said(
        "No call for such observers is on record",
        "The operator has to call for them (observer-call).",
    ),
    "application-unanswered": Said(
        "{party} applied to be an observer and was not answered within {days} days",
        "The operator appoints it (observer), or declines it and says why (observer-declined).",
    ),
    "observation-unanswered": Said(
        "Nothing on record replies to what the observer {observer} found about {about}",
        "The platform replies by an advice or a measure that cites it, or whom it concerns by a plan of improvement.",
    ),
    "observation-late": Said(
        "What the observer {observer} found about {about} was to be published by {due}, and was not",
        "The observer has to publish it, late as it is.",
    ),
    "drawn-uninvited": Said(
        "The observer {party} was drawn in {draw} and is not invited",
        "The operator has to invite it, citing the result of the draw.",
    ),
    "visits-absent": Said(
        "No visit of an invited observer without ties to {about} is on record",
        "The operator has to invite an observer who is tied to nobody there, and who has to visit.",
    ),
    "visit-tied": Said("The observer {observer} declared a tie to whom it visited: {tie}"),
    "visit-tie-undeclared": Said(
        "The observer {observer} is tied to {party} by what is on record now, and declared nothing of it on the visit",
        "Its visit does not count: the operator has to invite one without ties.",
    ),
    "observer-out-of-period": Said(
        "{observer} was no observer at that time, by what is on record now: its visit does not count"
    ),
    "improvement-absent": Said(
        "Neither a plan of {trader} nor advice to it is on record",
        "Who has to mend something has to register a plan.",
    ),
    "action-overdue": Said(
        "Action {action} of an improvement plan was due at {due} and is not done",
        "It has to be done, and registered as a step with evidence.",
    ),
    "action-late": Said(
        "Action {action} of an improvement plan came on record as done after {due}, when it was due"
    ),
    "plan-open": Said(
        "An improvement plan is open: its next action is due at {due}",
        "Each action has to be registered as a step with evidence before it is due.",
    ),
    "plan-unverified": Said(
        "All actions of an improvement plan are done; nobody has verified it",
        "The operator or an inspector not tied to the trader has to verify it.",
    ),
    "plan-effective": Said("{verifier} found an improvement plan effective"),
    "plan-ineffective": Said(
        "{verifier} found an improvement plan ineffective",
        "Another plan has to be registered about the same cause.",
    ),
    "plan-moot": Said("What an improvement plan is about has ended: nothing is left to mend"),
    "advice-waiting": Said(
        "An advice is to be answered by {due}",
        "A plan about one of its grounds has to be registered before.",
    ),
    "advice-unanswered": Said(
        "An advice was to be answered by {due}, and no plan answers it",
        "A plan about one of its grounds has to be registered.",
    ),
}
