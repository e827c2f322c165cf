"""The gateway put together: which routes there are, which tasks run, and in which order all starts and stops."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Container
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from moderator.clock import Clock
from moderator.domain.events import Actor, ConfigLoaded, Event
from moderator.domain.ids import derive_event_id
from moderator.domain.settings import Settings
from moderator.gateway.access.authorization import Authorization
from moderator.gateway.access.denials import Denials
from moderator.gateway.access.keys import Keys
from moderator.gateway.access.oidc import Oidc
from moderator.gateway.access.tokens import TokenVerifier
from moderator.gateway.audit.checkpoints import Checkpoints
from moderator.gateway.audit.erasing import Erasing
from moderator.gateway.audit.routes import Audit
from moderator.gateway.audit.trimming import Trimming
from moderator.gateway.audit.views import AuditViews
from moderator.gateway.broadcast import Broadcast
from moderator.gateway.commands.carrying_out import CarryingOut
from moderator.gateway.configuration.config import Config
from moderator.gateway.enforcement import Enforcement
from moderator.gateway.escalation.escalation import Escalation
from moderator.gateway.feed import FeedEndpoint
from moderator.gateway.joining.issuing import Issuing
from moderator.gateway.joining.joining import Joining
from moderator.gateway.joining.sample_backend import SampleBackend
from moderator.gateway.joining.visits import visits_of
from moderator.gateway.ledger import Ledger
from moderator.gateway.metrics.metrics import Metrics
from moderator.gateway.openapi import OpenApi
from moderator.gateway.orders.appointments import Appointments
from moderator.gateway.orders.duty import Duty
from moderator.gateway.orders.extending import Extending
from moderator.gateway.orders.locking import Locking
from moderator.gateway.orders.ordering import Ordering
from moderator.gateway.orders.orders import Orders
from moderator.gateway.orders.removing import Removing
from moderator.gateway.orders.viewing import Viewing
from moderator.gateway.other_settings import OtherSettings
from moderator.gateway.platforms.hearsay import Hearsay
from moderator.gateway.platforms.ingest import Ingest
from moderator.gateway.platforms.outages import Outages
from moderator.gateway.platforms.reconcile import Reconciler
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.platforms.statuses import statuses
from moderator.gateway.platforms.timekeeping import Timekeeping
from moderator.gateway.policy_report import PolicyReports
from moderator.gateway.quality_lookups import QualityLookups
from moderator.gateway.readiness import Readiness
from moderator.gateway.reading import Reading
from moderator.gateway.routing import application, routes_of
from moderator.gateway.rules import OpenRule, Rule
from moderator.gateway.sign_in.device_grants import DeviceGrants
from moderator.gateway.sign_in.revoking import Revoking
from moderator.gateway.sign_in.signing_in import SigningIn
from moderator.gateway.sign_in.token_endpoint import TokenEndpoint
from moderator.gateway.starts import Starts
from moderator.journal.event_log import EventLog
from moderator.quality.identifiers import Identifiers
from moderator.quality.quality import Quality
from moderator.tasks import TaskScope

logger = logging.getLogger(__name__)

CALLS_WITHIN_S: Final = 5.0
"""Calls to platforms that are under way at the end."""
WRITTEN_WITHIN_S: Final = 5.0
"""What is still to be written to the log then."""


class Gateway:
    """One running gateway over an open log. `running` is its life; `app` answers requests meanwhile."""

    def __init__(self, config: Config, log: EventLog, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self.ledger = Ledger(log, clock)
        self.sources = {source.name: LiveSource(source, clock) for source in config.sources}
        Hearsay(self.sources, self.ledger)
        self.starts = Starts(self.ledger)
        self.timekeeping = Timekeeping(log, self.sources)
        self.readiness = Readiness(self.ledger, self.timekeeping)
        self.denials = Denials(self.ledger, clock)
        self.audit_views = AuditViews(self.ledger, clock)
        self.checkpoints = Checkpoints(self.ledger, clock, config.audit_anchor)
        self.keys = Keys(config.access.keys, config.access_key_file)
        self.oidc = Oidc(config.access.oidc, clock) if config.access.oidc else None
        verifier = TokenVerifier(self.keys, config.access.issuer)
        self.authorization = Authorization(verifier, self.denials, clock, self._revoked_tokens, self.oidc)
        self.broadcast = Broadcast(self.ledger, clock, lambda: statuses(self.sources.values(), log))
        self.erasing = Erasing(self.ledger, self.broadcast, clock)
        self.enforcement = Enforcement(self.ledger, clock, self._clock_offset_ms, self._is_complete)
        self.carrying_out = CarryingOut(log, self.ledger, self.sources, clock)
        notify = config.notify
        self.escalation = (
            Escalation(self.ledger, clock, notify, config.notify_after_ms, config.gateway.public_url)
            if notify
            else None
        )
        self.quality = self._quality()
        self.failed: asyncio.Event = asyncio.Event()
        """A task that must not end has failed: the gateway cannot go on."""
        self._listed_once: set[str] = set()
        self._orders = Orders(self.ledger, clock)
        self._signing_in = self._signed_in_here()
        self._ingest = Ingest(self.sources, self.ledger, self.timekeeping, self.denials, clock)
        self._metrics = Metrics(
            self.ledger, self.sources, self._ingest, self.broadcast, self.readiness, config.log_path, clock
        )
        self._issuing = Issuing(self.ledger, self.sources, clock, visits_of(config.rtcstats, clock))
        self.rules = self._rules()
        self.open_rules = self._open_rules()
        self.routes = self._routes()
        self.app = application(self.routes, self._ingest)

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
                    await self._end()
        finally:
            if self.oidc is not None:
                await self.oidc.aclose()
            if self.quality is not None:
                await self.quality.aclose()
            for source in self.sources.values():
                await source.http.aclose()

    async def _end(self) -> None:
        """What is under way comes to its end, and what was counted is written down: in bounded time."""
        self.drain()
        self.broadcast.close()
        await asyncio.gather(*(source.calls.close(CALLS_WITHIN_S) for source in self.sources.values()))
        try:
            async with asyncio.timeout(WRITTEN_WITHIN_S):
                await self.denials.flush()
                await self.audit_views.flush()
                await self.checkpoints.vouch()
                await self.starts.stop()
        except TimeoutError:
            logger.error("the log did not take what was still to be written down within %d s", WRITTEN_WITHIN_S)

    async def _start(self, tasks: TaskScope) -> None:
        tasks.start("follow the log", self.ledger.follow())
        OtherSettings(self.ledger, self._settings())
        await self.ledger.propose([self._config_loaded()])
        tasks.start("enforcement", self.enforcement.run())
        tasks.start("carrying out commands", self.carrying_out.run())
        tasks.start("heartbeats", self.broadcast.run())
        tasks.start("denials", self.denials.run())
        tasks.start("views of the audit", self.audit_views.run())
        tasks.start("checkpoints", self.checkpoints.run())
        tasks.start("starts", self.starts.run())
        tasks.start("people erased elsewhere", self.erasing.run())
        if (retention_ms := self._config.retention_ms) is not None:
            vouched_for, anchor = self.timekeeping.is_vouched_for, self._config.audit_anchor
            tasks.start("retention", Trimming(self.ledger, self._clock, retention_ms, anchor, vouched_for).run())
        tasks.start("keys", self.keys.run(self._clock))
        if self.oidc is not None:
            tasks.start("issuer of tokens", self.oidc.run())
        if self.escalation is not None:
            tasks.start("escalation", self.escalation.run())
        for source in self.sources.values():
            tasks.start(f"outages of {source.name}", Outages(source, self.ledger, self._clock).run())
            if source.lists:
                reconciler = Reconciler(source, self.ledger, self._clock, self._on_listed)
                tasks.start(f"reconcile {source.name}", reconciler.run())
        self.readiness.started = True

    def drain(self) -> None:
        """It was asked to stop: whoever balances the load is told to ask others from now on."""
        self.readiness.draining = True

    def _settings(self) -> Settings:
        sources = tuple(source.info() for source in self.sources.values())
        return Settings(self._config.room_types, sources, self._config.gateway.hold_above)

    def _config_loaded(self) -> Event:
        settings, now = self._settings(), self._clock.now_ms()
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

    def _revoked_tokens(self) -> Container[str]:
        return self.ledger.state.revoked

    def _task_failed(self, name: str, error: BaseException) -> None:
        logger.critical("%s failed; the gateway stops", name, exc_info=error)
        self.failed.set()

    # --- routes ----------------------------------------------------------------------------------------------------

    def _rules(self) -> tuple[Rule, ...]:
        """Every route that takes a token."""
        orders, clock = self._orders, self._clock
        parts = (
            Reading(self.ledger, self.sources, clock),
            Extending(orders, self.sources),
            Removing(orders, self.sources),
            Ordering(orders),
            Appointments(orders, self.sources),
            Locking(orders),
            Duty(orders),
            Viewing(orders),
            Joining(self._issuing, self.authorization),
            self._signing_in,
            Revoking(orders),
            PolicyReports(self.ledger, clock),
            self._audit(),
            QualityLookups(self.quality, self.ledger),
        )
        return tuple(rule for part in parts for rule in part.rules())

    def _open_rules(self) -> tuple[OpenRule, ...]:
        """Every route that takes none, but for webhooks."""
        rules = [*self._signing_in.open_rules()]
        join = self._config.join
        if join.compat_source:
            rules += SampleBackend(self._issuing, self._clock, join.compat_source, join.allow_origin).open_rules()
        rules.append(OpenRule("GET", "/healthz", _healthz, "Whether it runs"))
        rules.append(OpenRule("GET", "/readyz", self.readiness.serve, "Whether it should be asked anything new"))
        rules.append(OpenRule("GET", "/metrics", self._metrics.serve, "Figures for Prometheus"))
        document = OpenApi(self.rules, tuple(rules))
        return (*rules, OpenRule("GET", "/openapi.json", document.serve, "This document"))

    def _routes(self) -> list[Route]:
        feed = FeedEndpoint(self.broadcast, self.authorization, self.ledger, self._clock)
        return [
            *routes_of(self.rules, self.open_rules, self.authorization, self.ledger),
            Route("/webhooks/{source}", self._ingest),
            Route("/v1/feed", feed, methods=["GET"]),
        ]

    def _audit(self) -> Audit:
        config = self._config
        return Audit(self.ledger, self.erasing, self.audit_views, self._clock, config.log_path, config.audit_anchor)

    def _quality(self) -> Quality | None:
        rtcstats = self._config.rtcstats
        if rtcstats is None or not rtcstats.database:
            return None
        identifiers = Identifiers(rtcstats.id_key)
        return Quality(rtcstats.database, clock=self._clock, identifiers=identifiers, dumps=rtcstats.dumps)

    def _signed_in_here(self) -> SigningIn:
        issuer, grants = self._config.access.issuer, DeviceGrants()
        tokens = TokenEndpoint(grants, self.ledger, self.keys, issuer, self.authorization, self._clock)
        public_url = self._config.gateway.public_url
        return SigningIn(grants, tokens, self._orders, self.denials, self.oidc, issuer, public_url)


async def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok")
