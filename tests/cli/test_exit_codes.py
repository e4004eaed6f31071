"""What a command ends with: one table, the same wherever the ledger is."""

import io
import json
from pathlib import Path
from typing import NamedTuple

from serving import Server
from tea import GTIN, TRADER

from api.app import create_app

SALE = ("--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "mall.example")
ERROR, USAGE, CANNOT = 1, 2, 4
EVER = "2126-01-01T00:00:00Z"


class Call(NamedTuple):
    """A command, what it ends with, what it says on standard error."""

    words: tuple[str, ...]
    code: int
    said: str


CALLS = (
    Call(("may-sell", *SALE), 0, ""),
    Call(("may-sell", *SALE, "--known-at", "32"), 0, ""),
    # Wrong whatever the ledger holds.
    Call(("may-sell", "--trader", TRADER), USAGE, "pinyuan may-sell --help"),
    Call(("may-sell", *SALE, "--at", "yesterday"), USAGE, "--at: not a time like"),
    Call(("may-sell", *SALE, "--at", "2026-02-30"), USAGE, "--at: not a time like"),
    Call(("may-sell", *SALE, "--at", "1969-01-01"), USAGE, "--at: not a time like"),
    Call(("may-sell", *SALE, "--at", "2026-09-01", "--time-zone", "x"), USAGE, "--time-zone"),
    Call(("may-sell", *SALE, "--known-at", "then"), USAGE, "--known-at: not a time like"),
    Call(("may-sell", *SALE, "--known-at", "0"), USAGE, "--known-at 0: a size is 1 or more"),
    Call(("may-sell", *SALE, "--since", "0"), USAGE, "--since"),
    Call(("may-sell", *SALE, "--lang", "fr"), USAGE, "--lang fr: en or zh"),
    Call(("may-sell", *SALE[:-4], "--territory", "cn-zz", *SALE[-2:]), USAGE, "territory"),
    Call(("trace", GTIN + "x"), USAGE, "GOODS: not a product"),
    Call(("label", "tea"), USAGE, "PRODUCT: no product"),
    Call(("expiring", "--party", TRADER, "--days", "many"), USAGE, "days"),
    Call(("bundle", "label", "tea", "-o", "b.json"), USAGE, "PRODUCT: no product"),
    Call(("bundle", "trace", GTIN, "--at", "soon", "-o", "b.json"), USAGE, "--at: "),
    Call(("labels", "--since", "0"), USAGE, "--since"),
    Call(("show", "tea"), USAGE, "is neither a statement id (64 hexadecimal digits, or the"),
    Call(("cite", "tea"), USAGE, "is neither a statement id"),
    Call(("receipt", "-1", "-o", "r.cbor"), USAGE, "No such option"),
    Call(("receipt", "x", "-o", "r.cbor"), USAGE, "is neither a statement id"),
    # Nobody can tell: the log has not got so far, or had not begun.
    Call(("may-sell", *SALE, "--known-at", "9999"), CANNOT, "the log has 32 entries"),
    Call(
        ("may-sell", *SALE, "--known-at", "2001-01-01T00:00:00Z"), CANNOT, "nothing was registered"
    ),
    Call(("may-sell", *SALE, "--known-at", EVER), CANNOT, "later than the log was last seen"),
    Call(("history", "product", GTIN, "--known-at", EVER), CANNOT, "than the log was last seen"),
    Call(("may-sell", *SALE, "--since", "9999"), CANNOT, "the log has 32 entries"),
    Call(("may-sell", *SALE, "--at", EVER), CANNOT, ""),
    Call(("trace", GTIN, "--known-at", "9999"), CANNOT, "the log has 32 entries"),
    Call(("history", "product", GTIN, "--known-at", "9999"), CANNOT, "the log has 32 entries"),
    Call(("history", "product", GTIN, "--since", "9999"), CANNOT, "the log has 32 entries"),
    Call(("bundle", "trace", GTIN, "--known-at", "9999", "-o", "b.json"), CANNOT, "32 entries"),
    Call(("bundle", "trace", GTIN, "--at", EVER, "-o", "b.json"), CANNOT, ""),
    Call(("labels", "--since", "9999"), CANNOT, "32 entries"),
    # What is asked for is not there.
    Call(("show", "9999"), ERROR, "no entry 9999: the ledger has 32"),
    Call(("show", "0" * 64), ERROR, "no entry with id"),
    Call(("show", "0" * 12), ERROR, "no entry with an id that begins with"),
    Call(("cite", "9999"), ERROR, "no entry 9999: the ledger has 32"),
    Call(("receipt", "9999", "-o", "r.cbor"), ERROR, "no entry 9999: the ledger has 32"),
    Call(("impact", "0"), ERROR, "name an authorisation"),
)
ANYWHERE = (
    Call(("register",), USAGE, "nothing to register: name files"),
    Call(("sign", "lot"), USAGE, "-o FILE.cose: where shall"),
    Call(("sign", "generic", "-o", "s.cose"), USAGE, "FIELDS.json: name a file"),
    Call(("sign", "--jsonl", "lines.jsonl"), USAGE, "go together"),
    Call(("sign", "shop", "shop.json", "-o", "s.cose"), USAGE, "--subject: what is the shop about"),
    Call(("sign", "shop", "shop.json", "--subject", "x", "-o", "s.cose"), USAGE, "--subject: "),
    Call(("sign", "shop", "f.json", "--issuer", "x", "-o", "s.cose"), USAGE, "--issuer: "),
    Call(("sign", "shop-ended", "-o", "s.cose"), USAGE, "--target"),
    Call(("sign", "shop", "f.json", "--issued-at", "now", "-o", "s.cose"), USAGE, "--issued-at: "),
    Call(("key", "new", "k.pem", "--alg", "RSA"), USAGE, "--alg RSA: "),
    Call(("key", "bind", "keys/brand.pem", "--party", "x"), USAGE, "--party: "),
    Call(("key", "show", "keys/brand.pem", "--vkey", "a b"), USAGE, "--vkey: "),
    Call(("init", "--operator", "x", "--dir", "new"), USAGE, "--operator: "),
    Call(("init", "--operator", TRADER, "--origin", "a b", "--dir", "new"), USAGE, "--origin: "),
    Call(("init", "--operator", TRADER, "--clock", "sun", "--dir", "new"), USAGE, "--clock sun: "),
    Call(("init", "--operator", TRADER, "--witness", "x", "--dir", "new"), USAGE, "--witness"),
    Call(("init", "--operator", TRADER, "--replayer", "x", "--dir", "new"), USAGE, "--replayer: "),
    Call(("labels", "--server", "ledger.example"), USAGE, "--server 'ledger.example': "),
    Call(("labels", "--server", "http://127.0.0.1:9", "--dir", "."), USAGE, "one of the two"),
    Call(("history", "product", GTIN, "--trust", "trust.txt"), USAGE, "--trust goes with --server"),
    Call(
        ("verify", "bundle", "b.json", "--trust", "trust.txt", "--expect", "x"), USAGE, "--expect"
    ),
    Call(("serve", "--tls-cert", "cert.pem"), USAGE, "--tls-cert and --tls-key go together"),
    Call(("labels", "--dir", "nowhere"), ERROR, "no ledger in nowhere"),
    Call(("sign", "shop", "none.json", "-o", "s.cose"), ERROR, "No such file"),
)
PLACES = {
    "here": (),
    "behind a server": ("--server", "{url}"),
    "in a mirror": ("--dir", "mine"),
    "in an export": ("--export", "copy"),
}


def test_a_command_ends_alike_wherever_the_ledger_is(run, estate, monkeypatch, tmp_path):
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    Path("trust.txt").write_text(run("trust")[1])
    assert run("export", "copy")[0] == 0
    assert run("mirror", "mine", "--from", "copy", "--trust", "trust.txt")[0] == 0
    server = Server(create_app(estate.folder, log_to=io.BytesIO(), ask_witnesses=False))
    try:
        url = f"http://127.0.0.1:{server.port}"
        met = ("--server", url, "--trust", "trust.txt")
        assert run("history", "product", GTIN, *met)[0] == 0
        wrong = [
            (where, call.words, code, err)
            for where, options in PLACES.items()
            for call in CALLS
            for code, _, err in [run(*call.words, *(item.format(url=url) for item in options))]
            if code != call.code or call.said not in err
        ]
    finally:
        server.stop()
    assert wrong == []
    assert not Path("b.json").exists()
    assert not Path("r.cbor").exists()


def lay_out(run):
    """Write the files that calls name."""
    Path("f.json").write_text("{}")
    opened = {"names": {"zh": "茶铺"}, "trader": TRADER, "shop_type": "multi-brand"}
    Path("shop.json").write_text(json.dumps(opened))
    assert run("bundle", "trace", GTIN, "-o", "b.json")[0] == 0
    Path("trust.txt").write_text(run("trust")[1])


def test_a_call_that_is_wrong_ends_with_2_and_what_is_not_there_with_1(run, estate):
    del estate
    lay_out(run)
    ends = [(*run(*call.words)[::2], call) for call in ANYWHERE]
    assert [
        (code, err) for code, err, call in ends if (code, call.said in err) != (call.code, True)
    ] == []
    assert not Path("new").exists()
