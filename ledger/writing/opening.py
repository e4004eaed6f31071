"""Opening a log, mending what a crash left and refusing what must not go on; and making one."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from ledger.cose.keys import possession_message
from ledger.errors import LogCorruptError, UsageError
from ledger.files.anchor import Anchor
from ledger.identifiers import check_origin, check_party
from ledger.primitives.clock import Clock, SimulatedClock, SystemClock
from ledger.rules.published import CURRENT, PUBLISHED
from ledger.rules.state import log_state
from ledger.settings import Settings, why_mirror
from ledger.signer import Signer
from ledger.statements.fields import KeyBinding, Names
from ledger.statements.log_family import Genesis, RulesVersion
from ledger.store.reads import Snapshot, reading
from ledger.store.schema import check_revision, upgrade
from ledger.store.view import parse_entry
from ledger.texts import saying
from ledger.tlog.note import parse_vkey
from ledger.writing.log import Log
from ledger.writing.publisher import FIRST_SIZE, require_head
from ledger.writing.sealing import check_sealing_key


def clock_of(kind: str, anchor_path: Path, *, accept_jump: bool = False) -> Clock:
    """Return the clock of a ledger, of the kind that genesis names; what it agreed is beside the anchor."""
    if kind == "simulated":
        return SimulatedClock()
    return SystemClock(anchor_path.with_name(f"{anchor_path.name}.clock"), accept_jump=accept_jump)


def open_log(
    engine: Engine,
    *,
    anchor_path: Path,
    clock: Clock | None = None,
    signer: Signer | None = None,
    mirror: str = "",
) -> Log:
    """Open a ledger, mending what a crash left and refusing what must not go on.

    Args:
        engine: its database.
        anchor_path: the file that remembers the last published checkpoint.
        clock: where batch times come from; the kind genesis names if not given.
        signer: the keys; without them the ledger can only be read.
        mirror: why nobody writes here, if it is a mirror: it has no anchor to hold it against.

    Raises:
        UsageError: no ledger there, another log's keys, or another kind of clock.
        LogCorruptError: what is stored contradicts itself.

    """
    check_revision(engine)
    with reading(engine) as snapshot:
        require_head(snapshot)
        leaves = snapshot.leaf_range(0, 1)
        if not leaves:
            raise LogCorruptError(
                "entry 0 is missing: restore the database, or import an export into a new one"
            )
        first = parse_entry(0, leaves[0])
    genesis = first.body
    if not isinstance(genesis, Genesis):
        raise LogCorruptError("entry 0 is not a genesis")
    vkey = parse_vkey(genesis.log_key)
    if signer is not None and signer.vkey != vkey:
        raise UsageError("the log key given is not the one genesis of {name} names", name=vkey.name)
    if clock is not None and clock.kind != genesis.clock:
        raise UsageError(
            "genesis of {name} says that its clock is {clock}, not {kind}",
            name=vkey.name,
            clock=genesis.clock,
            kind=clock.kind,
        )
    if clock is None:
        clock = clock_of(genesis.clock, anchor_path)
    anchor = Anchor(anchor_path, vkey)
    log = Log(engine, vkey, first.statement.issuer, anchor=anchor, clock=clock, signer=signer)
    if signer is not None:
        with reading(engine) as snapshot:
            view = log.view(snapshot, require_head(snapshot).size)
            check_sealing_key(view, signer, log.operator)
            state = log_state(view, log.origin)
        if PUBLISHED.get(state.rules_version) != state.rules_digest:
            log.publisher.read_only = saying(
                "OTHER_RULES: rules version {rules_version} of this ledger is not the one that this release has: it can be read; what registers is the release that it was made with",
                rules_version=state.rules_version,
            )
    log.mirror = bool(mirror)
    log.publisher.read_only = mirror or log.publisher.read_only
    log.publisher.recover(anchored=not mirror)
    return log


def open_to_read(settings: Settings, engine: Engine) -> Log:
    """Open a ledger without its keys, or a mirror, which has none.

    Raises:
        UsageError, LogCorruptError: as ``open_log``.

    """
    return open_log(engine, anchor_path=settings.anchor, mirror=why_mirror(settings))


def create_log(
    engine: Engine,
    *,
    anchor_path: Path,
    clock: Clock,
    signer: Signer,
    operator: str,
    names: Names,
    witnesses: Sequence[str] = (),
    quorum: int = 0,
    predecessor: str | None = None,
) -> Log:
    """Create the tables, write genesis and its seal, publish the first checkpoint (size 2).

    What an interrupted call with the same keys and names left is completed.

    ``predecessor``: a checkpoint of the log that this one goes on for.

    Raises:
        UsageError: the database holds a ledger already, or a name is not in its form.

    """
    check_origin(signer.vkey.name)
    check_party(operator)
    upgrade(engine)
    origin, key = signer.vkey.name, signer.operator_key()
    possession = key.sign(possession_message(key.public, origin=origin, party=operator))
    body = Genesis(
        v=1,
        names=names,
        keys=(KeyBinding.of(key.public, possession),),
        log_key=str(signer.vkey),
        clock="system" if clock.kind == "system" else "simulated",
        rules=RulesVersion(version=CURRENT, digest=PUBLISHED[CURRENT]),
        witnesses=tuple(witnesses),
        quorum=quorum,
        predecessor=msgspec.UNSET if predecessor is None else predecessor,
    )
    anchor = Anchor(anchor_path, signer.vkey)
    log = Log(engine, signer.vkey, operator, anchor=anchor, clock=clock, signer=signer)
    with reading(engine) as snapshot:
        begun = _begun(snapshot, body)
    if begun:
        log.publisher.recover()
    else:
        log.begin(body)
    return log


def _begun(snapshot: Snapshot, body: Genesis) -> bool:
    """Return whether an interrupted call left this very genesis, and nothing behind it."""
    head = snapshot.head()
    if head is None or head.size != FIRST_SIZE:
        return False
    return parse_entry(0, snapshot.leaf_range(0, 1)[0]).body == body
