"""Ties are exact: no number of papers hides one, no depth, no withdrawal after the fact."""

from rules.telling import Step
from rules.words import affiliation, amends, breaks, keeps, says
from usual import day, who


def firm(number: int) -> str:
    return f"did:web:firm-{number}.example"


def _enters(number: int) -> Step:
    return lambda w: w.statement(
        "party", w.party_fields(f"firm {number}", firm(number)), subject=firm(number)
    )


def firms(count: int) -> tuple[Step, ...]:
    """So many firms enter."""
    return tuple(_enters(number) for number in range(count))


def belongs(holder: str, above: str) -> Step:
    """The office says that a party is tied to another."""
    ends = holder.partition("firm-")[2] or holder[-4:], above.partition("firm-")[2] or above[-4:]
    name = "-".join(ends).replace(".example", "").upper()
    number = f"urn:qualification:samr.cn:{name}"
    fields = {"kind": "affiliation", "number": number, "categories": [], "relation": "tied"}
    return says("qualification", subject=holder, of=above, called=number, **fields)


AUDITOR, OWNER, ABOVE = who("inspector"), who("brand"), who("parent")

SCENARIOS = (
    breaks(
        "audit-tied",
        "an auditor whose tie is said behind thirty that lead nowhere",
        firms(30),
        tuple(belongs(AUDITOR, firm(number)) for number in range(30)),
        affiliation("brand", "inspector"),
        says("origin-audit"),
    ),
    breaks(
        "audit-tied",
        "an owner whose tie is said behind thirty that lead nowhere",
        firms(30),
        tuple(belongs(OWNER, firm(number)) for number in range(30)),
        affiliation("inspector", "brand"),
        says("origin-audit"),
    ),
    breaks(
        "audit-tied",
        "an auditor whose common parent with the owner is thirty firms above",
        firms(30),
        tuple(belongs(firm(number), firm(number + 1)) for number in range(29)),
        (belongs(AUDITOR, firm(0)), belongs(firm(29), ABOVE), affiliation("parent", "brand")),
        says("origin-audit"),
    ),
    breaks(
        "audit-tied",
        "an auditor whose affiliation with the owner was withdrawn behind the audit",
        affiliation("brand", "inspector"),
        amends("qualification-withdrawal", "inspector of brand", by="office"),
        says("origin-audit", on=day(-1)),
    ),
    breaks(
        "audit-tied",
        "a member of the team whose common parent with the owner is a third firm",
        (_enters(0), belongs(who("observer"), firm(0)), belongs(OWNER, firm(0))),
        says("origin-audit", team=[AUDITOR, who("observer")]),
    ),
    keeps(
        "audit-tied",
        "an auditor who left the owner before the audit",
        affiliation("brand", "inspector"),
        amends("qualification-withdrawal", "inspector of brand", by="office"),
        says("origin-audit", on=day(0)),
    ),
    keeps(
        "audit-tied",
        "an auditor of thirty firms, none of which is above the owner",
        firms(30),
        tuple(belongs(AUDITOR, firm(number)) for number in range(30)),
        says("origin-audit"),
    ),
)
