"""What a product, a lot or an item is linked to here (RFC 9264), by GS1's link types."""

from typing import Any
from urllib.parse import urlencode

from api.reading.entries import history_link
from api.reading.questions import path_of
from api.reading.reads import Reads
from ledger.identifiers import lot_of, product_of
from ledger.questions.answers import ANSWERS
from ledger.store.reads import reading
from ledger.writing.publisher import require_head

VOCABULARY = "https://ref.gs1.org/voc/"
DEFAULT = f"{VOCABULARY}defaultLink"
TRACEABILITY = f"{VOCABULARY}traceability"
VERIFICATION = f"{VOCABULARY}verificationService"
RECALL = f"{VOCABULARY}recallStatus"
JSON = "application/json"

Links = dict[str, list[dict[str, str]]]


def _link(href: str, title: str) -> dict[str, str]:
    return {"href": href, "title": title, "type": JSON}


def _topics(goods: str) -> list[tuple[str, str]]:
    """Return the histories that tell of goods: those of the product, and of the lot if one is named."""
    product, lot = product_of(goods), lot_of(goods)
    found = [(topic, product) for topic in ("product", "listing", "recall", "sanction")]
    if lot is not None:
        found += [("lot", lot), ("inspection", lot)]
    return [*found, ("generic", goods)]


def known(reads: Reads, goods: str) -> bool:
    """Return whether anything was ever said of goods."""
    with reading(reads.engine) as snapshot:
        view = reads.log.view(snapshot, require_head(snapshot).size)
        return any(view.history(*topic).count for topic in _topics(goods))


def links_of(goods: str, base: str) -> Links:
    """Return the links of goods by relation; ``base``: this service's root, without a slash."""
    product = product_of(goods)
    kind = "lot" if lot_of(goods) is not None else "product"
    about = {kind: lot_of(goods) or product}
    entries = _link(f"{base}/v1/entries?{urlencode(about)}", "Statements that concern it")
    found: Links = {DEFAULT: [entries], TRACEABILITY: []}
    if "trace" in ANSWERS:
        trace = _link(f"{base}{path_of('trace')}?{urlencode({'goods': goods})}", "Everything said")
        found = {DEFAULT: [trace], TRACEABILITY: [trace]}
    if "may_sell" in ANSWERS:
        href = f"{base}{path_of('may_sell')}?{urlencode({'product': product})}"
        title = "May it be sold? Add trader, territory, channel"
        found[VERIFICATION] = [_link(href, title)]
    found[TRACEABILITY] += [
        entries,
        *(
            _link(base + history_link(topic, subject), f"The complete history ({topic})")
            for topic, subject in _topics(goods)
        ),
    ]
    found[RECALL] = [_link(base + history_link("recall", product), "Recalls of the product")]
    return found


def linkset_of(goods: str, links: Links) -> dict[str, Any]:
    """Return the linkset of goods."""
    return {"linkset": [{"anchor": goods, "description": goods, **links}]}


def of_type(links: Links, wanted: str) -> dict[str, str] | None:
    """Return the first link of a type given as a URI or a CURIE, None where there is none."""
    if wanted.startswith("gs1:"):
        wanted = VOCABULARY + wanted.removeprefix("gs1:")
    found = links.get(wanted)
    return found[0] if found else None
