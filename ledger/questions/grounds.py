"""What is to be known of the statements that an answer rests on: who stands behind them.

An answer that follows from a paper of the operator's own making, from a key that the operator
bound anew, from the word of somebody tied to whom it speaks of, is as good as they are; it says
so. One mechanism for every question: it looks at what the verdict rests on, whatever that is.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ledger.histories.history import Entry
from ledger.identifiers import CLAIMED
from ledger.questions.claims import settled
from ledger.questions.independence import independence_notes
from ledger.questions.keys import entry_risks, key_risks, key_suspicion
from ledger.questions.papers import paper_facts
from ledger.questions.times import registered_by
from ledger.questions.undone import annulled, failures_unsaid, undone
from ledger.questions.verdict import Asked, Verdict
from ledger.rules.chains import HOME, Failure, trademarks
from ledger.rules.loosening import loosened
from ledger.rules.offices import fold_states
from ledger.rules.standing import CLAIMS, TOPIC_OF, Standing, sound, standing
from ledger.rules.state import log_state
from ledger.statements.brand_family import Qualification
from ledger.statements.envelope import Topic
from ledger.statements.fields import Body

SAID_AGAIN = frozenset({"grant-again", "paper-again"})
"""Notes that something was said anew: nothing follows from what that was before, nor from how it ended."""
MAX_ENTRIES = 8
"""Statements named in one note; they are of one party, and one is enough to ask about it."""


def relied_on(
    asked: Asked, topics: Iterable[Topic], entries: Collection[int]
) -> Iterator[Standing]:
    """Yield the statements at these entries, lowest first, out of histories that were read."""
    wanted, found = set(entries), dict[int, Standing]()
    for topic in topics:
        if not wanted.isdisjoint(asked.view.history(*topic).indices()):
            for item in asked.view.fold(standing, *topic).values():
                if item.index in wanted:
                    found.setdefault(item.index, item)
    for index in sorted(found):
        yield found[index]


def paper_risks(asked: Asked, item: Standing) -> Iterator[Failure]:
    """Yield that the operator issued a paper itself, and that one of its number was ended for its issuer."""
    body = item.body
    if not isinstance(body, Qualification):
        return
    if item.issuer == log_state(asked.view, asked.origin).operator:
        yield Failure("paper-by-operator", (item.index,), paper_facts(item))
    entries = {
        e.index: e for e in asked.view.history("qualification-number", str(body.number)).entries()
    }
    for other in asked.view.fold(standing, "qualification-number", str(body.number)).values():
        end = entries.get(-1 if other.ended is None else other.ended)
        if end is not None and end.statement.issuer != other.issuer:
            facts = {**paper_facts(other), "by": end.statement.issuer}
            yield Failure("paper-withdrawn-by", (other.index, end.index), facts)


def _risks(asked: Asked, item: Standing) -> Iterator[Failure]:
    yield from key_risks(asked.view, item)
    yield from paper_risks(asked, item)
    yield from independence_notes(asked, item)


def _undoing(asked: Asked, topics: Iterable[Topic], entries: set[int]) -> Iterator[Failure]:
    """Yield what is to be known of the keys of statements at these entries.

    What ended, lifted or closed something, too: who had the key, or bound it, did that as well.
    """
    found = {
        entry.index: entry
        for topic in topics
        if not entries.isdisjoint(asked.view.history(*topic).indices())
        for entry in asked.view.history(*topic).entries()
        if entry.index in entries
    }
    for index in sorted(found):
        yield from entry_risks(asked.view, found[index])


def _passed_over(
    asked: Asked, topics: Iterable[Topic], relied: Iterable[Standing]
) -> Iterator[Failure]:
    """Yield what who claims a name said of it with a key that was suspected then, and counts for nothing.

    What came later; and for good what named more than is said now: else an owner would shed in
    silence what its goods were made of, by a doubt about its own key.
    """
    claimed = {
        (item.subject, item.issuer): item for item in relied if type(item.entry.body) in TOPIC_OF
    }
    found = dict[int, Entry]()
    for topic in topics:
        if topic[0] in CLAIMS or topic[0] == "lots-by":
            for item in asked.view.fold(standing, *topic).values():
                said = claimed.get((item.subject, item.issuer))
                if said is None or item.ended is not None or type(item.body) not in TOPIC_OF:
                    continue
                if item.index > said.index:
                    found[item.index] = item.entry
                now = sound(asked.view, said).body
                found |= {entry.index: entry for entry, body in item.versions if _more(body, now)}
    for index in sorted(found):
        yield from key_suspicion(asked.view, found[index])


def _more(before: Body, now: Body) -> bool:
    """Return whether a claim's word names something that another one of it does not, or otherwise."""
    return type(before) is type(now) and bool(loosened(before, now, against=True))


def _settled(asked: Asked, topics: Iterable[Topic]) -> Iterator[Failure]:
    """Yield what settles who holds the names that an answer was given from, beside being the first."""
    for topic, subject in topics:
        if topic in CLAIMED:
            yield from settled(asked.view, topic, subject)
            yield from annulled(asked, topic, subject)


def _moved(asked: Asked, topics: Sequence[Topic]) -> Iterator[Failure]:
    """Yield that a right-holder moved to or from CN: whether its affiliates act for it hangs on that.

    The operator says of what country a party is; of an answer that asked it.
    """
    read = set(topics)
    marks = (
        item
        for topic, one in topics
        if topic == "qualification-number"
        for item in trademarks(asked.view, one)
    )
    for holder in dict.fromkeys(item.subject for item in marks):
        if ("identity", holder) not in read:
            continue
        known = asked.view.fold(fold_states, "identity", holder)
        for (_, before), (index, after) in pairwise(known):
            countries = before.country, after.country
            moved = all(countries) and HOME in countries and len({*countries}) > 1
            if moved and registered_by(asked, index):
                facts: dict[str, str | int] = {"party": holder}
                facts |= {"was": before.country, "now": after.country}
                yield Failure("country-changed", (index,), facts)


def with_grounds(asked: Asked, found: Verdict, topics: Iterable[Topic]) -> Verdict:
    """Return a verdict that also notes what is to be known of what it rests on.

    ``topics``: the histories it was given from, in any order. What was undone in them is noted,
    too. One note for each thing that is to be known of a party, however many of its statements
    it is about.
    """
    read = sorted(topics)
    entries = {*found.rests_on, *(index for item in found.reasons for index in item.entries)}
    said = {(item.code, tuple(item.facts.items())) for item in (*found.reasons, *found.notes)}
    risks: dict[tuple[str, tuple[tuple[str, str | int], ...]], dict[int, None]] = {}
    named = {index for item in (*found.reasons, *found.notes) for index in item.entries}
    before = (*undone(asked, read), *failures_unsaid(asked, read, named), *_moved(asked, read))
    claims = list(_settled(asked, read))
    telling = (note for note in (*found.notes, *before, *claims) if note.code not in SAID_AGAIN)
    told = entries.union(*(note.entries for note in telling))
    relied = list(relied_on(asked, read, entries))
    of_items = (risk for item in relied for risk in _risks(asked, item))
    others = told - {item.index for item in relied}
    claimed = relied_on(asked, read, {*entries, *found.counts_by})
    passed_over = _passed_over(asked, read, claimed)
    for risk in (*claims, *of_items, *passed_over, *_undoing(asked, read, others)):
        key = (risk.code, tuple(risk.facts.items()))
        if key not in said:
            risks.setdefault(key, {}).update(dict.fromkeys(risk.entries))
    notes = [
        Failure(code, tuple(indices)[:MAX_ENTRIES], dict(facts))
        for (code, facts), indices in risks.items()
    ]
    return replace(found, notes=(*found.notes, *before, *notes))
