"""A small world to tell stories in: an operator's ledger, parties with keys, a clock that steps.

``world.check()`` verifies the whole ledger from outside after a story.
"""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ledger.audit import Report, verify_ledger
from ledger.cose.keys import EDDSA, PrivateKey, possession_message
from ledger.files.anchor import Anchor
from ledger.primitives import ijson
from ledger.primitives.clock import SimulatedClock
from ledger.signer import KeySigner, Signer, log_vkey
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.envelope import NATIVE, sign_statement
from ledger.statements.fields import KeyBinding, Names
from ledger.store.cosignatures import store_cosignature
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.tlog.checkpoint import cosign
from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey, parse_note
from ledger.writing.log import Log, Outcome, Refused, Registered
from ledger.writing.opening import create_log, open_log

ORIGIN = "ledger.example/world"
OPERATOR = "https://id.gs1.org/417/6901234507003"
BRAND = "https://id.gs1.org/417/6901234507010"
TRADER = "https://id.gs1.org/417/6901234507027"
START_US = 1_790_000_000_000_000
MINUTE_US = 60 * 1_000_000
DAY_S = 86_400


def key_of(name: str, alg: int = EDDSA) -> PrivateKey:
    """Return the key that a name stands for in every story."""
    return PrivateKey.from_seed(name.encode().ljust(32, b".")[:32], alg)


def cosigner(name: str) -> VerifierKey:
    """Return the verifier key of the witness or replayer of that name in every story."""
    return VerifierKey(f"cosigner.example/{name}", TYPE_COSIGNATURE, key_of(name).public.x)


def at_home(folder: Path) -> None:
    """Say that a copied ledger is the one that goes on, as ``pinyuan db anchor`` does."""
    Anchor(folder / "anchor", log_vkey(ORIGIN, key_of("log"))).settle(again=True)


@dataclass
class World:
    """One ledger and the people around it."""

    folder: Path
    url: str
    log: Log = field(init=False)
    now_us: int = START_US
    signer: Signer | None = None
    witnesses: tuple[str, ...] = ()
    quorum: int = 0

    def __post_init__(self) -> None:
        self.clock = SimulatedClock(self.now_us)
        self.log_key, self.operator_key = key_of("log"), key_of("operator")
        if self.signer is None:
            self.signer = KeySigner(ORIGIN, self.log_key, self.operator_key)
        self.log = create_log(
            make_engine(self.url),
            anchor_path=self.folder / "anchor",
            clock=self.clock,
            signer=self.signer,
            operator=OPERATOR,
            names=Names(en="Operator", zh="平台"),
            witnesses=self.witnesses,
            quorum=self.quorum,
        )

    @property
    def now_s(self) -> int:
        return self.now_us // 1_000_000

    def wait(self, *, seconds: int = 60) -> None:
        """Let time pass until the next batch."""
        self.now_us += seconds * 1_000_000

    def reopen(self, **changes: object) -> Log:
        """Open the ledger again, as after a restart."""
        self.log.engine.dispose()
        options = {"clock": self.clock, "signer": self.signer} | changes
        engine = make_engine(self.url)
        try:
            self.log = open_log(engine, anchor_path=self.folder / "anchor", **options)
        except BaseException:
            engine.dispose()
            raise
        return self.log

    def binding(self, name: str, party: str, *, alg: int = EDDSA, proven: bool = True) -> dict:
        """Return the key binding of a named key, as a payload has it."""
        key = key_of(name, alg)
        message = possession_message(key.public, origin=ORIGIN, party=party)
        return msgspec.to_builtins(KeyBinding.of(key.public, key.sign(message) if proven else None))

    def statement(
        self,
        type_: str,
        fields: dict | bytes,
        *,
        by: str = "operator",
        issuer: str = OPERATOR,
        subject: str = ORIGIN,
        alg: int = EDDSA,
        age_s: int = 0,
        audience: str | None = ORIGIN,
        content_type: str | int = NATIVE,
    ) -> bytes:
        """Return a signed statement; ``generic`` takes its payload's bytes."""
        if type_ == "generic":
            payload = fields
            content_type = "text/plain" if content_type == NATIVE else content_type
        else:
            version = CATALOGUE[type_].version if type_ in CATALOGUE else 1
            payload = ijson.encode({"v": version, "type": type_} | fields)
        return sign_statement(
            key_of(by, alg),
            payload,
            issuer=issuer,
            subject=subject,
            issued_at=self.now_s - age_s,
            audience=audience,
            content_type=content_type,
        )

    def party_fields(self, name: str, party: str, **changes: object) -> dict:
        """Return the fields of a party with one key of the same name."""
        return {
            "names": {"en": name},
            "country": "DE",
            "roles": ["brand"],
            "keys": [self.binding(name, party)],
        } | changes

    def party(self, name: str, party: str, **changes: object) -> Registered:
        """Register a party whose key has its name."""
        return self.accept(
            self.statement("party", self.party_fields(name, party, **changes), subject=party)
        )

    def reading(
        self, text: str, *, by: str = "brand", issuer: str = BRAND, subject: str = "urn:x:1", **more
    ) -> bytes:
        """Return a generic statement."""
        return self.statement(
            "generic",
            text.encode(),
            by=by,
            issuer=issuer,
            subject=subject,
            **{"audience": None} | more,
        )

    def register(self, *statements: bytes) -> list[Outcome]:
        """Register statements in one batch at the world's present time, a minute apart."""
        self.clock.next_us = self.now_us = max(self.now_us, self.last_us() + 1)
        outcomes = self.log.register(statements)
        self.clock.next_us = None
        self.now_us += MINUTE_US
        return outcomes

    def last_us(self) -> int:
        """Return the time of the newest seal."""
        from ledger.store.reads import reading

        with reading(self.log.engine) as snapshot:
            return snapshot.head().seal_time_us

    def accept(self, statement: bytes) -> Registered:
        """Register one statement that must be accepted."""
        (outcome,) = self.register(statement)
        assert isinstance(outcome, Registered), outcome
        return outcome

    def refuse(self, statement: bytes) -> list[str]:
        """Return the ids of the rules a statement breaks; it must be refused."""
        (outcome,) = self.register(statement)
        assert isinstance(outcome, Refused), outcome
        return [refusal.rule for refusal in outcome.refusals]

    def cosign(self, *names: str, time_s: int | None = None) -> int:
        """Let cosigners cosign the newest checkpoint now; return its size."""
        from ledger.store.reads import reading

        with reading(self.log.engine) as snapshot:
            stored = snapshot.newest_checkpoint()
        for name in names:
            at_s = self.now_s if time_s is None else time_s
            text = parse_note(stored.note).text
            line = cosign(text, cosigner(name), key_of(name).sign, time_s=at_s)
            store_cosignature(self.log.engine, stored.size, line, time_s=at_s)
        return stored.size

    def length(self) -> int:
        """Return how many entries the ledger has."""
        from ledger.store.reads import reading

        with reading(self.log.engine) as snapshot:
            return snapshot.head().size

    def check(self) -> Report:
        """Verify the whole ledger from outside, rules included."""
        reader = DatabaseReader(self.url)
        try:
            return verify_ledger(reader, replay=True, workers=1, log_key=self.log.vkey)
        finally:
            reader.close()

    def anchor(self) -> Anchor:
        """Return the anchor file."""
        return self.log.anchor
