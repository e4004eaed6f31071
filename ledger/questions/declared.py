"""What may be asked: names, parameters, words. Command line, HTTP and pages derive from it.

Nothing heavy is imported here, so that a command can list its questions quickly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ledger.rules.usual_model import USUAL_MODEL

Form = Literal[
    "text", "topic", "party", "product", "goods", "trademark", "territory", "channel", "shop-type",
    "statement", "days", "about", "subject", "count", "level", "aql", "mode",
    "time", "category", "indexed", "model", "sample", "month", "report", "any-trademark",
    "any-statement", "any-party", "facility",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the form of its value, what it says in English and Chinese.

    ``default``: taken where none is given; None: it must be given. ``narrows``: it says which part
    of an answer is wanted, and is no part of what is asked about.
    """

    name: str
    form: Form
    en: str
    zh: str
    default: str | None = None
    narrows: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its parameters in order; ``timed``: it is asked about a time (valid_at)."""

    name: str
    parameters: tuple[Parameter, ...]
    en: str
    zh: str
    timed: bool = True


_TRADER = Parameter("trader", "party", "The seller's party id.", "销售者的主体标识。")
_PRODUCT = Parameter(
    "product",
    "product",
    "https://id.gs1.org/01/<GTIN-14>.",
    "商品：https://id.gs1.org/01/<GTIN-14>。",
)
_TERRITORY = Parameter("territory", "territory", "Where, ISO 3166: CN.", "地域，ISO 3166:CN。")
_CHANNEL = Parameter("channel", "channel", "Through which channel.", "经由哪个渠道。")
_SHOP_TYPE = Parameter(
    "shop_type",
    "shop-type",
    "flagship, specialty, multi-brand; * for any one.",
    "旗舰店 flagship、专卖店 specialty、专营店 multi-brand；* 表示任一。",
    "*",
)


_ONE_BRAND = Parameter(
    "brand",
    "any-trademark",
    "Of one brand alone; * for all.",
    "仅某一品牌；* 表示全部。",
    default="*",
    narrows=True,
)


def _page(en: str, zh: str) -> Parameter:
    """Return the parameter that says which part of a long answer is listed."""
    return Parameter("page", "count", en, zh, default="1", narrows=True)


_REPORT = Parameter(
    "report",
    "report",
    "A report's statement id, or the SHA-256 of its file; * for any.",
    "报告声明的标识，或其文件的 SHA-256；* 表示任一。",
    "*",
)

QUESTIONS: Mapping[str, Question] = {
    item.name: item
    for item in (
        Question(
            "history",
            (
                Parameter("topic", "topic", "A history's topic.", "历史的主题。"),
                Parameter("subject", "text", "A history's subject.", "历史的对象。"),
            ),
            "Everything ever said there, and that it is everything.",
            "那里说过的一切，以及这就是全部。",
            timed=False,
        ),
        Question(
            "may_sell",
            (_TRADER, _PRODUCT, _TERRITORY, _CHANNEL, _SHOP_TYPE),
            "May this trader sell this product here? Who says so?",
            "这个商家可以在这里卖这个商品吗？谁说的？",
        ),
        Question(
            "trace",
            (
                Parameter(
                    "goods",
                    "goods",
                    "A product, lot or item; upper and lower case of a lot's code and a serial "
                    "number matter: /10/a7 is another lot than /10/A7.",
                    "商品、批次或单品；批号与序列号区分大小写：/10/a7 与 /10/A7 是两个批次。",
                ),
                _page(
                    "Which thousand lots to list; the verdict is about all.",
                    "列出第几页批次（每页一千个）；结论针对全部批次。",
                ),
            ),
            "Everything said about goods and what they were made from, and that it is everything.",
            "关于它以及它的原料所说过的一切，以及这就是全部。",
        ),
        Question(
            "listable",
            (_TRADER, _PRODUCT, _TERRITORY, _CHANNEL, _SHOP_TYPE),
            "May this product be listed by this trader here, all conditions taken together?",
            "综合所有条件，这个商家可以在这里上架这个商品吗？",
        ),
        Question(
            "impact",
            (
                Parameter("brand", "trademark", "The brand.", "品牌（商标）。"),
                Parameter("grantee", "party", "Whose grant.", "被授权方。"),
                Parameter("grant", "statement", "The grant's statement id.", "授权声明的标识。"),
            ),
            "Which merchants and listings fall if this grant is revoked?",
            "如果撤销这份授权，哪些商家和商品会随之下架？",
        ),
        Question(
            "expiring",
            (
                Parameter("party", "party", "Whose papers and grants.", "谁的资质与授权。"),
                Parameter("days", "days", "Within how many days.", "多少天以内。"),
                _ONE_BRAND,
            ),
            "What of this party's papers and grants expires within so many days?",
            "这个主体的哪些资质与授权将在若干天内到期？",
        ),
        Question(
            "admission",
            (_TRADER,),
            "Is this trader admitted, and do the papers reviewed still stand?",
            "这个商家是否已准入，所审资质是否仍然有效？",
        ),
        Question(
            "sanctions",
            (
                Parameter(
                    "subject",
                    "subject",
                    "A trader, shop, product or lot.",
                    "商家、店铺、商品或批次。",
                ),
            ),
            "Which sanctions stand against it, what would end them, and which did?",
            "它现在有哪些处罚，如何才能终止，曾有哪些处罚？",
        ),
        Question(
            "visits",
            (Parameter("about", "about", "A facility, lot or draw.", "场所、批次或抽签。"),),
            "Which observers visited, and what did they find?",
            "哪些观察员到访过，发现了什么？",
        ),
        Question(
            "plan",
            (
                _TRADER,
                _PRODUCT,
                Parameter("lot_size", "count", "Items in the lot.", "批量（件）。"),
                Parameter(
                    "aql", "aql", "Acceptance quality limit: 1.0.", "接收质量限 AQL，如 1.0。"
                ),
                Parameter(
                    "level",
                    "level",
                    "Inspection level: S-1 to S-4, I, II, III.",
                    "检验水平：S-1 至 S-4、I、II、III。",
                    "II",
                ),
                Parameter(
                    "mode",
                    "mode",
                    "inbound, patrol, flight, mystery.",
                    "入库检验 inbound、在库巡检 patrol、飞行检查 flight、神秘抽检 mystery。",
                    "inbound",
                ),
            ),
            "What is to be drawn from this lot now, and why (GB/T 2828.1)?",
            "这一批现在应抽多少，为什么（GB/T 2828.1）？",
            timed=False,
        ),
        Question(
            "label",
            (_PRODUCT,),
            "Does the product's quality label hold, and when does it lapse by itself?",
            "这个商品的品质认证标签是否有效，何时自行失效？",
        ),
        Question(
            "pledges",
            (Parameter("party", "party", "A member of the alliance.", "联盟成员。"),),
            "What did this member of the alliance promise, and what did it keep?",
            "这个联盟成员承诺了什么，遵守了什么？",
        ),
        Question(
            "index",
            (
                Parameter(
                    "subject",
                    "indexed",
                    "A product, a trader, a brand (its trademark) or a category.",
                    "商品、商家、品牌（商标）或类目。",
                ),
                Parameter("model", "model", "By which model.", "采用哪个模型。", USUAL_MODEL),
            ),
            "What is its quality index, and what moved it? Does it reach grade C?",
            "它的质量指数是多少，受什么影响？是否达到 C 级？",
        ),
        Question(
            "coverage",
            (
                Parameter("category", "category", "A category: food/tea.", "类目：food/tea。"),
                Parameter(
                    "start", "time", "From when, 2026-05-01T08:00:00Z.", "自何时起，UTC 时间。"
                ),
                Parameter("until", "time", "Until before when.", "至何时之前，UTC 时间。"),
            ),
            "Was everything that was on sale inspected in that time?",
            "这段时间内在售的商品都检验过吗？",
            timed=False,
        ),
        Question(
            "report",
            (Parameter("sample", "sample", "The sample tested.", "被检样品。"), _REPORT),
            "Is this report the laboratory's own, and does it stand?",
            "这份检测报告是检测机构自己出具的吗，是否仍然有效？",
        ),
        Question(
            "reports",
            (
                Parameter("laboratory", "party", "Whose reports.", "哪家检测机构的报告。"),
                Parameter(
                    "month", "month", "Issued in this month: 2026-05.", "签发月份：2026-05。"
                ),
                _REPORT,
            ),
            "What did this laboratory report in a month, or which of it is this file?",
            "这家检测机构在某月出具了哪些报告，或这份文件是其中哪一份？",
        ),
        Question(
            "improvement",
            (_TRADER,),
            "Has this trader mended what was found, in time and verified by another?",
            "这个商家是否已按期整改所发现的问题，并经他方查验？",
        ),
        Question(
            "invitations",
            (Parameter("observer", "party", "Whose invitations.", "谁的邀请。"),),
            "What is this observer invited to now, until when, and what became of it?",
            "这位观察员现在受邀前往哪里，何时截止，去过了吗？",
        ),
        Question(
            "grants",
            (
                Parameter("party", "party", "Whose grants.", "谁的授权。"),
                _ONE_BRAND,
                _page("Which two hundred to list.", "列出第几页（每页二百份）。"),
            ),
            "What may this party sell and grant on, and what did it grant to whom?",
            "这个主体可以销售什么、可以转授什么，又向谁作过哪些授权？",
        ),
        Question(
            "brand",
            (
                Parameter("brand", "trademark", "The brand.", "品牌（商标）。"),
                Parameter(
                    "under",
                    "any-statement",
                    "Below this grant alone, its statement id; * for all.",
                    "仅某一授权（声明标识）之下；* 表示全部。",
                    default="*",
                    narrows=True,
                ),
                _page("Which two hundred grants to list.", "列出第几页授权（每页二百份）。"),
            ),
            "Who may sell this brand: what was granted, stands, ends, was revoked, by whom?",
            "谁可以销售这个品牌：哪些授权已给出、有效、将到期、被谁撤销？",
        ),
        Question(
            "trader",
            (
                _TRADER,
                _page("Which twenty listings to judge.", "判断第几页上架商品（每页二十项）。"),
            ),
            "Which of this trader's listings may be on sale, and why not the others?",
            "这个商家上架的商品哪些可以在售，其余为何不可？",
        ),
        Question(
            "place",
            (
                Parameter("place", "facility", "The facility.", "场所。"),
                Parameter(
                    "maker",
                    "any-party",
                    "Whose lots made there to list; * for the owner's.",
                    "列出谁在该处生产的批次；* 表示所有者的。",
                    default="*",
                    narrows=True,
                ),
                _page(
                    "Which fifty audits and lots to list.", "列出第几页（审核与批次每页各五十）。"
                ),
            ),
            "Whose is this place, is it audited in time, is anything open against it, what was made there?",
            "这个场所属于谁，是否按期审核，有无未决问题，生产过哪些批次？",
        ),
    )
}
