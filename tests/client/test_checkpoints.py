"""What a client saw once, a server cannot unsay: first contact, growth, forks, going backwards."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from client.serving import Reply, Request, Service, serving
from world import BRAND, ORIGIN, World, key_of

from ledger.client.contact import meet
from ledger.client.keep import Memory, state_directory
from ledger.client.session import BehindError, Client
from ledger.client.transport import Server
from ledger.errors import CannotVerifyError, CheckpointError, StorageError, VerificationError
from ledger.evidence.fraud import verify_fraud
from ledger.tlog.note import TYPE_ED25519, VerifierKey


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return where clients remember."""
    return tmp_path / "state"


def again(service: Service, state: Path, **options) -> tuple[Client, list[str]]:
    """Meet the log behind a server; return what a person was told."""
    said: list[str] = []
    server = Server(service.url, patience_s=1.5, exchange_s=5)
    options = {"trust": None, "first_use": False} | options
    try:
        return meet(server, state, say=said.append, **options), said
    finally:
        server.close()


def grow(world: World, count: int = 1) -> None:
    """Register readings in one batch."""
    world.register(*(world.reading(f"{world.now_us} {n}") for n in range(count)))


@pytest.fixture
def fork(tmp_path: Path) -> Iterator[World]:
    """Return another log of the same name, keys and genesis, with one more party at first."""
    folder = tmp_path / "fork"
    folder.mkdir()
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    made.party("rival", "https://id.gs1.org/417/6901234507102")
    yield made
    made.log.engine.dispose()


# First contact.


def test_a_log_never_met_is_not_believed(service: Service, state: Path):
    with pytest.raises(CannotVerifyError, match="was never met: give --trust") as caught:
        again(service, state)
    assert str(service.world.log.vkey) in str(caught.value)
    assert not state.exists()


def test_trust_on_first_use_says_the_key_and_is_asked_once(service: Service, state: Path):
    client, said = again(service, state, first_use=True)
    assert f"log {service.world.log.vkey}" in said
    assert client.trust.genesis is not None
    assert again(service, state)[1] == []


def test_the_files_are_for_their_owner_alone(service: Service, state: Path, trust: str):
    client, _ = again(service, state, trust=trust)
    folder = client.memory.folder
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes) == {"checkpoint", "trust", "servers", "lock"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "checkpoint").read_text() == service.note()


def test_a_trust_file_that_names_another_key_is_refused(service: Service, state: Path, trust: str):
    other = VerifierKey(ORIGIN, TYPE_ED25519, key_of("mallory").public.x)
    with pytest.raises(VerificationError, match="no signature by"):
        again(service, state, trust=f"log {other}\nquorum none\n")
    again(service, state, trust=trust)
    with pytest.raises(VerificationError, match=r"not the one .* was met with"):
        again(service, state, trust=f"log {other}\nquorum none\n")


def test_a_trust_file_of_another_log_says_nothing_of_this_one(service: Service, state: Path):
    other = VerifierKey("other.example", TYPE_ED25519, key_of("other").public.x)
    with pytest.raises(CannotVerifyError, match="names no log"):
        again(service, state, trust=f"log {other}\nquorum none\n")


def test_another_key_in_place_of_the_pinned_one_is_refused(
    service: Service, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    again(service, state, first_use=True)
    monkeypatch.setattr("world.key_of", lambda name, *_: key_of(f"{name}'"))
    (tmp_path / "false").mkdir()
    false = World(tmp_path / "false", f"sqlite:///{tmp_path / 'false.sqlite'}")
    service.world = false
    try:
        with pytest.raises(VerificationError, match="no signature by"):
            again(service, state, first_use=True)
    finally:
        false.log.engine.dispose()


def test_another_log_at_a_known_address_is_refused(service: Service, state: Path):
    again(service, state, first_use=True)

    def renamed(request: Request, reply: Reply) -> Reply:
        if request.path == "/checkpoint":
            return replace(reply, body=reply.body.replace(ORIGIN.encode(), b"other.example/log"))
        return reply

    service.lies.append(renamed)
    with pytest.raises(VerificationError, match="showed another before"):
        again(service, state, first_use=True)


def test_a_known_log_at_another_logs_address_is_refused(
    service: Service, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    again(service, state, first_use=True)
    monkeypatch.setattr("world.ORIGIN", "other.example/log")
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other", f"sqlite:///{tmp_path / 'other.sqlite'}")
    monkeypatch.undo()
    try:
        with serving(Service(other)) as elsewhere:
            trust = f"log {other.log.vkey}\nquorum none\n"
            again(elsewhere, state, trust=trust)
            service.world = other
            with pytest.raises(VerificationError, match="showed another before"):
                again(service, state)
            assert again(service, state, trust=trust)[0].origin == "other.example/log"
            assert again(service, state)[0].origin == "other.example/log"
    finally:
        other.log.engine.dispose()


def test_the_server_that_lies_about_its_own_genesis_is_refused(service: Service, state: Path):
    def other_bytes(request: Request, reply: Reply) -> Reply:
        if request.path.startswith("/tile/entries"):
            return replace(reply, body=reply.body[:40] + b"\0" + reply.body[41:])
        return reply

    service.lies.append(other_bytes)
    with pytest.raises(VerificationError):
        again(service, state, first_use=True)
    assert not state.exists()


# Growth.


@pytest.mark.parametrize("sizes", [[1], [1, 1, 1], [250, 20], [600, 3, 700]], ids=str)
def test_a_log_that_grows_is_followed(service: Service, client: Client, sizes: list[int]):
    for count in sizes:
        grow(service.world, count)
        found = client.newest()
        assert client.remembered() == (service.note(), found)
    assert found.size == 4 + sum(sizes) + len(sizes)


@pytest.mark.parametrize("place", [0, 40, -1], ids=["first byte", "second hash", "last byte"])
def test_a_tile_that_was_altered_is_noticed(service: Service, client: Client, place: int):
    grow(service.world, 9)

    def alter(request: Request, reply: Reply) -> Reply:
        if not request.path.startswith("/tile/0/"):
            return reply
        body = bytearray(reply.body)
        body[place] ^= 1
        return replace(reply, body=bytes(body))

    service.lies.append(alter)
    with pytest.raises(VerificationError, match="tiles do not lead to the root it signed"):
        client.newest()


def test_the_full_tile_serves_where_the_partial_one_is_gone(service: Service, client: Client):
    grow(service.world, 20)
    old = service.note()
    grow(service.world, 400)

    def late(request: Request, reply: Reply) -> Reply:
        if request.path == "/checkpoint":
            return replace(reply, body=old.encode())
        return Reply(404) if ".p/25" in request.path else reply

    service.lies.append(late)
    assert client.newest().size == 25


def test_a_tile_that_is_missing_is_noticed(service: Service, client: Client):
    grow(service.world, 9)
    service.lies.append(lambda r, reply: Reply(404) if r.path.startswith("/tile/0/") else reply)
    with pytest.raises(VerificationError, match="belongs to a tree of"):
        client.newest()


# Backwards and apart.


def test_an_older_checkpoint_is_refused_and_kept(service: Service, client: Client):
    old = service.note()
    grow(service.world)
    client.newest()
    seen = client.remembered()
    service.lies.append(
        lambda r, reply: replace(reply, body=old.encode()) if r.path == "/checkpoint" else reply
    )
    with pytest.raises(BehindError, match=r"size 4, and it was seen at size 6 before: it went"):
        client.newest()
    assert client.remembered() == seen, "what was seen stays"
    assert (client.memory.folder / "older-4-than-6").read_text() == old


def test_a_cache_that_is_seconds_late_is_waited_for(
    service: Service, client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ledger.client.session.BEHIND_S", 5)
    old = service.note()
    grow(service.world)
    client.newest()
    late = iter([old.encode()])
    service.lies.append(
        lambda r, reply: (
            replace(reply, body=next(late, reply.body)) if r.path == "/checkpoint" else reply
        )
    )
    assert client.newest().size == 6


@pytest.mark.parametrize("more", [0, 1, 300], ids=["of one size", "that is longer", "much longer"])
def test_a_fork_is_refused_and_proven_to_others(
    service: Service, client: Client, fork: World, more: int
):
    if more:
        fork.register(*(fork.reading(str(n), by="rival") for n in range(more)))
        grow(fork)
    service.world = fork
    with pytest.raises(CheckpointError, match="the proof for others is in") as caught:
        client.newest()
    (proof,) = client.memory.folder.glob("fraud-*.json")
    assert str(proof) in str(caught.value)
    assert verify_fraud(proof.read_bytes(), client.trust).kind == "fork"


def test_a_shorter_fork_is_proven_where_the_tiles_are_still_there(
    service: Service, client: Client, fork: World
):
    grow(service.world)
    client.newest()
    with_fork = Service(fork).note()
    service.lies.append(
        lambda r, reply: (
            replace(reply, body=with_fork.encode()) if r.path == "/checkpoint" else reply
        )
    )
    with pytest.raises(CheckpointError, match="rewritten"):
        client.newest()
    (proof,) = client.memory.folder.glob("fraud-*.json")
    assert verify_fraud(proof.read_bytes(), client.trust).kind == "fork"


def test_a_fork_met_in_an_answer_is_refused_too(service: Service, client: Client, fork: World):
    from ledger.client.session import Asked
    from ledger.questions.declared import QUESTIONS

    grow(fork)
    service.world = fork
    asked = Asked(QUESTIONS["history"], {"topic": "identity", "subject": BRAND})
    with pytest.raises(CheckpointError):
        client.ask(asked)


def test_what_is_remembered_must_be_the_logs(client: Client):
    (client.memory.folder / "checkpoint").write_text("nothing\n")
    with pytest.raises(StorageError, match="checkpoint: note: "):
        client.newest()


@pytest.mark.parametrize("origin", ["..", "../../etc", "a" * 5_000, "品源/茶"])
def test_an_origin_names_one_folder_inside_the_state(tmp_path: Path, origin: str):
    memory = Memory(tmp_path, origin)
    memory.write("trust", "x")
    assert memory.folder.resolve().parent == tmp_path.resolve()
    assert len(memory.folder.name) < 100


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PINYUAN_STATE": "here", "XDG_DATA_HOME": "/data"}, "here"),
        ({"XDG_DATA_HOME": "/data"}, "/data/pinyuan"),
        ({"XDG_DATA_HOME": "relative"}, str(Path.home() / ".local/share/pinyuan")),
        ({}, str(Path.home() / ".local/share/pinyuan")),
    ],
    ids=["PINYUAN_STATE", "XDG_DATA_HOME", "a relative one", "none"],
)
def test_where_clients_remember(environment: dict[str, str], expected: str):
    assert str(state_directory(environment)) == expected
