"""The label's part of the demonstration: a stricter standard, a passing report, a label that lapses."""

from ledger.demo import audit, laboratory
from ledger.demo.cast import GOOD_LOT, TEA, Stage, text_of
from ledger.demo.telling import Say
from ledger.texts import saying

SAMPLE = "urn:sample:spring-1"
STANDARD = "urn:standard:demo.example:TEA-1"


def give(stage: Stage, say: Say) -> None:
    """The platform states a standard above the law's, and labels the tea by it."""
    laboratory.set_limits(stage, say)
    standard = {
        "names": {"zh": "平台绿茶标准", "en": "Platform standard for green tea"},
        "category": "food/tea/green",
        "from": text_of(stage.now),
        "baselines": [stage.cite("limits", "standard", laboratory.GB2763)],
        "criteria": [laboratory.limit(say, "2")],
    }
    stage.say("standard", "standard", "operator", STANDARD, standard)
    stage.wait(hours=1)
    cited = stage.cite("standard", "standard", STANDARD)
    laboratory.report(
        stage,
        say,
        "passed",
        sample=SAMPLE,
        lot=GOOD_LOT,
        inspection="flight",
        standard=cited,
        value="0.8",
        outcome="pass",
        number="2026-CX-0398",
    )
    fields = {
        "standard": cited,
        "evidence": [stage.cite("passed", "sample", SAMPLE)],
        "until": "2027-02-01T00:00:00Z",
    }
    stage.say("label", "label", "operator", TEA, fields)
    say(
        saying(
            "The platform asks of green tea no more than 2 mg/kg bifenthrin, where the law allows 5. An inspector comes unannounced, a laboratory finds 0.8: the tea gets the quality label. Nobody has to believe that it holds; it is computed, and so is when it will not:"
        )
    )
    audit.label(stage, say, "yes")
