"""Fraud proofs: each shows what the operator did to who has the log key; honesty proves nothing."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from audit.ledgers import Paper
from evidence.base_install import run_all
from evidence.bundles import admitted, mutations, topics_of, trust
from evidence.cheating import SELL, Cheat, forged, sanction
from hypothesis import given
from hypothesis import strategies as st
from tea import TRADER
from world import BRAND, DAY_S, ORIGIN, World, key_of

from ledger.answering.accuser import accuse
from ledger.answering.fraud_finder import (
    WholeLedger,
    find_fork,
    find_index_fraud,
    find_rule_fraud,
    find_seal_fraud,
)
from ledger.answering.prover import prove
from ledger.audit import verify_ledger
from ledger.errors import (
    AuditError,
    CannotVerifyError,
    MalformedError,
    ProofError,
    SignatureError,
    VerificationError,
)
from ledger.evidence.bundle import Bundle, decode_bundle, encode_bundle
from ledger.evidence.fraud import (
    Fork,
    Fraud,
    IndexFraud,
    ListedEntry,
    Proven,
    RuleFraud,
    decode_fraud,
    encode_fraud,
    prove_fork,
    prove_fork_by_leaves,
    prove_index,
    prove_rule,
    verify_fraud,
)
from ledger.evidence.seal_fraud import SealFraud, prove_seal
from ledger.files.archive import export
from ledger.primitives.strict import format_base64
from ledger.statements.log_family import Previous
from ledger.store.ledger_reader import DatabaseReader
from ledger.tlog.note import TYPE_ED25519, VerifierKey
from ledger.tlog.trust import parse_trust


def proven(fraud: Fraud | None) -> str:
    """Return what a proof says to who has nothing but the log key."""
    assert fraud is not None
    found = verify_fraud(encode_fraud(fraud), trust())
    assert isinstance(found, Proven)
    assert (found.kind, found.origin) == (fraud.fraud, ORIGIN)
    return found.says.removeprefix(f"the log {ORIGIN}: ")


def refused(fraud: Fraud, why: str) -> None:
    """Check that a file proves nothing."""
    with pytest.raises(VerificationError, match=why):
        verify_fraud(encode_fraud(fraud), trust())


def ledger_of(world: World) -> WholeLedger:
    """Read a world's ledger as an auditor does."""
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        return WholeLedger(reader)


def may_sell(world: World, **options: Any) -> Bundle:
    return prove(world.log, "may_sell", SELL, **options)


def opened(folder: Any, name: str) -> World:
    """Return one more ledger of the same operator under the same name."""
    made = folder / name
    made.mkdir()
    return World(made, f"sqlite:///{made / 'ledger.sqlite'}")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return the usual beginning, a complaint and a sanction: 36 entries."""
    world = opened(tmp_path_factory.mktemp("honest"), "ledger")
    cheat = Cheat(world, pytest.MonkeyPatch())
    cheat.tea.chain()
    world.accept(sanction(cheat.tea, cheat.refusal()))
    yield world
    world.log.engine.dispose()


@pytest.fixture(scope="module")
def whole(honest: World) -> WholeLedger:
    return ledger_of(honest)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return the ledger shown to others: no sanction in it, two readings instead, 38 entries."""
    world = opened(tmp_path_factory.mktemp("twin"), "ledger")
    cheat = Cheat(world, pytest.MonkeyPatch())
    cheat.tea.chain()
    cheat.complaint()
    cheat.complaint_again()
    cheat.complaint_again()
    yield world
    world.log.engine.dispose()


# Honest ledgers.


def test_nothing_is_found_in_an_honest_ledger(honest: World, whole: WholeLedger):
    bundle = may_sell(honest)
    assert find_index_fraud(whole, bundle) is None
    for item in whole.signed:
        assert find_fork(whole, item.note) is None
    for index in range(len(whole.leaves)):
        assert find_seal_fraud(whole, index) is None
        assert find_rule_fraud(whole, index) is None
        assert prove_rule(bundle, index) is None
        assert prove_index(bundle, whole.statement(index, 36)) is None


def test_two_honest_checkpoints_prove_nothing(whole: WholeLedger):
    for old in whole.signed:
        for new in whole.signed:
            if old.size < new.size:
                extends = prove_fork(old.note, new.note, whole.consistency(old.size, new.size))
                refused(extends, "the larger checkpoint extends the smaller one")
                refused(prove_fork(new.note, old.note), "two sizes need a consistency proof")
        refused(prove_fork(old.note, old.note), "both checkpoints have the same size and root")


def test_a_consistency_proof_between_other_sizes_proves_nothing(whole: WholeLedger):
    old, new = whole.signed[3].note, whole.signed[-1].note
    wrong = whole.consistency(whole.signed[4].size, 36)
    refused(prove_fork(old, new, wrong), "the consistency proof is not from size")
    smaller_first = Fork(checkpoints=(new, old), consistency=wrong)
    refused(smaller_first, "the smaller checkpoint comes first")


def test_a_made_up_root_proves_nothing(whole: WholeLedger):
    """A root of whatever is no root the larger tree has: not for sizes that are powers of two either."""
    sizes = [item.size for item in whole.signed]
    assert {2, 4, 8} & set(sizes)
    for old in whole.signed[:-1]:
        true = whole.consistency(old.size, 36)
        lie = msgspec.structs.replace(true, root=format_base64(bytes(32)))
        with pytest.raises(ProofError):
            verify_fraud(encode_fraud(prove_fork(old.note, whole.note(0)[0], lie)), trust())


def test_an_honest_index_proves_nothing(honest: World, whole: WholeLedger):
    """For every entry and every history of a verdict, put together by hand."""
    bundle, said = may_sell(honest), topics_of(honest)
    ids = {item.id.hex(): n for n, item in enumerate(map(statement_of, whole.leaves))}
    hashes = {n: whole.leaf(n, 36).hash for n in range(36)}
    for item in bundle.histories:
        entries = [ids[id_] for id_ in said.get((item.topic, item.subject), [])]
        assert entries == list(item.entries)
        for index in range(0, 35, 4):
            false = IndexFraud(
                checkpoint=bundle.checkpoint,
                entry=whole.statement(index, 36),
                seal=whole.statement(35, 36),
                topic=item.topic,
                subject=item.subject,
                listed=tuple(ListedEntry(index=i, hash=hashes[i]) for i in item.entries),
                proof=item.proof,
            )
            refused(false, f"is right about entry {index}")
            if item.entries:
                shorter = msgspec.structs.replace(false, listed=false.listed[1:])
                refused(shorter, "is not the complete one")


def statement_of(leaf: bytes) -> Any:
    from ledger.statements.envelope import parse_statement

    return parse_statement(leaf)


def test_a_seal_says_nothing_of_what_comes_behind_it(honest: World, whole: WholeLedger):
    """An index over the first 33 entries does not have entry 34, and need not."""
    early = prove(honest.log, "history", {"topic": "sanction", "subject": TRADER}, known_at=34)
    absent = next(item for item in early.histories if item.topic == "sanction")
    false = IndexFraud(
        checkpoint=early.checkpoint,
        entry=whole.statement(34, 36),
        seal=whole.statement(33, 36),
        topic="sanction",
        subject=TRADER,
        listed=(),
        proof=absent.proof,
    )
    refused(false, "entry 34 is not before the seal at entry 33")
    refused(msgspec.structs.replace(false, seal=whole.statement(34, 36)), "entry 34 is no seal")


def test_an_entry_that_keeps_the_rules_proves_nothing(honest: World):
    bundle = may_sell(honest)
    for index in (22, 28, 34, 35):
        false = RuleFraud(
            checkpoint=bundle.checkpoint,
            entry=index,
            histories=bundle.histories,
            statements=bundle.statements,
        )
        refused(false, f"entry {index} keeps every rule that is asked again")
    index = min(set(range(36)) - {item.index for item in bundle.statements})
    absent = msgspec.structs.replace(false, entry=index)
    refused(absent, f"entry {index} is not in the file")


def test_a_rule_is_not_broken_because_its_reads_are_missing(honest: World):
    """Without the history that introduced the key, every statement would be unsigned."""
    bundle = may_sell(honest)
    for item in bundle.histories:
        if item.topic in ("key", "identity", "grant", "qualification-number"):
            fewer = tuple(other for other in bundle.histories if other is not item)
            false = RuleFraud(
                checkpoint=bundle.checkpoint,
                entry=28,
                histories=fewer,
                statements=bundle.statements,
            )
            refused(false, "does not prove the history|keeps every rule")


def test_honest_seals_prove_nothing(whole: WholeLedger):
    note = whole.note(0)[0]
    seals = [entry.index for entry in whole.seals(36)]
    for at, later in enumerate(seals):
        for earlier in seals[:at]:
            between = [whole.leaf(i, 36) for i in range(earlier + 1, later)]
            pair = whole.statement(later, 36), whole.statement(earlier, 36)
            refused(prove_seal(note, *pair, between), "says nothing false")
            if between:
                refused(prove_seal(note, *pair, between[1:]), "not every entry before the seal")
        alone = whole.statement(later, 36)
        chain = [whole.leaf(i, 36) for i in range(later)]
        refused(prove_seal(note, alone, None, chain), "says nothing false")
    swapped = whole.statement(seals[0], 36), whole.statement(seals[1], 36)
    refused(prove_seal(note, *swapped, ()), "the earlier seal comes first")
    refused(prove_seal(note, whole.statement(0, 36), None, ()), "entry 0 is no seal")


# Two checkpoints.


def test_two_roots_of_one_size(honest: World, twin: World):
    one, other = may_sell(honest), may_sell(twin, since=36)
    same_size = next(item for item in ledger_of(twin).signed if item.size == 36)
    says = "it signed two checkpoints of size 36 with different roots"
    assert proven(prove_fork(one.checkpoint, same_size.note)) == says
    assert proven(find_fork(ledger_of(twin), one.checkpoint)) == says
    larger = "it signed checkpoints of size 36 and 38 that are not of one log"
    shown = proven(prove_fork(other.checkpoint, one.checkpoint, other.consistency))
    assert shown == f"{larger}: the larger had another root at size 36"


def test_a_fork_is_found_where_the_ledger_has_no_checkpoint_of_that_size(
    honest: World, twin: World
):
    ledger = ledger_of(twin)
    ledger.signed = ledger.signed[-1:]
    says = proven(find_fork(ledger, may_sell(honest).checkpoint))
    assert says.endswith("the larger had another root at size 36")
    assert find_fork(ledger_of(honest), may_sell(twin).checkpoint) is None, "shorter than it"


def test_two_bundles_show_a_fork_without_the_operators_help(honest: World, twin: World):
    """Who got other answers lay them side by side: entry 33 has another time, 34 other words."""
    one = prove(honest.log, "history", {"topic": "sanction", "subject": TRADER})
    other = prove(twin.log, "history", {"topic": "generic", "subject": "urn:x:1"})
    assert prove_fork_by_leaves(one, one) is None
    says = proven(prove_fork_by_leaves(other, one))
    assert says.endswith("size 36 and 38 that are not of one log: entry 34 is not the same in both")


def test_checkpoints_of_two_logs_are_no_fork(honest: World, whole: WholeLedger):
    other = VerifierKey("ledger.example/other", TYPE_ED25519, key_of("log").public.x)
    text = f"log {honest.log.vkey}\nquorum none\n"
    fraud = encode_fraud(prove_fork(whole.signed[0].note, whole.signed[-1].note))
    with pytest.raises(CannotVerifyError, match="names no log"):
        verify_fraud(fraud, parse_trust(f"log {other}\nquorum none\n"))
    with pytest.raises(VerificationError, match="two sizes need"):
        verify_fraud(fraud, parse_trust(text))


def test_what_the_log_did_not_sign_is_not_its_fault(honest: World, twin: World):
    one = may_sell(honest).checkpoint
    item = next(item for item in ledger_of(twin).signed if item.size == 36)
    somebody = VerifierKey(ORIGIN, TYPE_ED25519, key_of("somebody").public.x)
    with pytest.raises(SignatureError, match="no signature by"):
        verify_fraud(
            encode_fraud(prove_fork(one, item.note)), parse_trust(f"log {somebody}\nquorum none\n")
        )


# The index.


def test_a_withheld_sanction(world: World, monkeypatch: pytest.MonkeyPatch):
    cheat = Cheat(world, monkeypatch)
    cheat.tea.chain()
    index = cheat.leave_out(sanction(cheat.tea, cheat.refusal())).index
    ledger, bundle = ledger_of(world), may_sell(world)
    assert bundle.answer["verdict"] == "yes"
    says = f"leaves entry {index} out of the history (sanction, {TRADER})"
    assert says in proven(find_index_fraud(ledger, bundle))
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        with pytest.raises(AuditError) as caught:
            verify_ledger(reader, replay=True, workers=1)
        assert caught.value.field == "seal.index_root"
        assert accuse(reader, caught.value) is None, "the tree below the root is the operator's"


def test_one_of_several_is_withheld(world: World, monkeypatch: pytest.MonkeyPatch):
    """Two of three readings are there, with their proof; the third is in no list."""
    world.party("brand", BRAND)
    cheat = Cheat(world, monkeypatch)
    world.accept(world.reading("1"))
    index = cheat.leave_out(world.reading("2")).index
    world.accept(world.reading("3"))
    bundle = prove(world.log, "history", {"topic": "generic", "subject": "urn:x:1"})
    assert len(bundle.answer) == 2
    fraud = find_index_fraud(ledger_of(world), bundle)
    assert [item.index for item in fraud.listed] == [index - 2, index + 2]
    says = f"leaves entry {index} out of the history (generic, urn:x:1)"
    assert says in proven(fraud)


def test_a_strangers_entry(world: World, monkeypatch: pytest.MonkeyPatch):
    world.party("brand", BRAND)
    index = Cheat(world, monkeypatch).put_in(world.reading("1"), ("sanction", TRADER)).index
    bundle = prove(world.log, "history", {"topic": "sanction", "subject": TRADER})
    says = f"has entry {index} in the history (sanction, {TRADER}), where it does not belong"
    assert says in proven(find_index_fraud(ledger_of(world), bundle))


# Rules.


def broken(world: World, monkeypatch: pytest.MonkeyPatch, how: str) -> tuple[int, str]:
    """Admit something; return its index and how the reason begins."""
    cheat = Cheat(world, monkeypatch)
    said = cheat.tea.chain()
    fields = cheat.tea.grant_fields(cheat.tea.grant_cite(said["distributor"], "distributor"))
    match how:
        case "signature" | "grant-wider":
            changes = {"depth": 0} | ({"goods": ["*"]} if how == "grant-wider" else {})
            raw = cheat.tea.sign("authorisation", "distributor", TRADER, fields | changes)
            (index,) = cheat.admit(forged(raw) if how == "signature" else raw)
        case "role":
            (index,) = cheat.admit(
                world.statement(
                    "party",
                    world.party_fields("self", "https://id.gs1.org/417/6901234507102"),
                    by="brand",
                    issuer=BRAND,
                    subject="https://id.gs1.org/417/6901234507102",
                )
            )
        case _:
            cheat.revoke_key("brand")
            (index,) = cheat.admit(world.reading("late"))
    return index, f"entry {index} was admitted against the rules: {how}: "


@pytest.mark.parametrize("how", ["signature", "grant-wider", "role", "key-not-live"])
def test_what_was_admitted_against_a_rule(world: World, monkeypatch: pytest.MonkeyPatch, how: str):
    """Found by an audit, shown by the histories the rule reads and nothing else."""
    index, says = broken(world, monkeypatch, how)
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        with pytest.raises(AuditError) as caught:
            verify_ledger(reader, replay=True, workers=1)
        fraud = accuse(reader, caught.value)
    assert proven(fraud).startswith(says)
    assert isinstance(fraud, RuleFraud)
    assert len(fraud.statements) < index // 2, "what the rules of one entry read"


def test_what_only_a_replay_asks_is_not_shown(world: World, monkeypatch: pytest.MonkeyPatch):
    """The operator's clock is his word: no file shows what time it was."""
    world.party("brand", BRAND)
    admitted(world, monkeypatch, world.reading("from tomorrow", age_s=-DAY_S))
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        with pytest.raises(AuditError, match="rule issued-ahead") as caught:
            verify_ledger(reader, replay=True, workers=1)
        assert accuse(reader, caught.value) is None


def test_a_payload_no_rule_admits(world: World):
    """Of no type there is: what it belongs to is unknown, that it has no place here is not."""
    paper = Paper(world)
    paper.write(world.statement("nonsense", {"text": "hear, hear"})).seal()
    fraud = find_rule_fraud(WholeLedger(paper), 2)
    says = "entry 2 was admitted against the rules: type-unknown: unknown statement type 'nonsense'"
    assert proven(fraud) == says
    ledger = WholeLedger(paper)
    unknown = IndexFraud(
        checkpoint=paper.signed[-1].note,
        entry=ledger.statement(2, 4),
        seal=ledger.statement(3, 4),
        topic="log",
        subject=ORIGIN,
        listed=(),
        proof="",
    )
    with pytest.raises(CannotVerifyError, match="a later release may know"):
        verify_fraud(encode_fraud(unknown), trust())


# Seals.


ZERO = "00" * 32
SEALS: dict[str, tuple[Callable[[Paper], dict[str, Any]], str]] = {
    "its size is not its place": (lambda p: {"size": len(p.leaves) - 1}, "a seal of size 4"),
    "it was signed at another time": (
        lambda p: {"iat": p.newest[2] // 1_000_000},
        "a seal whose time is not the one it was signed at",
    ),
    "it is no later than the one before": (
        lambda p: {"time_us": p.newest[2]},
        "a seal no later than the one at entry 3",
    ),
    "it names none before it": (
        lambda _: {"previous": None},
        "a seal that names no earlier one as the seal before it",
    ),
    "it names itself": (
        lambda p: {"previous": Previous(index=len(p.leaves), id=ZERO)},
        "a seal that names no earlier one as the seal before it",
    ),
    "it passes over the one before": (
        lambda _: {"previous": Previous(index=1, id=ZERO)},
        "a seal that passes over the one at entry 3",
    ),
    "it names another as the one before": (
        lambda _: {"previous": Previous(index=3, id=ZERO)},
        "a seal that names another one as entry 3",
    ),
    "its chain is another": (
        lambda _: {"chain": ZERO},
        "a seal whose chain does not follow from the seal at entry 3",
    ),
}


@pytest.mark.parametrize("how", SEALS)
def test_a_false_seal(world: World, how: str):
    lies, says = SEALS[how]
    paper = Paper(world)
    paper.write(world.statement("party", world.party_fields("brand", BRAND), subject=BRAND)).seal()
    paper.write(world.reading("one"))
    paper.seal(**lies(paper))
    world.now_us += 120 * 1_000_000
    paper.write(world.reading("two")).seal()
    with pytest.raises(AuditError) as caught:
        paper.verified()
    assert caught.value.where == "entry 5"
    fraud = accuse(paper, caught.value)
    assert isinstance(fraud, SealFraud)
    assert proven(fraud) == f"entry 5: {says}"


def test_a_false_chain_of_the_first_seal(world: World):
    paper = Paper(world)
    paper.leaves, paper.signed, paper.newest = paper.leaves[:1], [], None
    paper.seal(chain=ZERO)
    fraud = find_seal_fraud(WholeLedger(paper), 1)
    assert proven(fraud) == "entry 1: a seal whose chain does not follow from genesis"


# The files.


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, honest: World, twin: World) -> dict[str, Fraud]:
    """Return a proof of each kind, and of each way to show a fork."""
    one, other = may_sell(honest), may_sell(twin, since=36)
    folder = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        world = opened(folder, "index")
        cheat = Cheat(world, patch)
        cheat.tea.chain()
        cheat.leave_out(sanction(cheat.tea, cheat.refusal()))
        index = find_index_fraud(ledger_of(world), may_sell(world))
        world.log.engine.dispose()
        world = opened(folder, "rule")
        at, _ = broken(world, patch, "grant-wider")
        rule = find_rule_fraud(ledger_of(world), at)
        paper = Paper(world)
        paper.write(world.reading("one")).seal(chain=ZERO)
        seal = find_seal_fraud(WholeLedger(paper), 3)
        world.log.engine.dispose()
    same = next(item for item in ledger_of(twin).signed if item.size == 36)
    return {
        "fork of one size": prove_fork(one.checkpoint, same.note),
        "fork of two sizes": prove_fork(one.checkpoint, other.checkpoint, other.consistency),
        "fork by leaves": prove_fork_by_leaves(
            prove(honest.log, "history", {"topic": "sanction", "subject": TRADER}),
            prove(twin.log, "history", {"topic": "generic", "subject": "urn:x:1"}),
        ),
        "index": index,
        "rule": rule,
        "seal": seal,
    }


KINDS = ("fork of one size", "fork of two sizes", "fork by leaves", "index", "rule", "seal")


@pytest.mark.parametrize("kind", KINDS)
def test_a_fraud_proof_has_one_spelling(files: dict[str, Fraud], kind: str):
    raw = encode_fraud(files[kind])
    assert decode_fraud(raw) == files[kind]
    for other in (raw[:-1], raw + b"\n", raw.replace(b'"v":1', b'"v": 1'), b" " + raw):
        with pytest.raises(MalformedError):
            verify_fraud(other, trust())


@pytest.mark.parametrize("kind", KINDS)
def test_an_altered_fraud_proof_proves_nothing_else(files: dict[str, Fraud], kind: str):
    """Whatever value is altered: nothing is proven, or the same of the same log."""
    raw = encode_fraud(files[kind])
    says = proven(files[kind])
    all_of_it = list(mutations(raw))
    step = max(1, len(all_of_it) // 250)
    others = {}
    for where, altered in all_of_it[::step]:
        with contextlib.suppress(MalformedError, VerificationError, CannotVerifyError):
            found = verify_fraud(altered, trust()).says.removeprefix(f"the log {ORIGIN}: ")
            if found != says:
                others[where] = found
    assert others == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_altered_byte_is_a_mistake_of_ours(files: dict[str, Fraud], kind: str):
    raw = encode_fraud(files[kind])
    for at in range(0, len(raw), max(1, len(raw) // 200)):
        altered = raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]
        with pytest.raises((MalformedError, VerificationError, CannotVerifyError)):
            verify_fraud(altered, trust())


@given(
    st.binary(max_size=200)
    | st.text(alphabet='{}[]":,1fraudkonexl ', max_size=80).map(str.encode)
    | st.sampled_from(["fork", "index", "rule", "seal", "lie", 1, None]).map(
        lambda kind: msgspec.json.encode({"v": 1, "fraud": kind}) + b"\n"
    )
)
def test_arbitrary_bytes_are_malformed(raw: bytes):
    with pytest.raises(MalformedError):
        verify_fraud(raw, trust())


# The command line.


def test_an_auditor_writes_the_proof_and_anybody_confirms_it(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """Export, replay, proof, confirmation: with the base install alone."""
    _, says = broken(world, monkeypatch, "grant-wider")
    folder = world.folder
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        export(reader, folder / "export")
    (folder / "trust.txt").write_text(f"log {world.log.vkey}\nquorum none\n")
    other = VerifierKey("ledger.example/other", TYPE_ED25519, key_of("log").public.x)
    (folder / "other.txt").write_text(f"log {other}\nquorum none\n")
    (folder / "nothing.json").write_bytes(
        encode_fraud(prove_fork(may_checkpoint(world), may_checkpoint(world)))
    )
    (folder / "none.json").write_bytes(b"{}\n")
    audit = ["verify", "export", "export", "--replay", "--fraud", "fraud.json"]
    fraud = ["verify", "fraud", "fraud.json", "--trust"]
    done = run_all(
        [
            [*audit, "--trust", "trust.txt"],
            [*fraud, "trust.txt"],
            [*fraud, "trust.txt", "--json"],
            [*fraud, "other.txt"],
            ["verify", "fraud", "nothing.json", "--trust", "trust.txt"],
            ["verify", "fraud", "none.json", "--trust", "trust.txt"],
        ],
        folder,
    )
    assert [item.code for item in done] == [3, 0, 0, 4, 3, 3]
    assert "fraud.json: a proof of it for others" in done[0].err
    assert done[1].out.startswith(f"proven: the log {ORIGIN}: {says}")
    assert msgspec.json.decode(done[2].out)["fraud"] == "rule"
    assert "names no log" in done[3].err
    assert "the file proves nothing: both checkpoints have the same size" in done[4].err
    assert "fraud proof: not of a kind that is known" in done[5].err


def may_checkpoint(world: World) -> str:
    return prove(world.log, "history", {"topic": "log", "subject": ORIGIN}).checkpoint


def test_a_bundle_that_was_merely_altered_accuses_nobody(honest: World):
    """Whoever altered it is not known; the operator signed none of it."""
    bundle = may_sell(honest)
    statements = tuple(
        msgspec.structs.replace(item, bytes=item.bytes[:-4] + "AAAA") if item.index == 28 else item
        for item in bundle.statements
    )
    with pytest.raises(ProofError, match="inclusion proof"):
        prove_rule(msgspec.structs.replace(bundle, statements=statements), 28)


def test_an_altered_bundle_accuses_nobody_whatever_was_altered(honest: World, whole: WholeLedger):
    """Looking for fraud in it finds none, and makes no mistake of ours."""
    raw = encode_bundle(may_sell(honest))
    found = []
    for where, altered in list(mutations(raw))[::25]:
        with contextlib.suppress(MalformedError, VerificationError, CannotVerifyError):
            bundle = decode_bundle(altered)
            makers: tuple[Callable[[], Fraud | None], ...] = (
                lambda b=bundle: prove_rule(b, 28),
                lambda b=bundle: find_index_fraud(whole, b),
                lambda b=bundle: find_fork(whole, b.checkpoint),
                lambda b=bundle: prove_fork_by_leaves(b, may_sell(honest)),
            )
            for make in makers:
                with contextlib.suppress(MalformedError, VerificationError, CannotVerifyError):
                    fraud = make()
                    if fraud is not None:
                        found.append((where, proven(fraud)))
    assert found == []
