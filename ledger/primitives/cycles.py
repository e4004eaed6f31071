"""Garbage collection, where a million objects are made and none of them lies in a cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the search for cycles: looking through a batch again and again takes a tenth of it.

    What is no longer used goes all the same, by its count; the few cycles that errors make
    wait until the pause is over.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
