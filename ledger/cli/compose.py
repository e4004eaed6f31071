"""From what a person writes to a payload: citations, amendments, keys, sensitive values.

A citation may be written as the bare id of a statement in the ledger at hand; an amending
statement needs its target and a reason, and repeats the rest by itself.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect as shapes

from ledger.cli.faults import faults
from ledger.cli.finding import AtHand
from ledger.cli.forms import (
    LABELLED,
    explain,
    missing_in,
    place_of,
    target_missing,
    unfilled,
    unknown_in,
)
from ledger.cli.intended import intended
from ledger.cli.moments import Moments, moment_type
from ledger.errors import (
    MalformedError,
    ParameterError,
    PinyuanError,
    StorageError,
    UnknownIdError,
    UsageError,
)
from ledger.identifiers.statement_ids import id_in
from ledger.primitives.near import OFFERED
from ledger.statements.amendment_family import Erasure, Supersede, WithdrawnInError
from ledger.statements.catalogue import (
    CATALOGUE,
    body_of,
    histories_of,
    type_name,
)
from ledger.statements.described import own_fields, part_of, shape
from ledger.statements.envelope import SignedStatement
from ledger.statements.fields import Body, Citation, LocalTime, Time
from ledger.statements.laboratory_family import Objection, ObjectionClosed, RetestReport, Tested
from ledger.statements.statement_type import StatementType
from ledger.statements.typed import Typed
from ledger.tables.said import say
from ledger.texts import Lang, saying, sentence_of
from ledger.texts.joints import either, parts

BLANK = saying("still the template's blank: fill it in or leave the field out")


def citation_of(statement: SignedStatement, body: Body | None) -> dict[str, str]:
    """Return a citation of a statement as payloads have it."""
    topics = dict(reversed(histories_of(statement, body)))  # of one topic the first subject
    named = () if body is None else CATALOGUE[type_name(body)].cited_from
    topic = next((item for item in named if item in topics), histories_of(statement, body)[0][0])
    return {"id": statement.id.hex(), "topic": topic, "subject": topics[topic]}


def compose(
    row: StatementType,
    fields: dict[str, Any],
    at_hand: AtHand,
    *,
    lang: Lang,
    moments: Moments | None = None,
) -> tuple[Body, str | None]:
    """Return the payload that fields stand for, and the subject of what it amends or belongs to.

    ``moments``: reads local dates; by default of no time zone.

    Raises:
        UsageError: citations that are not found, blanks of the template left: all of them.
        MalformedError: names all fields that are missing, unknown or in another form, and these.

    """
    lost: dict[str, str] = dict.fromkeys(unfilled(row.name, fields), BLANK)
    subject = None
    if row.amends and fields.get("target") is None:
        lost["target"] = target_missing(row, lang)
    if row.amends and isinstance(fields.get("target"), str):
        target, body = _looked_up(at_hand, "target", fields["target"])
        if type_name(body) not in row.amends:
            raise UsageError(
                "target: a {body} cannot be: {name} amends {amends}",
                body=Typed(type_name(body)),
                name=Typed(row.name),
                amends=either(map(Typed, row.amends)),
            )
        assert body is not None  # noqa: S101 - generic statements are amended by nothing
        fields = _repeated(row, target, body) | fields
        if row.body is Supersede:
            fields["statement"] = _corrected(
                at_hand.now_says(target, body), fields.get("statement")
            )
        fields["target"] = citation_of(target, body)
        subject = target.subject

    complete = _complete(row, fields, Written(at_hand, moments or Moments(), lost))
    try:
        body = body_of({"v": row.version, "type": row.name, **complete})
    except MalformedError as error:
        first = sentence_of(error.sentence.facts.get("why", error))
        raise _all_wrong(row, complete, lost, first, lang, at_hand) from error
    if lost:
        raise _all_wrong(row, complete, lost, "", lang, at_hand)
    visit = getattr(body, "visit", None)  # an observation's subject is its visit's
    return body, visit.subject if isinstance(visit, Citation) else subject


def _check_cited(text: str) -> None:
    """Refuse what names no statement where a payload cites one."""
    if id_in(text) or text.startswith("@"):
        return
    if text.isdecimal():
        raise UsageError(
            "{text!r} is no statement id: pinyuan cite {text} prints what is written here for that entry",
            text=text[:80],
        )
    raise UsageError(
        "{text!r} is no statement id: 64 lower-case hexadecimal digits, or the first 12 or more of them",
        text=text[:80],
    )


@dataclass(frozen=True, slots=True)
class Written:
    """How what people write shorter than payloads have it is written out; what cannot be is lost, by its path."""

    at_hand: AtHand
    moments: Moments
    lost: dict[str, str]

    def cite(self, path: str, text: str) -> dict[str, str]:
        """Return the citation that a bare id stands for."""
        try:
            _check_cited(text)
            return citation_of(*self.at_hand.statement(text))
        except (UsageError, MalformedError, StorageError) as error:
            self.lost.setdefault(path, _by_its_file(error).sentence)
            return {}

    def moment(self, path: str, text: str, held: type[Time] | type[LocalTime]) -> str:
        """Return the moment that a local date stands for."""
        try:
            return self.moments.read(path, text, held)
        except UsageError as error:
            self.lost.setdefault(path, error.sentence)
            return text


def _complete(row: StatementType, fields: dict[str, Any], how: Written) -> dict[str, Any]:
    """Return fields with each bare id and local time written out, also in the payload that a correction carries."""
    complete: dict[str, Any] = _out(shape(row.body), fields, how, "")
    if row.body is Supersede and isinstance(complete.get("statement"), dict):
        inner = CATALOGUE.get(str(complete["statement"].get("type")))
        if inner is not None:
            said = _out(shape(inner.body), complete["statement"], how, "statement")
            complete = complete | {"statement": said}
    return complete


def _all_wrong(
    row: StatementType,
    fields: dict[str, Any],
    lost: dict[str, str],
    first: str,
    lang: Lang,
    at_hand: AtHand,
) -> UsageError | MalformedError:
    """Return an error that says all that is wrong with fields, each once.

    Args:
        row: the type.
        fields: as they were written, citations looked up.
        lost: what is wrong already, by its path: nothing more is said of what is there.
        first: what makes it no payload, in msgspec's words; told alone where no field is to blame.
        lang: the language of what is told.
        at_hand: where names are looked up, of which the ids are offered.

    """
    alone = {"target", *repeats(row)} if "target" in lost and "target" not in fields else ()
    more = [
        text
        for text in faults(row.body, fields)
        if not any(place_of(text).startswith(path) for path in lost)
        and missing_in(text) not in alone
    ]
    if not lost:
        more = more or [first]

    def meant(text: str) -> str:
        found = intended(row.body, fields, place_of(text), at_hand, lang)
        return "" if found is None or OFFERED in text else say("meant", lang, meant=found)

    paths = {why: [path for path in lost if lost[path] == why] for why in lost.values()}
    said = [
        (found[0], LABELLED.fill(lang, ", ".join(found), sentence_of(why).to(lang)))
        for why, found in paths.items()
    ]
    said += [
        (place_of(text) or unknown_in(text), explain(row, text, lang) + meant(text))
        for text in more
    ]
    order = {name: place for place, name in enumerate(fields)}
    said.sort(key=lambda item: order.get(_first(item[0]), len(order)))
    msg = parts(dict.fromkeys(text for _, text in said), lang)
    if alone:
        return ParameterError(msg)
    return MalformedError(msg) if more else UsageError(msg)


def _first(path: str) -> str:
    """Return the field of the payload that a path leads through."""
    return path.partition(".")[0].partition("[")[0]


def _looked_up(at_hand: AtHand, path: str, text: str) -> tuple[SignedStatement, Body | None]:
    try:
        return at_hand.statement(text)
    except (UsageError, MalformedError, StorageError) as error:
        raise UsageError("{path}: {why}", path=path, why=_by_its_file(error)) from error


def _by_its_file(error: PinyuanError) -> PinyuanError:
    """Return why nothing was found to cite; of an id that is nobody's, how else it is cited."""
    if not isinstance(error, UnknownIdError):
        return error
    return UnknownIdError(
        "{why}; a statement that is signed and not registered yet is cited by its file, as @visit.cose",
        why=error,
    )


def repeats(row: StatementType) -> set[str]:
    """Return the fields of an amending statement that are taken from its target."""
    own = {item.encode_name for item in own_fields(shape(row.body))} - {"target", "reason"}
    if issubclass(row.body, Objection | RetestReport):
        # A retest says the rest for itself: nothing of it may come from what it answers.
        return {"lot", "laboratory", "month"}
    if row.body in (Erasure, WithdrawnInError):
        return {"subjects"}
    if row.body is Supersede:
        return {"statement"}
    said = {
        item.encode_name for name in row.amends for item in own_fields(shape(CATALOGUE[name].body))
    }
    return own & said | ({"report"} if row.body is ObjectionClosed else set())


def _repeated(row: StatementType, target: SignedStatement, body: Body) -> dict[str, Any]:
    """Return the fields of an amending statement that repeat its target's."""
    said = msgspec.to_builtins(body, enc_hook=str)
    if isinstance(body, Tested):
        said |= {"laboratory": target.issuer, "month": body.issued_in}
    if row.name == "authorisation-revocation":
        said["parent"] = said["parent"]["id"]
    if row.body is ObjectionClosed:
        said["report"] = said["target"]["id"]
    said["subjects"] = [list(topic) for topic in histories_of(target, body)]
    return {name: said[name] for name in repeats(row) & said.keys()}


def _corrected(body: Body, changes: Any) -> Any:
    """Return the whole payload after changes of some fields."""
    if changes is not None and not isinstance(changes, dict):
        return changes
    return msgspec.to_builtins(body, enc_hook=str) | (changes or {})


def _out(found: Any, value: Any, how: Written, path: str) -> Any:
    """Return a value with each bare id where a citation belongs written out, and each local time."""
    match found, value:
        case (shapes.StructType(cls=cls), str()) if cls is Citation:
            return how.cite(path, value)
        case _, str() if (held := moment_type(found)) is not None:
            return how.moment(path, value, held)
        case shapes.StructType(fields=parts), dict():
            shapes_by_name = {item.encode_name: item.type for item in parts}
            return {
                name: _out(shapes_by_name.get(name), inner, how, f"{path}.{name}".lstrip("."))
                for name, inner in value.items()
            }
        case shapes.VarTupleType(item_type=item), list():
            return [_out(item, v, how, f"{path}[{n}]") for n, v in enumerate(value)]
        case shapes.UnionType(), _ if (part := part_of(found)) is not None:
            return _out(part, value, how, path)
        case _:
            return value
