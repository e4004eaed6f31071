"""Sensitive values: committed to, kept apart, disclosed, erased; the log stays whole."""

import json
from pathlib import Path

import pytest
from tea import GARDEN, GTIN, LOT, OBSERVER

SECRET = {"phone": "+86 138 0000 0000", "address": "西湖区 1 号"}


@pytest.fixture
def complaint(run, estate) -> str:
    """Return the id of a registered complaint, entry 32, whose values the operator keeps."""
    Path("s.json").write_text(json.dumps(SECRET), encoding="utf-8")
    Path("c.json").write_text(json.dumps({"complainant": OBSERVER, "text": "smells", "lot": LOT}))
    words = ("--subject", GTIN, "--sensitive", "s.json", "-o", "c.cose")
    code, out, err = run("sign", "complaint", "c.json", *words)
    assert code == 0
    assert err.startswith("sensitive values, to be kept apart: pinyuan-ledger/disclosures/")
    assert "registered as entry 32" in run("register", "c.cose")[1]
    assert estate.said
    return out.strip()


def kept(id_: str) -> Path:
    return Path(f"pinyuan-ledger/disclosures/{id_}.disclosure.json")


def test_values_are_in_no_statement_and_in_a_file_for_their_owner_only(complaint: str, run):
    raw = Path("c.cose").read_bytes()
    assert all(value.encode() not in raw for value in SECRET.values())
    assert kept(complaint).stat().st_mode & 0o777 == 0o600
    assert kept(complaint).parent.stat().st_mode & 0o777 == 0o700
    for statement in ("c.cose", complaint, "32"):
        code, out, _ = run("disclose", kept(complaint), "--statement", statement)
        assert code == 0
        assert out.splitlines() == [
            f"verified: values of the statement {complaint}",
            "address: 西湖区 1 号",
            "phone: +86 138 0000 0000",
        ]


def test_the_same_value_twice_has_two_commitments(complaint: str, run):
    words = ("--subject", GTIN, "--sensitive", "s.json", "-o", "again.cose")
    other = run("sign", "complaint", "c.json", *words)[1].strip()
    first, second = (json.loads(kept(id_).read_text())["values"] for id_ in (complaint, other))
    assert first["phone"]["salt"] != second["phone"]["salt"]


def test_show_prints_values_that_are_there_and_verified(complaint: str, run):
    assert "phone (disclosed, verified): +86 138 0000 0000" in run("show", "32")[1].splitlines()
    raw = kept(complaint).read_bytes()
    kept(complaint).write_bytes(raw.replace(b"+86 138", b"+86 139"))
    shown = run("show", "32")[1]
    assert "phone: THE VALUE KEPT HERE IS FALSE: phone: the value is not the one" in shown
    assert "+86 139" not in shown
    code, _, err = run("disclose", kept(complaint), "--statement", "32")
    assert (code, err) == (3, "pinyuan: phone: the value is not the one committed to\n")
    kept(complaint).unlink()
    assert "phone: sealed, its value is not here" in run("show", "32")[1].splitlines()


def test_an_erased_value_is_gone_and_the_log_verifies_unchanged(complaint: str, run):
    before = json.loads(run("verify", "ledger", "--replay", "--json")[1])
    leaf = run("show", "32", "-o", "before") and Path("before").read_bytes()
    code, out, err = run("erase", complaint, "--field", "phone", "--reason", "art. 47 PIPL")
    assert (code, out) == (0, "phone: destroyed\nerasure registered as entry 34\n")
    assert err == "copies elsewhere (the issuer's own file, backups) are not reached from here\n"
    for path in Path("pinyuan-ledger").rglob("*"):
        assert path.is_dir() or b"138 0000" not in path.read_bytes(), path
    shown = run("show", "32")[1].splitlines()
    assert "values erased by entry 34: phone" in shown
    assert "phone: erased" in shown
    assert "address (disclosed, verified): 西湖区 1 号" in shown
    assert "phone：已销毁" in run("show", "32", "--lang", "zh")[1].splitlines()
    assert run("disclose", kept(complaint), "--statement", "c.cose")[0] == 0
    code, out, _ = run("verify", "ledger", "--replay", "--json")
    assert code == 0
    assert json.loads(out)["size"] == before["size"] + 2
    run("show", "32", "-o", "after")
    assert Path("after").read_bytes() == leaf
    assert run("export", "copy")[0] == 0
    assert run("verify", "export", "copy", "--replay")[0] == 0


def test_erasing_again_says_nothing_new(complaint: str, run):
    words = ("erase", complaint, "--reason", "asked to", "--field", "phone")
    assert run(*words)[0] == 0
    code, out, _ = run(*words)
    assert (code, out) == (0, "phone: destroyed before\nregistered before: nothing new to say\n")
    code, out, _ = run(*words, "--field", "address")
    assert out == "phone: destroyed before\naddress: destroyed\nerasure registered as entry 36\n"
    assert json.loads(kept(complaint).read_text())["values"] == {"address": None, "phone": None}


def test_an_erasure_cut_short_is_finished_by_the_same_command(
    complaint: str, run, monkeypatch: pytest.MonkeyPatch
):
    words = ("erase", complaint, "--field", "phone", "--reason", "asked to")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)  # behind the overwriting, before the successor
        assert run(*words)[0] == 130
    assert not kept(complaint).read_bytes().strip(b"\0")
    assert "address (disclosed, verified): 西湖区 1 号" in run("show", "32")[1]
    assert run(*words)[1] == "phone: destroyed before\nerasure registered as entry 34\n"
    assert not [path for path in kept(complaint).parent.iterdir() if "partial" in path.name] or (
        run("show", "32")[0] == 0
    )


def test_an_erasure_whose_overwriting_a_power_cut_tore_leaves_no_byte_of_the_value(
    complaint: str, run, monkeypatch: pytest.MonkeyPatch
):
    words = ("erase", complaint, "--field", "phone", "--reason", "asked to")
    value = json.loads(kept(complaint).read_text())["values"]["phone"]["value"].encode()

    def tear(path: Path) -> None:
        raw = path.read_bytes()
        half = raw.index(b'"phone"')
        path.write_bytes(bytes(half) + raw[half:])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("ledger.cli.disclosures.overwrite", tear)
        assert run(*words)[0] == 130
    assert value in kept(complaint).read_bytes()
    inode = kept(complaint).stat().st_ino
    opened = kept(complaint).open("rb")
    assert run(*words)[1] == "phone: destroyed before\nerasure registered as entry 34\n"
    assert not opened.read().strip(b"\0"), "the old bytes are overwritten, not only unlinked"
    opened.close()
    assert kept(complaint).stat().st_ino != inode
    assert not any(value in path.read_bytes() for path in kept(complaint).parent.iterdir())


ERRORS = {
    "a value the entry has not": (
        ["erase", "32", "--field", "fax", "--reason", "x"],
        1,
        "entry 32 has no sealed value 'fax': address, phone",
    ),
    "an entry without sealed values": (
        ["erase", "30", "--field", "fax", "--reason", "x"],
        1,
        "entry 30 has no sealed value 'fax': none",
    ),
    "no reason": (["erase", "32", "--field", "phone"], 2, "Missing option '--reason'"),
    "another statement's disclosure": (
        ["disclose", "d.json", "--statement", "30"],
        3,
        "the disclosure is of the statement ",
    ),
    "a disclosure that is none": (
        ["disclose", "c.json", "--statement", "32"],
        3,
        "c.json: disclosure: exactly v, statement and values are expected",
    ),
    "a value that is no text": (
        ["sign", "complaint", "c.json", "--subject", GTIN, "--sensitive", "n.json", "-o", "x.cose"],
        1,
        "c.json: sensitive value phone: a text is expected",
    ),
    "a name that is none": (
        ["sign", "complaint", "c.json", "--subject", GTIN, "--sensitive", "m.json", "-o", "x.cose"],
        1,
        "c.json: sensitive value 'Phone no': a name is lower case, digits and _, at most 40",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_cannot_be_disclosed_or_erased_says_why(complaint: str, run, name: str):
    words, expected, sentence = ERRORS[name]
    Path("d.json").write_bytes(kept(complaint).read_bytes())
    Path("n.json").write_text('{"phone": 138}')
    Path("m.json").write_text('{"Phone no": "138"}')
    code, out, err = run(*words)
    assert (code, out) == (expected, "")
    assert err.startswith(f"pinyuan: {sentence}")
    assert len(err.splitlines()) == 1
    assert not Path("x.cose").exists()


def test_another_party_s_values_lie_beside_its_statement_until_they_are_kept(run, estate):
    assert estate.said
    Path("s.json").write_text('{"seat": "12A"}')
    fields = {
        "about": GARDEN,
        "arrived": "2026-09-20T08:00:00Z",
        "place": {"text": "x"},
        "tie": None,
    }
    Path("v.json").write_text(json.dumps(fields))
    id_ = run(
        "sign", "visit", "v.json", "--key", "keys/observer.pem", "--subject", "urn:visit:v1",
        "--sensitive", "s.json", "-o", "out/v.cose",
    )[1].strip()  # fmt: skip
    beside = Path(f"out/{id_}.disclosure.json")
    code, out, _ = run("disclose", beside, "--statement", "out/v.cose", "--keep", "--json")
    assert (code, json.loads(out)["values"]) == (0, {"seat": "12A"})
    assert kept(id_).read_bytes() == beside.read_bytes()
