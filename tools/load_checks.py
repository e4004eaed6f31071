"""What the load generator checks of the answers it counts."""

import base64
import json

from bench_log import ORIGIN, key_of

from ledger.cose.keys import EDDSA, PublicKey
from ledger.cose.receipt import verify_receipt
from ledger.statements.envelope import parse_statement
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.merkle import verify_inclusion
from ledger.tlog.note import TYPE_ED25519, VerifierKey, parse_note


def check_receipts(bodies: list[tuple[bytes, bytes]]) -> int:
    key = PublicKey(EDDSA, key_of(1).public.x)
    for request, receipt in bodies:
        leaf = parse_statement(request.partition(b"\r\n\r\n")[2]).leaf
        verify_receipt(receipt, leaf, key, ORIGIN)
    return len(bodies)


def check_proofs(bodies: list[tuple[bytes, bytes]], checkpoint: bytes) -> int:
    """Hold inclusion proofs against a checkpoint that the log signed."""
    vkey = VerifierKey(ORIGIN, TYPE_ED25519, key_of(1).public.x)
    signed = open_checkpoint(parse_note(checkpoint.decode()), vkey)
    for _, body in bodies:
        found = json.loads(body)
        assert found["size"] == signed.size, "the log grew while it was read"
        verify_inclusion(
            index=found["index"],
            size=found["size"],
            leaf=base64.b64decode(found["leaf_hash"]),
            path=[base64.b64decode(item) for item in found["path"]],
            root=signed.root,
        )
    return len(bodies)
