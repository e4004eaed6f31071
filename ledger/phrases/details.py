"""What an answer found besides its reasons, a line each: what was said, what falls, what moved."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger.identifiers import ALL
from ledger.phrases.sentences import reason_clause, value_word
from ledger.phrases.type_words import type_word
from ledger.phrases.value_words import ACTIVITIES, MEASURED, measured_words
from ledger.phrases.verdict_sentences import filled
from ledger.statements.draw_family import OBJECT
from ledger.statements.quality_family import GRADES
from ledger.texts import Lang, Words
from ledger.texts.joints import COLON, WITHIN, listed, parts

_LINES: Mapping[str, Words] = {
    "entries": Words(
        "{issued_at} {issuer}: {type}{decided} ({about}; entry {entry}{later}{undone})"
    ),
    "ending": Words(
        "{kind} {name} of {holder} by {issuer}: ends at {until}{begins}{renewal} (entry {entry})"
    ),
    "grants": Words("grant to {grantee}{begins} (entry {entry})"),
    "reports": Words(
        "{type} {number} by {laboratory} of {issued}: sample {sample}, lot {lot}, {state} (entry {entry})"
    ),
    "results": Words("{property}: {value}{unit}, {outcome}, {state} (entry {entry})"),
    "traders": Words("trader {0}"),
    "shops": Words("shop {0}"),
    "moves": Words("entry {entry}: {to}, following from {by}"),
    "listings": Words("listing of {product} in {shop} for {territories} (entry {entry})"),
    "uncovered": Words("not inspected: {product} of {trader}, on sale in {shops}"),
    "moved": Words(
        "{points} points: {source} of {about} at {on}, {failure} (entry {entry}){mended}"
    ),
    "trend": Words("{month}: [score {score}, ]grade {grade}, outcomes {outcomes}"),
    "invitations": Words("{to}, {from} to {until}: {state}{visits} (entry {entry})"),
    "calls": Words("call for observers, {from} to {until}: {state}; {seats} (entry {entry})"),
    "members": Words(
        "{party}, {kind}, applied {applied}: {state}[, {reason}]{ties}; invitations {invited} (entry {entry})"
    ),
    "drawn": Words(
        "observer drawn in {draw}: {party}[, invited by entry {invitation}] (entry {entry})"
    ),
    "invited": Words(
        "invited: {observer}, {from} to {until}: {state}[, to be published by {publish_by}][, published {published}] (entry {entry})"
    ),
    "owners": Words("place of {party} in {country}: {activities} (entry {entry})"),
    "marks": Words(
        "{kind} of {holder}: {brand} for {goods}, {from} to {until}: {state}{why} (entry {entry})"
    ),
    "held": Words(
        "held from {issuer}: {goods} of {brand} in {territories} on {channels} (types of shop: {shop_types}; shops: {shops}), {from} to {ends}, may be granted on {depth} levels: {state}{why} (entry {entry})"
    ),
    "given": Words(
        "{issuer} to {grantee}: {goods} of {brand} in {territories} on {channels} (types of shop: {shop_types}; shops: {shops}), {from} to {ends}, may be granted on {depth} levels: {state}{why}{below} (entry {entry})"
    ),
    "listed": Words("{product} in {shop} for {territories}: {verdict}{why} (entry {entry})"),
    "audits": Words("audit by {auditor} on {on}, due again {next_due}: {findings} (entry {entry})"),
    "made_there": Words("{lot} of {maker}, made {made}: {amount} {unit} (entry {entry})"),
    "parties": Words("{party}: {how}{by} (papers: entries {papers})"),
    "papers": Words(
        "{holder} belongs to {of} ({relation}), by {issuer}: {number}, {from} to {until} (entry {entry})"
    ),
    "first": Words("{when}{effect}{why}"),
    "products": Words(
        "{product} in {category}: [score {score}, ]grade {grade}, outcomes {outcomes}[; its category {usual}, apart {apart}]"
    ),
    "found": Words("{mode}, {severity}: {count} (entries {entries})"),
    "complaints": Words(
        "complaint about {product}[, lot {lot}][, shop {shop}] of {on} (entry {entry})"
    ),
    "returned": Words("{reason}: {count}"),
    "times": Words(
        "{from} to {until}: sold {sold}, came back {came_back}[, {rate} in 10,000]{late} (entry {entry})"
    ),
    "missing": Words("no figures from {from} until {until}"),
    "observed": Words("observed of {about} on {on}: {findings} (entry {entry})"),
    "picks": Words("{role}, {key}: {state}[, rank {rank}][, ticket {ticket}][ (entry {entry})]"),
    "quarters": Words("{quarter}: {executed} of {expected} picks executed"),
    "draws": Words("{draw}: {state}, {executed} of {left} picks executed (entry {entry})"),
    "promises": Words("{promise}, from {from}: {kept} (entry {pledge})"),
}
_ORDERS: Mapping[str, Words] = {
    "entries": Words("What was said, in the order of registration:"),
    "ending": Words("What ends, the soonest first:"),
    "first": Words("What to mend first, by what it moves:"),
    "products": Words("Index of each product against its category:"),
    "returned": Words("What came back, by reason, the most first:"),
    "times": Words("Figures by time, the newest first:"),
    "found": Words("What was found, by class and mode:"),
    "moved": Words("What moved the index, the heaviest first:"),
}
"""What stands above a list that has an order of its own; each other is in that of registration, or of ids."""
_KEPT = {
    "yes": Words("kept"),
    "no": Words("broken"),
    "unknown": Words("nobody can say"),
}
_WHEN = {"now": Words("now"), "ahead": Words("ahead")}
_ALONE = Words("; puts or keeps on sale: {0}")
_GAINS = Words("; index {0}")
_AGAINST = Words("; stands against: {0}")
_SAID_LATE = Words("; stated late")
_RENEWED = Words("; renewed by entry {0}")
_LATER = Words("; said later than asked about")
_UNDONE = Words("; undone by {0}, entry {1}")
_PASSED = Words("passed")
_FAILED = Words("failed, {0}")
_MENDED = Words("; found mended (entry {0})")
_BEGINS = Words(", from {0}")
_INSUFFICIENT = Words("insufficient")


_OF_GRADE = Words("product of grade {0}")
_UNGRADED = Words("product without a grade")
_DRAWN_AS = {
    "inspector": Words("inspector", "drawn"),
    "laboratory": Words("laboratory", "drawn"),
    "observer": Words("observer", "drawn"),
}
"""Role -> who is drawn in it."""
_IN_SO_MUCH = Words(" in {0}", "what was looked for")
_STATES = {
    ("invitations", "open"): Words("open", "invitation"),
    ("invited", "open"): Words("open", "invitation"),
    ("calls", "open"): Words("open for applications", "call"),
    ("draws", "open"): Words("waits for its result", "draw"),
    ("picks", "open"): Words("not executed yet", "pick"),
}
"""List and state -> its word where it is another there."""
_ANY = Words("any")
_FOR_EVER = Words("no end")
_BELOW = Words("; below it {0}")
_FOLLOWED = Words(", visits {0}")
_SEATS = Words("{0}: seats {1}, applied {2}, appointed {3}, declined {4}, unanswered {5}")
_TIED_TO = Words(", declares ties to {0}")
_NO_FINDINGS = Words("no findings")
_NONE = Words("none", "entries")
_VERDICTS = {
    "yes": Words("yes", "verdict"),
    "no": Words("no", "verdict"),
    "unknown": Words("unknown", "verdict"),
}


WORDS = {"outcome", "state"}
"""Facts of a line that are words of ours."""


def _promise(value: Mapping[str, Any], lang: Lang) -> str:
    """Return what was promised: a standard, conduct of a kind, or something in words."""
    days = value["within_days"]
    told = value["standard"] or value["text"] or value_word(value["promise"], lang)
    return told if days is None else f"{told} ({days})"


def _decided(decision: str | None, lang: Lang) -> str:
    """Return what an inspection decided, behind its type."""
    if decision is None:
        return ""
    return WITHIN.to(lang) + value_word(decision, lang)


def _became(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return that something was said later than asked about, and who undid it."""
    undone = value.get("undone")
    by = "" if undone is None else _UNDONE.fill(lang, undone["issuer"], undone["entry"])
    return {"later": _LATER.to(lang) if value.get("later") is True else "", "undone": by}


def _row(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    row = {name: str(item) for name, item in value.items() if item is not None}
    if "type" in row:
        row["type"] = type_word(row["type"], lang)
    row["decided"] = _decided(value.get("decided"), lang)
    row |= _became(value, lang)
    for name in WORDS.intersection(row):
        row[name] = value_word(row[name], lang)
    if "kept" in value:
        row["promise"] = _promise(value, lang)
        row["kept"] = _KEPT[value["kept"]].to(lang)
    if "territories" in value:
        row["territories"] = listed(value["territories"], lang)
    if "by" in value:
        row["to"] = value_word(row["to"], lang)
        row["by"] = listed(list(map(str, value["by"])), lang)
    if "points" in value:
        row["points"] = f"{value['points']:+}"
        row["source"] = value_word(value["source"], lang)
        failed = _FAILED.fill(lang, value_word(str(value["failure"]), lang))
        row["failure"] = _PASSED.to(lang) if value["failure"] is None else failed
        mended = value.get("mended_by")
        row["mended"] = "" if mended is None else _MENDED.fill(lang, mended)
    if "grantee" in value:
        begins = value.get("begins")
        row["begins"] = "" if begins is None else _BEGINS.fill(lang, begins)
    row |= _of_rights(value, lang)
    row |= _of_ties(value, lang)
    row |= _of_ends(value, lang)
    row |= _of_centre(value, lang)
    row |= {"role": drawn_as(value["role"], lang)} if "ticket" in value else {}
    row |= _of_group(value, lang)
    if "score" in value and value["score"] is None:
        row["grade"] = _INSUFFICIENT.to(lang)
    if "shops" in value:
        row["shops"] = _any(value["shops"], lang)
    return row


def _of_group(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what lines say of calls for observers, and of who applied."""
    row = {}
    if "seats" in value:
        named = ("count", "applied", "appointed", "declined", "unanswered")
        row["seats"] = parts(
            [
                _SEATS.fill(lang, value_word(seat["kind"], lang), *(seat[name] for name in named))
                for seat in value["seats"]
            ],
            lang,
        )
    if "ended_by" in value:
        row["ties"] = _TIED_TO.fill(lang, listed(value["ties"], lang)) if value["ties"] else ""
        if value["reason"] is not None:
            row["reason"] = value_word(value["reason"], lang)
    return row


def _of_list(name: str, value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what is said otherwise in one list than elsewhere."""
    if name == "results":
        unit, said = value["unit"], value["value"].split(", ")
        looked_for = all(one in MEASURED for one in said)
        told = _IN_SO_MUCH.fill(lang, unit) if looked_for else f" {unit}"
        return {
            "value": measured_words(value["value"], lang),
            "unit": "" if unit == "-" else told,
        }
    state = _STATES.get((name, str(value.get("state"))))
    return {} if state is None else {"state": state.to(lang)}


def _of_ends(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what a line says of a paper or grant that ends."""
    if "renewed" not in value:
        return {}
    again, begins = value["renewed"], value["begins"]
    return {
        "kind": value_word(value["kind"] or value["what"], lang),
        "begins": "" if begins is None else _BEGINS.fill(lang, begins),
        "renewal": "" if again is None else _RENEWED.fill(lang, again),
    }


def _of_centre(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what lines say of what a trader's quality people look at."""
    if "gains" in value:
        effects = [
            words.fill(lang, told)
            for words, count, told in (
                (_ALONE, value["alone"], str(value["alone"])),
                (_GAINS, value["gains"], f"{value['gains']:+}"),
                (_AGAINST, value["against"], str(value["against"])),
            )
            if count
        ]
        return {"when": _WHEN[value["when"]].to(lang), "effect": "".join(effects)}
    if "came_back" in value:
        return {"late": _SAID_LATE.to(lang) if value["late"] else ""}
    if value.keys() == {"reason", "count"}:
        return {"reason": value_word(value["reason"], lang)}
    if "usual" in value:
        return {} if value["apart"] is None else {"apart": f"{value['apart']:+}"}
    if "mode" in value and "severity" in value:
        entries = listed(list(map(str, value["entries"])), lang)
        words = {name: value_word(value[name], lang) for name in ("mode", "severity")}
        return words | {"entries": entries}
    return {}


def _of_ties(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what lines say of who is tied, and of the papers that say so."""
    if "relation" in value:
        return {"relation": value_word(value["relation"], lang)}
    if "how" not in value:
        return {}
    papers = listed(list(map(str, value["papers"])), lang) or _NONE.to(lang)
    by = value["through"] if value["how"] == "beside" else value["uscc"]
    how = value_word(value["how"], lang)
    return {"how": how, "by": COLON.to(lang) + by if by else "", "papers": papers}


def drawn_as(role: str, lang: Lang) -> str:
    """Return in which role somebody is drawn: a product by its grade."""
    if role.startswith(OBJECT):
        grade = role.removeprefix(OBJECT)
        return _OF_GRADE.fill(lang, grade) if grade in GRADES else _UNGRADED.to(lang)
    return _DRAWN_AS[role].to(lang)


LISTS = ("goods", "territories", "channels", "activities")
"""Facts of a line that are lists of names."""


def _any(items: Sequence[str], lang: Lang) -> str:
    """Return a list of names, ``*`` as the word for any."""
    return listed([_ANY.to(lang) if one == ALL else _called(one, lang) for one in items], lang)


def _called(name: str, lang: Lang) -> str:
    """Return a name as it is, an activity by its word."""
    return ACTIVITIES[name].to(lang) if name in ACTIVITIES else name


def _of_rights(value: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what lines say of rights, listings, invitations and places."""
    row = {name: _any(value[name], lang) for name in LISTS if isinstance(value.get(name), list)}
    row |= {
        name: _FOR_EVER.to(lang)
        for name in ("until", "ends")
        if name in value and value[name] is None
    }
    if isinstance(value.get("shop_types"), list):
        row["shop_types"] = _any([value_word(one, lang) for one in value["shop_types"]], lang)
    if value.get("kind") is not None:
        row["kind"] = value_word(str(value["kind"]), lang)
    if "why" in value:
        said = [reason_clause(one, lang) for one in value["why"]]
        row["why"] = COLON.to(lang) + parts(said, lang) if said else ""
    below = value.get("below", 0)
    row["below"] = _BELOW.fill(lang, below) if below else ""
    if isinstance(value.get("visits"), list):
        visits = listed(list(map(str, value["visits"])), lang)
        row["visits"] = _FOLLOWED.fill(lang, visits) if visits else ""
    if "verdict" in value:
        row["verdict"] = _VERDICTS[value["verdict"]].to(lang)
    if "findings" in value:
        found = [f"{value_word(one['severity'], lang)} {one['point']}" for one in value["findings"]]
        row["findings"] = listed(found, lang) or _NO_FINDINGS.to(lang)
    return row


def details(answer: Any, lang: Lang) -> Iterator[str]:
    """Yield a line for each statement of a trace, thing that falls with a grant, or move of a series."""
    if not isinstance(answer, dict):
        return
    for name, words in _LINES.items():
        line = words.to(lang)
        if name in _ORDERS and answer.get(name):
            yield _ORDERS[name].to(lang)
        for value in answer.get(name, ()):
            if isinstance(value, dict):
                yield filled(line, _row(value, lang) | _of_list(name, value, lang))
            else:
                yield line.format(value)
