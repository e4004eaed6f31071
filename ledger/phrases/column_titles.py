"""What parameters of questions and fields of answers are called at the head of a column or row."""

from collections.abc import Mapping

from ledger.statements.field_titles import TITLES
from ledger.statements.words import Lang

COLUMNS: Mapping[str, tuple[str, str]] = {
    # Parameters.
    "topic": ("Topic", "主题"),
    "subject": ("Subject", "对象"),
    "product": ("Product", "商品"),
    "territory": ("Territory", "地域"),
    "channel": ("Channel", "渠道"),
    "shop_type": ("Type of shop", "店铺类型"),
    "goods": ("Goods", "商品"),
    "grant": ("Authorisation", "授权"),
    "grantee": ("Authorised party", "被授权方"),
    "party": ("Party", "主体"),
    "days": ("Within days", "天数"),
    "lot_size": ("Lot size", "批量"),
    "mode": ("Mode", "检验方式"),
    "model": ("Quality model", "质量模型"),
    "start": ("From", "起始时间"),
    "sample": ("Sample", "样品"),
    "report": ("Report", "检测报告"),
    "observer": ("Observer", "观察员"),
    "under": ("Below the authorisation", "所属授权"),
    "maker": ("Maker", "生产方"),
    "page": ("Page", "页"),
    # An answer.
    "verdict": ("Answer", "结论"),
    "entry": ("Entry", "条目"),
    "id": ("Statement id", "声明标识"),
    "type": ("Statement", "声明类型"),
    "issuer": ("Issued by", "签发方"),
    "holder": ("Holder", "持有方"),
    "issued_at": ("Issued at", "签发时间"),
    "decided": ("Decision", "判定"),
    "name": ("Name", "名称"),
    "names": ("Name", "名称"),
    "number": ("Number", "编号"),
    "state": ("State", "状态"),
    "why": ("Why", "原因"),
    "territories": ("Territories", "地域"),
    "channels": ("Channels", "渠道"),
    "shop_types": ("Types of shop", "店铺类型"),
    "shops": ("Shops", "店铺"),
    "products": ("Products", "商品"),
    "lots": ("Lots", "批次"),
    "depth": ("Further levels", "可转授层数"),
    "begins": ("Begins", "开始时间"),
    "ends": ("Ends", "终止时间"),
    "below": ("Authorisations below", "下级授权数"),
    "what": ("What", "事项"),
    "renewed": ("Renewed by entry", "续期条目"),
    "stands": ("Stands", "是否有效"),
    "facility": ("Place", "场所"),
    "made": ("Made on", "生产日期"),
    "inputs": ("Made of", "原料批次"),
    "listings": ("Listings (entries)", "上架条目"),
    "inspections": ("Inspections (entries)", "检验条目"),
    "traders": ("Traders", "商家"),
    "untouched": ("Not on sale", "未在售"),
    "auditor": ("Auditor", "审核方"),
    "on": ("On", "日期"),
    "next_due": ("Next due", "下次应于"),
    "findings": ("Findings", "发现的问题"),
    "activities": ("Activities", "活动"),
    "amount": ("Amount", "数量"),
    "unit": ("Unit", "单位"),
    "visits": ("Visits (entries)", "到访条目"),
    "visit": ("Visit", "到访"),
    "arrived": ("Arrived", "到达时间"),
    "in_period": ("Within the invitation", "是否在邀请期内"),
    "invitation": ("Invitation (entry)", "邀请条目"),
    "tie": ("Tie", "关联"),
    "observations": ("Observations", "所见情况"),
    "trigger": ("Trigger", "依据"),
    "triggers": ("Triggers", "依据的声明"),
    "rules_version": ("Version of the rules", "规则版本"),
    "appeal_by": ("Appeal by", "申诉期限"),
    "interim": ("Interim", "是否临时措施"),
    "confirmed_by": ("Confirmed by entry", "确认条目"),
    "appeal": ("Appeal", "申诉"),
    "lifted_by": ("Lifted by entry", "解除条目"),
    "to": ("To", "转为"),
    "by": ("Following from entries", "依据条目"),
    "property": ("Property", "检测项目"),
    "direction": ("Direction", "判定方向"),
    "limit": ("Limit", "限值"),
    "met": ("Met", "是否达到"),
    "value": ("Value", "测得值"),
    "standard": ("Standard", "标准"),
    "within_days": ("Within days", "期限（天）"),
    "text": ("Text", "内容"),
    "promise": ("Promise", "承诺"),
    "pledge": ("Pledge (entry)", "承诺条目"),
    "kept": ("Kept", "是否遵守"),
    "breaks": ("Broken by entries", "违反条目"),
    "shows": ("Shown by entries", "佐证条目"),
    "source": ("Source", "来源"),
    "failure": ("Failure", "不合格程度"),
    "weight": ("Weight", "权重"),
    "points": ("Points", "分值"),
    "mended_by": ("Mended by entry", "整改条目"),
    "score": ("Score", "得分"),
    "grade": ("Grade", "等级"),
    "outcomes": ("Outcomes", "结果数"),
    "documents": ("Files (SHA-256)", "文件（SHA-256）"),
    "objections": ("Objections", "异议"),
    "root_cause": ("Root cause", "根本原因"),
    "actions": ("Actions", "整改措施"),
    "verified_by": ("Verified by entry", "查验条目"),
    "verifier": ("Verifier", "查验方"),
    "answer_by": ("Answer by", "答复期限"),
    "answered_by": ("Answered by entry", "答复条目"),
    "country": ("Country", "国家"),
    "roles": ("Roles", "角色"),
    "match": ("Match", "匹配方式"),
    "list": ("List", "列表"),
    "lapses_at": ("Lapses at", "失效时间"),
    "since": ("Since", "自"),
    "point": ("Point", "检查项"),
    "due": ("Due", "期限"),
    "done_by": ("Done by entry", "完成条目"),
    "done_at": ("Done at", "完成时间"),
    "closed": ("Closed by entry", "结案条目"),
    "retest": ("Retest (entry)", "复检条目"),
    "currency": ("Currency", "币种"),
    "registered_at": ("Registered at", "登记时间"),
    "code": ("Reason", "原因"),
    "said": ("In words", "说明"),
    "entries": ("Entries", "条目"),
    "key_bound_by": ("Key bound by", "密钥绑定方"),
}
"""Field -> English, Chinese; others are called as in payloads."""
LISTS: Mapping[str, tuple[str, str]] = {
    "chain": ("Chain of authorisations", "授权链"),
    "shop_types": ("Type of shop", "店铺类型"),
    "facilities": ("Place", "场所"),
    "lots": ("Lot", "批次"),
    "entries": ("Statement", "声明"),
    "grants": ("Authorisation", "授权"),
    "traders": ("Trader", "商家"),
    "shops": ("Shop", "店铺"),
    "listings": ("Listing", "上架"),
    "ending": ("Ending", "即将到期"),
    "grounds": ("Grounds", "依据"),
    "reviewed": ("Paper reviewed", "所审资质"),
    "live": ("In force", "现行"),
    "coming": ("Coming", "即将生效"),
    "past": ("Past", "已结束"),
    "lifted": ("Lifted", "已解除"),
    "visits": ("Visit", "到访"),
    "moves": ("Change of severity", "严格度转移"),
    "criteria": ("Criterion", "指标"),
    "promises": ("Promise", "承诺"),
    "moved": ("Moved the index", "影响指数的结果"),
    "trend": ("Trend", "走势"),
    "uncovered": ("Not inspected", "未经检验"),
    "covered": ("Inspected", "已检验"),
    "untouched": ("Not on sale", "未在售"),
    "reports": ("Report", "检测报告"),
    "results": ("Result", "检测结果"),
    "plans": ("Plan of improvement", "整改计划"),
    "advice": ("Advice", "整改建议"),
    "invitations": ("Invitation", "邀请"),
    "marks": ("Paper of the brand", "品牌资质"),
    "held": ("Held", "所获授权"),
    "given": ("Given", "所作授权"),
    "listed": ("Listing", "上架"),
    "owners": ("Owner", "所有者"),
    "audits": ("Audit", "产地审核"),
    "made_there": ("Lot made there", "该处生产的批次"),
}
"""List of an answer -> what each of its rows is called."""
CALLED: Mapping[Lang, str] = {"en": "{0}: name", "zh": "{0}名称"}
"""The column of names beside a column of ids."""


IN_WORDS: Mapping[Lang, str] = {"en": "What it is called", "zh": "所指名称"}
"""The same beside a column that is called a name itself."""


def called_title(name: str, lang: Lang) -> str:
    """Return what the column of names beside a column of ids is called."""
    title = column_title(name, lang)
    word = CALLED[lang].format("").strip(": ")
    return IN_WORDS[lang] if title.casefold() == word else CALLED[lang].format(title)


def column_title(name: str, lang: Lang) -> str:
    """Return what a parameter or field is called.

    Raises:
        KeyError: the tables lack it.

    """
    if name in COLUMNS:
        return COLUMNS[name][lang == "zh"]
    title = TITLES[name]
    return (title.zh if lang == "zh" else title.en).partition("|")[0]


def list_title(name: str, lang: Lang) -> str:
    """Return what each row of a list of an answer is.

    Raises:
        KeyError: the table lacks it.

    """
    return LISTS[name][lang == "zh"]
