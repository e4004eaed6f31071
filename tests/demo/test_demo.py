"""The demonstration comes out as told, and the commands it ends with do what they say."""

import re
import shlex
from pathlib import Path

import pytest

from ledger.cli import main as command
from ledger.demo.story import tell


def tell_in(folder: Path, lang: str) -> str:
    """Tell the story in a language; return what was said."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as listening:
        listening.setattr("ledger.demo.story._write", said.append)
        tell(folder, lang)
    return "\n".join(said)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Tell the story once; return its folder and what was said."""
    folder = tmp_path_factory.mktemp("demo") / "ledger"
    return folder, tell_in(folder, "en")


def test_the_story_tells_of_a_chain_a_failed_lot_and_a_revocation(told: tuple[Path, str]):
    text = " ".join(told[1].split())
    shop = "Qinghe tea shop (https://id.gs1.org/417/6901234507027)"
    tea = "https://id.gs1.org/01/06901234500004"
    for part in (
        "grant-wider: territories: CN not granted",
        "claim-taken: https://id.gs1.org/01/06901234500004 is claimed by",
        f"Yes: {shop} may sell Longwu green tea ({tea})",
        f"An inspection of the lot Longwu green tea ({tea}/10/SPRING-2) (mystery sampling) refused it",
        "Yes: the laboratory's own, and it stands (reports of urn:sample:spring-2: 1).",
        f"No: {shop} may not sell",
        "does not reach grade C: score 285, grade D (outcomes 6, model",
        f"{shop} mended what was found, and somebody else verified it (plans 1, advice 0).",
        "nothing more is said it lapses at 2027-02-01T00:00:00Z.",
        f"No: Longwu green tea ({tea}) has no quality label that holds.",
        "was revoked",
    ):
        assert part in text


def test_what_is_withheld_and_what_is_forged_is_found(told: tuple[Path, str]):
    text = told[1]
    assert "found: history (sanction, https://id.gs1.org/417/6901234507027)" in text
    assert "found: entry" in text.split("lets the failed sampling pass:")[1]


def test_the_commands_at_the_end_work(told: tuple[Path, str], capsys: pytest.CaptureFixture[str]):
    lines = told[1].split("Now try:")[1].strip().splitlines()
    assert len(lines) == 9
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "pinyuan"
        with pytest.raises(SystemExit) as ended:
            command.app(words[1:])
        assert ended.value.code in (0, None), (line, capsys.readouterr())


LINE = re.compile(r"^ +(?:pinyuan |export PATH=).*$", re.MULTILINE)
CODE = re.compile(
    r"`[^`]*`|may_sell(?:\(.*?\))?|https?://\S+|(?:urn|did):\S+|(?:demo|mall)\.example\S*|food(?:/\w+)+|--[a-z-]+|"
    r"\w+\+[\w+/=]+|[a-z0-9]+(?:-[a-z0-9]+)+|\b(?:goods|territories|channels|until|depth|signature|sanction|history)\b|"
    r"leans_on|AQL|SHA|Ed25519|SPRING|[0-9a-f]{12,}"
)
"""What is typed or signed so in every language: ids, codes, fields of payloads."""


def test_in_chinese_all_of_it_is_told_and_signed_in_chinese(tmp_path: Path):
    folder = tmp_path / "ledger"
    text = tell_in(folder, "zh")
    assert "1. 一个平台以模拟时钟建立账本" in text
    assert re.search(r"^ {3}可以：清河茶铺", text, re.MULTILINE)
    assert "理由：销售了神秘抽检不合格的批次" in text, "what is signed is in Chinese, too"
    assert "已发现：" in text.split("改为合格：")[1]
    left = CODE.sub("", LINE.sub("", text))
    assert sorted(set(re.findall(r"[A-Za-z]{3,}", left))) == []
    assert (folder / "trust.txt").read_text().startswith("# 账本 demo.example/ledger")
