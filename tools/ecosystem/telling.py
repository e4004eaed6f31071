"""What a run tells, signed into files by rounds: everybody's, each share's, its stated indices."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bench_common import read_frames, run_all, write_frames

from ecosystem.course import Course, everybody
from ecosystem.examples import Example, examples
from ecosystem.indices import Found
from ecosystem.pen import DAY_S, Pen, Setting, cite
from ecosystem.proportions import ROUND_DAYS, ROUNDS, SHARES, Scale
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement
from ledger.statements.quality_family import QualityModel

ORIGIN = "ecosystem.example/log"
BEGAN_S = 1_609_459_200
"""2021-01-01T00:00:00Z."""
SPREAD_S = 600
BATCH = 5_000
"""Under one seal at most, as ``pinyuan register`` has it: stated indices name the log's size."""
FIRST_SIZE = 2  # genesis and its seal
EXAMPLES = 5  # of each share


def setting_of(seed: int) -> Setting:
    return Setting(ORIGIN, BEGAN_S, SPREAD_S, seed)


def registered_us(number: int) -> int:
    """Return when what a round tells is registered: a minute behind its end."""
    return (BEGAN_S + number * ROUND_DAYS * DAY_S + 60) * 1_000_000


@dataclass
class Told:
    """One file of frames: how many statements each round has, sums, what can be asked about."""

    path: str
    counts: list[int]
    told: dict[str, int]
    examples: list[Example]
    indices: list[dict[str, Any]]

    def rounds(self) -> Iterator[list[bytes]]:
        """Yield the statements of each round."""
        frames = read_frames(self.path)
        for count in self.counts:
            yield list(islice(frames, count))


def tell_share(number: int, seed: int, scale: float, path: str) -> None:
    """Sign what a share tells, 0 for everybody, into a file; beside it, what is in there."""
    setting, proportions = setting_of(seed), Scale(scale)
    counts: list[int] = []
    with Path(path).open("wb") as file:
        if number:
            course = Course(number, setting, proportions)
            rounds = course.rounds()
        else:
            rounds = iter([everybody(setting, proportions)[0].pen.out])
        for statements in rounds:
            counts.append(len(statements))
            file.writelines(len(raw).to_bytes(4) + raw for raw in statements)
    sums = dict(course.share.told) if number else {}
    asked = examples(course.share, EXAMPLES) if number else []
    indices = [asdict(item) for item in course.indices] if number else []
    told = Told(path, counts, sums, asked, indices)
    Path(f"{path}.json").write_text(json.dumps(asdict(told)))


def read_told(path: str) -> Told:
    return Told(**json.loads(Path(f"{path}.json").read_text()))


def tell_all(folder: Path, seed: int, scale: float, *, processes: bool = True) -> list[Told]:
    """Sign everything, each share by a process of its own.

    Returns everybody's file, one of each share's stated indices, one of each share.
    """
    jobs = [(n, seed, scale, str(folder / f"share{n}")) for n in range(SHARES + 1)]
    if processes:
        run_all(tell_share, jobs)
    else:
        for job in jobs:
            tell_share(*job)
    everybody, *shares = (read_told(path) for *_, path in jobs)
    return [everybody, *state_indices(folder, everybody, shares, seed), *shares]


def state_indices(
    folder: Path, everybody: Told, shares: Sequence[Told], seed: int
) -> Iterator[Told]:
    """Sign the indices found, now that the log's size behind each round is known.

    They are the operator's; each share's are a file of their own, registered ahead of what
    that share tells, in the round behind the one they are of.
    """
    model = model_cited(everybody)
    found = [[Found(**item) for item in share.indices] for share in shares]
    counts = [[0] * (ROUNDS + 1) for _ in shares]
    for mine, own in zip(counts, found, strict=True):
        for item in own:
            mine[item.round + 1] += 1
    files = (everybody.counts, *counts, *(share.counts for share in shares))
    sizes, size = [], FIRST_SIZE
    for number in range(ROUNDS + 1):
        size += sum(with_seals(file[number]) for file in files if number < len(file))
        sizes.append(size)
    for turn, own in enumerate(found, 1):
        pen = Pen(0, setting_of(seed))
        for item in sorted(own, key=lambda item: (item.round, item.subject)):
            pen.now_s = BEGAN_S + (item.round * ROUND_DAYS + 1) * DAY_S
            fields = asdict(item) | {"model": model, "size": sizes[item.round]}
            del fields["round"], fields["subject"]
            pen.say("quality-index", pen.operator, item.subject, fields)
        path = folder / f"indices{turn}"
        write_frames(path, pen.out)
        yield Told(str(path), counts[turn - 1], {}, [], [])


def with_seals(count: int) -> int:
    """Return how much the log grows by so many statements of one file and round."""
    return count + -(-count // BATCH)


def model_cited(everybody: Told) -> dict[str, str]:
    """Return the citation of the quality model."""
    for raw in next(everybody.rounds()):
        statement = parse_statement(raw)
        if isinstance(decode_body(statement), QualityModel):
            return cite(statement.id.hex(), "model", statement.subject)
    raise AssertionError("no model")


def in_rounds(told: list[Told]) -> Iterator[tuple[int, list[list[bytes]]]]:
    """Yield each round's number with what each file has of it."""
    files = [item.rounds() for item in told]
    for number in range(ROUNDS + 1):
        yield number, [next(rounds, []) for rounds in files]


def sums(told: list[Told]) -> Counter[str]:
    total: Counter[str] = Counter()
    for item in told:
        total.update(item.told)
    return total
