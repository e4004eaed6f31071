"""The short way: busy routes are called without the router.

Routing, dependencies and telemetry of the framework cost more than registering a statement
does. The few routes that are asked thousands of times a second are called directly instead:
the same functions, which the framework still describes, and serves for HEAD.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.problems import FORESEEN, answer


@dataclass(frozen=True, slots=True)
class Lane:
    """A route that is called directly: what its path begins with, and what may follow.

    ``argument``: what the function calls the rest of the path, None without one; ``deep``:
    slashes may stand in it.
    """

    method: str
    prefix: str
    route: Route
    argument: str | None = None
    deep: bool = False

    @classmethod
    def to(cls, router: APIRouter, method: str, path: str, argument: str | None = None) -> "Lane":
        """Return the lane to one of a router's routes."""
        (route,) = [
            item
            for item in router.routes
            if isinstance(item, Route) and item.path == path and method in (item.methods or ())
        ]
        prefix, _, rest = path.partition("{")
        return cls(method, prefix, route, argument, deep=rest.endswith(":path}"))

    def arguments(self, path: str) -> dict[str, str] | None:
        """Return the function's arguments for a path, None where it is another route's."""
        if self.argument is None:
            return {} if path == self.prefix else None
        if not path.startswith(self.prefix):
            return None
        rest = path[len(self.prefix) :]
        return {self.argument: rest} if self.deep or (rest and "/" not in rest) else None


class Lanes:
    """What is looked at before the framework is."""

    def __init__(self, app: FastAPI, lanes: Iterable[Lane], exchanges: ASGIApp) -> None:
        self._app = app
        self._lanes: dict[str, list[Lane]] = {}
        for lane in lanes:
            self._lanes.setdefault(lane.method, []).append(lane)
        self._exchanges = exchanges

    def way(self, scope: Scope) -> ASGIApp | None:
        """Return what serves a request, None where the framework does."""
        path = scope["path"]
        for lane in self._lanes.get(scope["method"], ()):
            if (found := lane.arguments(path)) is not None:
                scope["app"] = self._app
                scope["route"] = lane.route
                scope["path_params"] = found
                return self._exchanges
        return None


async def call(scope: Scope, receive: Receive, send: Send) -> None:
    """Call a route's function as the framework would, and answer its foreseen errors."""
    request = Request(scope, receive)
    try:
        found = await scope["route"].endpoint(request, **scope["path_params"])
    except FORESEEN as error:
        found = answer(request, error)
    await found(scope, receive, send)
