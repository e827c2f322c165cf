"""A visit of two people that commands are about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from moderator.domain.settings import MINUTE_MS, RoomType
from tests.fakes.builders import DAY, joined, published
from tests.fakes.gateway import GatewayInProcess, participant_path, room_path

HOUR_MS = 60 * MINUTE_MS
VISIT = RoomType(name="visit", duration_ms=HOUR_MS, max_extension_ms=30 * MINUTE_MS, mode="enforce")
EXTEND = f"{room_path()}/extend"


@asynccontextmanager
async def warned_visit(folder: Path) -> AsyncIterator[GatewayInProcess]:
    """It was warned of its end five minutes ahead; one of the two was blocked."""
    async with GatewayInProcess(folder, VISIT) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), published("c1", "mic", DAY, kind="microphone"))
        await gateway.tell(joined("c2", DAY, user="u2"), joined("anon", DAY))
        await gateway.advance(55 * MINUTE_MS + 100)
        await gateway.order("POST", f"{participant_path('c2')}/disconnect", {"block": True})
        gateway.provider.calls.clear()
        yield gateway
