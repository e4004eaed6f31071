"""A map that is cheap to copy: folds keep one for every long history, and copy it in each batch."""

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Layered(Generic[K, V]):
    """A map of which copies share all but the newest puts.

    What was put lately lies in ``_top``, which alone is ever changed; when it is full it
    becomes a layer, and layers no larger than those above them are merged. So a copy takes at
    most ``TOP`` items, a put O(log n) amortised, a lookup O(log n) layers.
    """

    __slots__ = ("_layers", "_top")
    TOP = 64

    def __init__(self) -> None:
        self._layers: tuple[dict[K, V], ...] = ()
        self._top: dict[K, V] = {}

    def copied(self) -> "Layered[K, V]":
        """Return another one with the same content."""
        other: Layered[K, V] = Layered()
        other._layers, other._top = self._layers, self._top.copy()
        return other

    def get(self, key: K) -> V | None:
        """Return what was put last under a key."""
        found = self._top.get(key)
        if found is None:
            for layer in reversed(self._layers):
                if (found := layer.get(key)) is not None:
                    break
        return found

    def put(self, key: K, value: V) -> None:
        """Put a value under a key."""
        self._top[key] = value
        if len(self._top) < self.TOP:
            return
        full, layers = self._top, self._layers
        while layers and len(layers[-1]) <= len(full):
            full, layers = layers[-1] | full, layers[:-1]
        self._layers, self._top = (*layers, full), {}

    def values(self) -> Iterator[V]:
        """Yield what was put last under each key, in no order."""
        everything: dict[K, V] = {}
        for layer in (*self._layers, self._top):
            everything |= layer
        yield from everything.values()
