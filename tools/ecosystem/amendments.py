"""Statements about statements: corrections, errors taken back, and sealed values destroyed."""

from ecosystem.share import RECENT, Share


def correct(share: Share) -> None:
    """An inspection is corrected by who signed it; nobody cites it afterwards."""
    count = len(share.inspections)
    if count < 10:
        return
    at = share.rng.randrange(max(0, count - RECENT), count)
    said, _ = share.inspections[at]
    if said.fields["decision"] == "refused":
        return  # it may be the ground of something
    del share.inspections[at]
    km = share.rng.randrange(1, 30)
    share.told["km"] += km - said.fields["km"]
    fields = {
        "target": said.cite("inspection"),
        "statement": said.fields | {"km": km},
        "reason": "The distance was mistyped.",
    }
    share.say("supersede", said.by, said.subject, fields)


def take_back(share: Share) -> None:
    """A complaint about the wrong goods is taken back."""
    if not share.complaints:
        return
    said = share.complaints.pop(share.rng.randrange(len(share.complaints)))
    fields = {
        "target": said.cite("feedback"),
        "subjects": [list(topic) for topic in said.topics],
        "reason": "Another product was meant.",
    }
    share.say("withdrawn-in-error", share.pen.operator, said.topics[0][1], fields)


def erase(share: Share) -> None:
    """A complainant's sealed values are destroyed."""
    if not share.complaints:
        return
    said = share.complaints[share.rng.randrange(len(share.complaints))]
    fields = {
        "target": said.cite("feedback"),
        "subjects": [list(topic) for topic in said.topics],
        "fields": ["phone"],
        "reason": f"Asked for by the person, case {share.pen.next()}.",
    }
    share.say("erasure", share.pen.operator, said.topics[0][1], fields)
