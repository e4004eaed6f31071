"""What people are told: English where it is used, every other language a gettext catalogue.

English is the key (msgid) of a catalogue, ``locale/<language>/LC_MESSAGES/pinyuan.po``; what is read
here is its compiled form beside it, made by the build. A language is a file: one more is there as
soon as its catalogue is. What a catalogue lacks is said in English.
"""

import gettext
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

Lang = str
"""A language by its code: ``en``, or one that has a catalogue."""
ENGLISH: Lang = "en"
LOCALES = Path(__file__).parent / "locale"
DOMAIN = "pinyuan"


@dataclass(frozen=True, slots=True)
class Words:
    """One thing that is said, facts in braces.

    ``context``: what tells it apart from the same English that other languages say otherwise.
    """

    en: str
    context: str = ""

    @classmethod
    def again(cls, en: str, context: str = "") -> "Words":
        """Return the words of a text that stands elsewhere in the source, where the catalogues take it from."""
        return cls(en, context)

    def to(self, lang: Lang) -> str:
        """Return it in a language, its braces not filled."""
        return translated(self.en, lang, self.context)

    def fill(self, lang: Lang, /, *values: object, **facts: object) -> str:
        """Return it in a language with its braces filled."""
        return self.to(lang).format(*values, **facts)


class Told(Protocol):
    """What can be said in a language."""

    def to(self, lang: Lang, /) -> str:
        """Return it in a language."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What somebody else wrote: the same in every language."""

    text: str

    def to(self, lang: Lang) -> str:  # noqa: ARG002
        """Return it as it is."""
        return self.text


def told(value: object, lang: Lang) -> object:
    """Return a fact as a sentence has it: what can be said in a language in that one, else as it is."""
    say = getattr(value, "to", None)
    return value if say is None else say(lang)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its facts apart; without facts its braces are braces."""

    en: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def to(self, lang: Lang) -> str:
        """Return it in a language, its facts put in."""
        text = translated(self.en, lang)
        facts = {name: told(value, lang) for name, value in self.facts.items()}
        return text.format_map(facts) if facts else text


def translated(text: str, lang: Lang, context: str = "") -> str:
    """Return what a catalogue has for an English text, the text itself where it has nothing."""
    if lang == ENGLISH or not text:  # the empty one is a catalogue's head
        return text
    known = catalogue(lang)
    return known.pgettext(context, text) if context else known.gettext(text)


@cache
def catalogue(lang: Lang) -> gettext.NullTranslations:
    """Return a language's catalogue; one without a single message for a language that has none."""
    return gettext.translation(DOMAIN, LOCALES, [lang], fallback=True)


@cache
def languages() -> tuple[Lang, ...]:
    """Return all languages there are: English, and each that has a catalogue."""
    found = LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return (ENGLISH, *sorted(path.parent.parent.name for path in found))


def nearest(names: Iterable[str]) -> Lang:
    """Return the language that somebody wants, by tags in the order of preference (zh, zh-CN, zh_CN.UTF-8)."""
    for name in names:
        primary = name.replace("_", "-").partition("-")[0].partition(".")[0].lower()
        if primary in languages():
            return primary
    return ENGLISH
