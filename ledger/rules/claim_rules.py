"""Rules for claims on names, for the papers and decisions that settle them."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from ledger.errors import MalformedError
from ledger.histories.history import View
from ledger.identifiers import gs1_digits, is_restricted
from ledger.rules.brands import proposed
from ledger.rules.chains import holds_for, trademarks
from ledger.rules.claims import Claim, claims_of, holding, maker_of, rejected
from ledger.rules.gains import tied_parties
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.settling import decided_level, decisions
from ledger.rules.standing import TOPIC_OF, Standing, resolve, standing, standing_of
from ledger.rules.state import MICROSECONDS
from ledger.statements.brand_family import Product, Qualification
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.inspection_family import SampleSealed
from ledger.statements.origin_family import Facility, Lot
from ledger.statements.standard_family import BaselineStandard
from ledger.statements.trade_family import Shop
from ledger.texts import Sentence, saying
from ledger.texts.joints import Parts, either

ONCE = (Shop, SampleSealed)
"""What is claimed once: the id names one shop, one sealed bag, and is not said again."""
LENGTHS = range(4, 13)
"""How many digits a GS1 company prefix has."""
ENDED = saying("have that ended or corrected")
LICENSED = saying("register the licence of its number (gs1-prefix)")
DECIDED = saying("have an authority or the operator decide (claim-decided)")


@rule(
    "claim-taken",
    "product",
    "lot",
    "facility",
    "shop",
    "sample-sealed",
    "baseline-standard",
    "standard",
)
def name_not_taken(case: Case) -> Iterator[Refusal]:
    """A name held, or kept in doubt, is claimed by nobody else, unless by a better right; a shop's or sample's once.

    A `shop` or `sample-sealed`: one stands in (`shop`, `sub`), (`sample`, `sub`), of a correction
    another than the target [the first]. Else *Who holds a name*, claims in doubt kept, in (`product`, `sub`), (`lot`,
    `sub`), (`facility`, `sub`), (`standard`, `sub`), before and with it, of a correction with it in
    the target's place. It is let in where its maker holds the name before, alone or contested;
    where nobody does and no decision binds there; where with it its maker alone holds it; a
    correction where the same hold it as before. Else refused [what these claim by, the decisions];
    where nobody held it, a lot only if with it somebody does, or a decision rejects its maker.
    """
    topic = TOPIC_OF.get(type(case.body))  # type: ignore[arg-type]  # none for what cannot be read
    if topic is None:
        return
    if isinstance(case.body, ONCE):
        yield from _once(case, topic)
        return
    view, subject = case.view, case.statement.subject
    before = claims_of(holding(view, topic, subject, reserved=True))
    new = _proposed(case, topic)
    maker, makers = maker_of(view, new), {claim.maker for claim in before}
    decided = decisions(view, topic, subject)
    if maker in makers or not (before or decided):
        return
    after = holding(view, topic, subject, new, reserved=True)
    if isinstance(after, Claim) and after.maker == maker:
        return
    if case.corrects is not None and {claim.maker for claim in claims_of(after)} == makers:
        return
    cites = (*(claim.first.index for claim in before), *(item.index for item in decided))
    if before:
        mends = (ENDED, *([LICENSED] if topic in ("product", "facility") else []), DECIDED)
        yield Refusal(
            "claim-taken",
            saying(
                "{subject} is claimed by {holders}: {mends}",
                subject=subject,
                holders=Parts(tuple(map(_holder, before))),
                mends=either(mends),
            ),
            cites,
        )
    elif topic != "lot" or claims_of(after) or rejected(view, topic, new):
        by = Parts(tuple(_by(item.issuer, item.index) for item in decided))
        yield Refusal(
            "claim-taken",
            saying("{by} decided on the claims on {subject}: appeal", by=by, subject=subject),
            cites,
        )


def _by(party: str, index: int) -> Sentence:
    return saying("{party} (entry {index})", party=party, index=index)


def _holder(claim: Claim) -> Sentence:
    """Return who claims a name by which entry, and that it is kept where that is in doubt."""
    if claim.doubt is None:
        return _by(claim.maker, claim.first.index)
    return saying(
        "{party} (entry {index}, in doubt by entry {entry}, kept until it says so again with another key)",
        party=claim.maker,
        index=claim.first.index,
        entry=claim.doubt.entry,
    )


def _once(case: Case, topic: str) -> Iterator[Refusal]:
    subject = case.statement.subject
    for item in standing_of(case.view, topic, subject, type(case.body)):  # type: ignore[arg-type]
        if item.id != case.corrects:
            why = saying(
                "{subject} is claimed by {holder} (entry {index}): have that ended first, or take another id",
                subject=subject,
                holder=maker_of(case.view, item),
                index=item.index,
            )
            yield Refusal("claim-taken", why, (item.index,))
            return


def _proposed(case: Case, topic: str) -> Standing:
    """Return the claim under review as if it were registered; a correction in its target's place."""
    new = proposed(case)
    if case.corrects is None:
        return new
    target = case.view.fold(standing, topic, case.statement.subject).get(case.corrects)
    return new if target is None else replace(target, body=new.body)


@rule("number-restricted", "product", "lot")
def number_names_something(case: Case) -> Iterator[Refusal]:
    """A product or lot has a GTIN that is its own worldwide, none of restricted circulation.

    Of digits 2 to 13 of the GTIN: all are 0; or the first five are and the sixth is 0 or 2; or
    these five are not all 0, and the first two are 02 or 04, or the first is 2.
    """
    if not isinstance(case.body, Product | Lot):
        return
    try:
        restricted = is_restricted(case.statement.subject)
    except MalformedError:
        return  # it is no GTIN at all: ``subject`` says so
    if restricted:
        why = saying("everybody uses this GTIN in its own house: have GS1 assign one")
        yield Refusal("number-restricted", f"{case.statement.subject}: {why}")


def licensees(view: View, digits: str, at_us: int) -> list[Standing]:
    """Return the licences of the longest prefix of a number that anybody holds at a time."""
    for length in reversed(LENGTHS):
        found = [
            item
            for item in standing_of(view, "prefix", digits[:length], Qualification)
            if isinstance(item.body, Qualification) and item.body.covers(at_us)
        ]
        if found:
            return found
    return []


@rule("number-licensed", "product", "facility", bite="replay-only")
def number_of_its_licensee(case: Case) -> Iterator[Refusal]:
    """A number under a GS1 prefix is claimed by its licensee, for a brand of it, or by whom it named first.

    Papers of kind gs1-prefix that stand in (`prefix`, d) and cover `iat`, for the longest d from 12
    down to 4 digits that has one: d the first of the number's (*Who holds a name*, 4). There are
    some, and none by whose holder it is let in [all of these]: it is its maker; for a place, by its
    claim that stands in (`facility`, `sub`) with this maker as `owner`; for a product, by its claim
    that stands in (`product`, `sub`) for the same `brand`, or by a mark of `brand` that has not
    ended and that it holds, or counts as the holder of, T and N both `iat` (*A chain of grants*).
    """
    body, view, subject = case.body, case.view, case.statement.subject
    if not isinstance(body, Product | Facility) or (digits := gs1_digits(subject)) is None:
        return
    at_us = case.statement.issued_at * MICROSECONDS
    topic = TOPIC_OF[type(body)]
    maker = maker_of(view, proposed(case))
    found = licensees(view, digits, at_us)
    if not found or any(_allows(view, topic, item.subject, maker, case, at_us) for item in found):
        return
    why = saying(
        "the prefix of {subject} is licensed to {subject_2}: let it claim the number",
        subject=subject,
        subject_2=found[0].subject,
    )
    yield Refusal("number-licensed", why, tuple(item.index for item in found))


def _allows(view: View, topic: str, licensee: str, maker: str, case: Case, at_us: int) -> bool:
    """Return whether a licensee lets somebody claim its number: by its own brand, or its own claim."""
    if maker == licensee:
        return True
    body = case.body
    stated = [
        item.body
        for kind in (Product, Facility)
        for item in standing_of(view, topic, case.statement.subject, kind)
        if maker_of(view, item) == licensee
    ]
    if isinstance(body, Facility):
        return any(isinstance(one, Facility) and one.owner == maker for one in stated)
    assert isinstance(body, Product)  # noqa: S101 - asked of products and places
    if any(isinstance(one, Product) and one.brand == body.brand for one in stated):
        return True
    return any(
        mark.ended is None
        and (mark.subject == licensee or holds_for(view, licensee, mark.subject, at_us) is not None)
        for mark in trademarks(view, str(body.brand))
    )


@rule("prefix-taken", "qualification", bite="replay-only")
def prefix_of_one_holder(case: Case) -> Iterator[Refusal]:
    """A GS1 prefix, and each that begins it, has one licensee at a time.

    With `prefix`: each paper of another holder that stands in (`prefix`, d) and whose period meets
    its own [it]; d its first 4 digits, its first 5, up to all.
    """
    body = case.body
    if not isinstance(body, Qualification) or not isinstance(body.prefix, str):
        return
    for length in LENGTHS[: len(body.prefix) - LENGTHS.start + 1]:
        for other in standing_of(case.view, "prefix", body.prefix[:length], Qualification):
            if (
                isinstance(other.body, Qualification)
                and other.subject != case.statement.subject
                and body.meets(other.body)
            ):
                why = saying(
                    "{prefix} is licensed to {subject}: have that withdrawn first",
                    prefix=other.body.prefix,
                    subject=other.subject,
                )
                yield Refusal("prefix-taken", why, (other.index,))


@rule("decision-about", "claim-decided")
def decision_about_its_subject(case: Case) -> Iterator[Refusal]:
    """A decision on claims is about the thing that they claim.

    `sub` is not the subject that `upheld`, else the first of `rejected`, is cited with.
    """
    body = case.body
    if isinstance(body, ClaimDecided) and body.decided[0].subject != case.statement.subject:
        why = saying("the claims cited are on {subject}", subject=body.decided[0].subject)
        yield Refusal("decision-about", why)


@rule("decision-tied", "claim-decided")
def decision_independent(case: Case) -> Iterator[Refusal]:
    """Nobody decides whose a thing is that it, or somebody tied to it, ever claimed or held the brand of.

    Whichever claims are named: each party to what the first of `upheld`, `rejected` is cited with (*Whose it
    is*), to whom `iss` is tied at `iat` (*Ties*) [its last claim, or the mark; the papers].
    """
    body = case.body
    if not isinstance(body, ClaimDecided):
        return
    about = body.decided[0]
    for party, cites in tied_parties(case, about.topic, about.subject):
        why = saying(
            "{issuer} is tied to {party}: let another office decide",
            issuer=case.statement.issuer,
            party=party,
        )
        yield Refusal("decision-tied", why, cites)


@rule("decision-rank", "claim-decided")
def decision_overrules_no_higher(case: Case) -> Iterator[Refusal]:
    """The operator overrules no decision of an authority, and rejects no baseline standard of one.

    *What is cited*: `overrules`, and each of `rejected` that is a `baseline-standard`, is of a higher
    rank than it (*Who holds a name*, 3), by (`identity`, issuer) of both [that].
    """
    body = case.body
    if not isinstance(body, ClaimDecided):
        return
    own = decided_level(case.view, proposed(case))
    decided = () if body.overrules is msgspec.UNSET else (body.overrules,)
    for citation in (*decided, *body.rejected):
        found = resolve(case.view, citation)
        if found is None or not isinstance(found.body, ClaimDecided | BaselineStandard):
            continue
        if own < decided_level(case.view, found):
            why = saying(
                "entry {index} is an authority's decision: appeal against it", index=found.index
            )
            if isinstance(found.body, BaselineStandard):
                why = saying(
                    "entry {index} is an authority's standard: let an authority decide",
                    index=found.index,
                )
            yield Refusal("decision-rank", why, (found.index,))
