"""What strangers wrote comes escaped over HTTP, the value the same."""

import re

from serving import Service

from ledger.cose import cbor

NASTY = "urn:x:\u009b31mred\u202egnp.exe\u200b\u2028ok  answer: yes"
DOES = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028\u202e]")
"""What moves a terminal or turns a line around."""


def test_http_shows_it_as_well(service: Service):
    index = service.registered(service.statement("hi", subject=NASTY))
    service.indexed()
    answers = [
        service.client.get(f"/v1/entries/{index}"),
        service.client.get("/v1/entries", params={"subject": NASTY}),
        service.client.get("/v1/entries", params={"type": NASTY}),
        service.client.get("/v1/questions/history", params={"topic": NASTY, "subject": "x"}),
        service.client.get(f"/v1/entries/{NASTY}"),
    ]
    for answer in answers:
        assert DOES.search(answer.text) is None, answer.text
    assert answers[0].json()["subject"] == NASTY
    refused = service.client.get(f"/entries/{NASTY}")
    for text in cbor.decode(refused.content, "problem").values():
        assert DOES.search(text) is None
