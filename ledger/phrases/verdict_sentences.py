"""One sentence for each verdict of each question, with what it counts.

Names in braces are the question's parameters, and the counts that ``counts`` finds in an answer.
A part in square brackets is said only where all that it names is known.
"""

import re
from collections.abc import Mapping
from typing import Any

from ledger.texts import Words

HEADINGS: Mapping[str, Words] = {
    "reasons": Words("Why:"),
    "notes": Words("Also to be known, which does not change the answer:"),
}
"""Above an answer's reasons and notes, in the order they are told."""
VERDICTS: Mapping[tuple[str, str], Words] = {
    ("history", "some"): Words(
        "Registered under ({topic}, {subject}): entries {entries}, and no others."
    ),
    ("history", "none"): Words("Nothing was ever registered under ({topic}, {subject})."),
    ("may_sell", "yes"): Words(
        "Yes: {trader} may sell {product} in {territory} on {channel} (types of shop: {shop_types})."
    ),
    ("may_sell", "no"): Words(
        "No: {trader} may not sell {product} in {territory} on {channel} (type of shop: {asked_type})."
    ),
    ("may_sell", "unknown"): Words(
        "Unknown: what is on record does not say whether {trader} may sell {product} in {territory} on {channel}."
    ),
    ("trace", "yes"): Words(
        "{goods} is on record and nothing is open against it: entries {entries}, parties that spoke {issuers}, lots {lots}. What other software signed about it is asked for with `history generic`."
    ),
    ("trace", "no"): Words(
        "Something is open against {goods}: entries {entries}, parties that spoke {issuers}, lots {lots}. What other software signed about it is asked for with `history generic`."
    ),
    ("trace", "unknown"): Words(
        "Unknown: what is on record about {goods} does not reach: entries {entries}, parties that spoke {issuers}, lots {lots}. What other software signed about it is asked for with `history generic`."
    ),
    ("where_used", "yes"): Words(
        "{goods} went on: lots made of it here {made_of_it}, movements {total}, parties that had it here {balance}, listings of those here {sellers} (page {page} of {pages})."
    ),
    ("where_used", "no"): Words(
        "Nothing on record was made of {goods}, nobody says that it moved, and nobody who had it sells it."
    ),
    ("where_used", "unknown"): Words(
        "Unknown: what is on record about {goods} does not reach: lots made of it here {made_of_it}, movements {total}, listings here {sellers} (page {page} of {pages})."
    ),
    ("listable", "yes"): Words(
        "Yes: all conditions hold for {trader} to list {product} in {territory} on {channel} (types of shop: {shop_types})."
    ),
    ("listable", "no"): Words(
        "No: {trader} may not list {product} in {territory} on {channel} (type of shop: {asked_type})."
    ),
    ("listable", "unknown"): Words(
        "Unknown: what is on record does not reach for {trader} to list {product} in {territory} on {channel}."
    ),
    ("impact", "yes"): Words(
        "If this grant of {brand} to {grantee} is revoked, these fall with it: grants {grants}, traders {traders}, shops {shops}, listings {listings}.[ A revocation that is not for cause takes effect at {takes_effect}.]"
    ),
    ("impact", "no"): Words(
        "Nothing falls if this grant of {brand} to {grantee} is revoked: it carries nothing."
    ),
    ("impact", "unknown"): Words(
        "Unknown: what is on record does not say what falls if this grant of {brand} to {grantee} is revoked."
    ),
    ("expiring", "yes"): Words(
        "Papers and grants of {party}, or made by it, that end within {days} days and are not renewed: {ending}, the first at {first} (renewed already: {renewed})."
    ),
    ("expiring", "no"): Words(
        "No paper or grant of {party}, nor any made by it, ends within {days} days without a renewal (renewed already: {renewed})."
    ),
    ("expiring", "unknown"): Words(
        "Unknown: what is on record does not say what of {party} ends within {days} days."
    ),
    ("admission", "yes"): Words(
        "{trader} is admitted, and everything that was reviewed still stands, or was renewed."
    ),
    ("admission", "no"): Words("No: {trader} is not admitted on what stands."),
    ("admission", "unknown"): Words("Unknown: nobody has decided on {trader}."),
    ("sanctions", "yes"): Words(
        "Sanctions stand against {subject}: {live} (coming {coming}, over {past}, lifted {lifted})."
    ),
    ("sanctions", "no"): Words(
        "No sanction stands against {subject} (coming {coming}, over {past}, lifted {lifted})."
    ),
    ("sanctions", "unknown"): Words(
        "Unknown: {subject} is not on record, and no sanction names it."
    ),
    ("plan", "yes"): Words(
        "Draw {sample_size} of the {lot_size} items at random ([code letter {letter}, ]{severity} inspection): accept the lot with {accept} nonconforming or fewer, refuse it with {reject} or more."
    ),
    ("plan", "no"): Words(
        "Accept nothing: inbound inspection of {product} with {trader} is discontinued; what is refused may be registered."
    ),
    ("plan", "unknown"): Words(
        "Unknown: what is on record does not say how {product} with {trader} is to be inspected."
    ),
    ("improvement", "yes"): Words(
        "{trader} mended what was found, and somebody else verified it (plans {plans}, advice {advice})."
    ),
    ("improvement", "no"): Words(
        "{trader} has not mended what was found (plans {plans}, advice {advice})."
    ),
    ("improvement", "unknown"): Words(
        "Unknown: nothing shows yet that {trader} mended what was found (plans {plans}, advice {advice})."
    ),
    ("observers", "yes"): Words(
        "Calls for observers: {calls}; whoever applied was answered in time, or still is to be (applications: {applications})."
    ),
    ("observers", "no"): Words(
        "Calls for observers: {calls}; not every application was answered in time (applications: {applications})."
    ),
    ("observers", "unknown"): Words("Unknown: nobody was called for to be an observer."),
    ("visits", "yes"): Words(
        "Observers visited {about} (visits: {visits}), and left no critical finding open."
    ),
    ("visits", "no"): Words(
        "Observers visited {about} (visits: {visits}), and a critical finding is open."
    ),
    ("visits", "unknown"): Words("Unknown: nobody's visit to {about} counts."),
    ("index", "yes"): Words(
        "The quality index of {subject} is {score}, grade {grade} (outcomes {outcomes}, model {model})."
    ),
    ("index", "no"): Words(
        "{subject} does not reach grade C: [score {score}, ]grade {grade} (outcomes {outcomes}, model {model})."
    ),
    ("index", "unknown"): Words("Unknown: there is no quality index of {subject} (model {model})."),
    ("coverage", "yes"): Words(
        "Everything on sale in {category} from {start} until {until} was inspected (pairs of product and trader: {covered})."
    ),
    ("coverage", "no"): Words(
        "Not everything on sale in {category} from {start} until {until} was inspected (pairs of product and trader: not inspected {uncovered}, inspected {covered}; products inspected at no trader: {untouched})."
    ),
    ("coverage", "unknown"): Words(
        "Unknown: what is on record does not say whether everything on sale in {category} from {start} until {until} was inspected (inspected: {covered})."
    ),
    ("draw", "yes"): Words(
        "{draw} was honest: committed to of {candidates} candidates, seen by witnesses at {witnessed}, its beacon due {due}."
    ),
    ("draw", "no"): Words("{draw} has failed: it was not followed through by {deadline}."),
    ("draw", "unknown"): Words("Unknown: nothing shows yet that {draw} was honest."),
    ("programme", "yes"): Words(
        "In each whole quarter of {programme} that is over as many picks were executed as it says ({multiplier} times {baseline})."
    ),
    ("programme", "no"): Words(
        "Fewer picks were executed in a quarter than {programme} says ({multiplier} times {baseline})."
    ),
    ("programme", "unknown"): Words("Unknown: nothing shows yet that {programme} was kept to."),
    ("report", "yes"): Words(
        "Yes: the laboratory's own, and it stands (reports of {sample}: {reports})."
    ),
    ("report", "no"): Words(
        "No: what was asked for is not what the laboratory's report says (reports of {sample}: {reports})."
    ),
    ("report", "unknown"): Words(
        "Unknown: what is on record does not say whether the report stands (reports of {sample}: {reports})."
    ),
    ("reports", "yes"): Words(
        "{laboratory} registered reports issued in {month}: {reports}, and no others that fit."
    ),
    ("reports", "no"): Words("No report of {laboratory} in {month} fits."),
    ("reports", "unknown"): Words(
        "Unknown: {laboratory} registered no report issued in {month} that fits."
    ),
    ("pledges", "yes"): Words("{party} kept everything it promised (promises {promises})."),
    ("pledges", "no"): Words(
        "{party} broke what it promised (promises {promises}: broken {broken}, kept {kept})."
    ),
    ("pledges", "unknown"): Words(
        "Unknown: what is on record does not show that {party} kept everything it promised (promises {promises}: broken 0, kept {kept})."
    ),
    ("label", "yes"): Words(
        "Yes: the quality label of {product} by {standard} holds[; if nothing more is said it lapses at {lapses_at}]."
    ),
    ("label", "no"): Words("No: {product} has no quality label that holds."),
    ("label", "unknown"): Words(
        "Suspended: what is on record does not say whether the quality label of {product} by {standard} holds."
    ),
    ("invitations", "yes"): Words(
        "{observer} may follow invitations: {open} (all it ever had: {invitations})."
    ),
    ("invitations", "no"): Words(
        "{observer} has no invitation that is open and was not followed (all it ever had: {invitations})."
    ),
    ("invitations", "unknown"): Words("Unknown: {observer} is not on record."),
    ("grants", "yes"): Words(
        "{party} may act for brands: marks and authorisations it holds that stand {holds}, authorisations it made {granted} (page {page} of {pages})."
    ),
    ("grants", "no"): Words(
        "{party} may act for no brand; authorisations it made: {granted} (page {page} of {pages})."
    ),
    ("grants", "unknown"): Words(
        "Unknown: what is on record does not say what {party} may do with any brand."
    ),
    ("brand", "yes"): Words(
        "Authorisations for {brand}: stand {stand}, begin later {coming}, over {over}[; the first end among those that stand: {first_end}] (page {page} of {pages})."
    ),
    ("brand", "no"): Words(
        "No authorisation for {brand} stands (begin later {coming}, over {over}; page {page} of {pages})."
    ),
    ("brand", "unknown"): Words("Unknown: what is on record does not say who may sell {brand}."),
    ("trader", "yes"): Words(
        "All that is listed here of {trader} may be on sale: {listed} of its {total} listings (page {page} of {pages})."
    ),
    ("trader", "no"): Words(
        "Not all that is listed here of {trader} may be on sale: {failing} of {listed} may not, of {total} listings in all (page {page} of {pages})."
    ),
    ("trader", "unknown"): Words(
        "Unknown: what is on record does not reach for all that is listed here of {trader}: {listed} of its {total} listings (page {page} of {pages})."
    ),
    ("place", "yes"): Words(
        "{place} is audited in time, and nothing is open against it (audits: {audited}, lots {lots}; page {page} of {pages})."
    ),
    ("place", "no"): Words(
        "Not everything is in order at {place} (open: {open}, audits: {audited}, lots {lots}; page {page} of {pages})."
    ),
    ("place", "unknown"): Words(
        "Unknown: what is on record about {place} does not reach (audits: {audited}, lots {lots})."
    ),
    ("ties", "yes"): Words(
        "Yes: {party} is tied to[ {other}][ others: {total} (page {page} of {pages})]."
    ),
    ("ties", "no"): Words("No: nothing on record ties {party} to[ {other}][ anybody{anybody}]."),
    ("ties", "unknown"): Words(
        "Unknown: what is on record does not say whether {party} is tied to[ {other}][ anybody{anybody}]."
    ),
    ("quality_centre", "yes"): Words(
        "Nothing is left to mend by {trader} among what is listed here: {on_sale} of its {total} listings may be on sale[; index {score}, grade {grade}] (things to do: {to_do}; page {page} of {pages})."
    ),
    ("quality_centre", "no"): Words(
        "{trader} has something to mend: {on_sale} of the {listed} listings here may be on sale, of {total} in all[; index {score}, grade {grade}] (things to do: {to_do}; page {page} of {pages})."
    ),
    ("quality_centre", "unknown"): Words(
        "Unknown: what is on record does not reach to say that nothing is left to mend by {trader}: {on_sale} of the {listed} listings here may be on sale, of {total} in all[; index {score}, grade {grade}] (things to do: {to_do}; page {page} of {pages})."
    ),
    ("market_feedback", "yes"): Words(
        "Figures cover all the time that {product} was on sale: sold {sold}, came back {came_back}[, {rate} in 10,000], of these for what it is {of_goods} (complaints {complained}, observations {seen}; page {page} of {pages})."
    ),
    ("market_feedback", "no"): Words(
        "Figures of {product} are missing: times without any {missing}; as far as there are any: sold {sold}, came back {came_back}[, {rate} in 10,000], of these for what it is {of_goods} (complaints {complained}, observations {seen}; page {page} of {pages})."
    ),
    ("market_feedback", "unknown"): Words(
        "Unknown: what is on record does not reach to say what comes back of {product} (complaints {complained}, observations {seen})."
    ),
}
"""(Question, verdict) -> sentence; of ``history``, whether there is anything."""

LIMITS: tuple[Words, ...] = (
    Words(
        "Proven: these statements were signed with the keys registered for these parties, stand unaltered at their places in the log, and lead to this answer by the published rules."
    ),
    Words(
        "Not proven: that what was signed is true, or that the goods in your hand are the ones the statements are about."
    ),
)
"""What a verified answer proves and what it does not."""


_PART = re.compile(r"\[([^\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")


def filled(text: str, words: Mapping[str, str]) -> str:
    """Return a sentence with its words put in; a part that names a word not known is left out."""

    def part(found: re.Match[str]) -> str:
        return found[1] if words.keys() >= set(_NAME.findall(found[1])) else ""

    return _PART.sub(part, text).format_map(words)


_SAID = (
    "holds", "granted", "stand", "coming", "over", "first_end", "total", "audited", "open", "lots", "pages",
    "candidates", "witnessed", "due", "deadline", "baseline", "multiplier", "takes_effect", "on_sale", "to_do", "sold", "came_back", "of_goods", "rate", "complained", "seen", "applications",
)  # fmt: skip
"""Fields of answers that sentences name as they are."""


def counts(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return what the sentences of an answer count, by name; what it does not know is not among it."""
    found: dict[str, Any] = {
        name: len(value) for name, value in answer.items() if isinstance(value, list)
    }
    found["issuers"] = len({item["issuer"] for item in answer.get("entries", ())})
    found |= {name: answer.get(name) for name in ("score", "grade", "outcomes")}
    promises = [row["kept"] for row in answer.get("promises", ())]
    found |= {"kept": promises.count("yes"), "broken": promises.count("no")}
    found |= {
        name: answer[name]
        for name in _SAID
        if name in answer and not isinstance(answer[name], list)
    }
    if "invitations" in answer:
        found["open"] = sum(row["state"] == "open" for row in answer["invitations"])
    if "listed" in answer:
        found["failing"] = sum(row["verdict"] == "no" for row in answer["listed"])
    if "lapses" in answer:
        found["standard"] = (answer["label"] or {}).get("standard")
        found["lapses_at"] = (answer["lapses"] or {}).get("at")
    if "ending" in answer:
        open_ = [row["until"] for row in answer["ending"] if row["renewed"] is None]
        renewed = len(answer["ending"]) - len(open_)
        found |= {"ending": len(open_), "renewed": renewed, "first": min(open_, default=None)}
    return {name: str(value) for name, value in found.items() if value is not None}
