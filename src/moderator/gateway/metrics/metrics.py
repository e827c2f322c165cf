"""`GET /metrics`: all figures of one gateway, in Prometheus's text format or OpenMetrics, as it is asked for."""

import asyncio
import platform
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response

import moderator
from moderator.clock import Clock
from moderator.gateway.broadcast import Broadcast
from moderator.gateway.ledger import Ledger
from moderator.gateway.metrics.feed_rows import feed_rows
from moderator.gateway.metrics.happenings import Happenings
from moderator.gateway.metrics.log_rows import log_rows
from moderator.gateway.metrics.platform_rows import platform_rows
from moderator.gateway.metrics.room_rows import Census, room_rows
from moderator.gateway.metrics.rows import Gauge, Row, Rows, one
from moderator.gateway.platforms.ingest import Ingest
from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.readiness import Readiness


class Metrics:
    """Its own registry, so that several gateways in one process do not mix."""

    def __init__(
        self,
        ledger: Ledger,
        sources: Mapping[str, LiveSource],
        ingest: Ingest,
        broadcast: Broadcast,
        readiness: Readiness,
        file: Path,
        clock: Clock,
    ) -> None:
        self.registry = CollectorRegistry()
        rows = (
            *_own_rows(),
            *platform_rows(sources, ingest),
            *log_rows(ledger, readiness, file),
            *room_rows(ledger, Happenings(ledger, clock), clock),
            *feed_rows(broadcast),
        )
        self.registry.register(Rows(rows))
        self.registry.register(Census(ledger, tuple(sources)))
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    async def serve(self, request: Request) -> Response:
        """`GET /metrics`"""
        try:
            encode, content_type = choose_encoder(request.headers.get("accept", ""))
        except (TypeError, ValueError):  # of a version that is none
            encode, content_type = choose_encoder("")
        return Response(encode(self.registry), headers={"Content-Type": content_type})


def _own_rows() -> tuple[Row, ...]:
    """About the program itself."""
    build = (moderator.__version__, platform.python_version(), sqlite3.sqlite_version)
    return (
        Gauge("moderator_build_info", "What runs; always 1.", ("version", "python", "sqlite"), lambda: ((build, 1.0),)),
        Gauge("moderator_tasks", "Tasks of the event loop.", (), one(lambda: len(asyncio.all_tasks()))),
    )
