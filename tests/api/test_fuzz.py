"""The fuzzer: it knows every route, repeats what it sent, judges what it should; a sample of it."""

import subprocess
import sys
from pathlib import Path
from random import Random

import msgspec
import pytest
from conftest import ROOT
from fastapi import APIRouter
from serving import Service, settle, story

from api.app import create_app

sys.path.insert(0, str(ROOT / "tools"))

from fuzzing.bodies import body_of
from fuzzing.judging import CONCISE, PROBLEM, Answered, Judge
from fuzzing.pools import gathered
from fuzzing.requests import Maker, targets

SAMPLE = 600


def test_every_route_is_asked_and_a_new_one_by_itself():
    app = create_app(Path("nowhere"))
    described = {
        (method.upper(), path)
        for path, item in app.openapi()["paths"].items()
        for method in item
        if method in ("get", "post")
    }
    found = {(it.method, it.path.replace(":path}", "}")): it for it in targets(app)}
    assert described <= found.keys()
    assert ("GET", "/openapi.json") in found
    for method, path in described:
        query = [
            it["name"]
            for it in app.openapi()["paths"][path][method.lower()].get("parameters", ())
            if it["in"] == "query"
        ]
        assert list(found[method, path].query) == query
    router = APIRouter(prefix="/new")
    router.add_api_route("/{thing}", lambda thing: thing, methods=["GET", "DELETE"])
    app.include_router(router)
    new = {(it.method, it.path) for it in targets(app)} - {
        (it.method, it.path) for it in found.values()
    }
    assert new == {("GET", "/new/{thing}"), ("DELETE", "/new/{thing}")}


def test_a_number_makes_the_same_request_whatever_came_before(service: Service):
    service.indexed()
    pool = gathered(service.url)
    routes = targets(service.app)

    def maker() -> Maker:
        return Maker(7, routes, pool, lambda random: random.randbytes(9))

    one, other = maker(), maker()
    first = [one.make(number) for number in range(800)]
    assert [other.make(number) for number in reversed(range(800))] == first[::-1]
    heads = b"".join(made.raw.partition(b"\r\n\r\n")[0] for made in first)
    for kind in (
        b"chunked",
        b"If-None-Match",
        b"Accept: ",
        b"%",
        b"POST /entries/batch",
        b"cursor=",
    ):
        assert kind in heads
    random = Random(1)
    bodies = {body_of(random, ("application/cose",), pool, lambda _: b"x")[1] for _ in range(300)}
    assert len(bodies) > 150
    assert any(body in pool.leaves for body in bodies)


def as_problem(status: int, detail: str = "why") -> bytes:
    return msgspec.json.encode({"title": "T", "status": status, "detail": detail})


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answered(200, {}, b"Traceback in an entry is an entry's"), None),
        (Answered(400, {b"content-type": PROBLEM}, as_problem(400)), None),
        (Answered(400, {b"content-type": CONCISE}, b"\xa2\x20aT\x21aD"), None),
        (Answered(400, {b"content-type": b"text/plain"}, b"no"), "400 as text/plain"),
        (Answered(400, {b"content-type": PROBLEM}, b"{"), "a problem that is none"),
        (Answered(400, {b"content-type": PROBLEM}, as_problem(404)), "without title"),
        (Answered(400, {b"content-type": PROBLEM}, as_problem(400, "/srv/here")), "the inside"),
        (Answered(429, {b"content-type": PROBLEM}, as_problem(429)), "429 without Retry-After"),
        (Answered(500, {b"content-type": PROBLEM}, as_problem(500)), "500"),
        (Answered(503, {b"content-type": PROBLEM}, as_problem(503)), "503 without Retry-After"),
        (Answered(503, {b"content-type": PROBLEM, b"retry-after": b"2"}, as_problem(503)), None),
    ],
)
def test_what_an_answer_may_be(answer: Answered, says: str | None):
    wrong = Judge((b"/srv/here",)).wrong("GET", answer)
    assert (wrong is None) if says is None else (says in (wrong or ""))


def test_a_sample_finds_nothing(tmp_path: Path):
    """Against ``pinyuan serve`` in processes, as the long run is: no 5xx, nothing leaks, all lines JSON."""
    tea, _ = story(tmp_path)
    folder = settle(tea.world)
    tea.world.log.engine.dispose()
    words = ["--dir", folder, "--count", str(SAMPLE), "--seed", str(Random().randrange(1 << 30))]
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "fuzz_http.py", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
    assert "found: 0 of 0 kinds" in done.stdout
