"""What is wired to what: the platform's API behind its traffic, the control routes beside it, and the world."""

import contextlib
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.routing import Mount

from moderator.clock import Clock
from moderator.http import HttpClient
from moderator.simulator.cloud import Cloud, Platform, Settings
from moderator.simulator.control import ROOT, ControlApi
from moderator.simulator.traffic import Mode, Traffic
from moderator.tasks import TaskScope


def make_app(
    platform: Platform, settings: Settings, clock: Clock, mode: Mode = "ok"
) -> tuple[Starlette, Callable[[], None]]:
    """One cloud as an ASGI application, which lives while that does; and what to call when it shall end."""
    http, tasks = HttpClient(), TaskScope()
    cloud = Cloud(platform, settings, clock, http, tasks)
    traffic = Traffic(cloud.api, clock, mode)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with http, tasks:
            tasks.start("world", cloud.live())
            yield

    routes = [Mount(ROOT, ControlApi(cloud, traffic).app), Mount("/", traffic)]
    return Starlette(routes=routes, lifespan=lifespan), traffic.close
