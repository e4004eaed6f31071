"""A tea brand's world: trademark, origin, agent, distributor, shop, lots, inspections, observers.

Each method has somebody say one thing through ``World``; what is left out takes the story's
own value, so a test names only what it is about.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from world import BRAND, OPERATOR, TRADER, World

from ledger.writing.log import Registered

OFFICE = "https://id.gs1.org/417/6901234507034"
AGENT = "https://id.gs1.org/417/6901234507041"
DISTRIBUTOR = "https://id.gs1.org/417/6901234507058"
WAREHOUSE = "https://id.gs1.org/417/6901234507065"
INSPECTOR = "https://id.gs1.org/417/6901234507072"
CARRIER = "https://id.gs1.org/417/6901234507089"
LABORATORY = "https://id.gs1.org/417/6901234507096"
OBSERVER = "urn:pinyuan:person:" + "0b" * 16
MARK = "urn:trademark:cn:12345678:30"
GTIN = "https://id.gs1.org/01/06901234500004"
LOT = GTIN + "/10/A7"
GARDEN = "https://id.gs1.org/414/6901234500103"
SHOP = "urn:shop:mall.example:tea-1"
TEA = "food/tea/green"
EVER = {"from": "2026-01-01T00:00:00Z", "until": "2036-01-01T00:00:00Z"}
PARTIES = {
    "office": (OFFICE, "authority"),
    "brand": (BRAND, "brand"),
    "agent": (AGENT, "trader"),
    "distributor": (DISTRIBUTOR, "trader"),
    "trader": (TRADER, "trader"),
    "warehouse": (WAREHOUSE, "warehouse"),
    "inspector": (INSPECTOR, "inspector"),
    "carrier": (CARRIER, "carrier"),
    "laboratory": (LABORATORY, "laboratory"),
    "observer": (OBSERVER, "observer"),
}
"""Name of the key -> party id, role."""


def cite(found: Registered, topic: str, subject: str) -> dict[str, str]:
    """Return a citation of a registered statement."""
    return {"id": found.id.hex(), "topic": topic, "subject": subject}


def party_of(name: str) -> str:
    """Return a party's id by the name of its key."""
    return OPERATOR if name == "operator" else PARTIES[name][0]


@dataclass(repr=False)
class Tea:
    """What is said in this world, and the statements it rests on so far."""

    world: World

    def enter(self, *names: str) -> None:
        """Let parties enter: all of the story's if none is named."""
        for name in names or PARTIES:
            id_, role = PARTIES[name]
            self.world.party(name, id_, roles=[role])

    def time(self, days: float = 0) -> str:
        """Return the world's time so many days from now, as payloads spell it."""
        found = datetime.fromtimestamp(self.world.now_s + days * 86_400, UTC)
        return found.strftime("%Y-%m-%dT%H:%M:%SZ")

    def sign(self, type_: str, by: str, subject: str, fields: dict[str, Any], **how: Any) -> bytes:
        """Return a statement signed with the key of this name."""
        said = {"by": by, "issuer": party_of(by), "subject": subject} | how
        return self.world.statement(type_, fields, **said)

    def say(self, type_: str, by: str, subject: str, fields: dict[str, Any]) -> Registered:
        """Register a statement that must be accepted."""
        return self.world.accept(self.sign(type_, by, subject, fields))

    def trademark(self, **changes: Any) -> Registered:
        """The trademark office says that the brand holds the mark for tea."""
        fields = {"kind": "trademark-registered", "number": MARK, "categories": ["food/tea"]}
        return self.say(
            "qualification", "office", BRAND, EVER | fields | {"mark": "龙井"} | changes
        )

    def grant_fields(self, parent: dict[str, str], **changes: Any) -> dict[str, Any]:
        """Return the fields of a grant of green tea, anywhere in CN, on every channel."""
        return (
            EVER
            | {
                "parent": parent,
                "brand": MARK,
                "goods": ["food/tea/green"],
                "territories": ["CN"],
                "channels": ["*"],
                "shop_types": ["*"],
                "exclusive": False,
                "depth": 3,
            }
            | changes
        )

    def grant(self, by: str, to: str, parent: dict[str, str], **changes: Any) -> Registered:
        """One party authorises another."""
        return self.say("authorisation", by, party_of(to), self.grant_fields(parent, **changes))

    def grant_cite(self, found: Registered, to: str) -> dict[str, str]:
        """Return a citation of a grant."""
        return cite(found, "grant", f"{MARK}\n{party_of(to)}")

    def product(self, under: dict[str, str], by: str = "brand", **changes: Any) -> Registered:
        """The brand declares its green tea."""
        fields = {"names": {"zh": "绿茶", "en": "Green tea"}, "brand": MARK, "category": TEA}
        return self.say("product", by, GTIN, fields | {"under": under} | changes)

    def chain(self) -> dict[str, Registered]:
        """Tell the usual beginning: mark, agent, distributor, trader, product; return each."""
        self.enter()
        mark = self.trademark()
        root = cite(mark, "qualification-number", MARK)
        agent = self.grant("brand", "agent", root)
        distributor = self.grant("agent", "distributor", self.grant_cite(agent, "agent"), depth=2)
        parent = self.grant_cite(distributor, "distributor")
        trader = self.grant("distributor", "trader", parent, depth=0)
        product = self.product(root)
        return {
            "mark": mark,
            "agent": agent,
            "distributor": distributor,
            "trader": trader,
            "product": product,
        }

    def lot(self, lot: str = LOT) -> Registered:
        """The brand registers its garden, and a lot made there."""
        place = {"text": "Longwu", "latitude_e6": 30_190_000, "longitude_e6": 120_050_000}
        garden = {"names": {"zh": "龙坞茶园"}, "owner": BRAND, "country": "CN"}
        self.say("facility", "brand", GARDEN, garden | {"place": place, "activities": ["growing"]})
        quantity = {"amount": "120.5", "unit": "kg"}
        made = {"quantity": quantity, "facility": GARDEN, "made": self.time(-30)}
        return self.say("lot", "brand", lot, made)

    def recall(self, lot: str) -> bytes:
        """Return the brand's recall of a lot, signed."""
        fields = {"reason": "residue above the limit", "from": self.time()}
        return self.sign("recall", "brand", lot, fields)
