"""The trust file that a log offers: to be checked and completed by whoever relies on it."""

from dataclasses import dataclass

from ledger.evidence.fresh import age_lines
from ledger.phrases.called import name_in
from ledger.statements.log_family import Genesis
from ledger.texts import Lang, saying, told
from ledger.texts.joints import ASIDE


@dataclass(frozen=True, slots=True)
class _Named:
    """Who operates a log: its name as genesis has it, its id beside."""

    id: str
    genesis: Genesis

    def to(self, lang: Lang) -> str:
        """Return it in a language."""
        name = name_in(self.genesis.names.given, lang)
        return self.id if name is None else name + ASIDE.fill(lang, self.id)


def offered(
    log_key: str,
    genesis_id: bytes,
    genesis: Genesis,
    operator: str,
    *,
    shown_by: str | None = None,
) -> list[str]:
    """Return the lines of a trust file for a log; comments say themselves in a language.

    Args:
        log_key: its verifier key, whose name is the log's.
        genesis_id: the id of its first statement.
        genesis: what that says.
        operator: who signed it.
        shown_by: a server whose word all this is: the witnesses that an operator chose are taken
            from nobody's word.

    """
    facts = {"origin": log_key.partition("+")[0], "operator": _Named(operator, genesis)}
    if shown_by is None:
        first = saying("# the log {origin}, operated by {operator}", **facts)
        quorum = _quorum_lines(genesis)
    else:
        first = saying(
            "# the log {origin}, operated by {operator}, as {url} shows it", **facts, url=shown_by
        )
        quorum = list(_NONE_ASKED)
    return [
        first,
        f"log {log_key}",
        f"genesis {genesis_id.hex()}",
        *quorum,
        *age_lines(genesis.clock),
    ]


def text_of(lines: list[str], lang: Lang) -> str:
    """Return a trust file's text, its comments in a language."""
    return "".join(f"{told(line, lang)}\n" for line in lines)


_NONE_ASKED = (
    saying("# no witness is asked for: name some, and a quorum, when they are there"),
    "quorum none",
)


def _quorum_lines(genesis: Genesis) -> list[str]:
    """Return the witnesses and the quorum that genesis names as a trust file has them."""
    if not genesis.quorum:
        return list(_NONE_ASKED)
    names = [f"w{number}" for number in range(1, len(genesis.witnesses) + 1)]
    return [
        saying("# the witnesses the operator chose: keep those that you trust"),
        *(f"witness {name} {vkey}" for name, vkey in zip(names, genesis.witnesses, strict=True)),
        f"group witnesses {genesis.quorum} {' '.join(names)}",
        "quorum witnesses",
    ]
