"""What each type of statement, each of its fields and each form means, in English and Chinese.

Nothing is imported here, so that a command can list the types quickly; a test holds the
table against the catalogue.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """One meaning in both languages."""

    en: str
    zh: str


TYPES: Mapping[str, Words] = {
    "rules": Words(
        "Other registration rules from the next batch on.", "从下一批起改用另一版登记规则。"
    ),
    "log-end": Words(
        "The last statement of a log; a successor may go on.",
        "账本的最后一条声明；可由后继账本延续。",
    ),
    "party": Words(
        "A party enters: names, country, roles and first keys.",
        "一个主体加入：名称、国家、角色和最初的密钥。",
    ),
    "party-update": Words(
        "New names and roles of a party, and keys bound to it anew.",
        "主体的新名称与角色，以及为它重新绑定的密钥。",
    ),
    "key": Words(
        "A party's further key, signed with one that is live.", "主体的又一把密钥，由现用密钥签署。"
    ),
    "key-revocation": Words("A key ends here.", "一把密钥到此为止。"),
    "qualification": Words(
        "Somebody holds a paper: licence, trademark, affiliation, accreditation.",
        "某方持有一份资质：许可证、商标、关联关系、认可证书。",
    ),
    "qualification-withdrawal": Words("A paper ends here.", "一份资质到此为止。"),
    "authorisation": Words(
        "Somebody may sell a brand's goods: which, where, how, until when, how far on.",
        "某方可以销售某品牌的商品：哪些、在哪里、经由什么、到何时、可再授几级。",
    ),
    "authorisation-revocation": Words(
        "A grant ends here, and everything below it.",
        "一份授权到此为止，其下的一切授权也随之终止。",
    ),
    "product": Words(
        "A product: names, brand, category, declared under a trademark or a grant.",
        "一个商品：名称、品牌、类目，依据商标或授权申报。",
    ),
    "admission": Words(
        "The platform admits or refuses a trader after reviewing its papers.",
        "平台审核资质后准入或拒绝一个商家。",
    ),
    "shop": Words("A trader's shop and its type.", "商家的店铺及其类型。"),
    "shop-ended": Words("A shop ends here.", "一家店铺到此为止。"),
    "listing": Words("A product goes on sale in a shop.", "一个商品在店铺上架。"),
    "listing-ended": Words("A product is on sale in a shop no more.", "一个商品在店铺下架。"),
    "facility": Words(
        "A place where goods are made, grown, packed or stored.",
        "生产、种植、包装或存放商品的场所。",
    ),
    "origin-audit": Words("An audit of a facility where it stands.", "在场所现场进行的源头审核。"),
    "lot": Words(
        "A lot: how much, which items, made where and when, of which other lots.",
        "一个批次：数量、单品、何时何地生产、由哪些批次制成。",
    ),
    "inspection": Words(
        "A lot inspected by sample: plan, findings, decision.",
        "对一个批次的抽样检验：方案、发现与判定。",
    ),
    "sample-sealed": Words("A sample is taken from a lot and sealed.", "从批次中取样并封样。"),
    "custody": Words("The issuer takes over a sealed sample.", "签署方接收一份封样。"),
    "recall": Words("Lots are called back.", "召回若干批次。"),
    "sanction": Words(
        "A measure against a trader, its shops, products or lots.",
        "对商家及其店铺、商品或批次的处置措施。",
    ),
    "sanction-lifted": Words("A measure ends here.", "一项处置措施到此解除。"),
    "complaint": Words(
        "What a consumer, under a pseudonym, says of a product.", "消费者以化名对商品提出的投诉。"
    ),
    "observer-application": Words("Somebody applies to be an observer.", "某人申请成为观察员。"),
    "observer": Words("Somebody is an observer for a time.", "某人在一段时间内担任观察员。"),
    "invitation": Words(
        "An observer is invited to a facility, an inspection or a draw.",
        "邀请观察员到访场所、检验或抽签。",
    ),
    "visit": Words("An observer attends.", "观察员到访。"),
    "observation": Words("What an observer found on a visit.", "观察员到访时的发现。"),
    "supersede": Words(
        "The corrected payload of an earlier statement.", "对先前一条声明内容的更正。"
    ),
    "erasure": Words(
        "Sensitive values behind a statement's commitments are destroyed.",
        "一条声明的承诺所对应的敏感内容已被销毁。",
    ),
    "generic": Words(
        "Any payload of any content type, kept byte for byte, no effect in any rule.",
        "任意内容类型的任意内容，逐字节保存，不影响任何规则。",
    ),
}
"""Type -> what a statement of it says."""

_PERIOD_FROM = Words("From when it holds.", "自何时起有效。")
_REASON = Words("Why.", "原因。")
_NOTE = Words("A remark.", "备注。")

FIELDS: Mapping[str, Words] = {
    # In several types.
    "from": _PERIOD_FROM,
    "until": Words(
        "Until before when it holds; null: without end.", "有效至何时之前；null 表示无期限。"
    ),
    "reason": _REASON,
    "note": _NOTE,
    "target": Words("The statement that this one amends.", "本声明所变更的那条声明。"),
    "names": Words("Its names.", "它的名称。"),
    "country": Words("Its country.", "所在国家。"),
    "roles": Words("What it does here.", "它在此的角色。"),
    "keys": Words(
        "Keys bound to it; --bind FILE puts them in.", "为它绑定的密钥；可用 --bind FILE 填入。"
    ),
    "uscc": Words(
        "Its unified social credit code (GB 32100); a Chinese firm must carry one.",
        "统一社会信用代码（GB 32100）；中国企业必填。",
    ),
    "brand": Words("The brand, by its trademark.", "品牌，以商标表示。"),
    "category": Words("The category it belongs to.", "所属类目。"),
    "trader": Words("The trader.", "商家。"),
    "shop": Words("The shop.", "店铺。"),
    "facility": Words("The facility.", "场所。"),
    "lot": Words("The lot.", "批次。"),
    "evidence": Words("Documents and photos that lie elsewhere.", "存放在别处的文件与照片。"),
    "findings": Words("What was found.", "发现的问题。"),
    "km": Words("Kilometres travelled for it.", "为此行驶的公里数。"),
    "sealed": Words(
        "Commitments to sensitive values; --sensitive FILE makes them.",
        "对敏感内容的承诺；用 --sensitive FILE 生成。",
    ),
    "about": Words("What it is about.", "所涉对象。"),
    "exclusive": Words("Whether nobody else gets the same.", "是否独家。"),
    "shops": Words("Limited to these shops of the trader.", "仅限该商家的这些店铺。"),
    "products": Words("Limited to these products.", "仅限这些商品。"),
    "lots": Words("Limited to these lots.", "仅限这些批次。"),
    # Of one type.
    "rules.rules": Words("The version and its document's digest.", "规则版本及其文件的摘要。"),
    "rules.witnesses": Words("Further known witnesses.", "新增的已知见证者。"),
    "log-end.successor": Words("The log that goes on; null: none.", "后继账本；null 表示没有。"),
    "key.key": Words("The new key; --bind FILE puts it in.", "新密钥；可用 --bind FILE 填入。"),
    "key-revocation.kid": Words("The key that ends.", "到此为止的密钥。"),
    "key-revocation.suspected_since": Words(
        "What it signed since then is at risk.", "自此时起由它签署的内容存疑。"
    ),
    "qualification.kind": Words("What kind of paper.", "资质的种类。"),
    "qualification.number": Words(
        "Its number; of a trademark kind the trademark.", "资质编号；商标类填商标。"
    ),
    "qualification.categories": Words(
        "The goods it covers; in every kind but affiliation and accreditation.",
        "所覆盖的商品；关联关系与认可证书除外。",
    ),
    "qualification.methods": Words(
        "For an accreditation: methods and goods.", "认可证书所覆盖的方法与商品。"
    ),
    "qualification.mark": Words("How the trademark reads.", "商标的文字。"),
    "qualification.of": Words(
        "For an affiliation: the party the holder belongs to.", "关联关系：持有者所属的主体。"
    ),
    "qualification.relation": Words(
        "For an affiliation: how it belongs to it.", "关联关系的种类。"
    ),
    "qualification-withdrawal.number": Words("The paper's number.", "资质编号。"),
    "authorisation.parent": Words(
        "What it rests on: the issuer's own grant, or its trademark's qualification.",
        "所依据的：签署方自己获得的授权，或其商标资质。",
    ),
    "authorisation.goods": Words(
        "Which goods: products, categories or *.", "哪些商品：商品、类目或 *。"
    ),
    "authorisation.territories": Words("Where.", "在哪些地域。"),
    "authorisation.channels": Words("Through which channels.", "经由哪些渠道。"),
    "authorisation.shop_types": Words(
        "In which types of shop; * for all.", "在哪些类型的店铺；* 表示全部。"
    ),
    "authorisation.depth": Words(
        "How many links may follow below; 0: no further grant.",
        "其下还可再授几级；0 表示不得转授。",
    ),
    "authorisation-revocation.parent": Words(
        "The id of the statement the grant rested on.", "该授权所依据的声明的标识。"
    ),
    "authorisation-revocation.exclusive": Words(
        "Whether the grant was exclusive.", "该授权是否独家。"
    ),
    "product.under": Words(
        "The grant or trademark qualification it is declared under.", "申报所依据的授权或商标资质。"
    ),
    "admission.decision": Words("The decision.", "决定。"),
    "admission.evidence": Words("The papers reviewed.", "所审核的资质。"),
    "admission.reasons": Words("The reasons.", "理由。"),
    "shop.shop_type": Words(
        "The type of shop (旗舰店, 专卖店, 专营店).", "店铺类型（旗舰店、专卖店、专营店）。"
    ),
    "listing.territories": Words("Where it is sold.", "在哪些地域销售。"),
    "facility.owner": Words("Who owns it.", "所有者。"),
    "facility.place": Words("Where it stands.", "所在地。"),
    "facility.activities": Words("What is done there.", "在那里从事的活动。"),
    "origin-audit.checklist": Words("The checklist and its version.", "检查表及其版本。"),
    "origin-audit.on": Words("When.", "审核时间。"),
    "origin-audit.team": Words("Who audited, at least two.", "审核人员，至少两名。"),
    "origin-audit.next_due": Words("When the next one is due.", "下次审核的期限。"),
    "lot.quantity": Words("How much.", "数量。"),
    "lot.facility": Words("Where it was made.", "生产场所。"),
    "lot.made": Words("When it was made.", "生产时间。"),
    "lot.serials": Words("Serial numbers of its items.", "单品的序列号。"),
    "lot.serial_range": Words(
        "Serial numbers of its items, from and to.", "单品序列号的起止范围。"
    ),
    "lot.inputs": Words("The lots it was made of.", "用作原料的批次。"),
    "inspection.mode": Words(
        "Inbound acceptance, patrol, flight inspection or mystery sampling.",
        "入库验收、在库巡检、飞行检查或神秘抽检。",
    ),
    "inspection.trader": Words("Whose goods.", "货主商家。"),
    "inspection.on": Words("When.", "检验时间。"),
    "inspection.lot_size": Words("Items in the lot.", "批量。"),
    "inspection.level": Words("Inspection level (GB/T 2828.1).", "检验水平（GB/T 2828.1）。"),
    "inspection.aql": Words("Acceptance quality limit.", "接收质量限。"),
    "inspection.severity": Words("Severity of the plan.", "检验的严格度。"),
    "inspection.sample_size": Words("Items inspected.", "样本量。"),
    "inspection.accept": Words("Acceptance number Ac.", "接收数 Ac。"),
    "inspection.reject": Words("Rejection number Re.", "拒收数 Re。"),
    "inspection.nonconforming": Words("Nonconforming items found.", "发现的不合格品数。"),
    "inspection.decision": Words("The decision on the lot.", "对批次的判定。"),
    "inspection.facility": Words("Where it was inspected.", "检验地点。"),
    "sample-sealed.taken": Words("When it was taken.", "取样时间。"),
    "sample-sealed.seals": Words("The numbers of its seals.", "封签编号。"),
    "sample-sealed.inspection": Words("The inspection it belongs to.", "所属的检验。"),
    "custody.handed_by": Words("Who handed it over.", "移交方。"),
    "custody.previous": Words(
        "The id of the hand-over (or sealing) before.", "上一次交接（或封样）的标识。"
    ),
    "custody.at": Words("When.", "交接时间。"),
    "custody.seals_intact": Words("Whether the seals were whole.", "封签是否完好。"),
    "recall.from": Words("From when.", "自何时起召回。"),
    "recall.other_lots": Words("Further lots beside the subject.", "除所涉批次外的其他批次。"),
    "sanction.step": Words(
        "The step: interview 约谈, damages 违约金, delist 下架, close-shop 关店, end-cooperation 停止合作.",
        "措施：interview 约谈、damages 违约金、delist 下架、close-shop 关店、end-cooperation 停止合作。",
    ),
    "sanction.grounds": Words("The grounds.", "理由。"),
    "sanction.triggers": Words("The statements it follows from.", "所依据的声明。"),
    "sanction.rules_version": Words("The version of the sanction rules.", "处置规则的版本。"),
    "sanction.appeal_by": Words("Until when it can be appealed.", "申诉期限。"),
    "sanction.severity_ground": Words("Why steps before it were skipped.", "跳过此前措施的依据。"),
    "sanction.damages": Words("For step damages: how much.", "违约金的数额。"),
    "complaint.complainant": Words("Who complains, by pseudonym.", "投诉人的化名。"),
    "complaint.text": Words("What is complained of.", "投诉内容。"),
    "observer-application.kind": Words("For which group.", "申请的类别。"),
    "observer-application.motive": Words("Why.", "申请理由。"),
    "observer.kind": Words("Of which group.", "观察员的类别。"),
    "observer.application": Words("The application.", "所依据的申请。"),
    "invitation.to": Words("Where to.", "受邀到访的对象。"),
    "visit.arrived": Words("When, by the device.", "到达时间（以设备为准）。"),
    "visit.place": Words("Where, by the device.", "到达地点（以设备为准）。"),
    "visit.tie": Words(
        "What ties the observer to the visited; null: nothing.",
        "观察员与受访方的关联；null 表示没有。",
    ),
    "visit.invitation": Words("The invitation.", "所依据的邀请。"),
    "observation.visit": Words("The visit.", "所属的到访。"),
    "observation.text": Words("What was seen.", "所见情况。"),
    "observation.photos": Words("Photos that lie elsewhere.", "存放在别处的照片。"),
    "supersede.statement": Words(
        "The corrected payload, whole; with --target what is left out stays.",
        "更正后的完整内容；用 --target 时未写的字段保持原样。",
    ),
    "erasure.subjects": Words("The histories of the target.", "目标声明所属的历史。"),
    "erasure.fields": Words("The names of the destroyed values.", "被销毁内容的名称。"),
    # Of parts of a payload.
    "RulesVersion.version": Words("The version.", "版本。"),
    "RulesVersion.digest": Words("SHA-256 of the published document.", "已发布文件的 SHA-256。"),
    "Successor.origin": Words("Its name.", "账本名称。"),
    "Successor.log_key": Words("Its verifier key.", "账本的验证密钥。"),
    "Names.zh": Words("In Chinese.", "中文。"),
    "Names.en": Words("In English.", "英文。"),
    "KeyBinding.alg": Words("The algorithm.", "算法。"),
    "KeyBinding.x": Words("The key.", "公钥。"),
    "KeyBinding.y": Words("The key's second half (ES256).", "公钥的另一半（ES256）。"),
    "KeyBinding.possession": Words(
        "The proof that its party holds it, or the word unproven.", "持有证明，或写 unproven。"
    ),
    "Method.method": Words("The method.", "方法。"),
    "Method.categories": Words("On goods of these categories.", "适用的商品类目。"),
    "Evidence.digest": Words("Its SHA-256.", "SHA-256 摘要。"),
    "Evidence.size": Words("Its size in bytes.", "字节数。"),
    "Evidence.media_type": Words("Its media type.", "媒体类型。"),
    "Citation.id": Words("The statement's id.", "声明的标识。"),
    "Citation.topic": Words("The topic of a history it is in.", "所属历史的主题。"),
    "Citation.subject": Words("The subject of that history.", "该历史的对象。"),
    "Place.text": Words("The address in words.", "地址。"),
    "Place.latitude_e6": Words("Latitude in millionths of degrees.", "纬度，百万分之一度。"),
    "Place.longitude_e6": Words("Longitude in millionths of degrees.", "经度，百万分之一度。"),
    "Finding.point": Words("The point of the checklist or criterion.", "检查项或指标。"),
    "Finding.severity": Words("How severe.", "严重程度。"),
    "Finding.text": Words("What was found.", "发现的内容。"),
    "Quantity.amount": Words("How many or how much.", "数值。"),
    "Quantity.unit": Words("Of what.", "单位。"),
    "SerialRange.first": Words("The first.", "起始序列号。"),
    "SerialRange.last": Words("The last.", "结束序列号。"),
    "Commitment.name": Words("The value's name.", "内容的名称。"),
    "Commitment.digest": Words("The commitment.", "承诺值。"),
    "Damages.amount": Words("In the currency's smallest unit.", "金额，以货币最小单位计。"),
    "Damages.currency": Words("The currency.", "货币。"),
}
"""``field`` (in every type), ``type.field`` or ``Part.field`` -> what it means."""

FORMS: Mapping[str, Words] = {
    "Time": Words("a time in UTC like 2026-05-01T08:00:00Z", "UTC 时间，如 2026-05-01T08:00:00Z"),
    "PartyId": Words(
        "a party: https://id.gs1.org/417/<GLN>, urn:uscc:<18>, did:web:<host> or "
        "urn:pinyuan:person:<32 hex>",
        "主体：https://id.gs1.org/417/<GLN>、urn:uscc:<18>、did:web:<host> 或 "
        "urn:pinyuan:person:<32 hex>",
    ),
    "ProductId": Words(
        "a product: https://id.gs1.org/01/<GTIN-14>", "商品：https://id.gs1.org/01/<GTIN-14>"
    ),
    "LotId": Words(
        "a lot: https://id.gs1.org/01/<GTIN-14>/10/<lot>",
        "批次：https://id.gs1.org/01/<GTIN-14>/10/<lot>",
    ),
    "Serial": Words("a serial number", "序列号"),
    "FacilityId": Words(
        "a place: https://id.gs1.org/414/<GLN>", "场所：https://id.gs1.org/414/<GLN>"
    ),
    "TrademarkId": Words(
        "a trademark: urn:trademark:<office>:<number>:<Nice class>",
        "商标：urn:trademark:<局>:<号>:<尼斯分类>",
    ),
    "NumberId": Words(
        "a number: urn:qualification:<office>:<NUMBER>, or a trademark",
        "编号：urn:qualification:<机构>:<编号>，或商标",
    ),
    "ShopId": Words("a shop: urn:shop:<channel>:<id>", "店铺：urn:shop:<渠道>:<标识>"),
    "Category": Words("a category like food/tea/green", "类目，如 food/tea/green"),
    "Goods": Words("a product, a category like food/tea, or *", "商品、类目（如 food/tea）或 *"),
    "Territory": Words(
        "a territory (ISO 3166): CN, CN-ZJ, or *", "地域（ISO 3166）：CN、CN-ZJ 或 *"
    ),
    "Channel": Words("a channel like mall.example, or *", "渠道，如 mall.example，或 *"),
    "AboutId": Words("a facility, a lot or a draw", "场所、批次或抽签"),
    "Text": Words("a text of up to 200 characters", "不超过 200 字的文字"),
    "LongText": Words("a text of up to 2000 characters", "不超过 2000 字的文字"),
    "Digest": Words("64 hexadecimal digits", "64 位十六进制数"),
    "Country": Words("a country (ISO 3166): CN", "国家（ISO 3166）：CN"),
    "Uscc": Words("18 digits and capital letters", "18 位数字与大写字母"),
    "Decimal": Words('a decimal in quotes: "0.50"', '带引号的小数:"0.50"'),
    "Citation": Words(
        "a citation: the bare id of a statement in the ledger, or {id, topic, subject}",
        "引用：账本中一条声明的标识，或 {id, topic, subject}",
    ),
    "Evidences": Words(
        "a list of documents {digest, size, media_type}", "文件列表 {digest, size, media_type}"
    ),
    "text": Words("a text", "文字"),
    "number": Words("a whole number", "整数"),
    "boolean": Words("true or false", "true 或 false"),
    "object": Words("a JSON object", "JSON 对象"),
    "pair": Words("a pair [topic, subject]", "一对 [主题, 对象]"),
    "list": Words("a list ({0}), each: {1}", "列表（{0}），每项：{1}"),
    "null": Words("or null", "或 null"),
}
"""Form of a value -> how it is written."""

ISSUERS: Mapping[str, Words] = {
    "operator": Words("the operator", "运营方"),
    "party": Words("the party itself", "主体自己"),
    "authority": Words("an authority", "主管机关"),
    "brand": Words("a brand", "品牌方"),
    "trader": Words("a trader", "商家"),
    "warehouse": Words("a warehouse", "仓库"),
    "carrier": Words("a carrier", "承运人"),
    "laboratory": Words("a laboratory", "实验室"),
    "inspector": Words("an inspector", "检验员"),
    "observer": Words("an observer", "观察员"),
}
"""Role -> who that is."""

SUBJECTS: Mapping[str, Words] = {
    "log": Words("the log's name (taken by itself)", "账本名称（自动填入）"),
    "party": Words("a party", "一个主体"),
    "product": Words("a product", "一个商品"),
    "lot": Words("a lot", "一个批次"),
    "facility": Words("a facility", "一个场所"),
    "shop": Words("a shop", "一家店铺"),
    "sample": Words("a sample: urn:sample:<id>", "一份样品：urn:sample:<标识>"),
    "visit": Words("a visit: urn:visit:<id>", "一次到访：urn:visit:<标识>"),
    "target": Words(
        "the target's (taken by itself with --target)", "与目标声明相同（用 --target 时自动填入）"
    ),
}
"""Form of a subject -> what it is."""


def field_words(owner: str, field: str) -> Words:
    """Return what a field of a type or part means.

    Raises:
        KeyError: the table lacks it.

    """
    own = FIELDS.get(f"{owner}.{field}")
    return FIELDS[field] if own is None else own
