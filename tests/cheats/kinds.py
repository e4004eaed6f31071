"""The kinds of cheats, each made from a random number; combinations of them."""

from collections.abc import Callable, Mapping
from random import Random

from cheats import against_seals as seals
from cheats import against_words as words
from cheats.against_rules import story
from cheats.falsehoods import Cheat, whole
from cheats.written import Script
from properties.telling import Tale

Make = Callable[[Random, Tale, Cheat], Cheat | None]
WORDS: Mapping[str, Make] = {
    "a stranger is let in": words.strangers,
    "a name is respelled": words.names,
    "keys are swapped": words.swapped_keys,
    "a statement's time is moved": words.moved_times,
    "a statement is moved": words.moved_entries,
    "a statement is left out": words.left_out,
}
TWICE: Mapping[str, Make] = {
    "a statement is repeated": words.repeated,
    "a leaf is more than its statement": words.dressed,
}
SEALS: Mapping[str, Make] = {
    "a history is cut": seals.cut,
    "a history is padded": seals.padded,
    "a history is misfiled": seals.misfiled,
    "an index is another's": seals.false_root,
    "a seal contradicts its place": seals.place,
    "a seal contradicts the one before": seals.order,
    "a seal has another chain": seals.chained,
    "a seal is signed by another": seals.sealed_by,
    "a seal cites what is no checkpoint": seals.cited,
    "a seal is dated before what it cites": seals.backdated,
}
LOGS: Mapping[str, Make] = {
    "an empty batch is sealed": seals.empty,
    "the log key is another": words.genesis,
    "a log is rewritten": seals.rewritten,
    "seals are dated before what was seen": seals.dated_before,
}
STORY, MIXED = "a rule is left out", "several at once"
ALONE: Mapping[str, Make] = {**WORDS, **TWICE, **SEALS, **LOGS}
LEDGERS = (STORY, *ALONE, MIXED)
OFTEN: Mapping[str, int] = {STORY: 8, "a stranger is let in": 3, "a name is respelled": 3, MIXED: 4}
"""How often a kind is tried beside the others."""


def ledger_of(kind: str, rng: Random, number: int) -> Cheat | None:
    """Return the ledger of a kind's cheat of a number, None where these random numbers make none."""
    if kind == STORY:
        made = story(rng, number)
        return None if made is None else whole(made)
    tale = words.tale_of(rng)
    cheat: Cheat | None = Cheat(Script.of(tale.paper))
    if kind == MIXED:
        # What moves entries comes first: what is said of places holds from then on.
        makers = rng.sample([*WORDS.values()], rng.randint(0, 2))
        makers += rng.sample([*TWICE.values()], rng.randint(0, 1))
        makers += rng.sample([*SEALS.values()], rng.randint(1, 2))
    else:
        makers = [ALONE[kind]]
    for make in makers:
        cheat = None if cheat is None else make(rng, tale, cheat)
    return None if cheat is None else whole(cheat)
