"""The words of a printed answer in English and Chinese."""

from collections.abc import Mapping

from ledger.texts import Lang, Words

WORDS: Mapping[str, Words] = {
    "title": Words("Answer with evidence"),
    "ledger": Words("Ledger"),
    "verdict": Words("Answer"),
    "yes": Words("Yes"),
    "no": Words("No"),
    "unknown": Words("Unknown"),
    "asked": Words("What was asked"),
    "about": Words("About the time"),
    "any": Words("any"),
    "known_at": Words("With what was known at"),
    "size": Words("size {0}: the first {0} entries of the ledger"),
    "seen": Words("Ledger last seen"),
    "seen_by": Words("{0}, by {1}"),
    "seal": Words("the operator's newest seal"),
    "witnesses": Words("the witnesses' cosignatures"),
    "simulated": Words(
        "The clock of this ledger is simulated: its times are a story's, not the world's."
    ),
    "found": Words("The answer"),
    "then": Words("With what was known then"),
    "then_says": Words(
        "The answer above is about {0}, with all that is known now. With what was registered by "
        "then (the first {1} entries) the same question is answered otherwise; the evidence of "
        "that is attached too."
    ),
    "since_says": Words(
        "As of {0} entries, sealed at {1}, it was answered as above already; that has its own "
        "evidence, too."
    ),
    "parties": Words("Who and what is named"),
    "id": Words("Identifier"),
    "name": Words("Name on record"),
    "entry": Words("Entry"),
    "timeline": Words("Timeline: what the answer rests on"),
    "order": Words(
        "In the order of registration, which the ledger proves. All times are UTC; China Standard "
        "Time is eight hours ahead. The time of signing is the signer's own word. Where the "
        "evidence does not hold the seal of an entry, its registration is proven to be no later "
        "than the time that is given."
    ),
    "signed": Words("Signed"),
    "registered": Words("Registered"),
    "by": Words("by {0}"),
    "when": Words("Time"),
    "what": Words("Statement", "print"),
    "issuer": Words("Signed by"),
    "subject": Words("About", "print"),
    "cut": Words("{0} more are in the attached evidence."),
    "nothing": Words("The answer rests on no statement."),
    "checked": Words("What was checked"),
    "unproven": Words("What is not proven"),
    "annex": Words("The statements it rests on"),
    "statement_id": Words("Statement id"),
    "key": Words("Key", "print"),
    "payload": Words("Says"),
    "digest_of": Words("SHA-256 of its payload"),
    "verify_title": Words("How to check it"),
    "verify_says": Words(
        "The evidence is attached to this PDF as {0}. Save it with any reader that shows "
        "attachments (or with: pdfdetach -saveall). Its SHA-256 must be the one beside the code. "
        "Get the ledger's key from somewhere else than this paper, write it into a trust file, "
        "and run, without any network:"
    ),
    "log_key": Words("Log key it was checked with"),
    "file": Words("Attachment"),
    "bytes": Words("{0} bytes"),
    "page": Words("Page {0} of {1}"),
    "program": Words("Made by {0}"),
    "paper": Words(
        "This paper repeats what the attached evidence proves. The evidence counts, not the paper."
    ),
}
CHECKED: Mapping[str, Words] = {
    "question": Words("The evidence answers the question that stands above, and no other."),
    "checkpoint": Words(
        "The state of the ledger {origin} at size {size} was signed with its log key."
    ),
    "quorum": Words(
        "The cosignatures that the trust file asks for are there; of those it names cosigned: {quorum}."
    ),
    "consistency": Words("The ledger only grew since the state that was seen before."),
    "inclusion": Words("{statements} statements stand unaltered at their places in the ledger."),
    "histories": Words(
        "{histories} histories that were read for the answer are complete: nothing was left out."
    ),
    "rules": Words(
        "Each statement: signature, who issued it, whose key it is, whether it may say that."
    ),
    "timestamp": Words(
        "The timestamp authority {0} has signed (RFC 3161) that the ledger was there, with its first {1} "
        "entries as they are, at {2}."
    ),
    "answer": Words(
        "The question was asked again over this evidence alone; the same answer follows."
    ),
    "freshness": Words("The ledger had been seen by the time that is asked about."),
}
"""What each step of the verifier checked; facts stand in braces."""
UNPROVEN: Mapping[str, Words] = {
    "asserted": Words(
        "That the operator kept all of its rules for the whole ledger: no replayer has said so; "
        "it is asserted by the operator."
    ),
    "replay_only": Words("Rules that only a replay of the whole ledger checks: {0}."),
    "limit": Words("What nobody submitted, no ledger can show."),
    "witnesses": Words(
        "That the operator shows everybody the same ledger: no witness cosigned this one."
    ),
    "time": Words(
        "That registration times are the world's: they are the operator's, and no authority "
        "for timestamps has confirmed them."
    ),
}


def word(lang: Lang, name: str, *values: object) -> str:
    """Return one of the words."""
    text = WORDS[name].to(lang)
    return text.format(*values) if values else text
