"""The cheating operator: what he can try with a verdict, and the sentence that says why not.

Every case goes through the command line with the base install's imports only.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from evidence.base_install import Done, run_all
from evidence.bundles import (
    Cosigner,
    changed,
    checkpoint_of,
    cosigned,
    history_in,
    trust,
    verified,
)
from evidence.cheating import SELL, Cheat, forged, revocation, sanction, sell_words, topics
from tea import DISTRIBUTOR, MARK, PARTIES, TRADER, cite
from world import BRAND, DAY_S, ORIGIN, World, key_of

from ledger.errors import AuditError
from ledger.evidence.bundle import decode_bundle, leans_on, verify_bundle
from ledger.files.archive import export
from ledger.primitives.legible import shown
from ledger.questions.book import REGISTRY
from ledger.store.ledger_reader import DatabaseReader
from ledger.tlog.note import TYPE_ED25519, VerifierKey

REPLAYER = Cosigner("r1")
REPLAYED = (REPLAYER.line("replayer"), "replay-quorum 1")
GRANT = ("grant", f"{MARK}\n{TRADER}")


@dataclass(frozen=True)
class Case:
    """A file somebody is shown, how he checks it, and what he must hear."""

    raw: bytes
    code: int
    says: str
    words: tuple[str, ...] = ()
    trust: tuple[str, ...] = ()
    log: str = ""
    seen: bytes = b""
    later_s: int = 0
    export: bool = False
    fraud: str = ""
    """What the fraud proof says that the verifier writes; empty: none can be written."""
    cheat: Cheat | None = field(default=None, compare=False)


def over_broad(cheat: Cheat) -> Case:
    said = cheat.tea.chain()
    parent = cheat.tea.grant_cite(said["distributor"], "distributor")
    fields = cheat.tea.grant_fields(parent, depth=0, goods=["food/tea"])
    (index,) = cheat.admit(cheat.tea.sign("authorisation", "distributor", TRADER, fields))
    says = f"entry {index} was admitted against the rules: grant-wider: goods: food/tea not granted"
    return Case(cheat.false_bundle(), 3, says, fraud=says)


def too_deep(cheat: Cheat) -> Case:
    said = cheat.tea.chain()
    parent = cheat.tea.grant_cite(said["distributor"], "distributor")
    fields = cheat.tea.grant_fields(parent, depth=2)
    (index,) = cheat.admit(cheat.tea.sign("authorisation", "distributor", TRADER, fields))
    says = f"entry {index} was admitted against the rules: grant-depth"
    return Case(cheat.false_bundle(), 3, says, fraud=says)


def under_a_dead_grant(cheat: Cheat) -> Case:
    """The agent's grant to the distributor was revoked before the distributor granted on."""
    said = cheat.tea.chain()
    cheat.world.accept(
        revocation(cheat.tea, said["distributor"], "distributor", said["agent"], "agent")
    )
    parent = cheat.tea.grant_cite(said["distributor"], "distributor")
    fields = cheat.tea.grant_fields(parent, depth=0)
    (index,) = cheat.admit(cheat.tea.sign("authorisation", "distributor", TRADER, fields))
    says = f"entry {index} was admitted against the rules: cited-ended"
    return Case(cheat.false_bundle(), 3, says, fraud=says)


def revoked(cheat: Cheat) -> bytes:
    """Tell the usual beginning; return the revocation of the trader's grant."""
    said = cheat.tea.chain()
    return revocation(cheat.tea, said["trader"], "trader", said["distributor"], "distributor")


def left_out(cheat: Cheat) -> Case:
    cheat.leave_out(revoked(cheat))
    return Case(cheat.bundle(), 4, "no replay quorum: 0 of 1 replayers cosigned", trust=REPLAYED)


def left_out_and_exported(cheat: Cheat) -> Case:
    raw = revoked(cheat)
    index = cheat.leave_out(raw).index
    says = f"entry {index} contradicts the bundle's history (grant, "
    proof = f"leaves entry {index} out of the history (grant, {MARK}\n{TRADER})"
    return Case(cheat.bundle(), 3, says, export=True, fraud=proof)


def sanction_withheld(cheat: Cheat) -> Case:
    cheat.tea.chain()
    index = cheat.leave_out(sanction(cheat.tea, cheat.refusal())).index
    says = f"entry {index} contradicts the bundle's history (sanction, {TRADER})"
    proof = f"leaves entry {index} out of the history (sanction, {TRADER})"
    return Case(cheat.bundle(), 3, says, export=True, fraud=proof)


def left_out_of_one_history(cheat: Cheat) -> Case:
    """What another history of the same bundle holds gives it away."""
    index = cheat.leave_out(raw := revoked(cheat), *(set(topics(raw)) - {GRANT})).index
    return Case(cheat.bundle(), 3, f"entry {index} belongs to the history", export=True,
                fraud=f"leaves entry {index} out of the history (")  # fmt: skip


def stranger_put_in(cheat: Cheat) -> Case:
    cheat.tea.chain()
    reading = cheat.world.reading("tea is wet")
    index = cheat.put_in(reading, ("sanction", TRADER)).index
    says = f"history (sanction, {TRADER}): entry {index} does not belong to it"
    proof = f"has entry {index} in the history (sanction, {TRADER}), where it does not belong"
    return Case(cheat.bundle(), 3, says, export=True, fraud=proof)


def under_the_wrong_key(cheat: Cheat) -> Case:
    cheat.tea.chain()
    wrong = ("sanction", PARTIES["agent"][0])
    cheat.misfile(sanction(cheat.tea, cheat.refusal()), wrong, ("sanction", TRADER))
    return Case(cheat.bundle(), 4, "no replay quorum: 0 of 1 replayers cosigned", trust=REPLAYED)


def cut_short(cheat: Cheat) -> Case:
    """The file leaves the revocation out, and says yes as before."""
    revocation = revoked(cheat)
    answer = decode_bundle(cheat.bundle()).answer
    index = cheat.world.accept(revocation).index
    bundle = decode_bundle(raw := cheat.bundle())
    assert (answer["verdict"], bundle.answer["verdict"]) == ("yes", "no")
    assert index in history_in(bundle, GRANT[1]).entries
    shorter = tuple(
        type(item)(
            topic=item.topic,
            subject=item.subject,
            entries=tuple(i for i in item.entries if i != index),
            proof=item.proof,
        )
        for item in bundle.histories
    )
    return Case(changed(raw, histories=shorter, answer=answer), 3, "is not the complete one")


def old_checkpoint(cheat: Cheat) -> Case:
    revocation = revoked(cheat)
    old = cheat.bundle()
    cheat.world.accept(revocation)
    says = "the trust file allows 1 day"
    return Case(old, 4, says, later_s=2 * DAY_S)


def old_checkpoint_to_who_saw_a_newer(cheat: Cheat) -> Case:
    revocation = revoked(cheat)
    old = cheat.bundle()
    cheat.world.accept(revocation)
    seen = decode_bundle(cheat.bundle()).checkpoint.encode()
    says = "the bundle's checkpoint (32) is older than the one seen last (34)"
    return Case(old, 4, says, seen=seen)


def ahead_of_the_clock(cheat: Cheat) -> Case:
    """A seal from next year would keep an answer fresh until then."""
    cheat.tea.chain()
    cheat.world.wait(seconds=365 * DAY_S)
    cheat.complaint()
    says = "ahead of this clock"
    return Case(cheat.bundle(), 4, says, later_s=-365 * DAY_S)


def verdict_changed(cheat: Cheat) -> Case:
    cheat.world.accept(revoked(cheat))
    raw = cheat.bundle()
    answer = decode_bundle(raw).answer | {"verdict": "yes", "reasons": []}
    return Case(changed(raw, answer=answer), 3, "the answer does not follow from the evidence")


def valid_at_changed(cheat: Cheat) -> Case:
    """To a day before the first grant: the file lacks the seals that would tell."""
    cheat.tea.chain()
    raw = cheat.bundle()
    earlier_us = decode_bundle(raw).valid_at_us - 40 * 60 * 1_000_000
    says = "the bundle does not hold the seal that registered it"
    return Case(changed(raw, valid_at_us=earlier_us), 3, says)


def valid_at_moved_beyond_the_grants(cheat: Cheat) -> Case:
    cheat.tea.chain()
    raw = cheat.bundle()
    later_us = decode_bundle(raw).valid_at_us + 20 * 365 * DAY_S * 1_000_000
    says = "the answer does not follow from the evidence"
    return Case(changed(raw, valid_at_us=later_us), 3, says)


def valid_at_of_tomorrow(cheat: Cheat) -> Case:
    """The grants last, so the answer follows; nobody has seen tomorrow's log yet."""
    cheat.tea.chain()
    tomorrow_us = decode_bundle(raw := cheat.bundle()).valid_at_us + DAY_S * 1_000_000
    says = "1 day later than the log was last seen"
    return Case(changed(raw, valid_at_us=tomorrow_us), 4, says)


def known_at_changed(cheat: Cheat) -> Case:
    """The yes of before the revocation is passed off as today's."""
    revocation = revoked(cheat)
    cheat.world.accept(revocation)
    raw = cheat.bundle(known_at=32)
    assert decode_bundle(raw).answer["verdict"] == "yes"
    return Case(changed(raw, known_at=34), 3, "the bundle does not hold the seal that registered")


def both_times_changed(cheat: Cheat) -> Case:
    cheat.world.accept(revoked(cheat))
    raw = changed(cheat.bundle(known_at=32), known_at=34, valid_at_us=cheat.world.last_us())
    return Case(raw, 3, "the answer does not follow from the evidence")


def known_then_and_asked_now(cheat: Cheat) -> Case:
    """True as then known, and no answer to who asks about now."""
    cheat.world.accept(revoked(cheat))
    says = "the bundle answers as of size 32, not as of size 34"
    return Case(cheat.bundle(known_at=32), 3, says, words=("--expect", sell_words()))


def valid_then_and_asked_now(cheat: Cheat) -> Case:
    revocation = revoked(cheat)
    then_us = decode_bundle(cheat.bundle()).valid_at_us
    cheat.world.wait(seconds=DAY_S)
    cheat.world.accept(revocation)
    says = "the bundle answers about another time"
    raw = cheat.bundle(valid_at_us=then_us)
    return Case(raw, 3, says, words=("--expect", sell_words()))


def another_territory(cheat: Cheat) -> Case:
    cheat.tea.chain()
    says = "the bundle answers may_sell("
    in_order = sell_words(territory="DE").removesuffix(" *")  # what has a default may be left out
    return Case(cheat.bundle(), 3, says, words=("--expect", in_order))


def parameters_changed(cheat: Cheat) -> Case:
    """The file says that it answers for Germany, with China's answer."""
    cheat.tea.chain()
    raw = changed(cheat.bundle(), parameters=SELL | {"territory": "DE"})
    says = "the answer does not follow from the evidence"
    return Case(raw, 3, says, words=("--expect", sell_words(territory="DE")))


def another_question(cheat: Cheat) -> Case:
    cheat.tea.chain()
    raw = cheat.bundle("history", topic="sanction", subject=TRADER)
    says = "the bundle answers history, not may_sell"
    return Case(raw, 3, says, words=("--expect", sell_words()))


def forged_signature(cheat: Cheat) -> Case:
    said = cheat.tea.chain()
    parent = cheat.tea.grant_cite(said["distributor"], "distributor")
    fields = cheat.tea.grant_fields(parent, depth=0)
    raw = cheat.tea.sign("authorisation", "distributor", TRADER, fields)
    (index,) = cheat.admit(forged(raw))
    says = f"entry {index} was admitted against the rules: signature"
    return Case(cheat.false_bundle(), 3, says, fraud=says)


def key_revoked_earlier(cheat: Cheat) -> Case:
    said = cheat.tea.chain()
    end = cheat.revoke_key("distributor").index
    parent = cheat.tea.grant_cite(said["distributor"], "distributor")
    fields = cheat.tea.grant_fields(parent, depth=0)
    (index,) = cheat.admit(cheat.tea.sign("authorisation", "distributor", TRADER, fields))
    kid = key_of("distributor").public.kid.hex()
    says = (
        f"entry {index} was admitted against the rules: key-not-live: key {kid} ended with "
        f"entry {end}"
    )
    return Case(cheat.false_bundle(), 3, says, fraud=says)


def without_the_role(cheat: Cheat) -> Case:
    """A carrier was granted the brand, and grants it on."""
    tea = cheat.tea
    tea.enter()
    root = cite(tea.trademark(), "qualification-number", MARK)
    tea.product(root)
    carrier = tea.grant("brand", "carrier", root)
    fields = tea.grant_fields(tea.grant_cite(carrier, "carrier"), depth=0)
    (index,) = cheat.admit(tea.sign("authorisation", "carrier", TRADER, fields))
    says = f"entry {index} was admitted against the rules: role: authorisation is issued by "
    return Case(cheat.false_bundle(), 3, says, fraud=says)


def self_made_trademark(cheat: Cheat) -> Case:
    """The brand writes its own certificate."""
    tea = cheat.tea
    tea.enter()
    fields = {"kind": "trademark-registered", "number": MARK, "categories": ["food/tea"]}
    fields |= {"from": "2026-01-01T00:00:00Z", "until": None, "mark": "龙井"}
    raw = tea.sign("qualification", "brand", BRAND, fields)
    (index,) = cheat.admit(raw)
    id_ = cheat.world.log.register([raw])[0].id.hex()
    root = {"id": id_, "topic": "qualification-number", "subject": MARK}
    tea.product(root)
    tea.grant("brand", "trader", root, depth=0)
    says = f"entry {index} was admitted against the rules: role: qualification is issued by "
    return Case(cheat.false_bundle(), 3, says, fraud=says)


def key_of_the_operators_making(cheat: Cheat) -> Case:
    """The rules let an operator replace a lost key; who knows the party's own is not fooled."""
    said = grant_under_a_reset_key(cheat)
    pin = f"party-key {DISTRIBUTOR} {key_of('distributor').public.kid.hex()}"
    says = f"entry {said}: {DISTRIBUTOR} signed with a key the trust file does not know"
    return Case(cheat.bundle(), 3, says, trust=(pin,))


def grant_under_a_reset_key(cheat: Cheat) -> int:
    tea = cheat.tea
    tea.enter()
    root = cite(tea.trademark(), "qualification-number", MARK)
    agent = tea.grant("brand", "agent", root)
    distributor = tea.grant("agent", "distributor", tea.grant_cite(agent, "agent"), depth=2)
    tea.product(root)
    cheat.reset("stolen", "distributor")
    fields = tea.grant_fields(tea.grant_cite(distributor, "distributor"), depth=0)
    raw = cheat.world.statement(
        "authorisation", fields, by="stolen", issuer=DISTRIBUTOR, subject=TRADER
    )
    return cheat.world.accept(raw).index


def another_logs_key(cheat: Cheat) -> Case:
    cheat.tea.chain()
    other = VerifierKey(ORIGIN, TYPE_ED25519, key_of("somebody").public.x)
    return Case(cheat.bundle(), 3, "no signature by", log=str(other))


def log_the_trust_file_does_not_name(cheat: Cheat) -> Case:
    cheat.tea.chain()
    other = VerifierKey("ledger.example/other", TYPE_ED25519, key_of("somebody").public.x)
    return Case(cheat.bundle(), 4, f"the trust file names no log '{ORIGIN}'", log=str(other))


def twin(cheat: Cheat) -> World:
    """Return another ledger of the same operator and name, which begins as this one."""
    folder = cheat.world.folder / "twin"
    folder.mkdir()
    return World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")


def split_view(cheat: Cheat) -> Case:
    """Two ledgers of one size: in one the trader is sanctioned."""
    with closing(twin(cheat)) as world:
        other = Cheat(world, cheat.patch)
        other.tea.chain()
        other.world.accept(sanction(other.tea, other.refusal()))
        seen = decode_bundle(other.bundle()).checkpoint.encode()
    cheat.tea.chain()
    cheat.complaint()
    cheat.complaint_again()
    says = "split view: two signed checkpoints of size 36 with different roots"
    proof = "signed two checkpoints of size 36 with different roots"
    return Case(cheat.bundle(), 3, says, seen=seen, fraud=proof)


def rewritten(cheat: Cheat) -> Case:
    """What was seen at size 36 is not how the log of size 38 began."""
    with closing(twin(cheat)) as world:
        other = Cheat(world, cheat.patch)
        other.tea.chain()
        other.world.accept(sanction(other.tea, other.refusal()))
        seen = decode_bundle(other.bundle()).checkpoint.encode()
    cheat.tea.chain()
    for _ in range(3):
        cheat.complaint_again()
    says = "the log is not an extension of the one seen at size 36: it had another root"
    proof = "signed checkpoints of size 36 and 38 that are not of one log"
    return Case(cheat.bundle(since=36), 3, says, seen=seen, fraud=proof)


@contextlib.contextmanager
def closing(world: World) -> Iterator[World]:
    try:
        yield world
    finally:
        world.log.engine.dispose()


CASES: dict[str, Callable[[Cheat], Case]] = {
    "an over-broad grant is admitted": over_broad,
    "a grant deeper than its parent allows is admitted": too_deep,
    "a grant under a revoked one is admitted": under_a_dead_grant,
    "a revocation is left out of the index, and a replayer is required": left_out,
    "a revocation is left out of the index, and the checker has an export": left_out_and_exported,
    "a sanction is withheld, and the checker has an export": sanction_withheld,
    "a revocation is left out of all its histories but one": left_out_of_one_history,
    "a stranger's entry is put into a history": stranger_put_in,
    "an index leaf lies under the wrong key, and a replayer is required": under_the_wrong_key,
    "a history is cut short in the file": cut_short,
    "an old checkpoint is shown": old_checkpoint,
    "an old checkpoint is shown to who saw a newer one": old_checkpoint_to_who_saw_a_newer,
    "a checkpoint comes from the future": ahead_of_the_clock,
    "the verdict is changed": verdict_changed,
    "valid_at is moved before the grants": valid_at_changed,
    "valid_at is moved beyond the grants": valid_at_moved_beyond_the_grants,
    "valid_at is moved to tomorrow": valid_at_of_tomorrow,
    "known_at is changed": known_at_changed,
    "known_at and valid_at are changed": both_times_changed,
    "what was known then is shown to who asks about now": known_then_and_asked_now,
    "what was valid then is shown to who asks about now": valid_then_and_asked_now,
    "another territory's answer is shown": another_territory,
    "the parameters are changed": parameters_changed,
    "another question's answer is shown": another_question,
    "a forged signature is admitted": forged_signature,
    "a grant is admitted under a key revoked earlier": key_revoked_earlier,
    "a carrier's grant is admitted": without_the_role,
    "a trademark that the brand wrote itself is admitted": self_made_trademark,
    "a grant is signed with a key of the operator's making": key_of_the_operators_making,
    "another log key signed": another_logs_key,
    "another log is shown": log_the_trust_file_does_not_name,
    "two views of one size are shown": split_view,
    "the log was rewritten": rewritten,
}


@dataclass(frozen=True)
class Told:
    """A case, and how the command line ended on it."""

    case: Case
    done: Done
    proof: Done | None


def _words(folder: Path, case: Case, world: World) -> list[str]:
    """Write a case's files; return the command that checks them."""
    folder.mkdir()
    (folder / "b.json").write_bytes(case.raw)
    lines = [f"log {case.log or world.log.vkey}", *case.trust, "quorum none", ""]
    (folder / "trust.txt").write_text("\n".join(lines))
    now = datetime.fromtimestamp(world.now_s + case.later_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = ["verify", "bundle", f"{folder}/b.json", "--trust", f"{folder}/trust.txt"]
    words += ["--now", now, "--fraud", f"{folder}/fraud.json", *case.words]
    if case.seen:
        (folder / "seen").write_bytes(case.seen)
        words += ["--seen", f"{folder}/seen"]
    if case.export:
        with contextlib.closing(DatabaseReader(world.url)) as reader:
            export(reader, folder / "export")
        words += ["--export", f"{folder}/export"]
    return words


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """Tell every case in a world of its own, and check all of them in one process."""
    root = tmp_path_factory.mktemp("cheating")
    cases: dict[str, Case] = {}
    commands: list[list[str]] = []
    with pytest.MonkeyPatch.context() as patch:
        for number, (name, tell) in enumerate(CASES.items()):
            folder = root / f"world-{number}"
            folder.mkdir()
            with closing(World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")) as world:
                cases[name] = case = tell(Cheat(world, patch))
                commands.append(_words(root / str(number), case, world))
    proofs = [
        ["verify", "fraud", f"{root}/{n}/fraud.json", "--trust", f"{root}/{n}/trust.txt"]
        for n in range(len(cases))
    ]
    done = run_all(commands + proofs, root)
    return {
        name: Told(case, done[n], done[n + len(cases)])
        for n, (name, case) in enumerate(cases.items())
    }


@pytest.mark.parametrize("name", CASES)
def test_what_a_cheating_operator_tries_is_not_believed(told: dict[str, Told], name: str):
    case, done = told[name].case, told[name].done
    assert (done.code, done.err.count(case.says)) == (case.code, 1), done


@pytest.mark.parametrize("name", CASES)
def test_what_can_be_shown_to_others_is_written_as_a_fraud_proof(told: dict[str, Told], name: str):
    case, done, proof = told[name].case, told[name].done, told[name].proof
    if case.fraud:
        assert proof.code == 0, (done.err, proof.err)
        assert proof.out.startswith(f"proven: the log {ORIGIN}: ")
        assert shown(case.fraud) in proof.out
    else:
        assert "fraud.json: a proof" not in done.err
        assert proof.code == 1, "there is no such file"


# What only a replayer sees.


HIDDEN: dict[str, Callable[[Cheat], Case]] = {
    "left out of the index": left_out,
    "under the wrong key": under_the_wrong_key,
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_false_index_alone_passes_as_asserted_and_no_replayer_cosigns_it(
    world: World, monkeypatch: pytest.MonkeyPatch, how: str
):
    """Why a trust file asks for replayers: the file is flawless, the ledger is not."""
    raw = HIDDEN[how](Cheat(world, monkeypatch)).raw
    found = verified(raw, world)
    assert (found.answer["verdict"], found.completeness) == ("yes", "asserted by the operator")
    with pytest.raises(AuditError, match=r"seal\.index_root: not the one that follows"):
        world.check()
    lied = cosigned(raw, [(REPLAYER, world.now_s)])
    assert verified(lied, world, *REPLAYED).completeness == "replayed 1/1 as of size " + str(
        checkpoint_of(raw).size
    ), "a replayer who cosigned it answers for it under its own name"


def test_a_key_of_the_operators_making_is_noted(world: World, monkeypatch: pytest.MonkeyPatch):
    """Without a pin the answer stands; its notes and its chain say who bound the key."""
    cheat = Cheat(world, monkeypatch)
    index = grant_under_a_reset_key(cheat)
    answer = verified(cheat.bundle(), world).answer
    assert answer["verdict"] == "yes"
    assert [(note["code"], note["entries"][0]) for note in answer["notes"]] == [
        ("key-reset", index)
    ]
    assert [row["key_bound_by"] for row in answer["chain"]][-1] == "reset"


def test_the_same_evidence_answers_at_any_time_it_covers(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """A valid_at between the last grant and now is another true answer, and says so."""
    cheat = Cheat(world, monkeypatch)
    cheat.tea.chain()
    world.wait(seconds=DAY_S)
    cheat.complaint()
    raw = cheat.bundle()
    at_us = decode_bundle(raw).valid_at_us
    policy = trust()
    asked = ("may_sell", SELL)
    assert verify_bundle(raw, policy, now_us=world.now_us, expect=asked).valid_at_us == at_us
    earlier = cheat.bundle(valid_at_us=at_us - 1_000_000)
    found = verify_bundle(
        earlier, policy, now_us=world.now_us, expect=asked, at_us=at_us - 1_000_000
    )
    assert (found.answer["verdict"], found.valid_at_us) == ("yes", at_us - 1_000_000)


def replay_only(*types: str) -> tuple[str, ...]:
    """Return the replay-only rules that FORMATS lists for these types, and for all."""
    named = {"all", "native", *types}
    rules = REGISTRY.rules.values()
    return tuple(sorted(r.id for r in rules if r.bite == "replay-only" and named & set(r.types)))


def test_a_verdict_says_what_it_leans_on(world: World, monkeypatch: pytest.MonkeyPatch):
    """The replay-only rules of the types it rests on: a grant's, and those of every statement."""
    cheat = Cheat(world, monkeypatch)
    cheat.tea.chain()
    rested = ("genesis", "party", "qualification", "authorisation", "product", "seal")
    raw = cheat.bundle()
    assert verified(raw, world).replay_only == replay_only(*rested) == leans_on(decode_bundle(raw))
    assert "grant-exclusive-late" in replay_only(*rested)
    assert "lot-right" not in replay_only(*rested), "it rests on no lot"
    history = cheat.bundle("history", topic="sanction", subject=TRADER)
    assert verified(history, world).replay_only == replay_only("genesis", "seal")
    cheat.revoke_key("agent")
    found = verified(cheat.bundle(), world).replay_only
    assert found == replay_only(*rested, "key-revocation")
    assert {"last-operator-key", "revocation-time"} <= set(found)
