"""What a thing is linked to here (RFC 9264), by GS1's link types and the one for what is related."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from api.reading.digital_link import Named
from api.reading.queries import PASSED_ON
from api.reading.reads import Reads
from ledger.answering.shown import history_link
from ledger.evidence.answered import path_of
from ledger.identifiers import lot_of, product_of
from ledger.questions.answers import ANSWERS
from ledger.store.reads import reading
from ledger.writing.publisher import require_head

VOCABULARY = "https://ref.gs1.org/voc/"
DEFAULT = f"{VOCABULARY}defaultLink"
TRACEABILITY = f"{VOCABULARY}traceability"
VERIFICATION = f"{VOCABULARY}verificationService"
RECALL = f"{VOCABULARY}recallStatus"
RELATED = "related"
JSON = "application/json"

Link = dict[str, str]
Links = dict[str, list[Link]]

OF_PARTIES = ("identity", "qualification", "admission", "sanction", "issuer")


def _link(href: str, title: str) -> Link:
    """Return a link; what a scanned code's query brings along may be put behind it."""
    return {"href": f"{href}&{PASSED_ON}=1", "title": title, "type": JSON}


def _topics(found: Named) -> list[tuple[str, str]]:
    """Return the histories that tell of a thing: of goods those of the product, and of a lot."""
    subject = found.subject
    topics: list[tuple[str, str]] = []
    if found.key == "01":
        product, lot = product_of(subject), lot_of(subject)
        topics = [(topic, product) for topic in ("product", "listing", "recall", "sanction")]
        if lot is not None:
            topics += [("lot", lot), ("inspection", lot)]
    elif found.key == "414":
        topics = [("facility", subject)]
    elif found.key == "417":
        topics = [(topic, subject) for topic in OF_PARTIES]
    return [*topics, ("generic", subject)]


def known(reads: Reads, found: Named) -> bool:
    """Return whether anything was ever said of a thing, or of what it is one of."""
    with reading(reads.engine) as snapshot:
        view = reads.log.view(snapshot, require_head(snapshot).size)
        return any(view.history(*topic).count for topic in _topics(found))


def _about(found: Named) -> dict[str, str]:
    """Return what entries are searched by."""
    if found.key == "01":
        lot = lot_of(found.subject)
        return {"product": product_of(found.subject)} if lot is None else {"lot": lot}
    return {"party" if found.key == "417" else "subject": found.subject}


def links_of(found: Named, base: str) -> Links:
    """Return the links of a thing by relation; ``base``: this service's root, without a slash."""
    entries = _link(f"{base}/v1/entries?{urlencode(_about(found))}", "Statements that concern it")
    histories = [
        _link(base + history_link(topic, subject), f"The complete history ({topic})")
        for topic, subject in _topics(found)
    ]
    if found.key != "01":
        return {DEFAULT: _plain(entries), TRACEABILITY: [entries], RELATED: histories}
    goods = urlencode({"goods": found.subject})
    told = entries
    if "trace" in ANSWERS:
        told = _link(f"{base}{path_of('trace')}?{goods}", "Everything said")
    links = {DEFAULT: _plain(told), TRACEABILITY: [told]}
    product = product_of(found.subject)
    if "may_sell" in ANSWERS:
        href = f"{base}{path_of('may_sell')}?{urlencode({'product': product})}"
        title = "May it be sold? Add trader, territory, channel"
        links[VERIFICATION] = [_link(href, title)]
    links[RECALL] = [_link(base + history_link("recall", product), "Recalls of the product")]
    return links | {RELATED: [entries, *histories]}


def _plain(link: Link) -> list[Link]:
    """Return the one default link, which has a title and no other attribute."""
    return [{"href": link["href"], "title": link["title"]}]


def linkset_of(found: Named, links: Links, base: str) -> dict[str, Any]:
    """Return the linkset of a thing, as it was asked for here."""
    return {"linkset": [{"anchor": base + found.path, "itemDescription": found.subject, **links}]}


def of_type(links: Links, wanted: str) -> Sequence[Link]:
    """Return the links of a type given as a URI or a CURIE; none where there is none."""
    if wanted.startswith("gs1:"):
        wanted = VOCABULARY + wanted.removeprefix("gs1:")
    return links.get(wanted, [])
