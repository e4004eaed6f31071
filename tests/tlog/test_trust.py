"""The trust file: C2SP tlog-policy and our own lines."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from ledger.errors import CannotVerifyError, CheckpointError, MalformedError, SignatureError
from ledger.primitives.strict import format_base64
from ledger.tlog.checkpoint import Checkpoint, cosign, sign_checkpoint
from ledger.tlog.note import TYPE_COSIGNATURE, TYPE_ED25519, Note, NoteSignature, VerifierKey
from ledger.tlog.trust import (
    DEFAULT_MAX_AGE_S,
    MAX_LINES,
    MAX_POLICY_SIZE,
    Cosigned,
    Group,
    check_same_log,
    parse_trust,
)

CHECKPOINT = Checkpoint("log.example/tea", 9, bytes(32))
KEYS: dict[VerifierKey, Callable[[bytes], bytes]] = {}


def key(name: str, kind: int = TYPE_COSIGNATURE) -> VerifierKey:
    signing = SigningKey(name.encode().ljust(32))
    vkey = VerifierKey(name, kind, bytes(signing.verify_key))
    KEYS[vkey] = lambda message: signing.sign(message).signature
    return vkey


LOG = key(CHECKPOINT.origin, TYPE_ED25519)
WITNESSES = {name: key(name) for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
REPLAYERS = {name: key(name) for name in ("port", "lab")}
LISTED = "".join(f"witness {name} {vkey}\n" for name, vkey in WITNESSES.items())
# The specification's example.
POLICY = f"""
log {LOG}

witness X1 {WITNESSES["X1"]}
witness X2 {WITNESSES["X2"]}
witness X3 {WITNESSES["X3"]}
group X-witnesses 2 X1 X2 X3

witness Y1 {WITNESSES["Y1"]}
witness Y2 {WITNESSES["Y2"]}
witness Y3 {WITNESSES["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def noted(**times: int) -> Note:
    """Return the checkpoint, signed by the log and cosigned at these times."""
    note = sign_checkpoint(CHECKPOINT, LOG, KEYS[LOG])
    known = WITNESSES | REPLAYERS
    lines = (
        cosign(note.text, known[name], KEYS[known[name]], time_s=time_s)
        for name, time_s in times.items()
    )
    return replace(note, signatures=(*note.signatures, *lines))


def test_the_example_of_the_specification_is_understood():
    policy = parse_trust(POLICY)
    assert policy.logs == (LOG,)
    assert policy.witnesses == WITNESSES
    assert policy.groups == {
        "X-witnesses": Group(2, ("X1", "X2", "X3")),
        "Y-witnesses": Group(1, ("Y1", "Y2", "Y3")),
        "X-and-Y": Group(2, ("X-witnesses", "Y-witnesses")),
    }
    assert (policy.quorum, policy.replayers, policy.replay_quorum) == ("X-and-Y", {}, None)
    assert (policy.max_age_s, policy.genesis, policy.party_keys) == (DEFAULT_MAX_AGE_S, None, {})


@pytest.mark.parametrize(
    ("times", "quorum_time_s"),
    [
        ({}, None),
        ({"X1": 1}, None),
        ({"X1": 1, "X2": 2, "X3": 3}, None),
        ({"Y1": 1, "Y2": 2, "Y3": 3}, None),
        ({"X1": 1, "Y1": 2}, None),
        ({"X1": 1, "X2": 2, "Y1": 3}, 1),
        ({"X1": 1, "X2": 5, "X3": 4, "Y1": 9}, 4),  # two of X had witnessed at 4
        ({"X1": 7, "X2": 8, "Y1": 1}, 1),
        ({"X1": 7, "X2": 8, "Y1": 1, "Y3": 6}, 6),  # any of Y: its newest
        ({"X1": 1, "X2": 2, "X3": 3, "Y1": 4, "Y2": 5, "Y3": 6}, 2),
        ({"X3": 0, "X2": 0, "Y2": 0}, 0),
    ],
)
def test_the_quorum_holds_since_the_newest_time_its_thresholds_were_reached(times, quorum_time_s):
    policy = parse_trust(POLICY)
    if quorum_time_s is None:
        with pytest.raises(CannotVerifyError, match=f"with {len(times)} of 6 witnesses"):
            policy.open(noted(**times))
    else:
        assert policy.open(noted(**times)) == (CHECKPOINT, Cosigned(times, {}, quorum_time_s))


@pytest.mark.parametrize(
    ("threshold", "quorum_time_s"), [("any", 40), ("1", 40), ("2", 30), ("3", 20), ("all", 10)]
)
def test_the_quorum_time_is_the_kth_newest(threshold, quorum_time_s):
    policy = parse_trust(f"log {LOG}\n{LISTED}group G {threshold} X1 X2 Y1 Y2\nquorum G")
    note = noted(X1=30, X2=10, Y1=40, Y2=20, Y3=50)
    assert policy.open(note)[1].quorum_time_s == quorum_time_s


@pytest.mark.parametrize(("times", "holds"), [({"X1": 5}, True), ({"X2": 5}, False)])
def test_a_single_witness_may_be_the_quorum(times, holds):
    policy = parse_trust(f"log {LOG}\n{LISTED}quorum X1\n")
    if holds:
        assert policy.open(noted(**times))[1].quorum_time_s == 5
    else:
        with pytest.raises(CannotVerifyError, match="X1 not reached"):
            policy.open(noted(**times))


def test_quorum_none_asks_for_no_witness_and_has_no_time():
    policy = parse_trust(f"log {LOG}\nquorum none\n")
    assert policy.open(noted(X1=1)) == (CHECKPOINT, Cosigned({}, {}, None))
    listed = parse_trust(f"log {LOG}\n{LISTED}quorum none\n")
    assert listed.open(noted(X1=1)) == (CHECKPOINT, Cosigned({"X1": 1}, {}, None))


def test_a_false_cosignature_of_a_known_witness_is_refused_even_without_need_of_it():
    policy = parse_trust(POLICY)
    note = noted(X1=1, X2=1, Y1=1, Y2=1)
    spoilt = replace(note.signatures[-1], signature=bytes(7) + b"\x02" + bytes(64))
    with pytest.raises(SignatureError, match="cosignature of Y2"):
        policy.open(replace(note, signatures=(*note.signatures[:-1], spoilt)))


def test_a_checkpoint_of_a_log_that_is_not_named_cannot_be_verified():
    policy = parse_trust(f"log {key('log.example/coffee', TYPE_ED25519)}\nquorum none")
    with pytest.raises(CannotVerifyError, match="names no log"):
        policy.open(noted())


def test_every_log_that_is_named_is_accepted():
    # "When the policy is used for verifying a proof, all of the listed logs are accepted."
    coffee = key("log.example/coffee", TYPE_ED25519)
    policy = parse_trust(f"log {coffee}\nlog {LOG} https://log.example/tea/\nquorum none")
    assert policy.open(noted())[0] == CHECKPOINT
    other = replace(CHECKPOINT, origin=coffee.name)
    assert policy.open(sign_checkpoint(other, coffee, KEYS[coffee]))[0] == other


def test_a_second_key_for_one_log_is_accepted_or_refused_but_not_passed_over():
    signing = SigningKey(bytes(32))
    second = VerifierKey(LOG.name, TYPE_ED25519, bytes(signing.verify_key))
    note = sign_checkpoint(CHECKPOINT, second, lambda message: signing.sign(message).signature)
    try:
        policy = parse_trust(f"log {LOG}\nlog {second}\nquorum none")
    except MalformedError:
        return
    assert policy.open(note)[0] == CHECKPOINT


def test_replayers_are_counted_apart_from_witnesses():
    text = f"log {LOG}\n{LISTED}quorum X1\nreplay-quorum 2\n"
    text += "".join(f"replayer {name} {vkey}\n" for name, vkey in REPLAYERS.items())
    policy = parse_trust(text)
    assert (policy.replayers, policy.replay_quorum) == (REPLAYERS, 2)
    cosigned = policy.open(noted(X1=5, port=6, lab=7))[1]
    assert cosigned == Cosigned({"X1": 5}, {"port": 6, "lab": 7}, 5)
    with pytest.raises(CannotVerifyError, match="no replay quorum: 1 of 2"):
        policy.open(noted(X1=5, X2=5, port=6))
    with pytest.raises(CannotVerifyError, match="no witness quorum"):
        policy.open(noted(port=6, lab=7))
    without = parse_trust(text.replace("replay-quorum 2", "replay-quorum none"))
    assert without.open(noted(X1=5))[1].replayers == {}


def test_our_own_lines_are_understood():
    kids = [bytes([i]) * 32 for i in range(3)]
    policy = parse_trust(
        f"quorum none\nmax-age 600\ngenesis {kids[0].hex()}\n"
        f"party-key 9135 {kids[0].hex()}\nparty-key 9135 {kids[1].hex()}\n"
        f"party-key 9136 {kids[2].hex()}\n"
    )
    assert (policy.max_age_s, policy.genesis) == (600, kids[0])
    assert policy.party_keys == {"9135": frozenset(kids[:2]), "9136": frozenset(kids[2:])}


def test_blanks_tabs_comments_and_addresses_change_nothing():
    text = POLICY.replace("group", "\t group ").replace(" any ", "\tany \t")
    text = text.replace("\nquorum", "\n  # quorum none\n#\n \t\nquorum").replace(
        "X-and-Y\n", "X-and-Y \n"
    )
    assert parse_trust(text) == parse_trust(POLICY)
    witness = f"witness X1 {WITNESSES['X1']}"
    assert parse_trust(POLICY.replace(witness, f"{witness} https://x1.example/")) == parse_trust(
        POLICY
    )


def test_names_are_bytes_that_mean_nothing():
    vkey = WITNESSES["X1"]
    policy = parse_trust(
        f"witness K {vkey}\ngroup all all K\ngroup \u212a\u00a0 any all\nquorum \u212a\u00a0"
    )
    assert policy.groups == {"all": Group(1, ("K",)), "\u212a\u00a0": Group(1, ("all",))}


V, W = WITNESSES["X1"], WITNESSES["X2"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([f"witness X1 {V}", f"witness X2 {V}"], "listed twice"),
        ([f"witness X1 {V}", f"replayer X1 {V}"], "listed twice"),
        ([f"log {LOG}", f"log {LOG} https://log.example"], "listed twice"),
        ([f"log {LOG}", f"witness X1 {replace(LOG, type=TYPE_COSIGNATURE)}"], "listed twice"),
        ([f"log {LOG}", f"log {replace(LOG, name='log.example/2')}"], "listed twice"),
        ([f"log {V}"], "type 04, 01 expected"),
        ([f"witness X1 {LOG}"], "type 01, 04 expected"),
        ([f"replayer port {LOG}"], "type 01, 04 expected"),
        ([f"witness X1 {str(V)[:-1]}"], "base64"),
        ([f"witness X1 {V}", f"witness X1 {W}"], "'X1' is taken"),
        ([f"witness X1 {V}", "group X1 any X1"], "'X1' is taken"),
        ([f"witness none {V}"], "'none' is taken"),
        ([f"witness X1 {V}", "group none any X1"], "'none' is taken"),
        ([f"replayer port {V}", f"replayer port {W}"], ""),
        (["group G any X1"], "'X1' is not defined"),
        (["group G any none"], "'none' is not defined"),
        (["group G any G"], "'G' is not defined"),
        ([f"replayer port {V}", "group G any port"], "'port' is not defined"),
        (["quorum X1"], "'X1' is not defined"),
        ([f"replayer port {V}", "quorum port"], "'port' is not defined"),
        ([f"witness X1 {V}", "group G any X1 X1"], "'X1' is a member twice"),
        ([f"witness X1 {V}", "group G any X1", "group H any X1"], "'X1' is a member twice"),
        ([f"witness X1 {V}", "group G any X1", "group H all G X1"], "'X1' is a member twice"),
        ([f"witness X1 {V}", "group G 2 X1"], "threshold 2 of 1"),
        ([f"witness X1 {V}", "group G 0 X1"], "threshold 0 of 1"),
        ([f"witness X1 {V}", "group G 01 X1"], "decimal"),
        ([f"witness X1 {V}", "group G +1 X1"], "decimal"),
        ([f"witness X1 {V}", "group G -1 X1"], "decimal"),
        ([f"witness X1 {V}", "group G most X1"], "decimal"),
        ([f"witness X1 {V}", "group G any"], "not understood"),
        ([f"witness X1 {V}", "group G"], "not understood"),
        (["quorum none", "quorum none"], "a second quorum line"),
        ([f"witness X1 {V}", "quorum X1", "quorum none"], "a second quorum line"),
        (["max-age 5", "max-age 5"], "a second max-age line"),
        (["genesis " + "0" * 64, "genesis " + "0" * 64], "a second genesis line"),
        (["replay-quorum none", "replay-quorum none"], "a second replay-quorum line"),
        (["quorum"], "not understood"),
        (["quorum none none"], "not understood"),
        (["log"], "not understood"),
        ([f"log {LOG} https://log.example more"], "not understood"),
        ([f"witness {V}"], "not understood"),
        ([f"witness X1 {V} https://x1.example more"], "not understood"),
        ([f"Witness X1 {V}"], "not understood"),
        (["trust everyone"], "not understood"),
        (["party-key 9135 00"], "hexadecimal"),
        (["party-key 9135 " + "A" * 64], "hexadecimal"),
        (["party-key 9135"], "not understood"),
        (["quorum\u00a0none"], "not understood"),
        ([f"log {LOG}\r"], "control characters"),
        ([f"witness X\x011 {V}"], "control characters"),
        ([f"witness X\x7f1 {V}"], "control characters"),
        (["quorum none\v"], "control characters"),
        (["\f"], "control characters"),
        (["# a comment\x00"], "control characters"),  # the specification: anywhere in the file
        (["max-age soon"], "decimal"),
        (["max-age 1_0"], "decimal"),
        (["max-age -1"], "decimal"),
        (["genesis 00"], "hexadecimal"),
        (["genesis " + "A" * 64], "hexadecimal"),
        (["replay-quorum most"], "decimal"),
        (["replay-quorum 0"], "replay-quorum 0"),
        ([f"replayer port {V}", "replay-quorum 2"], "2 of 1 replayers"),
    ],
    ids=lambda value: (
        re.sub(r"\S+\+\S{40,}", "<vkey>", value[-1]) if type(value) is list else value
    ),
)
def test_a_refused_trust_file_names_the_line(lines, message):
    before = ["# trusted", "", " \t"]
    after = [] if any(line.startswith("quorum ") for line in lines) else ["quorum none"]
    number = len(before) + len(lines)
    with pytest.raises(MalformedError, match=rf"^trust file line {number}: .*{message}"):
        parse_trust("\n".join([*before, *lines, *after]))


@pytest.mark.parametrize("text", ["", "\n", "# quorum none\n", LISTED, f"log {LOG}\nmax-age 5\n"])
def test_a_trust_file_without_a_quorum_line_is_refused(text):
    with pytest.raises(MalformedError, match="no quorum line"):
        parse_trust(text)


def test_a_trust_file_has_limits():
    lines = ["quorum none", *["#"] * (MAX_LINES - 1)]
    parse_trust("\n".join(lines))
    with pytest.raises(MalformedError, match="1000 lines"):
        parse_trust("\n".join([*lines, "#"]))
    long = "quorum none\n#"
    parse_trust(long.ljust(MAX_POLICY_SIZE, "x"))
    with pytest.raises(MalformedError, match="262144 characters"):
        parse_trust(long.ljust(MAX_POLICY_SIZE + 1, "x"))


def test_a_trust_file_may_have_what_the_specification_recommends():
    names = [f"w{i}" for i in range(32)]
    lines = [f"witness {name} {key(name)}" for name in names]
    lines += [f"log {key(f'log.example/{i}', TYPE_ED25519)}" for i in range(32)]
    lines += ["group g0 any w0", *(f"group g{i} all g{i - 1} w{i}" for i in range(1, 32))]
    policy = parse_trust("\n".join([*lines, "quorum g31"]))
    assert (len(policy.logs), len(policy.witnesses), len(policy.groups)) == (32, 32, 32)
    note = sign_checkpoint(CHECKPOINT, LOG, KEYS[LOG])
    by = {name: policy.witnesses[name] for name in names}
    cosignatures = [
        cosign(note.text, vkey, KEYS[vkey], time_s=100 + i) for i, vkey in enumerate(by.values())
    ]
    every = replace(note, signatures=tuple(cosignatures))
    assert policy.check_cosignatures(every).quorum_time_s == 100
    with pytest.raises(CannotVerifyError, match="31 of 32"):
        policy.check_cosignatures(replace(note, signatures=tuple(cosignatures[:-1])))


WORDS = (
    "log witness replayer group quorum replay-quorum max-age genesis party-key # none any all "
    f"0 1 2 X1 X2 G {LOG} {V} {W} {'0' * 64}"
).split()
lines = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text(max_size=20)


@given(st.lists(lines, max_size=8).map("\n".join))
def test_any_text_is_a_trust_file_or_refused(text):
    with suppress(MalformedError):
        parse_trust(text)


def test_two_checkpoints_of_one_size_have_one_root():
    check_same_log(CHECKPOINT, CHECKPOINT)
    check_same_log(CHECKPOINT, replace(CHECKPOINT, size=10, root=b"r" * 32))
    check_same_log(CHECKPOINT, replace(CHECKPOINT, size=8, root=b"r" * 32))
    with pytest.raises(CheckpointError, match="split view: two signed checkpoints of size 9"):
        check_same_log(CHECKPOINT, replace(CHECKPOINT, root=b"r" * 32))


def test_checkpoints_of_two_logs_are_not_compared():
    with pytest.raises(CheckpointError, match="checkpoints of two logs"):
        check_same_log(CHECKPOINT, replace(CHECKPOINT, origin="log.example/coffee"))


def unknown(name: str, kind: int = 6, size: int = 1_312) -> str:
    """Return a verifier key of a type that is not known here, ML-DSA-44 by default."""
    return f"{name}+0badcafe+{format_base64(bytes([kind]) + name.encode().ljust(size, b'.'))}"


class TestTypesThatAreNotKnownHere:
    """A policy written for newer cosigners is read; who cannot be verified counts as absent."""

    def test_their_lines_are_read_and_said(self):
        text = (
            f"log {LOG}\nlog {unknown('log.example/new')}\nwitness N {unknown('n')} https://n.example\n"
            f"witness X1 {WITNESSES['X1']}\ngroup G any N X1\nquorum G\n"
            f"replayer R {unknown('r', 0xFF, 3)}\nreplay-quorum none\n"
        )
        policy = parse_trust(text)
        assert policy.absent == (
            "log log.example/new counts as absent: keys of type 06 are not known here",
            "witness N counts as absent: keys of type 06 are not known here",
            "replayer R counts as absent: keys of type ff are not known here",
        )
        assert (policy.logs, policy.witnesses) == ((LOG,), {"X1": WITNESSES["X1"]})
        assert policy.replayers == {}
        assert policy.open(noted(X1=7))[1].quorum_time_s == 7
        with pytest.raises(CannotVerifyError, match="names no log"):
            policy.log_key("log.example/new")

    @pytest.mark.parametrize("quorum", ["N", "G"])
    def test_a_quorum_that_needs_them_does_not_hold(self, quorum: str):
        """A signature line in its name proves nothing here, and is no falsehood either."""
        text = (
            f"log {LOG}\nwitness N {unknown('n')}\nwitness X1 {WITNESSES['X1']}\ngroup G all N X1\n"
        )
        policy = parse_trust(f"{text}quorum {quorum}")
        note = noted(X1=7)
        line = NoteSignature("n", bytes.fromhex("0badcafe"), bytes(8 + 2_420))
        for signed in (note, replace(note, signatures=(*note.signatures, line))):
            with pytest.raises(CannotVerifyError, match="witness N counts as absent"):
                policy.open(signed)

    def test_a_replay_quorum_that_needs_them_does_not_hold(self):
        text = f"log {LOG}\nquorum none\nreplayer R {unknown('r')}\nreplay-quorum 1"
        with pytest.raises(CannotVerifyError, match="replayer R counts as absent"):
            parse_trust(text).open(noted())

    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            (f"witness N {unknown('n')}\nwitness N {unknown('m')}", "taken"),
            (f"replayer N {unknown('n')}\nreplayer N {unknown('m')}", "not understood"),
            (f"witness N {unknown('n')}\nwitness M {unknown('n')}", "listed twice"),
            ("witness N n+0badcafe+Bg==", "not a type and a key"),
            ("witness N n+0badcafe+", "not a type and a key"),
            ("witness N n+0badcaf+Bmtl", "hex"),
            (f"witness N {LOG}", "04 expected"),
            (f"log {WITNESSES['X1']}", "01 expected"),
            (f"witness N {unknown('n', 4)}", "not a type and a key"),
            (f"witness N {unknown('n', 4, 32)}", "is not the one of this name"),
            (f"witness N {unknown('n')}\ngroup G any N\ngroup H any N", "a member twice"),
            (f"witness N {unknown('n')}\ngroup G any G", "not defined above"),
        ],
    )
    def test_what_is_no_line_still_is_none(self, lines: str, said: str):
        with pytest.raises(MalformedError, match=said):
            parse_trust(f"{lines}\nquorum none")
