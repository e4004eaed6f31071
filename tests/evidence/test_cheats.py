"""Whatever a cheating operator tries is found by whom FORMATS says: a sample of every kind.

``tools/cheat.py`` tries ten thousand.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from cheats.against_seals import cites
from cheats.asking import answers, bundle_of, why_refused
from cheats.document import HEADING, ROOT, bites, rows
from cheats.falsehoods import Cheat, Falsehood, broken, whole
from cheats.files import FILES
from cheats.kinds import LEDGERS, ledger_of
from cheats.trials import COLUMNS, jobs, tried
from cheats.watch import Found, faults, watched
from cheats.written import Batch, Script, Written
from properties.trials import Tally, world
from world import BRAND, OPERATOR, ORIGIN, key_of

from ledger.audit import verify_ledger
from ledger.evidence import bundle as bundles
from ledger.primitives import ijson
from ledger.questions.book import MALFORMED, REGISTRY
from ledger.questions.declared import QUESTIONS
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.statements.envelope import sign_statement


@pytest.mark.parametrize("kind", LEDGERS)
def test_a_cheating_operator_is_found_out(kind: str):
    part = tried((kind, 0, 1))
    assert part.faults == []
    assert part.counts["replayer"] == part.counts["cheats"] == 1
    assert set(part.counts) <= set(COLUMNS)


@pytest.mark.parametrize("kind", FILES)
def test_an_altered_bundle_is_refused(kind: str):
    part = tried((kind, 0, 8))
    assert part.faults == []
    assert part.counts["bundle"] == part.counts["cheats"] == 8


def test_what_is_written_without_a_lie_is_believed():
    script = Script.of(world(1, Tally(), 4).paper)
    ledger = Written(script)
    assert not broken(script)
    assert verify_ledger(ledger, replay=True, workers=1).replayed
    now_us = ledger.seals[-1][1] + 1_000_000
    told = list(answers(ledger))
    assert {item.asked[0] for item in told} == set(QUESTIONS)
    assert {why_refused(bundle_of(ledger, item), now_us) for item in told} == {None}


def test_formats_says_of_every_kind_who_finds_it():
    told = {item.kind for kind in LEDGERS for item in _false(kind)}
    assert told | {"bundle", "rules-unknown"} == set(rows())
    assert bites() == {MALFORMED: "rechecked"} | {
        name: item.bite for name, item in REGISTRY.rules.items()
    }
    assert HEADING in (ROOT / "FORMATS.md").read_text()


def _false(kind: str):
    made = (ledger_of(kind, Random(f"{kind} {number}"), number) for number in range(2))
    return [item for cheat in made if cheat is not None for item in cheat.false]


# What they found.


MINUTE_US = 60 * 1_000_000


@cache
def base() -> Script:
    """Return an honest ledger."""
    return Script.of(world(1, Tally(), 2).paper)


def caught(*batches: Batch, kind: str = "", **lies: Any) -> Found:
    """Let everybody look at an honest ledger with more batches behind it, the last sealed falsely."""
    script = base()
    last_us = script.batches[-1].time_us
    said = tuple(replace(item, time_us=last_us + item.time_us) for item in batches)
    script = replace(script, batches=(*script.batches, *said))
    false = (Falsehood(kind, "the newest seal", ()),) if kind else ()
    cheat = whole(Cheat(script.lying(len(script.batches) - 1, **lies), false))
    assert cheat is not None
    found = watched(cheat, Random(1))
    assert faults(cheat, found) == []
    return found


def last_s() -> int:
    """Return when its newest batch was sealed, in seconds."""
    return base().batches[-1].time_us // 1_000_000


def reading(text: str, at_s: int = 0, by: str = "brand") -> bytes:
    """Return what the brand's software says, so many seconds before or behind its clock."""
    return sign_statement(
        key_of(by),
        text.encode(),
        issuer=BRAND,
        subject="urn:x:1",
        issued_at=last_s() + at_s,
        audience=None,
        content_type="text/plain",
    )


def test_who_breaks_a_replay_only_rule_first_hides_no_proof_of_the_next():
    ahead, forged = reading("tomorrow", 86_400), reading("not ours", by="nobody")
    alone = caught(Batch(MINUTE_US, (ahead,)))
    assert ("issued-ahead" in alone.says["replayer"], alone.proof) == (True, "")
    both = caught(Batch(MINUTE_US, (ahead,)), Batch(2 * MINUTE_US, (forged,)))
    assert ("issued-ahead" in both.says["replayer"], both.proof) == (True, "rule")


@pytest.mark.parametrize(
    "leaf",
    [
        pytest.param(lambda: b"tea", id="bytes that are no statement"),
        pytest.param(
            lambda: reading("x").replace(b"\xa0", b"\xa1\x18\x63\x41x", 1), id="more than one"
        ),
    ],
)
def test_a_leaf_that_is_no_statement_byte_for_byte_is_a_proof(leaf: Callable[[], bytes]):
    found = caught(Batch(MINUTE_US, (leaf(),)))
    assert (found.bundle, found.export, found.replayed, found.proof) == (True, True, True, "rule")
    assert "malformed" in found.says["bundle"]


def test_a_seal_that_cites_another_history_proves_it():
    found = caught(
        Batch(MINUTE_US, (reading("x"),)),
        Batch(2 * MINUTE_US, (reading("y"),)),
        kind="seal-cited",
        cosigned=cites("w1", after_s=1, forged=True),
    )
    assert (found.export, found.proof) == (True, "fork")


def test_a_witness_that_is_no_key_is_a_proof_and_breaks_nobody():
    version = {"version": CURRENT, "digest": PUBLISHED[CURRENT]}
    fields = {"v": 1, "type": "rules", "rules": version, "witnesses": ["witness.example"]}
    raw = sign_statement(
        key_of("operator"),
        ijson.encode(fields),
        issuer=OPERATOR,
        subject=ORIGIN,
        issued_at=last_s(),
        audience=ORIGIN,
    )
    found = caught(Batch(MINUTE_US, (raw,)), Batch(2 * MINUTE_US, (reading("behind it"),)))
    assert (found.bundle, found.replayed, found.proof) == (True, True, "rule")
    assert "log-keys" in found.says["replayer"]
    assert "rules-version" in found.says["replayer"], (
        "version 1 is in force already: no later one's"
    )


# The trials themselves find out what is left out of the verifier.


def test_a_verifier_that_rechecks_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bundles.Inquiry, "recheck", lambda *_: None)
    part = tried(("keys are swapped", 0, 3))
    assert any("rule-rechecked" in fault for fault in part.faults)


def test_a_verifier_that_believes_any_history_is_found_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ledger.evidence.proven.verify_history", lambda **_: None)
    assert tried(("a bundle is cut", 0, 40)).faults


def test_a_verifier_that_looks_for_nothing_in_the_tree_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("ledger.evidence.proven.verify_inclusion", lambda **_: None)
    assert tried(("a bundle's parts are swapped", 0, 40)).faults


def test_a_replayer_that_asks_no_rule_is_found_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ledger.audit.batches.review", lambda _: [])
    part = tried(("a statement's time is moved", 0, 3))
    assert any("no replayer finds it" in fault for fault in part.faults)


def test_no_seed_comes_twice():
    wanted = list(jobs(3_000, 7))
    assert sum(count for _, _, count in wanted) == 3_000
    seeds = [(kind, first + at) for kind, first, count in wanted for at in range(count)]
    assert len(seeds) == len(set(seeds))
