"""What a row of the catalogue says of a statement type."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ledger.identifiers import product_of
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation
from ledger.texts import Words

Issuer = Literal[
    "operator", "party", "authority", "brand", "trader", "warehouse", "carrier", "laboratory",
    "inspector", "observer",
]  # fmt: skip
"""Who may sign a type: the operator, the subject itself, or a party with this role."""

EVERYBODY: tuple[Issuer, ...] = (
    "operator", "authority", "brand", "trader", "warehouse", "carrier", "laboratory", "inspector",
    "observer",
)  # fmt: skip
"""The operator and every role."""

SubjectForm = Literal[
    "log",
    "party",
    "product",
    "lot",
    "facility",
    "shop",
    "sample",
    "visit",
    "checklist",
    "roster",
    "programme",
    "draw",
    "model",
    "indexed",
    "standard",
    "claimed",
    "event",
    "target",
]
Citations = tuple[tuple[Citation, tuple[str, ...]], ...]
Effect = Literal["ends", "replaces", "erases", "answers", "decides", "withdraws"]
"""What an amendment does to its target; an answer leaves it as it is, and stands for itself; a
decision ends it, varies it or lets it stand, as it says itself; a withdrawal takes it back, a recall
lot by lot."""


def found_of(lot: str, *, amiss: bool) -> tuple[Topic, ...]:
    """Return (``examined``, product), and (``adverse``, product) where something was found amiss.

    The first has all that was found of a product's lots, registered or not: inspectors,
    laboratories, warehouses and observers write it, and what answers them joins it, so what a
    maker keeps off the record is seen at the level of the product. A lot that was refused, failed
    a test or had a critical finding, whatever became of that, is named by the second: a verdict
    reads that one, and of the other lots nothing.
    """
    product = product_of(lot)
    return (("examined", product), *((("adverse", product),) if amiss else ()))


def _cites_nothing(_body: Body) -> Citations:
    return ()


@dataclass(frozen=True, slots=True)
class StatementType:
    """One row of the catalogue.

    ``issuers``: who may sign it. ``subject``: the form of ``sub``, the subject of its first
    history. ``submitted``: whether it comes from outside (genesis and seals are the log's
    own). ``cited_from``: the topics of its histories that citations of it name: such as do
    not grow with strangers, because a verdict reads them whole. ``cites``: the statements it
    rests on, and of which types they may be. ``amends``:
    the types its ``target`` may have; ``effect``: what it does to it; ``ends``: what else
    it ends. ``called``: its name; ``says``: what a statement of it says, of those that come from outside;
    ``about``: what its subject is called at the head of a column, ``target``: what its target is,
    each where the type says it otherwise than the form of subject or the effect.
    """

    name: str
    body: type[Body]
    issuers: tuple[Issuer, ...]
    histories: Callable[[SignedStatement, Body], tuple[Topic, ...]]
    subject: SubjectForm
    submitted: bool = True
    cited_from: tuple[str, ...] = ()
    cites: Callable[[Body], Citations] = _cites_nothing
    amends: tuple[str, ...] = ()
    effect: Effect = "ends"
    ends: str | None = None
    version: int = 1
    called: Words = field(kw_only=True)
    says: Words | None = field(default=None, kw_only=True)
    about: Words | None = field(default=None, kw_only=True)
    target: Words | None = field(default=None, kw_only=True)

    @property
    def rests(self) -> bool:
        """Return whether statements of this type cite others, their target apart."""
        return self.cites is not _cites_nothing
