"""What answers cost with many statements of those they are none of the business of.

    python tools/bench_strangers.py [--count 10000] [--each 1000] [--lots 1001,5001] [--only NAME]

The tea brand's usual story (``tests/properties/course.py``) with a label, a visit, a complaint,
advice, a plan, pledges and a measure; behind it ``--count`` statements of strangers, of every kind
that the rules let strangers register about its product, lots, places, parties, brand, grants,
reports and visits (``strangers``). Then, one kind at a time, what is tried ``--each`` times by who
has a right or office beside (``beside``): a fellow reseller, a laboratory, an observer, a consumer;
and the product's lots by a fellow reseller, many inputs, and many listings.

Every question is asked of two ledgers of one size: in the other one as many statements are about
nothing of this. Printed for each question that grew at all: bundle bytes, answer time warm (asked
before) and cold (the ledger just opened), as ratios; and what the rules refused. Nothing is
asserted: the goal is bundles at most 5 % larger, answers at most 20 % slower.
"""

import argparse
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parents[1])]

from bench_common import timed  # noqa: E402
from bench_questions import ask  # noqa: E402
from properties.asking import ASKED, OF_MANY, Asked, about_grants, shown  # noqa: E402
from properties.course import (  # noqa: E402
    business,
    clean_audit,
    label,
    model,
    opened,
    report,
    sampled,
    standards,
)
from properties.telling import Tale, entered  # noqa: E402
from properties.words import (  # noqa: E402
    amends,
    cites,
    day,
    says,
    who,
)
from said_again import (  # noqa: E402
    BESIDE,
    STRANGERS,
    Kind,
    fellow_lots,
    made_of,
    nothing_of_this,
)
from tea import GTIN  # noqa: E402
from usual import finding  # noqa: E402
from world import World  # noqa: E402

from ledger.answering.prover import prove  # noqa: E402
from ledger.evidence.bundle import encode_bundle  # noqa: E402
from ledger.store.engine import make_engine  # noqa: E402
from ledger.writing.log import Refused  # noqa: E402
from ledger.writing.opening import open_log  # noqa: E402

BATCH = 500


def story(tale: Tale) -> None:
    """Tell the usual story, with something for every question."""
    opened(tale)
    steps = (
        model(tale),
        business(tale),
        clean_audit(tale),
        (says("inspection"), says("listing")),
        standards(tale),
        sampled(tale),
        report(tale, bad=False),
        label(tale),
    )
    bad = {"nonconforming": 2, "decision": "refused"}
    good = {"answers": [cites("failure")], "on": day(0), "mode": "flight"}
    pledge = {"standards": [cites("standard")]}
    more = (
        says("invitation"),
        says("visit"),
        says("observation"),
        says("inspection", called="failure", mode="flight", findings=[finding("major")], **bad),
        says("inspection", called="better", **good),
        says("complaint"),
        says("advice"),
        says("improvement-plan", called="plan"),
        says("improvement-step"),
        says("sanction", step="interview", until=day(300)),
        amends("appeal", "sanction", "trader"),
        *(
            says(
                "alliance-pledge", by=name, subject=who(name), called=f"pledge of {name}", **pledge
            )
            for name in ("brand", "trader", "laboratory")
        ),
    )
    for said in (*steps, more):
        for move in said:
            if not tale.tell(move):
                print(f"not told: {move}: {dict(tale.refused)}")


@dataclass
class Ledger:
    """A ledger on disk and who tells it."""

    folder: Path
    tale: Tale

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/ledger.sqlite"

    @classmethod
    def begun(cls, folder: Path) -> "Ledger":
        """Tell the story in a new ledger."""
        folder.mkdir()
        made = cls(folder, None)  # type: ignore[arg-type]
        tale = Tale(entered(World(folder, made.url)), Random(1))
        made.tale = tale
        story(tale)
        return made

    def fill(self, kinds: tuple[Kind, ...], wanted: int) -> tuple[int, Counter[str]]:
        """Let kinds be said in turn until so many are registered; each so often at most."""
        tale, done, refused = self.tale, 0, Counter[str]()
        batch = list[tuple[str, bytes]]()
        tale.now_us += 60 * 60 * 1_000_000
        turns = ((kind, n) for n in range(wanted) for kind in kinds)
        for kind, n in turns:
            for move in kind(n):
                raw = tale.write(move, tale.now_us)
                if raw is not None:
                    batch.append((kind.__name__, raw))
                    tale.told.call(move.called, raw)
            if len(batch) >= min(BATCH, wanted - done):
                done += self._register(batch, refused)
                if done >= wanted:
                    return done, refused
        return done + self._register(batch, refused), refused

    def _register(self, batch: list[tuple[str, bytes]], refused: Counter[str]) -> int:
        if not batch:
            return 0
        world = self.tale.told.world
        outcomes = world.register(*(raw for _, raw in batch))
        for (name, _), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Refused):
                refused[f"{name}: {', '.join(item.rule for item in outcome.refusals)}"] += 1
        self.tale.now_us = world.now_us
        batch.clear()
        return sum(not isinstance(outcome, Refused) for outcome in outcomes)


@dataclass(frozen=True)
class Cost:
    verdict: str
    size_bytes: int
    warm_s: float
    cold_s: float


def cost(ledger: Ledger, asked: Asked, rounds: int) -> Cost:
    name, given = asked
    parameters, anchor = dict(given), ledger.folder / "anchor"
    cold = []
    for _ in range(rounds):
        log = open_log(make_engine(ledger.url), anchor_path=anchor)
        cold += timed(lambda: ask(log, name, parameters), 1)  # noqa: B023 - called at once
        log.engine.dispose()
    log = open_log(make_engine(ledger.url), anchor_path=anchor)
    bundle = prove(log, name, parameters)
    size = len(encode_bundle(bundle))
    warm = timed(lambda: ask(log, name, parameters), 4 * rounds)
    log.engine.dispose()
    verdict = bundle.answer.get("verdict", "") if isinstance(bundle.answer, Mapping) else ""
    return Cost(verdict, size, statistics.median(warm), statistics.median(cold))


def compared(was: Mapping[Asked, Cost], ledger: Ledger, rounds: int, *, full: bool) -> None:
    """Print what each question costs beside what it did."""
    for asked, before in was.items():
        now = cost(ledger, asked, rounds)
        size = now.size_bytes / before.size_bytes
        warm, cold = now.warm_s / before.warm_s, now.cold_s / before.cold_s
        if full or size > 1.02 or max(warm, cold) > 1.2 or now.verdict != before.verdict:
            print(
                f"    {shown(asked)}: {before.verdict}"
                + (f" -> {now.verdict}" if now.verdict != before.verdict else "")
                + f"; bundle {before.size_bytes / 1e3:.0f} kB x {size:.2f}, "
                f"warm {1e3 * before.warm_s:.1f} ms x {warm:.2f}, cold {1e3 * before.cold_s:.0f} ms x {cold:.2f}",
                flush=True,
            )


def questions_of(ledger: Ledger, more: tuple[Asked, ...]) -> tuple[Asked, ...]:
    return (*ASKED, *OF_MANY, *about_grants(ledger.tale), *more)


@dataclass(frozen=True)
class Bench:
    """What is said, how often, and what is asked beside the usual."""

    name: str
    kinds: tuple[Kind, ...]
    wanted: int
    more: tuple[Asked, ...] = ()


def bench(folder: Path, what: Bench, rounds: int, *, full: bool) -> None:
    """Print what some kinds cost every question."""
    print(f"{what.name}:", flush=True)
    theirs = Ledger.begun(folder / f"{what.name} theirs")
    done, refused = theirs.fill(what.kinds, what.wanted)
    print(f"  registered {done:,}", end="")
    print("".join(f"\n    refused {n:,} x {why}" for why, n in sorted(refused.items())), flush=True)
    other = Ledger.begun(folder / f"{what.name} other")
    other.fill((nothing_of_this,), done)
    was = {asked: cost(other, asked, rounds) for asked in questions_of(other, what.more)}
    compared(was, theirs, rounds, full=full)
    for ledger in (theirs, other):
        ledger.tale.told.world.log.engine.dispose()


def benches(strangers: int, each: int, lots: list[int], inputs: int) -> Iterator[Bench]:
    yield Bench("strangers", STRANGERS, strangers)
    for kind in BESIDE:
        yield Bench(kind.__name__, (kind,), each)
    for number in lots:
        yield Bench(f"{number} fellow lots", (fellow_lots,), number)
    traced = ("trace", (("goods", f"{GTIN}/10/BIG"), ("page", "1")))
    yield Bench(f"{inputs} inputs", (made_of(inputs),), inputs + inputs // 100 + 1, (traced,))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="statements of strangers")
    parser.add_argument("--each", type=int, default=1_000, help="tries of each kind beside")
    parser.add_argument("--lots", default="1001,5001", help="lots of a fellow reseller")
    parser.add_argument("--inputs", type=int, default=5_000, help="lots that one lot is made of")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="what its name has in it")
    options = parser.parse_args()
    lots = [int(number) for number in options.lots.split(",")]
    with tempfile.TemporaryDirectory(prefix="pinyuan-strangers-") as name:
        for what in benches(options.count, options.each, lots, options.inputs):
            if options.only in what.name:
                bench(Path(name), what, options.rounds, full=what.name == "strangers")


if __name__ == "__main__":
    main()
