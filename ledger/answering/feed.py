"""The quality labels as a feed: which began, lapsed, were suspended or withdrawn since a size.

A picture is the state of every label, and of every listing of a labelled product, as of one
seal: its entries are known, its time is asked about. Two pictures are compared, so the same two
sizes give the same changes whoever asks and whenever, and what time alone changed is among them.

A picture is made from an older one: of the entries between, the histories they joined say whose
answers may have changed, and every answer says from when on time may change it. Everything else
is carried over. For looking and ranking; each item says which question proves it.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Literal

from ledger.errors import ReadOnlyError, SizeError
from ledger.histories.history import View
from ledger.histories.terms import term
from ledger.histories.views import AsOfView, TracingView
from ledger.phrases import reason_sentence, with_names
from ledger.primitives.instant import format_us
from ledger.questions.label import label
from ledger.questions.listable import Listables
from ledger.questions.names import Called, names_of, texts_in
from ledger.questions.on_sale import OnSale, all_listings, ground, on_sale
from ledger.questions.times import lasting_since
from ledger.questions.turns import next_turn
from ledger.questions.verdict import Asked, Word, told
from ledger.rules.scoring import model_in_force, model_of
from ledger.rules.standing import Standing
from ledger.rules.usual_model import USUAL_MODEL
from ledger.statements.catalogue import histories_of
from ledger.statements.envelope import Topic
from ledger.statements.label_family import Label
from ledger.statements.trade_family import Listing
from ledger.store.reads import Snapshot, reading
from ledger.store.search import Search, find, newest_seal_below, position
from ledger.store.view import parse_entry
from ledger.texts import Lang
from ledger.writing.log import Log
from ledger.writing.publisher import require_head

KEPT = 32
"""Pictures in memory: clients poll from the newest few sizes."""
STEP = 20_000
"""Entries that are looked through to make a picture from an older one; beyond, from nothing."""
CHUNK = 1_000
WAIT_S = 2.0

Kind = Literal["label", "listing"]
State = Literal[
    "holds", "suspended", "lapsed", "withdrawn", "listable", "not-listable", "unproven", "ended"
]
_OF_LISTING: Mapping[Word, State] = {
    "yes": "listable", "no": "not-listable", "unknown": "unproven",
}  # fmt: skip
Key = tuple[str, Kind, str]


@dataclass(frozen=True, slots=True)
class Item:
    """The state of a label or a listing.

    ``entry`` and ``id``: the label's or listing's statement. ``since``: since when the state
    lasts, at least; None where no reason has a date. ``lapses``: when a label that holds does no
    more by itself. ``reasons``: why it does not hold. ``names``: what the things in it are called.
    ``question`` and ``parameters``: what is asked to have it proven.
    """

    kind: Kind
    product: str
    entry: int
    id: str
    state: State
    since: str | None
    lapses: str | None
    reasons: tuple[dict[str, Any], ...]
    question: str
    parameters: dict[str, str]
    shop: str | None = None
    standard: str | None = None
    names: Mapping[str, Called] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Return what it is the state of: a product has one label, a listing its own id."""
        return self.product, self.kind, self.id if self.kind == "listing" else ""

    def row(self, lang: Lang) -> dict[str, Any]:
        """Return it as JSON, its reasons also in words."""
        why = [reason_sentence(reason, lang) for reason in self.reasons]
        return {
            "kind": self.kind,
            "product": self.product,
            "entry": self.entry,
            "id": self.id,
            "shop": self.shop,
            "standard": self.standard,
            "state": self.state,
            "since": self.since,
            "lapses_at": self.lapses,
            "reasons": list(self.reasons),
            "why": with_names(why, self.names, lang),
            "names": dict(self.names),
        }

    def named(self, view: View, time_us: int) -> "Item":
        """Return it with what the things in it are called at a time."""
        said = (self.product, self.shop or "", self.standard or "")
        return replace(self, names=names_of(view, (*said, *texts_in([*self.reasons])), time_us))

    @property
    def told(self) -> tuple[State, str, tuple[dict[str, Any], ...]]:
        """Return what makes it another one: its state, its label, its reasons."""
        return self.state, self.id, self.reasons


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one product: its items, what they were read from, when time may change them."""

    items: tuple[Item, ...]
    topics: frozenset[Topic]
    turn_us: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    """All labels and the listings of labelled products, as of a seal."""

    size: int
    time_us: int
    products: Mapping[str, Known]

    def items(self) -> Iterator[Item]:
        """Yield every item, in the order of the feed."""
        for name in sorted(self.products):
            yield from self.products[name].items


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what changed between two sizes; ``since`` is None where everything is listed.

    ``after``: the key behind which the next page begins, None on the last.
    """

    since: int | None
    size: int
    time_us: int
    total: int
    items: tuple[Item, ...]
    after: Key | None


def changes(before: Picture | None, after: Picture) -> list[Item]:
    """Return the items that are in another state than before, in the order of the feed.

    Another state: also for other reasons, or by another label. Without a picture from before:
    everything that has not ended.
    """
    if before is None:
        return [item for item in after.items() if item.state != "ended"]
    found: list[Item] = []
    for name in sorted(after.products):
        now, then = after.products[name], before.products.get(name)
        if then is now:
            continue
        known = {} if then is None else {item.key: item for item in then.items}
        for item in now.items:
            old = known.get(item.key)
            if item.state == "ended" if old is None else old.told == item.told:
                continue
            found.append(item)
    return found


class LabelFeed:
    """The feed of one ledger; several threads may ask it at once."""

    def __init__(self, log: Log) -> None:
        """Begin without a picture."""
        self._log = log
        self._pictures: OrderedDict[int, Picture] = OrderedDict()
        self._kept = Lock()
        self._making_newest = Lock()
        self._making_older = Lock()

    def page(
        self,
        *,
        since: int | None = None,
        size: int | None = None,
        after: Key | None = None,
        limit: int,
    ) -> Page:
        """Return a page of what changed since a size, or of everything.

        Args:
            since: the size seen before, rounded down to a seal; None: list everything.
            size: as of which seal; the newest signed checkpoint's by default.
            after: the key of the last item of the page before.
            limit: how many items.

        Raises:
            SizeError: sizes that the log never had.
            ReadOnlyError: nothing is published yet, or others have the picture made.
            LogCorruptError: the database is damaged.

        """
        with reading(self._log.engine) as snapshot:
            stored = snapshot.newest_checkpoint()
            if stored is None:
                raise ReadOnlyError("no checkpoint is signed yet")
            before = None if since is None else self._picture(snapshot, since, stored.size)
            now = self._picture(snapshot, stored.size if size is None else size, stored.size)
        changed = changes(before, now)
        start = 0 if after is None else bisect_right([item.key for item in changed], after)
        shown = tuple(changed[start : start + limit])
        more = start + limit < len(changed)
        return Page(
            since=None if before is None else before.size,
            size=now.size,
            time_us=now.time_us,
            total=len(changed),
            items=shown,
            after=shown[-1].key if more else None,
        )

    def _picture(self, snapshot: Snapshot, size: int, published: int) -> Picture:
        """Return the picture as of the newest seal among the first ``size`` entries."""
        if size > published:
            raise SizeError(
                "the log has not reached size {size}: {published} entries are published",
                size=size,
                published=published,
            )
        seal = newest_seal_below(snapshot, size)
        if seal is None:
            raise SizeError(
                "no seal at or below size {size}; {published} entries are published",
                size=size,
                published=published,
            )
        as_of, time_us = seal[0] + 1, seal[1]
        found = self._remembered(as_of)
        if found is not None:
            return found
        # One at a time: whoever waited finds the picture that the other has made. Who asks for
        # an old one, made from nothing perhaps, keeps nobody waiting who asks for the newest.
        making = self._making_newest if as_of == published else self._making_older
        if not making.acquire(timeout=WAIT_S):
            raise ReadOnlyError("the labels as of this size are being looked at: ask again")
        try:
            found = self._remembered(as_of)
            if found is None:
                older = self._older(as_of)
                found = _Maker(self._log, snapshot, as_of, time_us).picture(older)
                self._keep(found)
        finally:
            making.release()
        return found

    def _remembered(self, size: int) -> Picture | None:
        with self._kept:
            found = self._pictures.get(size)
            if found is not None:
                self._pictures.move_to_end(size)
            return found

    def _older(self, size: int) -> Picture | None:
        """Return the newest picture before a size from which it is not far."""
        with self._kept:
            sizes = [known for known in self._pictures if size - STEP <= known < size]
            return self._pictures[max(sizes)] if sizes else None

    def _keep(self, picture: Picture) -> None:
        with self._kept:
            self._pictures[picture.size] = picture
            if len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)


class _Maker:
    """Makes one picture from a snapshot of the database."""

    def __init__(self, log: Log, snapshot: Snapshot, size: int, time_us: int) -> None:
        head = require_head(snapshot).size
        self._log = log
        self._snapshot = snapshot
        self._view: View = log.view(snapshot, head)
        self._size = size
        self._time_us = time_us

    def picture(self, older: Picture | None) -> Picture:
        """Return the picture, from an older one where there is one."""
        products = dict[str, Known]() if older is None else dict(older.products)
        if older is None:
            asked = dict.fromkeys(self._labelled())
        else:
            touched, labelled = self._since(older.size)
            asked = dict.fromkeys(labelled)
            for name, known in older.products.items():
                due = known.turn_us is not None and known.turn_us <= self._time_us
                if due or not known.topics.isdisjoint(touched):
                    asked[name] = None
        for name in asked:
            products[name] = self._known(name)
        return Picture(self._size, self._time_us, products)

    def _labelled(self) -> Iterator[str]:
        """Yield the products of all labels, by the search index and what it does not have yet."""
        indexed = min(position(self._snapshot), self._size)
        wanted = Search((term("type", "label"),), 0, indexed)
        start = 0
        while found := find(self._snapshot, wanted, limit=CHUNK, newest_first=False):
            for index, leaf in self._snapshot.leaves(found).items():
                entry = parse_entry(index, leaf)
                if isinstance(entry.body, Label):
                    yield entry.statement.subject
            start = found[-1] + 1
            wanted = Search(wanted.terms, start, indexed)
        yield from self._since(indexed)[1]

    def _since(self, start: int) -> tuple[set[Topic], list[str]]:
        """Return the histories that grew between two sizes, and the products that were labelled."""
        touched: set[Topic] = set()
        labelled: list[str] = []
        for first in range(start, self._size, CHUNK):
            last = min(first + CHUNK, self._size)
            for index, leaf in enumerate(self._snapshot.leaf_range(first, last), first):
                entry = parse_entry(index, leaf)
                touched.update(histories_of(entry.statement, entry.body))
                if isinstance(entry.body, Label):
                    labelled.append(entry.statement.subject)
        return touched, labelled

    def _known(self, product: str) -> Known:
        """Ask about one product: its label, and each of its listings.

        Nothing is reviewed again here: that is for who asks the question itself.
        """
        size, time_us = self._size, self._time_us
        trace = TracingView(self._view)
        view = AsOfView(trace, size)
        asked = Asked(view, self._log.origin, time_us, size, time_us)
        answer = label(asked, product=product).value()
        items = [_label(product, answer, view), *_listings(asked, product)]
        items = [item.named(view, time_us) for item in sorted(items, key=lambda item: item.key)]
        model = model_in_force(view, USUAL_MODEL, time_us)
        topics = frozenset(trace.histories)
        turn_us = next_turn(view, topics, time_us, None if model is None else model_of(model))
        return Known(tuple(items), topics, turn_us)


def _label(product: str, answer: Mapping[str, Any], view: View) -> Item:
    """Return the item of a product's label."""
    told, lapses = answer["label"], answer["lapses"]
    entry = told["entry"]
    id_ = next(
        item.statement.id.hex()
        for item in view.history("label", product).entries()
        if item.index == entry
    )
    return Item(
        kind="label",
        product=product,
        entry=entry,
        id=id_,
        state=answer["state"],
        since=answer["since"],
        lapses=None if lapses is None else lapses["at"],
        reasons=tuple(answer["reasons"]),
        question="label",
        parameters={"product": product},
        standard=told["standard"],
    )


def _listings(asked: Asked, product: str) -> Iterator[Item]:
    """Yield the items of a product's listings, ended ones too."""
    standing = {one.item.id: one for one in on_sale(asked, product)}
    listables = Listables(asked)
    for item in all_listings(asked.view, product):
        one = standing.get(item.id)
        yield _ended(asked, item) if one is None else _listed(asked, one, listables)


def _ended(asked: Asked, item: Standing) -> Item:
    """Return the item of a listing that ended: its history proves it."""
    index = item.index if item.ended is None else item.ended
    return Item(
        kind="listing",
        product=item.subject,
        entry=item.index,
        id=item.id,
        state="ended",
        since=format_us(asked.view.registered_us(index)),
        lapses=None,
        reasons=(),
        question="history",
        parameters={"topic": "listing", "subject": item.subject},
        shop=str(item.body.shop) if isinstance(item.body, Listing) else None,
    )


def _listed(asked: Asked, one: OnSale, listables: Listables) -> Item:
    """Return the item of a listing that stands."""
    answer = ground(asked, one, listables)
    needed = [] if one.shop is None else [one.shop.index]
    return Item(
        kind="listing",
        product=one.item.subject,
        entry=one.item.index,
        id=one.item.id,
        state=_OF_LISTING[answer.verdict],
        since=lasting_since(asked, one.item.index, answer.reasons, needed),
        lapses=None,
        reasons=tuple(told(answer.reasons)),
        question=answer.detail["question"],
        parameters=answer.detail["parameters"],
        shop=str(one.listing.shop),
    )
