"""The rules for statements about the log."""

from rules.telling import (
    NEXT_RULES,
    WITNESS,
    begin,
    breaks,
    genesis_fields,
    keeps,
    late_genesis,
    log_end,
    party,
    rules,
    vkey,
)
from world import ORIGIN, TRADER

from ledger.rules.published import CURRENT, PUBLISHED

SCENARIOS = (
    # The log.
    breaks(
        "genesis-first",
        "the operator submits another genesis",
        late_genesis(),
        refused=("genesis-first", "role"),
    ),
    breaks(
        "genesis-first",
        "a stranger submits a genesis of its own",
        lambda w: w.statement(
            "genesis", genesis_fields(w, TRADER, "trader"), by="trader", issuer=TRADER
        ),
        refused=("genesis-first", "role"),
    ),
    keeps("genesis-first", "a genesis as entry 0", begin()),
    breaks("log-keys", "a log key that is none", begin(log_key="ledger.example")),
    breaks(
        "log-keys",
        "a log key under another name",
        begin(log_key=vkey("log", "ledger.example/x", 1)),
    ),
    breaks("log-keys", "a log key that is a witness's", begin(log_key=vkey("log", ORIGIN))),
    breaks("log-keys", "a witness whose key is none", begin(witnesses=["witness.example"])),
    breaks(
        "log-keys", "a witness whose key signs notes", rules(vkey("witness", "witness.example", 1))
    ),
    breaks(
        "log-keys",
        "a successor whose key has another name",
        log_end({"origin": "ledger.example/next", "log_key": vkey("next", ORIGIN, 1)}),
    ),
    breaks(
        "log-keys",
        "a witness that is a party's key",
        party(),
        rules(vkey("brand", "witness.example/2")),
    ),
    breaks(
        "log-succession",
        "a log that succeeds itself",
        log_end({"origin": ORIGIN, "log_key": vkey("next", ORIGIN, 1)}),
    ),
    breaks("log-succession", "a predecessor that is no checkpoint", begin(predecessor="none")),
    keeps(
        "log-succession",
        "another log as successor",
        log_end(
            {"origin": "ledger.example/next", "log_key": vkey("next", "ledger.example/next", 1)}
        ),
    ),
    keeps("log-keys", "a genesis with a witness", begin(witnesses=[WITNESS], quorum=1)),
    keeps("log-keys", "rules with a witness", rules(WITNESS)),
    keeps(
        "log-keys",
        "a successor under its own name",
        log_end(
            {"origin": "ledger.example/next", "log_key": vkey("next", "ledger.example/next", 1)}
        ),
    ),
    breaks("genesis-quorum", "a quorum of two among one", begin(witnesses=[WITNESS], quorum=2)),
    keeps("genesis-quorum", "a quorum of one among one", begin(witnesses=[WITNESS], quorum=1)),
    breaks(
        "rules-version",
        "a genesis with rules that nobody published",
        begin(rules={"version": CURRENT, "digest": "0" * 64}),
    ),
    breaks(
        "rules-version",
        "rules with another digest",
        rules(version=NEXT_RULES | {"digest": "0" * 64}),
    ),
    breaks(
        "rules-version", "rules of a version to come", rules(version=NEXT_RULES | {"version": 99})
    ),
    breaks(
        "rules-version",
        "rules that are in force",
        rules(version={"version": CURRENT, "digest": PUBLISHED[CURRENT]}),
    ),
    breaks("rules-version", "newer rules twice", (rules(), rules(WITNESS))),
    keeps("rules-version", "newer rules that are published", rules()),
)
