"""The observer group: applications, appointments, invitations, visits and what was found."""

from typing import Any

from ecosystem.pen import Person, cite
from ecosystem.share import Share


def call(share: Share) -> None:
    """The platform calls for observers of all kinds."""
    fields = {
        "from": share.setting.from_,
        "until": share.setting.until,
        "seats": [
            {"kind": "consumer", "count": 500},
            {"kind": "media", "count": 50},
            {"kind": "association", "count": 50},
        ],
        "terms": "You go where you are invited; what you find is published.",
    }
    operator = share.pen.operator
    share.call = cite(
        share.pen.say("observer-call", operator, operator.id, fields), "observers", operator.id
    )


def look_at(share: Share) -> None:
    """The platform says what is looked at where goods are made."""
    fields = {
        "version": 1,
        "names": {"zh": "产地到访要点", "en": "On visits to where goods are made"},
        "kinds": ["facility"],
        "points": [
            {
                "id": "doors",
                "zh": "车间是否全部开放",
                "en": "All rooms were open",
                "kind": "yes-no",
                "wanted": "yes",
            },
            {"id": "store", "zh": "库房温度", "en": "Warmth of the store", "kind": "value"},
        ],
    }
    operator = share.pen.operator
    share.say("checklist", operator, f"urn:checklist:places-{share.pen.next()}", fields)


def observer(share: Share) -> None:
    """Somebody applies, and is appointed."""
    person, period, applied = apply(share)
    share.pen.say("observer", share.pen.operator, person.id, period | {"application": applied})
    share.observers.append((person, None, ""))
    invite(share, len(share.observers) - 1)


def decline(share: Share) -> None:
    """Somebody applies, and is declined."""
    person, _, applied = apply(share)
    fields = {
        "application": applied,
        "reason": "unfit",
        "text": "No visit was possible in the hours that were offered.",
    }
    share.pen.say("observer-declined", share.pen.operator, person.id, fields)


def resign(share: Share) -> None:
    """Somebody is appointed and leaves the group again."""
    person, period, applied = apply(share)
    pen, operator = share.pen, share.pen.operator
    term = pen.say("observer", operator, person.id, period | {"application": applied})
    fields = {
        "target": cite(term, "observer", person.id),
        "operator": operator.id,
        "from": share.setting.day(600),
        "reason": "Moved to another city.",
    }
    pen.say("observer-ended", person, person.id, fields)


def apply(share: Share) -> tuple[Person, dict[str, Any], dict[str, str]]:
    """Somebody enters, and applies by a call; return who, for which period and kind, and the citation."""
    pen, operator = share.pen, share.pen.operator
    if share.call is None:
        call(share)
    assert share.call is not None
    person = pen.enter("observer", "观", natural=True)
    period = {"from": share.setting.from_, "until": share.setting.until, "kind": "consumer"}
    said = {
        "call": share.call,
        "motive": "To see where it comes from.",
        "ties": [],
        "sealed": pen.sealed("name"),
    }
    application = pen.say("observer-application", operator, person.id, period | said)
    return person, period, cite(application, "observer", person.id)


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
