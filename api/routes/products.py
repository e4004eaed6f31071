"""The GS1 Digital Link resolver: what a scanned product, place, party or unit is linked to here.

Who names no link type is sent to the default link, who asks for the linkset gets it. What the
code's query brought along is passed on. There is no page for people yet.
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
from api.http.spoken import weights
from api.reading.digital_link import KEYS, check_attributes, named
from api.reading.linksets import DEFAULT, VOCABULARY, known, links_of, linkset_of, of_type
from api.state import State
from ledger.texts import saying

LINKSET = "application/linkset+json"
CONTEXT = (
    "<https://ref.gs1.org/standards/resolver/linkset-context>; "
    'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
)
METHODS = "GET, HEAD, OPTIONS"
SHARED = {"Access-Control-Allow-Methods": METHODS, "Vary": "Accept"}
OPTIONS = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Accept, Accept-Language",
}
DAY = "public, max-age=86400"
WHOLE = ("all", "linkset")
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")

_BASE = "https://ledger.example"
_NAMED = named("/01/06901234500004")
EXAMPLE = linkset_of(_NAMED, links_of(_NAMED, _BASE), _BASE)
RESOLVER: dict[str, Any] = {
    "name": "Pinyuan ledger.example/log",
    "resolverRoot": "https://ledger.example",
    "supportedPrimaryKeys": list(KEYS),
    "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
    "linkTypeDefaultCanBeLinkset": False,
}
GTIN = parameter("gtin", "8, 12, 13 or 14 digits.", "06901234500004", place="path")
LOT = parameter("lot", "1 to 20 characters, percent-encoded.", "A7", place="path")
SERIAL = parameter("serial", "1 to 20 characters, percent-encoded.", "1001", place="path")
PLACE = parameter("gln", "13 digits.", "6901234560008", place="path")
PARTY = parameter("gln", "13 digits.", "6901234507010", place="path")
UNIT = parameter("sscc", "18 digits.", "006141411234567890", place="path")
LINK_TYPE = parameter(
    "linkType",
    "all or linkset: the linkset. A GS1 link type (gs1:traceability): to its link, or the choice.",
    "linkset",
)
RESPONSES = (
    answers(
        "The linkset.", LINKSET, EXAMPLE, model=Linkset, headers=("ETag", "Cache-Control", "Link")
    )
    | empty(301, "To the same in its canonical spelling.", "Location")
    | UNCHANGED
    | answers("Several links of that type.", LINKSET, EXAMPLE, status=300, model=Linkset)
    | empty(307, "To the link of the type that was asked for, or to the default link.", "Location")
    | problems(400, 404, 500, 503)
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
    return cached(request, json_of(found), JSON, DAY, {"Access-Control-Allow-Methods": METHODS})


def _base(request: Request) -> str:
    """Return this service's root as the client called it."""
    host = request.headers.get("host", "")
    if _HOST.fullmatch(host) is None:
        raise Problem(400, saying("the Host header names no host"))
    return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '')}"


def _wants_linkset(request: Request, wanted: str | None) -> bool:
    """Return whether a linkset is asked for: by the link type, else by a media type it has."""
    if wanted is not None:
        return wanted in WHOLE
    accepted = weights(request.headers.get("accept", ""))
    return max(accepted.get(LINKSET, 0.0), accepted.get(JSON, 0.0)) > 0


async def resolve(request: Request) -> Response:
    """Return what a thing is linked to, or go to the link of one type, by default to the default."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    query = request.scope.get("query_string", b"").decode("latin-1")
    found = named(path)
    wanted = check_attributes(query, found.key)
    base = _base(request)
    linkset = f'<{base}{found.path}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    shared = SHARED | {"Link": linkset}
    if path.removesuffix("/") != found.path:
        location = f"{found.path}?{query}" if query else found.path
        return Response(None, 301, shared | {"Location": location, "Cache-Control": DAY})
    state = State.of(request)
    if not await state.reads.run(known, state.reads, found):
        raise Problem(404, saying("{subject}: nothing was said of it here", subject=found.subject))
    links = links_of(found, base)
    if _wants_linkset(request, wanted):
        body = json_of(linkset_of(found, links, base))
        return cached(request, body, LINKSET, BRIEF, SHARED | {"Link": CONTEXT})
    kind = DEFAULT if wanted is None else wanted
    chosen = of_type(links, kind)
    if not chosen:
        raise Problem(
            404,
            saying("linkType {kind}: there are {links}", kind=kind[:60], links=", ".join(links)),
        )
    if len(chosen) > 1:
        body = json_of(linkset_of(found, {kind: list(chosen)}, base))
        return Response(body, 300, shared | {"Cache-Control": BRIEF}, LINKSET)
    location = chosen[0]["href"] + (f"&{query}" if query else "")
    return Response(None, 307, shared | {"Location": location, "Cache-Control": BRIEF})


async def options(_request: Request) -> Response:
    """Say which methods there are, and that any page may use them."""
    return Response(None, 204, OPTIONS)


for _path, _parameters in (
    ("/01/{gtin}", [GTIN]),
    ("/01/{gtin}/10/{lot}", [GTIN, LOT]),
    ("/01/{gtin}/21/{serial}", [GTIN, SERIAL]),
    ("/01/{gtin}/10/{lot}/21/{serial}", [GTIN, LOT, SERIAL]),
    ("/414/{gln}", [PLACE]),
    ("/417/{gln}", [PARTY]),
    ("/00/{sscc}", [UNIT]),
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
for _key in KEYS:
    # A lot with a slash in it, %2F, looks like more segments to a router: the raw path decides.
    _rest = f"/{_key}/{{rest:path}}"
    router.add_api_route(_rest, resolve, methods=["GET"], include_in_schema=False)
    router.add_api_route(_rest, options, methods=["OPTIONS"], include_in_schema=False)
router.add_api_route(
    "/.well-known/gs1resolver", options, methods=["OPTIONS"], include_in_schema=False
)
