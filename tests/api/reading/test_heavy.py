"""Reads that take long: their own processes, a quota of processor time, and nobody else waits."""

import asyncio
import math
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import Server, Service, settle, story
from tea import GTIN, TRADER

from api.app import create_app
from api.http import buckets
from api.http.clients import UNKNOWN, network_of
from api.http.metrics import Metrics
from api.reading import heavy
from api.reading.budget import Budget
from api.reading.reader import Reader
from api.reading.turns import Turns
from ledger.settings import ReadLimits

SELL = {"trader": TRADER, "product": GTIN, "territory": "CN", "channel": "mall.example"}
LIGHT = ("/healthz", "/checkpoint", "/tile/0/000.p/2", "/tile/entries/000.p/2", "/v1/proofs/1")


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", UNKNOWN),
        ("x" * 9_000, UNKNOWN),
        ("192.0.2.7, 10.0.0.1", UNKNOWN),
    ],
)
def test_a_client_is_an_address_or_a_customer_s_network(host: str, client: str):
    assert network_of(host) == client


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class TestBudget:
    @given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 8), st.floats(0, 1)), max_size=40))
    def test_what_a_client_uses_is_bounded_and_waiting_as_told_mends_it(self, reads):
        clock = Clock()
        found = Budget(0.25, 5.0, clock)
        used = 0.0
        for pause_s, cost_s, expected_s in reads:
            clock.now_s += pause_s
            wait_s = found.take("a", expected_s)
            if wait_s:
                assert found.take("a", expected_s) == wait_s
                clock.now_s += wait_s
                assert found.take("a", expected_s) == 0
            # It may begin where anything is left, so one read may go beyond.
            assert used <= 5.0 + clock.now_s * 0.25 + 1e-6
            used += cost_s
            found.settle("a", expected_s, cost_s)
        assert found.take("b", 1.0) == 0, "nobody else pays for it"

    def test_made_up_clients_fill_no_memory(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(buckets, "BUCKETS", 1_000)
        found = Budget(0.001, 5.0)
        for number in range(20_000):
            found.take(f"10.0.{number >> 8}.{number & 255}", 1.0)
        assert len(found.buckets) == 1_000

    def test_who_is_full_again_is_forgotten(self):
        clock = Clock()
        found = Budget(1.0, 5.0, clock)
        found.take("a", 1.0)
        assert len(found.buckets) == 1
        clock.now_s = 9.0
        found.settle("a", 0.0, 0.0)
        assert len(found.buckets) == 0
        for number in range(100):
            found.take(f"a{number}", 1.0)
            clock.now_s += 0.1
        assert len(found.buckets) == 10, "the others were quiet for a second, and are full"


def test_clients_take_turns():
    async def order() -> list[str]:
        turns: Turns[str] = Turns()
        for item in ("a1", "a2", "a3", "b1", "c1", "c2"):
            turns.put(item[0], item)
        assert (len(turns), turns.of("a"), turns.clients) == (6, 3, 3)
        return [await turns.next() for _ in range(6)]

    assert asyncio.run(order()) == ["a1", "b1", "c1", "a2", "c2", "a3"]


@contextmanager
def serving(tmp_path, limits: ReadLimits) -> Iterator[tuple[httpx.Client, heavy.Heavy]]:
    tea, _ = story(tmp_path)
    app = create_app(settle(tea.world, reads=limits))
    with closing(tea.world.log.engine.raw_connection()):
        server = Server(app)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=30) as client:
                yield client, app.state.pinyuan.heavy
        finally:
            server.stop()
    tea.world.log.engine.dispose()


def test_over_its_quota_a_client_is_told_when_and_that_is_true(tmp_path):
    with serving(tmp_path, ReadLimits(1, 60, 1)) as (client, found):
        client.get("/v1/may-sell", params=SELL).raise_for_status()
        found.budget.settle("127.0.0.1", 0.0, 2.5)  # it asked for what costs much
        refused = client.get("/v1/may-sell", params=SELL, headers={"accept-language": "zh"})
        assert refused.status_code == 429
        wait_s = int(refused.headers["retry-after"])
        assert 1 <= wait_s <= 3
        assert f"{wait_s} 秒" in refused.json()["detail"]
        for path in LIGHT:
            assert client.get(path).status_code == 200, path
        for path in (
            "/v1/entries",
            "/v1/entries/1",
            "/v1/labels",
        ):
            assert client.get(path).status_code == 429, path
        assert client.get("/v1/may-sell").status_code == 400, "what is malformed costs nothing"
        time.sleep(wait_s)
        assert client.get("/v1/may-sell", params=SELL).status_code == 200
        assert 'pinyuan_reads_refused_total{process="' in client.get("/metrics").text


def test_what_a_read_costs_is_measured_and_charged(tmp_path):
    with serving(tmp_path, ReadLimits(1, 1, 1_000)) as (client, found):
        found.budget.buckets.now_s = Clock()
        before = found.budget.buckets.left("127.0.0.1")
        for _ in range(5):
            client.get("/v1/may-sell", params=SELL).raise_for_status()
        charged_s = before - found.budget.buckets.left("127.0.0.1")
        assert charged_s > 0.001
        metrics = client.get("/metrics").text
        (line,) = [
            it
            for it in metrics.splitlines()
            if it.startswith("pinyuan_read_processor_seconds_total") and "/v1/may-sell" in it
        ]
        assert math.isclose(float(line.split()[-1]), charged_s, abs_tol=1e-6)


def readers(found: heavy.Heavy) -> list[int]:
    return [item._process.pid for item in found._readers if item._process is not None]


def test_nothing_light_waits_for_readers_that_stand_still(tmp_path):
    with serving(tmp_path, ReadLimits(2, 60, 60)) as (client, found):
        threads = [
            threading.Thread(target=lambda: client.get("/v1/may-sell", params=SELL))
            for _ in range(6)
        ]
        client.get("/v1/may-sell", params=SELL).raise_for_status()
        for reader in found._readers:
            reader.start()
        pids = readers(found)
        assert len(pids) == 2
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            for thread in threads:
                thread.start()
            deadline = time.monotonic() + 10
            while len(found._turns) < 4:
                assert time.monotonic() < deadline, "they do not wait"
                time.sleep(0.01)
            for path in (*LIGHT, "/readyz", "/metrics"):
                began = time.monotonic()
                assert client.get(path).status_code == 200, path
                assert time.monotonic() - began < 5, path
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        for thread in threads:
            thread.join()


def test_a_reader_that_was_killed_is_replaced(tmp_path):
    with serving(tmp_path, ReadLimits(1, 60, 60)) as (client, found):
        client.get("/v1/may-sell", params=SELL).raise_for_status()
        (pid,) = readers(found)
        os.kill(pid, signal.SIGKILL)
        gone = client.get("/v1/may-sell", params=SELL)
        assert (gone.status_code, gone.headers["retry-after"]) == (503, "2")
        assert client.get("/v1/may-sell", params=SELL).status_code == 200
        assert readers(found) != [pid]


def test_too_many_of_one_wait_and_too_many_at_all(service: Service, monkeypatch):
    state = service.app.state.pinyuan
    monkeypatch.setattr(heavy, "WAITING_OF_ONE", 0)
    refused = service.client.get("/v1/entries")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    monkeypatch.setattr(heavy, "WAITING_OF_ONE", 9)
    monkeypatch.setattr(heavy, "WAITING", 0)
    refused = service.client.get("/v1/entries")
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) >= 1
    assert isinstance(state.metrics, Metrics)


def fails(_reads: object, text: str) -> None:
    raise RuntimeError(text)


def test_an_unforeseen_error_of_a_reader_travels_without_its_text(service: Service):
    reader = Reader(service.world.folder)
    read = reader.ask(fails, ("about somebody",))
    reader.end()
    assert read.error.name == "RuntimeError"
    assert read.error.frames[-1].endswith(" fails")
    assert "somebody" not in str(read.error)
