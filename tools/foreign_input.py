"""Register statements that foreign software signed, check them, print every command.

    python tools/foreign_input.py FOLDER WORK

FOLDER holds ``index.json`` (parties with public keys, statements by file) and the
statements. A ledger is made in WORK/ledger; its operator registers the parties, their
possession unproven; all statements go in byte for byte; each history is listed complete,
its bundle verified offline; every receipt is verified, by an independent SCITT library
too where ``scitt-cose`` is installed; the ledger is exported, and what stands in the
export is compared with the files.
"""

import argparse
import contextlib
import io
import json
import shlex
from pathlib import Path

from ledger.cli.main import app
from ledger.files.archive import DirectoryReader

OPERATOR = "https://id.gs1.org/417/6901234507034"
ORIGIN = "inputs.example/ledger"


def run(*words: str, quiet: bool = False) -> str:
    """Run one command in this process; return what it printed."""
    if not quiet:
        print("$ pinyuan", shlex.join(words))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        app(list(words), standalone_mode=False)
    return printed.getvalue()


def register_parties(parties: list[dict], work: Path, at: list[str]) -> None:
    for number, party in enumerate(parties):
        pem, fields = work / f"party{number}.pem", work / f"party{number}.json"
        pem.write_text(party["public_key_pem"])
        binding = json.loads(
            run("key", "bind", str(pem), "--party", party["id"], "--unproven", *at)
        )
        fields.write_text(
            json.dumps(
                {
                    "names": {"en": party["name"]},
                    "country": "DE",
                    "roles": ["trader"],
                    "keys": [binding],
                }
            )
        )
        signed = work / f"party{number}.cose"
        run("sign", "party", str(fields), "--subject", party["id"], "-o", str(signed), *at)
        print(run("register", str(signed), *at), end="")


def check_receipt(receipt: Path, statement: Path, trust: Path, log_pem: str) -> bool:
    """Verify one receipt with ours and, where it is installed, with another library."""
    run("verify", "receipt", str(receipt), str(statement), "--trust", str(trust), quiet=True)
    try:
        import scitt_cose
    except ImportError:
        return False
    checked = scitt_cose.verify_receipt(
        receipt.read_bytes(),
        leaf_entry_hex=statement.read_bytes().hex(),
        log_public_key_pem=log_pem,
    )
    assert checked.ok, checked.errors
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("work", type=Path)
    options = parser.parse_args()
    folder, work = options.folder, options.work
    work.mkdir(parents=True)
    index = json.loads((folder / "index.json").read_text())
    at = ["--dir", str(work / "ledger")]
    print(run("init", "--operator", OPERATOR, "--origin", ORIGIN, *at), end="")
    register_parties(index["parties"], work, at)
    files = [str(folder / item["file"]) for item in index["statements"]]
    outcomes = json.loads(
        run("register", *files, "--receipts", str(work / "receipts"), "--json", *at)
    )
    trust = work / "trust.txt"
    trust.write_text(run("trust", *at))
    by_other = 0
    log_pem = run("key", "show", str(work / "ledger" / "keys" / "log.pem"), "--pem")
    for item, outcome in zip(index["statements"], outcomes, strict=True):
        bundle = work / f"{item['file']}.bundle.json"
        found = json.loads(
            run(
                "history",
                "generic",
                item["subject"],
                "--bundle",
                str(bundle),
                "--json",
                *at,
                quiet=True,
            )
        )
        assert [entry["id"] for entry in found["entries"]] == [outcome["id"]], item["subject"]
        expect = f"history generic {item['subject']}"
        run("verify", "bundle", str(bundle), "--trust", str(trust), "--expect", expect, quiet=True)
        receipt = work / "receipts" / f"{outcome['id']}.receipt.cbor"
        by_other += check_receipt(receipt, folder / item["file"], trust, log_pem)
    for party in index["parties"]:
        mine = [
            o["id"]
            for i, o in zip(index["statements"], outcomes, strict=True)
            if i["issuer"] == party["id"]
        ]
        found = json.loads(run("history", "issuer", party["id"], "--json", *at))
        assert [entry["id"] for entry in found["entries"]] == mine
    run("export", str(work / "export"), *at)
    print(run("verify", "export", str(work / "export"), "--replay", "--trust", str(trust)), end="")
    leaves = DirectoryReader(work / "export").entries(0, outcomes[-1]["index"] + 1).leaves
    for item, outcome in zip(index["statements"], outcomes, strict=True):
        assert leaves[outcome["index"]] == (folder / item["file"]).read_bytes(), item["file"]
    shown = json.loads(run("show", outcomes[0]["id"], "--json", *at))
    print(f"possession of the first issuer's key: {shown['possession']}")
    print(
        f"{len(files)} statements of {len(index['parties'])} parties in {ORIGIN}: every history complete, "
        f"every receipt verified ({by_other} by an independent library), every byte as received"
    )


if __name__ == "__main__":
    main()
