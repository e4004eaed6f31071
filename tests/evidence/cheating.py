"""An operator who admits what he must not, and whose index does not say what was said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from evidence.bundles import admitted, dishonestly
from tea import GTIN, LOT, MARK, TRADER, Tea, cite, party_of
from usual import Told, finding
from world import OPERATOR, World, key_of

from ledger.answering.prover import prove
from ledger.evidence.bundle import encode_bundle
from ledger.statements.catalogue import read_payload
from ledger.statements.envelope import Topic, parse_statement
from ledger.writing import batch
from ledger.writing.log import Registered

SELL = {
    "trader": TRADER,
    "product": GTIN,
    "territory": "CN",
    "channel": "mall.example",
    "shop_type": "multi-brand",
    "shop": "*",
}
"""May the trader sell green tea on the mall? The usual beginning says yes."""


def sell_words(**changes: str) -> str:
    """Return the question as ``--expect`` takes it."""
    return " ".join(["may_sell", *(SELL | changes).values()])


def revocation(tea: Tea, grant: Registered, to: str, parent: Registered, by: str) -> bytes:
    """Return the revocation of a grant to somebody under a parent."""
    target = tea.grant_cite(grant, to)
    fields = {"target": target, "brand": MARK, "parent": parent.id.hex(), "exclusive": False}
    return tea.sign(
        "authorisation-revocation", by, party_of(to), fields | {"reason": "breach of contract"}
    )


def sanction(tea: Tea, refusal: Registered) -> bytes:
    """Return the end of the cooperation with the trader, on the ground of a refusal."""
    fields = {
        "step": "end-cooperation",
        "grounds": "sold counterfeits",
        "triggers": [cite(refusal, "inspection", LOT)],
        "rules_version": 1,
        "appeal_by": tea.time(30),
        "from": tea.time(),
        "until": None,
        "severity_ground": "critical",
    }
    return tea.sign("sanction", "operator", TRADER, fields)


def forged(raw: bytes) -> bytes:
    """Return a statement whose signature somebody made up."""
    return raw[:-1] + bytes([raw[-1] ^ 1])


def topics(raw: bytes) -> tuple[Topic, ...]:
    """Return the histories of a statement."""
    statement = parse_statement(raw)
    return read_payload(statement)[1]


@dataclass
class Cheat:
    """The operator of a tea brand's world, and what he does behind its back."""

    world: World
    patch: pytest.MonkeyPatch
    tea: Tea = field(init=False)

    def __post_init__(self) -> None:
        self.tea = Tea(self.world)

    def admit(self, *statements: bytes) -> list[int]:
        """Register statements whatever the rules say."""
        return admitted(self.world, self.patch, *statements)

    @contextmanager
    def _index(self, name: str, lie: Callable[..., Any]) -> Iterator[None]:
        with self.patch.context() as lying:
            lying.setattr(name, lie)
            yield

    def leave_out(self, raw: bytes, *hidden: Topic) -> Registered:
        """Register a statement, and leave it out of its histories: of all, or of these."""

        def lie(statement: Any) -> tuple[Any, tuple[Topic, ...]]:
            body, found = read_payload(statement)
            return body, tuple(topic for topic in found if hidden and topic not in hidden)

        with self._index("ledger.writing.submission.read_payload", lie):
            return self.world.accept(raw)

    def put_in(self, raw: bytes, *topics: Topic) -> Registered:
        """Register a statement, and put it into histories that are not its own."""

        def lie(statement: Any) -> tuple[Any, tuple[Topic, ...]]:
            body, found = read_payload(statement)
            return body, (*found, *topics)

        with self._index("ledger.writing.submission.read_payload", lie):
            return self.world.accept(raw)

    def misfile(self, raw: bytes, wrong: Topic, right: Topic) -> Registered:
        """Register a statement, and index one of its histories under another key."""
        honest = batch.history_key

        def lie(topic: str, subject: str) -> bytes:
            return honest(*(wrong if (topic, subject) == right else (topic, subject)))

        with self._index("ledger.writing.batch.history_key", lie):
            return self.world.accept(raw)

    def bundle(self, name: str = "may_sell", **changes: Any) -> bytes:
        """Return the answer as the operator's own software gives it."""
        options = {k: changes.pop(k) for k in ("known_at", "valid_at_us", "since") if k in changes}
        parameters = SELL | changes if name == "may_sell" else changes
        return encode_bundle(prove(self.world.log, name, parameters, **options))

    def false_bundle(self, **changes: str) -> bytes:
        """Return the answer of software that looks away from broken rules."""
        return dishonestly(self.world, self.patch, "may_sell", SELL | changes)

    def reset(self, name: str, party: str) -> Registered:
        """Give a party a key of the operator's making."""
        fields = {
            "names": {"en": party},
            "country": "DE",
            "roles": ["trader"],
            "keys": [self.world.binding(name, party_of(party))],
        }
        return self.tea.say("party-update", "operator", party_of(party), fields)

    def revoke_key(self, name: str) -> Registered:
        """A party's key ends."""
        fields = {"kid": key_of(name).public.kid.hex(), "reason": "compromised"}
        return self.tea.say("key-revocation", name, party_of(name), fields)

    def refusal(self) -> Registered:
        """An inspector refuses a lot at the trader, for something critical."""
        bad: dict[str, Any] = {"nonconforming": 5, "decision": "refused", "lot_size": 480}
        return Told(self.world).tell("inspection", findings=[finding("critical")], **bad)

    def complaint(self) -> Registered:
        """Somebody complains about the tea."""
        fields = {"complainant": "urn:pinyuan:person:" + "0c" * 16, "text": "it is not tea"}
        return self.tea.say("complaint", "operator", GTIN, fields)

    def complaint_again(self) -> Registered:
        """Somebody else says what he thinks of it, in two entries with the seal."""
        return self.world.accept(self.world.reading(f"bitter {self.world.now_s}"))


__all__ = ["OPERATOR", "SELL", "Cheat", "forged", "revocation", "sanction", "sell_words", "topics"]
