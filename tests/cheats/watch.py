"""Who finds a cheat out: a bundle's reader, who verifies an export, a replayer, and strangers by a proof."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from cheats.asking import TRUST, Answered, about, answers, bundle_of, why_refused
from cheats.document import rows
from cheats.falsehoods import Cheat, Shown
from cheats.written import LOG_KEY, Written
from world import cosigner, key_of

from ledger.answering.fraud_finder import find_index_fraud
from ledger.audit import verify_ledger
from ledger.cosigning.cosigner import Cosigner
from ledger.cosigning.replayer import FraudError, Replayer
from ledger.errors import CannotVerifyError, PinyuanError, StorageError
from ledger.evidence.bundle import Bundle
from ledger.evidence.fraud import encode_fraud, verify_fraud
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note

MOST = 3
"""So many bundles that show a falsehood are verified, of a ledger."""
SECOND = 1_000_000


@dataclass
class Found:
    """Who found a cheat out; ``believed``: the bundles that show what is false and verify."""

    bundle: bool = False
    export: bool = False
    replayed: bool = False
    proof: str = ""
    shown: int = 0
    believed: list[str] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)

    @property
    def anybody(self) -> bool:
        """Return whether anybody finds it."""
        return self.bundle or self.export or self.replayed


class Files:
    """What a log published, as a replayer asks for it."""

    def __init__(self, ledger: Written) -> None:
        self.files = ledger.files()

    def get(self, path: str) -> bytes | None:
        """Return a file."""
        return self.files.get(path)


def watched(cheat: Cheat, rng: Random) -> Found:
    """Let everybody look at a ledger."""
    ledger, found = Written(cheat.script), Found()
    now_us = max(time_us for _, time_us in ledger.seals) + SECOND
    _export(ledger, found)
    _bundles(cheat, ledger, found, rng, now_us)
    _replayer(cheat, ledger, found, now_us // SECOND)
    return found


def _export(ledger: Written, found: Found) -> None:
    try:
        verify_ledger(ledger, workers=1, log_key=LOG_KEY)
    except PinyuanError as error:
        found.export, found.says["export"] = True, str(error)


def _bundles(cheat: Cheat, ledger: Written, found: Found, rng: Random, now_us: int) -> None:
    wanted = [shown for item in cheat.false for shown in item.shown_by]
    before = None if cheat.before is None else Written(cheat.before)
    for bundle in showing(cheat, ledger, wanted, rng, before):
        why = why_refused(bundle, now_us, **_seen(cheat, before))
        found.proof = found.proof or _index_proof(ledger, bundle)
        if why is not None:
            found.bundle, found.says["bundle"] = True, why
        held = shown_in(bundle)
        for item in cheat.false:
            if any(shown <= held for shown in item.shown_by):
                found.shown += 1
                if why is None:
                    found.believed.append(f"{item.kind} ({item.what}): {bundle.question}")


def _seen(cheat: Cheat, before: Written | None) -> dict[str, Any]:
    """Return what a reader saw last."""
    if before is None:
        return {}
    seen = parse_checkpoint(parse_note(before.note()).text)
    times = {} if cheat.seen_s is None else {seen.size: cheat.seen_s}
    return {"seen": seen, "sightings": times}


def shown_in(bundle: Bundle) -> Shown:
    """Return the entries and histories that a bundle shows."""
    histories = ((item.topic, item.subject) for item in bundle.histories)
    return frozenset({*(item.index for item in bundle.statements), *histories})


def showing(
    cheat: Cheat, ledger: Written, wanted: list[Shown], rng: Random, before: Written | None = None
) -> Iterator[Bundle]:
    """Ask every question; yield bundles that show what is false, few of many."""
    found = list(answers(ledger, about(cheat.names)))
    rng.shuffle(found)
    told = [item for item in found if any(_read(item, shown) for shown in wanted)]
    since = None if before is None else len(before.leaves)
    for item in told[:MOST]:
        yield bundle_of(ledger, item, since=since)
    if found and len(told) < MOST:
        for shown in rng.sample(wanted, min(MOST, len(wanted))):
            # An answer that has nothing to do with it, with the evidence beside.
            asked = rng.choice(found)
            for name in shown:
                if isinstance(name, tuple):
                    asked.inquiry.trace.history(*name)
            with suppress(LookupError):
                yield bundle_of(
                    ledger, asked, hold=[at for at in shown if isinstance(at, int)], since=since
                )


def _read(item: Answered, shown: Shown) -> bool:
    return shown <= {*item.holds(), *item.inquiry.trace.histories}


def _replayer(cheat: Cheat, ledger: Written, found: Found, now_s: int) -> None:
    with TemporaryDirectory(dir=_memory()) as made:
        folder = Path(made)
        key = key_of("r1")
        clock = [now_s]
        who = Cosigner(folder, cosigner("r1"), key.sign, lambda: clock[0])
        source = Files(ledger)
        if cheat.before is not None:
            source = Files(Written(cheat.before))
        try:
            replayer = Replayer(source, folder, who, LOG_KEY)
            if cheat.before is not None:
                clock[0] = now_s if cheat.seen_s is None else cheat.seen_s
                replayer.round(clock[0])
                clock[0] = now_s
                source.files = Files(ledger).files
            replayer.round(now_s)
        except FraudError as error:
            found.replayed, found.says["replayer"] = True, str(error)
            found.proof = _proof(error.path.read_bytes()) or found.proof
        except (StorageError, CannotVerifyError) as error:
            found.replayed, found.says["replayer"] = True, f"not cosigned: {error}"


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - nothing is kept


def _proof(raw: bytes) -> str:
    """Return the kind of a proof that convinces others, nothing where it is a replayer's word."""
    try:
        return verify_fraud(raw, TRUST).kind
    except PinyuanError:
        return ""


def _index_proof(ledger: Written, bundle: Bundle) -> str:
    """Return "index" where a bundle held against the entries proves that the index is false."""
    with suppress(PinyuanError):
        fraud = find_index_fraud(ledger.whole, bundle)
        return "" if fraud is None else verify_fraud(encode_fraud(fraud), TRUST).kind
    return ""


def faults(cheat: Cheat, found: Found) -> list[str]:
    """Return what was believed that FORMATS says is not, and which proof is missing."""
    wrong = [item for item in found.believed if rows()[item.partition(" ")[0]].bundle]
    kinds = {item.kind for item in cheat.false}
    if not found.replayed:
        wrong.append("no replayer finds it")
    if not found.export and any(rows()[kind].export for kind in kinds):
        wrong.append("the export verifies")
    indexed = {kind for kind in kinds if kind.startswith("index-")}
    provable = {kind for kind in kinds if rows()[kind].proof} - (
        indexed if not found.shown else set()
    )
    hidden = kinds & {"index-root", "log-key", "rules-unknown"} or (indexed and kinds - indexed)
    if provable and not hidden and not found.proof:
        wrong.append(f"no proof of {', '.join(sorted(provable))}")
    return wrong
