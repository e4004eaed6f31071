"""The topics that a history may be asked of are those that FORMATS gives statements."""

import re
from pathlib import Path

import pytest

from ledger.errors import MalformedError, ParameterError
from ledger.identifiers.kinds import Kind, fits
from ledger.questions.declared import Form
from ledger.questions.forms import FORMS
from ledger.questions.registry import find_question
from ledger.statements.catalogue import CATALOGUE
from ledger.statements.topics import KEPT_BY, TOPICS
from ledger.tables.topic_words import KEPT_IN

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


LOT = "https://id.gs1.org/01/06901234500004/10/C3"
PRODUCT = "https://id.gs1.org/01/06901234500004"
ITEM = f"{LOT}/21/7"
TRADER = "did:web:trader.example"
EXAMPLES = {
    "party": TRADER,
    "product": PRODUCT,
    "lot": LOT,
    "item": ITEM,
    "facility": "https://id.gs1.org/414/6901234507003",
    "shop": "urn:shop:mall.example:tea",
    "sample": "urn:sample:s-1",
    "visit": "urn:visit:v-1",
    "checklist": "urn:checklist:c-1",
    "draw": "urn:draw:d:1",
    "programme": "urn:programme:d",
    "roster": "urn:roster:r-1",
    "model": "urn:model:quality",
    "standard": "urn:standard:gb:2763",
    "trademark": "urn:trademark:cn:12345678:30",
    "paper": "urn:qualification:samr:SC-1",
    "statement or key": "ab" * 32,
    "credit code": "91330106MA27XL5T8J",
    "month": "2026-05",
    "GS1 prefix": "6901234",
    "category": "food/tea",
    "unit": "https://id.gs1.org/00/006141411234567890",
}


def refused(topic: str, subject: str) -> str:
    """Return why a history is none, empty where there may be one."""
    try:
        find_question("history", {"topic": topic, "subject": subject})
    except ParameterError as error:
        return str(error)
    return ""


def subject_of(kind: str) -> str:
    return "\n".join(EXAMPLES[one] for one in kind.split(" and "))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_says_by_what_its_histories_are_kept_and_which_one_is_meant(topic: str):
    kinds = KEPT_BY[topic]
    assert [kind for kind in kinds if refused(topic, subject_of(kind))] == []
    for kind in EXAMPLES if kinds else ():
        if not any(fits(EXAMPLES[kind], one) for one in kinds):
            why = refused(topic, EXAMPLES[kind])
            assert (
                f"histories of {topic} are kept by {' or '.join(Kind(one).to('en') for one in kinds)}"
                in why
            )
            assert kind in ("item", "month") or re.search(
                r"did you mean history |; by .* there are ", why
            ), why


@pytest.mark.parametrize(
    ("topic", "subject", "meant"),
    [
        ("recall", LOT, f"did you mean history recall {PRODUCT}?"),
        ("lot", ITEM, f"did you mean history lot {LOT}?"),
        ("lot", PRODUCT, f"did you mean history lots {PRODUCT}?"),
        ("lots", LOT, f"did you mean history lots {PRODUCT}?"),
        ("examined", LOT, f"did you mean history examined {PRODUCT}?"),
        ("grant", TRADER, f"did you mean history grants {TRADER}?"),
        ("shop", TRADER, f"did you mean history shops {TRADER}?"),
        ("identity", PRODUCT, "; by product there are adverse, examined, feedback, "),
        ("lot", "C3", "C3 is no id of one"),
    ],
)
def test_a_subject_of_another_kind_is_wrong_usage_and_names_the_history_meant(
    topic: str, subject: str, meant: str
):
    assert meant in refused(topic, subject)


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


def test_every_type_is_called_as_a_topic_or_says_in_which_its_statements_are():
    assert {*CATALOGUE} - {*TOPICS} == {*KEPT_IN}
    assert {topic for topics in KEPT_IN.values() for topic in topics} <= {*TOPICS}
