"""A page of Vonage's sample front end, whose backend is a whole gateway with a cloud behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from msgspec.structs import replace

from moderator.domain.settings import RoomType
from moderator.gateway.configuration.config import SourceConfig
from moderator.gateway.configuration.sections import JoinSection
from moderator.providers.vonage import OpenTokProvider
from tests.fakes.builders import SOURCE
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess
from tests.providers.vonage.clinic import InProcess
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import BEGIN, opentok_options

PAGE = "https://clinic.example.org"


class FrontEnd:
    """Asks as a browser does: without a token, and following redirections."""

    def __init__(self, gateway: GatewayInProcess, cloud: Cloud) -> None:
        self.gateway = gateway
        self.cloud = cloud

    async def gets(self, path: str, *, follow: bool = True, **headers: str) -> httpx.Response:
        """The answer; without `follow` a redirection is one."""
        request = self.gateway.http.build_request("GET", path, headers={"Authorization": "", **headers})
        return await self.gateway.http.send(request, follow_redirects=follow)


@asynccontextmanager
async def front_end(
    folder: Path, *types: RoomType, cloud: Cloud | None = None, origin: str = "", legacy: bool = False
) -> AsyncIterator[FrontEnd]:
    """The same folder and cloud again are the next start; `legacy`: of OpenTok."""
    cloud = cloud or Cloud(verify_times=False)
    gateway = InProcess(folder, cloud, *types, reconcile_ms=30_000, clock=FakeClock(BEGIN + 1_000))
    gateway.config = replace(gateway.config, join=JoinSection(compat_source=SOURCE, allow_origin=origin))
    if legacy:
        source = SourceConfig(SOURCE, OpenTokProvider, "opentok", opentok_options(), 30_000, 1000)
        gateway.config = replace(gateway.config, sources=(source,))
    async with gateway:
        yield FrontEnd(gateway, cloud)
