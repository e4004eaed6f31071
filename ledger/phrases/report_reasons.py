"""What stands against laboratories' reports, or should be known of them, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

REPORT_REASONS: Mapping[str, Said] = {
    "report-absent": Said(
        "No report on record for {about} is the one asked for: {report} (*: any)",
        "{about} 没有所问的报告记录：{report}（* 表示任一）",
        "Ask the laboratory to register it; check the sample, or the laboratory and the month.",
        "请检测机构登记，并核对样品，或检测机构与月份。",
    ),
    "report-overturned": Said(
        "A retest overturned the result of {laboratory} for {property}",
        "复检推翻了 {laboratory} 关于 {property} 的结果",
        "The retest report counts in its place.",
        "应以复检报告为准。",
    ),
    "retest-resampled": Said(
        "The sample {sample}, whose retest overturned a result of the lot {lot}, was sealed by {by} after that result was reported",
        "推翻批次 {lot} 结果的复检所用样品 {sample}，是 {by} 在该结果报告之后封样的",
    ),
    "report-objected": Said(
        "{party} objected to the report of {laboratory} on the lot {lot}: what it found is in "
        "suspense until {due}, unless it is decided before",
        "{party} 对 {laboratory} 关于批次 {lot} 的报告提出异议：其结果在结案之前暂缓计入，至 {due} 为止",
        "Let another laboratory test again; the operator decides by its report. Undecided by then, "
        "the result counts again.",
        "请由另一检测机构复检，并由平台运营方依据其报告结案；届时仍未结案的，原结果恢复有效。",
    ),
    "report-corrected": Said(
        "{laboratory} corrected this report",
        "{laboratory} 已更正该报告",
        "Ask for the corrected one.",
        "请索取更正后的报告。",
    ),
    "report-objectionable": Said(
        "The report of {laboratory} may be objected to until {until}",
        "对 {laboratory} 的报告可在 {until} 前提出异议",
    ),
    "report-failed": Said(
        "The report of {laboratory} on the lot {lot} failed it for {property}",
        "{laboratory} 的报告判定批次 {lot} 的 {property} 不合格",
        "Only a retest after an objection can overturn it, by a laboratory tied to nobody who ever made the lot, "
        "owned its place or held its brand, nor to who makes something of it or sells it; else the lot is recalled, an "
        "improvement is found effective, and a lot made after the report and the recall passes.",
        "只有异议后由与其历任生产方、产地历任所有者、历任品牌权利人、以其为原料的生产方及销售方均无关联的检测机构所作的复检可以推翻；"
        "否则须召回该批次、整改经查验有效，且在该报告与召回之后生产的批次检测合格。",
    ),
    "objection-overdue": Said(
        "The objection of {party} was left undecided for more than 15 days: the result counts again",
        "{party} 的异议超过 15 日仍未结案，原结果恢复有效",
        "The operator has to decide by a retest.",
        "须由平台运营方依据复检结果结案。",
    ),
    "objection-closed-late": Said(
        "The objection of {party} was decided more than 15 days after it was made",
        "{party} 的异议在提出 15 日之后才结案",
    ),
    "reports-contradict": Said(
        "Two laboratories contradict each other on {property} of the lot {lot}: "
        "{passed} passed it, {failed} failed it",
        "两家检测机构对批次 {lot} 的 {property} 结论相反：{passed} 判定合格，{failed} 判定不合格",
        "The lot's maker, brand or trader has to object to the failure, and a retest to decide.",
        "须由批次登记方、品牌权利人或商家对不合格结果提出异议，并以复检为准。",
    ),
}
