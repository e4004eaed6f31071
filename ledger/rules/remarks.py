"""Remarks: what whoever registers a statement should look at again, though no rule is broken.

A recall of a lot that nobody registered may be a slip of the pen or the first that is heard of
the lot: it is registered, since who warns must not be held up, and the remark names the lot
that may have been meant. A grant that stands already may be renewed on purpose or signed twice, a
lot stated anew where a correction was meant, a label given that will not hold. Remarks are no part
of what is signed, of a receipt or of a verdict; they are made of the ledger in front of the
statement alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from ledger.identifiers import PERSON_PREFIX, lot_number, product_of
from ledger.identifiers.kinds import kind_of
from ledger.primitives.near import MAX_NEAR, near, near_ids, normal_name
from ledger.rules.outcomes import TooManyError, goods_of
from ledger.rules.registry import Case
from ledger.rules.scoring import index_at, least_score, model_in_force, model_of
from ledger.rules.standing import standing_of
from ledger.rules.usual_model import USUAL_MODEL
from ledger.statements.brand_family import Authorisation, Product, Qualification, grant_subject
from ledger.statements.catalogue import InvalidBody, histories_of
from ledger.statements.fields import AboutId, FacilityId, LotId, PartyId
from ledger.statements.label_family import Label
from ledger.statements.origin_family import Lot
from ledger.statements.topics import REGISTERED_IN

MAX_LOTS = 2_000
"""Registered lots of a product that one is compared with, the newest ones."""
MAX_REMARKS = 20
LOT, PRODUCT = "lot-unregistered", "product-unregistered"
PARTY, PLACE = "party-unregistered", "place-unregistered"
REPEATED = "grant-repeated"
STATED, LOW = "lot-repeated", "label-below-index"
NUMBER = "number-near"
REMARKS = (LOT, PRODUCT, PARTY, PLACE, REPEATED, STATED, LOW, NUMBER)
Known = Callable[[str], Mapping[str, int]]
"""Type -> what its newest statements are about, with their entries; found by search, so by who may search."""
_LOT_TOPICS = ("inspection", "sanction")
_ZEROES = re.compile(r"(?<![0-9])0+(?=[0-9])")
_READ_AS = str.maketrans("oil", "011")
_SIGNS = re.compile(r"[^\w]|_")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at again: what nobody registered, and what may have been meant; a grant said twice.

    ``cites``: the entries that registered what may have been meant, or said the same before.
    """

    remark: str
    about: str
    near: tuple[str, ...] = ()
    cites: tuple[int, ...] = ()


def _bare(code: str) -> str:
    """Return a lot's code without signs, zeroes in front of a number, and case: C-03 is C3.

    Letters that are read as digits are those: O1 is 01.
    """
    return _ZEROES.sub("", _SIGNS.sub("", normal_name(code)).translate(_READ_AS))


def _code(lot: str) -> str:
    return lot_number(lot) or ""


def near_lots(lot: str, known: list[str]) -> list[str]:
    """Return which lots a lot's code may stand for, at most MAX_NEAR."""
    codes = {_code(other): other for other in known if other != lot}
    mine = _code(lot)
    same = sorted(code for code in codes if _bare(code) == _bare(mine))
    return [codes[code] for code in dict.fromkeys([*same, *near(mine, codes)])][:MAX_NEAR]


def _lots(case: Case) -> Iterator[str]:
    """Yield the lots that a statement names in a field, or is about, but for the one it registers."""
    if case.body is None or isinstance(case.body, InvalidBody):
        return
    for lot in _named(case.body, LotId):
        if lot != case.statement.subject:
            yield lot
    if isinstance(case.body, Lot):
        return
    for topic, subject in case.topics or histories_of(case.statement, case.body):
        if topic in _LOT_TOPICS and kind_of(subject) == "lot":
            yield subject


def _named(value: object, *classes: type[str]) -> Iterator[str]:
    """Yield the ids of some classes that a payload names in any of its fields, natural persons apart."""
    if isinstance(value, classes):
        if not value.startswith(PERSON_PREFIX):
            yield str(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _named(item, *classes)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _named(getattr(value, name), *classes)


REMARK_OF = {"party": PARTY, "facility": PLACE}
"""Kind of thing, and the type that registers it -> its remark."""


def _unregistered(case: Case, known: Known) -> Iterator[Remark]:
    """Yield each party and place that a statement names and nobody registered, with those near it."""
    for name in dict.fromkeys(_named(case.body, PartyId, FacilityId, AboutId)):
        kind = kind_of(name)
        if kind in REMARK_OF and not case.view.history(REGISTERED_IN[kind], name).count:
            entries = known(kind)
            meant = near_ids(name, entries)
            yield Remark(
                REMARK_OF[kind], name, tuple(meant), tuple(entries[item] for item in meant)
            )


def _repeated(case: Case) -> Iterator[Remark]:
    """Yield that a grant says what another that stands says already, of the same to the same.

    A sheet that is signed twice makes new statements: each has to be revoked for itself.
    """
    body, said = case.body, case.statement
    if not isinstance(body, Authorisation):
        return
    for item in standing_of(
        case.view, "grant", grant_subject(body.brand, said.subject), Authorisation
    ):
        if item.issuer == said.issuer and item.body == body and item.id != said.id.hex():
            yield Remark(REPEATED, said.subject, (), (item.index,))
            return


def _stated_before(case: Case) -> Iterator[Remark]:
    """Yield that the same issuer stated a lot before: both stand, and a correction is another thing."""
    said = case.statement
    if isinstance(case.body, Lot):
        same = standing_of(case.view, "lot", said.subject, Lot)
        before = [item.index for item in same if item.issuer == said.issuer]
        if before:
            yield Remark(STATED, said.subject, (), tuple(before[-MAX_NEAR:]))


def _number_near(case: Case) -> Iterator[Remark]:
    """Yield that the holder has a paper of the same kind whose number differs by signs alone: (2021)12, 2021-12."""
    body, said = case.body, case.statement
    if not isinstance(body, Qualification):
        return
    own = _bare(str(body.number))
    near_it = [
        item
        for item in standing_of(case.view, "qualification", said.subject, Qualification)
        if isinstance(item.body, Qualification)
        and item.body.kind == body.kind
        and item.body.number != body.number
        and _bare(str(item.body.number)) == own
    ][-MAX_NEAR:]
    if near_it:
        numbers = tuple(str(getattr(item.body, "number", "")) for item in near_it)
        yield Remark(NUMBER, str(body.number), numbers, tuple(item.index for item in near_it))


def _below_index(case: Case) -> Iterator[Remark]:
    """Yield that the goods of a label have a lower quality index now than a label asks for."""
    if not isinstance(case.body, Label):
        return
    model = model_in_force(case.view, USUAL_MODEL, case.now_us)
    if model is None:
        return
    try:
        goods = goods_of(case.view, case.statement.subject)
    except TooManyError:
        return
    index = index_at(case.view, goods, model_of(model), case.now_us)
    if index.score is not None and index.score < least_score(model_of(model)):
        yield Remark(LOW, case.statement.subject, (), (model.index,))


def nobody(_type: str) -> Mapping[str, int]:
    """Return no names: of who may not search."""
    return {}


def remarks(case: Case, known: Known = nobody) -> list[Remark]:
    """Return what a statement that keeps the rules says of things nobody registered, or said before.

    Args:
        case: the statement, and the ledger in front of it.
        known: the parties and places that one nobody registered is compared with.

    """
    found: list[Remark] = [*_unregistered(case, known), *_repeated(case)]
    found += [*_stated_before(case), *_below_index(case), *_number_near(case)]
    for lot in dict.fromkeys(_lots(case)):
        product = product_of(lot)
        if any(standing_of(case.view, "lot", lot, Lot)):
            continue
        if not any(standing_of(case.view, "product", product, Product)):
            found.append(Remark(PRODUCT, product))
            continue
        stated = list(standing_of(case.view, "lots", product, Lot))[-MAX_LOTS:]
        entries = {item.subject: item.index for item in stated}
        meant = near_lots(lot, list(entries))
        found.append(Remark(LOT, lot, tuple(meant), tuple(entries[item] for item in meant)))
    return found[:MAX_REMARKS]
