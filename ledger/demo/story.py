"""The story of the demonstration: from trademark to shop shelf, a failed lot, an honest check."""

import shutil
from pathlib import Path

from ledger.demo import audit, labelling, laboratory, mending
from ledger.demo.cast import (
    BAD_LOT,
    GARDEN,
    GOOD_LOT,
    MARK,
    MODEL,
    PARTIES,
    RIVAL_MARK,
    SHOP,
    TEA,
    VISIT,
    Stage,
    text_of,
)
from ledger.demo.telling import Say
from ledger.errors import VerificationError
from ledger.phrases import refusal_row
from ledger.texts import Lang, Words, saying, told
from ledger.texts.joints import listed
from ledger.writing.log import Refused

DIGEST = "7c211433f02071597741e6ff5a8ea34789abbf43b8f2a1f4a9a3c1f0a4d1e2b3"
LICENCE = "urn:qualification:amr.example:SP-2026-0007"


def _write(line: str) -> None:
    print(line)  # noqa: T201 - a story is told


def tell(folder: Path, lang: Lang) -> None:
    """Tell the story in a language; its ledger stays in ``folder``.

    Raises:
        PinyuanError: something did not come out as told.

    """
    shutil.rmtree(folder, ignore_errors=True)
    stage, say = Stage(folder), Say(lang, _write)
    say(
        saying(
            "1. A platform opens the ledger {origin}, on a simulated clock. Genesis names its operator, its log key, its clock and its rules; a seal follows.",
            origin=stage.log.origin,
        )
    )
    say(saying("log key  {key}", key=str(stage.log.vkey)))
    _enter(stage, say)
    _authorise(stage, say)
    _origin(stage, say)
    _sell(stage, say)
    _inspect(stage, say)
    audit.ask(stage, say)
    before = audit.size_of(stage)
    _fail(stage, say)
    _revoke(stage, say)
    audit.ask_again(stage, before, say)
    audit.offline(stage, say)
    audit.forge(stage, say)
    audit.commands(stage, say)
    stage.log.engine.dispose()


def _id(name: str) -> str:
    return PARTIES[name][0]


def _enter(stage: Stage, say: Say) -> None:
    names = [name for name in PARTIES if name != "operator"]
    outcomes = stage.submit(*[stage.party(name) for name in names])
    for outcome in outcomes:
        if isinstance(outcome, Refused):
            raise VerificationError(
                "; ".join(refusal_row(item)["message"] for item in outcome.refusals)
            )
    say(saying("2. {count} parties enter, each proving that it holds its key:", count=len(names)))
    say(listed((PARTIES[name][3 if say.lang == "zh" else 2] for name in names), say.lang))


def _grant(stage: Stage, by: str, to: str, parent: dict[str, str], **scope: object) -> None:
    fields = {
        "from": text_of(stage.now),
        "until": "2027-03-01T00:00:00Z",
        "parent": parent,
        "brand": MARK,
        "goods": ["food/tea/green"],
        "territories": ["CN"],
        "channels": ["mall.example"],
        "shop_types": ["multi-brand"],
        "exclusive": False,
    } | scope
    stage.say(f"grant-{to}", "authorisation", by, _id(to), fields)


def _grant_of(stage: Stage, name: str) -> dict[str, str]:
    return stage.cite(f"grant-{name}", "grant", f"{MARK}\n{_id(name)}")


def _authorise(stage: Stage, say: Say) -> None:
    paper = {"from": "2020-05-01T00:00:00Z", "until": "2030-05-01T00:00:00Z"}
    fields = paper | {"kind": "trademark-registered", "number": MARK, "mark": "龙坞"}
    stage.say(
        "mark", "qualification", "office", _id("brand"), fields | {"categories": ["food/tea"]}
    )
    root = stage.cite("mark", "qualification-number", MARK)
    _grant(stage, "brand", "agent", root, channels=["*"], shop_types=["*"], depth=2)
    _grant(stage, "agent", "distributor", _grant_of(stage, "agent"), territories=["CN-ZJ"], depth=1)
    say(
        saying(
            "3. The trademark office says who holds {mark}. From there down, each link narrower than the one above: brand -> agent (CN) -> distributor (CN-ZJ).",
            mark=MARK,
        )
    )
    wide = {
        "from": text_of(stage.now),
        "until": "2028-01-01T00:00:00Z",
        "parent": _grant_of(stage, "distributor"),
        "brand": MARK,
        "goods": ["food/tea"],
        "territories": ["CN"],
        "channels": ["*"],
        "shop_types": ["multi-brand"],
        "exclusive": False,
        "depth": 1,
    }
    (outcome,) = stage.submit(stage.sign("authorisation", "distributor", _id("shop"), wide))
    if not isinstance(outcome, Refused):
        raise VerificationError("a grant wider than its parent was registered")
    say(
        saying(
            "The distributor grants the shop more than it has. Refused, with every reason at once:"
        )
    )
    _refused(outcome, say)
    _grant(
        stage,
        "distributor",
        "shop",
        _grant_of(stage, "distributor"),
        territories=["CN-ZJ"],
        depth=0,
    )
    say(saying("It grants what it may. Every statement names the one it rests on."))
    product = {"names": {"zh": "龙坞绿茶", "en": "Longwu green tea"}, "brand": MARK}
    product |= {"category": "food/tea/green", "under": root}
    stage.say("product", "product", "brand", TEA, product)
    own = fields | {"number": RIVAL_MARK, "mark": "另坞", "categories": ["food/tea"]}
    stage.say("rival-mark", "qualification", "office", _id("rival"), own)
    under = stage.cite("rival-mark", "qualification-number", RIVAL_MARK)
    theirs = product | {"brand": RIVAL_MARK, "under": under}
    (outcome,) = stage.submit(stage.sign("product", "rival", TEA, theirs))
    if not isinstance(outcome, Refused):
        raise VerificationError("a rival's claim on the brand's product was registered")
    say(
        saying(
            "A rival declares the brand's product under its own mark. Refused; nothing is changed:"
        )
    )
    _refused(outcome, say)


def _refused(outcome: Refused, say: Say) -> None:
    for refusal in outcome.refusals:
        say(f"{refusal.rule}: {told(refusal.message, say.lang)}")


def _origin(stage: Stage, say: Say) -> None:
    stage.wait(days=3)
    garden = {
        "names": {"zh": "龙坞茶园", "en": "Longwu garden"},
        "owner": _id("brand"),
        "country": "CN",
        "place": {
            "text": say.word(Words("Longwu, Hangzhou")),
            "latitude_e6": 30_190_000,
            "longitude_e6": 120_050_000,
        },
        "activities": ["growing", "drying"],
    }
    stage.say("garden", "facility", "brand", GARDEN, garden)
    team = ["urn:pinyuan:person:" + digit * 32 for digit in "12"]
    audited = {
        "checklist": "tea-garden 3",
        "on": text_of(stage.now),
        "findings": [
            {
                "point": "4.2",
                "severity": "minor",
                "text": say.word(Words("one gate without a sign")),
            }
        ],
        "team": team,
        "km": 212,
        "next_due": "2027-03-01T00:00:00Z",
        "evidence": [{"digest": DIGEST, "size": 482113, "media_type": "image/jpeg"}],
    }
    stage.say("audit", "origin-audit", "inspector", GARDEN, audited)
    stage.wait(days=24)
    for name, lot in (("good", GOOD_LOT), ("bad", BAD_LOT)):
        fields = {
            "quantity": {"amount": "120.5", "unit": "kg"},
            "facility": GARDEN,
            "made": text_of(stage.now),
            "serial_range": {"first": "0001", "last": "0480"}
            if name == "good"
            else {"first": "0481", "last": "0960"},
        }
        stage.say(f"lot-{name}", "lot", "brand", lot, fields)
    say(
        saying(
            "4. The garden is registered and audited where it stands (212 km, a team of two); two lots of spring tea are made there."
        )
    )


def _sell(stage: Stage, say: Say) -> None:
    licence = {
        "from": "2025-01-01T00:00:00Z",
        "until": "2029-01-01T00:00:00Z",
        "kind": "food-licence",
        "number": LICENCE,
        "categories": ["food"],
    }
    stage.say("licence", "qualification", "regulator", _id("shop"), licence)
    business = licence | {"kind": "business", "number": LICENCE.replace("SP", "YZ")}
    stage.say(
        "business", "qualification", "regulator", _id("shop"), business | {"categories": ["*"]}
    )
    reviewed = [
        stage.cite("licence", "qualification", _id("shop")),
        _grant_of(stage, "shop"),
    ]
    admitted = {"decision": "admitted", "evidence": reviewed}
    stage.say("admission", "admission", "operator", _id("shop"), admitted)
    names = {"zh": "清河茶铺", "en": "Qinghe tea"}
    shop = {"shop_type": "multi-brand", "trader": _id("shop"), "names": names}
    stage.say("shop", "shop", "operator", SHOP, shop)
    stage.say("model", "quality-model", "operator", MODEL, _model(stage))
    listing = {"shop": SHOP, "category": "food/tea/green", "territories": ["CN-ZJ"]}
    stage.say("listing", "listing", "shop", TEA, listing)
    say(
        saying(
            "5. The platform reviews the shop's papers and admits it; the shop lists the tea, which the ledger allows because the whole chain covers shop, place and channel."
        )
    )


def _model(stage: Stage) -> dict[str, object]:
    """Return how the platform computes its quality index, from now on."""
    return {
        "from": text_of(stage.now),
        "sources": {
            "mystery": 5,
            "flight": 4,
            "origin": 3,
            "observer": 2,
            "patrol": 2,
            "inbound": 1,
        },
        "severities": {"critical": 10, "major": 3, "minor": 1},
        "fails_from": "major",
        "window_days": 365,
        "step_days": 90,
        "doublings": 3,
        "inbound_part": 3,
        "prior_good": 80,
        "prior_bad": 20,
        "minimum": 3,
        "grades": {"a": 900, "b": 800, "c": 650},
        "critical_cap": "D",
    }


def _inspection(stage: Stage, say: Say, mode: str, nonconforming: int) -> dict[str, object]:
    return {
        "mode": mode,
        "trader": _id("shop"),
        "on": text_of(stage.now),
        "lot_size": 480,
        "level": "II",
        "aql": "1.0",
        "severity": "normal",
        "sample_size": 50,
        "accept": 1,
        "reject": 2,
        "nonconforming": nonconforming,
        "decision": "accepted" if nonconforming <= 1 else "refused",
        "findings": []
        if nonconforming <= 1
        else [
            {
                "point": "GB 2763",
                "severity": "critical",
                "text": say.word(Words("residue above the limit")),
            }
        ],
    }


def _inspect(stage: Stage, say: Say) -> None:
    stage.wait(days=2)
    for name, lot in (("good", GOOD_LOT), ("bad", BAD_LOT)):
        fields = _inspection(stage, say, "inbound", 0)
        stage.say(f"inbound-{name}", "inspection", "warehouse", lot, fields)
    period = {"from": "2026-03-01T00:00:00Z", "until": "2026-09-01T00:00:00Z", "kind": "consumer"}
    called = {
        "from": "2026-01-01T00:00:00Z",
        "until": "2026-09-01T00:00:00Z",
        "seats": [{"kind": "consumer", "count": 7}, {"kind": "association", "count": 2}],
        "terms": say.word(
            Words(
                "Observers go where they are invited, without notice; what they find is published."
            )
        ),
    }
    stage.say("called", "observer-call", "operator", _id("operator"), called)
    application = period | {
        "motive": say.word(Words("I drink this tea.")),
        "ties": [],
        "call": stage.cite("called", "observers", _id("operator")),
    }
    stage.say("application", "observer-application", "operator", _id("observer"), application)
    cited = stage.cite("application", "observer", _id("observer"))
    appointed = period | {"application": cited}
    stage.say("appointed", "observer", "operator", _id("observer"), appointed)
    invited = {name: period[name] for name in ("from", "until")} | {"to": GARDEN}
    stage.say("invited", "invitation", "operator", _id("observer"), invited)
    place = {"text": say.word(Words("at the gate of the garden"))}
    visit = {"about": GARDEN, "arrived": text_of(stage.now), "tie": None, "place": place}
    visit["invitation"] = stage.cite("invited", "observer", _id("observer"))
    stage.wait(hours=5)
    stage.say("visit", "visit", "observer", VISIT, visit)
    seen = {
        "about": GARDEN,
        "visit": stage.cite("visit", "visit", VISIT),
        "findings": [],
        "text": say.word(Words("Rows, drying hall and records are as declared.")),
        "photos": [{"digest": DIGEST, "size": 90211, "media_type": "image/jpeg"}],
    }
    stage.say("observation", "observation", "observer", VISIT, seen)
    say(
        saying(
            "6. Both lots pass the warehouse. An observer, a consumer who signs on a phone with a key of her own, is invited to the garden, visits it and reports what she saw."
        )
    )
    flight = _inspection(stage, say, "flight", 0)
    stage.say("flight", "inspection", "inspector", GOOD_LOT, flight)
    labelling.give(stage, say)


def _fail(stage: Stage, say: Say) -> None:
    stage.wait(days=9)
    fields = _inspection(stage, say, "mystery", 5)
    stage.say("mystery", "inspection", "inspector", BAD_LOT, fields)
    recall = {"reason": say.word(Words("residue above the limit")), "from": text_of(stage.now)}
    stage.say("recall", "recall", "brand", BAD_LOT, recall)
    sanction = {
        "from": text_of(stage.now),
        "until": None,
        "step": "interview",
        "grounds": say.word(Words("sold a lot that failed a mystery sampling")),
        "triggers": [stage.cite("mystery", "inspection", BAD_LOT)],
        "rules_version": 1,
        "appeal_by": "2026-05-15T00:00:00Z",
        "lots": [BAD_LOT],
    }
    stage.say("sanction", "sanction", "operator", _id("shop"), sanction)
    say(
        saying(
            "8. Nine days later a mystery sampling finds 5 of 50 nonconforming in the second lot: the brand recalls it, the platform calls the shop to an interview."
        )
    )
    laboratory.report_on(stage, say)
    say(saying("The tea's quality index, computed anew by whoever asks, from these same entries:"))
    audit.index(stage, say)
    say(saying("The label that it bore, asked about again:"))
    audit.label(stage, say, "no")
    mending.answer(stage, say)


def _revoke(stage: Stage, say: Say) -> None:
    stage.wait(days=1)
    fields = {
        "target": _grant_of(stage, "distributor"),
        "brand": MARK,
        "parent": stage.said["grant-agent"].id.hex(),
        "exclusive": False,
        "reason": say.word(Words("sold outside its province")),
    }
    say(saying("9. The agent asks what falls if it revokes the distributor, then revokes:"))
    audit.impact(stage, say)
    stage.say("revocation", "authorisation-revocation", "agent", _id("distributor"), fields)
