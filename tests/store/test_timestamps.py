"""Timestamps lie beside cosignatures, on either database: the first is kept, and is no cosignature."""

from datetime import UTC, datetime

from tsa import Authority
from world import BRAND, World

from ledger.store.cosignatures import cosigned_note, newest_cosigned, store_timestamp
from ledger.store.reads import reading
from ledger.tlog.note import NoteSignature, parse_note
from ledger.tlog.timestamp import is_timestamp, line_of, query, read_anchors


def test_the_first_timestamp_is_kept_and_counts_as_no_cosignature(any_world: World):
    any_world.party("brand", BRAND)
    size = any_world.length()
    with reading(any_world.log.engine) as snapshot:
        text = parse_note(snapshot.checkpoint(size).note).text
    tsa = Authority.made(now=datetime(2026, 10, 1, tzinfo=UTC))

    def line(by: Authority) -> NoteSignature:
        request, nonce = query(text)
        return line_of("t", text, by.reply(request), nonce, read_anchors(tsa.pem()))[0]

    first = line(tsa)
    assert store_timestamp(any_world.log.engine, size, first)
    assert not store_timestamp(any_world.log.engine, size, first)
    assert not store_timestamp(
        any_world.log.engine, size, line(tsa.at(datetime(2026, 10, 2, tzinfo=UTC)))
    )
    with reading(any_world.log.engine) as snapshot:
        note = parse_note(cosigned_note(snapshot, snapshot.checkpoint(size)))
        assert newest_cosigned(snapshot) == 0
    assert [item for item in note.signatures if is_timestamp(item)] == [first]
    any_world.check()
