"""When a log was last seen, and whether that is new enough for what was asked."""

import time
from bisect import bisect_left
from collections.abc import Mapping

from ledger.errors import FreshnessError, VerificationError
from ledger.evidence.proven import SKEW_S, Opened, is_backdated
from ledger.primitives.clock import too_far_ahead_s
from ledger.primitives.instant import Span, format_us
from ledger.rules.state import MICROSECONDS, LogState, verifier_keys
from ledger.statements.log_family import Seal
from ledger.texts import Words, saying
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.trust import DEFAULT_MAX_AGE_S, Cosigned, TrustPolicy

STORY_AGE_S = 100 * 365 * 86_400  # a story's times are of no day of its reader's


def reader_us() -> int:
    """Return the present time of whoever holds an answer to a trust file, who asked for it or was handed it.

    The machine's, whatever clock the ledger has: the same file and the same answer are fresh for
    both or for neither.
    """
    return time.time_ns() // 1_000


def age_lines(clock: str) -> tuple[str, ...]:
    """Return what a trust file that a log offers says of how old its answers may be, by the clock of its genesis."""
    if clock == "simulated":
        return (
            saying("# its clock is simulated, so that how long ago anything was says nothing"),
            f"max-age {STORY_AGE_S}",
        )
    return (f"max-age {DEFAULT_MAX_AGE_S}",)


def check_dates(
    opened: Opened, state: LogState, trust: TrustPolicy, seen: Mapping[int, int]
) -> None:
    """Refuse a seal dated before a checkpoint without it was cosigned.

    What cosigners saw when, by size: of the checkpoint seen last, and of those that seals cite.
    """
    keys = verifier_keys(state.genesis.witnesses)
    saw = dict(seen)
    for _, seal in opened.seals:
        if seal.cosigned is not None:
            note = parse_note(seal.cosigned)
            size = parse_checkpoint(note.text).size
            times = [*trust.sightings(note).values(), *trust.sightings(note, keys).values()]
            saw[size] = max(saw.get(size, 0), *times, 0)
    for size, time_s in saw.items():
        at = bisect_left(opened.seals, size, key=lambda item: item[0])
        if at < len(opened.seals) and is_backdated(opened.seals[at][1].time_us, time_s):
            index = opened.seals[at][0]
            raise VerificationError(
                "the seal at entry {index} is dated before size {size} was cosigned, which lacks it",
                index=index,
                size=size,
            )


def check_stamps(
    opened: Opened, state: LogState, checkpoint: Checkpoint, cosigned: Cosigned
) -> None:
    """Refuse a checkpoint whose seal is dated later than an authority says that it was there.

    The clock of a simulated ledger tells a story: it contradicts nobody.
    """
    if state.genesis.clock == "simulated":
        return
    seal = opened.seal_before(checkpoint.size, "checkpoint")
    for stamp in cosigned.stamps:
        latest_us = stamp.time_us + stamp.accuracy_us + SKEW_S * MICROSECONDS
        if seal.time_us > latest_us:
            raise VerificationError(
                "the newest seal is dated {time_us}, and {stamp}",
                time_us=format_us(seal.time_us),
                stamp=stamp.sentence,
            )


def fresh_us(cosigned: Cosigned, seal: Seal) -> int:
    """Return F: the quorum's time, or without witnesses the newest seal's.

    A cosignature's time is a whole second, and the seal may be of the same one. Where the
    quorum cosigned later checkpoints, its time says nothing of how long this one was the newest:
    F is the seal's time then, and never beyond the quorum's.
    """
    if cosigned.quorum_time_s is None:
        return seal.time_us
    if seal.time_us // MICROSECONDS == cosigned.quorum_time_s:
        return seal.time_us
    quorum_us = cosigned.quorum_time_s * MICROSECONDS
    return quorum_us if cosigned.newest else min(quorum_us, seal.time_us)


def by_seal(cosigned: Cosigned) -> bool:
    """Return whether it is the operator's seal that says when the log was last seen."""
    return cosigned.quorum_time_s is None or not cosigned.newest


def check_fresh(
    seal: Seal,
    *,
    about_now: bool,
    valid_at_us: int | None,
    fresh_us: int,
    now_us: int,
    max_age_s: int,
) -> str:
    """Refuse a stale answer about now, and one about a time that nobody has seen yet.

    Cosigners may see an old checkpoint again and again: what it says of now is as old as its
    own seal, which a log that is alive renews.
    """
    oldest_us = now_us - max_age_s * MICROSECONDS
    for what, time_us in ((Words("seen"), fresh_us), (Words("sealed"), seal.time_us)):
        if about_now and time_us < oldest_us:
            raise FreshnessError(
                "stale: the log was last {what} {age} ago ({at}), the trust file allows {allowed}: ask "
                "anew once its operator has sealed again, verify a bundle as of then (verify bundle FILE "
                "--now {at}), or allow more in the trust file (max-age)",
                what=what,
                age=Span((now_us - time_us) // MICROSECONDS),
                at=format_us(time_us),
                allowed=Span(max_age_s),
            )
    if too_far_ahead_s(fresh_us, now_us):
        raise FreshnessError(
            "the log's newest time is {ahead} ahead of this clock: one of them is wrong",
            ahead=Span((fresh_us - now_us) // MICROSECONDS),
        )
    if valid_at_us is not None and valid_at_us > fresh_us:
        raise not_seen_yet(valid_at_us, fresh_us)
    return saying("within the trust file's max-age") if about_now else saying("as of then")


def not_seen_yet(asked_us: int, fresh_us: int) -> FreshnessError:
    """Return why nothing is said of a time later than the log was last seen: more may be said yet."""
    return FreshnessError(
        "asked about {asked}, {ahead} later than the log was last seen ({seen}): unknown yet. If that time is "
        "to come, ask again then; if it has passed, a copy must be brought up to date first (a mirror by "
        "pinyuan mirror, an export by a newer export), and the log itself be sealed again",
        asked=format_us(asked_us),
        ahead=Span(-(-(asked_us - fresh_us) // MICROSECONDS)),
        seen=format_us(fresh_us),
    )
