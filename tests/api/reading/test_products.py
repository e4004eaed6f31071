"""The GS1 Digital Link resolver: linksets, canonical spellings, GS1's own vectors."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from serving import Service, problem
from tea import GTIN

from api.http.problems import Problem
from api.reading.digital_link import check_attributes, goods_of
from ledger.identifiers import split_goods

LINKSET = "application/linkset+json"
ROOT = "https://ref.gs1.org/voc/"


def test_a_scanned_product_is_linked_to_what_is_known_of_it(service: Service):
    # GET /01/06901234500004, Accept: application/linkset+json
    answer = service.client.get("/01/06901234500004", headers={"accept": LINKSET})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == LINKSET
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["link"]
    (found,) = answer.json()["linkset"]
    assert found["anchor"] == GTIN
    relations = {name for name in found if name.startswith(ROOT)}
    assert relations == {
        ROOT + "defaultLink",
        ROOT + "traceability",
        ROOT + "verificationService",
        ROOT + "recallStatus",
    }
    for relation in relations:
        for link in found[relation]:
            assert link["href"].startswith(f"{service.url}/v1/")
            followed = service.client.get(link["href"])
            asks_for_more = relation == ROOT + "verificationService"
            assert followed.status_code == (400 if asks_for_more else 200), link
            if asks_for_more:
                assert "trader: missing" in problem(followed)[1]


@pytest.mark.parametrize(
    ("accept", "query", "status"),
    [
        ("*/*", "", 200),
        ("application/json", "", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", 200),
        ("text/html", "", 406),
        ("text/html", "?linkType=linkset", 200),
        ("text/html", "?linkType=all", 200),
        ("*/*", "?linkType=linkset&17=201225&unknown=1", 200),
        ("*/*", "?linkType=gs1:traceability", 307),
        ("*/*", "?linkType=https://ref.gs1.org/voc/recallStatus", 307),
        ("text/html", "?linkType=gs1:defaultLink", 307),
        ("*/*", "?linkType=gs1:pip", 404),
        ("*/*", "?linkType=all&linkType=all", 400),
        ("*/*", "?10=A7", 400),
    ],
)
def test_a_client_says_what_it_wants(service: Service, accept: str, query: str, status: int):
    answer = service.client.get(f"/01/06901234500004{query}", headers={"accept": accept})
    assert answer.status_code == status
    if status == 307:
        assert service.client.get(answer.headers["location"]).status_code == 200


CANONICAL = {
    "/01/6901234500004": "/01/06901234500004",
    "/01/6901234500004/10/A7?linkType=all": "/01/06901234500004/10/A7?linkType=all",
    "/01/0%36901234500004": "/01/06901234500004",
    "/01/06901234500004/21/%41%2D1": "/01/06901234500004/21/A-1",
    "/01/06901234500004/10/a(b)": "/01/06901234500004/10/a%28b%29",
    "/01/06901234500004/10/a%2fb/21/c": "/01/06901234500004/10/a%2Fb/21/c",
}


@pytest.mark.parametrize("path", CANONICAL)
def test_another_spelling_leads_to_the_canonical_one(service: Service, path: str):
    answer = service.client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (301, CANONICAL[path])
    assert service.client.get(answer.headers["location"]).status_code in (200, 404)


def test_a_lot_whose_name_has_a_slash_is_resolved(service: Service):
    goods = GTIN + "/10/a%2Fb"
    service.registered(service.statement("of a lot with a slash", subject=goods))
    answer = service.client.get("/01/06901234500004/10/a%2Fb")
    assert answer.status_code == 200
    assert answer.json()["linkset"][0]["anchor"] == goods


REFUSED = {
    "/01/06901234500005": (400, "check digit"),
    "/01/1234": (400, "not 8, 12, 13 or 14 digits"),
    "/01/069012345000x4": (400, "not 8, 12, 13 or 14 digits"),
    "/01/": (400, "empty"),
    "/01/06901234500004/10/": (400, "empty"),
    "/01/06901234500004/": (404, "after the GTIN"),
    "/01/06901234500004/21/1/10/A7": (404, "after the GTIN"),
    "/01/06901234500004/22/2A": (404, "after the GTIN"),
    "/01/06901234500004/10/%00": (400, "not a lot"),
    "/01/06901234500004/10/%E8%8C%B6": (400, "not a lot"),
    "/01/06901234500004/10/" + "A" * 21: (400, "not a"),
    "/01/06901234500004/10/%zz": (400, "characters that no URI has"),
    "/01/06901234500035": (404, "nothing was said of it here"),
    "/00/006141411234567890": (404, "nothing at this path"),
    "/gtin/06901234500004": (404, "nothing at this path"),
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_is_not_resolved(service: Service, path: str):
    status, said = REFUSED[path]
    answer = service.client.get(path)
    assert answer.status_code == status
    assert said in problem(answer)[1]


def test_the_resolver_describes_itself(service: Service):
    found = service.client.get("/.well-known/gs1resolver").json()
    assert found["resolverRoot"] == service.url
    assert found["supportedPrimaryKeys"] == ["01"]
    assert found["supportedLinkType"] == [{"namespace": ROOT, "prefix": "gs1:"}]
    assert found["linkTypeDefaultCanBeLinkset"] is True


class TestVectors:
    """GS1's own cases, those that are about products, lots and items."""

    OURS = frozenset({"01", "10", "21"})

    @staticmethod
    def resolved(uri: str) -> str | None:
        """Return what a URI names here, None if it is refused."""
        try:
            parts = urlsplit(uri)
            check_attributes(parts.query)
            return goods_of(parts.path)
        except Problem:
            return None

    def cases(self, vectors: Path) -> list[dict]:
        """Return the vectors whose path is of AIs 01, 10, 21 directly under the host."""
        found = json.loads((vectors / "gs1/digital-link-parse-vectors.json").read_text())
        cases = []
        for case in found["vectors"]:
            keys = urlsplit(case["uri"]).path.split("/")[1::2]
            # 89 is no AI, and '+' in a value of 98 no GS1 character: attributes are not read here.
            unread = "89=" in case["uri"] or "https://$a" in case["uri"]
            if keys[:1] == ["01"] and set(keys) <= self.OURS and not unread:
                cases.append(case)
        return cases

    def test_digital_links(self, vectors: Path):
        cases = self.cases(vectors)
        assert sum(case["valid"] for case in cases) >= 15
        assert sum(not case["valid"] for case in cases) >= 8
        for case in cases:
            goods = self.resolved(case["uri"])
            assert (goods is not None) == case["valid"], case
            if goods is not None:
                gtin, lot, serial = split_goods(goods)
                spelled = f"^01{gtin}"
                spelled += f"10{lot}" if lot else ""
                spelled += f"21{serial}" if serial else ""
                assert case["unbracketedAI"].startswith(spelled), case

    def test_check_digits(self, vectors: Path):
        found = json.loads((vectors / "gs1/mod10-check-digit-vectors.json").read_text())
        seen = 0
        for case in found["vectors"]:
            if len(case["digits"]) in (8, 12, 13, 14) and case["digits"].isdigit():
                seen += 1
                goods = self.resolved(f"https://a/01/{case['digits']}")
                assert (goods is not None) == case["valid"], case
        assert seen == 8
