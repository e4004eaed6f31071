"""Problems are told in the language that is asked for or accepted."""

import pytest
from texts.english import english

from ledger.cose import cbor

PATHS = (
    "/v1/may-sell",
    "/v1/may-sell?trader=x&product=y&territory=z&channel=w",
    "/v1/trace?goods=tea",
    "/v1/trace?goods=tea&bogus=1",
    "/v1/labels?since=0",
    "/v1/entries/9999",
    "/v1/entries/tea",
    "/v1/nothing",
    "/nothing",
    "/tile/0/999",
    "/entries/tea",
    "/entries/" + "0" * 64,
    "/v1/cosigned/9999",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_problem_is_told_in_the_language_accepted(service, path: str):
    told = {}
    for lang in ("en", "zh"):
        answer = service.client.get(path, headers={"accept-language": f"{lang}-CN"})
        assert answer.status_code >= 400
        assert answer.headers["content-language"] == lang
        if "cbor" in answer.headers["content-type"]:
            found = cbor.decode(answer.content, "problem")
            told[lang] = (found[-1], found[-2])
        else:
            found = answer.json()
            told[lang] = (found["title"], found["detail"])
    assert [english(text) for text in told["zh"]] == [[], []]
    assert told["en"] != told["zh"]


def test_lang_goes_before_what_is_accepted(service):
    answer = service.client.get("/v1/trace?lang=zh", headers={"accept-language": "en"})
    assert answer.headers["content-language"] == "zh"
    assert answer.json()["title"] == "请求格式有误"
