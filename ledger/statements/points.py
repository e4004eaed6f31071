"""What is looked at on a visit: the points of a checklist, and what was seen of each."""

from typing import Annotated, Any, Literal

import msgspec

from ledger.errors import FormError
from ledger.statements.fields import Digest, LongText, Part, Text
from ledger.statements.meant import Meant

PointId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}\Z", max_length=40)]
PointKind = Literal["yes-no", "value", "photo"]
Wanted = Literal["yes", "no"]
MAX_POINTS = 60


class Point(Part, frozen=True):
    """One point: what is looked at, in Chinese and English, and how it is answered."""

    id: Annotated[PointId, Meant("By what answers name it.", "Point: id")]
    zh: Annotated[Text, Meant("What is looked at, in Chinese.", "Point: in Chinese")]
    en: Annotated[Text, Meant("What is looked at, in English.", "Point: in English")]
    kind: Annotated[
        PointKind,
        Meant("yes-no, a value that is read off, or a photo that is taken.", "Point: kind"),
    ]
    wanted: Annotated[
        Wanted | msgspec.UnsetType,
        Meant(
            "Of yes-no: the answer in which nothing is amiss; another needs a finding.",
            "Point: wanted",
        ),
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse an answer that is wanted of what is not answered by yes or no."""
        if self.wanted is not msgspec.UNSET and self.kind != "yes-no":
            raise FormError("wanted: a point of kind {kind} has none", kind=self.kind)


class Seen(Part, frozen=True):
    """What was seen of one point: yes or no, a value, a photo, or why it was not seen."""

    point: Annotated[PointId, Meant("Of which point.", "Seen: point")]
    yes: Annotated[bool | msgspec.UnsetType, Meant("Of yes-no: whether it is so.", "Seen: yes")] = (
        msgspec.UNSET
    )
    value: Annotated[
        Text | msgspec.UnsetType, Meant("What was read off, with its unit.", "Seen: value")
    ] = msgspec.UNSET
    photo: Annotated[
        Digest | msgspec.UnsetType,
        Meant("Which of the photos, by its SHA-256.", "Seen: photo"),
    ] = msgspec.UNSET
    unseen: Annotated[
        LongText | msgspec.UnsetType, Meant("Why it was not seen.", "Seen: why not")
    ] = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse more than one answer, and none."""
        told = [
            one
            for one in (self.yes, self.value, self.photo, self.unseen)
            if one is not msgspec.UNSET
        ]
        if len(told) != 1:
            raise FormError("{point}: one of yes, value, photo and unseen", point=self.point)

    @property
    def kind(self) -> PointKind | None:
        """Return of which kind the answer is, None where the point was not seen."""
        if self.yes is not msgspec.UNSET:
            return "yes-no"
        if self.value is not msgspec.UNSET:
            return "value"
        return None if self.photo is msgspec.UNSET else "photo"

    @property
    def told(self) -> str | None:
        """Return the answer as a text, None where the point was not seen."""
        if self.yes is not msgspec.UNSET:
            return "yes" if self.yes else "no"
        said: Any = self.value if self.value is not msgspec.UNSET else self.photo
        return None if said is msgspec.UNSET else str(said)
