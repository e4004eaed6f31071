"""The auditor's part of the demonstration: questions, the offline check, what is found out."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import which

import msgspec

from ledger.answering.prover import prove
from ledger.audit import verify_ledger
from ledger.demo.cast import BAD_LOT, GARDEN, GOOD_LOT, MARK, MODEL, PARTIES, TEA, Stage
from ledger.demo.telling import Say
from ledger.errors import PinyuanError, VerificationError
from ledger.evidence.bundle import Bundle, decode_bundle, encode_bundle, verify_bundle
from ledger.evidence.trust_text import offered, text_of
from ledger.files.archive import DirectoryReader, export
from ledger.phrases import paragraphs, with_names
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.texts import Lang, saying
from ledger.tlog.trust import parse_trust

BLOCKED = ("sqlalchemy", "alembic", "psycopg", "pysqlite3", "sqlite3")
BASE_INSTALL = f"""
import sys
import textwrap
for name in {BLOCKED!r}:
    sys.modules[name] = None
def no_network(event, _arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise RuntimeError("the network was asked for")
sys.addaudithook(no_network)
from ledger.cli.main import main
main()
"""
"""Runs the command as an auditor's computer does that has the base install and no network."""


def size_of(stage: Stage) -> int:
    """Return how many entries the ledger has."""
    with reading(stage.log.engine) as snapshot:
        head = snapshot.head()
    return 0 if head is None else head.size


def _ask(
    stage: Stage,
    say: Say,
    name: str,
    parameters: dict[str, str],
    *,
    known_at: int | None = None,
    lines: int | None = None,
) -> Bundle:
    """Ask, and say the answer, or its first lines."""
    proven = prove(stage.log, name, parameters, known_at=known_at)
    told = paragraphs(name, parameters, proven.answer, say.lang)[:lines]
    for named in with_names(told, proven.names, say.lang):
        say(named, deeper=4 if named.startswith("  - ") else 0)
    return proven


def _may_sell() -> dict[str, str]:
    return {
        "trader": PARTIES["shop"][0],
        "product": TEA,
        "territory": "CN-ZJ",
        "channel": "mall.example",
        "shop_type": "multi-brand",
    }


def _expect(bundle: Bundle, verdict: str) -> Bundle:
    found = bundle.answer["verdict"]
    if found != verdict:
        raise VerificationError(
            "{question} answered {found}, the story expects {verdict}",
            question=bundle.question,
            found=found,
            verdict=verdict,
        )
    return bundle


def label(stage: Stage, say: Say, verdict: str) -> None:
    """Ask whether the tea's quality label holds, and when it lapses by itself."""
    lines = 1 if verdict == "yes" else 3  # the first reason, under its heading
    _expect(_ask(stage, say, "label", {"product": TEA}, lines=lines), verdict)


def ask(stage: Stage, say: Say) -> None:
    """An auditor asks while all is well."""
    say(saying("7. An auditor asks: may the shop sell this tea here, and who says so?"))
    _expect(_ask(stage, say, "may_sell", _may_sell()), "yes")
    say(saying("And where does the first lot come from, and is that all there is?"))
    _expect(_ask(stage, say, "trace", {"goods": GOOD_LOT}), "yes")


def own_report(stage: Stage, say: Say, sample: str, digest: str) -> None:
    """Somebody holds a paper report against the ledger."""
    _expect(_ask(stage, say, "report", {"sample": sample, "report": digest}), "yes")


def impact(stage: Stage, say: Say) -> None:
    """Who revokes sees what falls."""
    parameters = {
        "brand": MARK,
        "grantee": PARTIES["distributor"][0],
        "grant": stage.said["grant-distributor"].id.hex(),
    }
    _ask(stage, say, "impact", parameters)


def index(stage: Stage, say: Say) -> None:
    """What moved the quality index of the tea."""
    _expect(_ask(stage, say, "index", {"subject": TEA, "model": MODEL}), "no")


def improvement(stage: Stage, say: Say) -> None:
    """Whether the shop mended what was found."""
    _expect(_ask(stage, say, "improvement", {"trader": PARTIES["shop"][0]}), "yes")


def ask_again(stage: Stage, before: int, say: Say) -> None:
    """The same question after the revocation, as of now and as then known."""
    say(saying("10. The auditor asks again. Now, and as it was known before the lot failed:"))
    _expect(_ask(stage, say, "may_sell", _may_sell()), "no")
    _expect(_ask(stage, say, "may_sell", _may_sell(), known_at=before), "yes")
    say(saying("The second lot:"))
    _expect(_ask(stage, say, "trace", {"goods": BAD_LOT}), "no")


def _trust(stage: Stage, lang: Lang) -> str:
    state = stage.log.state()
    lines = offered(str(stage.log.vkey), state.genesis_id, state.genesis, stage.log.operator)
    return text_of(lines, lang)


def offline(stage: Stage, say: Say) -> None:
    """The answer is checked where there is no database and no network; a withheld sanction shows."""
    trust = _trust(stage, say.lang)
    (stage.folder / "trust.txt").write_text(trust, encoding="utf-8")
    raw = encode_bundle(prove(stage.log, "may_sell", _may_sell()))
    (stage.folder / "may-sell.bundle.json").write_bytes(raw)
    say(
        saying(
            "11. The answer and its evidence are one file of {size} bytes. On a computer with the base install only (no database library, no network):",
            size=len(raw),
        )
    )
    command = ["verify", "bundle", "may-sell.bundle.json", "--trust", "trust.txt"]
    command += ["--lang", say.lang]
    run = subprocess.run(  # noqa: S603 - this very interpreter, words of ours
        [sys.executable, "-c", BASE_INSTALL, *command],
        cwd=stage.folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    for line in run.stdout.splitlines():
        say.as_it_is(line, 4)
    if run.returncode:
        raise VerificationError("the offline check failed: {stderr}", stderr=run.stderr.strip())
    _withhold(stage, trust, say)


def _withhold(stage: Stage, trust: str, say: Say) -> None:
    subject = PARTIES["shop"][0]
    raw = encode_bundle(prove(stage.log, "sanctions", {"subject": subject}))
    parts = msgspec.json.decode(raw)
    for history in parts["histories"]:
        if (history["topic"], history["subject"]) == ("sanction", subject):
            history["entries"].clear()
    parts["answer"] |= {"verdict": "no", "live": [], "rests_on": []}
    forged = msgspec.json.encode(parts) + b"\n"
    decode_bundle(forged)
    say(
        saying(
            "12. Asked for the shop's sanctions, the operator hands out an answer without the one there is:"
        )
    )
    _found(say, lambda: verify_bundle(forged, parse_trust(trust), now_us=stage.now_us))


def _found(say: Say, check: Callable[[], object]) -> None:
    try:
        check()
    except PinyuanError as error:
        say(saying("found: {error}", error=error.sentence), 4)
    else:
        raise VerificationError("what was forged was not found")


def forge(stage: Stage, say: Say) -> None:
    """The whole ledger is exported and derived again; a row forged in a copy is found."""
    with closing(DatabaseReader(stage.settings.database_url)) as reader:
        size = export(reader, stage.folder / "export")
    report = verify_ledger(DirectoryReader(stage.folder / "export"), replay=True, workers=1)
    say(
        saying(
            "13. The whole ledger, {size} entries, is exported as tiles, and derived again from them: {seals} seals, {histories} histories, every rule replayed;",
            size=size,
            seals=report.seals,
            histories=report.histories,
        )
    )
    say(saying("root {root}", root=report.root.hex()), 4)
    copy = stage.folder / "forged.sqlite"
    stage.log.engine.dispose()
    _forge_copy(stage.folder / "ledger.sqlite", copy)
    say(
        saying(
            "14. In a copy of the database, somebody with its password lets the failed sampling pass:"
        )
    )

    def check() -> None:
        with closing(DatabaseReader(f"sqlite:///{copy}")) as reader:
            verify_ledger(reader, workers=1)

    _found(say, check)


def _forge_copy(original: Path, copy: Path) -> None:
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("DROP TRIGGER entries_no_update")
        for index, leaf in target.execute("SELECT idx, leaf FROM entries").fetchall():
            forged = leaf.replace(b'"nonconforming":5', b'"nonconforming":1')
            if forged != leaf:
                target.execute("UPDATE entries SET leaf = ? WHERE idx = ?", (forged, index))
        target.commit()


def commands(stage: Stage, say: Say) -> None:
    """What to try next."""
    asked = _may_sell()
    at = f"--dir {stage.folder}"
    say()
    if which("pinyuan") is None:
        say(saying("First, so that the shell finds the command:"), 0)
        say.as_it_is(f'export PATH="{Path(sys.executable).parent}:$PATH"', 2)
        say()
    say(saying("Now try:"), 0)
    say.as_it_is(
        f"pinyuan may-sell {at} --trader 清河茶铺 --product {TEA.rpartition('/')[2]} "
        f"--territory 浙江 --channel mall.example --lang zh",
        2,
    )
    for command in (
        f"trace {at} {BAD_LOT}",
        f"visits {at} {GARDEN}",
        f"sanctions {at} {asked['trader']}",
        f"index {at} food/tea",
        f"show {at} {stage.said['sanction'].index}",
        f"verify ledger {at} --replay",
        f"verify export {stage.folder}/export --trust {stage.folder}/trust.txt --replay",
        f"verify bundle {stage.folder}/may-sell.bundle.json --trust {stage.folder}/trust.txt",
    ):
        say.as_it_is(f"pinyuan {command}", 2)
