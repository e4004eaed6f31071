"""The topics that a history may be asked of are those that FORMATS gives statements."""

import re
from pathlib import Path

import pytest

from ledger.errors import MalformedError, ParameterError
from ledger.questions.declared import Form
from ledger.questions.forms import FORMS
from ledger.questions.registry import find_question
from ledger.statements.topics import TOPICS

FORMATS = Path(__file__).parents[2] / "FORMATS.md"


def test_the_topics_are_those_of_the_table_of_types():
    text = FORMATS.read_text()
    table = text[text.index("| type | issued by |") :].partition("\n\n")[0]
    assert set(re.findall(r"\(`([a-z-]+)`, ", table)) == set(TOPICS)


@pytest.mark.parametrize(
    ("topic", "meant"),
    [
        ("identty", "did you mean identity?"),
        ("Identity", "did you mean identity?"),
        ("reciall", "did you mean recall?"),
        ("shop ", "did you mean shop or shops?"),
        ("parties", "no topic"),
    ],
)
def test_a_topic_that_is_none_is_wrong_usage_and_names_the_one_meant(topic: str, meant: str):
    with pytest.raises(ParameterError, match=re.escape(meant)):
        find_question("history", {"topic": topic, "subject": "did:web:trader.example"})


@pytest.mark.parametrize(
    ("form", "text", "meant"),
    [
        ("level", "ii", "II"),
        ("mode", "inbond", "inbound"),
        ("aql", "1,0", "1.0"),
        ("shop-type", "Flagship", "flagship"),
        ("shop-type", "multibrand", "multi-brand"),
    ],
)
def test_a_word_that_is_nearly_one_names_the_one_meant(form: Form, text: str, meant: str):
    with pytest.raises(MalformedError, match=f"did you mean {meant}\\?"):
        FORMS[form](text)
