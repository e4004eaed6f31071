"""Statements about who may claim a name: claim-decided."""

from typing import Annotated

import msgspec

from ledger.errors import FormError
from ledger.identifiers import CLAIMED
from ledger.statements.envelope import SignedStatement, Topic
from ledger.statements.fields import Body, Citation, Evidences, LongText
from ledger.statements.meant import EVIDENCE, Meant
from ledger.statements.statement_type import StatementType
from ledger.texts import Words

CLAIMING: tuple[str, ...] = ("product", "lot", "facility", "baseline-standard", "standard")


class ClaimDecided(Body, frozen=True, tag="claim-decided"):
    """It is decided whose claims on a name fall, and whose holds."""

    grounds: Annotated[LongText, Meant("The grounds.", "Grounds", context="claim-decided.grounds")]
    rejected: Annotated[
        tuple[Citation, ...],
        msgspec.Meta(max_length=20),
        Meant("The claims that fall.", "Rejected claims", needed="where nothing is upheld"),
    ] = ()
    upheld: Annotated[
        Citation | msgspec.UnsetType, Meant("The claim that holds.", "Upheld claim")
    ] = msgspec.UNSET
    overrules: Annotated[
        Citation | msgspec.UnsetType,
        Meant("The decision on the same thing that this one overrules.", "Overrules"),
    ] = msgspec.UNSET
    evidence: Annotated[Evidences, EVIDENCE] = ()

    def __post_init__(self) -> None:
        """Refuse a decision on nothing, on claims on different things, or cited from another topic than product, lot, facility, standard."""
        if not self.decided:
            raise FormError("upheld, rejected: name at least one claim")
        if len({(item.topic, item.subject) for item in self.cited}) != 1:
            raise FormError("upheld, rejected, overrules: of one and the same thing")
        if self.decided[0].topic not in CLAIMED:
            raise FormError(
                "upheld, rejected: claims are cited from {claimed}", claimed=", ".join(CLAIMED)
            )

    @property
    def decided(self) -> tuple[Citation, ...]:
        """Return the claims it decides on."""
        upheld = () if self.upheld is msgspec.UNSET else (self.upheld,)
        return (*upheld, *self.rejected)

    @property
    def cited(self) -> tuple[Citation, ...]:
        """Return all it cites."""
        overruled = () if self.overrules is msgspec.UNSET else (self.overrules,)
        return (*self.decided, *overruled)


def decision_histories(_statement: SignedStatement, body: Body) -> tuple[Topic, ...]:
    """Return the history of the thing: (``product``, product), (``lot``, lot) and so on."""
    assert isinstance(body, ClaimDecided)  # noqa: S101 - the catalogue pairs them
    about = body.decided[0]
    return ((about.topic, about.subject),)


def decision_citations(body: Body) -> tuple[tuple[Citation, tuple[str, ...]], ...]:
    """Return what a decision cites, with the types that may be cited."""
    assert isinstance(body, ClaimDecided)  # noqa: S101 - the catalogue pairs them
    found = tuple((item, CLAIMING) for item in body.decided)
    if body.overrules is msgspec.UNSET:
        return found
    return (*found, (body.overrules, ("claim-decided",)))


ROWS = (
    StatementType(
        "claim-decided",
        ClaimDecided,
        ("operator", "authority"),
        decision_histories,
        "claimed",
        cites=decision_citations,
        cited_from=CLAIMED,
        called=Words("decision on claims"),
        says=Words(
            "It is decided whose claims on a product, lot, place or standard fall, and whose holds."
        ),
    ),
)
"""Their row of the catalogue."""
