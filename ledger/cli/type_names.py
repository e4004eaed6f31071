"""Which type of statement is meant by what somebody types: its word in a language, or what it goes as elsewhere."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from ledger.texts import Words, languages

USUAL_NAMES: Mapping[str, Words] = {
    "supersede": Words("correction|correct|amendment|amend|replace", "usual names"),
    "withdrawn-in-error": Words("withdraw|retract|error", "usual names"),
    "authorisation": Words("grant|authorization|licence|license", "usual names"),
    "authorisation-revocation": Words("revoke|revocation", "usual names"),
    "lot": Words("batch", "usual names"),
    "qualification": Words("certificate|trademark|paper", "usual names"),
    "facility": Words("place|site", "usual names"),
    "test-report": Words("report", "usual names"),
    "erasure": Words("erase|delete", "usual names"),
}
"""Type -> what people call it elsewhere."""


def type_called(text: str, types: Sequence[str]) -> str | None:
    """Return the one type whose name in a language a word is."""
    from ledger.phrases import type_word

    wanted = text.casefold()
    found = {
        name for lang in languages() for name in types if type_word(name, lang).casefold() == wanted
    }
    return found.pop() if len(found) == 1 else None


def near_type(text: str, types: Sequence[str]) -> str | None:
    """Return the type that a word is near to, or as which it goes elsewhere."""
    wanted = text.casefold()
    for lang in languages():
        for name in types:
            if name in USUAL_NAMES and wanted in USUAL_NAMES[name].to(lang).split("|"):
                return name
    found: list[str] = get_close_matches(text, types, 1)
    return found[0] if found else None
