"""Signing in bulk: a whole chain from one file, errors by line and field, nothing half-written."""

import json
from pathlib import Path

import pytest
from cli.conftest import Run
from tea import AGENT, EVER, GTIN, LOT, MARK, OBSERVER, PARTIES, TEA, WAREHOUSE
from world import BRAND, OPERATOR

GRANT = EVER | {
    "brand": MARK, "goods": [TEA], "territories": ["CN"], "channels": ["*"], "shop_types": ["*"],
    "exclusive": False, "depth": 1,
}  # fmt: skip
BLACK = "https://id.gs1.org/01/06901234500011"


@pytest.fixture
def keys(estate) -> None:
    """Write a key map of all parties, the operator among them."""
    assert estate.said
    found = {id_: f"keys/{name}.pem" for name, (id_, _) in PARTIES.items()}
    found[OPERATOR] = "pinyuan-ledger/keys/operator.pem"
    Path("keys.json").write_text(json.dumps(found))


def lines(*rows: dict) -> str:
    Path("in.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return "in.jsonl"


def bulk(run, file: str, *more: str):
    return run("sign", "--jsonl", file, "--key-map", "keys.json", "-o", "out.jsonl", *more)


def party(number: int) -> str:
    return f"did:web:shop-{number}.example"


@pytest.mark.usefixtures("keys")
def test_lines_are_signed_by_their_issuers_and_cite_what_stands_before_them(run, estate):
    product = {"names": {"en": "Black tea"}, "brand": MARK, "category": "food/tea/black"}
    rows = [
        {
            "type": "authorisation", "issuer": AGENT, "subject": WAREHOUSE, "name": "first",
            "fields": GRANT | {"parent": estate.id("agent")},
        },
        {
            "type": "product", "issuer": BRAND, "subject": BLACK, "name": "black",
            "issued_at": "2026-09-21T14:00:00Z",
            "fields": product | {"under": estate.id("mark")},
        },
        {
            "type": "authorisation-revocation", "issuer": AGENT,
            "fields": {"target": "@first", "reason": "no longer"},
        },
        {"type": "supersede", "issuer": BRAND, "fields": {
            "target": "@black", "reason": "typo", "statement": {"category": "food/tea/red"},
        }},
    ]  # fmt: skip
    code, out, err = bulk(run, lines(*rows))
    assert (code, out, err) == (0, "4 statements in out.jsonl\n", "")
    code, out, _ = run("register", "--jsonl", "out.jsonl", "--json")
    assert code == 0, out
    ids = [json.loads(line)["id"] for line in Path("out.jsonl").read_text().splitlines()]
    assert [row["id"] for row in json.loads(out)] == ids
    assert "ended by entry 34" in run("show", ids[0])[1]
    assert "corrected by entry 35" in run("show", ids[1])[1]
    assert run("verify", "ledger", "--replay")[0] == 0


@pytest.mark.usefixtures("keys")
def test_a_receipt_is_checked_against_the_lines_its_statement_stands_in(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    """Whoever signs a sheet has no file for each statement, and the receipts nonetheless."""
    other = GOOD | {"fields": GOOD["fields"] | {"text": "tastes"}}
    assert bulk(run, lines(GOOD, other))[0] == 0
    assert run("register", "--jsonl", "out.jsonl", "--receipts", "rc")[0] == 0
    Path("trust.txt").write_text(run("trust")[1])
    ids = [json.loads(line)["id"] for line in Path("out.jsonl").read_text().splitlines()]
    monkeypatch.setenv("PINYUAN_LANG", "zh")
    against = ("out.jsonl", "--trust", "trust.txt")
    for id_ in ids:
        code, out, err = run("verify", "receipt", f"rc/{id_}.receipt.cbor", *against)
        assert (code, id_ in out) == (0, True), err
    swapped = Path(f"rc/{ids[0]}.receipt.cbor").rename(f"rc/{'0' * 64}.receipt.cbor")
    code, out, err = run("verify", "receipt", str(swapped), *against)
    assert (code, out) == (1, "")
    assert "out.jsonl：其中 2 份声明均不是该回执文件名所指的" in err
    lied = swapped.rename(f"rc/{ids[1]}.receipt.cbor")
    assert run("verify", "receipt", str(lied), *against)[0] == 3
    Path("bare.json").write_text("{}")
    code, _, err = run("verify", "receipt", str(lied), "bare.json", "--trust", "trust.txt")
    assert (code, "bare.json：声明：这是尚未签署的 JSON" in err) == (3, True), err


def consumer(number: int) -> str:
    return f"urn:pinyuan:person:{number:032x}"


@pytest.mark.usefixtures("keys")
def test_many_lines_are_registered_as_they_were_signed(run):
    rows = [
        {
            "type": "complaint", "issuer": OPERATOR, "subject": GTIN,
            "fields": {"complainant": consumer(number), "text": "smells", "lot": LOT},
            "sensitive": {"phone": str(number)},
        }
        for number in range(60)
    ]  # fmt: skip
    code, out, err = bulk(run, lines(*rows))
    assert code == 1
    *told, last = err.splitlines()
    why = "sensitive: give --disclosures DIR, where the values are kept apart"
    assert told == [f"in.jsonl line {number}: {why}" for number in range(1, 61)]
    assert last == "pinyuan: 60 of 60 lines are wrong: nothing was written"
    assert bulk(run, "in.jsonl", "--disclosures", "apart")[0] == 0
    assert len(list(Path("apart").iterdir())) == 60
    code, out, _ = run("register", "--jsonl", "out.jsonl", "--json")
    assert [row["index"] for row in json.loads(out)] == list(range(32, 92))


GOOD = {
    "type": "complaint",
    "issuer": OPERATOR,
    "subject": GTIN,
    "fields": {"complainant": OBSERVER, "text": "smells"},
}
BROKEN = {
    "no JSON": ("{", "JSON: "),
    "a list": ("[]", "a JSON object with type, issuer, fields is expected"),
    "another key": (GOOD | {"sub": GTIN}, "no field sub: a line has type, issuer, fields"),
    "no type of ours": (GOOD | {"type": "wish"}, "type: no statement type 'wish'"),
    "a type of the log's own": (GOOD | {"type": "seal"}, "a seal is the log's own"),
    "no key": (GOOD | {"issuer": party(9)}, f"issuer: the key map has no key of {party(9)}"),
    "no subject": (
        {k: v for k, v in GOOD.items() if k != "subject"},
        "--subject: what is the complaint about? expected: a product",
    ),
    "a wrong field": (
        GOOD | {"fields": {"complainant": OBSERVER, "txt": "x"}},
        "no field txt in complaint: did you mean text?",
    ),
    "a number for a text": (GOOD | {"subject": 7}, "subject: a text is expected"),
    "a time that is none": (GOOD | {"issued_at": "now"}, "issued_at: not a time like"),
    "a name nobody has": (
        {"type": "supersede", "issuer": OPERATOR, "fields": {"target": "@x", "reason": "y"}},
        "target: neither a line before this one nor a file here has the name 'x'",
    ),
}


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("name", BROKEN)
def test_an_error_names_line_and_field_and_nothing_is_written(run, name: str):
    row, sentence = BROKEN[name]
    text = row if isinstance(row, str) else json.dumps(row)
    Path("in.jsonl").write_text(f"{json.dumps(GOOD)}\n\n{text}\n")
    code, out, err = bulk(run, "in.jsonl")
    assert (code, out) == (1, "")
    assert err.startswith(f"pinyuan: in.jsonl line 3: {sentence}"), err
    assert len(err.splitlines()) == 1
    assert not Path("out.jsonl").exists()


@pytest.mark.usefixtures("keys")
def test_all_that_is_wrong_is_told_in_the_order_of_the_file(run):
    """Fields in the order in which a line has them, what is missing behind them; lines as they stand."""
    fields = {
        "parent": "zz", "brand": "12345678", "goods": [], "territory": ["China"],
        "channels": "mall.example", "shop_types": ["旗舰店"], "exclusive": "no", "depth": -1,
        "from": "2026/1/1", "until": None,
    }  # fmt: skip
    row = {"type": "authorisation", "issuer": BRAND, "subject": AGENT, "fields": fields}
    Path("in.jsonl").write_text(f"{json.dumps(row)}\n{json.dumps(GOOD)}\n{{\n")
    code, out, err = bulk(run, "in.jsonl")
    assert (code, out) == (1, "")
    first, second, last = err.splitlines()
    assert second.startswith("in.jsonl line 3: JSON: ")
    assert last == "pinyuan: 2 of 3 lines are wrong: nothing was written"
    assert first.startswith("in.jsonl line 1: parent: 'zz' is no statement id")
    places = [first.index(f"; {name}") for name in (
        "brand: ", "goods: ", "no field territory", "channels: ", "shop_types", "exclusive: ",
        "depth: ", "from: ", "field territories is missing",
    )]  # fmt: skip
    assert places == sorted(places)
    assert not Path("out.jsonl").exists()


@pytest.mark.usefixtures("keys")
def test_lines_are_known_by_their_suffix(run):
    assert bulk(run, lines(GOOD))[0] == 0
    code, out, _ = run("register", "out.jsonl")
    assert (code, out.startswith("out.jsonl line 1: registered as entry ")) == (0, True)


@pytest.mark.usefixtures("keys")
def test_a_key_map_that_is_none_says_so(run):
    for text, sentence in (
        ("[]", "keys.json: a JSON object {party id: key file} is expected"),
        ('{"me": "x.pem"}', "keys.json: not a party id: 'me'"),
        (json.dumps({BRAND: "x.pem"}), "keys.json: key x.pem: No such file or directory"),
    ):
        Path("keys.json").write_text(text)
        code, _, err = bulk(run, lines(GOOD))
        assert code == 1
        assert err.startswith(f"pinyuan: {sentence}")
    assert run("sign", "--jsonl", "in.jsonl")[2] == (
        "pinyuan: in bulk, --jsonl FILE, --key-map KEYS.json and -o OUT.jsonl go together\n"
    )
