"""What stands against labels, standards and pledges, or is not known of them, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

LABEL_REASONS: Mapping[str, Said] = {
    "label-absent": Said(
        "No quality label of {product} is on record",
        "商品 {product} 没有品质认证标签记录在案",
        "Once it is on sale in a shop where it may be listed, the operator gives one on reports that "
        "cover every criterion.",
        "须先在可上架的店铺上架；再由平台运营方依据涵盖全部指标的检测报告授予。",
    ),
    "label-withdrawn": Said(
        "The quality label of {product} was withdrawn",
        "商品 {product} 的品质认证标签已被撤回",
        "The operator has to give a new one.",
        "须由平台运营方重新授予。",
    ),
    "label-expired": Said(
        "The quality label of {product} ended at {until}",
        "商品 {product} 的品质认证标签已于 {until} 到期",
        "The operator has to give a new one.",
        "须由平台运营方重新授予。",
    ),
    "label-again": Said(
        "The quality label of {product} was given anew after one was withdrawn",
        "商品 {product} 的品质认证标签在撤回之后重新授予",
    ),
    "label-index-low": Said(
        "The quality index of {product} is {score}, a label asks for {limit}",
        "商品 {product} 的质量指数为 {score}，标签要求至少 {limit}",
        "Later outcomes have to be better.",
        "须以后续更好的结果改善。",
    ),
    "not-on-sale": Said(
        "{product} is on sale in no shop",
        "商品 {product} 没有在任何店铺在售",
        "It has to be listed.",
        "须先上架。",
    ),
    "critical-since": Said(
        "Something critical was found of {about} since the label was given",
        "标签授予之后，{about} 被发现严重问题",
        "It has to be closed as what was found is: by a later pass, an audit, a retest, or recall, an improvement and a lot made after what was found and the recall; or the operator gives a new label.",
        "须按所发现的问题关闭：再次检验合格、再次审核、复检，或召回、整改并有在发现问题与召回之后生产的批次合格；或由平台运营方重新授予标签。",
    ),
    "standard-absent": Said(
        "The standard {standard} that the label cites is not on record",
        "标签所引用的标准 {standard} 没有记录在案",
        "The operator has to give a new label by one that is.",
        "须由平台运营方依据在案标准重新授予标签。",
    ),
    "standard-other-goods": Said(
        "The standard {standard} is not for goods of the category {category}",
        "标准 {standard} 不适用于类目 {category} 的商品",
        "The label has to cite a standard for these goods.",
        "标签须引用适用于该商品的标准。",
    ),
    "standard-outdated": Said(
        "{baseline} now asks more than {standard} does: {property}",
        "{baseline} 现行要求高于 {standard}：{property}",
        "The operator has to restate its standard and give a new label by it.",
        "须由平台运营方重新发布标准，并据此重新授予标签。",
    ),
    "standard-restated": Said(
        "A newer version of {standard} is in force than the one that the label cites",
        "{standard} 已有比标签所引用版本更新的版本生效",
    ),
    "criterion-failed": Said(
        "{property} of {lot} is {value} {unit}, allowed is {direction} {limit}",
        "{lot} 的 {property} 为 {value} {unit}，标准为{direction} {limit}",
        "A later lot has to pass, tested by an accredited laboratory.",
        "须有后续批次经有资质的检测机构检测合格。",
    ),
    "criterion-inconclusive": Said(
        "Whether {property} of {lot} meets its limit is within the uncertainty of the test",
        "{lot} 的 {property} 是否合格落在检测的不确定度之内",
        "It has to be tested more closely.",
        "须以更精确的方法检测。",
    ),
    "criterion-untested": Said(
        "No report that stands covers {property}",
        "没有有效的报告涵盖 {property}",
        "An accredited laboratory has to test it.",
        "须由有资质的检测机构检测。",
    ),
    "report-expired": Said(
        "The newest passing report on {property} spoke for the goods until {until}",
        "{property} 最近的合格报告的有效期至 {until}",
        "It has to be tested again.",
        "须重新检测。",
    ),
    "criterion-objected": Said(
        "The result for {property} of {lot} is objected to: it is in suspense until {due}, unless "
        "it is decided before",
        "{lot} 的 {property} 结果有异议：结案之前暂缓计入，至 {due} 为止",
        "Let another laboratory test again; the operator decides by its report. Undecided by then, "
        "the result counts again.",
        "请由另一检测机构复检，并由平台运营方依据其报告结案；届时仍未结案的，原结果恢复有效。",
    ),
    "pledge-absent": Said(
        "No pledge of {party} is on record for that time",
        "{party} 在该时间没有联盟承诺记录在案",
        "It has to sign one.",
        "须由其签署承诺。",
    ),
    "pledge-not-yet": Said(
        "A pledge of {party} counts from {from}",
        "{party} 的一份承诺自 {from} 起计算",
    ),
    "standard-broken": Said(
        "The promise to keep {standard} was broken (reports: {count})",
        "遵守 {standard} 的承诺已被违反，涉及报告 {count} 份",
        "What failed has to be mended; the pledge stays broken for its time.",
        "须整改不合格之处；该承诺在其期间内仍属违反。",
    ),
    "standard-unproven": Said(
        "Nothing on record shows that {standard} is kept throughout",
        "现有记录不足以说明 {standard} 得到全面遵守",
        "Reports have to cover every criterion for each product of the category.",
        "须有报告涵盖该类目每个商品的全部指标。",
    ),
    "conduct-broken": Said(
        "A promise was broken: {conduct} (cases: {count})",
        "以下承诺被违反 {count} 次：{conduct}",
        "What was missed has to be made good; the pledge stays broken for its time.",
        "须补救所缺；该承诺在其期间内仍属违反。",
    ),
    "conduct-unproven": Said(
        "Nothing on record shows yet whether a promise is kept: {conduct}",
        "现有记录尚不足以说明以下承诺是否遵守：{conduct}",
        "It is measured when there is occasion.",
        "待有相应情形时方可衡量。",
    ),
    "conduct-in-words": Said(
        "A promise in words cannot be computed: {text}",
        "以文字作出的承诺无法计算：{text}",
        "Ask who promised what came of it.",
        "请向承诺方了解履行情况。",
    ),
}
"""Code -> words."""
