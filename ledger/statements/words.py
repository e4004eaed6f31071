"""What each type of statement and each form of a value means, in English and Chinese.

Nothing is imported here, so that a command can list the types quickly; a test holds the
table against the catalogue.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


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
        "Somebody holds a paper: licence, trademark, affiliation, accreditation, GS1 prefix.",
        "某方持有一份资质：许可证、商标、关联关系、认可证书、厂商识别代码。",
    ),
    "qualification-withdrawal": Words("A paper ends here.", "一份资质到此为止。"),
    "authorisation": Words(
        "Somebody may sell a brand's goods: which, where, how, until when, how far on.",
        "某方可以销售某品牌的商品：哪些、在哪里、经由什么、到何时、可转授几级。",
    ),
    "authorisation-revocation": Words(
        "A grant ends here, and everything below it.",
        "一份授权到此为止，其下的一切授权也随之终止。",
    ),
    "product": Words(
        "A product: names, brand, category, declared under a trademark or a grant.",
        "一个商品：名称、品牌、类目，依据商标或授权申报。",
    ),
    "claim-decided": Words(
        "It is decided whose claims on a product, lot, place or standard fall, and whose holds.",
        "裁定商品、批次、场所或标准的归属：驳回哪些登记，维持哪一条。",
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
    "origin-audit": Words("An audit of a facility where it stands.", "在场所现场进行的产地审核。"),
    "lot": Words(
        "A lot: how much, which items, made where and when, of which other lots.",
        "一个批次：数量、单品、何时何地生产、由哪些批次制成。",
    ),
    "baseline-standard": Words(
        "What the law or an authority demands of goods of a category.",
        "法律或主管机关对某类目商品的要求。",
    ),
    "standard": Words(
        "The platform's own standard for a category, never weaker than its baselines.",
        "平台对某类目的自有标准，不低于其基准标准。",
    ),
    "alliance-pledge": Words(
        "A brand, trader or laboratory promises to meet standards and to act so.",
        "品牌方、商家或检测机构承诺遵守若干标准与行为要求。",
    ),
    "inspection": Words(
        "A lot inspected by sample: plan, findings, decision.",
        "对一个批次的抽样检验：方案、发现与判定。",
    ),
    "sampling-switch": Words(
        "Inbound inspection of a product goes over to another severity.",
        "某商品的入库检验改用另一严格度。",
    ),
    "sample-sealed": Words("A sample is taken from a lot and sealed.", "从批次中取样并封样。"),
    "custody": Words("The issuer takes over a sealed sample.", "签发方接收一份封样。"),
    "test-report": Words(
        "A laboratory's report about a sample: methods, condition, dates, results, what follows.",
        "检测机构就一份样品出具的检测报告：方法、样品状态、日期、结果与判定。",
    ),
    "objection": Words(
        "A trader or brand objects to a report within 15 days of its registration.",
        "商家或品牌方在检测报告登记后 15 日内提出异议。",
    ),
    "retest-report": Words(
        "Another laboratory's report that answers objections to a report.",
        "另一检测机构为回应对某报告的异议而出具的复检报告。",
    ),
    "objection-closed": Words(
        "An objection is decided after the retest, or was withdrawn.",
        "异议经复检后作出结论，或已撤回。",
    ),
    "recall": Words("Lots are called back.", "召回若干批次。"),
    "sanction": Words(
        "A measure against a trader, its shops, products or lots.",
        "对商家及其店铺、商品或批次的处罚。",
    ),
    "sanction-lifted": Words("A measure ends here.", "一项处罚到此解除。"),
    "label": Words(
        "A product bears the quality label; whether it holds is computed.",
        "一个商品获得品质认证标签；是否有效由计算得出。",
    ),
    "label-withdrawn": Words("A quality label ends here.", "一份品质认证标签到此为止。"),
    "appeal": Words(
        "Whom a sanction or a decision on claims is against asks for a decision on it.",
        "被处罚方对一项处罚、或登记被驳回方对归属裁定提出申诉。",
    ),
    "appeal-decision": Words(
        "An appeal is decided: what it is against stands, is varied, or ends here.",
        "对申诉的裁决：处罚或裁定维持、变更或到此为止。",
    ),
    "complaint": Words(
        "What a consumer, under a pseudonym, says of a product.", "消费者以化名对商品提出的投诉。"
    ),
    "advice": Words(
        "The operator advises a trader to mend something.", "平台运营方建议商家进行整改。"
    ),
    "improvement-plan": Words(
        "What a trader will do about a cause, each action with its date.",
        "商家针对某一起因的整改计划，每项措施各有期限。",
    ),
    "improvement-step": Words("An action of a plan is done.", "整改计划的一项措施已完成。"),
    "improvement-verified": Words(
        "Somebody else looked whether a plan has mended its cause.",
        "由他方查验整改计划是否已消除其起因。",
    ),
    "observer-application": Words("Somebody applies to be an observer.", "某人申请成为观察员。"),
    "observer": Words("Somebody is an observer for a time.", "某人在一段时间内担任观察员。"),
    "invitation": Words(
        "An observer is invited to a facility, an inspection or a draw.",
        "邀请观察员到访场所、检验或抽签。",
    ),
    "visit": Words("An observer attends.", "观察员到访。"),
    "observation": Words("What an observer found on a visit.", "观察员到访时的发现。"),
    "quality-model": Words(
        "How the quality index is computed: weights, ages, severities, grades.",
        "质量指数的算法：权重、时效、严重程度与等级。",
    ),
    "quality-index": Words(
        "The quality index of a product, trader, brand or category, recomputed when registered.",
        "商品、商家、品牌或类目的质量指数，登记时重新计算核对。",
    ),
    "supersede": Words(
        "The corrected payload of an earlier statement.", "对先前一条声明内容的更正。"
    ),
    "erasure": Words(
        "Sensitive values behind a statement's commitments are destroyed.",
        "一条声明的承诺所对应的敏感内容已被销毁。",
    ),
    "withdrawn-in-error": Words(
        "A recall, finding or complaint about the wrong lot, party or place is taken back.",
        "撤回因批次、主体或场所有误而作出的召回、检验、审核、报告、观察或投诉。",
    ),
    "generic": Words(
        "Any payload of any content type, kept byte for byte, no effect in any rule.",
        "任意内容类型的任意内容，逐字节保存，不影响任何规则。",
    ),
}
"""Type -> what a statement of it says."""

FORMS: Mapping[str, Words] = {
    "Time": Words("a time in UTC like 2026-05-01T08:00:00Z", "UTC 时间，如 2026-05-01T08:00:00Z"),
    "PartyId": Words(
        "a party: https://id.gs1.org/417/<GLN>, urn:uscc:<18>, did:web:<host>[:<path>], "
        "did:jwk:<key>, https://<host>[/<path>] or urn:pinyuan:person:<32 hex>",
        "主体：https://id.gs1.org/417/<GLN>、urn:uscc:<18>、did:web:<host>[:<path>]、"
        "did:jwk:<key>、https://<host>[/<path>] 或 urn:pinyuan:person:<32 hex>",
    ),
    "ProductId": Words(
        "a product: https://id.gs1.org/01/<GTIN-14>", "商品：https://id.gs1.org/01/<GTIN-14>"
    ),
    "SampleId": Words("a sample: urn:sample:<id>", "样品：urn:sample:<标识>"),
    "LotId": Words(
        "a lot: https://id.gs1.org/01/<GTIN-14>/10/<lot>, upper and lower case of <lot> as printed",
        "批次：https://id.gs1.org/01/<GTIN-14>/10/<lot>，<lot> 的大小写以印制为准",
    ),
    "Serial": Words("a serial number, upper and lower case as printed", "序列号，大小写以印制为准"),
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
    "LocalTime": Words(
        "a time with its offset: 2026-05-01T16:00:00+08:00",
        "带时差的时间：2026-05-01T16:00:00+08:00",
    ),
    "TopicName": Words(
        "a topic of histories: lot, product, grant, ...", "历史的主题：lot、product、grant 等"
    ),
    "HistorySubject": Words("a text", "文字"),
    "LongText": Words("a text of up to 2000 characters", "不超过 2000 字的文字"),
    "Digest": Words("64 hexadecimal digits", "64 位十六进制数"),
    "Country": Words("a country (ISO 3166): CN", "国家（ISO 3166）：CN"),
    "Cas": Words("a CAS number: 7439-92-1", "CAS 登记号：7439-92-1"),
    "Uscc": Words("18 digits and capital letters", "18 位数字与大写字母"),
    "Decimal": Words('a decimal in quotes: "0.50"', '带引号的小数："0.50"'),
    "Limit": Words(
        'a decimal in quotes, perhaps below zero: "-18"', '带引号的小数，可为负数："-18"'
    ),
    "Month": Words("a month like 2026-05", "月份，如 2026-05"),
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
    "operator": Words("the operator", "平台运营方"),
    "party": Words("the party itself", "主体自己"),
    "authority": Words("an authority", "主管机关"),
    "brand": Words("a brand", "品牌方"),
    "trader": Words("a trader", "商家"),
    "warehouse": Words("a warehouse", "仓库"),
    "carrier": Words("a carrier", "承运人"),
    "laboratory": Words("a laboratory", "检测机构"),
    "inspector": Words("an inspector", "检验方"),
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
    "model": Words("a quality model: urn:model:<id>", "一个质量指数模型：urn:model:<标识>"),
    "indexed": Words(
        "a product, a trader, a brand (its trademark) or a category",
        "一个商品、商家、品牌（商标）或类目",
    ),
    "claimed": Words(
        "what is claimed: a product, lot, place or standard", "所登记的事物：商品、批次、场所或标准"
    ),
    "standard": Words(
        "a standard: urn:standard:<office>:<NUMBER>", "一项标准：urn:standard:<机构>:<编号>"
    ),
    "target": Words(
        "the target's (taken by itself with --target)", "与目标声明相同（用 --target 时自动填入）"
    ),
}
"""Form of a subject -> what it is."""

TARGETS: Mapping[str, Words] = {
    "ends": Words("What ends here: {0}.", "到此为止的声明：{0}。"),
    "replaces": Words("What is corrected, one of: {0}.", "被更正的声明，须为其一：{0}。"),
    "erases": Words(
        "Whose sealed values are destroyed, one of: {0}.", "封存内容被销毁的声明，须为其一：{0}。"
    ),
    "answers": Words("What it answers: {0}.", "所回应的声明：{0}。"),
    "withdraws": Words("What is taken back, one of: {0}.", "被撤回的声明，须为其一：{0}。"),
    "objection": Words("What is objected to: {0}.", "被提出异议的声明：{0}。"),
    "retest-report": Words(
        "The report that was objected to, not the objection: {0}.",
        "被提出异议的报告（而非异议本身）：{0}。",
    ),
    "appeal": Words("What is appealed against, one of: {0}.", "被申诉的声明，须为其一：{0}。"),
    "appeal-decision": Words(
        "What was appealed against, not the appeal, one of: {0}.",
        "被申诉的声明（而非申诉本身），须为其一：{0}。",
    ),
    "improvement-step": Words("The plan whose action is done: {0}.", "措施所属的计划：{0}。"),
    "improvement-verified": Words("The plan that was looked at: {0}.", "所查验的计划：{0}。"),
}
"""Effect of a type, or a type of its own words -> what its target is; {0}: the types it may have."""
