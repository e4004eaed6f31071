"""The GS1 Digital Link resolver: what a scanned product, lot or item is linked to here.

There is no page for people yet: who accepts HTML alone is told 406.
"""

import re
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, cached
from api.http.describe import JSON, UNCHANGED, answers, empty, parameter, problems
from api.http.json_text import json_of
from api.http.problems import Problem
from api.http.schemas import Linkset, Resolver
from api.reading.digital_link import AUTHORITY, check_attributes, goods_of
from api.reading.linksets import VOCABULARY, known, links_of, linkset_of, of_type
from api.reading.queries import accepts
from api.state import State

LINKSET = "application/linkset+json"
CONTEXT = (
    "<https://ref.gs1.org/standards/resolver/linkset-context>; "
    'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
)
VARY = "Accept"
DAY = "public, max-age=86400"
WHOLE = ("all", "linkset")
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")

EXAMPLE = linkset_of(
    f"{AUTHORITY}/01/06901234500004",
    links_of(f"{AUTHORITY}/01/06901234500004", "https://ledger.example"),
)
RESOLVER: dict[str, Any] = {
    "name": "Pinyuan ledger.example/log",
    "resolverRoot": "https://ledger.example",
    "supportedPrimaryKeys": ["01"],
    "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
    "linkTypeDefaultCanBeLinkset": True,
}
GTIN = parameter("gtin", "8, 12, 13 or 14 digits.", "06901234500004", place="path")
LOT = parameter("lot", "1 to 20 characters, percent-encoded.", "A7", place="path")
SERIAL = parameter("serial", "1 to 20 characters, percent-encoded.", "1001", place="path")
LINK_TYPE = parameter(
    "linkType",
    "all or linkset: the linkset. A GS1 link type (gs1:traceability): to its first link.",
    "linkset",
)
RESPONSES = (
    answers(
        "The linkset.", LINKSET, EXAMPLE, model=Linkset, headers=("ETag", "Cache-Control", "Link")
    )
    | empty(301, "To the same in its canonical spelling.", "Location")
    | UNCHANGED
    | empty(307, "To the link of the type that was asked for.", "Location")
    | problems(400, 404, 406, 500, 503)
)

router = APIRouter(tags=["Products"])


@router.get(
    "/.well-known/gs1resolver",
    summary="What this resolver can do",
    response_class=Response,
    responses=answers("The description file.", JSON, RESOLVER, model=Resolver)
    | UNCHANGED
    | problems(400, 500, 503),
)
async def resolver(request: Request) -> Response:
    """Describe this resolver as GS1 asks."""
    origin = State.of(request).reads.log.origin
    found = RESOLVER | {"name": f"Pinyuan {origin}", "resolverRoot": _base(request)}
    return cached(request, json_of(found), JSON, DAY)


def _base(request: Request) -> str:
    """Return this service's root as the client called it."""
    host = request.headers.get("host", "")
    if _HOST.fullmatch(host) is None:
        raise Problem(400, "the Host header names no host")
    return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '')}"


async def resolve(request: Request) -> Response:
    """Return what goods are linked to, or go to the link of one type."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    query = request.scope.get("query_string", b"").decode("latin-1")
    goods = goods_of(path)
    wanted = check_attributes(query)
    canonical = goods.removeprefix(AUTHORITY)
    if path != canonical:
        location = f"{canonical}?{query}" if query else canonical
        return Response(None, 301, {"Location": location, "Cache-Control": DAY})
    state = State.of(request)
    if not await state.reads.run(known, state.reads, goods):
        raise Problem(404, f"{goods}: nothing was said of it here")
    links = links_of(goods, _base(request))
    if wanted is not None and wanted not in WHOLE:
        link = of_type(links, wanted)
        if link is None:
            raise Problem(404, f"linkType {wanted[:60]}: there are {', '.join(links)}")
        return Response(None, 307, {"Location": link["href"], "Cache-Control": BRIEF})
    if wanted is None and not max(accepts(request, LINKSET), accepts(request, JSON)):
        raise Problem(406, f"there is {LINKSET} only, no page yet", headers={"Vary": VARY})
    body = json_of(linkset_of(goods, links))
    return cached(request, body, LINKSET, BRIEF, {"Link": CONTEXT, "Vary": VARY})


for _path, _parameters in (
    ("/01/{gtin}", [GTIN]),
    ("/01/{gtin}/10/{lot}", [GTIN, LOT]),
    ("/01/{gtin}/21/{serial}", [GTIN, SERIAL]),
    ("/01/{gtin}/10/{lot}/21/{serial}", [GTIN, LOT, SERIAL]),
):
    router.add_api_route(
        _path,
        resolve,
        methods=["GET"],
        summary="Resolve a GS1 Digital Link",
        response_class=Response,
        openapi_extra={"parameters": [*_parameters, LINK_TYPE]},
        responses=RESPONSES,
    )
# A lot with a slash in it, %2F, looks like more segments to a router: the raw path decides.
router.add_api_route("/01/{rest:path}", resolve, methods=["GET"], include_in_schema=False)
