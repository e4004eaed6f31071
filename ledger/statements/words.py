"""What each type of statement and each form of a value means, in English and Chinese.

Nothing is imported here, so that a command can list the types quickly; a test holds the
table against the catalogue.
"""

from collections.abc import Mapping

from ledger.texts import Words

FORMS: Mapping[str, Words] = {
    "Time": Words("a time in UTC like 2026-05-01T08:00:00Z"),
    "PartyId": Words(
        "a party: https://id.gs1.org/417/<GLN>, urn:uscc:<18>, did:web:<host>[:<path>], "
        "did:jwk:<key>, https://<host>[/<path>] or urn:pinyuan:person:<32 hex>"
    ),
    "ProductId": Words("a product: https://id.gs1.org/01/<GTIN-14>"),
    "SampleId": Words("a sample: urn:sample:<id>", "SampleId"),
    "RosterId": Words("a roster: urn:roster:<id>", "RosterId"),
    "LotId": Words(
        "a lot: https://id.gs1.org/01/<GTIN-14>/10/<lot>, upper and lower case of <lot> as printed; urn:lot:<GTIN-14>:<number> above 20 characters, or with Chinese ones"
    ),
    "Serial": Words("a serial number, upper and lower case as printed"),
    "FacilityId": Words("a place: https://id.gs1.org/414/<GLN>"),
    "UnitId": Words("a pallet or carton: https://id.gs1.org/00/<SSCC>"),
    "TrademarkId": Words("a trademark: urn:trademark:<office>:<number>:<Nice class>"),
    "NumberId": Words("a number as printed: urn:qualification:<office>:<NUMBER>, or a trademark"),
    "ShopId": Words("a shop: urn:shop:<channel>:<id>"),
    "Category": Words("a category like food/tea/green"),
    "Goods": Words("a product, a category like food/tea, or *"),
    "Territory": Words(
        "a territory (ISO 3166; cities of China by GB/T 2260): CN, CN-ZJ, CN-ZJ-330100, or *"
    ),
    "Channel": Words("a channel like mall.example, or *"),
    "AboutId": Words("a facility, a lot or a draw"),
    "Text": Words("a text of up to 200 characters"),
    "LocalTime": Words("a time with its offset: 2026-05-01T16:00:00+08:00"),
    "EventText": Words("an EPCIS 2.0 event: its JSON as one text"),
    "TopicName": Words("a topic of histories: lot, product, grant, ..."),
    "HistorySubject": Words("a text"),
    "LongText": Words("a text of up to 2000 characters"),
    "Digest": Words("64 hexadecimal digits"),
    "Country": Words("a country (ISO 3166): CN"),
    "Cas": Words("a CAS number: 7439-92-1"),
    "Uscc": Words("18 digits and capital letters"),
    "Decimal": Words('a decimal in quotes: "0.50"'),
    "Limit": Words('a decimal in quotes, perhaps below zero: "-18"'),
    "Measured": Words(
        'a number in quotes, < or > before it where no more is told, absent or present: "0.03"'
    ),
    "Month": Words("a month like 2026-05"),
    "Citation": Words(
        "a citation: the bare id of a statement in the ledger, or {id, topic, subject}"
    ),
    "Evidences": Words("a list of documents {digest, size, media_type}"),
    "text": Words("a text"),
    "number": Words("a whole number"),
    "boolean": Words("true or false"),
    "object": Words("a JSON object"),
    "pair": Words("a pair [topic, subject]"),
    "list": Words("a list ({0}), each: {1}"),
    "null": Words("or null"),
}
"""Form of a value -> how it is written."""

ISSUERS: Mapping[str, Words] = {
    "operator": Words("the operator"),
    "party": Words("the party itself"),
    "authority": Words("an authority"),
    "brand": Words("a brand"),
    "trader": Words("a trader"),
    "warehouse": Words("a warehouse"),
    "carrier": Words("a carrier"),
    "laboratory": Words("a laboratory"),
    "inspector": Words("an inspector"),
    "observer": Words("an observer"),
}
"""Role -> who that is."""

SUBJECTS: Mapping[str, Words] = {
    "log": Words("the log's name (taken by itself)"),
    "party": Words("a party"),
    "product": Words("a product"),
    "lot": Words("a lot"),
    "facility": Words("a facility"),
    "shop": Words("a shop"),
    "sample": Words("a sample: urn:sample:<id>", "sample"),
    "visit": Words("a visit: urn:visit:<id>"),
    "checklist": Words("a checklist: urn:checklist:<id>"),
    "roster": Words("a roster: urn:roster:<id>"),
    "programme": Words("a sampling programme: urn:programme:<id>"),
    "draw": Words("a draw: urn:draw:<programme>:<n>"),
    "model": Words("a quality model: urn:model:<id>"),
    "indexed": Words("a product, a trader, a brand (its trademark) or a category"),
    "claimed": Words("what is claimed: a product, lot, place or standard"),
    "event": Words("the event's id, its eventID or its hash (taken by itself)"),
    "standard": Words("a standard: urn:standard:<office>:<NUMBER>"),
    "target": Words("the target's (taken by itself with --target)"),
}
"""Form of a subject -> what it is."""

TARGETS: Mapping[str, Words] = {
    "ends": Words("What ends here: {0}."),
    "replaces": Words("What is corrected, one of: {0}."),
    "erases": Words("Whose sealed values are destroyed, one of: {0}."),
    "answers": Words("What it answers: {0}."),
    "withdraws": Words("What is taken back, one of: {0}."),
}
"""Effect of a type -> what its target is; {0}: the types it may have."""

SUBJECT_TITLES: Mapping[str, Words] = {
    "party": Words("Party"),
    "product": Words("Product|GTIN"),
    "lot": Words("Lot"),
    "facility": Words("Facility|GLN"),
    "shop": Words("Shop"),
    "sample": Words("Sample|Sample number"),
    "visit": Words("Visit id"),
    "checklist": Words("Checklist id"),
    "roster": Words("Roster"),
    "programme": Words("Sampling programme"),
    "draw": Words("Draw id"),
    "model": Words("Model"),
    "indexed": Words("Indexed"),
    "standard": Words("Standard number"),
    "claimed": Words("Claimed"),
    "event": Words("Event id"),
    "log": Words("Log"),
    "target": Words("Subject", "subject"),
}
"""Form of a subject -> what it is called at the head of a column."""
