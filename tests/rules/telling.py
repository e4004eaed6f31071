"""Stories about single rules: what is said, and which rules the last of it breaks.

A story is a row of batches, a batch one step or a tuple of steps. When its turn comes a
step writes a statement, or lets time pass. The last batch's last statement is judged
(or the one ``judged`` says); all others must be registered. Batches are a minute apart,
the first at ``START_US``; minutes in stories count from there.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from world import (
    BRAND,
    DAY_S,
    MINUTE_US,
    OPERATOR,
    ORIGIN,
    START_US,
    World,
    key_of,
)

from ledger.cose.keys import EDDSA, ES256, PublicKey
from ledger.cose.sign1 import decode_sign1, sign
from ledger.histories.views import MemoryView
from ledger.primitives.strict import format_base64url
from ledger.questions.book import Case, review
from ledger.rules.codes import CODES
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.signer import KeySigner
from ledger.statements.catalogue import CATALOGUE, decode_body
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, VerifierKey
from ledger.writing.log import Outcome, Registered

WEB = "did:web:brand.example"
PERSON = "urn:pinyuan:person:" + "0f" * 16
CODE, OTHER_CODE = "91110000600037341L", "91310000132212317W"
WRONG_CODE = CODE[:-1] + "K"
FIRM = "urn:uscc:" + CODE
NEXT_RULES = {"version": CURRENT + 1, "digest": "2" * 64}
YEARS_S = 10 * 365 * DAY_S

Step = Callable[[World], bytes | tuple[str, ...] | None]


# What parties say.


def says(type_: str, fields: dict, **how: object) -> Step:
    return lambda w: w.statement(type_, fields, **how)


def party(name: str = "brand", id_: str = BRAND, *, how: dict | None = None, **changes) -> Step:
    """The operator registers a party whose key has its name."""
    return lambda w: w.statement(
        "party", w.party_fields(name, id_, **changes), subject=id_, **how or {}
    )


def update(id_: str = BRAND, **changes: object) -> Step:
    """The operator updates a party, without new keys unless given."""
    return lambda w: w.statement(
        "party-update", w.party_fields("new", id_) | {"keys": []} | changes, subject=id_
    )


def bind(*names: str, to: str = BRAND, entering: bool = False, **how: object) -> Step:
    """The operator binds the keys of these names to a party: a new one, or one that lost its."""
    return lambda w: (party if entering else update)(
        id_=to, keys=[w.binding(name, to, **how) for name in names]
    )(w)


def bind_unproven(key: PublicKey) -> Step:
    """A party enters with this very key, whose possession nobody shows."""
    binding = {"alg": "EdDSA", "x": format_base64url(key.x), "possession": "unproven"}
    if key.alg == ES256:
        binding |= {"alg": "ES256", "y": format_base64url(key.y)}
    return party(keys=[binding])


def key(name: str, *, by: str, of: str = BRAND, **how: object) -> Step:
    """A party introduces a further key under one it has."""
    said = {"by": by, "issuer": of, "subject": of} | how
    return lambda w: w.statement("key", {"key": w.binding(name, of)}, **said)


def revocation(
    name: str,
    *,
    by: str = "operator",
    issuer: str = OPERATOR,
    of: str = BRAND,
    suspected: float | None = None,
    reason: str = "lost",
) -> Step:
    """Somebody revokes a key, perhaps as suspected since some minute."""
    fields = {"kid": key_of(name).public.kid.hex(), "reason": reason}
    if suspected is not None:
        since = datetime.fromtimestamp(START_US // 1_000_000 + suspected * 60, UTC)
        fields["suspected_since"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
    return says("key-revocation", fields, by=by, issuer=issuer, subject=of)


def reading(text: str = "4.5 degrees", **how: object) -> Step:
    """A generic statement, the brand's unless said otherwise."""
    return lambda w: w.reading(text, **how)


def payload(text: str | bytes, **how: object) -> Step:
    """The operator signs a native payload byte for byte."""
    raw = text if isinstance(text, bytes) else text.encode()
    said = {"issuer": OPERATOR, "subject": ORIGIN, "audience": ORIGIN} | how
    return lambda w: sign_statement(key_of("operator"), raw, **{"issued_at": w.now_s} | said)


def rules(*witnesses: str, version: dict = NEXT_RULES, **how: object) -> Step:
    return says("rules", {"rules": version, "witnesses": list(witnesses)}, **how)


def log_end(successor: dict | None = None, **how: object) -> Step:
    return says("log-end", {"reason": "moved", "successor": successor}, **how)


def seal(**how: object) -> Step:
    zero = "0" * 64
    fields = {"size": 2, "time_us": START_US + 1, "chain": zero, "index_root": zero}
    return says("seal", fields | {"previous": None, "cosigned": None}, **how)


# Statements with something about their bytes.


def of_size(size: int) -> Step:
    """A generic statement of exactly so many bytes."""

    def write(w: World) -> bytes:
        said = {"by": "operator", "issuer": OPERATOR}
        rest = len(w.reading("x" * 60_000, **said)) - 60_000
        return w.reading("x" * (size - rest), **said)

    return write


def damaged(step: Step) -> Step:
    """The same with the last bit of its signature flipped."""

    def write(w: World) -> bytes:
        raw = step(w)
        return raw[:-1] + bytes([raw[-1] ^ 1])

    return write


def naming_alg(alg: int) -> Step:
    """The brand's Ed25519 key signs under a header that names this algorithm."""
    return lambda w: sign(
        decode_sign1(w.reading("x")).headers | {1: alg}, b"x", key_of("brand").sign
    )


SMALL_ORDER = PublicKey(EDDSA, (1).to_bytes(32, "little"))
OFF_CURVE = PublicKey(ES256, (5).to_bytes(32), (6).to_bytes(32))


def torsioned(name: str) -> PublicKey:
    """A named key plus the point of order two, (0, -1): that is (-x, -y)."""
    encoded = int.from_bytes(key_of(name).public.x, "little")
    sign_bit, y = encoded >> 255, encoded & (2**255 - 1)
    return PublicKey(EDDSA, (2**255 - 19 - y | (1 - sign_bit) << 255).to_bytes(32, "little"))


# Genesis, reviewed as entry 0 of an empty ledger or submitted to a log that has one.


def vkey(name: str, owner: str, kind: int = TYPE_COSIGNATURE) -> str:
    return str(VerifierKey(owner, kind, key_of(name).public.x))


WITNESS = vkey("witness", "witness.example/1")
LOG_KEY = vkey("log", ORIGIN, TYPE_ED25519)


def genesis_fields(w: World, operator: str = OPERATOR, key_name: str = "operator") -> dict:
    return {
        "names": {"en": "Operator"},
        "keys": [w.binding(key_name, operator)],
        "log_key": LOG_KEY,
        "clock": "simulated",
        "rules": {"version": CURRENT, "digest": PUBLISHED[CURRENT]},
        "witnesses": [],
        "quorum": 0,
    }


def late_genesis(**how: object) -> Step:
    return lambda w: w.statement("genesis", genesis_fields(w), **how)


def begin_late(log_key: str, *witnesses: str) -> Step:
    """A genesis submitted with these verifier keys."""
    changes = {"log_key": log_key, "witnesses": list(witnesses)}
    return lambda w: w.statement("genesis", genesis_fields(w) | changes)


def begin(operator: str = OPERATOR, key_name: str = "operator", **changes: object) -> Step:
    """A log begins with this genesis; the answer is what it breaks."""

    def look(w: World) -> tuple[str, ...]:
        fields = genesis_fields(w, operator, key_name) | changes
        statement = parse_statement(w.statement("genesis", fields, by=key_name, issuer=operator))
        view = MemoryView(lambda _: w.now_us)
        case = Case(statement, decode_body(statement), view, ORIGIN, 0, w.now_us)
        return tuple(dict.fromkeys(refusal.rule for refusal in review(case)))

    return look


# What happens between batches.


def at(minute: float) -> Step:
    """Time passes until this minute, to the microsecond."""

    def wait(w: World) -> None:
        w.now_us = START_US + int(minute * MINUTE_US)

    return wait


def rotate(name: str) -> Step:
    """The operator seals with another of its keys from here on."""

    def change(w: World) -> None:
        w.reopen(signer=KeySigner(ORIGIN, w.log_key, key_of(name)))

    return change


# The table.


class Scenario(NamedTuple):
    """One row: the rule it is about, its sentence, its story, the expected refusals.

    ``world``: what happened before the story.
    """

    rule: str
    sentence: str
    story: tuple[Step | tuple[Step, ...], ...]
    refused: tuple[str, ...]
    judged: int
    world: str = "beginning"


def breaks(rule: str, sentence: str, *story, refused: tuple[str, ...] = (), judged: int = -1):
    """A row whose judged statement breaks the rule, alone or with others."""
    return Scenario(rule, sentence, story, refused or (rule,), judged)


def keeps(rule: str, sentence: str, *story, refused: tuple[str, ...] = (), judged: int = -1):
    """A row whose judged statement keeps the rule, and all others unless ``refused`` says so."""
    return Scenario(rule, sentence, story, refused, judged)


REASON = re.compile(
    rf"\b({'|'.join(code for code in CODES.keys() - CATALOGUE.keys() if '-' in code)})\b"
)


UNWRITTEN = re.compile(r"\b(None|True|False|ever)\b")
"""How Python, or nobody, spells what a payload has as null, true or false."""


def broken(outcome: Outcome) -> tuple[str, ...]:
    """The rules an outcome names, each once, in the order of the book."""
    if isinstance(outcome, Registered):
        return ()
    for refusal in outcome.refusals:
        assert refusal.message
        assert "\n" not in refusal.message
        assert not UNWRITTEN.search(refusal.message), (
            "a word that no payload has: say what to write"
        )
        assert not REASON.search(refusal.message), "a code where a sentence stands in an answer"
    return tuple(dict.fromkeys(refusal.rule for refusal in outcome.refusals))


def tell(world: World, batch: Step | tuple[Step, ...]) -> list[tuple[str, ...]]:
    """Let one batch happen; return what each of its statements breaks."""
    made = [step(world) for step in (batch if isinstance(batch, tuple) else (batch,))]
    raws = [raw for raw in made if isinstance(raw, bytes)]
    outcomes = world.register(*raws) if raws else []
    return [answer for answer in made if isinstance(answer, tuple)] or [*map(broken, outcomes)]
