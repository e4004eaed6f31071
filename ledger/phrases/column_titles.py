"""What parameters of questions and fields of answers are called at the head of a column or row."""

from collections.abc import Mapping

from ledger.texts import Lang, Words

COLUMNS: Mapping[str, Words] = {
    # Parameters.
    "topic": Words("Topic", "column"),
    "subject": Words("Subject", "column"),
    "product": Words("Product"),
    "territory": Words("Territory"),
    "channel": Words("Channel"),
    "shop_type": Words("Type of shop"),
    "goods": Words("Goods", "column"),
    "grant": Words("Authorisation"),
    "grantee": Words("Authorised party"),
    "party": Words("Party"),
    "days": Words("Within days", "column of days"),
    "lot_size": Words("Lot size"),
    "mode": Words("Mode"),
    "model": Words("Quality model"),
    "start": Words("From", "column"),
    "sample": Words("Sample"),
    "report": Words("Report", "column"),
    "observer": Words("Observer", "column"),
    "under": Words("Below the authorisation"),
    "maker": Words("Maker"),
    "page": Words("Page", "column"),
    "how": Words("How it is tied"),
    "through": Words("Both belong to"),
    "uscc": Words("Unified social credit code", "column"),
    "papers": Words("Papers (entries)"),
    "of": Words("Belongs to", "column"),
    "relation": Words("Relation", "column"),
    # An answer.
    "verdict": Words("Answer"),
    "entry": Words("Entry"),
    "id": Words("Statement id"),
    "type": Words("Statement", "column of types"),
    "issuer": Words("Issued by"),
    "holder": Words("Holder", "column"),
    "issued_at": Words("Issued at"),
    "decided": Words("Decision", "column"),
    "name": Words("Name", "column"),
    "names": Words("Name", "column"),
    "number": Words("Number", "column"),
    "state": Words("State"),
    "why": Words("Why"),
    "territories": Words("Territories", "column"),
    "channels": Words("Channels"),
    "shop_types": Words("Types of shop"),
    "shops": Words("Shops", "column"),
    "products": Words("Products", "column"),
    "lots": Words("Lots", "column"),
    "depth": Words("Further levels"),
    "begins": Words("Begins"),
    "ends": Words("Ends"),
    "below": Words("Authorisations below"),
    "what": Words("What"),
    "renewed": Words("Renewed by entry"),
    "stands": Words("Stands"),
    "facility": Words("Place", "column"),
    "made": Words("Made on"),
    "inputs": Words("Made of"),
    "listings": Words("Listings (entries)"),
    "inspections": Words("Inspections (entries)"),
    "traders": Words("Traders"),
    "untouched": Words("Not on sale"),
    "auditor": Words("Auditor"),
    "on": Words("On"),
    "next_due": Words("Next due", "column"),
    "findings": Words("Findings"),
    "activities": Words("Activities"),
    "amount": Words("Amount", "column"),
    "unit": Words("Unit", "column"),
    "visits": Words("Visits (entries)"),
    "visit": Words("Visit", "column"),
    "arrived": Words("Arrived"),
    "in_period": Words("Within the invitation"),
    "invitation": Words("Invitation (entry)"),
    "tie": Words("Tie"),
    "observations": Words("Observations"),
    "trigger": Words("Trigger"),
    "triggers": Words("Triggers", "column"),
    "rules_version": Words("Version of the rules"),
    "appeal_by": Words("Appeal by"),
    "interim": Words("Interim", "column"),
    "confirmed_by": Words("Confirmed by entry"),
    "appeal": Words("Appeal"),
    "later": Words("Said later"),
    "undone": Words("Undone by"),
    "plans": Words("Plans of improvement"),
    "open": Words("Open", "plans"),
    "effective": Words("Effective", "plans"),
    "ineffective": Words("Ineffective", "plans"),
    "lifted_by": Words("Lifted by entry"),
    "to": Words("To", "column"),
    "by": Words("Following from entries"),
    "property": Words("Property", "column"),
    "direction": Words("Direction", "column"),
    "limit": Words("Limit"),
    "met": Words("Met"),
    "value": Words("Value", "column"),
    "standard": Words("Standard", "column"),
    "within_days": Words("Within days", "column"),
    "text": Words("Text"),
    "promise": Words("Promise"),
    "pledge": Words("Pledge (entry)"),
    "kept": Words("Kept"),
    "breaks": Words("Broken by entries"),
    "shows": Words("Shown by entries"),
    "source": Words("Source"),
    "failure": Words("Failure"),
    "weight": Words("Weight"),
    "points": Words("Points"),
    "mended_by": Words("Mended by entry"),
    "score": Words("Score"),
    "grade": Words("Grade"),
    "outcomes": Words("Outcomes"),
    "documents": Words("Files (SHA-256)"),
    "objections": Words("Objections"),
    "root_cause": Words("Root cause"),
    "actions": Words("Actions"),
    "verified_by": Words("Verified by entry"),
    "verifier": Words("Verifier"),
    "answer_by": Words("Answer by"),
    "answered_by": Words("Answered by entry"),
    "country": Words("Country"),
    "roles": Words("Roles"),
    "match": Words("Match"),
    "list": Words("List"),
    "lapses_at": Words("Lapses at"),
    "since": Words("Since"),
    "point": Words("Point"),
    "due": Words("Due", "column"),
    "done_by": Words("Done by entry"),
    "done_at": Words("Done at"),
    "closed": Words("Closed by entry"),
    "retest": Words("Retest (entry)"),
    "currency": Words("Currency", "column"),
    "registered_at": Words("Registered at"),
    "code": Words("Reason"),
    "said": Words("In words"),
    "entries": Words("Entries"),
    "key_bound_by": Words("Key bound by"),
    # Called as in payloads.
    "about": Words("About", "column"),
    "action": Words("Action", "column"),
    "aql": Words("AQL", "column"),
    "brand": Words("Brand", "column"),
    "category": Words("Category", "column"),
    "cause": Words("Cause", "column"),
    "criteria": Words("Criteria", "column"),
    "damages": Words("Damages", "column"),
    "decision": Words("Decision", "column"),
    "exclusive": Words("Exclusive", "column"),
    "from": Words("From", "column begins"),
    "grounds": Words("Grounds", "column grounds"),
    "issued": Words("Issued on", "column"),
    "kind": Words("Kind", "column"),
    "laboratory": Words("Laboratory", "column"),
    "level": Words("Inspection level", "column"),
    "lot": Words("Lot", "column"),
    "month": Words("Month", "column"),
    "outcome": Words("Outcome", "column"),
    "parent": Words("Parent", "column"),
    "place": Words("Place", "column address"),
    "properties": Words("Properties", "column"),
    "results": Words("Results", "column"),
    "severity": Words("Severity", "column"),
    "shop": Words("Shop", "column"),
    "step": Words("Step", "column"),
    "trader": Words("Trader", "column"),
    "until": Words("Until", "column"),
}
"""Field -> English, Chinese"""
LISTS: Mapping[str, Words] = {
    "chain": Words("Chain of authorisations"),
    "shop_types": Words("Type of shop"),
    "facilities": Words("Place", "column"),
    "lots": Words("Lot"),
    "entries": Words("Statement", "column"),
    "grants": Words("Authorisation"),
    "traders": Words("Trader", "column"),
    "shops": Words("Shop"),
    "listings": Words("Listing"),
    "ending": Words("Ending"),
    "grounds": Words("Grounds", "column"),
    "reviewed": Words("Paper reviewed"),
    "live": Words("In force"),
    "coming": Words("Coming"),
    "past": Words("Past"),
    "lifted": Words("Lifted"),
    "visits": Words("Visit", "column"),
    "moves": Words("Change of severity"),
    "criteria": Words("Criterion"),
    "promises": Words("Promise"),
    "moved": Words("Moved the index"),
    "trend": Words("Trend"),
    "uncovered": Words("Not inspected"),
    "covered": Words("Inspected"),
    "untouched": Words("Not on sale"),
    "reports": Words("Report", "column"),
    "results": Words("Result"),
    "plans": Words("Plan of improvement"),
    "advice": Words("Advice"),
    "invitations": Words("Invitation", "column"),
    "marks": Words("Paper of the brand"),
    "held": Words("Held"),
    "given": Words("Given"),
    "listed": Words("Listing"),
    "owners": Words("Owner"),
    "audits": Words("Audit"),
    "made_there": Words("Lot made there"),
    "parties": Words("Tied party"),
    "papers": Words("Paper of affiliation"),
}
"""List of an answer -> what each of its rows is called."""
CALLED = Words("{0}: name")
"""The column of names beside a column of ids."""


IN_WORDS = Words("What it is called")
"""The same beside a column that is called a name itself."""


OF_LISTS = {
    ("invitations", "to"): Words("Invited to", "column"),
    ("things", "id"): Words("Id", "column"),
}
"""List and field -> what the field is called there."""


def called_title(name: str, lang: Lang, of: str = "") -> str:
    """Return what the column of names beside a column of ids is called."""
    title = column_title(name, lang, of)
    word = CALLED.fill(lang, "").strip(": ")
    return IN_WORDS.to(lang) if title.casefold() == word.casefold() else CALLED.fill(lang, title)


def column_title(name: str, lang: Lang, of: str = "") -> str:
    """Return what a parameter or field is called; ``of``: the one list whose it is, if its word differs there.

    Raises:
        KeyError: the tables lack it.

    """
    return OF_LISTS.get((of, name), COLUMNS[name]).to(lang)


def list_title(name: str, lang: Lang) -> str:
    """Return what each row of a list of an answer is.

    Raises:
        KeyError: the table lacks it.

    """
    return LISTS[name].to(lang)
