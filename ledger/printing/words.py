"""The words of a printed answer in English and Chinese."""

from collections.abc import Mapping

from ledger.statements.words import Lang

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Answer with evidence", "附证据的查询结论"),
    "ledger": ("Ledger", "账本"),
    "verdict": ("Answer", "结论"),
    "yes": ("Yes", "是"),
    "no": ("No", "否"),
    "unknown": ("Unknown", "未知"),
    "asked": ("What was asked", "查询内容"),
    "about": ("About the time", "适用时间"),
    "any": ("any", "任一"),
    "known_at": ("With what was known at", "所依据的记录"),
    "size": ("size {0}: the first {0} entries of the ledger", "规模 {0}：账本的前 {0} 个条目"),
    "seen": ("Ledger last seen", "最近一次见到账本"),
    "seen_by": ("{0}, by {1}", "{0}，依据{1}"),
    "seal": ("the operator's newest seal", "平台运营方的最新封存"),
    "witnesses": ("the witnesses' cosignatures", "见证方的联署"),
    "simulated": (
        "The clock of this ledger is simulated: its times are a story's, not the world's.",
        "本账本使用模拟时钟：所列时间为演示时间，并非实际时间。",
    ),
    "found": ("The answer", "结论与理由"),
    "then": ("With what was known then", "依当时已知的记录"),
    "then_says": (
        (
            "The answer above is about {0}, with all that is known now. With what was registered by "
            "then (the first {1} entries) the same question is answered otherwise; the evidence of "
            "that is attached too."
        ),
        (
            "上述结论针对 {0}，依据的是现在已知的全部记录。若只依据当时已登记的记录"
            "（前 {1} 个条目），对同一问题的结论不同；其证据亦附于本文件。"
        ),
    ),
    "since_says": (
        (
            "As of {0} entries, sealed at {1}, it was answered as above already; that has its own "
            "evidence, too."
        ),
        "自前 {0} 个条目（封存于 {1}）起，结论即与上述相同；其证据亦附于本文件。",
    ),
    "parties": ("Who and what is named", "所涉主体、商品与场所"),
    "id": ("Identifier", "标识"),
    "name": ("Name on record", "登记名称"),
    "entry": ("Entry", "条目"),
    "timeline": ("Timeline: what the answer rests on", "时间线：结论所依据的声明"),
    "order": (
        (
            "In the order of registration, which the ledger proves. All times are UTC; China Standard "
            "Time is eight hours ahead. The time of signing is the signer's own word. Where the "
            "evidence does not hold the seal of an entry, its registration is proven to be no later "
            "than the time that is given."
        ),
        (
            "按登记顺序排列，该顺序由账本证明。所有时间均为世界协调时（UTC），北京时间须加八小时。"
            "签发时间为签发方自述。若证据中没有某条目自己的封存，则证明其登记不晚于所列时间。"
        ),
    ),
    "signed": ("Signed", "签发"),
    "registered": ("Registered", "登记"),
    "by": ("by {0}", "不晚于 {0}"),
    "when": ("Time", "时间"),
    "what": ("Statement", "声明"),
    "issuer": ("Signed by", "签发方"),
    "subject": ("About", "对象"),
    "cut": ("{0} more are in the attached evidence.", "另有 {0} 条见所附证据。"),
    "nothing": ("The answer rests on no statement.", "该结论不依据任何声明。"),
    "checked": ("What was checked", "已核验的内容"),
    "unproven": ("What is not proven", "未证明的内容"),
    "annex": ("The statements, as they were signed", "所依据声明的原文"),
    "statement_id": ("Statement id", "声明标识"),
    "key": ("Key", "密钥"),
    "payload": ("Says", "内容"),
    "digest_of": ("SHA-256 of its payload", "内容的 SHA-256"),
    "verify_title": ("How to check it", "如何自行核验"),
    "verify_says": (
        (
            "The evidence is attached to this PDF as {0}. Save it with any reader that shows "
            "attachments (or with: pdfdetach -saveall). Its SHA-256 must be the one beside the code. "
            "Get the ledger's key from somewhere else than this paper, write it into a trust file, "
            "and run, without any network:"
        ),
        (
            "证据作为附件 {0} 附于本 PDF。用能显示附件的阅读器保存（或运行 pdfdetach -saveall），"
            "其 SHA-256 须与二维码旁所列一致。请从本文件以外的来源取得账本密钥，写入信任文件，"
            "然后在不联网的情况下运行："
        ),
    ),
    "log_key": ("Log key it was checked with", "核验所用的账本密钥"),
    "file": ("Attachment", "附件"),
    "bytes": ("{0} bytes", "{0} 字节"),
    "page": ("Page", "第"),
    "of": ("of", "页，共"),
    "pages": ("", "页"),
    "program": ("Made by {0}", "由 {0} 生成"),
    "paper": (
        "This paper repeats what the attached evidence proves. The evidence counts, not the paper.",
        "本文件复述所附证据所证明的内容；以证据为准，而非本文件。",
    ),
}
CHECKED: Mapping[str, tuple[str, str]] = {
    "question": (
        "The evidence answers the question that stands above, and no other.",
        "证据所回答的正是上述问题。",
    ),
    "checkpoint": (
        "The state of the ledger {origin} at size {size} was signed with its log key.",
        "账本 {origin} 在规模 {size} 的状态由其账本密钥签署。",
    ),
    "quorum": (
        "The cosignatures that the trust file asks for are there; of those it names cosigned: {quorum}.",
        "信任文件所要求的联署均已具备；其所列各方中已联署：{quorum}。",
    ),
    "consistency": (
        "The ledger only grew since the state that was seen before.",
        "自先前所见状态以来，账本只有增加。",
    ),
    "inclusion": (
        "{statements} statements stand unaltered at their places in the ledger.",
        "{statements} 条声明在账本中的位置与内容未被改动。",
    ),
    "histories": (
        "{histories} histories that were read for the answer are complete: nothing was left out.",
        "为得出结论所读取的 {histories} 份历史均为完整，无一遗漏。",
    ),
    "rules": (
        "Each statement: signature, who issued it, whose key it is, whether it may say that.",
        "每条声明：签名、签发方、密钥归属以及其是否有权如此声明。",
    ),
    "timestamp": (
        (
            "The timestamp authority {0} has signed (RFC 3161) that the ledger was there, with its first {1} "
            "entries as they are, at {2}."
        ),
        "时间戳机构 {0} 以签名（RFC 3161）证明：账本前 {1} 个条目在 {2} 已如此存在。",
    ),
    "answer": (
        "The question was asked again over this evidence alone; the same answer follows.",
        "仅依据该证据重新提问，得出同一结论。",
    ),
    "freshness": (
        "The ledger had been seen by the time that is asked about.",
        "所问时间不晚于账本最近一次被见到的时间。",
    ),
}
"""What each step of the verifier checked; facts stand in braces."""
UNPROVEN: Mapping[str, tuple[str, str]] = {
    "asserted": (
        (
            "That the operator kept all of its rules for the whole ledger: no replayer has said so; "
            "it is asserted by the operator."
        ),
        "平台运营方对整个账本遵守了全部规则。没有复核者对此联署，仅由平台运营方声称。",
    ),
    "replay_only": (
        "Rules that only a replay of the whole ledger checks: {0}.",
        "只有重放整个账本才会检查的规则：{0}。",
    ),
    "limit": ("What nobody submitted, no ledger can show.", "无人提交的事，任何账本都无法显示。"),
    "witnesses": (
        "That the operator shows everybody the same ledger: no witness cosigned this one.",
        "平台运营方向所有人出示的是同一账本：没有见证方对此联署。",
    ),
    "time": (
        (
            "That registration times are the world's: they are the operator's, and no authority "
            "for timestamps has confirmed them."
        ),
        "登记时间与实际时间一致。时间由平台运营方给出，没有时间戳机构予以确认。",
    ),
}


def word(lang: Lang, name: str, *values: object) -> str:
    """Return one of the words."""
    return WORDS[name][lang == "zh"].format(*values)
