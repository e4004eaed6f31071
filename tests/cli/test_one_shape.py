"""An answer is one JSON object: of the command, over HTTP, of a bundle, of a mirror and an export.

And that object is what the published schema says.
"""

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import jsonschema_rs
import pytest
from cli.conftest import Run
from questions.everywhere import LATER, SECOND, STORY, asks
from serving import Server, settle
from tea import LOT
from usual import Told
from world import BRAND, World

from api.app import create_app
from ledger.cli.asking import LOOKED_UP
from ledger.evidence.answer_schemas import published
from ledger.evidence.answered import name_of, path_of
from ledger.primitives.instant import format_us
from ledger.questions.declared import QUESTIONS
from ledger.questions.shapes import SHAPES


class Ways(NamedTuple):
    """The ways to ask one ledger: its directory, its service, a mirror and an export of it."""

    world: World
    folder: Path
    url: str


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    folder = tmp_path_factory.mktemp("shape") / "ledger"
    folder.mkdir()
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.told = Told(world)
    world.told.begin()
    for step in (*STORY, *LATER):
        world.accept(step(world))
    server = Server(create_app(settle(world)))
    yield Ways(world, folder, f"http://127.0.0.1:{server.port}")
    server.stop()
    world.log.engine.dispose()


@pytest.fixture
def copies(ways: Ways, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with an export, a mirror and a trust file, each made once."""
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    folder = ways.folder.parent
    if not (folder / "mirror").exists():
        assert run("export", folder / "copy", "--dir", ways.folder)[0] == 0
        assert run("mirror", folder / "mirror", "--from", folder / "copy")[0] == 0
        (folder / "trust.txt").write_text(run("trust", "--dir", ways.folder)[1])
    return folder


def words(question: str, asked: dict[str, str]) -> list[str]:
    """Return a question as it is typed: parameters by name, its one subject as an argument."""
    left_out = LOOKED_UP.get(question, ("", ()))[1]
    given = [item for item in QUESTIONS[question].parameters if item.name not in left_out]
    alone = [item.name for item in given if not item.narrows]
    as_arguments = alone if len(alone) == 1 or question == "history" else []
    typed: list[str] = []
    for item in given:
        if item.name in asked and item.name not in as_arguments:
            typed += [f"--{name_of(item.name)}", asked[item.name]]
    return [*(asked[name] for name in as_arguments), *typed]


def told(run: Run, *call: object) -> dict[str, Any]:
    code, out, err = run(*call, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize(("question", "lang"), [*zip(QUESTIONS, cycle(("zh", "en")), strict=False)])
def test_an_answer_is_one_object_everywhere(
    ways: Ways, copies: Path, run: Run, question: str, lang: str
):
    schema = jsonschema_rs.validator_for(published(QUESTIONS[question]))
    asked = next(given for name, given in asks(ways.world.told) if name == question)
    call = (*words(question, asked), "--lang", lang)
    name = name_of(question)
    here = told(run, name, *call, "--dir", ways.folder)
    schema.validate(here)
    assert here["language"] == lang
    assert told(run, name, *call, "--dir", copies / "mirror") == here
    assert told(run, name, *call, "--export", copies / "copy") == here
    served = (name, *call, "--server", ways.url, "--trust", copies / "trust.txt")
    assert told(run, *served) == here

    query = asked | {"lang": lang}
    over_http = httpx.get(ways.url + path_of(question), params=query).raise_for_status().json()
    assert [*over_http.items()] == [*here.items()], "in the same order, too"

    assert run("bundle", name, *call[:-2], "--dir", ways.folder, "-o", copies / "b.json")[0] == 0
    now = ("--now", here["fresh_at"], "--lang", lang)
    offline = ("verify", "bundle", copies / "b.json", "--trust", copies / "trust.txt", *now)
    assert told(run, *offline) == {name: here[name] for name in here if name != "meant"}
    again = httpx.get(ways.url + here["bundle"]).raise_for_status().content
    assert json.loads(again)["answer"] == here["answer"], "the link leads to what proves it"


def test_what_is_told_beside_an_answer_is_the_same_too(ways: Ways, copies: Path, run: Run):
    """What was known at a past time, and what may be meant by a name nobody registered."""
    world = ways.world
    past = format_us(world.now_us - 20 * 60_000_000)
    near = LOT[:-2] + LOT[-2:].lower()
    for goods, at, key in ((SECOND, past, "then"), (near, None, "meant")):
        times = () if at is None else ("--at", at)
        here = told(run, "trace", goods, *times, "--lang", "en", "--dir", ways.folder)
        assert here[key], key
        jsonschema_rs.validator_for(published(QUESTIONS["trace"])).validate(here)
        assert told(run, "trace", goods, *times, "--lang", "en", "--dir", copies / "mirror") == here
        query = {"goods": goods, "lang": "en"} | ({} if at is None else {"at": at})
        assert httpx.get(f"{ways.url}/v1/trace", params=query).json() == here
        served = ("--server", ways.url, "--trust", copies / "trust.txt", "--lang", "en")
        assert told(run, "trace", goods, *times, *served) == here


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_schema_is_published_and_refuses_what_is_no_answer(ways: Ways, run: Run, question: str):
    name = name_of(question)
    schema = httpx.get(f"{ways.url}/v1/schemas/{name}")
    assert schema.headers["content-type"] == "application/schema+json"
    jsonschema_rs.meta.validate(schema.json())
    code, out, _ = run("schema", name)
    assert (code, json.loads(out)) == (0, schema.json())
    asked = next(given for name, given in asks(ways.world.told) if name == question)
    here = told(run, name, *words(question, asked), "--dir", ways.folder)
    valid = jsonschema_rs.validator_for(schema.json()).is_valid
    assert valid(here)
    beside = {"then", "meant", "understood", "timestamps"}
    assert [field for field in here if valid(without(here, field))] == [*beside & here.keys()]
    assert not valid(here | {"more": 1})
    if question != "history":
        answer = here["answer"]
        optional = {name.rstrip("?") for name in SHAPES[question] if name.endswith("?")}
        kept = [f for f in answer if valid(here | {"answer": without(answer, f)})]
        assert {*kept} <= optional
        assert not valid(here | {"answer": answer | {"more": 1}})


def without(found: dict[str, Any], name: str) -> dict[str, Any]:
    return {field: value for field, value in found.items() if field != name}


def test_what_is_no_question_has_no_schema(ways: Ways, run: Run):
    assert httpx.get(f"{ways.url}/v1/schemas/nothing").status_code == 404
    code, _, err = run("schema", "labels")
    assert (code, "did you mean label" in err) == (2, True), err


def test_a_question_is_called_as_its_path_or_as_in_its_bundle(ways: Ways):
    for path in ("/v1/{name}", "/v1/schemas/{name}"):
        low, usual = (
            httpx.get(ways.url + path.format(name=name)) for name in ("may_sell", "may-sell")
        )
        assert (low.status_code, low.json()) == (usual.status_code, usual.json())


def test_what_became_of_an_entry_is_told_everywhere(ways: Ways, copies: Path, run: Run):
    """What ended, corrected, answered or erased it, what it rests on, what its key is worth."""
    told_of: set[str] = set()
    size = told(run, "history", "identity", BRAND, "--dir", ways.folder)["size"]
    served = ("--server", ways.url, "--trust", copies / "trust.txt")
    for index in range(size):
        over_http = httpx.get(f"{ways.url}/v1/entries/{index}").raise_for_status().json()
        rests = {name for name in ("fallen", "amends") if over_http[name]}
        effects = rests | {row["effect"] for row in over_http["amendments"]}
        if not effects - told_of:
            continue
        told_of |= effects
        here = told(run, "show", index, "--dir", ways.folder)
        assert [*here.items()] == [*over_http.items()], "in the same order, too"
        assert told(run, "show", index, "--dir", copies / "mirror") == here
        assert told(run, "show", index, "--dir", copies / "copy") == here
        # Receipts of other logs lie beside this one: no proof of it covers them, nobody asks.
        assert told(run, "show", index, *served) == here | {"attached": None}
    assert told_of >= {"ends", "answers", "decides", "fallen", "amends"}
