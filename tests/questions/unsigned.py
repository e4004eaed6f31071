"""Grants as entries without signatures: thousands in a moment, for folds that ask for none."""

from hashlib import sha256
from typing import Any

from tea import EVER, MARK

from ledger.cose.keys import EDDSA
from ledger.histories.history import Entry
from ledger.histories.views import MemoryView
from ledger.statements.catalogue import body_of, histories_of
from ledger.statements.envelope import NATIVE, SignedStatement

HOLDER = "did:web:p0.example"
PRODUCT = "https://id.gs1.org/01/06901234500004"
TEA = "food/tea"
START_S = 1_790_000_000


def party(number: int) -> str:
    """Return a party's id by its number; 0 holds the mark."""
    return f"did:web:p{number}.example"


def id_of(name: str) -> str:
    """Return the statement id of what has this name."""
    return sha256(name.encode()).hexdigest()


class Ledger:
    """A view that anything can be said in; a minute passes with each statement."""

    def __init__(self) -> None:
        self.view = MemoryView(lambda index: (START_S + 60 * index) * 1_000_000)
        self.size = 0
        self.said: dict[int, str] = {}
        """What each entry is called, by its index."""

    @property
    def now_us(self) -> int:
        return (START_S + 60 * self.size) * 1_000_000

    def say(self, type_: str, name: str, issuer: str, subject: str, fields: dict[str, Any]) -> None:
        statement = SignedStatement(
            leaf=b"",
            id=bytes.fromhex(id_of(name)),
            message=b"",
            signature=b"",
            alg=EDDSA,
            kid=bytes(32),
            issuer=issuer,
            subject=subject,
            audience=None,
            issued_at=START_S + 60 * self.size,
            content_type=NATIVE,
            payload=b"",
        )
        body = body_of({"v": 1, "type": type_} | fields)
        entry = Entry(self.size, statement, body)
        self.said[self.size] = name
        self.view.add(entry, histories_of(statement, body))
        self.size += 1

    def mark(self, name: str = "mark", holder: str = HOLDER, **changes: Any) -> None:
        fields = {"kind": "trademark-registered", "number": MARK, "categories": ["food"]}
        self.say("qualification", name, "did:web:office.example", holder, EVER | fields | changes)

    def product(self, category: str = TEA) -> None:
        fields = {"names": {"en": "tea"}, "brand": MARK, "category": category}
        under = {"id": id_of("mark"), "topic": "qualification-number", "subject": MARK}
        self.say("product", "product", HOLDER, PRODUCT, fields | {"under": under})

    def grant(self, name: str, by: str, to: str, parent: dict[str, str], **axes: Any) -> None:
        fields = EVER | {
            "parent": parent,
            "brand": MARK,
            "goods": ["*"],
            "territories": ["*"],
            "channels": ["*"],
            "shop_types": ["*"],
            "exclusive": False,
            "depth": 20,
        }
        self.say("authorisation", name, by, to, fields | axes)

    def revoke(self, name: str, to: str, parent: str, *, exclusive: bool = False) -> None:
        fields = {
            "target": {"id": id_of(name), "topic": "grant", "subject": f"{MARK}\n{to}"},
            "brand": MARK,
            "parent": parent,
            "exclusive": exclusive,
            "reason": "over",
        }
        self.say("authorisation-revocation", f"end of {name}", HOLDER, to, fields)

    def withdraw_mark(self) -> None:
        target = {"id": id_of("mark"), "topic": "qualification-number", "subject": MARK}
        fields = {"target": target, "number": MARK, "reason": "over"}
        self.say("qualification-withdrawal", "end of mark", HOLDER, HOLDER, fields)


def under_mark() -> dict[str, str]:
    """Return a citation of the mark."""
    return {"id": id_of("mark"), "topic": "qualification-number", "subject": MARK}


def under(name: str, to: str) -> dict[str, str]:
    """Return a citation of a grant to a party."""
    return {"id": id_of(name), "topic": "grant", "subject": f"{MARK}\n{to}"}
