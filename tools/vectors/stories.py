"""The stories of the transcript: what is said to logs on paper, what becomes of it, what is read."""

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from paper import Paper, copy_of
from questions.scene import performed
from rules.telling import NEXT_RULES, WITNESS, Scenario, genesis_fields, tell
from usual import Told
from world import ORIGIN, START_US

from ledger.cose.keys import ALG_NAMES, EDDSA
from ledger.errors import PinyuanError
from ledger.histories.views import MemoryView, TracingView
from ledger.questions.book import MALFORMED, REGISTRY, Case, review
from ledger.rules.published import PUBLISHED
from ledger.statements.catalogue import CATALOGUE, GENERIC, InvalidBody, decode_body, type_name
from ledger.statements.envelope import parse_statement
from ledger.writing.log import Outcome, Refused, Registered
from vectors.reads import Cites, Entries, Reads, derived, values_of

READS: tuple[Reads, Cites] | None = None
"""Where reads and citations are noted, while they are traced."""
PLACEHOLDER = "0" * 64
MADE_BY_LOGS = {"seal"}
"""Types that no story submits: a log seals by itself."""
SCENARIOS = Path(__file__).resolve().parents[2] / "tests" / "rules" / "scenarios"


@contextmanager
def placeholders() -> Iterator[None]:
    """Let version 1 of the rules have the digest 00...00, and version 2 be published."""
    before = dict(PUBLISHED)
    PUBLISHED.update({1: PLACEHOLDER, NEXT_RULES["version"]: NEXT_RULES["digest"]})
    try:
        yield
    finally:
        PUBLISHED.clear()
        PUBLISHED.update(before)


class Recorder(Paper):
    """A world on paper that writes down what is said to it."""

    def __post_init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        super().__post_init__()

    def admit(self, *statements: bytes) -> list[Registered]:
        """Register the genesis that begins a world, as any other batch."""
        return [item for item in self.register(*statements) if isinstance(item, Registered)]

    def register(self, *statements: bytes) -> list[Outcome]:
        """Register what the rules let in, and write down what became of each."""
        time_us, outcomes, told = self.now_us, [], []
        for raw in statements:
            self.trace_rules(raw)
            try:
                outcome = self._one(raw, honest=True)
            except PinyuanError:
                outcomes.append(Refused((), b""))
                told.append({"bytes": spelled(raw), "refused": [MALFORMED]})
                continue
            outcomes.append(outcome)
            if isinstance(outcome, Registered):
                told.append({"bytes": spelled(raw), "index": outcome.index})
            else:
                rules = list(dict.fromkeys(item.rule for item in outcome.refusals))
                told.append({"bytes": spelled(raw), "refused": rules})
        self._seal()
        self.lines.append({"time_us": time_us, "statements": told})
        return outcomes

    def trace_rules(self, raw: bytes) -> None:
        """Note what each rule reads when it is asked about a statement."""
        if READS is None:
            return
        try:
            statement = parse_statement(raw)
        except PinyuanError:
            return
        body = decode_body(statement)
        name = "" if isinstance(body, InvalidBody) else type_name(body)
        known = [*values_of(statement)]
        reads, cites = READS
        if body is not None and not isinstance(body, InvalidBody):
            cites.note(body)
        for rule in REGISTRY.for_type(name, native=body is not None):
            trace = TracingView(self.view)
            case = Case(statement, body, trace, ORIGIN, self.size, self.now_us)
            list(rule.check(case))
            if trace.histories:
                reads.note(rule.id, trace, ORIGIN, known)

    def reopen(self, **_: object) -> None:
        """Paper is always open; its seals carry no signature."""


def spelled(raw: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(raw).decode()


def beginnings() -> dict[str, Told]:
    """Return the two worlds that stories begin in."""
    found = {}
    for name in ("beginning", "tea"):
        world = Recorder(Path(), "")
        told = Told(world)
        world.told = told
        if name == "tea":
            told.begin()
        found[name] = told
    return found


def again(beginning: Told) -> Told:
    """Return a beginning to be told on, with an empty record."""
    made = copy_of(beginning.world, beginning)
    made.world.__class__ = Recorder
    made.world.lines = []
    made.world.told = made
    return made


def told_on(beginning: Told, scenario: Scenario) -> list[dict[str, Any]] | None:
    """Return what a scenario says and what became of it, None where paper cannot tell it."""
    made = again(beginning)
    try:
        for batch in scenario.story:
            tell(made.world, batch)
    except (AttributeError, AssertionError, PinyuanError):
        return None
    lines = made.world.lines
    return lines if all(repeatable(item) for line in lines for item in line["statements"]) else None


def repeatable(item: dict[str, Any]) -> bool:
    """Return whether a statement is the same every time: ES256 signatures are not."""
    try:
        statement = parse_statement(base64.b64decode(item["bytes"]))
    except PinyuanError:
        return True
    return ALG_NAMES[statement.alg] == ALG_NAMES[EDDSA]


def outcomes_in(lines: Iterable[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """Return the rules that were broken and the types that were let in."""
    rules: set[str] = set()
    types: set[str] = set()
    for line in lines:
        for item in line["statements"]:
            if "refused" in item:
                rules.update(item["refused"])
            else:
                types.add(type_name(decode_body(parse_statement(base64.b64decode(item["bytes"])))))
    return rules, types


def stories() -> Iterator[dict[str, Any]]:
    """Yield the stories: the beginnings, a refusal for every rule, and acceptances that are missing.

    Raises:
        LookupError: no scenario breaks a rule or accepts a type so that it can be told here.

    """
    begun = beginnings()
    rules: set[str] = set()
    types: set[str] = set()
    for name, told in begun.items():
        yield {"story": name, "batches": told.world.lines}
        types |= outcomes_in(told.world.lines)[1]
    refused = false_beginning(begun["beginning"].world)
    rules |= outcomes_in(refused["batches"])[0]
    yield refused
    modules = sorted(path.stem for path in SCENARIOS.glob("*.py") if path.stem != "__init__")
    rows = [row for name in modules for row in import_module(f"rules.scenarios.{name}").SCENARIOS]
    wanted_types = {*CATALOGUE, GENERIC} - MADE_BY_LOGS
    wanted_rules = {MALFORMED, *REGISTRY.rules}
    for breaking in (True, False):
        for row in rows:
            if (row.rule in row.refused) != breaking or (breaking and row.rule in rules):
                continue
            if not breaking and wanted_types <= types:
                break
            lines = told_on(begun[row.world], row)
            if lines is None:
                continue
            broken, let_in = outcomes_in(lines)
            if (breaking and row.rule in broken) or (not breaking and let_in - types):
                rules |= broken
                types |= let_in
                yield {
                    "story": f"{row.rule}: {row.sentence}",
                    "behind": row.world,
                    "batches": lines,
                }
    if missing := (wanted_rules - rules) | (wanted_types - types):
        msg = f"no story: {', '.join(sorted(missing))}"
        raise LookupError(msg)


def false_beginning(world: Paper) -> dict[str, Any]:
    """Return the story of a log that cannot begin: its quorum is larger than its list of witnesses."""
    fields = genesis_fields(world) | {"witnesses": [WITNESS], "quorum": 2}
    raw = world.statement("genesis", fields)
    statement = parse_statement(raw)
    view = MemoryView(lambda _: START_US)
    case = Case(statement, decode_body(statement), view, ORIGIN, 0, START_US)
    told = {"bytes": spelled(raw), "refused": [item.rule for item in review(case)]}
    batch = {"time_us": START_US, "statements": [told]}
    return {"story": "a log begins with a quorum that nobody can reach", "batches": [batch]}


def line_of(value: Any) -> bytes:
    """Return a JSON value on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def reads() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return what every rule reads in these stories, and every question in the tests' scenes.

    Also what types cite, and of which types the entries are that the reasons of these scenes name.
    """
    global READS  # noqa: PLW0603 - the worlds of the tests' stories are told by functions
    rules, cites = READS = Reads(), Cites()
    with placeholders():
        for _ in stories():
            pass
    READS = None
    questions, entries = Reads(), Entries()
    begun = Told(Paper(Path(), ""))
    begun.begin()
    from questions.test_scenes import SCENES

    for scene in SCENES:
        paper, asks, at_us, _ = performed(copy_of(begun.world, begun), scene)
        answer, trace = paper.fold(scene.question, asks, valid_at_us=at_us)
        known = [pair for name, value in asks.items() for pair in derived(name, str(value))]
        questions.note(scene.question, trace, ORIGIN, known)
        entries.note(answer, trace)
    asked = {"history": {"its topic": ["its subject"]}} | questions.table()
    return {
        "rules": rules.table(),
        "questions": asked,
        "reasons": entries.table(),
        "cites": cites.table(),
    }
