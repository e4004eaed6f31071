"""Rules for statements about the log: genesis, rules, and what only the log writes."""

from collections.abc import Iterator

from ledger.cose.keys import EDDSA, PublicKey
from ledger.errors import MalformedError, SignatureError
from ledger.primitives.ed25519 import check_sound
from ledger.rules.published import is_published
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.state import key_state, log_state
from ledger.statements.log_family import Genesis, LogEnd, Rules, RulesVersion
from ledger.texts import saying, sentence_of
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, parse_note, parse_vkey


@rule("genesis-first", "genesis")
def genesis_is_entry_zero(case: Case) -> Iterator[Refusal]:
    """A genesis is entry 0 and nothing else is.

    Its place is not 0.
    """
    if case.index:
        yield Refusal(
            "genesis-first",
            saying("a genesis at index {index}: only entry 0 is one", index=case.index),
        )


def _verifier_keys(case: Case) -> list[tuple[str, int, str | None]]:
    """Return the verifier keys a statement names: text, type, the name it must have."""
    match case.body:
        case Genesis(log_key=log_key, witnesses=witnesses):
            first = [(log_key, TYPE_ED25519, case.statement.subject)]
            return first + [(text, TYPE_COSIGNATURE, None) for text in witnesses]
        case Rules(witnesses=witnesses):
            return [(text, TYPE_COSIGNATURE, None) for text in witnesses]
        case LogEnd(successor=successor) if successor is not None:
            return [(successor.log_key, TYPE_ED25519, successor.origin)]
        case _:
            return []


@rule("log-keys", "genesis", "rules", "log-end")
def verifier_keys_sound(case: Case) -> Iterator[Refusal]:
    """Log and witness keys are sound verifier keys of their type, each once, no party's key.

    Each of `log_key` (type 01, named `sub`), `witnesses` (type 04), `successor.log_key` (type 01,
    named `successor.origin`): no verifier key (Checkpoint, cosignature) of prime order; of another
    type or name; listed twice; or a statement key: (`key`, kid as Ed25519 key) introduces it
    [there].
    """
    seen: set[bytes] = set()
    for text, kind, name in _verifier_keys(case):
        try:
            vkey = parse_vkey(text)
            check_sound(vkey.key)
        except (MalformedError, SignatureError) as error:
            yield Refusal("log-keys", sentence_of(error))
            continue
        if vkey.type != kind or name not in (None, vkey.name):
            yield Refusal(
                "log-keys",
                saying(
                    "key {name}: type {kind:02x} under the right name expected",
                    name=vkey.name,
                    kind=kind,
                ),
            )
        if vkey.key in seen:
            yield Refusal("log-keys", saying("key {name} is listed twice", name=vkey.name))
        seen.add(vkey.key)
        state = key_state(case.view, PublicKey(EDDSA, vkey.key).kid)
        if state is not None:
            why = saying(
                "key {name} is a statement key of {owner}", name=vkey.name, owner=state.owner
            )
            yield Refusal("log-keys", why, (state.introduced,))


@rule("log-succession", "genesis", "log-end")
def succession_leads_elsewhere(case: Case) -> Iterator[Refusal]:
    """A successor is another log; a predecessor is cited by a checkpoint of another log.

    `successor.origin` is this log's name. `predecessor` is no signed note of a checkpoint, or one
    of the log `sub`.
    """
    match case.body:
        case LogEnd(successor=successor) if successor is not None:
            if successor.origin == case.origin:
                yield Refusal("log-succession", saying("a log cannot succeed itself: name another"))
        case Genesis(predecessor=str(note)):
            try:
                cited = parse_checkpoint(parse_note(note).text).origin
            except MalformedError as error:
                yield Refusal("log-succession", saying("predecessor: {why}", why=error))
                return
            if cited == case.statement.subject:
                yield Refusal(
                    "log-succession", saying("predecessor: a checkpoint of this very log")
                )
        case _:
            pass


@rule("genesis-quorum", "genesis")
def quorum_possible(case: Case) -> Iterator[Refusal]:
    """The quorum that genesis names is not larger than its list of witnesses.

    `quorum` is above the number of `witnesses`.
    """
    if isinstance(case.body, Genesis) and case.body.quorum > len(case.body.witnesses):
        yield Refusal(
            "genesis-quorum",
            saying(
                "a quorum of {quorum} among {count} witnesses",
                quorum=case.body.quorum,
                count=len(case.body.witnesses),
            ),
        )


@rule("rules-version", "genesis", "rules")
def rules_known(case: Case) -> Iterator[Refusal]:
    """The rules are a published version with its digest, and newer than those in force.

    `rules.digest` is not the SHA-256 of the published document of `rules.version`. Of `rules` also:
    that version is not above the newest in (`log`, origin).
    """
    version: RulesVersion
    match case.body:
        case Genesis(rules=version) | Rules(rules=version):
            pass
        case _:
            return
    if not is_published(version.version, version.digest):
        yield Refusal(
            "rules-version",
            saying(
                "rules version {version} with this digest is not published here",
                version=version.version,
            ),
        )
    if isinstance(case.body, Rules):
        state = log_state(case.view, case.origin)
        if version.version <= state.rules_version:
            yield Refusal(
                "rules-version",
                saying(
                    "rules version {rules_version} is in force already",
                    rules_version=state.rules_version,
                ),
            )
