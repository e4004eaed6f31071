"""Seals cite the newest checkpoint that the quorum named in genesis cosigned; bundles carry it all."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from world import BRAND, ORIGIN, World, cosigner

from ledger.answering.prover import prove
from ledger.errors import AuditError, CannotVerifyError
from ledger.evidence.bundle import encode_bundle, verify_bundle
from ledger.statements.log_family import Seal
from ledger.store.reads import reading
from ledger.store.view import parse_entry
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.trust import TrustPolicy, parse_trust

NAMES = ("w1", "w2", "w3")


@pytest.fixture
def witnessed(tmp_path: Path) -> Iterator[World]:
    """Return a world with three witnesses and a quorum of two."""
    made = World(
        tmp_path,
        f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        witnesses=tuple(str(cosigner(name)) for name in NAMES),
        quorum=2,
    )
    made.party("brand", BRAND)
    yield made
    made.log.engine.dispose()


def cited(world: World) -> tuple[int, list[str]] | None:
    """Return size and cosigners of what the newest seal cites."""
    with reading(world.log.engine) as snapshot:
        index = snapshot.head().seal_idx
        seal = parse_entry(index, snapshot.leaves([index])[index]).body
    assert isinstance(seal, Seal)
    if seal.cosigned is None:
        return None
    note = parse_note(seal.cosigned)
    names = [line.name.rpartition("/")[2] for line in note.signatures]
    assert names[0] == "world"
    return open_checkpoint(note, world.log.vkey).size, names[1:]


def test_a_seal_cites_a_checkpoint_once_the_quorum_cosigned_it(witnessed: World):
    assert cited(witnessed) is None
    witnessed.cosign("w1", "r1")
    witnessed.accept(witnessed.reading("one witness is no quorum of two"))
    assert cited(witnessed) is None
    size = witnessed.cosign("w1", "r1", "w3")
    witnessed.accept(witnessed.reading("two are"))
    assert cited(witnessed) == (size, ["w1", "w3"])  # a replayer is no witness
    witnessed.cosign("w2")
    witnessed.accept(witnessed.reading("until a newer one is"))
    assert cited(witnessed) == (size, ["w1", "w3"])
    witnessed.reopen()
    witnessed.accept(witnessed.reading("after a restart too"))
    assert cited(witnessed) == (size, ["w1", "w3"])
    newer = witnessed.cosign(*NAMES)
    witnessed.accept(witnessed.reading("the newest"))
    assert cited(witnessed) == (newer, ["w1", "w2", "w3"])
    assert witnessed.check().size == 14


def test_without_a_quorum_in_genesis_nothing_is_cited(world: World):
    world.party("brand", BRAND)
    world.cosign("w1", "w2")
    world.accept(world.reading("first"))
    assert cited(world) is None


def edit(world: World, sql: str, *values: object) -> None:
    world.log.engine.dispose()
    with sqlite3.connect(world.folder / "ledger.sqlite") as connection:
        connection.execute(sql, values)
    connection.close()


def test_an_edited_cosignature_is_not_cited_and_the_audit_names_it(witnessed: World):
    """A seal that cited a false cosignature would make the log one no audit accepts."""
    size = witnessed.cosign("w1", "w2")
    with reading(witnessed.log.engine) as snapshot:
        (line,) = snapshot.driver.rows("SELECT line FROM cosignatures WHERE key LIKE '%/w2+%'")[0]
    at = 80
    false = line[:at] + ("B" if line[at] == "A" else "A") + line[at + 1 :]
    edit(witnessed, "UPDATE cosignatures SET line = ? WHERE line = ?", false, line)
    witnessed.accept(witnessed.reading("on"))
    assert cited(witnessed) is None
    with pytest.raises(AuditError, match=f"cosignature {size} of cosigner.example/w2"):
        witnessed.check()


def policy(*lines: str, quorum: str) -> TrustPolicy:
    from world import key_of

    from ledger.signer import log_vkey

    names = [f"witness {name} {cosigner(name)}" for name in NAMES]
    replayers = [f"replayer {name} {cosigner(name)}" for name in ("r1", "r2")]
    log = f"log {log_vkey(ORIGIN, key_of('log'))}"
    return parse_trust(
        "\n".join([log, *names, *replayers, "group g 2 w1 w2 w3", *lines, f"quorum {quorum}"])
    )


def bundle(world: World) -> bytes:
    asked = {"topic": "generic", "subject": "urn:x:1"}
    return encode_bundle(prove(world.log, "history", asked))


TRUSTED = {
    "two of three witnesses and both replayers": (("w1", "w3", "r1", "r2"), True),
    "all witnesses, one replayer short": (("w1", "w2", "w3", "r2"), False),
    "both replayers, one witness short": (("w2", "r1", "r2"), False),
    "nobody": ((), False),
}


@pytest.mark.parametrize("sentence", TRUSTED)
def test_a_bundle_carries_its_cosignatures_and_the_trust_file_counts_them(
    witnessed: World, sentence: str
):
    names, enough = TRUSTED[sentence]
    witnessed.accept(witnessed.reading("first"))
    witnessed.cosign(*names)
    trust = policy("replay-quorum 2", quorum="g")
    if enough:
        found = verify_bundle(bundle(witnessed), trust, now_us=witnessed.now_us)
        assert found.completeness == "replayed 2/2 as of size 6"
    else:
        with pytest.raises(CannotVerifyError, match="quorum"):
            verify_bundle(bundle(witnessed), trust, now_us=witnessed.now_us)


def test_freshness_is_the_time_at_which_the_quorum_held(witnessed: World):
    witnessed.cosign("w1", time_s=witnessed.now_s - 500)
    witnessed.cosign("w2", time_s=witnessed.now_s - 100)
    raw, trust = bundle(witnessed), policy("max-age 400", quorum="g")
    with pytest.raises(CannotVerifyError, match="last seen 8 minutes 20 seconds ago"):
        verify_bundle(raw, trust, now_us=witnessed.now_us)
    witnessed.cosign("w1")  # cosigned again: the newer time is kept
    fresh = verify_bundle(bundle(witnessed), trust, now_us=witnessed.now_us)
    assert fresh.fresh_us == (witnessed.now_s - 100) * 1_000_000
    assert not witnessed.log.read_only
