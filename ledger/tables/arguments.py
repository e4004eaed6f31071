"""What people type for a parameter of a question, read as cells of a sheet are.

A name in the ledger, a bare GTIN, GLN or credit code, a local date, a word in either language stand
for the one canonical form, which is what is asked.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from ledger.errors import MalformedError
from ledger.identifiers import ALL as EVERY
from ledger.identifiers import looks_like_party
from ledger.identifiers.kinds import AND, PAIR, fits
from ledger.primitives.near import normal_name
from ledger.questions.declared import Form
from ledger.questions.forms import FORMS as CHECKS
from ledger.sampling import AQLS, LEVELS
from ledger.statements import fields
from ledger.statements.described import shape
from ledger.statements.inspection_family import NONE_ACCEPTED, Mode
from ledger.statements.member_family import ObserverKind
from ledger.statements.topics import KEPT_BY, check_subject
from ledger.tables.cells import read_value
from ledger.tables.offered import among, instead
from ledger.tables.reading import ALL, Reading
from ledger.tables.said import Mistyped, Unnamed, Wrong, say
from ledger.tables.things import looks_like_code
from ledger.tables.topic_words import topics_called, two_of
from ledger.tables.wanted import wanted
from ledger.tables.zone import parse_month
from ledger.texts import Words
from ledger.texts.joints import ASIDE, chosen

EITHER = Words("; or ", "forms")

_GOODS = (fields.ProductId, fields.LotId)
TYPES: Mapping[Form, tuple[Any, ...]] = {
    "party": (fields.PartyId,),
    "product": (fields.ProductId,),
    "goods": _GOODS,
    "trademark": (fields.TrademarkId,),
    "territory": (fields.Territory,),
    "channel": (fields.Channel,),
    "shop-type": (Literal[(*get_args(fields.ShopType), EVERY)],),
    "days": (fields.Unsigned,),
    "about": (fields.FacilityId, fields.LotId),
    "subject": (fields.PartyId, fields.ShopId, *_GOODS),
    "count": (fields.Unsigned,),
    "level": (Literal[LEVELS],),
    "aql": (Literal[(NONE_ACCEPTED, *AQLS)],),
    "mode": (Mode,),
    "time": (fields.Time,),
    "indexed": (fields.ProductId, fields.PartyId, fields.TrademarkId),
    "sample": (fields.SampleId,),
    "any-trademark": (fields.TrademarkId,),
    "any-party": (fields.PartyId,),
    "any-product": (fields.ProductId,),
    "any-shop": (fields.ShopId,),
    "facility": (fields.FacilityId,),
    "followed": (fields.LotId, fields.UnitId),
    "any-observer": (Literal[(*get_args(ObserverKind), EVERY)],),
}
"""Form -> what a cell that holds it may hold; the forms that are not here have one spelling."""

KINDS: Mapping[str, tuple[Any, ...]] = {
    "party": (fields.PartyId,),
    "product": (fields.ProductId,),
    "lot": (fields.LotId,),
    "facility": (fields.FacilityId,),
    "shop": (fields.ShopId,),
    "sample": (fields.SampleId,),
    "trademark": (fields.TrademarkId,),
}
"""Kind of a history's subject -> the same."""

ALL_TOO: tuple[Form, ...] = (
    "any-trademark",
    "any-statement",
    "any-party",
    "any-product",
    "any-shop",
    "report",
)
"""Forms in which ``*`` stands for every one."""

Registered = Callable[[str], bool]
"""Returns whether a thing is registered in the ledger at hand."""


def read_parameter(form: Form, text: str, how: Reading, registered: Registered) -> str:
    """Return the canonical form of what somebody typed; that itself is as it is.

    Args:
        form: the parameter's.
        text: what was typed.
        how: what it is read with.
        registered: tells apart what may be read as several things.

    Raises:
        Wrong: what is wanted, in words.

    """
    if _is(form, text):
        return text
    if form in ALL_TOO and normal_name(text) in ALL:
        return EVERY
    if form in WORDS_FOR:
        return WORDS_FOR[form](text, how)
    if form not in TYPES:
        return text
    found = read_one(TYPES[form], text, how, registered)
    return found if _is(form, found) else text


def read_subject(topic: str, text: str, how: Reading, registered: Registered) -> str:
    """Return the subject of a history that somebody typed, by what its topic is kept by.

    Raises:
        Wrong: what is wanted, in words.

    """
    if topic == "issuer":
        return text if looks_like_party(text) else read_one(KINDS["party"], text, how, registered)
    kinds = KEPT_BY.get(topic, ())
    if two := two_of(text, kinds):
        return PAIR.join(_part(part, kind, how, registered) for part, kind in two)
    # Of one of the two it is told by the id which history is meant.
    each = [one for kind in kinds for one in kind.split(AND)]
    types = tuple(held for kind in each for held in KINDS.get(kind, ()))
    try:
        if topic in KEPT_BY:
            check_subject(topic, text)
    except MalformedError:
        return read_one(types, text, how, registered) if types else text
    return text


def _category(text: str, how: Reading) -> str:
    """Return a text, which is no category, as it is; where products are called so, offer theirs.

    Raises:
        Wrong: which categories may be meant, and what is in them.

    """
    found = how.book().categories_near(text) if how.book is not None else {}
    if not found:
        return text
    offered = (path + ASIDE.fill(how.lang, one.called(how.lang)) for path, one in found.items())
    no = say("no-category", how.lang, text=text)
    raise Wrong(no + say("offered", how.lang, things=chosen(offered, how.lang)))


def _part(text: str, kind: str, how: Reading, registered: Registered) -> str:
    """Return one of the two things that a subject is."""
    if fits(text, kind):
        return text
    if kind == "month":
        return parse_month(text) or text
    return read_one(KINDS[kind], text, how, registered) if kind in KINDS else text


def _is(form: Form, text: str) -> bool:
    """Return whether a text is in the one form that a parameter has; digits alone are no category."""
    if form == "indexed" and looks_like_code(text):
        return False
    try:
        CHECKS[form](text)
    except MalformedError:
        return False
    return True


def _topic(text: str, how: Reading) -> str:
    """Return the topic that a word for a type of statement stands for; of several offer them.

    Raises:
        Wrong: several may be meant.

    """
    found, exactly = topics_called(text)
    if exactly and len(found) == 1:
        return found[0]
    if found:
        things = chosen((f"history {one}" for one in found), how.lang)
        no = say("no-topic", how.lang, text=text)
        raise Wrong(no + say("offered", how.lang, things=things))
    return text


def _month(text: str, _how: Reading) -> str:
    return parse_month(text) or text


WORDS_FOR: Mapping[Form, Callable[[str, Reading], str]] = {
    "topic": _topic,
    "month": _month,
    "category": _category,
}
"""Form that no cell of a sheet holds -> what reads a word for it."""


def read_one(types: tuple[Any, ...], text: str, how: Reading, registered: Registered) -> str:
    """Return the one thing of some types that a text stands for.

    Raises:
        Wrong: none, or several.

    """
    found: dict[str, None] = {}
    wrong: list[Wrong] = []
    for held in types:
        try:
            found.setdefault(str(read_value(text, shape(held), held, how)))
        except Wrong as error:
            wrong.append(error)
    if len(found) > 1:
        found = {one: None for one in found if registered(one)} or found
    if len(found) > 1:
        raise Wrong(say("several-read", how.lang, ids=among(how.book, found, how.lang)))
    if found:
        return next(iter(found))
    if len(wrong) == 1:
        raise wrong[0]
    named = EITHER.to(how.lang).join(wanted(shape(held), how.lang) for held in types)
    unnamed = [error.kind for error in wrong if isinstance(error, Unnamed)]
    if unnamed and (offered := instead(how.book, unnamed, text, how.lang, named)):
        raise Wrong(offered)
    detail = say("check-digit", how.lang) if any(isinstance(e, Mistyped) for e in wrong) else ""
    raise Wrong(say("wanted", how.lang, wanted=named, detail=detail))
