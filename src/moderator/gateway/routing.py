"""From rows of the table to an ASGI application: the check before each handler, and an answer to whatever goes wrong.

Which rows there are is for `app` to say.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from moderator.gateway.access.authorization import Authorization
from moderator.gateway.answer_headers import AnswerHeaders
from moderator.gateway.entrance import Entrance
from moderator.gateway.ledger import Ledger
from moderator.gateway.platforms.ingest import Ingest
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Call
from moderator.gateway.rules import OpenRule, Rule
from moderator.journal.event_log import LogError

logger = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]


def application(routes: Sequence[Route], webhooks: Ingest) -> Entrance:
    """What is served."""
    starlette = Starlette(routes=routes, exception_handlers=_EXCEPTION_HANDLERS)
    starlette.router.redirect_slashes = False  # it would send people to whatever host the request names
    return Entrance(webhooks, AnswerHeaders(starlette))


def routes_of(
    rules: Iterable[Rule], open_rules: Iterable[OpenRule], authorization: Authorization, ledger: Ledger
) -> list[Route]:
    """A route for each row."""
    guarded = [Route(one.path, _guarded(one, authorization, ledger), methods=[one.method]) for one in rules]
    return guarded + [Route(one.path, one.handler, methods=[one.method]) for one in open_rules]


def _guarded(rule: Rule, authorization: Authorization, ledger: Ledger) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if b"%" in request.scope.get("raw_path", b""):
            raise Problem(404, "bad_id", "write an id with other characters as ~ and its bytes in base64url")
        peer = request.client.host if request.client else ""
        access = await authorization.allow(request.headers.get("authorization", ""), rule.scope, peer)
        return await rule.handler(Call(request, access, authorization, ledger))

    return endpoint


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    problem = Problem(error.status_code, code, str(error.detail))
    if error.status_code == 405:
        problem.headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return problem.response()


def _methods_at(request: Request) -> set[str]:
    """Of every route with this path."""
    routes = [one for one in request.app.routes if isinstance(one, Route)]
    return {method for one in routes if one.matches(request.scope)[0] != Match.NONE for method in one.methods or ()}


async def _not_stored(request: Request, error: Exception) -> Response:
    logger.error("a decision could not be stored: %s", error)
    return Problem(503, "not_stored", "the gateway could not write its log, so nothing was done: try again").response()


async def _fault(request: Request, error: Exception) -> Response:
    return Problem(500, "fault", "the gateway has a fault; its log says where").response()


_EXCEPTION_HANDLERS = {Problem: _problem, HTTPException: _http_error, LogError: _not_stored, Exception: _fault}
