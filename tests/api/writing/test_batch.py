"""Many statements in one request: rows in order, a bad one sinks nobody else."""

import cbor2
import pytest
from serving import ARRAY, SEQUENCE, Service, problem
from tea import GTIN
from world import BRAND, ORIGIN

from api.http.buckets import Buckets
from api.routes import batch
from api.writing.registrar import OverloadedError, UnavailableError
from ledger.cose.receipt import verify_receipt
from ledger.primitives.strict import parse_base64
from ledger.signer import log_public_key
from ledger.statements.envelope import parse_statement


def send(service: Service, statements: list[bytes], headers: dict = SEQUENCE):
    body = b"".join(statements) if headers is SEQUENCE else cbor2.dumps(statements)
    return service.client.post("/entries/batch", content=body, headers=headers)


@pytest.mark.parametrize("headers", [SEQUENCE, ARRAY], ids=["sequence", "array"])
def test_each_statement_gets_its_row_in_order(service: Service, headers: dict):
    name = headers["content-type"]
    good = [service.statement(f"{name} {i}") for i in range(3)]
    stranger = service.statement("x", by="nobody", issuer="did:web:nobody.example")
    statements = [good[0], stranger, good[1], cbor2.dumps("no statement"), good[2], good[0]]
    # POST /entries/batch
    answer = send(service, statements, headers)
    # 200 OK: a receipt or the refusals for each
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    rows = answer.json()["statements"]
    assert [row.get("new") for row in rows] == [True, None, True, None, True, False]
    assert rows[5]["index"] == rows[0]["index"]
    assert rows[5]["receipt"] == rows[0]["receipt"]
    key = log_public_key(service.world.log.vkey)
    for row, raw in zip(rows, statements, strict=True):
        if "receipt" in row:
            statement = parse_statement(raw)
            assert row["id"] == statement.id.hex()
            receipt = verify_receipt(parse_base64(row["receipt"]), statement.leaf, key, ORIGIN)
            assert receipt.index == row["index"]
    assert rows[1]["id"] == parse_statement(stranger).id.hex()
    assert {item["rule"] for item in rows[1]["refusals"]} >= {"key-unknown"}
    assert rows[3].keys() == {"refusals"}
    assert rows[3]["refusals"][0]["rule"] == "malformed"


def test_a_statement_may_rest_on_one_before_it_in_the_same_batch(service: Service):
    party = "did:web:new.example"
    service.world.now_us = service.world.last_us()
    entered = service.world.statement(
        "party", service.world.party_fields("new", party), subject=party
    )
    spoke = service.statement("hello", by="new", issuer=party)
    rows = send(service, [entered, spoke]).json()["statements"]
    assert [row["index"] for row in rows] == [rows[0]["index"], rows[0]["index"] + 1]
    assert send(service, [spoke, entered]).json()["statements"][1]["new"] is False


def test_an_empty_batch_has_no_rows(service: Service):
    assert send(service, []).json() == {"statements": []}
    assert send(service, [], ARRAY).json() == {"statements": []}


def test_a_batch_goes_over_in_chunks_and_keeps_its_order(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(batch, "CHUNK", 4)
    statements = [service.statement(f"chunk {i}") for i in range(10)]
    rows = send(service, statements).json()["statements"]
    ids = [parse_statement(raw).id.hex() for raw in statements]
    assert [row["id"] for row in rows] == ids
    indices = [row["index"] for row in rows]
    assert indices == sorted(indices)
    assert len(set(indices)) == 10


BROKEN = {
    "a sequence that is cut": (lambda raw: (raw + raw[:2], SEQUENCE), "batch: byte "),
    "an indefinite length": (lambda raw: (raw + b"\x9f\x01\xff", SEQUENCE), "batch: byte "),
    "an array that is none": (lambda raw: (raw, ARRAY), "batch: byte 0: not the head of an array"),
    "an array with a text": (lambda _: (b"\x81\x61a", ARRAY), "batch: byte 1: not the head of a"),
    "bytes behind the array": (lambda _: (b"\x80\x00", ARRAY), "batch: byte 1: bytes behind"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_body_is_refused_whole_with_the_offset(service: Service, case: str):
    make, said = BROKEN[case]
    raw = service.statement(f"not registered: {case}")
    body, headers = make(raw)
    answer = service.client.post("/entries/batch", content=body, headers=headers)
    assert answer.status_code == 400
    assert problem(answer)[1].startswith(said)
    if case == "a sequence that is cut":
        assert problem(answer)[1] == f"batch: byte {len(raw) + 2}: cut short, an item is missing"
    missing = service.client.get(f"/v1/entries/{parse_statement(raw).id.hex()}")
    assert missing.status_code == 404, "nothing of it was registered"


def test_ten_thousand_and_one_are_too_many(service: Service):
    for body, headers in (
        (b"\x00" * 10_001, SEQUENCE),
        (b"\x99\x27\x11" + b"\x40" * 10_001, ARRAY),
    ):
        answer = service.client.post("/entries/batch", content=body, headers=headers)
        assert answer.status_code == 413
        assert "more than 10000 statements" in problem(answer)[1]


def test_sixteen_mebibytes_are_the_most(service: Service):
    answer = service.client.post(
        "/entries/batch", content=iter([bytes(1 << 20)] * 17), headers=SEQUENCE
    )
    assert answer.status_code == 413
    assert "more than 16777216 bytes" in problem(answer)[1]


def test_ten_thousand_bad_ones_get_ten_thousand_rows(service: Service):
    answer = service.client.post("/entries/batch", content=b"\x00" * 10_000, headers=SEQUENCE)
    rows = answer.json()["statements"]
    assert len(rows) == 10_000
    assert {row["refusals"][0]["rule"] for row in rows} == {"malformed"}


def test_the_wrong_media_type_or_method(service: Service):
    wrong = service.client.post("/entries/batch", content=b"", headers={"content-type": "a/b"})
    assert wrong.status_code == 415
    assert "application/cbor-seq or application/cbor" in problem(wrong)[1]
    answer = service.client.get("/entries/batch")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


class TestFailures:
    """The queue is full, or nobody knows: what is registered is said, the rest may be sent again."""

    def run(self, service: Service, monkeypatch: pytest.MonkeyPatch, *outcomes):
        monkeypatch.setattr(batch, "CHUNK", 1)
        monkeypatch.setattr(batch, "PAUSE_S", 0.0)
        registrar = service.app.state.pinyuan.registrar
        whole, left = registrar.submit, list(outcomes)

        async def submit(statements):
            outcome = left.pop(0) if left else None
            if outcome is not None:
                raise outcome
            return await whole(statements)

        monkeypatch.setattr(registrar, "submit", submit)
        name = f"{len(outcomes)} {outcomes[-1]}"
        return send(service, [service.statement(f"{name} {i}") for i in range(3)])

    def test_a_full_queue_refuses_the_whole(self, service: Service, monkeypatch):
        answer = self.run(service, monkeypatch, OverloadedError(3))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")

    def test_a_queue_that_fills_meanwhile_is_waited_for(self, service: Service, monkeypatch):
        answer = self.run(service, monkeypatch, None, OverloadedError(3), OverloadedError(3))
        assert [row["new"] for row in answer.json()["statements"]] == [True] * 3

    def test_one_that_stays_full_leaves_the_rest_to_be_sent_again(
        self, service: Service, monkeypatch
    ):
        answer = self.run(service, monkeypatch, None, *[OverloadedError(3)] * batch.TRIES)
        rows = answer.json()["statements"]
        assert "receipt" in rows[0]
        assert [row["problem"]["status"] for row in rows[1:]] == [503, 503]
        assert len(rows[1]["id"]) == 64

    def test_what_nobody_knows_is_a_problem_of_its_row(self, service: Service, monkeypatch):
        answer = self.run(service, monkeypatch, None, UnavailableError("the writer is gone"))
        rows = answer.json()["statements"]
        assert [row.get("problem", {}).get("detail") for row in rows] == [
            None,
            "the writer is gone",
            "the writer is gone",
        ]


def test_an_issuer_beyond_its_share_is_told_when_to_come_back(service: Service, monkeypatch):
    quota = service.app.state.pinyuan.quota
    monkeypatch.setattr(quota, "buckets", Buckets(0.5, 2.0))
    statements = [service.statement(f"quota {i}") for i in range(4)]
    assert send(service, statements[:2]).status_code == 200
    answer = send(service, statements[2:])
    assert answer.status_code == 429
    assert answer.headers["retry-after"] in {"4", "5"}
    assert BRAND in problem(answer)[1]


def test_a_row_carries_its_remarks(service: Service):
    service.tea.lot(f"{GTIN}/10/D5")
    recalls = [service.tea.recall(f"{GTIN}/10/{code}") for code in ("D5", "D-5", "Z9")]
    rows = send(service, recalls).json()["statements"]
    told = [[(item["about"], item["near"]) for item in row.get("remarks", [])] for row in rows]
    meant = [(f"{GTIN}/10/D-5", [f"{GTIN}/10/D5"])]
    assert told == [[], meant, [(f"{GTIN}/10/Z9", [])]]
