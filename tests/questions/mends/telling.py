"""A mend: what a reason's sentence says has to be done, told behind a scene in which it comes up.

Most mends are told for any reason of their code, whatever world it comes up in: from what it
says and what it rests on (``Wrong``). Those are tried in random worlds too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paper import Paper
from rules.telling import Step
from tea import GTIN, PARTIES
from usual import MORE, Told, citing
from world import OPERATOR, World

from ledger.histories.history import Entry
from ledger.questions.claims import product_claim
from ledger.rules.chains import trademarks
from ledger.rules.standing import Standing, resolve, standing
from ledger.statements.brand_family import Authorisation
from ledger.statements.catalogue import type_name
from ledger.statements.fields import Citation

Later = Callable[[Told], Any]


@dataclass
class Wrong:
    """A reason as an answer gives it, and the world in which something is done about it.

    ``entries``: what it rests on, oldest first.
    """

    told: Told
    code: str
    facts: Mapping[str, Any]
    entries: Sequence[int]
    question: str
    asks: Mapping[str, str]

    @property
    def paper(self) -> Paper:
        """Return the ledger."""
        assert isinstance(self.told.world, Paper)
        return self.told.world

    @property
    def product(self) -> str:
        """Return the product that is asked about."""
        goods = str(self.asks.get("product") or self.asks.get("goods") or self.facts.get("product"))
        return goods.partition("/10/")[0].partition("/21/")[0] if "/01/" in goods else GTIN

    def said(self, *types: str) -> Iterator[str]:
        """Yield what the reason rests on, of some types, by names it may be cited by."""
        for index in self.entries:
            entry = self.paper.entry(index)
            if type_name(entry.body) in types:
                yield self.name(entry)

    def name(self, entry: Entry) -> str:
        """Return a name by which an entry may be cited."""
        found = f"entry {entry.index}"
        assert entry.body is not None
        self.told.said.setdefault(found, (entry.statement, entry.body))
        return found

    def cites(self, item: Standing) -> Later:
        """Return a citation of what a statement says now: of its correction, if it has one."""
        cite = citing(self.name(item.entry))
        return lambda told: cite(told) | {"id": item.version}

    def now(self, name: str) -> dict[str, str]:
        """Return a citation of what was called so as it stands now."""
        citation = citing(name)(self.told)
        item = self.cited(citation)
        return citation if item is None else citation | {"id": item.version}

    def cited(self, citation: Mapping[str, str]) -> Standing | None:
        """Return what is cited."""
        return resolve(self.paper.view, Citation(**citation))

    def standing(self, topic: str, subject: str) -> list[Standing]:
        """Return what stands in a history, oldest first."""
        found = self.paper.view.fold(standing, topic, subject).values()
        return [item for item in found if item.ended is None]

    def mark(self, brand: str) -> Standing | None:
        """Return the newest paper of a trademark that was not withdrawn."""
        found = [item for item in trademarks(self.paper.view, brand) if item.ended is None]
        return found[-1] if found else None

    @property
    def brand(self) -> str:
        """Return the trademark that the answer is about, of all marks that of the grant in the reason."""
        said = self.facts.get("brand") or self.asks.get("brand")
        if said and said != "*":
            return str(said)
        bodies = [self.paper.entry(index).body for index in self.entries]
        granted = next((body for body in bodies if isinstance(body, Authorisation)), None)
        if granted is not None:
            return str(granted.brand)
        claim = product_claim(self.paper.view, self.product)
        return str(claim.body.brand) if isinstance(claim, Standing) else ""  # type: ignore[attr-defined]

    def fresh(self, what: str) -> str:
        """Return a name that nothing has yet."""
        count = sum(name.startswith(what) for name in self.told.said)
        return f"{what} {count + 1}"


ID_OF = {name: id_ for name, (id_, _) in {**PARTIES, **MORE}.items()} | {"operator": OPERATOR}
NAME_OF = {id_: name for name, id_ in ID_OF.items()}
"""A party's id -> the name of its key."""


def signed(party: str) -> dict[str, str]:
    """Return how a party signs: with the key of its name."""
    return {"by": NAME_OF.get(party, _key_name(party)), "issuer": party}


def _key_name(party: str) -> str:
    return party.removeprefix("did:web:").removesuffix(".example")


def says(type_: str, *, by: str = "", called: str = "", **fields: Any) -> Step:
    """A party, given by its id, says this in usual words but for what is given."""
    how = signed(by) if by else {}

    def write(w: World) -> bytes:
        return w.told.write(type_, called=called, how=how, **fields)  # type: ignore[attr-defined]

    return write


def enters(party: str, role: str) -> Step:
    """A party nobody knows enters: it is tied to nobody, and has said nothing yet."""
    name = _key_name(party)
    return lambda w: w.statement("party", w.party_fields(name, party, roles=[role]), subject=party)


Then = Sequence[Step] | Callable[[Wrong], Iterable[Step]]


@dataclass(frozen=True)
class Mend:
    """A code, and what has to be done until it is gone.

    ``then``: what is said, in order: in the one scene, or of any reason of this code. ``scene``:
    the sentence of the scene it is told behind, by default the first in which the code comes up;
    of ``question``, where that is not unique. ``later``: days to ask later. ``asks``: what to ask
    otherwise.
    """

    code: str
    then: Then = ()
    scene: str = ""
    question: str = ""
    later: float = 0
    asks: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return what the test is called."""
        return f"{self.code} {self.scene}".strip()

    def steps(self, wrong: Wrong) -> Iterable[Step]:
        """Return what is done about a reason."""
        return self.then(wrong) if callable(self.then) else self.then
