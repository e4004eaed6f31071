"""Every registration rule: scenarios that break it, and neighbours that do not.

A story is a row of batches, a batch one step or a tuple of steps. When its turn comes a
step writes a statement, or lets time pass. The last batch's last statement is judged
(or the one ``judged`` says); all others must be registered. Batches are a minute apart,
the first at ``START_US``; minutes in stories count from there.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import pytest
from world import (
    BRAND,
    DAY_S,
    MINUTE_US,
    OPERATOR,
    ORIGIN,
    START_US,
    TRADER,
    World,
    key_of,
)

from ledger.clock import SimulatedClock
from ledger.cose.keys import EDDSA, ES256, PublicKey
from ledger.cose.sign1 import MAX_SIZE, decode_sign1, encode_sign1, sign
from ledger.errors import LedgerError
from ledger.log import OTHER_SIGNATURE, Outcome, Refused, Registered
from ledger.rules.book import MALFORMED, REGISTRY, Case, review
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.signer import KeySigner
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import NATIVE, parse_statement, sign_statement
from ledger.strict import format_base64url
from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, VerifierKey
from ledger.views import MemoryView

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
    """One row: the rule it is about, its sentence, its story, the expected refusals."""

    rule: str
    sentence: str
    story: tuple[Step | tuple[Step, ...], ...]
    refused: tuple[str, ...]
    judged: int


def breaks(rule: str, sentence: str, *story, refused: tuple[str, ...] = (), judged: int = -1):
    """A row whose judged statement breaks the rule, alone or with others."""
    return Scenario(rule, sentence, story, refused or (rule,), judged)


def keeps(rule: str, sentence: str, *story, refused: tuple[str, ...] = (), judged: int = -1):
    """A row whose judged statement keeps the rule, and all others unless ``refused`` says so."""
    return Scenario(rule, sentence, story, refused, judged)


SCENARIOS = (
    # Form.
    breaks("malformed", "bytes that are no COSE_Sign1", lambda _: b"\xd2\x80"),
    breaks("malformed", "a statement of 65,536 bytes", of_size(MAX_SIZE + 1)),
    keeps("malformed", "a statement of 65,535 bytes", of_size(MAX_SIZE)),
    breaks("type-unknown", "a type nobody knows", says("gift", {})),
    breaks("type-unknown", "a type in another case", says("Log-End", {"reason": "moved"})),
    breaks("type-unknown", "version 2 of party", party(v=2)),
    breaks("type-unknown", "a version that is true and not 1", party(v=True)),
    breaks("type-unknown", "a version as text", party(v="1")),
    keeps("type-unknown", "version 1 of party", party()),
    keeps(
        "type-unknown",
        "the same words under a content type with a parameter are generic",
        says("gift", {}, content_type=NATIVE + "; charset=utf-8"),
    ),
    breaks("fields", "a field nobody knows", party(colour="red")),
    breaks("fields", "a field nobody knows, deep inside", party(names={"en": "B", "fr": "B"})),
    breaks("fields", "a required field missing", says("log-end", {"reason": "moved"})),
    breaks("fields", "a payload that is a list", payload("[1]")),
    breaks("fields", "a payload that is no JSON", payload("reason: moved")),
    breaks("fields", "a payload without a type", payload('{"v":1}')),
    breaks(
        "fields",
        "a duplicate JSON key",
        payload('{"v":1,"type":"log-end","reason":"moved","reason":"stays","successor":null}'),
    ),
    breaks("fields", "a version that is a float", payload('{"v":1.0,"type":"log-end"}')),
    breaks(
        "fields",
        "a name with a right-to-left override",
        party(names={"en": "Honest \u202edrahc\u202c"}),
    ),
    breaks("fields", "a name with a zero-width space", party(names={"zh": "诚\u200b信"})),
    breaks("fields", "a name that ends in a newline", party(names={"en": "Brand\n"})),
    breaks(
        "fields",
        "a country that ends in a newline",
        party(country="CN\n"),
    ),
    breaks("fields", "a party without roles", party(roles=[])),
    breaks("fields", "a role nobody can be given", party(roles=["operator"])),
    breaks("fields", "a party without keys", party(keys=[])),
    breaks(
        "fields",
        "a key of 31 bytes",
        party(keys=[{"alg": "EdDSA", "x": "A" * 42, "possession": "unproven"}]),
    ),
    keeps("fields", "a party with names in two scripts", party(names={"zh": "诚信", "en": "Hi"})),
    # The key and the signature.
    breaks("key-unknown", "a key nobody registered signs", reading(by="stranger")),
    breaks(
        "key-unknown",
        "a key signs in its batch before it is introduced",
        (reading(), party()),
        judged=0,
    ),
    keeps("key-unknown", "a key signs in its batch once it is introduced", (party(), reading())),
    keeps("key-unknown", "a registered key signs", party(), reading()),
    breaks(
        "key-not-live", "a key signs after its revocation", party(), revocation("brand"), reading()
    ),
    breaks(
        "key-not-live",
        "a key signs behind its revocation in the same batch",
        party(),
        (revocation("brand"), reading()),
    ),
    keeps(
        "key-not-live",
        "a key signs before its revocation in the same batch",
        party(),
        (reading(), revocation("brand")),
        judged=0,
    ),
    breaks(
        "key-not-live",
        "a key was introduced by one since suspected",
        party(),
        key("second", by="brand"),
        revocation("brand", suspected=1),
        reading(by="second"),
    ),
    breaks(
        "key-not-live",
        "a key was introduced in the very second of the suspicion",
        party(),
        at(5),
        key("second", by="brand"),
        revocation("brand", suspected=5),
        reading(by="second"),
    ),
    breaks(
        "key-not-live",
        "a key was introduced in the very batch of the suspicion",
        party(),
        at(5),
        (key("second", by="brand"), revocation("brand", suspected=5), reading(by="second")),
    ),
    keeps(
        "key-not-live",
        "a key was introduced a second before the suspicion",
        party(),
        at(5),
        key("second", by="brand"),
        revocation("brand", suspected=5 + 1 / 60),
        reading(by="second"),
    ),
    keeps(
        "key-not-live",
        "a key was introduced by one revoked without suspicion",
        party(),
        key("second", by="brand"),
        revocation("brand"),
        reading(by="second"),
    ),
    breaks(
        "key-not-live",
        "a key was introduced two levels below one since suspected",
        party(),
        key("second", by="brand"),
        key("third", by="second"),
        revocation("brand", suspected=1),
        reading(by="third"),
    ),
    keeps(
        "key-not-live",
        "only the level below was introduced since the suspicion of the key between",
        party(),
        at(5),
        key("second", by="brand"),
        at(7),
        key("third", by="second"),
        revocation("brand", suspected=6),
        reading(by="third"),
    ),
    breaks(
        "key-not-live",
        "a party was registered by an operator's key since suspected",
        key("operator-2", by="operator", of=OPERATOR),
        at(5),
        party(),
        rotate("operator-2"),
        revocation("operator", by="operator-2", of=OPERATOR, suspected=5),
        reading(),
    ),
    keeps(
        "key-not-live",
        "a party was registered before the suspicion of the operator's key",
        key("operator-2", by="operator", of=OPERATOR),
        at(5),
        party(),
        rotate("operator-2"),
        revocation("operator", by="operator-2", of=OPERATOR, suspected=6),
        reading(),
    ),
    keeps(
        "key-not-live",
        "the operator binds a new key where all were lost",
        party(),
        revocation("brand"),
        bind("second"),
        reading(by="second"),
    ),
    breaks("signature", "one bit of the signature is another", party(), damaged(reading())),
    breaks(
        "signature",
        "a wrong signature by a key introduced in the same batch",
        (party(), damaged(reading())),
    ),
    breaks("signature", "a header names another algorithm", party(), naming_alg(ES256)),
    keeps("signature", "a header names the algorithm of the key", party(), naming_alg(EDDSA)),
    keeps(
        "signature",
        "a P-256 key signs",
        bind("pen", alg=ES256, entering=True),
        reading(by="pen", alg=ES256),
    ),
    breaks(
        "issuer-not-owner", "a party speaks with another's key", party(), reading(issuer=TRADER)
    ),
    breaks(
        "issuer-not-owner",
        "a party speaks in the operator's name",
        party(),
        log_end(by="brand"),
    ),
    keeps(
        "issuer-not-owner",
        "a party speaks with a further key of its own",
        party(),
        key("second", by="brand"),
        reading(by="second"),
    ),
    # Who, when, to which log.
    breaks(
        "role",
        "a brand registers a party",
        party(),
        party("trader", TRADER, how={"by": "brand", "issuer": BRAND}),
    ),
    breaks(
        "role",
        "the operator introduces a key as if it were the party",
        party(),
        key("second", by="operator", issuer=OPERATOR),
    ),
    breaks(
        "role",
        "a trader revokes a brand's key",
        party(),
        party("trader", TRADER),
        revocation("brand", by="trader", issuer=TRADER),
    ),
    keeps(
        "role",
        "a party revokes its own key",
        party(),
        revocation("brand", by="brand", issuer=BRAND),
    ),
    keeps("role", "the operator revokes a party's key", party(), revocation("brand")),
    breaks("role", "a brand submits a seal", party(), seal(by="brand", issuer=BRAND)),
    breaks("role", "the operator submits a seal from outside", seal()),
    breaks(
        "issued-ahead", "a statement of 5 minutes and a second ahead", party(how={"age_s": -301})
    ),
    breaks(
        "issued-ahead",
        "a generic statement of 5 minutes and a second ahead",
        party(),
        reading(age_s=-301),
    ),
    keeps("issued-ahead", "a statement of exactly 5 minutes ahead", party(how={"age_s": -300})),
    keeps(
        "issued-ahead",
        "a generic statement of exactly 5 minutes ahead",
        party(),
        reading(age_s=-300),
    ),
    keeps(
        "issued-ahead",
        "5 minutes ahead of a clock in the middle of its second",
        party(),
        at(5.5 / 60),
        reading(age_s=-300),
    ),
    breaks(
        "issued-too-old", "a statement of 7 days and a second", party(how={"age_s": 7 * DAY_S + 1})
    ),
    keeps("issued-too-old", "a statement of exactly 7 days", party(how={"age_s": 7 * DAY_S})),
    keeps("issued-too-old", "a generic statement of ten years", party(), reading(age_s=YEARS_S)),
    breaks(
        "audience", "a statement to another log", party(how={"audience": "ledger.example/other"})
    ),
    breaks("audience", "a statement to no log", party(how={"audience": None})),
    breaks(
        "audience",
        "a generic statement to another log",
        party(),
        reading(audience="ledger.example/other"),
    ),
    keeps("audience", "a generic statement to no log", party(), reading(audience=None)),
    keeps("audience", "a generic statement to this log", party(), reading(audience=ORIGIN)),
    breaks("log-ended", "a party enters after the end", log_end(), party()),
    breaks("log-ended", "a party enters behind the end in the same batch", (log_end(), party())),
    breaks("log-ended", "a generic statement after the end", party(), log_end(), reading()),
    breaks("log-ended", "a second end", log_end(), log_end(age_s=1)),
    keeps(
        "log-ended",
        "a party enters before the end in the same batch",
        (party(), log_end()),
        judged=0,
    ),
    breaks(
        "issuer-form",
        "an operator's id with a wrong check digit begins a log",
        begin("https://id.gs1.org/417/6901234507004"),
    ),
    breaks(
        "issuer-form",
        "a party spells its id in another case",
        party(),
        key("second", by="brand", issuer=BRAND.upper()),
        refused=("issuer-not-owner", "role", "issuer-form"),
    ),
    keeps(
        "issuer-form",
        "an operator known by its host begins a log",
        begin("did:web:platform.example"),
    ),
    breaks("subject", "a party whose GLN has a wrong check digit", party(id_=BRAND[:-1] + "1")),
    breaks("subject", "a party with a path behind its host", party(id_=WEB + ":shop")),
    breaks("subject", "a party with its host in another case", party(id_="did:web:Brand.example")),
    breaks("subject", "a person of 31 digits", party(id_=PERSON[:-1])),
    breaks("subject", "a party that is only a name", party(id_="brand")),
    breaks("subject", "the end of another log", log_end(subject="ledger.example/other")),
    keeps("subject", "a party known by its host", party(id_=WEB), reading(issuer=WEB)),
    keeps("subject", "a person under a pseudonym", party(id_=PERSON, roles=["observer"])),
    keeps(
        "subject", "a generic statement about anything at all", party(), reading(subject="Box 7?")
    ),
    # New keys.
    breaks("key-unsound", "a key of small order", bind_unproven(SMALL_ORDER)),
    breaks("key-unsound", "a key of mixed order", bind_unproven(torsioned("brand"))),
    breaks("key-unsound", "a P-256 key off its curve", bind_unproven(OFF_CURVE)),
    keeps("key-unsound", "a key of prime order", bind_unproven(key_of("brand").public)),
    keeps("key-unsound", "a P-256 key on its curve", bind_unproven(key_of("brand", ES256).public)),
    breaks("key-taken", "another party's key", party(), bind("brand", to=TRADER, entering=True)),
    breaks(
        "key-taken",
        "another party's key in the same batch",
        (party(), bind("brand", to=TRADER, entering=True)),
    ),
    breaks(
        "key-taken",
        "another party's key after its revocation",
        party(),
        revocation("brand"),
        bind("brand", to=TRADER, entering=True),
    ),
    breaks(
        "key-taken",
        "a party's own key after its revocation",
        party(),
        revocation("brand"),
        bind("brand"),
    ),
    breaks("key-taken", "the operator's key", bind("operator", entering=True)),
    breaks("key-taken", "a key that signs for itself again", party(), key("brand", by="brand")),
    breaks("key-taken", "one key twice in one statement", bind("one", "one", entering=True)),
    keeps("key-taken", "two keys in one statement", bind("one", "two", entering=True)),
    breaks("key-reserved", "the log key as a party's", bind("log", entering=True)),
    breaks(
        "key-reserved",
        "the log key as the operator's further key",
        key("log", by="operator", of=OPERATOR),
    ),
    breaks("key-reserved", "the log key as the operator's first key", begin(key_name="log")),
    breaks(
        "key-reserved",
        "a witness's key as the operator's first key",
        begin(key_name="witness", witnesses=[WITNESS]),
    ),
    breaks(
        "key-reserved",
        "a witness's key after rules list it",
        rules(WITNESS),
        bind("witness", entering=True),
    ),
    keeps("key-reserved", "a key that no rules list", rules(WITNESS), party()),
    keeps("key-reserved", "an operator's own first key", begin(witnesses=[WITNESS])),
    breaks(
        "possession",
        "a proof made for another party",
        lambda w: party(keys=[w.binding("brand", TRADER)])(w),
    ),
    breaks(
        "possession",
        "a proof made by another key",
        lambda w: party(
            keys=[w.binding("brand", BRAND) | {"possession": w.binding("x", BRAND)["possession"]}]
        )(w),
    ),
    breaks(
        "possession",
        "a party's further key without a proof",
        party(),
        lambda w: w.statement(
            "key",
            {"key": w.binding("second", BRAND, proven=False)},
            by="brand",
            issuer=BRAND,
            subject=BRAND,
        ),
    ),
    breaks(
        "possession",
        "an operator's first key without a proof",
        lambda w: begin(keys=[w.binding("operator", OPERATOR, proven=False)])(w),
    ),
    keeps(
        "possession",
        "the operator binds a key unproven",
        bind("brand", entering=True, proven=False),
    ),
    keeps("possession", "a further key with its proof", party(), key("second", by="brand")),
    # Parties.
    breaks("party-exists", "a party enters twice", party(), party("again")),
    breaks("party-exists", "a party enters twice in one batch", (party(), party("again"))),
    breaks("party-exists", "the operator enters as a party", party("other", OPERATOR)),
    keeps("party-exists", "two parties enter", party(), party("trader", TRADER)),
    breaks("party-unknown", "an update of nobody", update()),
    breaks(
        "party-unknown",
        "an update in its batch before the party enters",
        (update(), party()),
        judged=0,
    ),
    keeps("party-unknown", "an update in its batch once the party entered", (party(), update())),
    keeps("party-unknown", "an update of the operator", update(OPERATOR)),
    breaks("names", "a party without a name", party(names={})),
    breaks("names", "an operator without a name", begin(names={})),
    keeps("names", "a party with a Chinese name only", party(names={"zh": "品源"})),
    keeps(
        "names",
        "a party with one and the same letter as both names",
        party(names={"zh": "X", "en": "X"}),
    ),
    breaks("uscc", "a Chinese firm without its code", party(country="CN")),
    breaks(
        "uscc", "a Chinese firm known by its host without its code", party(id_=WEB, country="CN")
    ),
    breaks("uscc", "a code with a wrong check character", party(country="CN", uscc=WRONG_CODE)),
    breaks(
        "uscc",
        "a firm's id with another firm's code",
        party(id_=FIRM, country="CN", uscc=OTHER_CODE),
    ),
    breaks("uscc", "a firm's id without its code", party(id_=FIRM, country="CN")),
    breaks(
        "uscc",
        "an update with another code",
        party(country="CN", uscc=CODE),
        update(country="CN", uscc=OTHER_CODE),
    ),
    breaks(
        "uscc",
        "an update that leaves the code out",
        party(country="CN", uscc=CODE),
        update(country="CN"),
    ),
    keeps("uscc", "a Chinese firm with its code", party(country="CN", uscc=CODE)),
    keeps("uscc", "a firm's id with its code", party(id_=FIRM, country="CN", uscc=CODE)),
    keeps(
        "uscc",
        "an update with the same code",
        party(country="CN", uscc=CODE),
        update(country="CN", uscc=CODE),
    ),
    keeps("uscc", "an update that adds the code", party(), update(country="CN", uscc=CODE)),
    keeps("uscc", "a foreign firm without a code", party(country="DE")),
    keeps("uscc", "a person in China without a code", party(id_=PERSON, country="CN")),
    breaks(
        "uscc-taken",
        "two firms with one code",
        party(country="CN", uscc=CODE),
        party("trader", TRADER, country="CN", uscc=CODE),
    ),
    breaks(
        "uscc-taken",
        "one firm under its GLN and under its code in one batch",
        (party(country="CN", uscc=CODE), party("firm", FIRM, country="CN", uscc=CODE)),
    ),
    breaks(
        "uscc-taken",
        "an update to the code of another firm",
        party(country="CN", uscc=CODE),
        party("trader", TRADER),
        update(TRADER, country="CN", uscc=CODE),
    ),
    keeps(
        "uscc-taken",
        "two firms with two codes",
        party(country="CN", uscc=CODE),
        party("trader", TRADER, country="CN", uscc=OTHER_CODE),
    ),
    # Revocations.
    breaks("revocation-target", "a key that nobody has", party(), revocation("nobody")),
    breaks(
        "revocation-target",
        "the key of another",
        party(),
        party("trader", TRADER),
        revocation("brand", by="trader", issuer=TRADER, of=TRADER),
    ),
    breaks(
        "revocation-target",
        "a key revoked already",
        party(),
        revocation("brand"),
        revocation("brand"),
    ),
    breaks(
        "revocation-target",
        "a key revoked already in the same batch",
        party(),
        (revocation("brand"), revocation("brand", reason="retired")),
    ),
    breaks(
        "revocation-target",
        "a key suspected since earlier already",
        party(),
        at(5),
        (revocation("brand", suspected=0), revocation("brand", suspected=1)),
    ),
    keeps(
        "revocation-target",
        "a retired key found compromised later",
        party(),
        at(5),
        (revocation("brand"), revocation("brand", suspected=0)),
    ),
    keeps(
        "revocation-target", "a key introduced in the same batch", (party(), revocation("brand"))
    ),
    breaks(
        "revocation-time",
        "suspected since the next second",
        party(),
        at(5),
        revocation("brand", suspected=5 + 1 / 60),
    ),
    breaks(
        "fields",
        "a key suspected since 30 February",
        party(),
        lambda w: w.statement(
            "key-revocation",
            {
                "kid": key_of("brand").public.kid.hex(),
                "reason": "lost",
                "suspected_since": "2026-02-30T00:00:00Z",
            },
            subject=BRAND,
        ),
    ),
    keeps(
        "revocation-time",
        "suspected since this second",
        party(),
        at(5),
        revocation("brand", suspected=5),
    ),
    keeps(
        "revocation-time",
        "suspected since before the log",
        party(),
        revocation("brand", suspected=-9),
    ),
    breaks(
        "last-operator-key",
        "the operator revokes the key it signs with",
        revocation("operator", of=OPERATOR),
    ),
    breaks(
        "last-operator-key",
        "the operator revokes a key as suspected since before it introduced the one that signs",
        key("operator-2", by="operator", of=OPERATOR),
        rotate("operator-2"),
        revocation("operator", by="operator-2", of=OPERATOR, suspected=0),
    ),
    keeps(
        "last-operator-key",
        "the operator revokes a key with another",
        key("operator-2", by="operator", of=OPERATOR),
        rotate("operator-2"),
        revocation("operator", by="operator-2", of=OPERATOR),
    ),
    keeps(
        "last-operator-key",
        "a party revokes the key it signs with",
        party(),
        revocation("brand", by="brand", issuer=BRAND),
    ),
    # The log.
    breaks(
        "genesis-first",
        "the operator submits another genesis",
        late_genesis(),
        refused=("genesis-first", "role"),
    ),
    breaks(
        "genesis-first",
        "a stranger submits a genesis of its own",
        lambda w: w.statement(
            "genesis", genesis_fields(w, TRADER, "trader"), by="trader", issuer=TRADER
        ),
        refused=("genesis-first", "role"),
    ),
    keeps("genesis-first", "a genesis as entry 0", begin()),
    breaks("log-keys", "a log key that is none", begin(log_key="ledger.example")),
    breaks(
        "log-keys",
        "a log key under another name",
        begin(log_key=vkey("log", "ledger.example/x", 1)),
    ),
    breaks("log-keys", "a log key that is a witness's", begin(log_key=vkey("log", ORIGIN))),
    breaks("log-keys", "a witness whose key is none", begin(witnesses=["witness.example"])),
    breaks(
        "log-keys", "a witness whose key signs notes", rules(vkey("witness", "witness.example", 1))
    ),
    breaks(
        "log-keys",
        "a successor whose key has another name",
        log_end({"origin": "ledger.example/next", "log_key": vkey("next", ORIGIN, 1)}),
    ),
    breaks(
        "log-keys",
        "a witness that is a party's key",
        party(),
        rules(vkey("brand", "witness.example/2")),
    ),
    breaks(
        "log-succession",
        "a log that succeeds itself",
        log_end({"origin": ORIGIN, "log_key": vkey("next", ORIGIN, 1)}),
    ),
    breaks("log-succession", "a predecessor that is no checkpoint", begin(predecessor="none")),
    keeps(
        "log-succession",
        "another log as successor",
        log_end(
            {"origin": "ledger.example/next", "log_key": vkey("next", "ledger.example/next", 1)}
        ),
    ),
    keeps("log-keys", "a genesis with a witness", begin(witnesses=[WITNESS], quorum=1)),
    keeps("log-keys", "rules with a witness", rules(WITNESS)),
    keeps(
        "log-keys",
        "a successor under its own name",
        log_end(
            {"origin": "ledger.example/next", "log_key": vkey("next", "ledger.example/next", 1)}
        ),
    ),
    breaks("genesis-quorum", "a quorum of two among one", begin(witnesses=[WITNESS], quorum=2)),
    keeps("genesis-quorum", "a quorum of one among one", begin(witnesses=[WITNESS], quorum=1)),
    breaks(
        "rules-version",
        "a genesis with rules that nobody published",
        begin(rules={"version": CURRENT, "digest": "0" * 64}),
    ),
    breaks(
        "rules-version",
        "rules with another digest",
        rules(version=NEXT_RULES | {"digest": "0" * 64}),
    ),
    breaks(
        "rules-version", "rules of a version to come", rules(version=NEXT_RULES | {"version": 99})
    ),
    breaks(
        "rules-version",
        "rules that are in force",
        rules(version={"version": CURRENT, "digest": PUBLISHED[CURRENT]}),
    ),
    breaks("rules-version", "newer rules twice", (rules(), rules(WITNESS))),
    keeps("rules-version", "newer rules that are published", rules()),
    # Several at once.
    breaks(
        "audience",
        "a reading breaks four rules, and all four are named",
        party(),
        damaged(reading(issuer=TRADER, age_s=-301, audience="ledger.example/other")),
        refused=("signature", "issuer-not-owner", "issued-ahead", "audience"),
    ),
    breaks(
        "uscc",
        "a party breaks five rules, and all five are named",
        party(),
        party(country="CN", names={}, how={"age_s": 8 * DAY_S}),
        refused=("issued-too-old", "key-taken", "party-exists", "names", "uscc"),
    ),
    breaks(
        "fields",
        "a payload that cannot be read, and all else that is wrong",
        payload("{}", audience="ledger.example/other", issuer="me"),
        refused=("fields", "issuer-not-owner", "audience", "issuer-form"),
    ),
)


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world in which nothing but its beginning has happened, closed."""
    folder = tmp_path_factory.mktemp("beginning") / "world"
    folder.mkdir()
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    made.log.engine.dispose()
    return made


@pytest.fixture
def world(beginning: World, tmp_path: Path) -> Iterator[World]:
    """Return a copy of that world: much quicker than another beginning."""
    made = copy(beginning)
    made.folder = copytree(beginning.folder, tmp_path / "world")
    made.url = f"sqlite:///{made.folder / 'ledger.sqlite'}"
    made.clock = SimulatedClock()
    made.reopen()
    yield made
    made.log.engine.dispose()


@pytest.fixture(autouse=True)
def another_version_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish a second version, as a later release does."""
    monkeypatch.setitem(PUBLISHED, NEXT_RULES["version"], NEXT_RULES["digest"])


def broken(outcome: Outcome) -> tuple[str, ...]:
    """The rules an outcome names, each once, in the order of the book."""
    if isinstance(outcome, Registered):
        return ()
    assert all(refusal.message and "\n" not in refusal.message for refusal in outcome.refusals)
    return tuple(dict.fromkeys(refusal.rule for refusal in outcome.refusals))


def tell(world: World, batch: Step | tuple[Step, ...]) -> list[tuple[str, ...]]:
    """Let one batch happen; return what each of its statements breaks."""
    made = [step(world) for step in (batch if isinstance(batch, tuple) else (batch,))]
    raws = [raw for raw in made if isinstance(raw, bytes)]
    outcomes = world.register(*raws) if raws else []
    return [answer for answer in made if isinstance(answer, tuple)] or [*map(broken, outcomes)]


@pytest.mark.parametrize(
    "scenario", [pytest.param(row, id=f"{row.rule}: {row.sentence}") for row in SCENARIOS]
)
def test_a_statement_is_refused_for_exactly_the_rules_it_breaks(world: World, scenario: Scenario):
    *before, last = scenario.story
    for batch in before:
        assert not any(tell(world, batch))
    answers = tell(world, last)
    assert answers.pop(scenario.judged) == scenario.refused
    assert not any(answers)
    world.check()


def test_every_rule_has_a_scenario_that_breaks_it_and_one_that_does_not():
    book = {MALFORMED, *REGISTRY.rules}
    assert {row.rule for row in SCENARIOS if row.rule in row.refused} == book
    assert {row.rule for row in SCENARIOS if row.rule not in row.refused} == book
    assert {rule for row in SCENARIOS for rule in row.refused} == book
    assert len({(row.rule, row.sentence) for row in SCENARIOS}) == len(SCENARIOS)


# What is not said of one statement alone.


def test_a_refused_statement_leaves_nothing_behind(world: World):
    nameless, named = party(names={})(world), party()(world)
    assert [broken(outcome) for outcome in world.register(nameless, named)] == [("names",), ()]
    world.check()


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(lambda _: b"", id="of no bytes"),
        pytest.param(says("gift", {}), id="of an unknown type"),
        pytest.param(damaged(log_end()), id="with a wrong signature"),
        pytest.param(late_genesis(), id="that is another genesis"),
        pytest.param(begin_late("ledger.example"), id="that is a genesis without a log key"),
        pytest.param(begin_late(LOG_KEY, "witness"), id="that is a genesis without a witness"),
    ],
)
def test_a_bad_statement_does_not_sink_its_batch(world: World, bad: Step):
    world.party("brand", BRAND)
    good = [world.reading("before"), world.reading("behind")]
    before, refused, behind = world.register(good[0], bad(world), good[1])
    assert isinstance(before, Registered)
    assert isinstance(refused, Refused)
    assert isinstance(behind, Registered)
    world.check()


def test_the_end_of_a_log_is_sealed_and_seals_go_on(world: World):
    world.accept(log_end()(world))
    world.clock.next_us = world.now_us + 10 * MINUTE_US
    assert world.log.heartbeat()
    assert world.check().size == 5  # genesis, seal, end, seal, heartbeat
    assert not world.log.heartbeat()


def test_the_same_statement_again_is_the_same_entry_even_after_the_end(world: World):
    first = world.party("brand", BRAND)
    raw = world.reading("x")
    entry = world.accept(raw)
    assert entry.index > first.index
    world.accept(log_end()(world))
    assert world.accept(raw) == Registered(entry.id, entry.index, new=False)


def test_the_same_words_under_another_signature_are_not_registered_again(world: World):
    tell(world, bind("pen", alg=ES256, entering=True))
    said = reading(by="pen", alg=ES256, age_s=0)
    raw = said(world)
    again = encode_sign1(
        decode_sign1(raw).protected,
        decode_sign1(raw).payload,
        key_of("pen", ES256).sign(parse_statement(raw).message),
    )
    assert world.register(raw, again)[1].refusals[0].rule == OTHER_SIGNATURE
    assert world.refuse(damaged(lambda _: again)(world)) == ["signature"]


def test_the_log_never_seals_with_a_key_that_ended(world: World):
    tell(world, key("operator-2", by="operator", of=OPERATOR))
    with suppress(LedgerError):  # to refuse the statement or to stop are both sound
        tell(world, revocation("operator", by="operator-2", of=OPERATOR))
    assert world.check().size >= 4


def test_a_genesis_does_not_count_one_witness_twice(world: World):
    assert begin(witnesses=[WITNESS, WITNESS], quorum=2)(world)
