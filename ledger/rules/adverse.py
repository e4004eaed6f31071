"""What was found amiss of a product's lots, on record or not.

Which lots these are says (``adverse``, product); what is open against each, its own history. Of the
others only those are looked at that may answer for a bad one: the newest first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from ledger.histories.history import Entry, Fold
from ledger.identifiers import product_of
from ledger.rules.chains import Failure
from ledger.rules.claims import Claim, claims_of, ever_held_brand_of, holding
from ledger.rules.codes import BEGUN, HAVE
from ledger.rules.favour import holders
from ledger.rules.found import RANK, Against, Moment, Trouble, lot_in, passed
from ledger.rules.lot_case import LotCase, case_of
from ledger.rules.lot_closings import independent, judges, mended
from ledger.rules.lot_open import failed, judge, made_of_good
from ledger.rules.lots import rightful
from ledger.rules.naming import same_name
from ledger.rules.offices import by_office
from ledger.rules.parties import mark_holders
from ledger.rules.product_recalls import is_hearsay, recalls_of_product
from ledger.rules.reports import Report, tested
from ledger.rules.standing import (
    Standing,
    lots_named,
    recalled_lots,
    sound,
    standing,
    standing_in,
    standing_of,
)
from ledger.rules.untied_reports import tested_freely
from ledger.statements.catalogue import said_by
from ledger.statements.inspection_family import Inspection, inspections_of
from ledger.statements.laboratory_family import Tested
from ledger.statements.origin_family import Lot, lots_by
from ledger.statements.recall_family import Recall
from ledger.statements.results import Result


def _name(found: dict[str, None], entries: Sequence[Entry]) -> dict[str, None]:
    for entry in entries:
        lot = lot_in(entry.statement.subject, said_by(entry.body))
        if lot is not None:
            found[lot] = None
    return found


adverse_lots: Fold[dict[str, None]] = Fold(dict, _name, dict)
"""The lots that (``adverse``, product) names, in its order: of each something was found amiss once."""


class Adverse:
    """What is open against the lots of a product at a time; nothing is read before it is asked for."""

    def __init__(self, at: Moment, product: str) -> None:
        self.at, self.product = at, product
        self._answers: dict[tuple[int, str], Standing | None] = {}
        self._cases: dict[tuple[str, int | None, frozenset[str]], LotCase] = {}

    def named(self) -> list[str]:
        """Return the lots of which somebody found anything amiss, in the order in which it was said."""
        return list(self.at.view.fold(adverse_lots, "adverse", self.product))

    def lots(self) -> list[str]:
        """Return the lots of which anything was found amiss, or that were called back."""
        return list(dict.fromkeys((*self.named(), *self.recalls())))

    def recalls(self) -> dict[str, list[Standing]]:
        """Return the lots that were called back, each with its recalls, whoever made them.

        Those that were taken out of one about the product, too: their own histories say by whom.
        """
        found: dict[str, list[Standing]] = {}
        for item in self.at.view.fold(standing, "recall", self.product).values():
            if isinstance(item.body, Recall) and item.body.from_.us <= self.at.valid_at_us:
                for lot in lots_named(item) if self.weighs(item) else recalled_lots(item):
                    if product_of(lot) == self.product:
                        found.setdefault(lot, []).append(item)
        return found

    @cached_property
    def of_product(self) -> list[Standing]:
        """Return the recalls of the product's goods by when or where they were made."""
        return recalls_of_product(self.at.view, self.product, self.at.valid_at_us)

    def weighs(self, recall: Standing) -> bool:
        """Return whether a recall is about the product: an office's, or of who ever held its brand."""
        return by_office(self.at.view, recall) or self._of_brand(recall.issuer)

    def against(self, lot: str, used_us: int | None = None) -> Against:
        """Return what is open against a lot; ``used_us``: when the first was made that was made of it."""
        found = judge(self._with_later(lot, used_us))
        if self.of_product and is_hearsay(self.at.view, lot):
            called_back = {item.index for item in self.of_product}
            found.open = [one for one in found.open if one.item.index not in called_back]
        found.open = [self._partly(trouble) for trouble in found.open]
        return found

    def _partly(self, trouble: Trouble) -> Trouble:
        """Return a recall that also says which lot made later passed, or is on record and has not."""
        if trouble.kind != "recall":
            return trouble
        later = self.answered(trouble)
        begun = self._begun(trouble) if later is None else None
        facts = dict(trouble.reason.facts)
        if later is not None:
            facts[HAVE] = later.index
        elif begun is not None:
            facts[BEGUN] = begun
        return replace(trouble, reason=replace(trouble.reason, facts=facts))

    def mended(self, report: Report, result: Result) -> Failure | None:
        """Return what closes a final result that failed, or missed a limit; None if nothing does."""
        trouble = failed(report, result)
        return mended(self._with_later(trouble.about), trouble)

    def answered(self, recall: Trouble) -> Standing | None:
        """Return what shows that the product may be sold again although a lot of it is recalled."""
        key = recall.item.index, recall.about
        if key not in self._answers:
            self._answers[key] = self._later(self._case(recall.about), recall)
        return self._answers[key]

    def _case(
        self, lot: str, used_us: int | None = None, users: frozenset[str] = frozenset()
    ) -> LotCase:
        key = lot, used_us, users
        if key not in self._cases:
            self._cases[key] = case_of(self.at, lot, used_us, users)
        return self._cases[key]

    def _with_later(self, lot: str, used_us: int | None = None) -> LotCase:
        """Return a lot's case with what finds lots made later; those are judged without, or it had no end."""
        return replace(self._case(lot, used_us), later=self._later)

    def _later(self, case: LotCase, trouble: Trouble) -> Standing | None:
        """Return what shows that a lot made later passes: an inspection, of a result a report.

        Who says so is as independent as who found what it answers, also of who uses the bad lot.
        Nothing is open against the later lot, nor against what it was made of; it was not made of the
        bad one, and has no serial number of it. It is the right-holder's, or of who made the bad one:
        no fellow reseller's answers it. It was made later than the bad one was, where that is a
        right-holder's; else later than that was found of it.
        """
        for lot, maker, body in self._made_later(case, trouble):
            other = self._case(lot, users=case.users)
            shown = next(_passes(other, trouble), None)
            if (
                shown is not None
                and not judge(other).unsettled
                and made_of_good(self.at, body, self._made_for(other, maker), case.lot)
            ):
                return shown
        return None

    def _begun(self, recall: Trouble) -> int | None:
        """Return the entry of the newest lot that was made later than a recalled one, whatever became of it."""
        for lot, _, _ in self._made_later(self._case(recall.about), recall):
            held = holding(self.at.view, "lot", lot)
            if isinstance(held, Claim):
                return held.item.index
        return None

    def _made_later(self, case: LotCase, trouble: Trouble) -> Iterator[tuple[str, str, Lot]]:
        """Yield the lots that were made later than one and may answer for it, each with its maker and what it says."""
        bad = self._stated(case.lot, reserved=True)
        after_us = trouble.at_us
        if bad is not None and self._of_brand(bad[0]):
            after_us = max(self._made_us(case.lot, *bad))
        makers = () if bad is None else (bad[0],)
        for lot in self._candidates(case, trouble, makers):
            stated = None if lot == case.lot else self._stated(lot)
            if stated is None or not after_us < min(self._made_us(lot, *stated)):
                continue
            same = bad is not None and bad[0] == stated[0]
            apart = not any(one.shares_serials(stated[1]) for one in self._versions(case.lot))
            if apart and (same or self._of_brand(stated[0])):
                yield lot, *stated

    def _made_for(self, case: LotCase, maker: str) -> frozenset[str]:
        """Return who uses what a lot was made of: its maker, its brand's holders, and who uses the lot."""
        return case.users | {maker} | holders(self.at.view, self.product)

    def _candidates(self, case: LotCase, trouble: Trouble, makers: Iterable[str]) -> Iterator[str]:
        """Yield lots that may answer: of who holds the product's name or ever its mark, the newest first.

        Then of who made the bad one, where that is a mere grantee, those that were looked at where
        it was, or at itself: it may state as many as it likes.
        """
        view = self.at.view
        named = (claim.maker for claim in claims_of(holding(view, "product", self.product)))
        parties = dict.fromkeys((*mark_holders(view, self.product), *named))
        parties |= dict.fromkeys(filter(self._of_brand, makers))
        made = {
            item.subject: (item.body.made.us, item.index)
            for party in parties
            for item in standing_of(view, "lots-by", lots_by(self.product, party), Lot)
            if isinstance(item.body, Lot) and item.body.made.us <= self.at.valid_at_us
        }
        yield from sorted(made, key=lambda lot: made[lot], reverse=True)
        others = [maker for maker in makers if maker not in parties]
        if others:
            yield from (lot for lot in self._looked_at(case, trouble, others) if lot not in made)

    def _looked_at(self, case: LotCase, trouble: Trouble, makers: Iterable[str]) -> Iterator[str]:
        """Yield the lots that passed since something was found of a grantee's, each once, the last first.

        Of a result the lots that were tested; else those inspected at who made the other one, or at
        whom that was inspected.
        """
        view, found = self.at.view, dict[str, None]()
        if trouble.kind == "report":
            tests = (
                i for i in standing_in(view, "examined", self.product) if isinstance(i.body, Tested)
            )
            found = dict.fromkeys(str(tested(item).lot) for item in tests)
        else:
            at = dict.fromkeys((*makers, *(str(body.trader) for _, body in case.inspections())))
            found = {
                item.subject: None
                for trader in at
                for item in standing_of(
                    view, "inspections", inspections_of(trader, self.product), Inspection
                )
                if isinstance(item.body, Inspection) and passed(item.body)
            }
        yield from reversed(found)

    def _stated(self, lot: str, *, reserved: bool = False) -> tuple[str, Lot] | None:
        """Return who holds the claim on a lot, and what it says of it; None where nobody does.

        ``reserved``: in doubt or not, as what is held against it is.
        """
        held = holding(self.at.view, "lot", lot, reserved=reserved)
        if isinstance(held, Claim) and isinstance(held.item.body, Lot):
            return held.maker, held.item.body
        return None

    def _made_us(self, lot: str, maker: str, body: Lot) -> list[int]:
        """Return when a lot was made, by all that its maker ever said: no correction makes it a later one."""
        stated = (sound(self.at.view, i) for i in standing_in(self.at.view, "lot", lot))
        said = (one for item in stated if item.issuer == maker for _, one in item.versions)
        return [body.made.us, *(one.made.us for one in said if isinstance(one, Lot))]

    def _versions(self, lot: str) -> Iterator[Lot]:
        """Yield what was stated of a lot, whatever decision rejects that: a decision frees no serial number.

        Nor does a doubt: with what is in doubt, and without.
        """
        said = [
            item for item in standing_in(self.at.view, "lot", lot) if isinstance(item.body, Lot)
        ]
        for item in rightful(self.at.view, self.product, said):
            less = sound(self.at.view, item)
            for one in (item,) if less is item else (item, less):
                if isinstance(one.body, Lot):
                    yield one.body

    def _of_brand(self, party: str) -> bool:
        return ever_held_brand_of(self.at.view, self.product, party)


def _passes(case: LotCase, trouble: Trouble) -> Iterator[Standing]:
    """Yield what passed a lot, at least as independent as who found something of another.

    What was refused is answered in the classes in which it was (``judges``); a recall by what was seen since it is
    on record, whatever time it names: nobody answers what nobody knew of.
    """
    until_us = case.at.valid_at_us
    if trouble.kind == "report":
        name = str(trouble.reason.facts["property"])
        for report in case.reports:
            tested_us = tested(report.item).tested_until.us
            results = [
                one
                for one in report.body.results
                if same_name(one.property, name) and report.state_of(one, until_us) != "overturned"
            ]
            good = results and all(one.outcome == "pass" for one in results)
            if (
                good
                and trouble.at_us <= tested_us <= until_us
                and tested_freely(case.at, report.item, case.users)
            ):
                yield report.item
        return
    for item, body in case.inspections():
        if (
            judges(body, trouble)
            and RANK[body.mode] >= trouble.rank
            and trouble.at_us <= body.on.us
            and not (trouble.kind == "recall" and body.on.us < _recorded_us(case, trouble))
            and independent(case, item)
        ):
            yield item


def _recorded_us(case: LotCase, trouble: Trouble) -> int:
    return case.view.registered_us(trouble.item.index)
