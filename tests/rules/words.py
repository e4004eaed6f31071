"""Steps of stories in the tea brand's world: who says what, in the domain's words.

They are told behind its usual beginning (``usual.Told.begin``): a trademark, grants from
the brand to agent, distributor and trader, a product, its garden and a lot, the trader's
licence, admission and shop, an observer in its term.
"""

from typing import Any

from rules.telling import Scenario, Step, revocation
from tea import GTIN
from usual import MARK, Later, Told, citing, who
from world import World

from ledger.statements.recall_family import recall_topics

TEA_WORLD = "tea"


def breaks(
    rule: str, sentence: str, *story: Any, refused: tuple[str, ...] = (), judged: int = -1
) -> Scenario:
    """A row in the tea brand's world whose judged statement breaks the rule, alone or with others."""
    return Scenario(rule, sentence, story, refused or (rule,), judged, TEA_WORLD)


def keeps(
    rule: str, sentence: str, *story: Any, refused: tuple[str, ...] = (), judged: int = -1
) -> Scenario:
    """A row in the tea brand's world whose judged statement keeps the rule."""
    return Scenario(rule, sentence, story, refused, judged, TEA_WORLD)


def told(w: World) -> Told:
    """Return who tells this world."""
    found = w.told  # type: ignore[attr-defined]
    assert isinstance(found, Told)
    return found


def says(type_: str, **how: Any) -> Step:
    """Somebody says this, in usual words but for what is given; it is called as given, or its type."""
    return lambda w: told(w).write(type_, **how)


# Grants.


def grant(by: str, to: str, under: str = "mark", **axes: Any) -> Step:
    """One party authorises another under a grant or the trademark; it is called "<by> to <to>"."""
    fields: dict[str, Any] = {"parent": citing(under), "called": f"{by} to {to}"} | axes
    return says("authorisation", by=by, subject=who(to), **fields)


def revoke(name: str, to: str, by: str, **changes: Any) -> Step:
    """Somebody revokes the grant of this name."""

    def write(w: World) -> bytes:
        fields = told(w).fields_of(name)
        repeated = {
            "brand": fields["brand"],
            "parent": fields["parent"]["id"],
            "exclusive": fields["exclusive"],
        }
        if "platform_exclusive" in fields:
            repeated["platform_exclusive"] = fields["platform_exclusive"]
        how = {"target": citing(name)} | repeated | changes
        return told(w).write("authorisation-revocation", by=by, subject=who(to), **how)

    return write


def affiliation(above: str, holder: str, **changes: Any) -> Step:
    """The trademark office says that a party belongs to another; it is called "<holder> of <above>"."""
    fields = {
        "kind": "affiliation",
        "number": f"urn:qualification:samr.cn:{holder.upper()}-{above.upper()}",
        "categories": [],
        "of": who(above),
        "relation": "wholly-owned",
        "called": f"{holder} of {above}",
    }
    return says("qualification", subject=who(holder), **fields | changes)


def withdraw_mark(by: str = "office") -> Step:
    """The trademark is withdrawn."""
    return says(
        "qualification-withdrawal", by=by, subject=who("brand"), target=citing("mark"), number=MARK
    )


OTHER_MARK = "urn:trademark:cn:87654321:30"
MARKED = {"kind": "trademark-registered", "number": MARK, "categories": ["food/tea"]}
BLACK = "food/tea/black"
WHITE = "https://id.gs1.org/01/06901234500028"


def mark(holder: str = "rival", by: str = "registrar", **changes: Any) -> Step:
    """An office says that somebody holds the mark; it is called "second mark"."""
    fields = MARKED | {"called": "second mark"} | changes
    return says("qualification", by=by, subject=who(holder), **fields)


def product(**changes: Any) -> Step:
    """The brand declares its white tea, unless somebody else does."""
    return says("product", **{"subject": WHITE, "called": "white tea"} | changes)


def rivals(subject: str = GTIN, **changes: Any) -> Step:
    """The rival declares a product under its own mark; it is called "theirs"."""
    own = {"by": "rival", "brand": OTHER_MARK, "under": citing("second mark"), "called": "theirs"}
    return product(subject=subject, **own | changes)


def prefixed(holder: str = "brand", prefix: str = "690123450", **changes: Any) -> Step:
    """GS1 says that somebody holds the licence of a prefix; it is called "<holder>'s prefix"."""
    fields = {
        "kind": "gs1-prefix",
        "number": f"urn:qualification:gs1cn.org:{prefix}",
        "prefix": prefix,
        "categories": [],
        "called": f"{holder}'s prefix",
    }
    return says("qualification", subject=who(holder), **fields | changes)


def decides(by: str = "registrar", **changes: Any) -> Step:
    """An office decides on the claims on the tea: the rival's falls; it is called "decision"."""
    return says("claim-decided", by=by, **{"called": "decision"} | changes)


def disputed(subject: str = GTIN, *then: Step) -> tuple[Step, ...]:
    """The rival claims the brand's product while the brand has no mark; then it has one again.

    ``then``: what the rival says of its product before.
    """
    own = mark(number=OTHER_MARK)
    return (
        withdraw_mark(),
        own,
        rivals(subject),
        *then,
        mark("brand", "office", called="mark again"),
    )


def lost(name: str, role: str = "brand") -> tuple[Step, Step]:
    """The operator says that a party's key was in other hands all the time, and binds another."""

    def resets(w: World) -> bytes:
        id_ = who(name)
        said = {"names": {"en": name}, "country": "DE", "roles": [role]}
        keys = [w.binding(f"{name}-2", id_)]
        return told(w).write("party-update", subject=id_, called=f"{name} reset", **said, keys=keys)

    return revocation(name, of=who(name), suspected=0), resets


def anew(name: str) -> dict[str, str]:
    """Return how a party signs that lost its key."""
    return {"by": f"{name}-2"}


def becomes(name: str, *roles: str) -> Step:
    """The operator says that a party has these roles now, and no other."""
    said = {"names": {"en": name}, "country": "DE", "roles": list(roles)}
    return says("party-update", subject=who(name), called=f"{name} again", **said)


# Statements about statements.

REPEATED = {
    "qualification-withdrawal": ("number",),
    "shop-ended": ("trader",),
    "listing-ended": ("shop", "category"),
    "label-withdrawn": (),
    "sanction-lifted": ("shops", "products", "lots"),
    "claim-decided": (),
    "appeal": ("shops", "products", "lots"),
    "appeal-decision": ("shops", "products", "lots"),
    "observer-ended": (),
    "improvement-step": ("cause",),
    "improvement-verified": ("cause",),
}
"""What an amending type repeats of its target beside the subject."""


def amends(
    type_: str, name: str, by: str = "", changes: dict[str, Any] | None = None, **how: Any
) -> Step:
    """Somebody ends or answers what was called so, repeating its subjects."""

    def write(w: World) -> bytes:
        statement, _ = told(w).said[name]
        fields = told(w).fields_of(name)
        repeated = {field: fields[field] for field in REPEATED[type_] if field in fields}
        said = {"target": citing(name), "subject": statement.subject} | repeated | (changes or {})
        return told(w).write(type_, by=by, how=how, **said)

    return write


def corrects(
    name: str,
    by: str,
    *,
    as_: str | None = None,
    target: Later | None = None,
    subject: str = "",
    reason: str = "mistyped",
    called: str = "correction",
    how: dict[str, Any] | None = None,
    **changes: Any,
) -> Step:
    """Somebody says what was called so again with changes, perhaps as another type."""

    def write(w: World) -> bytes:
        statement, _ = told(w).said[name]
        fields = {k: v for k, v in (told(w).fields_of(name) | changes).items() if v is not ...}
        fields |= {"type": as_} if as_ else {}
        said = {"target": target or citing(name), "statement": fields, "reason": reason}
        return told(w).write(
            "supersede",
            by=by,
            subject=subject or statement.subject,
            called=called,
            how=how,
            **said,
        )

    return write


def withdraws(
    name: str, *lots: str, by: str, reason: str = "another lot was meant", **changes: Any
) -> Step:
    """Somebody takes back what was said in error: whole, or a recall of these lots."""

    def write(w: World) -> bytes:
        topics = [list(topic) for topic in recall_topics(lots)] or told(w).subjects_of(name)
        said = {"target": citing(name), "subjects": topics, "reason": reason} | changes
        how = {"by": by, "called": f"{name} withdrawn", "subject": topics[0][1]}
        return told(w).write("withdrawn-in-error", **how | said)

    return write


def erases(
    name: str, *fields: str, by: str = "operator", subject: str = "", **changes: Any
) -> Step:
    """The operator says that values behind commitments are destroyed."""

    def write(w: World) -> bytes:
        statement, _ = told(w).said[name]
        said = {
            "target": citing(name),
            "subjects": told(w).subjects_of(name),
            "fields": list(fields),
            "reason": "the person asked",
        }
        return told(w).write(
            "erasure", by=by, subject=subject or statement.subject, **said | changes
        )

    return write
