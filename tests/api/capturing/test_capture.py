"""``pinyuan capture`` in a process of its own, beside a served ledger: jobs, receipts, restarts, refusals."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from cosigning.parties import end, start, until
from serving import free_port

from ledger.client.capture import Job, Jobs
from ledger.primitives.strict import parse_base64
from ledger.statements.envelope import parse_statement

OPERATOR, BRAND = "did:web:op.example", "https://id.gs1.org/417/6901234507010"
CONTEXT = ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"]
LD_JSON = {"content-type": "application/ld+json"}
PALLET = "urn:epc:id:sscc:6901234.0000000333"


def run(*words: object) -> str:
    process = start(*words)
    out, said = process.communicate(timeout=300)
    assert process.returncode == 0, out + said
    return out


def event(name: str, **changes: Any) -> dict[str, Any]:
    """Return an event without a context of its own; ``...`` leaves a field out."""
    found = {
        "type": "ObjectEvent",
        "eventID": f"urn:x:{name}",
        "eventTime": "2026-05-01T08:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "epcList": [PALLET],
        "action": "OBSERVE",
        "bizStep": "shipping",
    } | changes
    return {name: one for name, one in found.items() if one is not ...}


def document(*events: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-05-01T08:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }


@dataclass
class Beside:
    """A served ledger, and what captures beside it."""

    folder: Path
    serving: subprocess.Popen
    server: str
    capturing: subprocess.Popen | None = None
    url: str = ""

    def capture(self) -> None:
        """Start it, or start it again."""
        words = ["capture", "--key", self.folder / "brand.pem", "--server", self.server]
        words += ["--state", self.folder / "jobs", "--port", "0", "--trust-on-first-use"]
        self.capturing = start(*words)
        lines = [""]
        while " at http" not in lines[-1]:
            lines.append(self.capturing.stderr.readline())
            assert lines[-1], lines
        said = lines[-1]
        assert f"capture for {BRAND}" in said
        self.url = said.split()[-1]

    def kill(self) -> None:
        assert self.capturing is not None
        end(self.capturing)

    def serve(self) -> None:
        """Serve the ledger at its address."""
        port = self.server.rpartition(":")[2]
        self.serving = start("serve", "--dir", self.folder / "ledger", "--port", port)
        until(self.ready, seconds=300)

    def ready(self) -> bool:
        assert self.serving.poll() is None, self.serving.communicate()
        try:
            return httpx.get(f"{self.server}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def post(self, path: str, value: Any, **headers: str) -> httpx.Response:
        sent = LD_JSON | {name.replace("_", "-"): one for name, one in headers.items()}
        return httpx.post(self.url + path, content=json.dumps(value), headers=sent, timeout=90)

    def job(self, answer: httpx.Response) -> dict[str, Any]:
        """Return what became of a capture."""
        assert answer.status_code == 202, answer.text
        path = answer.headers["location"]
        until(lambda: not httpx.get(self.url + path).json()["running"], seconds=180)
        return httpx.get(self.url + path).json()

    def kept(self, job: dict[str, Any]) -> Job:
        found = Jobs(self.folder / "jobs").get(job["captureID"])
        assert found is not None
        return found

    def found(self, **asked: str) -> list[dict[str, Any]]:
        """Return what a query finds, through the capture's own address."""
        answer = httpx.get(f"{self.url}/events", params=asked, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]

    def registered(self, *names: str) -> bool:
        return all(len(self.found(EQ_eventID=f"urn:x:{name}")) == 1 for name in names)


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    folder = tmp_path_factory.mktemp("capture")
    patch = pytest.MonkeyPatch()
    patch.setenv("PINYUAN_STATE", str(folder / "seen"))
    ledger = folder / "ledger"
    run("init", "--dir", ledger, "--operator", OPERATOR, "--origin", "ledger.example/capture")
    run("key", "new", folder / "brand.pem")
    (folder / "brand.json").write_text(
        '{"names": {"en": "B"}, "country": "DE", "roles": ["brand"]}'
    )
    party = ["sign", "party", folder / "brand.json", "--dir", ledger, "--subject", BRAND]
    run(*party, "--bind", folder / "brand.pem", "-o", folder / "party.cose")
    run("register", folder / "party.cose", "--dir", ledger)
    found = Beside(folder, None, f"http://127.0.0.1:{free_port()}")
    found.serve()
    found.capture()
    yield found
    for process in (found.capturing, found.serving):
        end(process, kill=False)
    patch.undo()


def test_a_documents_events_are_signed_registered_proven_and_found(beside: Beside):
    job = beside.job(
        beside.post("/capture", document(event("a1"), event("a2", bizStep="receiving")))
    )
    assert job["success"] is True
    assert job["errors"] == []
    assert job["captureErrorBehaviour"] == "rollback"
    vkey = httpx.get(f"{beside.server}/checkpoint").text
    assert vkey.startswith("ledger.example/capture\n")
    for one in beside.kept(job).events:
        statement = parse_statement(parse_base64(one.statement))
        assert (statement.issuer, statement.subject) == (BRAND, one.id)
        assert one.receipt is not None
    until(lambda: beside.registered("a1", "a2"), seconds=60)
    (found,) = beside.found(EQ_eventID="urn:x:a2")
    assert found["bizStep"] == "receiving"
    assert found["@context"] == CONTEXT
    assert {"urn:x:a1", "urn:x:a2"} <= {
        one["eventID"]
        for one in httpx.get(f"{beside.url}/epcs/{quote(PALLET, safe='')}/events").json()[
            "epcisBody"
        ]["queryResults"]["resultsBody"]["eventList"]
    }


def test_one_event_is_captured_once(beside: Beside):
    value = {"@context": CONTEXT} | event("one")
    answer = beside.post("/events", value)
    assert answer.status_code == 201, answer.text
    until(lambda: beside.registered("one"), seconds=60)
    told = httpx.get(beside.url + answer.headers["location"])
    assert (
        told.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]["eventID"]
        == "urn:x:one"
    )
    again = beside.post("/events", value)
    assert again.status_code == 409
    assert "event-known" in again.json()["detail"]
    twice = beside.job(beside.post("/capture", document(event("two"), event("two"))))
    assert [(error["event"], error["status"]) for error in twice["errors"]] == [(1, 409)]


def test_where_one_event_is_not_valid_none_is_captured(beside: Beside):
    job = beside.job(beside.post("/capture", document(event("b1"), event("b2", bizStep="sailing"))))
    assert job["success"] is False
    assert [(error["event"], error["status"]) for error in job["errors"]] == [(1, 400)]
    assert "bizStep" in job["errors"][0]["detail"]
    assert beside.kept(job).events == ()


def test_what_was_registered_before_a_refusal_is_declared_in_error(beside: Beside):
    """The ledger alone knows that c1 is said already, by the same key; c0 cannot be taken back."""
    said = {"event": json.dumps({"@context": CONTEXT} | event("c1"))}
    (beside.folder / "c1.json").write_text(json.dumps(said))
    sign = ["sign", "epcis", beside.folder / "c1.json", "--key", beside.folder / "brand.pem"]
    run(*sign, "--server", beside.server, "-o", beside.folder / "c1.cose")
    run("register", beside.folder / "c1.cose", "--server", beside.server)
    job = beside.job(beside.post("/capture", document(event("c0"), event("c1"), event("c2"))))
    assert job["success"] is False
    assert [error["status"] for error in job["errors"]] == [409]
    kept = beside.kept(job)
    assert [one.undone is not None for one in kept.events] == [True, False, True]
    until(lambda: len(beside.found(EXISTS_errorDeclaration="true")) == 2, seconds=60)
    assert {one["eventID"] for one in beside.found(EXISTS_errorDeclaration="true")} == {
        "urn:x:c0",
        "urn:x:c2",
    }


def test_proceed_captures_what_can_be(beside: Beside):
    asked = document(event("d1"), event("d2", action="MOVE"), event("d3"))
    job = beside.job(beside.post("/capture", asked, GS1_Capture_Error_Behaviour="proceed"))
    assert job["success"] is False
    assert [error["event"] for error in job["errors"]] == [1]
    until(lambda: beside.registered("d1", "d3"), seconds=60)


def test_a_job_is_gone_on_with_after_a_kill(beside: Beside):
    """The server is away when the job is handed in; it ends, and so does what captures."""
    end(beside.serving, kill=False)
    answer = beside.post("/capture", document(event("e1"), event("e2")))
    path = answer.headers["location"]
    assert httpx.get(beside.url + path).json()["running"] is True
    beside.kill()
    beside.serve()
    beside.capture()
    until(lambda: not httpx.get(beside.url + path).json()["running"], seconds=180)
    assert httpx.get(beside.url + path).json()["success"] is True
    until(lambda: beside.registered("e1", "e2"), seconds=60)
    assert path.rpartition("/")[2] in {
        job["captureID"] for job in httpx.get(f"{beside.url}/capture").json()
    }


@pytest.mark.parametrize(
    ("value", "headers", "status", "named"),
    [
        ("[", {}, 400, "JSON"),
        (json.dumps({"type": "EPCISQueryDocument"}), {}, 400, "type"),
        (json.dumps(document() | {"schemaVersion": "1.2"}), {}, 400, "schemaVersion"),
        (json.dumps(document()), {}, 400, "eventList"),
        (json.dumps(document(event("x"))), {"content-type": "text/plain"}, 415, "Content-Type"),
        (json.dumps(document(event("x"))), {"origin": "https://evil.example"}, 403, "origin"),
        (json.dumps(document(event("x"))), {"host": "evil.example"}, 403, "Host"),
        (
            json.dumps(document(event("x"))),
            {"gs1-capture-error-behaviour": "guess"},
            400,
            "GS1-Capture-Error-Behaviour",
        ),
    ],
)
def test_what_is_no_capture_is_refused_with_what_is_wrong(
    beside: Beside, value: str, headers: dict[str, str], status: int, named: str
):
    answer = httpx.post(f"{beside.url}/capture", content=value, headers=LD_JSON | headers)
    assert answer.status_code == status
    assert named in answer.json()["detail"]


def test_a_query_that_is_not_understood_is_refused_by_its_name(beside: Beside):
    answer = httpx.get(f"{beside.url}/events", params={"EQ_colour": "red"})
    assert answer.status_code == 400
    assert "EQ_colour" in answer.json()["detail"]
    assert httpx.get(f"{beside.url}/capture/no-job").status_code == 404


def test_nobody_elses_machine_is_listened_to(beside: Beside):
    words = ["capture", "--key", beside.folder / "brand.pem", "--server", beside.server]
    process = start(*words, "--state", beside.folder / "other", "--host", "0.0.0.0")  # noqa: S104
    _, said = process.communicate(timeout=300)
    assert process.returncode == 2
    assert "--host" in said
