"""What a fraud proof shows: statements and leaves under a checkpoint that the log signed."""

from ledger.errors import CannotVerifyError, VerificationError
from ledger.evidence.proven import Index, Part, ProvenStatement, open_statement, statement_in
from ledger.histories.history import Entry
from ledger.primitives.strict import format_base64, parse_base64
from ledger.questions.book import MALFORMED
from ledger.statements.envelope import SignedStatement
from ledger.statements.log_family import Seal
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.tlog.merkle import leaf_hash, verify_inclusion
from ledger.tlog.note import parse_note
from ledger.tlog.trust import TrustPolicy


class ProvenLeaf(Part, frozen=True):
    """A leaf hash at its index with its audit path."""

    index: Index
    hash: str
    path: tuple[str, ...]


def signed(text: str, trust: TrustPolicy) -> Checkpoint:
    """Return a checkpoint that the log signed, cosigned or not.

    Raises:
        SignatureError, MalformedError: it did not.
        CannotVerifyError: the trust file does not name that log.

    """
    note = parse_note(text)
    return open_checkpoint(note, trust.log_key(parse_checkpoint(note.text).origin))


def nothing(why: str) -> VerificationError:
    """Return the error of a file that shows no fraud."""
    return VerificationError("the file proves nothing: {why}", why=why)


def check_leaf(item: ProvenLeaf, checkpoint: Checkpoint) -> bytes:
    """Return a leaf hash that is proven to be in a checkpoint's tree."""
    found = parse_base64(item.hash)
    path = [parse_base64(part) for part in item.path]
    verify_inclusion(
        index=item.index, size=checkpoint.size, leaf=found, path=path, root=checkpoint.root
    )
    return found


def leaf_of(item: ProvenStatement) -> ProvenLeaf:
    """Return a statement's leaf hash with its path."""
    hashed = format_base64(leaf_hash(parse_base64(item.bytes)))
    return ProvenLeaf(index=item.index, hash=hashed, path=item.path)


def readable(item: ProvenStatement, checkpoint: Checkpoint) -> Entry:
    """Return a proven statement.

    Raises:
        CannotVerifyError: its payload is of a later release.

    """
    found = open_statement(item, checkpoint)
    if isinstance(found, Entry):
        return found
    if found[1].rule == MALFORMED:
        raise nothing(f"entry {found[0]} is no statement: {found[1].message}")
    raise CannotVerifyError(
        "entry {found}: {message}: a later release may know what it belongs to",
        found=found[0],
        message=found[1].message,
    )


def seal_of(item: ProvenStatement, checkpoint: Checkpoint) -> tuple[Entry, Seal]:
    """Return a proven seal and what it says."""
    entry = readable(item, checkpoint)
    if not isinstance(entry.body, Seal):
        raise nothing(f"entry {entry.index} is no seal")
    return entry, entry.body


def statement_of(item: ProvenStatement, checkpoint: Checkpoint) -> SignedStatement:
    """Return a proven statement as it was signed, readable or not."""
    open_statement(item, checkpoint)
    return statement_in(item)
