"""An application's backend, which asks for what its people join rooms with."""

from typing import Any

from msgspec.structs import replace

from moderator.domain.announcements import RoomAnnounced
from moderator.domain.kinds import Data
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.gateway.configuration.sections import RtcstatsSection
from tests.fakes.builders import DAY, SOURCE, a_decision
from tests.fakes.gateway import GatewayInProcess, bearer

JOIN = "/v1/join/clinic/appt-17"
HOUR_MS = 60 * MINUTE_MS
VISIT = RoomType(
    name="visit",
    duration_ms=HOUR_MS,
    max_people=2,
    screen_share=("advisor",),
    mode="enforce",
)
ANA = {"user": "u-1", "name": "Ana", "role": "patient"}
MADE = "made-1"
RTCSTATS = RtcstatsSection(id_key="the key of ids, with more than 32 bytes", jwt_secret="the secret of rtcStats" * 2)


async def announce(gateway: GatewayInProcess, **members: Any) -> None:
    data = RoomAnnounced(**{"name": "appt-17", "starts_at": DAY, "type": "visit", **members})
    event = replace(a_decision(data, room=None), source=SOURCE)
    await gateway.gateway.ledger.propose([event])


async def decide(gateway: GatewayInProcess, data: Data) -> None:
    await gateway.gateway.ledger.propose([a_decision(data, room=MADE)])
    await gateway.clock.settle()


async def asked(gateway: GatewayInProcess, body: Any = ANA, path: str = JOIN, **token: Any) -> tuple[int, Any]:
    answer = await gateway.order("POST", path, body, **({"Authorization": bearer(**token)} if token else {}))
    return answer.status_code, answer.json()
