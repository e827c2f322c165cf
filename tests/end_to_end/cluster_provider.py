"""What gateways in processes of their own know of `cluster_platform`: the fake provider, with a platform elsewhere."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from moderator.clock import Clock
from moderator.http import HttpClient, HttpError
from moderator.providers.errors import Unavailable
from moderator.providers.provider import ListedRoom, Listing, Target
from tests.fakes.provider import FakeProvider


class ClusterOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Options as for the fake provider, and where the platform is."""

    webhook_secret: str
    base_url: str
    missing: tuple[str, ...] = ()
    keeps_ends: bool = False


class Removal(Struct, frozen=True):
    """What the platform is asked to do."""

    room: str
    participant: str


class ClusterProvider(FakeProvider):
    """Lists and removes by HTTP; all else is as in the fake provider."""

    Options: ClassVar[type[Struct]] = ClusterOptions

    def __init__(self, source: str, options: Any, http: HttpClient, clock: Clock) -> None:
        super().__init__(source, options, http, clock)
        self._http = http
        self._base_url = options.base_url

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        taken_at = self._clock.now_ms()
        rooms = msgspec.json.decode(await self._ask("GET", "/rooms"), type=tuple[ListedRoom, ...])
        return Listing(taken_at=taken_at, rooms=rooms)

    async def disconnect(self, target: Target, *, block: bool) -> None:
        await self._ask("POST", "/removals", msgspec.json.encode(Removal(target.room, target.participant)))

    async def tell(self, target: Target, text: str) -> None:
        pass

    async def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        try:
            answer = await self._http.request(method, self._base_url + path, body=body or None)
        except HttpError as error:
            raise Unavailable(f"the platform: {error}") from error
        if answer.status != 200:
            raise Unavailable(f"the platform answered {answer.status}")
        return answer.body


def install(folder: Path) -> Path:
    """Make a folder that, when it is on Python's path, offers this provider as `cluster`, like an installed package."""
    package = folder / "cluster_platform-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: cluster-platform\nVersion: 1.0\n")
    points = "[moderator.providers]\ncluster = tests.end_to_end.cluster_provider:ClusterProvider\n"
    (package / "entry_points.txt").write_text(points)
    return folder
