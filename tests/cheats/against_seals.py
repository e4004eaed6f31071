"""Seals and indices that say what is false of the entries before them, and logs with two histories."""

import json
from dataclasses import replace
from random import Random
from typing import Any

from cheats.against_words import places, signed_again, with_script
from cheats.falsehoods import ANY, Cheat, Falsehood, Shown
from cheats.written import Batch, Script, Written, cosigned_note, read_or_not
from properties.telling import Tale
from world import BRAND, OPERATOR, ORIGIN, cosigner, key_of

from ledger.signer import log_vkey
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import Topic, parse_statement
from ledger.statements.log_family import Previous, Seal
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.merkle import leaf_hash, root_hash

MICROSECONDS = 1_000_000


def lied(
    cheat: Cheat, kind: str, what: str, script: Script, *shown: Shown, names: Any = ()
) -> Cheat:
    """Return a cheat with one thing more that is false."""
    false = Falsehood(kind, what, shown)
    return with_script(cheat, script, false, names=(*cheat.names, *names))


# The index.


def _entry(script: Script, rng: Random) -> tuple[int, tuple[Topic, ...]]:
    number, at = rng.choice(places(script))
    parsed = read_or_not(script.batches[number].leaves[at])
    assert parsed is not None
    return script.first_of(number) + at, parsed[2]


def cut(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """The index leaves an entry out of its histories: of one, of some, of all."""
    script = cheat.script
    index, topics = _entry(script, rng)
    gone = rng.sample(topics, rng.randint(1, len(topics)))
    kept = tuple(topic for topic in topics if topic not in gone)
    shown = (frozenset({index, topic}) for topic in gone)
    lie = replace(script, filed={**script.filed, index: kept})
    return lied(cheat, "index-cut", f"entry {index} of {gone}", lie, *shown, names=topics)


def padded(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """The index has an entry in histories where it does not belong."""
    script = cheat.script
    index, topics = _entry(script, rng)
    others = {topic for _ in range(3) for topic in _entry(script, rng)[1]} - set(topics)
    if not others:
        return None
    more = rng.sample(sorted(others), rng.randint(1, len(others)))
    lie = replace(script, filed={**script.filed, index: (*topics, *more)})
    shown = (frozenset({topic}) for topic in more)
    return lied(cheat, "index-padded", f"entry {index} in {more}", lie, *shown, names=more)


def misfiled(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """The index has a history under another name: respelled, or another's."""
    script = cheat.script
    index, topics = _entry(script, rng)
    topic, subject = rng.choice(topics)
    wrong = rng.choice(
        (
            (topic, subject + " "),
            (topic, subject.upper()),
            (topic, subject[:-1]),
            (topic, "\n".join(reversed(subject.split("\n"))) + "\n"),
            rng.choice(_entry(script, rng)[1]),
        )
    )
    if wrong in topics:
        return None
    kept = tuple(wrong if item == (topic, subject) else item for item in topics)
    lie = replace(script, filed={**script.filed, index: kept})
    right = (topic, subject)
    shown = (frozenset({index, right}), frozenset({wrong}))
    return lied(cheat, "index-cut", f"entry {index} of {right}", lie, *shown, names=(right, wrong))


def false_root(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A seal names another index: of an earlier seal, or of nothing."""
    script = cheat.script
    number = rng.choice((len(script.batches) - 1, rng.randrange(1, len(script.batches))))
    newest = number == len(script.batches) - 1
    roots: list[Any] = ["ab" * 32, "0" * 64, _before]
    lie = script.lying(number, index_root=rng.choice(roots))
    return lied(cheat, "index-root", f"seal {lie.seal_of(number)}", lie, *([ANY] if newest else []))


def _before(ledger: Written) -> str:
    """Return the index of the seal before."""
    assert ledger.newest is not None
    body = decode_body(parse_statement(ledger.leaves[ledger.newest[0]]))
    assert isinstance(body, Seal)
    return body.index_root


# Seals.


def place(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A seal says what is false of its own place."""
    script = cheat.script
    number = rng.randrange(1, len(script.batches))
    at = script.seal_of(number)
    lies: tuple[dict[str, Any], ...] = (
        {"size": at + rng.choice((-1, 1, 5))},
        {"iat": script.batches[number].time_us // MICROSECONDS + rng.choice((-1, 1, 3_600))},
        {"previous": None},
        {"previous": lambda ledger: Previous(index=at + 1, id=ledger.newest[1].hex())},
    )
    lie = script.lying(number, **rng.choice(lies))
    return lied(cheat, "seal-place", f"seal {at}", lie, frozenset({at}))


def order(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A seal contradicts the one before it: its time, or which it names."""
    script = cheat.script
    number = rng.randrange(2, len(script.batches))
    at, before = script.seal_of(number), script.seal_of(number - 1)
    earlier_us = script.batches[number - 1].time_us
    how = rng.randrange(3)
    if how == 0:
        time_us = earlier_us - rng.choice((0, 1, MICROSECONDS, 86_400 * MICROSECONDS))
        lie = script.lying(number, time_us=time_us)
        lie = lie.with_batch(number, time_us=time_us)
    elif how == 1:
        lie = script.lying(number, previous=Previous(index=before, id="ab" * 32))
    else:
        oldest = script.seal_of(number - 2)
        lie = script.lying(number, previous=Previous(index=oldest, id="cd" * 32))
    return lied(cheat, "seal-order", f"seal {at}", lie, frozenset({at, before}))


def chained(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A seal names another chain."""
    script = cheat.script
    number = rng.randrange(1, len(script.batches))
    lie = script.lying(number, chain=rng.choice(("ab" * 32, "0" * 64)))
    return lied(cheat, "seal-chain", f"seal {lie.seal_of(number)}", lie)


def sealed_by(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A seal is signed by another key, for another party, or about another log."""
    script = cheat.script
    number = rng.randrange(1, len(script.batches))
    at = script.seal_of(number)
    lies: tuple[dict[str, Any], ...] = (
        {"by": "brand"},
        {"by": "nobody"},
        {"by": "log"},
        {"by": "brand", "issuer": BRAND},
        {"issuer": OPERATOR.upper()},
        {"subject": "ledger.example/another"},
        {"subject": "ledger.example/World"},
    )
    lie = script.lying(number, **rng.choice(lies))
    return lied(cheat, "seal-signer", f"seal {at}", lie, frozenset({at}))


def empty(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """An empty batch is sealed before ten minutes passed."""
    script = cheat.script
    number = rng.randrange(1, len(script.batches))
    time_us = script.batches[number].time_us + rng.choice((1, 60, 599)) * MICROSECONDS
    rows = list(script.batches)
    rows.insert(number + 1, Batch(time_us, ()))
    lie = replace(script, batches=tuple(rows))
    return lied(cheat, "seal-idle", f"seal {lie.seal_of(number + 1)}", lie)


# What cosigners saw.


def watched_script(script: Script) -> Script:
    """Return the script with a genesis that names two witnesses, one of whom is its quorum."""
    parsed = read_or_not(script.batches[0].leaves[0])
    assert parsed is not None
    value = json.loads(parsed[0].payload)
    value |= {"witnesses": [str(cosigner("w1")), str(cosigner("w2"))], "quorum": 1}
    payload = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    leaf = signed_again(parsed[0], key_of("operator"), payload)
    return script.with_batch(0, leaves=(leaf,))


def cites(*names: str, after_s: int, log: str = "log", forged: bool = False) -> Any:
    """Return what a seal cites: the checkpoint behind the batch before, as cosigned then."""

    def made(ledger: Written) -> str:
        assert ledger.newest is not None
        note = note_of(ledger, ledger.newest[0] + 1, log, forged=forged)
        return cosigned_note(note, *names, time_s=ledger.newest[2] // MICROSECONDS + after_s)

    return made


def note_of(ledger: Written, size: int, log: str = "log", *, forged: bool = False) -> str:
    """Return the checkpoint of a size, signed; of another tree where it is forged."""
    hashes = [leaf_hash(leaf) for leaf in ledger.leaves[:size]]
    if forged:
        hashes[-1] = b"\xab" * 32
    key = key_of(log)
    return str(
        sign_checkpoint(
            Checkpoint(ORIGIN, size, root_hash(hashes)), log_vkey(ORIGIN, key), key.sign
        )
    )


def cited(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A seal cites a checkpoint that is none of this log, or that nobody cosigned."""
    script = watched_script(cheat.script)
    number = rng.randrange(2, len(script.batches))
    lies = (
        cites(after_s=1),
        cites("w3", after_s=1),
        cites("w1", after_s=1, log="another log"),
        cites("w1", after_s=1, forged=True),
    )
    lie = script.lying(number, cosigned=rng.choice(lies))
    return lied(cheat, "seal-cited", f"seal {script.seal_of(number)}", lie)


def backdated(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """A seal is dated before a checkpoint without it was cosigned, as the seal itself shows."""
    script = watched_script(cheat.script)
    number = rng.randrange(2, len(script.batches))
    ahead = script.batches[number].time_us - script.batches[number - 1].time_us
    after_s = ahead // MICROSECONDS + rng.choice((602, 3_600, 86_400))
    lie = script.lying(number, cosigned=cites(rng.choice(("w1", "w2")), after_s=after_s))
    at = script.seal_of(number)
    return lied(cheat, "backdated", f"seal {at}", lie, frozenset({at}))


# Two histories of one log.


def rewritten(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """What was published before is not how the log begins now: changed, cut or reordered."""
    script = cheat.script
    size = len(script.batches)
    seen = replace(script, batches=script.batches[: rng.randrange(size // 2, size)])
    number, at = rng.choice([item for item in places(script) if item[0] < len(seen.batches)])
    leaves = list(script.batches[number].leaves)
    other = rng.randrange(len(seen.batches))
    how = rng.randrange(3)
    if how == 0 and len(script.batches) > len(seen.batches) + 1:
        del leaves[at]
    elif how == 1 and other and other != number:
        mine, theirs = script.batches[number], script.batches[other]
        script = script.with_batch(number, leaves=theirs.leaves)
        script = script.with_batch(other, leaves=mine.leaves)
        leaves = list(script.batches[number].leaves)
    else:
        later_us = script.batches[number].time_us + 1
        script = script.lying(number, time_us=later_us).with_batch(number, time_us=later_us)
    lie = script.with_batch(number, leaves=tuple(leaves))
    made = lied(cheat, "rewritten", f"batch {number}", lie, ANY)
    return replace(made, before=seen)


def dated_before(rng: Random, _: Tale, cheat: Cheat) -> Cheat | None:
    """Seals are dated before a replayer cosigned a checkpoint without them."""
    script = cheat.script
    number = rng.randrange(len(script.batches) // 2, len(script.batches) - 1)
    seen = replace(script, batches=script.batches[: number + 1])
    next_s = script.batches[number + 1].time_us // MICROSECONDS
    at = script.seal_of(number + 1)
    made = lied(cheat, "backdated", f"seal {at}", script, frozenset({at}))
    return replace(made, before=seen, seen_s=next_s + rng.choice((602, 3_600, 86_400)))
