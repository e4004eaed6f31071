"""The feed of labels over HTTP: what is listed, what changed, pages, and what is refused."""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from questions.scenes.label import LABELLED, POOR, again
from rules.words import says
from serving import Server, problem, settle
from tea import GTIN, SHOP
from usual import Told
from world import World

from api.app import create_app
from api.http.schemas import Labels
from ledger.answering.prover import prove
from ledger.cli import main as cli
from ledger.evidence.bundle import encode_bundle

FEED = "/v1/labels"
OTHER_SHOP = "urn:shop:market.example:tea-2"


class Shop:
    """A service over a ledger with a label, and a client that polls it."""

    def __init__(self, world: World, client: httpx.Client) -> None:
        self.world, self.client = world, client

    def get(self, path: str = FEED, **query: Any) -> dict[str, Any]:
        answer = self.client.get(path, params=query or None)
        assert answer.status_code == 200, answer.content
        Labels.model_validate(answer.json())
        return answer.json()

    def tell(self, *story: Any) -> None:
        for step in story:
            raw = step(self.world)
            if raw is not None:
                self.world.accept(raw)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("labels")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.told = Told(world)
    world.told.begin()
    second = (says("shop", subject=OTHER_SHOP, called="second"), says("listing", shop=OTHER_SHOP))
    for step in (*LABELLED, *second):
        raw = step(world)
        if raw is not None:
            world.accept(raw)
    server = Server(create_app(settle(world), log_to=io.BytesIO()))
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as client:
        yield Shop(world, client)
    server.stop()
    world.log.engine.dispose()


def states(page: dict[str, Any]) -> dict[str, str]:
    return {item["shop"] or item["kind"]: item["state"] for item in page["items"]}


def test_a_shop_follows_the_labels(shop: Shop):
    page = shop.get()
    assert states(page) == {"label": "holds", SHOP: "listable", OTHER_SHOP: "listable"}
    assert page["since"] is None
    assert page["next"] is None
    assert shop.get(page["poll"]) == page | {"since": page["size"], "total": 0, "items": []}
    shop.tell(*again(POOR))
    failed = shop.get(page["poll"] + "&lang=zh")
    fell = {SHOP: "not-listable", OTHER_SHOP: "not-listable"}
    assert states(failed) == {"label": "lapsed"} | fell
    (item,) = (item for item in failed["items"] if item["kind"] == "label")
    assert item["why"][0].startswith(
        f"绿茶（{GTIN}/10/A7）的 polyphenols 为 12.0 %，标准为不低于 16.0"
    )
    assert item["names"][GTIN] == {"zh": "绿茶", "en": "Green tea"}
    assert item["reasons"][0]["code"] == "criterion-failed"
    # What the item rests on is one request away, and the bundle is the ledger's own.
    bundle = shop.client.get(item["bundle"])
    own = prove(shop.world.log, "label", {"product": GTIN}, known_at=failed["size"])
    assert bundle.content == encode_bundle(own)
    assert own.answer["verdict"] == "no"
    assert states(shop.get(failed["poll"])) == {}


def test_pages_are_of_one_feed(shop: Shop):
    whole = shop.get()
    first = shop.get(limit=1)
    assert (first["total"], len(first["items"])) == (3, 1)
    shop.tell(says("visit", subject="urn:visit:meanwhile"))
    rest = shop.get(cursor=first["next"])
    assert rest["size"] == first["size"]
    assert first["items"] + rest["items"] == whole["items"]
    assert rest["next"] is None
    since = shop.get(since=first["size"], limit=1)
    assert since["total"] == 0


def test_a_client_that_has_it_is_told_so(shop: Shop):
    answer = shop.client.get(FEED)
    again_ = shop.client.get(FEED, headers={"if-none-match": answer.headers["etag"]})
    assert again_.status_code == 304
    assert answer.headers["cache-control"] == "public, max-age=2"
    assert answer.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("query", "says_"),
    [
        ("since=0", "since: 0 is not from 1"),
        ("since=1", "since: no seal at or below size 1"),
        ("since=99999999", "since: the log has not reached size 99999999"),
        ("limit=0", "limit: 0 is not from 1 to 1000"),
        ("limit=1001", "limit: 1001 is not from 1 to 1000"),
        ("cursor=abc", "cursor: not one that this ledger gave out"),
        ("lang=fr", "lang: en or zh"),
        ("product=x", "unknown parameter 'product'"),
    ],
)
def test_what_cannot_be_asked(shop: Shop, query: str, says_: str):
    answer = shop.client.get(f"{FEED}?{query}")
    assert answer.status_code == 400
    assert problem(answer)[1].startswith(says_)


def test_a_cursor_of_another_feed_is_refused(shop: Shop):
    page = shop.get(limit=1)
    answer = shop.client.get(FEED, params={"cursor": page["next"], "since": page["size"]})
    assert problem(answer)[1] == "cursor: it is of a feed since another size"
    entries = shop.client.get("/v1/entries", params={"cursor": page["next"]})
    assert entries.status_code == 400


@pytest.mark.parametrize("since", [None, 2])
def test_the_command_lists_the_same_here_and_there(
    shop: Shop, since: int | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    def run(*words: str) -> str:
        more = [] if since is None else ["--since", str(since)]
        monkeypatch.setattr(sys, "argv", ["pinyuan", "labels", *words, *more, "--lang", "en"])
        cli.main()
        return capsys.readouterr().out

    where = ("--dir", str(shop.world.folder))
    here = json.loads(run(*where, "--json"))
    there = json.loads(run("--server", str(shop.client.base_url).rstrip("/"), "--json"))
    for item in there["items"]:
        assert item.pop("bundle")
    assert here == there
    assert here["total"] == len(here["items"]) == 3
    lines = run(*where).splitlines()
    assert lines[0].startswith(f"as of size {here['size']} (")
    state = here["items"][0]["state"]  # whatever the tests before have told
    assert lines[1].startswith(f"label of Green tea ({GTIN}): {state}, since ")
