"""For who runs the service: ready and why not, figures, logs without anybody's name, headers."""

import io
import json
import shutil
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving import Service
from tea import OBSERVER
from world import BRAND, World

from api.http.exchange import SECURITY
from api.http.logs import Log
from api.readiness import Readiness
from ledger.errors import StorageError
from ledger.statements.envelope import parse_statement
from ledger.store.driver import transaction
from ledger.store.engine import make_engine
from ledger.store.probe import why_not_writable

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil has it


def figures(service: Service) -> dict[str, float]:
    """Return all samples by name and labels, but for the process."""
    service.app.state.pinyuan.metrics.forget()
    answer = service.client.get("/metrics")
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            assert sample.labels.pop("process")
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def test_alive_and_ready(service: Service):
    assert service.client.get("/healthz").json() == {"status": "alive"}
    answer = service.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "checks": dict.fromkeys(("writer", "database", "disk", "anchor", "seal", "clock"), "ok"),
    }
    assert answer.headers["cache-control"] == "no-store"


def not_ready(service: Service) -> dict[str, str]:
    service.app.state.pinyuan.readiness._known = None
    answer = service.client.get("/readyz")
    service.app.state.pinyuan.readiness._known = None
    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    return {name: why for name, why in answer.json()["checks"].items() if why != "ok"}


class TestWhyNotReady:
    def test_the_writer_is_gone(self, service: Service, monkeypatch):
        monkeypatch.setattr(service.app.state.pinyuan.registrar, "broken", "its key is not there")
        assert not_ready(service) == {"writer": "its key is not there"}

    def test_the_service_is_stopping(self, service: Service, monkeypatch):
        monkeypatch.setattr(service.app.state.pinyuan.registrar, "_closing", True)
        assert not_ready(service) == {"writer": "the service is stopping"}

    def test_the_database_cannot_be_written(self, service: Service, monkeypatch):
        monkeypatch.setattr("api.readiness.why_not_writable", lambda _: "disk I/O error")
        assert not_ready(service) == {"database": "disk I/O error"}

    def test_the_disk_is_nearly_full(self, service: Service, monkeypatch):
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 90, 10))
        assert not_ready(service) == {"disk": "10 % of the disk is free"}

    def test_there_is_no_anchor(self, service: Service, monkeypatch):
        readiness = service.app.state.pinyuan.readiness
        monkeypatch.setattr(readiness._anchor, "path", service.world.folder / "elsewhere")
        assert not_ready(service)["anchor"].startswith("no anchor file")

    def test_nothing_can_be_read(self, service: Service, monkeypatch):
        def fail(*_: object) -> None:
            raise StorageError("no connection")

        monkeypatch.setattr("api.readiness.reading", fail)
        assert not_ready(service) == {"log": "no connection"}


def look(world: World) -> dict[str, str]:
    readiness = Readiness(world.folder, world.log)
    return {item.name: item.why_not for item in readiness.checks() if item.why_not}


def test_a_database_behind_its_anchor_is_not_ready(world: World, tmp_path_factory):
    world.party("brand", BRAND)
    copy = tmp_path_factory.mktemp("copy") / "ledger.sqlite"
    with world.log.engine.connect() as connection:
        connection.connection.driver_connection.execute(f"VACUUM INTO '{copy}'")
    world.accept(world.reading("published"))
    assert look(world) == {}
    world.log.engine.dispose()
    world.log.engine = make_engine(f"sqlite:///{copy}")
    assert look(world) == {"anchor": "BEHIND_PUBLISHED: 4 entries, 6 were published"}


def test_a_seal_must_be_fresh_where_time_is_the_machine_s(world: World, monkeypatch):
    monkeypatch.setattr(world.log.clock, "kind", "system")
    newest_s = world.last_us() // 1_000_000
    monkeypatch.setattr(time, "time_ns", lambda: (newest_s + 780) * 1_000_000_000)
    assert look(world) == {}
    monkeypatch.setattr(time, "time_ns", lambda: (newest_s + 781) * 1_000_000_000)
    assert look(world) == {"seal": "the newest seal is 781 s old"}


def test_a_database_is_asked_whether_it_can_be_written(any_world: World):
    engine = any_world.log.engine
    assert why_not_writable(engine) is None
    with transaction(engine, write=True) as driver:
        driver.execute("UPDATE head SET one = 1")
        assert why_not_writable(engine) is None, "somebody is writing it right now"
    any_world.party("brand", BRAND)


def test_a_database_that_can_only_be_read_says_so(world: World):
    path = world.folder / "ledger.sqlite"
    world.log.engine.dispose()
    engine = make_engine(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true")
    assert "readonly" in why_not_writable(engine)
    engine.dispose()


def test_figures_count_requests_and_statements(service: Service):
    before = figures(service)
    service.registered(service.statement("counted"))
    stranger = service.statement("x", by="nobody", issuer="did:web:nobody.example")
    assert service.post(stranger).status_code == 422
    service.client.get("/no/such/path")
    service.client.request("PROPFIND", "/checkpoint")
    service.indexed()
    after = figures(service)

    def grew(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert grew("pinyuan_statements_total{outcome=registered}") == 1
    assert grew("pinyuan_statements_total{outcome=refused}") == 1
    assert grew("pinyuan_refusals_total{rule=key-unknown}") == 1
    assert grew("pinyuan_batch_statements_count{}") == 2
    assert grew("pinyuan_requests_total{method=POST,route=/entries,status=201}") == 1
    assert grew("pinyuan_requests_total{method=GET,route=none,status=404}") == 1
    assert grew("pinyuan_requests_total{method=other,route=/checkpoint,status=405}") == 1
    assert grew("pinyuan_request_seconds_count{route=/entries}") == 2
    assert (
        after["pinyuan_log_entries{}"] == service.client.get("/v1/entries").json()["seal"]["size"]
    )
    assert after["pinyuan_search_lag_entries{}"] == 0
    assert after["pinyuan_queue_statements{}"] == after["pinyuan_queue_age_seconds{}"] == 0
    assert after["pinyuan_seal_age_seconds{}"] >= 0


def test_a_request_is_one_line_and_names_nobody(service: Service):
    raw = service.statement("logged")
    at = len(service.lines())
    headers = {"authorization": "Bearer secret-token", "user-agent": "a-phone", "cookie": "c=1"}
    service.client.post(
        "/entries", content=raw, headers=headers | {"content-type": "application/cose"}
    )
    service.client.get("/v1/entries", params={"party": OBSERVER}, headers=headers)
    service.client.get(f"/v1/history?topic=observer&subject={OBSERVER}", headers=headers)
    service.client.get(f"/not/{OBSERVER}")
    service.client.get(f"/v1/entries/{parse_statement(raw).id.hex()}")
    lines = service.lines()[at:]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/entries", 201),
        ("/v1/entries", 200),
        ("/v1/history", 200),
        ("none", 404),
        ("/v1/entries/{key}", 200),
    ]
    assert lines[0]["statement"] == lines[4]["statement"] == parse_statement(raw).id.hex()
    assert lines[0]["received"] == len(raw)
    keys = {"time", "event", "route", "method", "status", "ms", "received", "sent", "statement"}
    for line in lines:
        assert line.keys() <= keys
    text = json.dumps(lines)
    for secret in (OBSERVER, BRAND, "127.0.0.1", "secret-token", "a-phone", "party="):
        assert secret not in text


def test_an_unforeseen_error_is_logged_by_its_place_and_answered(service: Service, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError(f"about {OBSERVER}")

    monkeypatch.setattr("api.routes.log.prove_entry", fail)
    answer = service.client.get("/v1/proofs/1")
    assert answer.status_code == 500
    assert answer.json()["title"] == "Fault"
    fault, line = service.lines()[-2:]
    assert (fault["event"], fault["error"], fault["route"]) == (
        "fault",
        "RuntimeError",
        "/v1/proofs/{index}",
    )
    assert fault["frames"][-1].endswith(" fail")
    assert OBSERVER not in json.dumps(fault)
    assert line["status"] == 500
    assert service.client.get("/healthz").status_code == 200


def test_lines_of_several_threads_stay_whole():
    stream = io.BytesIO()
    log = Log(stream)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: log.event("x", n=n, fill="y" * 500), range(400)))
    assert sorted(json.loads(line)["n"] for line in stream.getvalue().splitlines()) == [*range(400)]


PATHS = ["/healthz", "/checkpoint", "/v1/entries", "/tile/0/000.p/2", "/no/such", "/entries/x"]


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_the_body(service: Service, path: str):
    got, head = service.client.get(path), service.client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    varying = {"date", "etag", "content-length"} if path == "/v1/entries" else {"date"}
    assert {k: v for k, v in head.headers.items() if k not in varying} == {
        k: v for k, v in got.headers.items() if k not in varying
    }
    assert int(head.headers["content-length"]) == len(got.content) or path == "/v1/entries"


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers_and_may_be_read_from_any_page(
    service: Service, path: str
):
    answer = service.client.get(path, headers={"origin": "https://shop.example"})
    for name, value in SECURITY.items():
        assert answer.headers[name] == value
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "server" not in answer.headers


def test_other_pages_may_read_and_not_write(service: Service):
    def preflight(method: str, path: str):
        return service.client.options(
            path,
            headers={"origin": "https://evil.example", "access-control-request-method": method},
        )

    allowed = preflight("GET", "/v1/entries")
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    for path in ("/entries", "/entries/batch"):
        refused = preflight("POST", path)
        assert refused.status_code == 405
        assert "access-control-allow-origin" not in refused.headers
    posted = service.client.post(
        "/entries", content=b"", headers={"origin": "https://evil.example"}
    )
    assert "access-control-allow-origin" not in posted.headers
    assert service.client.options("/checkpoint").status_code == 405
