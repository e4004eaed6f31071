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
    "place-unknown": Said(
        "The place {facility} is not on record",
        "场所 {facility} 没有记录在案",
        "The operator or its owner, a brand, has to register it.",
        "须由平台运营方或作为所有者的品牌方登记该场所。",
    ),
    "sample-unknown": Said(
        "The sample {sample} is not on record: nobody sealed it",
        "样品 {sample} 没有记录在案：无人封样",
        "An inspector has to seal it before a laboratory reports on it.",
        "须先由检验方封样登记，检测机构才能就其出具报告。",
    ),
    "paper-missing": Said(
        "{party} has no {kind} on record, needed for the category {category}",
        "{party} 没有类目 {category} 所需的{kind}记录",
        "The authority or the operator has to register it.",
        "须由主管机关或平台运营方登记。",
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
    "paper-ended-later": Said(
        "The {kind} {number} held at the time asked about, and was withdrawn later",
        "{kind} {number} 在所问时间有效，其后被撤回",
        "It carries nothing that is done after its withdrawal.",
        "撤回之后的行为不得再以其为依据。",
    ),
    "paper-again": Said(
        "The {kind} {number} was registered by {by} after another of its kind was withdrawn",
        "{kind} {number} 由 {by} 登记于同类资质被撤回之后",
    ),
    "grant-ending": Said(
        "The authorisation of {grantee} by {issuer} ends at {until}",
        "{issuer} 对 {grantee} 的授权将于 {until} 到期",
        "{issuer} should renew it before.",
        "应在此前由 {issuer} 续签授权。",
    ),
    "grant-ended-later": Said(
        "The authorisation of {grantee} by {issuer} held at the time asked about, and was revoked later",
        "{issuer} 对 {grantee} 的授权在所问时间有效，其后被撤销",
        "It carries no sale that is made after its revocation.",
        "撤销之后的销售不得再以其为依据。",
    ),
    "grant-again": Said(
        "{issuer} authorised {grantee} after an authorisation of it was revoked",
        "{issuer} 在一份对 {grantee} 的授权被撤销之后再次授权",
    ),
    "brand-unknown": Said(
        "No trademark {brand} is on record",
        "没有商标 {brand} 的记录在案",
        "The authority has to register the paper of its holder.",
        "须由主管机关登记权利人的商标证。",
    ),
    "brand-ungranted": Said(
        "No authorisation for {brand} stands",
        "{brand} 没有现行有效的授权",
        "Its holder has to authorise somebody.",
        "须由权利人作出授权。",
    ),
    "nothing-granted": Said(
        "{party} holds no trademark and no authorisation that stands",
        "{party} 既无现行有效的商标，也无现行有效的授权",
        "Who holds a brand or may grant it on has to authorise it.",
        "须由品牌权利人或有权转授者授权。",
    ),
    "nothing-listed": Said(
        "{trader} has listed nothing that stands in a shop that is open",
        "{trader} 在营业店铺中没有现行的上架商品",
        "{trader} has to list a product in a shop of its own.",
        "须由 {trader} 在自己的店铺中上架商品。",
    ),
    "invitation-open": Said(
        "The invitation to {about} can be followed now",
        "现在即可应邀前往 {about}",
        "Visit it in that time, and register the visit, which cites the invitation, within 30 days.",
        "请在期限内到访，并在三十天内登记到访，引用该邀请。",
    ),
    "invitation-coming": Said(
        "The invitation to {about} can be followed from {from}",
        "自 {from} 起可应邀前往 {about}",
        "Nothing is to be done before.",
        "此前无须办理。",
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
        "The operator has to admit it by a new decision, which cites the refusal and says why.",
        "须由平台运营方重新作出准入决定，引用该不予准入决定并说明理由。",
    ),
    "refusal-overruled": Said(
        "{trader} was refused before; {by} admitted it in spite of that, because: {why}",
        "{trader} 此前曾被不予准入，{by} 其后予以准入，理由：{why}",
    ),
    "decision-due": Said(
        "The {what} by {issuer} ({reviewed}), reviewed for the admission of {trader}, has lapsed; "
        "what renews it is on record",
        "准入 {trader} 时所审的由 {issuer} 签发的{what}（{reviewed}）已失效，其续期已登记在案",
        "A new decision is due: the operator should admit {trader} again, citing what is on record now.",
        "平台运营方应依据现有记录，对 {trader} 重新作出准入决定。",
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
        "The operator should decide anew, by an admission that cites the correction.",
        "平台运营方应援引更正后的声明重新作出准入决定。",
    ),
    "grant-unknown": Said(
        "The grant {grant} is not on record between these two",
        "双方之间没有授权 {grant} 的记录",
        "Check the brand, the grantee and the statement id.",
        "请核对品牌、被授权方与声明标识。",
    ),
    "key-suspected": Said(
        "A statement of {issuer} is at risk: {by} said later that the key that signed it may have "
        "been in other hands at that time",
        "{issuer} 的一份声明存在风险：{by} 事后表明签署密钥当时可能已落入他人之手",
        "{issuer} should take it back, and say it again with a key that is not suspected; what it ended "
        "in error is to be said anew. Where it named other inputs, serial numbers, places or times of goods "
        "than are said now, this stays to be known.",
        "{issuer} 应将其撤回，并使用未被质疑的密钥重新签署；被其错误终止的声明应重新作出。其所述货品的原料、序列号、地点或时间与现述不同的，此提示将保留。",
    ),
    "key-reset": Said(
        "A statement of {issuer} is at risk: its key was bound by the operator, "
        "not by an older key of its own",
        "{issuer} 的一份声明存在风险：其密钥由平台运营方重置，而非由其旧密钥引入",
        "Ask {issuer} to confirm its key.",
        "请向 {issuer} 核实其密钥。",
    ),
    "possession-unproven": Said(
        "A statement of {issuer} is at risk: nobody proved that {issuer} holds the key it hangs on, "
        "the operator says so alone",
        "{issuer} 的一份声明存在风险：无人证明 {issuer} 持有其所依据的密钥，仅有平台运营方的说法",
        "Ask {issuer} to confirm its key: whatever that key introduces hangs on it too.",
        "请向 {issuer} 核实其密钥：由该密钥引入的密钥同样依附于它。",
    ),
    "paper-by-operator": Said(
        "The {kind} {number} of {holder} was issued by the operator itself, by no authority",
        "{holder} 的{kind} {number} 由平台运营方自行登记，并非主管机关签发",
        "Ask for the authority's own statement of it.",
        "请要求由主管机关自行签发声明。",
    ),
    "paper-withdrawn-by": Said(
        "A {kind} {number} of {issuer} was withdrawn by another: {by}",
        "由 {issuer} 签发的{kind} {number} 被他方撤回：{by}",
        "Ask {issuer} whether it still holds.",
        "请向 {issuer} 核实其是否仍然有效。",
    ),
    "tied-later": Said(
        "{issuer} was tied to {party} when it spoke of it; that was put on record only afterwards",
        "{issuer} 作出声明时与 {party} 存在关联，而该关联事后才登记",
        "Somebody without ties has to do it again.",
        "须由无关联方重新进行。",
    ),
    "undone": Said(
        "The {what} about {about} does not count any more: {by} took it back, because: {why}",
        "针对 {about} 的{what}不再有效：{by} 已予撤回，理由：{why}",
    ),
    "sanctioned": Said(
        "A sanction stands against {subject}: {step}",
        "{subject} 受到处罚：{step}",
        "It has to end, or the operator has to lift it once its cause is mended.",
        "须待其期满，或在起因整改之后由平台运营方解除。",
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
        "A sanction against {subject} was lifted ({step}) by {by}, because: {why}",
        "{subject} 的处罚（{step}）已由 {by} 解除，理由：{why}",
    ),
    "sanction-annulled": Said(
        "A sanction against {subject} was annulled on appeal ({step}) by {by}, because: {why}",
        "{subject} 的处罚（{step}）经申诉由 {by} 撤销，理由：{why}",
    ),
    "sanction-ending": Said(
        "The sanction against {subject} ({step}) ends at {until}",
        "{subject} 的处罚（{step}）将于 {until} 期满",
    ),
    "sanction-interim": Said(
        "The sanction against {subject} ({step}) is interim: it lapses at {until} "
        "unless one on a final result follows",
        "{subject} 的处罚（{step}）为临时措施：如无依据最终结果的处罚，将于 {until} 自动失效",
        "A sanction on a final result has to cite it before that; where the result refutes it, the "
        "operator has to lift it.",
        "须在此前作出依据最终结果并援引该措施的处罚；如最终结果推翻其依据，须由平台运营方予以解除。",
    ),
    "sanction-confirmed": Said(
        "An interim sanction against {subject} ({step}) was followed by one on a final result",
        "{subject} 的临时处罚（{step}）已由依据最终结果的处罚接续",
    ),
    "sanction-lapsed": Said(
        "An interim sanction against {subject} ({step}) lapsed at {until}: no final result confirmed it",
        "{subject} 的临时处罚（{step}）已于 {until} 失效：没有最终结果予以证实",
    ),
    "sanction-mended": Said(
        "What the sanction against {subject} ({step}) asks for was verified as mended",
        "{subject} 的处罚（{step}）所要求的整改已查验有效",
        "The operator may lift it.",
        "平台运营方可予以解除。",
    ),
    "sanction-unfounded": Said(
        "What the sanction against {subject} ({step}) rests on does not stand any more",
        "{subject} 的处罚（{step}）所依据的结果已不再成立",
        "The operator has to lift it; it stands until then, or until its end.",
        "须由平台运营方予以解除；解除或期满之前继续有效。",
    ),
    "sanction-weakened": Said(
        "Part of what the sanction against {subject} ({step}) rests on does not stand any more; "
        "the rest carries it",
        "{subject} 的处罚（{step}）所依据的部分结果已不再成立，其余结果仍足以支持",
        "The operator may lift it, or vary it on appeal.",
        "平台运营方可予以解除，或经申诉予以变更。",
    ),
    "appeal-possible": Said(
        "The sanction against {subject} ({step}) can be appealed until {until}",
        "{subject} 的处罚（{step}）可在 {until} 之前申诉",
        "{subject} has to register an appeal before; the sanction stands until it is decided.",
        "须由 {subject} 在此前登记申诉；裁决之前处罚继续有效。",
    ),
    "appeal-open": Said(
        "The sanction against {subject} ({step}) is under appeal",
        "{subject} 的处罚（{step}）正在申诉中",
        "The operator has to decide; the sanction stands until then.",
        "须由平台运营方裁决；此前处罚继续有效。",
    ),
    "appeal-upheld": Said(
        "The sanction against {subject} ({step}) was upheld on appeal",
        "{subject} 的处罚（{step}）经申诉予以维持",
    ),
    "appeal-varied": Said(
        "The sanction against {subject} was varied on appeal ({step}, before {before}) by {by}, because: {why}",
        "{subject} 的处罚经申诉由 {by} 变更：现为{step}，原为{before}，理由：{why}",
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
    ),
    "improvement-absent": Said(
        "Neither a plan of {trader} nor advice to it is on record",
        "没有 {trader} 的整改计划，也没有对它的整改建议在案",
        "Who has to mend something has to register a plan.",
        "有问题须整改的，应登记整改计划。",
    ),
    "action-overdue": Said(
        "Action {action} of an improvement plan was due at {due} and is not done",
        "整改计划的第 {action} 项措施应于 {due} 前完成，至今未完成",
        "It has to be done, and registered as a step with evidence.",
        "须予完成，并附证据登记。",
    ),
    "action-late": Said(
        "Action {action} of an improvement plan was done after {due}, when it was due",
        "整改计划的第 {action} 项措施在期限 {due} 之后才完成",
    ),
    "plan-open": Said(
        "An improvement plan is open: its next action is due at {due}",
        "整改计划尚在进行：下一项措施应于 {due} 前完成",
        "Each action has to be registered as a step with evidence before it is due.",
        "各项措施须在期限之前完成，并附证据登记。",
    ),
    "plan-unverified": Said(
        "All actions of an improvement plan are done; nobody has verified it",
        "整改计划的各项措施均已完成，尚无人查验",
        "The operator or an inspector not tied to the trader has to verify it.",
        "须由平台运营方或与商家无关联的检验方查验。",
    ),
    "plan-effective": Said(
        "{verifier} found an improvement plan effective",
        "{verifier} 查验整改计划为有效",
    ),
    "plan-ineffective": Said(
        "{verifier} found an improvement plan ineffective",
        "{verifier} 查验整改计划为无效",
        "Another plan has to be registered about the same cause.",
        "须就同一起因另行登记整改计划。",
    ),
    "plan-moot": Said(
        "What an improvement plan is about has ended: nothing is left to mend",
        "整改计划的起因已终止，无须再整改",
    ),
    "advice-waiting": Said(
        "An advice is to be answered by {due}",
        "有一项整改建议应于 {due} 前答复",
        "A plan about one of its grounds has to be registered before.",
        "须在此前就其依据之一登记整改计划。",
    ),
    "advice-unanswered": Said(
        "An advice was to be answered by {due}, and no plan answers it",
        "有一项整改建议应于 {due} 前答复，至今没有整改计划予以答复",
        "A plan about one of its grounds has to be registered.",
        "须就其依据之一登记整改计划。",
    ),
}
