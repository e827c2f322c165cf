"""The gateway put together: which route needs which scope, which tasks run, and in which order all starts and stops."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from moderator.clock import Clock
from moderator.domain.events import Actor, ConfigLoaded, Event
from moderator.domain.ids import derive_event_id
from moderator.domain.settings import Settings
from moderator.gateway.access import TokenVerifier
from moderator.gateway.authorization import Authorization
from moderator.gateway.broadcast import Broadcast
from moderator.gateway.carrying_out import CarryingOut
from moderator.gateway.config import Config
from moderator.gateway.denials import Denials
from moderator.gateway.enforcement import Enforcement
from moderator.gateway.extending import Extending
from moderator.gateway.feed import FeedEndpoint
from moderator.gateway.ingest import Ingest
from moderator.gateway.ledger import Ledger
from moderator.gateway.ordering import Ordering
from moderator.gateway.orders import Orders
from moderator.gateway.problems import Problem
from moderator.gateway.reading import Reading
from moderator.gateway.reconcile import Reconciler
from moderator.gateway.removing import Removing
from moderator.gateway.requests import Call
from moderator.gateway.rules import Rule
from moderator.gateway.sources import LiveSource
from moderator.journal.event_log import EventLog, LogError
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)


class Gateway:
    """One running gateway over an open log. `running` is its life; `app` answers requests meanwhile."""

    def __init__(self, config: Config, log: EventLog, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self.ledger = Ledger(log, clock)
        self.sources = {source.name: LiveSource(source, clock) for source in config.sources}
        self.denials = Denials(self.ledger, clock)
        self.authorization = Authorization(TokenVerifier(config.access.key, config.access.issuer), self.denials)
        self.broadcast = Broadcast(self.ledger, clock, lambda: [source.status() for source in self.sources.values()])
        self.enforcement = Enforcement(self.ledger, clock, self._clock_offset_ms, self._is_complete)
        self.carrying_out = CarryingOut(log, self.ledger, self.sources, clock)
        self.failed: asyncio.Event = asyncio.Event()
        """A task that must not end has failed: the gateway cannot go on."""
        self._listed_once: set[str] = set()
        self.ready = False
        self.app = Starlette(routes=self._routes(), exception_handlers=_EXCEPTION_HANDLERS)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read the log, then do everything that goes on in the background, until left."""
        try:
            await self.ledger.catch_up()
            async with TaskScope(self._task_failed) as tasks:
                await self._start(tasks)
                try:
                    yield
                finally:
                    self.ready = False
                    self.broadcast.close()
                    await self.denials.flush()
        finally:
            for source in self.sources.values():
                await source.http.aclose()

    async def _start(self, tasks: TaskScope) -> None:
        tasks.start("follow the log", self.ledger.follow())
        await self.ledger.propose([self._config_loaded()])
        tasks.start("enforcement", self.enforcement.run())
        tasks.start("carrying out commands", self.carrying_out.run())
        tasks.start("heartbeats", self.broadcast.run())
        tasks.start("denials", self.denials.run())
        for source in self.sources.values():
            if source.lists:
                reconciler = Reconciler(source, self.ledger, self._clock, self._on_listed)
                tasks.start(f"reconcile {source.name}", reconciler.run())
        self.ready = True

    def _config_loaded(self) -> Event:
        sources = tuple(source.info() for source in self.sources.values())
        settings = Settings(self._config.room_types, sources, self._config.gateway.hold_above)
        now = self._clock.now_ms()
        id_ = derive_event_id("config_loaded", now, repr(settings))
        return Event(id=id_, at=now, actor=Actor("gateway"), data=ConfigLoaded(settings=settings))

    def _is_complete(self, source: str) -> bool:
        found = self.sources.get(source)
        return found is None or not found.lists or source in self._listed_once

    def _on_listed(self, source: str) -> None:
        if source not in self._listed_once:
            self._listed_once.add(source)
            self.enforcement.look_at_source(source)

    def _clock_offset_ms(self, source: str) -> int:
        found = self.sources.get(source)
        return found.clock_offset_ms if found else 0

    def _task_failed(self, name: str, error: BaseException) -> None:
        logger.critical("%s failed; the gateway stops", name, exc_info=error)
        self.failed.set()

    # --- routes ----------------------------------------------------------------------------------------------------

    def _routes(self) -> list[BaseRoute]:
        reading = Reading(self.ledger, self.sources, self._clock)
        orders = Orders(self.ledger, self._clock)
        extending, removing, ordering = (
            Extending(orders, self.sources),
            Removing(orders, self.sources),
            Ordering(orders),
        )
        self.rules = (*reading.rules(), *extending.rules(), *removing.rules(), *ordering.rules())
        routes: list[BaseRoute] = [Route(rule.path, self._endpoint(rule), methods=[rule.method]) for rule in self.rules]
        routes.append(Route("/webhooks/{source}", Ingest(self.sources, self.ledger, self.denials, self._clock)))
        routes.append(Route("/v1/feed", FeedEndpoint(self.broadcast, self.authorization, self._clock), methods=["GET"]))
        routes.append(Route("/healthz", _healthz))
        routes.append(Route("/readyz", self._readyz))
        return routes

    def _endpoint(self, rule: Rule) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if b"%" in request.scope.get("raw_path", b""):
                raise Problem(404, "bad_id", "write an id with other characters as ~ and its bytes in base64url")
            peer = request.client.host if request.client else ""
            access = self.authorization.allow(request.headers.get("authorization", ""), rule.scope, peer)
            return await rule.handler(Call(request, access, self.authorization, self.ledger))

        return endpoint

    async def _readyz(self, request: Request) -> Response:
        return PlainTextResponse("ready" if self.ready else "not ready", 200 if self.ready else 503)


async def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok")


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    return Problem(error.status_code, code, str(error.detail)).response()


async def _not_stored(request: Request, error: Exception) -> Response:
    logger.error("a decision could not be stored: %s", error)
    return Problem(503, "not_stored", "the gateway could not write its log, so nothing was done: try again").response()


async def _fault(request: Request, error: Exception) -> Response:
    return Problem(500, "fault", "the gateway has a fault; its log says where").response()


_EXCEPTION_HANDLERS = {Problem: _problem, HTTPException: _http_error, LogError: _not_stored, Exception: _fault}
