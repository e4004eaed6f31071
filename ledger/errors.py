"""The exception tree.

::

    PinyuanError
    ├── MalformedError          bytes or text that are not in the documented form
    ├── VerificationError       a check that failed: what was claimed is false
    │   ├── SignatureError
    │   ├── ProofError
    │   ├── CheckpointError
    │   ├── AdmissionError      an entry was admitted against a rule that is asked again
    │   └── AuditError          names the entry and the field that is wrong
    ├── CannotVerifyError       the evidence does not allow an answer either way
    │   ├── FreshnessError      the log was seen too long ago for what was asked, or not yet
    │   └── QuorumError         too few cosigned
    ├── LedgerError             an operation that could not be carried out
    │   ├── UsageError          what was asked for does not fit what is there
    │   │   ├── ParameterError  what was asked is wrong whatever is there
    │   │   └── SizeError       asked about a size that the log has not
    │   ├── ClockError          the clock does not allow a seal now
    │   ├── ReadOnlyError       the ledger must not be written (BEHIND_PUBLISHED, COPIED, no key)
    │   ├── StorageError        disk, database or file system
    │   │   └── DatabaseAwayError   no connection to the database, or it was cut
    │   └── ServerError         a server was not reached, or did not answer as documented
    └── LogCorruptError         stored bytes contradict themselves: registering stops

Broken registration rules are no exceptions: they are ``Refusal`` values.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ledger.texts import ENGLISH, Lang, sentence_of, told


class Speaking(Exception):  # noqa: N818 - no error of its own: how errors say what they say
    """An error that says itself in any language: an English sentence, with its facts apart.

    ``str`` of it is the English with the facts put in; ``to`` says it in another language.
    ``beside``: what a program is told beside that, as JSON.
    """

    beside: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, en: object, /, **facts: object) -> None:
        """Take a sentence, its braces the names of its facts; or what says itself, another error's words."""
        self.sentence = sentence_of(en, facts)
        super().__init__(self.sentence.to(ENGLISH))

    def to(self, lang: Lang) -> str:
        """Return what it says in a language."""
        return self.sentence.to(lang)


class FormError(Speaking, ValueError):
    """A text or number that is not in its form, for whoever reads it to say so in an error of its own."""


class PinyuanError(Speaking):
    """Root of everything raised on purpose here."""


class MalformedError(PinyuanError):
    """Bytes or text not in the documented form."""


class CheckDigitError(MalformedError):
    """Bytes that have a format but for a check digit: some digit was mistyped."""


class VerificationError(PinyuanError):
    """A check failed: something claimed is false."""


class SignatureError(VerificationError):
    """A signature does not verify, or a key is unsound."""


class ProofError(VerificationError):
    """An inclusion, consistency, presence or absence proof does not verify."""


class CheckpointError(VerificationError):
    """A checkpoint is not what it should be, or contradicts another."""


class AdmissionError(VerificationError):
    """A registered statement breaks rules that every verifier asks again."""

    def __init__(self, index: int, rules: tuple[str, ...], why: object) -> None:
        """Name the entry, the ids of the rules, and what each says."""
        self.index = index
        self.rules = rules
        super().__init__(
            "entry {index} was admitted against the rules: {why}", index=index, why=why
        )


class AuditError(VerificationError):
    """The first entry (or file, or row) of a ledger that is wrong, and its field."""

    def __init__(self, where: object, field: str, why: object) -> None:
        """Name the place, the field and the reason."""
        self.where, self.why = (str(told(one, ENGLISH)) for one in (where, why))
        self.field = field
        self.said = sentence_of(where), field, sentence_of(why)
        super().__init__("{where}: {field}: {why}", where=where, field=field, why=why)

    def __reduce__(self) -> tuple[type["AuditError"], tuple[object, str, object]]:
        """Travel between processes."""
        return AuditError, self.said


class CannotVerifyError(PinyuanError):
    """Neither true nor false: a quorum, a fresh time or a rules version is missing."""


class FreshnessError(CannotVerifyError):
    """The log was seen too long ago for what was asked, or not yet."""


class QuorumError(CannotVerifyError):
    """Too few have cosigned yet; more may in a moment."""


class LedgerError(PinyuanError):
    """An operation that could not be carried out."""


class UsageError(LedgerError):
    """What was asked for does not fit what is there."""


class ParameterError(UsageError):
    """What was asked is wrong whatever is there: an option, an argument, a question's parameter."""


class UnknownIdError(UsageError):
    """No entry has the id, or the beginning of one, that was asked for."""


class SizeError(UsageError):
    """Asked as of a size, or since one, that the log has not: beyond its newest, or before its first."""


class ClockError(LedgerError):
    """The clock does not allow a seal now."""


class ReadOnlyError(LedgerError):
    """The ledger must not be written in its present condition."""


class StorageError(LedgerError):
    """The disk, the database or the file system refused."""


class DatabaseAwayError(StorageError):
    """No connection to the database, or it was cut: what was asked may be asked again."""


class ServerError(LedgerError):
    """A server was not reached, or did not answer as documented."""


class LogCorruptError(PinyuanError):
    """Stored bytes contradict themselves: registering stops until somebody looks."""
