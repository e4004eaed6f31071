"""What people are told: English where it is used, every other language a gettext catalogue.

English is the key (msgid) of a catalogue, ``locale/<language>/LC_MESSAGES/pinyuan.po``; what is read
here is its compiled form beside it, made by the build. A language is a file: one more is there as
soon as its catalogue is. What a catalogue lacks is said in English.
"""

import gettext
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, Self

Lang = str
"""A language by its code: ``en``, or one that has a catalogue."""
ENGLISH: Lang = "en"
SPOKEN: ContextVar[Lang] = ContextVar("language", default=ENGLISH)
"""That of the command that runs: servers are asked to say in it what is wrong."""
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


class Sentence(str):
    """A sentence with its facts apart; as a text it is the English, and ``to`` says it in any language.

    Without facts its braces are braces.
    """

    __slots__ = ("en", "facts")
    en: str
    facts: Mapping[str, object]

    def __new__(cls, en: str, facts: Mapping[str, object] | None = None) -> Self:
        """Take the English, its braces the names of the facts."""
        known = facts or {}
        self = super().__new__(cls, _filled(en, known, ENGLISH))
        self.en, self.facts = en, known
        return self

    def __reduce__(self) -> tuple[type["Sentence"], tuple[str, Mapping[str, object]]]:
        """Travel between processes."""
        return Sentence, (self.en, self.facts)

    def to(self, lang: Lang) -> str:
        """Return it in a language, its facts put in."""
        return _filled(translated(self.en, lang), self.facts, lang)


def _filled(text: str, facts: Mapping[str, object], lang: Lang) -> str:
    return (
        text.format_map({name: told(one, lang) for name, one in facts.items()}) if facts else text
    )


def saying(en: str, /, **facts: object) -> Sentence:
    """Return a sentence with its facts, its braces their names."""
    return Sentence(en, facts)


def sentence_of(said: object, facts: Mapping[str, object] | None = None) -> Sentence:
    """Return a sentence with its facts; of an error or what says itself that, of anything else its text."""
    found = getattr(said, "sentence", said)
    return found if isinstance(found, Sentence) else Sentence(str(told(found, ENGLISH)), facts)


def cause(error: OSError) -> Told:
    """Return why the system refused, in its words: those that catalogues know in any language."""
    return Words.again(error.strerror or str(error))


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


def differing(said: Told) -> dict[str, dict[Lang, str]]:
    """Return ``sentences``, what is told in each language, for JSON; nothing where all say the same."""
    found = {lang: said.to(lang) for lang in languages()}
    return {"sentences": found} if len(set(found.values())) > 1 else {}
