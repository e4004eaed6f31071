"""Trials of cheats by kind: how many, who found them, what was accepted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from cheats.files import FILES, Desk, altered_once
from cheats.kinds import LEDGERS, OFTEN, ledger_of
from cheats.watch import faults, watched

COLUMNS = ("cheats", "bundle", "export", "replayer", "proof", "passed", "accepted")
"""How many were tried; who found them out; bundles passed that may; what was believed beside."""
CHUNK = 20
LEDGER_SHARE = 0.25
TRIES = 40
"""So often is a kind tried again where its numbers make no cheat."""
Job = tuple[str, int, int]


@dataclass
class Tally:
    """What a job came to."""

    kind: str
    counts: Counter[str] = field(default_factory=Counter)
    rules: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def jobs(count: int, seed: int, only: str = "") -> Iterator[Job]:
    """Yield kinds, seeds and how many of each: ledgers, and more files, which are quicker."""
    ledgers = [kind for kind in LEDGERS if only in kind for _ in range(OFTEN.get(kind, 1))]
    files = [kind for kind in FILES if only in kind]
    share = LEDGER_SHARE if ledgers and files else float(bool(ledgers))
    for kinds, many in ((ledgers, round(count * share)), (files, count - round(count * share))):
        for number, kind in enumerate(kinds):
            wanted = many // len(kinds) + (number < many % len(kinds))
            for start in range(0, wanted, CHUNK):
                # A kind that is tried more often goes on from where it stopped.
                first = seed * 1_000_000 + kinds[:number].count(kind) * wanted + start
                yield kind, first, min(CHUNK, wanted - start)


def tried(job: Job) -> Tally:
    """Try a job's cheats."""
    kind, first, count = job
    return _files(kind, first, count) if kind in FILES else _ledgers(kind, first, count)


def _ledgers(kind: str, first: int, count: int) -> Tally:
    tally = Tally(kind)
    for seed in range(first, first + count):
        try:
            _ledger(kind, seed, tally)
        except Exception as error:  # noqa: BLE001 - whoever breaks over a cheat has not refused it
            tally.counts.update(cheats=1, accepted=1)
            tally.faults.append(f"{kind}, seed {seed}: {error!r}")
    return tally


def _ledger(kind: str, seed: int, tally: Tally) -> None:
    rng = Random(f"{kind} {seed}")
    cheat = next(filter(None, (ledger_of(kind, rng, seed) for _ in range(TRIES))), None)
    if cheat is None:
        return
    found = watched(cheat, rng)
    wrong = faults(cheat, found)
    tally.rules.update(rule for item in cheat.false for rule in item.rules)
    tally.counts.update(
        cheats=1,
        bundle=found.bundle,
        export=found.export,
        replayer=found.replayed,
        proof=bool(found.proof),
        passed=bool(found.believed) and not wrong,
        accepted=bool(wrong),
    )
    if wrong:
        said = "; ".join(f"{item.kind} {item.what}" for item in cheat.false[:3])
        why = "; ".join(wrong[:3])
        tally.faults.append(f"{kind}, seed {seed}: {why}\n    {said}\n    {found.says}")


def _files(kind: str, first: int, count: int) -> Tally:
    tally = Tally(kind)
    while tally.counts["cheats"] < count:
        rng = Random(f"{kind} {first}")
        desk = Desk.of(rng)
        for _ in range(2 * count):
            shown = altered_once(kind, desk, rng)
            if shown is None or shown.true:
                continue
            tally.counts.update(
                cheats=1, bundle=shown.refused is not None, accepted=not shown.refused
            )
            if not shown.refused:
                tally.faults.append(f"{kind}, seed {first}: {shown.how} is believed")
            if tally.counts["cheats"] == count:
                break
        first += 1
    return tally
