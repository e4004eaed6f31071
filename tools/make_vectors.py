"""Write the transcript that the published rules bind: what is said, what becomes of it, and bundles.

    python tools/make_vectors.py OUT

``logs.jsonl``: stories, a line each, statements in order with their outcomes: at least one refusal of
every rule and one acceptance of every type. ``bundles/``: a bundle for each question, and hostile ones,
each named after its attack; ``bundles.json`` says what a verifier says of each, ``trust.txt`` is its trust
file. ``SHA256SUMS`` lists them; its SHA-256 is the transcript's digest.

Everything is told in the tests' words with their keys and clock, so it is the same every time. The
published document names the digest, and a genesis names the document's: in these logs every genesis
names the digest 00...00 for version 1 instead, and whoever replays them takes that for the published one.
"""

import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
for _place in (ROOT, ROOT / "tests", ROOT / "tools"):
    if str(_place) not in sys.path:
        sys.path.insert(0, str(_place))


def write(out: Path) -> str:
    """Write the transcript; return its digest."""
    from vectors.bundles import made
    from vectors.stories import line_of, placeholders, stories

    with placeholders(), tempfile.TemporaryDirectory() as folder:
        files = {"logs.jsonl": b"".join(map(line_of, stories())), **made(Path(folder))}
    sums = "".join(f"{sha256(raw).hexdigest()}  {name}\n" for name, raw in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    for name, raw in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return sha256(files["SHA256SUMS"]).hexdigest()


def digest() -> str:
    """Return the digest of the transcript that this code makes."""
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder))


def reads() -> Any:
    """Return what every rule and question is seen to read."""
    from vectors.stories import reads as traced

    return traced()


def main() -> None:
    out = Path(sys.argv[1])
    print(f"{write(out)}  {out}")


if __name__ == "__main__":
    main()
