"""A mirror, and an export, are asked and shown as the ledger itself is, without asking its operator."""

import json
import shutil
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from client.serving import Service
from tea import GTIN, MARK, Tea
from world import BRAND, TRADER

from ledger.settings import read_settings

SALE = ["--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "tmall.example"]
ASKED = (
    ("may-sell", *SALE),
    ("listable", *SALE),
    ("trace", GTIN),
    ("impact", "<agent>"),
    ("history", "identity", BRAND),
    ("show", "<mark>"),
    ("show", "0"),
    ("cite", "<mark>"),
    ("labels",),
    ("search", "brand"),
    ("brand", MARK),
    ("grants", TRADER),
    ("trust",),
)


def words_of(estate: Estate, asked: tuple[str, ...]) -> list[str]:
    """Return a call, with the ids of what was said in it."""
    names = {f"<{name}>": found.id.hex() for name, found in estate.said.items()}
    return [names.get(word, word) for word in asked]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
def test_a_mirror_and_an_export_answer_as_the_ledger_does(
    estate: Estate, run: Run, asked: tuple[str, ...]
):
    words = words_of(estate, asked)
    assert run("export", "copy")[0] == 0
    assert run("mirror", "mirrored", "--from", "copy")[0] == 0
    wanted = run(*words, "--dir", "pinyuan-ledger")
    assert wanted[0] == 0, wanted
    assert run(*words, "--dir", "mirrored") == wanted
    assert run(*words, "--export", "copy") == wanted
    assert run(*words, "--dir", "copy") == wanted


def test_a_mirror_of_a_server_is_followed_as_it_grows(served: Service, story: Tea, run: Run):
    code, out, err = run("mirror", "mirrored", "--from", served.url, "--trust", "trust.txt")
    assert (code, err) == (0, ""), err
    before = json.loads(run("history", "issuer", BRAND, "--dir", "mirrored", "--json")[1])
    story.world.accept(story.world.reading("more"))
    code, out, _ = run("mirror", "mirrored", "--replay", "--json")
    assert code == 0
    assert json.loads(out)["from"] == served.url
    after = json.loads(run("history", "issuer", BRAND, "--dir", "mirrored", "--json")[1])
    assert after["known_at"] == before["known_at"] + 2 == json.loads(out)["size"]
    assert run("verify", "ledger", "--dir", "mirrored", "--replay")[0] == 0


def test_a_log_that_was_never_met_is_not_mirrored_on_its_own_word(served: Service, run: Run):
    code, _, err = run("mirror", "mirrored", "--from", served.url)
    assert code == 4
    assert "was never met: give --trust FILE" in err
    assert not Path("mirrored").exists()


@pytest.mark.usefixtures("estate")
def test_what_would_write_into_a_mirror_says_where_to_write(run: Run):
    assert run("export", "copy")[0] == 0
    assert run("mirror", "mirrored", "--from", "copy")[0] == 0
    Path("x.cose").write_bytes(b"x")
    for words in (("register", "x.cose"), ("seal",)):
        code, _, err = run(*words, "--dir", "mirrored")
        assert (code, "MIRROR: this is a mirror of" in err) == (1, True), err
        assert "(--server URL)" in err or "register with --server URL" in err
        code, _, err = run(*words, "--dir", "copy")
        assert (code, "is an export of a log, without its keys" in err) == (1, True), err


@pytest.mark.usefixtures("estate")
def test_a_mirror_is_not_said_to_be_the_copy_that_goes_on(run: Run):
    assert run("export", "copy")[0] == 0
    assert run("mirror", "mirrored", "--from", "copy")[0] == 0
    code, out, err = run("db", "anchor", "--dir", "mirrored")
    assert (code, out) == (1, "")
    assert "MIRROR: this is a mirror of" in err
    assert "nobody writes on from it: pinyuan mirror takes what is new" in err


def test_where_there_is_no_ledger_it_is_said_what_was_looked_for(run: Run, estate: Estate):
    """And what is near: an export within a backup, or around one of its directories."""
    shutil.move(estate.folder, "away")
    for name, near in (("keys", ""), ("none", ""), (".", "Did you mean away?")):
        code, _, err = run("show", "0", "--export", name)
        assert code == 1
        looked = (
            "no such directory" if name == "none" else "neither pinyuan.toml (a ledger or a mirror)"
        )
        assert looked in err
        assert err.rstrip().endswith(
            near or "with --dir (a ledger that is served elsewhere: --server)"
        )
    assert run("backup", "backup", "--dir", "away")[0] == 0
    assert "ask the export in it: --export backup/log" in run("show", "0", "--export", "backup")[2]
    assert "Did you mean backup/log?" in run("show", "0", "--export", "backup/log/tile")[2]
    assert run("show", "0", "--export", "backup/log")[0] == 0
    assert "is an export of a log, without keys" in run("backup", "b", "--dir", "backup/log")[2]


@pytest.mark.usefixtures("estate")
def test_an_import_into_no_ledger_makes_a_mirror(run: Run):
    assert run("export", "copy")[0] == 0
    code, out, _ = run("import", "copy", "--dir", "mirrored")
    assert (code, "a mirror in" in out) == (0, True)
    assert read_settings(Path("mirrored")).mirror == str(Path("copy").absolute())
    assert run("may-sell", *SALE, "--dir", "mirrored")[0] == 0
    assert run("db", "check", "--dir", "mirrored") == (0, "ok\n", "")


@pytest.mark.usefixtures("estate")
def test_a_backup_of_a_mirror_comes_back_as_a_mirror(run: Run):
    assert run("export", "copy")[0] == 0
    assert run("mirror", "mine", "--from", "copy")[0] == 0
    assert "not in it" not in run("backup", "kept", "--dir", "mine")[1]
    code, said, _ = run("restore", "kept", "--dir", "back")
    assert code == 0
    assert "keys are missing" not in said
    assert "db anchor" not in said
    assert said.splitlines()[-1].startswith("next: pinyuan mirror ")
    assert run("mirror", "back")[0] == 0
    assert run("trace", GTIN, "--dir", "back")[0] == run("trace", GTIN, "--dir", "mine")[0]


@pytest.mark.usefixtures("estate")
def test_a_ledger_of_ones_own_is_not_mirrored_over(run: Run):
    assert run("export", "copy")[0] == 0
    code, _, err = run("mirror", "pinyuan-ledger", "--from", "copy")
    assert (code, "a ledger with keys of its own" in err) == (1, True)
    code, _, err = run("mirror", "nothing-yet")
    assert (code, "say of what, with --from URL or --from EXPORT" in err) == (1, True)


@pytest.mark.usefixtures("estate")
def test_an_edited_export_answers_nothing(run: Run):
    assert run("export", "copy")[0] == 0
    bundle = next(Path("copy/tile/entries").rglob("*.p/*"))
    raw = bytearray(bundle.read_bytes())
    raw[len(raw) // 2] ^= 1
    bundle.write_bytes(raw)
    code, out, err = run("may-sell", *SALE, "--export", "copy")
    assert (code, out) == (3, ""), err


def test_a_mirror_signs_what_it_was_asked_to_end(estate: Estate, run: Run):
    """Whoever signs elsewhere has citations and origin out of a mirror, or an export."""
    assert run("export", "copy")[0] == 0
    grant = estate.id("agent")
    for where in ("pinyuan-ledger", "copy"):
        code, _, err = run(
            *("sign", "authorisation-revocation", "--target", grant, "--reason", "ended"),
            *("--key", "keys/brand.pem", "--dir", where, "-o", f"{where}.cose"),
        )
        assert code == 0, err
    assert run("register", "copy.cose", "--dir", "pinyuan-ledger")[0] == 0
