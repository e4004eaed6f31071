"""Rules for statements about the log: genesis, rules, and what only the log writes."""

from collections.abc import Iterator

from ledger.errors import MalformedError
from ledger.rules.published import PUBLISHED
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.state import log_state
from ledger.statements.log_family import Genesis, LogEnd, Rules, RulesVersion
from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, parse_vkey


@rule("genesis-first", "genesis")
def genesis_is_entry_zero(case: Case) -> Iterator[Refusal]:
    """A genesis is entry 0 and nothing else is."""
    if case.index:
        yield Refusal("genesis-first", f"a genesis at index {case.index}: only entry 0 is one")


@rule("log-keys", "genesis", "rules", "log-end")
def verifier_keys_sound(case: Case) -> Iterator[Refusal]:
    """Log and witness keys are verifier keys of their type, the log's under its own name."""
    wanted: list[tuple[str, int, str | None]] = []
    if isinstance(case.body, Genesis):
        wanted.append((case.body.log_key, TYPE_ED25519, case.statement.subject))
    if isinstance(case.body, Genesis | Rules):
        wanted += [(text, TYPE_COSIGNATURE, None) for text in case.body.witnesses]
    if isinstance(case.body, LogEnd) and case.body.successor is not None:
        wanted.append((case.body.successor.log_key, TYPE_ED25519, case.body.successor.origin))
    for text, kind, name in wanted:
        try:
            vkey = parse_vkey(text)
        except MalformedError as error:
            yield Refusal("log-keys", str(error))
            continue
        if vkey.type != kind or name not in (None, vkey.name):
            yield Refusal(
                "log-keys", f"key {vkey.name}: type {kind:02x} under the right name expected"
            )


@rule("genesis-quorum", "genesis")
def quorum_possible(case: Case) -> Iterator[Refusal]:
    """The quorum that genesis names is not larger than its list of witnesses."""
    if isinstance(case.body, Genesis) and case.body.quorum > len(case.body.witnesses):
        yield Refusal(
            "genesis-quorum",
            f"a quorum of {case.body.quorum} among {len(case.body.witnesses)} witnesses",
        )


@rule("rules-version", "genesis", "rules")
def rules_known(case: Case) -> Iterator[Refusal]:
    """The rules are a published version with its digest, and newer than those in force."""
    version: RulesVersion
    match case.body:
        case Genesis(rules=version) | Rules(rules=version):
            pass
        case _:
            return
    if PUBLISHED.get(version.version) != version.digest:
        yield Refusal(
            "rules-version",
            f"rules version {version.version} with this digest is not published here",
        )
    if isinstance(case.body, Rules):
        state = log_state(case.view, case.origin)
        if version.version <= state.rules_version:
            yield Refusal(
                "rules-version", f"rules version {state.rules_version} is in force already"
            )
