"""The topics of histories: all there are, and by what their histories are kept.

A misspelt topic, or the subject of another one, would be an honest empty history: it is none.
"""

from collections.abc import Iterator, Mapping

from ledger.errors import MalformedError
from ledger.identifiers import lot_of, product_of
from ledger.identifiers.gs1_uris import thing_of
from ledger.identifiers.kinds import AND, PAIR, Kind, fits, kind_of
from ledger.identifiers.statement_ids import names_statement
from ledger.primitives.near import did_you_mean, near
from ledger.texts import saying
from ledger.texts.joints import either

STATEMENT = "statement or key"
"""What is named by a digest of 64 digits."""
ANY = ()
"""By what its statements name: no kind of our own."""

KEPT_BY: Mapping[str, tuple[str, ...]] = {
    "admission": ("party",),
    "adverse": ("product",),
    "advice": ("party",),
    "affiliates": ("party",),
    "baselines": ("category",),
    "checklist": ("checklist",),
    "draw": ("draw",),
    "draws": ("party",),
    "event": ANY,
    "event-by": ANY,
    "examined": ("product",),
    "exclusive": (STATEMENT,),
    "executed": ("draw",),
    "facility": ("facility",),
    "feedback": ("product", "lot"),
    "generic": ANY,
    "grant": ("trademark and party",),
    "granted": (STATEMENT,),
    "grants": ("party",),
    "identity": ("party",),
    "improvement": ("party",),
    "index": ("product", "party", "trademark", "category"),
    "inspection": ("lot",),
    "inspections": ("party and product",),
    "invited": ("facility", "lot", "draw"),
    "issuer": ANY,
    "key": (STATEMENT,),
    "keys": ("party",),
    "label": ("product",),
    "listing": ("product",),
    "listings": ("shop",),
    "log": ANY,
    "lot": ("lot",),
    "lots": ("product",),
    "lots-by": ("product and party",),
    "made-at": ("facility and party",),
    "market": ("product",),
    "made-of": ("lot and party",),
    "model": ("model",),
    "movement": ("lot",),
    "observer": ("party",),
    "observers": ("party",),
    "on-sale": ("category",),
    "papers-ending": ("party and month",),
    "pledge": ("party",),
    "prefix": ("GS1 prefix",),
    "product": ("product",),
    "products": ("trademark",),
    "programme": ("programme",),
    "programmes": ("category",),
    "qualification": ("party",),
    "qualification-number": ("paper", "trademark"),
    "recall": ("product",),
    "product-recall": ("product",),
    "reports": ("party and month",),
    "roster": ("roster",),
    "sample": ("sample",),
    "sanction": ("party", "shop", "product", "lot"),
    "shop": ("shop",),
    "shops": ("party",),
    "standard": ("standard",),
    "standards": ("category",),
    "statement": (STATEMENT,),
    "unit": ("unit",),
    "uscc": ("credit code",),
    "visit": ("visit",),
}
"""Topic -> the kinds of things that its histories are kept by, one each."""

TOPICS = tuple(KEPT_BY)
REGISTERED_IN = {
    "party": "identity",
    "product": "product",
    "lot": "lot",
    "facility": "facility",
    "shop": "shop",
    "sample": "sample",
    "unit": "unit",
}
"""Kind of thing -> the topic of the history that begins with its registration."""


def check_topic(text: str) -> None:
    """Refuse a text that names no topic.

    Raises:
        MalformedError: says which one is meant, or which there are.

    """
    if text not in TOPICS:
        meant = did_you_mean(near(text[:40], TOPICS)) or f" ({', '.join(TOPICS)})"
        raise MalformedError("no topic {text}{meant}", text=text[:40], meant=meant)


def _wholes(subject: str, kind: str) -> Iterator[tuple[str, str]]:
    """Yield what goods are part of, with their kinds: the lot of an item, the product of a lot."""
    if kind == "item" and (lot := lot_of(subject)) is not None:
        yield "lot", lot
    if kind in ("item", "lot"):
        yield "product", product_of(subject)


def _kind(subject: str) -> str | None:
    """Return what an id is of; an index or the beginning of an id reads as a category, and is meant as none."""
    kind = kind_of(subject)
    return None if kind == "category" and names_statement(subject) else kind


def meant_history(topic: str, subject: str) -> str:
    """Return which history somebody may have meant who asks for one that there never is.

    The same topic by what the subject is part of; else those topics that are kept by such
    subjects, those whose names are near alone.
    """
    kind = _kind(subject)
    if kind is None:
        return ""
    for whole, of in _wholes(subject, kind):
        if whole in KEPT_BY[topic]:
            return saying(": did you mean history {topic} {subject}?", topic=topic, subject=of)
    by = [name for name, kinds in KEPT_BY.items() if kind in kinds]
    if named := near(topic, by):
        told = " | ".join(f"history {name} {subject}" for name in named)
        return saying(": did you mean {told}?", told=told)
    if not by:
        return ""
    return saying("; by {kind} there are {topics}", kind=Kind(kind), topics=", ".join(by))


EVENTS = ("event", "event-by")
"""Topics kept by things of any kind, and by events: by an id each, in its one spelling."""


def _check_spelling(topic: str, subject: str) -> None:
    """Refuse another spelling of a thing that events name: a URN, a resolver's address."""
    named, *others = subject.split(PAIR)
    thing = thing_of(named)
    if thing != named:
        meant = saying(
            ": did you mean history {topic} {subject}?",
            topic=topic,
            subject=" ".join([thing, *others]),
        )
        raise MalformedError("{shown} is another spelling{meant}", shown=named[:200], meant=meant)


def check_subject(topic: str, subject: str) -> None:
    """Refuse a subject whose kind a topic's histories are never kept by.

    Raises:
        MalformedError: says by what they are kept, and which history may be meant.

    """
    kinds = KEPT_BY[topic]
    if topic in EVENTS:
        _check_spelling(topic, subject)
    if kinds and not any(fits(subject, kind) for kind in kinds):
        kind = _kind(subject)
        pair = saying(" (write both: 'A and B')") if any(AND in item for item in kinds) else ""
        shown = subject[:200].replace(PAIR, AND)
        what = (
            saying("{shown} is a {kind}", shown=shown, kind=Kind(kind))
            if kind is not None
            else saying("{shown} is no id of one", shown=shown)
        )
        raise MalformedError(
            "histories of {topic} are kept by {by}{pair}, and {what}{meant}",
            topic=topic,
            by=either(map(Kind, kinds)),
            pair=pair,
            what=what,
            meant=meant_history(topic, subject),
        )
