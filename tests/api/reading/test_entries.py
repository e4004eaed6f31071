"""Entries over HTTP: one whole with its proof; searched, page by page, as of a seal."""

import pytest
from serving import Service, problem
from tea import GTIN, LOT, TRADER
from world import BRAND, OPERATOR, key_of

from api.http.problems import Problem
from api.reading.cursors import Cursor, decode, encode
from api.reading.entries import parse_wanted, search_entries
from ledger.cose import cbor
from ledger.cose.sign1 import decode_sign1, sign
from ledger.primitives import ijson
from ledger.primitives.strict import format_base64url, parse_base64, parse_base64url
from ledger.statements.envelope import parse_statement
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.merkle import leaf_hash, verify_inclusion


def search(service: Service, **query: str) -> dict:
    answer = service.client.get("/v1/entries", params={"limit": "500", **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def types(page: dict) -> list[str]:
    return [entry["type"] for entry in page["entries"]]


def test_one_entry_is_shown_with_its_bytes_and_proven(service: Service):
    product = service.said["product"]
    # GET /v1/entries/<id>, GET /v1/entries/<index>
    answer = service.client.get(f"/v1/entries/{product.id.hex()}")
    assert service.client.get(f"/v1/entries/{product.index}").json() == answer.json()
    found = answer.json()
    statement = parse_statement(parse_base64(found["bytes"]))
    assert found["id"] == statement.id.hex() == product.id.hex()
    assert found["payload"] == ijson.decode(statement.payload)
    assert (found["type"], found["issuer"], found["subject"]) == ("product", BRAND, GTIN)
    assert {"topic": "product", "subject": GTIN} in [
        {name: item[name] for name in ("topic", "subject")} for item in found["histories"]
    ]
    history = service.client.get(found["histories"][0]["link"]).json()
    assert found["id"] in history["answer"]
    assert service.client.get(found["receipt"]).status_code == 200
    note = decode_checkpoint(found["checkpoint"].encode(), service.world.log.vkey)[1]
    verify_inclusion(
        index=found["index"],
        size=note.size,
        leaf=leaf_hash(statement.leaf),
        path=[parse_base64(item) for item in found["proof"]["path"]],
        root=note.root,
    )


def test_a_foreign_entry_is_shown_as_its_bytes(service: Service):
    index = service.registered(service.statement("4.5 °C", subject="urn:x:foreign"))
    found = service.client.get(f"/v1/entries/{index}").json()
    assert (found["type"], found["content_type"]) == ("generic", "text/plain")
    assert parse_base64(found["payload"]).decode() == "4.5 °C"


@pytest.mark.parametrize(
    ("key", "status"),
    [("99999999", 404), ("0" * 64, 404), ("-1", 400), ("1.0", 400), ("x" * 64, 400), ("1e3", 400)],
)
def test_an_entry_that_is_not_there(service: Service, key: str, status: int):
    answer = service.client.get(f"/v1/entries/{key}")
    assert answer.status_code == status
    assert problem(answer)[1]


SEARCHES = {
    "by type": ({"type": "authorisation"}, ["authorisation"] * 3),
    "by issuer and type": ({"issuer": BRAND, "type": "product"}, ["product"]),
    "by subject": ({"subject": TRADER}, ["authorisation", "party"]),
    "by party": ({"party": TRADER}, ["authorisation", "party"]),
    "by product, oldest first": ({"product": GTIN, "order": "asc"}, ["product", "generic"]),
    "by lot": ({"lot": LOT}, ["generic"]),
    "what nobody said": ({"lot": GTIN + "/10/none"}, []),
}


@pytest.mark.parametrize("case", SEARCHES)
def test_entries_are_found(service: Service, case: str):
    if not search(service, lot=LOT)["total"]:
        service.registered(service.statement("of a lot", subject=LOT))
        service.indexed()
    query, expected = SEARCHES[case]
    page = search(service, **query)
    assert types(page) == expected
    assert page["total"] == len(expected)
    assert page["next"] is None
    assert page["seal"]["size"] == page["seal"]["index"] + 1


def test_times_bound_a_search_by_registration(service: Service):
    service.indexed()
    parties = search(service, type="party", issuer=OPERATOR, order="asc")["entries"]
    third = parties[2]["registered_at"]
    before = search(service, type="party", issuer=OPERATOR, order="asc", until=third)
    since = search(service, type="party", issuer=OPERATOR, order="asc", **{"from": third})
    assert before["entries"] == parties[:2]
    assert since["entries"] == parties[2:]
    assert before["total"] + since["total"] == len(parties)
    assert search(service, **{"from": "2999-01-01T00:00:00Z"})["total"] == 0
    assert search(service, until="1999-01-01T00:00:00Z")["total"] == 0
    crossed = search(service, until=third, **{"from": parties[3]["registered_at"]})
    assert (crossed["total"], crossed["entries"]) == (0, [])


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("filters", [{}, {"type": "party"}, {"party": BRAND, "issuer": OPERATOR}])
def test_pages_are_stable_while_the_log_grows(service: Service, order: str, filters: dict):
    size = service.indexed()
    whole = search(service, order=order, **filters)
    assert whole["seal"]["size"] == size
    pages, query = [], {"limit": "3", "order": order, **filters}
    while True:
        page = service.client.get("/v1/entries", params=query).json()
        pages.append(page)
        service.registered(service.statement(f"meanwhile {order} {filters} {len(pages)}"))
        if page["next"] is None:
            break
        query = {"limit": "3", "cursor": page["next"]}
    found = [entry for page in pages for entry in page["entries"]]
    assert found == whole["entries"]
    assert {page["total"] for page in pages} == {whole["total"]} == {len(found)}
    assert {page["seal"]["size"] for page in pages} == {size}
    assert all(len(page["entries"]) == 3 for page in pages[:-1])


def first_cursor(service: Service, **query: str) -> str:
    """Return where a search goes on; an index that is behind may have no second page yet."""
    service.indexed()
    return search(service, **{"limit": "1", **query})["next"]


def test_an_altered_cursor_is_refused(service: Service):
    cursor = first_cursor(service, type="party")
    raw = parse_base64url(cursor)
    altered = [
        format_base64url(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]) for at in range(len(raw))
    ]
    for text in [*altered, cursor[:-1], cursor + "A", cursor * 2, "x", "=", "A" * 8001]:
        answer = service.client.get("/v1/entries", params={"cursor": text})
        assert answer.status_code == 400
        assert problem(answer)[1] == "cursor: not one that this ledger gave out"


def test_a_cursor_is_of_its_own_search_and_ledger(service: Service):
    cursor = first_cursor(service, type="party")
    for query in ({"type": "product"}, {"type": "party", "issuer": BRAND}, {"order": "asc"}):
        answer = service.client.get("/v1/entries", params={"cursor": cursor, **query})
        assert answer.status_code == 400
        assert "other filters or another order" in problem(answer)[1]
    again = {"cursor": cursor, "type": "party", "order": "desc"}
    assert service.client.get("/v1/entries", params=again).status_code == 200
    with pytest.raises(Problem):
        decode(cursor, "ledger.example/other", Cursor)
    ahead = Cursor({}, "asc", 1 << 40, 1, 0, 1)
    answer = service.client.get(
        "/v1/entries", params={"cursor": encode(ahead, service.world.log.origin)}
    )
    assert answer.status_code == 400
    assert "as of 1099511627776 entries" in problem(answer)[1]


HUGE = (1 << 63) - 1


@pytest.mark.parametrize(
    "made_up",
    [
        Cursor({}, "asc", 2, HUGE, 0, HUGE),
        Cursor({}, "desc", 2, HUGE, 0, HUGE),
        Cursor({}, "asc", 2, 1, 2, 1),
        Cursor({"colour": "red"}, "asc", 2, 1, 0, 1),
        Cursor({"from": "yesterday"}, "asc", 2, 1, 0, 1),
    ],
)
def test_a_cursor_that_somebody_made_up_is_refused(service: Service, made_up: Cursor):
    service.indexed()
    cursor = encode(made_up, service.world.log.origin)
    answer = service.client.get("/v1/entries", params={"cursor": cursor})
    assert answer.status_code == 400, answer.content


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=01",
        "limit=x",
        "order=up",
        "from=yesterday",
        "until=2026",
        "q=1",
    ],
)
def test_what_cannot_be_searched_is_refused(service: Service, query: str):
    answer = service.client.get(f"/v1/entries?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in problem(answer)[1]


def test_a_search_says_how_far_behind_it_is(service: Service, monkeypatch: pytest.MonkeyPatch):
    size = service.indexed()
    reads = service.app.state.pinyuan.reads
    wanted = parse_wanted({}, reads.log.origin)
    monkeypatch.setattr("api.reading.entries.position", lambda _: size - 3)
    page = search_entries(reads, wanted)
    assert page["lag"] == 3
    assert page["seal"]["size"] <= size - 3
    assert page["total"] == page["seal"]["size"]
    monkeypatch.setattr("api.reading.entries.position", lambda _: 0)
    assert search_entries(reads, wanted) == {
        "entries": [],
        "total": 0,
        "next": None,
        "seal": None,
        "lag": size,
    }


def test_a_hash_envelope_and_the_receipts_that_came_along_are_shown(service: Service):
    bare = decode_sign1(service.statement("of a hash", subject="urn:x:hashed"))
    headers = {label: bare.headers[label] for label in (1, 4, 15)}
    headers |= {258: -16, 259: "application/pdf", 260: "https://brand.example/r.pdf"}
    parts = decode_sign1(sign(headers, bytes(32), key_of("brand").sign))
    raw = b"\xd2" + cbor.encode(
        [parts.protected, {394: [b"of another log"]}, parts.payload, parts.signature]
    )
    found = service.client.get(f"/v1/entries/{service.registered(raw)}").json()
    assert (found["type"], found["content_type"]) == ("generic", None)
    assert found["hash_envelope"] == {
        "hash": "SHA-256",
        "content_type": "application/pdf",
        "location": "https://brand.example/r.pdf",
    }
    assert [parse_base64(item) for item in found["attached"]] == [b"of another log"]
    assert parse_base64(found["bytes"]) == parts.emptied()
