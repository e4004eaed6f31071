"""What kind of thing an id names, read off its canonical form."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ledger import identifiers
from ledger.errors import MalformedError
from ledger.identifiers.uscc import check_uscc
from ledger.texts import Lang, Words

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PREFIX = re.compile(r"[0-9]{4,12}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def _matches(pattern: re.Pattern[str]) -> Callable[[str], None]:
    def check(text: str) -> None:
        if pattern.fullmatch(text) is None:
            raise MalformedError(
                "not of the form {pattern}: {text!r}", pattern=pattern.pattern, text=text[:100]
            )

    return check


CHECKS: Mapping[str, Callable[[str], object]] = {
    "party": identifiers.check_party,
    "product": identifiers.check_product,
    "lot": identifiers.check_lot,
    "item": identifiers.check_item,
    "facility": identifiers.check_facility,
    "unit": identifiers.check_unit,
    "shop": identifiers.check_shop,
    "sample": identifiers.check_sample,
    "visit": identifiers.check_visit,
    "checklist": identifiers.check_checklist,
    "draw": identifiers.check_draw,
    "programme": identifiers.check_programme,
    "roster": identifiers.check_roster,
    "model": identifiers.check_model,
    "standard": identifiers.check_standard,
    "trademark": identifiers.check_trademark,
    "paper": identifiers.check_number,
    "statement or key": _matches(_DIGEST),
    "credit code": check_uscc,
    "month": _matches(_MONTH),
    "GS1 prefix": _matches(_PREFIX),
    "category": identifiers.check_category,
}
"""Kind -> what refuses the ids of others; a text that fits several is read as the first."""

PAIR, AND = "\n", " and "
"""Between two ids that are a history's subject together, and between the kinds of such ids."""

KIND_WORDS: Mapping[str, Words] = {
    "party": Words("party", "kind"),
    "product": Words("product", "kind"),
    "lot": Words("lot", "kind"),
    "item": Words("item", "kind"),
    "facility": Words("place", "kind"),
    "unit": Words("logistic unit", "kind"),
    "shop": Words("shop", "kind"),
    "sample": Words("sample", "kind"),
    "visit": Words("visit", "kind"),
    "checklist": Words("checklist", "kind"),
    "draw": Words("draw", "kind"),
    "programme": Words("programme", "kind"),
    "roster": Words("roster", "kind"),
    "model": Words("model", "kind"),
    "standard": Words("standard", "kind"),
    "trademark": Words("trademark", "kind"),
    "paper": Words("paper", "kind"),
    "statement or key": Words("statement or key", "kind"),
    "credit code": Words("credit code", "kind"),
    "month": Words("month", "kind"),
    "GS1 prefix": Words("GS1 prefix", "kind"),
    "category": Words("category", "kind"),
}
"""Kind -> what people call it."""
BOTH = Words("{0} and {1}", "kinds")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing, or of two that are a history's subject together, as a fact of a sentence."""

    kind: str

    def to(self, lang: Lang) -> str:
        """Return what it is called in a language."""
        first, *others = (KIND_WORDS[one].to(lang) for one in self.kind.split(AND))
        return BOTH.fill(lang, first, others[0]) if others else first


def fits(text: str, kind: str) -> bool:
    """Return whether an id is one of a kind, two ids of "party and month"."""
    parts, kinds = text.split(PAIR), kind.split(AND)
    if len(parts) != len(kinds):
        return False
    try:
        for part, one in zip(parts, kinds, strict=True):
            CHECKS[one](part)
    except MalformedError:
        return False
    return True


def kind_of(text: str) -> str | None:
    """Return the kind of thing that an id names, of two ids "party and month"; None for no id."""
    if PAIR in text:
        kinds = [kind_of(part) for part in text.split(PAIR)]
        return None if None in kinds else AND.join(map(str, kinds))
    return next((kind for kind in CHECKS if fits(text, kind)), None)
