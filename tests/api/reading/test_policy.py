"""The registration policy: what it says must be carried is what registration asks."""

from hashlib import sha256

from serving import Service
from world import ORIGIN

from ledger.cose.keys import ALGORITHMS
from ledger.questions.book import REGISTRY
from ledger.rules.published import CURRENT
from ledger.statements.carries import carries
from ledger.statements.envelope import HASHES


def test_the_policy_says_what_a_statement_must_carry(service: Service):
    # GET /v1/registration-policy
    answer = service.client.get("/v1/registration-policy")
    assert answer.status_code == 200
    found = answer.json()
    assert found["log"] == ORIGIN
    assert found["statement"] == carries()
    assert {row["alg"] for row in found["statement"]["algorithms"]} == set(ALGORITHMS)
    assert {row["alg"] for row in found["statement"]["hashes"]} == set(HASHES)
    assert {row["id"] for row in found["asked"]} - {"malformed"} == {
        item.id for item in REGISTRY.rules.values() if "all" in item.types
    }
    for media_type in found["media_types"]:
        raw = service.statement(f"as {media_type}")
        headers = {"content-type": media_type}
        assert service.client.post("/entries", content=raw, headers=headers).status_code == 201


def test_the_rules_it_names_are_served_byte_for_byte(service: Service):
    named = service.client.get("/v1/registration-policy").json()["rules"]
    # GET /v1/rules/<version>
    answer = service.client.get(named["document"])
    assert sha256(answer.content).hexdigest() == named["digest"]
    assert answer.json()["statement"] == carries()
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    for version, status in ((0, 404), (CURRENT + 1, 404), ("x", 400), ("01", 400)):
        assert service.client.get(f"/v1/rules/{version}").status_code == status
