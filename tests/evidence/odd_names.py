"""Honest ledgers whose subjects are odd names, and every finder of fraud let loose on them.

A finder that accuses an honest operator is worse than none: whoever believes it once believes no
proof any more. Names are pieced together from what keys, files and lines are separated by.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from audit.ledgers import Paper
from evidence.bundles import trust
from tea import MARK, TRADER
from world import BRAND, ORIGIN, World

from ledger.answering.fraud_finder import (
    TrueIndex,
    WholeLedger,
    find_backdated,
    find_duplicate,
    find_fork,
    find_index_fraud,
    find_rule_fraud,
    find_seal_fraud,
)
from ledger.errors import CannotVerifyError, MalformedError, ProofError, VerificationError
from ledger.evidence.bundle import Bundle
from ledger.evidence.fraud import (
    Fork,
    Fraud,
    IndexFraud,
    ListedEntry,
    encode_fraud,
    prove_duplicate,
    prove_index,
    prove_rule,
    verify_fraud,
)
from ledger.evidence.proven import ProvenHistory
from ledger.evidence.seal_fraud import prove_backdated, prove_seal
from ledger.evidence.shown import leaf_of
from ledger.statements.catalogue import histories_of
from ledger.statements.envelope import Topic
from ledger.statements.topics import TOPICS

PIECES = (
    *'\n\n\x00\x1f\t\u2028 /,("',
    *("\r\n", "\\n", "%0A", "%2F", "\u202e", "\u200b", "\u009b31m", "\x1b[2J", "\U000e0041"),
    *("e\u0301", "é", "龙井", "𠮷", "generic", "grant", "issuer", "urn:x:a", "urn:x:b", "0", "-1"),
    *(MARK, TRADER, BRAND),
)


CONTROLS = re.compile("[\x00-\x1f\x7f]")
"""What no subject holds that somebody signs; the ledger's own names of two parts hold a line feed."""


def odd_name(rng: Random) -> str:
    """Return a name pieced together."""
    return "".join(rng.choices(PIECES, k=rng.randint(1, 5)))


@dataclass(frozen=True)
class Base:
    """A tea brand's honest ledger: histories of every kind of name."""

    whole: WholeLedger
    index: TrueIndex
    topics: tuple[Topic, ...]

    @classmethod
    def of(cls, whole: WholeLedger) -> "Base":
        """Read a ledger."""
        size = len(whole.leaves)
        entries = whole.entries(size - 1)
        topics = {topic for entry in entries for topic in histories_of(entry.statement, entry.body)}
        return cls(whole, TrueIndex(whole, whole.seals(size), size - 1), tuple(sorted(topics)))


def honest(world: World, rng: Random) -> tuple[Paper, list[str]]:
    """Return a ledger by an honest operator, of parties and readings of odd subjects."""
    paper = Paper(world)
    names = [CONTROLS.sub("", odd_name(rng)) or "x" for _ in range(rng.randint(2, 5))]
    brand = world.statement("party", world.party_fields("brand", BRAND), subject=BRAND)
    paper.write(brand).seal()
    for batch in range(rng.randint(1, 3)):
        told = (world.reading(f"{batch} {i}", subject=rng.choice(names)) for i in range(2))
        paper.write(*told).seal()
    return paper, names


def accusations(world: World, base: Base, rng: Random) -> Iterator[Fraud]:
    """Yield what is found in one honest ledger, or believed of it or of the tea brand's: nothing."""
    paper, names = honest(world, rng)
    whole = WholeLedger(paper)
    size = len(whole.leaves)
    index = TrueIndex(whole, whole.seals(size), size - 1)
    found: list[Fraud | None] = [find_fork(whole, item.note) for item in whole.signed]
    for at in range(size):
        found += [find_seal_fraud(whole, at), find_duplicate(whole, at), find_backdated(whole, at)]
    found.append(find_rule_fraud(whole, rng.randrange(size)))
    for topic, subject in asked(names, rng):
        bundle = bundle_of(whole, index.history("log", ORIGIN), index.history(topic, subject))
        at = rng.randrange(size)
        found += [find_index_fraud(whole, bundle), prove_index(bundle, whole.statement(at, size))]
        found += [prove_duplicate(bundle), prove_backdated(bundle, ())]
        with contextlib.suppress(ProofError):  # it says nothing without all that a rule reads
            found.append(prove_rule(bundle, at))
    yield from (item for item in found if item is not None)
    liars = [
        *forged(whole, index, [("generic", name) for name in names], rng),
        *forged(base.whole, base.index, rng.sample(base.topics, 3), rng),
    ]
    yield from (item for item in liars if believed(item))


def asked(names: list[str], rng: Random) -> Iterator[tuple[str, str]]:
    """Yield histories to look at: of the names, of others, of other topics."""
    for name in (*names, odd_name(rng)):
        yield "generic", name
        yield rng.choice(TOPICS), name
    yield "issuer", BRAND


def bundle_of(whole: WholeLedger, *histories: ProvenHistory) -> Bundle:
    """Return a bundle that holds histories and all entries."""
    note, size = whole.note(0)
    return Bundle(
        v=1,
        question="history",
        parameters={},
        answer=None,
        names={},
        valid_at_us=None,
        known_at=size,
        checkpoint=note,
        histories=tuple(sorted(histories, key=lambda item: (item.topic, item.subject))),
        statements=tuple(whole.statement(at, size) for at in range(size)),
        consistency=None,
        later=(),
    )


def respelled(topic: str, subject: str, rng: Random) -> Iterator[tuple[str, str]]:
    """Yield other names that could be taken for a history's: the separator moved, signs swapped."""
    joined = f"{topic}\n{subject}"
    yield from ((joined[:at], joined[at + 1 :]) for at, one in enumerate(joined) if one == "\n")
    yield topic, subject.strip()
    yield topic, subject.replace("\n", "\\n")
    yield rng.choice(TOPICS), subject
    yield topic.upper(), subject


def forged(
    whole: WholeLedger, index: TrueIndex, topics: Sequence[Topic], rng: Random
) -> Iterator[Fraud]:
    """Yield accusations that a liar puts together from what an honest operator signed."""
    note, size = whole.note(0)
    statements = [whole.statement(at, size) for at in range(size)]
    seals = [statements[entry.index] for entry in whole.seals(size)]
    for name in topics:
        history = index.history(*name)
        listed = tuple(
            ListedEntry(index=at, hash=leaf_of(statements[at]).hash) for at in history.entries
        )
        for topic, subject in respelled(*name, rng):
            for part in (listed, listed[1:], listed[:-1], ()):
                yield IndexFraud(
                    checkpoint=note,
                    entry=statements[rng.choice([*history.entries, rng.randrange(size)])],
                    seal=rng.choice((seals[-1], seals[-1], *seals)),
                    topic=topic,
                    subject=subject,
                    listed=part,
                    proof=history.proof,
                )
    one, other = rng.choices(whole.signed, k=2)
    old, new = sorted((one, other), key=lambda item: item.size)
    yield Fork(checkpoints=(old.note, new.note), consistency=whole.consistency(old.size, new.size))
    at = rng.randrange(old.size)
    for leaves in ((at, at), (at, rng.randrange(new.size))):
        yield Fork(
            checkpoints=(old.note, new.note),
            leaves=(whole.leaf(leaves[0], old.size), whole.leaf(leaves[1], new.size)),
        )
    yield prove_seal(note, rng.choice(seals), rng.choice((None, *seals)), ())


def believed(fraud: Fraud) -> bool:
    """Return whether anybody with the log key would believe an accusation."""
    try:
        verify_fraud(encode_fraud(fraud), trust())
    except (VerificationError, CannotVerifyError, MalformedError):
        return False
    return True
