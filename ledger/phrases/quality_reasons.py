"""What the quality index and coverage of inspections say, or do not know, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

QUALITY_REASONS: Mapping[str, Said] = {
    "model-absent": Said(
        "No quality model {model} is in force at that time",
        "该时间没有生效的质量指数模型 {model}",
        "The operator has to register one, or another model has to be named.",
        "须由平台运营方登记该模型，或另行指定模型。",
    ),
    "index-insufficient": Said(
        "Outcomes of {subject} beside inbound passes: {count}; the model asks for {minimum}",
        "{subject} 除入库合格外有 {count} 项结果，模型要求至少 {minimum} 项",
        "More inspections, audits or visits of its goods have to be made; a trader's or a category's "
        "goods are those that were ever listed there.",
        "须对其商品进行更多检验、审核或到访；商家或类目的商品以曾经上架者为准。",
    ),
    "index-low": Said(
        "The score of {subject} is {score}, grade C begins at {limit}",
        "{subject} 得分 {score}，C 级最低为 {limit}",
        "Later outcomes have to be better: those named first weigh most.",
        "须以后续更好的结果改善：列在最前的结果影响最大。",
    ),
    "index-tied": Said(
        "Passes of {subject} by who is tied to whom they favour, which count for nothing: {count}",
        "{subject} 有 {count} 项合格结果由与受益方有关联者作出，不计入指数",
    ),
    "complaints-on-record": Said(
        "Complaints about {subject} are on record: {count}; they do not move the index",
        "关于 {subject} 的投诉共 {count} 件在案，不影响指数",
    ),
    "never-inspected": Said(
        "Pairs of product and trader on sale in {category} that were not inspected in that time: {count} of {total}",
        "类目 {category} 在售的 {total} 组商品与商家中，有 {count} 组在该时间内未经检验",
        "What is named has to be inspected.",
        "须对所列商品进行检验。",
    ),
    "nothing-on-sale": Said(
        "Nothing in {category} was on sale in that time",
        "类目 {category} 在该时间内没有在售商品",
        "Check the category and the time.",
        "请核对类目与时间。",
    ),
    "period-open": Said(
        "The time asked about lasts until {until}, later than what is known",
        "所问时间至 {until} 为止，晚于已知的记录",
        "Ask again when it is over.",
        "请在该时间过后再问。",
    ),
    "period-empty": Said(
        "The time from {start} until {until} is empty",
        "自 {start} 至 {until} 的时间为空",
        "The end has to be later than the start.",
        "结束时间须晚于开始时间。",
    ),
}
"""Code -> words."""
