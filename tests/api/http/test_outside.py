"""What strangers are told of the inside: nothing; and what any process writes: lines of JSON."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT
from serving import Service, problem
from starlette.requests import Request

from api.http.outside import HIDDEN, STORAGE, outside
from api.http.problems import answer, problem_of
from api.writing.registrar import told_strangers
from api.writing.wire import Failed
from ledger import errors
from ledger.texts import sentence_of

INSIDE = {
    "a database's URL": "database postgresql+psycopg://api@db.corp/led: no password supplied",
    "what the driver quotes": 'connection to server at "10.1.2.3", port 5432 failed: role "api"',
    "an address": "connection failed: 10.1.2.3 refused; ::1 too, fe80:0:0:1::2",
    "a path": "no anchor file /srv/pinyuan-ledger/anchor",
    "a path in the middle": "COPIED: it was made as /srv/x/anchor, not /mnt/y; run pinyuan db anchor",
    "a home": "cannot read ~/keys/log.pem: Permission denied",
    "a witness's host": "BEHIND_PUBLISHED: http://10.0.0.9:7380/x has seen 12 entries",
}
SECRETS = ("corp", "10.1.2.3", '"', "/srv", "/mnt", "keys/", "10.0.0.9", "7380", "fe80", "api@")


@pytest.mark.parametrize("case", INSIDE)
def test_a_sentence_for_strangers_has_no_inside(case: str):
    told = outside(INSIDE[case])
    assert HIDDEN in told
    for secret in SECRETS:
        assert secret not in told
    assert outside(told) == told


@pytest.mark.parametrize(
    "said",
    [
        "entry 4711: its leaf has another hash than its row says",
        "BEHIND_PUBLISHED: 4 entries, 6 were published",
        "the newest seal is 781 s old",
        "no receipt: it is not registered here",
        "the clock gained 1200 s: `pinyuan seal --accept-clock-jump` confirms it; 3/4 of a disk",
    ],
)
def test_what_names_nothing_stays_as_it_is(said: str):
    assert outside(said) == said


KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.PinyuanError)
]
PARTS = {errors.AdmissionError: (7, ("r",)), errors.AuditError: ("entry 7", "leaf")}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", INSIDE)
def test_no_error_of_the_ledger_s_own_tells_strangers_of_the_inside(
    kind: type[errors.PinyuanError], case: str
):
    """A request's own faults (400) say what is wrong with it, and nothing else is in them."""
    error = kind(*PARTS.get(kind, ()), INSIDE[case])
    found = problem_of(error)
    if found.status < 500:
        return
    scope = {"type": "http", "path": "/v1/entries", "headers": []}
    body = answer(Request(scope), error).body.decode()
    for secret in SECRETS:
        assert secret not in json.loads(body)["detail"]
    if kind is errors.DatabaseAwayError:
        assert found.inside is None, "the log has one sentence for all that find it so"
    else:
        assert found.inside == str(error)


@pytest.mark.parametrize("case", INSIDE)
def test_no_submitter_is_told_of_the_inside(case: str):
    kinds = errors.StorageError, errors.ReadOnlyError, errors.LogCorruptError, errors.LedgerError
    for kind in kinds:
        told = told_strangers(Failed.of(kind(INSIDE[case])))
        for lang in ("en", "zh"):
            said = sentence_of(told).to(lang) if isinstance(told, str) else told.to(lang)
            for secret in SECRETS:
                assert secret not in said
    assert told_strangers(Failed.of(errors.StorageError(INSIDE[case]))) == STORAGE


def test_what_keeps_the_writer_from_registering_is_told_in_ones_language():
    """It comes from another process, a sentence still and not its English."""
    failed = Failed.of(errors.ClockError("the clock went back {back_us} us", back_us=7))
    assert failed.why == "the clock went back 7 us"
    gone = errors.LedgerError("the writing process does not answer")
    told = told_strangers(Failed.of(gone))
    assert (str(told), told.to("zh")) == ("the writing process does not answer", "写入进程没有应答")


def test_who_asks_whether_it_is_ready_learns_no_path_and_the_log_has_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    state = service.app.state.pinyuan
    elsewhere = service.world.folder / "elsewhere"
    monkeypatch.setattr(state.readiness._anchor, "path", elsewhere)
    at = len(service.lines())
    for _ in range(3):
        state.readiness._known = None
        said = service.client.get("/readyz")
        assert said.status_code == 503
        assert str(service.world.folder) not in said.text
        assert said.json()["checks"]["anchor"].startswith("no anchor file")
    monkeypatch.undo()
    state.readiness._known = None
    assert service.client.get("/readyz").status_code == 200
    told = [line["why_not"] for line in service.lines()[at:] if line["event"] == "ready"]
    assert told == [{"anchor": f"no anchor file {elsewhere}"}, {}]


def test_what_is_no_http_is_told_as_everything_else(service: Service):
    import socket

    for raw in (
        b"\x16\x03\x01\x00\x05hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", service.server.port), timeout=10) as stream:
            stream.sendall(raw)
            found = b""
            while more := stream.recv(4_096):
                found += more
        head, _, body = found.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 ")
        assert b"application/problem+json" in head
        assert json.loads(body)["status"] == 400
    assert problem(service.client.get("/nowhere"))[0] == "Not Found"


LOUD = """
import gc, logging, sys, threading, warnings
from api.http.logs import Log, run_logged, take_over

def loud():
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    logging.getLogger("uvicorn.error").error("Traceback (most recent call last):\\n  File x\\nOSError: no")
    try:
        raise ValueError("about SOMEBODY")
    except ValueError:
        logging.getLogger("asyncio").exception("it failed\\ntransport: SOMEBODY")
    warnings.warn("it is old", DeprecationWarning, stacklevel=1)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()

    class Sick:
        def __del__(self):
            raise OSError("SOMEBODY")

    sick = Sick()
    del sick
    gc.collect()
    raise KeyError("SOMEBODY")

warnings.simplefilter("always")
if sys.argv[1] == "run":
    run_logged(loud)
take_over(Log())
loud()
"""


@pytest.mark.parametrize("how", ["run", "hooks"])
def test_whatever_a_process_says_is_a_line_of_json_without_an_error_s_text(how: str):
    done = subprocess.run(
        [sys.executable, "-c", LOUD, how],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line.get("said", line.get("error")) for line in lines] == [
        "Invalid HTTP request received.",
        "OSError: no",
        "it failed",
        lines[3]["said"],
        "ZeroDivisionError",
        "OSError",
        "KeyError",
    ]
    assert "DeprecationWarning" in lines[3]["said"]
    assert all(line["frames"] for line in lines if line["event"] == "fault")
    assert b"SOMEBODY" not in done.stderr
