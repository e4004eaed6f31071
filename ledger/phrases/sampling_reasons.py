"""How much is drawn from a lot, and why, in the words of an inspector."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

SAMPLING_REASONS: Mapping[str, Said] = {
    "plan-whole": Said(
        "The sample would not be smaller than the lot: every item is inspected ({lot_size})",
        "样本量不小于批量，须全数检验 {lot_size} 件",
    ),
    "plan-none-accepted": Said(
        "AQL 0 accepts nothing, of no table: fewer may be drawn, down to one that is bought, and show less",
        "AQL 为 0 时零接收，不查抽样表：可少抽，直至仅购一件，但所能说明的也更少",
    ),
    "plan-nonconformities": Said(
        "At AQL {aql} every nonconformity is counted, more than one may be on an item",
        "AQL 为 {aql} 时按不合格数计：一件产品上有几处不合格就计几处",
    ),
    "plan-not-switched": Said(
        "Always normal inspection for {mode}: only inbound inspection is tightened or reduced",
        "{mode}一律按正常检验：只有入库检验会加严或放宽",
    ),
    "sampling-begun": Said(
        "Inbound inspection at level {level}, AQL {aql} began as normal inspection, "
        "and nothing has moved it so far",
        "检验水平 {level}、AQL {aql} 的入库检验从正常检验开始，至今没有转移",
    ),
    "sampling-restored": Said(
        "Inbound inspection at level {level}, AQL {aql} came back to normal",
        "检验水平 {level}、AQL {aql} 的入库检验已恢复为正常检验",
    ),
    "sampling-refusal": Said(
        "One of the last lots was refused: another refused among the next {lots} tightens inspection",
        "最近几批中有一批拒收：今后 {lots} 批之内再有一批拒收，即转为加严检验",
    ),
    "sampling-score": Said(
        "The switching score is {score}, reduced inspection needs {needed}",
        "转移得分为 {score}，放宽检验须达 {needed}",
    ),
    "sampling-score-reached": Said(
        "The switching score is {score}, at least the {needed} that reduced inspection needs",
        "转移得分为 {score}，已达到放宽检验所需的 {needed}",
        "If production is steady, the operator may agree to reduced inspection.",
        "如生产稳定，平台运营方可以同意转为放宽检验。",
    ),
    "sampling-tightened": Said(
        "Inbound inspection at level {level}, AQL {aql} is tightened, two of five lots in a row "
        "(or of fewer) having been refused; to be accepted in a row until it is normal again: {left}; "
        "the fifth refused stops it ({refused} so far)",
        "检验水平 {level}、AQL {aql} 的入库检验已加严：连续 5 批或不足 5 批中有 2 批拒收；"
        "再连续接收 {left} 批即恢复正常检验，累计满 5 批拒收即暂停检验（现有 {refused} 批）",
    ),
    "sampling-resumed": Said(
        "Inbound inspection at level {level}, AQL {aql} was discontinued and goes on as "
        "tightened, the operator having accepted what was done about the cause; to be accepted in a "
        "row until it is normal again: {left}; the fifth refused stops it ({refused} so far)",
        "检验水平 {level}、AQL {aql} 的入库检验曾暂停，平台运营方认可纠正措施后以加严检验恢复；"
        "再连续接收 {left} 批即恢复正常检验，累计满 5 批拒收即再次暂停（现有 {refused} 批）",
    ),
    "sampling-reduced": Said(
        "Inbound inspection at level {level}, AQL {aql} is reduced, as the operator agreed",
        "检验水平 {level}、AQL {aql} 的入库检验经平台运营方同意已放宽",
        "The first lot refused brings normal inspection back; "
        "a lot inspected before is inspected again under normal inspection.",
        "有一批拒收即恢复正常检验；已检过的批再次检验时按正常检验。",
    ),
    "sampling-elsewhere": Said(
        "At level {level}, AQL {aql} inbound inspection of these goods is {severity}",
        "同一商品在检验水平 {level}、AQL {aql} 的入库检验为{severity}",
    ),
    "sampling-discontinued": Said(
        "{refused} lots were refused under tightened inspection at level {level}, AQL {aql}",
        "检验水平 {level}、AQL {aql} 的加严检验已累计 {refused} 批拒收",
        "The trader has to mend the cause, and the operator to accept that by a sampling-switch.",
        "须由商家消除原因，并由平台运营方以检验严格度转移声明予以认可。",
    ),
    "sampling-against": Said(
        "What was let in against the series makes it uncertain how these goods are to be inspected",
        "有检验或转移未按当时应有的严格度登记，无法确定应如何检验",
        "The operator broke a rule of its ledger: a replay of the log proves it.",
        "平台运营方违反了账本规则：重放整个账本即可证明。",
    ),
}
