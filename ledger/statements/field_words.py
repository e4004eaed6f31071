"""What each field of each type means, in English and Chinese."""

from collections.abc import Mapping

from ledger.texts import Words

FIELDS: Mapping[str, Words] = {
    # In several types.
    "from": Words("From when it holds."),
    "until": Words("Until before when it holds; null: without end."),
    "reason": Words("Why.", "reason"),
    "note": Words("A remark."),
    "names": Words("Its names."),
    "country": Words("Its country."),
    "roles": Words("What it does here."),
    "keys": Words("Keys bound to it; --bind FILE puts them in."),
    "uscc": Words("Its unified social credit code (GB 32100); a Chinese firm must carry one."),
    "brand": Words("The brand, by its trademark."),
    "category": Words("The category it belongs to."),
    "trader": Words("The trader."),
    "shop": Words("The shop."),
    "facility": Words("The facility."),
    "lot": Words("The lot."),
    "evidence": Words("Documents and photos that lie elsewhere."),
    "findings": Words("What was found.", "findings"),
    "km": Words("Kilometres travelled for it."),
    "sealed": Words("Commitments to sensitive values; --sensitive FILE makes them."),
    "about": Words("What it is about."),
    "exclusive": Words("Whether nobody else gets the same."),
    "cause": Words("The statement that says what has to be mended."),
    "shops": Words("Limited to these shops of the trader."),
    "products": Words("Limited to these products."),
    "lots": Words("Limited to these lots."),
    "criteria": Words("What each property must meet."),
    "number": Words("The report's number as printed."),
    "client": Words("Who commissioned it."),
    "custody": Words("The id of the hand-over by which the laboratory received the sample."),
    "method": Words("The method (standard) by which it was tested."),
    "accreditations": Words(
        "The laboratory's accreditations that cover these methods on these goods."
    ),
    "condition": Words("The sample's condition when received."),
    "received": Words("When the laboratory received the sample, as its custody says."),
    "tested_from": Words("When testing began."),
    "tested_until": Words("When testing ended."),
    "issued": Words("The report's date of issue, in the month of its signature."),
    "decision_rule": Words("simple: by the value alone; guarded: outside the uncertainty."),
    "results": Words("One result for each property."),
    "standard": Words("The standard whose criteria the results are judged by."),
    "laboratory": Words("Whose report it is about."),
    "month": Words("The month in which that report was issued: 2026-05."),
    # Of one type.
    "rules.rules": Words("The version and its document's digest."),
    "rules.witnesses": Words("Further known witnesses."),
    "log-end.successor": Words("The log that goes on; null: none."),
    "key.key": Words("The new key; --bind FILE puts it in."),
    "key-revocation.kid": Words("The key that ends."),
    "key-revocation.suspected_since": Words("What it signed since then is at risk."),
    "qualification.kind": Words("What kind of paper."),
    "qualification.number": Words("Its number; of a trademark kind the trademark."),
    "qualification.categories": Words(
        "The goods it covers; in every kind but affiliation and accreditation."
    ),
    "qualification.methods": Words("For an accreditation: methods and goods."),
    "qualification.mark": Words("How the trademark reads."),
    "qualification.of": Words("For an affiliation: the party the holder belongs to."),
    "qualification.relation": Words("For an affiliation: how it belongs to it."),
    "qualification.scheme": Words("For an accreditation: under which scheme."),
    "prefix": Words("For a GS1 prefix: its 4 to 12 digits, as GTIN-13 and GLN begin."),
    "qualification-withdrawal.number": Words("The paper's number."),
    "authorisation.parent": Words(
        "What it rests on: the issuer's own grant, or its trademark's qualification."
    ),
    "authorisation.goods": Words("Which goods: products, categories or *."),
    "authorisation.territories": Words("Where."),
    "authorisation.channels": Words("Through which channels."),
    "authorisation.shop_types": Words("In which types of shop; * for all."),
    "authorisation.depth": Words("How many links may follow below; 0: no further grant."),
    "authorisation-revocation.parent": Words("The id of the statement the grant rested on."),
    "authorisation-revocation.exclusive": Words("Whether the grant was exclusive."),
    "product.under": Words("The grant or trademark qualification it is declared under."),
    "admission.decision": Words("The decision."),
    "admission.evidence": Words("The papers reviewed."),
    "admission.reasons": Words("The reasons."),
    "shop.shop_type": Words("The type of shop (旗舰店, 专卖店, 专营店)."),
    "listing.territories": Words("Where it is sold."),
    "facility.owner": Words("Who owns it."),
    "facility.place": Words("Where it stands."),
    "facility.activities": Words("What is done there."),
    "origin-audit.checklist": Words("The checklist and its version."),
    "origin-audit.on": Words("When.", "origin-audit.on"),
    "origin-audit.team": Words("Who audited, at least two."),
    "origin-audit.next_due": Words("When the next one is due."),
    "lot.quantity": Words("How much."),
    "lot.facility": Words("Where it was made."),
    "lot.made": Words("When it was made."),
    "lot.serials": Words("Serial numbers of its items."),
    "lot.serial_range": Words("Serial numbers of its items, from and to."),
    "lot.inputs": Words("The lots it was made of."),
    "inspection.mode": Words("Inbound acceptance, patrol, flight inspection or mystery sampling."),
    "inspection.trader": Words("Whose goods."),
    "inspection.on": Words("When.", "inspection.on"),
    "inspection.lot_size": Words(
        "Units of product inspected (bottles, bags, 0.5 kg each); left out where unknown, at AQL 0."
    ),
    "inspection.lot_quantity": Words(
        "What they measure together, where goods go by weight or volume."
    ),
    "inspection.delivery": Words(
        "Where they are a part of what was made: the number of the paper they came with."
    ),
    "inspection.level": Words("Inspection level (GB/T 2828.1); at AQL 0 it says nothing."),
    "inspection.aql": Words(
        "Acceptance quality limit; 0: nothing is accepted, however many were drawn or bought."
    ),
    "inspection.severity": Words("Severity of the plan."),
    "inspection.sample_size": Words("Items inspected."),
    "inspection.accept": Words("Acceptance number Ac."),
    "inspection.reject": Words("Rejection number Re."),
    "inspection.nonconforming": Words("Nonconforming items found."),
    "inspection.decision": Words("The decision on the lot: accepted if every plan accepts it."),
    "inspection.class": Words("The class of nonconformity that the first plan judges."),
    "inspection.plans": Words("Further plans: other classes of nonconformity, other AQLs."),
    "inspection.answers": Words("The refusals that the lot is inspected again for."),
    "inspection.facility": Words("Where it was inspected."),
    "sampling-switch.level": Words("Inspection level of the series (GB/T 2828.1)."),
    "sampling-switch.aql": Words("Acceptance quality limit of the series."),
    "sampling-switch.to": Words(
        "reduced: the score is 30, production steady; normal: reduced ends; tightened: it goes "
        "on where it was discontinued, the cause having been acted on."
    ),
    "sampling-switch.action": Words(
        "What shows that the cause was acted on: an audit or inspection."
    ),
    "sample-sealed.taken": Words("When it was taken."),
    "sample-sealed.seals": Words("The numbers of its seals."),
    "sample-sealed.to": Words(
        "To whom it will be handed: any of these takes it over, nobody else."
    ),
    "custody.to": Words("To whom it will be handed next: any of these takes it over, nobody else."),
    "sample-sealed.inspection": Words("The inspection it belongs to."),
    "custody.handed_by": Words("Who handed it over."),
    "custody.previous": Words("The id of the hand-over (or sealing) before."),
    "custody.at": Words("When.", "custody.at"),
    "custody.seals_intact": Words("Whether the seals were whole."),
    "objection.properties": Words("The properties objected to; left out: all that failed."),
    "retest-report.sample": Words(
        "The sample that was tested: a retained one, or a new one of the same lot."
    ),
    "objection-closed.report": Words("The id of the report."),
    "objection-closed.outcome": Words(
        "What the retest says of the report, or that the objection was withdrawn."
    ),
    "objection-closed.retest": Words("The retest report it follows from."),
    "recall.from": Words("From when."),
    "recall.other_lots": Words("Further lots beside the subject."),
    "sanction.step": Words(
        "The step: interview 约谈, damages 违约金, delist 下架, close-shop 关店, end-cooperation 停止合作."
    ),
    "claim-decided.grounds": Words("The grounds."),
    "claim-decided.rejected": Words("The claims that fall."),
    "claim-decided.upheld": Words("The claim that holds."),
    "claim-decided.overrules": Words("The decision on the same thing that this one overrules."),
    "sanction.grounds": Words("The grounds."),
    "sanction.triggers": Words("The statements it follows from."),
    "sanction.rules_version": Words("The version of the sanction rules."),
    "sanction.appeal_by": Words("Until when it can be appealed."),
    "sanction.severity_ground": Words("Why steps before it were skipped."),
    "sanction.damages": Words("For step damages: how much."),
    "sanction.interim": Words("Before the critical result is final: it lapses at its end."),
    "appeal-decision.outcome": Words("The sanction stands, is varied, or ends."),
    "appeal-decision.terms": Words("For outcome varied: the sanction's milder terms."),
    "complaint.complainant": Words("Who complains, by pseudonym."),
    "complaint.text": Words("What is complained of."),
    "advice.grounds": Words("The statements it follows from."),
    "advice.text": Words("What to mend."),
    "advice.answer_by": Words("Until when a plan should answer it."),
    "improvement-plan.root_cause": Words("What brought it about."),
    "improvement-plan.actions": Words("What will be done, each with its date."),
    "improvement-step.action": Words("Which action of the plan, from 1."),
    "improvement-step.text": Words("What was done."),
    "improvement-verified.on": Words("When it was looked at."),
    "improvement-verified.outcome": Words("Whether the cause is mended."),
    "observer-application.kind": Words("For which group."),
    "observer-application.motive": Words("Why.", "observer-application.motive"),
    "observer.kind": Words("Of which group."),
    "observer.application": Words("The application."),
    "invitation.to": Words("Where to."),
    "visit.arrived": Words("When, by the device."),
    "visit.place": Words("Where, by the device."),
    "visit.tie": Words("What ties the observer to the visited; null: nothing."),
    "visit.invitation": Words("The invitation."),
    "observation.visit": Words("The visit."),
    "observation.text": Words("What was seen."),
    "observation.photos": Words("Photos that lie elsewhere."),
    "quality-model.sources": Words("What an outcome weighs by its source."),
    "quality-model.severities": Words("By how much a failure weighs more than a pass."),
    "quality-model.fails_from": Words(
        "From which severity on a finding fails an audit or an observation."
    ),
    "quality-model.window_days": Words("How many days back outcomes count."),
    "quality-model.step_days": Words("Every so many days the weight halves."),
    "quality-model.doublings": Words(
        "How often the newest weight was doubled; when it has halved so often, it stays."
    ),
    "quality-model.inbound_part": Words(
        "Inbound passes count up to one part in so many of the other passing weight."
    ),
    "quality-model.prior_good": Words("Passing weight to begin with (a)."),
    "quality-model.prior_bad": Words("Failing weight to begin with (b)."),
    "quality-model.minimum": Words(
        "Under so many outcomes, inbound passes apart, there is no index (k)."
    ),
    "quality-model.grades": Words("The least scores of grades A, B and C."),
    "quality-model.critical_cap": Words("The best grade while a critical failure is open."),
    "quality-model.most_of_one": Words(
        "How many outcomes of one inspector or observer about one product or place count within step_days."
    ),
    "quality-index.model": Words("The model."),
    "quality-index.at": Words("The time it is about."),
    "quality-index.size": Words("As of how many entries of the log."),
    "quality-index.outcomes": Words("How many outcomes it follows from."),
    "quality-index.inputs": Words("SHA-256 of their statement ids, ascending."),
    "quality-index.score": Words("The score, 0 to 1000; null: too few outcomes."),
    "quality-index.grade": Words("The grade."),
    "supersede.statement": Words(
        "The corrected payload, whole; with --target what is left out stays."
    ),
    "erasure.subjects": Words("The histories of the target."),
    "withdrawn-in-error.subjects": Words(
        "The histories of the target; of a recall those of the lots it names in error."
    ),
    "erasure.fields": Words("The names of the destroyed values."),
    # Of parts of a payload.
    "standard.baselines": Words("The baseline standards it is never weaker than."),
    "alliance-pledge.standards": Words("Which standards will be met."),
    "alliance-pledge.conduct": Words("What else is promised."),
    "label.standard": Words("The version of the platform's standard."),
    "label.evidence": Words("Test reports that cover every criterion."),
    "label.until": Words("It ends before this time at the latest."),
    "RulesVersion.version": Words("The version."),
    "RulesVersion.digest": Words("SHA-256 of the published document."),
    "Successor.origin": Words("Its name."),
    "Successor.log_key": Words("Its verifier key."),
    "Names.zh": Words("In Chinese."),
    "Names.en": Words("In English."),
    "KeyBinding.alg": Words("The algorithm."),
    "KeyBinding.x": Words("The key."),
    "KeyBinding.y": Words("The key's second half (ES256, ES384)."),
    "KeyBinding.possession": Words("The proof that its party holds it, or the word unproven."),
    "Result.property": Words("What was measured."),
    "Result.unit": Words("In which unit."),
    "Result.value": Words("The value measured."),
    "Result.uncertainty": Words("The expanded uncertainty (k = 2), in the same unit."),
    "Result.below_detection": Words(
        "Whether nothing was found; the value is then the detection limit."
    ),
    "Result.outcome": Words("What follows by the standard's criterion and the decision rule."),
    "Result.cas": Words("Its CAS number, if it has one."),
    "Criterion.cas": Words("Its CAS number, if it has one."),
    "Result.method": Words("Where it is another than the report's."),
    "Method.properties": Words("For these properties alone."),
    "Method.method": Words("The method."),
    "Method.categories": Words("On these goods: products, categories."),
    "Evidence.digest": Words("Its SHA-256."),
    "Evidence.size": Words("Its size in bytes."),
    "Evidence.media_type": Words("Its media type."),
    "Citation.id": Words("The statement's id."),
    "Citation.topic": Words("The topic of a history it is in."),
    "Citation.subject": Words("The subject of that history."),
    "Place.text": Words("The address in words."),
    "Place.latitude_e6": Words("Latitude in millionths of degrees."),
    "Place.longitude_e6": Words("Longitude in millionths of degrees."),
    "Finding.point": Words("The point of the checklist or criterion."),
    "Finding.severity": Words("How severe."),
    "Finding.text": Words("What was found.", "Finding.text"),
    "Criterion.property": Words("What is measured."),
    "Criterion.unit": Words("In which unit."),
    "Criterion.direction": Words("Whether more or less is worse."),
    "Criterion.limit": Words("The limit; it still meets the criterion."),
    "Criterion.severity": Words("How severe a failure is."),
    "Conduct.kind": Words("What is promised; other: in words alone, which nobody can compute."),
    "Conduct.within_days": Words("Within how many days."),
    "Conduct.text": Words("The promise in words."),
    "ClassPlan.class": Words("The class of nonconformity it judges."),
    "ClassPlan.level": Words("Inspection level, if not the same."),
    "ClassPlan.aql": Words("Its acceptance quality limit."),
    "ClassPlan.severity": Words("Severity, if not the same."),
    "ClassPlan.sample_size": Words("Items inspected."),
    "ClassPlan.accept": Words("Acceptance number Ac."),
    "ClassPlan.reject": Words("Rejection number Re."),
    "ClassPlan.nonconforming": Words("Nonconforming items found."),
    "ClassPlan.decision": Words("What follows by this plan."),
    "Quantity.amount": Words("How many or how much."),
    "Quantity.unit": Words("Of what."),
    "SerialRange.first": Words("The first."),
    "SerialRange.last": Words("The last."),
    "Commitment.name": Words("The value's name."),
    "Commitment.digest": Words("The commitment."),
    "SourceWeights.mystery": Words("Mystery sampling."),
    "SourceWeights.flight": Words("Flight inspection."),
    "SourceWeights.origin": Words("Origin audit."),
    "SourceWeights.observer": Words("Observers' visit."),
    "SourceWeights.patrol": Words("Warehouse patrol."),
    "SourceWeights.inbound": Words("Inbound acceptance."),
    "SeverityFactors.critical": Words("Critical."),
    "SeverityFactors.major": Words("Major."),
    "SeverityFactors.minor": Words("Minor."),
    "GradeLimits.a": Words("Grade A from here on."),
    "GradeLimits.b": Words("Grade B from here on."),
    "GradeLimits.c": Words("Grade C from here on; below it D."),
    "Action.text": Words("What will be done."),
    "Action.due": Words("Until when."),
    "Terms.step": Words("The step, at most the sanction's."),
    "Terms.damages": Words("For step damages: how much."),
    "Damages.amount": Words("In the currency's smallest unit."),
    "Damages.currency": Words("The currency."),
}
"""``field`` (in every type), ``type.field`` or ``Part.field`` -> what it means."""


def field_words(owner: str, field: str) -> Words:
    """Return what a field of a type or part means.

    Raises:
        KeyError: the table lacks it.

    """
    own = FIELDS.get(f"{owner}.{field}")
    return FIELDS[field] if own is None else own
