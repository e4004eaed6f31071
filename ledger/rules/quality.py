"""Rules for the quality index: its model, and what is stated of it."""

from collections.abc import Iterator

from ledger.histories.views import AsOfView
from ledger.rules.outcomes import MAX_GOODS, TooManyError, goods_of
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.scoring import index_at, model_in_force, model_of
from ledger.rules.state import MICROSECONDS
from ledger.statements.quality_family import QualityIndex, QualityModel
from ledger.texts import saying


@rule("model-retroactive", "quality-model")
def model_for_the_future(case: Case) -> Iterator[Refusal]:
    """A quality model holds from its signing on at the earliest.

    `from` is before `iat`.
    """
    body = case.body
    if isinstance(body, QualityModel) and body.from_.us < case.statement.issued_at * MICROSECONDS:
        yield Refusal(
            "model-retroactive",
            saying("from {from_} is before its own signature", from_=body.from_),
        )


@rule("index-time", "quality-index")
def index_of_what_is_known(case: Case) -> Iterator[Refusal]:
    """A stated index is about a time not after its signing, as of a size not beyond its place.

    `at` is later than `iat`; `size` is above its place.
    """
    body = case.body
    if not isinstance(body, QualityIndex):
        return
    if body.at.us > case.statement.issued_at * MICROSECONDS:
        yield Refusal("index-time", saying("at {at} is later than its own signature", at=body.at))
    if body.size > case.index:
        yield Refusal(
            "index-time",
            saying("size {size}: it would be entry {index}", size=body.size, index=case.index),
        )


@rule("index-recomputed", "quality-index", bite="replay-only", turn="last")
def index_recomputed(case: Case) -> Iterator[Refusal]:
    """A stated index is what its model, in force then, makes of the entries before its size.

    Unless `size` is above its place, histories as of `size`: the newest model that stands in
    (`model`, model's subject) with `from` <= `at` is another than `model` [it], or there is none.
    Else `index` of `sub` about `at`, by *`index`* 1 to 4: more goods than `max-goods`; or each of
    `score`, `grade`, `outcomes`, `inputs` is another [the model].
    """
    body, subject = case.body, case.statement.subject
    if not isinstance(body, QualityIndex) or body.size > case.index:
        return
    view = AsOfView(case.view, body.size)
    model = model_in_force(view, body.model.subject, body.at.us)
    if model is None or model.id != body.model.id:
        cites = () if model is None else (model.index,)
        named = saying("none is") if model is None else f"{model.id} is"
        why = saying(
            "{subject}: {named} the model in force at {at}, of size {size}",
            subject=body.model.subject,
            named=named,
            at=body.at,
            size=body.size,
        )
        yield Refusal("index-recomputed", why, cites)
        return
    try:
        goods = goods_of(view, subject)
    except TooManyError:
        why = saying(
            "{subject} has more than {max_goods} products: state it of smaller ones",
            subject=subject,
            max_goods=MAX_GOODS,
        )
        yield Refusal("index-recomputed", why)
        return
    found = index_at(view, goods, model_of(model), body.at.us)
    for name, told, there in (
        ("score", body.score, found.score),
        ("grade", body.grade, found.grade),
        ("outcomes", body.outcomes, len(found.counted)),
        ("inputs", body.inputs, found.inputs),
    ):
        if told != there:
            why = saying(
                "{name}: {word}, recomputed {word_2}",
                name=name,
                word=_word(told),
                word_2=_word(there),
            )
            yield Refusal("index-recomputed", why, (model.index,))


def _word(value: str | int | None) -> str:
    return "null" if value is None else str(value)
