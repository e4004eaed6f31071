"""Why a chain of grants does not carry what is asked, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said
from ledger.texts import Words

CHAIN_REASONS: Mapping[str, Said] = {
    "no-grant": Said(
        "{party} was never authorised for the brand {brand}",
        "The right-holder, or a grantee that may grant on, has to authorise it.",
    ),
    "parent-absent": Said(
        "The authorisation of {grantee} by {issuer} rests on the statement {parent}, which was not on record where it is cited from",
        "{issuer} has to grant anew under a grant or trademark on record.",
    ),
    "parent-other-brand": Said(
        "The authorisation of {grantee} by {issuer} rests on what is of another brand than its own",
        "{issuer} has to grant anew under the right trademark, or under a grant of this brand.",
    ),
    "parent-not-issuers": Said(
        "The authorisation of {grantee} by {issuer} rests on one that was made to somebody else than {issuer}",
        "{issuer} has to grant anew under a grant of its own.",
    ),
    "parent-no-grant": Said(
        "The authorisation of {grantee} by {issuer} rests on a statement that is neither a grant nor a trademark",
        "{issuer} has to grant anew under a grant or trademark on record.",
    ),
    "chain-endless": Said(
        "The chain of grants above the authorisation of {grantee} by {issuer} is longer than 20 links",
        "The seller needs a grant closer to the right-holder.",
    ),
    "not-right-holder": Said(
        "The topmost grant was made by {issuer}, which is neither the right-holder {holder} "
        "nor counts as it",
        "The right-holder has to authorise it, or its affiliation has to be put on record "
        "(a foreign holder's wholly owned subsidiary or sole general agent).",
        other=Words(
            "Or the affiliation of {issuer} with {holder} is put on record (a foreign holder's wholly owned "
            "subsidiary or sole general agent)."
        ),
    ),
    "trademark-withdrawn": Said(
        "The trademark {brand} of {holder}, registered by {issuer}, was withdrawn",
        "{issuer}, or another authority, has to put another registration on record, and the grants be made under it.",
        first=Words("{issuer}, or another authority, has to put another registration on record."),
    ),
    "trademark-not-yet": Said(
        "The trademark {brand} of {holder}, registered by {issuer}, holds only from {from}",
        "Ask about a later time.",
    ),
    "trademark-expired": Said(
        "The trademark {brand} of {holder}, registered by {issuer}, expired at {until}",
        "Its renewal has to be registered, and the grants be made under it.",
        first=Words("{issuer}, or another authority, has to register its renewal."),
    ),
    "trademark-goods": Said(
        "The trademark {brand} of {holder}, registered by {issuer}, is not held for goods of the category {category}",
        "A trademark that covers these goods has to be on record, and the grants be made under it.",
        first=Words(
            "{issuer}, or another authority, has to put a trademark that covers these goods on record."
        ),
    ),
    "trademark-pending": Said(
        "The trademark {brand} of {holder}, stated by {issuer}, is pending (TM): it never supports a flagship shop",
        "It has to be registered (R) and the grants be made under that, or the shop be of another type.",
        first=Words("{issuer}, or another authority, has to register it (R)."),
        other=Words("Or the shop is of another type."),
    ),
    "grant-revoked": Said(
        "The authorisation of {grantee} by {issuer} was revoked by {by}",
        "{by}, or who stands above it in the chain, has to authorise {grantee} anew; everything below "
        "it needs new grants too.",
    ),
    "grant-not-yet": Said(
        "The authorisation of {grantee} by {issuer} bites only from {from}: "
        "no earlier than its registration",
        "Ask about a later time.",
    ),
    "grant-expired": Said(
        "The authorisation of {grantee} by {issuer} expired at {until}", "{issuer} has to renew it."
    ),
    "grant-depth": Said(
        "The authorisation of {grantee} by {issuer} may be granted on to a depth of {depth} only",
        "{issuer} has to allow more, or the seller needs a grant higher up.",
    ),
    "grant-goods": Said(
        "The authorisation of {grantee} by {issuer} does not cover {goods}",
        "{issuer} has to authorise these goods.",
    ),
    "grant-territory": Said(
        "The authorisation of {grantee} by {issuer} does not cover {territory}",
        "{issuer} has to authorise this territory.",
    ),
    "grant-channel": Said(
        "The authorisation of {grantee} by {issuer} does not cover the channel {channel}",
        "{issuer} has to authorise this channel.",
    ),
    "grant-shop-type": Said(
        "The authorisation of {grantee} by {issuer} is not for a {shop_type} shop",
        "{issuer} has to authorise this type of shop.",
    ),
    "grant-shop": Said(
        "The authorisation of {grantee} by {issuer} does not cover the shop {shop}",
        "{issuer} has to authorise this shop.",
    ),
    "flagship-needs-exclusive": Said(
        "A flagship shop needs an exclusive authorisation by the right-holder itself",
        "The right-holder has to revoke what it granted to others there, then authorise the seller "
        "directly and exclusively.",
        other=Words(
            "It has to be exclusive, and what was granted to others there be revoked before by who granted it."
        ),
    ),
    "specialty-needs-direct": Said(
        "A specialty shop needs an authorisation by the right-holder itself",
        "The right-holder has to authorise the seller directly.",
    ),
    "specialty-needs-country": Said(
        "A specialty shop needs an authorisation without territorial limit; "
        "this one covers {territory} but not its whole country",
        "The right-holder has to authorise the whole country.",
        other=Words("That authorisation has to be for the whole country."),
    ),
    "multi-brand-too-long": Said(
        "A multi-brand shop needs one to four levels of authorisation; this chain has {links}",
        "The seller needs a grant closer to the right-holder.",
    ),
}
