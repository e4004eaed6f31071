"""Checkpoint, tiles and proofs as an auditor and a cache see them."""

import pytest
from serving import Service, problem

from ledger.primitives.strict import parse_base64
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.merkle import leaf_hash, root_hash, verify_consistency, verify_inclusion
from ledger.tlog.note import decode_note
from ledger.tlog.tiles import decode_bundle, split_hashes, tile_path


def checkpoint_of(service: Service):
    answer = service.client.get("/checkpoint")
    assert answer.status_code == 200
    note = decode_note(answer.content)
    return answer, parse_checkpoint(note.text)


def test_a_client_rebuilds_the_tree_from_tiles_alone(service: Service):
    # GET /checkpoint
    answer, checkpoint = checkpoint_of(service)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=2"

    # GET /tile/0/000.p/<W>, GET /tile/entries/000.p/<W>
    width = min(checkpoint.size, 255)
    tile = service.client.get(f"/{tile_path(0, 0, width)}")
    bundle = service.client.get(f"/{tile_path(None, 0, width)}")
    for found in (tile, bundle):
        assert found.status_code == 200
        assert found.headers["content-type"] == "application/octet-stream"
        assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    hashes = split_hashes(tile.content, width, "tile")
    assert hashes == [leaf_hash(leaf) for leaf in decode_bundle(bundle.content, width, "bundle")]
    if width == checkpoint.size:
        assert root_hash(hashes) == checkpoint.root

    # The same again: a cache asks whether it changed.
    for path in ("/checkpoint", f"/{tile_path(0, 0, width)}"):
        etag = service.client.get(path).headers["etag"]
        for header in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            again = service.client.get(path, headers={"if-none-match": header})
            assert (again.status_code, again.content) == (304, b""), header
            assert again.headers["etag"] == etag
        assert service.client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, identity", True),
        ("br;q=1, GZIP;q=0.5", True),
        ("*", True),
        ("identity", False),
        ("", False),
        ("gzip;q=0, *", False),
        ("br", False),
    ],
)
def test_entry_bundles_are_packed_for_who_unpacks_them(
    service: Service, accepted: str, packed: bool
):
    width = min(checkpoint_of(service)[1].size, 255)
    path = f"/{tile_path(None, 0, width)}"
    plain = service.client.get(path, headers={"accept-encoding": "identity"})
    answer = service.client.get(path, headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert (answer.headers["etag"] != plain.headers["etag"]) == packed
    assert answer.content == plain.content  # as the client unpacks it
    if packed:
        assert int(answer.headers["content-length"]) < len(plain.content) / 2
        given = {"accept-encoding": accepted, "if-none-match": answer.headers["etag"]}
        assert service.client.get(path, headers=given).status_code == 304
    hashes = service.client.get(f"/{tile_path(0, 0, width)}", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in hashes.headers
    assert "vary" not in hashes.headers


NOT_THERE = [
    "0/900",
    "0/900.p/255",
    "1/003.p/1",
    "entries/900",
    "entries/x001/000",
    "7/x999/x999/999",
]
NO_TILE = [
    "0/0", "0/000.p/0", "0/000.p/256", "0/000.p/01", "8/000", "-1/000", "entries/1", "0/x000/000",
    "entries", "0/000/", "0//000", "data/000", "0/000.p", "0/٣٣٣", "0/000%00",
]  # fmt: skip


@pytest.mark.parametrize("path", NOT_THERE)
def test_a_tile_that_is_not_there_yet_is_not_found_and_not_remembered(service: Service, path: str):
    answer = service.client.get(f"/tile/{path}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", NO_TILE)
def test_what_is_no_tile_s_path_is_refused(service: Service, path: str):
    answer = service.client.get(f"/tile/{path}")
    assert answer.status_code == 400
    assert "not a tile path" in problem(answer)[1]


def test_an_entry_is_proven_in_the_newest_tree_and_in_an_older_one(service: Service):
    _, checkpoint = checkpoint_of(service)
    for path in ("/v1/proofs/5", f"/v1/proofs/5/{checkpoint.size}", "/v1/proofs/5/6"):
        answer = service.client.get(path)
        found = answer.json()
        verify_inclusion(
            index=5,
            size=found["size"],
            leaf=parse_base64(found["leaf_hash"]),
            path=[parse_base64(item) for item in found["path"]],
            root=parse_base64(found["root"]),
        )
        immutable = "immutable" in answer.headers["cache-control"]
        assert immutable == (path != "/v1/proofs/5")
    found = service.client.get(f"/v1/proofs/5/{checkpoint.size}").json()
    assert parse_base64(found["root"]) == checkpoint.root


def test_the_log_of_one_size_is_proven_to_extend_another(service: Service):
    _, checkpoint = checkpoint_of(service)
    found = service.client.get(f"/v1/consistency/4/{checkpoint.size}").json()
    verify_consistency(
        old=4,
        size=checkpoint.size,
        old_root=parse_base64(found["old_root"]),
        root=checkpoint.root,
        proof=[parse_base64(item) for item in found["path"]],
    )
    assert parse_base64(found["root"]) == checkpoint.root


PROOFLESS = {
    "/v1/proofs/999999": 404,
    "/v1/proofs/5/5": 404,
    "/v1/proofs/0/0": 404,
    "/v1/proofs/0/999999": 404,
    "/v1/proofs/x": 400,
    "/v1/proofs/-1": 400,
    "/v1/proofs/01": 400,
    "/v1/proofs/18446744073709551615": 400,
    "/v1/consistency/0/4": 400,
    "/v1/consistency/5/4": 400,
    "/v1/consistency/4/999999": 404,
}


@pytest.mark.parametrize("path", PROOFLESS)
def test_what_cannot_be_proven_is_refused(service: Service, path: str):
    answer = service.client.get(path)
    assert answer.status_code == PROOFLESS[path]
    assert problem(answer)[1]
