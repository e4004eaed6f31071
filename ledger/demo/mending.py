"""The shop's part of the demonstration: it appeals in vain, plans, acts, and another verifies."""

from datetime import timedelta

from ledger.demo import audit
from ledger.demo.cast import BAD_LOT, PARTIES, Stage, text_of
from ledger.demo.telling import Say
from ledger.texts import Words, saying

DIGEST = "9b1f6e0c4d7a2b8853c1e9f0a6d4b7c2e5f8091a3b6c7d8e9f00112233445566"


def _appeal(stage: Stage, say: Say, shop: str) -> None:
    """The shop appeals against the interview; the platform looks again and upholds it."""
    cited = {"target": stage.cite("sanction", "sanction", shop), "lots": [BAD_LOT]}
    reason = say.word(Words("the lot came from the distributor as it is"))
    stage.say("appeal", "appeal", "shop", shop, cited | {"reason": reason})
    stage.wait(days=1)
    decided = {"outcome": "upheld", "reason": say.word(Words("who sells a lot answers for it"))}
    stage.say("decision", "appeal-decision", "operator", shop, cited | decided)


def _improve(stage: Stage, say: Say, shop: str) -> None:
    """The shop says what it will do until when, does it, and the inspector finds it effective."""
    cause = {"cause": stage.cite("mystery", "inspection", BAD_LOT)}
    due = text_of(stage.now + timedelta(days=10))
    actions = [{"text": say.word(Words("ask for a report with every lot")), "due": due}]
    plan = {
        "root_cause": say.word(Words("lots were taken over without a test report")),
        "actions": actions,
    }
    stage.say("plan", "improvement-plan", "shop", shop, cause | plan)
    stage.wait(days=1)
    about = cause | {"target": stage.cite("plan", "inspection", BAD_LOT)}
    photo = {"digest": DIGEST, "size": 64_112, "media_type": "application/pdf"}
    step = {
        "action": 1,
        "text": say.word(Words("written into the buying rules")),
        "evidence": [photo],
    }
    stage.say("step", "improvement-step", "shop", shop, about | step)
    stage.wait(days=1)
    found = {
        "on": text_of(stage.now),
        "outcome": "effective",
        "reason": say.word(Words("every lot since came with its report")),
    }
    stage.say("verified", "improvement-verified", "inspector", shop, about | found)


def answer(stage: Stage, say: Say) -> None:
    """The shop answers the sanction; whether it mended what was found is asked of the ledger."""
    shop = PARTIES["shop"][0]
    _appeal(stage, say, shop)
    _improve(stage, say, shop)
    say(
        saying(
            "The shop appeals; the platform upholds the interview. The shop then says what it will do until when, and does it; an inspector, tied to nobody here, looks:"
        )
    )
    audit.improvement(stage, say)
