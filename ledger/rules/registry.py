"""The registry of rules, what a rule sees, and ``review``.

A rule is a generator of refusals over a ``Case``; its docstring is the sentence the
table in FORMATS shows, and behind it the steps by which a second implementation asks it: they say
what breaks it, in the words that FORMATS explains. ``rechecked`` rules are asked again by every verdict;
``replay-only`` ones are asked by whoever replays the whole log.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ledger.errors import FormError
from ledger.histories.history import View
from ledger.rules.chains import Failure
from ledger.rules.state import Signed
from ledger.statements.amendment_family import Supersede
from ledger.statements.catalogue import InvalidBody, corrected, type_name
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body


@dataclass(frozen=True, slots=True)
class Refusal:
    """A broken rule: its id, a sentence that says what would mend it, the entries it rests on.

    ``reasons``: where the rule asks what a question asks, why that was not answered yes; each
    says what would mend it.
    """

    rule: str
    message: str
    cites: tuple[int, ...] = ()
    reasons: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One statement under review, before it has a place in the log.

    ``index`` is the leaf index it would get, ``now_us`` the time of its batch;
    ``signature_checked``: the signature was verified already, with the key its kid names;
    ``corrects``: the id of the statement that this payload is a correction of;
    ``topics``: its histories, where they were computed already.
    """

    statement: SignedStatement
    body: Body | InvalidBody | None
    view: View
    origin: str
    index: int
    now_us: int
    signature_checked: bool = False
    corrects: str | None = None
    topics: tuple[Topic, ...] = ()

    @property
    def signed_us(self) -> Signed:
        """Return when it was signed, as its issuer says."""
        return Signed.of(self.statement, self.index)


MAX_REASONS = 5
"""Reasons that one refusal repeats: whoever wants all of them asks the question."""


def resting(rule_id: str, why: str, failures: Iterable[Failure]) -> Refusal:
    """Return a refusal that rests on a question's reasons."""
    found = list(failures)
    reasons = [item for at, item in enumerate(found) if item not in found[:at]]
    cites = tuple(dict.fromkeys(index for item in reasons for index in item.entries))
    return Refusal(rule_id, why, cites, tuple(reasons[:MAX_REASONS]))


Check = Callable[[Case], Iterator[Refusal]]
Bite = Literal["rechecked", "replay-only"]
Turn = Literal["first", "then", "last"]
TURNS: tuple[Turn, ...] = ("first", "then", "last")
"""Who speaks; what it may say; what takes long to compute. A turn with a refusal is the last one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, the types it applies to ("all", "native" or names), its function, its turn."""

    id: str
    types: tuple[str, ...]
    bite: Bite
    check: Check
    turn: Turn = "then"

    @property
    def sentence(self) -> str:
        """Return the rule in one sentence."""
        return (self.check.__doc__ or "").strip().split("\n")[0]

    @property
    def steps(self) -> str:
        """Return what breaks the rule, step by step, in one line of Markdown."""
        return " ".join((self.check.__doc__ or "").partition("\n")[2].split())


def _at(item: Rule) -> int:
    """Return where a rule's turn comes; within a turn, rules stay as they were."""
    return TURNS.index(item.turn)


@dataclass(slots=True)
class Registry:
    """All rules in the order they are asked."""

    rules: dict[str, Rule] = field(default_factory=dict)
    _by_type: dict[str, tuple[Rule, ...]] = field(default_factory=dict)

    def arrange(self, modules: Sequence[str]) -> None:
        """Put the rules in the order of their modules, whichever was imported first."""
        order = {name: at for at, name in enumerate(modules)}
        rules = sorted(self.rules.values(), key=lambda item: order[item.check.__module__])
        self.rules = {item.id: item for item in rules}
        self._by_type.clear()

    def rule(
        self, id_: str, *types: str, bite: Bite = "rechecked", turn: Turn = "then"
    ) -> Callable[[Check], Check]:
        """Register a rule function under a stable id."""

        def add(check: Check) -> Check:
            if id_ in self.rules:
                raise FormError("rule {id}: registered twice", id=id_)
            self.rules[id_] = Rule(id_, types, bite, check, turn)
            self._by_type.clear()
            return check

        return add

    def for_type(self, name: str, *, native: bool) -> tuple[Rule, ...]:
        """Return the rules that apply to a type, those of the first turn first."""
        key = f"{name}:{native}"
        found = self._by_type.get(key)
        if found is None:
            wanted = {"all", name} | ({"native"} if native else set())
            asked = (r for r in self.rules.values() if wanted & set(r.types))
            found = tuple(sorted(asked, key=_at))
            self._by_type[key] = found
        return found

    def of_type(self, name: str) -> tuple[Rule, ...]:
        """Return the rules that name a type: its own, none of those for every statement."""
        return tuple(r for r in self.for_type(name, native=True) if name in r.types)


REGISTRY = Registry()
rule = REGISTRY.rule
ASKED_OF_CORRECTIONS = "role"
"""Of the rules for every statement, the one that a correction is asked as the type it corrects."""


def review(case: Case, *, rechecked_only: bool = False) -> list[Refusal]:
    """Return every rule the statement breaks, in the registry's order; none if it may be registered.

    A turn is asked only where the turns before it found nothing: whoever cannot sign for it makes
    nobody compute a quality index.
    """
    body = case.body
    name = "" if isinstance(body, InvalidBody) else type_name(body)
    asked = [(item, case) for item in REGISTRY.for_type(name, native=body is not None)]
    if isinstance(body, Supersede):
        # What a correction says must keep the rules of the type it corrects.
        inner = corrected(body)
        own = replace(case, body=inner, corrects=body.target.id, topics=())
        again = (REGISTRY.rules[ASKED_OF_CORRECTIONS], *REGISTRY.of_type(type_name(inner)))
        asked += [(item, own) for item in again]
        asked.sort(key=lambda one: _at(one[0]))
    refusals: list[Refusal] = []
    turn = TURNS[0]
    for item, about in asked:
        if item.turn != turn and refusals:
            break
        turn = item.turn
        if item.bite == "rechecked" or not rechecked_only:
            refusals.extend(item.check(about))
    return refusals
