"""Bundles of every question over a real ledger, and what an attacker makes of them.

A hostile bundle is named after what was done to it; what is said of it is its exit code and the
last step of verification that it passed, never prose.
"""

import base64
import json
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec
import pytest
from evidence.bundles import LOG_KEY, Cosigner, changed
from evidence.cheating import SELL, Cheat
from questions.scene import Forged, Scene
from tea import GTIN, MARK, TRADER
from usual import Told
from world import BRAND, DAY_S, World, at_home

from ledger.answering.prover import prove
from ledger.errors import CannotVerifyError, PinyuanError
from ledger.evidence.bundle import Step, decode_bundle, encode_bundle, verify_bundle
from ledger.primitives.clock import SimulatedClock
from ledger.questions.declared import QUESTIONS
from ledger.tlog.trust import parse_trust

TRUST = f"log {LOG_KEY}\nquorum none\n"
WITNESS = Cosigner("w1")
FALSE, CANNOT_TELL = 3, 4


@dataclass(frozen=True)
class Shown:
    """A bundle that somebody is shown, when, and by which trust file."""

    raw: bytes
    now_us: int
    trust: str = TRUST

    def verdict(self) -> dict[str, Any]:
        """Return what a verifier says of it: the exit code and the last step that it passed."""
        passed: list[Step] = []
        code = 0
        try:
            policy = parse_trust(self.trust)
            verify_bundle(self.raw, policy, now_us=self.now_us, report=passed.append)
        except CannotVerifyError:
            code = CANNOT_TELL
        except PinyuanError:
            code = FALSE
        last = passed[-1].name if passed else None
        return {"now_us": self.now_us, "trust": self.trust, "exit": code, "last_step": last}


def real(folder: Path, name: str) -> World:
    """Return a ledger on disk of its own."""
    place = folder / name
    place.mkdir()
    return World(place, f"sqlite:///{place / 'ledger.sqlite'}")


def again(template: World, folder: Path) -> World:
    """Return a copy of a closed world that was told to some point."""
    made = copy(template)
    made.folder = copytree(template.folder, folder)
    made.url = f"sqlite:///{made.folder / 'ledger.sqlite'}"
    made.clock = SimulatedClock()
    at_home(made.folder)
    made.reopen()
    made.told = Told(made, dict(template.told.said))
    return made


READ_OTHERWISE = {
    "may_sell-backdated-grant": "a grant bites from its registration, whatever start it names",
    "may_sell-right-holder-itself": "the right-holder itself may sell",
}
"""Bundles that an independent reader once read otherwise: their names, and the scenes they answer."""


def chosen() -> Iterator[tuple[str, Scene]]:
    """Yield a scene for each question: the first that says yes, or else the first."""
    from questions.test_scenes import SCENES

    honest = [row for row in SCENES if not any(isinstance(step, Forged) for step in row.story)]
    for name in QUESTIONS:
        rows = [row for row in honest if row.question == name]
        if rows:
            yield name, next((row for row in rows if row.verdict == "yes"), rows[0])
    for name, says in READ_OTHERWISE.items():
        yield name, next(row for row in honest if row.says == says)


def answers(folder: Path, template: World) -> Iterator[tuple[str, Shown]]:
    """Yield a valid bundle of each question."""
    with_grant = {"topic": "grant", "subject": f"{MARK}\n{TRADER}"}
    for name, story, asks, at in (
        ("history", (), with_grant, None),
        *((name, row.story, row.asks, row.at) for name, row in chosen()),
    ):
        world = again(template, folder / name)
        for step in story:
            if (raw := step(world)) is not None:
                world.accept(raw)
        given = {
            key: str(item(world.told) if callable(item) else item) for key, item in asks.items()
        }
        at_us = None if at is None else int(world.now_us + at * DAY_S * 1_000_000)
        if at_us is not None and at_us > world.last_us():
            at_us = None  # no log has seen it yet
        question = name.partition("-")[0]
        raw = encode_bundle(prove(world.log, question, given, valid_at_us=at_us))
        yield name, Shown(raw, world.now_us)
        if name == "may_sell":
            early = encode_bundle(prove(world.log, name, given, known_at=8))
            yield "may_sell-known-at-8", Shown(early, world.now_us)
        world.log.engine.dispose()


def without(raw: bytes, topic: str) -> bytes:
    """Return a bundle whose first history of a topic is missing."""
    bundle = decode_bundle(raw)
    item = next(item for item in bundle.histories if item.topic == topic)
    return changed(raw, histories=tuple(one for one in bundle.histories if one is not item))


def shortened(raw: bytes, topic: str) -> bytes:
    """Return a bundle whose history of a topic lacks its newest entry."""
    bundle = decode_bundle(raw)
    item = next(item for item in bundle.histories if item.topic == topic and item.entries)
    less = msgspec.structs.replace(item, entries=item.entries[:-1])
    return changed(raw, histories=tuple(less if one is item else one for one in bundle.histories))


def flipped(text: str) -> str:
    """Return base64 of the same bytes but for the last bit."""
    raw = base64.b64decode(text)
    return base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()


def other_bytes(raw: bytes, at: int) -> bytes:
    """Return a bundle with another last bit in a statement."""
    bundle = decode_bundle(raw)
    items = list(bundle.statements)
    items[at] = msgspec.structs.replace(items[at], bytes=flipped(items[at].bytes))
    return changed(raw, statements=tuple(items))


def unsigned(raw: bytes) -> bytes:
    """Return a bundle whose checkpoint the log did not sign."""
    note = decode_bundle(raw).checkpoint
    head, _, last = note.rstrip("\n").rpartition(" ")
    return changed(raw, checkpoint=f"{head} {flipped(last)}\n")


def answered(raw: bytes, **changes: Any) -> bytes:
    """Return a bundle with another answer."""
    return changed(raw, answer=decode_bundle(raw).answer | changes)


Attack = Callable[[bytes], bytes]
ATTACKS: dict[str, Attack] = {
    "another-verdict": lambda raw: answered(raw, verdict="no"),
    "another-order-of-fields": lambda raw: changed(
        raw, answer=dict(reversed(decode_bundle(raw).answer.items()))
    ),
    "another-name": lambda raw: changed(
        raw, names=decode_bundle(raw).names | {GTIN: {"zh": "红茶", "en": "Black tea"}}
    ),
    "a-name-left-out": lambda raw: changed(
        raw, names={id_: one for id_, one in decode_bundle(raw).names.items() if id_ != GTIN}
    ),
    "another-parameter": lambda raw: changed(
        raw, parameters=decode_bundle(raw).parameters | {"territory": "DE"}
    ),
    "another-question": lambda raw: changed(raw, question="listable"),
    "a-history-left-out": lambda raw: without(raw, "sanction"),
    "the-log-left-out": lambda raw: without(raw, "log"),
    "an-entry-left-out": lambda raw: shortened(raw, "grant"),
    "another-signature": lambda raw: other_bytes(raw, 1),
    "the-newest-seal-left-out": lambda raw: changed(
        raw, statements=decode_bundle(raw).statements[:-1]
    ),
    "an-unsigned-checkpoint": unsigned,
    "known-at-no-seal": lambda raw: changed(raw, known_at=decode_bundle(raw).known_at - 1),
    "known-beyond-the-checkpoint": lambda raw: changed(raw, known_at=10**6),
    "about-tomorrow": lambda raw: changed(
        raw, valid_at_us=(decode_bundle(raw).valid_at_us or 0) + DAY_S * 1_000_000
    ),
    "another-spelling": lambda raw: raw.replace(b":", b": ", 1),
    "a-later-checkpoint-that-is-none": lambda raw: (
        json.dumps(
            json.loads(raw)
            | {"later": [{"checkpoint": decode_bundle(raw).checkpoint, "path": []}]},
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        + b"\n"
    ),
}


def cheated(folder: Path) -> Iterator[tuple[str, Shown]]:
    """Yield bundles of an operator who admitted what he must not, or left out what was said."""
    with pytest.MonkeyPatch.context() as patch:
        cheat = Cheat(real(folder, "admitted"), patch)
        said = cheat.tea.chain()
        parent = cheat.tea.grant_cite(said["distributor"], "distributor")
        fields = cheat.tea.grant_fields(parent, depth=0, goods=["food/tea"])
        cheat.admit(cheat.tea.sign("authorisation", "distributor", TRADER, fields))
        yield "admitted-against-a-rule", Shown(cheat.false_bundle(), cheat.world.now_us)
        cheat.world.log.engine.dispose()
        cheat = Cheat(real(folder, "put-in"), patch)
        cheat.tea.chain()
        cheat.put_in(cheat.world.reading("tea is wet"), ("sanction", TRADER))
        yield "a-stranger-in-a-history", Shown(cheat.bundle(), cheat.world.now_us)
        cheat.world.log.engine.dispose()


def hostile(folder: Path, template: World) -> Iterator[tuple[str, Shown]]:
    """Yield hostile bundles, each named after its attack."""
    world = again(template, folder / "honest")
    raw = encode_bundle(prove(world.log, "may_sell", SELL))
    now_us = world.now_us
    world.log.engine.dispose()
    for name, attack in ATTACKS.items():
        yield name, Shown(attack(raw), now_us)
    yield "stale", Shown(raw, now_us + 2 * DAY_S * 1_000_000)
    yield "a-clock-behind", Shown(raw, now_us - DAY_S * 1_000_000)
    yield "no-quorum", Shown(raw, now_us, f"log {LOG_KEY}\n{WITNESS.line('witness')}\nquorum w1\n")
    yield "another-log", Shown(raw, now_us, "quorum none\n")
    yield "another-genesis", Shown(raw, now_us, TRUST + f"genesis {'0' * 64}\n")
    yield "a-key-not-pinned", Shown(raw, now_us, TRUST + f"party-key {BRAND} {'0' * 64}\n")
    yield from cheated(folder)


def made(folder: Path) -> dict[str, bytes]:
    """Return the files of all bundles, and what a verifier says of each."""
    template = real(folder, "template")
    template.told = Told(template)
    template.told.begin()
    template.log.engine.dispose()
    files: dict[str, bytes] = {}
    rows = []
    for kind, shown in (
        *(("valid", item) for item in answers(folder, template)),
        *(("hostile", item) for item in hostile(folder, template)),
    ):
        name, bundle = shown
        path = f"bundles/{kind}/{name}.json"
        files[path] = bundle.raw
        rows.append({"file": path} | bundle.verdict())
    files["bundles.json"] = json.dumps(rows, indent=1).encode() + b"\n"
    return files
