"""A dairy, a carrier and an auditor: statements in, complete histories out, a forgery found."""

import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from ledger.archive import DirectoryReader, export
from ledger.audit import verify_ledger
from ledger.clock import SystemClock
from ledger.cose.keys import ES256, PrivateKey, possession_message
from ledger.cose.receipt import verify_receipt
from ledger.cose.sign1 import ALG, CONTENT_TYPE, CWT_CLAIMS, KID, sign
from ledger.errors import PinyuanError, VerificationError
from ledger.evidence import encode_bundle, verify_bundle
from ledger.log import Log, Outcome, Refused, Registered, create_log
from ledger.prover import prove
from ledger.settings import Settings, write_settings
from ledger.signer import KeySigner, log_public_key, write_key
from ledger.statements.catalogue import encode_body
from ledger.statements.envelope import IAT, ISS, SUB, sign_statement
from ledger.statements.fields import KeyBinding, Names, Role
from ledger.statements.identity_family import KeyRevocation, Party
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.tlog.trust import parse_trust

ORIGIN = "demo.example/ledger"
OPERATOR = "https://id.gs1.org/417/6901234507003"
DAIRY = "https://id.gs1.org/417/6901234507010"
CARRIER = "https://id.gs1.org/417/6901234507027"
LOT = "https://id.gs1.org/01/06901234500004/10/A7"


def _say(text: str = "") -> None:
    print(text)  # noqa: T201 - a story is told


def _now_s() -> int:
    return int(time.time())


def _accepted(outcomes: Sequence[Outcome]) -> list[Registered]:
    for outcome in outcomes:
        if isinstance(outcome, Refused):
            raise VerificationError("; ".join(item.message for item in outcome.refusals))
    return [outcome for outcome in outcomes if isinstance(outcome, Registered)]


class _Story:
    """One ledger in a folder, and the keys of those who speak."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        self.settings = Settings(
            directory=folder,
            origin=ORIGIN,
            operator=OPERATOR,
            db="ledger.sqlite",
            clock="system",
            log_key=folder / "keys" / "log.pem",
            operator_key=folder / "keys" / "operator.pem",
            anchor=folder / "anchor",
        )
        self.operator, self.dairy = PrivateKey.generate(), PrivateKey.generate()
        self.carrier = PrivateKey.generate(ES256)
        self.log = self._begin()

    def _begin(self) -> Log:
        log_key = PrivateKey.generate()
        write_key(self.settings.log_key, log_key)
        write_key(self.settings.operator_key, self.operator)
        log = create_log(
            make_engine(self.settings.database_url),
            anchor_path=self.settings.anchor,
            clock=SystemClock(),
            signer=KeySigner(ORIGIN, log_key, self.operator),
            operator=OPERATOR,
            names=Names(zh="演示平台", en="Demonstration platform"),
        )
        write_settings(self.settings, self.settings.db)
        return log

    def party(self, party: str, name: str, role: Role, key: PrivateKey, *, proven: bool) -> bytes:
        """Return the operator's statement that a party enters."""
        message = possession_message(key.public, origin=ORIGIN, party=party)
        body = Party(
            v=1,
            names=Names(en=name),
            country="DE",
            roles=(role,),
            keys=(KeyBinding.of(key.public, key.sign(message) if proven else None),),
        )
        return self._native(self.operator, encode_body(body), OPERATOR, party)

    def _native(self, key: PrivateKey, payload: bytes, issuer: str, subject: str) -> bytes:
        return sign_statement(
            key, payload, issuer=issuer, subject=subject, issued_at=_now_s(), audience=ORIGIN
        )

    def foreign(self, key: PrivateKey, issuer: str, text: str) -> bytes:
        """Return what another software sends: header keys in its own order, decimals, no audience."""
        headers = {
            CONTENT_TYPE: "application/json",
            CWT_CLAIMS: {ISS: issuer, SUB: LOT, IAT: _now_s()},
            KID: key.public.kid,
            ALG: key.public.alg,
        }
        return sign(headers, text.encode(), key.sign)

    def revocation(self) -> bytes:
        """Return the carrier's revocation of its own key."""
        body = KeyRevocation(v=1, kid=self.carrier.public.kid.hex(), reason="retired")
        return self._native(self.carrier, encode_body(body), CARRIER, CARRIER)


def tell(folder: Path) -> None:
    """Tell the story; its ledger stays in ``folder``.

    Raises:
        PinyuanError: something did not come out as told.

    """
    story = _Story(folder)
    log = story.log
    _say(f"1. A platform opens the ledger {ORIGIN}.")
    _say("   Genesis names its operator, its log key, its clock and its rules; a seal follows.")
    _say(f"   log key  {log.vkey}")
    _register(story)
    bundle, trust = _prove(story)
    _withhold(bundle, trust)
    _export(story)
    _forge(story)
    _say()
    _say("Now try:")
    pinyuan = f"pinyuan {{}} --dir {folder}"
    for command in ("show 0", f"history generic {LOT}", "verify ledger --replay", "trust"):
        _say(f"  {pinyuan.format(command)}")
    _say(f"  pinyuan verify bundle {folder}/lot.bundle.json --trust {folder}/trust.txt")
    _say(f"  pinyuan verify export {folder}/export --trust {folder}/trust.txt --replay")
    log.engine.dispose()


def _register(story: _Story) -> None:
    log = story.log
    _say()
    _say("2. A dairy and a carrier enter; the carrier's key is bound without proof of possession.")
    parties = _accepted(
        log.register(
            [
                story.party(DAIRY, "Sunrise Dairy", "brand", story.dairy, proven=True),
                story.party(CARRIER, "Harbour Logistics", "carrier", story.carrier, proven=False),
            ]
        )
    )
    _say(
        f"   entries {', '.join(str(item.index) for item in parties)}, one batch, one seal behind them"
    )
    readings = [
        story.foreign(story.dairy, DAIRY, '{"event": "filled", "litres": 1200.50}'),
        story.foreign(story.carrier, CARRIER, '{"event": "loaded", "temperature": 4.0}'),
        story.foreign(story.carrier, CARRIER, '{"event": "delivered", "temperature": 6.5}'),
    ]
    entries = _accepted(log.register(readings))
    _say()
    _say(f"3. Both report on the lot {LOT},")
    _say("   in the bytes their own software signed; the ledger keeps them as they are.")
    for item in entries:
        _say(f"   entry {item.index}  {item.id.hex()}")
    verify_receipt(log.receipt(entries[0].index), readings[0], log_public_key(log.vkey), ORIGIN)
    _say("   The first receipt verifies from receipt, statement and log key alone.")
    again = _accepted(log.register([readings[0]]))[0]
    _say(
        f"   Sent again, the first is entry {again.index} still: {'new' if again.new else 'nothing new'}."
    )
    _accepted(log.register([story.revocation()]))
    late = log.register([story.foreign(story.carrier, CARRIER, '{"event": "late"}')])[0]
    _say()
    _say("4. The carrier retires its key, then signs with it once more. Refused:")
    if not isinstance(late, Refused):
        msg = "a statement under a revoked key was registered"
        raise VerificationError(msg)
    for refusal in late.refusals:
        _say(f"   {refusal.rule}: {refusal.message}")


def _prove(story: _Story) -> tuple[bytes, str]:
    log = story.log
    trust = f"log {log.vkey}\ngenesis {log.state().genesis_id.hex()}\nquorum none\n"
    (story.folder / "trust.txt").write_text(trust, encoding="utf-8")
    proven = prove(log, "history", {"topic": "generic", "subject": LOT})
    raw = encode_bundle(proven)
    (story.folder / "lot.bundle.json").write_bytes(raw)
    _say()
    _say("5. An auditor asks: what was said about this lot, and is that all?")
    _say(f"   One file of {len(raw)} bytes, verified without database or network:")
    verify_bundle(
        raw,
        parse_trust(trust),
        now_us=time.time_ns() // 1_000,
        report=lambda step: _say(f"   ok  {step.name}: {step.says}"),
    )
    return raw, trust


def _withhold(raw: bytes, trust: str) -> None:
    _say()
    _say("6. The operator hands out the same file without the warm delivery:")
    bundle = msgspec.json.decode(raw)
    for history in bundle["histories"]:
        if history["subject"] == LOT:
            history["entries"].pop()
    bundle["answer"].pop()
    forged = msgspec.json.encode(bundle) + b"\n"
    try:
        verify_bundle(forged, parse_trust(trust), now_us=time.time_ns() // 1_000)
    except VerificationError as error:
        _say(f"   found: {error}")
    else:
        msg = "a withheld statement was not found"
        raise VerificationError(msg)


def _export(story: _Story) -> None:
    with closing(DatabaseReader(story.settings.database_url)) as reader:
        size = export(reader, story.folder / "export")
    report = verify_ledger(DirectoryReader(story.folder / "export"), replay=True, workers=1)
    _say()
    _say(f"7. The whole ledger, {size} entries, is exported as tiles, and derived again from them:")
    _say(
        f"   {report.seals} seals, {report.histories} histories, rules replayed; root {report.root.hex()}"
    )


def _forge(story: _Story) -> None:
    copy = story.folder / "forged.sqlite"
    story.log.engine.dispose()
    with (
        closing(sqlite3.connect(story.folder / "ledger.sqlite")) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        target.execute("DROP TRIGGER entries_no_update")
        for index, leaf in target.execute("SELECT idx, leaf FROM entries").fetchall():
            cooled = leaf.replace(b'"temperature": 6.5', b'"temperature": 3.5')
            target.execute("UPDATE entries SET leaf = ? WHERE idx = ?", (cooled, index))
        target.commit()
    _say()
    _say(
        "8. In a copy of the database, somebody with its password cools the delivery to 3.5 degrees:"
    )
    try:
        with closing(DatabaseReader(f"sqlite:///{copy}")) as reader:
            verify_ledger(reader, workers=1)
    except PinyuanError as error:
        _say(f"   found: {error}")
    else:
        msg = "a forged row was not found"
        raise VerificationError(msg)
