"""What is false in a ledger, and what has to be in a bundle for its reader to see it."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from cheats.document import bites
from cheats.written import Script, read_or_not
from world import ORIGIN

from ledger.histories.history import Entry
from ledger.histories.views import MemoryView
from ledger.questions.book import MALFORMED, Case, review
from ledger.rules.published import is_published
from ledger.statements.catalogue import InvalidBody
from ledger.statements.envelope import Topic

Shown = frozenset[int | Topic]
"""Entries and proven histories of one bundle that together contradict it."""
ANY: Shown = frozenset()
"""Whatever bundle there is contradicts it."""


@dataclass(frozen=True)
class Falsehood:
    """One thing that is false: of which kind, by which rules, in which bundles it can be seen."""

    kind: str
    what: str
    shown_by: tuple[Shown, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cheat:
    """A ledger with what is false in it, what it admits against the rules left aside.

    ``names``: histories to ask about beside all questions. ``before``: what was published of the
    log before, where this is another history. ``seen_s``: when a replayer cosigned that.
    """

    script: Script
    false: tuple[Falsehood, ...] = ()
    names: tuple[Topic, ...] = ()
    before: Script | None = None
    seen_s: int | None = None


def broken(script: Script) -> dict[int, tuple[str, ...]]:
    """Return which rules each entry breaks, seals left aside: what a replayer reviews."""
    found: dict[int, tuple[str, ...]] = {}
    now = [0]
    view = MemoryView(lambda at: times.get(at, now[0]))
    times: dict[int, int] = {}
    index = 0
    ids: set[bytes] = set()
    for batch in script.batches:
        now[0] = batch.time_us
        start = index
        for leaf in batch.leaves:
            parsed = read_or_not(leaf)
            rules = _broken(leaf, view, index, batch.time_us)
            if rules:
                found[index] = rules
            if parsed is not None:
                ids.add(parsed[0].id)
                if not isinstance(parsed[1], InvalidBody):
                    view.add(Entry(index, parsed[0], parsed[1]), parsed[2])
            index += 1
        times.update(dict.fromkeys(range(start, index + 1), batch.time_us))
        index += 1
    return found


def _broken(leaf: bytes, view: MemoryView, index: int, now_us: int) -> tuple[str, ...]:
    parsed = read_or_not(leaf)
    if parsed is None or parsed[0].leaf != leaf:
        return (MALFORMED,)
    statement, body, topics = parsed
    refusals = review(Case(statement, body, view, ORIGIN, index, now_us, topics=topics))
    return tuple(dict.fromkeys(item.rule for item in refusals))


def kind_of(rules: tuple[str, ...], leaf: bytes) -> str:
    """Return which kind it is to break these rules: rechecked if the published document says so of one."""
    parsed = read_or_not(leaf)
    if "rules-version" in rules and parsed is not None:
        version = parsed[1].rules
        if not is_published(version.version, version.digest):
            return "rules-unknown"
    rechecked = any(bites()[name] == "rechecked" for name in rules)
    return "rule-rechecked" if rechecked else "rule-replayed"


def whole(cheat: Cheat) -> Cheat | None:
    """Return a cheat with what it admits against the rules; None where nothing of it is false."""
    rules = against_rules(cheat.script)
    if not cheat.false + rules:
        return None
    entries = {at for item in rules for shown in item.shown_by for at in shown}
    names = (*cheat.names, *names_of(cheat.script, {at for at in entries if isinstance(at, int)}))
    return replace(cheat, false=cheat.false + rules, names=tuple(dict.fromkeys(names)))


def names_of(script: Script, entries: Collection[int]) -> tuple[Topic, ...]:
    """Return the histories that some entries belong to."""
    found: dict[Topic, None] = {}
    for index, leaf in script.entries():
        parsed = read_or_not(leaf) if index in entries else None
        if parsed is not None and not isinstance(parsed[1], InvalidBody):
            found |= dict.fromkeys(parsed[2])
    return tuple(found)


def against_rules(script: Script) -> tuple[Falsehood, ...]:
    """Return what a script admits against the rules."""
    leaves = dict(script.entries())
    return tuple(
        Falsehood(
            kind_of(rules, leaves[at]), f"entry {at}: {', '.join(rules)}", (frozenset({at}),), rules
        )
        for at, rules in sorted(broken(script).items())
    )
