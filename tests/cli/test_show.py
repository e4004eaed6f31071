"""``show`` has words for whatever may become of an entry."""

from ledger.cli.show_group import WORDS
from ledger.statements.catalogue import CATALOGUE


def test_every_effect_of_a_later_entry_has_its_words_in_both_languages():
    effects = {row.effect for row in CATALOGUE.values() if row.effect}
    assert effects - WORDS.keys() == set()
    for english, chinese in WORDS.values():
        assert english.count("{") == chinese.count("{")
