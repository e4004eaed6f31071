"""What may be asked: names, parameters, words. Command line, HTTP and pages derive from it.

Nothing heavy is imported here, so that a command can list its questions quickly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ledger.rules.usual_model import USUAL_MODEL
from ledger.texts import Words

Form = Literal[
    "text", "topic", "party", "product", "goods", "trademark", "territory", "channel", "shop-type",
    "statement", "days", "about", "subject", "count", "level", "aql", "mode",
    "time", "category", "indexed", "model", "sample", "month", "report", "any-trademark",
    "any-statement", "any-party", "facility", "draw", "any-product", "programme", "any-shop",
    "followed",
    "any-observer",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the form of its value, what it says.

    ``default``: taken where none is given; None: it must be given. ``narrows``: it says which part
    of an answer is wanted, and is no part of what is asked about.
    """

    name: str
    form: Form
    words: Words
    default: str | None = None
    narrows: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its parameters in order; ``timed``: it is asked about a time (valid_at)."""

    name: str
    parameters: tuple[Parameter, ...]
    words: Words
    timed: bool = True


_TRADER = Parameter("trader", "party", Words("The seller's party id."))
_PRODUCT = Parameter(
    "product",
    "product",
    Words("https://id.gs1.org/01/<GTIN-14>."),
)
_TERRITORY = Parameter("territory", "territory", Words("Where, ISO 3166: CN."))
_CHANNEL = Parameter("channel", "channel", Words("Through which channel."))
_SHOP_TYPE = Parameter(
    "shop_type",
    "shop-type",
    Words("flagship, specialty, multi-brand; * for any one."),
    "*",
)
_SHOP_ASKED = Parameter(
    "shop",
    "any-shop",
    Words("In which of the seller's shops; * for any one."),
    "*",
)


_ONE_BRAND = Parameter(
    "brand",
    "any-trademark",
    Words("Of one brand alone; * for all."),
    default="*",
    narrows=True,
)


def _page(words: Words) -> Parameter:
    """Return the parameter that says which part of a long answer is listed."""
    return Parameter("page", "count", words, default="1", narrows=True)


_REPORT = Parameter(
    "report",
    "report",
    Words("A report's statement id, or the SHA-256 of its file; * for any."),
    "*",
)

QUESTIONS: Mapping[str, Question] = {
    item.name: item
    for item in (
        Question(
            "history",
            (
                Parameter("topic", "topic", Words("A history's topic.")),
                Parameter("subject", "text", Words("A history's subject.")),
            ),
            Words("Everything ever said there, and that it is everything."),
            timed=False,
        ),
        Question(
            "may_sell",
            (_TRADER, _PRODUCT, _TERRITORY, _CHANNEL, _SHOP_TYPE, _SHOP_ASKED),
            Words("May this trader sell this product here? Who says so?"),
        ),
        Question(
            "trace",
            (
                Parameter(
                    "goods",
                    "goods",
                    Words(
                        "A product, lot or item; upper and lower case of a lot's code and a serial "
                        "number matter: /10/a7 is another lot than /10/A7."
                    ),
                ),
                _page(
                    Words("Which thousand lots to list; the verdict is about all."),
                ),
            ),
            Words(
                "Everything said about goods and what they were made from, and that it is everything."
            ),
        ),
        Question(
            "where_used",
            (
                Parameter(
                    "goods",
                    "followed",
                    Words(
                        "A lot, an item of one, or a logistic unit: https://id.gs1.org/00/<SSCC>."
                    ),
                ),
                _page(Words("Which two hundred rows of each list.")),
            ),
            Words("What was made of these goods, where did they go, who sells them now?"),
        ),
        Question(
            "listable",
            (_TRADER, _PRODUCT, _TERRITORY, _CHANNEL, _SHOP_TYPE, _SHOP_ASKED),
            Words("May this product be listed by this trader here, all conditions taken together?"),
        ),
        Question(
            "impact",
            (
                Parameter("brand", "trademark", Words("The brand.")),
                Parameter("grantee", "party", Words("Whose grant.")),
                Parameter("grant", "statement", Words("The grant's statement id.")),
            ),
            Words("Which merchants and listings fall if this grant is revoked?"),
        ),
        Question(
            "expiring",
            (
                Parameter("party", "party", Words("Whose papers and grants.")),
                Parameter("days", "days", Words("Within how many days."), "30"),
                _ONE_BRAND,
            ),
            Words("What of this party's papers and grants expires within so many days?"),
        ),
        Question(
            "admission",
            (_TRADER,),
            Words("Is this trader admitted, and do the papers reviewed still stand?"),
        ),
        Question(
            "sanctions",
            (
                Parameter(
                    "subject",
                    "subject",
                    Words("A trader, shop, product or lot."),
                ),
            ),
            Words("Which sanctions stand against it, what would end them, and which did?"),
        ),
        Question(
            "visits",
            (Parameter("about", "about", Words("A facility, lot or draw.")),),
            Words("Which observers visited, and what did they find?"),
        ),
        Question(
            "plan",
            (
                _TRADER,
                _PRODUCT,
                Parameter("lot_size", "count", Words("Items in the lot.")),
                Parameter("aql", "aql", Words("Acceptance quality limit: 1.0.")),
                Parameter(
                    "level",
                    "level",
                    Words("Inspection level: S-1 to S-4, I, II, III."),
                    "II",
                ),
                Parameter(
                    "mode",
                    "mode",
                    Words("inbound, patrol, flight, mystery."),
                    "inbound",
                ),
            ),
            Words("What is to be drawn from this lot now, and why (GB/T 2828.1)?"),
            timed=False,
        ),
        Question(
            "label",
            (_PRODUCT,),
            Words("Does the product's quality label hold, and when does it lapse by itself?"),
        ),
        Question(
            "pledges",
            (Parameter("party", "party", Words("A member of the alliance.")),),
            Words("What did this member of the alliance promise, and what did it keep?"),
        ),
        Question(
            "index",
            (
                Parameter(
                    "subject",
                    "indexed",
                    Words("A product, a trader, a brand (its trademark) or a category."),
                ),
                Parameter("model", "model", Words("By which model."), USUAL_MODEL),
            ),
            Words("What is its quality index, and what moved it? Does it reach grade C?"),
        ),
        Question(
            "coverage",
            (
                Parameter("category", "category", Words("A category: food/tea.")),
                Parameter("start", "time", Words("From when, 2026-05-01T08:00:00Z.")),
                Parameter("until", "time", Words("Until before when.")),
            ),
            Words("Was everything that was on sale inspected in that time?"),
            timed=False,
        ),
        Question(
            "draw",
            (
                Parameter("draw", "draw", Words("A draw: urn:draw:<programme>:<n>.")),
                Parameter(
                    "product",
                    "any-product",
                    Words("Was this product in the frame? * for none."),
                    default="*",
                    narrows=True,
                ),
            ),
            Words("Was this draw honest, what was drawn, and what became of it?"),
            timed=False,
        ),
        Question(
            "programme",
            (Parameter("programme", "programme", Words("A programme: urn:programme:<id>.")),),
            Words("Was as much sampled in each quarter as this programme says?"),
            timed=False,
        ),
        Question(
            "report",
            (Parameter("sample", "sample", Words("The sample tested.")), _REPORT),
            Words("Is this report the laboratory's own, and does it stand?"),
        ),
        Question(
            "reports",
            (
                Parameter("laboratory", "party", Words("Whose reports.")),
                Parameter("month", "month", Words("Issued in this month: 2026-05.")),
                _REPORT,
            ),
            Words("What did this laboratory report in a month, or which of it is this file?"),
        ),
        Question(
            "improvement",
            (_TRADER,),
            Words("Has this trader mended what was found, in time and verified by another?"),
        ),
        Question(
            "invitations",
            (Parameter("observer", "party", Words("Whose invitations.")),),
            Words("What is this observer invited to now, until when, and what became of it?"),
        ),
        Question(
            "observers",
            (
                Parameter(
                    "kind",
                    "any-observer",
                    Words("consumer, media, association; * for all."),
                    default="*",
                    narrows=True,
                ),
                _page(Words("Which fifty applications to list.")),
            ),
            Words(
                "Whom does the platform call for as observers, who applied, and what became of each?"
            ),
        ),
        Question(
            "grants",
            (
                Parameter("party", "party", Words("Whose grants.")),
                _ONE_BRAND,
                _page(Words("Which two hundred to list.")),
            ),
            Words("What may this party sell and grant on, and what did it grant to whom?"),
        ),
        Question(
            "brand",
            (
                Parameter("brand", "trademark", Words("The brand.")),
                Parameter(
                    "under",
                    "any-statement",
                    Words("Below this grant alone, its statement id; * for all."),
                    default="*",
                    narrows=True,
                ),
                _page(Words("Which two hundred grants to list.")),
            ),
            Words("Who may sell this brand: what was granted, stands, ends, was revoked, by whom?"),
        ),
        Question(
            "trader",
            (
                _TRADER,
                _page(Words("Which twenty listings to judge.")),
            ),
            Words("Which of this trader's listings may be on sale, and why not the others?"),
        ),
        Question(
            "place",
            (
                Parameter("place", "facility", Words("The facility.")),
                Parameter(
                    "maker",
                    "any-party",
                    Words("Whose lots made there to list; * for the owner's."),
                    default="*",
                    narrows=True,
                ),
                _page(Words("Which fifty audits and lots to list.")),
            ),
            Words(
                "Whose is this place, is it audited in time, is anything open against it, what was made there?"
            ),
        ),
        Question(
            "ties",
            (
                Parameter("party", "party", Words("Who is tied to this party.")),
                Parameter(
                    "to",
                    "any-party",
                    Words("Whether this one is, and by what papers; * for all that are."),
                    default="*",
                    narrows=True,
                ),
                _page(Words("Which fifty parties to list.")),
            ),
            Words("Who is tied to this party, by what papers: the same firm, or of one group?"),
        ),
        Question(
            "quality_centre",
            (
                _TRADER,
                Parameter("days", "days", Words("Looking how many days ahead."), "30"),
                _page(Words("Which twenty listings, findings, complaints and papers to list.")),
            ),
            Words("How do this trader's goods stand, and what should it mend first?"),
        ),
        Question(
            "market_feedback",
            (_PRODUCT, _page(Words("Which fifty times, complaints and observations to list."))),
            Words("What comes back of this product: returns, complaints, what observers found?"),
        ),
    )
}


def called_question(text: str) -> Question | None:
    """Return a question by its name, written with low lines or, as commands and paths have it, with hyphens."""
    return QUESTIONS.get(text.replace("-", "_"))
