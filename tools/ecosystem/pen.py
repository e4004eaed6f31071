"""Signing what people say, at a simulated time; everything random comes from a seed."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from bench_common import OPERATOR, key_of
from stdnum import ean
from stdnum.cn import uscc

import ledger.writing.submission  # noqa: F401 - it binds the rule book, so that ``review`` has every rule
from ledger.cose.keys import PrivateKey, possession_message
from ledger.histories.history import Entry
from ledger.histories.views import MemoryView
from ledger.primitives import ijson
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.rules.registry import Case, Refusal, review
from ledger.signer import log_vkey
from ledger.statements.catalogue import InvalidBody, encode_body, read_payload
from ledger.statements.envelope import SignedStatement, Topic, parse_statement, sign_statement
from ledger.statements.fields import KeyBinding, Names
from ledger.statements.log_family import Genesis, RulesVersion

DAY_S = 86_400


def time_of(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cite(id_: str, topic: str, subject: str) -> dict[str, str]:
    return {"id": id_, "topic": topic, "subject": subject}


def gln(kind: int, number: int) -> str:
    digits = f"69{number:010d}"
    return f"https://id.gs1.org/{kind}/{digits}{ean.calc_check_digit(digits)}"


@dataclass
class Person:
    """A party: its id, the key it signs with now, how many keys it had, what it entered with."""

    id: str
    number: int
    keys: int = 1
    entered: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def first_key(self) -> PrivateKey:
        return key_of(self.number)

    @property
    def key(self) -> PrivateKey:
        return self.first_key if self.keys == 1 else key_of(self.number + (self.keys << 64))


@dataclass(frozen=True)
class Setting:
    """Where and when it is told.

    ``began_s``: the time it begins at, seconds since 1970; ``spread_s``: statements are signed
    within so long before the time told; ``seed``: another one tells another story.
    """

    origin: str
    began_s: int
    spread_s: int
    seed: int | None = None

    def day(self, days: int) -> str:
        """Return midnight, so many days behind the one it begins in."""
        return time_of((self.began_s // DAY_S + days) * DAY_S)

    @cached_property
    def from_(self) -> str:
        """When papers and grants hold from: before anything is told."""
        return self.day(-263)

    @cached_property
    def until(self) -> str:
        return self.day(1198)

    @cached_property
    def mark_until(self) -> str:
        return self.day(3389)


@dataclass(eq=False)
class Said:
    """A statement that later ones may cite, amend or correct."""

    id: str
    by: Person
    subject: str
    fields: dict[str, Any]
    topics: tuple[Topic, ...]

    def cite(self, topic: str) -> dict[str, str]:
        return cite(self.id, topic, self.subject)


def genesis(setting: Setting) -> bytes:
    """Return a genesis like that of the ledger told for: its rules, its operator and its key."""
    log_key, key = key_of(1), key_of(2)
    message = possession_message(key.public, origin=setting.origin, party=OPERATOR)
    body = Genesis(
        v=1,
        names=Names(en="Platform"),
        keys=(KeyBinding.of(key.public, key.sign(message)),),
        log_key=str(log_vkey(setting.origin, log_key)),
        clock="simulated",
        rules=RulesVersion(version=CURRENT, digest=PUBLISHED[CURRENT]),
    )
    return sign_statement(
        key,
        encode_body(body),
        issuer=OPERATOR,
        subject=setting.origin,
        issued_at=setting.began_s,
        audience=setting.origin,
    )


class Pen:
    """Signs what people say, and sees it as the ledger's rules and questions do.

    ``now_s``: the time told of; ``registered_us``: when what is said now will be registered;
    ``out``: what was signed since somebody took it; ``view``: everything said, at indices of
    its own, in the order it was said.
    """

    def __init__(self, number: int, setting: Setting, before: "Pen | None" = None) -> None:
        """Begin behind what another pen said, which this one's statements rest on."""
        self.number, self.setting = number, setting
        seed = setting.seed
        self.rng = random.Random(number if seed is None else f"{seed}/{number}")
        self.now_s = setting.began_s
        self.registered_us = setting.began_s * 1_000_000
        self.operator = Person(OPERATOR, 2)
        self.count = 0
        self.out: list[bytes] = []
        self._times_us: list[int] = []
        self.view = MemoryView(self._times_us.__getitem__)
        for raw in (genesis(setting), *(() if before is None else before.out)):
            self._see(raw)

    def next(self) -> int:
        """Return a number that no other pen has: for ids, GTINs and keys."""
        self.count += 1
        return self.number * 10_000_000 + 1_000 + self.count

    def moment_s(self) -> int:
        """Return when something is signed: within the spread before the time told of."""
        return self.now_s - self.rng.randrange(self.setting.spread_s)

    def say(
        self,
        type_: str,
        by: Person,
        subject: str,
        fields: dict[str, Any],
        *,
        signed_s: int | None = None,
    ) -> str:
        """Sign a statement, at a moment of its own if none is given; return its id."""
        raw = self._sign(type_, by, subject, fields, signed_s)
        self.out.append(raw)
        statement, _ = self._see(raw)
        return statement.id.hex()

    def _sign(
        self, type_: str, by: Person, subject: str, fields: dict[str, Any], signed_s: int | None
    ) -> bytes:
        return sign_statement(
            by.key,
            ijson.encode({"v": 1, "type": type_} | fields),
            issuer=by.id,
            subject=subject,
            issued_at=self.moment_s() if signed_s is None else signed_s,
            audience=self.setting.origin,
        )

    def refusals(
        self, type_: str, by: Person, subject: str, fields: dict[str, Any]
    ) -> list[Refusal]:
        """Return which rules a statement would break here and now, without saying it."""
        statement = parse_statement(self._sign(type_, by, subject, fields, self.now_s))
        body, topics = read_payload(statement)
        return review(
            Case(
                statement=statement,
                body=body,
                view=self.view,
                origin=self.setting.origin,
                index=len(self._times_us),
                now_us=self.registered_us,
                topics=topics,
            )
        )

    def _see(self, raw: bytes) -> tuple[SignedStatement, tuple[Topic, ...]]:
        statement = parse_statement(raw)
        body, topics = read_payload(statement)
        assert not isinstance(body, InvalidBody), body
        self.view.add(Entry(len(self._times_us), statement, body), topics)
        self._times_us.append(self.registered_us)
        self._seen = statement, topics
        return self._seen

    def tell(
        self,
        type_: str,
        by: Person,
        subject: str,
        fields: dict[str, Any],
        *,
        signed_s: int | None = None,
    ) -> Said:
        """Sign a statement that will be cited or amended."""
        id_ = self.say(type_, by, subject, fields, signed_s=signed_s)
        return Said(id_, by, subject, {"v": 1, "type": type_} | fields, self._seen[1])

    def past(self, days: float = 30) -> str:
        """Return a time of the days before anything is signed now."""
        return time_of(self.before_s(days))

    def before_s(self, days: float) -> int:
        return self.now_s - self.setting.spread_s - self.rng.randrange(int(days * DAY_S))

    def time_in(self, days: float) -> str:
        """Return a time so many days ahead."""
        return time_of(int(self.now_s + days * DAY_S))

    def digest(self) -> str:
        return self.rng.randbytes(32).hex()

    def evidence(self, count: int = 1) -> list[dict[str, Any]]:
        return [
            {
                "digest": self.digest(),
                "size": self.rng.randrange(9_999_999),
                "media_type": "image/jpeg",
            }
            for _ in range(count)
        ]

    def sealed(self, name: str) -> list[dict[str, str]]:
        """Return a commitment to a sensitive field."""
        return [{"name": name, "digest": self.digest()}]

    def binding(self, person: Person) -> dict[str, str]:
        key = person.key
        proof = key.sign(
            possession_message(key.public, origin=self.setting.origin, party=person.id)
        )
        found = KeyBinding.of(key.public, proof)
        return {"alg": found.alg, "x": found.x, "possession": found.possession}

    def enter(self, role: str, name: str, *, natural: bool = False) -> Person:
        """Let a party enter: a Chinese firm with its code, or a person under a pseudonym."""
        number = self.next()
        if natural:
            person = Person(f"urn:pinyuan:person:{number:032x}", number)
        else:
            person = Person(gln(417, number), number)
        fields: dict[str, Any] = {
            "names": {"zh": f"{name}{number}", "en": f"{role} {number}"},
            "country": "CN",
            "roles": [role],
            "keys": [self.binding(person)],
        }
        if not natural:
            code = f"91330000{number:09d}"
            fields["uscc"] = code + uscc.calc_check_digit(code)
        self.say("party", self.operator, person.id, fields)
        person.entered = fields
        return person
