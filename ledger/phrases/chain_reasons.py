"""Why a chain of grants does not carry what is asked, in words."""

from collections.abc import Mapping

from ledger.phrases.reason_table import Said

CHAIN_REASONS: Mapping[str, Said] = {
    "no-grant": Said(
        "{party} was never authorised for the brand {brand}",
        "{party} 从未获得品牌 {brand} 的授权",
        "The right-holder, or a grantee that may grant on, has to authorise it.",
        "须由权利人或可转授权的被授权方予以授权。",
    ),
    "parent-absent": Said(
        "A grant rests on the statement {parent}, which was not on record where it is cited from",
        "一份授权所依据的声明 {parent} 当时不在其引用之处",
        "Its issuer has to grant anew under a grant or trademark on record.",
        "须由其签发方依据在案的授权或商标重新授权。",
    ),
    "parent-other-brand": Said(
        "A grant rests on what is of another brand than its own",
        "一份授权所依据的文件不属于该品牌",
        "Its issuer has to grant anew under the right trademark, or under a grant of this brand.",
        "须由其签发方依据正确的商标，或依据该品牌的授权重新授权。",
    ),
    "parent-not-issuers": Said(
        "A grant rests on one that was made to somebody else than its issuer",
        "一份授权所依据的上级授权并非授予其签发方",
        "Its issuer has to grant anew under a grant of its own.",
        "须由其签发方依据自己获得的授权重新授权。",
    ),
    "parent-no-grant": Said(
        "A grant rests on a statement that is neither a grant nor a trademark",
        "一份授权所依据的声明既非授权也非商标",
        "Its issuer has to grant anew under a grant or trademark on record.",
        "须由其签发方依据在案的授权或商标重新授权。",
    ),
    "chain-endless": Said(
        "The chain of grants is longer than 20 links",
        "授权链超过 20 级",
        "The seller needs a grant closer to the right-holder.",
        "销售者须取得离权利人更近的授权。",
    ),
    "not-right-holder": Said(
        "The topmost grant was made by {issuer}, which is neither the right-holder {holder} "
        "nor counts as it",
        "最上级授权由 {issuer} 签发，它既不是权利人 {holder}，也不能视同权利人",
        "The right-holder has to authorise it, or its affiliation has to be put on record "
        "(a foreign holder's wholly owned subsidiary or sole general agent).",
        "须由权利人授权，或补充关联关系资质（境外权利人的全资子公司或独家总代理）。",
    ),
    "trademark-withdrawn": Said(
        "The trademark {brand} was withdrawn",
        "商标 {brand} 已被撤回",
        "The trademark office has to put another registration on record, and the grants be made under it.",
        "须由商标主管机关另行登记有效的商标资质，并据此重新授权。",
    ),
    "trademark-not-yet": Said(
        "The trademark {brand} holds only from {from}",
        "商标 {brand} 自 {from} 起才有效",
        "Ask about a later time.",
        "请查询更晚的时间。",
    ),
    "trademark-expired": Said(
        "The trademark {brand} expired at {until}",
        "商标 {brand} 已于 {until} 到期",
        "Its renewal has to be registered, and the grants be made under it.",
        "须登记续展后的商标，并据此重新授权。",
    ),
    "trademark-goods": Said(
        "The trademark {brand} is not held for goods of the category {category}",
        "商标 {brand} 的核定范围不包括类目 {category}",
        "A trademark that covers these goods has to be on record, and the grants be made under it.",
        "须登记涵盖该类商品的商标，并据此重新授权。",
    ),
    "trademark-pending": Said(
        "The trademark {brand} is pending (TM): it never supports a flagship shop",
        "商标 {brand} 尚在申请中（TM），不能支持旗舰店",
        "It has to be registered (R) and the grants be made under that, or the shop be of another type.",
        "须先取得注册商标（R）并据此重新授权，或改用其他店铺类型。",
    ),
    "grant-revoked": Said(
        "The authorisation of {grantee} by {issuer} was revoked by {by}",
        "{issuer} 对 {grantee} 的授权已被 {by} 撤销",
        "{by}, or who stands above it in the chain, has to authorise {grantee} anew; everything below "
        "it needs new grants too.",
        "须由 {by} 或其上级重新授权 {grantee}，其下各级授权也须重新签发。",
    ),
    "grant-not-yet": Said(
        "The authorisation of {grantee} by {issuer} bites only from {from}: "
        "no earlier than its registration",
        "{issuer} 对 {grantee} 的授权自 {from} 起才生效，不早于其登记时间",
        "Ask about a later time.",
        "请查询更晚的时间。",
    ),
    "grant-expired": Said(
        "The authorisation of {grantee} by {issuer} expired at {until}",
        "{issuer} 对 {grantee} 的授权已于 {until} 到期",
        "{issuer} has to renew it.",
        "须由 {issuer} 续签授权。",
    ),
    "grant-depth": Said(
        "The authorisation of {grantee} by {issuer} may be granted on to a depth of {depth} only",
        "{issuer} 对 {grantee} 的授权只允许再转授 {depth} 级",
        "{issuer} has to allow more, or the seller needs a grant higher up.",
        "须由 {issuer} 放宽转授级数，或由更上级直接授权销售者。",
    ),
    "grant-goods": Said(
        "The authorisation of {grantee} by {issuer} does not cover {goods}",
        "{issuer} 对 {grantee} 的授权不包括商品 {goods}",
        "{issuer} has to authorise these goods.",
        "须由 {issuer} 就该商品授权。",
    ),
    "grant-territory": Said(
        "The authorisation of {grantee} by {issuer} does not cover {territory}",
        "{issuer} 对 {grantee} 的授权不包括地域 {territory}",
        "{issuer} has to authorise this territory.",
        "须由 {issuer} 就该地域授权。",
    ),
    "grant-channel": Said(
        "The authorisation of {grantee} by {issuer} does not cover the channel {channel}",
        "{issuer} 对 {grantee} 的授权不包括渠道 {channel}",
        "{issuer} has to authorise this channel.",
        "须由 {issuer} 就该渠道授权。",
    ),
    "grant-shop-type": Said(
        "The authorisation of {grantee} by {issuer} is not for a {shop_type} shop",
        "{issuer} 对 {grantee} 的授权不适用于{shop_type}",
        "{issuer} has to authorise this type of shop.",
        "须由 {issuer} 就该店铺类型授权。",
    ),
    "flagship-needs-exclusive": Said(
        "A flagship shop needs an exclusive authorisation by the right-holder itself",
        "旗舰店须有权利人直接签发的独占授权",
        "The right-holder has to revoke what it granted to others there, then authorise the seller "
        "directly and exclusively.",
        "须由权利人先撤销其在同一范围给予他人的授权，再直接向销售者签发独占授权。",
    ),
    "specialty-needs-direct": Said(
        "A specialty shop needs an authorisation by the right-holder itself",
        "专卖店须有权利人直接签发的授权",
        "The right-holder has to authorise the seller directly.",
        "须由权利人直接向销售者授权。",
    ),
    "specialty-needs-country": Said(
        "A specialty shop needs an authorisation without territorial limit; "
        "this one covers {territory} but not its whole country",
        "专卖店的授权不得限制地域，该授权包括 {territory} 却不覆盖全国",
        "The right-holder has to authorise the whole country.",
        "须由权利人就全国范围授权。",
    ),
    "multi-brand-too-long": Said(
        "A multi-brand shop needs one to four levels of authorisation; this chain has {links}",
        "专营店的授权链须为一至四级，该链有 {links} 级",
        "The seller needs a grant closer to the right-holder.",
        "销售者须取得离权利人更近的授权。",
    ),
}
