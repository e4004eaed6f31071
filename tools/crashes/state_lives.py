"""The lives of those beside a ledger: witness, replayer, signer, and who keeps sensitive values."""

import contextlib
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from crashes.ledger import (
    DONE,
    LOG_KEY,
    ORIGIN,
    VKEY,
    WITNESS,
    WITNESS_KEY,
    grown,
    made,
    of,
)  # fmt: skip
from crashes.life import Life, Note, Noted, Place, require
from ledger.cli.disclosures import (
    destroy_value,
    finish_destroying,
    read_disclosure,
    write_disclosure,
)
from ledger.cosigning.cosigner import Cosigner
from ledger.cosigning.replayer import DirectorySource, Replayer
from ledger.errors import PinyuanError
from ledger.files.archive import export
from ledger.signer.process import Guard, guarding
from ledger.signer.wire import SignRequest
from ledger.statements.disclosure import Disclosure, Value
from ledger.store.ledger_reader import DatabaseReader
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.merkle import leaf_hash, prove_consistency, root_hash
from ledger.tlog.note import Note as SignedNote
from ledger.tlog.witness import AddCheckpoint

SIZES = (2, 3, 7, 8, 21)
NOW_S = 1_789_900_000  # before the log's own time


def _hashes(size: int, fork: int | None = None) -> list[bytes]:
    """Return the leaf hashes of a log, or of another one from an index on."""
    return [
        leaf_hash(b"%d%s" % (index, b"" if fork is None or index < fork else b" forked"))
        for index in range(size)
    ]


def _proof(hashes: list[bytes], old: int) -> tuple[bytes, ...]:
    def read(level: int, index: int) -> bytes:
        return root_hash(hashes[index << level : (index + 1) << level])

    return tuple(prove_consistency(old, len(hashes), read)) if 0 < old < len(hashes) else ()


def _note(size: int, fork: int | None = None) -> SignedNote:
    found = Checkpoint(ORIGIN, size, root_hash(_hashes(size, fork)))
    return sign_checkpoint(found, VKEY, LOG_KEY.sign)


class Witness(Life):
    """Cosign a growing log, and keep what a fork of it contradicts."""

    name, acknowledging = "witness", DONE
    turns = 20

    def _cosigner(self, place: Place) -> Cosigner:
        return Cosigner(place.folder / "seen" / "state", WITNESS, WITNESS_KEY.sign, lambda: NOW_S)

    def _sizes(self, place: Place) -> list[int]:
        return [size + place.turn * 30 for size in SIZES]

    def _add(self, cosigner: Cosigner, size: int) -> None:
        held = cosigner.held(ORIGIN)
        old = 0 if held is None else held.checkpoint.size
        cosigner.add(AddCheckpoint(old, _proof(_hashes(size), old), _note(size)), VKEY)

    def run(self, place: Place, note: Note) -> None:
        cosigner = self._cosigner(place)
        for size in self._sizes(place):
            self._add(cosigner, size)
            note(DONE, size)
        self._refused(cosigner, self._sizes(place)[-1])

    @staticmethod
    def _refused(cosigner: Cosigner, size: int) -> None:
        """Demand that a fork of what is held is refused."""
        hashes = _hashes(size + 1, size - 1)
        request = AddCheckpoint(size, _proof(hashes, size), _note(size + 1, size - 1))
        with contextlib.suppress(PinyuanError):
            cosigner.add(request, VKEY)
            require(False, f"forked: size {size} cosigned, then another tree")  # noqa: FBT003

    def look(self, place: Place, noted: Noted) -> None:
        cosigner = self._cosigner(place)
        held = cosigner.held(ORIGIN)
        promised = max((size for (size,) in of(DONE, noted)), default=0)
        size = 0 if held is None else held.checkpoint.size
        require(size >= promised, f"lost: size {promised} was cosigned, {size} is held")
        for item in self._sizes(place):
            if item > size:
                self._add(cosigner, item)
        self._refused(cosigner, max(size, self._sizes(place)[-1]))


class Replay(Life):
    """Follow a log's tiles, derive everything, cosign."""

    name, acknowledging = "replayer", DONE
    turns = 3
    ROUNDS = 3  # in each turn
    STATEMENTS = (2, 5, 6, 8, 9, 12, 13, 15, 18)

    def prepare(self, place: Place) -> None:
        source = Place(place.given / "source", place.given)
        source.folder.mkdir(parents=True)
        made(source).engine.dispose()
        for number, stop in enumerate(self.STATEMENTS):
            grown(source, range(stop))
            with contextlib.closing(DatabaseReader(source.database)) as reader:
                export(reader, place.given / f"published {number}")

    def _replayer(self, place: Place, number: int) -> Replayer:
        state = place.folder / "seen" / "state"
        cosigner = Cosigner(state, WITNESS, WITNESS_KEY.sign, lambda: NOW_S)
        source = DirectorySource(place.given / f"published {number}")
        return Replayer(source, state, cosigner, VKEY)

    def run(self, place: Place, note: Note) -> None:
        for number in range(place.turn * self.ROUNDS, (place.turn + 1) * self.ROUNDS):
            outcome = self._replayer(place, number).round(NOW_S + number * 1000)
            note(DONE, outcome.size)

    def look(self, place: Place, noted: Noted) -> None:
        newest = (place.turn + 1) * self.ROUNDS - 1
        replayer = self._replayer(place, newest)
        held = replayer._cosigner.held(ORIGIN)  # noqa: SLF001 - the state on disk
        size = 0 if held is None else held.checkpoint.size
        promised = max((size for (size,) in of(DONE, noted)), default=0)
        require(size >= promised, f"lost: size {promised} was cosigned, {size} is held")
        kept = replayer.mirror.size()
        require(kept >= promised, f"lost: size {promised} was mirrored, {kept} is left")
        outcome = replayer.round(NOW_S + newest * 1000 + 500)
        require(outcome.note is not None, "not cosigned")
        require(
            self._replayer(place, newest).mirror.size() == outcome.size, "the mirror is not kept"
        )
        require(not list(place.folder.rglob("*.fraud.json")), "an honest log was accused")


class Signer(Life):
    """Sign a growing log in the signer's own process, its state first."""

    name, acknowledging = "signer", DONE
    turns = 20

    def _sizes(self, place: Place) -> list[int]:
        return [size + place.turn * 30 for size in SIZES]

    def _sign(self, guard: Guard, size: int, fork: int | None = None) -> None:
        old = guard.last.checkpoint.size
        hashes = _hashes(size, fork)
        request = SignRequest(size, root_hash(hashes), size, old, _proof(hashes, old))
        guard.sign(request, size)

    def run(self, place: Place, note: Note) -> None:
        state = place.folder / "state"
        with guarding(LOG_KEY, state, new=None if state.exists() else ORIGIN) as guard:
            guard.begin()
            note("begun")
            if size := guard.last.checkpoint.size:  # asked again by who got no answer
                self._sign(guard, size)
                note(DONE, size)
            for size in self._sizes(place):
                self._sign(guard, size)
                note(DONE, size)

    def look(self, place: Place, noted: Noted) -> None:
        state, promised = place.folder / "state", [size for (size,) in of(DONE, noted)]
        require(state.exists() or not noted, "lost: the signer's state")
        with guarding(LOG_KEY, state, new=None if state.exists() else ORIGIN) as guard:
            size = guard.last.checkpoint.size
            require(size >= max(promised, default=0), f"lost: {promised} signed, {size} held")
            for item in self._sizes(place):
                if item > size:
                    self._sign(guard, item)
            last = guard.last.checkpoint.size
            with contextlib.suppress(PinyuanError):
                self._sign(guard, last + 1, last - 1)
                require(False, f"forked: size {last} signed, then another tree")  # noqa: FBT003


class Erase(Life):
    """Keep sensitive values, destroy two of them."""

    name, acknowledging = "erase", DONE
    turns = 12
    SECRETS: ClassVar = {
        "phone": "+86 138 0000 0000",
        "person": "a name nobody else has",
        "place": "a street of its own",
    }
    ERASED = ("phone", "place")

    def _path(self, place: Place) -> Path:
        return place.folder / "disclosures" / f"{place.turn}.disclosure.json"

    def _secret(self, turn: int, name: str) -> str:
        return f"{self.SECRETS[name]}, {turn}."

    def _kept(self, place: Place) -> Disclosure:
        salts = {name: sha256(name.encode()).digest()[:16] for name in self.SECRETS}
        values = {name: Value(salts[name], self._secret(place.turn, name)) for name in self.SECRETS}
        return Disclosure(bytes(32), values)

    def run(self, place: Place, note: Note) -> None:
        path, found = self._path(place), self._kept(place)
        write_disclosure(path, found)
        note("kept", place.turn)
        for name in self.ERASED:
            found = destroy_value(path, found, name)
            note(DONE, place.turn, name)

    def look(self, place: Place, noted: Noted) -> None:
        path = self._path(place)
        found = read_disclosure(path)
        if found is None:
            require(("kept", place.turn) not in map(tuple, noted), "lost: the values")
            write_disclosure(path, self._kept(place))
            found = read_disclosure(path)
        assert found is not None
        done = [(turn, name) for turn, name in of(DONE, noted)]
        self._hold(place, found, done)
        assert finish_destroying(path) == found
        for name in self.ERASED:
            if found.values[name] is not None:
                found = destroy_value(path, found, name)
        again = read_disclosure(path)
        require(again == found, "another disclosure than was written")
        self._hold(place, found, [*done, *((place.turn, name) for name in self.ERASED)])

    def _hold(self, place: Place, found: Disclosure, erased: list[tuple[int, str]]) -> None:
        files = [path.read_bytes() for path in place.folder.rglob("*") if path.is_file()]
        for turn, name in erased:
            there = any(self._secret(turn, name).encode() in raw for raw in files)
            require(not there, f"{name} of turn {turn} was erased, and is there")
        for name in self.SECRETS:
            if (place.turn, name) in erased:
                require(found.values[name] is None, f"{name} was erased, and is read")
            elif name not in self.ERASED:
                require(found.values[name] is not None, f"lost: {name} was not erased")
