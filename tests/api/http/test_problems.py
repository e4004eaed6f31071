"""From what went wrong to a status: one table, whatever the route."""

import asyncio
import json

import cbor2
import pytest
from fastapi.exceptions import RequestValidationError
from serving import settle
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from world import World

from api import app
from api.http.problems import (
    OverloadedError,
    Problem,
    UnavailableError,
    answer,
    problem_of,
    refused,
    speaks_cbor,
)
from api.reading import reads
from api.reading.reads import Reads
from ledger import errors
from ledger.rules.registry import Refusal
from ledger.writing.log import OTHER_SIGNATURE

ERRORS = {
    "too much waits": (OverloadedError(7), 503, {"Retry-After": "7"}),
    "nothing can be registered": (UnavailableError("gone"), 503, {"Retry-After": "2"}),
    "bytes in another form": (errors.MalformedError("no"), 400, {}),
    "a question nobody asks": (errors.UsageError("no"), 400, {}),
    "a false entry": (errors.VerificationError("no"), 500, {}),
    "a false proof": (errors.ProofError("no"), 500, {}),
    "an unknown rules version": (errors.CannotVerifyError("no"), 500, {}),
    "a corrupt log": (errors.LogCorruptError("no"), 500, {}),
    "a full disk": (errors.StorageError("no"), 503, {"Retry-After": "2"}),
    "a ledger that is read only": (errors.ReadOnlyError("no"), 503, {"Retry-After": "2"}),
    "a clock that goes backwards": (errors.ClockError("no"), 503, {"Retry-After": "2"}),
    "a client that left": (ClientDisconnect(), 400, {}),
    "no such path": (HTTPException(404), 404, {}),
    "no such method": (
        HTTPException(405, headers={"Allow": "GET"}),
        405,
        {"Allow": "GET, HEAD"},
    ),
    "another method": (HTTPException(405, headers={"Allow": "POST"}), 405, {"Allow": "POST"}),
    "what the framework says": (HTTPException(418, "a teapot"), 418, {}),
}


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_has_its_status(case: str):
    error, status, headers = ERRORS[case]
    found = problem_of(error)
    assert (found.status, found.headers) == (status, headers)
    assert found.title
    assert found.detail


def test_an_unforeseen_error_is_no_problem():
    with pytest.raises(KeyError):
        problem_of(KeyError("x"))


REFUSALS = {
    "malformed": ([Refusal("malformed", "no tag")], 400),
    "refused": ([Refusal("role", "no brand", (4,)), Refusal("audience", "another log")], 422),
    "malformed and refused": ([Refusal("malformed", "x"), Refusal("role", "y")], 422),
    "another signature": ([Refusal(OTHER_SIGNATURE, "entry 4", (4,))], 409),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals_are_a_list(case: str):
    refusals, status = REFUSALS[case]
    found = refused(refusals)
    assert found.status == status
    assert found.body()["refusals"] == [
        {"rule": item.rule, "message": item.message, "cites": list(item.cites)} for item in refusals
    ]
    if status == 409:
        assert found.headers["Link"] == '</v1/entries/4>; rel="alternate"'


def test_a_problem_says_itself_in_each_language():
    """As an error of the command does under ``--json``: whoever shows it picks one."""
    found = problem_of(HTTPException(404))
    assert found.body()["sentences"] == {
        "en": found.body()["detail"],
        "zh": found.body("zh")["detail"],
    }
    assert found.body("zh")["detail"] != found.body()["detail"]
    assert "sentences" not in problem_of(HTTPException(418, "a teapot")).body(), "said by another"


def request(path: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "headers": []})


@pytest.mark.parametrize(
    ("path", "cbor"),
    [
        ("/entries", True),
        ("/entries/", True),
        ("/entries/x/y", True),
        ("/entries/batch", False),
        ("/entriesx", False),
        ("/v1/entries", False),
        ("/.well-known/scitt-keys", True),
        ("/.well-known/scitt-keys/x", True),
        ("/.well-known/scitt-keysx", False),
        ("/", False),
    ],
)
def test_scitt_s_paths_have_their_own_form(path: str, *, cbor: bool):
    assert speaks_cbor(path) == cbor
    found = answer(request(path), Problem(404, "not here"))
    body = cbor2.loads(found.body) if cbor else json.loads(found.body)
    assert body == (
        {-1: "Not Found", -2: "not here"}
        if cbor
        else {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "not here"}
    )


def test_what_the_framework_cannot_read_is_malformed():
    error = RequestValidationError([{"loc": ("query", "limit"), "msg": "not a number"}])
    found = asyncio.run(app._invalid(request("/v1/entries"), error))
    assert found.status_code == 400
    assert json.loads(found.body)["detail"] == "limit: not a number"


def test_stored_bytes_in_another_form_are_the_ledger_s_fault(world: World):
    found = Reads(settle(world))

    def read() -> None:
        raise errors.MalformedError("entry 4: not CBOR")

    with pytest.raises(errors.LogCorruptError, match="entry 4"):
        asyncio.run(found.run(read))
    found.close()


def test_full_tiles_stay_in_memory_within_a_bound(world: World, monkeypatch: pytest.MonkeyPatch):
    world.party("brand", "https://id.gs1.org/417/6901234507010")
    world.register(*(world.reading(f"{i}") for i in range(260)))
    found = Reads(settle(world))
    assert found.full_tile(0, 0) is None
    assert found.tile(0, 0, 256) == found.full_tile(0, 0)
    assert found.tile(0, 0, 200) == found.full_tile(0, 0)[: 200 * 32]
    assert found.tile(1, 0, 1) is not None
    assert (found.full_tile(1, 0), found.tile(0, 1, 256)) == (None, None)
    monkeypatch.setattr(reads, "CACHED_BYTES", 60_000)
    entries = found.tile(None, 0, 256)
    assert 20_000 < len(entries) <= 60_000
    assert found.full_tile(None, 0) == entries
    monkeypatch.setattr(reads, "CACHED_BYTES", len(entries))
    found.tile(None, 0, 256)
    assert (found.full_tile(0, 0), found.full_tile(None, 0)) == (None, entries)
    found.close()


def test_what_the_storage_says_is_for_the_operator_alone():
    said = "/srv/ledger/ledger.sqlite: pinyuan@db.internal:5432: disk I/O error"
    found = problem_of(errors.StorageError(said))
    assert found.inside == said
    assert "srv" not in found.detail
    assert "internal" not in found.detail
