"""Where goods come from: places and their audits, products, lots."""

from stdnum import ean

from ecosystem.cast import Brand
from ecosystem.pen import gln
from ecosystem.share import Share


def facility(share: Share, brand: Brand | None = None) -> None:
    brand = brand or share.a_brand()
    place = gln(414, share.pen.next())
    fields = {
        "names": {"zh": f"园{place[-8:]}"},
        "owner": brand.holder.id,
        "country": "CN",
        "place": {
            "text": f"Road {place[-5:]}",
            "latitude_e6": 30_250_000,
            "longitude_e6": 120_160_000,
        },
        "activities": ["growing", "packing"],
    }
    share.say("facility", brand.holder, place, fields)
    brand.facilities.append(place)
    audit(share, place)


def audit(share: Share, place: str | None = None) -> None:
    place = place or share.rng.choice(share.a_brand().facilities)
    by, *others = share.rng.sample(share.all.inspectors, 3)
    findings = [
        {
            "point": f"4.{n}",
            "severity": "minor",
            "text": "A record is missing; it was shown later.",
        }
        for n in range(share.rng.randrange(3))
    ]
    fields = {
        "checklist": "origin/3",
        "on": share.pen.past(10),
        "findings": findings,
        "team": [by.id, *(other.id for other in others)],
        "km": share.rng.randint(share.km * 3 // 4, share.km * 5 // 4),
        "next_due": share.pen.time_in(250),
        "evidence": share.pen.evidence(2),
    }
    share.told["km"] += fields["km"]
    share.told["audits"] += 1
    share.say("origin-audit", by, place, fields)


def product(share: Share, brand: Brand | None = None) -> None:
    brand = brand or share.a_brand()
    digits = f"069{share.pen.next():010d}"
    goods = f"https://id.gs1.org/01/{digits}{ean.calc_check_digit(digits)}"
    category = f"{brand.line}/{share.rng.choice(brand.kinds)}"
    by, above = brand.holder, None
    live = [grant for grant in brand.granting if not grant.dead]
    if live and share.rng.random() < 0.3:
        above = share.rng.choice(live)
        by = above.to
    fields = {
        "names": {"zh": f"品{goods[-8:]}", "en": f"Goods {goods[-8:]}"},
        "brand": brand.mark,
        "category": category,
        "under": brand.grant_cite(above),
    }
    share.say("product", by, goods, fields)
    brand.products.append((goods, category))
    share.categories[goods] = category


LOT_SIZES = (120, 240, 400, 900, 2000, 5000)


def lot(
    share: Share,
    brand: Brand | None = None,
    inputs: list[str] | None = None,
    *,
    goods: str | None = None,
) -> str:
    brand = brand or share.a_brand()
    goods = goods or share.rng.choice(brand.products)[0]
    number = share.pen.next()
    made = f"{goods}/10/L{number}"
    if inputs is None:
        count = share.rng.randint(1, 3) if share.lots and share.rng.random() < 0.4 else 0
        inputs = list({share.recent(share.lots)[0] for _ in range(count)})
    size = share.sizes[made] = share.rng.choice(LOT_SIZES)
    fields = {
        "quantity": {"amount": str(size), "unit": "pcs"},
        "facility": share.rng.choice(brand.facilities),
        "made": share.pen.past(60),
        "serial_range": {"first": f"{number}0001", "last": f"{number}{size:04}"},
        "inputs": sorted(inputs),
    }
    share.say("lot", brand.holder, made, fields)
    share.lots.append((made, brand))
    share.lots_of[goods].append(made)
    return made
