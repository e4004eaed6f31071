"""Answers on paper: a PDF that says what its attached evidence proves, and nothing else."""

import inspect
import io
import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cli.conftest import Estate, Run
from client.serving import Service
from pypdf import PdfReader
from tea import GTIN, INSPECTOR, LOT, MARK, TRADER, Tea, party_of
from usual import Told

from ledger.evidence import bundle
from ledger.primitives.instant import parse_us
from ledger.printing import content, typeset
from ledger.printing.words import CHECKED
from ledger.tlog.trust import parse_trust

SALE = ("--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "mall.example")
SOON = ("--now", "2026-09-22T00:00:00Z")
NOW_US = parse_us(SOON[1])


def text_of(raw: bytes) -> str:
    """Return the words on all pages, blanks and line ends left out."""
    pages = PdfReader(io.BytesIO(raw)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def attached(raw: bytes) -> dict[str, bytes]:
    return {name: data for name, [data] in PdfReader(io.BytesIO(raw)).attachments.items()}


def test_the_evidence_comes_out_of_the_paper_and_verifies_offline(estate: Estate, run: Run):
    told = {
        "zh": ("可以", "签发方", f"trader（{TRADER}）"),
        "en": ("may sell", "Signed by", f"trader ({TRADER}) may sell"),
    }
    for lang, spoken in told.items():
        code, out, err = run("pdf", "may-sell", *SALE, "-o", "a.pdf", "--lang", lang, "--json")
        assert (code, err) == (0, "")
        raw = Path("a.pdf").read_bytes()
        found = attached(raw)
        assert list(found) == ["answer.bundle.json"]
        digest = sha256(found["answer.bundle.json"]).hexdigest()
        assert json.loads(out)["attached"] == {"answer.bundle.json": digest}
        said = text_of(raw)
        for words in (*spoken, digest, MARK, "brand", estate.id("mark")):
            assert words.replace(" ", "") in said, words
        Path("answer.bundle.json").write_bytes(found["answer.bundle.json"])
        Path("trust.txt").write_text(run("trust")[1])
        expect = "may_sell " + " ".join(
            f"{name[2:]}={value}" for name, value in zip(SALE[::2], SALE[1::2], strict=True)
        )
        check = ("verify", "bundle", "answer.bundle.json", "--trust", "trust.txt")
        code, _, err = run(*check, "--expect", expect, *SOON)
        assert (code, err) == (0, "")


def test_who_signed_what_the_answer_rests_on_has_its_name(story: Tea, run: Run):
    """Also whom the answer does not speak of: by the same evidence."""
    story.lot(LOT)
    Told(story.world).tell("inspection", nonconforming=2, decision="refused")
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    policy = parse_trust(run("trust")[1])
    found = bundle.verify_bundle(Path("b.json").read_bytes(), policy, now_us=NOW_US)
    assert INSPECTOR not in found.names
    stands = content.content({content.ANSWER: content.Proof(b"", found, ["yes"])}, "zh")
    by = {row["issuer_id"]: row["issuer"] for row in stands["timeline"]}
    spoke = ("office", "brand", "agent", "distributor", "inspector")
    assert by == {party_of(name): name for name in spoke}
    about = {row["subject_id"]: row["subject"] for row in stands["timeline"]}
    assert about[GTIN] == about[LOT] == "绿茶"
    assert ["inspector", INSPECTOR] in stands["parties"]


def as_a_shell_reads(command: str) -> list[str]:
    """Return the words behind `pinyuan` of what is pasted into a shell."""
    pasted = f"pinyuan() {{ printf '%s\\n' \"$@\"; }}\n{command}\n"
    done = subprocess.run(["/bin/sh", "-c", pasted], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.usefixtures("estate")
def test_the_command_that_is_printed_runs(run: Run, monkeypatch: pytest.MonkeyPatch):
    """At any later time: what was answered about then is no less true when the log is old."""
    kept = {}
    inner = content._file
    monkeypatch.setattr(
        content, "_file", lambda name, *rest: kept.setdefault(name, inner(name, *rest))
    )
    assert run("pdf", "may-sell", *SALE, "-o", "a.pdf")[0] == 0
    Path("trust.txt").write_text(run("trust")[1])
    for name, raw in attached(Path("a.pdf").read_bytes()).items():
        Path(name).write_bytes(raw)
    words = as_a_shell_reads("\n".join(kept["answer.bundle.json"]["command"]))
    assert "--expect" in words
    code, _, err = run(*words)
    assert (code, err) == (0, "")


def test_wherever_the_ledger_is_the_paper_is_the_same_to_the_byte(story: Tea, run: Run):
    del story
    Path("trust.txt").write_text(run("trust")[1])
    asked = ("pdf", "may-sell", *SALE, "--lang", "zh")
    assert run(*asked, "-o", "own.pdf")[0] == 0
    assert run("export", "copy")[0] == 0
    assert run(*asked, "--export", "copy", "-o", "export.pdf")[0] == 0
    assert run("mirror", "mine", "--from", "copy", "--trust", "trust.txt")[0] == 0
    assert run(*asked, "--dir", "mine", "-o", "mirror.pdf")[0] == 0
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    from_file = ("pdf", "bundle", "b.json", "--trust", "trust.txt", "--lang", "zh", *SOON)
    assert run(*from_file, "-o", "file.pdf")[0] == 0
    own = Path("own.pdf").read_bytes()
    for name in ("export", "mirror", "file"):
        assert Path(f"{name}.pdf").read_bytes() == own, name


def test_a_server_is_asked_for_the_same_paper(served: Service, run: Run):
    assert run("pdf", "may-sell", *SALE, "-o", "own.pdf")[0] == 0
    met = ("--server", served.url, "--trust", "trust.txt")
    code, _, err = run("pdf", "may-sell", *SALE, *met, "-o", "there.pdf")
    assert code == 0, err
    assert Path("there.pdf").read_bytes() == Path("own.pdf").read_bytes()


def test_what_was_known_then_has_its_own_evidence(story: Tea, run: Run):
    story.lot(LOT)
    then, before = story.time(), story.world.length()
    story.world.wait(seconds=7_200)
    fields = {"reason": "residue above the limit", "from": then}
    story.world.accept(story.sign("recall", "brand", LOT, fields))
    turned = story.world.length()
    story.world.accept(story.world.reading("4.5"))
    behind = story.world.length()
    assert run("pdf", "trace", LOT, "--at", then, "-o", "a.pdf")[0] == 0
    raw = Path("a.pdf").read_bytes()
    found = {name: json.loads(one) for name, one in attached(raw).items()}
    assert {name: (one["answer"]["verdict"], one["known_at"]) for name, one in found.items()} == {
        "answer.bundle.json": ("no", behind),
        "known-then.bundle.json": ("yes", before),
        "since.bundle.json": ("no", turned),
    }
    assert len({one["valid_at_us"] for one in found.values()}) == 1
    assert "Withwhatwasknownthen" in text_of(raw)
    assert f"Asof{turned}entries,sealedat" in text_of(raw)
    Path("trust.txt").write_text(run("trust")[1])
    for name, one in attached(raw).items():
        Path(name).write_bytes(one)
        assert run("verify", "bundle", name, "--trust", "trust.txt", *SOON)[0] == 0


def test_a_false_bundle_is_not_printed(estate: Estate, run: Run):
    del estate
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    Path("trust.txt").write_text(run("trust")[1])
    false = Path("b.json").read_text().replace('"verdict":"yes"', '"verdict":"no"', 1)
    Path("b.json").write_text(false)
    code, _, err = run("pdf", "bundle", "b.json", "--trust", "trust.txt", *SOON, "-o", "a.pdf")
    assert code == 3, err
    assert not Path("a.pdf").exists()


def test_texts_are_shown_as_they_are_and_never_set_as_markup(story: Tea, run: Run):
    text = r'#eval("1") *bold* $x$ = @here \u{41}'
    story.world.accept(story.world.reading(json.dumps({"said": text, "hidden": "a\u202eb"})))
    code, _, err = run("pdf", "history", "generic", "urn:x:1", "-o", "a.pdf")
    assert code == 0, err
    said = text_of(Path("a.pdf").read_bytes())
    assert "#eval" in said
    assert r"\u{202e}" in said
    assert "\u202e" not in said


def test_a_character_that_no_font_has_is_an_error_and_never_a_box(
    estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch
):
    with estate.tea() as tea:
        name = {"zh": "ᠮᠣᠩᠭᠣᠯ ꦗꦮ"}  # Javanese: no font of the usual ones has it
        tea.world.party("javanese", "https://id.gs1.org/417/6901234507102", names=name)
    party = ("identity", "https://id.gs1.org/417/6901234507102")
    code, _, err = run("pdf", "history", *party, "-o", "a.pdf")
    assert (code, "no font has the characters of" in err) == (1, True), err
    assert "--font-path" in err
    assert not Path("a.pdf").exists()
    fonts = typeset.font_folders()
    monkeypatch.setattr(typeset, "FONT_PACKAGE", "no_such_package")
    zh = ("pdf", "may-sell", *SALE, "--lang", "zh", "-o", "a.pdf")
    code, _, err = run(*zh)
    assert (code, "pip install 'pinyuan[pdf]'" in err) == (1, True), err
    code, _, err = run(*zh, "--font-path", "nowhere")
    assert (code, "--font-path nowhere：没有这个文件夹" in err) == (1, True), err
    code, _, err = run(*zh, "--font-path", fonts[0])
    assert code == 0, err


def test_without_the_extra_it_says_what_to_install(
    estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch
):
    del estate
    monkeypatch.setitem(sys.modules, "typst", None)
    code, _, err = run("pdf", "may-sell", *SALE, "-o", "a.pdf")
    assert (code, "pip install 'pinyuan[pdf]'" in err) == (1, True), err


def test_each_step_of_the_verifier_has_its_words():
    source = inspect.getsource(bundle)
    steps = set(re.findall(r'steps\.passed\(\s*"([a-z]+)"', source))
    assert {"question", "checkpoint", "answer"} < steps
    assert steps == set(CHECKED)


def test_what_nobody_reads_to_its_end_is_cut_and_says_so():
    lines = [f"  {number}" for number in range(content.MAX_LINES + 7)]
    said = content._said(lines, "en")
    assert len(said) == content.MAX_LINES + 1
    assert said[-1]["text"] == "7 more are in the attached evidence."


def test_moments_are_in_the_time_zone_that_was_said(story: Tea, run: Run):
    """But for what was signed and what is typed again, which are as they are."""
    story.lot(LOT)
    sale = (*SALE, "--shop-type", "multi-brand")
    said = {}
    for name, zone in {"utc": (), "here": ("--time-zone", "+08:00")}.items():
        code, _, err = run("pdf", "may-sell", *sale, "-o", f"{name}.pdf", "--lang", "zh", *zone)
        assert code == 0, err
        said[name] = text_of(Path(f"{name}.pdf").read_bytes())
    assert "+08:00" not in said["utc"]
    assert said["here"].count("+08:00") > 3
    assert "--now2026-09-21T" in said["here"]
    assert run("pdf", "may-sell", *SALE, "-o", "x.pdf", "--time-zone", "Nowhere/Land")[0] == 2
    assert not Path("x.pdf").exists()
    Path("trust.txt").write_text(run("trust")[1])
    assert run("bundle", "may-sell", *SALE, "-o", "b.json")[0] == 0
    again = ("pdf", "bundle", "b.json", "--trust", "trust.txt", "-o", "b.pdf", *SOON)
    assert run(*again, "--time-zone", "+08:00")[0] == 0
    assert "+08:00" in text_of(Path("b.pdf").read_bytes())


@pytest.mark.usefixtures("estate")
def test_a_type_of_shop_that_was_asked_about_has_its_word_on_paper(run: Run):
    asked = ("may-sell", *SALE, "--shop-type", "multi-brand")
    assert run("pdf", *asked, "-o", "a.pdf", "--lang", "zh")[0] == 0
    assert "专营店multi-brand" in text_of(Path("a.pdf").read_bytes())
