"""The API's role appends and reads, and is refused everything else; its owner migrates."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest
from cosigning.parties import end, start, until
from cosigning.test_together import free_port
from deploy.conftest import DEPLOY, Granted, with_roles
from serving import COSE
from world import BRAND, World

from ledger.store.driver import transaction
from ledger.store.probe import why_not_writable
from ledger.store.tables import metadata

APPENDED = ("entries", "attached", "checkpoints", "seals", "tiles", "history_groups", "search")
MOVING = {
    "head": {"size", "chain", "frontier", "index_root", "seal_idx", "seal_id", "seal_time_us"},
    "index_pages": {"page"},
    "cosignatures": {"time_s", "line"},
}


KEYS = {name: next(iter(table.primary_key.columns)).name for name, table in metadata.tables.items()}
KEYS["alembic_version"] = "version_num"


def run(*words: object, code: int = 0) -> str:
    process = start(*words)
    out, said = process.communicate(timeout=60)
    assert process.returncode == code, said
    return out + said


@pytest.fixture
def world(granted: Granted, tmp_path: Path) -> World:
    """Return a world whose ledger is registered and read by the API's role alone."""
    made = World(tmp_path, granted.api)
    yield made
    made.log.engine.dispose()


def test_every_table_is_granted_exactly(granted: Granted):
    with psycopg.connect(granted.superuser) as connection:
        tables = connection.execute(
            "SELECT table_name, array_agg(privilege_type::text) "
            "FROM information_schema.table_privileges WHERE grantee = 'pinyuan_api' GROUP BY 1"
        ).fetchall()
        columns = connection.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.column_privileges "
            "WHERE grantee = 'pinyuan_api' AND privilege_type = 'UPDATE' GROUP BY 1"
        ).fetchall()
        public = connection.execute(
            "SELECT table_name FROM information_schema.table_privileges "
            "WHERE grantee = 'PUBLIC' AND table_schema = 'public'"
        ).fetchall()
    both = {name: {"SELECT", "INSERT"} for name in (*APPENDED, *MOVING)}
    assert {name: set(rights) for name, rights in tables} == both | {"alembic_version": {"SELECT"}}
    assert {name: set(found) for name, found in columns} == MOVING
    assert both.keys() == metadata.tables.keys(), "a table that grants.sql does not know"
    assert public == []


@pytest.mark.parametrize("table", sorted([*APPENDED, *MOVING, "alembic_version"]))
def test_nothing_can_be_taken_away_from_a_table(refused: Callable, table: str):
    column = KEYS[table]
    for text in (
        "DELETE FROM {}",
        "TRUNCATE {}",
        "DROP TABLE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} OWNER TO pinyuan_api",
        "CREATE INDEX ON {} ((1))",
        "UPDATE {} SET {column} = {column}",
    ):
        assert refused(text.format(table, column=column)), text


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE more (x int)",
        "CREATE TEMP TABLE entries (x int)",
        "CREATE SCHEMA more",
        "CREATE FUNCTION refuse_change() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION refuse_change()",
        "SET ROLE pinyuan_owner",
        "SET session_replication_role = replica",
        "CREATE ROLE more",
        "COPY entries TO PROGRAM 'cat'",
        "MERGE INTO entries e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    ],
)
def test_nothing_else_can_be_done(refused: Callable, text: str):
    assert refused(text)


@pytest.mark.parametrize("table", ["entries", "checkpoints"])
@pytest.mark.parametrize("verb", ["DELETE FROM", "TRUNCATE"])
def test_the_triggers_refuse_even_the_owner(untouched: Granted, verb: str, table: str):
    with (
        psycopg.connect(untouched.owner) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="never changed"),
    ):
        connection.execute(f"{verb} {table}")


def test_a_world_is_registered_read_cosigned_and_verified(world: World):
    world.party("brand", BRAND)
    for number in range(30):  # full index groups and tiles are in the stories of tests/writing
        world.register(*(world.reading(f"{number} {i}") for i in range(10)))
    world.cosign("w1")
    world.cosign("w1", time_s=world.now_s + 60)  # a newer one of the same replaces it
    assert why_not_writable(world.log.engine) is None
    world.reopen()
    assert world.log.read_only is None
    with transaction(world.log.engine, write=False) as driver:
        for count in ("SELECT count(*) FROM tiles", "SELECT count(*) FROM history_groups"):
            assert driver.rows(count)[0][0] > 0
    assert world.check().size > 300


def test_the_commands_of_the_service_run_as_that_role(granted: Granted, tmp_path: Path):
    folder, port = tmp_path / "ledger", free_port()
    run("init", "--operator", "did:web:op.example", "--dir", folder, "--db", granted.api)
    process = start("serve", "--dir", folder, "--port", port)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:

            def ready() -> bool:
                assert process.poll() is None, process.communicate()
                try:
                    return client.get("/readyz").json()["status"] == "ready"
                except httpx.TransportError:
                    return False

            until(ready, seconds=30)
            fields = tmp_path / "brand.json"
            fields.write_text(
                json.dumps({"names": {"en": "B"}, "country": "DE", "roles": ["brand"]})
            )
            run("key", "new", tmp_path / "b.pem")
            words = ["sign", "party", fields, "--subject", "did:web:brand.example"]
            words += ["--bind", tmp_path / "b.pem", "--dir", folder, "-o", tmp_path / "party.cose"]
            run(*words)
            answer = client.post(
                "/entries", content=(tmp_path / "party.cose").read_bytes(), headers=COSE
            )
            assert answer.status_code == 201, answer.content
            until(lambda: client.get("/v1/entries").json()["lag"] == 0)
            assert client.get("/v1/entries?type=party").json()["total"] == 1
            assert client.get("/v1/proofs/2").status_code == 200
    finally:
        _, said = end(process, kill=False)
    assert process.returncode == 0, said
    assert run("db", "check", "--dir", folder).endswith("ok\n")
    assert "rules replayed" in run("verify", "ledger", "--dir", folder, "--replay")


def test_only_the_owner_migrates_and_rebuilds(empty: Granted, tmp_path: Path):
    words = ["init", "--operator", "did:web:op.example", "--dir", tmp_path / "ledger"]
    assert "permission denied for schema public" in run(*words, "--db", empty.api, code=1)
    assert "permission denied for schema public" in run("db", "upgrade", "--db", empty.api, code=1)
    run("db", "upgrade", "--db", empty.owner)
    grants = (DEPLOY / "grants.sql").read_text(encoding="utf-8")
    empty.run(empty.owner, grants)
    empty.run(empty.owner, grants)  # it may run after every upgrade
    run(*words, "--db", empty.api)
    refused = run("db", "rebuild", "--dir", tmp_path / "ledger", code=1)
    assert "permission denied for table" in refused


def test_the_owner_restores_what_the_service_s_role_backed_up(
    granted: Granted, postgres: str, tmp_path: Path
):
    empty = with_roles(postgres)
    folder, backup = tmp_path / "ledger", tmp_path / "backup"
    run("init", "--operator", "did:web:op.example", "--dir", folder, "--db", granted.api)
    run("backup", backup, "--dir", folder, "--with-keys")
    home = tmp_path / "restored"
    refused = run("restore", backup, "--dir", home, "--to", empty.api, code=1)
    assert "permission denied for schema public" in refused
    run("restore", backup, "--dir", home, "--to", empty.owner)
    empty.run(empty.owner, (DEPLOY / "grants.sql").read_text(encoding="utf-8"))
    settings = (home / "pinyuan.toml").read_text()
    (home / "pinyuan.toml").write_text(settings.replace("pinyuan_owner", "pinyuan_api"))
    run("db", "anchor", "--dir", home)
    assert "already" not in run("seal", "--dir", home)
    assert run("db", "check", "--dir", home).endswith("ok\n")
