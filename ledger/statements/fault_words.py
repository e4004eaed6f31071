"""What msgspec says of a payload that is not in its form, with its facts apart."""

import msgspec

from ledger.errors import Speaking
from ledger.texts import Sentence, Words, saying
from ledger.texts.foreign import recognised

FAULTS = (
    Words("Expected `{wanted}`, got `{given}`"),
    Words("Expected `{wanted}` of length {bounds}"),
    Words("Expected `{wanted}` matching regex {pattern}"),
    Words("Expected `{wanted}` {bounds}"),
    Words("Object missing required field `{field}`"),
    Words("Object contains unknown field `{field}`"),
    Words("Invalid enum value {value}"),
    Words("Invalid value {value}"),
    Words("Invalid value `{value}`"),
)
"""What msgspec says."""
AT = " - at `"


def fault(error: msgspec.ValidationError) -> Sentence:
    """Return what is wrong, and where: what a field's own check says is in its own words."""
    text, at, path = str(error).partition(AT)
    own = error.__cause__
    what = own.sentence if isinstance(own, Speaking) else recognised(text, FAULTS)
    return saying("{what} - at `{path}`", what=what, path=path.removesuffix("`")) if at else what


def placed(what: Sentence, path: str) -> Sentence:
    """Return what is wrong at a path of ours, msgspec's ``$`` before it; of the whole without one."""
    return saying("{what} - at `{path}`", what=what, path=f"${path}") if path else what


def apart(text: str) -> Sentence:
    """Return what is wrong without where."""
    if isinstance(text, Sentence) and isinstance(what := text.facts.get("what"), Sentence):
        return what
    return text if isinstance(text, Sentence) else recognised(text.partition(AT)[0], FAULTS)
