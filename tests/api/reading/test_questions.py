"""Questions over HTTP: the answer, both times, its language, and the bundle that proves it."""

import re

import pytest
from serving import Service, problem
from tea import GTIN, TRADER

from api.http.describe import EXAMPLES
from api.reading.questions import answer_of
from ledger.evidence.answered import path_of
from ledger.evidence.bundle import decode_bundle, leans_on, verify_bundle
from ledger.questions.answers import ANSWERS
from ledger.questions.declared import QUESTIONS
from ledger.questions.forms import FORMS
from ledger.tlog.trust import parse_trust

MAY_SELL = {"trader": TRADER, "product": GTIN, "territory": "CN", "channel": "mall.example"}
EVIDENCE = "application/vnd.pinyuan.evidence+json"


def ask(service: Service, path: str, headers: dict | None = None, **query: str):
    return service.client.get(path, params=query, headers=headers or {})


def test_may_this_trader_sell_this_product_here(service: Service):
    # GET /v1/may-sell?trader=...&product=...&territory=CN&channel=mall.example
    answer = ask(service, "/v1/may-sell", **MAY_SELL)
    # 200 OK
    assert answer.status_code == 200
    found = answer.json()
    assert found["question"] == "may_sell"
    assert found["parameters"] == MAY_SELL | {"shop_type": "*", "shop": "*"}
    assert found["answer"]["verdict"] == "yes"
    assert [link["entry"] for link in found["answer"]["chain"]]
    assert found["names"][GTIN] == {"zh": "绿茶", "en": "Green tea"}
    assert f"Green tea ({GTIN})" in found["sentences"][0]
    assert found["completeness"] == "asserted by the operator"
    assert (found["clock"], found["fresh_by"]) == ("simulated", "the newest seal")
    assert found["known_at"] == found["size"]
    assert found["valid_at"] == found["fresh_at"]

    # GET <bundle>: what proves the same answer, as of the same times
    bundle = service.client.get(found["bundle"])
    assert bundle.headers["content-type"] == EVIDENCE
    opened = decode_bundle(bundle.content)
    assert opened.answer == found["answer"]
    trust = parse_trust(f"log {service.world.log.vkey}\nquorum none\nmax-age 1000000\n")
    verified = verify_bundle(
        bundle.content,
        trust,
        now_us=service.world.last_us(),
        expect=("may_sell", found["parameters"]),
    )
    assert verified.known_at == found["known_at"]
    assert verified.clock == found["clock"]
    assert verified.names == found["names"]


def test_a_history_is_asked_about_no_time(service: Service):
    answer = ask(service, "/v1/history", topic="product", subject=GTIN)
    assert answer.json()["answer"] == [service.said["product"].id.hex()]
    assert answer.json()["valid_at"] is None
    wrong = ask(service, "/v1/history", topic="x", subject="y", at="2026-01-01T00:00:00Z")
    assert wrong.status_code == 400
    assert "unknown parameter 'at'" in problem(wrong)[1]


def test_both_times_are_named(service: Service):
    before = service.said["product"].index  # the brand had not declared its product yet
    then = ask(service, "/v1/may-sell", known_at=str(before), **MAY_SELL).json()
    assert then["answer"]["verdict"] == "unknown"
    assert then["known_at"] == before
    assert then["size"] > before
    early = ask(service, "/v1/may-sell", at="2025-12-31T23:59:59.5Z", **MAY_SELL).json()
    assert (early["valid_at"], early["answer"]["verdict"]) == ("2025-12-31T23:59:59.500000Z", "no")


@pytest.mark.parametrize(
    ("query", "headers", "whole"),
    [
        ({"bundle": "1"}, {}, True),
        ({}, {"accept": EVIDENCE}, True),
        ({}, {"accept": f"application/json;q=0.5, {EVIDENCE}"}, True),
        ({}, {"accept": f"{EVIDENCE};q=0.5, application/json"}, False),
        ({"bundle": "0"}, {"accept": EVIDENCE}, False),
        ({}, {"accept": "*/*"}, False),
        ({}, {"accept": "text/html, application/*;q=0.1"}, False),
    ],
)
def test_answer_or_bundle(service: Service, query: dict, headers: dict, *, whole: bool):
    answer = ask(service, "/v1/may-sell", headers, **MAY_SELL, **query)
    assert answer.headers["content-type"] == (EVIDENCE if whole else "application/json")
    assert answer.headers["vary"] == "Accept, Accept-Language"


def test_neither_is_not_acceptable(service: Service):
    answer = ask(service, "/v1/may-sell", {"accept": "text/html"}, **MAY_SELL)
    assert answer.status_code == 406


@pytest.mark.parametrize(
    ("query", "header", "spoken"),
    [
        ({}, "", "en"),
        ({}, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ({}, "de, en;q=0.3, zh-Hant;q=0.7", "zh"),
        ({}, "fr", "en"),
        ({}, "zh;q=bad", "en"),
        ({"lang": "en"}, "zh", "en"),
        ({"lang": "zh"}, "", "zh"),
    ],
)
def test_the_language_is_asked_for(service: Service, query: dict, header: str, spoken: str):
    answer = ask(service, "/v1/may-sell", {"accept-language": header}, **MAY_SELL, **query)
    assert answer.headers["content-language"] == answer.json()["language"] == spoken


def test_an_answer_says_itself_in_words_and_what_it_leans_on(service: Service):
    reads = service.app.state.pinyuan.reads
    bundle = reads.prove("may_sell", MAY_SELL | {"shop_type": "*"})
    found = answer_of(bundle, reads, "zh")
    assert found["language"] == "zh"
    assert "绿茶" in found["sentences"][0]
    assert found["leans_on"] == list(leans_on(bundle))
    assert "grant-exclusive-late" in found["leans_on"]


WRONG = {
    "nothing given: all that is missing is named": (
        {},
        "trader: missing.*product: missing.*territory: missing.*channel: missing",
    ),
    "a wrong check digit": (MAY_SELL | {"product": GTIN[:-1] + "5"}, "product: .*check digit"),
    "several wrong at once": (
        MAY_SELL | {"territory": "china", "shop_type": "kiosk"},
        "territory: .*; shop_type: ",
    ),
    "a parameter that does not exist": (MAY_SELL | {"colour": "x"}, "unknown parameter 'colour'"),
    "a size of nothing": (MAY_SELL | {"known_at": "0"}, "known_at: 0 is not from 1"),
    "a size the log never had": (
        MAY_SELL | {"known_at": "99999999"},
        "size 99999999 is not reached yet: the log has [0-9]+ entries",
    ),
    "a number that is none": (MAY_SELL | {"known_at": "1_0"}, "known_at: not a decimal"),
    "a time without a zone": (MAY_SELL | {"at": "2026-01-01T00:00:00"}, "at: times are UTC"),
    "the thirtieth of February": (MAY_SELL | {"at": "2026-02-30T00:00:00Z"}, "at: not a time"),
    "a time before 1970": (MAY_SELL | {"at": "1969-12-31T23:59:59Z"}, "at: not a time"),
    "a language nobody speaks here": (MAY_SELL | {"lang": "de"}, "lang: en or zh"),
    "half a bundle": (MAY_SELL | {"bundle": "yes"}, "bundle: 0 or 1"),
    "no value": (MAY_SELL | {"at": ""}, "at: no value"),
    "since a size to come": (MAY_SELL | {"since": "99999999"}, "no consistency proof since"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_asked_is_refused(service: Service, case: str):
    query, said = WRONG[case]
    answer = ask(service, "/v1/may-sell", **query)
    assert answer.status_code == 400
    assert re.search(said, problem(answer)[1])


@pytest.mark.parametrize(
    "query", ["topic=a&topic=b&subject=c", "topic=%ff&subject=c", "topic&subject=c", "=x", "%00=1"]
)
def test_a_query_string_is_read_strictly(service: Service, query: str):
    assert service.client.get(f"/v1/history?{query}").status_code == 400


def test_every_question_that_has_an_answer_is_a_route(service: Service):
    document = service.client.get("/openapi.json").json()
    for name, asked in QUESTIONS.items():
        route = document["paths"].get(path_of(name))
        assert (route is not None) == (name in ANSWERS), name
        if route is None:
            assert service.client.get(path_of(name)).status_code == 404
            continue
        described = {item["name"]: item for item in route["get"]["parameters"]}
        for item in asked.parameters:
            assert described[item.name]["required"] == (item.default is None)
            assert item.words.to("zh") in described[item.name]["description"]
        assert ("at" in described) == asked.timed
        assert route["get"]["summary"] == asked.words.en


def test_the_examples_are_in_their_forms():
    assert EXAMPLES.keys() == FORMS.keys()
    for form, example in EXAMPLES.items():
        FORMS[form](example)


SLIPS = {
    "a party's digit mistaken, and its check digit": (
        "/v1/sanctions", {"subject": TRADER.replace("6901234507027", "6901334507026")}, TRADER),
    "a product's": ("/v1/trace", {"goods": GTIN.replace("06901234500004", "06901234600001")}, GTIN),
    "a lot spelled otherwise": ("/v1/trace", {"goods": f"{GTIN}/10/e-07"}, f"{GTIN}/10/E7"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "query", "meant"), SLIPS.values(), ids=SLIPS)
def test_what_may_be_meant_by_an_unknown_name_stands_beside_the_answer(
    service: Service, path: str, query: dict[str, str], meant: str
):
    if "/10/" in meant:
        service.tea.lot(meant)
    found = ask(service, path, **query).json()
    (row,) = found["meant"]
    assert (row["about"], row["near"][0]) == (next(iter(query.values())), meant)
    assert found["answer"]["verdict"] == "unknown"
    bundle = service.client.get(found["bundle"])
    assert decode_bundle(bundle.content).answer == found["answer"], "the bundle proves as much"
    assert b"meant" not in bundle.content


def test_of_names_on_record_nothing_else_is_meant(service: Service):
    assert "meant" not in ask(service, "/v1/may-sell", **MAY_SELL).json()
