"""What each type of statement and each form of a value means, in English and Chinese.

Nothing is imported here, so that a command can list the types quickly; a test holds the
table against the catalogue.
"""

from collections.abc import Mapping

from ledger.texts import Words

TYPES: Mapping[str, Words] = {
    "rules": Words("Other registration rules from the next batch on."),
    "log-end": Words("The last statement of a log; a successor may go on."),
    "party": Words("A party enters: names, country, roles and first keys."),
    "party-update": Words("New names and roles of a party, and keys bound to it anew."),
    "key": Words("A party's further key, signed with one that is live."),
    "key-revocation": Words("A key ends here."),
    "qualification": Words(
        "Somebody holds a paper: licence, trademark, affiliation, accreditation, GS1 prefix."
    ),
    "qualification-withdrawal": Words("A paper ends here."),
    "authorisation": Words(
        "Somebody may sell a brand's goods: which, where, how, until when, how far on."
    ),
    "authorisation-revocation": Words("A grant ends here, and everything below it."),
    "product": Words("A product: names, brand, category, declared under a trademark or a grant."),
    "claim-decided": Words(
        "It is decided whose claims on a product, lot, place or standard fall, and whose holds."
    ),
    "admission": Words("The platform admits or refuses a trader after reviewing its papers."),
    "shop": Words("A trader's shop and its type."),
    "shop-ended": Words("A shop ends here."),
    "listing": Words("A product goes on sale in a shop."),
    "listing-ended": Words("A product is on sale in a shop no more."),
    "facility": Words("A place where goods are made, grown, packed or stored."),
    "origin-audit": Words("An audit of a facility where it stands."),
    "lot": Words("A lot: how much, which items, made where and when, of which other lots."),
    "baseline-standard": Words("What the law or an authority demands of goods of a category."),
    "standard": Words(
        "The platform's own standard for a category, never weaker than its baselines."
    ),
    "alliance-pledge": Words(
        "A brand, trader or laboratory promises to meet standards and to act so."
    ),
    "inspection": Words("A lot inspected by sample: plan, findings, decision."),
    "sampling-switch": Words("Inbound inspection of a product goes over to another severity."),
    "sample-sealed": Words("A sample is taken from a lot and sealed."),
    "custody": Words("The issuer takes over a sealed sample."),
    "test-report": Words(
        "A laboratory's report about a sample: methods, condition, dates, results, what follows."
    ),
    "objection": Words("A trader or brand objects to a report within 15 days of its registration."),
    "retest-report": Words("Another laboratory's report that answers objections to a report."),
    "objection-closed": Words("An objection is decided after the retest, or was withdrawn."),
    "recall": Words("Lots are called back."),
    "sanction": Words("A measure against a trader, its shops, products or lots."),
    "sanction-lifted": Words("A measure ends here."),
    "label": Words("A product bears the quality label; whether it holds is computed."),
    "label-withdrawn": Words("A quality label ends here."),
    "appeal": Words(
        "Whom a sanction or a decision on claims is against asks for a decision on it."
    ),
    "appeal-decision": Words(
        "An appeal is decided: what it is against stands, is varied, or ends here."
    ),
    "complaint": Words("What a consumer, under a pseudonym, says of a product."),
    "advice": Words("The operator advises a trader to mend something."),
    "improvement-plan": Words("What a trader will do about a cause, each action with its date."),
    "improvement-step": Words("An action of a plan is done."),
    "improvement-verified": Words("Somebody else looked whether a plan has mended its cause."),
    "observer-application": Words("Somebody applies to be an observer."),
    "observer": Words("Somebody is an observer for a time."),
    "invitation": Words("An observer is invited to a facility, an inspection or a draw."),
    "visit": Words("An observer attends."),
    "observation": Words("What an observer found on a visit."),
    "quality-model": Words("How the quality index is computed: weights, ages, severities, grades."),
    "quality-index": Words(
        "The quality index of a product, trader, brand or category, recomputed when registered."
    ),
    "supersede": Words("The corrected payload of an earlier statement."),
    "erasure": Words("Sensitive values behind a statement's commitments are destroyed."),
    "withdrawn-in-error": Words(
        "A recall, finding or complaint about the wrong lot, party or place is taken back."
    ),
    "generic": Words("Any payload of any content type, kept byte for byte, no effect in any rule."),
}
"""Type -> what a statement of it says."""

FORMS: Mapping[str, Words] = {
    "Time": Words("a time in UTC like 2026-05-01T08:00:00Z"),
    "PartyId": Words(
        "a party: https://id.gs1.org/417/<GLN>, urn:uscc:<18>, did:web:<host>[:<path>], "
        "did:jwk:<key>, https://<host>[/<path>] or urn:pinyuan:person:<32 hex>"
    ),
    "ProductId": Words("a product: https://id.gs1.org/01/<GTIN-14>"),
    "SampleId": Words("a sample: urn:sample:<id>", "SampleId"),
    "LotId": Words(
        "a lot: https://id.gs1.org/01/<GTIN-14>/10/<lot>, upper and lower case of <lot> as printed"
    ),
    "Serial": Words("a serial number, upper and lower case as printed"),
    "FacilityId": Words("a place: https://id.gs1.org/414/<GLN>"),
    "TrademarkId": Words("a trademark: urn:trademark:<office>:<number>:<Nice class>"),
    "NumberId": Words("a number: urn:qualification:<office>:<NUMBER>, or a trademark"),
    "ShopId": Words("a shop: urn:shop:<channel>:<id>"),
    "Category": Words("a category like food/tea/green"),
    "Goods": Words("a product, a category like food/tea, or *"),
    "Territory": Words("a territory (ISO 3166): CN, CN-ZJ, or *"),
    "Channel": Words("a channel like mall.example, or *"),
    "AboutId": Words("a facility, a lot or a draw"),
    "Text": Words("a text of up to 200 characters"),
    "LocalTime": Words("a time with its offset: 2026-05-01T16:00:00+08:00"),
    "TopicName": Words("a topic of histories: lot, product, grant, ..."),
    "HistorySubject": Words("a text"),
    "LongText": Words("a text of up to 2000 characters"),
    "Digest": Words("64 hexadecimal digits"),
    "Country": Words("a country (ISO 3166): CN"),
    "Cas": Words("a CAS number: 7439-92-1"),
    "Uscc": Words("18 digits and capital letters"),
    "Decimal": Words('a decimal in quotes: "0.50"'),
    "Limit": Words('a decimal in quotes, perhaps below zero: "-18"'),
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
    "model": Words("a quality model: urn:model:<id>"),
    "indexed": Words("a product, a trader, a brand (its trademark) or a category"),
    "claimed": Words("what is claimed: a product, lot, place or standard"),
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
    "objection": Words("What is objected to: {0}."),
    "retest-report": Words("The report that was objected to, not the objection: {0}."),
    "appeal": Words("What is appealed against, one of: {0}."),
    "appeal-decision": Words("What was appealed against, not the appeal, one of: {0}."),
    "improvement-step": Words("The plan whose action is done: {0}."),
    "improvement-verified": Words("The plan that was looked at: {0}."),
}
"""Effect of a type, or a type of its own words -> what its target is; {0}: the types it may have."""
