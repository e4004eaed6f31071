"""A client of one log behind one server: what it says is held against what was seen before.

Every signed checkpoint that comes in, from wherever, goes through ``Client.see``: it must
extend the newest one remembered, by a proof made here, and is remembered in its place.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import msgspec

from ledger.client.beside import rows_of
from ledger.client.keep import CHECKPOINT, Memory
from ledger.client.transport import Server
from ledger.client.tree import Tree
from ledger.cose.keys import EDDSA, PublicKey
from ledger.errors import (
    CheckpointError,
    MalformedError,
    QuorumError,
    ServerError,
    SizeError,
    StorageError,
    UsageError,
    VerificationError,
)
from ledger.evidence.answered import path_of
from ledger.evidence.bundle import Bundle, Verified, decode_bundle, encode_bundle, verify_bundle
from ledger.evidence.fraud import encode_fraud, prove_fork
from ledger.evidence.fresh import reader_us
from ledger.evidence.proven import MAX_FILE_SIZE, Later
from ledger.primitives import ijson
from ledger.primitives.instant import format_us
from ledger.primitives.strict import parse_base64
from ledger.questions.declared import Question
from ledger.questions.registry import check_parameters
from ledger.statements.catalogue import decode_body
from ledger.statements.envelope import parse_statement
from ledger.statements.log_family import Seal
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.tlog.note import (
    MAX_NOTE_SIZE,
    VerifierKey,
    decode_note,
    parse_note,
)
from ledger.tlog.trust import TrustPolicy

BEHIND_S = 4.0  # longer than /checkpoint may lie in a cache
BEHIND_WAIT_S = 0.5
COSIGNED_S = 10.0  # how long cosigners are waited for: a replayer looks every two seconds
COSIGNED_WAIT_S = 0.5
MAX_LATER_SIZE = 1 << 20  # of the cosigned checkpoints beyond a size, with their proofs
MAX_RECEIPT_SIZE = 16_384
EVIDENCE = "application/vnd.pinyuan.evidence+json"
NO_LIMIT_S = 1 << 40


class BehindError(VerificationError):
    """A server shows an older log than it showed before; ``note`` is what it signed."""

    def __init__(self, says: str, note: str) -> None:
        self.note = note
        super().__init__(says)


class _Cosigned(msgspec.Struct, frozen=True):
    """What a server says was cosigned beyond a size."""

    later: tuple[Later, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its times, as a person asked it; None: now, all of it."""

    question: Question
    parameters: dict[str, str]
    at_us: int | None = None
    known_at: int | None = None
    since: int | None = None

    def path(self) -> str:
        """Return where a server answers it with its evidence."""
        at = None if self.at_us is None else format_us(self.at_us)
        times = {"at": at, "known_at": self.known_at, "since": self.since}
        query = self.parameters | {"bundle": "1"}
        query |= {name: str(value) for name, value in times.items() if value is not None}
        return f"{path_of(self.question.name)}?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class Told:
    """A verified answer: the bundle's bytes, the bundle, what it is worth.

    ``meant``: what the server says may be meant by names nobody registered, as rows; it stands
    beside the evidence, and nothing proves it.
    """

    raw: bytes
    bundle: Bundle
    verified: Verified
    meant: tuple[Mapping[str, Any], ...] = ()


@dataclass(slots=True)
class Client:
    """One log, through one server, with what is remembered of it."""

    server: Server
    trust: TrustPolicy
    memory: Memory
    origin: str

    @property
    def vkey(self) -> VerifierKey:
        """Return the pinned log key."""
        return self.trust.log_key(self.origin)

    @property
    def receipt_key(self) -> PublicKey:
        """Return the log key as receipts name it."""
        return PublicKey(EDDSA, self.vkey.key)

    def fetch(self, path: str, limit: int) -> bytes | None:
        """Return a tile, None where the server has none."""
        answer = self.server.get(f"/{path}", limit=limit)
        if answer.status == 404:  # noqa: PLR2004
            return None
        if answer.status != 200:  # noqa: PLR2004
            raise self.server.unexpected(f"/{path}", answer)
        return answer.body

    def tree(self, checkpoint: Checkpoint) -> Tree:
        """Return the tree of a checkpoint, to make proofs in."""
        return Tree(self.fetch, checkpoint)

    def remembered(self) -> tuple[str, Checkpoint] | None:
        """Return the newest checkpoint seen, with its note.

        Raises:
            StorageError: what is in the file was not signed by the pinned log key.

        """
        text = self.memory.read(CHECKPOINT)
        if text is None:
            return None
        try:
            return text, open_checkpoint(parse_note(text), self.vkey)
        except (MalformedError, VerificationError) as error:
            raise StorageError(
                "{folder}: {why}", folder=self.memory.folder / CHECKPOINT, why=error
            ) from error

    def see(self, text: str) -> Checkpoint:
        """Hold a signed checkpoint against the newest one remembered; remember the newer.

        Raises:
            SignatureError, MalformedError: the pinned log key did not sign it.
            CheckpointError: they are not of one log; the proof is in a file.
            BehindError: it is older than the one remembered.

        """
        found = open_checkpoint(parse_note(text), self.vkey)
        with self.memory.locked():
            known = self.remembered()
            if known is not None:
                self._compare(known, (text, found))
            if known is None or found.size > known[1].size:
                self.memory.write(CHECKPOINT, text)
        return found

    def _compare(self, known: tuple[str, Checkpoint], new: tuple[str, Checkpoint]) -> None:
        old, found = known[1], new[1]
        if found.size < old.size:
            msg = (
                f"{self.server.url}: shows the log at size {found.size}, and it was seen at size "
                f"{old.size} before: it went backwards"
            )
            raise BehindError(msg, new[0])
        if found.size == old.size:
            if found.root != old.root:
                self._accuse(known[0], new[0], None, f"two roots of size {old.size} are signed")
            return
        self._extends(known, new)

    def _extends(self, older: tuple[str, Checkpoint], newer: tuple[str, Checkpoint]) -> None:
        """Refuse a newer checkpoint whose tree does not begin with the older one's."""
        old = older[1]
        proof = self.tree(newer[1]).root_at(old.size)
        if parse_base64(proof.root) != old.root:
            why = f"the log was rewritten: at size {old.size} it has another root than was seen"
            self._accuse(older[0], newer[0], proof, why)

    def _accuse(self, one: str, other: str, proof: Any, why: str) -> None:
        raw = encode_fraud(prove_fork(one, other, proof))
        sizes = [parse_checkpoint(parse_note(text).text).size for text in (one, other)]
        path = self.memory.write(f"fraud-{sizes[0]}-{sizes[1]}.json", raw.decode())
        raise CheckpointError(
            "{url}: {why}; the proof for others is in {path}",
            url=self.server.url,
            why=why,
            path=path,
        )

    def patiently(self, attempt: Callable[[], Any]) -> Any:
        """Return what an attempt gives, trying again while the server shows an older log.

        A cache or a copy may be seconds late. One that stays behind is held against what was
        seen, and refused.

        Raises:
            BehindError, CheckpointError: it stays behind; what it signed is kept.

        """
        deadline = time.monotonic() + BEHIND_S
        while True:
            try:
                return attempt()
            except BehindError as error:
                if time.monotonic() > deadline:
                    self._keep_older(error.note)
                    raise
                time.sleep(min(BEHIND_WAIT_S, BEHIND_S / 4))

    def newest(self, *, at_least: int = 0) -> Checkpoint:
        """Return the server's newest checkpoint, remembered.

        Raises:
            VerificationError: it contradicts what was seen, or stays behind it.

        """
        return self.newest_signed(at_least=at_least)[1]

    def newest_signed(self, *, at_least: int = 0) -> tuple[str, Checkpoint]:
        """Return the note of the server's newest checkpoint, and what it says; as ``newest``."""

        def attempt() -> tuple[str, Checkpoint]:
            text = checkpoint_text(self.server)
            try:
                found = self.see(text)
            except MalformedError as error:
                raise VerificationError(error) from error
            if found.size < at_least:
                msg = f"{self.server.url}: shows size {found.size} behind a receipt for {at_least}"
                raise BehindError(msg, text)
            return text, found

        signed: tuple[str, Checkpoint] = self.patiently(attempt)
        return signed

    def _keep_older(self, text: str) -> None:
        """Keep a checkpoint that is older than the one seen; if both contradict, say so.

        Its tree is compared through tiles of the newer one, where the server still has them.

        Raises:
            CheckpointError: they are not of one log; the proof is in a file.

        """
        found, known = open_checkpoint(parse_note(text), self.vkey), self.remembered()
        if known is None or known[1].size <= found.size:
            return
        self.memory.write(f"older-{found.size}-than-{known[1].size}", text)
        try:
            self._extends((text, found), known)
        except CheckpointError:
            raise
        except (VerificationError, ServerError):
            return  # without the newer tree nothing shows more than that it went backwards

    def ask(self, asked: Asked) -> Told:
        """Ask a question; the answer is what follows from its evidence, verified here.

        Raises:
            VerificationError: something is false, or the server went backwards.
            CannotVerifyError: a quorum, a fresh time or a rules version is missing.
            ParameterError: a parameter is not as it has to be; the server is not asked.
            SizeError: the log has not the sizes asked about.
            UsageError: the server does not take the question.

        """
        check_parameters(asked.question, asked.parameters)
        return self._ask(asked, self.trust)

    def ask_operator(self, asked: Asked, *, at_least: int) -> Told:
        """Ask for what the operator committed to just now, before anybody cosigned it.

        Args:
            asked: the question.
            at_least: the size of the log that the answer must know of.

        """
        bare = replace(self.trust, quorum=None, replay_quorum=None, max_age_s=NO_LIMIT_S)
        return self._ask(asked, bare, at_least)

    def _ask(self, asked: Asked, trust: TrustPolicy, at_least: int = 0) -> Told:
        told: Told = self.patiently(lambda: self._ask_once(asked, trust, at_least))
        return told

    def _not_taken(self, asked: Asked, why: str) -> UsageError:
        """Return why a server did not take a question: its log has not the sizes asked about, or else."""
        newest = self.newest().size
        sizes = (size for size in (asked.known_at, asked.since) if size is not None)
        return UsageError(why) if all(0 < size <= newest for size in sizes) else SizeError(why)

    def _ask_once(self, asked: Asked, trust: TrustPolicy, at_least: int) -> Told:
        path = asked.path()
        answer = self.server.get(path, limit=MAX_FILE_SIZE, accept=EVIDENCE)
        if answer.status in (400, 404, 422):
            raise self._not_taken(
                asked, str(self.server.unexpected(path.partition("?")[0], answer))
            )
        if answer.status != 200:  # noqa: PLR2004
            raise self.server.unexpected(path.partition("?")[0], answer)
        try:
            bundle = decode_bundle(answer.body)
            checkpoint = self.see(bundle.checkpoint)
            if checkpoint.size < at_least:
                msg = f"{self.server.url}: answers as of size {checkpoint.size}, not of {at_least}"
                raise BehindError(msg, bundle.checkpoint)
            known_at = self._known_at(asked, bundle, checkpoint)
            deadline = time.monotonic() + COSIGNED_S
            while True:
                try:
                    verified = verify_bundle(
                        encode_bundle(bundle),
                        trust,
                        now_us=reader_us(),
                        expect=(asked.question.name, asked.parameters),
                        at_us=asked.at_us,
                        known_at=known_at,
                    )
                    break
                except QuorumError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(COSIGNED_WAIT_S)
                    completed = self._with_later(bundle, checkpoint.size)
                    if completed is None:
                        raise
                    bundle = completed
        except MalformedError as error:
            raise VerificationError("{url}: {why}", url=self.server.url, why=error) from error
        near = rows_of(answer.headers.get("pinyuan-meant", ""), {"about": str, "near": list})
        asked_about = set(asked.parameters.values())
        named = tuple(row for row in near if row["about"] in asked_about)
        return Told(encode_bundle(bundle), bundle, verified, named)

    def _with_later(self, bundle: Bundle, size: int) -> Bundle | None:
        """Return a bundle with what was cosigned meanwhile, None of a server that cannot say it.

        Nothing of it is believed here.

        Raises:
            MalformedError: the server's answer is none.

        """
        answer = self.server.get(f"/v1/cosigned/{size}", limit=MAX_LATER_SIZE)
        if answer.status != 200:  # noqa: PLR2004
            return None
        try:
            value = ijson.decode(answer.body, limit=MAX_LATER_SIZE)
            later = msgspec.convert(value, _Cosigned).later
        except msgspec.ValidationError as error:
            raise MalformedError("/v1/cosigned/{size}: {why}", size=size, why=error) from error
        return msgspec.structs.replace(bundle, later=later)

    def _known_at(self, asked: Asked, bundle: Bundle, checkpoint: Checkpoint) -> int | None:
        """Return the size that the one asked about is rounded down to: right behind a seal.

        Raises:
            VerificationError: the server rounded further down, past a seal.

        """
        wanted, given = asked.known_at, bundle.known_at
        if wanted is None or given >= wanted:
            return wanted
        # The batch of the entry behind ``given`` must not have been sealed by then.
        leaves = self.tree(checkpoint).entries(given, min(wanted, checkpoint.size))
        for index, leaf in enumerate(leaves, given):
            if isinstance(decode_body(parse_statement(leaf)), Seal):
                raise VerificationError(
                    "asked as of size {wanted}, answered as of {given}: entry {index} is a seal",
                    wanted=wanted,
                    given=given,
                    index=index,
                )
        return given


def checkpoint_text(server: Server) -> str:
    """Return the note that a server shows as its newest checkpoint, not verified yet.

    Raises:
        ServerError: it is none.

    """
    raw = server.require("/checkpoint", limit=MAX_NOTE_SIZE)
    try:
        note = decode_note(raw)
        parse_checkpoint(note.text)
        return str(note)
    except MalformedError as error:
        raise ServerError(
            "{url}/checkpoint: {why}: is this a log's address?", url=server.url, why=error
        ) from error
