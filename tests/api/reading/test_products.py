"""The GS1 Digital Link resolver: linksets, canonical spellings, GS1's own vectors."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from serving import Service, problem
from tea import GTIN
from world import OPERATOR

from api.http.problems import Problem
from api.reading.digital_link import KEYS, check_attributes, named

LINKSET = "application/linkset+json"
ROOT = "https://ref.gs1.org/voc/"
OPERATOR_PATH = OPERATOR.removeprefix("https://id.gs1.org")


def test_a_scanned_product_is_linked_to_what_is_known_of_it(service: Service):
    # GET /01/06901234500004, Accept: application/linkset+json
    answer = service.client.get("/01/06901234500004", headers={"accept": LINKSET})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == LINKSET
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["link"]
    (found,) = answer.json()["linkset"]
    # The anchor is the link that was asked for, at this host: GS1's suite looks for it.
    assert found.pop("anchor") == f"{service.url}/01/06901234500004"
    assert found.pop("itemDescription") == GTIN
    assert found.keys() == {
        ROOT + "defaultLink",
        ROOT + "traceability",
        ROOT + "verificationService",
        ROOT + "recallStatus",
        "related",
    }
    (default,) = found[ROOT + "defaultLink"]
    assert default.keys() == {"href", "title"}
    for relation, links in found.items():
        for link in links:
            assert link["href"].startswith(f"{service.url}/v1/")
            followed = service.client.get(link["href"])
            asks_for_more = relation == ROOT + "verificationService"
            assert followed.status_code == (400 if asks_for_more else 200), link
            if asks_for_more:
                assert "trader: missing" in problem(followed)[1]


@pytest.mark.parametrize(
    ("accept", "query", "status"),
    [
        ("*/*", "", 307),
        ("application/json", "", 200),
        ("application/linkset+json;q=0, */*", "", 307),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", 307),
        ("text/html", "", 307),
        ("text/html", "?linkType=related", 300),
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


def test_who_names_no_type_goes_to_the_default_link_with_the_query(service: Service):
    """All key=value pairs are passed on, and nothing there stumbles over them."""
    (found,) = service.client.get("/01/06901234500004?linkType=linkset").json()["linkset"]
    (default,) = found[ROOT + "defaultLink"]
    for query, more in (("", ""), ("?foo=bar&17=201225&foo=2", "&foo=bar&17=201225&foo=2")):
        answer = service.client.get(f"/01/06901234500004{query}")
        assert (answer.status_code, answer.headers["location"]) == (307, default["href"] + more)
        assert answer.headers["link"] == (
            f'<{service.url}/01/06901234500004?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
        )
        assert service.client.get(answer.headers["location"]).status_code == 200
    # /v1/trace itself still refuses what it does not know.
    assert service.client.get(default["href"].partition("&")[0] + "&foo=bar").status_code == 400


@pytest.mark.parametrize("wanted", ["gs1:traceability", "gs1:recallStatus", "gs1:defaultLink"])
def test_who_names_a_type_goes_to_its_link_with_the_query(service: Service, wanted: str):
    (found,) = service.client.get("/01/06901234500004?linkType=linkset").json()["linkset"]
    (link,) = found[ROOT + wanted.removeprefix("gs1:")]
    answer = service.client.get(f"/01/06901234500004?linkType={wanted}&lang=en")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{link['href']}&linkType={wanted}&lang=en"
    assert service.client.get(answer.headers["location"]).status_code == 200


def test_of_several_links_of_a_type_the_client_chooses(service: Service):
    whole = service.client.get("/01/06901234500004?linkType=linkset").json()
    answer = service.client.get("/01/06901234500004?linkType=related")
    assert (answer.status_code, answer.headers["content-type"]) == (300, LINKSET)
    (shown,), (found,) = answer.json()["linkset"], whole["linkset"]
    assert shown["related"] == found["related"]
    assert len(shown["related"]) > 1


@pytest.mark.parametrize("path", ["/01/06901234500004", "/.well-known/gs1resolver", "/00/1/x"])
def test_any_page_may_ask_and_is_told_the_methods(service: Service, path: str):
    answer = service.client.options(path)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    for name in ("allow", "access-control-allow-methods"):
        assert answer.headers[name] == "GET, HEAD, OPTIONS"
    if path == "/00/1/x":
        return
    for method in ("GET", "HEAD"):
        answer = service.client.request(method, path)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_a_slash_at_the_end_changes_nothing(service: Service):
    one, other = (service.client.get(f"/01/06901234500004{end}?foo=bar") for end in ("", "/"))
    assert (one.status_code, one.headers["location"]) == (
        other.status_code,
        other.headers["location"],
    )


QUALIFIED = {
    "/01/06901234500004/22/2A": GTIN,
    "/01/06901234500004/22/2A/10/A7": GTIN + "/10/A7",
    "/01/06901234500004/22/2A/10/A7/21/1": GTIN + "/10/A7/21/1",
    "/01/06901234500004/22/2A/21/1": GTIN + "/21/1",
    "/01/06901234500004/235/a-serial-number-of-28-chars-": GTIN,
    "/414/6901234560008": "https://id.gs1.org/414/6901234560008",
    "/414/6901234560008/254/32a%2Fb": "https://id.gs1.org/414/6901234560008",
    "/414/6901234560008/254/1/7040/1ABC": "https://id.gs1.org/414/6901234560008",
    "/417/6901234507034": "https://id.gs1.org/417/6901234507034",
    "/417/6901234507034/7040/1ABC": "https://id.gs1.org/417/6901234507034",
    "/00/006141411234567890": "https://id.gs1.org/00/006141411234567890",
}


@pytest.mark.parametrize("path", QUALIFIED)
def test_all_qualifiers_of_a_key_walk_up_to_what_is_known(service: Service, path: str):
    subject = QUALIFIED[path]
    service.registered(service.statement(f"of {path}", subject=subject))
    answer = service.client.get(path, headers={"accept": LINKSET})
    assert answer.status_code == 200, answer.content
    (found,) = answer.json()["linkset"]
    assert (found["anchor"], found["itemDescription"]) == (service.url + path, subject)
    for links in (links for name, links in found.items() if name.startswith((ROOT, "related"))):
        for link in links:
            asks_for_more = "may-sell" in link["href"]
            assert service.client.get(link["href"]).status_code == (400 if asks_for_more else 200)
    assert service.client.get(path).status_code == 307


def test_a_party_is_linked_to_what_it_may_and_what_it_did(service: Service):
    (found,) = service.client.get(OPERATOR_PATH, headers={"accept": LINKSET}).json()["linkset"]
    titles = {link["title"] for link in found["related"]}
    assert {f"The complete history ({topic})" for topic in ("identity", "sanction")} <= titles


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
    assert service.client.get(answer.headers["location"]).status_code in (200, 307, 404)


def test_a_lot_whose_name_has_a_slash_is_resolved(service: Service):
    goods = GTIN + "/10/a%2Fb"
    service.registered(service.statement("of a lot with a slash", subject=goods))
    answer = service.client.get("/01/06901234500004/10/a%2Fb", headers={"accept": LINKSET})
    assert answer.status_code == 200
    assert answer.json()["linkset"][0]["itemDescription"] == goods


REFUSED = {
    "/01/06901234500005": (400, "check digit"),
    "/01/1234": (400, "not 8, 12, 13 or 14 digits"),
    "/01/069012345000x4": (400, "not 8, 12, 13 or 14 digits"),
    "/01/": (400, "empty"),
    "/01/06901234500004/10/": (400, "after /01/<GTIN>"),
    "/01/06901234500004/foo": (400, "after /01/<GTIN>"),
    "/01/06901234500004/foo/bar": (400, "after /01/<GTIN>"),
    "/01/06901234500004//": (400, "after /01/<GTIN>"),
    "/01/06901234500004/21/1/10/A7": (400, "after /01/<GTIN>"),
    "/01/06901234500004/10/A7/22/2A": (400, "after /01/<GTIN>"),
    "/01/06901234500004/10/A7/10/A7": (400, "after /01/<GTIN>"),
    "/01/06901234500004/235/1/10/A7": (400, "after /01/<GTIN>"),
    "/01/06901234500004/22/" + "A" * 21: (400, "not a variant"),
    "/01/06901234500004/235/" + "A" * 29: (400, "not a serial number of a third party"),
    "/01/06901234500004/?01=06901234500004": (400, "belongs into the path"),
    "/414/6901234560009": (400, "check digit"),
    "/414/6901234560008/10/A7": (400, "after /414/<GLN>"),
    "/414/6901234560008/254": (400, "after /414/<GLN>"),
    "/414/6901234560008/7040/ABCD": (400, "a digit and three characters"),
    "/414/6901234567779": (404, "nothing was said of it here"),
    "/417/690123456000": (400, "not 13 digits"),
    "/417/6901234560008?417=1": (400, "belongs into the path"),
    "/00/006141411234567891": (400, "check digit"),
    "/00/006141411234567890/10/A7": (400, "after /00/<SSCC>: nothing"),
    "/01/06901234500004/10/%00": (400, "not a lot"),
    "/01/06901234500004/10/%E8%8C%B6": (400, "not a lot"),
    "/01/06901234500004/10/" + "A" * 21: (400, "not a"),
    "/01/06901234500004/10/%zz": (400, "characters that no URI has"),
    "/01/06901234500035": (404, "nothing was said of it here"),
    "/00/106141411234567897": (404, "nothing was said of it here"),
    "/253/6901234560008": (404, "nothing at this path"),
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
    assert found["supportedPrimaryKeys"] == ["00", "01", "414", "417"]
    assert found["supportedLinkType"] == [{"namespace": ROOT, "prefix": "gs1:"}]
    assert found["linkTypeDefaultCanBeLinkset"] is False


class TestVectors:
    """GS1's own cases, those whose keys are resolved here."""

    @staticmethod
    def resolved(uri: str) -> str | None:
        """Return what a URI names in its canonical spelling, None if it is refused."""
        try:
            parts = urlsplit(uri)
            found = named(parts.path)
            check_attributes(parts.query, found.key)
        except Problem:
            return None
        return found.path

    def cases(self, vectors: Path) -> list[dict]:
        """Return the vectors whose key stands directly under the host and is one of ours."""
        found = json.loads((vectors / "gs1/digital-link-parse-vectors.json").read_text())
        cases = []
        for case in found["vectors"]:
            key = urlsplit(case["uri"]).path.split("/")[1:2]
            # 89 is no AI, and '+' in a value of 98 no GS1 character: attributes are not read here.
            unread = "89=" in case["uri"] or "XYZ+987" in case["uri"] or "https://$a" in case["uri"]
            if key and key[0] in KEYS and not unread:
                cases.append(case)
        return cases

    def test_digital_links(self, vectors: Path):
        cases = self.cases(vectors)
        assert sum(case["valid"] for case in cases) >= 24
        assert sum(not case["valid"] for case in cases) >= 8
        for case in cases:
            path = self.resolved(case["uri"])
            assert (path is not None) == case["valid"], case
            if path is not None:
                parts = [unquote(part) for part in path.split("/")[1:]]
                # Theirs ends a value of any length with ^, and goes on with data attributes.
                wanted = case["unbracketedAI"].replace("^", "")
                assert wanted.startswith("".join(parts)), case

    def test_check_digits(self, vectors: Path):
        found = json.loads((vectors / "gs1/mod10-check-digit-vectors.json").read_text())
        seen = 0
        for case in found["vectors"]:
            if len(case["digits"]) in (8, 12, 13, 14) and case["digits"].isdigit():
                seen += 1
                goods = self.resolved(f"https://a/01/{case['digits']}")
                assert (goods is not None) == case["valid"], case
        assert seen == 8
