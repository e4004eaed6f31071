"""The trust file: C2SP tlog-policy, and lines of our own.

::

    log <vkey> [<url>]                  the log whose checkpoints are accepted
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none                  exactly one line
    replayer <name> <vkey>              re-derives everything and cosigns under its own name
    replay-quorum <k>|none
    max-age <seconds>                   a question about now needs a fresher ledger
    genesis <statement id>
    party-key <party> <kid>             a key of a party known from elsewhere
    timestamp-authority <name> <certificate in DER, base64>     whose timestamps count (RFC 3161)

A log, witness or replayer whose key is of a type that is not known here (ML-DSA, 06) is read and
counted as absent: it never signed, and a quorum that needs it does not hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.errors import CannotVerifyError, CheckpointError, MalformedError, QuorumError
from ledger.primitives.strict import parse_base64, parse_decimal, parse_hex
from ledger.tlog.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    verify_cosignature,
)
from ledger.tlog.note import (
    TYPE_COSIGNATURE,
    TYPE_ED25519,
    Note,
    VerifierKey,
    check_key_name,
    parse_any_vkey,
)
from ledger.tlog.timestamp import Stamp, check_anchor, stamp_in

MAX_POLICY_SIZE = 262_144
MAX_LINES = 1_000  # the specification asks for at least 32 of each kind
_WAIT = "ask again once they have cosigned, or, where they were replaced, with a newer trust file"
DEFAULT_MAX_AGE_S = 86_400  # a day: a log heartbeats every ten minutes


@dataclass(frozen=True, slots=True)
class Group:
    """At least ``threshold`` of ``members`` (witnesses or groups)."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Who cosigned a checkpoint, or a later one of the log that it is the beginning of.

    POSIX seconds by name, and what the policy makes of them.
    """

    witnesses: Mapping[str, int]
    replayers: Mapping[str, int]
    quorum_time_s: int | None
    """Newest time at which the quorum held; None under ``quorum none``."""
    stamps: tuple[Stamp, ...] = ()
    """What authorities say of when it, or a later one, was there."""
    newest: bool = True
    """Whether the quorum cosigned this very checkpoint: it was the newest they had seen."""


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """What a relying party trusts; parsed by ``parse_trust``."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str | None
    replayers: Mapping[str, VerifierKey] = field(default_factory=dict)
    replay_quorum: int | None = None
    max_age_s: int = DEFAULT_MAX_AGE_S
    genesis: bytes | None = None
    party_keys: Mapping[str, frozenset[bytes]] = field(default_factory=dict)
    authorities: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    """The certificates of authorities whose timestamps count, in DER."""
    absent: tuple[str, ...] = ()
    """What is said of each line whose key is of an unknown type; ``witnesses`` has none of them."""

    def log_key(self, origin: str) -> VerifierKey:
        """Return the log key for an origin.

        Raises:
            CannotVerifyError: the trust file does not name that log.

        """
        for key in self.logs:
            if key.name == origin:
                return key
        raise CannotVerifyError(
            "the trust file names no log {origin!r}{absent}: get its log key from whom you trust and add it (a line 'log ...'), or take the trust file that is for it",
            origin=origin,
            absent=self._absent(),
        )

    def _quorum_time(self, name: str, times: Mapping[str, int]) -> int | None:
        """Return the newest time at which ``name`` had witnessed, None if it has not."""
        group = self.groups.get(name)
        if group is None:
            return times.get(name)
        held = sorted(
            (t for m in group.members if (t := self._quorum_time(m, times)) is not None),
            reverse=True,
        )
        return held[group.threshold - 1] if len(held) >= group.threshold else None

    def check_cosignatures(self, note: Note, later: Sequence[Note] = ()) -> Cosigned:
        """Verify the cosignatures of a checkpoint and its quorums.

        Args:
            note: the checkpoint.
            later: checkpoints shown to extend it. Whoever cosigned one of them vouches for its
                beginning as well, and not for how long that was all there is.

        Raises:
            SignatureError: a known cosigner's signature does not verify.
            QuorumError: a quorum is missing.

        """
        exact = _times(note, self.witnesses)
        witnesses, replayers = dict(exact), _times(note, self.replayers)
        for extension in later:
            for found, keys in ((witnesses, self.witnesses), (replayers, self.replayers)):
                for name, at_s in _times(extension, keys).items():
                    found[name] = max(at_s, found.get(name, at_s))
        time_s, newest = None, True
        if self.quorum is not None:
            time_s = self._quorum_time(self.quorum, exact)
            if time_s is None:
                newest, time_s = False, self._quorum_time(self.quorum, witnesses)
            if time_s is None:
                raise QuorumError(
                    "no witness quorum: {quorum} not reached with {count} of {count_2} witnesses{absent}: {wait}",
                    quorum=self.quorum,
                    count=len(witnesses),
                    count_2=len(self.witnesses),
                    absent=self._absent(),
                    wait=_WAIT,
                )
        if self.replay_quorum is not None and len(replayers) < self.replay_quorum:
            raise QuorumError(
                "no replay quorum: {count} of {replay_quorum} replayers cosigned{absent}: {wait}",
                count=len(replayers),
                replay_quorum=self.replay_quorum,
                absent=self._absent(),
                wait=_WAIT,
            )
        return Cosigned(witnesses, replayers, time_s, self.stamps((note, *later)), newest)

    def stamps(self, notes: Iterable[Note]) -> tuple[Stamp, ...]:
        """Return what the authorities of this policy say of checkpoints; nobody need have.

        Raises:
            SignatureError, MalformedError: a timestamp in the name of one does not verify.
            CannotVerifyError: there is one, and what verifies it is not installed.

        """
        found = (
            stamp_in(note, name, anchors)
            for note in notes
            for name, anchors in self.authorities.items()
        )
        return tuple(stamp for stamp in found if stamp is not None)

    def _absent(self) -> str:
        return "".join(f"; {line}" for line in self.absent)

    def sightings(
        self, note: Note, cosigners: Iterable[VerifierKey] | None = None
    ) -> dict[str, int]:
        """Return who saw a checkpoint when, POSIX seconds by name; nobody need have.

        Args:
            note: the checkpoint.
            cosigners: whose word counts; None: the witnesses and replayers of this policy.

        Raises:
            SignatureError: a cosignature does not verify.

        """
        if cosigners is None:
            cosigners = (*self.witnesses.values(), *self.replayers.values())
        return _times(note, {key.name: key for key in cosigners})

    def last_sighting(self, note: Note) -> dict[int, int]:
        """Return when a checkpoint was last seen, POSIX seconds by its size; none by nobody.

        Raises:
            SignatureError: a cosignature does not verify.

        """
        seen = self.sightings(note).values()
        return {parse_checkpoint(note.text).size: max(seen)} if seen else {}

    def open(self, note: Note) -> tuple[Checkpoint, Cosigned]:
        """Return a note's checkpoint, signed by a trusted log and sufficiently cosigned."""
        origin = note.text.partition("\n")[0]
        checkpoint = open_checkpoint(note, self.log_key(origin))
        return checkpoint, self.check_cosignatures(note)


def _times(note: Note, keys: Mapping[str, VerifierKey]) -> dict[str, int]:
    times = {}
    for name, key in keys.items():
        time_s = verify_cosignature(note, key)
        if time_s is not None:
            times[name] = time_s
    return times


_UNSAID = ""  # no name is empty


class _Parser:
    """Collects the lines of one file, then checks what they say together."""

    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, Group] = {}
        self.replayers: dict[str, VerifierKey] = {}
        self.party_keys: dict[str, set[bytes]] = {}
        self.once: dict[str, int] = {}
        self.quorum: str | None = _UNSAID
        self.replay_quorum: int | None = None
        self.max_age_s = DEFAULT_MAX_AGE_S
        self.genesis: bytes | None = None
        self.names: set[str] = {"none"}
        self.grouped: set[str] = set()
        self.keys: set[bytes] = set()
        self.replaying: set[str] = set()
        self.absent: list[str] = []
        self.authorities: dict[str, list[bytes]] = {}

    def key(self, text: str, kind: int, what: str) -> VerifierKey | None:
        """Return the key of a line, None (and say so) where its type is not known."""
        vkey = parse_any_vkey(text)
        if vkey.known and vkey.type != kind:
            raise MalformedError(
                "key {name}: type {type:02x}, {kind:02x} expected",
                name=vkey.name,
                type=vkey.type,
                kind=kind,
            )
        if vkey.key in self.keys:
            raise MalformedError("key {name}: listed twice", name=vkey.name)
        self.keys.add(vkey.key)
        if vkey.known:
            return vkey
        self.absent.append(
            f"{what} counts as absent: keys of type {vkey.type:02x} are not known here"
        )
        return None

    def name(self, name: str) -> str:
        if name in self.names:
            raise MalformedError("name {name!r} is taken", name=name)
        self.names.add(name)
        return name

    def known(self, name: str) -> str:
        if name == "none" or name not in self.names:
            raise MalformedError("{name!r} is not defined above", name=name)
        return name

    def witness(self, name: str, text: str) -> None:
        vkey = self.key(text, TYPE_COSIGNATURE, f"witness {self.name(name)}")
        if vkey is not None:
            self.witnesses[name] = vkey

    def replayer(self, name: str, text: str) -> None:
        vkey = self.key(text, TYPE_COSIGNATURE, f"replayer {name}")
        self.replaying.add(name)
        if vkey is not None:
            self.replayers[name] = vkey

    def group(self, name: str, threshold: str, *members: str) -> None:
        for member in members:
            if self.known(member) in self.grouped or members.count(member) > 1:
                raise MalformedError("{member!r} is a member twice", member=member)
        count = {"all": len(members), "any": 1}.get(threshold)
        count = parse_decimal(threshold) if count is None else count
        if not 1 <= count <= len(members):
            raise MalformedError(
                "group {name}: threshold {threshold} of {count} members",
                name=name,
                threshold=threshold,
                count=len(members),
            )
        self.grouped.update(members)
        self.groups[self.name(name)] = Group(count, members)

    def authority(self, name: str, text: str) -> None:
        anchor = parse_base64(text)
        check_anchor(anchor)
        check_key_name(name)
        self.authorities.setdefault(name, []).append(anchor)

    def setting(self, word: str, value: str) -> None:
        match word:
            case "quorum":
                self.quorum = None if value == "none" else self.known(value)
            case "replay-quorum":
                self.replay_quorum = None if value == "none" else parse_decimal(value)
            case "max-age":
                self.max_age_s = parse_decimal(value)
            case _:
                self.genesis = parse_hex(value, size_bytes=32)

    def log(self, text: str) -> None:
        vkey = self.key(text, TYPE_ED25519, f"log {text.partition('+')[0]}")
        if vkey is None:
            return
        if any(known.name == vkey.name for known in self.logs):
            raise MalformedError("a second key for the log {name}", name=vkey.name)
        self.logs.append(vkey)

    def line(self, words: list[str], number: int) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self.log(vkey)
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self.witness(name, vkey)
            case ["replayer", name, vkey] if name not in self.replaying:
                self.replayer(name, vkey)
            case ["group", name, threshold, first, *rest]:
                self.group(name, threshold, first, *rest)
            case ["party-key", party, kid]:
                self.party_keys.setdefault(party, set()).add(parse_hex(kid, size_bytes=32))
            case ["timestamp-authority", name, anchor]:
                self.authority(name, anchor)
            case ["quorum" | "replay-quorum" | "max-age" | "genesis" as word, value]:
                if word in self.once:
                    raise MalformedError("a second {word} line", word=word)
                self.once[word] = number
                self.setting(word, value)
            case _:
                raise MalformedError("not understood: {words}", words=" ".join(words)[:100])


def parse_trust(text: str) -> TrustPolicy:
    """Parse a trust file.

    Raises:
        MalformedError: names the line.

    """
    lines = text.split("\n")
    if len(text) > MAX_POLICY_SIZE or len(lines) > MAX_LINES:
        raise MalformedError(
            "trust file: more than {max_policy_size} characters or {max_lines} lines",
            max_policy_size=MAX_POLICY_SIZE,
            max_lines=MAX_LINES,
        )
    parser = _Parser()
    for number, line in enumerate(lines, 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        try:
            if any((c < " " and c != "\t") or c == "\x7f" for c in line):
                raise MalformedError("control characters")
            if words and not words[0].startswith("#"):
                parser.line(words, number)
        except MalformedError as error:
            raise MalformedError(
                "trust file line {number}: {why}", number=number, why=error
            ) from error
    if parser.quorum is _UNSAID:
        raise MalformedError(
            "trust file: no quorum line ('quorum none' says that no witness is asked for)"
        )
    if parser.replay_quorum is not None and not (
        1 <= parser.replay_quorum <= len(parser.replaying)
    ):
        raise MalformedError(
            "trust file line {once}: replay-quorum {replay_quorum} of {count} replayers",
            once=parser.once["replay-quorum"],
            replay_quorum=parser.replay_quorum,
            count=len(parser.replaying),
        )
    return TrustPolicy(
        logs=tuple(parser.logs),
        witnesses=parser.witnesses,
        groups=parser.groups,
        quorum=parser.quorum,
        replayers=parser.replayers,
        replay_quorum=parser.replay_quorum,
        max_age_s=parser.max_age_s,
        genesis=parser.genesis,
        party_keys={party: frozenset(kids) for party, kids in parser.party_keys.items()},
        authorities={name: tuple(found) for name, found in parser.authorities.items()},
        absent=tuple(parser.absent),
    )


def check_same_log(old: Checkpoint, new: Checkpoint) -> None:
    """Refuse two checkpoints of different logs, or of one size with different roots.

    Raises:
        CheckpointError: a split view: both signed notes together prove it.

    """
    if old.origin != new.origin:
        raise CheckpointError(
            "checkpoints of two logs: {origin!r} and {origin_2!r}",
            origin=old.origin,
            origin_2=new.origin,
        )
    if old.size == new.size and old.root != new.root:
        raise CheckpointError(
            "split view: two signed checkpoints of size {size} with different roots", size=old.size
        )
