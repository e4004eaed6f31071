"""An answer proves when something was registered that was signed before its signer was hired."""

from pathlib import Path

from evidence.bundles import verified
from questions.attacks.means import BAD
from questions.scene import selling
from tea import LOT
from usual import Told, citing, day, who
from world import BRAND, DAY_S, World

from ledger.answering.prover import prove
from ledger.evidence.bundle import encode_bundle


def test_it_holds_the_seals_by_which_who_signed_was_tied(tmp_path: Path):
    world = World(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    told = Told(world)
    told.begin()
    told.tell("inspection", called="bad", on=day(-3), **BAD)
    # One is hired from the day after tomorrow on, and audits today: it is not tied by then.
    tie = {"kind": "affiliation", "of": BRAND, "relation": "tied", "categories": []}
    for name, since in (("inspector", 2), ("second-inspector", 5)):
        number = f"urn:qualification:samr.cn:{name.upper()}"
        paper = {"subject": who(name), "called": name, "number": number, "from_": day(since)}
        told.tell("qualification", **paper, **tie)
    audit = told.tell("origin-audit", on=day(-0.1))
    world.wait(seconds=6 * DAY_S)
    back = {"on": day(-5.5), "how": {"age_s": 5 * DAY_S}, "answers": [citing("bad")]}
    tame = told.tell("inspection", by="second-inspector", called="tame", **back)
    try:
        for question, asks in (("trace", {"goods": LOT, "page": "1"}), ("listable", selling())):
            raw = encode_bundle(prove(world.log, question, asks))
            found = verified(raw, world)
            assert found.answer["verdict"] == "no"
            assert "lot-refused" in [reason["code"] for reason in found.answer["reasons"]]
            for index in (audit.index, tame.index):
                assert found.opened.registered_us(index) > 0, "its seal is there"
    finally:
        world.log.engine.dispose()
