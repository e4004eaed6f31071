"""Catalogues: each has all that is said and nothing else, with the same facts; a language is a file."""

import ast
import gettext
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from conftest import ROOT

from ledger import texts
from ledger.cli.common import language, spoken_to
from ledger.cli.main import main
from ledger.errors import FreshnessError, ParameterError
from ledger.phrases import limits, reason_sentence
from ledger.primitives.instant import Span
from ledger.texts import ENGLISH, LOCALES, Sentence, Words, languages, nearest

CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
WRITTEN = (
    "ledger/demo/", "ledger/identifiers/", "ledger/phrases/territory_words.py", "ledger/rules/lot_sizes.py",
    "ledger/primitives/legible.py", "ledger/primitives/near.py", "ledger/phrases/called.py", "ledger/sampling/tables.py", "ledger/tables/cells.py", "ledger/tables/measured.py", "ledger/tables/reading.py",
    "ledger/tables/zone.py", "ledger/tables/rows.py", "ledger/texts/joints.py", "api/routes/",
)  # fmt: skip
"""What has Chinese of its own: what people write that is read here, a story's names and an example's."""


def made() -> Iterator[tuple[str, str]]:
    """Yield what the source says: context and English."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        import make_texts

        yield from {(item.context, item.en) for item in make_texts.texts() if item.en}


SAID = set(made())


def known(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def names_in(text: str) -> list[str]:
    """Return the facts of a sentence; one without any may have any braces."""
    try:
        found = (name for _, name, _, _ in Formatter().parse(text) if name is not None)
        return sorted(name for name in found if re.fullmatch("[a-z0-9_]*", name))
    except ValueError:
        return []


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parent.parent.name)
def catalogue(request) -> Catalog:
    return known(request.param)


def test_there_is_a_catalogue():
    assert languages() == (ENGLISH, *(path.parent.parent.name for path in CATALOGUES))
    assert "zh" in languages()


def test_a_catalogue_has_all_that_is_said_and_nothing_else(catalogue):
    """``make texts`` brings it up to date."""
    there = {(item.context or "", item.id) for item in catalogue if item.id}
    assert SAID - there == set()
    assert there - SAID == set()
    assert not catalogue.obsolete


def test_everything_is_translated_and_nothing_doubtful(catalogue):
    assert [item.id for item in catalogue if item.id and not item.string] == []
    assert [item.id for item in catalogue if item.id and item.fuzzy] == []


def test_a_translation_says_the_same_facts(catalogue):
    """A part in brackets is left out where its fact is not known: in all languages the same."""
    for item in catalogue:
        if item.id:
            assert set(names_in(item.string)) == set(names_in(item.id)), item.id
            assert item.string.count("[") == item.id.count("[") or "{" not in item.id, item.id


OTHER_WORDS = {
    "任一": "不限",
    "层": "级",
    "店铺可": "店铺的商家可",
    "未决问题": "未关闭的问题",
    "声明方": "签发方",
    "声明编号": "声明标识",
    "标识或序号": "声明标识或条目序号",
}
"""What Chinese might say otherwise, and what it says throughout: one word for one thing."""
OF_SYSTEMS = "符号链接层数过多"


def test_chinese_has_one_word_for_one_thing():
    told = [item.string for item in known(LOCALES / "zh/LC_MESSAGES/pinyuan.po")]
    found = {one for one in told if any(other in one for other in OTHER_WORDS)}
    assert found == {OF_SYSTEMS}


SAID_BY = (
    (re.compile(r"\blistings?\b"), "在售商品", "上架商品"),
    (re.compile(r"because: "), "原因", "理由"),
    (re.compile(r"^(Grounds|Reason|The grounds\.|The reasons\.)$"), "原因", "理由"),
    (re.compile(r"^(authorisation|Trader)$"), "品牌授权|货主", "授权, 商家"),
    (re.compile(r"^Why:$"), "理由", "原因"),
    (re.compile(r"\boperators?\b"), "(?<!平台)运营方", "平台运营方"),
    (re.compile(r"\* for a(ny|ll)\b"), r"\* 表示(?!不限)", "不限"),
    (re.compile(r"^(\*|any)$"), "^(?!不限)", "不限"),
)
"""Of what English says so: what Chinese does not say, and what it says: what a statement gives is its 理由,
what an answer rests on its 原因; a title's first word is the one shown, others are read in sheets."""


def test_chinese_has_one_word_for_what_english_says_in_one():
    wrong = [
        (item.id, item.string, said)
        for item in known(LOCALES / "zh/LC_MESSAGES/pinyuan.po")
        if item.id
        for english, other, said in SAID_BY
        if english.search(str(item.id)) and re.search(other, item.string.partition("|")[0])
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_what_is_compiled_is_the_catalogue(path: Path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for item in known(path):
        if item.id:
            found = (
                compiled.pgettext(item.context, item.id)
                if item.context
                else compiled.gettext(item.id)
            )
            assert found == item.string


def test_the_source_says_nothing_in_another_language_itself():
    said = {
        str(path.relative_to(ROOT))
        for folder in ("ledger", "api")
        for path in (ROOT / folder).rglob("*.py")
        if any(CHINESE.search(text) for text in written_in(path))
    }
    assert {name for name in said if not name.startswith(WRITTEN)} == set()


def written_in(path: Path) -> Iterator[str]:
    """Yield a file's texts but for its docstrings, the command's name, and English that quotes Chinese."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    others: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            others.add(id(node.value))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("Words", "Meant")
        ):
            others |= {id(one) for one in node.args}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in others
        ):
            yield node.value.replace("品源", "")


THIRD = {
    Words("{0} days"): "{0} jours",
    Words("{0} hours"): "{0} heures",
    Words(" ({0})", "aside"): " [{0}]",
    Words("; ", "list"): " ; ",
    Words("since {0}"): "depuis {0}",
    Words("entries {0}"): "inscriptions {0}",
    Words("{party} was never authorised for the brand {brand}"): "{party} n'a jamais eu {brand}",
    Words(
        "Not proven: that what was signed is true, or that the goods in your hand are the ones the "
        "statements are about."
    ): "Non prouvé.",
}


@pytest.fixture
def third(tmp_path: Path, monkeypatch) -> Iterator[str]:
    """Return a language that has a small catalogue, beside those there are."""
    made = Catalog(locale="fr")
    for words, text in THIRD.items():
        made.add(words.en, text, context=words.context or None)
    (tmp_path / "zh").symlink_to(LOCALES / "zh")
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "pinyuan.mo").open("wb") as file:
        write_mo(file, made)
    monkeypatch.setattr(texts, "LOCALES", tmp_path)
    languages.cache_clear()
    texts.catalogue.cache_clear()
    yield "fr"
    languages.cache_clear()
    texts.catalogue.cache_clear()


def test_the_third_language_says_what_is_said():
    assert {(words.context, words.en) for words in THIRD} <= SAID


def test_a_third_language_is_a_file(third, monkeypatch):
    """It is answered in; what it lacks is said in English."""
    assert languages() == ("en", third, "zh")
    assert language(third) == third
    monkeypatch.setenv("PINYUAN_LANG", "")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert language(None) == third
    assert Span(2 * 86_400 + 3_600 * 5).to(third) == "2 jours 5 heures"
    facts = {"party": "A", "brand": "B", "since": "2026-05-01T08:00:00Z"}
    reason = {"code": "no-grant", "entries": [5, 9], "facts": facts}
    assert reason_sentence(reason, third) == (
        "A n'a jamais eu B [depuis 2026-05-01T08:00:00Z ; inscriptions 5, 9]. "
        "The right-holder, or a grantee that may grant on, has to authorise it."
    )
    assert limits(third) == [limits("en")[0], "Non prouvé."]


@pytest.mark.usefixtures("third")
def test_a_third_language_is_one_of_the_command(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["pinyuan", "show", "5", "--lang", "xx"])
    with pytest.raises(SystemExit):
        main()
    assert "--lang xx: en or fr or zh" in capsys.readouterr().err


def test_a_language_without_a_catalogue_is_none():
    with pytest.raises(ParameterError, match="--lang xx: en or zh"):
        language("xx")
    assert spoken_to(["show", "--lang=zh"]) == spoken_to(["show", "--lang", "zh"]) == "zh"


@pytest.mark.parametrize(
    ("names", "lang"),
    [
        (["zh_CN.UTF-8"], "zh"),
        (["zh-Hans-CN"], "zh"),
        (["zh"], "zh"),
        (["zha"], "en"),
        (["xx", "zh"], "zh"),
        (["C"], "en"),
        ([""], "en"),
        ([], "en"),
    ],
)
def test_a_language_is_known_by_its_tags(names: list[str], lang: str):
    assert nearest(names) == lang


def test_an_error_says_its_facts_in_each_language():
    """Facts that have words of their own are in the same language; those of others are put in as they are."""
    error = FreshnessError(
        "the log's newest time is {ahead} ahead of this clock: one of them is wrong", ahead=Span(90)
    )
    assert str(error) == (
        "the log's newest time is 1 minute 30 seconds ahead of this clock: one of them is wrong"
    )
    assert error.to("zh") == "账本的最新时间超前于本机时钟 1 分钟 30 秒：两者必有一个不准"
    assert Sentence("{0} {x}").to("zh") == "{0} {x}"
    assert Sentence("a {b}", {"b": "{c}"}).to("en") == "a {c}"


def test_nothing_is_read_before_another_language_is_spoken():
    """Whoever is told in English waits for no catalogue."""
    code = (
        "import ledger.cli.main, ledger.texts as t; t.Words('Why:').to('en');"
        "assert t.catalogue.cache_info().currsize == 0"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, env={}).returncode == 0


SENTENCE = re.compile(r"[A-Za-z']{2,}(?:,? [A-Za-z'-]{2,}){3}")
TOLD_APART = {
    "Object missing required field `(.*)`": "a form of what a library says",
    "Object contains unknown field `(.*)`": "a form of what a library says",
    " in the directory by default.": "a part of an option's help, which is said whole",
    "no ledger is at hand": "what tells a text apart",
    ", did you mean sign ": "a part of what the library says of a command, which is recognised whole",
}
"""Texts of the commands that read like sentences and are said otherwise; why."""


def test_no_sentence_of_a_command_is_without_words():
    """A text that is handed on before it is told: it is put into another sentence as it is."""
    said = {text.replace("品源", "") for _, text in SAID} | TOLD_APART.keys()
    found = {
        (path.name, text)
        for folder in ("ledger/cli", "ledger/evidence/fresh.py")
        for path in ([ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py"))
        for text in written_in(path)
        if SENTENCE.search(text) and text not in said
    }
    assert found == set()
