"""What is wired to what: REST behind its traffic, the control routes beside it, and the world that lives meanwhile."""

import contextlib
from collections.abc import AsyncIterator, Callable

from msgspec import Struct
from starlette.applications import Starlette
from starlette.routing import Mount

from moderator.clock import Clock
from moderator.http import HttpClient
from moderator.simulator.vonage.accounts import Account
from moderator.simulator.vonage.cloud import Cloud, Settings
from moderator.simulator.vonage.control import ROOT, ControlApi
from moderator.simulator.vonage.rest import RestApi
from moderator.simulator.vonage.traffic import Mode, RateLimit, Traffic
from moderator.tasks import TaskScope


class Obstacles(Struct, frozen=True):
    """How the REST API makes it hard. `limit` is in requests a second."""

    limit: float | None = None
    tells_when: bool = True
    mode: Mode = "ok"


def make_app(
    account: Account, settings: Settings, obstacles: Obstacles, clock: Clock
) -> tuple[Starlette, Callable[[], None]]:
    """One cloud as an ASGI application, which lives while that does; and what to call when it shall end."""
    http, tasks = HttpClient(), TaskScope()
    cloud = Cloud(account, settings, clock, http, tasks)
    limit = RateLimit(obstacles.limit, clock) if obstacles.limit else None
    traffic = Traffic(RestApi(cloud).app, clock, limit, obstacles.tells_when, obstacles.mode)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with http, tasks:
            tasks.start("world", cloud.live())
            yield

    routes = [Mount(ROOT, ControlApi(cloud, traffic).app), Mount("/", traffic)]
    return Starlette(routes=routes, lifespan=lifespan), traffic.close
