"""Verdicts: yes, no or unknown, with every reason and the entries it rests on.

Missing evidence is never yes. A verdict's value is JSON of integers and texts without prose;
``phrases`` says it in words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ledger.histories.history import View
from ledger.rules.chains import Failure
from ledger.rules.codes import ADDED, CODES, NOT_FOR_SALE
from ledger.rules.favour import NOBODY, Users

MAX_TOLD = 20
"""Reasons, and notes, of one code in an answer: who has to mend more of them asks about each thing."""
Word = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The ledger as a question sees it, and the times it is asked about.

    ``valid_at_us``: in the world; ``known_at``: how many entries are known; ``newest_us``: the
    time of the newest seal among them; ``users``: who uses and who sells the goods asked about.
    """

    view: View
    origin: str
    valid_at_us: int
    known_at: int
    newest_us: int
    users: Users = NOBODY

    def about(self, users: Users) -> "Asked":
        """Return the same as it is asked for these users of goods: nobody tied to them closes anything."""
        return replace(self, users=users)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer.

    ``reasons``: why not yes, all of them; ``notes``: what does not change the verdict and
    should be known; ``rests_on``: the entries it follows from; ``detail``: what the question
    also found, in JSON; ``counts_by``: claims that it does not tell, by which it chose what counts.
    Of reasons and notes ``value`` tells so many of a code.
    """

    verdict: Word
    reasons: tuple[Failure, ...] = ()
    notes: tuple[Failure, ...] = ()
    rests_on: tuple[int, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    counts_by: tuple[int, ...] = ()

    def value(self) -> dict[str, Any]:
        """Return the answer as JSON."""
        return {
            "verdict": self.verdict,
            "reasons": told(self.reasons),
            "notes": told(sorted(self.notes, key=_warns_last), "notes-left-out"),
            "rests_on": sorted(set(self.rests_on)),
            **self.detail,
        }


def _warns_last(note: Failure) -> bool:
    """Return the key by which notes that something must not be sold stand before all others."""
    return note.code not in NOT_FOR_SALE


def settle(
    *,
    no: Sequence[Failure] = (),
    unknown: Sequence[Failure] = (),
    notes: Sequence[Failure] = (),
    rests_on: Iterable[int] = (),
    detail: Mapping[str, Any] | None = None,
    counts_by: Iterable[int] = (),
) -> Verdict:
    """Return the verdict of all reasons at once: what says no outweighs what is not known.

    What is a reason is no note beside.
    """
    reasons = (*no, *unknown)
    said = {reason_key(item) for item in reasons}
    notes = [item for item in notes if reason_key(item) not in said]
    word: Word = "no" if no else "unknown" if unknown else "yes"
    entries = (*rests_on, *(index for item in reasons for index in item.entries))
    return Verdict(word, reasons, tuple(notes), entries, detail or {}, tuple(counts_by))


def once(items: Iterable[Failure]) -> list[Failure]:
    """Return reasons without repeats: one thing may be found by several ways."""
    found: dict[tuple[Any, ...], Failure] = {}
    for item in items:
        found.setdefault(reason_key(item), item)
    return list(found.values())


def reason_key(item: Failure) -> tuple[Any, ...]:
    """Return by what one reason is another: its code, its entries and its facts."""
    return (item.code, item.entries, *sorted(item.facts.items()))


def told(items: Iterable[Failure], more: str = "reasons-left-out") -> list[dict[str, Any]]:
    """Return reasons or notes as JSON: so many of a code, in order, then how many are left out."""
    counts, kept = Counter[str](), list[Failure]()
    for item in items:
        counts[item.code] += 1
        if counts[item.code] <= MAX_TOLD:
            kept.append(item)
    left = counts.total() - len(kept)
    if left:
        kept.append(Failure(more, (), {"count": left}))
    return [reason_value(item) for item in kept]


def reason_value(item: Failure) -> dict[str, Any]:
    """Return a reason as JSON, its facts in the order of the table of codes."""
    order = dict.fromkeys((*CODES.get(item.code, ()), *ADDED))
    found = ((name, item.facts[name]) for name in order if name in item.facts)
    facts = {name: v if isinstance(v, int) else str(v) for name, v in found}
    return {"code": item.code, "entries": list(item.entries), "facts": facts}
