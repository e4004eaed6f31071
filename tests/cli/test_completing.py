"""The shell completes topics, types, values, and the names and ids of the ledger at hand."""

from pathlib import Path

import pytest
from cli.conftest import Run
from tea import GTIN, LOT, MARK, Tea
from world import TRADER

from ledger.statements.catalogue import SAYS


@pytest.fixture
def offered(run: Run, monkeypatch: pytest.MonkeyPatch):
    """Return a function that says what the shell offers for the last word of a line."""

    def ask(line: str, lang: str = "en") -> set[str]:
        monkeypatch.setenv("_PINYUAN_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", f"pinyuan {line}")
        monkeypatch.setenv("COMP_CWORD", str(len(f"pinyuan {line}".split(" ")) - 1))
        monkeypatch.setenv("PINYUAN_LANG", lang)
        code, out, err = run()
        assert (code, err) == (0, ""), err
        return {line for line in out.splitlines() if line}

    return ask


def test_commands_and_types_are_completed(offered):
    assert "may-sell" in offered("may")
    assert offered("sign authorisation") == {"authorisation", "authorisation-revocation"}
    assert offered("sign ") >= set(SAYS)
    assert offered("--install") == {"--install-completion"}


def test_completion_is_installed_in_the_language(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PINYUAN_LANG", "zh")
    code, out, _ = run("--install-completion", "bash")
    assert code == 0
    assert "新打开的 bash" in out
    assert "pinyuan" in (tmp_path / ".bashrc").read_text()


CASES = (
    ("may-sell --trader tra", {"trader"}),
    ("may-sell --trader 690123450702", {"6901234507027"}),
    (f"may-sell --trader {TRADER[:-4]}702", {TRADER}),
    ("may-sell --product 绿", {"绿茶"}),
    ("may-sell --product 0690123450000", {GTIN[-14:]}),
    ("may-sell --territory 浙江", {"浙江", "浙江省"}),
    ("may-sell --territory CN-Z", {"CN-ZJ"}),
    ("may-sell --shop-type f", {"flagship"}),
    ("plan --mode m", {"mystery"}),
    ("plan --level S", {"S-1", "S-2", "S-3", "S-4"}),
    ("plan --aql 0.1", {"0.10", "0.15"}),
    (f"trace {LOT[:-1]}", {LOT}),
    ("brand 龙", {"龙井"}),
    (f"brand {MARK[:12]}", {MARK}),
    ("history inspec", {"inspection", "inspections"}),
    (f"history lot {LOT[:-1]}", {LOT}),
    ("history identity tra", {"trader"}),
    ("place 龙坞", {"龙坞茶园"}),
    ("sign lot --issuer tra", {"trader"}),
    ("sign product --subject 绿", {"绿茶"}),
    ("key new k.pem --alg ES", {"ES256", "ES384"}),
    ("trace --lang z", {"zh"}),
    ("bundle label 绿", {"绿茶"}),
    ("pdf label 绿", {"绿茶"}),
)


@pytest.mark.parametrize(("line", "wanted"), CASES)
def test_values_names_and_ids_are_completed(story: Tea, offered, line: str, wanted: set[str]):
    story.lot(LOT)
    assert offered(line) == wanted


def test_of_another_directory_what_is_there_and_without_a_ledger_nothing(estate, offered):
    assert offered(f"label --dir {estate.folder} 绿") == {"绿茶"}
    assert offered("label --dir nowhere 绿") == set()


ACTED_ON = (
    "acme$(id)",
    "acme\\$(id)",  # typer escapes the dollar alone, and zsh evaluates what it is given
    "acme`id`",
    "acme;id",
    "acme|id",
    "acme&id",
    "acme>x",
    "acme*",
    "acme!id",
    "acme'x",
    'acme"x',
    "acme{a,b}",
    "acme#x",
)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_no_name_that_a_shell_acts_on_is_offered(
    story: Tea, run: Run, monkeypatch: pytest.MonkeyPatch, shell: str
):
    for number, name in enumerate(ACTED_ON):
        story.world.party(f"evil{number}", f"did:web:acme{number}.example", names={"en": name})
    story.world.party("plain", "did:web:acme-plain.example", names={"en": "acme"})
    monkeypatch.setenv("_PINYUAN_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    for word in ("acme", "did:web:acme"):  # as a value, and as what is said beside it
        line = f"pinyuan may-sell --trader {word}"
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", "3")
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
        code, out, err = run()
        assert (code, err) == (0, ""), err
        assert "acme" in out
        assert not [name for name in ACTED_ON if name[4:] in out.removeprefix("_arguments '*")]
