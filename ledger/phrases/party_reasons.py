"""What stands against parties, shops and papers, or is not known about them, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

PARTY_REASONS: Mapping[str, Said] = {
    "party-unknown": Said(
        "{party} is not on record",
        "主体 {party} 没有记录在案",
        "The operator has to register it.",
        "须由平台运营方登记。",
    ),
    "shop-unknown": Said(
        "The shop {shop} is not on record",
        "店铺 {shop} 没有记录在案",
        "The operator has to register it.",
        "须由平台运营方登记。",
    ),
    "paper-missing": Said(
        "{party} has no {kind} on record, needed for the category {category}",
        "{party} 没有类目 {category} 所需的{kind}记录",
        "The authority or the operator has to register it.",
        "须由主管方或平台运营方登记。",
    ),
    "paper-goods": Said(
        "The {kind} {number} does not cover the category {category}",
        "{kind} {number} 的范围不包括类目 {category}",
        "One that covers it has to be registered.",
        "须登记涵盖该类目的资质。",
    ),
    "paper-not-yet": Said(
        "The {kind} {number} holds only from {from}",
        "{kind} {number} 自 {from} 起才有效",
        "Ask about a later time.",
        "请查询更晚的时间。",
    ),
    "paper-expired": Said(
        "The {kind} {number} expired at {until}",
        "{kind} {number} 已于 {until} 到期",
        "Its renewal has to be registered.",
        "须登记续期后的资质。",
    ),
    "paper-withdrawn": Said(
        "The {kind} {number} was withdrawn",
        "{kind} {number} 已被撤回",
        "A new one has to be registered.",
        "须登记新的资质。",
    ),
    "paper-ending": Said(
        "The {kind} {number} ends at {until}",
        "{kind} {number} 将于 {until} 到期",
        "Its renewal should be registered before.",
        "应在此前登记续期后的资质。",
    ),
    "grant-ending": Said(
        "The authorisation of {grantee} by {issuer} ends at {until}",
        "{issuer} 对 {grantee} 的授权将于 {until} 到期",
        "{issuer} should renew it before.",
        "应在此前由 {issuer} 续签授权。",
    ),
    "certificate-not-asked": Said(
        "The rules of this ledger name no category that needs a compulsory certificate; "
        "whether {category} needs one was not checked",
        "本账本的规则未列出需强制性产品认证的类目，类目 {category} 是否需要未作检查",
    ),
    "trader-not-decided": Said(
        "No decision on the admission of {trader} is on record",
        "没有关于 {trader} 准入的决定在案",
        "The operator has to decide.",
        "须由平台运营方作出准入决定。",
    ),
    "trader-refused": Said(
        "The newest decision refuses {trader}",
        "最近一次决定不予准入 {trader}",
        "The operator has to admit it by a new decision.",
        "须由平台运营方重新作出准入决定。",
    ),
    "evidence-absent": Said(
        "The evidence {evidence} that was reviewed is not where it is cited from",
        "所审证据 {evidence} 不在其引用之处",
        "The operator has to decide anew on evidence on record.",
        "须由平台运营方依据在案证据重新决定。",
    ),
    "evidence-corrected": Said(
        "The evidence {evidence} was corrected after it was reviewed",
        "所审证据 {evidence} 在审核后被更正",
        "The operator should review the correction.",
        "平台运营方应复核更正内容。",
    ),
    "grant-unknown": Said(
        "The grant {grant} is not on record between these two",
        "双方之间没有授权 {grant} 的记录",
        "Check the brand, the grantee and the statement id.",
        "请核对品牌、被授权方与声明标识。",
    ),
    "key-suspected": Said(
        "A statement of {issuer} is at risk: the key that signed it was later said to be "
        "in other hands at that time",
        "{issuer} 的一份声明存在风险：事后表明签署密钥当时可能已落入他人之手",
        "{issuer} should say it again with a key that is not suspected.",
        "{issuer} 应使用未被质疑的密钥重新签署。",
    ),
    "key-reset": Said(
        "A statement of {issuer} is at risk: its key was bound by the operator, "
        "not by an older key of its own",
        "{issuer} 的一份声明存在风险：其密钥由平台运营方重置，而非由其旧密钥引入",
        "Ask {issuer} to confirm its key.",
        "请向 {issuer} 核实其密钥。",
    ),
    "sanctioned": Said(
        "A sanction stands against {subject}: {step}",
        "{subject} 受到处罚：{step}",
        "It has to end, or the operator has to lift it.",
        "须待其期满，或由平台运营方解除。",
    ),
    "sanction-coming": Said(
        "A sanction against {subject} begins at {from}: {step}",
        "{subject} 的处罚将自 {from} 起生效：{step}",
    ),
    "sanction-over": Said(
        "A sanction against {subject} ended at {until}: {step}",
        "{subject} 的处罚已于 {until} 期满：{step}",
    ),
    "sanction-lifted": Said(
        "A sanction against {subject} was lifted: {step}",
        "{subject} 的处罚已解除：{step}",
    ),
    "visits-absent": Said(
        "No observer's visit to {about} is on record",
        "没有观察员到访 {about} 的记录",
        "An observer has to visit.",
        "须有观察员到访。",
    ),
    "visit-tied": Said(
        "The observer {observer} declared a tie to whom it visited: {tie}",
        "观察员 {observer} 申报了与被访方的关联：{tie}",
    ),
    "visit-tie-undeclared": Said(
        "The observer {observer} is tied to {party} by what is on record now, and declared nothing",
        "依现有记录，观察员 {observer} 与 {party} 存在关联，却未申报",
        "Give more weight to observers without ties.",
        "应以无关联观察员的意见为准。",
    ),
    "observer-out-of-period": Said(
        "{observer} was no observer at that time, by what is on record now: its visit does not count",
        "依现有记录，{observer} 当时不是观察员，其到访不计",
        "An observer in its period has to visit.",
        "须由任期内的观察员到访。",
    ),
}
