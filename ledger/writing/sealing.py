"""What a seal says: who may seal, and the newest checkpoint that the witnesses' quorum cosigned."""

from ledger.errors import LogCorruptError, MalformedError, UsageError, VerificationError
from ledger.histories.history import View
from ledger.primitives.clock import MICROSECONDS
from ledger.rules.state import ended_at, key_state
from ledger.signer import Signer
from ledger.statements.catalogue import encode_body
from ledger.statements.envelope import SignedStatement, parse_statement, sign_statement
from ledger.statements.log_family import Genesis, Previous, Seal
from ledger.store.cosignatures import by_key, cosigned_sizes, lines_of, newest_by
from ledger.store.reads import Head, Snapshot
from ledger.store.view import parse_entry
from ledger.tlog.checkpoint import open_checkpoint, verify_cosignature
from ledger.tlog.note import Note, NoteSignature, VerifierKey, parse_note, parse_vkey
from ledger.writing.batch import Growth


def check_sealing_key(view: View, signer: Signer, operator: str) -> None:
    """Refuse to seal with a key that is not the operator's, or has ended.

    Raises:
        UsageError: says which key, and what to do.

    """
    kid = signer.operator_key().public.kid
    state = key_state(view, kid)
    if state is None or state.owner != operator:
        raise UsageError(
            "key {kid} is not registered as a key of the operator {operator}",
            kid=kid.hex(),
            operator=operator,
        )
    if ended_at(view, state) is not None:
        raise UsageError(
            "key {kid} seals this log: open the log with another operator key first", kid=kid.hex()
        )


def seal_statement(
    head: Head | None,
    growth: Growth,
    *,
    index_root: bytes,
    now_us: int,
    cosigned: str | None,
    signer: Signer,
    operator: str,
) -> SignedStatement:
    """Return the seal of a batch, signed with the operator's statement key."""
    previous = None if head is None else Previous(index=head.seal_idx, id=head.seal_id.hex())
    body = Seal(
        v=1,
        size=growth.tree.size,
        time_us=now_us,
        chain=growth.chain.hex(),
        index_root=index_root.hex(),
        previous=previous,
        cosigned=cosigned,
    )
    origin = signer.vkey.name
    raw = sign_statement(
        signer.operator_key(),
        encode_body(body),
        issuer=operator,
        subject=origin,
        issued_at=now_us // MICROSECONDS,
        audience=origin,
    )
    return parse_statement(raw)


class QuorumNotes:
    """Finds the newest checkpoint cosigned by the quorum that genesis names.

    Every cosignature is verified here once more before a seal cites it: a seal that cites a
    false one would make the log one that no audit accepts.
    """

    def __init__(self, log_key: VerifierKey) -> None:
        self._log_key = log_key
        self._keys: dict[str, VerifierKey] | None = None
        self._quorum = 0
        self._newest: tuple[int, str] | None = None

    def newest(self, snapshot: Snapshot) -> tuple[int, str] | None:
        """Return (size, note with the witnesses' cosignatures), None where there is none yet."""
        if self._keys is None:
            self._begin(snapshot)
        assert self._keys is not None  # noqa: S101 - read from genesis
        if not self._quorum:
            return None
        above = 0 if self._newest is None else self._newest[0]
        names = sorted(self._keys)
        for size in cosigned_sizes(snapshot, names, at_least=self._quorum, above=above):
            note = self._verified(snapshot, size)
            if note is not None:
                self._newest = (size, note)
                break
        return self._newest

    def missing(self, snapshot: Snapshot, size: int) -> int:
        """Return how many witnesses of genesis must still cosign a checkpoint, or a later one."""
        if self._keys is None:
            self._begin(snapshot)
        assert self._keys is not None  # noqa: S101 - read from genesis
        found = (newest_by(snapshot, vkey) for vkey in self._keys.values()) if self._quorum else ()
        return max(0, self._quorum - sum(item is not None and item[0] >= size for item in found))

    def _begin(self, snapshot: Snapshot) -> None:
        """Read whom genesis names, and what the newest seal cited: an import has that alone."""
        genesis = parse_entry(0, snapshot.leaves([0])[0]).body
        if not isinstance(genesis, Genesis):
            raise LogCorruptError("entry 0 is not a genesis")
        self._quorum = genesis.quorum
        self._keys = by_key(parse_vkey(text) for text in genesis.witnesses)
        head = snapshot.head()
        if not self._quorum or head is None:
            return
        seal = parse_entry(head.seal_idx, snapshot.leaves([head.seal_idx])[head.seal_idx]).body
        if isinstance(seal, Seal) and seal.cosigned is not None:
            note = parse_note(seal.cosigned)
            if self._holds(note):
                size = open_checkpoint(note, self._log_key).size
                self._newest = (size, seal.cosigned)

    def _verified(self, snapshot: Snapshot, size: int) -> str | None:
        """Return a checkpoint's note with the cosignatures that verify, None without a quorum."""
        stored = snapshot.checkpoint(size)
        if stored is None:
            return None
        bare = parse_note(stored.note)
        lines: list[NoteSignature] = []
        for text in lines_of(snapshot, size):
            try:
                alone = parse_note(f"{bare.text}\n{text}")
            except MalformedError:
                continue  # somebody edited it: the audit names it
            if len(alone.signatures) == 1 and self._counts(alone) == 1:
                lines += alone.signatures
        found = Note(bare.text, (*bare.signatures, *lines))
        return str(found) if self._holds(found) else None

    def _counts(self, note: Note) -> int:
        """Return how many witnesses of genesis cosigned a note."""
        keys = self._keys or {}
        try:
            return sum(verify_cosignature(note, vkey) is not None for vkey in keys.values())
        except (MalformedError, VerificationError):
            return 0

    def _holds(self, note: Note) -> bool:
        """Return whether the log signed a note and a quorum cosigned it."""
        try:
            open_checkpoint(note, self._log_key)
        except (MalformedError, VerificationError):
            return False
        return self._counts(note) >= self._quorum
