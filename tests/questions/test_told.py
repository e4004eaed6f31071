"""What people are told names who and which, in both languages: a sentence of each kind, word for word."""

from typing import NamedTuple

import pytest
from paper import copy_of
from questions.scene import Scene, answered, refusal, say
from questions.test_scenes import SCENES
from rules.words import WHITE, says, withdraws
from tea import GARDEN, GTIN, INSPECTOR, LABORATORY, LOT, MARK, OBSERVER, OFFICE
from usual import LICENCE, REGISTRAR, RIVAL, SECOND_LABORATORY, Told
from world import BRAND, DAY_S, OPERATOR, TRADER

from ledger.phrases import details
from ledger.phrases.sentences import REASONS, reason_sentence
from ledger.rules.codes import CODES


class Tells(NamedTuple):
    """A code's sentence begins so, behind a scene, or the first that tells it; all is said of the usual names."""

    code: str
    en: str
    zh: str
    scene: str = ""
    question: str = ""


PAPERS = (
    Tells(
        "paper-withdrawn",
        f"The food licence {LICENCE} of {TRADER}, issued by {OFFICE}, was withdrawn",
        f"{TRADER} 的食品经营许可证 {LICENCE}（由 {OFFICE} 签发）已被撤回",
        "a licence that the operator withdrew",
    ),
    Tells(
        "trademark-expired",
        f"The trademark {MARK} of {BRAND}, registered by {OFFICE}, expired at ",
        f"{BRAND} 的商标 {MARK}（由 {OFFICE} 登记）已于 ",
    ),
)
CRITICAL = (
    Tells(
        "lot-critical",
        f"{INSPECTOR} found something critical of the lot {LOT}, and it is open: GB 2763",
        f"{INSPECTOR} 发现批次 {LOT} 有一项严重问题，尚未关闭：GB 2763",
    ),
    Tells(
        "place-critical",
        f"{INSPECTOR} found something critical at the place {GARDEN}, and it is open: GB 2763",
        f"{INSPECTOR} 发现场所 {GARDEN} 有一项严重问题，尚未关闭：GB 2763",
        "a critical finding at the garden",
    ),
    Tells(
        "draw-critical",
        f"{OBSERVER} found something critical of what was drawn in urn:draw:tea:1: GB 2763",
        f"{OBSERVER} 在抽样 urn:draw:tea:1 中发现一项严重问题：GB 2763",
    ),
)
WHO = (
    Tells(
        "sanctioned",
        f"A sanction of {OPERATOR} stands against {TRADER}: interview, because: sold a lot that failed",
        f"{TRADER} 受到 {OPERATOR} 的处罚：约谈，理由：sold a lot that failed",
        "one stands",
        "sanctions",
    ),
    Tells(
        "sanction-plans",
        f"Plans of improvement about the sanction against {TRADER} (delisting) and what it follows from: open 0, found effective 1, found ineffective 0",
        f"{TRADER} 的处罚（下架）及其起因的整改计划：进行中 0 项，查验有效 1 项，查验无效 0 项",
    ),
    Tells(
        "tied-later",
        f"{INSPECTOR} was tied to {TRADER} when it spoke of it; {OFFICE} put that on record only afterwards (qualification)",
        f"{INSPECTOR} 作出声明时与 {TRADER} 存在关联，而该关联由 {OFFICE} 事后才登记（资质）",
        "an inspector whose tie to the trader came to light later",
    ),
    Tells(
        "undone",
        f"{INSPECTOR} took back what {INSPECTOR} had said of {LOT} (inspection: refused): it does not count any more, because: another lot was meant",
        f"{INSPECTOR} 针对 {LOT} 的检验（拒收）不再有效：{INSPECTOR} 已予撤回，理由：another lot was meant",
    ),
    Tells(
        "recall-lapsed",
        f"What {RIVAL} called back as the lot {GTIN}/10/R1 from ",
        f"{RIVAL} 就批次 {GTIN}/10/R1 自 ",
    ),
    Tells(
        "retest-resampled",
        f"The retest by {SECOND_LABORATORY} that overturned a result of {LABORATORY} for the lot {LOT} tested the sample ",
        f"{SECOND_LABORATORY} 的复检推翻了 {LABORATORY} 关于批次 {LOT} 的结果，而所检样品 ",
    ),
)
GLN = "https://id.gs1.org/414/6901234500110"
CLAIMS = (
    Tells(
        "product-contested",
        f"The product {GTIN} is contested: {BRAND}, {RIVAL} claim it by the same right and say different things of it",
        f"商品 {GTIN} 存在争议：{BRAND}、{RIVAL} 以同等权利登记，说法不一",
        "two authorities that contradict each other settle nothing",
    ),
    Tells(
        "claim-decided",
        f"{OFFICE} decided that {RIVAL} holds {GTIN}, because: ",
        f"{OFFICE} 裁定 {GTIN} 归 {RIVAL} 所有，理由：",
        "two authorities that contradict each other settle nothing",
    ),
    Tells(
        "claim-rejected",
        f"{REGISTRAR} decided that what {RIVAL} claimed of {GTIN} falls, because: ",
        f"{REGISTRAR} 裁定 {RIVAL} 对 {GTIN} 的登记不成立，理由：",
        "two authorities that contradict each other settle nothing",
    ),
    Tells(
        "licence-contested",
        f"{BRAND} claims {GLN} by the GS1 licence urn:qualification:",
        f"{BRAND} 凭厂商识别代码证书 urn:qualification:",
        "a place of two licences is contested",
    ),
    Tells(
        "claim-licensed",
        f"{BRAND} holds {WHITE} by the GS1 licence urn:qualification:",
        f"{BRAND} 凭厂商识别代码证书 urn:qualification:",
    ),
)
TELLS = (*PAPERS, *CRITICAL, *WHO, *CLAIMS)


def scene_of(tells: Tells) -> Scene:
    found = [
        scene
        for scene in SCENES
        if tells.scene in ("", scene.says)
        and tells.code in (*scene.codes, *scene.note)
        and tells.question in ("", scene.question)
    ]
    assert found, f"no scene tells {tells.code}: {tells.scene}"
    return found[0]


@pytest.mark.parametrize("tells", TELLS, ids=lambda tells: f"{tells.code}: {tells.scene}")
def test_a_sentence_names_who_and_which(beginning: Told, tells: Tells):
    answer = answered(copy_of(beginning.world, beginning), scene_of(tells))
    said = [item for item in (*answer["reasons"], *answer["notes"]) if item["code"] == tells.code]
    assert [item for item in said if reason_sentence(item, "en").startswith(tells.en)], said
    assert [item for item in said if reason_sentence(item, "zh").startswith(tells.zh)], said


def test_a_reason_about_a_paper_names_its_holder_and_its_issuer():
    """Whoever has to mend it asks one of them."""
    of_papers = {code for code in CODES if code.startswith(("paper-", "trademark-"))}
    silent = {code for code in of_papers if not {"holder", "issuer"} <= {*CODES[code]}}
    assert silent == {"paper-missing"}  # nobody holds or issued what is missing
    of_grants = {code for code in CODES if code.startswith(("parent-", "grant-"))}
    silent = {code for code in of_grants if not {"grantee", "issuer"} <= {*CODES[code]}}
    assert silent == {"grant-unknown"}


def test_what_mends_something_critical_says_it_of_what_it_was_found_of_alone():
    """A lot, a place and what was drawn are closed each in its own way: nobody has to choose."""
    ways = {
        "lot-critical": ("an inspection that cites", "再次检验合格"),
        "place-critical": ("A later audit", "其后的产地审核"),
        "draw-critical": ("Nothing closes it", "无从关闭"),
    }
    for code in ways:
        for at, lang in enumerate(("en", "zh")):
            mend = REASONS[code].mending(lang)
            assert [name for name, way in ways.items() if way[at] in mend] == [code], mend


def test_what_was_said_later_than_asked_about_and_what_was_undone_is_marked(beginning: Told):
    told = copy_of(beginning.world, beginning)
    told.world.told = told
    say(told, refusal())
    before_us = told.world.last_us()
    told.world.wait(seconds=DAY_S)
    (withdrawn,) = say(told, withdraws("failure", by="inspector"))
    asks = {"goods": LOT, "page": "1"}
    answer = told.world.ask("trace", asks, valid_at_us=before_us)
    rows = {row["type"]: row for row in answer["entries"]}
    assert rows["inspection"]["undone"] == {"entry": withdrawn, "issuer": INSPECTOR}
    assert (rows["inspection"]["later"], rows["withdrawn-in-error"]["later"]) == (False, True)
    en, zh = ([*details(answer, lang)] for lang in ("en", "zh"))
    assert [line for line in en if f"; undone by {INSPECTOR}, entry {withdrawn})" in line]
    assert [
        line for line in en if line.endswith(f"entry {withdrawn}; said later than asked about)")
    ]
    assert [line for line in zh if f"；已由 {INSPECTOR} 以条目 {withdrawn} 终止或撤回）" in line]
    assert [line for line in zh if line.endswith(f"条目 {withdrawn}；晚于所问时间）")]
    now = told.world.ask("trace", asks)["entries"]
    assert not any(row["later"] for row in now)


def test_a_recall_withdrawn_of_one_lot_is_undone_for_that_one_alone(beginning: Told):
    told = copy_of(beginning.world, beginning)
    told.world.told = told
    other = f"{GTIN}/10/Z1"
    say(told, says("recall", other_lots=[other]), withdraws("recall", other, by="operator"))
    for goods, undone in ((LOT, False), (other, True), (GTIN, False)):
        rows = told.world.ask("trace", {"goods": goods, "page": "1"})["entries"]
        assert [row["undone"] is not None for row in rows if row["type"] == "recall"] == [undone]


@pytest.mark.parametrize(
    ("lang", "heading", "line"),
    [
        (
            "en",
            "What ends, the soonest first:",
            f"business licence {LICENCE}-2 of {TRADER} by {OFFICE}: ends at ",
        ),
        (
            "zh",
            "即将到期（先到期的在前）：",
            f"{TRADER} 的营业执照 {LICENCE}-2（由 {OFFICE} 签发）：",
        ),
    ],
)
def test_what_ends_says_when_and_whose_it_is_and_in_which_order(
    beginning: Told, lang: str, heading: str, line: str
):
    scene = next(
        one
        for one in SCENES
        if one.says == "a licence that an authority issued to somebody else does"
    )
    told, *lines = details(answered(copy_of(beginning.world, beginning), scene), lang)
    assert told == heading
    assert [one for one in lines if one.startswith(line)], lines
