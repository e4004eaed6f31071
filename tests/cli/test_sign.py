"""sign: help, templates, citations by bare id, amendments from their target, newcomers' errors."""

import io
import json
import sys
from pathlib import Path

import pytest
from rules.laboratory_words import accredited, judging, limits, received, sealed
from tea import (
    AGENT,
    DISTRIBUTOR,
    EVER,
    GARDEN,
    GTIN,
    LABORATORY,
    LOT,
    MARK,
    OFFICE,
    TEA,
    TRADER,
)
from usual import SAMPLE, Told, result
from world import BRAND, ORIGIN, key_of

from ledger.cli.forms import type_help, unfilled
from ledger.statements.catalogue import CATALOGUE, SAYS, decode_body
from ledger.statements.envelope import parse_statement, sign_statement

GRANT = EVER | {
    "brand": MARK,
    "goods": [TEA],
    "territories": ["CN-ZJ"],
    "channels": ["*"],
    "shop_types": ["multi-brand"],
    "exclusive": False,
    "depth": 0,
}


def write(path: str, value: object) -> str:
    Path(path).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def signed(path: str = "s.cose"):
    """Return a signed statement and its payload."""
    statement = parse_statement(Path(path).read_bytes())
    return statement, decode_body(statement)


def test_sign_lists_every_type_and_each_one_explains_its_fields(run):
    code, out, _ = run("sign", "--help")
    assert code == 0
    assert all(f"  {name} " in out for name in SAYS)
    for name in SAYS:
        code, out, err = run("sign", name, "--help")
        assert (code, err) == (0, "")
        row = CATALOGUE.get(name)
        fields = [] if row is None else set(row.body.__struct_encode_fields__) - {"v"}
        assert all(f"\n    {field} (" in out for field in fields), name


def test_help_says_form_need_meaning_issuer_and_subject(run):
    out = run("sign", "authorisation", "--help")[1]
    assert "Issued by: a brand / a trader." in out
    assert "Subject: a party." in out
    assert "    depth (required): a whole number (0..20)\n        How many links may follow" in out
    assert "--target" not in out
    zh = run("sign", "qualification", "--help", "--lang", "zh")[1]
    assert "签发方：主管机关 / 平台运营方。" in zh
    assert "mark（可选）：不超过 200 字的文字\n        商标的文字。" in zh
    assert "--sensitive" in run("sign", "visit", "--help")[1]
    assert "--bind" in run("sign", "party", "--help")[1]
    assert "--content-type" in run("sign", "generic", "--help")[1]


AMENDING = sorted(row.name for row in CATALOGUE.values() if row.amends)


@pytest.mark.parametrize("name", AMENDING)
def test_help_says_what_a_target_is_and_a_call_without_one_how_to_name_it(run, name: str):
    """What is taken from the target is not asked for beside it."""
    told = target_line(run("sign", name, "--help")[1])
    assert all(type_ in told for type_ in CATALOGUE[name].amends)
    assert "amends" not in told
    chinese = target_line(run("sign", name, "--help", "--lang", "zh")[1])
    assert all(type_ in chinese for type_ in CATALOGUE[name].amends)
    key = ("--key", "keys/operator.pem", "--issuer", BRAND, "--origin", ORIGIN)
    Path("keys").mkdir(exist_ok=True)
    Path("keys/operator.pem").write_bytes(key_of("operator").pem())
    code, _, err = run("sign", name, *key, "-o", "s.cose")
    assert code == 2
    assert "target: is missing: give its id or index with --target. " in err
    asked = ("lot", "laboratory", "month", "parent", "brand", "subjects")
    assert not any(f"field {word} is missing" in err for word in asked)


def target_line(out: str) -> str:
    """Return what a help text says of the target."""
    lines = out.splitlines()
    return lines[
        next(n for n, line in enumerate(lines) if line.startswith(("    target ", "    target（")))
        + 1
    ]


def test_a_retest_report_is_of_the_report_and_not_of_the_objection(run):
    told = target_line(run("sign", "retest-report", "--help")[1])
    assert told.strip() == "The report that was objected to, not the objection: test-report."
    assert "its fields are repeated" not in run("sign", "retest-report", "--help")[1]


def test_forms_are_told_as_they_are_written(run):
    blank = json.loads(run("sign", "objection", "--template")[1])
    assert blank["month"] == "<a month like 2026-05>"
    aql = json.loads(run("sign", "sampling-switch", "--template")[1])["aql"]
    assert aql.startswith("<0.010 | ")
    assert aql.endswith(" | 650 | 1000>")


def test_what_may_be_chosen_is_told_with_its_word_and_is_a_blank_still(run):
    blank = json.loads(run("sign", "inspection", "--template", "--lang", "zh")[1])
    assert blank["decision"] == "<accepted（接收） | refused（拒收）>"
    assert "flagship（旗舰店） | multi-brand（专营店）" in type_help("authorisation", "zh")
    assert (
        "at-most（不超过） | below（低于） | described（应符合） | one-of（下列之一）"
        in type_help("baseline-standard", "zh")
    )
    assert "flagship | multi-brand | specialty" in type_help("authorisation", "en")
    assert "decision" in unfilled("inspection", blank)


def test_a_template_is_what_has_to_be_filled_in(run):
    blank = json.loads(run("sign", "facility", "--template")[1])
    assert list(blank) == ["names", "owner", "country", "place", "activities"]
    assert list(blank["place"]) == ["text"]
    whole = json.loads(run("sign", "facility", "--template", "--all")[1])
    assert list(whole["place"]) == ["text", "latitude_e6", "longitude_e6"]
    optional = json.loads(run("sign", "lot", "--all")[1])
    assert {"serials", "inputs"} <= set(optional)


@pytest.mark.usefixtures("estate")
def test_a_template_left_blank_is_not_signed(run):
    fields = json.loads(run("sign", "facility", "--template")[1])
    blanks = "names.zh, names.en, owner, country, place.text, activities[0]"
    for lang in ("en", "zh"):
        write("f.json", json.loads(run("sign", "facility", "--template", "--lang", lang)[1]))
        code, _, err = run("sign", "facility", "f.json", "--subject", GARDEN, "-o", "s.cose")
        assert (code, err) == (
            1,
            f"pinyuan: f.json: {blanks}: still the template's blank: fill it in or leave the field out\n",
        )
    filled = fields | {"names": {"zh": "茶园"}, "owner": BRAND, "country": "CN"}
    filled |= {"place": {"text": "杭州"}, "activities": ["growing"]}
    code, out, _ = run(
        "sign", "facility", write("f.json", filled), "--subject", GARDEN, "-o", "s.cose"
    )
    assert (code, len(out)) == (0, 65)
    assert "registered as entry 32" in run("register", "s.cose")[1]


@pytest.mark.usefixtures("estate")
def test_all_that_is_wrong_with_fields_is_said_at_once(run):
    fields = GRANT | {"parent": "@mark", "goods": TEA, "depth": "many", "nothing": 1, "brand": "x"}
    del fields["channels"], fields["exclusive"]
    words = ("--key", "keys/agent.pem", "--subject", LABORATORY, "-o", "s.cose")
    code, _, err = run("sign", "authorisation", write("g.json", fields), *words)
    said = err.removeprefix("pinyuan: g.json: ").split("; ")
    assert code == 1
    assert sorted(item.split(":")[0].split(",")[0] for item in said) == [
        "brand",
        "depth",
        "field channels is missing",
        "field exclusive is missing",
        "goods",
        "no field nothing in authorisation",
        "parent",
    ]
    place = {"place": {"latitude_e6": "north"}, "names": {"en": 1}, "activities": [1]}
    fields = write("f.json", place | {"owner": BRAND})
    code, _, err = run("sign", "facility", fields, "--subject", GARDEN, "-o", "s.cose")
    for told in ("field country is", "field place.text is", "place.latitude_e6:", "names.en:"):
        assert told in err
    assert "activities" in err
    assert not Path("s.cose").exists()


def test_a_bare_id_becomes_a_citation_of_the_history_that_chains_read(run, estate):
    fields = GRANT | {"parent": estate.id("agent"), "depth": 0}
    code, _, err = run(
        "sign", "authorisation", write("g.json", fields), "--key", "keys/agent.pem",
        "--subject", LABORATORY, "-o", "s.cose",
    )  # fmt: skip
    assert (code, err) == (0, "")
    statement, body = signed()
    assert statement.issuer == AGENT  # the ledger knows whose key it is
    assert body.parent.topic == "grant"
    assert body.parent.subject == f"{MARK}\n{AGENT}"
    assert "registered as entry 32" in run("register", "s.cose")[1]
    cited = json.loads(run("cite", estate.id("agent"))[1])
    assert cited == {"id": estate.id("agent"), "topic": "grant", "subject": f"{MARK}\n{AGENT}"}
    assert run("cite", "22")[1] == run("cite", estate.id("mark"))[1]
    assert json.loads(run("cite", "22")[1])["topic"] == "qualification-number"


def test_a_revocation_repeats_its_target_by_itself(run, estate):
    code, _, err = run(
        "sign", "authorisation-revocation", "--target", estate.id("trader"), "--reason", "违约",
        "--key", "keys/distributor.pem", "-o", "s.cose",
    )  # fmt: skip
    assert (code, err) == (0, "")
    statement, body = signed()
    assert (statement.issuer, statement.subject) == (DISTRIBUTOR, TRADER)
    assert (body.brand, body.parent, body.exclusive) == (MARK, estate.id("distributor"), False)
    assert "registered as entry 32" in run("register", "s.cose")[1]
    assert "ended by entry 32" in run("show", estate.id("trader"))[1].splitlines()
    assert "由条目 32 终止" in run("show", estate.id("trader"), "--lang", "zh")[1]
    assert "amends entry 28" in run("show", "32")[1].splitlines()
    sale = ("--trader", TRADER, "--product", GTIN, "--territory", "CN", "--channel", "mall.example")
    assert json.loads(run("may-sell", *sale, "--json")[1])["answer"]["verdict"] == "no"


def amended(run, type_: str, target: str, *more: str) -> None:
    words = ("--target", target, "--reason", "it is over", "-o", "a.cose", *more)
    assert run("sign", type_, *words)[::2] == (0, "")
    code, out, _ = run("register", "a.cose")
    assert code == 0, out


def test_every_kind_of_end_is_made_from_its_target(run, estate):
    shop_id = "urn:shop:mall.example:tea-1"
    with estate.tea() as tea:
        kind = {"kind": "business", "number": "urn:qualification:cn:B1", "categories": ["food"]}
        paper = tea.say("qualification", "office", TRADER, EVER | kind)
        evidence = {"id": paper.id.hex(), "topic": "qualification", "subject": TRADER}
        tea.say("admission", "operator", TRADER, {"decision": "admitted", "evidence": [evidence]})
        fields = {"shop_type": "multi-brand", "trader": TRADER, "names": {"zh": "茶店"}}
        shop = tea.say("shop", "operator", shop_id, fields)
        fields = {"shop": shop_id, "category": TEA, "territories": ["CN"]}
        listing = tea.say("listing", "trader", GTIN, fields)
    amended(run, "listing-ended", listing.id.hex(), "--key", "keys/trader.pem")
    amended(run, "shop-ended", str(shop.index))
    amended(run, "qualification-withdrawal", paper.id.hex(), "--key", "keys/office.pem")
    for item in (listing, shop, paper):
        assert "ended by entry" in run("show", item.index)[1]


def test_an_objection_and_its_end_repeat_what_they_are_about(run, estate):
    with estate.tea() as tea:
        tea.world.told = Told(tea.world)
        for step in (accredited(), sealed(), received(), limits()):
            tea.world.accept(step(tea.world))
        found = tea.world.accept(judging(result("0.2", "fail"))(tea.world))
    amended(run, "objection", found.id.hex(), "--key", "keys/brand.pem")
    _, objection = signed("a.cose")
    assert (objection.laboratory, objection.month) == (LABORATORY, "2026-09")
    assert "answered by entry" in run("show", found.index)[1]
    assert "does not say whether the report stands" in run("report", "--sample", SAMPLE)[1]
    fields = write("withdrawn.json", {"outcome": "withdrawn"})
    statement, _ = signed("a.cose")
    amended(run, "objection-closed", statement.id.hex(), fields, "--key", "keys/brand.pem")
    assert "ended by entry" in run("show", statement.id.hex())[1]
    out = run("report", "--sample", SAMPLE, "--report", found.id.hex())[1]
    assert "Yes: the laboratory's own, and it stands" in out
    assert "residue: 0.2 mg/kg, fail, final" in out


def test_what_a_sanction_is_answered_with_is_made_from_its_target(run, estate):
    """From a complaint to an annulled interview, and a plan whose steps repeat its cause."""
    photo = {"digest": "5" * 64, "size": 1, "media_type": "image/jpeg"}
    with estate.tea() as tea:
        Told(tea.world).tell("inspection", lot_size=480)
        fields = {"complainant": "urn:pinyuan:person:" + "0c" * 16, "text": "the box was open"}
        complaint = tea.say("complaint", "operator", GTIN, fields)
        cited = {"id": complaint.id.hex(), "topic": "feedback", "subject": GTIN}
        measure = {"step": "interview", "grounds": "open boxes", "triggers": [cited]}
        terms = {"rules_version": 1, "appeal_by": tea.time(15), "products": [GTIN]}
        sanction = tea.say("sanction", "operator", TRADER, EVER | measure | terms)
        due = tea.time(10)
    trader = ("--key", "keys/trader.pem")
    out = run("sanctions", TRADER)[1]
    assert f"(interview) can be appealed until {terms['appeal_by']}" in out

    plan = {"cause": sanction.id.hex(), "root_cause": "thin card", "actions": []}
    plan["actions"] = [{"text": "thicker card", "due": due}]
    words = (write("p.json", plan), "--subject", TRADER, *trader, "-o", "p.cose")
    assert run("sign", "improvement-plan", *words)[::2] == (0, "")
    code, out, _ = run("register", "p.cose", "--json")
    assert code == 0
    (planned,) = json.loads(out)
    step = {"action": 1, "text": "thicker card since Monday", "evidence": [photo]}
    words = (write("s.json", step), "--target", str(planned["index"]), *trader, "-o", "s.cose")
    assert run("sign", "improvement-step", *words)[::2] == (0, "")
    statement, body = signed()
    assert statement.subject == TRADER
    assert (body.cause.id, body.cause.subject) == (sanction.id.hex(), TRADER)
    assert run("register", "s.cose")[0] == 0

    amended(run, "appeal", sanction.id.hex(), *trader)
    assert "is under appeal" in run("sanctions", TRADER)[1]
    decision = write("d.json", {"outcome": "annulled"})
    amended(run, "appeal-decision", sanction.id.hex(), decision)
    shown = run("show", sanction.id.hex())[1].splitlines()
    assert [line.split(" by ")[0] for line in shown if " by entry " in line] == [
        "answered",
        "decided",
    ]
    assert any(line.startswith("decided by") and line.endswith(", annulled") for line in shown)
    shown = run("show", sanction.id.hex(), "--lang", "zh")[1]
    assert "appeal-decision" not in shown.partition("{")[0], "types are told in words"
    assert "annulled on appeal" in run("sanctions", TRADER)[1]
    out = run("improvement", TRADER, "--lang", "zh")[1]
    assert "整改计划的起因已终止" in out


def test_a_correction_changes_what_it_names_and_keeps_the_rest(run, estate):
    words = ("--target", estate.id("product"), "--reason", "typo", "--key", "keys/brand.pem")
    for text in ("Longjing", "Longjing tea"):
        change = {"statement": {"names": {"zh": "龙井", "en": text}}}
        assert run("sign", "supersede", write("c.json", change), *words, "-o", "s.cose")[0] == 0
        said = signed()[1].statement
        assert (said["type"], said["names"]["en"], said["category"]) == ("product", text, TEA)
        assert said["under"]["id"] == estate.id("mark")
        assert run("register", "s.cose")[0] == 0
    shown = run("show", estate.id("product"))[1].splitlines()
    assert [line for line in shown if line.startswith("corrected")] == [
        "corrected by entry 32",
        "corrected by entry 34",
    ]
    rest = {"statement": {"category": "food/tea/black"}}
    assert run("sign", "supersede", write("c.json", rest), *words, "-o", "s.cose")[0] == 0
    assert signed()[1].statement["names"]["en"] == "Longjing tea"  # of the newest correction


@pytest.mark.usefixtures("estate")
def test_an_observation_is_about_its_visit_and_log_statements_about_the_log(run):
    visit = {"id": "ab" * 32, "topic": "visit", "subject": "urn:visit:v1"}
    fields = {"about": GARDEN, "visit": visit, "findings": [], "text": "clean"}
    words = ("--key", "keys/observer.pem", "-o", "s.cose")
    assert run("sign", "observation", write("o.json", fields), *words)[0] == 0
    assert signed()[0].subject == "urn:visit:v1"
    write("l.json", {"reason": "moving", "successor": None})
    assert run("sign", "log-end", "l.json", "-o", "s.cose")[0] == 0
    assert signed()[0].subject == ORIGIN


@pytest.mark.usefixtures("estate")
def test_keys_are_bound_from_a_private_key_or_from_what_key_bind_printed(run):
    party = "did:web:new.example"
    run("key", "new", "new.pem")
    write("p.json", {"names": {"en": "New"}, "country": "DE", "roles": ["trader"]})
    Path("b.json").write_text(run("key", "bind", "new.pem", "--party", party)[1])
    for number, file in enumerate(("new.pem", "b.json")):
        words = ("--subject", party, "--bind", file, "-o", f"{number}.cose")
        assert run("sign", "party", "p.json", *words)[0] == 0
        assert signed(f"{number}.cose")[1].keys[0].possession != "unproven"
    assert "registered as entry 32" in run("register", "0.cose")[1]
    run("key", "new", "next.pem")
    assert run("sign", "key", "--bind", "next.pem", "--key", "new.pem", "-o", "k.cose")[0] == 0
    assert signed("k.cose")[0].subject == party
    assert "registered as entry 34" in run("register", "k.cose")[1]


BY_ITS_FILE = (
    "a statement that is signed and not registered yet is cited by its file, as @visit.cose"
)
UNSIGNED = "JSON that nobody signed: sign it first (pinyuan sign TYPE FIELDS.json -o FILE.cose)"
ERRORS = {
    "a citation by a name no file can have": (
        {"parent": f"@{'x' * 300}"},
        "g.json: parent: neither a line before this one nor a file here has the name "
        + repr("x" * 300),
    ),
    "a field in another spelling": (
        {"good": [TEA]},
        "g.json: no field good in authorisation: did you mean goods?",
    ),
    "a field of nowhere": (
        {"colour": "green"},
        (
            "g.json: no field colour in authorisation: it has from, until, parent, brand, goods, "
            "territories, channels, shop_types, exclusive, depth, shops, notice_days, "
            "irrevocable_until, platform_exclusive"
        ),
    ),
    "a field that is missing": (
        {"depth": None},
        (
            "g.json: field depth is missing, a whole number (0..20): How many links may follow below; "
            "0: no further grant"
        ),
    ),
    "a part that is missing": (
        {"parent": {"id": "ab" * 32, "topic": "grant"}},
        "g.json: field parent.subject is missing, a text: The subject of that history",
    ),
    "a number where a text belongs": (
        {"goods": [7]},
        "g.json: goods[0]: expected a product, a category like food/tea, or *",
    ),
    "a text where a truth belongs": (
        {"exclusive": "no"},
        "g.json: exclusive: expected true or false",
    ),
    "an index where an id belongs": (
        {"parent": "16"},
        "g.json: parent: '16' is no statement id: pinyuan cite 16 prints what is written here for that entry",
    ),
    "a word for a territory": (
        {"territories": ["浙江"]},
        "g.json: territories[0]: territory '浙江': not listed by ISO 3166 (CN, CN-ZJ, or *), did you mean CN-ZJ?",
    ),
    "a word for a type of shop": (
        {"shop_types": ["专营店"]},
        "g.json: shop_types[0]: expected flagship | multi-brand | specialty | *, did you mean multi-brand?",
    ),
    "a number out of bounds": ({"depth": 21}, "g.json: depth: expected a whole number (0..20)"),
    "a brand that is malformed": (
        {"brand": "Longjing"},
        (
            "g.json: brand: not a trademark: 'Longjing' (urn:trademark:<office>:<number>:<Nice class 1 "
            "to 45>, office in lower case, number without leading zeroes)"
        ),
    ),
    "a time that is none": (
        {"from": "2026-13-01"},
        "g.json: from: not a time like 2026-05-01T08:00:00Z: '2026-13-01'",
    ),
    "a citation that is not there": (
        {"parent": "ab" * 32},
        f"g.json: parent: no entry with id {'ab' * 32}; {BY_ITS_FILE}",
    ),
    "a citation by a file that is no statement": (
        {"parent": "@g.json"},
        f"g.json: parent: g.json: statement: {UNSIGNED}",
    ),
    "a citation that is no id": (
        {"parent": "my grant"},
        "g.json: parent: 'my grant' is no statement id: 64 lower-case hexadecimal digits, or the first 12 or more of them",
    ),
    "a period that ends before it begins": (
        {"until": "2020-01-01T00:00:00Z"},
        "g.json: until 2020-01-01T00:00:00Z is not after from 2026-01-01T00:00:00Z",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_wrong_field_is_named_in_one_sentence(run, estate, name: str):
    changes, sentence = ERRORS[name]
    fields = GRANT | {"parent": estate.id("mark")} | changes
    write("g.json", {key: value for key, value in fields.items() if value is not None})
    words = ("--key", "keys/brand.pem", "--subject", AGENT, "-o", "s.cose")
    assert run("sign", "authorisation", "g.json", *words) == (1, "", f"pinyuan: {sentence}\n")
    assert not Path("s.cose").exists()


CALLS = {
    "a type in another spelling": (
        ["authorization", "g.json", "-o", "s.cose"],
        2,
        ("no statement type 'authorization' to sign, did you mean sign authorisation?: see pinyuan sign "
        "--help"),
    ),
    "what another name is usual for": (
        ["certificate", "g.json", "-o", "s.cose"],
        2,
        "no statement type 'certificate' to sign, did you mean sign qualification?: see pinyuan sign --help",
    ),
    "a type by its Chinese name": (
        ["授权", "g.json", "--key", "keys/brand.pem", "-o", "s.cose"],
        2,
        "g.json: --subject: what is the authorisation about? expected: a party",
    ),
    "nowhere to write": (["authorisation", "g.json"], 2, "-o FILE.cose: where shall"),
    "nothing but a type": (["lot"], 2, "-o FILE.cose: where shall"),
    "no subject": (
        ["authorisation", "g.json", "--key", "keys/brand.pem", "-o", "s.cose"],
        2,
        "g.json: --subject: what is the authorisation about? expected: a party",
    ),
    "a subject of another kind": (
        ["authorisation", "g.json", "--key", "keys/brand.pem", "--subject", GTIN, "-o", "s.cose"],
        2,
        f"g.json: --subject: not a party id: '{GTIN}'",
    ),
    "a key nobody knows": (
        ["authorisation", "g.json", "--key", "stranger.pem", "--subject", AGENT, "-o", "s.cose"],
        1,
        "--issuer: whose key is stranger.pem? no ledger at hand knows it",
    ),
    "a key that is none": (
        ["authorisation", "g.json", "--key", "g.json", "--subject", AGENT, "-o", "s.cose"],
        1,
        "key g.json: ",
    ),
    "a target of another type": (
        ["listing-ended", "--target", "22", "--reason", "x", "-o", "s.cose"],
        1,
        "target: a qualification cannot be: listing-ended amends listing",
    ),
    "no such target": (
        ["listing-ended", "--target", "99", "--reason", "x", "-o", "s.cose"],
        1,
        "target: no entry 99: the ledger has 32",
    ),
    "no ledger to look a citation up": (
        ["authorisation", "g.json", "--key", "keys/brand.pem", "--issuer", BRAND, "--subject",
         AGENT, "--origin", ORIGIN, "--dir", "nowhere", "-o", "s.cose"],
        1,
        ("g.json: parent: a bare id is looked up in a ledger, else write {id, topic, subject}: no "
        "ledger in nowhere: there is no such directory: run pinyuan init"),
    ),
    "no JSON": (["authorisation", "bad.json", "--subject", AGENT, "-o", "s.cose"], 1, "bad.json: "),
    "no file": (["lot", "none.json", "-o", "s.cose"], 1, "none.json: No such file or directory"),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_does_not_fit_is_one_sentence(run, estate, name: str):
    words, expected, sentence = CALLS[name]
    write("g.json", GRANT | {"parent": estate.id("mark")})
    Path("bad.json").write_text("{parent: 1}")
    Path("stranger.pem").write_bytes(key_of("stranger").pem())
    code, out, err = run("sign", *words)
    assert (code, out) == (expected, "")
    assert err.startswith(f"pinyuan: {sentence}")
    assert len(err.splitlines()) == 1
    assert not Path("s.cose").exists()


def test_the_wrong_party_s_key_is_refused_at_the_door(run, estate):
    write("g.json", GRANT | {"parent": estate.id("mark")})
    words = ("--key", "keys/agent.pem", "--issuer", BRAND, "--subject", AGENT, "-o", "s.cose")
    assert run("sign", "authorisation", "g.json", *words)[0] == 0
    code, out, _ = run("register", "s.cose")
    assert code == 1
    assert "s.cose: refused, issuer-not-owner: " in out
    assert OFFICE not in out


@pytest.mark.usefixtures("estate")
def test_who_lost_its_only_key_is_told_the_way_to_another_and_gets_there(run):
    kid = key_of("trader").public.kid.hex()
    write("lost.json", {"kid": kid, "reason": "lost"})
    run("sign", "key-revocation", "lost.json", "--subject", TRADER, "-o", "lost.cose")
    assert run("register", "lost.cose")[0] == 0
    trading = ("--subject", "urn:x:1", "-o", "s.cose")
    say = ("sign", "generic", write("r.json", {}), *trading)
    code, _, err = run(*say, "--key", "keys/trader.pem")
    assert code == 1
    assert f"it ended with entry 32: sign with a live key of {TRADER}." in err
    assert "sign party-update --bind" in err
    raw = sign_statement(
        key_of("trader"), b"{}", issuer=TRADER, subject="urn:x:1", issued_at=signed("lost.cose")[0].issued_at,
        audience=ORIGIN, content_type="text/plain",
    )  # fmt: skip
    Path("dead.cose").write_bytes(raw)
    refused = run("register", "dead.cose")[1]
    assert "refused, key-not-live" in refused
    assert "the operator binds a new one (party-update)" in refused
    assert (
        "由平台运营方绑定新密钥（party-update）" in run("register", "dead.cose", "--lang", "zh")[1]
    )
    run("key", "new", "new.pem")
    code, _, err = run(*say, "--key", "new.pem")
    assert code == 1
    assert "sign party-update --bind" in err
    Path("binding.json").write_text(run("key", "bind", "new.pem", "--party", TRADER)[1])
    names = {"names": {"en": "The trader"}, "country": "DE", "roles": ["trader"]}
    update = ("--subject", TRADER, "--bind", "binding.json", "-o", "update.cose")
    assert run("sign", "party-update", write("trader.json", names), *update)[0] == 0
    assert run("register", "update.cose")[0] == 0
    assert run(*say, "--key", "new.pem")[0] == 0
    code, out, _ = run("register", "s.cose")
    assert (code, signed()[0].issuer) == (0, TRADER)
    assert "registered as entry" in out


@pytest.mark.usefixtures("estate")
def test_a_party_that_enters_without_a_key_says_what_is_left_to_do(run, estate):
    """And its first key is bound, proven, and signs."""
    shop = "did:web:shop.example"
    names = {"names": {"en": "Shop"}, "country": "DE", "roles": ["trader"]}
    words = ["sign", "party", write("shop.json", names), "--subject", shop, "-o", "s.cose"]
    code, _, err = run(*words)
    assert (code, "the first is bound later, sign party-update --bind" in err) == (0, True)
    assert "其首把密钥日后用 sign party-update --bind 绑定" in run(*words, "--lang", "zh")[2]
    assert run("register", "s.cose")[0] == 0
    grant = GRANT | {"parent": estate.id("mark")}
    words = ["sign", "authorisation", write("g.json", grant), "--key", "keys/brand.pem"]
    assert run(*words, "--subject", shop, "-o", "g.cose")[0] == 0
    assert run("register", "g.cose")[0] == 0, "it is authorised before it joins"
    assert run("key", "new", "shop.pem")[0] == 0
    bind = ["key", "bind", "shop.pem", "--party", shop]
    update = ["sign", "party-update", "shop.json", "--subject", shop, "-o", "u.cose", "--bind"]
    Path("unproven.json").write_text(run(*bind, "--unproven")[1])
    assert run(*update, "unproven.json")[0] == 0
    assert "refused, possession: " in run("register", "u.cose")[1]
    assert run(*update, "shop.pem")[0] == 0
    assert run("register", "u.cose")[0] == 0
    Path("reading").write_text("5")
    words = ["sign", "generic", "reading", "--key", "shop.pem", "--subject", "urn:x:1"]
    assert run(*words, "-o", "r.cose")[0] == 0
    assert run("register", "r.cose")[0] == 0


@pytest.mark.usefixtures("estate")
def test_fields_may_come_from_standard_input(run, monkeypatch):
    fields = {"quantity": {"amount": "10", "unit": "kg"}, "facility": GARDEN, "made": EVER["from"]}

    class Input:
        buffer = io.BytesIO(json.dumps(fields).encode())

    monkeypatch.setattr(sys, "stdin", Input)
    words = ("--key", "keys/brand.pem", "--subject", LOT, "-o", "s.cose")
    row = json.loads(run("sign", "lot", "-", *words, "--json")[1])
    assert row == {"id": signed()[0].id.hex(), "file": "s.cose", "issuer": BRAND, "subject": LOT}
    assert signed()[1].quantity.amount == "10"


def test_a_shell_completes_questions_types_and_options(run, monkeypatch):
    def completed(line: str) -> list[str]:
        monkeypatch.setenv("_PINYUAN_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        return run()[1].split()

    assert completed("pinyuan may") == ["may-sell"]
    assert completed("pinyuan sign authorisation-r") == ["authorisation-revocation"]
    assert completed("pinyuan bundle exp") == ["expiring"]
    assert completed("pinyuan sign visit --sens") == ["--sensitive"]


@pytest.mark.usefixtures("estate")
def test_a_type_that_is_meant_is_offered_as_it_is_typed_in_any_language(run):
    said = "没有可签署的声明类型 '撤销'，是否指 sign authorisation-revocation？"
    assert said in run("--lang", "zh", "sign", "撤销")[2]
