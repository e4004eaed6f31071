"""Cosignatures over HTTP: who may hand one in, and which checkpoint has the quorum."""

from collections.abc import Iterator

import httpx
import pytest
from serving import Server, problem, settle
from sqlalchemy import text
from world import BRAND, World, cosigner, key_of

from api.app import create_app
from ledger.client.contact import meet
from ledger.client.session import Asked
from ledger.client.transport import Server as ServerOf
from ledger.errors import QuorumError
from ledger.evidence.bundle import decode_bundle, verify_bundle
from ledger.primitives.strict import parse_base64
from ledger.questions.declared import QUESTIONS
from ledger.store.cosignatures import lines_of
from ledger.store.reads import reading
from ledger.tlog.checkpoint import Checkpoint, cosign, parse_checkpoint
from ledger.tlog.merkle import verify_consistency
from ledger.tlog.note import Note, parse_note
from ledger.tlog.trust import parse_trust

NOTE = {"content-type": "text/plain; charset=utf-8"}
TIME_S = 1_790_000_000


@pytest.fixture
def world(tmp_path) -> World:
    made = World(
        tmp_path,
        f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        witnesses=(str(cosigner("w1")), str(cosigner("w2"))),
        quorum=2,
    )
    made.party("brand", BRAND)
    return made


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    server = Server(create_app(settle(world, replayers=(cosigner("r1"), cosigner("r2")))))
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as found:
        yield found
    server.stop()
    world.log.engine.dispose()


def newest(client: httpx.Client) -> Note:
    return parse_note(client.get("/checkpoint").text)


def cosigners(note: Note) -> list[str]:
    return [line.name.rpartition("/")[2] for line in note.signatures[1:]]


def signed(found: Note, name: str = "r1", key: str | None = None, time_s: int = TIME_S) -> bytes:
    """Return a note as a replayer hands it in."""
    line = cosign(found.text, cosigner(name), key_of(key or name).sign, time_s=time_s)
    return str(Note(found.text, (found.signatures[0], line))).encode()


def altered(found: Note, **parts: object) -> Note:
    said = parse_checkpoint(found.text)
    whole = {"origin": said.origin, "size": said.size, "root": said.root} | parts
    return Note(Checkpoint(**whole).text(), found.signatures)


def handed(client: httpx.Client, body: bytes, headers: dict[str, str] = NOTE) -> httpx.Response:
    return client.post("/cosignatures", content=body, headers=headers)


def test_a_replayer_s_cosignature_goes_with_the_checkpoint(client: httpx.Client):
    before = client.get("/checkpoint")
    answer = handed(client, signed(newest(client)))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"
    after = client.get("/checkpoint", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200  # the note is another one, and so is its ETag
    assert cosigners(parse_note(after.text)) == ["r1"]
    assert handed(client, signed(newest(client), "r2")).status_code == 204
    assert cosigners(newest(client)) == ["r1", "r2"]


def test_the_newest_of_one_cosigner_is_kept(client: httpx.Client):
    found = newest(client)
    for time_s in (TIME_S + 5, TIME_S):
        assert handed(client, signed(found, time_s=time_s)).status_code == 204
    (line,) = newest(client).signatures[1:]
    assert int.from_bytes(line.signature[:8]) == TIME_S + 5


def test_the_checkpoint_with_the_quorum_may_be_an_older_one(client: httpx.Client, world: World):
    answer = client.get("/checkpoint/cosigned")
    assert answer.status_code == 404
    assert problem(answer) == ("Not Found", "no checkpoint has the quorum that genesis names")
    world.cosign("w1")
    assert client.get("/checkpoint/cosigned").status_code == 404
    size = world.cosign("w2")
    world.register(world.reading("more"))
    assert world.cosign("w1") > size
    answer = client.get("/checkpoint/cosigned")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    found = parse_note(answer.text)
    assert (parse_checkpoint(found.text).size, cosigners(found)) == (size, ["w1", "w2"])
    assert cosigners(newest(client)) == ["w1"]
    again = client.get("/checkpoint/cosigned", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


REFUSED = {
    "a stranger": (lambda found: signed(found, "stranger"), 403, "no signature by a replayer"),
    "nobody but the log": (lambda found: str(found).encode(), 403, "no signature by a replayer"),
    "another key in its name": (lambda found: signed(found, "r1", "r2"), 403, "r1"),
    "a size never signed": (lambda found: signed(altered(found, size=99)), 404, "of size 99"),
    "another root": (lambda found: signed(altered(found, root=bytes(32))), 409, "split view"),
    "another log": (lambda found: signed(altered(found, origin="x.example/y")), 409, "two logs"),
    "no checkpoint": (lambda found: signed(Note("no\n", found.signatures)), 400, "checkpoint:"),
    "no note": (lambda _: b"no note", 400, "note:"),
    "no text": (lambda _: b"\xff", 400, "not UTF-8"),
    "too much": (lambda _: b"x" * 65_536, 413, "at most 65535"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_kept(client: httpx.Client, case: str):
    made, status, why = REFUSED[case]
    answer = handed(client, made(newest(client)))
    assert answer.status_code == status, answer.text
    assert why in problem(answer)[1]
    assert cosigners(newest(client)) == []


def test_another_media_type_is_refused(client: httpx.Client):
    answer = handed(client, signed(newest(client)), {"content-type": "application/cose"})
    assert answer.status_code == 415
    assert cosigners(newest(client)) == []


def test_an_address_has_its_share(world: World):
    server = Server(
        create_app(settle(world, replayers=(cosigner("r1"),)), rate_per_s=0.01, burst=1)
    )
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as client:
        found = newest(client)
        assert handed(client, signed(found)).status_code == 204
        answer = handed(client, signed(found, "stranger"))  # another name, the same address
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 1
    server.stop()
    world.log.engine.dispose()


def test_a_checkpoint_edited_in_the_database_is_the_ledger_s_fault(
    client: httpx.Client, world: World
):
    body = signed(newest(client))
    with world.log.engine.begin() as connection:
        names = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        for (name,) in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE checkpoints SET note = 'edited'"))
    answer = handed(client, body)
    assert answer.status_code == 500, answer.text
    with reading(world.log.engine) as snapshot:
        size = parse_checkpoint(parse_note(body.decode()).text).size
        assert lines_of(snapshot, size) == []


def test_what_was_cosigned_beyond_a_size_is_told_with_its_proof(client: httpx.Client, world: World):
    old = parse_checkpoint(newest(client).text)
    assert client.get(f"/v1/cosigned/{old.size}").json() == {"size": old.size, "later": []}
    world.now_us = world.last_us()
    world.accept(world.reading("later"))
    world.cosign("w1")
    answer = client.get(f"/v1/cosigned/{old.size}")
    assert answer.headers["cache-control"] == "no-store"
    (item,) = answer.json()["later"]
    note = parse_note(item["checkpoint"])
    assert cosigners(note) == ["w1"]
    found = parse_checkpoint(note.text)
    verify_consistency(
        old=old.size,
        size=found.size,
        old_root=old.root,
        root=found.root,
        proof=[parse_base64(part) for part in item["path"]],
    )
    assert client.get("/v1/cosigned/99").status_code == 404
    assert client.get("/v1/cosigned/0").status_code == 400


def test_a_client_waits_for_the_cosigners_it_trusts(
    client: httpx.Client, world: World, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    """The log goes on meanwhile, and each cosigns another size of it."""
    lines = [f"log {world.log.vkey}", *(f"witness {w} {cosigner(w)}" for w in ("w1", "w2"))]
    lines += [f"replayer r1 {cosigner('r1')}", "group both all w1 w2", "quorum both"]
    trust = "\n".join([*lines, "replay-quorum 1", f"max-age {100 * 365 * 86_400}", ""])
    server = ServerOf(str(client.base_url))
    made = meet(server, tmp_path / "state", trust=trust, first_use=False, say=lambda _: None)
    asked = Asked(QUESTIONS["history"], {"topic": "generic", "subject": "urn:x:1"})
    cosigning = iter(["w1", "r1", "w2"])

    def meanwhile(_: float) -> None:
        world.now_us = world.last_us()
        world.accept(world.reading(f"{world.now_us}"))
        world.cosign(next(cosigning))

    monkeypatch.setattr("ledger.client.session.time.sleep", meanwhile)
    told = made.ask(asked)
    assert next(cosigning, None) is None
    assert len(told.bundle.later) == 3
    assert told.verified.completeness.startswith("replayed 1/1")
    assert decode_bundle(told.raw) == told.bundle
    policy = parse_trust(trust)
    verify_bundle(told.raw, policy, now_us=world.last_us())
    monkeypatch.undo()
    monkeypatch.setattr("ledger.client.session.COSIGNED_S", 0.1)
    world.now_us = world.last_us()
    world.accept(world.reading("nobody cosigns any more"))
    with pytest.raises(QuorumError, match="no witness quorum"):
        made.ask(asked)
    server.close()
