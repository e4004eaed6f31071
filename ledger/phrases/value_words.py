"""Values of facts that are words of ours: steps, kinds, modes, types of shop."""

from collections.abc import Mapping

VALUES: Mapping[str, tuple[str, str]] = {
    "flagship": ("flagship", "旗舰店"),
    "specialty": ("specialty", "专卖店"),
    "multi-brand": ("multi-brand", "专营店"),
    "interview": ("interview", "约谈"),
    "damages": ("liquidated damages", "违约金"),
    "delist": ("delisting", "下架"),
    "close-shop": ("closing the shop", "关店"),
    "end-cooperation": ("end of cooperation", "停止合作"),
    "inbound": ("inbound inspection", "入库检验"),
    "patrol": ("warehouse patrol", "在库巡检"),
    "flight": ("flight inspection", "飞行检查"),
    "mystery": ("mystery sampling", "神秘抽检"),
    "normal": ("normal", "正常检验"),
    "tightened": ("tightened", "加严检验"),
    "reduced": ("reduced", "放宽检验"),
    "discontinued": ("discontinued", "暂停检验"),
    "origin": ("origin audit", "源头审核"),
    "observer": ("observers' visit", "观察员到访"),
    "critical": ("critical", "严重"),
    "major": ("major", "主要"),
    "minor": ("minor", "轻微"),
    "reports-for-lots": ("a report for every lot in time", "每个批次按期有检测报告"),
    "complaints-answered": ("every complaint answered in time", "每件投诉按期答复"),
    "no-critical-failure": ("no critical failure", "无严重不合格"),
    "improvement-in-time": ("improvement in time", "按期整改"),
    "other": ("something else", "其他"),
    "at-most": ("at most", "不超过"),
    "at-least": ("at least", "不低于"),
    "business": ("business licence", "营业执照"),
    "production": ("production licence", "生产许可证"),
    "food-licence": ("food licence", "食品经营许可证"),
    "gs1-prefix": ("GS1 company prefix", "厂商识别代码"),
    "compulsory-certification": ("compulsory certificate", "强制性产品认证证书"),
    "trademark-registered": ("trademark registration", "注册商标证"),
    "trademark-pending": ("trademark application", "商标注册申请"),
    "affiliation": ("affiliation", "关联关系证明"),
    "accreditation": ("accreditation", "检测资质认可"),
    "pass": ("pass", "合格"),
    "fail": ("fail", "不合格"),
    "inconclusive": ("inconclusive", "无法判定"),
    "not-judged": ("not judged", "不作判定"),
    "final": ("final", "最终"),
    "objected": ("objected to", "有异议"),
    "overturned": ("overturned", "已被推翻"),
}
"""Value -> English, Chinese."""

VALUE_FACTS = ("shop_type", "step", "before", "mode", "kind", "severity", "direction", "conduct")
"""Facts whose values are among them."""
