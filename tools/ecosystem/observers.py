"""The observer group: applications, appointments, invitations, visits and what was found."""

from typing import Any

from ecosystem.pen import cite
from ecosystem.share import Share


def observer(share: Share) -> None:
    pen, operator = share.pen, share.pen.operator
    person = pen.enter("observer", "观", natural=True)
    period = {"from": share.setting.from_, "until": share.setting.until, "kind": "consumer"}
    application = pen.say(
        "observer-application",
        operator,
        person.id,
        period | {"motive": "To see where it comes from.", "sealed": pen.sealed("name")},
    )
    appointed = period | {"application": cite(application, "observer", person.id)}
    pen.say("observer", operator, person.id, appointed)
    share.observers.append((person, None, ""))
    invite(share, len(share.observers) - 1)


def invite(share: Share, at: int | None = None) -> None:
    at = share.rng.randrange(len(share.observers)) if at is None else at
    person = share.observers[at][0]
    to = share.rng.choice(share.a_brand().facilities)
    fields = {"to": to, "from": share.setting.from_, "until": share.setting.until}
    id_ = share.say("invitation", share.pen.operator, person.id, fields)
    share.observers[at] = (person, id_, to)


def visit(share: Share, lot: str | None = None) -> None:
    """An observer visits what it was invited to, or a lot, and says what it found."""
    person, invitation, about = share.rng.choice(share.observers)
    place = f"urn:visit:v{share.pen.next()}"
    fields: dict[str, Any] = {
        "arrived": share.pen.past(2),
        "place": {"text": "At the gate"},
        "tie": None,
        "evidence": share.pen.evidence(),
    }
    if lot is None and invitation is not None and share.rng.random() < 0.7:
        fields["invitation"] = cite(invitation, "observer", person.id)
    else:
        about = lot or share.recent(share.lots)[0]
    id_ = share.say("visit", person, place, fields | {"about": about})
    found = {
        "about": about,
        "visit": cite(id_, "visit", place),
        "findings": [],
        "text": "All doors were open to us; the dates on the sacks agree with the papers.",
        "photos": share.pen.evidence(2),
    }
    share.say("observation", person, place, found)
