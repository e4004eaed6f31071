"""Rules for parties and their keys."""

from collections.abc import Iterator

import msgspec

from ledger.cose.keys import PublicKey, possession_message
from ledger.errors import MalformedError, SignatureError
from ledger.histories.history import Entry
from ledger.identifiers import PERSON_PREFIX, USCC_PREFIX, check_uscc
from ledger.primitives.strict import parse_base64url
from ledger.rules.common import operator_of
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.state import (
    bindings_of,
    fold_keys,
    fold_party,
    key_state,
    log_state,
    reserved_kids,
)
from ledger.statements.brand_family import Qualification
from ledger.statements.catalogue import InvalidBody
from ledger.statements.fields import UNPROVEN, KeyBinding, Names, parse_time_us
from ledger.statements.identity_family import KeyRevocation, Party, PartyUpdate
from ledger.statements.inspection_family import Inspection
from ledger.statements.laboratory_family import Tested
from ledger.statements.log_family import Genesis
from ledger.statements.movement_family import Movement
from ledger.statements.origin_family import Facility
from ledger.texts import saying, sentence_of

_INTRODUCING = ("genesis", "party", "party-update", "key")


def _bindings(case: Case) -> list[tuple[KeyBinding, PublicKey]]:
    if case.body is None or isinstance(case.body, InvalidBody):
        return []
    keys = bindings_of(Entry(case.index, case.statement, case.body))
    return [(binding, binding.public_key()) for binding in keys]


@rule("key-unsound", *_INTRODUCING)
def keys_sound(case: Case) -> Iterator[Refusal]:
    """Each new key is canonical, on its curve and of prime order.

    Each key in `keys`, or `key`: not canonical, not on its curve, or not of prime order (Keys).
    """
    for _, key in _bindings(case):
        try:
            key.check_sound()
        except SignatureError as error:
            yield Refusal("key-unsound", saying("key {kid}: {why}", kid=key.kid.hex(), why=error))


@rule("key-taken", *_INTRODUCING)
def keys_new(case: Case) -> Iterator[Refusal]:
    """Each new key is new to this log: one key belongs to one party for ever.

    Each new key: (`key`, its kid) introduces it already, but of a `genesis` [there]; or it is
    listed twice.
    """
    seen: set[bytes] = set()
    for _, key in _bindings(case):
        state = None if isinstance(case.body, Genesis) else key_state(case.view, key.kid)
        if state is not None:
            yield Refusal(
                "key-taken",
                saying(
                    "key {kid} belongs to {owner} already", kid=key.kid.hex(), owner=state.owner
                ),
                (state.introduced,),
            )
        elif key.kid in seen:
            yield Refusal("key-taken", saying("key {kid} is listed twice", kid=key.kid.hex()))
        seen.add(key.kid)


@rule("key-reserved", *_INTRODUCING)
def keys_not_reserved(case: Case) -> Iterator[Refusal]:
    """No new key is the log key or a witness's.

    Each new key: its kid is that of the log key or of a witness, as Ed25519 keys. Of a `genesis` as
    it says itself; else as the genesis, and `witnesses` of all `rules`, in (`log`, origin) say.
    """
    if isinstance(case.body, Genesis):
        kids = reserved_kids(case.body.log_key, case.body.witnesses)
    else:
        kids = log_state(case.view, case.origin).reserved_kids
    taken = [key for _, key in _bindings(case) if key.kid in kids]
    for key in taken:
        yield Refusal(
            "key-reserved",
            saying("key {kid} is the log key or a witness's: make another", kid=key.kid.hex()),
        )


@rule("possession", *_INTRODUCING)
def possession_shown(case: Case) -> Iterator[Refusal]:
    """Each new key proves its possession; the operator alone may bind one unproven, no first one after entry.

    Each new key: `possession` is `unproven`, but in a `party`, or in a `party-update` whose party had a
    key: (`identity`, `sub`) introduces one (*Keys and parties*); else no signature by that key, as under
    Keys, for the party `sub`, of a `genesis` `iss`.
    """
    party = case.statement.issuer if isinstance(case.body, Genesis) else case.statement.subject
    for binding, key in _bindings(case):
        if binding.possession == UNPROVEN:
            late = isinstance(case.body, PartyUpdate) and not case.view.fold(
                fold_keys, "identity", party
            )
            if late or not isinstance(case.body, Party | PartyUpdate):
                yield Refusal(
                    "possession",
                    saying("key {kid}: its proof of possession is missing", kid=key.kid.hex()),
                )
            continue
        try:
            message = possession_message(key, origin=case.origin, party=party)
            key.verify(message, parse_base64url(binding.possession))
        except (SignatureError, MalformedError) as error:
            yield Refusal(
                "possession",
                saying("key {kid}: proof of possession: {why}", kid=key.kid.hex(), why=error),
            )


@rule("party-exists", "party")
def party_new(case: Case) -> Iterator[Refusal]:
    """The party is not registered yet.

    (`identity`, `sub`) is not empty [its first].
    """
    history = case.view.history("identity", case.statement.subject)
    if history.count:
        first = history.entries()[0].index
        yield Refusal(
            "party-exists",
            saying("{subject} is registered: use party-update", subject=case.statement.subject),
            (first,),
        )


@rule(
    "party-unknown",
    "party-update",
    "key",
    "key-revocation",
    "qualification",
    "authorisation",
    "admission",
    "sanction",
    "advice",
    "observer-application",
    "observer",
    "invitation",
)
def party_known(case: Case) -> Iterator[Refusal]:
    """The party it is about is registered.

    (`identity`, `sub`) is empty.
    """
    if not case.view.history("identity", case.statement.subject).count:
        yield Refusal(
            "party-unknown",
            saying("{subject} is not registered: use party first", subject=case.statement.subject),
        )


def _named(case: Case) -> Iterator[str]:
    """Yield the parties that a statement names, beside its subject, and that must be known."""
    match case.body:
        case Facility(owner=party) | Inspection(trader=party) | Qualification(of=str(party)):
            yield str(party)
        case Movement(to=str(party)):
            yield str(party)
        case Tested(client=client, trader=trader):
            yield str(client)
            if isinstance(trader, str):
                yield str(trader)
        case _:
            pass


@rule(
    "named-unknown",
    "qualification",
    "facility",
    "inspection",
    "test-report",
    "retest-report",
    "movement",
    bite="replay-only",
)
def named_known(case: Case) -> Iterator[Refusal]:
    """The owner, trader, parent, client or receiver that a statement names is a registered party.

    (`identity`, p) is empty, of each p named: `owner` of a facility, `trader` of an inspection,
    `of` of a paper, `client` and `trader` of a report, `to` of a movement.
    """
    for party in _named(case):
        if not case.view.history("identity", party).count:
            yield Refusal(
                "named-unknown", saying("{party} is not registered: use party first", party=party)
            )


@rule(
    "names",
    "party",
    "party-update",
    "genesis",
    "product",
    "facility",
    "shop",
    "baseline-standard",
    "standard",
)
def names_given(case: Case) -> Iterator[Refusal]:
    """A name is given in Chinese or English.

    `names` has neither `zh` nor `en`.
    """
    names = getattr(case.body, "names", None)
    if isinstance(names, Names) and names.zh is names.en is msgspec.UNSET:
        yield Refusal("names", saying("names: give zh, en or both"))


@rule("uscc", "party", "party-update")
def uscc_given(case: Case) -> Iterator[Refusal]:
    """A Chinese firm carries its unified social credit code, valid and the one of its id.

    Without `uscc`: `sub` is an `urn:uscc:`, or `country` is CN and `sub` no `urn:pinyuan:person:`.
    With it: it is no unified social credit code (Statement types); `sub` is an `urn:uscc:` of
    another; or (`identity`, `sub`) has another (*Keys and parties*).
    """
    body, party = case.body, case.statement.subject
    if not isinstance(body, Party | PartyUpdate):
        return
    if body.uscc is msgspec.UNSET:
        if party.startswith(USCC_PREFIX) or (
            body.country == "CN" and not party.startswith(PERSON_PREFIX)
        ):
            yield Refusal(
                "uscc",
                saying("{party}: a Chinese firm needs its unified social credit code", party=party),
            )
        return
    try:
        check_uscc(body.uscc)
    except MalformedError as error:
        yield Refusal("uscc", sentence_of(error))
    if party.startswith(USCC_PREFIX) and party != USCC_PREFIX + body.uscc:
        yield Refusal(
            "uscc", saying("{party} cannot carry the code {uscc}", party=party, uscc=body.uscc)
        )
    known = case.view.fold(fold_party, "identity", party)
    if known is not None and known.uscc not in (None, body.uscc):
        yield Refusal(
            "uscc",
            saying("{party} is registered with the code {uscc}", party=party, uscc=known.uscc),
        )


@rule("uscc-taken", "party", "party-update")
def uscc_unique(case: Case) -> Iterator[Refusal]:
    """A unified social credit code belongs to one party: one firm, one party.

    With `uscc`: the operator, by (`log`, origin), is `urn:uscc:` with that code, and `sub` is not
    the operator [entry 0]; or an entry of (`uscc`, code) has another subject [the first that has].
    """
    if not isinstance(case.body, Party | PartyUpdate) or case.body.uscc is msgspec.UNSET:
        return
    if operator_of(case) == USCC_PREFIX + case.body.uscc != case.statement.subject:
        yield Refusal(
            "uscc-taken", saying("code {uscc} belongs to the operator", uscc=case.body.uscc), (0,)
        )
    for entry in case.view.history("uscc", case.body.uscc).entries():
        if entry.statement.subject != case.statement.subject:
            yield Refusal(
                "uscc-taken",
                saying(
                    "code {uscc} belongs to {subject}",
                    uscc=case.body.uscc,
                    subject=entry.statement.subject,
                ),
                (entry.index,),
            )
            return


@rule("revocation-target", "key-revocation")
def revoked_key_fits(case: Case) -> Iterator[Refusal]:
    """A revocation names a key of its subject; a second one says since when it is suspected.

    (`key`, its `kid`) introduces no key, or one whose owner is not `sub`; or that was revoked
    before [first], and `suspected_since` is left out, or not earlier than each said before.
    """
    if not isinstance(case.body, KeyRevocation):
        return
    kid, since = case.body.kid, case.body.suspected_since
    state = key_state(case.view, bytes.fromhex(kid))
    if state is None or state.owner != case.statement.subject:
        yield Refusal(
            "revocation-target",
            saying("key {kid} is not a key of {subject}", kid=kid, subject=case.statement.subject),
        )
    elif state.revoked is not None:
        earlier = state.suspected_since_us is None or (
            since is not msgspec.UNSET and parse_time_us(since) < state.suspected_since_us
        )
        if since is msgspec.UNSET or not earlier:
            yield Refusal(
                "revocation-target",
                saying("key {kid} is revoked already", kid=kid),
                (state.revoked,),
            )


@rule("revocation-time", "key-revocation", bite="replay-only")
def suspicion_in_the_past(case: Case) -> Iterator[Refusal]:
    """A key can be suspected since a moment that has passed, not a later one.

    `suspected_since` is later than now.
    """
    if not isinstance(case.body, KeyRevocation) or case.body.suspected_since is msgspec.UNSET:
        return
    if parse_time_us(case.body.suspected_since) > case.now_us:
        when = case.body.suspected_since
        yield Refusal(
            "revocation-time", saying("suspected_since {when} is in the future", when=when)
        )


@rule("last-operator-key", "key-revocation", bite="replay-only")
def operator_keeps_a_key(case: Case) -> Iterator[Refusal]:
    """The operator does not end the key that signs the revocation, nor a key it comes from.

    `sub` is the operator, by (`log`, origin), and `kid` in the payload is that of the key that
    signs; or, with `suspected_since`, that of a key above it (*Keys and parties*) which signed the
    introduction, registered at that time or later, of the one below. (`key`, …) is read upwards
    until one does.
    """
    body = case.body
    if not isinstance(body, KeyRevocation) or case.statement.subject != operator_of(case):
        return
    kid = case.statement.kid
    ends = kid.hex() == body.kid
    state = key_state(case.view, kid)
    while not ends and state is not None and state.introduced_by != state.key.kid:
        since = body.suspected_since
        ends = (
            state.introduced_by.hex() == body.kid
            and since is not msgspec.UNSET
            and case.view.registered_us(state.introduced) >= parse_time_us(since)
        )
        state = key_state(case.view, state.introduced_by)
    if ends:
        yield Refusal(
            "last-operator-key",
            saying(
                "the operator ends the key that signs this: sign with one that stays, or suspect a later time"
            ),
        )
