"""False seals: what one says of its place, its chain, and its time.

A checkpoint that a cosigner saw was all there was then: whatever was sealed behind it was sealed
later. A seal behind it that is dated before, by more than clocks and requests may differ, was
dated back.
"""

from collections.abc import Iterable
from typing import Literal

from ledger.evidence.bundle import Bundle
from ledger.evidence.proven import (
    SKEW_S,
    Part,
    ProvenStatement,
    is_backdated,
    seal_fault,
    statement_in,
)
from ledger.evidence.shown import ProvenLeaf, check_leaf, nothing, seal_of, signed
from ledger.statements.catalogue import decode_body
from ledger.statements.log_family import Seal
from ledger.tlog import chain
from ledger.tlog.checkpoint import Checkpoint, cosigned_times, parse_checkpoint
from ledger.tlog.note import Note, parse_note
from ledger.tlog.trust import TrustPolicy


class SealFraud(Part, frozen=True, kw_only=True):
    """A seal, an earlier one (null: genesis begins the chain), and the leaves in between."""

    v: Literal[1] = 1
    fraud: Literal["seal"] = "seal"
    checkpoint: str
    seal: ProvenStatement
    earlier: ProvenStatement | None = None
    between: tuple[ProvenLeaf, ...] = ()


class Backdated(Part, frozen=True, kw_only=True):
    """A seal, and an earlier checkpoint that was cosigned after the time the seal gives itself."""

    v: Literal[1] = 1
    fraud: Literal["backdated"] = "backdated"
    cosigned: str
    checkpoint: str
    seal: ProvenStatement


def verify_seal(fraud: SealFraud, trust: TrustPolicy) -> tuple[Checkpoint, str]:
    """Check that a seal says what is false of its place, an earlier seal, or the chain."""
    checkpoint = signed(fraud.checkpoint, trust)
    sealing, seal = seal_of(fraud.seal, checkpoint)
    start, value, earlier = 0, chain.start(checkpoint.origin), None
    hashes: list[bytes] = []
    if fraud.earlier is not None:
        earlier, before = seal_of(fraud.earlier, checkpoint)
        if earlier.index >= sealing.index:
            raise nothing("the earlier seal comes first")
        start, value = earlier.index, bytes.fromhex(before.chain)
        hashes.append(earlier.statement.leaf_hash)
    hashes += [check_leaf(item, checkpoint) for item in fraud.between]
    fault = seal_fault(sealing, earlier)
    if fault is not None:
        return checkpoint, fault
    indices = [item.index for item in fraud.between]
    if indices != list(range(start + len(hashes) - len(indices), sealing.index)):
        raise nothing(f"nothing false, and not every entry before the seal at {sealing.index}")
    for hashed in hashes:
        value = chain.extend(value, hashed)
    if value.hex() == seal.chain:
        raise nothing(f"the seal at entry {sealing.index} says nothing false")
    since = "genesis" if earlier is None else f"the seal at entry {start}"
    return checkpoint, f"entry {sealing.index}: a seal whose chain does not follow from {since}"


def prove_seal(
    checkpoint: str,
    seal: ProvenStatement,
    earlier: ProvenStatement | None,
    between: Iterable[ProvenLeaf],
) -> SealFraud:
    """Return the proof that a seal contradicts its place, an earlier seal, or the chain between.

    Args:
        checkpoint: the note of a checkpoint that covers them.
        seal: the false one.
        earlier: one before it; None to begin with genesis.
        between: every leaf between the two, in order; only for a false chain.

    """
    return SealFraud(checkpoint=checkpoint, seal=seal, earlier=earlier, between=tuple(between))


def prove_backdated(bundle: Bundle, seen: Iterable[Note]) -> Backdated | None:
    """Return a proof that a seal of a bundle was dated back, if cosignatures show it.

    Args:
        bundle: an answer; the checkpoints that its seals cite count as seen.
        seen: earlier checkpoints with their cosignatures.

    """
    seals = [(item, body) for item in bundle.statements if (body := _sealed(item)) is not None]
    cited = (parse_note(body.cosigned) for _, body in seals if body.cosigned is not None)
    for note in (*seen, *cited):
        size = parse_checkpoint(note.text).size
        behind = next(((item, body) for item, body in seals if item.index >= size), None)
        if behind is not None and any(
            is_backdated(behind[1].time_us, time_s) for time_s in cosigned_times(note)
        ):
            return Backdated(cosigned=str(note), checkpoint=bundle.checkpoint, seal=behind[0])
    return None


def _sealed(item: ProvenStatement) -> Seal | None:
    body = decode_body(statement_in(item))
    return body if isinstance(body, Seal) else None


def verify_backdated(fraud: Backdated, trust: TrustPolicy) -> tuple[Checkpoint, str]:
    """Check that a seal is dated before a smaller checkpoint was cosigned by whom the file trusts."""
    old, checkpoint = signed(fraud.cosigned, trust), signed(fraud.checkpoint, trust)
    sealing, seal = seal_of(fraud.seal, checkpoint)
    if old.origin != checkpoint.origin:
        raise nothing("checkpoints of two logs")
    seen = trust.sightings(parse_note(fraud.cosigned))
    found = [name for name, time_s in seen.items() if is_backdated(seal.time_us, time_s)]
    if sealing.index < old.size or not found:
        why = f"nobody trusted here cosigned size {old.size} more than {SKEW_S} s after that seal's time"
        raise nothing(why)
    says = f"the seal at entry {sealing.index} is dated before {found[0]} cosigned size {old.size}"
    return checkpoint, f"{says}, which lacks it"
