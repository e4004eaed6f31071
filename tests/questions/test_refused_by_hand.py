"""Who writes by hand is told which pair is wrong, who holds what was taken, and what to do."""

import pytest
from paper import copy_of
from questions.scene import say
from rules.words import says, withdraws
from tea import GTIN, INSPECTOR, LOT
from usual import REGISTRAR, SAMPLE, Told, citing

from ledger.texts import told as told_in
from ledger.writing.log import Refused

OTHER, STRANGE = f"{GTIN}/10/Z1", f"{GTIN}/10/Z9"


@pytest.fixture
def told(beginning: Told) -> Told:
    """Return the usual beginning, two lots called back."""
    found = copy_of(beginning.world, beginning)
    found.world.told = found
    say(found, says("recall", other_lots=[OTHER]))
    return found


def messages(told: Told, raw: bytes) -> dict[str, tuple[str, str]]:
    """Return the refusals of a statement by rule, in English and Chinese."""
    (outcome,) = told.world.register(raw)
    assert isinstance(outcome, Refused)
    return {
        one.rule: (str(one.message), str(told_in(one.message, "zh"))) for one in outcome.refusals
    }


def test_a_recall_withdrawn_of_a_lot_it_does_not_name_says_which_pair_is_not_its_own(told: Told):
    said = messages(told, withdraws("recall", OTHER, STRANGE, by="operator")(told.world))
    en, zh = said["target-subjects"]
    assert en == f'subjects: ["inspection", "{STRANGE}"] is not its target\'s: leave it out'
    assert zh == f'subjects：["inspection", "{STRANGE}"] 不属于目标声明，请去掉'


def test_one_that_names_the_lot_and_not_its_product_says_which_pair_is_lacking(told: Told):
    only = [["inspection", OTHER]]
    said = messages(told, withdraws("recall", OTHER, by="operator", subjects=only)(told.world))
    en, zh = said["target-subjects"]
    assert en == f'subjects: ["recall", "{GTIN}"] is its target\'s: name it, too'
    assert zh == f'subjects：目标声明的 ["recall", "{GTIN}"] 未列出，请补上'


def test_one_of_a_lot_taken_out_already_says_which_and_which_are_left(told: Told):
    say(told, withdraws("recall", OTHER, by="operator"))
    said = messages(told, withdraws("recall", OTHER, by="operator")(told.world))
    en, zh = said["error-lots"]
    assert en == (
        f'you took ["inspection", "{OTHER}"], ["recall", "{GTIN}"] out already: in subjects name '
        f'others of what it calls back, ["inspection", "{LOT}"], ["recall", "{GTIN}"]'
    )
    assert f'即 ["inspection", "{LOT}"]' in zh


def test_a_name_that_is_taken_says_by_whom(told: Told):
    say(told, says("sample-sealed"))
    again = says("sample-sealed", seals=["S-2"], called="again")(told.world)
    en, zh = messages(told, again)["claim-taken"]
    assert f" is claimed by {INSPECTOR} (entry " in en
    assert f" 已由 {INSPECTOR} 登记（条目 " in zh


def test_a_name_that_a_decision_took_says_who_decided(told: Told):
    say(told, says("claim-decided", by="registrar", subject=LOT, rejected=[citing("lot")]))
    en, _ = messages(told, says("lot", called="anew")(told.world))["claim-taken"]
    assert en.startswith(f"{REGISTRAR} (entry ")


def test_a_sample_that_nearly_matches_is_refused_with_the_name_meant(told: Told):
    say(told, says("sample-sealed"))
    mistyped = SAMPLE[:-1] + ("8" if SAMPLE[-1] != "8" else "9")
    raw = says("custody", subject=mistyped, previous="00" * 32)(told.world)
    en, zh = messages(told, raw)["custody-sequence"]
    assert en == f"{mistyped} was never sealed: did you mean {SAMPLE}?"
    assert zh == f"{mistyped} 从未封样：是否指 {SAMPLE}？"
