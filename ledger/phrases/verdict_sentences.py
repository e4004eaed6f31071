"""One sentence for each verdict of each question, with what it counts.

Names in braces are the question's parameters, and the counts that ``counts`` finds in an answer.
A part in square brackets is said only where all that it names is known.
"""

import re
from collections.abc import Mapping
from typing import Any

HEADINGS: Mapping[str, tuple[str, str]] = {
    "reasons": ("Why:", "原因："),
    "notes": ("Also to be known, which does not change the answer:", "另须知悉（不改变结论）："),
}
"""Above an answer's reasons and notes, in the order they are told."""
VERDICTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("history", "some"): (
        "Registered under ({topic}, {subject}): entries {entries}, and no others.",
        "（{topic}，{subject}）之下共登记 {entries} 条，别无其他。",
    ),
    ("history", "none"): (
        "Nothing was ever registered under ({topic}, {subject}).",
        "（{topic}，{subject}）之下从未登记过任何内容。",
    ),
    ("may_sell", "yes"): (
        "Yes: {trader} may sell {product} in {territory} on {channel} (types of shop: {shop_types}).",
        "可以：{trader} 可以在 {territory} 经渠道 {channel} 销售 {product}（店铺类型：{shop_types}）。",
    ),
    ("may_sell", "no"): (
        "No: {trader} may not sell {product} in {territory} on {channel} (type of shop: {asked_type}).",
        "不可以：{trader} 不可以在 {territory} 经渠道 {channel} 销售 {product}（店铺类型：{asked_type}）。",
    ),
    ("may_sell", "unknown"): (
        "Unknown: what is on record does not say whether {trader} may sell {product} in {territory} on {channel}.",
        "无法确定：现有记录不足以说明 {trader} 是否可以在 {territory} 经渠道 {channel} 销售 {product}。",
    ),
    ("trace", "yes"): (
        "{goods} is on record and nothing is open against it: entries {entries}, parties that spoke {issuers}, lots {lots}. What other software signed about it is asked for with `history generic`.",
        "{goods} 有据可查，目前没有未决问题：{issuers} 个主体共 {entries} 条记录，涉及批次 {lots} 个。其他软件签署的声明请用 `history generic` 查询。",
    ),
    ("trace", "no"): (
        "Something is open against {goods}: entries {entries}, parties that spoke {issuers}, lots {lots}. What other software signed about it is asked for with `history generic`.",
        "{goods} 存在未决问题：{issuers} 个主体共 {entries} 条记录，涉及批次 {lots} 个。其他软件签署的声明请用 `history generic` 查询。",
    ),
    ("trace", "unknown"): (
        "Unknown: what is on record about {goods} does not reach: entries {entries}, parties that spoke {issuers}, lots {lots}. What other software signed about it is asked for with `history generic`.",
        "无法确定：关于 {goods} 的记录不足：{issuers} 个主体共 {entries} 条记录，涉及批次 {lots} 个。其他软件签署的声明请用 `history generic` 查询。",
    ),
    ("listable", "yes"): (
        "Yes: all conditions hold for {trader} to list {product} in {territory} on {channel} (types of shop: {shop_types}).",
        "可以上架：{trader} 在 {territory} 经渠道 {channel} 上架 {product} 的各项条件均满足（店铺类型：{shop_types}）。",
    ),
    ("listable", "no"): (
        "No: {trader} may not list {product} in {territory} on {channel} (type of shop: {asked_type}).",
        "不可上架：{trader} 不可以在 {territory} 经渠道 {channel} 上架 {product}（店铺类型：{asked_type}）。",
    ),
    ("listable", "unknown"): (
        "Unknown: what is on record does not reach for {trader} to list {product} in {territory} on {channel}.",
        "无法确定：现有记录不足以支持 {trader} 在 {territory} 经渠道 {channel} 上架 {product}。",
    ),
    ("impact", "yes"): (
        "If this grant to {grantee} is revoked, these fall with it: grants {grants}, traders {traders}, shops {shops}, listings {listings}.",
        "若撤销对 {grantee} 的这份授权，将随之失效：授权 {grants} 份、商家 {traders} 家、店铺 {shops} 家、在售商品 {listings} 项。",
    ),
    ("impact", "no"): (
        "Nothing falls if this grant to {grantee} is revoked: it carries nothing now.",
        "撤销对 {grantee} 的这份授权不会影响任何一方：它目前已不起作用。",
    ),
    ("impact", "unknown"): (
        "Unknown: what is on record does not say what falls if this grant to {grantee} is revoked.",
        "无法确定：现有记录不足以说明撤销对 {grantee} 的这份授权会影响什么。",
    ),
    ("expiring", "yes"): (
        "Papers and grants of {party}, or made by it, that end within {days} days and are not renewed: {ending}, the first at {first} (renewed already: {renewed}).",
        "{party} 所持或所授的资质与授权有 {ending} 份将在 {days} 天内到期且未续期，最早一份于 {first} 到期（已续期的另有 {renewed} 份）。",
    ),
    ("expiring", "no"): (
        "No paper or grant of {party}, nor any made by it, ends within {days} days without a renewal (renewed already: {renewed}).",
        "{party} 所持或所授的资质与授权在 {days} 天内均不会到期而未续期（已续期 {renewed} 份）。",
    ),
    ("expiring", "unknown"): (
        "Unknown: what is on record does not say what of {party} ends within {days} days.",
        "无法确定：现有记录不足以说明 {party} 的哪些资质与授权将在 {days} 天内到期。",
    ),
    ("admission", "yes"): (
        "{trader} is admitted, and everything that was reviewed still stands, or was renewed.",
        "{trader} 已准入，所审资质均仍有效或已续期。",
    ),
    ("admission", "no"): (
        "No: {trader} is not admitted on what stands now.",
        "否：按现行有效的记录，{trader} 未获准入。",
    ),
    ("admission", "unknown"): (
        "Unknown: nobody has decided on {trader}.",
        "无法确定：尚无关于 {trader} 的准入决定。",
    ),
    ("sanctions", "yes"): (
        "Sanctions stand against {subject}: {live} (coming {coming}, over {past}, lifted {lifted}).",
        "{subject} 现有处罚 {live} 项（待生效 {coming} 项、已期满 {past} 项、已解除 {lifted} 项）。",
    ),
    ("sanctions", "no"): (
        "No sanction stands against {subject} (coming {coming}, over {past}, lifted {lifted}).",
        "{subject} 现无处罚（待生效 {coming} 项、已期满 {past} 项、已解除 {lifted} 项）。",
    ),
    ("sanctions", "unknown"): (
        "Unknown: {subject} is not on record, and no sanction names it.",
        "无法确定：{subject} 没有记录在案，也没有针对它的处罚。",
    ),
    ("plan", "yes"): (
        "Draw {sample_size} of the {lot_size} items at random ([code letter {letter}, ]{severity} inspection): accept the lot with {accept} nonconforming or fewer, refuse it with {reject} or more.",
        "从 {lot_size} 件中随机抽取 {sample_size} 件（[样本量字码 {letter}，]{severity}）：不合格不超过 {accept} 则接收该批，达到 {reject} 则拒收。",
    ),
    ("plan", "no"): (
        "Accept nothing: inbound inspection of {product} with {trader} is discontinued; what is refused may be registered.",
        "不得接收：{trader} 的商品 {product} 的入库检验已暂停；不合格的检验结果仍可登记。",
    ),
    ("plan", "unknown"): (
        "Unknown: what is on record does not say how {product} with {trader} is to be inspected.",
        "无法确定：现有记录不足以说明应如何检验 {trader} 的商品 {product}。",
    ),
    ("improvement", "yes"): (
        "{trader} mended what was found, and somebody else verified it (plans {plans}, advice {advice}).",
        "{trader} 已整改所发现的问题，并经他方查验（整改计划 {plans} 份，建议 {advice} 项）。",
    ),
    ("improvement", "no"): (
        "{trader} has not mended what was found (plans {plans}, advice {advice}).",
        "{trader} 未完成对所发现问题的整改（整改计划 {plans} 份，建议 {advice} 项）。",
    ),
    ("improvement", "unknown"): (
        "Unknown: nothing shows yet that {trader} mended what was found (plans {plans}, advice {advice}).",
        "无法确定：尚不足以说明 {trader} 已完成整改（整改计划 {plans} 份，建议 {advice} 项）。",
    ),
    ("visits", "yes"): (
        "Observers visited {about} (visits: {visits}), and left no critical finding open.",
        "观察员到访 {about} 共 {visits} 次，没有未关闭的严重问题。",
    ),
    ("visits", "no"): (
        "Observers visited {about} (visits: {visits}), and a critical finding is open.",
        "观察员到访 {about} 共 {visits} 次，有严重问题未关闭。",
    ),
    ("visits", "unknown"): (
        "Unknown: nobody's visit to {about} counts.",
        "无法确定：没有可计入的观察员到访 {about} 的记录。",
    ),
    ("index", "yes"): (
        "The quality index of {subject} is {score}, grade {grade} (outcomes {outcomes}, model {model}).",
        "{subject} 的质量指数为 {score}，等级 {grade}，依据 {outcomes} 项结果（模型 {model}）。",
    ),
    ("index", "no"): (
        "{subject} does not reach grade C: [score {score}, ]grade {grade} (outcomes {outcomes}, model {model}).",
        "{subject} 未达到 C 级：[得分 {score}，]等级 {grade}，依据 {outcomes} 项结果（模型 {model}）。",
    ),
    ("index", "unknown"): (
        "Unknown: there is no quality index of {subject} (model {model}).",
        "无法确定：{subject} 没有质量指数（模型 {model}）。",
    ),
    ("coverage", "yes"): (
        "Everything on sale in {category} from {start} until {until} was inspected (pairs of product and trader: {covered}).",
        "自 {start} 至 {until}，类目 {category} 的在售商品均已检验（商品与商家 {covered} 组）。",
    ),
    ("coverage", "no"): (
        "Not everything on sale in {category} from {start} until {until} was inspected (pairs of product and trader: not inspected {uncovered}, inspected {covered}; products inspected at no trader: {untouched}).",
        "自 {start} 至 {until}，类目 {category} 有 {uncovered} 组在售的商品与商家未经检验，{covered} 组已检验；在任何商家都未检验的商品 {untouched} 个。",
    ),
    ("coverage", "unknown"): (
        "Unknown: what is on record does not say whether everything on sale in {category} from {start} until {until} was inspected (inspected: {covered}).",
        "无法确定：现有记录不足以说明自 {start} 至 {until} 类目 {category} 的在售商品是否均已检验（已检验 {covered} 组）。",
    ),
    ("report", "yes"): (
        "Yes: the laboratory's own, and it stands (reports of {sample}: {reports}).",
        "是：确为检测机构自己出具，且仍然有效（样品 {sample} 的报告 {reports} 份）。",
    ),
    ("report", "no"): (
        "No: what was asked for is not what the laboratory's report says now (reports of {sample}: {reports}).",
        "否：所问并非检测机构报告的现行内容（样品 {sample} 的报告 {reports} 份）。",
    ),
    ("report", "unknown"): (
        "Unknown: what is on record does not say whether the report stands (reports of {sample}: {reports}).",
        "无法确定：现有记录不足以说明该报告是否成立（样品 {sample} 的报告 {reports} 份）。",
    ),
    ("reports", "yes"): (
        "{laboratory} registered reports issued in {month}: {reports}, and no others that fit.",
        "{laboratory} 在 {month} 签发并登记的相符报告共 {reports} 份，别无其他。",
    ),
    ("reports", "no"): (
        "No report of {laboratory} in {month} fits.",
        "{laboratory} 在 {month} 没有相符的报告。",
    ),
    ("reports", "unknown"): (
        "Unknown: {laboratory} registered no report issued in {month} that fits.",
        "无法确定：{laboratory} 在 {month} 没有登记相符的报告。",
    ),
    ("pledges", "yes"): (
        "{party} kept everything it promised (promises {promises}).",
        "{party} 所作承诺 {promises} 项均已遵守。",
    ),
    ("pledges", "no"): (
        "{party} broke what it promised (promises {promises}: broken {broken}, kept {kept}).",
        "{party} 所作承诺 {promises} 项中，违反 {broken} 项，遵守 {kept} 项。",
    ),
    ("pledges", "unknown"): (
        "Unknown: what is on record does not show that {party} kept everything it promised (promises {promises}: broken 0, kept {kept}).",
        "无法确定：{party} 所作承诺 {promises} 项中，可证明遵守的有 {kept} 项，没有违反的。",
    ),
    ("label", "yes"): (
        "Yes: the quality label of {product} by {standard} holds[; if nothing more is said it lapses at {lapses_at}].",
        "有效：商品 {product} 依据 {standard} 的品质认证标签有效[；若无新的记录，将于 {lapses_at} 自行失效]。",
    ),
    ("label", "no"): (
        "No: {product} has no quality label that holds.",
        "无效：商品 {product} 没有有效的品质认证标签。",
    ),
    ("label", "unknown"): (
        "Suspended: what is on record does not say whether the quality label of {product} by {standard} holds.",
        "暂停：现有记录不足以说明商品 {product} 依据 {standard} 的品质认证标签是否有效。",
    ),
    ("invitations", "yes"): (
        "{observer} may follow invitations now: {open} (all it ever had: {invitations}).",
        "{observer} 现有可应邀前往的邀请 {open} 份（历来共 {invitations} 份）。",
    ),
    ("invitations", "no"): (
        "{observer} has no invitation that is open and was not followed (all it ever had: {invitations}).",
        "{observer} 没有可应邀前往而尚未到访的邀请（历来共 {invitations} 份）。",
    ),
    ("invitations", "unknown"): (
        "Unknown: {observer} is not on record.",
        "无法确定：{observer} 没有记录在案。",
    ),
    ("grants", "yes"): (
        "{party} may act for brands: marks and authorisations it holds that stand {holds}, authorisations it made {granted} (page {page} of {pages}).",
        "{party} 所持现行有效的商标与授权 {holds} 份，作出的授权 {granted} 份（第 {page} 页，共 {pages} 页）。",
    ),
    ("grants", "no"): (
        "{party} may act for no brand now; authorisations it made: {granted} (page {page} of {pages}).",
        "{party} 目前没有任何品牌的有效权利；作出的授权 {granted} 份（第 {page} 页，共 {pages} 页）。",
    ),
    ("grants", "unknown"): (
        "Unknown: what is on record does not say what {party} may do with any brand.",
        "无法确定：现有记录不足以说明 {party} 对品牌有何权利。",
    ),
    ("brand", "yes"): (
        "Authorisations for {brand}: stand {stand}, begin later {coming}, over {over}[; the first end among those that stand: {first_end}] (page {page} of {pages}).",
        "{brand} 的授权：有效 {stand} 份，尚未开始 {coming} 份，不再有效 {over} 份[；有效者中最早到期：{first_end}]（第 {page} 页，共 {pages} 页）。",
    ),
    ("brand", "no"): (
        "No authorisation for {brand} stands (begin later {coming}, over {over}; page {page} of {pages}).",
        "{brand} 没有现行有效的授权（尚未开始 {coming} 份，不再有效 {over} 份；第 {page} 页，共 {pages} 页）。",
    ),
    ("brand", "unknown"): (
        "Unknown: what is on record does not say who may sell {brand}.",
        "无法确定：现有记录不足以说明谁可以销售 {brand}。",
    ),
    ("trader", "yes"): (
        "All that is listed here of {trader} may be on sale: {listed} of its {total} listings (page {page} of {pages}).",
        "所列 {trader} 的上架商品均可在售：共 {total} 项中的 {listed} 项（第 {page} 页，共 {pages} 页）。",
    ),
    ("trader", "no"): (
        "Not all that is listed here of {trader} may be on sale: {failing} of {listed} may not, of {total} listings in all (page {page} of {pages}).",
        "所列 {trader} 的上架商品中有不可在售者：{listed} 项中的 {failing} 项，上架共 {total} 项（第 {page} 页，共 {pages} 页）。",
    ),
    ("trader", "unknown"): (
        "Unknown: what is on record does not reach for all that is listed here of {trader}: {listed} of its {total} listings (page {page} of {pages}).",
        "无法确定：现有记录不足以支持所列 {trader} 的全部上架商品：共 {total} 项中的 {listed} 项（第 {page} 页，共 {pages} 页）。",
    ),
    ("place", "yes"): (
        "{place} is audited in time, and nothing is open against it (audits: {audited}, lots {lots}; page {page} of {pages}).",
        "{place} 已按期审核，没有未决问题（审核 {audited} 次，批次 {lots} 个；第 {page} 页，共 {pages} 页）。",
    ),
    ("place", "no"): (
        "Not everything is in order at {place} (open: {open}, audits: {audited}, lots {lots}; page {page} of {pages}).",
        "{place} 尚有问题（未决 {open} 项，审核 {audited} 次，批次 {lots} 个；第 {page} 页，共 {pages} 页）。",
    ),
    ("place", "unknown"): (
        "Unknown: what is on record about {place} does not reach (audits: {audited}, lots {lots}).",
        "无法确定：关于 {place} 的记录不足（审核 {audited} 次，批次 {lots} 个）。",
    ),
}
"""(Question, verdict) -> English, Chinese; of ``history``, whether there is anything."""

LIMITS: tuple[tuple[str, str], ...] = (
    (
        "Proven: these statements were signed with the keys registered for these parties, stand unaltered at their places in the log, and lead to this answer by the published rules.",
        "已证明：这些声明由登记给各主体的密钥签署，在账本中的位置与内容未被改动，并依公布的规则得出此结论。",
    ),
    (
        "Not proven: that what was signed is true, or that the goods in your hand are the ones the statements are about.",
        "未证明：所签内容属实，或您手中的商品正是声明所指的商品。",
    ),
)
"""What a verified answer proves and what it does not: English, Chinese."""


_PART = re.compile(r"\[([^\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")


def filled(text: str, words: Mapping[str, str]) -> str:
    """Return a sentence with its words put in; a part that names a word not known is left out."""

    def part(found: re.Match[str]) -> str:
        return found[1] if words.keys() >= set(_NAME.findall(found[1])) else ""

    return _PART.sub(part, text).format_map(words)


_SAID = (
    "holds", "granted", "stand", "coming", "over", "first_end", "total", "audited", "open", "lots", "pages",
)  # fmt: skip
"""Fields of answers that sentences name as they are."""


def counts(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return what the sentences of an answer count, by name; what it does not know is not among it."""
    found: dict[str, Any] = {
        name: len(value) for name, value in answer.items() if isinstance(value, list)
    }
    found["issuers"] = len({item["issuer"] for item in answer.get("entries", ())})
    found |= {name: answer.get(name) for name in ("score", "grade", "outcomes")}
    promises = [row["kept"] for row in answer.get("promises", ())]
    found |= {"kept": promises.count("yes"), "broken": promises.count("no")}
    found |= {
        name: answer[name]
        for name in _SAID
        if name in answer and not isinstance(answer[name], list)
    }
    if "invitations" in answer:
        found["open"] = sum(row["state"] == "open" for row in answer["invitations"])
    if "listed" in answer:
        found["failing"] = sum(row["verdict"] == "no" for row in answer["listed"])
    if "lapses" in answer:
        found["standard"] = (answer["label"] or {}).get("standard")
        found["lapses_at"] = (answer["lapses"] or {}).get("at")
    if "ending" in answer:
        open_ = [row["until"] for row in answer["ending"] if row["renewed"] is None]
        renewed = len(answer["ending"]) - len(open_)
        found |= {"ending": len(open_), "renewed": renewed, "first": min(open_, default=None)}
    return {name: str(value) for name, value in found.items() if value is not None}
