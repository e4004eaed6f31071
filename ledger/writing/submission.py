"""One statement on its way into the log: what can be done before the batch's turn, and outcomes.

Parsing, verifying and naming what the rules will read need no lock; they are done by
whoever submits, while another batch is written.
"""

from dataclasses import dataclass

from ledger.cose.keys import PublicKey
from ledger.errors import MalformedError, SignatureError
from ledger.questions.book import MALFORMED, Case, Refusal
from ledger.rules.ahead import Read, reads_ahead
from ledger.rules.common import signing_key
from ledger.rules.remarks import Remark
from ledger.statements.catalogue import InvalidBody, read_payload
from ledger.statements.envelope import SignedStatement, Topic, parse_statement
from ledger.statements.fields import Body
from ledger.texts import saying, sentence_of

OTHER_SIGNATURE = "registered-with-other-signature"


@dataclass(frozen=True, slots=True)
class Registered:
    """A statement is in the log: its id and index; ``new`` unless it was there before.

    ``remarks``: what its submitter should look at again; said when it is new alone.
    """

    id: bytes
    index: int
    new: bool = True
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A statement is not in the log (or not with these bytes), and every reason why."""

    refusals: tuple[Refusal, ...]
    id: bytes | None = None


Outcome = Registered | Refused


@dataclass(slots=True)
class Submission:
    """One statement on its way: parsed and, where its key is known, verified."""

    raw: bytes
    statement: SignedStatement | None = None
    body: Body | InvalidBody | None = None
    topics: tuple[Topic, ...] = ()
    reads: tuple[Read, ...] = ()
    verified: bool = False
    outcome: Outcome | None = None
    error: BaseException | None = None

    def read(self) -> None:
        """Parse it; bytes that are no statement have their outcome."""
        try:
            self.statement = statement = parse_statement(self.raw)
            self.body, self.topics = body, _ = read_payload(statement)
            if not isinstance(body, InvalidBody):
                self.reads = tuple(reads_ahead(statement, body))
        except MalformedError as error:
            self.outcome = Refused((Refusal(MALFORMED, sentence_of(error)),))


def verifies(statement: SignedStatement, key: PublicKey) -> bool:
    """Return whether a signature verifies; review says why it does not."""
    if key.alg != statement.alg:
        return False
    try:
        statement.verify(key)
    except SignatureError:
        return False
    return True


def registered_again(case: Case, index: int, leaf: bytes) -> Outcome:
    """Return the outcome for a statement whose id is registered already."""
    statement = case.statement
    if statement.leaf == leaf:
        return Registered(statement.id, index, new=False)
    key = signing_key(case)
    if key is not None and verifies(statement, key):
        why = saying(
            "registered as entry {index} with another valid signature: use the bytes at that entry",
            index=index,
        )
        return Refused((Refusal(OTHER_SIGNATURE, why, (index,)),), statement.id)
    why = saying(
        "registered as entry {index}; the signature on these bytes does not verify", index=index
    )
    return Refused((Refusal("signature", why, (index,)),), statement.id)
