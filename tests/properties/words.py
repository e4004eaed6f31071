"""Moves: what somebody says in a random world, with the words that a story is printed in.

A move is a step of ``rules.telling`` that can also be read. It cites by name what was said
before; a move that cites what is not there cannot be said, and the story goes on without it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from questions.mends.telling import NAME_OF
from rules.telling import Step
from rules.words import REPEATED, told
from tea import INSPECTOR, PARTIES
from usual import MORE, USUAL, Told, citing
from usual import day as days_from_now
from world import OPERATOR, World, key_of

from ledger.rules.state import ended_at, key_state

HERE = {
    "coseller": ("https://id.gs1.org/417/6901234507157", "trader"),
    "idler": ("https://id.gs1.org/417/6901234507164", "trader"),
    "tame": ("https://id.gs1.org/417/6901234507171", "inspector"),
    "lackey": ("https://id.gs1.org/417/6901234507218", "inspector"),
    "second-carrier": ("https://id.gs1.org/417/6901234507195", "carrier"),
    "second-office": ("https://id.gs1.org/417/6901234507201", "authority"),
    "idle-laboratory": ("https://id.gs1.org/417/6901234507225", "laboratory"),
    "second-warehouse": ("https://id.gs1.org/417/6901234507232", "warehouse"),
    "bystander": ("did:web:bystander.example", "observer"),
}
"""Who lives in random worlds beside the tea brand's people: name of the key -> id, role."""
NAME_OF.update({id_: name for name, (id_, _) in HERE.items()})
EVERYBODY = {**PARTIES, **MORE, **HERE, "operator": (OPERATOR, "operator")}


def who(name: str) -> str:
    """Return a party's id by the name of its key."""
    return EVERYBODY[name][0]


@dataclass(frozen=True)
class Later:
    """A value that is known when the statement is written, and what it reads as in a story."""

    words: str
    value: Callable[[Told], Any]

    def __call__(self, tale: Told) -> Any:
        return self.value(tale)

    def __repr__(self) -> str:
        return self.words


def cites(name: str, **how: str) -> Later:
    """Return a citation of what was called so."""
    return Later(f"<{name}>", citing(name, **how))


def id_of(name: str) -> Later:
    """Return the id of what was called so."""
    return Later(f"id of <{name}>", lambda tale: tale.said[name][0].id.hex())


def at_of(name: str) -> Later:
    """Return the time that a hand-over names."""
    return Later(f"when <{name}>", lambda tale: str(tale.said[name][1].at))


def day(days: float) -> Later:
    """Return the time so many days from when the statement is written."""
    return Later(f"{days:+g} days", days_from_now(days))


@dataclass(frozen=True)
class Move:
    """What one party says: its type, who says it, what it is called, its words, how it is written."""

    type_: str
    by: str
    called: str
    words: str
    step: Step

    def __str__(self) -> str:
        called = f" (called {self.called})" if self.called != self.type_ else ""
        return f"{self.by}: {self.type_}{called} {self.words}".rstrip()


def in_words(fields: dict[str, Any]) -> str:
    """Return what is said otherwise than usual, in one line."""
    shown = (f"{name}={'-' if value is ... else value}" for name, value in fields.items())
    return ", ".join(shown).replace("https://id.gs1.org/", "")


KEYS = 9
"""So many further keys a party may bind in a world."""


def voice(w: World, by: str) -> str:
    """Return the name of the key that a party signs with: the first of its own that lives.

    On disk, where told worlds are registered as they were signed, everybody has one key.
    """
    view = getattr(w, "view", None)
    if view is None:
        return by
    for name in (by, *(f"{by} key {number}" for number in range(1, KEYS + 1))):
        key = key_state(view, key_of(name).public.kid)
        if key is not None and ended_at(view, key) is None:
            return name
    return by


def signed(w: World, by: str) -> dict[str, str]:
    """Return whose key signs, and for whom."""
    return {"by": voice(w, by), "issuer": who(by)}


def says(
    type_: str,
    *,
    by: str = "",
    subject: str = "",
    called: str = "",
    age_s: int = 0,
    **fields: Any,
) -> Move:
    """Somebody says this, in usual words but for what is given; ``age_s``: dated back so much."""
    by = by or USUAL[type_][0]

    def write(w: World) -> bytes:
        how: dict[str, Any] = signed(w, by) | ({"age_s": age_s} if age_s else {})
        return told(w).write(type_, subject=subject, called=called, how=how, **fields)

    about = f"about {subject.removeprefix('https://id.gs1.org/')} " if subject else ""
    return Move(type_, by, called or type_, about + in_words(fields), write)


def amends(type_: str, name: str, by: str, *, called: str = "", **fields: Any) -> Move:
    """Somebody ends or answers what was called so, repeating its subjects."""

    def write(w: World) -> bytes:
        tale = told(w)
        statement, theirs = tale.said[name][0], tale.fields_of(name)
        repeated = {item: theirs[item] for item in REPEATED[type_] if item in theirs}
        said = {"target": citing(name), "subject": statement.subject} | repeated | fields
        return tale.write(type_, called=called, how=signed(w, by), **said)

    return Move(type_, by, called or type_, f"of <{name}> {in_words(fields)}", write)


def revokes(name: str, by: str, *, called: str = "") -> Move:
    """Somebody revokes the grant of this name."""

    def write(w: World) -> bytes:
        tale = told(w)
        theirs, statement = tale.fields_of(name), tale.said[name][0]
        return tale.write(
            "authorisation-revocation",
            subject=statement.subject,
            called=called,
            how=signed(w, by),
            target=citing(name),
            brand=theirs["brand"],
            parent=theirs["parent"]["id"],
            exclusive=theirs["exclusive"],
        )

    return Move("authorisation-revocation", by, called or f"end of {name}", f"of <{name}>", write)


def corrects(name: str, by: str, *, called: str = "correction", **changes: Any) -> Move:
    """Somebody says what was called so again with changes."""

    def write(w: World) -> bytes:
        tale = told(w)
        fields = {k: v for k, v in (tale.fields_of(name) | changes).items() if v is not ...}
        return tale.write(
            "supersede",
            subject=tale.said[name][0].subject,
            called=called,
            how=signed(w, by),
            target=citing(name),
            statement=fields,
            reason="mistyped",
        )

    return Move("supersede", by, called, f"of <{name}>: {in_words(changes)}", write)


def takes_back(name: str, by: str, *, called: str) -> Move:
    """Somebody takes back what was said in error, whole."""

    def write(w: World) -> bytes:
        tale = told(w)
        topics = tale.subjects_of(name)
        return tale.write(
            "withdrawn-in-error",
            subject=topics[0][1],
            called=called,
            how=signed(w, by),
            target=citing(name),
            subjects=topics,
            reason="other goods were meant",
        )

    return Move("withdrawn-in-error", by, called, f"of <{name}>", write)


def erases(name: str, by: str = "operator") -> Move:
    """Somebody says that values behind commitments are destroyed."""

    def write(w: World) -> bytes:
        tale = told(w)
        return tale.write(
            "erasure",
            subject=tale.said[name][0].subject,
            how=signed(w, by),
            target=citing(name),
            subjects=tale.subjects_of(name),
            fields=[item["name"] for item in tale.fields_of(name)["sealed"]],
            reason="the person asked",
        )

    return Move("erasure", by, "erasure", f"of <{name}>", write)


def signs(type_: str, by: str, subject: str, fields: Any, words: str, *, called: str = "") -> Move:
    """Somebody signs these very fields; a function makes them when they are written."""

    def write(w: World) -> bytes:
        made = fields(w) if callable(fields) else fields
        said = signed(w, by) | {"subject": subject}
        if type_ == "generic":
            said["audience"] = None
        raw = w.statement(type_, made, **said)
        told(w).call(called or type_, raw)
        return raw

    return Move(type_, by, called or type_, words, write)


def enters(name: str, *, by: str = "operator") -> Move:
    """A party enters, with one key of its name."""
    id_, role = EVERYBODY[name]
    return signs(
        "party",
        by,
        id_,
        lambda w: w.party_fields(name, id_, roles=[role]),
        name,
        called=f"party {name}",
    )


def resets(name: str, key: str, *, by: str = "operator") -> Move:
    """The operator binds another key to a party that lost its own."""
    id_, role = EVERYBODY[name]
    return signs(
        "party-update",
        by,
        id_,
        lambda w: w.party_fields(name, id_, roles=[role], keys=[w.binding(key, id_)]),
        f"{name} gets the key {key}",
    )


def binds(name: str, key: str) -> Move:
    """A party introduces a further key."""
    id_ = who(name)
    return signs("key", name, id_, lambda w: {"key": w.binding(key, id_)}, f"{key}")


def loses(name: str, by: str, *, key: str = "", suspected_days: float | None = None) -> Move:
    """Somebody revokes a party's key, perhaps as suspected for some days."""

    def fields(w: World) -> dict[str, Any]:
        made = {"kid": key_of(key or name).public.kid.hex(), "reason": "lost"}
        if suspected_days is not None:
            made["suspected_since"] = told(w).time(-suspected_days)
        return made

    words = f"{name}'s key {key or name}" + (
        f", suspected for {suspected_days} days" if suspected_days else ""
    )
    return signs("key-revocation", by, who(name), fields, words)


def notes(by: str, subject: str, text: str) -> Move:
    """Somebody's own software says something about a subject."""
    return signs("generic", by, subject, text.encode(), f"about {subject}: {text}")


__all__ = ["INSPECTOR", "USUAL", "Later", "Move", "Told", "citing"]
