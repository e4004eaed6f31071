"""What each field of each type means, in English and Chinese."""

from collections.abc import Mapping

from ledger.statements.words import Words

FIELDS: Mapping[str, Words] = {
    # In several types.
    "from": Words("From when it holds.", "自何时起有效。"),
    "until": Words(
        "Until before when it holds; null: without end.", "有效至何时之前；null 表示无期限。"
    ),
    "reason": Words("Why.", "原因。"),
    "note": Words("A remark.", "备注。"),
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
    "exclusive": Words("Whether nobody else gets the same.", "是否独占。"),
    "cause": Words("The statement that says what has to be mended.", "指明须整改之事的声明。"),
    "shops": Words("Limited to these shops of the trader.", "仅限该商家的这些店铺。"),
    "products": Words("Limited to these products.", "仅限这些商品。"),
    "lots": Words("Limited to these lots.", "仅限这些批次。"),
    "criteria": Words("What each property must meet.", "各项目须满足的要求。"),
    "number": Words("The report's number as printed.", "报告上印制的编号。"),
    "client": Words("Who commissioned it.", "委托方。"),
    "custody": Words(
        "The id of the hand-over by which the laboratory received the sample.",
        "检测机构接收样品的那次交接的标识。",
    ),
    "method": Words("The method (standard) by which it was tested.", "检测所用方法（标准）。"),
    "accreditations": Words(
        "The laboratory's accreditations that cover these methods on these goods.",
        "检测机构涵盖这些方法与商品的认可证书。",
    ),
    "condition": Words("The sample's condition when received.", "接收时样品的状态。"),
    "received": Words(
        "When the laboratory received the sample, as its custody says.",
        "检测机构接收样品的时间，与交接一致。",
    ),
    "tested_from": Words("When testing began.", "检测开始时间。"),
    "tested_until": Words("When testing ended.", "检测结束时间。"),
    "issued": Words(
        "The report's date of issue, in the month of its signature.", "报告签发日期，与签署同月。"
    ),
    "decision_rule": Words(
        "simple: by the value alone; guarded: outside the uncertainty.",
        "simple：仅按测得值；guarded：计入不确定度。",
    ),
    "results": Words("One result for each property.", "每个项目一个结果。"),
    "standard": Words(
        "The standard whose criteria the results are judged by.", "判定结果所依据的标准。"
    ),
    "laboratory": Words("Whose report it is about.", "所涉报告的检测机构。"),
    "month": Words(
        "The month in which that report was issued: 2026-05.", "该报告签发的月份：2026-05。"
    ),
    # Of one type.
    "rules.rules": Words("The version and its document's digest.", "规则版本及其文件的摘要。"),
    "rules.witnesses": Words("Further known witnesses.", "新增的已知见证方。"),
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
    "qualification.scheme": Words(
        "For an accreditation: under which scheme.", "认可证书所属的制度。"
    ),
    "prefix": Words(
        "For a GS1 prefix: its 4 to 12 digits, as GTIN-13 and GLN begin.",
        "厂商识别代码：4 至 12 位数字，即 GTIN-13 与 GLN 的开头。",
    ),
    "qualification-withdrawal.number": Words("The paper's number.", "资质编号。"),
    "authorisation.parent": Words(
        "What it rests on: the issuer's own grant, or its trademark's qualification.",
        "所依据的：签发方自己获得的授权，或其商标资质。",
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
        "其下还可转授几级；0 表示不得转授。",
    ),
    "authorisation-revocation.parent": Words(
        "The id of the statement the grant rested on.", "该授权所依据的声明的标识。"
    ),
    "authorisation-revocation.exclusive": Words(
        "Whether the grant was exclusive.", "该授权是否独占。"
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
        "入库检验、在库巡检、飞行检查或神秘抽检。",
    ),
    "inspection.trader": Words("Whose goods.", "货主商家。"),
    "inspection.on": Words("When.", "检验时间。"),
    "inspection.lot_size": Words(
        "Units of product inspected (bottles, bags, 0.5 kg each); left out where unknown, at AQL 0.",
        "批量：受检的单位产品数（瓶、袋、每份 0.5 kg 等）；AQL 为 0 且批量不明时可不填。",
    ),
    "inspection.lot_quantity": Words(
        "What they measure together, where goods go by weight or volume.",
        "合计的重量或体积（按重量、体积计的商品）。",
    ),
    "inspection.delivery": Words(
        "Where they are a part of what was made: the number of the paper they came with.",
        "若仅为所产批次的一部分：随货单据的编号。",
    ),
    "inspection.level": Words(
        "Inspection level (GB/T 2828.1); at AQL 0 it says nothing.",
        "检验水平（GB/T 2828.1）；AQL 为 0 时无意义。",
    ),
    "inspection.aql": Words(
        "Acceptance quality limit; 0: nothing is accepted, however many were drawn or bought.",
        "接收质量限；0 表示零接收，抽取或购买的数量不限。",
    ),
    "inspection.severity": Words("Severity of the plan.", "检验的严格度。"),
    "inspection.sample_size": Words("Items inspected.", "样本量。"),
    "inspection.accept": Words("Acceptance number Ac.", "接收数 Ac。"),
    "inspection.reject": Words("Rejection number Re.", "拒收数 Re。"),
    "inspection.nonconforming": Words("Nonconforming items found.", "发现的不合格品数。"),
    "inspection.decision": Words(
        "The decision on the lot: accepted if every plan accepts it.",
        "对批次的判定：各方案均接收方为接收。",
    ),
    "inspection.class": Words(
        "The class of nonconformity that the first plan judges.", "第一个方案所判的不合格类别。"
    ),
    "inspection.plans": Words(
        "Further plans: other classes of nonconformity, other AQLs.",
        "其余方案：其他不合格类别、其他接收质量限。",
    ),
    "inspection.answers": Words(
        "The refusals that the lot is inspected again for.", "本次为再次检验时，所针对的拒收检验。"
    ),
    "inspection.facility": Words("Where it was inspected.", "检验地点。"),
    "sampling-switch.level": Words(
        "Inspection level of the series (GB/T 2828.1).", "检验系列的检验水平（GB/T 2828.1）。"
    ),
    "sampling-switch.aql": Words(
        "Acceptance quality limit of the series.", "检验系列的接收质量限。"
    ),
    "sampling-switch.to": Words(
        "reduced: the score is 30, production steady; normal: reduced ends; tightened: it goes "
        "on where it was discontinued, the cause having been acted on.",
        "reduced：转移得分已达 30 且生产稳定；normal：结束放宽检验；tightened：纠正措施已获认可，恢复被暂停的检验。",
    ),
    "sampling-switch.action": Words(
        "What shows that the cause was acted on: an audit or inspection.",
        "证明已采取纠正措施的审核或检验。",
    ),
    "sample-sealed.taken": Words("When it was taken.", "取样时间。"),
    "sample-sealed.seals": Words("The numbers of its seals.", "封签编号。"),
    "sample-sealed.to": Words(
        "To whom it will be handed: any of these takes it over, nobody else.",
        "将移交给谁：列出者之一方可接收，他人不得。",
    ),
    "custody.to": Words(
        "To whom it will be handed next: any of these takes it over, nobody else.",
        "接着将移交给谁：列出者之一方可接收，他人不得。",
    ),
    "sample-sealed.inspection": Words("The inspection it belongs to.", "所属的检验。"),
    "custody.handed_by": Words("Who handed it over.", "移交方。"),
    "custody.previous": Words(
        "The id of the hand-over (or sealing) before.", "上一次交接（或封样）的标识。"
    ),
    "custody.at": Words("When.", "交接时间。"),
    "custody.seals_intact": Words("Whether the seals were whole.", "封签是否完好。"),
    "objection.properties": Words(
        "The properties objected to; left out: all that failed.",
        "有异议的项目；不写则为全部不合格项目。",
    ),
    "retest-report.sample": Words(
        "The sample that was tested: a retained one, or a new one of the same lot.",
        "实际检测的样品：备样，或同一批次的新样品。",
    ),
    "objection-closed.report": Words("The id of the report.", "报告的标识。"),
    "objection-closed.outcome": Words(
        "What the retest says of the report, or that the objection was withdrawn.",
        "复检对报告的结论，或异议已撤回。",
    ),
    "objection-closed.retest": Words(
        "The retest report it follows from.", "结论所依据的复检报告。"
    ),
    "recall.from": Words("From when.", "自何时起召回。"),
    "recall.other_lots": Words("Further lots beside the subject.", "除所涉批次外的其他批次。"),
    "sanction.step": Words(
        "The step: interview 约谈, damages 违约金, delist 下架, close-shop 关店, end-cooperation 停止合作.",
        "措施：interview 约谈、damages 违约金、delist 下架、close-shop 关店、end-cooperation 停止合作。",
    ),
    "claim-decided.grounds": Words("The grounds.", "理由。"),
    "claim-decided.rejected": Words("The claims that fall.", "被驳回的登记。"),
    "claim-decided.upheld": Words("The claim that holds.", "获维持的登记。"),
    "claim-decided.overrules": Words(
        "The decision on the same thing that this one overrules.",
        "所推翻的、就同一事物作出的裁定。",
    ),
    "sanction.grounds": Words("The grounds.", "理由。"),
    "sanction.triggers": Words("The statements it follows from.", "所依据的声明。"),
    "sanction.rules_version": Words("The version of the sanction rules.", "处罚规则的版本。"),
    "sanction.appeal_by": Words("Until when it can be appealed.", "申诉期限。"),
    "sanction.severity_ground": Words("Why steps before it were skipped.", "跳过此前措施的依据。"),
    "sanction.damages": Words("For step damages: how much.", "违约金的数额。"),
    "sanction.interim": Words(
        "Before the critical result is final: it lapses at its end.",
        "严重结果尚未最终确定时的临时措施，到期自动失效。",
    ),
    "appeal-decision.outcome": Words(
        "The sanction stands, is varied, or ends.", "处罚维持、变更或撤销。"
    ),
    "appeal-decision.terms": Words(
        "For outcome varied: the sanction's milder terms.", "变更时：处罚的较轻内容。"
    ),
    "complaint.complainant": Words("Who complains, by pseudonym.", "投诉人的化名。"),
    "complaint.text": Words("What is complained of.", "投诉内容。"),
    "advice.grounds": Words("The statements it follows from.", "所依据的声明。"),
    "advice.text": Words("What to mend.", "整改建议。"),
    "advice.answer_by": Words("Until when a plan should answer it.", "应在此前以整改计划答复。"),
    "improvement-plan.root_cause": Words("What brought it about.", "根本原因。"),
    "improvement-plan.actions": Words(
        "What will be done, each with its date.", "各项整改措施及期限。"
    ),
    "improvement-step.action": Words(
        "Which action of the plan, from 1.", "计划中的第几项措施，从 1 起。"
    ),
    "improvement-step.text": Words("What was done.", "所做的工作。"),
    "improvement-verified.on": Words("When it was looked at.", "查验时间。"),
    "improvement-verified.outcome": Words(
        "Whether the cause is mended.", "起因是否已消除：effective 有效，ineffective 无效。"
    ),
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
    "quality-model.sources": Words("What an outcome weighs by its source.", "各来源结果的权重。"),
    "quality-model.severities": Words(
        "By how much a failure weighs more than a pass.", "不合格相对于合格的权重倍数。"
    ),
    "quality-model.fails_from": Words(
        "From which severity on a finding fails an audit or an observation.",
        "审核与观察中，自何种严重程度起视为不合格。",
    ),
    "quality-model.window_days": Words(
        "How many days back outcomes count.", "计入多少天以内的结果。"
    ),
    "quality-model.step_days": Words(
        "Every so many days the weight halves.", "每隔多少天权重减半。"
    ),
    "quality-model.doublings": Words(
        "How often the newest weight was doubled; when it has halved so often, it stays.",
        "最新结果权重翻倍的次数；减半同样次数后不再减少。",
    ),
    "quality-model.inbound_part": Words(
        "Inbound passes count up to one part in so many of the other passing weight.",
        "入库合格最多计入其他合格权重的几分之一。",
    ),
    "quality-model.prior_good": Words("Passing weight to begin with (a).", "起始的合格权重（a）。"),
    "quality-model.prior_bad": Words(
        "Failing weight to begin with (b).", "起始的不合格权重（b）。"
    ),
    "quality-model.minimum": Words(
        "Under so many outcomes, inbound passes apart, there is no index (k).",
        "结果（入库合格除外）少于此数则不给出指数（k）。",
    ),
    "quality-model.grades": Words("The least scores of grades A, B and C.", "A、B、C 级的最低分。"),
    "quality-model.critical_cap": Words(
        "The best grade while a critical failure is open.", "有严重问题未关闭时的最高等级。"
    ),
    "quality-model.most_of_one": Words(
        "How many outcomes of one inspector or observer about one product or place count within step_days.",
        "同一检验方或观察员对同一商品或场所，在每个时效段内最多计入几项结果。",
    ),
    "quality-index.model": Words("The model.", "所用的模型。"),
    "quality-index.at": Words("The time it is about.", "所指的时间。"),
    "quality-index.size": Words("As of how many entries of the log.", "依据账本中的前多少条。"),
    "quality-index.outcomes": Words("How many outcomes it follows from.", "所依据的结果数。"),
    "quality-index.inputs": Words(
        "SHA-256 of their statement ids, ascending.", "这些结果的声明标识按升序排列后的 SHA-256。"
    ),
    "quality-index.score": Words(
        "The score, 0 to 1000; null: too few outcomes.", "得分，0 至 1000；null 表示结果不足。"
    ),
    "quality-index.grade": Words("The grade.", "等级。"),
    "supersede.statement": Words(
        "The corrected payload, whole; with --target what is left out stays.",
        "更正后的完整内容；用 --target 时未写的字段保持原样。",
    ),
    "erasure.subjects": Words("The histories of the target.", "目标声明所属的历史。"),
    "withdrawn-in-error.subjects": Words(
        "The histories of the target; of a recall those of the lots it names in error.",
        "目标声明所属的历史；召回则为误列批次的历史。",
    ),
    "erasure.fields": Words("The names of the destroyed values.", "被销毁内容的名称。"),
    # Of parts of a payload.
    "standard.baselines": Words(
        "The baseline standards it is never weaker than.", "它不得低于的基准标准。"
    ),
    "alliance-pledge.standards": Words("Which standards will be met.", "承诺遵守的标准。"),
    "alliance-pledge.conduct": Words("What else is promised.", "其他承诺。"),
    "label.standard": Words("The version of the platform's standard.", "所依据的平台标准版本。"),
    "label.evidence": Words("Test reports that cover every criterion.", "涵盖全部指标的检测报告。"),
    "label.until": Words("It ends before this time at the latest.", "最迟在此时间之前有效。"),
    "RulesVersion.version": Words("The version.", "版本。"),
    "RulesVersion.digest": Words("SHA-256 of the published document.", "已发布文件的 SHA-256。"),
    "Successor.origin": Words("Its name.", "账本名称。"),
    "Successor.log_key": Words("Its verifier key.", "账本的验证密钥。"),
    "Names.zh": Words("In Chinese.", "中文。"),
    "Names.en": Words("In English.", "英文。"),
    "KeyBinding.alg": Words("The algorithm.", "算法。"),
    "KeyBinding.x": Words("The key.", "公钥。"),
    "KeyBinding.y": Words(
        "The key's second half (ES256, ES384).", "公钥的另一半（ES256、ES384）。"
    ),
    "KeyBinding.possession": Words(
        "The proof that its party holds it, or the word unproven.", "持有证明，或写 unproven。"
    ),
    "Result.property": Words("What was measured.", "检测项目。"),
    "Result.unit": Words("In which unit.", "单位。"),
    "Result.value": Words("The value measured.", "测得值。"),
    "Result.uncertainty": Words(
        "The expanded uncertainty (k = 2), in the same unit.", "扩展不确定度（k = 2），单位相同。"
    ),
    "Result.below_detection": Words(
        "Whether nothing was found; the value is then the detection limit.",
        "是否未检出；此时测得值为检出限。",
    ),
    "Result.outcome": Words(
        "What follows by the standard's criterion and the decision rule.",
        "依标准的指标与判定规则得出的结论。",
    ),
    "Result.cas": Words("Its CAS number, if it has one.", "其 CAS 登记号（如有）。"),
    "Criterion.cas": Words("Its CAS number, if it has one.", "其 CAS 登记号（如有）。"),
    "Result.method": Words("Where it is another than the report's.", "与报告所列方法不同时填写。"),
    "Method.properties": Words("For these properties alone.", "仅限这些项目。"),
    "Method.method": Words("The method.", "方法。"),
    "Method.categories": Words("On these goods: products, categories.", "适用的商品或类目。"),
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
    "Criterion.property": Words("What is measured.", "检测项目。"),
    "Criterion.unit": Words("In which unit.", "单位。"),
    "Criterion.direction": Words("Whether more or less is worse.", "上限或下限。"),
    "Criterion.limit": Words(
        "The limit; it still meets the criterion.", "限值，等于限值仍为合格。"
    ),
    "Criterion.severity": Words("How severe a failure is.", "不合格的严重程度。"),
    "Conduct.kind": Words(
        "What is promised; other: in words alone, which nobody can compute.",
        "承诺的种类；other 表示仅有文字，无法计算。",
    ),
    "Conduct.within_days": Words("Within how many days.", "多少天以内。"),
    "Conduct.text": Words("The promise in words.", "承诺的文字内容。"),
    "ClassPlan.class": Words("The class of nonconformity it judges.", "所判的不合格类别。"),
    "ClassPlan.level": Words("Inspection level, if not the same.", "检验水平（不同时填写）。"),
    "ClassPlan.aql": Words("Its acceptance quality limit.", "该方案的接收质量限。"),
    "ClassPlan.severity": Words("Severity, if not the same.", "严格度（不同时填写）。"),
    "ClassPlan.sample_size": Words("Items inspected.", "样本量。"),
    "ClassPlan.accept": Words("Acceptance number Ac.", "接收数 Ac。"),
    "ClassPlan.reject": Words("Rejection number Re.", "拒收数 Re。"),
    "ClassPlan.nonconforming": Words("Nonconforming items found.", "发现的不合格品数。"),
    "ClassPlan.decision": Words("What follows by this plan.", "依该方案的判定。"),
    "Quantity.amount": Words("How many or how much.", "数值。"),
    "Quantity.unit": Words("Of what.", "单位。"),
    "SerialRange.first": Words("The first.", "起始序列号。"),
    "SerialRange.last": Words("The last.", "结束序列号。"),
    "Commitment.name": Words("The value's name.", "内容的名称。"),
    "Commitment.digest": Words("The commitment.", "承诺值。"),
    "SourceWeights.mystery": Words("Mystery sampling.", "神秘抽检。"),
    "SourceWeights.flight": Words("Flight inspection.", "飞行检查。"),
    "SourceWeights.origin": Words("Origin audit.", "产地审核。"),
    "SourceWeights.observer": Words("Observers' visit.", "观察员到访。"),
    "SourceWeights.patrol": Words("Warehouse patrol.", "在库巡检。"),
    "SourceWeights.inbound": Words("Inbound acceptance.", "入库检验。"),
    "SeverityFactors.critical": Words("Critical.", "严重。"),
    "SeverityFactors.major": Words("Major.", "主要。"),
    "SeverityFactors.minor": Words("Minor.", "轻微。"),
    "GradeLimits.a": Words("Grade A from here on.", "A 级的最低分。"),
    "GradeLimits.b": Words("Grade B from here on.", "B 级的最低分。"),
    "GradeLimits.c": Words("Grade C from here on; below it D.", "C 级的最低分；低于此为 D 级。"),
    "Action.text": Words("What will be done.", "措施内容。"),
    "Action.due": Words("Until when.", "完成期限。"),
    "Terms.step": Words("The step, at most the sanction's.", "措施，不得重于原处罚。"),
    "Terms.damages": Words("For step damages: how much.", "违约金的数额。"),
    "Damages.amount": Words("In the currency's smallest unit.", "金额，以货币最小单位计。"),
    "Damages.currency": Words("The currency.", "货币。"),
}
"""``field`` (in every type), ``type.field`` or ``Part.field`` -> what it means."""


def field_words(owner: str, field: str) -> Words:
    """Return what a field of a type or part means.

    Raises:
        KeyError: the table lacks it.

    """
    own = FIELDS.get(f"{owner}.{field}")
    return FIELDS[field] if own is None else own
