"""The table of routes, as rows: what a request has to be, who may send it, and who answers. The document for other
programs (`/openapi.json`) and the test that walks every route are made from the same rows.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from moderator.gateway.requests import Body, Call

Handler = Callable[[Call], Awaitable[Response]]
ROOM: Final = "/v1/rooms/{source}/{room}"
PARTICIPANT: Final = ROOM + "/participants/{participant}"


class Rule(Struct, frozen=True):
    """One route under `/v1`: its scope is checked before the handler is called."""

    method: str
    path: str
    scope: str | None
    """None: any valid token."""
    handler: Handler
    summary: str
    """What it does, in a line."""
    body: type[Body] | None = None
    """None: it takes none."""
    status: int = 200
    """Of the answer when all went well."""
    answer: Any = None
    """The type of the answer's JSON, where others rely on it."""
    query: dict[str, str] = {}
    """Its query parameters, each with what it is."""


class OpenRule(Struct, frozen=True):
    """One route that takes no token: it says itself whom it believes."""

    method: str
    path: str
    handler: Callable[[Request], Awaitable[Response]]
    summary: str
    form: tuple[str, ...] = ()
    """The fields of the form that it takes."""
