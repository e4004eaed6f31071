"""Rules for every statement: form, key, signature, issuer, times, audience."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from ledger.cose.keys import ALG_NAMES, PublicKey
from ledger.errors import MalformedError, SignatureError
from ledger.events.checks import check_uri
from ledger.identifiers import (
    check_checklist,
    check_claimed,
    check_draw,
    check_facility,
    check_indexed,
    check_lot,
    check_model,
    check_party,
    check_product,
    check_programme,
    check_roster,
    check_sample,
    check_shop,
    check_standard,
    check_visit,
)
from ledger.primitives.instant import format_us
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.state import MICROSECONDS, ended_at, fold_party, key_state, log_state
from ledger.statements.catalogue import CATALOGUE, InvalidBody, histories_of, type_name
from ledger.statements.envelope import Topic
from ledger.statements.log_family import Genesis
from ledger.statements.typed import Typed
from ledger.statements.words import ISSUERS
from ledger.texts import saying, sentence_of
from ledger.texts.joints import either

MAX_PAIRS_TEXT = 400
"""Characters of histories that a refusal names."""
AHEAD_S = 5 * 60
NATIVE_AGE_S = 7 * 86_400
OFFLINE_AGE_S = 30 * 86_400
OFFLINE_TYPES = ("visit", "observation")
"""What observers sign without a network and send weeks later."""

SUBJECT_CHECKS: Mapping[str, Callable[[str], None]] = {
    "party": check_party,
    "product": check_product,
    "lot": check_lot,
    "facility": check_facility,
    "shop": check_shop,
    "sample": check_sample,
    "visit": check_visit,
    "checklist": check_checklist,
    "roster": check_roster,
    "programme": check_programme,
    "draw": check_draw,
    "model": check_model,
    "indexed": check_indexed,
    "standard": check_standard,
    "claimed": check_claimed,
    "event": check_uri,
}


def signing_key(case: Case) -> PublicKey | None:
    """Return the key that the statement's kid names; a genesis brings its own."""
    if isinstance(case.body, Genesis):
        keys = (binding.public_key() for binding in case.body.keys)
        return next((key for key in keys if key.kid == case.statement.kid), None)
    state = key_state(case.view, case.statement.kid)
    return None if state is None else state.key


def operator_of(case: Case) -> str:
    """Return the operator's party id."""
    if isinstance(case.body, Genesis):
        return case.statement.issuer
    return log_state(case.view, case.origin).operator


@rule("type-unknown", "native")
def type_known(case: Case) -> Iterator[Refusal]:
    """The type and its version are in the catalogue.

    The payload is a strict JSON object with a text `type` and a `v`, but its type is none of the
    table of types, or `v` is not the integer 1.
    """
    if isinstance(case.body, InvalidBody) and case.body.rule == "type-unknown":
        yield Refusal("type-unknown", case.body.message)


@rule("fields", "native")
def fields_as_documented(case: Case) -> Iterator[Refusal]:
    """The payload is strict JSON with exactly the fields of its type.

    The payload is no strict JSON (Signed statement), no object with a text `type`, without `v`, or
    not as Fields has its type; so is of a `supersede` what `statement` says, of a type that may be
    replaced. Nor could its histories be named: `sub` of a lot, inspection or recall is no product,
    lot or item; `x` of a key has not 32 bytes, or `x`, `y` are not base64url as it is written.
    """
    if isinstance(case.body, InvalidBody) and case.body.rule == "fields":
        yield Refusal("fields", case.body.message)


@rule("key-unknown", "all", turn="first")
def key_known(case: Case) -> Iterator[Refusal]:
    """The key that signed was introduced earlier in this log.

    (`key`, `kid`) introduces no such key (*Keys and parties*). A `genesis` brings its own, in
    `keys`.
    """
    if signing_key(case) is None:
        kid = case.statement.kid.hex()
        yield Refusal(
            "key-unknown",
            saying(
                "key {kid} is not registered: its party introduces it with a live key (key); the operator registers a new party (party), or binds it to one that has no live key left (party-update)",
                kid=kid,
            ),
        )


@rule("key-not-live", "all", turn="first")
def key_live(case: Case) -> Iterator[Refusal]:
    """The key that signed had not ended before this place in the log.

    Its key has ended (*Keys and parties*) [the end]. Not asked of a `genesis`.
    """
    state = None if isinstance(case.body, Genesis) else key_state(case.view, case.statement.kid)
    if state is None:
        return
    end = ended_at(case.view, state)
    if end is not None and end < case.index:
        yield Refusal(
            "key-not-live",
            saying(
                "key {kid} ended with entry {end}: sign with a live key; to a party that has none left the operator binds a new one (party-update)",
                kid=case.statement.kid.hex(),
                end=end,
            ),
            (end,),
        )


@rule("signature", "all", turn="first")
def signature_verifies(case: Case) -> Iterator[Refusal]:
    """The signature verifies under the registered key, by that key's algorithm.

    Header 1 is not the algorithm of its key in (`key`, `kid`), or the signature does not verify
    under it (Keys). Without a key nothing is told.
    """
    if case.signature_checked:
        return
    key = signing_key(case)
    if key is None:
        return
    if key.alg != case.statement.alg:
        names = ALG_NAMES[case.statement.alg], ALG_NAMES[key.alg]
        yield Refusal(
            "signature",
            saying(
                "the header says {names}, the registered key is {names_2}",
                names=names[0],
                names_2=names[1],
            ),
        )
        return
    try:
        case.statement.verify(key)
    except SignatureError as error:
        yield Refusal("signature", sentence_of(error))


@rule("issuer-not-owner", "all", turn="first")
def issuer_owns_key(case: Case) -> Iterator[Refusal]:
    """The issuer is the party the key belongs to.

    `iss` is not the owner of its key, by (`key`, `kid`) (*Keys and parties*) [its introduction].
    Not asked of a `genesis`.
    """
    state = None if isinstance(case.body, Genesis) else key_state(case.view, case.statement.kid)
    if state is not None and state.owner != case.statement.issuer:
        yield Refusal(
            "issuer-not-owner",
            saying(
                "key {kid} belongs to {owner}, not to {issuer}",
                kid=case.statement.kid.hex(),
                owner=state.owner,
                issuer=case.statement.issuer,
            ),
            (state.introduced,),
        )


@rule("role", "native")
def issuer_may_say_this(case: Case) -> Iterator[Refusal]:
    """The issuer has a role that may issue this type.

    None of those who issue its type, by the table of types: operator, who issued the genesis in
    (`log`, origin); party, where `iss` is `sub`; a role, which (`identity`, `iss`) has (*Keys and
    parties*). They are looked at in this order, as far as the row has them.
    """
    if isinstance(case.body, InvalidBody) or case.body is None:
        return
    name, issuer = type_name(case.body), case.statement.issuer
    issuers = CATALOGUE[name].issuers
    if "operator" in issuers and issuer == operator_of(case):
        return
    if "party" in issuers and issuer == case.statement.subject:
        return
    if set(issuers) - {"operator", "party"}:
        party = case.view.fold(fold_party, "identity", issuer)
        if party is not None and party.roles & set(issuers):
            return
    yield Refusal(
        "role",
        saying(
            "{name} is issued by {issuers}, not by {issuer}",
            name=Typed(name),
            issuers=either(ISSUERS[one] for one in issuers),
            issuer=issuer,
        ),
    )


@rule("issued-ahead", "all", bite="replay-only")
def not_issued_ahead(case: Case) -> Iterator[Refusal]:
    """The issuer's time is at most 5 minutes ahead of the log's.

    `iat` less now, in whole seconds, is more than `ahead-s`.
    """
    ahead_s = case.statement.issued_at - case.now_us // MICROSECONDS
    if ahead_s > AHEAD_S:
        yield Refusal(
            "issued-ahead",
            saying(
                "issued {ahead_s} s ahead of the log's clock: set the issuer's clock",
                ahead_s=ahead_s,
            ),
        )


@rule("issued-too-old", "native", bite="replay-only")
def not_issued_too_old(case: Case) -> Iterator[Refusal]:
    """The issuer's time is at most 7 days behind the log's, an observer's offline one 30 days.

    Now, in whole seconds, less `iat` is more than `native-age-s`; of a `visit` or `observation`
    `offline-age-s`.
    """
    age_s = case.now_us // MICROSECONDS - case.statement.issued_at
    limit_s = OFFLINE_AGE_S if type_name_of(case) in OFFLINE_TYPES else NATIVE_AGE_S
    if age_s > limit_s:
        until = format_us((case.statement.issued_at + limit_s) * MICROSECONDS)
        why = saying(
            "it could be registered until {until}, {limit_s} days after it was signed: sign it again",
            until=until,
            limit_s=limit_s // 86400,
        )
        yield Refusal("issued-too-old", why)


@rule("audience", "all")
def audience_is_this_log(case: Case) -> Iterator[Refusal]:
    """The audience is this log, or others and this log; only a generic statement may name none.

    `aud` names others than the log; or is left out, but for a generic statement.
    """
    audience = case.statement.audience
    if case.origin not in audience and (audience or case.body is not None):
        named = saying(" and ").join(
            saying("the log {name!r}", name=name) for name in audience
        ) or saying("no log")
        yield Refusal(
            "audience",
            saying("signed for {named}; this one is {origin!r}", named=named, origin=case.origin),
        )


@rule("log-ended", "all", bite="replay-only")
def log_goes_on(case: Case) -> Iterator[Refusal]:
    """The log has not ended; only seals may follow its end.

    There is a `log-end` in (`log`, origin) [it]. Not asked of a `genesis` or `seal`.
    """
    if isinstance(case.body, Genesis) or type_name_of(case) == "seal":
        return
    ended = log_state(case.view, case.origin).ended
    if ended is not None and ended < case.index:
        yield Refusal(
            "log-ended",
            saying("the log ended with entry {ended}: register with its successor", ended=ended),
            (ended,),
        )


def type_name_of(case: Case) -> str:
    """Return the type's name, empty for a payload that cannot be read."""
    return "" if isinstance(case.body, InvalidBody) else type_name(case.body)


@rule("issuer-form", "native", turn="first")
def issuer_canonical(case: Case) -> Iterator[Refusal]:
    """The issuer is a party id in canonical form.

    `iss` is no party-id (Fields).
    """
    try:
        check_party(case.statement.issuer)
    except MalformedError as error:
        yield Refusal("issuer-form", sentence_of(error))


@rule("subject", "native")
def subject_canonical(case: Case) -> Iterator[Refusal]:
    """The subject is that of the type's first history, in canonical form.

    `sub` is not of the form that the published document has of its type (`subject`). log: the log's
    name; target: the subject of its first history; claimed: a product, lot, facility or standard;
    indexed: a product, party, trademark or category; event: a URI; else as under Fields. Of a payload that cannot
    be read nothing is told.
    """
    if isinstance(case.body, InvalidBody) or case.body is None:
        return
    form, subject = CATALOGUE[type_name(case.body)].subject, case.statement.subject
    if form == "log":
        if subject != case.origin:
            yield Refusal(
                "subject",
                saying(
                    "the subject is {subject!r}, the log is {origin!r}",
                    subject=subject,
                    origin=case.origin,
                ),
            )
        return
    first = (case.topics or histories_of(case.statement, case.body))[0]
    if form == "target":
        if first[1] != subject:
            yield Refusal(
                "subject",
                saying(
                    "the subject is {subject!r}, that of the target {first!r}",
                    subject=subject,
                    first=first[1],
                ),
            )
        return
    try:
        SUBJECT_CHECKS[form](subject)
    except MalformedError as error:
        yield Refusal("subject", sentence_of(error))


def pairs(topics: Iterable[Topic]) -> str:
    """Return histories as a payload's ``subjects`` spell them: those that fit, each whole."""
    told, length = list[str](), 0
    for topic in sorted(set(topics)):
        one = json.dumps([*topic], ensure_ascii=False)
        length += len(one)
        if told and length > MAX_PAIRS_TEXT:
            return ", ".join([*told, "…"])
        told.append(one)
    return ", ".join(told)
