"""What requests are made of: what a ledger holds, and what nobody should send."""

import base64
import json
import time
import urllib.request
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

PAGES = 4
NUMBERS = (
    "0", "1", "2", "7", "255", "256", "-1", "+1", "01", "1_0", "\uff11", "0x10", "1e9", "1.0", " 1",
    "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616",
    "9" * 30, "9" * 5000, "٣", "NaN", "inf", "",
)  # fmt: skip
TEXTS = (
    "", "%", "%2", "%zz", "%00", "%0a%0d", "%2F", "%252F", "%ff%fe", "%c3%28", "%ed%a0%80", "%F0%9F%8D%B5",
    "龙井".encode().hex("%"), "a" * 300, "..", "../../etc/passwd", "%2e%2e%2f", "'", '"', "';--", "<script>",
    "{}", "[]", "null", "urn:x", "https://id.gs1.org/01/0", "did:web:", "did:web:%", "*", "?", "#",
    "%E2%80%AE", "%EF%BF%BF", "%C0%AF", "a+b", "%20", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z",
)  # fmt: skip


@dataclass
class Pool:
    """What a ledger has to ask for, by kind."""

    size: int = 0
    ids: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    kids: list[str] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)
    tiles: dict[str, bytes] = field(default_factory=dict)

    def like(self, example: str, random: Random) -> str:
        """Return a name of the ledger that looks like an example, else the example."""
        if len(example) == 64:
            return random.choice(self.ids)
        head = example[:22] if example.startswith("https://id.gs1.org/") else example[:5]
        for _ in range(6):
            name = random.choice(self.names)
            if name.startswith(head):
                return name
        return example


def get(base: str, path: str) -> bytes:
    with urllib.request.urlopen(base + path, timeout=60) as answer:  # noqa: S310 - a service of ours
        return answer.read()


def gathered(base: str) -> Pool:
    """Ask a service for what its ledger holds."""
    pool = Pool()
    names: dict[str, None] = {}
    types: dict[str, None] = {}
    path = "/v1/entries?limit=500"
    while json.loads(get(base, path))["lag"]:
        time.sleep(0.5)  # an example was just made: its search index follows
    for _ in range(PAGES):
        page: dict[str, Any] = json.loads(get(base, path))
        for row in page["entries"]:
            pool.ids.append(row["id"])
            names |= {row["issuer"]: None, row["subject"]: None}
            types[row["type"]] = None
        if page["next"] is None:
            break
        pool.cursors.append(page["next"])
        path = f"/v1/entries?limit=500&cursor={page['next']}"
    pool.names, pool.types = list(names), list(types)
    pool.size = int(get(base, "/checkpoint").split(b"\n")[1])
    for at in range(0, pool.size, max(1, pool.size // 150)):
        entry = json.loads(get(base, f"/v1/entries/{at}"))
        pool.leaves.append(base64.b64decode(entry["bytes"]))
        kid = base64.urlsafe_b64encode(bytes.fromhex(entry["kid"])).decode().rstrip("=")
        pool.kids.append(kid)
    pool.notes = [get(base, "/checkpoint")]
    whole, rest = divmod(pool.size, 256)
    paths = [f"/tile/{kind}/{n:03}" for kind in ("0", "entries") for n in range(min(whole, 20))]
    paths += [
        f"/tile/{kind}/{whole:03}.p/{rest}" for kind in ("0", "entries") if rest and whole < 1000
    ]
    pool.tiles = {path: get(base, path) for path in paths}
    return pool


def spelled(text: str) -> str:
    """Return a value as a query carries it."""
    return quote(text, safe="")
