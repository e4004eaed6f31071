"""What an answer says and reads hangs on no order that a process chose for itself.

A verifier runs in another process than whoever made the bundle: a set gone through until
something is found would read other histories there, and an honest bundle be refused.
"""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

SEEDS = ("1", "2", "3", "4")
ASK_ALL = """
import sys
from pathlib import Path
sys.path[:0] = ["tests", "."]
from paper import Paper, copy_of
from questions.scene import performed
from questions.test_scenes import SCENES
from usual import Told

begun = Told(Paper(Path(), ""))
begun.begin()
for scene in SCENES:
    paper, asks, at_us, _ = performed(copy_of(begun.world, begun), scene)
    answer, trace = paper.fold(scene.question, asks, valid_at_us=at_us)
    print(scene.question, scene.says, answer, sorted(trace.histories), sorted(trace.times))
"""


def asked_with(seed: str) -> list[str]:
    """Return what every scene's question answered and read in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", ASK_ALL],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def first() -> list[str]:
    return asked_with("0")


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_and_what_they_read_are_the_same_in_every_process(first: list[str], seed: str):
    other = asked_with(seed)
    assert len(other) == len(first) > len(SEEDS)
    different = [one for one, two in zip(first, other, strict=True) if one != two]
    assert different == []
