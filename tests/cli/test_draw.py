"""A draw by the operator's commands, from the key to the answer; what nobody is told before the reveal."""

import json
from pathlib import Path

import pytest
from cli.conftest import Again, Run, settle
from sampled import DRAW, PROGRAMME, ROSTER, USUAL_DRAWS
from tea import GTIN, INSPECTOR, PARTIES
from usual import Told
from world import OPERATOR, World, cosigner

from ledger.statements.envelope import parse_statement

DAY_S = 86_400


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return the tea brand's world, a product on sale in it, where the commands find it."""
    folder = tmp_path / "pinyuan-ledger"
    folder.mkdir()
    url = f"sqlite:///{folder / 'ledger.sqlite'}"
    world = World(folder, url, witnesses=(str(cosigner("w1")),), quorum=1)
    settle(world, tmp_path, (*PARTIES, "second-inspector"))
    told = Told(world)
    told.begin()
    told.tell("listing")
    world.log.engine.dispose()
    monkeypatch.chdir(tmp_path)
    return told


def done(run: Run, *words: object) -> str:
    """Run a command that has to succeed; return what it prints."""
    code, out, err = run(*words)
    assert code == 0, err
    return out


def says(run: Run, type_: str, subject: str, fields: dict) -> None:
    """The operator signs and registers this."""
    Path("fields.json").write_text(json.dumps(fields), "utf-8")
    signs(run, type_, subject)


def signs(run: Run, type_: str, subject: str, file: str = "fields.json") -> None:
    """The operator signs and registers the fields in a file."""
    done(run, "sign", type_, file, "--subject", subject, "-o", "said.cose")
    done(run, "register", "said.cose")


def cosigns(told: Told) -> None:
    """The witness cosigns the newest checkpoint."""
    world = Again(told.world.folder, told.world.url)
    world.now_us = world.last_us()
    world.cosign("w1")
    world.log.engine.dispose()


def committed(run: Run, told: Told) -> None:
    """The operator makes its key, roster and programme, and commits to a draw; the witness sees it."""
    x = done(run, "draw", "new", "draws.pem").strip()
    says(run, "draw-key", OPERATOR, {"x": x})
    says(run, "roster", ROSTER, {"role": "inspector", "members": [INSPECTOR]})
    programme = USUAL_DRAWS["sampling-programme"][2]
    plan = [{"role": "inspector", "roster": ROSTER, "count": 1, "spares": 0}]
    says(run, "sampling-programme", PROGRAMME, programme | {"rosters": plan})
    done(run, "draw", "commit", PROGRAMME, "--deadline", told.time(7), "-o", "draw.json")
    signs(run, "draw", DRAW, "draw.json")
    cosigns(told)


def test_a_commitment_says_where_the_frame_has_fewer_than_are_to_be_drawn(home: Told, run: Run):
    says(run, "draw-key", OPERATOR, {"x": done(run, "draw", "new", "draws.pem").strip()})
    says(run, "roster", ROSTER, {"role": "inspector", "members": [INSPECTOR]})
    fields = USUAL_DRAWS["sampling-programme"][2] | {
        "strata": [{"grade": grade, "count": 2, "spares": 0} for grade in ("A", "insufficient")],
        "rosters": [{"role": "inspector", "roster": ROSTER, "count": 1, "spares": 0}],
    }
    says(run, "sampling-programme", PROGRAMME, fields)
    err = run("draw", "commit", PROGRAMME, "--deadline", home.time(7), "-o", "draw.json")[2]
    lines = err.splitlines()
    assert "product of grade A: 2 are to be drawn, and the frame has 0" in lines
    assert sum("are to be drawn" in line for line in lines) == 2, "one product, two wanted"


def test_a_draw_from_the_key_to_the_answer(home: Told, run: Run):
    committed(run, home)
    # What was drawn is bought and sealed; the operator alone knows it.
    printed = done(run, "draw", "reveal", DRAW, "--key", "draws.pem", "-o", "picks.json")
    assert printed.strip() == "picks.json"
    picks = json.loads(Path("picks.json").read_text("utf-8"))["picks"]
    assert Path("picks.json").stat().st_mode & 0o777 == 0o600
    assert [item["key"] for item in picks[0]["drawn"]] == [GTIN]
    sealing = home.write("sample-sealed", subject="urn:sample:m1")
    Path("sealing.cose").write_bytes(sealing)
    code, _, err = run("draw", "seal", DRAW, "sealing.cose")
    assert (code, "its product is not among --picks" in err) == (1, True), err
    picked = ("--picks", "picks.json", "sealing.cose", "-o", "sealed.json")
    done(run, "draw", "seal", DRAW, *picked)
    digests = json.loads(Path("sealed.json").read_text("utf-8"))["digests"]
    assert len(digests) == 2
    assert digests[0] == parse_statement(sealing).id.hex(), "the place of what is drawn"
    signs(run, "draw-sealed", DRAW, "sealed.json")
    code, out, _ = run("draw", DRAW, "--product", GTIN, "--json")
    before = json.loads(out)["answer"]
    assert (code, before["verdict"]) == (0, "unknown")
    assert before["product"] == {
        "role": "object/insufficient", "in_frame": "yes", "ticket": None, "rank": None,
    }  # fmt: skip
    assert before["picks"] == []
    # The reveal.
    key = ("--key", "draws.pem")
    done(run, "draw", "result", DRAW, *key, "--sealed", "sealing.cose", "-o", "result.json")
    signs(run, "draw-result", DRAW, "result.json")
    answer = json.loads(done(run, "draw", DRAW, "--product", GTIN, "--json"))["answer"]
    assert (answer["verdict"], answer["reasons"]) == ("yes", [])
    assert answer["product"]["rank"] == 1
    assert answer["witnessed"] is not None
    # Anybody verifies it offline.
    done(run, "bundle", "draw", DRAW, "-o", "draw.bundle", "--wait", "0")
    lines = (f"log {home.world.log.vkey}", "quorum none", "max-age 3153600000")
    Path("trust.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    verified = done(run, "verify", "bundle", "draw.bundle", "--trust", "trust.txt", "--lang", "en")
    assert "was honest: committed to of 2 candidates" in verified


def test_no_output_has_the_secret_or_a_pick_before_the_reveal(home: Told, run: Run):
    committed(run, home)
    said = []
    for words in (
        ("draw", DRAW),
        ("draw", DRAW, "--json"),
        ("programme", PROGRAMME, "--json"),
        ("draw", "seal", DRAW),
        ("draw", "reveal", DRAW, "--key", "draws.pem", "-o", "picks.json"),
        ("draw", "result", DRAW, "--key", "keys/inspector.pem"),
    ):
        _, out, err = run(*words)
        said += [out, err]
    told = "".join(said)
    pem = Path("draws.pem").read_text("ascii").splitlines()[1]
    assert pem not in told
    assert GTIN not in told
    assert INSPECTOR not in told


def test_another_key_and_another_round_are_refused(home: Told, run: Run, tmp_path: Path):
    committed(run, home)
    code, _, err = run("draw", "result", DRAW, "--key", "keys/inspector.pem")
    assert code == 1
    assert "another key of draws is registered" in err
    beacon = tmp_path / "beacon.json"
    beacon.write_text(json.dumps({"round": 1, "signature": "00" * 48}), "utf-8")
    code, _, err = run("draw", "result", DRAW, "--key", "draws.pem", "--beacon", beacon)
    assert code == 1
    assert "of round 1, not" in err
    beacon.write_text("00" * 48, "utf-8")
    code, _, err = run("draw", "result", DRAW, "--key", "draws.pem", "--beacon", beacon)
    assert code == 1
    assert "no signature of round" in err


@pytest.mark.usefixtures("home")
def test_a_key_of_draws_is_made_with_the_care_of_other_keys(run: Run):
    done(run, "draw", "new", "draws.pem")
    assert Path("draws.pem").stat().st_mode & 0o777 == 0o600
    code, _, err = run("draw", "new", "draws.pem")
    assert code == 1
    assert "never overwritten" in err
