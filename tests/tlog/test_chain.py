"""The linear hash chain against the published one."""

import json

from ledger.tlog import chain


def test_the_chain_has_the_published_values(vectors):
    formats = json.loads((vectors / "pinyuan/formats.json").read_text())
    value = chain.start(formats["origin"])
    values = [value.hex()]
    for statement in formats["statements"]:
        value = chain.extend(value, bytes.fromhex(statement["leaf_hash"]))
        values.append(value.hex())
    assert values == formats["chain"]
