"""Commands against a server: what is printed is what was verified on this side."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from cli.test_base_install import SCRIPT
from client.serving import Reply, Request, Service, concise
from tea import GTIN, MARK, Tea
from world import BRAND, ORIGIN, TRADER

from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey

SOON = ("--now", "2026-09-22T00:00:00Z")
SALE = ["--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "tmall.example"]


@pytest.fixture
def service(served: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Return the server that commands ask."""
    monkeypatch.setenv("PINYUAN_SERVER", served.url)
    return served


@pytest.fixture
def met(service: Service, run: Run) -> Service:
    """Return a server whose log was met."""
    assert run("history", "identity", BRAND, "--trust", "trust.txt")[0] == 0
    service.seen.clear()
    return service


@pytest.mark.usefixtures("met")
def test_an_answer_is_the_verified_one(run: Run):
    code, out, err = run("may-sell", *SALE, "--json")
    assert (code, err) == (0, "")
    there = json.loads(out)
    code, out, _ = run("may-sell", *SALE, "--json", "--dir", "pinyuan-ledger")
    assert there == json.loads(out)
    assert there["answer"]["verdict"] == "yes"
    assert there["completeness"] == "asserted by the operator"


@pytest.mark.usefixtures("met")
def test_things_have_one_name_from_wherever_the_answer_comes(service: Service, run: Run):
    def told(*words: str) -> tuple[object, object]:
        code, out, err = run(*words, "--json")
        assert code == 0, err
        row = json.loads(out)
        return row["answer"], row["names"]

    here = told("may-sell", *SALE, "--dir", "pinyuan-ledger")
    assert here[1][GTIN] == {"zh": "绿茶", "en": "Green tea"}
    assert here[1].keys() >= {TRADER, BRAND}
    assert told("may-sell", *SALE) == here
    assert run("bundle", "may-sell", *SALE, "-o", "sale.json")[0] == 0
    assert told("verify", "bundle", "sale.json", "--trust", "trust.txt", *SOON) == here
    assert run("mirror", "mine", "--from", service.url)[0] == 0
    assert told("may-sell", *SALE, "--dir", "mine") == here


def test_the_servers_word_is_not_printed(met: Service, run: Run):
    def turn(request: Request, reply: Reply) -> Reply:
        if request.path == "/v1/may-sell":
            body = reply.body.replace(b'"verdict":"yes"', b'"verdict":"no"')
            assert body != reply.body
            return replace(reply, body=body)
        return reply

    met.lies.append(turn)
    code, out, err = run("may-sell", *SALE)
    assert (code, out) == (3, "")
    assert "the answer does not follow from the evidence" in err


def test_the_answer_to_another_question_is_refused(met: Service, run: Run):
    def other(request: Request, reply: Reply) -> Reply:
        if request.path == "/v1/may-sell":
            return met.honest(replace(request, query=request.query | {"territory": "DE"}))
        return reply

    met.lies.append(other)
    code, out, err = run("may-sell", *SALE)
    assert (code, out) == (3, "")
    assert "the bundle answers may_sell(" in err


def test_an_answer_as_of_an_earlier_size_is_refused_and_may_be_asked_for(met: Service, run: Run):
    code, out, _ = run("may-sell", *SALE, "--known-at", "21", "--json")
    assert code == 0
    rounded = json.loads(out)["known_at"]
    assert rounded <= 21

    def further_down(request: Request, reply: Reply) -> Reply:
        if request.query.get("known_at"):
            return met.honest(replace(request, query=request.query | {"known_at": "12"}))
        return reply

    met.lies.append(further_down)
    code, out, err = run("may-sell", *SALE, "--known-at", "21")
    assert (code, out) == (3, "")
    assert "is a seal" in err

    met.lies[:] = [
        lambda r, reply: (
            met.honest(replace(r, query=r.query | {"known_at": "12"}))
            if r.path == "/v1/may-sell"
            else reply
        )
    ]
    code, out, err = run("may-sell", *SALE)
    assert (code, out) == (3, "")
    assert "as of size" in err


@pytest.mark.usefixtures("met")
def test_a_bundle_from_a_server_verifies_offline(run: Run):
    assert run("bundle", "may-sell", *SALE, "-o", "answer.json")[0] == 0
    now = ["--now", "2026-09-21T15:00:00Z"]
    code, out, _ = run("verify", "bundle", "answer.json", "--trust", "trust.txt", *now)
    assert code == 0
    assert "verified: may_sell" in out


@pytest.mark.usefixtures("met")
def test_a_question_whose_parameters_an_entry_says(run: Run, estate: Estate):
    code, out, _ = run("impact", estate.id("agent"), "--json")
    assert code == 0
    assert json.loads(out)["parameters"]["brand"] == MARK


@pytest.mark.usefixtures("met")
def test_what_a_question_does_not_take_is_said(run: Run):
    code, _, err = run("history", "identity", BRAND, "--since", "9999")
    assert code == 4
    assert "no consistency proof since size 9999" in err


@pytest.mark.usefixtures("met")
def test_registering_verifies_receipts_and_histories(run: Run, story: Tea):
    raws = [story.world.reading(str(n)) for n in range(2)]
    for number, raw in enumerate(raws):
        Path(f"{number}.cose").write_bytes(raw)
    code, out, err = run("register", "0.cose", "1.cose", "--receipts", "receipts")
    assert code == 0
    assert out.count("registered as entry") == 2
    assert "2 receipts verified; 2 of 2 histories they belong to fetched" in err
    for receipt in Path("receipts").iterdir():
        name = next(
            f"{n}.cose" for n, raw in enumerate(raws) if receipt.name[:64] in out.splitlines()[n]
        )
        assert run("verify", "receipt", receipt, name, "--trust", "trust.txt")[0] == 0
    code, out, err = run("register", "0.cose", "--check", "none")
    assert (code, out.count("registered before as entry")) == (0, 1)
    assert "0 of 2 histories" in err


@pytest.mark.usefixtures("met")
def test_a_refusal_is_printed_and_ends_in_1(run: Run, story: Tea):
    Path("bad.cose").write_bytes(story.world.reading("?", by="nobody"))
    code, out, _ = run("register", "bad.cose")
    assert code == 1
    assert "bad.cose: refused, key-unknown: " in out


def test_what_was_registered_before_the_server_failed_is_printed(
    met: Service, run: Run, story: Tea, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ledger.client.submit.MAX_BATCH", 2)
    monkeypatch.setattr("ledger.client.transport.PATIENCE_S", 0.5)
    for number in range(3):
        Path(f"{number}.cose").write_bytes(story.world.reading(str(number)))
    met.before.append(lambda r: concise(503, "no disk") if r.path == "/entries" else None)
    code, out, err = run("register", "0.cose", "1.cose", "2.cose", "--receipts", "receipts")
    assert code == 1
    assert out.count("registered as entry") == 2
    assert len(list(Path("receipts").iterdir())) == 2
    assert "2 of 3 have an outcome" in err
    assert "(503, no disk), tried for 0.5 s" in err


@pytest.mark.parametrize("named", ["id", "index"])
@pytest.mark.usefixtures("met")
def test_show_and_receipt(run: Run, estate: Estate, named: str):
    found = estate.said["agent"]
    word = str(found.index) if named == "index" else found.id.hex()
    code, out, _ = run("show", word, "--json", "-o", "there.cose")
    assert code == 0
    there = json.loads(out)
    assert run("receipt", word, "-o", "there.cbor")[0] == 0
    local = ["--dir", "pinyuan-ledger"]
    here = json.loads(run("show", word, "--json", "-o", "here.cose", *local)[1])
    run("receipt", word, "-o", "here.cbor", *local)
    assert there == here | {"attached": None}, "what lies beside it is not asked for"
    assert Path("there.cose").read_bytes() == Path("here.cose").read_bytes()
    assert Path("there.cbor").read_bytes() == Path("here.cbor").read_bytes()


@pytest.mark.usefixtures("met")
def test_show_says_what_became_of_an_entry(run: Run, story: Tea, estate: Estate):
    estate.end_trader(story)
    code, out, _ = run("show", estate.id("trader"))
    assert code == 0
    assert "ended by entry" in out


@pytest.mark.parametrize("word", ["0" * 64, "9999", "what"])
@pytest.mark.usefixtures("met")
def test_no_such_entry(run: Run, word: str):
    code, out, err = run("show", word)
    assert (code, out) == (2 if word == "what" else 1, "")
    assert "no entry" in err or "neither" in err


def test_an_export_is_the_servers_log_and_audits(met: Service, run: Run):
    assert run("export", "copy")[0] == 0
    code, out, _ = run("verify", "export", "copy", "--replay", "--trust", "trust.txt")
    assert code == 0
    size = met.world.check().size
    assert f"{size} entries of {ORIGIN}" in out


def test_an_export_with_an_altered_entry_is_not_written(met: Service, run: Run):
    def alter(request: Request, reply: Reply) -> Reply:
        if request.path.startswith("/tile/entries"):
            return replace(reply, body=reply.body[:90] + b"?" + reply.body[91:])
        return reply

    met.lies.append(alter)
    code, _, err = run("export", "copy")
    assert code == 3
    assert "another root than the one it signed" in err
    assert not Path("copy").exists()


@pytest.mark.usefixtures("service")
def test_trust_shows_what_to_compare_and_then_what_was_trusted(run: Run, story: Tea):
    code, out, err = run("trust")
    assert code == 0
    assert f"log {story.world.log.vkey}" in out
    assert "compare the log key" in err
    Path("shown.txt").write_text(out)
    assert run("history", "identity", BRAND, "--trust", "shown.txt")[0] == 0
    assert run("trust") == (0, out, "")


@pytest.mark.usefixtures("service")
def test_a_log_never_met_is_exit_4(run: Run):
    code, out, err = run("may-sell", *SALE)
    assert (code, out) == (4, "")
    assert "never met" in err
    code, out, err = run("may-sell", *SALE, "--trust-on-first-use")
    assert code == 0
    assert "compare this key" in err


@pytest.mark.usefixtures("service")
def test_a_quorum_of_the_trust_file_is_demanded_of_answers(run: Run, story: Tea):
    witness = f"witness w {VerifierKey('w.example', TYPE_COSIGNATURE, b'w' * 32)}"
    Path("strict.txt").write_text(f"log {story.world.log.vkey}\n{witness}\nquorum w\n")
    code, out, err = run("may-sell", *SALE, "--trust", "strict.txt")
    assert (code, out) == (4, "")
    assert "no witness quorum" in err
    Path("r.cose").write_bytes(story.world.reading("4.5"))
    assert run("register", "r.cose")[0] == 0, "the operator's own promise needs no witness yet"


def test_going_backwards_is_exit_3(met: Service, run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ledger.client.session.BEHIND_S", 0.1)
    old = met.note()
    met.world.accept(met.world.reading("4.5"))
    assert run("history", "identity", BRAND)[0] == 0
    met.lies.append(
        lambda r, reply: replace(reply, body=old.encode()) if r.path == "/checkpoint" else reply
    )
    code, out, err = run("history", "identity", BRAND)
    assert (code, out) == (3, "")
    assert "went backwards" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--server", "http://127.0.0.1:1", "--dir", "x"], "--server and --dir: one of the two"),
        (["--dir", "x", "--trust", "trust.txt"], "--trust goes with --server"),
        (["--dir", "x", "--trust-on-first-use"], "--trust-on-first-use goes with --server"),
        (["--server", "ledger.example"], "an address like https://ledger.example is expected"),
        (["--server", "http://127.0.0.1:1"], "Connection refused"),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, list) else "",
)
@pytest.mark.usefixtures("met")
def test_calls_that_do_not_fit_together(run: Run, words: list[str], says: str):
    code, out, err = run("show", "0", *words)
    assert (code, out) == (1 if says == "Connection refused" else 2, "")
    assert says in err


@pytest.mark.usefixtures("met")
def test_it_needs_the_base_install_only(story: Tea):
    Path("r.cose").write_bytes(story.world.reading("4.5"))
    calls = [["may-sell", *SALE], ["register", "r.cose"]]
    script = SCRIPT.replace("sys.addaudithook(no_network)", "")
    for words in calls:
        call = [sys.executable, "-c", script, *words]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
