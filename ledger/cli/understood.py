"""What was typed for a parameter, and what it became: names, bare numbers, local dates, Chinese values.

One mechanism reads cells of sheets and these (``tables.arguments``). What became of it is said on
standard error, and under ``understood`` in JSON.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.cli.common import BECAME, local_zone, note, plain_time, read_file
from ledger.errors import ParameterError, UsageError
from ledger.texts import ENGLISH, Words, told
from ledger.texts.joints import either

if TYPE_CHECKING:
    from ledger.cli.finding import AtHand
    from ledger.questions.declared import Parameter, Question
    from ledger.tables.reading import Reading
    from ledger.texts import Lang

THE_REPORT = Words("entry {0}, {1}", "a report and its sample")
NO_LEDGER = "no ledger is at hand"


def _product_of(text: str) -> str | None:
    """Return the product of a product, lot or item, None of all else."""
    from ledger.errors import MalformedError
    from ledger.identifiers import product_of

    try:
        return product_of(text)
    except MalformedError:
        return None


@dataclass(slots=True)
class Typed:
    """What is read with: where names are looked up, the time zone, the language.

    ``given``: by name, what was typed where it became something else.
    """

    find: "Callable[[], AtHand] | None"
    zone: str | None
    lang: "Lang"
    given: dict[str, str] = field(default_factory=dict)
    _there: "AtHand | None" = None

    def parameters(self, asked: "Question", typed: Mapping[str, str]) -> dict[str, str]:
        """Return a question's parameters in their one form; say what became of those that had another.

        Raises:
            ParameterError: what cannot be read, in both languages.

        """
        from ledger.cli.answerers import LOOKED_UP
        from ledger.cli.parameters import flag_of
        from ledger.identifiers.statement_ids import names_statement
        from ledger.questions.forms import faults
        from ledger.statements.topics import KEPT_BY, STATEMENT
        from ledger.tables.arguments import read_parameter, read_subject

        found: dict[str, str] = {}
        looked_up = LOOKED_UP.get(asked.name, ("",))[0]  # an id or an index: found in the log
        for item in asked.parameters:
            if item.name not in typed:
                continue
            text = typed[item.name]
            if item.name == looked_up:
                found[item.name] = self._grant(flag_of(asked, item), text)
                continue

            def read(how: "Reading", item: "Parameter" = item, text: str = text) -> str:
                if asked.name == "history" and item.name == "subject":
                    if STATEMENT in KEPT_BY.get(found["topic"], ()) and names_statement(text):
                        return self._at_hand().statement(text)[0].id.hex()
                    return read_subject(found["topic"], text, how, self._registered)
                if one := self._by_another(asked, item, text):
                    return one
                read_as = read_parameter(item.form, text, how, self._registered)
                if item.form == "sample" and read_as != text:
                    self._no_report(flag_of(asked, item), text, read_as)
                return read_as

            strict = faults(asked, {item.name: text}) if ":" in text else ()
            why = next((str(why) for _, why in strict), None)
            found[item.name] = self._read(item.name, flag_of(asked, item), text, read, why)
        for item, wrong in faults(asked, {k: v for k, v in found.items() if k != looked_up}):
            raise ParameterError("{flag}: {why}", flag=flag_of(asked, item), why=wrong)
        return found

    def _grant(self, flag: str, text: str) -> str:
        """Return the entry of a grant as it is given, or of the one grant that a named party has."""
        from ledger.cli.which_grant import grant_of, names_entry
        from ledger.tables.arguments import read_parameter

        if names_entry(text):
            return text
        party = text
        if ":" not in text:
            party = self._read(
                "grantee",
                flag,
                text,
                lambda how: read_parameter("party", text, how, self._registered),
            )
        with self._at_hand().reading() as view:
            found = grant_of(view, party)
        self.given["grant"] = text
        note(
            BECAME.fill(
                self.lang, told(flag, self.lang), text, Words("entry {0}").fill(self.lang, found)
            )
        )
        return found

    def times(self, at: str | None, known_at: str | None) -> tuple[str | None, str | None]:
        """Return ``--at`` and ``--known-at`` in UTC; say what became of local ones."""
        return self.time("at", at), self.time("known_at", known_at)

    def time(self, name: str, text: str | None) -> str | None:
        """Return a moment in UTC; remember what was typed where that was a local one."""
        plain = plain_time(text, f"--{name.replace('_', '-')}", self.zone)
        if text is not None and plain != text and plain is not None:
            self.given[name] = text
        return plain

    def row(self) -> dict[str, Any]:
        """Return what stands under ``understood`` in JSON, if anything."""
        return {"understood": self.given} if self.given else {}

    def one(self, flag: str, types: tuple[Any, ...], text: str) -> str:
        """Return one thing of some types that an option or argument names; an id as it is.

        Raises:
            ParameterError: it cannot be read, in both languages.

        """
        from ledger.tables.arguments import read_one

        if ":" in text:
            return text
        return self._read(
            flag, flag, text, lambda how: read_one(types, text, how, self._registered)
        )

    def _read(
        self,
        name: str,
        flag: str,
        text: str,
        read: "Callable[[Reading], str]",
        strict: str | None = None,
    ) -> str:
        """Return what a text stands for; ``strict``: what is wrong with it as an id, in English."""
        from ledger.tables.said import Wrong

        try:
            found = read(self.reading(self.lang))
        except Wrong:
            raise ParameterError("{wrong}", wrong=_Wrong(self, flag, read, strict)) from None
        if found != text:
            self.given[name] = text
            note(BECAME.fill(self.lang, told(flag, self.lang), text, found))
        return found

    def reading(self, lang: "Lang") -> "Reading":
        """Return how cells are read, what is wrong with them in a language."""
        from ledger.tables.reading import Reading

        zone = local_zone(self.zone)
        return Reading(lang, self._called, self._cite, zone, book=lambda: self._at_hand().book)

    def _called(self, kind: str, name: str) -> tuple[str, ...]:
        return self._at_hand().called(kind, name)

    def _cite(self, text: str) -> None:
        self._at_hand().statement(text)

    def _by_another(self, asked: "Question", item: "Parameter", text: str) -> str | None:
        """Return what is named by something else: a statement by its index or file, the product of a plan by a lot."""
        if item.form in ("any-statement", "report"):
            return self._statement(text)
        return _product_of(text) if (asked.name, item.form) == ("plan", "product") else None

    def _statement(self, text: str) -> str | None:
        """Return the id of the statement that an index names, or the digest of the file that a path names."""
        from ledger.identifiers.statement_ids import names_statement

        if names_statement(text):
            return self._at_hand().statement(text)[0].id.hex()
        path = Path(text)
        return sha256(read_file(path)).hexdigest() if path.suffix and path.is_file() else None

    def _no_report(self, flag: str, text: str, sample: str) -> None:
        """Refuse the number of a report where the name of a sample is wanted, and no sample has it."""
        if self.find is None or self._registered(sample):
            return
        found = [
            THE_REPORT.fill(self.lang, entry.index, entry.statement.subject)
            for entry in self._at_hand().reports_numbered(text)
        ]
        if found:
            raise ParameterError(
                "{flag}: {text} is the number of a report, not a sample: write the sample of {reports}",
                flag=flag,
                text=text,
                reports=either(found),
            )

    def _registered(self, thing: str) -> bool:
        from ledger.identifiers.kinds import kind_of
        from ledger.statements.topics import REGISTERED_IN

        topic = REGISTERED_IN.get(kind_of(thing) or "")
        if topic is None or self.find is None:
            return False
        with self._at_hand().reading() as view:
            return view.history(topic, thing).count > 0

    def _at_hand(self) -> "AtHand":
        if self._there is None:
            if self.find is None:
                raise UsageError(NO_LEDGER)
            self._there = self.find()
        return self._there


NAMED = Words("{0}: {1}", "what is wrong with a parameter")


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What is wrong with what was typed, said by reading it again in a language.

    ``strict``: what is wrong with it as an id, in English.
    """

    typed: "Typed"
    flag: str
    read: "Callable[[Reading], str]"
    strict: str | None

    def to(self, lang: "Lang") -> str:
        """Return it in a language."""
        from ledger.tables.said import Wrong

        if self.strict is not None and lang == ENGLISH:
            return NAMED.fill(lang, told(self.flag, lang), self.strict)
        try:
            return self.read(self.typed.reading(lang))
        except Wrong as error:
            return NAMED.fill(lang, told(self.flag, lang), str(error))


def typed_at(
    directory: Path | None,
    url: str | None,
    trust: Path | None,
    *,
    first_use: bool,
    zone: str | None,
    lang: "Lang",
) -> Typed:
    """Return what reads what was typed, by the ledger that the options name."""

    def find() -> "AtHand":
        from ledger.cli.at_hand import Served, in_directory

        if url is not None:
            return Served(url, trust, first_use=first_use)
        return in_directory(directory, trust)

    return Typed(find, zone, lang)
