"""I9: nobody without a right over a thing, and without an office, changes an answer about it.

Strangers say what they like behind a world, in the middle of it or before it began: verdicts,
reasons, notes, all that is said and what is read stay as they were, and nothing of the world's
own is refused for it. What strangers alone claim is theirs: a name that nobody of the world
holds without them. An answer about many is compared without their share.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from properties.asking import OF_MANY, OF_ONE, Answer, Asked, about_grants, answers, shown
from properties.course import enabled
from properties.strangers import STRANGERS, TRIES, tries
from properties.telling import HOUR_US, Said, Tale, read, retold
from properties.trials import BEGIN, SHRINKING, Tally, Violation, codes_of, told_otherwise, world
from properties.words import Move, who
from tea import GTIN, MARK, TEA

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.rules.brand_rights import acted
from ledger.rules.claims import claims_of, holding
from ledger.rules.codes import BEGUN, PLANNED, RECALLED
from ledger.rules.standing import TOPIC_OF, standing_in
from ledger.rules.taken_over import lapse
from ledger.rules.units import packings
from ledger.statements.brand_family import (
    TRADEMARK_KINDS,
    Authorisation,
    Product,
    Qualification,
    QualificationWithdrawal,
)
from ledger.statements.catalogue import said_by
from ledger.statements.claim_family import ClaimDecided
from ledger.statements.inspection_family import Inspection
from ledger.statements.laboratory_family import Tested
from ledger.statements.movement_family import Movement
from ledger.statements.origin_family import Lot
from ledger.statements.recall_family import ProductRecall, Recall
from ledger.statements.sanction_family import Sanction
from ledger.statements.trade_family import Listing

TRIED = 8
"""So much strangers try in a world."""
MOST_READ = 6
"""So many statements of strangers an answer about one thing may read, in one topic."""
MOST_BYTES = 4_096
"""So much longer what such an answer reads may become."""
Added = list[tuple[int, Move]]
"""Strangers' moves, each behind so many of the world's own."""
PARTIES = {who(name) for name in STRANGERS}


@dataclass(frozen=True)
class Fault:
    """What is wrong: about which question, which kind of fault, in words."""

    asked: Asked | None
    kind: str
    what: str


@dataclass(frozen=True)
class Base:
    """A world without strangers, and its answers."""

    tale: Tale
    before: dict[Asked, Answer]


@dataclass
class WithStrangers:
    """A world, and what strangers add to it; ``wrong`` tells both with and without them."""

    rng: Random
    at_us: int
    questions: tuple[Asked, ...]
    tally: Tally

    def base(self, tale: Tale) -> Base:
        """Return a world without strangers, with its answers."""
        return Base(tale, answers(sealed(tale, self.at_us), self.questions, self.at_us, reads=True))

    def wrong(self, kept: list[Said], added: Added, base: Base | None = None) -> Fault | None:
        """Return what strangers change, if anything."""
        tally = (
            Tally() if base is None else self.tally
        )  # told again to be shortened, it is no other
        if base is None:
            alone, gone = retold(kept, [], self.rng)
            if gone:
                return None
            base = self.base(alone)
        else:
            tally.tried.update(move.type_ for _, move in added)
        if all(at >= len(kept) for at, _ in added):
            tale, lost = base.tale.copy(), []
            for number, (_, move) in enumerate(added):
                tale.tell_at(move, base.tale.now_us + (number + 1) * 1_000_000)
        else:
            tale, lost = retold(kept, added, self.rng)
        self.tally.let_in.update(i.move.type_ for i in tale.said if i.move.by in STRANGERS)
        names = theirs(base.tale, tale)
        for why, excused in (
            ("refused: the operator's", _by_operator),
            ("refused: first by a grantee", _first_by_grantee),
            ("refused: a grantee called it back first", _grantee_called_back),
            ("refused: a draw of the ledger at that size", _of_another_frame),
        ):
            if any(excused(tale, item) for item in lost):
                tally.excused[why] += 1
                return None
        for item in lost:
            about = read(item.raw)[0].subject
            if _of_theirs(about, names) or _triggered_by_theirs(tale, item, names):
                tally.excused["refused: of theirs"] += 1
            elif (sellers := _sellers(tale, item)) and sellers <= _bought(tale, names):
                tally.excused["refused: inspected with goods of theirs"] += 1
            elif _taken(tale, item):
                tally.excused["refused: taken"] += 1
            elif _cites(item, lost):
                tally.excused["refused: it cites what is"] += 1
            elif _did_not_come(tale, item, lost):
                tally.excused["refused: it moves what did not come"] += 1
            else:
                return Fault(None, f"refused {item.move.type_}", f"{item.move} is refused")
        names |= {read(item.raw)[0].subject for item in lost}
        refused = {item.id: item.move.type_ for item in lost}
        return next(_faults(base, self.base(tale), names, refused, tally.excused), None)


def strangers(seed: int, tally: Tally) -> Violation | None:
    """I9: what strangers add, before, between or behind, changes no answer."""
    tale = world(seed, tally)
    own, rng = list(tale.said), Random(seed)
    at_us = tale.now_us + HOUR_US
    trial = WithStrangers(rng, at_us, OF_ONE + OF_MANY + about_grants(tale), tally)
    base = trial.base(tale)
    tally.of_answers(base.before)
    right = claiming(tale)
    tried = [
        move for move in tries(tale.copy(), TRIED, enabled(rng, TRIES)) if move.by not in right
    ]
    between = _placed(own, tried, rng)
    found = trial.wrong(own, between, base)
    if found is None:
        return None
    if found.asked is not None:
        trial.questions = (found.asked,)

    def still(kept: list[Said], added: Added) -> bool:
        fault = trial.wrong(kept, added)
        return fault is not None and fault.kind == found.kind

    kept, added = shrunk(own, between, still)
    found = trial.wrong(kept, added) or found
    question = "registering" if found.asked is None else shown(found.asked)
    story = _story(kept, added)
    return Violation("I9", seed, question, found.what, story, found.kind)


def _placed(own: list[Said], tried: list[Move], rng: Random) -> Added:
    """Return strangers' moves, each with its place: behind the world, before it, anywhere.

    Or at once: right behind what it cites, before whoever else would have answered. Or ahead: right
    before the first word of the world itself about that thing, as who would take its name; of some lots long before
    it, wherever the rest is.
    """
    where = rng.choice(("behind", "between", "first", "at once", "at once", "ahead", "ahead"))
    behind = {item.move.called: number for number, item in enumerate(own, 1)}
    ahead: dict[str, int] = {}
    for number, item in enumerate(own[BEGIN:], BEGIN):
        ahead.setdefault(read(item.raw)[0].subject.removeprefix(WEB), number)
    early = {
        lot: rng.randrange(BEGIN, last + 1)
        for lot, last in _before_made(own, ahead).items()
        if rng.random() < EARLY
    }
    found: Added = []
    for move in tried:
        cited = [behind[name] for name in CITED.findall(move.words) if name in behind]
        earliest, about = max((BEGIN, *cited)), ABOUT.match(move.words)
        match where:
            case _ if about is not None and about[1] in early:
                place = early[about[1]]
            case "behind":
                place = len(own)
            case "first":
                place = BEGIN
            case "at once" if cited:
                place = earliest
            case "ahead" if about is not None and about[1] in ahead:
                place = ahead[about[1]]
            case _:
                place = rng.randrange(earliest, len(own) + 1)
        place = max(place, earliest)
        behind[move.called] = place
        found.append((place, move))
    return found


EARLY = 0.6
"""Of so many lots of the world all that strangers say is said before anybody else speaks of them."""


def _before_made(own: list[Said], ahead: Mapping[str, int]) -> dict[str, int]:
    """Return the lots stated once, of which nothing was made: how much was said before they were, or anybody spoke of them.

    Whoever calls a number back when the goods are made and not stated yet binds who states them (DECISIONS 160).
    """
    made, used = dict[str, int](), set[str]()
    for item in own:
        statement, body, _ = read(item.raw)
        if isinstance(body, Lot):
            about = statement.subject.removeprefix(WEB)
            made[about] = 0 if about in made else body.made.us  # at no time if it is said again
            used |= {str(one).removeprefix(WEB) for one in body.inputs}
    by_then = {
        lot: min(ahead[lot], sum(item.at_us < us for item in own))
        for lot, us in made.items()
        if lot in ahead and lot not in used
    }
    return {lot: last for lot, last in by_then.items() if last > BEGIN}


CITED = re.compile("<([^<>]+)>")
"""How a story names what a move cites."""
ABOUT, WEB = re.compile(r"about (\S+)"), "https://id.gs1.org/"
"""How it names what a move is about."""


def sealed(tale: Tale, at_us: int) -> Tale:
    """Return a tale whose log was sealed at a time: no answer knows less, or more, of the time."""
    tale = tale.copy()
    tale.paper.now_us = at_us
    tale.paper.register(seal=True)
    return tale


def theirs(alone: Tale, tale: Tale) -> frozenset[str]:
    """Return the names that strangers claim and nobody else holds without them; and who they are."""
    found = set(PARTIES)
    for item in tale.said:
        statement, body, _ = read(item.raw)
        topic, subject = TOPIC_OF.get(type(body)), statement.subject
        found |= _packed_first(tale, body)
        if topic is None or subject in found or statement.issuer not in PARTIES | {OPERATOR}:
            continue
        held = claims_of(holding(tale.paper.view, topic, subject))
        before = claims_of(holding(alone.paper.view, topic, subject, reserved=True))
        if {claim.maker for claim in (*held, *before)} <= PARTIES:
            found.add(subject)
    return frozenset(found | _called_back_first(tale))


def _packed_first(tale: Tale, body: Any) -> set[str]:
    """Return the pallets of a movement that a stranger packed before anybody else: their numbers are that one's."""
    named = (body.unit, *body.units) if isinstance(body, Movement) else ()
    return {
        str(unit)
        for unit in named
        if isinstance(unit, str)
        and any(item.issuer in PARTIES for item in packings(tale.paper.view, unit)[:1])
    }


def _called_back_first(tale: Tale) -> set[str]:
    """Return the lots that a stranger stated before anybody else, and recalled: for good.

    But for numbers that the brand took over for goods made since.
    """
    view = tale.paper.view
    first: dict[str, str] = {}
    found = set()
    for item in tale.said:
        statement, body, _ = read(item.raw)
        if isinstance(body, Lot):
            first.setdefault(statement.subject, statement.issuer)
        elif isinstance(body, Recall) and statement.issuer in PARTIES:
            lots = (statement.subject, *map(str, body.other_lots))
            called_back = {lot for lot in lots if first.get(lot) == statement.issuer}
            found |= {lot for lot in called_back if not _lapsed(view, lot, statement.id.hex())}
    return found


def _lapsed(view: View, lot: str, recall: str) -> bool:
    """Return whether a recall lapsed for a lot."""
    said = (item for item in standing_in(view, "inspection", lot) if item.id == recall)
    return any(lapse(view, lot, item) is not None for item in said)


OPERATOR = who("operator")
"""It states shops for their traders."""


def _triggered_by_theirs(tale: Tale, item: Said, names: frozenset[str]) -> bool:
    """Return whether a measure rests on what was found of a stranger's goods: these are no other trader's."""
    body = read(item.raw)[1]
    ids = {one.id for one in body.triggers} if isinstance(body, Sanction) else set()
    return any(one.id in ids and _of_theirs(read(one.raw)[0].subject, names) for one in tale.said)


def _of_theirs(value: Any, names: frozenset[str]) -> bool:
    """Return whether something in part of an answer, or a question, is a stranger's."""
    if isinstance(value, tuple | list):
        return any(_of_theirs(item, names) for item in value)
    return isinstance(value, str) and any(
        value == name or value.startswith(name + "/") for name in names
    )


def _taken(tale: Tale, item: Said) -> bool:
    """Return whether a statement claims a name that a stranger, with the same right, took first.

    Of a lot that is who was ever granted the brand: nobody else has a right to it.
    """
    statement, body, _ = read(item.raw)
    topic = TOPIC_OF.get(type(body))
    if topic is None:
        return bool(_packed_first(tale, body))
    view = tale.paper.view
    held = {claim.maker for claim in claims_of(holding(view, topic, statement.subject))} & PARTIES
    return any(topic != "lot" or acted(view, MARK, maker) for maker in held)


def _cites(item: Said, lost: list[Said]) -> bool:
    """Return whether a statement cites, amends or receives what is refused."""
    text = read(item.raw)[0].payload.decode()
    return any(one.id in text for one in lost if one is not item)


def _did_not_come(tale: Tale, item: Said, lost: list[Said]) -> bool:
    """Return whether goods move on that would have come in a pallet of whose number a stranger was first."""
    statement, body, _ = read(item.raw)
    if not isinstance(body, Movement):
        return False
    goods = {str(one.lot) for one in body.goes(statement.subject)}
    refused = [(said.subject, before) for said, before, _ in (read(one.raw) for one in lost)]
    return any(
        isinstance(before, Movement)
        and _packed_first(tale, before)
        and not goods.isdisjoint(str(one.lot) for one in before.goes(subject))
        for subject, before in refused
    )


def _by_operator(tale: Tale, item: Said) -> bool:
    """Return whether a trademark is refused since the operator wrote it for another first.

    That is its office before an authority issued any paper of that number; the refusal names it.
    """
    _, body, _ = read(item.raw)
    if not isinstance(body, Qualification) or body.kind not in TRADEMARK_KINDS:
        return False
    known = standing_in(tale.paper.view, "qualification-number", str(body.number))
    return any(one.issuer == OPERATOR for one in known)


def _of_another_frame(_: Tale, item: Said) -> bool:
    """Return whether a draw is refused since other entries lie before the size of its frame.

    It was written for the ledger as it was: who draws in another one names another size.
    """
    return item.move.type_ == "draw"


def _first_by_grantee(tale: Tale, item: Said) -> bool:
    """Return whether a lot is refused since another grantee of the brand stated it before.

    Both may; the first holds, and what the other's would have answered is not answered. The brand
    may have taken the number over since.
    """
    statement, body, _ = read(item.raw)
    before = [one for one in tale.said if one.move.by in STRANGERS and one.at_us <= item.at_us]
    return isinstance(body, Lot) and (
        _taken(tale, item)
        or any(
            isinstance(other, Lot)
            and said.subject == statement.subject
            and acted(tale.paper.view, MARK, said.issuer)
            for said, other, _ in (read(one.raw) for one in before)
        )
    )


def _grantee_called_back(tale: Tale, item: Said) -> bool:
    """Return whether a lot, stated again or corrected, is refused since a grantee stated and called it back before.

    The grantee might: it held the lot first. The recall lapses where its right-holder says that its
    own lot was made since; whoever then says otherwise of it again says that it is what was called back.
    """
    said = [read(one.raw) for one in tale.said if one.move.by in ("coseller", item.move.by)]
    statement, body, _ = read(item.raw)
    again = any(
        isinstance(other, Lot)
        and (one.subject, one.issuer) == (statement.subject, statement.issuer)
        for one, other, _ in said
    )
    called_back = any(
        isinstance(other, Recall)
        and one.subject == statement.subject
        and one.issuer != statement.issuer
        for one, other, _ in said
    )
    return isinstance(said_by(body), Lot) and again and called_back


def claiming(tale: Tale) -> set[str]:
    """Return the strangers that claimed a product of the brand's by right, while it had none.

    Where a name is contested each of them has a right over it, until that is decided.
    """
    said = [read(item.raw) for item in tale.said[BEGIN:] if item.move.by in STRANGERS]
    makers = {one.issuer for one, body, _ in said if isinstance(body, Product)}
    return {name for name in STRANGERS if who(name) in makers}


SALES = {"may_sell", "listable", "label", "trader", "quality_centre"}
"""About a trader's sale, or whether a product has one."""


OF_GOODS = {"index", "pledges", "coverage", "impact", "trader", "quality_centre"}
"""About whose goods, of whatever product."""
OF_ALL = {"label", "index"}
"""About all that was found of a product, at whomever: also where a stranger's goods were inspected."""


def _faults(
    base: Base,
    other: Base,
    names: frozenset[str],
    refused: Mapping[str, str],
    excused: Counter[str],
) -> Iterator[Fault]:
    """Yield what is answered otherwise with strangers than without, unless something excuses it.

    What excuses anything is counted: an excuse without which nothing would be wrong is dead.
    """
    sold, bought = _sold(other.tale), _bought(other.tale, names)
    for asked, was in base.before.items():
        now = other.before[asked]
        known = _Otherwise(asked, was, now, other.tale, names, refused, bought)
        excuses = [why for why, holds in _EXCUSES.items() if holds(known)]
        if excuses:
            if next(_differing(known), None) is not None:
                excused.update(excuses)
        elif asked[0] in sold or asked in sold:
            if next(_differing(known), None) is not None:
                excused[OF_THEIR_SHARE] += 1
            if was.verdict == "yes" != now.verdict and asked[0] in {*SALES, "admission"}:
                yield Fault(asked, f"{asked[0]} stopped", f"{codes_of(was)} -> {codes_of(now)}")
        else:
            yield from _differing(known)


@dataclass(frozen=True)
class _Otherwise:
    """A question with its answers without strangers and with them, and what is known of these.

    ``names``: what is theirs; ``refused``: what they had refused by right, the types by id; ``bought``: who
    was inspected with goods of theirs.
    """

    asked: Asked
    was: Answer
    now: Answer
    tale: Tale
    names: frozenset[str]
    refused: Mapping[str, str]
    bought: set[str]

    @property
    def lost(self) -> bool:
        """Return whether the brand lost its product to a grantee: its goods are that one's."""
        return GTIN in self.names


def _differing(known: _Otherwise) -> Iterator[Fault]:
    """Yield how two answers differ, an answer about many without what is the strangers' share."""
    said = {item.id for item in known.tale.said if item.move.called.startswith(THEIRS)}
    asked, was, now = known.asked, known.was, _unplanned(known.now, said)
    if asked in OF_MANY:
        share = known.names | _places(known.tale)
        yield from _compared(asked, _without(was, share), _without(now, share), known.names)
    else:
        was_heard = _heard(was, said | known.refused.keys())
        yield from _compared(asked, was_heard, _heard(now, said), known.names)
        yield from _grown(asked, was, now, known.tale)


def _stated_before_its_report(tale: Tale, lot: str) -> bool:
    """Return whether a stranger stated a lot before a report about it."""
    for item in tale.said:
        statement, body, _ = read(item.raw)
        if isinstance(body, Tested) and body.lot == lot:
            return False
        if isinstance(body, Lot) and statement.subject == lot and item.move.by in STRANGERS:
            return True
    return False


def _objected(known: _Otherwise) -> bool:
    """Return whether answers differ by failures of lots of theirs that they objected to: no other reason goes.

    Who states a lot behind its report objects to nothing.
    """
    was, now = known.was, known.now
    suspended = (now.reasons | now.notes) - (was.reasons | was.notes)
    return any(
        code == "report-objected" and _stated_before_its_report(known.tale, str(dict(facts)["lot"]))
        for code, facts, _ in suspended
    ) and all(_suspended(code, facts, known.names) for code, facts, _ in was.reasons - now.reasons)


def _found_where_first_made(known: _Otherwise) -> bool:
    """Return whether answers differ by what was found where a grantee said that it made a lot, before the brand took it over.

    Both may state it, as ``_first_by_grantee`` has it; in the other order the brand's word is refused.
    """
    was, now = known.was, known.now
    first, places = dict[str, str](), set[str]()
    for item in known.tale.said:
        statement, body, _ = read(item.raw)
        if isinstance(body, Lot) and first.setdefault(statement.subject, item.move.by) in STRANGERS:
            places.add(str(body.facility))
    more = (now.reasons | now.notes) - (was.reasons | was.notes)
    return (
        was.reasons <= now.reasons
        and was.notes <= now.notes
        and bool(more)
        and all(
            code in ("place-critical", "finding-closed")
            and not places.isdisjoint(str(fact) for _, fact in facts)
            for code, facts, _ in more
        )
    )


def _input_nobody_held(known: _Otherwise) -> bool:
    """Return whether goods were made of a lot that nobody held, a decision having rejected who did, and they state it.

    The name is free then, as one that was never stated: what is known of that input is theirs to say.
    """
    missing = {
        dict(facts)["input"] for code, facts, _ in known.was.reasons if code == "input-unknown"
    }
    return known.now.verdict != "yes" and bool(missing & known.names)


def _made_of_what_nobody_registered(known: _Otherwise) -> bool:
    """Return whether goods are traced into what a grantee says that a lot of theirs was made of.

    It may state lots of the product, and of what; nobody registered that.
    """
    said = (read(item.raw)[1] for item in known.tale.said if item.move.by in STRANGERS)
    inputs = {str(one) for body in said if isinstance(body, Lot) for one in body.inputs}
    unknown = {*inputs, *map(product_of, inputs)}
    more = [
        (code, set(map(str, dict(facts).values())))
        for code, facts, _ in known.now.reasons - known.was.reasons
    ]
    of_others = [(code, named) for code, named in more if known.names.isdisjoint(named)]
    return bool(of_others) and all(
        code in {"product-unknown", "lot-unknown", "input-unknown"} and named & unknown
        for code, named in of_others
    )


def _meant_by_when_it_was_made(known: _Otherwise) -> bool:
    """Return whether answers differ by lots that a grantee stated, and a recall by when goods were made means or not.

    One that nobody stated is meant by it; of any other what its makers say of it decides.
    """
    said = [(item.move.by, *read(item.raw)[:2]) for item in known.tale.said]
    if not any(isinstance(body, ProductRecall) for _, _, body in said):
        return False
    stated = {one.subject for by, one, body in said if by in STRANGERS and isinstance(body, Lot)}
    was, now = (_bare(one, known.names) for one in (known.was, known.now))
    other = (was.reasons | was.notes) ^ (now.reasons | now.notes)
    return bool(other) and all(
        code == "lot-recalled" and str(dict(facts)["lot"]) in stated for code, facts, _ in other
    )


def _called_back_when_made(known: _Otherwise) -> bool:
    """Return whether answers differ by what a grantee that held a lot first called back when the brand had made it.

    Its recall binds who states the lot next, unless that one's goods are made since (DECISIONS 227),
    and no decision left it the number.
    """
    made, called_back, decided = dict[str, int](), dict[str, int](), set[str]()
    for item in known.tale.said:
        statement, body, _ = read(item.raw)
        if isinstance(body, Lot) and item.move.by not in STRANGERS:
            made[statement.subject] = body.made.us
        elif isinstance(body, ClaimDecided):
            decided.add(statement.subject)
        elif isinstance(body, Recall) and item.move.by in STRANGERS:
            for lot in (statement.subject, *map(str, body.other_lots)):
                called_back[lot] = statement.issued_at * 1_000_000
    bound = {
        lot
        for lot, at_us in called_back.items()
        if lot in known.names and (lot in decided or made.get(lot, at_us + 1) <= at_us)
    }
    was, now = known.was, known.now
    if known.asked[0] == "impact":  # the shops that could list it: what may not be listed is none's
        return bool(bound) and _shops(now) < _shops(was)
    before, after = (
        {*one.reasons, *one.notes} for one in (_bare(was, known.names), _bare(now, known.names))
    )
    more = after - before
    lots = {str(dict(facts)["lot"]) for code, facts, _ in more if code == "lot-recalled"}
    return (
        before <= after
        and not bound.isdisjoint(lots)
        and lots <= known.names
        and all(
            code in {"lot-recalled", "recall-lapsed", "recalls-elsewhere"} for code, _, _ in more
        )
    )


def _bare(answer: Answer, names: frozenset[str]) -> Answer:
    """Return an answer that says of lots of theirs nothing of what is there of a remedy: they may call them back."""

    def bare(said: Any) -> Any:
        if isinstance(said, frozenset):
            return frozenset(map(bare, said))
        if not isinstance(said, tuple):
            return said
        of_theirs = any(fact == ("lot", name) for fact in said for name in names)
        return tuple(bare(one) for one in said if not (of_theirs and one[:1] in REMEDIES))

    reasons, notes = bare(answer.reasons), bare(answer.notes)
    return replace(answer, reasons=reasons, notes=notes, fields=bare(answer.fields))


REMEDIES = ((RECALLED,), (PLANNED,), (BEGUN,))


def _shops(answer: Answer) -> set[Any]:
    return set(dict(answer.fields).get("shops", ()))


OF_THEIR_SHARE = "they list, or grant, what it is about"
_EXCUSES: dict[str, Callable[[_Otherwise], bool]] = {
    "it rested on what is refused now by right": lambda k: any(
        k.refused.keys() & set(ids) for _, _, ids in k.was.reasons | k.was.notes
    ),
    # Nobody's right is above a fellow grantee's any more.
    "a grantee made it first, and the mark was withdrawn": lambda k: (
        _mark_withdrawn(k.tale) and "lot-contested" in _turned(k)
    ),
    "a measure is refused that closed shops": lambda k: (
        k.asked[0] == "impact"
        and "sanction" in k.refused.values()
        and _shops(k.was) < _shops(k.now)
    ),
    "it is about what is theirs": lambda k: _of_theirs(k.asked[1], k.names),
    "the brand lost its product, and it is about goods": lambda k: (
        k.lost and k.asked[0] in OF_GOODS
    ),
    # Who lists it deals in that one's goods, and is called to account for them.
    "the brand lost its product, and who lists it is sanctioned": lambda k: (
        k.lost and "sanctioned" in _told(k.now) - _told(k.was)
    ),
    "it is about all, and somebody was inspected with goods of theirs": lambda k: (
        k.asked[0] in OF_ALL and bool(k.bought)
    ),
    "it is about who was inspected with goods of theirs": lambda k: bool(
        k.bought & _asked_of(k.asked, k.was)
    ),
    # Who stated a lot before it was tested may object to what was found of it, whosever goods they are.
    "they objected to what failed a lot of theirs": _objected,
    "something was found where a grantee made the lot first": _found_where_first_made,
    "it was made of what nobody held, and they state that": _input_nobody_held,
    "a grantee called it back when it was made": _called_back_when_made,
    "a grantee says what it was made of": _made_of_what_nobody_registered,
    "a grantee says when it was made, and that is called back": _meant_by_when_it_was_made,
    # A brand answers for what its grantees declare under its mark.
    "a grantee declared a product under the mark": lambda k: (
        k.asked == BRANDS_PLEDGES and _declared_by_grantee(k.tale)
    ),
}
EXCUSES = {
    *_EXCUSES, OF_THEIR_SHARE, "refused: the operator's", "refused: first by a grantee",
    "refused: a grantee called it back first",
    "refused: of theirs", "refused: inspected with goods of theirs", "refused: taken",
    "refused: it cites what is", "refused: it moves what did not come",
}  # fmt: skip
"""What excuses that an answer is another one with strangers, or that a word of the world is refused."""


def _mark_withdrawn(tale: Tale) -> bool:
    """Return whether an authority took the mark from the brand."""
    said = (read(item.raw)[1] for item in tale.said)
    return any(
        isinstance(body, QualificationWithdrawal) and str(body.number) == MARK for body in said
    )


def _turned(known: _Otherwise) -> set[str]:
    """Return the codes of what is told otherwise with strangers."""
    was, now = known.was, known.now
    return {code for code, _, _ in (now.reasons ^ was.reasons) | (now.notes ^ was.notes)}


def _told(item: Answer) -> set[str]:
    """Return the codes that an answer tells, of reasons and of notes."""
    return {code for code, _, _ in item.reasons | item.notes}


def _asked_of(asked: Asked, was: Answer) -> set[str]:
    """Return who and what is asked about: of a grant also the traders under it."""
    return {*dict(asked[1]).values(), *dict(was.fields).get("traders", ())}


BRANDS_PLEDGES: Asked = ("pledges", (("party", who("brand")),))


def _declared_by_grantee(tale: Tale) -> bool:
    """Return whether a grantee of the brand declared a product under its mark, as it may."""
    said = [read(item.raw) for item in tale.said if item.move.by == "coseller"]
    return any(isinstance(body, Product) for _, body, _ in said)


def _places(tale: Tale) -> set[str]:
    """Return where strangers say that lots of theirs were made."""
    said = [read(item.raw) for item in tale.said if item.move.by in STRANGERS]
    return {str(body.facility) for _, body, _ in said if isinstance(body, Lot)}


THEIRS = "their "
"""How what an office says for a stranger is called."""


def _heard(item: Answer, said: set[str]) -> Answer:
    """Return an answer without the lists of what strangers said, or visited: a trace tells who said what.

    Nor of ``said``: what an office said for one, and what they had refused by right.
    """
    theirs = frozenset(PARTIES | said)
    fields = (
        (name, tuple(row for row in value if not _of_theirs(row, theirs)))
        if name in {"entries", "visits"}
        else (name, value)
        for name, value in item.fields
    )
    return replace(item, fields=tuple(fields))


def _unplanned(item: Answer, said: set[str]) -> Answer:
    """Return an answer without what strangers, whom it concerns, began to mend: that is told."""
    began = {(told, id_) for (told,) in REMEDIES for id_ in said}

    def left(told: Any) -> Any:
        if isinstance(told, frozenset):
            return frozenset(map(left, told))
        if isinstance(told, tuple):
            return tuple(left(one) for one in told if one not in began)
        return told

    return replace(
        item, reasons=left(item.reasons), notes=left(item.notes), fields=left(item.fields)
    )


LISTED = {asked for asked in OF_MANY if TEA in dict(asked[1]).values()}
"""About a category: of what is listed under it."""


def _sold(tale: Tale) -> set[str | Asked]:
    """Return what strangers have a share in: they may list a product, and grant on what they may sell."""
    said = [read(item.raw) for item in tale.said]
    theirs = [(one.subject, body) for one, body, _ in said if one.issuer in PARTIES]
    found: set[str | Asked] = set()
    if any(isinstance(body, Listing) for _, body in theirs):
        found |= {"label", "market_feedback", *LISTED}
    if any(isinstance(body, Authorisation) and to not in PARTIES for to, body in theirs):
        found |= {*SALES, "admission"}
    if any(isinstance(body, Authorisation) for _, body in theirs):
        found.add("impact")  # a grant beside carries whom another one carried alone
    return found


def _bought(tale: Tale, names: frozenset[str]) -> set[str]:
    """Return who was inspected with goods that were a stranger's by then: it answers for these too."""
    known, first = set[str](), set[str]()
    for item in tale.said:
        statement, body, _ = read(item.raw)
        if isinstance(body, Inspection) and statement.subject in first:
            known.add(str(body.trader))
        elif isinstance(body, Lot) and statement.subject in names:
            first.add(statement.subject)
    return known - PARTIES


def _sellers(tale: Tale, item: Said) -> set[str]:
    """Return by whose goods a listing or a label is let in or not: who lists the product."""
    if item.move.type_ == "listing":
        return {read(item.raw)[0].issuer}
    if item.move.type_ != "label":
        return set()
    product = read(item.raw)[0].subject
    said = (read(one.raw) for one in tale.said)
    return {
        statement.issuer
        for statement, body, _ in said
        if isinstance(body, Listing) and statement.subject == product
    }


def _bounded(code: str, facts: tuple[tuple[str, Any], ...], names: frozenset[str]) -> bool:
    """Return whether a note may come with strangers: FORMATS bounds how many of these there are.

    What was undone or objected to in a history that is read for what a stranger said; that another reseller
    recalled a lot of its own, or is sanctioned, for what a recall lapsed, or who decided whose that
    is; how many passes count for nothing, their issuers being tied; how much that is critical the
    uninvited found.
    """
    if code in {
        "undone",
        "report-objected",
        "report-overturned",
        "index-tied",
        "claim-decided",
        "claim-rejected",
        "recall-lapsed",
        "recalls-above",
        "recalls-elsewhere",
        "finding-uninvited",
    }:
        return True
    return code in {"lot-recalled", "sanctioned"} and _of_theirs(_values(facts), names)


def _suspended(code: str, facts: tuple[tuple[str, Any], ...], names: frozenset[str]) -> bool:
    """Return whether a note may go with strangers: a failure of a lot of theirs, to which they may object."""
    return code == "report-failed" and _of_theirs(_values(facts), names)


COUNTED = {"recalls-above", "recalls-elsewhere", "finding-uninvited"}
"""Notes that say how many there are: with strangers' among them another number."""


def _renamed(asked: Asked, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield that a thing has another name, or one that is asked about none; of whom else an answer speaks, it says elsewhere."""
    for id_, name in was.items():
        if now.get(id_) != name and (id_ in now or id_ in dict(asked[1]).values()):
            yield Fault(asked, f"{asked[0]} says names", f"{id_}: {name} -> {now.get(id_)}")


def _compared(asked: Asked, was: Answer, now: Answer, names: frozenset[str]) -> Iterator[Fault]:
    was, now = _bare(was, names), _bare(now, names)
    for _, kind, what in told_otherwise({asked: was}, {asked: now}):
        yield Fault(asked, kind, what)
    still = {code for code, _, _ in now.notes}
    more, less = (
        sorted(
            f"{sign}{code} {dict(facts)}"
            for code, facts, _ in notes
            if not (_suspended if sign == "-" else _bounded)(code, facts, names)
            and not (code in COUNTED and code in still)
            and not (code in BEHIND and "recall-lapsed" in still)  # it leans on who states it now
        )
        for sign, notes in (("+", now.notes - was.notes), ("-", was.notes - now.notes))
    )
    if more or less:
        codes = sorted({item.split(" ", 1)[0] for item in (*more, *less)})
        yield Fault(asked, f"{asked[0]} notes {codes}", "; ".join((*more, *less)))
    for (name, said), (_, says) in zip(was.fields, now.fields, strict=False):
        if name == "names":
            yield from _renamed(asked, dict(said), dict(says))
        elif said != says:
            yield Fault(asked, f"{asked[0]} says {name}", f"{name}: {said} -> {says}")


def _grown(asked: Asked, was: Answer, now: Answer, tale: Tale) -> Iterator[Fault]:
    """Yield that an answer reads more of strangers' words than a few in one topic, or longer ones.

    Not the recalls of a maker's own lots: what protects people is read whole.
    """
    types = {item.id: item.move.type_ for item in tale.said if item.move.by in STRANGERS}
    more = {id_ for id_ in set(now.read) - set(was.read) if types.get(id_, "recall") != "recall"}
    grown = sum(now.read[id_] for id_ in more)
    topics = Counter(topic for id_ in more for topic in now.topics[id_])
    if max(topics.values(), default=0) > MOST_READ or grown > MOST_BYTES:
        found = Counter(types[id_] for id_ in more)
        kind = f"{asked[0]} reads {sorted(topics)}"
        yield Fault(
            asked,
            kind,
            f"reads {grown} bytes more: {dict(sorted(found.items()))} in {sorted(topics)}",
        )


SHARED = {"lots", "moved", "covered", "uncovered", "marks", "held", "given"}
"""Fields of answers about many whose rows are each about one thing."""


BEHIND = {
    "key-suspected", "key-reset", "possession-unproven", "paper-by-operator", "paper-withdrawn-by",
    "tied-later",
}  # fmt: skip
"""Notes of who stands behind what an answer rests on, a stranger's share among it."""


def _without(item: Answer, names: frozenset[str]) -> Answer:
    """Return an answer about many without what it says of strangers' things."""
    reasons = frozenset(one for one in item.reasons if not _of_theirs(_values(one[1]), names))
    notes = frozenset(
        one for one in item.notes if one[0] not in BEHIND and not _of_theirs(_values(one[1]), names)
    )
    fields = tuple(
        (name, tuple(sorted(row for row in map(_row, value) if not _of_theirs(row, names))))
        for name, value in item.fields
        if name in SHARED
    )
    counted = any(name != "lots" for name, _ in fields)
    return replace(
        item,
        verdict="",
        reasons=frozenset() if counted else reasons,
        notes=notes,
        figures=(),
        fields=fields,
    )


def _values(facts: tuple[tuple[str, Any], ...]) -> tuple[Any, ...]:
    return tuple(value for _, value in facts)


def _row(row: tuple[tuple[str, Any], ...]) -> tuple[Any, ...]:
    """Return what a row says of its thing, without what it is of the whole."""
    return tuple(value for name, value in row if name not in {"points", "mended_by"})


def _story(own: list[Said], added: Added) -> tuple[str, ...]:
    lines: list[str] = []
    for number in range(BEGIN, len(own) + 1):
        lines += [f"* {move}" for at, move in added if at == number]
        if number < len(own):
            lines.append(str(own[number].move))
    lines += [f"* {move}" for at, move in added if not BEGIN <= at <= len(own)]
    return tuple(lines)


def shrunk(
    own: list[Said], added: Added, still: Callable[[list[Said], Added], bool]
) -> tuple[list[Said], Added]:
    """Return the least of a story that is still wrong: what can be left out is left out."""
    if not SHRINKING.on:
        return own, added

    def without(items: list, start: int, count: int) -> list:
        return items[:start] + items[start + count :]

    for count in (4, 2, 1):
        for start in reversed(range(0, len(added), count)):
            fewer = without(added, start, count)
            if fewer and still(own, fewer):
                added = fewer
    for count in (16, 8, 4, 2, 1):
        for start in reversed(range(BEGIN, len(own), count)):
            kept = without(own, start, count)
            moved = [(max(start, at - count) if at > start else at, move) for at, move in added]
            if still(kept, moved):
                own, added = kept, moved
    return own, added
