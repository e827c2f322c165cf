"""Who is refused gets a problem to read, and the attempt is put down."""

from pathlib import Path

import pytest

from moderator.domain.events import AccessDenied
from moderator.domain.settings import MINUTE_MS
from tests.fakes.builders import DAY, joined
from tests.fakes.gateway import GatewayInProcess, bearer, participant_path, room_path


async def denied(gateway: GatewayInProcess) -> list[tuple[str, str, int]]:
    """Origin, reason and count of every record of refused attempts."""
    found = [event.data for event in await gateway.logged(AccessDenied)]
    return [(one.origin, one.reason, one.count) for one in found if isinstance(one, AccessDenied)]


@pytest.mark.parametrize(
    ("header", "code"),
    [("", "no_token"), ("Bearer x", "bad_token"), ("Basic bWF5YTp4", "no_token")],
)
async def test_without_a_good_token(tmp_path: Path, header: str, code: str) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        answer = await gateway.order("GET", "/v1/rooms", Authorization=header)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        assert await denied(gateway) == [("api from 192.0.2.7", code, 1)]


async def test_without_the_scope(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        token = bearer(["rooms:read"], name="nobody")
        answer = await gateway.order("PUT", "/v1/enforcement/hold", {}, Authorization=token)
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
        assert await denied(gateway) == [("api by nobody", "missing scope policy:hold", 1)]
        assert gateway.gateway.ledger.state.hold is None


async def test_a_room_outside_the_patterns_is_as_unknown_as_one_that_is_not_there(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY))
        token = bearer(rooms=["clinic/other", "school/*"], name="nobody")
        outside = await gateway.order("GET", room_path(), Authorization=token)
        unknown = await gateway.order("GET", room_path("never"), Authorization=token)
        assert outside.status_code == unknown.status_code == 404
        assert outside.json() == unknown.json()
        assert await denied(gateway) == [("api by nobody", "room outside the token's patterns: clinic/room-1", 1)]


async def test_the_audit_counts_by_origin_reason_and_minute(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        for _ in range(5):
            await gateway.order("GET", "/v1/rooms", Authorization="Bearer x")
        path = f"{participant_path('c1')}/disconnect"
        for _ in range(3):
            await gateway.order("POST", path, {}, Authorization=bearer(["rooms:read"], name="nobody"))
        await gateway.advance(MINUTE_MS)
        assert sorted(await denied(gateway)) == [
            ("api by nobody", "missing scope participants:disconnect", 3),
            ("api from 192.0.2.7", "bad_token", 1),
            ("api from 192.0.2.7", "bad_token", 4),
        ]
        await gateway.advance(5 * MINUTE_MS)
        assert len(await denied(gateway)) == 3
