"""Stories that broke a property once: told again as they were found, they break none any more.

Each names the rules without which it breaks its property again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from properties.asking import ASKED, about_grants, answers
from properties.course import business, clean_audit, model, opened
from properties.rights import Added, Base, Fault, WithStrangers
from properties.telling import HOUR_US, Said, Tale, people
from properties.trials import BEGIN, Tally
from properties.words import Move, says

Own = Callable[[Tale], Iterator[Move]]


@dataclass(frozen=True)
class Intrusion:
    """I9: a sentence, what belongs to the world behind its beginning, what strangers add.

    ``before``: whether strangers speak before anything of the world's own was said. ``without``:
    the rules that keep them out.
    """

    says: str
    own: Own
    theirs: tuple[Move, ...]
    before: bool = False
    without: tuple[str, ...] = ()

    def fault(self) -> Fault | None:
        """Return what strangers change."""
        tale = people(Random(1))
        opened(tale)
        for move in self.own(tale):
            assert tale.tell(move), f"{move}: {dict(tale.refused)}"
        at_us = tale.now_us + HOUR_US
        questions = ASKED + about_grants(tale)
        trial = WithStrangers(Random(1), at_us, questions, Tally())
        own: list[Said] = list(tale.said)
        added: Added = [(BEGIN if self.before else len(own), move) for move in self.theirs]
        return trial.wrong(own, added, Base(tale, answers(tale, questions, at_us, reads=True)))


def nothing(_: Tale) -> Iterator[Move]:
    """Nothing happens behind the beginning."""
    yield from ()


def listed(t: Tale) -> Iterator[Move]:
    """The lot was inspected, its garden audited, the trader lists the tea."""
    yield from model(t)
    yield from business(t)
    yield from clean_audit(t)
    yield says("inspection")
    yield says("listing")


INTRUSIONS: tuple[Intrusion, ...] = (
    Intrusion(
        "a rival recalls the brand's lot",
        listed,
        (says("recall", by="rival"),),
        without=("recall-right",),
    ),
)
