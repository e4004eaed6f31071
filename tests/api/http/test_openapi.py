"""The OpenAPI document is whole, and the service does what it says: schemathesis asks."""

import re
from pathlib import Path

import cbor2
import pytest
import schemathesis
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from serving import Service
from world import BRAND, START_US, key_of

from api.app import create_app
from api.http.describe import DETAILS
from api.http.problems import CONCISE, PROBLEM, TITLES, speaks_cbor
from api.routes.log import NOTE
from ledger.statements.envelope import sign_statement

METHODS = ("get", "post")


def operations(document: dict) -> list[tuple[str, str, dict]]:
    return [
        (method.upper(), path, found)
        for path, item in document["paths"].items()
        for method, found in item.items()
        if method in METHODS
    ]


@pytest.fixture(scope="session")
def document(service: Service) -> dict:
    return service.client.get("/openapi.json").json()


def test_every_operation_is_described_with_examples(document: dict):
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    for method, path, found in operations(document):
        where = f"{method} {path}"
        assert found["summary"], where
        assert found["description"], where
        assert found["tags"], where
        for item in found.get("parameters", []):
            assert item["description"], (where, item)
            assert item.get("example") or item["schema"].get("examples"), (where, item)
        for status, answer in found["responses"].items():
            assert answer["description"], (where, status)
            if int(status) >= 400 and path != "/readyz":
                expected = CONCISE if speaks_cbor(path) else PROBLEM
                assert list(answer["content"]) == [expected], (where, status)
            for media_type, body in answer.get("content", {}).items():
                assert body.get("example"), (where, status, media_type)
                reference = body["schema"].get("$ref", "")
                if reference:
                    assert reference.rpartition("/")[2] in schemas
        assert "422" not in found["responses"] or speaks_cbor(path), where
        if method == "POST":
            assert {"408", "413", "415", "429", "503"} <= found["responses"].keys(), where


def test_every_status_has_a_title_and_an_example():
    assert TITLES.keys() == DETAILS.keys()


def test_the_reference_s_table_is_the_routes(document: dict):
    section = (ROOT / "REFERENCE.md").read_text(encoding="utf-8").split("\n## HTTP\n")[1]
    section = section.split("\n## ")[0]
    written = set(re.findall(r"`(GET|POST) (/[^`?]*)", section))
    routes = {(method, path) for method, path, _ in operations(document)} | {
        ("GET", "/openapi.json")
    }
    assert written == routes


@pytest.fixture(scope="session")
def described(service: Service):
    schema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    schema.config.update(base_url=service.url)
    return schema


BODIES = (
    "application/cose",
    "application/scitt-statement+cose",
    "application/cbor",
    "application/cbor-seq",
    "text/plain",
)
STATEMENT = sign_statement(
    key_of("brand"),
    b"asked by schemathesis",
    issuer=BRAND,
    subject="urn:x:schemathesis",
    issued_at=START_US // 1_000_000,
    audience=None,
    content_type="text/plain",
)


@schemathesis.serializer(*BODIES)
def as_it_is(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


for media_type in BODIES:
    bodies = st.binary(max_size=50) | st.sampled_from(
        [STATEMENT, STATEMENT * 2, cbor2.dumps([STATEMENT, b""]), NOTE.encode()]
    )
    schemathesis.openapi.media_type(media_type, bodies)

OPERATIONS = [item[:2] for item in operations(create_app(Path("nowhere")).openapi())]
# Check digits, forms of identifiers and what is registered are beyond what a schema can say.
BEYOND_SCHEMAS = [positive_data_acceptance]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_nothing_undocumented_and_no_server_error(
    described, method: str, path: str, mode: GenerationMode
):
    operation = described[path][method]

    @settings(
        max_examples=10,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=BEYOND_SCHEMAS)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing about it can be wrong"
