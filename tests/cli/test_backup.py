"""backup, verify backup, restore as commands: what they say, what they refuse, how it goes on."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.conftest import Estate
from conftest import new_database
from world import key_of

from ledger.cli.audit_group import UNPINNED
from ledger.cli.keep_group import NOBODY_ASKED
from ledger.files.sums import SUMS, write_sums
from ledger.tlog.note import TYPE_ED25519, VerifierKey

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def made(estate: Estate, run: Run) -> Path:
    """Return a backup of the estate, with its keys."""
    code, out, _ = run("backup", "backup", "--with-keys")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("backup backup: ")
    assert lines[1].startswith("newest checkpoint of 20")
    assert lines[2].endswith(" s")
    assert "bytes, read back and verified" in lines[2]
    assert len(lines) == 3
    return estate.folder.parent / "backup"


def test_what_is_not_in_it_is_said(estate: Estate, run: Run):
    (estate.folder / "disclosures").mkdir()
    _, out, _ = run("backup", "backup")
    assert out.splitlines()[-1] == (
        "not in it: keys, disclosures; keep them apart, or there is no way back"
    )
    code, _, said = run("backup", "backup")
    assert code == 1
    assert "exists already" in said
    _, out, _ = run("backup", "again", "--json")
    row = json.loads(out)
    assert row["size"] > 2
    assert row["bytes"] > 1_000
    assert row["seconds"] >= 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_restored_it_is_a_copy_until_somebody_says_that_it_goes_on(
    kind: str, made: Path, estate: Estate, run: Run, request: pytest.FixtureRequest
):
    with estate.tea() as tea:
        raw = tea.world.reading("after the restore")
    shutil.rmtree(estate.folder)
    to = [] if kind == "sqlite" else ["--to", new_database(request.getfixturevalue("postgres"))]
    code, out, _ = run("restore", made, *to)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("restored: ")
    assert lines[2].startswith("read-only: COPIED: ")
    assert "pinyuan import DIR" in lines[3]
    assert lines[3].endswith("pinyuan db anchor")

    (estate.folder.parent / "raw.cose").write_bytes(raw)
    code, _, said = run("register", "raw.cose")
    assert code == 1
    assert "COPIED" in said
    size = json.loads(run("verify", "ledger", "--json")[1])["size"]
    assert run("db", "anchor")[:2] == (0, f"anchored at size {size}; {NOBODY_ASKED}\n")
    code, out, _ = run("register", "raw.cose")
    assert (code, "registered" in out) == (0, True)
    code, out, _ = run("verify", "ledger", "--replay")
    assert (code, out.startswith("verified: ")) == (0, True)


def test_what_nobody_could_read_back_is_not_restored_whatever_its_sums_say(
    made: Path, estate: Estate, run: Run
):
    shutil.rmtree(estate.folder)
    (made / "attached").write_text('{"index": 5, "receipts": "/w=="}\n')
    (made / SUMS).unlink()
    write_sums(made)
    for words in (("verify", "backup", made), ("restore", made)):
        code, out, said = run(*words)
        assert (code, out) == (3, "")
        assert "attached: line 1: receipts of other logs: " in said
    assert not (estate.folder / "ledger.sqlite").exists()


def test_a_backup_that_is_not_sound_puts_nothing_in_place(made: Path, estate: Estate, run: Run):
    shutil.rmtree(estate.folder)
    path = made / "log" / "checkpoints"
    raw = bytearray(path.read_bytes())
    raw[40] ^= 4
    path.write_bytes(raw)
    for words in (("verify", "backup", made), ("restore", made)):
        code, out, said = run(*words)
        assert (code, out) == (3, "")
        assert said == "pinyuan: log/checkpoints: SHA-256: not the one in SHA256SUMS\n"
    assert not estate.folder.exists()


def test_nothing_is_overwritten(made: Path, estate: Estate, run: Run):
    before = {p: p.read_bytes() for p in estate.folder.iterdir() if p.is_file()}
    code, _, said = run("restore", made)
    assert code == 1
    assert "nothing was changed" in said
    assert f"pinyuan import {made}/log" in said
    after = {p: p.read_bytes() for p in before}
    assert {p for p in before if before[p] != after[p]} == set()


def test_the_database_alone_comes_back_beside_what_is_left(made: Path, estate: Estate, run: Run):
    for path in estate.folder.glob("ledger.sqlite*"):
        path.unlink()
    code, out, _ = run("restore", made)
    assert code == 0
    assert out.splitlines()[-1] == "next: pinyuan serve"
    assert run("db", "check")[:2] == (0, "ok\n")


def test_where_entries_came_since_the_published_log_brings_them(
    made: Path, estate: Estate, run: Run
):
    with estate.tea() as tea:
        tea.world.accept(tea.world.reading("since"))
    assert run("export", "published")[0] == 0
    for path in estate.folder.glob("ledger.sqlite*"):
        path.unlink()
    code, out, _ = run("restore", made)
    assert code == 0
    assert "read-only: BEHIND_PUBLISHED: " in out
    assert run("import", "published")[0] == 0
    assert run("db", "check")[:2] == (0, "ok\n")


def test_keys_that_are_missing_are_named(estate: Estate, run: Run):
    assert run("backup", "backup")[0] == 0
    shutil.rmtree(estate.folder)
    code, out, _ = run("restore", "backup")
    assert code == 0
    assert f"keys are missing: put them at {estate.folder}/keys/operator.pem, " in out


def test_another_ledger_s_backup_and_another_s_trust_are_refused(
    made: Path, estate: Estate, run: Run, tmp_path: Path
):
    assert run("init", "--operator", "did:web:x.example", "--dir", "another")[0] == 0
    for path in Path("another").glob("ledger.sqlite*"):
        path.unlink()
    code, _, said = run("restore", made, "--dir", "another")
    assert code == 1
    assert "the backup is of " in said
    trust = [
        f"genesis {'0' * 64}" if line.startswith("genesis ") else line
        for line in (made / "trust.txt").read_text().splitlines()
    ]
    (tmp_path / "trust.txt").write_text("\n".join([*trust, ""]))
    shutil.rmtree(estate.folder)
    code, _, said = run("restore", made, "--trust", tmp_path / "trust.txt")
    assert (code, said) == (
        3,
        "pinyuan: entry 0: the genesis is not the one of the trust file\n",
    )
    assert not estate.folder.exists()


def test_a_backup_is_verified_with_the_log_key_pinned(made: Path, run: Run):
    code, out, _ = run("verify", "backup", made, "--trust", made / "trust.txt", "--replay")
    assert code == 0
    assert out.startswith("verified: backup ")
    assert "give --trust" not in out


def test_of_a_trust_file_s_logs_the_one_of_the_name_is_pinned(made: Path, run: Run):
    """Wherever a log is taken from: the first of the file, or none, would be another's word."""

    def line(name: str, key: str) -> str:
        return f"log {VerifierKey(name, TYPE_ED25519, key_of(key).public.x)}"

    own = next(row for row in run("trust")[1].splitlines() if row.startswith("log "))
    others = [line("a.example", "a"), line("b.example", "b")]
    forged = line(own.split()[1].partition("+")[0], "c")
    assert run("export", "copy")[0] == 0
    takes = (
        ("verify", "ledger"), ("verify", "export", "copy"), ("verify", "backup", made),
        ("import", "copy", "--db", "{0}.sqlite"), ("import", "copy", "--dir", "imported{0}"),
        ("mirror", "mirror{0}", "--from", "copy"), ("restore", made, "--dir", "restored{0}"),
    )  # fmt: skip
    for number, (keys, ends) in enumerate(
        (([*others, own], 0), ([own, *others], 0), ([others[0], forged], 3), (others, 4))
    ):
        Path("trust.txt").write_text("\n".join([*keys, "quorum none", ""]))
        for words in takes:
            call = [str(word).format(number) for word in words]
            code, out, err = run(*call, "--trust", "trust.txt")
            assert (code, UNPINNED in out + err) == (ends, False), (keys, call, err)


def test_nothing_is_written_where_a_backup_s_settings_lead_out_of_the_directory(
    made: Path, tmp_path: Path, run: Run
):
    path, elsewhere = made / "pinyuan.toml", tmp_path / "elsewhere"
    as_made = path.read_text()
    for name, says in (("db", "name it with --to"), ("anchor", f"copy {path} there first")):
        for lead in (elsewhere, "../elsewhere"):
            path.write_text(re.sub(rf'(?m)^{name} = ".*"$', f'{name} = "{lead}"', as_made))
            (made / SUMS).unlink()
            write_sums(made)
            code, _, said = run("restore", made, "--dir", "into")
            assert code == 1
            assert f"outside of {tmp_path / 'into'}: if that is meant" in said
            assert says in said
            assert not (tmp_path / "into").exists()
            assert not elsewhere.exists()
    (tmp_path / "into").mkdir()
    shutil.copy(path, tmp_path / "into")
    assert run("restore", made, "--dir", "into")[0] == 0
    assert elsewhere.exists()
