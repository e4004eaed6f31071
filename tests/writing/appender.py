"""A process of its own that registers statements: python appender.py URL ANCHOR NAME COUNT BATCH.

It says when it is ready, begins when its input ends, and prints index and id of what was
acknowledged after each batch. COUNT 0 goes on for ever.
"""

import itertools
import sys
from pathlib import Path

from world import BRAND, ORIGIN, START_US, key_of

from ledger.primitives.clock import SimulatedClock
from ledger.signer import KeySigner
from ledger.statements.envelope import sign_statement
from ledger.store.engine import make_engine
from ledger.writing.opening import open_log


def statement(name: str, number: int) -> bytes:
    return sign_statement(
        key_of("brand"),
        f"{name} {number}".encode(),
        issuer=BRAND,
        subject=f"urn:x:{number % 5}",
        issued_at=START_US // 1_000_000,
        audience=None,
        content_type="text/plain",
    )


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main(url: str, anchor: str, name: str, count: int, batch: int) -> None:
    log = open_log(
        make_engine(url),
        anchor_path=Path(anchor),
        clock=SimulatedClock(),
        signer=KeySigner(ORIGIN, key_of("log"), key_of("operator")),
    )
    say("ready\n")
    sys.stdin.read()
    for start in range(0, count, batch) if count else itertools.count(0, batch):
        outcomes = log.register([statement(name, start + at) for at in range(batch)])
        say("".join(f"{outcome.index} {outcome.id.hex()}\n" for outcome in outcomes))
    log.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:4], *map(int, sys.argv[4:]))
