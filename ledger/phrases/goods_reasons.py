"""What stands against goods, or is not known about them, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

GOODS_REASONS: Mapping[str, Said] = {
    "product-unknown": Said(
        "The product {product} is not on record",
        "商品 {product} 没有记录在案",
        "Its brand has to register it.",
        "须由其品牌方登记该商品。",
    ),
    "product-contested": Said(
        "The product {product} is contested: claims of the same right say different things of it",
        "商品 {product} 存在争议：同等权利的各声明对其说法不一",
        "An authority or the operator has to decide on the claims (claim-decided), overruling each decision that says otherwise.",
        "须由主管机关或平台运营方就归属作出裁定（claim-decided），并推翻（overrules）每一份与之相反的裁定。",
    ),
    "lot-unknown": Said(
        "The lot {lot} is not on record",
        "批次 {lot} 没有记录在案",
        "Whoever made it has to register it.",
        "须由生产方登记该批次。",
    ),
    "lot-contested": Said(
        "The lot {lot} is claimed by more than one party of the same right",
        "不止一方以同等权利登记批次 {lot}",
        "An authority or the operator has to decide on the claims (claim-decided), overruling each decision that says otherwise.",
        "须由主管机关或平台运营方就归属作出裁定（claim-decided），并推翻（overrules）每一份与之相反的裁定。",
    ),
    "place-contested": Said(
        "The place {facility} is claimed by more than one party of the same right",
        "不止一方以同等权利登记场所 {facility}",
        "An authority or the operator has to decide on the claims (claim-decided), overruling each decision that says otherwise.",
        "须由主管机关或平台运营方就归属作出裁定（claim-decided），并推翻（overrules）每一份与之相反的裁定。",
    ),
    "claim-in-doubt": Said(
        "What {subject} is was stated by {holder} with a key that {by} said later may have been in "
        "other hands at that time: it does not count, and the name is kept for {holder}",
        "{holder} 登记 {subject} 时所用的密钥，{by} 事后表明当时可能已落入他人之手：该登记不予计入，其名称仍为 {holder} 保留",
        "{holder} should state it again with a key that nobody suspects.",
        "{holder} 应使用未被质疑的密钥重新登记。",
    ),
    "claim-decided": Said(
        "{by} decided who holds the claim on {subject}",
        "{subject} 的归属由 {by} 裁定",
    ),
    "decision-annulled": Said(
        "A decision on who holds the claim on {subject} was annulled on appeal by {by}, because: {why}",
        "关于 {subject} 归属的裁定经申诉由 {by} 撤销，理由：{why}",
    ),
    "claim-licensed": Said(
        "{holder} holds {subject} by its GS1 licence, before an earlier claim",
        "{holder} 凭厂商识别代码证书持有 {subject}，优先于更早的登记",
    ),
    "claim-assigned": Said(
        "{by} stated {subject} for {holder}, before another claim",
        "{by} 将 {subject} 登记为 {holder} 所有，优先于其他登记",
    ),
    "lots-absent": Said(
        "No lot of {product} is on record by its right-holder, the trader or who granted to it: "
        "nothing says where it was made",
        "商品 {product} 没有由权利人、商家或其授权方登记的批次在案，无从得知产自何处",
        "Its right-holder has to register its lots; a trader registers those of its own making.",
        "须由权利人登记其批次；商家自产的，由商家登记。",
    ),
    "lot-recalled": Said(
        "The lot {lot} was recalled: it must not be sold",
        "批次 {lot} 已被召回，不得销售",
        "Nothing mends this lot: what was made of it is recalled too, and a lot made after the recall has to be "
        "registered and pass an inspection by somebody tied to nobody who ever made it, owned its place or "
        "held its brand, nor to who uses or sells such goods. Said of the wrong lot, it is withdrawn in error by "
        "an authority or the operator tied to none of these, whoever withdrew it before (withdrawn-in-error).",
        "该批次无法补救：以其为原料的批次也须召回，并须登记召回之后生产的批次，且由与其历任生产方、产地历任所有者、"
        "历任品牌权利人及使用、销售该商品者均无关联的一方检验合格。"
        "若召回错了批次，不论此前何方已撤回，由与上述各方均无关联的主管机关或平台运营方作误发撤回（withdrawn-in-error）。",
    ),
    "lot-refused": Said(
        "An inspection of the lot {lot} ({mode}) refused it, and no inspection that answers it passed it",
        "批次 {lot} 的一次检验（{mode}）判定拒收，且没有针对该次检验的再次检验合格",
        "It has to pass an inspection that cites the refusal, at the same trader, in every class refused: {again}, by somebody tied to nobody who ever made the lot, owned its place or held its brand, nor to who makes something of it or sells it, that trader too; or it is recalled, an improvement is found effective, and a lot made after the refusal and the recall passes. Said of the wrong lot, whoever inspected withdraws it in error (withdrawn-in-error).",
        "须由与其历任生产方、产地历任所有者、历任品牌权利人、以其为原料的生产方及销售方（包括该商家）均无关联的一方，在同一商家处、就被判拒收的各类别，以{again}的方式再次检验合格，并引用该次检验；或召回该批次、整改经查验有效，且在该次检验与召回之后生产的批次检验合格。若检验写错了批次，由检验方作误发撤回（withdrawn-in-error）。",
    ),
    "lot-answered": Said(
        "What was open against the lot {lot} is answered by a lot made later that passed: {later}",
        "针对批次 {lot} 的问题已由其后生产并检验合格的批次 {later} 作出回应",
        "The lot {lot} itself must not be sold.",
        "批次 {lot} 本身不得销售。",
    ),
    "input-unknown": Said(
        "The lot {lot} was made of {input}, which is not on record",
        "批次 {lot} 的原料批次 {input} 没有记录在案",
        "Whoever made that input has to register it.",
        "须由原料生产方登记该批次。",
    ),
    "serial-unknown": Said(
        "No lot on record holds the item {item}",
        "在案批次均不包含单品 {item}",
        "Whoever registered the lot has to say which serial numbers it holds.",
        "须由批次登记方写明所含序列号。",
    ),
    "serial-contested": Said(
        "More than one lot claims the item {item}",
        "不止一个批次声称包含单品 {item}",
        "Whoever registered the serial number wrongly has to correct its lot; of a lot that something was found of, an authority decides whose it is (claim-decided).",
        "须由登记有误的一方更正其批次；批次已有检出问题的，由主管机关裁定该批次归谁（claim-decided）。",
    ),
    "audit-absent": Said(
        "No audit of the place {facility} is on record by an inspector tied to nobody who makes goods there, nor to who sells them",
        "场所 {facility} 没有由与在该处生产及销售其商品者均无关联的检验方作出的产地审核记录",
        "It has to be audited by an inspector tied to nobody who ever owned it, makes goods there or sells them.",
        "须由与其历任所有者、在该处生产及销售其商品者均无关联的检验方进行产地审核。",
    ),
    "audit-overdue": Said(
        "The audit of the place {facility} is overdue",
        "场所 {facility} 的产地审核已逾期",
        "It has to be audited again, by an inspector tied to nobody who ever owned it, makes goods there or sells them.",
        "须由与其历任所有者、在该处生产及销售其商品者均无关联的检验方重新进行产地审核。",
    ),
    "finding-critical": Said(
        "A critical finding about {about} is open: {point}",
        "{about} 有一项严重问题未关闭：{point}",
        "Of a place: a later audit by an inspector tied to nobody who ever owned it, makes goods there or sells them has to find nothing critical. Of a lot: it has to pass an inspection that cites the one that found it, by somebody tied to nobody who ever made the lot, owned its place or held its brand, nor to who makes something of it or sells it, the trader it is at too: a flight inspection or mystery sampling where one of these or an observer found it, else any; or it is recalled, an improvement is found effective, and a lot made after the finding and the recall passes. Said of the wrong lot, whoever inspected withdraws it in error (withdrawn-in-error).",
        "场所：须由与其历任所有者、在该处生产及销售其商品者均无关联的检验方在其后的产地审核中确认无严重问题。批次：须由与其历任生产方、产地历任所有者、历任品牌权利人、以其为原料的生产方及销售方（包括受检商家）均无关联的一方再次检验合格，并引用该次检验（飞行检查、神秘抽检或观察员发现的，须以飞行检查或神秘抽检再次检验，其他方式不限）；或召回该批次、整改经查验有效，且在发现问题与召回之后生产的批次检验合格。若检验写错了批次，由检验方作误发撤回（withdrawn-in-error）。",
    ),
    "finding-closed": Said(
        "What was found against {about} was closed by {by}",
        "针对 {about} 的问题已由 {by} 关闭",
    ),
    "finding-uninvited": Said(
        "Observers whom nobody had invited found something critical about {about}, which opens nothing (observations: {count})",
        "未受邀的观察员 {count} 次称 {about} 存在严重问题：不构成未关闭的问题",
    ),
    "recall-lapsed": Said(
        "What {party} called back as the lot {lot} does not count any more: by what {by} said of that number since, it is not its own",
        "{party} 就批次 {lot} 所作的召回不再计入：依 {by} 其后就该批号所言，该批号不归其所有",
    ),
    "recalls-above": Said(
        "{party}, who stands above the seller, called back lots of {product} that are its own (lots: {count})",
        "销售者的上级 {party} 召回了其自有的 {product} 批次 {count} 个",
        "Goods of these lots must not be sold: compare the lot on the package, and trace it.",
        "上述批次不得销售：请核对包装上的批号，并对该批次提出 trace 查询。",
    ),
    "recalls-elsewhere": Said(
        "Other resellers called back lots of {product} that are their own, none that counts here (lots: {count})",
        "其他销售者召回了其自有的 {product} 批次 {count} 个，均不在此次销售之列",
    ),
    "notes-left-out": Said(
        "More of this kind is on record, left out here: {count}",
        "另有 {count} 条同类记录未在此列出",
        "Ask about a single lot, or the history of what it rests on, for all of it.",
        "可就单个批次，或所依据声明的历史，查询全部记录。",
    ),
    "reasons-left-out": Said(
        "More reasons of a kind that is told here are left out: {count}",
        "另有 {count} 条同类原因未在此列出",
        "Mend what is told here, or ask about a single lot or place for all of it.",
        "请先处理此处所列原因，或就单个批次、场所查询全部原因。",
    ),
    "walk-limit": Said(
        "There is more than is looked at in one answer: {limit}",
        "数量超过一次查询的上限 {limit}",
        "Ask about a part of it.",
        "请缩小查询范围。",
    ),
}
