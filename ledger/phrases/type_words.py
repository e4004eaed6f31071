"""What each type of statement is called, for lists of what was said."""

from collections.abc import Mapping

from ledger.statements.words import Lang

TYPES: Mapping[str, tuple[str, str]] = {
    "genesis": ("genesis", "创世声明"),
    "rules": ("rules", "规则"),
    "log-end": ("end of the log", "账本终止"),
    "seal": ("seal", "封存"),
    "party": ("party", "主体登记"),
    "party-update": ("party update", "主体变更"),
    "key": ("key", "密钥"),
    "key-revocation": ("key revocation", "密钥撤销"),
    "qualification": ("qualification", "资质"),
    "qualification-withdrawal": ("withdrawal of a qualification", "资质撤回"),
    "authorisation": ("authorisation", "品牌授权"),
    "authorisation-revocation": ("revocation of an authorisation", "授权撤销"),
    "product": ("product", "商品登记"),
    "claim-decided": ("decision on claims", "归属裁定"),
    "admission": ("admission", "准入决定"),
    "shop": ("shop", "店铺登记"),
    "shop-ended": ("end of a shop", "店铺关闭"),
    "listing": ("listing", "上架"),
    "listing-ended": ("end of a listing", "下架"),
    "facility": ("facility", "场所登记"),
    "origin-audit": ("origin audit", "产地审核"),
    "lot": ("lot", "批次登记"),
    "baseline-standard": ("baseline standard", "基准标准"),
    "standard": ("platform standard", "平台标准"),
    "alliance-pledge": ("alliance pledge", "联盟承诺"),
    "inspection": ("inspection", "检验"),
    "sampling-switch": ("switch of inspection severity", "检验严格度转移"),
    "sample-sealed": ("sample sealed", "封样"),
    "custody": ("custody", "样品交接"),
    "test-report": ("test report", "检测报告"),
    "objection": ("objection", "异议"),
    "retest-report": ("retest report", "复检报告"),
    "objection-closed": ("end of an objection", "异议结案"),
    "recall": ("recall", "召回"),
    "sanction": ("sanction", "处罚"),
    "sanction-lifted": ("sanction lifted", "处罚解除"),
    "label": ("quality label", "品质认证标签"),
    "label-withdrawn": ("quality label withdrawn", "品质认证标签撤回"),
    "appeal": ("appeal", "申诉"),
    "appeal-decision": ("decision on an appeal", "申诉裁决"),
    "complaint": ("complaint", "投诉"),
    "advice": ("advice", "整改建议"),
    "improvement-plan": ("improvement plan", "整改计划"),
    "improvement-step": ("improvement step", "整改措施完成"),
    "improvement-verified": ("verification of an improvement", "整改查验"),
    "observer-application": ("observer's application", "观察员申请"),
    "observer": ("observer appointed", "观察员任命"),
    "invitation": ("invitation", "邀请"),
    "visit": ("visit", "到访"),
    "observation": ("observation", "观察报告"),
    "quality-model": ("model of the quality index", "质量指数模型"),
    "quality-index": ("quality index", "质量指数"),
    "supersede": ("correction", "更正"),
    "erasure": ("erasure of sealed values", "封存值销毁"),
    "withdrawn-in-error": ("withdrawal in error", "误发撤回"),
    "generic": ("other statement", "其他声明"),
}
"""Type -> English, Chinese."""


def type_word(name: str, lang: Lang) -> str:
    """Return what a type is called in a language; one that this release does not know, as it is."""
    return TYPES.get(name, (name, name))[lang == "zh"]
