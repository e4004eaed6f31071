"""An answer may be about any time: its sentences do not speak of the reader's present."""

import re

from ledger.phrases.verdict_sentences import VERDICTS

PRESENT = {"en": r"\b(now|currently|today|at present)\b", "zh": "目前|现在|如今|今天|眼下"}


def test_no_verdict_speaks_of_the_present_of_whoever_reads_it():
    told = {
        (lang, *asked): words.to(lang)
        for asked, words in VERDICTS.items()
        for lang in PRESENT
        if re.search(PRESENT[lang], words.to(lang))
    }
    assert told == {}
