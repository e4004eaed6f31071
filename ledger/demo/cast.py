"""Who speaks in the demonstration, about what, and how they sign: a tea brand and its world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ledger.cose.keys import EDDSA, ES256, PrivateKey, possession_message
from ledger.errors import VerificationError
from ledger.phrases import refusal_row
from ledger.primitives import ijson
from ledger.primitives.clock import SimulatedClock
from ledger.settings import Settings, write_settings
from ledger.signer import KeySigner, write_key
from ledger.statements.catalogue import CATALOGUE, body_of, encode_body
from ledger.statements.envelope import sign_statement
from ledger.statements.fields import KeyBinding, Names, Text
from ledger.store.engine import make_engine
from ledger.writing.log import Log, Refused, Registered
from ledger.writing.opening import create_log

ORIGIN = "demo.example/ledger"
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in Hangzhou

GLN = "https://id.gs1.org/417/"
PARTIES: Mapping[str, tuple[str, str, str, str]] = {
    "operator": (f"{GLN}6901234507003", "", "Platform", "演示平台"),
    "office": (f"{GLN}6901234507034", "authority", "Trademark office", "商标局"),
    "brand": (f"{GLN}6901234507010", "brand", "Longwu Tea", "龙坞茶业"),
    "agent": (f"{GLN}6901234507041", "trader", "East China agent", "华东总代理"),
    "distributor": (f"{GLN}6901234507058", "trader", "Zhejiang distributor", "浙江经销商"),
    "shop": (f"{GLN}6901234507027", "trader", "Qinghe tea shop", "清河茶铺"),
    "warehouse": (f"{GLN}6901234507065", "warehouse", "Platform warehouse", "平台仓"),
    "inspector": (f"{GLN}6901234507072", "inspector", "Inspection body", "检验机构"),
    "laboratory": (f"{GLN}6901234507096", "laboratory", "Tea laboratory", "茶叶检测中心"),
    "regulator": (f"{GLN}6901234507157", "authority", "Market regulator", "市场监督管理局"),
    "rival": (f"{GLN}6901234507102", "brand", "Rival Tea", "竞品茶业"),
    "observer": ("urn:pinyuan:person:" + "5e" * 16, "observer", "Observer No. 7", "观察员七号"),
}
"""Name -> party id, role, names."""

USCC = {
    "office": "91330106MA000001XX",
    "brand": "91330106MA000002XY",
    "agent": "91330106MA000003X0",
    "distributor": "91330106MA000004X1",
    "shop": "91330106MA000005X2",
    "warehouse": "91330106MA000006X3",
    "inspector": "91330106MA000007X4",
    "laboratory": "91330106MA000008X5",
    "regulator": "91330106MA000009X6",
    "rival": "91330106MA0000107E",
}
"""Unified social credit codes: invented, with right check characters."""
MARK = "urn:trademark:cn:12345678:30"
RIVAL_MARK = "urn:trademark:cn:87654321:30"
TEA = "https://id.gs1.org/01/06901234500004"
GOOD_LOT, BAD_LOT = f"{TEA}/10/SPRING-1", f"{TEA}/10/SPRING-2"
GARDEN = "https://id.gs1.org/414/6901234500103"
SHOP = "urn:shop:mall.example:qinghe-tea"
MODEL = "urn:model:quality"
VISIT = "urn:visit:garden-spring"


def text_of(time: datetime) -> str:
    """Return a time as payloads spell it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Stage:
    """One ledger in a folder, the keys of those who speak, and the story's time."""

    folder: Path
    now: datetime = BEGIN
    keys: dict[str, PrivateKey] = field(default_factory=dict)
    said: dict[str, Registered] = field(default_factory=dict)
    log: Log = field(init=False)
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        """Open the ledger: log key, operator's key, genesis, a clock that is simulated."""
        self.keys = {
            name: PrivateKey.generate(ES256 if name == "observer" else EDDSA) for name in PARTIES
        }
        self.settings = Settings(
            directory=self.folder,
            origin=ORIGIN,
            operator=PARTIES["operator"][0],
            db="ledger.sqlite",
            clock="simulated",
            log_key=self.folder / "keys" / "log.pem",
            operator_key=self.folder / "keys" / "operator.pem",
            anchor=self.folder / "anchor",
        )
        log_key = PrivateKey.generate()
        write_key(self.settings.log_key, log_key)
        for name, key in self.keys.items():
            write_key(self.folder / "keys" / f"{name}.pem", key)
        self._clock = SimulatedClock(self.now_us)
        self.log = create_log(
            make_engine(self.settings.database_url),
            anchor_path=self.settings.anchor,
            clock=self._clock,
            signer=KeySigner(ORIGIN, log_key, self.keys["operator"]),
            operator=self.settings.operator,
            names=Names(en=Text(PARTIES["operator"][2]), zh=Text(PARTIES["operator"][3])),
        )
        write_settings(self.settings, self.settings.db)
        self.wait(minutes=1)

    @property
    def now_us(self) -> int:
        """Return the story's time in microseconds since 1970."""
        return int(self.now.timestamp()) * 1_000_000

    def wait(self, **more: int) -> None:
        """Let time pass."""
        self.now += timedelta(**more)

    def sign(self, type_: str, by: str, subject: str, fields: dict[str, Any]) -> bytes:
        """Return a statement as its party signs it."""
        body = body_of({"v": CATALOGUE[type_].version, "type": type_, **fields})
        return sign_statement(
            self.keys[by],
            encode_body(body),
            issuer=PARTIES[by][0],
            subject=subject,
            issued_at=int(self.now.timestamp()),
            audience=ORIGIN,
        )

    def generic(self, by: str, subject: str, value: Any) -> bytes:
        """Return a statement of another software: its own content type."""
        return sign_statement(
            self.keys[by],
            ijson.encode(value),
            issuer=PARTIES[by][0],
            subject=subject,
            issued_at=int(self.now.timestamp()),
            audience=None,
            content_type="application/json",
        )

    def party(self, name: str) -> bytes:
        """Return the operator's statement that a party enters with its key."""
        id_, role, en, zh = PARTIES[name]
        key = self.keys[name]
        message = possession_message(key.public, origin=ORIGIN, party=id_)
        binding = KeyBinding.of(key.public, key.sign(message))
        fields: dict[str, Any] = {
            "names": {"zh": zh, "en": en},
            "country": "CN",
            "roles": [role],
        }
        if name in USCC:  # a natural person has none
            fields["uscc"] = USCC[name]
        parts = {"alg": binding.alg, "x": binding.x, "possession": binding.possession}
        if key.public.y:
            parts["y"] = str(binding.y)
        return self.sign("party", "operator", id_, fields | {"keys": [parts]})

    def submit(self, *statements: bytes) -> list[Registered | Refused]:
        """Register statements in one batch at the story's time, then let a minute pass."""
        self._clock.next_us = self.now_us
        outcomes = self.log.register(statements)
        self._clock.next_us = None
        self.wait(minutes=1)
        return list(outcomes)

    def say(
        self, name: str, type_: str, by: str, subject: str, fields: dict[str, Any]
    ) -> Registered:
        """Register a statement that must be accepted, and remember it under a name.

        Raises:
            VerificationError: it was refused.

        """
        (outcome,) = self.submit(self.sign(type_, by, subject, fields))
        if isinstance(outcome, Refused):
            raise VerificationError(
                "; ".join(refusal_row(item)["message"] for item in outcome.refusals)
            )
        self.said[name] = outcome
        return outcome

    def cite(self, name: str, topic: str, subject: str) -> dict[str, str]:
        """Return a citation of something said."""
        return {"id": self.said[name].id.hex(), "topic": topic, "subject": subject}
