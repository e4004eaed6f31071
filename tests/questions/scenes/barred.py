"""What sanctions close: shops, sales, listings, admission."""

from questions.scene import READY, Scene, sanction, selling
from questions.scenes.mending import APPEAL, DELISTED, SEEN, TO_INTERVIEW, decides, interim
from rules.words import amends, citing, says
from tea import AGENT, SHOP
from usual import id_of
from world import TRADER

OTHER_SHOP = "urn:shop:mall.example:tea-2"
ELSEWHERE = "urn:shop:market.example:tea-2"


def closed(*shops: str):
    """A lot is recalled, and these shops of the trader are closed."""
    return sanction("close-shop", shops=list(shops))


def shop(subject: str = OTHER_SHOP, shop_type: str = "multi-brand"):
    return says("shop", subject=subject, shop_type=shop_type, called="second shop")


SCENES = (
    Scene(
        "in a shop that was closed",
        closed(SHOP),
        "may_sell",
        selling(),
        "no",
        ("sanctioned",),
        ("lot-recalled",),
    ),
    Scene(
        "in a shop beside one that was closed",
        (shop(), *closed(SHOP)),
        "may_sell",
        selling(),
        "yes",
        note=("lot-recalled", "sanctioned"),
    ),
    Scene(
        "where both shops were closed",
        (shop(), *closed(SHOP, OTHER_SHOP)),
        "may_sell",
        selling(),
        "no",
        ("sanctioned",),
        note=("lot-recalled",),
    ),
    Scene(
        "on another channel than where the shop was closed",
        (shop(ELSEWHERE), *closed(SHOP)),
        "may_sell",
        selling(channel="market.example"),
        "yes",
        note=("lot-recalled", "sanctioned"),
    ),
    Scene(
        "where the open shop beside is on another channel",
        (shop(ELSEWHERE), *closed(SHOP)),
        "may_sell",
        selling(),
        "no",
        ("sanctioned",),
        note=("lot-recalled",),
    ),
    Scene(
        "in another type of shop than the closed one",
        (shop(), *closed(SHOP)),
        "may_sell",
        selling(shop_type="multi-brand"),
        "yes",
        note=("lot-recalled", "sanctioned"),
    ),
    Scene(
        "where no shop was opened yet",
        closed(SHOP),
        "may_sell",
        selling(channel="market.example"),
        "yes",
        note=("lot-recalled", "sanctioned"),
    ),
    Scene(
        "in a shop whose closing was annulled",
        (*closed(SHOP), amends("appeal", "sanction", by="trader"), decides("annulled")),
        "may_sell",
        selling(),
        "yes",
        note=("lot-recalled", "sanction-annulled"),
    ),
    Scene(
        "while a delisting is under appeal",
        (*DELISTED, APPEAL),
        "may_sell",
        selling(),
        "no",
        ("sanctioned",),
        note=("lot-recalled",),
    ),
    Scene(
        "after a delisting was varied to an interview",
        (*DELISTED, APPEAL, decides("varied", **TO_INTERVIEW)),
        "may_sell",
        selling(),
        "yes",
        note=("appeal-varied", "lot-recalled", "sanctioned"),
    ),
    Scene(
        "before a delisting was varied to an interview",
        (*DELISTED, APPEAL, decides("varied", **TO_INTERVIEW)),
        "may_sell",
        selling(),
        "no",
        ("sanctioned",),
        at=-1.5 / 1440,
        note=("lot-recalled",),
    ),
    Scene(
        "while an interim delisting lasts",
        (*SEEN, interim()),
        "may_sell",
        selling(),
        "no",
        ("sanctioned",),
        note=("lot-critical",),
    ),
    Scene(
        "after an interim delisting lapsed",
        (*SEEN, interim()),
        "may_sell",
        selling(),
        "yes",
        at=20,
        note=("lot-critical",),
    ),
    Scene(
        "in a shop that was closed",
        (*READY, *closed(SHOP)),
        "listable",
        selling(),
        "no",
        ("lot-recalled", "sanctioned"),
        ("certificate-not-asked",),
    ),
    Scene(
        "nothing is left to fall in a shop that was closed",
        (says("listing"), *closed(SHOP)),
        "impact",
        {"brand": "urn:trademark:cn:12345678:30", "grantee": TRADER, "grant": id_of("trader")},
        "yes",
    ),
    Scene(
        "a trader with whom cooperation has ended",
        sanction("end-cooperation"),
        "admission",
        {"trader": TRADER},
        "no",
        ("sanctioned",),
    ),
    Scene(
        "a stranger with whom cooperation has ended",
        (
            says("recall", called="recall"),
            says(
                "sanction",
                subject=AGENT,
                step="end-cooperation",
                severity_ground="critical",
                triggers=[citing("recall")],
            ),
        ),
        "admission",
        {"trader": AGENT},
        "no",
        ("sanctioned", "trader-not-decided"),
    ),
    Scene(
        "a trader that was closed",
        sanction("close-shop"),
        "admission",
        {"trader": TRADER},
        "yes",
    ),
    Scene(
        "a trader whose end of cooperation was lifted",
        (*sanction("end-cooperation"), amends("sanction-lifted", "sanction")),
        "admission",
        {"trader": TRADER},
        "yes",
        note=("sanction-lifted",),
    ),
)
