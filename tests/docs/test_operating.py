"""OPERATING's commands run, and what it says of figures, checks and alerts is what there is."""

import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from client.test_transport import certificate
from conftest import ROOT
from cosigning.parties import end, start, until
from docs.forked import run_as_written
from prometheus_client.parser import text_string_to_metric_families
from serving import COSE, free_port, settle
from typer.main import get_command
from world import BRAND, World

from ledger.cli.main import app

OPERATING = (ROOT / "OPERATING.md").read_text(encoding="utf-8")
ALERTS = yaml.safe_load((ROOT / "tools" / "deploy" / "alerts.yml").read_text(encoding="utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
FUNCTIONS = {
    "max",
    "min",
    "sum",
    "by",
    "without",
    "and",
    "or",
    "rate",
    "increase",
    "changes",
    "time",
}
FUNCTIONS |= {"predict_linear"}


def test_the_commands_run_as_written(tmp_path: Path):
    done = run_as_written(OPERATING, tmp_path)
    assert done.stdout.count("read back and verified") == 2
    assert "read-only: COPIED" in done.stdout
    assert "\nnext: pinyuan serve\n" in done.stdout, "what is restored in its own directory goes on"
    assert re.search(r"ended.cose: registered as entry \d", done.stdout)


def test_a_new_passphrase_is_given_as_it_says(tmp_path: Path):
    """By OpenSSL, on the encrypted file that the command wrote."""
    for name, text in (("one", "first"), ("two", "second")):
        (tmp_path / name).write_text(text)
    old, new = tmp_path / "old.pem", tmp_path / "new.pem"
    made = ["key", "new", old, "--passphrase-file", tmp_path / "one"]
    assert end_well(made)
    words = ["openssl", "pkcs8", "-topk8", "-in", old, "-passin", f"file:{tmp_path / 'one'}"]
    words += ["-passout", f"file:{tmp_path / 'two'}", "-out", new]
    subprocess.run(words, check=True, capture_output=True)
    before = end_well(["key", "show", old, "--passphrase-file", tmp_path / "one"])
    assert end_well(["key", "show", new, "--passphrase-file", tmp_path / "two"]) == before


def end_well(words: list[object]) -> str:
    process = start(*words)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return out


def test_every_command_it_names_is_understood():
    for span in re.findall(r"`([a-z][a-z-]*(?: [^`\n]*)?)`", OPERATING):
        words, command, at = span.split(), get_command(app), 0
        while at < len(words) and words[at] in getattr(command, "commands", {}):
            command, at = command.commands[words[at]], at + 1
        if at and words[0] != "sign":  # a type's own options are made when it is asked for
            known = {name for item in command.params for name in item.opts}
            assert {word for word in words[at:] if word.startswith("-")} <= known, span


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Return a client of a service over TLS that has answered this and that."""
    folder = tmp_path_factory.mktemp("live")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.party("brand", BRAND)
    statement = world.reading("x")
    _, pem = certificate(folder)
    home, port = settle(world), free_port()
    world.log.engine.dispose()
    process = start("serve", "--dir", home, "--port", port, "--tls-cert", pem, "--tls-key", pem)
    process.stderr.readline()
    context = ssl.create_default_context(cafile=str(pem))
    with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=context, timeout=20) as client:
        assert client.post("/entries", content=statement, headers=COSE).status_code == 201
        assert client.post("/entries", content=b"x", headers=COSE).status_code == 400
        until(lambda: client.get("/readyz").status_code == 200)
        client.get("/metrics")
        yield client
    end(process)


@pytest.fixture(scope="module")
def samples(live: httpx.Client) -> dict[str, set[str]]:
    """Return the names of all samples that are exposed, each with its labels."""
    text, found = live.get("/metrics").text, {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
        # Nothing was counted yet: the type says how its samples will be called.
        suffixes = {"counter": ["_total"], "histogram": ["_bucket"]}.get(family.type, [""])
        for suffix in suffixes:
            found.setdefault(family.name + suffix, set())
    return found


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_asks_for_figures_that_there_are(rule: dict, samples: dict[str, set[str]]):
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert re.fullmatch(r"\d+[smhd]", rule.get("for", "0s"))
    text = rule["expr"]
    assert text.count("(") == text.count(")")
    for name, inner in re.findall(r"([a-z_]+)\{([^}]*)\}", text):
        for label in re.findall(r"([a-z_]+)(?:=|!)", inner):
            assert label in {"job", "instance"} | samples.get(name, set()), label
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|(?:without|by) \([a-z_, ]*\)", " ", text)
    names = set(re.findall(r"[a-z_][a-z_0-9]*", bare)) - FUNCTIONS
    assert names, "it asks for nothing"
    for name in names - {"up"}:
        assert name in samples, name
        if "without (process)" in text:
            assert not samples[name] or "process" in samples[name]


def table_under(title: str) -> list[str]:
    """Return the first cells of the table that begins with a title."""
    rows = OPERATING.split(f"| {title} |")[1].split("\n\n")[0].splitlines()[2:]
    return [row.split(" | ")[0].removeprefix("| ") for row in rows]


def test_every_alert_says_what_to_do():
    said = {name for cell in table_under("alert") for name in cell.split(", ")}
    assert said == {rule["alert"] for rule in RULES}


def test_every_figure_is_told_and_the_other_way_round(samples: dict[str, set[str]]):
    said = {name for cell in table_under("figure") for name in re.findall(r"`([a-z_]+)`", cell)}
    ours = {
        name for name in samples if name.startswith("pinyuan_") and not name.endswith("_created")
    }
    bases = {re.sub(r"_(?:bucket|count|sum)$", "", name) for name in ours}
    assert {name for name in said if name.startswith("pinyuan_")} == bases
    assert {name for name in said if not name.startswith("pinyuan_")} <= samples.keys()


def test_every_check_says_what_to_do(live: httpx.Client):
    checks = set(live.get("/readyz").json()["checks"])
    said = {cell.strip("`") for cell in table_under("check")}
    assert checks | {"log"} == said  # log: in the place of three, where they cannot be asked


def test_the_readme_leads_there():
    assert "](OPERATING.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"tools/[a-z_/.-]+[a-z]", OPERATING):
        assert (ROOT / path).exists(), path
