"""SCRAPI draft-11 as a client sees it: registration, receipts, keys, problems in CBOR."""

import asyncio
import json
import signal
import time

import cbor2
import pytest
import scitt_cose
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from serving import COSE, Service, problem
from tea import GTIN
from world import BRAND, ORIGIN, key_of

from api.state import Running
from api.writing.registrar import UnavailableError
from api.writing.wire import Accepted, Rejected
from ledger.cose.receipt import decode_receipt, verify_receipt
from ledger.cose.sign1 import encode_sign1
from ledger.errors import ReadOnlyError
from ledger.primitives.strict import format_base64url
from ledger.rules.registry import Refusal
from ledger.signer import log_public_key
from ledger.statements.envelope import parse_statement


def test_a_statement_is_registered_and_its_receipt_fetched_again(service: Service):
    raw = service.statement("4.5 degrees")
    id_ = parse_statement(raw).id.hex()

    # POST /entries                      application/cose, the signed statement
    answer = service.post(raw)
    # 201 Created, Location: /entries/<id>, application/cose: the receipt
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/entries/{id_}"
    assert answer.headers["content-type"] == "application/cose"

    # GET /entries/<id>
    again = service.client.get(answer.headers["location"])
    # 200 OK, the same bytes, which never change
    assert (again.status_code, again.content) == (200, answer.content)
    assert again.headers["location"] == f"/entries/{id_}"
    assert again.headers["cache-control"] == "public, max-age=31536000, immutable"

    # GET /entries/<id>, If-None-Match
    known = service.client.get(f"/entries/{id_}", headers={"if-none-match": again.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")

    # POST /entries                      the same bytes once more
    assert service.post(raw).content == answer.content


def test_the_statement_s_own_media_type_is_taken_as_well(service: Service):
    headers = {"content-type": "application/scitt-statement+cose; v=1"}
    raw = service.statement("by its registered name")
    assert service.client.post("/entries", content=raw, headers=headers).status_code == 201


def log_key_from(service: Service) -> bytes:
    """Return the log key in PEM as a SCITT client finds it: by the receipt's kid."""
    key_set = service.client.get("/.well-known/scitt-keys")
    assert key_set.headers["content-type"] == "application/cbor"
    (found,) = cbor2.loads(key_set.content)
    one = service.client.get(f"/.well-known/scitt-keys/{format_base64url(found[2])}")
    assert cbor2.loads(one.content) == found
    key = Ed25519PublicKey.from_public_bytes(found[-2])
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_an_independent_library_verifies_a_receipt_fetched_over_http(service: Service):
    raw = service.statement("for somebody else's verifier")
    location = service.post(raw).headers["location"]
    receipt = service.client.get(location).content
    leaf = parse_statement(raw).leaf
    pem = log_key_from(service)
    assert scitt_cose.verify_receipt(receipt, leaf_entry_hex=leaf.hex(), log_public_key_pem=pem).ok
    other = parse_statement(service.statement("another")).leaf
    assert not scitt_cose.verify_receipt(
        receipt, leaf_entry_hex=other.hex(), log_public_key_pem=pem
    ).ok
    verify_receipt(receipt, leaf, log_public_key(service.world.log.vkey), ORIGIN)


def test_every_key_resolves_and_an_unknown_one_does_not(service: Service):
    for name in ("log", "operator", "brand", "observer"):
        kid = format_base64url(key_of(name).public.kid)
        found = cbor2.loads(service.client.get(f"/.well-known/scitt-keys/{kid}").content)
        assert (found[2], found[-2]) == (key_of(name).public.kid, key_of(name).public.x)
    for kid in (format_base64url(bytes(32)), "short", "not base64url!", "A" * 4000):
        answer = service.client.get(f"/.well-known/scitt-keys/{kid}")
        assert answer.status_code == 404
        assert problem(answer)[0] == "No such key"


def test_a_refusal_names_every_broken_rule(service: Service):
    fields = {"rules": {"version": 1, "digest": "0" * 64}}
    service.world.now_us = service.world.last_us()
    raw = service.world.statement("rules", fields, by="brand", issuer=BRAND, audience="else")
    answer = service.post(raw)
    assert answer.status_code == 422
    title, detail = problem(answer)
    assert title == "Rejected"
    assert "audience: " in detail
    assert "role: " in detail
    missing = service.client.get(f"/entries/{parse_statement(raw).id.hex()}")
    assert missing.status_code == 404
    assert problem(missing)[0] == "Registration Failed"
    assert "audience: " in problem(missing)[1]


def test_the_same_statement_with_another_valid_signature_is_a_conflict(service: Service):
    (answer, raw) = _with_another_signature(service)
    assert answer.status_code == 409
    title, detail = problem(answer)
    assert title == "Registered with another signature"
    link = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert link in detail
    # What is registered is there, with its receipt.
    entry = service.client.get(link).json()
    assert entry["id"] == parse_statement(raw).id.hex()
    assert service.client.get(entry["receipt"]).status_code == 200


def _with_another_signature(service: Service):
    """Register with an ES256 key, whose signatures differ each time, twice."""
    from ledger.cose.keys import ES256

    party = "did:web:es256.example"
    fields = service.world.party_fields("es", party) | {
        "keys": [service.world.binding("es", party, alg=ES256)]
    }
    service.world.now_us = service.world.last_us()
    service.registered(service.world.statement("party", fields, subject=party))
    how = {"by": "es", "issuer": party, "alg": ES256}
    service.world.now_us = service.world.last_us()
    first = service.world.reading("twice", **how)
    second = service.world.reading("twice", **how)
    assert first != second
    assert parse_statement(first).id == parse_statement(second).id
    service.registered(first)
    return service.post(second), first


def damaged(raw: bytes) -> bytes:
    found = parse_statement(raw)
    signature = bytes([found.signature[0] ^ 1]) + found.signature[1:]
    protected = cbor2.loads(raw).value[0]
    return encode_sign1(protected, found.payload, signature)


PROBLEMS = {
    "no CBOR": (lambda _: b"hello", COSE, 400, "Malformed request"),
    "nothing at all": (lambda _: b"", COSE, 400, "Malformed request"),
    "JSON": (lambda _: b"{}", {"content-type": "application/json"}, 415, "Another media type"),
    "no media type": (lambda _: b"", {}, 415, "Another media type"),
    "compressed": (lambda raw: raw, COSE | {"content-encoding": "gzip"}, 415, "Another media type"),
    "too large": (lambda _: bytes(65_536), COSE, 413, "Too large"),
    "a signature that does not verify": (damaged, COSE, 422, "Rejected"),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_what_cannot_be_registered_is_a_concise_problem(service: Service, case: str):
    make, headers, status, title = PROBLEMS[case]
    body = make(service.statement(f"for {case}"))
    answer = service.client.post("/entries", content=body, headers=headers)
    assert answer.status_code == status
    assert problem(answer)[0].startswith(title)
    assert answer.headers["cache-control"] == "no-store"


def test_every_error_on_these_paths_is_concise(service: Service):
    for method, path, status in (
        ("GET", "/entries", 405),
        ("DELETE", "/entries", 405),
        ("PUT", f"/entries/{'0' * 64}", 405),
        ("GET", f"/entries/{'0' * 64}", 404),
        ("GET", f"/entries/{'A' * 64}", 400),
        ("GET", "/entries/", 404),
        ("GET", f"/entries/{'0' * 64}/receipt", 404),
        ("POST", "/.well-known/scitt-keys", 405),
        ("GET", "/.well-known/scitt-keys/", 404),
    ):
        answer = service.client.request(method, path)
        assert answer.status_code == status, (method, path)
        assert problem(answer)[0]
        assert ("allow" in answer.headers) == (status == 405)


def test_the_receipt_s_index_is_where_the_entry_is(service: Service):
    raw = service.statement("where am I")
    receipt = decode_receipt(service.post(raw).content)
    entry = service.client.get(f"/v1/entries/{receipt.index}").json()
    assert entry["id"] == parse_statement(raw).id.hex()


class TestRegistrationsThatRun:
    """What a client is told that comes back before, and after, the outcome is known."""

    @staticmethod
    def answer_of(outcome: object) -> tuple[int, str]:
        async def ask() -> tuple[int, str]:
            running = Running()
            task: asyncio.Future = asyncio.get_running_loop().create_future()
            running.add(b"i" * 32, task)
            if isinstance(outcome, Exception):
                task.set_exception(outcome)
            elif outcome is not None:
                task.set_result([outcome])
            answer = running.answer(b"i" * 32, "en")
            if answer.status_code == 204:
                assert answer.headers["cache-control"] == "no-store"
                assert int(answer.headers["retry-after"]) > 0
                return 204, ""
            found = cbor2.loads(answer.body)
            return answer.status_code, f"{found[-1]}: {found[-2]}"

        return asyncio.run(ask())

    def test_it_runs(self):
        assert self.answer_of(None) == (204, "")

    def test_it_was_committed_meanwhile(self):
        assert self.answer_of(Accepted(b"i" * 32, 4, b"", new=True)) == (204, "")

    def test_it_was_refused(self):
        outcome = Rejected.of(b"i" * 32, (Refusal("role", "no brand"),))
        assert self.answer_of(outcome) == (404, "Registration Failed: role: no brand")

    def test_nobody_knows(self):
        status, said = self.answer_of(UnavailableError("the writer is gone"))
        assert status == 404
        assert said.startswith("Registration Failed: not known: submit it again")

    def test_a_registration_that_takes_too_long_is_told_to_come_back(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("api.routes.scitt.PATIENCE_S", 0.0)
        raw = service.statement("slow")
        writer = service.app.state.pinyuan.registrar._line._process
        writer.send_signal(signal.SIGSTOP)
        answer = service.post(raw)
        assert service.client.get(answer.headers["location"]).status_code == 204
        writer.send_signal(signal.SIGCONT)
        assert (answer.status_code, answer.content) == (202, b"")
        assert answer.headers["retry-after"] == "5"
        deadline = time.monotonic() + 20
        while (found := service.client.get(answer.headers["location"])).status_code != 200:
            assert found.status_code == 204
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert decode_receipt(found.content).claims.origin == ORIGIN

    def test_it_is_committed_and_another_process_signs_it(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ):
        location = service.post(service.statement("not signed yet")).headers["location"]

        def fail(_index: int) -> None:
            raise ReadOnlyError("opened without its keys")

        monkeypatch.setattr(service.app.state.pinyuan.reads.log, "receipt", fail)
        answer = service.client.get(location)
        assert (answer.status_code, answer.headers["cache-control"]) == (204, "no-store")
        monkeypatch.undo()
        assert service.client.get(location).status_code == 200


def test_a_recall_of_a_lot_spelled_otherwise_is_registered_and_remarked_on(service: Service):
    index = service.tea.lot(f"{GTIN}/10/C3").index
    # POST /entries                      a recall of C-3, where C3 is on record
    answer = service.post(service.tea.recall(f"{GTIN}/10/C-3"))
    # 201 Created, Pinyuan-Remarks: what nobody registered, and what may be meant
    assert answer.status_code == 201
    (row,) = json.loads(answer.headers["pinyuan-remarks"])
    assert (row["remark"], row["about"]) == ("lot-unregistered", f"{GTIN}/10/C-3")
    assert (row["near"], row["cites"]) == ([f"{GTIN}/10/C3"], [index])
    # a recall of C3 itself: nothing to remark
    assert "pinyuan-remarks" not in service.post(service.tea.recall(f"{GTIN}/10/C3")).headers
